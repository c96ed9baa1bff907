"""The arithmetic fits integer columns: measures and rules give on a table what they give on single units."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arithmetic.columns import ColumnCondition, ColumnQuantity, run_on_columns
from indicatree import rules
from indicatree.arithmetic import (
    MISSING,
    UNDEFINED,
    Quantity,
    State,
    all_of,
    any_of,
    ceil,
    equal,
    exact,
    floor,
    maximum,
    minimum,
    none_of,
    piecewise,
    where,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from indicatree.scheme.rules import Rule

# Small enough that no product of a few of them leaves 64 bits; small values often, so that edges, ties and
# zeros are met.
figures = st.none() | st.integers(-4, 4) | st.integers(-2000, 2000)
tables = st.lists(st.tuples(figures, figures), min_size=1, max_size=30)
Rows = list[tuple[int | None, int | None]]
EDGE_ROWS: Rows = [(first, second) for first in (None, -3, -1, 0, 1, 2, 5) for second in (None, -2, -1, 0, 1, 3)]

FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "a figure": lambda a, _: a,
    "a constant": lambda _, __: exact("2.5"),
    "a constant over a figure": lambda _, b: 1 / b,
    "ratio": lambda a, b: a / b,
    "ratio of sums": lambda a, b: (a + b) / (a - b),
    "growth": lambda a, b: (b - a) / abs(a),
    "growth in per cent of both": lambda a, b: 100 * (a - b) / (abs(a) + abs(b)),
    "opposites": lambda a, b: -(a - 3) / -b,
    "from a constant": lambda a, b: 3 - a / b,
    "a ratio over a ratio": lambda a, b: (exact(1) / 2) / (a / b),
    "a half over an undefined": lambda a, _: (exact(1) / 2) / (exact(3) / (a - a)),
    "missing and undefined": lambda a, b: a / 0 + b,
    "where, one branch undefined at times": lambda a, b: where(b > 0, a / b, 0),
    "where on an undefined": lambda a, b: where(a / b >= exact("1/2"), a, b),
    "where, a branch without a value": lambda a, b: where(a > b, MISSING, UNDEFINED),
    "equal": lambda a, b: where(equal(a / 2, b), 1, a),
    "all, any and none": lambda a, b: where(
        any_of(all_of(a > 0, b > 0), none_of(a >= -1, b >= -1), equal(a, 0)), a - b, b / a
    ),
    "less, less or equal": lambda a, b: where(a < b, 1, where(a <= b, 2, 3)),
    "more, more or equal": lambda a, b: where(a > b, 1, where(a >= b, 2, 3)),
    "constants before the operand": lambda a, b: where(any_of(exact(2) < a, equal(1, b)), 0 - a, 0 / b),
    "piecewise": lambda a, b: piecewise([(a > 3, 4), (a / b > 1, a / b), (b < 0, b)], otherwise=-1),
    "minimum": minimum,
    "minimum with a constant": lambda a, b: minimum(a / b, 1),
    "maximum of three": lambda a, b: maximum(a, b, a / b),
    "maximum, skipping the missing": lambda a, b: maximum(a, b, skip=State.MISSING),
    "minimum, skipping the undefined": lambda a, b: minimum(a / b, b / a, 1, skip=State.UNDEFINED),
    "maximum, skipping both": lambda a, b: maximum(a / b, b / a, skip=(State.UNDEFINED, State.MISSING)),
    "minimum, skipping both, a missing constant": lambda a, b: minimum(
        MISSING, a / b, skip=(State.MISSING, State.UNDEFINED)
    ),
    "floor": lambda a, b: floor(a / b),
    "ceil": lambda a, b: ceil(a / b),
    "floor and ceil of a figure": lambda a, b: floor(a) - ceil(b / 3),
    "distance from a range": lambda a, b: maximum(exact("0.4") - a / b, a / b - exact("0.6"), 0),
}


def on_single_units(function: Callable[[Any, Any], Any], rows: Rows) -> list[Fraction | State]:
    def take(figure: int | None) -> Quantity:
        return MISSING if figure is None else exact(figure)

    return [settled(function(take(a), take(b))) for a, b in rows]


def on_columns(function: Callable[[Any, Any], Any], rows: Rows) -> list[Fraction | State]:
    columns = {"a": [a for a, _ in rows], "b": [b for _, b in rows]}
    return [value if isinstance(value, State) else settled(value) for value in run_on_columns(function, columns)]


def settled(value: Any) -> Fraction | State:
    quantity = exact(value)
    return quantity.fraction if quantity.is_defined else quantity.state


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_gives_on_columns_what_it_gives_on_single_units_at_every_edge(name: str) -> None:
    function = FUNCTIONS[name]
    assert on_columns(function, EDGE_ROWS) == on_single_units(function, EDGE_ROWS)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(FUNCTIONS)), rows=tables)
def test_a_function_gives_on_columns_what_it_gives_on_single_units(name: str, rows: Rows) -> None:
    function = FUNCTIONS[name]
    assert on_columns(function, rows) == on_single_units(function, rows)


def ratio_or_state(above: int | None, below: int | None) -> Fraction | State:
    if above is None or below is None:
        return State.MISSING
    return Fraction(above, below) if below else State.UNDEFINED


@settings(max_examples=40, deadline=None)
@given(rows=tables)
@example(rows=EDGE_ROWS)
def test_a_ratio_on_columns_is_the_fraction_of_each_row(rows: Rows) -> None:
    assert on_columns(lambda a, b: a / b, rows) == [ratio_or_state(a, b) for a, b in rows]


@settings(max_examples=40, deadline=None)
@given(rows=tables)
def test_floor_on_columns_is_the_floor_of_the_fraction(rows: Rows) -> None:
    expected = [
        value if isinstance(value, State) else Fraction(value.numerator // value.denominator)
        for value in (ratio_or_state(a, b) for a, b in rows)
    ]
    assert on_columns(lambda a, b: floor(a / b), rows) == expected


shares = st.sampled_from(sorted({Fraction(above, below) for below in range(1, 9) for above in range(-16, 17)}, key=abs))


@st.composite
def bands(draw: st.DrawFn) -> rules.Bands:
    """Bands that cover every value, each edge owned by the band above or the band below it."""
    edges = sorted(draw(st.lists(shares, min_size=1, max_size=4, unique=True)))
    ends: list[dict[str, Any]] = [{} for _ in range(len(edges) + 1)]
    for position, edge in enumerate(edges):
        above_owns_it = draw(st.booleans())
        ends[position]["below" if above_owns_it else "at_most"] = edge
        ends[position + 1]["at_least" if above_owns_it else "above"] = edge
    points = st.integers(0, 6)
    return rules.Bands(bands=[rules.Band(points=draw(points), **end) for end in ends])


@st.composite
def bands_with_gaps(draw: st.DrawFn) -> rules.Bands:
    """Bands that leave what lies between them and around them to ``otherwise``."""
    edges = sorted(draw(st.lists(shares, min_size=2, max_size=6, unique=True)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    ends: list[dict[str, Any]] = [
        {draw(st.sampled_from(["at_least", "above"])): low, draw(st.sampled_from(["at_most", "below"])): high}
        for low, high in pairs
    ]
    points = st.integers(0, 6)
    return rules.Bands(bands=[rules.Band(points=draw(points), **end) for end in ends], otherwise=draw(points))


single_band = st.builds(lambda points: rules.Bands(bands=[rules.Band(points=points)]), st.integers(0, 6))
above_zero = shares.filter(lambda share: share > 0)
deductions = st.builds(
    rules.DeductPerStep,
    target=shares,
    step=above_zero,
    points_per_step=above_zero,
    side=st.sampled_from(["above", "below", "either"]),
    steps=st.sampled_from(["started", "full", "continuous"]),
)
proportions = st.builds(rules.Proportional, target=above_zero)
limits = st.one_of(
    st.builds(dict, at_least=shares),
    st.builds(dict, above=shares),
    st.builds(dict, at_most=shares),
    st.builds(dict, below=shares),
    st.builds(dict, exactly=shares),
    st.builds(lambda low, size: {"at_least": low, "below": low + size}, shares, above_zero),
    st.builds(lambda low, size: {"above": low, "at_most": low + size}, shares, above_zero),
).map(lambda ends: rules.AllOrNothing(**ends))

RULES: dict[str, st.SearchStrategy[Rule]] = {
    "bands": bands(),
    "bands with gaps": bands_with_gaps(),
    "a single band": single_band,
    "deduction per step": deductions,
    "proportion": proportions,
    "all or nothing": limits,
    "grade": st.just(rules.GradedJudgement()),
}


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), rows=tables)
def test_a_rule_gives_on_columns_what_it_gives_on_single_units(name: str, data: st.DataObject, rows: Rows) -> None:
    rule = data.draw(RULES[name])
    full = exact(data.draw(st.integers(1, 12)))

    def points(a: Any, b: Any) -> Any:
        return rule.points(a / b, full)

    rows = rows + EDGE_ROWS
    assert on_columns(points, rows) == on_single_units(points, rows)


@settings(max_examples=40, deadline=None)
@given(rows=tables)
def test_a_rule_on_a_measure_of_growth_runs_on_columns(rows: Rows) -> None:
    rule = rules.DeductPerStep(target=0, step="5%", points_per_step="0.5", side="either", steps="started")

    def points(a: Any, b: Any) -> Any:
        return rule.points((b - a) / abs(a), exact(5))

    assert on_columns(points, rows) == on_single_units(points, rows)


@settings(max_examples=40, deadline=None)
@given(rows=tables)
def test_a_checklist_runs_on_columns(rows: Rows) -> None:
    rule = rules.PerItem(items={"content": 3, "time": "0.5"})

    def points(a: Any, b: Any) -> Any:
        return rule.points({"content": a > b, "time": equal(a, 2)}, exact("3.5"))

    assert on_columns(points, rows) == on_single_units(points, rows)


@settings(max_examples=40, deadline=None)
@given(edge=shares)
def test_the_edge_of_a_band_belongs_to_its_owner_on_columns(edge: Fraction) -> None:
    rows: Rows = [(edge.numerator + step, edge.denominator) for step in (-1, 0, 1)]
    upper = rules.Bands(bands=[rules.Band(at_least=exact(edge), points=5), rules.Band(below=exact(edge), points=1)])
    lower = rules.Bands(bands=[rules.Band(above=exact(edge), points=5), rules.Band(at_most=exact(edge), points=1)])
    assert on_columns(lambda a, b: upper.points(a / b, exact(5)), rows) == [1, 5, 5]
    assert on_columns(lambda a, b: lower.points(a / b, exact(5)), rows) == [1, 1, 5]


def test_a_column_is_not_taken_for_true_or_false() -> None:
    figure = ColumnQuantity.of_column("a")
    for decide in (bool, lambda value: max(value, 0), lambda value: value > 0 and value):
        with pytest.raises(TypeError):
            decide(figure)
    assert isinstance(figure > 0, ColumnCondition)
