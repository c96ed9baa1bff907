"""Which scores are possible, when each printed figure stands for all values that round to it."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, Term, TermError, exact
from indicatree.auditing.checks import DIVIDES
from indicatree.auditing.figures import Stand
from indicatree.auditing.ranges import Formula, NoRangeError, Range, balanced, decided, figures_in, jumps
from indicatree.data import Items
from indicatree.indicators import Measured
from indicatree.linter.spans import Span
from indicatree.linter.stations import Station, stations
from indicatree.problems import IndicatreeError
from indicatree.scheme import Leaf, Part, Treatment
from indicatree.scoring.leaves import line_name, plan_leaf
from indicatree.scoring.reasons import figure_paths
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from indicatree.auditing.checks import Known
    from indicatree.data import UnitData
    from indicatree.problems import Problem
    from indicatree.scheme import Scheme, Veto

__all__ = ["Possible", "formula_of", "possible_scores"]

_RULES = Text(zh="评分规则为假设", en="its rules are assumed")
_FIGURES = Text(zh="部分数据未公布或为假设", en="it rests on figures that are not printed, or assumed")
_JUDGED = Text(zh="评定结论未公布或为假设", en="it rests on judgements that are not printed, or assumed")
_COMPARED = Text(zh="评分规则与其他指标比较", en="its rule compares with other measures")
_ROWWISE = Text(zh="指标没有公式", en="its measure has no formula")
_NO_SCORE = Text(zh="不适用，方案因此不予评分", en="it does not apply, and the scheme gives no score then")
_FAILED = Text(zh="评分规则无法计算", en="its rule gives no points")
_MOST_OPEN = 6
"""With more children than these that may be left out, only all and none of them are tried."""

_MOST_COMBINED = 4096
"""How many scores of children may be combined; with more, children are taken from the least to the largest."""


def _joined(pieces: Iterable[Range]) -> tuple[Range, ...]:
    """The same values as ranges that do not touch, from below."""
    found: list[Range] = []
    for piece in sorted(pieces, key=lambda one: (one.low, one.high, one.tight)):
        if found and piece.low <= found[-1].high:
            found[-1] = _hull([found[-1], piece])
        else:
            found.append(piece)
    return tuple(found)


def _hull(pieces: Sequence[Range]) -> Range:
    """From the least to the largest value of some ranges."""
    tight = all(one.tight for one in pieces)
    return Range(min(one.low for one in pieces), max(one.high for one in pieces), tight)


@attrs.frozen
class Possible:
    """The scores that a node can have.

    Attributes:
        pieces: The ranges that they lie in, from below: a rule may give 3 points or 4 and nothing between.
            None where the node is left out.
        unknown: What is assumed or not printed, if anything is: then a score in the range says little of the report.
        may_lack: Whether the node may be left out, for all that is known.
        rests_on: The figures whose rounding leaves more than one score.
        guessed: Whether the range itself rests on what is assumed, such as a rule: then other scores are possible too.
    """

    pieces: tuple[Range, ...] = attrs.field(default=(), converter=_joined)
    unknown: Text = Text()
    may_lack: bool = False
    rests_on: frozenset[str] = frozenset()
    guessed: bool = False

    @property
    def range(self) -> Range | None:
        """From the least to the largest; None where the node is left out."""
        return _hull(self.pieces) if self.pieces else None


def _one(low: Fraction, high: Fraction | None = None) -> tuple[Range]:
    """A single score, or all between two."""
    return (Range(low, low if high is None else high),)


def formula_of(leaf: Leaf, standing: Mapping[str, Stand], line: int | None = None) -> Any:
    """The formula of a leaf's measure over the figures of a report; of one line item, where one is meant.

    Raises:
        LookupError: The report does not have its records.
        TypeError: The measure is not plain arithmetic.
    """
    indicator = leaf.indicator
    if not isinstance(indicator, Measured) or indicator.formula is None:
        msg = "the measure has no formula"
        raise TypeError(msg)
    by_parameter = _records(leaf, standing, line)
    term = indicator.function(*[by_parameter[parameter] for parameter in indicator.parameters])
    return balanced(term if isinstance(term, Term) else Term("constant", (exact(term),)))


def _records(leaf: Leaf, standing: Mapping[str, Stand], line: int | None) -> dict[str, Stand]:
    """What stands for each parameter of a leaf's measure; for the line items one of them, where one is meant."""
    names = leaf.record_names()
    found = {}
    for parameter in leaf.indicator.parameters:
        is_item = parameter == leaf.item_parameter
        stand = standing[leaf.for_each if is_item else names[parameter]]
        found[parameter] = _of_line(stand, line) if is_item and line is not None else stand
    return found


