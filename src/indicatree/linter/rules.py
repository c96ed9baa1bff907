"""What a linter finds in the rule of a leaf: points lost for doing better, marks out of reach, cliffs."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import Quantity, exact
from indicatree.indicators import Checklist, Graded, Measured
from indicatree.linter.findings import Finding, Severity
from indicatree.linter.spans import BY_VALUE, span_of
from indicatree.linter.stations import kept, situations, stations
from indicatree.scheme import rules
from indicatree.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indicatree.indicators import Better
    from indicatree.linter.spans import Span
    from indicatree.linter.stations import Station
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
    span = span_of(leaf.indicator)
    seen = [(beside, stations(leaf, rule, span, beside)) for beside in situations(leaf, rule)]
    better = leaf.indicator.better
    if better is not None:
        for beside, found in seen:
            if wrong := _against_direction(found, better):
                yield _worse_for_better(leaf, better, *wrong, _taking(rule, beside))
                break
    reached = max((station.points for _, found in seen for station in found), key=BY_VALUE, default=leaf.lowest)
    if reached < leaf.points:
        yield _out_of_reach(leaf, reached)
    if isinstance(rule, rules.Bands):
        for index, band in enumerate(rule.bands):
            if not span.meets(band):
                yield _empty_band(leaf, index, band, span)
    beside, found = seen[0]
    yield from _cliffs(leaf, found, _taking(rule, beside))


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


def _empty_band(leaf: Leaf, index: int, band: rules.Band, span: Span) -> Finding:
    zones = {language: band.zone(leaf.indicator, language) for language in LANGUAGES}
    limits = {language: span.as_limits().zone(leaf.indicator, language) for language in LANGUAGES}
    message = Text(
        zh=f"没有数据能落在“{zones['zh']}”档：该指标的值只可能 {limits['zh']}",
        en=f"no data can lie in the band {zones['en']}: the value is always {limits['en']}",
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


def _cliffs(leaf: Leaf, found: Sequence[Station], taking: Text) -> Iterator[Finding]:
    """What the smallest change of a figure can cost, at each edge where the points jump."""
    by_cost: dict[Quantity, list[tuple[Station, Station]]] = {}
    for first, second in pairwise(found):
        if first.value == second.value and first.points != second.points:
            at, beside = (second, first) if second.side == 0 else (first, second)
            by_cost.setdefault(abs(second.points - first.points), []).append((at, beside))
    if not by_cost:
        return
    said: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for cost in sorted(by_cost, key=BY_VALUE, reverse=True)[:_MOST_COSTS]:
        edges = by_cost[cost]
        listed = edges if len(edges) <= _MOST_EDGES else edges[:1]
        for at, beside in listed:
            edge, last = (
                {language: leaf.indicator.unit.show_exact(value, language) for language in LANGUAGES}
                for value in (at.value, edges[-1][0].value)
            )
            zh, en = ("低", "below") if beside.side < 0 else ("高", "above")
            more = Text()
            if listed != edges:
                more = Text(
                    zh=f"；至 {last['zh']} 共 {len(edges)} 处", en=f"; {len(edges)} such edges up to {last['en']}"
                )
            at_edge, beside_it = at.points.text, beside.points.text
            said["zh"].append(f"{cost.text} 分（{edge['zh']} 得 {at_edge} 分，略{zh}则得 {beside_it} 分{more['zh']}）")
            said["en"].append(f"{cost.text} ({at_edge} at {edge['en']}, {beside_it} just {en} it{more['en']})")
    if len(by_cost) > _MOST_COSTS:
        said["zh"].append("其余的较小")
        said["en"].append("the others are smaller")
    message = Text(
        zh=f"数据相差一个最小单位，得分可能相差：{'；'.join(said['zh'])}{taking['zh']}",
        en=f"one minor unit of a figure can cost points: {'; '.join(said['en'])}{taking['en']}",
    )
    yield Finding("cliff", Severity.NOTE, "rule", message)


def _checklist(leaf: Leaf, indicator: Checklist, rule: Rule) -> Iterator[Finding]:
    """Each item beside every set of the others; of many items beside none and beside all."""
    names = list(indicator.items)

    def score(answers: Mapping[str, bool]) -> Quantity:
        return kept(leaf, exact(rule.points(answers, leaf.points)))

    few = len(names) <= _MOST_ITEMS
    starts = product((False, True), repeat=len(names)) if few else [(met,) * len(names) for met in (False, True)]
    several = [dict(zip(names, start, strict=True)) for start in starts]
    for name, words in indicator.items.items():
        costs = [score({**answers, name: False}) - score({**answers, name: True}) for answers in several]
        lost = max(costs, key=BY_VALUE)
        if lost > 0:
            message = Text(
                zh=f"符合“{words['zh']}”反而少得 {lost.text} 分",
                en=f'meeting "{words["en"]}" costs {lost.text} points',
            )
            fix = Text(zh="改正该要点的分值", en="correct the points of the item")
            yield Finding("better-loses-points", Severity.ERROR, f"rule.items.{name}", message, fix)
    reached = max(map(score, several), key=BY_VALUE)
    if reached < leaf.points:
        yield _out_of_reach(leaf, reached)


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
