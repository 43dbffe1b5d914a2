"""Bad input of every kind at the use cases: one refusal that names the field and the reason, and nothing is written."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BILLING,
    CONDOR,
    ZEBU,
    House,
    refusal,
    sample_catalog,
)

from quantleap.domain.errors import (
    ChargeNotFoundError,
    CurrencyMismatchError,
    DomainError,
    InvalidInputError,
    NonTradingDayError,
    NotCoveredError,
    PartnerNotFoundError,
    TemplateNotFoundError,
)
from quantleap.domain.identifiers import Email, PartnerId
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.money import Money
from quantleap.domain.paging import ListRequest
from quantleap.domain.periods import Month
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.subscriptions.metadata import read_metadata

Call = Callable[[House], object]
TODAY = date(2026, 11, 24)
MULTIPLIER_BOUNDS = "must be from 0.1 to 10"
MAILBOX = "must be one plain mailbox such as name@example.com"


def subscribe(**changes: Any) -> Call:
    """A partner's subscription of anita, with a change of what is presented."""

    def call(house: House) -> object:
        given: dict[str, Any] = {"user": "anita@example.com", "basket_id": CONDOR, "account": "AB1234", "metadata": {}}
        given |= changes
        return house.app.subscribing.for_partner(
            PartnerBackend(ZEBU),
            user=Email(given["user"]),
            basket_id=given["basket_id"],
            broker_account_id=given["account"],
            multiplier=Multiplier.parse(given.get("multiplier", 1)),
            metadata=read_metadata(given["metadata"]),
            request_id=given.get("request_id"),
        )

    return call


def load(change: Callable[[dict[str, Any]], object]) -> Call:
    """The sample catalog, changed in one place."""

    def call(house: House) -> object:
        document = sample_catalog(house.app)
        change(document)
        return house.app.authoring.load_catalog(ADMIN, document)

    return call


