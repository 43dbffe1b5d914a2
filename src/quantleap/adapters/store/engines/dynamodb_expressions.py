"""Conditions and updates of the seam as DynamoDB's expressions. Each condition's meaning is derived beside it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from quantleap.adapters.store.engines.dynamodb_values import encoded, encoded_item
from quantleap.adapters.store.engines.pages import key_attributes
from quantleap.adapters.store.seam import (
    MAX_INTEGER,
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Check,
    Condition,
    Delete,
    Equals,
    ItemAbsent,
    ItemPresent,
    Key,
    Missing,
    OfAttribute,
    OneOf,
    Put,
    Query,
    ShorterThan,
    Update,
    Value,
    Write,
)
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY

Request: TypeAlias = dict[str, Any]
"""Parameters of an operation, or of one action of a transaction: they are the same."""

_NOBODYS = "quantleap: nothing"
"""An attribute that no record has."""


def key_of(key: Key) -> dict[str, Any]:
    """The key attributes of an item."""
    return {PARTITION_KEY: {"S": key.partition}, SORT_KEY: {"S": key.sort}}


def write_request(write: Write, table: str) -> Request:
    """What one write asks for; refused, it answers with the item as it was, so that nobody has to read it again."""
    expression = _Expression()
    request: Request = {"TableName": table, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    match write:
        case Put():
            request["Item"] = encoded_item(write.item)
        case Update():
            request["Key"] = key_of(write.key)
            request["UpdateExpression"] = expression.update(write)
        case Delete() | Check():
            request["Key"] = key_of(write.key)
    conditions = [] if write.condition is None else [expression.condition(write.condition)]
    if isinstance(write, Update):
        conditions += expression.bounds(write)
    if conditions:
        request["ConditionExpression"] = _joined("AND", conditions)
    return request | expression.parameters()


def query_request(query: Query, table: str) -> Request:
    """The key condition, order and start of a query; its limit is the engine's."""
    expression = _Expression()
    partition, sort = key_attributes(query.index)
    keys = f"{expression.name(partition)} = {expression.value(query.partition)}"
    if query.begins_with is not None:
        keys += f" AND begins_with({expression.name(sort)}, {expression.value(query.begins_with)})"
    if query.between is not None:
        low, high = map(expression.value, query.between)
        keys += f" AND {expression.name(sort)} BETWEEN {low} AND {high}"
    request: Request = {
        "TableName": table,
        "KeyConditionExpression": keys,
        "ScanIndexForward": not query.descending,
        "ConsistentRead": query.consistent,
    }
    if query.index is not None:
        request["IndexName"] = query.index
    if query.after is not None:
        request["ExclusiveStartKey"] = encoded_item(query.after)
    return request | expression.parameters()


class _Expression:
    """Collects the names and values that an expression refers to: none is spliced in, whatever it holds."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        return self._names.setdefault(attribute, f"#{len(self._names)}")

    def value(self, value: Value) -> str:
        placeholder = f":{len(self._values)}"
        self._values[placeholder] = encoded(value)
        return placeholder

    def parameters(self) -> Request:
        found: Request = {}
        if self._names:
            found["ExpressionAttributeNames"] = {name: attribute for attribute, name in self._names.items()}
        if self._values:
            found["ExpressionAttributeValues"] = self._values
        return found

    def update(self, update: Update) -> str:
        """One SET and one REMOVE clause.

        An addition starts from 0 and an append from an empty list where the attribute is missing, by if_not_exists;
        on what is no number or no list both are refused by the service. ADD is not used: it takes sets as well.
        """
        sets = [f"{self.name(name)} = {self.value(value)}" for name, value in update.assign.items()]
        for name, amount in update.add.items():
            attribute = self.name(name)
            sets.append(f"{attribute} = if_not_exists({attribute}, {self.value(0)}) + {self.value(amount)}")
        for name, elements in update.append.items():
            attribute, empty, more = self.name(name), self.value([]), self.value(elements)
            sets.append(f"{attribute} = list_append(if_not_exists({attribute}, {empty}), {more})")
        clauses = [f"SET {', '.join(sets)}"] if sets else []
        # A transaction's update must change something, if only by removing what no item has.
        removed = update.remove or (() if sets else (_NOBODYS,))
        if removed:
            clauses.append(f"REMOVE {', '.join(map(self.name, removed))}")
        return " ".join(clauses)

    def bounds(self, update: Update) -> list[str]:
        """That no addition leaves the seam's 64 bits; the service itself keeps 38 digits.

        n + a > MAX just where n > MAX - a. The comparison is false, so its denial true, of a missing attribute (which
        counts as 0) and of what is no number (which the addition itself refuses).
        """
        return [
            f"NOT {self.name(name)} > {self.value(MAX_INTEGER - amount)}"
            if amount > 0
            else f"NOT {self.name(name)} < {self.value(-MAX_INTEGER - 1 - amount)}"
            for name, amount in update.add.items()
            if amount
        ]

    def condition(self, condition: Condition) -> str:
        match condition:
            case AllOf(conditions):
                return _joined("AND", map(self.condition, conditions))
            case AnyOf(conditions):
                return _joined("OR", map(self.condition, conditions))
            case ItemAbsent() | ItemPresent():
                # Every item has its key: where the partition key is missing there is no item.
                exists = "attribute_not_exists" if isinstance(condition, ItemAbsent) else "attribute_exists"
                return f"{exists}({self.name(PARTITION_KEY)})"
            case _:
                return self._of_attribute(condition, self.name(condition.attribute))

    def _of_attribute(self, condition: OfAttribute, name: str) -> str:
        match condition:
            case Equals():
                # A comparison with a missing attribute is false, and so is one of different types: N 1 is not BOOL.
                return f"{name} = {self.value(condition.value)}"
            case OneOf():
                # IN takes up to 100 values and is false of a missing attribute.
                return f"{name} IN ({', '.join(map(self.value, condition.values))})"
            case Missing():
                # True of an item without it, and where there is no item: nothing exists there.
                return f"attribute_not_exists({name})"
            case ShorterThan():
                # size() measures text and maps too, so the type is asked first; both are false where it is missing.
                return f"attribute_type({name}, {self.value('L')}) AND size({name}) < {self.value(condition.length)}"
            case AtLeast():
                # A comparison of different types is false, and so is one with a missing attribute.
                return f"{name} >= {self.value(condition.bound)}"
            case AtMost():
                return f"{name} <= {self.value(condition.bound)}"


def _joined(word: str, conditions: Iterable[str]) -> str:
    """Several conditions as one. A single one stays as it is: the service refuses parentheses around parentheses."""
    first, *others = conditions
    return f" {word} ".join(f"({condition})" for condition in (first, *others)) if others else first


def position_from(last: Mapping[str, Any]) -> dict[str, str | int]:
    """The position that the service's last evaluated key stands for."""
    return {name: int(value["N"]) if "N" in value else value["S"] for name, value in last.items()}
