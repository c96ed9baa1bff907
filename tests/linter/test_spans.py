"""The values that a measure can have: whatever the formula and the figures, the value lies in the span."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules
from indicatree.data import RecordShape
from indicatree.indicators.declare import measured
from indicatree.linter.rules import rule_findings
from indicatree.linter.spans import Span, grain_of, span_of
from linter.clean import cases_found, content, discontent
from strategies import balance, execution, inside, judged, staffing, text, tidy

if TYPE_CHECKING:
    from collections.abc import Callable

MINOR = Fraction(1, 10**9)


@it.record("span.one", title=text("一项", "One"))
class One:
    amount: fields.Money = fields.money("金额", "amount", most=3)
    change: fields.Money = fields.money("变动", "change", signed=True, most=2)
    rate: fields.Share = fields.share("比例", "rate", places=2)
    growth: fields.Share = fields.share("增长率", "growth", least=-1, most="1.5", places=2)
    few: fields.Count = fields.count("个数", "few", most=3)
    fewer: fields.Count = fields.count("其中", "fewer", part_of="few")
    none: fields.Count = fields.count("无", "none", most=0)
    size: fields.Number = fields.number("面积", "size", places=1, most=2)
    day: fields.Date = fields.date("日期", "day")
    open: fields.Flag = fields.flag("公开", "open")
    kind: fields.Choice = fields.choice("类别", "kind", {"a": text("甲", "a"), "b": text("乙", "b")})


FIGURES = ["amount", "change", "rate", "growth", "few", "fewer", "none", "size"]
SHAPES = {"one": RecordShape(One), "all": RecordShape(One, many=True)}

_CONSTANTS: st.SearchStrategy[Any] = st.sampled_from([0, 1, 2, -1, Fraction(1, 2), Fraction(-1, 3), 5])
_SKIP: st.SearchStrategy[Any] = st.sampled_from([(), it.State.MISSING, (it.State.MISSING, it.State.UNDEFINED)])
_FIGURE = st.sampled_from(FIGURES)


def _leaf() -> st.SearchStrategy[Callable[[Any], Any]]:
    return st.one_of(
        _FIGURE.map(lambda name: lambda data: getattr(data["one"], name)),
        _CONSTANTS.map(lambda value: lambda _: it.exact(value)),
        st.just(lambda data: data["one"].day - it.exact(1)),
    )


def _condition(draw: st.DrawFn, inner: Any) -> Callable[[Any], Any]:
    first, second = draw(inner), draw(inner)
    kind = draw(st.integers(0, 4))
    conditions: dict[int, Callable[[Any], Any]] = {
        0: lambda data: data["one"].open,
        1: lambda data: it.equal(data["one"].kind, "a"),
        2: lambda data: first(data) > second(data),
        3: lambda data: it.none_of(first(data) <= second(data)),
        4: lambda data: it.all_of(data["one"].open, first(data) < 1),
    }
    return conditions[kind]


@st.composite
def _operation(draw: st.DrawFn, inner: Any) -> Callable[[Any], Any]:  # noqa: C901, PLR0911, PLR0912 - one for each operation
    first, second, third = draw(inner), draw(inner), draw(inner)
    name, skip = draw(_FIGURE), draw(_SKIP)
    match draw(st.integers(0, 16)):
        case 0:
            return lambda data: first(data) + second(data)
        case 1:
            return lambda data: first(data) - second(data)
        case 2 | 3:
            return lambda data: first(data) * second(data)
        case 4 | 5:
            return lambda data: first(data) / second(data)
        case 6:
            return lambda data: -first(data)
        case 7:
            return lambda data: abs(first(data))
        case 8:
            return lambda data: it.floor(first(data))
        case 9:
            return lambda data: it.ceil(first(data))
        case 10:
            return lambda data: it.minimum(first(data), second(data), third(data), skip=skip)
        case 11:
            return lambda data: it.maximum(first(data), second(data), third(data), skip=skip)
        case 12:
            condition = _condition(draw, inner)
            other = draw(st.sampled_from([second, lambda _: it.MISSING, lambda _: it.UNDEFINED]))
            if draw(st.booleans()):
                return lambda data: it.where(condition(data), other(data), first(data))
            return lambda data: it.where(condition(data), first(data), other(data))
        case 13:
            reductions: list[Callable[..., Any]] = [it.total, it.minimum, it.maximum]
            reduce = draw(st.sampled_from(reductions))
            if draw(st.booleans()):
                return lambda data: reduce(getattr(data["all"], name), where=data["all"].few > 1)
            return lambda data: reduce(getattr(data["all"], name) - data["all"].size)
        case 14:
            return lambda data: (first(data) - second(data)) / second(data)
        case 15:
            return lambda data: (second(data) + first(data)) / second(data)
    return lambda data: it.count(data["all"], where=getattr(data["all"], name) > 0)


def declared(formula: Callable[[Any], Any], identifier: str = "span.drawn") -> it.Measured:
    """The formula as a measure of one record and of line items."""
    return measured(
        lambda one, all: formula({"one": one, "all": all}),  # noqa: A006 - the names are of records
        SHAPES,
        [],
        id=identifier,
        tier=it.Tier.INPUT,
        title=text("指标", "Drawn"),
        unit=it.NUMBER,
        better=None,
    )


def _with_few(one: Any, few: Any) -> Any:
    """A record with as many, of which the part is still no more."""
    some = it.exact(0) if few is None else few
    return attrs.evolve(one, few=few, fewer=None if one.fewer.state else min(one.fewer, some, key=lambda n: n.fraction))


def _is_taken(formula: Callable[[Any], Any]) -> bool:
    """Whether it is a formula: not a number alone, and not divided by numbers that give zero."""
    try:
        declared(formula)
    except it.DeclarationError as error:
        return all(problem.message["en"].startswith("expected a formula") for problem in error.problems)
    return True


FORMULAS = st.recursive(_leaf(), _operation, max_leaves=6).filter(_is_taken)


def _numbers(low: int, high: int, places: int) -> st.SearchStrategy[Any]:
    unit = 10**places
    whole = st.integers(low * unit, high * unit).map(lambda scaled: it.Quantity(scaled, unit))
    return st.one_of(st.sampled_from([None, it.exact(low), it.exact(high)]), whole)


ONES = st.builds(
    One,
    amount=_numbers(0, 3, 2),
    change=_numbers(-2, 2, 2),
    rate=_numbers(0, 1, 2),
    growth=_numbers(-1, 1, 2),
    few=st.just(3),
    fewer=_numbers(0, 3, 0),
    none=_numbers(0, 0, 0),
    size=_numbers(0, 2, 1),
    day=st.sampled_from([None, "0001-01-01", "2024-02-29", "9999-12-31"]),
    open=st.sampled_from([True, False, None]),
    kind=st.sampled_from(["a", "b", None]),
)
ONES = st.builds(_with_few, ONES, _numbers(0, 3, 0))
ITEMS = st.lists(ONES, max_size=3).map(lambda some: it.Items(One, some))


_ENDS = (it.exact(-2), it.exact("-1/2"), it.exact(0), it.exact("1/2"), it.exact(3))
_NEAR = st.fractions(-5, 5, max_denominator=6)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low, high = sorted(draw(st.lists(st.sampled_from(_ENDS), min_size=2, max_size=2)), key=lambda end: end.fraction)
    return Span(draw(st.sampled_from([None, low])), draw(st.sampled_from([None, high])))


@settings(max_examples=250)
@given(FORMULAS, st.lists(st.tuples(ONES, ITEMS), min_size=1, max_size=4))
def test_the_value_always_lies_in_the_span(formula: Any, records: list[Any]) -> None:
    try:
        measure = declared(formula)
    except it.DeclarationError:  # a constant alone is no formula
        reject()
    span = span_of(measure)
    assert span.low is None or span.high is None or span.low <= span.high
    for one, items in records:
        value = measure(one, items)
        assert not value.is_defined or value in span


def _one(formula: Callable[[Any], Any]) -> it.Measured:
    return declared(lambda data: formula(data["one"]))


def _all(formula: Callable[[Any], Any]) -> it.Measured:
    return declared(lambda data: formula(data["all"]))


@pytest.mark.parametrize(
    ("measure", "low", "high"),
    [
        (execution, None, None),
        (staffing, 0, None),
        (content, 0, 1),
        (discontent, 0, 1),
        (cases_found, 0, 10**12),
        (balance, -(10**13), 2 * 10**13),
        (tidy, 0, 1),
        (judged, 0, 1),
        (_one(lambda one: one.amount - one.change), -2, 5),
        (_one(lambda one: one.amount * one.change), -6, 6),
        (_one(lambda one: one.few / (1 + one.few)), 0, 3),
        (_one(lambda one: one.amount / one.few), 0, None),
        (_one(lambda one: (1 + one.amount) / one.few), Fraction(1, 3), None),
        (_one(lambda one: -one.amount / one.few), None, 0),
        (_one(lambda one: one.amount / one.none), None, None),
        (_one(lambda one: one.amount / one.change), None, None),
        (_one(lambda one: (one.amount - one.few) / one.few), -1, None),
        (_one(lambda one: (one.few - one.amount) / one.few), None, 1),
        (_one(lambda one: (one.amount + one.few) / one.few), 1, None),
        (_one(lambda one: (one.few + one.amount) / one.few), 1, None),
        (_one(lambda one: (one.few + one.size - one.amount) / (one.few + one.size)), None, 1),
        (_one(lambda one: (one.few + one.size - one.amount) / (one.size + one.few)), None, None),
        (_one(lambda one: (one.change - one.few) / one.few), None, None),
        (_one(lambda one: one.fewer / one.few), 0, 1),
        (_one(lambda one: 1 - one.fewer / one.few), 0, 1),
        (_one(lambda one: (one.few - one.fewer) / one.few), 0, 1),
        (_one(lambda one: (one.few + one.fewer) / one.few), 1, 2),
        (_one(lambda one: (one.fewer - one.few) / one.few), -1, 0),
        (_one(lambda one: one.few / one.fewer), 0, None),
        (_one(lambda one: one.fewer / one.none), None, None),
        (_all(lambda items: it.total(items.fewer) / it.total(items.few)), 0, 1),
        (_all(lambda items: it.total(items.fewer, where=items.open) / it.total(items.few, where=items.open)), 0, 1),
        (_all(lambda items: it.total(items.fewer) / it.total(items.few, where=items.open)), 0, None),
        (_all(lambda items: it.maximum(items.fewer / items.few)), 0, 1),
        (_one(lambda one: (one.amount - one.growth) / one.growth), None, None),
        (_one(lambda one: (one.few - one.rate) / (1 + one.rate)), -1, 3),
        (_one(lambda one: (2 - one.rate) / 2), Fraction(1, 2), 1),
        (_one(lambda one: abs(one.growth)), 0, Fraction(3, 2)),
        (_one(lambda one: abs(-1 - one.amount)), 1, 4),
        (_one(lambda one: it.floor(one.growth / 2)), -1, 1),
        (_one(lambda one: it.ceil(one.growth / 2)), -1, 1),
        (_one(lambda one: it.minimum(one.amount, one.change)), -2, 2),
        (_one(lambda one: it.maximum(one.amount, one.change, 1)), 1, 3),
        (_one(lambda one: it.maximum(one.amount, one.change, skip=it.State.MISSING)), -2, 3),
        (_one(lambda one: it.where(one.open, one.amount, one.change)), -2, 3),
        (_one(lambda one: it.where(one.open, one.rate, it.MISSING)), 0, 1),
        (_one(lambda one: it.where(one.open, it.UNDEFINED, it.MISSING)), None, None),
        (_all(lambda items: it.total(items.amount)), 0, None),
        (_all(lambda items: it.total(-items.amount)), None, 0),
        (_all(lambda items: it.total(items.change)), None, None),
        (_all(lambda items: it.maximum(items.rate)), 0, 1),
        (_all(lambda items: it.minimum(items.growth, where=items.few > 1)), -1, Fraction(3, 2)),
        (_all(it.count), 0, None),
    ],
)
def test_the_span_is_as_narrow_as_the_limits_of_the_fields_make_it(measure: it.Indicator, low: Any, high: Any) -> None:
    span = span_of(measure)
    assert (span.low, span.high) == tuple(None if end is None else it.exact(end) for end in (low, high))


@settings(max_examples=250)
@given(FORMULAS, st.lists(st.tuples(ONES, ITEMS), min_size=1, max_size=4))
def test_the_value_is_a_whole_multiple_of_its_grain(formula: Any, records: list[Any]) -> None:
    try:
        measure = declared(formula)
    except it.DeclarationError:  # a constant alone is no formula
        reject()
    grain = grain_of(measure)
    for one, items in records:
        value = measure(one, items)
        assert grain is None or not value.is_defined or (value / grain).fraction.denominator == 1


@pytest.mark.parametrize(
    ("measure", "grain"),
    [
        (execution, None),
        (cases_found, 1),
        (balance, Fraction(1, 100)),
        (content, Fraction(1, 10**6)),
        (discontent, Fraction(1, 10**6)),
        (tidy, None),
        (_one(lambda one: one.day - 1), 1),
        (_one(lambda one: one.few - one.size), Fraction(1, 10)),
        (_one(lambda one: 6 * one.few - 4), 2),
        (_one(lambda one: -one.few / 3 + one.size / 2), Fraction(1, 60)),
        (_one(lambda one: one.few / (0 * one.size)), None),
        (_one(lambda one: 1 / one.few), None),
        (_one(lambda one: 0 * one.few), None),
        (_one(lambda one: one.few * one.few), None),
        (_one(lambda one: one.few + one.few / one.size), None),
        (_one(lambda one: abs(one.growth)), Fraction(1, 100)),
        (_one(lambda one: it.floor(one.growth / 2)), 1),
        (_one(lambda one: it.ceil(2 * one.few)), 2),
        (_one(lambda one: it.floor(one.few / one.size)), 1),
        (_one(lambda one: it.minimum(one.amount, one.size, one.few)), Fraction(1, 100)),
        (_one(lambda one: it.where(one.open, one.rate, it.MISSING)), Fraction(1, 100)),
        (_all(lambda items: it.total(items.size)), Fraction(1, 10)),
        (_all(lambda items: it.maximum(items.few)), 1),
        (_all(it.count), 1),
    ],
)
def test_the_grain_is_that_of_the_figures(measure: it.Indicator, grain: Any) -> None:
    assert grain_of(measure) == (None if grain is None else it.exact(grain))


@given(
    spans(),
    st.fractions(-5, 5, max_denominator=6),
    st.fractions(-5, 5, max_denominator=6),
    st.sampled_from(["at_least", "above"]),
    st.sampled_from(["at_most", "below"]),
    st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2, 3), Fraction(4)]),
)
def test_limits_are_met_where_a_whole_multiple_is_in_both(
    span: Span, first: Fraction, second: Fraction, lower: str, upper: str, grain: Fraction
) -> None:
    low, high = sorted([first, second])
    assume(low < high)
    for edges in ({lower: low}, {upper: high}, {lower: low, upper: high}, {"exactly": low}):
        limits = rules.Limits(**{name: it.exact(edge) for name, edge in edges.items()})
        values = [part * grain for part in range(-30, 31)]
        held = [value for value in values if inside(limits, value) and it.exact(value) in span]
        assert span.meets_multiple(limits, it.exact(grain)) == bool(held)


def test_marks_for_a_change_or_a_saving_that_cannot_be_are_out_of_reach() -> None:
    def found(measure: it.Measured, **limits: str) -> list[str]:
        leaf = it.Leaf(id="a", indicator=measure, points=10, rule=rules.AllOrNothing(**limits))
        return [finding.code for finding in rule_findings(leaf)]

    change = _one(lambda one: (one.amount - one.size) / one.size)
    saving = _one(lambda one: (one.size - one.amount) / one.size)
    assert found(change, at_most="-100%") == ["cliff"]
    assert found(change, below="-1") == ["full-out-of-reach"]
    assert found(saving, at_least="100%") == ["cliff"]
    assert found(saving, above="1") == ["full-out-of-reach"]


def test_marks_for_a_part_that_is_more_than_its_whole_are_out_of_reach() -> None:
    def found(rule: it.Rule) -> list[str]:
        part = _one(lambda one: one.fewer / one.few)
        return [finding.code for finding in rule_findings(it.Leaf(id="a", indicator=part, points=10, rule=rule))]

    assert found(rules.AllOrNothing(at_least="100%")) == ["cliff"]
    assert found(rules.AllOrNothing(above="100%")) == ["full-out-of-reach"]
    bands = [
        rules.Band(above=1, points=10),
        rules.Band(at_least="90%", at_most=1, points=8),
        rules.Band(below="90%", points=0),
    ]
    assert found(rules.Bands(bands=bands)) == ["full-out-of-reach", "band-out-of-reach", "cliff"]


@pytest.mark.filterwarnings("error")
def test_a_choice_of_two_figures_is_no_fault_of_the_rule() -> None:
    better = _one(lambda one: it.where(one.open, one.rate, one.growth))
    leaf = it.Leaf(id="a", indicator=better, points=10, rule=rules.Proportional())
    assert [*rule_findings(leaf)] == []


def test_nothing_is_known_of_code_that_has_no_formula() -> None:
    rowwise = it.indicator("span.rowwise", tier=it.Tier.INPUT, title=text("逐行", "Rowwise"), rowwise=True)
    assert span_of(rowwise(_planned)) == Span()


def _planned(budget: Any) -> Any:
    return budget.planned


_planned.__annotations__ = {"budget": execution.parameters["budget"].record_class}


# The arithmetic of spans by itself


def member(draw: st.DataObject, span: Span) -> it.Quantity:
    low = -7 if span.low is None else span.low.fraction
    high = 7 if span.high is None else span.high.fraction
    return it.exact(draw.draw(st.fractions(low, high, max_denominator=6)))


_BINARY: list[Callable[[Any, Any], Any]] = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a / b]


@settings(max_examples=150)
@given(st.data(), spans(), spans())
def test_the_span_of_an_operation_holds_every_result(data: st.DataObject, first: Span, second: Span) -> None:
    a, b = member(data, first), member(data, second)
    for operation in _BINARY:
        result = operation(a, b)
        assert not result.is_defined or result in operation(first, second)
    assert -a in -first
    assert abs(a) in abs(first)


@given(spans(), _NEAR, _NEAR, st.sampled_from(["at_least", "above"]), st.sampled_from(["at_most", "below"]))
def test_a_span_meets_limits_where_a_value_is_in_both(
    span: Span, first: Fraction, second: Fraction, lower: str, upper: str
) -> None:
    low, high = sorted([first, second])
    assume(low < high)
    for edges in ({lower: low}, {upper: high}, {lower: low, upper: high}, {"exactly": low}):
        limits = rules.Limits(**{name: it.exact(edge) for name, edge in edges.items()})
        near = {low, high, *(end.fraction for end in _ENDS), Fraction(-9), Fraction(9)}
        values = {value + side * MINOR for value in near for side in (-1, 0, 1)}
        held = [value for value in values if inside(limits, value) and it.exact(value) in span]
        assert span.meets(limits) == bool(held)
