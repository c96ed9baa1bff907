"""The data of a unit from a file or a mapping, with every problem reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity
from indicatree.data.fields import Amounts, Kind, RefusedError, excess_problem, excesses
from indicatree.data.files import check_depth, read_document
from indicatree.data.record import Items, as_stated, is_record, record_type, record_words
from indicatree.data.structure import StructureError, key_lacks, require_keys, structure
from indicatree.data.unit import BARE_ASSUMPTION, BARE_REASON, FigureNote, Judgement, Unit, UnitData
from indicatree.problems import DataError, Problem, did_you_mean, expected, quoted
from indicatree.text import Text, said_by

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["DATA_FORMAT", "DataShape", "JudgementShape", "RecordShape", "load_data", "records_from", "resolve_path"]

DATA_FORMAT = 1
"""The version of the data file format that is written; this and older ones are read."""

_TOP = {"format", "scheme", "unit", "data", "judgement", "not_applicable", "figures", "claims", "identity"}
_YEARS_END = 10_000
_FIGURE = {"value", "at", "assumed", "why"}


@attrs.frozen
class RecordShape:
    """What stands under one name of the data: a record, or line items of a record class."""

    record_class: type
    many: bool = False

    def empty(self) -> Any:
        """What stands for it where it was not given: every figure is missing."""
        return Items(self.record_class, given=False) if self.many else self.record_class()


@attrs.frozen
class JudgementShape:
    """What an assessor says of one leaf: the items of a checklist, or none for a share of the marks.

    Where it is optional, what is not said does not hold. Where ``lines`` names line items, it may be said
    of some of them.
    """

    items: Mapping[str, Text] | None = None
    optional: bool = False
    lines: str = ""


@attrs.frozen
class DataShape:
    """What data a scheme takes.

    Attributes:
        records: The records and line items, by name.
        judgements: The judgements, by the path of the leaf.
        leaves: The paths of all leaves.
        as_stated: Whether a part may be more than its whole, as an audit lets it to show it.
    """

    records: Mapping[str, RecordShape] = attrs.field(factory=dict)
    judgements: Mapping[str, JudgementShape] = attrs.field(factory=dict)
    leaves: frozenset[str] = frozenset()
    as_stated: bool = False


_NODES = {"leaf": "指标", "node": "节点"}


def resolve_path(key: str, paths: Mapping[str, Any] | frozenset[str], what: str = "leaf") -> str:
    """The full path of a leaf, or what else the paths are of, from the path or from a last part that only one has.

    Raises:
        RefusedError: None, or more than one, is meant.
    """
    if key in paths:
        return key
    ending = [path for path in sorted(paths) if path.endswith(f".{key}")]
    if len(ending) == 1:
        return ending[0]
    if ending:
        listed = ", ".join(ending)
        said = Text(
            zh=f"{quoted(key)} 不止一处，请写其中之一：{listed}",
            en=f"{quoted(key)} is in more than one place: write one of {listed}",
        )
    else:
        near = did_you_mean(key, [*paths, *(path.rpartition(".")[2] for path in paths)])
        named = _NODES[what]
        said = Text(zh=f"没有此{named} {quoted(key)}：", en=f"no such {what} {quoted(key)}: ") + near
    raise RefusedError(said)


def version_words(version: object) -> Text:
    """That the version of the file format is not one that is read."""
    if version is None:
        return Text(zh="缺少文件格式的版本", en="the version of the file format is missing")
    said = quoted(version)
    return Text(zh=f"文件格式的版本为 {said}", en=f"the version of the file format is {said}")


def no_item(name: str) -> Text:
    """That a checklist has no such item."""
    return Text(zh=f'没有此要点 "{name}"', en=f'the checklist has no item "{name}"')


def _write(code: str) -> Text:
    return Text(zh=f"写 {code}", en=f"write {code}")


def load_data(source: str | PathLike[str] | Mapping[str, Any], shape: DataShape) -> UnitData:
    """The data of one unit.

    Args:
        source: A TOML or JSON file, or what such a file holds.
        shape: What the scheme takes; ``scheme.data_shape`` gives it.

    Raises:
        DataError: With every problem of the file, each at its path.
    """
    if isinstance(source, Mapping):
        document = dict(source)
        check_depth(document)
    else:
        document = read_document(source)
    reader = _Reader(shape)
    data = reader.document(document)
    if reader.problems or data is None:
        raise DataError(reader.problems)
    return data


def records_from(records: Mapping[str, Any], shape: DataShape) -> UnitData:
    """The data of one unit from records by name; plain tables are loaded into records.

    Amounts in plain tables are in currency units.

    Raises:
        DataError: With every problem, each at its path.
    """
    reader = _Reader(shape)
    found = reader.records(dict(records))
    if reader.problems:
        raise DataError(reader.problems)
    return UnitData(records=found, notes=reader.notes)


class _Reader:
    """Reads one document and collects what is wrong with it and where each figure came from."""

    def __init__(self, shape: DataShape) -> None:
        self.shape = shape
        self.amounts = Amounts()
        self.problems: list[Problem] = []
        self.notes: dict[str, FigureNote] = {}

    def report(self, code: str, path: str, message: str | Text, fix: str | Text = "") -> None:
        self.problems.append(Problem(code, path, message, fix))

    def document(self, document: dict[str, Any]) -> UnitData | None:
        self.problems += require_keys(document, _TOP)
        version = document.get("format")
        if not isinstance(version, int) or version != DATA_FORMAT or isinstance(version, bool):
            self.report("format", "format", version_words(version), _write(f"format = {DATA_FORMAT}"))
        unit = self._unit(self._table(document, "unit"))
        records = self.records(self._table(document, "data"))
        judgement = self._judgements(self._table(document, "judgement"))
        not_applicable = self._not_applicable(self._table(document, "not_applicable"))
        figures = self._table(document, "figures")
        claims = self._table(document, "claims")
        identities = document.get("identity", [])
        if not (isinstance(identities, list) and all(isinstance(entry, dict) for entry in identities)):
            message = Text(zh="应为若干个表", en="expected a list of tables")
            fix = Text(zh="在每个之前写 [[identity]]", en="write [[identity]] before each")
            self.report("not-a-table", "identity", message, fix)
        scheme = document.get("scheme", "")
        if not isinstance(scheme, str):
            message = expected("方案的 id 或文件", "the id or the file of a scheme", quoted(scheme))
            self.report("bad-value", "scheme", message)
        if self.problems:
            return None
        return UnitData(
            records=records,
            unit=unit,
            judgement=judgement,
            not_applicable=not_applicable,
            notes=self.notes,
            figures=figures,
            claims=claims,
            identities=tuple(identities),
            scheme=scheme,
        )

    def _table(self, document: dict[str, Any], name: str) -> dict[str, Any]:
        table = document.get(name, {})
        if isinstance(table, Mapping):
            return dict(table)
        self.report("not-a-table", name, expected("表", "a table", _say(table)), _write(f"[{name}]"))
        return {}

    def _unit(self, table: dict[str, Any]) -> Unit:
        table = dict(table)
        amounts_in = table.pop("amounts_in", None)
        try:
            unit = structure(table, _UnitTable)
        except StructureError as error:
            names = [*(field.name for field in attrs.fields(_UnitTable)), "amounts_in"]
            self.problems += [
                (
                    attrs.evolve(found, fix=did_you_mean(found.path, names)) if found.code == "unknown-key" else found
                ).under("unit")
                for found in error.problems
            ]
            currency = table.get("currency", "CNY")
            unit = _UnitTable(currency=currency if isinstance(currency, str) else "CNY")
        if unit.year is not None and not 0 < unit.year < _YEARS_END:
            message = expected("年度，如 2022", "a year such as 2022", quoted(unit.year))
            self.report("bad-value", "unit.year", message)
        if amounts_in is not None:
            try:
                if not isinstance(amounts_in, str):
                    example = '"10000 yuan"'
                    said = expected(
                        f"金额单位，如 {example}", f"a unit of amounts such as {example}", quoted(amounts_in)
                    )
                    raise RefusedError(said)  # noqa: TRY301 - one way out for both refusals
                self.amounts = Amounts.parse(amounts_in, unit.currency)
            except RefusedError as error:
                self.report("bad-value", "unit.amounts_in", said_by(error))
        elif unit.currency != "CNY":
            self.amounts = Amounts(1, unit.currency, f"1 {unit.currency}")
        return Unit(unit.name, unit.currency, self.amounts, unit.year, unit.source)

    def records(self, table: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in table.items():
            path = f"data.{name}"
            shape = self.shape.records.get(name)
            if shape is None:
                hint = did_you_mean(str(name), self.shape.records)
                said = quoted(str(name))
                message = Text(zh=f"方案没有数据表 {said}", en=f"the scheme has no record {said}")
                self.report("unknown-key", path, message, hint)
            elif shape.many:
                found[name] = self._items(value, shape.record_class, path)
            else:
                found[name] = self._record(value, shape.record_class, path)
        return found

    def _items(self, value: Any, record_class: type, path: str) -> Any:
        if isinstance(value, Items):
            if value.record_class is record_class:
                return value
        elif isinstance(value, list | tuple):
            items = [self._record(item, record_class, f"{path}[{index}]") for index, item in enumerate(value)]
            return Items(record_class, [item for item in items if item is not None])
        message = expected("若干行逐项数据", "a list of line items", _say(value))
        self.report("not-a-list", path, message, _write(f"[[{path}]]"))
        return None

    def _record(self, value: Any, record_class: type, path: str) -> Any:
        known = record_type(record_class)
        if isinstance(value, record_class):
            return value
        if not isinstance(value, Mapping):
            wanted = record_words(known.id)
            other = record_words(record_type(type(value)).id) if is_record(type(value)) else _say(value)
            self.report("wrong-record", path, expected(wanted["zh"], wanted["en"], other))
            return None
        values: dict[str, Any] = {}
        before = len(self.problems)
        for name, raw in value.items():
            kind = known.fields.get(name)
            if kind is None:
                hint = did_you_mean(str(name), known.fields)
                said = quoted(str(name))
                message = Text(zh=f"{known.id} 没有字段 {said}", en=f"{known.id} has no field {said}")
                self.report("unknown-key", f"{path}.{name}", message, hint)
            else:
                values[name] = self._figure(raw, kind, f"{path}.{name}")
        if self.shape.as_stated:
            return as_stated(record_class, values) if len(self.problems) == before else None

        def shown(name: str) -> Text:
            return Text.of(self.notes[f"{path.removeprefix('data.')}.{name}"].printed)

        there = {name: value for name, value in values.items() if value is not None}
        problems = [excess_problem(*pair, known.fields, shown) for pair in excesses(known.fields, there)]
        self.problems += [problem.under(path) for problem in problems]
        return record_class(**values) if len(self.problems) == before else None

    def _figure(self, raw: Any, kind: Kind, path: str) -> Any:
        entry = raw if isinstance(raw, Mapping) else {"value": raw}
        self.problems += [problem.under(path) for problem in require_keys(dict(entry), _FIGURE)]
        if "value" not in entry:
            self.report("missing-key", path, key_lacks("value"), _write("{ value = ... }"))
            return None
        value = entry["value"]
        words = {name: self._words(entry.get(name, ""), f"{path}.{name}") for name in ("at", "why")}
        assumed = entry.get("assumed", False)
        if not isinstance(assumed, bool):
            self.report("bad-value", f"{path}.assumed", expected("true 或 false", "true or false", _say(assumed)))
        elif assumed and words["why"] is not None and not words["why"]:
            self.report("bare-assumption", f"{path}.why", BARE_ASSUMPTION, _write('why = "..."'))
        if value is None:
            return None
        try:
            taken = kind.read(value, self.amounts)
        except RefusedError as error:
            self.report("bad-value", path, said_by(error))
            return None
        printed, places = _printed(value)
        self.notes[path.removeprefix("data.")] = FigureNote(
            printed,
            places if isinstance(kind.missing, Quantity) else 0,
            at=words["at"] or Text(),
            assumed=bool(assumed),
            why=words["why"] or Text(),
        )
        return taken

    def _words(self, value: Any, path: str) -> Text | None:
        try:
            return Text.of(value)
        except (ValueError, TypeError):
            form = "{ zh = ..., en = ... }"
            self.report("bad-value", path, expected(f"文字，或 {form}", f"text, or {form}", _say(value)))
            return None

    def _judgements(self, table: dict[str, Any]) -> dict[str, Judgement]:
        found: dict[str, Judgement] = {}
        for key, raw in table.items():
            at = f"judgement.{key}"
            try:
                path = resolve_path(str(key), self.shape.leaves)
            except RefusedError as error:
                self.report("unknown-key", at, said_by(error))
                continue
            shape = self.shape.judgements.get(path)
            if shape is None:
                message = Text(zh="此指标是计量指标，不需评定", en="this leaf is measured, not judged")
                fix = Text(zh="在 [data] 中写其数据", en="give its figures under [data]")
                self.report("not-judged", at, message, fix)
                continue
            if path in found:
                self.report("twice", at, Text(zh=f"{path} 评定了两次", en=f"{path} is judged twice"))
                continue
            try:
                judgement = structure(raw, Judgement)
            except StructureError as error:
                self.problems += [problem.under(at) for problem in error.problems]
                continue
            problems = judgement.problems()
            if not any(problem.code == "bad-judgement" for problem in problems):
                problems += judgement_problems(judgement, shape)
            self.problems += [problem.under(at) for problem in problems]
            found[path] = judgement
        return found

    def _not_applicable(self, table: dict[str, Any]) -> dict[str, Text]:
        found: dict[str, Text] = {}
        for key, reason in table.items():
            at = f"not_applicable.{key}"
            try:
                path = resolve_path(str(key), self.shape.leaves)
            except RefusedError as error:
                self.report("unknown-key", at, said_by(error))
                continue
            words = self._words(reason, at)
            if words is None:
                continue
            if not words:
                self.report("bare-not-applicable", at, BARE_REASON)
            elif path in found:
                self.report("twice", at, Text(zh=f"{path} 写了两次", en=f"{path} is named twice"))
            else:
                found[path] = words
        return found


def judgement_problems(judgement: Judgement, shape: JudgementShape) -> list[Problem]:
    """Whether a judgement is of the kind that its leaf takes."""
    if judgement.lines and not shape.lines:
        message = Text(zh="此指标没有逐项数据可认定", en="the leaf has no line items of which it is said")
        return [Problem("bad-judgement", "lines", message, Text(zh="删去 lines", en="leave lines out"))]
    if shape.items is None:
        if judgement.share is None:
            message = Text(zh="应写明得分比例", en="expected the share of the marks")
            return [Problem("bad-judgement", "share", message, _write('share = "90%"'))]
        return []
    if judgement.items is None:
        listed = ", ".join(shape.items)
        message = Text(zh=f"应写明各要点：{listed}", en=f"expected the items of the checklist: {listed}")
        return [Problem("bad-judgement", "items", message)]
    return [
        Problem("unknown-key", f"items.{name}", no_item(name), did_you_mean(name, shape.items))
        for name in judgement.items
        if name not in shape.items
    ]


@attrs.frozen
class _UnitTable:
    name: str = ""
    currency: str = "CNY"
    year: int | None = None
    source: str = ""


def _printed(value: Any) -> tuple[str, int]:
    """A figure as it is printed, and how many decimal places that has."""
    text = format(Decimal(str(value)), "f") if isinstance(value, Decimal | float) else str(value)
    number = text.removesuffix("%").strip()
    try:
        exponent = Decimal(number).as_tuple().exponent
    except ArithmeticError:
        return text, 0
    return text, max(-exponent, 0) if isinstance(exponent, int) else 0


def _say(value: Any) -> Text:
    if isinstance(value, Mapping):
        return Text(zh="表", en="a table")
    return Text(zh="列表", en="a list") if isinstance(value, list | tuple) else Text.of(quoted(value))
