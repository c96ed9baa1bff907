"""A scorecard as JSON, both ways; these classes are the format, and its JSON Schema."""

from __future__ import annotations

import re
import types
import typing
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import attrs

from indicatree.arithmetic import Quantity
from indicatree.data.structure import StructureError, structure
from indicatree.indicators import Tier
from indicatree.problems import DataError, ExactnessError, Problem, expected, quoted
from indicatree.scheme import Grade, Treatment
from indicatree.scoring.scorecard import Adjustment, Detail, Line, NodeInfo, NodeScore, Outcome, Scorecard, VetoResult
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SCORECARD_FORMAT", "from_document", "scorecard_schema", "to_document"]

SCORECARD_FORMAT = 1
"""The version of the JSON format."""

_EXACT = {"pattern": r"^-?[0-9]+(\.[0-9]+)?$|^-?[0-9]+/[1-9][0-9]*$"}
_MOST_PLACES = 12
_PLACES = {"minimum": 0, "maximum": _MOST_PLACES}


def _stated(doc: str, *, default: Any = attrs.NOTHING, **constraints: Any) -> Any:
    return attrs.field(default=default, metadata={"description": doc, "schema": constraints})


@attrs.frozen(kw_only=True)
class TextDocument:
    """Words in the languages that there are."""

    zh: str = attrs.field(default="", metadata={"description": "Chinese"})
    en: str = attrs.field(default="", metadata={"description": "English"})


@attrs.frozen(kw_only=True)
class AdjustmentDocument:
    """Points lost at a node beyond what its children lose; below zero: gained."""

    kind: str = _stated("spread, cap, mean, minimum, better_of or veto")
    lost: str = _stated("the points, exactly", **_EXACT)
    reason: str = _stated("why, in the language asked for")
    reasons: TextDocument = _stated("why, in both languages")


@attrs.frozen(kw_only=True)
class LineDocument:
    """One line item of an indicator that measures each by itself."""

    name: str = _stated("the item")
    outcome: Literal["scored", "not_applicable", "missing", "undefined", "failed"] = _stated("what came of it")
    value: str | None = _stated("the exact value", **_EXACT)
    value_text: str = _stated("the value in words, in the language asked for")
    value_texts: TextDocument = _stated("the value in words, in both languages")
    score: str | None = _stated("its score; null where it is left out", **_EXACT)


@attrs.frozen(kw_only=True)
class IndicatorDocument:
    """A leaf."""

    id: str = _stated("the path of the leaf")
    indicator: str = _stated("the namespaced id of the indicator")
    title: str = _stated("its title, in the language asked for")
    titles: TextDocument = _stated("its title, in both languages")
    points: str = _stated("its points", **_EXACT)
    score: str | None = _stated("its score; null where it is left out", **_EXACT)
    value: str | None = _stated("the exact value: a decimal, or a fraction in lowest terms", **_EXACT)
    value_text: str = _stated("the value in words, in the language asked for")
    value_texts: TextDocument = _stated("the value in words, in both languages")
    outcome: Literal["scored", "not_applicable", "missing", "undefined", "failed"] = _stated("what came of it")
    treatment: Literal["error", "no_points", "full_points", "left_out"] | None = _stated(
        "what the scheme's policy did, where the outcome is not a score"
    )
    reason: str = _stated("why points are lost; empty for full marks")
    reasons: TextDocument = _stated("why points are lost, in both languages")
    rule: TextDocument = _stated("the rule in words")
    source: str = _stated("the document that defines the indicator")
    note: TextDocument = _stated("what the data says of it")
    answers: dict[str, bool] | None = _stated("for a checklist: whether each item is met")
    assumptions: list[TextDocument] = _stated("what rests on an assumption")
    lines: list[LineDocument] = _stated("the line items, where each is measured by itself")


@attrs.frozen(kw_only=True)
class GroupDocument:
    """A group: it holds groups or indicators."""

    id: str = _stated("the path of the group")
    title: str = _stated("its title, in the language asked for")
    titles: TextDocument = _stated("its title, in both languages")
    points: str = _stated("its points", **_EXACT)
    score: str | None = _stated("its score; null where it is left out", **_EXACT)
    additive: bool = _stated("whether its score is the sum of its parts, where none is left out")
    adjustments: list[AdjustmentDocument] = _stated("points lost beyond what its parts lose")
    assumptions: list[TextDocument] = _stated("what rests on an assumption")
    groups: list[GroupDocument] | None = attrs.field(default=None, metadata={"description": "its groups"})
    indicators: list[IndicatorDocument] | None = attrs.field(default=None, metadata={"description": "its indicators"})


