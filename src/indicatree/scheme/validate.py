"""What is wrong with a scheme: everything at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import Quantity
from indicatree.data import record_type
from indicatree.indicators import Checklist, Graded, Indicator, Measured, Tier
from indicatree.problems import DeclarationError, Problem, did_you_mean, quoted
from indicatree.scheme.aggregation import Aggregation, Combine
from indicatree.scheme.rules.base import Marks, Rule, Takes
from indicatree.scheme.tree import Leaf, leaf_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.scheme.tree import Group, Scheme, TierNode
    from indicatree.scheme.vetoes import Veto

__all__ = ["problems_of_scheme"]

_LEAF_ID = re.compile(r"[a-z][a-z0-9_]*")
_SCHEME_ID = re.compile(r"[a-z][a-z0-9_.-]*")
_MOST_PLACES = 12


def problems_of_scheme(scheme: Scheme) -> list[Problem]:
    """Every problem of a scheme, each with the path of its node."""
    found = list(_whole(scheme))
    found += _tiers(scheme)
    found += _vetoes(scheme)
    found += _identities(scheme)
    for path, node in scheme.walk():
        if not _LEAF_ID.fullmatch(node.id):
            message = f'expected an id of small letters, digits and underscores, got "{node.id}"'
            found.append(Problem("bad-id", path, message))
        if isinstance(node, Leaf):
            found += [problem.under(path) for problem in _leaf(scheme, node)]
        else:
            found += [problem.under(path) for problem in _inner(scheme, node)]
    if not any(problem.code in ("bad-binding", "bad-for-each") for problem in found):
        found += _records(scheme)
    return found


def _whole(scheme: Scheme) -> Iterator[Problem]:
    if not _SCHEME_ID.fullmatch(scheme.id):
        message = f'expected an id of small letters, digits, dots, hyphens and underscores, got "{scheme.id}"'
        yield Problem("bad-id", "id", message)
    if not 0 <= scheme.precision <= _MOST_PLACES:
        yield Problem(
            "bad-precision", "precision", f"expected 0 to {_MOST_PLACES} places, got {quoted(scheme.precision)}"
        )
    edges = [grade.at_least.fraction for grade in scheme.grades]
    names = [grade.id for grade in scheme.grades]
    if not edges or edges[-1] != 0 or edges != sorted(set(edges), reverse=True) or len(set(names)) < len(names):
        yield Problem(
            "bad-grades", "grades", "expected grades from the best down to one at 0, each with its own id and edge"
        )
    for index, grade in enumerate(scheme.grades):
        if grade.at_least > 1:
            said = grade.at_least.text
            fix = f'write "{said}%"'
            message = f"expected a share of the points of at most 100 %, got {said}"
            yield Problem("bad-grades", f"grades[{index}].at_least", message, fix)
    yield from _node_points(scheme, scheme)
    yield from _weights(scheme, [tier.id for tier in scheme.tiers])
    if not any(tier.groups for tier in scheme.tiers):
        yield Problem("empty-scheme", "tiers", "no tier has a group")


def _tiers(scheme: Scheme) -> Iterator[Problem]:
    order = [tier.tier for tier in scheme.tiers]
    if order != list(Tier):
        said = ", ".join(tier.value for tier in order)
        message = f"expected each of input, process, output, effect at most once and in this order, got {said}"
        yield Problem("bad-tiers", "tiers", message)


def _inner(scheme: Scheme, node: Group | TierNode) -> Iterator[Problem]:
    groups, leaves = node.groups, getattr(node, "indicators", ())
    if groups and leaves:
        yield Problem("mixed-group", "", "holds both groups and indicators", "put the indicators in a group")
    if not node.children and not isinstance(getattr(node, "tier", None), Tier):
        yield Problem("empty-group", "", "holds neither groups nor indicators", "give it some, or remove it")
    names = [child.id for child in node.children]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem("same-id", name, "two siblings have this id", "rename one")
    yield from _node_points(scheme, node)
    yield from _weights(node, names)


def _weights(node: Scheme | Group | TierNode, names: list[str]) -> Iterator[Problem]:
    """Whether the weights of a weighted mean are whole."""
    weights = node.aggregation.weights
    if weights and node.aggregation.combine is not Combine.WEIGHTED_MEAN:
        yield Problem("bad-weights", "aggregation", "weights go with weighted_mean only")
    for name, weight in weights.items():
        if name not in names:
            hint = did_you_mean(name, names)
            yield Problem("bad-weights", f"aggregation.weights.{name}", "no child has this id", hint)
        if weight < 0:
            yield Problem("bad-weights", f"aggregation.weights.{name}", f"expected 0 or more, got {weight.text}")
    if weights and not any(weight > 0 for weight in weights.values()):
        yield Problem("bad-weights", "aggregation.weights", "no weight is above zero")
    if weights and set(names) - set(weights):
        lacking = ", ".join(sorted(set(names) - set(weights)))
        yield Problem("bad-weights", "aggregation.weights", f"no weight for {lacking}", "give every child a weight")


def _node_points(scheme: Scheme, node: Scheme | Group | TierNode) -> Iterator[Problem]:
    if node.points is not None and node.points < 0:
        yield Problem("bad-points", "points", f"expected 0 or more, got {node.points.text}")
    yield from _adds_up(scheme, node, "points")
    if node.points is not None:
        yield from _precise(scheme, node.points, "points")


def _adds_up(scheme: Scheme, node: Any, path: str) -> Iterator[Problem]:
    """Whether the points of a node are the sum of its children's, where they are added."""
    combine = node.aggregation.combine
    if node.points is None:
        if combine is not Combine.SUM and node.children:
            yield Problem(
                "no-points", path, f"a node combined by {combine.value} needs its points", "write points = ..."
            )
        return
    total = Quantity(0)
    for child in node.children:
        total = total + scheme.points_of(child)
    if combine is Combine.SUM and total != node.points:
        message = f"its children have {total.text} points together, it says {node.points.text}"
        yield Problem("points-do-not-add-up", path, message, "change one of them")
    short = total < node.points if combine is Combine.CAPPED_SUM else total == 0 and node.points > 0
    if combine is not Combine.SUM and short:
        message = f"its children have {total.text} points together, so its {node.points.text} cannot be reached"
        yield Problem("points-do-not-add-up", path, message, "give the children more points")


