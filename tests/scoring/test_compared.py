"""Rules that ask for more than the value: other measures of the unit, and the word of an assessor."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest

import indicatree as it
from indicatree import fields, rules
from strategies import (
    Budget,
    Project,
    Staff,
    all_projects,
    balance,
    execution,
    fragile,
    project_execution,
    scheme_of,
    staffing,
)

PATH = "process.group.a"
LANGUAGES = ["zh", "en"]


@it.record("demo.carry", title=it.Text(zh="结转", en="Carry-over"))
class Carry:
    now: fields.Money = fields.money("本年结转", "carried over", signed=True)
    before: fields.Money = fields.money("上年结转", "carried over last year", signed=True)


@it.indicator("demo.carried", tier=it.Tier.PROCESS, unit=it.NUMBER, title=it.Text(zh="结转结余", en="Carry-over"))
def carried(carry: Carry) -> Any:
    """What is carried over."""
    return carry.now


@it.indicator("demo.before", tier=it.Tier.PROCESS, unit=it.NUMBER, title=it.Text(zh="上年结转", en="Last year's"))
def before(carry: Carry) -> Any:
    """What was carried over the year before."""
    return carry.before


def surplus(**policies: str) -> it.Scheme:
    """No surplus: 3; surplus, but not above last year's carry-over: 2; above: 0."""
    rule = rules.Comparison(
        against={"last_year": before},
        cases=[rules.Case(at_most=0, points=3), rules.Case(at_most="last_year", points=2)],
        otherwise=0,
    )
    return scheme_of(it.Leaf(id="a", indicator=carried, points=3, rule=rule), policies=it.Policies(**policies))


@pytest.mark.parametrize(
    ("now", "last", "score"),
    [
        ("0", "80", "3.00"),
        ("-0.01", "80", "3.00"),
        ("0.01", "80", "2.00"),
        ("79.99", "80", "2.00"),
        ("80", "80", "2.00"),
        ("80.01", "80", "0.00"),
        ("0.01", "0", "0.00"),
        ("0", "-1", "3.00"),
    ],
)
def test_a_surplus_is_compared_with_last_year_to_the_fen(now: str, last: str, score: str) -> None:
    node = it.score(surplus(), {"carry": {"now": now, "before": last}})[PATH]
    assert str(node.score) == score
    assert node.detail.beside == {"last_year": it.exact(last)}
    assert bool(node.reason["en"]) is (score != "3.00")


def test_a_figure_that_lacks_matters_only_where_a_case_is_decided_by_it() -> None:
    assert str(it.score(surplus(), {"carry": {"now": 0}}).total) == "3.00"
    with pytest.raises(it.ScoringError) as caught:
        it.score(surplus(), {"carry": {"now": "0.01"}})
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.message["en"]) == ("missing-figure", PATH, "missing: data.carry.before")
    node = it.score(surplus(missing="no_points"), {"carry": {"now": "0.01"}})[PATH]
    assert (node.outcome, str(node.score), node.value) == (it.Outcome.MISSING, "0.00", None)


OTHERS: dict[str, tuple[it.Indicator, dict[str, Any]]] = {
    "missing": (execution, {"budget": Budget(planned=1)}),
    "undefined": (execution, {"budget": Budget(planned=0, spent=1)}),
    "not_applicable": (staffing, {"staff": Staff(posts=0, in_post=1)}),
    "failed": (fragile, {"budget": Budget(planned=0, spent=1)}),
}
"""For each outcome a measure to compare with, and records that give it."""


@pytest.mark.parametrize(("treatment", "score"), [("no_points", "0.00"), ("full_points", "3.00"), ("left_out", None)])
@pytest.mark.parametrize("outcome", OTHERS)
def test_the_outcome_of_what_decides_is_that_of_the_leaf(outcome: str, treatment: str, score: str | None) -> None:
    other, records = OTHERS[outcome]
    rule = rules.Comparison(against={"other": other}, cases=[rules.Case(above="other", points=1)], otherwise=2)
    share = attrs.evolve(carried, unit=it.PERCENT)
    leaf = it.Leaf(id="a", indicator=share, points=3, rule=rule, policies=it.Policies(**{outcome: treatment}))
    node = it.score(scheme_of(leaf), {"carry": Carry(now=1), **records})[PATH]
    assert node.outcome.value == outcome
    assert (None if node.score is None else str(node.score)) == score