@attrs.frozen(kw_only=True)
class TierDocument:
    """One of the four tiers."""

    tier: Literal["input", "process", "output", "effect"] = _stated("which one")
    id: str = _stated("the path of the tier")
    title: str = _stated("its title, in the language asked for")
    titles: TextDocument = _stated("its title, in both languages")
    points: str = _stated("its points", **_EXACT)
    score: str | None = _stated("its score; null where it is left out", **_EXACT)
    additive: bool = _stated("whether its score is the sum of its groups', where none is left out")
    adjustments: list[AdjustmentDocument] = _stated("points lost beyond what its groups lose")
    assumptions: list[TextDocument] = _stated("what rests on an assumption")
    groups: list[GroupDocument] = _stated("its groups")


@attrs.frozen(kw_only=True)
class GradeDocument:
    """A grade."""

    id: str = _stated("its id")
    title: TextDocument = _stated("its title")
    at_least: str = _stated("the share of the points from which on it is given", **_EXACT)


@attrs.frozen(kw_only=True)
class VetoDocument:
    """What came of a veto."""

    id: str = _stated("the path of the veto")
    title: str = _stated("its title, in the language asked for")
    titles: TextDocument = _stated("its title, in both languages")
    applies: bool = _stated("whether it applies")
    reason: str = _stated("why it applies or does not, in the language asked for")
    reasons: TextDocument = _stated("why it applies or does not, in both languages")
    grade: str | None = _stated("the id of the best grade that it leaves; null where it does not cap the grade")
    points: str | None = _stated("the highest total that it leaves; null where it does not cap the total", **_EXACT)
    value: str | None = _stated("the exact value that decided, where one was measured", **_EXACT)


@attrs.frozen(kw_only=True)
class MadeWithDocument:
    """What a scorecard was made with."""

    indicatree: str = _stated("the version of the library")
    digest: str = _stated("the SHA-256 of everything that the scheme says", pattern="^[0-9a-f]{64}$")
    plugins: dict[str, str] = _stated("the plugins, with their versions")


@attrs.frozen(kw_only=True)
class ScorecardDocument:
    """The score of one unit by one scheme. Exact numbers are strings."""

    format: Literal[1] = _stated("the version of this format")
    language: Literal["zh", "en"] = _stated("the language asked for")
    scheme: str = _stated("the id of the scheme")
    title: str = _stated("the title of the scheme, in the language asked for")
    titles: TextDocument = _stated("the title of the scheme, in both languages")
    unit: str = _stated("the name of the unit")
    total: str | None = _stated("the total score; null where everything is left out", **_EXACT)
    points: str = _stated("the points of the whole", **_EXACT)
    places: int = _stated("the decimal places of every score", **_PLACES)
    grade: str | None = _stated("the id of the grade")
    grade_title: TextDocument | None = _stated("the title of the grade")
    grade_at_least: str | None = _stated("the share of the points from which on it is given", **_EXACT)
    arithmetic_total: str | None = _stated("the total by points alone, before any veto", default=None, **_EXACT)
    arithmetic_grade: GradeDocument | None = _stated("the grade by points alone, before any veto", default=None)
    vetoes: list[VetoDocument] = _stated("what came of each veto of the scheme", default=attrs.Factory(list))
    additive: bool = _stated("whether the total is the sum of the tiers, where none is left out")
    adjustments: list[AdjustmentDocument] = _stated("points lost beyond what the tiers lose")
    assumptions: list[TextDocument] = _stated("what rests on an assumption")
    tiers: list[TierDocument] = _stated("the four tiers, in order")
    made_with: MadeWithDocument = _stated("what it was made with")


# Out


def to_document(card: Scorecard, language: str) -> dict[str, Any]:
    """The scorecard as JSON holds it."""
    root, grade = card.root, card.grade
    return {
        "format": SCORECARD_FORMAT,
        "language": language,
        "scheme": card.scheme,
        **_both("title", root.title, language),
        "unit": card.unit,
        "total": _number(card.total),
        "points": _number(card.points),
        "places": root.info.places,
        "grade": grade.id if grade else None,
        "grade_title": grade.title.to_dict() if grade else None,
        "grade_at_least": grade.at_least.text if grade else None,
        "arithmetic_total": _number(card.arithmetic_total),
        "arithmetic_grade": _grade(card.arithmetic_grade) if card.arithmetic_grade else None,
        "vetoes": [_veto(veto, language) for veto in card.vetoes],
        "additive": root.info.additive,
        "adjustments": [_adjustment(adjustment, language) for adjustment in root.adjustments],
        "assumptions": [words.to_dict() for words in root.assumptions],
        "tiers": [{"tier": tier.path, **_inner(tier, language)} for tier in root.children],
        "made_with": {"indicatree": card.version, "digest": card.digest, "plugins": dict(card.plugins)},
    }


def _both(name: str, words: Text, language: str) -> dict[str, Any]:
    return {name: words[language], f"{name}s": words.to_dict()}


