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


def unlike(house: House, scene: Scene) -> Iterator[str]:
    """Where subscriptions of the round's user, their marker, locations and allocation do not agree."""
    engine, user = house.app._engine, scene.user.email
    shelf = {str(item["sort_key"]): item for item in engine.query(Query(user.address, consistent=True)).items}
    subscriptions = [item for item in shelf.values() if item["entity_type"] == "SUBSCRIPTION"]
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
