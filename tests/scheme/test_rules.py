"""Rules against plain fractions, at their edges and one minor unit beside them."""

from __future__ import annotations

import json
import tomllib
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from strategies import (
    FRACTIONS,
    Asked,
    Linear,
    all_or_nothing,
    asked,
    balance,
    bands,
    checklist_rules,
    comparison,
    deduct_per_step,
    demo_catalog,
    execution,
    graded_judgement,
    incidents,
    inside,
    judged,
    measured_rules,
    over_fulfilment,
    points_by,
    proportional,
    scheme_of,
    tidy,
)

FULL = it.exact(10)
MINOR = Fraction(1, 10**6)
LANGUAGES = ["zh", "en"]
CATALOG = demo_catalog()


def given_by(rule: it.Rule, value: Fraction, full: Any = FULL, **beside: Any) -> Fraction:
    found: Fraction = rule.points(it.exact(value), it.exact(full), **beside).fraction
    return found


def given_to(case: Asked, full: Any = FULL) -> Fraction:
    return given_by(case.rule, case.value, full, **case.named)


def expected_of(case: Asked, full: Any = 10) -> Fraction:
    return points_by(case.rule, case.value, Fraction(full), case.beside)


def edges_of(rule: it.Rule, beside: dict[str, Any] | None = None, full: Fraction = Fraction(10)) -> list[Fraction]:
    """Every value at which a rule may change its mind, as it is declared; of many steps the first and the last."""
    names = ("exactly", "at_least", "above", "at_most", "below")
    ranges: list[Any] = []
    if isinstance(rule, rules.Bands | rules.Comparison):
        ranges = list(rule.bands if isinstance(rule, rules.Bands) else rule.cases)
    elif isinstance(rule, rules.AllOrNothing):
        ranges = [rule]
    found = [edge for one in ranges for name in names if (edge := getattr(one, name)) is not None]
    edges = [(beside or {})[edge] if isinstance(edge, str) else edge.fraction for edge in found]
    if isinstance(rule, rules.DeductPerStep):
        last = (full - rule.until.fraction) / rule.points_per_step.fraction
        counts = {*range(-3, 4), int(last), int(last) + 1, -int(last), -int(last) - 1, last, -last}
        edges += [rule.target.fraction + count * rule.step.fraction for count in counts]
    if isinstance(rule, rules.Proportional):
        edges += [Fraction(0), rule.target.fraction]
        edges += [] if rule.none_below is None else [rule.none_below.fraction]
    if isinstance(rule, rules.Incidents):
        allowed, cost = rule.allowed.fraction, rule.points_per_incident.fraction
        edges += [allowed + count for count in (0, 1, 2)] + [allowed + (full - rule.until.fraction) / cost]
    if isinstance(rule, rules.OverFulfilment):
        target, threshold = rule.target.fraction, rule.threshold.fraction
        edges += [Fraction(0), target, target * threshold, target * (threshold + 1 / rule.slope.fraction)]
    return edges


@given(asked())
def test_a_rule_gives_what_plain_fractions_give(case: Asked) -> None:
    assert given_to(case) == expected_of(case)


@given(asked())
def test_edges_are_as_declared_also_one_minor_unit_beside(case: Asked) -> None:
    for edge in edges_of(case.rule, case.beside):
        for value in (edge - MINOR, edge, edge + MINOR):
            assert given_to(case.at(value)) == expected_of(case.at(value))


@given(asked())
def test_points_lie_between_none_and_full(case: Asked) -> None:
    for value in (case.value, *edges_of(case.rule, case.beside)):
        assert 0 <= given_to(case.at(value)) <= 10


@given(asked(full=0))
def test_no_rule_gives_points_to_a_leaf_that_has_none(case: Asked) -> None:
    assert given_to(case, 0) == 0


# Where the points jump or bend


def named_edges(case: Asked) -> list[Fraction]:
    """The edges that the rule names, in order."""
    beside = {name: value for name, value in case.named.items() if name in case.rule.compared_with}
    return sorted({edge.fraction for edge in case.rule.edges(FULL, **beside)})


def goes_on_beyond(rule: it.Rule) -> bool:
    """Whether a rule has more steps than are named one by one."""
    return (
        isinstance(rule, rules.DeductPerStep)
        and rule.steps is not rules.Steps.CONTINUOUS
        and (10 - rule.until.fraction) / rule.points_per_step.fraction > 399
    )


def assert_straight(case: Asked, low: Fraction, high: Fraction) -> None:
    """The points halfway, and at a third of the way, lie on the line between the ends."""
    ends = given_to(case.at(low)), given_to(case.at(high))
    assert given_to(case.at((low + high) / 2)) == (ends[0] + ends[1]) / 2
    assert given_to(case.at((2 * low + high) / 3)) == (2 * ends[0] + ends[1]) / 3


WITHIN = st.sampled_from([Fraction(1, 10**6), Fraction(1, 7), Fraction(1, 2), Fraction(5, 7), 1 - Fraction(1, 10**6)])


@given(asked(), WITHIN, WITHIN)
def test_between_two_edges_the_points_run_straight(case: Asked, first: Fraction, second: Fraction) -> None:
    edges = named_edges(case)
    assume(case.value not in edges)
    below = [edge for edge in edges if edge < case.value]
    above = [edge for edge in edges if edge > case.value]
    assume((below and above) or not goes_on_beyond(case.rule))
    low = below[-1] if below else min(case.value, *above[:1]) - 100
    high = above[0] if above else max(case.value, *below[-1:]) + 100
    first, second = sorted((first, second))
    assert_straight(case, low + (high - low) * first, low + (high - low) * second)


