"""From a parsed body to an instance of the route's schema, every refusal gathered. Loads pydantic."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from quantleap.domain.errors import InvalidInputError
from quantleap.entrypoints.api.json_body import BODY
from quantleap.entrypoints.api.problems import InvalidRequestError

BodyT = TypeVar("BodyT", bound="Body")


class Body(BaseModel):
    """Base of every body: a JSON object that has no key but those it names. Values are never coerced.

    A field's own check raises InvalidInputError inside (see `fields.py`), whose reason is told as it is.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)


_REASONS = {
    "missing": "is required",
    "extra_forbidden": "is not known",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "bool_type": "must be true or false",
    "too_long": "must hold at most {max_length}",
}
"""By pydantic's name of a mistake; its own words are for programmers."""

BY_DEFAULT = "is not allowed"


def validated(schema: type[BodyT], document: object) -> BodyT:
    """The body. Raises InvalidRequestError with the refusals, each once; none repeats a value or an unknown key."""
    if not isinstance(document, dict):
        raise InvalidInputError(BODY, "must be a JSON object")
    try:
        return schema.model_validate(document)
    except ValidationError as error:
        refusals = [_refusal(schema, each) for each in error.errors(include_url=False, include_input=False)]
        raise InvalidRequestError([*{(each.field, each.reason): each for each in refusals}.values()]) from None


def _refusal(schema: type[BaseModel], error: Any) -> InvalidInputError:
    cause = error.get("ctx", {}).get("error")
    place = _path(error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"])
    if error["type"] == "extra_forbidden":
        known = "known" if place else f"one of {', '.join(schema.model_fields)}"
        return InvalidInputError(place or BODY, f"has a key that is not {known}")
    if isinstance(cause, FieldRefused):
        if cause.is_below:
            return cause.refusal.under(place) if place else cause.refusal
        return InvalidInputError(place, cause.refusal.reason)
    reason = _REASONS.get(error["type"], BY_DEFAULT).format_map(error.get("ctx", {}))
    return InvalidInputError(place or BODY, reason)


def _path(location: tuple[str | int, ...]) -> str:
    """`metadata.plan`, `accounts[0].priority`."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f"{'.' if path else ''}{step}"
    return path


class FieldRefused(ValueError):  # noqa: N818 - pydantic gathers ValueErrors only; this carries ours through it
    """Carries a refusal of the domain through pydantic. `is_below`: its field is a path below the one in hand."""

    def __init__(self, refusal: InvalidInputError, *, is_below: bool) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal
        self.is_below = is_below
