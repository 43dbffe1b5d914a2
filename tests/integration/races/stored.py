"""What a round left in the store, looked at by consistent reads."""

from collections.abc import Iterator
from itertools import pairwise

from tests.integration.application.house import ADMIN, CONDOR, House
from tests.integration.contracts.stores import store_over
from tests.integration.races.race import Scene

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Item, Query
from quantleap.domain.commissions.ledger import LedgerTransaction, TransactionKind
from quantleap.domain.identifiers import Mode
from quantleap.domain.periods import Month
from quantleap.domain.subscriptions.status import LIVE_STATUSES, SubscriptionStatus
from quantleap.domain.subscriptions.transitions import MOVES

NOVEMBER = Month(2026, 11)
_STEPS = {(source, move.target) for move in MOVES.values() for source in move.sources}


def postings(house: House, scene: Scene, kind: TransactionKind) -> list[LedgerTransaction]:
    """The postings of that kind in the books of the round's partner."""
    book = store_over(house.app._engine).ledger.of_month(scene.partner, NOVEMBER)
    return [posting for posting in book if posting.kind is kind]


def subscriptions_of(house: House, scene: Scene) -> list[str]:
    """The ids of all subscriptions that the round's user has, live or not."""
    return [str(item["subscription_id"]) for item in _shelf(house, scene).values() if _is_subscription(item)]


def unlike(house: House, scene: Scene) -> Iterator[str]:
    """Where subscriptions of the round's user, their marker, locations and allocation do not agree."""
    engine, user, shelf = house.app._engine, scene.user.email, _shelf(house, scene)
    subscriptions = [item for item in shelf.values() if _is_subscription(item)]
    live = [item for item in subscriptions if item["status"] in LIVE_STATUSES]
    marker = shelf.get(keys.live_marker(Mode.LIVE, user, CONDOR).sort)
    marked = [] if marker is None else [marker["live_subscription"]]
    if [item["subscription_id"] for item in live] != marked:
        yield f"{len(live)} subscriptions are live, and the marker names {marked}"
    allocated = _allocated(shelf.get(keys.allocation(Mode.LIVE, user, CONDOR).sort))
    if any(_allocated(item) != allocated for item in live):
        yield "the live subscription trades by another allocation than its user's"
    for item in subscriptions:
        name = str(item["subscription_id"])
        location = engine.get(keys.subscription_location(Mode.LIVE, name), consistent=True)
        if location is None or (location["subscriber"], location["basket"]) != (user.address, CONDOR):
            yield f"{name} is not where its location says"


def illegal(house: House, scene: Scene, moves: int) -> Iterator[str]:
    """Where the round's subscription has not exactly so many moves behind it, each a legal one."""
    subscription = house.app.subscriptions.get(ADMIN, scene.subscription_id)
    statuses = [entry.status for entry in subscription.history]
    if statuses[0] is not SubscriptionStatus.ACTIVE or not _STEPS.issuperset(pairwise(statuses)):
        yield f"its history is {', '.join(statuses)}"
    if len(statuses) != 1 + moves or subscription.version != len(statuses):
        yield f"{moves} moves were answered, version {subscription.version} has a history of {len(statuses)}"


def _allocated(item: Item | None) -> object:
    return None if item is None else item.get("allocation")


def _shelf(house: House, scene: Scene) -> dict[str, Item]:
    """Everything that is kept of the round's user, by its sort key."""
    query = Query(keys.in_mode(Mode.LIVE, scene.user.email.address), consistent=True)
    return {str(item["sort_key"]): item for item in house.app._engine.query(query).items}


def _is_subscription(item: Item) -> bool:
    return item["entity_type"] == "SUBSCRIPTION"
