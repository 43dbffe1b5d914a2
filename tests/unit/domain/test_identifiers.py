"""Which identifiers are well formed."""

import string
from collections.abc import Callable

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain import identifiers
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import _COMMON_EMAIL, Email, Mode, PartnerId

NOT_A_MAILBOX = [
    "",
    "plain",
    "@example.com",
    "a@",
    "a@localhost",
    "a@b..com",
    "a@[127.0.0.1]",
    '"a b"@example.com',
    "A Name <a@example.com>",
    "<a@example.com>",
    "a@example.com,b@example.com",
    "a@example.com;b@example.com",
    "a@b@example.com",
    " a@example.com",
    "a@example.com ",
    "a@example.com\n",
    "a\x00b@example.com",
    "a\r\nBcc: b@example.com",
    "a#b@example.com",
    "\u0430dmin@example.com",  # Cyrillic a
    "admin@ex\u0430mple.com",
    "adm\u0131n@example.com",  # dotless i
    "ad\u200bmin@example.com",  # zero width space
    "ad\u00admin@example.com",  # soft hyphen
    "\u202eadmin@example.com",  # right-to-left override
    "\ufeffadmin@example.com",
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.com",
]

PARSERS: list[tuple[Callable[[object, str], str], list[str], list[str]]] = [
    (
        identifiers.template_id,
        ["basket_admin_8f3e2a1b", "a", "0", "leg-1", "a" * 64],
        ["", "_a", "-a", "A", "a" * 65, "a b", "a#b", "a.b", "a\n", "leg\u0661", "b\u0430sket", "a\x00"],
    ),
    (
        identifiers.broker_id,
        ["zerodha", "angel_one", "a" * 32],
        ["", "1broker", "Zerodha", "a" * 33, "a.b", "a\n", "z\u0435rodha"],
    ),
    (
        identifiers.broker_account_id,
        ["AB1234", "a.b-c_d", "0" * 64],
        ["", ".a", "a" * 65, "a b", "a#b", "AB1234\n", "AB\uff11", "AB\u202e1"],
    ),
    (
        identifiers.subscription_id,
        ["sub_zebu_0190a3f2", "sub_direct_a", f"sub_zebu_{'a' * 64}"],
        [
            "",
            "sub_zebu_",
            "sub_z_1",
            "sub_Zebu_1",
            "sub_zebu_a-b",
            f"sub_zebu_{'a' * 65}",
            "sub_zebu_1\n",
            "SUB_zebu_1",
        ],
    ),
    (
        identifiers.request_id,
        ["req_a7f3e2b1c4d5"],
        ["", "req_A7F3E2B1C4D5", "req_a7f3e2b1c4d", "req_a7f3e2b1c4d5e", "req_a7f3e2b1c4d5\n", "req_a7f3e2b1c4d\u0665"],
    ),
    (
        identifiers.api_key_id,
        ["key_0190a3f2", f"key_{'Z' * 64}"],
        ["", "key_", "key_a_b", f"key_{'a' * 65}", "pk_zebu_live_a", "key_a\n"],
    ),
    (
        identifiers.reference,
        ["INV-2026:01.a_b", "1", "a" * 64],
        ["", "-a", "a b", "a" * 65, "a#b", "a\n", "a\u00b2"],
    ),
]


@pytest.mark.parametrize(
    ("parse", "value"),
    [(parse, value) for parse, good, _ in PARSERS for value in good],
)
def test_a_well_formed_id_is_given_back(parse: Callable[[object, str], str], value: str) -> None:
    assert parse(value, "id") == value


@pytest.mark.parametrize(
    ("parse", "value"),
    [(parse, value) for parse, _, bad in PARSERS for value in [*bad, None, 7, True, 1.5, ["a"], b"a"]],
)
def test_any_other_id_is_refused_by_the_name_of_its_field(parse: Callable[[object, str], str], value: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse(value, "some_id")
    assert caught.value.field == "some_id"


@given(st.text())
def test_no_format_admits_the_separator_of_keys_or_anything_outside_ascii(value: str) -> None:
    for parse, _, _ in PARSERS:
        try:
            parse(value, "id")
        except InvalidInputError:
            continue
        assert value.isascii()
        assert "#" not in value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Admin@Example.COM", "admin@example.com"),
        ("admin\uff20example.com", "admin@example.com"),  # fullwidth at sign
        ("\uff41dmin@example.com", "admin@example.com"),  # fullwidth a
        ("\u212aevin@example.com", "kevin@example.com"),  # Kelvin sign
        ("\ufb01n@example.com", "fin@example.com"),  # fi ligature
        ("first.last+tag@example.com", "FIRST.LAST+TAG@example.com"),
        ("a@XN--BCHER-KVA.example.com", "a@xn--bcher-kva.example.com"),
    ],
)
def test_two_spellings_of_one_mailbox_are_equal(one: str, other: str) -> None:
    assert Email(one) == Email(other)
    assert str(Email(one)) == other.casefold()


