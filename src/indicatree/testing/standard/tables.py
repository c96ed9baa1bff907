"""The law of tables: a row is scored as its unit is."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from indicatree.data import Items
from indicatree.problems import SchemeError
from indicatree.testing.standard.capabilities import TABLES
from indicatree.testing.trials import SCHEME, law
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from indicatree.data import UnitData
    from indicatree.scheme import Scheme
    from indicatree.testing.trials import Trial

__all__ = ["rows_score_as_units"]

_ENGINES = [engine for engine in ("polars", "pyarrow", "pandas", "duckdb") if find_spec(engine) is not None]
"""Those that need no cluster, of those that are installed."""


def _polars(table: Any) -> Any:
    import polars as pl  # noqa: PLC0415 - where it is installed

    return pl.DataFrame(table)


def _duckdb(table: Any) -> Any:
    import duckdb  # noqa: PLC0415 - where it is installed

    return duckdb.from_arrow(table)


def _pandas(table: Any) -> Any:
    import pandas as pd  # noqa: PLC0415 - where it is installed

    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _first_of_arrow(table: Any) -> dict[str, Any]:
    return table.to_pylist()[0]  # type: ignore[no-any-return]


_HELD: dict[str, Callable[[Any], Any]] = {
    "polars": _polars,
    "duckdb": _duckdb,
    "pandas": _pandas,
}
_FIRST: dict[str, Callable[[Any], dict[str, Any]]] = {
    "polars": lambda frame: frame.row(0, named=True),
    "duckdb": lambda relation: _first_of_arrow(relation.to_arrow_table()),
    "pandas": lambda frame: frame.to_dict("records")[0],
}


@law(
    "rows-score-as-units",
    of=[SCHEME],
    title=Text(
        zh="表中的一行与单独评分的单位得分完全一致",
        en="A row of a table scores to the last digit what its unit scores by itself",
    ),
    why=Text(
        zh="一个单位的得分不能取决于由谁、在哪里计算",
        en="what a unit scores must not depend on where it is computed",
    ),
    needs=[TABLES],
)
def rows_score_as_units(trial: Trial) -> None:
    """One unit by itself, and as a row on one of the engines that are installed: totals, nodes and outcomes."""
    scheme = trial.scheme
    data = trial.keep(_as_in_tables(trial.data(missing=True, inapplicable=True), scheme))
    card = trial.score(data)
    row = _scored(scheme, data, trial.draw(st.sampled_from(_ENGINES)))
    if "score the unit by itself" in (row["error"] or ""):
        reject()  # its line items add up to more than a table is laid out for, and the row says so
    for node in card.root.walk():
        units = row[f"score.{node.path}" if node.path else "total"]
        said = Text(
            zh=f"单独评分为 {node.units}，表中为 {units}（最后一位小数的单位）",
            en=f"{node.units} by itself, {units} in the table, in units of the last decimal place",
        )
        trial.expect(units == node.units, said, at=node.path)
        outcome = row.get(f"outcome.{node.path}", node.outcome.value)
        said = Text(
            zh=f"单独评分为 {node.outcome.value}，表中为 {outcome}",
            en=f"{node.outcome.value} by itself, {outcome} in the table",
        )
        trial.expect(outcome == node.outcome.value, said, at=node.path)


def _as_in_tables(data: UnitData, scheme: Scheme) -> UnitData:
    """The data as a table can hold it: every list of line items is there, and what is said is said of all lines."""
    lists: dict[str, Any] = {
        name: Items(shape.record_class) for name, shape in scheme.data_shape.records.items() if shape.many
    }
    judgement = {path: attrs.evolve(one, lines=()) for path, one in data.judgement.items()}
    return attrs.evolve(data, records={**lists, **data.records}, judgement=judgement, notes={})


def _scored(scheme: Scheme, data: UnitData, engine: str) -> dict[str, Any]:
    """The row of a unit."""
    from indicatree.table import arrow_of, score_table  # noqa: PLC0415 - an extra, for this law only

    table, items = arrow_of(scheme, [data])
    held = _HELD.get(engine, lambda table: table)
    frames = {name: held(lines) for name, lines in items.items()}
    try:
        scored = score_table(scheme, held(table), items=frames, columns="all", scores="whole")
    except SchemeError:  # a veto whose measure is no plain arithmetic
        reject()
    return _FIRST.get(engine, _first_of_arrow)(scored)
