"""Schemes in TOML and JSON, both ways."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Text
from indicatree.data import RecordShape, record_type
from indicatree.data.files import check_depth, read_document
from indicatree.data.structure import StructureError, converter, structure
from indicatree.indicators import Indicator
from indicatree.problems import DataError, Problem, SchemeError, did_you_mean
from indicatree.scheme.aggregation import Aggregation
from indicatree.scheme.rules.base import Rule, as_number, to_table
from indicatree.scheme.tree import DEFAULT_GRADES, SCHEME_FORMAT, Group, Leaf, Policies, Scheme, TierNode

if TYPE_CHECKING:
    from os import PathLike

    from cattrs import Converter

    from indicatree.scheme.vetoes import Veto

__all__ = ["Parts", "load_scheme", "scheme_table"]


@attrs.frozen
class Parts:
    """What a scheme file can name.

    Attributes:
        indicators: The indicators by id.
        rules: The classes of rules by kind.
        records: The record classes by id.
        origins: The plugin and version of an indicator's id or a rule's kind.
    """

    indicators: Mapping[str, Indicator]
    rules: Mapping[str, type[Rule]]
    records: Mapping[str, type]
    origins: Mapping[str, tuple[str, str]] = attrs.field(factory=dict)


def load_scheme(source: str | PathLike[str] | Mapping[str, Any], parts: Parts) -> Scheme:
    """A scheme from a TOML or JSON file, or from what such a file holds.

    Raises:
        SchemeError: With every problem, each at its path in the file or in the tree.
    """
    name = "scheme" if isinstance(source, Mapping) else str(source)
    try:
        if isinstance(source, Mapping):
            document = dict(source)
            check_depth(document, name)
        else:
            document = read_document(source)
    except DataError as error:
        raise SchemeError(error.problems) from None
    version = document.pop("format", None)
    problems = []
    if version != SCHEME_FORMAT or isinstance(version, bool):
        said = "is missing" if version is None else f"is {version!r}"
        fix = f"write format = {SCHEME_FORMAT}"
        problems.append(Problem("format", f"{name}: format", f"the version of the file format {said}", fix))
    used: set[str] = set()
    try:
        scheme = structure(document, Scheme, using=_converter(parts, used))
    except StructureError as error:
        problems += [attrs.evolve(problem, path=f"{name}: {problem.path}") for problem in error.problems]
        raise SchemeError(problems) from None
    if problems:
        raise SchemeError(problems)
    origins = dict(parts.origins[name] for name in sorted(used) if name in parts.origins)
    return attrs.evolve(scheme, plugins=origins)


def _converter(parts: Parts, used: set[str]) -> Converter:
    """A converter that knows the ids of a catalog; it notes in ``used`` which ones it met."""
    made = converter()

    def one_of(table: Mapping[str, Any], name: Any, what: str) -> Any:
        used.add(f"{what} {name}")
        return _named(table, name, what)

    def rule(value: Any, _: Any) -> Rule:
        table = dict(_table(value))
        if "kind" not in table:
            raise StructureError(
                [Problem("missing-key", "kind", "the kind of the rule is missing", "write kind = ...")]
            )
        try:
            cls = one_of(parts.rules, table.pop("kind"), "rule")
        except StructureError as error:
            raise StructureError(problem.under("kind") for problem in error.problems) from None
        return made.structure(table, cls)  # type: ignore[no-any-return]

    def shape(value: Any, _: Any) -> RecordShape:
        if isinstance(value, list) and len(value) == 1:
            return RecordShape(one_of(parts.records, value[0], "record"), many=True)
        return RecordShape(one_of(parts.records, value, "record"))

    plain_aggregation = made.get_structure_hook(Aggregation)
    hooks: dict[type, Any] = {
        Indicator: lambda value, _: one_of(parts.indicators, value, "indicator"),
        Rule: rule,
        RecordShape: shape,
        Aggregation: lambda value, cls: plain_aggregation({"combine": value} if isinstance(value, str) else value, cls),
    }
    # By identity: a hook for a class would also be asked for the classes that inherit from it.
    for cls, hook in hooks.items():
        made.register_structure_hook_func(partial(operator.is_, cls), hook)
    return made


def _named(table: Mapping[str, Any], name: Any, what: str) -> Any:
    if not isinstance(name, str):
        raise StructureError([Problem("bad-value", "", f"expected the id of a {what}, got {name!r}")])
    if name not in table:
        fix = did_you_mean(name, table)
        raise StructureError([Problem(f"unknown-{what}", "", f'no plugin has the {what} "{name}"', fix)])
    return table[name]


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise StructureError([Problem("not-a-table", "", f"expected a table, got {value!r}")])
    return value


def scheme_table(scheme: Scheme) -> dict[str, Any]:
    """The scheme as a file holds it; reading that gives an equal scheme."""
    table: dict[str, Any] = {"format": SCHEME_FORMAT, "id": scheme.id}
    table |= _common(scheme)
    if scheme.source:
        table["source"] = scheme.source
    if scheme.precision != 2:  # noqa: PLR2004 - the default that a file leaves out
        table["precision"] = scheme.precision
    table["rounding"] = scheme.rounding.value
    if scheme.policies != Policies():
        table["policies"] = to_table(scheme.policies)
    if scheme.records:
        table["records"] = {
            name: [record_type(shape.record_class).id] if shape.many else record_type(shape.record_class).id
            for name, shape in scheme.records.items()
        }
    if scheme.grades != DEFAULT_GRADES:
        table["grades"] = [{**to_table(grade), "at_least": grade.at_least.text} for grade in scheme.grades]
    if scheme.vetoes:
        table["vetoes"] = [_veto(veto) for veto in scheme.vetoes]
    table["tiers"] = [_node(tier) for tier in scheme.tiers]
    return table


def _veto(veto: Veto) -> dict[str, Any]:
    table = to_table(veto)
    if "bindings" in table:
        table["with"] = table.pop("bindings")
    return table


def _common(node: Any) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name in ("title", "assumption"):
        words = getattr(node, name)
        if words:
            table[name] = words.to_dict() if isinstance(words, Text) else words
    if node.points is not None:
        table["points"] = as_number(node.points)
    if node.aggregation != Aggregation():
        table["aggregation"] = to_table(node.aggregation)
    return table


def _node(node: TierNode | Group) -> dict[str, Any]:
    table: dict[str, Any] = {"tier": node.tier.value} if isinstance(node, TierNode) else {"id": node.id}
    table |= _common(node)
    if node.groups:
        table["groups"] = [_node(group) for group in node.groups]
    if isinstance(node, Group) and node.indicators:
        table["indicators"] = [_leaf(leaf) for leaf in node.indicators]
    return table


def _leaf(leaf: Leaf) -> dict[str, Any]:
    table: dict[str, Any] = {"id": leaf.id, "indicator": leaf.indicator.id, "points": as_number(leaf.points)}
    if leaf.rule is not None:
        table["rule"] = leaf.rule.to_dict()
    for name in ("title", "assumption"):
        if words := getattr(leaf, name):
            table[name] = words.to_dict()
    if leaf.bindings:
        table["with"] = dict(leaf.bindings)
    if leaf.for_each:
        table["for_each"] = leaf.for_each
        table["combine"] = leaf.combine.combine.value
    if leaf.policies != Policies():
        table["policies"] = to_table(leaf.policies)
    if leaf.lowest != 0:
        table["lowest"] = as_number(leaf.lowest)
    if leaf.highest is not None:
        table["highest"] = as_number(leaf.highest)
    return table
