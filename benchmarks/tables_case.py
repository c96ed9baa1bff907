"""What ``tables.py`` measures: a scheme of money ratios, figures for it, and its scores in whole numbers.

Leaf number i compares ``actual<i>`` with ``budget<i mod budgets>``: 28 leaves need 28 + 16 = 44 amounts. The rules
go round, so that of 28 leaves 10 are proportional, 8 have bands, 6 lose points for each started step and 4 are all
or nothing.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import indicatree as it

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

    Numbers = npt.NDArray[Any]

POINTS = 5
FULL = 100 * POINTS
GRADES = ("excellent", "good", "fair", "poor")
TIERS = ("input", "process", "output", "effect")
NONE = -1
"""Stands for a score that is not there."""

_RULES = ("proportional",) * 5 + ("bands",) * 4 + ("steps",) * 3 + ("limit",) * 2
_BANDS = ((95, POINTS), (80, 4), (60, 2))
_MISSING = 0.01
_ZERO = 0.002
_BLOCK = 1_000_000
_ROW_GROUP = 125_000


@attrs.frozen
class Case:
    """A scheme of some size.

    Attributes:
        indicators: How many leaves it has.
        left_out: Whether the first leaf of each tier is left out where a figure is missing or zero divides,
            instead of getting no points.
    """

    indicators: int = 28
    left_out: bool = False

    @property
    def budgets(self) -> int:
        """How many amounts are divided by."""
        return self.indicators * 4 // 7

    @property
    def names(self) -> list[str]:
        """The names of all amounts."""
        actual = [self.above(leaf) for leaf in range(self.indicators)]
        return [*actual, *[f"budget{number}" for number in range(self.budgets)]]

    def above(self, leaf: int) -> str:
        """The amount that a leaf divides."""
        return f"actual{leaf}"

    def below(self, leaf: int) -> str:
        """The amount that a leaf divides by."""
        return f"budget{leaf % self.budgets}"

    def rule(self, leaf: int) -> str:
        """The rule of a leaf."""
        return _RULES[leaf % len(_RULES)]

    def leaves_of(self, tier: int) -> range:
        """The leaves of a tier."""
        number = len(TIERS)
        return range(-(-tier * self.indicators // number), -(-(tier + 1) * self.indicators // number))

    def may_lack(self, leaf: int) -> bool:
        """Whether a leaf is left out where it has no value."""
        return self.left_out and any(leaf == self.leaves_of(tier).start for tier in range(len(TIERS)))

    @property
    def columns(self) -> list[str]:
        """The scores that every side writes, beside the grade."""
        leaves = [f"leaf{leaf}" for leaf in range(self.indicators)]
        return [*leaves, *[f"tier{tier}" for tier in range(len(TIERS))], "total"]

    def paths(self) -> dict[str, str]:
        """The column of a scored table for each of those."""
        found = {f"tier{tier}": f"score.{name}" for tier, name in enumerate(TIERS)}
        for tier, name in enumerate(TIERS):
            found |= {f"leaf{leaf}": f"score.{name}.all.leaf{leaf}" for leaf in self.leaves_of(tier)}
        return {name: found.get(name, name) for name in self.columns}


def document_of(case: Case) -> dict[str, Any]:
    """The scheme of a case as a scheme file has it."""
    words = {"zh": "指标", "en": "indicator"}
    rules = {
        "proportional": {"kind": "proportional"},
        "bands": {
            "kind": "bands",
            "bands": [
                {"at_least": "95%", "points": POINTS},
                {"at_least": "80%", "below": "95%", "points": 4},
                {"at_least": "60%", "below": "80%", "points": 2},
                {"below": "60%", "points": 0},
            ],
        },
        "steps": {
            "kind": "deduct_per_step",
            "target": 0,
            "step": "1%",
            "points_per_step": "0.5",
            "side": "above",
            "steps": "started",
        },
        "limit": {"kind": "all_or_nothing", "at_most": "100%"},
    }

    def indicator(leaf: int, tier: str) -> dict[str, Any]:
        above, below = f"amounts.{case.above(leaf)}", f"amounts.{case.below(leaf)}"
        measure = f"({above} - {below}) / {below}" if case.rule(leaf) == "steps" else f"{above} / {below}"
        return {"tier": tier, "title": words, "measure": measure}

    def leaf_of(leaf: int) -> dict[str, Any]:
        said = {"id": f"leaf{leaf}", "indicator": f"bench.ratio{leaf}", "points": POINTS}
        more = {"policies": {"missing": "left_out", "undefined": "left_out"}} if case.may_lack(leaf) else {}
        return {**said, "rule": rules[case.rule(leaf)], **more}

    tiers = {name: case.leaves_of(tier) for tier, name in enumerate(TIERS)}
    fields = {name: {"kind": "money", "title": {"zh": name, "en": name}} for name in case.names}
    return {
        "format": 1,
        "id": "bench",
        "policies": {"missing": "no_points", "undefined": "no_points"},
        "define": {
            "records": {"bench.amounts": {"title": {"zh": "金额", "en": "amounts"}, "fields": fields}},
            "indicators": {
                f"bench.ratio{leaf}": indicator(leaf, name) for name, leaves in tiers.items() for leaf in leaves
            },
        },
        "tiers": [
            {
                "tier": name,
                "groups": [
                    {
                        "id": "all",
                        "title": {"zh": "全部", "en": "all"},
                        "indicators": [leaf_of(leaf) for leaf in leaves],
                    }
                ],
            }
            for name, leaves in tiers.items()
        ],
    }


def scheme_of(case: Case) -> it.Scheme:
    """The scheme of a case."""
    return it.load_scheme(document_of(case))


def figures(
    case: Case, units: int, seed: int = 20221231, on_an_edge: float = 0.1
) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
    """Amounts in whole minor units, and which of them are missing.

    A share of the units has all its ratios on an edge of their rule or one minor unit beside it.
    """
    draw = np.random.default_rng(seed)
    edge = draw.random(units) < on_an_edge
    given: dict[str, Numbers] = {}
    for number in range(case.budgets):
        free = draw.integers(1, 10**9, units)
        round_amount = draw.integers(1, 10**6, units) * 1000
        amount = np.where(edge, round_amount, free)
        given[f"budget{number}"] = np.where(draw.random(units) < _ZERO, 0, amount)
    for leaf in range(case.indicators):
        below = given[case.below(leaf)]
        # halves of a cent, limits of bands, ends of steps: all in thousandths of what is divided by
        thousandths = {
            "proportional": draw.integers(0, 500, units) * 2 + 1,
            "bands": draw.choice([at_least * 10 for at_least, _ in _BANDS], units),
            "steps": 1000 + draw.integers(0, 12, units) * 10,
            "limit": np.full(units, 1000),
        }[case.rule(leaf)]
        on_edge = np.maximum(below // 1000 * thousandths + draw.integers(-1, 2, units), 0)
        near = (below * draw.uniform(0.4, 1.2, units)).astype(np.int64)
        given[case.above(leaf)] = np.where(edge, on_edge, near)
    return {name: given[name] for name in case.names}, {name: draw.random(units) < _MISSING for name in case.names}


def in_whole_numbers(
    case: Case, given: dict[str, Numbers], missing: dict[str, Numbers]
) -> tuple[dict[str, Numbers], Numbers]:
    """The scores in hundredths of a point, and the places of the grades; every step is exact."""
    made: dict[str, Numbers] = {}
    for leaf in range(case.indicators):
        above, below = given[case.above(leaf)], given[case.below(leaf)]
        there = ~missing[case.above(leaf)] & ~missing[case.below(leaf)] & (below > 0)
        divisor = np.where(there, below, 1)
        match case.rule(leaf):
            case "proportional":
                score = np.minimum((2 * FULL * above + divisor) // (2 * divisor), FULL)
            case "bands":
                reached = [above * 100 >= at_least * divisor for at_least, _ in _BANDS]
                score = np.select(reached, [100 * points for _, points in _BANDS], 0)
            case "steps":
                steps = -(-100 * np.maximum(above - divisor, 0) // divisor)
                score = np.maximum(FULL - 50 * steps, 0)
            case _:
                score = np.where(above <= divisor, FULL, 0)
        made[f"leaf{leaf}"] = np.where(there, score, NONE if case.may_lack(leaf) else 0)
    total: Numbers = np.zeros(len(next(iter(given.values()))), np.int64)
    for tier in range(len(TIERS)):
        leaves = [made[f"leaf{leaf}"] for leaf in case.leaves_of(tier)]
        added = np.sum([np.maximum(leaf, 0) for leaf in leaves], axis=0)
        counted = np.sum([leaf != NONE for leaf in leaves], axis=0)
        # what is left out is spread over the rest
        made[f"tier{tier}"] = (2 * added * len(leaves) + counted) // (2 * counted)
        total = total + made[f"tier{tier}"]
    made["total"] = total
    most = FULL * case.indicators
    places = np.select([total * 100 >= most * share for share in (90, 80, 60)], [0, 1, 2], 3)
    return {name: made[name] for name in case.columns}, places


def by_score(
    case: Case, given: dict[str, Numbers], missing: dict[str, Numbers], units: Iterable[int]
) -> list[tuple[list[int], str]]:
    """The same of some units, by ``indicatree.score`` one after another."""
    scheme = scheme_of(case)
    scorer = it.prepare(scheme)
    record = next(iter(scorer.shape.records.values())).record_class
    found = []
    for unit in units:
        amounts = {name: None if missing[name][unit] else it.exact(int(given[name][unit])) / 100 for name in case.names}
        card = scorer.score(it.UnitData(records={"amounts": record(**amounts)}))
        leaves = [leaf.score for leaf in card.leaves()]
        tiers = [tier.score for tier in card.tiers]
        scores = [NONE if score is None else int(score * 100) for score in (*leaves, *tiers, card.total)]
        found.append((scores, card.grade.id if card.grade else ""))
    return found


def write(case: Case, units: int, folder: Path) -> None:
    """Write the figures as minor units and as float64 in yuan, and the scores to compare with.

    ``minor_units.arrow`` and ``yuan.arrow`` have only the amounts; the Parquet files also number the units.
    """
    left_out = attrs.evolve(case, left_out=True)
    plain = attrs.evolve(case, left_out=False)
    (folder / "scheme.json").write_text(json.dumps(document_of(plain)), encoding="utf-8")
    with ExitStack() as files:
        writers: dict[str, Any] = {}
        for block, first in enumerate(range(0, units, _BLOCK)):
            size = min(_BLOCK, units - first)
            given, missing = figures(case, size, 20221231 + block)
            whole = pl.DataFrame(given).with_columns(
                pl.when(pl.Series(missing[name])).then(None).otherwise(pl.col(name)).alias(name) for name in case.names
            )
            unit = pl.Series("unit", np.arange(first, first + size))
            yuan = whole.select(pl.all().cast(pl.Float64) / 100)
            named = whole.rename({name: f"amounts.{name}" for name in case.names})
            tables = {
                "minor_units.arrow": named,
                "minor_units.parquet": named.with_columns(unit),
                "yuan.arrow": yuan,
                "yuan.parquet": yuan.with_columns(unit),
                "expected.arrow": _expected(plain, given, missing),
                "expected_left_out.arrow": _expected(left_out, given, missing),
            }
            for name, frame in tables.items():
                table = frame.to_arrow()
                if name not in writers:
                    make = pq.ParquetWriter if name.endswith("parquet") else pa.ipc.new_file
                    writers[name] = files.enter_context(make(str(folder / name), table.schema))
                if name.endswith("parquet"):
                    writers[name].write_table(table, row_group_size=_ROW_GROUP)
                else:
                    writers[name].write_table(table.combine_chunks(), max_chunksize=_BLOCK)


def _expected(case: Case, given: dict[str, Numbers], missing: dict[str, Numbers]) -> pl.DataFrame:
    scores, places = in_whole_numbers(case, given, missing)
    columns = {name: score.astype(np.int32) for name, score in scores.items()}
    return pl.DataFrame({**columns, "grade": places.astype(np.int32)})
