"""Vetoes: what they leave of the total and the grade, what they need, and how they are shown."""

from __future__ import annotations

import copy
import itertools
import json
import pickle
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import jsonschema
import pytest
from hypothesis import assume, given, settings

import indicatree as it
from indicatree import rules
from indicatree.scoring.document import scorecard_schema
from strategies import (
    Budget,
    Staff,
    balance,
    execution,
    fragile,
    judged_leaf,
    scheme_of,
    scored,
    shares,
    staffing,
    veto_applies,
)

if TYPE_CHECKING:
    from pathlib import Path

SOME = settings(max_examples=40)
LANGUAGES = ["zh", "en"]
SCHEMA = jsonschema.Draft202012Validator(scorecard_schema())
Pair = tuple[it.Scheme, it.UnitData]


def without(pair: Pair) -> it.Scorecard:
    """The scorecard of the same unit by the same scheme without its vetoes."""
    scheme, data = pair
    plain = attrs.evolve(scheme, vetoes=())
    said = {path: one for path, one in data.judgement.items() if not path.startswith("veto.")}
    excluded = {path: why for path, why in data.not_applicable.items() if not path.startswith("veto.")}
    records = {name: record for name, record in data.records.items() if not name.startswith("veto_")}
    return it.score(plain, attrs.evolve(data, judgement=said, not_applicable=excluded, records=records))


def caps_of(pair: Pair) -> list[it.Veto]:
    return [veto for veto in pair[0].vetoes if veto_applies(veto, pair[1])]


# Laws


@given(scored())
@SOME
def test_the_vetoes_that_apply_are_those_that_their_figures_or_the_assessor_say(pair: Pair) -> None:
    card = it.score(*pair)
    assert [(veto.path, veto.applies) for veto in card.vetoes] == [
        (f"veto.{veto.id}", veto_applies(veto, pair[1])) for veto in pair[0].vetoes
    ]
    for veto, result in zip(pair[0].vetoes, card.vetoes, strict=True):
        assert (result.title, result.grade, result.points) == (veto.title, veto.grade, veto.points)


@given(scored())
@SOME
def test_the_total_is_the_arithmetic_total_or_the_lowest_cap(pair: Pair) -> None:
    card = it.score(*pair)
    if card.arithmetic_total is None:
        assert card.total is None
        return
    caps = [veto.points.fraction for veto in caps_of(pair) if veto.points is not None]
    assert card.total is not None
    assert Fraction(card.total) == min([Fraction(card.arithmetic_total), *caps])


@given(scored())
@SOME
def test_the_grade_is_never_better_than_the_total_gives_or_a_cap_leaves(pair: Pair) -> None:
    card, grades = it.score(*pair), list(pair[0].grades)
    if card.total is None or card.points == 0:
        assert card.grade is card.arithmetic_grade is None
        return
    share = Fraction(card.total) / Fraction(card.points)
    reached = next((position for position, one in enumerate(grades) if share >= one.at_least.fraction), len(grades) - 1)
    names = [one.id for one in grades]
    worst = max([reached, *(names.index(veto.grade) for veto in caps_of(pair) if veto.grade)])
    assert card.grade == grades[worst]


@given(scored())
@SOME
def test_vetoes_change_neither_the_arithmetic_nor_any_node_below_the_whole(pair: Pair) -> None:
    card, plain = it.score(*pair), without(pair)
    assert (card.arithmetic_total, card.arithmetic_grade) == (plain.total, plain.grade)
    assert (plain.arithmetic_total, plain.arithmetic_grade, plain.vetoes) == (plain.total, plain.grade, ())
    assert [tier.units for tier in card.tiers] == [tier.units for tier in plain.tiers]
    assert card.to_dict()["tiers"] == plain.to_dict()["tiers"]


@given(scored())
@SOME
def test_a_veto_that_does_not_apply_changes_nothing_but_the_list(pair: Pair) -> None:
    assume(not caps_of(pair))
    card, plain = it.score(*pair).to_dict(), without(pair).to_dict()
    for document in (card, plain):
        del document["made_with"]
    assert len(card.pop("vetoes")) == len(pair[0].vetoes)
    assert plain.pop("vetoes") == []
    assert card == plain