def _precise(scheme: Scheme, points: Quantity, path: str) -> Iterator[Problem]:
    if not 0 <= scheme.precision <= _MOST_PLACES:
        return
    if (points * 10**scheme.precision).fraction.denominator != 1:
        yield Problem("bad-points", path, f"{points.text} has more than {scheme.precision} decimal places")


def _leaf(scheme: Scheme, leaf: Leaf) -> Iterator[Problem]:
    if not isinstance(leaf.indicator, Indicator):
        message = f"expected an indicator, got {type(leaf.indicator).__name__}"
        yield Problem("not-an-indicator", "indicator", message, "decorate the measure with @indicator")
        return
    for measure in leaf.measures:
        yield from _years(scheme, measure)
    if leaf.points < 0:
        yield Problem("bad-points", "points", f"expected 0 or more, got {leaf.points.text}")
    for name, limit in (("points", leaf.points), ("lowest", leaf.lowest), ("highest", leaf.highest)):
        if limit is not None:
            yield from _precise(scheme, limit, name)
    if leaf.lowest > 0:
        yield Problem("bad-points", "lowest", f"expected 0 or less, got {leaf.lowest.text}")
    if leaf.most < leaf.points:
        yield Problem("bad-points", "highest", f"expected the {leaf.points.text} points or more, got {leaf.most.text}")
    yield from _rule(leaf)
    yield from _bindings(leaf)
    if not leaf.for_each and leaf.combine != Aggregation(Combine.WEIGHTED_MEAN):
        yield Problem("bad-combine", "combine", "goes with for_each only", 'write for_each = "..." or leave it out')
    if leaf.combine.combine in (Combine.SUM, Combine.CAPPED_SUM) or leaf.combine.weights:
        fix = "choose weighted_mean (of equal weights), minimum or better_of"
        yield Problem("bad-combine", "combine", "lines are combined by their shares of the points", fix)


def _rule(leaf: Leaf) -> Iterator[Problem]:
    rule = leaf.rule
    if rule is None:
        if leaf.points > 0:
            yield Problem(
                "no-rule", "rule", f"a leaf of {leaf.points.text} points needs a rule", "rule = { kind = ... }"
            )
        return
    if not isinstance(rule, Rule):
        yield Problem("not-a-rule", "rule", f"expected a rule, got {type(rule).__name__}")
        return
    needs = (
        Takes.CHECKLIST
        if isinstance(leaf.indicator, Checklist)
        else Takes.GRADE
        if isinstance(leaf.indicator, Graded)
        else Takes.MEASURE
    )
    if rule.takes is not needs:
        message = f"a {rule.kind} rule takes a {rule.takes.value}, the indicator gives a {needs.value}"
        yield Problem("wrong-rule", "rule", message)
        return
    for problem in rule.problems(leaf.indicator, Marks(leaf.points, leaf.lowest, leaf.most)):
        yield problem.under("rule")


def _years(scheme: Scheme, indicator: Indicator) -> Iterator[Problem]:
    """Whether an indicator holds for all the years of the scheme."""
    held = indicator.years
    if held is None or (scheme.years is not None and held.covers(scheme.years)):
        return
    message = f"{indicator.id} holds for {held}, the scheme for {scheme.years or 'all years'}"
    fix = f'write years = "{held}" in the scheme, or name another version of the indicator'
    yield Problem("other-years", "indicator", message, fix)


