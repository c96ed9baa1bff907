"""Each measure against the same measure written out in fractions, for figures that Hypothesis draws."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
import indicatree_mof
from indicatree import fields

MEASURED = {
    indicator.id: indicator
    for indicator in indicatree_mof.indicatree_indicators()
    if isinstance(indicator, it.Measured)
}


@attrs.frozen
class Oracle:
    """A measure written out plainly.

    Attributes:
        parts: From the figures it uses, named as the fields, what is divided and by what. Figures of line items are
            lists.
        better: Which values are better.
        raised: Figures of which more gives a greater value.
        lowered: Figures of which more gives a smaller value.
        applies: From figures, whether it applies at all.
    """

    parts: Callable[..., tuple[Fraction, Fraction]]
    better: it.Better | None
    raised: tuple[str, ...]
    lowered: tuple[str, ...] = ()
    applies: Callable[..., bool] = lambda: True

    @property
    def uses(self) -> list[str]:
        return [*inspect.signature(self.parts).parameters]

    @property
    def asks(self) -> list[str]:
        return [*inspect.signature(self.applies).parameters]


ONE = Fraction(1)
FULL = it.near("100%")

ORACLES = {
    # reports of departments
    "mof.overall_execution_rate": Oracle(
        lambda basic_actual, project_actual, basic_approved, project_approved: (
            basic_actual + project_actual,
            basic_approved + project_approved,
        ),
        FULL,
        ("basic_actual", "project_actual"),
    ),
    "mof.basic_execution_rate": Oracle(
        lambda basic_actual, basic_approved: (basic_actual, basic_approved), FULL, ("basic_actual",)
    ),
    "mof.project_execution_rate": Oracle(
        lambda project_actual, project_approved: (project_actual, project_approved), FULL, ("project_actual",)
    ),
    "mof.project_net_adjustment_rate": Oracle(
        lambda project_adjusted, project_approved: (abs(project_adjusted - project_approved), project_approved),
        it.LESS,
        (),
    ),
    "mof.budget_adjustment_rate": Oracle(
        lambda adjusted, approved: (
            sum((abs(new - old) for new, old in zip(adjusted, approved, strict=True)), Fraction()),
            sum(approved, Fraction()),
        ),
        it.LESS,
        (),
    ),
    "mof.project_completion_rate": Oracle(lambda actual, approved: (actual, approved), FULL, ("actual",)),
    "mof.fund_income_completion_rate": Oracle(
        lambda income_actual, income_budget: (income_actual, income_budget), FULL, ("income_actual",)
    ),
    "mof.fund_spending_completion_rate": Oracle(
        lambda spending_actual, spending_budget: (spending_actual, spending_budget), FULL, ("spending_actual",)
    ),
    "mof.budget_growth_rate": Oracle(
        lambda this_year, last_year: (this_year - last_year, last_year),
        None,
        ("this_year",),
        applies=lambda last_year: last_year > 0,
    ),
    # departments
    "mof.staff_control_rate": Oracle(lambda in_post, posts: (in_post, posts), it.LESS, ("in_post",)),
    "mof.three_public_change_rate": Oracle(
        lambda budget, budget_last_year: (budget - budget_last_year, budget_last_year), it.LESS, ("budget",)
    ),
    "mof.key_expenditure_rate": Oracle(lambda key, total: (key, total), it.MORE, ("key",)),
    "mof.budget_completion_rate": Oracle(lambda completed, approved: (completed, approved), FULL, ("completed",)),
    "mof.department_adjustment_rate": Oracle(
        lambda additions, cuts, restructurings, approved: (additions + cuts + restructurings, approved),
        it.LESS,
        ("additions", "cuts", "restructurings"),
    ),
    "mof.payment_progress_rate": Oracle(
        lambda actual_progress, planned_progress: (actual_progress, planned_progress), FULL, ("actual_progress",)
    ),
    "mof.carry_over_rate": Oracle(lambda this_year, expenditure: (this_year, expenditure), it.LESS, ("this_year",)),
    "mof.carry_over_change_rate": Oracle(
        lambda this_year, last_year: (this_year - last_year, last_year), it.LESS, ("this_year",)
    ),
    "mof.public_funds_control_rate": Oracle(lambda actual, budget: (actual, budget), it.LESS, ("actual",)),
    "mof.three_public_control_rate": Oracle(lambda actual, budget: (actual, budget), it.LESS, ("actual",)),
    "mof.procurement_execution_rate": Oracle(lambda actual, budget: (actual, budget), FULL, ("actual",)),
    "mof.fixed_asset_use_rate": Oracle(lambda in_use, total: (in_use, total), it.MORE, ("in_use",)),
    "mof.actual_completion_rate": Oracle(lambda completed, planned: (completed, planned), it.MORE, ("completed",)),
    "mof.on_time_completion_rate": Oracle(lambda on_time, planned: (on_time, planned), it.MORE, ("on_time",)),
    "mof.quality_pass_rate": Oracle(
        lambda up_to_standard, planned: (up_to_standard, planned), it.MORE, ("up_to_standard",)
    ),
    "mof.key_work_completion_rate": Oracle(
        lambda key_completed, key_assigned: (key_completed, key_assigned), it.MORE, ("key_completed",)
    ),
    "mof.benefit_attainment": Oracle(lambda achieved, target: (achieved, target), it.MORE, ("achieved",)),
    "mof.satisfaction": Oracle(lambda satisfied, answers: (satisfied, answers), it.MORE, ("satisfied",)),
    # projects
    "mof.project_funds_in_place_rate": Oracle(lambda received, budget: (received, budget), FULL, ("received",)),
    "mof.project_funds_execution_rate": Oracle(lambda spent, received: (spent, received), FULL, ("spent",)),
    "mof.project_actual_completion_rate": Oracle(lambda actual, planned: (actual, planned), it.MORE, ("actual",)),
    "mof.project_quality_pass_rate": Oracle(
        lambda up_to_standard, actual: (up_to_standard, actual), it.MORE, ("up_to_standard",)
    ),
    "mof.project_timeliness": Oracle(lambda finished, due: (finished - due, ONE), it.LESS, ("finished",), ("due",)),
    "mof.project_cost_saving_rate": Oracle(
        lambda planned_cost, actual_cost: (planned_cost - actual_cost, planned_cost), it.MORE, (), ("actual_cost",)
    ),
    # local tables
    "mof.available_completion_rate": Oracle(
        lambda carried_in, initial, added, closing_balance: (
            carried_in + initial + added - closing_balance,
            carried_in + initial + added,
        ),
        FULL,
        (),
        ("closing_balance",),
    ),
    "mof.budget_control_rate": Oracle(lambda added, initial: (added, initial), it.LESS, ("added",)),
    "mof.new_building_area_rate": Oracle(
        lambda built_area, approved_area: (built_area, approved_area),
        it.LESS,
        ("built_area",),
        applies=lambda projects: projects > 0,
    ),
    "mof.new_building_investment_rate": Oracle(
        lambda final_cost, approved_cost: (final_cost, approved_cost),
        it.LESS,
        ("final_cost",),
        applies=lambda projects: projects > 0,
    ),
    "mof.carry_over_this_year": Oracle(lambda this_year: (this_year, ONE), it.LESS, ("this_year",)),
    "mof.carry_over_last_year": Oracle(lambda last_year: (last_year, ONE), it.LESS, ("last_year",)),
    "mof.fund_use_violations": Oracle(lambda fund_use: (fund_use, ONE), it.LESS, ("fund_use",)),
    "mof.serious_violations": Oracle(lambda serious: (serious, ONE), it.LESS, ("serious",)),
}

# Often nothing at all, often equal, seldom large.
WHOLE = st.one_of(st.integers(0, 12), st.integers(0, 10**6))
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31))


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Values that a field takes."""
    if isinstance(kind, fields.Date):
        return DAYS
    unit = 10**kind.places
    most = int((kind.most * unit).fraction)
    numbers = WHOLE if kind.least.fraction >= 0 else st.one_of(WHOLE, WHOLE.map(lambda number: -number))
    return numbers.map(lambda number: Fraction(min(number, most), unit))