@given(scored())
@SOME
def test_points_lost_by_vetoes_are_adjustments_of_the_whole(pair: Pair) -> None:
    card = it.score(*pair)
    if card.total is None or card.arithmetic_total is None:
        return
    taken = [adjustment for adjustment in card.root.adjustments if adjustment.kind == "veto"]
    assert all(adjustment.lost > 0 for adjustment in taken)
    lost = sum((adjustment.lost.fraction for adjustment in taken), start=Fraction(0))
    assert lost == Fraction(card.arithmetic_total) - Fraction(card.total)
    for node in card.root.walk():
        assert node is card.root or not any(adjustment.kind == "veto" for adjustment in node.adjustments)
    below = sum((Fraction(tier.lost) for tier in card.tiers if tier.lost is not None), start=Fraction(0))
    adjusted = sum((adjustment.lost.fraction for adjustment in card.root.adjustments), start=Fraction(0))
    assert card.root.lost is not None
    assert Fraction(card.root.lost) == below + adjusted


@given(scored())
@SOME
def test_the_order_of_vetoes_changes_neither_total_nor_grade(pair: Pair) -> None:
    scheme, data = pair
    card = it.score(scheme, data)
    for order in itertools.permutations(scheme.vetoes):
        other = it.score(attrs.evolve(scheme, vetoes=order), data)
        assert (other.total, other.grade) == (card.total, card.grade)
        assert (other.arithmetic_total, other.arithmetic_grade) == (card.arithmetic_total, card.arithmetic_grade)
        assert {veto.path: veto for veto in other.vetoes} == {veto.path: veto for veto in card.vetoes}


@given(scored())
@SOME
def test_a_veto_said_twice_is_as_one(pair: Pair) -> None:
    scheme, data = pair
    twice = [*scheme.vetoes, *(attrs.evolve(veto, id=f"again_{veto.id}") for veto in scheme.vetoes)]

    def again(table: Any) -> dict[str, Any]:
        return {**table, **{path.replace("veto.", "veto.again_"): one for path, one in table.items()}}

    both: dict[str, Any] = {"judgement": again(data.judgement), "not_applicable": again(data.not_applicable)}
    paths = {path for path, _ in scheme.leaves()} | {f"veto.{veto.id}" for veto in twice}
    kept: dict[str, Any] = {
        name: {path: one for path, one in table.items() if path in paths} for name, table in both.items()
    }
    other = it.score(attrs.evolve(scheme, vetoes=twice), attrs.evolve(data, **kept))
    card = it.score(scheme, data)
    assert (other.total, other.grade) == (card.total, card.grade)
    assert [(one.kind, one.lost) for one in other.root.adjustments] == [
        (one.kind, one.lost) for one in card.root.adjustments
    ]


@given(scored())
@SOME
def test_a_veto_gives_its_reason_in_both_languages(pair: Pair) -> None:
    for veto in it.score(*pair).vetoes:
        assert veto.reason.zh
        assert veto.reason.en


# Edges: the total, the grade, and the values for which a veto applies


def said(scheme: it.Scheme, share: Any, **answers: bool) -> it.UnitData:
    """The one leaf at a share, and what an assessor says of vetoes by name."""
    made = {
        f"veto.{name}": it.Judgement(
            items={"applies": answer},
            reason=it.Text(zh="审计发现", en="found by the audit"),
            evidence=it.Text(zh="审计报告", en="audit report"),
        )
        for name, answer in answers.items()
    }
    data = shares(scheme, a=share)
    return attrs.evolve(data, judgement={**data.judgement, **made})


def serious(**more: Any) -> it.Veto:
    whole: dict[str, Any] = {"id": "serious", "title": it.Text(zh="严重违规", en="serious violation")}
    return it.Veto(**(whole | more))


@pytest.mark.parametrize(
    ("share", "cap", "total", "lost"),
    [
        ("60.01%", "60", "60.00", "0.01"),
        ("60%", "60", "60.00", None),
        ("59.99%", "60", "59.99", None),
        ("100%", "59.99", "59.99", "40.01"),
        ("100%", "0", "0.00", "100"),
        ("100%", "100", "100.00", None),
        ("100%", "100.01", "100.00", None),
        ("100%", "1000", "100.00", None),
    ],
)
def test_a_cap_on_the_total_takes_what_is_above_it_and_no_more(
    share: str, cap: str, total: str, lost: str | None
) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points=cap)])
    card = it.score(scheme, said(scheme, share, serious=True))
    assert str(card.total) == total
    assert card.arithmetic_total == it.exact(share).fraction * 100
    assert [one.lost.text for one in card.root.adjustments] == ([] if lost is None else [lost])


