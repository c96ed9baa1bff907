"""What a formula can be when each of its figures lies between two ends: as tight as can be proven.

A formula is a tree of terms whose figures are named by path. The work is done in `fractions.Fraction`:
an audit looks at a report, not at a million rows.

A sum of figures over another sum is taken exactly. Magnitudes, minima, maxima and choices are split into
cases, each with a sum that must not be below zero there; a case is exact too, where no two of its sums
share a figure. What is left is tried at all corners, where that is exact, or cut into pieces.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import ConditionTerm, Term, exact, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = [
    "Affine",
    "Formula",
    "NoRangeError",
    "Range",
    "balanced",
    "decided",
    "figures_in",
    "jumps",
    "range_of",
    "replaced",
    "solutions",
    "solved",
    "value_at",
]

_MOST_CORNERS = 12
"""How many figures may be tried at all their ends together."""

_MOST_PIECES = 256
"""Into how many pieces a box is cut where nothing better is known."""

_MOST_CASES = 256
"""Into how many cases a formula may be split."""


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
        for path, factor in other.times(times).of.items():
            of[path] = of[path] + factor if path in of else factor
            if not of[path]:
                del of[path]
        return Affine(of, self.rest + other.rest * times)

    def times(self, factor: Fraction | int) -> Affine:
        """A multiple."""
        if factor == 1:
            return self
        return Affine({path: own * factor for path, own in self.of.items() if factor}, self.rest * factor)

    def at(self, point: Mapping[str, Fraction]) -> Fraction:
        """The value for figures."""
        return self.rest + _total((factor, point[path]) for path, factor in self.of.items())

    def highest(self, box: Any, limits: Sequence[Affine] = ()) -> dict[str, Fraction]:
        """Where it is largest: each figure at the end that its sign asks for, as far as the limits let it.

        Args:
            box: The ends of each figure.
            limits: Sums that must not be below zero; each can be met, and no two share a figure.
        """
        point = {path: box[path][factor > 0] for path, factor in self.of.items()}
        for limit in limits:
            self._meet(limit, point, box)
        return point

    def _meet(self, limit: Affine, point: dict[str, Fraction], box: Any) -> None:
        """Move figures until a limit is met, first those that cost least for what they bring."""
        for path, factor in limit.of.items():
            point.setdefault(path, box[path][factor > 0])
        lacking = -limit.at(point)
        for path in sorted(limit.of, key=lambda path: abs(self.of.get(path, Fraction(0)) / limit.of[path])):
            if lacking <= 0:
                return
            factor = limit.of[path]
            step = box[path][factor > 0] - point[path]
            if step * factor > lacking:
                step = lacking / factor
            point[path] += step
            lacking -= step * factor

    def range(self, box: Any, limits: Sequence[Affine] = ()) -> Range:
        """From the least to the largest value, both reached."""
        opposite = self.times(-1)
        return Range(self.at(opposite.highest(box, limits)), self.at(self.highest(box, limits)))


def _total(products: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """A sum of products, in whole numbers where denominators are alike: a fraction is not reduced at each step."""
    by_denominator: dict[int, int] = {}
    for first, second in products:
        denominator = first.denominator * second.denominator
        by_denominator[denominator] = by_denominator.get(denominator, 0) + first.numerator * second.numerator
    return sum((Fraction(above, below) for below, above in by_denominator.items()), start=Fraction(0))


@attrs.frozen
class Ratio:
    """One sum of figures over another."""

    over: Affine
    under: Affine = attrs.field(factory=lambda: Affine(rest=Fraction(1)))

    def range(self, box: Any, limits: Sequence[Affine] = ()) -> Range:
        """From the least to the largest value, both reached; limits as in `Affine.highest`.

        The largest value of a ratio of sums is found by Dinkelbach's method: where the ratio is
        ``best``, the sum ``over - best * under`` is nowhere above zero.

        Raises:
            NoRangeError: The lower sum can be zero.
        """
        over, under = (
            (self.over, self.under) if self.sign(box, limits) > 0 else (self.over.times(-1), self.under.times(-1))
        )
        return Range(-_largest(over.times(-1), under, box, limits), _largest(over, under, box, limits))

    def sign(self, box: Any, limits: Sequence[Affine] = ()) -> int:
        """The sign of the lower sum.

        Raises:
            NoRangeError: It can be zero.
        """
        below = self.under.range(box, limits)
        if 0 in below:
            raise NoRangeError
        return 1 if below.low > 0 else -1


def _largest(over: Affine, under: Affine, box: Any, limits: Sequence[Affine]) -> Fraction:
    best = None
    attempt = over
    while True:
        point = attempt.highest(box, limits)
        point = {**{path: box[path][0] for affine in (over, under) for path in affine.of if path not in point}, **point}
        found = over.at(point) / under.at(point)
        if best is not None and found <= best:
            return best
        best = found
        attempt = over.plus(under, -best)


def figures_in(term: Any) -> tuple[str, ...]:
    """The paths of the figures in a formula, each once."""
    return tuple(dict.fromkeys(node.args[0] for node in walk(term) if node.op == "figure"))


def jumps(term: Any) -> bool:
    """Whether a formula may skip values between two that it takes."""
    return any(node.op in ("floor", "ceil", "where") for node in walk(term))


def balanced(term: Any) -> Any:
    """The same formula, with long sums as shallow as they can be: a total of a thousand items nests ten deep."""
    if not hasattr(term, "op") or term.op in ("figure", "constant"):
        return term
    if term.op != "+":
        return type(term)(term.op, tuple(balanced(arg) for arg in term.args))
    parts = []
    while isinstance(term, Term) and term.op == "+":
        parts.append(term.args[1])
        term = term.args[0]
    parts = [balanced(part) for part in (term, *reversed(parts))]
    while len(parts) > 1:
        pairs = [parts[index : index + 2] for index in range(0, len(parts), 2)]
        parts = [Term("+", tuple(pair)) if len(pair) > 1 else pair[0] for pair in pairs]
    return parts[0]


def ratio_of(term: Any) -> Ratio | None:
    """A formula as a ratio of two sums, where it is one."""
    if term.op == "figure":
        return Ratio(Affine({term.args[0]: Fraction(1)}))
    if term.op == "constant":
        return None if term.args[0].state else Ratio(Affine(rest=term.args[0].fraction))
    if term.op not in _OF_RATIOS:
        return None
    parts = []
    for arg in term.args:
        part = ratio_of(arg)
        if part is None:
            return None
        parts.append(part)
    return _OF_RATIOS[term.op](*parts)


def _divided(first: Ratio, second: Ratio) -> Ratio | None:
    if not second.over.of and not second.over.rest:
        return None
    return _multiplied(first, Ratio(second.under, second.over))


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
}


@attrs.frozen(eq=False)
class Formula:
    """A formula, with what is the same for every box: an audit asks for the range of one many times.

    Attributes:
        term: The formula itself.
    """

    term: Any

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The figures in it, each once."""
        return figures_in(self.term)

    @cached_property
    def ratio(self) -> Ratio | None:
        """It as a ratio of two sums, where it is one."""
        return ratio_of(self.term) if hasattr(self.term, "op") else None

    @cached_property
    def jumps(self) -> bool:
        """Whether it may skip values between two that it takes."""
        return jumps(self.term)

    @cached_property
    def _divisors(self) -> tuple[tuple[Ratio | None, frozenset[str]], ...]:
        """What it divides by, and the figures in that."""
        divisors = [node.args[1] for node in walk(self.term) if node.op == "/"]
        return tuple((ratio_of(divisor), frozenset(figures_in(divisor))) for divisor in divisors)

    @cached_property
    def sum(self) -> Affine | None:
        """It as a sum of figures, where it is one and divides by numbers only."""
        if self.ratio is None or self.ratio.under.of or any(figures for _, figures in self._divisors):
            return None
        return self.ratio.over.times(1 / self.ratio.under.rest)

    def check_divisors(self, box: Any, limits: Sequence[Affine] = (), but: str = "") -> None:
        """Refuse a ratio of sums that divides by what can be zero, also where the divisor cancels out.

        Args:
            box: The ends of each figure.
            limits: As in `Affine.highest`.
            but: A figure that the box does not have; what divides by it is not looked at.
        """
        for divisor, figures in self._divisors:
            if but and but in figures:
                continue
            if divisor is None or 0 in divisor.range(box, limits):
                raise NoRangeError

    def range(self, box: Any) -> Range:
        """What it can be; see `range_of`."""
        if not hasattr(self.term, "op"):
            raise NoRangeError
        if all(box[path][0] == box[path][1] for path in self.paths):
            value = value_at(self.term, {path: box[path][0] for path in self.paths})
            return Range(value, value)
        if self.ratio is not None:
            self.check_divisors(box)
            return self.ratio.range(box)
        for attempt in (_whole, _by_cases, _by_corners):
            found: Range | None = attempt(self.term, box)
            if found is not None:
                return found
        return _by_pieces(self.term, box)


