"""What the linter says of a rule, against brute force in fractions over a fine grid of values."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import chain, pairwise, product
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from indicatree.linter.rules import rule_findings
from indicatree.linter.spans import span_of
from indicatree.linter.stations import situations, stations
from linter.clean import cases_found, content, discontent, fulfilment, posts
from strategies import (
    Linear,
    balance,
    bands,
    checklist_rules,
    comparison,
    execution,
    inside,
    judged,
    measured_rules,
    points_by,
    staffing,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MINOR = Fraction(1, 10**9)
FULL = Fraction(10)
LIMITS: dict[it.Measured, tuple[Fraction | None, Fraction | None]] = {
    execution: (None, None),
    balance: (None, None),
    staffing: (Fraction(0), None),
    content: (Fraction(0), Fraction(1)),
    discontent: (Fraction(0), Fraction(1)),
    cases_found: (Fraction(0), Fraction(10**12)),
    posts: (Fraction(0), Fraction(10**12)),
}
"""The values that each measure can have."""
GRAINS: dict[it.Measured, Fraction] = {
    balance: Fraction(1, 100),
    content: Fraction(1, 10**6),
    discontent: Fraction(1, 10**6),
    cases_found: Fraction(1),
    posts: Fraction(1),
}
"""Of those whose values go in steps, the size of a step: fen, places of a share, whole things."""
DIRECTIONS = st.sampled_from([it.MORE, it.LESS, it.near(1), it.near("1/2"), it.near(0)])


def number(quantity: it.Quantity) -> Fraction:
    found: Fraction = quantity.fraction
    return found


def numbers(*edges: Any) -> list[Fraction]:
    return [number(edge) for edge in edges if isinstance(edge, it.Quantity)]


def turning(rule: it.Rule, full: Fraction, most: int = 30) -> list[Fraction]:  # noqa: PLR0911 - one branch for each kind
    """Where the points of a rule can jump or bend, read off its declaration; of many steps the first."""
    if isinstance(rule, rules.Bands):
        return numbers(*chain.from_iterable(edges_of(band) for band in rule.bands))
    if isinstance(rule, rules.AllOrNothing):
        return numbers(*edges_of(rule))
    if isinstance(rule, rules.DeductPerStep):
        steps = min(int((full - number(rule.until)) / number(rule.points_per_step)) + 2, most)
        sides = {rules.Side.ABOVE: (1,), rules.Side.BELOW: (-1,), rules.Side.EITHER: (1, -1)}[rule.side]
        target, step = number(rule.target), number(rule.step)
        return [target + side * count * step for side in sides for count in range(steps)]
    if isinstance(rule, rules.Proportional):
        return [Fraction(0) if rule.none_below is None else number(rule.none_below), number(rule.target)]
    if isinstance(rule, rules.Incidents):
        allowed = number(rule.allowed)
        return [allowed, allowed + (full - number(rule.until)) / number(rule.points_per_incident)]
    if isinstance(rule, rules.OverFulfilment):
        target = number(rule.target)
        return [Fraction(0), target, target * number(rule.threshold)]
    if isinstance(rule, rules.Comparison):
        return numbers(*chain.from_iterable(edges_of(case) for case in rule.cases))
    return [Fraction(0)]


def edges_of(limits: Any) -> list[Any]:
    return [limits.at_least, limits.above, limits.at_most, limits.below, limits.exactly]


def within(value: Fraction, limits: tuple[Fraction | None, Fraction | None]) -> bool:
    low, high = limits
    return (low is None or value >= low) and (high is None or value <= high)


def grid(leaf: it.Leaf, others: Iterable[Fraction] = ()) -> list[Fraction]:
    """Values all over, and each turning point with one minor unit to either side, of those that can be."""
    assert leaf.rule is not None
    near = [*turning(leaf.rule, FULL), *others, Fraction(0), Fraction(1, 2), Fraction(1)]
    beside = [edge + side * MINOR for edge in near for side in (-2, -1, 0, 1, 2)]
    values = {*beside, *(Fraction(part, 20) for part in range(-80, 81)), Fraction(-5000), Fraction(5000)}
    if step := GRAINS.get(base_of(leaf)):
        values = {(value // step + more) * step for value in values for more in (-1, 0, 1, 2)}
    return sorted(value for value in values if within(value, LIMITS[base_of(leaf)]))


def base_of(leaf: it.Leaf) -> it.Measured:
    """The measure of which the leaf's own is a copy with another direction."""
    return next(measure for measure in LIMITS if measure.id == leaf.indicator.id)


