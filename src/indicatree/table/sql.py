"""Expressions as the SQL of Spark: one text for a whole column, where each call of its Python interface costs more.

It has as much of the interface of narwhals as whole numbers and truths ask for.
"""

from __future__ import annotations

from decimal import Decimal as PythonDecimal
from typing import TYPE_CHECKING, Any

from indicatree.table.emit import Emitter
from indicatree.table.wholes import is_wide

if TYPE_CHECKING:
    from indicatree.table.wholes import Whole

__all__ = ["Boolean", "Case", "Decimal", "Int64", "Sql", "SqlEmitter", "String", "col", "lit", "when"]

Int64, Boolean, String = "BIGINT", "BOOLEAN", "STRING"


def Decimal(precision: int, scale: int) -> str:  # noqa: N802 - a type, as narwhals has it
    """The type of decimal numbers."""
    return f"DECIMAL({precision}, {scale})"


class Sql:
    """An expression.

    Attributes:
        text: What it is in SQL; an operand as it stands.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        """Hold the text."""
        self.text = text

    def __add__(self, other: Sql) -> Sql:
        """The sum."""
        return Sql(f"({self.text} + {other.text})")

    def __sub__(self, other: Sql) -> Sql:
        """The difference."""
        return Sql(f"({self.text} - {other.text})")

    def __mul__(self, other: Sql) -> Sql:
        """The product."""
        return Sql(f"({self.text} * {other.text})")

    def __lt__(self, other: Sql) -> Sql:
        """Whether it is less."""
        return Sql(f"({self.text} < {other.text})")

    def __le__(self, other: Sql) -> Sql:
        """Whether it is not more."""
        return Sql(f"({self.text} <= {other.text})")

    def __eq__(self, other: Any) -> Any:  # noqa: PYI032 - an answer for each row, as in narwhals
        """Whether it is equal, in each row."""
        return Sql(f"({self.text} = {other.text})")

    __hash__ = object.__hash__

    def __and__(self, other: Sql) -> Sql:
        """Both."""
        return Sql(f"({self.text} AND {other.text})")

    def __or__(self, other: Sql) -> Sql:
        """Either."""
        return Sql(f"({self.text} OR {other.text})")

    def __invert__(self) -> Sql:
        """Not."""
        return Sql(f"(NOT {self.text})")

    def is_null(self) -> Sql:
        """Whether there is no value."""
        return Sql(f"({self.text} IS NULL)")

    def cast(self, dtype: str) -> Sql:
        """As another type."""
        return Sql(f"CAST({self.text} AS {dtype})")


class Case(Sql):
    """Choices that are asked for one after another: a chain of them is one, however long."""

    __slots__ = ("_branches", "_rest")

    def __init__(self, branches: tuple[tuple[str, str], ...], rest: str = "NULL") -> None:
        """Hold each condition with what is taken where it is the first to hold, and what is taken where none does."""
        self._branches, self._rest = branches, rest
        asked = " ".join(f"WHEN {condition} THEN {then}" for condition, then in branches)
        super().__init__(f"CASE {asked} ELSE {rest} END")

    def otherwise(self, value: Sql) -> Case:
        """With what is taken where none holds."""
        if isinstance(value, Case):
            return Case((*self._branches, *value._branches), value._rest)  # noqa: SLF001 - its own kind
        return Case(self._branches, value.text)


class _When:
    """A condition that waits for what is taken where it holds."""

    def __init__(self, condition: Sql) -> None:
        self._condition = condition

    def then(self, value: Sql) -> Case:
        """With what is taken where it holds."""
        return Case(((self._condition.text, value.text),))


when = _When


def col(name: str) -> Sql:
    """A column."""
    return Sql(f"`{name}`")


def lit(value: Any, dtype: str = "") -> Sql:
    """A constant."""
    if value is None:
        return Sql("NULL").cast(dtype)
    if isinstance(value, bool):
        return Sql(str(value))
    if isinstance(value, int):
        return Sql(f"{value}L" if value >= 0 else f"({value}L)")
    if isinstance(value, PythonDecimal):
        return Sql(f"{value:f}BD")
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    return Sql(f"'{quoted}'")


class SqlEmitter(Emitter):
    """Makes SQL of trees."""

    def _divided(self, first: Sql, second: Sql, node: Whole) -> Sql:
        """The quotient rounded down: ``div`` rounds to zero, gives 64 bits, and stops where it divides by zero."""
        below = f"nullif({second.text}, 0)"
        above = first.text if node.args[0].low >= 0 else f"({first.text} - pmod({first.text}, {below}))"
        found = Sql(f"({above} div {below})")
        return self._cast(found, wide=True) if is_wide(node) else found
