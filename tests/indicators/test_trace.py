"""Tracing: the stand-ins of records build a formula, and never act as data."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import pytest

import indicatree as it
from indicatree import fields
from indicatree.arithmetic import exact
from indicatree.data import RecordShape
from indicatree.indicators.trace import TracedItems, TracedRecord, trace

TITLE = it.Text(zh="记录", en="Record")


@it.record("demo.facts", title=TITLE)
class Facts:
    amount: fields.Money = fields.money("金额", "amount")
    open: fields.Flag = fields.flag("公开", "open")
    kind: fields.Choice = fields.choice("类别", "kind", {"road": TITLE})
    other: fields.Choice = fields.choice("另一类别", "other kind", {"road": TITLE})
    more: fields.Choice = fields.choice("更多类别", "more kinds", {"road": TITLE, "school": TITLE})
    name: fields.Words = fields.text("名称", "name")


def formula_of(function: Any, *, many: bool = False, condition: bool = False) -> Any:
    return trace(function, {"facts": RecordShape(Facts, many)}, "here", condition=condition)


def refused(function: Any, *, many: bool = False, condition: bool = False) -> it.Problem:
    with pytest.raises(it.DeclarationError) as caught:
        formula_of(function, many=many, condition=condition)
    (problem,) = caught.value.problems
    return problem


def test_a_formula_tells_its_operations() -> None:
    assert (
        repr(formula_of(lambda facts: facts.amount * 2 - 1))
        == "-(*(facts.amount, constant(Quantity(2))), constant(Quantity(1)))"
    )
    assert repr(formula_of(lambda facts: facts.open, condition=True)) == "facts.open"
    assert repr(formula_of(lambda facts: it.total(facts.amount), many=True)) == "total(facts.amount)"


def test_a_figure_tells_its_record_field_and_kind() -> None:
    figure = formula_of(lambda facts: facts.amount)
    assert figure.args == ("facts", "amount", it.record_type(Facts).fields["amount"], Facts)
    assert not figure.each


@pytest.mark.parametrize("many", [False, True])
def test_a_misspelt_field_is_told_with_the_nearest_one(many: bool) -> None:  # noqa: FBT001 - drawn
    problem = refused(lambda facts: facts.amuont, many=many)
    assert (problem.message["en"], problem.fix["en"]) == ("Facts has no field 'amuont'", 'did you mean "amount"?')
    assert (problem.message["zh"], problem.fix["zh"]) == ('Facts 没有字段 "amuont"', '是否为 "amount"？')
    assert problem.path.startswith(f"here at {__file__}:")


@pytest.mark.parametrize("stand_in", [TracedRecord, TracedItems])
@pytest.mark.parametrize(
    "use",
    [
        lambda facts: facts + 1,
        lambda facts: 1 - facts,
        lambda facts: facts * facts,
        lambda facts: facts / 2,
        lambda facts: facts > 1,
        lambda facts: facts <= 1,
        bool,
        float,
        int,
        abs,
        lambda facts: facts[0],
    ],
    ids=range(11),
)
def test_a_record_is_no_figure(stand_in: Any, use: Any) -> None:
    with pytest.raises(TypeError, match=r"facts is a record: name one of its fields, such as facts\.amount"):
        use(stand_in("facts", Facts))


@pytest.mark.parametrize(
    "use",
    [
        lambda facts: [fact.amount for fact in facts],
        lambda facts: len(facts),  # noqa: PLW0108 - a builtin takes no parameter by name
        lambda facts: sum(1 for _ in facts),
        lambda facts: max(facts),  # noqa: PLW0108 - likewise
    ],
    ids=range(4),
)
def test_line_items_cannot_be_looped_over(use: Any) -> None:
    problem = refused(use, many=True)
    assert "a loop over facts works on one unit only" in problem.message["en"]
    assert "total" in problem.fix["en"]
    assert "rowwise=True" in problem.fix["en"]


@pytest.mark.parametrize("use", [lambda facts: list(facts), lambda facts: len(facts)], ids=range(2))  # noqa: PLW0108 - likewise
def test_a_single_record_is_refused_as_a_list_and_as_a_figure(use: Any) -> None:
    assert refused(use).code == "not-a-formula"


def test_a_missing_dunder_is_an_attribute_error() -> None:
    # copy, pickle and others ask for such names and expect an AttributeError
    for stand_in in (TracedRecord("facts", Facts), TracedItems("facts", Facts)):
        assert not hasattr(stand_in, "__array__")


def test_a_term_does_not_leave_its_declaration() -> None:
    figure = formula_of(lambda facts: facts.amount + 1)
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="does not leave the declaration"):
            leave(figure)


@pytest.mark.parametrize(
    "function",
    [
        lambda facts: it.all_of(facts.open, facts.amount > 1),
        lambda facts: it.any_of(facts.open, facts.amount > 1),
        lambda facts: it.none_of(facts.open),
        lambda facts: it.equal(facts.kind, "road"),
        lambda facts: it.equal(facts.amount, 1),
        lambda facts: facts.open & (facts.amount < 2) | (facts.amount >= 1),
        lambda facts: facts.open,
    ],
    ids=range(7),
)
def test_a_condition_is_no_value_and_a_value_no_condition(function: Any) -> None:
    assert formula_of(function, condition=True) is not None
    assert refused(function).message["en"].startswith("expected a formula on the figures, got ")
    assert (
        refused(lambda facts: it.where(function(facts), 1, 0), condition=True)
        .message["en"]
        .startswith("expected a condition, got ")
    )


def test_the_tilde_is_refused_on_conditions() -> None:
    problem = refused(lambda facts: it.where(~facts.open, 1, 0))
    assert "none_of(condition)" in problem.fix["en"]


@pytest.mark.parametrize("option", ["raod", "", 1])
def test_an_unknown_option_is_told_with_those_that_there_are(option: Any) -> None:
    problem = refused(lambda facts: it.equal(facts.kind, option), condition=True)
    assert problem.code == "not-a-formula"
    assert "road" in problem.fix["en"]


@pytest.mark.parametrize("function", [len, int, str.upper, dict])
def test_a_function_without_python_code_is_refused_without_a_line(function: Any) -> None:
    with pytest.raises(it.DeclarationError) as caught:
        trace(function, {"facts": RecordShape(Facts)}, "here")
    assert caught.value.problems[0].path == "here"


def test_the_error_behind_a_refusal_is_kept() -> None:
    with pytest.raises(it.DeclarationError) as caught:
        formula_of(lambda facts: facts.amount // 2)
    assert isinstance(caught.value.__cause__, TypeError)


@pytest.mark.parametrize(
    "function",
    [
        lambda facts: facts.amount // 2,
        lambda facts: facts.amount * 0.5,
        lambda facts: facts.amount + None,
        lambda facts: facts.kind + 1,
        lambda facts: it.where(facts.kind > 1, 1, 0),
        lambda facts: it.where(facts.kind & 1, 1, 0),
        lambda facts: it.where(it.equal(facts.kind, "raod"), 1, 0),
        lambda facts: it.where(it.equal(facts.kind, facts.more), 1, 0),
        lambda facts: facts.name,
        lambda facts: facts.amuont,
        lambda facts: facts + 1,
        it.count,
        lambda facts: it.total(facts.amount),
        lambda facts: it.count(facts.open),
        lambda facts: it.count(facts.amount),
        lambda facts: it.where("yes", facts.amount, 0),
        lambda facts: it.exact("x") + facts.amount,
        lambda facts: facts.amount > 0,
        lambda facts: len(facts.__class__.__name__),
        lambda facts: facts.amount / 0,
        lambda facts: {}[facts],
    ],
    ids=range(21),
)
def test_what_is_refused_is_said_in_two_languages_with_what_to_do(function: Any) -> None:
    problem = refused(function)
    for words in (problem.message, problem.fix):
        assert words.zh
        assert words.en
        assert not re.search("[\u4e00-\u9fff]", words.en)
    assert re.search("[\u4e00-\u9fff]", problem.fix.zh)
    assert "rowwise" not in problem.message.en
    assert problem.fix.en.count("rowwise") == problem.fix.zh.count("rowwise")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda facts: facts.amount / 0, "divides by zero: amount / 0"),
        (lambda facts: 1 - facts.amount / (exact("0.5") - exact("50%")), "divides by zero: amount / 0"),
        (lambda facts: it.where(facts.open, facts.amount / 0, 1), "divides by zero: amount / 0"),
        (lambda facts: it.where(facts.amount / 0 > 1, 1, 2), "divides by zero: amount / 0"),
    ],
    ids=range(4),
)
def test_a_division_by_zero_that_the_trace_sees_is_refused(function: Any, words: str) -> None:
    problem = refused(function)
    assert (problem.code, problem.message["en"]) == ("not-a-formula", words)
    assert problem.message["zh"] == words.replace("divides by zero: amount", "除数为零：金额")
    condition = refused(lambda facts: it.all_of(facts.open, function(facts) > 1), condition=True)
    assert condition.message["en"] == words


def test_a_division_by_what_can_be_other_than_zero_is_taken() -> None:
    for function in (lambda facts: 0 / facts.amount, lambda facts: facts.amount / it.where(facts.open, 0, 1)):
        assert formula_of(function) is not None


def test_choices_of_the_same_options_can_be_compared() -> None:
    same = formula_of(lambda facts: it.equal(facts.kind, facts.other), condition=True)
    assert repr(same) == "==(facts.kind, facts.other)"
    each = formula_of(lambda facts: it.count(it.equal(facts.kind, facts.other)), many=True)
    assert repr(each) == "count(==(facts.kind, facts.other))"
    problem = refused(lambda facts: it.equal(facts.kind, facts.more), condition=True)
    assert problem.message["en"] == "facts.kind and facts.more have different options"
