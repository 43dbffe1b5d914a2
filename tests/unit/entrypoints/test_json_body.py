"""Numbers of a body are read exactly, and a whole one is whole however it is spelled."""

from decimal import Decimal

import pytest

from quantleap.domain.errors import InvalidInputError
from quantleap.entrypoints.api.json_body import parse_json


@pytest.mark.parametrize("spelled", ["27", "27.0", "27.000", "2.7e1", "2700e-2", "0.27E+2"])
def test_a_whole_number_is_an_int(spelled: str) -> None:
    read = parse_json(spelled.encode())
    assert (type(read), read) == (int, 27)


@pytest.mark.parametrize("spelled", ["299.7", "0.1", "-1.5e-7", "100.000000000000000000000000000000000001"])
def test_another_keeps_every_digit(spelled: str) -> None:
    read = parse_json(spelled.encode())
    assert (type(read), read) == (Decimal, Decimal(spelled))


def test_a_huge_number_is_no_int_that_fills_the_memory() -> None:
    assert parse_json(b"1e999999999") == Decimal("1e999999999")


@pytest.mark.parametrize("spelled", ["1e99999999999999999999", "1e-99999999999999999999"])
def test_a_number_beyond_all_bounds_is_refused(spelled: str) -> None:
    with pytest.raises(InvalidInputError, match="has a number beyond all bounds"):
        parse_json(spelled.encode())
