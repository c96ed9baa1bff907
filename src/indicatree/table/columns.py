"""Exact quantities of a table: a rational for each row, the same operand to a measure or a rule as one quantity.

`Ratio` is a numerator and a denominator of whole numbers; `Choice` keeps the two values of a choice apart for as
long as that is cheaper: what is then done to them with a constant is done to each, and constants stay constants.
"""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from indicatree.arithmetic import Quantity, Rounding, State, Unsettled, exact
from indicatree.table import wholes
from indicatree.table.wholes import FALSE, LARGEST, TRUE, Truth, Whole, all_true, any_true, negative, pick, pick_truth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "Choice",
    "ColumnCondition",
    "ColumnWords",
    "Ratio",
    "column_of",
    "condition_of",
    "defined",
    "equal_columns",
    "in_units",
]

_ORDER = {"less": wholes.less, "at_most": wholes.at_most, "equal": wholes.equal_to}
_PLAIN: dict[str, Callable[[Any, Any], Any]] = {
    "less": operator.lt,
    "at_most": operator.le,
    "equal": lambda first, second: first.equals(second),
}


class ColumnCondition:
    """A condition for each row: whether it holds, and what may keep it from being settled.

    Attributes:
        holds: Whether it holds, where it is settled.
        missing: Whether a figure that it needs is not there.
        undefined: Whether a division by zero is on the way; where it is missing too, that wins.
    """

    __slots__ = ("holds", "missing", "undefined")
    rank: ClassVar[int] = 4

    def __init__(self, holds: Truth, missing: Truth = FALSE, undefined: Truth = FALSE) -> None:
        """Hold the parts."""
        self.holds, self.missing, self.undefined = holds, missing, undefined

    def __bool__(self) -> NoReturn:
        """Refuse: there is an answer for each row."""
        msg = "a condition on columns has an answer for each row"
        raise TypeError(msg)

    def __and__(self, other: Any) -> ColumnCondition:
        """Both; unsettled where one is."""
        return self._joined(other, all_true)

    __rand__ = __and__

    def __or__(self, other: Any) -> ColumnCondition:
        """Either; unsettled where one is."""
        return self._joined(other, any_true)

    __ror__ = __or__

    def _joined(self, other: Any, join: Callable[[list[Truth]], Truth]) -> ColumnCondition:
        other = condition_of(other)
        if other is NotImplemented:
            return NotImplemented  # type: ignore[no-any-return]
        return ColumnCondition(
            join([self.holds, other.holds]),
            any_true([self.missing, other.missing]),
            any_true([self.undefined, other.undefined]),
        )

    def negated(self) -> ColumnCondition:
        """Whether it does not hold."""
        return ColumnCondition(negative(self.holds), self.missing, self.undefined)

    def equals(self, other: Any) -> ColumnCondition:
        """Whether both hold, or neither."""
        other = condition_of(other)
        same = pick_truth(self.holds, other.holds, negative(other.holds))
        return ColumnCondition(
            same, any_true([self.missing, other.missing]), any_true([self.undefined, other.undefined])
        )

    def choose(self, then: Any, otherwise: Any) -> Any:
        """One of two values."""
        then, otherwise = _operand(then), _operand(otherwise)
        if self.holds.op == "constant" and self.missing is self.undefined is FALSE:
            return then if self.holds.args[0] else otherwise
        return Choice(self, then, otherwise)


def condition_of(value: Any) -> Any:
    """A condition on columns, of whatever is one."""
    if isinstance(value, ColumnCondition):
        return value
    if isinstance(value, bool):
        return ColumnCondition(TRUE if value else FALSE)
    if isinstance(value, Unsettled):
        missing = value.state == State.MISSING
        return ColumnCondition(FALSE, TRUE if missing else FALSE, FALSE if missing else TRUE)
    return NotImplemented


