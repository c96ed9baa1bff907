"""Leaves that measure each line item by itself."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from strategies import Budget, Project, project_execution, rounded, scheme_of

COMBINES = ["weighted_mean", "minimum", "better_of"]
PATH = "process.group.a"
NAMES = st.sampled_from(["甲", "B road", "1", None])
KEPT = {"missing": "left_out", "undefined": "left_out", "not_applicable": "left_out"}


def scheme_for(combine: str = "weighted_mean", points: Any = 8, **policies: str) -> it.Scheme:
    leaf = it.Leaf(
        id="a",
        indicator=project_execution,
        points=points,
        rule=rules.Proportional(),
        for_each="works",
        combine=it.Aggregation(combine),
    )
    return scheme_of(leaf, policies=it.Policies(**{**KEPT, **policies}))


def line(planned: Any, spent: Any, active: bool | None = True, name: str | None = None) -> Project:  # noqa: FBT001, FBT002 - a row
    return Project(name=name, active=active, planned=planned, spent=spent)


def score(scheme: it.Scheme, *lines: Project) -> it.NodeScore:
    data = it.UnitData(records={"works": it.Items(Project, lines)})
    return it.score(scheme, data)[PATH]


LINES = st.lists(
    st.tuples(
        st.sampled_from([None, 0, 3, 50, 100]),
        st.sampled_from([None, 0, 1, 50, 99]),
        st.sampled_from([True, True, False]),
    ),
    max_size=6,
)


@pytest.mark.parametrize("combine", COMBINES)
@given(lines=LINES)
@settings(max_examples=60)
def test_lines_are_combined_as_plain_fractions_say(combine: str, lines: list[tuple[Any, Any, bool]]) -> None:
    node = score(scheme_for(combine), *(line(*row) for row in lines))
    values = [
        Fraction(spent, planned) if active and planned and spent is not None else None
        for planned, spent, active in lines
    ]
    units = [
        None if value is None else rounded(8 * min(value, Fraction(1)), 2, it.Rounding.HALF_UP) for value in values
    ]
    assert [found.value if found.value is None else found.value.fraction for found in node.lines] == values
    assert [found.units for found in node.lines] == units
    kept = [Fraction(one, 100) for one in units if one is not None]
    if not kept:
        assert node.score is None
        return
    mean = sum(kept, start=Fraction(0)) / len(kept)
    combined = {"minimum": min(kept), "better_of": max(kept), "weighted_mean": mean}[combine]
    assert node.units == rounded(combined, 2, it.Rounding.HALF_UP)
    assert node.outcome is it.Outcome.SCORED


@pytest.mark.parametrize("combine", COMBINES)
@given(lines=LINES, random=st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_lines_does_not_matter(combine: str, lines: list[Any], random: Any) -> None:
    scheme = scheme_for(combine)
    before = score(scheme, *(line(*row) for row in lines)).units
    random.shuffle(lines)
    assert score(scheme, *(line(*row) for row in lines)).units == before


def test_a_line_says_what_came_of_it() -> None:
    node = score(
        scheme_for(),
        line(100, 50, name="甲"),
        line(100, None),
        line(0, 1, name="丙"),
        line(1, 1, active=False),
        line(1, 1, active=None),
    )
    assert [(one.name, one.outcome.value) for one in node.lines] == [
        ("甲", "scored"),
        ("2", "missing"),
        ("丙", "undefined"),
        ("4", "not_applicable"),
        ("5", "missing"),
    ]
    assert [one.value_text["en"] for one in node.lines] == [
        "50.00%",
        "missing",
        "undefined",
        "not applicable",
        "missing",
    ]
    assert node.value is None
    assert node.value_text["en"] == "5 lines"


@pytest.mark.parametrize(("treatment", "total"), [("no_points", "4.00"), ("full_points", "8.00"), ("left_out", "8.00")])
@pytest.mark.parametrize(
    ("outcome", "row"), [("missing", (1, None, True)), ("undefined", (0, 1, True)), ("not_applicable", (1, 1, False))]
)
def test_a_line_without_a_value_is_treated_as_the_policy_says(
    outcome: str, row: Any, treatment: str, total: str
) -> None:
    node = score(scheme_for(**{outcome: treatment}), line(1, 1), line(*row))
    assert str(node.score) == total


@pytest.mark.parametrize(
    ("outcome", "row"), [("missing", (1, None, True)), ("undefined", (0, 1, True)), ("not_applicable", (1, 1, False))]
)
def test_an_error_names_each_line(outcome: str, row: Any) -> None:
    with pytest.raises(it.ScoringError) as caught:
        score(
            scheme_for(**{outcome: "error"}),
            line(1, 1),
            line(*row),
            Project(name="桥", planned=row[0], spent=row[1], active=row[2]),
        )
    assert [problem.path for problem in caught.value.problems] == [f"{PATH}, line 2 (2)", f"{PATH}, line 3 (桥)"]


def test_the_error_of_a_line_names_the_figures_of_that_line() -> None:
    with pytest.raises(it.ScoringError) as caught:
        score(scheme_for(missing="error"), line(1, None), line(1, 1), line(None, 1))
    messages = [problem.message["en"] for problem in caught.value.problems]
    assert messages == ["missing: data.works[0].spent", "missing: data.works[2].planned"]


def test_where_every_line_lacks_its_figures_only_the_lines_are_errors() -> None:
    with pytest.raises(it.ScoringError) as caught:
        score(scheme_for(missing="error", not_applicable="error"), line(1, None), line(None, 1))
    assert [problem.code for problem in caught.value.problems] == ["missing-figure"] * 2


def test_a_list_that_is_not_given_is_missing() -> None:
    with pytest.raises(it.ScoringError, match=r"data\.works\.") as caught:
        it.score(scheme_for(missing="error"), {})
    assert "missing-figure" in {problem.code for problem in caught.value.problems}


def test_an_empty_list_does_not_apply() -> None:
    node = score(scheme_for())
    assert (node.outcome, node.score) == (it.Outcome.NOT_APPLICABLE, None)
    assert "no line items" in node.reason["en"]
    assert str(score(scheme_for(not_applicable="full_points")).score) == "8.00"


def test_where_every_line_is_left_out_the_leaf_is_left_out() -> None:
    node = score(scheme_for(), line(1, 1, active=False), line(1, 1, active=False))
    assert (node.outcome, node.score, len(node.lines)) == (it.Outcome.NOT_APPLICABLE, None, 2)


@pytest.mark.parametrize("treatment", ["error", "no_points", "full_points"])
def test_lines_left_out_for_what_they_lack_leave_the_leaf_out_whatever_is_done_elsewhere(treatment: str) -> None:
    node = score(scheme_for(missing="left_out", not_applicable=treatment), line(1, None), line(None, 1))
    assert node.score is None


@pytest.mark.parametrize("combine", COMBINES)
def test_lines_of_a_leaf_without_points_score_nothing(combine: str) -> None:
    assert score(scheme_for(combine, points=0), line(1, 1)).score == 0


def test_the_reason_names_the_lines_that_lose_points() -> None:
    node = score(scheme_for(), line(100, 100, name="road"), line(100, 25, name="bridge"))
    assert "bridge 25.00%" in node.reason["en"]
    assert "road" not in node.reason["en"]


def test_plain_tables_are_taken_as_line_items() -> None:
    scheme = scheme_for(missing="left_out")
    lines = [{"active": True, "planned": "1", "spent": "0.5"}, {"active": True, "planned": 1, "spent": 1}]
    assert str(it.score(scheme, {"works": lines})[PATH].score) == "6.00"


def test_a_record_in_place_of_line_items_is_refused() -> None:
    with pytest.raises(it.DataError):
        it.score(scheme_for(), it.UnitData(records={"works": Project()}))
    with pytest.raises(it.DataError):
        it.score(scheme_for(), it.UnitData(records={"works": it.Items(Budget, [])}))
