"""The rate limit as it was published: what passes at which instant, and what every answer says of it."""

from datetime import timedelta

from attrs import evolve
from tests.integration.api.asking import Asking
from tests.integration.api.faces import Answered, Face, partner_headers
from tests.integration.application.house import ADMIN, ANITA, CONDOR, KITE, NOON, ZEBU, ZEBU_TEST, House
from tests.integration.contracts.stores import everything

LIST = "partnerListTemplates"
NOON_S = int(NOON.timestamp())
LIMIT_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


def limit_of(answered: Answered) -> tuple[int, int, int]:
    """Limit, remaining, and in how many seconds from noon the bucket is full."""
    limit, remaining, reset = (int(answered.headers[name]) for name in LIMIT_HEADERS)
    return limit, remaining, reset - NOON_S


def test_of_sixty_one_requests_at_one_instant_the_last_is_refused(face: Face, house: House) -> None:
    partner = Asking.partner(face, house)
    answers = [partner.ask(LIST) for _ in range(61)]
    assert [limit_of(answer) for answer in answers[:60]] == [(60, 59 - number, 1 + number) for number in range(60)]
    assert {answer.status for answer in answers[:60]} == {200}
    assert not any("retry-after" in answer.headers for answer in answers[:60])
    refused = answers[60]
    assert (refused.status, limit_of(refused), refused.headers["retry-after"]) == (429, (60, 0, 60), "1")
    assert refused.json == {
        "error": "rate_limit",
        "message": "More than 60 requests a minute; ask again in 1 s",
        "code": "RATE_LIMIT_EXCEEDED",
        "details": {"limit": 60, "remaining": 0, "reset_at": NOON_S + 60},
        "request_id": refused.headers["x-request-id"],
    }


def test_a_second_gives_one_more_and_a_minute_all(face: Face, house: House) -> None:
    partner = Asking.partner(face, house)
    for seconds, expected in ((0, 60), (1, 1), (5, 4), (65, 60)):
        house.clock.move_to(NOON + timedelta(seconds=seconds))
        assert sum(partner.ask(LIST).status == 200 for _ in range(62)) == expected


def test_all_routes_and_key_pairs_of_a_partner_share_one_bucket(face: Face, house: House) -> None:
    first, second = (Asking.partner(face, house) for _ in range(2))
    first.ask(LIST)
    first.ask("partnerListSubscriptions")
    second.ask("partnerPauseSubscription", subscription_id="sub_zebu_none")
    assert limit_of(second.ask("partnerGetSubscription", subscription_id="sub_zebu_none")) == (60, 56, 4)


def test_another_partner_and_the_same_one_s_test_mode_have_their_own(face: Face, house: House) -> None:
    for partner_id in (ZEBU, ZEBU_TEST, KITE):
        assert limit_of(Asking.partner(face, house, partner_id).ask(LIST)) == (60, 59, 1)


def test_a_partner_s_own_limit_counts_in_the_place_of_sixty(face: Face, house: House) -> None:
    house.app.partners.revise(ADMIN, ZEBU, rate_limit=2)
    partner = Asking.partner(face, house)
    answers = [partner.ask(LIST) for _ in range(3)]
    assert [(answer.status, limit_of(answer)) for answer in answers] == [
        (200, (2, 1, 30)),
        (200, (2, 0, 60)),
        (429, (2, 0, 60)),
    ]
    assert answers[2].headers["retry-after"] == "30"


def test_an_answer_says_what_is_left_whatever_it_is(face: Face, house: House) -> None:
    partner = Asking.partner(face, house)
    missing = partner.ask("partnerGetSubscription", subscription_id="sub_zebu_none")
    bad = partner.ask(LIST, query={"limit": "0"})
    malformed = partner.face.ask(
        "POST", "/partner/marketplace/subscribe", headers={**partner.headers, "Content-Type": "text/plain"}, body=b"x"
    )
    assert [(answer.status, limit_of(answer)[1]) for answer in (missing, bad, malformed)] == [
        (404, 59),
        (400, 58),
        (415, 57),
    ]


def test_who_is_not_known_and_who_is_no_partner_is_told_of_no_limit(face: Face, house: House) -> None:
    partner = Asking.partner(face, house)
    stranger = evolve(partner, headers={**partner.headers, "X-Partner-Secret": "sk_zebu_live_" + "A" * 43})
    answers = [stranger.ask(LIST), Asking.user(face, house, ANITA).ask("userListTemplates")]
    assert [answer.status for answer in answers] == [401, 200]
    assert not any(answer.headers.keys() & {*LIMIT_HEADERS, "retry-after"} for answer in answers)
    assert limit_of(partner.ask(LIST)) == (60, 59, 1)


def test_a_refused_request_does_nothing_and_writes_nothing(face: Face, house: House) -> None:
    partner = Asking.partner(face, house)
    for _ in range(60):
        partner.ask(LIST)
    before = everything(house.app._engine)
    body = {"user_email": "anita@example.com", "basket_id": CONDOR, "broker_account_id": "AB1"}
    refused = partner.ask("partnerSubscribe", json=body, headers={"Idempotency-Key": "k1"})
    assert refused.status == 429
    assert everything(house.app._engine) == before


def test_the_uses_of_a_key_pair_are_counted(face: Face, house: House) -> None:
    headers = partner_headers(house)
    partner = Asking(face, headers)
    for _ in range(3):
        partner.ask(LIST)
    api_key = headers["Authorization"].removeprefix("Bearer ")
    [key] = [key for key in house.app.partners.keys(ADMIN, ZEBU) if key.api_key == api_key]
    [bucket] = [item for item in house.items() if item["entity_type"] == "RATE_LIMIT"]
    assert bucket[f"uses_{key.api_key_id}"] == 3