@pytest.mark.parametrize(
    ("share", "cap", "grade"),
    [
        ("90%", "excellent", "excellent"),
        ("90%", "good", "good"),
        ("90%", "poor", "poor"),
        ("89.99%", "good", "good"),
        ("79.99%", "good", "fair"),
        ("59.99%", "excellent", "poor"),
    ],
)
def test_a_cap_on_the_grade_leaves_the_total_and_never_raises_a_grade(share: str, cap: str, grade: str) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(grade=cap)])
    card = it.score(scheme, said(scheme, share, serious=True))
    assert card.grade is not None
    assert card.grade.id == grade
    assert card.total == card.arithmetic_total
    assert card.root.adjustments == ()


@pytest.mark.parametrize(
    ("cap", "grade"), [("90", "excellent"), ("89.99", "good"), ("60", "fair"), ("59.99", "poor"), ("0", "poor")]
)
def test_a_capped_total_also_lowers_the_grade(cap: str, grade: str) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points=cap)])
    card = it.score(scheme, said(scheme, 1, serious=True))
    assert card.grade is not None
    assert card.arithmetic_grade is not None
    assert (card.grade.id, card.arithmetic_grade.id) == (grade, "excellent")


def test_each_veto_takes_what_the_ones_before_it_left() -> None:
    vetoes = [serious(id="a", points=80), serious(id="b", points=90), serious(id="c", points=30)]
    scheme = scheme_of(judged_leaf("a", 100), vetoes=vetoes)
    card = it.score(scheme, said(scheme, 1, a=True, b=True, c=True))
    assert str(card.total) == "30.00"
    assert [one.lost.text for one in card.root.adjustments] == ["20", "50"]


CENT = Fraction(1, 100)


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        (rules.Limits(above=50), {"below": False, "at": False, "over": True}),
        (rules.Limits(at_least=50), {"below": False, "at": True, "over": True}),
        (rules.Limits(at_most=50), {"below": True, "at": True, "over": False}),
        (rules.Limits(below=50), {"below": True, "at": False, "over": False}),
        (rules.Limits(exactly=50), {"below": False, "at": True, "over": False}),
        (rules.Limits(above=49, below=50), {"below": True, "at": False, "over": False}),
    ],
)
def test_a_measured_veto_applies_exactly_within_its_limits(when: rules.Limits, applies: dict[str, bool]) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(indicator=balance, when=when, points=59, grade="poor")])
    for place, spent in {"below": 50 + CENT, "at": Fraction(50), "over": 50 - CENT}.items():
        data = attrs.evolve(said(scheme, 1), records={"budget": Budget(planned=100, spent=spent)})
        card = it.score(scheme, data)
        (veto,) = card.vetoes
        assert veto.applies is applies[place]
        assert veto.value is not None
        assert veto.value.fraction == 100 - spent
        assert str(card.total) == ("59.00" if applies[place] else "100.00")
        assert card.grade is not None
        assert card.grade.id == ("poor" if applies[place] else "excellent")


@pytest.mark.parametrize(("late", "total"), [(0, "100.00"), (1, "100.00"), (2, "59.00"), (3, "59.00")])
def test_a_veto_over_a_count_applies_from_the_next_one_on(late: int, total: str) -> None:
    @it.indicator("demo.late", tier=it.Tier.PROCESS, unit=it.NUMBER, title=it.Text(zh="迟报", en="late"))
    def counted(staff: Staff) -> Any:
        """How many."""
        return staff.in_post

    veto = serious(indicator=counted, when=rules.Limits(above=1), points=59, bindings={"staff": "reports"})
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[veto])
    data = attrs.evolve(said(scheme, 1), records={"reports": Staff(in_post=late)})
    assert str(it.score(scheme, data).total) == total


