"""What a formula can be: no value outside, both ends reached where that is said, no range through a zero divisor.

The oracle evaluates its own copy of each formula in `fractions.Fraction`.
"""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree.arithmetic import UNDEFINED, ConditionTerm, State, Term, exact
from indicatree.auditing.ranges import (
    NoRangeError,
    Range,
    balanced,
    decided,
    figures_in,
    jumps,
    range_of,
    solutions,
    solved,
    value_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Tree = tuple[Any, ...]
Point = dict[str, Fraction]

_BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
_COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
_NUMBERS = st.one_of(
    st.integers(-6, 6).map(Fraction), st.integers(-30, 30).map(lambda n: Fraction(n, 7)), st.just(Fraction(100))
)
_WIDTHS = st.sampled_from([Fraction(0), Fraction(1, 100), Fraction(1), Fraction(3)])
_NAMES = ("a", "b", "c", "d")


# The same formula twice: as a term, and as the oracle evaluates it.


def figure(name: str) -> Term:
    return Term("figure", (name,))


def term(tree: Tree) -> Any:
    op, *args = tree
    if op == "figure":
        return figure(args[0])
    if op == "constant":
        return Term("constant", (exact(args[0]),))
    parts = [term(arg) for arg in args]
    if op in ("minimum", "maximum"):
        return Term(op, (frozenset(), *parts))
    return (ConditionTerm if op in (*_COMPARED, "and", "or", "not") else Term)(op, tuple(parts))


def value(tree: Tree, point: Mapping[str, Fraction]) -> Any:  # noqa: PLR0911 - a case for each operation
    op, *args = tree
    if op == "figure":
        return point[args[0]]
    if op == "constant":
        return args[0]
    if op == "where":
        return value(args[1] if value(args[0], point) else args[2], point)
    parts = [value(arg, point) for arg in args]
    if op in _BINARY:
        return _BINARY[op](*parts)
    if op in _COMPARED:
        return _COMPARED[op](*parts)
    if op in ("floor", "ceil"):
        return Fraction(getattr(math, op)(parts[0]))
    functions: dict[str, Any] = {"neg": operator.neg, "abs": abs, "not": operator.not_}
    several: dict[str, Any] = {"minimum": min, "maximum": max, "and": all, "or": any}
    return several[op](parts) if op in several else functions[op](*parts)


def nodes(tree: Tree) -> Iterator[Tree]:
    yield tree
    for arg in tree[1:]:
        if isinstance(arg, tuple):
            yield from nodes(arg)


def trees(ops: tuple[str, ...], names: tuple[str, ...] = _NAMES, leaves: int = 7) -> st.SearchStrategy[Tree]:
    """Formulas of some operations over some figures, which occur as often as they like."""
    basic = st.one_of(
        st.sampled_from(names).map(lambda name: ("figure", name)), _NUMBERS.map(lambda number: ("constant", number))
    )

    def larger(part: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        condition = st.tuples(st.sampled_from(list(_COMPARED)), part, part)
        joined = st.one_of(
            condition,
            st.tuples(st.sampled_from(["and", "or"]), condition, condition),
            st.tuples(st.just("not"), condition),
        )
        shapes = {
            **dict.fromkeys(("+", "-", "*", "/", "minimum", "maximum"), (part, part)),
            **dict.fromkeys(("neg", "abs", "floor", "ceil"), (part,)),
            "where": (joined, part, part),
        }
        return st.one_of(*(st.tuples(st.just(op), *shapes[op]) for op in ops))

    return st.recursive(basic, larger, max_leaves=leaves)


ALL = ("+", "-", "*", "/", "neg", "abs", "minimum", "maximum", "where", "floor", "ceil")
SMOOTH = ("+", "-", "*", "/", "neg")


@st.composite
def boxes(draw: st.DrawFn, names: tuple[str, ...] = _NAMES) -> dict[str, tuple[Fraction, Fraction]]:
    found = {}
    for name in names:
        low = draw(_NUMBERS)
        found[name] = (low, low + draw(_WIDTHS))
    return found


def points(box: Mapping[str, tuple[Fraction, Fraction]], draw: Any, size: int = 12) -> Iterator[Point]:
    """Points on a grid over a box, its corners and its middle among them."""
    for number in draw(st.lists(st.integers(0, 5 ** len(box) - 1), min_size=size, max_size=size)):
        point, rest = {}, number
        for name, (low, high) in box.items():
            rest, share = divmod(rest, 5)
            point[name] = low + (high - low) * Fraction(share, 4)
        yield point


def corners(box: Mapping[str, tuple[Fraction, Fraction]]) -> Iterator[Point]:
    for chosen in product(*box.values()):
        yield dict(zip(box, chosen, strict=True))


def attempted(found: Tree, box: Mapping[str, tuple[Fraction, Fraction]]) -> Range | None:
    try:
        return range_of(term(found), box)
    except NoRangeError:
        return None


# Soundness


@given(trees(ALL), boxes(), st.data())
@settings(max_examples=120)
def test_no_value_of_a_formula_lies_outside_its_range(
    found: Tree, box: dict[str, tuple[Fraction, Fraction]], data: st.DataObject
) -> None:
    held = attempted(found, box)
    if held is None:
        event("no range")
        return
    event("tight" if held.tight else "not proven tight")
    for point in points(box, data.draw):
        assert held.low <= value(found, point) <= held.high


@given(trees(ALL), boxes())
@settings(max_examples=150)
def test_the_range_of_figures_that_are_known_exactly_is_the_value(
    found: Tree, box: dict[str, tuple[Fraction, Fraction]]
) -> None:
    point = {name: low for name, (low, _) in box.items()}
    held = attempted(found, {name: (low, low) for name, low in point.items()})
    if held is None:
        divisors = [node[2] for node in nodes(found) if node[0] == "/"]
        assert divisors
        with_zero = False
        for divisor in divisors:
            try:
                with_zero |= value(divisor, point) == 0
            except ZeroDivisionError:
                with_zero = True
        assert with_zero
    else:
        assert held == Range(value(found, point), value(found, point))
        assert value_at(term(found), point) == value(found, point)


@given(
    st.lists(st.tuples(_NUMBERS, _WIDTHS), min_size=40, max_size=40),
    st.lists(st.integers(-3, 3), min_size=40, max_size=40),
    st.lists(st.integers(1, 3), min_size=40, max_size=40),
)
@settings(max_examples=15)
def test_a_ratio_of_sums_of_forty_figures_is_as_tight_as_climbing_from_corner_to_corner(
    ends: list[tuple[Fraction, Fraction]], over: list[int], under: list[int]
) -> None:
    names = [f"f{index}" for index in range(40)]
    box = {name: (abs(low) + 1, abs(low) + 1 + width) for name, (low, width) in zip(names, ends, strict=True)}

    def linear(factors: list[int]) -> Any:
        return sum((figure(name) * factor for name, factor in zip(names, factors, strict=True)), start=exact(0))

    def climbed(sign: int) -> Fraction:
        """A ratio of sums has no other peak on a box than the highest: moving one figure at a time finds it."""
        point = {name: low for name, (low, _) in box.items()}
        upper = sum((factor * point[name] for factor, name in zip(over, names, strict=True)), start=Fraction(0))
        lower = sum((factor * point[name] for factor, name in zip(under, names, strict=True)), start=Fraction(0))
        better = True
        while better:
            better = False
            for name, above, below in zip(names, over, under, strict=True):
                for end in box[name]:
                    step = end - point[name]
                    if sign * (above * lower - below * upper) * step > 0:
                        upper, lower, better = upper + above * step, lower + below * step, True
                        point[name] = end
        return upper / lower

    assert range_of(linear(over) / linear(under), box) == Range(climbed(-1), climbed(1))


def test_a_total_of_three_thousand_items_has_a_range() -> None:
    names = [f"items[{index}].spent" for index in range(3000)]
    box = {name: (Fraction(index), Fraction(index + 1)) for index, name in enumerate(names)}
    added: Any = exact(0)
    for name in names:
        added = added + figure(name)
    shallow = balanced(added)
    assert figures_in(shallow) == tuple(names)
    low = Fraction(2999 * 3000, 2)
    assert range_of(shallow, box) == Range(low, low + 3000)
    magnitudes: Any = exact(0)
    for name in names:
        magnitudes = magnitudes + abs(figure(name) - 1500)
    assert range_of(balanced(magnitudes), box).low == sum(
        max(0, abs(index - 1500) - (index < 1500)) for index in range(3000)
    )


# Tightness


@given(trees(SMOOTH), boxes())
@settings(max_examples=120)
def test_a_tight_range_of_plain_arithmetic_ends_where_its_corners_do(
    found: Tree, box: dict[str, tuple[Fraction, Fraction]]
) -> None:
    held = attempted(found, box)
    if held is None:
        event("no range")
        return
    event("tight" if held.tight else "not proven tight")
    if held.tight:
        values = [value(found, corner) for corner in corners(box)]
        assert (held.low, held.high) == (min(values), max(values))


@given(trees(SMOOTH), boxes())
@settings(max_examples=100)
def test_plain_arithmetic_that_names_no_figure_twice_is_tight(
    found: Tree, box: dict[str, tuple[Fraction, Fraction]]
) -> None:
    named = [node[1] for node in nodes(found) if node[0] == "figure"]
    assume(len(named) == len(set(named)))
    held = attempted(found, box)
    assert held is None or held.tight


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        (figure("a") * figure("a"), Fraction(0), Fraction(4)),
        (figure("a") * figure("a") * figure("b"), Fraction(0), Fraction(12)),
        ((figure("a") - 1) * (figure("a") + 1), Fraction(-1), Fraction(3)),
        (1 / (figure("b") * figure("b")) + figure("b"), Fraction("1.89"), Fraction(28, 9)),
    ],
)
def test_a_figure_that_is_squared_is_most_or_least_in_between(formula: Any, low: Fraction, high: Fraction) -> None:
    held = range_of(formula, {"a": (Fraction(-1), Fraction(2)), "b": (Fraction(1), Fraction(3))})
    assert not held.tight
    assert held.low <= low
    assert high <= held.high


