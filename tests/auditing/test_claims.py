"""What a report may state, in every form; and each way to get it wrong, named at its place."""

from __future__ import annotations

import math
import pickle
import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import indicatree as it
from auditing.reports import QUIET, SCHEME, printed
from indicatree import fields, rules
from indicatree.auditing.ranges import Range
from strategies import (
    balance,
    demo_catalog,
    execution,
    fragile,
    judged_leaf,
    project_execution,
    scheme_of,
    staffing,
    text,
)

CHINESE = re.compile("[\u4e00-\u9fff]")
FULL = rules.Proportional()
WIDE = scheme_of(
    it.Leaf(id="rate", indicator=execution, points=10, rule=FULL),
    it.Leaf(id="lines", indicator=project_execution, points=10, rule=FULL, for_each="projects"),
    it.Leaf(id="staff", indicator=staffing, points=0),
    it.Leaf(id="left", indicator=balance, points=0),
    judged_leaf("quality", 10),
)
DATA: dict[str, Any] = {
    "budget": {"planned": 200, "spent": 150},
    "staff": {"posts": 92, "in_post": 92},
    "projects": [
        {"name": "one", "active": True, "planned": 100, "spent": 50},
        {"name": "two", "active": True, "planned": 100, "spent": 100},
    ],
}


def audit(claims: Any = None, scheme: it.Scheme = WIDE, **document: Any) -> it.Audit:
    return it.audit(scheme, {"format": 1, "data": DATA, **document}, claims, catalog=QUIET)


def said(found: it.Audit, name: str) -> tuple[str, str, str]:
    (one,) = [one for one in found.checks if one.check.id == name]
    return one.verdict.value, one.stated, one.computed


def assert_said_in_both(problem: it.Problem) -> None:
    """Chinese words in Chinese, none in English; what is the same in both is code."""
    assert CHINESE.search(problem.message.zh)
    assert not CHINESE.search(problem.message.en)
    assert not CHINESE.search(problem.fix.en)
    assert CHINESE.search(problem.fix.zh) or " = " in problem.fix.zh or not problem.fix


# Every form


@pytest.mark.parametrize("key", ["rate", "group.rate", "process.group.rate"])
def test_a_node_is_named_by_any_last_part_that_only_one_has(key: str) -> None:
    assert said(audit({key: {"value": "75%"}}), f"value {key}") == ("holds", "75%", "75%")


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("75%", "holds"),
        ("75.00%", "holds"),
        ("75.3%", "holds_within_rounding"),
        ("0.75", "holds"),
        ("0.8", "holds"),
        ("1", "holds"),
        ("75.44%", "holds_within_rounding"),
        ("75.45%", "broken"),
        ("76%", "broken"),
        ("0.77", "broken"),
        ("0%", "broken"),
        ("-75%", "broken"),
        (Decimal("0.750"), "holds"),
        (0.75, "holds"),
        (1, "holds"),
        (" 75% ", "holds"),
    ],
)
def test_a_value_is_compared_as_it_is_printed(value: Any, verdict: str) -> None:
    # 149.5/200.5 to 150.5/199.5: 74.56 % to 75.44 %
    assert said(audit({"rate": {"value": value}}), "value rate")[0] == verdict


def test_a_value_may_be_negative_or_zero() -> None:
    records = {**DATA, "budget": {"planned": 150, "spent": 200}}
    assert said(audit({"left": {"value": "-50"}}, data=records), "value left")[0] == "holds"
    assert said(audit({"left": {"value": "-52"}}, data=records), "value left")[0] == "broken"
    records = {**DATA, "budget": {"planned": 200, "spent": 200}}
    assert said(audit({"left": {"value": "0"}}, data=records), "value left")[0] == "holds"


def test_each_line_item_has_its_value_counted_from_0() -> None:
    claims = {"lines[0]": {"value": "50%"}, "process.group.lines[1]": {"value": "100%"}}
    found = audit(claims)
    assert said(found, "value lines[0]") == ("holds", "50%", "50%")
    assert said(found, "value process.group.lines[1]") == ("holds", "100%", "100%")
    titles = {one.check.id: one.check.title["en"] for one in found.checks}
    assert titles["value lines[0]"] == "Project execution (line 1)"


def test_a_value_of_all_lines_together_is_told_to_name_one() -> None:
    found = audit({"lines": {"value": "75%"}})
    (one,) = [one for one in found.checks if one.check.id == "value lines"]
    assert one.verdict is it.Verdict.NOT_CHECKED
    assert "[0]" in one.result.why["zh"]
    assert "[0]" in one.result.why["en"]


