"""A partner's agreement: which commission rate counts for a template on a day, at a number of live subscribers."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from attrs import evolve, field, frozen, validators

from quantleap.domain import identifiers
from quantleap.domain.errors import InvalidInputError, NotCoveredError
from quantleap.domain.rates import Rate
from quantleap.domain.validation import checked_by, instance_of, plain_date, require, tuple_of, whole_number

MAX_TIERS = 10
MAX_OVERRIDES = 100
MAX_TERMS = 20
MAX_TIER_SUBSCRIBERS = 1_000_000_000


@frozen
class CommissionTier:
    """`rate` from `from_subscribers` live subscribers on (1 to 1,000,000,000)."""

    from_subscribers: int = field(validator=whole_number(1, MAX_TIER_SUBSCRIBERS))
    rate: Rate = field(validator=instance_of(Rate))


@frozen
class TemplateRate:
    """An override: `rate` for one template basket, whatever the number of subscribers."""

    basket_id: str = field(validator=checked_by(identifiers.template_id))
    rate: Rate = field(validator=instance_of(Rate))


def _by_subscribers(tiers: Iterable[CommissionTier]) -> tuple[CommissionTier, ...]:
    return tuple(sorted(tiers, key=lambda tier: tier.from_subscribers))


def _by_basket(overrides: Iterable[TemplateRate]) -> tuple[TemplateRate, ...]:
    return tuple(sorted(overrides, key=lambda override: override.basket_id))


@frozen
class AgreementTerm:
    """What was agreed from `effective_from` to `effective_to`, both days inclusive (None: until further notice).

    At most 10 tiers and 100 overrides, each threshold and each basket once; both are kept in order.
    """

    base: Rate = field(validator=instance_of(Rate))
    effective_from: date = field(validator=plain_date)
    effective_to: date | None = field(default=None, validator=validators.optional(plain_date))
    tiers: tuple[CommissionTier, ...] = field(
        default=(), converter=_by_subscribers, validator=tuple_of(CommissionTier, 0, MAX_TIERS)
    )
    overrides: tuple[TemplateRate, ...] = field(
        default=(), converter=_by_basket, validator=tuple_of(TemplateRate, 0, MAX_OVERRIDES)
    )

    @effective_to.validator
    def _not_before_it_begins(self, _: object, value: date | None) -> None:
        require(value is None or value >= self.effective_from, "effective_to", "must not be before effective_from")

    @tiers.validator
    def _distinct_thresholds(self, _: object, value: tuple[CommissionTier, ...]) -> None:
        distinct = len({tier.from_subscribers for tier in value}) == len(value)
        require(distinct, "tiers", "must not name one from_subscribers twice")

    @overrides.validator
    def _distinct_baskets(self, _: object, value: tuple[TemplateRate, ...]) -> None:
        distinct = len({override.basket_id for override in value}) == len(value)
        require(distinct, "overrides", "must not name one basket_id twice")

    def covers(self, on: date) -> bool:
        """Whether that day is one of the term's."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def rate_for(self, basket_id: str, live_subscribers: int) -> Rate:
        """The basket's override; else the highest tier reached; else the base rate."""
        for override in self.overrides:
            if override.basket_id == basket_id:
                return override.rate
        reached = [tier.rate for tier in self.tiers if tier.from_subscribers <= live_subscribers]
        return reached[-1] if reached else self.base


def _split(term: AgreementTerm, base: Rate, on: date) -> tuple[AgreementTerm, ...]:
    """The term up to the day before, and with another base rate from that day on."""
    if term.base == base:
        return (term,)
    if term.effective_from == on:
        return (evolve(term, base=base),)
    return evolve(term, effective_to=on - timedelta(days=1)), evolve(term, base=base, effective_from=on)


def _by_first_day(terms: Iterable[AgreementTerm]) -> tuple[AgreementTerm, ...]:
    return tuple(sorted(terms, key=lambda term: term.effective_from))


@frozen
class CommissionAgreement:
    """One to 20 dated terms in order of their days; no day is in two of them, and a day may be in none."""

    terms: tuple[AgreementTerm, ...] = field(converter=_by_first_day, validator=tuple_of(AgreementTerm, 1, MAX_TERMS))

    @terms.validator
    def _without_overlap(self, _: object, value: tuple[AgreementTerm, ...]) -> None:
        for before, after in pairwise(value):
            if before.covers(after.effective_from):
                raise InvalidInputError("terms", f"overlap on {after.effective_from.isoformat()}")

    @classmethod
    def flat(cls, base: Rate, effective_from: date) -> "CommissionAgreement":
        """One rate for everything, from that day until further notice."""
        return cls((AgreementTerm(base, effective_from),))

    def rebased(self, base: Rate, on: date) -> "CommissionAgreement":
        """The agreement with another base rate from that day on; what was agreed of days before it stands.

        Tiers, overrides and the last day of the term that holds on that day go on with it; on a day that no term holds
        a term begins that lasts until the next one. Raises InvalidInputError once there are 20 terms.
        """
        for place, term in enumerate(self.terms):
            if term.covers(on):
                return CommissionAgreement((*self.terms[:place], *_split(term, base, on), *self.terms[place + 1 :]))
        later = [term.effective_from for term in self.terms if term.effective_from > on]
        last_day = min(later) - timedelta(days=1) if later else None
        return CommissionAgreement((*self.terms, AgreementTerm(base, on, last_day)))

    def rate_for(self, basket_id: str, on: date, live_subscribers: int) -> Rate:
        """The rate a subscription made on that day (Asia/Kolkata) agrees to. NotCoveredError where no term holds."""
        for term in self.terms:
            if term.covers(on):
                return term.rate_for(basket_id, live_subscribers)
        raise NotCoveredError("commission rate", basket_id, on)
