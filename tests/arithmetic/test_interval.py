"""Ranges hold every value that an operation can give, and no more where each figure occurs once."""

from __future__ import annotations

import itertools
import operator
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from indicatree import ExactnessError
from indicatree.arithmetic import (
    MISSING,
    UNDEFINED,
    Interval,
    Quantity,
    State,
    Undecided,
    Unsettled,
    UnsettledError,
    all_of,
    any_of,
    ceil,
    equal,
    exact,
    floor,
    maximum,
    minimum,
    none_of,
    where,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A range for the oracle: its two ends.
Ends = tuple[Fraction, Fraction]
# A formula for the oracle: the position of a variable, a constant, or an operation and its operands.
Tree = Any

# Few enough that edges and ties are often met, and quick to draw.
small = st.sampled_from(
    sorted({Fraction(above, below) for below in (1, 2, 3) for above in range(-4 * below, 4 * below + 1)}, key=abs)
)
ends = st.tuples(small, small).map(lambda pair: (min(pair), max(pair)))
within = st.sampled_from([Fraction(0), Fraction(1), *(Fraction(above, 7) for above in range(1, 7))])
ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv]
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge]


def interval(pair: Ends) -> Interval:
    return Interval(exact(pair[0]), exact(pair[1]))


def point(pair: Ends, share: Fraction) -> Fraction:
    return pair[0] + (pair[1] - pair[0]) * share


def fraction_of(number: Quantity) -> Fraction:
    return Fraction(number.numerator, number.denominator)


def assert_holds(result: Any, value: Fraction) -> None:
    """A range that is given holds the value; where none is given nothing is claimed."""
    assert type(result) is Interval
    if result.is_defined:
        assert fraction_of(result.low) <= value <= fraction_of(result.high)
        assert exact(value) in result


@pytest.mark.parametrize("operation", ARITHMETIC)
@given(first=ends, second=ends, share=within, other_share=within)
def test_arithmetic_holds_the_result_of_every_point(
    operation: Callable[[Any, Any], Any], first: Ends, second: Ends, share: Fraction, other_share: Fraction
) -> None:
    result = operation(interval(first), interval(second))
    if operation is operator.truediv and second[0] <= 0 <= second[1]:
        assert (result.low.state, result.high.state) == (State.UNDEFINED, State.UNDEFINED)
        assert not result.is_defined
        return
    assert result.is_defined
    assert_holds(result, operation(point(first, share), point(second, other_share)))


@pytest.mark.parametrize("operation", ARITHMETIC)
@given(first=ends, second=ends)
def test_arithmetic_is_tight(operation: Callable[[Any, Any], Any], first: Ends, second: Ends) -> None:
    if operation is operator.truediv:
        assume(not second[0] <= 0 <= second[1])
    corners = [operation(a, b) for a in first for b in second]
    result = operation(interval(first), interval(second))
    assert (fraction_of(result.low), fraction_of(result.high)) == (min(corners), max(corners))


@pytest.mark.parametrize("operation", ARITHMETIC)
@given(pair=ends, number=small)
def test_exact_numbers_mix_with_ranges_on_either_side(
    operation: Callable[[Any, Any], Any], pair: Ends, number: Fraction
) -> None:
    own = interval(pair)
    for plain in (number, exact(number), *([int(number)] if number.denominator == 1 else [])):
        assert operation(own, plain) == operation(own, interval((number, number)))
        assert operation(plain, own) == operation(interval((number, number)), own)


