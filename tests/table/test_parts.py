"""A part that is more than its whole: a table refuses the rows that are refused one by one, and says why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules
from table.tables import scored_on, skip_without

MAIN = ["polars", "pyarrow", "duckdb"]
TITLE = it.Text(zh="调查", en="Survey")


@it.record("tableparts.survey", title=TITLE)
class Survey:
    satisfied: fields.Count = fields.count("满意数", "satisfied", part_of="answers")
    asked: fields.Count = fields.count("发出数", "asked")
    answers: fields.Count = fields.count("答卷数", "answers", part_of="asked")
    total: fields.Money = fields.money("总额", "total")
    key: fields.Money = fields.money("重点", "key", part_of="total")


@it.record("tableparts.output", title=TITLE)
class Output:
    actual: fields.Number = fields.number("实际", "actual", places=1)
    good: fields.Number = fields.number("达标", "good", places=1, part_of="actual")


def satisfaction(survey: Survey) -> Any:
    return survey.satisfied / survey.answers


def satisfied(survey: Survey) -> Any:
    """Uses the part alone: the row is refused all the same, as the unit is."""
    return survey.satisfied / 10


def by_rows(survey: Survey) -> Any:
    return survey.satisfied / survey.answers


def quality(outputs: Output) -> Any:
    return it.total(outputs.good) / it.total(outputs.actual)


def each_quality(output: Output) -> Any:
    return output.good / output.actual


def _leaf(name: str, **asked: Any) -> it.Leaf:
    functions: dict[str, tuple[Any, dict[str, Any]]] = {
        "satisfaction": (satisfaction, {"survey": Survey}),
        "satisfied": (satisfied, {"survey": Survey}),
        "by_rows": (by_rows, {"survey": Survey}),
        "quality": (quality, {"outputs": it.Items[Output]}),
        "each_quality": (each_quality, {"output": Output}),
    }
    function, annotations = functions[name]
    function.__annotations__ |= annotations
    title = it.Text.of(name)
    declared = it.indicator(f"tableparts.{name}", tier=it.Tier.EFFECT, title=title, rowwise=name == "by_rows")
    return it.Leaf(id=name, indicator=declared(function), points=10, rule=rules.Proportional(target="90%"), **asked)


def scheme_of(*leaves: it.Leaf) -> it.Scheme:
    group = it.Group(id="group", title="Group", indicators=leaves)
    policies = it.Policies(missing="no_points", undefined="no_points", not_applicable="no_points")
    return it.Scheme(id="tableparts", tiers=[it.TierNode(tier="effect", groups=[group])], policies=policies)


EACH = {"for_each": "outputs"}
SCHEMES = {
    "columns": scheme_of(_leaf("satisfaction")),
    "part alone": scheme_of(_leaf("satisfied")),
    "row by row": scheme_of(_leaf("by_rows")),
    "both": scheme_of(_leaf("satisfied"), _leaf("by_rows")),
    "items": scheme_of(_leaf("satisfied"), _leaf("quality")),
    "each item": scheme_of(_leaf("each_quality", **EACH)),
}

_COUNTS = st.one_of(st.none(), st.integers(0, 3))
_AMOUNTS = st.one_of(st.none(), st.integers(0, 3).map(lambda fen: Decimal(fen).scaleb(-2)))
_SIZES = st.one_of(st.none(), st.integers(0, 3).map(lambda tenth: Decimal(tenth).scaleb(-1)))
SURVEYS = st.fixed_dictionaries(
    {"asked": _COUNTS, "answers": _COUNTS, "satisfied": _COUNTS, "total": _AMOUNTS, "key": _AMOUNTS}
)
UNITS = st.tuples(SURVEYS, st.lists(st.fixed_dictionaries({"actual": _SIZES, "good": _SIZES}), max_size=3))
TYPES = {"total": pl.Decimal(18, 2), "key": pl.Decimal(18, 2), "actual": pl.Decimal(18, 1), "good": pl.Decimal(18, 1)}
CHAINS = (("asked", "answers", "satisfied"), ("total", "key"), ("actual", "good"))


def is_wrong(figures: dict[str, Any]) -> bool:
    """Whether a figure is more than one that stands above it in its chain, written out plainly."""
    for chain in CHAINS:
        there = [figures[name] for name in chain if figures.get(name) is not None]
        if any(below > above for place, above in enumerate(there) for below in there[place + 1 :]):
            return True
    return False


def tables(units: list[Any], *, lists: bool) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    frame = pl.DataFrame(
        {
            "unit": pl.Series(range(len(units)), dtype=pl.Int64),
            **{
                f"survey.{name}": pl.Series([survey[name] for survey, _ in units], dtype=TYPES.get(name, pl.Int64))
                for name in ("asked", "answers", "satisfied", "total", "key")
            },
        }
    )
    lines = [(number, line) for number, (_, some) in enumerate(units) for line in some]
    outputs = pl.DataFrame(
        {
            "unit": pl.Series([number for number, _ in lines], dtype=pl.Int64),
            **{name: pl.Series([line[name] for _, line in lines], dtype=TYPES[name]) for name in ("actual", "good")},
        }
    )
    return frame, {"outputs": outputs} if lists else {}


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("engine", MAIN)
def test_a_table_refuses_the_rows_that_are_refused_one_by_one(engine: str, name: str) -> None:
    skip_without(engine)
    scheme = SCHEMES[name]
    taken = scheme.data_shape.records

    @given(st.lists(UNITS, min_size=1, max_size=6))
    @settings(max_examples=20 if engine == "duckdb" else 40, suppress_health_check=list(HealthCheck), deadline=None)
    def check(units: list[Any]) -> None:
        frame, lists = tables(units, lists="outputs" in taken)
        if "survey" not in taken:
            frame = frame.select("unit")
        rows = scored_on(engine, scheme, frame, lists).to_dicts()
        for row, (survey, outputs) in zip(rows, units, strict=True):
            given = {"survey": survey, "outputs": outputs}
            data = {name: held for name, held in given.items() if name in taken}
            wrong = any(map(is_wrong, outputs)) if "outputs" in taken else False
            wrong = wrong or ("survey" in taken and is_wrong(survey))
            assert (row["error"] is not None) == wrong, (row, data)
            if wrong:
                assert row["total"] is None
                assert "more than" in row["error"]
                with pytest.raises(it.DataError):
                    it.score(scheme, data)
            else:
                assert row["total"] == it.score(scheme, data).total

    check()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["survey.satisfied: more than survey.answers, its whole", "outputs[].good: more than outputs[].actual"]),
        ("zh", ["survey.satisfied: 大于其整体 survey.answers", "outputs[].good: 大于其整体 outputs[].actual"]),
    ],
)
@pytest.mark.parametrize("engine", MAIN)
def test_a_row_says_which_part_is_more_than_what(engine: str, language: str, said: list[str]) -> None:
    skip_without(engine)
    fine = {"asked": None, "answers": 10, "satisfied": 10, "total": None, "key": None}
    line = {"actual": Decimal("0.5"), "good": Decimal("0.5")}
    units = [
        (fine, [line]),
        ({**fine, "satisfied": 12}, [line]),
        (fine, [line, {**line, "good": Decimal("0.6")}]),
    ]
    frame, lists = tables(units, lists=True)
    rows = scored_on(engine, SCHEMES["items"], frame, lists, language=language).to_dicts()
    assert rows[0]["error"] is None
    assert [row["error"][: len(words)] for row, words in zip(rows[1:], said, strict=True)] == said


def test_a_whole_that_is_no_column_refuses_nothing() -> None:
    frame = pl.DataFrame({"unit": [1], "survey.satisfied": [9]})
    (row,) = scored_on("polars", SCHEMES["part alone"], frame).to_dicts()
    assert (row["error"], row["total"]) == (None, Decimal("10.00"))


@it.record("tableparts.vast", title=TITLE)
class Vast:
    """Figures that no column of whole numbers holds: their measures run row by row."""

    all: fields.Number = fields.number("全部", "all", most=10**24)
    some: fields.Number = fields.number("部分", "some", most=10**24, part_of="all")


@it.indicator("tableparts.vast", tier=it.Tier.EFFECT, title=TITLE)
def vast_rate(vast: Vast) -> Any:
    return vast.some / vast.all


def test_figures_too_large_for_columns_are_refused_row_by_row() -> None:
    scheme = scheme_of(it.Leaf(id="vast", indicator=vast_rate, points=10, rule=rules.Proportional()))
    large = [10**24, 10**24 - 1]
    frame = pl.DataFrame(
        {
            "unit": [0, 1, 2],
            "vast.all": list(map(str, [large[0], large[1], large[0]])),
            "vast.some": list(map(str, [large[0], large[0], large[1]])),
        }
    )
    rows = scored_on("polars", scheme, frame).to_dicts()
    assert [row["error"] is None for row in rows] == [True, False, True]
    assert [row["total"] for row in rows] == [Decimal("10.00"), None, Decimal("10.00")]
