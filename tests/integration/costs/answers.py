"""What the service answers to a client's requests, as it comes over the wire, and what it says each consumed."""

import json
from typing import Any

from attrs import define, frozen

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine

_OPERATIONS = ("GetItem", "BatchGetItem", "Query", "UpdateItem", "TransactWriteItems")


@frozen
class Answer:
    """One, before anything is decoded."""

    operation: str
    body: bytes

    @property
    def consumed(self) -> dict[str, Any]:
        """Capacity units, of the table and of each index; of a transaction those of its one table."""
        told = json.loads(self.body)["ConsumedCapacity"]
        [of_table] = told if isinstance(told, list) else [told]
        found: dict[str, Any] = of_table
        return found

    @property
    def consumed_by_index(self) -> dict[str, float]:
        """Capacity units of each index that was touched."""
        return {name: told["CapacityUnits"] for name, told in self.consumed["GlobalSecondaryIndexes"].items()}


@define
class Answers:
    """Those to an engine's requests from now on, which are made to ask for the consumption too."""

    heard: list[Answer]

    @classmethod
    def of(cls, engine: DynamoDbEngine) -> "Answers":
        """Listens to the engine's client."""
        made = cls([])
        for operation in _OPERATIONS:
            engine._client.meta.events.register(f"provide-client-params.dynamodb.{operation}", _ask_for_consumption)
            # First of all: the engine's own decoder takes the body away.
            engine._client.meta.events.register_first(f"before-parse.dynamodb.{operation}", made._hear)
        return made

    def _hear(self, response_dict: dict[str, Any], event_name: str, **_: object) -> None:
        self.heard.append(Answer(event_name.rpartition(".")[2], response_dict["body"]))


def _ask_for_consumption(params: dict[str, Any], **_: object) -> None:
    params["ReturnConsumedCapacity"] = "INDEXES"
