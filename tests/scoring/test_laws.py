"""What every scorecard keeps to, and the whole tree against plain fractions."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from strategies import (
    Budget,
    Linear,
    NoValue,
    all_projects,
    balance,
    execution,
    fragile,
    judged,
    judged_leaf,
    points_by,
    points_of,
    project_execution,
    rounded,
    scheme_of,
    scored,
    shares,
    staffing,
    tidy,
    unit_data,
    veto_applies,
)

SOME = settings(max_examples=25)
ADDED = (it.Combine.SUM,)


# The oracle: everything is computed again, from declarations and figures, in fractions


def figure(record: Any, name: str) -> Fraction:
    value = getattr(record, name) if record is not None else it.MISSING
    if not value.is_defined:
        raise NoValue("missing")
    fraction: Fraction = value.fraction
    return fraction


def ratio(above: Fraction, below: Fraction) -> Fraction:
    if below == 0:
        raise NoValue("undefined")
    return above / below


def measured_project(project: Any) -> Fraction:
    if not isinstance(project.active, bool):
        raise NoValue("missing")
    if not project.active:
        raise NoValue("not_applicable")
    planned, spent = figure(project, "planned"), figure(project, "spent")
    return ratio(spent, planned)


def measured_staff(staff: Any) -> Fraction:
    if figure(staff, "posts") == 0:
        raise NoValue("not_applicable")
    return figure(staff, "in_post") / figure(staff, "posts")


def measured_projects(items: Any) -> Fraction:
    if items is None:
        raise NoValue("missing")
    spent, planned = (sum((figure(item, name) for item in items), start=Fraction(0)) for name in ("spent", "planned"))
    return ratio(spent, planned)


def measured_balance(budget: Any) -> Fraction:
    return figure(budget, "planned") - figure(budget, "spent")


def measured_fragile(budget: Any) -> Fraction:
    if measured_balance(budget) < 0:
        raise NoValue("failed")
    return measured_balance(budget) / 1000


def measured_execution(budget: Any) -> Fraction:
    planned, spent = figure(budget, "planned"), figure(budget, "spent")
    return ratio(spent, planned)


FORMULAS = {
    execution: measured_execution,
    balance: measured_balance,
    fragile: measured_fragile,
    staffing: measured_staff,
    all_projects: measured_projects,
    project_execution: measured_project,
}


def treated(scheme: it.Scheme, leaf: it.Leaf, outcome: str) -> int | None:
    """What the leaf's policy, or else the scheme's, makes of an outcome."""
    treatment = getattr(leaf.policies, outcome) or getattr(scheme.policies, outcome)
    full = int(leaf.points.fraction * 10**scheme.precision)
    return {"no_points": 0, "full_points": full, "left_out": None}[treatment.value]


def ruled(scheme: it.Scheme, leaf: it.Leaf, value: Any, beside: dict[str, Any] | None = None) -> int:
    """What the rule makes of a value, within the limits of the leaf."""
    if leaf.rule is None:
        return 0
    units = rounded(points_by(leaf.rule, value, leaf.points.fraction, beside), scheme.precision, scheme.rounding)
    lowest, highest = (int(limit.fraction * 10**scheme.precision) for limit in (leaf.lowest, leaf.most))
    return max(lowest, min(units, highest))


def record_for(leaf: it.Leaf, measure: it.Indicator, data: it.UnitData, item: Any) -> Any:
    """The record that a measure of a leaf takes: the line item, or the one that is bound."""
    (parameter,) = measure.parameters
    if parameter == "project":
        return item
    return data.records.get(leaf.bindings.get(parameter, parameter))


def beside_value(leaf: it.Leaf, path: str, data: it.UnitData, item: Any) -> dict[str, Any]:
    """What the rule of a leaf asks for besides the value; only what lacks or does not divide may lack."""
    found: dict[str, Any] = {}
    if isinstance(leaf.rule, rules.OverFulfilment):
        judgement = data.judgement.get(path)
        found["target_set_low"] = bool(judgement and judgement.items and judgement.items.get("target_set_low"))
    if isinstance(leaf.rule, rules.Comparison):
        for name, measure in leaf.rule.against.items():
            assert isinstance(measure, it.Measured)
            try:
                found[name] = FORMULAS[measure](record_for(leaf, measure, data, item))
            except NoValue as why:
                if str(why) not in ("missing", "undefined"):
                    raise
                found[name] = str(why)
    return found


def expected_measure(scheme: it.Scheme, path: str, leaf: it.Leaf, data: it.UnitData, item: Any = None) -> int | None:
    assert isinstance(leaf.indicator, it.Measured)
    try:
        value = FORMULAS[leaf.indicator](record_for(leaf, leaf.indicator, data, item))
        return ruled(scheme, leaf, value, beside_value(leaf, path, data, item))
    except NoValue as why:
        return treated(scheme, leaf, str(why))


def expected_lines(scheme: it.Scheme, path: str, leaf: it.Leaf, data: it.UnitData) -> int | None:
    items = data.records.get(leaf.for_each)
    if items is None:
        return treated(scheme, leaf, "missing")
    found = [expected_measure(scheme, path, leaf, data, item) for item in items]
    kept = [units for units in found if units is not None]
    if not items:
        return treated(scheme, leaf, "not_applicable")
    if not kept:
        reject()  # what becomes of a leaf whose every line is left out is tested by itself
    if leaf.points == 0:
        return 0
    combined = {
        it.Combine.MINIMUM: Fraction(min(kept)),
        it.Combine.BETTER_OF: Fraction(max(kept)),
        it.Combine.WEIGHTED_MEAN: Fraction(sum(kept), len(kept)),
    }[leaf.combine.combine]
    return rounded(combined / 10**scheme.precision, scheme.precision, scheme.rounding)


def expected_judgement(scheme: it.Scheme, leaf: it.Leaf, judgement: it.Judgement | None) -> int | None:
    value: Any = None
    if judgement is not None and judgement.share is not None:
        value = judgement.share.fraction
    elif judgement is not None and judgement.items is not None and len(judgement.items) == len(tidy.items):
        value = judgement.items
    return treated(scheme, leaf, "missing") if value is None else ruled(scheme, leaf, value)


def expected_leaf(scheme: it.Scheme, path: str, leaf: it.Leaf, data: it.UnitData) -> int | None:
    """The score of a leaf in units of the last place; None where it is left out."""
    if path in data.not_applicable:
        return treated(scheme, leaf, "not_applicable")
    if leaf.indicator in (tidy, judged):
        return expected_judgement(scheme, leaf, data.judgement.get(path))
    if leaf.for_each:
        return expected_lines(scheme, path, leaf, data)
    return expected_measure(scheme, path, leaf, data)


def expected_node(scheme: it.Scheme, node: Any, children: list[int | None]) -> int | None:
    """The score of a node from its children's."""
    limit = points_of(node)
    pointed = [
        (child, points_of(child), Fraction(units, 10**scheme.precision))
        for child, units in zip(node.children, children, strict=True)
        if units is not None and points_of(child) > 0
    ]
    if not pointed and any(points_of(child) > 0 for child in node.children):
        return None
    combine = node.aggregation.combine
    if combine in (it.Combine.SUM, it.Combine.CAPPED_SUM):
        value = Fraction(sum(units for units in children if units is not None), 10**scheme.precision)
        whole, kept = sum(map(points_of, node.children)), sum(points for _, points, _ in pointed)
        if whole:
            value = value * whole / kept
        if combine is it.Combine.CAPPED_SUM:
            value = min(value, limit)
    elif not pointed:
        value = Fraction(0)
    elif combine is it.Combine.WEIGHTED_MEAN:
        given = node.aggregation.weights
        weights = [given[child.id].fraction if given else points for child, points, _ in pointed]
        added = sum(
            (score / points * weight for (_, points, score), weight in zip(pointed, weights, strict=True)),
            start=Fraction(0),
        )
        value = limit * added / sum(weights)
    else:
        best = min if combine is it.Combine.MINIMUM else max
        value = limit * best(score / points for _, points, score in pointed)
    return rounded(value, scheme.precision, scheme.rounding)