def leg(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = strategy(document)["legs"][0]
    return found


def strategy(document: dict[str, Any], template: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = document["templates"][template]["strategies"][0]
    return found


def charged(house: House) -> str:
    new = house.app.subscriptions.of_partner(PartnerBackend(ZEBU), None, ListRequest()).entries
    subscription_id = new[0].terms.subscription_id
    return f"chg_{subscription_id}_0000"


def refund(amount: Money, reference: str = "r1", reason: str | None = None) -> Call:
    return lambda house: house.app.billing.refund(ADMIN, charged(house), amount, reference=reference, reason=reason)


def care(subscription_id: object, **more: Any) -> Call:
    return lambda house: house.app.subscriptions.pause(ADMIN, subscription_id, **more)  # type: ignore[arg-type]  # the point


def planned(on: date, at: time = time(9, 20)) -> Call:
    return lambda house: list(house.app.planning.entries_due(ADMIN, on, at))


BAD: dict[str, tuple[Call, str, str]] = {
    # What a partner's server presents
    "multiplier NaN": (subscribe(multiplier=Decimal("NaN")), "custom_lot_multiplier", "must be finite"),
    "multiplier infinite": (subscribe(multiplier=Decimal("-Infinity")), "custom_lot_multiplier", "must be finite"),
    "multiplier boolean": (
        subscribe(multiplier=True),
        "custom_lot_multiplier",
        "must be an exact number (int or Decimal), not a boolean",
    ),
    "multiplier text": (
        subscribe(multiplier="2"),
        "custom_lot_multiplier",
        "must be an exact number (int or Decimal), not text",
    ),
    "multiplier float": (
        subscribe(multiplier=1.5),
        "custom_lot_multiplier",
        "must be an exact number (int or Decimal), not a float",
    ),
    "multiplier zero": (subscribe(multiplier=0), "custom_lot_multiplier", MULTIPLIER_BOUNDS),
    "multiplier negative": (subscribe(multiplier=-1), "custom_lot_multiplier", MULTIPLIER_BOUNDS),
    "multiplier 0.0999999": (
        subscribe(multiplier=Decimal("0.0999999")),
        "custom_lot_multiplier",
        "must have at most 6 decimal places",
    ),
    "multiplier 0.099999": (subscribe(multiplier=Decimal("0.099999")), "custom_lot_multiplier", MULTIPLIER_BOUNDS),
    "multiplier 10.0000001": (
        subscribe(multiplier=Decimal("10.0000001")),
        "custom_lot_multiplier",
        "must have at most 6 decimal places",
    ),
    "multiplier 10.000001": (subscribe(multiplier=Decimal("10.000001")), "custom_lot_multiplier", MULTIPLIER_BOUNDS),
    "email look-alike": (subscribe(user="аnita@example.com"), "user_email", MAILBOX),  # noqa: RUF001 - a Cyrillic a
    "email with a line break": (subscribe(user="anita@example.com\n"), "user_email", MAILBOX),
    "email with a zero-width space": (subscribe(user="ani\u200bta@example.com"), "user_email", MAILBOX),
    "email with a separator": (subscribe(user="a#b@example.com"), "user_email", MAILBOX),
    "email with a name": (subscribe(user="Anita <anita@example.com>"), "user_email", MAILBOX),
    "email none": (subscribe(user=None), "user_email", "must be text"),
    "basket id of another form": (
        subscribe(basket_id="Basket#1"),
        "basket_id",
        "must be 1 to 64 lower-case letters, digits, _ or -",
    ),
    "basket id look-alike": (
        subscribe(basket_id="bаsket"),  # noqa: RUF001 - a Cyrillic a
        "basket_id",
        "must be 1 to 64 lower-case letters, digits, _ or -",
    ),
    "basket id number": (subscribe(basket_id=7), "basket_id", "must be text, not a number"),
    "account with a control character": (
        subscribe(account="AB\x0012"),
        "broker_account_id",
        "must be 1 to 64 letters, digits, _, . or -",
    ),
    "account too long": (
        subscribe(account="A" * 65),
        "broker_account_id",
        "must be 1 to 64 letters, digits, _, . or -",
    ),
    "metadata list": (subscribe(metadata=[]), "metadata", "must be an object, not a list"),
    "metadata of 11 pairs": (
        subscribe(metadata={f"k{number}": "v" for number in range(11)}),
        "metadata",
        "must have at most 10 pairs",
    ),
    "metadata number": (subscribe(metadata={"plan": 1}), "metadata.plan", "must be text, not a number"),
    "metadata with a control character": (
        subscribe(metadata={"plan": "a\x1b[2J"}),
        "metadata.plan",
        "must not hold control or invisible characters",
    ),
    "request id of another form": (
        subscribe(request_id="REQ_1"),
        "request_id",
        "must be a request id such as req_a7f3e2b1c4d5",
    ),
    "request id empty": (subscribe(request_id=""), "request_id", "must be a request id such as req_a7f3e2b1c4d5"),
    "account without its broker": (
        lambda house: house.app.subscribing.directly(ANITA, basket_id=CONDOR, broker_account_id="K1"),
        "broker_id",
        "must be given together with the other",
    ),
    "broker without its account": (
        lambda house: house.app.subscribing.directly(ANITA, basket_id=CONDOR, broker_id="kite"),
        "broker_account_id",
        "must be given together with the other",
    ),
    "subscription id of another form": (
        care("sub_zebu#1"),
        "subscription_id",
        "must be a subscription id such as sub_zebu_0190a3f2",
    ),
    "subscription id number": (care(5), "subscription_id", "must be text, not a number"),
    "subscription id with a line break": (
        care("sub_zebu_1\n"),
        "subscription_id",
        "must be a subscription id such as sub_zebu_0190a3f2",
    ),
    "reason too long": (care("sub_zebu_1", reason="x" * 121), "reason", "must have 1 to 120 characters"),
    "reason of too many bytes": (care("sub_zebu_1", reason="₹" * 41), "reason", "must have at most 120 bytes"),
    "allocation of a basket id of another form": (
        lambda house: house.app.allocations.get(ANITA, "No Id"),
        "basket_id",
        "must be 1 to 64 lower-case letters, digits, _ or -",
    ),
    # Money
    "refund of zero": (refund(Money(0, "INR")), "amount", "must be more than zero"),
    "refund below zero": (refund(Money(-1, "INR")), "amount", "must be more than zero"),
    "refund under a reference of another form": (
        refund(Money(1, "INR"), "a b"),
        "reference",
        "must be 1 to 64 letters, digits, _, ., : or -",
    ),
    "refund for an email": (refund(Money(1, "INR"), reason="for a@b.in"), "reason", "must not hold an email"),
    "refund of no charge id": (
        lambda house: house.app.billing.refund(ADMIN, "sub_zebu_1", Money(1, "INR"), reference="r1"),
        "charge_id",
        "must be a charge id such as chg_sub_zebu_0190a3f2_0003",
    ),
    "adjustment of zero": (
        lambda house: house.app.billing.adjust(ADMIN, ZEBU, Money(0, "INR"), reference="r1", reason="none"),
        "amount",
        "must not be zero",
    ),
    "adjustment under a reference of another form": (
        lambda house: house.app.billing.adjust(ADMIN, ZEBU, Money(1, "INR"), reference="", reason="none"),
        "reference",
        "must be 1 to 64 letters, digits, _, ., : or -",
    ),
    "payout below zero": (
        lambda house: house.app.billing.pay_out(ADMIN, ZEBU, Money(-1, "INR"), reference="r1"),
        "amount",
        "must be more than zero",
    ),
    "statement of a month to come": (
        lambda house: house.app.statements.statement(ADMIN, ZEBU, Month(2026, 12)),
        "month",
        "has not begun yet",
    ),
    "charge of a subscription id of another form": (
        lambda house: house.app.billing.charge_next(BILLING, "sub", through=TODAY),
        "subscription_id",
        "must be a subscription id such as sub_zebu_0190a3f2",
    ),
    # Partners
    "partner of a reserved name": (
        lambda house: house.app.partners.create(ADMIN, PartnerId("direct", ZEBU.mode)),
        "partner",
        "must not be the reserved name direct",
    ),
    "partner without a broker's name": (
        lambda house: house.app.partners.create(ADMIN, evolve(ZEBU, slug="angel"), broker_id="Angel One"),
        "broker_id",
        "must be 1 to 32 lower-case letters, digits, _ or -",
    ),
    "partner that may ask nothing": (
        lambda house: house.app.partners.create(ADMIN, evolve(ZEBU, slug="angel"), rate_limit=0),
        "rate_limit",
        "must be from 1 to 100000",
    ),
    # Catalogs
    "catalog null": (
        lambda house: house.app.authoring.load_catalog(ADMIN, None),
        "document",
        "must be an object, not null",
    ),
    "catalog with an unknown key": (load(lambda d: d.update(tempaltes=[])), "tempaltes", "is not a known field"),
    "catalog without its owner": (load(lambda d: d.pop("owner")), "owner", "is required"),
    "template with an unknown key": (
        load(lambda d: d["templates"][1].update(price=1)),
        "templates[1].price",
        "is not a known field",
    ),
    "leg with an unknown key": (
        load(lambda d: leg(d).update(lot=1)),
        "templates[0].strategies[0].legs[0].lot",
        "is not a known field",
    ),
    "leg of no lots": (
        load(lambda d: leg(d).update(lots=0)),
        "templates[0].strategies[0].legs[0].lots",
        "must be from 1 to 1000",
    ),
    "leg of lots as text": (
        load(lambda d: leg(d).update(lots="2")),
        "templates[0].strategies[0].legs[0].lots",
        "must be a whole number, not text",
    ),
    "leg of lots as a boolean": (
        load(lambda d: leg(d).update(lots=True)),
        "templates[0].strategies[0].legs[0].lots",
        "must be a whole number, not a boolean",
    ),
    "strike NaN": (
        load(lambda d: leg(d).update(selection_value=Decimal("NaN"))),
        "templates[0].strategies[0].legs[0].selection_value",
        "must be finite",
    ),
    "unknown time": (
        load(lambda d: strategy(d).update(entry_time="25:00")),
        "templates[0].strategies[0].entry_time",
        "must be a time such as 09:20",
    ),
    "unknown weekday": (
        load(lambda d: strategy(d).update(entry_days=["MONDAY", "FUNDAY"])),
        "templates[0].strategies[0].entry_days[1]",
        "must be one of MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY",
    ),
    "unknown underlying": (
        load(lambda d: strategy(d).update(underlying="SENSEX")),
        "templates[0].strategies[0].underlying",
        "must be one of NIFTY, BANKNIFTY, FINNIFTY, MIDCPNIFTY",
    ),
    "weekly on an index without weeklies": (
        load(lambda d: strategy(d, 1).update(expiry_type="WEEKLY")),
        "templates[1].strategies[0].expiry_type",
        "BANKNIFTY has no weekly contracts",
    ),
    "price of zero": (
        load(lambda d: d["templates"][0].update(subscription_price=0)),
        "templates[0].subscription_price",
        "must be above zero",
    ),
    "price in fractions of a paisa": (
        load(lambda d: d["templates"][0].update(subscription_price=Decimal("999.001"))),
        "templates[0].subscription_price",
        "must have at most 2 decimal places in INR",
    ),
    "unknown currency": (
        load(lambda d: d["templates"][0].update(currency="XXX")),
        "templates[0].currency",
        "must be one of INR, USD, JPY, KWD",
    ),
    # Runs
    "seconds": (planned(TODAY, time(9, 20, 1)), "at", "must be a whole minute of the day, without a zone"),
}


@pytest.fixture
def house(house: House) -> House:
    """With one subscription, charged, of the straddle: the condor's is still to be had."""
    basket_id = "basket_admin_2c91d7e4"
    new = house.subscribed(basket_id=basket_id)
    assert house.app.billing.charge_next(BILLING, new.terms.subscription_id, through=TODAY) is not None
    return house


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_refusal_that_names_the_field_and_the_reason_and_writes_nothing(
    house: House, name: str
) -> None:
    call, field, reason = BAD[name]
    before = house.items()
    error = refusal(lambda: call(house))
    assert isinstance(error, InvalidInputError)
    assert (error.field, error.reason) == (field, reason)
    assert "\n" not in str(error)
    assert house.items() == before


REFUSED: dict[str, tuple[Call, type[DomainError], dict[str, object]]] = {
    "a day that no data covers": (
        planned(date(2027, 1, 4)),
        NotCoveredError,
        {"data": "trading calendar", "on": date(2027, 1, 4)},
    ),
    "a day before all data": (planned(date(2024, 12, 31)), NotCoveredError, {"on": date(2024, 12, 31)}),
    "a Sunday": (planned(date(2026, 11, 22)), NonTradingDayError, {"on": date(2026, 11, 22)}),
    "a holiday": (
        planned(date(2026, 1, 26)),
        NonTradingDayError,
        {"on": date(2026, 1, 26), "reason": "Republic Day"},
    ),
    "a template that is not there": (subscribe(basket_id="missing"), TemplateNotFoundError, {"basket_id": "missing"}),
    "an allocation of a template that is not there": (
        lambda house: house.app.allocations.put(ANITA, "missing", _allocation(house)),
        TemplateNotFoundError,
        {"basket_id": "missing"},
    ),
    "a refund in another currency": (refund(Money(100, "USD")), CurrencyMismatchError, {}),
    "a refund of a period never charged": (
        lambda house: house.app.billing.refund(ADMIN, charged(house)[:-1] + "1", Money(1, "INR"), reference="r1"),
        ChargeNotFoundError,
        {},
    ),
    "an adjustment of a partner that is not there": (
        lambda house: house.app.billing.adjust(
            ADMIN, evolve(ZEBU, slug="angel"), Money(1, "INR"), reference="r1", reason="corrected"
        ),
        PartnerNotFoundError,
        {"partner_id": "partner_angel_live"},
    ),
    "a payout to a partner that is not there": (
        lambda house: house.app.billing.pay_out(ADMIN, evolve(ZEBU, slug="angel"), Money(1, "INR"), reference="r1"),
        PartnerNotFoundError,
        {"partner_id": "partner_angel_live"},
    ),
}


def _allocation(house: House) -> Any:
    return house.app.allocations.get(ADMIN, "basket_admin_2c91d7e4", user=ANITA.email)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_refused_by_its_own_name_and_writes_nothing(house: House, name: str) -> None:
    call, kind, details = REFUSED[name]
    before = house.items()
    error = refusal(lambda: call(house))
    assert type(error) is kind
    assert error.details().items() >= details.items()
    assert house.items() == before


def test_a_catalog_of_another_owner_is_refused_without_repeating_the_email(house: House) -> None:
    before = house.items()
    error = refusal(lambda: load(lambda document: document.update(owner="other@example.com"))(house))
    assert isinstance(error, InvalidInputError)
    assert error.field == "owner"
    assert "@" not in str(error)
    assert house.items() == before


def test_a_catalog_with_one_bad_template_writes_none_of_them() -> None:
    house = House.over("memory://")
    error = refusal(lambda: load(lambda document: leg(document).update(lots=0))(house))
    assert isinstance(error, InvalidInputError)
    assert house.items() == []
