"""What a table says is wrong, in Chinese and in English: in its column ``error``, and where it is refused."""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

import attrs
import polars as pl
import pyarrow as pa
import pytest

import indicatree as it
import strategies
from indicatree.cli import tables
from indicatree.data import fields
from indicatree.table import api
from indicatree.table.plan import lay_out, refused
from table.tables import ALONE, ENGINES, scored_on, skip_without

if TYPE_CHECKING:
    from collections.abc import Callable

    from indicatree.data.fields import Kind

CHINESE = re.compile("[\u4e00-\u9fff]")

# A scheme of which each row can lack something else


@it.indicator("language.line", tier=it.Tier.OUTPUT, title=it.Text(zh="逐行", en="Line"), rowwise=True)
def one_line(project: strategies.Project) -> Any:
    return project.spent / project.planned


RULE = it.rules.AllOrNothing(at_least=0)


def _leaf(name: str, indicator: it.Indicator, **more: Any) -> it.Leaf:
    return it.Leaf(id=name, indicator=indicator, points=1, rule=RULE, **more)


def _each(name: str, indicator: it.Measured, record: str) -> it.Leaf:
    return _leaf(name, indicator, for_each=record, bindings={"project": record}, combine="minimum")


SCHEME = strategies.scheme_of(
    _leaf("rate", strategies.execution),
    _leaf("staff", strategies.staffing),
    _leaf("code", strategies.fragile, bindings={"budget": "coded"}),
    _leaf("sum", strategies.all_projects, bindings={"projects": "summed"}),
    _each("lines", strategies.project_execution, "lines"),
    _each("coded_lines", one_line, "coded_lines"),
    it.Leaf(id="tidy", indicator=strategies.tidy, points=3, rule=it.rules.DeductPerItem(each=1)),
    strategies.judged_leaf("judged"),
    vetoes=[
        it.Veto(
            id="spent",
            title=it.Text(zh="支出", en="spent"),
            indicator=strategies.execution,
            bindings={"budget": "vetoed"},
            when=it.rules.Band(above=9, points=0),
            points=0,
        )
    ],
    policies=it.Policies(missing="error", undefined="error", not_applicable="error", failed="error"),
)
GOOD: dict[str, Any] = {
    **{f"{record}.{field}": "1.00" for record in ("budget", "coded", "vetoed") for field in ("planned", "spent")},
    **{f"staff.{field}": 1 for field in ("posts", "in_post")},
    **{f"judgement.process.group.tidy.{item}": "true" for item in ("whole", "true", "timely")},
    "judgement.process.group.judged": "50%",
}
LINE: dict[str, Any] = {"active": True, "planned": "1.00", "spent": "1.00"}
LISTS = ("lines", "coded_lines", "summed")
LARGE = {"planned": "10000000000000", "spent": "1"}

# What is wrong in each row, in its list where the first is the name of one; and what is said of it
FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("", {}, "", ""),
    (
        "",
        {"budget.spent": None},
        "process.group.rate: 缺少所需数据",
        "process.group.rate: a figure that it needs is missing",
    ),
    (
        "",
        {"budget.planned": "0"},
        "process.group.rate: 计算时除数为零",
        "process.group.rate: its figures divide by zero",
    ),
    (
        "",
        {"staff.posts": 0},
        "process.group.staff: 不适用，而方案不允许",
        "process.group.staff: it does not apply, which the scheme does not allow",
    ),
    ("", {"coded.spent": "9"}, "process.group.code: 代码运行失败", "process.group.code: its code failed"),
    (
        "",
        {"coded.spent": "nine"},
        "process.group.code: 所需数据无法读取",
        "process.group.code: a figure that it needs cannot be read",
    ),
    (
        "lines",
        {"planned": None},
        "process.group.lines: 缺少所需数据（见于其逐项数据）",
        "process.group.lines: a figure that it needs is missing, in a line",
    ),
    (
        "coded_lines",
        {"planned": None},
        "process.group.coded_lines: 有一项逐项数据无法评分",
        "process.group.coded_lines: a line of it cannot be scored",
    ),
    (
        "summed",
        LARGE,
        "summed: 逐项数据的项数或数额超出表格所能汇总的范围；请对该单位单独评分",
        "summed: more line items, or larger ones, than a table adds up; score the unit by itself",
    ),
    ("", {"vetoed.spent": None}, "veto.spent: 缺少所需数据", "veto.spent: a figure that it needs is missing"),
    ("", {"budget.spent": "one"}, "budget.spent: 应为", "budget.spent: expected an amount from "),
    ("lines", {"planned": "-1"}, "lines[].planned: 应为", "lines[].planned: expected an amount from 0 to "),
    (
        "",
        {"judgement.process.group.tidy.true": "yes"},
        "judgement.process.group.tidy.true: 应为",
        "judgement.process.group.tidy.true: expected true or false",
    ),
    (
        "",
        {"judgement.process.group.judged": "101%"},
        "judgement.process.group.judged: 应为",
        "judgement.process.group.judged: expected a share",
    ),
]


