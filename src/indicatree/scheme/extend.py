"""A scheme that adopts another one and changes some of it: nodes removed, replaced and added."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.data.structure import FILE_KEY, key_lacks, unknown_key
from indicatree.problems import Problem, did_you_mean, expected, quoted
from indicatree.scheme.places import BESIDE
from indicatree.scheme.stated import StatedIdentity
from indicatree.scheme.tree import Group, Leaf, TierNode
from indicatree.scheme.vetoes import Veto
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AMENDMENTS", "amended"]

AMENDMENTS = ("remove", "replace", "add")
"""The keys of a scheme file that change the scheme that it extends."""

_JOINED = ("records", "define")
_KINDS: Mapping[str, type] = {
    "tiers": TierNode,
    "groups": Group,
    "indicators": Leaf,
    "vetoes": Veto,
    "identities": StatedIdentity,
}
_FIXED = {"id", "tier", "tiers", "groups", "indicators"}
_ADDED = {"to", "before", "groups", "indicators"}


@attrs.frozen
class _Place:
    """A node in the table of a scheme: the list that holds it, and which list that is."""

    node: dict[str, Any]
    holder: list[dict[str, Any]]
    kind: str


def amended(base: Mapping[str, Any], document: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The table of a scheme after the amendments that another file makes.

    Args:
        base: The table of the scheme that is extended.
        document: The file that extends it.
        problems: Where what is wrong with the amendments is added.
    """
    # neither what is extended nor the file is changed: what is added may be amended itself
    table, document = copy.deepcopy(dict(base)), copy.deepcopy(dict(document))
    for key, value in document.items():
        if key == "tiers":
            message = Text(zh="采用其他方案时，树即为该方案的树", en="a scheme that extends another has its tree")
            fix = Text(zh="写 [[add]]、[replace] 或 remove", en="write [[add]], [replace] or remove")
            problems.append(Problem("two-trees", "tiers", message, fix))
        elif key in ("vetoes", "identities"):
            table[key] = [*table.get(key, []), *_list(value, key, problems)]
        elif key in _JOINED and isinstance(value, Mapping):
            table[key] = _joined(table.get(key, {}), value)
        elif key not in AMENDMENTS:
            table[key] = value
    _remove(table, document.get("remove", []), problems)
    _replace(table, document.get("replace", {}), problems)
    _add(table, document.get("add", []), problems)
    return table


def _joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Two tables in one, also what they hold at the same key."""
    table = dict(first)
    for key, value in second.items():
        both = isinstance(value, Mapping) and isinstance(table.get(key), Mapping) and key in ("records", "indicators")
        table[key] = _joined(table[key], value) if both else value
    return table


def _list(value: Any, path: str, problems: list[Problem]) -> list[Any]:
    if isinstance(value, list):
        return value
    problems.append(Problem("bad-value", path, expected("列表", "a list", quoted(value))))
    return []


def _places(table: Mapping[str, Any]) -> dict[str, _Place]:
    """Every node of a scheme's table by its path."""
    found: dict[str, _Place] = {}

    def below(holder: Any, kind: str, path: str) -> None:
        for node in holder if isinstance(holder, list) else ():
            if not isinstance(node, dict):
                continue
            name = node.get("tier") if kind == "tiers" else node.get("id")
            where = f"{path}.{name}" if path else str(name)
            found[where] = _Place(node, holder, kind)
            for inner in ("groups", "indicators"):
                below(node.get(inner), inner, where)

    below(table.get("tiers"), "tiers", "")
    for kind in ("vetoes", "identities"):
        below(table.get(kind), kind, BESIDE[kind])
    return found


def _find(table: Mapping[str, Any], path: Any, where: str, problems: list[Problem]) -> _Place | None:
    places = _places(table)
    place = places.get(path) if isinstance(path, str) else None
    if place is None:
        ending = [known for known in places if known.endswith(f".{path}")]
        hint = did_you_mean(ending[0] if len(ending) == 1 else str(path), places)
        message = Text(zh=f"方案中没有节点 {quoted(path)}", en=f"the scheme has no node {quoted(path)}")
        problems.append(Problem("unknown-node", where, message, hint))
    return place


