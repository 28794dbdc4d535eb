"""Money in whole millionths of its currency: it is added up and compared, so it is never a float."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

MILLION = 1_000_000


def millionths(value: float, *, up: bool) -> int:
    """Return a finite number, as it was written, in millionths; anything finer is rounded `up`, or down."""
    # From its shortest text: 0.0305 is meant, not the binary fraction nearest to it.
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    return int((Decimal(repr(value)) * MILLION).to_integral_value(rounding))


def shown(amount: int) -> float:
    """Return millionths as the number that people read."""
    return amount / MILLION