@given(asked())
def test_points_jump_and_bend_at_named_edges_only(case: Asked) -> None:
    edges = named_edges(case)
    assume(not goes_on_beyond(case.rule))
    for edge in edges_of(case.rule, case.beside):
        if not any(edge - MINOR <= named <= edge + MINOR for named in edges):
            assert_straight(case, edge - MINOR, edge + MINOR)


@given(asked())
def test_the_points_run_straight_between_each_two_named_edges_and_beyond_the_last(case: Asked) -> None:
    edges = named_edges(case)
    ends = [edges[0] - 100, *edges, edges[-1] + 100]
    if goes_on_beyond(case.rule):
        ends = edges
    for low, high in [*pairwise(ends)][-6:] + [*pairwise(ends)][:6]:
        near = (high - low) / 1000
        assert_straight(case, low + near, high - near)


SURPLUS = rules.Comparison(
    against={"last": balance},
    cases=[rules.Case(at_most=0, points=3), rules.Case(at_most="last", points=2)],
    otherwise=0,
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            rules.Bands(
                bands=[rules.Band(exactly=0, points=5), rules.Band(above=0, below="10%", points=4)], otherwise=0
            ),
            ["0", "0.1"],
        ),
        (rules.AllOrNothing(above=1, at_most=2), ["1", "2"]),
        (rules.AllOrNothing(exactly="1/3"), ["1/3"]),
        (rules.Proportional(target="95%"), ["0", "0.95"]),
        (rules.Proportional(none_below="60%"), ["0.6", "1"]),
        (
            rules.DeductPerStep(target=1, step="1%", points_per_step=4, side="below", steps="continuous"),
            ["0.975", "1"],
        ),
        (rules.Incidents(points_per_incident="1/2"), ["0", "20"]),
        (rules.Incidents(points_per_incident=3, allowed=2), ["2", "16/3"]),
        (rules.OverFulfilment(target=2, threshold="150%", slope="0.5"), ["0", "2", "3", "7"]),
        (SURPLUS, ["0", "80"]),
        (Linear(), []),
    ],
)
def test_a_rule_names_its_edges(rule: it.Rule, expected: list[str]) -> None:
    beside = {name: it.exact(80) for name in rule.compared_with}
    assert {edge.fraction for edge in rule.edges(FULL, **beside)} == {it.exact(edge).fraction for edge in expected}


# Each kind


@given(deduct_per_step(), FRACTIONS, FRACTIONS)
def test_more_deviation_never_gives_more_points(rule: rules.DeductPerStep, first: Fraction, second: Fraction) -> None:
    target = rule.target.fraction

    def deviation(value: Fraction) -> Fraction:
        beyond = {rules.Side.ABOVE: value - target, rules.Side.BELOW: target - value}
        return max(beyond.get(rule.side, abs(value - target)), Fraction(0))

    nearer, further = sorted((first, second), key=deviation)
    assert given_by(rule, nearer) >= given_by(rule, further)


@given(deduct_per_step(), FRACTIONS)
def test_a_deduction_on_one_side_leaves_the_other_side_full(rule: rules.DeductPerStep, beyond: Fraction) -> None:
    assume(rule.side is not rules.Side.EITHER)
    sign = -1 if rule.side is rules.Side.ABOVE else 1
    assert given_by(rule, rule.target.fraction + sign * abs(beyond)) == 10


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("started", {"102%": "9", "102.01%": "8.5", "101.99%": "9", "100%": "10", "100.01%": "9.5"}),
        ("full", {"102%": "9", "102.01%": "9", "101.99%": "9.5", "100%": "10", "100.99%": "10"}),
        ("continuous", {"102%": "9", "102.01%": "8.995", "101.99%": "9.005", "100%": "10"}),
    ],
)
@pytest.mark.parametrize("side", ["above", "below", "either"])
def test_steps_count_as_they_say_on_each_side(steps: str, expected: dict[str, str], side: str) -> None:
    rule = rules.DeductPerStep(target="100%", step="1%", points_per_step="0.5", side=side, steps=steps)
    for value, points in expected.items():
        above = it.exact(value)
        below = 2 - above
        if side != "below":
            assert rule.points(above, FULL) == it.exact(points), value
        if side != "above":
            assert rule.points(below, FULL) == it.exact(points), value


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (0, [10, 6, 2, 0, 0]),
        (2, [10, 6, 2, 2, 2]),
        ("2.5", [10, 6, "2.5", "2.5", "2.5"]),
        (10, [10] * 5),
        (-1, [10, 6, 2, -1, -1]),
        (-5, [10, 6, 2, -2, -5]),
    ],
)
def test_a_deduction_stops_where_it_says(until: Any, expected: list[Any]) -> None:
    steps = rules.DeductPerStep(target=0, step=1, points_per_step=4, side="above", steps="full", until=until)
    incidents_rule = rules.Incidents(points_per_incident=4, until=until)
    for rule in (steps, incidents_rule):
        assert [rule.points(it.exact(value), FULL) for value in (0, 1, 2, 3, 1000)] == [*map(it.exact, expected)]