def test_scores_are_given_and_not_rounded() -> None:
    assert said(audit({"rate": {"score": "7.5"}}), "score rate")[0] == "holds_within_rounding"
    claims: dict[str, Any] = {name: {"score": "7.50"} for name in ("rate", "lines", "quality")}
    claims["group"] = {"score": "22.5"}
    assert said(audit(claims), "sum group") == ("holds", "22.5", "22.5")
    assert said(audit({**claims, "group": {"score": 22}}), "sum group")[0] == "broken"
    found = audit({**claims, "group": {"score": 23}})
    # the repair has the places of the scheme, though 23 has none
    assert [(one.id, one.repair) for one in found.broken_figures] == [("claims.group.score", "22.5")]


def test_deductions_are_held_against_scores() -> None:
    claims: dict[str, Any] = {"rate": {"lost": "2.5", "score": "7.5"}, "group": {"score": "27.5"}}
    found = audit(claims)
    assert said(found, "deduction rate") == ("holds", "7.5", "7.5")
    assert said(found, "deductions group") == ("holds", "27.5", "27.5")
    assert said(audit({**claims, "group": {"score": 20}}), "deductions group")[0] == "cannot_be_checked"
    assert said(audit({**claims, "group": {"score": 28}}), "deductions group")[0] == "broken"
    assert said(audit({**claims, "rate": {"lost": 2, "score": 7}}), "deduction rate")[0] == "broken"


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [
        ("2.45", "broken"),
        ("2.46", "holds_within_rounding"),
        ("2.5", "holds_within_rounding"),
        ("2.54", "holds_within_rounding"),
        ("2.55", "broken"),
    ],
)
def test_a_deduction_may_be_any_that_the_rounded_figures_leave_possible(lost: str, verdict: str) -> None:
    # 149.5/200.5 to 150.5/199.5 are 7.46 to 7.54 points of 10
    assert said(audit({"rate": {"lost": lost}}), "lost rate") == (verdict, lost, "2.46 - 2.54")


def test_a_deduction_that_lies_in_another_one_is_not_counted_twice() -> None:
    claims: dict[str, Any] = {"rate": {"lost": 1}, "lines": {"lost": 2}, "group": {"lost": 3}, "total": {"score": 27}}
    found = audit(claims)
    assert said(found, "deductions total") == ("holds", "27", "27")
    assert said(found, "deductions lost group") == ("holds", "3", "3")
    assert said(audit({**claims, "group": {"lost": 2}}), "deductions lost group")[0] == "broken"
    assert said(audit({**claims, "group": {"lost": 4}}), "deductions lost group")[0] == "cannot_be_checked"


def test_several_nodes_are_added() -> None:
    claims: dict[str, Any] = {"rate": {"score": "7.5"}, "quality": {"score": 8}, "rate + quality": {"score": "15.5"}}
    assert said(audit(claims), "sum rate + quality") == ("holds", "15.5", "15.5")
    claims["rate + quality"] = {"score": 16}
    assert said(audit(claims), "sum rate + quality")[0] == "broken"
    lost: dict[str, Any] = {"rate": {"lost": 1}, "quality": {"lost": 2}}
    assert said(audit({**lost, "rate+quality": {"lost": 3}}), "deductions lost rate+quality")[0] == "holds"
    for wrong in (2, 4):
        found = audit({**lost, "rate+quality": {"lost": wrong}})
        assert said(found, "deductions lost rate+quality")[0] == "broken"
    assert said(audit({**lost, "rate+quality": {"score": 17}}), "sum rate+quality")[0] == "holds"


@pytest.mark.parametrize(
    "claims",
    [
        {"rate + quality": {"score": 15}},
        {"rate + quality": {"lost": 3}},
        {"lines[0]": {"score": 5}},
        {"lines[1]": {"lost": 5}},
    ],
)
def test_what_cannot_be_held_against_anything_is_still_listed(claims: dict[str, Any]) -> None:
    (one,) = audit(claims).checks
    assert one.verdict is it.Verdict.NOT_CHECKED
    assert one.result.why["en"] == "there is nothing to check it against"
    assert one.result.why["zh"]


def test_the_score_of_a_line_is_not_taken_for_that_of_its_leaf() -> None:
    claims = {"rate": {"score": 7}, "lines[0]": {"score": 5}, "quality": {"score": 8}, "group": {"score": 22}}
    assert "sum group" not in {one.check.id for one in audit(claims).checks}


