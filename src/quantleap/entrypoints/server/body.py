"""A body as it comes in: read no further than any body may be long, and for no longer than is fair."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import Request

from quantleap.entrypoints.api.problems import SlowBodyError
from quantleap.entrypoints.api.request import MAX_BODY_BYTES

TOO_LONG = bytes(MAX_BODY_BYTES + 1)
"""Stands for any body that is too long: of such a body nothing but its length counts, so it is never held."""

MAX_DISCARDED_BYTES = 1024 * 1024


async def read_body(http: Request, timeout_s: float) -> bytes:
    """The body, or TOO_LONG as soon as that is known: at once where its length is declared.

    Raises SlowBodyError, and starlette's ClientDisconnect.
    """
    declared = http.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MAX_BODY_BYTES:
        return TOO_LONG
    try:
        async with asyncio.timeout(timeout_s):
            return await _read(http)
    except TimeoutError:
        raise SlowBodyError from None


async def _read(http: Request) -> bytes:
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return TOO_LONG
    return bytes(body)


async def discard(receive: Callable[[], Awaitable[MutableMapping[str, Any]]], timeout_s: float) -> None:
    """Throw away what the client still sends, up to a bound: a connection that is closed on unread bytes is reset, and
    the reset may overtake the answer.
    """
    left = MAX_DISCARDED_BYTES
    try:
        async with asyncio.timeout(timeout_s):
            while left > 0:
                message = await receive()
                if not message.get("more_body", False):
                    return
                left -= len(message["body"])
    except TimeoutError:
        return
