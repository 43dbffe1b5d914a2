"""A subscriber as the index of a template's subscribers projects it, back as the row of a plan."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.allocations import read_allocation_of
from quantleap.adapters.store.records.subscriptions import read_partner_id
from quantleap.adapters.store.records.values import Reading, well_formed
from quantleap.adapters.store.seam import Item
from quantleap.domain.execution.plan import PlanRow
from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.multiplier import Multiplier


def read_plan_row(item: Item) -> PlanRow:
    """What the subscribers' index projects for a plan; its key names the subscription. Raises CorruptDataError."""
    reading = Reading(item)
    with well_formed(item):
        return PlanRow(
            subscription_id=reading.text("sort_key").removeprefix(keys.SUBSCRIPTION_PREFIX),
            mode=Mode.TEST if reading.text("user_id").startswith(keys.TEST_PREFIX) else Mode.LIVE,
            partner_id=read_partner_id(reading),
            multiplier=Multiplier(reading.number("multiplier_micros")),
            ends_on=reading.maybe_day("ends_on"),
            allocation=read_allocation_of(reading) if reading.has("allocation") else None,
            version=reading.number("version"),
        )
