"""The values of keys, of the table and of its indexes; `entities.py` says which entity has which."""

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from quantleap.adapters.store.records.values import instant_text
from quantleap.adapters.store.seam import Key
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.periods import Month, kolkata_date
from quantleap.domain.subscriptions.status import SubscriptionStatus

if TYPE_CHECKING:
    from quantleap.domain.marketplace.category import Category
    from quantleap.domain.marketplace.schedule import RunKind, ScheduleEntry
    from quantleap.domain.marketplace.weekday import Weekday

TEST_PREFIX = "TEST#"


def in_mode(mode: Mode, live_form: str) -> str:
    """A partition, or an index's partition value, as that mode's data has it."""
    return live_form if mode is Mode.LIVE else TEST_PREFIX + live_form


def without_mode(stored: str) -> str:
    """The live form of a stored partition value."""
    return stored.removeprefix(TEST_PREFIX)


def basket(owner: Email, basket_id: str) -> Key:
    """A template basket."""
    return Key(owner.address, f"BASKET#{basket_id}")


def strategy(owner: Email, strategy_id: str) -> Key:
    """A strategy of a basket."""
    return Key(owner.address, f"STRATEGY#{strategy_id}")


def schedule_minute(weekday: "Weekday", at: time, kind: "RunKind") -> str:
    """The schedule's minute on a weekday: what a planner looks up."""
    return f"SCHEDULE#{weekday.code}#{at:%H:%M}#{kind}#"


def schedule_entry(owner: Email, entry: "ScheduleEntry") -> Key:
    """One strategy's entry or exit on one weekday."""
    return Key(owner.address, schedule_minute(entry.weekday, entry.at, entry.kind) + entry.strategy_id)


def marketplace_category(category: "Category", *, active: bool) -> str:
    """The index partition of a category's templates, or of those taken off."""
    return f"{'MARKETPLACE' if active else 'MARKETPLACE_INACTIVE'}#{category.upper()}"


SUBSCRIPTION_PREFIX = "SUBSCRIPTION#"


def subscription(mode: Mode, user: Email, subscription_id: str) -> Key:
    """A user's subscription."""
    return Key(in_mode(mode, user.address), SUBSCRIPTION_PREFIX + subscription_id)


def live_marker(mode: Mode, user: Email, basket_id: str) -> Key:
    """The marker that keeps one live subscription per user and template."""
    return Key(in_mode(mode, user.address), f"LIVE_SUBSCRIPTION#{basket_id}")


def allocation(mode: Mode, user: Email, basket_id: str) -> Key:
    """A user's broker accounts for a basket."""
    return Key(in_mode(mode, user.address), f"BASKET_ALLOCATION#{basket_id}")


def subscription_location(mode: Mode, subscription_id: str) -> Key:
    """Where a subscription lives."""
    partition = in_mode(mode, f"SUBSCRIPTION_ID#{subscription_id}")
    return Key(partition, partition)


def status_since(status: SubscriptionStatus, on: date) -> str:
    """The sort value of the subscription indexes: the status and the day (Asia/Kolkata) it was taken."""
    return f"{status}#{on.isoformat()}"


def partner(partner_id: PartnerId) -> Key:
    """A partner in one mode."""
    return Key(f"PARTNER#{partner_id}", "PARTNER")


PARTNERS = "PARTNERS"
"""The partition of the list of all partners."""


def partner_line(partner_id: PartnerId) -> Key:
    """A partner's line in the list of all."""
    return Key(PARTNERS, str(partner_id))


PARTNER_KEY_PREFIX = "KEY#"


def partner_key(partner_id: PartnerId, api_key_id: str) -> Key:
    """A partner's own list of its keys."""
    return Key(f"PARTNER#{partner_id}", PARTNER_KEY_PREFIX + api_key_id)


def partner_counters(partner_id: PartnerId) -> Key:
    """A partner's counters, which follow the change feed."""
    return Key(f"PARTNER#{partner_id}", "COUNTERS")


