"""Quantities against `fractions.Fraction`, with the states that a Fraction does not have."""

from __future__ import annotations

import copy
import math
import operator
import pickle
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indicatree import ExactnessError
from indicatree.arithmetic import MISSING, UNDEFINED, Quantity, Rounding, State, Unsettled, UnsettledError, exact

if TYPE_CHECKING:
    from collections.abc import Callable

# What a value is to the oracle: a fraction, or why there is none.
Value = Fraction | State

fractions = st.fractions(max_denominator=10**6) | st.fractions(-3, 3, max_denominator=4)
values: st.SearchStrategy[Value] = fractions | st.sampled_from([State.UNDEFINED, State.MISSING])
scales = st.integers(-5, 5).filter(bool)
ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv]
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge]


def quantity(value: Value, scale: int = 1) -> Quantity:
    """A quantity of this value; the scale keeps it out of lowest terms, and gives the parts any sign."""
    if isinstance(value, State):
        return MISSING if value is State.MISSING else UNDEFINED
    return Quantity(value.numerator * scale, value.denominator * scale)


def pickled(thing: Any, protocol: int = pickle.DEFAULT_PROTOCOL) -> Any:
    return pickle.loads(pickle.dumps(thing, protocol))  # noqa: S301 - our own bytes


def combined(operation: Callable[[Any, Any], Any], first: Value, second: Value) -> Value:
    if isinstance(first, State) or isinstance(second, State):
        return max(value for value in (first, second) if isinstance(value, State))
    if operation is operator.truediv and second == 0:
        return State.UNDEFINED
    result = operation(first, second)
    assert isinstance(result, Fraction)
    return result


def assert_is(result: Any, expected: Value) -> None:
    assert type(result) is Quantity
    assert type(result.numerator) is int
    assert type(result.denominator) is int
    assert result.denominator > 0
    if isinstance(expected, State):
        assert result.state is expected
        assert not result.is_defined
    else:
        assert result.state is State.DEFINED
        assert Fraction(result.numerator, result.denominator) == expected


@pytest.mark.parametrize("operation", ARITHMETIC)
@given(first=values, second=values, scale=scales, other_scale=scales)
def test_arithmetic_is_that_of_fractions_and_passes_the_state_on(
    operation: Callable[[Any, Any], Any], first: Value, second: Value, scale: int, other_scale: int
) -> None:
    result = operation(quantity(first, scale), quantity(second, other_scale))
    assert_is(result, combined(operation, first, second))


@given(value=values, scale=scales)
def test_opposite_and_magnitude_are_those_of_fractions(value: Value, scale: int) -> None:
    number = quantity(value, scale)
    assert_is(-number, value if isinstance(value, State) else -value)
    assert_is(abs(number), value if isinstance(value, State) else abs(value))
    assert_is(+number, value)


Tree = Any


@settings(deadline=None)
@given(
    tree=st.recursive(
        values | st.just(Fraction(0)),
        lambda inner: st.tuples(st.sampled_from(ARITHMETIC), inner, inner),
        max_leaves=12,
    )
)
def test_a_formula_is_that_of_fractions_and_passes_the_state_on(tree: Tree) -> None:
    def both(node: Tree) -> tuple[Quantity, Value]:
        if not isinstance(node, tuple):
            return quantity(node), node
        operation, first, second = node
        (own_first, first_value), (own_second, second_value) = both(first), both(second)
        return operation(own_first, own_second), combined(operation, first_value, second_value)

    assert_is(*both(tree))


def test_a_half_over_an_undefined_is_undefined_and_not_zero() -> None:
    assert_is(exact("1/2") / (exact(3) / 0), State.UNDEFINED)
    assert_is(exact(0) * (exact(3) / 0), State.UNDEFINED)
    assert_is(exact(0) / exact(0), State.UNDEFINED)


@pytest.mark.parametrize("operation", ARITHMETIC)
def test_missing_wins_over_undefined(operation: Callable[[Any, Any], Any]) -> None:
    assert_is(operation(MISSING, UNDEFINED), State.MISSING)
    assert_is(operation(UNDEFINED, MISSING), State.MISSING)
    assert_is(operation(MISSING, exact(0)), State.MISSING)
    assert_is(operation(exact(1) / 0, MISSING), State.MISSING)