def _check_divisors(term: Any, box: Any, limits: Sequence[Affine] = ()) -> None:
    Formula(term).check_divisors(box, limits)


def range_of(term: Any, box: Any) -> Range:
    """What a formula can be when each figure lies between its two ends.

    Args:
        term: The formula.
        box: The least and the largest value of each figure, by path.

    Raises:
        NoRangeError: It divides by what can be zero, or holds what has no range.
    """
    return Formula(term).range(box)


def _operands(term: Any) -> tuple[Any, ...]:
    """The arguments that are values: of the smallest or largest, those that are not skipped.

    Raises:
        NoRangeError: None is left.
    """
    if term.op not in ("minimum", "maximum"):
        return tuple(term.args)
    skip, *operands = term.args
    kept = tuple(one for one in operands if not (one.op == "constant" and one.args[0].state in skip))
    if not kept:
        raise NoRangeError
    return kept


def _whole(term: Any, box: Any) -> Range | None:
    """The range by those of the arguments, where they share no figure (or where it does not matter)."""
    if term.op in ("neg", "floor", "ceil"):
        return _plain(term.op, [range_of(term.args[0], box)])
    if term.op == "abs":
        inner = range_of(term.args[0], box)
        found = _plain("abs", [inner])
        between = inner.low < 0 < inner.high and jumps(term.args[0])
        return attrs.evolve(found, tight=found.tight and not between)
    if term.op == "where":
        holds = decided(term.args[0], box)
        return None if holds is None else range_of(term.args[1 if holds else 2], box)
    operands = _operands(term)
    shared = [set(figures_in(arg)) for arg in operands]
    if sum(map(len, shared)) > len(set().union(*shared)):
        return None
    return _plain(term.op, [range_of(arg, box) for arg in operands])


