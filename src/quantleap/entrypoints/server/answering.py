"""From an answer of the API to ASGI messages."""

from starlette.responses import Response as HttpResponse
from starlette.types import Message, Receive, Scope, Send

from quantleap.entrypoints.api.request import Response
from quantleap.entrypoints.server.body import discard

JSON_TYPE = "application/json"
LINGER_S = 2.0
"""How long a client that is refused in the middle of its body may go on sending before it is hung up on."""


async def send_answer(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send it."""
    await http_response(answer)(scope, receive, send)


async def send_early(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send it whole while the client still sends its body, most of which is never read, and end the connection."""

    async def send_and_linger(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"].append((b"connection", b"close"))
            await send(message)
            return
        await send({**message, "more_body": True})
        await discard(receive, LINGER_S)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    await http_response(answer)(scope, receive, send_and_linger)


def http_response(answer: Response) -> HttpResponse:
    """As starlette sends it."""
    return HttpResponse(answer.text, answer.status, answer.headers, JSON_TYPE)
