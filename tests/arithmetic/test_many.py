"""Line items: the arithmetic item by item, and what a field of them adds up to."""

from __future__ import annotations

import math
import operator
import pickle
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.arithmetic import (
    MISSING,
    UNDEFINED,
    Interval,
    Many,
    ManyConditions,
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
    from collections.abc import Callable

# What a value and a condition are to the oracle: a fraction or a bool, or why there is none.
Value = Fraction | State
Settled = bool | State

# Few enough that ties are often met, and quick to draw.
NUMBERS = sorted({Fraction(above, below) for below in (1, 2, 3) for above in range(-9, 10)}, key=abs)
values: st.SearchStrategy[Value] = st.sampled_from(NUMBERS) | st.sampled_from([State.UNDEFINED, State.MISSING])
conditions: st.SearchStrategy[Settled] = st.sampled_from([True, True, False, False, State.UNDEFINED, State.MISSING])
skips = st.sets(st.sampled_from([State.UNDEFINED, State.MISSING])).map(frozenset)
rows = st.lists(st.tuples(values, values, conditions), max_size=6)
ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv]
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge]


def quantity(value: Value) -> Quantity:
    if isinstance(value, State):
        return MISSING if value is State.MISSING else UNDEFINED
    return Quantity(value.numerator, value.denominator)


def many(items: list[Value]) -> Many:
    return Many(tuple(quantity(value) for value in items))


def many_conditions(settled: list[Settled]) -> ManyConditions:
    return ManyConditions(tuple(value if isinstance(value, bool) else Unsettled(value) for value in settled))


def value_of(result: Any) -> Value:
    assert type(result) is Quantity
    return Fraction(result.numerator, result.denominator) if result.is_defined else result.state


def values_of(result: Any) -> list[Value]:
    assert type(result) is Many
    return [value_of(value) for value in result.values]


def settled_of(result: Any) -> list[Settled]:
    assert type(result) is ManyConditions
    assert all(isinstance(condition, bool | Unsettled) for condition in result.settled)
    return [condition if isinstance(condition, bool) else State(condition.state) for condition in result.settled]


def states(*items: Any) -> list[State]:
    return [value for value in items if isinstance(value, State)]


def combined(operation: Callable[[Any, Any], Any], first: Value, second: Value) -> Any:
    if found := states(first, second):
        return max(found)
    if operation is operator.truediv and second == 0:
        return State.UNDEFINED
    return operation(first, second)


def joined(answer: Callable[[list[bool]], bool], *settled: Settled) -> Settled:
    found = states(*settled)
    return max(found) if found else answer([value for value in settled if isinstance(value, bool)])


def counting(items: list[Value], settled: list[Settled]) -> list[Value]:
    """The items that count; one whose condition is not settled counts as what keeps it from being settled."""
    pairs = zip(items, settled, strict=True)
    return [
        condition if isinstance(condition, State) else value for value, condition in pairs if condition is not False
    ]


def added(items: list[Value]) -> Value:
    found = states(*items)
    return max(found) if found else sum((value for value in items if isinstance(value, Fraction)), start=Fraction(0))


def extreme(items: list[Value], skip: frozenset[State], pick: Callable[[list[Fraction]], Fraction]) -> Value:
    kept = [value for value in items if not (isinstance(value, State) and value in skip)]
    found = states(*(kept or items))
    if found:
        return max(found)
    return pick([value for value in kept if isinstance(value, Fraction)]) if kept else State.UNDEFINED


# Reductions


@given(rows=rows)
@example(rows=[])
@example(rows=[(Fraction(1), Fraction(0), False), (State.MISSING, Fraction(0), False)])
@example(rows=[(State.UNDEFINED, Fraction(0), True), (Fraction(1), Fraction(0), State.MISSING)])
def test_a_total_is_the_sum_of_the_items_that_count(rows: list[tuple[Value, Value, Settled]]) -> None:
    items, settled = [row[0] for row in rows], [row[2] for row in rows]
    assert value_of(total(many(items))) == added(items)
    assert value_of(total(many(items), where=many_conditions(settled))) == added(counting(items, settled))


@given(settled=st.lists(conditions, max_size=6), others=st.lists(conditions, min_size=6, max_size=6))
@example(settled=[], others=[True] * 6)
def test_a_count_is_the_number_of_items_that_count(settled: list[Settled], others: list[Settled]) -> None:
    ones: list[Value] = [Fraction(1)] * len(settled)
    assert value_of(count(many_conditions(settled))) == added(counting(ones, settled))
    second = others[: len(settled)]
    both = [joined(all, *pair) for pair in zip(settled, second, strict=True)]
    counted = count(many_conditions(settled), where=many_conditions(second))
    assert value_of(counted) == added(counting(ones, both))


