"""What is wrong with a scheme: everything at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import Quantity
from indicatree.data import record_type
from indicatree.indicators import Checklist, Graded, Indicator, Measured, Tier
from indicatree.problems import DeclarationError, Problem, did_you_mean, expected, quoted
from indicatree.scheme.aggregation import Aggregation, Combine
from indicatree.scheme.edges import with_edges_said
from indicatree.scheme.places import places_beside
from indicatree.scheme.rules.base import Marks, Rule, Takes
from indicatree.scheme.tree import Leaf, leaf_shapes
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.scheme.tree import Group, Scheme, TierNode
    from indicatree.scheme.vetoes import Veto

__all__ = ["problems_of_scheme"]

_LEAF_ID = re.compile(r"[a-z][a-z0-9_]*")
_SCHEME_ID = re.compile(r"[a-z][a-z0-9_.-]*")
_MOST_PLACES = 12


_RENAME = Text(zh="改一个名称", en="rename one")
_TAKES = {
    Takes.MEASURE: "计量值",
    Takes.CHECKLIST: "要点核对结果",
    Takes.GRADE: "评定的得分比例",
}


def problems_of_scheme(scheme: Scheme) -> list[Problem]:
    """Every problem of a scheme, each with the path of its node."""
    found = list(_whole(scheme))
    found += _tiers(scheme)
    found += _vetoes(scheme)
    found += _identities(scheme)
    for path, node in scheme.walk():
        if not _LEAF_ID.fullmatch(node.id):
            found.append(Problem("bad-id", path, _bad_id(node.id)))
        if isinstance(node, Leaf):
            found += [problem.under(path) for problem in _leaf(scheme, node)]
        else:
            found += [problem.under(path) for problem in _inner(scheme, node)]
    if not any(problem.code in ("bad-binding", "bad-for-each") for problem in found):
        found += _records(scheme)
    return found


def _whole(scheme: Scheme) -> Iterator[Problem]:
    if not _SCHEME_ID.fullmatch(scheme.id):
        message = expected(
            "小写字母、数字、点、连字符和下划线组成的 id",
            "an id of small letters, digits, dots, hyphens and underscores",
            f'"{scheme.id}"',
        )
        yield Problem("bad-id", "id", message)
    if not 0 <= scheme.precision <= _MOST_PLACES:
        message = expected(f"0 至 {_MOST_PLACES} 位小数", f"0 to {_MOST_PLACES} places", quoted(scheme.precision))
        yield Problem("bad-precision", "precision", message)
    edges = [grade.at_least.fraction for grade in scheme.grades]
    names = [grade.id for grade in scheme.grades]
    if not edges or edges[-1] != 0 or edges != sorted(set(edges), reverse=True) or len(set(names)) < len(names):
        message = Text(
            zh="等级应从最高到 0 依次写明，各有自己的 id 和界限",
            en="expected grades from the best down to one at 0, each with its own id and edge",
        )
        yield Problem("bad-grades", "grades", message)
    for where, grade in places_beside("grades", scheme.grades):
        if grade.at_least > 1:
            said = grade.at_least.text
            fix = Text(zh=f'写 "{said}%"', en=f'write "{said}%"')
            message = expected("不超过 100% 的得分率", "a share of the points of at most 100 %", said)
            yield Problem("bad-grades", f"{where}.at_least", message, fix)
    yield from _node_points(scheme, scheme)
    yield from _weights(scheme, [tier.id for tier in scheme.tiers])
    if not any(tier.groups for tier in scheme.tiers):
        yield Problem("empty-scheme", "tiers", Text(zh="各层级都没有组", en="no tier has a group"))


def _tiers(scheme: Scheme) -> Iterator[Problem]:
    order = [tier.tier for tier in scheme.tiers]
    if order != list(Tier):
        message = expected(
            "input、process、output、effect 依此次序，各至多一次",
            "each of input, process, output, effect at most once and in this order",
            ", ".join(tier.value for tier in order),
        )
        yield Problem("bad-tiers", "tiers", message)


def _inner(scheme: Scheme, node: Group | TierNode) -> Iterator[Problem]:
    groups, leaves = node.groups, getattr(node, "indicators", ())
    if groups and leaves:
        message = Text(zh="既有下级组又有指标", en="holds both groups and indicators")
        yield Problem("mixed-group", "", message, Text(zh="把指标放入一组", en="put the indicators in a group"))
    if not node.children and not isinstance(getattr(node, "tier", None), Tier):
        message = Text(zh="既没有下级组也没有指标", en="holds neither groups nor indicators")
        yield Problem("empty-group", "", message, Text(zh="加入内容，或删去", en="give it some, or remove it"))
    names = [child.id for child in node.children]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("same-id", name, Text(zh="同级中有两个此 id", en="two siblings have this id"), _RENAME)
    yield from _node_points(scheme, node)
    yield from _weights(node, names)


def _weights(node: Scheme | Group | TierNode, names: list[str]) -> Iterator[Problem]:
    """Whether the weights of a weighted mean are whole."""
    weights = node.aggregation.weights
    if weights and node.aggregation.combine is not Combine.WEIGHTED_MEAN:
        message = Text(zh="权重只用于 weighted_mean", en="weights go with weighted_mean only")
        yield Problem("bad-weights", "aggregation", message)
    for name, weight in weights.items():
        if name not in names:
            message = Text(zh="下级中没有此 id", en="no child has this id")
            yield Problem("bad-weights", f"aggregation.weights.{name}", message, did_you_mean(name, names))
        if weight < 0:
            yield Problem("bad-weights", f"aggregation.weights.{name}", _zero_or_more(weight))
    if weights and not any(weight > 0 for weight in weights.values()):
        message = Text(zh="没有大于零的权重", en="no weight is above zero")
        yield Problem("bad-weights", "aggregation.weights", message)
    if weights and set(names) - set(weights):
        lacking = ", ".join(sorted(set(names) - set(weights)))
        message = Text(zh=f"缺少权重：{lacking}", en=f"no weight for {lacking}")
        fix = Text(zh="为每个下级写明权重", en="give every child a weight")
        yield Problem("bad-weights", "aggregation.weights", message, fix)


def _node_points(scheme: Scheme, node: Scheme | Group | TierNode) -> Iterator[Problem]:
    if node.points is not None and node.points < 0:
        yield Problem("bad-points", "points", _zero_or_more(node.points))
    yield from _adds_up(scheme, node, "points")
    if node.points is not None:
        yield from _precise(scheme, node.points, "points")


def _adds_up(scheme: Scheme, node: Any, path: str) -> Iterator[Problem]:
    """Whether the points of a node are the sum of its children's, where they are added."""
    combine = node.aggregation.combine
    if node.points is None:
        if combine is not Combine.SUM and node.children:
            message = Text(
                zh=f"以 {combine.value} 汇总的节点须写明分值", en=f"a node combined by {combine.value} needs its points"
            )
            yield Problem("no-points", path, message, Text(zh="写明 points = ...", en="write points = ..."))
        return
    total = Quantity(0)
    for child in node.children:
        total = total + scheme.points_of(child)
    if combine is Combine.SUM and total != node.points:
        message = Text(
            zh=f"下级合计 {total.text} 分，此处写 {node.points.text} 分",
            en=f"its children have {total.text} points together, it says {node.points.text}",
        )
        yield Problem("points-do-not-add-up", path, message, Text(zh="改正其中之一", en="change one of them"))
    short = total < node.points if combine is Combine.CAPPED_SUM else total == 0 and node.points > 0
    if combine is not Combine.SUM and short:
        message = Text(
            zh=f"下级合计 {total.text} 分，无法达到 {node.points.text} 分",
            en=f"its children have {total.text} points together, so its {node.points.text} cannot be reached",
        )
        fix = Text(zh="提高下级的分值", en="give the children more points")
        yield Problem("points-do-not-add-up", path, message, fix)


