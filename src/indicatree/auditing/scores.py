"""Which scores are possible, when each printed figure stands for all values that round to it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, Term, Text, exact
from indicatree.auditing.figures import Stand
from indicatree.auditing.ranges import NoRangeError, Range, decided, figures_in, range_of
from indicatree.data import Items
from indicatree.indicators import Measured
from indicatree.linter.spans import Span
from indicatree.linter.stations import stations
from indicatree.problems import IndicatreeError
from indicatree.scheme import DEFAULT_POLICIES, Leaf, Part, Treatment
from indicatree.scoring.leaves import plan_leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indicatree.auditing.checks import Known
    from indicatree.data import UnitData
    from indicatree.problems import Problem
    from indicatree.scheme import Scheme

__all__ = ["Possible", "formula_of", "possible_scores"]

_RULES = Text(zh="评分规则为假设", en="its rules are assumed")
_FIGURES = Text(zh="部分数据未公布或为假设", en="it rests on figures that are not printed, or assumed")


@attrs.frozen
class Possible:
    """The scores that a node can have.

    Attributes:
        range: From the least to the largest; None where the node is left out.
        unknown: What is assumed, if anything is: then the range says little of the report.
    """

    range: Range | None
    unknown: Text = Text()


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
    names = leaf.record_names()
    records = []
    for parameter in indicator.parameters:
        name = leaf.for_each if parameter == leaf.item_parameter else names[parameter]
        stand = standing[name]
        records.append(_of_line(stand, line) if parameter == leaf.item_parameter and line is not None else stand)
    term = indicator.function(*records)
    if not isinstance(term, Term):
        term = Term("constant", (exact(term),))
    return term


def _of_line(stand: Stand, line: int) -> Stand:
    figures = {field: many.values[line] for field, many in stand._figures.items()}  # noqa: SLF001 - the same kind of thing
    return Stand(f"{stand._name}[{line}]", figures)  # noqa: SLF001 - likewise


def possible_scores(scheme: Scheme, data: UnitData, known: Known, standing: Mapping[str, Stand]) -> dict[str, Possible]:
    """The possible scores of every node, by path; of the whole under ``total``."""
    scores = _Scores(scheme, data, known, standing)
    scores.below(scheme, "")
    return scores.found


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
        policies = leaf.policies.over(self.scheme.policies).over(DEFAULT_POLICIES)
        applies = self._applies(leaf, path)
        if applies is False:
            return _treated(leaf, policies.not_applicable)
        found = Possible(_whole(leaf), _FIGURES)
        if leaf.rule is None:
            found = Possible(Range(Fraction(0), Fraction(0)))
        elif not isinstance(leaf.indicator, Measured):
            found = self._judged(leaf, path)
        elif applies and not leaf.rule.compared_with:
            found = self._lines(leaf, path) if leaf.for_each else self._value(leaf, path, None)
        if leaf.assumption and leaf.points > 0 and not found.unknown:
            found = attrs.evolve(found, unknown=_RULES)
        return found

    def _applies(self, leaf: Leaf, path: str) -> bool | None:
        """Whether a leaf applies; None where the rounding of the figures leaves that open."""
        if path in self.data.not_applicable:
            return False
        indicator = leaf.indicator
        if not isinstance(indicator, Measured) or indicator.applies is None:
            return True
        names = leaf.record_names()
        try:
            condition = indicator.applies(*[self.standing[names[name]] for name in indicator.applies_to])
            paths = figures_in(condition)
            return None if self.known.lacking(paths) else decided(condition, self.known.box(paths, printed=False))
        except _UNKNOWN:
            return None

    def _judged(self, leaf: Leaf, path: str) -> Possible:
        """What an assessor decided: as it is scored, unless that is only assumed."""
        judgement = self.data.judgement.get(path)
        problems: list[Problem] = []
        score = (
            None
            if judgement is None or judgement.assumed
            else plan_leaf(self.scheme, leaf, path).score(self.data, problems)
        )
        if score is None or score.units is None or problems:
            return Possible(_whole(leaf), _FIGURES)
        value = Fraction(score.units, 10**self.scheme.precision)
        return Possible(Range(value, value))

    def _lines(self, leaf: Leaf, path: str) -> Possible:
        items = self.data.records.get(leaf.for_each)
        if not isinstance(items, Items) or not len(items):
            return Possible(_whole(leaf), _FIGURES)
        lines = [self._value(leaf, path, line) for line in range(len(items))]
        ranges = [one.range or _whole(leaf) for one in lines]
        low, high = (_over_lines(leaf, [getattr(one, end) for one in ranges]) for end in ("low", "high"))
        return Possible(
            Range(_rounded(self.scheme, low), _rounded(self.scheme, high)), _first(one.unknown for one in lines)
        )

    def _value(self, leaf: Leaf, path: str, line: int | None) -> Possible:
        """The points for every value that the measure can have."""
        rule = leaf.rule
        try:
            term = formula_of(leaf, self.standing, line)
            paths = figures_in(term)
            if rule is None or self.known.lacking(paths):
                return Possible(_whole(leaf), _FIGURES)
            values = range_of(term, self.known.box(paths, printed=False))
        except _UNKNOWN:
            return Possible(_whole(leaf), _FIGURES)
        judgement = self.data.judgement.get(path)
        said = (judgement.items if judgement is not None else None) or {}
        beside = {name: said.get(name, False) for name in rule.asks}
        span = Span(_quantity(values.low), _quantity(values.high))
        points = [station.points.fraction for station in stations(leaf, rule, span, beside)]
        return Possible(Range(_rounded(self.scheme, min(points)), _rounded(self.scheme, max(points))))


_UNKNOWN = (LookupError, TypeError, NoRangeError, ZeroDivisionError, IndicatreeError)
"""What is raised where a value cannot be said."""


def _whole(leaf: Leaf) -> Range:
    return Range(leaf.lowest.fraction, leaf.most.fraction)


def _first(words: Iterable[Text]) -> Text:
    """The first thing that is assumed; one is enough to say."""
    return next((one for one in words if one), Text())


def _treated(leaf: Leaf, treatment: Treatment | None) -> Possible:
    if treatment is Treatment.FULL_POINTS:
        return Possible(Range(leaf.points.fraction, leaf.points.fraction))
    return Possible(Range(Fraction(0), Fraction(0)) if treatment is Treatment.NO_POINTS else None)


def _quantity(value: Fraction) -> Quantity:
    return Quantity(value.numerator, value.denominator)


def _rounded(scheme: Scheme, value: Fraction) -> Fraction:
    return Fraction(_quantity(value).scaled(scheme.precision, scheme.rounding), 10**scheme.precision)


def _over_lines(leaf: Leaf, scores: list[Fraction]) -> Fraction:
    parts = [Part(_quantity(score), leaf.points) for score in scores]
    result: Quantity = leaf.combine.score(parts, leaf.points)
    return result.fraction


def _combined(scheme: Scheme, node: Any, children: list[Possible]) -> Possible:
    """What the ends of the children give; every way to combine grows with each child."""
    given = node.aggregation.weights
    ends = []
    for end in ("low", "high"):
        parts = []
        for child, one in zip(node.children, children, strict=True):
            points = scheme.points_of(child)
            weight = given[child.id] if given else points
            score = Quantity(0) if one.range is None else _quantity(getattr(one.range, end))
            parts.append(Part(score, points, one.range is not None, weight))
        result = node.aggregation.score(parts, scheme.points_of(node))
        if result.state:
            return Possible(None)
        ends.append(_rounded(scheme, result.fraction))
    counting = [one.unknown for one in children if one.range is not None]
    return Possible(Range(ends[0], ends[1]), _first(counting))
