"""Line items: their fields, their totals, and that a list which is not given is not an empty one."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields

TITLE = it.Text(zh="项目", en="Project")


@it.record("demo.project", title=TITLE)
class Project:
    name: fields.Words = fields.text("名称", "name")
    planned: fields.Money = fields.money("预算", "planned")
    spent: fields.Money = fields.money("支出", "spent", signed=True)
    active: fields.Flag = fields.flag("已开工", "active")
    kind: fields.Choice = fields.choice("类别", "kind", {"road": TITLE, "school": TITLE})


@it.record("demo.other", title=TITLE)
class Other:
    spent: fields.Money = fields.money("支出", "spent")


cents = st.integers(-500, 500).map(lambda number: Fraction(number, 100))
whole = st.fixed_dictionaries(
    {
        "planned": cents.map(abs),
        "spent": cents,
        "active": st.booleans(),
        "kind": st.sampled_from(["road", "school"]),
        "name": st.text(max_size=3),
    }
)
rows = st.lists(whole, max_size=5)


def items(table: list[dict[str, Any]]) -> it.Items[Project]:
    return it.Items(Project, [Project(**row) for row in table])


def value(quantity: Any) -> Fraction:
    assert isinstance(quantity, it.Quantity)
    return quantity.fraction


@given(table=rows)
def test_a_total_is_the_sum_over_the_items(table: list[dict[str, Any]]) -> None:
    assert value(it.total(items(table).spent)) == sum((row["spent"] for row in table), start=Fraction(0))


@given(table=rows)
def test_a_total_with_a_condition_is_the_sum_over_those_that_meet_it(table: list[dict[str, Any]]) -> None:
    projects = items(table)
    for condition, met in (
        (projects.active, [row for row in table if row["active"]]),
        (projects.spent > 1, [row for row in table if row["spent"] > 1]),
        (projects.spent >= projects.planned, [row for row in table if row["spent"] >= row["planned"]]),
        (it.equal(projects.kind, "road"), [row for row in table if row["kind"] == "road"]),
        (it.none_of(projects.active), [row for row in table if not row["active"]]),
        (
            it.all_of(projects.active, projects.spent > 0),
            [row for row in table if row["active"] and row["spent"] > 0],
        ),
        (
            it.any_of(projects.active, projects.spent > 0),
            [row for row in table if row["active"] or row["spent"] > 0],
        ),
    ):
        expected = sum((row["spent"] for row in met), start=Fraction(0))
        assert value(it.total(projects.spent, where=condition)) == expected
        assert value(it.count(projects, where=condition)) == len(met)
        assert value(it.count(condition)) == len(met)


@given(table=rows)
def test_arithmetic_on_fields_goes_item_by_item(table: list[dict[str, Any]]) -> None:
    projects = items(table)
    expected = sum((abs(row["planned"] - row["spent"]) * 2 for row in table), start=Fraction(0))
    assert value(it.total(abs(projects.planned - projects.spent) * 2)) == expected


@given(table=rows)
def test_the_smallest_and_the_largest_are_those_of_the_items(table: list[dict[str, Any]]) -> None:
    projects = items(table)
    spent = [row["spent"] for row in table]
    if not spent:
        assert it.minimum(projects.spent) == it.maximum(projects.spent) == it.UNDEFINED
        return
    assert value(it.minimum(projects.spent)) == min(spent)
    assert value(it.maximum(projects.spent)) == max(spent)


@given(table=st.lists(whole, min_size=1, max_size=5), data=st.data())
def test_a_missing_figure_of_an_item_that_counts_makes_the_total_missing(
    table: list[dict[str, Any]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(table) - 1))
    table = [{**row, "active": index == place} for index, row in enumerate(table)]
    table[place] = {**table[place], "spent": None}
    projects = items(table)
    assert it.total(projects.spent) == it.MISSING
    assert it.total(projects.spent, where=projects.active) == it.MISSING
    rest = sum((row["spent"] for row in table if row["spent"] is not None), start=Fraction(0))
    assert value(it.total(projects.spent, where=it.none_of(projects.active))) == rest


def test_an_empty_list_is_given_and_adds_up_to_zero() -> None:
    empty = it.Items(Project)
    assert empty.given
    assert len(empty) == 0
    assert it.total(empty.spent) == 0
    assert it.count(empty) == 0
    assert it.count(empty, where=empty.spent > 0) == 0
    assert it.minimum(empty.spent) == it.UNDEFINED


def test_conditions_on_an_empty_list_count_nothing() -> None:
    empty = it.Items(Project)
    assert it.count(empty.active) == 0
    assert it.count(it.none_of(empty.active)) == 0
    assert it.count(it.all_of(empty.active, empty.spent > 0)) == 0
    assert it.total(empty.spent, where=it.any_of(empty.active, empty.spent > 0)) == 0
    assert it.total(it.where(empty.active, empty.spent, 0)) == 0


def test_a_list_that_is_not_given_is_missing_in_every_use() -> None:
    absent = it.Items(Project, given=False)
    assert not absent.given
    assert it.total(absent.spent) == it.MISSING
    assert it.total(absent.spent, where=absent.active) == it.MISSING
    assert it.count(absent) == it.MISSING
    assert it.count(absent.active) == it.MISSING
    assert it.count(it.equal(absent.kind, "road")) == it.MISSING
    assert it.maximum(absent.spent) == it.MISSING
    assert absent != it.Items(Project)


def test_a_misspelt_field_is_told_with_the_nearest_one() -> None:
    projects: Any = it.Items(Project, [Project(spent=1)])
    with pytest.raises(AttributeError, match=r"Project has no field 'spnt': did you mean \"spent\"\?"):
        _ = projects.spnt
    assert not hasattr(projects, "__array__")


def test_an_item_of_another_class_is_refused() -> None:
    wrong: Any = it.Items
    with pytest.raises(TypeError, match=r"item 1: expected a Project, got Other\("):
        wrong(Project, [Project(), Other()])
    with pytest.raises(it.DeclarationError, match="expected a record class"):
        wrong(int)


@given(table=rows, other=rows)
def test_items_are_equal_by_class_order_and_values(table: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    assert items(table) == items(table)
    assert hash(items(table)) == hash(items(table))
    assert (items(table) == items(other)) == (table == other)
    assert items(table) != table
    assert it.Items(Project) != it.Items(Other)


@given(table=st.lists(whole | st.just({}), max_size=3), present=st.booleans())
def test_items_are_equal_after_pickling_and_copying(table: list[dict[str, Any]], present: bool) -> None:  # noqa: FBT001 - drawn
    projects = items(table) if present else it.Items(Project, given=False)
    for again in (pickle.loads(pickle.dumps(projects)), copy.copy(projects), copy.deepcopy(projects)):  # noqa: S301 - our own
        assert again == projects
        assert hash(again) == hash(projects)
        assert again.given is present


def test_items_do_not_change() -> None:
    projects = it.Items(Project, [Project(spent=1)])
    with pytest.raises(AttributeError, match="do not change"):
        projects.given = False
    with pytest.raises(AttributeError):
        del projects.records


def test_items_are_iterated_in_order() -> None:
    made = [Project(name="a"), Project(name="b")]
    assert list(it.Items(Project, iter(made))) == made
    assert repr(it.Items(Project, made)) == "Items(Project, 2 items)"


def test_a_condition_on_items_is_no_single_answer() -> None:
    projects = items([])
    with pytest.raises(TypeError, match="one answer for each item"):
        bool(projects.spent > 1)
