"""A table: a frame, what is computed on it, and how that is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from indicatree.problems import DataError, Problem
from indicatree.table.emit import Emitter, shared_nodes
from indicatree.table.plan import DIGITS, bad_name
from indicatree.table.reading import read, refusal
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indicatree.data.fields import Kind
    from indicatree.table.engines import Engine
    from indicatree.table.plan import Output
    from indicatree.table.wholes import Truth, Whole

__all__ = ["CONVERT", "Table"]

CONVERT = Text(zh="转换该列的类型", en="convert the column")
"""What to do with a column of a type that holds no figures."""


class Table:
    """A frame, with the names under which its columns are reached.

    Attributes:
        engine: What is different on the engine that holds it.
        schema: The types of its columns in narwhals, by name.
        frame: The frame: of narwhals, or of Polars itself.
        own: Whose expressions the frame takes.
        of: Whose expressions trees are made into.
        named: The name under which each column is reached.
        wide: The type of whole numbers beyond 64 bits; None where the engine has none.
        expressions: The expression of each figure that was read and each column that was computed.
    """

    def __init__(self, frame: Any, engine: Engine, schema: Mapping[str, Any], mark: str = "__in") -> None:
        """Hold a frame of narwhals; names that begin with the mark are free."""
        self.engine = engine
        self.schema = schema
        self.named = {name: name for name in schema}
        self.of = self.own = nw
        self.frame = frame
        self.expressions: dict[str, Any] = {}
        self.wide: Any = nw.Int128 if engine.wide else None
        self.mark = mark
        self._shared = 0

    def read(self, figures: Mapping[str, Kind], prefix: str, factor: int | None) -> None:
        """Read columns as figures.

        Raises:
            DataError: A column has a type that holds no such figures.
        """
        self.check(figures, prefix)
        made = {}
        for number, (name, kind) in enumerate(figures.items()):
            column = name.removeprefix(prefix)
            given = self.own.col(self.named[column])
            found = read(self.own, kind, given, self.schema[column], factor)
            value, bad = f"{self.mark}_value{number}", f"{self.mark}_bad{number}"
            if found.plain and (self.engine.wraps or found.bad is None):
                value = self.named[column]
            else:
                made[value] = self.own.when(~found.bad).then(given) if found.plain else found.value
            self.expressions[name] = self.of.col(value)
            self.expressions[bad_name(name)] = self.of.lit(value=False, dtype=self.of.Boolean)
            if found.bad is not None and found.plain and self.engine.wraps:
                self.expressions[bad_name(name)] = found.bad
            elif found.bad is not None:
                made[bad] = found.bad
                self.expressions[bad_name(name)] = self.of.col(bad)
        if made:
            self.frame = self.frame.with_columns(**made)

    def check(self, figures: Mapping[str, Kind], prefix: str) -> None:
        """Refuse columns of types that hold no such figures.

        Raises:
            DataError: Naming each of them.
        """
        problems = []
        for name, kind in figures.items():
            column = name.removeprefix(prefix)
            if expected := refusal(kind, self.schema[column]):
                message = Text(
                    zh=f"应为{expected['zh']}，此列的类型为 {self.schema[column]}",
                    en=f"expected {expected['en']}, got a column of {self.schema[column]}",
                )
                problems.append(Problem("wrong-type", name, message, CONVERT))
        if problems:
            raise DataError(problems)

    def compute(self, stage: Mapping[str, Whole | Truth], beside: Mapping[str, Any] | None = None) -> None:
        """Compute columns, and some beside them; what many of them are made of becomes a column first."""
        emit = self.emitter()
        for nodes in shared_nodes(stage.values(), self.engine.most_repeated):
            names = [f"{self.mark}_shared{self._shared + number}" for number in range(len(nodes))]
            self._shared += len(nodes)
            self.add(dict(zip(names, map(emit, nodes), strict=True)))
            for node, name in zip(nodes, names, strict=True):
                emit.keep(node, self.of.col(name))
        if stage:
            self.add({name: emit(node) for name, node in stage.items()} | dict(beside or {}))
        self.expressions |= {name: self.of.col(name) for name in stage}

    def compute_stage(self, stage: Mapping[str, Whole | Truth]) -> None:
        """Compute columns that are shown, or that later stages are made of."""
        self.compute(stage)

    def emitter(self) -> Emitter:
        """What makes expressions of trees, with the columns that there are by now."""
        return Emitter(self.of, self.expressions, self.wide)

    def add(self, made: Mapping[str, Any]) -> None:
        """Add columns."""
        self.frame = self.frame.with_columns(**made)

    def shown(self, output: Output, limits: tuple[int, int], places: int | None) -> Any:
        """The expression of a column of the result.

        Args:
            output: The column.
            limits: The least and the largest of its numbers.
            places: The decimal places of scores; None to keep them whole numbers.
        """
        column = self.of.col(output.column)
        if output.words is None and places is None:
            return column.cast(self.of.Int64)  # it may come out of wider arithmetic
        if output.words is None:
            return self.decimals(column, limits, places or 0)
        return self.words(column, output.words, limits)

    def decimals(self, column: Any, limits: tuple[int, int], places: int) -> Any:
        """Numbers of the last decimal place, between two limits, as decimal numbers."""
        del limits
        unit = self.of.lit(Decimal(1).scaleb(-places))
        return (column.cast(self.of.Decimal(19, 0)) * unit).cast(self.of.Decimal(DIGITS, places))

    def words(self, column: Any, words: Sequence[str | None], limits: tuple[int, int]) -> Any:
        """The word of each number between two limits."""
        low, high = limits
        if words[low] is None:  # as it mostly is, where it says what is wrong
            return nw.when(column > low).then(_found(column, words, low + 1, high))
        return nw.when(~column.is_null()).then(_found(column, words, low, high))


def _found(column: Any, words: Sequence[str | None], low: int, high: int) -> Any:
    """The word of a number that is there, found by halves: a chain of comparisons is slow, and too deep for engines."""
    if low >= high:
        return nw.lit(words[high], nw.String)
    half = (low + high) // 2
    return (
        nw.when(column <= half).then(_found(column, words, low, half)).otherwise(_found(column, words, half + 1, high))
    )
