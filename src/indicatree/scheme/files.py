"""Schemes in TOML and JSON, both ways."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.data import RecordShape, VersionError, Years, as_years, record_type, split_version, version_of
from indicatree.data.files import check_depth, read_document
from indicatree.data.load import version_words
from indicatree.data.structure import StructureError, as_number, converter, problems_of, structure, to_table
from indicatree.indicators import Indicator
from indicatree.problems import DataError, IndicatreeError, Problem, SchemeError, did_you_mean, expected, quoted
from indicatree.scheme.aggregation import Aggregation
from indicatree.scheme.define import Definitions, definitions_table, read_definitions
from indicatree.scheme.edges import with_edges_said
from indicatree.scheme.extend import AMENDMENTS, amended
from indicatree.scheme.places import by_ids
from indicatree.scheme.rules.base import Rule
from indicatree.scheme.tree import DEFAULT_GRADES, SCHEME_FORMAT, Group, Leaf, Policies, Scheme, TierNode
from indicatree.text import Text, said_by

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

__all__ = ["LONGEST_CHAIN", "Parts", "load_scheme", "scheme_table"]

LONGEST_CHAIN = 64
"""How many schemes may extend one another."""

_FILES = (".toml", ".json")
_KINDS = {"rule": "规则", "record": "数据表"}


@attrs.frozen
class Parts:
    """What a scheme file can name.

    Attributes:
        indicators: The indicators by id; versions side by side by id and year (``mof.x@2020``).
        rules: The classes of rules by kind.
        records: The record classes by id.
        origins: The plugin and version of an indicator's id or a rule's kind.
        schemes: The scheme of an id for some years, for a file that extends it; it gets what is extended already.
    """

    indicators: Mapping[str, Indicator]
    rules: Mapping[str, type[Rule]]
    records: Mapping[str, type]
    origins: Mapping[str, tuple[str, str]] = attrs.field(factory=dict)
    schemes: Callable[[str, Years | None, tuple[str, ...]], Scheme] | None = None


def load_scheme(
    source: str | PathLike[str] | Mapping[str, Any], parts: Parts, *, chain: tuple[str, ...] = ()
) -> Scheme:
    """A scheme from a TOML or JSON file, or from what such a file holds.

    Args:
        source: The file, or what it holds.
        parts: What it can name.
        chain: The schemes that extend it, the outermost first.

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
        fix = Text(zh=f"写 format = {SCHEME_FORMAT}", en=f"write format = {SCHEME_FORMAT}")
        problems.append(Problem("format", "format", version_words(version), fix))
    if "data" in document or "scheme" in document:
        message = Text(zh="这是数据文件，不是方案", en="this is a data file, not a scheme")
        fix = Text(zh="以 indicatree score 评分，或写方案文件", en="score it with indicatree score, or name the scheme")
        raise SchemeError([Problem("not-a-scheme", name, message, fix)])
    extends = document.pop("extends", None)
    scheme: Scheme | None = None
    used: set[str] = set()
    try:
        if extends is None:
            message = Text(zh="更改其他方案，但没有写明是哪个方案", en="changes a scheme, and none is named")
            fix = Text(zh='写 extends = "..."', en='write extends = "..."')
            problems += [Problem("no-base", key, message, fix) for key in AMENDMENTS if key in document]
            for key in AMENDMENTS:
                document.pop(key, None)
        else:
            parts, document = _extended(extends, source, document, parts, chain, problems)
        scheme, used = _structured(document, parts)
    except StructureError as error:
        problems += [by_ids(problem, document) for problem in error.problems]
    if problems or scheme is None:
        raise SchemeError(attrs.evolve(problem, path=f"{name}: {problem.path}") for problem in problems)
    origins = dict(parts.origins[name] for name in sorted(used) if name in parts.origins)
    return attrs.evolve(scheme, plugins=origins)


def _structured(document: dict[str, Any], parts: Parts) -> tuple[Scheme, set[str]]:
    """The scheme that a table describes, and what it names.

    Raises:
        StructureError: With every problem, each at its path in the table.
    """
    document = dict(document)
    problems: list[Problem] = []
    definitions: Definitions | None = Definitions()
    if "define" in document:
        definitions = None
        try:
            definitions = read_definitions(
                document.pop("define"), parts.records, parts.indicators, document.get("records")
            )
        except StructureError as error:
            problems += [problem.under("define") for problem in error.problems]
    years = None
    try:
        years = as_years(document.get("years"))
    except ValueError as error:
        problems.append(Problem("bad-value", "years", said_by(error), 'years = "2020-"'))
        document.pop("years")
    if definitions is None:
        raise StructureError(problems)
    known = attrs.evolve(
        parts,
        indicators={**parts.indicators, **definitions.indicators},
        records={**parts.records, **definitions.records},
    )
    names = _Names(known, years)
    scheme: Scheme | None = None
    try:
        scheme = structure(document, Scheme, using=names.converter)
    except StructureError as error:
        # without the years of the scheme, nothing can be said of those of its indicators
        problems += [problem for problem in error.problems if not problems or problem.code != "other-years"]
    if problems or scheme is None:
        raise StructureError(problems)
    return attrs.evolve(scheme, define=definitions), names.used


