"""What the chapters share: the application on its driven clock, who acts, and what they hand on."""

from datetime import date, datetime, time

from attrs import Factory, define

from quantleap.composition import Application, DrivenClock
from quantleap.domain.billing.charge import Charge
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.periods import KOLKATA
from quantleap.domain.principals import Admin, PartnerBackend

BASKET_ID = "basket_admin_8f3e2a1b"
PARTNER_ID = PartnerId("zebu", Mode.LIVE)
TRADE_DATE = date(2026, 11, 25)
"""A Wednesday on which the exchange trades, after the holiday of Guru Nanak's birthday."""


def moment(hour: int, minute: int, day: date = TRADE_DATE) -> datetime:
    """That minute of the day, Asia/Kolkata."""
    return datetime.combine(day, time(hour, minute), KOLKATA)


@define
class Stage:
    """`subscriptions` are ids, and `charges` their first ones.

    `backend` is the partner's server, which may do nothing until its key is proved.
    """

    app: Application
    clock: DrivenClock
    owner: Email
    users: int
    backend: PartnerBackend = Factory(lambda: PartnerBackend(PARTNER_ID, ()))
    subscriptions: list[str] = Factory(list)
    charges: list[Charge] = Factory(list)

    @property
    def admin(self) -> Admin:
        """The owner of the templates."""
        return Admin(self.owner)

    def user(self, number: int) -> Email:
        """u0001@example.com and so on."""
        return Email(f"u{number:04d}@example.com")
