"""A column is read as the same figures that a file or a program gives, or its row is bad."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data.fields import Amounts, RefusedError
from table.tables import ALONE, ENGINES, scored_on, skip_without

LARGE = 10**13


@it.record("reading.thing", title=it.Text(zh="事项", en="Thing"))
class Thing:
    amount: fields.Money = fields.money("金额", "amount", signed=True)
    share: fields.Share = fields.share("占比", "share")
    number: fields.Count = fields.count("数量", "number", most=10**6)
    day: fields.Date = fields.date("日期", "day")
    kind: fields.Choice = fields.choice("类别", "kind", {"a": it.Text(en="a"), "b": it.Text(en="b")})
    done: fields.Flag = fields.flag("完成", "done")


def _of(name: str, measure: Any) -> it.Scheme:
    """A scheme that scores 1 point for being there, and fails where the figure is no figure."""
    indicator = it.indicator(f"reading.{name}", tier=it.Tier.PROCESS, title=it.Text(en=name))(measure)
    rule = it.rules.AllOrNothing(at_least=0)
    leaf = it.Leaf(id=name, indicator=indicator, points=1, rule=rule)
    group = it.Group(id="group", title="Group", indicators=[leaf])
    policies = it.Policies(missing="left_out")
    return it.Scheme(id=name, tiers=[it.TierNode(tier="process", groups=[group])], policies=policies)


def amount(thing: Thing) -> Any:
    return thing.amount


def share(thing: Thing) -> Any:
    return thing.share - it.exact("0.5")


def number(thing: Thing) -> Any:
    return thing.number


def day(thing: Thing) -> Any:
    return thing.day - 738520


def kind(thing: Thing) -> Any:
    return it.where(it.equal(thing.kind, "a"), 1, -1)


def done(thing: Thing) -> Any:
    return it.where(thing.done, 1, -1)


for _measure in (amount, share, number, day, kind, done):
    _measure.__annotations__["thing"] = Thing

SCHEMES = {measure.__name__: _of(measure.__name__, measure) for measure in (amount, share, number, day, kind, done)}


def check(name: str, values: list[Any], dtype: Any, amounts_in: str = "1 yuan", engine: str = "polars") -> None:
    """Each value is read as the field itself reads it, or its row is bad."""
    scheme = SCHEMES[name]
    frame = pl.DataFrame({"unit": range(len(values)), f"thing.{name}": pl.Series(values, dtype=dtype)})
    scored = scored_on(engine, scheme, frame, amounts_in=amounts_in)
    field = it.record_type(Thing).fields[name]
    for value, row in zip(values, scored.iter_rows(named=True), strict=True):
        if value is None:
            assert (row["total"], row["error"]) == (None, None)
            continue
        try:
            taken = field.read(value, Amounts.parse(amounts_in))
        except RefusedError:
            assert row["error"]
            assert f"thing.{name}: expected" in row["error"]
            assert row["total"] is None
            continue
        assert (value, row["error"]) == (value, None)
        expected = it.score(scheme, it.UnitData(records={"thing": Thing(**{name: taken})})).total
        assert (value, row["total"]) == (value, expected)


UNITS = st.sampled_from(["1 yuan", "10000 yuan", "千元", "30 CNY"])


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-2 * LARGE, 2 * LARGE), max_size=6), UNITS)
@example([LARGE, LARGE + 1, -LARGE, -LARGE - 1, 10**9, 10**9 + 1, 2**63 - 1, -(2**63)], "10000 yuan")
def test_integers_are_read_as_amounts(values: list[int | None], amounts_in: str) -> None:
    check("amount", values, pl.Int64, amounts_in)


@pytest.mark.parametrize("dtype", [pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64])
def test_integers_of_every_size_are_read_without_overflow(dtype: Any) -> None:
    low, high = (pl.Series([0], dtype=dtype).dtype.min(), pl.Series([0], dtype=dtype).dtype.max())  # type: ignore[attr-defined]
    edges = pl.select(low, high.alias("high")).row(0)
    check("amount", [*edges, 1, None], dtype, "10000 yuan")
    check("number", [*edges, 1, None], dtype)


DECIMALS = st.decimals(-(10**16), 10**16, allow_nan=False, allow_infinity=False, places=4)


@pytest.mark.parametrize("engine", list(ENGINES))
def test_what_is_out_of_bounds_stops_no_engine(engine: str) -> None:
    skip_without(engine)
    for dtype in (pl.Int32, pl.Int64, pl.UInt32):
        check("amount", [2**31 - 1, 1, None], dtype, "100000000000 CNY", engine)


@given(st.lists(st.none() | DECIMALS | st.integers(-LARGE, LARGE).map(Decimal), max_size=6), UNITS)
@example([Decimal("0.01"), Decimal("0.015"), Decimal("-0.01"), Decimal("9999999999999.99")], "1 yuan")
def test_decimals_are_read_as_amounts(values: list[Decimal | None], amounts_in: str) -> None:
    check("amount", values, pl.Decimal(30, 4), amounts_in)


@given(
    st.lists(st.none() | st.floats(width=64) | DECIMALS.map(lambda value: float(round(value, 2))), max_size=6), UNITS
)
@example([0.0, 0.06, None], "千元")
@example([math.nan, math.inf, -math.inf, 0.1, 0.1 + 0.2, 1e13, 1e13 + 1, -0.0, 5e-324], "1 yuan")
@example([53232.6, 42591.88, 0.000001, 0.0000001], "10000 yuan")
def test_a_float_is_read_as_the_decimal_that_it_prints(values: list[float | None], amounts_in: str) -> None:
    check("amount", values, pl.Float64, amounts_in)


TEXTS = st.text(st.sampled_from("0123456789.+-% x"), max_size=8) | DECIMALS.map(str) | st.text(max_size=4)


def _plain(text: str) -> bool:
    """Whether a text is written as tables take it: no exponent, no fraction, no blanks."""
    return not set(text.lower()) & set("e/ \t\n") and text.isascii() and not text.endswith(".%")


@given(st.lists(st.none() | TEXTS.filter(_plain), max_size=6), st.sampled_from(["amount", "share", "number"]))
@example(["1", "1.", ".5", "-.5", "+1.50", "007", "1.5000", "1.005", "", "-", ".", "1.5.2", "10%", "0.1%"], "amount")
@example(["80%", "80.01%", "0.8001%", "100.0001%", "100%", "101%", "-0%", "0.80015000", "1", "1.0", "%"], "share")
def test_text_is_read_as_numbers(values: list[str | None], name: str) -> None:
    check(name, values, pl.String)


@given(st.lists(st.none() | st.dates(), max_size=6))
def test_days_are_read_by_the_calendar(values: list[dt.date | None]) -> None:
    check("day", values, pl.Date)
    check("day", [None if value is None else value.isoformat() for value in values], pl.String)


def test_truths_and_choices_are_read() -> None:
    check("done", [True, False, None], pl.Boolean)
    check("kind", ["a", "b", "c", "", None], pl.String)
    scheme = SCHEMES["done"]
    frame = pl.DataFrame({"unit": range(4), "thing.done": ["true", "false", "yes", None]})
    scored = scored_on("polars", scheme, frame)
    assert scored["total"].to_list() == [1, 0, None, None]
    assert scored["error"].to_list() == [None, None, "thing.done: expected true or false", None]


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "polars"])
def test_every_engine_reads_alike(engine: str) -> None:
    skip_without(engine)
    check("amount", [1, -5, LARGE, LARGE + 1, None], pl.Int64, "1 yuan", engine)
    check("amount", [Decimal("1.5"), Decimal("0.005"), Decimal("1e12"), None], pl.Decimal(30, 4), "10000 yuan", engine)
    check("amount", ["1.50", "x", "0.001", "-3", None], pl.String, "1 yuan", engine)
    check("share", ["80.01%", "0.5", "150%", None], pl.String, "1 yuan", engine)
    check("day", [dt.date(2022, 12, 31), dt.date(2024, 2, 29), dt.date(1, 1, 1), None], pl.Date, "1 yuan", engine)
    check("done", [True, False, None], pl.Boolean, "1 yuan", engine)
    check("kind", ["a", "b", "c", None], pl.String, "1 yuan", engine)
    floats = [1.5, 0.005, math.inf, 1e13 + 2, None]
    check(
        "amount",
        floats if "pandas" in engine or engine == "dask" else [math.nan, *floats],
        pl.Float64,
        "1 yuan",
        engine,
    )


@given(st.lists(st.none() | st.integers(-(10**15), 10**15), min_size=1, max_size=5))
@settings(max_examples=30)
def test_minor_units_are_taken_as_they_are(values: list[int | None]) -> None:
    frame = pl.DataFrame({"unit": range(len(values)), "thing.amount": pl.Series(values, dtype=pl.Int64)})
    scored = scored_on("polars", SCHEMES["amount"], frame, amounts_in="minor units")
    expected = [None if value is None else Fraction(value, 100) >= 0 for value in values]
    assert [None if total is None else bool(total) for total in scored["total"]] == expected


def test_a_float32_is_refused_with_the_reason() -> None:
    frame = pl.DataFrame({"thing.amount": pl.Series([1.5], dtype=pl.Float32)})
    with pytest.raises(it.DataError, match="a float32 does not hold an amount exactly"):
        it.score_table(SCHEMES["amount"], frame)


def test_every_column_of_a_wrong_type_is_named_at_once() -> None:
    frame = pl.DataFrame({"thing.amount": [[1]], "thing.done": [1]})
    leaves = [leaf for name in ("amount", "done") for _, leaf in SCHEMES[name].leaves()]
    group = it.Group(id="group", title="Group", indicators=leaves)
    scheme = it.Scheme(id="both", tiers=[it.TierNode(tier="process", groups=[group])])
    with pytest.raises(it.DataError) as caught:
        it.score_table(scheme, frame)
    assert [problem.path for problem in caught.value.problems] == ["thing.amount", "thing.done"]


def test_a_type_that_is_not_read_is_refused_and_never_taken_for_missing() -> None:
    pa = pytest.importorskip("pyarrow", reason="pip install pyarrow")
    amounts = pa.array([Decimal("1.50")], pa.decimal256(60, 2))
    for values in (amounts, pa.array([[1]]), pa.array([dt.time(1)])):
        with pytest.raises(it.DataError, match=r"thing\.amount: expected integers, decimals, text or float64"):
            it.score_table(SCHEMES["amount"], pa.table({"thing.amount": values}))


@pytest.mark.parametrize("engine", list(ENGINES))
def test_a_column_of_nothing_but_nulls_is_missing(engine: str) -> None:
    skip_without(engine)
    frame = pl.DataFrame({"unit": [1, 2], "thing.amount": [None, None]})
    scored = scored_on(engine, SCHEMES["amount"], frame)
    assert scored["total"].to_list() == scored["error"].to_list() == [None, None]


DAYS = ["2023-02-28", "2023-02-29", "2023-02-30", "2024-02-29", "1900-02-29", "2000-02-29", "2023-04-31", "2023-12-31"]


@pytest.mark.parametrize("engine", [*ENGINES, ALONE])
def test_a_day_that_the_calendar_lacks_makes_a_bad_row_and_stops_no_engine(engine: str) -> None:
    skip_without(engine)
    check("day", [*DAYS, "0000-01-01", "2023-13-01", "soon", None], pl.String, "1 yuan", engine)


@given(st.lists(st.from_regex(r"\A[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]\Z"), max_size=8))
def test_texts_are_read_as_the_days_that_they_say(values: list[str]) -> None:
    check("day", values, pl.String)
