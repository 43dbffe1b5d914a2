"""Why a write was not done: refused by its conditions, invalid for the item there, or kept off by another's."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from quantleap.adapters.store.engines.dynamodb_errors import CODES, OTHER, code_of, fault, mismatch
from quantleap.adapters.store.engines.dynamodb_values import Stored, decoded_item
from quantleap.adapters.store.engines.evaluation import holds, identical
from quantleap.adapters.store.seam import (
    InvalidWriteError,
    Item,
    Put,
    Refusal,
    StoreError,
    Write,
    WriteRefusedError,
)

REASONS: Mapping[str, str] = {
    "TransactionConflict": "TransactionConflictException",
    "ThrottlingError": "ThrottlingException",
    "ProvisionedThroughputExceeded": "ProvisionedThroughputExceededException",
    "ItemCollectionSizeLimitExceeded": "ItemCollectionSizeLimitExceededException",
}
"""A cancelled transaction's reasons as the codes that a single write fails by.

Source: Amazon DynamoDB, TransactWriteItems, cancellation reasons.
"""

_REFUSED, _INVALID = "ConditionalCheckFailed", "ValidationError"
_REPEATED_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


def is_worth_repeating(error: ClientError) -> bool:
    """Whether nothing but another's work kept the write off, which the client does not repeat by itself."""
    return code_of(error) == "TransactionConflictException" or any(
        reason.get("Code") in _REPEATED_REASONS for reason in _reasons(error)
    )


def was_repeated(error: ClientError) -> bool:
    """Whether the client sent it more than once, so that an answer may have been lost."""
    return error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0


def write_error(error: ClientError, writes: Sequence[Write], table: str, *, may_be_done: bool) -> StoreError | None:
    """The seam's error for the failure of one write or of a transaction; None where it had been done before.

    That is possible where `may_be_done`: it was sent before, and its answer may have been lost.
    """
    match code_of(error):
        case "ConditionalCheckFailedException":
            if may_be_done and _is_done(error, writes[0]):
                return None
            return _refused(writes, {0: _item(error.response)})
        case "TransactionCanceledException":
            return _cancelled(_reasons(error), writes, table)
        case "ValidationException":
            return _invalid(error.response["Error"].get("Message", ""), table)
        case _:
            return fault(error, table)


def _cancelled(reasons: Sequence[Mapping[str, Any]], writes: Sequence[Write], table: str) -> StoreError:
    refused = {number: _item(reason) for number, reason in enumerate(reasons) if reason.get("Code") == _REFUSED}
    if refused:
        return _refused(writes, refused)
    reason = next((reason for reason in reasons if reason.get("Code") not in (None, "None")), {})
    code = reason.get("Code", "no reason")
    if code == _INVALID:
        return _invalid(reason.get("Message", ""), table)
    found = CODES.get(REASONS.get(code, ""), OTHER)
    return found.error(f"table {table} {found.text} ({code})")


def _refused(writes: Sequence[Write], old: Mapping[int, Item | None]) -> StoreError:
    """A refusal names the conditions that do not hold; where all do, it was the bound of an addition."""
    refusals = [
        Refusal(number, item)
        for number, item in old.items()
        if (condition := writes[number].condition) is not None and not holds(condition, item)
    ]
    if refusals:
        return WriteRefusedError(refusals)
    return InvalidWriteError("an addition leaves 64 bits")


def _invalid(message: str, table: str) -> StoreError:
    """The table is none of ours, or the item there does not admit the write: all else was checked before."""
    return mismatch(message, table) or InvalidWriteError(message)


def _is_done(error: ClientError, write: Write) -> bool:
    """A repeated put finds what it had put.

    Any other write says by its own record, a stamp or a version, whether it was done before.
    """
    return isinstance(write, Put) and identical(_item(error.response), write.item)


def _reasons(error: ClientError) -> Sequence[Mapping[str, Any]]:
    return error.response.get("CancellationReasons", ())


def _item(holder: Mapping[str, Any]) -> Item | None:
    """The item as it was, in a failure's body, which botocore's own parser has read."""
    stored = holder.get("Item")
    return None if not stored else decoded_item(msgspec.convert(stored, dict[str, Stored]))