def _precise(scheme: Scheme, points: Quantity, path: str) -> Iterator[Problem]:
    if not 0 <= scheme.precision <= _MOST_PLACES:
        return
    if (points * 10**scheme.precision).fraction.denominator != 1:
        message = Text(
            zh=f"{points.text} 的小数超过 {scheme.precision} 位",
            en=f"{points.text} has more than {scheme.precision} decimal places",
        )
        yield Problem("bad-points", path, message)


def _leaf(scheme: Scheme, leaf: Leaf) -> Iterator[Problem]:
    if not isinstance(leaf.indicator, Indicator):
        message = expected("指标", "an indicator", type(leaf.indicator).__name__)
        fix = Text(zh="以 @indicator 声明", en="decorate the measure with @indicator")
        yield Problem("not-an-indicator", "indicator", message, fix)
        return
    for measure in leaf.measures:
        yield from _years(scheme, measure)
    if leaf.points < 0:
        yield Problem("bad-points", "points", _zero_or_more(leaf.points))
    for name, limit in (("points", leaf.points), ("lowest", leaf.lowest), ("highest", leaf.highest)):
        if limit is not None:
            yield from _precise(scheme, limit, name)
    if leaf.lowest > 0:
        yield Problem("bad-points", "lowest", expected("0 或更小", "0 or less", leaf.lowest.text))
    if leaf.most < leaf.points:
        said = leaf.points.text
        message = expected(f"不低于 {said} 分", f"the {said} points or more", leaf.most.text)
        yield Problem("bad-points", "highest", message)
    yield from _rule(leaf)
    yield from _bindings(leaf)
    if not leaf.for_each and leaf.combine != Aggregation(Combine.WEIGHTED_MEAN):
        message = Text(zh="只与 for_each 同用", en="goes with for_each only")
        fix = Text(zh='写 for_each = "..."，或删去', en='write for_each = "..." or leave it out')
        yield Problem("bad-combine", "combine", message, fix)
    if leaf.combine.combine in (Combine.SUM, Combine.CAPPED_SUM) or leaf.combine.weights:
        message = Text(zh="各行按得分率汇总", en="lines are combined by their shares of the points")
        fix = Text(
            zh="改用 weighted_mean（权重相等）、minimum 或 better_of",
            en="choose weighted_mean (of equal weights), minimum or better_of",
        )
        yield Problem("bad-combine", "combine", message, fix)


