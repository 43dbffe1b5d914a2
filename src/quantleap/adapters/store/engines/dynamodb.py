"""The distributed engine: one DynamoDB table, its indexes and its stream. Built once a process."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from botocore.exceptions import ClientError

from quantleap.adapters.store.engines.dynamodb_client import dynamodb_client, streams_client
from quantleap.adapters.store.engines.dynamodb_errors import LIBRARY_ERRORS, fault, mismatch
from quantleap.adapters.store.engines.dynamodb_expressions import (
    Request,
    key_of,
    position_from,
    query_request,
    write_request,
)
from quantleap.adapters.store.engines.dynamodb_refusals import is_worth_repeating, was_repeated, write_error
from quantleap.adapters.store.engines.dynamodb_values import decoded_item, encoded_item
from quantleap.adapters.store.engines.evaluation import copied
from quantleap.adapters.store.engines.pages import position_of
from quantleap.adapters.store.engines.valid_reads import (
    MAX_LIMIT,
    check_keys,
    check_limit,
    check_query,
    check_scan,
)
from quantleap.adapters.store.engines.valid_writes import check_expiry, check_writes
from quantleap.adapters.store.seam import (
    ChangeBatch,
    Delete,
    Item,
    Key,
    Page,
    Position,
    Put,
    Query,
    StoreUnavailableError,
    Update,
    Write,
)
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from quantleap.adapters.store.engines.dynamodb_stream import TableStream

ATTEMPTS = 12
"""How often a write that met another's, or what was left of a batch, is asked for before it is given up."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.01, 0.5
_REPEAT_MARK = "ClientRequestToken"
_ACTIONS = {Put: "Put", Update: "Update", Delete: "Delete"}