@pytest.mark.parametrize(("total", "grade", "verdict"), [(27, "excellent", "holds"), (26, "excellent", "broken")])
def test_a_grade_follows_from_the_stated_total(total: int, grade: str, verdict: str) -> None:
    found = audit({"total": {"score": total, "grade": grade}})
    (one,) = [one for one in found.checks if one.check.kind == "grade"]
    assert (one.verdict.value, one.stated) == (verdict, grade)


def test_a_wrong_grade_is_named_with_the_one_that_the_total_gives() -> None:
    document: dict[str, Any] = {"data": {}, "judgement": {}}
    only_judged = scheme_of(judged_leaf("quality", 10))
    found = audit({"total": {"score": 8, "grade": "excellent"}}, only_judged, **document)
    repaired = {one.id: (one.stated, one.repair) for one in found.broken_figures}
    # either the grade or the total: a total of 9 is what would give it
    assert repaired == {"claims.total.score": ("8", "9")}
    found = audit({"total": {"score": 9, "grade": "good"}}, only_judged, **document)
    repaired = {one.id: (one.stated, one.repair) for one in found.broken_figures}
    # the largest total that is not excellent yet, as the scheme rounds totals
    assert repaired == {"claims.total.score": ("9", "8.99")}


def test_a_grade_without_a_total_cannot_be_checked() -> None:
    found = audit({"total": {"grade": "good"}})
    assert said(found, "grade")[0] == "cannot_be_checked"


def test_claims_stand_in_the_data_or_are_given_beside_it() -> None:
    inside = it.audit(WIDE, {"format": 1, "data": DATA, "claims": {"rate": {"value": "75%"}}}, catalog=QUIET)
    assert inside.to_dict() == audit({"rate": {"value": "75%"}}).to_dict()
    document = {"format": 1, "data": DATA, "claims": {"rate": {"value": "75%"}}}
    assert it.audit(WIDE, document, {}, catalog=QUIET).checks == ()


def test_where_a_claim_stands_is_kept_in_both_languages() -> None:
    found = audit({"rate": {"value": "99%", "at": {"zh": "二（一）", "en": "section 2(1)"}}})
    assert found.checks[0].check.at == it.Text(zh="二（一）", en="section 2(1)")
    assert found.broken_figures[0].where == it.Text(zh="二（一）", en="section 2(1)")
    assert found.to_dict("en")["checks"][0]["where"] == "section 2(1)"
    assert "[二（一）]" in found.table("zh")


# Misuse


@pytest.mark.parametrize(
    ("claims", "place", "code"),
    [
        ({"rate": 75}, "claims.rate", "not-a-table"),
        ({"rate": None}, "claims.rate", "not-a-table"),
        ({"rate": ["75%"]}, "claims.rate", "not-a-table"),
        ({"rate": {}}, "claims.rate", "empty-claim"),
        ({"rate": {"at": "page 1"}}, "claims.rate", "empty-claim"),
        ({"rate": {"vlaue": "75%"}}, "claims.rate.vlaue", "unknown-key"),
        ({"rata": {"value": "75%"}}, "claims.rata", "unknown-node"),
        ({"": {"score": 1}}, "claims.", "unknown-node"),
        ({"rate +": {"score": 1}}, "claims.rate +", "unknown-node"),
        ({"rate + rate": {"score": 1}}, "claims.rate + rate", "twice"),
        ({"rate": {"value": "abc"}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": ""}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": "75 %"}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": "7,500%"}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": "3/4"}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": "１００%"}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": True}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": None}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": math.nan}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": Decimal("Infinity")}}, "claims.rate.value", "bad-value"),
        ({"rate": {"value": "9" * 500}}, "claims.rate.value", "bad-value"),
        ({"rate": {"score": "98%"}}, "claims.rate.score", "bad-value"),
        ({"rate": {"score": [98]}}, "claims.rate.score", "bad-value"),
        ({"rate": {"lost": "-1"}}, "claims.rate.lost", "bad-value"),
        ({"rate": {"lost": "1%"}}, "claims.rate.lost", "bad-value"),
        ({"rate": {"score": 1, "at": 7}}, "claims.rate.at", "bad-value"),
        ({"group": {"value": "75%"}}, "claims.group.value", "not-measured"),
        ({"total": {"value": "75%"}}, "claims.total.value", "not-measured"),
        ({"quality": {"value": "75%"}}, "claims.quality.value", "not-measured"),
        ({"rate + quality": {"value": "75%"}}, "claims.rate + quality.value", "not-measured"),
        ({"rate[0]": {"value": "75%"}}, "claims.rate[0]", "no-lines"),
        ({"total[0]": {"score": 7}}, "claims.total[0]", "no-lines"),
        ({"lines[2]": {"value": "75%"}}, "claims.lines[2]", "no-such-line"),
        ({"lines[-1]": {"value": "75%"}}, "claims.lines[-1]", "unknown-node"),
        ({"group": {"grade": "good"}}, "claims.group.grade", "not-graded"),
        ({"total": {"score": 1, "grade": "god"}}, "claims.total.grade", "unknown-grade"),
        ({"total": {"score": 1, "grade": 7}}, "claims.total.grade", "unknown-grade"),
        ({"rate": {"value": "75%"}, "group.rate": {"value": "75%"}}, "claims.group.rate", "twice"),
        ({"rate + quality": {"score": 1}, "quality + rate": {"score": 1}}, "claims.quality + rate", "twice"),
    ],
)
def test_a_wrong_claim_is_named_at_its_place(claims: dict[str, Any], place: str, code: str) -> None:
    with pytest.raises(it.DataError) as caught:
        audit(claims)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == (place, code)
    assert_said_in_both(problem)


