"""Every edge of every kind of rule, and one minor unit to either side, against fractions written out plainly."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules
from strategies import Asked, Linear, asked, comparison, over_fulfilment, points_by
from table.tables import ENGINES, scored_on, skip_without, tables_of

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE = 10**15
"""The largest amount, in minor units."""


@it.record("edges.budget", title=it.Text(zh="预算", en="Budget"))
class Budget:
    approved: fields.Money = fields.money("批复数", "approved")
    spent: fields.Money = fields.money("支出数", "spent", signed=True)
    before: fields.Money = fields.money("上年数", "before")


def rate(budget: Budget) -> Any:
    return budget.spent / budget.approved


def change(budget: Budget) -> Any:
    return (budget.spent - budget.before) / budget.before


def product(budget: Budget) -> Any:
    """Leaves 64 bits as soon as amounts are large."""
    return (budget.spent * budget.before) / (budget.approved * budget.approved)


MEASURES: dict[str, Callable[[Fraction, Fraction, Fraction], Fraction]] = {
    "rate": lambda approved, spent, _: spent / approved,
    "change": lambda _, spent, before: (spent - before) / before,
    "product": lambda approved, spent, before: spent * before / (approved * approved),
}
FULL = Fraction(10)
BAND = rules.Band


def _steps(value: Fraction) -> Fraction:
    over = max(value - 1, Fraction(0)) * 100
    return max(FULL - Fraction(1, 2) * -((-over.numerator) // over.denominator), Fraction(0))


def _started(over: Fraction) -> int:
    """The started hundredths."""
    return max(math.ceil(over * 100), 0)


def _full_steps(value: Fraction) -> Fraction:
    away = abs(value - 1) / Fraction(3, 100)
    return max(FULL - (away.numerator // away.denominator), Fraction(0))


RULES: dict[str, tuple[it.Rule, Callable[[Fraction], Fraction]]] = {
    "bands": (
        rules.Bands(
            bands=[
                BAND(at_least="95%", points=10),
                BAND(above="80%", below="95%", points="6.5"),
                BAND(at_least="1/3", at_most="80%", points=2),
                BAND(below="1/3", points=0),
            ]
        ),
        lambda value: Fraction(
            "10"
            if value >= Fraction(95, 100)
            else "6.5"
            if value > Fraction(4, 5)
            else "2"
            if value >= Fraction(1, 3)
            else "0"
        ),
    ),
    "started": (
        rules.DeductPerStep(target=1, step="1%", points_per_step="0.5", side="above", steps="started"),
        _steps,
    ),
    "full": (rules.DeductPerStep(target=1, step="3%", points_per_step=1, side="either", steps="full"), _full_steps),
    "continuous": (
        rules.DeductPerStep(target="90%", step="1%", points_per_step="1/3", side="below", steps="continuous"),
        lambda value: max(FULL - max(Fraction(9, 10) - value, Fraction(0)) * 100 / 3, Fraction(0)),
    ),
    "proportional": (
        rules.Proportional(target="95%"),
        lambda value: max(min(value / Fraction(95, 100), Fraction(1)), Fraction(0)) * FULL,
    ),
    "none_below": (
        rules.Proportional(target="95%", none_below="60%"),
        lambda value: FULL * (0 if value < Fraction(3, 5) else min(value / Fraction(95, 100), Fraction(1))),
    ),
    "all_or_nothing": (
        rules.AllOrNothing(above="50%", at_most="100%"),
        lambda value: FULL if Fraction(1, 2) < value <= 1 else Fraction(0),
    ),
    "kept": (
        rules.DeductPerStep(target=1, step="1%", points_per_step="1/3", side="below", steps="started", until="2.5"),
        lambda value: max(FULL - Fraction(_started(1 - value), 3), Fraction(5, 2)),
    ),
    "penalty": (
        rules.DeductPerStep(target=1, step="3%", points_per_step=2, side="above", steps="continuous", until=-3),
        lambda value: max(FULL - max(value - 1, Fraction(0)) * 200 / 3, Fraction(-3)),
    ),
    "fined": (
        rules.Incidents(points_per_incident=4, until=-3),
        lambda value: max(FULL - 4 * max(value, Fraction(0)), Fraction(-3)),
    ),
    "incidents": (
        rules.Incidents(points_per_incident=2, allowed=1),
        lambda value: max(FULL - 2 * max(value - 1, Fraction(0)), Fraction(0)),
    ),
}
EDGES = [Fraction(text) for text in ("0", "1/3", "1/2", "3/5", "4/5", "9/10", "0.95", "1", "1.01", "1.03", "1.2", "6")]


def scheme_of(measure: str, rule: it.Rule, rounding: it.Rounding = it.Rounding.HALF_UP) -> it.Scheme:
    function: Any = {"rate": rate, "change": change, "product": product}[measure]
    function.__annotations__["budget"] = Budget
    indicator = it.indicator(f"edges.{measure}", tier=it.Tier.PROCESS, title=it.Text(en=measure))(function)
    leaf = it.Leaf(id="leaf", indicator=indicator, points=10, rule=rule, lowest=-3)
    group = it.Group(id="group", title="Group", indicators=[leaf])
    policies = it.Policies(missing="no_points", undefined="no_points")
    return it.Scheme(
        id="edges", tiers=[it.TierNode(tier="process", groups=[group])], policies=policies, rounding=rounding
    )


def adversarial() -> list[tuple[int, int, int]]:
    """Amounts, in minor units, on every edge and one minor unit to either side, small and as large as they get."""
    rows = []
    for size in (1, 3, 100, 999_999, 10**8 + 7, 10**12, LARGE - 1, LARGE):
        for edge in EDGES:
            spent = size * edge
            for beside in (-1, 0, 1):
                at = spent.numerator // spent.denominator + beside
                rows += [(size, at, size), (size, at, max(size - 1, 1)), (size, size + at, size)]
        rows += [(size, 0, 0), (0, size, size), (size, -size, size)]
    return [row for row in rows if all(abs(part) <= LARGE for part in row)]


def rounded(points: Fraction, rounding: it.Rounding) -> Decimal:
    """Points to two places, written out plainly."""
    cents = abs(points) * 100
    whole, rest = divmod(cents.numerator, cents.denominator)
    twice = 2 * rest
    up = {
        it.Rounding.HALF_UP: twice >= cents.denominator,
        it.Rounding.HALF_EVEN: twice > cents.denominator or (twice == cents.denominator and whole % 2 == 1),
        it.Rounding.UP: rest > 0,
        it.Rounding.DOWN: False,
    }[rounding]
    return Decimal(whole + up).scaleb(-2) * (-1 if points < 0 else 1)


def check(
    engine: str, measure: str, rule: str, rows: list[tuple[int, int, int]], rounding: it.Rounding = it.Rounding.HALF_UP
) -> None:
    declared, oracle = RULES[rule]
    columns = {"unit": list(range(len(rows)))}
    for place, name in enumerate(("approved", "spent", "before")):
        columns[f"budget.{name}"] = [row[place] for row in rows]
    scheme = scheme_of(measure, declared, rounding)
    scored = scored_on(engine, scheme, pl.DataFrame(columns), amounts_in="minor units")
    for row, total in zip(rows, scored["total"], strict=True):
        try:
            value = MEASURES[measure](*map(Fraction, row))
        except ZeroDivisionError:
            value = None
        expected = Decimal(0) if value is None else rounded(oracle(value), rounding)
        assert (row, total) == (row, expected)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("measure", MEASURES)
def test_no_edge_is_missed(measure: str, rule: str) -> None:
    check("polars", measure, rule, adversarial())


@pytest.mark.parametrize("rounding", it.Rounding)
@pytest.mark.parametrize("rule", ["continuous", "proportional", "none_below", "penalty"])
def test_points_are_rounded_as_the_scheme_says(rule: str, rounding: it.Rounding) -> None:
    check("polars", "rate", rule, adversarial(), rounding)
    check("polars", "product", rule, adversarial()[::7], rounding)


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "polars"])
def test_no_edge_is_missed_on_any_engine(engine: str) -> None:
    skip_without(engine)
    for rule in RULES:
        check(engine, "change", rule, adversarial())
        check(engine, "product", rule, adversarial()[::5])


AMOUNTS = st.integers(0, 200) | st.integers(0, LARGE)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=20), st.sampled_from(list(RULES)))
@settings(max_examples=40)
def test_points_are_those_of_fractions(rows: list[tuple[int, int, int]], rule: str) -> None:
    for measure in MEASURES:
        check("polars", measure, rule, rows)


@it.indicator("edges.first", tier=it.Tier.PROCESS, title=it.Text(en="first"))
def first(beside_0: Budget) -> Any:
    return beside_0.spent / beside_0.approved


@it.indicator("edges.second", tier=it.Tier.PROCESS, title=it.Text(en="second"))
def second(beside_1: Budget) -> Any:
    return beside_1.spent / beside_1.approved


def budget_of(value: Fraction, fen: int = 0) -> Budget:
    """A budget that was spent to just this share, or so many fen beside it."""
    approved = 10**4 * value.denominator
    return Budget(approved=approved, spent=value * approved + Fraction(fen, 100), before=0)


@given(asked(st.one_of(comparison(), over_fulfilment())))
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_what_is_compared_and_what_is_asked_is_exact_on_its_edges_and_one_fen_beside(case: Asked) -> None:
    rule, path = case.rule, "process.group.leaf"
    if isinstance(rule, rules.Comparison):
        rule = attrs.evolve(
            rule, against={name: {"beside_0": first, "beside_1": second}[name] for name in rule.against}
        )
    shares = {name: share for name, share in case.beside.items() if isinstance(share, Fraction)}
    said = (
        {} if shares or not case.beside else {path: it.Judgement(items=case.beside, reason="seen", evidence="ledger")}
    )
    edges = sorted({edge.fraction for edge in rule.edges(it.exact(10), **{n: it.exact(s) for n, s in shares.items()})})
    units, expected = [], []
    for edge in [*edges[:3], *edges[-2:]]:
        for fen in (-1, 0, 1):
            budget = budget_of(edge, fen)
            records = {"budget": budget, **{name: budget_of(share) for name, share in shares.items()}}
            units.append(it.UnitData(records=records, judgement=said))
            value = edge + Fraction(fen, 10**6 * edge.denominator)
            expected.append(rounded(points_by(case.rule, value, FULL, case.beside), HALF_UP))
    scheme = scheme_of("rate", rule)
    frame, items = tables_of(scheme, units)
    assert scored_on("polars", scheme, frame, items)["total"].to_list() == expected


@pytest.mark.parametrize("engine", ["polars", "pyarrow"])
def test_ties_are_rounded_where_twice_the_points_leave_64_bits(engine: str) -> None:
    indicator = it.indicator("edges.rate", tier=it.Tier.PROCESS, title=it.Text(en="rate"))(rate)
    leaf = it.Leaf(id="leaf", indicator=indicator, points=60, rule=rules.Proportional())
    group = it.Group(id="group", title="Group", indicators=[leaf])
    scheme = it.Scheme(id="edges", tiers=[it.TierNode(tier=it.Tier.PROCESS, groups=[group])])
    rows = [(16000 * size, part * size) for size in (1, 10**10, 62_500_000_000) for part in range(40)]
    frame = pl.DataFrame({"unit": range(len(rows)), "budget.approved": [row[0] for row in rows]})
    frame = frame.with_columns(pl.Series("budget.spent", [row[1] for row in rows]))
    scored = scored_on(engine, scheme, frame, amounts_in="minor units")
    assert scored["total"].to_list() == [rounded(Fraction(60 * spent, approved), HALF_UP) for approved, spent in rows]


HALF_UP = it.Rounding.HALF_UP


@pytest.mark.parametrize(("lowest", "highest"), [(0, None), (-3, None), (0, 12), (-3, 12)])
def test_a_score_keeps_within_the_limits_of_its_leaf(lowest: int, highest: int | None) -> None:
    indicator = it.indicator("edges.rate", tier=it.Tier.PROCESS, title=it.Text(en="rate"))(rate)
    leaf = it.Leaf(id="leaf", indicator=indicator, points=10, rule=Linear(), lowest=lowest, highest=highest)
    group = it.Group(id="group", title="Group", indicators=[leaf], aggregation="sum")
    scheme = it.Scheme(id="edges", tiers=[it.TierNode(tier=it.Tier.PROCESS, groups=[group])])
    near = [value for edge in (-10000, -300, 0, 1000, 1200, 10000) for value in range(edge - 7, edge + 8)]
    frame = pl.DataFrame({"unit": range(len(near)), "budget.approved": [999] * len(near), "budget.spent": near})
    most = Decimal(10 if highest is None else highest)
    expected = [min(max(rounded(Fraction(10 * spent, 999), HALF_UP), Decimal(lowest)), most) for spent in near]
    assert (
        scored_on("polars", scheme, frame, amounts_in="minor units")["score.process.group.leaf"].to_list() == expected
    )


@pytest.mark.parametrize("engine", list(ENGINES))
def test_scores_as_whole_numbers_have_64_bits_whatever_computes_them(engine: str) -> None:
    skip_without(engine)
    scheme = scheme_of("product", RULES["continuous"][0])
    frame = pl.DataFrame({"unit": [1], **{f"budget.{name}": [LARGE] for name in ("approved", "spent", "before")}})
    scored = scored_on(engine, scheme, frame, columns="all", scores="whole", amounts_in="minor units")
    found = {dtype for name, dtype in scored.schema.items() if name == "total" or name.startswith("score.")}
    assert found == {pl.Int64}


@pytest.mark.parametrize("scores", ["decimal", "whole"])
@pytest.mark.parametrize("engine", list(ENGINES))
def test_a_scheme_whose_scores_no_column_holds_is_refused(engine: str, scores: str) -> None:
    skip_without(engine)
    indicator = it.indicator("edges.rate", tier=it.Tier.PROCESS, title=it.Text(en="rate"))(rate)
    frame = pl.DataFrame({"unit": [1], "budget.approved": [3], "budget.spent": [3]})
    for points in (10**6 - 1, 10**6):
        leaf = it.Leaf(id="leaf", indicator=indicator, points=points, rule=rules.Proportional())
        group = it.Group(id="group", title="Group", indicators=[leaf])
        scheme = it.Scheme(id="edges", tiers=[it.TierNode(tier=it.Tier.PROCESS, groups=[group])], precision=12)
        if points < 10**6:
            scored = scored_on(engine, scheme, frame, amounts_in="minor units", scores=scores)
            assert scored["total"].to_list() == [points if scores == "decimal" else points * 10**12]
        else:
            with pytest.raises(it.SchemeError, match="scores can have 19 digits, and the columns of a table hold 18"):
                scored_on(engine, scheme, frame, amounts_in="minor units", scores=scores)


@pytest.mark.parametrize(
    "name", ["__error", "__good", "__total", "__in_value0", "__in3", "__score0_0", "__key", "__of"]
)
def test_a_column_that_is_named_like_one_on_the_way_is_not_kept(name: str) -> None:
    frame = pl.DataFrame({"budget.spent": [1], "budget.approved": [1], name: ["mine"]})
    scheme = scheme_of("rate", rules.AllOrNothing(at_least=0))
    with pytest.raises(it.DataError, match=f"keep: {name}: what is computed on the way has such names"):
        it.score_table(scheme, frame, keep=[name])


@pytest.mark.parametrize("name", ["__index_level_0__", "__index", "_error", "error_"])
def test_other_names_are_kept_whatever_they_begin_with(name: str) -> None:
    frame = pl.DataFrame({"budget.spent": [1], "budget.approved": [1], name: ["mine"]})
    scheme = scheme_of("rate", rules.AllOrNothing(at_least=0))
    assert it.score_table(scheme, frame, keep=[name])[name].to_list() == ["mine"]