def _extended(
    extends: Any,
    source: Any,
    document: dict[str, Any],
    parts: Parts,
    chain: tuple[str, ...],
    problems: list[Problem],
) -> tuple[Parts, dict[str, Any]]:
    """The table of a scheme that extends another, and what it can name.

    Raises:
        StructureError: The other scheme is not to be had.
    """
    base = _base(extends, source, document, parts, chain)
    table = base.to_dict()
    del table["format"], table["id"]
    # What the extended scheme holds may come from a scheme in Python, whose indicators no plugin offers.
    own = {measure.key: measure for _, leaf in base.leaves() for measure in leaf.measures}
    own |= {veto.indicator.key: veto.indicator for veto in base.vetoes if veto.indicator is not None}
    records = {record_type(shape.record_class).id: shape.record_class for shape in base.data_shape.records.values()}
    rules = {leaf.rule.kind: type(leaf.rule) for _, leaf in base.leaves() if leaf.rule is not None}
    # What a scheme defines itself has one version, that of the scheme; it may be defined anew for other years.
    dated = {one.key: name for name, one in base.define.indicators.items() if one.key != name}
    table |= {part: _renamed(table[part], dated) for part in ("tiers", "vetoes") if dated and part in table}
    known = attrs.evolve(
        parts,
        indicators=_without(base.define.indicators, {**own, **parts.indicators}),
        records=_without(base.define.records, {**records, **parts.records}),
        rules={**rules, **parts.rules},
    )
    return known, amended(table, document, problems)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A part of a table, with other names for some of the things that it names."""
    if isinstance(value, dict):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def _without(defined: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What is known besides what the extended scheme defines itself, which is defined anew."""
    return {key: one for key, one in known.items() if split_version(key)[0] not in defined}


def _base(extends: Any, source: Any, document: dict[str, Any], parts: Parts, chain: tuple[str, ...]) -> Scheme:
    from pathlib import Path  # noqa: PLC0415 - only files pay for it

    if not isinstance(extends, str) or not extends:
        message = expected("方案的 id 或文件", "the id or the file of a scheme", quoted(extends))
        raise StructureError([Problem("bad-value", "extends", message)])
    own = str(Path(source).resolve()) if not isinstance(source, Mapping) else ""
    chain = (*chain, own) if own and own not in chain else chain
    if len(chain) > LONGEST_CHAIN:
        message = Text(
            zh=f"逐层采用的方案超过 {LONGEST_CHAIN} 个", en=f"more than {LONGEST_CHAIN} schemes extend one another"
        )
        fix = Text(zh="改为采用较上层的方案", en="extend one that is nearer to the first")
        raise StructureError([Problem("long-chain", "extends", message, fix)])
    beside = Path(own).parent / extends if own else Path(extends)
    is_file = _is_file(beside, extends)
    reached = str(beside.resolve()) if is_file else extends
    if reached in chain:
        line = " > ".join([*chain, reached])
        message = Text(zh=f"方案采用了自身：{line}", en=f"extends itself: {line}")
        fix = Text(zh="改用其他方案", en="name another scheme")
        raise StructureError([Problem("extends-itself", "extends", message, fix)])
    try:
        years = as_years(document.get("years"))
    except ValueError:
        years = None
    try:
        if is_file:
            return load_scheme(beside, parts, chain=chain)
        if parts.schemes is None:
            raise StructureError([Problem("no-file", "extends", _no_file(extends))])
        return parts.schemes(extends, years, chain)
    except IndicatreeError as error:
        if isinstance(error, StructureError):
            raise
        missing = "" if is_file or (beside.name == extends and beside.suffix.lower() not in _FILES) else str(beside)
        raise StructureError(_at_extends(problem, missing) for problem in error.problems) from None


def _is_file(path: Path, name: str) -> bool:
    """Whether a path is that of a file, and its name no plain id."""
    try:
        return (bool(path.suffix) or path.name != name) and path.is_file()
    except (OSError, ValueError):  # too long for a file name, or a null character in it
        return False


def _at_extends(problem: Problem, missing: str) -> Problem:
    """A problem of the scheme that is extended, with the file that it stands in, or that is missing."""
    if missing and problem.code == "unknown-scheme":
        fix = Text(zh="相对路径从写 extends 的文件算起", en="a path is taken from the file that extends")
        return Problem("no-file", "extends", _no_file(missing), fix)
    return attrs.evolve(problem, path=f"extends: {problem.path}" if problem.path else "extends")


def _no_file(name: str) -> Text:
    return Text(zh=f"没有文件 {name}", en=f"there is no file {name}")


