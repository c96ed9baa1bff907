"""Ranks against plain arithmetic of whole numbers, on every engine that is installed."""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from indicatree.problems import DataError
from indicatree_mof.projects import project_funds_execution_rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row = dict[str, Any]

ORDERED = ("polars", "polars lazy", "pyarrow", "pandas", "dask")
ENGINES = (*ORDERED, "duckdb")
SCHEMA: dict[str, Any] = {
    "unit": pl.Int64,
    "region": pl.String,
    "size": pl.Int64,
    "total": pl.Decimal(18, 2),
    "score.process": pl.Decimal(18, 2),
    "score.process.budget": pl.Int64,
}
EACH = pytest.mark.parametrize("engine", ENGINES)
quickly = settings(max_examples=20)

scores = st.none() | st.sampled_from([0, 1, 50, 9999, 10000]) | st.integers(0, 30)
hundredths = scores.map(lambda units: None if units is None else Decimal(units).scaleb(-2))
lines = st.fixed_dictionaries(
    {
        "region": st.sampled_from([None, "north", "south"]),
        "size": st.sampled_from([None, 1, 2]),
        "total": hundredths,
        "score.process": hundredths,
        "score.process.budget": scores,
    }
)


@st.composite
def tables(draw: st.DrawFn, most: int = 12) -> list[Row]:
    return [{"unit": number, **line} for number, line in enumerate(draw(st.lists(lines, max_size=most)))]


within = st.sampled_from([(), ("region",), ("region", "size")])
ties = st.sampled_from(["competition", "dense"])
quantiles = st.integers(2, 9) | st.just(1000)


def table(rows: Sequence[Row], engine: str) -> Any:
    return _of_kind(pl.DataFrame(rows, schema=SCHEMA, orient="row"), engine)


def table_of(columns: dict[str, list[Any]], engine: str) -> Any:
    return _of_kind(pl.DataFrame(columns), engine)


def _of_kind(frame: pl.DataFrame, engine: str) -> Any:
    if engine.startswith("polars"):
        return frame if engine == "polars" else frame.lazy()
    arrow = frame.to_arrow()
    if engine == "pyarrow":
        return arrow
    if engine == "duckdb":
        return pytest.importorskip("duckdb", reason="pip install duckdb").from_arrow(arrow)
    pandas = arrow.to_pandas(types_mapper=pytest.importorskip("pandas", reason="pip install pandas").ArrowDtype)
    if engine == "pandas":
        return pandas
    return pytest.importorskip("dask.dataframe", reason="pip install dask").from_pandas(
        pandas, npartitions=min(3, len(frame) or 1)
    )


def in_order(native: Any, engine: str) -> list[Row]:
    """The rows as they come."""
    if engine == "dask":
        native = native.compute()
    if engine in ("pandas", "dask"):
        native = pytest.importorskip("pyarrow", reason="pip install pyarrow").Table.from_pandas(
            native, preserve_index=False
        )
    frame = nw.from_native(native)
    return (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).rows(named=True)


def ranked(rows: Sequence[Row], engine: str, **asked: Any) -> dict[int, Row]:
    """The ranked rows by their unit."""
    found = in_order(it.rank(table(rows, engine), **asked), engine)
    assert len(found) == len(rows)
    return {row["unit"]: row for row in found}


def expected(rows: Sequence[Row], row: Row, score: str, asked: Row) -> tuple[Any, ...]:
    """What the columns of one score hold in one row."""
    if row[score] is None:
        return (None,) * 5
    group = [other for other in rows if all(other[name] == row[name] for name in asked["within"])]
    present = [other[score] for other in group if other[score] is not None]
    better = [other for other in present if other > row[score]]
    place = 1 + len(better if asked["ties"] == "competition" else set(better))
    at_most = sum(other <= row[score] for other in present)
    percentile = Decimal(floor(Fraction(10000 * at_most, len(present)) + Fraction(1, 2))).scaleb(-2)
    group_of = 1 + floor(Fraction(asked["quantiles"] * len(better), len(present)))
    return place, len(present), at_most, percentile, group_of