class _Columns:
    """What the two kinds of quantity on columns share."""

    __slots__ = ()
    rank: ClassVar[int] = 4

    def __bool__(self) -> NoReturn:
        """Refuse: there is a value for each row."""
        msg = "a value on columns is neither true nor false: compare it, and choose with where(...)"
        raise TypeError(msg)

    def __add__(self, other: Any) -> Any:
        """The sums."""
        return _combined(self, other, operator.add, _added)

    def __radd__(self, other: Any) -> Any:
        """The sums."""
        return _combined(_operand(other), self, operator.add, _added)

    def __sub__(self, other: Any) -> Any:
        """The differences."""
        return _combined(self, other, operator.sub, _subtracted)

    def __rsub__(self, other: Any) -> Any:
        """The differences, the other way."""
        return _combined(_operand(other), self, operator.sub, _subtracted)

    def __mul__(self, other: Any) -> Any:
        """The products."""
        return _combined(self, other, operator.mul, _multiplied)

    def __rmul__(self, other: Any) -> Any:
        """The products."""
        return _combined(_operand(other), self, operator.mul, _multiplied)

    def __truediv__(self, other: Any) -> Any:
        """The ratios; undefined where the divisor is zero."""
        return _combined(self, other, operator.truediv, _divided)

    def __rtruediv__(self, other: Any) -> Any:
        """The ratios, the other way."""
        return _combined(_operand(other), self, operator.truediv, _divided)

    def __neg__(self) -> Any:
        """The opposites."""
        return self * -1

    def __pos__(self) -> Any:
        """The same."""
        return self

    def __abs__(self) -> Any:
        """The magnitudes."""
        return (self < 0).choose(-self, self)

    def __lt__(self, other: Any) -> Any:
        """Whether it is less."""
        return _compared(self, other, "less")

    def __le__(self, other: Any) -> Any:
        """Whether it is not more."""
        return _compared(self, other, "at_most")

    def __gt__(self, other: Any) -> Any:
        """Whether it is more."""
        return _compared(other, self, "less")

    def __ge__(self, other: Any) -> Any:
        """Whether it is not less."""
        return _compared(other, self, "at_most")

    def equals(self, other: Any) -> Any:
        """Whether the values are equal."""
        return _compared(self, other, "equal")

    def floored(self) -> Any:
        """The largest whole number that is not more."""
        raise NotImplementedError

    def ceiled(self) -> Any:
        """The smallest whole number that is not less."""
        return -((-self).floored())

    @staticmethod
    def extreme(operands: Sequence[Any], skip: frozenset[State], *, largest: bool) -> Any:
        """The smallest or the largest; operands in a state named by ``skip`` are passed over."""
        result = _operand(operands[0])
        for operand in operands[1:]:
            result = _more_extreme(result, _operand(operand), skip, largest=largest)
        return result


