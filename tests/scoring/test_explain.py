"""Explanations: of every node, in both languages, and only with what the score was made from."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

import indicatree as it
from indicatree import rules
from strategies import (
    Budget,
    Project,
    execution,
    judged,
    judged_leaf,
    project_execution,
    scheme_of,
    scored,
    shares,
    tidy,
)

LANGUAGES = ["zh", "en"]
SOME = settings(max_examples=25)


def small(**more: Any) -> it.Scheme:
    return scheme_of(
        it.Leaf(id="a", indicator=execution, points=5, rule=rules.Proportional()),
        it.Leaf(id="b", indicator=tidy, points=3, rule=rules.PerItem(each=1)),
        judged_leaf("c", 2),
        **more,
    )


def data(spent: int = 2) -> it.UnitData:
    return it.UnitData(
        records={"budget": Budget(planned=3, spent=spent)},
        judgement={
            "process.group.b": it.Judgement(
                items={"whole": True, "true": True, "timely": False}, reason="late by a month", evidence="the ledger"
            ),
            "process.group.c": it.Judgement(share="75%", reason="well kept", evidence="the visit"),
        },
    )


@pytest.mark.parametrize("language", LANGUAGES)
@given(scored())
@SOME
def test_every_node_explains_itself_and_names_what_it_lost(language: str, pair: tuple[it.Scheme, it.UnitData]) -> None:
    card = it.score(*pair)
    for node in card.root.walk():
        words = card.explain(node.path, language=language)
        first = words.splitlines()[0]
        assert first
        if node.path:
            assert first.endswith(f"({node.path})")
        if node.lost:
            assert f"{node.lost:f}" in words
        if node.score is not None:
            assert f"{node.score:f}" in words
        for adjustment in node.adjustments:
            assert adjustment.lost.text in words


def test_a_measured_leaf_shows_formula_figures_value_rule_and_loss() -> None:
    card = it.score(small(), data())
    words = card.explain("process.group.a", language="en")
    for part in (
        "Execution rate (process.group.a)",
        "Formula: spent / planned",
        "Figures: 2 / 3",
        "data.budget.spent",
        "66.67% (= 2/3)",
        "Rule: 100% or more: full 5 points",
        "3.33 of 5.00, 1.67 lost",
        "Reason: 66.67% of the target 100%",
    ):
        assert part in words
    assert "公式：支出数 / 预算数" in card.explain("process.group.a", language="zh")


def test_a_judged_leaf_shows_the_items_the_reason_and_the_evidence() -> None:
    card = it.score(small(), data())
    words = card.explain("process.group.b", language="en")
    for part in ("timely", "no", "2 of 3 met", "late by a month", "the ledger", "not met: timely (-1)", "1.00 lost"):
        assert part in words
    assert 'judged "partly reached": 75%' in card.explain("process.group.c", language="en")


def test_the_whole_shows_the_loss_of_each_part() -> None:
    words = it.score(small(), data()).explain(language="en")
    assert words.splitlines()[0] == "small"
    assert "Process" in words
    assert "3.17" in words


def test_an_empty_tier_explains_itself() -> None:
    card = it.score(small(), data())
    assert "output" in card.explain("output", language="en")


def test_a_spread_is_shown_as_a_line() -> None:
    scheme = scheme_of(judged_leaf("a"), judged_leaf("b"), judged_leaf("c"))
    card = it.score(scheme, shares(scheme, a=1, b="50%"))
    words = card.explain("process.group", language="en")
    assert "1 of 3 left out, their points spread over the rest" in words
    assert "0.25" in words


def lines_scheme(**more: Any) -> it.Scheme:
    leaf = it.Leaf(
        id="a", indicator=project_execution, points=5, rule=rules.Proportional(), for_each="projects", **more
    )
    return scheme_of(leaf, judged_leaf("b"))


@pytest.mark.parametrize("bindings", [{}, {"project": "projects"}])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lines", [[], [Project(name="桥", active=True, planned=3, spent=1)], None])
@pytest.mark.parametrize("excluded", [True, False])
def test_a_leaf_over_lines_explains_itself(bindings: Any, language: str, lines: Any, excluded: bool) -> None:  # noqa: FBT001 - parametrized
    scheme = lines_scheme(bindings=bindings, policies=it.Policies(missing="no_points"))
    unit = shares(scheme, b=1)
    unit = attrs.evolve(
        unit,
        not_applicable=unit.not_applicable if excluded else {},
        records={} if lines is None else {"projects": it.Items(Project, lines)},
    )
    card = it.score(scheme, unit)
    words = card.explain("process.group.a", language=language)
    assert card["process.group.a"].value_text[language] in words or card["process.group.a"].lines
    if lines and not excluded:
        assert "桥" in words
        assert "33.33%" in words


def test_an_unknown_node_is_named_with_a_hint() -> None:
    with pytest.raises(it.ScoringError, match="did you mean"):
        it.score(small(), data()).explain("process.grup.a")


def test_an_unknown_language_is_named() -> None:
    with pytest.raises((it.IndicatreeError, ValueError, KeyError), match="fr"):
        it.score(small(), data()).explain(language="fr")


@pytest.mark.parametrize("how", ["json", "pickle"])
def test_a_scorecard_that_came_alone_needs_its_scheme_and_data(how: str) -> None:
    scheme, unit = small(), data()
    card = it.score(scheme, unit)
    again = (
        it.Scorecard.from_json(card.to_json()) if how == "json" else pickle.loads(pickle.dumps(card))  # noqa: S301
    )
    given: list[dict[str, Any]] = [{}, {"scheme": scheme}, {"data": unit}]
    for some in given:
        with pytest.raises(it.ScoringError) as caught:
            again.explain("process.group.a", **some)
        assert caught.value.problems[0].code == "no-context"
        assert "scheme=" in caught.value.problems[0].fix["en"]
    for node in card.root.walk():
        assert again.explain(node.path, scheme=scheme, data=unit) == card.explain(node.path)


def test_an_equal_scheme_explains_as_well() -> None:
    card = it.Scorecard.from_json(it.score(small(), data()).to_json())
    assert card.explain("process.group.a", scheme=small(), data=data())


def test_plain_data_explains_as_well() -> None:
    scheme = scheme_of(it.Leaf(id="a", indicator=execution, points=5, rule=rules.Proportional()))
    plain = {"budget": {"planned": 3, "spent": 2}}
    card = it.score(scheme, plain)
    again = it.Scorecard.from_json(card.to_json())
    assert again.explain("process.group.a", scheme=scheme, data=plain) == card.explain("process.group.a")


def test_another_scheme_is_refused() -> None:
    card = it.score(small(), data())
    with pytest.raises(it.ScoringError) as caught:
        card.explain("process.group.a", scheme=small(precision=3), data=data())
    assert caught.value.problems[0].code == "other-scheme"


def test_data_that_gives_another_score_does_not_explain_this_one() -> None:
    card = it.score(small(), data(spent=2))
    with pytest.raises(it.ScoringError):
        card.explain("process.group.a", data=data(spent=1))


def test_an_indicator_on_its_own_explains_itself() -> None:
    result = it.measure(execution, budget={"planned": 3, "spent": 2})
    assert result.value == it.exact("2/3")
    assert str(result) == "66.67%"
    for part in ("spent / planned", "2 / 3", "66.67%"):
        assert part in result.explain("en")


@pytest.mark.parametrize(
    ("figures", "outcome"), [({"planned": 3}, "missing"), ({"planned": 0, "spent": 1}, "undefined"), ({}, "missing")]
)
def test_an_indicator_without_a_value_says_its_outcome(figures: dict[str, int], outcome: str) -> None:
    result = it.measure(execution, budget=figures)
    assert (result.value, result.outcome.value, result.text("en")) == (None, outcome, outcome)
    assert outcome in result.explain("en")


def test_only_a_measured_indicator_is_measured() -> None:
    with pytest.raises(it.DeclarationError):
        it.measure(judged, budget={})  # type: ignore[arg-type]
