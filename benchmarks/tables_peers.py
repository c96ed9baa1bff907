"""The rules of `tables_case` written by hand, as somebody would who knows the tool well and wants it to be quick.

Each guards missing figures and division by zero, and gives the same columns: every leaf, the tiers, the total and
the grade as text.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from tables_case import GRADES, POINTS, TIERS, Case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    Numbers = npt.NDArray[Any]

_WORKERS = 2
_CENT = Decimal("0.01")
_FULL = Decimal(POINTS)


def by_polars(frame: pl.LazyFrame, case: Case) -> pl.LazyFrame:
    """Polars on float64."""
    leaves = []
    score: pl.Expr
    for leaf in range(case.indicators):
        above, below = pl.col(case.above(leaf)), pl.col(case.below(leaf))
        lacking = above.is_null() | below.is_null() | (below <= 0)
        nothing = pl.lit(None, pl.Float64) if case.may_lack(leaf) else pl.lit(0.0)
        ratio = above / below
        start = pl.when(lacking).then(nothing)
        match case.rule(leaf):
            case "proportional":
                score = start.when(ratio >= 1).then(5.0).otherwise((ratio * 500 + 0.5).floor() / 100)
            case "bands":
                high = start.when(ratio >= 0.95).then(5.0).when(ratio >= 0.8).then(4.0)  # noqa: PLR2004 - an edge
                score = high.when(ratio >= 0.6).then(2.0).otherwise(0.0)  # noqa: PLR2004 - an edge
            case "steps":
                steps = ((above - below) / below * 100).ceil()
                score = start.otherwise((5 - steps * 0.5).clip(0, 5))
            case _:
                score = start.when(above <= below).then(5.0).otherwise(0.0)
        leaves.append(score.alias(f"leaf{leaf}"))
    tiers = []
    for tier in range(len(TIERS)):
        names = [f"leaf{leaf}" for leaf in case.leaves_of(tier)]
        lost = [leaf for leaf in case.leaves_of(tier) if case.may_lack(leaf)]
        added = pl.sum_horizontal(names)
        for leaf in lost:
            spread = (added * len(names) / (len(names) - 1) * 100 + 0.5).floor() / 100
            added = pl.when(pl.col(f"leaf{leaf}").is_null()).then(spread).otherwise(added)
        tiers.append(added.alias(f"tier{tier}"))
    most = POINTS * case.indicators
    total = pl.col("total")
    best = pl.when(total >= most * 0.9).then(pl.lit(GRADES[0])).when(total >= most * 0.8).then(pl.lit(GRADES[1]))
    grade = best.when(total >= most * 0.6).then(pl.lit(GRADES[2])).otherwise(pl.lit(GRADES[3]))
    scored = frame.select(leaves).with_columns(tiers)
    scored = scored.with_columns(pl.sum_horizontal(f"tier{tier}" for tier in range(len(TIERS))).round(2).alias("total"))
    return scored.with_columns(grade.alias("grade"))


def by_numpy(figures: Mapping[str, Numbers], case: Case) -> dict[str, Numbers]:
    """NumPy on float64, with NaN for what is missing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        made = _leaves(figures, case)
    for tier in range(len(TIERS)):
        leaves = case.leaves_of(tier)
        added = made[f"leaf{leaves.start}"].copy()
        for leaf in leaves[1:]:
            added += made[f"leaf{leaf}"]
        made[f"tier{tier}"] = added
    made["total"] = np.round(sum(made[f"tier{tier}"] for tier in range(len(TIERS))), 2)
    most = POINTS * case.indicators
    places = 3 - np.searchsorted([most * 0.6, most * 0.8, most * 0.9], made["total"], side="right")
    made["grade"] = np.array(GRADES, object)[places]
    return made


def _leaves(figures: Mapping[str, Numbers], case: Case) -> dict[str, Numbers]:
    made: dict[str, Numbers] = {}
    for leaf in range(case.indicators):
        above, below = figures[case.above(leaf)], figures[case.below(leaf)]
        ratio = above / below
        there = np.isfinite(ratio) & (below > 0)
        made[f"leaf{leaf}"] = np.where(there, _points(case.rule(leaf), above, below, ratio), 0.0)
    return made


