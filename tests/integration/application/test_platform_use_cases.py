"""Partners and their keys."""

from datetime import timedelta
from functools import partial

from attrs import evolve
from tests.integration.application.house import (
    ADMIN,
    KITE,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
)

from quantleap.domain.errors import (
    AlreadyExistsError,
    ApiKeyNotFoundError,
    InvalidCredentialsError,
    InvalidInputError,
    KeyAlreadyRotatedError,
    KeyExpiredError,
    KeyRevokedError,
    PartnerNotFoundError,
)
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.partners.permissions import ALL_PERMISSIONS
from quantleap.domain.principals import PartnerBackend

# Partners and keys


def test_a_new_partner_comes_with_a_key_pair_that_proves_it(house: House) -> None:
    made = house.app.partners.create(ADMIN, evolve(ZEBU, slug="angel"), broker_id="angelone", rate_limit=5)
    assert house.app.partners.get(ADMIN, made.partner.partner_id) == made.partner
    assert (made.partner.broker_id, made.partner.display_name, made.partner.rate_limit) == ("angelone", "angel", 5)
    assert house.app.partners.keys(ADMIN, made.partner.partner_id) == [made.issued.key]
    proved = house.app.authentication.partner(made.issued.key.api_key, made.issued.secret)
    assert proved == PartnerBackend(
        made.partner.partner_id, ALL_PERMISSIONS, made.issued.key.api_key_id, rate_limit=5, shows_performance=False
    )


def test_a_secret_is_seen_once_and_stored_nowhere(house: House) -> None:
    made = house.app.partners.create(ADMIN, evolve(ZEBU, slug="angel"))
    assert made.issued.secret not in repr(house.items())
    assert made.issued.secret not in repr(made)


def test_a_partner_is_made_once(house: House) -> None:
    before = house.items()
    assert isinstance(refusal(partial(house.app.partners.create, ADMIN, ZEBU)), AlreadyExistsError)
    assert house.items() == before


def test_what_is_not_there_is_not_found(house: House) -> None:
    partners, nobody = house.app.partners, PartnerId("angel", Mode.LIVE)
    for call in (partners.get, partners.keys, partners.issue):
        assert isinstance(refusal(partial(call, ADMIN, nobody)), PartnerNotFoundError)
    for change in (partners.rotate, partners.revoke):
        assert isinstance(refusal(partial(change, ADMIN, "key_none")), ApiKeyNotFoundError)
        other = house.first_key(KITE).api_key_id
        assert isinstance(refusal(partial(change, ADMIN, other, of=ZEBU)), ApiKeyNotFoundError)


def test_a_rotated_key_works_beside_its_successor_for_the_overlap(house: House) -> None:
    partners, prove = house.app.partners, house.app.authentication.partner
    old = partners.issue(ADMIN, ZEBU)
    new = partners.rotate(ADMIN, old.key.api_key_id, overlap=timedelta(days=2))
    pairs = [(each.key.api_key, each.secret) for each in (old, new)]
    for pair in pairs:
        assert prove(*pair).partner_id == ZEBU
    again = partial(partners.rotate, ADMIN, old.key.api_key_id)
    assert isinstance(refusal(again), KeyAlreadyRotatedError)
    house.clock.move_to(house.clock.now() + timedelta(days=2))
    assert isinstance(refusal(partial(prove, *pairs[0])), KeyExpiredError)
    assert prove(*pairs[1]).partner_id == ZEBU


def test_an_overlap_of_more_than_a_month_is_refused_and_nothing_written(house: House) -> None:
    before = house.items()
    rotate = partial(house.app.partners.rotate, ADMIN, house.first_key().api_key_id, overlap=timedelta(days=31))
    assert isinstance(refusal(rotate), InvalidInputError)
    assert house.items() == before


def test_a_revoked_key_is_useless_at_once_and_revoking_again_changes_nothing(house: House) -> None:
    partners = house.app.partners
    issued = partners.issue(ADMIN, ZEBU)
    revoked = partners.revoke(ADMIN, issued.key.api_key_id)
    prove = partial(house.app.authentication.partner, issued.key.api_key, issued.secret)
    assert isinstance(refusal(prove), KeyRevokedError)
    house.clock.move_to(house.clock.now() + timedelta(days=1))
    before = house.items()
    assert partners.revoke(ADMIN, issued.key.api_key_id) == revoked
    assert house.items() == before


def test_a_key_expires_after_90_days(house: House) -> None:
    issued = house.app.partners.issue(ADMIN, ZEBU)
    prove = partial(house.app.authentication.partner, issued.key.api_key, issued.secret)
    house.clock.move_to(house.clock.now() + timedelta(days=90) - timedelta(microseconds=1))
    assert prove().partner_id == ZEBU
    house.clock.move_to(house.clock.now() + timedelta(microseconds=1))
    assert isinstance(refusal(prove), KeyExpiredError)


def test_no_other_pair_proves_anything_and_no_refusal_repeats_it(house: House) -> None:
    first, second = house.app.partners.issue(ADMIN, ZEBU), house.app.partners.issue(ADMIN, ZEBU)
    test = house.app.partners.issue(ADMIN, ZEBU_TEST)
    unknown = first.key.api_key[:-1] + ("a" if first.key.api_key[-1] != "a" else "b")
    for pair in (
        (first.key.api_key, second.secret),
        (first.key.api_key, test.secret),
        (test.key.api_key, first.secret),
        (unknown, first.secret),
        (first.key.api_key, first.secret[:-1]),
        (first.secret, first.key.api_key),
        ("", ""),
        (None, None),
    ):
        error = refusal(partial(house.app.authentication.partner, *pair))
        assert type(error) is InvalidCredentialsError
        assert str(error) == "The API key, secret or token is not valid"
