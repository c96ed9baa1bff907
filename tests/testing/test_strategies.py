"""What strategies draw fits what it is drawn for, and lies where mistakes are."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, find, given, seed, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules, testing
from indicatree.data.fields import Kind
from indicatree.testing.strategies.aim import aims_of
from indicatree.testing.strategies.fault import FAULTS
from strategies import INDICATORS, Budget, Project, Staff, execution, project_execution, scheme_of, staffing, text

UNTIMED = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@it.record("demo.everything", title=text("全部", "Everything"))
class Everything:
    """Each kind of field once."""

    amount: fields.Money = fields.money("金额", "amount", signed=True, most=1000)
    count: fields.Count = fields.count("个数", "count", most=7)
    area: fields.Number = fields.number("面积", "area", unit="m²", places=3)
    share: fields.Share = fields.share("比例", "share", places=4, least="0.1", most="1.5")
    day: fields.Date = fields.date("日期", "day")
    flag: fields.Flag = fields.flag("标志", "flag")
    choice: fields.Choice = fields.choice("选项", "choice", {"a": text("甲", "A"), "b": text("乙", "B")})
    name: fields.Words = fields.text("名称", "name")


# Records


@given(testing.records(Everything))
def test_a_record_is_drawn_within_its_limits_and_whole(record: Everything) -> None:
    kinds = it.record_type(Everything).fields
    assert not any(kind.is_missing(getattr(record, name)) for name, kind in kinds.items())
    assert -1000 <= record.amount <= 1000
    assert 0 <= record.count <= 7
    assert it.exact("0.1") <= record.share <= it.exact("1.5")
    assert (record.area * 1000).fraction.denominator == 1


@given(st.from_type(Everything))
def test_hypothesis_draws_a_record_from_its_type(record: Everything) -> None:
    assert isinstance(record, Everything)


@given(st.from_type(it.Items[Budget]))
def test_hypothesis_draws_line_items_from_their_type(items: Any) -> None:
    assert items.record_class is Budget


@given(testing.records(Everything, missing=True))
def test_what_is_drawn_is_taken_again_as_it_is(record: Everything) -> None:
    names = it.record_type(Everything).fields
    assert Everything(**{name: getattr(record, name) for name in names}) == record


def test_a_figure_can_be_missing_where_that_is_asked_for() -> None:
    assert find(testing.records(Budget, missing=True), lambda budget: not budget.spent.is_defined)
    with pytest.raises(Exception, match=r"NoSuchExample|condition"):
        find(testing.records(Budget), lambda budget: not budget.spent.is_defined, settings=settings(max_examples=200))


@given(testing.records(Budget, missing=True, where=lambda budget: budget.spent <= budget.planned))
def test_a_condition_holds_for_every_record(budget: Budget) -> None:
    assert budget.spent.fraction <= budget.planned.fraction


@given(testing.records(Staff, posts=92, in_post=st.integers(90, 95)))
def test_a_field_can_be_given_as_a_value_or_as_a_strategy(staff: Staff) -> None:
    assert staff.posts == 92
    assert 90 <= staff.in_post <= 95


def test_a_misspelt_field_is_named() -> None:
    with pytest.raises(
        it.DeclarationError, match=r'Staff\.post: there is no such field .did you mean "posts"'
    ) as caught:
        testing.records(Staff, post=92)
    assert re.search("[\u4e00-\u9fff]", caught.value.problems[0].message.zh)


def test_a_class_that_is_no_record_is_refused() -> None:
    with pytest.raises(it.DeclarationError, match="expected a record class"):
        testing.records(int)


def shares_of(draws: list[Any], holds: Any) -> float:
    return sum(bool(holds(draw)) for draw in draws) / len(draws)


def drawn(strategy: st.SearchStrategy[Any], size: int = 300) -> list[Any]:
    found: list[Any] = []

    @seed(1)
    @settings(max_examples=size, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found


def test_figures_of_one_record_are_often_near_to_each_other() -> None:
    found = drawn(testing.records(Budget))
    assert shares_of(found, lambda budget: budget.spent == budget.planned) > 0.05
    assert shares_of(found, lambda budget: abs(budget.spent - budget.planned) == it.exact("0.01")) > 0.05


BANDS = rules.Bands(
    bands=[rules.Band(at_least="80%", points=10), rules.Band(below="80%", points=0)],
)
SCHEME = scheme_of(it.Leaf(id="rate", indicator=execution, points=10, rule=BANDS))


def test_values_lie_on_the_edges_of_a_scheme_and_just_beside_more_often() -> None:
    edge = Fraction(4, 5)

    def value(budget: Budget) -> Fraction:
        return budget.spent.fraction / budget.planned.fraction if budget.planned > 0 else Fraction(-1)

    def unit(budget: Budget) -> Fraction:
        return Fraction(1, 100) / budget.planned.fraction if budget.planned > 0 else Fraction(0)

    plain, aimed = drawn(testing.records(Budget)), drawn(testing.records(Budget, scheme=SCHEME))
    at = shares_of(aimed, lambda budget: value(budget) == edge)
    assert at > 0.1
    assert at > 3 * shares_of(plain, lambda budget: value(budget) == edge)
    assert shares_of(aimed, lambda budget: 0 < abs(value(budget) - edge) <= unit(budget)) > 0.1


@given(testing.items(Project, least=1, most=2, missing=True))
def test_line_items_are_as_many_as_asked_for(projects: it.Items[Project]) -> None:
    assert 1 <= len(projects) <= 2


# Kinds of one's own


@attrs.frozen(kw_only=True)
class Colour(Kind):
    """A kind that nothing is known of."""

    def take(self, value: Any) -> Any:
        return value


def test_a_kind_of_ones_own_is_drawn_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indicatree.testing.strategies.figure._own_kinds", {})
    kind = Colour(title=text("颜色", "colour"))
    with pytest.raises(it.DeclarationError, match="colour: nothing is known of the values of a Colour") as caught:
        testing.figures(kind)
    assert re.search("[\u4e00-\u9fff]", caught.value.problems[0].message.zh)
    testing.register_kind(Colour, lambda _: st.just("red"))
    assert drawn(testing.figures(kind), 5)[0] == "red"


# Units


@given(st.data())
@UNTIMED
def test_drawn_data_fits_any_drawn_scheme(data: st.DataObject) -> None:
    scheme = data.draw(testing.schemes(indicators=INDICATORS))
    unit = data.draw(testing.data_for(scheme, missing=True, inapplicable=True))
    assert it.score(scheme, unit).scheme == scheme.id


@given(st.data())
@UNTIMED
def test_data_without_holes_leaves_nothing_out(data: st.DataObject) -> None:
    scheme = data.draw(testing.schemes(indicators=INDICATORS))
    unit = data.draw(testing.data_for(scheme))
    assert not unit.not_applicable
    assert set(unit.records) == set(scheme.data_shape.records)
    for leaf in it.score(scheme, unit).leaves():
        assert leaf.outcome is not it.Outcome.MISSING


@given(st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_what_the_policies_do_not_allow_is_not_drawn(data: st.DataObject) -> None:
    scheme = scheme_of(
        it.Leaf(id="rate", indicator=execution, points=10, rule=BANDS),
        it.Leaf(id="staff", indicator=staffing, points=5, rule=rules.AllOrNothing(at_most=1)),
    )
    unit = data.draw(testing.data_for(scheme, missing=True, inapplicable=True))
    assert it.score(scheme, unit).points == 15


@given(testing.data_for(SCHEME, missing=True, scored=False))
def test_data_that_cannot_be_scored_is_drawn_where_that_is_asked_for(unit: it.UnitData) -> None:
    assert set(unit.records) <= {"budget"}


def test_full_marks_are_found_where_they_are_looked_for() -> None:
    lines = it.Leaf(id="lines", indicator=project_execution, points=5, rule=rules.Proportional(), for_each="projects")
    scheme = scheme_of(
        it.Leaf(id="rate", indicator=execution, points=10, rule=BANDS),
        lines,
        policies=it.Policies(missing="no_points", undefined="no_points"),
    )
    found = [it.score(scheme, unit) for unit in drawn(testing.data_for(scheme, full=True), 100)]
    assert shares_of(found, lambda card: card["process.group.rate"].score == 10) > 0.5


def test_every_measured_leaf_can_be_aimed_at() -> None:
    lines = it.Leaf(id="lines", indicator=project_execution, points=5, rule=rules.Proportional(), for_each="projects")
    found = aims_of(scheme_of(it.Leaf(id="rate", indicator=execution, points=10, rule=BANDS), lines))
    assert [aim.path for aim in found] == ["process.group.rate", "process.group.lines"]
    assert {place.record for place in found[1].places} == {"projects"}


# Schemes


@given(testing.schemes(indicators=INDICATORS))
@UNTIMED
def test_a_drawn_scheme_is_valid_and_has_points(scheme: it.Scheme) -> None:
    assert [tier.tier for tier in scheme.tiers] == list(it.Tier)
    assert scheme.points_of(scheme) >= 0
    assert {leaf.indicator for _, leaf in scheme.leaves()} <= set(INDICATORS)


def test_drawn_schemes_have_every_shape() -> None:
    found = drawn(testing.schemes(indicators=INDICATORS), 150)
    combines = {
        node.aggregation.combine for scheme in found for _, node in scheme.walk() if not isinstance(node, it.Leaf)
    }
    assert combines == set(it.Combine)
    kinds = {leaf.rule.kind for scheme in found for _, leaf in scheme.leaves() if leaf.rule is not None}
    assert len(kinds) > 6
    assert any(leaf.for_each for scheme in found for _, leaf in scheme.leaves())
    assert any(path.count(".") > 2 for scheme in found for path, _ in scheme.walk())


@given(testing.schemes(it.default_catalog()))
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_schemes_are_drawn_from_the_indicators_of_a_catalog(scheme: it.Scheme) -> None:
    assert it.load_scheme(scheme.to_dict()) == scheme


def test_a_catalog_without_indicators_is_refused() -> None:
    with pytest.raises(it.DeclarationError, match="no indicator") as caught:
        testing.schemes(it.Catalog(discover=False))
    assert re.search("[\u4e00-\u9fff]", caught.value.problems[0].message.zh)


@given(testing.invalid_schemes())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_an_invalid_scheme_has_the_one_fault_that_it_names(invalid: testing.InvalidScheme) -> None:
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(dict(invalid.document))
    found = [(problem.code, problem.path.removeprefix("scheme: ")) for problem in caught.value.problems]
    assert found == [(invalid.code, invalid.path)]
    assert invalid.code in FAULTS


# Measures


@given(testing.measures(), st.data())
def test_a_drawn_measure_measures_drawn_records(measure: it.Measured, data: st.DataObject) -> None:
    records = {
        name: data.draw(testing.records(shape.record_class, missing=True)) for name, shape in measure.parameters.items()
    }
    assert it.measure(measure, **records).outcome in (it.Outcome.SCORED, it.Outcome.MISSING, it.Outcome.UNDEFINED)
    assert measure.words("zh")


@given(testing.measures(Budget, Staff))
def test_measures_use_the_record_classes_that_are_given(measure: it.Measured) -> None:
    assert all(shape.record_class in (Budget, Staff) for shape in measure.parameters.values())
    assert measure.figures


def test_measures_need_a_number() -> None:
    @it.record("demo.words", title=text("文字", "Words"))
    class Said:
        name: fields.Words = fields.text("名称", "name")

    with pytest.raises(it.DeclarationError, match="none of the record classes has a number") as caught:
        drawn(testing.measures(Said), 1)
    assert re.search("[\u4e00-\u9fff]", caught.value.problems[0].message.zh)
