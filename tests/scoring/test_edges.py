"""Every rule exactly on its edges and one fen, or one of a count, to either side; and the published examples.

Values come from records of money and of counts, so that an edge is met by figures that a unit could have.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

import indicatree as it
from indicatree import rules
from strategies import (
    Asked,
    Budget,
    Staff,
    asked,
    balance,
    execution,
    judged_leaf,
    points_by,
    rounded,
    scheme_of,
    shares,
    staffing,
    tidy,
)

PATH = "process.group.a"
FEN = Fraction(1, 100)


# Drawn rules, through money


@it.indicator("demo.first", tier=it.Tier.PROCESS, title=it.Text(zh="其一", en="First"))
def first(first_budget: Budget) -> Any:
    """A value to compare with."""
    return first_budget.spent / first_budget.planned


@it.indicator("demo.second", tier=it.Tier.PROCESS, title=it.Text(zh="其二", en="Second"))
def second(second_budget: Budget) -> Any:
    """Another one."""
    return second_budget.spent / second_budget.planned


def budget_of(value: Fraction, planned: int | None = None) -> Budget:
    """A budget whose execution is exactly this, in whole fen."""
    planned = planned or 10**4 * value.denominator
    return Budget(planned=planned, spent=value * planned)


def through_money(case: Asked, planned: int) -> it.NodeScore:
    """The score of a leaf of 10 points whose figures give just that value."""
    rule, records = case.rule, {"budget": budget_of(case.value, planned)}
    if isinstance(rule, rules.Comparison):
        measures = {"beside_0": first, "beside_1": second}
        rule = attrs.evolve(rule, against={name: measures[name] for name in rule.against})
        names = {"beside_0": "first_budget", "beside_1": "second_budget"}
        records |= {names[name]: budget_of(value) for name, value in case.beside.items()}
    scheme = scheme_of(it.Leaf(id="a", indicator=execution, points=10, rule=rule), precision=8)
    said = {}
    if case.beside.get("target_set_low") is not None:
        items = {"target_set_low": case.beside["target_set_low"]}
        said = {PATH: it.Judgement(items=items, reason="seen", evidence="ledger")}
    return it.score(scheme, it.UnitData(records=records, judgement=said))[PATH]


@given(asked())
@settings(max_examples=60)
def test_at_every_edge_and_one_fen_beside_it_money_scores_as_plain_fractions_say(case: Asked) -> None:
    compared = {name: it.exact(value) for name, value in case.beside.items() if isinstance(value, Fraction)}
    edges = sorted({edge.fraction for edge in case.rule.edges(it.exact(10), **compared)})
    for edge in [*edges[:4], *edges[-2:]]:
        planned = 10**4 * edge.denominator
        for value in (edge - FEN / planned, edge, edge + FEN / planned):
            node = through_money(case.at(value), planned)
            assert node.value is not None
            assert node.value.fraction == value
            expected = points_by(case.rule, value, Fraction(10), case.beside)
            assert node.units == rounded(expected, 8, it.Rounding.HALF_UP)


# Published tables, digit for digit: the value, and the points on it and beside it


def money(rule: it.Rule, full: Any, spent: Any, planned: Any = 100000) -> str:
    scheme = scheme_of(it.Leaf(id="a", indicator=execution, points=full, rule=rule))
    return str(it.score(scheme, {"budget": Budget(planned=planned, spent=spent)}).total)


def counts(rule: it.Rule, full: Any, in_post: int, posts: int) -> str:
    scheme = scheme_of(it.Leaf(id="a", indicator=staffing, points=full, rule=rule))
    return str(it.score(scheme, {"staff": Staff(posts=posts, in_post=in_post)}).total)


ADJUSTMENT = rules.Bands(
    bands=[
        rules.Band(exactly=0, points=5),
        rules.Band(above=0, at_most="10%", points=4),
        rules.Band(above="10%", at_most="20%", points=3),
        rules.Band(above="20%", at_most="30%", points=2),
    ],
    otherwise=0,
)


@pytest.mark.parametrize(
    ("adjusted", "points"),
    [
        ("0", "5.00"),
        ("0.01", "4.00"),
        ("9999.99", "4.00"),
        ("10000", "4.00"),
        ("10000.01", "3.00"),
        ("19999.99", "3.00"),
        ("20000", "3.00"),
        ("20000.01", "2.00"),
        ("29999.99", "2.00"),
        ("30000", "2.00"),
        ("30000.01", "0.00"),
        ("100000", "0.00"),
        ("-0.01", "0.00"),
    ],
)
def test_an_adjustment_rate_in_bands_with_closed_upper_edges(adjusted: str, points: str) -> None:
    assert money(ADJUSTMENT, 5, adjusted) == points


@pytest.mark.parametrize(
    ("satisfied", "points"),
    [
        ("90000", "6.00"),
        ("89999.99", "4.00"),
        ("80000", "4.00"),
        ("79999.99", "2.00"),
        ("60000", "2.00"),
        ("59999.99", "0.00"),
    ],
)
def test_satisfaction_in_bands_with_closed_lower_edges(satisfied: str, points: str) -> None:
    rule = rules.Bands(
        bands=[
            rules.Band(at_least="90%", points=6),
            rules.Band(at_least="80%", below="90%", points=4),
            rules.Band(at_least="60%", below="80%", points=2),
            rules.Band(below="60%", points=0),
        ]
    )
    assert money(rule, 6, satisfied) == points


def per_step(steps: str, side: str, target: str, step: str, cost: str) -> rules.DeductPerStep:
    return rules.DeductPerStep(target=target, step=step, points_per_step=cost, side=side, steps=steps)


@pytest.mark.parametrize(
    ("in_post", "full", "started", "continuous"),
    [
        (1, "5.00", "5.00", "5.00"),
        (999, "5.00", "5.00", "5.00"),
        (1000, "5.00", "5.00", "5.00"),
        (1001, "5.00", "4.50", "4.95"),
        (1009, "5.00", "4.50", "4.55"),
        (1010, "4.50", "4.50", "4.50"),
        (1011, "4.50", "4.00", "4.45"),
        (1019, "4.50", "4.00", "4.05"),
        (1020, "4.00", "4.00", "4.00"),
        (1089, "1.00", "0.50", "0.55"),
        (1090, "0.50", "0.50", "0.50"),
        (1091, "0.50", "0.00", "0.45"),
        (1099, "0.50", "0.00", "0.05"),
        (1100, "0.00", "0.00", "0.00"),
        (1101, "0.00", "0.00", "0.00"),
        (5000, "0.00", "0.00", "0.00"),
    ],
)
def test_a_staff_control_rate_over_its_limit_by_percentage_points(
    in_post: int, full: str, started: str, continuous: str
) -> None:
    for steps, points in {"full": full, "started": started, "continuous": continuous}.items():
        assert counts(per_step(steps, "above", "100%", "1%", "0.5"), 5, in_post, 1000) == points


@pytest.mark.parametrize(
    ("completed", "full", "started", "continuous"),
    [
        ("100000.01", "5.00", "5.00", "5.00"),
        ("100000", "5.00", "5.00", "5.00"),
        ("99999.99", "5.00", "3.00", "5.00"),
        ("95000.01", "5.00", "3.00", "3.00"),
        ("95000", "3.00", "3.00", "3.00"),
        ("94999.99", "3.00", "1.00", "3.00"),
        ("90000", "1.00", "1.00", "1.00"),
        ("89999.99", "1.00", "0.00", "1.00"),
        ("87500", "1.00", "0.00", "0.00"),
        ("85000.01", "1.00", "0.00", "0.00"),
        ("85000", "0.00", "0.00", "0.00"),
        ("0", "0.00", "0.00", "0.00"),
    ],
)
def test_a_completion_rate_below_all_by_steps_of_five_per_cent(
    completed: str, full: str, started: str, continuous: str
) -> None:
    for steps, points in {"full": full, "started": started, "continuous": continuous}.items():
        assert money(per_step(steps, "below", "100%", "5%", "2"), 5, completed) == points


@pytest.mark.parametrize(
    ("beside", "full", "started", "continuous"),
    [
        ("0", "15.00", "15.00", "15.00"),
        ("0.01", "15.00", "14.00", "15.00"),
        ("2999.99", "15.00", "14.00", "14.00"),
        ("3000", "14.00", "14.00", "14.00"),
        ("3000.01", "14.00", "13.00", "14.00"),
        ("4500", "14.00", "13.00", "13.50"),
        ("44999.99", "1.00", "0.00", "0.00"),
        ("45000", "0.00", "0.00", "0.00"),
        ("45000.01", "0.00", "0.00", "0.00"),
    ],
)
@pytest.mark.parametrize("side", [1, -1])
def test_a_symmetric_deviation_costs_the_same_either_way(
    side: int, beside: str, full: str, started: str, continuous: str
) -> None:
    spent = 100000 + side * Fraction(beside)
    for steps, points in {"full": full, "started": started, "continuous": continuous}.items():
        assert money(per_step(steps, "either", "100%", "3%", "1"), 15, spent) == points


@pytest.mark.parametrize(
    ("done", "points"),
    [
        (0, "0.00"),
        (1, "0.01"),
        (999, "7.99"),
        (1000, "8.00"),
        (1001, "8.00"),
        (2000, "8.00"),
        (500, "4.00"),
        (333, "2.66"),
    ],
)
def test_key_work_in_proportion_until_full_marks(done: int, points: str) -> None:
    assert counts(rules.Proportional(), 8, done, 1000) == points


@pytest.mark.parametrize(
    ("rule", "below", "at", "above"),
    [
        (rules.AllOrNothing(at_most="100%"), "5.00", "5.00", "0.00"),
        (rules.AllOrNothing(below="100%"), "5.00", "0.00", "0.00"),
        (rules.AllOrNothing(at_least="100%"), "0.00", "5.00", "5.00"),
        (rules.AllOrNothing(above="100%"), "0.00", "0.00", "5.00"),
        (rules.AllOrNothing(exactly="100%"), "0.00", "5.00", "0.00"),
        (rules.AllOrNothing(at_least="100%", below="100.0001%"), "0.00", "5.00", "5.00"),
    ],
)
def test_all_or_nothing_at_its_limit_and_one_fen_or_one_post_beside(
    rule: it.Rule, below: str, at: str, above: str
) -> None:
    assert [money(rule, 5, spent) for spent in ("99999.99", "100000", "100000.01")] == [below, at, above]
    assert [counts(rule, 5, posts, 10**7) for posts in (10**7 - 1, 10**7, 10**7 + 1)] == [below, at, above]


@pytest.mark.parametrize(
    ("rule", "full", "points"),
    [
        (rules.PerItem(each=1), 3, ["0.00", "1.00", "2.00", "3.00"]),
        (rules.PerItem(each="0.5"), "1.5", ["0.00", "0.50", "1.00", "1.50"]),
        (rules.DeductPerItem(each=1), 2, ["0.00", "0.00", "1.00", "2.00"]),
        (rules.DeductPerItem(each=1), 5, ["2.00", "3.00", "4.00", "5.00"]),
        (rules.DeductPerItem(each="1/3"), 1, ["0.00", "0.33", "0.67", "1.00"]),
    ],
)
def test_a_checklist_point_by_point(rule: it.Rule, full: Any, points: list[str]) -> None:
    scheme = scheme_of(it.Leaf(id="a", indicator=tidy, points=full, rule=rule))
    for met, expected in enumerate(points):
        items = {name: position < met for position, name in enumerate(tidy.items)}
        data = it.UnitData(judgement={PATH: it.Judgement(items=items, reason="seen", evidence="ledger")})
        assert str(it.score(scheme, data).total) == expected


@it.indicator(
    "demo.late", tier=it.Tier.PROCESS, unit=it.NUMBER, better=it.LESS, title=it.Text(zh="迟拨", en="Paid late")
)
def late(staff: Staff) -> Any:
    """How many projects were paid late."""
    return staff.in_post


@pytest.mark.parametrize(
    ("number", "points", "with_two_allowed"),
    [
        (0, "5.00", "5.00"),
        (1, "4.50", "5.00"),
        (2, "4.00", "5.00"),
        (3, "3.50", "4.50"),
        (9, "0.50", "1.50"),
        (10, "0.00", "1.00"),
        (11, "0.00", "0.50"),
        (12, "0.00", "0.00"),
        (13, "0.00", "0.00"),
        (1000, "0.00", "0.00"),
    ],
)
def test_each_project_paid_late_costs_half_a_point_until_none_are_left(
    number: int, points: str, with_two_allowed: str
) -> None:
    for allowed, expected in ((0, points), (2, with_two_allowed)):
        rule = rules.Incidents(points_per_incident="0.5", allowed=allowed)
        scheme = scheme_of(it.Leaf(id="a", indicator=late, points=5, rule=rule))
        assert str(it.score(scheme, {"staff": Staff(in_post=number)}).total) == expected


@pytest.mark.parametrize(
    ("spent", "points"), [("100", "3.00"), ("100.01", "3.00"), ("99.99", "2.00"), ("20", "2.00"), ("19.99", "0.00")]
)
def test_three_grades_by_comparison_with_last_years_balance(spent: str, points: str) -> None:
    @it.indicator("demo.last", tier=it.Tier.PROCESS, unit=it.NUMBER, title=it.Text(zh="上年结余", en="Last year's"))
    def last(last_year: Budget) -> Any:
        """Planned less spent, the year before."""
        return last_year.planned - last_year.spent

    rule = rules.Comparison(
        against={"last_year": last},
        cases=[rules.Case(at_most=0, points=3), rules.Case(at_most="last_year", points=2)],
        otherwise=0,
    )
    scheme = scheme_of(it.Leaf(id="a", indicator=balance, points=3, rule=rule))
    data = {"budget": Budget(planned=100, spent=spent), "last_year": Budget(planned=100, spent=20)}
    assert str(it.score(scheme, data).total) == points


@pytest.mark.parametrize(
    ("built", "points"),
    [("100000", "5.00"), ("100000.01", "5.00"), ("105000", "3.00"), ("109999.99", "3.00"), (None, "5.00")],
)
def test_a_department_without_a_building_project_gets_full_marks(built: str | None, points: str) -> None:
    leaf = it.Leaf(
        id="a",
        indicator=execution,
        points=5,
        rule=per_step("full", "above", "100%", "5%", "2"),
        policies=it.Policies(not_applicable="full_points"),
    )
    data = it.UnitData(
        records={} if built is None else {"budget": Budget(planned=100000, spent=built)},
        not_applicable={PATH: "no building project"} if built is None else {},
    )
    assert str(it.score(scheme_of(leaf), data).total) == points


@pytest.mark.parametrize(
    ("rate", "change", "points"),
    [
        ("5%", "5%", "4.00"),
        ("5.0001%", "5%", "4.00"),
        ("5%", "5.0001%", "4.00"),
        ("5.0001%", "5.0001%", "0.00"),
    ],
)
def test_of_two_rates_the_better_one_counts(rate: str, change: str, points: str) -> None:
    rule = rules.AllOrNothing(at_most="5%")
    leaves = [
        it.Leaf(id="a", indicator=execution, points=4, rule=rule),
        it.Leaf(id="b", indicator=execution, points=4, rule=rule, bindings={"budget": "change"}),
    ]
    scheme = scheme_of(*leaves, aggregation=it.Aggregation("better_of"), points=4)
    records = {name: budget_of(it.exact(value).fraction) for name, value in (("budget", rate), ("change", change))}
    assert str(it.score(scheme, records).total) == points


@pytest.mark.parametrize(
    ("share", "points", "word"),
    [
        ("100%", "10.00", "reached"),
        ("80%", "8.00", "reached"),
        ("79.99%", "8.00", "partly reached"),
        ("79.94%", "7.99", "partly reached"),
        ("60%", "6.00", "partly reached"),
        ("59.99%", "6.00", "not reached"),
        ("0%", "0.00", "not reached"),
    ],
)
def test_a_graded_judgement_gives_a_share_of_the_marks(share: str, points: str, word: str) -> None:
    scheme = scheme_of(judged_leaf("a", 10))
    node = it.score(scheme, shares(scheme, a=share))[PATH]
    assert str(node.score) == points
    assert share == "100%" or f'judged "{word}"' in node.reason["en"]


def test_one_serious_violation_caps_the_grade() -> None:
    veto = it.Veto(id="violation", title=it.Text(zh="严重违规", en="serious violation"), grade="poor")
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[veto])
    data = shares(scheme, a="95%")
    card = it.score(scheme, data)
    assert card.grade is not None
    assert card.grade.id == "excellent"
    word = it.Judgement(items={"applies": True}, reason="false reporting", evidence="audit report")
    card = it.score(scheme, attrs.evolve(data, judgement={**data.judgement, "veto.violation": word}))
    assert card.grade is not None
    assert (str(card.total), card.grade.id) == ("95.00", "poor")


@pytest.mark.parametrize(("printed", "exact"), [("0.0900000762939453", "9%"), ("-0.300000152587891", "-30%")])
def test_a_target_is_met_exactly_and_not_by_what_floats_leave_of_it(printed: str, exact: str) -> None:
    sign = 1 if it.exact(exact).fraction > 0 else -1
    spent = it.exact(exact).fraction * 100000
    assert money(rules.AllOrNothing(exactly=exact), 5, spent) == "5.00"
    assert money(rules.AllOrNothing(exactly=printed), 5, spent) == "0.00"
    assert money(rules.AllOrNothing(exactly=exact), 5, spent + sign * FEN) == "0.00"
