"""What a linter finds in the rule of a leaf: points lost for doing better, marks out of reach, cliffs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from indicatree.arithmetic import LANGUAGES, Quantity, Text
from indicatree.indicators import Checklist, Graded, Measured
from indicatree.linter.findings import Finding, Severity
from indicatree.linter.spans import BY_VALUE, span_of
from indicatree.linter.stations import situations, stations
from indicatree.scheme import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indicatree.indicators import Better
    from indicatree.linter.stations import Station
    from indicatree.scheme import Leaf, Rule

__all__ = ["rule_findings"]

_ZERO, _ONE = Quantity(0), Quantity(1)
_MOST_LISTED = 5


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
        message = Text(zh=f"规则计算失败：{said}", en=f"the rule fails: {said}")
        fix = Text(zh="修正插件中的规则", en="mend the rule in its plugin")
        yield Finding("rule-fails", Severity.ERROR, "rule", message, fix)


def _measured(leaf: Leaf, rule: Rule) -> Iterator[Finding]:
    span = span_of(leaf.indicator)
    seen = [stations(leaf, rule, span, beside) for beside in situations(rule)]
    better = leaf.indicator.better
    if better is not None:
        for found in seen:
            if wrong := _against_direction(found, better):
                yield _worse_for_better(leaf, *wrong)
                break
    reached = max((station.points for found in seen for station in found), key=BY_VALUE)
    if reached < leaf.points:
        yield _out_of_reach(leaf, reached)
    if isinstance(rule, rules.Bands):
        for index, band in enumerate(rule.bands):
            if not span.meets(band):
                zones = [band.zone(leaf.indicator, language) for language in LANGUAGES]
                message = Text(zh=f"没有数据能落在“{zones[0]}”档", en=f"no data can lie in the band {zones[1]}")
                yield Finding("band-out-of-reach", Severity.NOTE, f"rule.bands[{index}]", message)
    yield from _cliffs(leaf, seen[0])


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


def _worse_for_better(leaf: Leaf, worse: Station, better: Station) -> Finding:
    direction = leaf.indicator.better
    if direction is None:
        raise TypeError(leaf)
    wanted = {"more": Text(zh="越大越好", en="more is better"), "less": Text(zh="越小越好", en="less is better")}.get(
        direction.direction, Text(zh="越接近目标越好", en="nearer to the target is better")
    )
    first, second = worse.words(leaf), better.words(leaf)
    message = Text(
        zh=f"{wanted['zh']}，但{second['zh']} 得 {better.points.text} 分，{first['zh']} 得 {worse.points.text} 分",
        en=f"{wanted['en']}, but {second['en']} gets {better.points.text} points and {first['en']} gets "
        f"{worse.points.text}",
    )
    fix = Text(zh="改正分值或边界，或选用其他指标", en="correct the points or the edges, or choose another indicator")
    return Finding("better-loses-points", Severity.ERROR, "rule", message, fix)


def _out_of_reach(leaf: Leaf, reached: Quantity) -> Finding:
    message = Text(
        zh=f"满分 {leaf.points.text} 分无法得到，最多 {reached.text} 分",
        en=f"the full {leaf.points.text} points cannot be reached, {reached.text} is the most",
    )
    fix = Text(zh="改正规则或分值", en="correct the rule or the points of the leaf")
    return Finding("full-out-of-reach", Severity.WARNING, "rule", message, fix)


def _cliffs(leaf: Leaf, found: Sequence[Station]) -> Iterator[Finding]:
    """What the smallest change of a figure can cost, at each edge where the points jump."""
    cliffs = [
        (abs(second.points - first.points), first, second)
        for first, second in pairwise(found)
        if first.value == second.value and first.points != second.points
    ]
    if not cliffs:
        return
    cliffs.sort(key=lambda cliff: -cliff[0].fraction)
    said: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for cost, first, second in cliffs[:_MOST_LISTED]:
        beside, at = (first, second) if second.side == 0 else (second, first)
        edge = {language: leaf.indicator.unit.show_exact(at.value, language) for language in LANGUAGES}
        below = beside.side < 0
        said["zh"].append(f"{edge['zh']} 与略{'低' if below else '高'}于它之间 {cost.text} 分")
        said["en"].append(f"{cost.text} between {edge['en']} and just {'below' if below else 'above'} it")
    rest = len(cliffs) - _MOST_LISTED
    if rest > 0:
        said["zh"].append(f"另有 {rest} 处较小或相等")
        said["en"].append(f"and {rest} more, none larger")
    message = Text(
        zh=f"一个最小单位可造成的分差：{'；'.join(said['zh'])}",
        en=f"points that one minor unit can cost: {'; '.join(said['en'])}",
    )
    yield Finding("cliff", Severity.NOTE, "rule", message)


def _checklist(leaf: Leaf, indicator: Checklist, rule: Rule) -> Iterator[Finding]:
    """Each item by itself, from nothing met and from everything met."""
    names = list(indicator.items)
    for start in (False, True):
        answers = dict.fromkeys(names, start)
        for name in names:
            unmet, met = (rule.points({**answers, name: met}, leaf.points) for met in (False, True))
            if met < unmet:
                words = indicator.items[name]
                message = Text(
                    zh=f"符合“{words['zh']}”反而少得 {(unmet - met).text} 分",
                    en=f'meeting "{words["en"]}" costs {(unmet - met).text} points',
                )
                fix = Text(zh="改正该要点的分值", en="correct the points of the item")
                yield Finding("better-loses-points", Severity.ERROR, f"rule.items.{name}", message, fix)
                return
    reached = _kept(leaf, rule.points(dict.fromkeys(names, True), leaf.points))
    if reached < leaf.points:
        yield _out_of_reach(leaf, reached)


def _graded(leaf: Leaf, rule: Rule) -> Iterator[Finding]:
    shares = [Quantity(part, 20) for part in range(21)]
    points = [_kept(leaf, rule.points(share, leaf.points)) for share in shares]
    if any(second < first for first, second in pairwise(points)):
        message = Text(zh="评定的比例越高，得分反而越低", en="a larger share of the marks gets fewer points")
        fix = Text(zh="修正插件中的规则", en="mend the rule in its plugin")
        yield Finding("better-loses-points", Severity.ERROR, "rule", message, fix)
    reached = max(points, key=BY_VALUE)
    if reached < leaf.points:
        yield _out_of_reach(leaf, reached)


def _kept(leaf: Leaf, points: Quantity) -> Quantity:
    return max(leaf.lowest, min(points, leaf.most, key=BY_VALUE), key=BY_VALUE)
