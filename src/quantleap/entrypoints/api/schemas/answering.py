"""What schemas of answers are made of."""

from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema


def _open(schema: dict[str, Any]) -> None:
    """A later version may answer more, so that no client should refuse what it does not know.

    What may be absent is never null.
    """
    schema.pop("additionalProperties", None)
    for field in schema["properties"].values():
        if "default" in field and field["default"] is None:
            del field["default"]
            field.update(_not_null(field.pop("anyOf", [])))


def _not_null(branches: list[dict[str, Any]]) -> dict[str, Any]:
    present = [branch for branch in branches if branch.get("type") != "null"]
    return present[0] if len(present) == 1 else {"anyOf": present}


class Answer(BaseModel):
    """Base of every answer. It has no field but those it names, which the tests hold us to and no client should."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=_open)


Number: TypeAlias = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""An exact number."""

Instant: TypeAlias = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339 in UTC with a `Z`."""

Day: TypeAlias = Annotated[
    str, Field(pattern=r"^\d{4}-\d\d-\d\d$"), WithJsonSchema({"type": "string", "format": "date"})
]
"""A calendar day, Asia/Kolkata."""

Currency: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""
