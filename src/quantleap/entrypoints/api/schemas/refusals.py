"""The envelope of every refusal."""

from typing import Any

from pydantic import Field

from quantleap.domain.identifiers import FORMS
from quantleap.entrypoints.api.errors import TOLD
from quantleap.entrypoints.api.schemas.answering import Answer

_WORDS = sorted({row.error for row in TOLD.values()})


class Refusal(Answer):
    """Why a request was refused. `code` is stable; `details` are facts of it: of bad input `field` and `reason`, and in
    `errors` these and those of all else that is wrong, up to 20.
    """

    error: str = Field(json_schema_extra={"enum": list[Any](_WORDS)})
    message: str
    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    details: dict[str, Any] | None = None
    request_id: str = Field(pattern=f"^{FORMS['request_id']}$")
