"""What a refund takes back."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.commissions.reversal import Reversal, clawback_due, reverse
from quantleap.domain.errors import CurrencyMismatchError, InvalidInputError, RefundExceedsChargeError
from quantleap.domain.money import Money

CHARGE_ID = "chg_sub_zebu_1_0000"


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


def reversed_by(  # the reversal of one refund, in paise
    charged: int, commission: int, refunded: int, clawed_back: int, refund: Money
) -> Reversal:
    return reverse(
        charge_id=CHARGE_ID,
        charged=rupees(charged),
        commission=rupees(commission),
        refunded=rupees(refunded),
        clawed_back=rupees(clawed_back),
        refund=refund,
    )


def refunds_in_turn(charged: int, commission: int, refunds: list[int]) -> list[Reversal]:
    reversals: list[Reversal] = []
    refunded = clawed_back = 0
    for refund in refunds:
        reversals.append(reversed_by(charged, commission, refunded, clawed_back, rupees(refund)))
        refunded += refund
        clawed_back += reversals[-1].clawback.minor
    return reversals


def test_ten_refunds_of_1_paisa_of_a_10_paisa_charge_at_50_percent_claw_back_exactly_5() -> None:
    reversals = refunds_in_turn(10, 5, [1] * 10)
    assert sum(reversal.clawback.minor for reversal in reversals) == 5
    assert [reversal.clawback.minor for reversal in reversals] == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0]


def test_half_of_999_gives_back_half_of_each_part() -> None:
    reversal = reversed_by(99900, 29970, 0, 0, rupees(49950))
    assert (reversal.clawback, reversal.platform_share) == (rupees(14985), rupees(34965))


def test_clawback_is_the_exact_share_rounded_half_up_for_every_small_charge() -> None:
    for charged in range(1, 16):
        for commission in range(charged + 1):
            due = [math.floor(Fraction(commission * part, charged) + Fraction(1, 2)) for part in range(charged + 1)]
            for refunded in range(charged):
                for refund in range(1, charged - refunded + 1):
                    reversal = reversed_by(charged, commission, refunded, due[refunded], rupees(refund))
                    assert reversal.clawback.minor == due[refunded + refund] - due[refunded]
                    assert reversal.clawback + reversal.platform_share == rupees(refund)


@st.composite
def charges_refunded_in_parts(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    charged = draw(st.integers(1, 10**7))
    commission = draw(st.integers(0, charged))
    cuts = sorted(draw(st.sets(st.integers(1, charged), max_size=20)) | {charged})
    return charged, commission, [after - before for before, after in zip([0, *cuts], cuts, strict=False)]


@given(charges_refunded_in_parts())
def test_a_full_refund_in_any_number_of_parts_claws_back_exactly_the_commission(
    refunded_charge: tuple[int, int, list[int]],
) -> None:
    charged, commission, refunds = refunded_charge
    reversals = refunds_in_turn(charged, commission, refunds)
    assert sum(reversal.refund.minor for reversal in reversals) == charged
    assert sum(reversal.clawback.minor for reversal in reversals) == commission
    assert sum(reversal.platform_share.minor for reversal in reversals) == charged - commission


@given(charges_refunded_in_parts(), st.integers(1, 20))
def test_any_sequence_of_partial_refunds_conserves_to_the_paisa(
    refunded_charge: tuple[int, int, list[int]], length: int
) -> None:
    charged, commission, refunds = refunded_charge
    clawed_back = 0
    for reversal in refunds_in_turn(charged, commission, refunds[:length]):
        assert reversal.clawback + reversal.platform_share == reversal.refund
        assert 0 <= reversal.clawback.minor <= reversal.refund.minor
        clawed_back += reversal.clawback.minor
        assert clawed_back <= commission
    refunded = sum(refunds[:length])
    assert abs(clawed_back - Fraction(commission * refunded, charged)) <= Fraction(1, 2)


@pytest.mark.parametrize(("refunded", "clawed_back", "refund", "left"), [(0, 0, 11, 10), (9, 5, 2, 1), (10, 5, 1, 0)])
def test_a_refund_above_what_is_left_is_refused_with_what_is_left(
    refunded: int, clawed_back: int, refund: int, left: int
) -> None:
    with pytest.raises(RefundExceedsChargeError) as refusal:
        reversed_by(10, 5, refunded, clawed_back, rupees(refund))
    assert (refusal.value.charge_id, refusal.value.refundable_minor) == (CHARGE_ID, left)


def test_nothing_can_be_refunded_of_a_charge_of_zero() -> None:
    with pytest.raises(RefundExceedsChargeError, match="only 0 minor units left"):
        reversed_by(0, 0, 0, 0, rupees(1))


@pytest.mark.parametrize("refund", [0, -1])
@pytest.mark.parametrize("charged", [0, 10])
def test_a_refund_of_zero_or_less_is_refused(charged: int, refund: int) -> None:
    with pytest.raises(InvalidInputError, match="amount: must be more than zero"):
        reversed_by(charged, 0, 0, 0, rupees(refund))


def test_a_refund_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        reversed_by(10, 5, 0, 0, Money(1, "USD"))


@pytest.mark.parametrize("clawed_back", [0, 2, 5])
def test_a_past_that_does_not_add_up_is_refused_not_guessed_at(clawed_back: int) -> None:
    with pytest.raises(InvalidInputError, match="clawed_back: is not what the refunds so far claw back"):
        reversed_by(10, 5, 1, clawed_back, rupees(1))


def test_what_is_due_in_all_is_the_share_of_the_commission_rounded_half_up() -> None:
    due = [clawback_due(charged=rupees(10), commission=rupees(5), refunded=rupees(part)) for part in range(11)]
    assert [money.minor for money in due] == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@pytest.mark.parametrize(
    ("refund", "clawback", "refusal"),
    [
        (rupees(0), rupees(0), InvalidInputError("amount", "must be more than zero")),
        (rupees(2), rupees(3), InvalidInputError("clawback", "must be from zero to the refund")),
        (rupees(2), rupees(-1), InvalidInputError("clawback", "must be from zero to the refund")),
        (rupees(2), Money(1, "USD"), CurrencyMismatchError("USD", "INR")),
    ],
)
def test_a_reversal_whose_parts_do_not_fit_cannot_be_built(refund: Money, clawback: Money, refusal: Exception) -> None:
    with pytest.raises(type(refusal)) as raised:
        Reversal(refund, clawback)
    assert str(raised.value) == str(refusal)