class Ratio(_Columns):
    """A rational for each row.

    Attributes:
        numerator: The whole number above the line.
        denominator: The one below it; above zero wherever the value is defined.
        missing: Whether a figure is not there.
        undefined: Whether a division by zero is on the way; where it is missing too, that wins.
        least: The least that the value can be, where more is known of it than of its parts.
        most: The largest that it can be, likewise.
    """

    __slots__ = ("denominator", "least", "missing", "most", "numerator", "undefined")

    def __init__(
        self,
        numerator: Whole,
        denominator: Whole = wholes.ONE,
        missing: Truth = FALSE,
        undefined: Truth = FALSE,
        least: Fraction | None = None,
        most: Fraction | None = None,
    ) -> None:
        """Hold the parts, without the constant that the numerator and a constant denominator share."""
        self.least, self.most = least, most
        below = denominator.value
        if below is not None and below != 1:
            shared = math.gcd(wholes.factor_of(numerator), below)
            if shared > 1:
                numerator = wholes.unscaled(numerator, shared)
                denominator = wholes.constant(below // shared)
        self.numerator, self.denominator = numerator, denominator
        self.missing, self.undefined = missing, undefined

    def floored(self) -> Ratio:
        """The largest whole number that is not more."""
        least, most = self.span()
        whole = wholes.divide(self.numerator, self.denominator)
        known = wholes.bounded(whole, math.floor(least), math.floor(most))
        return Ratio(known, wholes.ONE, self.missing, self.undefined)

    def span(self) -> tuple[Fraction, Fraction]:
        """The least and the largest that the value can be."""
        above, below = self.numerator, self.denominator
        under, over = max(below.low, 1), max(below.high, 1)
        least = Fraction(above.low, under if above.low < 0 else over)
        most = Fraction(above.high, over if above.high < 0 else under)
        return (
            least if self.least is None else max(least, self.least),
            most if self.most is None else min(most, self.most),
        )

    def within(self, least: Fraction | None, most: Fraction | None) -> Ratio:
        """The same value, of which more is known."""
        known = [self.least, self.most]
        if least is not None and (known[0] is None or least > known[0]):
            known[0] = least
        if most is not None and (known[1] is None or most < known[1]):
            known[1] = most
        return Ratio(self.numerator, self.denominator, self.missing, self.undefined, *known)

    def __repr__(self) -> str:
        """The parts."""
        return f"Ratio({self.numerator!r}, {self.denominator!r})"


class Choice(_Columns):
    """One of two values for each row, kept apart.

    Attributes:
        condition: Which of them it is.
        then: The value where it holds.
        otherwise: The value where it does not.
    """

    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, condition: ColumnCondition, then: Any, otherwise: Any) -> None:
        """Hold the parts."""
        self.condition, self.then, self.otherwise = condition, then, otherwise

    def each(self, operation: Callable[[Any], Any]) -> Choice:
        """The choice between what an operation makes of the two."""
        return Choice(self.condition, operation(self.then), operation(self.otherwise))

    def floored(self) -> Choice:
        """The largest whole number that is not more."""
        return self.each(lambda value: value.floored())

    def __repr__(self) -> str:
        """The parts."""
        return f"Choice({self.condition.holds!r}, {self.then!r}, {self.otherwise!r})"


class ColumnWords:
    """A choice for each row: one of the options of a field."""

    __slots__ = ("name",)
    rank: ClassVar[int] = 4

    def __init__(self, name: str) -> None:
        """Hold the name of the column."""
        self.name = name

    def equals(self, other: Any) -> ColumnCondition:
        """Whether it is one of the options, or the same as another choice."""
        missing = wholes.null(self.name)
        if isinstance(other, ColumnWords):
            missing = any_true([missing, wholes.null(other.name)])
            return ColumnCondition(Truth("same", (self.name, other.name)), missing)
        if not isinstance(other, str):
            msg = f"expected one of the options, got {other!r}"
            raise TypeError(msg)
        return ColumnCondition(wholes.option(self.name, other), missing)


def _operand(value: Any) -> Any:
    """A value on columns, or a constant."""
    return value if isinstance(value, Quantity | _Columns) else exact(value)


def equal_columns(first: Any, second: Any) -> Any:
    """Whether two values are equal, as a condition."""
    return _compared(first, second, "equal")


def column_of(value: Any) -> Ratio:
    """A value on columns as one numerator and one denominator."""
    if isinstance(value, Ratio):
        return value
    if isinstance(value, Choice):
        return _settled(value)
    constant = exact(value)
    if constant.state:
        missing = constant.state == State.MISSING
        return Ratio(wholes.ZERO, wholes.ONE, TRUE if missing else FALSE, FALSE if missing else TRUE)
    reduced = constant.fraction
    return Ratio(wholes.constant(reduced.numerator), wholes.constant(reduced.denominator))


def _settled(choice: Choice) -> Ratio:
    """A choice as one numerator and one denominator."""
    then, otherwise = column_of(choice.then), column_of(choice.otherwise)
    condition = choice.condition
    holds = condition.holds
    (one, _), (other, _) = _base(then.denominator), _base(otherwise.denominator)
    if then.numerator.value == 0:
        above, below, denominator = then.numerator, otherwise.numerator, otherwise.denominator
    elif otherwise.numerator.value == 0:
        above, below, denominator = then.numerator, otherwise.numerator, then.denominator
    elif one is other or wholes.ONE in (one, other):
        above, below, denominator = _over_one_line(then, otherwise)
    else:
        above, below = then.numerator, otherwise.numerator
        denominator = wholes.bounded(pick(holds, then.denominator, otherwise.denominator), 1)
    return Ratio(
        pick(holds, above, below),
        denominator,
        any_true([condition.missing, pick_truth(holds, then.missing, otherwise.missing)]),
        any_true([condition.undefined, pick_truth(holds, then.undefined, otherwise.undefined)]),
    )


