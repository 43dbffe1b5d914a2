"""Pause and resume, with history entry and event, against `transitions`."""

from datetime import UTC, date, datetime
from typing import ClassVar

from transitions import Machine

from bench.machine import machine
from bench.ratio import Contest, holds
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.events import SubscriptionEvent, SubscriptionEventKind, events_between
from quantleap.domain.subscriptions.history import HistoryEntry, Stamp
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Billing, Life, Subscription
from quantleap.domain.subscriptions.terms import Options, Terms
from quantleap.domain.subscriptions.transitions import Transition

AT_LEAST = 4.0

_PAUSE, _RESUME = Transition.PAUSE, Transition.RESUME

_BEGUN_AT = datetime(2026, 1, 30, 4, tzinfo=UTC)
_BEGUN, _PAUSED, _RESUMED = (
    # A stamp comes with the request and costs both sides the same, so it is made before the clock starts.
    Stamp(_BEGUN_AT.replace(minute=minute), "user_7f3a", f"req_{minute:012x}")
    for minute in range(3)
)
_TERMS = Terms(
    subscription_id="sub_zebu_0190a3f2",
    user=Email("trader@example.com"),
    basket_id="basket-iron-condor",
    basket_name="Iron condor",
    owner=Email("author@example.com"),
    partner_id=PartnerId("zebu", Mode.LIVE),
    price=Money(99_900, "INR"),
    commission_rate=Rate(3000),
    subscribed_at=_BEGUN_AT,
    started_on=date(2026, 1, 30),
)
_OPTIONS = Options()
_BILLING = Billing()
_SUBSCRIPTION = Subscription.begin(_TERMS, _OPTIONS, _BEGUN)


def ours() -> list[SubscriptionEvent]:
    """The events of pause and resume; each move is a new value with the history in it."""
    paused = _SUBSCRIPTION.move(_PAUSE, _PAUSED)
    resumed = paused.move(_RESUME, _RESUMED)
    return [*events_between(_SUBSCRIPTION, paused), *events_between(paused, resumed)]


class PeerSubscription:
    """The same by a `Machine`: the state in place, a history list, and equal events."""

    _TOLD: ClassVar = {
        "PAUSED": (SubscriptionStatus.PAUSED, SubscriptionEventKind.PAUSED),
        "ACTIVE": (SubscriptionStatus.ACTIVE, SubscriptionEventKind.RESUMED),
    }

    def __init__(self) -> None:
        live = ["ACTIVE", "PAUSED"]
        self.machine = Machine(
            self,
            states=[status.value for status in SubscriptionStatus],
            initial="ACTIVE",
            auto_transitions=False,
            after_state_change="remember",
            transitions=[
                ["pause", "ACTIVE", "PAUSED"],
                ["resume", "PAUSED", "ACTIVE"],
                ["cancel", live, "CANCELLED"],
                ["expire", live, "EXPIRED"],
            ],
        )
        self.history = [HistoryEntry(SubscriptionStatus.ACTIVE, _BEGUN)]
        self.forget()

    def forget(self) -> None:
        """As it began, to begin the next call like the one before."""
        self.version = 1
        self.paused_at: datetime | None = None
        self.resumed_at: datetime | None = None
        self.events: list[SubscriptionEvent] = []
        del self.history[1:]

    def remember(self, stamp: Stamp) -> None:
        """What the machine calls after each change of state."""
        status, kind = self._TOLD[self.state]  # type: ignore[attr-defined] # Machine adds it
        if status is SubscriptionStatus.PAUSED:
            self.paused_at = stamp.at
        else:
            self.resumed_at = stamp.at
        self.version += 1
        self.history.append(HistoryEntry(status, stamp))
        life = Life(status, stamp.at, self.paused_at, self.resumed_at)
        after = Subscription(_TERMS, _OPTIONS, life, _BILLING, tuple(self.history), self.version)
        self.events.append(SubscriptionEvent(kind, stamp.at, after))


_PEER = PeerSubscription()


def peer() -> list[SubscriptionEvent]:
    """The events of pause and resume, from one machine that is kept."""
    _PEER.forget()
    _PEER.pause(_PAUSED)  # type: ignore[attr-defined] # Machine adds it
    _PEER.resume(_RESUMED)  # type: ignore[attr-defined] # Machine adds it
    return _PEER.events


def measure() -> bool:
    """Whether the ratio is met, after a look that both sides tell the same events."""
    assert ours() == peer()
    return holds(Contest("pause + resume, history entry and event of each", "transitions", ours, peer, 2000, AT_LEAST))


def main() -> int:
    """Print the machine and the verdict; 1 when the ratio is missed."""
    print(machine())
    return 0 if measure() else 1


if __name__ == "__main__":
    raise SystemExit(main())
