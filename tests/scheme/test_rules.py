"""Rules against plain fractions, at their edges and one minor unit beside them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from strategies import (
    FRACTIONS,
    SHARES,
    Linear,
    all_or_nothing,
    balance,
    bands,
    deduct_per_step,
    execution,
    graded_judgement,
    inside,
    judged,
    measured_rules,
    per_item,
    points_by,
    proportional,
    tidy,
)

FULL = it.exact(10)
MINOR = Fraction(1, 10**6)
LANGUAGES = ["zh", "en"]


def given_by(rule: it.Rule, value: Fraction) -> Fraction:
    found: Fraction = rule.points(it.exact(value), FULL).fraction
    return found


def edges_of(rule: it.Rule) -> list[Fraction]:
    """Every value at which a rule may change its mind."""
    ranges = rule.bands if isinstance(rule, rules.Bands) else [rule] if isinstance(rule, rules.AllOrNothing) else []
    names = ("exactly", "at_least", "above", "at_most", "below")
    edges = [edge.fraction for one in ranges for name in names if (edge := getattr(one, name)) is not None]
    if isinstance(rule, rules.DeductPerStep):
        edges += [rule.target.fraction + count * rule.step.fraction for count in range(-3, 4)]
    if isinstance(rule, rules.Proportional):
        edges += [Fraction(0), rule.target.fraction]
    return edges


@given(measured_rules(), FRACTIONS)
def test_a_rule_gives_what_plain_fractions_give(rule: it.Rule, value: Fraction) -> None:
    assert given_by(rule, value) == points_by(rule, value, Fraction(10))


@given(measured_rules())
def test_edges_are_as_declared_also_one_minor_unit_beside(rule: it.Rule) -> None:
    for edge in edges_of(rule):
        for value in (edge - MINOR, edge, edge + MINOR):
            assert given_by(rule, value) == points_by(rule, value, Fraction(10))


@given(measured_rules(), FRACTIONS)
def test_points_lie_between_none_and_full(rule: it.Rule, value: Fraction) -> None:
    assert 0 <= given_by(rule, value) <= 10


@given(measured_rules(0), FRACTIONS)
def test_no_rule_gives_points_to_a_leaf_that_has_none(rule: it.Rule, value: Fraction) -> None:
    assert rule.points(it.exact(value), it.exact(0)) == 0


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


def test_a_deduction_stops_at_no_points() -> None:
    rule = rules.DeductPerStep(target=0, step=1, points_per_step=4, side="above", steps="full")
    assert [rule.points(it.exact(value), FULL) for value in (2, 3, 1000)] == [2, 0, 0]


@given(proportional(), FRACTIONS, FRACTIONS)
def test_more_never_gets_less_in_proportion(rule: rules.Proportional, first: Fraction, second: Fraction) -> None:
    assert given_by(rule, min(first, second)) <= given_by(rule, max(first, second))


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


@given(per_item(), st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_checklist_gives_the_points_of_what_is_met(rule: rules.PerItem, met: list[bool]) -> None:
    answers = dict(zip(tidy.items, met, strict=True))
    found = rule.points(answers, FULL).fraction
    assert found == points_by(rule, answers, Fraction(10))
    if all(met):
        assert found == 10
    if not any(met):
        assert found == 0


@given(per_item(), st.sampled_from(list(tidy.items)), st.lists(st.booleans(), min_size=3, max_size=3))
def test_meeting_one_more_item_never_costs_points(rule: rules.PerItem, item: str, met: list[bool]) -> None:
    answers = dict(zip(tidy.items, met, strict=True))
    fewer, more = rule.points({**answers, item: False}, FULL), rule.points({**answers, item: True}, FULL)
    assert fewer <= more


@given(graded_judgement(), SHARES)
def test_a_judgement_gives_its_share_of_the_points(rule: rules.GradedJudgement, share: it.Quantity) -> None:
    assert rule.points(share, FULL).fraction == share.fraction * 10


@pytest.mark.parametrize(
    ("share", "word"), [("100%", "reached"), ("80%", "reached"), ("79.99%", "partly"), ("60%", "partly"), ("0", "not")]
)
def test_a_judgement_at_an_edge_belongs_to_the_better_step(share: str, word: str) -> None:
    reason = rules.GradedJudgement().reason(it.exact(share), judged, FULL, "en")
    assert reason.startswith(f'judged "{word}')


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=measured_rules(), value=FRACTIONS)
def test_a_measured_rule_says_itself_with_its_points(rule: it.Rule, value: Fraction, language: str) -> None:
    words = rule.words(execution, FULL, language)
    awards = [band.points for band in rule.bands] if isinstance(rule, rules.Bands) else [FULL]
    for award in awards:
        assert award.text in words
    exact = it.exact(value)
    reason = rule.reason(exact, execution, FULL, language)
    assert execution.unit.show(exact, language) in reason


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=bands(), value=FRACTIONS)
def test_the_reason_of_a_band_names_the_points_it_gave(rule: rules.Bands, value: Fraction, language: str) -> None:
    exact = it.exact(value)
    assert it.exact(points_by(rule, value, Fraction(10))).text in rule.reason(exact, balance, FULL, language)


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=per_item(), met=st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_checklist_names_every_item_and_what_is_not_met(rule: rules.PerItem, met: list[bool], language: str) -> None:
    words = rule.words(tidy, FULL, language)
    answers = dict(zip(tidy.items, met, strict=True))
    reason = rule.reason(answers, tidy, FULL, language)
    assert reason
    for name, title in tidy.items.items():
        assert title[language] in words
        assert rule.of_item(name).text in words
        assert (title[language] in reason) is not answers[name]


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=graded_judgement(), share=SHARES)
def test_a_judgement_names_its_steps_and_the_points(
    rule: rules.GradedJudgement, share: it.Quantity, language: str
) -> None:
    words = rule.words(judged, it.exact("12.5"), language)
    for step in rule.grades:
        assert step.title[language] in words
    assert "12.5" in words
    assert rule.reason(share, judged, FULL, language)


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
    assert caught.value.problems[0].message


def test_both_sizes_of_a_step_are_named_at_once() -> None:
    with pytest.raises(it.DeclarationError) as caught:
        rules.DeductPerStep(target=0, step=0, points_per_step=0, side="above", steps="full")
    assert [problem.path for problem in caught.value.problems] == ["step", "points_per_step"]


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