def _of_line(stand: Stand, line: int) -> Stand:
    figures = {field: many.values[line] for field, many in stand._figures.items()}  # noqa: SLF001 - the same kind of thing
    return Stand(f"{stand._name}[{line}]", figures)  # noqa: SLF001 - likewise


def possible_scores(scheme: Scheme, data: UnitData, known: Known, standing: Mapping[str, Stand]) -> dict[str, Possible]:
    """The possible scores of every node, by path; of the whole under ``total``."""
    scores = _Scores(scheme, data, known, standing)
    scores.found["total"] = scores.capped(scores.below(scheme, ""))
    return scores.found


def figures_behind(scheme: Scheme, data: UnitData) -> dict[str, frozenset[str]]:
    """The figures that the score of each node is computed from, by path; those of the whole under ``total``."""
    found: dict[str, frozenset[str]] = {}

    def below(node: Any, path: str) -> frozenset[str]:
        if isinstance(node, Leaf):
            used = frozenset(figure for figure, _, _ in figure_paths(node, data))
        else:
            used = frozenset().union(
                *(below(child, f"{path}.{child.id}" if path else child.id) for child in node.children)
            )
        found[path or "total"] = used
        return used

    below(scheme, "")
    for veto in scheme.vetoes:
        if veto.indicator is not None:
            leaf = Leaf(id=veto.id, indicator=veto.indicator, points=0, bindings=veto.bindings)
            found["total"] |= {figure for figure, _, _ in figure_paths(leaf, data)}
    return found