def units() -> pl.DataFrame:
    rows = [{"unit": number, **GOOD, **({} if where else wrong)} for number, (where, wrong, _, _) in enumerate(FAULTS)]
    return pl.DataFrame(rows, infer_schema_length=None)


def lists() -> dict[str, pl.DataFrame]:
    found = {}
    for name in LISTS:
        rows = []
        for number, (where, wrong, _, _) in enumerate(FAULTS):
            line = {"unit": number, **LINE, **(wrong if where == name else {})}
            rows += [line] * (10 if line["planned"] == LARGE["planned"] else 1)
        found[name] = pl.DataFrame(rows, infer_schema_length=None)
    return found


def assert_said(errors: list[str | None], language: str) -> None:
    for error, (_, _, zh, en) in zip(errors, FAULTS, strict=True):
        said = it.Text(zh=zh, en=en)[language]
        if not said:
            assert error is None
            continue
        assert error is not None
        # the figures of a field are put into words where the field is
        assert error == said or (error.startswith(said) and ("应为" in said or "expected" in said))
        assert bool(CHINESE.search(error)) == (language == "zh")


@pytest.mark.parametrize("engine", [*ENGINES, ALONE])
def test_each_reason_is_in_the_language_that_is_asked_for(engine: str) -> None:
    skip_without(engine)
    found = {}
    for language in ("zh", "en"):
        found[language] = scored_on(engine, SCHEME, units(), lists(), language=language, columns="all").sort("unit")
        assert_said(found[language]["error"].to_list(), language)
    assert found["zh"].drop("error").equals(found["en"].drop("error"))


@pytest.mark.parametrize("without_polars", [False, True])
def test_batches_say_it_in_the_language_that_is_asked_for(*, without_polars: bool) -> None:
    given = {name: lines.to_arrow() for name, lines in lists().items()}
    with mock.patch.dict(sys.modules, {"polars": None} if without_polars else {}):
        for language in ("en", "zh"):
            reader = it.score_batches(SCHEME, units().to_arrow(), items=given, language=language)
            assert_said(reader.read_all().column("error").to_pylist(), language)


SMALL = strategies.scheme_of(_leaf("rate", strategies.execution))
LACKING = pl.DataFrame({"budget.planned": [1, None], "budget.spent": [1, 1]})
ZH, EN = ("process.group.rate: 缺少所需数据", "process.group.rate: a figure that it needs is missing")


def test_a_plan_that_was_laid_out_for_one_language_is_not_taken_for_the_other() -> None:
    scorer = it.prepare(attrs.evolve(SMALL, id="two-languages"))
    with mock.patch.object(api, "lay_out", wraps=lay_out) as laid:
        for _ in range(2):
            assert it.score_table(scorer, LACKING)["error"].to_list() == [None, EN]
            assert it.score_table(scorer, LACKING, language="zh")["error"].to_list() == [None, ZH]
            reader = it.score_batches(scorer, LACKING, language="zh")
            assert reader.read_all().column("error").to_pylist() == [None, ZH]
            assert it.score_table(scorer, LACKING, language="en")["error"].to_list() == [None, EN]
    assert laid.call_count == 2


