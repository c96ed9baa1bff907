"""Leaves that are left out: their points are spread once, at the node."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from strategies import execution, judged_leaf, scheme_of, shares

COMBINES = list(it.Combine)


def test_four_leaves_of_one_point_with_one_left_out_and_three_full_are_four() -> None:
    scheme = scheme_of(*(judged_leaf(name) for name in "abcd"))
    card = it.score(scheme, shares(scheme, a=1, b=1, c=1))
    assert str(card.total) == "4.00"
    assert [str(leaf.score) for leaf in card.leaves()] == ["1.00", "1.00", "1.00", "None"]
    (adjustment,) = card["process.group"].adjustments
    assert adjustment.kind == "spread"
    assert adjustment.lost == 0
    assert "1 of 4" in adjustment.reason["en"]
    assert "4 项中有 1 项" in adjustment.reason["zh"]


@pytest.mark.parametrize("combine", COMBINES)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=6))
def test_full_marks_stay_full_whatever_is_left_out(combine: it.Combine, leaves: list[tuple[int, bool]]) -> None:
    made = [judged_leaf(f"l{index}", points) for index, (points, _) in enumerate(leaves)]
    whole = sum(points for points, _ in leaves)
    scheme = scheme_of(*made, points=whole, aggregation=it.Aggregation(combine))
    kept = {f"l{index}": 1 for index, (_, counts) in enumerate(leaves) if counts}
    card = it.score(scheme, shares(scheme, **kept))
    node = card["process.group"]
    if whole and not any(counts and points for points, counts in leaves):
        assert node.score is None
    else:
        assert node.score == node.points == whole


@given(st.lists(st.tuples(st.integers(1, 9), st.one_of(st.none(), st.integers(0, 4))), min_size=1, max_size=6))
def test_a_spread_sum_is_the_share_of_the_points_that_apply(leaves: list[tuple[int, int | None]]) -> None:
    scheme = scheme_of(*(judged_leaf(f"l{index}", points) for index, (points, _) in enumerate(leaves)))
    given_shares = {
        f"l{index}": it.Quantity(quarter, 4) for index, (_, quarter) in enumerate(leaves) if quarter is not None
    }
    card = it.score(scheme, shares(scheme, **given_shares))
    kept = [(points, Fraction(points * quarter, 4)) for points, quarter in leaves if quarter is not None]
    if not kept:
        assert card.total is None
        return
    exact = (
        sum((score for _, score in kept), start=Fraction(0))
        * sum(points for points, _ in leaves)
        / sum(points for points, _ in kept)
    )
    assert card.total is not None
    assert abs(Fraction(card.total) - exact) <= Fraction(1, 200)


@pytest.mark.parametrize("combine", COMBINES)
def test_a_node_whose_every_leaf_with_points_is_left_out_is_left_out(combine: it.Combine) -> None:
    aggregated: dict[str, Any] = {"aggregation": it.Aggregation(combine), "points": 3}
    information = it.Leaf(id="info", indicator=execution, points=0, bindings={"budget": "fund"})
    inner = it.Group(
        id="inner", title="g", indicators=[judged_leaf("a"), judged_leaf("b", 2), information], **aggregated
    )
    beside = it.Group(id="beside", title="g", indicators=[judged_leaf("c", 5)])
    scheme = it.Scheme(
        id="s", tiers=[it.TierNode(tier="output", groups=[inner, beside])], policies=it.Policies(missing="no_points")
    )
    data = attrs.evolve(shares(scheme, c="50%"))
    card = it.score(scheme, data)
    node = card["output.inner"]
    assert (node.score, node.counts, node.outcome) == (None, False, it.Outcome.NOT_APPLICABLE)
    assert card["output"].score == card.total == 4


def test_a_whole_tree_that_is_left_out_has_no_total_and_no_grade() -> None:
    scheme = scheme_of(judged_leaf("a"), judged_leaf("b"))
    card = it.score(scheme, shares(scheme))
    assert (card.total, card.grade) == (None, None)
    assert [tier.score for tier in card.tiers] == [0, None, 0, 0]
    assert "undefined" in card.table("en")
    assert it.Scorecard.from_json(card.to_json()) == card


def test_spreading_one_level_up_counts_a_group_by_its_points() -> None:
    full = it.Group(id="full", title="g", indicators=[judged_leaf("a", 3)])
    half = it.Group(id="half", title="g", indicators=[judged_leaf("b", 1)])
    gone = it.Group(id="gone", title="g", indicators=[judged_leaf("c", 4)])
    scheme = it.Scheme(id="s", tiers=[it.TierNode(tier="input", groups=[full, half, gone])])
    card = it.score(scheme, shares(scheme, a=1, b="50%"))
    assert card.total == 7


def test_dropping_is_all_that_leaving_out_means_for_the_better_of() -> None:
    scheme = scheme_of(judged_leaf("a", 2), judged_leaf("b", 2), aggregation=it.Aggregation("better_of"), points=2)
    assert it.score(scheme, shares(scheme, b="25%")).total == Fraction(1, 2)


def test_weights_count_only_where_the_child_counts() -> None:
    mean = it.Aggregation("weighted_mean", {"a": 3, "b": 1, "c": 1})
    scheme = scheme_of(*(judged_leaf(name, 4) for name in "abc"), aggregation=mean, points=4)
    assert it.score(scheme, shares(scheme, a=1, b=0, c=0)).total == Fraction("2.4")
    assert it.score(scheme, shares(scheme, b=1, c=0)).total == 2


def test_a_mean_of_which_only_children_without_weight_are_left_is_left_out() -> None:
    mean = it.Aggregation("weighted_mean", {"a": 1, "b": 0})
    scheme = scheme_of(judged_leaf("a", 4), judged_leaf("b", 4), aggregation=mean, points=4)
    assert it.score(scheme, shares(scheme, a="50%", b=1)).total == 2
    assert it.score(scheme, shares(scheme, b=1)).total is None
