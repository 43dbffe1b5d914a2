"""A token and a request under an idempotency key whose answer is lost on the way."""

import pytest
from tests.integration.contracts.samples import NOON
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb.wire import LIBRARY_ATTEMPTS, Play, answers_with_a_fault, breaks_off
from tests.integration.dynamodb_local import needs_dynamodb_local
from tests.integration.once import attempt, told

from quantleap.adapters.store.repositories.kept_answers import StoredKeptAnswers
from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.adapters.store.seam import ItemAbsent, Key, Put, StoreUnavailableError
from quantleap.adapters.store.unit_of_work import StagedWrite, StoreUnitOfWork, never_refused
from quantleap.application.answering_once import Answered, AnsweringOnce, Attempt, OnceUnits
from quantleap.composition import DrivenClock
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.partners.token_bucket import SECOND_NS
from quantleap.domain.principals import User

pytestmark = needs_dynamodb_local

NOW = 1_790_000_000 * SECOND_NS

lost = pytest.mark.parametrize("lose", [breaks_off, answers_with_a_fault])


class Once:
    """Requests under keys, each of which makes the partition's one item."""

    def __init__(self, watched: Watched, partition: str) -> None:
        self._partition = partition
        answers, clock = StoredKeptAnswers(watched.engine), DrivenClock(NOON)
        self._units = OnceUnits(StoreUnitOfWork(watched.engine), answers, clock)
        self._once = AnsweringOnce(self._units, answers, clock)

    def ask(self) -> Answered:
        """The same request."""
        return self._once.run(self._attempt(), self._act, told)

    def _attempt(self) -> Attempt:
        return attempt(User(Email("anita@example.com")), self._partition)

    def _act(self) -> str:
        made = Put({"user_id": self._partition, "sort_key": "1"}, ItemAbsent())
        self._units.commit(StagedWrite(made, never_refused), outcome="made")
        return "made"


@lost
def test_a_request_whose_answer_was_lost_once_is_answered_all_the_same(
    watched: Watched, partition: str, lose: Play
) -> None:
    once = Once(watched, partition)
    watched.wire.play(lose)

    assert once.ask() == Answered(told("made"), is_replay=False)

    assert watched.wire.operations == ["TransactWriteItems"] * 2
    assert once.ask() == Answered(told("made"), is_replay=True)


@lost
def test_a_request_whose_every_answer_was_lost_is_answered_to_its_repeat(
    watched: Watched, partition: str, lose: Play
) -> None:
    once = Once(watched, partition)
    watched.wire.play(*[lose] * LIBRARY_ATTEMPTS)

    with pytest.raises(StoreUnavailableError):
        once.ask()

    assert watched.engine.get(Key(partition, "1"), consistent=True) is not None
    assert once.ask() == Answered(told("made"), is_replay=True)


@lost
@pytest.mark.parametrize("before", [0, 1], ids=["a full bucket", "a bucket in use"])
def test_a_token_whose_answer_was_lost_may_cost_another_and_never_gives_one(
    watched: Watched, partition: str, lose: Play, before: int
) -> None:
    limits, zebu = StoredRateLimits(watched.engine), PartnerId(f"p{partition[:8]}", Mode.LIVE)
    for _ in range(before):
        limits.take(zebu, limit=5, now_ns=NOW, api_key_id=None)
    watched.wire.play(lose)

    taken = limits.take(zebu, limit=5, now_ns=NOW, api_key_id=None)

    assert (taken.allowed, taken.remaining) == (True, 5 - before - 2)
    rest = [limits.take(zebu, limit=5, now_ns=NOW, api_key_id=None).allowed for _ in range(5)]
    assert rest.count(True) == 5 - before - 2
