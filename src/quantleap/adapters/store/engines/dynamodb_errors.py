"""The service's and the client library's errors as errors of the seam, in one table."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from quantleap.adapters.store.seam import (
    InvalidWriteError,
    StoreError,
    StoreMissingError,
    StoreUnavailableError,
    WriteConflictError,
)


class _Fault(NamedTuple):
    error: type[StoreError]
    text: str


def _down(text: str) -> _Fault:
    return _Fault(StoreUnavailableError, text)


_CONFLICT = _Fault(WriteConflictError, "is being written by another: try again")
_THROTTLED = _down("is asked for more than it may take: try again later, or raise its limits")
_NO_TABLE = _Fault(
    StoreMissingError, "does not exist: create it with `quantleap init`, or mend the name, region or endpoint"
)
_BUSY_TABLE = _down("is being changed by another: try again when it is active")
_DENIED = _down("may not be used by these credentials: grant them what the operation needs")
_FAILED = _down("failed by a fault of the service: try again")
_AWAY = _down("cannot be reached now: try again")
_TOO_LATE = _down("was asked too late: try again, and mend the clock if it fails again")
_CREDENTIALS = _down("does not accept the credentials: mend or renew those in the environment")

CODES: Mapping[str, _Fault] = {
    "TransactionConflictException": _CONFLICT,
    "TransactionInProgressException": _CONFLICT,
    "ReplicatedWriteConflictException": _CONFLICT,
    "ProvisionedThroughputExceededException": _THROTTLED,
    "RequestLimitExceeded": _THROTTLED,
    "ThrottlingException": _THROTTLED,
    "LimitExceededException": _THROTTLED,
    "ItemCollectionSizeLimitExceededException": _Fault(
        InvalidWriteError, "has no room left in the item's partition: drop some there"
    ),
    "IdempotentParameterMismatchException": _Fault(
        InvalidWriteError, "was sent another transaction by that token: try again"
    ),
    "ResourceNotFoundException": _NO_TABLE,
    "TableNotFoundException": _NO_TABLE,
    "ResourceInUseException": _BUSY_TABLE,
    "TableInUseException": _BUSY_TABLE,
    "ContinuousBackupsUnavailableException": _down("cannot have backups yet: run `quantleap init` again later"),
    "InternalServerError": _FAILED,
    "InternalFailure": _FAILED,
    "ServiceUnavailable": _AWAY,
    "RequestTimeoutException": _AWAY,
    "RequestAbortedException": _AWAY,
    "RequestExpired": _TOO_LATE,
    "ExpiredIteratorException": _TOO_LATE,
    "InvalidEndpointException": _down("is not at that endpoint: mend the endpoint or region"),
    "AccessDeniedException": _DENIED,
    "AccessDenied": _DENIED,
    "NotAuthorized": _DENIED,
    "OptInRequired": _down("is of an account without the service: subscribe it, or mend the credentials or region"),
    "UnrecognizedClientException": _CREDENTIALS,
    "InvalidSignatureException": _CREDENTIALS,
    "IncompleteSignatureException": _CREDENTIALS,
    "IncompleteSignature": _CREDENTIALS,
    "MissingAuthenticationTokenException": _CREDENTIALS,
    "MissingAuthenticationToken": _CREDENTIALS,
    "ExpiredTokenException": _CREDENTIALS,
    "InvalidClientTokenId": _CREDENTIALS,
    "UnknownOperationException": _down("is at an endpoint that does not know the operation: mend the endpoint"),
}
"""By the service's error code. Refused conditions, cancelled transactions and failed validation depend on the call."""

SETTLED_BY_THE_CALL = frozenset(
    {
        "ConditionalCheckFailedException",
        "TransactionCanceledException",
        "ValidationException",
        "SerializationException",
        "TrimmedDataAccessException",
    }
)

_NO_SIGN_IN = _down("needs credentials and the sign-in gives none: sign in again")
_NOT_FETCHED = _down("needs credentials and they could not be fetched: renew them")
_UNREACHABLE = _down("cannot be reached: mend the endpoint, region or network")
_BROKEN_OFF = _down("broke off its answer: try again")
_NOT_THE_SERVICE = _down("is at an endpoint that does not answer as the service does: mend the endpoint or network")
_NO_REGION = _down("has a region that is none: mend it")
_SETTINGS = _down("cannot be used with the AWS settings here: mend those in the environment and ~/.aws/config")
_INSTALLATION = _down("cannot be used with the packages here: install quantleap[aws] anew")

