"""What is known of one request while it is served: for the access log, and for whoever tells an error."""

from typing import Any, cast

from attrs import define

from quantleap.entrypoints.api.route import Route

_KEY = "quantleap.exchange"


@define
class Exchange:
    """Filled in as the request goes on. Of what the caller sent it holds a partner's id alone, once that was proved."""

    request_id: str
    route: Route | None = None
    partner_id: str | None = None
    status: int | None = None

    @classmethod
    def begun(cls, scope: Any, request_id: str) -> "Exchange":
        """A new one, found again by `of` with the same ASGI scope."""
        exchange = cls(request_id)
        scope[_KEY] = exchange
        return exchange

    @classmethod
    def of(cls, scope: Any) -> "Exchange":
        """The one of that ASGI scope."""
        return cast("Exchange", scope[_KEY])
