"""What a linter finds in the rule of a leaf: points lost for doing better, marks out of reach, cliffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, exact
from indicatree.indicators import Checklist, Graded, Measured
from indicatree.linter.findings import Finding, Severity
from indicatree.linter.spans import BY_VALUE, grain_of, span_of
from indicatree.linter.stations import Station, kept, situations, stations, stations_in_steps
from indicatree.scheme import rules
from indicatree.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.indicators import Better
    from indicatree.linter.spans import Span
    from indicatree.scheme import Leaf, Rule

__all__ = ["rule_findings"]

_MOST_COSTS, _MOST_EDGES = 5, 3
"""How many sizes of a cliff are told, and up to how many of the same size one by one."""

_MOST_ITEMS = 6
"""Up to so many items, each is looked at beside every set of the others; of more, beside none and beside all."""


def rule_findings(leaf: Leaf) -> Iterator[Finding]:
    """What there is to say of a leaf's rule; paths are from the leaf on."""
    rule = leaf.rule
    if rule is None:
        return
    try:
        if isinstance(leaf.indicator, Measured):
            yield from _measured(leaf, rule)
        elif isinstance(leaf.indicator, Checklist):
            yield from _checklist(leaf, leaf.indicator, rule)
        elif isinstance(leaf.indicator, Graded):
            yield from _graded(leaf, rule)
    except Exception as error:  # noqa: BLE001 - the rule of a plugin may raise anything
        said = " ".join(f"{type(error).__name__}: {error}".split())
        message = Text(zh=f"规则 {rule.kind} 计算失败：{said}", en=f"the rule {rule.kind} fails: {said}")
        fix = Text(zh="修正插件中的规则", en="mend the rule in its plugin")
        yield Finding("rule-fails", Severity.ERROR, "rule", message, fix)


def _measured(leaf: Leaf, rule: Rule) -> Iterator[Finding]:
    span, grain = span_of(leaf.indicator), grain_of(leaf.indicator)
    looked = [(beside, stations(leaf, rule, span, beside)) for beside in situations(leaf, rule)]
    seen = looked
    if grain is not None:
        seen = [(beside, stations_in_steps(leaf, rule, beside, span, grain, found)) for beside, found in looked]
    better = leaf.indicator.better
    if better is not None:
        for beside, found in seen:
            if wrong := _against_direction(found, better):
                yield _worse_for_better(leaf, better, *wrong, _taking(rule, beside))
                break
    reached = max((station.points for _, found in seen for station in found), key=BY_VALUE, default=leaf.lowest)
    if reached < leaf.points:
        yield _out_of_reach(leaf, reached)
    sides = any(station.side for _, found in looked for station in found)  # there are, beside edges that are named
    yield from _idle_limits(leaf, [station.points for _, found in seen for station in found], known=sides)
    if isinstance(rule, rules.Bands):
        for index, band in enumerate(rule.bands):
            if not (span.meets(band) if grain is None else span.meets_multiple(band, grain)):
                yield _empty_band(leaf, index, band, span, grain)
    cliffs = [
        _Cliffs(beside, found, _cliffs(found, grain, reached))
        for (beside, found), (_, reached) in zip(looked, seen, strict=True)
    ]
    worst = max(cliffs, key=lambda one: BY_VALUE(one.most))
    if worst.found:
        yield _cliff(leaf, worst, _taking(rule, worst.beside))


def _taking(rule: Rule, beside: Mapping[str, Any]) -> Text:
    """What the other measures of a comparison are taken to be, in words."""
    parts = [
        (other, {language: other.unit.show_exact(beside[name], language) for language in LANGUAGES})
        for name, other in rule.compared_with.items()
    ]
    if not parts:
        return Text()
    zh = "，".join(f"{other.title['zh']}为 {shown['zh']}" for other, shown in parts)
    en = ", ".join(f"{other.title['en']} is {shown['en']}" for other, shown in parts)
    return Text(zh=f"（设{zh}）", en=f" (where {en})")


