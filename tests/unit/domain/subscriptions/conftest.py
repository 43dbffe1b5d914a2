"""A subscription as it begins, and numbered stamps for what happens to it. All values are frozen, so one serves all."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.terms import Options, Terms

BEGUN_AT = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def stamp() -> Callable[[int], Stamp]:
    """The stamp of the n-th request: n minutes after the start."""
    return lambda number: Stamp(BEGUN_AT + timedelta(minutes=number), "user_7f3a", f"req_{number:012x}")


@pytest.fixture(scope="session")
def terms() -> Terms:
    return Terms(
        subscription_id="sub_zebu_0190a3f2",
        user=Email("trader@example.com"),
        basket_id="basket-iron-condor",
        basket_name="Iron condor",
        owner=Email("author@example.com"),
        partner_id=PartnerId("zebu", Mode.LIVE),
        price=Money(99_900, "INR"),
        commission_rate=Rate(3000),
        subscribed_at=BEGUN_AT,
        started_on=date(2026, 1, 31),
    )


@pytest.fixture(scope="session")
def options() -> Options:
    return Options(multiplier=Multiplier(1_500_000), broker_account_id="ZB1234", metadata=(("plan", "gold"),))


@pytest.fixture(scope="session")
def begun(terms: Terms, options: Options, stamp: Callable[[int], Stamp]) -> Subscription:
    """A new subscription, ACTIVE since the stamp numbered 0."""
    return Subscription.begin(terms, options, stamp(0))
