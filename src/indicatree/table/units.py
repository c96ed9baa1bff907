"""Units as a table: the columns that `score_table` reads, from the data of units."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import Quantity
from indicatree.data import fields, record_type
from indicatree.scoring import Scorer, prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indicatree.data import UnitData
    from indicatree.scheme import Scheme

__all__ = ["KEY", "arrow_of", "columns_of"]

KEY = "unit"
"""The column that says to which unit a line item belongs."""


def columns_of(
    scheme: Scheme | Scorer, units: Iterable[UnitData]
) -> tuple[dict[str, list[Any]], dict[str, dict[str, list[Any]]]]:
    """The data of units as the columns of a table, and those of a table for each list of line items.

    Numbers are decimals, days are dates; what a unit lacks is None. The column ``unit`` numbers the units from 1,
    and says in a table of line items to which unit each belongs.

    Args:
        scheme: The scheme that the data is for.
        units: The data of each unit.

    Example:
        >>> import indicatree as it
        >>> scheme = it.load_scheme("examples/leiyang-2022-scheme.toml")
        >>> data = it.load("examples/leiyang-2022.toml", scheme)
        >>> table, items = columns_of(scheme, [data])
        >>> table["budget.project_actual"]
        [Decimal('425918800.00')]
    """
    scorer = scheme if isinstance(scheme, Scorer) else prepare(scheme)
    shape = scorer.shape
    units = list(units)
    table: dict[str, list[Any]] = {KEY: list(range(1, len(units) + 1))}
    items: dict[str, dict[str, list[Any]]] = {}
    for name, wanted in shape.records.items():
        kinds = record_type(wanted.record_class).fields
        if wanted.many:
            items[name] = _lines(units, name, kinds)
        else:
            table |= {f"{name}.{field}": _figures(units, name, field, kind) for field, kind in kinds.items()}
    for path, said in shape.judgements.items():
        for name in said.items if said.items is not None else ("",):
            column = f"judgement.{path}.{name}" if name else f"judgement.{path}"
            table[column] = [_said(data, path, name) for data in units]
    for path in shape.leaves:
        if any(path in data.not_applicable for data in units):
            table[f"not_applicable.{path}"] = [path in data.not_applicable for data in units]
    return table, items


def arrow_of(scheme: Scheme | Scorer, units: Iterable[UnitData]) -> tuple[Any, dict[str, Any]]:
    """The data of units as a table of Arrow, and one for each list of line items; see `columns_of`."""
    import pyarrow as pa  # noqa: PLC0415 - only who asks for Arrow needs it

    scorer = scheme if isinstance(scheme, Scorer) else prepare(scheme)
    columns, lists = columns_of(scorer, units)
    records = scorer.shape.records

    def typed(kind: Any) -> Any:
        if isinstance(kind, fields.Flag):
            return pa.bool_()
        if isinstance(kind, fields.Choice | fields.Words):
            return pa.string()
        return pa.date32() if isinstance(kind, fields.Date) else pa.decimal128(38, kind.places)

    def of_column(name: str) -> Any:
        record, _, field = name.partition(".")
        if record in records:
            return typed(record_type(records[record].record_class).fields[field])
        return pa.decimal128(38, 6) if record == "judgement" and field in scorer.shape.judgements else pa.bool_()

    def table(values: dict[str, list[Any]], types: dict[str, Any]) -> Any:
        return pa.table({name: pa.array(column, types.get(name, pa.int64())) for name, column in values.items()})

    items = {}
    for name, values in lists.items():
        kinds = record_type(records[name].record_class).fields
        items[name] = table(values, {field: typed(kind) for field, kind in kinds.items()})
    return table(columns, {name: of_column(name) for name in columns if name != KEY}), items


def _figures(units: list[UnitData], name: str, field: str, kind: Any) -> list[Any]:
    return [_plain(kind, getattr(data.records[name], field)) if name in data.records else None for data in units]


def _lines(units: list[UnitData], name: str, kinds: Mapping[str, Any]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {KEY: [], **{field: [] for field in kinds}}
    for number, data in enumerate(units, 1):
        for item in data.records.get(name, ()):
            rows[KEY].append(number)
            for field, kind in kinds.items():
                rows[field].append(_plain(kind, getattr(item, field)))
    return rows


def _plain(kind: Any, value: Any) -> Any:
    if kind.is_missing(value):
        return None
    written = kind.write(value)
    if isinstance(value, Quantity) and not isinstance(kind, fields.Date):
        return Decimal(written)
    return written


def _said(data: UnitData, path: str, name: str) -> Any:
    judgement = data.judgement.get(path)
    if judgement is None:
        return None
    if name:
        return (judgement.items or {}).get(name)
    return None if judgement.share is None else judgement.share.decimal(6)
