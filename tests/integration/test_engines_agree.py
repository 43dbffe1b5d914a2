"""The same random life of a marketplace, on every store side by side: same answers, refusals, events and records."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    BILLING,
    CONDOR,
    KITE,
    STRADDLE,
    TEST_BILLING,
    ZEBU,
    ZEBU_TEST,
    House,
    outcome,
    sample_catalog,
)
from tests.integration.contracts.stores import KEYS, STORES, side_by_side, store_over
from tests.integration.in_one_order import by_subscription, every_page

from quantleap.adapters.secrets.key_file import KeyFile
from quantleap.application.planning import PlannedRun
from quantleap.composition import stores
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.marketplace.content import Category
from quantleap.domain.marketplace.strategy import StrategyStatus
from quantleap.domain.money import Money
from quantleap.domain.paging import ListRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.periods import KOLKATA, Month, kolkata_date
from quantleap.domain.principals import PartnerBackend, Principal, System, User
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.status import LIVE_STATUSES, SubscriptionStatus
from quantleap.domain.subscriptions.transitions import Transition

T = TypeVar("T")

READ_ONLY = PartnerBackend(ZEBU, [Permission.SUBSCRIPTIONS_READ, Permission.MARKETPLACE_READ])
OPERATORS: list[Principal] = [ADMIN, BILLING, TEST_BILLING]
BACKENDS: list[Principal] = [
    PartnerBackend(ZEBU),
    PartnerBackend(ZEBU),
    PartnerBackend(KITE),
    PartnerBackend(ZEBU_TEST),
    READ_ONLY,
]
USERS = [ANITA, BALA]
EVERYBODY: list[Principal] = [*OPERATORS, *BACKENDS, *USERS]

PARTNERS = st.sampled_from([ZEBU, KITE, ZEBU_TEST])
BASKETS = st.sampled_from([CONDOR, CONDOR, CONDOR, STRADDLE, STRADDLE, STRADDLE, "missing", "Not An Id"])
# Small pools, so that programs meet their own past; now and then somebody or something that must be refused.
OPERATOR = st.sampled_from([*OPERATORS * 4, PartnerBackend(ZEBU), ANITA])
ANYBODY = st.sampled_from([ADMIN, *EVERYBODY])
PICK = st.integers(0, 5)
REQUEST = st.sampled_from([None, None, None, None, "req_00000000000a", "req_00000000000b", "nonsense"])
REFERENCE = st.sampled_from(["r1", "r2", "r3", "r4", "r5", "r6", "not a reference"])
REASON = st.sampled_from([None, None, None, "asked for it", "asked for it", "x" * 121, "anita@example.com"])
AMOUNT = st.builds(
    Money,
    st.sampled_from([1, 7, 33_300, 33_300, 49_950, 99_900, 100_000, 0, -500]),
    st.sampled_from([*["INR"] * 6, "USD"]),
)
MULTIPLIER = st.sampled_from([Multiplier.parse(1), Multiplier.parse(2), Multiplier.parse(Decimal("1.5"))])
STATUS = st.none() | st.sampled_from(SubscriptionStatus)
MINUTE = st.sampled_from([time(9, 20), time(10, 0)])
DAY = st.sampled_from([date(2026, 11, day) for day in (22, 23, 24, 27)] + [date(2027, 1, 4)])
ALLOCATION = st.sampled_from(
    [
        Allocation.single("zebu", "AB1234"),
        Allocation(
            AllocationMode.SPLIT, [BrokerAccount("zebu", "AB1234", weight=1), BrokerAccount("kite", "K1", weight=1)]
        ),
    ]
)
IS_DEEP = os.environ.get("QUANTLEAP_HYPOTHESIS_PROFILE") == "deep"


class EnginesAgree(RuleBasedStateMachine):
    """Each rule asks every house the same."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        # The same keys for every store: pseudonyms and hashes are compared.
        keys = KeyFile(KEYS)
        keys.pseudonym_key()
        shutil.copy2(KEYS, self.folder / "store.db.keys")
        with patch.object(stores, "KeysInMemory", lambda: keys):
            self.houses = {name: House.over(STORES[name](self.folder)) for name in side_by_side()}
        self.positions: dict[str, str | None] = dict.fromkeys(self.houses)
        self.subscriptions: list[str] = ["sub_zebu_99999999"]
        self.charges: list[str] = ["chg_sub_zebu_99999999_0000"]
        self.in_test_mode: set[str] = set()
        self.told: list[str] = []

    def teardown(self) -> None:
        """A later follower finds nothing left to count."""
        assert self.ask(lambda house: house.app.counters.follow()) == 0
        for house in self.houses.values():
            house.app.close()
        shutil.rmtree(self.folder)

    def ask(self, call: Callable[[House], T]) -> Any:
        """What every house answers, which must be the same."""
        answers = {name: outcome(partial(call, house)) for name, house in self.houses.items()}
        first = next(iter(answers.values()))
        assert all(answer == first for answer in answers.values()), answers
        return first

    @property
    def now(self) -> datetime:
        return next(iter(self.houses.values())).clock.now()

    def one_of(self, known: list[str], pick: int) -> str:
        """The newest ones are picked more often."""
        return known[-1 - pick % len(known)]

    # Templates and partners

    @initialize()
    def furnish(self) -> None:
        self.ask(lambda house: house.app.authoring.load_catalog(ADMIN, sample_catalog(house.app)))
        for partner_id in (ZEBU, ZEBU_TEST):
            self.ask(partial(_created, partner_id))
        for by in (PartnerBackend(ZEBU), PartnerBackend(ZEBU_TEST), BALA):
            self._remember(self.ask(partial(House.subscribed, by=by)))
        for name in self.subscriptions[1:]:
            self._charge(self._platform_of(name), name, kolkata_date(self.now))

    @rule(by=OPERATOR, lots=st.sampled_from([2, 4, 0]))
    def load(self, by: Principal, lots: int) -> None:
        def call(house: House) -> object:
            document = sample_catalog(house.app)
            document["templates"][0]["strategies"][0]["legs"][0]["lots"] = lots
            return house.app.authoring.load_catalog(by, document)

        self.ask(call)

    @rule(
        by=OPERATOR,
        basket_id=BASKETS,
        at=MINUTE,
        price=AMOUNT,
        active=st.booleans(),
    )
    def edit(self, by: Principal, basket_id: str, *, at: time, price: Money, active: bool) -> None:
        def call(house: House) -> object:
            content = house.app.authoring.get(by, basket_id).content
            status = StrategyStatus.ACTIVE if active else StrategyStatus.INACTIVE
            strategies = tuple(evolve(strategy, entry_time=at, status=status) for strategy in content.strategies)
            return house.app.authoring.edit(
                by, evolve(content, strategies=strategies, subscription_price=price, total_capital_required=None)
            )

        self.ask(call)

    @rule(by=OPERATOR, basket_id=BASKETS, enable=st.booleans())
    def shelve(self, by: Principal, basket_id: str, *, enable: bool) -> None:
        def call(house: House) -> object:
            authoring = house.app.authoring
            return authoring.enable(by, basket_id) if enable else authoring.take_off(by, basket_id)

        self.ask(call)

    @rule(by=OPERATOR, partner_id=PARTNERS, commission=st.sampled_from([Rate(3000), Rate(0), Rate(10_000)]))
    def create_partner(self, by: Principal, partner_id: PartnerId, commission: Rate) -> None:
        self.ask(lambda house: house.app.partners.create(by, partner_id, commission=commission))

    @rule(by=OPERATOR, partner_id=PARTNERS, pick=PICK, change=st.sampled_from(["issue", "rotate", "revoke"]))
    def change_key(self, by: Principal, partner_id: PartnerId, pick: int, change: str) -> None:
        def call(house: House) -> object:
            partners = house.app.partners
            keys = [key.api_key_id for key in partners.keys(by, partner_id)]
            key_id = self.one_of(["key_none", *keys], pick)
            match change:
                case "issue":
                    issued = partners.issue(by, partner_id)
                case "rotate":
                    issued = partners.rotate(by, key_id, of=partner_id)
                case _:
                    return partners.revoke(by, key_id, of=partner_id)
            proved = house.app.authentication.partner(issued.key.api_key, issued.secret)
            return issued, proved, partners.keys(by, partner_id)

        self.ask(call)

    # Subscriptions

    @rule(
        by=st.sampled_from([*BACKENDS, ADMIN]),
        user=st.sampled_from(USERS),
        basket_id=BASKETS,
        multiplier=MULTIPLIER,
        request_id=REQUEST,
    )
    def subscribe(
        self, by: Principal, user: User, basket_id: str, *, multiplier: Multiplier, request_id: str | None
    ) -> None:
        self._remember(
            self.ask(
                lambda house: house.app.subscribing.for_partner(
                    by,
                    user=user.email,
                    basket_id=basket_id,
                    broker_account_id="AB1234",
                    multiplier=multiplier,
                    request_id=request_id,
                )
            )
        )

    @rule(by=st.sampled_from([*USERS, PartnerBackend(ZEBU)]), basket_id=BASKETS, account=st.sampled_from([None, "K1"]))
    def subscribe_directly(self, by: Principal, basket_id: str, account: str | None) -> None:
        self._remember(
            self.ask(
                lambda house: house.app.subscribing.directly(
                    by, basket_id=basket_id, broker_id=account and "kite", broker_account_id=account
                )
            )
        )

    @rule(by=ANYBODY, pick=PICK, transition=st.sampled_from(Transition), reason=REASON, request_id=REQUEST)
    def move(
        self, by: Principal, pick: int, *, transition: Transition, reason: str | None, request_id: str | None
    ) -> None:
        name = self.one_of(self.subscriptions, pick)
        self.ask(
            lambda house: getattr(house.app.subscriptions, transition.value)(
                by, name, reason=reason, request_id=request_id
            )
        )

    @rule(pick=PICK, transition=st.sampled_from(Transition), request_id=REQUEST)
    def move_by_the_platform(self, pick: int, transition: Transition, request_id: str | None) -> None:
        name = self.one_of(self.subscriptions, pick)
        by = self._platform_of(name)
        self.ask(lambda house: getattr(house.app.subscriptions, transition.value)(by, name, request_id=request_id))

    @rule(
        by=st.sampled_from([*USERS * 3, ADMIN, PartnerBackend(ZEBU)]),
        basket_id=BASKETS,
        user=st.sampled_from([None, None, *USERS]),
        allocation=st.none() | ALLOCATION,
    )
    def allocate(self, by: Principal, basket_id: str, user: User | None, allocation: Allocation | None) -> None:
        email = None if user is None else user.email

        def call(house: House) -> object:
            if allocation is None:
                house.app.allocations.delete(by, basket_id, user=email)
                return None
            house.app.allocations.put(by, basket_id, allocation, user=email)
            return house.app.allocations.get(by, basket_id, user=email)

        self.ask(call)

    @rule(by=ANYBODY, pick=PICK, status=STATUS, partner_id=st.none() | PARTNERS, limit=st.sampled_from([1, 2, 100]))
    def read(
        self, by: Principal, pick: int, *, status: SubscriptionStatus | None, partner_id: PartnerId | None, limit: int
    ) -> None:
        name, email = self.one_of(self.subscriptions, pick), USERS[pick % 2].email
        counted = ListRequest(limit, offset=pick % 3, with_total=True)

        def of_partner(user: Email | None, house: House) -> object:
            of = partial(house.app.subscriptions.of_partner, by, status, partner_id=partner_id, user=user)
            return every_page(of, limit)

        self.ask(lambda house: house.app.subscriptions.get(by, name))
        self.ask(lambda house: every_page(partial(house.app.subscriptions.of_user, by, status), limit))
        self.ask(partial(of_partner, None))
        self.ask(partial(of_partner, email))
        self.ask(lambda house: house.app.subscriptions.of_user(by, status, counted).total)
        self.ask(lambda house: house.app.subscriptions.of_partner(by, status, counted, partner_id=partner_id).total)

    @rule(by=ANYBODY, basket_id=BASKETS, active=st.booleans())
    def browse(self, by: Principal, basket_id: str, *, active: bool) -> None:
        self.ask(lambda house: house.app.marketplace.template(by, basket_id))
        self.ask(
            lambda house: [
                house.app.marketplace.templates(by, category, ListRequest(), active=active)
                for category in (*Category, None)
            ]
        )
        self.ask(lambda house: house.app.authoring.all(by, ListRequest()))

    # Runs and money

    @rule(
        by=OPERATOR,
        on=DAY,
        at=MINUTE | st.just(time(9, 20, 30)),
    )
    def plan(self, by: Principal, on: date, at: time) -> None:
        def call(house: House) -> object:
            runs = house.app.planning.entries_due(by, on, at)
            return [(run.frame, by_subscription(run.plans)) if isinstance(run, PlannedRun) else run for run in runs]

        self.ask(call)

    @rule(by=OPERATOR, pick=PICK, days=st.sampled_from([0, -1, 400]))
    def charge(self, by: Principal, pick: int, days: int) -> None:
        self._charge(by, self.one_of(self.subscriptions, pick), kolkata_date(self.now) + timedelta(days=days))

    @rule(pick=PICK)
    def charge_what_is_due(self, pick: int) -> None:
        name = self.one_of(self.subscriptions, pick)
        self._charge(self._platform_of(name), name, kolkata_date(self.now))

    @rule(pick=PICK, minor=st.sampled_from([1, 33_300, 33_300, 49_950, 99_900]), reference=REFERENCE)
    def refund_by_the_platform(self, pick: int, minor: int, reference: str) -> None:
        name = self.one_of(self.charges, pick)
        by = self._platform_of(name)
        self.ask(lambda house: house.app.billing.refund(by, name, Money(minor, "INR"), reference=reference))

    @rule(by=OPERATOR, pick=PICK, amount=AMOUNT, reference=REFERENCE, reason=REASON)
    def refund(self, by: Principal, pick: int, *, amount: Money, reference: str, reason: str | None) -> None:
        name = self.one_of(self.charges, pick)
        self.ask(lambda house: house.app.billing.refund(by, name, amount, reference=reference, reason=reason))

    @rule(by=OPERATOR, pick=PICK)
    def unpark(self, by: Principal, pick: int) -> None:
        name = self.one_of(self.subscriptions, pick)
        self.ask(lambda house: house.app.billing.unpark(by, name))

    @rule(by=OPERATOR, partner_id=PARTNERS, amount=AMOUNT, reference=REFERENCE, paid=st.booleans())
    def settle_with_partner(
        self, by: Principal, partner_id: PartnerId, *, amount: Money, reference: str, paid: bool
    ) -> None:
        def call(house: House) -> object:
            if paid:
                return house.app.billing.pay_out(by, partner_id, amount, reference=reference)
            return house.app.billing.adjust(by, partner_id, amount, reference=reference, reason="corrected")

        self.ask(call)

    @rule(by=ANYBODY, partner_id=PARTNERS, back=st.integers(-1, 3), currency=st.sampled_from(["INR", "USD"]))
    def state(self, by: Principal, partner_id: PartnerId, back: int, currency: str) -> None:
        today = kolkata_date(self.now)
        year, month0 = divmod(today.year * 12 + today.month - 1 - back, 12)
        month = Month(year, month0 + 1)
        self.ask(lambda house: house.app.statements.statement(by, partner_id, month, currency=currency))

    # Time and order

    @rule(by=st.sampled_from([timedelta(hours=1), timedelta(days=1), timedelta(days=31), timedelta(days=80)]))
    def wait(self, by: timedelta) -> None:
        later = self.now + by
        if later < datetime(2027, 6, 1, tzinfo=KOLKATA):
            for house in self.houses.values():
                house.clock.move_to(later)

    @invariant()
    def every_record_is_the_same(self) -> None:
        self.ask(_records)

    @invariant()
    def every_event_is_the_same_and_told_once(self) -> None:
        batches = {
            name: store_over(house.app._engine).subscriptions.events(self.positions[name], 10_000)
            for name, house in self.houses.items()
        }
        first = next(iter(batches.values())).events
        assert all(batch.events == first for batch in batches.values())
        self.told += [event.event_id for event in first]
        assert len(self.told) == len(set(self.told))
        self.positions = {name: batch.position for name, batch in batches.items()}

    @invariant()
    def nothing_differs_once_the_counters_have_followed(self) -> None:
        assert self.ask(lambda house: house.app.verification.verify(ADMIN)).differences == ()

    @invariant()
    def the_ledger_sums_to_zero_and_nobody_is_subscribed_twice(self) -> None:
        items = next(iter(self.houses.values())).items()
        sums: Counter[str] = Counter()
        live: Counter[tuple[str, str]] = Counter()
        for item in items:
            if item["entity_type"] == "LEDGER":
                sums[item["transaction"]["currency"]] += sum(
                    entry["amount_minor"] for entry in item["transaction"]["entries"]
                )
            if item["entity_type"] == "SUBSCRIPTION" and item["status"] in LIVE_STATUSES:
                live[item["user_id"], item["template_basket_id"]] += 1
        assert set(sums.values()) <= {0}
        assert set(live.values()) <= {1}

    def _remember(self, subscribed: Any) -> None:
        if hasattr(subscribed, "terms"):
            self.subscriptions.append(subscribed.terms.subscription_id)
            if subscribed.terms.mode is Mode.TEST:
                self.in_test_mode.add(subscribed.terms.subscription_id)

    def _platform_of(self, name: str) -> System:
        """The platform's own work in the mode of that subscription, or of the subscription of that charge."""
        of_test = any(subscription_id in name for subscription_id in self.in_test_mode)
        return TEST_BILLING if of_test else BILLING

    def _charge(self, by: Principal, name: str, through: date) -> None:
        charged = self.ask(lambda house: house.app.billing.charge_next(by, name, through=through))
        if hasattr(charged, "charge_id"):
            self.charges.append(charged.charge_id)


def _records(house: House) -> list[dict[str, Any]]:
    """All that is stored, but for the feed's position: each engine has its own."""
    items = house.items()
    return [{**item, "position": "its own"} if item["entity_type"] == "CHECKPOINT" else item for item in items]


def _created(partner_id: PartnerId, house: House) -> object:
    return house.app.partners.create(ADMIN, partner_id)


TestEnginesAgree = EnginesAgree.TestCase
# The deep form has fewer and longer programs than its profile's examples: each step asks three whole stores, and to
# read one stream DynamoDB Local goes through the changes of all its tables. It ends within a quarter of an hour.
TestEnginesAgree.settings = (
    settings(stateful_step_count=100, max_examples=60) if IS_DEEP else settings(stateful_step_count=30, max_examples=25)
)
