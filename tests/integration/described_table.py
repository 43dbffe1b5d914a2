"""The table's description as something to compare with: which entity an item is, and which access pattern a request."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time

from quantleap.adapters.store.access_patterns import ACCESS_PATTERNS
from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import ENTITIES, Entity
from quantleap.adapters.store.keys import TEST_PREFIX
from quantleap.adapters.store.seam import Item, Key, Query
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import actor
from quantleap.domain.billing.charge import parse_charge_id
from quantleap.domain.errors import QuantleapError
from quantleap.domain.identifiers import Email, PartnerId, api_key_id, request_id, subscription_id, template_id
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.schedule import RunKind
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.partners.credentials import parse_api_key
from quantleap.domain.periods import Month
from quantleap.domain.subscriptions.status import SubscriptionStatus


def _one_of(*known: str) -> Callable[[str], bool]:
    return lambda text: text in known


def _as_written(read: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether the text can be read, and is how what was read is written."""
    return lambda text: str(read(text)) == text


def _instant(text: str) -> bool:
    return bool(datetime.fromisoformat(text)) and text.endswith("Z")


FORMS: Mapping[str, Callable[[str], object]] = {
    "mode": _one_of("", TEST_PREFIX),
    "owner": _as_written(Email),
    "user": _as_written(Email),
    "basket_id": lambda text: template_id(text, "basket_id"),
    "strategy_id": lambda text: template_id(text, "strategy_id"),
    "weekday": _one_of(*(weekday.code for weekday in Weekday)),
    "minute": lambda text: time.fromisoformat(text).strftime("%H:%M") == text,
    "kind": _one_of(*RunKind),
    "shelf": _one_of("MARKETPLACE", "MARKETPLACE_INACTIVE"),
    "category": _one_of(*(category.upper() for category in Category)),
    "subscribers": _as_written(int),
    "subscription_id": subscription_id,
    "status": _one_of(*SubscriptionStatus),
    "day": _as_written(date.fromisoformat),
    "partner_id": _as_written(PartnerId.parse),
    "api_key_id": api_key_id,
    "api_key": parse_api_key,
    "charge_id": parse_charge_id,
    "book": lambda text: text == "direct" or PartnerId.parse(text),
    "month": _as_written(Month.parse),
    "posted_at": _instant,
    "told_at": _instant,
    "entry_id": re.compile("aud_[0-9a-f]{32}").fullmatch,
    "actor": actor,
    "request_id": request_id,
    "action": _one_of(*AuditAction),
    "subject_id": lambda text: template_id(text, "subject_id"),
    "hour": lambda text: datetime.strptime(text, "%Y-%m-%dT%H").strftime("%Y-%m-%dT%H") == text,  # noqa: DTZ007 - a form
    "scope": re.compile("[0-9a-f]{64}").fullmatch,
    "transaction_id": re.compile("txn_[0-9a-f]{32}").fullmatch,
}
"""Whether a text is what the description says of that part; it may be refused by an error as well."""


def _regex(pattern: str) -> re.Pattern[str]:
    """Parts in braces as groups; no part holds `#`, and the mode is the prefix that stands before a key or not."""
    spelled = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^#]+?)", re.escape(pattern))
    return re.compile(spelled.replace("(?P<mode>[^#]+?)", f"(?P<mode>(?:{re.escape(TEST_PREFIX)})?)"))


def _is_of_its_form(part: str, text: str) -> bool:
    try:
        return bool(FORMS[part](text))
    except (QuantleapError, ValueError):
        return False


def parts_of(pattern: str, text: str) -> dict[str, str] | None:
    """The parts of a text of that pattern; None for one that is not of it."""
    match = _regex(pattern).fullmatch(text)
    if match is None or not all(_is_of_its_form(*part) for part in match.groupdict().items()):
        return None
    return match.groupdict()


def is_at(entity: Entity, key: Key) -> bool:
    """Whether that is a key of the entity; a part that both its halves name is the same in both."""
    partition, sort = parts_of(entity.partition, key.partition), parts_of(entity.sort, key.sort)
    if partition is None or sort is None:
        return False
    return all(sort.get(part, text) == text for part, text in partition.items())


def entity_at(key: Key) -> Entity:
    """The one entity that may stand at that key."""
    [entity] = [entity for entity in ENTITIES if is_at(entity, key)]
    return entity


def key_of(item: Item) -> Key:
    """Where the item stands."""
    return Key(str(item[PARTITION_KEY]), str(item[SORT_KEY]))


def request_at(operation: Operation, keys: Iterable[Key], *, consistent: bool = False) -> AccessPattern:
    """The one access pattern of a request that names those keys, all that it touches."""
    touched = {entity_at(key) for key in keys}
    [pattern] = [
        pattern
        for pattern in ACCESS_PATTERNS
        if (pattern.operation, pattern.consistent) == (operation, consistent)
        and set(pattern.entities) <= touched <= {*pattern.entities, *pattern.at_times}
    ]
    return pattern


def query_of(query: Query) -> AccessPattern:
    """The one access pattern of a query."""
    [pattern] = [pattern for pattern in ACCESS_PATTERNS if _asks(pattern, query)]
    return pattern


def _asks(pattern: AccessPattern, query: Query) -> bool:
    index = None if pattern.index is None else pattern.index.name
    if pattern.partition is None or (pattern.operation, index) != (Operation.QUERY, query.index):
        return False
    if pattern.consistent != query.consistent or parts_of(pattern.partition, query.partition) is None:
        return False
    if (pattern.between is None) is not (query.between is None):
        return False
    if query.between is not None:
        return all(parts_of(pattern.between or "", str(bound)) is not None for bound in query.between)
    if pattern.begins_with is None or query.begins_with is None:
        return pattern.begins_with is query.begins_with
    return parts_of(pattern.begins_with, query.begins_with) is not None