def score(leaf: it.Leaf, value: Fraction, beside: dict[str, Any] | None = None) -> Fraction:
    """The points within the limits of the leaf, before they are rounded."""
    assert leaf.rule is not None
    return max(number(leaf.lowest), min(points_by(leaf.rule, value, FULL, beside), number(leaf.most)))


def besides(rule: it.Rule) -> list[dict[str, Any]]:
    """What the linter may take other measures to be: what is tried here must be as it says."""
    tried = [Fraction(0), Fraction(1), Fraction(100)]
    names = list(rule.compared_with)
    return [dict(zip(names, values, strict=True)) for values in product(tried, repeat=len(names))]


def worse(better: it.Better, first: Fraction, second: Fraction) -> bool:
    """Whether the second value is better than the first, on the same side of a target."""
    if better.direction == "more":
        return second > first
    if better.direction == "less":
        return second < first
    assert better.target is not None
    target = number(better.target)
    return first < second <= target or target <= second < first


def violated(better: it.Better, scores: list[tuple[Fraction, Fraction]]) -> bool:
    """Whether a better value gets fewer points: then two neighbours on a side do."""
    return any(
        (worse(better, low[0], high[0]) and high[1] < low[1]) or (worse(better, high[0], low[0]) and low[1] < high[1])
        for low, high in pairwise(scores)
    )


def found_in(leaf: it.Leaf) -> dict[str, it.Finding]:
    return {finding.code: finding for finding in rule_findings(leaf)}


@st.composite
def measured_leaves(draw: st.DrawFn, made: st.SearchStrategy[it.Rule] | None = None) -> it.Leaf:
    """A leaf of ten points of any measure, direction and rule, which fit each other or do not."""
    measure = draw(st.sampled_from(list(LIMITS)))
    rule = draw(measured_rules(10) if made is None else made)
    assume(not {"demo.fragile", "demo.all_projects"} & {other.id for other in rule.compared_with.values()})
    limits: dict[str, Any] = {}
    if draw(st.booleans()):
        limits = {"lowest": -draw(st.integers(0, 5)), "highest": 10 + draw(st.integers(0, 5))}
    indicator = attrs.evolve(measure, better=draw(DIRECTIONS))
    return it.Leaf(id="a", indicator=indicator, points=10, rule=rule, **limits)


ONE = r"(just below |just above |)(-?[\d./]+)(?:%|)"
STATED = re.compile(rf"the better value, {ONE}, gets (-?[\d./]+) points and the worse one, {ONE}, gets (-?[\d./]+)")
SIDES = {"just below ": -1, "": 0, "just above ": 1}


def stated_value(leaf: it.Leaf, text: str) -> Fraction:
    return Fraction(text) / leaf.indicator.unit.scale


