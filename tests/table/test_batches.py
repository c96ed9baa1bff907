"""Tables that come in batches: what they give, whatever the sizes of the batches, and what is refused."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

import attrs
import duckdb
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
import strategies
from indicatree.table import api, batches, columns_of
from indicatree.table.plan import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def leaf(**more: Any) -> it.Leaf:
    return it.Leaf(id="rate", indicator=strategies.execution, points=10, rule=it.rules.Proportional(), **more)


SCHEME = strategies.scheme_of(leaf())
PATH = next(iter(SCHEME.data_shape.leaves))
ITEMS = strategies.scheme_of(
    it.Leaf(id="projects", indicator=strategies.all_projects, points=10, rule=it.rules.Proportional())
)

# what Arrow alone computes
NARROW = strategies.scheme_of(
    it.Leaf(
        id="projects",
        indicator=strategies.project_execution,
        points=10,
        rule=it.rules.AllOrNothing(at_least="75%"),
        for_each="projects",
        combine=it.Aggregation(it.Combine.MINIMUM),
    )
)


def units(number: int = 10) -> pa.Table:
    rows = range(number)
    return pa.table(
        {
            "unit": pa.array([f"u{row}" for row in rows], pa.string()),
            "budget.planned": pa.array([100 if row % 4 else None for row in rows], pa.int64()),
            "budget.spent": pa.array([row * 7 % 120 for row in rows], pa.int64()),
        }
    )


def cut(table: pa.Table, sizes: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """A table in batches of these sizes, the last of the rest."""
    start = 0
    for size in sizes:
        part = table.slice(start, size).combine_chunks()
        yield from part.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]
        start += size
    yield from table.slice(start).to_batches()


def rows_of(reader: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = reader.read_all().to_pylist()
    return rows


def refused(*arguments: Any, **named: Any) -> str:
    with pytest.raises(it.DataError) as caught:
        it.score_batches(*arguments, **named)
    return str(caught.value)


def result(made: Callable[[], Any]) -> Any:
    """What is made; or the codes of what is wrong."""
    try:
        return made()
    except it.IndicatreeError as error:
        return {problem.code for problem in error.problems}


# What batches give


@pytest.mark.parametrize("without_polars", [False, True])
@given(data=st.data())
@settings(max_examples=12)
def test_batches_give_what_the_whole_table_gives_whatever_their_sizes(
    *, without_polars: bool, data: st.DataObject
) -> None:
    scheme = data.draw(strategies.schemes())
    found = data.draw(st.lists(strategies.unit_data(scheme), min_size=1, max_size=6))
    table, items = columns_of(scheme, found)
    # without a line the type of the key would be unknown
    keys = {name: pa.array(lines["unit"], pa.int64()) for name, lines in items.items()}
    lists = {name: pa.table({**lines, "unit": keys[name]}) for name, lines in items.items()}
    whole = pa.table(table)
    size = data.draw(st.integers(1, 4))
    sizes = data.draw(st.lists(st.integers(0, 3), max_size=5))
    frames = {name: pl.DataFrame(lines) for name, lines in lists.items()}
    expected = result(lambda: it.score_table(scheme, pl.DataFrame(whole), items=frames, columns="all"))
    hidden = {"polars": None} if without_polars else {}
    with mock.patch.dict(sys.modules, hidden), mock.patch.object(batches, "BATCH", size):
        reader = result(lambda: it.score_batches(scheme, cut(whole, sizes), items=lists, columns="all"))
        if isinstance(reader, set):
            expected = {"too-wide"} if without_polars and isinstance(expected, pl.DataFrame) else expected
            assert isinstance(expected, set)
            assert reader == expected
            return
        got = list(reader)
    assert [batch.num_rows for batch in got[:-1]] == [size] * (len(got) - 1)
    assert pa.Table.from_batches(got, reader.schema).to_pylist() == expected.to_dicts()


def test_the_schema_is_the_same_for_every_batch_and_known_before_the_first() -> None:
    table = units(5)
    read = []

    def source() -> Iterator[pa.RecordBatch]:
        for batch in cut(table, [1, 0, 1]):
            read.append(batch)
            yield batch

    reader = it.score_batches(SCHEME, pa.RecordBatchReader.from_batches(table.schema, source()), columns="all")
    assert not read
    assert reader.schema.field("total").type == pa.decimal128(18, 2)
    assert reader.schema.field("error").type == pa.string()
    with mock.patch.object(batches, "BATCH", 1):
        got = list(reader)
    assert len(got) == 5
    assert all(batch.schema.equals(reader.schema) for batch in got)


@pytest.mark.parametrize("sizes", [[1, 3], [0, 5], [4], [1, 1, 1, 1]])
def test_large_batches_are_cut_and_small_ones_joined(sizes: list[int]) -> None:
    with mock.patch.object(batches, "BATCH", 2):
        got = list(it.score_batches(SCHEME, cut(units(5), sizes)))
    assert [batch.num_rows for batch in got] == [2, 2, 1]


def test_a_stream_without_rows_gives_no_batch_and_the_schema() -> None:
    reader = it.score_batches(SCHEME, units(0), keep=["unit"])
    assert reader.schema.names == ["unit", "total", "grade", "error", *(n for n in reader.schema.names if "." in n)]
    assert list(reader) == []


def test_scores_can_be_whole_numbers() -> None:
    reader = it.score_batches(SCHEME, units(2), scores="whole")
    assert reader.schema.field("total").type == pa.int64()


@pytest.mark.parametrize("without_polars", [False, True])
def test_a_column_that_is_all_null_in_one_batch_or_in_all_is_missing(*, without_polars: bool) -> None:
    lenient = strategies.scheme_of(leaf(policies=it.Policies(missing=it.Treatment.NO_POINTS)))
    nothing = pa.table({"budget.planned": pa.nulls(3), "budget.spent": pa.array([None, 1, 2], pa.int64())})
    typed = nothing.set_column(0, "budget.planned", pa.array([None, None, 2], pa.int64()))
    with (
        mock.patch.dict(sys.modules, {"polars": None} if without_polars else {}),
        mock.patch.object(batches, "BATCH", 2),
    ):
        first, second = (it.score_batches(lenient, table, columns="all") for table in (nothing, typed))
        assert first.schema == second.schema
        assert [row["total"] for row in rows_of(first)] == [0, 0, 0]
        assert [row["total"] for row in rows_of(second)] == [0, 0, 10]


@pytest.mark.parametrize("without_polars", [False, True])
def test_a_table_without_any_figure_still_has_its_rows(*, without_polars: bool) -> None:
    lenient = strategies.scheme_of(leaf(policies=it.Policies(missing=it.Treatment.FULL_POINTS)))
    with mock.patch.dict(sys.modules, {"polars": None} if without_polars else {}):
        assert [row["total"] for row in rows_of(it.score_batches(lenient, pa.table({"x": [1, 2]})))] == [10, 10]


def test_the_scheme_is_laid_out_once_for_all_batches() -> None:
    scorer = it.prepare(attrs.evolve(SCHEME, id="laid-out-once"))
    with mock.patch.object(batches, "BATCH", 2), mock.patch.object(api, "lay_out", wraps=lay_out) as laid:
        assert len(list(it.score_batches(scorer, units(9)))) == 5
        assert len(list(it.score_batches(scorer, units(3)))) == 2
    assert laid.call_count == 1


@pytest.mark.parametrize(
    "made",
    [
        lambda table: table,
        lambda table: table.to_reader(max_chunksize=3),
        pl.DataFrame,
        lambda table: iter(table.to_batches(max_chunksize=3)),
        lambda table: (pl.DataFrame(table)[start : start + 2] for start in range(0, len(table), 2)),
        lambda table: duckdb.sql("select * from here", connection=duckdb_with(table)),
    ],
)
def test_whatever_streams_arrow_is_read(made: Any) -> None:
    expected = it.score_table(SCHEME, pl.DataFrame(units())).to_dicts()
    assert rows_of(it.score_batches(SCHEME, made(units()))) == expected


def duckdb_with(table: pa.Table) -> Any:
    connection = duckdb.connect()
    connection.register("here", table)
    return connection


def test_the_result_is_a_stream_of_arrow_itself() -> None:
    got = pl.DataFrame(it.score_batches(SCHEME, units(), keep=["unit"]))
    assert got["unit"].to_list() == units()["unit"].to_pylist()


def test_kept_columns_come_out_as_they_came() -> None:
    table = units(4)
    odd = {
        "kind": pa.array(["a", "b", None, "a"]).dictionary_encode(),
        "list": pa.array([[1], [], None, [2, 3]], pa.list_(pa.int8())),
        "view": pa.array(["x", None, "y", "z"], pa.string_view()),
        "wide": pa.array([Decimal(1), None, Decimal(2), Decimal(3)], pa.decimal256(50, 2)),
    }
    for name, values in odd.items():
        table = table.append_column(name, values)
    with mock.patch.object(batches, "BATCH", 3):
        reader = it.score_batches(SCHEME, cut(table, [1, 2]), keep=True)
        got = reader.read_all()
    assert [got.schema.field(name) for name in table.schema.names] == list(table.schema)
    assert got.select(table.schema.names).to_pylist() == table.to_pylist()


def test_dictionaries_may_differ_between_batches() -> None:
    table = units(4)
    parts = [
        table.slice(start, 2)
        .append_column("kind", pa.array(names).dictionary_encode())
        .combine_chunks()
        .to_batches()[0]
        for start, names in ((0, ["a", "b"]), (2, ["c", "a"]))
    ]
    got = it.score_batches(SCHEME, iter(parts), keep=["kind"]).read_all()
    assert got["kind"].to_pylist() == ["a", "b", "c", "a"]


@pytest.mark.parametrize("without_polars", [False, True])
@pytest.mark.parametrize("size", [1, 2, 100])
def test_line_items_reach_their_units_in_every_batch(size: int, *, without_polars: bool) -> None:
    keys = pa.table({"unit": pa.array([3, 1, 2, 4], pa.int32())})
    lines = pa.table(
        {
            "unit": [1, 2, 2, 3, 9],
            "planned": [100, 100, 100, 50, 1],
            "spent": [50, 100, 60, 50, 1],
            "active": [True] * 5,
            "note": [["x"]] * 5,
        }
    )
    hidden = {"polars": None} if without_polars else {}
    given_items = {"projects": lines}
    scheme = NARROW if without_polars else ITEMS
    expected = it.score_table(scheme, pl.DataFrame(keys).cast(pl.Int64), items={"projects": pl.DataFrame(lines)})
    with mock.patch.dict(sys.modules, hidden), mock.patch.object(batches, "BATCH", size):
        got = rows_of(it.score_batches(scheme, keys, items=given_items))
    assert got == expected.to_dicts()
    assert len({row["total"] for row in got}) > 1


def test_line_items_reach_leaves_on_columns_and_leaves_row_by_row() -> None:
    def compared(name: str, indicator: it.Measured, other: it.Measured, **more: Any) -> it.Leaf:
        case = it.rules.Case(at_least="other", points=10)
        rule = it.rules.Comparison(against={"other": other}, cases=[case], otherwise=5)
        return it.Leaf(id=name, indicator=indicator, points=10, rule=rule, **more)

    scheme = strategies.scheme_of(
        compared(
            "lines",
            strategies.project_execution,
            strategies.execution,
            for_each="projects",
            bindings={"project": "projects"},
        ),
        compared("rows", strategies.fragile, strategies.all_projects),
    )
    keys = pa.table({"unit": [1, 2, 3], "budget.planned": [9, 9, 9], "budget.spent": [1, 8, 1]})
    lines = pa.table({"unit": [3, 1, 2], "planned": [9000, 9, 9], "spent": [1, 9, 1], "active": [True] * 3})
    expected = it.score_table(scheme, pl.DataFrame(keys), items={"projects": pl.DataFrame(lines)}).to_dicts()
    with mock.patch.object(batches, "BATCH", 2):
        assert rows_of(it.score_batches(scheme, keys, items={"projects": lines})) == expected
    assert [row["error"] for row in expected] == [None] * 3
    assert len({row["score.process.group.rows"] for row in expected}) == 2


# Rows that cannot be scored


def test_rows_that_cannot_be_scored_are_named_by_their_numbers_in_the_whole_stream() -> None:
    table = units(9)
    with mock.patch.object(batches, "BATCH", 2):
        recorded = rows_of(it.score_batches(SCHEME, table))
        assert [row for row, one in enumerate(recorded) if one["error"]] == [0, 4, 8]
        later = it.score_batches(SCHEME, table.slice(1), on_error="raise")
        assert later.read_next_batch().num_rows == 2
        with pytest.raises(it.ScoringError) as caught:
            later.read_next_batch()
    assert [problem.path for problem in caught.value.problems] == ["row 3"]
    assert PATH in str(caught.value)


def test_the_error_names_no_more_than_twenty_rows() -> None:
    table = pa.table({"budget.planned": pa.array([None] * 50, pa.int64()), "budget.spent": [1] * 50})
    with pytest.raises(it.ScoringError) as caught:
        it.score_batches(SCHEME, table, on_error="raise").read_all()
    assert len(caught.value.problems) == 21
    assert str(caught.value).endswith("and 30 more")


# What is refused


def test_a_misspelt_figure_is_refused_before_anything_is_read() -> None:
    said = refused(SCHEME, units().rename_columns(["unit", "budget.planed", "budget.spent"]))
    assert 'did you mean "planned"' in said


@pytest.mark.parametrize("name", ["columns", "scores", "on_error"])
def test_choices_that_do_not_exist_are_refused(name: str) -> None:
    wrong: dict[str, Any] = {name: "float"}
    with pytest.raises(ValueError, match=f"{name}: expected one of"):
        it.score_batches(SCHEME, units(), **wrong)


def test_an_iterator_without_a_batch_is_refused() -> None:
    assert "nothing says what its columns are" in refused(SCHEME, iter([]))


def test_what_does_not_stream_is_refused() -> None:
    assert "got object" in refused(SCHEME, object())
    assert "got LazyFrame" in refused(SCHEME, pl.LazyFrame({"x": [1]}))
    assert "got dict" in refused(SCHEME, iter([{}]))
    assert "got LazyFrame" in refused(ITEMS, units(), items={"projects": pl.LazyFrame({"unit": ["u1"]})})


def test_a_batch_of_other_columns_is_refused_with_its_number() -> None:
    first = units(2).to_batches()[0]
    other = units(2).drop_columns(["budget.spent"]).to_batches()[0]
    with pytest.raises(it.DataError, match="batch 1: has other columns"):
        it.score_batches(SCHEME, iter([first, other])).read_all()


def test_two_columns_of_one_name_are_refused() -> None:
    table = units(2)
    assert "budget.spent: more than one" in refused(SCHEME, table.append_column("budget.spent", table["unit"]))


def test_a_kept_column_named_like_one_of_the_result_is_refused() -> None:
    table = units(2).append_column("total", pa.array([1, 2]))
    assert "keep: total" in refused(SCHEME, table, keep=True)
    assert "unit" in it.score_batches(SCHEME, table, keep=["unit"]).schema.names


def test_a_kept_column_that_is_not_there_is_refused() -> None:
    assert 'did you mean "unit"' in refused(SCHEME, units(), keep=["unti"])


@pytest.mark.parametrize(
    "kind", [pa.decimal256(50, 2), pa.month_day_nano_interval(), pa.list_(pa.int8()), pa.float32(), pa.float16()]
)
def test_a_column_of_a_type_that_holds_no_figures_is_refused(kind: pa.DataType) -> None:
    table = units(2).set_column(1, "budget.planned", pa.nulls(2, kind))
    assert "budget.planned: expected" in refused(SCHEME, table)


def test_keys_of_other_types_are_refused() -> None:
    lines = pa.table({"unit": [1], "planned": [1], "spent": [1], "active": [True]})
    assert "int64 here, and string in the units" in refused(ITEMS, units(), items={"projects": lines})
    assert "items: projects" in refused(ITEMS, units(), items={"projects": lines.drop_columns(["unit"])})
