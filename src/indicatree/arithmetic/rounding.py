"""Rounding by integer division: no float ever decides a tie."""

from __future__ import annotations

from enum import Enum

__all__ = ["Rounding", "round_ratio"]


class Rounding(Enum):
    """How a ratio becomes a whole number. All four act on the magnitude and keep the sign.

    Attributes:
        HALF_UP: To the nearest; a tie goes away from zero. The rule of published reports.
        HALF_EVEN: To the nearest; a tie goes to the even neighbour.
        DOWN: Towards zero.
        UP: Away from zero.
    """

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


# Looking a member up on its Enum costs more than the division it decides on.
_HALF_UP = Rounding.HALF_UP


def round_ratio(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Round ``numerator / denominator`` to a whole number.

    Args:
        numerator: Any integer.
        denominator: An integer above zero.
        rounding: What happens between whole numbers.

    Example:
        >>> round_ratio(5, 2), round_ratio(-5, 2), round_ratio(5, 2, Rounding.HALF_EVEN)
        (3, -3, 2)
    """
    if numerator < 0:
        return -round_ratio(-numerator, denominator, rounding)
    if rounding is _HALF_UP:
        return (2 * numerator + denominator) // (2 * denominator)
    whole, rest = divmod(numerator, denominator)
    if rounding is Rounding.UP:
        return whole + (rest > 0)
    if rounding is Rounding.HALF_EVEN:
        return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
    return whole