def _points(rule: str, above: Numbers, below: Numbers, ratio: Numbers) -> Numbers:
    match rule:
        case "proportional":
            return np.floor(np.minimum(ratio, 1.0) * 500 + 0.5) / 100
        case "bands":
            return np.array([0.0, 2.0, 4.0, 5.0])[np.searchsorted([0.6, 0.8, 0.95], ratio, side="right")]
        case "steps":
            return np.clip(5 - np.ceil((above - below) / below * 100) * 0.5, 0.0, 5.0)
        case _:
            return np.where(ratio <= 1, 5.0, 0.0)


def by_rows(rows: Sequence[Mapping[str, Decimal | None]], case: Case) -> list[dict[str, Any]]:
    """Python, one row after another, in Decimal."""
    found = []
    names = [(f"leaf{leaf}", case.rule(leaf), case.above(leaf), case.below(leaf)) for leaf in range(case.indicators)]
    tiers = [[f"leaf{leaf}" for leaf in case.leaves_of(tier)] for tier in range(len(TIERS))]
    most = _FULL * case.indicators
    edges = [most * share / 100 for share in (90, 80, 60)]
    for row in rows:
        made: dict[str, Any] = {}
        for name, rule, numerator, denominator in names:
            above, below = row[numerator], row[denominator]
            points = Decimal(0)
            if above is not None and below is not None and below > 0:
                points = _decimal_points(rule, above, below)
            made[name] = points.quantize(_CENT, ROUND_HALF_UP)
        total = Decimal(0)
        for tier, leaves in enumerate(tiers):
            made[f"tier{tier}"] = sum(made[leaf] for leaf in leaves)
            total += made[f"tier{tier}"]
        made["total"] = total
        made["grade"] = next((grade for grade, edge in zip(GRADES, edges, strict=False) if total >= edge), GRADES[-1])
        found.append(made)
    return found


def _decimal_points(rule: str, above: Decimal, below: Decimal) -> Decimal:
    if rule == "proportional":
        return min(above / below, Decimal(1)) * _FULL
    if rule == "bands":
        ratio = above / below
        if ratio >= Decimal("0.95"):
            return Decimal(5)
        if ratio >= Decimal("0.8"):
            return Decimal(4)
        return Decimal(2) if ratio >= Decimal("0.6") else Decimal(0)
    if rule == "steps":
        steps = max((above - below) / below * 100, Decimal(0)).to_integral_value(ROUND_CEILING)
        return max(_FULL - steps * Decimal("0.5"), Decimal(0))
    return _FULL if above <= below else Decimal(0)


def spark_sql(case: Case) -> tuple[list[str], list[str], str, str]:
    """Spark SQL on DOUBLE: the leaves, the tiers, the total and the grade."""
    leaves = []
    for leaf in range(case.indicators):
        above, below = case.above(leaf), case.below(leaf)
        match case.rule(leaf):
            case "proportional":
                score = f"WHEN {above} >= {below} THEN 5D ELSE floor({above} / {below} * 500 + 0.5) / 100"
            case "bands":
                bands = ((0.95, 5), (0.8, 4), (0.6, 2))
                score = " ".join(f"WHEN {above} / {below} >= {edge}D THEN {points}D" for edge, points in bands)
                score += " ELSE 0D"
            case "steps":
                score = f"ELSE least(greatest(5D - ceil(({above} - {below}) / {below} * 100) * 0.5D, 0D), 5D)"
            case _:
                score = f"WHEN {above} <= {below} THEN 5D ELSE 0D"
        lacking = f"{above} IS NULL OR {below} IS NULL OR {below} <= 0"
        leaves.append(f"CASE WHEN {lacking} THEN 0D {score} END AS leaf{leaf}")
    tiers = []
    for tier in range(len(TIERS)):
        added = " + ".join(f"leaf{leaf}" for leaf in case.leaves_of(tier))
        tiers.append(f"{added} AS tier{tier}")
    added = " + ".join(f"tier{tier}" for tier in range(len(TIERS)))
    total = f"floor(({added}) * 100 + 0.5) / 100 AS total"
    most = POINTS * case.indicators
    edges = zip(GRADES, (90, 80, 60), strict=False)
    words = " ".join(f"WHEN total >= {most * share / 100}D THEN '{grade}'" for grade, share in edges)
    return leaves, tiers, total, f"CASE {words} ELSE '{GRADES[-1]}' END AS grade"