@pytest.mark.parametrize("outcome", OTHERS)
def test_what_comes_of_another_measure_changes_nothing_that_is_decided_without_it(outcome: str) -> None:
    other, records = OTHERS[outcome]
    cases = [rules.Case(at_most=0, points=3), rules.Case(above="other", points=1)]
    rule = rules.Comparison(against={"other": other}, cases=cases, otherwise=2)
    leaf = it.Leaf(id="a", indicator=attrs.evolve(carried, unit=it.PERCENT), points=3, rule=rule)
    assert str(it.score(scheme_of(leaf), {"carry": Carry(now=0), **records}).total) == "3.00"


def test_values_of_different_units_are_not_compared() -> None:
    rule = rules.Comparison(against={"other": execution}, cases=[rules.Case(above="other", points=3)], otherwise=0)
    with pytest.raises(it.SchemeError) as caught:
        scheme_of(it.Leaf(id="a", indicator=carried, points=3, rule=rule))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("other-unit", f"{PATH}.rule.against.other")


LOW = rules.OverFulfilment(threshold="150%", slope="50%")


@pytest.mark.parametrize(
    ("lines", "scores"),
    [([], ["7.50", "7.50"]), (["first"], ["7.50", "10.00"]), (["2"], ["10.00", "7.50"])],
    ids=["of all", "by name", "by number"],
)
def test_what_an_assessor_says_holds_for_the_lines_that_are_named(lines: list[str], scores: list[str]) -> None:
    leaf = it.Leaf(id="a", indicator=project_execution, points=10, rule=LOW, for_each="projects")
    items = [Project(name=name, active=True, planned=100, spent=200) for name in ("first", "second")]
    said = it.Judgement(items={"target_set_low": True}, lines=lines, reason="half of last year", evidence="ledger")
    data = it.UnitData(records={"projects": it.Items(Project, items)}, judgement={PATH: said})
    node = it.score(scheme_of(leaf), data)[PATH]
    assert [f"{it.Quantity(line.units or 0, 100).decimal(2)}" for line in node.lines] == scores


def test_a_line_that_is_not_there_is_named() -> None:
    leaf = it.Leaf(id="a", indicator=project_execution, points=10, rule=LOW, for_each="projects")
    items = it.Items(Project, [Project(name="first", active=True, planned=100, spent=200)])
    said = it.Judgement(items={"target_set_low": True}, lines=["frist"], reason="low", evidence="ledger")
    with pytest.raises(it.ScoringError, match=r'no line "frist" \(did you mean "first"\?\)'):
        it.score(scheme_of(leaf), it.UnitData(records={"projects": items}, judgement={PATH: said}))


def test_only_a_leaf_over_line_items_is_judged_by_line() -> None:
    leaf = it.Leaf(id="a", indicator=execution, points=10, rule=LOW)
    said = it.Judgement(items={"target_set_low": True}, lines=["first"], reason="low", evidence="ledger")
    with pytest.raises(it.DataError, match="no line items"):
        it.score(scheme_of(leaf), it.UnitData(judgement={PATH: said}))


def test_the_value_and_what_it_is_compared_with_are_bound_by_the_leaf() -> None:
    rule = rules.Comparison(against={"other": balance}, cases=[rules.Case(at_most="other", points=3)], otherwise=0)
    leaf = it.Leaf(id="a", indicator=carried, points=3, rule=rule, bindings={"carry": "own", "budget": "fund"})
    scheme = scheme_of(leaf)
    assert set(scheme.data_shape.records) == {"own", "fund"}
    data = {"own": Carry(now=5), "fund": Budget(planned=9, spent=4)}
    assert str(it.score(scheme, data).total) == "3.00"
    assert str(it.score(scheme, {**data, "fund": Budget(planned=9, spent="4.01")}).total) == "0.00"
    with pytest.raises(it.ScoringError, match=r"data\.own\.now, data\.fund\.planned, data\.fund\.spent"):
        it.score(scheme, {})


