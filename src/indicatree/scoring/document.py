"""A scorecard as JSON, both ways; these classes are the format, and its JSON Schema."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import attrs

from indicatree.arithmetic import Quantity
from indicatree.data.json_schema import EXACT, TextDocument, key, schema_of
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

_MOST_PLACES = 12
_PLACES = {"minimum": 0, "maximum": _MOST_PLACES}


@attrs.frozen(kw_only=True)
class AdjustmentDocument:
    """Points lost at a node beyond what its children lose; below zero: gained."""

    kind: str = key("spread, cap, mean, minimum, better_of or veto")
    lost: str = key("the points, exactly", **EXACT)
    reason: str = key("why, in the language asked for")
    reasons: TextDocument = key("why, in both languages")


@attrs.frozen(kw_only=True)
class LineDocument:
    """One line item of an indicator that measures each by itself."""

    name: str = key("the item")
    outcome: Literal["scored", "not_applicable", "missing", "undefined", "failed"] = key("what came of it")
    value: str | None = key("the exact value", **EXACT)
    value_text: str = key("the value in words, in the language asked for")
    value_texts: TextDocument = key("the value in words, in both languages")
    score: str | None = key("its score; null where it is left out", **EXACT)


@attrs.frozen(kw_only=True)
class IndicatorDocument:
    """A leaf."""

    id: str = key("the path of the leaf")
    indicator: str = key("the namespaced id of the indicator")
    title: str = key("its title, in the language asked for")
    titles: TextDocument = key("its title, in both languages")
    points: str = key("its points", **EXACT)
    score: str | None = key("its score; null where it is left out", **EXACT)
    value: str | None = key("the exact value: a decimal, or a fraction in lowest terms", **EXACT)
    value_text: str = key("the value in words, in the language asked for")
    value_texts: TextDocument = key("the value in words, in both languages")
    outcome: Literal["scored", "not_applicable", "missing", "undefined", "failed"] = key("what came of it")
    treatment: Literal["error", "no_points", "full_points", "left_out"] | None = key(
        "what the scheme's policy did, where the outcome is not a score"
    )
    reason: str = key("why points are lost; empty for full marks")
    reasons: TextDocument = key("why points are lost, in both languages")
    rule: TextDocument = key("the rule in words")
    source: str = key("the document that defines the indicator")
    note: TextDocument = key("what the data says of it")
    answers: dict[str, bool] | None = key("for a checklist: whether each item is met")
    assumptions: list[TextDocument] = key("what rests on an assumption")
    lines: list[LineDocument] = key("the line items, where each is measured by itself")


@attrs.frozen(kw_only=True)
class GroupDocument:
    """A group: it holds groups or indicators."""

    id: str = key("the path of the group")
    title: str = key("its title, in the language asked for")
    titles: TextDocument = key("its title, in both languages")
    points: str = key("its points", **EXACT)
    score: str | None = key("its score; null where it is left out", **EXACT)
    additive: bool = key("whether its score is the sum of its parts, where none is left out")
    adjustments: list[AdjustmentDocument] = key("points lost beyond what its parts lose")
    assumptions: list[TextDocument] = key("what rests on an assumption")
    groups: list[GroupDocument] | None = attrs.field(default=None, metadata={"description": "its groups"})
    indicators: list[IndicatorDocument] | None = attrs.field(default=None, metadata={"description": "its indicators"})


@attrs.frozen(kw_only=True)
class TierDocument:
    """One of the four tiers."""

    tier: Literal["input", "process", "output", "effect"] = key("which one")
    id: str = key("the path of the tier")
    title: str = key("its title, in the language asked for")
    titles: TextDocument = key("its title, in both languages")
    points: str = key("its points", **EXACT)
    score: str | None = key("its score; null where it is left out", **EXACT)
    additive: bool = key("whether its score is the sum of its groups', where none is left out")
    adjustments: list[AdjustmentDocument] = key("points lost beyond what its groups lose")
    assumptions: list[TextDocument] = key("what rests on an assumption")
    groups: list[GroupDocument] = key("its groups")


@attrs.frozen(kw_only=True)
class GradeDocument:
    """A grade."""

    id: str = key("its id")
    title: TextDocument = key("its title")
    at_least: str = key("the share of the points from which on it is given", **EXACT)


@attrs.frozen(kw_only=True)
class VetoDocument:
    """What came of a veto."""

    id: str = key("the path of the veto")
    title: str = key("its title, in the language asked for")
    titles: TextDocument = key("its title, in both languages")
    applies: bool = key("whether it applies")
    reason: str = key("why it applies or does not, in the language asked for")
    reasons: TextDocument = key("why it applies or does not, in both languages")
    grade: str | None = key("the id of the best grade that it leaves; null where it does not cap the grade")
    points: str | None = key("the highest total that it leaves; null where it does not cap the total", **EXACT)
    value: str | None = key("the exact value that decided, where one was measured", **EXACT)


@attrs.frozen(kw_only=True)
class MadeWithDocument:
    """What a scorecard was made with."""

    indicatree: str = key("the version of the library")
    digest: str = key("the SHA-256 of everything that the scheme says", pattern="^[0-9a-f]{64}$")
    plugins: dict[str, str] = key("the plugins, with their versions")


@attrs.frozen(kw_only=True)
class ScorecardDocument:
    """The score of one unit by one scheme. Exact numbers are strings."""

    format: Literal[1] = key("the version of this format")
    language: Literal["zh", "en"] = key("the language asked for")
    scheme: str = key("the id of the scheme")
    title: str = key("the title of the scheme, in the language asked for")
    titles: TextDocument = key("the title of the scheme, in both languages")
    unit: str = key("the name of the unit")
    total: str | None = key("the total score; null where everything is left out", **EXACT)
    points: str = key("the points of the whole", **EXACT)
    places: int = key("the decimal places of every score", **_PLACES)
    grade: str | None = key("the id of the grade")
    grade_title: TextDocument | None = key("the title of the grade")
    grade_at_least: str | None = key("the share of the points from which on it is given", **EXACT)
    arithmetic_total: str | None = key("the total by points alone, before any veto", default=None, **EXACT)
    arithmetic_grade: GradeDocument | None = key("the grade by points alone, before any veto", default=None)
    vetoes: list[VetoDocument] = key("what came of each veto of the scheme", default=attrs.Factory(list))
    additive: bool = key("whether the total is the sum of the tiers, where none is left out")
    adjustments: list[AdjustmentDocument] = key("points lost beyond what the tiers lose")
    assumptions: list[TextDocument] = key("what rests on an assumption")
    tiers: list[TierDocument] = key("the four tiers, in order")
    made_with: MadeWithDocument = key("what it was made with")


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
    if not re.fullmatch(EXACT["pattern"], text):
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
    return schema_of(ScorecardDocument)