def test_all_wrong_claims_are_named_together() -> None:
    with pytest.raises(it.DataError) as caught:
        audit({"rata": {"value": "75%"}, "rate": {"score": "x", "lost": "y"}}, identity=[{"holds": "1"}])
    assert [problem.path for problem in caught.value.problems] == [
        "claims.rata",
        "claims.rate.score",
        "claims.rate.lost",
        "identity[0].holds",
    ]


@pytest.mark.parametrize("claims", [5, "total", [("total", {"score": 98})]])
def test_claims_that_are_no_mapping_are_refused(claims: Any) -> None:
    with pytest.raises(it.DataError) as caught:
        audit(claims)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("claims", "not-a-table")
    assert_said_in_both(problem)


@pytest.mark.parametrize("data", [5, None, [("budget", {})], {1, 2}])
def test_what_is_no_data_of_a_unit_is_refused_in_words(data: Any) -> None:
    scorer = it.prepare(SCHEME)
    for call in (
        lambda: it.audit(SCHEME, data, catalog=QUIET),
        lambda: it.score(SCHEME, data),
        lambda: it.score(scorer, data),
    ):
        with pytest.raises(it.DataError, match=r"expected the data of a unit, got .*give a data file") as caught:
            call()
        (problem,) = caught.value.problems
        assert problem.code == "not-data"
        assert_said_in_both(problem)
    (refused,) = it.score_many(SCHEME, [data], on_error="record")
    assert isinstance(refused, it.DataError)


@pytest.mark.parametrize(
    "identity",
    [
        {"holds": "budget.spent < budget.planned"},
        {"holds": "budgte.spent == budget.planned"},
        {"holds": "budget.spent == budget.planned", "at": 7},
        {"title": "no equality"},
        {"holds": "budget.spent == budget.planned", "hodls": ""},
    ],
)
def test_a_wrong_identity_is_told_in_both_languages(identity: dict[str, Any]) -> None:
    with pytest.raises(it.DataError) as caught:
        audit(identity=[identity])
    (problem,) = caught.value.problems
    assert problem.path.startswith("identity[0]")
    assert_said_in_both(problem)


def test_a_misspelt_node_gets_the_nearest_right_one() -> None:
    with pytest.raises(it.DataError, match='no such node "rat": did you mean "rate"'):
        audit({"rat": {"value": "75%"}})


def test_a_line_that_is_not_there_is_told_how_many_there_are() -> None:
    with pytest.raises(it.DataError, match=r"there is no line 3: projects has 2 .*the last is \[1\]"):
        audit({"lines[2]": {"value": "75%"}})
    with pytest.raises(it.DataError, match=r"projects has 0"):
        audit({"lines[0]": {"value": "75%"}}, data={})


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.decimals()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
_KEYS = st.sampled_from(["rate", "total", "lines[0]", "rate + quality", "group", "x", "", "[0]", "+"])
_FIELDS = st.sampled_from(["value", "score", "lost", "grade", "at", "holds", "title", "kind", "why"])
_TABLES = st.one_of(JUNK, st.dictionaries(_FIELDS, JUNK, max_size=4))

_ENTRIES = st.dictionaries(st.text(max_size=3), _TABLES, max_size=3)


