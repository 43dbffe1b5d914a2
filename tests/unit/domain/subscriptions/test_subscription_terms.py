"""What was agreed and chosen cannot be built wrong."""

from datetime import date, datetime
from typing import Any

import pytest
from attrs import evolve

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.multiplier import ONE
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.terms import Options, Terms


def test_the_partners_share_of_999_at_30_per_cent_is_299_70(terms: Terms) -> None:
    assert terms.partner_commission == Money(29_970, "INR")


@pytest.mark.parametrize(
    ("partner_id", "mode"),
    [(None, Mode.LIVE), (PartnerId("zebu", Mode.LIVE), Mode.LIVE), (PartnerId("zebu", Mode.TEST), Mode.TEST)],
)
def test_the_mode_is_the_partners_and_live_when_direct(partner_id: PartnerId | None, mode: Mode, terms: Terms) -> None:
    assert evolve(terms, partner_id=partner_id, commission_rate=Rate(0)).mode is mode


def test_a_direct_subscription_pays_no_commission(terms: Terms) -> None:
    with pytest.raises(InvalidInputError, match=r"^commission_rate: must be 0 when direct$"):
        evolve(terms, partner_id=None)
    direct = evolve(terms, partner_id=None, commission_rate=Rate(0))
    assert direct.partner_commission == Money.zero("INR")


def test_a_free_template_is_no_error(terms: Terms) -> None:
    assert evolve(terms, price=Money.zero("INR")).partner_commission == Money.zero("INR")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", Money(-1, "INR")),
        ("subscription_id", "sub#zebu"),
        ("basket_id", "Basket#1"),
        ("subscribed_at", datetime(2026, 1, 31)),  # noqa: DTZ001 - refused for want of a zone
        ("subscribed_at", date(2026, 1, 31)),
    ],
)
def test_wrong_terms_are_refused_by_the_name_of_the_field(field: str, value: Any, terms: Terms) -> None:
    with pytest.raises(InvalidInputError, match=rf"^{field}: "):
        evolve(terms, **{field: value})


def test_options_left_out_trade_the_template_as_it_is_and_renew() -> None:
    assert Options() == Options(multiplier=ONE, broker_account_id=None, auto_renew=True, metadata=())


@pytest.mark.parametrize("account", ["", "AB#12", "x" * 65, "ЯB12"])
def test_a_malformed_broker_account_is_refused(account: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^broker_account_id: "):
        Options(broker_account_id=account)


@pytest.mark.parametrize(
    "metadata",
    [
        (("a", "1"), ("a", "2")),
        (("a", "x" * 501),),
        (("a",),),
        ("ab",),
        {"a": 1},
        None,
        5,
        tuple((f"key{number:02d}", "") for number in range(11)),
    ],
)
def test_metadata_of_another_form_cannot_be_built(metadata: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"^metadata"):
        Options(metadata=metadata)


def test_metadata_may_be_given_as_a_mapping_and_is_kept_in_order_of_its_keys() -> None:
    assert Options(metadata={"b": "1", "a": "2"}).metadata == (("a", "2"), ("b", "1"))


def test_a_metadata_key_that_may_be_an_email_is_not_repeated_by_the_refusal() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Options(metadata={"asha@example.com": "x" * 501})
    assert refusal.value.field == "metadata"


def test_options_show_neither_the_account_nor_the_metadata() -> None:
    shown = repr(Options(broker_account_id="ZB1001", metadata={"phone": "99887766"}))
    assert "ZB1001" not in shown
    assert "99887766" not in shown


@pytest.mark.parametrize("multiplier", [2, 1.5, "2", None])
def test_a_multiplier_that_was_not_read_is_refused(multiplier: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"^multiplier: must be a Multiplier"):
        Options(multiplier=multiplier)
