"""Points by how a value compares with other figures of the same unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from indicatree.arithmetic import Quantity, exact, piecewise
from indicatree.indicators import Indicator, Measured
from indicatree.problems import ExactnessError, Problem, did_you_mean, expected, quoted
from indicatree.scheme.rules.base import (
    AND,
    EDGES,
    Limits,
    Marks,
    Rule,
    award_words,
    awards_beyond,
    edge_words,
    points_words,
    refuse,
    too_many_edges,
    within,
)
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Case", "Comparison"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")


# The edges are typed Any: each is given as a number or as a name, and a number is taken exactly.
@attrs.frozen(kw_only=True)
class Case:
    """A case of a comparison: edges, each a number or the name of a measure, and the points.

    Attributes:
        at_least: The value is this or more.
        above: The value is more than this.
        at_most: The value is this or less.
        below: The value is less than this.
        exactly: The value is this.
        points: What such a value gets.
    """

    at_least: Any = None
    above: Any = None
    at_most: Any = None
    below: Any = None
    exactly: Any = None
    points: Quantity = attrs.field(converter=exact)

    def __attrs_post_init__(self) -> None:
        """Take the numbers exactly; what reads as a name stays one."""
        problems = []
        for name, edge in self.given():
            if isinstance(edge, str) and _NAME.fullmatch(edge):
                continue
            try:
                object.__setattr__(self, name, exact(edge))
            except ExactnessError as error:
                message = expected("数，或 against 中的名称", "a number, or a name in against", quoted(edge))
                problems.append(Problem("bad-edge", name, message, error.problems[0].fix))
        refuse(problems)

    def given(self) -> Iterator[tuple[str, Quantity | str]]:
        """The edges that there are, by kind."""
        for name in EDGES:
            edge = getattr(self, name)
            if edge is not None:
                yield name, edge

    def holds(self, value: Any, beside: Mapping[str, Any]) -> Any:
        """The condition that the value is such a one."""
        edges = [
            beside[edge] if isinstance(edge, str) else edge
            for edge in (self.at_least, self.above, self.at_most, self.below, self.exactly)
        ]
        return within(value, *edges)


def _as_cases(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple(cases)


@attrs.frozen(kw_only=True)
class Comparison(Rule):
    """Points by comparison with other measures of the same unit; the first case that holds decides.

    Attributes:
        against: The measures that the value is compared with, by the names that the cases use.
        cases: The cases, in order.
        otherwise: The points where no case holds.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.carry", title=it.Text(zh="结转", en="Carry-over"))
        ... class Carry:
        ...     now: fields.Money = fields.money("本年结转", "carried over")
        ...     before: fields.Money = fields.money("上年结转", "carried over last year")
        >>> @it.indicator("demo.before", tier=it.Tier.PROCESS, title=it.Text(zh="上年结转", en="Last year's"))
        ... def before(carry: Carry):
        ...     return carry.before
        >>> rule = Comparison(against={"last_year": before}, otherwise=0,
        ...                   cases=[Case(at_most=0, points=3), Case(at_most="last_year", points=2)])
        >>> rule.points(exact(80), exact(3), last_year=exact(80)), rule.points(exact(81), exact(3), last_year=exact(80))
        (Quantity(2), Quantity(0))
    """

    kind: ClassVar[str] = "comparison"

    against: Mapping[str, Indicator] = attrs.field(factory=dict)
    cases: tuple[Case, ...] = attrs.field(converter=_as_cases)
    otherwise: Quantity = attrs.field(converter=exact)

    def __attrs_post_init__(self) -> None:
        """Check the names that the cases use."""
        problems = [] if self.cases else [Problem("no-cases", "cases", expected("至少一种情形", "at least one case"))]
        problems += [
            Problem("not-an-indicator", f"against.{name}", expected("指标", "an indicator", type(other).__name__))
            for name, other in self.against.items()
            if not isinstance(other, Indicator)
        ]
        used = set()
        for index, case in enumerate(self.cases):
            edges = dict(case.given())
            where = f"cases[{index}]"
            if not edges:
                fix = Text(zh="例如 at_most = 0", en="for example at_most = 0")
                problems.append(Problem("no-limit", where, expected("边界", "an edge"), fix))
            numbers = {kind: edge for kind, edge in edges.items() if not isinstance(edge, str)}
            found = too_many_edges(set(edges)) or Limits(**numbers).edge_problems()
            problems += [problem.under(where) for problem in found]
            for kind, edge in edges.items():
                if isinstance(edge, str):
                    used.add(edge)
                    if edge not in self.against:
                        hint = did_you_mean(edge, self.against)
                        message = Text(
                            zh=f'against 中没有名为 "{edge}" 的指标', en=f'nothing named "{edge}" to compare with'
                        )
                        problems.append(Problem("unknown-name", f"{where}.{kind}", message, hint))
        idle = Text(zh="没有情形与其比较", en="no case compares with it")
        remedy = Text(zh="删去，或在某种情形中使用", en="remove it, or use it in a case")
        problems += [
            Problem("unused-name", f"against.{name}", idle, remedy) for name in self.against if name not in used
        ]
        refuse(problems)

    @property
    def compared_with(self) -> Mapping[str, Indicator]:
        """The measures that the value is compared with, by name."""
        return self.against

    def points(self, value: Any, full: Quantity, **beside: Any) -> Any:
        """The points of the first case that holds."""
        del full
        return piecewise(((case.holds(value, beside), case.points) for case in self.cases), self.otherwise)

    def edges(self, full: Quantity, **beside: Any) -> Iterable[Quantity]:
        """The edges of the cases."""
        del full
        return [beside[edge] if isinstance(edge, str) else edge for case in self.cases for _, edge in case.given()]

    def problems(self, indicator: Indicator, marks: Marks) -> list[Problem]:
        """Points that the leaf does not have, and names that stand for no measure."""
        found = [
            Problem(
                "not-measured",
                f"against.{name}",
                Text(zh=f"{other.id} 由评定得出，不由数据计算", en=f"{other.id} is judged, not measured"),
                Text(zh="写由数据计算的指标", en="name a measured indicator"),
            )
            for name, other in self.against.items()
            if not isinstance(other, Measured)
        ]
        found += [
            Problem(
                "other-unit",
                f"against.{name}",
                Text(
                    zh=f"{other.id} 与 {indicator.id} 的计量单位不同",
                    en=f"{other.id} is in another unit than {indicator.id}",
                ),
            )
            for name, other in self.against.items()
            if isinstance(other, Measured) and other.unit != indicator.unit
        ]
        awards = [(f"cases[{index}].points", case.points) for index, case in enumerate(self.cases)]
        return found + awards_beyond([*awards, ("otherwise", self.otherwise)], marks)

    def _zone(
        self,
        case: Case,
        indicator: Indicator,
        language: str,
        beside: Mapping[str, Any],
        apart: tuple[Quantity, ...] = (),
    ) -> str:
        """A case in words; beside a name its value, where there is one, told apart from these."""
        parts = []
        for kind, edge in case.given():
            if not isinstance(edge, str):
                shown = indicator.unit.show_exact(edge, language)
            else:
                other = self.against[edge]
                shown = other.title[language]
                if edge in beside and beside[edge].is_defined:
                    value = other.unit.show_apart(beside[edge], [one for one in apart if one != beside[edge]], language)
                    shown += Text(zh=f"（{value}）", en=f" ({value})")[language]
            parts.append(edge_words(kind, shown, language))
        return AND[language].join(parts)

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """Each case with its points, in order."""
        del full
        parts = [award_words(self._zone(case, indicator, language, {}), case.points, language) for case in self.cases]
        parts.append(award_words(Text(zh="其他", en="otherwise")[language], self.otherwise, language))
        return Text(zh="；", en="; ")[language].join(parts)

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str, **beside: Any) -> str:
        """The case that holds, and the best that was missed."""
        unit = indicator.unit
        others = [edge for edge in self.edges(full, **beside) if edge.is_defined]
        limits = [edge for edge in others if edge != value or not any(edge is one for one in beside.values())]
        rounded = unit.rounded_apart(value, limits)
        apart = (value, *(() if rounded is None else (exact(rounded) / unit.scale,)))
        shown = unit.show_apart(value, limits, language)
        case = next((case for case in self.cases if case.holds(value, beside)), None)
        best = max(self.cases, key=lambda case: case.points.fraction)
        missed = self._zone(best, indicator, language, beside, apart)
        if case is None:
            points = points_words(self.otherwise, language)
            words = Text(zh=f"{shown} 不符合任何一档，得 {points}", en=f"{shown} is in no case: {points}")
        else:
            zone, points = self._zone(case, indicator, language, beside, apart), points_words(case.points, language)
            words = Text(zh=f"{shown} 属于“{zone}”，得 {points}", en=f"{shown} is {zone}: {points}")
        return words[language] + Text(zh=f"（最高档要求 {missed}）", en=f" (the best needs {missed})")[language]
