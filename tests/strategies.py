"""Strategies for schemes and unit data, and the small catalog that they are built from.

Every drawn scheme is valid. The oracles below them compute in `fractions.Fraction` only; they read the
declarations, and use none of the code that they check.
"""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from indicatree.scheme.rules import Limits


def text(zh: str, en: str) -> it.Text:
    return it.Text(zh=zh, en=en)


@it.record("demo.budget", title=text("预算", "Budget"))
class Budget:
    planned: fields.Money = fields.money("预算数", "planned")
    spent: fields.Money = fields.money("支出数", "spent", signed=True)


@it.record("demo.staff", title=text("人员", "Staff"))
class Staff:
    posts: fields.Count = fields.count("编制数", "posts")
    in_post: fields.Count = fields.count("在职人数", "in post")


@it.record("demo.project", title=text("项目", "Project"))
class Project:
    name: fields.Words = fields.text("名称", "name")
    active: fields.Flag = fields.flag("已开工", "active")
    planned: fields.Money = fields.money("项目预算", "project planned")
    spent: fields.Money = fields.money("项目支出", "project spent", signed=True)


@it.indicator("demo.execution", tier=it.Tier.PROCESS, better=it.MORE, title=text("预算执行率", "Execution rate"))
def execution(budget: Budget) -> Any:
    """Spent over planned."""
    return budget.spent / budget.planned


@it.indicator("demo.balance", tier=it.Tier.PROCESS, unit=it.NUMBER, title=text("结余", "Balance"))
def balance(budget: Budget) -> Any:
    """Planned less spent."""
    return budget.planned - budget.spent


@it.indicator(
    "demo.staffing",
    tier=it.Tier.INPUT,
    better=it.LESS,
    title=text("在职人员控制率", "Staffing"),
    applies=lambda staff: staff.posts > 0,
)
def staffing(staff: Staff) -> Any:
    """Staff in post over posts, where there are any."""
    return staff.in_post / staff.posts


@it.indicator(
    "demo.project_execution",
    tier=it.Tier.OUTPUT,
    title=text("项目执行率", "Project execution"),
    applies=lambda project: project.active,
)
def project_execution(project: Project) -> Any:
    """Spent over planned of one active project."""
    return project.spent / project.planned


@it.indicator("demo.all_projects", tier=it.Tier.OUTPUT, title=text("项目总执行率", "Execution of all projects"))
def all_projects(projects: it.Items[Project]) -> Any:
    """Spent over planned of all projects."""
    return it.total(projects.spent) / it.total(projects.planned)


@it.indicator("demo.fragile", tier=it.Tier.EFFECT, title=text("逐行指标", "Fragile"), rowwise=True)
def fragile(budget: Budget) -> Any:
    """Fails where more was spent than planned."""
    if budget.spent > budget.planned:
        message = "overspent"
        raise RuntimeError(message)
    return (budget.planned - budget.spent).fraction / 1000


tidy = it.checklist(
    "demo.tidy",
    tier=it.Tier.PROCESS,
    title=text("信息完善性", "Tidy"),
    items={"whole": text("完整", "whole"), "true": text("真实", "true"), "timely": text("及时", "timely")},
)
judged = it.graded("demo.judged", tier=it.Tier.EFFECT, title=text("履职效益", "Judged"))

MEASURES: tuple[it.Measured, ...] = (execution, balance, staffing, project_execution, all_projects, fragile)
INDICATORS: tuple[it.Indicator, ...] = (*MEASURES, tidy, judged)


