"""Comparison with other measures of the same unit: order, edges, what lacks, and words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from strategies import (
    FRACTIONS,
    Asked,
    asked,
    balance,
    comparison,
    demo_catalog,
    execution,
    judged,
    points_by,
    staffing,
    tidy,
)

CATALOG = demo_catalog()
FULL = it.exact(10)
MINOR = Fraction(1, 10**6)
LANGUAGES = ["zh", "en"]
MARKS = rules.Marks(FULL, it.exact(0), FULL)


def surplus() -> rules.Comparison:
    """As published: no surplus: 3; surplus, but not above last year's carry-over: 2; above: 0."""
    return rules.Comparison(
        against={"last_year": balance},
        cases=[rules.Case(at_most=0, points=3), rules.Case(at_most="last_year", points=2)],
        otherwise=0,
    )


def points(rule: rules.Comparison, value: Any, **beside: Any) -> it.Quantity:
    found: it.Quantity = rule.points(it.exact(value), FULL, **{name: it.exact(one) for name, one in beside.items()})
    return found


@pytest.mark.parametrize(
    ("value", "last_year", "expected"),
    [
        ("-0.01", "80", 3),
        ("0", "80", 3),
        ("0.01", "80", 2),
        ("79.99", "80", 2),
        ("80", "80", 2),
        ("80.01", "80", 0),
        ("0", "-5", 3),
        ("0", "0", 3),
        ("0.01", "0", 0),
        ("0.01", "0.01", 2),
    ],
)
def test_a_surplus_is_compared_with_zero_and_with_last_year(value: str, last_year: str, expected: int) -> None:
    assert points(surplus(), value, last_year=last_year) == expected


@given(comparison(), FRACTIONS, st.sampled_from([-MINOR, Fraction(0), MINOR]), st.data())
def test_beside_each_measure_it_is_decided_as_in_fractions(
    rule: rules.Comparison, value: Fraction, minor: Fraction, data: st.DataObject
) -> None:
    beside = {name: value + data.draw(st.sampled_from([-MINOR, Fraction(0), minor])) for name in rule.against}
    found = points(rule, value, **beside).fraction
    assert found == points_by(rule, value, Fraction(10), beside)


@given(asked(comparison()), FRACTIONS)
def test_only_differences_matter_where_every_edge_is_a_measure(case: Asked, shift: Fraction) -> None:
    assert isinstance(case.rule, rules.Comparison)
    names = sorted(case.rule.against)
    assume(names)
    # every case as it was drawn, with a measure in the place of each edge that is a number
    named = [
        attrs.evolve(
            part, **{side: names[index % len(names)] for side, edge in part.given() if not isinstance(edge, str)}
        )
        for index, part in enumerate(case.rule.cases)
    ]
    rule = attrs.evolve(case.rule, cases=named)
    moved = {name: value + shift for name, value in case.beside.items()}
    assert points(rule, case.value, **case.beside) == points(rule, case.value + shift, **moved)


@given(asked(comparison()))
def test_a_case_after_one_that_always_holds_is_never_looked_at(case: Asked) -> None:
    assert isinstance(case.rule, rules.Comparison)
    always = rules.Case(at_least=-1000, points=7)
    rule = attrs.evolve(case.rule, cases=[always, *case.rule.cases])
    assert points(rule, case.value, **case.beside) == 7
    lacking = dict.fromkeys(case.beside, it.MISSING)
    assert rule.points(it.exact(case.value), FULL, **lacking) == 7


@given(asked(comparison()))
def test_the_first_case_that_holds_decides_and_not_the_best(case: Asked) -> None:
    assert isinstance(case.rule, rules.Comparison)
    turned = attrs.evolve(case.rule, cases=tuple(reversed(case.rule.cases)))
    assert points(turned, case.value, **case.beside).fraction == points_by(
        turned, case.value, Fraction(10), case.beside
    )


def test_cases_that_overlap_are_decided_in_their_order() -> None:
    low, high = rules.Case(below=2, points=1), rules.Case(above=0, points=5)
    assert points(rules.Comparison(cases=[low, high], otherwise=0), 1) == 1
    assert points(rules.Comparison(cases=[high, low], otherwise=0), 1) == 5


@pytest.mark.parametrize("lacks", [it.MISSING, it.UNDEFINED])
def test_what_lacks_matters_only_where_a_case_is_decided_by_it(lacks: it.Quantity) -> None:
    rule = surplus()
    assert rule.points(it.exact(0), FULL, last_year=lacks) == 3
    found = rule.points(it.exact("0.01"), FULL, last_year=lacks)
    assert not found.is_defined
    assert found.state == lacks.state


