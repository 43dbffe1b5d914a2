"""Every route crossed with every kind of caller, at both faces: who is let in, and what everybody else is told.

Nobody learns more than the contract says, not even whether something exists, and nothing is written for anybody who is
refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing

import pytest
from attrs import frozen
from tests.integration.api.asking import ROUTE
from tests.integration.api.credentials import Headers
from tests.integration.api.estate import FREE, OWNERS, Estate, Subject, furnished
from tests.integration.api.faces import FACES, Answered, Face
from tests.integration.api.rows_of_routes import ROWS, Told
from tests.integration.application.house import ADMIN, ANITA, KITE, ZEBU

from quantleap.adapters.store.seam import Item
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.entrypoints.api.route import Caller, Method, Route
from quantleap.entrypoints.api.routes.table import ROUTES

UNKNOWN, EXPIRED, REVOKED = (401, "INVALID_CREDENTIALS"), (401, "KEY_EXPIRED"), (401, "KEY_REVOKED")
FORBIDDEN = (403, "FORBIDDEN")

STRANGERS = {
    "another partner": "another partner",
    "the partner's test key": "the partner's test key",
    "another user": "another user",
    "an admin": "another user",
    "an admin without the group": "another user",
    "an admin of another group": "another user",
}
"""Who is known and may ask, and as whom: an admin is a user like any other on the routes of users."""

MOVED_BY = {
    SubscriptionStatus.PAUSED: "pause",
    SubscriptionStatus.CANCELLED: "cancel",
    SubscriptionStatus.EXPIRED: "expire",
}

AT_HOME = {"another partner": Caller.PARTNER, "the partner's test key": Caller.PARTNER, "another user": Caller.USER}

TOLD_OTHERWISE: Mapping[tuple[str, Caller], Told] = {
    ("an expired key", Caller.PARTNER): EXPIRED,
    ("a key rotated out, past its overlap", Caller.PARTNER): EXPIRED,
    ("a key rotated out without an overlap", Caller.PARTNER): EXPIRED,
    ("a revoked key", Caller.PARTNER): REVOKED,
    ("the user", Caller.ADMIN): FORBIDDEN,
    ("another user", Caller.ADMIN): FORBIDDEN,
    ("an admin without the group", Caller.ADMIN): FORBIDDEN,
    ("an admin of another group", Caller.ADMIN): FORBIDDEN,
}
"""Who is refused as somebody that is known; all others are nobody."""

OF_AN_INDEX = "what an index has of an item"

VARYING = frozenset({"x-request-id", "x-ratelimit-remaining", "x-ratelimit-reset"})


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    """One for all: whatever is written in it is undone."""
    made = furnished()
    with made.house.app:
        yield made


@pytest.fixture(scope="module", params=FACES)
def asker(request: pytest.FixtureRequest, estate: Estate) -> "Iterator[Asker]":
    """Each face in turn over the estate."""
    with closing(FACES[request.param](estate.house.app)) as face:
        yield Asker(face, estate)


@frozen
class Learnt:
    """All that a caller learns from an answer: what differs in every answer and what they sent themselves is masked."""

    told: Told
    headers: Mapping[str, str]
    text: str

    @classmethod
    def of(cls, answered: Answered, sent: Subject) -> "Learnt":
        """What that answer tells whoever sent that."""
        document = answered.json
        text = answered.text
        if answered.status >= 400:
            assert document["request_id"] == answered.headers["x-request-id"]
            text = text.replace(document["request_id"], "req_")
        for word in sorted(sent.values(), key=len, reverse=True):
            text = text.replace(word, "*")
        headers = {name: value for name, value in answered.headers.items() if name not in VARYING}
        return cls((answered.status, document.get("code", "")), headers, text)


@frozen
class Asker:
    """Asks a face over the estate."""

    face: Face
    estate: Estate

    def ask(self, route: Route, headers: Headers, of: Subject) -> Answered:
        """The answer to the route's request for that."""
        return self.face.ask(headers=headers, **ROWS[route.name].request(route, of, self.estate))

    def learnt(self, route: Route, headers: Headers, of: Subject) -> Learnt:
        """What it tells."""
        return Learnt.of(self.ask(route, headers, of), ROWS[route.name].sent(route, of))

    def broken(self, route: Route, headers: Headers) -> Learnt:
        """What is told of a request for what is there whose query and body nobody could read."""
        path, of = route.path.format_map(self.estate.there), self.estate.there
        answered = self.face.ask(route.method, path, headers=headers, query={"nonsense": "1"}, body=b"{")
        return Learnt.of(answered, ROWS[route.name].sent(route, of))

    def of_both(self, route: Route, headers: Headers) -> tuple[Learnt, Learnt]:
        """What is told of what is there, and of what is not."""
        return self.learnt(route, headers, self.estate.there), self.learnt(route, headers, self.estate.missing)


every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)


def test_every_route_has_its_row() -> None:
    assert ROWS.keys() == {route.name for route in ROUTES}