def test_what_is_raised_for_errors_is_in_the_language_of_the_table() -> None:
    for language, said in (("zh", ZH), ("en", EN)):
        asked: dict[str, Any] = {"language": language, "on_error": "raise"}
        lazy = it.score_table(SMALL, LACKING.lazy(), language=language)
        for place, raising in (
            ("row 1", lambda asked=asked: it.score_table(SMALL, LACKING, **asked)),
            ("row 1", lambda asked=asked: it.score_batches(SMALL, LACKING, **asked).read_all()),
            ("1 rows", lambda lazy=lazy: it.raise_for_errors(lazy)),
        ):
            with pytest.raises(it.ScoringError) as caught:
                raising()
            assert [problem.words(language) for problem in caught.value.problems] == [f"{place}: {said}"]


@pytest.mark.parametrize("language", ["fr", "", "ZH", None, 1, ["zh"]])
@pytest.mark.parametrize("score", [it.score_table, it.score_batches])
def test_another_language_is_refused(score: Any, language: Any) -> None:
    with pytest.raises(it.DataError, match=r'^language: expected one of "zh", "en", got ') as caught:
        score(SMALL, LACKING, language=language)
    assert isinstance(caught.value, ValueError)


TITLE = it.Text(zh="甲", en="a")
KINDS: list[Kind] = [
    *(
        kind(title=TITLE)
        for kind in (fields.Money, fields.Count, fields.Number, fields.Share, fields.Date, fields.Flag)
    ),
    fields.Choice(title=TITLE, options={"x": TITLE}),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_what_a_figure_should_be_is_said_in_both_languages(kind: Kind) -> None:
    said = refused("a.b", kind)
    assert said.zh.startswith("a.b: 应为")
    assert said.en.startswith("a.b: expected ")
    assert not CHINESE.search(said.en)
    assert said.en == said.en.rstrip()


# What is refused


def _on_lists(**items: Any) -> Any:
    return it.score_table(SCHEME, units(), items={**lists(), **items})


def _small(**asked: Any) -> Any:
    return it.score_table(SMALL, LACKING, **asked)


def _kept(name: str) -> Any:
    return it.score_table(SMALL, LACKING.with_columns(pl.lit(1).alias("__error"), total=1), keep=[name])


def _typed(dtype: Any) -> Any:
    return it.score_table(SCHEME, units().with_columns(pl.lit(None, dtype).alias("budget.spent")), items=lists())


def _pandas(**columns: Any) -> Any:
    pd = pytest.importorskip("pandas", reason="pip install pandas")
    return pd.DataFrame(columns)


def _ranked(**asked: Any) -> Any:
    return it.rank(pl.DataFrame({"total": [1, 2], "unit": [1, 2], "rank.process": 1, "score.process": 1}), **asked)


def _without_polars(score: Callable[[], Any]) -> Any:
    with mock.patch.dict(sys.modules, {"polars": None}):
        return score()


def _veto(indicator: it.Measured) -> it.Veto:
    title = it.Text(zh="支出", en="spent")
    return it.Veto(id="spent", title=title, indicator=indicator, when=it.rules.Band(above=9, points=0), points=0)


def _asked(**changed: Any) -> tables.Asked:
    asked: dict[str, Any] = dict.fromkeys(attrs.fields_dict(tables.Asked), "x")
    return tables.Asked(**{**asked, "source": "x.csv", "output": "y.csv", **changed})


def _worth(points: int, **more: Any) -> it.Scheme:
    leaf = it.Leaf(id="rate", indicator=strategies.execution, points=points, rule=it.rules.Proportional())
    return strategies.scheme_of(leaf, **more)


BATCH = LACKING.to_arrow().to_batches()[0]
BAD: dict[str, Callable[[], Any]] = {
    **{
        f"option {name}": partial(_small, **{name: "x"})
        for name in ("columns", "scores", "on_error", "language", "amounts_in")
    },
    "lazy": lambda: it.score_table(SMALL, LACKING.lazy(), on_error="raise"),
    "many rows": lambda: it.score_table(SMALL, pl.concat([LACKING] * 30), on_error="raise", language="zh"),
    "no table": lambda: it.score_table(SMALL, object()),
    "another kind of table": lambda: it.score_table(SMALL, pl.Series([1])),
    "no column": lambda: it.score_table(SMALL, LACKING.drop("budget.spent")),
    "misspelt figure": lambda: it.score_table(SMALL, LACKING.rename({"budget.spent": "budget.spend"})),
    "misspelt judgement": lambda: it.score_table(SCHEME, units().with_columns(pl.lit(1).alias("judgement.judged"))),
    "misspelt leaf": lambda: it.score_table(SCHEME, units().with_columns(pl.lit(1).alias("not_applicable.x"))),
    "unknown list": lambda: _on_lists(linse=lists()["lines"]),
    "list without key": lambda: _on_lists(lines=lists()["lines"].drop("unit")),
    "list of another kind": lambda: _on_lists(lines=lists()["lines"].to_arrow()),
    "units without key": lambda: it.score_table(SCHEME, units().drop("unit"), items=lists()),
    **{f"kept {name}": partial(_kept, name) for name in ("unti", "__error", "total")},
    **{f"type {dtype}": partial(_typed, dtype) for dtype in (pl.Boolean, pl.Float32, pl.Date)},
    "type of a truth": lambda: it.score_table(
        SCHEME, units().with_columns(pl.lit(1).alias("judgement.process.group.tidy.true")), items=lists()
    ),
    "mixed types": lambda: it.score_table(SMALL, _pandas(**{"budget.spent": [1, "a"], "budget.planned": [1, 2]})),
    "too wide": lambda: _without_polars(lambda: it.score_table(_worth(99999), LACKING.to_arrow())),
    "far too wide": lambda: it.score_table(_worth(10**12, precision=12), LACKING),
    "veto in code": lambda: it.score_table(attrs.evolve(SMALL, vetoes=[_veto(strategies.fragile)]), LACKING),
    "no stream": lambda: it.score_batches(SMALL, object()),
    "no batch": lambda: it.score_batches(SMALL, iter([])),
    "no batches": lambda: it.score_batches(SMALL, iter([{}])),
    "other batches": lambda: it.score_batches(SMALL, iter([BATCH, BATCH.drop_columns(["budget.spent"])])).read_all(),
    "name twice": lambda: it.score_batches(SMALL, pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])),
    "list without stream": lambda: it.score_batches(SCHEME, units(), items={"lines": {}}),
    "batch of another type": lambda: it.score_batches(
        SMALL, pa.table({"budget.spent": pa.array([[1]]), "budget.planned": [1]})
    ),
    "key of another type": lambda: it.score_batches(
        SCHEME, units(), items={"lines": lists()["lines"].with_columns(unit=pl.lit("a"))}
    ),
    "rank of nothing": lambda: _ranked(by=[]),
    "rank of what is not there": lambda: it.rank(pl.DataFrame({"unit": [1]})),
    "rank of a tier that is not there": lambda: it.rank(pl.DataFrame({"total": [1]}), by="score.process"),
    "rank of names": lambda: _ranked(by=["unit", "score.proces", "total", "total"], within=["regin"]),
    "rank twice": lambda: _ranked(by="score.process"),
    "rank of floats": lambda: it.rank(pl.DataFrame({"total": [0.5]})),
    "rank by other ties": lambda: _ranked(ties="x"),
    "rank in one group": lambda: _ranked(quantiles=1),
    "rank without Polars": lambda: _without_polars(lambda: it.rank(pa.table({"total": [1]}))),
    "rank within mixed types": lambda: it.rank(_pandas(total=[1, 2], region=["a", 1]), within="region"),
    "command without the extra": lambda: _without_polars(lambda: tables.table_scored(_asked())),
    "command with wrong items": lambda: tables.table_scored(_asked(items=("x", "a=b.csv", "a=c.csv"))),
    "command that writes over": lambda: tables.table_scored(_asked(items=(), output="x.csv")),
}


@pytest.mark.parametrize("name", BAD)
def test_every_problem_is_said_in_both_languages(name: str) -> None:
    with pytest.raises(it.IndicatreeError) as caught:
        BAD[name]()
    assert caught.value.problems
    for problem in caught.value.problems:
        for words in (problem.message, problem.fix):
            if not words or words.en.startswith("pip install") or problem.path.startswith("row "):
                continue  # nothing, a command, or what the table says in its language
            assert CHINESE.search(words.zh), words
            assert words.en
            assert not CHINESE.search(re.sub('"[^"]*"', "", words.en)), words
