"""Records: what a declaration must be, and what a record is then."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data import is_record
from indicatree.text import Text

TITLE = it.Text(zh="单位", en="Unit")


@it.record("demo.everything", title=TITLE)
class Everything:
    amount: fields.Money = fields.money("金额", "amount", signed=True)
    number: fields.Count = fields.count("数量", "number")
    rate: fields.Share = fields.share("比率", "rate")
    day: fields.Date = fields.date("日期", "day")
    open: fields.Flag = fields.flag("公开", "open")
    grade: fields.Choice = fields.choice(
        "等级", "grade", {"a": it.Text(zh="甲", en="A"), "b": it.Text(zh="乙", en="B")}
    )
    name: fields.Words = fields.text("名称", "name")


@it.record("demo.other", title=TITLE)
class Other:
    amount: fields.Money = fields.money("金额", "amount")


NAMES = ("amount", "number", "rate", "day", "open", "grade", "name")

given_values = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.none() | st.integers(-(10**15), 10**15).map(lambda cents: Fraction(cents, 100)),
        "number": st.none() | st.integers(0, 10**12),
        "rate": st.none() | st.integers(0, 10**6).map(lambda micros: Fraction(micros, 10**6)),
        "day": st.none() | st.dates(),
        "open": st.none() | st.booleans(),
        "grade": st.none() | st.sampled_from(["a", "b"]),
        "name": st.none() | st.text(),
    },
)


def evolve(record: Any, **values: Any) -> Any:
    return attrs.evolve(record, **values)


def problems(declare: Any) -> tuple[it.Problem, ...]:
    with pytest.raises(it.DeclarationError) as caught:
        declare()
    for problem in caught.value.problems:
        assert problem.code
        assert problem.path
        assert problem.message["en"]
    return caught.value.problems


@given(values=given_values)
def test_records_of_the_same_values_are_equal_with_equal_hashes(values: dict[str, Any]) -> None:
    first, second = Everything(**values), Everything(**values)
    assert first == second
    assert hash(first) == hash(second)


@given(values=given_values)
def test_a_record_is_equal_after_pickling_and_copying(values: dict[str, Any]) -> None:
    record = Everything(**values)
    for again in (pickle.loads(pickle.dumps(record)), copy.deepcopy(record), copy.copy(record)):  # noqa: S301 - our own
        assert again == record
        assert hash(again) == hash(record)
        assert evolve(again, number=1).number == 1


@given(values=given_values, name=st.sampled_from(NAMES))
def test_records_of_different_values_differ(values: dict[str, Any], name: str) -> None:
    record = Everything(**values)
    other = {"amount": "0.01", "number": 1, "rate": "1%", "day": "2022-12-31", "open": True, "grade": "a", "name": "x"}
    changed = evolve(record, **{name: other[name]})
    kind = it.record_type(Everything).fields[name]
    before = getattr(record, name)
    same = not kind.is_missing(before) and before == getattr(changed, name)
    assert (changed == record) is same


def test_the_same_value_in_another_spelling_makes_an_equal_record() -> None:
    spellings: list[Any] = ["12.50", Decimal("12.5"), 12.5, Fraction(25, 2), it.Quantity(25, 2), "1.25e1"]
    assert len({Other(amount=value) for value in spellings}) == 1


def test_records_of_two_classes_are_not_equal() -> None:
    other: Any = Other(amount=1)
    assert other != Everything(amount=1)


def test_what_is_not_given_is_missing() -> None:
    for record in (Everything(), Everything(**dict.fromkeys(NAMES))):
        for name, kind in it.record_type(Everything).fields.items():
            assert kind.is_missing(getattr(record, name))
        assert record == Everything()


@pytest.mark.parametrize("name", [*NAMES, "unknown"])
def test_a_record_does_not_change(name: str) -> None:
    record = Everything()
    with pytest.raises(AttributeError):
        setattr(record, name, None)
    with pytest.raises(AttributeError):
        delattr(record, name)


def test_a_record_takes_its_fields_by_name_only() -> None:
    positional: Any = Other
    with pytest.raises(TypeError):
        positional(1)
    with pytest.raises(TypeError, match="amout"):
        positional(amout=1)


def test_a_refused_value_names_the_field() -> None:
    with pytest.raises(it.DataError) as caught:
        Other(amount="12,3x")
    assert caught.value.problems == (
        it.Problem("bad-value", "amount", Text(zh='应为金额，实为 "12,3x"', en='expected an amount, got "12,3x"')),
    )
    assert str(caught.value) == 'amount: expected an amount, got "12,3x"'


def test_a_record_type_tells_what_was_declared() -> None:
    known = it.record_type(Everything)
    assert (known.id, known.title, tuple(known.fields), known.label) == ("demo.everything", TITLE, NAMES, "name")
    assert it.record_type(Other).label is None
    assert is_record(Everything)
    assert not is_record(Everything())
    assert not is_record(int)


def test_a_class_that_is_no_record_has_no_record_type() -> None:
    (problem,) = problems(lambda: it.record_type(int))
    assert (problem.code, problem.path, problem.fix["en"]) == (
        "not-a-record",
        "int",
        "decorate it with @record(id, title=...)",
    )


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "budget",
        "Demo.budget",
        "demo.Budget",
        "demo.",
        ".budget",
        "demo..budget",
        "demo budget",
        "1.a",
        "预算.a",
        5,
        None,
    ],
)
def test_a_malformed_id_is_refused(identifier: Any) -> None:
    def declare() -> None:
        @it.record(identifier, title=TITLE)
        class Record:
            amount: fields.Money = fields.money("金额", "amount")

    (problem,) = problems(declare)
    assert problem.code == "bad-id"
    assert "namespace.name" in problem.message["en"]
    assert f'got "{identifier}"' in problem.message["en"]
    assert problem.fix["en"] == 'for example "mof.record"'


@pytest.mark.parametrize("identifier", ["a.b", "mof.budget", "my-city.budget_2022", "a.b.c", "a1.b2"])
def test_a_namespaced_id_is_taken(identifier: str) -> None:
    @it.record(identifier, title=TITLE)
    class Record:
        amount: fields.Money = fields.money("金额", "amount")

    assert it.record_type(Record).id == identifier


def test_an_attribute_without_a_kind_is_refused_by_name() -> None:
    def declare() -> None:
        @it.record("demo.wrong", title=TITLE)
        class Wrong:
            amount: fields.Money = fields.money("金额", "amount")
            plain: int = 3
            attr: int = attrs.field(default=3)

    found = problems(declare)
    assert [problem.code for problem in found] == ["not-a-field"] * 2
    assert [problem.path.rpartition(".")[2] for problem in found] == ["plain", "attr"]
    assert all("indicatree.fields" in problem.fix["en"] for problem in found)


def test_an_attribute_without_a_kind_is_refused_beside_one_without_annotation() -> None:
    def declare() -> None:
        @it.record("demo.wrong", title=TITLE)
        class Wrong:
            plain: int = 3
            amount = fields.money("金额", "amount")

    assert [problem.path.rpartition(".")[2] for problem in problems(declare)] == ["plain"]


def test_every_problem_of_a_declaration_is_told_at_once() -> None:
    def declare() -> None:
        @it.record("Wrong", title=TITLE)
        class Wrong:
            plain: int = 3

    assert [problem.code for problem in problems(declare)] == ["bad-id", "not-a-field"]


def test_a_record_without_fields_is_refused() -> None:
    def declare() -> None:
        @it.record("demo.empty", title=TITLE)
        class Empty:
            pass

    assert [problem.code for problem in problems(declare)] == ["empty-record"]


def test_a_field_name_that_a_file_could_not_give_is_refused() -> None:
    def declare() -> None:
        @it.record("demo.hidden", title=TITLE)
        class Hidden:
            _amount: fields.Money = fields.money("金额", "amount")

    problems(declare)


@pytest.mark.parametrize("name", ["records", "given", "record_class", "count_items"])
def test_a_field_whose_name_line_items_use_themselves_is_refused(name: str) -> None:
    def declare() -> None:
        kind = fields.money("金额", "amount")
        it.record("demo.reserved", title=TITLE)(
            type("Reserved", (), {name: kind, "__annotations__": {name: fields.Money}})
        )

    assert name in str(problems(declare)[0])


def test_a_record_that_inherits_has_the_fields_of_both() -> None:
    @it.record("demo.more", title=TITLE)
    class More(Other):
        number: fields.Count = fields.count("数量", "number")

    assert list(it.record_type(More).fields) == ["amount", "number"]
    assert More(amount=1, number=2).number == 2
