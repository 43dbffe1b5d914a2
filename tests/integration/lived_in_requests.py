"""What requests ask of a store beside their use cases: tokens of the rate limit, and answers that are kept."""

from datetime import date
from functools import partial
from typing import Any

from attrs import evolve
from tests.integration.application.house import (
    ADMIN,
    BILLING,
    CONDOR,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
)
from tests.integration.once import asked, attempt, once

from quantleap.domain.billing.charge import Charge
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.marketplace.document import ListingChanges
from quantleap.domain.money import Money
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.principals import PartnerBackend, Principal, User

CHANDRA, DIVYA = User(Email("chandra@example.com")), User(Email("divya@example.com"))
TODAY = date(2026, 11, 24)
RUPEE = Money(100, "INR")


def make_requests(house: House) -> None:
    """Of partners, and with idempotency keys."""
    _reach_the_limit(house)
    _subscribe_and_move(house)
    _subscribe_in_test_mode(house)
    _move_money(house)
    _author(house)
    _keep_partners(house)


def _reach_the_limit(house: House) -> None:
    by = PartnerBackend(ZEBU, api_key_id="key_00000001", rate_limit=2)
    assert [house.app.admission.take(by).allowed for _ in range(4)] == [True, True, False, False]


def _once(house: House, by: Principal, key: str, act: "partial[Any]") -> Any:
    return once(house.app, attempt(by, key), act)


def _subscribe_and_move(house: House) -> None:
    app = house.app
    subscribe = partial(app.subscribing.directly, CHANDRA, basket_id=CONDOR, request_id="req_00000000000c")
    name = _once(house, CHANDRA, "subscribe", subscribe).terms.subscription_id
    assert asked(app, attempt(CHANDRA, "subscribe"), subscribe)().is_replay
    _once(house, CHANDRA, "subscribe, of which nothing is left to do", subscribe)
    _once(house, CHANDRA, "pause", partial(app.subscriptions.pause, CHANDRA, name))
    _once(house, CHANDRA, "resume", partial(app.subscriptions.resume, CHANDRA, name))
    _once(house, CHANDRA, "put", partial(app.allocations.put, CHANDRA, CONDOR, Allocation.single("zebu", "AB1234")))
    _once(house, CHANDRA, "delete", partial(app.allocations.delete, CHANDRA, CONDOR))
    _once(house, CHANDRA, "cancel", partial(app.subscriptions.cancel, CHANDRA, name))
    refused = asked(app, attempt(CHANDRA, "cancel again"), partial(app.subscriptions.cancel, CHANDRA, name))
    assert refusal(refused) is not None


def _subscribe_in_test_mode(house: House) -> None:
    by = PartnerBackend(ZEBU_TEST)
    subscribe = partial(
        house.app.subscribing.for_partner, by, user=CHANDRA.email, basket_id=STRADDLE, broker_account_id="AB1234"
    )
    _once(house, by, "subscribe", subscribe)


def _move_money(house: House) -> None:
    billing = house.app.billing
    name = house.subscribed(DIVYA, STRADDLE).terms.subscription_id
    charge: Charge = _once(house, BILLING, "charge", partial(billing.charge_next, BILLING, name, through=TODAY))
    refund = partial(billing.refund, BILLING, charge.charge_id)
    _once(house, BILLING, "refund", partial(refund, RUPEE, reference="k1"))
    assert refusal(partial(refund, charge.amount, reference="k2")) is not None
    _once(house, BILLING, "unpark", partial(billing.unpark, BILLING, name))
    adjust = partial(billing.adjust, ADMIN, ZEBU, RUPEE, reference="k3", reason="corrected")
    _once(house, ADMIN, "adjust", adjust)
    _once(house, ADMIN, "pay out", partial(billing.pay_out, ADMIN, ZEBU, RUPEE, reference="k4"))
    _once(house, BILLING, "expire", partial(house.app.subscriptions.expire, BILLING, name))


def _author(house: House) -> None:
    authoring = house.app.authoring
    [strategy] = authoring.get(ADMIN, CONDOR).strategies
    name = "under-keys"
    content = evolve(authoring.get(ADMIN, CONDOR).content, basket_id=name, strategies=())
    one, two = (evolve(strategy, strategy_id=f"{name}-{number}") for number in (1, 2))
    whole = evolve(content, basket_name="Edited", strategies=(one, two))
    acts: dict[str, partial[Any]] = {
        "create": partial(authoring.create, ADMIN, content),
        "add": partial(authoring.add_strategy, ADMIN, name, one),
        "edit": partial(authoring.edit, ADMIN, whole),
        "replace": partial(authoring.replace_strategy, ADMIN, name, evolve(one, strategy_name="Another")),
        "remove": partial(authoring.remove_strategy, ADMIN, name, two.strategy_id),
        "delete": partial(authoring.delete, ADMIN, name),
        "create again": partial(authoring.create, ADMIN, whole),
        "enable": partial(authoring.enable, ADMIN, name),
        "revise": partial(authoring.revise_listing, ADMIN, name, ListingChanges({"description": "Revised."})),
        "take off": partial(authoring.take_off, ADMIN, name),
    }
    for key, act in acts.items():
        _once(house, ADMIN, key, act)


def _keep_partners(house: House) -> None:
    partners, yak = house.app.partners, PartnerId("yak", Mode.LIVE)
    _once(house, ADMIN, "make", partial(partners.create, ADMIN, yak))
    _once(house, ADMIN, "rename", partial(partners.revise, ADMIN, yak, display_name="Yak"))
    name = _once(house, ADMIN, "issue", partial(partners.issue, ADMIN, yak)).key.api_key_id
    _once(house, ADMIN, "permit", partial(partners.permit, ADMIN, name, [Permission.MARKETPLACE_READ]))
    _once(house, ADMIN, "rotate", partial(partners.rotate, ADMIN, name))
    _once(house, ADMIN, "revoke", partial(partners.revoke, ADMIN, name))