@pytest.mark.parametrize("how", ["made", "json", "pickle"])
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "Formula: carried over",
                "data.carry.before",
                "Value: 12.50 (= 12.5)",
                "Compared with: Last year's 80.00 (= 80)",
                "Rule: ≤ 0: 3 points; ≤ Last year's: 2 points; otherwise: 0 points",
                "Score: 2.00 of 3.00, 1.00 lost",
                "Reason: 12.50 is ≤ Last year's (80.00): 2 points (the best needs ≤ 0)",
            ],
        ),
        (
            "zh",
            [
                "公式：本年结转",
                "data.carry.before",
                "结果：12.50 (= 12.5)",
                "对照：上年结转 80.00 (= 80)",
                "规则：≤ 0 得 3 分；≤ 上年结转得 2 分；其他不得分",
                "得分：2.00 / 3.00，扣 1.00",
                "原因：12.50 属于“≤ 上年结转（80.00）”，得 2 分（最高档要求 ≤ 0）",
            ],
        ),
    ],
)
def test_a_comparison_is_explained_with_what_it_is_compared_with(how: str, language: str, expected: list[str]) -> None:
    scheme, data = surplus(), {"carry": {"now": "12.5", "before": 80}}
    card = it.score(scheme, data)
    more: dict[str, Any] = {} if how == "made" else {"scheme": scheme, "data": data}
    if how == "json":
        card = it.Scorecard.from_json(card.to_json(language))
    if how == "pickle":
        card = pickle.loads(pickle.dumps(card))  # noqa: S301 - it was pickled here
    words = card.explain(PATH, language=language, **more)
    for part in expected:
        assert part in words


@pytest.mark.parametrize(("language", "lacks"), [("en", "Last year's missing"), ("zh", "上年结转 缺失")])
def test_what_lacks_and_did_not_decide_is_shown_as_lacking(language: str, lacks: str) -> None:
    words = it.score(surplus(), {"carry": {"now": 0}}).explain(PATH, language=language)
    assert lacks in words


# Over-fulfilment, by the word of an assessor


def fulfilment(**more: Any) -> it.Scheme:
    rule = rules.OverFulfilment(threshold="150%", slope="0.5")
    whole: dict[str, Any] = {"id": "a", "indicator": execution, "points": 10, "rule": rule}
    return scheme_of(it.Leaf(**(whole | more)))


def low(answer: bool | None) -> dict[str, it.Judgement]:  # noqa: FBT001 - it is the answer
    if answer is None:
        return {}
    reason = it.Text(zh="目标远低于上年", en="the target was far below last year's")
    evidence = it.Text(zh="上年台账", en="last year's ledger")
    return {PATH: it.Judgement(items={"target_set_low": answer}, reason=reason, evidence=evidence)}


@pytest.mark.parametrize("answer", [True, False, None])
@pytest.mark.parametrize(
    ("spent", "said", "unsaid"),
    [
        ("99.99", "10.00", "10.00"),
        ("99.94", "9.99", "9.99"),
        ("100", "10.00", "10.00"),
        ("150", "10.00", "10.00"),
        ("150.01", "10.00", "10.00"),
        ("150.10", "10.00", "10.00"),
        ("150.11", "9.99", "10.00"),
        ("200", "7.50", "10.00"),
        ("349.80", "0.01", "10.00"),
        ("350", "0.00", "10.00"),
        ("1000", "0.00", "10.00"),
    ],
)
def test_far_above_the_target_only_the_assessors_word_costs_points(
    spent: str, said: str, unsaid: str, *, answer: bool | None
) -> None:
    data = it.UnitData(records={"budget": Budget(planned=100, spent=spent)}, judgement=low(answer))
    assert str(it.score(fulfilment(), data).total) == (said if answer else unsaid)


@pytest.mark.parametrize("how", ["made", "json"])
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "Judged: the target was set low",
                "Evidence: last year's ledger",
                "Reason: 200.00% is beyond 150%, and the target 100% was set low: reduced by the excess; the target",
            ],
        ),
        (
            "zh",
            [
                "评定：目标值设定偏低",
                "佐证：上年台账",
                "原因：200.00%，超过 150%，目标值 100% 设定偏低，按偏离程度扣减；目标远低于上年",
            ],
        ),
    ],
)
def test_a_reduction_is_explained_with_the_reason_and_the_evidence(
    how: str, language: str, expected: list[str]
) -> None:
    scheme = fulfilment()
    data = it.UnitData(records={"budget": Budget(planned=100, spent=200)}, judgement=low(answer=True))
    card = it.score(scheme, data)
    if how == "json":
        card = it.Scorecard.from_json(card.to_json(language))
    words = card.explain(PATH, language=language, scheme=scheme, data=data)
    for part in expected:
        assert part in words
    quiet = it.score(scheme, attrs.evolve(data, judgement=low(answer=False))).explain(PATH, language=language)
    assert not any(part in quiet for part in expected)


