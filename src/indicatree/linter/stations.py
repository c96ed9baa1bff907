"""Where a rule is looked at: on each edge, just beside it, and between; with the exact points there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice, pairwise, product
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, exact
from indicatree.linter.spans import BY_VALUE, Span, span_of
from indicatree.scheme import Leaf, Rule
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Station", "kept", "situations", "stations", "stations_in_steps"]

_GRID = [Quantity(part * size, 20) for size in (1, 20, 1000) for part in range(-20, 61)]
"""Where a rule is looked at that names no edges: every 5 % from -100 % to 300 %, and more coarsely further out."""

_TRIED = (Quantity(0), Quantity(1), Quantity(100))
"""What the other measures of a comparison are taken to be, where they can be that."""

_MOST_COMBINED = 3
"""With more measures than these to compare with, not every value of one is tried with every value of the others."""

_MOST_EDGES = 20
"""How many edges of a rule another measure is put on, where there is only one."""

_FAR = 10**6
"""How many steps beyond the last edge a rule is looked at once more."""


@attrs.frozen
class Station:
    """A value, or the values just beside an edge, and the points there.

    Attributes:
        value: The edge, or a value between two edges.
        side: -1 just below the edge, 0 at the value, 1 just above.
        points: The points; beside an edge, what they tend to.
    """

    value: Quantity
    side: int
    points: Quantity

    def words(self, leaf: Leaf) -> Text:
        """The value in words."""
        unit = leaf.indicator.unit
        zh, en = unit.show_exact(self.value, "zh"), unit.show_exact(self.value, "en")
        return {
            -1: Text(zh=f"略低于 {zh}", en=f"just below {en}"),
            0: Text(zh=zh, en=en),
            1: Text(zh=f"略高于 {zh}", en=f"just above {en}"),
        }[self.side]


def situations(leaf: Leaf, rule: Rule) -> Iterator[dict[str, Any]]:
    """What a rule may find besides the value: other measures at a few values each, nothing said by an assessor."""
    others = rule.compared_with
    if not others:
        yield dict.fromkeys(rule.asks, False)
        return
    named = [exact(edge) for edge in rule.edges(leaf.points, **dict.fromkeys(others, _TRIED[0]))]
    around = [max(named, key=BY_VALUE) + 1, min(named, key=BY_VALUE) - 1] if named else []
    around += named[:_MOST_EDGES] if len(others) == 1 else []
    choices = []
    for other in others.values():
        span = span_of(other)
        ends = [end for end in (span.low, span.high) if end is not None]
        tried = [value for value in dict.fromkeys([*_TRIED, *around]) if value in span]
        choices.append(tried or ends[:1] or [_TRIED[0]])
    side_by_side = islice(zip(*map(cycle, choices), strict=False), max(map(len, choices)))
    for values in product(*choices) if len(choices) <= _MOST_COMBINED else side_by_side:
        yield {**dict.fromkeys(rule.asks, False), **dict(zip(others, values, strict=True))}


def stations(leaf: Leaf, rule: Rule, span: Span, beside: Mapping[str, Any]) -> list[Station]:
    """The stations of a leaf's rule from the least value to the largest, within the span of its values.

    Between two edges the points run straight, so two values between them tell what they tend to at both.
    Of a rule that names no edges nothing is known between the values of the grid, nor what it tends to.
    """
    named = set(map(exact, rule.edges(leaf.points, **{name: beside[name] for name in rule.compared_with})))
    target = leaf.indicator.better.target if leaf.indicator.better is not None else None
    given = [*(named or _GRID), span.low, span.high, target]
    edges = sorted({edge for edge in given if edge is not None and edge in span} or {_TRIED[0]}, key=BY_VALUE)
    look = _Look(leaf, rule, beside)
    inner = [edge for edge in edges if edge in named]
    # Beyond the edges that are named the steps may go on, so that what is there is looked at as closely as before.
    closest = {
        inner[index]: (inner[near + 1] - inner[near]) / 3
        for index, near in ((0, 0), (-1, len(inner) - 2))
        if len(inner) > 1
    }
    found: list[Station] = []
    if span.low is None:
        first = edges[0]
        step = closest.get(first, _TRIED[1])
        found += look.at(first - step * _FAR)
        found += look.at(first - step)
        found += look.beside(first, -1, step) if first in named else []
    for edge, follower in pairwise(edges):
        third = (follower - edge) / 3
        between = edge in named and follower in named
        steps = [third if between else min(third, closest.get(end, third), key=BY_VALUE) for end in (edge, follower)]
        found += look.at(edge)
        found += look.beside(edge, 1, steps[0]) if edge in named else []
        found += look.at(edge + steps[0])
        found += look.at(follower - steps[1])
        found += look.beside(follower, -1, steps[1]) if follower in named else []
    last = edges[-1]
    found += look.at(last)
    if span.high is None:
        step = closest.get(last, _TRIED[1])
        found += look.beside(last, 1, step) if last in named else []
        found += look.at(last + step)
        found += look.at(last + step * _FAR)
    return found


@attrs.frozen
class _Look:
    """Looks at the points of a rule in one situation; where they are undefined there is no station."""

    leaf: Leaf
    rule: Rule
    others: Mapping[str, Any]

    def raw(self, value: Quantity) -> Quantity:
        """The points before they are kept within the leaf's limits."""
        return exact(self.rule.points(value, self.leaf.points, **self.others))

    def at(self, value: Quantity) -> Iterator[Station]:
        """The station at a value."""
        return self._station(value, 0, self.raw(value))

    def beside(self, edge: Quantity, side: int, step: Quantity) -> Iterator[Station]:
        """The station just beside an edge, from the points one and two steps away."""
        nearer, further = self.raw(edge + step * side), self.raw(edge + step * (2 * side))
        return self._station(edge, side, nearer + nearer - further)

    def _station(self, value: Quantity, side: int, points: Quantity) -> Iterator[Station]:
        if points.is_defined:
            yield Station(value, side, kept(self.leaf, points))


def stations_in_steps(
    leaf: Leaf, rule: Rule, beside: Mapping[str, Any], span: Span, grain: Quantity, found: Sequence[Station]
) -> list[Station]:
    """The stations of a measure whose values are whole multiples of a size: those next to where it was looked at."""
    edges = {station.value for station in found if station.side}
    counts: set[Quantity] = set()
    for value in {station.value for station in found}:
        part = value / grain
        below, above = part.floored(), part.ceiled()
        counts |= {below - 1, below, above, above + 1} if value in edges else {below}
    look = _Look(leaf, rule, beside)
    values = sorted((count * grain for count in counts), key=BY_VALUE)
    return [station for value in values if value in span for station in look.at(value)]


def kept(leaf: Leaf, points: Quantity) -> Quantity:
    """Points within the limits of a leaf."""
    return max(leaf.lowest, min(points, leaf.most, key=BY_VALUE), key=BY_VALUE)