def _combined(first: Any, second: Any, plain: Callable[[Any, Any], Any], parts: Callable[[Ratio, Ratio], Ratio]) -> Any:
    try:
        second = _operand(second)
    except TypeError:
        return NotImplemented
    if isinstance(first, Choice) and isinstance(second, Quantity):
        return first.each(lambda value: plain(value, second))
    if isinstance(second, Choice) and isinstance(first, Quantity):
        return second.each(lambda value: plain(first, value))
    ends = _moved(first, second, plain)
    first, second = column_of(first), column_of(second)
    result = parts(first, second)
    return Ratio(
        result.numerator,
        result.denominator,
        any_true([first.missing, second.missing]),
        any_true([first.undefined, second.undefined, result.undefined]),
        *ends,
    )


def _moved(first: Any, second: Any, plain: Callable[[Any, Any], Any]) -> tuple[Fraction | None, Fraction | None]:
    """The ends of what is known of a value, after an operation with a constant."""
    if isinstance(first, Quantity) and isinstance(second, Ratio):
        if first.state or plain is operator.truediv:
            return None, None
        falls = plain is operator.sub or (plain is operator.mul and bool(first < 0))
        ends = [None if end is None else plain(first, exact(end)).fraction for end in (second.least, second.most)]
    elif isinstance(second, Quantity) and isinstance(first, Ratio):
        if second.state or (plain is operator.truediv and second == 0):
            return None, None
        falls = plain in (operator.mul, operator.truediv) and bool(second < 0)
        ends = [None if end is None else plain(exact(end), second).fraction for end in (first.least, first.most)]
    else:
        return None, None
    return (ends[1], ends[0]) if falls else (ends[0], ends[1])


def _base(below: Whole) -> tuple[Whole, int]:
    """A denominator as a number times a constant."""
    if below.value is not None:
        return wholes.ONE, below.value
    inner, factor = wholes.bare(below), 1
    if inner.op == "scale":
        inner, factor = wholes.bare(inner.args[0]), inner.args[1]
    return inner, factor