def linear_of(tree: Tree) -> tuple[Fraction, Fraction, Fraction]:
    """A sum of two figures as the numbers that a and b are multiplied by, and what is added."""
    rest = value(tree, {"a": Fraction(0), "b": Fraction(0)})
    return (
        value(tree, {"a": Fraction(1), "b": Fraction(0)}) - rest,
        value(tree, {"a": Fraction(0), "b": Fraction(1)}) - rest,
        rest,
    )


def vertices(
    lines: list[tuple[Fraction, Fraction, Fraction]], box: Mapping[str, tuple[Fraction, Fraction]]
) -> list[Point]:
    """Where the edges of a box of two figures and some lines meet, inside of it."""
    for name, of in (("a", (1, 0)), ("b", (0, 1))):
        lines = [*lines, *((Fraction(of[0]), Fraction(of[1]), -end) for end in box[name])]
    found = []
    for (p, q, r), (s, t, u) in combinations(lines, 2):
        area = p * t - q * s
        if area:
            point = {"a": (q * u - r * t) / area, "b": (r * s - p * u) / area}
            if all(box[name][0] <= point[name] <= box[name][1] for name in box):
                found.append(point)
    return found


SUMS = st.tuples(st.integers(-2, 2), st.integers(-2, 2), _NUMBERS).map(
    lambda three: (
        "+",
        (
            "+",
            ("*", ("constant", Fraction(three[0])), ("figure", "a")),
            ("*", ("constant", Fraction(three[1])), ("figure", "b")),
        ),
        ("constant", three[2]),
    )
)