class _Scores:
    """The possible scores of one report."""

    def __init__(self, scheme: Scheme, data: UnitData, known: Known, standing: Mapping[str, Stand]) -> None:
        self.scheme = scheme
        self.data = data
        self.known = known
        self.standing = standing
        self.found: dict[str, Possible] = {}

    def below(self, node: Any, path: str) -> Possible:
        if isinstance(node, Leaf):
            result = self._leaf(node, path)
        else:
            children = [self.below(child, f"{path}.{child.id}" if path else child.id) for child in node.children]
            result = _combined(self.scheme, node, children)
        self.found[path or "total"] = result
        return result

    def _leaf(self, leaf: Leaf, path: str) -> Possible:
        policies = self.scheme.policies_of(leaf)
        if path in self.data.not_applicable:
            return _treated(leaf, policies.not_applicable)
        judgement = self.data.judgement.get(path)
        if leaf.rule is None:
            found = Possible(_one(Fraction(0)))
        elif judgement is not None and judgement.assumed:
            found = self._unsaid(leaf, _JUDGED)
        elif not isinstance(leaf.indicator, Measured):
            found = self._judged(leaf, path)
        elif leaf.for_each:
            found = self._lines(leaf, path, policies.not_applicable)
        else:
            found = self._value(leaf, path, None, policies.not_applicable)
        if leaf.assumption and leaf.points > 0:
            found = attrs.evolve(found, unknown=found.unknown or _RULES, guessed=True)
        return found

    def _unsaid(self, leaf: Leaf, why: Text) -> Possible:
        """A leaf of which only its limits are known."""
        policies = self.scheme.policies_of(leaf)
        treatments = (policies.missing, policies.undefined, policies.not_applicable, policies.failed)
        return Possible(_one(leaf.lowest.fraction, leaf.most.fraction), why, Treatment.LEFT_OUT in treatments)

    def _applies(self, leaf: Leaf, line: int | None) -> bool | None:
        """Whether a leaf applies; None where the rounding of the figures leaves that open."""
        indicator = leaf.indicator
        if not isinstance(indicator, Measured) or indicator.applies is None:
            return True
        records = _records(leaf, self.standing, line)
        condition = indicator.applies(*[records[name] for name in indicator.applies_to])
        paths = figures_in(condition)
        return None if self.known.lacking(paths) else decided(condition, self.known.box(paths, printed=False))

    def _judged(self, leaf: Leaf, path: str) -> Possible:
        """What an assessor decided: as it is scored."""
        if path not in self.data.judgement:
            return self._unsaid(leaf, _JUDGED)
        problems: list[Problem] = []
        score = plan_leaf(self.scheme, leaf, path).score(self.data, problems)
        if score.units is None or problems:
            return self._unsaid(leaf, _JUDGED)
        return Possible(_one(Fraction(score.units, 10**self.scheme.precision)))

    def _lines(self, leaf: Leaf, path: str, not_applicable: Treatment | None) -> Possible:
        items = self.data.records.get(leaf.for_each)
        if not isinstance(items, Items) or not items.given:
            return self._unsaid(leaf, _FIGURES)
        if not len(items):
            return _treated(leaf, not_applicable)
        lines = [self._value(leaf, path, line, not_applicable) for line in range(len(items))]
        if not any(one.pieces for one in lines):
            return Possible()
        parts = [_Counted(one, leaf.points, leaf.points) for one in lines]
        return _over(parts, lambda found: leaf.combine.score(found, leaf.points), self.scheme)

    def _value(self, leaf: Leaf, path: str, line: int | None, not_applicable: Treatment | None) -> Possible:
        """The points for every value that the measure can have."""
        rule = leaf.rule
        try:
            applies = self._applies(leaf, line)
            if applies is False:
                return _treated(leaf, not_applicable)
            term = formula_of(leaf, self.standing, line)
            paths = figures_in(term)
            if rule is None or applies is None or self.known.lacking(paths):
                return self._unsaid(leaf, _FIGURES)
            if rule.compared_with:
                return self._unsaid(leaf, _COMPARED)
            box = self.known.box(paths, printed=False)
            values = self.known.range(Formula(term), printed=False)
        except _UNKNOWN as error:
            return self._unsaid(leaf, _why(error))
        judgement = self.data.judgement.get(path)
        of_line = () if line is None else self._names_of_line(leaf, line)
        beside = {name: judgement is not None and judgement.says(name, *of_line) for name in rule.asks}
        span = Span(exact(values.low), exact(values.high))
        edges: set[Quantity] = set()
        try:
            edges.update(map(exact, rule.edges(leaf.points)))
            straight = _straight(stations(leaf, rule, span, beside), edges)
        except Exception:  # noqa: BLE001 - a plugin's rule may raise anything; it must not stop the others
            straight = []
        if not straight:
            return self._unsaid(leaf, _FAILED)
        # nothing is known between the stations of a rule without edges, nor between the values of what jumps
        tight = values.low == values.high or (values.tight and bool(edges) and not jumps(term))
        ends = [(_rounded(self.scheme, min(piece)), _rounded(self.scheme, max(piece))) for piece in straight]
        pieces = _joined(Range(low, high, tight) for low, high in ends)
        wide = (origin for path, (low, high) in box.items() if low < high for origin in self.known.origins(path))
        return Possible(pieces, rests_on=frozenset(wide if _is_open(pieces) else ()))

    def _names_of_line(self, leaf: Leaf, line: int) -> tuple[str, str]:
        """The names by which a judgement may speak of a line item."""
        number = line + 1
        return line_name(self.data.records[leaf.for_each].records[line], number), str(number)

    def capped(self, found: Possible) -> Possible:
        """The scores of the whole after the vetoes that cap them."""
        for veto in self.scheme.vetoes:
            if veto.points is None or not found.pieces:
                continue
            applies, unknown = self._vetoed(veto)
            cap = veto.points.fraction
            if applies is not False:
                unknown = unknown or (_RULES if veto.assumption else Text())
                guessed = found.guessed or bool(veto.assumption)
                pieces = [Range(min(one.low, cap), min(one.high, cap), one.tight) for one in found.pieces]
                if not applies:  # that its figures may be those of a leaf is not looked at
                    pieces = [attrs.evolve(one, tight=False) for one in (*pieces, *found.pieces)]
                found = attrs.evolve(found, pieces=pieces, unknown=found.unknown or unknown, guessed=guessed)
        return found

    def _vetoed(self, veto: Veto) -> tuple[bool | None, Text]:
        """Whether a veto applies; None where that is open, with what is not known, if it is not the rounding."""
        if veto.path in self.data.not_applicable:
            return False, Text()
        if veto.indicator is not None and veto.when is not None:
            try:
                return self._measured(
                    veto, Leaf(id=veto.id, indicator=veto.indicator, points=0, bindings=veto.bindings)
                )
            except _UNKNOWN as error:
                return None, _why(error)
        judgement = self.data.judgement.get(veto.path)
        if judgement is not None and judgement.assumed:
            return None, _JUDGED
        return judgement is not None and judgement.says("applies"), Text()

    def _measured(self, veto: Veto, leaf: Leaf) -> tuple[bool | None, Text]:
        applies = self._applies(leaf, None)
        if applies is False or veto.when is None:
            return False, Text()
        term = formula_of(leaf, self.standing)
        paths = figures_in(term)
        if applies is None or self.known.lacking(paths):
            return None, _FIGURES
        values = self.known.range(Formula(term), printed=False)
        low, high = exact(values.low), exact(values.high)
        if not Span(low, high).meets(veto.when):
            return False, Text()
        return (True if veto.when.holds(low) is True and veto.when.holds(high) is True else None), Text()


_UNKNOWN = (LookupError, TypeError, NoRangeError, ZeroDivisionError, IndicatreeError)
"""What is raised where a value cannot be said."""