LIBRARY: Mapping[str, _Fault] = {
    "NoCredentialsError": _down("needs credentials and there are none: set them in the environment"),
    "PartialCredentialsError": _down("needs credentials and these are incomplete: set them in the environment"),
    "CredentialRetrievalError": _NOT_FETCHED,
    "MetadataRetrievalError": _NOT_FETCHED,
    "RefreshWithMFAUnsupportedError": _NOT_FETCHED,
    "TokenRetrievalError": _NO_SIGN_IN,
    "NoAuthTokenError": _NO_SIGN_IN,
    "SSOError": _NO_SIGN_IN,
    "LoginError": _NO_SIGN_IN,
    "ProfileNotFound": _down("needs credentials and their profile is not there: mend AWS_PROFILE"),
    "NoRegionError": _down("needs a region: add ?region=ap-south-1 to the URL or set AWS_REGION"),
    "InvalidRegionError": _NO_REGION,
    "UnknownRegionError": _NO_REGION,
    "ConnectTimeoutError": _down("cannot be reached in time: mend the endpoint, region or network"),
    "ReadTimeoutError": _down("did not answer in time: try again"),
    "ConnectionClosedError": _down("closed the connection: try again"),
    "SSLError": _down("cannot be reached safely: mend its certificate, the endpoint or the clock"),
    "ProxyConnectionError": _down("cannot be reached through the proxy: mend the proxy's settings"),
    "ResponseStreamingError": _BROKEN_OFF,
    "IncompleteReadError": _BROKEN_OFF,
    "HTTPClientError": _UNREACHABLE,
    "ConnectionError": _UNREACHABLE,
    "EndpointDiscoveryException": _UNREACHABLE,
    "ResponseParserError": _NOT_THE_SERVICE,
    "MsgspecError": _NOT_THE_SERVICE,
    "DataNotFoundError": _INSTALLATION,
    "MissingDependencyException": _INSTALLATION,
    "BotoCoreError": _SETTINGS,
}
"""By the class of the client library's own error, or its nearest base in this table.

By name, for not every version of the library has each. What is left to `BotoCoreError` are settings it cannot use.
"""

LIBRARY_ERRORS = (BotoCoreError, ResponseParserError, msgspec.MsgspecError)
"""All that the client library, and the decoder put into it, raise of themselves."""

OTHER = _down("failed for a reason not known here: look the code up, and try again when it is mended")

_OTHER_KEYS = "has other keys than a store of quantleap: name another table"
_NO_NAME = "is no name a table can have: name it by 3 to 255 letters, digits, `_`, `-` and `.`"

MISMATCHES: Mapping[str, str] = {
    "table/index name": _NO_NAME,
    "tableName' failed": _NO_NAME,
    "specified index": "lacks an index: run `quantleap init`",
    "key element": _OTHER_KEYS,
    "key schema": _OTHER_KEYS,
    "conditions on the keys": _OTHER_KEYS,
    "key condition not supported": _OTHER_KEYS,
    "Missing the key": _OTHER_KEYS,
    "required keys": _OTHER_KEYS,
    "Type mismatch for key": _OTHER_KEYS,
}
"""Parts of a ValidationException's message that tell of a table which is none of ours."""


def fault(error: Exception, table: str) -> StoreError:
    """The seam's error for one of LIBRARY_ERRORS or a ClientError.

    In one line that says what to do and holds no credential.
    """
    if isinstance(error, ClientError):
        code = error.response["Error"].get("Code", "")
        found = CODES.get(code, OTHER)
        return found.error(f"table {table} {found.text} ({code or 'no code'})")
    nearest = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in LIBRARY)
    found = LIBRARY[nearest]
    return found.error(f"table {table} {found.text} ({type(error).__name__})")


def mismatch(message: str, table: str) -> StoreUnavailableError | None:
    """The error for a table that is none of ours, where the message tells of one."""
    for part, text in MISMATCHES.items():
        if part in message:
            return StoreUnavailableError(f"table {table} {text}")
    return None


def code_of(error: ClientError) -> str:
    """The service's error code."""
    return error.response["Error"].get("Code", "")
