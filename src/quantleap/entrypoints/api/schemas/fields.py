"""Fields of bodies: the domain's own readers as pydantic types, each with its JSON Schema."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema

from quantleap.domain import identifiers
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email
from quantleap.domain.lots import allocation
from quantleap.domain.lots.allocation import AllocationMode
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.subscriptions.metadata import MAX_KEY_CHARS, MAX_PAIRS, MAX_VALUE_CHARS, Metadata, read_metadata
from quantleap.domain.validation import checked_choice, checked_int
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
            below = refusal.field.removeprefix(name)
            if below.startswith(" "):  # `metadata key`: no path, but a word on what of it is wrong
                raise FieldRefused(InvalidInputError(name, f"{below[1:]} {refusal.reason}"), is_below=False) from None
            path = below.removeprefix(".")
            raise FieldRefused(InvalidInputError(path, refusal.reason), is_below=bool(path)) from None

    return PlainValidator(validate)


def defaulting(value: Any, told: Any) -> Any:
    """A field that has that value where it is absent; `told` is how JSON spells it."""
    return Field(default_factory=lambda: value, json_schema_extra={"default": told})


def _text_field(schema: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **schema})


def _identifier(name: str) -> WithJsonSchema:
    return _text_field({"pattern": f"^{identifiers.FORMS[name]}$"})


UserEmail: TypeAlias = Annotated[
    Email, read_by(Email), _text_field({"format": "email", "maxLength": identifiers.MAX_EMAIL_CHARS})
]
TemplateId: TypeAlias = Annotated[
    str,
    read_by(lambda value: identifiers.template_id(value, "basket_id")),
    _identifier("basket_id"),
]
BrokerId: TypeAlias = Annotated[str, read_by(identifiers.broker_id), _identifier("broker_id")]
BrokerAccountId: TypeAlias = Annotated[str, read_by(identifiers.broker_account_id), _identifier("broker_account_id")]
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


def whole_number(name: str, low: int, high: int) -> tuple[PlainValidator, WithJsonSchema]:
    """What makes a whole number of that name and bounds of an `Annotated[int, ...]`."""
    return (
        read_by(lambda value: checked_int(value, name, low, high)),
        WithJsonSchema({"type": "integer", "minimum": low, "maximum": high}),
    )


Priority: TypeAlias = Annotated[int, *whole_number("priority", 0, allocation.MAX_PRIORITY)]
Weight: TypeAlias = Annotated[int, *whole_number("weight", 0, allocation.MAX_WEIGHT)]
CapUnits: TypeAlias = Annotated[int, *whole_number("cap_units", 0, allocation.MAX_CAP_UNITS)]
MaxLotsPerOrder: TypeAlias = Annotated[int, *whole_number("max_lots_per_order", 1, allocation.MAX_LOTS_PER_ORDER)]
ModeOfAccounts: TypeAlias = Annotated[
    AllocationMode,
    read_by(lambda value: checked_choice(value, "mode", AllocationMode)),
    WithJsonSchema({"type": "string", "enum": [mode.value for mode in AllocationMode]}),
]