def test_a_measured_veto_reads_the_record_that_it_is_bound_to() -> None:
    veto = serious(indicator=execution, when=rules.Limits(below="50%"), points=0, bindings={"budget": "fund"})
    scheme = scheme_of(it.Leaf(id="a", indicator=execution, points=10, rule=rules.Proportional()), vetoes=[veto])
    own, fund = Budget(planned=2, spent=2), Budget(planned=2, spent=1 - CENT)
    card = it.score(scheme, {"budget": own, "fund": fund})
    assert (str(card.arithmetic_total), str(card.total)) == ("10.00", "0.00")
    assert str(it.score(scheme, {"budget": fund, "fund": own}).total) == "4.95"


# What lacks


def measured(indicator: it.Indicator = staffing, **more: Any) -> it.Scheme:
    veto = serious(indicator=indicator, when=rules.Limits(above="100%"), points=59, **more)
    return scheme_of(judged_leaf("a", 100), judged_leaf("b", 0), vetoes=[veto])


@pytest.mark.parametrize(
    ("indicator", "records", "code", "message"),
    [
        (execution, {"budget": Budget(planned=1)}, "missing-figure", "missing: data.budget.spent"),
        (execution, {}, "missing-figure", "missing: data.budget.spent, data.budget.planned"),
        (staffing, {"staff": Staff(in_post=1)}, "missing-figure", "missing: data.staff.posts"),
        (
            execution,
            {"budget": Budget(planned=0, spent=1)},
            "undefined-value",
            "the figures are there, but divide by zero",
        ),
        (
            fragile,
            {"budget": Budget(planned=0, spent=1)},
            "measure-failed",
            "the measure failed: RuntimeError: overspent",
        ),
    ],
)
@pytest.mark.parametrize("treatment", ["error", "no_points", "full_points", "left_out"])
def test_a_figure_that_a_veto_needs_may_not_lack_whatever_the_policies_say(
    indicator: it.Indicator, records: dict[str, Any], code: str, message: str, treatment: str
) -> None:
    policies = it.Policies(missing=treatment, undefined=treatment, failed=treatment)
    scheme = attrs.evolve(measured(indicator), policies=policies)
    with pytest.raises(it.ScoringError) as caught:
        it.score(scheme, attrs.evolve(said(scheme, 1), records=records))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.message["en"]) == (code, "veto.serious", message)
    assert problem.fix["en"]


def test_a_missing_figure_of_a_bound_record_is_named_there() -> None:
    scheme = measured(execution, bindings={"budget": "fund"})
    with pytest.raises(it.ScoringError, match=r"data\.fund\.spent, data\.fund\.planned"):
        it.score(scheme, said(scheme, 1))


def test_what_lacks_for_leaves_and_for_vetoes_is_said_at_once() -> None:
    leaf = it.Leaf(id="b", indicator=execution, points=1, rule=rules.Proportional())
    scheme = scheme_of(leaf, vetoes=[serious(indicator=staffing, when=rules.Limits(above=1), points=0)])
    with pytest.raises(it.ScoringError) as caught:
        it.score(scheme, {})
    assert [problem.path for problem in caught.value.problems] == ["process.group.b", "veto.serious"]


def test_a_veto_whose_measure_does_not_apply_does_not_apply() -> None:
    scheme = measured()
    card = it.score(scheme, attrs.evolve(said(scheme, 1), records={"staff": Staff(posts=0, in_post=9)}))
    (veto,) = card.vetoes
    assert (veto.applies, veto.value, veto.reason.zh, veto.reason.en) == (False, None, "不适用", "not applicable")
    assert card.total == 100


@pytest.mark.parametrize("records", [{"staff": Staff(posts=1, in_post=2)}, {}])
def test_the_data_may_say_that_a_measured_veto_does_not_apply(records: dict[str, Any]) -> None:
    scheme = measured()
    data = attrs.evolve(said(scheme, 1), records=records)
    excluded = {**data.not_applicable, "veto.serious": it.Text(zh="无编制", en="no posts of its own")}
    card = it.score(scheme, attrs.evolve(data, not_applicable=excluded))
    (veto,) = card.vetoes
    assert not veto.applies
    assert veto.reason == it.Text(zh="不适用：无编制", en="not applicable: no posts of its own")
    assert card.total == 100


def test_the_data_may_say_that_a_judged_veto_does_not_apply_also_where_it_was_said() -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points=0)])
    data = attrs.evolve(said(scheme, 1, serious=True), not_applicable={"veto.serious": "no such case"})
    assert it.score(scheme, data).total == 100


