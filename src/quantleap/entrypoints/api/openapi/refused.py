"""An example of every refusal, told as the API tells it."""

from collections.abc import Mapping
from typing import Any

from quantleap.domain import errors as domain
from quantleap.domain.errors import QuantleapError
from quantleap.domain.partners.permissions import Permission
from quantleap.entrypoints.api import problems
from quantleap.entrypoints.api.errors import envelope_of
from quantleap.entrypoints.api.request import MAX_BODY_BYTES
from quantleap.ports import errors as ports

_REQUEST_ID = "req_a7f3e2b1c4d5"
_BASKET, _SUBSCRIPTION, _KEY = "basket_admin_8f3e2a1b", "sub_zebu_0190a3f2", "key_0190a3f2"

_REFUSED: tuple[QuantleapError, ...] = (
    QuantleapError(),
    domain.InvalidInputError("limit", "must be from 1 to 100"),
    domain.TemplateNotFoundError(_BASKET),
    domain.StrategyNotFoundError("strat_nifty_ic_0920"),
    domain.SubscriptionNotFoundError(_SUBSCRIPTION),
    domain.AllocationNotFoundError(_BASKET),
    domain.PartnerNotFoundError("partner_zebu_live"),
    domain.ApiKeyNotFoundError(_KEY),
    domain.DuplicateSubscriptionError(_SUBSCRIPTION),
    domain.AlreadyExistsError("basket", _BASKET),
    domain.ConcurrentUpdateError(f"basket {_BASKET}"),
    domain.KeyAlreadyRotatedError(_KEY),
    domain.KeyNotUsableError(_KEY),
    domain.SecretShownBeforeError(_KEY),
    domain.InvalidCredentialsError(),
    domain.KeyExpiredError(_KEY),
    domain.KeyRevokedError(_KEY),
    domain.PermissionDeniedError(Permission.SUBSCRIPTIONS_WRITE),
    domain.NotTheOwnerError(),
    domain.RateLimitExceededError(60, 0, 1_795_674_660, 1),
    domain.IdempotencyKeyReusedError(),
    domain.InvalidStatusTransitionError("pause", "ACTIVE", "PAUSED"),
    domain.InvalidListingMoveError("delete", "LISTED"),
    domain.HistoryFullError(_SUBSCRIPTION, 200),
    problems.MalformedRequestError(),
    problems.BodyTooLargeError(MAX_BODY_BYTES),
    problems.SlowBodyError(),
    problems.UnsupportedMediaTypeError(),
    ports.UnavailableError("the store cannot be reached"),
    ports.BusyError("others hold it"),
)

_OF_KIND: Mapping[type[QuantleapError], QuantleapError] = {type(each): each for each in _REFUSED}


def example_name(kind: type[QuantleapError]) -> str:
    """What the example of such a refusal is called: `TemplateNotFound`."""
    return "Internal" if kind is QuantleapError else kind.__name__.removesuffix("Error")


def refusal_examples() -> dict[str, Any]:
    """The components that responses refer to."""
    return {example_name(kind): {"value": envelope_of(error, _REQUEST_ID)} for kind, error in _OF_KIND.items()}
