"""Whatever the service or its client library fails by is an error of the seam that says what to do."""

from collections.abc import Iterator

import boto3
import botocore.discovery
import botocore.exceptions
import botocore.parsers
import msgspec
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from quantleap.adapters.store.engines.dynamodb_errors import (
    CODES,
    LIBRARY,
    LIBRARY_ERRORS,
    MISMATCHES,
    OTHER,
    SETTLED_BY_THE_CALL,
    fault,
    mismatch,
)
from quantleap.adapters.store.engines.dynamodb_refusals import REASONS
from quantleap.adapters.store.seam import (
    InvalidWriteError,
    StoreMissingError,
    StoreUnavailableError,
    WriteConflictError,
)

TABLE = "TradingConfigurations"
SECRET = "AKIAIOSFODNN7EXAMPLE"
"""Source: the example of an access key in Amazon's documentation."""

OPERATIONS = {
    "dynamodb": (
        "CreateTable",
        "DescribeTable",
        "UpdateTable",
        "DescribeTimeToLive",
        "UpdateTimeToLive",
        "DescribeContinuousBackups",
        "UpdateContinuousBackups",
        "GetItem",
        "BatchGetItem",
        "Query",
        "Scan",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "TransactWriteItems",
    ),
    "dynamodbstreams": ("DescribeStream", "GetShardIterator", "GetRecords"),
}

COMMON = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "OptInRequired",
    "RequestAbortedException",
    "RequestExpired",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ThrottlingException",
    "UnrecognizedClientException",
    "UnknownOperationException",
}
"""Source: Amazon DynamoDB API reference and IAM API reference, common errors."""

CANCELLATION_REASONS = {
    "ConditionalCheckFailed",
    "ItemCollectionSizeLimitExceeded",
    "TransactionConflict",
    "ProvisionedThroughputExceeded",
    "ThrottlingError",
    "ValidationError",
}
"""Source: Amazon DynamoDB, TransactWriteItems, cancellation reasons."""

_NO_S3 = "belongs to S3"
_NOT_CALLED = "nothing that is called here raises it"
_OWN_REQUESTS = "requests are built here, by names the library knows"
IMPOSSIBLE = {
    "AliasConflictParameterError": _OWN_REQUESTS,
    "ApiVersionNotFoundError": "no version of an API is asked for",
    "AwsChunkedWrapperError": _NO_S3,
    "CapacityNotAvailableError": "belongs to the adaptive mode of repeats",
    "ChecksumError": "the standard mode of repeats asks again instead",
    "FlexibleChecksumError": _NO_S3,
    "InvalidChecksumConfigError": _NO_S3,
    "InvalidDNSNameError": _NO_S3,
    "InvalidExpressionError": "no JMESPath is asked for",
    "InvalidMaxRetryAttemptsError": "how often is set here",
    "InvalidS3AddressingStyleError": _NO_S3,
    "InvalidS3UsEast1RegionalEndpointConfigError": _NO_S3,
    "MD5UnavailableError": "no body has an MD5",
    "MissingParametersError": _OWN_REQUESTS,
    "OperationNotPageableError": "no paginator is asked for",
    "PaginationError": "no paginator is asked for",
    "ParamValidationError": "its checks are turned off",
    "RangeError": _OWN_REQUESTS,
    "StubAssertionError": "belongs to the library's stubs",
    "StubResponseError": "belongs to the library's stubs",
    "UnStubbedResponseError": "belongs to the library's stubs",
    "UnknownClientMethodError": _OWN_REQUESTS,
    "UnknownKeyError": _OWN_REQUESTS,
    "UnknownParameterError": _OWN_REQUESTS,
    "UnknownServiceStyle": _NOT_CALLED,
    "UnseekableStreamError": "bodies are bytes",
    "UnsupportedOutpostResourceError": _NO_S3,
    "UnsupportedS3AccesspointConfigurationError": _NO_S3,
    "UnsupportedS3ArnError": _NO_S3,
    "UnsupportedS3ConfigurationError": _NO_S3,
    "UnsupportedS3ControlArnError": _NO_S3,
    "UnsupportedS3ControlConfigurationError": _NO_S3,
    "ValidationError": "raised of a region alone, as InvalidRegionError",
    "WaiterConfigError": "no waiter is asked for",
    "WaiterError": "no waiter is asked for",
}
"""What the library raises for services, helpers or arguments that are not used here, with the reason."""

