"""Quantities whose parts are integer columns: a small proof that the arithmetic fits a table.

A column quantity speaks the protocol of `indicatree.arithmetic.Quantity`, so that a measure or a rule that is plain
arithmetic runs on it unchanged. Every null and every zero denominator is replaced before the arithmetic, so that
Polars never divides by zero, and never sees a float or a null.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import polars as pl

from indicatree.arithmetic import Quantity, State, Unsettled, exact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["ColumnCondition", "ColumnQuantity", "run_on_columns"]


class ColumnCondition:
    """A condition for each row: whether it holds, and the state that may keep it from being settled."""

    rank: ClassVar[int] = 3

    def __init__(self, holds: pl.Expr, state: pl.Expr) -> None:
        self.holds = holds
        self.state = state

    @classmethod
    def of(cls, value: Any) -> ColumnCondition:
        if isinstance(value, ColumnCondition):
            return value
        if isinstance(value, Unsettled):
            return cls(pl.lit(value=False), _state(value.state))
        if isinstance(value, bool):
            return cls(pl.lit(value=value), _state(0))
        msg = f"expected a condition, got {value!r}"
        raise TypeError(msg)

    def __bool__(self) -> NoReturn:
        """Refuse: there is an answer for each row."""
        msg = "a condition on columns has an answer for each row"
        raise TypeError(msg)

    def __and__(self, other: Any) -> ColumnCondition:
        """Both; unsettled where one is."""
        other = ColumnCondition.of(other)
        return ColumnCondition(self.holds & other.holds, _worst(self.state, other.state))

    __rand__ = __and__

    def __or__(self, other: Any) -> ColumnCondition:
        """Either; unsettled where one is."""
        other = ColumnCondition.of(other)
        return ColumnCondition(self.holds | other.holds, _worst(self.state, other.state))

    __ror__ = __or__

    def negated(self) -> ColumnCondition:
        return ColumnCondition(~self.holds, self.state)

    def choose(self, then: Any, otherwise: Any) -> ColumnQuantity:
        first, second = ColumnQuantity.of(then), ColumnQuantity.of(otherwise)
        chosen = _pick(self.holds, first, second)
        state = pl.when(self.state > 0).then(self.state).otherwise(chosen.state)
        return ColumnQuantity(chosen.numerator, chosen.denominator, state)


class ColumnQuantity:
    """A rational for each row.

    Attributes:
        numerator: Integers, never null.
        denominator: Integers above zero; where the state is not 0 the parts mean nothing, and do no harm.
        state: A `State` for each row.
    """

    rank: ClassVar[int] = 3

    def __init__(self, numerator: pl.Expr, denominator: pl.Expr, state: pl.Expr) -> None:
        self.numerator = numerator
        self.denominator = denominator
        self.state = state

    @classmethod
    def of_column(cls, name: str, denominator: int = 1) -> ColumnQuantity:
        """A column of integers in units of ``1/denominator``; a null is a missing figure."""
        column = pl.col(name)
        missing = pl.when(column.is_null()).then(_state(State.MISSING)).otherwise(_state(0))
        return cls(column.fill_null(0), _integer(denominator), missing)

    @classmethod
    def of(cls, value: Any) -> ColumnQuantity:
        if isinstance(value, ColumnQuantity):
            return value
        if isinstance(value, bool | float):
            msg = f"expected an exact number, got {value!r}"
            raise TypeError(msg)
        constant = exact(value)
        if not constant.is_defined:
            return cls(_integer(0), _integer(1), _state(constant.state))
        reduced = constant.fraction
        return cls(_integer(reduced.numerator), _integer(reduced.denominator), _state(0))

    def __add__(self, other: Any) -> ColumnQuantity:
        """The sums."""
        other = ColumnQuantity.of(other)
        numerator = self.numerator * other.denominator + other.numerator * self.denominator
        return ColumnQuantity(numerator, self.denominator * other.denominator, _worst(self.state, other.state))

    __radd__ = __add__

    def __neg__(self) -> ColumnQuantity:
        """The opposites."""
        return ColumnQuantity(-self.numerator, self.denominator, self.state)

    def __sub__(self, other: Any) -> ColumnQuantity:
        """The differences."""
        return self + (-ColumnQuantity.of(other))

    def __rsub__(self, other: Any) -> ColumnQuantity:
        """The differences, the other way."""
        return ColumnQuantity.of(other) - self

    def __mul__(self, other: Any) -> ColumnQuantity:
        """The products."""
        other = ColumnQuantity.of(other)
        return ColumnQuantity(
            self.numerator * other.numerator,
            self.denominator * other.denominator,
            _worst(self.state, other.state),
        )

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> ColumnQuantity:
        """The ratios; undefined where the divisor is zero, and the sign goes above the line."""
        other = ColumnQuantity.of(other)
        zero = other.numerator == 0
        sign = pl.when(other.numerator < 0).then(_integer(-1)).otherwise(_integer(1))
        divisor = pl.when(zero).then(_integer(1)).otherwise(other.numerator.abs())
        by_zero = pl.when(zero).then(_state(State.UNDEFINED)).otherwise(_state(0))
        return ColumnQuantity(
            self.numerator * other.denominator * sign,
            self.denominator * divisor,
            _worst(self.state, other.state, by_zero),
        )

    def __rtruediv__(self, other: Any) -> ColumnQuantity:
        """The ratios, the other way."""
        return ColumnQuantity.of(other) / self

    def __abs__(self) -> ColumnQuantity:
        """The magnitudes."""
        return ColumnQuantity(self.numerator.abs(), self.denominator, self.state)

    def _compare(self, other: Any, holds: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> ColumnCondition:
        other = ColumnQuantity.of(other)
        return ColumnCondition(
            holds(self.numerator * other.denominator, other.numerator * self.denominator),
            _worst(self.state, other.state),
        )

    def __lt__(self, other: Any) -> ColumnCondition:
        """Less."""
        return self._compare(other, lambda mine, theirs: mine < theirs)

    def __le__(self, other: Any) -> ColumnCondition:
        """Less or equal."""
        return self._compare(other, lambda mine, theirs: mine <= theirs)

    def __gt__(self, other: Any) -> ColumnCondition:
        """More."""
        return self._compare(other, lambda mine, theirs: mine > theirs)

    def __ge__(self, other: Any) -> ColumnCondition:
        """More or equal."""
        return self._compare(other, lambda mine, theirs: mine >= theirs)

    def equals(self, other: Any) -> ColumnCondition:
        return self._compare(other, lambda mine, theirs: mine == theirs)

    def __bool__(self) -> NoReturn:
        """Refuse: there is a value for each row."""
        msg = "a column quantity is neither true nor false"
        raise TypeError(msg)

    def floored(self) -> ColumnQuantity:
        return ColumnQuantity(_floor(self.numerator, self.denominator), _integer(1), self.state)

    def ceiled(self) -> ColumnQuantity:
        return ColumnQuantity(-_floor(-self.numerator, self.denominator), _integer(1), self.state)

    @staticmethod
    def extreme(operands: Sequence[Any], skip: frozenset[State], *, largest: bool) -> ColumnQuantity:
        columns = [ColumnQuantity.of(operand) for operand in operands]
        result, counts = columns[0], _counts(columns[0], skip)
        for column in columns[1:]:
            further = column > result if largest else column < result
            column_counts = _counts(column, skip)
            picked = _pick(column_counts & (~counts | further.holds), column, result)
            # the worst state of those that count; the worst of all while none does
            both_alike = counts == column_counts
            state = (
                pl.when(both_alike)
                .then(_worst(result.state, column.state))
                .when(counts)
                .then(result.state)
                .otherwise(column.state)
            )
            result = ColumnQuantity(picked.numerator, picked.denominator, state)
            counts = counts | column_counts
        return result


def run_on_columns(function: Callable[..., Any], columns: Mapping[str, Sequence[int | None]]) -> list[Quantity | State]:
    """What a function of column quantities gives, row by row, and that no row breaks the rules of the arithmetic."""
    frame = pl.DataFrame(dict(columns), schema=dict.fromkeys(columns, pl.Int64))
    result = ColumnQuantity.of(function(*(ColumnQuantity.of_column(name) for name in columns)))
    parts = {"numerator": result.numerator, "denominator": result.denominator, "state": result.state}
    # with_columns, since a select of constants alone would give one row
    rows = frame.lazy().with_columns(**parts).select(list(parts)).collect()
    assert rows.schema == {"numerator": pl.Int64, "denominator": pl.Int64, "state": pl.Int8}
    assert sum(rows.null_count().row(0)) == 0
    assert (rows["denominator"] > 0).all()
    return [State(state) if state else Quantity(above, below) for above, below, state in rows.iter_rows()]


def _integer(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int64)


def _state(value: int) -> pl.Expr:
    return pl.lit(int(value), dtype=pl.Int8)


def _worst(*states: pl.Expr) -> pl.Expr:
    return reduce(pl.max_horizontal, states)


def _counts(column: ColumnQuantity, skip: frozenset[State]) -> pl.Expr:
    return ~column.state.is_in([int(state) for state in skip]) if skip else pl.lit(value=True)


def _pick(holds: pl.Expr, first: ColumnQuantity, second: ColumnQuantity) -> ColumnQuantity:
    return ColumnQuantity(
        pl.when(holds).then(first.numerator).otherwise(second.numerator),
        pl.when(holds).then(first.denominator).otherwise(second.denominator),
        pl.when(holds).then(first.state).otherwise(second.state),
    )


def _floor(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Divide towards minus infinity, whichever way the engine's division of negatives goes."""
    near = numerator // denominator
    too_high = (near * denominator > numerator).cast(pl.Int64)
    too_low = ((near + 1) * denominator <= numerator).cast(pl.Int64)
    return near - too_high + too_low
