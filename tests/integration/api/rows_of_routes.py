"""How each route is asked by whoever may and by whoever may not, and what strangers who are let in are told."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from attrs import field, frozen
from tests.integration.api.estate import DRAFT, DRAFT_STRATEGY, FREE, Estate, Subject, draft_document
from tests.integration.application.house import House, sample_catalog

from quantleap.entrypoints.api.route import Route

Told: TypeAlias = tuple[int, str]
"""A status and a code, which a good answer has not."""

GOOD, MADE = (200, ""), (201, "")
NOT_YOURS, NO_SUBSCRIPTION = (403, "FORBIDDEN"), (404, "SUBSCRIPTION_NOT_FOUND")
NO_TEMPLATE, NO_ALLOCATION, TAKEN = (
    (404, "TEMPLATE_NOT_FOUND"),
    (404, "ALLOCATION_NOT_FOUND"),
    (409, "DUPLICATE_SUBSCRIPTION"),
)

Strangers: TypeAlias = Mapping[str, tuple[Told, Told]]
"""By who asks: what they are told of what is there, and of what is not."""

# The contract: another partner's subscription is 403, another user's 404 like one that is not there, and test keys and
# live data know nothing of each other.
_SUBSCRIPTION: Strangers = {
    "another partner": (NOT_YOURS, NO_SUBSCRIPTION),
    "the partner's test key": (NO_SUBSCRIPTION, NO_SUBSCRIPTION),
    "another user": (NO_SUBSCRIPTION, NO_SUBSCRIPTION),
}
# Their own list, in which nothing is; templates are everybody's.
_LIST: Strangers = dict.fromkeys(_SUBSCRIPTION, (GOOD, GOOD))
_ALLOCATION: Strangers = {"another user": (NO_ALLOCATION, NO_ALLOCATION)}
_TEMPLATE: Strangers = {"another user": (GOOD, NO_TEMPLATE)}


@frozen(kw_only=True)
class Row:
    """A request to a route: braces in `query` and `body` are filled in from what is asked for, as in the path.

    `document` makes a body of the house. `own` is what the owner asks for in place of what is there.
    """

    query: Subject = field(factory=dict)
    body: Subject | None = None
    document: Callable[[House], Any] | None = None
    own: Subject = field(factory=dict)
    strangers: Strangers = field(factory=dict)

    def of_owner(self, estate: Estate) -> Subject:
        """What the owner asks for."""
        return {**estate.there, **_filled(self.own, estate.there)}

    def request(self, route: Route, of: Subject, estate: Estate) -> dict[str, Any]:
        """What a face is asked, but for the headers."""
        document = None if self.document is None else self.document(estate.house)
        return {
            "method": route.method,
            "path": route.path.format_map(of),
            "query": _filled(self.query, of),
            "json": document if self.body is None else _filled(self.body, of),
        }

    def sent(self, route: Route, of: Subject) -> Subject:
        """The words of a subject that the request sends."""
        texts = (route.path, *self.query.values(), *(self.body or {}).values())
        return {name: word for name, word in of.items() if any(f"{{{name}}}" in text for text in texts)}


def _filled(texts: Subject, of: Subject) -> Subject:
    return {name: text.format_map(of) for name, text in texts.items()}


def _condor(house: House) -> Any:
    return sample_catalog(house.app)["templates"][0]


def _new_basket(house: House) -> Any:
    document = draft_document(house)
    [strategy] = document["strategies"]
    return {**document, "basket_id": "new", "strategies": [{**strategy, "strategy_id": "strat_new"}]}


def _strategy(house: House) -> Any:
    return _condor(house)["strategies"][0]


def _new_strategy(house: House) -> Any:
    return {**_strategy(house), "strategy_id": "strat_new"}


def _always(document: Any) -> Callable[[House], Any]:
    return lambda _: document


_ACCOUNTS = {
    "mode": "multiply",
    "accounts": [{"broker_id": "zebu", "broker_account_id": "QQ1", "lot_multiplier": 1}],
}
_SUBSCRIBE = {"user_email": "{user_email}", "basket_id": "{basket_id}", "broker_account_id": "QQ1"}
_PAUSED = {"subscription_id": "{paused}"}
_MOVED = Row(strangers=_SUBSCRIPTION)
_RESUMED = Row(strangers=_SUBSCRIPTION, own=_PAUSED)
_PLAIN = Row()
_UNLISTED = Row(own={"basket_id": DRAFT})

ROWS: Mapping[str, Row] = {
    "partnerListTemplates": Row(strangers=_LIST),
    "partnerSubscribe": Row(
        body=_SUBSCRIBE,
        own={"user_email": "clara@example.com"},
        strangers={"another partner": (TAKEN, NO_TEMPLATE), "the partner's test key": (MADE, NO_TEMPLATE)},
    ),
    "partnerListSubscriptions": Row(query={"user_email": "{user_email}"}, strangers=_LIST),
    "partnerGetSubscription": _MOVED,
    "partnerPauseSubscription": _MOVED,
    "partnerResumeSubscription": _RESUMED,
    "partnerCancelSubscription": _MOVED,
    "userListTemplates": Row(strangers=_LIST),
    "userGetTemplate": Row(strangers=_TEMPLATE),
    "userSubscribe": Row(own={"basket_id": FREE}, strangers={"another user": (MADE, NO_TEMPLATE)}),
    "userListSubscriptions": Row(strangers=_LIST),
    "userGetSubscription": _MOVED,
    "userPauseSubscription": _MOVED,
    "userResumeSubscription": _RESUMED,
    "userCancelSubscription": _MOVED,
    "getAllocation": Row(strangers=_ALLOCATION),
    "putAllocation": Row(document=_always(_ACCOUNTS), strangers=_TEMPLATE),
    "deleteAllocation": Row(strangers=_ALLOCATION),
    "previewAllocation": Row(strangers=_TEMPLATE),
    "adminListBaskets": _PLAIN,
    "adminCreateBasket": Row(document=_new_basket),
    "adminGetBasket": _PLAIN,
    "adminEditBasket": Row(document=_condor),
    "adminDeleteBasket": _UNLISTED,
    "adminPreviewEdit": Row(document=_condor),
    "adminListStrategies": _PLAIN,
    "adminAddStrategy": Row(document=_new_strategy),
    "adminGetStrategy": _PLAIN,
    "adminReplaceStrategy": Row(document=_strategy),
    "adminRemoveStrategy": Row(own={"basket_id": DRAFT, "strategy_id": DRAFT_STRATEGY}),
    "adminListTemplates": _PLAIN,
    "adminEnableListing": _UNLISTED,
    "adminReviseListing": Row(document=_always({"subscription_price": 1500})),
    "adminDisableListing": _PLAIN,
    "adminListPartners": _PLAIN,
    "adminCreatePartner": Row(document=_always({"partner": "nova"})),
    "adminGetPartner": _PLAIN,
    "adminRevisePartner": Row(document=_always({"rate_limit": 120})),
    "adminListApiKeys": Row(query={"partner_id": "{partner_id}"}),
    "adminCreateApiKey": Row(body={"partner_id": "{partner_id}"}),
    "adminGetApiKey": _PLAIN,
    "adminPermitApiKey": Row(document=_always({"permissions": ["marketplace:read"]})),
    "adminRevokeApiKey": _PLAIN,
    "adminRotateApiKey": _PLAIN,
    "adminListAudit": Row(query={"partner_id": "{partner_id}"}),
}
"""By the route's name."""