UNTIL = st.sampled_from(["-5", "-1/3", "0", "1/7", "2", "9.99", "10"])


@given(st.one_of(deduct_per_step(), incidents()), UNTIL, FRACTIONS)
def test_a_deduction_is_exact_on_its_edges_wherever_it_stops(rule: Any, until: str, value: Fraction) -> None:
    rule = attrs.evolve(rule, until=until)
    for place in (value, *edges_of(rule)):
        for beside in (-MINOR, Fraction(0), MINOR):
            assert given_by(rule, place + beside) == points_by(rule, place + beside, Fraction(10))
    least = min(given_by(rule, far) for far in (Fraction(-(10**9)), Fraction(10**9)))
    assert least == Fraction(until)


@pytest.mark.parametrize(
    ("until", "lowest", "refused"),
    [(0, 0, False), (10, 0, False), ("10.01", 0, True), (-1, 0, True), (-1, -1, False), ("-1.01", -1, True)],
)
def test_a_deduction_stops_between_the_lowest_score_of_the_leaf_and_its_points(
    until: Any,
    lowest: int,
    refused: bool,  # noqa: FBT001 - a parameter
) -> None:
    marks = rules.Marks(FULL, it.exact(lowest), FULL + 5)
    made: list[it.Rule] = [
        rules.DeductPerStep(target=0, step=1, points_per_step=4, side="above", steps="full", until=until),
        rules.Incidents(points_per_incident=4, until=until),
    ]
    for rule in made:
        found = [(problem.code, problem.path) for problem in rule.problems(execution, marks)]
        assert found == ([("points-beyond", "until")] if refused else [])
    found = [(problem.code, problem.path) for problem in rules.DeductPerItem(each=1, until=until).problems(tidy, marks)]
    assert found == ([("points-beyond", "until")] if refused else [])


@pytest.mark.parametrize(
    ("full", "until", "zh", "en"),
    [
        (
            5,
            0,
            "未发生得满分 5 分；每发生一起扣 1 分，扣完为止",
            "none: full 5 points; each one: -1, until none are left",
        ),
        (
            5,
            2,
            "未发生得满分 5 分；每发生一起扣 1 分，扣至 2 分为止",
            "none: full 5 points; each one: -1, until 2 points are left",
        ),
        (
            5,
            -3,
            "未发生得满分 5 分；每发生一起扣 1 分，扣至 -3 分为止",
            "none: full 5 points; each one: -1, down to -3 points",
        ),
        (0, -5, "未发生不扣分；每发生一起扣 1 分，最多扣 5 分", "none: no deduction; each one: -1, at most 5 in all"),
    ],
)
def test_a_deduction_says_where_it_stops_as_tables_print_it(full: int, until: int, zh: str, en: str) -> None:
    rule = rules.Incidents(points_per_incident=1, until=until)
    assert [rule.words(execution, it.exact(full), language) for language in LANGUAGES] == [zh, en]


def test_a_deduction_stops_at_no_points() -> None:
    rule = rules.DeductPerStep(target=0, step=1, points_per_step=4, side="above", steps="full")
    assert [rule.points(it.exact(value), FULL) for value in (2, 3, 1000)] == [2, 0, 0]


@given(proportional(), FRACTIONS, FRACTIONS)
def test_more_never_gets_less_in_proportion(rule: rules.Proportional, first: Fraction, second: Fraction) -> None:
    assert given_by(rule, min(first, second)) <= given_by(rule, max(first, second))


@pytest.mark.parametrize(
    ("value", "points", "zh", "en"),
    [
        ("59.999999%", "0", "59.999999%，低于 60%，不得分", "59.999999% is below 60%: no points"),
        ("60%", "6", "60.00%，目标 100%，按比例得分", "60.00% of the target 100%, in proportion"),
        ("-10%", "0", "-10.00%，低于 60%，不得分", "-10.00% is below 60%: no points"),
        ("101%", "10", "101.00%，目标 100%，按比例得分", "101.00% of the target 100%, in proportion"),
    ],
)
def test_below_a_share_of_the_target_there_are_none(value: str, points: str, zh: str, en: str) -> None:
    rule = rules.Proportional(none_below="60%")
    assert rule.points(it.exact(value), FULL) == it.exact(points)
    assert [rule.reason(it.exact(value), execution, FULL, language) for language in LANGUAGES] == [zh, en]
    assert [rule.words(execution, FULL, language) for language in LANGUAGES] == [
        "达到 100% 得满分 10 分，低于 60% 不得分，其余按比例得分",
        "100% or more: full 10 points; below it in proportion, below 60% none",
    ]


@given(all_or_nothing(), FRACTIONS)
def test_all_or_nothing_is_all_exactly_inside(rule: rules.AllOrNothing, value: Fraction) -> None:
    assert given_by(rule, value) == (10 if inside(rule, value) else 0)


@given(bands(), st.randoms(use_true_random=False), FRACTIONS)
def test_bands_in_any_order_give_the_same(rule: rules.Bands, random: Any, value: Fraction) -> None:
    turned = list(rule.bands)
    random.shuffle(turned)
    again = rules.Bands(bands=turned, otherwise=rule.otherwise)
    for place in (value, *edges_of(rule)):
        assert given_by(again, place) == given_by(rule, place)


