"""What partners may show of how templates fared."""

from typing import Protocol

from quantleap.domain.identifiers import PartnerId


class Disclosure(Protocol):
    """Apart from the partners' records, which whoever shows a template needs nothing else of."""

    def shows_performance(self, partner_id: PartnerId) -> bool | None:
        """Whether past and expected returns are shown to that partner; None where there is no such partner."""
