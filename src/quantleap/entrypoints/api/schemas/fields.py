"""Fields of bodies: the domain's own readers as pydantic types, each with its JSON Schema."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import PlainValidator, WithJsonSchema

from quantleap.domain import identifiers
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.subscriptions.metadata import MAX_KEY_CHARS, MAX_PAIRS, MAX_VALUE_CHARS, Metadata, read_metadata
from quantleap.entrypoints.api.bodies import FieldRefused


def read_by(read: Callable[[object], Any]) -> PlainValidator:
    """Validates by a reader of the domain, whose refusal is about the field itself."""

    def validate(value: object) -> Any:
        try:
            return read(value)
        except InvalidInputError as refusal:
            raise FieldRefused(refusal, is_below=False) from None

    return PlainValidator(validate)


def read_inside_by(name: str, read: Callable[[object], Any]) -> PlainValidator:
    """The same where the refusal may be about something inside the field, whose path begins with the field's name."""

    def validate(value: object) -> Any:
        try:
            return read(value)
        except InvalidInputError as refusal:
            below = refusal.field.removeprefix(name).removeprefix(".")
            raise FieldRefused(InvalidInputError(below, refusal.reason), is_below=bool(below)) from None

    return PlainValidator(validate)


def _text_field(schema: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **schema})


UserEmail: TypeAlias = Annotated[
    Email, read_by(Email), _text_field({"format": "email", "maxLength": identifiers.MAX_EMAIL_CHARS})
]
TemplateId: TypeAlias = Annotated[
    str,
    read_by(lambda value: identifiers.template_id(value, "basket_id")),
    _text_field({"pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"}),
]
BrokerId: TypeAlias = Annotated[
    str, read_by(identifiers.broker_id), _text_field({"pattern": "^[a-z][a-z0-9_-]{0,31}$"})
]
BrokerAccountId: TypeAlias = Annotated[
    str, read_by(identifiers.broker_account_id), _text_field({"pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"})
]
LotMultiplier: TypeAlias = Annotated[
    Multiplier,
    read_by(Multiplier.parse),
    WithJsonSchema({"type": "number", "minimum": 0.1, "maximum": 10, "description": "At most six decimal places."}),
]
MetadataPairs: TypeAlias = Annotated[
    Metadata,
    read_inside_by("metadata", read_metadata),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MAX_PAIRS,
            "propertyNames": {"minLength": 1, "maxLength": MAX_KEY_CHARS},
            "additionalProperties": {"type": "string", "maxLength": MAX_VALUE_CHARS},
        }
    ),
]
