"""Expressions as the SQL of Spark: one text for a whole column, where each call of its Python interface costs more.

It has as much of the interface of narwhals as whole numbers and truths ask for.
"""

from __future__ import annotations

from decimal import Decimal as PythonDecimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Boolean",
    "Case",
    "Decimal",
    "Int64",
    "Sql",
    "String",
    "col",
    "element",
    "in_parts",
    "lit",
    "scaled",
    "when",
    "words",
]

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

    def between(self, least: Sql, most: Sql) -> Sql:
        """Whether it is one of two values or between them."""
        return Sql(f"({self.text} BETWEEN {least.text} AND {most.text})")

    def or_else(self, value: Sql) -> Sql:
        """With a value where there is none."""
        return Sql(f"coalesce({self.text}, {value.text})")

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


def words(texts: Iterable[str | None]) -> Sql:
    """A list of words, which Spark makes once."""
    return Sql(f"array({', '.join(lit(text, String).text for text in texts)})")


def scaled(whole: Sql, places: int, dtype: str) -> Sql:
    """Whole numbers of the last of some decimal places, six at the most, as decimal numbers.

    They are taken for spans of time, which Spark keeps as whole numbers of microseconds: it makes decimals of those
    several times quicker than it multiplies decimals.
    """
    return Sql(f"CAST(INTERVAL '{PythonDecimal(1).scaleb(-places):f}' SECOND * {whole.text} AS {dtype})")


def element(found_in: Sql, place: Sql) -> Sql:
    """What stands at a place of a list, counted from 0."""
    return Sql(f"get({found_in.text}, CAST({place.text} AS INT))")


def in_parts(value: Sql, never: Sql) -> Sql:
    """The same value, asked for in a way that makes Spark write what is computed beside it in many small parts.

    Spark writes a whole stage as one part, unless something in it cannot be written into it, as a list that is sorted
    by a function cannot. It need not be computed for that: it stands where something holds that never does, which Spark
    does not know. Parts of more than some 35 kB are left uncompiled by Java, and are ten times as slow.
    """
    return when(never).then(Sql(f"get(array_sort(array({value.text})), 0)")).otherwise(value)
