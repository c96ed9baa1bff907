"""A plan carried out on the engine that holds the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from indicatree.problems import DataError, Problem
from indicatree.table import sql
from indicatree.table.emit import Emitter, shared_nodes
from indicatree.table.engines import Engine, joined, show, with_rows
from indicatree.table.plan import Output, TablePlan, bad_name
from indicatree.table.reading import read, refusal
from indicatree.table.sql import SqlEmitter
from indicatree.table.wholes import ONE, ZERO, Truth, Whole, names_of, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indicatree.data.fields import Kind
    from indicatree.table.items import Reductions
    from indicatree.table.rows import RowScorer

__all__ = ["Lines", "Table", "run"]


class Table:
    """A frame, with the names under which its columns are reached.

    Attributes:
        engine: The engine that holds it.
        schema: The types of its columns in narwhals, by name.
        frame: The frame: of narwhals, or the engine's own where that has the same interface.
        own: Whose expressions the frame takes.
        of: Whose expressions the trees are made into.
        named: The name under which each column is reached.
        expressions: The expression of each figure that was read and each column that was computed.
    """

    def __init__(self, frame: Any, engine: Engine, schema: Mapping[str, Any], mark: str = "__in") -> None:
        """Hold a frame of narwhals; where names with dots cannot be reached, give the columns others."""
        self.engine = engine
        self.schema = schema
        self.named = {name: name for name in schema}
        if not engine.dotted:
            self.named = {name: f"{mark}{number}" for number, name in enumerate(schema)}
            frame = nw.from_native(frame.to_native().toDF(*self.named.values()))
        self.own = engine.own()
        self.of = sql if engine.sql else self.own
        self.frame = frame if self.own is nw else frame.to_native()
        self.expressions: dict[str, Any] = {}
        self._shared = 0
        self._mark = mark

    def read(self, figures: Mapping[str, Kind], prefix: str, factor: int | None) -> None:
        """Read columns as figures.

        Raises:
            DataError: A column has a type that holds no such figures.
        """
        problems = []
        for name, kind in figures.items():
            column = name.removeprefix(prefix)
            if expected := refusal(kind, self.schema[column]):
                message = f"expected {expected}, got a column of {self.schema[column]}"
                problems.append(Problem("wrong-type", name, message, "convert the column"))
        if problems:
            raise DataError(problems)
        made = {}
        for name, kind in figures.items():
            column = name.removeprefix(prefix)
            given = self.own.col(self.named[column])
            found = read(self.own, kind, given, self.schema[column], factor)
            value, bad = (f"{self._mark}_{what}{len(self.expressions)}" for what in ("value", "bad"))
            if found.plain and (self.engine.wraps or found.bad is None):
                value = self.named[column]
            elif found.plain:
                made[value] = self.own.when(~found.bad).then(given)
            else:
                made[value] = found.value
            self.expressions[name] = self.of.col(value)
            self.expressions[bad_name(name)] = self.of.lit(False, self.of.Boolean)  # noqa: FBT003 - a constant
            if found.bad is not None:
                made[bad] = found.bad
                self.expressions[bad_name(name)] = self.of.col(bad)
        if made:
            self.frame = self.frame.with_columns(**made)

    def compute(self, stage: Mapping[str, Whole | Truth]) -> None:
        """Compute columns; what many of them are made of becomes a column first."""
        emit = (SqlEmitter if self.engine.sql else Emitter)(self.of, self.expressions, self.engine.wide_in(self.of))
        for nodes in shared_nodes(stage.values(), self.engine.most_repeated):
            made = {}
            for node in nodes:
                self._shared += 1
                made[f"{self._mark}_shared{self._shared}"] = emit(node)
            self.add(made)
            for node, name in zip(nodes, made, strict=True):
                emit.keep(node, self.of.col(name))
        self.add({name: emit(node) for name, node in stage.items()})
        for name in stage:
            self.expressions[name] = self.of.col(name)

    def add(self, made: Mapping[str, Any]) -> None:
        """Add columns."""
        if not made:
            return
        if self.engine.sql:
            texts = [f"{expression.text} AS `{name}`" for name, expression in made.items()]
            self.frame = nw.from_native(self.frame.to_native().selectExpr("*", *texts))
        else:
            self.frame = self.frame.with_columns(**made)


class Lines:
    """A table of line items, and the name of the column that says to which unit each belongs."""

    def __init__(self, table: Table, key: str) -> None:
        """Hold the table, and its frame before anything is computed on it."""
        self.table, self.key, self.given = table, key, table.frame


def run(  # noqa: PLR0913 - what is asked for, and what it is asked of
    plan: TablePlan,
    table: Table,
    lines: Mapping[str, Lines],
    rows: RowScorer | None,
    outputs: Sequence[Output],
    *,
    key: str,
    factor: int | None,
    places: int | None,
) -> None:
    """Give a table every column of the result."""
    table.read(plan.figures, "", factor)
    for name, reductions in plan.lines.items():
        if reductions.made:
            _reduce(table, lines[name], reductions, key, factor)
    if rows is not None:
        table.frame = with_rows(table, lines, rows, key)
        for row_leaf in rows.leaves:
            table.expressions |= {name: table.of.col(name) for name in (row_leaf.units, row_leaf.outcome)}
    wanted = _needed(plan, {output.column for output in outputs})
    limits: dict[str, tuple[int, int]] = {}
    for stage in plan.stages:
        made = {name: node for name, node in stage.items() if name in wanted}
        table.compute(made)
        limits |= {name: (node.low, node.high) for name, node in made.items() if isinstance(node, Whole)}
    show(table, [(output, *limits[output.column]) for output in outputs], places)


def _needed(plan: TablePlan, outputs: set[str]) -> set[str]:
    """The columns that have to be computed for those of the result."""
    needed = outputs | {"__error"}
    for stage in reversed(plan.stages):
        for name, node in stage.items():
            if name in needed:
                needed |= names_of(node)
    return needed


_HOW = {"sum": "sum", "least": "min", "most": "max", "any": "max"}


def _reduce(table: Table, lines: Lines, reductions: Reductions, key: str, factor: int | None) -> None:
    """Add to a table what is made of the line items of each unit."""
    items, col = lines.table, table.own.col
    items.read(reductions.figures.used, reductions.figures.prefix, factor)
    own = items.named[lines.key]
    named = set().union(*(names_of(reduction.of) for reduction in reductions.made.values()))
    beside = sorted(name for name in named if name not in items.expressions)
    if beside:
        told = {name: f"__told{number}" for number, name in enumerate(beside)}
        table.add({to: table.expressions[name] for name, to in told.items()})
        of_units = table.frame.select(col(table.named[key]).alias("__key"), *map(col, told.values()))
        items.frame = items.frame.join(of_units, left_on=own, right_on="__key", how="inner")
        items.expressions |= {name: items.of.col(to) for name, to in told.items()}
    made: dict[str, Whole | Truth] = {}
    summed = []
    for reduction in reductions.made.values():
        made[reduction.name] = pick(reduction.of, ONE, ZERO) if isinstance(reduction.of, Truth) else reduction.of
        summed.append(getattr(col(reduction.name), _HOW[reduction.how])())
    items.compute(made)
    grouped = items.frame.group_by(own).agg(*summed)
    grouped = grouped.select(col(own).alias("__of"), *[col(name).cast(table.own.Int64) for name in made])
    table.frame = joined(table.frame, grouped, table.named[key], list(made), items.engine)
    filled = {name: col(name).fill_null(0) for name in made}
    filled |= {one.name: filled[one.name] == 1 for one in reductions.made.values() if one.how == "any"}
    table.frame = table.frame.with_columns(**filled)
    table.expressions |= {name: table.of.col(name) for name in made}