def decided(condition: Any, box: Any) -> bool | None:
    """A condition that holds for all of a box, or for none of it; None where it is open.

    Raises:
        NoRangeError: It divides by what can be zero.
    """
    if isinstance(condition, bool):
        return condition
    op = getattr(condition, "op", "")
    if op in ("and", "or"):
        parts = [decided(part, box) for part in condition.args]
        sure = op == "or"  # what one part alone decides
        if sure in parts:
            return sure
        return None if None in parts else not sure
    if op == "not":
        inner = decided(condition.args[0], box)
        return None if inner is None else not inner
    return _compared(condition, box) if op in ("<", "<=", ">", ">=", "==") else None


def _compared(condition: Any, box: Any) -> bool | None:
    """A comparison of two values that holds for all of a box, or for none of it."""
    first, second = condition.args
    if not (isinstance(first, Term) and isinstance(second, Term)):
        return None
    if condition.op in (">", ">="):
        first, second = second, first
    gap = range_of(Term("-", (second, first)), box)
    if condition.op == "==":
        return False if 0 not in gap else (True if gap.low == gap.high else None)
    strict = condition.op in ("<", ">")
    if gap.low > 0 or (gap.low == 0 and not strict):
        return True
    return False if gap.high < 0 or (gap.high == 0 and strict) else None


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
    second = ranges[1] if len(ranges) > 1 else first
    if op == "+":
        return Range(first.low + second.low, first.high + second.high, tight)
    if op == "-":
        return Range(first.low - second.high, first.high - second.low, tight)
    if op in ("*", "/"):
        if op == "/" and 0 in second:
            raise NoRangeError
        operation = operator.mul if op == "*" else operator.truediv
        corners = [operation(a, b) for a in (first.low, first.high) for b in (second.low, second.high)]
        return Range(min(corners), max(corners), tight)
    raise NoRangeError


@attrs.frozen
class _Case:
    """A formula where some magnitudes, extremes and choices are settled.

    Attributes:
        formula: What is left of it.
        limits: The sums that are not below zero there.
        exact: Whether the limits say all.
    """

    formula: Any
    limits: tuple[Affine, ...] = ()
    exact: bool = True