@given(rows=rows, skip=skips)
@example(rows=[], skip=frozenset())
@example(rows=[(Fraction(1), Fraction(0), False)], skip=frozenset())
@example(rows=[(State.MISSING, Fraction(0), True)], skip=frozenset([State.MISSING]))
def test_the_smallest_and_largest_are_those_of_the_items_that_count(
    rows: list[tuple[Value, Value, Settled]], skip: frozenset[State]
) -> None:
    items, settled = [row[0] for row in rows], [row[2] for row in rows]
    for function, pick in ((minimum, min), (maximum, max)):
        assert value_of(function(many(items), skip=tuple(skip))) == extreme(items, skip, pick)
        taken = function(many(items), where=many_conditions(settled), skip=tuple(skip))
        assert value_of(taken) == extreme(counting(items, settled), skip, pick)


@given(items=st.lists(values, max_size=4), condition=conditions)
def test_one_condition_may_stand_for_every_item(items: list[Value], condition: Settled) -> None:
    one: Any = condition if isinstance(condition, bool) else Unsettled(condition)
    assert value_of(total(many(items), where=one)) == added(counting(items, [condition] * len(items)))


# Item by item


@pytest.mark.parametrize("operation", ARITHMETIC)
@given(rows=rows, constant=values)
def test_arithmetic_is_that_of_each_item(
    operation: Callable[[Any, Any], Any], rows: list[tuple[Value, Value, Settled]], constant: Value
) -> None:
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    both = operation(many(first), many(second))
    assert values_of(both) == [combined(operation, a, b) for a, b in zip(first, second, strict=True)]
    after, before = operation(many(first), quantity(constant)), operation(quantity(constant), many(first))
    assert values_of(after) == [combined(operation, a, constant) for a in first]
    assert values_of(before) == [combined(operation, constant, a) for a in first]
    assert values_of(operation(3, many(first))) == [combined(operation, Fraction(3), a) for a in first]
    assert values_of(operation(many(first), 3)) == [combined(operation, a, Fraction(3)) for a in first]


@pytest.mark.parametrize("operation", COMPARISONS)
@given(rows=rows, constant=values)
def test_comparisons_are_those_of_each_item(
    operation: Callable[[Any, Any], Any], rows: list[tuple[Value, Value, Settled]], constant: Value
) -> None:
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    both = operation(many(first), many(second))
    assert settled_of(both) == [combined(operation, a, b) for a, b in zip(first, second, strict=True)]
    after, before = operation(many(first), quantity(constant)), operation(quantity(constant), many(first))
    assert settled_of(after) == [combined(operation, a, constant) for a in first]
    assert settled_of(before) == [combined(operation, constant, a) for a in first]


@given(rows=rows, constant=values)
def test_functions_of_the_algebra_are_those_of_each_item(
    rows: list[tuple[Value, Value, Settled]], constant: Value
) -> None:
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    pairs = list(zip(first, second, strict=True))

    def each(function: Callable[[Fraction], Any]) -> list[Any]:
        return [value if isinstance(value, State) else Fraction(function(value)) for value in first]

    assert values_of(-many(first)) == each(operator.neg)
    assert values_of(+many(first)) == each(operator.pos)
    assert values_of(abs(many(first))) == each(abs)
    assert values_of(floor(many(first))) == each(math.floor)
    assert values_of(ceil(many(first))) == each(math.ceil)
    assert settled_of(equal(many(first), many(second))) == [combined(operator.eq, a, b) for a, b in pairs]
    assert settled_of(equal(quantity(constant), many(first))) == [combined(operator.eq, a, constant) for a in first]
    for function, pick in ((minimum, min), (maximum, max)):
        assert values_of(function(many(first), many(second))) == [extreme([a, b], frozenset(), pick) for a, b in pairs]
        assert values_of(function(quantity(constant), many(first), skip=State.MISSING)) == [
            extreme([constant, a], frozenset([State.MISSING]), pick) for a in first
        ]


@given(rows=rows, more=st.lists(conditions, min_size=6, max_size=6), constant=values, condition=conditions)
def test_conditions_join_and_choose_item_by_item(
    rows: list[tuple[Value, Value, Settled]], more: list[Settled], constant: Value, condition: Settled
) -> None:
    first, second, settled = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    own, other = many_conditions(settled), many_conditions(more[: len(rows)])
    pairs = list(zip(settled, more, strict=False))
    assert settled_of(all_of(own, other)) == [joined(all, *pair) for pair in pairs]
    assert settled_of(any_of(own, other)) == [joined(any, *pair) for pair in pairs]
    assert settled_of(equal(own, other)) == [joined(lambda both: len(set(both)) == 1, *pair) for pair in pairs]
    assert settled_of(none_of(own)) == [joined(lambda answers: not any(answers), answer) for answer in settled]
    one: Any = condition if isinstance(condition, bool) else Unsettled(condition)
    assert settled_of(all_of(one, own)) == [joined(all, condition, answer) for answer in settled]
    assert settled_of(any_of(own, one)) == [joined(any, condition, answer) for answer in settled]

    def chosen(answer: Settled, then: Value, otherwise: Value) -> Value:
        return answer if isinstance(answer, State) else then if answer else otherwise

    assert values_of(where(own, many(first), many(second))) == [chosen(c, a, b) for a, b, c in rows]
    assert values_of(where(own, quantity(constant), many(second))) == [chosen(c, constant, b) for _, b, c in rows]
    assert values_of(piecewise([(own, many(first))], 0)) == [chosen(c, a, Fraction(0)) for a, _, c in rows]