def expected_tree(scheme: it.Scheme, data: it.UnitData) -> dict[str, int | None]:
    found: dict[str, int | None] = {}

    def visit(node: Any, path: str) -> int | None:
        if isinstance(node, it.Leaf):
            found[path] = expected_leaf(scheme, path, node, data)
        else:
            below = [visit(child, f"{path}.{child.id}" if path else child.id) for child in node.children]
            found[path] = expected_node(scheme, node, below)
        return found[path]

    visit(scheme, "")
    return found


@given(scored())
@settings(max_examples=150)
def test_the_whole_tree_is_what_plain_fractions_give(pair: tuple[it.Scheme, it.UnitData]) -> None:
    scheme, data = pair
    card = it.score(scheme, data)
    expected = expected_tree(scheme, data)
    assert card.arithmetic_units == expected[""]
    if expected[""] is not None:
        caps = [veto.points.fraction for veto in scheme.vetoes if veto.points is not None and veto_applies(veto, data)]
        expected[""] = min([expected[""], *(int(cap * 10**scheme.precision) for cap in caps)])
    assert {node.path: node.units for node in card.root.walk()} == expected


# Laws


@given(scored(beyond=False))
@SOME
def test_every_score_lies_between_none_and_its_points(pair: tuple[it.Scheme, it.UnitData]) -> None:
    for node in it.score(*pair).root.walk():
        assert node.score is None or 0 <= node.score <= node.points