def _by_cases(term: Any, box: Any) -> Range | None:
    """The range over all cases of the magnitudes, the smallest, the largest and the choices in it."""
    if not any(node.op in _SWITCHES for node in walk(term)):
        return None
    cases, found = [_Case(_settled(term, box))], []
    while cases:
        case = cases.pop()
        switch = _innermost(case.formula)
        if switch is None:
            found.append(_of_case(case, box))
            continue
        for instead, condition in _branches(switch):
            cases += _case(case, switch, instead, condition, box)
        if len(cases) + len(found) > _MOST_CASES:
            return None
    if not found:
        return None
    return Range(min(one.low for one in found), max(one.high for one in found), all(one.tight for one in found))


_SWITCHES = ("abs", "minimum", "maximum", "where")


def _settled(term: Any, box: Any) -> Any:
    """A formula without the branches that are never taken: what they divide by does not matter."""
    if not hasattr(term, "op") or term.op in ("figure", "constant"):
        return term
    if term.op == "where":
        holds = decided(term.args[0], box)
        if holds is not None:
            return _settled(term.args[1 if holds else 2], box)
    return type(term)(term.op, tuple(_settled(arg, box) for arg in term.args))


def _innermost(term: Any) -> Any:
    """A magnitude, extreme or choice that holds none itself; its condition may."""
    return next(
        (
            node
            for node in walk(term)
            if node.op in _SWITCHES and not any(inner.op in _SWITCHES for arg in node.args for inner in walk(arg))
        ),
        None,
    )


def _branches(switch: Any) -> Iterator[tuple[Any, Any]]:
    """What may stand for a switch, and what is not below zero there: a formula, a condition, or None for unknown."""
    if switch.op == "abs":
        (inner,) = switch.args
        yield inner, inner
        yield -inner, -inner
    elif switch.op == "where":
        condition, then, otherwise = switch.args
        yield then, condition
        yield otherwise, ConditionTerm("not", (condition,))
    else:
        first, *others = _operands(switch)
        if not others:
            yield first, True
            return
        second = others[0] if len(others) == 1 else Term(switch.op, (frozenset(), *others))
        sign = 1 if switch.op == "minimum" else -1
        yield first, (second - first) * sign
        yield second, (first - second) * sign


def _case(case: _Case, switch: Any, instead: Any, condition: Any, box: Any) -> Iterator[_Case]:
    """A case with one more switch settled; none where its condition never holds."""
    formula = _put(case.formula, switch, instead)
    if isinstance(condition, Term):
        ends = range_of(condition, box)
        if ends.high < 0:
            return
        if ends.low >= 0:
            yield attrs.evolve(case, formula=formula)
            return
        # a smallest of many holds the next one: its own figures are not looked at
        limit = _limit(condition, box)
        if limit is None:
            yield attrs.evolve(case, formula=formula, exact=False)
            return
        if limit.times(-1) in case.limits:
            return  # both sides are zero there, which the other branch has too
        taken = {path for known in case.limits for path in known.of}
        if taken.isdisjoint(limit.of):
            yield attrs.evolve(case, formula=formula, limits=(*case.limits, limit))
        else:
            yield attrs.evolve(case, formula=formula, exact=case.exact and limit in case.limits)
        return
    holds = decided(condition, box)
    if holds is not False:
        yield attrs.evolve(case, formula=formula, exact=case.exact and holds is True)


def _limit(term: Any, box: Any) -> Affine | None:
    """A sum with the sign of a formula, where there is one."""
    ratio = ratio_of(term)
    if ratio is None:
        return None
    _check_divisors(term, box)
    return ratio.over.times(ratio.sign(box))


def _of_case(case: _Case, box: Any) -> Range:
    ratio = ratio_of(case.formula)
    if ratio is not None:
        _check_divisors(case.formula, box, case.limits)
        found = ratio.range(box, case.limits)
        return attrs.evolve(found, tight=case.exact)
    found = range_of(case.formula, box)
    return attrs.evolve(found, tight=found.tight and case.exact and not case.limits)


def _put(term: Any, node: Any, instead: Any) -> Any:
    """A formula with one of its nodes replaced."""
    if term is node:
        return instead
    if not hasattr(term, "op") or term.op in ("figure", "constant"):
        return term
    args = tuple(_put(arg, node, instead) for arg in term.args)
    return term if all(new is old for new, old in zip(args, term.args, strict=True)) else type(term)(term.op, args)


