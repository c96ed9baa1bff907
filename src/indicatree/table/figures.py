"""The figures of a table, as a measure meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import MISSING, Quantity
from indicatree.data import fields, record_type
from indicatree.data.fields import NO_FLAG
from indicatree.table import wholes
from indicatree.table.columns import ColumnCondition, ColumnWords, Ratio
from indicatree.table.reading import limits_of, places_of
from indicatree.table.wholes import FALSE, LARGEST, Truth, all_true, negative
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indicatree.data.fields import Kind

__all__ = ["SAID", "SHARE", "CannotRunOnColumns", "Figures", "RecordColumns"]

SHARE = fields.Share(title=Text(zh="得分比例", en="share of the marks"))
SAID = fields.Flag(title=Text(zh="认定", en="said"))


class CannotRunOnColumns(Exception):  # noqa: N818 - it is caught where it matters, and never seen
    """A leaf that is computed row by row."""


class Figures:
    """The figures of a table, by the names of their columns: ``record.field``.

    Args:
        columns: The names of the columns that there are.
        prefix: What comes before them in the names of the figures, where they are those of line items.
    """

    def __init__(self, columns: Iterable[str], prefix: str = "") -> None:
        """Begin with none asked for."""
        self.columns = frozenset(columns)
        self.prefix = prefix
        self.used: dict[str, Kind] = {}

    def record(self, name: str, record_class: type) -> RecordColumns:
        """A record of every unit."""
        return RecordColumns(self, name, record_type(record_class).fields)

    def has(self, column: str, kind: Kind) -> bool:
        """Whether there is a column of numbers that columns can compute with."""
        return column in self.columns and _fits(kind)

    def operand(self, column: str, kind: Kind) -> Any:
        """A figure of every unit, as a measure meets it."""
        if column not in self.columns:
            return MISSING if isinstance(kind.missing, Quantity) else NO_FLAG if isinstance(kind, fields.Flag) else None
        column = self.prefix + column
        self.used[column] = kind
        missing = wholes.null(column)
        if isinstance(kind, fields.Flag):
            return ColumnCondition(wholes.source(column), missing)
        if isinstance(kind, fields.Choice):
            return ColumnWords(column)
        if isinstance(kind, fields.Words):
            raise CannotRunOnColumns
        if not _fits(kind):
            raise CannotRunOnColumns
        low, high = limits_of(kind)
        return Ratio(wholes.figure(column, low, high), wholes.constant(10 ** places_of(kind)), missing)

    def said(self, column: str) -> Truth:
        """Whether an assessor says something of a unit; what is not said does not hold."""
        if column not in self.columns:
            return FALSE
        column = self.prefix + column
        self.used[column] = SAID
        return all_true([negative(wholes.null(column)), wholes.source(column)])


def _fits(kind: Kind) -> bool:
    """Whether every value of a kind fits into a column of whole numbers."""
    low, high = limits_of(kind)
    return max(high, -low) <= LARGEST


class RecordColumns:
    """The figures of one record, by field; those of a line item where the record has no name."""

    __slots__ = ("_figures", "_kinds", "_name")

    def __init__(self, figures: Figures, name: str, kinds: Mapping[str, Kind]) -> None:
        self._figures, self._name, self._kinds = figures, name, kinds

    def __getattr__(self, field: str) -> Any:
        """The figures of a field."""
        if field not in self._kinds:
            raise AttributeError(field)
        column = f"{self._name}.{field}" if self._name else field
        return self._figures.operand(column, self._kinds[field])