COUNTERS_CHECKPOINT = Key("CHECKPOINT#counters", "CHECKPOINT")
"""How far the counters have followed the change feed."""


CLAIM = Key("PLATFORM", "CLAIM")
"""Which of the platform's keys the store is used with."""


def api_key(public_key: str) -> Key:
    """The record that a call is authenticated with."""
    return Key(f"APIKEY#{public_key}", "APIKEY")


def api_key_id(api_key_id: str) -> Key:
    """Which key pair an id names."""
    return Key(f"APIKEY_ID#{api_key_id}", "APIKEY_ID")


def charge(mode: Mode, charge_id: str) -> Key:
    """A charge of one period."""
    return Key(in_mode(mode, f"CHARGE#{charge_id}"), "CHARGE")


DIRECT_BOOK = "direct"


def ledger_month(partner_id: str | None, month: Month) -> str:
    """The partition of what was posted for a partner (or for direct subscriptions) in a month."""
    return f"LEDGER#{partner_id or DIRECT_BOOK}#{month}"


def ledger_transaction(partner_id: str | None, month: Month, posted_at: datetime, transaction_id: str) -> Key:
    """A ledger transaction, in order of posting within its month."""
    return Key(ledger_month(partner_id, month), f"{instant_text(posted_at)}#{transaction_id}")


def posted_transaction(transaction_id: str) -> Key:
    """That a transaction with a caller's reference was posted, and where it is."""
    return Key(f"TRANSACTION#{transaction_id}", "TRANSACTION")


def rate_limit(partner_id: PartnerId) -> Key:
    """A partner's bucket of tokens, and the uses of its key pairs."""
    return Key(f"PARTNER#{partner_id}", "RATE_LIMIT")


def rate_limit_alert(partner_id: PartnerId, alerted_at: datetime) -> Key:
    """That a partner was refused again and again: one an hour, of UTC."""
    return Key(f"PARTNER#{partner_id}", f"RATE_LIMIT_ALERT#{alerted_at.astimezone(UTC):%Y-%m-%dT%H}")


def kept_answer(mode: Mode, scope: str) -> Key:
    """The answer to a request with an idempotency key."""
    return Key(in_mode(mode, f"IDEMPOTENCY#{scope}"), "IDEMPOTENCY")


def removal(mode: Mode, request_id: str, action: AuditAction, subject_id: str) -> Key:
    """That a request removed a record."""
    return Key(in_mode(mode, f"REMOVAL#{request_id}"), f"{action}#{subject_id}")


AUDIT_CHECKPOINT = Key("CHECKPOINT#audit", "CHECKPOINT")
"""How far the audit trail has followed the change feed."""


def audit_day(mode: Mode, on: date) -> str:
    """The partition of a day's audit entries."""
    return in_mode(mode, f"AUDIT#{on.isoformat()}")


def audit_of_partner(partner_id: PartnerId, month: Month) -> str:
    """The partition of a month's audit entries of a partner."""
    return f"AUDIT_OF#{partner_id}#{month}"


def audit_by_actor(mode: Mode, actor: str, month: Month) -> str:
    """The partition of a month's audit entries by one actor."""
    return in_mode(mode, f"AUDIT_BY#{actor}#{month}")


def audit_entry(mode: Mode, told_at: datetime, entry_id: str) -> Key:
    """An audit entry, in order of time within its day."""
    return Key(audit_day(mode, kolkata_date(told_at)), f"{instant_text(told_at)}#{entry_id}")


def audit_entry_of_partner(partner_id: PartnerId, told_at: datetime, entry_id: str) -> Key:
    """Its copy among its partner's."""
    month = Month.of(kolkata_date(told_at))
    return Key(audit_of_partner(partner_id, month), f"{instant_text(told_at)}#{entry_id}")


def audit_entry_by_actor(mode: Mode, actor: str, told_at: datetime, entry_id: str) -> Key:
    """Its copy among its actor's."""
    month = Month.of(kolkata_date(told_at))
    return Key(audit_by_actor(mode, actor, month), f"{instant_text(told_at)}#{entry_id}")