@pytest.mark.parametrize(
    ("judgement", "code", "path"),
    [
        ({"items": {"target_low": True}, "reason": "r", "evidence": "e"}, "unknown-key", "items.target_low"),
        ({"items": {"target_set_low": True}, "evidence": "e"}, "bare-judgement", "reason"),
        ({"items": {"target_set_low": True}, "reason": "r"}, "bare-judgement", "evidence"),
        ({"share": 1, "reason": "r", "evidence": "e"}, "bad-judgement", "items"),
    ],
)
def test_the_word_needs_its_reason_and_its_evidence(judgement: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(it.DataError) as caught:
        it.load({"format": 1, "judgement": {"a": judgement}}, fulfilment())
    assert [(one.code, one.path) for one in caught.value.problems] == [(code, f"judgement.a.{path}")]


def test_a_measured_leaf_whose_rule_asks_nothing_takes_no_word() -> None:
    scheme = scheme_of(it.Leaf(id="a", indicator=execution, points=10, rule=rules.Proportional()))
    with pytest.raises(it.DataError) as caught:
        it.score(scheme, it.UnitData(judgement=low(answer=True)))
    assert caught.value.problems[0].code == "unknown-key"


# Line by line


def line(planned: Any, spent: Any, name: str) -> Project:
    return Project(name=name, active=True, planned=planned, spent=spent)


def above_average(**policies: str) -> it.Scheme:
    """Full marks for each project that is executed at least as far as all of them together."""
    rule = rules.Comparison(against={"all": all_projects}, cases=[rules.Case(at_least="all", points=8)], otherwise=0)
    leaf = it.Leaf(
        id="a",
        indicator=project_execution,
        points=8,
        rule=rule,
        for_each="projects",
        bindings={"project": "projects"},
        policies=it.Policies(**policies),
    )
    return scheme_of(leaf)


def projects(*lines: Project) -> it.UnitData:
    return it.UnitData(records={"projects": it.Items(Project, lines)})


def test_each_line_is_compared_with_the_whole() -> None:
    node = it.score(above_average(), projects(line(100, 75, "x"), line(100, 85, "y"), line(100, 80, "z")))[PATH]
    assert [one.units for one in node.lines] == [0, 800, 800]
    assert str(node.score) == "5.33"


def test_a_figure_that_lacks_in_one_line_is_named_once_for_each_line_that_needs_it() -> None:
    with pytest.raises(it.ScoringError) as caught:
        it.score(above_average(missing="error"), projects(line(1, 1, "x"), line(1, None, "y")))
    assert [(problem.path, problem.message["en"]) for problem in caught.value.problems] == [
        (f"{PATH}, line 1 (x)", "missing: data.projects[1].spent"),
        (f"{PATH}, line 2 (y)", "missing: data.projects[1].spent"),
    ]


def test_a_figure_of_two_measures_is_shown_once() -> None:
    card = it.score(above_average(), projects(line(4, 3, "x"), line(4, 4, "y")))
    words = card.explain(PATH, language="en")
    for figure in ("projects[0].spent", "projects[1].spent", "projects[0].planned", "projects[1].planned"):
        assert words.count(figure) == 1


@pytest.mark.parametrize("answer", [True, False, None])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_on_a_leaf_counts_for_each_of_its_lines(language: str, *, answer: bool | None) -> None:
    scheme = fulfilment(indicator=project_execution, for_each="projects")
    data = attrs.evolve(projects(line(1, 2, "x"), line(1, 1, "y"), line(2, 1, "z")), judgement=low(answer))
    card = it.score(scheme, data)
    node = card[PATH]
    assert [one.units for one in node.lines] == ([750, 1000, 500] if answer else [1000, 1000, 500])
    said = {"zh": "目标远低于上年", "en": "the target was far below last year's"}[language]
    ledger = {"zh": "上年台账", "en": "last year's ledger"}[language]
    assert (said in node.reason[language]) is bool(answer)
    for shown in (card, it.Scorecard.from_json(card.to_json(language))):
        words = shown.explain(PATH, language=language, scheme=scheme, data=data)
        assert (ledger in words) is bool(answer)