def _remove(table: dict[str, Any], paths: Any, problems: list[Problem]) -> None:
    for index, path in enumerate(_list(paths, "remove", problems)):
        place = _find(table, path, f"remove[{index}]", problems)
        if place is None:
            continue
        if place.kind == "tiers":
            place.node.pop("groups", None)
            place.node.pop("points", None)
        else:
            # by identity: two nodes may say the same
            place.holder[:] = [node for node in place.holder if node is not place.node]


def _replace(table: dict[str, Any], changes: Any, problems: list[Problem]) -> None:
    if not isinstance(changes, Mapping):
        message = expected("以路径为键的表", "a table by path", quoted(changes))
        problems.append(Problem("bad-value", "replace", message))
        return
    for path, change in changes.items():
        where = f"replace.{path}"
        place = _find(table, path, where, problems)
        if not isinstance(change, Mapping):
            message = expected("写有替换内容的表", "what is replaced", quoted(change))
            problems.append(Problem("not-a-table", where, message))
        elif place is not None:
            known = [key for key in _keys(_KINDS[place.kind]) if key not in _FIXED]
            if {"rule", "points"} & set(change):
                # what was assumed of them is not known of the new ones
                place.node.pop("assumption", None)
            for key, value in change.items():
                if key in known:
                    place.node[key] = value
                else:
                    fix = did_you_mean(str(key), known)
                    if key in _FIXED:
                        fix = Text(zh="移除该节点，另行添加", en="remove the node and add another")
                    message = Text(zh=f"{quoted(str(key))} 不能替换", en=f"{quoted(str(key))} cannot be replaced")
                    problems.append(Problem("unknown-key", f"{where}.{key}", message, fix))


def _keys(cls: type) -> Iterator[str]:
    for field in attrs.fields(cls):
        if field.init:
            yield field.metadata.get(FILE_KEY, field.name)


def _add(table: dict[str, Any], additions: Any, problems: list[Problem]) -> None:
    for index, addition in enumerate(_list(additions, "add", problems)):
        where = f"add[{index}]"
        if not isinstance(addition, Mapping):
            problems.append(Problem("not-a-table", where, expected("表", "a table", quoted(addition))))
            continue
        problems += [
            Problem("unknown-key", f"{where}.{key}", unknown_key(str(key)), did_you_mean(str(key), _ADDED))
            for key in addition
            if key not in _ADDED
        ]
        if "to" not in addition:
            problems.append(Problem("missing-key", where, key_lacks("to"), 'to = "process.budget_execution"'))
            continue
        place = _find(table, addition["to"], f"{where}.to", problems)
        if place is None:
            continue
        if place.kind not in ("tiers", "groups"):
            said = quoted(addition["to"])
            message = Text(zh=f"{said} 不能有下级", en=f"{said} takes no children")
            fix = Text(zh="写层级或组的路径", en="name a tier or a group")
            problems.append(Problem("unknown-node", f"{where}.to", message, fix))
            continue
        if not addition.get("groups") and not addition.get("indicators"):
            fix = Text(zh="写 [[add.indicators]] 或 [[add.groups]]", en="[[add.indicators]] or [[add.groups]]")
            problems.append(Problem("missing-key", where, Text(zh="没有添加内容", en="adds nothing"), fix))
        for kind in ("groups", "indicators"):
            nodes = _list(addition.get(kind, []), f"{where}.{kind}", problems)
            if nodes:
                _insert(place.node.setdefault(kind, []), nodes, addition.get("before"), where, problems)


def _insert(holder: list[dict[str, Any]], nodes: list[Any], before: Any, where: str, problems: list[Problem]) -> None:
    names = [node.get("id") if isinstance(node, Mapping) else None for node in holder]
    if before is not None and before not in names:
        hint = did_you_mean(str(before), (str(name) for name in names if name is not None))
        message = Text(zh=f"同级中没有 {quoted(before)}", en=f"no sibling {quoted(before)}")
        problems.append(Problem("unknown-node", f"{where}.before", message, hint))
        return
    position = len(holder) if before is None else names.index(before)
    holder[position:position] = nodes