def _by_corners(term: Any, box: Any) -> Range | None:
    """The range from all corners, where the formula is of degree one in each figure over a divisor of one sign."""
    paths = figures_in(term)
    if any(node.op not in ("figure", "constant", "+", "-", "*", "/", "neg") for node in walk(term)):
        return None
    wide = [path for path in paths if box[path][0] < box[path][1]]
    if len(wide) > _MOST_CORNERS or any(max(degrees(term, path)) > 1 for path in wide):
        return None
    for node in walk(term):
        if node.op == "/" and 0 in range_of(node.args[1], box):
            raise NoRangeError
    fixed = {path: box[path][0] for path in paths}
    values = [
        value_at(term, {**fixed, **dict(zip(wide, corner, strict=True))})
        for corner in product(*(box[path] for path in wide))
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
        NoRangeError: It divides by zero there, or has no value.
    """
    if not hasattr(term, "op") or (term.op == "constant" and term.args[0].state):
        raise NoRangeError
    if term.op == "figure":
        return point[term.args[0]]
    if term.op == "constant":
        constant: Fraction = term.args[0].fraction
        return constant
    if term.op == "where":
        holds = decided(term.args[0], {path: (value, value) for path, value in point.items()})
        if holds is None:
            raise NoRangeError
        return value_at(term.args[1 if holds else 2], point)
    values = [value_at(arg, point) for arg in _operands(term)]
    return _plain(term.op, [Range(value, value) for value in values]).low


def _by_pieces(term: Any, box: Any) -> Range:
    """A range that holds every value: the box is cut where it is widest, and each piece taken by itself."""
    paths = figures_in(term)
    pieces = [{path: box[path] for path in paths}]
    while len(pieces) < _MOST_PIECES:
        widest = max(paths, key=lambda path: pieces[0][path][1] - pieces[0][path][0])
        pieces = [{**piece, widest: half} for piece in pieces for half in _halves(piece[widest])]
    ranges = [_naive(term, piece) for piece in pieces]
    return Range(min(one.low for one in ranges), max(one.high for one in ranges), tight=False)


def _halves(ends: tuple[Fraction, Fraction]) -> Iterable[tuple[Fraction, Fraction]]:
    low, high = ends
    middle = (low + high) / 2
    return (low, middle), (middle, high)


def _naive(term: Any, box: Any) -> Range:
    """The range by those of the arguments, as if they did not depend on each other: sound, not tight."""
    ratio = ratio_of(term) if hasattr(term, "op") else None
    if ratio is not None:
        _check_divisors(term, box)
        return ratio.range(box)
    if not hasattr(term, "op"):
        raise NoRangeError
    if term.op == "where":
        holds = decided(term.args[0], box)
        branches = [term.args[1], term.args[2]] if holds is None else [term.args[1 if holds else 2]]
        found = [_naive(branch, box) for branch in branches]
        return Range(min(one.low for one in found), max(one.high for one in found), tight=False)
    return _plain(term.op, [_naive(arg, box) for arg in _operands(term)])


def solutions(first: Any, second: Any, path: str, box: Any) -> Range | None:
    """The values of one figure for which two formulas can be equal, when the others lie in a box.

    Args:
        first: One side.
        second: The other side.
        path: The figure that is sought; the box need not have it.
        box: The least and the largest value of each other figure.

    Returns:
        From the least to the largest, both reached; None where it cannot be said.

    Raises:
        NoRangeError: A side divides by what can be zero.
    """
    first, second = (side if isinstance(side, Formula) else Formula(side) for side in (first, second))
    one, other = first.ratio, second.ratio
    if one is None or other is None:
        return None
    for side in (first, second):
        side.check_divisors(box, but=path)
    whole = _added(one, other, -1)
    if whole is not None:
        return _alone(whole.over, path, box)
    # p/q = r/s with a plain figure on one side: fix it at each end, and the rest is a sum again.
    for side, rest in ((one, other), (other, one)):
        if side.under.of or len(side.over.of) != 1:
            continue
        (plain,) = side.over.of
        if plain in rest.over.of or plain in rest.under.of:
            continue
        if plain == path:
            found_alone = rest.range(box)
            factor = side.over.of[path] / side.under.rest
            ends = sorted(
                (end - side.over.rest / side.under.rest) / factor for end in (found_alone.low, found_alone.high)
            )
            return Range(ends[0], ends[1])
        return _between(side, rest, plain, path, box)
    return None


def _between(side: Ratio, rest: Ratio, plain: str, path: str, box: Any) -> Range | None:
    """Where a ratio is equal to a plain figure, from the sums that are left at both ends of that figure."""
    found = []
    factors = set()
    for end in box[plain]:
        value = side.over.at({plain: end}) / side.under.rest
        left = rest.over.plus(rest.under, -value)
        alone = _alone(left, path, box)
        if alone is None:
            return None
        found.append(alone)
        factors.add(left.of[path] > 0)
    if len(factors) > 1:
        return None  # in between nothing depends on the figure that is sought: it could be anything
    return Range(min(one.low for one in found), max(one.high for one in found))


def _alone(sum_of: Affine, path: str, box: Any) -> Range | None:
    """Where a sum is zero, as values of one figure of it."""
    factor = sum_of.of.get(path)
    if factor is None:
        return None
    rest = Affine({name: own for name, own in sum_of.of.items() if name != path}, sum_of.rest)
    return rest.times(-1 / factor).range(box)


def replaced(term: Any, instead: Mapping[str, Any]) -> Any:
    """A formula with other formulas in place of some of its figures."""
    if not hasattr(term, "op") or term.op == "constant":
        return term
    if term.op == "figure":
        return instead.get(term.args[0], term)
    args = tuple(replaced(arg, instead) for arg in term.args)
    return term if all(new is old for new, old in zip(args, term.args, strict=True)) else type(term)(term.op, args)


def solved(first: Any, second: Any, path: str) -> Any:
    """A formula for one figure of two formulas that are equal; None where they are not of degree one in it."""
    one, other = _line_over_line(first, path), _line_over_line(second, path)
    if one is None or other is None:
        return None
    # n/m = r/s, so n s - r m = 0
    here, there = _times(one[0], other[1]), _times(other[0], one[1])
    if here is None or there is None:
        return None
    rest, factor = _plus(here, there, -1)
    if rest is None or factor is None:
        return None  # without a rest, any value solves it where the factor is zero: x/x = s
    if factor.op == "neg":
        return _quotient(rest, factor.args[0])
    return _quotient(_negative(rest), factor)


_ONE = Term("constant", (exact(1),))
_ZERO = Term("constant", (exact(0),))

_Line = tuple[Any, Any]
"""What stands alone, and what one figure is multiplied by; None for zero."""


def _line_over_line(term: Any, path: str) -> tuple[_Line, _Line] | None:
    """A formula as a ratio of two that are of degree one in a figure."""
    if path not in figures_in(term):
        return (term, None), (_ONE, None)
    if term.op == "figure":
        return (None, _ONE), (_ONE, None)
    if term.op not in _OF_RATIOS:
        return None
    parts = [_line_over_line(arg, path) for arg in term.args]
    if None in parts:
        return None
    (over, under), *rest = [part for part in parts if part is not None]
    if term.op == "neg":
        return (_negative(over[0]), _negative(over[1])), under
    ((other_over, other_under),) = rest
    if term.op in ("*", "/"):
        if term.op == "/":
            other_over, other_under = other_under, other_over
        found = _times(over, other_over), _times(under, other_under)
    else:
        sign = 1 if term.op == "+" else -1
        first, second = _times(over, other_under), _times(other_over, under)
        found = None if first is None or second is None else _plus(first, second, sign), _times(under, other_under)
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def _times(first: _Line, second: _Line) -> _Line | None:
    if first[1] is not None and second[1] is not None:
        return None
    crossed = _sum(_product_of(first[0], second[1]), _product_of(first[1], second[0]), 1)
    return _product_of(first[0], second[0]), crossed


def _plus(first: _Line, second: _Line, sign: int) -> _Line:
    return _sum(first[0], second[0], sign), _sum(first[1], second[1], sign)


def _sum(first: Any, second: Any, sign: int) -> Any:
    if second is None:
        return first
    if first is None:
        return second if sign > 0 else _negative(second)
    return Term("+" if sign > 0 else "-", (first, second))


def _product_of(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return None
    if first is _ONE or second is _ONE:
        return second if first is _ONE else first
    return Term("*", (first, second))


def _negative(term: Any) -> Any:
    if term is None:
        return None
    return term.args[0] if term.op == "neg" else Term("neg", (term,))


def _quotient(over: Any, under: Any) -> Any:
    if over is None:
        return _ZERO
    return over if under is _ONE else Term("/", (over, under))