@given(scored())
@SOME
def test_every_leaf_lies_between_its_lowest_and_its_highest(pair: tuple[it.Scheme, it.UnitData]) -> None:
    card = it.score(*pair)
    for path, leaf in pair[0].leaves():
        score = card[path].score
        assert score is None or leaf.lowest <= it.exact(score) <= leaf.most


@given(scored(vetoes=False))
@SOME
def test_a_sum_with_nothing_left_out_is_the_sum_of_its_children(pair: tuple[it.Scheme, it.UnitData]) -> None:
    for node in it.score(*pair).root.walk():
        if node.children and node.info.additive and all(child.counts for child in node.children):
            assert node.score == sum(child.score for child in node.children if child.score is not None)
            assert node.adjustments == ()


@given(scored(combines=ADDED))
@SOME
def test_total_is_the_sum_of_its_leaves(pair: tuple[it.Scheme, it.UnitData]) -> None:
    card = it.score(*pair)
    leaves = [leaf.score for leaf in card.leaves()]
    if None not in leaves:
        assert card.arithmetic_total == sum(score for score in leaves if score is not None)


@given(scored())
@SOME
def test_points_lost_are_the_losses_of_the_children_and_the_adjustments(pair: tuple[it.Scheme, it.UnitData]) -> None:
    for node in it.score(*pair).root.walk():
        if node.children and node.counts:
            lost = sum((Fraction(child.lost) for child in node.children if child.lost is not None), start=Fraction(0))
            adjusted = sum((adjustment.lost.fraction for adjustment in node.adjustments), start=Fraction(0))
            assert node.lost is not None
            assert Fraction(node.lost) == lost + adjusted


@given(scored())
@SOME
def test_an_adjustment_says_why_in_both_languages(pair: tuple[it.Scheme, it.UnitData]) -> None:
    kinds = {
        it.Combine.SUM: "spread",
        it.Combine.CAPPED_SUM: "cap",
        it.Combine.WEIGHTED_MEAN: "mean",
        it.Combine.MINIMUM: "minimum",
        it.Combine.BETTER_OF: "better_of",
    }
    nodes: dict[str, Any] = {"": pair[0], **dict(pair[0].walk())}
    for node in it.score(*pair).root.walk():
        for adjustment in node.adjustments:
            if adjustment.kind == "veto":
                assert not node.path
            else:
                assert adjustment.kind == kinds[nodes[node.path].aggregation.combine]
            assert adjustment.reason.zh
            assert adjustment.reason.en


def turned(node: Any, random: Any) -> Any:
    """The same tree with the children of every group and tier in another order."""
    changes = {}
    for name in ("groups", "indicators"):
        if children := list(getattr(node, name, ())):
            random.shuffle(children)
            changes[name] = [turned(child, random) for child in children]
    return attrs.evolve(node, **changes)


@given(scored(), st.randoms(use_true_random=False))
@SOME
def test_the_order_of_children_changes_no_score(pair: tuple[it.Scheme, it.UnitData], random: Any) -> None:
    scheme, data = pair
    other = attrs.evolve(scheme, tiers=[turned(tier, random) for tier in scheme.tiers])
    before, after = it.score(scheme, data), it.score(other, data)
    assert {node.path: node.units for node in before.root.walk()} == {
        node.path: node.units for node in after.root.walk()
    }
    assert before.grade == after.grade


def test_of_equal_shares_the_first_is_the_better_one() -> None:
    group = {"aggregation": it.Aggregation("better_of"), "points": 6}
    scheme = scheme_of(judged_leaf("a", 2), judged_leaf("b", 4), **group)
    card = it.score(scheme, shares(scheme, a="50%", b="50%"))
    assert card.total == 3