@pytest.mark.parametrize("answer", [True, False, None])
def test_an_assessor_says_whether_a_veto_applies_and_what_is_not_said_does_not(*, answer: bool | None) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points=59, grade="poor")])
    card = it.score(scheme, said(scheme, 1, **({} if answer is None else {"serious": answer})))
    (veto,) = card.vetoes
    assert veto.applies is bool(answer)
    assert veto.value is None
    unsaid = it.Text(zh="未认定", en="no assessor says that it applies")
    assert veto.reason == (unsaid if answer is None else it.Text(zh="审计发现", en="found by the audit"))
    assert str(card.total) == ("59.00" if answer else "100.00")


def test_where_everything_is_left_out_a_veto_leaves_nothing_to_cap() -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points=59, grade="poor")])
    card = it.score(scheme, said(scheme, None, serious=True))
    assert card.total is card.arithmetic_total is None
    assert card.grade is card.arithmetic_grade is None
    assert card.vetoes[0].applies
    assert it.Scorecard.from_json(card.to_json()) == card
    assert card.table("en")


# Data files


def load(scheme: it.Scheme, **tables: Any) -> it.UnitData:
    whole = {"a": {"share": 1, "reason": "seen", "evidence": "ledger"}}
    judgement = {**whole, **tables.pop("judgement", {})}
    return it.load({"format": 1, "judgement": judgement, **tables}, scheme)


SAID = {"items": {"applies": True}, "reason": "found", "evidence": "report"}


@pytest.mark.parametrize("key", ["veto.serious", "serious"])
def test_a_data_file_says_that_a_veto_applies_or_does_not(key: str) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points=59)])
    assert str(it.score(scheme, load(scheme)).total) == "100.00"
    assert str(it.score(scheme, load(scheme, judgement={key: SAID})).total) == "59.00"
    unsaid = {key: {**SAID, "items": {"applies": False}}}
    assert str(it.score(scheme, load(scheme, judgement=unsaid)).total) == "100.00"
    excluded = load(scheme, judgement={key: SAID}, not_applicable={key: "no such case"})
    assert str(it.score(scheme, excluded).total) == "100.00"


@pytest.mark.parametrize(
    ("judgement", "code", "path"),
    [
        ({"veto.seriuos": SAID}, "unknown-key", "judgement.veto.seriuos"),
        ({"veto.measured": SAID}, "not-judged", "judgement.veto.measured"),
        (
            {"veto.serious": {**SAID, "items": {"aplies": True}}},
            "unknown-key",
            "judgement.veto.serious.items.aplies",
        ),
        ({"veto.serious": {**SAID, "reason": ""}}, "bare-judgement", "judgement.veto.serious.reason"),
        (
            {"veto.serious": {"items": {"applies": True}, "reason": "r"}},
            "bare-judgement",
            "judgement.veto.serious.evidence",
        ),
        (
            {"veto.serious": {"share": 1, "reason": "r", "evidence": "e"}},
            "bad-judgement",
            "judgement.veto.serious.items",
        ),
        ({"veto.serious": {**SAID, "items": {"applies": "yes"}}}, "bad-value", "judgement.veto.serious.items.applies"),
    ],
)
def test_what_is_wrong_with_the_word_on_a_veto_is_named(judgement: dict[str, Any], code: str, path: str) -> None:
    vetoes = [serious(points=59), serious(id="measured", indicator=balance, when=rules.Limits(above=0), points=59)]
    scheme = scheme_of(judged_leaf("a", 100), vetoes=vetoes)
    with pytest.raises(it.DataError) as caught:
        load(scheme, judgement=judgement)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [(code, path)]


def test_a_data_file_on_disk_says_that_a_veto_applies(tmp_path: Path) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points="59.5", grade="fair")])
    path = tmp_path / "unit.toml"
    path.write_text(
        """format = 1
[judgement.a]
share = "95%"
reason = "well kept"
evidence = "the visit"
[judgement."veto.serious"]
items = { applies = true }
reason = { zh = "虚报", en = "false reporting" }
evidence = "audit report 7"
""",
        encoding="utf-8",
    )
    card = it.score_file(path, scheme=scheme)
    assert (str(card.total), str(card.arithmetic_total)) == ("59.50", "95.00")
    assert card.grade is not None
    assert card.grade.id == "poor"
    assert card.vetoes[0].reason["en"] == "false reporting"


