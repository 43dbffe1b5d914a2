"""Authoring template baskets and their strategies: loading catalogs, creating, editing, deleting, reading."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from attrs import frozen

from quantleap.application.paging import Paging
from quantleap.application.stamping import Stamping
from quantleap.domain.errors import (
    AlreadyExistsError,
    ConcurrentUpdateError,
    InvalidInputError,
    TemplateNotFoundError,
)
from quantleap.domain.identifiers import template_id
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.document import ListingChanges, read_catalog
from quantleap.domain.marketplace.listing import ListingStatus
from quantleap.domain.marketplace.strategy import Strategy, require_listed_expiry
from quantleap.domain.marketplace.template import TemplateOverview
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.paging import ListPage, ListRequest
from quantleap.domain.periods import kolkata_date
from quantleap.domain.principals import Principal, require_admin
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.reference_data import ReferenceData
from quantleap.ports.system import Clock
from quantleap.ports.templates import Templates
from quantleap.ports.unit_of_work import UnitOfWork, Write

T = TypeVar("T")

_OFFERED, _NO_MORE = frozenset({ListingStatus.LISTED}), frozenset({ListingStatus.TAKEN_OFF, ListingStatus.RETIRED})
_STATUSES: Mapping[bool | None, frozenset[ListingStatus]] = {
    True: _OFFERED,
    False: _NO_MORE,
    None: _OFFERED | _NO_MORE,
}
"""Of baskets that are on the marketplace, that were, or both."""


@frozen
class LoadedTemplate:
    """A template that a catalog named, and whether loading it changed anything."""

    basket: Basket
    changed: bool


@frozen
class AuthoredStrategy:
    """A strategy, and the basket and its version that it was found in, or that came of adding or removing it."""

    basket_id: str
    version: int
    strategy: Strategy


class Authoring:
    """What an admin does with templates. Every change is one commit and a new version of the basket.

    A change that leaves the basket as it is writes nothing. Where a `version` is given it must be the one that is
    there, whatever is to change, else ConcurrentUpdateError: somebody edited it since the caller looked.
    """

    def __init__(
        self,
        *,
        templates: Templates,
        units: UnitOfWork,
        reference_data: ReferenceData,
        clock: Clock,
        stamping: Stamping,
        paging: Paging,
    ) -> None:
        self._templates = templates
        self._units = units
        self._reference_data = reference_data
        self._clock = clock
        self._stamping = stamping
        self._paging = paging

    # Whole baskets

    def load_catalog(self, by: Principal, document: object, *, request_id: str | None = None) -> list[LoadedTemplate]:
        """Create or edit every template of a catalog document and put it on the marketplace.

        The whole catalog is checked before anything is written; then each template is one commit, and one that is
        there already in the same form is left alone, so that a load cut short is simply repeated. Raises
        InvalidInputError with the path of what is wrong (`templates[0].strategies[1].legs[0].lots`). What only the
        store can tell is found at a template's own commit, after those before it were written: AlreadyExistsError
        where another basket has taken a strategy's id, ConcurrentUpdateError where an edit came in between.
        """
        require_admin(by)
        catalog = read_catalog(document)
        if catalog.owner != self._templates.owner:
            raise InvalidInputError("owner", "must be the owner of this marketplace")
        # Read before the stamp asks for a key: of a store that is missing it is told first.
        found = [self._templates.get(content.basket_id) for content in catalog.templates]
        stamp = self._stamping.stamp(by, request_id=request_id)
        staged = []
        for position, (content, before) in enumerate(zip(catalog.templates, found, strict=True)):
            try:
                staged.append(self._stage(content, before, stamp))
            except InvalidInputError as refusal:
                raise refusal.under(f"templates[{position}]") from None
        for _, writes in staged:
            if writes:
                self._units.commit(*writes)
        return [LoadedTemplate(basket, changed=bool(writes)) for basket, writes in staged]

    def create(self, by: Principal, content: BasketContent, *, request_id: str | None = None) -> Basket:
        """A new basket, not listed yet. Raises AlreadyExistsError, InvalidInputError."""
        require_admin(by)
        stamp = self._stamping.stamp(by, request_id=request_id)
        content.require_listed_expiries(self._weekly_underlyings())
        if self._templates.get(content.basket_id) is not None:
            raise AlreadyExistsError("Basket", content.basket_id)
        return self._save(Basket.new(self._templates.owner, content, stamp.at), None, stamp)

    def edit(
        self, by: Principal, content: BasketContent, *, version: int | None = None, request_id: str | None = None
    ) -> Basket:
        """The basket of that id with new content; subscribers follow it from the next run on.

        Raises TemplateNotFoundError, InvalidListingMoveError when it is retired, ConcurrentUpdateError,
        InvalidInputError.
        """
        before = self._present(by, content.basket_id, version)
        return self._edit(by, before, content, _as_it_is, request_id=request_id)

    def delete(
        self, by: Principal, basket_id: str, *, version: int | None = None, request_id: str | None = None
    ) -> Basket:
        """Remove a basket that was never on the marketplace, strategies and all; gives it as it was.

        Raises TemplateNotFoundError, InvalidListingMoveError once it was listed, for then it may have subscribers,
        ConcurrentUpdateError.
        """
        before = self._present(by, basket_id, version)
        before.listing.check_deletable()
        stamp = self._stamping.stamp(by, request_id=request_id)
        self._units.commit(*self._templates.removing(before, stamp), outcome=before)
        return before

    def get(self, by: Principal, basket_id: str) -> Basket:
        """The basket, strategies and all. Raises TemplateNotFoundError."""
        require_admin(by)
        basket = self._templates.get(template_id(basket_id, "basket_id"))
        if basket is None:
            raise TemplateNotFoundError(basket_id)
        return basket

    def all(self, by: Principal, request: ListRequest) -> ListPage[Basket]:
        """Every basket of the owner, by id. Raises InvalidInputError for a cursor of another list or principal."""
        require_admin(by)
        return self._paging.page(by, request, ("authoring.all",), self._templates.all)

    def overviews(self, by: Principal, request: ListRequest) -> ListPage[TemplateOverview]:
        """Every basket of the owner, by id, without its strategies. Raises as `all` does."""
        require_admin(by)
        return self._paging.page(
            by,
            request,
            ("authoring.overviews",),
            lambda page: self._templates.overviews(tuple(ListingStatus), page),
        )

    # Strategies, each an edit of its basket

    def strategy(self, by: Principal, basket_id: str, strategy_id: str) -> AuthoredStrategy:
        """One strategy. Raises TemplateNotFoundError, StrategyNotFoundError."""
        basket = self.get(by, basket_id)
        return _authored(basket.content.strategy(template_id(strategy_id, "strategy_id")), basket)

    def add_strategy(
        self,
        by: Principal,
        basket_id: str,
        strategy: Strategy,
        *,
        version: int | None = None,
        request_id: str | None = None,
    ) -> AuthoredStrategy:
        """One strategy more, the last.

        Raises AlreadyExistsError where this or another basket has one of that id, and as `edit` does.
        """
        before = self._present(by, basket_id, version)
        require_listed_expiry(strategy, self._weekly_underlyings())
        content = before.content.with_strategy(strategy)
        return self._edit(by, before, content, partial(_authored, strategy), request_id=request_id)

    def replace_strategy(
        self,
        by: Principal,
        basket_id: str,
        strategy: Strategy,
        *,
        version: int | None = None,
        request_id: str | None = None,
    ) -> AuthoredStrategy:
        """That strategy in the place of the one of its id. Raises StrategyNotFoundError, and as `edit` does."""
        before = self._present(by, basket_id, version)
        require_listed_expiry(strategy, self._weekly_underlyings())
        content = before.content.with_strategy_replaced(strategy)
        return self._edit(by, before, content, partial(_authored, strategy), request_id=request_id)

    def remove_strategy(
        self,
        by: Principal,
        basket_id: str,
        strategy_id: str,
        *,
        version: int | None = None,
        request_id: str | None = None,
    ) -> AuthoredStrategy:
        """The basket without that strategy, which is given as it was; exits still leave what is open of it.

        Raises StrategyNotFoundError, InvalidInputError for the last one of a basket on the marketplace, and as `edit`.
        """
        before = self._present(by, basket_id, version)
        gone = before.content.strategy(template_id(strategy_id, "strategy_id"))
        content = before.content.without_strategy(strategy_id)
        return self._edit(by, before, content, partial(_authored, gone), request_id=request_id)

    # The marketplace

    def enable(
        self, by: Principal, basket_id: str, *, version: int | None = None, request_id: str | None = None
    ) -> Basket:
        """Put it on the marketplace.

        Raises TemplateNotFoundError, InvalidListingMoveError, InvalidInputError, ConcurrentUpdateError.
        """
        before = self._present(by, basket_id, version)
        stamp = self._stamping.stamp(by, request_id=request_id)
        return self._save(before.enabled(stamp.at), before, stamp)

    def take_off(
        self, by: Principal, basket_id: str, *, version: int | None = None, request_id: str | None = None
    ) -> Basket:
        """Take it off: no new subscribers, its own are still served. Raises as `enable` does."""
        before = self._present(by, basket_id, version)
        stamp = self._stamping.stamp(by, request_id=request_id)
        return self._save(before.taken_off(stamp.at), before, stamp)

    def revise_listing(
        self,
        by: Principal,
        basket_id: str,
        changes: ListingChanges,
        *,
        version: int | None = None,
        request_id: str | None = None,
    ) -> Basket:
        """What the marketplace shows of it; a price reaches new subscribers only. Raises as `edit` does."""
        before = self._present(by, basket_id, version)
        revised = changes.applied_to(before.content)
        return self._edit(by, before, revised, _as_it_is, request_id=request_id)

    def listings(
        self, by: Principal, request: ListRequest, *, active: bool | None = None
    ) -> ListPage[TemplateOverview]:
        """The owner's baskets that are on the marketplace (`active`), were taken off, or both, by id; no drafts."""
        require_admin(by)
        return self._paging.page(
            by,
            request,
            ("authoring.listings", active),
            lambda page: self._templates.overviews(_STATUSES[active], page),
        )

    def _present(self, by: Principal, basket_id: str, version: int | None) -> Basket:
        """The basket, at that version where one is given. Raises TemplateNotFoundError, ConcurrentUpdateError."""
        basket = self.get(by, basket_id)
        if version not in (None, basket.version):
            raise ConcurrentUpdateError(f"basket {basket_id}")
        return basket

    def _stage(self, content: BasketContent, before: Basket | None, stamp: Stamp) -> tuple[Basket, list[Write]]:
        """The basket as a load leaves it, and the writes that make it so: none when it is so already."""
        content.require_listed_expiries(self._weekly_underlyings())
        if before is None:
            after = Basket.new(self._templates.owner, content, stamp.at).enabled(stamp.at)
            return after, self._templates.saving(after, None, stamp)
        after = before if before.content == content else before.edited(content, stamp.at)
        after = after if after.listing.is_enabled else after.enabled(stamp.at)
        return after, [] if after == before else self._templates.saving(after, before, stamp)

    def _edit(
        self,
        by: Principal,
        before: Basket,
        content: BasketContent,
        told: Callable[[Basket], T],
        *,
        request_id: str | None,
    ) -> T:
        """What is told of the basket as it is then."""
        stamp = self._stamping.stamp(by, request_id=request_id)
        if content.strategies != before.content.strategies:
            content.require_listed_expiries(self._weekly_underlyings())
        after = before.edited(content, stamp.at)
        if content == before.content:
            return told(before)
        outcome = told(after)
        self._units.commit(*self._templates.saving(after, before, stamp), outcome=outcome)
        return outcome

    def _save(self, basket: Basket, before: Basket | None, stamp: Stamp) -> Basket:
        self._units.commit(*self._templates.saving(basket, before, stamp), outcome=basket)
        return basket

    def _weekly_underlyings(self) -> list[Underlying]:
        today, rules = kolkata_date(self._clock.now()), self._reference_data.expiry_rules()
        return [each for each in Underlying if rules.has_weekly(each, today)]


def _as_it_is(basket: Basket) -> Basket:
    return basket


def _authored(strategy: Strategy, basket: Basket) -> AuthoredStrategy:
    return AuthoredStrategy(basket.basket_id, basket.version, strategy)
