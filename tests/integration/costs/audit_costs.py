"""What the audit trail costs."""

from datetime import timedelta
from functools import partial

from tests.integration.application.house import ADMIN, ANITA, ZEBU, House
from tests.integration.costs.cost import DIRECT, FEED, GET, PAGE, QUERY, TRANSACT, Call, Cost

from quantleap.domain.paging import ListRequest

ONE = ListRequest(1)
LONG = timedelta(days=390)


def followed(house: House) -> House:
    """The trail tells of all that happened."""
    house.app.auditing.follow()
    return house


def following_a_pause(house: House) -> Call:
    followed(house).app.subscriptions.pause(ANITA, DIRECT)
    return partial(house.app.auditing.follow)


AUDIT = (
    Cost(
        "tell of one change: where the trail stands, what changed, the end",
        following_a_pause,
        {GET: 1, FEED: 2, TRANSACT: 1},
    ),
    Cost("tell of nothing", lambda h: partial(followed(h).app.auditing.follow), {GET: 1, FEED: 1}),
    Cost(
        "read the trail: a page that the newest day fills",
        lambda h: partial(followed(h).app.auditing.entries, ADMIN, ONE),
        {QUERY: 1},
    ),
    Cost(
        "read the trail: a page that no month fills, day by day",
        lambda h: partial(followed(h).app.auditing.entries, ADMIN, PAGE),
        {QUERY: 31},
    ),
    Cost(
        "read the trail of as long as may be asked: the first of its pages",
        lambda h: partial(followed(h).app.auditing.entries, ADMIN, PAGE, since=h.clock.now() - LONG),
        {QUERY: 32},
    ),
    Cost(
        "read what was changed of a partner, month by month",
        lambda h: partial(followed(h).app.auditing.entries, ADMIN, PAGE, partner_id=ZEBU),
        {QUERY: 2},
    ),
    Cost(
        "read what one actor changed, month by month",
        lambda h: partial(followed(h).app.auditing.entries, ADMIN, PAGE, actor=str(ZEBU)),
        {QUERY: 2},
    ),
)