@st.composite
def broken_sums(draw: st.DrawFn, switches: int) -> tuple[Tree, list[tuple[Fraction, Fraction, Fraction]]]:
    """A sum with magnitudes, minima and maxima of sums of two figures in it, over a divisor; and where it bends."""
    found: Tree = draw(SUMS)
    lines = []
    for _ in range(switches):
        first, second = draw(SUMS), draw(SUMS)
        kind = draw(st.sampled_from(["abs", "minimum", "maximum"]))
        bend: Tree = ("abs", first) if kind == "abs" else (kind, first, second)
        lines.append(linear_of(first if kind == "abs" else ("-", first, second)))
        found = (draw(st.sampled_from(["+", "-"])), found, bend)
    if draw(st.booleans()):
        found = ("/", found, ("+", ("figure", draw(st.sampled_from(["a", "b"]))), ("constant", Fraction(40))))
    return found, lines


@given(broken_sums(1), boxes(("a", "b")))
@settings(max_examples=120)
def test_with_one_magnitude_or_extreme_both_ends_are_reached(
    drawn: tuple[Tree, list[tuple[Fraction, Fraction, Fraction]]], box: dict[str, tuple[Fraction, Fraction]]
) -> None:
    found, lines = drawn
    held = range_of(term(found), box)
    values = [value(found, point) for point in vertices(lines, box)]
    assert held == Range(min(values), max(values), tight=True)