def _empty_band(leaf: Leaf, index: int, band: rules.Band, span: Span, grain: Quantity | None) -> Finding:
    zones = {language: band.zone(leaf.indicator, language) for language in LANGUAGES}
    limits = {language: span.as_limits().zone(leaf.indicator, language) for language in LANGUAGES}
    always = Text(zh=f"该指标的值只可能 {limits['zh']}", en=f"the value is always {limits['en']}")
    if grain is not None and span.meets(band):
        steps = {language: leaf.indicator.unit.show_exact(grain, language) for language in LANGUAGES}
        always = Text(
            zh=f"该指标的值只可能是 {steps['zh']} 的整数倍", en=f"the value is a whole multiple of {steps['en']}"
        )
    message = Text(
        zh=f"没有数据能落在“{zones['zh']}”档：{always['zh']}",
        en=f"no data can lie in the band {zones['en']}: {always['en']}",
    )
    fix = Text(zh="如属多余可删去", en="remove it if it is not meant")
    return Finding("band-out-of-reach", Severity.NOTE, f"rule.bands[{index}]", message, fix)


def _against_direction(found: Sequence[Station], better: Better) -> tuple[Station, Station] | None:
    """The first pair of neighbours of which the better value gets fewer points: the worse, then the better."""
    for lower, upper in pairwise(found):
        target = better.target
        more = better.direction == "more" or (target is not None and upper.value <= target)
        less = better.direction == "less" or (target is not None and lower.value >= target)
        if (
            more
            and upper.points < lower.points
            and not (target is not None and upper.value == target and upper.side > 0)
        ):
            return lower, upper
        if (
            less
            and lower.points < upper.points
            and not (target is not None and lower.value == target and lower.side < 0)
        ):
            return upper, lower
    return None


def _worse_for_better(leaf: Leaf, direction: Better, worse: Station, better: Station, taking: Text) -> Finding:
    near = Text()
    if direction.target is not None:
        target = {language: leaf.indicator.unit.show_exact(direction.target, language) for language in LANGUAGES}
        near = Text(zh=f"越接近 {target['zh']} 越好", en=f"the nearer to {target['en']} the better")
    wanted = {"more": Text(zh="越大越好", en="more is better"), "less": Text(zh="越小越好", en="less is better")}.get(
        direction.direction, near
    )
    first, second = worse.words(leaf), better.words(leaf)
    message = Text(
        zh=f"该指标{wanted['zh']}，但较好的值（{second['zh']}）只得 {better.points.text} 分，"
        f"较差的值（{first['zh']}）却得 {worse.points.text} 分{taking['zh']}",
        en=f"{wanted['en']}, but the better value, {second['en']}, gets {better.points.text} points and the worse one, "
        f"{first['en']}, gets {worse.points.text}{taking['en']}",
    )
    fix = Text(zh="改正分值或边界，或选用其他指标", en="correct the points or the edges, or choose another indicator")
    return Finding("better-loses-points", Severity.ERROR, "rule", message, fix)


def _out_of_reach(leaf: Leaf, reached: Quantity) -> Finding:
    message = Text(
        zh=f"满分 {leaf.points.text} 分无法得到：可能的数据最多得 {reached.text} 分",
        en=f"the full {leaf.points.text} points cannot be reached: no data that can be gets more than {reached.text}",
    )
    fix = Text(zh="改正规则或该项的分值", en="correct the rule or the points of the leaf")
    return Finding("full-out-of-reach", Severity.WARNING, "rule", message, fix)


