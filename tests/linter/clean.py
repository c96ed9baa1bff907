"""Schemes in which the linter finds no error and no warning: every rule fits the direction of its indicator."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules
from indicatree.scheme import DEFAULT_GRADES
from strategies import TEXTS, Budget, Linear, Staff, execution, project_execution, staffing, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    _Make = Callable[[st.DrawFn, it.Measured, it.Quantity], it.Rule]


@it.record("clean.survey", title=text("调查", "Survey"))
class Survey:
    content: fields.Share = fields.share("满意率", "content")
    asked: fields.Count = fields.count("调查人数", "asked")


@it.record("clean.cases", title=text("违规情况", "Cases"))
class Cases:
    found: fields.Count = fields.count("违规起数", "found")


@it.indicator("clean.content", tier=it.Tier.EFFECT, better=it.MORE, title=text("满意度", "Satisfaction"))
def content(survey: Survey) -> Any:
    """The share that is content."""
    return survey.content


@it.indicator("clean.discontent", tier=it.Tier.EFFECT, better=it.LESS, title=text("不满意率", "Discontent"))
def discontent(survey: Survey) -> Any:
    """The share that is not."""
    return 1 - survey.content


@it.indicator("clean.cases_found", tier=it.Tier.PROCESS, unit=it.NUMBER, better=it.LESS, title=text("违规", "Cases"))
def cases_found(cases: Cases) -> Any:
    """How many cases were found."""
    return cases.found


@it.indicator("clean.fulfilment", tier=it.Tier.PROCESS, better=it.near("100%"), title=text("完成率", "Fulfilment"))
def fulfilment(budget: Budget) -> Any:
    """Spent over planned, best at all of it."""
    return budget.spent / budget.planned


@it.indicator("clean.posts", tier=it.Tier.INPUT, unit=it.NUMBER, title=text("编制数", "Posts"))
def posts(staff: Staff) -> Any:
    """How many posts there are; neither more nor fewer is better."""
    return staff.posts


_MANY = 60
CHECKLISTS = [
    it.checklist(
        f"clean.list_{index}",
        tier=it.Tier.PROCESS,
        title=text("制度健全性", "Rules"),
        items={name: text("符合", "met") for name in ("exist", "whole", "kept")[: 1 + index % 3]},
    )
    for index in range(_MANY)
]
JUDGED = [
    it.graded(f"clean.judged_{index}", tier=it.Tier.EFFECT, title=text("效益", "Benefit")) for index in range(_MANY)
]
MEASURES: tuple[it.Measured, ...] = (
    content,
    discontent,
    cases_found,
    fulfilment,
    posts,
    execution,
    staffing,
    project_execution,
)


@attrs.frozen(kw_only=True)
class Raising(it.Rule):
    """A rule whose code fails."""

    kind: ClassVar[str] = "clean.raising"

    def points(self, value: Any, full: it.Quantity) -> Any:
        message = f"no points\nfor {value} of {full}"
        raise RuntimeError(message)

    def words(self, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
        del indicator, full
        return text("出错", "fails")[language]


class CleanPlugin:
    INDICATREE_CONTRACT = 1

    @it.hookimpl
    def indicatree_indicators(self) -> Iterable[it.Indicator]:
        return [*MEASURES, *CHECKLISTS, *JUDGED]

    @it.hookimpl
    def indicatree_rules(self) -> Iterable[type[it.Rule]]:
        return [Linear, Raising]


CATALOG = it.Catalog(plugins=[CleanPlugin()], strict=True)

_BOOLEANS = st.booleans()
_PARTS = st.lists(st.integers(1, 19), min_size=1, max_size=4, unique=True).map(sorted)
_QUARTERS = st.lists(st.integers(0, 3), min_size=8, max_size=8).map(sorted)
_QUARTER = st.sampled_from([0, 0, 1, 2, 3])
_STEP = st.sampled_from(["1%", "5%", "1/3", "0.7%"])
_COST = st.sampled_from(["0.5", "1", "1/3", "0.01"])
_STEPS = st.sampled_from(rules.Steps)
_SIDES = st.sampled_from(rules.Side)
_POINTS = st.one_of(st.integers(1, 20).map(it.exact), st.integers(1, 2000).map(lambda cents: it.Quantity(cents, 100)))
_MISSING = st.sampled_from([None, None, "error", "no_points"])
_OTHERWISE = st.sampled_from([None, "error", "no_points", "full_points", "left_out"])
_COMBINES = st.sampled_from([*[it.Combine.SUM] * 4, *it.Combine])
_KIND = st.integers(0, 9)
_FEW = st.sampled_from([1, 1, 2, 3])
_TIERS = st.lists(st.sampled_from(it.Tier), min_size=1, max_size=3, unique=True)
_LOWER, _UPPER = st.sampled_from(["at_least", "above"]), st.sampled_from(["at_most", "below"])


def _direction(indicator: it.Measured) -> str:
    return indicator.better.direction if indicator.better is not None else ""


def _edge(indicator: it.Measured, part: int) -> it.Quantity:
    """An edge that the values can be on: a whole number of things, or so many times 5 %."""
    return it.exact(part) if indicator.unit is it.NUMBER else it.Quantity(part, 20)


def _bands(draw: st.DrawFn, indicator: it.Measured, full: it.Quantity) -> rules.Bands:
    """Bands of which those in the better direction give more, and the best gives full marks."""
    edges = [_edge(indicator, part) for part in draw(_PARTS)]
    direction = _direction(indicator)
    if direction == "near":
        edges = [edge for part in edges for edge in (part, 2 - part)]
        edges = sorted(set(edges), key=lambda edge: edge.fraction)
    made: list[dict[str, Any]] = []
    lower: dict[str, Any] = {}
    for edge in edges:
        first = draw(_BOOLEANS)
        made.append({**lower, ("at_most" if first else "below"): edge})
        lower = {("above" if first else "at_least"): edge}
    made.append(lower)
    parts = draw(_QUARTERS)
    awards = [full * it.Quantity(part, 4) for part in parts[: len(made) - 1]] + [full]
    if direction == "less":
        awards.reverse()
    if direction == "near":
        half = len(made) // 2
        rising = awards[len(awards) - half - 1 :]
        awards = [*rising, *reversed(rising[:-1])]
    found = [rules.Band(**edges, points=award) for edges, award in zip(made, awards, strict=True)]
    if draw(_BOOLEANS):
        kept = [band for band in found if band.points > 0]
        return rules.Bands(bands=kept, otherwise=0)
    return rules.Bands(bands=found)


def _all_or_nothing(draw: st.DrawFn, indicator: it.Measured, full: it.Quantity) -> rules.AllOrNothing:
    del full
    edge = _edge(indicator, draw(_PARTS)[0])
    match _direction(indicator):
        case "more":
            return rules.AllOrNothing(**{draw(_LOWER): edge})
        case "less":
            return rules.AllOrNothing(**{draw(_UPPER): edge})
        case "near":
            around = {draw(_LOWER): edge, draw(_UPPER): 2 - edge}
            return rules.AllOrNothing(exactly=1) if draw(_BOOLEANS) else rules.AllOrNothing(**around)
    return rules.AllOrNothing(exactly=edge)


def _deduct_per_step(draw: st.DrawFn, indicator: it.Measured, full: it.Quantity) -> rules.DeductPerStep:
    del full
    target = _edge(indicator, draw(_PARTS)[0])
    side = {"more": rules.Side.BELOW, "less": rules.Side.ABOVE}.get(_direction(indicator)) or draw(_SIDES)
    if _direction(indicator) == "near":
        target = {rules.Side.EITHER: it.exact(1), rules.Side.ABOVE: 2 - target, rules.Side.BELOW: target}[side]
    return rules.DeductPerStep(
        target=target, step=draw(_STEP), points_per_step=draw(_COST), side=side, steps=draw(_STEPS)
    )


def _rising(draw: st.DrawFn, indicator: it.Measured, full: it.Quantity) -> it.Rule:
    """A rule by which more is better, up to a target."""
    target = _edge(indicator, draw(_PARTS)[0])
    if draw(_BOOLEANS):
        return rules.OverFulfilment(target=target, threshold="120%", slope=2)
    if _direction(indicator) == "more" and draw(_BOOLEANS):
        return Linear(factor=draw(st.sampled_from([1, 2])))
    del full
    return rules.Proportional(target=target)


def _incidents(draw: st.DrawFn, indicator: it.Measured, full: it.Quantity) -> rules.Incidents:
    del indicator, full
    return rules.Incidents(points_per_incident=draw(_COST), allowed=draw(st.integers(0, 2)))


def _comparison(draw: st.DrawFn, indicator: it.Measured, full: it.Quantity) -> rules.Comparison:
    """The better the edge that is kept, the more points."""
    side = {"more": _LOWER, "less": _UPPER}[_direction(indicator)]
    edge = _edge(indicator, draw(_PARTS)[0])
    cases = [rules.Case(**{draw(side): "other"}, points=full), rules.Case(**{draw(side): edge}, points=full / 2)]
    other = posts if indicator.unit is it.NUMBER else content if indicator is staffing else staffing
    return rules.Comparison(against={"other": other}, cases=cases, otherwise=0)


def _makers(indicator: it.Measured) -> list[_Make]:
    more: dict[str, list[_Make]] = {
        "more": [_rising, _comparison],
        "less": [_incidents, _comparison],
        "near": [_rising],
        "": [_incidents],
    }
    return [_bands, _all_or_nothing, _deduct_per_step, *more[_direction(indicator)]]


def _measured(draw: st.DrawFn, full: it.Quantity, number: int) -> dict[str, Any]:
    indicator = draw(st.sampled_from(MEASURES))
    rule = draw(st.sampled_from(_makers(indicator)))(draw, indicator, full)
    more: dict[str, Any] = {}
    if isinstance(rule, Linear):
        # limits to which the values come: a share lies between none and all
        limits = {"lowest": -full} if indicator is execution else {}
        more = {**limits, "highest": full + 1} if limits or rule.factor > 1 else {}
    if isinstance(rule, rules.DeductPerStep | rules.Incidents):
        rule = attrs.evolve(rule, until=full * it.Quantity(draw(_QUARTER), 4))
    if isinstance(rule, rules.Incidents) and indicator.unit is it.NUMBER and draw(_BOOLEANS):
        rule, more = attrs.evolve(rule, until=-full), {"lowest": -full}
    if indicator is project_execution:
        more |= {"for_each": f"projects_{number}", "combine": it.Aggregation("minimum")}
    measures: list[it.Indicator] = [indicator, *rule.compared_with.values()]
    names = [name for measure in measures for name in measure.parameters if name != "project"]
    bindings = {name: f"{name}_{number}" for name in names}
    if indicator is project_execution:
        bindings["project"] = f"projects_{number}"
    return {"indicator": indicator, "rule": rule, "bindings": bindings, **more}


def _judged(draw: st.DrawFn, full: it.Quantity, number: int) -> dict[str, Any]:
    if draw(_BOOLEANS):
        steps = [rules.GradeStep("75%", draw(TEXTS)), rules.GradeStep(0, draw(TEXTS))]
        rule = rules.GradedJudgement(grades=steps) if draw(_BOOLEANS) else rules.GradedJudgement()
        return {"indicator": JUDGED[number % _MANY], "rule": rule}
    indicator = CHECKLISTS[number % _MANY]
    size = len(indicator.items)
    each = rules.PerItem(each=full / size) if draw(_BOOLEANS) else rules.DeductPerItem(each=draw(_COST))
    return {"indicator": indicator, "rule": each}


def _maybe(draw: st.DrawFn) -> it.Text:
    return draw(TEXTS) if draw(_BOOLEANS) else it.Text()


def _leaf(draw: st.DrawFn, numbers: Iterator[int], *, sure: bool) -> it.Leaf:
    full, number = draw(_POINTS), next(numbers)
    made = (_judged if draw(_KIND) > 6 else _measured)(draw, full, number)
    if not sure and draw(_KIND) == 9:
        full = it.exact(0)
        made |= {"rule": None, "lowest": 0, "highest": None}
        made["bindings"] = {name: f"{name}_{number}" for name in made["indicator"].parameters if name != "project"}
        if made["indicator"] is project_execution:
            made["bindings"] = {"project": f"projects_{number}"}
    # a penalty that passes where the figure is missing would pay
    missing = it.Treatment.ERROR if made.get("lowest", 0) < 0 else draw(_MISSING)
    return it.Leaf(
        id=f"leaf_{number}",
        points=full,
        title=_maybe(draw),
        assumption=_maybe(draw),
        policies=it.Policies(missing=missing, undefined=draw(_OTHERWISE), failed=draw(_OTHERWISE)),
        **made,
    )


def points_of(node: Any) -> it.Quantity:
    if node.points is not None:
        return it.exact(node.points)
    return it.exact(sum((points_of(child).fraction for child in node.children), start=it.exact(0).fraction))


def _combined(draw: st.DrawFn, children: Sequence[Any]) -> dict[str, Any]:
    combine = draw(_COMBINES)
    total = it.exact(sum((points_of(child).fraction for child in children), start=it.exact(0).fraction))
    if combine is it.Combine.SUM:
        return {"points": total if draw(_BOOLEANS) else None}
    return {"points": total, "aggregation": it.Aggregation(combine)}


def _group(draw: st.DrawFn, numbers: Iterator[int], depth: int, *, sure: bool = False) -> it.Group:
    more: dict[str, Any] = {}
    if depth and draw(_KIND) > 6:
        more["groups"] = [_group(draw, numbers, depth - 1, sure=sure) for _ in range(draw(_FEW))]
    else:
        more["indicators"] = [_leaf(draw, numbers, sure=sure) for _ in range(draw(_FEW) + int(sure))]
    (children,) = more.values()
    return it.Group(
        id=f"group_{next(numbers)}", title=draw(TEXTS), assumption=_maybe(draw), **more, **_combined(draw, children)
    )


def _veto(draw: st.DrawFn, number: int) -> it.Veto:
    more: dict[str, Any] = {"grade": "poor"} if draw(_BOOLEANS) else {"points": 0}
    if draw(_BOOLEANS):
        measured = {"indicator": cases_found, "when": rules.Limits(above=0), "bindings": {"cases": f"cases_{number}"}}
        more |= measured
    return it.Veto(id=f"veto_{number}", title=draw(TEXTS), **more)


@st.composite
def clean_schemes(draw: st.DrawFn) -> it.Scheme:
    """A scheme of any shape that is well made; at least two of its leaves have points."""
    numbers = count()
    tiers: list[it.TierNode] = []
    for tier in sorted(draw(_TIERS), key=list(it.Tier).index):
        groups = [_group(draw, numbers, 2, sure=not tiers) for _ in range(draw(_FEW))]
        tiers.append(it.TierNode(tier=tier, title=_maybe(draw), groups=groups, **_combined(draw, groups)))
    grades = DEFAULT_GRADES if draw(_BOOLEANS) else (it.Grade("fair", draw(TEXTS), "1/3"), it.Grade("poor", "差", 0))
    return it.Scheme(
        id="clean",
        title=_maybe(draw),
        tiers=tiers,
        grades=grades,
        vetoes=[_veto(draw, next(numbers)) for _ in range(draw(_FEW) - 1)],
        policies=it.Policies(missing=draw(_MISSING), undefined=draw(_OTHERWISE)),
        assumption=_maybe(draw),
        **_combined(draw, tiers),
    )


def severe(findings: Iterable[it.Finding]) -> list[tuple[str, str]]:
    """The errors and warnings, by code and path."""
    return [(finding.code, finding.path) for finding in findings if finding.severity is not it.Severity.NOTE]
