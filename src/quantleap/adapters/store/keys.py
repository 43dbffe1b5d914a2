"""The values of keys, of the table and of its indexes; `entities.py` says which entity has which."""

from datetime import date, datetime, time

from quantleap.adapters.store.records.values import instant_text
from quantleap.adapters.store.seam import Key
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.schedule import RunKind, ScheduleEntry
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.periods import Month
from quantleap.domain.subscriptions.status import SubscriptionStatus

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


def schedule_minute(weekday: Weekday, at: time, kind: RunKind) -> str:
    """The schedule's minute on a weekday: what a planner looks up."""
    return f"SCHEDULE#{weekday.code}#{at:%H:%M}#{kind}#"


def schedule_entry(owner: Email, entry: ScheduleEntry) -> Key:
    """One strategy's entry or exit on one weekday."""
    return Key(owner.address, schedule_minute(entry.weekday, entry.at, entry.kind) + entry.strategy_id)


def marketplace_category(category: Category, *, active: bool) -> str:
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


def uses_of(api_key_id: str) -> str:
    """The attribute that counts how often a key pair was used."""
    return f"uses_{api_key_id}"


def kept_answer(mode: Mode, scope: str) -> Key:
    """The answer to a request with an idempotency key."""
    return Key(in_mode(mode, f"IDEMPOTENCY#{scope}"), "IDEMPOTENCY")