def by_spark(frame: Any, case: Case) -> Any:
    """What Spark makes of it, on a frame of doubles with the number of each unit."""
    leaves, tiers, total, grade = spark_sql(case)
    scored = frame.selectExpr("unit", *leaves).selectExpr("*", *tiers)
    return scored.selectExpr("*", total).selectExpr("*", grade)


def openfisca_system(case: Case) -> Any:
    """The rules as variables of OpenFisca-core, whose floats have 32 bits."""
    build_entity = import_module("openfisca_core.entities").build_entity
    variable: Any = import_module("openfisca_core.variables").Variable
    enum: Any = import_module("openfisca_core.indexed_enums").Enum
    year = import_module("openfisca_core.periods").DateUnit.YEAR
    unit = build_entity(key="unit", plural="units", label="unit", is_person=True)
    system = import_module("openfisca_core.taxbenefitsystems").TaxBenefitSystem([unit])
    grades = enum("Grades", {grade: grade for grade in GRADES})

    def add(name: str, formula: Callable[..., Any] | None = None, **more: Any) -> None:
        said = {"value_type": float, "entity": unit, "definition_period": year, **more}
        system.add_variable(type(name, (variable,), {**said, **({} if formula is None else {"formula": formula})}))

    for name in case.names:
        add(name, default_value=float("nan"))

    def leaf_formula(leaf: int) -> Callable[..., Any]:
        rule = case.rule(leaf)

        def formula(units: Any, period: Any) -> Any:
            above, below = units(case.above(leaf), period), units(case.below(leaf), period)
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = above / below
                return np.where(np.isfinite(ratio) & (below > 0), _points(rule, above, below, ratio), 0)

        return formula

    def sum_formula(names: list[str]) -> Callable[..., Any]:
        return lambda units, period: sum(units(name, period) for name in names)

    def grade_formula(units: Any, period: Any) -> Any:
        most = POINTS * case.indicators
        total = units("total", period)
        return grades.encode(3 - np.searchsorted([most * 0.6, most * 0.8, most * 0.9], total, side="right"))

    for leaf in range(case.indicators):
        add(f"leaf{leaf}", leaf_formula(leaf))
    for tier in range(len(TIERS)):
        add(f"tier{tier}", sum_formula([f"leaf{leaf}" for leaf in case.leaves_of(tier)]))
    add("total", sum_formula([f"tier{tier}" for tier in range(len(TIERS))]))
    add("grade", grade_formula, value_type=enum, possible_values=grades, default_value=grades[GRADES[-1]])
    return system


def by_openfisca(figures: Mapping[str, Numbers], case: Case, system: Any) -> dict[str, Numbers]:
    """OpenFisca-core, with NaN for what is missing; every run is a simulation of its own."""
    builder = import_module("openfisca_core.simulations").SimulationBuilder()
    simulation = builder.build_default_simulation(system, count=len(next(iter(figures.values()))))
    for name, values in figures.items():
        simulation.set_input(name, "2022", values)
    made = {name: simulation.calculate(name, "2022") for name in case.columns}
    made["grade"] = simulation.calculate("grade", "2022").decode_to_str()
    return made


def copy_all(figures: Sequence[Numbers], written: int) -> list[Numbers]:
    """Read every column and write as many as the others do, on two threads: nothing can be quicker."""

    def one(number: int) -> Numbers:
        if number < len(figures):
            read = figures[number]
            return read.copy() if number < written else read.max(keepdims=True)
        return figures[number % len(figures)].copy()

    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(one, range(max(len(figures), written))))
