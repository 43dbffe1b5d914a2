"""Whatever is done in any order, however often followers are killed: the trail tells of all of it and of no more."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from attrs import define, evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    CONDOR,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
)
from tests.integration.application.test_auditing import follower_over, whole_trail
from tests.integration.application.upkeep import Interrupted, dying_at

from quantleap.domain.audit.action import AuditAction
from quantleap.domain.errors import QuantleapError
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.principals import Admin, PartnerBackend, User

A = AuditAction
BASKETS, USERS = (CONDOR, STRADDLE), (ANITA, BALA)
BACKENDS = (PartnerBackend(ZEBU), PartnerBackend(ZEBU_TEST))
ACCOUNTS = ("AB1234", "CD5678")


@frozen
class Done:
    """What an entry must say of something that was done."""

    action: AuditAction
    subject_id: str
    request_id: str | None


@define
class Life:
    """A house, what was done in it, and as much of its state as tells what a change is."""

    house: House = field(factory=lambda: House.furnished("memory://"))
    done: Counter[Done] = field(factory=Counter)
    subscriptions: list[tuple[Mode, str]] = field(factory=list)
    allocations: dict[tuple[Mode, Email, str], Allocation | None] = field(factory=dict)
    api_keys: dict[str, bool] = field(factory=dict)
    names: dict[str, str] = field(factory=dict)
    numbers: "count[int]" = field(factory=lambda: count(1))

    def attempt(self, call: Callable[..., Any]) -> tuple[Any, str] | None:
        """The answer to a request and the request's id; None where it is refused."""
        request_id = f"req_{next(self.numbers):03d}abcdef012"
        try:
            return call(request_id=request_id), request_id
        except QuantleapError:
            return None

    def tell(self, action: AuditAction, subject_id: str, request_id: str) -> None:
        """That is to be told."""
        self.done[Done(action, subject_id, request_id)] += 1

    def allocated(self, mode: Mode, user: Email, basket_id: str, to: Allocation | None, request_id: str) -> None:
        """So is that, where it is a change. What a direct subscription drops is told by the subscription."""
        before = self.allocations.get((mode, user, basket_id))
        self.allocations[mode, user, basket_id] = to
        if before != to and to is not None:
            self.tell(A.ALLOCATION_CREATED if before is None else A.ALLOCATION_CHANGED, basket_id, request_id)


Act = Callable[[Life], None]


def subscribe(by: PartnerBackend, user: User, basket_id: str, account: str) -> Act:
    def act(life: Life) -> None:
        call = partial(
            life.house.app.subscribing.for_partner,
            by,
            user=user.email,
            basket_id=basket_id,
            broker_account_id=account,
        )
        if (answered := life.attempt(call)) is not None:
            made, request_id = answered
            mode = by.partner_id.mode
            life.subscriptions.append((mode, made.terms.subscription_id))
            life.tell(A.SUBSCRIPTION_CREATED, made.terms.subscription_id, request_id)
            life.allocated(mode, user.email, basket_id, Allocation.single("zebu", account), request_id)

    return act


def subscribe_directly(user: User, basket_id: str) -> Act:
    def act(life: Life) -> None:
        if (answered := life.attempt(partial(life.house.app.subscribing.directly, user, basket_id=basket_id))) is None:
            return
        made, request_id = answered
        life.subscriptions.append((Mode.LIVE, made.terms.subscription_id))
        life.tell(A.SUBSCRIPTION_CREATED, made.terms.subscription_id, request_id)
        life.allocated(Mode.LIVE, user.email, basket_id, None, request_id)

    return act


MOVES = {"pause": A.SUBSCRIPTION_PAUSED, "resume": A.SUBSCRIPTION_RESUMED, "cancel": A.SUBSCRIPTION_CANCELLED}


def move(name: str, which: int) -> Act:
    def act(life: Life) -> None:
        if life.subscriptions:
            mode, subscription_id = life.subscriptions[which % len(life.subscriptions)]
            call = partial(getattr(life.house.app.subscriptions, name), Admin(ADMIN.email, mode), subscription_id)
            if (answered := life.attempt(call)) is not None:
                life.tell(MOVES[name], subscription_id, answered[1])

    return act