@given(bands(), FRACTIONS)
def test_every_value_lies_in_exactly_one_band_unless_otherwise_says(rule: rules.Bands, value: Fraction) -> None:
    for place in (value, *edges_of(rule)):
        owners = sum(inside(band, place) for band in rule.bands)
        assert owners == 1 or (owners == 0 and rule.otherwise is not None)


@given(incidents(), FRACTIONS, FRACTIONS)
def test_more_incidents_never_give_more_points(rule: rules.Incidents, first: Fraction, second: Fraction) -> None:
    assert given_by(rule, max(first, second)) <= given_by(rule, min(first, second))


@given(incidents(), st.integers(0, 30))
def test_each_incident_beyond_those_allowed_costs_the_same_until_none_are_left(
    rule: rules.Incidents, number: int
) -> None:
    cost, first = rule.points_per_incident.fraction, rule.allowed.fraction + number
    before, after = given_by(rule, first), given_by(rule, first + 1)
    assert after == max(before - cost, rule.until.fraction)
    assert given_by(rule, min(rule.allowed.fraction, Fraction(number))) == 10


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (0, ["5", "4.5", "4", "3.5", "3", "2.5", "2", "1.5", "1", "0.5", "0", "0"]),
        (2, ["5", "5", "5", "4.5", "4", "3.5", "3", "2.5", "2", "1.5", "1", "0.5", "0", "0"]),
    ],
)
def test_incidents_cost_half_a_point_each_until_none_are_left(allowed: int, expected: list[str]) -> None:
    rule = rules.Incidents(points_per_incident="0.5", allowed=allowed)
    assert [rule.points(it.exact(number), it.exact(5)).text for number in range(len(expected))] == expected


@given(over_fulfilment(), FRACTIONS)
def test_without_the_assessors_word_over_fulfilment_is_proportion(rule: rules.OverFulfilment, value: Fraction) -> None:
    plain = rules.Proportional(target=rule.target)
    assert given_by(rule, value) == given_by(rule, value, target_set_low=False) == given_by(plain, value)


@given(over_fulfilment(), FRACTIONS)
def test_the_assessors_word_costs_points_only_beyond_the_threshold(rule: rules.OverFulfilment, value: Fraction) -> None:
    said, unsaid = given_by(rule, value, target_set_low=True), given_by(rule, value)
    beyond = value / rule.target.fraction > rule.threshold.fraction
    assert (said < unsaid) is beyond
    assert said == unsaid or beyond


@pytest.mark.parametrize(
    ("value", "unsaid", "said"),
    [
        ("-1", "0", "0"),
        ("0", "0", "0"),
        ("50%", "5", "5"),
        ("99.9999%", "9.99999", "9.99999"),
        ("100%", "10", "10"),
        ("150%", "10", "10"),
        ("150.0001%", "10", "9.999995"),
        ("200%", "10", "7.5"),
        ("349.9999%", "10", "0.000005"),
        ("350%", "10", "0"),
        ("350.0001%", "10", "0"),
        ("1000%", "10", "0"),
    ],
)
def test_over_fulfilment_at_its_edges(value: str, unsaid: str, said: str) -> None:
    rule = rules.OverFulfilment(threshold="150%", slope="0.5")
    assert rule.points(it.exact(value), FULL) == it.exact(unsaid)
    assert rule.points(it.exact(value), FULL, target_set_low=True) == it.exact(said)
    assert list(rule.asks) == ["target_set_low"]
    assert rule.asks["target_set_low"].zh != rule.asks["target_set_low"].en


@given(st.data(), FRACTIONS)
def test_what_nothing_asks_for_is_not_asked(data: st.DataObject, value: Fraction) -> None:
    rule = data.draw(st.one_of(bands(), all_or_nothing(), deduct_per_step(), proportional(), incidents()))
    assert dict(rule.asks) == dict(rule.compared_with) == {}
    with pytest.raises(TypeError):
        rule.points(it.exact(value), FULL, target_set_low=True)


# Words


def left_of(rule: Any) -> list[str]:
    """The points at which a deduction stops, where that is not at none."""
    return [rule.until.text] if rule.until != 0 else []


def numbers_of(rule: it.Rule, language: str) -> list[str]:
    """The numbers that a rule in words must show."""
    show = execution.unit.show_exact
    if isinstance(rule, rules.Bands | rules.Comparison):
        parts = rule.bands if isinstance(rule, rules.Bands) else rule.cases
        edges = [edge for part in parts for name in EDGES if (edge := getattr(part, name)) is not None]
        shown = [show(edge, language) for edge in edges if isinstance(edge, it.Quantity)]
        awards = [part.points for part in parts] + ([] if rule.otherwise is None else [rule.otherwise])
        none = {"zh": "不得分", "en": "0 points"}[language]
        return [*shown, *(points.text if points > 0 else none for points in awards)]
    if isinstance(rule, rules.AllOrNothing):
        return [show(edge, language) for name in EDGES if (edge := getattr(rule, name)) is not None] + ["10"]
    if isinstance(rule, rules.DeductPerStep):
        step = f"{(rule.step * 100).text} {'个百分点' if language == 'zh' else 'percentage point'}"
        return [show(rule.target, language), step, rule.points_per_step.text, "10", *left_of(rule)]
    if isinstance(rule, rules.Incidents):
        allowed = [show(rule.allowed, language)] if rule.allowed > 0 else []
        return [rule.points_per_incident.text, *allowed, "10", *left_of(rule)]
    if isinstance(rule, rules.OverFulfilment):
        threshold = it.exact(rule.target.fraction * rule.threshold.fraction)
        return [show(rule.target, language), show(threshold, language), f"{rule.slope.text}%", "10"]
    assert isinstance(rule, rules.Proportional)
    return [show(rule.target, language), "10", *([] if rule.none_below is None else [show(rule.none_below, language)])]