@pytest.mark.parametrize("operation", ARITHMETIC + COMPARISONS)
@given(
    value=fractions,
    other=st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3) | fractions,
)
def test_integers_decimals_and_fractions_mix_with_quantities(
    operation: Callable[[Any, Any], Any], value: Fraction, other: int | Decimal | Fraction
) -> None:
    theirs = Fraction(other)
    for result, expected in (
        (operation(quantity(value), other), (value, theirs)),
        (operation(other, quantity(value)), (theirs, value)),
    ):
        if operation in COMPARISONS:
            assert result is operation(*expected)
        else:
            assert_is(result, combined(operation, *expected))


@pytest.mark.parametrize("operation", ARITHMETIC + COMPARISONS)
@pytest.mark.parametrize("other", [0.5, float("nan"), True, False, "1", None, 1j])
def test_what_is_no_exact_number_is_refused_on_either_side(operation: Callable[[Any, Any], Any], other: Any) -> None:
    for number in (exact(3), UNDEFINED, MISSING):
        with pytest.raises(TypeError):
            operation(number, other)
        with pytest.raises(TypeError):
            operation(other, number)


def test_a_refused_float_is_told_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"Decimal\('0\.1'\)"):
        exact(1) + 0.1
    with pytest.raises(TypeError, match=r"Decimal\('0\.1'\)"):
        exact(1).equals(0.1)


@pytest.mark.parametrize("operation", COMPARISONS)
@given(first=values, second=values, scale=scales, other_scale=scales)
def test_comparisons_are_those_of_fractions_or_unsettled(
    operation: Callable[[Any, Any], Any], first: Value, second: Value, scale: int, other_scale: int
) -> None:
    result = operation(quantity(first, scale), quantity(second, other_scale))
    assert_condition(result, operation, first, second)


@given(first=values, second=values, scale=scales, other_scale=scales)
@example(first=Fraction(1, 2), second=Fraction(1, 2), scale=3, other_scale=-5)
def test_equals_is_that_of_fractions_or_unsettled(first: Value, second: Value, scale: int, other_scale: int) -> None:
    result = quantity(first, scale).equals(quantity(second, other_scale))
    assert_condition(result, operator.eq, first, second)


def assert_condition(result: Any, operation: Callable[[Any, Any], Any], first: Value, second: Value) -> None:
    states = [value for value in (first, second) if isinstance(value, State)]
    if states:
        assert isinstance(result, Unsettled)
        assert result.state == max(states)
    else:
        assert result is operation(first, second)


@given(value=values, other=values, scale=scales, other_scale=scales)
@example(value=State.MISSING, other=State.MISSING, scale=1, other_scale=1)
@example(value=Fraction(0), other=State.UNDEFINED, scale=1, other_scale=1)
@example(value=Fraction(2), other=Fraction(2), scale=3, other_scale=-1)
def test_python_equality_is_that_of_value_and_state(value: Value, other: Value, scale: int, other_scale: int) -> None:
    first, second = quantity(value, scale), quantity(other, other_scale)
    same = type(value) is type(other) and value == other
    assert (first == second) is same
    assert (first != second) is not same
    if same:
        assert hash(first) == hash(second)


@given(number=st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=4) | fractions, scale=scales)
def test_a_quantity_equals_the_number_that_it_is_and_hashes_alike(number: int | Decimal | Fraction, scale: int) -> None:
    own = quantity(Fraction(number), scale)
    assert own == number
    assert number == own
    assert hash(own) == hash(number)
    assert own + 1 != number
    assert {own, exact(number), number} == {number}


@pytest.mark.parametrize("other", [Decimal("NaN"), Decimal("Infinity"), float("nan"), "0", None, False, (), 0.0])
def test_equality_with_what_is_no_number_is_false(other: object) -> None:
    for number in (exact(0), UNDEFINED, MISSING):
        assert (number == other) is False
        assert (other == number) is False


@pytest.mark.parametrize("number", [exact(0), exact(1), UNDEFINED, MISSING])
def test_a_quantity_is_neither_true_nor_false_nor_a_float(number: Quantity) -> None:
    leaves: list[Callable[[Any], Any]] = [bool, float, int, round, math.floor, math.trunc, operator.not_, range]
    for leave in leaves:
        with pytest.raises(TypeError):
            leave(number)