def test_missing_wins_over_undefined_where_a_case_names_both() -> None:
    rule = rules.Comparison(
        against={"a": balance, "b": execution}, cases=[rules.Case(above="a", below="b", points=1)], otherwise=0
    )
    for beside in ({"a": it.MISSING, "b": it.UNDEFINED}, {"a": it.UNDEFINED, "b": it.MISSING}):
        assert rule.points(it.exact(0), FULL, **beside).state == it.MISSING.state


@pytest.mark.parametrize(
    ("edge", "below", "at", "above"),
    [
        ("at_least", 0, 1, 1),
        ("above", 0, 0, 1),
        ("at_most", 1, 1, 0),
        ("below", 1, 0, 0),
        ("exactly", 0, 1, 0),
    ],
)
@pytest.mark.parametrize("named", [True, False])
@given(value=FRACTIONS)
def test_each_kind_of_edge_owns_what_it_says(
    edge: str, below: int, at: int, above: int, *, named: bool, value: Fraction
) -> None:
    given_edge: Any = "other" if named else it.exact(value)
    rule = rules.Comparison(
        against={"other": balance} if named else {},
        cases=[rules.Case(points=1, **{edge: given_edge})],
        otherwise=0,
    )
    beside = {"other": value} if named else {}
    found = [points(rule, place, **beside) for place in (value - MINOR, value, value + MINOR)]
    assert found == [below, at, above]


def test_a_comparison_names_what_it_is_compared_with() -> None:
    assert dict(surplus().compared_with) == {"last_year": balance}
    assert dict(surplus().asks) == {}
    assert list(surplus().edges(FULL, last_year=it.exact(80))) == [it.exact(0), it.exact(80)]


# What is refused


def codes(**changes: Any) -> list[tuple[str, str]]:
    whole: dict[str, Any] = {"cases": [rules.Case(at_most=0, points=3)], "otherwise": 0}
    with pytest.raises(it.DeclarationError) as caught:
        rules.Comparison(**(whole | changes))
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cases": []}, [("no-cases", "cases")]),
        ({"cases": [rules.Case(points=1)]}, [("no-limit", "cases[0]")]),
        ({"cases": [rules.Case(at_least=1, above=1, points=1)]}, [("two-edges", "cases[0]")]),
        ({"cases": [rules.Case(at_most=1, below=1, points=1)]}, [("two-edges", "cases[0]")]),
        ({"cases": [rules.Case(exactly=1, below=2, points=1)]}, [("two-edges", "cases[0]")]),
        ({"cases": [rules.Case(at_most="last", points=1)]}, [("unknown-name", "cases[0].at_most")]),
        ({"against": {"last": balance}}, [("unused-name", "against.last")]),
        (
            {
                "against": {"last": balance, "spare": execution},
                "cases": [
                    rules.Case(at_most="last", points=1),
                    rules.Case(exactly="lats", above=0, points=1),
                    rules.Case(points=1),
                ],
            },
            [
                ("two-edges", "cases[1]"),
                ("unknown-name", "cases[1].exactly"),
                ("no-limit", "cases[2]"),
                ("unused-name", "against.spare"),
            ],
        ),
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(**changes) == expected


def test_a_misspelt_measure_comes_with_the_right_one() -> None:
    with pytest.raises(it.DeclarationError, match='did you mean "last_year"'):
        rules.Comparison(
            against={"last_year": balance},
            cases=[rules.Case(above=0, points=1), rules.Case(at_most="last_yaer", points=2)],
            otherwise=0,
        )


@pytest.mark.parametrize("name", ["last year", "Last", "1/x", "", "-a"])
def test_what_is_neither_a_number_nor_a_name_is_refused(name: str) -> None:
    with pytest.raises(it.DeclarationError) as caught:
        rules.Case(at_most=name, below=name, points=1)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("bad-edge", "at_most"),
        ("bad-edge", "below"),
    ]


@pytest.mark.parametrize("edge", [True, 0.5, [], {}])
def test_an_edge_is_a_number_or_a_name_in_files_also(edge: Any) -> None:
    document = {
        "format": 1,
        "id": "s",
        "tiers": [
            {
                "tier": "process",
                "groups": [
                    {
                        "id": "g",
                        "title": "g",
                        "indicators": [
                            {
                                "id": "a",
                                "indicator": "demo.balance",
                                "points": 3,
                                "rule": {
                                    "kind": "comparison",
                                    "cases": [{"at_most": edge, "points": 3}],
                                    "otherwise": 0,
                                },
                            }
                        ],
                    }
                ],
            }
        ],
    }
    if isinstance(edge, float):
        assert it.load_scheme(document, catalog=CATALOG)
        return
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(document, catalog=CATALOG)
    assert "rule.cases[0].at_most" in caught.value.problems[0].path