def _rule(leaf: Leaf) -> Iterator[Problem]:
    rule = leaf.rule
    if rule is None:
        if leaf.points > 0:
            message = Text(
                zh=f"{leaf.points.text} 分的指标须有评分规则", en=f"a leaf of {leaf.points.text} points needs a rule"
            )
            yield Problem("no-rule", "rule", message, "rule = { kind = ... }")
        return
    if not isinstance(rule, Rule):
        yield Problem("not-a-rule", "rule", expected("评分规则", "a rule", type(rule).__name__))
        return
    needs = (
        Takes.CHECKLIST
        if isinstance(leaf.indicator, Checklist)
        else Takes.GRADE
        if isinstance(leaf.indicator, Graded)
        else Takes.MEASURE
    )
    if rule.takes is not needs:
        message = Text(
            zh=f"规则 {rule.kind} 用于{_TAKES[rule.takes]}，而指标给出{_TAKES[needs]}",
            en=f"a {rule.kind} rule takes a {rule.takes.value}, the indicator gives a {needs.value}",
        )
        yield Problem("wrong-rule", "rule", message)
        return
    for problem in rule.problems(leaf.indicator, Marks(leaf.points, leaf.lowest, leaf.most)):
        yield problem.under("rule")


def _years(scheme: Scheme, indicator: Indicator) -> Iterator[Problem]:
    """Whether an indicator holds for all the years of the scheme."""
    held = indicator.years
    if held is None or (scheme.years is not None and held.covers(scheme.years)):
        return
    whole = Text.of(f"{scheme.years}") if scheme.years else Text(zh="所有年度", en="all years")
    message = Text(
        zh=f"{indicator.id} 适用于 {held}，而方案适用于 {whole['zh']}",
        en=f"{indicator.id} holds for {held}, the scheme for {whole['en']}",
    )
    fix = Text(
        zh=f'在方案中写 years = "{held}"，或选用指标的其他版本',
        en=f'write years = "{held}" in the scheme, or name another version of the indicator',
    )
    yield Problem("other-years", "indicator", message, fix)


def _identities(scheme: Scheme) -> Iterator[Problem]:
    names: set[str] = set()
    for where, identity in places_beside("identities", scheme.identities):
        if not _LEAF_ID.fullmatch(identity.id):
            yield Problem("bad-id", where, _bad_id(identity.id))
        if identity.id in names:
            message = Text(zh="有两个勾稽关系用此 id", en="two identities have this id")
            yield Problem("same-id", where, message, _RENAME)
        names.add(identity.id)
        try:
            from indicatree.indicators.written import WrittenFormula  # noqa: PLC0415 - only such schemes pay for it

            WrittenFormula(identity.holds)
        except DeclarationError as error:
            yield from (problem.under(f"{where}.holds") for problem in error.problems)


def _vetoes(scheme: Scheme) -> Iterator[Problem]:
    names: set[str] = set()
    for veto in scheme.vetoes:
        found = list(_veto(scheme, veto))
        if veto.id in names:
            message = Text(zh="有两个否决项用此 id", en="two vetoes have this id")
            found.append(Problem("same-id", "", message, _RENAME))
        names.add(veto.id)
        yield from (problem.under(veto.path) for problem in found)


