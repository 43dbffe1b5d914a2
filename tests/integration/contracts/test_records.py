"""Whatever the domain admits is given back equal by every store; what this library never wrote is refused by name."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.contracts import values
from tests.integration.contracts.stores import OWNER, Store
from tests.unit.domain.marketplace.test_document_round_trip import ids, optional

from quantleap.adapters.store.records.allocations import allocation_item, read_allocation
from quantleap.adapters.store.records.money import charge_item, ledger_item, read_charge, read_ledger_item
from quantleap.adapters.store.records.partners import api_key_item, partner_item, read_api_key, read_partner
from quantleap.adapters.store.records.plan_rows import read_plan_row
from quantleap.adapters.store.records.shown_templates import read_template
from quantleap.adapters.store.records.subscriptions import (
    location_item,
    read_location,
    read_subscription,
    read_summary,
    subscription_item,
)
from quantleap.adapters.store.records.templates import (
    basket_item,
    read_basket_item,
    read_strategy_item,
    strategy_item,
)
from quantleap.adapters.store.seam import Item, Key, Put, Value
from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.ledger import LedgerTransaction
from quantleap.domain.errors import LedgerCorruptError
from quantleap.domain.execution.plan import PlanRow
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.partner import Partner
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.subscriptions import SubscriptionAddress, SubscriptionLocation

Stores = dict[str, Store]


def stored(stores: Stores, item: Item) -> list[Item]:
    """The item as each store gives it back."""
    key, found = Key(str(item["user_id"]), str(item["sort_key"])), []
    for store in stores.values():
        store.engine.write(Put(item))
        back = store.engine.get(key, consistent=True)
        assert back is not None
        found.append(back)
    return found


@given(values.subscriptions(), optional(values.allocations()))
def test_a_subscription_comes_back_and_so_does_what_the_indexes_show_of_it(
    all_stores: Stores, subscription: Subscription, allocation: Allocation | None
) -> None:
    terms = subscription.terms
    for item in stored(all_stores, subscription_item(subscription, allocation)):
        assert read_subscription(item) == subscription
        assert read_summary(item) == subscription.summary
        assert read_plan_row(item) == PlanRow(
            subscription_id=terms.subscription_id,
            mode=terms.mode,
            partner_id=terms.partner_id,
            multiplier=subscription.options.multiplier,
            ends_on=subscription.billing.ends_on,
            allocation=allocation,
            version=subscription.version,
        )


@given(st.builds(SubscriptionAddress, st.sampled_from(Mode), values.emails, values.subscription_ids), ids)
def test_a_location_comes_back(all_stores: Stores, address: SubscriptionAddress, basket_id: str) -> None:
    location = SubscriptionLocation(address, basket_id, None)
    for item in stored(all_stores, location_item(location)):
        assert read_location(address.mode, address.subscription_id, item) == location


@given(st.sampled_from(Mode), values.emails, ids, values.allocations())
def test_an_allocation_comes_back(
    all_stores: Stores, mode: Mode, user: Email, basket_id: str, allocation: Allocation
) -> None:
    for item in stored(all_stores, allocation_item(mode, user, basket_id, allocation)):
        assert read_allocation(item) == allocation


@given(values.baskets(OWNER), st.integers(0, 10**6))
def test_a_basket_comes_back_with_its_strategies_and_so_does_its_listing(
    all_stores: Stores, basket: Basket, subscribers: int
) -> None:
    kept = [stored(all_stores, strategy_item(OWNER, basket, strategy)) for strategy in basket.strategies]
    for position, item in enumerate(stored(all_stores, {**basket_item(basket), "subscriber_count": subscribers})):
        strategies = [read_strategy_item(copies[position]) for copies in kept]
        assert read_basket_item(item, strategies) == basket
        assert read_template(item) == StrategyTemplate.of(basket, subscriber_count=subscribers, show_performance=True)


@given(values.partners)
def test_a_partner_comes_back_with_its_agreement(all_stores: Stores, partner: Partner) -> None:
    for item in stored(all_stores, partner_item(partner)):
        assert read_partner(item) == partner


@given(values.api_keys())
def test_a_key_pair_comes_back(all_stores: Stores, key: ApiKey) -> None:
    for item in stored(all_stores, api_key_item(key)):
        assert read_api_key(item) == key


@given(st.sampled_from(Mode), values.charges())
def test_a_charge_comes_back(all_stores: Stores, mode: Mode, charge: Charge) -> None:
    for item in stored(all_stores, charge_item(mode, charge)):
        assert read_charge(item) == charge


@given(values.transactions())
def test_a_ledger_transaction_comes_back(all_stores: Stores, transaction: LedgerTransaction) -> None:
    for item in stored(all_stores, ledger_item(transaction)):
        assert read_ledger_item(item) == transaction


SUBSCRIPTION_ITEMS = st.builds(subscription_item, values.subscriptions(), values.allocations())
BASKET_ITEMS = values.baskets(OWNER).map(basket_item)
LOCATION = SubscriptionLocation(SubscriptionAddress(Mode.LIVE, OWNER, "sub_zebu_1"), "b1", None)

RECORDS: dict[str, tuple[st.SearchStrategy[Item], Callable[[Item], object]]] = {
    "subscription": (SUBSCRIPTION_ITEMS, read_subscription),
    "summary": (SUBSCRIPTION_ITEMS, read_summary),
    "plan row": (SUBSCRIPTION_ITEMS, read_plan_row),
    "partner": (values.partners.map(partner_item), read_partner),
    "api key": (values.api_keys().map(api_key_item), read_api_key),
    "charge": (st.builds(charge_item, st.sampled_from(Mode), values.charges()), read_charge),
    "template": (BASKET_ITEMS.map(lambda item: {**item, "subscriber_count": 0}), read_template),
    "basket": (BASKET_ITEMS, lambda item: read_basket_item(item, [])),
    "allocation": (
        st.builds(allocation_item, st.just(Mode.LIVE), values.emails, ids, values.allocations()),
        read_allocation,
    ),
    "location": (st.just(location_item(LOCATION)), lambda item: read_location(Mode.LIVE, "sub_zebu_1", item)),
}
KEYS = {"user_id", "sort_key", "entity_type"}
NONSENSE: st.SearchStrategy[Value] = st.sampled_from(
    ["", "nonsense", "nonsense INR", -1, 10**18, True, [], [1], ["k"], [{}], {}, {"mode": "split", "accounts": [{}]}]
)


def corruption(read: Callable[[Item], object], item: Item) -> CorruptDataError | None:
    try:
        read(item)
    except CorruptDataError as error:
        return error
    return None


@given(st.sampled_from(sorted(RECORDS)), st.data())
def test_whatever_stands_in_an_item_it_is_read_or_is_corrupt_data_that_names_no_email(
    name: str, data: st.DataObject
) -> None:
    items, read = RECORDS[name]
    item = data.draw(items)
    attribute = data.draw(st.sampled_from(sorted(item.keys() - KEYS)))
    error = corruption(read, {**item, attribute: data.draw(NONSENSE)})
    if error is not None:
        assert error.subject in (f"item {item['sort_key']}", "item None")  # the latter: a part of an item
        assert "@" not in str(error)


@given(st.sampled_from(sorted(RECORDS)), st.data())
def test_an_item_without_its_attributes_is_corrupt_data(name: str, data: st.DataObject) -> None:
    items, read = RECORDS[name]
    assert corruption(read, {key: value for key, value in data.draw(items).items() if key in KEYS})


@given(values.transactions(), st.data())
def test_a_ledger_transaction_that_was_changed_in_any_field_is_found_out(
    transaction: LedgerTransaction, data: st.DataObject
) -> None:
    plain = transaction.to_plain()
    field = data.draw(st.sampled_from(sorted(plain)))
    changed = {**plain, field: "changed" if plain[field] != "changed" else None}
    with pytest.raises(LedgerCorruptError):
        read_ledger_item({**ledger_item(transaction), "transaction": changed})


def test_a_ledger_item_without_its_transaction_is_corrupt_data() -> None:
    with pytest.raises(CorruptDataError, match="transaction is not a map"):
        read_ledger_item({"user_id": "LEDGER#direct#2026-11", "sort_key": "1"})
