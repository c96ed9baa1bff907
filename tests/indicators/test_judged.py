"""Checklists and grades are declared; measures are tried on their own."""

from __future__ import annotations

from typing import Any

import pytest

import indicatree as it
from indicatree import fields

TITLE = it.Text(zh="公开性", en="Openness")
ITEMS = {"content": it.Text(zh="按规定内容公开", en="Content"), "time": it.Text(zh="按规定时限公开", en="Time")}


@it.record("demo.budget", title=it.Text(zh="预算", en="Budget"))
class Budget:
    planned: fields.Money = fields.money("预算数", "planned")
    spent: fields.Money = fields.money("支出数", "spent", signed=True)


@it.indicator(
    "demo.execution",
    tier=it.Tier.PROCESS,
    better=it.MORE,
    title=it.Text(zh="预算执行率", en="Execution rate"),
    applies=lambda budget: budget.spent >= 0,
)
def execution(budget: Budget) -> Any:
    """Spent over planned."""
    return budget.spent / budget.planned


@it.indicator("demo.fragile", tier=it.Tier.PROCESS, title=it.Text(zh="逐行", en="Row-wise"), rowwise=True)
def fragile(budget: Budget) -> Any:
    """Any code."""
    return 0.5 if budget.spent > 1 else None


def test_a_checklist_keeps_what_it_says() -> None:
    made = it.checklist(
        "demo.openness", tier=it.Tier.PROCESS, title=TITLE, items=ITEMS, source="规定", definition="def"
    )
    assert (made.id, made.tier, made.title, made.source) == ("demo.openness", it.Tier.PROCESS, TITLE, "规定")
    assert dict(made.items) == ITEMS
    assert list(made.items) == ["content", "time"]
    assert made.definition == it.Text(zh="def", en="def")
    assert made.parameters == {}


def test_a_checklist_does_not_change_with_the_table_that_it_was_made_from() -> None:
    items = dict(ITEMS)
    made = it.checklist("demo.openness", tier=it.Tier.PROCESS, title=TITLE, items=items)
    items.clear()
    assert dict(made.items) == ITEMS


def test_words_serve_as_a_text_in_both_languages() -> None:
    loose: Any = {"title": "公开性", "items": {"content": "内容"}}
    made = it.checklist("demo.openness", tier=it.Tier.PROCESS, **loose)
    assert made.title == it.Text(zh="公开性", en="公开性")
    assert made.items["content"]["en"] == "内容"


def test_an_empty_checklist_is_refused_with_every_other_problem() -> None:
    with pytest.raises(it.DeclarationError) as caught:
        it.checklist("Openness", tier=it.Tier.PROCESS, title=TITLE, items={})
    assert [problem.code for problem in caught.value.problems] == ["bad-id", "empty-checklist"]
    assert caught.value.problems[1].path == "indicator Openness"


def test_a_graded_indicator_keeps_what_it_says() -> None:
    made = it.graded("demo.benefit", tier=it.Tier.EFFECT, title=TITLE, source="规定", definition="def")
    assert (made.id, made.tier, made.title, made.source) == ("demo.benefit", it.Tier.EFFECT, TITLE, "规定")
    assert made.definition["zh"] == "def"


@pytest.mark.parametrize(
    ("records", "outcome", "value", "zh", "en"),
    [
        ({"spent": "42.59", "planned": "53.23"}, it.Outcome.SCORED, "4259/5323", "80.01%", "80.01%"),
        ({"spent": 1, "planned": 0}, it.Outcome.UNDEFINED, None, "无法计算", "undefined"),
        ({"spent": 1}, it.Outcome.MISSING, None, "缺失", "missing"),
        ({}, it.Outcome.MISSING, None, "缺失", "missing"),
        ({"spent": -1, "planned": 1}, it.Outcome.NOT_APPLICABLE, None, "不适用", "not applicable"),
        ({"spent": -1}, it.Outcome.NOT_APPLICABLE, None, "不适用", "not applicable"),
    ],
)
def test_a_measure_is_tried_on_plain_tables_and_on_records(
    records: dict[str, Any], outcome: it.Outcome, value: str | None, zh: str, en: str
) -> None:
    for budget in (records, Budget(**records)):
        measurement = it.measure(execution, budget=budget)
        assert measurement.indicator is execution
        assert measurement.records == {"budget": Budget(**records)}
        assert measurement.outcome is outcome
        assert measurement.value == (None if value is None else it.exact(value))
        assert (measurement.text(), measurement.text("zh"), measurement.text("en")) == (zh, zh, en)