@pytest.mark.parametrize("name", ["numerator", "denominator", "state", "is_defined", "text", "fraction", "other"])
def test_a_quantity_is_immutable(name: str) -> None:
    number = exact("1/3")
    with pytest.raises(AttributeError):
        setattr(number, name, 5)
    with pytest.raises(AttributeError):
        delattr(number, name)
    assert_is(number, Fraction(1, 3))


@given(value=values, scale=scales, protocol=st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_a_quantity_survives_pickle_and_copy(value: Value, scale: int, protocol: int) -> None:
    number = quantity(value, scale)
    for again in (pickled(number, protocol), copy.copy(number), copy.deepcopy(number)):
        assert_is(again, value)
        assert again == number
        assert hash(again) == hash(number)


@pytest.mark.parametrize(
    "parts", [(0.5, 1), (1, 0.5), ("1", 1), (Fraction(1, 2), 1), (Decimal(1), 1), (True, 1), (1, True)]
)
def test_the_parts_of_a_quantity_are_integers(parts: tuple[Any, Any]) -> None:
    with pytest.raises(TypeError):
        Quantity(*parts)


def test_a_quantity_over_zero_is_undefined() -> None:
    assert_is(Quantity(3, 0), State.UNDEFINED)
    assert Quantity(3, 0) == UNDEFINED


@given(value=values, scale=scales)
def test_floored_and_ceiled_are_those_of_fractions(value: Value, scale: int) -> None:
    number = quantity(value, scale)
    assert_is(number.floored(), value if isinstance(value, State) else Fraction(math.floor(value)))
    assert_is(number.ceiled(), value if isinstance(value, State) else Fraction(math.ceil(value)))


@given(value=values)
def test_the_fraction_of_a_quantity_is_its_value_or_an_error(value: Value) -> None:
    if isinstance(value, State):
        with pytest.raises(UnsettledError) as caught:
            _ = quantity(value).fraction
        assert caught.value.state is value
    else:
        assert quantity(value).fraction == value


# Unsettled conditions.


@pytest.mark.parametrize("state", [State.UNDEFINED, State.MISSING])
def test_an_unsettled_condition_refuses_to_decide_and_says_why(state: State) -> None:
    condition = Unsettled(state)
    for decide in (bool, operator.not_, lambda value: value and 1, lambda value: 1 if value else 0):
        with pytest.raises(UnsettledError, match=state.name.lower()) as caught:
            decide(condition)
        assert caught.value.state is state
        again = pickled(caught.value)
        assert (again.state, again.problems) == (state, caught.value.problems)
    assert state.name in repr(condition)


def test_unsettled_conditions_are_equal_when_they_mean_the_same() -> None:
    assert (exact(1) < MISSING) == (exact(2) > MISSING)
    assert (exact(1) < MISSING) != (exact(1) < UNDEFINED)
    assert pickled(Unsettled(State.MISSING)) == Unsettled(State.MISSING)


# Rounded, and in text.


def rounded(value: Fraction, rounding: Rounding) -> int:
    magnitude = abs(value)
    below = magnitude.numerator // magnitude.denominator
    rest = magnitude - below
    up = {
        Rounding.DOWN: False,
        Rounding.UP: rest > 0,
        Rounding.HALF_UP: rest >= Fraction(1, 2),
        Rounding.HALF_EVEN: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1),
    }[rounding]
    return int(math.copysign(1, value)) * (below + up)


PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
printable = st.fractions(-(10**9), 10**9, max_denominator=1000) | st.builds(
    Fraction, st.integers(-(10**6), 10**6), st.sampled_from([1, 2, 8, 10, 1000, 10**9])
)


@given(value=printable, places=st.integers(0, 9), rounding=st.sampled_from(Rounding))
@example(value=Fraction(-5, 1000), places=2, rounding=Rounding.HALF_UP)
@example(value=Fraction(1, 1000), places=2, rounding=Rounding.UP)
@example(value=Fraction(-1, 1000), places=2, rounding=Rounding.DOWN)
def test_the_decimal_is_the_value_rounded_to_just_that_many_places(
    value: Fraction, places: int, rounding: Rounding
) -> None:
    number = quantity(value)
    expected = rounded(value * 10**places, rounding)
    shown = number.decimal(places, rounding)
    assert Fraction(shown) == Fraction(expected, 10**places)
    assert shown.as_tuple().exponent == -places
    assert number.scaled(places, rounding) == number.in_units(10**places, rounding) == expected
    assert_is(number.rounded(places, rounding), Fraction(expected, 10**places))