def _veto(scheme: Scheme, veto: Veto) -> Iterator[Problem]:
    if not _LEAF_ID.fullmatch(veto.id):
        yield Problem("bad-id", "", _bad_id(veto.id))
    if not (veto.grade or veto.points is not None):
        message = Text(zh="既不限等级也不限总分", en="caps neither the grade nor the total")
        fix = Text(zh='写 grade = "..." 或 points = ...', en='write grade = "..." or points = ...')
        yield Problem("no-cap", "", message, fix)
    grades = [grade.id for grade in scheme.grades]
    if veto.grade and veto.grade not in grades:
        message = Text(zh=f'没有等级 "{veto.grade}"', en=f'there is no grade "{veto.grade}"')
        yield Problem("unknown-grade", "grade", message, did_you_mean(veto.grade, grades))
    if veto.points is not None:
        if veto.points < 0:
            yield Problem("bad-points", "points", _zero_or_more(veto.points))
        yield from _precise(scheme, veto.points, "points")
    if veto.indicator is None:
        if veto.when is not None or veto.bindings:
            message = Text(zh="写了何时适用，却没有指标", en="says when it applies, but measures nothing")
            fix = Text(
                zh='写 indicator = "..."，或删去 when 和 with', en='write indicator = "...", or leave when and with out'
            )
            yield Problem("no-indicator", "", message, fix)
        return
    yield from _years(scheme, veto.indicator)
    if not isinstance(veto.indicator, Measured):
        message = Text(
            zh=f"{veto.indicator.id} 是评定指标，不是计量指标", en=f"{veto.indicator.id} is judged, not measured"
        )
        fix = Text(zh="删去，由评价人认定是否适用", en="leave it out: an assessor then says that the veto applies")
        yield Problem("not-measured", "indicator", message, fix)
    if veto.when is None or (veto.when.lower is None and veto.when.upper is None):
        message = Text(zh="应写明适用的数值范围", en="expected the values for which it applies")
        yield Problem("no-limit", "when", message, "when = { above = 0 }")
    else:
        found = (with_edges_said(problem, veto.indicator) for problem in veto.when.edge_problems())
        yield from (problem.under("when") for problem in found)
    yield from _known_bindings(veto)


def _known_bindings(bound: Leaf | Veto) -> Iterator[Problem]:
    for name in bound.bindings:
        if name not in bound.parameters:
            message = Text(zh=f'指标没有参数 "{name}"', en=f'the measure has no parameter "{name}"')
            yield Problem("bad-binding", f"with.{name}", message, did_you_mean(name, bound.parameters))


def _bindings(leaf: Leaf) -> Iterator[Problem]:
    parameters = leaf.parameters
    yield from _known_bindings(leaf)
    if leaf.for_each:
        item = leaf.item_parameter
        if item is None or parameters[item].many:
            message = Text(
                zh=f'指标没有取 "{leaf.for_each}" 一项的参数',
                en=f'no parameter of the measure takes one item of "{leaf.for_each}"',
            )
            fix = Text(zh="绑定一个：with = { 参数 = ... }", en="bind one: with = { parameter = ... }")
            yield Problem("bad-for-each", "for_each", message, fix)


def _records(scheme: Scheme) -> Iterator[Problem]:
    """Names under which two leaves expect different data."""
    known: dict[str, tuple[Any, str]] = {name: (shape, "records") for name, shape in scheme.records.items()}
    wanted = [
        (path, name, shape)
        for path, leaf in scheme.leaves()
        for name, shape in (leaf_shapes(leaf) if isinstance(leaf.indicator, Indicator) else ())
    ]
    for veto in scheme.vetoes:
        names = veto.record_names()
        wanted += [(veto.path, names[parameter], shape) for parameter, shape in veto.parameters.items()]
    for path, name, shape in wanted:
        before, where = known.setdefault(name, (shape, path))
        if before != shape:
            mine, theirs = _say(shape), _say(before)
            message = Text(
                zh=f'数据 "{name}" 在此处是{mine["zh"]}，在 {where} 是{theirs["zh"]}',
                en=f'the data "{name}" is {mine["en"]} here and {theirs["en"]} in {where}',
            )
            fix = Text(
                zh='将其一绑定到其他名称：with = { 参数 = "名称" }',
                en='bind one to another name: with = { parameter = "name" }',
            )
            yield Problem("two-records", path, message, fix)


def _say(shape: Any) -> Text:
    name = record_type(shape.record_class).id
    if shape.many:
        return Text(zh=f"逐项的 {name}", en=f"line items of {name}")
    return Text(zh=f"数据表 {name}", en=f"a record of {name}")


def _bad_id(name: str) -> Text:
    return expected("小写字母、数字和下划线组成的 id", "an id of small letters, digits and underscores", f'"{name}"')


def _zero_or_more(value: Quantity) -> Text:
    return expected("0 或更大", "0 or more", value.text)