@attrs.frozen(kw_only=True)
class Linear(it.Rule):
    """The value times the points, without limits: for penalties and bonuses."""

    kind: ClassVar[str] = "demo.linear"

    factor: it.Quantity = attrs.field(default=it.Quantity(1), converter=it.exact)

    def points(self, value: Any, full: it.Quantity) -> Any:
        return value * self.factor * full

    def words(self, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
        del indicator
        return text(f"结果 × {full.text} 分", f"the value times {full.text} points")[language]


class DemoPlugin:
    """The demo indicators as a plugin."""

    INDICATREE_CONTRACT = 1

    @it.hookimpl
    def indicatree_indicators(self) -> Iterable[it.Indicator]:
        return INDICATORS

    @it.hookimpl
    def indicatree_rules(self) -> Iterable[type[it.Rule]]:
        return [Linear]


def demo_catalog() -> it.Catalog:
    return it.Catalog(plugins=[DemoPlugin()], strict=True)


# Numbers. What is drawn often is made once, here: making strategies costs more than drawing from them.

_ZH = ["预算", "绩效评价", "结果（一）", "Ａ类", "产出；效果", "“优”", "项 目", "𠮷", "1.50", "=1+1", 'a"b', "\\n"]
_EN = ["Budget", "Result (1)", "Outcome, late", "it's", 'so-called "good"', "naïve", "1.50", "%", "a|b", "C:\\d"]
_BOOLEANS = st.booleans()
_PERCENTS = st.integers(0, 100)
_SEVERAL = st.integers(1, 3)

TEXTS = st.builds(it.Text, zh=st.sampled_from(_ZH), en=st.sampled_from(_EN))
"""Titles in both languages, some of them awkward to print or to quote."""

FRACTIONS = st.one_of(
    st.integers(-60, 60).map(lambda number: Fraction(number, 20)),
    st.integers(-30000, 30000).map(lambda number: Fraction(number, 10**4)),
    st.integers(-21, 21).map(lambda number: Fraction(number, 7)),
)
"""Values near the edges that rules have: percents, halves, sevenths."""

QUANTITIES = FRACTIONS.map(it.exact)
SHARES = st.one_of(
    _PERCENTS.map(lambda part: it.Quantity(part, 100)), st.integers(0, 7).map(lambda n: it.Quantity(n, 7))
)


def _chance(draw: st.DrawFn, percent: int) -> bool:
    return draw(_PERCENTS) >= 100 - percent


def _maybe_text(draw: st.DrawFn) -> it.Text:
    return draw(TEXTS) if _chance(draw, 25) else it.Text()


_WHOLE_POINTS = st.integers(0, 20)
_ANY_POINTS = {places: st.integers(0, 20 * 10**places) for places in range(9)}


def _points(draw: st.DrawFn, precision: int) -> it.Quantity:
    """Points with at most so many decimal places, more often round ones."""
    unit = 10**precision
    number = draw(_WHOLE_POINTS) * unit if draw(_BOOLEANS) else draw(_ANY_POINTS[precision])
    return it.Quantity(number, unit)


# Rules

_TWO_EDGES = st.lists(FRACTIONS, min_size=2, max_size=2, unique=True).map(sorted)
_EDGES = st.lists(FRACTIONS, min_size=1, max_size=5, unique=True).map(sorted)
_LOWER = st.sampled_from(["at_least", "above"])
_UPPER = st.sampled_from(["at_most", "below"])
_ENDS = st.sampled_from(["lower", "upper", "both", "exactly"])
_OWNERS = st.sampled_from(["below", "above", "alone"])
_QUARTERS = st.integers(0, 4)
_POSITIONS = st.integers(0, 10)


def _bands(draw: st.DrawFn, full: it.Quantity) -> rules.Bands:
    """Bands over edges of every ownership, with or without gaps; one of them gives full marks."""
    made: list[dict[str, Any]] = []
    lower: dict[str, Any] = {}
    for edge in draw(_EDGES):
        owner = draw(_OWNERS)
        made.append({**lower, ("at_most" if owner == "below" else "below"): it.exact(edge)})
        if owner == "alone":
            made.append({"exactly": it.exact(edge)})
        lower = {("at_least" if owner == "above" else "above"): it.exact(edge)}
    made.append(lower)
    otherwise = None
    if draw(_BOOLEANS):
        otherwise = full * it.Quantity(draw(_QUARTERS), 4)
        made = [edges for edges in made if draw(_BOOLEANS)] or made[:1]
    awards = [full * it.Quantity(draw(_QUARTERS), 4) for _ in made]
    awards[draw(_POSITIONS) % len(made)] = full
    found = [rules.Band(**edges, points=award) for edges, award in zip(made, awards, strict=True)]
    if draw(_BOOLEANS):
        found.reverse()
    turn = draw(_POSITIONS) % len(found)
    return rules.Bands(bands=found[turn:] + found[:turn], otherwise=otherwise)


def _all_or_nothing(draw: st.DrawFn, full: it.Quantity) -> rules.AllOrNothing:
    del full
    low, high = draw(_TWO_EDGES)
    both = {draw(_LOWER): it.exact(low), draw(_UPPER): it.exact(high)}
    kind = draw(_ENDS)
    if kind == "exactly":
        return rules.AllOrNothing(exactly=it.exact(low))
    if kind != "both":
        both.popitem() if kind == "lower" else both.pop(next(iter(both)))
    return rules.AllOrNothing(**both)


_STEP = st.sampled_from(["1%", "0.5%", "5%", "1/3", "1"])
_COST = st.sampled_from(["0.5", "1", "0.01", "1/3", "2"])
_SIDE = st.sampled_from(rules.Side)
_STEPS = st.sampled_from(rules.Steps)
_TARGET = st.sampled_from(["100%", "95%", "1/3", "2"])
_EDGES_DOWN = st.lists(st.integers(1, 99), max_size=3, unique=True).map(lambda some: sorted(some, reverse=True))


_UNTIL = st.sampled_from([0, 0, 0, 1, 2, 3])


def _until(draw: st.DrawFn, full: it.Quantity) -> it.Quantity:
    """Where a deduction stops: at none left, or at some of the points."""
    return full * it.Quantity(draw(_UNTIL), 4)


def _deduct_per_step(draw: st.DrawFn, full: it.Quantity) -> rules.DeductPerStep:
    return rules.DeductPerStep(
        until=_until(draw, full),
        target=draw(QUANTITIES),
        step=draw(_STEP),
        points_per_step=draw(_COST),
        side=draw(_SIDE),
        steps=draw(_STEPS),
    )


def _proportional(draw: st.DrawFn, full: it.Quantity) -> rules.Proportional:
    del full
    target = it.exact(draw(_TARGET))
    none_below = target * draw(SHARES) if draw(_BOOLEANS) else it.exact(0)
    return rules.Proportional(target=target, none_below=none_below if none_below > 0 else None)


def _per_item(draw: st.DrawFn, full: it.Quantity) -> rules.PerItem:
    names = list(tidy.items)
    capped = draw(_BOOLEANS)
    more = 1 + it.Quantity(draw(_QUARTERS), 4) if capped else it.exact(1)
    if draw(_BOOLEANS):
        return rules.PerItem(each=full * more / len(names), capped=capped)
    parts = [1, *(draw(_QUARTERS) for _ in names[1:])]
    points = [full * more * it.Quantity(part, sum(parts)) for part in parts]
    return rules.PerItem(items=dict(zip(names, points, strict=True)), capped=capped)


def _graded_judgement(draw: st.DrawFn, full: it.Quantity) -> rules.GradedJudgement:
    del full
    if draw(_BOOLEANS):
        return rules.GradedJudgement()
    steps = [rules.GradeStep(f"{edge}%", draw(TEXTS)) for edge in draw(_EDGES_DOWN)]
    return rules.GradedJudgement(grades=[*steps, rules.GradeStep(0, draw(TEXTS))])


_ALLOWED = st.sampled_from(["0", "0", "1", "2", "1/2"])
_THRESHOLD = st.sampled_from(["100%", "120%", "150%", "4/3"])
_SLOPE = st.sampled_from(["0.5", "1", "1/3", "4"])
COMPARED: tuple[it.Measured, ...] = (execution, staffing, all_projects, fragile)
"""The measures that a percentage may be compared with: each takes whole records."""
_AGAINST = st.lists(st.sampled_from(COMPARED), max_size=2, unique_by=lambda measure: measure.id)
_SIDES: st.SearchStrategy[tuple[st.SearchStrategy[str], ...]] = st.sampled_from(
    [(_LOWER,), (_UPPER,), (_LOWER, _UPPER), (st.just("exactly"),)]
)


def _incidents(draw: st.DrawFn, full: it.Quantity) -> rules.Incidents:
    return rules.Incidents(points_per_incident=draw(_COST), allowed=draw(_ALLOWED), until=_until(draw, full))


def _over_fulfilment(draw: st.DrawFn, full: it.Quantity) -> rules.OverFulfilment:
    del full
    return rules.OverFulfilment(target=draw(_TARGET), threshold=draw(_THRESHOLD), slope=draw(_SLOPE))


def _comparison(draw: st.DrawFn, full: it.Quantity) -> rules.Comparison:
    """Cases of every kind of edge, in any order; each measure that is compared with is in one of them."""
    against = {f"beside_{index}": measure for index, measure in enumerate(draw(_AGAINST))}
    names = list(against)
    cases = []
    for index in range(max(len(names), 1) + draw(_QUARTERS) % 3):
        edges: dict[str, Any] = {}
        for side in draw(_SIDES):
            named = bool(names) and (draw(_BOOLEANS) or (not edges and index < len(names)))
            position = draw(_POSITIONS) if edges else index
            edges[draw(side)] = names[position % len(names)] if named else draw(QUANTITIES)
        if len(edges) > 1 and all(isinstance(edge, it.Quantity) for edge in edges.values()):
            low, high = sorted(edges.values(), key=lambda edge: edge.fraction)
            edges = dict(zip(edges, (low, high + 1 if low == high else high), strict=True))
        cases.append(rules.Case(**edges, points=full * it.Quantity(draw(_QUARTERS), 4)))
    return rules.Comparison(against=against, cases=cases, otherwise=full * it.Quantity(draw(_QUARTERS), 4))


def _deduct_per_item(draw: st.DrawFn, full: it.Quantity) -> rules.DeductPerItem:
    """A deduction of any size above zero: all items together may cost less than the points, or more."""
    names, until = list(tidy.items), _until(draw, full)
    if draw(_BOOLEANS):
        return rules.DeductPerItem(each=draw(_COST), until=until)
    return rules.DeductPerItem(items={name: draw(_COST) for name in names}, until=until)


_MEASURED_RULES: list[Callable[[st.DrawFn, it.Quantity], it.Rule]] = [
    _bands,
    _all_or_nothing,
    _deduct_per_step,
    _proportional,
    _incidents,
    _over_fulfilment,
    _comparison,
]
_CHECKLIST_RULES: list[Callable[[st.DrawFn, it.Quantity], it.Rule]] = [_per_item, _deduct_per_item]
_WHICH_RULE = st.sampled_from(_MEASURED_RULES)
_WHICH_CHECKLIST_RULE = st.sampled_from(_CHECKLIST_RULES)


def _drawn(make: Callable[[st.DrawFn, it.Quantity], Any]) -> Callable[..., st.SearchStrategy[Any]]:
    """A strategy for rules at given points, 10 by default."""

    @st.composite
    def strategy(draw: st.DrawFn, full: Any = 10) -> Any:
        return make(draw, it.exact(full))

    return strategy


bands = _drawn(_bands)
all_or_nothing = _drawn(_all_or_nothing)
deduct_per_step = _drawn(_deduct_per_step)
proportional = _drawn(_proportional)
incidents = _drawn(_incidents)
over_fulfilment = _drawn(_over_fulfilment)
comparison = _drawn(_comparison)
per_item = _drawn(_per_item)
deduct_per_item = _drawn(_deduct_per_item)
graded_judgement = _drawn(_graded_judgement)


def measured_rules(full: Any = 10) -> st.SearchStrategy[it.Rule]:
    return st.one_of(*(_drawn(make)(full) for make in _MEASURED_RULES))


def checklist_rules(full: Any = 10) -> st.SearchStrategy[rules.PerItem | rules.DeductPerItem]:
    return st.one_of(*(_drawn(make)(full) for make in _CHECKLIST_RULES))


@attrs.frozen
class Asked:
    """A measured rule, and all that it needs to give points.

    Attributes:
        rule: The rule.
        value: The value.
        beside: What it is compared with, and what an assessor says, by name.
    """

    rule: it.Rule
    value: Fraction
    beside: dict[str, Any]

    @property
    def named(self) -> dict[str, Any]:
        """The same as the rule takes it."""
        return {name: it.exact(one) if isinstance(one, Fraction) else one for name, one in self.beside.items()}

    def at(self, value: Fraction) -> Asked:
        return attrs.evolve(self, value=value)


@st.composite
def asked(draw: st.DrawFn, made: st.SearchStrategy[it.Rule] | None = None, full: Any = 10) -> Asked:
    """A rule at given points, a value, and what the rule asks for besides."""
    rule = draw(measured_rules(full) if made is None else made)
    beside: dict[str, Any] = {}
    if isinstance(rule, rules.Comparison):
        beside = {name: draw(FRACTIONS) for name in rule.against}
    if isinstance(rule, rules.OverFulfilment):
        beside = {"target_set_low": draw(_BOOLEANS)}
    return Asked(rule, draw(FRACTIONS), beside)


# Schemes

ALLOWED = (it.Treatment.NO_POINTS, it.Treatment.FULL_POINTS, it.Treatment.LEFT_OUT)
"""The treatments with which every unit has a scorecard."""

_TREATMENT = st.sampled_from(ALLOWED)
_INDICATOR = st.sampled_from(INDICATORS)
_FACTOR = st.sampled_from(["1", "-1", "2", "1/3"])
_WEIGHT = st.sampled_from(["1", "2", "0.5", "1/3"])
_OVER_LINES = st.sampled_from([it.Combine.WEIGHTED_MEAN, it.Combine.MINIMUM, it.Combine.BETTER_OF])
_PRECISION = st.sampled_from([2, 2, 2, 0, 1, 3, 8])
_ROUNDING = st.sampled_from(it.Rounding)
_TIERS = st.lists(st.sampled_from(it.Tier), min_size=1, max_size=3, unique=True)


OUTCOMES = ("missing", "undefined", "not_applicable", "failed")


def _policies(draw: st.DrawFn, *, whole: bool) -> it.Policies:
    """What is done for each outcome, or for some of them."""
    named = {outcome: draw(_TREATMENT) for outcome in OUTCOMES if whole or draw(_BOOLEANS)}
    return it.Policies(**named)


@attrs.frozen
class _Style:
    precision: int
    combine: st.SearchStrategy[it.Combine]
    beyond: bool


def _bindings(draw: st.DrawFn, indicator: it.Indicator, rule: it.Rule | None) -> dict[str, str]:
    """The records of a leaf where they are not the ones of the same name."""
    compared = rule.against.values() if isinstance(rule, rules.Comparison) else ()
    parameters = {parameter for measure in (indicator, *compared) for parameter in measure.parameters}
    found = {}
    if "budget" in parameters and draw(_BOOLEANS):
        found["budget"] = "second_budget"
    # beside other records, the items must be named
    if "project" in parameters and (len(parameters) > 1 or draw(_BOOLEANS)):
        found["project"] = "projects"
    return found


def _leaf(draw: st.DrawFn, name: str, style: _Style) -> it.Leaf:
    indicator = draw(_INDICATOR)
    full = _points(draw, style.precision)
    more: dict[str, Any] = {}
    rule: it.Rule | None
    if isinstance(indicator, it.Checklist):
        rule = draw(_WHICH_CHECKLIST_RULE)(draw, full)
    elif isinstance(indicator, it.Graded):
        rule = _graded_judgement(draw, full)
    elif style.beyond and _chance(draw, 20):
        rule = Linear(factor=draw(_FACTOR))
        more = {"lowest": -_points(draw, style.precision), "highest": full + _points(draw, style.precision)}
    else:
        rule = draw(_WHICH_RULE)(draw, full)
        if style.beyond and isinstance(rule, rules.DeductPerStep | rules.Incidents) and draw(_BOOLEANS):
            more = {"lowest": -_points(draw, style.precision)}
            rule = attrs.evolve(rule, until=more["lowest"])
        if any(other.unit != indicator.unit for other in rule.compared_with.values()):
            rule = _proportional(draw, full)
    if not full > 0 and not more and draw(_BOOLEANS):
        rule = None
    if indicator is project_execution:
        more |= {"for_each": "projects", "combine": it.Aggregation(draw(_OVER_LINES))}
    return it.Leaf(
        id=name,
        indicator=indicator,
        points=full,
        rule=rule,
        title=_maybe_text(draw),
        bindings=_bindings(draw, indicator, rule),
        policies=_policies(draw, whole=False) if _chance(draw, 25) else it.Policies(),
        assumption=_maybe_text(draw),
        **more,
    )


def points_of(node: Any) -> Fraction:
    """The points of a node, as given or added."""
    if node.points is not None:
        given: Fraction = node.points.fraction
        return given
    return sum((points_of(child) for child in node.children), start=Fraction(0))


def _combined(draw: st.DrawFn, children: Sequence[Any], style: _Style) -> dict[str, Any]:
    """The aggregation and the points of a node with these children."""
    combine = draw(style.combine)
    total = sum((points_of(child) for child in children), start=Fraction(0))
    if combine is it.Combine.SUM:
        return {"points": it.exact(total) if draw(_BOOLEANS) else None}
    weights: dict[str, Any] = {}
    if combine is it.Combine.WEIGHTED_MEAN and draw(_BOOLEANS):
        weights = {child.id: draw(_WEIGHT) for child in children}
    limit = (_points(draw, style.precision) + 1).fraction if total else total
    if combine is it.Combine.CAPPED_SUM:
        limit = min(limit, total)
    return {"points": it.exact(limit), "aggregation": it.Aggregation(combine, weights)}


def _group(draw: st.DrawFn, name: str, depth: int, style: _Style) -> it.Group:
    groups: list[it.Group] = []
    found: list[it.Leaf] = []
    size = draw(_SEVERAL)
    if depth and _chance(draw, 30):
        groups = [_group(draw, f"{name}_{index}", depth - 1, style) for index in range(size)]
    else:
        found = [_leaf(draw, f"leaf_{index}", style) for index in range(size)]
    return it.Group(
        id=name,
        title=draw(TEXTS),
        groups=groups,
        indicators=found,
        assumption=_maybe_text(draw),
        **_combined(draw, [*groups, *found], style),
    )


VETO_RECORDS = ("veto_budget", "veto_staff")
"""The records of measured vetoes, which drawn data always holds whole: without a figure there is no scorecard."""

_VETO_MEASURE = st.sampled_from([None, None, balance, staffing])


def _veto(draw: st.DrawFn, name: str, precision: int, grades: Sequence[str]) -> it.Veto:
    """A veto that is measured or said, and that caps the grade, the total or both."""
    measure = draw(_VETO_MEASURE)
    more: dict[str, Any] = {}
    if measure is not None:
        (parameter,) = measure.parameters
        edges = {draw(side): draw(QUANTITIES) for side in draw(_SIDES)}
        if len(edges) > 1:
            low, high = sorted(edges.values(), key=lambda edge: edge.fraction)
            edges = dict(zip(edges, (low, high + 1), strict=True))
        more = {"indicator": measure, "when": rules.Limits(**edges), "bindings": {parameter: f"veto_{parameter}"}}
    caps = draw(_ENDS)
    return it.Veto(
        id=name,
        title=draw(TEXTS),
        grade="" if caps == "lower" else draw(st.sampled_from(grades)),
        points=None if caps == "upper" else _points(draw, precision),
        assumption=_maybe_text(draw),
        **more,
    )


@st.composite
def schemes(
    draw: st.DrawFn,
    *,
    combines: Sequence[it.Combine] = tuple(it.Combine),
    beyond: bool = True,
    vetoes: bool = True,
) -> it.Scheme:
    """A valid scheme: a tree of any shape, of the given aggregations.

    With ``beyond``, also with leaves of penalties and bonuses; with ``vetoes``, also with vetoes.
    """
    style = _Style(draw(_PRECISION), st.sampled_from(combines), beyond)
    tiers = []
    for tier in sorted(draw(_TIERS), key=list(it.Tier).index):
        groups = [_group(draw, f"group_{index}", 2, style) for index in range(draw(_SEVERAL))]
        combined = _combined(draw, groups, style)
        tiers.append(it.TierNode(tier=tier, title=_maybe_text(draw), groups=groups, **combined))
    more = _combined(draw, tiers, style)
    if more.get("aggregation", it.Aggregation()).weights:
        del more["aggregation"], more["points"]
    grades = ["excellent", "good", "fair", "poor"]
    if draw(_BOOLEANS):
        grades = ["a", "b", "c"]
        more["grades"] = (
            it.Grade("a", draw(TEXTS), "75%"),
            it.Grade("b", draw(TEXTS), "1/3"),
            it.Grade("c", draw(TEXTS), 0),
        )
    if vetoes and draw(_BOOLEANS):
        more["vetoes"] = [_veto(draw, f"veto_{index}", style.precision, grades) for index in range(draw(_SEVERAL))]
    return it.Scheme(
        id="demo-scheme",
        title=_maybe_text(draw),
        tiers=tiers,
        precision=style.precision,
        rounding=draw(_ROUNDING),
        policies=_policies(draw, whole=True),
        source="财预〔2013〕53号" if draw(_BOOLEANS) else "",
        assumption=_maybe_text(draw),
        **more,
    )


# Data

_AMOUNTS = st.one_of(
    st.sampled_from([None, None, 0, 0, 50, 90, 95, 100, 100, 101, 300]),
    st.integers(0, 300),
    st.integers(0, 20000).map(lambda cents: Fraction(cents, 100)),
)
_SIGNED_AMOUNTS = st.one_of(_AMOUNTS, st.integers(-50, -1))
_NUMBERS = st.sampled_from([None, 0, 0, 1, 2, 3, 5, 7, 10, 11, 12])
_ACTIVE = st.sampled_from([True, True, True, False, None])
_NAMES = st.sampled_from([None, *_ZH])
_LINES = st.integers(0, 4)


_SMALL = st.integers(0, 4)


def _whole_record(draw: st.DrawFn, cls: type) -> Any:
    """A record in which no figure lacks."""
    if cls is Budget:
        return Budget(planned=draw(_SMALL), spent=draw(_SMALL))
    return Staff(posts=draw(_SMALL), in_post=draw(_SMALL))


def _record(draw: st.DrawFn, cls: type) -> Any:
    if cls is Budget:
        return Budget(planned=draw(_AMOUNTS), spent=draw(_SIGNED_AMOUNTS))
    if cls is Staff:
        return Staff(posts=draw(_NUMBERS), in_post=draw(_NUMBERS))
    amounts = {"planned": draw(_AMOUNTS), "spent": draw(_SIGNED_AMOUNTS)}
    return Project(name=draw(_NAMES), active=draw(_ACTIVE), **amounts)


@st.composite
def unit_data(draw: st.DrawFn, scheme: it.Scheme) -> it.UnitData:
    """Data that fits a scheme, with figures, records, judgements and whole leaves lacking."""
    shape = scheme.data_shape
    records: dict[str, Any] = {}
    for name, wanted in shape.records.items():
        cls = wanted.record_class
        if name in VETO_RECORDS:
            records[name] = _whole_record(draw, cls)
        elif _chance(draw, 10):
            continue
        elif wanted.many:
            records[name] = it.Items(cls, [_record(draw, cls) for _ in range(draw(_LINES))])
        else:
            records[name] = _record(draw, cls)
    judgement = {}
    for path, wanted_of in shape.judgements.items():
        if _chance(draw, 15):
            continue
        words: dict[str, Any] = {"reason": draw(TEXTS), "evidence": text("台账", "ledger")}
        if wanted_of.items is None:
            judgement[path] = it.Judgement(share=draw(SHARES), **words)
        else:
            names = list(wanted_of.items)[: 2 if _chance(draw, 15) else None]
            judgement[path] = it.Judgement(items={name: draw(_BOOLEANS) for name in names}, **words)
    excluded = {path: draw(TEXTS) for path in sorted(shape.leaves) if _chance(draw, 10)}
    return it.UnitData(
        records=records,
        unit=it.Unit(name="甲局" if draw(_BOOLEANS) else ""),
        judgement=judgement,
        not_applicable=excluded,
    )


@st.composite
def scored(draw: st.DrawFn, /, **style: Any) -> tuple[it.Scheme, it.UnitData]:
    """A scheme and data that it can score."""
    scheme = draw(schemes(**style))
    return scheme, draw(unit_data(scheme))


# Small schemes for one thing at a time


def scheme_of(*found: it.Leaf, **more: Any) -> it.Scheme:
    """A scheme of one group that holds these leaves; its path is ``process.group``."""
    group = {name: more.pop(name) for name in ("aggregation", "points") if name in more}
    node = it.Group(id="group", title=text("组", "Group"), indicators=found, **group)
    return it.Scheme(id="small", tiers=[it.TierNode(tier="process", groups=[node])], **more)


def judged_leaf(name: str, full: Any = 1, **more: Any) -> it.Leaf:
    """A leaf whose score is its points times the share that is judged."""
    return it.Leaf(id=name, indicator=judged, points=full, rule=rules.GradedJudgement(), **more)


def shares(scheme: it.Scheme, **given: Any) -> it.UnitData:
    """Judgements by leaf id; a leaf that is not named, or is given None, does not apply."""
    judgement, excluded = {}, {}
    for path, leaf in scheme.leaves():
        share = given.get(leaf.id)
        if share is None:
            excluded[path] = "no such work"
        else:
            judgement[path] = it.Judgement(share=share, reason="seen", evidence="ledger")
    return it.UnitData(judgement=judgement, not_applicable=excluded)


# Oracles


def rounded(value: Fraction, places: int, rounding: it.Rounding) -> int:
    """The value in units of the last place, as the mode says, by magnitude."""
    magnitude = abs(value) * Fraction(10) ** places
    whole = magnitude.numerator // magnitude.denominator
    rest = magnitude - whole
    half = Fraction(1, 2)
    up = {
        it.Rounding.HALF_UP: rest >= half,
        it.Rounding.HALF_EVEN: rest > half or (rest == half and whole % 2 == 1),
        it.Rounding.DOWN: False,
        it.Rounding.UP: rest > 0,
    }[rounding]
    units = whole + int(up)
    return -units if value < 0 else units


def inside(edges: Limits, value: Fraction) -> bool:
    """Whether a value lies in a range, edge by edge as it is declared."""
    return (
        (edges.exactly is None or value == edges.exactly.fraction)
        and (edges.at_least is None or value >= edges.at_least.fraction)
        and (edges.above is None or value > edges.above.fraction)
        and (edges.at_most is None or value <= edges.at_most.fraction)
        and (edges.below is None or value < edges.below.fraction)
    )


def steps_beyond(rule: rules.DeductPerStep, value: Fraction) -> Fraction:
    above, below = value - rule.target.fraction, rule.target.fraction - value
    deviation = {rules.Side.ABOVE: above, rules.Side.BELOW: below, rules.Side.EITHER: abs(above)}[rule.side]
    steps = max(deviation, Fraction(0)) / rule.step.fraction
    return {
        rules.Steps.STARTED: Fraction(math.ceil(steps)),
        rules.Steps.FULL: Fraction(math.floor(steps)),
        rules.Steps.CONTINUOUS: steps,
    }[rule.steps]


class NoValue(Exception):  # noqa: N818 - it is an answer, not an error
    """There is no value, and why."""


def beside_of(edge: Any, beside: dict[str, Any]) -> Fraction | str:
    """An edge of a case: its number, that of the measure it names, or why there is none."""
    found: Fraction | str = beside[edge] if isinstance(edge, str) else edge.fraction
    return found


_CHECKS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "exactly": operator.eq,
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


def case_holds(case: rules.Case, value: Fraction, beside: dict[str, Any]) -> bool:
    """Whether a value is in a case; a case that names a figure which lacks cannot be told."""
    edges = {name: beside_of(getattr(case, name), beside) for name in _CHECKS if getattr(case, name) is not None}
    for why in ("missing", "undefined"):
        if why in edges.values():
            raise NoValue(why)
    return all(_CHECKS[name](value, edge) for name, edge in edges.items() if isinstance(edge, Fraction))


def compared(rule: rules.Comparison, value: Fraction, beside: dict[str, Any]) -> Fraction:
    """The points of the first case that holds."""
    for case in rule.cases:
        if case_holds(case, value, beside):
            return case.points.fraction
    return rule.otherwise.fraction


def over_fulfilled(rule: rules.OverFulfilment, value: Fraction, *, set_low: bool) -> Fraction:
    """The share of the points for a value, reduced far above a target that was set low."""
    reached = value / rule.target.fraction
    share = min(max(reached, Fraction(0)), Fraction(1))
    beyond = reached - rule.threshold.fraction
    if set_low and beyond > 0:
        share = max(share - beyond * rule.slope.fraction, Fraction(0))
    return share


def items_of(rule: rules.PerItem | rules.DeductPerItem, value: Mapping[str, bool], *, met: bool) -> Fraction:
    """The points of the items that are met, or of those that are not."""
    return sum(
        ((rule.items[name] if rule.each is None else rule.each).fraction for name, one in value.items() if one is met),
        start=Fraction(0),
    )


def points_by(rule: it.Rule, value: Any, full: Fraction, beside: dict[str, Any] | None = None) -> Fraction:  # noqa: C901 - one branch for each kind
    """What a rule gives for a value, before limits and rounding.

    Args:
        rule: The rule.
        value: A fraction; for a checklist, the answers.
        full: The points of the leaf.
        beside: By name: what the value is compared with, as a fraction, or as why there is none;
            and what an assessor says.

    Raises:
        NoValue: What is compared with lacks, and decides.
    """
    named = beside or {}
    result = Fraction(0)
    if isinstance(rule, rules.Bands):
        owners = [band.points for band in rule.bands if inside(band, value)]
        award = owners[0] if owners else rule.otherwise
        assert award is not None
        result = award.fraction
    elif isinstance(rule, rules.AllOrNothing):
        result = full if inside(rule, value) else Fraction(0)
    elif isinstance(rule, rules.DeductPerStep):
        result = max(full - steps_beyond(rule, value) * rule.points_per_step.fraction, rule.until.fraction)
    elif isinstance(rule, rules.Proportional):
        none = rule.none_below is not None and value < rule.none_below.fraction
        result = full * (0 if none else min(max(value / rule.target.fraction, Fraction(0)), Fraction(1)))
    elif isinstance(rule, rules.Incidents):
        counted = max(value - rule.allowed.fraction, Fraction(0))
        result = max(full - counted * rule.points_per_incident.fraction, rule.until.fraction)
    elif isinstance(rule, rules.OverFulfilment):
        result = full * over_fulfilled(rule, value, set_low=named.get("target_set_low", False))
    elif isinstance(rule, rules.Comparison):
        result = compared(rule, value, named)
    elif isinstance(rule, rules.PerItem):
        result = items_of(rule, value, met=True)
        result = min(result, full) if rule.capped else result
    elif isinstance(rule, rules.DeductPerItem):
        result = max(full - items_of(rule, value, met=False), rule.until.fraction)
    elif isinstance(rule, Linear):
        result = value * rule.factor.fraction * full
    else:
        result = value * full
    return result


def veto_applies(veto: it.Veto, data: it.UnitData) -> bool:
    """Whether a veto of `schemes` applies to data of `unit_data`, in which its figures do not lack."""
    if f"veto.{veto.id}" in data.not_applicable:
        return False
    if veto.indicator is None:
        judgement = data.judgement.get(f"veto.{veto.id}")
        return bool(judgement and judgement.items and judgement.items.get("applies"))
    assert veto.when is not None
    (name,) = veto.bindings.values()
    record = data.records[name]
    if name == "veto_budget":
        return inside(veto.when, record.planned.fraction - record.spent.fraction)
    return record.posts.fraction > 0 and inside(veto.when, record.in_post.fraction / record.posts.fraction)
