"""Template baskets and what is due of them."""

from collections.abc import Collection, Sequence
from datetime import time
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from quantleap.domain.identifiers import Email
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.listing import ListingStatus
from quantleap.domain.marketplace.schedule import RunKind
from quantleap.domain.marketplace.template import TemplateOverview
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.paging import Page, PageRequest
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.marketplace import Marketplace
from quantleap.ports.unit_of_work import Write

if TYPE_CHECKING:
    from quantleap.domain.execution.frame import RunTemplate


@frozen
class DueStrategy:
    """A strategy whose schedule names a weekday and minute, and the basket it belongs to."""

    basket_id: str
    strategy_id: str


class Templates(Marketplace, Protocol):
    """The owner's baskets, each with its strategies and schedule, and what the marketplace shows of them."""

    @property
    def owner(self) -> Email:
        """Whose they are."""

    def get(self, basket_id: str) -> Basket | None:
        """The basket with its strategies, seeing every commit that returned before.

        Raises ConcurrentUpdateError when it is edited again and again while it is read.
        """

    def all(self, page: PageRequest) -> Page[Basket]:
        """The owner's baskets, listed or not, by id."""

    def overviews(self, statuses: Collection[ListingStatus], page: PageRequest) -> Page[TemplateOverview]:
        """The owner's baskets whose listing stands at one of these, by id, without their strategies."""

    def due(self, weekday: Weekday, at: time, kind: RunKind) -> list[DueStrategy]:
        """Strategies scheduled for that weekday, minute and kind, by strategy id; entries of ACTIVE ones only.

        May be stale.
        """

    def for_runs(self, due: Sequence[DueStrategy]) -> dict[str, "RunTemplate"]:
        """The baskets of different strategies by id, each with those of them that it has, all of one version.

        A basket that is not there is left out. May be seconds stale.
        """

    def saving(self, basket: Basket, before: Basket | None, stamp: Stamp) -> list[Write]:
        """Stage the basket, its strategies and its schedule, replacing `before` (None: it must not exist).

        The basket keeps the stamp. Refused with AlreadyExistsError when it exists, ConcurrentUpdateError when it is no
        longer `before`; a change that finds itself made already, stamp and all, counts as done.
        """

    def removing(self, basket: Basket, stamp: Stamp) -> list[Write]:
        """Stage that the basket, its strategies and its schedule are gone, and that they were removed by that stamp.

        Refused with ConcurrentUpdateError when it is not that version, TemplateNotFoundError when it is gone.
        """