class _Names:
    """What the names in a scheme file stand for; notes in ``used`` which ones it met."""

    def __init__(self, parts: Parts, years: Years | None) -> None:
        self.parts = parts
        self.years = years
        self.used: set[str] = set()
        self.converter = converter()
        self.plain_aggregation = self.converter.get_structure_hook(Aggregation)
        hooks: dict[type, Any] = {
            Indicator: self.indicator,
            Rule: self.rule,
            RecordShape: self.shape,
            Aggregation: self.aggregation,
            Years: lambda value, _: Years.of(value),
        }
        # By identity: a hook for a class would also be asked for the classes that inherit from it.
        for cls, hook in hooks.items():
            self.converter.register_structure_hook_func(partial(operator.is_, cls), hook)
        self.plain_leaf = self.converter.get_structure_hook(Leaf)
        self.converter.register_structure_hook_func(partial(operator.is_, Leaf), self.leaf)

    def one_of(self, table: Mapping[str, Any], name: Any, what: str) -> Any:
        found = _named(table, name, what)
        self.used.add(f"{what} {name}")
        return found

    def indicator(self, name: Any, _: Any) -> Indicator:
        if not isinstance(name, str):
            message = expected("指标的 id", "the id of an indicator", quoted(name))
            raise StructureError([Problem("bad-value", "", message)])
        try:
            found: Indicator = version_of(self.parts.indicators, name, self.years)
        except VersionError as error:
            known = any(split_version(key)[0] == split_version(name)[0] for key in self.parts.indicators)
            said, code = quoted(name), "unknown-indicator"
            message = Text(zh=f"没有插件提供指标 {said}", en=f"no plugin has the indicator {said}")
            if known:
                code = "other-years"
                message = Text(zh=f"不能使用指标 {said}", en=f"cannot use the indicator {said}")
            raise StructureError([Problem(code, "", message, said_by(error))]) from None
        self.used.add(f"indicator {found.key}")
        return found

    def leaf(self, value: Any, cls: Any) -> Any:
        try:
            return self.plain_leaf(value, cls)
        except Exception as error:  # noqa: BLE001 - as in `structure`: whatever a hook raises is the input's
            found = problems_of(error)
        table, indicator = dict(value) if isinstance(value, Mapping) else {}, None
        with suppress(StructureError):  # that there is no such indicator, is one of the problems already
            indicator = self.indicator(table.get("indicator"), None)
        raise StructureError(with_edges_said(problem, indicator, table.get("rule")) for problem in found)

    def rule(self, value: Any, _: Any) -> Rule:
        table = dict(_table(value))
        if "kind" not in table:
            message = Text(zh="缺少规则的种类", en="the kind of the rule is missing")
            fix = Text(zh="写 kind = ...", en="write kind = ...")
            raise StructureError([Problem("missing-key", "kind", message, fix)])
        try:
            cls = self.one_of(self.parts.rules, table.pop("kind"), "rule")
        except StructureError as error:
            raise StructureError(problem.under("kind") for problem in error.problems) from None
        return self.converter.structure(table, cls)  # type: ignore[no-any-return]

    def shape(self, value: Any, _: Any) -> RecordShape:
        if isinstance(value, list) and len(value) == 1:
            return RecordShape(self.one_of(self.parts.records, value[0], "record"), many=True)
        return RecordShape(self.one_of(self.parts.records, value, "record"))

    def aggregation(self, value: Any, cls: Any) -> Any:
        return self.plain_aggregation({"combine": value} if isinstance(value, str) else value, cls)


def _named(table: Mapping[str, Any], name: Any, what: str) -> Any:
    if not isinstance(name, str):
        message = expected(f"{_KINDS[what]}的 id", f"the id of a {what}", quoted(name))
        raise StructureError([Problem("bad-value", "", message)])
    if name not in table:
        fix = did_you_mean(name, table)
        message = Text(zh=f'没有插件提供{_KINDS[what]} "{name}"', en=f'no plugin has the {what} "{name}"')
        raise StructureError([Problem(f"unknown-{what}", "", message, fix)])
    return table[name]


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise StructureError([Problem("not-a-table", "", expected("表", "a table", quoted(value)))])
    return value


def scheme_table(scheme: Scheme) -> dict[str, Any]:
    """The scheme as a file holds it; reading that gives an equal scheme."""
    table: dict[str, Any] = {"format": SCHEME_FORMAT, "id": scheme.id}
    table |= _common(scheme)
    if scheme.source:
        table["source"] = scheme.source
    if scheme.years is not None:
        table["years"] = str(scheme.years)
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
    if scheme.define != Definitions():
        table["define"] = definitions_table(scheme.define)
    if scheme.grades != DEFAULT_GRADES:
        table["grades"] = [{**to_table(grade), "at_least": grade.at_least.text} for grade in scheme.grades]
    if scheme.vetoes:
        table["vetoes"] = [to_table(veto) for veto in scheme.vetoes]
    if scheme.identities:
        table["identities"] = [to_table(identity) for identity in scheme.identities]
    table["tiers"] = [_node(tier) for tier in scheme.tiers]
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
    table: dict[str, Any] = {"id": leaf.id, "indicator": leaf.indicator.key, "points": as_number(leaf.points)}
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
