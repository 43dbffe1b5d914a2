"""A catalog: the templates that one owner loads together."""

from attrs import field, frozen

from quantleap.domain.identifiers import Email
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.validation import instance_of, require

MAX_TEMPLATES = 100


@frozen(kw_only=True)
class Catalog:
    """1 to 100 templates. Ids are unique: of baskets, and of strategies over all baskets, since the owner keeps both.

    Refusals name the place as a catalog document does: `templates[0].strategies[1].strategy_id`.
    """

    owner: Email = field(validator=instance_of(Email))
    templates: tuple[BasketContent, ...] = field()

    @templates.validator
    def _distinct(self, _: object, value: tuple[BasketContent, ...]) -> None:
        require(1 <= len(value) <= MAX_TEMPLATES, "templates", f"must hold 1 to {MAX_TEMPLATES}")
        baskets: set[str] = set()
        strategies: set[str] = set()
        for index, basket in enumerate(value):
            path = f"templates[{index}]"
            require(basket.basket_id not in baskets, f"{path}.basket_id", "repeats the id of a template before it")
            baskets.add(basket.basket_id)
            for position, strategy in enumerate(basket.strategies):
                name = f"{path}.strategies[{position}].strategy_id"
                require(strategy.strategy_id not in strategies, name, "repeats the id of a strategy before it")
                strategies.add(strategy.strategy_id)
