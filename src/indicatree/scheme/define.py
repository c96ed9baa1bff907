"""Records and indicators that a scheme file defines itself, without code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.data import RecordShape, split_version
from indicatree.data.record import check_id
from indicatree.data.structure import StructureError, require_keys
from indicatree.indicators import Indicator
from indicatree.problems import Problem, did_you_mean, expected, quoted
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Definitions", "definitions_table", "read_definitions"]

_FOR_WANT = "for-want-of-a-record"
"""The code of what lacks a record that is wrong itself; it is not told."""

_PARTS = {"records": "数据表", "indicators": "指标"}


@attrs.frozen
class Definitions:
    """What a scheme defines besides what plugins offer.

    Attributes:
        records: The record classes, by id.
        indicators: The indicators, by id.
    """

    records: Mapping[str, type] = attrs.field(factory=dict)
    indicators: Mapping[str, Indicator] = attrs.field(factory=dict)


def read_definitions(
    table: Any, records: Mapping[str, type], indicators: Mapping[str, Indicator], named: Any
) -> Definitions:
    """What the table ``define`` of a scheme file says.

    Args:
        table: The table.
        records: The record classes that plugins offer, by id.
        indicators: The indicators that plugins offer.
        named: The table ``records`` of the file: the record for a name, where the scheme says so.

    Raises:
        StructureError: With every problem, each at its path in the table.
    """
    from indicatree.data.define import defined_record  # noqa: PLC0415 - only such schemes pay for it
    from indicatree.indicators.define import defined_indicator  # noqa: PLC0415 - likewise

    problems = require_keys(table, {"records", "indicators"})
    if problems:
        raise StructureError(problems)
    made: dict[str, type] = {}
    defined: dict[str, Indicator] = {}

    def build(part: str, known: Mapping[str, Any], make: Callable[[str, Any], Any], into: dict[str, Any]) -> None:
        entries = table.get(part, {})
        if not isinstance(entries, Mapping):
            message = expected("以 id 为键的表", "a table by id", quoted(entries))
            header = f'[define.{part}."local.name"]'
            problems.append(Problem("not-a-table", part, message, Text(zh=f"写 {header}", en=f"write {header}")))
            return
        for identifier, entry in entries.items():
            found = check_id(identifier, part.removesuffix("s"))
            if any(split_version(name)[0] == identifier for name in known):
                message = Text(
                    zh=f"插件中已有{_PARTS[part]} {identifier}",
                    en=f"a plugin has the {part.removesuffix('s')} {identifier} already",
                )
                found.append(Problem("duplicate-id", "", message, Text(zh="另取 id", en="give it another id")))
            if found:
                problems.extend(attrs.evolve(problem, path=f"{part}.{identifier}") for problem in found)
                continue
            try:
                into[identifier] = make(identifier, entry)
            except StructureError as error:
                problems.extend(problem.under(f"{part}.{identifier}") for problem in error.problems)

    build("records", records, defined_record, made)
    given = table.get("records", {})
    broken = set(map(str, given)) - set(made) if isinstance(given, Mapping) else None
    resolve = partial(_wanted, named=named, records={**records, **made}, broken=broken)
    build("indicators", indicators, lambda identifier, entry: defined_indicator(identifier, entry, resolve), defined)
    if problems:
        # what lacks for want of a record that is wrong itself, is not wrong by itself
        told = [problem for problem in problems if problem.code != _FOR_WANT]
        if told:
            raise StructureError(told)
    return Definitions(made, defined)


def _wanted(name: str, said: Any, *, named: Any, records: Mapping[str, type], broken: set[str] | None) -> RecordShape:
    """The record for a name; where it may be one that is wrong itself, what lacks is marked so.

    Args:
        name: The name in a formula.
        said: What the indicator says of it.
        named: What the scheme says of names.
        records: The records that there are, by id.
        broken: The ids of records that are wrong themselves; None where any may be.
    """
    try:
        return _resolved(name, said, named, records)
    except StructureError as error:
        wanted = said or (named.get(name) if isinstance(named, Mapping) else None) or name
        wanted = wanted[0] if isinstance(wanted, list) and len(wanted) == 1 else wanted
        if broken is not None and not any(wanted in (one, one.rpartition(".")[2]) for one in broken):
            raise
        raise StructureError(attrs.evolve(problem, code=_FOR_WANT) for problem in error.problems) from None


def _resolved(name: str, said: Any, named: Any, records: Mapping[str, type]) -> RecordShape:
    """The record for a name: as the indicator says, as the scheme says, or the only one of that short name."""
    if said is None and isinstance(named, Mapping):
        said = named.get(name)
    if said is not None:
        many = isinstance(said, list) and len(said) == 1
        identifier = said[0] if many else said
        if not isinstance(identifier, str) or identifier not in records:
            fix = did_you_mean(str(identifier), records)
            raise StructureError([Problem("unknown-record", "", _no_record(identifier), fix)])
        return RecordShape(records[identifier], many=many)
    found = [identifier for identifier in sorted(records) if identifier.rpartition(".")[2] == name]
    if len(found) == 1:
        return RecordShape(records[found[0]])
    if found:
        message = Text(
            zh=f"有多个数据表名为 {quoted(name)}：{'、'.join(found)}",
            en=f"several records are called {quoted(name)}: {', '.join(found)}",
        )
        raise StructureError([Problem("unknown-record", "", message, f'records = {{ {name} = "{found[0]}" }}')])
    short = {identifier.rpartition(".")[2]: identifier for identifier in records}
    items = f'records = {{ {name} = ["namespace.name"] }}'
    fix = did_you_mean(name, short) + Text(zh=f"；逐项的数据写 {items}", en=f" For line items: {items}")
    raise StructureError([Problem("unknown-record", "", _no_record(name), fix)])


def _no_record(name: Any) -> Text:
    return Text(zh=f"没有此数据表 {quoted(name)}", en=f"there is no record {quoted(name)}")


def definitions_table(definitions: Definitions) -> dict[str, Any]:
    """The definitions as a file holds them."""
    from indicatree.data.define import record_table  # noqa: PLC0415 - only such schemes pay for it
    from indicatree.indicators.define import indicator_table  # noqa: PLC0415 - likewise

    table = {
        "records": {name: record_table(cls) for name, cls in definitions.records.items()},
        "indicators": {name: indicator_table(indicator) for name, indicator in definitions.indicators.items()},
    }
    return {part: entries for part, entries in table.items() if entries}
