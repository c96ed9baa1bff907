"""Points by how far a value is from a target: deduction for each step, for each incident, and proportion."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from indicatree.arithmetic import Quantity, ceil, exact, floor, maximum, minimum, where
from indicatree.problems import Problem, expected
from indicatree.scheme.rules.base import (
    Marks,
    Rule,
    full_words,
    not_above_zero,
    optional_exact,
    points_words,
    refuse,
    spaced,
    stopped_words,
    stops_beyond,
    until_words,
)
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indicatree.indicators import Indicator

__all__ = ["DeductPerStep", "Incidents", "OverFulfilment", "Proportional", "Side", "Steps"]


_ZERO, _ONE = Quantity(0), Quantity(1)

_MOST_EDGES = 400
"""How many steps are looked at one by one; the others are like them."""


class Side(Enum):
    """On which side of the target a deviation costs points."""

    ABOVE = "above"
    BELOW = "below"
    EITHER = "either"


class Steps(Enum):
    """What of a deviation counts.

    Attributes:
        STARTED: A started step counts as a whole one.
        FULL: Only whole steps count.
        CONTINUOUS: Parts of a step cost their part of the points.
    """

    STARTED = "started"
    FULL = "full"
    CONTINUOUS = "continuous"


_FULL_WORDS = {
    Side.ABOVE: Text(zh="不超过", en="at most"),
    Side.BELOW: Text(zh="达到", en="at least"),
    Side.EITHER: Text(zh="等于", en="exactly"),
}
_SIDE_WORDS = {
    Side.ABOVE: Text(zh="超过", en="above"),
    Side.BELOW: Text(zh="低于", en="below"),
    Side.EITHER: Text(zh="偏离", en="to either side"),
}


# Looking a member up on its Enum would cost more than the comparison that it is for.
_BELOW, _EITHER = Side.BELOW, Side.EITHER
_STARTED, _CONTINUOUS = Steps.STARTED, Steps.CONTINUOUS


@attrs.frozen(kw_only=True)
class DeductPerStep(Rule):
    """Full marks at the target; each step beyond it costs points, until none are left or as many as are said.

    Attributes:
        target: The value up to which (or at which) nothing is deducted.
        step: The size of a step, in the unit of the value; above zero.
        points_per_step: What a step costs.
        side: The side of the target on which a deviation costs points.
        steps: What of a deviation counts.
        until: The points at which the deduction stops; below 0 as far as the lowest score of the leaf.

    Example:
        >>> rule = DeductPerStep(target="100%", step="1%", points_per_step="0.5", side="above", steps="full")
        >>> rule.points(exact("103.99%"), exact(5))
        Quantity(3.5)
    """

    kind: ClassVar[str] = "deduct_per_step"

    target: Quantity = attrs.field(converter=exact)
    step: Quantity = attrs.field(converter=exact)
    points_per_step: Quantity = attrs.field(converter=exact)
    side: Side = attrs.field(converter=Side)
    steps: Steps = attrs.field(converter=Steps)
    until: Quantity = attrs.field(default=_ZERO, converter=exact)

    def __attrs_post_init__(self) -> None:
        """Check the sizes."""
        refuse(not_above_zero(step=self.step, points_per_step=self.points_per_step))

    def count(self, value: Any) -> Any:
        """How many steps the value is beyond the target."""
        deviation = value - self.target
        if self.side is _BELOW:
            deviation = -deviation
        deviation = abs(deviation) if self.side is _EITHER else maximum(deviation, _ZERO)
        steps = deviation / self.step
        if self.steps is _CONTINUOUS:
            return steps
        return ceil(steps) if self.steps is _STARTED else floor(steps)

    def points(self, value: Any, full: Quantity) -> Any:
        """The points left after the deduction."""
        return maximum(full - self.count(value) * self.points_per_step, self.until)

    def problems(self, indicator: Indicator, marks: Marks) -> list[Problem]:
        """A deduction that stops where the leaf cannot."""
        del indicator
        return stops_beyond(self.until, marks)

    def edges(self, full: Quantity, **beside: Any) -> Iterable[Quantity]:
        """The target, and the end of each step (or of the last one that costs) on the sides that cost.

        Of more than 400 steps only the first 400 are named.
        """
        del beside
        most = (full - self.until) / self.points_per_step
        last = most.ceiled().numerator + 1
        counts = (
            [most] if self.steps is _CONTINUOUS else [exact(count) for count in range(1, min(last, _MOST_EDGES) + 1)]
        )
        signs = {Side.ABOVE: (1,), Side.BELOW: (-1,), Side.EITHER: (1, -1)}[self.side]
        return [self.target, *(self.target + count * self.step * sign for sign in signs for count in counts)]

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """The target, the step and its cost."""
        target = indicator.unit.show_exact(self.target, language)
        step = spaced(indicator.unit.show_difference(self.step, language))
        kept, side = _FULL_WORDS[self.side][language], _SIDE_WORDS[self.side][language]
        steps = {
            Steps.STARTED: Text(zh=f"不足 {step}的按 {step}计", en="a started step counts whole"),
            Steps.FULL: Text(zh=f"不足 {step}的不扣分", en="only full steps count"),
            Steps.CONTINUOUS: Text(zh=f"不足 {step}的按比例扣分", en="in proportion within a step"),
        }[self.steps][language]
        cost, most = points_words(self.points_per_step, language), full_words(full, language)
        until = until_words(self.until, full, language)
        return Text(
            zh=f"{kept} {spaced(target)}{most}；每{side} {step}扣 {cost}，{until}（{steps}）",
            en=f"{kept} {target}: {most}; each {step}{side}: -{self.points_per_step.text}, {until} ({steps})",
        )[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """How far beyond the target the value is, and what of it counts."""
        unit, count, limits = indicator.unit, self.count(value), self.edges(full)
        if self.steps is not _CONTINUOUS:
            # the ends of the step that the value lies in, also where more steps are left than edges are named
            first, sign = (abs(value - self.target) / self.step).floored(), 1 if value > self.target else -1
            limits = [self.target, *(self.target + (first + more) * self.step * sign for more in (0, 1))]
        shown, target = unit.show_apart(value, limits, language), unit.show_exact(self.target, language)
        step, cost = unit.show_difference(self.step, language), points_words(self.points_per_step, language)
        counted = count * self.step
        if self.steps is _CONTINUOUS:
            counted = exact((counted * unit.scale).decimal(unit.places)) / unit.scale
            count = exact(count.decimal(2))
        counts = spaced(unit.show_difference(counted, language))
        number = count.text
        plural = "" if number == "1" else "s"
        words = Text(
            zh=f"{shown}，{_SIDE_WORDS[self.side]['zh']} {target}，按 {counts}计，每 {spaced(step)}扣 {cost}",
            en=f"{shown} against the target {target}: {number} step{plural} of {step} at {cost} each",
        )[language]
        return words + stopped_words(self.points(value, full), self.until, full, language)


@attrs.frozen(kw_only=True)
class Proportional(Rule):
    """Points in proportion to the target, up to full marks; a negative value gets none.

    Attributes:
        target: The value that gets full marks; above zero.
        none_below: A smaller value than this gets none, though this one gets its part; at most the target.

    Example:
        >>> Proportional(target="100%").points(exact("75%"), exact(8))
        Quantity(6)
        >>> rule = Proportional(none_below="60%")
        >>> rule.points(exact("60%"), exact(10)), rule.points(exact("59.99%"), exact(10))
        (Quantity(6), Quantity(0))
    """

    kind: ClassVar[str] = "proportional"

    target: Quantity = attrs.field(default=Quantity(1), converter=exact)
    none_below: Quantity | None = attrs.field(default=None, converter=optional_exact)

    def __attrs_post_init__(self) -> None:
        """Check the target, and below what there are none."""
        sizes = {"target": self.target, "none_below": self.none_below}
        problems = list(not_above_zero(**{name: size for name, size in sizes.items() if size is not None}))
        if self.none_below is not None and self.none_below > self.target > 0:
            message = expected("不超过目标值", "the target or less", self.none_below.text)
            problems.append(Problem("above-target", "none_below", message))
        refuse(problems)

    def points(self, value: Any, full: Quantity) -> Any:
        """The proportion of the points."""
        if self.none_below is None:
            return maximum(minimum(value / self.target, _ONE), _ZERO) * full
        return where(value < self.none_below, _ZERO, minimum(value / self.target, _ONE) * full)

    def edges(self, full: Quantity, **beside: Any) -> Iterable[Quantity]:
        """Where the proportion begins and ends."""
        del full, beside
        return [_ZERO if self.none_below is None else self.none_below, self.target]

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """The target and the proportion."""
        target, most = indicator.unit.show_exact(self.target, language), points_words(full, language)
        zh, en = f"达到 {spaced(target)}得满分 {most}", f"{target} or more: full {most}; below it in proportion"
        if self.none_below is None:
            return Text(zh=f"{zh}，否则按比例得分", en=en)[language]
        none = indicator.unit.show_exact(self.none_below, language)
        return Text(zh=f"{zh}，低于 {spaced(none)}不得分，其余按比例得分", en=f"{en}, below {none} none")[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """The proportion that is reached."""
        shown = indicator.unit.show_apart(value, self.edges(full), language)
        if self.none_below is not None and value < self.none_below:
            none = indicator.unit.show_exact(self.none_below, language)
            return Text(zh=f"{shown}，低于 {none}，不得分", en=f"{shown} is below {none}: no points")[language]
        return _in_proportion(shown, self.target, indicator, language)


@attrs.frozen(kw_only=True)
class Incidents(Rule):
    """Full marks without an incident; each one costs points, until none are left or as many as are said.

    Attributes:
        points_per_incident: What one incident costs.
        allowed: How many cost nothing; none by default.
        until: The points at which the deduction stops; below 0 as far as the lowest score of the leaf.

    Example:
        >>> Incidents(points_per_incident="0.5").points(exact(3), exact(5))
        Quantity(3.5)
    """

    kind: ClassVar[str] = "incidents"

    points_per_incident: Quantity = attrs.field(converter=exact)
    allowed: Quantity = attrs.field(default=_ZERO, converter=exact)
    until: Quantity = attrs.field(default=_ZERO, converter=exact)

    def __attrs_post_init__(self) -> None:
        """Check the sizes."""
        problems = list(not_above_zero(points_per_incident=self.points_per_incident))
        if self.allowed < 0:
            problems.append(Problem("below-zero", "allowed", expected("不小于 0 的数", "0 or more", self.allowed.text)))
        refuse(problems)

    def points(self, value: Any, full: Quantity) -> Any:
        """The points left after the deduction."""
        return maximum(full - maximum(value - self.allowed, _ZERO) * self.points_per_incident, self.until)

    def problems(self, indicator: Indicator, marks: Marks) -> list[Problem]:
        """A deduction that stops where the leaf cannot."""
        del indicator
        return stops_beyond(self.until, marks)

    def edges(self, full: Quantity, **beside: Any) -> Iterable[Quantity]:
        """From where on incidents cost points, and where they no longer do."""
        del beside
        return [self.allowed, self.allowed + (full - self.until) / self.points_per_incident]

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """What an incident costs."""
        cost, until = self.points_per_incident.text, until_words(self.until, full, language)
        most = full_words(full, language)
        zh, en = f"未发生{most}；每发生一起", f"none: {most}; each one"
        if self.allowed > 0:
            allowed = _counted(indicator.unit.show_exact(self.allowed, language), indicator, language)
            zh = f"不超过 {spaced(allowed)}{most}；超过的每起"
            en = f"up to {allowed}: {most}; each one beyond"
        return Text(zh=f"{zh}扣 {cost} 分，{until}", en=f"{en}: -{cost}, {until}")[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """How many there were."""
        unit = indicator.unit
        # a number of things is whole: 2 of them, not 2.00
        whole = not unit.title and value.fraction.denominator == 1
        shown = unit.show_exact(value, language) if whole else unit.show_apart(value, self.edges(full), language)
        shown, cost = _counted(shown, indicator, language), points_words(self.points_per_incident, language)
        beyond = ""
        if self.allowed > 0:
            allowed = _counted(unit.show_exact(self.allowed, language), indicator, language)
            beyond = Text(zh=f"，允许 {allowed}", en=f", {allowed} allowed")[language]
        words = Text(zh=f"发生 {shown}{beyond}，每起扣 {cost}", en=f"{shown}{beyond}, at {cost} each")[language]
        return words + stopped_words(self.points(value, full), self.until, full, language)


def _counted(number: str, indicator: Indicator, language: str) -> str:
    """A number of incidents, which in Chinese needs a word behind it where the unit has none."""
    return number if indicator.unit.title or language != "zh" else f"{number} 起"


@attrs.frozen(kw_only=True)
class OverFulfilment(Rule):
    """Points in proportion, full marks at the target, and fewer again far above a target that was set too low.

    The reduction is made only where the assessor says so (``target_set_low``), with reason and evidence.

    Attributes:
        target: The value that gets full marks; above zero.
        threshold: How much of the target may be reached without a reduction: 150 % for half as much again.
        slope: The share of the points lost for each 100 % of the target beyond the threshold.

    Example:
        >>> rule = OverFulfilment(threshold="150%", slope="0.5")
        >>> rule.points(exact("200%"), exact(10)), rule.points(exact("200%"), exact(10), target_set_low=True)
        (Quantity(10), Quantity(7.5))
    """

    kind: ClassVar[str] = "over_fulfilment"

    target: Quantity = attrs.field(default=_ONE, converter=exact)
    threshold: Quantity = attrs.field(converter=exact)
    slope: Quantity = attrs.field(converter=exact)

    def __attrs_post_init__(self) -> None:
        """Check the sizes."""
        problems = list(not_above_zero(target=self.target, slope=self.slope))
        if self.threshold < 1:
            message = expected("不低于目标值的 100%", "100 % of the target or more", self.threshold.text)
            problems.append(Problem("below-target", "threshold", message))
        refuse(problems)

    @property
    def asks(self) -> Mapping[str, Text]:
        """Whether the target was set low."""
        return _SET_LOW

    def points(self, value: Any, full: Quantity, *, target_set_low: Any = False) -> Any:
        """The proportion of the points, less the reduction."""
        fulfilment = value / self.target
        share = maximum(minimum(fulfilment, _ONE), _ZERO)
        reduced = maximum(share - maximum(fulfilment - self.threshold, _ZERO) * self.slope, _ZERO)
        return where(target_set_low, reduced, share) * full

    def edges(self, full: Quantity, **beside: Any) -> Iterable[Quantity]:
        """Where the proportion begins and ends, and the reduction likewise."""
        del full, beside
        gone = self.threshold + _ONE / self.slope
        return [_ZERO, self.target, self.target * self.threshold, self.target * gone]

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """The target, the proportion and the reduction."""
        target = indicator.unit.show_exact(self.target, language)
        threshold = indicator.unit.show_exact(self.target * self.threshold, language)
        slope, most = f"{self.slope.text}%", points_words(full, language)
        return Text(
            zh=f"达到 {spaced(target)}得满分 {most}，否则按比例得分；因目标值设定偏低而超过 {threshold} 的，"
            f"每超出目标值的 1% 扣减分值的 {slope}，扣完为止",
            en=f"{target} or more: full {most}; below it in proportion; beyond {threshold} because the "
            f"target was set low: -{slope} of the points for each 1% of the target beyond, until none are left",
        )[language]

    def reason(
        self, value: Any, indicator: Indicator, full: Quantity, language: str, *, target_set_low: bool = False
    ) -> str:
        """The proportion that is reached, or the reduction."""
        shown = indicator.unit.show_apart(value, self.edges(full), language)
        if not (target_set_low and value / self.target > self.threshold):
            return _in_proportion(shown, self.target, indicator, language)
        target = indicator.unit.show_exact(self.target, language)
        threshold = indicator.unit.show_exact(self.target * self.threshold, language)
        return Text(
            zh=f"{shown}，超过 {threshold}，目标值 {target} 设定偏低，按偏离程度扣减",
            en=f"{shown} is beyond {threshold}, and the target {target} was set low: reduced by the excess",
        )[language]


def _in_proportion(shown: str, target: Quantity, indicator: Indicator, language: str) -> str:
    full = indicator.unit.show_exact(target, language)
    return Text(zh=f"{shown}，目标 {full}，按比例得分", en=f"{shown} of the target {full}, in proportion")[language]


_SET_LOW = {"target_set_low": Text(zh="目标值设定偏低", en="the target was set low")}
