"""The tree: its four tiers, paths, points, and what data it takes."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings

import indicatree as it
from indicatree import rules
from strategies import (
    Budget,
    Project,
    Staff,
    all_projects,
    execution,
    judged,
    judged_leaf,
    points_of,
    project_execution,
    scheme_of,
    schemes,
    staffing,
    tidy,
)

FEW = settings(max_examples=30)


@given(schemes())
@FEW
def test_a_scheme_has_exactly_the_four_tiers_in_order(scheme: it.Scheme) -> None:
    assert [tier.tier for tier in scheme.tiers] == list(it.Tier)


@given(schemes())
@FEW
def test_the_points_of_a_node_are_given_or_added(scheme: it.Scheme) -> None:
    for node in (scheme, *(node for _, node in scheme.walk())):
        assert scheme.points_of(node).fraction == points_of(node)


@given(schemes())
@FEW
def test_every_node_has_its_own_path_below_its_parent(scheme: it.Scheme) -> None:
    nodes = dict(scheme.walk())
    assert len(nodes) == sum(1 for _ in scheme.walk())
    for path, node in nodes.items():
        assert path.rpartition(".")[2] == node.id
        if not isinstance(node, it.Leaf):
            assert [nodes[f"{path}.{child.id}"] for child in node.children] == list(node.children)


@given(schemes())
@FEW
def test_parents_come_before_their_children(scheme: it.Scheme) -> None:
    seen: set[str] = set()
    for path, node in scheme.walk():
        parent = path.rpartition(".")[0]
        assert parent in seen or isinstance(node, it.TierNode)
        seen.add(path)


@given(schemes())
@FEW
def test_the_data_shape_names_every_leaf_and_every_veto(scheme: it.Scheme) -> None:
    shape = scheme.data_shape
    leaves = dict(scheme.leaves())
    vetoes = {f"veto.{veto.id}": veto for veto in scheme.vetoes}
    assert shape.leaves == {*leaves, *vetoes}
    asked = {path for path, leaf in leaves.items() if isinstance(leaf.rule, rules.OverFulfilment)}
    said = {path for path, veto in vetoes.items() if veto.indicator is None}
    whole = {path for path, leaf in leaves.items() if leaf.indicator in (tidy, judged)}
    assert set(shape.judgements) == whole | asked | said
    assert {path for path, wanted in shape.judgements.items() if wanted.optional} == asked | said


def test_a_tier_that_is_not_given_is_empty_and_has_no_points() -> None:
    scheme = scheme_of(judged_leaf("a", 5))
    assert [tier.id for tier in scheme.tiers] == ["input", "process", "output", "effect"]
    assert [scheme.points_of(tier).fraction for tier in scheme.tiers] == [0, 5, 0, 0]


def test_groups_nest_below_a_tier() -> None:
    inner = it.Group(id="inner", title="i", indicators=[judged_leaf("a", 2)])
    outer = it.Group(id="outer", title="o", groups=[inner])
    scheme = it.Scheme(id="s", tiers=[it.TierNode(tier="effect", groups=[outer])])
    assert [path for path, _ in scheme.leaves()] == ["effect.outer.inner.a"]
    assert scheme.points_of(scheme) == 2


def test_the_data_is_named_by_parameter_or_by_binding() -> None:
    own = it.Leaf(id="a", indicator=execution, points=0)
    bound = it.Leaf(id="b", indicator=execution, points=0, bindings={"budget": "fund"})
    lines = it.Leaf(id="c", indicator=project_execution, points=0, for_each="works")
    named = it.Leaf(id="d", indicator=project_execution, points=0, for_each="jobs", bindings={"project": "jobs"})
    whole = it.Leaf(id="e", indicator=all_projects, points=0)
    shape = scheme_of(own, bound, lines, named, whole, it.Leaf(id="f", indicator=staffing, points=0)).data_shape
    assert {name: (held.record_class, held.many) for name, held in shape.records.items()} == {
        "budget": (Budget, False),
        "fund": (Budget, False),
        "works": (Project, True),
        "jobs": (Project, True),
        "projects": (Project, True),
        "staff": (Staff, False),
    }


def test_a_leaf_is_called_as_its_indicator_unless_it_says_otherwise() -> None:
    assert judged_leaf("a").name == judged.title
    assert judged_leaf("a", title="own").name["en"] == "own"


def test_the_highest_score_is_the_points_unless_it_is_given() -> None:
    assert judged_leaf("a", 3).most == 3
    assert judged_leaf("a", 3, highest=4).most == 4


def test_points_are_taken_exactly() -> None:
    leaf = judged_leaf("a", "0.1")
    assert leaf.points.fraction == Fraction(1, 10)


def test_a_scheme_does_not_change() -> None:
    scheme = scheme_of(judged_leaf("a"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        scheme.precision = 3  # type: ignore[misc]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        scheme.tiers[0].points = None  # type: ignore[misc]


def test_a_leaf_of_no_points_needs_no_rule() -> None:
    assert scheme_of(it.Leaf(id="a", indicator=execution, points=0)).points_of(judged_leaf("a", 0)) == 0


def test_equal_schemes_have_equal_hashes() -> None:
    def make() -> it.Scheme:
        return scheme_of(it.Leaf(id="a", indicator=execution, points=5, rule=rules.Proportional()))

    assert make() == make()
    assert hash(make()) == hash(make())


def test_a_scheme_that_says_something_else_has_another_digest() -> None:
    one = scheme_of(judged_leaf("a", 5))
    others = [
        scheme_of(judged_leaf("b", 5)),
        scheme_of(judged_leaf("a", 4)),
        scheme_of(judged_leaf("a", 5, title="t")),
        scheme_of(judged_leaf("a", 5), precision=3),
        scheme_of(judged_leaf("a", 5), rounding="down"),
        scheme_of(judged_leaf("a", 5, policies=it.Policies(missing="left_out"))),
        scheme_of(judged_leaf("a", 5), policies=it.Policies(undefined="no_points")),
        scheme_of(judged_leaf("a", 5), points=5),
        scheme_of(judged_leaf("a", 5, lowest=-1)),
        scheme_of(judged_leaf("a", 5), aggregation=it.Aggregation("minimum"), points=5),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == len(others) + 1
    assert one.digest == scheme_of(judged_leaf("a", 5)).digest