def test_equal_scores_do_not_collapse() -> None:
    scheme = scheme_of(*(judged_leaf(name, 1, title="same") for name in "abcd"))
    card = it.score(scheme, shares(scheme, a="50%", b="50%", c="50%", d="50%"))
    assert card.total == 2
    assert len(list(card.leaves())) == 4


@given(scored())
@SOME
def test_leaves_and_groups_of_no_points_change_nothing(pair: tuple[it.Scheme, it.UnitData]) -> None:
    scheme, data = pair
    nothing = it.Leaf(id="nothing", indicator=execution, points=0, bindings={"budget": "spare"})
    empty = it.Group(id="more", title="more", indicators=[nothing])

    def widened(node: Any) -> Any:
        changes: dict[str, Any] = {}
        if weights := dict(node.aggregation.weights):
            changes["aggregation"] = it.Aggregation(
                "weighted_mean", {**weights, ("nothing", "more")[not leafy(node)]: 1}
            )
        if leafy(node):
            changes["indicators"] = [*node.indicators, nothing]
        else:
            changes["groups"] = [*(widened(group) for group in node.groups), empty]
        return attrs.evolve(node, **changes)

    def leafy(node: Any) -> bool:
        return bool(getattr(node, "indicators", ()))

    wider = attrs.evolve(scheme, tiers=[widened(tier) if tier.groups else tier for tier in scheme.tiers])
    before, after = it.score(scheme, data), it.score(wider, data)
    for node in before.root.walk():
        assert after[node.path].units == node.units
    assert after.grade == before.grade


@given(scored(combines=ADDED))
@SOME
def test_splitting_a_group_changes_no_total_where_nothing_is_left_out(pair: tuple[it.Scheme, it.UnitData]) -> None:
    scheme, data = pair
    card = it.score(scheme, data)
    if any(not leaf.counts for leaf in card.leaves()):
        return

    def split(group: it.Group) -> it.Group:
        if group.groups:
            return attrs.evolve(group, groups=[split(inner) for inner in group.groups])
        alone = [it.Group(id=f"only_{leaf.id}", title="t", indicators=[leaf]) for leaf in group.indicators]
        return attrs.evolve(group, groups=alone, indicators=())

    tiers = [attrs.evolve(tier, groups=[split(group) for group in tier.groups]) for tier in scheme.tiers]
    finer = attrs.evolve(scheme, tiers=tiers)

    def moved(path: str) -> str:
        if path.startswith("veto."):
            return path
        parent, _, leaf = path.rpartition(".")
        return f"{parent}.only_{leaf}.{leaf}"

    same = attrs.evolve(
        data,
        judgement={moved(path): judgement for path, judgement in data.judgement.items()},
        not_applicable={moved(path): why for path, why in data.not_applicable.items()},
    )
    assert it.score(finer, same).total == card.total


@given(scored())
@SOME
def test_the_same_data_gives_the_same_scorecard(pair: tuple[it.Scheme, it.UnitData]) -> None:
    scheme, data = pair
    first, again = it.score(scheme, data), it.Scorer(attrs.evolve(scheme)).score(data)
    assert first == again
    assert hash(first) == hash(again)
    assert first.to_json() == again.to_json()


# Grades, precision, rounding


@pytest.mark.parametrize(
    ("share", "grade"),
    [
        ("100%", "excellent"),
        ("90%", "excellent"),
        ("89.99%", "good"),
        ("80%", "good"),
        ("79.99%", "fair"),
        ("60%", "fair"),
        ("59.99%", "poor"),
        ("0%", "poor"),
    ],
)
@pytest.mark.parametrize("points", [100, 10000])
def test_a_grade_begins_exactly_at_its_edge(share: str, grade: str, points: int) -> None:
    scheme = scheme_of(judged_leaf("a", points))
    card = it.score(scheme, shares(scheme, a=share))
    assert card.grade is not None
    assert card.grade.id == grade


def test_a_grade_reads_the_rounded_total() -> None:
    scheme = scheme_of(judged_leaf("a", 100))
    card = it.score(scheme, shares(scheme, a="89.995%"))
    assert (str(card.total), card.grade and card.grade.id) == ("90.00", "excellent")


