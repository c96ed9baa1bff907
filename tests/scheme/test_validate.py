"""What is wrong with a scheme: each kind of problem by code and path, and all of them at once."""

from __future__ import annotations

from typing import Any

import pytest

import indicatree as it
from indicatree import rules
from indicatree.data import RecordShape
from strategies import (
    Budget,
    all_projects,
    balance,
    demo_catalog,
    execution,
    judged,
    judged_leaf,
    project_execution,
    scheme_of,
    staffing,
    tidy,
)

RATE = rules.Proportional()
MINIMUM, MEAN, SUM = it.Aggregation("minimum"), it.Aggregation("weighted_mean"), it.Aggregation()


def problems(make: Any) -> list[tuple[str, str]]:
    with pytest.raises(it.SchemeError) as caught:
        make()
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


def group(*leaves: it.Leaf, name: str = "group", **more: Any) -> it.Group:
    return it.Group(id=name, title="g", indicators=leaves, **more)


def scheme(*groups: it.Group, tier: dict[str, Any] | None = None, **more: Any) -> Any:
    """A scheme that is made when called."""
    return lambda: it.Scheme(
        **{"id": "s", "tiers": [it.TierNode(tier="process", groups=groups, **(tier or {}))], **more}
    )


def one(**leaf: Any) -> Any:
    """A scheme of one leaf, made when called."""
    whole: dict[str, Any] = {"id": "a", "indicator": execution, "points": 5, "rule": RATE} | leaf
    return scheme(group(it.Leaf(**whole)))


LEAF = judged_leaf("a", 5)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (scheme(group(LEAF, points=6)), [("points-do-not-add-up", "process.group.points")]),
        (scheme(group(LEAF), tier={"points": 4}), [("points-do-not-add-up", "process.points")]),
        (scheme(group(LEAF), points=100), [("points-do-not-add-up", "points")]),
        (scheme(group(LEAF, aggregation=MINIMUM)), [("no-points", "process.group.points")]),
        (scheme(group(LEAF), tier={"aggregation": MEAN}), [("no-points", "process.points")]),
        (scheme(group(LEAF), aggregation=MINIMUM), [("no-points", "points")]),
        (scheme(group(LEAF, aggregation=MINIMUM, points=-1)), [("bad-points", "process.group.points")]),
        (scheme(group(LEAF, aggregation=MINIMUM, points="0.001")), [("bad-points", "process.group.points")]),
        (scheme(group(LEAF), aggregation=MINIMUM, points=-1), [("bad-points", "points")]),
        (scheme(group(LEAF), aggregation=MINIMUM, points="0.001"), [("bad-points", "points")]),
        (scheme(group()), [("empty-group", "process.group")]),
        (scheme(), [("empty-scheme", "tiers")]),
        (scheme(group(LEAF), group(LEAF)), [("same-id", "process.group")]),
        (scheme(group(LEAF, LEAF)), [("same-id", "process.group.a")]),
        (scheme(group(LEAF, name="Group")), [("bad-id", "process.Group")]),
        (scheme(group(judged_leaf("a b", 5))), [("bad-id", "process.group.a b")]),
        (scheme(group(judged_leaf("", 5))), [("bad-id", "process.group.")]),
        (scheme(group(LEAF), id="S s"), [("bad-id", "id")]),
        (scheme(group(LEAF), precision=-1), [("bad-precision", "precision")]),
        (scheme(group(LEAF), precision=13), [("bad-precision", "precision")]),
        (scheme(group(LEAF), precision=16**5000), [("bad-precision", "precision")]),
    ],
)
def test_a_wrong_node_is_named(make: Any, expected: list[tuple[str, str]]) -> None:
    found = problems(make)
    assert set(expected) <= set(found)
    assert {code for code, _ in found} == {code for code, _ in expected}


def test_a_group_of_groups_and_indicators_is_refused() -> None:
    inner = group(LEAF, name="inner")
    assert problems(scheme(group(LEAF, groups=[inner]))) == [("mixed-group", "process.group")]