@pytest.mark.parametrize("value", [*NOT_A_MAILBOX, None, 7, True, ["a@example.com"], b"a@example.com"])
def test_what_is_not_one_plain_mailbox_is_refused_without_repeating_it(value: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Email(value)
    assert caught.value.field == "user_email"
    assert caught.value.reason in ("must be text", "must be one plain mailbox such as name@example.com")


@pytest.mark.parametrize("spelled", ["a@xn--bcher-kva.de", "a@xn--80ak6aa92e.com", "O'Neil@example.com"])
def test_an_address_is_ascii_and_reading_it_again_changes_nothing(spelled: str) -> None:
    once = Email(spelled)
    assert once.address.isascii()
    assert Email(once.address) == once


@given(st.emails())
def test_normalising_twice_is_normalising_once(spelled: str) -> None:
    try:
        once = Email(spelled)
    except InvalidInputError:
        return
    assert Email(once.address) == once
    assert Email(spelled.upper()) == once


def test_a_trusted_address_is_taken_as_it_is_and_equals_the_checked_one() -> None:
    assert Email.trusted("admin@example.com") == Email("admin@example.com")
    assert hash(Email.trusted("admin@example.com")) == hash(Email("Admin@example.com"))


@pytest.mark.parametrize("slug", ["zebu", "a1", "a" * 31, "angelone"])
@pytest.mark.parametrize("mode", list(Mode))
def test_a_partner_id_reads_back_as_it_is_spelled(slug: str, mode: Mode) -> None:
    partner = PartnerId(slug, mode)
    assert str(partner) == f"partner_{slug}_{mode.value}"
    assert PartnerId.parse(str(partner)) == partner


@pytest.mark.parametrize(
    "slug", ["direct", "", "a", "1a", "Zebu", "a" * 32, "a_b", "a-b", "zebu\n", "z\u0435bu", None, 7]
)
def test_a_partner_of_another_slug_is_refused(slug: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        PartnerId(slug, Mode.LIVE)  # type: ignore[arg-type]  # what is refused
    assert caught.value.field == "partner"


@pytest.mark.parametrize("mode", ["live", "prod", None, 1])
def test_a_mode_is_one_of_the_two(mode: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        PartnerId("zebu", mode)  # type: ignore[arg-type]  # what is refused
    assert caught.value.field == "mode"


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "zebu",
        "partner_zebu",
        "partner_zebu_prod",
        "partner_Zebu_live",
        "partner_zebu_live\n",
        "PARTNER_zebu_live",
        7,
    ],
)
def test_a_malformed_partner_id_is_refused(spelled: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        PartnerId.parse(spelled)
    assert caught.value.field == "partner_id"


def test_nobody_is_partner_direct() -> None:
    with pytest.raises(InvalidInputError, match="reserved"):
        PartnerId.parse("partner_direct_live")


def validated(address: str) -> str:
    """What email-validator gives back."""
    return validate_email(address, check_deliverability=False).normalized


WORDS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
LOCAL_PARTS = st.lists(st.tuples(WORDS, st.sampled_from("._+-")), min_size=1, max_size=4).map(
    lambda parts: "".join(word + mark for word, mark in parts)[:-1]
)
DOMAINS = st.lists(st.lists(WORDS, min_size=1, max_size=3).map("-".join), min_size=1, max_size=4).map(".".join)


@given(LOCAL_PARTS, DOMAINS, st.sampled_from(["com", "in", "net", "org"]))
def test_an_address_of_the_common_form_is_one_that_the_validator_gives_back_as_it_is(
    local: str, domain: str, top: str
) -> None:
    address = f"{local}@{domain}.{top}"
    assert _COMMON_EMAIL.fullmatch(address)
    assert Email(address).address == address == validated(address)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        (f"{'a' * 64}@example.com", True),
        (f"a@{'b' * 63}.com", True),
        (f"a@{'b' * 64}.com", False),
        (f"a@b.{'c' * 64}.com", False),
    ],
)
def test_parts_of_an_address_are_as_long_as_the_validator_lets_them(address: str, *, is_one: bool) -> None:
    if is_one:
        assert Email(address).address == validated(address)
    else:
        with pytest.raises(EmailNotValidError):
            validated(address)
        with pytest.raises(InvalidInputError):
            Email(address)
