"""Deduction for each step beyond a target, and points in proportion."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from indicatree.arithmetic import Quantity, Text, ceil, exact, floor, maximum, minimum
from indicatree.problems import Problem
from indicatree.scheme.rules.base import Rule, refuse

if TYPE_CHECKING:
    from indicatree.indicators import Indicator

__all__ = ["DeductPerStep", "Proportional", "Side", "Steps"]


_ZERO, _ONE = Quantity(0), Quantity(1)


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


_SIDE_WORDS = {
    Side.ABOVE: Text(zh="每超过", en="above"),
    Side.BELOW: Text(zh="每低于", en="below"),
    Side.EITHER: Text(zh="每偏离", en="away from"),
}
_STEPS_WORDS = {
    Steps.STARTED: Text(zh="不足一步按一步计", en="a started step counts whole"),
    Steps.FULL: Text(zh="不足一步不计", en="only full steps count"),
    Steps.CONTINUOUS: Text(zh="按比例连续计算", en="in proportion within a step"),
}


# Looking a member up on its Enum would cost more than the comparison that it is for.
_BELOW, _EITHER = Side.BELOW, Side.EITHER
_STARTED, _CONTINUOUS = Steps.STARTED, Steps.CONTINUOUS


@attrs.frozen(kw_only=True)
class DeductPerStep(Rule):
    """Full marks at the target; each step beyond it costs points, until none are left.

    Attributes:
        target: The value up to which (or at which) nothing is deducted.
        step: The size of a step, in the unit of the value; above zero.
        points_per_step: What a step costs.
        side: The side of the target on which a deviation costs points.
        steps: What of a deviation counts.

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

    def __attrs_post_init__(self) -> None:
        """Check the sizes."""
        refuse(
            Problem("not-above-zero", name, f"expected a number above zero, got {size.text}")
            for name, size in (("step", self.step), ("points_per_step", self.points_per_step))
            if not size > 0
        )

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
        return maximum(full - self.count(value) * self.points_per_step, _ZERO)

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """The target, the step and its cost."""
        target = indicator.unit.show_exact(self.target, language)
        step = indicator.unit.show_exact(self.step, language)
        side, steps = _SIDE_WORDS[self.side][language], _STEPS_WORDS[self.steps][language]
        cost = self.points_per_step.text
        return Text(
            zh=f"{target} 得满分 {full.text} 分；{side} {step} 扣 {cost} 分，扣完为止（{steps}）",
            en=f"{target}: full {full.text} points; each {step} {side} it: -{cost}, until none are left ({steps})",
        )[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """How many steps beyond the target the value is."""
        del full
        shown, target = indicator.unit.show(value, language), indicator.unit.show_exact(self.target, language)
        count, cost = self.count(value), self.points_per_step.text
        steps = count.decimal(2) if self.steps is Steps.CONTINUOUS else count.text
        return Text(
            zh=f"{shown} 对照目标 {target}，偏离 {steps} 步，每步扣 {cost} 分",
            en=f"{shown} against the target {target}: {steps} steps at {cost} points each",
        )[language]


@attrs.frozen(kw_only=True)
class Proportional(Rule):
    """Points in proportion to the target, up to full marks; a negative value gets none.

    Attributes:
        target: The value that gets full marks; above zero.

    Example:
        >>> Proportional(target="100%").points(exact("75%"), exact(8))
        Quantity(6)
    """

    kind: ClassVar[str] = "proportional"

    target: Quantity = attrs.field(default=Quantity(1), converter=exact)

    def __attrs_post_init__(self) -> None:
        """Check the target."""
        if not self.target > 0:
            refuse([Problem("not-above-zero", "target", f"expected a number above zero, got {self.target.text}")])

    def points(self, value: Any, full: Quantity) -> Any:
        """The proportion of the points."""
        return maximum(minimum(value / self.target, _ONE), _ZERO) * full

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """The target and the proportion."""
        target = indicator.unit.show_exact(self.target, language)
        return Text(
            zh=f"达到 {target} 得满分 {full.text} 分，否则按比例得分",
            en=f"{target} or more: full {full.text} points; below it in proportion",
        )[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """The proportion that is reached."""
        del full
        shown, target = indicator.unit.show(value, language), indicator.unit.show_exact(self.target, language)
        return Text(zh=f"{shown}，目标 {target}，按比例得分", en=f"{shown} of the target {target}, in proportion")[
            language
        ]
