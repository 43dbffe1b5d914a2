"""The story in its order, on an empty store and a clock of its own."""

from collections.abc import Iterator

from quantleap.composition import Application, DrivenClock, World
from quantleap.domain.errors import InvalidInputError, PartnerNotFoundError
from quantleap.domain.principals import Admin
from quantleap.entrypoints.cli.demo.chapter import Chapter
from quantleap.entrypoints.cli.demo.charging import charge_month
from quantleap.entrypoints.cli.demo.closing import state_partner, verify_store
from quantleap.entrypoints.cli.demo.moving import move_some
from quantleap.entrypoints.cli.demo.opening import open_marketplace
from quantleap.entrypoints.cli.demo.planning import plan_run
from quantleap.entrypoints.cli.demo.refunding import refund_one
from quantleap.entrypoints.cli.demo.stage import PARTNER_ID, Stage, moment
from quantleap.entrypoints.cli.demo.subscribing import subscribe_users
from quantleap.entrypoints.cli.invocation import Invocation
from quantleap.entrypoints.cli.output.printing import told_progress

STORY = (
    open_marketplace,
    subscribe_users,
    charge_month,
    move_some,
    plan_run,
    refund_one,
    state_partner,
    verify_store,
)


def tell_story(invocation: Invocation, store: str, users: int) -> Iterator[Chapter]:
    """Each chapter once it has happened. Raises InvalidInputError, before anything is written, unless it is empty."""
    clock = DrivenClock(moment(8, 0))
    with told_progress() as tell:
        app = invocation.open(store, World(clock=clock), tell=tell)
    stage = Stage(app, clock, invocation.owner, users)
    _require_empty(app, stage.admin)
    app.claiming.claim()
    for happens in STORY:
        yield happens(stage)


def _require_empty(app: Application, admin: Admin) -> None:
    if _has_partner(app, admin) or not app.verification.is_empty(admin):
        raise InvalidInputError("--store", "holds data already, and the demo needs an empty store: name another")


def _has_partner(app: Application, admin: Admin) -> bool:
    try:
        app.partners.get(admin, PARTNER_ID)
    except PartnerNotFoundError:
        return False
    return True