@given(
    claims=st.dictionaries(_KEYS, _TABLES, max_size=3),
    figures=st.one_of(
        JUNK, st.dictionaries(st.text(max_size=4), st.dictionaries(st.text(max_size=3), _TABLES), max_size=2)
    ),
    identity=st.one_of(JUNK, st.lists(_TABLES, max_size=2)),
)
@settings(max_examples=150)
def test_arbitrary_junk_gives_an_audit_or_a_clean_error(claims: Any, figures: Any, identity: Any) -> None:
    document = {"format": 1, "data": DATA, "claims": claims, "figures": figures, "identity": identity}
    try:
        found = it.audit(WIDE, document, catalog=QUIET)
    except it.IndicatreeError:
        return
    for language in ("zh", "en"):
        assert found.table(language)
        assert found.to_json(language)


# Figures, as they are printed


def one_figure(entry: Any, holds: str = "t.stated == t.parts", **more: Any) -> it.Audit:
    figures = {"t": {"stated": entry, **more}}
    return it.audit(SCHEME, {"format": 1, "figures": figures, "identity": [{"holds": holds}]}, catalog=QUIET)


@pytest.mark.parametrize(
    ("stated", "parts", "verdict"),
    [
        ("785.30", "785.34", "broken"),
        ("785.30", "785.31", "holds_within_rounding"),
        ("785.3", "785.34", "holds"),
        ("785.30", "785.30", "holds"),
        ("785", "785.4", "holds"),
        ("785", "785.5", "holds_within_rounding"),
        ("785", "785.56", "broken"),
        ("0", "0.4", "holds"),
        ("0", "0.00", "holds"),
        ("0", "0.6", "broken"),
        ("-195", "-195.4", "holds"),
        ("-195", "195", "broken"),
        ("-0", "0", "holds"),
        ("1e2", "100", "holds"),
    ],
)
def test_a_figure_stands_for_half_its_last_digit_to_either_side(stated: str, parts: str, verdict: str) -> None:
    assert said(one_figure(stated, parts=parts), "identity 1")[0] == verdict


def test_toml_keeps_the_zeros_at_the_end_of_a_figure() -> None:
    text = 'format = 1\n[figures.t]\nstated = 785.30\nparts = 785.33\n[[identity]]\nholds = "t.stated == t.parts"\n'
    for places, verdict in (("785.30", "broken"), ("785.3", "holds")):
        document = tomllib.loads(text.replace("785.30", places), parse_float=Decimal)
        assert said(it.audit(SCHEME, document, catalog=QUIET), "identity 1")[:2] == (verdict, places)


@pytest.mark.parametrize(
    ("kind", "value", "other", "verdict"),
    [
        ("count", 92, "92.4", "broken"),
        ("count", 92, 93, "broken"),
        ("number", "92.0", "92.04", "holds"),
        ("share", "80%", "0.8004", "holds"),
        ("share", "80%", "0.8058", "broken"),
        ("share", "80.00%", "80.004%", "holds"),
        ("money", 92, 92, "holds"),
    ],
)
def test_figures_have_kinds(kind: str, value: Any, other: Any, verdict: str) -> None:
    beside = "count" if isinstance(other, int) else ("money" if kind == "money" else "number")
    found = one_figure({"value": value, "kind": kind}, parts={"value": other, "kind": beside})
    assert said(found, "identity 1")[0] == verdict


def test_amounts_are_in_the_unit_of_the_file_and_numbers_are_not() -> None:
    document = {
        "format": 1,
        "unit": {"amounts_in": "10000 yuan"},
        "data": {"budget": {"planned": "53232.6", "spent": "42591.88"}},
        "figures": {
            "t": {
                "stated": "53232.6",
                "in_yuan": {"value": 532326000, "kind": "number"},
                "rate": {"value": "80.01%", "kind": "share"},
            }
        },
        "identity": [
            {"holds": "t.stated == budget.planned"},
            {"holds": "t.in_yuan == budget.planned"},
            {"holds": "t.rate == budget.spent / budget.planned"},
        ],
    }
    found = it.audit(SCHEME, document, {"rate": {"value": "80.01%"}}, catalog=QUIET)
    assert [one.verdict.value for one in found.checks[:4]] == ["holds", "holds", "holds", "holds"]
    assert [(one.stated, one.computed) for one in found.checks[:3]] == [
        ("53232.6", "53232.6"),
        ("532326000", "532326000"),
        ("80.01%", "80.0109%"),
    ]


def test_counts_and_shares_of_records_are_taken_as_they_are_printed() -> None:
    found = audit(identity=[{"holds": "staff.posts == staff.in_post"}, {"holds": "staff.posts == staff.in_post + 1"}])
    assert [one.verdict.value for one in found.checks] == ["holds", "broken"]


