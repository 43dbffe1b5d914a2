"""What a partner is, what it starts with, and what an admin may change."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from quantleap.domain.commissions.agreement import CommissionAgreement
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.partners.partner import Partner
from quantleap.domain.rates import Rate

AGREEMENT = CommissionAgreement.flat(Rate(3000), date(2026, 1, 1))
WELL_FORMED: dict[str, Any] = {
    "partner_id": PartnerId("zebu", Mode.LIVE),
    "display_name": "Zebu",
    "broker_id": "zebu",
    "agreement": AGREEMENT,
    "created_at": datetime(2026, 1, 1, tzinfo=UTC),
}


def test_a_new_partner_may_ask_60_times_a_minute_and_is_shown_no_performance() -> None:
    partner = Partner(**WELL_FORMED)
    assert (partner.rate_limit, partner.show_performance, partner.version) == (60, False, 1)


def test_a_revision_changes_what_an_admin_may_change_and_is_one_version_on() -> None:
    agreement = CommissionAgreement.flat(Rate(2500), date(2026, 6, 1))
    before = Partner(**WELL_FORMED)
    after = before.revised(
        display_name="Zebu Trade", broker_id="zebu_in", agreement=agreement, rate_limit=600, show_performance=True
    )
    assert after == Partner(
        partner_id=before.partner_id,
        display_name="Zebu Trade",
        broker_id="zebu_in",
        agreement=agreement,
        created_at=before.created_at,
        rate_limit=600,
        show_performance=True,
        version=2,
    )
    assert before == Partner(**WELL_FORMED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("partner_id", "partner_zebu_live"),
        ("display_name", ""),
        ("display_name", "Z\u202eebu"),
        ("display_name", "z" * 121),
        ("broker_id", "Zebu"),
        ("agreement", Rate(3000)),
        ("created_at", datetime(2026, 1, 1)),  # noqa: DTZ001 - what is refused
        ("rate_limit", 0),
        ("rate_limit", -1),
        ("rate_limit", 100_001),
        ("rate_limit", True),
        ("rate_limit", 60.0),
        ("rate_limit", "60"),
        ("show_performance", 1),
        ("show_performance", "true"),
        ("show_performance", None),
        ("version", 0),
    ],
)
def test_a_malformed_partner_cannot_be_built(name: str, value: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Partner(**WELL_FORMED | {name: value})
    assert caught.value.field == name


@pytest.mark.parametrize("limit", [1, 100_000])
def test_a_limit_may_be_anything_within_its_bounds(limit: int) -> None:
    assert Partner(**WELL_FORMED | {"rate_limit": limit}).rate_limit == limit