EDGES = ("exactly", "at_least", "above", "at_most", "below")


@given(case=asked())
def test_a_measured_rule_says_itself_with_its_numbers_in_both_languages(case: Asked) -> None:
    words = {language: case.rule.words(execution, FULL, language) for language in LANGUAGES}
    assert words["zh"] != words["en"]
    for language in LANGUAGES:
        for number in numbers_of(case.rule, language):
            assert number in words[language]


@given(case=asked())
def test_the_reason_shows_the_value_in_both_languages(case: Asked) -> None:
    value = it.exact(case.value)
    reasons = {language: case.rule.reason(value, execution, FULL, language, **case.named) for language in LANGUAGES}
    assert reasons["zh"] != reasons["en"]
    for language in LANGUAGES:
        shown = Fraction(shown_in(reasons[language])) / 100
        assert abs(shown - case.value) <= Fraction(1, 2 * 10**4)


def shown_in(reason: str) -> str:
    """The value that a reason begins with, in per cent."""
    return reason.removeprefix("发生 ").partition("%")[0]


@given(case=asked())
def test_the_value_in_a_reason_lies_where_the_value_itself_lies(case: Asked) -> None:
    tiny = Fraction(1, 10**9)
    for edge in edges_of(case.rule, case.beside):
        for value in (edge - tiny, edge, edge + tiny):
            reason = case.rule.reason(it.exact(value), execution, FULL, "en", **case.named)
            shown = Fraction(shown_in(reason)) / 100
            for other in named_edges(case):
                named = other in case.beside.values()
                assert (shown < other) is (value < other) or (named and value == other)
                assert (shown > other) is (value > other) or (named and value == other)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("94.99999%", "94.99999%"),
        ("95%", "95.00%"),
        ("95.000004%", "95.000004%"),
        ("94.9949%", "94.99%"),
        ("50%", "50.00%"),
        ("79.996%", "79.996%"),
        ("79.9951%", "79.995%"),
    ],
)
def test_a_value_just_beside_an_edge_is_not_shown_on_it(value: str, shown: str) -> None:
    rule = rules.Bands(
        bands=[
            rules.Band(at_least="95%", points=10),
            rules.Band(at_least="80%", below="95%", points=5),
            rules.Band(below="80%", points=0),
        ]
    )
    for language in LANGUAGES:
        assert rule.reason(it.exact(value), execution, FULL, language).startswith(f"{shown} ")


@pytest.mark.parametrize("gap", ["0.00001%", "0.004%", "0.006%", "0.09%", "1%"])
@pytest.mark.parametrize("value", ["80%", "80.0049%", "80.0051%", "400/7%"])
def test_two_values_that_are_compared_are_told_apart(value: str, gap: str) -> None:
    number = it.exact(Fraction(value.removesuffix("%")) / 100)
    rule = rules.Comparison(against={"last": balance}, cases=[rules.Case(below="last", points=10)], otherwise=0)
    same = rule.reason(number, execution, FULL, "en", last=number)
    low = rule.reason(number, execution, FULL, "en", last=number + it.exact(gap))
    assert float(shown_in(same)) == pytest.approx(float(Fraction(value.removesuffix("%"))), abs=0.005)
    shown, beside = shown_in(low), low.partition("(")[2].partition(")")[0]
    assert Fraction(shown) / 100 < Fraction(beside)


@pytest.mark.parametrize(
    ("side", "steps", "zh", "en"),
    [
        (
            "above",
            "started",
            "不超过 100% 得满分 10 分；每超过 1 个百分点扣 0.5 分，扣完为止（不足 1 个百分点的按 1 个百分点计）",
            (
                "at most 100%: full 10 points; each 1 percentage point above: -0.5, until none are left "
                "(a started step counts whole)"
            ),
        ),
        (
            "below",
            "full",
            "达到 100% 得满分 10 分；每低于 1 个百分点扣 0.5 分，扣完为止（不足 1 个百分点的不扣分）",
            (
                "at least 100%: full 10 points; each 1 percentage point below: -0.5, until none are left "
                "(only full steps count)"
            ),
        ),
        (
            "either",
            "continuous",
            "等于 100% 得满分 10 分；每偏离 1 个百分点扣 0.5 分，扣完为止（不足 1 个百分点的按比例扣分）",
            (
                "exactly 100%: full 10 points; each 1 percentage point to either side: -0.5, until none are left "
                "(in proportion within a step)"
            ),
        ),
    ],
)
def test_a_deduction_says_itself_as_tables_print_it(side: str, steps: str, zh: str, en: str) -> None:
    rule = rules.DeductPerStep(target="100%", step="1%", points_per_step="0.5", side=side, steps=steps)
    assert (rule.words(execution, FULL, "zh"), rule.words(execution, FULL, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "steps", "zh", "en"),
    [
        (
            "102.5%",
            "started",
            "102.50%，超过 100%，按 3 个百分点计，每 1 个百分点扣 0.5 分",
            "102.50% against the target 100%: 3 steps of 1 percentage point at 0.5 points each",
        ),
        (
            "101.99999%",
            "full",
            "101.99999%，超过 100%，按 1 个百分点计，每 1 个百分点扣 0.5 分",
            "101.99999% against the target 100%: 1 step of 1 percentage point at 0.5 points each",
        ),
        (
            "150%",
            "continuous",
            "150.00%，超过 100%，按 50 个百分点计，每 1 个百分点扣 0.5 分，扣完为止",
            "150.00% against the target 100%: 50 steps of 1 percentage point at 0.5 points each, until none are left",
        ),
    ],
)
def test_the_reason_of_a_deduction_says_what_of_it_counts(value: str, steps: str, zh: str, en: str) -> None:
    rule = rules.DeductPerStep(target="100%", step="1%", points_per_step="0.5", side="above", steps=steps)
    found = [rule.reason(it.exact(value), execution, FULL, language) for language in LANGUAGES]
    assert found == [zh, en]


