"""What `ports.expired_records.ExpiredRecords` promises, on the stores that do not expire by themselves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from tests.integration.contracts.stores import STORES, Store, store_over

from quantleap.adapters.store.repositories.expired_records import StoredExpiredRecords
from quantleap.adapters.store.repositories.kept_answers import StoredKeptAnswers
from quantleap.composition import compose
from quantleap.domain.identifiers import Mode
from quantleap.ports.kept_answers import AnswerPlace, KeptAnswer

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
DAY, INSTANT = timedelta(hours=24), timedelta(microseconds=1)
ANSWER = KeptAnswer(
    place=AnswerPlace(Mode.LIVE, "a" * 64), fingerprint="f" * 64, status=201, body="{}", secret_of=None, expires_at=NOON
)


@pytest.fixture(params=["memory", "sqlite"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with compose(STORES[request.param](tmp_path), keys=None) as app:
        yield store_over(app._engine)


@pytest.mark.parametrize("expires_at", [NOON, NOON + INSTANT, NOON + timedelta(seconds=1) - INSTANT], ids=str)
def test_a_record_is_removed_from_the_instant_on_at_which_it_counts_as_absent(own: Store, expires_at: datetime) -> None:
    answers, expired = StoredKeptAnswers(own.engine), StoredExpiredRecords(own.engine)
    own.units.commit(*answers.keeping(evolve(ANSWER, expires_at=expires_at), at=NOON - DAY))
    absent_from = next(
        at
        for at in (NOON + timedelta(milliseconds=500) * step for step in range(5))
        if not answers.get(ANSWER.place, at=at)
    )
    assert expired.remove(absent_from - INSTANT, limit=100) == 0
    assert expired.remove(absent_from, limit=100) == 1
    assert list(own.whole.records()) == []


def test_those_that_expired_first_are_removed_first_and_no_more_than_asked(own: Store) -> None:
    answers, expired = StoredKeptAnswers(own.engine), StoredExpiredRecords(own.engine)
    places = [AnswerPlace(Mode.TEST, letter * 64) for letter in "cab"]
    for hours, place in enumerate(places):
        answer = evolve(ANSWER, place=place, expires_at=NOON + timedelta(hours=hours))
        own.units.commit(*answers.keeping(answer, at=NOON - DAY))
    assert expired.remove(NOON + DAY, limit=2) == 2
    assert [answers.get(place, at=NOON - DAY) is None for place in places] == [True, True, False]