@given(pair=ends, share=within)
def test_opposite_magnitude_floor_and_ceil_hold_every_point_and_are_tight(pair: Ends, share: Fraction) -> None:
    own, value = interval(pair), point(pair, share)
    assert -own == interval((-pair[1], -pair[0]))
    least = Fraction(0) if pair[0] <= 0 <= pair[1] else min(map(abs, pair))
    assert abs(own) == interval((least, max(map(abs, pair))))
    assert floor(own) == interval((Fraction(pair[0] // 1), Fraction(pair[1] // 1)))
    assert ceil(own) == interval((-(-pair[0] // 1) * Fraction(1), -(-pair[1] // 1) * Fraction(1)))
    assert_holds(abs(own), abs(value))
    assert_holds(floor(own), Fraction(value // 1))
    assert_holds(ceil(own), Fraction(-(-value // 1)))


@given(pairs=st.lists(ends, min_size=2, max_size=4), shares=st.lists(within, min_size=4, max_size=4))
def test_minimum_and_maximum_hold_every_point_and_are_tight(pairs: list[Ends], shares: list[Fraction]) -> None:
    taken = [interval(pair) for pair in pairs]
    points = [point(pair, share) for pair, share in zip(pairs, shares, strict=False)]
    for function, pick in ((minimum, min), (maximum, max)):
        result = function(*taken)
        assert_holds(result, pick(points))
        assert result == interval((pick(pair[0] for pair in pairs), pick(pair[1] for pair in pairs)))


@pytest.mark.parametrize("operation", COMPARISONS)
@given(first=ends, second=ends)
@example(first=(Fraction(1), Fraction(2)), second=(Fraction(2), Fraction(3)))
@example(first=(Fraction(2), Fraction(2)), second=(Fraction(2), Fraction(2)))
def test_a_comparison_is_settled_just_where_every_point_agrees(
    operation: Callable[[Any, Any], Any], first: Ends, second: Ends
) -> None:
    answers = {operation(a, b) for a in first for b in second}
    result = operation(interval(first), interval(second))
    assert result == Undecided() if len(answers) == 2 else result is answers.pop()


@given(first=ends, second=ends)
@example(first=(Fraction(2), Fraction(2)), second=(Fraction(2), Fraction(2)))
@example(first=(Fraction(1), Fraction(2)), second=(Fraction(2), Fraction(2)))
def test_equal_is_settled_just_where_every_point_agrees(first: Ends, second: Ends) -> None:
    result = equal(interval(first), interval(second))
    if first[1] < second[0] or second[1] < first[0]:
        assert result is False
    elif first == second and first[0] == first[1]:
        assert result is True
    else:
        assert result == Undecided()


# Whole formulas, with every function of the algebra in them.

CONDITIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "equal": equal}
JOINTS = {"all": all_of, "any": any_of, "none": none_of}
UNARY = {"abs": abs, "neg": operator.neg, "pos": operator.pos, "floor": floor, "ceil": ceil}
BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
EXTREMES = {"min": minimum, "max": maximum}
skips = st.sampled_from([(), State.UNDEFINED, State.MISSING, (State.UNDEFINED, State.MISSING)])


def comparison(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.tuples(st.sampled_from(sorted(CONDITIONS)), inner, inner)


def bigger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    condition = comparison(inner) | st.tuples(st.sampled_from(sorted(JOINTS)), comparison(inner), comparison(inner))
    return st.one_of(
        st.tuples(st.sampled_from(sorted(UNARY)), inner),
        st.tuples(st.sampled_from(sorted(BINARY)), inner, inner),
        st.tuples(st.sampled_from(sorted(EXTREMES)), skips, inner, inner),
        st.tuples(st.just("where"), condition, inner, inner),
    )


trees = st.recursive(st.integers(0, 2) | st.integers(-2, 2).map(exact), bigger, max_leaves=10)


def evaluated(tree: Tree, variables: Sequence[Any]) -> Any:
    if isinstance(tree, int):
        return variables[tree]
    if isinstance(tree, Quantity):
        return tree
    name, *operands = tree
    if name in EXTREMES:
        skip, *operands = operands
        return EXTREMES[name](*(evaluated(operand, variables) for operand in operands), skip=skip)
    function: Any = where if name == "where" else (UNARY | BINARY | CONDITIONS | JOINTS)[name]
    return function(*(evaluated(operand, variables) for operand in operands))


@settings(max_examples=250, deadline=None)
@given(tree=trees, pairs=st.tuples(ends, ends, ends), shares=st.lists(within, min_size=12, max_size=12))
@example(
    tree=("min", State.UNDEFINED, ("/", exact(1), 0), exact(3)),
    pairs=((Fraction(-1), Fraction(1)),) * 3,
    shares=[Fraction(1)] * 12,
)
@example(
    tree=("where", ("any", (">", 0, exact(5)), ("<", 1, exact(0))), ("/", 2, 1), ("-", 0, 0)),
    pairs=((Fraction(-1), Fraction(1)), (Fraction(1), Fraction(2)), (Fraction(0), Fraction(1))),
    shares=[Fraction(0), Fraction(1)] * 6,
)
def test_the_range_of_a_formula_holds_its_value_at_every_point(
    tree: Tree, pairs: tuple[Ends, Ends, Ends], shares: list[Fraction]
) -> None:
    result = evaluated(tree, [interval(pair) for pair in pairs])
    if isinstance(result, Interval):
        low, high = result.low, result.high
    else:
        low = high = result
    if not low.is_defined:
        return
    for start in range(0, len(shares), 3):
        at = [exact(point(pair, share)) for pair, share in zip(pairs, shares[start : start + 3], strict=True)]
        value = evaluated(tree, at)
        assert value.is_defined
        assert fraction_of(low) <= fraction_of(value) <= fraction_of(high)


def renumbered(tree: Tree, fresh: itertools.count[int]) -> Tree:
    """The formula with another variable at every place where there is one."""
    if not isinstance(tree, tuple):
        return next(fresh)
    return (tree[0], *(renumbered(operand, fresh) for operand in tree[1:]))


plain_trees = st.recursive(
    st.just(0), lambda inner: st.tuples(st.sampled_from(sorted(BINARY)), inner, inner), max_leaves=4
)


@settings(max_examples=100, deadline=None)
@given(tree=plain_trees, pairs=st.tuples(ends, ends, ends, ends))
def test_the_range_is_tight_where_each_figure_occurs_once(tree: Tree, pairs: tuple[Ends, Ends, Ends, Ends]) -> None:
    tree = renumbered(tree, itertools.count())
    result = evaluated(tree, [interval(pair) for pair in pairs])
    assume(result.is_defined)
    at_corners = [fraction_of(evaluated(tree, [exact(end) for end in corner])) for corner in itertools.product(*pairs)]
    assert (fraction_of(result.low), fraction_of(result.high)) == (min(at_corners), max(at_corners))


@settings(max_examples=100, deadline=None)
@given(tree=trees, values=st.tuples(small, small, small))
def test_a_range_of_one_value_is_that_value(tree: Tree, values: tuple[Fraction, Fraction, Fraction]) -> None:
    result = evaluated(tree, [interval((value, value)) for value in values])
    value = evaluated(tree, [exact(value) for value in values])
    ends_of_result = (result.low, result.high) if isinstance(result, Interval) else (result, result)
    assert ends_of_result[0] == ends_of_result[1]
    if ends_of_result[0].is_defined:
        assert ends_of_result == (value, value)


# States


@pytest.mark.parametrize("operation", [*ARITHMETIC, minimum, maximum])
@pytest.mark.parametrize("first", [State.UNDEFINED, State.MISSING, State.DEFINED])
@pytest.mark.parametrize("second", [State.UNDEFINED, State.MISSING, State.DEFINED])
def test_missing_wins_over_undefined_in_ranges(
    operation: Callable[[Any, Any], Any], first: State, second: State
) -> None:
    def range_of(state: State) -> Interval:
        return Interval.nowhere(state) if state else interval((Fraction(1), Fraction(2)))

    result = operation(range_of(first), range_of(second))
    assert (result.low.state, result.high.state) == (max(first, second),) * 2


@pytest.mark.parametrize("state", [State.UNDEFINED, State.MISSING])
def test_a_range_that_is_not_given_settles_nothing(state: State) -> None:
    nowhere, some = Interval.nowhere(state), interval((Fraction(1), Fraction(2)))
    assert not nowhere.is_defined
    assert 1 not in nowhere
    assert not nowhere.meets(some)
    assert not some.meets(nowhere)
    for first, second in ((nowhere, some), (some, nowhere)):
        for condition in (first < second, first <= second, first > second, first >= second, equal(first, second)):
            assert isinstance(condition, Unsettled)
            assert condition.state == state
            chosen = where(condition, some, 0)
            assert chosen.state is state
    for result in (-nowhere, abs(nowhere), floor(nowhere), ceil(nowhere)):
        assert result == nowhere


@pytest.mark.parametrize(("low", "high"), [(MISSING, 1), (1, MISSING), (UNDEFINED, 1), (1, UNDEFINED)])
def test_a_range_that_lacks_an_end_is_refused_or_not_defined(low: Any, high: Any) -> None:
    try:
        result = Interval(low, high)
    except ExactnessError:
        return
    assert not result.is_defined
    assert not (result + 1).is_defined
    assert isinstance(result < 5, Unsettled)


def test_a_missing_figure_may_be_skipped_in_a_range() -> None:
    missing, some = Interval.nowhere(State.MISSING), interval((Fraction(1), Fraction(2)))
    assert minimum(missing, some, skip=State.MISSING) == some
    assert maximum(missing, 5, skip=State.MISSING) == interval((Fraction(5), Fraction(5)))
    assert maximum(missing, missing, skip=State.MISSING) == missing


def test_the_ends_of_a_range_are_in_order() -> None:
    with pytest.raises(ExactnessError, match="low <= high"):
        Interval(2, 1)
    assert Interval(1, 1).is_defined


# Conditions on ranges


@given(then=ends, otherwise=ends)
def test_an_undecided_choice_can_be_either_branch(then: Ends, otherwise: Ends) -> None:
    result = where(Undecided(), interval(then), interval(otherwise))
    assert result == interval((min(then[0], otherwise[0]), max(then[1], otherwise[1])))


@pytest.mark.parametrize("state", [State.UNDEFINED, State.MISSING])
def test_an_undecided_choice_has_no_range_where_a_branch_has_none(state: State) -> None:
    for then, otherwise in ((Interval.nowhere(state), 1), (1, Interval.nowhere(state))):
        assert where(Undecided(), then, otherwise) == Interval.nowhere(state)
    assert where(Interval(1, 2) > 0, 5, Interval.nowhere(state)) == exact(5)


def test_undecided_conditions_join_as_unknowns_do() -> None:
    unknown = Undecided()
    unsettled = exact(1) > MISSING
    for other, both, either in (
        (True, unknown, True),
        (False, False, unknown),
        (unknown, unknown, unknown),
        (unsettled, unsettled, unsettled),
    ):
        assert all_of(unknown, other) == all_of(other, unknown) == both
        assert any_of(unknown, other) == any_of(other, unknown) == either
    assert none_of(unknown) == unknown
    assert none_of(unknown, exact(1) > 0) is False


def test_an_undecided_condition_refuses_to_decide_and_does_not_call_its_value_undefined() -> None:
    with pytest.raises(UnsettledError) as caught:
        bool(Interval(1, 3) > 2)
    assert "undefined" not in str(caught.value)


# What comes in


@given(scaled=st.integers(-(10**6), 10**6), places=st.integers(0, 12), percent=st.sampled_from(["", "%"]))
def test_a_printed_figure_stands_for_half_its_last_digit_to_either_side(scaled: int, places: int, percent: str) -> None:
    digits = f"{abs(scaled):0{places + 1}}"
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    printed = f"{'-' if scaled < 0 else ''}{whole}{'.' + part if places else ''}{percent}"
    unit = Fraction(1, 10**places) / (100 if percent else 1)
    expected = interval(((scaled - Fraction(1, 2)) * unit, (scaled + Fraction(1, 2)) * unit))
    assert Interval.of_printed(printed) == expected
    assert Interval.of_printed(f" {printed} ") == expected


@given(scaled=st.integers(-(10**6), 10**6), exponent=st.integers(-12, 6))
@example(scaled=1, exponent=-7)
@example(scaled=15, exponent=2)
def test_a_printed_decimal_stands_for_half_its_last_digit_however_it_is_written(scaled: int, exponent: int) -> None:
    unit = Fraction(10) ** exponent
    expected = interval(((scaled - Fraction(1, 2)) * unit, (scaled + Fraction(1, 2)) * unit))
    assert Interval.of_printed(Decimal(scaled).scaleb(exponent)) == expected
    assert Interval.of_printed(f"{scaled}e{exponent}") == expected


def test_a_printed_number_in_scientific_notation_counts_its_last_digit() -> None:
    assert Interval.of_printed("1.5e3") == Interval(1450, 1550)
    assert Interval.of_printed(12) == Interval("11.5", "12.5")


@pytest.mark.parametrize("printed", ["", "abc", "1/3", "nan", "１", "%", Decimal("NaN"), True])
def test_what_is_no_printed_decimal_is_refused(printed: Any) -> None:
    with pytest.raises(ExactnessError):
        Interval.of_printed(printed)


@pytest.mark.parametrize("number", [0.5, True, "1", None])
def test_what_is_no_exact_number_is_refused_beside_a_range(number: Any) -> None:
    for operation in (*ARITHMETIC, *COMPARISONS):
        with pytest.raises((TypeError, ExactnessError)):
            operation(Interval(1, 2), number)
        with pytest.raises((TypeError, ExactnessError)):
            operation(number, Interval(1, 2))


@given(first=ends, second=ends, number=small)
def test_ranges_meet_and_hold_as_sets_of_numbers_do(first: Ends, second: Ends, number: Fraction) -> None:
    assert (exact(number) in interval(first)) is (first[0] <= number <= first[1])
    assert interval(first).meets(interval(second)) is (max(first[0], second[0]) <= min(first[1], second[1]))
    assert MISSING not in interval(first)


def test_a_range_is_immutable_hashable_and_survives_pickle() -> None:
    own = Interval("1/3", 2)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        own.low = exact(0)  # type: ignore[misc]
    assert {own, Interval(exact("2/6"), 2)} == {own}
    assert pickle.loads(pickle.dumps(own)) == own  # noqa: S301 - our own bytes
