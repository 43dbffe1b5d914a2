"""What `ports.kept_answers.KeptAnswers` promises, on every store."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from tests.integration.contracts.samples import subscription
from tests.integration.contracts.stores import Store, everything

from quantleap.adapters.store import keys
from quantleap.adapters.store.repositories.kept_answers import StoredKeptAnswers
from quantleap.adapters.store.seam import Update
from quantleap.domain.errors import DuplicateSubscriptionError
from quantleap.domain.identifiers import Mode
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.kept_answers import AnsweredBeforeError, AnswerPlace, KeptAnswer

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)
HERE, ELSEWHERE = AnswerPlace(Mode.LIVE, "a" * 64), AnswerPlace(Mode.LIVE, "b" * 64)

ANSWER = KeptAnswer(
    place=HERE,
    fingerprint="f" * 64,
    status=201,
    body='{"price": 299.70, "name": "é"}\n',
    secret_of=None,
    expires_at=NOON + DAY,
)


@pytest.fixture
def answers(store: Store) -> StoredKeptAnswers:
    return StoredKeptAnswers(store.engine)


def keep(store: Store, answers: StoredKeptAnswers, answer: KeptAnswer = ANSWER, *, at: datetime = NOON) -> None:
    store.units.commit(*answers.keeping(answer, at=at))


@pytest.mark.parametrize(
    "answer",
    [ANSWER, evolve(ANSWER, body=""), evolve(ANSWER, body=None, secret_of="key_1")],
    ids=["a body", "an empty body", "a secret was shown"],
)
def test_an_answer_is_found_as_it_was_kept_and_only_at_its_place(
    store: Store, answers: StoredKeptAnswers, answer: KeptAnswer
) -> None:
    assert answers.get(HERE, at=NOON) is None
    keep(store, answers, answer)
    assert answers.get(HERE, at=NOON) == answer
    assert answers.get(ELSEWHERE, at=NOON) is None
    assert answers.get(evolve(HERE, mode=Mode.TEST), at=NOON) is None


def test_another_answer_at_its_place_is_refused_by_the_first(store: Store, answers: StoredKeptAnswers) -> None:
    keep(store, answers)
    before = everything(store.engine)
    for other in (ANSWER, evolve(ANSWER, fingerprint="e" * 64, status=200, body="{}")):
        with pytest.raises(AnsweredBeforeError) as raised:
            keep(store, answers, other, at=NOON + DAY - SECOND)
        assert raised.value.answer == ANSWER
    assert everything(store.engine) == before
    keep(store, answers, evolve(ANSWER, place=evolve(HERE, mode=Mode.TEST)))


def test_an_answer_that_expired_counts_as_absent_and_is_replaced(store: Store, answers: StoredKeptAnswers) -> None:
    keep(store, answers)
    assert answers.get(HERE, at=NOON + DAY - SECOND) == ANSWER
    assert answers.get(HERE, at=NOON + DAY) is None
    next_day = evolve(ANSWER, body="{}", expires_at=NOON + 2 * DAY)
    keep(store, answers, next_day, at=NOON + DAY)
    assert answers.get(HERE, at=NOON + DAY) == next_day


def test_an_answer_is_good_to_the_last_microsecond(store: Store, answers: StoredKeptAnswers) -> None:
    """What is kept is a second, which is rounded up."""
    until = NOON + DAY + timedelta(microseconds=1)
    keep(store, answers, evolve(ANSWER, expires_at=until))
    assert answers.get(HERE, at=until - timedelta(microseconds=1)) is not None
    assert answers.get(HERE, at=NOON + DAY + SECOND) is None


def test_an_answer_and_what_it_tells_of_are_kept_together_or_not_at_all(
    store: Store, answers: StoredKeptAnswers
) -> None:
    new = subscription(1)
    store.units.commit(*answers.keeping(ANSWER, at=NOON), *store.subscriptions.adding(new, None))
    assert answers.get(HERE, at=NOON) == ANSWER
    before = everything(store.engine)
    again = evolve(ANSWER, place=ELSEWHERE)
    with pytest.raises(DuplicateSubscriptionError):
        store.units.commit(*answers.keeping(again, at=NOON), *store.subscriptions.adding(subscription(2), None))
    with pytest.raises(AnsweredBeforeError):
        store.units.commit(*answers.keeping(ANSWER, at=NOON), *store.subscriptions.adding(subscription(2), None))
    assert everything(store.engine) == before


def test_of_answers_at_once_that_exclude_each_other_one_is_kept(store: Store, answers: StoredKeptAnswers) -> None:
    def attempt(number: int) -> int | None:
        try:
            keep(store, answers, evolve(ANSWER, status=200 + number))
        except AnsweredBeforeError as before:
            return before.answer.status
        return None

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(attempt, range(8)))
    kept = answers.get(HERE, at=NOON)
    assert kept is not None
    assert found.count(None) == 1
    assert set(found) == {None, kept.status}
    assert kept.status == 200 + found.index(None)


def test_an_answer_that_cannot_be_read_is_corrupt_data(store: Store, answers: StoredKeptAnswers) -> None:
    keep(store, answers)
    store.engine.write(Update(keys.kept_answer(HERE.mode, HERE.scope), assign={"status_code": "201"}))
    with pytest.raises(CorruptDataError, match="item IDEMPOTENCY: status_code is not a number"):
        answers.get(HERE, at=NOON)
    with pytest.raises(CorruptDataError):
        keep(store, answers)


def test_no_representation_shows_a_body() -> None:
    assert "299.70" not in repr(ANSWER)
    assert "299.70" not in f"{AnsweredBeforeError(ANSWER)!r} {AnsweredBeforeError(ANSWER)}"
