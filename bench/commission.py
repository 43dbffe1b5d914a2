"""The split of 999.00 INR at 30 %, against py-moneyed."""

from decimal import ROUND_HALF_UP, Decimal

from moneyed import INR
from moneyed import Money as PeerMoney

from bench.machine import machine
from bench.ratio import Contest, holds
from quantleap.domain.commissions.commission import CommissionSplit, split_charge
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate

AT_LEAST = 2.5

_CHARGE, _RATE = Money(99_900, "INR"), Rate(3000)
_PEER_CHARGE, _PEER_RATE, _PAISA = PeerMoney("999.00", INR), Decimal("0.30"), Decimal("0.01")


def ours() -> CommissionSplit:
    """Commission half-up to the paisa, the platform takes the rest."""
    return split_charge(_CHARGE, _RATE)


def peer() -> tuple[PeerMoney, PeerMoney]:
    """The same. `Money.round` rounds by the decimal context, half-even by default, so the rounding is said here."""
    share = (_PEER_CHARGE * _PEER_RATE).amount.quantize(_PAISA, ROUND_HALF_UP)
    commission = PeerMoney(share, INR)
    return commission, _PEER_CHARGE - commission


def measure() -> bool:
    """Whether the ratio is met, after a look that both sides agree."""
    split = ours()
    parts = (split.partner.major_decimal(), split.platform.major_decimal())
    assert parts == tuple(part.amount for part in peer())
    return holds(Contest("split 999.00 INR at 30 %", "py-moneyed", ours, peer, 5000, AT_LEAST))


def main() -> int:
    """Print the machine and the verdict; 1 when the ratio is missed."""
    print(machine())
    return 0 if measure() else 1


if __name__ == "__main__":
    raise SystemExit(main())
