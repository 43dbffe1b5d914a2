"""Answers kept for a day under the caller's idempotency keys."""

from datetime import datetime
from typing import Protocol

from attrs import field, frozen

from quantleap.domain.errors import DomainError
from quantleap.domain.identifiers import Mode
from quantleap.ports.unit_of_work import Write


@frozen
class AnswerPlace:
    """Where an answer is kept. `scope` is a digest of who asked for what under which key: 64 hexadecimal digits."""

    mode: Mode
    scope: str


@frozen(kw_only=True)
class KeptAnswer:
    """What was answered to a body of that digest (64 hexadecimal digits), good until `expires_at`: kept to the second,
    never less.

    `body` is the text that was sent; None where it showed a secret, and then `secret_of` names what the secret is of.
    """

    place: AnswerPlace
    fingerprint: str
    status: int
    body: str | None = field(repr=False)
    secret_of: str | None
    expires_at: datetime


class AnsweredBeforeError(DomainError):
    """A request of that scope was answered before."""

    answer: KeptAnswer


class KeptAnswers(Protocol):
    """The answers."""

    def get(self, place: AnswerPlace, *, at: datetime) -> KeptAnswer | None:
        """The answer there that is still good at that instant, seeing every commit that returned before."""

    def keeping(self, answer: KeptAnswer, *, at: datetime) -> list[Write]:
        """Stage the answer. Refused with AnsweredBeforeError where there is one that is still good at that instant."""
