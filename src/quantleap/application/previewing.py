"""Previews an edit of a template: whom it reaches, and what it does to the lots they trade. Writes nothing."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from attrs import frozen

from quantleap.domain.errors import TemplateNotFoundError
from quantleap.domain.execution.plan import PlanRow
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.edit_preview import (
    REPRESENTATIVE,
    StrategyChange,
    TradedMultiplier,
    strategy_changes,
    traded_multipliers,
)
from quantleap.domain.principals import Principal, mode_of, require_admin
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.ports.subscriptions import Subscriptions
from quantleap.ports.templates import Templates

MAX_COUNTED = 10_000
"""Subscribers of one status that are read at most: of more, it is told that there are as many at least."""

MAX_MULTIPLIERS = 20
"""Multipliers of subscribers whose lots are shown: those that most of them trade by."""

_LIVE = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)


@frozen
class AffectedSubscribers:
    """How many live subscribers the edit reaches. Unless `is_complete`, there are more than were counted."""

    active: int
    paused: int
    is_complete: bool


@frozen
class TradedBy:
    """A multiplier, and how many of the subscribers that were read trade by it in one account or more."""

    by: TradedMultiplier
    subscribers: int


@frozen
class EditPreview:
    """What an edit of that version would do.

    `multipliers` are those that lots are shown of: representative ones, and of the subscribers' own those that most
    trade by; `multipliers_left_out` is how many more there are.
    """

    basket_id: str
    version: int
    affected: AffectedSubscribers
    multipliers: tuple[TradedBy, ...]
    multipliers_left_out: int
    strategies: tuple[StrategyChange, ...]


class Previewing:
    """What an admin asks before an edit."""

    def __init__(self, templates: Templates, subscriptions: Subscriptions) -> None:
        self._templates = templates
        self._subscriptions = subscriptions

    def edit(self, by: Principal, content: BasketContent) -> EditPreview:
        """What `authoring.edit` of the same content would do to live subscribers; they may be seconds stale.

        Reads at most 10,000 subscribers of each status. Raises TemplateNotFoundError, InvalidListingMoveError when the
        basket is retired.
        """
        require_admin(by)
        basket = self._templates.get(content.basket_id)
        if basket is None:
            raise TemplateNotFoundError(content.basket_id)
        basket.listing.edited()
        read = [self._read(by, content.basket_id, status) for status in _LIVE]
        active, paused = (rows[:MAX_COUNTED] for rows in read)
        counted = _by_multiplier((*active, *paused))
        shown = _shown(counted)
        return EditPreview(
            basket_id=content.basket_id,
            version=basket.version,
            affected=AffectedSubscribers(len(active), len(paused), all(len(rows) <= MAX_COUNTED for rows in read)),
            multipliers=shown,
            multipliers_left_out=len(counted.keys() - {each.by for each in shown}),
            strategies=strategy_changes(basket.content, content, (each.by for each in shown)),
        )

    def _read(self, by: Principal, basket_id: str, status: SubscriptionStatus) -> list[PlanRow]:
        """One more than are counted, to know whether there are."""
        return list(islice(self._subscriptions.subscribers(mode_of(by), basket_id, status), MAX_COUNTED + 1))


def _by_multiplier(rows: Iterable[PlanRow]) -> Counter[TradedMultiplier]:
    return Counter(by for row in rows for by in traded_multipliers(row.multiplier, row.allocation))


def _shown(counted: Counter[TradedMultiplier]) -> tuple[TradedBy, ...]:
    """In order of the multiplier, so that the answer is the same however the subscribers were read."""
    own = sorted(counted, key=lambda by: (-counted[by], by))[:MAX_MULTIPLIERS]
    shown = {*own, *(TradedMultiplier(multiplier) for multiplier in REPRESENTATIVE)}
    return tuple(TradedBy(by, counted[by]) for by in sorted(shown))
