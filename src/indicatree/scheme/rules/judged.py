"""Rules for what an assessor decides: checklists and graded judgements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from indicatree.arithmetic import Quantity, exact, maximum, minimum, where
from indicatree.indicators import Checklist
from indicatree.problems import Problem, did_you_mean, expected, quoted
from indicatree.scheme.aggregation import exact_values
from indicatree.scheme.rules.base import (
    Marks,
    Rule,
    Takes,
    full_words,
    not_above_zero,
    optional_exact,
    points_words,
    refuse,
    stopped_words,
    stops_beyond,
    until_words,
)
from indicatree.text import Text, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indicatree.indicators import Indicator

__all__ = ["DeductPerItem", "GradeStep", "GradedJudgement", "PerItem"]


@attrs.frozen(kw_only=True)
class _OfItems(Rule):
    """What the rules of checklists share: points for each item, the same or each its own.

    Attributes:
        each: The points of every item; or
        items: the points of each item, by name.
    """

    takes: ClassVar[Takes] = Takes.CHECKLIST

    each: Quantity | None = attrs.field(default=None, converter=optional_exact)
    items: Mapping[str, Quantity] = attrs.field(factory=dict, converter=exact_values)

    def __attrs_post_init__(self) -> None:
        """Check that the points are said once."""
        if (self.each is None) == (not self.items):
            message = expected(
                "每项相同的分值，或各项的分值表", "either the points of each item, or a table of points by item"
            )
            fix = Text(zh="each = 1，或 items = { name = 1 }", en="each = 1, or items = { name = 1 }")
            refuse([Problem("bad-checklist", "", message, fix)])

    def of_item(self, name: str) -> Quantity:
        """The points of one item."""
        return self.each if self.each is not None else self.items[name]

    def problems(self, indicator: Indicator, marks: Marks) -> list[Problem]:
        """Items that the checklist does not have, or that have no points."""
        del marks
        if not isinstance(indicator, Checklist):
            return []
        names = list(indicator.items)
        found = [
            Problem(
                "unknown-item",
                f"items.{name}",
                Text(zh=f'没有此要点 "{name}"', en=f'the checklist has no item "{name}"'),
                did_you_mean(name, names),
            )
            for name in self.items
            if name not in names
        ]
        if self.each is None:
            found += [
                Problem(
                    "no-points",
                    "items",
                    Text(zh=f'要点 "{name}" 没有分值', en=f'the item "{name}" has no points'),
                    Text(zh=f"写 {name} = ...", en=f"write {name} = ..."),
                )
                for name in names
                if name not in self.items
            ]
        return found

    def _listed(self, indicator: Checklist, language: str, verb: str, sign: str = "") -> str:
        """The items with their points; in Chinese behind a verb, else behind a sign."""
        parts = [
            Text(zh=f"{words['zh']}（{verb} {points}）", en=f"{words['en']}: {sign}{points}")[language]
            for name, words in indicator.items.items()
            for points in (points_words(self.of_item(name), language),)
        ]
        return Text(zh="；", en="; ")[language].join(parts)

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """The items that are not met."""
        del full
        if not isinstance(indicator, Checklist):
            return ""
        unmet = [
            indicator.items[name][language] + Text(zh=f"（-{cost}）", en=f" (-{cost})")[language]
            for name, met in value.items()
            if not met
            for cost in (self.of_item(name).text,)
        ]
        if not unmet:
            return Text(zh="各项均符合", en="every item is met")[language]
        listed = Text(zh="；", en="; ")[language].join(unmet)
        return Text(zh=f"不符合：{listed}", en=f"not met: {listed}")[language]


@attrs.frozen(kw_only=True)
class PerItem(_OfItems):
    """Each item of a checklist that is met gets its points.

    Attributes:
        each: The points of every item; or
        items: the points of each item, by name.
        capped: Whether the items may add up to more than the points of the leaf, which are the most that they give.

    Example:
        >>> rule = PerItem(items={"content": 3, "time": 2})
        >>> rule.points({"content": True, "time": False}, exact(5))
        Quantity(3)
    """

    kind: ClassVar[str] = "checklist"

    capped: bool = False

    def __attrs_post_init__(self) -> None:
        """Check that the points are said once, and whether they are capped."""
        super().__attrs_post_init__()
        if not isinstance(self.capped, bool):
            refuse([Problem("bad-value", "capped", expected("true 或 false", "true or false", quoted(self.capped)))])

    def points(self, value: Any, full: Quantity) -> Any:
        """The points of the items that are met."""
        result: Any = exact(0)
        for name, met in value.items():
            result = result + where(met, self.of_item(name), 0)
        return minimum(result, full) if self.capped else result

    def problems(self, indicator: Indicator, marks: Marks) -> list[Problem]:
        """Items that the checklist does not have, or points that do not add up."""
        found = super().problems(indicator, marks)
        if not found and isinstance(indicator, Checklist):
            total = sum((self.of_item(name).fraction for name in indicator.items), start=exact(0).fraction)
            if total < marks.full.fraction or (total > marks.full.fraction and not self.capped):
                message = Text(
                    zh=f"各项合计 {total} 分，该项分值为 {marks.full.text} 分",
                    en=f"the items add up to {total} points, the leaf has {marks.full.text}",
                )
                over = Text(
                    zh="最多得该项分值时写 capped = true", en="write capped = true if they give no more than that"
                )
                fix = over if total > marks.full.fraction else Text()
                found.append(Problem("points-do-not-add-up", "items", message, fix))
        return found

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """Each item with its points."""
        if not isinstance(indicator, Checklist):
            return ""
        listed, most = self._listed(indicator, language, "得"), points_words(full, language)
        if not self.capped:
            return listed
        if self.each is None:
            return Text(zh=f"{listed}；最多 {most}", en=f"{listed}; at most {most}")[language]
        each, names = points_words(self.each, language), [words[language] for words in indicator.items.values()]
        return Text(
            zh=f"每项 {each}，最多 {most}：{'；'.join(names)}",
            en=f"each item met: {each}, at most {most}: {'; '.join(names)}",
        )[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """The items that are not met, and the most that there is."""
        if not self.capped or all(value.values()) or not isinstance(indicator, Checklist):
            return super().reason(value, indicator, full, language)
        # what an item is worth, not what it costs: of items beyond the most, one more gives nothing
        unmet = [
            indicator.items[name][language] + Text(zh=f"（{worth}）", en=f" ({worth})")[language]
            for name, met in value.items()
            if not met
            for worth in (points_words(self.of_item(name), language),)
        ]
        listed, most = Text(zh="；", en="; ")[language].join(unmet), points_words(full, language)
        return Text(zh=f"不符合：{listed}；最多 {most}", en=f"not met: {listed}; at most {most}")[language]


@attrs.frozen(kw_only=True)
class DeductPerItem(_OfItems):
    """Each item of a checklist that is not met costs its points, until none are left or as many as are said.

    Attributes:
        each: What every item costs; or
        items: what each item costs, by name.
        until: The points at which the deduction stops; below 0 as far as the lowest score of the leaf.

    Example:
        >>> DeductPerItem(each=1).points({"content": True, "time": False}, exact(5))
        Quantity(4)
    """

    kind: ClassVar[str] = "deduct_per_item"

    until: Quantity = attrs.field(default=Quantity(0), converter=exact)

    def points(self, value: Any, full: Quantity) -> Any:
        """The points that are left."""
        result: Any = full
        for name, met in value.items():
            result = result - where(met, 0, self.of_item(name))
        return maximum(result, self.until)

    def problems(self, indicator: Indicator, marks: Marks) -> list[Problem]:
        """Items that the checklist does not have, or that cost nothing, and a deduction that stops too far."""
        costs = (
            {"each": self.each}
            if self.each is not None
            else {f"items.{name}": cost for name, cost in self.items.items()}
        )
        return [
            *super().problems(indicator, marks),
            *not_above_zero(**costs),
            *stops_beyond(self.until, marks),
        ]

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """What each item costs."""
        if not isinstance(indicator, Checklist):
            return ""
        most, until = full_words(full, language), until_words(self.until, full, language)
        if self.each is not None:
            cost = self.each.text
            return Text(
                zh=f"各项均符合{most}；每有一项不符合扣 {cost} 分，{until}",
                en=f"every item met: {most}; each item not met: -{cost}, {until}",
            )[language]
        listed = self._listed(indicator, language, "扣", "-")
        return Text(
            zh=f"各项均符合{most}；不符合的扣分，{until}：{listed}",
            en=f"every item met: {most}; deducted where not met, {until}: {listed}",
        )[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """The items that are not met, and where the deduction stopped."""
        words = super().reason(value, indicator, full, language)
        if all(value.values()):
            return words
        return words + stopped_words(self.points(value, full), self.until, full, language)


@attrs.frozen
class GradeStep:
    """A step of a graded judgement: from which share of the marks on it is reached."""

    at_least: Quantity = attrs.field(converter=exact)
    title: Text = attrs.field(converter=as_text)


def _as_steps(steps: Iterable[GradeStep]) -> tuple[GradeStep, ...]:
    return tuple(steps)


_STEPS = (
    GradeStep("80%", Text(zh="达到预期", en="reached")),
    GradeStep("60%", Text(zh="部分达到预期", en="partly reached")),
    GradeStep(0, Text(zh="未达到预期", en="not reached")),
)


@attrs.frozen(kw_only=True)
class GradedJudgement(Rule):
    """An assessor gives a share of the marks, and says why.

    Attributes:
        grades: The steps, the best first; each edge belongs to the better step.

    Example:
        >>> GradedJudgement().points(exact("90%"), exact(10))
        Quantity(9)
    """

    kind: ClassVar[str] = "graded"
    takes: ClassVar[Takes] = Takes.GRADE

    grades: tuple[GradeStep, ...] = attrs.field(default=_STEPS, converter=_as_steps)

    def __attrs_post_init__(self) -> None:
        """Check that the steps go down to zero."""
        edges = [step.at_least.fraction for step in self.grades]
        if not edges or edges[-1] != 0 or edges != sorted(set(edges), reverse=True):
            message = expected("由高到低、最末为 0 的各档", "steps from the best down to one at 0")
            refuse([Problem("bad-grades", "grades", message)])
        if edges[0] > 1:
            said = self.grades[0].at_least.text
            message = expected("不超过 100% 的分值比例", "a share of the marks of at most 100 %", said)
            fix = Text(zh=f'写 "{said}%"', en=f'write "{said}%"')
            refuse([Problem("bad-grades", "grades[0].at_least", message, fix)])

    def points(self, value: Any, full: Quantity) -> Any:
        """The share of the points."""
        return value * full

    def _step(self, value: Any) -> GradeStep:
        return next((step for step in self.grades if value >= step.at_least), self.grades[-1])

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """The steps."""
        del indicator
        most = points_words(full, language)
        zh, en, best = [], [], "100%"
        for step in self.grades:
            edge = f"{(step.at_least * 100).text}%"
            zh.append(f"{step.title['zh']} {best}–{edge}（含）")
            en.append(f"{step.title['en']}: {'' if best == '100%' else 'below '}{best} down to {edge}")
            best = edge
        return Text(
            zh=f"满分 {most}，由评价人按档次在分值区间内评定：{'；'.join(zh)}",
            en=f"a share of the {most} that an assessor gives: {'; '.join(en)}",
        )[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """The step that was given."""
        del indicator, full
        title, share = self._step(value).title[language], f"{(value * 100).text}%"
        return Text(zh=f"评为“{title}”，得 {share} 的分值", en=f'judged "{title}": {share} of the points')[language]