@settings(max_examples=150)
@given(measured_leaves())
def test_points_are_lost_for_better_values_where_brute_force_finds_it(leaf: it.Leaf) -> None:
    assert leaf.rule is not None
    better = leaf.indicator.better
    assert better is not None
    found = found_in(leaf).get("better-loses-points")
    if found is None:
        target = () if better.target is None else (number(better.target),)
        for beside in besides(leaf.rule):
            possible = all(within(beside[name], LIMITS[other]) for name, other in others_of(leaf.rule))
            values = grid(leaf, [*beside.values(), *target])
            assert not (possible and violated(better, [(value, score(leaf, value, beside)) for value in values]))
        return
    stated = STATED.search(found.message["en"])
    assert stated, found.message
    (side, value), more, (other_side, other), less = stated.groups()[:2], stated[3], stated.groups()[3:5], stated[6]
    good = (stated_value(leaf, value), SIDES[side])
    bad = (stated_value(leaf, other), SIDES[other_side])
    assert Fraction(more) < Fraction(less)
    assert worse(better, bad[0] + bad[1] * MINOR, good[0] + good[1] * MINOR)
    if not leaf.rule.compared_with:
        for (at, beside_it), points in ((good, more), (bad, less)):
            assert within(at, LIMITS[base_of(leaf)])
            assert abs(score(leaf, at + beside_it * MINOR) - Fraction(points)) <= abs(beside_it) * MINOR * 10**4


def others_of(rule: it.Rule) -> list[tuple[str, it.Measured]]:
    return [(name, other) for name, other in rule.compared_with.items() if isinstance(other, it.Measured)]


@settings(max_examples=100)
@given(measured_leaves())
def test_full_marks_cannot_be_reached_where_brute_force_does_not(leaf: it.Leaf) -> None:
    assert leaf.rule is not None
    others = others_of(leaf.rule)
    assume(len(others) < 2)
    tried = sorted({Fraction(0), Fraction(1), Fraction(100), *turning(leaf.rule, FULL)})
    tried += [tried[0] - 1, tried[-1] + 1]
    best = max(
        score(leaf, value, dict.fromkeys((name for name, _ in others), other))
        for other in (tried if others else tried[:1])
        if all(within(other, LIMITS[measure]) for _, measure in others)
        for value in grid(leaf, [other])
    )
    found = found_in(leaf).get("full-out-of-reach")
    assert (found is None) == (best >= FULL)
    if found is not None:
        assert f"more than {it.exact(best).text}" in found.message["en"]


CLIFF = re.compile(r"(-?[\d./]+) \((-?[\d./]+) at (-?[\d./]+)%?, (-?[\d./]+) just (below|above) it(?:; (\d+) such)?")
STEP = re.compile(r"(-?[\d./]+) \((-?[\d./]+) at (-?[\d./]+)%?, (-?[\d./]+) at (-?[\d./]+)%?(?:; (\d+) such)?")


def jumps_of(leaf: it.Leaf, edges: Iterable[Fraction]) -> dict[tuple[Fraction, int], Fraction]:
    """What the points jump by at an edge, to a side of it."""
    jumps: dict[tuple[Fraction, int], Fraction] = {}
    for edge in edges:
        for side in (-1, 1):
            beside = edge + side * MINOR
            if within(edge, LIMITS[base_of(leaf)]) and within(beside, LIMITS[base_of(leaf)]):
                jump = abs(score(leaf, beside) - score(leaf, edge))
                if jump > MINOR * 10**4:  # what is smaller is a slope
                    jumps[edge, side] = jump
    return jumps


def on_edges(leaf: it.Leaf) -> bool:
    """Whether nothing is compared, and the values of the measure do not go in steps."""
    return not (leaf.rule is None or leaf.rule.compared_with or base_of(leaf) in GRAINS)


