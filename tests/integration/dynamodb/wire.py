"""Where a client's requests leave: each is noted, and answered in the service's place where a test says so."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, TypeAlias

from attrs import frozen
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session

from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine
from quantleap.adapters.store.engines.dynamodb_client import _CONFIG

Play: TypeAlias = Callable[[AWSPreparedRequest], AWSResponse | None]
"""What is done with one request; None: it goes to the service."""

LIBRARY_ATTEMPTS: int = _CONFIG.retries["total_max_attempts"]  # type: ignore[attr-defined] # set by its constructor
"""How often the client library sends a request by itself."""


@frozen
class Sent:
    """One request."""

    operation: str
    body: dict[str, Any]


class _Raw(BytesIO):
    """A body as the client library reads it."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def says(text: str, status: int = 200) -> Play:
    """An answer of that text."""

    def play(request: AWSPreparedRequest) -> AWSResponse:
        return AWSResponse(request.url, status, HTTPHeaders(), _Raw(text.encode()))

    return play


def answers(body: dict[str, Any]) -> Play:
    """What the service answers."""
    return says(json.dumps(body))


def fails(code: str, *, status: int = 400, message: str = "told by the service", **fields: Any) -> Play:
    """What the service fails by."""
    return says(
        json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": message, **fields}), status
    )


def cancels(*reasons: str) -> Play:
    """A transaction cancelled for those reasons, one a write."""
    return fails(
        "TransactionCanceledException", CancellationReasons=[{"Code": reason, "Message": "why"} for reason in reasons]
    )


def passes(request: AWSPreparedRequest) -> None:
    """It goes to the service."""


def breaks_off(request: AWSPreparedRequest) -> AWSResponse:
    """The service does what it is asked for, and its answer is lost with the connection."""
    assert URLLib3Session().send(request).status_code == 200
    raise ConnectionClosedError(endpoint_url=request.url)


def answers_with_a_fault(request: AWSPreparedRequest) -> AWSResponse | None:
    """The service does what it is asked for, and another answer arrives."""
    assert URLLib3Session().send(request).status_code == 200
    return fails("InternalServerError", status=500)(request)


def never_sent(request: AWSPreparedRequest) -> AWSResponse:
    """No test gets this far."""
    raise AssertionError(f"was asked once more: {request.body!r}")


class Wire:
    """The requests of one engine's client, and what is done with those to come."""

    def __init__(self, engine: DynamoDbEngine, *, otherwise: Play = passes) -> None:
        self.sent: list[Sent] = []
        self._plays: list[Play] = []
        self._otherwise = otherwise
        engine._client.meta.events.register("before-send.dynamodb", self._play)  # type: ignore[arg-type] # its stub forgets the answer

    @property
    def operations(self) -> list[str]:
        """The names of what was asked for."""
        return [sent.operation for sent in self.sent]

    def play(self, *plays: Play) -> None:
        """The next requests are answered so, in turn; those after them as before."""
        self._plays += plays

    def always(self, play: Play) -> None:
        """Every request that nothing else is played for is answered so."""
        self._otherwise = play

    def _play(self, event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        assert isinstance(request.body, bytes)
        self.sent.append(Sent(event_name.rpartition(".")[2], json.loads(request.body)))
        play = self._plays.pop(0) if self._plays else self._otherwise
        return play(request)