def plain(value: Any) -> Fraction:
    return Fraction(value.toordinal()) if isinstance(value, dt.date) else Fraction(value)


Drawn = dict[str, Any]


@cache
def drawn(name: str, *, gaps: bool = False) -> st.SearchStrategy[Drawn]:
    """The figures of each field of the records that a measure takes; lists for line items."""
    columns: dict[str, st.SearchStrategy[Any]] = {}
    for shape in MEASURED[name].parameters.values():
        for field, kind in it.record_type(shape.record_class).fields.items():
            if kind.measured and (gaps or field in {*ORACLES[name].uses, *ORACLES[name].asks}):
                one = values(kind)
                columns[field] = st.one_of(one, one, one, st.none()) if gaps else one
    row = st.fixed_dictionaries(columns).map(within_wholes)
    if not any(shape.many for shape in MEASURED[name].parameters.values()):
        return row
    rows = st.lists(row, max_size=4)
    return rows.map(lambda found: {field: [row[field] for row in found] for field in columns})


# What the frameworks define as a part of something else; the names of these fields mean one thing in one measure.
PARTS = {
    ("key", "total"),
    ("in_use", "total"),
    ("on_time", "completed"),
    ("up_to_standard", "completed"),
    ("up_to_standard", "actual"),
    ("satisfied", "answers"),
}


