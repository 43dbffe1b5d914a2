"""Money in whole minor units."""

import decimal
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import CurrencyMismatchError, InvalidInputError
from quantleap.domain.money import MAX_MINOR, MINOR_DIGITS, Money, divide_half_up
from quantleap.domain.rates import Rate

MINORS = st.integers(-MAX_MINOR, MAX_MINOR)
CURRENCIES = st.sampled_from(sorted(MINOR_DIGITS))


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("999.00", "INR", 99900),
        ("999", "INR", 99900),
        (999, "INR", 99900),
        ("299.7", "INR", 29970),
        (Decimal("299.7"), "INR", 29970),
        (Decimal("299.700"), "INR", 29970),
        (Decimal("1E+2"), "INR", 10000),
        ("-0.01", "INR", -1),
        ("-0", "INR", 0),
        (-5, "USD", -500),
        ("1234", "JPY", 1234),
        ("1234.000", "JPY", 1234),
        ("1.234", "KWD", 1234),
        ("10000000000000.00", "INR", MAX_MINOR),
    ],
)
def test_major_units_are_read_exactly(amount: object, currency: str, minor: int) -> None:
    assert Money.parse(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        (999.0, "INR", "must be an exact amount, not a float"),
        (True, "INR", "must be an exact amount, not a boolean"),
        (None, "INR", "must be an exact amount, not null"),
        ("", "INR", "must be an amount such as 999.00"),
        ("1,000", "INR", "must be an amount such as 999.00"),
        ("+1", "INR", "must be an amount such as 999.00"),
        ("1e3", "INR", "must be an amount such as 999.00"),
        (".5", "INR", "must be an amount such as 999.00"),
        ("१", "INR", "must be an amount such as 999.00"),
        (Decimal("NaN"), "INR", "must be finite"),
        (Decimal("Infinity"), "INR", "must be finite"),
        (Decimal("1E+999999999"), "INR", "has too many digits"),
        ("99999999999999999", "INR", "must be an amount such as 999.00"),
        ("0.001", "INR", "must have at most 2 decimal places in INR"),
        ("0.1", "JPY", "must have at most 0 decimal places in JPY"),
        ("10000000000000.01", "INR", f"must be from 0 to {MAX_MINOR}"),
    ],
)
def test_what_is_no_exact_amount_is_refused(amount: object, currency: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Money.parse(amount, currency, field="price")
    assert (refusal.value.field, refusal.value.reason) == ("price", reason)


@pytest.mark.parametrize("build", [lambda: Money(1, "XXX"), lambda: Money.parse("1", "XXX"), lambda: Money.zero("inr")])
def test_an_unknown_currency_is_refused(build: Callable[[], Money]) -> None:
    with pytest.raises(InvalidInputError, match="currency: must be one of INR, USD, JPY, KWD"):
        build()


@pytest.mark.parametrize("minor", [MAX_MINOR + 1, -MAX_MINOR - 1, True, 1.0, "1"])
def test_an_amount_is_a_whole_number_of_minor_units_within_bounds(minor: object) -> None:
    with pytest.raises(InvalidInputError, match="amount"):
        Money(minor, "INR")  # type: ignore[arg-type] # what an untyped caller may pass


@given(MINORS, CURRENCIES)
def test_an_amount_reads_back_what_it_prints(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.major_text(), currency) == money
    assert Money.parse(money.major_decimal(), currency) == money
    assert Money.parse(money.indian_text().replace(",", ""), currency) == money


@given(MINORS, CURRENCIES)
def test_no_decimal_context_changes_an_amount(minor: int, currency: str) -> None:
    exact = Money(minor, currency).major_decimal()
    with decimal.localcontext(decimal.Context(prec=1, Emax=1, Emin=-1)):
        assert Money(minor, currency).major_decimal().as_tuple() == exact.as_tuple()
        assert Money.parse(exact, currency).minor == minor


@pytest.mark.parametrize(
    ("money", "text", "decimal_text", "indian"),
    [
        (rupees(99900), "999.00", "999", "999.00"),
        (rupees(29970), "299.70", "299.7", "299.70"),
        (rupees(0), "0.00", "0", "0.00"),
        (rupees(-1), "-0.01", "-0.01", "-0.01"),
        (rupees(100000), "1000.00", "1000", "1,000.00"),
        (rupees(29970000), "299700.00", "299700", "2,99,700.00"),
        (rupees(-123456789012), "-1234567890.12", "-1234567890.12", "-1,23,45,67,890.12"),
        (Money(1234567, "JPY"), "1234567", "1234567", "12,34,567"),
        (Money(1234, "KWD"), "1.234", "1.234", "1.234"),
    ],
)
def test_an_amount_prints_in_major_units(money: Money, text: str, decimal_text: str, indian: str) -> None:
    assert money.major_text() == text
    assert str(money.major_decimal()) == decimal_text
    assert money.indian_text() == indian


def test_amounts_of_one_currency_add_subtract_negate_and_compare() -> None:
    assert rupees(5) + rupees(7) == rupees(12)
    assert rupees(5) - rupees(7) == -rupees(2)
    assert rupees(5) < rupees(7) <= rupees(7)
    assert not rupees(7) < rupees(7)


@pytest.mark.parametrize(
    "mix",
    [
        lambda: rupees(1) + Money(1, "USD"),
        lambda: rupees(1) - Money(1, "USD"),
        lambda: rupees(1) < Money(1, "USD"),
        lambda: rupees(1) <= Money(1, "USD"),
    ],
)
def test_two_currencies_never_mix(mix: Callable[[], object]) -> None:
    with pytest.raises(CurrencyMismatchError) as refusal:
        mix()
    assert (refusal.value.left, refusal.value.right) == ("INR", "USD")


@given(st.integers(-(10**12), 10**12), st.integers(0, 10_000))
def test_a_share_is_rounded_half_away_from_zero_to_the_minor_unit(minor: int, bps: int) -> None:
    exact = abs(Fraction(minor) * Fraction(bps, 10_000))
    rounded = math.floor(exact + Fraction(1, 2))
    assert rupees(minor).share(Rate(bps)) == rupees(rounded if minor >= 0 else -rounded)


def test_division_rounds_half_up_like_the_exact_quotient() -> None:
    for numerator in range(61):
        for denominator in range(1, 31):
            expected = math.floor(Fraction(numerator, denominator) + Fraction(1, 2))
            assert divide_half_up(numerator, denominator) == expected