@given(st.integers(2, 3).flatmap(broken_sums), boxes(("a", "b")))
@settings(max_examples=150)
def test_with_several_magnitudes_a_range_that_is_tight_is_reached_and_any_other_is_sound(
    drawn: tuple[Tree, list[tuple[Fraction, Fraction, Fraction]]], box: dict[str, tuple[Fraction, Fraction]]
) -> None:
    found, lines = drawn
    held = range_of(term(found), box)
    values = [value(found, point) for point in vertices(lines, box)]
    event("tight" if held.tight else "not proven tight")
    if held.tight:
        assert (held.low, held.high) == (min(values), max(values))
    assert held.low <= min(values)
    assert max(values) <= held.high


def adjusted(projects: int) -> tuple[Any, dict[str, tuple[Fraction, Fraction]]]:
    """The adjustment rate of the framework, where each project was adjusted by less than its last digit."""
    half = Fraction(1, 2)
    approved = [figure(f"approved[{index}]") for index in range(projects)]
    changed = [figure(f"adjusted[{index}]") for index in range(projects)]
    over: Any = exact(0)
    under: Any = exact(0)
    for first, second in zip(changed, approved, strict=True):
        over, under = over + abs(first - second), under + second
    box = {node.args[0]: (100 - half, 100 + half) for node in [*approved, *changed]}
    return over / under, box


@pytest.mark.parametrize("projects", [1, 2, 6])
def test_the_sum_of_small_changes_is_as_tight_as_it_can_be(projects: int) -> None:
    formula, box = adjusted(projects)
    # least: nothing changed; most: each project from the lower end to the upper one
    assert range_of(formula, box) == Range(Fraction(0), Fraction(1) / (100 - Fraction(1, 2)), tight=True)


def test_more_small_changes_than_can_be_split_are_sound_and_said_not_to_be_tight() -> None:
    formula, box = adjusted(9)
    held = range_of(formula, box)
    assert not held.tight
    assert held.low <= 0
    assert held.high >= Fraction(1) / (100 - Fraction(1, 2))


def test_the_largest_of_several_that_share_figures_is_sound() -> None:
    a, b, c = figure("a"), figure("b"), figure("c")
    box = {"a": (Fraction(0), Fraction(2)), "b": (Fraction(1), Fraction(3)), "c": (Fraction(0), Fraction(1))}
    held = range_of(it.maximum(a - b, b - a, c) + a, box)
    values = [max(p["a"] - p["b"], p["b"] - p["a"], p["c"]) + p["a"] for p in corners(box)]
    assert held.low <= 1  # where a is 0, b is 1, c is at most 1: the difference is 1
    assert held.high >= max(values) == 3
    alone = range_of(it.minimum(a, b, c) / (1 + it.maximum(c, 5)), box)
    assert alone.low <= 0
    assert alone.high >= Fraction(1, 6)


def test_what_jumps_is_not_said_to_be_reached_in_between() -> None:
    box = {"a": (Fraction(1, 2), Fraction(3, 2))}
    stepped = it.floor(figure("a"))
    assert range_of(stepped, box) == Range(Fraction(0), Fraction(1))
    around = abs(stepped - exact("1/2"))
    assert range_of(around, box) == Range(Fraction(0), Fraction(1, 2), tight=False)
    assert jumps(around)
    assert not jumps(abs(figure("a")))