SETTINGS = {
    "BaseEndpointResolverError",
    "ConfigNotFound",
    "ConfigParseError",
    "EndpointProviderError",
    "EndpointResolutionError",
    "EndpointVariantError",
    "InfiniteLoopConfigError",
    "InvalidConfigError",
    "InvalidDefaultsMode",
    "InvalidEndpointConfigurationError",
    "InvalidEndpointDiscoveryConfigurationError",
    "InvalidHostLabelError",
    "InvalidIMDSEndpointError",
    "InvalidIMDSEndpointModeError",
    "InvalidProxiesConfigError",
    "InvalidRetryConfigurationError",
    "InvalidRetryModeError",
    "InvalidSTSRegionalEndpointsConfigError",
    "ServiceNotInRegionError",
    "UnknownCredentialError",
    "UnknownEndpointError",
    "UnknownEndpointResolutionBuiltInName",
    "UnknownFIPSEndpointError",
    "UnknownSignatureVersionError",
    "UnknownTokenProviderError",
    "UnsupportedServiceProtocolsError",
    "UnsupportedSignatureVersionError",
}
"""What the library raises for settings it cannot use: these alone are left to the text of `BotoCoreError`."""

ADVICE = (
    *("again", "mend", "renew", "raise its limits", "create it", "set them", "grant", "name it", "add ", "install"),
    *("run `quantleap init`", "name another table", "drop some", "subscribe it", "look the code up"),
)


def subclasses(kind: type[BotoCoreError]) -> Iterator[type[BotoCoreError]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from subclasses(inner)


def library_errors() -> list[type[BotoCoreError]]:
    """Those of the library itself: other packages derive theirs, which it never raises."""
    found = {kind for kind in subclasses(BotoCoreError) if kind.__module__.startswith(("botocore.", "boto3."))}
    return sorted(found, key=lambda kind: kind.__name__)


def nearest(kind: type[BaseException]) -> str:
    return next(base.__name__ for base in kind.__mro__ if base.__name__ in LIBRARY)


def client_error(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "GetItem")


def error_codes(service: str, operation: str) -> set[str]:
    client = boto3.client(service, region_name="ap-south-1")  # type: ignore[call-overload] # a name that is no literal
    model = client.meta.service_model.operation_model(operation)
    return {shape.metadata.get("error", {}).get("code", shape.name) for shape in model.error_shapes}


@pytest.mark.parametrize("service", OPERATIONS)
def test_every_code_of_an_operation_that_is_used_is_in_the_table_or_settled_by_the_call(service: str) -> None:
    codes = {code for operation in OPERATIONS[service] for code in error_codes(service, operation)}
    assert codes
    assert codes - CODES.keys() - SETTLED_BY_THE_CALL == set()


def test_every_code_that_all_operations_may_fail_by_is_in_the_table() -> None:
    assert COMMON - CODES.keys() == set()


def test_no_code_is_both_in_the_table_and_settled_by_the_call() -> None:
    assert CODES.keys() & SETTLED_BY_THE_CALL == set()


def test_every_reason_of_a_cancelled_transaction_is_in_the_table_or_settled_by_the_call() -> None:
    assert {*REASONS, "ConditionalCheckFailed", "ValidationError"} == CANCELLATION_REASONS
    assert set(REASONS.values()) <= CODES.keys()


def test_every_error_of_the_library_has_a_text_of_its_own_or_is_one_of_settings_or_cannot_happen() -> None:
    left = {kind.__name__ for kind in library_errors() if nearest(kind) == "BotoCoreError"}
    assert left == (SETTINGS | IMPOSSIBLE.keys())
    assert SETTINGS & IMPOSSIBLE.keys() == set()


def test_every_name_in_the_table_is_one_of_the_library_s() -> None:
    there = {base.__name__ for kind in library_errors() for base in kind.__mro__ if issubclass(base, BotoCoreError)}
    there |= {base.__name__ for kind in LIBRARY_ERRORS for base in kind.__mro__}
    assert LIBRARY.keys() - there == set()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (botocore.exceptions.UnauthorizedSSOTokenError, "SSOError"),
        (botocore.exceptions.SSLError, "SSLError"),
        (botocore.exceptions.EndpointConnectionError, "ConnectionError"),
        (botocore.exceptions.ResponseStreamingError, "ResponseStreamingError"),
        (botocore.exceptions.ConfigParseError, "BotoCoreError"),
        (botocore.discovery.EndpointDiscoveryRefreshFailed, "EndpointDiscoveryException"),
        (botocore.parsers.ResponseParserError, "ResponseParserError"),
        (msgspec.ValidationError, "MsgspecError"),
    ],
)
def test_an_error_has_the_text_of_its_nearest_base(kind: type[Exception], name: str) -> None:
    assert nearest(kind) == name
    assert LIBRARY[name].text in str(fault(bare(kind), TABLE))