# Out and in


def vetoed() -> tuple[it.Scheme, it.UnitData]:
    vetoes = [
        serious(points=59, grade="poor"),
        serious(id="quiet", title=it.Text(zh="未发生", en="did not happen"), grade="good"),
        serious(
            id="over",
            title=it.Text(zh="超编", en="over the posts"),
            indicator=staffing,
            when=rules.Limits(above="100%"),
            grade="fair",
        ),
    ]
    scheme = scheme_of(judged_leaf("a", 100), vetoes=vetoes)
    data = said(scheme, "95%", serious=True, quiet=False)
    return scheme, attrs.evolve(data, records={"staff": Staff(posts=3, in_post=4)})


@given(scored())
@SOME
def test_a_scorecard_with_vetoes_goes_to_json_and_through_pickle_and_back(pair: Pair) -> None:
    card = it.score(*pair)
    for again in (
        *(it.Scorecard.from_json(card.to_json(language)) for language in LANGUAGES),
        pickle.loads(pickle.dumps(card)),  # noqa: S301 - it was pickled here
        copy.deepcopy(card),
    ):
        assert again == card
        assert again.vetoes == card.vetoes
        assert (again.total, again.grade) == (card.total, card.grade)
        assert (again.arithmetic_total, again.arithmetic_grade) == (card.arithmetic_total, card.arithmetic_grade)
        assert again.root.adjustments == card.root.adjustments
        for language in LANGUAGES:
            assert again.table(language) == card.table(language)
            SCHEMA.validate(json.loads(again.to_json(language)))


def test_the_json_names_each_veto_and_what_the_points_alone_give() -> None:
    document = it.score(*vetoed()).to_dict("en")
    assert (document["total"], document["arithmetic_total"]) == ("59.00", "95.00")
    assert (document["grade"], document["arithmetic_grade"]["id"]) == ("poor", "excellent")
    parts = ("id", "applies", "grade", "points", "value")
    assert [tuple(veto[part] for part in parts) for veto in document["vetoes"]] == [
        ("veto.serious", True, "poor", "59", None),
        ("veto.quiet", False, "good", None, None),
        ("veto.over", True, "fair", None, "4/3"),
    ]
    assert document["vetoes"][2]["reason"] == "133.33% is > 100%"
    assert document["vetoes"][2]["reasons"]["zh"] == "133.33%，符合 > 100%"
    assert document["adjustments"] == [
        {
            "kind": "veto",
            "lost": "36",
            "reason": "veto: serious violation",
            "reasons": {"zh": "一票否决：严重违规", "en": "veto: serious violation"},
        }
    ]


def test_what_a_veto_does_not_cap_is_null_in_json() -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points="59.5"), serious(id="other", grade="poor")])
    vetoes = it.score(scheme, said(scheme, 1)).to_dict()["vetoes"]
    assert [(veto["grade"], veto["points"]) for veto in vetoes] == [(None, "59.5"), ("poor", None)]


OLD = ("arithmetic_total", "arithmetic_grade", "vetoes")


@given(scored(vetoes=False))
@SOME
def test_json_written_before_there_were_vetoes_is_still_read(pair: Pair) -> None:
    card = it.score(*pair)
    document = card.to_dict()
    for key in OLD:
        del document[key]
    SCHEMA.validate(document)
    again = it.Scorecard.from_dict(document)
    assert again == card
    assert (again.arithmetic_total, again.arithmetic_grade, again.vetoes) == (card.total, card.grade, ())


DOCUMENT = it.score(*vetoed()).to_dict()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("vetoes",), None),
        (("vetoes",), {}),
        (("vetoes", 0, "applies"), "yes"),
        (("vetoes", 0, "points"), "many"),
        (("vetoes", 0, "points"), 59),
        (("vetoes", 2, "value"), "4/0"),
        (("vetoes", 0, "colour"), "red"),
        (("arithmetic_total",), "95.001"),
        (("arithmetic_total",), 95),
        (("arithmetic_grade",), "excellent"),
        (("arithmetic_grade", "at_least"), "most"),
    ],
)
def test_a_document_with_a_wrong_veto_is_refused(place: tuple[Any, ...], value: Any) -> None:
    document: Any = copy.deepcopy(DOCUMENT)
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(it.DataError) as caught:
        it.Scorecard.from_dict(document)
    assert all(problem.message["en"] for problem in caught.value.problems)