def _number(value: Any) -> str | None:
    return None if value is None else format(value, "f")


def _grade(grade: Grade) -> dict[str, Any]:
    return {"id": grade.id, "title": grade.title.to_dict(), "at_least": grade.at_least.text}


def _veto(veto: VetoResult, language: str) -> dict[str, Any]:
    return {
        "id": veto.path,
        **_both("title", veto.title, language),
        "applies": veto.applies,
        **_both("reason", veto.reason, language),
        "grade": veto.grade or None,
        "points": None if veto.points is None else veto.points.text,
        "value": None if veto.value is None else veto.value.text,
    }


def _adjustment(adjustment: Adjustment, language: str) -> dict[str, Any]:
    return {
        "kind": adjustment.kind,
        "lost": adjustment.lost.text,
        **_both("reason", adjustment.reason, language),
    }


def _inner(node: NodeScore, language: str) -> dict[str, Any]:
    table: dict[str, Any] = {
        "id": node.path,
        **_both("title", node.title, language),
        "points": _number(node.points),
        "score": _number(node.score),
        "additive": node.info.additive,
        "adjustments": [_adjustment(adjustment, language) for adjustment in node.adjustments],
        "assumptions": [words.to_dict() for words in node.assumptions],
    }
    if node.children and node.children[0].info.level == "indicator":
        table["indicators"] = [_leaf(child, language) for child in node.children]
    else:
        table["groups"] = [_inner(child, language) for child in node.children]
    return table


def _leaf(node: NodeScore, language: str) -> dict[str, Any]:
    places = node.info.places
    return {
        "id": node.path,
        "indicator": node.info.indicator,
        **_both("title", node.title, language),
        "points": _number(node.points),
        "score": _number(node.score),
        "value": None if node.value is None else node.value.text,
        **_both("value_text", node.value_text, language),
        "outcome": node.outcome.value,
        "treatment": node.treatment.value if node.treatment else None,
        **_both("reason", node.reason, language),
        "rule": node.info.rule.to_dict(),
        "source": node.info.source,
        "note": node.note.to_dict(),
        "answers": None if node.answers is None else dict(node.answers),
        "assumptions": [words.to_dict() for words in node.assumptions],
        "lines": [
            {
                "name": line.name,
                "outcome": line.outcome.value,
                "value": None if line.value is None else line.value.text,
                **_both("value_text", line.value_text, language),
                "score": None if line.units is None else _number(Quantity(line.units, 10**places).decimal(places)),
            }
            for line in node.lines
        ],
    }


# In


def from_document(document: Mapping[str, Any]) -> Scorecard:
    """A scorecard from what its JSON holds.

    Raises:
        DataError: With every problem, each at its path.
    """
    try:
        read = structure(dict(document), ScorecardDocument)
        return _card(read)
    except (StructureError, ExactnessError) as error:
        raise DataError([problem.under("scorecard") for problem in error.problems]) from None
    except ValueError as error:  # more digits than Python reads
        raise DataError([Problem("not-exact", "scorecard", str(error))]) from None


def _exact(text: str) -> Quantity:
    """A number as `to_document` writes it: more digits than a figure may have, but no other forms."""
    if not re.fullmatch(_EXACT["pattern"], text):
        raise StructureError([Problem("not-exact", "", expected("精确的数", "an exact number", quoted(text)))])
    value = Fraction(text)
    return Quantity(value.numerator, value.denominator)


def _words(document: TextDocument) -> Text:
    return Text(zh=document.zh, en=document.en)


def _card(read: ScorecardDocument) -> Scorecard:
    if not 0 <= read.places <= _MOST_PLACES:
        message = expected(f"0 至 {_MOST_PLACES}", f"0 to {_MOST_PLACES}", read.places)
        raise StructureError([Problem("bad-value", "places", message)])
    wanted = [tier.value for tier in Tier]
    for field in ("tier", "id"):
        if [getattr(tier, field) for tier in read.tiers] != wanted:
            named = f"{field} = {', '.join(wanted)}"
            message = Text(zh=f"四个层级应依次为 {named}", en=f"expected the four tiers in order, each with {named}")
            raise StructureError([Problem("bad-tiers", "tiers", message)])
    root = _inner_score(
        NodeInfo("", "scheme", _words(read.titles), _exact(read.points), read.places, read.additive),
        _units(read.total, read.places, "total"),
        tuple(_node(tier, "tier", read.places) for tier in read.tiers),
        read,
    )
    grade = None
    if read.grade is not None:
        title = _words(read.grade_title) if read.grade_title else Text()
        grade = Grade(read.grade, title, _exact(read.grade_at_least or "0"))
    made = read.made_with
    card = Scorecard(root, read.scheme, made.digest, read.unit, grade, made.plugins, made.indicatree)
    if read.arithmetic_total is None and read.arithmetic_grade is None and not read.vetoes:
        return card  # written before there were vetoes, or with nothing to veto
    alone = read.arithmetic_grade
    return attrs.evolve(
        card,
        arithmetic_units=_units(read.arithmetic_total, read.places, "arithmetic_total"),
        arithmetic_grade=None if alone is None else Grade(alone.id, _words(alone.title), _exact(alone.at_least)),
        vetoes=tuple(map(_read_veto, read.vetoes)),
    )