def test_a_choice_that_is_open_is_not_said_to_be_tight() -> None:
    box = {"a": (Fraction(0), Fraction(2))}
    chosen = it.where(figure("a") > 1, figure("a"), 0)
    assert range_of(chosen, box) == Range(Fraction(0), Fraction(2), tight=False)
    assert range_of(it.where(figure("a") >= 0, figure("a"), 5), box) == Range(Fraction(0), Fraction(2))


# Divisors


CONTINUOUS = trees((*SMOOTH, "abs", "minimum", "maximum"), leaves=5)


@given(
    st.tuples(st.sampled_from(["+", "*", "minimum"]), CONTINUOUS, st.tuples(st.just("/"), CONTINUOUS, CONTINUOUS)),
    boxes(),
    st.data(),
)
@settings(max_examples=80)
def test_there_is_no_range_where_a_divisor_can_be_zero(
    found: Tree, box: dict[str, tuple[Fraction, Fraction]], data: st.DataObject
) -> None:
    divisors = [node[2] for node in nodes(found) if node[0] == "/"]
    held = attempted(found, box)
    sampled = [*points(box, data.draw, 6), *corners(box)]
    for divisor in divisors:
        signs = set()
        for point in sampled:
            try:
                at = value(divisor, point)
            except ZeroDivisionError:
                signs.add(0)
            else:
                signs.add((at > 0) - (at < 0))
        if 0 in signs or len(signs) > 1:
            event("a divisor can be zero")
            assert held is None
            return
    event("no divisor is seen to be zero")


@pytest.mark.parametrize(
    "formula",
    [
        figure("a") / figure("z"),
        1 / (figure("a") / figure("z")),
        (figure("a") / figure("z")) * figure("z"),
        figure("z") / figure("z"),
        abs(figure("a") / figure("z")),
        it.minimum(figure("a") / figure("z"), 1),
        figure("a") / (figure("z") - figure("z")),
        it.where(figure("z") > -1, figure("a") / figure("z"), 0),
    ],
    ids=str,
)
def test_a_divisor_that_can_be_zero_is_found_wherever_it_is(formula: Any) -> None:
    with pytest.raises(NoRangeError):
        range_of(formula, {"a": (Fraction(1), Fraction(2)), "z": (Fraction(0), Fraction(1))})


def test_a_branch_that_is_never_taken_may_divide_by_zero() -> None:
    box = {"a": (Fraction(1), Fraction(2)), "z": (Fraction(0), Fraction(0))}
    guarded = it.where(figure("z") > 0, abs(figure("a") / figure("z")), 0)
    assert range_of(1 - guarded, box) == Range(Fraction(1), Fraction(1))


def test_a_magnitude_in_a_divisor_keeps_it_from_zero() -> None:
    box = {"a": (Fraction(1), Fraction(2)), "b": (Fraction(-2), Fraction(2))}
    held = range_of(figure("a") / (1 + abs(figure("b")) + 0 * figure("a")), box)
    assert held == Range(Fraction(1, 3), Fraction(2))


def test_what_has_no_value_has_no_range() -> None:
    for formula in (Term("constant", (UNDEFINED,)), it.minimum(figure("a"), UNDEFINED), exact(1)):
        with pytest.raises(NoRangeError):
            range_of(formula, {"a": (Fraction(0), Fraction(1))})


def test_the_smallest_skips_what_it_is_told_to_skip() -> None:
    formula = it.minimum(figure("a"), figure("b"), UNDEFINED, skip=State.UNDEFINED)
    box = {"a": (Fraction(0), Fraction(3)), "b": (Fraction(1), Fraction(2))}
    assert range_of(formula, box) == Range(Fraction(0), Fraction(2))
    with pytest.raises(NoRangeError):
        range_of(Term("minimum", (frozenset((State.UNDEFINED,)), Term("constant", (UNDEFINED,)))), box)


# Conditions


