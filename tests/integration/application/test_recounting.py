"""A recount makes the counters right, whoever writes meanwhile and wherever it is killed, and counting goes on."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, KITE, STRADDLE, ZEBU, House, refusal
from tests.integration.application.upkeep import Interrupted, Upkeep, Waited, dying_at
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.samples import ONE_ACCOUNT
from tests.integration.contracts.stores import store_over

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import ChangeBatch, Delete, Put, Update
from quantleap.application.recounting import Correction, Recount
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.principals import PartnerBackend, User
from quantleap.domain.subscriptions.status import LIVE_STATUSES, SubscriptionStatus
from quantleap.ports.counters import MAX_COUNTERS_A_COMMIT, StatusCount
from quantleap.ports.errors import FeedTrimmedError, UnavailableError

USERS = [User(Email(f"u{number}@example.com")) for number in range(4)]


def active(partner_id: PartnerId) -> StatusCount:
    return StatusCount(partner_id, SubscriptionStatus.ACTIVE)


def drifted(house: House) -> None:
    """Counters that are wrong, missing and of nobody."""
    house.subscribed(ANITA)
    house.subscribed(BALA, STRADDLE)
    house.subscribed(BALA, by=PartnerBackend(KITE))
    house.app.counters.follow()
    for write in (
        Update(keys.partner_counters(ZEBU), add={"active_subscriptions": 5}),
        Delete(keys.partner_counters(KITE)),
        Put(
            {
                "user_id": "PARTNER#partner_gone_live",
                "sort_key": "COUNTERS",
                "entity_type": "PARTNER_COUNTERS",
                "partner": "partner_gone_live",
                "active_subscriptions": 1,
            }
        ),
        Update(keys.basket(ADMIN.email, CONDOR), assign={"subscriber_count": -3}),
        Update(keys.basket(ADMIN.email, STRADDLE), add={"subscriber_count": 4}),
    ):
        house.app._engine.write(write)


CORRECTED = (
    Correction(STRADDLE, 5, 1),
    Correction(CONDOR, -3, 2),
    Correction(active(PartnerId("gone", Mode.LIVE)), 1, 0),
    Correction(active(KITE), 0, 1),
    Correction(active(ZEBU), 7, 2),
)


def is_settled(house: House) -> bool:
    """Whether everything agrees now and, once followed, counting goes on as if nothing had been."""
    house.app.counters.follow()
    if house.app.verification.verify(ADMIN).differences:
        return False
    house.subscribed(USERS[-1], by=USERS[-1])
    return house.app.counters.follow() == 1 and house.app.verification.verify(ADMIN).differences == ()


def test_every_counter_that_is_wrong_is_corrected_and_told(any_house: House) -> None:
    drifted(any_house)
    assert any_house.app.recounting.recount(ADMIN) == Recount(3, CORRECTED, ())
    assert any_house.app.recounting.recount(ADMIN) == Recount(3, (), ())
    assert is_settled(any_house)


def test_counters_that_are_no_number_are_corrected(any_house: House) -> None:
    any_house.subscribed(ANITA)
    any_house.app.counters.follow()
    any_house.app._engine.write(Update(keys.partner_counters(ZEBU), assign={"active_subscriptions": "many"}))
    any_house.app._engine.write(Update(keys.basket(ADMIN.email, CONDOR), remove=("subscriber_count",)))
    corrections = any_house.app.recounting.recount(ADMIN).corrections
    assert corrections == (Correction(CONDOR, None, 1), Correction(active(ZEBU), None, 1))
    assert is_settled(any_house)


def test_where_nothing_was_ever_counted_everything_is(any_house: House) -> None:
    any_house.subscribed(ANITA)
    any_house.subscribed(BALA, by=BALA)
    assert any_house.app.recounting.recount(ADMIN) == Recount(
        2, (Correction(CONDOR, 0, 2), Correction(active(ZEBU), 0, 1)), ()
    )
    assert any_house.app.counters.follow() == 0
    assert is_settled(any_house)


def test_a_store_without_anything_is_recounted() -> None:
    house = House.over("memory://")
    assert house.app.recounting.recount(ADMIN) == Recount(0, (), ())


def test_more_counters_than_a_commit_are_all_corrected(house: House) -> None:
    backends = [PartnerId(f"p{number}", Mode.LIVE) for number in range(MAX_COUNTERS_A_COMMIT + 10)]
    for number, partner_id in enumerate(backends):
        house.app.partners.create(ADMIN, partner_id)
        house.subscribed(User(Email(f"a{number}@example.com")), by=PartnerBackend(partner_id))
    assert len(house.app.recounting.recount(ADMIN).corrections) == len(backends) + 1
    assert is_settled(house)


def test_a_template_that_is_gone_is_left_alone(house: House) -> None:
    house.subscribed()
    house.app._engine.write(Delete(keys.basket(ADMIN.email, CONDOR)))
    recount = house.app.recounting.recount(ADMIN)
    assert [each.of for each in recount.corrections] == [active(ZEBU)]
    assert store_over(house.app._engine).templates.shown(CONDOR) is None


def test_what_cannot_be_read_is_told_and_not_counted(house: House) -> None:
    name = house.subscribed(ANITA).terms.subscription_id
    house.subscribed(BALA)
    house.app.counters.follow()
    house.app._engine.write(Update(keys.subscription(Mode.LIVE, ANITA.email, name), assign={"status": "ASLEEP"}))
    recount = house.app.recounting.recount(ADMIN)
    assert recount.live == 1
    assert [each.after for each in recount.corrections] == [1, 1]
    problem = f"item SUBSCRIPTION#{name}: 'ASLEEP' is not a valid SubscriptionStatus"
    assert [(each.subject, each.problem) for each in recount.passed_over] == [
        ("change feed", problem),
        ("record", problem),
    ]


# While others write


def cancelled(house: House, user: User) -> None:
    for each in store_over(house.app._engine).whole.counted():
        subscription = getattr(each, "subscription", None)
        if subscription is not None and subscription.terms.user == user.email:
            name = subscription.terms.subscription_id
            refusal(partial(house.app.subscriptions.cancel, ADMIN, name))


Act = Callable[[House], object]
ACTS: dict[str, Act] = {
    **{f"subscribe {number}": partial(House.subscribed, user=user) for number, user in enumerate(USERS[:3])},
    **{f"subscribe {number} directly": partial(House.subscribed, by=user) for number, user in enumerate(USERS[:3])},
    **{f"cancel {number}": partial(cancelled, user=user) for number, user in enumerate(USERS[:3])},
    "allocate": lambda house: house.app.allocations.put(USERS[0], CONDOR, ONE_ACCOUNT),
    "follow": lambda house: house.app.counters.follow(),
    "verify": lambda house: house.app.verification.verify(ADMIN),
    "edit": lambda house: house.app.authoring.edit(ADMIN, house.app.authoring.get(ADMIN, CONDOR).content),
}


@given(
    before=st.lists(st.sampled_from(sorted(ACTS)), max_size=6),
    meanwhile=st.dictionaries(st.integers(1, 40), st.lists(st.sampled_from(sorted(ACTS)), max_size=3), max_size=8),
    drift=st.booleans(),
)
def test_it_is_exact_whatever_is_done_between_any_two_of_its_steps(
    before: list[str], meanwhile: dict[int, list[str]], *, drift: bool
) -> None:
    house = House.furnished("memory://")
    for name in before:
        refusal(partial(ACTS[name], house))
    if drift:
        drifted(house)

    def act(call: int) -> None:
        for name in meanwhile.get(call, ()):
            refusal(partial(ACTS[name], house))

    engine = Interrupted(house.app._engine, act)
    Upkeep.of(house, engine).recounting.recount(ADMIN)
    assert is_settled(house)


STEPS = (("write", 0), ("changes", 0), ("scan", 0), ("changes", 1), ("transact", 0), ("write", 1))


@pytest.mark.parametrize(("step", "after"), STEPS)
def test_what_is_subscribed_and_cancelled_at_a_step_is_counted_once(any_house: House, step: str, after: int) -> None:
    drifted(any_house)
    name = any_house.subscribed(USERS[0], STRADDLE).terms.subscription_id
    engine = WatchedEngine(any_house.app._engine)

    def happen() -> None:
        any_house.app.subscriptions.cancel(ADMIN, name)
        any_house.subscribed(USERS[1])
        any_house.app.counters.follow()

    engine.before(step, *[lambda: None] * after, happen)
    Upkeep.of(any_house, engine).recounting.recount(ADMIN)
    assert is_settled(any_house)
    subscribers = [any_house.app.marketplace.template(ADMIN, each).subscriber_count for each in (CONDOR, STRADDLE)]
    assert subscribers == [4, 1]


class LateFeed(WatchedEngine):
    """What was committed since `hold` comes into the feed at `release`. Over the memory engine, whose positions are
    numbers.
    """

    held_at: int | None = None

    def hold(self) -> None:
        """Nothing more comes into the feed."""
        self.held_at = int(self.inside.changes(None, limit=10**6).position or 0)

    def release(self) -> None:
        """What was held back is in the feed."""
        self.held_at = None

    def changes(self, after: str | None, *, limit: int = 1000) -> ChangeBatch:
        """See `Engine.changes`."""
        if self.held_at is None:
            return super().changes(after, limit=limit)
        room = self.held_at - int(after or 0)
        if room == 0:
            return ChangeBatch([], after, is_last=True)
        batch = super().changes(after, limit=min(limit, room))
        return ChangeBatch(batch.changes, batch.position, is_last=batch.position == str(self.held_at))


def test_it_waits_for_the_changes_that_the_scan_saw_before_the_feed_told_them(house: House) -> None:
    house.subscribed(ANITA)
    house.app.counters.follow()
    engine = LateFeed(house.app._engine)
    waited = Waited(engine.release)
    upkeep = Upkeep.of(house, engine, waiting=waited, delay=timedelta(seconds=10))

    def happen() -> None:
        engine.hold()
        house.subscribed(BALA)

    engine.before("scan", happen)
    assert upkeep.recounting.recount(ADMIN).live == 2
    assert waited.spans == [timedelta(seconds=10)]
    assert house.app.counters.follow() == 0
    assert is_settled(house)


# Killed, taken over, passed by


def test_killed_anywhere_and_run_again_it_is_right() -> None:
    for call in range(1, 60):
        house = House.furnished("memory://")
        drifted(house)
        engine = Interrupted(house.app._engine, dying_at(call))
        upkeep = Upkeep.of(house, engine)
        killed = isinstance(refusal(partial(upkeep.recounting.recount, ADMIN)), UnavailableError)
        house.subscribed(USERS[0], STRADDLE)
        house.app.counters.follow()
        house.app.recounting.recount(ADMIN)
        assert is_settled(house)
        if not killed:
            break
    assert call == len(engine.calls) + 1 > 10


def test_of_two_the_one_that_began_later_ends(any_house: House) -> None:
    drifted(any_house)
    engine = WatchedEngine(any_house.app._engine)
    engine.before("scan", partial(any_house.app.recounting.recount, ADMIN))
    refused = refusal(partial(Upkeep.of(any_house, engine).recounting.recount, ADMIN))
    assert isinstance(refused, ConcurrentUpdateError)
    assert is_settled(any_house)


def test_one_that_was_taken_over_from_writes_nothing_more(house: House) -> None:
    drifted(house)
    before_the_end = store_over(house.app._engine)
    engine = WatchedEngine(house.app._engine)

    def take_over() -> None:
        house.app.recounting.recount(ADMIN)
        house.subscribed(USERS[0])
        house.app.counters.follow()

    engine.before("transact", take_over)
    refusal(partial(Upkeep.of(house, engine).recounting.recount, ADMIN))
    assert before_the_end.counters.of_partner(ZEBU)[SubscriptionStatus.ACTIVE] == 3
    assert is_settled(house)


def trimmed() -> None:
    raise FeedTrimmedError("changes 1 to 7 are no longer kept")


def test_a_feed_that_has_passed_by_is_read_from_the_oldest_that_it_keeps(any_house: House) -> None:
    drifted(any_house)
    engine = WatchedEngine(any_house.app._engine)
    engine.before("changes", trimmed)
    assert Upkeep.of(any_house, engine).recounting.recount(ADMIN).corrections == CORRECTED
    assert is_settled(any_house)


def test_more_written_during_the_scan_than_the_feed_keeps_is_said_and_repeating_it_helps(house: House) -> None:
    drifted(house)
    engine = WatchedEngine(house.app._engine)
    engine.before("changes", lambda: None, trimmed)
    refused = refusal(partial(Upkeep.of(house, engine).recounting.recount, ADMIN))
    assert isinstance(refused, FeedTrimmedError)
    assert str(refused) == (
        "the change feed has passed by: more was written during the scan than it keeps; recount when less is"
    )
    assert house.app.recounting.recount(ADMIN).corrections == CORRECTED
    assert is_settled(house)


def test_live_is_what_may_be_billed(house: House) -> None:
    name = house.subscribed(ANITA).terms.subscription_id
    house.app.subscriptions.pause(ADMIN, name)
    assert house.app.subscriptions.get(ADMIN, name).life.status in LIVE_STATUSES
    assert house.app.recounting.recount(ADMIN).live == 1
    house.app.subscriptions.cancel(ADMIN, name)
    assert house.app.recounting.recount(ADMIN).live == 0
