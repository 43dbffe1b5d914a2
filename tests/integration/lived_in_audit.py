"""What the audit trail asks of a store in which everything happened: followed in both modes, and read in each way."""

from tests.integration.application.house import ADMIN, ANITA, CONDOR, ZEBU, House

from quantleap.application.feed_walking import SAVED_EVERY
from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.paging import ListRequest
from quantleap.domain.principals import Admin

TEST_ADMIN = Admin(ADMIN.email, Mode.TEST)


def audit(house: House) -> None:
    """Some of what the trail must tell is gone already when it is followed."""
    app, user = house.app, ANITA.email
    app.allocations.put(TEST_ADMIN, CONDOR, Allocation.single("zebu", "AB1234"), user=user)
    app.allocations.delete(TEST_ADMIN, CONDOR, user=user)
    assert app.auditing.follow() > 0
    house.clock.move_to(house.clock.now() + SAVED_EVERY)  # so that the checkpoint is moved though nothing was changed
    assert app.auditing.follow() == 0
    few = ListRequest(5)
    for found in (
        app.auditing.entries(ADMIN, few),
        app.auditing.entries(ADMIN, few, partner_id=ZEBU),
        app.auditing.entries(ADMIN, few, actor=str(ZEBU)),
    ):
        assert len(found.entries) == few.limit
