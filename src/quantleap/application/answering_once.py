"""Answers a repeated request as it was answered first: the answer is kept by the very commit that it tells of."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from hashlib import sha256

from attrs import define, field, frozen

from quantleap.domain.canonical import canonical_json
from quantleap.domain.errors import DomainError, IdempotencyKeyReusedError, SecretShownBeforeError
from quantleap.domain.principals import Principal, caller_of, mode_of
from quantleap.ports.errors import BusyError
from quantleap.ports.kept_answers import AnsweredBeforeError, AnswerPlace, KeptAnswer, KeptAnswers
from quantleap.ports.system import Clock
from quantleap.ports.unit_of_work import NO_OUTCOME, UnitOfWork, Write

KEPT_FOR = timedelta(hours=24)


@frozen
class Answer:
    """A status and the text of a body; `secret_of` names what a secret in it is of, where it shows one."""

    status: int
    body: str
    secret_of: str | None = None


@frozen
class Attempt:
    """One request under an idempotency key: who asks, for what (method, path, query), under which key, with what body.

    Only where the first three are the same is it the same request; with another body it is refused.
    """

    by: Principal
    target: tuple[str, ...]
    key: str = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def place(self) -> AnswerPlace:
        """Where its answer is kept. Nobody reads the key, the path or the caller from it."""
        mode = mode_of(self.by)
        scope = canonical_json([*caller_of(self.by), mode, self.target, self.key])
        return AnswerPlace(mode, sha256(scope.encode()).hexdigest())

    @property
    def fingerprint(self) -> str:
        """The digest of the body as it was sent."""
        return sha256(self.body).hexdigest()


@define
class _Ongoing:
    """An attempt that is being acted on, how an outcome becomes its answer, and the answer that was kept."""

    attempt: Attempt
    answer: Callable[[object], Answer]
    kept: Answer | None = None


_ongoing: ContextVar[_Ongoing | None] = ContextVar("quantleap_ongoing_attempt", default=None)


class OnceUnits:
    """A unit of work that adds the answer of the ongoing attempt, if there is one, to the commit of its outcome.

    See `quantleap.ports.unit_of_work.UnitOfWork`. Also raises AnsweredBeforeError.
    """

    def __init__(self, units: UnitOfWork, answers: KeptAnswers, clock: Clock) -> None:
        self._units = units
        self._answers = answers
        self._clock = clock

    def commit(self, *writes: Write, outcome: object = NO_OUTCOME) -> None:
        """The writes, and before them the answer that the outcome makes, so that its refusal is told before theirs."""
        ongoing = _ongoing.get()
        if ongoing is None or outcome is NO_OUTCOME:
            self._units.commit(*writes)
            return
        at = self._clock.now()
        answer = ongoing.answer(outcome)
        kept = KeptAnswer(
            place=ongoing.attempt.place,
            fingerprint=ongoing.attempt.fingerprint,
            status=answer.status,
            body=answer.body if answer.secret_of is None else None,
            secret_of=answer.secret_of,
            expires_at=at + KEPT_FOR,
        )
        self._units.commit(*self._answers.keeping(kept, at=at), *writes)
        ongoing.kept = answer


@frozen
class Answered:
    """An answer, and whether it is an earlier request's."""

    answer: Answer
    is_replay: bool


class AnsweringOnce:
    """Runs a use case for a request that may be sent again."""

    def __init__(self, units: OnceUnits, answers: KeptAnswers, clock: Clock) -> None:
        self._units = units
        self._answers = answers
        self._clock = clock

    def run(self, attempt: Attempt, act: Callable[[], object], answer: Callable[[object], Answer]) -> Answered:
        """Act, and give the answer that the outcome makes; or the answer that was given to this attempt before.

        Answer and outcome are committed together, so that whatever dies in between, a repeat finds both or neither. A
        refusal is not kept: where one is met, or others kept the store busy until it was given up, an answer that was
        given meanwhile or before counts. Raises IdempotencyKeyReusedError when that was to another body,
        SecretShownBeforeError when it showed a secret, and whatever `act` raises.
        """
        ongoing = _Ongoing(attempt, answer)
        token = _ongoing.set(ongoing)
        try:
            outcome = act()
            if ongoing.kept is None:
                self._units.commit(outcome=outcome)
        except AnsweredBeforeError as before:
            return _replayed(attempt, before.answer)
        except (DomainError, BusyError):
            earlier = self._answers.get(attempt.place, at=self._clock.now())
            if earlier is None:
                raise
            return _replayed(attempt, earlier)
        finally:
            _ongoing.reset(token)
        return Answered(ongoing.kept or answer(outcome), is_replay=False)


def _replayed(attempt: Attempt, kept: KeptAnswer) -> Answered:
    if kept.fingerprint != attempt.fingerprint:
        raise IdempotencyKeyReusedError
    if kept.body is None:
        raise SecretShownBeforeError(kept.secret_of or "")
    return Answered(Answer(kept.status, kept.body), is_replay=True)
