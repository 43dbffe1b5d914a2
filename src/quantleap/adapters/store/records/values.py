"""How single values are written into items, and read back: the readers refuse what this library does not write."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from quantleap.adapters.store.seam import Item, Key, Value
from quantleap.adapters.store.table import PARTITION_KEY, SORT_KEY
from quantleap.domain.errors import DomainError
from quantleap.domain.money import Money
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.errors import CorruptDataError


def instant_text(instant: datetime) -> str:
    """`2026-11-24T15:03:26.000001Z`: of one width, so that text order is time order."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def maybe_instant_text(instant: datetime | None) -> str | None:
    """The same for what may be absent."""
    return None if instant is None else instant_text(instant)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def unix_s(at: datetime) -> int:
    """The second of Unix time that the instant is in."""
    return (at - _EPOCH) // _SECOND


def unix_s_after(at: datetime) -> int:
    """The first second of Unix time that does not begin before the instant: until then nothing expires early."""
    return -((_EPOCH - at) // _SECOND)


_MONEY = re.compile(r"(-?[0-9]+) ([A-Z]{3})")


def money_text(money: Money) -> str:
    """`99900 INR`: minor units and currency in one attribute, so that neither is read without the other."""
    return f"{money.minor} {money.currency}"


class Reading:
    """Typed access to one item's attributes. Raises CorruptDataError naming the item and the attribute."""

    def __init__(self, item: Mapping[str, Value]) -> None:
        self._item = item

    def corrupt(self, attribute: str, reason: str) -> CorruptDataError:
        """The refusal to read, naming the sort key alone: a partition may be an email."""
        return _corrupt(self._item, f"{attribute} {reason}")

    def has(self, attribute: str) -> bool:
        """Whether the attribute is there."""
        return attribute in self._item

    def text(self, attribute: str) -> str:
        """A string."""
        value = self._item.get(attribute)
        if not isinstance(value, str):
            raise self.corrupt(attribute, "is not text")
        return value

    def maybe_text(self, attribute: str) -> str | None:
        """A string, or None where it is absent."""
        return self.text(attribute) if attribute in self._item else None

    def number(self, attribute: str) -> int:
        """A whole number."""
        value = self._item.get(attribute)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.corrupt(attribute, "is not a number")
        return value

    def maybe_number(self, attribute: str) -> int | None:
        """A whole number, or None where it is absent."""
        return self.number(attribute) if attribute in self._item else None

    def flag(self, attribute: str) -> bool:
        """A boolean."""
        value = self._item.get(attribute)
        if not isinstance(value, bool):
            raise self.corrupt(attribute, "is not a boolean")
        return value

    def money(self, attribute: str) -> Money:
        """An amount."""
        match = _MONEY.fullmatch(self.text(attribute))
        if match is None:
            raise self.corrupt(attribute, "is not an amount")
        return Money(int(match[1]), match[2])

    def instant(self, attribute: str) -> datetime:
        """An instant in UTC."""
        try:
            instant = datetime.fromisoformat(self.text(attribute))
        except ValueError:
            raise self.corrupt(attribute, "is not an instant") from None
        if instant.tzinfo is None:
            raise self.corrupt(attribute, "is an instant without a zone")
        return instant

    def maybe_instant(self, attribute: str) -> datetime | None:
        """An instant, or None where it is absent."""
        return self.instant(attribute) if attribute in self._item else None

    def day(self, attribute: str) -> date:
        """A calendar day."""
        try:
            return date.fromisoformat(self.text(attribute))
        except ValueError:
            raise self.corrupt(attribute, "is not a day") from None

    def maybe_day(self, attribute: str) -> date | None:
        """A calendar day, or None where it is absent."""
        return self.day(attribute) if attribute in self._item else None

    def readings(self, attribute: str) -> list["Reading"]:
        """A list of maps."""
        found = []
        for value in self.values(attribute):
            if not isinstance(value, dict):
                raise self.corrupt(attribute, "holds what is not a map")
            found.append(Reading({SORT_KEY: self._item.get(SORT_KEY), **value}))
        return found

    def values(self, attribute: str) -> list[Value]:
        """A list."""
        value = self._item.get(attribute)
        if not isinstance(value, list):
            raise self.corrupt(attribute, "is not a list")
        return value

    def mapping(self, attribute: str) -> dict[str, Value]:
        """A map."""
        value = self._item.get(attribute)
        if not isinstance(value, dict):
            raise self.corrupt(attribute, "is not a map")
        return value


def without_absent(item: Mapping[str, Value]) -> Item:
    """The item without its None attributes: an absent attribute is how a record says there is none."""
    return {name: value for name, value in item.items() if value is not None}


def keyed(key: Key, entity_type: str, attributes: Mapping[str, Value]) -> Item:
    """An item at a key, its absent attributes left out."""
    return without_absent({PARTITION_KEY: key.partition, SORT_KEY: key.sort, "entity_type": entity_type, **attributes})


def stamped(item: Item, stamp: Stamp) -> Item:
    """The item, and who wrote it so, for which request and when: what the audit reads in the change feed."""
    return {
        **item,
        "changed_by": stamp.changed_by,
        "request_id": stamp.request_id,
        "changed_at": instant_text(stamp.at),
    }


@contextmanager
def well_formed(item: Mapping[str, Value]) -> Iterator[None]:
    """Turns what the domain refuses of a stored item into CorruptDataError: bad data is not the caller's bad input."""
    try:
        yield
    except (DomainError, ValueError) as error:
        raise _corrupt(item, str(error)) from error


def _corrupt(item: Mapping[str, Value], reason: str) -> CorruptDataError:
    return CorruptDataError(f"item {item.get(SORT_KEY)}", reason)
