"""Rounding by integer division, against fractions and against `decimal`."""

from __future__ import annotations

import decimal
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indicatree.arithmetic import Rounding, round_ratio

numerators = st.integers() | st.integers(-50, 50)
denominators = st.integers(1, 10**20) | st.integers(1, 10)

IN_DECIMAL = {
    Rounding.HALF_UP: decimal.ROUND_HALF_UP,
    Rounding.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Rounding.DOWN: decimal.ROUND_DOWN,
    Rounding.UP: decimal.ROUND_UP,
}


def nearest(value: Fraction, rounding: Rounding) -> int:
    """The whole number that the definition of each rounding picks of the two neighbours."""
    low, high = math.floor(value), math.ceil(value)
    nearer_to_zero, further = sorted((low, high), key=abs)
    if rounding is Rounding.DOWN:
        return nearer_to_zero
    if rounding is Rounding.UP:
        return further
    if value - low != high - value:
        return low if value - low < high - value else high
    if rounding is Rounding.HALF_UP:
        return further
    return low if low % 2 == 0 else high


@pytest.mark.parametrize("rounding", Rounding)
@given(numerator=numerators, denominator=denominators)
@example(numerator=5, denominator=2)
@example(numerator=-5, denominator=2)
@example(numerator=3, denominator=2)
@example(numerator=-15, denominator=10)
@example(numerator=0, denominator=7)
def test_a_ratio_is_rounded_to_the_neighbour_that_its_rounding_names(
    rounding: Rounding, numerator: int, denominator: int
) -> None:
    result = round_ratio(numerator, denominator, rounding)
    assert type(result) is int
    assert result == nearest(Fraction(numerator, denominator), rounding)


@pytest.mark.parametrize("rounding", Rounding)
@given(whole=st.integers(), denominator=denominators)
def test_a_whole_number_stays_as_it_is(rounding: Rounding, whole: int, denominator: int) -> None:
    assert round_ratio(whole * denominator, denominator, rounding) == whole


@pytest.mark.parametrize("rounding", Rounding)
@given(halves=st.integers(), denominator=denominators)
def test_a_tie_goes_where_its_rounding_says(rounding: Rounding, halves: int, denominator: int) -> None:
    numerator = (2 * halves + 1) * denominator
    assert round_ratio(numerator, 2 * denominator, rounding) == nearest(Fraction(2 * halves + 1, 2), rounding)


@pytest.mark.parametrize("rounding", Rounding)
@given(numerator=numerators, denominator=denominators)
def test_rounding_acts_on_the_magnitude(rounding: Rounding, numerator: int, denominator: int) -> None:
    assert round_ratio(-numerator, denominator, rounding) == -round_ratio(numerator, denominator, rounding)


@pytest.mark.parametrize("rounding", Rounding)
@given(scaled=st.integers(-(10**12), 10**12) | st.integers(-300, 300), places=st.integers(0, 6))
@example(scaled=25, places=1)
@example(scaled=-5, places=1)
def test_it_is_the_rounding_of_decimal(rounding: Rounding, scaled: int, places: int) -> None:
    with decimal.localcontext() as context:
        context.prec = 60
        quantized = Decimal(scaled).scaleb(-places).quantize(Decimal(1), IN_DECIMAL[rounding])
    assert round_ratio(scaled, 10**places, rounding) == quantized


@given(numerator=numerators, denominator=denominators)
def test_half_up_is_the_usual_rounding(numerator: int, denominator: int) -> None:
    assert round_ratio(numerator, denominator) == nearest(Fraction(numerator, denominator), Rounding.HALF_UP)


@pytest.mark.parametrize("rounding", Rounding)
@given(numerator=numerators, scale=st.integers(2, 30), denominator=denominators)
def test_the_terms_of_the_ratio_do_not_matter(rounding: Rounding, numerator: int, scale: int, denominator: int) -> None:
    assert round_ratio(numerator * scale, denominator * scale, rounding) == round_ratio(
        numerator, denominator, rounding
    )