@EACH
@given(rows=tables(), asked=st.fixed_dictionaries({"within": within, "ties": ties, "quantiles": quantiles}))
@settings(max_examples=40)
def test_ranks_are_those_of_plain_arithmetic(engine: str, rows: list[Row], asked: Row) -> None:
    found = ranked(rows, engine, by=["total", "score.process", "score.process.budget"], **asked)
    for row in rows:
        kinds = ("rank", "of", "at_most", "percentile", "quantile")
        for score, path in (("total", ""), ("score.process", ".process"), ("score.process.budget", ".process.budget")):
            given_ = tuple(found[row["unit"]][f"{kind}{path}"] for kind in kinds)
            assert given_ == expected(rows, row, score, asked)
        assert {name: found[row["unit"]][name] for name in SCHEMA} == row


@EACH
@given(rows=tables(), within=within, ties=ties, quantiles=quantiles)
@quickly
def test_equal_scores_share_a_rank(engine: str, rows: list[Row], within: Any, ties: str, quantiles: int) -> None:
    shared: dict[Any, set[Any]] = {}
    for row in ranked(rows, engine, within=within, ties=ties, quantiles=quantiles).values():
        place = (row["rank"], row["of"], row["at_most"], row["percentile"], row["quantile"])
        shared.setdefault((*(row[name] for name in within), row["total"]), set()).add(place)
    assert all(len(places) == 1 for places in shared.values())


@EACH
@given(rows=tables(), ties=ties, quantiles=quantiles)
@quickly
def test_a_better_score_never_ranks_behind(engine: str, rows: list[Row], ties: str, quantiles: int) -> None:
    found = [row for row in ranked(rows, engine, ties=ties, quantiles=quantiles).values() if row["rank"] is not None]
    for one in found:
        for other in found:
            if one["total"] > other["total"]:
                assert one["rank"] < other["rank"]
                assert one["at_most"] > other["at_most"]
                assert one["percentile"] >= other["percentile"]
                assert one["quantile"] <= other["quantile"]


@EACH
@given(data=st.data(), rows=tables(), within=within)
@quickly
def test_order_of_rows_does_not_matter(engine: str, data: st.DataObject, rows: list[Row], within: Any) -> None:
    mixed = data.draw(st.permutations(rows))
    assert ranked(mixed, engine, within=within) == ranked(rows, engine, within=within)


@EACH
@given(rows=tables(), ties=ties, quantiles=quantiles)
@quickly
def test_units_without_a_score_do_not_count(engine: str, rows: list[Row], ties: str, quantiles: int) -> None:
    asked = {"ties": ties, "quantiles": quantiles}
    without = [row for row in rows if row["total"] is not None]
    found = ranked(rows, engine, **asked)
    for unit, row in ranked(without, engine, **asked).items():
        assert found[unit] == row
    for row in rows:
        if row["total"] is None:
            assert all(found[row["unit"]][name] is None for name in ("rank", "of", "at_most", "percentile", "quantile"))


@EACH
@given(rows=tables(), ties=ties)
@quickly
def test_a_group_ranks_as_it_does_alone(engine: str, rows: list[Row], ties: str) -> None:
    found = ranked(rows, engine, within="region", ties=ties)
    for region in {row["region"] for row in rows}:
        alone = [row for row in rows if row["region"] == region]
        for unit, row in ranked(alone, engine, ties=ties).items():
            assert found[unit] == row


@given(rows=tables(most=40), quantiles=quantiles)
def test_the_best_is_first_at_a_hundred_percent_in_group_one(rows: list[Row], quantiles: int) -> None:
    found = [row for row in ranked(rows, "polars", quantiles=quantiles).values() if row["rank"] is not None]
    best = max((row["total"] for row in found), default=None)
    for row in found:
        is_best = row["total"] == best
        assert (row["rank"] == 1) == is_best
        assert (row["percentile"] == 100) == is_best
        assert not is_best or row["quantile"] == 1
        assert 1 <= row["quantile"] <= quantiles