def against(measure: it.Indicator) -> rules.Comparison:
    return rules.Comparison(against={"x": measure}, cases=[rules.Case(above="x", points=1)], otherwise=0)


@pytest.mark.parametrize("measure", [judged, tidy])
def test_only_a_measured_indicator_can_be_compared_with(measure: it.Indicator) -> None:
    (problem,) = against(measure).problems(execution, MARKS)
    assert (problem.code, problem.path) == ("not-measured", "against.x")
    assert against(staffing).problems(execution, MARKS) == []


@pytest.mark.parametrize("measure", [staffing.function, "demo.staffing", None])
def test_what_is_no_indicator_is_not_compared_with(measure: Any) -> None:
    with pytest.raises(it.DeclarationError) as caught:
        against(measure)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [("not-an-indicator", "against.x")]


@pytest.mark.parametrize(
    ("award", "otherwise", "expected"),
    [
        (10, 0, []),
        ("10.01", 0, ["cases[0].points"]),
        (0, "10.01", ["otherwise"]),
        ("-0.01", "-0.01", ["cases[0].points", "otherwise"]),
    ],
)
def test_points_beyond_those_of_the_leaf_are_named(award: Any, otherwise: Any, expected: list[str]) -> None:
    rule = rules.Comparison(cases=[rules.Case(above=0, points=award)], otherwise=otherwise)
    found = rule.problems(execution, MARKS)
    assert [(problem.code, problem.path) for problem in found] == [("points-beyond", path) for path in expected]


# Words


def test_the_words_name_the_measures_and_the_reason_their_values() -> None:
    rule = surplus()
    assert rule.words(balance, FULL, "en") == "≤ 0: 3 points; ≤ Balance: 2 points; otherwise: 0 points"
    assert rule.words(balance, FULL, "zh") == "≤ 0 得 3 分；≤ 结余得 2 分；其他不得分"
    reasons = [
        rule.reason(it.exact(value), balance, FULL, "en", last_year=it.exact(80)) for value in (0, "12.5", "80.01")
    ]
    assert reasons == [
        "0.00 is ≤ 0: 3 points (the best needs ≤ 0)",
        "12.50 is ≤ Balance (80.00): 2 points (the best needs ≤ 0)",
        "80.01 is in no case: 0 points (the best needs ≤ 0)",
    ]
    assert rule.reason(it.exact("12.5"), balance, FULL, "zh", last_year=it.exact(80)) == (
        "12.50 属于“≤ 结余（80.00）”，得 2 分（最高档要求 ≤ 0）"
    )


@pytest.mark.parametrize("lacks", [it.MISSING, it.UNDEFINED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reason_does_without_a_value_that_lacks_and_did_not_decide(lacks: it.Quantity, language: str) -> None:
    rule = rules.Comparison(
        against={"last": balance},
        cases=[rules.Case(at_least=1, points=1), rules.Case(at_least="last", points=3)],
        otherwise=0,
    )
    reason = rule.reason(it.exact(2), execution, FULL, language, last=lacks)
    assert "200.00%" in reason
    assert f"≥ {balance.title[language]}" in reason


@pytest.mark.parametrize("language", LANGUAGES)
@given(case=asked(comparison()))
def test_the_reason_shows_the_values_of_the_measures_that_decided(case: Asked, language: str) -> None:
    assert isinstance(case.rule, rules.Comparison)
    reason = case.rule.reason(it.exact(case.value), execution, FULL, language, **case.named)
    holds = [
        part
        for part in case.rule.cases
        if points_by(
            attrs.evolve(case.rule, against=_used(case.rule, part), cases=[attrs.evolve(part, points=1)], otherwise=0),
            case.value,
            Fraction(10),
            case.beside,
        )
    ]
    best = max(case.rule.cases, key=lambda part: part.points.fraction)
    for _, edge in [*(holds[0].given() if holds else ()), *best.given()]:
        if isinstance(edge, str):
            other = case.rule.against[edge]
            assert isinstance(other, it.Measured)
            assert other.title[language] in reason
            beside = it.exact(case.beside[edge])
            apart = [it.exact(case.value)] if case.value != case.beside[edge] else []
            assert other.unit.show_apart(beside, apart, language).removesuffix("%") in reason


def _used(rule: rules.Comparison, case: rules.Case) -> dict[str, it.Indicator]:
    return {edge: rule.against[edge] for _, edge in case.given() if isinstance(edge, str)}
