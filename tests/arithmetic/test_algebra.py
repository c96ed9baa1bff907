"""The functions of the algebra on single quantities, states included."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indicatree import ExactnessError
from indicatree.arithmetic import (
    MISSING,
    UNDEFINED,
    Quantity,
    State,
    Unsettled,
    all_of,
    any_of,
    ceil,
    count,
    equal,
    exact,
    floor,
    maximum,
    minimum,
    none_of,
    piecewise,
    total,
    where,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What a value and a condition are to the oracle: a fraction or a bool, or why there is none.
Value = Fraction | State
Settled = bool | State

# Few enough that ties are often met, and quick to draw.
NUMBERS = sorted({Fraction(above, below) for below in (1, 2, 3) for above in range(-9, 10)}, key=abs)
values: st.SearchStrategy[Value] = st.sampled_from(NUMBERS) | st.sampled_from([State.UNDEFINED, State.MISSING])
defined = st.sampled_from(NUMBERS)
conditions: st.SearchStrategy[Settled] = st.sampled_from([True, True, False, False, State.UNDEFINED, State.MISSING])
skips = st.sets(st.sampled_from([State.UNDEFINED, State.MISSING])).map(frozenset)


def quantity(value: Value) -> Quantity:
    if isinstance(value, State):
        return MISSING if value is State.MISSING else UNDEFINED
    return Quantity(value.numerator, value.denominator)


def condition(settled: Settled) -> Any:
    return settled if isinstance(settled, bool) else Unsettled(settled)


def assert_is(result: Any, expected: Value) -> None:
    assert type(result) is Quantity
    if isinstance(expected, State):
        assert result.state is expected
    else:
        assert result.is_defined
        assert Fraction(result.numerator, result.denominator) == expected


def assert_settled(result: Any, expected: Settled) -> None:
    if isinstance(expected, bool):
        assert result is expected
    else:
        assert isinstance(result, Unsettled)
        assert result.state == expected


# where and piecewise


@given(settled=conditions, then=values, otherwise=values)
def test_where_takes_the_branch_and_the_state_of_its_condition(settled: Settled, then: Value, otherwise: Value) -> None:
    expected = settled if isinstance(settled, State) else then if settled else otherwise
    assert_is(where(condition(settled), quantity(then), quantity(otherwise)), expected)


@given(settled=conditions, number=st.integers(-5, 5))
def test_where_takes_plain_numbers(settled: Settled, number: int) -> None:
    for then in (number, Decimal(number), Fraction(number)):
        result = where(condition(settled), then, 7)
        assert_is(result, settled if isinstance(settled, State) else Fraction(number if settled else 7))


def test_the_state_of_the_branch_not_taken_does_not_matter() -> None:
    for lost in (MISSING, UNDEFINED, exact(1) / 0):
        assert_is(where(exact(1) > 0, 5, lost), Fraction(5))
        assert_is(where(exact(1) < 0, lost, 5), Fraction(5))


def first_case(cases: list[tuple[Settled, Value]], otherwise: Value) -> Value:
    for settled, value in cases:
        if isinstance(settled, State):
            return settled
        if settled:
            return value
    return otherwise


@given(cases=st.lists(st.tuples(conditions, values), max_size=5), otherwise=values)
@example(cases=[(False, Fraction(1)), (State.MISSING, Fraction(2)), (True, Fraction(3))], otherwise=Fraction(0))
@example(cases=[(True, Fraction(1)), (State.MISSING, Fraction(2))], otherwise=State.MISSING)
@example(cases=[(State.UNDEFINED, Fraction(1)), (State.MISSING, Fraction(2))], otherwise=Fraction(0))
def test_piecewise_is_the_first_case_that_holds(cases: list[tuple[Settled, Value]], otherwise: Value) -> None:
    given_cases = [(condition(settled), quantity(value)) for settled, value in cases]
    assert_is(piecewise(given_cases, quantity(otherwise)), first_case(cases, otherwise))
    assert_is(piecewise(iter(given_cases), otherwise=quantity(otherwise)), first_case(cases, otherwise))


@given(cases=st.lists(st.tuples(conditions, values), max_size=5), otherwise=values)
def test_piecewise_is_nested_where(cases: list[tuple[Settled, Value]], otherwise: Value) -> None:
    nested: Any = quantity(otherwise)
    for settled, value in reversed(cases):
        nested = where(condition(settled), quantity(value), nested)
    assert_is(nested, first_case(cases, otherwise))


def test_piecewise_looks_at_no_case_after_the_first_that_holds() -> None:
    def cases() -> Iterator[tuple[Any, Any]]:
        yield exact(1) > 2, 1
        yield exact(1) < 2, 2
        message = "a case was looked at for nothing"
        raise AssertionError(message)

    assert_is(piecewise(cases(), otherwise=3), Fraction(2))


# minimum and maximum


def extreme(operands: list[Value], skip: frozenset[State], pick: Callable[[list[Fraction]], Fraction]) -> Value:
    kept = [value for value in operands if not (isinstance(value, State) and value in skip)]
    states = [value for value in (kept or operands) if isinstance(value, State)]
    return max(states) if states else pick([value for value in kept if isinstance(value, Fraction)])


@given(operands=st.lists(values, min_size=2, max_size=5), skip=skips)
@example(operands=[State.MISSING, State.UNDEFINED], skip=frozenset(State))
@example(operands=[State.MISSING, State.UNDEFINED, Fraction(1)], skip=frozenset([State.MISSING]))
@example(operands=[State.MISSING, Fraction(1)], skip=frozenset([State.UNDEFINED]))
def test_minimum_and_maximum_are_those_of_the_operands_that_are_not_skipped(
    operands: list[Value], skip: frozenset[State]
) -> None:
    taken = [quantity(value) for value in operands]
    for function, pick in ((minimum, min), (maximum, max)):
        assert_is(function(*taken, skip=tuple(skip)), extreme(operands, skip, pick))
        if len(skip) == 1:
            assert_is(function(*taken, skip=next(iter(skip))), extreme(operands, skip, pick))
        if not skip:
            assert_is(function(*taken), extreme(operands, skip, pick))


@given(first=values, number=st.integers(-3, 3), second=st.none() | values)
def test_minimum_and_maximum_take_plain_numbers(first: Value, number: int, second: Value | None) -> None:
    more = [] if second is None else [second]
    for function, pick in ((minimum, min), (maximum, max)):
        expected = extreme([first, Fraction(number), *more], frozenset(), pick)
        for plain in (number, Decimal(number), Fraction(number)):
            assert_is(function(quantity(first), plain, *map(quantity, more)), expected)
            assert_is(function(plain, quantity(first), *map(quantity, more)), expected)


@given(first=st.integers(), second=st.integers())
def test_minimum_of_plain_numbers_is_a_quantity(first: int, second: int) -> None:
    assert_is(minimum(first, second), Fraction(min(first, second)))
    assert_is(maximum(first, second), Fraction(max(first, second)))


# conditions


def joined(settled: list[Settled], answer: Callable[[list[bool]], bool]) -> Settled:
    states = [value for value in settled if isinstance(value, State)]
    return max(states) if states else answer([value for value in settled if isinstance(value, bool)])


@given(settled=st.lists(conditions, max_size=4))
@example(settled=[])
@example(settled=[False, State.MISSING])
@example(settled=[True, State.UNDEFINED])
@example(settled=[State.UNDEFINED, State.MISSING])
def test_all_any_and_none_are_pythons_and_unsettled_where_one_condition_is(settled: list[Settled]) -> None:
    taken = [condition(value) for value in settled]
    assert_settled(all_of(*taken), joined(settled, all))
    assert_settled(any_of(*taken), joined(settled, any))
    assert_settled(none_of(*taken), joined(settled, lambda answers: not any(answers)))


@given(first=conditions, second=conditions)
def test_the_operators_on_conditions_are_all_of_and_any_of(first: Settled, second: Settled) -> None:
    assert_settled(condition(first) & condition(second), joined([first, second], all))
    assert_settled(condition(first) | condition(second), joined([first, second], any))


@given(first=values, second=values)
def test_equal_compares_values_and_is_unsettled_where_one_is_lacking(first: Value, second: Value) -> None:
    states = [value for value in (first, second) if isinstance(value, State)]
    assert_settled(equal(quantity(first), quantity(second)), max(states) if states else first == second)


@given(first=defined, number=st.integers(-3, 3))
def test_equal_takes_plain_numbers_on_either_side(first: Fraction, number: int) -> None:
    for plain in (number, Decimal(number), Fraction(number)):
        assert_settled(equal(quantity(first), plain), first == number)
        assert_settled(equal(plain, quantity(first)), first == number)
        assert_settled(equal(plain, number + 1), expected=False)


def test_equal_compares_a_choice_with_an_option_and_a_choice_not_given_is_missing() -> None:
    assert_settled(equal("road", "road"), expected=True)
    assert_settled(equal("road", "school"), expected=False)
    assert_settled(equal(None, "road"), State.MISSING)
    assert_settled(equal("road", None), State.MISSING)


# floor and ceil


@given(value=values)
def test_floor_and_ceil_are_those_of_fractions_and_pass_the_state_on(value: Value) -> None:
    lacking = isinstance(value, State)
    assert_is(floor(quantity(value)), value if lacking else Fraction(math.floor(value)))
    assert_is(ceil(quantity(value)), value if lacking else Fraction(math.ceil(value)))


def test_floor_and_ceil_take_plain_numbers() -> None:
    assert_is(floor(Decimal("-0.5")), Fraction(-1))
    assert_is(ceil(Fraction(-1, 2)), Fraction(0))
    assert_is(ceil(3), Fraction(3))


# what is refused


@pytest.mark.parametrize(
    "use",
    [
        lambda number: where(condition=True, then=number, otherwise=0),
        lambda number: where(condition=False, then=0, otherwise=number),
        lambda number: where(exact(1) > 0, number, 0),
        lambda number: piecewise([(exact(1) > 0, number)], 0),
        lambda number: piecewise([], number),
        lambda number: minimum(exact(1), number),
        lambda number: maximum(number, exact(1)),
        lambda number: maximum(number, 1),
        lambda number: maximum(number, number),
        lambda number: maximum(exact(1), number, 2),
        lambda number: minimum(1, 2, number),
        lambda number: minimum(exact(1), number, skip=State.MISSING),
        lambda number: equal(exact(1), number),
        lambda number: equal(number, exact(1)),
        lambda number: equal(1, number),
        floor,
        ceil,
    ],
)
@pytest.mark.parametrize("number", [0.5, True])
def test_a_float_or_bool_is_refused_wherever_a_number_goes(use: Callable[[Any], Any], number: Any) -> None:
    with pytest.raises((TypeError, ExactnessError)):
        use(number)


@pytest.mark.parametrize("function", [minimum, maximum])
def test_an_extreme_that_is_asked_wrongly_is_refused_in_words(function: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="at least one operand"):
        function()
    with pytest.raises(TypeError, match="line items"):
        function(exact(1), 2, where=exact(1) > 0)


@pytest.mark.parametrize(
    "use",
    [
        lambda: minimum(exact(1)),
        lambda: maximum(exact(1), where=exact(1) > 0),
        lambda: total(exact(1)),
        lambda: count(exact(1)),
        lambda: total(5),
    ],
)
def test_a_reduction_of_one_value_is_refused_in_words(use: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match="line items"):
        use()


@pytest.mark.parametrize("wrong", [1, exact(1), None, "yes"])
def test_what_is_no_condition_is_refused_in_words(wrong: Any) -> None:
    with pytest.raises(TypeError, match="condition"):
        where(wrong, 1, 0)
    with pytest.raises(TypeError, match="condition"):
        piecewise([(wrong, 1)], 0)