@given(value=printable, places=st.integers(0, 9), rounding=st.sampled_from(Rounding))
@example(value=Fraction(0), places=8, rounding=Rounding.HALF_UP)
def test_the_percentage_is_printed_in_plain_digits(value: Fraction, places: int, rounding: Rounding) -> None:
    printed = quantity(value).percent(places, rounding)
    digits = printed.removesuffix("%")
    assert PLAIN.fullmatch(digits)
    assert Fraction(digits) == Fraction(rounded(value * 100 * 10**places, rounding), 10**places)
    assert len(digits.partition(".")[2]) == places
    assert not digits.startswith("-") or Fraction(digits) < 0


@given(value=printable, places=st.integers(-6, -1), rounding=st.sampled_from(Rounding))
@example(value=Fraction(1250), places=-2, rounding=Rounding.HALF_UP)
def test_places_below_zero_are_refused_or_right_and_never_silently_wrong(
    value: Fraction, places: int, rounding: Rounding
) -> None:
    def right(result: Callable[[], Quantity | Decimal]) -> bool:
        try:
            got = result()
        except ValueError:
            return True
        unit = int(10**-places)
        return exact(got).fraction == rounded(value / unit, rounding) * unit

    number = quantity(value)
    assert right(lambda: number.decimal(places, rounding))
    assert right(lambda: number.rounded(places, rounding))
    for state in (MISSING, UNDEFINED):
        with pytest.raises(ValueError, match=r"."):
            state.decimal(places, rounding)


@pytest.mark.parametrize("number", [UNDEFINED, MISSING])
def test_what_has_no_value_is_not_printed_as_one(number: Quantity) -> None:
    for show in (lambda: number.decimal(2), number.percent, lambda: number.scaled(2), lambda: number.fraction):
        with pytest.raises(UnsettledError):
            show()
    assert number.rounded(2) == number
    assert number.text == str(number) == f"{number}" == number.state.name.lower()


@given(value=printable, scale=scales)
@example(value=Fraction(1, 10**7), scale=1)
@example(value=Fraction(-1, 10**12), scale=2)
@example(value=Fraction(10**30), scale=1)
def test_the_text_is_plain_exact_and_taken_back(value: Fraction, scale: int) -> None:
    number = quantity(value, scale)
    twos_and_fives = value.denominator
    for prime in (2, 5):
        while twos_and_fives % prime == 0:
            twos_and_fives //= prime
    if twos_and_fives == 1:
        assert PLAIN.fullmatch(number.text)
    else:
        assert number.text == f"{value.numerator}/{value.denominator}"
    assert Fraction(number.text) == value
    assert exact(number.text) == number
    assert repr(number) == f"Quantity({number.text})"


@pytest.mark.parametrize(
    "taken", ["1e400", "1e-400", "9" * 400, f"0.{'3' * 398}", f"{'7' * 199}/{'9' * 200}", "99e398%", 10**400 - 1]
)
def test_the_text_of_the_largest_numbers_is_taken_back(taken: str | int) -> None:
    try:
        number = exact(taken)
    except ExactnessError:
        return
    assert exact(number.text) == number


# exact(): what comes in.


@given(
    sign=st.sampled_from(["", "+", "-"]),
    whole=st.text("0123456789", max_size=12),
    part=st.none() | st.text("0123456789", max_size=12),
    exponent=st.none() | st.integers(-30, 30),
    percent=st.sampled_from(["", "%"]),
    space=st.sampled_from(["", " ", "\t", "\n"]),
)
def test_a_decimal_in_text_is_taken_exactly(
    sign: str, whole: str, part: str | None, exponent: int | None, percent: str, space: str
) -> None:
    text = f"{sign}{whole}{'' if part is None else '.' + part}{'' if exponent is None else f'e{exponent}'}"
    text = f"{space}{text}{percent}{space}"
    if not whole and not part:
        with pytest.raises(ExactnessError):
            exact(text)
        return
    value = Fraction(int((whole + (part or "")) or "0"), 10 ** len(part or ""))
    value *= Fraction(10) ** (exponent or 0) / (100 if percent else 1) * (-1 if sign == "-" else 1)
    assert_is(exact(text), value)


