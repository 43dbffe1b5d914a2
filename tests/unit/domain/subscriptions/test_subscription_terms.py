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
from quantleap.domain.subscriptions.metadata import Metadata
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
        (("b", "1"), ("a", "2")),
        (("a", "1"), ("a", "2")),
        (("a", "x" * 501),),
        tuple((f"key{number:02d}", "") for number in range(11)),
    ],
)
def test_metadata_that_was_not_read_cannot_be_built(metadata: Metadata) -> None:
    with pytest.raises(InvalidInputError, match=r"^metadata"):
        Options(metadata=metadata)
