"""The tree of refusals: it is as drawn, and each one has a stable code and one clear sentence."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from quantleap.domain import errors
from quantleap.domain.errors import DomainError, InvalidInputError, PortError, QuantleapError

DAY = date(2026, 11, 24)
SUBSCRIPTION, KEY = "sub_zebu_0190a3f2", "key_0190a3f2"

SENTENCES: list[tuple[QuantleapError, str, str]] = [
    (errors.InvalidInputError("lots", "must be from 1 to 1000"), "VALIDATION_ERROR", "lots: must be from 1 to 1000"),
    (errors.TemplateNotFoundError("b1"), "TEMPLATE_NOT_FOUND", "No template basket b1"),
    (errors.StrategyNotFoundError("s1"), "STRATEGY_NOT_FOUND", "No strategy s1"),
    (errors.SubscriptionNotFoundError(SUBSCRIPTION), "SUBSCRIPTION_NOT_FOUND", f"No subscription {SUBSCRIPTION}"),
    (errors.AllocationNotFoundError("b1"), "ALLOCATION_NOT_FOUND", "No allocation of basket b1"),
    (errors.PartnerNotFoundError("partner_zebu_live"), "PARTNER_NOT_FOUND", "No partner partner_zebu_live"),
    (errors.ApiKeyNotFoundError(KEY), "API_KEY_NOT_FOUND", f"No API key {KEY}"),
    (errors.ChargeNotFoundError("chg_1"), "CHARGE_NOT_FOUND", "No charge chg_1"),
    (
        errors.DuplicateSubscriptionError(SUBSCRIPTION),
        "DUPLICATE_SUBSCRIPTION",
        "User already has a live subscription to this template",
    ),
    (errors.AlreadyExistsError("Basket", "b1"), "ALREADY_EXISTS", "Basket b1 already exists"),
    (errors.ReferenceReusedError("r1"), "REFERENCE_REUSED", "Reference r1 was used before with other content"),
    (
        errors.ConcurrentUpdateError("Basket b1"),
        "CONCURRENT_UPDATE",
        "Basket b1 was changed by another request; read it again and repeat",
    ),
    (
        errors.KeyAlreadyRotatedError(KEY),
        "KEY_ALREADY_ROTATED",
        f"API key {KEY} was rotated before; rotate its successor",
    ),
    (errors.KeyNotUsableError(KEY), "KEY_NOT_USABLE", f"API key {KEY} works no more; issue a new one"),
    (errors.InvalidCredentialsError(), "INVALID_CREDENTIALS", "The API key, secret or token is not valid"),
    (errors.KeyExpiredError(KEY), "KEY_EXPIRED", f"API key {KEY} has expired"),
    (errors.KeyRevokedError(KEY), "KEY_REVOKED", f"API key {KEY} has been revoked"),
    (
        errors.PermissionDeniedError("subscriptions:write"),
        "FORBIDDEN",
        "This needs the permission subscriptions:write",
    ),
    (errors.NotTheOwnerError(), "FORBIDDEN", "This subscription does not belong to your partner account"),
    (
        errors.InvalidStatusTransitionError("pause", "ACTIVE", "PAUSED"),
        "INVALID_STATUS_TRANSITION",
        "Can only pause ACTIVE subscriptions. Current status: PAUSED",
    ),
    (
        errors.InvalidListingMoveError("enable", "RETIRED"),
        "INVALID_STATUS_TRANSITION",
        "Cannot enable a template that is RETIRED",
    ),
    (
        errors.HistoryFullError(SUBSCRIPTION, 1000),
        "HISTORY_FULL",
        f"Subscription {SUBSCRIPTION} has changed status 1000 times; it can only be cancelled or expired",
    ),
    (errors.NotCoveredError("lot size", "NIFTY", DAY), "DATE_NOT_COVERED", "No lot size for NIFTY on 2026-11-24"),
    (
        errors.NonTradingDayError(DAY, "Guru Nanak Jayanti"),
        "NOT_A_TRADING_DAY",
        "2026-11-24 is not a trading day: Guru Nanak Jayanti",
    ),
    (
        errors.InvalidIntentMoveError("9f86d081", "PLACED", "SKIPPED", "HALTED"),
        "INVALID_INTENT_MOVE",
        "Order intent 9f86d081 is PLACED and cannot become SKIPPED (HALTED)",
    ),
    (
        errors.InvalidIntentMoveError("9f86d081", "UNKNOWN", "PLANNED", None),
        "INVALID_INTENT_MOVE",
        "Order intent 9f86d081 is UNKNOWN and cannot become PLANNED",
    ),
    (
        errors.InvalidOrderMoveError("FILLED", "OPEN"),
        "INVALID_ORDER_MOVE",
        "An order that is FILLED cannot become OPEN",
    ),
    (errors.CurrencyMismatchError("INR", "USD"), "CURRENCY_MISMATCH", "Cannot mix INR and USD"),
    (
        errors.UnbalancedTransactionError(1),
        "UNBALANCED_TRANSACTION",
        "Entries do not sum to zero: 1 minor units over",
    ),
    (
        errors.LedgerCorruptError("txn_1", "its digest differs"),
        "LEDGER_CORRUPT",
        "Ledger transaction txn_1 is not what was posted: its digest differs",
    ),
    (
        errors.RefundExceedsChargeError("chg_1", 50),
        "REFUND_EXCEEDS_CHARGE",
        "Charge chg_1 has only 50 minor units left to refund",
    ),
    (
        errors.PeriodNotChargeableError(SUBSCRIPTION, 2, "period 1 comes first"),
        "PERIOD_NOT_CHARGEABLE",
        f"Period 2 of {SUBSCRIPTION} cannot be charged: period 1 comes first",
    ),
    (
        errors.StatementTooEarlyError("2026-11", datetime(2026, 11, 30, 19, 30, tzinfo=UTC)),
        "STATEMENT_TOO_EARLY",
        "The statement of 2026-11 cannot be closed before 2026-11-30T19:30:00+0000",
    ),
    (
        errors.InvalidStatementMoveError("2026-11", "PAID", "OPEN"),
        "INVALID_STATEMENT_MOVE",
        "The statement of 2026-11 is PAID and cannot become OPEN",
    ),
    (
        errors.SubscriptionParkedError(SUBSCRIPTION, "two charges overlap"),
        "SUBSCRIPTION_PARKED",
        f"Subscription {SUBSCRIPTION} is parked for an operator: two charges overlap",
    ),
    (
        errors.SecretShownBeforeError("key_0190a3f2"),
        "SECRET_SHOWN_BEFORE",
        "This request was served before and its answer showed the secret of key_0190a3f2 once",
    ),
    (
        errors.RateLimitExceededError(60, 0, 1795876571, 2),
        "RATE_LIMIT_EXCEEDED",
        "More than 60 requests a minute; ask again in 2 s",
    ),
    (
        errors.IdempotencyKeyReusedError(),
        "IDEMPOTENCY_KEY_REUSED",
        "This idempotency key was used for another request body",
    ),
]

CLASSES = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, QuantleapError)
}


def _drawn() -> dict[str, str]:
    """Each class of the drawing with the one it hangs from."""
    above: list[tuple[int, str]] = []
    parents = {}
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"([│├└─ ]*)(\w+Error)\b", line)
        if match is None:
            continue
        depth = len(match[1])
        while above and above[-1][0] >= depth:
            above.pop()
        parents[match[2]] = above[-1][1] if above else "Exception"
        above.append((depth, match[2]))
    return parents


def test_the_tree_is_as_it_is_drawn() -> None:
    assert _drawn() == {name: kind.__bases__[0].__name__ for name, kind in CLASSES.items()}


def test_the_drawing_says_which_refusals_a_repetition_can_help() -> None:
    drawn = set(re.findall(r"(\w+Error) +\(retryable\)", errors.__doc__ or ""))
    assert drawn == {name for name, kind in CLASSES.items() if kind.retryable}


@pytest.mark.parametrize(("error", "code", "sentence"), SENTENCES, ids=lambda value: str(value)[:40])
def test_a_refusal_has_a_stable_code_and_one_clear_sentence(error: QuantleapError, code: str, sentence: str) -> None:
    assert error.code == code
    assert str(error) == sentence


def test_no_refusal_is_without_its_sentence() -> None:
    roots = {kind.__bases__[0] for kind in CLASSES.values()} | {PortError}
    assert {type(error) for error, _, _ in SENTENCES} == set(CLASSES.values()) - roots


def test_the_typed_fields_are_there_for_a_machine_to_read() -> None:
    refusal = errors.PeriodNotChargeableError(SUBSCRIPTION, 2, "period 1 comes first")
    assert refusal.details() == {"subscription_id": SUBSCRIPTION, "period_index": 2, "reason": "period 1 comes first"}
    assert errors.NotTheOwnerError().details() == {}


def test_a_duplicate_names_the_existing_one_only_where_it_may() -> None:
    told, untold = errors.DuplicateSubscriptionError(SUBSCRIPTION), errors.DuplicateSubscriptionError()
    assert told.details() == {"existing_subscription_id": SUBSCRIPTION}
    assert untold.details() == {}


def test_a_family_of_refusals_says_nothing_of_the_inside() -> None:
    assert str(DomainError()) == "Something went wrong inside"


@pytest.mark.parametrize(
    ("field", "prefix", "path"),
    [("lots", "legs[0]", "legs[0].lots"), ("[0].lots", "legs", "legs[0].lots"), ("", "legs", "legs")],
)
def test_a_field_seen_from_further_out_has_the_longer_path(field: str, prefix: str, path: str) -> None:
    refusal = InvalidInputError(field, "must be 1").under(prefix)
    assert (refusal.field, refusal.reason) == (path, "must be 1")


WRONGLY_MADE: list[tuple[tuple[object, ...], dict[str, object]]] = [
    ((), {}),
    (("lots",), {}),
    (("lots", "is required", "once more"), {}),
    (("lots",), {"field": "lots", "reason": "is required"}),
    (("lots", "is required"), {"place": "legs[0]"}),
]


@pytest.mark.parametrize(("values", "named"), WRONGLY_MADE, ids=str)
def test_a_refusal_takes_its_fields_and_nothing_else(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="InvalidInputError takes field, reason"):
        errors.InvalidInputError(*values, **named)