@given(units=st.integers(1, 60), quantiles=quantiles)
def test_quantile_groups_of_unequal_scores_differ_by_one_unit_at_most(units: int, quantiles: int) -> None:
    frame = pl.DataFrame({"total": range(units)})
    sizes = [0] * quantiles
    for group in it.rank(frame, quantiles=quantiles)["quantile"]:
        sizes[group - 1] += 1
    assert max(sizes) - min(sizes) <= 1


@given(rows=tables(), more=st.integers(1, 1000), ties=ties)
def test_points_for_everybody_change_no_rank(rows: list[Row], more: int, ties: str) -> None:
    moved = [{**row, "total": None if row["total"] is None else row["total"] + more} for row in rows]
    before, after = (ranked(some, "polars", ties=ties, quantiles=4) for some in (rows, moved))
    assert all({**row, "total": after[unit]["total"]} == after[unit] for unit, row in before.items())


@pytest.mark.parametrize("engine", ORDERED)
@given(data=st.data(), rows=tables())
@quickly
def test_rows_keep_their_order(engine: str, data: st.DataObject, rows: list[Row]) -> None:
    mixed = data.draw(st.permutations(rows))
    found = in_order(it.rank(table(mixed, engine), within="region"), engine)
    assert [row["unit"] for row in found] == [row["unit"] for row in mixed]


@EACH
def test_what_comes_out_is_of_the_kind_that_went_in(engine: str) -> None:
    given_ = table(FEW, engine)
    found = it.rank(given_, by=["total", "score.process"], within="region", quantiles=4, prefix="own.")
    assert type(found) is type(given_)
    kinds = ["rank", "of", "at_most", "percentile", "quantile"]
    made = [f"own.{kind}{path}" for path in ("", ".process") for kind in kinds]
    assert list(in_order(found, engine)[0]) == [*SCHEMA, *made]


FEW: list[Row] = [
    {
        "unit": number,
        "region": region,
        "size": number,
        "total": None if total is None else Decimal(total),
        "score.process": Decimal(number),
        "score.process.budget": number,
    }
    for number, (region, total) in enumerate(
        [("north", "80.50"), ("north", None), (None, "92.00"), (None, "80.50"), ("south", "71.25"), ("south", "71.25")]
    )
]


def test_an_example() -> None:
    found = it.rank(table(FEW, "polars"), quantiles=2)
    assert found["rank"].to_list() == [2, None, 1, 2, 4, 4]
    assert found["of"].to_list() == [5, None, 5, 5, 5, 5]
    assert found["at_most"].to_list() == [4, None, 5, 4, 2, 2]
    percentiles = [None if share is None else str(share) for share in found["percentile"]]
    assert percentiles == ["80.00", None, "100.00", "80.00", "40.00", "40.00"]
    assert found["quantile"].to_list() == [1, None, 1, 1, 2, 2]
    assert it.rank(table(FEW, "polars"), ties="dense")["rank"].to_list() == [2, None, 1, 2, 3, 3]
    assert it.rank(table(FEW, "polars"), within=["region"])["rank"].to_list() == [1, None, 1, 2, 1, 1]


@pytest.mark.filterwarnings("ignore:Dask support is moving out of Narwhals:FutureWarning")  # score_table asks narwhals
@pytest.mark.parametrize("scores", ["decimal", "whole"])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_scored_table_is_ranked(engine: str, scores: str) -> None:
    leaf = it.Leaf(
        id="execution", indicator=project_funds_execution_rate, points=Decimal(10), rule=rules.Proportional()
    )
    group = it.Group(id="budget", title="Budget", indicators=[leaf])
    scheme = it.Scheme(id="demo", tiers=[it.TierNode(tier="process", groups=[group])])
    names: dict[str, list[Any]] = {"unit": [1, 2, 3, 4], "region": [None, "north", "north", None]}
    figures: dict[str, list[Any]] = {"project_funds.received": [3, 3, 3, 3], "project_funds.spent": [2, 1, None, 2]}
    rows = table_of({**names, **figures}, engine)
    scored = it.score_table(scheme, rows, keep=["unit", "region"], scores=scores)
    found = {row["unit"]: row for row in in_order(it.rank(scored, by=["total", "score.process.budget"]), engine)}
    assert [found[unit]["rank"] for unit in (1, 2, 3, 4)] == [1, 3, None, 1]
    assert [found[unit]["rank.process.budget"] for unit in (1, 2, 3, 4)] == [1, 3, None, 1]


