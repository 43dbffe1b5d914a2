"""Chapter six: who left gets the month back in three parts, and the commission goes back with them exactly."""

from datetime import date

from quantleap.domain.commissions.ledger import AccountKind, LedgerTransaction
from quantleap.domain.errors import RefundExceedsChargeError
from quantleap.domain.money import Money
from quantleap.entrypoints.cli.demo.chapter import Chapter, Check, amount, rupees
from quantleap.entrypoints.cli.demo.stage import Stage, moment
from quantleap.entrypoints.cli.output.views import Facts, Table, shown

PARTS = (
    (date(2026, 11, 26), amount("100.05")),
    (date(2026, 11, 27), amount("100.05")),
    (date(2026, 11, 30), amount("798.90")),
)
"""Such that the commission of each part, rounded by itself, would come to a paisa more than the commission."""

PRICE_PAISE, COMMISSION_PAISE = 99_900, 29_970


def refund_one(stage: Stage) -> Chapter:
    """Refund in parts, repeat the last one, which changes nothing, and try one paisa too much."""
    charge = stage.charges[-1]
    postings = []
    for number, (day, part) in enumerate(PARTS, 1):
        stage.clock.move_to(moment(12, 0, day))
        postings.append(stage.app.billing.refund(stage.admin, charge.charge_id, part, reference=f"refund-{number}"))
    repeated = stage.app.billing.refund(stage.admin, charge.charge_id, PARTS[-1][1], reference=f"refund-{len(PARTS)}")
    refused = _refusal_of_more(stage, charge.charge_id)
    rows = [
        (day, part, clawback := _clawed_back(posting), part - clawback)
        for (day, part), posting in zip(PARTS, postings, strict=True)
    ]
    refunded = sum((row[1] for row in rows), start=rupees(0))
    clawed_back = sum((row[2] for row in rows), start=rupees(0))
    rounded_alone = sum((part.share(charge.rate) for _, part in PARTS), start=rupees(0))
    return Chapter(
        key="refunding",
        title="One refund in three parts",
        document={
            "charge_id": charge.charge_id,
            "parts": [
                {
                    "on": day,
                    "refund": part.major_decimal(),
                    "clawed_back": clawback.major_decimal(),
                    "platform": platform.major_decimal(),
                }
                for day, part, clawback, platform in rows
            ],
            "refunded": refunded.major_decimal(),
            "clawed_back": clawed_back.major_decimal(),
            "currency": refunded.currency,
            "one_paisa_more": refused,
        },
        views=(
            Table(
                ("on", "refund", "partner gives back", "platform gives back"),
                (*rows, ("together", refunded, clawed_back, refunded - clawed_back)),
                ("refund", "partner gives back", "platform gives back"),
            ),
            Facts(
                (
                    ("each part rounded by itself", f"{shown(rounded_alone)}, which would not be the commission"),
                    ("one paisa more", f"refused: {refused}"),
                )
            ),
        ),
        checks=(
            Check("the parts add up to 999.00", rupees(PRICE_PAISE), refunded),
            Check("exactly the commission of 299.70 is clawed back", rupees(COMMISSION_PAISE), clawed_back),
            Check("a refund that is repeated posts once", postings[-1].transaction_id, repeated.transaction_id),
            Check("more than was charged is refused", expected=True, found=bool(refused)),
        ),
    )


def _clawed_back(posting: LedgerTransaction) -> Money:
    return Money(posting.amount_on(AccountKind.PARTNER_COMMISSION), posting.currency)


def _refusal_of_more(stage: Stage, charge_id: str) -> str:
    try:
        stage.app.billing.refund(stage.admin, charge_id, rupees(1), reference="refund-too-much")
    except RefundExceedsChargeError as refusal:
        return str(refusal)
    return ""
