"""Races for template baskets and their place on the marketplace."""

from collections.abc import Callable, Iterator, Sequence

from tests.integration.application.house import ADMIN, House
from tests.integration.races.race import CONTESTANTS, Answers, Ending, Part, Race, Scene, answered, once
from tests.unit.domain.marketplace.conftest import make_content, make_strategy

from quantleap.composition import Application
from quantleap.domain.errors import AlreadyExistsError, ConcurrentUpdateError, InvalidListingMoveError
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.document import basket_document


def _content(scene: Scene, author: int, *, basket_id: str = "") -> BasketContent:
    """Basket and strategy say who wrote them."""
    strategy = make_strategy(strategy_id=f"strat_{scene.name}", strategy_name=f"By {author}")
    return make_content(
        basket_id=basket_id or scene.basket_id, basket_name=f"Basket of {author}", strategies=(strategy,)
    )


def _unprepared(_: House, scene: Scene) -> Scene:
    return scene


def _created(house: House, scene: Scene) -> Scene:
    house.app.authoring.create(ADMIN, _content(scene, CONTESTANTS))
    return scene


def _enabled(house: House, scene: Scene) -> Scene:
    house.app.authoring.enable(ADMIN, _created(house, scene).basket_id)
    return scene


def _create(app: Application, scene: Scene, number: int) -> str:
    return app.authoring.create(ADMIN, _content(scene, number)).content.basket_name


def _create_another(app: Application, scene: Scene, number: int) -> str:
    """A basket of the contestant's own, with the strategy id that all of them want."""
    own = _content(scene, number, basket_id=f"{scene.basket_id}_{number}")
    return app.authoring.create(ADMIN, own).basket_id


def _edit(app: Application, scene: Scene, number: int) -> str:
    return app.authoring.edit(ADMIN, _content(scene, number)).content.basket_name


def _enable(app: Application, scene: Scene, number: int) -> str:
    return f"version {app.authoring.enable(ADMIN, scene.basket_id).version} by {number}"


def _take_off(app: Application, scene: Scene, number: int) -> str:
    return f"version {app.authoring.take_off(ADMIN, scene.basket_id).version} by {number}"


def _load(app: Application, scene: Scene, _: int) -> str | None:
    """All load one catalog; None where it was loaded before."""
    document = {"owner": ADMIN.email.address, "templates": [basket_document(_content(scene, CONTESTANTS))]}
    (loaded,) = app.authoring.load_catalog(ADMIN, document)
    return loaded.basket.basket_id if loaded.changed else None


def _stored(house: House, scene: Scene) -> Basket:
    return house.app.authoring.get(ADMIN, scene.basket_id)


def _whole(basket: Basket) -> Iterator[str]:
    """One author wrote all of it."""
    (strategy,) = basket.strategies
    if basket.content.basket_name.removeprefix("Basket of ") != strategy.strategy_name.removeprefix("By "):
        yield f"{basket.content.basket_name} has the strategy of another author"


def _of_version(earlier: int) -> Callable[[House, Scene, Sequence[Ending]], Iterator[str]]:
    """Each answer is a version of its own, after so many earlier ones."""

    def kept(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
        basket = _stored(house, scene)
        if basket.version != earlier + len(answered(endings)):
            yield f"{len(answered(endings))} changes are answered, and it is version {basket.version}"
        yield from _whole(basket)

    return kept


def _only_the_winners_is_there(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    for basket_id in answered(endings):
        yield from _whole(house.app.authoring.get(ADMIN, basket_id))


AUTHORING = (
    Race(
        name="create a basket",
        prepare=_unprepared,
        parts={"create": Part(_create, (AlreadyExistsError,))},
        answers=(once("create"),),
        kept=_of_version(0),
    ),
    Race(
        name="take a strategy's id",
        prepare=_unprepared,
        parts={"create": Part(_create_another, (AlreadyExistsError,))},
        answers=(once("create"),),
        kept=_only_the_winners_is_there,
    ),
    Race(
        name="edit a basket",
        prepare=_created,
        # Whoever reads it after a winner edits what that one wrote.
        parts={"edit": Part(_edit, (ConcurrentUpdateError,))},
        answers=(Answers(("edit",), 1, CONTESTANTS),),
        kept=_of_version(1),
    ),
    Race(
        name="enable a basket",
        prepare=_created,
        parts={"enable": Part(_enable, (ConcurrentUpdateError, InvalidListingMoveError))},
        answers=(once("enable"),),
        kept=_of_version(1),
    ),
    Race(
        name="take a basket off",
        prepare=_enabled,
        parts={"take off": Part(_take_off, (ConcurrentUpdateError, InvalidListingMoveError))},
        answers=(once("take off"),),
        kept=_of_version(2),
    ),
    Race(
        name="load a catalog",
        prepare=_unprepared,
        parts={"load": Part(_load, (AlreadyExistsError,))},
        answers=(once("load"),),
        kept=_only_the_winners_is_there,
    ),
)
