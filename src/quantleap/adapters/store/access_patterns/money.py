"""Charges and the ledger."""

from quantleap.adapters.store.access_patterns.pattern import AccessPattern, Operation
from quantleap.adapters.store.entities import CHARGE, LEDGER, POSTED_TRANSACTION, SUBSCRIPTION

_REFERENCED = ("billing.refund", "billing.adjust", "billing.pay_out")

MONEY = (
    AccessPattern("a charge", Operation.GET, (CHARGE,), ("billing.refund",), consistent=True),
    AccessPattern(
        "whether a reference was posted",
        Operation.GET,
        (POSTED_TRANSACTION,),
        _REFERENCED,
        consistent=True,
        requests="1, and 1 more where the posting is refused",
    ),
    AccessPattern("what was posted under a reference", Operation.GET, (LEDGER,), _REFERENCED, consistent=True),
    AccessPattern(
        "what was posted for a partner in a month",
        Operation.QUERY,
        (LEDGER,),
        ("statements.statement",),
        consistent=True,
        requests="1 a page of 1 MB, for each month since the partner was made",
    ),
    AccessPattern("charge a period", Operation.TRANSACT, (SUBSCRIPTION, CHARGE, LEDGER), ("billing.charge_next",)),
    AccessPattern("refund a charge", Operation.TRANSACT, (CHARGE, LEDGER, POSTED_TRANSACTION), ("billing.refund",)),
    AccessPattern(
        "correct a partner's commission or pay it out",
        Operation.TRANSACT,
        (LEDGER, POSTED_TRANSACTION),
        ("billing.adjust", "billing.pay_out"),
    ),
)