@pytest.mark.parametrize(
    ("figures", "place", "code"),
    [
        ({"t": 5}, "figures.t", "not-a-table"),
        ({"budget": {"x": 5}}, "figures.budget", "twice"),
        ({"t": {"x": {}}}, "figures.t.x", "missing-key"),
        ({"t": {"x": {"value": 5, "vlaue": 6}}}, "figures.t.x.vlaue", "unknown-key"),
        ({"t": {"x": {"value": 5, "assumed": True}}}, "figures.t.x.assumed", "unknown-key"),
        ({"t": {"x": {"value": 5, "kind": "cuont"}}}, "figures.t.x.kind", "unknown-kind"),
        ({"t": {"x": {"value": 5, "kind": ["count"]}}}, "figures.t.x.kind", "unknown-kind"),
        ({"t": {"x": {"value": "1.5", "kind": "count"}}}, "figures.t.x", "bad-value"),
        ({"t": {"x": {"value": -5, "kind": "count"}}}, "figures.t.x", "bad-value"),
        ({"t": {"x": {"value": 5, "title": 7}}}, "figures.t.x.title", "bad-value"),
        ({"t": {"x": {"value": 5, "at": ["a"]}}}, "figures.t.x.at", "bad-value"),
        ({"t": {"x": "abc"}}, "figures.t.x", "bad-value"),
        ({"t": {"x": True}}, "figures.t.x", "bad-value"),
        ({"t": {"x": None}}, "figures.t.x", "bad-value"),
        ({"t": {"x": []}}, "figures.t.x", "bad-value"),
        ({"t": {"x": "1/3"}}, "figures.t.x", "bad-value"),
        ({"t": {"x": "nan"}}, "figures.t.x", "bad-value"),
        ({"t": {"x": math.inf}}, "figures.t.x", "bad-value"),
        ({"t": {"x": "1e999999999"}}, "figures.t.x", "bad-value"),
    ],
)
def test_a_wrong_figure_is_named_at_its_place(figures: Any, place: str, code: str) -> None:
    with pytest.raises(it.DataError) as caught:
        audit(figures=figures)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == (place, code)
    assert_said_in_both(problem)


def test_a_wrong_figure_is_named_once_wherever_it_is_used() -> None:
    with pytest.raises(it.DataError) as caught:
        audit(
            figures={"t": {"x": "abc", "y": 4, 5: 6}},
            identity=[{"holds": "t.x == t.y"}, {"holds": "t.z == t.y"}],
        )
    named = [(problem.path, problem.code) for problem in caught.value.problems]
    assert named == [
        ("figures.t.x", "bad-value"),
        ("figures.t.5", "bad-name"),
        ("identity[1].holds", "bad-formula"),
    ]
    assert "x, y" in str(caught.value)


def test_no_count_below_zero_repairs_anything() -> None:
    counts = {name: {"value": value, "kind": "count"} for name, value in {"staff": 3, "men": 10, "left": 20}.items()}
    found = audit(figures={"t": counts}, identity=[{"holds": "t.staff == t.men - t.left"}])
    (one,) = found.broken_figures
    assert {each.path: each.repair for each in one.suspects} == {"t.men": "23", "t.left": "7"}


# What is not printed


def bounded(*claims: str, **printed: Any) -> it.Audit:
    """Two rates of the same budget, which is not printed."""
    names = ["rate", "second"]
    leaves = [it.Leaf(id=name, indicator=execution, points=0, bindings={"budget": name + "_budget"}) for name in names]
    figures = {"t": {"shared": 0, **printed}}
    identity = [{"holds": "rate_budget.planned == second_budget.planned + t.shared"}]
    data = {"rate_budget": {"spent": "897.73"}, "second_budget": {"spent": "1000.00", "planned": "789.35"}}
    document = {"format": 1, "data": data, "figures": figures, "identity": identity}
    said = {name: {"value": value} for name, value in zip(names, claims, strict=False)}
    return it.audit(scheme_of(*leaves), document, said, catalog=QUIET)


def test_two_claims_that_bound_a_figure_and_agree_leave_one_that_is_checked() -> None:
    found = bounded("113.73%")
    # the sum leaves 0.505 to either side, the rate 0.04
    assert said(found, "value rate")[0] == "cannot_be_checked"
    assert said(found, "identity 1")[0] == "holds_within_rounding"
    assert found.bounds["rate_budget.planned"].low == Fraction("897.725") / Fraction("1.13735")


