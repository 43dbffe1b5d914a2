"""References to schemas, which end up among the components."""

from openapi_pydantic.util import PydanticSchema
from pydantic import BaseModel


def reference_to(schema: type[BaseModel]) -> PydanticSchema[BaseModel]:
    """That schema, by reference."""
    return PydanticSchema[BaseModel].model_validate({"schema_class": schema})
