"""Schemes with one fault, and what is to be said of it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from indicatree.scheme import Combine
from indicatree.testing.strategies.tree import Style, drawn_schemes, indicators_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indicatree.catalog import Catalog
    from indicatree.indicators import Indicator

__all__ = ["FAULTS", "InvalidScheme", "invalid_schemes"]


@attrs.frozen
class InvalidScheme:
    """What a file of a scheme with one fault holds.

    Attributes:
        document: What the file holds; ``indicatree.load_scheme`` refuses it.
        code: The code of the problem.
        path: Its place in the scheme; an error says the name of the file before it.
    """

    document: Mapping[str, Any]
    code: str
    path: str


def invalid_schemes(
    catalog: Catalog | None = None, *, indicators: Iterable[Indicator] | None = None
) -> st.SearchStrategy[InvalidScheme]:
    """Schemes with one fault each, and what is to be said of it.

    Args:
        catalog: As for `schemes`.
        indicators: As for `schemes`.
    """
    style = Style(indicators_of(catalog, indicators), st.just(Combine.SUM), 1, strict=True)
    return _invalid(style)


_Table = dict[str, Any]
_Fault = Callable[[_Table], str]


def _first_leaf(table: _Table) -> tuple[_Table, _Table, int, str]:
    """The first leaf with points, its group, its index, and its place."""
    return _leaves_of(table)[0]


def _leaves_of(table: _Table) -> list[tuple[_Table, _Table, int, str]]:
    found: list[tuple[_Table, _Table, int, str]] = []

    def visit(group: _Table, path: str) -> None:
        for inner in group.get("groups", ()):
            visit(inner, f"{path}.{inner['id']}")
        for index, leaf in enumerate(group.get("indicators", ())):
            found.append((leaf, group, index, f"{path}.{leaf['id']}"))

    for tier in table["tiers"]:
        visit(tier, tier["tier"])
    return sorted(found, key=lambda one: not one[0]["points"])


def _wrong_points(table: _Table) -> str:
    tier = next(tier for tier in table["tiers"] if tier.get("groups"))
    tier["points"] = 1_000_000
    table.pop("points", None)
    return f"{tier['tier']}.points"


def _bad_id(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    leaf["id"] = "Not An Id"
    return f"{path.rpartition('.')[0]}.Not An Id"


def _same_id(table: _Table) -> str:
    leaf, group, _, path = _first_leaf(table)
    group["indicators"].append({"id": leaf["id"], "indicator": leaf["indicator"], "points": 0})
    if "with" in leaf:
        group["indicators"][-1]["with"] = leaf["with"]
    if "for_each" in leaf:
        group["indicators"][-1] |= {"for_each": leaf["for_each"], "combine": leaf["combine"]}
    return path


def _unknown_indicator(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    leaf["indicator"] = "nobody.has_this"
    return f"{path}.indicator"


def _unknown_rule(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    leaf["rule"] = {"kind": "nobody.has_this"}
    return f"{path}.rule.kind"


def _no_rule(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    leaf.pop("rule", None)
    leaf["points"] = max(leaf["points"], 1)
    _free_points(table)
    return f"{path}.rule"


def _free_points(table: _Table) -> None:
    """Let the points of inner nodes be those of their children, so that another number of points is no other fault."""

    def visit(node: _Table) -> None:
        node.pop("points", None)
        for inner in node.get("groups", ()):
            visit(inner)

    table.pop("points", None)
    for tier in table["tiers"]:
        visit(tier)


def _unknown_key(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    leaf["ponits"] = 1
    return f"{path}.ponits"


def _missing_key(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    del leaf["points"]
    _free_points(table)
    return f"{path}.points"


def _bad_value(table: _Table) -> str:
    table["rounding"] = "sideways"
    return "rounding"


def _no_format(table: _Table) -> str:
    del table["format"]
    return "format"


def _empty_group(table: _Table) -> str:
    tier = next(tier for tier in table["tiers"] if tier.get("groups"))
    tier["groups"].append({"id": "nothing", "title": "Nothing"})
    return f"{tier['tier']}.nothing"


def _bad_grades(table: _Table) -> str:
    table["grades"] = [{"id": "all", "title": "All", "at_least": "50%"}]
    return "grades"


def _bad_precision(table: _Table) -> str:
    table["precision"] = 13
    return "precision"


def _bad_binding(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    leaf["with"] = {**leaf.get("with", {}), "nobody": "budget"}
    return f"{path}.with.nobody"


def _gap(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    leaf["rule"] = {"kind": "bands", "bands": [{"below": 1, "points": 0}, {"above": 2, "points": leaf["points"]}]}
    return f"{path}.rule.bands"


def _overlap(table: _Table) -> str:
    leaf, _, _, path = _first_leaf(table)
    leaf["rule"] = {"kind": "bands", "bands": [{"at_most": 2, "points": 0}, {"above": 1, "points": leaf["points"]}]}
    return f"{path}.rule.bands"


def _bad_tiers(table: _Table) -> str:
    table["tiers"].append(copy.deepcopy(table["tiers"][-1]))
    table.pop("points", None)
    return "tiers"


def _bad_weights(table: _Table) -> str:
    tier = next(tier for tier in table["tiers"] if tier.get("groups"))
    tier["aggregation"] = {"combine": "sum", "weights": {group["id"]: 1 for group in tier["groups"]}}
    return f"{tier['tier']}.aggregation"


def _no_cap(table: _Table) -> str:
    table["vetoes"] = [{"id": "violation", "title": "Violation"}]
    return "veto.violation"


FAULTS: Mapping[str, _Fault] = {
    "points-do-not-add-up": _wrong_points,
    "bad-id": _bad_id,
    "same-id": _same_id,
    "unknown-indicator": _unknown_indicator,
    "unknown-rule": _unknown_rule,
    "no-rule": _no_rule,
    "unknown-key": _unknown_key,
    "missing-key": _missing_key,
    "bad-value": _bad_value,
    "format": _no_format,
    "empty-group": _empty_group,
    "bad-grades": _bad_grades,
    "bad-precision": _bad_precision,
    "bad-binding": _bad_binding,
    "bands-gap": _gap,
    "bands-overlap": _overlap,
    "bad-tiers": _bad_tiers,
    "bad-weights": _bad_weights,
    "no-cap": _no_cap,
}
"""The faults by the code of their problem: each puts itself into a table, and says where it is."""


@st.composite
def _invalid(draw: st.DrawFn, style: Style) -> InvalidScheme:
    scheme = draw(drawn_schemes(style).filter(lambda scheme: any(leaf.points > 0 for _, leaf in scheme.leaves())))
    table = copy.deepcopy(scheme.to_dict())
    code = draw(st.sampled_from(sorted(FAULTS)))
    path = FAULTS[code](table)
    return InvalidScheme(table, code, path)
