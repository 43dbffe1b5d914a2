"""Rates in basis points."""

import pytest

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.rates import Rate


@pytest.mark.parametrize(
    ("spelled", "bps"),
    [("0%", 0), ("0.01%", 1), ("0.1%", 10), ("12.5%", 1250), ("30%", 3000), ("030%", 3000), ("100%", 10_000)],
)
def test_a_percentage_is_read_exactly(spelled: str, bps: int) -> None:
    assert Rate.parse_percent(spelled) == Rate(bps)


@pytest.mark.parametrize("spelled", ["", "30", "-1%", "+1%", "30 %", "1.234%", ".5%", "1.%", "1000%", "٣%", "30%\n"])
def test_anything_but_a_plain_percentage_is_refused(spelled: str) -> None:
    with pytest.raises(InvalidInputError, match="commission: must be a percentage"):
        Rate.parse_percent(spelled, field="commission")


@pytest.mark.parametrize("spelled", ["100.01%", "999%"])
def test_more_than_the_whole_is_refused(spelled: str) -> None:
    with pytest.raises(InvalidInputError, match="rate: must be from 0% to 100%"):
        Rate.parse_percent(spelled)


@pytest.mark.parametrize("bps", [-1, 10_001, True, 30.0, "3000", None])
def test_basis_points_are_a_whole_number_from_0_to_10_000(bps: object) -> None:
    with pytest.raises(InvalidInputError, match="bps"):
        Rate(bps)  # type: ignore[arg-type] # what an untyped caller may pass


def test_every_rate_reads_back_what_it_prints() -> None:
    for bps in range(10_001):
        assert Rate.parse_percent(str(Rate(bps))) == Rate(bps)


@pytest.mark.parametrize(
    ("bps", "printed"), [(0, "0%"), (5, "0.05%"), (1250, "12.5%"), (3000, "30%"), (10_000, "100%")]
)
def test_a_rate_prints_as_a_percentage_without_trailing_zeros(bps: int, printed: str) -> None:
    assert str(Rate(bps)) == printed


def test_rates_compare_by_size() -> None:
    assert Rate(2999) < Rate(3000) <= Rate(3000)
