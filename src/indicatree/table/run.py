"""A plan carried out on the engine that holds the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from indicatree.table.engines import engine_of, joined, with_rows
from indicatree.table.plan import ERROR, missing_name
from indicatree.table.spark import SparkTable
from indicatree.table.table import Table
from indicatree.table.wholes import LARGEST, ONE, ZERO, Truth, Whole, names_of, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indicatree.table.items import Reductions
    from indicatree.table.plan import Output, TablePlan
    from indicatree.table.rows import RowScorer

__all__ = ["Lines", "run", "table_of"]


class Lines:
    """A table of line items, and the name of the column that says to which unit each belongs."""

    def __init__(self, table: Table, key: str) -> None:
        """Hold the table, and its frame before anything is computed on it."""
        self.table, self.key, self.given = table, key, table.frame


def table_of(frame: Any, schema: Mapping[str, Any], mark: str = "__in") -> Table:
    """A frame of narwhals as a table of its engine."""
    engine = engine_of(frame)
    if engine.name == "polars":
        from indicatree.table.polars import PolarsTable  # noqa: PLC0415 - a frame of Polars is here, and so is Polars

        return PolarsTable(frame, engine, schema, mark)
    return (SparkTable if engine.name == "pyspark" else Table)(frame, engine, schema, mark)


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
        table.compute_stage(made)
        limits |= {name: (node.low, node.high) for name, node in made.items() if isinstance(node, Whole)}
    table.add({output.shown: table.shown(output, limits[output.column], places) for output in outputs})


def _needed(plan: TablePlan, outputs: set[str]) -> set[str]:
    """The columns that have to be computed for those of the result."""
    needed = outputs | {ERROR}
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
        beside += [name for name in map(missing_name, beside) if name in table.expressions]
        told = {name: f"{items.mark}_told{number}" for number, name in enumerate(beside)}
        table.add({to: table.expressions[name] for name, to in told.items()})
        of_units = table.frame.select(col(table.named[key]).alias("__key"), *map(col, told.values()))
        items.frame = items.frame.join(of_units, left_on=own, right_on="__key", how="inner")
        items.expressions |= {name: items.of.col(to) for name, to in told.items()}
    made: dict[str, Whole | Truth] = {}
    summed = []
    for reduction in reductions.made.values():
        made[reduction.name] = pick(reduction.of, ONE, ZERO) if isinstance(reduction.of, Truth) else reduction.of
        number = col(reduction.name)
        if reduction.how == "sum" and not items.engine.wraps:
            number = number.cast(nw.Decimal(38, 0))
        summed.append(getattr(number, _HOW[reduction.how])())
    items.compute(made)
    grouped = items.frame.group_by(own).agg(*summed)
    fits = _in_64_bits if not items.engine.wraps else col
    shown = [fits(name).cast(table.own.Int64).alias(name) for name in made]
    grouped = grouped.select(col(own).alias("__of"), *shown)
    table.frame = joined(table.frame, grouped, table.named[key], list(made), items.engine)
    filled = {name: col(name).fill_null(0) for name in made}
    filled |= {one.name: filled[one.name] == 1 for one in reductions.made.values() if one.how == "any"}
    table.frame = table.frame.with_columns(**filled)
    table.expressions |= {name: table.of.col(name) for name in made}


def _in_64_bits(name: str) -> Any:
    """A column of numbers, or the largest one where it is larger: an engine that does not wrap around stops there."""
    number = nw.col(name)
    small = nw.when(number < -LARGEST).then(nw.lit(-LARGEST, nw.Int64)).otherwise(number)
    return nw.when(number > LARGEST).then(nw.lit(LARGEST, nw.Int64)).otherwise(small)