def within_wholes(figures: Drawn) -> Drawn:
    """The figures, of which no part is more than its whole."""
    kept = dict(figures)
    for part, whole in PARTS:
        if kept.get(part) is not None and kept.get(whole) is not None:
            kept[part] = min(kept[part], kept[whole])
    return kept


def records(name: str, figures: Drawn) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for parameter, shape in MEASURED[name].parameters.items():
        known = [field for field in it.record_type(shape.record_class).fields if field in figures]
        if shape.many:
            rows = zip(*(figures[field] for field in known), strict=True)
            items = [shape.record_class(**dict(zip(known, row, strict=True))) for row in rows]
            made[parameter] = it.Items(shape.record_class, items)
        else:
            made[parameter] = shape.record_class(**{field: figures[field] for field in known})
    return made


def gap(value: Any) -> bool:
    return any(item is None for item in value) if isinstance(value, list) else value is None


def expected(name: str, figures: Drawn) -> tuple[it.Outcome, Fraction | None]:
    """What the oracle says of these figures."""
    oracle = ORACLES[name]
    if any(gap(figures[field]) for field in oracle.asks):
        return it.Outcome.MISSING, None
    if not oracle.applies(*(plain(figures[field]) for field in oracle.asks)):
        return it.Outcome.NOT_APPLICABLE, None
    used = [figures[field] for field in oracle.uses]
    if any(map(gap, used)):
        return it.Outcome.MISSING, None
    divided, by = oracle.parts(
        *([plain(item) for item in value] if isinstance(value, list) else plain(value) for value in used)
    )
    return (it.Outcome.SCORED, divided / by) if by else (it.Outcome.UNDEFINED, None)


def measured(name: str, figures: Drawn) -> tuple[it.Outcome, Fraction | None]:
    measurement = it.measure(MEASURED[name], **records(name, figures))
    return measurement.outcome, measurement.value.fraction if measurement.value is not None else None


# Nothing is tested by its time. Many measures are tried, each a short one.
short = settings(deadline=None, max_examples=50)
each = pytest.mark.parametrize("name", sorted(ORACLES))


def test_every_measure_is_written_out() -> None:
    assert set(ORACLES) == set(MEASURED)


@each
def test_fields_of_one_measure_have_names_of_their_own(name: str) -> None:
    classes = {shape.record_class for shape in MEASURED[name].parameters.values()}
    known = [field for record in classes for field in it.record_type(record).fields]
    assert len(set(known)) == len(known)


@each
def test_a_measure_uses_the_figures_that_it_is_said_to(name: str) -> None:
    oracle = ORACLES[name]
    assert {field for _, field in MEASURED[name].figures} == {*oracle.uses, *oracle.asks}


def test_every_field_that_is_part_of_another_is_written_out() -> None:
    kinds = [pair for one in indicatree_mof.indicatree_records() for pair in it.record_type(one).fields.items()]
    declared = {(name, getattr(kind, "part_of", "")) for name, kind in kinds}
    assert {(name, whole) for name, whole in declared if whole} == PARTS


@each
def test_every_measure_has_its_direction(name: str) -> None:
    assert MEASURED[name].better == ORACLES[name].better


@each
@short
@given(data=st.data())
def test_a_measure_is_what_is_written_out(name: str, data: st.DataObject) -> None:
    figures = data.draw(drawn(name))
    outcome, before = measured(name, figures)
    assert (outcome, before) == expected(name, figures)
    if before is None:
        assert outcome in {it.Outcome.UNDEFINED, it.Outcome.NOT_APPLICABLE}
        return
    for field in (*ORACLES[name].raised, *ORACLES[name].lowered):
        step = dt.timedelta(days=1) if isinstance(figures[field], dt.date) else Fraction(1)
        raised = {**figures, field: figures[field] + step}
        if within_wholes(raised) != raised:
            with pytest.raises(it.DataError):
                measured(name, raised)
            continue
        _, after = measured(name, raised)
        assert after is not None
        assert (after > before) if field in ORACLES[name].raised else (after < before)