@given(st.one_of(deduct_per_step(), incidents()), FRACTIONS)
def test_the_reason_says_where_a_deduction_stopped(
    rule: rules.DeductPerStep | rules.Incidents, value: Fraction
) -> None:
    left = rule.until.text
    ends = (f"，扣至 {left} 分为止", f", until {left} point{'' if left == '1' else 's'} are left")
    if rule.until == 0:
        ends = ("，扣完为止", ", until none are left")
    for place in (value, *edges_of(rule)):
        stopped = points_by(rule, place, Fraction(10)) == rule.until.fraction
        zh, en = (rule.reason(it.exact(place), execution, FULL, language) for language in LANGUAGES)
        assert (zh.endswith(ends[0]), en.endswith(ends[1])) == (stopped, stopped)


@pytest.mark.parametrize("language", LANGUAGES)
@given(case=asked(st.one_of(bands(), comparison())))
def test_the_reason_of_a_band_or_a_case_names_the_points_it_gave(case: Asked, language: str) -> None:
    reason = case.rule.reason(it.exact(case.value), balance, FULL, language, **case.named)
    assert it.exact(expected_of(case)).text in reason


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=deduct_per_step(), value=FRACTIONS)
def test_the_reason_of_a_deduction_names_the_steps_and_what_one_costs(
    rule: rules.DeductPerStep, value: Fraction, language: str
) -> None:
    reason = rule.reason(it.exact(value), execution, FULL, language)
    lost = 10 - points_by(rule, value, Fraction(10))
    assert rule.points_per_step.text in reason
    if lost < 10 - rule.until.fraction and rule.steps is not rules.Steps.CONTINUOUS:
        count = lost / rule.points_per_step.fraction
        counted = it.exact(count * rule.step.fraction * 100).text
        assert {"zh": f"按 {counted} 个百分点计", "en": f": {count} step"}[language] in reason


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=incidents(), value=FRACTIONS)
def test_the_reason_of_incidents_names_what_one_costs_and_how_many_are_allowed(
    rule: rules.Incidents, value: Fraction, language: str
) -> None:
    reason = rule.reason(it.exact(value), execution, FULL, language)
    assert rule.points_per_incident.text in reason
    assert ({"zh": "允许", "en": "allowed"}[language] in reason) is (rule.allowed.fraction > 0)


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=over_fulfilment(), drawn=FRACTIONS, said=st.booleans())
def test_the_reason_of_over_fulfilment_says_that_the_target_was_low_where_it_cost_points(
    rule: rules.OverFulfilment,
    drawn: Fraction,
    said: bool,  # noqa: FBT001 - drawn
    language: str,
) -> None:
    for value in (drawn, *edges_of(rule)):
        reason = rule.reason(it.exact(value), execution, FULL, language, target_set_low=said)
        reduced = points_by(rule, value, Fraction(10), {"target_set_low": said}) < points_by(rule, value, Fraction(10))
        assert ({"zh": "设定偏低", "en": "set low"}[language] in reason) is reduced


# Files


def read_again(rule: it.Rule, indicator: it.Indicator, full: Any) -> list[it.Rule | None]:
    """The rule as it comes back from TOML and from JSON."""
    marks: Any = {"highest": 10**6, "lowest": -(10**6)} if indicator is execution else {}
    scheme = scheme_of(it.Leaf(id="a", indicator=indicator, points=full, rule=rule, **marks))
    tables = tomllib.loads(scheme.to_toml()), json.loads(json.dumps(scheme.to_dict()))
    return [leaf.rule for table in tables for _, leaf in it.load_scheme(table, catalog=CATALOG).leaves()]


@given(st.one_of(measured_rules(), st.builds(Linear, factor=st.sampled_from(["1/3", "-2"]))))
@settings(max_examples=40)
def test_a_measured_rule_is_read_as_it_was_written(rule: it.Rule) -> None:
    assert read_again(rule, execution, 10) == [rule, rule]


@given(checklist_rules())
@settings(max_examples=15)
def test_a_rule_of_items_is_read_as_it_was_written(rule: it.Rule) -> None:
    assert read_again(rule, tidy, 10) == [rule, rule]


