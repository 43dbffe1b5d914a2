"""A partner in one mode: who it is, what was agreed with it, how fast it may ask and what it may show."""

from datetime import datetime

from attrs import evolve, field, frozen

from quantleap.domain import identifiers
from quantleap.domain.commissions.agreement import CommissionAgreement
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.token_bucket import DEFAULT_LIMIT, MAX_LIMIT
from quantleap.domain.validation import checked_by, instance_of, instant, text, whole_number

MAX_NAME_CHARS = 120
MAX_VERSION = 10**9


@frozen(kw_only=True)
class Partner:
    """`rate_limit` is in requests a minute, 1 to 100,000; `broker_id` is the broker its subscribers' accounts are at.

    `show_performance` is its disclosure policy: whether past and expected returns are shown to it at all. Off unless
    switched on, since a broker in India may not refer to them (SEBI circular of 2 September 2022).
    """

    partner_id: PartnerId = field(validator=instance_of(PartnerId))
    display_name: str = field(validator=text(MAX_NAME_CHARS))
    broker_id: str = field(validator=checked_by(identifiers.broker_id))
    agreement: CommissionAgreement = field(validator=instance_of(CommissionAgreement))
    created_at: datetime = field(validator=instant)
    rate_limit: int = field(default=DEFAULT_LIMIT, validator=whole_number(1, MAX_LIMIT))
    show_performance: bool = field(default=False, validator=instance_of(bool))
    version: int = field(default=1, validator=whole_number(1, MAX_VERSION))

    def revised(
        self,
        *,
        display_name: str,
        broker_id: str,
        agreement: CommissionAgreement,
        rate_limit: int,
        show_performance: bool,
    ) -> "Partner":
        """The partner with all that an admin may change. Subscriptions made before keep the rate they agreed to."""
        return evolve(
            self,
            display_name=display_name,
            broker_id=broker_id,
            agreement=agreement,
            rate_limit=rate_limit,
            show_performance=show_performance,
            version=self.version + 1,
        )
