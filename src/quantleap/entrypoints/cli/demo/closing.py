"""The last chapters: the partner reads its statement, and the store is verified."""

from quantleap.domain.money import Money
from quantleap.domain.periods import Month
from quantleap.entrypoints.cli.demo.chapter import Chapter, Check, rupees
from quantleap.entrypoints.cli.demo.stage import PARTNER_ID, TRADE_DATE, Stage
from quantleap.entrypoints.cli.statement_views import totals_document, totals_view
from quantleap.entrypoints.cli.verdict_views import verdict_document, verdict_views

COMMISSION_PAISE = 29_970
REFUNDS = 3


def state_partner(stage: Stage) -> Chapter:
    """The statement that the partner itself reads: all charges, less what the one refund took back."""
    statement = stage.app.statements.statement(stage.backend, PARTNER_ID, Month.of(TRADE_DATE))
    total = Money(statement.total_minor, statement.currency)
    return Chapter(
        key="statement",
        title="The partner's statement",
        document=totals_document(statement),
        views=(totals_view(statement),),
        checks=(
            Check("its total is 299.70 a user who stayed", rupees((stage.users - 1) * COMMISSION_PAISE), total),
            Check("it has a line a subscription", stage.users, len(statement.lines)),
        ),
    )


def verify_store(stage: Stage) -> Chapter:
    """Ledger, charges, markers and counters against each other."""
    verdict = stage.app.verification.verify(stage.admin)
    return Chapter(
        key="verify",
        title="The store is verified",
        document=verdict_document(verdict),
        views=verdict_views(verdict),
        checks=(
            Check("nothing differs", 0, len(verdict.differences)),
            Check("every posting is in the ledger", stage.users + REFUNDS, verdict.transactions),
        ),
    )