class DynamoDbEngine:
    """Each call is one request, but for what the service leaves undone or conflicts over: that is repeated, bounded.

    Reads of an index follow the table within milliseconds, as `Engine` allows. A single update is sent again by the
    client where its answer is lost: an update that adds or appends has a condition that its own effect makes false, but
    for the one that takes a token of a bucket, which may lose another one so.
    """

    def __init__(
        self,
        table: str,
        *,
        region: str | None = None,
        endpoint: str | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._region = region
        self._endpoint = endpoint
        self._pause = pause
        try:
            self._client: DynamoDBClient = dynamodb_client(region, endpoint)
        except LIBRARY_ERRORS as error:
            raise fault(error, table) from error
        except ValueError:  # its text, which may hold a password, is not shown
            raise StoreUnavailableError(f"table {table} is at an endpoint that is no URL: mend the endpoint") from None

    def prepare(self, tell: Callable[[str], None] | None = None) -> None:
        """See `Engine.prepare`. An index that is missing is added, one at a time, as the service demands."""
        from quantleap.adapters.store.engines.dynamodb_table import TableBuilder  # noqa: PLC0415 - serving needs none

        with self._faults():
            TableBuilder(self._client, self._table, tell or _say_nothing, self._pause).build()

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        """See `Engine.get`. One GetItem."""
        check_keys([key])
        request = {"TableName": self._table, "Key": key_of(key), "ConsistentRead": consistent}
        found = self._asked(self._client.get_item, request).get("Item")
        return None if found is None else decoded_item(found)

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        """See `Engine.get_many`. One BatchGetItem, and others for what it leaves unprocessed."""
        check_keys(keys)
        found: dict[Key, Item] = {}
        wanted = [key_of(key) for key in keys]
        for number in range(ATTEMPTS):
            if not wanted:
                return [found.get(key) for key in keys]
            if number:
                self._wait(number)
            request = {"RequestItems": {self._table: {"Keys": wanted, "ConsistentRead": consistent}}}
            answer = self._asked(self._client.batch_get_item, request)
            for stored in answer.get("Responses", {}).get(self._table, ()):
                item = decoded_item(stored)
                found[Key(str(item[PARTITION_KEY]), str(item[SORT_KEY]))] = item
            wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
        raise StoreUnavailableError(
            f"table {self._table} leaves keys unread, it is asked for too much: try again later"
        )

    def query(self, query: Query) -> Page:
        """See `Engine.query`. One Query, which ends at the limit or at 1 MB."""
        check_query(query)
        request = query_request(query, self._table)
        if query.limit is not None:
            request["Limit"] = _one_more(query.limit)
        return self._page(self._client.query, request, query.limit, query.index)

    def scan(self, after: Position | None = None, *, limit: int = 1000) -> Page:
        """See `Engine.scan`. One consistent Scan; the order is that of the service's partitions."""
        check_scan(after, limit)
        request: Request = {"TableName": self._table, "ConsistentRead": True, "Limit": _one_more(limit)}
        if after is not None:
            request["ExclusiveStartKey"] = encoded_item(after)
        return self._page(self._client.scan, request, limit, None)

    def write(self, write: Put | Update | Delete) -> Item | None:
        """See `Engine.write`. One request."""
        check_writes([write])
        request = write_request(write, self._table)
        match write:
            case Put():
                self._written(self._client.put_item, request, [write])
                return copied(write.item)
            case Update():
                answer = self._written(self._client.update_item, request | {"ReturnValues": "ALL_NEW"}, [write])
                return decoded_item(answer["Attributes"])
            case Delete():
                self._written(self._client.delete_item, request, [write])
                return None

    def transact(self, writes: Sequence[Write]) -> None:
        """See `Engine.transact`. One TransactWriteItems, whose token makes the client's own repeats harmless."""
        check_writes(writes)
        actions = [{_ACTIONS.get(type(write), "ConditionCheck"): write_request(write, self._table)} for write in writes]
        request = {"TransactItems": actions, _REPEAT_MARK: str(uuid4())}
        self._written(self._client.transact_write_items, request, writes)

    def expire(self, at_s: int, *, limit: int) -> int:
        """See `Engine.expire`. No request: the service's time to live removes them, within days."""
        check_expiry(at_s, limit)
        return 0

    def changes(self, after: str | None, *, limit: int = 1000) -> ChangeBatch:
        """See `Engine.changes`. The service keeps 24 hours, and the order of commit for each item alone."""
        check_limit(limit)
        with self._faults():
            return self._stream.read(after, limit)

    def close(self) -> None:
        """See `Engine.close`."""
        self._client.close()
        if "_stream" in vars(self):
            self._stream.close()

    @cached_property
    def _stream(self) -> "TableStream":
        from quantleap.adapters.store.engines.dynamodb_stream import TableStream  # noqa: PLC0415 - serving needs none

        return TableStream(self._client, streams_client(self._region, self._endpoint), self._table)

    def _page(self, ask: Callable[..., Any], request: Request, limit: int | None, index: str | None) -> Page:
        answer = self._asked(ask, request)
        items = [decoded_item(stored) for stored in answer["Items"]]
        if limit is not None and len(items) > limit:
            return Page(items[:limit], position_of(items[limit - 1], index))
        last = answer.get("LastEvaluatedKey")
        return Page(items, None if last is None else position_from(last))

    def _asked(self, ask: Callable[..., Any], request: Request) -> Mapping[str, Any]:
        """The answer to a read."""
        with self._faults():
            return cast("Mapping[str, Any]", ask(**request))

    def _written(self, send: Callable[..., Any], request: Request, writes: Sequence[Write]) -> Mapping[str, Any]:
        """The answer to a write, which is repeated while nothing but another's work keeps it off."""
        may_be_done = False
        for number in range(1, ATTEMPTS + 1):
            try:
                return cast("Mapping[str, Any]", send(**request))
            except LIBRARY_ERRORS as error:
                raise fault(error, self._table) from error
            except ClientError as error:
                may_be_done = may_be_done or was_repeated(error)
                if not is_worth_repeating(error) or number == ATTEMPTS:
                    refusal = write_error(error, writes, self._table, may_be_done=may_be_done)
                    if refusal is None:
                        return {}
                    raise refusal from error
            if _REPEAT_MARK in request and not may_be_done:
                # What the service has cancelled for certain is asked anew, by a token it has not seen.
                request = {**request, _REPEAT_MARK: str(uuid4())}
            self._wait(number)
        raise AssertionError("the last attempt has answered or raised")

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Raises what the service and the client library fail by as errors of the seam."""
        try:
            yield
        except ClientError as error:
            message = error.response["Error"].get("Message", "")
            raise mismatch(message, self._table) or fault(error, self._table) from error
        except LIBRARY_ERRORS as error:
            raise fault(error, self._table) from error

    def _wait(self, number: int) -> None:
        """Longer each time, and no two writers alike, so that they do not meet again."""
        longest_s = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**number)
        self._pause(random.uniform(0, longest_s))  # noqa: S311 - no secret


def _one_more(limit: int) -> int:
    """One more than wanted tells whether there is more, so that no position leads to an empty page.

    The largest limit stays as it is: no page has so many.
    """
    return min(limit + 1, MAX_LIMIT)


def _say_nothing(_: str) -> None:
    """Nobody is listening."""