@settings(max_examples=100)
@given(measured_leaves().filter(on_edges))
def test_the_cost_of_a_cliff_is_the_jump_of_one_minor_unit(leaf: it.Leaf) -> None:
    assert leaf.rule is not None
    found = found_in(leaf).get("cliff")
    edges = turning(leaf.rule, FULL, most=1100)
    jumps = jumps_of(leaf, edges)
    assert bool(jumps) == (found is not None)
    if found is None:
        return
    told = 0
    costs = []
    for cost, at, edge_text, beside_text, side_text, many in CLIFF.findall(found.message["en"]):
        edge, side = stated_value(leaf, edge_text), -1 if side_text == "below" else 1
        assert score(leaf, edge) == Fraction(at)
        assert abs(score(leaf, edge + side * MINOR) - Fraction(beside_text)) <= MINOR * 10**4
        assert abs(Fraction(at) - Fraction(beside_text)) == Fraction(cost)
        costs.append(Fraction(cost))
        told += int(many or 1)
    assert costs == sorted(costs, reverse=True)
    assert abs(costs[0] - max(jumps.values())) <= MINOR * 10**4
    if "smaller" not in found.message["en"]:
        assert told >= len(jumps) or "go on changing" in found.message["en"]
        assert told >= 400 or "go on changing" not in found.message["en"]