def bare(kind: type[Exception]) -> Exception:
    """An error of that class that holds a secret."""
    error = kind.__new__(kind)
    error.args = (SECRET,)
    return error


def every_fault() -> list[tuple[str, Exception]]:
    kinds: list[type[Exception]] = [*library_errors(), botocore.parsers.ResponseParserError, msgspec.DecodeError]
    return [
        *((code, client_error(code, SECRET)) for code in [*CODES, *sorted(SETTLED_BY_THE_CALL), "SomethingNew", ""]),
        *((kind.__name__, bare(kind)) for kind in kinds),
    ]


@pytest.mark.parametrize("error", [pytest.param(error, id=name) for name, error in every_fault()])
def test_a_fault_is_one_line_that_says_what_to_do_and_holds_no_secret(error: Exception) -> None:
    found = fault(error, TABLE)
    text = str(found)
    assert type(found) in {StoreUnavailableError, StoreMissingError, WriteConflictError, InvalidWriteError}
    assert text.startswith(f"table {TABLE} ")
    assert "\n" not in text
    assert SECRET not in text
    assert any(advice in text for advice in ADVICE)


@pytest.mark.parametrize("code", CODES)
def test_a_fault_names_its_code_for_whoever_looks_it_up(code: str) -> None:
    assert str(fault(client_error(code), TABLE)).endswith(f" ({code})")


@pytest.mark.parametrize("code", ["TransactionConflictException", "ReplicatedWriteConflictException"])
def test_only_what_another_write_holds_off_is_a_conflict(code: str) -> None:
    assert isinstance(fault(client_error(code), TABLE), WriteConflictError)
    assert {code for code, known in CODES.items() if known.error is WriteConflictError} == {
        "TransactionConflictException",
        "TransactionInProgressException",
        "ReplicatedWriteConflictException",
    }


def test_a_code_that_is_not_known_is_a_fault_that_names_it() -> None:
    assert str(fault(client_error("SomethingNew"), TABLE)) == f"table {TABLE} {OTHER.text} (SomethingNew)"
    assert str(fault(ClientError({"Error": {}}, "GetItem"), TABLE)) == f"table {TABLE} {OTHER.text} (no code)"


MESSAGES: dict[str, str] = {
    "The table does not have the specified index: UserSubscriptions": "lacks an index",
    "The provided key element does not match the schema": "other keys",
    "One or more parameter values were invalid: Missing the key pk in the item": "other keys",
    "One of the required keys was not given a value": "other keys",
    "The number of conditions on the keys is invalid": "other keys",
    "Query condition missed key schema element: pk": "other keys",
    "Query key condition not supported": "other keys",
    "One or more parameter values were invalid: Type mismatch for key sort_key expected: N actual: S": "other keys",
    "Invalid table/index name.  Table/index names must be between 3 and 255 characters long": "no name",
    "1 validation error detected: Value 'a b' at 'tableName' failed to satisfy constraint": "no name",
}


@pytest.mark.parametrize(("message", "text"), MESSAGES.items())
def test_a_message_about_another_table_says_what_to_do(message: str, text: str) -> None:
    found = mismatch(message, TABLE)
    assert isinstance(found, StoreUnavailableError)
    assert text in str(found)
    assert any(advice in str(found) for advice in ADVICE)


def test_each_part_of_a_message_that_is_looked_for_has_an_example() -> None:
    assert [part for part in MISMATCHES if not any(part in message for message in MESSAGES)] == []


@pytest.mark.parametrize(
    "message",
    [
        "An operand in the update expression has an incorrect data type",
        "Item size to update has exceeded the maximum allowed size",
        "",
    ],
)
def test_a_message_about_the_item_is_none_about_the_table(message: str) -> None:
    assert mismatch(message, TABLE) is None