@pytest.mark.parametrize(
    "order", [["process", "input"], ["process", "process"], ["effect", "output", "process", "input"]]
)
def test_tiers_twice_or_out_of_order_are_refused(order: list[str]) -> None:
    tiers = [it.TierNode(tier=tier, groups=[group(LEAF)]) for tier in order]
    assert problems(lambda: it.Scheme(id="s", tiers=tiers)) == [("bad-tiers", "tiers")]


@pytest.mark.parametrize(
    "edges",
    [
        [],
        [("a", "90%")],
        [("a", "60%"), ("b", "90%"), ("c", 0)],
        [("a", "90%"), ("b", "90%"), ("c", 0)],
        [("a", "90%"), ("a", "60%"), ("c", 0)],
    ],
)
def test_grades_go_down_to_zero_each_once(edges: list[tuple[str, Any]]) -> None:
    grades = [it.Grade(name, "t", edge) for name, edge in edges]
    assert problems(scheme(group(LEAF), grades=grades)) == [("bad-grades", "grades")]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"a": 1, "c": 1}, {"aggregation.weights.c", "aggregation.weights"}),
        ({"a": 1}, {"aggregation.weights"}),
        ({"a": -1, "b": 1}, {"aggregation.weights.a"}),
        ({"a": 0, "b": 0}, {"aggregation.weights"}),
    ],
)
@pytest.mark.parametrize("level", ["group", "tier"])
def test_weights_are_for_the_children_that_there_are(weights: Any, expected: set[str], level: str) -> None:
    weighed: dict[str, Any] = {"aggregation": it.Aggregation("weighted_mean", weights), "points": 5}
    if level == "group":
        make, place = scheme(group(LEAF, judged_leaf("b", 5), **weighed)), "process.group."
    else:
        make, place = scheme(group(LEAF, name="a"), group(LEAF, name="b"), tier=weighed), "process."
    found = problems(make)
    assert {code for code, _ in found} == {"bad-weights"}
    assert {path for _, path in found} == {place + path for path in expected}


@pytest.mark.parametrize(
    "weights", [{"process": 1}, {"process": -1, "input": 1, "output": 1, "effect": 1}, {"input": 0, "process": 0}]
)
def test_weights_of_the_tiers_are_checked_like_those_of_groups(weights: dict[str, int]) -> None:
    weighed = it.Aggregation("weighted_mean", weights)
    assert {code for code, _ in problems(scheme(group(LEAF), aggregation=weighed, points=5))} == {"bad-weights"}


def test_weights_for_a_tier_that_does_not_exist_are_refused() -> None:
    weights = it.Aggregation("weighted_mean", {"porcess": 1})
    assert "bad-weights" in {code for code, _ in problems(scheme(group(LEAF), aggregation=weights, points=5))}


def test_weights_go_with_a_weighted_mean_only() -> None:
    weights = it.Aggregation("minimum", {"a": 1})
    assert problems(scheme(group(LEAF, aggregation=weights, points=5))) == [
        ("bad-weights", "process.group.aggregation")
    ]


def test_points_that_no_child_can_earn_are_refused() -> None:
    information = it.Leaf(id="a", indicator=execution, points=0)
    assert problems(scheme(group(information, aggregation=MINIMUM, points=5)))
    assert problems(
        lambda: it.Scheme(
            id="s",
            tiers=[
                it.TierNode(tier="input", aggregation=MINIMUM, points=5),
                it.TierNode(tier="process", groups=[group(LEAF)]),
            ],
        )
    )


