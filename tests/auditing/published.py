"""Drawn units as a report would publish them: figures rounded, and what their scorecard says stated as claims."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

import indicatree as it
from auditing.reports import printed
from indicatree import fields
from indicatree.data import Amounts, FigureNote
from strategies import MEASURES, scored

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNITS = st.sampled_from([Amounts(), Amounts(100, "CNY", "100 yuan"), Amounts(10_000, "CNY", "10000 yuan")])
_PLACES = st.integers(0, 2)
_MEASURED = {measure.id for measure in MEASURES}
_SELDOM = st.sampled_from([False] * 7 + [True])
_OFTEN = st.sampled_from([True, True, True, False])


def _printed_record(
    draw: st.DrawFn, record: Any, path: str, amounts: Amounts, notes: dict[str, FigureNote], *, hide: bool
) -> Any:
    values = {}
    for name, kind in it.record_type(type(record)).fields.items():
        held = getattr(record, name)
        if kind.is_missing(held) or (hide and draw(_SELDOM)):
            continue
        values[name] = held
        text = str(held)
        if isinstance(kind, fields.Money):
            text = printed(held.fraction / amounts.factor, draw(_PLACES))
            values[name] = Fraction(text) * amounts.factor
        elif isinstance(kind, fields.Count):
            text = str(held.numerator)
        assumed = hide and draw(_SELDOM)
        places = len(text.partition(".")[2]) if isinstance(kind, fields.Money) else 0
        notes[f"{path}.{name}"] = FigureNote(text, places, assumed=assumed, why="not printed" if assumed else "")
    return type(record)(**values)


def as_printed(draw: st.DrawFn, data: it.UnitData, *, hide: bool) -> it.UnitData:
    """The same unit, with each amount printed in a unit and with places of its own; some not at all, or assumed."""
    amounts = draw(_UNITS)
    notes: dict[str, FigureNote] = {}
    records: dict[str, Any] = {}
    for name, held in data.records.items():
        if isinstance(held, it.Items):
            lines = [
                _printed_record(draw, item, f"{name}[{index}]", amounts, notes, hide=hide)
                for index, item in enumerate(held)
            ]
            records[name] = it.Items(held.record_class, lines)
        else:
            records[name] = _printed_record(draw, held, name, amounts, notes, hide=hide)
    return attrs.evolve(data, records=records, notes=notes, unit=attrs.evolve(data.unit, amounts=amounts))


def _stated(draw: st.DrawFn, value: it.Quantity) -> str:
    percent, places = draw(st.booleans()), draw(st.integers(0, 3))
    return printed(value.fraction * (100 if percent else 1), places) + ("%" if percent else "")


def claimed(draw: st.DrawFn, card: it.Scorecard) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a report may state of a scorecard, node by node."""
    for node in card.root.walk():
        said: dict[str, Any] = {}
        if node.score is not None and draw(_OFTEN):
            said["score"] = f"{node.score:f}"
        if node.lost is not None and node.lost >= 0 and draw(_OFTEN):
            said["lost"] = f"{node.lost:f}"
        if node.value is not None and node.info.indicator in _MEASURED and draw(_OFTEN):
            said["value"] = _stated(draw, node.value)
        if not node.path and card.grade is not None and draw(_OFTEN):
            said["grade"] = card.grade.id
        if said:
            yield node.path or "total", said
        for index, line in enumerate(node.lines):
            if line.value is not None and draw(_OFTEN):
                yield f"{node.path}[{index}]", {"value": _stated(draw, line.value)}


@attrs.frozen
class Published:
    """A unit, what it scores, and what is printed of both."""

    scheme: it.Scheme
    card: it.Scorecard
    data: it.UnitData

    def audit(self) -> it.Audit:
        return it.audit(self.scheme, self.data, catalog=it.Catalog(discover=False))

    def with_claims(self, claims: dict[str, Any]) -> Published:
        return attrs.evolve(self, data=attrs.evolve(self.data, claims=claims))


@st.composite
def published(draw: st.DrawFn, /, *, hide: bool | None = None, **style: Any) -> Published:
    """A scheme and a unit; its figures rounded, some not printed or only assumed, and claims of its true scorecard."""
    scheme, data = draw(scored(**style))
    card = it.score(scheme, data)
    shown = as_printed(draw, data, hide=draw(st.booleans()) if hide is None else hide)
    return Published(scheme, card, attrs.evolve(shown, claims=dict(claimed(draw, card))))