def _why(error: Exception) -> Text:
    if isinstance(error, NoRangeError | ZeroDivisionError):
        return DIVIDES
    return _ROWWISE if isinstance(error, TypeError) and not isinstance(error, TermError) else _FIGURES


def _first(words: Iterable[Text]) -> Text:
    """The first thing that is assumed; one is enough to say."""
    return next((one for one in words if one), Text())


def _treated(leaf: Leaf, treatment: Treatment | None) -> Possible:
    if treatment is Treatment.ERROR:
        return Possible(_one(leaf.lowest.fraction, leaf.most.fraction), _NO_SCORE, guessed=True)
    if treatment is Treatment.FULL_POINTS:
        return Possible(_one(leaf.points.fraction))
    return Possible(_one(Fraction(0)) if treatment is Treatment.NO_POINTS else ())


def _rounded(scheme: Scheme, value: Fraction) -> Fraction:
    return Fraction(exact(value).scaled(scheme.precision, scheme.rounding), 10**scheme.precision)


@attrs.frozen
class _Counted:
    """A child, or a line item, with what it counts for."""

    possible: Possible
    points: Quantity
    weight: Quantity

    def part(self, score: Fraction, *, counts: bool) -> Part:
        return Part(exact(score), self.points, counts and bool(self.possible.pieces), self.weight)


def _combined(scheme: Scheme, node: Any, children: list[Possible]) -> Possible:
    """What the ends of the children give."""
    given = node.aggregation.weights
    parts = [
        _Counted(one, scheme.points_of(child), given[child.id] if given else scheme.points_of(child))
        for child, one in zip(node.children, children, strict=True)
    ]
    return _over(parts, lambda found: node.aggregation.score(found, scheme.points_of(node)), scheme)


def _over(parts: list[_Counted], combine: Callable[[list[Part]], Any], scheme: Scheme) -> Possible:
    """What the pieces of all parts give, with and without those that may be left out: every way grows with each."""
    open_ones = [index for index, one in enumerate(parts) if one.possible.may_lack]
    all_or_none = [(kept,) * len(open_ones) for kept in (True, False)]
    tried = all_or_none if len(open_ones) > _MOST_OPEN else list(product((True, False), repeat=len(open_ones)))
    several = [index for index, one in enumerate(parts) if _is_open(one.possible.pieces)]
    limit = _MOST_COMBINED // (max(len(parts), 1) * len(tried))
    chosen_pieces = _combinations([one.possible.pieces or _one(Fraction(0)) for one in parts], limit)
    tight = _share_nothing([one.possible.rests_on for one in parts])
    found: set[Range] = set()
    may_lack = False
    for chosen in tried:
        counts = dict(zip(open_ones, chosen, strict=True))
        for pieces in chosen_pieces:
            least, most = (
                combine(
                    [
                        one.part(getattr(piece, end), counts=counts.get(index, True))
                        for index, (one, piece) in enumerate(zip(parts, pieces, strict=True))
                    ]
                )
                for end in ("low", "high")
            )
            if least.state:
                may_lack = True
            else:
                proven = tight and all(pieces[index].tight for index in several)
                found.add(Range(_rounded(scheme, least.fraction), _rounded(scheme, most.fraction), proven))
    if not found:
        return Possible()
    counted = [one.possible for one in parts if one.possible.pieces]
    return Possible(
        found,
        _first(one.unknown for one in counted),
        may_lack,
        frozenset().union(*(one.possible.rests_on for one in parts)),
        any(one.guessed for one in counted) or len(open_ones) > _MOST_OPEN,
    )


def _is_open(pieces: Sequence[Range]) -> bool:
    """Whether there is more than one score."""
    return len(pieces) > 1 or any(one.low < one.high for one in pieces)


def _share_nothing(rests: Sequence[frozenset[str]]) -> bool:
    """Whether no figure leaves the scores of two parts open: else not all of them go together."""
    return sum(map(len, rests)) == len(frozenset().union(*rests))


def _combinations(pieces: Sequence[tuple[Range, ...]], limit: int) -> list[tuple[Range, ...]]:
    """One piece of each, in every way; where those are too many, the ones with most pieces are taken whole."""
    held = list(pieces)
    while math.prod(map(len, held)) > max(limit, 1):
        most = max(range(len(held)), key=lambda index: len(held[index]))
        held[most] = (attrs.evolve(_hull(held[most]), tight=False),)
    return list(product(*held))


def _straight(found: Sequence[Station], edges: Container[Quantity]) -> list[list[Fraction]]:
    """The points at each edge, and those between two edges, where they run straight."""
    pieces: list[list[Fraction]] = [[]]
    for station in found:
        points = station.points.fraction
        if station.side == 0 and station.value in edges:
            pieces += [[points], []]
        else:
            pieces[-1].append(points)
    return [piece for piece in pieces if piece]
