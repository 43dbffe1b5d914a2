"""A user's broker accounts for a basket."""

from quantleap.application.stamping import Stamping
from quantleap.domain.errors import AllocationNotFoundError, PermissionDeniedError, TemplateNotFoundError
from quantleap.domain.identifiers import Email, Mode, template_id
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.principals import Admin, PartnerBackend, Principal, System, User, mode_of
from quantleap.domain.validation import checked_instance
from quantleap.ports.subscriptions import Allocations
from quantleap.ports.templates import Templates
from quantleap.ports.unit_of_work import UnitOfWork


class Allocating:
    """Reads and replaces allocations: a user their own, the platform anybody's, a partner nobody's."""

    def __init__(self, allocations: Allocations, templates: Templates, units: UnitOfWork, stamping: Stamping) -> None:
        self._allocations = allocations
        self._templates = templates
        self._units = units
        self._stamping = stamping

    def get(self, by: Principal, basket_id: str, *, user: Email | None = None) -> Allocation:
        """The allocation. Raises AllocationNotFoundError, PermissionDeniedError."""
        mode, owner = _whose(by, user)
        allocation = self._allocations.get(mode, owner, template_id(basket_id, "basket_id"))
        if allocation is None:
            raise AllocationNotFoundError(basket_id)
        return allocation

    def put(
        self,
        by: Principal,
        basket_id: str,
        allocation: Allocation,
        *,
        user: Email | None = None,
        request_id: str | None = None,
    ) -> Allocation:
        """Replace it; the live subscription trades by it from the next run on.

        Raises TemplateNotFoundError (a draft is not there either), InvalidInputError, and ConcurrentUpdateError when
        the subscription changed meanwhile: repeat.
        """
        mode, owner = _whose(by, user)
        checked_instance(allocation, Allocation, "allocation")
        template = self._templates.shown(template_id(basket_id, "basket_id"))
        if template is None or template.marketplace_enabled_at is None:
            raise TemplateNotFoundError(basket_id)
        stamp = self._stamping.stamp(by, request_id=request_id)
        writes = self._allocations.replacing(mode, owner, basket_id, allocation, stamp)
        self._units.commit(*writes, outcome=allocation)
        return allocation

    def delete(
        self, by: Principal, basket_id: str, *, user: Email | None = None, request_id: str | None = None
    ) -> None:
        """Remove it: runs are skipped until there is another. Raises as `get` and `put` do."""
        mode, owner = _whose(by, user)
        self.get(by, basket_id, user=user)
        stamp = self._stamping.stamp(by, request_id=request_id)
        self._units.commit(*self._allocations.replacing(mode, owner, basket_id, None, stamp), outcome=None)


def _whose(by: Principal, user: Email | None) -> tuple[Mode, Email]:
    match by:
        case User(email=email) if user in (None, email):
            return Mode.LIVE, email
        case Admin() | System() if user is not None:
            return mode_of(by), user
        case User() | PartnerBackend() | Admin() | System():
            raise PermissionDeniedError("user")
