"""Chapter three: the month is charged, and shared between partner and platform to the paisa."""

from collections.abc import Iterable

from quantleap.domain.money import Money
from quantleap.domain.periods import kolkata_date
from quantleap.domain.principals import System
from quantleap.entrypoints.cli.demo.chapter import Chapter, Check, rupees
from quantleap.entrypoints.cli.demo.stage import Stage, moment
from quantleap.entrypoints.cli.output.printing import watched
from quantleap.entrypoints.cli.output.views import Facts

PRICE_PAISE, COMMISSION_PAISE, PLATFORM_PAISE = 99_900, 29_970, 69_930


def charge_month(stage: Stage) -> Chapter:
    """Charge everybody's first period, which is due in advance on the day they subscribed."""
    stage.clock.move_to(moment(9, 0))
    billing, today = System("billing"), kolkata_date(stage.clock.now())
    for subscription_id in watched(stage.subscriptions, "Charging", stage.users):
        charge = stage.app.billing.charge_next(billing, subscription_id, through=today)
        if charge is not None:
            stage.charges.append(charge)
    again = stage.app.billing.charge_next(billing, stage.subscriptions[0], through=today)
    gross = _total(charge.amount for charge in stage.charges)
    commission = _total(charge.commission for charge in stage.charges)
    platform = _total(charge.platform_share for charge in stage.charges)
    return Chapter(
        key="charging",
        title="The month is charged",
        document={
            "charges": len(stage.charges),
            "gross": gross.major_decimal(),
            "commission": commission.major_decimal(),
            "platform": platform.major_decimal(),
            "currency": gross.currency,
        },
        views=(
            Facts(
                (
                    ("charged", len(stage.charges)),
                    ("gross", gross),
                    ("partner's commission", commission),
                    ("platform's revenue", platform),
                )
            ),
        ),
        checks=(
            Check("gross is 999.00 a user", rupees(stage.users * PRICE_PAISE), gross),
            Check("commission is 299.70 a user", rupees(stage.users * COMMISSION_PAISE), commission),
            Check("the platform's revenue is 699.30 a user", rupees(stage.users * PLATFORM_PAISE), platform),
            Check("the two shares add up to the gross", gross, commission + platform),
            Check("nothing is charged twice", expected=False, found=again is not None),
        ),
    )


def _total(amounts: Iterable[Money]) -> Money:
    return sum(amounts, start=rupees(0))