@given(graded_judgement())
@settings(max_examples=15)
def test_a_graded_judgement_is_read_as_it_was_written(rule: it.Rule) -> None:
    assert read_again(rule, judged, 10) == [rule, rule]


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        (rules.Incidents(points_per_incident="0.5"), {"kind": "incidents", "points_per_incident": "0.5"}),
        (
            rules.Incidents(points_per_incident=1, allowed=2),
            {"kind": "incidents", "points_per_incident": 1, "allowed": 2},
        ),
        (
            rules.OverFulfilment(threshold="150%", slope="1/3"),
            {"kind": "over_fulfilment", "threshold": "1.5", "slope": "1/3"},
        ),
        (
            rules.Comparison(
                against={"last": balance},
                cases=[rules.Case(at_most=0, points=3), rules.Case(above="0.5", at_most="last", points=2)],
                otherwise=0,
            ),
            {
                "kind": "comparison",
                "against": {"last": "demo.balance"},
                "cases": [{"at_most": 0, "points": 3}, {"above": "0.5", "at_most": "last", "points": 2}],
                "otherwise": 0,
            },
        ),
        (rules.Proportional(none_below="60%"), {"kind": "proportional", "none_below": "0.6"}),
        (rules.DeductPerItem(each=1), {"kind": "deduct_per_item", "each": 1}),
        (rules.DeductPerItem(each=1, until=-2), {"kind": "deduct_per_item", "each": 1, "until": -2}),
        (rules.DeductPerItem(items={"whole": "1/3"}), {"kind": "deduct_per_item", "items": {"whole": "1/3"}}),
    ],
)
def test_a_rule_is_written_as_a_person_would_write_it(rule: it.Rule, table: dict[str, Any]) -> None:
    assert rule.to_dict() == table


def test_the_installed_rules_are_all_tested_here() -> None:
    drawn = {kind for kind, cls in CATALOG.rules.items() if cls is not Linear}
    assert drawn == {
        "all_or_nothing",
        "bands",
        "checklist",
        "comparison",
        "deduct_per_item",
        "deduct_per_step",
        "graded",
        "incidents",
        "over_fulfilment",
        "proportional",
    }


# What is refused


