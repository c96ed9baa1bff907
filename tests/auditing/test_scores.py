"""Which scores are possible when every figure is rounded, for schemes of every shape."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import indicatree as it
from auditing.published import Published, published
from auditing.reports import BUDGETS, QUIET, printed
from indicatree import rules
from indicatree.auditing.scores import _MOST_OPEN
from indicatree.data import FigureNote
from strategies import (
    Budget,
    Linear,
    all_or_nothing,
    balance,
    bands,
    execution,
    judged_leaf,
    points_by,
    project_execution,
    proportional,
    rounded,
    scheme_of,
    staffing,
    text,
)

if TYPE_CHECKING:
    import random

HALF = it.Rounding.HALF_UP


def broken(found: it.Audit) -> list[tuple[str, str, str, str]]:
    return [(one.check.id, one.stated, one.computed, one.result.why["en"]) for one in found.broken]


@given(published())
@settings(max_examples=60)
def test_a_report_of_its_own_scorecard_has_no_broken_check(report: Published) -> None:
    found = report.audit()
    for checked in found.checks:
        event(f"{checked.check.kind} {checked.verdict.value}")
    assert broken(found) == []


@given(published())
@settings(max_examples=60)
def test_the_possible_range_holds_the_score_of_the_figures_before_they_were_rounded(report: Published) -> None:
    possible = report.audit().possible
    for node in report.card.root.walk():
        held = possible[node.path or "total"].range
        if node.score is not None:
            assert held is not None, node.path
            assert Fraction(node.score) in held, node.path


@given(published(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_verdicts_do_not_depend_on_the_order_of_records_and_claims(report: Published, chance: random.Random) -> None:
    claims, records = list(report.data.claims.items()), list(report.data.records.items())
    chance.shuffle(claims)
    chance.shuffle(records)
    other = attrs.evolve(report, data=attrs.evolve(report.data, claims=dict(claims), records=dict(records)))
    found, again = report.audit(), other.audit()

    def by_id(audit: it.Audit) -> dict[str, Any]:
        return {one.check.id: (one.verdict, one.stated, one.computed, one.result.why) for one in audit.checks}

    assert by_id(found) == by_id(again)
    assert found.bounds == again.bounds
    assert found.possible == again.possible


@given(published(hide=True), st.integers(0, 300))
@settings(max_examples=60)
def test_a_figure_that_is_assumed_is_never_used(report: Published, amount: int) -> None:
    assumed = [path for path, note in report.data.notes.items() if note.assumed and "[" not in path]
    event(f"assumed: {min(len(assumed), 3)}")
    records = dict(report.data.records)
    for path in assumed:
        name, _, field = path.partition(".")
        records[name] = attrs.evolve(records[name], **{field: amount})
    changed = attrs.evolve(report, data=attrs.evolve(report.data, records=records))
    assert report.audit().to_dict() == changed.audit().to_dict()


@given(published(), st.sampled_from([-1, 1]), st.integers(1, 500))
@settings(max_examples=60)
def test_a_stated_score_outside_what_is_possible_is_broken_with_the_nearest_one(
    report: Published, sign: int, hundredths: int
) -> None:
    possible = report.with_claims({}).audit().possible["total"]
    assume(possible.range is not None)
    assert possible.range is not None
    by = Fraction(hundredths, 100)
    wrong = possible.range.high + by if sign > 0 else possible.range.low - by
    said = {"total": {"score": printed(wrong, report.scheme.precision + 2)}}
    found = report.with_claims(said).audit()
    (checked,) = [one for one in found.checks if one.check.id == "score total"]
    if possible.guessed:
        event("cannot be checked")
        assert possible.unknown
        assert checked.verdict is it.Verdict.NOT_CHECKED
        assert checked.result.why == possible.unknown
        assert all(checked.result.why[language] for language in ("zh", "en"))
        return
    event(f"broken: {possible.unknown['en'] or 'all is known'}")
    assert checked.verdict is it.Verdict.BROKEN
    (figure,) = [one for one in found.broken_figures if one.id == "claims.total.score"]
    nearest = possible.range.high if sign > 0 else possible.range.low
    assert Fraction(figure.repair) == nearest


# One leaf, one figure


@it.indicator("one.planned", tier=it.Tier.PROCESS, unit=it.NUMBER, title=text("预算", "Planned"))
def planned(budget: Budget) -> Any:
    """What was planned, alone."""
    return budget.planned / 1


@given(st.one_of(bands(), all_or_nothing(), proportional()), st.integers(0, 4), st.integers(0, 1))
@settings(max_examples=60)
def test_where_one_leaf_depends_on_one_figure_both_possible_scores_are_reached(
    rule: it.Rule, amount: int, places: int
) -> None:
    scheme = scheme_of(it.Leaf(id="only", indicator=planned, points=10, rule=rule))
    data = it.UnitData(
        records={"budget": Budget(planned=amount)},
        notes={"budget.planned": FigureNote(printed(Fraction(amount), places))},
    )
    found = it.audit(scheme, data, {"total": {"score": 10}}, catalog=QUIET).possible["process.group.only"]
    half = Fraction(1, 2 * 10**places)
    low, high = max(amount - half, Fraction(0)), amount + half
    edges = {edge.fraction for edge in map(it.exact, rule.edges(it.exact(10)))}
    stops = sorted({low, high, *(edge for edge in edges if low <= edge <= high)})
    tried = [*stops, *((one + other) / 2 for one, other in pairwise(stops))]
    scores = [
        Fraction(rounded(min(max(points_by(rule, value, Fraction(10)), Fraction(0)), Fraction(10)), 2, HALF), 100)
        for value in tried
    ]
    assert found.range is not None
    assert not found.unknown
    assert (found.range.low, found.range.high) == (min(scores), max(scores))


def reached(rule: it.Rule, low: Fraction, high: Fraction) -> set[Fraction]:
    """Every score that a rule of steps gives from one value to another."""
    edges = {edge.fraction for edge in map(it.exact, rule.edges(it.exact(10)))}
    stops = sorted({low, high, *(edge for edge in edges if low <= edge <= high)})
    tried = [*stops, *((one + other) / 2 for one, other in pairwise(stops))]
    raw = (min(max(points_by(rule, value, Fraction(10)), Fraction(0)), Fraction(10)) for value in tried)
    return {Fraction(rounded(points, 2, HALF), 100) for points in raw}


def combined(combine: str, scores: tuple[Fraction, ...]) -> Fraction:
    """The score of a group of leaves of 10 points each: 10, or where they are added 10 for each."""
    if combine == "sum":
        return sum(scores, start=Fraction(0))
    added = sum(scores, start=Fraction(0))
    ways = {
        "minimum": min(scores),
        "better_of": max(scores),
        "capped_sum": min(added, Fraction(10)),
        "weighted_mean": added / len(scores),
    }
    return Fraction(rounded(ways[combine], 2, HALF), 100)


@given(
    st.lists(st.tuples(st.one_of(bands(), all_or_nothing()), st.integers(0, 4)), min_size=1, max_size=3),
    st.sampled_from(["sum", "weighted_mean", "minimum", "better_of", "capped_sum"]),
    st.integers(0, 3000),
)
@settings(max_examples=60)
def test_of_rules_with_steps_exactly_the_scores_that_some_figures_give_are_possible(
    drawn: list[tuple[it.Rule, int]], combine: str, hundredths: int
) -> None:
    leaves = [
        it.Leaf(id=name, indicator=planned, points=10, rule=rule, bindings={"budget": name})
        for name, (rule, _) in zip(BUDGETS, drawn, strict=False)
    ]
    points = 10 * len(leaves) if combine == "sum" else 10
    scheme = scheme_of(*leaves, aggregation=it.Aggregation(combine), points=points)
    half = Fraction(1, 2)
    sets = [reached(rule, max(amount - half, Fraction(0)), amount + half) for rule, amount in drawn]
    oracle = {combined(combine, scores) for scores in product(*sets)}
    stated = {*oracle, *((one + other) / 2 for one, other in pairwise(sorted(oracle))), Fraction(hundredths, 100)}
    data = {name: {"planned": amount} for name, (_, amount) in zip(BUDGETS, drawn, strict=False)}
    event(f"{len(oracle)} scores")
    for score in stated:
        found = it.audit(scheme, {"format": 1, "data": data}, {"group": {"score": printed(score, 3)}}, catalog=QUIET)
        (checked,) = [one for one in found.checks if one.check.id == "score group"]
        if score in oracle:
            expected = it.Verdict.HOLDS if len(oracle) == 1 else it.Verdict.WITHIN_ROUNDING
            assert (checked.verdict, checked.result.why["en"]) == (expected, "")
        else:
            assert checked.verdict is it.Verdict.BROKEN
            (figure,) = found.broken_figures
            repair = Fraction(figure.repair)
            assert repair in oracle
            assert abs(repair - score) == min(abs(one - score) for one in oracle)


STAFFING = it.Leaf(id="staff", indicator=staffing, points=10, rule=rules.AllOrNothing(at_most="100%"))


def audited(scheme: it.Scheme, claims: dict[str, Any], **records: Any) -> it.Audit:
    document = {"format": 1, "data": records}
    return it.audit(scheme, document, claims, catalog=QUIET)


def verdict_of(found: it.Audit, name: str) -> tuple[str, str, str]:
    (one,) = [one for one in found.checks if one.check.id == name]
    return one.verdict.value, one.computed, one.result.why["en"]


def test_whole_counts_leave_one_score() -> None:
    found = audited(scheme_of(STAFFING), {"total": {"score": 10}}, staff={"posts": 92, "in_post": 92})
    assert verdict_of(found, "score total") == ("holds", "10", "")
    found = audited(scheme_of(STAFFING), {"total": {"score": 9}}, staff={"posts": 92, "in_post": 92})
    assert verdict_of(found, "score total") == ("broken", "10", "")
    assert [(one.id, one.repair) for one in found.broken_figures] == [("claims.total.score", "10")]


RATE = it.Leaf(id="rate", indicator=execution, points=10, rule=rules.AllOrNothing(at_least="95%"))


def test_a_rate_on_the_edge_leaves_both_scores() -> None:
    rounded_to_the_edge = {"planned": 100, "spent": 95}
    for score in (0, 10):
        found = audited(scheme_of(RATE), {"rate": {"score": score}}, budget=rounded_to_the_edge)
        assert verdict_of(found, "score rate") == ("holds_within_rounding", "0 - 10", "")
    between = "only these are possible: 0; 10"
    for stated, nearest, why in [("11", "10", ""), ("6", "10", between), ("4", "0", between)]:
        found = audited(scheme_of(RATE), {"rate": {"score": stated}}, budget=rounded_to_the_edge)
        assert verdict_of(found, "score rate") == ("broken", "0 - 10", why)
        assert found.broken_figures[0].repair == nearest


def test_scores_that_one_figure_leaves_open_are_not_said_to_go_together() -> None:
    below = it.Leaf(id="below", indicator=execution, points=10, rule=rules.AllOrNothing(below="95%"))
    found = audited(scheme_of(RATE, below), {"total": {"score": 20}}, budget={"planned": 100, "spent": 95})
    why = "that the range is no wider than need be is not proven"
    assert verdict_of(found, "score total") == ("holds_within_rounding", "0 - 20", why)
    for score in (5, 21):
        found = audited(scheme_of(RATE, below), {"total": {"score": score}}, budget={"planned": 100, "spent": 95})
        assert verdict_of(found, "score total")[0] == "broken"


def test_more_scores_than_can_be_combined_are_taken_from_the_least_to_the_largest() -> None:
    leaves = [attrs.evolve(RATE, id=name, bindings={"budget": name}) for name in (f"b{index}" for index in range(12))]
    data = {leaf.id: {"planned": 100, "spent": 95} for leaf in leaves}
    found = audited(scheme_of(*leaves), {"total": {"score": 15}, "group": {"score": 121}}, **data)
    why = "that the range is no wider than need be is not proven"
    assert verdict_of(found, "score total") == ("holds_within_rounding", "0 - 120", why)
    assert verdict_of(found, "score group")[0] == "broken"


def test_assumed_rules_say_nothing_of_the_report() -> None:
    guessed = attrs.evolve(RATE, assumption="not printed")
    found = audited(scheme_of(guessed), {"total": {"score": 3}}, budget={"planned": 100, "spent": 80})
    assert verdict_of(found, "score total") == ("cannot_be_checked", "0", "its rules are assumed")


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ({"planned": 100}, "it rests on figures that are not printed, or assumed"),
        (
            {"planned": 100, "spent": {"value": 99, "assumed": True, "why": "guessed"}},
            "it rests on figures that are not printed, or assumed",
        ),
        ({"planned": 0, "spent": 80}, "it divides by what can be zero"),
    ],
)
def test_what_keeps_a_score_from_being_computed_is_said(records: dict[str, Any], why: str) -> None:
    found = audited(scheme_of(RATE), {"total": {"score": 3}}, budget=records)
    assert verdict_of(found, "score total") == ("cannot_be_checked", "0 - 10", why)


def test_what_is_not_printed_excuses_no_score_that_no_figure_gives() -> None:
    half = it.Leaf(id="half", indicator=execution, points=10, rule=rules.Proportional())
    other = attrs.evolve(half, id="other", bindings={"budget": "second"})  # of which nothing is printed
    scheme = scheme_of(half, other)
    for score, verdict, repair in (("15", "cannot_be_checked", None), ("15.1", "broken", "15"), ("4", "broken", "5")):
        document = {"format": 1, "data": {"budget": {"planned": "200.00", "spent": "100.00"}}}
        claims = {"total": {"score": score}, "other": {"score": "10.01"}}
        found = it.audit(scheme, document, claims, catalog=QUIET)
        assert verdict_of(found, "score total")[0] == verdict
        assert verdict_of(found, "score other")[0] == "broken"
        repairs = {one.id: one.repair for one in found.broken_figures}
        assert repairs.get("claims.total.score") == repair
        assert repairs["claims.other.score"] == "10"
        guessed = it.audit(scheme_of(half, attrs.evolve(other, assumption="guessed")), document, claims, catalog=QUIET)
        assert verdict_of(guessed, "score total")[0] == "cannot_be_checked"


def test_an_assumed_flag_is_not_used() -> None:
    leaf = it.Leaf(id="lines", indicator=project_execution, points=10, rule=rules.Proportional(), for_each="projects")
    scheme = scheme_of(leaf, policies=it.Policies(not_applicable="no_points"))
    possible = []
    for active in (True, False):
        flag = {"value": active, "assumed": True, "why": "not printed"}
        line = {"name": "one", "active": flag, "planned": 100, "spent": 50}
        found = audited(scheme, {"total": {"score": 3}}, projects=[line])
        assert verdict_of(found, "score total")[0] == "cannot_be_checked"
        possible.append(found.possible)
    assert possible[0] == possible[1]


def test_assumed_judgements_are_not_used() -> None:
    scheme = scheme_of(judged_leaf("quality", 10))
    judgement = {"quality": {"share": "50%", "reason": "seen", "evidence": "ledger"}}
    claims = {"total": {"score": 9}}
    found = it.audit(scheme, {"format": 1, "judgement": judgement}, claims, catalog=QUIET)
    assert verdict_of(found, "score total") == ("broken", "5", "")
    judgement["quality"] |= {"assumed": True, "why": "not printed"}  # type: ignore[dict-item]
    found = it.audit(scheme, {"format": 1, "judgement": judgement}, claims, catalog=QUIET)
    why = "it rests on judgements that are not printed, or assumed"
    assert verdict_of(found, "score total") == ("cannot_be_checked", "0 - 10", why)


@pytest.mark.parametrize("treatment", ["no_points", "full_points", "left_out"])
def test_what_does_not_apply_counts_as_the_scheme_says(treatment: str) -> None:
    both = scheme_of(RATE, STAFFING, policies=it.Policies(not_applicable=treatment))
    document = {
        "format": 1,
        "data": {"budget": {"planned": 100, "spent": 99}},
        "not_applicable": {"staff": "no posts"},
    }
    expected = {"no_points": 10, "full_points": 20, "left_out": 20}[treatment]
    claims = {"total": {"score": expected}, "process.group": {"score": expected}, "rate": {"score": 10}}
    found = it.audit(both, document, claims, catalog=QUIET)
    assert [one.check.id for one in found.broken] == []
    assert verdict_of(found, "score total")[:2] == ("holds", str(expected))
    assert verdict_of(found, "sum process.group")[:2] == ("holds", str(expected))
    wrong = {**claims, "process.group": {"score": 15}}
    assert verdict_of(it.audit(both, document, wrong, catalog=QUIET), "sum process.group")[0] == "broken"


def test_a_leaf_that_the_indicator_says_does_not_apply_is_treated_likewise() -> None:
    scheme = scheme_of(RATE, STAFFING, policies=it.Policies(not_applicable="left_out"))
    found = audited(
        scheme,
        {"total": {"score": 20}},
        budget={"planned": 100, "spent": 99},
        staff={"posts": 0, "in_post": 0},
    )
    assert found.possible["process.group.staff"].range is None
    assert verdict_of(found, "score total")[:2] == ("holds", "20")


# Ways to combine


def judged_group(combine: str, rounding: str = "half_up", **shares: str) -> tuple[it.Scheme, dict[str, Any]]:
    found = [judged_leaf(name, 10) for name in shares]
    points = 30 if combine == "sum" else 10
    scheme = scheme_of(*found, aggregation=it.Aggregation(combine), points=points, rounding=rounding)
    judgement = {name: {"share": share, "reason": "seen", "evidence": "ledger"} for name, share in shares.items()}
    return scheme, {"format": 1, "judgement": judgement}


@pytest.mark.parametrize("rounding", ["half_up", "half_even", "down", "up"])
@pytest.mark.parametrize(
    ("combine", "group"),
    [("sum", "21.7"), ("weighted_mean", "7.2333"), ("minimum", "5"), ("better_of", "9.7"), ("capped_sum", "10")],
)
def test_every_way_to_combine_is_checked_as_it_scores(combine: str, rounding: str, group: str) -> None:
    scheme, document = judged_group(combine, rounding, a="70%", b="97%", c="50%")
    unit = Fraction(rounded(Fraction(group), 2, it.Rounding(rounding)), 100)
    claims: dict[str, Any] = {name: {"score": score} for name, score in {"a": "7", "b": "9.7", "c": "5"}.items()}
    claims |= {"group": {"score": printed(unit, 2)}, "total": {"score": printed(unit, 2)}}
    found = it.audit(scheme, document, claims, catalog=QUIET)
    assert broken(found) == []
    assert verdict_of(found, "sum group")[0] == "holds"
    assert verdict_of(found, "score group")[0] == "holds"
    claims["group"] = {"score": printed(unit + 1, 2)}
    wrong = it.audit(scheme, document, claims, catalog=QUIET)
    assert {"sum group", "score group"} <= {one.check.id for one in wrong.broken}


@pytest.mark.parametrize("combine", ["weighted_mean", "minimum", "better_of", "capped_sum"])
def test_a_deduction_below_a_node_that_does_not_add_up_says_nothing_of_its_score(combine: str) -> None:
    scheme, document = judged_group(combine, a="70%", b="100%", c="100%")
    found = it.audit(scheme, document, {"a": {"lost": 3}, "group": {"score": 10}}, catalog=QUIET)
    assert "deductions group" not in {one.check.id for one in found.checks}


def test_a_score_of_rounded_groups_that_are_not_stated_is_not_added_up() -> None:
    leaves = [judged_leaf(name, 1) for name in ("a", "b", "c")]
    means = [
        it.Group(
            id=f"mean_{index}", title="M", indicators=leaves, points=1, aggregation=it.Aggregation("weighted_mean")
        )
        for index in range(4)
    ]
    tier = it.TierNode(tier="process", groups=[it.Group(id="all", title="All", groups=means)])
    scheme = it.Scheme(id="nested", tiers=[tier])
    claims: dict[str, Any] = {
        f"mean_{index}.{name}": {"score": score}
        for index in range(4)
        for name, score in {"a": 1, "b": 0, "c": 0}.items()
    }
    # each mean is 1/3, rounded to 0.33: the four add up to 1.32, not to 1.33
    claims["total"] = {"score": "1.32"}
    found = it.audit(scheme, {"format": 1}, claims, catalog=QUIET)
    assert broken(found) == []
    assert "sum total" not in {one.check.id for one in found.checks}


def test_a_score_is_rounded_as_the_scheme_says_and_by_nothing_else() -> None:
    claims: dict[str, Any] = {"a": {"score": "7.47"}, "b": {"score": 7}}
    for rounding, group, verdict in [
        ("half_up", "7.24", "holds"),
        ("half_up", "7.23", "broken"),
        ("down", "7.23", "holds"),
        ("down", "7.24", "broken"),
        ("half_even", "7.24", "holds"),
        ("up", "7.24", "holds"),
    ]:
        scheme, document = judged_group("weighted_mean", rounding, a="70%", b="70%")
        found = it.audit(scheme, document, {**claims, "group": {"score": group}}, catalog=QUIET)
        assert verdict_of(found, "sum group")[0] == verdict, (rounding, group)


PENALTY = it.Leaf(id="penalty", indicator=balance, points=0, rule=Linear(factor=-1), lowest=-5)


def test_a_penalty_that_is_not_stated_leaves_the_sum_open() -> None:
    claims = {"rate": {"score": 10}, "group": {"score": 8}}
    found = audited(scheme_of(RATE, PENALTY), claims, budget={"planned": 100, "spent": 98})
    assert "sum group" not in {one.check.id for one in found.checks}
    assert "deductions group" not in {one.check.id for one in found.checks}
    stated = {**claims, "penalty": {"score": -2}}
    found = audited(scheme_of(RATE, PENALTY), stated, budget={"planned": 100, "spent": 98})
    assert verdict_of(found, "sum group")[:2] == ("holds", "8")


def test_what_may_be_left_out_may_spread_a_loss_over_the_rest() -> None:
    minus = it.Leaf(id="minus", indicator=balance, points=10, rule=Linear(factor="-0.1"), lowest=-10)
    scheme = scheme_of(minus, STAFFING, policies=it.Policies(missing="left_out"))
    document = {"format": 1, "data": {"budget": {"planned": "100.00", "spent": "95.00"}}}
    score = it.score(scheme, document)["process.group"].score
    held = it.audit(scheme, document, {}, catalog=QUIET).possible["process.group"].range
    assert score == -10
    assert held is not None
    assert Fraction(score) in held


@pytest.mark.parametrize(("more", "verdict"), [(0, "broken"), (1, "cannot_be_checked")])
def test_where_too_many_may_be_left_out_to_try_every_way_no_score_is_broken(more: int, verdict: str) -> None:
    count = _MOST_OPEN + more
    leaves = [
        it.Leaf(
            id=f"l{index}", indicator=execution, points=1, rule=rules.Proportional(), bindings={"budget": f"b{index}"}
        )
        for index in range(count)
    ]
    scheme = scheme_of(*leaves, policies=it.Policies(missing="left_out"))
    found = audited(
        scheme, {"total": {"score": count + 1}}, **{f"b{index}": {"planned": 100} for index in range(count)}
    )
    assert verdict_of(found, "score total")[:2] == (verdict, f"0 - {count}")


# Vetoes


@pytest.mark.parametrize(("assumption", "verdict"), [("", "broken"), ("the cap is not printed", "cannot_be_checked")])
def test_a_veto_that_is_assumed_to_cap_the_total_breaks_no_score(assumption: str, verdict: str) -> None:
    document = {"format": 1, "data": {"budget": {"planned": 100, "spent": 99}}, "judgement": SAID}
    found = it.audit(vetoed(assumption=assumption), document, {"total": {"score": 10}}, catalog=QUIET)
    assert verdict_of(found, "score total")[:2] == (verdict, "6")


def vetoed(**veto: Any) -> it.Scheme:
    return scheme_of(RATE, vetoes=[it.Veto(id="audit", title="Audit", points=6, **veto)])


SAID = {"veto.audit": {"items": {"applies": True}, "reason": "found", "evidence": "report"}}


@pytest.mark.parametrize(
    ("judgement", "score", "verdict"),
    [({}, 10, "holds"), ({}, 6, "broken"), (SAID, 6, "holds"), (SAID, 10, "broken")],
)
def test_a_veto_that_is_said_caps_the_possible_total(judgement: dict[str, Any], score: int, verdict: str) -> None:
    document = {"format": 1, "data": {"budget": {"planned": 100, "spent": 99}}, "judgement": judgement}
    claims = {"total": {"score": score}, "process": {"score": 10}, "group": {"score": 10}}
    found = it.audit(vetoed(), document, claims, catalog=QUIET)
    assert verdict_of(found, "score total")[0] == verdict
    assert verdict_of(found, "score process")[0] == "holds"
    summed = verdict_of(found, "sum total")
    assert summed[0] == ("cannot_be_checked" if judgement else {"holds": "holds", "broken": "broken"}[verdict])


@pytest.mark.parametrize(("in_post", "expected"), [(92, "10"), (93, "6"), (None, "6 - 10")])
def test_a_measured_veto_caps_where_its_figures_say_so(in_post: int | None, expected: str) -> None:
    scheme = vetoed(indicator=staffing, when=rules.Limits(above="100%"))
    staff = {"posts": 92} | ({} if in_post is None else {"in_post": in_post})
    found = audited(scheme, {"total": {"score": 8}}, budget={"planned": 100, "spent": 99}, staff=staff)
    verdict, computed, why = verdict_of(found, "score total")
    assert computed == expected
    assert (verdict, why) == ("broken", "only these are possible: 6; 10" if in_post is None else "")


def test_a_grade_is_not_read_from_the_total_where_a_veto_may_lower_it() -> None:
    document = {"format": 1, "data": {"budget": {"planned": 100, "spent": 99}}}
    found = it.audit(vetoed(), document, {"total": {"score": 10, "grade": "poor"}}, catalog=QUIET)
    assert verdict_of(found, "grade")[0] == "cannot_be_checked"


# What an assessor says of a measured leaf

OVER = it.Leaf(
    id="over",
    indicator=project_execution,
    points=10,
    for_each="projects",
    rule=rules.OverFulfilment(threshold="150%", slope="0.5"),
)
TWO_PROJECTS = [{"name": name, "active": True, "planned": 100, "spent": 250} for name in ("one", "two")]


def said_low(**more: Any) -> dict[str, Any]:
    return {"over": {"items": {"target_set_low": True}, "reason": "low", "evidence": "the plan", **more}}


@pytest.mark.parametrize("lines", [["one"], ["2"], ["one", "two"], []])
def test_what_is_said_of_some_lines_is_audited_as_it_is_scored(lines: list[str]) -> None:
    scheme = scheme_of(OVER)
    document = {"format": 1, "data": {"projects": TWO_PROJECTS}, "judgement": said_low(lines=lines)}
    score = it.score(scheme, document).total
    assert score == (5 if len(lines) != 1 else Fraction(15, 2))
    found = it.audit(scheme, document, {"over": {"score": str(score)}}, catalog=QUIET)
    assert verdict_of(found, "score over")[0] == "holds_within_rounding"
    held = found.possible["process.group.over"].range
    assert held is not None
    assert held.high - held.low < 1


def test_what_is_only_assumed_to_be_said_is_not_used() -> None:
    document = {"format": 1, "data": {"projects": TWO_PROJECTS}, "judgement": said_low(assumed=True, why="not printed")}
    for score in (5, 10):
        found = it.audit(scheme_of(OVER), document, {"over": {"score": score}}, catalog=QUIET)
        why = "it rests on judgements that are not printed, or assumed"
        assert verdict_of(found, "score over") == ("cannot_be_checked", "0 - 10", why)


# Leaves that do not apply

DOES_NOT_APPLY = {"format": 1, "data": {"budget": {"planned": 100, "spent": 100}}, "not_applicable": {"staff": "none"}}


def test_a_score_stated_for_what_is_left_out_is_listed_and_cannot_be_checked() -> None:
    claims = {"staff": {"score": 7, "lost": 3}, "total": {"score": 20}}
    found = it.audit(scheme_of(STAFFING, RATE), DOES_NOT_APPLY, claims, catalog=QUIET)
    why = "it does not apply, and the scheme leaves it out: it has no score"
    assert verdict_of(found, "score staff") == ("cannot_be_checked", "", why)
    assert verdict_of(found, "lost staff") == ("cannot_be_checked", "", why)
    assert verdict_of(found, "score total")[0] == "holds"


def test_a_total_stated_where_everything_is_left_out_is_listed() -> None:
    document = {"format": 1, "data": {}, "not_applicable": {"staff": "none"}}
    found = it.audit(scheme_of(STAFFING), document, {"group": {"score": 5}, "total": {"score": 5}}, catalog=QUIET)
    assert {one.check.id for one in found.checks} >= {"score group", "score total"}
    assert found.count(it.Verdict.NOT_CHECKED) == len(found.checks)


def test_where_the_scheme_gives_no_score_no_total_is_computed() -> None:
    scheme = scheme_of(STAFFING, RATE, policies=it.Policies(not_applicable=it.Treatment.ERROR))
    with pytest.raises(it.ScoringError):
        it.score(scheme, DOES_NOT_APPLY)
    found = it.audit(scheme, DOES_NOT_APPLY, {"total": {"score": 5}}, catalog=QUIET)
    verdict, _, why = verdict_of(found, "score total")
    assert (verdict, why) == ("cannot_be_checked", "it does not apply, and the scheme gives no score then")


def test_a_thousand_stated_scores_are_added_up() -> None:
    leaves = [judged_leaf(f"n{index}") for index in range(1000)]
    claims: dict[str, Any] = {f"n{index}": {"score": 1} for index in range(1000)}
    found = it.audit(scheme_of(*leaves), {"format": 1}, {**claims, "group": {"score": 999}}, catalog=QUIET)
    assert verdict_of(found, "sum group")[:2] == ("broken", "1000")


# Repairs of figures behind scores


def stated_twice(spent: str, again: str) -> it.Audit:
    """Spending of a plan of 100, stated once more, and scores of 8 points of 10 in proportion."""
    leaf = it.Leaf(id="rate", indicator=execution, points=10, rule=rules.Proportional())
    document = {
        "format": 1,
        "data": {"budget": {"planned": "100.00", "spent": spent}},
        "figures": {"again": {"spent": {"value": again}}},
        "identity": [{"title": "again", "holds": "again.spent == budget.spent"}],
    }
    return it.audit(scheme_of(leaf), document, {"rate": {"score": 8}, "total": {"score": 8}}, catalog=QUIET)


def test_a_wrong_figure_explains_the_scores_that_it_breaks() -> None:
    found = stated_twice("40.00", "80.00")
    (figure,) = found.broken_figures
    assert (figure.id, figure.repair) == ("budget.spent", "80")
    assert {one.check.id for one in found.broken} == set(figure.checks)
    assert {"score rate", "score total"} <= set(figure.checks)


def test_a_repair_that_breaks_scores_is_not_the_best() -> None:
    (figure,) = stated_twice("80.00", "40.00").broken_figures
    assert (figure.id, figure.repair) == ("again.spent", "80")
    (other,) = [suspect for suspect in figure.suspects if suspect.path == "budget.spent"]
    assert (other.satisfied, other.broken) == (1, 2)


@given(st.integers(1, 150), st.integers(1, 150), st.integers(0, 10), st.integers(0, 10))
@settings(max_examples=40, deadline=None)
def test_what_a_suspect_would_satisfy_and_break_is_what_its_repair_does(
    spent: int, again: int, rate: int, total: int
) -> None:
    leaf = it.Leaf(id="rate", indicator=execution, points=10, rule=rules.Proportional())

    def audit_of(figures: dict[str, str]) -> it.Audit:
        document = {
            "format": 1,
            "data": {"budget": {"planned": figures["budget.planned"], "spent": figures["budget.spent"]}},
            "figures": {"again": {"spent": {"value": figures["again.spent"]}}},
            "identity": [{"title": "again", "holds": "again.spent == budget.spent"}],
        }
        claims = {"rate": {"score": figures["claims.rate.score"]}, "total": {"score": figures["claims.total.score"]}}
        return it.audit(scheme_of(leaf), document, claims, catalog=QUIET)

    figures = {"budget.planned": "100", "budget.spent": str(spent), "again.spent": str(again)}
    figures |= {"claims.rate.score": str(rate), "claims.total.score": str(total)}
    found = audit_of(figures)
    if not found.broken_figures:
        return
    before = {one.check.id for one in found.broken}
    for suspect in found.broken_figures[0].suspects:  # those of later ones count on the first being repaired
        after = {one.check.id for one in audit_of({**figures, suspect.path: suspect.repair}).broken}
        assert (suspect.satisfied, suspect.broken) == (len(before - after), len(after - before)), suspect