@pytest.mark.parametrize(
    ("records", "zh", "en"),
    [
        (
            {"spent": 1, "planned": 3},
            "预算执行率 (demo.execution)\n  公式：支出数 / 预算数\n  代入：1 / 3（金额单位：元）\n  结果：33.33%",
            (
                "Execution rate (demo.execution)\n  Formula: spent / planned\n"
                "  Figures: 1 / 3 (amounts in yuan)\n  Value: 33.33%"
            ),
        ),
        (
            {"planned": 3},
            "预算执行率 (demo.execution)\n  公式：支出数 / 预算数\n  代入：缺失 / 3（金额单位：元）\n  结果：缺失",
            (
                "Execution rate (demo.execution)\n  Formula: spent / planned\n"
                "  Figures: missing / 3 (amounts in yuan)\n  Value: missing"
            ),
        ),
        (
            {"spent": 1, "planned": 0},
            "预算执行率 (demo.execution)\n  公式：支出数 / 预算数\n  代入：1 / 0（金额单位：元）\n  结果：无法计算",
            (
                "Execution rate (demo.execution)\n  Formula: spent / planned\n"
                "  Figures: 1 / 0 (amounts in yuan)\n  Value: undefined"
            ),
        ),
        (
            {"spent": -1, "planned": 3},
            "预算执行率 (demo.execution)\n  公式：支出数 / 预算数\n  代入：-1 / 3（金额单位：元）\n  结果：不适用",
            (
                "Execution rate (demo.execution)\n  Formula: spent / planned\n"
                "  Figures: -1 / 3 (amounts in yuan)\n  Value: not applicable"
            ),
        ),
    ],
    ids=["scored", "missing", "undefined", "not applicable"],
)
def test_a_measure_is_explained_in_both_languages(records: dict[str, Any], zh: str, en: str) -> None:
    measurement = it.measure(execution, budget=records)
    assert measurement.explain("zh") == measurement.explain() == zh
    assert measurement.explain("en") == en


def test_a_record_that_is_not_given_is_missing_also_in_the_explanation() -> None:
    measurement = it.measure(execution)
    assert measurement.outcome is it.Outcome.MISSING
    assert "missing / missing" in measurement.explain("en")


def test_a_rowwise_measure_is_explained_by_its_definition() -> None:
    measurement = it.measure(fragile, budget={"spent": 0})
    assert measurement.outcome is it.Outcome.MISSING
    assert measurement.explain("en") == "Row-wise (demo.fragile)\n  Definition: Any code.\n  Value: missing"


def test_a_measure_that_fails_is_told_with_its_cause() -> None:
    with pytest.raises(it.ScoringError) as caught:
        it.measure(fragile, budget={"spent": 2})
    (problem,) = caught.value.problems
    assert problem.code == "measure-failed"
    assert "float 0.5" in problem.message["en"]
    assert problem.fix["en"]


def test_what_is_tried_must_be_a_measure() -> None:
    wrong: list[Any] = [it.graded("demo.benefit", tier=it.Tier.EFFECT, title=TITLE), execution.function, None]
    for other in wrong:
        with pytest.raises(it.DeclarationError) as caught:
            it.measure(other)
        assert caught.value.problems[0].code == "not-measured"


def test_records_that_do_not_fit_are_told() -> None:
    with pytest.raises(it.DataError) as caught:
        it.measure(execution, budgte={"spent": 1}, budget={"spnt": 1, "planned": "x"})
    assert {str(problem) for problem in caught.value.problems} == {
        'data.budgte: the scheme has no record "budgte" (did you mean "budget"?)',
        'data.budget.spnt: demo.budget has no field "spnt" (did you mean "spent"?)',
        'data.budget.planned: expected an amount, got "x"',
    }