@pytest.mark.parametrize(
    ("make", "code", "path"),
    [
        (rules.AllOrNothing, "no-limit", ""),
        (lambda: rules.AllOrNothing(at_least=1, above=1), "two-edges", ""),
        (lambda: rules.AllOrNothing(at_most=1, below=1), "two-edges", ""),
        (lambda: rules.AllOrNothing(exactly=1, at_most=2), "two-edges", ""),
        (lambda: rules.AllOrNothing(at_least=2, at_most=1), "empty-range", ""),
        (lambda: rules.AllOrNothing(above=1, at_most=1), "empty-range", ""),
        (lambda: rules.AllOrNothing(at_least=1, below=1), "empty-range", ""),
        (
            lambda: rules.DeductPerStep(target=0, step=0, points_per_step=1, side="above", steps="full"),
            "not-above-zero",
            "step",
        ),
        (
            lambda: rules.DeductPerStep(target=0, step=1, points_per_step=-1, side="above", steps="full"),
            "not-above-zero",
            "points_per_step",
        ),
        (lambda: rules.Proportional(target=0), "not-above-zero", "target"),
        (lambda: rules.Proportional(none_below=0), "not-above-zero", "none_below"),
        (lambda: rules.Proportional(target="95%", none_below="95.01%"), "above-target", "none_below"),
        (
            lambda: rules.DeductPerStep(target=0, step=1, points_per_step=0, side="above", steps="full"),
            "not-above-zero",
            "points_per_step",
        ),
        (lambda: rules.Incidents(points_per_incident=0), "not-above-zero", "points_per_incident"),
        (lambda: rules.Incidents(points_per_incident=1, allowed=-1), "below-zero", "allowed"),
        (lambda: rules.OverFulfilment(target=0, threshold=2, slope=1), "not-above-zero", "target"),
        (lambda: rules.OverFulfilment(threshold=2, slope=0), "not-above-zero", "slope"),
        (lambda: rules.OverFulfilment(threshold="99.99%", slope=1), "below-target", "threshold"),
        (rules.DeductPerItem, "bad-checklist", ""),
        (lambda: rules.DeductPerItem(each=1, items={"whole": 1}), "bad-checklist", ""),
        (rules.PerItem, "bad-checklist", ""),
        (lambda: rules.PerItem(each=1, items={"whole": 1}), "bad-checklist", ""),
        (lambda: rules.GradedJudgement(grades=[]), "bad-grades", "grades"),
        (lambda: rules.GradedJudgement(grades=[rules.GradeStep("50%", "half")]), "bad-grades", "grades"),
        (
            lambda: rules.GradedJudgement(grades=[rules.GradeStep(0, "none"), rules.GradeStep("50%", "half")]),
            "bad-grades",
            "grades",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(make: Any, code: str, path: str) -> None:
    with pytest.raises(it.DeclarationError) as caught:
        make()
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [(code, path)]
    assert caught.value.problems[0].message["en"]


def test_both_sizes_of_a_step_are_named_at_once() -> None:
    with pytest.raises(it.DeclarationError) as caught:
        rules.DeductPerStep(target=0, step=0, points_per_step=0, side="above", steps="full")
    assert [problem.path for problem in caught.value.problems] == ["step", "points_per_step"]


def test_every_wrong_size_of_over_fulfilment_is_named_at_once() -> None:
    with pytest.raises(it.DeclarationError) as caught:
        rules.OverFulfilment(target=0, threshold=0, slope=0)
    assert [problem.path for problem in caught.value.problems] == ["target", "slope", "threshold"]


@pytest.mark.parametrize("threshold", ["100%", 1, "100.0001%"])
def test_a_threshold_may_be_the_target_itself(threshold: Any) -> None:
    rule = rules.OverFulfilment(threshold=threshold, slope=1)
    assert given_by(rule, Fraction(1), target_set_low=True) == 10
    assert given_by(rule, Fraction(11, 10), target_set_low=True) < 10


@pytest.mark.parametrize("name", ["side", "steps"])
def test_the_side_and_the_steps_have_no_silent_default(name: str) -> None:
    arguments: dict[str, Any] = {"target": 1, "step": 1, "points_per_step": 1, "side": "above", "steps": "full"}
    del arguments[name]
    with pytest.raises(TypeError, match=name):
        rules.DeductPerStep(**arguments)


def test_a_rule_of_ones_own_says_its_words_as_the_reason() -> None:
    rule = Linear(factor="1/2")
    assert rule.reason(it.exact(1), execution, FULL, "en") == rule.words(execution, FULL, "en")
    assert rule.problems(execution, rules.Marks(FULL, it.exact(0), FULL)) == []
    assert rule.to_dict() == {"kind": "demo.linear", "factor": "0.5"}


# Words in places where they were wrong once


def test_one_day_is_no_days() -> None:
    timeliness = attrs.evolve(balance, unit=it.DAYS)
    rule = rules.DeductPerStep(target=0, step=1, points_per_step="0.1", side="above", steps="full")
    assert [rule.words(timeliness, FULL, language) for language in LANGUAGES] == [
        "不超过 0 天得满分 10 分；每超过 1 天扣 0.1 分，扣完为止（不足 1 天的不扣分）",
        "at most 0 days: full 10 points; each 1 day above: -0.1, until none are left (only full steps count)",
    ]


def test_a_number_of_incidents_is_whole() -> None:
    rule = rules.Incidents(points_per_incident=1, allowed=1)
    assert [rule.words(balance, FULL, language) for language in LANGUAGES] == [
        "不超过 1 起得满分 10 分；超过的每起扣 1 分，扣完为止",
        "up to 1: full 10 points; each one beyond: -1, until none are left",
    ]
    assert [rule.reason(it.exact(2), balance, FULL, language) for language in LANGUAGES] == [
        "发生 2 起，允许 1 起，每起扣 1 分",
        "2, 1 allowed, at 1 point each",
    ]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("100%", "7 分（最高 8 分 要求 ≥ 110%）", "7 points (the most, 8 points, needs ≥ 110%)"),
        ("0%", "0 分（最高 8 分 要求 ≥ 110%）", "0 points (the most, 8 points, needs ≥ 110%)"),
    ],
)
def test_full_marks_are_not_what_a_bonus_needs(value: str, zh: str, en: str) -> None:
    bands_rule = rules.Bands(
        bands=[
            rules.Band(at_least="110%", points=8),
            rules.Band(above=0, below="110%", points=7),
            rules.Band(at_most=0, points=0),
        ]
    )
    reasons = [bands_rule.reason(it.exact(value), execution, it.exact(7), language) for language in LANGUAGES]
    assert reasons[0].endswith(zh.replace(" 分 要求", " 分要求"))
    assert reasons[1].endswith(en)


def test_a_single_value_is_said_in_words() -> None:
    rule = rules.AllOrNothing(exactly=0)
    assert [rule.words(execution, FULL, language) for language in LANGUAGES] == [
        "等于 0% 得 10 分，否则不得分",
        "exactly 0%: 10 points, else none",
    ]


def test_a_full_width_number_is_refused_with_what_to_write() -> None:
    with pytest.raises(it.ExactnessError) as caught:
        rules.AllOrNothing(at_most="100％")
    assert [problem.fix for problem in caught.value.problems] == [it.Text(zh='写 "100%"', en='write "100%"')]
    with pytest.raises(it.DeclarationError) as refused:
        rules.Case(at_most="１００%", points=1)
    assert refused.value.problems[0].fix["zh"] == '写 "100%"'
    with pytest.raises(it.ExactnessError) as unknown:
        it.exact("about 100％")
    assert not unknown.value.problems[0].fix


@pytest.mark.parametrize(("share", "fix"), [(70, 'write share = "70%"'), (100, 'write share = "100%"'), (2, "")])
def test_a_share_without_its_sign_is_refused_with_what_to_write(share: int, fix: str) -> None:
    found = it.Judgement(share=share, reason="seen", evidence="ledger").problems()
    assert [problem.fix["en"] for problem in found] == [fix]


@pytest.mark.parametrize(("side", "fix"), [("abov", 'did you mean "above"?'), ("sideways", "")])
def test_what_may_be_written_is_listed_once(side: str, fix: str) -> None:
    table = {"kind": "deduct_per_step", "target": 1, "step": 1, "points_per_step": 1, "side": side, "steps": "full"}
    scheme = scheme_of(it.Leaf(id="a", indicator=execution, points=10, rule=Linear(), lowest=-1)).to_dict()
    (groups,) = [tier["groups"] for tier in scheme["tiers"] if "groups" in tier]
    groups[0]["indicators"][0]["rule"] = table
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(scheme, catalog=CATALOG)
    (problem,) = caught.value.problems
    assert problem.message["en"].count('"below"') == 1
    assert problem.fix["en"] == fix
