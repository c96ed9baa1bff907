"""Aggregations against plain fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree.scheme import Aggregation, Combine, Part

_POINTS = st.integers(0, 8)
_CHILD = st.tuples(_POINTS, st.integers(0, 4), st.booleans(), st.integers(1, 3))
CHILDREN = st.lists(_CHILD, min_size=1, max_size=5).filter(
    lambda children: any(counts and points for points, _, counts, _ in children)
)


def parts_of(children: list[tuple[int, int, bool, int]]) -> list[Part]:
    return [
        Part(
            score=it.exact(points) * it.Quantity(quarter, 4) if counts else it.MISSING,
            points=it.exact(points),
            counts=counts,
            weight=it.exact(weight),
        )
        for points, quarter, counts, weight in children
    ]


def expected(combine: Combine, children: list[tuple[int, int, bool, int]], limit: Fraction) -> Fraction:
    kept = [(points, Fraction(points * quarter, 4), weight) for points, quarter, counts, weight in children if counts]
    pointed = [(score / points, weight) for points, score, weight in kept if points]
    if combine is Combine.WEIGHTED_MEAN:
        return limit * sum(share * weight for share, weight in pointed) / sum(weight for _, weight in pointed)
    if combine is Combine.MINIMUM:
        return limit * min(share for share, _ in pointed)
    if combine is Combine.BETTER_OF:
        return limit * max(share for share, _ in pointed)
    added = sum((score for _, score, _ in kept), start=Fraction(0))
    whole = sum(points for points, _, _, _ in children)
    spread = added * whole / sum(points for points, _, _ in kept)
    return min(spread, limit) if combine is Combine.CAPPED_SUM else spread


@pytest.mark.parametrize("combine", Combine)
@given(children=CHILDREN, limit=st.integers(1, 9))
def test_an_aggregation_gives_what_plain_fractions_give(combine: Combine, children: Any, limit: int) -> None:
    found = Aggregation(combine).score(parts_of(children), it.exact(limit))
    assert found.fraction == expected(combine, children, Fraction(limit))


@pytest.mark.parametrize("combine", Combine)
@given(children=CHILDREN, random=st.randoms(use_true_random=False))
def test_the_order_of_children_does_not_matter(combine: Combine, children: Any, random: Any) -> None:
    parts = parts_of(children)
    before = Aggregation(combine).score(parts, it.exact(7))
    random.shuffle(parts)
    assert Aggregation(combine).score(parts, it.exact(7)) == before


@pytest.mark.parametrize("combine", Combine)
@given(children=CHILDREN)
def test_a_child_of_no_points_changes_nothing(combine: Combine, children: Any) -> None:
    parts = parts_of(children)
    for counts in (True, False):
        nothing = Part(score=it.exact(0) if counts else it.MISSING, points=it.exact(0), counts=counts)
        assert Aggregation(combine).score([*parts, nothing], it.exact(7)) == Aggregation(combine).score(
            parts, it.exact(7)
        )


@pytest.mark.parametrize("combine", [Combine.WEIGHTED_MEAN, Combine.MINIMUM, Combine.BETTER_OF])
@given(children=CHILDREN)
def test_a_share_lies_between_the_lowest_and_the_highest_child(combine: Combine, children: Any) -> None:
    parts = parts_of(children)
    shares = [(part.score / part.points).fraction for part in parts if part.counts and part.points > 0]
    assert min(shares) <= Aggregation(combine).score(parts, it.exact(1)).fraction <= max(shares)


@pytest.mark.parametrize("combine", Combine)
@given(st.data())
def test_full_marks_everywhere_are_full_marks(combine: Combine, data: st.DataObject) -> None:
    children = [(points, 4, counts, weight) for points, _, counts, weight in data.draw(CHILDREN)]
    whole = sum(points for points, _, _, _ in children)
    assert Aggregation(combine).score(parts_of(children), it.exact(whole)) == whole


@pytest.mark.parametrize("combine", Combine)
@given(children=CHILDREN, raised=st.integers(0, 4))
def test_a_better_child_never_lowers_the_node(combine: Combine, children: Any, raised: int) -> None:
    place = raised % len(children)
    points, _, counts, weight = children[place]
    better = [*children]
    better[place] = (points, 4, counts, weight)
    before, after = (Aggregation(combine).score(parts_of(some), it.exact(7)) for some in (children, better))
    assert before <= after


@pytest.mark.parametrize("combine", [Combine.WEIGHTED_MEAN, Combine.MINIMUM, Combine.BETTER_OF])
def test_a_node_whose_children_have_no_points_scores_nothing(combine: Combine) -> None:
    parts = [Part(score=it.exact(0), points=it.exact(0))]
    assert Aggregation(combine).score(parts, it.exact(0)) == 0


@pytest.mark.parametrize("combine", Combine)
def test_only_a_sum_is_additive(combine: Combine) -> None:
    assert Aggregation(combine).additive is (combine is Combine.SUM)


def test_a_way_to_combine_can_be_named_by_its_text() -> None:
    assert Aggregation("better_of") == Aggregation(Combine.BETTER_OF)
    with pytest.raises(ValueError, match="median"):
        Aggregation("median")


@pytest.mark.parametrize("combine", Combine)
def test_every_way_to_combine_has_a_title_in_both_languages(combine: Combine) -> None:
    assert combine.title.zh
    assert combine.title.en
