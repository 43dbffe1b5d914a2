"""Which commission rate counts."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from quantleap.domain.commissions.agreement import (
    MAX_OVERRIDES,
    MAX_TERMS,
    MAX_TIERS,
    AgreementTerm,
    CommissionAgreement,
    CommissionTier,
    TemplateRate,
)
from quantleap.domain.errors import InvalidInputError, NotCoveredError
from quantleap.domain.rates import Rate

BASE, TIER_100, TIER_1000, OVERRIDE = Rate(2000), Rate(2500), Rate(3000), Rate(4000)
NOV_1, NOV_30, DEC_1 = date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)


def untyped(value: Any) -> Any:
    """What a caller may pass whom no type checker watches."""
    return value


def tiered() -> AgreementTerm:
    return AgreementTerm(
        BASE,
        NOV_1,
        NOV_30,
        tiers=(CommissionTier(1000, TIER_1000), CommissionTier(100, TIER_100)),
        overrides=(TemplateRate("weekly-straddle", OVERRIDE), TemplateRate("iron-condor", BASE)),
    )


@pytest.mark.parametrize(
    ("basket_id", "live_subscribers", "rate"),
    [
        ("calm", 0, BASE),
        ("calm", 99, BASE),
        ("calm", 100, TIER_100),
        ("calm", 999, TIER_100),
        ("calm", 1000, TIER_1000),
        ("calm", 10**9, TIER_1000),
        ("weekly-straddle", 0, OVERRIDE),
        ("weekly-straddle", 1000, OVERRIDE),
        ("iron-condor", 1000, BASE),
    ],
)
def test_an_override_beats_the_tier_reached_which_beats_the_base(
    basket_id: str, live_subscribers: int, rate: Rate
) -> None:
    assert CommissionAgreement((tiered(),)).rate_for(basket_id, NOV_1, live_subscribers) == rate


@pytest.mark.parametrize(
    ("on", "rate"), [(NOV_1, BASE), (NOV_30, BASE), (DEC_1, OVERRIDE), (date(2099, 1, 1), OVERRIDE)]
)
def test_the_term_of_the_day_counts_its_last_day_included(on: date, rate: Rate) -> None:
    agreement = CommissionAgreement((AgreementTerm(OVERRIDE, DEC_1), AgreementTerm(BASE, NOV_1, NOV_30)))
    assert agreement.rate_for("calm", on, 0) == rate


@pytest.mark.parametrize("on", [date(2026, 10, 31), date(2026, 12, 1), date(2026, 12, 31), date(2027, 2, 1)])
def test_a_day_in_no_term_is_an_error_never_a_guess(on: date) -> None:
    agreement = CommissionAgreement((tiered(), AgreementTerm(BASE, date(2027, 1, 1), date(2027, 1, 31))))
    with pytest.raises(NotCoveredError) as refusal:
        agreement.rate_for("calm", on, 0)
    assert str(refusal.value) == f"No commission rate for calm on {on.isoformat()}"


def test_a_flat_agreement_is_one_rate_from_its_first_day_on() -> None:
    agreement = CommissionAgreement.flat(TIER_1000, NOV_1)
    assert agreement.rate_for("calm", date(2050, 1, 1), 10**6) == TIER_1000
    with pytest.raises(NotCoveredError):
        agreement.rate_for("calm", date(2026, 10, 31), 0)


def test_the_order_in_which_parts_are_given_does_not_matter() -> None:
    assert CommissionAgreement((AgreementTerm(BASE, DEC_1), tiered())) == CommissionAgreement(
        (
            AgreementTerm(
                BASE,
                NOV_1,
                NOV_30,
                tiers=tuple(reversed(tiered().tiers)),
                overrides=tuple(reversed(tiered().overrides)),
            ),
            AgreementTerm(BASE, DEC_1),
        )
    )


def test_the_largest_agreement_is_accepted() -> None:
    tiers = tuple(CommissionTier(threshold, BASE) for threshold in range(1, MAX_TIERS + 1))
    overrides = tuple(TemplateRate(f"basket-{number}", BASE) for number in range(MAX_OVERRIDES))
    days = [date(2026, 1, number) for number in range(1, MAX_TERMS + 1)]
    terms = tuple(AgreementTerm(BASE, day, day, tiers, overrides) for day in days)
    assert CommissionAgreement(terms).rate_for("calm", days[-1], 0) == BASE


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: CommissionTier(0, BASE), "from_subscribers: must be from 1 to 1000000000"),
        (lambda: CommissionTier(1, untyped(3000)), "rate: must be a Rate, not a number"),
        (lambda: TemplateRate("No Basket", BASE), "basket_id: must be 1 to 64 lower-case letters, digits, _ or -"),
        (lambda: AgreementTerm(untyped("30%"), NOV_1), "base: must be a Rate, not text"),
        (lambda: AgreementTerm(BASE, datetime(2026, 11, 1)), "effective_from: must be a date, not datetime"),  # noqa: DTZ001
        (lambda: AgreementTerm(BASE, NOV_1, untyped("2026-11-30")), "effective_to: must be a date, not text"),
        (lambda: AgreementTerm(BASE, DEC_1, NOV_30), "effective_to: must not be before effective_from"),
        (
            lambda: AgreementTerm(BASE, NOV_1, tiers=[CommissionTier(5, BASE)] * 2),
            "tiers: must not name one from_subscribers twice",
        ),
        (
            lambda: AgreementTerm(BASE, NOV_1, overrides=[TemplateRate("calm", BASE), TemplateRate("calm", OVERRIDE)]),
            "overrides: must not name one basket_id twice",
        ),
        (
            lambda: AgreementTerm(BASE, NOV_1, tiers=[CommissionTier(n, BASE) for n in range(1, MAX_TIERS + 2)]),
            "tiers: must hold 0 to 10",
        ),
        (
            lambda: AgreementTerm(
                BASE, NOV_1, overrides=[TemplateRate(f"basket-{n}", BASE) for n in range(MAX_OVERRIDES + 1)]
            ),
            "overrides: must hold 0 to 100",
        ),
        (lambda: CommissionAgreement(()), "terms: must hold 1 to 20"),
        (
            lambda: CommissionAgreement(
                [AgreementTerm(BASE, date(2026, 1, n), date(2026, 1, n)) for n in range(1, MAX_TERMS + 2)]
            ),
            "terms: must hold 1 to 20",
        ),
        (
            lambda: CommissionAgreement((AgreementTerm(BASE, NOV_30), tiered())),
            "terms: overlap on 2026-11-30",
        ),
        (
            lambda: CommissionAgreement((AgreementTerm(BASE, NOV_1), AgreementTerm(BASE, DEC_1))),
            "terms: overlap on 2026-12-01",
        ),
    ],
)
def test_an_agreement_that_contradicts_itself_cannot_be_built(build: Callable[[], object], reason: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        build()
    assert str(refusal.value) == reason


NOV_10, NOV_9, DEC_2 = date(2026, 11, 10), date(2026, 11, 9), date(2026, 12, 2)
OTHER = Rate(1500)


def test_a_new_base_rate_holds_from_its_day_on_and_keeps_tiers_overrides_and_the_last_day() -> None:
    before, after = CommissionAgreement((tiered(),)).rebased(OTHER, NOV_10).terms
    assert (before.base, before.effective_from, before.effective_to) == (BASE, NOV_1, NOV_9)
    assert (after.base, after.effective_from, after.effective_to) == (OTHER, NOV_10, NOV_30)
    assert (before.tiers, before.overrides) == (after.tiers, after.overrides) == (tiered().tiers, tiered().overrides)


def test_a_new_base_rate_on_a_terms_first_day_takes_the_place_of_the_other() -> None:
    agreement = CommissionAgreement.flat(BASE, NOV_1)
    assert agreement.rebased(OTHER, NOV_1) == CommissionAgreement.flat(OTHER, NOV_1)


def test_the_base_rate_that_holds_already_changes_nothing() -> None:
    agreement = CommissionAgreement((tiered(),))
    assert agreement.rebased(BASE, NOV_10) == agreement


def test_other_terms_stand_when_one_gets_a_new_base_rate() -> None:
    later = AgreementTerm(BASE, DEC_2)
    terms = CommissionAgreement((tiered(), later)).rebased(OTHER, NOV_10).terms
    assert (len(terms), terms[-1]) == (3, later)


@pytest.mark.parametrize(
    ("terms", "last_day"),
    [((tiered(),), None), ((tiered(), AgreementTerm(BASE, DEC_2)), DEC_1)],
    ids=["until further notice", "until the next term"],
)
def test_on_a_day_that_no_term_holds_a_new_one_begins(terms: tuple[AgreementTerm, ...], last_day: date | None) -> None:
    agreement = CommissionAgreement(terms).rebased(OTHER, DEC_1)
    assert AgreementTerm(OTHER, DEC_1, last_day) in agreement.terms
    assert len(agreement.terms) == len(terms) + 1


def test_an_agreement_that_is_full_takes_no_new_base_rate() -> None:
    days = [date(2026, 1, 1 + number) for number in range(MAX_TERMS)]
    full = CommissionAgreement([AgreementTerm(BASE, day, day) for day in days])
    with pytest.raises(InvalidInputError, match="terms"):
        full.rebased(OTHER, NOV_1)
