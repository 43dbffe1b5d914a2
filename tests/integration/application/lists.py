"""A market whose every list has several pages, and those lists as different callers ask for them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

from attrs import evolve, frozen
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    BILLING,
    CONDOR,
    KITE,
    NOON,
    TEST_BILLING,
    ZEBU,
    ZEBU_TEST,
    refusal,
    sample_catalog,
)
from tests.integration.contracts.stores import store_over

from quantleap.composition import Application
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import AuditEntry, told_as
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.marketplace.content import Category
from quantleap.domain.paging import ListPage, ListRequest
from quantleap.domain.principals import Admin, PartnerBackend, Principal, System, User
from quantleap.domain.subscriptions.status import SubscriptionStatus

ZEBU_BACKEND, KITE_BACKEND, ZEBU_TEST_BACKEND = (PartnerBackend(each) for each in (ZEBU, KITE, ZEBU_TEST))
OTHER_ADMIN = Admin(Email("second@quantleap.in"))
SUBSCRIBERS = (ANITA, BALA)
NOT_ONE = ("cursor", "is not a position of this list")
"""Field and reason of the refusal of whatever is no cursor of the list."""

List: TypeAlias = Callable[[Application, ListRequest], ListPage[Any]]


@frozen
class Listed:
    """One list as one caller asks for it, and how many are in it."""

    use_case: str
    read: List
    count: int


def of_user(by: User, count: int, status: SubscriptionStatus | None = None) -> Listed:
    return Listed("subscriptions.of_user", lambda app, request: app.subscriptions.of_user(by, status, request), count)


def of_partner(
    by: Principal,
    count: int,
    status: SubscriptionStatus | None = None,
    *,
    partner_id: PartnerId | None = None,
    user: Email | None = None,
) -> Listed:
    return Listed(
        "subscriptions.of_partner",
        lambda app, request: app.subscriptions.of_partner(by, status, request, partner_id=partner_id, user=user),
        count,
    )


def templates(by: Principal, category: Category | None, count: int, *, active: bool = True) -> Listed:
    return Listed(
        "marketplace.templates",
        lambda app, request: app.marketplace.templates(by, category, request, active=active),
        count,
    )


def baskets(by: Principal) -> Listed:
    return Listed("authoring.all", lambda app, request: app.authoring.all(by, request), 12)


def overviews(by: Principal) -> Listed:
    return Listed("authoring.overviews", lambda app, request: app.authoring.overviews(by, request), 12)


def listings(by: Principal, count: int, *, active: bool | None = None) -> Listed:
    return Listed("authoring.listings", lambda app, request: app.authoring.listings(by, request, active=active), count)


def partners(by: Principal) -> Listed:
    return Listed("partners.all", lambda app, request: app.partners.all(by, request), 3)


def key_pairs(by: Principal, partner_id: PartnerId) -> Listed:
    return Listed("partners.key_list", lambda app, request: app.partners.key_list(by, partner_id, request), 3)


def audit(by: Principal, count: int, *, partner_id: PartnerId | None = None, actor: str | None = None) -> Listed:
    return Listed(
        "auditing.entries",
        lambda app, request: app.auditing.entries(
            by, request, partner_id=partner_id, actor=actor, since=NOON - timedelta(days=4)
        ),
        count,
    )


LISTS: dict[str, Listed] = {
    "anita's": of_user(ANITA, 9),
    "anita's active": of_user(ANITA, 6, SubscriptionStatus.ACTIVE),
    "anita's paused": of_user(ANITA, 3, SubscriptionStatus.PAUSED),
    "bala's": of_user(BALA, 9),
    "zebu's": of_partner(ZEBU_BACKEND, 12),
    "zebu's active": of_partner(ZEBU_BACKEND, 6, SubscriptionStatus.ACTIVE),
    "zebu's of anita": of_partner(ZEBU_BACKEND, 6, user=ANITA.email),
    "zebu's of bala": of_partner(ZEBU_BACKEND, 6, user=BALA.email),
    "zebu's paused of anita": of_partner(ZEBU_BACKEND, 3, SubscriptionStatus.PAUSED, user=ANITA.email),
    "zebu's for an admin": of_partner(ADMIN, 12, partner_id=ZEBU),
    "zebu's for another admin": of_partner(OTHER_ADMIN, 12, partner_id=ZEBU),
    "zebu's for the platform": of_partner(BILLING, 12, partner_id=ZEBU),
    "zebu's for another task": of_partner(System("retirement"), 12, partner_id=ZEBU),
    "zebu's for the platform's tests": of_partner(TEST_BILLING, 12, partner_id=ZEBU),
    "kite's": of_partner(KITE_BACKEND, 6),
    "kite's for an admin": of_partner(ADMIN, 6, partner_id=KITE),
    "zebu's tests": of_partner(ZEBU_TEST_BACKEND, 6),
    "neutral for anita": templates(ANITA, Category.NEUTRAL, 3),
    "all for anita": templates(ANITA, None, 9),
    "all for zebu": templates(ZEBU_BACKEND, None, 9),
    "neutral for bala": templates(BALA, Category.NEUTRAL, 3),
    "neutral taken off for anita": templates(ANITA, Category.NEUTRAL, 3, active=False),
    "volatility for anita": templates(ANITA, Category.VOLATILITY, 3),
    "neutral for zebu": templates(ZEBU_BACKEND, Category.NEUTRAL, 3),
    "neutral for zebu's tests": templates(ZEBU_TEST_BACKEND, Category.NEUTRAL, 3),
    "neutral for an admin": templates(ADMIN, Category.NEUTRAL, 3),
    "baskets for an admin": baskets(ADMIN),
    "baskets for an admin on test data": baskets(evolve(ADMIN, mode=Mode.TEST)),
    "baskets for another admin": baskets(OTHER_ADMIN),
    "overviews for an admin": overviews(ADMIN),
    "listings for an admin": listings(ADMIN, 12),
    "listings for another admin": listings(OTHER_ADMIN, 12),
    "what is listed": listings(ADMIN, 9, active=True),
    "what was taken off": listings(ADMIN, 3, active=False),
    "partners for an admin": partners(ADMIN),
    "partners for another admin": partners(OTHER_ADMIN),
    "zebu's key pairs": key_pairs(ADMIN, ZEBU),
    "kite's key pairs": key_pairs(ADMIN, KITE),
    "the audit trail for an admin": audit(ADMIN, 18),
    "the audit trail for another admin": audit(OTHER_ADMIN, 18),
    "the audit trail of test data": audit(evolve(ADMIN, mode=Mode.TEST), 5),
    "the audit trail of zebu": audit(ADMIN, 12, partner_id=ZEBU),
    "the audit trail of kite": audit(ADMIN, 6, partner_id=KITE),
    "what the platform's billing did": audit(ADMIN, 9, actor="system:billing"),
    "what it did of zebu": audit(ADMIN, 6, partner_id=ZEBU, actor="system:billing"),
}
"""No two of them are the same list for the same caller."""


def furnish(app: Application) -> None:
    """Twelve baskets of four kinds; two users, nine subscriptions each, of two partners; six of test data."""
    catalog = sample_catalog(app)
    [condor] = [each for each in catalog["templates"] if each["basket_id"] == CONDOR]
    kinds = [("neutral", "off"), ("neutral", "on"), ("volatility", "on"), ("income", "on")]
    catalog["templates"] = [
        {
            **condor,
            "basket_id": f"b{number}-{category}-{place}",
            "category": category,
            "strategies": [{**each, "strategy_id": f"s{number}-{category}-{place}"} for each in condor["strategies"]],
        }
        for category, place in kinds
        for number in range(3)
    ]
    app.authoring.load_catalog(ADMIN, catalog)
    keep_partners(app)
    for user in SUBSCRIBERS:
        for number in range(3):
            for backend, basket in (
                (ZEBU_BACKEND, f"b{number}-neutral-on"),
                (ZEBU_BACKEND, f"b{number}-neutral-off"),
                (KITE_BACKEND, f"b{number}-volatility-on"),
                (ZEBU_TEST_BACKEND, f"b{number}-neutral-on"),
            ):
                made = app.subscribing.for_partner(
                    backend, user=user.email, basket_id=basket, broker_account_id="AB1234"
                )
                if basket.endswith("neutral-off"):
                    app.subscriptions.pause(user, made.terms.subscription_id)
    for number in range(3):
        app.authoring.take_off(ADMIN, f"b{number}-neutral-off")
    tell_of_partners(app)


def keep_partners(app: Application) -> None:
    """Three, of which two have three key pairs."""
    for partner_id in (ZEBU, KITE, ZEBU_TEST):
        app.partners.create(ADMIN, partner_id)
    for partner_id in (ZEBU, KITE, ZEBU, KITE):
        app.partners.issue(ADMIN, partner_id)


def tell_of_partners(app: Application) -> None:
    """An audit trail that follows no feed, which not every double of a service has."""
    store = store_over(app._engine)
    told = [
        AuditEntry(
            entry_id=told_as((str(partner_id), number)),
            at=NOON - timedelta(hours=7 * number),
            action=AuditAction.PARTNER_CHANGED,
            subject_id=str(partner_id),
            mode=partner_id.mode,
            actor="system:billing" if number % 2 else str(partner_id),
            partner_id=partner_id,
        )
        for partner_id, count in ((ZEBU, 12), (KITE, 6), (ZEBU_TEST, 5))
        for number in range(count)
    ]
    store.units.commit(*store.audit.keeping(told, since=None, until="0", at=NOON))


def reason(call: Callable[[], object]) -> tuple[str, str] | None:
    """Field and reason of the bad input that the call is refused for, if it is."""
    error = refusal(call)
    return (error.field, error.reason) if isinstance(error, InvalidInputError) else None
