"""Partners as they were a moment ago."""

from quantleap.application.recent import Recent
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.partner import Partner
from quantleap.ports.partners import Partners
from quantleap.ports.system import Clock, Staleness

_MAX_PARTNERS = 1000


class RecentPartners:
    """Each as it was at most the staleness ago."""

    def __init__(self, *, partners: Partners, clock: Clock, staleness: Staleness) -> None:
        self._partners = partners
        self._known: Recent[PartnerId, Partner] = Recent(clock, staleness.at_most, size=_MAX_PARTNERS)

    def get(self, partner_id: PartnerId) -> Partner | None:
        """The partner."""
        return self._known.get(partner_id, self._partners.get)