@each
@short
@given(data=st.data())
def test_a_figure_that_lacks_is_missing_and_not_zero(name: str, data: st.DataObject) -> None:
    figures = data.draw(drawn(name, gaps=True))
    assert measured(name, figures) == expected(name, figures)


@each
def test_each_figure_alone_can_be_missing(name: str) -> None:
    oracle = ORACLES[name]
    day = dt.date(2024, 5, 1)
    for shape in MEASURED[name].parameters.values():
        known = it.record_type(shape.record_class).fields
        for field in known:
            figures: Drawn = {
                other: None if other == field else day if isinstance(kind, fields.Date) else Fraction(1)
                for other, kind in known.items()
                if kind.measured
            }
            others = [other for other in MEASURED[name].parameters.values() if other is not shape]
            figures |= {other: Fraction(1) for one in others for other in it.record_type(one.record_class).fields}
            if shape.many:
                figures = {other: [value, value] for other, value in figures.items()}
            outcome, _ = measured(name, figures)
            assert outcome is (it.Outcome.MISSING if field in {*oracle.uses, *oracle.asks} else it.Outcome.SCORED)


amounts = st.integers(0, 10**6)


@short
@given(amounts, amounts, st.integers(1, 10**6))
def test_an_adjustment_counts_alike_either_way(added: int, cut: int, approved: int) -> None:
    net, gross = MEASURED["mof.project_net_adjustment_rate"], MEASURED["mof.budget_adjustment_rate"]
    cut = min(cut, approved)
    raised = indicatree_mof.Budget(project_approved=approved, project_adjusted=approved + cut)
    lowered = indicatree_mof.Budget(project_approved=approved, project_adjusted=approved - cut)
    assert net(budget=raised) == net(budget=lowered)
    items = [
        indicatree_mof.Project(approved=approved, adjusted=approved + added),
        indicatree_mof.Project(approved=approved, adjusted=approved - cut),
    ]
    value = gross(projects=it.Items(indicatree_mof.Project, items)).fraction
    assert value == Fraction(added + cut, 2 * approved)


@short
@given(amounts, amounts, amounts, st.integers(1, 10**6))
def test_the_two_completion_rates_of_a_budget_differ_by_what_is_carried_in(
    carried: int, initial: int, added: int, spent: int
) -> None:
    available = carried + initial + added + spent
    funds = indicatree_mof.AvailableFunds(
        carried_in=carried, initial=initial + spent, added=added, closing_balance=available - spent
    )
    assert MEASURED["mof.available_completion_rate"](available_funds=funds).fraction == Fraction(spent, available)


@short
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**6))
def test_quality_is_over_planned_work_of_a_department_and_over_actual_output_of_a_project(
    planned: int, actual: int, good: int
) -> None:
    good = min(good, actual)
    work = indicatree_mof.Work(planned=planned, completed=actual, up_to_standard=good)
    output = indicatree_mof.ProjectOutput(planned=planned, actual=actual, up_to_standard=good)
    assert MEASURED["mof.quality_pass_rate"](work=work).fraction == Fraction(good, planned)
    assert MEASURED["mof.project_quality_pass_rate"](project_output=output).fraction == Fraction(good, actual)


@pytest.mark.parametrize("name", ["mof.new_building_area_rate", "mof.new_building_investment_rate"])
def test_a_department_that_builds_nothing_needs_no_other_figures(name: str) -> None:
    nothing = it.measure(MEASURED[name], new_buildings=indicatree_mof.NewBuildings(projects=0))
    assert nothing.outcome is it.Outcome.NOT_APPLICABLE
    unknown = it.measure(MEASURED[name], new_buildings=indicatree_mof.NewBuildings())
    assert unknown.outcome is it.Outcome.MISSING


@pytest.mark.parametrize("name", ["mof.three_public_change_rate", "mof.carry_over_change_rate"])
def test_a_change_from_nothing_is_undefined(name: str) -> None:
    (shape,) = MEASURED[name].parameters.values()
    figures = dict.fromkeys(ORACLES[name].uses, Fraction())
    assert shape.many is False
    assert measured(name, figures) == (it.Outcome.UNDEFINED, None)
