"""Authoring template baskets: loading catalogs, editing, and putting them on and off the marketplace."""

from collections.abc import Callable

from attrs import frozen

from quantleap.application.paging import Paging
from quantleap.domain.errors import AlreadyExistsError, InvalidInputError, TemplateNotFoundError
from quantleap.domain.identifiers import template_id
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.document import read_catalog
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.paging import ListPage, ListRequest
from quantleap.domain.periods import kolkata_date
from quantleap.domain.principals import Principal, require_admin
from quantleap.ports.reference_data import ReferenceData
from quantleap.ports.system import Clock
from quantleap.ports.templates import Templates
from quantleap.ports.unit_of_work import UnitOfWork, Write


@frozen
class LoadedTemplate:
    """A template that a catalog named, and whether loading it changed anything."""

    basket: Basket
    changed: bool


class Authoring:
    """What an admin does with templates. Every change is one commit and a new version of the basket."""

    def __init__(
        self,
        *,
        templates: Templates,
        units: UnitOfWork,
        reference_data: ReferenceData,
        clock: Clock,
        paging: Paging,
    ) -> None:
        self._templates = templates
        self._units = units
        self._reference_data = reference_data
        self._clock = clock
        self._paging = paging

    def load_catalog(self, by: Principal, document: object) -> list[LoadedTemplate]:
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
        staged = []
        for position, content in enumerate(catalog.templates):
            try:
                staged.append(self._stage(content))
            except InvalidInputError as refusal:
                raise refusal.under(f"templates[{position}]") from None
        for _, writes in staged:
            if writes:
                self._units.commit(*writes)
        return [LoadedTemplate(basket, changed=bool(writes)) for basket, writes in staged]

    def create(self, by: Principal, content: BasketContent) -> Basket:
        """A new basket, not listed yet. Raises AlreadyExistsError."""
        require_admin(by)
        self._require_listed_expiries(content)
        if self._templates.get(content.basket_id) is not None:
            raise AlreadyExistsError("Basket", content.basket_id)
        return self._save(Basket.new(self._templates.owner, content, self._clock.now()), None)

    def edit(self, by: Principal, content: BasketContent) -> Basket:
        """The basket of that id with new content; subscribers follow it from the next run on.

        Raises TemplateNotFoundError, InvalidListingMoveError when it is retired, ConcurrentUpdateError.
        """
        require_admin(by)
        self._require_listed_expiries(content)
        return self._change(content.basket_id, lambda basket: basket.edited(content, self._clock.now()))

    def enable(self, by: Principal, basket_id: str) -> Basket:
        """Put it on the marketplace. Raises TemplateNotFoundError, InvalidListingMoveError, InvalidInputError."""
        require_admin(by)
        return self._change(basket_id, lambda basket: basket.enabled(self._clock.now()))

    def take_off(self, by: Principal, basket_id: str) -> Basket:
        """Take it off: no new subscribers, its own are still served. Raises as `enable` does."""
        require_admin(by)
        return self._change(basket_id, lambda basket: basket.taken_off(self._clock.now()))

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

    def _stage(self, content: BasketContent) -> tuple[Basket, list[Write]]:
        """The basket as a load leaves it, and the writes that make it so: none when it is so already."""
        self._require_listed_expiries(content)
        before = self._templates.get(content.basket_id)
        now = self._clock.now()
        if before is None:
            after = Basket.new(self._templates.owner, content, now).enabled(now)
            return after, self._templates.saving(after, None)
        after = before if before.content == content else before.edited(content, now)
        after = after if after.listing.is_enabled else after.enabled(now)
        return after, [] if after == before else self._templates.saving(after, before)

    def _change(self, basket_id: str, move: Callable[[Basket], Basket]) -> Basket:
        before = self._templates.get(template_id(basket_id, "basket_id"))
        if before is None:
            raise TemplateNotFoundError(basket_id)
        return self._save(move(before), before)

    def _save(self, basket: Basket, before: Basket | None) -> Basket:
        self._units.commit(*self._templates.saving(basket, before))
        return basket

    def _require_listed_expiries(self, content: BasketContent) -> None:
        today, rules = kolkata_date(self._clock.now()), self._reference_data.expiry_rules()
        content.require_listed_expiries([each for each in Underlying if rules.has_weekly(each, today)])
