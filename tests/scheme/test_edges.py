"""Edges in the problems of a scheme: in the unit of the indicator, or as the file says them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree.problems import Problem
from indicatree.scheme.edges import with_edges_said
from strategies import balance, demo_catalog, execution, judged_leaf, scheme_of

DEMO = demo_catalog()
SOME = settings(max_examples=40)
PARTS = st.integers(-300, 300).filter(bool)


def problem(bands: list[dict[str, Any]], indicator: str = "demo.execution") -> it.Problem:
    """The one problem of the bands of a leaf, told of any indicator."""
    leaf = {"id": "a", "indicator": indicator, "points": 5, "rule": {"kind": "bands", "bands": bands}}
    group = {"id": "g", "title": "G", "indicators": [leaf]}
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme({"format": 1, "id": "s", "tiers": [{"tier": "process", "groups": [group]}]}, catalog=DEMO)
    return next(one for one in caught.value.problems if "rule" in one.path)


def wrong_bands(low: str, high: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "bands-gap": [{"below": low, "points": 0}, {"at_least": high, "points": 5}],
        "bands-overlap": [{"below": high, "points": 0}, {"at_least": low, "points": 5}],
        "edge-without-owner": [{"below": low, "points": 0}, {"above": low, "points": 5}],
        "empty-range": [{"below": low, "above": high, "points": 0}],
    }


@SOME
@given(st.lists(PARTS, min_size=2, max_size=2, unique=True).map(sorted), st.booleans())
def test_edges_of_a_ratio_are_told_as_the_file_says_them(parts: list[int], known: bool) -> None:  # noqa: FBT001 - drawn
    low, high = (f"{part}%" for part in parts)
    for code, bands in wrong_bands(low, high).items():
        found = problem(bands, "demo.execution" if known else "demo.unheard_of")
        assert found.code == code
        for words in (found.message["zh"], found.message["en"]):
            assert low in words
            assert high in words or code == "edge-without-owner"
            assert str(float(Fraction(parts[0], 100))) not in words


@SOME
@given(st.lists(PARTS, min_size=2, max_size=2, unique=True).map(sorted))
def test_edges_that_are_written_otherwise_are_told_in_the_unit_of_the_indicator(parts: list[int]) -> None:
    found = problem(wrong_bands(*(str(Fraction(part, 100)) for part in parts))["bands-gap"])
    assert found.message["en"].endswith(f'"< {parts[0]}%" and "≥ {parts[1]}%"')
    found = problem(wrong_bands(*(f"{part * 100}%" for part in parts))["bands-gap"], balance.id)
    assert found.message["en"].endswith(f'"< {parts[0]}" and "≥ {parts[1]}"')


def test_edges_of_a_veto_are_told_in_the_unit_of_its_indicator() -> None:
    veto = it.Veto(id="slow", title="x", indicator=execution, when=it.rules.Limits(above="30%", below="20%"), points=0)
    with pytest.raises(it.SchemeError, match=r"no value lies > 30%, < 20%"):
        scheme_of(judged_leaf("a"), vetoes=[veto])


def test_what_is_no_edge_stays_as_it_is() -> None:
    other = Problem("points-beyond", "otherwise", "0.1 is more than the 5 points of the leaf")
    assert with_edges_said(other, execution, {"otherwise": "10%"}) == other
    gap = Problem("bands-gap", "bands", 'no band has the values below "≥ 0.1"')
    assert with_edges_said(gap, None) == gap
