"""Ranges: what a value can be when its figures are known only between two ends."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from indicatree.arithmetic.quantity import (
    MISSING,
    UNDEFINED,
    OperandError,
    Quantity,
    State,
    Unsettled,
    UnsettledError,
    exact,
)
from indicatree.problems import ExactnessError, Problem
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Interval", "Undecided"]


class UndecidedError(UnsettledError):
    """A decision was asked of a condition that holds for some values of a range and not for others."""

    def __init__(self) -> None:
        """Say that the condition is open, though its value is defined."""
        super().__init__(State.DEFINED)

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from nothing."""
        return type(self), ()


@attrs.frozen
class Undecided:
    """A condition that holds for some values of an interval and not for others."""

    def __bool__(self) -> bool:
        """Refuse to be taken for true or false."""
        raise UndecidedError

    def __and__(self, other: object) -> Any:
        """False where the other side is false."""
        if isinstance(other, Unsettled):
            return other
        return False if other is False else self

    __rand__ = __and__

    def __or__(self, other: object) -> Any:
        """True where the other side is true."""
        if isinstance(other, Unsettled):
            return other
        return True if other is True else self

    __ror__ = __or__

    def __invert__(self) -> Undecided:
        """Undecided as well."""
        return self

    def choose(self, then: object, otherwise: object) -> Interval:
        """Everything that either branch can be."""
        first, second = _interval(then), _interval(otherwise)
        if first.low.state or second.low.state:
            return Interval.nowhere(max(first.low.state, second.low.state))
        return Interval(
            Quantity.extreme((first.low, second.low), frozenset(), largest=False),
            Quantity.extreme((first.high, second.high), frozenset(), largest=True),
        )


