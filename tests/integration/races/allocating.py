"""Races for a user's allocation, of which the live subscription has a copy."""

from collections.abc import Iterator, Sequence

from tests.integration.application.house import CONDOR, ZEBU, House
from tests.integration.races.race import CONTESTANTS, Answers, Ending, Part, Race, Scene, once
from tests.integration.races.stored import unlike
from tests.integration.races.subscribing import CANCEL, SUBSCRIBE, cancel, subscribe, subscribed

from quantleap.composition import Application
from quantleap.domain.errors import AllocationNotFoundError, ConcurrentUpdateError, InvalidStatusTransitionError
from quantleap.domain.lots.allocation import Allocation


def _put(app: Application, scene: Scene, number: int) -> str:
    return repr(app.allocations.put(scene.user, CONDOR, Allocation.single("kite", f"K{number}")))


def _delete(app: Application, scene: Scene, number: int) -> str:
    app.allocations.delete(scene.user, CONDOR)
    return f"deleted by {number}"


def _renew(app: Application, scene: Scene, number: int) -> str:
    cancel(app, scene, number)
    return subscribe(app, scene, number, by=ZEBU)


PUT = Part(_put, (ConcurrentUpdateError,))
DELETE = Part(_delete, (ConcurrentUpdateError, AllocationNotFoundError))


def _allocated(house: House, scene: Scene) -> Scene:
    _put(house.app, scene, CONTESTANTS)
    return scene


def _copies_agree(house: House, scene: Scene, _: Sequence[Ending]) -> Iterator[str]:
    return unlike(house, scene)


ALLOCATING = (
    Race(
        name="allocate",
        prepare=subscribed,
        # Nothing they depend on moves, so that none of them is refused.
        parts={"put": Part(_put)},
        answers=(Answers(("put",), CONTESTANTS, CONTESTANTS),),
        kept=_copies_agree,
    ),
    Race(
        name="allocate and cancel",
        prepare=subscribed,
        parts={"put": PUT, "delete": DELETE, "cancel": CANCEL},
        answers=(once("cancel"),),
        kept=_copies_agree,
    ),
    Race(
        name="allocate and subscribe",
        prepare=_allocated,
        parts={"put": PUT, "delete": DELETE, "subscribe": SUBSCRIBE},
        answers=(once("subscribe"),),
        kept=_copies_agree,
    ),
    Race(
        name="allocate and renew",
        prepare=subscribed,
        parts={"put": PUT, "delete": DELETE, "renew": Part(_renew, (InvalidStatusTransitionError,))},
        answers=(once("renew"),),
        kept=_copies_agree,
    ),
)
