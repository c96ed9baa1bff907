"""Valid schemes: trees of any shape."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from indicatree.arithmetic import Quantity, Rounding, exact
from indicatree.catalog import default_catalog
from indicatree.data import RecordShape, record_type
from indicatree.indicators import LESS, MORE, Checklist, Graded, Indicator, Tier
from indicatree.problems import DeclarationError, Problem
from indicatree.scheme import Aggregation, Combine, Group, Leaf, Policies, Rule, Scheme, TierNode, Treatment, rules
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from indicatree.catalog import Catalog

__all__ = ["Style", "drawn_schemes", "indicators_of", "schemes"]

_BOOLEANS = st.booleans()
_PERCENTS = st.integers(0, 99)
_POSITIONS = st.integers(0, 1000)
_SIZES = st.integers(1, 3)
_POINTS = st.integers(1, 20)
_TITLES = st.sampled_from(
    [Text(zh="预算", en="Budget"), Text(zh="结果（一）", en="Result (1)"), Text(zh="“优”", en='"good"')]
)
_ALLOWED = st.sampled_from([Treatment.NO_POINTS, Treatment.LEFT_OUT, Treatment.FULL_POINTS])
_OUTCOMES = ("missing", "undefined", "not_applicable", "failed")
_EDGE = st.one_of(st.integers(-4, 40).map(lambda n: Fraction(n, 20)), st.integers(0, 21).map(lambda n: Fraction(n, 7)))
_EDGES = st.lists(_EDGE, min_size=1, max_size=4, unique=True).map(sorted)
_OWNERS = st.sampled_from(["below", "above", "alone"])
_QUARTERS = st.integers(0, 4)
_LEFT = st.sampled_from([0, 0, 0, 1, 2])
_NONE_BELOW = st.sampled_from([None, None, "60%", "1/3", "95%"])
_COSTS = st.sampled_from(["0.5", "1", "1/3"])
_OVER_LINES = st.sampled_from([Combine.WEIGHTED_MEAN, Combine.MINIMUM, Combine.BETTER_OF])
_WEIGHTS = st.sampled_from(["1", "2", "0.5", "1/3"])


# Rules that fit an indicator


def _bands(draw: st.DrawFn, full: Quantity, measure: Indicator) -> Rule:
    """Bands over edges of every ownership; points go with the direction of the indicator, where it has one."""
    if measure.better is not None and measure.better.target is not None:
        return _deduct_per_step(draw, full, measure)
    made: list[dict[str, Any]] = []
    lower: dict[str, Any] = {}
    for edge in draw(_EDGES):
        owner = draw(_OWNERS)
        made.append({**lower, ("at_most" if owner == "below" else "below"): exact(edge)})
        if owner == "alone":
            made.append({"exactly": exact(edge)})
        lower = {("at_least" if owner == "above" else "above"): exact(edge)}
    made.append(lower)
    parts = sorted(draw(_QUARTERS) for _ in made)
    parts[-1] = 4
    if measure.better == LESS:
        parts.reverse()
    return rules.Bands(
        bands=[rules.Band(**edges, points=full * Quantity(part, 4)) for edges, part in zip(made, parts, strict=True)]
    )


def _all_or_nothing(draw: st.DrawFn, full: Quantity, measure: Indicator) -> Rule:
    del full
    if measure.better is not None and measure.better.target is not None:
        return rules.AllOrNothing(exactly=measure.better.target)
    names = ("at_most", "below") if measure.better == LESS else ("at_least", "above")
    return rules.AllOrNothing(**{names[draw(_BOOLEANS)]: exact(draw(_EDGE))})


def _until(draw: st.DrawFn, full: Quantity) -> Quantity:
    """Where a deduction stops: mostly at none left, else at some of the points."""
    return full * Quantity(draw(_LEFT), 4)


def _incidents(draw: st.DrawFn, full: Quantity, measure: Indicator) -> Rule:
    if measure.better is not None and measure.better != LESS:
        return _deduct_per_step(draw, full, measure)
    return rules.Incidents(
        points_per_incident=draw(_COSTS), allowed=draw(st.sampled_from(["0", "1", "1/2"])), until=_until(draw, full)
    )


def _deduct_per_step(draw: st.DrawFn, full: Quantity, measure: Indicator) -> Rule:
    better = measure.better
    target = draw(_EDGE) if better is None or better.target is None else better.target.fraction
    side = {MORE: "below", LESS: "above"}.get(better) if better is not None else None
    return rules.DeductPerStep(
        target=exact(target),
        step=draw(st.sampled_from(["1%", "5%", "1/3"])),
        points_per_step=draw(_COSTS),
        side=side or "either",
        steps=draw(st.sampled_from(rules.Steps)),
        until=_until(draw, full),
    )


def _proportional(draw: st.DrawFn, full: Quantity, measure: Indicator) -> Rule:
    if measure.better is not None and measure.better != MORE:
        return _deduct_per_step(draw, full, measure)
    return rules.Proportional(target=draw(st.sampled_from(["100%", "95%", "2"])), none_below=draw(_NONE_BELOW))


def _over_fulfilment(draw: st.DrawFn, full: Quantity, measure: Indicator) -> Rule:
    if measure.better is not None and measure.better != MORE:
        return _all_or_nothing(draw, full, measure)
    return rules.OverFulfilment(
        threshold=draw(st.sampled_from(["100%", "150%"])), slope=draw(st.sampled_from(["0.5", "1"]))
    )


_MEASURED: st.SearchStrategy[Callable[[st.DrawFn, Quantity, Indicator], Rule]] = st.sampled_from(
    [_bands, _all_or_nothing, _deduct_per_step, _proportional, _over_fulfilment, _incidents]
)


def _rule(draw: st.DrawFn, indicator: Indicator, full: Quantity) -> Rule:
    if isinstance(indicator, Checklist):
        if draw(_BOOLEANS):
            return rules.DeductPerItem(each=draw(_COSTS), until=_until(draw, full))
        capped = draw(_BOOLEANS)
        return rules.PerItem(each=full * (1 + capped * draw(_QUARTERS)) / len(indicator.items), capped=capped)
    if isinstance(indicator, Graded):
        return rules.GradedJudgement()
    return draw(_MEASURED)(draw, full, indicator)


_DEDUCTIONS = (rules.DeductPerStep, rules.Incidents, rules.DeductPerItem)


# Trees


@attrs.frozen
class Style:
    """What schemes are drawn from."""

    indicators: tuple[Indicator, ...]
    combines: st.SearchStrategy[Combine]
    depth: int
    strict: bool
    names: dict[str, RecordShape] = attrs.field(factory=dict)


def _bound(style: Style, parameter: str, shape: RecordShape) -> str:
    """A name for a record under which the scheme expects nothing else."""
    for name in (parameter, f"{parameter}_{record_type(shape.record_class).id.replace('.', '_').replace('-', '_')}"):
        if style.names.setdefault(name, shape) == shape:
            return name
    return _bound(style, f"{parameter}_more", shape)


def _leaf(draw: st.DrawFn, name: str, style: Style) -> Leaf:
    indicator = style.indicators[draw(_POSITIONS) % len(style.indicators)]
    full = exact(draw(_POINTS)) if draw(_PERCENTS) < 90 else exact(0)  # noqa: PLR2004 - few leaves have no points
    more: dict[str, Any] = {}
    singles = [parameter for parameter, shape in indicator.parameters.items() if not shape.many]
    lines = ""
    if len(indicator.parameters) == 1 and singles and draw(_PERCENTS) < 20:  # noqa: PLR2004 - one leaf in five
        (parameter,) = singles
        shape = RecordShape(indicator.parameters[parameter].record_class, many=True)
        lines = _bound(style, f"{parameter}_lines", shape)
        more = {"bindings": {parameter: lines}, "for_each": lines, "combine": Aggregation(draw(_OVER_LINES))}
    else:
        bound = {parameter: _bound(style, parameter, shape) for parameter, shape in indicator.parameters.items()}
        more["bindings"] = {parameter: record for parameter, record in bound.items() if parameter != record}
    rule = _rule(draw, indicator, full) if full > 0 else None
    if isinstance(rule, _DEDUCTIONS) and draw(_PERCENTS) < 20:  # noqa: PLR2004 - one deduction in five
        more["lowest"] = exact(-draw(_SIZES))
        rule = attrs.evolve(rule, until=more["lowest"])
    if not style.strict and draw(_PERCENTS) < 20:  # noqa: PLR2004 - one leaf in five
        more["policies"] = Policies(**{outcome: draw(_ALLOWED) for outcome in _OUTCOMES if draw(_BOOLEANS)})
    return Leaf(id=name, indicator=indicator, points=full, rule=rule, **more)


def _points_of(node: Any) -> Fraction:
    if node.points is not None:
        return node.points.fraction  # type: ignore[no-any-return]
    return sum((_points_of(child) for child in node.children), start=Fraction(0))


def _combined(draw: st.DrawFn, children: Sequence[Any], style: Style) -> dict[str, Any]:
    combine = draw(style.combines)
    total = sum((_points_of(child) for child in children), start=Fraction(0))
    if combine is Combine.SUM or not total:
        return {"points": exact(total) if draw(_BOOLEANS) else None}
    weights = {}
    if combine is Combine.WEIGHTED_MEAN and draw(_BOOLEANS):
        weights = {child.id: draw(_WEIGHTS) for child in children}
    points = exact(1 + draw(_POSITIONS) % int(total)) if combine is Combine.CAPPED_SUM else exact(draw(_POINTS))
    return {"points": points, "aggregation": Aggregation(combine, weights)}


def _group(draw: st.DrawFn, name: str, depth: int, style: Style) -> Group:
    size = draw(_SIZES)
    groups: list[Group] = []
    leaves: list[Leaf] = []
    if depth and draw(_PERCENTS) < 30:  # noqa: PLR2004 - most groups hold leaves
        groups = [_group(draw, f"{name}_{index}", depth - 1, style) for index in range(size)]
    else:
        leaves = [_leaf(draw, f"leaf_{index}", style) for index in range(size)]
    return Group(
        id=name, title=draw(_TITLES), groups=groups, indicators=leaves, **_combined(draw, [*groups, *leaves], style)
    )


def indicators_of(catalog: Catalog | None, indicators: Iterable[Indicator] | None) -> tuple[Indicator, ...]:
    """The indicators of a catalog, or those that are given, that hold for all years."""
    found = list((catalog or default_catalog()).indicators.values()) if indicators is None else list(indicators)
    always = tuple(one for one in found if one.years is None)
    if not always:
        message = Text(zh="没有适用于各年度的指标", en="there is no indicator that holds for all years")
        fix = Text(zh="给出 catalog 或 indicators", en="pass a catalog, or indicators")
        raise DeclarationError([Problem("no-indicator", "schemes", message, fix)])
    return always


def schemes(
    catalog: Catalog | None = None,
    *,
    indicators: Iterable[Indicator] | None = None,
    combines: Iterable[Combine] = tuple(Combine),
    depth: int = 2,
    strict: bool = False,
) -> st.SearchStrategy[Scheme]:
    """Valid schemes: trees of any shape, with indicators of a catalog and the built-in rules.

    Args:
        catalog: Where the indicators come from; by default the installed plugins.
        indicators: The indicators, in place of those of a catalog.
        combines: The ways to combine children.
        depth: How deep groups may nest below a group.
        strict: Whether policies are left as they are by default (a missing figure is an error); else every unit
            can be scored.

    Raises:
        DeclarationError: There are no indicators.

    Example:
        >>> import indicatree as it
        >>> from hypothesis import given, settings
        >>> opening = it.graded("demo.opening", tier="effect", title=it.Text(zh="开放", en="Opening"))
        >>> @given(schemes(indicators=[opening]))
        ... @settings(max_examples=10)
        ... def check(scheme):
        ...     assert len(scheme.tiers) == 4
        >>> check()
    """
    style = Style(indicators_of(catalog, indicators), st.sampled_from(list(combines)), depth, strict)
    return drawn_schemes(style)


@st.composite
def drawn_schemes(draw: st.DrawFn, style: Style) -> Scheme:
    """A scheme in a style."""
    style = attrs.evolve(style, names={})
    tiers = []
    for tier in Tier:
        if tier is not Tier.PROCESS and draw(_PERCENTS) < 60:  # noqa: PLR2004 - most schemes have few tiers
            continue
        groups = [_group(draw, f"group_{index}", style.depth, style) for index in range(draw(_SIZES))]
        tiers.append(TierNode(tier=tier, groups=groups, **_combined(draw, groups, style)))
    more = _combined(draw, tiers, style)
    if more.get("aggregation", Aggregation()).weights:
        more["aggregation"] = Aggregation(more["aggregation"].combine)
    policies = Policies() if style.strict else Policies(**{outcome: draw(_ALLOWED) for outcome in _OUTCOMES})
    return Scheme(
        id="drawn",
        title=draw(_TITLES),
        tiers=tiers,
        precision=2,
        rounding=draw(st.sampled_from(Rounding)),
        policies=policies,
        **more,
    )