def _identities(scheme: Scheme) -> Iterator[Problem]:
    names = [identity.id for identity in scheme.identities]
    for index, identity in enumerate(scheme.identities):
        where = f"identities[{index}]"
        if not _LEAF_ID.fullmatch(identity.id):
            message = f'expected an id of small letters, digits and underscores, got "{identity.id}"'
            yield Problem("bad-id", where, message)
        if names.count(identity.id) > 1:
            yield Problem("same-id", where, "two identities have this id", "rename one")
        try:
            from indicatree.indicators.written import WrittenFormula  # noqa: PLC0415 - only such schemes pay for it

            WrittenFormula(identity.holds)
        except DeclarationError as error:
            yield from (problem.under(f"{where}.holds") for problem in error.problems)


def _vetoes(scheme: Scheme) -> Iterator[Problem]:
    names = [veto.id for veto in scheme.vetoes]
    for veto in scheme.vetoes:
        found = list(_veto(scheme, veto))
        if names.count(veto.id) > 1:
            found.append(Problem("same-id", "", "two vetoes have this id", "rename one"))
        yield from (problem.under(veto.path) for problem in found)


def _veto(scheme: Scheme, veto: Veto) -> Iterator[Problem]:
    if not _LEAF_ID.fullmatch(veto.id):
        yield Problem("bad-id", "", f'expected an id of small letters, digits and underscores, got "{veto.id}"')
    if not (veto.grade or veto.points is not None):
        yield Problem("no-cap", "", "caps neither the grade nor the total", 'write grade = "..." or points = ...')
    grades = [grade.id for grade in scheme.grades]
    if veto.grade and veto.grade not in grades:
        yield Problem("unknown-grade", "grade", f'there is no grade "{veto.grade}"', did_you_mean(veto.grade, grades))
    if veto.points is not None:
        if veto.points < 0:
            yield Problem("bad-points", "points", f"expected 0 or more, got {veto.points.text}")
        yield from _precise(scheme, veto.points, "points")
    if veto.indicator is None:
        if veto.when is not None or veto.bindings:
            message = "says when it applies, but measures nothing"
            yield Problem("no-indicator", "", message, 'write indicator = "...", or leave when and with out')
        return
    yield from _years(scheme, veto.indicator)
    if not isinstance(veto.indicator, Measured):
        fix = "leave it out: an assessor then says that the veto applies"
        yield Problem("not-measured", "indicator", f"{veto.indicator.id} is judged, not measured", fix)
    if veto.when is None or (veto.when.lower is None and veto.when.upper is None):
        yield Problem("no-limit", "when", "expected the values for which it applies", "when = { above = 0 }")
    else:
        yield from (problem.under("when") for problem in veto.when.edge_problems())
    yield from _known_bindings(veto)


def _known_bindings(bound: Leaf | Veto) -> Iterator[Problem]:
    for name in bound.bindings:
        if name not in bound.parameters:
            message = f'the measure has no parameter "{name}"'
            yield Problem("bad-binding", f"with.{name}", message, did_you_mean(name, bound.parameters))


def _bindings(leaf: Leaf) -> Iterator[Problem]:
    parameters = leaf.parameters
    yield from _known_bindings(leaf)
    if leaf.for_each:
        item = leaf.item_parameter
        if item is None or parameters[item].many:
            message = f'no parameter of the measure takes one item of "{leaf.for_each}"'
            yield Problem("bad-for-each", "for_each", message, "bind one: with = { parameter = ... }")


def _records(scheme: Scheme) -> Iterator[Problem]:
    """Names under which two leaves expect different data."""
    known: dict[str, tuple[Any, str]] = {name: (shape, "records") for name, shape in scheme.records.items()}
    expected = [
        (path, name, shape)
        for path, leaf in scheme.leaves()
        for name, shape in (leaf_shapes(leaf) if isinstance(leaf.indicator, Indicator) else ())
    ]
    for veto in scheme.vetoes:
        names = veto.record_names()
        expected += [(veto.path, names[parameter], shape) for parameter, shape in veto.parameters.items()]
    for path, name, shape in expected:
        before, where = known.setdefault(name, (shape, path))
        if before != shape:
            mine, theirs = _say(shape), _say(before)
            message = f'the data "{name}" is {mine} here and {theirs} in {where}'
            yield Problem("two-records", path, message, 'bind one to another name: with = { parameter = "name" }')


def _say(shape: Any) -> str:
    return f"{'line items of' if shape.many else 'a record of'} {record_type(shape.record_class).id}"
