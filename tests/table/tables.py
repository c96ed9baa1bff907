"""Tables of drawn units for every engine, and what one unit after another scores."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

import polars as pl
import pytest

import indicatree as it
from indicatree.data import fields, record_type
from indicatree.scoring import prepare
from indicatree.table import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TOO_MUCH = "score the unit by itself"


def _type(kind: Any) -> Any:
    if isinstance(kind, fields.Flag):
        return pl.Boolean
    if isinstance(kind, fields.Choice | fields.Words):
        return pl.String
    return pl.Date if isinstance(kind, fields.Date) else pl.Decimal(30, kind.places)


def _column_type(scheme: it.Scheme, name: str) -> Any:
    shape = prepare(scheme).shape
    start, _, rest = name.partition(".")
    if name == "unit":
        return pl.Int64
    if start == "judgement" and rest in shape.judgements:
        return pl.Decimal(12, 6)
    if start in ("judgement", "not_applicable"):
        return pl.Boolean
    return _type(record_type(shape.records[start].record_class).fields[rest])


def tables_of(scheme: it.Scheme, units: Sequence[it.UnitData]) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Units as a table, and each list of line items as another."""
    columns, lists = columns_of(scheme, units)
    frame = pl.DataFrame([pl.Series(name, values, _column_type(scheme, name)) for name, values in columns.items()])
    items = {}
    for name, of_items in lists.items():
        kinds = record_type(prepare(scheme).shape.records[name].record_class).fields
        series = [
            pl.Series(field, values, pl.Int64 if field == "unit" else _type(kinds[field]))
            for field, values in of_items.items()
        ]
        items[name] = pl.DataFrame(series)
    return frame, items


def one_by_one(scheme: it.Scheme, units: Sequence[it.UnitData]) -> list[it.Scorecard | None]:
    """The scorecard of each unit; None where it cannot be scored."""
    cards: list[it.Scorecard | None] = []
    for data in units:
        try:
            cards.append(it.score(scheme, data))
        except it.ScoringError:
            cards.append(None)
    return cards


def assert_same(scheme: it.Scheme, scored: pl.DataFrame, cards: Sequence[it.Scorecard | None]) -> None:
    """Every row is what its unit scores by itself: totals, grades, nodes and outcomes, to the last digit."""
    assert scored.height == len(cards)
    for row, card in zip(scored.iter_rows(named=True), cards, strict=True):
        if row["error"] is not None and TOO_MUCH in row["error"]:
            continue  # its line items add up to more than a table is laid out for: the row says so, and has no score
        if card is None:
            assert row["error"]
            assert not [
                name for name, value in row.items() if name.startswith(("score", "total")) and value is not None
            ]
            continue
        assert row["error"] is None
        for path, _ in scheme.walk():
            node = card[path]
            units = None if node.units is None else Decimal(node.units).scaleb(-scheme.precision)
            assert (path, row[f"score.{path}"]) == (path, units)
            if f"outcome.{path}" in row:
                assert (path, row[f"outcome.{path}"]) == (path, node.outcome.value)
        assert row["total"] == card.total
        assert row.get("grade") == (card.grade.id if card.grade else None)
        if scheme.vetoes:
            assert row["arithmetic_total"] == card.arithmetic_total
            assert row.get("arithmetic_grade") == (card.arithmetic_grade.id if card.arithmetic_grade else None)


def _of_polars(scored: Any) -> pl.DataFrame:
    return scored.collect() if isinstance(scored, pl.LazyFrame) else scored


def _dask(frame: pl.DataFrame) -> Any:
    import dask.dataframe as dd  # noqa: PLC0415 - only where it is installed

    return dd.from_pandas(frame.to_pandas(use_pyarrow_extension_array=True), npartitions=2)


def _duckdb(frame: pl.DataFrame) -> Any:
    import duckdb  # noqa: PLC0415 - only where it is installed

    return duckdb.from_arrow(frame.to_arrow())


def of_pandas(scored: Any) -> pl.DataFrame:
    """A result of pandas as one of Polars, without the index."""
    import pyarrow as pa  # noqa: PLC0415 - only where it is installed

    made = pl.from_arrow(pa.Table.from_pandas(scored, preserve_index=False))
    assert isinstance(made, pl.DataFrame)
    return made


ENGINES: Mapping[str, tuple[Callable[[pl.DataFrame], Any], Callable[[Any], Any]]] = {
    "polars": (lambda frame: frame, _of_polars),
    "polars lazy": (lambda frame: frame.lazy(), _of_polars),
    "pyarrow": (lambda frame: frame.to_arrow(), pl.from_arrow),
    "pandas": (lambda frame: frame.to_pandas(), of_pandas),
    "pandas on arrow": (lambda frame: frame.to_pandas(use_pyarrow_extension_array=True), of_pandas),
    "duckdb": (_duckdb, lambda scored: pl.DataFrame(scored.to_arrow_table()).sort("unit")),
    "dask": (_dask, lambda scored: of_pandas(scored.compute())),
}
"""How a table comes to each engine, and how the result comes back."""

ALONE = "pyarrow alone"
"""A table of Arrow where Polars is not installed."""

NEEDS = {name: name for name in ("pyarrow", "pandas", "duckdb", "dask")} | {
    "pandas on arrow": "pandas",
    ALONE: "pyarrow",
}


def skip_without(engine: str) -> None:
    """Skip a test where an engine is not installed."""
    if engine in NEEDS:
        pytest.importorskip(NEEDS[engine], reason=f"pip install {NEEDS[engine]}")


def scored_on(engine: str, scheme: it.Scheme, frame: pl.DataFrame, items: Any = None, **asked: Any) -> pl.DataFrame:
    """The result of an engine, as a table of Polars."""
    there, back = ENGINES["pyarrow" if engine == ALONE else engine]
    lists = {name: there(lines) for name, lines in (items or {}).items()}
    # what is imported meanwhile is forgotten afterwards, so that nothing else is imported in there
    with mock.patch.dict(sys.modules, {"polars": None}) if engine == ALONE else nullcontext():
        scored = it.score_table(scheme, there(frame), items=lists, keep=["unit"], **asked)
    made = back(scored)
    assert isinstance(made, pl.DataFrame)
    return made
