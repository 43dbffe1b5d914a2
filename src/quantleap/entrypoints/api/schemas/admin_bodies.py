"""Bodies of the admin's routes. Baskets and strategies are read by the domain's own schema, refusals by their paths."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue

from quantleap.application.partnering import DEFAULT_COMMISSION, DEFAULT_OVERLAP
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import FORMS, Mode, PartnerId
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.document import ListingChanges, read_basket, read_strategy
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.partners.api_key import DEFAULT_LIFETIME, MAX_LIFETIME, MAX_OVERLAP
from quantleap.domain.partners.partner import MAX_NAME_CHARS
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.partners.token_bucket import DEFAULT_LIMIT, MAX_LIMIT
from quantleap.domain.rates import BASIS_POINTS_PER_WHOLE
from quantleap.domain.validation import checked_choice, checked_text
from quantleap.entrypoints.api.bodies import Body, FieldRefused
from quantleap.entrypoints.api.schemas import catalog
from quantleap.entrypoints.api.schemas.catalog import Version
from quantleap.entrypoints.api.schemas.fields import BrokerId, read_by, whole_number

# Catalog documents


class _DocumentBody(Body):
    """A body that is one document of the domain, with a `version` beside its keys where it takes one."""

    @classmethod
    def described(cls) -> type[catalog.Document]:
        """The schema that its JSON Schema is taken from."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_json_schema__(cls, _: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(cls.described().__pydantic_core_schema__)


def _whole(document: dict[str, Any], read: Callable[[dict[str, Any]], Any]) -> Any:
    """The document read; a refusal's field is its path from the body's root."""
    try:
        return read(document)
    except InvalidInputError as refusal:
        raise FieldRefused(refusal, is_below=True) from None


def _beside_version(document: dict[str, Any], name: str, read: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The version as it was sent, and under that name what `read` makes of all other keys."""
    rest = {key: value for key, value in document.items() if key != "version"}
    return {"version": document.get("version"), name: _whole(rest, read)}


class BasketDocument(_DocumentBody):
    """A template basket."""

    content: BasketContent

    @classmethod
    def described(cls) -> type[catalog.Document]:
        """As the catalog has it."""
        return catalog.Basket

    @model_validator(mode="before")
    @classmethod
    def _read(cls, document: dict[str, Any]) -> dict[str, Any]:
        return {"content": _whole(document, read_basket)}


class EditedBasket(_DocumentBody):
    """A template basket in place of the one that is there."""

    version: Version | None
    content: BasketContent

    @classmethod
    def described(cls) -> type[catalog.Document]:
        """As the catalog has it, with the version."""
        return catalog.BasketOfVersion

    @model_validator(mode="before")
    @classmethod
    def _read(cls, document: dict[str, Any]) -> dict[str, Any]:
        return _beside_version(document, "content", read_basket)


class StrategyDocument(_DocumentBody):
    """A strategy of a basket."""

    version: Version | None
    strategy: Strategy

    @classmethod
    def described(cls) -> type[catalog.Document]:
        """As the catalog has it, with the version."""
        return catalog.StrategyOfVersion

    @model_validator(mode="before")
    @classmethod
    def _read(cls, document: dict[str, Any]) -> dict[str, Any]:
        return _beside_version(document, "strategy", read_strategy)


class RevisedListing(_DocumentBody):
    """What the marketplace is to show of a basket."""

    version: Version | None
    changes: ListingChanges

    @classmethod
    def described(cls) -> type[catalog.Document]:
        """Some of the catalog's listing fields, with the version."""
        return catalog.ListingRevision

    @model_validator(mode="before")
    @classmethod
    def _read(cls, document: dict[str, Any]) -> dict[str, Any]:
        return _beside_version(document, "changes", ListingChanges)


# Partners


def _mode(value: object) -> Mode:
    return checked_choice(value, "mode", Mode)


def _partner(value: object) -> str:
    return PartnerId(value, Mode.LIVE).slug  # type: ignore[arg-type]  # checked there, whatever it is


def _name(value: object) -> str:
    return checked_text(value, "display_name", max_chars=MAX_NAME_CHARS)


Slug: TypeAlias = Annotated[
    str, read_by(_partner), WithJsonSchema({"type": "string", "pattern": "^(?!direct$)[a-z][a-z0-9]{1,30}$"})
]
PartnersMode: TypeAlias = Annotated[
    Mode, read_by(_mode), WithJsonSchema({"type": "string", "enum": [mode.value for mode in Mode]})
]
DisplayName: TypeAlias = Annotated[
    str, read_by(_name), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_NAME_CHARS})
]
BasisPoints: TypeAlias = Annotated[int, *whole_number("commission_bps", 0, BASIS_POINTS_PER_WHOLE)]
RequestsAMinute: TypeAlias = Annotated[int, *whole_number("rate_limit", 1, MAX_LIMIT)]


class NewPartner(Body):
    """A partner in one mode. Its broker and its name are as it is called unless said otherwise."""

    partner: Slug
    mode: PartnersMode = Mode.LIVE
    display_name: DisplayName | None = None
    broker_id: BrokerId | None = None
    commission_bps: BasisPoints = Field(default=DEFAULT_COMMISSION.bps)
    rate_limit: RequestsAMinute = DEFAULT_LIMIT
    show_performance: bool = False


class RevisedPartner(Body):
    """What is to be another. `version` is that which the caller saw: where it is no longer the present one, 409."""

    display_name: DisplayName | None = None
    broker_id: BrokerId | None = None
    commission_bps: BasisPoints | None = None
    rate_limit: RequestsAMinute | None = None
    show_performance: bool | None = None
    version: Version | None = None


# Key pairs


def _permissions(value: object) -> frozenset[Permission]:
    if not isinstance(value, list) or not value:
        raise InvalidInputError("permissions", "must be a list of one permission or more")
    return frozenset(checked_choice(each, "permissions", Permission) for each in value)


Permissions: TypeAlias = Annotated[
    frozenset[Permission],
    read_by(_permissions),
    WithJsonSchema(
        {"type": "array", "items": {"type": "string", "enum": [each.value for each in Permission]}, "minItems": 1}
    ),
]
OwnersId: TypeAlias = Annotated[
    PartnerId,
    read_by(PartnerId.parse),
    WithJsonSchema({"type": "string", "pattern": f"^{FORMS['partner_id']}$"}),
]
LifetimeDays: TypeAlias = Annotated[int, *whole_number("lifetime_days", 1, MAX_LIFETIME.days)]
OverlapDays: TypeAlias = Annotated[int, *whole_number("overlap_days", 0, MAX_OVERLAP.days)]


class NewApiKey(Body):
    """A further key pair of a partner, of all permissions unless said."""

    partner_id: OwnersId
    permissions: Permissions | None = None
    lifetime_days: LifetimeDays = DEFAULT_LIFETIME.days


class PermittedApiKey(Body):
    """What a key pair may do from now on."""

    permissions: Permissions
    version: Version | None = None


class RotatedApiKey(Body):
    """How long the old pair works on, and the new one."""

    overlap_days: OverlapDays = DEFAULT_OVERLAP.days
    lifetime_days: LifetimeDays = DEFAULT_LIFETIME.days