@every_route
def test_whose_it_is_is_let_in(asker: Asker, route: Route) -> None:
    """So the rows ask for what can be had, and whoever is refused below is so for who they are."""
    estate = asker.estate
    with estate.undone():
        answered = asker.ask(route, estate.credentials.of[OWNERS[route.caller]], ROWS[route.name].of_owner(estate))
    assert answered.status == route.status, answered.text
    route.load_answer().model_validate(answered.json)


def refused_at(route: Route, estate: Estate) -> dict[str, Told]:
    """By the caller: what those are told who have no business at the route, whatever they ask for."""
    return {
        who: TOLD_OTHERWISE.get((who, route.caller), UNKNOWN)
        for who in estate.credentials.of
        if who != OWNERS[route.caller] and AT_HOME.get(STRANGERS.get(who, "")) is not route.caller
    }


@every_route
def test_who_has_no_business_at_a_route_is_told_so_and_nothing_else(asker: Asker, route: Route) -> None:
    """Whatever they ask for, well or badly."""
    estate = asker.estate
    before = estate.items()
    nobody = asker.learnt(route, {}, estate.there)
    for who, expected in refused_at(route, estate).items():
        there, missing = asker.of_both(route, estate.credentials.of[who])
        assert there == missing == asker.broken(route, estate.credentials.of[who]), who
        assert there.told == expected, who
        assert there.headers.keys() == nobody.headers.keys() - (set() if expected[0] == 401 else {"www-authenticate"})
        if expected == UNKNOWN:
            assert there == nobody, who
    assert estate.items() == before


@every_route
def test_a_key_that_lacks_the_permission_is_told_which_and_nothing_else(asker: Asker, route: Route) -> None:
    assert (route.permission is not None) == (route.caller is Caller.PARTNER)
    if route.permission is None:
        return
    before = asker.estate.items()
    headers = asker.estate.credentials.without[route.permission]
    there, missing = asker.of_both(route, headers)
    assert there == missing == asker.broken(route, headers)
    assert there.told == FORBIDDEN
    assert f'"details": {{"permission": "{route.permission}"}}' in there.text
    assert asker.estate.items() == before


STRANGERS_AT_ROUTES = [
    pytest.param(route, who, id=f"{route.name}-{who}")
    for route in ROUTES
    for who, as_whom in STRANGERS.items()
    if AT_HOME[as_whom] is route.caller
]
every_stranger = pytest.mark.parametrize(("route", "who"), STRANGERS_AT_ROUTES)


@every_stranger
def test_a_stranger_who_is_let_in_learns_what_the_contract_says(asker: Asker, route: Route, who: str) -> None:
    """Where it gives no difference between what is there and what is not, the answers have none, to the byte."""
    estate = asker.estate
    with estate.undone():
        learnt = asker.of_both(route, estate.credentials.of[who])
    there, missing = learnt
    expected = ROWS[route.name].strangers[STRANGERS[who]]
    assert (there.told, missing.told) == expected
    if expected[0] == expected[1]:
        assert there == missing
    for each in learnt:
        assert [word for word in estate.private if word in each.text] == []


@every_stranger
def test_a_stranger_changes_nothing_of_what_is_there(asker: Asker, route: Route, who: str) -> None:
    """Refused they write nothing at all; let in, only what was not there, and is theirs."""
    estate = asker.estate
    for of, told in zip((estate.there, estate.missing), ROWS[route.name].strangers[STRANGERS[who]], strict=True):
        with estate.undone(), estate.written() as written:
            asker.ask(route, estate.credentials.of[who], of)
        if told[0] >= 400 or route.method is Method.GET:
            assert written == []
        assert [change.key for change in written if change.old is not None or is_of_owners(change.new)] == []


@every_stranger
def test_a_stranger_s_request_reads_nothing_of_the_owner_s(asker: Asker, route: Route, who: str) -> None:
    """But, for another partner: whose a subscription is, which it is told is not theirs; and the index of a user that
    it names, of which it is given only what is its own.
    """
    estate = asker.estate
    known = {"SUBSCRIPTION_LOCATION", OF_AN_INDEX} if STRANGERS[who] == "another partner" else set()
    with estate.undone(), estate.read() as items:
        asker.ask(route, estate.credentials.of[who], estate.there)
    assert kinds_of_owners(items) <= known


def test_what_is_read_of_the_owner_s_is_noticed(asker: Asker) -> None:
    """So that nothing is found above because nothing can be."""
    estate = asker.estate
    with estate.read() as items:
        for name in ("userGetSubscription", "partnerListTemplates", "partnerListSubscriptions"):
            asker.ask(ROUTE[name], estate.credentials.of[OWNERS[ROUTE[name].caller]], estate.there)
    assert kinds_of_owners(items) == {"SUBSCRIPTION", "PARTNER", OF_AN_INDEX}


def is_of_owners(item: Item | None) -> bool:
    """Whether it is zebu's live partner's, or Anita's own."""
    if item is None:
        return False
    return item["user_id"] in {ANITA.email.address, f"PARTNER#{ZEBU}"} or item.get("partner_id") == str(ZEBU)


def kinds_of_owners(items: Iterable[Item]) -> set[str]:
    """What kinds of items of theirs are among them."""
    return {str(item.get("entity_type", OF_AN_INDEX)) for item in items if is_of_owners(item)}


