"""Figures moved until a value lies on an edge of a rule, or one minor unit beside."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from indicatree.arithmetic import Quantity, exact
from indicatree.data import Items, record_type
from indicatree.indicators import Measured
from indicatree.scheme import Leaf
from indicatree.scheme.tree import leaf_shapes
from indicatree.testing.strategies.figure import is_number, limits_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indicatree.scheme import Scheme

__all__ = ["Aim", "Place", "aims_of"]

_POSITIONS = st.integers(0, 1000)
_AT_EDGE = st.sampled_from([0, 0, 1, -1])


@attrs.frozen
class Place:
    """Where a figure of a measure stands in the data."""

    record: str
    field: str
    kind: Any
    record_class: type
    many: bool

    def put(self, records: Mapping[str, Any], value: Any, position: int) -> dict[str, Any]:
        """Records with another figure here, in one of the line items; as they are, where they are not there.

        A part stays within its whole.
        """
        holder = records.get(self.record)
        if holder is None or (self.many and not len(holder)):
            return dict(records)
        if not self.many:
            return {**records, self.record: self.put_in(holder, value)}
        found = list(holder.records)
        index = position % len(found)
        found[index] = self.put_in(found[index], value)
        return {**records, self.record: Items(holder.record_class, found)}

    def put_in(self, record: Any, value: Any) -> Any:
        """A record with another figure here, as near to it as its whole and its parts let it be."""
        if value.is_defined:
            low, high = self.limits(record)
            unit = 10**self.kind.places
            value = Quantity(min(max(value.scaled(self.kind.places), low), high), unit)
        return attrs.evolve(record, **{self.field: value})

    def limits(self, record: Any) -> tuple[int, int]:
        """The least and the largest figure that a record can have here, in units of the last decimal place."""
        kinds = record_type(self.record_class).fields
        return limits_in(kinds, {name: getattr(record, name) for name in kinds}, self.field)


@attrs.frozen
class Aim:
    """A measured leaf whose figures can be moved until its value lies on an edge of its rule."""

    path: str
    leaf: Leaf
    places: tuple[Place, ...]
    shapes: Mapping[str, Any]

    def uses(self, cls: type) -> bool:
        """Whether a figure of records of a class can be moved."""
        return any(place.record_class is cls for place in self.places)

    def value(self, records: Mapping[str, Any], measure: Measured | None = None, number: int = 0) -> Quantity | None:
        """The value for records by name; None where there is none."""
        measure = self.leaf.indicator if measure is None else measure  # type: ignore[assignment]
        names, item = self.leaf.record_names(), self.leaf.item_parameter
        arguments = []
        for parameter, shape in measure.parameters.items():  # type: ignore[union-attr]
            if parameter == item:
                found = records.get(self.leaf.for_each, ())
                arguments.append(found.records[number] if len(found) > number else shape.empty())
            else:
                arguments.append(records.get(names[parameter], shape.empty()))
        try:
            value = measure(*arguments)  # type: ignore[misc]
        except Exception:  # noqa: BLE001 - a plugin's measure may raise anything; then there is no value to move
            return None
        return value if isinstance(value, Quantity) else None

    def edges(self, records: Mapping[str, Any]) -> list[Fraction]:
        """The values where the points of the rule jump or bend, and the target of the indicator."""
        rule, better = self.leaf.rule, self.leaf.indicator.better
        found: list[Any] = [] if better is None or better.target is None else [better.target]
        if rule is not None:
            others = {name: self.value(records, other) for name, other in rule.compared_with.items()}  # type: ignore[arg-type]
            beside = {
                name: value if value is not None and value.is_defined else exact(0) for name, value in others.items()
            }
            found += rule.edges(self.leaf.points, **beside)
        return sorted({edge.fraction for edge in map(exact, found) if edge.is_defined}) or [Fraction(0), Fraction(1)]

    def toward_edge(
        self,
        draw: st.DrawFn,
        records: Mapping[str, Any],
        *,
        only: type | None = None,
        fixed: frozenset[str] = frozenset(),
        best: bool = False,
    ) -> dict[str, Any]:
        """The records with one figure moved so that the value is on an edge, or just beside."""
        edges = self.edges(records)
        if best:
            edges = self._best(edges)
        target = edges[draw(_POSITIONS) % len(edges)]
        places = [place for place in self.places if only in (None, place.record_class) and place.field not in fixed]
        if not places:
            return dict(records)
        place = places[draw(_POSITIONS) % len(places)]
        return self.moved(records, place, target, 0 if best else draw(_AT_EDGE), draw(_POSITIONS))

    def _best(self, edges: Sequence[Fraction]) -> list[Fraction]:
        """The values with the most points, of the edges and of what lies beside them."""
        rule, full = self.leaf.rule, self.leaf.points
        tried = [edge + step for edge in edges for step in (0, Fraction(1, 100), Fraction(-1, 100), 1, -1)]
        points: dict[Fraction, Fraction] = {}
        asked = {} if rule is None else dict.fromkeys(rule.asks, False)
        for value in tried:
            try:
                given = exact(rule.points(exact(value), full, **asked))  # type: ignore[union-attr]
            except Exception:  # noqa: BLE001, S112 - a rule that compares, or one of a plugin that fails
                continue
            if given.is_defined:
                points[value] = given.fraction
        most = max(points.values(), default=Fraction(0))
        return [value for value, one in points.items() if one == most] or list(edges)

    def moved(
        self, records: Mapping[str, Any], place: Place, target: Fraction, beside: int, position: int
    ) -> dict[str, Any]:
        """The records with a figure such that the value is the target, or so many minor units of it beside."""
        holder = records.get(place.record)
        if holder is None or (place.many and not len(holder)):
            return dict(records)
        number = position % len(holder) if place.many else 0
        unit = 10**place.kind.places

        def with_figure(minor: int) -> dict[str, Any]:
            return place.put(records, Quantity(minor, unit), number)

        record = holder.records[number] if place.many else holder
        low, high = place.limits(record)
        now = getattr(record, place.field)
        start = now.scaled(place.kind.places) if now.is_defined else low
        found: list[tuple[Fraction, Fraction]] = []
        for step in (0, unit, 2 * unit, 7 * unit, 40 * unit, -unit, -3 * unit):
            minor = min(max(start + step, low), high)
            if any(minor == known for known, _ in found):
                continue
            value = self.value(with_figure(minor), number=number if self.leaf.for_each else 0)
            if value is not None and value.is_defined:
                found.append((Fraction(minor), value.fraction))
            if len(found) == 3:  # noqa: PLR2004 - three points settle a ratio of two straight lines
                break
        solved = _solved(found, target)
        if solved is None:
            return dict(records)
        minor = min(max(solved.numerator // solved.denominator + beside, low), high)
        return with_figure(minor)


def _solved(points: Sequence[tuple[Fraction, Fraction]], target: Fraction) -> Fraction | None:
    """Where a ratio of two straight lines through three points has a value: their cross ratio is kept."""
    if len(points) < 3:  # noqa: PLR2004 - likewise
        return None
    (x1, y1), (x2, y2), (x3, y3) = points
    if len({y1, y2, y3}) < len(points):
        return None
    if target == y3:
        return x3
    ratio = (target - y1) * (y2 - y3) / ((target - y3) * (y2 - y1))
    divisor = (x2 - x3) - ratio * (x2 - x1)
    return (x1 * (x2 - x3) - ratio * x3 * (x2 - x1)) / divisor if divisor else None


def aims_of(scheme: Scheme) -> list[Aim]:
    """The leaves of a scheme that can be aimed at an edge."""
    found = []
    for path, leaf in scheme.leaves():
        if not isinstance(leaf.indicator, Measured):
            continue
        names, item = leaf.record_names(), leaf.item_parameter
        places, shapes = [], dict(leaf_shapes(leaf))
        for parameter, field in leaf.indicator.figures:
            shape = leaf.indicator.parameters[parameter]
            kind = record_type(shape.record_class).fields[field]
            if is_number(kind):
                record = leaf.for_each if parameter == item else names[parameter]
                places.append(Place(record, field, kind, shape.record_class, shapes[record].many))
        if places:
            found.append(Aim(path, leaf, tuple(places), shapes))
    return found