@given(scored())
@SOME
def test_the_grade_is_the_best_that_the_total_reaches(pair: tuple[it.Scheme, it.UnitData]) -> None:
    card = it.score(*pair)
    if card.arithmetic_total is None or card.points == 0:
        assert card.grade is card.arithmetic_grade is None
        return
    share = Fraction(card.arithmetic_total) / Fraction(card.points)
    reached = [grade for grade in pair[0].grades if share >= grade.at_least.fraction]
    assert card.arithmetic_grade == (reached or pair[0].grades[-1:])[0]
    if not any(veto.applies for veto in card.vetoes):
        assert card.grade == card.arithmetic_grade


def test_a_scheme_without_points_has_no_grade() -> None:
    card = it.score(scheme_of(it.Leaf(id="a", indicator=execution, points=0)), {"budget": Budget(planned=1, spent=1)})
    assert card.total == card.points == 0
    assert card.grade is None


@pytest.mark.parametrize(
    ("rounding", "share", "score"),
    [
        ("half_up", "12.5%", "0.13"),
        ("half_even", "12.5%", "0.12"),
        ("half_even", "13.5%", "0.14"),
        ("down", "12.9%", "0.12"),
        ("up", "12.1%", "0.13"),
        ("up", "12%", "0.12"),
    ],
)
def test_a_leaf_is_rounded_as_its_scheme_says(rounding: Any, share: str, score: str) -> None:
    scheme = scheme_of(judged_leaf("a", 1), rounding=rounding)
    assert str(it.score(scheme, shares(scheme, a=share)).total) == score


@pytest.mark.parametrize(("precision", "total"), [(0, "1"), (1, "0.7"), (2, "0.67"), (8, "0.66666667")])
def test_a_score_has_the_decimal_places_of_its_scheme(precision: int, total: str) -> None:
    scheme = scheme_of(judged_leaf("a", 1), precision=precision)
    assert str(it.score(scheme, shares(scheme, a="2/3")).total) == total


@pytest.mark.parametrize("precision", [7, 8, 12])
def test_small_scores_are_written_without_an_exponent(precision: int) -> None:
    scheme = scheme_of(judged_leaf("a", 1), precision=precision)
    card = it.score(scheme, shares(scheme, a=0))
    assert card.to_dict()["total"] == "0." + "0" * precision
    assert not re.search(r"\dE", card.table("en"))


# Penalties and bonuses


def linear(points: Any, **limits: Any) -> it.Scheme:
    return scheme_of(it.Leaf(id="a", indicator=balance, points=points, rule=Linear(), **limits))


@pytest.mark.parametrize(
    ("spent", "total"), [(2, "-1.00"), (Fraction("1.1"), "-0.10"), (1, "0.00"), (0, "1.00"), (-1, "1.50"), (-9, "1.50")]
)
def test_penalties_and_bonuses_stop_at_their_limits(spent: Any, total: str) -> None:
    card = it.score(linear(1, lowest=-1, highest="1.5"), {"budget": Budget(planned=1, spent=spent)})
    assert str(card.total) == total


@pytest.mark.parametrize(("points", "units"), [("-0.005", -1), ("-0.0049", 0), ("-0.015", -2)])
def test_a_penalty_is_rounded_by_its_magnitude(points: str, units: int) -> None:
    leaf = it.Leaf(id="a", indicator=execution, points=1, rule=Linear(factor=points), lowest=-1)
    card = it.score(scheme_of(leaf), {"budget": Budget(planned=1, spent=1)})
    assert card.root.units == units


def test_a_penalty_takes_from_the_other_leaves() -> None:
    penalty = it.Leaf(
        id="late",
        indicator=balance,
        points=0,
        lowest=-2,
        rule=rules.Bands(bands=[rules.Band(below=0, points=-2), rules.Band(at_least=0, points=0)]),
    )
    scheme = scheme_of(judged_leaf("a", 5), penalty)
    data = attrs.evolve(shares(scheme, a=1), not_applicable={}, records={"budget": Budget(planned=1, spent=2)})
    card = it.score(scheme, data)
    assert card.total == 3
    assert card["process.group.late"].lost == 2
    assert card["process.group.late"].reason["en"]


@given(st.data())
@settings(max_examples=30)
def test_the_figures_of_one_unit_do_not_leak_into_the_next(data: st.DataObject) -> None:
    scheme, first = data.draw(scored())
    second = data.draw(unit_data(scheme))
    scorer = it.Scorer(scheme)
    alone = it.Scorer(scheme).score(second)
    scorer.score(first)
    assert scorer.score(second) == alone
