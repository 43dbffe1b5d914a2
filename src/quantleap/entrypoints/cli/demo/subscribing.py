"""Chapter two: the partner's users subscribe over its HTTP API, and each shares the lots between two brokers."""

import json

from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.principals import User
from quantleap.entrypoints.api.dispatch import dispatch
from quantleap.entrypoints.api.request import Request, Response
from quantleap.entrypoints.api.routes.table import EVERY_ROUTE
from quantleap.entrypoints.cli.demo.chapter import Chapter, Check, rupees
from quantleap.entrypoints.cli.demo.stage import BASKET_ID, Stage, moment
from quantleap.entrypoints.cli.output.printing import watched
from quantleap.entrypoints.cli.output.views import Facts
from quantleap.entrypoints.exact_json import json_line

MULTIPLIER = Multiplier.parse(2)
BROKERS = ("zebu", "angelone")
_MADE = 201
PRICE_PAISE = 99_900


def subscribe_users(stage: Stage) -> Chapter:
    """Subscribe everybody, replace each linked account by a split over two, and let the counters follow."""
    stage.clock.move_to(moment(8, 45))
    numbers = range(1, stage.users + 1)
    for number in watched(numbers, "Subscribing", stage.users):
        answer = _asked_to_subscribe(stage, number)
        if answer.status == _MADE:
            stage.subscriptions.append(json.loads(answer.text)["subscription_id"])
    for number in watched(numbers, "Allocating", stage.users):
        stage.app.allocations.put(User(stage.user(number)), BASKET_ID, _two_brokers(number))
    followed = stage.app.counters.follow()
    stage.app.auditing.follow()
    template = stage.app.marketplace.template(stage.backend, BASKET_ID)
    return Chapter(
        key="subscribing",
        title="Users subscribe through the partner",
        document={
            "subscriptions": len(stage.subscriptions),
            "subscription_price": template.subscription_price.major_decimal(),
            "currency": template.subscription_price.currency,
            "custom_lot_multiplier": MULTIPLIER.to_decimal(),
            "brokers": list(BROKERS),
            "events_counted": followed,
            "subscriber_count": template.subscriber_count,
        },
        views=(
            Facts(
                (
                    ("subscribed", len(stage.subscriptions)),
                    ("to", template.basket_name),
                    ("price a month", template.subscription_price),
                    ("lots", f"x {MULTIPLIER}"),
                    ("split 1 : 1 over", " and ".join(BROKERS)),
                    ("events counted", followed),
                    ("the template's subscribers", template.subscriber_count),
                )
            ),
        ),
        checks=(
            Check("every user has a subscription of their own", stage.users, len(set(stage.subscriptions))),
            Check("the price is 999.00", rupees(PRICE_PAISE), template.subscription_price),
            Check("the counter follows the subscriptions", stage.users, template.subscriber_count),
        ),
    )


def _asked_to_subscribe(stage: Stage, number: int) -> Response:
    """What the partner's server is answered."""
    body = {
        "user_email": stage.user(number).address,
        "basket_id": BASKET_ID,
        "broker_account_id": f"ZB{number:04d}",
        "custom_lot_multiplier": MULTIPLIER.to_decimal(),
    }
    request = Request(
        request_id=stage.app.identifiers.request_id(),
        headers={"content-type": ("application/json",)},
        body=json_line(body).encode(),
    )
    return dispatch(EVERY_ROUTE.route_of("POST", "/partner/marketplace/subscribe"), request, stage.backend, stage.app)


def _two_brokers(number: int) -> Allocation:
    zebu, angelone = BROKERS
    accounts = (BrokerAccount(zebu, f"ZB{number:04d}", weight=1), BrokerAccount(angelone, f"AO{number:04d}", weight=1))
    return Allocation(AllocationMode.SPLIT, accounts)