def _idle_limits(leaf: Leaf, points: Sequence[Quantity], *, known: bool = True) -> Iterator[Finding]:
    """Limits of the leaf's score to which its rule never comes.

    Of a rule of which little is known, only those which it does not come near to.
    """
    rule = leaf.rule
    if rule is None or not points:
        return
    least, most = min(points, key=BY_VALUE), max(points, key=BY_VALUE)
    if leaf.lowest < 0 and least > leaf.lowest and (known or not least < 0):
        message = Text(
            zh=f"最低 {leaf.lowest.text} 分不起作用：规则 {rule.kind} 最少得 {least.text} 分",
            en=f"the lowest score of {leaf.lowest.text} has no effect: the rule {rule.kind} never gives less than "
            f"{least.text}",
        )
        fix = Text(zh=f"改为 lowest = {least.text}", en=f"write lowest = {least.text}")
        if not least < 0:
            fix = Text(zh="删去，或改用能扣至 0 分以下的规则", en="leave it out, or choose a rule that goes below 0")
        until = getattr(rule, "until", leaf.lowest)
        if until > leaf.lowest:
            fix = Text(zh=f"在规则中写 until = {leaf.lowest.text}", en=f"write until = {leaf.lowest.text} in the rule")
        elif until < 0 and until < least:
            end = min(least, exact(0), key=BY_VALUE).text
            fix = Text(
                zh=f"改为 lowest = {end}，并在规则中写 until = {end}",
                en=f"write lowest = {end}, and until = {end} in the rule",
            )
        yield Finding("limit-without-effect", Severity.WARNING, "lowest", message, fix)
    if leaf.most > leaf.points and most < leaf.most and (known or not most > leaf.points):
        message = Text(
            zh=f"最高 {leaf.most.text} 分不起作用：规则 {rule.kind} 最多得 {most.text} 分",
            en=f"the highest score of {leaf.most.text} has no effect: the rule {rule.kind} never gives more than "
            f"{most.text}",
        )
        fix = Text(zh=f"改为 highest = {most.text}", en=f"write highest = {most.text}")
        if not most > leaf.points:
            fix = Text(
                zh="删去，或改用能超过满分的规则（如 bands）",
                en="leave it out, or choose a rule that goes beyond full marks, such as bands",
            )
        yield Finding("limit-without-effect", Severity.WARNING, "highest", message, fix)


@attrs.frozen
class _Cliffs:
    """The cliffs of a rule in one situation.

    Attributes:
        beside: What the other measures are taken to be.
        looked: Where the rule was looked at.
        found: The two sides of each edge where the points jump, from the lowest on.
    """

    beside: Mapping[str, Any]
    looked: Sequence[Station]
    found: Sequence[tuple[Station, Station]]

    @property
    def most(self) -> Quantity:
        """The most that one of them costs."""
        return max(map(_cost, self.found), key=BY_VALUE, default=exact(0))

    @property
    def go_on(self) -> bool:
        """Whether the points change beyond the last of them as well."""
        outer = [*self.found[0], *self.found[-1]]
        sides = sorted(outer, key=lambda station: (BY_VALUE(station.value), station.side))
        return sides[0].points != self.looked[0].points or sides[-1].points != self.looked[-1].points


def _cost(sides: tuple[Station, Station]) -> Quantity:
    first, second = sides
    return abs(second.points - first.points)


def _cliffs(
    found: Sequence[Station], grain: Quantity | None, reached: Sequence[Station]
) -> list[tuple[Station, Station]]:
    """The two sides of each edge where the points jump.

    Where the values go in steps of a size, the sides are the last such value before the jump and the first behind it.
    """
    jumps = [pair for pair in pairwise(found) if pair[0].value == pair[1].value and pair[0].points != pair[1].points]
    if grain is None:
        return [(second, first) if second.side == 0 else (first, second) for first, second in jumps]
    at = {station.value: station for station in reached}
    starts: dict[Quantity, None] = {}
    for first, second in jumps:
        parts = first.value / grain
        starts[parts.floored() if second.side > 0 else parts.ceiled() - 1] = None
    sides = [(at.get(start * grain), at.get((start + 1) * grain)) for start in starts]
    return [(low, high) for low, high in sides if low is not None and high is not None and low.points != high.points]


def _cliff(leaf: Leaf, cliffs: _Cliffs, taking: Text) -> Finding:
    """What the smallest change of a figure can cost, at each edge where the points jump."""
    by_cost: dict[Quantity, list[tuple[Station, Station]]] = {}
    for sides in cliffs.found:
        by_cost.setdefault(_cost(sides), []).append(sides)
    said: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    # of a rule of very many steps not all were looked at
    cut = cliffs.go_on and isinstance(leaf.rule, rules.DeductPerStep)
    for cost in sorted(by_cost, key=BY_VALUE, reverse=True)[:_MOST_COSTS]:
        edges = by_cost[cost]
        listed = edges if len(edges) <= _MOST_EDGES and not cut else edges[:1]
        for at, beside in listed:
            many = _many(leaf, edges, go_on=cliffs.go_on) if cut or listed != edges else Text()
            words = _sides(leaf, at, beside)
            said["zh"].append(f"{cost.text} 分（{words['zh']}{many['zh']}）")
            said["en"].append(f"{cost.text} ({words['en']}{many['en']})")
    if len(by_cost) > _MOST_COSTS:
        said["zh"].append("其余的较小")
        said["en"].append("the others are smaller")
    message = Text(
        zh=f"数据相差一个最小单位，得分可能相差：{'；'.join(said['zh'])}{taking['zh']}",
        en=f"one minor unit of a figure can cost points: {'; '.join(said['en'])}{taking['en']}",
    )
    fix = Text(zh="如非本意：缩小分差，或连续计分", en="if it is not meant: smaller steps, or a continuous rule")
    return Finding("cliff", Severity.NOTE, "rule", message, fix)


