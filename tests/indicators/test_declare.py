"""Declaring indicators: what is refused, where the refusal points, and row-wise measures."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data import RecordShape

if TYPE_CHECKING:
    from collections.abc import Callable

TITLE = it.Text(zh="指标", en="Indicator")


@it.record("demo.budget", title=it.Text(zh="预算", en="Budget"))
class Budget:
    planned: fields.Money = fields.money("预算数", "planned")
    spent: fields.Money = fields.money("支出数", "spent", signed=True)
    approved: fields.Flag = fields.flag("已批复", "approved")
    kind: fields.Choice = fields.choice("类别", "kind", {"road": TITLE, "school": TITLE})
    name: fields.Words = fields.text("名称", "name")


@it.record("demo.staff", title=it.Text(zh="人员", en="Staff"))
class Staff:
    posts: fields.Count = fields.count("编制数", "posts")


def declare(function: Any, **more: Any) -> it.Measured:
    named = {"id": "demo.tried", "tier": it.Tier.PROCESS, "title": TITLE, **more}
    return it.indicator(**named)(function)


def problems(function: Any, **more: Any) -> tuple[it.Problem, ...]:
    with pytest.raises(it.DeclarationError) as caught:
        declare(function, **more)
    for problem in caught.value.problems:
        assert problem.code
        assert problem.path
        assert problem.message["en"]
        assert problem.fix["en"]
    return caught.value.problems


def only(function: Any, **more: Any) -> it.Problem:
    (problem,) = problems(function, **more)
    return problem


def scored(measured: it.Measured, **records: Any) -> it.NodeScore:
    """The leaf of a measure in a scheme that gives no points where it fails."""
    leaf = it.Leaf(id="leaf", indicator=measured, points=1, rule=it.rules.AllOrNothing(at_least=0))
    tier = it.TierNode(tier="process", groups=[it.Group(id="group", title=TITLE, indicators=[leaf])])
    scheme = it.Scheme(id="small", tiers=[tier], policies=it.Policies(failed="no_points", missing="no_points"))
    return it.score(scheme, records)["process.group.leaf"]


def plain(budget: Budget) -> Any:
    """Spent over planned.

    More words.
    """
    return budget.spent / budget.planned


def with_items(budgets: it.Items[Budget], staff: Staff) -> Any:
    return it.total(budgets.spent) / staff.posts


def test_a_declaration_keeps_what_it_says() -> None:
    measured = declare(plain, better=it.MORE, source="财预〔2013〕53号", unit=it.NUMBER)
    assert (measured.id, measured.title, measured.tier) == ("demo.tried", TITLE, it.Tier.PROCESS)
    assert (measured.unit, measured.better, measured.source) == (it.NUMBER, it.MORE, "财预〔2013〕53号")
    assert measured.definition["en"] == "Spent over planned."
    assert measured.parameters == {"budget": RecordShape(Budget)}
    assert measured.figures == [("budget", "spent"), ("budget", "planned")]
    assert not measured.rowwise


def test_the_parameters_and_their_annotations_pick_the_records() -> None:
    measured = declare(with_items)
    assert measured.parameters == {"budgets": RecordShape(Budget, many=True), "staff": RecordShape(Staff)}
    assert measured.figures == [("budgets", "spent"), ("staff", "posts")]


def test_a_record_class_beside_the_function_is_found() -> None:
    @it.record("demo.local", title=TITLE)
    class Local:
        number: fields.Count = fields.count("数", "number")

    @it.indicator("demo.local_number", tier=it.Tier.INPUT, title=TITLE)
    def local_number(local: Local) -> Any:
        return local.number + 1

    assert local_number(Local(number=1)) == 2


@given(planned=st.integers(0, 9), spent=st.integers(-9, 9))
def test_a_declared_measure_is_still_the_function(planned: int, spent: int) -> None:
    value = declare(plain)(Budget(planned=planned, spent=spent))
    assert value == (Fraction(spent, planned) if planned else it.UNDEFINED)


def test_an_indicator_is_equal_to_itself_only() -> None:
    first, second = declare(plain), declare(plain)
    assert first != second
    assert len({first, second, first}) == 2


# What a formula cannot do. Each line that is wrong is marked, and the refusal must name it.


def decides(budget: Budget) -> Any:
    if budget.spent > budget.planned:  # wrong
        return budget.planned
    return budget.spent


def decides_by_and(budget: Budget) -> Any:
    return it.where(budget.spent > 0 and budget.planned > 0, 1, 0)  # wrong


def decides_by_not(budget: Budget) -> Any:
    return it.where(not budget.approved, 1, 0)  # wrong


def chains(budget: Budget) -> Any:
    return it.where(0 < budget.spent < 1, 1, 0)  # wrong


def takes_max(budget: Budget) -> Any:
    return max(budget.spent, budget.planned)  # wrong


def takes_min(budget: Budget) -> Any:
    return min(budget.spent, 1)  # wrong


def sorts(budget: Budget) -> Any:
    return sorted([budget.spent, budget.planned])[1:]  # wrong


def rounds(budget: Budget) -> Any:
    return round(budget.spent / budget.planned, 2)  # wrong


def makes_float(budget: Budget) -> Any:
    return float(budget.spent) + 1  # wrong


def makes_int(budget: Any) -> Any:
    return int(budget.spent) + 1  # wrong


def makes_decimal(budget: Any) -> Any:
    return Decimal(budget.spent)  # wrong


def takes_a_root(budget: Budget) -> Any:
    return math.sqrt(budget.spent)  # wrong


def floors_by_math(budget: Budget) -> Any:
    return math.floor(budget.spent)  # wrong


def ceils_by_math(budget: Budget) -> Any:
    return math.ceil(budget.spent)  # wrong


def mixes_a_float(budget: Budget) -> Any:
    return budget.spent * 1.1  # wrong


def loops(budgets: it.Items[Budget]) -> Any:
    return sum(budget.spent for budget in budgets)  # wrong


def loops_over_a_field(budgets: it.Items[Budget]) -> Any:
    return sum(budgets.spent)  # wrong


def measures_length(budgets: it.Items[Budget]) -> Any:
    return len(budgets)  # wrong


def indexes(budgets: it.Items[Budget]) -> Any:
    return budgets.spent[0]  # wrong


def equals(budget: Budget) -> Any:
    return it.where(budget.spent == 1, 1, 0)  # wrong


def differs(budget: Budget) -> Any:
    return it.where(budget.spent != 1, 1, 0)  # wrong


def divides_whole(budget: Any) -> Any:
    return budget.spent // budget.planned  # wrong


def takes_the_rest(budget: Any) -> Any:
    return budget.spent % 2  # wrong


def takes_a_power(budget: Any) -> Any:
    return budget.spent**2  # wrong


def looks_into(budget: Budget) -> Any:
    return it.where(budget.spent in (1, 2), 1, 0)  # wrong


def writes_text(budget: Budget) -> Any:
    return f"{budget.spent}"  # wrong


def misspells(budget: Any) -> Any:
    return budget.spend / budget.planned  # wrong


def uses_words(budget: Budget) -> Any:
    return budget.name  # wrong


def names_no_option(budget: Budget) -> Any:
    return it.where(it.equal(budget.kind, "raod"), 1, 0)  # wrong


def computes_with_a_choice(budget: Any) -> Any:
    return budget.kind + 1  # wrong


def computes_with_a_record(budget: Any) -> Any:
    return budget + 1  # wrong


def computes_with_a_record_second(budget: Any) -> Any:
    return budget.spent + budget  # wrong


def computes_with_a_flag(budget: Any) -> Any:
    return budget.spent + budget.approved  # wrong


def totals_ratios(budgets: Any) -> Any:
    return it.total(budgets.spent / budgets.planned)  # wrong


def totals_one_value(budget: Budget) -> Any:
    return it.total(budget.spent)  # wrong


def counts_amounts(budgets: Any) -> Any:
    return it.count(budgets.spent)  # wrong


def totals_flags(budgets: Any) -> Any:
    return it.total(budgets.approved)  # wrong


def chooses_by_an_amount(budget: Budget) -> Any:
    return it.where(budget.spent, 1, 0)  # wrong


def joins_an_amount(budget: Budget) -> Any:
    return it.where(it.all_of(budget.spent), 1, 0)  # wrong


def adds_words(budget: Any) -> Any:
    return budget.spent + "much"  # wrong


def adds_none(budget: Any) -> Any:
    return budget.spent + None  # wrong


for untyped, annotation in (
    (makes_int, "Budget"),
    (makes_decimal, "Budget"),
    (divides_whole, "Budget"),
    (takes_the_rest, "Budget"),
    (takes_a_power, "Budget"),
    (adds_words, "Budget"),
    (adds_none, "Budget"),
    (computes_with_a_choice, "Budget"),
    (misspells, "Budget"),
    (computes_with_a_record, "Budget"),
    (computes_with_a_record_second, "Budget"),
    (computes_with_a_flag, "Budget"),
    (totals_ratios, "it.Items[Budget]"),
    (counts_amounts, "it.Items[Budget]"),
    (totals_flags, "it.Items[Budget]"),
):
    # the wrong line would not pass the type checker
    untyped.__annotations__[untyped.__code__.co_varnames[0]] = annotation


def wrong_line(function: Any) -> int:
    code = function.__code__
    with open(code.co_filename, encoding="utf-8") as file:  # noqa: PTH123 - only the lines are needed
        lines = file.read().splitlines()
    start: int = code.co_firstlineno
    return next(number for number in range(start, len(lines) + 1) if lines[number - 1].endswith("# wrong"))


@pytest.mark.parametrize(
    ("function", "instead"),
    [
        (decides, "where(condition, a, b)"),
        (decides_by_and, "all_of"),
        (decides_by_not, "none_of"),
        (chains, "all_of"),
        (takes_max, "maximum(a, b)"),
        (takes_min, "minimum(a, b)"),
        (sorts, "minimum(a, b)"),
        (rounds, "leave it out"),
        (makes_float, "leave it out"),
        (makes_int, "floor(value)"),
        (makes_decimal, "rowwise=True"),
        (takes_a_root, "rowwise=True"),
        (floors_by_math, "floor(value)"),
        (ceils_by_math, "ceil(value)"),
        (mixes_a_float, "Decimal('1.1')"),
        (loops, "total"),
        (loops_over_a_field, "total"),
        (measures_length, "count"),
        (indexes, "total"),
        (equals, "equal(a, b)"),
        (differs, "none_of(equal(a, b))"),
        (divides_whole, "floor(a / b)"),
        (takes_the_rest, "floor(a / b)"),
        (takes_a_power, "multiply"),
        (looks_into, "equal(a, b)"),
        (writes_text, "leave it out"),
        (misspells, 'did you mean "spent"?'),
        (uses_words, "a formula cannot compute with it"),
        (names_no_option, 'did you mean "road"?'),
        (computes_with_a_choice, "equal"),
        (computes_with_a_record, "budget.planned"),
        (computes_with_a_record_second, "budget.planned"),
        (computes_with_a_flag, "where(condition, 1, 0)"),
        (totals_ratios, "total the parts"),
        (totals_one_value, "line items"),
        (counts_amounts, "count(items"),
        (totals_flags, "count("),
        (chooses_by_an_amount, "condition"),
        (joins_an_amount, "condition"),
        (adds_words, "much"),
        (adds_none, "None"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_a_formula_cannot_do_is_refused_with_its_line_and_what_to_write(function: Any, instead: str) -> None:
    problem = only(function)
    assert problem.code == "not-a-formula"
    assert problem.path == f"indicator demo.tried at {__file__}:{wrong_line(function)}"
    assert instead in str(problem)
    assert "AttributeError" not in problem.message["en"]


def helper(budget: Budget) -> Any:
    return budget.spent if budget.spent > 0 else budget.planned


def test_the_line_of_a_helper_in_the_same_file_is_named() -> None:
    def measure(budget: Budget) -> Any:
        return helper(budget) / 2

    assert only(measure).path == f"indicator demo.tried at {__file__}:{helper.__code__.co_firstlineno + 1}"


def test_a_measure_that_raises_is_refused_with_its_error() -> None:
    def measure(budget: Budget) -> Any:
        message = f"not ready: {type(budget).__name__}"
        raise LookupError(message)

    problem = only(measure)
    assert problem.message["en"].startswith("LookupError: not ready")
    assert problem.fix["en"] == "or declare the indicator with rowwise=True"


# Parameters


def no_annotation(budget) -> Any:  # type: ignore[no-untyped-def]  # noqa: ANN001 - what is refused
    return budget.spent


def unresolved(budget: Budgett) -> Any:  # type: ignore[name-defined]  # noqa: F821 - what is refused
    return budget.spent


def no_record(budget: int) -> Any:
    return budget


def bare_items(budget: it.Items) -> Any:  # type: ignore[type-arg]
    return it.total(budget.spent)


def items_of_no_record(budget: it.Items[int]) -> Any:
    return it.total(budget.spent)


def many(*budget: Budget) -> Any:
    return budget[0].spent


def named(**budget: Budget) -> Any:
    return budget["budget"].spent


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (no_annotation, "got none"),
        (unresolved, 'the annotation "Budgett" cannot be resolved'),
        (no_record, "<class 'int'>"),
        (bare_items, "Items"),
        (items_of_no_record, "Items[int]"),
        (many, "expected parameters with names"),
        (named, "expected parameters with names"),
    ],
)
@pytest.mark.parametrize("rowwise", [False, True])
def test_a_parameter_that_names_no_record_is_refused(function: Any, said: str, rowwise: bool) -> None:  # noqa: FBT001 - drawn
    problem = only(function, rowwise=rowwise)
    assert problem.code == "bad-parameter"
    assert problem.path == "indicator demo.tried, parameter budget"
    assert said in problem.message["en"]


def test_a_measure_without_records_is_refused() -> None:
    problem = only(lambda: 1)
    assert (problem.code, problem.path) == ("bad-parameter", "indicator demo.tried")


def test_every_problem_of_a_declaration_is_told_at_once() -> None:
    def measure(budget: int, staff: str, other: Budget) -> Any:
        del budget, staff
        return other.spent

    found = problems(measure, id="Tried")
    assert [problem.code for problem in found] == ["bad-id", "bad-parameter", "bad-parameter"]


def by_keyword_only(*, budget: Budget) -> Any:
    return budget.spent / budget.planned


def by_position_only(budget: Budget, /) -> Any:
    return budget.spent / budget.planned


@pytest.mark.parametrize("function", [by_keyword_only, by_position_only])
def test_a_measure_that_can_be_declared_can_be_scored(function: Any) -> None:
    # however its parameters are passed: either it works, or the declaration refuses it
    try:
        measured = declare(function)
    except it.DeclarationError as error:
        assert error.problems  # noqa: PT017 - either way is right
    else:
        assert it.measure(measured, budget={"spent": 1, "planned": 2}).value == Fraction(1, 2)


@pytest.mark.parametrize("identifier", ["", "execution", "Demo.execution", "demo.", "demo.执行率", 5, None])
@pytest.mark.parametrize("kind", ["indicator", "checklist", "graded"])
def test_a_malformed_id_is_refused(kind: str, identifier: Any) -> None:
    make: dict[str, Callable[[], it.Indicator]] = {
        "indicator": lambda: declare(plain, id=identifier),
        "checklist": lambda: it.checklist(identifier, tier=it.Tier.INPUT, title=TITLE, items={"a": TITLE}),
        "graded": lambda: it.graded(identifier, tier=it.Tier.INPUT, title=TITLE),
    }
    with pytest.raises(it.DeclarationError) as caught:
        make[kind]()
    (problem,) = caught.value.problems
    assert problem.code == "bad-id"
    assert f'got "{identifier}"' in problem.message["en"]
    assert problem.fix["en"] == 'for example "mof.indicator"'


# What a measure gives back


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (lambda _: 1, "got 1"),
        (lambda _: it.exact(1), "got Quantity(1)"),
        (lambda _: None, "got None"),
        (lambda _: "x", "got 'x'"),
        (lambda budget: budget.spent > 1, "got >(budget.spent"),
        (lambda budget: budget.approved, "got budget.approved"),
        (lambda budget: budget.kind, "got budget.kind"),
        (lambda budget: (budget.spent, budget.planned), "got (budget.spent, budget.planned)"),
        (lambda budget: budget, "got "),
    ],
    ids=range(9),
)
def test_what_is_no_formula_on_the_figures_is_refused(returned: Any, said: str) -> None:
    def measure(budget: Budget) -> Any:
        return returned(budget)

    problem = only(measure)
    assert (problem.code, problem.path) == ("not-a-formula", "indicator demo.tried")
    assert problem.message["en"].startswith(f"expected a formula on the figures, {said}")
    assert problem.fix["en"] == "return an expression of the records' fields"


@pytest.mark.parametrize(
    "returned",
    [
        lambda budgets: budgets.spent / budgets.planned,
        lambda budgets: it.where(budgets.approved, 1, 0),
        lambda budgets: budgets.spent - it.total(budgets.spent),
        lambda budgets: budgets.approved,
        lambda budgets: it.equal(budgets.kind, "road"),
    ],
    ids=range(5),
)
def test_a_value_for_each_line_item_is_refused(returned: Any) -> None:
    def measure(budgets: it.Items[Budget]) -> Any:
        return returned(budgets)

    problem = only(measure)
    assert problem.message["en"].startswith("expected a formula on the figures, got one value for each line item")
    assert problem.fix["en"] == "add them up with total(...), or bind one item by for_each in the scheme"


@pytest.mark.parametrize(
    "returned",
    [
        lambda budget: budget.spent - "5%",
        lambda budget: "5" * budget.spent,
        lambda budget: it.maximum(budget.spent, "0"),
        lambda budget: it.where(budget.spent > "0", budget.spent, 0),
        lambda budget: it.where(it.equal(budget.approved, True), budget.spent, 0),  # noqa: FBT003 - what an author may write
        lambda budget: it.where(it.equal(budget.spent > 0, budget.planned > 0), budget.spent, 0),
        lambda budget: it.where(it.equal(budget.kind, budget.kind), budget.spent, 0),
        lambda budget: it.where(it.all_of(budget.approved, False), budget.spent, 0) + budget.spent,  # noqa: FBT003 - what an author may write
        lambda budget: it.where(it.any_of(budget.approved, True), budget.spent, 0) + budget.spent,  # noqa: FBT003 - what an author may write
        lambda budget: sum([budget.spent, budget.planned]),
        lambda budget: +budget.spent,
        lambda budget: it.floor(budget.spent / 3) + it.ceil(budget.planned / 3),
    ],
    ids=range(12),
)
def test_what_can_be_declared_works_on_a_unit_and_in_words(returned: Any) -> None:
    def measure(budget: Budget) -> Any:
        return returned(budget)

    try:
        measured = declare(measure)
    except it.DeclarationError:
        return
    record = Budget(spent=5, planned=7, approved=True, kind="road")
    assert it.measure(measured, budget=record).outcome is it.Outcome.SCORED
    assert measured.words("zh")
    assert measured.words("en")


@pytest.mark.parametrize(
    "returned",
    [
        lambda budgets: it.count(budgets.approved),
        lambda budgets: it.count(budgets, where=it.all_of(budgets.approved, budgets.spent > 0)),
        lambda budgets: it.total(budgets.spent, where=budgets.approved),
        lambda budgets: it.total(budgets.spent, where=it.equal(budgets.kind, "road")),
        lambda budgets: it.total(it.where(budgets.approved, budgets.spent, 0)),
        lambda budgets: it.total(budgets.spent / 4),
        lambda budgets: it.total(it.maximum(budgets.spent, 0)),
    ],
    ids=range(7),
)
def test_what_can_be_declared_on_line_items_works_on_an_empty_list(returned: Any) -> None:
    def measure(budgets: it.Items[Budget]) -> Any:
        return returned(budgets)

    assert it.measure(declare(measure), budgets=[]).value == 0


# Row-wise


def rowwise(returned: Any) -> it.Measured:
    def measure(budget: Budget) -> Any:
        return returned(budget) if callable(returned) else returned

    return declare(measure, rowwise=True, definition=it.Text(zh="定义", en="definition"))


@pytest.mark.parametrize(
    ("returned", "value"),
    [
        (2, 2),
        (Decimal("1.50"), Fraction(3, 2)),
        (Fraction(1, 3), Fraction(1, 3)),
        (it.Quantity(1, 3), Fraction(1, 3)),
        (lambda budget: budget.spent / budget.planned, Fraction(5, 7)),
        (lambda budget: max(budget.spent, budget.planned), 7),
        (lambda budget: sum(part for part in [budget.spent, budget.planned] if part > 5), 7),
    ],
    ids=range(7),
)
def test_a_rowwise_measure_is_any_code_that_returns_an_exact_number(returned: Any, value: Any) -> None:
    measured = rowwise(returned)
    records = {"budget": Budget(spent=5, planned=7)}
    assert measured(**records) == value
    assert it.measure(measured, **records).value == value
    node = scored(measured, **records)
    assert (node.outcome, node.value) == (it.Outcome.SCORED, value)


@pytest.mark.parametrize(
    ("returned", "outcome"),
    [
        (None, it.Outcome.MISSING),
        (it.MISSING, it.Outcome.MISSING),
        (it.UNDEFINED, it.Outcome.UNDEFINED),
        (lambda budget: budget.planned / 0, it.Outcome.UNDEFINED),
        (lambda budget: 1 if budget.spent > 0 else 0, it.Outcome.MISSING),
        (lambda budget: 1 if budget.planned / 0 > 0 else 0, it.Outcome.UNDEFINED),
    ],
    ids=range(6),
)
def test_a_rowwise_measure_without_a_value_says_why(returned: Any, outcome: it.Outcome) -> None:
    measurement = it.measure(rowwise(returned), budget={"planned": 1})
    assert (measurement.outcome, measurement.value) == (outcome, None)


@pytest.mark.parametrize(
    "returned",
    [0.5, 1.0, True, False, float("nan"), Decimal("NaN"), Decimal("Infinity"), "1", [1], 1j, object(), 10**500],
    ids=range(12),
)
def test_a_rowwise_measure_that_returns_no_exact_number_fails(returned: Any) -> None:
    measured = rowwise(returned)
    node = scored(measured, budget=Budget())
    assert node.outcome is it.Outcome.FAILED
    assert node.value is None
    assert node.score == 0
    with pytest.raises(it.ScoringError) as caught:
        it.measure(measured, budget=Budget())
    assert [problem.code for problem in caught.value.problems] == ["measure-failed"]
    with pytest.raises((it.DeclarationError, it.ExactnessError)):
        measured(Budget())


def test_a_refused_return_value_is_named() -> None:
    node = scored(rowwise(0.5), budget=Budget())
    assert "float 0.5" in node.note["en"]
    assert "indicator demo.tried" in node.note["en"]


def test_a_rowwise_measure_that_raises_fails_alone() -> None:
    def raises(_: Budget) -> Any:
        message = "no such row"
        raise LookupError(message)

    node = scored(rowwise(raises), budget=Budget())
    assert node.outcome is it.Outcome.FAILED
    assert node.note["en"] == "LookupError: no such row"


def test_a_rowwise_measure_has_its_definition_for_words_and_could_use_every_figure() -> None:
    measured = rowwise(1)
    assert measured.formula is None
    assert (measured.words("zh"), measured.words("en")) == ("定义", "definition")
    assert measured.figures == [("budget", field) for field in ("planned", "spent", "approved", "kind", "name")]


# When it applies


def test_a_condition_names_parameters_of_the_measure() -> None:
    problem = only(plain, applies=lambda budgte: budgte.spent > 0)
    assert (problem.code, problem.path) == ("bad-parameter", "indicator demo.tried")
    assert problem.message["en"] == 'applies names "budgte", which is no parameter of the measure'
    assert problem.fix["en"] == 'did you mean "budget"?'


@pytest.mark.parametrize(
    ("applies", "said"),
    [
        (lambda budget: budget.spent, "expected a condition, got budget.spent"),
        (lambda budget: True, "expected a condition, got True"),  # noqa: ARG005 - named, not used
        (lambda budget: budget.spend > 0, "Budget has no field 'spend'"),
        (lambda budget: budget.spent == 0, "== in a formula"),
        (lambda budget: budget.spent > 0 and budget.planned > 0, "a decision by Python"),
        (lambda budget: budget.spent > 0.5, "a float is not exact"),
    ],
    ids=range(6),
)
@pytest.mark.parametrize("rowwise", [False, True])
def test_what_is_no_condition_is_refused(applies: Any, said: str, rowwise: bool) -> None:  # noqa: FBT001 - drawn
    problem = only(plain, applies=applies, rowwise=rowwise)
    assert problem.code == "not-a-formula"
    assert problem.path.startswith("indicator demo.tried, applies")
    assert said in problem.message["en"]


@pytest.mark.parametrize("applies", [True, 5, "budget"])
def test_a_condition_that_is_no_function_is_refused(applies: Any) -> None:
    problems(plain, applies=applies)


@pytest.mark.parametrize("applies", [lambda: True, lambda *budget: True, lambda **budget: True])  # noqa: ARG005 - refused
def test_a_condition_without_named_records_is_refused(applies: Any) -> None:
    problems(plain, applies=applies)


def test_a_condition_for_each_line_item_is_refused() -> None:
    problem = only(with_items, applies=lambda budgets: budgets.spent > 0)
    assert problem.message["en"].startswith("expected a condition, got one value for each line item")


def test_figures_are_those_of_the_formula_and_of_the_condition() -> None:
    measured = declare(
        with_items, applies=lambda staff, budgets: it.all_of(staff.posts > 0, it.count(budgets.approved) > 0)
    )
    assert measured.figures == [("budgets", "spent"), ("staff", "posts"), ("budgets", "approved")]
    assert measured.applies_to == ("staff", "budgets")
    records = {"budgets": it.Items(Budget, [Budget(spent=4, approved=True)]), "staff": Staff(posts=2)}
    assert it.measure(measured, **records).value == 2


numbers = st.none() | st.integers(-2, 2)


@given(spent=numbers, planned=st.none() | st.integers(0, 2), approved=st.none() | st.booleans())
def test_an_indicator_applies_where_its_condition_holds(
    spent: int | None,
    planned: int | None,
    approved: bool | None,  # noqa: FBT001 - drawn
) -> None:
    def condition(budget: Any) -> Any:
        return it.all_of(budget.approved, budget.spent / budget.planned >= -1)

    measured = declare(of_spent, applies=condition)
    measurement = it.measure(measured, budget={"spent": spent, "planned": planned, "approved": approved})
    if spent is None or planned is None or approved is None:
        outcome = it.Outcome.MISSING
    elif planned == 0:
        outcome = it.Outcome.UNDEFINED
    elif approved and Fraction(spent, planned) >= -1:
        outcome = it.Outcome.SCORED
    else:
        outcome = it.Outcome.NOT_APPLICABLE
    assert measurement.outcome is outcome
    assert measurement.value == (spent if outcome is it.Outcome.SCORED else None)


def of_spent(budget: Budget) -> Any:
    return budget.spent + 0


def test_a_condition_that_does_not_hold_spares_what_the_measure_lacks() -> None:
    measured = declare(plain, applies=lambda budget: budget.approved)
    for approved, outcome in (
        (False, it.Outcome.NOT_APPLICABLE),
        (True, it.Outcome.MISSING),
        (None, it.Outcome.MISSING),
    ):
        assert it.measure(measured, budget={"approved": approved}).outcome is outcome


@pytest.mark.parametrize(
    "declare", [it.graded, lambda *args, **named: it.checklist(*args, items={"a": it.Text.of("A")}, **named)]
)
def test_a_tier_or_a_title_that_is_none_is_refused_with_what_there_is(declare: Any) -> None:
    with pytest.raises(it.DeclarationError) as caught:
        declare("demo.tried", tier="proces", title=5)
    said = str(caught.value)
    assert 'expected one of the four tiers, got "proces" (did you mean "process"?)' in said
    assert [problem.code for problem in caught.value.problems] == ["bad-tier", "bad-title"]