SINGLE = [route for route in ROUTES if route.caller is Caller.PARTNER and "{subscription_id}" in route.path]


@pytest.mark.parametrize("route", SINGLE, ids=lambda route: route.name)
def test_what_a_user_has_directly_is_no_partner_s(asker: Asker, route: Route) -> None:
    """Not even of the one whose user they are as well."""
    estate = asker.estate
    before = estate.items()
    learnt = asker.learnt(
        route, estate.credentials.of["the partner"], {**estate.there, "subscription_id": estate.there["direct"]}
    )
    assert learnt.told == FORBIDDEN
    assert [word for word in estate.private if word in learnt.text] == []
    assert estate.items() == before


@pytest.mark.parametrize("who", ["another partner", "the partner's test key"])
def test_a_partner_s_lists_are_as_if_nobody_else_were_there(asker: Asker, who: str) -> None:
    estate = asker.estate
    answered = asker.face.ask("GET", "/partner/subscriptions", headers=estate.credentials.of[who])
    assert (answered.json["subscriptions"], answered.json["total"]) == ([], 0)


def test_another_user_s_list_is_as_if_nobody_else_were_there(asker: Asker) -> None:
    headers = asker.estate.credentials.of["another user"]
    answered = asker.face.ask("GET", "/options/user/subscriptions", headers=headers)
    assert (answered.json["subscriptions"], answered.json["total"]) == ([], 0)


@pytest.mark.parametrize("status", list(SubscriptionStatus))
def test_the_page_of_a_user_s_subscriptions_ends_where_the_partner_s_own_end(
    asker: Asker, status: SubscriptionStatus
) -> None:
    """A cursor to nothing would tell that the user has others; by its status the own one is before or after them."""
    house, headers = asker.estate.house, asker.estate.credentials.of["another partner"]
    query = {"user_email": ANITA.email.address, "limit": "1"}
    with asker.estate.undone():
        name = house.subscribed(basket_id=FREE, by=PartnerBackend(KITE)).terms.subscription_id
        if status in MOVED_BY:
            getattr(house.app.subscriptions, MOVED_BY[status])(ADMIN, name)
        answered = asker.face.ask("GET", "/partner/subscriptions", headers=headers, query=query)
    assert [each["subscription_id"] for each in answered.json["subscriptions"]] == [name]
    assert (answered.json["total"], answered.json["next_cursor"]) == (1, None)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("partnerPauseSubscription", "another partner"),
        ("partnerPauseSubscription", "the partner's test key"),
        ("userPauseSubscription", "another user"),
        ("userPauseSubscription", "an admin"),
    ],
)
def test_nobody_gets_the_answer_to_another_s_idempotency_key(asker: Asker, name: str, who: str) -> None:
    """Not with the same key, path and body: they are told what they are told without one."""
    estate, route = asker.estate, ROUTE[name]
    key = {"Idempotency-Key": "order-7781"}
    with estate.undone():
        owners, strangers = (estate.credentials.of[each] for each in (OWNERS[route.caller], who))
        assert asker.ask(route, {**owners, **key}, estate.there).status == 200
        assert asker.learnt(route, {**strangers, **key}, estate.there) == asker.learnt(route, strangers, estate.there)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("partnerListSubscriptions", "another partner"),
        ("partnerListSubscriptions", "the partner's test key"),
        ("userListSubscriptions", "another user"),
        ("userListSubscriptions", "an admin"),
    ],
)
def test_nobody_reads_on_by_another_s_cursor(asker: Asker, name: str, who: str) -> None:
    estate, route = asker.estate, ROUTE[name]

    def page(of: str, **query: str) -> Answered:
        return asker.face.ask("GET", route.path, headers=estate.credentials.of[of], query={"limit": "1", **query})

    cursor = page(OWNERS[route.caller]).json["next_cursor"]
    assert page(OWNERS[route.caller], cursor=cursor).status == 200
    refused = page(who, cursor=cursor)
    assert (refused.status, refused.json["details"]["field"]) == (400, "cursor")


CLAIMED = {
    "a query": {"query": {"partner_id": str(ZEBU), "user_id": ANITA.email.address}},
    "headers": {"headers": {"X-Partner-Id": str(ZEBU), "X-User-Id": ANITA.email.address, "X-Forwarded-User": "admin"}},
}


@pytest.mark.parametrize("claim", CLAIMED.values(), ids=CLAIMED.keys())
@pytest.mark.parametrize(
    ("who", "path"),
    [("another partner", "/partner/subscriptions"), ("another user", "/options/user/subscriptions")],
    ids=["partner", "user"],
)
def test_who_asks_is_not_taken_from_what_they_say(
    asker: Asker, who: str, path: str, claim: Mapping[str, Mapping[str, str]]
) -> None:
    """An identity in a header is passed over; in a query it is refused like every parameter that there is not."""
    headers = {**asker.estate.credentials.of[who], **claim.get("headers", {})}
    answered = asker.face.ask("GET", path, headers=headers, query=claim.get("query", {}))
    if "query" in claim:
        assert answered.status == 400
    else:
        assert answered.json["subscriptions"] == []