def test_a_capped_sum_that_cannot_reach_its_points_is_refused() -> None:
    assert problems(scheme(group(LEAF, aggregation=it.Aggregation("capped_sum"), points=9)))


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (one(rule=None), [("no-rule", "rule")]),
        (one(points=-1), [("bad-points", "points")]),
        (one(combine=it.Aggregation("minimum")), [("bad-combine", "combine")]),
        (one(lowest=1), [("bad-points", "lowest")]),
        (one(lowest="-0.001"), [("bad-points", "lowest")]),
        (one(highest=4), [("bad-points", "highest")]),
        (one(highest="5.001"), [("bad-points", "highest")]),
        (one(rule=rules.PerItem(each=1)), [("wrong-rule", "rule")]),
        (one(rule=rules.GradedJudgement()), [("wrong-rule", "rule")]),
        (one(indicator=tidy), [("wrong-rule", "rule")]),
        (one(indicator=judged), [("wrong-rule", "rule")]),
        (one(indicator=tidy, rule=rules.GradedJudgement()), [("wrong-rule", "rule")]),
        (one(indicator=judged, rule=rules.PerItem(each=1)), [("wrong-rule", "rule")]),
        (one(rule="proportional"), [("not-a-rule", "rule")]),
        (one(rule=rules.Proportional), [("not-a-rule", "rule")]),
        (one(indicator=execution.function), [("not-an-indicator", "indicator")]),
        (one(indicator="demo.execution"), [("not-an-indicator", "indicator")]),
        (one(bindings={"budgte": "fund"}), [("bad-binding", "with.budgte")]),
        (one(for_each="projects", indicator=all_projects), [("bad-for-each", "for_each")]),
        (one(for_each="projects", indicator=judged, rule=rules.GradedJudgement()), [("bad-for-each", "for_each")]),
        (
            one(for_each="projects", indicator=project_execution, bindings={"project": "other"}),
            [("bad-for-each", "for_each")],
        ),
        (one(for_each="budgets", combine=SUM), [("bad-combine", "combine")]),
        (one(for_each="budgets", combine=it.Aggregation("capped_sum")), [("bad-combine", "combine")]),
        (
            one(for_each="budgets", combine=it.Aggregation("weighted_mean", {"a": 1})),
            [("bad-combine", "combine")],
        ),
        (
            one(rule=rules.Bands(bands=[rules.Band(points=6)])),
            [("points-beyond", "rule.bands[0].points")],
        ),
        (
            one(rule=rules.Comparison(cases=[rules.Case(above=0, points=6)], otherwise=-1)),
            [("points-beyond", "rule.cases[0].points"), ("points-beyond", "rule.otherwise")],
        ),
        (
            one(rule=rules.Comparison(against={"x": judged}, cases=[rules.Case(above="x", points=1)], otherwise=0)),
            [("not-measured", "rule.against.x")],
        ),
        (one(indicator=tidy, rule=rules.PerItem(each=1)), [("points-do-not-add-up", "rule.items")]),
        (
            one(indicator=tidy, rule=rules.PerItem(items={"whole": 2, "ture": 2, "timely": 1})),
            [("unknown-item", "rule.items.ture"), ("no-points", "rule.items")],
        ),
        (
            one(indicator=tidy, rule=rules.DeductPerItem(items={"whole": 2, "ture": 2, "timely": 0})),
            [("unknown-item", "rule.items.ture"), ("no-points", "rule.items"), ("not-above-zero", "rule.items.timely")],
        ),
        (one(indicator=tidy, rule=rules.DeductPerItem(each=-1)), [("not-above-zero", "rule.each")]),
        (one(rule=rules.DeductPerItem(each=1)), [("wrong-rule", "rule")]),
        (one(indicator=judged, rule=rules.Incidents(points_per_incident=1)), [("wrong-rule", "rule")]),
        (one(indicator=tidy, rule=rules.OverFulfilment(threshold=2, slope=1)), [("wrong-rule", "rule")]),
    ],
)
def test_a_wrong_leaf_is_named(make: Any, expected: list[tuple[str, str]]) -> None:
    assert problems(make) == [(code, f"process.group.a.{path}") for code, path in expected]


def test_points_that_are_too_fine_are_said_where_they_are_given() -> None:
    found = problems(one(points="0.001"))
    assert ("bad-points", "process.group.a.points") in found
    assert ("bad-points", "process.group.a.highest") not in found


