"""Twenty requests at one instant: what must happen once happens once, and each is told what became of it.

On each store, at the functions and over sockets at the local server.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import pytest
from tests.integration.api.asking import Asking
from tests.integration.api.faces import Answered, Face, LambdaFace, SocketFace
from tests.integration.api.wire import serving
from tests.integration.application.house import ADMIN, CONDOR, House
from tests.integration.contracts.stores import REAL_STORES, STORES

from quantleap.domain.subscriptions.transitions import MOVES

AT_ONCE = 20
BODY = {"user_email": "anita@example.com", "basket_id": CONDOR, "broker_account_id": "AB1"}
STEPS = {(source, move.target) for move in MOVES.values() for source in move.sources}


@pytest.fixture(params=REAL_STORES)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """One on each store in turn."""
    made = House.furnished(STORES[request.param](tmp_path))
    with made.app:
        yield made


@contextmanager
def by_functions(house: House) -> Iterator[Face]:
    """At the functions."""
    yield LambdaFace(house.app)


@contextmanager
def by_sockets(house: House) -> Iterator[Face]:
    """At a server that listens."""
    with serving(house.app) as port, closing(SocketFace(port)) as face:
        yield face


@pytest.fixture(params=[by_functions, by_sockets], ids=["functions", "sockets"])
def partner(request: pytest.FixtureRequest, house: House) -> Iterator[Asking]:
    """Zebu's live server, at each in turn."""
    with request.param(house) as face:
        yield Asking.partner(face, house)


def at_once(*asks: Callable[[], Answered]) -> list[Answered]:
    """The answers to all, which begin when all are ready."""
    start = Barrier(len(asks))

    def waiting(ask: Callable[[], Answered]) -> Answered:
        start.wait()
        return ask()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(waiting, asks))


def under(key: str) -> Mapping[str, str]:
    return {"Idempotency-Key": key} if key else {}


def statuses(answers: list[Answered]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def test_of_duplicates_of_one_subscribe_one_is_made_and_the_rest_are_told_of_it(house: House, partner: Asking) -> None:
    answers = at_once(*[partial(partner.ask, "partnerSubscribe", json=BODY)] * AT_ONCE)
    assert statuses(answers) == {201: 1, 409: AT_ONCE - 1}
    [made] = [answer.json for answer in answers if answer.status == 201]
    refused = [answer.json for answer in answers if answer.status == 409]
    assert {each["code"] for each in refused} == {"DUPLICATE_SUBSCRIPTION"}
    assert {each["details"]["existing_subscription_id"] for each in refused} == {made["subscription_id"]}
    assert subscriptions(house) == [made["subscription_id"]]


def test_under_one_key_all_are_told_the_same_of_the_one_that_is_made(house: House, partner: Asking) -> None:
    ask = partial(partner.ask, "partnerSubscribe", json=BODY, headers=dict(under("k1")))
    answers = at_once(*[ask] * AT_ONCE)
    assert statuses(answers) == {201: AT_ONCE}
    [text] = {answer.text for answer in answers}
    assert Counter("idempotent-replayed" in answer.headers for answer in answers) == {True: AT_ONCE - 1, False: 1}
    assert subscriptions(house) == [answers[0].json["subscription_id"]]
    assert ask().text == text


@pytest.mark.parametrize("pause_key", ["", "p1"], ids=["pause without a key", "pause under a key"])
@pytest.mark.parametrize("cancel_key", ["", "c1"], ids=["cancel without a key", "cancel under a key"])
def test_pause_and_cancel_leave_one_legal_history_of_what_was_answered(
    house: House, partner: Asking, pause_key: str, cancel_key: str
) -> None:
    name = partner.good("partnerSubscribe", json=BODY)["subscription_id"]
    half = AT_ONCE // 2
    asks = [
        partial(partner.ask, f"partner{move}Subscription", subscription_id=name, headers=dict(under(key)))
        for move, key in (("Pause", pause_key), ("Cancel", cancel_key)) * half
    ]
    answers = at_once(*asks)
    paused, cancelled = statuses(answers[::2]), statuses(answers[1::2])
    assert paused in ([{200: half}] if pause_key else [{200: 1, 400: half - 1}]) + [{400: half}]
    assert cancelled == ({200: half} if cancel_key else {200: 1, 400: half - 1})
    history = [entry.status for entry in house.app.subscriptions.get(ADMIN, name).history]
    assert len(history) == 2 + (200 in paused)
    assert STEPS.issuperset(pairwise(history))
    assert {answer.json["code"] for answer in answers if answer.status == 400} <= {"INVALID_STATUS_TRANSITION"}


def test_of_a_bucket_s_requests_at_once_no_more_pass_than_it_has_tokens(house: House, partner: Asking) -> None:
    for _ in range(60 - AT_ONCE // 2):
        partner.good("partnerListTemplates")
    answers = at_once(*[partial(partner.ask, "partnerListTemplates")] * AT_ONCE)
    assert statuses(answers) == {200: AT_ONCE // 2, 429: AT_ONCE // 2}
    left = sorted(int(answer.headers["x-ratelimit-remaining"]) for answer in answers if answer.status == 200)
    assert left == list(range(AT_ONCE // 2))


def subscriptions(house: House) -> list[str]:
    return [str(item["subscription_id"]) for item in house.items() if item["entity_type"] == "SUBSCRIPTION"]
