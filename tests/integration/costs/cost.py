"""What one call of a use case may ask of the store: a row of the table of costs."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from functools import partial
from typing import Any, TypeAlias

from attrs import field, frozen
from tests.integration.application.house import ADMIN, ANITA, BALA, BILLING, ZEBU, House
from tests.integration.recorded_store import USE_CASES

from quantleap.adapters.store.access_patterns.pattern import Operation
from quantleap.application.planning import PlannedRun
from quantleap.domain.errors import DomainError
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.money import Money
from quantleap.domain.paging import ListRequest
from quantleap.domain.principals import PartnerBackend

Call: TypeAlias = "partial[Any]"
"""A use case's method and what it is called with."""

GET, BATCH_GET, QUERY, SCAN = Operation.GET, Operation.BATCH_GET, Operation.QUERY, Operation.SCAN
PUT, UPDATE, TRANSACT, EXPIRE = Operation.PUT, Operation.UPDATE, Operation.TRANSACT, Operation.EXPIRE
FEED = Operation.READ_STREAM

BACKEND = PartnerBackend(ZEBU)
DIRECT, BY_PARTNER, CHARGED = "sub_direct_00000009", "sub_zebu_00000011", "chg_sub_zebu_00000011_0000"
"""What `lived_in_house` makes: anita's subscription, bala's, and the charge of its first period."""

FIRST_KEY = "key_00000003"
PAGE = ListRequest()
TODAY, TOMORROW, NINE_TWENTY = date(2026, 11, 24), date(2026, 11, 25), time(9, 20)
ONE_ACCOUNT = Allocation.single("zebu", "AB1234")
RUPEE = Money(100, "INR")
REQUEST = "req_ffffffffffff"

_NAMES = {use_case.__name__: name for name, use_case in USE_CASES.items()}


@frozen
class Cost:
    """`call` does in a house whatever must have happened, and gives the call, which is counted alone.

    `refused_by` is what the call then raises. A repeat after a conflict or throttling is not in `requests`.
    """

    name: str
    call: Callable[[House], Call]
    requests: Mapping[Operation, int]
    refused_by: type[DomainError] | None = field(default=None, kw_only=True)


def use_case_of(call: Call) -> str:
    """`subscriptions.pause` for a call of `app.subscriptions.pause`."""
    owner, method = call.func.__qualname__.split(".")
    return f"{_NAMES[owner]}.{method}"


def use_cases_of(call: Call) -> set[str]:
    """That one, and the one that it is given to call."""
    return {use_case_of(each) for each in (call, *call.args) if isinstance(each, partial)}


def finished(call: Call) -> None:
    """Call it, and read the plans that it may give: they are made while they are read."""
    answer = call()
    if isinstance(answer, Iterator):
        for run in answer:
            assert isinstance(run, PlannedRun)
            assert list(run.plans)


def lived_in_house(url: str) -> House:
    """Anita has the condor directly; bala by zebu, charged once."""
    made = House.furnished(url)
    direct, by_partner = made.subscribed(by=ANITA), made.subscribed(BALA)
    charge = made.app.billing.charge_next(BILLING, by_partner.terms.subscription_id, through=TODAY)
    assert charge is not None
    assert (direct.terms.subscription_id, by_partner.terms.subscription_id, charge.charge_id) == (
        DIRECT,
        BY_PARTNER,
        CHARGED,
    )
    assert made.app.partners.keys(ADMIN, ZEBU)[0].api_key_id == FIRST_KEY
    return made
