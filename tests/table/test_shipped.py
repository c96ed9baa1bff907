"""The schemes that ship, and what their rules ask for: comparison, vetoes, statements of lines, on tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules, testing
from table.tables import ALONE, ENGINES, assert_same, one_by_one, scored_on, skip_without, tables_of
from table.test_agreement import in_tables

LEFT_OUT = it.Policies(missing="left_out", undefined="left_out", not_applicable="left_out")
EXAMPLE = Path(__file__).parents[2] / "examples" / "leiyang-2022-scheme.toml"
SHIPPED = ["mof-department", "mof-project", "mof-project-self-assessment", "local-department", EXAMPLE]


def assert_rows_are_units(scheme: it.Scheme, units: list[it.UnitData]) -> None:
    """A table gives what the units score by themselves; it is refused whole only where no unit has a score."""
    frame, items = tables_of(scheme, units)
    try:
        scored = scored_on("polars", scheme, frame, items, columns="all")
    except it.DataError:
        assert one_by_one(scheme, units) == [None] * len(units)
        return
    assert_same(scheme, scored, one_by_one(scheme, units))


@pytest.mark.parametrize("name", SHIPPED, ids=lambda name: Path(name).stem)
@given(data=st.data())
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_a_scheme_that_ships_scores_tables_as_units(name: Any, data: st.DataObject) -> None:
    scheme = it.load_scheme(name)
    if data.draw(st.booleans()):
        scheme = attrs.evolve(scheme, policies=LEFT_OUT)
    drawn = testing.data_for(
        scheme, missing=data.draw(st.booleans()), inapplicable=True, scored=data.draw(st.booleans())
    )
    units = data.draw(st.lists(drawn, min_size=1, max_size=3))
    assume(in_tables(units, [name for name, shape in it.prepare(scheme).shape.records.items() if shape.many]))
    assert_rows_are_units(scheme, units)


@it.record("shipped.carry", title=it.Text(zh="结转", en="Carry-over"))
class Carry:
    now: fields.Money = fields.money("本年结转", "now", signed=True)
    before: fields.Money = fields.money("上年结转", "before", signed=True)
    known: fields.Flag = fields.flag("已核实", "known")


def _indicator(name: str, measure: Any, **said: Any) -> Any:
    measure.__annotations__["carry"] = Carry
    return it.indicator(f"shipped.{name}", tier=it.Tier.PROCESS, title=it.Text(en=name), **said)(measure)


now = _indicator("now", lambda carry: carry.now)
before = _indicator("before", lambda carry: carry.before * 2, applies=lambda carry: carry.known)
growth = _indicator("growth", lambda carry: (carry.now - carry.before) / carry.before)
CASES = rules.Comparison(
    against={"last_year": before},
    cases=[rules.Case(at_most=0, points=5), rules.Case(at_most="last_year", points=3)],
    otherwise=0,
)
SET_LOW = rules.OverFulfilment(threshold="150%", slope="50%")


def _compared(policies: it.Policies, *, lines: bool) -> it.Scheme:
    over: dict[str, Any] = {"for_each": "carries", "bindings": {"carry": "carries"}} if lines else {}
    leaves = [
        it.Leaf(id="compared", indicator=now, points=5, rule=CASES, **over),
        it.Leaf(id="growth", indicator=growth, points=10, rule=SET_LOW, **over),
    ]
    vetoes = [
        it.Veto(id="fraud", title=it.Text(en="fraud"), grade="poor", points=3),
        it.Veto(
            id="doubled",
            title=it.Text(en="doubled"),
            indicator=growth,
            when=rules.Band(above=1, points=0),
            grade="fair",
        ),
    ]
    group = it.Group(id="group", title="Group", indicators=leaves)
    tiers = [it.TierNode(tier="process", groups=[group])]
    return it.Scheme(id="compared", tiers=tiers, vetoes=[] if lines else vetoes, policies=policies)


@given(data=st.data(), treatment=st.sampled_from(["left_out", "no_points", "full_points", "error"]))
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_comparisons_statements_and_vetoes_hold_on_tables(data: st.DataObject, treatment: str) -> None:
    scheme = _compared(it.Policies(missing=treatment, undefined=treatment, not_applicable=treatment), lines=False)
    drawn = testing.data_for(scheme, missing=True, inapplicable=True, scored=False)
    units = data.draw(st.lists(drawn, min_size=1, max_size=4))
    assert_rows_are_units(scheme, units)


@given(data=st.data(), treatment=st.sampled_from(["left_out", "no_points", "full_points", "error"]))
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_comparisons_and_statements_hold_line_by_line(data: st.DataObject, treatment: str) -> None:
    scheme = _compared(it.Policies(missing=treatment, undefined=treatment, not_applicable=treatment), lines=True)
    units = data.draw(st.lists(testing.data_for(scheme, missing=True, inapplicable=True), min_size=1, max_size=4))
    assume(in_tables(units, ["carries"]))
    frame, items = tables_of(scheme, units)
    assert_same(scheme, scored_on("polars", scheme, frame, items, columns="all"), one_by_one(scheme, units))


def test_what_is_said_of_one_line_is_said_of_that_line() -> None:
    scheme = _compared(LEFT_OUT, lines=True)
    path = "process.group.growth"
    lines = [Carry(now=now_, before=10, known=True) for now_ in (40, 40, 15)]
    said = it.Judgement(items={"target_set_low": True}, lines=["2"], reason="low", evidence="minutes")
    unit = it.UnitData(records={"carries": it.Items(Carry, lines)}, judgement={path: said})
    frame, items = tables_of(scheme, [unit])
    frame = frame.drop(f"judgement.{path}.target_set_low")
    of_line = pl.Series(f"judgement.{path}.target_set_low", [False, True, None])
    items["carries"] = items["carries"].with_columns(of_line)
    assert_same(scheme, scored_on("polars", scheme, frame, items, columns="all"), one_by_one(scheme, [unit]))


@it.record("shipped.item", title=it.Text(zh="物品", en="Item"))
class Thing:
    price: fields.Money = fields.money("单价", "price")
    number: fields.Count = fields.count("数量", "number", most=10**6)


def _of_all(things: it.Items[Thing]) -> Any:
    return it.total(things.price)


def _of_products(things: it.Items[Thing]) -> Any:
    return it.total(things.price * things.number)


@pytest.mark.parametrize("engine", [*ENGINES, ALONE])
@pytest.mark.parametrize("measure", [_of_all, _of_products])
def test_sums_beyond_all_bounds_stop_no_engine(engine: str, measure: Any) -> None:
    skip_without(engine)
    measure.__annotations__["things"] = it.Items[Thing]
    indicator = it.indicator(f"shipped.{measure.__name__[1:]}", tier=it.Tier.OUTPUT, title=it.Text(en="Sum"))(measure)
    leaf = it.Leaf(id="sum", indicator=indicator, points=10, rule=rules.AllOrNothing(at_least=1))
    tiers = [it.TierNode(tier="output", groups=[it.Group(id="group", title="Group", indicators=[leaf])])]
    scheme = it.Scheme(id="sums", tiers=tiers)
    largest = 10**15
    lines = pl.DataFrame(
        {"unit": [1, *[2] * 9300], "price": [500, *[largest] * 9300], "number": [2, *[10**6] * 9300]},
        schema={"unit": pl.Int64, "price": pl.Int64, "number": pl.Int64},
    )
    asked: Any = {"items": {"things": lines}, "amounts_in": "minor units"}
    scored = scored_on(engine, scheme, pl.DataFrame({"unit": [1, 2]}), **asked).sort("unit")
    small, large = scored.iter_rows(named=True)
    assert (small["total"], small["error"]) == (10, None)
    assert large["total"] == 10 or "score the unit by itself" in large["error"]
