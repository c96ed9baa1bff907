"""A field of several line items: the same arithmetic, item by item, and its reductions."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from indicatree.arithmetic.algebra import equal, none_of, where
from indicatree.arithmetic.quantity import MISSING, UNDEFINED, OperandError, Quantity, State, Unsettled, exact
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Many", "ManyConditions"]


@attrs.frozen
class ManyConditions:
    """A condition for each line item."""

    rank: ClassVar[int] = 2

    settled: tuple[Any, ...]

    def __bool__(self) -> bool:
        """Refuse: there is one answer for each item."""
        what = Text(zh="逐项数据的条件每项各有结果", en="a condition on line items has one answer for each item")
        raise OperandError(
            what, Text(zh="请用于 total、count、minimum 或 maximum", en="give it to total, count, minimum or maximum")
        )

    def _each(self, other: Any, operation: Callable[[Any, Any], Any]) -> ManyConditions:
        if isinstance(other, ManyConditions):
            pairs = zip(self.settled, other.settled, strict=True)
        else:
            pairs = ((own, other) for own in self.settled)  # type: ignore[assignment]
        return ManyConditions(tuple(operation(first, second) for first, second in pairs))

    def __and__(self, other: Any) -> ManyConditions:
        """Both, item by item."""
        return self._each(other, operator.and_)

    __rand__ = __and__

    def __or__(self, other: Any) -> ManyConditions:
        """Either, item by item."""
        return self._each(other, operator.or_)

    __ror__ = __or__

    def equals(self, other: Any) -> ManyConditions:
        """Both or neither, item by item."""
        return self._each(other, equal)

    def negated(self) -> ManyConditions:
        """The opposite, item by item."""
        return ManyConditions(tuple(none_of(condition) for condition in self.settled))

    def choose(self, then: Any, otherwise: Any) -> Many:
        """One of two values, item by item."""
        thens, others = _spread(then, len(self.settled)), _spread(otherwise, len(self.settled))
        return Many(
            tuple(
                where(condition, first, second)
                for condition, first, second in zip(self.settled, thens, others, strict=True)
            ),
        )

    def count_items(self, condition: Any = None) -> Quantity:
        """How many items it holds for."""
        both = self if condition is None else self & condition
        return Many(tuple(exact(1) for _ in both.settled)).total(both)


@attrs.frozen(order=False)
class Many:
    """A value for each line item, in their order.

    Attributes:
        values: A quantity (or, for a choice, a text) for each item.
    """

    rank: ClassVar[int] = 2

    values: tuple[Any, ...]

    def __bool__(self) -> bool:
        """Refuse: there is one value for each item."""
        what = Text(zh="逐项数据每项各有其值", en="line items have one value for each item")
        raise OperandError(
            what, Text(zh="请用于 total、count、minimum 或 maximum", en="give them to total, count, minimum or maximum")
        )

    def _each(self, other: Any, operation: Callable[[Any, Any], Any]) -> Many:
        others = _spread(other, len(self.values))
        return Many(tuple(operation(own, theirs) for own, theirs in zip(self.values, others, strict=True)))

    def _compare(self, other: Any, operation: Callable[[Any, Any], Any]) -> ManyConditions:
        return ManyConditions(self._each(other, operation).values)

    def __add__(self, other: Any) -> Many:
        """The sums, item by item."""
        return self._each(other, operator.add)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Many:
        """The differences, item by item."""
        return self._each(other, operator.sub)

    def __rsub__(self, other: Any) -> Many:
        """The differences, the other way."""
        return self._each(other, lambda own, theirs: theirs - own)

    def __mul__(self, other: Any) -> Many:
        """The products, item by item."""
        return self._each(other, operator.mul)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Many:
        """The ratios, item by item."""
        return self._each(other, operator.truediv)

    def __rtruediv__(self, other: Any) -> Many:
        """The ratios, the other way."""
        return self._each(other, lambda own, theirs: theirs / own)

    def __neg__(self) -> Many:
        """The opposites."""
        return Many(tuple(-value for value in self.values))

    def __pos__(self) -> Many:
        """The same."""
        return self

    def __abs__(self) -> Many:
        """The magnitudes."""
        return Many(tuple(abs(value) for value in self.values))

    def __lt__(self, other: Any) -> ManyConditions:
        """Less, item by item."""
        return self._compare(other, operator.lt)

    def __le__(self, other: Any) -> ManyConditions:
        """Less or equal, item by item."""
        return self._compare(other, operator.le)

    def __gt__(self, other: Any) -> ManyConditions:
        """More, item by item."""
        return self._compare(other, operator.gt)

    def __ge__(self, other: Any) -> ManyConditions:
        """More or equal, item by item."""
        return self._compare(other, operator.ge)

    def equals(self, other: Any) -> ManyConditions:
        """Equal, item by item."""
        return self._compare(other, equal)

    def floored(self) -> Many:
        """Rounded down, item by item."""
        return Many(tuple(value.floored() for value in self.values))

    def ceiled(self) -> Many:
        """Rounded up, item by item."""
        return Many(tuple(value.ceiled() for value in self.values))

    @staticmethod
    def extreme(operands: Any, skip: frozenset[State], *, largest: bool) -> Many:
        """The smallest or largest of several operands, item by item."""
        size = next(len(operand.values) for operand in operands if isinstance(operand, Many))
        spread = [_spread(operand, size) for operand in operands]
        return Many(tuple(Quantity.extreme(row, skip, largest=largest) for row in zip(*spread, strict=True)))

    def _kept(self, condition: Any) -> list[Quantity]:
        """The values of the items that count; an unsettled condition counts as its state."""
        if condition is None:
            return list(self.values)
        conditions = condition.settled if isinstance(condition, ManyConditions) else (condition,) * len(self.values)
        kept: list[Quantity] = []
        for value, settled in zip(self.values, conditions, strict=True):
            if isinstance(settled, Unsettled):
                kept.append(MISSING if settled.state == State.MISSING else UNDEFINED)
            elif settled:
                kept.append(value)
        return kept

    def total(self, condition: Any = None) -> Quantity:
        """The sum of the values for which the condition holds."""
        result = exact(0)
        for value in self._added(condition):
            result = result + value
        return result

    def _added(self, condition: Any) -> list[Any]:
        """What is added up; where a term of a formula decides whether an item counts, the choice between it and 0."""
        if not isinstance(condition, ManyConditions) or all(map(_is_answer, condition.settled)):
            return self._kept(condition)
        pairs = zip(self.values, condition.settled, strict=True)
        return [where(settled, value, 0) for value, settled in pairs]

    def extreme_item(self, condition: Any, skip: frozenset[State], *, largest: bool) -> Quantity:
        """The smallest or largest value for which the condition holds; undefined where none does."""
        kept = self._kept(condition)
        highest = max(kept, key=lambda value: value.rank, default=UNDEFINED)
        return type(highest).extreme(kept, skip, largest=largest)


def _is_answer(settled: object) -> bool:
    return isinstance(settled, bool | Unsettled)


def _spread(value: Any, size: int) -> tuple[Any, ...]:
    if isinstance(value, Many):
        return value.values
    return (value,) * size
