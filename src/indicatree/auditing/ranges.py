"""What a formula can be when each of its figures lies between two ends: as tight as can be proven.

A formula is a tree of terms whose figures are named by path. The work is done in `fractions.Fraction`:
an audit looks at a report, not at a million rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "Affine",
    "Box",
    "NoRangeError",
    "Range",
    "Ratio",
    "decided",
    "figures_in",
    "range_of",
    "ratio_of",
    "solutions",
]

Box = "Mapping[str, tuple[Fraction, Fraction]]"
"""The two ends of each figure, by path."""

_MOST_CORNERS = 12
"""How many figures may be tried at all their ends together."""

_MOST_PIECES = 256
"""Into how many pieces a box is cut where nothing better is known."""

_MOST_SIGNS = 8
"""How many magnitudes may be tried with both signs."""


class NoRangeError(Exception):
    """A formula has no range: it divides by what can be zero."""


@attrs.frozen
class Range:
    """All values from ``low`` to ``high``, both included.

    Attributes:
        low: The least value.
        high: The largest value.
        tight: Whether both ends are known to be reached; else the range may be too wide.
    """

    low: Fraction
    high: Fraction
    tight: bool = True

    def meets(self, other: Range) -> bool:
        """Whether the two have a value in common."""
        return self.low <= other.high and other.low <= self.high

    def __contains__(self, value: Fraction | int) -> bool:
        """Whether a value lies in it."""
        return self.low <= value <= self.high


@attrs.frozen
class Affine:
    """A sum of figures, each times a number, and a number.

    Attributes:
        of: The number that each figure is multiplied by, by path; none is zero.
        rest: What is added.
    """

    of: Mapping[str, Fraction] = attrs.field(factory=dict)
    rest: Fraction = Fraction(0)

    def plus(self, other: Affine, times: Fraction | int = 1) -> Affine:
        """The sum of this and a multiple of another."""
        of = dict(self.of)
        for path, factor in other.of.items():
            of[path] = of.get(path, Fraction(0)) + factor * times
        return Affine({path: factor for path, factor in of.items() if factor}, self.rest + other.rest * times)

    def times(self, factor: Fraction | int) -> Affine:
        """A multiple."""
        return Affine({path: own * factor for path, own in self.of.items() if factor}, self.rest * factor)

    def at(self, point: Mapping[str, Fraction]) -> Fraction:
        """The value for figures."""
        return self.rest + sum((factor * point[path] for path, factor in self.of.items()), start=Fraction(0))

    def corner(self, box: Any, *, highest: bool) -> dict[str, Fraction]:
        """Where it is largest (or least): each figure at the end that its sign asks for."""
        return {path: box[path][(factor > 0) is highest] for path, factor in self.of.items()}

    def range(self, box: Any) -> Range:
        """From the least to the largest value."""
        return Range(self.at(self.corner(box, highest=False)), self.at(self.corner(box, highest=True)))


@attrs.frozen
class Ratio:
    """One sum of figures over another."""

    over: Affine
    under: Affine = attrs.field(factory=lambda: Affine(rest=Fraction(1)))

    def range(self, box: Any) -> Range:
        """From the least to the largest value, both reached.

        The largest value of a ratio of sums is found by Dinkelbach's method: where the ratio is
        ``best``, the sum ``over - best * under`` is nowhere above zero.

        Raises:
            NoRangeError: The lower sum can be zero.
        """
        below = self.under.range(box)
        if 0 in below:
            raise NoRangeError
        over, under = (self.over, self.under) if below.low > 0 else (self.over.times(-1), self.under.times(-1))
        return Range(-_largest(over.times(-1), under, box), _largest(over, under, box))


def _largest(over: Affine, under: Affine, box: Any) -> Fraction:
    middle = {path: box[path][0] for affine in (over, under) for path in affine.of}
    best = over.at(middle) / under.at(middle)
    while True:
        corner = {**middle, **over.plus(under, -best).corner(box, highest=True)}
        found = over.at(corner) / under.at(corner)
        if found <= best:
            return best
        best = found


def figures_in(term: Any) -> tuple[str, ...]:
    """The paths of the figures in a formula, each once."""
    return tuple(dict.fromkeys(node.args[0] for node in walk(term) if node.op == "figure"))


def ratio_of(term: Any, signs: Mapping[int, int] | None = None) -> Ratio | None:
    """A formula as a ratio of two sums, where it is one; magnitudes of a known sign are taken as such.

    Args:
        term: The formula.
        signs: For magnitudes (by identity): 1 or -1, the sign of what is in them.
    """
    if term.op == "figure":
        return Ratio(Affine({term.args[0]: Fraction(1)}))
    if term.op == "constant":
        return Ratio(Affine(rest=term.args[0].fraction))
    if term.op not in _OF_RATIOS or (term.op == "abs" and id(term) not in (signs or {})):
        return None
    parts = [part for part in (ratio_of(arg, signs) for arg in term.args) if part is not None]
    if len(parts) < len(term.args):
        return None
    sign = (signs or {}).get(id(term), -1)
    return _OF_RATIOS[term.op](*parts) if term.op != "abs" else Ratio(parts[0].over.times(sign), parts[0].under)


def _inverse(ratio: Ratio) -> Ratio | None:
    return Ratio(ratio.under, ratio.over) if ratio.over.of or ratio.over.rest else None


def _divided(first: Ratio, second: Ratio) -> Ratio | None:
    inverse = _inverse(second)
    return None if inverse is None else _multiplied(first, inverse)


def _added(first: Ratio, second: Ratio, sign: int) -> Ratio | None:
    if first.under == second.under:
        return Ratio(first.over.plus(second.over, sign), first.under)
    if not first.under.of and not second.under.of:
        return Ratio(first.over.times(1 / first.under.rest).plus(second.over.times(sign / second.under.rest)))
    # a number beside a ratio: a/b + c = (a + c b) / b
    if not second.over.of and not second.under.of:
        return Ratio(first.over.plus(first.under, sign * second.over.rest / second.under.rest), first.under)
    if not first.over.of and not first.under.of:
        return Ratio(second.over.times(sign).plus(second.under, first.over.rest / first.under.rest), second.under)
    return None


def _multiplied(first: Ratio, second: Ratio) -> Ratio | None:
    """The product, where in each line at most one factor holds figures."""
    over, under = _product(first.over, second.over), _product(first.under, second.under)
    if first.over == second.under and first.over.of:
        over, under = second.over, first.under
    elif second.over == first.under and second.over.of:
        over, under = first.over, second.under
    return None if over is None or under is None else Ratio(over, under)


def _product(first: Affine, second: Affine) -> Affine | None:
    if not first.of:
        return second.times(first.rest)
    return first.times(second.rest) if not second.of else None


_OF_RATIOS: dict[str, Callable[..., Ratio | None]] = {
    "+": lambda first, second: _added(first, second, 1),
    "-": lambda first, second: _added(first, second, -1),
    "*": _multiplied,
    "/": _divided,
    "neg": lambda only: Ratio(only.over.times(-1), only.under),
    "abs": lambda only: only,
}


def range_of(term: Any, box: Any) -> Range:
    """What a formula can be when each figure lies between its two ends.

    Args:
        term: The formula.
        box: The least and the largest value of each figure, by path.

    Raises:
        NoRangeError: It divides by what can be zero, or holds what has no range.
    """
    if not hasattr(term, "op"):
        raise NoRangeError
    ratio = ratio_of(term)
    if ratio is not None:
        return ratio.range(box)
    whole = _whole(term, box)
    if whole is not None:
        return whole
    for attempt in (_by_signs, _by_corners):
        found: Range | None = attempt(term, box)
        if found is not None:
            return found
    return _by_pieces(term, box)


def _whole(term: Any, box: Any) -> Range | None:
    """The range by those of the arguments, where they share no figure (or where it does not matter)."""
    if term.op in ("abs", "neg", "floor", "ceil"):
        return _plain(term.op, [range_of(term.args[0], box)])
    if term.op == "where":
        holds = decided(term.args[0], box)
        return None if holds is None else range_of(term.args[1 if holds else 2], box)
    operands = term.args[1:] if term.op in ("minimum", "maximum") else term.args
    shared = [set(figures_in(arg)) for arg in operands]
    if sum(map(len, shared)) > len(set().union(*shared)):
        return None
    return _plain(term.op, [range_of(arg, box) for arg in operands])


def decided(condition: Any, box: Any) -> bool | None:
    """A comparison that holds for all of a box, or for none of it; None where it is open."""
    if isinstance(condition, bool):
        return condition
    if condition.op not in ("<", "<=", ">", ">="):
        return None
    first, second = condition.args
    first, second = (first, second) if condition.op in ("<", "<=") else (second, first)
    gap = range_of(_difference(second, first), box)
    strict = condition.op in ("<", ">")
    if gap.low > 0 or (gap.low == 0 and not strict):
        return True
    return False if gap.high < 0 or (gap.high == 0 and strict) else None


def _difference(first: Any, second: Any) -> Any:
    return first - second


def _plain(op: str, ranges: list[Range]) -> Range:  # noqa: PLR0911 - a case for each operation
    """One operation on ranges of values that do not depend on each other."""
    tight = all(one.tight for one in ranges)
    first = ranges[0]
    if op == "neg":
        return Range(-first.high, -first.low, tight)
    if op == "abs":
        ends = (abs(first.low), abs(first.high))
        return Range(Fraction(0) if 0 in first else min(ends), max(ends), tight)
    if op in ("floor", "ceil"):
        whole = math.floor if op == "floor" else math.ceil
        return Range(Fraction(whole(first.low)), Fraction(whole(first.high)), tight)
    if op in ("minimum", "maximum"):
        pick = min if op == "minimum" else max
        return Range(pick(one.low for one in ranges), pick(one.high for one in ranges), tight)
    second = ranges[1]
    if op == "+":
        return Range(first.low + second.low, first.high + second.high, tight)
    if op == "-":
        return Range(first.low - second.high, first.high - second.low, tight)
    if op == "*":
        corners = [a * b for a in (first.low, first.high) for b in (second.low, second.high)]
        return Range(min(corners), max(corners), tight)
    if op == "/":
        if 0 in second:
            raise NoRangeError
        corners = [a / b for a in (first.low, first.high) for b in (second.low, second.high)]
        return Range(min(corners), max(corners), tight)
    raise NoRangeError


def _by_signs(term: Any, box: Any) -> Range | None:
    """The range of a ratio of sums of magnitudes: those of one sign as they are, the others with both signs."""
    magnitudes = [node for node in walk(term) if node.op == "abs"]
    signs: dict[int, int] = {}
    open_ones = []
    for node in magnitudes:
        inner = range_of(node.args[0], box)
        if inner.low >= 0 or inner.high <= 0:
            signs[id(node)] = 1 if inner.low >= 0 else -1
        else:
            open_ones.append(node)
    if not magnitudes or len(open_ones) > _MOST_SIGNS:
        return None
    found = []
    for chosen in product((1, -1), repeat=len(open_ones)):
        ratio = ratio_of(term, {**signs, **{id(node): sign for node, sign in zip(open_ones, chosen, strict=True)}})
        if ratio is None:
            return None
        found.append(ratio.range(box))
    if not open_ones:
        return found[0]
    # With a wrong sign a magnitude comes out too small: the extremes on that side are not reached.
    return Range(min(one.low for one in found), max(one.high for one in found), tight=False)


def _by_corners(term: Any, box: Any) -> Range | None:
    """The range from all corners, where the formula is of degree one in each figure over a divisor of one sign."""
    paths = figures_in(term)
    if len(paths) > _MOST_CORNERS or any(max(degrees(term, path)) > 1 for path in paths):
        return None
    if any(node.op not in ("figure", "constant", "+", "-", "*", "/", "neg") for node in walk(term)):
        return None
    for node in walk(term):
        if node.op == "/" and 0 in range_of(node.args[1], box):
            raise NoRangeError
    values = [
        value_at(term, dict(zip(paths, corner, strict=True))) for corner in product(*(box[path] for path in paths))
    ]
    return Range(min(values), max(values))


def degrees(term: Any, path: str) -> tuple[int, int]:
    """The degree of a formula in one figure, above and below the line; 2 where it is more than that."""
    if term.op == "figure":
        return int(term.args[0] == path), 0
    if term.op == "constant":
        return 0, 0
    parts = [degrees(arg, path) for arg in term.args]
    if term.op == "neg":
        return parts[0]
    (above, below), (other_above, other_below) = parts
    if term.op in ("+", "-"):
        return max(above + other_below, other_above + below), below + other_below
    if term.op == "*":
        return above + other_above, below + other_below
    return above + other_below, below + other_above


def value_at(term: Any, point: Mapping[str, Fraction]) -> Fraction:
    """The value of a formula for figures.

    Raises:
        NoRangeError: It divides by zero there.
    """
    return _naive(term, {path: (value, value) for path, value in point.items()}).low


def _by_pieces(term: Any, box: Any) -> Range:
    """A range that holds every value: the box is cut where it is widest, and each piece taken by itself."""
    pieces = [dict(box)]
    paths = figures_in(term)
    while len(pieces) < _MOST_PIECES:
        widest = max(paths, key=lambda path: pieces[0][path][1] - pieces[0][path][0])
        low, high = pieces[0][widest]
        if low == high:
            break
        middle = (low + high) / 2
        pieces = [{**piece, widest: half} for piece in pieces for half in _halves(piece[widest], middle)]
    ranges = [_naive(term, piece) for piece in pieces]
    return Range(min(one.low for one in ranges), max(one.high for one in ranges), tight=len(pieces) == 1)


def _halves(ends: tuple[Fraction, Fraction], middle: Fraction) -> Iterable[tuple[Fraction, Fraction]]:
    low, high = ends
    return ((low, middle), (middle, high)) if low < middle < high else (ends,)


def _naive(term: Any, box: Any) -> Range:
    """The range by those of the arguments, as if they did not depend on each other: sound, not tight."""
    ratio = ratio_of(term)
    if ratio is not None:
        return ratio.range(box)
    if term.op == "where":
        holds = decided(term.args[0], box)
        branches = [term.args[1], term.args[2]] if holds is None else [term.args[1 if holds else 2]]
        found = [_naive(branch, box) for branch in branches]
        return Range(min(one.low for one in found), max(one.high for one in found), tight=False)
    operands = term.args[1:] if term.op in ("minimum", "maximum") else term.args
    return _plain(term.op, [_naive(arg, box) for arg in operands])


def solutions(first: Any, second: Any, path: str, box: Any) -> Range | None:
    """The values of one figure for which two formulas can be equal, when the others lie in a box.

    Args:
        first: One side.
        second: The other side.
        path: The figure that is sought; the box need not have it.
        box: The least and the largest value of each other figure.

    Returns:
        From the least to the largest, both reached; None where it cannot be said.
    """
    one, other = ratio_of(first), ratio_of(second)
    if one is None or other is None:
        return None
    whole = _added(one, other, -1)
    if whole is not None:
        return _alone(whole.over, path, box)
    # p/q = r/s with a plain figure on one side: fix it at each end, and the rest is a sum again.
    for side, rest in ((one, other), (other, one)):
        if side.under.of or len(side.over.of) != 1:
            continue
        (plain,) = side.over.of
        if plain == path and path not in rest.over.of and path not in rest.under.of:
            found_alone = rest.range(box)
            factor = side.over.of[path] / side.under.rest
            ends = sorted(
                (end - side.over.rest / side.under.rest) / factor for end in (found_alone.low, found_alone.high)
            )
            return Range(ends[0], ends[1])
        if plain == path or plain in rest.over.of or plain in rest.under.of:
            continue
        found = []
        for end in box[plain]:
            value = side.over.at({plain: end}) / side.under.rest
            found.append(_alone(rest.over.plus(rest.under, -value), path, box))
        known = [one for one in found if one is not None]
        if len(known) == len(found):
            return Range(min(one.low for one in known), max(one.high for one in known))
    return None


def _alone(sum_of: Affine, path: str, box: Any) -> Range | None:
    """Where a sum is zero, as values of one figure of it."""
    factor = sum_of.of.get(path)
    if factor is None:
        return None
    rest = Affine({name: own for name, own in sum_of.of.items() if name != path}, sum_of.rest)
    return rest.times(-1 / factor).range(box)