def test_all_wrong_names_are_told_at_once() -> None:
    frame = table(FEW, "polars")
    with pytest.raises(DataError) as caught:
        it.rank(frame, by=["totl", "score.proces", "unit", "total", "total"], within=["regin", "size", "size"])
    assert str(caught.value).splitlines() == [
        'by: totl: no such column (did you mean "total"?)',
        'by: score.proces: no such column (did you mean "score.process"?)',
        "by: unit: ranks are of scores, and this is none (one of: score.process, score.process.budget, total)",
        'within: regin: no such column; score_table keeps those that its keep= names (did you mean "region"?)',
        "by: total: named twice (name it once)",
        "within: size: named twice (name it once)",
    ]


@EACH
def test_a_table_without_totals_is_refused(engine: str) -> None:
    rows = table_of({"unit": [1], "score.process": [1]}, engine)
    with pytest.raises(DataError, match=r"^by: total: no such column \(rank a table that score_table gave\)$"):
        it.rank(rows)
    with pytest.raises(DataError, match=r"^by: score.x: no such column \(score the table with columns=\"leaves\"\)$"):
        it.rank(table_of({"total": [1]}, engine), by="score.x")
    with pytest.raises(DataError, match=r"^by: no column is named \(name \"total\"\)$"):
        it.rank(rows, by=[])


@EACH
def test_floats_are_refused(engine: str) -> None:
    with pytest.raises(DataError, match=r"^total: expected exact numbers, got a column of Float64"):
        it.rank(table_of({"total": [0.1]}, engine))


@EACH
def test_a_name_that_is_taken_is_refused_and_a_prefix_helps(engine: str) -> None:
    once = it.rank(table(FEW, engine), quantiles=2)
    with pytest.raises(DataError) as caught:
        it.rank(once, within="region")
    assert [problem.path for problem in caught.value.problems] == ["rank", "of", "at_most", "percentile"]
    twice = {row["unit"]: row for row in in_order(it.rank(once, within="region", prefix="region."), engine)}
    assert [twice[unit]["rank"] for unit in range(6)] == [2, None, 1, 2, 4, 4]
    assert [twice[unit]["region.rank"] for unit in range(6)] == [1, None, 1, 2, 1, 1]


def test_a_name_that_differs_in_capitals_is_taken_in_duckdb() -> None:
    frame = {"total": [1], "Rank": [1]}
    with pytest.raises(DataError, match=r"^rank: the table has such a column already"):
        it.rank(table_of(frame, "duckdb"))
    assert it.rank(table_of(frame, "polars")).columns[:3] == ["total", "Rank", "rank"]


