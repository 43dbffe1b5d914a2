"""Races for money: each is posted once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date

from attrs import evolve
from tests.integration.application.house import ADMIN, BILLING, House
from tests.integration.contracts.stores import store_over
from tests.integration.races.race import CONTESTANTS, Answers, Ending, Part, Race, Scene, answered, once
from tests.integration.races.stored import postings, unlike
from tests.integration.races.subscribing import CANCEL, subscribe

from quantleap.composition import Application
from quantleap.domain.commissions.ledger import TransactionKind
from quantleap.domain.errors import (
    ConcurrentUpdateError,
    InvalidInputError,
    PeriodNotChargeableError,
    RefundExceedsChargeError,
)
from quantleap.domain.identifiers import Mode
from quantleap.domain.money import Money
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.subscriptions import SubscriptionAddress

TODAY = date(2026, 11, 24)
CHARGED_MINOR, REFUND_MINOR = 99_900, 40_000


def _partnered(house: House, scene: Scene) -> Scene:
    house.app.partners.create(ADMIN, scene.partner)
    return scene


def _subscribed(house: House, scene: Scene) -> Scene:
    scene = _partnered(house, scene)
    return evolve(scene, subscription_id=subscribe(house.app, scene, 0, by=scene.partner))


def _charged(house: House, scene: Scene) -> Scene:
    scene = _subscribed(house, scene)
    charge = house.app.billing.charge_next(BILLING, scene.subscription_id, through=TODAY)
    return scene if charge is None else evolve(scene, charge_id=charge.charge_id)


def _parked(house: House, scene: Scene) -> Scene:
    scene = _charged(house, scene)
    with suppress(RefundExceedsChargeError):
        house.app.billing.refund(ADMIN, scene.charge_id, Money(CHARGED_MINOR + 1, "INR"), reference="above")
    return scene


def _charge(app: Application, scene: Scene, _: int) -> str | None:
    """None where it finds that the next period is a month away."""
    charge = app.billing.charge_next(BILLING, scene.subscription_id, through=TODAY)
    return None if charge is None else charge.charge_id


def _refund_again(app: Application, scene: Scene, number: int) -> str:
    amount = Money(REFUND_MINOR, "INR")
    return repr(app.billing.refund(ADMIN, scene.charge_id, amount, reference="r", reason=f"by {number}"))


def _refund(app: Application, scene: Scene, number: int) -> str:
    return repr(app.billing.refund(ADMIN, scene.charge_id, Money(REFUND_MINOR, "INR"), reference=f"r{number}"))


def _adjust(app: Application, scene: Scene, number: int) -> str:
    return repr(app.billing.adjust(ADMIN, scene.partner, Money(100, "INR"), reference="a", reason=f"by {number}"))


def _pay_out(app: Application, scene: Scene, number: int) -> str:
    return repr(app.billing.pay_out(ADMIN, scene.partner, Money(100, "INR"), reference="p", reason=f"by {number}"))


def _unpark(app: Application, scene: Scene, number: int) -> str:
    app.billing.unpark(ADMIN, scene.subscription_id)
    return f"unparked by {number}"


CHARGE = Part(_charge, (PeriodNotChargeableError,))


def _stored(house: House, scene: Scene) -> Subscription:
    address = SubscriptionAddress(Mode.LIVE, scene.user.email, scene.subscription_id)
    subscription = store_over(house.app._engine).subscriptions.get(address)
    assert subscription is not None
    return subscription


def _charged_as_answered(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    charged = len(answered(endings, "charge"))
    posted, stepped = len(postings(house, scene, TransactionKind.CHARGE)), _stored(house, scene).billing.periods_charged
    if (posted, stepped) != (charged, charged):
        yield f"{charged} charges are answered, {posted} posted, and {stepped} periods charged"
    yield from unlike(house, scene)


def _refunded_no_more_than_charged(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    posted = len(postings(house, scene, TransactionKind.REFUND))
    charge = store_over(house.app._engine).charges.get(Mode.LIVE, scene.charge_id)
    assert charge is not None
    if not posted == len(answered(endings)) == charge.refunded_minor / REFUND_MINOR:
        yield f"{posted} refunds are posted, {len(answered(endings))} answered, {charge.refunded_minor} given back"
    if _stored(house, scene).billing.parked is None:
        yield "a refund above what was charged was asked for, and nothing is parked"


def _posted_once(kind: TransactionKind) -> Callable[[House, Scene, Sequence[Ending]], Iterator[str]]:
    def kept(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
        posted = [repr(posting) for posting in postings(house, scene, kind)]
        if len(posted) != 1 or set(answered(endings)) != set(posted):
            yield f"{len(posted)} are posted, and {len(set(answered(endings)))} different answers given"

    return kept


def _free_to_be_charged(house: House, scene: Scene, _: Sequence[Ending]) -> Iterator[str]:
    subscription = _stored(house, scene)
    # Made, charged, parked, unparked.
    if (subscription.billing.parked, subscription.version) != (None, 4):
        yield f"version {subscription.version} is parked by {subscription.billing.parked}"


def _all(part: str) -> tuple[Answers, ...]:
    return (Answers((part,), CONTESTANTS, CONTESTANTS),)


MONEY = (
    Race(
        name="charge",
        prepare=_subscribed,
        parts={"charge": CHARGE},
        answers=(once("charge"),),
        kept=_charged_as_answered,
    ),
    Race(
        name="charge and cancel",
        prepare=_subscribed,
        parts={"charge": CHARGE, "cancel": CANCEL},
        answers=(once("cancel"), Answers(("charge",), 0, 1)),
        kept=_charged_as_answered,
    ),
    Race(
        name="refund under one reference",
        prepare=_charged,
        parts={"refund": Part(_refund_again)},
        answers=_all("refund"),
        kept=_posted_once(TransactionKind.REFUND),
    ),
    Race(
        name="refund under many references",
        prepare=_charged,
        parts={"refund": Part(_refund, (RefundExceedsChargeError,))},
        answers=(Answers(("refund",), CHARGED_MINOR // REFUND_MINOR, CHARGED_MINOR // REFUND_MINOR),),
        kept=_refunded_no_more_than_charged,
    ),
    Race(
        name="unpark",
        prepare=_parked,
        # Whoever reads it after the winner finds it free already.
        parts={"unpark": Part(_unpark, (ConcurrentUpdateError, InvalidInputError))},
        answers=(once("unpark"),),
        kept=_free_to_be_charged,
    ),
    Race(
        name="adjust under one reference",
        prepare=_partnered,
        parts={"adjust": Part(_adjust)},
        answers=_all("adjust"),
        kept=_posted_once(TransactionKind.ADJUSTMENT),
    ),
    Race(
        name="pay out under one reference",
        prepare=_partnered,
        parts={"pay out": Part(_pay_out)},
        answers=_all("pay out"),
        kept=_posted_once(TransactionKind.PAYOUT),
    ),
)
