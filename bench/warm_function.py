"""What a Lambda function costs that is warm, beside the bare calls of boto3 that it makes, in the same run.

The calls are those that the function was seen to make. So that their conditions hold once more, the items they touch
are put back in between, and the function first undoes what it did.
"""

import io
import os
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import boto3
from attrs import field, frozen
from botocore.client import BaseClient
from tests.integration.api.cold_functions import OF_PARTNER, Table
from tests.integration.api.functions import BY_ZEBU, event
from tests.integration.dynamodb_local import REGION, endpoint, why_left_out

from bench.machine import machine
from bench.ratio import Sample, print_row
from quantleap.entrypoints.lambdas.api_function import ApiFunction

AT_MOST_BARE = 1.3
ROUNDS, REQUESTS = 15, 10
TABLE = "WarmFunction"

Calls = list[tuple[str, dict[str, Any]]]


@frozen
class Warm:
    """A function that has answered before, boto3's own client, and the calls seen since they were last forgotten."""

    table: Table
    function: ApiFunction
    bare: Any
    calls: Calls = field(factory=list)

    def ask(self, method: str, end: str = "") -> None:
        """So many requests, each of another subscription."""
        for subscription_id in self.table.subscriptions:
            asked = event(method, OF_PARTNER.format(subscription_id) + end, {**BY_ZEBU, "rate_limit": "100000"})
            with redirect_stdout(io.StringIO()):
                answer = self.function.handle(asked, None)
            assert answer["statusCode"] == 200, answer["body"]

    def repeat(self) -> None:
        """The same calls of DynamoDB, bare."""
        for operation, arguments in self.calls:
            getattr(self.bare, operation)(**arguments)

    def items(self) -> list[dict[str, Any]]:
        """All that the table holds."""
        found: list[dict[str, Any]] = []
        for page in self.bare.get_paginator("scan").paginate(TableName=TABLE):
            found += page["Items"]
        return found

    def put_back(self, items: Sequence[dict[str, Any]]) -> None:
        """What of them is no longer as it was. Nothing here makes items that were not there."""
        for item in items:
            if item not in self.items_now(item):
                self.bare.put_item(TableName=TABLE, Item=item)

    def items_now(self, item: dict[str, Any]) -> list[dict[str, Any]]:
        """The item under the same keys."""
        key = {name: item[name] for name in ("user_id", "sort_key")}
        return [self.bare.get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item", {})]


def costs_no_more(warm: Warm, title: str, act: Callable[[], None], undo: Callable[[], None]) -> bool:
    """The function and its bare calls in turn."""
    ours, bare, made = [], [], 0
    for _ in range(ROUNDS):
        before = warm.items()
        warm.calls.clear()
        ours.append(_us(act))
        warm.put_back(before)
        bare.append(_us(warm.repeat))
        made = len(warm.calls) // REQUESTS
        undo()
    ratio = Sample.of([our / peer for our, peer in zip(ours, bare, strict=True)])
    met = ratio.median <= AT_MOST_BARE
    print(f"{title}: {made} calls of DynamoDB, CPU of one request, {ROUNDS} rounds")
    print_row("ours", Sample.of(ours))
    print_row("bare boto3", Sample.of(bare))
    print_row("ratio", ratio, "x ")
    print(f"  at most {AT_MOST_BARE} x the bare calls: {'met' if met else 'MISSED'}")
    return met


def _us(work: Callable[[], None]) -> float:
    begun = process_time()
    work()
    return (process_time() - begun) / REQUESTS * 1e6


def _watched(warm: Warm) -> Callable[..., Any]:
    """Notes what a client is asked, and asks it."""
    whole = BaseClient._make_api_call  # type: ignore[attr-defined] # noqa: SLF001 - the one place all calls go through

    def noting(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        if client is not warm.bare:
            kept = {name: value for name, value in arguments.items() if name != "ClientRequestToken"}
            warm.calls.append((_snake(operation), kept))
        return whole(client, operation, arguments)

    return noting


def _snake(operation: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).removeprefix("_")


def measure() -> bool:
    """GET and pause of a partner's subscription."""
    if (left_out := why_left_out()) is not None:
        print(f"warm function: {left_out}")
        return False
    with TemporaryDirectory() as folder:
        table = Table.furnished(TABLE, Path(folder), REQUESTS)
        os.environ.update(table.environment)
        function = ApiFunction("partner-api-manager")
        with redirect_stdout(io.StringIO()):  # where its log goes from now on
            function.prepare()
        warm = Warm(table, function, boto3.client("dynamodb", region_name=REGION, endpoint_url=endpoint()))
        BaseClient._make_api_call = _watched(warm)  # type: ignore[attr-defined] # noqa: SLF001 - see there
        warm.ask("GET")
        warm.ask("PUT", "/pause")
        warm.ask("PUT", "/resume")
        met = [
            costs_no_more(warm, "partner GET", lambda: warm.ask("GET"), lambda: None),
            costs_no_more(warm, "partner pause", lambda: warm.ask("PUT", "/pause"), lambda: warm.ask("PUT", "/resume")),
        ]
        return all(met)


def main() -> int:
    """Print the machine and the verdict."""
    print(machine())
    return 0 if measure() else 1


if __name__ == "__main__":
    raise SystemExit(main())