@attrs.frozen(order=False)
class Interval:
    """All values from ``low`` to ``high``, both included.

    Arithmetic is sound: the result holds every value that the operation can give. It is tight
    where each figure occurs once in the formula. A divisor that can be zero gives no range: both
    ends are undefined.

    Attributes:
        low: The least value.
        high: The largest value.

    Example:
        >>> actual = Interval.of_printed("897.73")
        >>> rate = Interval.of_printed("113.73%")
        >>> budget = actual / rate
        >>> str(budget.low.decimal(3)), str(budget.high.decimal(3))
        ('789.313', '789.391')
    """

    rank: ClassVar[int] = 1

    low: Quantity = attrs.field(converter=exact)
    high: Quantity = attrs.field(converter=exact)

    def __attrs_post_init__(self) -> None:
        """Check the order of the ends."""
        if self.low.state != self.high.state or (not self.low.state and self.low > self.high):
            message = Text(
                zh=f"下限不得大于上限，实际为 {self.low} 和 {self.high}",
                en=f"expected low <= high, got {self.low} and {self.high}",
            )
            raise ExactnessError([Problem("interval-order", "", message)])

    @classmethod
    def nowhere(cls, state: int) -> Interval:
        """The range of a value that is missing or undefined."""
        quantity = MISSING if state == State.MISSING else UNDEFINED
        return cls(quantity, quantity)

    @classmethod
    def of_printed(cls, printed: str | Decimal | int) -> Interval:
        """What a printed figure stands for: half its last digit to either side.

        Example:
            >>> Interval.of_printed("837.3")
            Interval(low=Quantity(837.25), high=Quantity(837.35))
        """
        middle = exact(printed)
        text = str(printed).strip()
        if "/" in text:
            message = Text(
                zh=f"应为报告中印出的小数，实际为分数 {text}", en=f"expected a printed decimal, got the fraction {text}"
            )
            raise ExactnessError([Problem("not-printed", "", message)])
        last = int(Decimal(text.removesuffix("%").strip()).as_tuple().exponent)  # middle is finite
        half = exact(Decimal((0, (5,), last - 1)))
        if text.endswith("%"):
            half = half / 100
        return cls(middle - half, middle + half)

    @property
    def is_defined(self) -> bool:
        """Whether there is a range."""
        return self.low.is_defined

    def __contains__(self, value: Quantity | Decimal | int | str) -> bool:
        """Whether a value lies in the range, the ends included."""
        if not self.is_defined:
            return False
        quantity = exact(value)
        return quantity.is_defined and bool(self.low <= quantity) and bool(quantity <= self.high)

    def meets(self, other: Interval) -> bool:
        """Whether two ranges have a value in common."""
        if not (self.is_defined and other.is_defined):
            return False
        return bool(self.low <= other.high) and bool(other.low <= self.high)

    def __add__(self, other: Any) -> Interval:
        """Every sum."""
        if (other := _side(other)) is NotImplemented:
            return NotImplemented
        return Interval(self.low + other.low, self.high + other.high)

    __radd__ = __add__

    def __neg__(self) -> Interval:
        """Every opposite."""
        return Interval(-self.high, -self.low)

    def __pos__(self) -> Interval:
        """The same."""
        return self

    def __sub__(self, other: Any) -> Interval:
        """Every difference."""
        if (other := _side(other)) is NotImplemented:
            return NotImplemented
        return Interval(self.low - other.high, self.high - other.low)

    def __rsub__(self, other: Any) -> Interval:
        """Every difference, the other way."""
        side = _side(other)
        return side if side is NotImplemented else side.__sub__(self)

    def __mul__(self, other: Any) -> Interval:
        """Every product."""
        if (other := _side(other)) is NotImplemented:
            return NotImplemented
        if state := max(self.low.state, other.low.state):
            return Interval.nowhere(state)
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(
            Quantity.extreme(corners, frozenset(), largest=False),
            Quantity.extreme(corners, frozenset(), largest=True),
        )

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Interval:
        """Every ratio; no range where the divisor can be zero."""
        if (divisor := _side(other)) is NotImplemented:
            return NotImplemented
        if state := max(self.low.state, divisor.low.state):
            return Interval.nowhere(state)
        if 0 in divisor:
            return Interval.nowhere(State.UNDEFINED)
        inverse: Interval = self * Interval(1 / divisor.high, 1 / divisor.low)
        return inverse

    def __rtruediv__(self, other: Any) -> Interval:
        """Every ratio, the other way."""
        side = _side(other)
        return side if side is NotImplemented else side.__truediv__(self)

    def __abs__(self) -> Interval:
        """Every magnitude."""
        if not self.is_defined or self.low >= 0:
            return self
        if self.high <= 0:
            return -self
        return Interval(0, Quantity.extreme((-self.low, self.high), frozenset(), largest=True))

    def __lt__(self, other: Any) -> Any:
        """Whether every value is less, none is, or it is undecided."""
        if (other := _side(other)) is NotImplemented:
            return NotImplemented
        return _settle(self.high < other.low, self.low >= other.high)

    def __le__(self, other: Any) -> Any:
        """Whether every value is less or equal, none is, or it is undecided."""
        if (other := _side(other)) is NotImplemented:
            return NotImplemented
        return _settle(self.high <= other.low, self.low > other.high)

    def __gt__(self, other: Any) -> Any:
        """Whether every value is more, none is, or it is undecided."""
        if (other := _side(other)) is NotImplemented:
            return NotImplemented
        return other < self

    def __ge__(self, other: Any) -> Any:
        """Whether every value is more or equal, none is, or it is undecided."""
        if (other := _side(other)) is NotImplemented:
            return NotImplemented
        return other <= self

    def equals(self, other: Any) -> Any:
        """Whether the values are certainly equal, certainly not, or it is undecided."""
        other = _interval(other)
        return (self <= other) & (self >= other)

    def floored(self) -> Interval:
        """Every whole number below."""
        return Interval(self.low.floored(), self.high.floored())

    def ceiled(self) -> Interval:
        """Every whole number above."""
        return Interval(self.low.ceiled(), self.high.ceiled())

    @staticmethod
    def extreme(operands: Sequence[Any], skip: frozenset[State], *, largest: bool) -> Interval:
        """What the smallest or the largest can be."""
        intervals = [_interval(operand) for operand in operands]
        if any(interval.low.state == State.UNDEFINED for interval in intervals):
            # no range is not "undefined for certain": the divisor may be zero for some values only
            skip = skip - {State.UNDEFINED}
        return Interval(
            Quantity.extreme([interval.low for interval in intervals], skip, largest=largest),
            Quantity.extreme([interval.high for interval in intervals], skip, largest=largest),
        )


def _interval(value: Any) -> Interval:
    if isinstance(value, Interval):
        return value
    quantity = exact(value)
    return Interval(quantity, quantity)


def _side(value: Any) -> Any:
    """The other side of an operator; line items answer for themselves."""
    if isinstance(value, Interval):
        return value
    if getattr(value, "rank", 0) > Interval.rank:
        return NotImplemented
    if isinstance(value, bool | float | str):
        said = Text(
            zh=f"与范围一同计算的应为精确的数，实际为 {value!r}",
            en=f"expected an exact number beside a range, got {value!r}",
        )
        raise OperandError(said)
    return _interval(value)


def _settle(certain: bool | Unsettled, impossible: bool | Unsettled) -> Any:  # noqa: FBT001 - two answers, in order
    if isinstance(certain, Unsettled):
        return certain
    if certain:
        return True
    return False if impossible else Undecided()
