"""Lists and plans without what is each engine's own: the order of what ties in an index's sort key, and cursors."""

from collections.abc import Callable, Iterable
from itertools import groupby

from quantleap.domain.execution.plan import SubscriberPlan
from quantleap.domain.paging import ListPage, ListRequest
from quantleap.domain.periods import kolkata_date
from quantleap.domain.subscriptions.subscription import SubscriptionSummary


def every_page(
    read: Callable[[ListRequest], ListPage[SubscriptionSummary]], limit: int
) -> tuple[list[int], list[SubscriptionSummary]]:
    """How many each page shows that shows any, and all that is shown: what took its status on one day by its id."""
    pages = [read(ListRequest(limit))]
    while (cursor := pages[-1].next_cursor) is not None:
        pages.append(read(ListRequest(limit, cursor)))
    shown = [each for page in pages for each in page.entries]
    groups = groupby(shown, key=lambda each: (each.life.status, kolkata_date(each.life.changed_at)))
    in_one_order = [each for _, tied in groups for each in sorted(tied, key=lambda each: each.terms.subscription_id)]
    return [len(page.entries) for page in pages if page.entries], in_one_order


def by_subscription(plans: Iterable[SubscriberPlan]) -> list[SubscriberPlan]:
    """A run's plans, for which no order is promised."""
    return sorted(plans, key=lambda plan: plan.subscription_id)