def test_scorecards_that_differ_only_in_a_veto_differ() -> None:
    scheme, data = vetoed()
    judgement = {**data.judgement, "veto.quiet": attrs.evolve(data.judgement["veto.quiet"], reason="another")}
    assert it.score(scheme, data) != it.score(scheme, attrs.evolve(data, judgement=judgement))


# Words


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "Total 59.00 of 100.00, grade: poor",
                "Veto: serious violation (found by the audit)",
                "Veto: over the posts (133.33% is > 100%)",
                "By points alone: 95.00, excellent",
            ],
        ),
        (
            "zh",
            [
                "总分 59.00 / 100.00，等级：差",
                "一票否决：严重违规（审计发现）",
                "一票否决：超编（133.33%，符合 > 100%）",
                "仅按得分：95.00，优",
            ],
        ),
    ],
)
def test_the_table_ends_with_the_vetoes_that_apply_and_what_the_points_alone_give(
    language: str, expected: list[str]
) -> None:
    card = it.score(*vetoed())
    text = card.table(language)
    assert text.splitlines()[-4:] == expected
    assert {"zh": "未发生", "en": "did not happen"}[language] not in text
    words = card.explain(language=language)
    assert [line.strip() for line in words.splitlines()][-3:] == expected[1:]
    assert {"zh": "一票否决：严重违规", "en": "veto: serious violation"}[language] in words
    assert expected[1] not in card.explain("process", language=language)


@pytest.mark.parametrize("language", LANGUAGES)
@given(scored())
@SOME
def test_each_veto_that_applies_is_shown_and_no_other(language: str, pair: Pair) -> None:
    card = it.score(*pair)
    text = card.table(language)
    for part in (text, card.explain(language=language)):
        lines = [line.strip() for line in part.splitlines()]
        heads = [
            {"zh": "一票否决：", "en": "Veto: "}[language] + one.title[language] for one in card.vetoes if one.applies
        ]
        assert sum(line.startswith({"zh": "一票否决：", "en": "Veto: "}[language]) for line in lines) >= len(heads)
        assert all(any(line.startswith(head) for line in lines) for head in heads)
        alone = {"zh": "仅按得分：", "en": "By points alone: "}[language]
        shown = bool(heads) and card.arithmetic_total is not None
        assert any(line.startswith(alone) for line in lines) is shown


@pytest.mark.parametrize("when", [rules.Limits(above=2), rules.Limits(above=1, at_most="3/2")])
def test_the_reason_of_a_measured_veto_shows_the_value_and_the_limits(when: rules.Limits) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(indicator=staffing, when=when, points=0)])
    data = attrs.evolve(said(scheme, 1), records={"staff": Staff(posts=3, in_post=4)})
    (veto,) = it.score(scheme, data).vetoes
    zone = (
        {"zh": "> 200%", "en": "> 200%"}
        if veto.applies is False
        else {"zh": "> 100% 且 ≤ 150%", "en": "> 100%, ≤ 150%"}
    )
    assert veto.reason.en == f"133.33% is {'' if veto.applies else 'not '}{zone['en']}"
    assert veto.reason.zh == f"133.33%，{'符合' if veto.applies else '不符合'} {zone['zh']}"


def test_data_that_gives_another_veto_does_not_explain_this_one() -> None:
    scheme, data = vetoed()
    card = it.Scorecard.from_json(it.score(scheme, data).to_json())
    assert card.explain(scheme=scheme, data=data, language="en") == it.score(scheme, data).explain(language="en")
    other = {path: one for path, one in data.judgement.items() if path != "veto.serious"}
    with pytest.raises(it.ScoringError) as caught:
        card.explain(scheme=scheme, data=attrs.evolve(data, judgement=other))
    assert caught.value.problems[0].code == "other-data"


def test_many_units_share_one_prepared_veto() -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=[serious(points=59)])
    units = [said(scheme, "95%", serious=answer) for answer in (True, False, True)]
    cards = [card for card in it.score_many(scheme, units) if isinstance(card, it.Scorecard)]
    assert [str(card.total) for card in cards] == ["59.00", "95.00", "59.00"]
