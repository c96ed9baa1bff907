"""Rules of checklists and judgements: what is met is awarded, or what is not met is deducted."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from strategies import (
    SHARES,
    checklist_rules,
    deduct_per_item,
    execution,
    graded_judgement,
    judged,
    per_item,
    points_by,
    tidy,
)

FULL = it.exact(10)
LANGUAGES = ["zh", "en"]
ITEMS = list(tidy.items)
ANSWERS = st.lists(st.booleans(), min_size=3, max_size=3).map(lambda met: dict(zip(ITEMS, met, strict=True)))
Items = rules.PerItem | rules.DeductPerItem


def points_of(rule: Items, answers: dict[str, bool], full: Any = FULL) -> Fraction:
    found: Fraction = rule.points(answers, it.exact(full)).fraction
    return found


@given(checklist_rules(), ANSWERS)
def test_a_checklist_gives_what_plain_fractions_give(rule: Items, answers: dict[str, bool]) -> None:
    assert points_of(rule, answers) == points_by(rule, answers, Fraction(10))


@given(checklist_rules())
def test_every_item_met_is_full_marks(rule: Items) -> None:
    assert points_of(rule, dict.fromkeys(ITEMS, True)) == 10


@given(per_item())
def test_no_item_met_is_no_points(rule: rules.PerItem) -> None:
    assert points_of(rule, dict.fromkeys(ITEMS, False)) == 0


@given(checklist_rules(), ANSWERS)
def test_points_of_items_lie_between_none_and_full(rule: Items, answers: dict[str, bool]) -> None:
    assert 0 <= points_of(rule, answers) <= 10


@given(checklist_rules(), st.sampled_from(ITEMS), ANSWERS)
def test_meeting_one_more_item_never_costs_points(rule: Items, item: str, answers: dict[str, bool]) -> None:
    assert points_of(rule, {**answers, item: False}) <= points_of(rule, {**answers, item: True})


@given(checklist_rules(), ANSWERS, st.permutations(ITEMS))
def test_the_order_of_items_does_not_matter(rule: Items, answers: dict[str, bool], order: list[str]) -> None:
    assert points_of(rule, {name: answers[name] for name in order}) == points_of(rule, answers)


@given(deduct_per_item(), st.sampled_from(ITEMS), ANSWERS)
def test_an_item_that_is_not_met_costs_its_points_until_none_are_left(
    rule: rules.DeductPerItem, item: str, answers: dict[str, bool]
) -> None:
    met, unmet = points_of(rule, {**answers, item: True}), points_of(rule, {**answers, item: False})
    assert unmet == max(met - rule.of_item(item).fraction, rule.until.fraction)


@given(st.sampled_from(["0.5", "1", "1/3"]), ANSWERS)
def test_awarding_and_deducting_agree_where_the_items_add_up_to_the_points(each: str, answers: dict[str, bool]) -> None:
    full = 3 * it.exact(each).fraction
    awarded, deducted = rules.PerItem(each=each), rules.DeductPerItem(each=each)
    assert points_of(awarded, answers, full) == points_of(deducted, answers, full)


@pytest.mark.parametrize(
    ("rule", "full", "expected"),
    [
        (rules.PerItem(each=1), 3, ["0", "1", "2", "3"]),
        (rules.PerItem(each="0.5"), "1.5", ["0", "0.5", "1", "1.5"]),
        (rules.PerItem(each=1, capped=True), 2, ["0", "1", "2", "2"]),
        (rules.PerItem(each="0.7", capped=True), "1.5", ["0", "0.7", "1.4", "1.5"]),
        (rules.DeductPerItem(each=1), 3, ["0", "1", "2", "3"]),
        (rules.DeductPerItem(each=1), 2, ["0", "0", "1", "2"]),
        (rules.DeductPerItem(each=1), 5, ["2", "3", "4", "5"]),
        (rules.DeductPerItem(each="1/3"), 1, ["0", "1/3", "2/3", "1"]),
        (rules.DeductPerItem(each=7), 5, ["0", "0", "0", "5"]),
        (rules.DeductPerItem(each=2, until=2), 5, ["2", "2", "3", "5"]),
        (rules.DeductPerItem(each=2, until=-2), 3, ["-2", "-1", "1", "3"]),
    ],
)
def test_a_checklist_by_how_many_items_are_met(rule: Items, full: Any, expected: list[str]) -> None:
    for met in product([True, False], repeat=3):
        answers = dict(zip(ITEMS, met, strict=True))
        assert rule.points(answers, it.exact(full)) == it.exact(expected[sum(met)])


def test_items_may_each_have_their_own_points_or_costs() -> None:
    own: dict[str, Any] = {"whole": 2, "true": 3, "timely": "0.5"}
    answers = {"whole": True, "true": False, "timely": False}
    assert rules.PerItem(items=own).points(answers, it.exact("5.5")) == 2
    assert rules.DeductPerItem(items=own).points(answers, it.exact(5)) == it.exact("1.5")
    assert rules.DeductPerItem(items=own).points(answers, it.exact(3)) == 0


MARKS = rules.Marks(FULL, it.exact(0), FULL)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (rules.PerItem(each=1), [("points-do-not-add-up", "items")]),
        (rules.PerItem(each=4), [("points-do-not-add-up", "items")]),
        (rules.PerItem(each=1, capped=True), [("points-do-not-add-up", "items")]),
        (rules.PerItem(each="10/3", capped=True), []),
        (rules.PerItem(each=4, capped=True), []),
        (rules.PerItem(items={"whole": 5, "true": 5}), [("no-points", "items")]),
        (rules.DeductPerItem(each=1), []),
        (rules.DeductPerItem(each=0), [("not-above-zero", "each")]),
        (rules.DeductPerItem(items={"whole": 5, "true": 5}), [("no-points", "items")]),
        (
            rules.DeductPerItem(items={"whole": 5, "true": 0, "timley": -1}),
            [
                ("unknown-item", "items.timley"),
                ("no-points", "items"),
                ("not-above-zero", "items.true"),
                ("not-above-zero", "items.timley"),
            ],
        ),
    ],
)
def test_items_that_do_not_fit_the_checklist_are_named(rule: Items, expected: list[tuple[str, str]]) -> None:
    found = rule.problems(tidy, MARKS)
    assert [(problem.code, problem.path) for problem in found] == expected
    assert all(problem.message["en"] for problem in found)


@given(checklist_rules())
def test_a_drawn_checklist_fits(rule: Items) -> None:
    assert rule.problems(tidy, MARKS) == []


# Words


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=per_item(), answers=ANSWERS)
def test_a_checklist_names_every_item_with_its_points(
    rule: rules.PerItem, answers: dict[str, bool], language: str
) -> None:
    words = rule.words(tidy, FULL, language)
    reason = rule.reason(answers, tidy, FULL, language)
    assert reason
    for name, title in tidy.items.items():
        cost = rule.of_item(name).text
        own = {"zh": f"{title['zh']}（得 {cost} 分）", "en": f"{title['en']}: {cost} point"}
        if rule.capped and rule.each is not None:
            own = {"zh": f"每项 {cost} 分，最多 10 分：", "en": f"each item met: {cost} point"}
            assert title[language] in words
        assert own[language] in words
        assert (title[language] in reason) is not answers[name]


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=deduct_per_item(), answers=ANSWERS)
def test_a_deduction_names_the_full_points_what_each_item_costs_and_what_is_not_met(
    rule: rules.DeductPerItem, answers: dict[str, bool], language: str
) -> None:
    words = rule.words(tidy, FULL, language)
    reason = rule.reason(answers, tidy, FULL, language)
    assert {"zh": "满分 10 分", "en": "full 10 points"}[language] in words
    left = rule.until.text
    ends = {"zh": f"扣至 {left} 分为止", "en": f"until {left} points are left"}
    if rule.until == 0:
        ends = {"zh": "扣完为止", "en": "until none are left"}
    assert ends[language] in words
    assert reason.endswith(ends[language]) is (points_of(rule, answers) == rule.until.fraction)
    if rule.each is not None:
        assert {"zh": f"扣 {rule.each.text} 分", "en": f"-{rule.each.text}"}[language] in words
    for name, title in tidy.items.items():
        cost = rule.of_item(name).text
        if rule.each is None:
            assert {"zh": f"{title['zh']}（扣 {cost} 分）", "en": f"{title['en']}: -{cost} point"}[language] in words
        shown = {"zh": f"{title['zh']}（-{cost}）", "en": f"{title['en']} (-{cost})"}[language]
        assert (shown in reason) is not answers[name]


@given(checklist_rules(), ANSWERS)
def test_the_words_of_a_checklist_differ_by_language(rule: Items, answers: dict[str, bool]) -> None:
    assert rule.words(tidy, FULL, "zh") != rule.words(tidy, FULL, "en")
    assert rule.reason(answers, tidy, FULL, "zh") != rule.reason(answers, tidy, FULL, "en")


@pytest.mark.parametrize("rule", [rules.PerItem(each=1), rules.DeductPerItem(each=1)])
def test_a_rule_of_items_has_nothing_to_say_of_a_measure(rule: Items) -> None:
    assert rule.words(execution, FULL, "en") == rule.reason({}, execution, FULL, "en") == ""
    assert rule.problems(execution, MARKS) == []


# Graded judgements


@given(graded_judgement(), SHARES)
def test_a_judgement_gives_its_share_of_the_points(rule: rules.GradedJudgement, share: it.Quantity) -> None:
    assert rule.points(share, FULL).fraction == share.fraction * 10


@pytest.mark.parametrize(
    ("share", "points", "word"),
    [
        ("100%", "10", "reached"),
        ("80%", "8", "reached"),
        ("79.9999%", "7.99999", "partly reached"),
        ("60%", "6", "partly reached"),
        ("59.9999%", "5.99999", "not reached"),
        ("0", "0", "not reached"),
    ],
)
def test_a_judgement_at_an_edge_belongs_to_the_better_step(share: str, points: str, word: str) -> None:
    rule = rules.GradedJudgement()
    assert rule.points(it.exact(share), FULL) == it.exact(points)
    assert rule.reason(it.exact(share), judged, FULL, "en").startswith(f'judged "{word}"')


@given(graded_judgement(), SHARES)
def test_the_step_of_a_judgement_is_the_best_that_is_reached(rule: rules.GradedJudgement, share: it.Quantity) -> None:
    reached = next(step for step in rule.grades if share.fraction >= step.at_least.fraction)
    for language in LANGUAGES:
        reason = rule.reason(share, judged, FULL, language)
        assert reached.title[language] in reason
        assert f"{it.exact(share.fraction * 100).text}%" in reason


@pytest.mark.parametrize("language", LANGUAGES)
@given(rule=graded_judgement())
def test_a_judgement_names_its_steps_and_the_points(rule: rules.GradedJudgement, language: str) -> None:
    words = rule.words(judged, it.exact("12.5"), language)
    for step in rule.grades:
        assert step.title[language] in words
        assert f"{it.exact(step.at_least.fraction * 100).text}%" in words
    assert "12.5" in words
    assert words != rule.words(judged, it.exact("12.5"), {"zh": "en", "en": "zh"}[language])


def test_a_capped_checklist_says_itself_as_tables_print_it() -> None:
    answers = {"whole": True, "true": True, "timely": False}
    rule, full = rules.PerItem(each=1, capped=True), it.exact(2)
    assert [rule.words(tidy, full, language) for language in LANGUAGES] == [
        "每项 1 分，最多 2 分：完整；真实；及时",
        "each item met: 1 point, at most 2 points: whole; true; timely",
    ]
    assert [rule.reason(answers, tidy, full, language) for language in LANGUAGES] == [
        "不符合：及时（1 分）；最多 2 分",
        "not met: timely (1 point); at most 2 points",
    ]
    own = rules.PerItem(items={"whole": 2, "true": 1, "timely": 1}, capped=True)
    assert own.words(tidy, it.exact(3), "zh") == "完整（得 2 分）；真实（得 1 分）；及时（得 1 分）；最多 3 分"
    assert own.to_dict() == {"kind": "checklist", "items": {"whole": 2, "true": 1, "timely": 1}, "capped": True}


def test_items_that_add_up_to_more_are_refused_with_what_to_write() -> None:
    (problem,) = rules.PerItem(each=4).problems(tidy, MARKS)
    assert "capped = true" in problem.fix["zh"]
    assert "capped = true" in problem.fix["en"]
    assert not rules.PerItem(each=1).problems(tidy, MARKS)[0].fix


@pytest.mark.parametrize("capped", ["no", 1, None])
def test_capped_is_true_or_false(capped: Any) -> None:
    with pytest.raises(it.IndicatreeError, match="expected true or false"):
        rules.PerItem(each=3, capped=capped)
