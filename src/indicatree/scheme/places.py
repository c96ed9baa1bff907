"""Places in a scheme by the ids of what stands there, so that a person finds the row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.indicators import Tier

if TYPE_CHECKING:
    from indicatree.problems import Problem

__all__ = ["BESIDE", "by_ids", "places_beside"]

BESIDE: Mapping[str, str] = {"vetoes": "veto", "identities": "identity", "grades": "grade"}
"""What stands beside the tree, by the word that begins its path."""

_IN_TREE = ("tiers", "groups", "indicators")
_STEP = re.compile(r"(\w+)\[(\d+)\](?:\.|$)")
_TIERS = [tier.value for tier in Tier]


def by_ids(problem: Problem, table: Mapping[str, Any]) -> Problem:
    """A problem at ``tiers[1].groups[0].points`` of the table of a scheme, at the ids of these nodes.

    Where a node has no id, or a sibling has the same, its position stays.

    Example:
        >>> from indicatree.problems import Problem
        >>> group = {"id": "budget", "indicators": [{"id": "rate"}, {}]}
        >>> table = {"tiers": [{"tier": "process", "groups": [group]}], "vetoes": [{"id": "fraud"}]}
        >>> for path in ("tiers[0].groups[0].indicators[0].rule.bands[1]", "tiers[0].groups[0].indicators[1].points",
        ...              "vetoes[0].when"):
        ...     print(by_ids(Problem("bad-value", path, "..."), table).path)
        process.budget.rate.rule.bands[1]
        process.budget.indicators[1].points
        veto.fraud.when
    """
    path, node, parts = problem.path, table, []
    while step := _STEP.match(path):
        kind, index = step[1], int(step[2])
        holder = node.get(kind)
        known = (*_IN_TREE, *BESIDE) if node is table else _IN_TREE
        if kind not in known or not isinstance(holder, Sequence) or not 0 <= index < len(holder):
            break
        names = [_name(child, kind) for child in holder]
        name = names[index] if names.count(names[index]) == 1 else None
        parts.append(f"{kind}[{index}]" if name is None else ".".join(filter(None, (BESIDE.get(kind), name))))
        path = path[step.end() :]
        if kind in BESIDE or not isinstance(holder[index], Mapping):
            break
        node = holder[index]
    return attrs.evolve(problem, path=".".join(filter(None, (*parts, path))))


def _name(node: Any, kind: str) -> str | None:
    """The id of a node of a table, if it has one that can stand in a path."""
    name = node.get("tier" if kind == "tiers" else "id") if isinstance(node, Mapping) else None
    if not isinstance(name, str) or (kind == "tiers" and name not in _TIERS):
        return None
    return name if name.strip() and name.isprintable() and not set(name) & set(".[]:") else None


def places_beside(kind: str, things: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """What stands beside the tree of a scheme, each with its path."""
    for index, thing in enumerate(things):
        name = _name({"id": thing.id}, kind)
        yield f"{kind}[{index}]" if name is None else f"{BESIDE[kind]}.{name}", thing
