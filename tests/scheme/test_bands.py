"""Bands: gaps, overlaps, shared edges, and who owns an edge."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from indicatree.scheme.rules import Band, Bands
from strategies import bands, execution


def problems_of(*made: Band, otherwise: Any = None) -> list[tuple[str, str]]:
    with pytest.raises(it.DeclarationError) as caught:
        Bands(bands=made, otherwise=otherwise)
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


LOW, HIGH = Band(below=1, points=0), Band(at_least=1, points=5)


@pytest.mark.parametrize(
    ("value", "points"), [("0.9999", 0), ("1", 5), ("1.0001", 5), ("-7", 0), ("1000000", 5), ("99.99%", 0)]
)
def test_an_edge_belongs_to_the_band_that_owns_it(value: str, points: int) -> None:
    assert Bands(bands=[LOW, HIGH]).points(it.exact(value), it.exact(5)) == points


@pytest.mark.parametrize(
    ("lower", "upper", "code"),
    [
        ({"below": 1}, {"above": 1}, "edge-without-owner"),
        ({"below": 1}, {"at_least": 2}, "bands-gap"),
        ({"below": 1}, {"above": 2}, "bands-gap"),
        ({"at_most": 1}, {"above": 2}, "bands-gap"),
        ({"at_most": 1}, {"exactly": 2, "points": 1}, "bands-gap"),
    ],
)
def test_a_gap_is_refused_and_one_of_a_single_value_is_told_apart(lower: Any, upper: Any, code: str) -> None:
    made = Band(**{"points": 0, **lower}), Band(**{"points": 5, **upper})
    assert problems_of(*made)[0] == (code, "bands")
    assert problems_of(*reversed(made))[0] == (code, "bands")


def test_an_edge_without_an_owner_is_named_with_its_value() -> None:
    with pytest.raises(it.DeclarationError, match=r"no band has the edge 0\.9 between") as caught:
        Bands(bands=[Band(below="90%", points=0), Band(above="90%", points=5)])
    assert caught.value.problems[0].fix["en"] == "write at_least or at_most in one"


def test_otherwise_owns_an_edge_that_no_band_has() -> None:
    rule = Bands(bands=[Band(below=1, points=2), Band(above=1, points=5)], otherwise=0)
    assert [rule.points(it.exact(value), it.exact(5)) for value in ("0.999999", 1, "1.000001")] == [2, 0, 5]


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ({"at_most": 1}, {"at_least": 1}),
        ({"at_most": 2}, {"above": 1}),
        ({"below": 2}, {"at_least": 1}),
        ({"below": 2}, {"exactly": 1}),
        ({"below": 2}, {"below": 1}),
        ({"at_least": 2}, {"above": 1}),
        ({}, {"at_least": 1}),
        ({}, {}),
    ],
)
def test_two_owners_of_a_value_are_refused(lower: Any, upper: Any) -> None:
    made = Band(**lower, points=0), Band(**upper, points=5)
    assert "bands-overlap" in {code for code, _ in problems_of(*made, otherwise=0)}
    assert "bands-overlap" in {code for code, _ in problems_of(*reversed(made), otherwise=0)}


def test_open_ends_are_refused_each_with_its_side() -> None:
    with pytest.raises(it.DeclarationError) as caught:
        Bands(bands=[Band(at_least=0, at_most=1, points=5)])
    below, above = (problem.message["en"] for problem in caught.value.problems)
    assert "below" in below
    assert "above" in above


def test_bands_within_a_band_are_no_gap() -> None:
    inner = Band(at_least=1, below=2, points=1), Band(at_least=3, below=4, points=2)
    assert {code for code, _ in problems_of(Band(points=5), *inner)} == {"bands-overlap"}


def test_no_bands_are_refused() -> None:
    assert problems_of() == [("no-bands", "bands")]


def test_every_wrong_band_is_named_at_once() -> None:
    wrong = Band(at_least=2, below=1, points=0), HIGH, Band(above=1, at_least=1, points=0)
    assert problems_of(*wrong) == [("empty-range", "bands[0]"), ("two-edges", "bands[2]")]


def test_otherwise_owns_every_value_in_no_band() -> None:
    rule = Bands(bands=[Band(at_least=1, at_most=2, points=5), Band(exactly=4, points=3)], otherwise=1)
    found = [rule.points(it.exact(value), it.exact(5)) for value in ("0.99", 1, 2, "2.01", "3.99", 4, "4.01")]
    assert found == [1, 5, 5, 1, 1, 3, 1]


def test_touching_bands_leave_otherwise_nothing_between() -> None:
    rule = Bands(bands=[Band(at_least=1, below=2, points=3), Band(at_least=2, at_most=3, points=5)], otherwise=0)
    assert [rule.points(it.exact(value), it.exact(5)) for value in ("1.99", 2, 3, "3.01")] == [3, 5, 5, 0]


def test_one_band_without_edges_takes_everything() -> None:
    rule = Bands(bands=[Band(points=5)])
    assert [rule.points(it.exact(value), it.exact(5)) for value in (-1, 0, 7)] == [5, 5, 5]


@given(bands(), st.integers(0, 3))
def test_bands_equal_their_table_read_again(rule: rules.Bands, turn: int) -> None:
    table = rule.to_dict()
    again = Bands(bands=[Band(**band) for band in table["bands"]], otherwise=table.get("otherwise"))
    assert again == rule
    assert again.points(it.exact(turn), it.exact(10)) == rule.points(it.exact(turn), it.exact(10))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Bands(bands=[LOW, HIGH]), []),
        (Bands(bands=[LOW, Band(at_least=1, points=6)]), [("points-beyond", "bands[1].points")]),
        (Bands(bands=[Band(at_least=1, points=5)], otherwise=7), [("points-beyond", "otherwise")]),
        (Bands(bands=[LOW, Band(at_least=1, points=4)]), []),
        (Bands(bands=[LOW, Band(at_least=1, points=-1)]), [("points-beyond", "bands[1].points")]),
        (Bands(bands=[Band(at_least=1, points=4)], otherwise=5), []),
    ],
)
def test_bands_that_do_not_fit_the_points_of_the_leaf(rule: rules.Bands, expected: list[tuple[str, str]]) -> None:
    found = rule.problems(execution, rules.Marks(it.exact(5), it.exact(0), it.exact(5)))
    assert [(problem.code, problem.path) for problem in found] == expected


def test_the_words_give_the_best_band_first() -> None:
    words = Bands(bands=[LOW, HIGH]).words(execution, it.exact(5), "en")
    assert words == "≥ 100%: 5 points; < 100%: 0 points"


def test_the_reason_names_the_band_and_what_full_marks_need() -> None:
    reason = Bands(bands=[LOW, HIGH]).reason(it.exact("0.5"), execution, it.exact(5), "en")
    assert reason == "50.00% is in the band < 100%: 0 points (full marks need ≥ 100%)"