@pytest.mark.parametrize("wrong", [0, 1, 1001, True, 2.0, "4"])
def test_quantiles_are_a_whole_number_from_2(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^quantiles: expected a whole number from 2 to 1000, got "):
        it.rank(table(FEW, "polars"), quantiles=wrong)


def test_ties_are_one_of_the_rules() -> None:
    with pytest.raises(ValueError, match=r"^ties: expected one of \"competition\", \"dense\", got 'ordinal'$"):
        it.rank(table(FEW, "polars"), ties="ordinal")


def test_pandas_keeps_its_index_and_types() -> None:
    pd = pytest.importorskip("pandas", reason="pip install pandas")
    index = [7, 7, 1]
    frame = pd.DataFrame(
        {
            "total": [Decimal("1.5"), None, Decimal(2)],
            "region": pd.Categorical(["north", None, None]),
            "size": [1, None, None],
        },
        index=index,
    )
    found = it.rank(frame, within=["region", "size"])
    assert list(found.index) == index
    assert found[["total", "region", "size"]].equals(frame)
    assert found["rank"].tolist() == [1, pd.NA, 1]


def test_parts_of_dask_may_know_other_categories() -> None:
    pd = pytest.importorskip("pandas", reason="pip install pandas")
    dask = pytest.importorskip("dask.dataframe", reason="pip install dask")
    parts = [
        pd.DataFrame({"total": pd.Series([1, 2], dtype="int64[pyarrow]"), "region": pd.Categorical(names, known)})
        for names, known in ((["north", None], ["north"]), (["south", "north"], None), ([None, None], ["west"]))
    ]
    found = it.rank(dask.concat([dask.from_pandas(part, npartitions=1) for part in parts]), within="region").compute()
    assert found["rank"].tolist() == [2, 1, 1, 1, 3, 1]


def test_parts_of_dask_may_be_all_nulls() -> None:
    pd = pytest.importorskip("pandas", reason="pip install pandas")
    dask = pytest.importorskip("dask", reason="pip install dask")
    frames = pytest.importorskip("dask.dataframe", reason="pip install dask")
    regions = ["north", None, None, None]
    frame = pd.DataFrame({"total": [1, 2, 3, 4], "region": pd.Series(regions, dtype="object")})
    with dask.config.set({"dataframe.convert-string": False}):
        found = it.rank(frames.from_pandas(frame, npartitions=2), within="region").compute()
    assert found["rank"].tolist() == [1, 3, 2, 1]


def test_columns_that_arrow_cannot_hold_are_named() -> None:
    pd = pytest.importorskip("pandas", reason="pip install pandas")
    frame = pd.DataFrame({"total": [1, 2], "region": ["north", 1], "size": [1, "small"]})
    with pytest.raises(DataError) as caught:
        it.rank(frame, within=["region", "size"])
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("wrong-type", "region"),
        ("wrong-type", "size"),
    ]


def test_arrow_needs_polars(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table(FEW, "pyarrow")
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(DataError, match=r"^scored: tables of Arrow, pandas and Dask are ranked by Polars"):
        it.rank(rows)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="pip install pyspark, which needs Java")
    builder = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.sql.shuffle.partitions", "1")
    # Java is started once for all tests of a process, and those of tables want it so
    session = builder.config("spark.driver.extraJavaOptions", "-XX:-DontCompileHugeMethods").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")  # PySpark's own
def test_spark_ranks_as_plain_arithmetic_does(spark: Any) -> None:
    types = "unit long, region string, size long, total decimal(18,2), `score.process` decimal(18,2), "
    frame = spark.createDataFrame([tuple(row.values()) for row in FEW], f"{types}`score.process.budget` long")
    asked: Row = {"within": ("region",), "ties": "dense", "quantiles": 3}
    once = it.rank(frame, by=["total", "score.process"], **asked)
    both = it.rank(once, ties="competition", quantiles=2, prefix="all.")
    found = {row["unit"]: row for row in (row.asDict() for row in both.collect())}
    kinds = ("rank", "of", "at_most", "percentile", "quantile")
    for row in FEW:
        result = found[row["unit"]]
        overall = {"within": (), "ties": "competition", "quantiles": 2}
        assert tuple(result[kind] for kind in kinds) == expected(FEW, row, "total", asked)
        assert tuple(result[f"{kind}.process"] for kind in kinds) == expected(FEW, row, "score.process", asked)
        assert tuple(result[f"all.{kind}"] for kind in kinds) == expected(FEW, row, "total", overall)
    with pytest.raises(DataError, match=r"^rank: the table has such a column already"):
        it.rank(frame.withColumnRenamed("size", "RANK"))