def test_a_choice_of_each_item_is_compared_with_an_option() -> None:
    kinds = Many(("road", "school", None))
    assert settled_of(equal(kinds, "road")) == [True, False, State.MISSING]
    assert settled_of(equal("school", kinds)) == [False, True, State.MISSING]


@pytest.mark.parametrize("operation", [*ARITHMETIC, *COMPARISONS])
@pytest.mark.parametrize("number", [0.5, True, "1"])
def test_what_is_no_exact_number_is_refused_beside_line_items(
    operation: Callable[[Any, Any], Any], number: Any
) -> None:
    items = Many((exact(1), exact(2)))
    with pytest.raises((TypeError, it.ExactnessError)):
        operation(items, number)
    with pytest.raises((TypeError, it.ExactnessError)):
        operation(number, items)


@pytest.mark.parametrize("operation", [*ARITHMETIC, *COMPARISONS])
def test_a_range_and_line_items_combine_from_either_side(operation: Callable[[Any, Any], Any]) -> None:
    items, some = Many((exact(1), exact(5))), Interval(2, 4)
    after, before = operation(items, some), operation(some, items)
    parts = "settled" if operation in COMPARISONS else "values"
    assert getattr(after, parts) == (operation(exact(1), some), operation(exact(5), some))
    assert getattr(before, parts) == (operation(some, exact(1)), operation(some, exact(5)))


def test_line_items_of_different_lengths_do_not_combine() -> None:
    one, two = Many((exact(1),)), Many((exact(1), exact(2)))
    for operation in (*ARITHMETIC, *COMPARISONS, equal, minimum):
        with pytest.raises(ValueError, match=r"shorter|longer"):
            operation(one, two)
    with pytest.raises(ValueError, match=r"shorter|longer"):
        total(one, where=two > 0)


def test_a_condition_on_line_items_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="total, count, minimum or maximum"):
        bool(Many((exact(1),)) > exact(0))


def test_line_items_are_neither_true_nor_false() -> None:
    with pytest.raises(TypeError):
        bool(Many((exact(0),)))


def test_line_items_and_their_conditions_survive_pickle() -> None:
    items = Many((exact("1/3"), MISSING))
    again = pickle.loads(pickle.dumps(items))  # noqa: S301 - our own bytes
    assert again == items
    conditions_again = pickle.loads(pickle.dumps(items > exact(0)))  # noqa: S301 - our own bytes
    assert settled_of(conditions_again) == [True, State.MISSING]


# Line items of a record: their fields come as Many and ManyConditions.


@it.record("demo.work", title=it.Text(zh="工程", en="Work"))
class Work:
    active: fields.Flag = fields.flag("已开工", "active")
    spent: fields.Money = fields.money("支出", "spent")


def test_a_flag_of_no_items_is_a_condition_as_well() -> None:
    works = it.Items(Work)
    assert value_of(count(works)) == 0
    assert value_of(count(works.active)) == 0
    assert value_of(total(works.spent, where=works.active)) == 0
    assert value_of(count(works, where=none_of(works.active))) == 0
    assert value_of(count(works, where=all_of(works.active, works.spent > 0))) == 0
    assert value_of(maximum(works.spent)) is State.UNDEFINED


def test_a_flag_of_items_counts_and_a_flag_not_given_is_missing() -> None:
    works = it.Items(Work, [Work(active=True, spent=300), Work(active=False, spent=100)])
    assert value_of(count(works.active)) == 1
    assert value_of(total(works.spent, where=none_of(works.active))) == 100
    unknown = it.Items(Work, [Work(active=True, spent=300), Work(spent=100)])
    assert value_of(count(unknown.active)) is State.MISSING
    assert value_of(total(unknown.spent, where=unknown.active)) is State.MISSING
    not_given = it.Items(Work, given=False)
    assert value_of(count(not_given)) is State.MISSING
    assert value_of(count(not_given.active)) is State.MISSING
    assert value_of(total(not_given.spent)) is State.MISSING
