"""Says how one OpenAPI document breaks clients that were written against another.

`python -m tools.api_breaks OLD.json NEW.json` prints each break and exits 1 where there is one. A client may send what
the old document allows and may rely on all that it promises: what is taken may only widen, what is given only narrow.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

Document = Mapping[str, Any]

_JSON = "application/json"
_ANYTHING = "anything"


@frozen
class _Side:
    """One of the two documents, and the place in it that is looked at."""

    document: Document
    at: Document

    def go(self, *steps: str) -> "_Side | None":
        """Further in, references followed; None where there is nothing."""
        found: Any = self.at
        for step in steps:
            found = self._followed(found).get(step)
            if found is None:
                return None
        return _Side(self.document, self._followed(found))

    def _followed(self, at: Any) -> Any:
        while isinstance(at, dict) and "$ref" in at:
            target: Any = self.document
            for step in at["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            at = {**target, **{name: value for name, value in at.items() if name != "$ref"}}
        return at


def breaks(old: Document, new: Document) -> list[str]:
    """Each break, with the operation and the place in it."""
    return [
        f"{method.upper()} {path}: {what}"
        for path, methods in old["paths"].items()
        for method, operation in methods.items()
        for what in _of_operation(_Side(old, operation), _Side(new, new["paths"].get(path, {})).go(method))
    ]


def _of_operation(old: _Side, new: _Side | None) -> Iterator[str]:
    if new is None:
        yield "is gone"
        return
    if new.at.get("security") != old.at.get("security"):
        yield "is authenticated otherwise"
    yield from _of_parameters(old, new)
    yield from _of_body(old.go("requestBody"), new.go("requestBody"))
    for status in old.at["responses"]:
        yield from _of_response(f"{status}", old.go("responses", status), new.go("responses", status))


def _of_parameters(old: _Side, new: _Side) -> Iterator[str]:
    before, after = _parameters(old), _parameters(new)
    for name, parameter in before.items():
        if name not in after:
            yield f"parameter {name[0]} is gone"
            continue
        yield from _narrowed(f"parameter {name[0]}", parameter.go("schema"), after[name].go("schema"))
    for name, parameter in after.items():
        was_required = name in before and before[name].at.get("required", False)
        if parameter.at.get("required", False) and not was_required:
            yield f"parameter {name[0]} is required now"


def _parameters(side: _Side) -> dict[tuple[str, str], _Side]:
    return {(each["name"], each["in"]): _Side(side.document, each) for each in side.at.get("parameters", ())}


def _of_body(old: _Side | None, new: _Side | None) -> Iterator[str]:
    if new is not None and new.at.get("required", False) and not (old is not None and old.at.get("required", False)):
        yield "a body is required now"
    if old is None:
        return
    if new is None:
        yield "takes no body any more"
        return
    yield from _narrowed("body", old.go("content", _JSON, "schema"), new.go("content", _JSON, "schema"))


def _of_response(status: str, old: _Side | None, new: _Side | None) -> Iterator[str]:
    if old is None or new is None:
        yield f"answers no {status} any more"
        return
    for header in old.at.get("headers", {}):
        if header not in new.at.get("headers", {}):
            yield f"{status} lacks the header {header}"
    yield from _widened(status, old.go("content", _JSON, "schema"), new.go("content", _JSON, "schema"))


# What is taken


def _narrowed(place: str, old: _Side | None, new: _Side | None) -> Iterator[str]:
    """Values that the old schema takes and the new one refuses, as far as published schemas go."""
    if old is None or new is None:
        yield f"{place} has no schema"
        return
    if missing := _types(old) - _types(new):
        yield f"{place} may not be {', '.join(sorted(missing))} any more"
    yield from _fewer_words(place, old, new)
    yield from _tightened(place, old.at, new)
    if old.at.get("default") != new.at.get("default") and "default" in old.at:
        yield f"{place} has another default"
    yield from _narrowed_object(place, old, _having("properties", new))
    if "items" in old.at:
        yield from _narrowed(f"{place}[]", old.go("items"), _having("items", new).go("items"))


def _fewer_words(place: str, old: _Side, new: _Side) -> Iterator[str]:
    words = set(_values(new))
    if _ANYTHING in words:
        return
    if "enum" not in old.at:
        yield f"{place} takes a few values only"
    elif gone := set(old.at["enum"]) - words - {None}:
        yield f"{place} takes {', '.join(sorted(map(str, gone)))} no more"


_LOWER_BOUNDS = ("minimum", "minLength", "minItems", "minProperties")
_UPPER_BOUNDS = ("maximum", "maxLength", "maxItems", "maxProperties")


def _tightened(place: str, old: Document, new: _Side) -> Iterator[str]:
    for bound in _LOWER_BOUNDS:
        if bound in old and _having(bound, new).at.get(bound, old[bound]) > old[bound]:
            yield f"{place} has a higher {bound}"
    for bound in _UPPER_BOUNDS:
        if bound in old and _having(bound, new).at.get(bound, old[bound]) < old[bound]:
            yield f"{place} has a lower {bound}"


def _narrowed_object(place: str, old: _Side, new: _Side) -> Iterator[str]:
    for name in sorted(set(new.at.get("required", ())) - set(old.at.get("required", ()))):
        yield f"{place}.{name} is required now"
    for name in old.at.get("properties", {}):
        field = new.go("properties", name)
        if field is None:
            yield f"{place}.{name} is not taken any more"
        else:
            yield from _narrowed(f"{place}.{name}", old.go("properties", name), field)


# What is given


def _widened(place: str, old: _Side | None, new: _Side | None) -> Iterator[str]:
    """Answers that the new schema allows and the old one promises not to give."""
    if old is None or new is None:
        yield f"{place} has no schema"
        return
    yield from _widened_value(place, old, new)
    yield from _widened_object(place, old, _having("properties", new))
    if "items" in old.at:
        yield from _widened(f"{place}[]", old.go("items"), _having("items", new).go("items"))


def _widened_value(place: str, old: _Side, new: _Side) -> Iterator[str]:
    if further := _types(new) - _types(old):
        yield f"{place} may be {', '.join(sorted(further))} now"
    if "enum" in old.at and (further := set(_values(new)) - set(old.at["enum"])):
        yield f"{place} may be {', '.join(sorted(map(str, further)))} now"
    if "format" in old.at and {old.at["format"]} != _formats(new):
        yield f"{place} has another format"


def _widened_object(place: str, old: _Side, new: _Side) -> Iterator[str]:
    for name in old.at.get("properties", {}):
        field = new.go("properties", name)
        if field is None:
            yield f"{place}.{name} is gone"
        elif name in old.at.get("required", ()) and name not in new.at.get("required", ()):
            yield f"{place}.{name} may be absent now"
        else:
            yield from _widened(f"{place}.{name}", old.go("properties", name), field)


def _branches(side: _Side) -> list[_Side]:
    """The alternatives of a schema, itself where it has none."""
    options = side.at.get("anyOf")
    if options is None:
        return [side]
    found = [_Side(side.document, {"it": option}).go("it") for option in options]
    return [branch for each in found if each is not None for branch in _branches(each)]


def _types(side: _Side) -> set[str]:
    types: set[str] = set()
    for branch in _branches(side):
        given = branch.at.get("type", [])
        types |= {given} if isinstance(given, str) else set(given)
    return types


def _values(side: _Side) -> list[Any]:
    """Every value of an enumeration but null; one that is none may be anything."""
    return [value for branch in _present(side) for value in _enumerated(branch.at)]


def _enumerated(schema: Document) -> list[Any]:
    return [schema["const"]] if "const" in schema else schema.get("enum", [_ANYTHING])


def _formats(side: _Side) -> set[Any]:
    return {branch.at.get("format") for branch in _present(side)}


def _present(side: _Side) -> list[_Side]:
    """The alternatives that are not null."""
    return [branch for branch in _branches(side) if branch.at.get("type") != "null"]


def _having(word: str, side: _Side) -> _Side:
    """The alternative that says that, where there is one."""
    return next((branch for branch in _branches(side) if word in branch.at), side)


def main() -> int:
    """Compare two files."""
    old, new = (json.loads(Path(name).read_text()) for name in sys.argv[1:])
    found = breaks(old, new)
    sys.stdout.writelines(f"{each}\n" for each in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