def _over_one_line(first: Ratio, second: Ratio) -> tuple[Whole, Whole, Whole]:
    """Both numerators over one denominator, the smallest that does."""
    (one, factor), (other, factor_of_other) = _base(first.denominator), _base(second.denominator)
    least = math.lcm(factor, factor_of_other)
    above = wholes.scale(first.numerator, least // factor)
    beside = wholes.scale(second.numerator, least // factor_of_other)
    if one is other:
        below = one
    elif one is wholes.ONE:
        above, below = wholes.multiply(above, other), other
    elif other is wholes.ONE:
        beside, below = wholes.multiply(beside, one), one
    else:
        above, beside, below = wholes.multiply(above, other), wholes.multiply(beside, one), wholes.multiply(one, other)
    below = wholes.scale(below, least)
    return above, beside, wholes.bounded(below, 1) if below.value is None else below


def _added(first: Ratio, second: Ratio) -> Ratio:
    above, beside, below = _over_one_line(first, second)
    return Ratio(wholes.add(above, beside), below)


def _subtracted(first: Ratio, second: Ratio) -> Ratio:
    above, beside, below = _over_one_line(first, second)
    return Ratio(wholes.subtract(above, beside), below)


def _multiplied(first: Ratio, second: Ratio) -> Ratio:
    return Ratio(
        wholes.multiply(first.numerator, second.numerator), wholes.multiply(first.denominator, second.denominator)
    )


def _divided(first: Ratio, second: Ratio) -> Ratio:
    above, divisor, _ = _over_one_line(first, second)
    undefined = wholes.equal_to(second.numerator, wholes.ZERO)
    below = divisor
    if divisor.high <= 0:
        above, below = wholes.negate(above), wholes.negate(below)
    elif divisor.low < 0:
        under = wholes.less(divisor, wholes.ZERO)
        above = pick(under, wholes.negate(above), above)
        below = pick(under, wholes.negate(below), below)
    if below.value == 0:
        return Ratio(wholes.ZERO, wholes.ONE, FALSE, TRUE)
    return Ratio(above, wholes.bounded(below, 1), FALSE, undefined)


def _compared(first: Any, second: Any, order: str) -> Any:
    try:
        first, second = _operand(first), _operand(second)
    except TypeError:
        return NotImplemented
    if isinstance(first, Choice) and isinstance(second, Quantity):
        return _chosen(first, lambda value: _compared(value, second, order))
    if isinstance(second, Choice) and isinstance(first, Quantity):
        return _chosen(second, lambda value: _compared(first, value, order))
    if isinstance(first, Quantity) and isinstance(second, Quantity):
        return condition_of(_PLAIN[order](first, second))
    first, second = column_of(first), column_of(second)
    above, beside, _ = _over_one_line(first, second)
    return ColumnCondition(
        _known_order(first, second, order) or _ORDER[order](above, beside),
        any_true([first.missing, second.missing]),
        any_true([first.undefined, second.undefined]),
    )


def _known_order(first: Ratio, second: Ratio, order: str) -> Truth | None:
    """Whether what is known of two values already says how they compare."""
    (least, most), (low, high) = first.span(), second.span()
    if order == "equal":
        return FALSE if most < low or high < least else None
    if most < low or (order == "at_most" and most == low):
        return TRUE
    return FALSE if least > high or (order == "less" and least == high) else None


def _chosen(choice: Choice, ask: Callable[[Any], ColumnCondition]) -> ColumnCondition:
    """What holds of the value that is chosen."""
    then, otherwise, condition = ask(choice.then), ask(choice.otherwise), choice.condition
    holds = condition.holds
    return ColumnCondition(
        pick_truth(holds, then.holds, otherwise.holds),
        any_true([condition.missing, pick_truth(holds, then.missing, otherwise.missing)]),
        any_true([condition.undefined, pick_truth(holds, then.undefined, otherwise.undefined)]),
    )


def _more_extreme(first: Any, second: Any, skip: frozenset[State], *, largest: bool) -> Any:
    if isinstance(first, Quantity) and isinstance(second, Quantity):
        return Quantity.extreme([first, second], skip, largest=largest)
    if skip:
        return _with_skipped(column_of(first), column_of(second), skip, largest=largest)
    if isinstance(first, Choice) and isinstance(second, Quantity):
        return first.each(lambda value: _more_extreme(value, second, skip, largest=largest))
    if isinstance(second, Choice) and isinstance(first, Quantity):
        return second.each(lambda value: _more_extreme(first, value, skip, largest=largest))
    one, other = column_of(first), column_of(second)
    # the first of equal ones is kept, as one quantity keeps it
    takes_second = _compared(one, other, "less") if largest else _compared(other, one, "less")
    # a constant stays one, and where it is not taken it limits the other
    return takes_second.choose(
        second if isinstance(second, Quantity) else _limited(other, first, largest=largest),
        first if isinstance(first, Quantity) else _limited(one, second, largest=largest),
    )


def _limited(value: Ratio, beside: Any, *, largest: bool) -> Ratio:
    """A value that is more extreme than another; where that is a constant, it limits the value."""
    if not isinstance(beside, Quantity) or beside.state:
        return value
    return value.within(beside.fraction, None) if largest else value.within(None, beside.fraction)


def _with_skipped(one: Ratio, other: Ratio, skip: frozenset[State], *, largest: bool) -> Ratio:
    """The more extreme of two of which those in some states are passed over; both passed over: the worse state."""
    passed = []
    for value in (one, other):
        states = [value.missing] if State.MISSING in skip else []
        if State.UNDEFINED in skip:
            states.append(all_true([value.undefined, negative(value.missing)]))
        passed.append(any_true(states))
    order = _compared(_known(one), _known(other), "less") if largest else _compared(_known(other), _known(one), "less")
    only_second = all_true([passed[0], negative(passed[1])])
    neither_passed = all_true([negative(passed[0]), negative(passed[1])])
    both_passed = all_true(passed)
    takes_second = any_true([only_second, all_true([neither_passed, order.holds])])
    chosen = _settled(Choice(ColumnCondition(takes_second), other, one))
    both_count = any_true([neither_passed, both_passed])
    return Ratio(
        chosen.numerator,
        chosen.denominator,
        pick_truth(both_count, any_true([one.missing, other.missing]), chosen.missing),
        pick_truth(both_count, any_true([one.undefined, other.undefined]), chosen.undefined),
    )


def _known(value: Ratio) -> Ratio:
    return Ratio(value.numerator, value.denominator)


def defined(value: Any) -> Any:
    """A value without what keeps it from being known: for the rows in which nothing does."""
    if isinstance(value, Choice):
        return Choice(ColumnCondition(value.condition.holds), defined(value.then), defined(value.otherwise))
    if isinstance(value, Ratio):
        return Ratio(value.numerator, value.denominator, FALSE, FALSE, value.least, value.most)
    known = exact(value)
    return exact(0) if known.state else known


def in_units(value: Any, factor: int, rounding: Rounding, limits: tuple[int, int] | None = None) -> Ratio:
    """A value in units of ``1/factor``, rounded to a whole number of them, and kept within two limits.

    What is beyond a limit is kept back before it is divided, so that the division stays small.
    """
    if isinstance(value, Choice):
        return _settled(value.each(lambda one: in_units(one, factor, rounding, limits)))
    if not isinstance(value, Ratio):
        value = exact(value)
        if value.state:
            return column_of(value)
        units = value.in_units(factor, rounding)
        return column_of(units if limits is None else min(max(units, limits[0]), limits[1]))
    above, below = wholes.scale(value.numerator, factor), value.denominator
    if below.value is not None:
        shared = math.gcd(factor, below.value)
        above = wholes.scale(value.numerator, factor // shared)
        below = wholes.constant(below.value // shared)
    units = _rounded(above, below, rounding)
    least, most = value.span()
    units = wholes.bounded(units, math.floor(least * factor), math.ceil(most * factor))
    if limits is not None:
        low, high = limits
        if units.high > high:
            beyond = wholes.at_most(wholes.scale(below, high), above)
            units = pick(beyond, wholes.constant(high), wholes.bounded(units, None, high))
        if units.low < low:
            beneath = wholes.at_most(above, wholes.scale(below, low))
            units = pick(beneath, wholes.constant(low), wholes.bounded(units, low))
    return Ratio(units, wholes.ONE, value.missing, value.undefined)


def _rounded(above: Whole, below: Whole, rounding: Rounding) -> Whole:
    """A ratio rounded to a whole number, on its magnitude."""
    if below.value == 1:
        return above
    if above.low < 0:
        under = wholes.less(above, wholes.ZERO)
        positive = _rounded(wholes.bounded(above, 0), below, rounding)
        return pick(under, wholes.negate(_rounded(wholes.bounded(wholes.negate(above), 0), below, rounding)), positive)
    if rounding is Rounding.DOWN:
        return wholes.divide(above, below)
    if rounding is Rounding.UP:
        return wholes.divide(wholes.add(above, wholes.subtract(below, wholes.ONE)), below)
    twice, doubled = wholes.scale(above, 2), wholes.scale(below, 2)
    nearest = wholes.add(twice, below)
    if rounding is Rounding.HALF_UP and (nearest.high <= LARGEST or above.high > LARGEST):
        return wholes.divide(nearest, doubled)
    whole = wholes.divide(above, below)
    rest = wholes.bounded(wholes.subtract(above, wholes.multiply(whole, below)), 0, below.high - 1)
    beyond = wholes.bounded(wholes.subtract(below, rest), 1, below.high)
    if rounding is Rounding.HALF_UP:
        up = wholes.at_most(beyond, rest)
    else:
        half = wholes.divide(whole, wholes.constant(2))
        odd = wholes.less(wholes.scale(half, 2), whole)
        up = any_true([wholes.less(beyond, rest), all_true([wholes.equal_to(beyond, rest), odd])])
    return wholes.add(whole, pick(up, wholes.ONE, wholes.ZERO))