@given(value=fractions)
def test_a_fraction_in_text_is_taken_exactly(value: Fraction) -> None:
    assert_is(exact(f"{value.numerator}/{value.denominator}"), value)
    assert_is(exact(f" {value.numerator * 6}/{value.denominator * 6} "), value)


@given(number=st.decimals(allow_nan=False, allow_infinity=False))
@example(number=Decimal("-0"))
@example(number=Decimal("1e400"))
def test_a_decimal_is_taken_exactly_or_refused(number: Decimal) -> None:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if abs(exponent) > 1000:
        with pytest.raises(ExactnessError):
            exact(number)
        return
    try:
        taken = exact(number)
    except ExactnessError:
        assert abs(exponent) > 300
    else:
        assert_is(taken, Fraction(number))


@given(number=st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
@example(number=0.1)
@example(number=-0.0)
def test_a_float_is_taken_at_its_shortest_decimal(number: float) -> None:
    assert_is(exact(number), Fraction(repr(number)))


@given(number=st.integers() | fractions)
def test_integers_and_fractions_are_taken_exactly(number: int | Fraction) -> None:
    assert_is(exact(number), Fraction(number))
    assert exact(exact(number)) == number


# Expanding any of these would take all memory, or longer than a test run.
HUGE = [
    "1e999999999",
    "1e-999999999",
    "1e999999999%",
    "1E+99999999999999999999",
    Decimal("1e999999999"),
    Decimal("-1e999999999"),
    Decimal("1e-999999999"),
    Decimal("0e999999999"),
    Decimal("9" * 5000),
    "9" * 5000,
    "-" + "9" * 5000,
    "0." + "9" * 5000,
    "1/" + "9" * 5000,
    "9" * 10**6,
    10**5000,
    -(10**5000),
    Fraction(10**5000),
    Fraction(1, 10**5000),
]


@pytest.mark.parametrize("number", HUGE, ids=lambda number: f"{type(number).__name__}-{HUGE.index(number)}")
def test_a_number_too_large_to_be_a_figure_is_refused(number: Any) -> None:
    with pytest.raises(ExactnessError) as caught:
        exact(number)
    assert "400 digits" in str(caught.value) or "finite number" in str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("operation", ARITHMETIC + COMPARISONS)
def test_a_huge_decimal_is_refused_as_an_operand(operation: Callable[[Any, Any], Any]) -> None:
    for number in (exact(1), exact("1/3")):
        with pytest.raises(ExactnessError):
            operation(number, Decimal("1e999999999"))
        with pytest.raises(ExactnessError):
            operation(Decimal("1e-999999999"), number)
    assert exact(1) != Decimal("1e999999999")


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        "nan",
        "inf",
        "Infinity",
        "１２",
        "٣",
        "²",
        "½",
        "1½",
        "1_000",
        "1,000",
        "1.2.3",
        "--1",
        "+-1",
        "1/0",
        "1/-2",
        "1/2/3",
        "1.5/2",
        "1 000",
        "0x10",
        "1e",
        "e5",
        ".",
        "-",
        "%",
        "1%%",
        "",
        " ",
        "\ud800",
        "一",
        True,
        False,
        None,
        b"1",
        1j,
        [1],
        object(),
    ],
)
def test_what_is_no_finite_number_is_refused_in_words(value: Any) -> None:
    with pytest.raises(ExactnessError, match="expected") as caught:
        exact(value)
    assert [problem.code for problem in caught.value.problems] == ["not-exact"]


@given(text=st.text() | st.text("0123456789+-./eE%_ ,１nif", max_size=12))
def test_text_is_a_number_or_an_exactness_error(text: str) -> None:
    try:
        taken = exact(text)
    except ExactnessError:
        assert not re.fullmatch(r"[+-]?[0-9]{1,400}(\.[0-9]{1,300})?", text)
        return
    stripped = text.strip()
    plain = stripped.removesuffix("%").strip()
    assert_is(taken, Fraction(plain) / (100 if stripped.endswith("%") else 1))