@settings(max_examples=100)
@given(measured_leaves().filter(lambda leaf: base_of(leaf) in GRAINS))
def test_where_values_go_in_steps_a_cliff_is_what_one_step_costs(leaf: it.Leaf) -> None:
    assert leaf.rule is not None
    assume(not leaf.rule.compared_with)
    found = found_in(leaf).get("cliff")
    grain = GRAINS[base_of(leaf)]
    steps: dict[Fraction, Fraction] = {}
    for edge, side in jumps_of(leaf, turning(leaf.rule, FULL, most=1100)):
        low = (edge // grain if side > 0 else -(-edge // grain) - 1) * grain
        cost = abs(score(leaf, low) - score(leaf, low + grain))
        if cost and within(low, LIMITS[base_of(leaf)]) and within(low + grain, LIMITS[base_of(leaf)]):
            steps[low] = cost
    assert bool(steps) == (found is not None)
    if found is None:
        return
    told = 0
    costs = []
    for cost_text, first, low_text, second, high_text, many in STEP.findall(found.message["en"]):
        low, high = stated_value(leaf, low_text), stated_value(leaf, high_text)
        assert high == low + grain
        assert (score(leaf, low), score(leaf, high)) == (Fraction(first), Fraction(second))
        assert steps[low] == Fraction(cost_text) == abs(Fraction(first) - Fraction(second))
        costs.append(Fraction(cost_text))
        told += int(many or 1)
    assert costs == sorted(costs, reverse=True)
    assert costs[0] == max(steps.values())
    if "smaller" not in found.message["en"]:
        assert told == len(steps) or "go on changing" in found.message["en"]


def test_a_cliff_of_a_comparison_is_told_where_it_costs_most() -> None:
    cases = [rules.Case(at_most="other", points=10), rules.Case(at_most=10, points=7)]
    rule = rules.Comparison(against={"other": posts}, cases=cases, otherwise=0)
    found = found_in(it.Leaf(id="a", indicator=cases_found, points=10, rule=rule))["cliff"]
    assert found.message["en"] == (
        "one minor unit of a figure can cost points: 10 (10 at 100, 0 at 101) (where Posts is 100)"
    )


def test_what_no_count_can_be_is_not_held_against_a_rule_of_counts() -> None:
    bands = [
        rules.Band(at_most=0, points=10),
        rules.Band(at_least=1, at_most=2, points=6),
        rules.Band(at_least=3, points=2),
    ]
    leaf = it.Leaf(id="a", indicator=cases_found, points=10, rule=rules.Bands(bands=bands, otherwise=0))
    assert set(found_in(leaf)) == {"cliff"}
    assert found_in(leaf)["cliff"].message["en"].endswith(": 4 (10 at 0, 6 at 1); 4 (6 at 2, 2 at 3)")
    ratio = attrs.evolve(leaf, indicator=staffing)
    assert "better-loses-points" in found_in(ratio)
    between = [
        rules.Band(at_most=1, points=6),
        rules.Band(above=1, below=2, points=10),
        rules.Band(at_least=2, points=0),
    ]
    never = attrs.evolve(leaf, rule=rules.Bands(bands=between))
    assert set(found_in(never)) == {"cliff", "full-out-of-reach", "band-out-of-reach"}


def test_more_steps_than_are_looked_at_are_not_told_as_all() -> None:
    def said(cost: str, side: str) -> str:
        rule = rules.DeductPerStep(target=7, step="1%", points_per_step=cost, side=side, steps="full")
        return found_in(it.Leaf(id="a", indicator=execution, points=10, rule=rule))["cliff"].message["en"]

    going_on = ", and the points go on changing beyond them)"
    assert said("0.025", "above").endswith("; 400 such edges up to 1100%)")
    assert said("0.01", "above").endswith(f"; 400 such edges up to 1100%{going_on}")
    assert said("0.01", "below").endswith(f"; 400 such edges up to 699%{going_on}")
    assert said("0.01", "either").endswith(f"; 800 such edges up to 1100%{going_on}")


def test_a_cliff_is_told_with_its_exact_cost_at_a_real_amount() -> None:
    rule = rules.Bands(bands=[rules.Band(at_least="95%", points=10), rules.Band(below="95%", points="16/3")])
    (found,) = rule_findings(it.Leaf(id="a", indicator=execution, points=10, rule=rule))
    assert found.message["en"] == ("one minor unit of a figure can cost points: 14/3 (10 at 95%, 16/3 just below it)")
    assert found.message["zh"] == "数据相差一个最小单位，得分可能相差：14/3 分（95% 得 10 分，略低则得 16/3 分）"
    shapes = execution.parameters["budget"].record_class
    scores = [rule.points(execution(shapes(planned="100", spent=spent)), it.exact(10)) for spent in ("95", "94.99")]
    assert scores[0] - scores[1] == it.Quantity(14, 3)


def test_many_cliffs_of_one_size_are_told_as_one() -> None:
    rule = rules.DeductPerStep(target="100%", step="1%", points_per_step="0.5", side="above", steps="full")
    (found,) = rule_findings(it.Leaf(id="a", indicator=staffing, points=5, rule=rule))
    assert found.message["en"].endswith(": 0.5 (4.5 at 101%, 5 just below it; 10 such edges up to 110%)")
    assert found.message["zh"].endswith("：0.5 分（101% 得 4.5 分，略低则得 5 分；至 110% 共 10 处）")


@pytest.mark.parametrize("steps", rules.Steps)
@pytest.mark.parametrize("step", ["0.6", "0.7%", "7", "1/3"])
@pytest.mark.parametrize("measure", [staffing, cases_found, discontent])
def test_more_steps_than_are_looked_at_look_no_different(measure: it.Measured, step: str, steps: rules.Steps) -> None:
    rule = rules.DeductPerStep(target="50%", step=step, points_per_step="0.01", side="above", steps=steps)
    found = found_in(it.Leaf(id="a", indicator=measure, points=10, rule=rule))
    assert set(found) <= {"cliff"}
    if found:
        size, said = number(it.exact(step)), found["cliff"].message["en"].partition("points: ")[2]
        most = math.ceil(GRAINS.get(measure, 0) / size) or 1
        assert said.startswith(f"{it.exact(Fraction(most, 100)).text} (")
        assert measure is cases_found or ";" not in said.partition("; ")[2]


# Checklists

_ITEM_POINTS = st.lists(st.integers(-4, 8), min_size=3, max_size=3)


@st.composite
def item_rules(draw: st.DrawFn) -> it.Rule:
    if draw(st.booleans()):
        return draw(checklist_rules(10))
    return rules.PerItem(items=dict(zip(tidy.items, draw(_ITEM_POINTS), strict=True)))


def item_score(leaf: it.Leaf, answers: dict[str, bool]) -> Fraction:
    assert isinstance(leaf.rule, rules.PerItem | rules.DeductPerItem)
    points = points_by(leaf.rule, answers, FULL)
    return max(number(leaf.lowest), min(points, number(leaf.most)))


@given(item_rules(), st.integers(-5, 0), st.integers(10, 14))
def test_an_item_costs_points_where_brute_force_finds_it(rule: it.Rule, lowest: int, highest: int) -> None:
    leaf = it.Leaf(id="a", indicator=tidy, points=10, rule=rule, lowest=lowest, highest=highest)
    names = list(tidy.items)
    answers = [dict(zip(names, met, strict=True)) for met in product((False, True), repeat=len(names))]
    lost = {
        name: max(item_score(leaf, {**one, name: False}) - item_score(leaf, {**one, name: True}) for one in answers)
        for name in names
    }
    findings = [*rule_findings(leaf)]
    assert {finding.path for finding in findings if finding.code == "better-loses-points"} == {
        f"rule.items.{name}" for name in names if lost[name] > 0
    }
    for finding in findings:
        if finding.code == "better-loses-points":
            cost = lost[finding.path.removeprefix("rule.items.")]
            assert f"costs {it.exact(cost).text} points" in finding.message["en"]
    reached = max(item_score(leaf, one) for one in answers)
    assert (reached < FULL) == any(finding.code == "full-out-of-reach" for finding in findings)


def test_an_item_among_many_costs_points() -> None:
    many = it.checklist(
        "demo.many",
        tier=it.Tier.PROCESS,
        title=it.Text(zh="多项", en="Many"),
        items={f"item_{index}": it.Text(zh="符合", en="met") for index in range(12)},
    )
    items = dict.fromkeys(many.items, 2) | {"item_7": -3}
    rule = rules.PerItem(items=items)
    (found,) = rule_findings(it.Leaf(id="a", indicator=many, points=19, rule=rule, lowest=-3, highest=22))
    assert (found.code, found.path) == ("better-loses-points", "rule.items.item_7")


# Bands out of reach


@given(measured_leaves(bands(10)))
def test_a_band_is_out_of_reach_where_no_value_that_can_be_is_in_it(leaf: it.Leaf) -> None:
    assert isinstance(leaf.rule, rules.Bands)
    edges = turning(leaf.rule, FULL)
    values = {*grid(leaf), *((low + high) / 2 for low in edges for high in edges)}
    if grain := GRAINS.get(base_of(leaf)):
        values = {(value // grain + more) * grain for value in values for more in (-1, 0, 1, 2)}
    values = {value for value in values if within(value, LIMITS[base_of(leaf)])}
    empty = {
        f"rule.bands[{index}]"
        for index, band in enumerate(leaf.rule.bands)
        if not any(inside(band, value) for value in values)
    }
    assert {finding.path for finding in rule_findings(leaf) if finding.code == "band-out-of-reach"} == empty


# Stations


@settings(max_examples=150)
@given(measured_leaves())
def test_each_station_has_the_points_of_its_value(leaf: it.Leaf) -> None:
    assert leaf.rule is not None
    span = span_of(leaf.indicator)
    for beside in situations(leaf, leaf.rule):
        named = {name: value.fraction if isinstance(value, it.Quantity) else value for name, value in beside.items()}
        found = stations(leaf, leaf.rule, span, beside)
        assert [(one.value.fraction, one.side) for one in found] == sorted(
            (one.value.fraction, one.side) for one in found
        )
        for one in found:
            value = one.value.fraction
            assert one.value in span
            tolerance = abs(one.side) * MINOR * 10**4
            exact_points = score(leaf, value + one.side * MINOR, named)
            assert abs(exact_points - one.points.fraction) <= tolerance


def test_a_comparison_is_tried_with_values_that_the_other_measure_can_have() -> None:
    named = it.indicator("demo.some", tier=it.Tier.INPUT, title=it.Text(zh="数", en="some"), unit=it.NUMBER)
    measure = named(_some_posts)
    rule = rules.Comparison(against={"some": measure}, cases=[rules.Case(at_least="some", points=10)], otherwise=0)
    leaf = it.Leaf(id="a", indicator=posts, points=10, rule=rule)
    assert [beside["some"] for beside in situations(leaf, rule)] == [it.exact(5)]
    assert "some is 5" in found_in(leaf)["cliff"].message["en"]
    assert "设数为 5" in found_in(leaf)["cliff"].message["zh"]


def _some_posts(staff: Any) -> Any:
    return 5 + 0 * staff.posts


_some_posts.__annotations__ = {"staff": posts.parameters["staff"].record_class}


def test_a_comparison_is_tried_on_the_edges_of_its_own_cases() -> None:
    cases = [
        rules.Case(below="other", points=0),
        rules.Case(above="other", points=0),
        rules.Case(exactly="37%", points=10),
    ]
    rule = rules.Comparison(against={"other": staffing}, cases=cases, otherwise=0)
    assert "full-out-of-reach" not in found_in(it.Leaf(id="a", indicator=execution, points=10, rule=rule))
    never = rules.Comparison(against={"other": staffing}, cases=cases[:2], otherwise=0)
    assert "full-out-of-reach" in found_in(it.Leaf(id="a", indicator=execution, points=10, rule=never))


def test_many_measures_to_compare_with_are_tried_side_by_side() -> None:
    against = {f"other_{index}": posts for index in range(9)}
    cases = [rules.Case(at_least=name, points=10) for name in against]
    rule = rules.Comparison(against=against, cases=cases, otherwise=0)
    leaf = it.Leaf(id="a", indicator=posts, points=10, rule=rule)
    assert 2 <= len(list(situations(leaf, rule))) <= 9
    assert "full-out-of-reach" not in found_in(leaf)


@given(comparison(10))
def test_the_assessor_says_nothing_and_each_name_has_a_value(rule: rules.Comparison) -> None:
    leaf = it.Leaf(id="a", indicator=execution, points=10, rule=rule)
    for beside in situations(leaf, rule):
        assert set(beside) == set(rule.against)
        assert all(beside[name] in span_of(other) for name, other in rule.against.items())


def test_what_only_an_assessor_says_is_not_held_against_a_rule() -> None:
    rule = rules.OverFulfilment(threshold="150%", slope="0.5")
    leaf = it.Leaf(id="a", indicator=execution, points=10, rule=rule)
    assert [*situations(leaf, rule)] == [{"target_set_low": False}]
    assert not found_in(leaf)


@pytest.mark.parametrize(
    ("better", "rule", "message"),
    [
        (
            it.MORE,
            rules.AllOrNothing(at_most="95%"),
            "more is better, but the better value, just above 95%, gets 0 points and the worse one, 95%, gets 10",
        ),
        (
            it.LESS,
            rules.AllOrNothing(above="95%"),
            "less is better, but the better value, 95%, gets 0 points and the worse one, just above 95%, gets 10",
        ),
        (
            it.near("100%"),
            rules.AllOrNothing(below="100%"),
            (
                "the nearer to 100% the better, but the better value, 100%, gets 0 points and the worse one, "
                "just below 100%, gets 10"
            ),
        ),
    ],
)
def test_what_is_lost_for_a_better_value_is_told_at_its_edge(better: it.Better, rule: it.Rule, message: str) -> None:
    leaf = it.Leaf(id="a", indicator=attrs.evolve(execution, better=better), points=10, rule=rule)
    assert found_in(leaf)["better-loses-points"].message["en"] == message


def test_what_lies_beyond_a_target_may_be_worth_as_much_or_less() -> None:
    leaf = it.Leaf(id="a", indicator=fulfilment, points=10, rule=rules.AllOrNothing(at_most="100%", at_least="100%"))
    assert set(found_in(leaf)) == {"cliff"}
    leaf = attrs.evolve(leaf, rule=rules.Proportional())
    assert not found_in(leaf)


@pytest.mark.parametrize("factor", [1, 2, "1/3"])
def test_a_rule_without_limits_is_kept_within_those_of_the_leaf(factor: Any) -> None:
    leaf = it.Leaf(id="a", indicator=execution, points=10, rule=Linear(factor=factor), lowest=-10, highest=12)
    assert not found_in(leaf)


# Limits without effect


@given(measured_leaves(), st.integers(-3, 0), st.integers(10, 12))
def test_a_limit_has_no_effect_where_no_value_that_can_be_comes_to_it(leaf: it.Leaf, lowest: int, highest: int) -> None:
    limited = attrs.evolve(leaf, lowest=lowest, highest=highest)
    told = {finding.path for finding in rule_findings(limited) if finding.code == "limit-without-effect"}
    assert told == {name for name, there in (("lowest", lowest < 0), ("highest", highest > 10)) if there}


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ((-2, 10), {"highest"}),
        ((0, 12), {"lowest"}),
        ((-2, 12), set()),
        ((-1, 11), {"lowest", "highest"}),
        ((0, 10), {"lowest", "highest"}),
    ],
)
def test_a_limit_to_which_a_rule_comes_has_an_effect(points: tuple[int, int], told: set[str]) -> None:
    low, high = points
    bands_rule = rules.Bands(bands=[rules.Band(below="50%", points=low), rules.Band(at_least="50%", points=high)])
    leaf = it.Leaf(id="a", indicator=content, points=10, rule=bands_rule, lowest=-2, highest=12)
    found = [finding for finding in rule_findings(leaf) if finding.code == "limit-without-effect"]
    assert {finding.path for finding in found} == told
    assert all(finding.message[language] and finding.fix[language] for finding in found for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("until", "lowest", "told"),
    [(0, 0, False), (2, 0, False), (0, -3, True), (-3, -3, False), (-3, -4, True), ("-3.5", "-3.5", False)],
)
def test_a_deduction_that_stops_before_the_lowest_score_is_told(until: Any, lowest: Any, told: bool) -> None:  # noqa: FBT001 - a parameter
    per_step = rules.DeductPerStep(target=0, step=1, points_per_step=2, side="above", steps="full", until=until)
    for indicator, rule in (
        (cases_found, rules.Incidents(points_per_incident=2, until=until)),
        (cases_found, per_step),
        (tidy, rules.DeductPerItem(each=20, until=until)),
    ):
        leaf = it.Leaf(id="a", indicator=indicator, points=10, rule=rule, lowest=lowest)
        found = [finding for finding in rule_findings(leaf) if finding.code == "limit-without-effect"]
        assert [finding.path for finding in found] == ["lowest"] * told
        assert all(f"until = {lowest}" in finding.fix[language] for finding in found for language in ("zh", "en"))


def test_what_is_advised_of_a_limit_leaves_nothing_to_advise() -> None:
    rule = rules.DeductPerItem(each=1, until=-50)
    (found,) = rule_findings(it.Leaf(id="a", indicator=tidy, points=0, rule=rule, lowest=-50))
    assert found.code == "limit-without-effect"
    least = -len(tidy.items)
    assert found.fix["en"] == f"write lowest = {least}, and until = {least} in the rule"
    mended = it.Leaf(id="a", indicator=tidy, points=0, rule=attrs.evolve(rule, until=least), lowest=least)
    assert list(rule_findings(mended)) == []


@pytest.mark.parametrize(
    ("indicator", "rule"),
    [(tidy, rules.DeductPerItem(each=5)), (tidy, rules.PerItem(each="10/3")), (judged, rules.GradedJudgement())],
)
def test_what_an_assessor_decides_stays_between_none_and_full(indicator: it.Indicator, rule: it.Rule) -> None:
    leaf = it.Leaf(id="a", indicator=indicator, points=10, rule=rule, lowest=-1, highest=11)
    found = [finding.path for finding in rule_findings(leaf) if finding.code == "limit-without-effect"]
    assert found == ["lowest", "highest"]