def test_two_claims_that_bound_a_figure_and_disagree_are_broken_together() -> None:
    found = bounded("120%")
    assert said(found, "value rate")[0] == "broken"
    assert said(found, "identity 1")[0] == "broken"
    assert "rate_budget.planned" not in found.bounds
    for one in found.broken:
        assert "rate_budget.planned" in one.result.why["en"]
        assert "rate_budget.planned" in one.result.why["zh"]
    repaired = found.broken_figures[0]
    assert set(repaired.checks) == {"value rate", "identity 1"}
    assert repaired.repair


def test_a_claim_that_leaves_a_figure_no_possible_value_is_broken() -> None:
    one = it.Leaf(id="rate", indicator=execution, points=0)
    document = {"format": 1, "data": {"budget": {"spent": 100}}}
    found = it.audit(scheme_of(one), document, {"rate": {"value": "-50%"}}, catalog=QUIET)
    assert said(found, "value rate")[0] == "broken"  # a budget is not below zero
    assert "no possible value" in found.checks[0].result.why["en"]


@it.record("claims.school", title=text("学校", "School"))
class School:
    """A whole count and a share."""

    pupils: fields.Count = fields.count("学生", "pupils")
    passed: fields.Share = fields.share("合格率", "passed")


@it.indicator("claims.passing", tier=it.Tier.OUTPUT, title=text("合格人数", "Passing"))
def passing(school: School) -> Any:
    """The pupils that pass."""
    return school.pupils * school.passed


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 3))
@settings(max_examples=60)
def test_a_count_that_is_not_printed_is_bounded_by_whole_numbers_or_has_no_value(
    total: int, part: int, places: int
) -> None:
    stated = Fraction(printed(Fraction(100 * part, total), places)) / 100
    half = Fraction(1, 200 * 10**places)
    assume(stated > half)
    for shifted in (stated, stated + 2 * half):
        low, high = part / (shifted + half), part / (shifted - half)
        whole = [number for number in range(math.floor(low), math.ceil(high) + 1) if low <= number <= high]
        share = printed(shifted * 100, places) + "%"
        found = it.audit(
            scheme_of(it.Leaf(id="passing", indicator=passing, points=0)),
            {
                "format": 1,
                "figures": {"t": {"s": {"value": share, "kind": "share"}, "n": {"value": part, "kind": "count"}}},
                "identity": [{"holds": "t.s == t.n / school.pupils"}],
            },
            catalog=QUIET,
        )
        event(f"whole numbers: {min(len(whole), 2)}")
        if whole:
            assert said(found, "identity 1")[0] == "cannot_be_checked"
            assert found.bounds["school.pupils"] == Range(Fraction(whole[0]), Fraction(whole[-1]))
        else:
            assert said(found, "identity 1")[0] == "broken"
            assert found.bounds == {}


def test_a_share_is_never_more_than_it_can_be_whether_it_is_printed_or_not() -> None:
    for stated, verdict in [("100.0%", "holds"), ("99.6%", "holds_within_rounding"), ("100.4%", "broken")]:
        document: dict[str, Any] = {
            "format": 1,
            "data": {"school": {"passed": "100%"}},
            "figures": {"t": {"s": {"value": stated, "kind": "share"}}},
            "identity": [{"holds": "t.s == school.passed"}],
        }
        scheme = scheme_of(it.Leaf(id="passing", indicator=passing, points=0))
        assert said(it.audit(scheme, document, catalog=QUIET), "identity 1")[0] == verdict
        document["data"] = {}
        found = it.audit(scheme, document, catalog=QUIET)
        assert said(found, "identity 1")[0] == ("broken" if verdict == "broken" else "cannot_be_checked")


