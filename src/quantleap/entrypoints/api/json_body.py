"""From the bytes of a body to exact values: no float, no key twice, nothing that is not JSON."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from quantleap.domain.errors import InvalidInputError
from quantleap.entrypoints.api.problems import BodyTooLargeError, UnsupportedMediaTypeError
from quantleap.entrypoints.api.request import MAX_BODY_BYTES, Request

BODY = "body"
"""The field that a refusal of the whole body names."""

_JSON = "application/json"
_MAX_WHOLE_DIGITS = 100
"""Far more than any field takes; `1e999999999` as an int would fill the memory."""

_CHARSETS = frozenset({"", "utf-8", "utf8"})


def read_body(request: Request, *, max_bytes: int = MAX_BODY_BYTES) -> object:
    """The document, numbers as int or Decimal; None where there is no body.

    Raises BodyTooLargeError, UnsupportedMediaTypeError, InvalidInputError. An empty body needs no content type.
    """
    if len(request.body) > max_bytes:
        raise BodyTooLargeError(max_bytes)
    if not request.body:
        return None
    _check_media_type(request)
    return parse_json(request.body)


def require_nothing(request: Request, *, max_bytes: int = MAX_BODY_BYTES) -> None:
    """Refuse a body that says anything: clients send `{}` where none is taken, whatever they call it.

    Raises BodyTooLargeError, InvalidInputError.
    """
    if len(request.body) > max_bytes:
        raise BodyTooLargeError(max_bytes)
    if request.body and parse_json(request.body) not in ({}, None):
        raise InvalidInputError(BODY, "must be empty: this route takes none")


def parse_json(body: bytes) -> object:
    """The document. Raises InvalidInputError."""
    try:
        return json.loads(
            body.decode("utf-8"), parse_float=_number, parse_constant=_refuse_constant, object_pairs_hook=_object
        )
    except UnicodeDecodeError:
        raise InvalidInputError(BODY, "is not UTF-8") from None
    except RecursionError:
        raise InvalidInputError(BODY, "is nested too deeply") from None
    except ValueError:  # its text repeats parts of the body; ints of thousands of digits end here too
        raise InvalidInputError(BODY, "is not valid JSON") from None


def _number(spelled: str) -> int | Decimal:
    """JSON knows one kind of number: `27.0` is the whole number 27."""
    try:
        number = Decimal(spelled)
    except InvalidOperation:
        raise InvalidInputError(BODY, "has a number beyond all bounds") from None
    is_whole = number.adjusted() < _MAX_WHOLE_DIGITS and number == number.to_integral_value()
    return int(number) if is_whole else number


def _check_media_type(request: Request) -> None:
    media_type, _, parameters = (request.header("content-type") or "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    is_json = media_type.strip().lower() == _JSON and charset in _CHARSETS
    if not is_json or request.headers.get("content-encoding", ("identity",)) != ("identity",):
        raise UnsupportedMediaTypeError


def _refuse_constant(_: str) -> NoReturn:
    raise InvalidInputError(BODY, "must not hold NaN or Infinity, which are not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidInputError(BODY, "names a key twice in one object")
    return found