def test_a_misspelt_name_comes_with_the_right_one() -> None:
    with pytest.raises(it.SchemeError, match='did you mean "budget"'):
        one(bindings={"budgte": "fund"})()
    with pytest.raises(it.SchemeError, match='did you mean "true"'):
        one(indicator=tidy, rule=rules.PerItem(items={"whole": 2, "ture": 2, "timely": 1}))()


def test_a_bonus_leaf_may_have_bands_up_to_its_highest() -> None:
    bonus = rules.Bands(bands=[rules.Band(below=1, points=5), rules.Band(at_least=1, points=8)])
    leaf = it.Leaf(id="a", indicator=execution, points=5, highest=8, rule=bonus)
    card = it.score(scheme_of(leaf), {"budget": Budget(planned=1, spent=1)})
    assert card.total == 8


def test_points_below_the_lowest_are_refused() -> None:
    penalty = rules.Bands(bands=[rules.Band(below=1, points=-3), rules.Band(at_least=1, points=5)])
    assert problems(one(rule=penalty))


def test_bands_none_of_which_gives_full_marks_are_a_scheme() -> None:
    assert one(rule=rules.Bands(bands=[rules.Band(points=4)]))().points_of(one()().tiers[1]) == 5


def test_a_measure_that_is_compared_with_needs_its_records_like_any_other() -> None:
    rule = rules.Comparison(against={"staff": staffing}, cases=[rules.Case(at_most="staff", points=5)], otherwise=0)
    compared = it.Leaf(id="a", indicator=execution, points=5, rule=rule, bindings={"staff": "budget"})
    assert problems(scheme(group(compared))) == [("two-records", "process.group.a")]
    assert set(one(rule=rule)().data_shape.records) == {"budget", "staff"}
    assert problems(one(rule=rule, bindings={"staf": "other"})) == [("bad-binding", "process.group.a.with.staf")]


def test_two_records_under_one_name_are_refused() -> None:
    first = it.Leaf(id="a", indicator=execution, points=0, bindings={"budget": "staff"})
    second = it.Leaf(id="b", indicator=staffing, points=0)
    assert problems(scheme(group(first, second))) == [("two-records", "process.group.b")]


def test_a_record_and_line_items_under_one_name_are_refused() -> None:
    first = it.Leaf(id="a", indicator=project_execution, points=0, bindings={"project": "projects"})
    second = it.Leaf(id="b", indicator=all_projects, points=0)
    assert problems(scheme(group(first, second))) == [("two-records", "process.group.b")]


def test_a_declared_record_that_a_leaf_needs_otherwise_is_refused() -> None:
    leaf = it.Leaf(id="a", indicator=staffing, points=0)
    assert problems(scheme(group(leaf), records={"staff": RecordShape(Budget)})) == [("two-records", "process.group.a")]


def test_everything_wrong_is_said_at_once() -> None:
    leaves = [
        it.Leaf(id="a", indicator=execution, points=5),
        it.Leaf(id="b", indicator=balance, points=2, rule=rules.Bands(bands=[rules.Band(points=3)])),
        it.Leaf(id="B", indicator=tidy, points=3, rule=rules.PerItem(each=2)),
    ]
    wrong = scheme(group(*leaves, points=11), id="S", precision=20, grades=[], points=7)
    assert set(problems(wrong)) == {
        ("bad-id", "id"),
        ("bad-precision", "precision"),
        ("bad-grades", "grades"),
        ("points-do-not-add-up", "points"),
        ("points-do-not-add-up", "process.group.points"),
        ("bad-id", "process.group.B"),
        ("no-rule", "process.group.a.rule"),
        ("points-beyond", "process.group.b.rule.bands[0].points"),
        ("points-do-not-add-up", "process.group.B.rule.items"),
    }


def test_the_error_reads_as_a_line_for_each_problem() -> None:
    with pytest.raises(it.SchemeError) as caught:
        scheme(group(LEAF, points=6), precision=13)()
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems) == 2
    assert lines[1].startswith("process.group.points: ")


def test_the_demo_catalog_is_whole() -> None:
    assert demo_catalog().problems == []