def test_what_is_bounded_is_used_to_bound_the_next() -> None:
    figures = {"t": {"a": "100.0", "c": "7.0"}}
    identity = [
        {"holds": "budget.planned == t.a + 1"},
        {"holds": "budget.spent == budget.planned - t.c"},
        {"holds": "t.c == budget.planned - budget.spent"},
    ]
    found = it.audit(SCHEME, {"format": 1, "figures": figures, "identity": identity}, catalog=QUIET)
    # of the two that bound the spending one is used, the other one checked with it
    assert sorted(one.verdict.value for one in found.checks) == [
        "cannot_be_checked",
        "cannot_be_checked",
        "holds_within_rounding",
    ]
    bound = found.bounds["budget.spent"]
    assert (bound.low, bound.high) == (Fraction("93.9"), Fraction("94.1"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_is_bounded_in_one_round_does_not_take_a_check_from_the_next(order: tuple[int, ...]) -> None:
    holds = ["b.planned == t.a", "c.planned == b.planned + t.b", "c.planned == t.c"]
    leaves = [it.Leaf(id=name, indicator=execution, points=0, bindings={"budget": name}) for name in ("b", "c")]
    document = {
        "format": 1,
        "figures": {"t": {"a": 100, "b": 7, "c": 107}},
        "identity": [{"holds": holds[index], "title": holds[index]} for index in order],
    }
    found = it.audit(scheme_of(*leaves), document, catalog=QUIET)
    assert {one.check.title["en"]: one.verdict.value for one in found.checks} == {
        holds[0]: "cannot_be_checked",
        holds[1]: "holds_within_rounding",
        holds[2]: "cannot_be_checked",
    }


def test_a_rate_of_zero_bounds_nothing() -> None:
    one = it.Leaf(id="rate", indicator=execution, points=0)
    document = {"format": 1, "data": {"budget": {"spent": 4}}}
    found = it.audit(scheme_of(one), document, {"rate": {"value": "0.0%"}}, catalog=QUIET)
    assert found.bounds == {}
    assert said(found, "value rate")[0] == "cannot_be_checked"
    assert "not printed" in found.checks[0].result.why["en"]


def test_a_missing_figure_is_named_with_its_title() -> None:
    document = {"format": 1, "data": {"budget": {}}}
    found = it.audit(SCHEME, document, {"rate": {"value": "75%"}}, catalog=QUIET)
    why = found.checks[0].result.why
    assert why["en"] == "not printed: spent (budget.spent), planned (budget.planned)"
    assert why["zh"] == "未公布：支出数（budget.spent）、预算数（budget.planned）"


def test_a_record_that_is_not_given_at_all_lacks_every_figure() -> None:
    found = it.audit(SCHEME, {"format": 1}, {"rate": {"value": "75%"}}, catalog=QUIET)
    assert said(found, "value rate")[0] == "cannot_be_checked"


def test_why_a_check_is_left_open_is_said_in_both_languages_alike() -> None:
    scheme = attrs.evolve(
        scheme_of(it.Leaf(id="rows", indicator=fragile, points=0)),
        identities=[
            it.StatedIdentity(id="sum", title=it.Text(zh="和", en="sum"), holds="budget.spnt == budget.planned")
        ],
    )
    found = it.audit(scheme, {"format": 1, "data": {"budget": DATA["budget"]}}, {"rows": {"value": 150}}, catalog=QUIET)
    why = [one.result.why for one in found.checks]
    assert why[0]["zh"] == '公式有误：第 1 个字符 "budget.spnt"：budget 没有数据 "spnt"（是否为 "spent"？）'
    assert why[0]["en"] == 'character 1, "budget.spnt": budget has no figure \'spnt\' (did you mean "spent"?)'
    assert why[1] == it.Text(zh="指标没有公式", en="its measure has no formula")


# The result


def test_an_audit_is_shown_written_and_kept() -> None:
    found = audit({"rate": {"value": "80%"}, "total": {"score": 20}})  # nobody judged the quality
    again = pickle.loads(pickle.dumps(found.to_dict()))  # noqa: S301 - our own
    assert again == found.to_dict()
    assert repr(found.checks[0])
    assert repr(found)
    assert [one.check.id for one in found.broken] == ["value rate"]
    assert found.holds is False
    assert attrs.asdict(found.broken_figures[0])["stated"] == "80%"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_checks_of_one_node_have_titles_of_their_own(language: str) -> None:
    whole = {"score": 20, "lost": 10}
    claims: dict[str, Any] = {"rate": {"value": "75%", "score": "7.5", "lost": "2.5"}, "group": whole}
    found = audit({**claims, "process": whole, "total": {**whole, "grade": "poor"}})
    shown = [(one.check.kind, one.check.title[language]) for one in found.checks]
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize(("language", "joint"), [("zh", "；"), ("en", "; ")])
def test_what_is_explained_is_listed_in_the_marks_of_the_language(language: str, joint: str) -> None:
    found = audit({"rate": {"score": 9, "lost": "2.5"}, "group": {"lost": "2.5"}})
    one = found.broken_figures[0]
    titles = {each.check.id: each.check.title[language] for each in found.checks}
    assert len(one.checks) > 1
    assert joint.join(titles[name] for name in one.checks) in found.table(language, width=200)


def test_what_the_scheme_of_a_host_says_is_used() -> None:
    found = it.audit(WIDE, {"format": 1, "data": DATA}, {"rate": {"value": "75%"}}, catalog=demo_catalog())
    assert found.scheme == "small"
    assert said(found, "value rate")[0] == "holds"
