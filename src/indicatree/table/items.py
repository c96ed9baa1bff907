"""Line items on columns: what each item gives, and what is made of the items of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import attrs

from indicatree.arithmetic import State
from indicatree.data import fields
from indicatree.table import wholes
from indicatree.table.columns import ColumnCondition, ColumnWords, Ratio, column_of, condition_of, equal_columns
from indicatree.table.figures import CannotRunOnColumns, Figures
from indicatree.table.wholes import FALSE, LARGEST, TRUE, Truth, Whole, all_true, any_true, is_wide, negative
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indicatree.data.fields import Kind

__all__ = ["MOST_ITEMS", "ItemsColumns", "Reduction", "Reductions"]

MOST_ITEMS = 1000
"""How many line items of the largest size a sum is laid out for, where that is not beyond the largest sum."""

_LARGEST_SUM = 9 * 10**15
"""Larger sums would leave 64 bits as soon as a rule gives points for them: 90 million million yuan, in fen."""


_TOO_MUCH = Text(
    zh="逐项数据的项数或数额超出表格所能汇总的范围；请对该单位单独评分",
    en="more line items, or larger ones, than a table adds up; score the unit by itself",
)


@attrs.frozen
class Reduction:
    """What is made of the line items of a unit.

    Attributes:
        name: The name of the column that holds it.
        how: ``sum``, ``least``, ``most`` or ``any``.
        of: What of each item: a number, or a truth for ``any``; a number is null where the item does not count.
    """

    name: str
    how: str
    of: Whole | Truth


@attrs.define
class Reductions:
    """The reductions of one list of line items.

    Attributes:
        record: The name of the list.
        figures: The figures of an item.
        made: The reductions, by how they are made and of what.
        errors: What keeps a unit from being scored: rows in which it holds, and what it is.
    """

    record: str
    figures: Figures
    made: dict[tuple[str, int], Reduction] = attrs.field(factory=dict)
    errors: dict[Truth, Text] = attrs.field(factory=dict)

    def __getitem__(self, how_and_of: tuple[str, Whole | Truth]) -> str:
        """The name of the column of a reduction, which is made if need be."""
        how, of = how_and_of
        key = (how, id(of))
        if key not in self.made:
            if any(name.startswith("__") for name in wholes.names_of(of)):
                raise CannotRunOnColumns  # an item that is compared with what is made of all items
            self.made[key] = Reduction(f"__{self.record}_{how}{len(self.made)}", how, of)
        return self.made[key].name

    def total(self, number: Whole, counts: Truth = TRUE) -> Whole:
        """The sum over the items that count.

        A sum beyond what the arithmetic is laid out for makes a row that is not scored.
        """
        kept = wholes.pick(counts, number, wholes.ZERO)
        if is_wide(kept):
            raise CannotRunOnColumns
        largest = max(kept.high, -kept.low, 1)
        limit = max(min(largest * MOST_ITEMS, _LARGEST_SUM), largest)
        name = self["sum", kept]
        found = wholes.figure(name, -LARGEST if kept.low < 0 else 0, LARGEST)
        beyond = [wholes.less(wholes.constant(limit), found), wholes.less(found, wholes.constant(-limit))]
        said = Text.of(f"{self.record}: ") + _TOO_MUCH
        self.errors[any_true(beyond)] = said
        most = LARGEST // largest
        if number is not wholes.ONE:
            self.errors[wholes.less(wholes.constant(most), self.total(wholes.ONE))] = said
        return wholes.bounded(found, -limit if kept.low < 0 else 0, limit)

    def extreme(self, number: Whole, counts: Truth, *, largest: bool) -> Whole:
        """The smallest or largest over the items that count; 0 where none does."""
        if is_wide(number):
            raise CannotRunOnColumns
        name = self["most" if largest else "least", wholes.given(counts, number)]
        return wholes.figure(name, number.low, number.high)

    def any(self, truth: Truth) -> Truth:
        """Whether it holds for some item."""
        return FALSE if truth is FALSE else wholes.source(self["any", truth])


class ItemsColumns:
    """The line items of every unit."""

    __slots__ = ("_kinds", "_reductions")
    rank: ClassVar[int] = 5

    def __init__(self, reductions: Reductions, kinds: Mapping[str, Kind]) -> None:
        """Hold the fields of an item."""
        self._reductions, self._kinds = reductions, kinds

    def __getattr__(self, field: str) -> Any:
        """A field of every item."""
        if field not in self._kinds:
            raise AttributeError(field)
        kind = self._kinds[field]
        found = self._reductions.figures.operand(field, kind)
        if isinstance(kind, fields.Choice):
            if not isinstance(found, ColumnWords):
                raise CannotRunOnColumns
            return ItemsWords(self._reductions, found)
        if isinstance(kind, fields.Flag):
            return ItemsConditions(self._reductions, condition_of(found))
        return ItemsValues(self._reductions, found)

    def count_items(self, condition: Any = None) -> Ratio:
        """How many items there are for which a condition holds."""
        every = ItemsConditions(self._reductions, ColumnCondition(TRUE))
        return every.count_items(condition)


@attrs.frozen(eq=False)
class _OfItems:
    """What there is for each line item."""

    rank: ClassVar[int] = 5

    reductions: Reductions
    inner: Any

    def __bool__(self) -> NoReturn:
        """Refuse: there is one for each item."""
        msg = "line items have one value for each item: give them to total, count, minimum or maximum"
        raise TypeError(msg)

    def _other(self, other: Any) -> Any:
        if isinstance(other, _OfItems):
            if other.reductions is not self.reductions:
                raise CannotRunOnColumns
            return other.inner
        return other


class ItemsConditions(_OfItems):
    """A condition for each line item."""

    def __and__(self, other: Any) -> ItemsConditions:
        """Both, item by item."""
        return ItemsConditions(self.reductions, self.inner & self._other(other))

    __rand__ = __and__

    def __or__(self, other: Any) -> ItemsConditions:
        """Either, item by item."""
        return ItemsConditions(self.reductions, self.inner | self._other(other))

    __ror__ = __or__

    def negated(self) -> ItemsConditions:
        """The opposite, item by item."""
        return ItemsConditions(self.reductions, self.inner.negated())

    def equals(self, other: Any) -> ItemsConditions:
        """Whether both hold or neither, item by item."""
        return ItemsConditions(self.reductions, self.inner.equals(self._other(other)))

    def choose(self, then: Any, otherwise: Any) -> ItemsValues:
        """One of two values, item by item."""
        return ItemsValues(self.reductions, self.inner.choose(self._other(then), self._other(otherwise)))

    def count_items(self, condition: Any = None) -> Ratio:
        """How many items it holds for."""
        both = self if condition is None else self & condition
        return ItemsValues(self.reductions, column_of(1)).total(both)


class ItemsWords(_OfItems):
    """A choice for each line item."""

    def equals(self, other: Any) -> ItemsConditions:
        """Whether it is an option, item by item."""
        return ItemsConditions(self.reductions, self.inner.equals(self._other(other)))


class ItemsValues(_OfItems):
    """A value for each line item."""

    def _each(self, operation: Callable[[Any, Any], Any], other: Any) -> ItemsValues:
        return ItemsValues(self.reductions, operation(column_of(self.inner), self._other(other)))

    def _compare(self, operation: Callable[[Any, Any], Any], other: Any) -> ItemsConditions:
        return ItemsConditions(self.reductions, condition_of(operation(column_of(self.inner), self._other(other))))

    def __add__(self, other: Any) -> ItemsValues:
        """The sums, item by item."""
        return self._each(lambda own, theirs: own + theirs, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> ItemsValues:
        """The differences, item by item."""
        return self._each(lambda own, theirs: own - theirs, other)

    def __rsub__(self, other: Any) -> ItemsValues:
        """The differences, the other way."""
        return self._each(lambda own, theirs: theirs - own, other)

    def __mul__(self, other: Any) -> ItemsValues:
        """The products, item by item."""
        return self._each(lambda own, theirs: own * theirs, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> ItemsValues:
        """The ratios, item by item."""
        return self._each(lambda own, theirs: own / theirs, other)

    def __rtruediv__(self, other: Any) -> ItemsValues:
        """The ratios, the other way."""
        return self._each(lambda own, theirs: theirs / own, other)

    def __neg__(self) -> ItemsValues:
        """The opposites."""
        return ItemsValues(self.reductions, -column_of(self.inner))

    def __pos__(self) -> ItemsValues:
        """The same."""
        return self

    def __abs__(self) -> ItemsValues:
        """The magnitudes."""
        return ItemsValues(self.reductions, abs(column_of(self.inner)))

    def __lt__(self, other: Any) -> ItemsConditions:
        """Less, item by item."""
        return self._compare(lambda own, theirs: own < theirs, other)

    def __le__(self, other: Any) -> ItemsConditions:
        """Less or equal, item by item."""
        return self._compare(lambda own, theirs: own <= theirs, other)

    def __gt__(self, other: Any) -> ItemsConditions:
        """More, item by item."""
        return self._compare(lambda own, theirs: own > theirs, other)

    def __ge__(self, other: Any) -> ItemsConditions:
        """More or equal, item by item."""
        return self._compare(lambda own, theirs: own >= theirs, other)

    def equals(self, other: Any) -> ItemsConditions:
        """Equal, item by item."""
        return self._compare(equal_columns, other)

    def floored(self) -> ItemsValues:
        """Rounded down, item by item."""
        return ItemsValues(self.reductions, column_of(self.inner).floored())

    def ceiled(self) -> ItemsValues:
        """Rounded up, item by item."""
        return ItemsValues(self.reductions, column_of(self.inner).ceiled())

    @staticmethod
    def extreme(operands: Any, skip: frozenset[State], *, largest: bool) -> ItemsValues:
        """The smallest or largest of several operands, item by item."""
        first = next(operand for operand in operands if isinstance(operand, ItemsValues))
        inner = [column_of(first._other(operand)) for operand in operands]  # noqa: SLF001 - of its own kind
        return ItemsValues(first.reductions, Ratio.extreme(inner, skip, largest=largest))

    def _counted(self, condition: Any) -> tuple[Ratio, Truth, Truth, Truth]:
        """The value, the items that count and have one, and those that lack it, by why."""
        value = column_of(self.inner)
        if value.denominator.value is None:
            raise CannotRunOnColumns  # fractions of other denominators are not added up on columns
        asked = ColumnCondition(TRUE) if condition is None else condition_of(self._other(condition))
        settled = all_true([negative(asked.missing), negative(asked.undefined), asked.holds])
        missing = any_true([asked.missing, all_true([settled, value.missing])])
        undefined = any_true([asked.undefined, all_true([settled, value.undefined])])
        there = all_true([settled, negative(value.missing), negative(value.undefined)])
        return value, there, missing, undefined

    def total(self, condition: Any = None) -> Ratio:
        """The sum of the values for which the condition holds."""
        value, there, missing, undefined = self._counted(condition)
        added = self.reductions.total(value.numerator, there)
        return Ratio(added, value.denominator, self.reductions.any(missing), self.reductions.any(undefined))

    def extreme_item(self, condition: Any, skip: frozenset[State], *, largest: bool) -> Ratio:
        """The smallest or largest value for which the condition holds; undefined where none does."""
        value, there, missing, undefined = self._counted(condition)
        found = self.reductions.extreme(value.numerator, there, largest=largest)
        some, lacking, broken = map(self.reductions.any, (there, missing, undefined))
        none = negative(some)
        if State.MISSING in skip:
            kept = any_true([some] if State.UNDEFINED in skip else [some, broken])
            is_missing = all_true([lacking, negative(kept)])
        else:
            is_missing = lacking
        is_undefined = none if State.UNDEFINED in skip else any_true([none, broken])
        return Ratio(found, value.denominator, is_missing, is_undefined)
