"""The data of a unit as a data file: what `indicatree.load` reads back as the same data."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from indicatree.data import DATA_FORMAT, Amounts, Items, fields, record_type

if TYPE_CHECKING:
    from indicatree.arithmetic import Quantity
    from indicatree.data import Judgement, UnitData
    from indicatree.scheme import Scheme

__all__ = ["data_document", "data_toml", "differences", "shown"]


def data_document(data: UnitData, scheme: Scheme | str, *, amounts: Amounts | None = None) -> dict[str, Any]:
    """The data as a data file holds it.

    Args:
        data: The data.
        scheme: The scheme, or how the file names it.
        amounts: The unit in which amounts are written; by default that of the data.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.budget", title=it.Text(zh="预算", en="Budget"))
        ... class Budget:
        ...     planned: fields.Money = fields.money("预算数", "planned")
        >>> data = it.UnitData(records={"budget": Budget(planned=12000)})
        >>> data_document(data, "demo", amounts=Amounts.parse("10000 yuan"))["data"]
        {'budget': {'planned': Decimal('1.2')}}
    """
    amounts = data.unit.amounts if amounts is None else amounts
    unit: dict[str, Any] = {"name": data.unit.name}
    if data.unit.year is not None:
        unit["year"] = data.unit.year
    unit |= {"currency": amounts.currency, "amounts_in": amounts.text}
    document: dict[str, Any] = {
        "format": DATA_FORMAT,
        "scheme": scheme if isinstance(scheme, str) else scheme.key,
        "unit": unit,
        "data": {name: _held(value, amounts) for name, value in data.records.items()},
    }
    if data.judgement:
        document["judgement"] = {path: _judgement(judgement) for path, judgement in data.judgement.items()}
    if data.not_applicable:
        document["not_applicable"] = {path: words.to_dict() for path, words in data.not_applicable.items()}
    return document


def data_toml(data: UnitData, scheme: Scheme | str) -> str:
    """The data as the text of a data file in TOML."""
    from indicatree.data.files import write_toml  # noqa: PLC0415 - only writing pays for it

    return write_toml(data_document(data, scheme))


def _held(value: Any, amounts: Amounts) -> Any:
    if isinstance(value, Items):
        return [_record(item, amounts) for item in value]
    return _record(value, amounts)


def _record(record: Any, amounts: Amounts) -> dict[str, Any]:
    kinds = record_type(type(record)).fields
    return {
        name: _figure(kind, value, amounts)
        for name, kind in kinds.items()
        if not kind.is_missing(value := getattr(record, name))
    }


def _figure(kind: Any, value: Any, amounts: Amounts) -> Any:
    if isinstance(kind, fields.Money) and amounts.factor != 1:
        value = value / amounts.factor
        return _decimal(value)
    written = kind.write(value)
    return int(written) if isinstance(written, Decimal) and not written % 1 else written


def _decimal(value: Quantity) -> Decimal | int:
    fraction = value.fraction
    return fraction.numerator if fraction.denominator == 1 else Decimal(value.text)


def _judgement(judgement: Judgement) -> dict[str, Any]:
    table: dict[str, Any] = {}
    if judgement.items is not None:
        table["items"] = dict(judgement.items)
    if judgement.lines:
        table["lines"] = list(judgement.lines)
    if judgement.share is not None:
        table["share"] = judgement.share.text
    table |= {"reason": judgement.reason.to_dict(), "evidence": judgement.evidence.to_dict()}
    if judgement.assumed:
        table |= {"assumed": True, "why": judgement.why.to_dict()}
    return table


def differences(first: Any, second: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """What two documents say differently, by path; None for what one of them does not say."""
    if isinstance(first, dict) and isinstance(second, dict):
        found: dict[str, tuple[Any, Any]] = {}
        for key in dict.fromkeys([*first, *second]):
            inner = f'"{key}"' if "." in key else key
            found |= differences(first.get(key), second.get(key), f"{path}.{inner}" if path else inner)
        return found
    if isinstance(first, list) and isinstance(second, list):
        found = {}
        for index in range(max(len(first), len(second))):
            one, other = (some[index] if index < len(some) else None for some in (first, second))
            found |= differences(one, other, f"{path}[{index}]")
        return found
    return {} if first == second else {path: (first, second)}


def shown(value: Any) -> str:
    """A value of a document in a line, as TOML writes it."""
    import tomli_w  # noqa: PLC0415 - only writing pays for it

    if value is None:
        return "(not there)"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").strip()