def _read_veto(read: VetoDocument) -> VetoResult:
    return VetoResult(
        read.id,
        _words(read.titles),
        read.applies,
        _words(read.reasons),
        read.grade or "",
        None if read.points is None else _exact(read.points),
        None if read.value is None else _exact(read.value),
    )


def _inner_score(info: NodeInfo, units: int | None, children: tuple[NodeScore, ...], read: Any) -> NodeScore:
    """A node with children; left out where it has no score."""
    left_out = units is None
    detail = Detail(
        treatment=Treatment.LEFT_OUT if left_out else None,
        adjustments=tuple(map(_read_adjustment, read.adjustments)),
    )
    outcome = Outcome.NOT_APPLICABLE if left_out else Outcome.SCORED
    return NodeScore(info, units, outcome, None, tuple(map(_words, read.assumptions)), children, detail)


def _units(score: str | None, places: int, path: str) -> int | None:
    if score is None:
        return None
    scaled = (_exact(score) * 10**places).fraction
    if scaled.denominator != 1:
        message = Text(zh=f'"{score}" 的小数超过 {places} 位', en=f'"{score}" has more than {places} decimal places')
        raise StructureError([Problem("bad-value", path, message)])
    return int(scaled.numerator)


def _read_adjustment(read: AdjustmentDocument) -> Adjustment:
    return Adjustment(read.kind, _exact(read.lost), _words(read.reasons))


def _node(read: Any, level: str, places: int) -> NodeScore:
    children = tuple(_node(group, "group", places) for group in read.groups or ())
    children += tuple(_read_leaf(leaf, places) for leaf in getattr(read, "indicators", None) or ())
    info = NodeInfo(read.id, level, _words(read.titles), _exact(read.points), places, read.additive)
    return _inner_score(info, _units(read.score, places, read.id), children, read)


def _read_leaf(read: IndicatorDocument, places: int) -> NodeScore:
    info = NodeInfo(
        read.id,
        "indicator",
        _words(read.titles),
        _exact(read.points),
        places,
        indicator=read.indicator,
        source=read.source,
        rule=_words(read.rule),
    )
    lines = tuple(
        Line(
            line.name,
            Outcome(line.outcome),
            None if line.value is None else _exact(line.value),
            _units(line.score, places, f"{read.id}.lines"),
            _words(line.value_texts),
        )
        for line in read.lines
    )
    detail = Detail(
        treatment=Treatment(read.treatment) if read.treatment else None,
        lines=lines,
        note=_words(read.note),
        answers=read.answers,
        reason=_words(read.reasons),
        value_text=_words(read.value_texts),
    )
    return NodeScore(
        info,
        _units(read.score, places, read.id),
        Outcome(read.outcome),
        None if read.value is None else _exact(read.value),
        tuple(map(_words, read.assumptions)),
        detail=detail,
    )


# The published JSON Schema


def scorecard_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a scorecard."""
    definitions: dict[str, Any] = {}
    _define(ScorecardDocument, definitions)
    top = definitions.pop("Scorecard")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "indicatree scorecard",
        **top,
        "$defs": definitions,
    }


def _define(cls: Any, definitions: dict[str, Any]) -> str:
    name: str = cls.__name__.removesuffix("Document")
    if name in definitions:
        return name
    definitions[name] = {}
    hints = typing.get_type_hints(cls)
    properties = {
        field.name: {
            "description": field.metadata["description"],
            **_type_schema(hints[field.name], field.metadata.get("schema", {}), definitions),
        }
        for field in attrs.fields(cls)
    }
    definitions[name] = {
        "type": "object",
        "description": (cls.__doc__ or "").strip(),
        "properties": properties,
        "required": [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING],
        "additionalProperties": False,
    }
    return name


_PLAIN = {str: "string", bool: "boolean", int: "integer"}


def _type_schema(hint: Any, constraints: Mapping[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = [_type_schema(arg, constraints, definitions) for arg in args if arg is not type(None)]
        return {"anyOf": [*inner, {"type": "null"}]}
    if origin is Literal:
        return {"enum": list(args)}
    if origin is list:
        return {"type": "array", "items": _type_schema(args[0], {}, definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type_schema(args[1], {}, definitions)}
    if attrs.has(hint):
        return {"$ref": f"#/$defs/{_define(hint, definitions)}"}
    return {"type": _PLAIN[hint], **constraints}
