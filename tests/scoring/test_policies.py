"""What a scheme does with a leaf that has no measured score: every outcome, every treatment."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

import indicatree as it
from indicatree import rules
from strategies import (
    OUTCOMES,
    Budget,
    Project,
    Staff,
    all_projects,
    execution,
    fragile,
    judged_leaf,
    scheme_of,
    shares,
    staffing,
    tidy,
)

RATE = rules.Proportional()

CASES: dict[str, tuple[it.Indicator, dict[str, Any]]] = {
    "missing": (execution, {"budget": Budget(planned=100)}),
    "undefined": (execution, {"budget": Budget(planned=0, spent=1)}),
    "not_applicable": (staffing, {"staff": Staff(posts=0, in_post=0)}),
    "failed": (fragile, {"budget": Budget(planned=1, spent=2)}),
}
"""For each outcome an indicator and data that give it."""

TREATED = {"no_points": "0.00", "full_points": "6.00", "left_out": None}


def scheme_for(outcome: str, leaf: dict[str, str] | None, whole: dict[str, str] | None) -> it.Scheme:
    """The leaf in question, and a judged leaf beside it."""
    indicator, _ = CASES[outcome]
    made = it.Leaf(id="a", indicator=indicator, points=6, rule=RATE, policies=it.Policies(**(leaf or {})))
    return scheme_of(made, judged_leaf("b", 2), policies=it.Policies(**(whole or {})))


def data_for(outcome: str, scheme: it.Scheme) -> it.UnitData:
    return attrs.evolve(shares(scheme, b="50%"), not_applicable={}, records=CASES[outcome][1])


@pytest.mark.parametrize("where", ["scheme", "leaf", "leaf over scheme"])
@pytest.mark.parametrize("treatment", TREATED)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_is_treated_as_the_scheme_or_the_leaf_says(outcome: str, treatment: str, where: str) -> None:
    said, other = {outcome: treatment}, {outcome: "error"}
    scheme = scheme_for(
        outcome,
        said if "leaf" in where else None,
        {"scheme": said, "leaf": None, "leaf over scheme": other}[where],
    )
    card = it.score(scheme, data_for(outcome, scheme))
    node = card["process.group.a"]
    assert node.outcome.value == outcome
    assert node.treatment is it.Treatment(treatment)
    assert node.value is None
    assert (None if node.score is None else str(node.score)) == TREATED[treatment]
    assert str(card.total) == {"no_points": "1.00", "full_points": "7.00", "left_out": "4.00"}[treatment]
    assert node.reason["zh"]
    assert node.outcome.title["en"] in node.reason["en"]


@pytest.mark.parametrize("where", ["scheme", "leaf"])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_error_names_the_leaf_and_its_outcome(outcome: str, where: str) -> None:
    said = {outcome: "error"}
    scheme = scheme_for(
        outcome, said if where == "leaf" else None, said if where == "scheme" else {outcome: "no_points"}
    )
    with pytest.raises(it.ScoringError) as caught:
        it.score(scheme, data_for(outcome, scheme))
    (problem,) = caught.value.problems
    codes = {
        "missing": "missing-figure",
        "undefined": "undefined-value",
        "not_applicable": "not-applicable",
        "failed": "measure-failed",
    }
    assert (problem.code, problem.path) == (codes[outcome], "process.group.a")
    assert problem.fix["en"]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_by_default_only_what_does_not_apply_is_no_error(outcome: str) -> None:
    scheme = scheme_for(outcome, None, None)
    if outcome == "not_applicable":
        assert it.score(scheme, data_for(outcome, scheme))["process.group.a"].treatment is it.Treatment.LEFT_OUT
    else:
        with pytest.raises(it.ScoringError):
            it.score(scheme, data_for(outcome, scheme))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_a_leaf_does_not_say_is_as_the_scheme_says(outcome: str) -> None:
    other = {"missing": "undefined"}.get(outcome, "missing")
    scheme = scheme_for(outcome, {other: "error"}, {outcome: "full_points"})
    assert it.score(scheme, data_for(outcome, scheme))["process.group.a"].treatment is it.Treatment.FULL_POINTS


def test_the_message_of_failed_code_is_kept() -> None:
    scheme = scheme_for("failed", None, {"failed": "no_points"})
    node = it.score(scheme, data_for("failed", scheme))["process.group.a"]
    assert "RuntimeError: overspent" in node.note["en"]
    assert "overspent" in node.reason["en"]


def test_an_error_names_every_missing_figure_of_every_leaf_at_once() -> None:
    scheme = scheme_of(
        it.Leaf(id="a", indicator=execution, points=1, rule=RATE),
        it.Leaf(id="b", indicator=execution, points=1, rule=RATE, bindings={"budget": "fund"}),
        it.Leaf(id="c", indicator=staffing, points=1, rule=RATE),
        it.Leaf(id="d", indicator=all_projects, points=1, rule=RATE),
        it.Leaf(id="e", indicator=tidy, points=3, rule=rules.PerItem(each=1)),
        judged_leaf("f"),
        it.Leaf(id="g", indicator=fragile, points=0),
    )
    lines = it.Items(Project, [Project(planned=1), Project(spent=1), Project(planned=1, spent=1)])
    data = it.UnitData(
        records={"budget": Budget(planned=1), "staff": Staff(in_post=1), "projects": lines},
        judgement={"process.group.e": it.Judgement(items={"whole": True}, reason="r", evidence="e")},
    )
    with pytest.raises(it.ScoringError) as caught:
        it.score(scheme, data)
    by_path = {problem.path.rpartition(".")[2]: problem for problem in caught.value.problems}
    assert list(by_path) == list("abcdefg")
    named = {
        name: {word.rstrip(",") for word in problem.message["en"].split() if word.startswith("data.")}
        for name, problem in by_path.items()
    }
    assert named == {
        "a": {"data.budget.spent"},
        "b": {"data.fund.planned", "data.fund.spent"},
        "c": {"data.staff.posts"},
        "d": {"data.projects[0].spent", "data.projects[1].planned"},
        "e": set(),
        "f": set(),
        "g": {"data.budget.spent"},
    }
    assert "true, timely" in by_path["e"].message["en"]
    assert [by_path[name].code for name in "ef"] == ["missing-judgement"] * 2
    assert "judgement.f" in by_path["f"].fix["en"]


def test_a_list_that_is_not_given_is_named_field_by_field() -> None:
    scheme = scheme_of(it.Leaf(id="a", indicator=all_projects, points=1, rule=RATE))
    with pytest.raises(it.ScoringError, match=r"data\.projects\.spent, data\.projects\.planned"):
        it.score(scheme, {})


def test_an_empty_list_is_given_and_adds_up_to_nothing() -> None:
    scheme = scheme_of(it.Leaf(id="a", indicator=all_projects, points=1, rule=RATE))
    with pytest.raises(it.ScoringError) as caught:
        it.score(scheme, {"projects": []})
    assert caught.value.problems[0].code == "undefined-value"


def test_a_missing_figure_in_a_condition_is_missing_not_inapplicable() -> None:
    scheme = scheme_of(
        it.Leaf(id="a", indicator=staffing, points=1, rule=RATE), policies=it.Policies(missing="no_points")
    )
    node = it.score(scheme, {"staff": Staff(in_post=0)})["process.group.a"]
    assert node.outcome is it.Outcome.MISSING


def test_the_data_may_say_that_a_leaf_does_not_apply() -> None:
    scheme = scheme_for("missing", None, None)
    data = attrs.evolve(data_for("missing", scheme), not_applicable={"process.group.a": "no such budget"})
    node = it.score(scheme, data)["process.group.a"]
    assert (node.outcome, node.score) == (it.Outcome.NOT_APPLICABLE, None)
    assert "no such budget" in node.reason["en"]


def test_what_does_not_apply_can_be_forbidden_and_the_error_says_what_the_data_said() -> None:
    scheme = scheme_for("missing", {"not_applicable": "error"}, None)
    data = attrs.evolve(data_for("missing", scheme), not_applicable={"process.group.a": "no such budget"})
    with pytest.raises(it.ScoringError, match="no such budget"):
        it.score(scheme, data)


@pytest.mark.parametrize("treatment", ["no_points", "full_points", "left_out"])
def test_a_leaf_of_no_points_is_never_worth_any(treatment: str) -> None:
    leaf = it.Leaf(id="a", indicator=execution, points=0)
    scheme = scheme_of(leaf, judged_leaf("b", 2), policies=it.Policies(missing=treatment))
    card = it.score(scheme, attrs.evolve(shares(scheme, b=1), not_applicable={}))
    assert card.total == card.points == 2


def test_a_rule_that_fails_is_the_failure_of_its_leaf() -> None:
    @attrs.frozen(kw_only=True)
    class Broken(it.Rule):
        kind = "demo.broken"

        def points(self, value: Any, full: it.Quantity) -> Any:
            del value, full
            message = "this rule is broken"
            raise RuntimeError(message)

        def words(self, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
            del indicator, full, language
            return "broken"

    scheme = scheme_of(it.Leaf(id="a", indicator=execution, points=1, rule=Broken()))
    with pytest.raises(it.ScoringError, match="this rule is broken") as caught:
        it.score(scheme, {"budget": Budget(planned=1, spent=1)})
    assert caught.value.problems[0].path == "process.group.a"


@pytest.mark.parametrize(("given", "expected"), [(1, "1.00"), (Decimal("0.5"), "0.50"), (Fraction(1, 3), "0.33")])
def test_a_rule_may_give_its_points_as_a_plain_exact_number(given: Any, expected: str) -> None:
    assert str(it.score(*constant(given)).total) == expected


@pytest.mark.parametrize("given", [0.5, True, "1", None])
def test_a_rule_that_gives_a_float_or_no_number_fails(given: Any) -> None:
    with pytest.raises(it.ScoringError, match="a rule gives a quantity"):
        it.score(*constant(given))


def constant(given: Any) -> tuple[it.Scheme, dict[str, Any]]:
    """A unit, and a scheme of one leaf whose rule gives just that."""

    @attrs.frozen(kw_only=True)
    class Constant(it.Rule):
        kind = "demo.constant"

        def points(self, value: Any, full: it.Quantity) -> Any:
            del value, full
            return given

        def words(self, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
            del indicator, full, language
            return "constant"

    leaf = it.Leaf(id="a", indicator=execution, points=1, rule=Constant())
    return scheme_of(leaf), {"budget": Budget(planned=1, spent=1)}
