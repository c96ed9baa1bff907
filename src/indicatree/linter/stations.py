"""Where a rule is looked at: on each edge, just beside it, and between; with the exact points there."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, Text, exact
from indicatree.linter.spans import BY_VALUE, Span, span_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indicatree.scheme import Leaf, Rule

__all__ = ["Station", "situations", "stations"]

_GRID = [Quantity(part, 20) for part in range(-20, 61)]
"""Where a rule is looked at that names no edges: every 5 % from -100 % to 300 %."""

_TRIED = (Quantity(0), Quantity(1), Quantity(100))
"""What the other measures of a comparison are taken to be, where they can be that."""


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
            0: Text(zh=zh, en=f"at {en}"),
            1: Text(zh=f"略高于 {zh}", en=f"just above {en}"),
        }[self.side]


def situations(rule: Rule) -> Iterator[dict[str, Any]]:
    """What a rule may find besides the value: other measures at a few values each, nothing said by an assessor."""
    names = list(rule.compared_with)
    choices = []
    for name in names:
        span = span_of(rule.compared_with[name])
        choices.append([value for value in _TRIED if value in span] or [span.low or span.high or Quantity(0)])
    for values in product(*choices):
        yield {**dict.fromkeys(rule.asks, False), **dict(zip(names, values, strict=True))}


def stations(leaf: Leaf, rule: Rule, span: Span, beside: Mapping[str, Any]) -> list[Station]:
    """The stations of a leaf's rule from the least value to the largest, within the span of its values.

    Between two edges the points run straight, so two values between them tell what they tend to at both.
    """
    edges = _edges(leaf, rule, span, beside)

    def raw(value: Quantity) -> Quantity:
        return exact(rule.points(value, leaf.points, **beside))

    def station(value: Quantity, side: int, points: Quantity) -> Station:
        kept = max(leaf.lowest, min(points, leaf.most, key=BY_VALUE), key=BY_VALUE)
        return Station(value, side, kept)

    found: list[Station] = []
    if span.low is None:
        nearer, further = raw(edges[0] - 1), raw(edges[0] - 2)
        found.append(station(edges[0] - 1, 0, nearer))
        found.append(station(edges[0], -1, nearer + nearer - further))
    for edge, follower in pairwise(edges):
        third = (follower - edge) / 3
        first, second = raw(edge + third), raw(edge + third + third)
        found += [
            station(edge, 0, raw(edge)),
            station(edge, 1, first + first - second),
            station(edge + third, 0, first),
            station(follower, -1, second + second - first),
        ]
    last = edges[-1]
    found.append(station(last, 0, raw(last)))
    if span.high is None:
        nearer, further = raw(last + 1), raw(last + 2)
        found += [station(last, 1, nearer + nearer - further), station(last + 1, 0, nearer)]
    return found


def _edges(leaf: Leaf, rule: Rule, span: Span, beside: Mapping[str, Any]) -> list[Quantity]:
    """Where the points of a rule may jump or bend, and the ends of what it can meet; at least one value."""
    named = rule.edges(leaf.points, **{name: beside[name] for name in rule.compared_with})
    target = leaf.indicator.better.target if leaf.indicator.better is not None else None
    given = [*(named or _GRID), span.low, span.high, target]
    found = sorted({edge for edge in given if edge is not None and edge in span}, key=BY_VALUE)
    return found or [span.low or span.high or Quantity(0)]