def _sides(leaf: Leaf, at: Station, beside: Station) -> Text:
    """The points at the two sides of an edge."""
    edge, other = at.words(leaf), beside.words(leaf)
    zh = f"{edge['zh']} 得 {at.points.text} 分，"
    en = f"{at.points.text} at {edge['en']}, {beside.points.text} "
    if beside.side:
        near = {-1: Text(zh="略低", en="just below it"), 1: Text(zh="略高", en="just above it")}[beside.side]
        return Text(zh=f"{zh}{near['zh']}则得 {beside.points.text} 分", en=en + near["en"])
    return Text(zh=f"{zh}{other['zh']} 得 {beside.points.text} 分", en=f"{en}at {other['en']}")


def _many(leaf: Leaf, edges: Sequence[tuple[Station, Station]], *, go_on: bool) -> Text:
    """How many edges of one size there are, and whether those that were looked at are all."""
    unit, last = leaf.indicator.unit, max((side.value for side in edges[-1]), key=BY_VALUE)
    zh = f"；至 {unit.show_exact(last, 'zh')} 共 {len(edges)} 处"
    en = f"; {len(edges)} such edges up to {unit.show_exact(last, 'en')}"
    if go_on:
        return Text(zh=f"{zh}，此外得分继续变化", en=f"{en}, and the points go on changing beyond them")
    return Text(zh=zh, en=en)


def _checklist(leaf: Leaf, indicator: Checklist, rule: Rule) -> Iterator[Finding]:
    """Each item beside every set of the others; of many items beside none and beside all."""
    names = list(indicator.items)

    def score(answers: Mapping[str, bool]) -> Quantity:
        return kept(leaf, exact(rule.points(answers, leaf.points)))

    few = len(names) <= _MOST_ITEMS
    starts = product((False, True), repeat=len(names)) if few else [(met,) * len(names) for met in (False, True)]
    several = [dict(zip(names, start, strict=True)) for start in starts]
    seen = list(map(score, several))
    for name, words in indicator.items.items():
        unmet, met = ([score({**answers, name: one}) for answers in several] for one in (False, True))
        seen += [*unmet, *met]
        lost = max((before - after for before, after in zip(unmet, met, strict=True)), key=BY_VALUE)
        if lost > 0:
            message = Text(
                zh=f"符合“{words['zh']}”反而少得 {lost.text} 分",
                en=f'meeting "{words["en"]}" costs {lost.text} points',
            )
            fix = Text(zh="改正该要点的分值", en="correct the points of the item")
            yield Finding("better-loses-points", Severity.ERROR, f"rule.items.{name}", message, fix)
    reached = max(seen, key=BY_VALUE)
    if reached < leaf.points:
        yield _out_of_reach(leaf, reached)
    yield from _idle_limits(leaf, seen)


def _graded(leaf: Leaf, rule: Rule) -> Iterator[Finding]:
    shares = [Quantity(part, 20) for part in range(21)]
    points = [kept(leaf, exact(rule.points(share, leaf.points))) for share in shares]
    if any(second < first for first, second in pairwise(points)):
        message = Text(zh="评定的比例提高，得分反而降低", en="a larger share of the marks gets fewer points")
        fix = Text(zh="修正插件中的规则", en="mend the rule in its plugin")
        yield Finding("better-loses-points", Severity.ERROR, "rule", message, fix)
    reached = max(points, key=BY_VALUE)
    if reached < leaf.points:
        yield _out_of_reach(leaf, reached)
    yield from _idle_limits(leaf, points)