@given(trees(("where",), leaves=9).filter(lambda tree: tree[0] == "where"), boxes(), st.data())
@settings(max_examples=120)
def test_a_condition_that_is_decided_holds_everywhere_or_nowhere(
    found: Tree, box: dict[str, tuple[Fraction, Fraction]], data: st.DataObject
) -> None:
    condition = found[1]
    assume("where" not in {node[0] for node in nodes(condition)})
    said = decided(term(condition), box)
    held = {value(condition, point) for point in points(box, data.draw)}
    event(f"decided: {said}")
    if said is not None:
        assert held == {said}
    point = data.draw(st.sampled_from(list(corners(box))))
    exactly = decided(term(condition), {name: (at, at) for name, at in point.items()})
    assert exactly is value(condition, point)


# Solutions


@st.composite
def equations(draw: st.DrawFn) -> tuple[Tree, Tree, Point, dict[str, tuple[Fraction, Fraction]]]:
    """Two sides that are equal at a point; the sought figure is x, the others lie in a box around the point."""
    sums = trees(("+", "-", "neg"), ("a", "b", "x"), leaves=5)
    over, under = draw(sums), draw(st.one_of(sums, st.just(("constant", Fraction(1)))))
    point = {name: draw(_NUMBERS) for name in ("a", "b", "x")}
    divisor = value(under, point)
    assume(divisor)
    point["s"] = value(over, point) / divisor
    sides = ("figure", "s"), ("/", over, under)
    box = {}
    for name in ("a", "b", "s"):
        box[name] = (point[name] - draw(_WIDTHS), point[name] + draw(_WIDTHS))
    first, second = sides if draw(st.booleans()) else sides[::-1]
    return first, second, point, box


@given(equations())
@settings(max_examples=150)
def test_every_solution_lies_in_the_range_and_both_of_its_ends_solve(
    drawn: tuple[Tree, Tree, Point, dict[str, tuple[Fraction, Fraction]]],
) -> None:
    first, second, point, box = drawn
    try:
        held = solutions(term(first), term(second), "x", box)
    except NoRangeError:
        return
    if held is None:
        event("no range")
        return
    event("a range")
    assert held.low <= point["x"] <= held.high
    for end in (held.low, held.high):
        try:
            gap = range_of(term(first) - term(second), {**box, "x": (end, end)})
        except NoRangeError:
            continue  # at the end a divisor can be zero, for others of the figures
        assert gap.low <= 0 <= gap.high


@given(equations())
@settings(max_examples=150)
def test_a_formula_that_is_solved_for_a_figure_gives_the_figure(
    drawn: tuple[Tree, Tree, Point, dict[str, tuple[Fraction, Fraction]]],
) -> None:
    first, second, point, _ = drawn
    held = solved(term(first), term(second), "x")
    if held is None:
        event("not of degree one")
        return
    assert "x" not in figures_in(held)
    try:
        found = value_at(held, point)
    except (NoRangeError, ZeroDivisionError):
        event("it divides by zero here")
        return
    event("solved")
    assert found == point["x"]


def test_the_budget_of_the_example_is_bounded_by_its_rate() -> None:
    box = {
        "rate": (Fraction("1.13725"), Fraction("1.13735")),
        "spent": (Fraction("897.725"), Fraction("897.735")),
    }
    found = solutions(figure("rate"), figure("spent") / figure("budget"), "budget", box)
    assert found is not None
    assert [str(it.exact(end).decimal(3)) for end in (found.low, found.high)] == ["789.313", "789.391"]
    assert found == Range(box["spent"][0] / box["rate"][1], box["spent"][1] / box["rate"][0])


def test_a_rate_that_can_be_zero_does_not_bound_what_it_is_a_rate_of() -> None:
    box = {"rate": (Fraction("-0.005"), Fraction("0.005")), "spent": (Fraction(4), Fraction(5))}
    # the budget may be anything from 800 up: no two ends say that
    assert solutions(figure("rate"), figure("spent") / figure("budget"), "budget", box) is None


def test_a_figure_that_cancels_out_is_not_bounded() -> None:
    box = {"a": (Fraction(4), Fraction(5))}
    assert solutions(figure("a") + figure("x"), figure("x"), "x", box) is None
    assert solutions(figure("a"), figure("a") * figure("x") * figure("x"), "x", box) is None


def test_a_formula_that_is_no_ratio_of_sums_bounds_nothing() -> None:
    box = {"a": (Fraction(4), Fraction(5))}
    assert solutions(figure("a"), abs(figure("x")), "x", box) is None
