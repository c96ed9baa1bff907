"""Indicators from what a file says of them, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import attrs

from indicatree.data import record_type
from indicatree.data.structure import StructureError, as_number, structure, to_table
from indicatree.indicators.declare import Checklist, Indicator, Measured, checklist, graded, measured
from indicatree.indicators.trace import stand_ins
from indicatree.indicators.units import DAYS, LESS, MORE, NUMBER, PERCENT, Better, MeasureUnit, Tier, near
from indicatree.indicators.written import EXAMPLE, WrittenFormula
from indicatree.problems import (
    DeclarationError,
    ExactnessError,
    FormulaError,
    Problem,
    did_you_mean,
    expected,
    quoted,
)
from indicatree.text import Text, said_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from indicatree.data import RecordShape

    Resolve = Callable[[str, Any], RecordShape]

__all__ = ["defined_indicator", "indicator_table"]

_LARGEST_SCALE = 10**12
_UNITS = {unit.id: unit for unit in (PERCENT, NUMBER, DAYS)}
_DIRECTIONS = {better.direction: better for better in (MORE, LESS)}
# The same declaration gives the same indicator, so that a scheme that is read twice equals itself.
_known: WeakValueDictionary[Any, Indicator] = WeakValueDictionary()
_lock = Lock()


@attrs.frozen(kw_only=True)
class _Said:
    """What a table says of an indicator."""

    tier: Tier
    title: Text
    unit: Any = "percent"
    better: Any = None
    source: str = ""
    definition: Text = Text()
    years: Any = None
    measure: str = ""
    applies: str = ""
    records: dict[str, Any] = attrs.field(factory=dict)
    items: dict[str, Text] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class _UnitTable:
    title: Text = Text()
    id: str = "unit"
    scale: int = 1
    places: int = 2


def defined_indicator(identifier: str, table: Any, resolve: Resolve) -> Indicator:
    """The indicator that a table describes: measured, a checklist, or graded.

    Args:
        identifier: The namespaced id of the indicator.
        table: Its ``tier`` and ``title``; for a measure also ``measure`` (a formula in text), and if
            need be ``applies`` (a condition in text) and ``records``; for a checklist ``items``.
        resolve: The record for a name that a formula uses, and for what ``records`` says of it.

    Raises:
        StructureError: With every problem, each at its path in the table.
    """
    said = structure(table, _Said)
    problems: list[Problem] = []
    common = {
        "tier": said.tier,
        "title": said.title,
        "source": said.source,
        "definition": said.definition,
        "years": said.years,
    }
    empty, leave_out = Text(zh="为空", en="is empty"), Text(zh="请删去或填写", en="leave it out, or say it")
    problems += [
        Problem("bad-value", name, empty, leave_out)
        for name in ("measure", "applies", "items")
        if name in table and not getattr(said, name)
    ]
    if said.measure and said.items:
        message = Text(zh="同时有 measure 和 items", en="has both a measure and the items of a checklist")
        problems.append(Problem("two-kinds", "", message, Text(zh="只留一个", en="keep one")))
    unit = said.unit != "percent"
    only = {"applies": said.applies, "records": said.records, "better": said.better, "unit": unit}
    if not said.measure:
        message = Text(zh="只用于有 measure 的指标", en="goes with a measure only")
        fix = Text(zh='写 measure = "..."', en='write measure = "..."')
        problems += [Problem("no-measure", name, message, fix) for name, value in only.items() if value]
    if problems:
        raise StructureError(problems)
    try:
        if said.measure:
            found: Indicator = _measured(identifier, said, resolve, common)
        elif said.items:
            found = checklist(identifier, items=said.items, **common)
        else:
            found = graded(identifier, **common)
    except DeclarationError as error:
        raise StructureError(_placed(problem, identifier) for problem in error.problems) from None
    shapes = tuple((name, shape) for name, shape in found.parameters.items())
    key = (json.dumps([identifier, indicator_table(found)], ensure_ascii=False, default=str), shapes)
    with _lock:
        return _known.setdefault(key, found)


def _placed(problem: Problem, identifier: str) -> Problem:
    """A problem of a declaration, at its place in the table."""
    where = problem.path.removeprefix(f"indicator {identifier}")
    if where == problem.path:
        return problem
    formula = "applies" if where.startswith(", applies") else "measure"
    places = {"not-a-formula": formula, "bad-formula": formula, "bad-title": "title", "bad-years": "years"}
    return attrs.evolve(problem, path=places.get(problem.code, ""))


def _measured(identifier: str, said: _Said, resolve: Resolve, common: dict[str, Any]) -> Measured:
    problems: list[Problem] = []
    formulas = _formulas(said, problems)
    shapes = _shapes(formulas, said, resolve, problems)
    used = {name for formula in formulas.values() for name in formula.parameters}
    if not problems:
        message = Text(zh="公式没有用到", en="no formula names it")
        problems += [
            Problem("unused-name", f"records.{name}", message, did_you_mean(name, used))
            for name in said.records
            if name not in used
        ]
    if "measure" in formulas and not formulas["measure"].parameters:
        problems.append(Problem("bad-formula", "measure", Text(zh="没有用到数据", en="names no figure"), EXAMPLE))
    unit, better = _collected(problems, "unit", _unit, said.unit), _collected(problems, "better", _better, said.better)
    if problems:
        raise StructureError(problems)
    return measured(
        formulas["measure"],
        shapes,
        [],
        applies=formulas.get("applies"),
        id=identifier,
        unit=unit,
        better=better,
        **common,
    )


def _formulas(said: _Said, problems: list[Problem]) -> dict[str, WrittenFormula]:
    formulas = {}
    for name in ("measure", "applies"):
        if text := getattr(said, name):
            try:
                formulas[name] = WrittenFormula(text)
            except FormulaError as error:
                problems += [problem.under(name) for problem in error.problems]
    return formulas


def _shapes(
    formulas: Mapping[str, WrittenFormula], said: _Said, resolve: Resolve, problems: list[Problem]
) -> dict[str, RecordShape]:
    """The record for each name in the formulas."""
    shapes: dict[str, RecordShape] = {}
    for place, formula in formulas.items():
        for name in formula.parameters:
            if name in shapes:
                continue
            try:
                shapes[name] = resolve(name, said.records.get(name))
            except StructureError as error:
                problems += [
                    attrs.evolve(problem, path=place, message=formula.at(name, problem.message))
                    for problem in error.problems
                ]
    known = stand_ins(shapes)
    for place, formula in formulas.items():
        problems += [problem.under(place) for problem in formula.misnamed(known)]
    return shapes


def _collected(problems: list[Problem], name: str, take: Callable[[Any], Any], value: Any) -> Any:
    try:
        return take(value)
    except StructureError as error:
        problems += [problem.under(name) for problem in error.problems]
    except ExactnessError as error:
        problems += [problem.under(name) for problem in error.problems]
    except ValueError as error:
        problems.append(Problem("bad-value", name, said_by(error)))
    return None


def _unit(value: Any) -> MeasureUnit:
    if isinstance(value, str):
        if value in _UNITS:
            return _UNITS[value]
        raise StructureError(
            [
                Problem(
                    "bad-value",
                    "",
                    Text(zh=f"没有计量单位 {quoted(value)}", en=f"there is no unit {quoted(value)}"),
                    did_you_mean(value, _UNITS),
                )
            ]
        )
    said = structure(value, _UnitTable)
    if not 1 <= said.scale <= _LARGEST_SCALE or not 0 <= said.places <= 12:  # noqa: PLR2004 - as many as a score may have
        wanted = expected(
            f"scale 为 1 至 {_LARGEST_SCALE}，places 为 0 至 12",
            f"a scale from 1 to {_LARGEST_SCALE}, and 0 to 12 places",
        )
        raise StructureError([Problem("bad-value", "", wanted)])
    return MeasureUnit(said.id, said.title, said.scale, said.places)


def _better(value: Any) -> Better | None:
    if value is None:
        return None
    if isinstance(value, str) and value in _DIRECTIONS:
        return _DIRECTIONS[value]
    if isinstance(value, Mapping) and set(value) == {"near"}:
        try:
            return near(value["near"])
        except ExactnessError as error:
            raise StructureError(problem.under("near") for problem in error.problems) from None
    wanted = expected('"more"、"less" 或 { near = "100%" }', '"more", "less" or { near = "100%" }', quoted(value))
    raise StructureError([Problem("bad-value", "", wanted)])


def indicator_table(indicator: Indicator) -> dict[str, Any]:
    """The table that describes an indicator whose formulas are in text, or that is judged."""
    table: dict[str, Any] = {"tier": indicator.tier.value, "title": indicator.title.to_dict()}
    if indicator.source:
        table["source"] = indicator.source
    if indicator.definition:
        table["definition"] = indicator.definition.to_dict()
    if indicator.years is not None:
        table["years"] = str(indicator.years)
    if isinstance(indicator, Checklist):
        table["items"] = {name: words.to_dict() for name, words in indicator.items.items()}
    if isinstance(indicator, Measured) and isinstance(indicator.function, WrittenFormula):
        table["measure"] = indicator.function.text
        if isinstance(indicator.applies, WrittenFormula):
            table["applies"] = indicator.applies.text
        table["records"] = {
            name: [record_type(shape.record_class).id] if shape.many else record_type(shape.record_class).id
            for name, shape in indicator.parameters.items()
        }
        if indicator.unit is not PERCENT:
            known = _UNITS.get(indicator.unit.id)
            table["unit"] = indicator.unit.id if indicator.unit is known else to_table(indicator.unit)
        if indicator.better is not None:
            target = indicator.better.target
            table["better"] = indicator.better.direction if target is None else {"near": as_number(target)}
    return table