def allocate(user: User, basket_id: str, account: str) -> Act:
    def act(life: Life) -> None:
        allocation = Allocation.single("zebu", account)
        call = partial(life.house.app.allocations.put, user, basket_id, allocation)
        if (answered := life.attempt(call)) is not None:
            life.allocated(Mode.LIVE, user.email, basket_id, allocation, answered[1])

    return act


def remove_allocation(user: User, basket_id: str) -> Act:
    def act(life: Life) -> None:
        call = partial(life.house.app.allocations.delete, user, basket_id)
        if (answered := life.attempt(call)) is not None:
            life.allocations[Mode.LIVE, user.email, basket_id] = None
            life.tell(A.ALLOCATION_REMOVED, basket_id, answered[1])

    return act


def list_or_take_off(name: str, basket_id: str) -> Act:
    def act(life: Life) -> None:
        if (answered := life.attempt(partial(getattr(life.house.app.authoring, name), ADMIN, basket_id))) is not None:
            life.tell(A.BASKET_LISTED if name == "enable" else A.BASKET_TAKEN_OFF, basket_id, answered[1])

    return act


def rename(basket_id: str, name: str) -> Act:
    def act(life: Life) -> None:
        content = evolve(life.house.app.authoring.get(ADMIN, basket_id).content, basket_name=name)
        answered = life.attempt(partial(life.house.app.authoring.edit, ADMIN, content))
        if answered is not None and life.names.get(basket_id) != name:
            life.names[basket_id] = name
            life.tell(A.BASKET_CHANGED, basket_id, answered[1])

    return act


def issue(by: PartnerBackend) -> Act:
    def act(life: Life) -> None:
        if (answered := life.attempt(partial(life.house.app.partners.issue, ADMIN, by.partner_id))) is not None:
            made, request_id = answered
            life.api_keys[made.key.api_key_id] = True
            life.tell(A.PARTNER_KEY_CREATED, made.key.api_key_id, request_id)

    return act


def revoke(which: int) -> Act:
    def act(life: Life) -> None:
        if life.api_keys:
            api_key_id = sorted(life.api_keys)[which % len(life.api_keys)]
            answered = life.attempt(partial(life.house.app.partners.revoke, ADMIN, api_key_id))
            if answered is not None and life.api_keys[api_key_id]:
                life.api_keys[api_key_id] = False
                life.tell(A.PARTNER_KEY_REVOKED, api_key_id, answered[1])

    return act


def follow(life: Life) -> None:
    life.house.app.auditing.follow()


def count_live(life: Life) -> None:
    """Changes that nobody decided."""
    life.house.app.counters.follow()


def follow_until_killed(call: int) -> Act:
    def act(life: Life) -> None:
        refusal(follower_over(life.house, Interrupted(life.house.app._engine, dying_at(call))).catch_up)

    return act


WHICH = st.integers(0, 9)
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(
        subscribe,
        st.sampled_from(BACKENDS),
        st.sampled_from(USERS),
        st.sampled_from(BASKETS),
        st.sampled_from(ACCOUNTS),
    ),
    st.builds(subscribe_directly, st.sampled_from(USERS), st.sampled_from(BASKETS)),
    st.builds(move, st.sampled_from(sorted(MOVES)), WHICH),
    st.builds(allocate, st.sampled_from(USERS), st.sampled_from(BASKETS), st.sampled_from(ACCOUNTS)),
    st.builds(remove_allocation, st.sampled_from(USERS), st.sampled_from(BASKETS)),
    st.builds(list_or_take_off, st.sampled_from(["enable", "take_off"]), st.sampled_from(BASKETS)),
    st.builds(rename, st.sampled_from(BASKETS), st.sampled_from(["One", "Another"])),
    st.builds(issue, st.sampled_from(BACKENDS)),
    st.builds(revoke, WHICH),
    st.just(follow),
    st.just(count_live),
    st.builds(follow_until_killed, st.integers(1, 9)),
)


@given(st.lists(ACTS, max_size=30))
@settings(deadline=None)
def test_the_trail_tells_of_each_thing_that_was_done_once_and_of_nothing_else(acts: list[Act]) -> None:
    life = Life()
    with life.house.app:
        life.house.app.auditing.follow()
        furnished = whole_trail(life.house)
        for act in acts:
            act(life)
        life.house.app.auditing.follow()
        told = whole_trail(life.house) - furnished
    assert Counter(Done(entry.action, entry.subject_id, entry.request_id) for entry in told) == life.done
