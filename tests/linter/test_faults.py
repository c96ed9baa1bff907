"""A clean scheme has no error and no warning; a planted fault is found where it is, and nothing else is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import indicatree as it
from linter.clean import CATALOG, CHECKLISTS, clean_schemes, severe
from strategies import text

if TYPE_CHECKING:
    from pathlib import Path

Table = dict[str, Any]
Planter = Callable[[st.DrawFn, Table], tuple[str, str]]
"""Puts one fault into the table of a clean scheme, and tells its code and path."""

PLANTED: dict[str, Planter] = {}
NOTED: dict[str, Planter] = {}


def plants(name: str, into: dict[str, Planter] | None = None) -> Callable[[Planter], Planter]:
    def note(planter: Planter) -> Planter:
        (PLANTED if into is None else into)[name] = planter
        return planter

    return note


class Spot:
    """A node of a table: its path, and what is above it."""

    def __init__(self, node: Table, path: str, above: tuple[Table, ...]) -> None:
        self.node, self.path, self.above = node, path, above


def spots(table: Table) -> list[Spot]:
    found: list[Spot] = []

    def inner(node: Table, path: str, above: tuple[Table, ...]) -> None:
        found.append(Spot(node, path, above))
        for kind in ("groups", "indicators"):
            for child in node.get(kind, []):
                inner(child, f"{path}.{child['id']}", (*above, node))

    for tier in table["tiers"]:
        inner(tier, tier["tier"], (table,))
    return found


def leaves(table: Table) -> list[Spot]:
    """The leaves with points, in order."""
    return [spot for spot in spots(table) if "indicator" in spot.node and it.exact(spot.node["points"]) > 0]


def some_leaf(draw: st.DrawFn, table: Table) -> Spot:
    return draw(st.sampled_from(leaves(table)))


def replace(spot: Spot, indicator: str, rule: Table, **more: Any) -> None:
    """Another indicator and rule in the place of a leaf's own; its id, points and words stay."""
    kept: Table = {key: spot.node[key] for key in ("id", "points", "title", "policies") if key in spot.node}
    parameter = {
        "clean.content": "survey",
        "clean.discontent": "survey",
        "clean.cases_found": "cases",
        "clean.fulfilment": "budget",
    }
    bound = {parameter[indicator]: "planted"} if indicator in parameter else {}
    spot.node.clear()
    spot.node.update(kept, indicator=indicator, rule=rule, **({"with": bound} if bound else {}), **more)


def points_in(node: Table) -> it.Quantity:
    if "points" in node:
        return it.exact(node["points"])
    children = [*node.get("tiers", []), *node.get("groups", []), *node.get("indicators", [])]
    return it.exact(sum((points_in(child).fraction for child in children), start=it.exact(0).fraction))


def number(value: it.Quantity) -> int | str:
    return value.numerator if value.denominator == 1 else value.text


# Points that do not add up


def unbalance(draw: st.DrawFn, spot: Spot) -> None:
    """Points that are not those of the children, at this node and not above it."""
    spot.node["points"] = number(points_in(spot.node) + draw(st.integers(1, 5)))
    spot.node.pop("aggregation", None)
    for node in spot.above:
        if node.get("aggregation", "sum") == "sum":
            node.pop("points", None)
    for node in reversed(spot.above):
        if node.get("aggregation", "sum") != "sum":
            node["points"] = number(max(points_in(node), it.exact(1), key=lambda points: points.fraction))


def group_spots(table: Table) -> list[Spot]:
    return [spot for spot in spots(table) if "id" in spot.node and "indicator" not in spot.node]


@plants("a leaf whose items do not add up")
def _leaf_points(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    listed = draw(st.sampled_from(CHECKLISTS[:3]))
    unused = next(one for one in reversed(CHECKLISTS) if len(one.items) == len(listed.items))
    full = it.exact(spot.node["points"])
    items = {name: number(full / len(unused.items)) for name in unused.items}
    items["exist"] = number(it.exact(items["exist"]) + draw(st.integers(1, 3)))
    replace(spot, unused.id, {"kind": "checklist", "items": items})
    return "points-do-not-add-up", f"{spot.path}.rule.items"


@plants("a group that does not add up")
def _group_points(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = draw(st.sampled_from(group_spots(table)))
    unbalance(draw, spot)
    return "points-do-not-add-up", f"{spot.path}.points"


@plants("a tier that does not add up")
def _tier_points(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    tiers = [spot for spot in spots(table) if "tier" in spot.node and spot.node.get("groups")]
    spot = draw(st.sampled_from(tiers))
    unbalance(draw, spot)
    return "points-do-not-add-up", f"{spot.path}.points"


@plants("a whole that does not add up")
def _whole_points(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    unbalance(draw, Spot(table, "", ()))
    return "points-do-not-add-up", "points"


# Bands


def bands_at(draw: st.DrawFn, table: Table, *bands: Table) -> str:
    spot = some_leaf(draw, table)
    full = spot.node["points"]
    replace(spot, "clean.content", {"kind": "bands", "bands": [*bands[:-1], {**bands[-1], "points": full}]})
    return f"{spot.path}.rule.bands"


@plants("a gap between bands")
def _gap(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    low, high = sorted(draw(st.lists(st.integers(1, 99), min_size=2, max_size=2, unique=True)))
    return "bands-gap", bands_at(draw, table, {"below": f"{low}%", "points": 0}, {"at_least": f"{high}%"})


@plants("no band at the bottom")
def _gap_below(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    edge = draw(st.integers(1, 99))
    lowest = {draw(st.sampled_from(["at_least", "above"])): f"{edge}%", "below": "99.5%", "points": 0}
    return "bands-gap", bands_at(draw, table, lowest, {"at_least": "99.5%"})


@plants("no band at the top")
def _gap_above(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    edge = draw(st.integers(1, 99))
    return "bands-gap", bands_at(draw, table, {"below": f"{edge}%", "points": 0}, {"at_least": f"{edge}%", "below": 2})


@plants("bands that overlap")
def _overlap(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    low, high = sorted(draw(st.lists(st.integers(0, 99), min_size=2, max_size=2)))
    return "bands-overlap", bands_at(draw, table, {"at_most": f"{high}%", "points": 0}, {"at_least": f"{low}%"})


@plants("an edge with no owner")
def _edge(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    edge = draw(st.integers(0, 100))
    return "edge-without-owner", bands_at(draw, table, {"below": f"{edge}%", "points": 0}, {"above": f"{edge}%"})


# Points lost for a better value


@plants("points lost where more is better")
def _more(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    edge = f"{draw(st.integers(1, 99))}%"
    turned = [
        {"kind": "all_or_nothing", "at_most": edge},
        {"kind": "incidents", "points_per_incident": 1},
        {
            "kind": "deduct_per_step",
            "target": edge,
            "step": "0.1%",
            "points_per_step": "0.1",
            "side": draw(st.sampled_from(["above", "either"])),
            "steps": draw(st.sampled_from(["started", "full", "continuous"])),
        },
    ]
    replace(spot, "clean.content", draw(st.sampled_from(turned)))
    return "better-loses-points", f"{spot.path}.rule"


@plants("points lost where less is better")
def _less(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    turned = [
        {"kind": "proportional", "target": 7},
        {"kind": "over_fulfilment", "target": 7, "threshold": "150%", "slope": 1},
        {"kind": "all_or_nothing", "above": draw(st.integers(0, 9))},
        {"kind": "comparison", "cases": [{"at_least": 5, "points": spot.node["points"]}], "otherwise": 0},
    ]
    replace(spot, "clean.cases_found", draw(st.sampled_from(turned)))
    return "better-loses-points", f"{spot.path}.rule"


@plants("points lost nearer to the target")
def _near(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    full = spot.node["points"]
    low, high = f"{draw(st.integers(1, 99))}%", f"{draw(st.integers(101, 199))}%"
    hole: Table = {"exactly": draw(st.sampled_from([low, "100%", high])), "points": 0}
    around: list[Table] = [{"below": hole["exactly"], "points": full}, {"above": hole["exactly"], "points": full}]
    turned = [
        {"kind": "bands", "bands": [*around, hole]},
        {"kind": "all_or_nothing", "below": low},
        {"kind": "all_or_nothing", "above": high},
        {"kind": "proportional", "target": high},
    ]
    replace(spot, "clean.fulfilment", draw(st.sampled_from(turned)))
    return "better-loses-points", f"{spot.path}.rule"


@plants("an item that costs points when it is met")
def _item(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    full = it.exact(spot.node["points"])
    listed = next(one for one in reversed(CHECKLISTS) if len(one.items) == 3)
    items = {"exist": number(full), "whole": number(full), "kept": number(-full)}
    replace(spot, listed.id, {"kind": "checklist", "items": items})
    return "better-loses-points", f"{spot.path}.rule.items.kept"


# Data that no record has


def defined(table: Table, measure: str, **more: Any) -> None:
    table["define"] = {
        "records": {
            "local.road": {"title": TITLE, "fields": {"built": {"kind": "number", "title": TITLE, "unit": "km"}}},
        },
        "indicators": {"local.built": {"tier": "output", "title": TITLE, "unit": "number", "measure": measure, **more}},
    }


TITLE = {"zh": "道路", "en": "Roads"}


@plants("a formula that names a field that the record does not have")
def _no_field(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    defined(table, f"1 + road.{draw(st.sampled_from(['bilt', 'total', 'built_']))}")
    return "bad-formula", "define.indicators.local.built.measure"


@plants("a formula that names a record that there is not")
def _no_record(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    defined(table, f"{draw(st.sampled_from(['raod', 'street']))}.built")
    return "unknown-record", "define.indicators.local.built.measure"


@plants("a record of no such id")
def _no_shape(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    table["records"] = {"extra": draw(st.sampled_from(["demo.budgett", "nowhere.record"]))}
    return "unknown-record", "records.extra"


@plants("an identity that names a field that the record does not have")
def _no_stated_field(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    table["records"] = {"planted_budget": "demo.budget"}
    field = draw(st.sampled_from(["plan", "spend", "unheard"]))
    holds = [f"planted_budget.{field} == 2", f"planted_budget.planned + planted_budget.{field} == 3"]
    table["identities"] = [{"id": "stated", "title": TITLE, "holds": draw(st.sampled_from(holds))}]
    return "bad-formula", "identity.stated.holds"


@plants("an identity that is no equality")
def _no_equality(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    table["records"] = {"planted_budget": "demo.budget"}
    holds = draw(st.sampled_from(["planted_budget.planned > 2", "not planted_budget.planned == 2"]))
    table["identities"] = [{"id": "stated", "title": TITLE, "holds": holds}]
    return "not-an-equality", "identity.stated.holds"


@plants("a binding of a parameter that the measure does not have")
def _no_parameter(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    spot.node["with"] = {**spot.node.get("with", {}), "budgett": "budget"}
    return "bad-binding", f"{spot.path}.with.budgett"


@plants("two kinds of data under one name")
def _two_records(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    table["records"] = {"planted": "demo.staff"}
    replace(spot, "clean.content", {"kind": "proportional"})
    return "two-records", f"{spot.path}"


# Warnings


@plants("full marks that no band gives")
def _no_full_band(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    half = number(it.exact(spot.node["points"]) / 2)
    edge = draw(st.integers(1, 100))
    bands = [{"below": f"{edge}%", "points": 0}, {"at_least": f"{edge}%", "points": half}]
    replace(spot, "clean.content", {"kind": "bands", "bands": bands})
    return "full-out-of-reach", f"{spot.path}.rule"


@plants("full marks for values that cannot be")
def _no_such_value(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    over = f"{draw(st.integers(101, 300))}%"
    rule = draw(
        st.sampled_from([{"kind": "proportional", "target": over}, {"kind": "all_or_nothing", "at_least": over}])
    )
    replace(spot, "clean.content", rule)
    return "full-out-of-reach", f"{spot.path}.rule"


@plants("the same indicator with the same data")
def _twice(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    found = leaves(table)
    assume(len(found) > 1)
    first, second = sorted(draw(st.lists(st.integers(0, len(found) - 1), min_size=2, max_size=2, unique=True)))
    measured = draw(st.booleans())
    for spot in (found[first], found[second]):
        for node in spot.above:  # of two under a node that takes only one of its children, both do not count
            if _combine(node) in ("better_of", "minimum"):
                node["aggregation"] = "weighted_mean"
        if measured:
            replace(spot, "clean.content", {"kind": "proportional"})
        else:
            spot.node.pop("title", None)
            replace(spot, "clean.judged_59", {"kind": "graded"})
    return "counted-twice", found[second].path


def _combine(node: Table) -> str:
    said = node.get("aggregation", "sum")
    return str(said if isinstance(said, str) else said["combine"])


@plants("a penalty that passes where the figure is missing")
def _no_penalty(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    bands = [{"below": "50%", "points": -1}, {"at_least": "50%", "points": spot.node["points"]}]
    policies = {"missing": "no_points"}
    replace(spot, "clean.content", {"kind": "bands", "bands": bands}, lowest=-1)
    spot.node["policies"] = policies
    return "missing-data-pays", f"{spot.path}.policies.missing"


@plants("a limit to which the rule never comes")
def _idle_limit(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    full = it.exact(spot.node["points"])
    name = draw(st.sampled_from(["lowest", "highest"]))
    limit: Table = {name: -1 if name == "lowest" else number(full + 1)}
    found: list[tuple[str, Table]] = [
        ("clean.content", {"kind": "proportional"}),
        ("clean.cases_found", {"kind": "incidents", "points_per_incident": 1}),
        ("clean.discontent", {"kind": "all_or_nothing", "at_most": "5%"}),
    ]
    replace(spot, *draw(st.sampled_from(found)), **limit)
    spot.node["policies"] = {"missing": "error"}
    return "limit-without-effect", f"{spot.path}.{name}"


@plants("a veto that caps nothing")
def _idle_veto(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    best = table["grades"][0]["id"] if "grades" in table else "excellent"
    caps: Table = draw(st.sampled_from([{"points": 10**6}, {"grade": best}]))
    table["vetoes"] = [{"id": "idle", "title": TITLE, **caps}]
    return "veto-without-effect", "veto.idle"


@plants("a veto that can never apply")
def _impossible_veto(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    worst = table["grades"][-1]["id"] if "grades" in table else "poor"
    when = draw(st.sampled_from([{"below": 0}, {"above": 1}]))
    veto = {"id": "never", "title": TITLE, "indicator": "clean.content", "with": {"survey": "planted"}, "when": when}
    table["vetoes"] = [{**veto, "grade": worst}]
    return "veto-without-effect", "veto.never"


@plants("a weight of 0 on a child with points")
def _no_weight(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    several = []
    for spot in [Spot(table, "", ()), *spots(table)]:
        children = [*spot.node.get("tiers", []), *spot.node.get("groups", []), *spot.node.get("indicators", [])]
        named = {child.get("tier", child.get("id")): points_in(child) for child in children}
        if sum(bool(points > 0) for points in named.values()) > 1:
            several.append((spot, named))
    spot, named = draw(st.sampled_from(several))
    idle = draw(st.sampled_from([name for name, points in named.items() if points > 0]))
    # a child without points needs no weight
    weights = {name: int(name != idle and points > 0) for name, points in named.items()}
    spot.node["points"] = number(points_in(spot.node))
    spot.node["aggregation"] = {"combine": "weighted_mean", "weights": weights}
    return "points-without-effect", f"{spot.path}.aggregation.weights.{idle}".removeprefix(".")


@plants("missing data that pays in one leaf")
def _pays(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    spot.node["policies"] = {"missing": draw(st.sampled_from(["full_points", "left_out"]))}
    return "missing-data-pays", f"{spot.path}.policies.missing"


@plants("missing data that pays in the whole")
def _pays_all(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    some_leaf(draw, table).node.pop("policies", None)
    table["policies"] = {"missing": draw(st.sampled_from(["full_points", "left_out"]))}
    return "missing-data-pays", "policies.missing"


def half_said(draw: st.DrawFn) -> Table:
    return {draw(st.sampled_from(["zh", "en"])): draw(st.sampled_from(["文字", "words"]))}


@plants("words that lack in the tree")
def _words(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = draw(st.sampled_from([Spot(table, "", ()), *spots(table)]))
    key = draw(st.sampled_from(["title", "assumption"]))
    spot.node[key] = half_said(draw)
    return "words-lacking", f"{spot.path}.{key}".removeprefix(".")


@plants("a group without a title")
def _no_words(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = draw(st.sampled_from(group_spots(table)))
    spot.node["title"] = draw(st.sampled_from(["", " "]))
    return "words-lacking", f"{spot.path}.title"


def _words_beside(draw: st.DrawFn, table: Table, kind: str) -> tuple[str, str]:
    if kind == "identities":
        table["identities"] = [{"id": "stated", "title": half_said(draw), "holds": "elsewhere.total == elsewhere.part"}]
        return "words-lacking", "identity.stated.title"
    if kind == "grades":
        table["grades"] = [
            {"id": "good", "title": TITLE, "at_least": "1/2"},
            {"id": "poor", "title": TITLE, "at_least": 0},
        ]
        table["grades"][draw(st.integers(0, 1))]["title"] = half_said(draw)
        changed = next(grade["id"] for grade in table["grades"] if grade["title"] != TITLE)
        return "words-lacking", f"grade.{changed}.title"
    if kind == "vetoes":
        table["vetoes"] = [*table.get("vetoes", []), {"id": "planted", "title": half_said(draw), "points": 0}]
        return "words-lacking", "veto.planted.title"
    spot = some_leaf(draw, table)
    steps = [{"at_least": "60%", "title": TITLE}, {"at_least": 0, "title": half_said(draw)}]
    replace(spot, "clean.judged_59", {"kind": "graded", "grades": steps})
    return "words-lacking", f"{spot.path}.rule.grades[1].title"


def _words_defined(draw: st.DrawFn, table: Table, kind: str) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    defined(table, "road.built")
    record, measure = table["define"]["records"]["local.road"], table["define"]["indicators"]["local.built"]
    field = record["fields"]["built"]
    places: dict[str, tuple[Table, str, str]] = {
        "record": (record, "title", "data.planted (local.road).title"),
        "field": (field, "title", "data.planted (local.road).built.title"),
        "doc": (field, "doc", "data.planted (local.road).built.doc"),
        "unit": (field, "unit", "data.planted (local.road).built.unit"),
        "measure": (measure, "title", f"{spot.path}.indicator (local.built).title"),
        "unit of measure": (measure, "unit", f"{spot.path}.indicator (local.built).unit"),
    }
    holder, key, path = places[kind]
    holder[key] = half_said(draw)
    if key == "unit" and holder is measure:
        holder[key] = {"title": half_said(draw)}
    replace(spot, "local.built", {"kind": "proportional"})
    spot.node["with"] = {"road": "planted"}
    return "words-lacking", path


def _words_judged(draw: st.DrawFn, table: Table, kind: str) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    if kind == "veto":
        table["vetoes"] = [{"id": "planted", "title": TITLE, "assumption": half_said(draw), "points": 0}]
        return "words-lacking", "veto.planted.assumption"
    if kind == "option":
        defined(table, "1 if road.surface == 'gravel' else 0")
        options = {"gravel": half_said(draw), "asphalt": TITLE}
        surface = {"kind": "choice", "title": TITLE, "options": options}
        table["define"]["records"]["local.road"]["fields"]["surface"] = surface
        replace(spot, "local.built", {"kind": "proportional"})
        spot.node["with"] = {"road": "planted"}
        return "words-lacking", "data.planted (local.road).surface.options.gravel"
    judged = {"tier": "output", "title": TITLE, "items" if kind == "item" else "definition": half_said(draw)}
    if kind == "item":
        judged["items"] = {"kept": judged["items"], "whole": TITLE}
    table["define"] = {"indicators": {"local.judged": judged}}
    each = number(it.exact(spot.node["points"]) / 2)
    replace(spot, "local.judged", {"kind": "checklist", "each": each} if kind == "item" else {"kind": "graded"})
    return "words-lacking", f"{spot.path}.indicator (local.judged).{'items.kept' if kind == 'item' else 'definition'}"


# Each by itself: of several that are drawn, a few examples would miss some.
for _kind in ("grades", "vetoes", "steps", "identities"):
    plants(f"words that lack in {_kind}")(partial(_words_beside, kind=_kind))
for _kind in ("record", "field", "doc", "unit", "measure", "unit of measure"):
    plants(f"words that lack in what the scheme defines: {_kind}")(partial(_words_defined, kind=_kind))
for _kind in ("item", "definition", "option", "veto"):
    plants(f"words that lack in what is judged or chosen: {_kind}")(partial(_words_judged, kind=_kind))


@plants("a rule that fails")
def _fails(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    replace(spot, "clean.content", {"kind": "clean.raising"})
    return "rule-fails", f"{spot.path}.rule"


# Notes


@plants("a band that no data can reach", NOTED)
def _band(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    full = spot.node["points"]
    beyond: Table = {draw(st.sampled_from(["at_least", "above"])): f"{draw(st.integers(101, 200))}%", "points": full}
    edge = "at_most" if "above" in beyond else "below"
    middle = {"at_least": "50%", edge: next(iter(beyond.values())), "points": full}
    bands = [{"below": "50%", "points": 0}, middle, beyond]
    order = draw(st.permutations(range(3)))
    replace(spot, "clean.content", {"kind": "bands", "bands": [bands[index] for index in order]})
    return "band-out-of-reach", f"{spot.path}.rule.bands[{order.index(2)}]"


@plants("a cliff", NOTED)
def _cliff(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    spot = some_leaf(draw, table)
    replace(spot, "clean.content", {"kind": "all_or_nothing", "at_least": f"{draw(st.integers(1, 100))}%"})
    return "cliff", f"{spot.path}.rule"


@plants("a veto that a single case brings about", NOTED)
def _veto_cliff(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    worst = table["grades"][-1]["id"] if "grades" in table else "poor"
    veto: Table = {"id": "hard", "title": TITLE, **draw(st.sampled_from([{"points": 0}, {"grade": worst}]))}
    measured = [("clean.cases_found", "cases", {"above": 0}), ("clean.content", "survey", {"at_most": "60%"})]
    indicator, parameter, when = draw(st.sampled_from(measured))
    table["vetoes"] = [{**veto, "indicator": indicator, "with": {parameter: "planted"}, "when": when}]
    return "cliff", "veto.hard.when"


@plants("an indicator that the scheme defines and does not use", NOTED)
def _idle_indicator(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    del draw
    defined(table, "road.built")
    return "unused-definition", "define.indicators.local.built"


@plants("a record that the scheme defines and does not use", NOTED)
def _idle_record(draw: st.DrawFn, table: Table) -> tuple[str, str]:
    defined(table, "road.built")
    if draw(st.booleans()):
        del table["define"]["indicators"]
    return "unused-definition", "define.records.local.road"


@st.composite
def planted(draw: st.DrawFn, planter: Planter) -> tuple[Table, str, str]:
    table = copy.deepcopy(draw(clean_schemes()).to_dict())
    return table, *planter(draw, table)


# Drawing a scheme takes longer than checking it, and is not what is tested.
few = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def said_well(findings: tuple[it.Finding, ...]) -> bool:
    """Whether every finding has all its parts, in two languages."""
    return all(
        finding.code
        and finding.path
        and all(getattr(finding.message, language).strip() for language in ("zh", "en"))
        and all(getattr(finding.fix, language).strip() for language in ("zh", "en"))
        and "\n" not in finding.words("zh") + finding.words("en")
        for finding in findings
    )


@settings(few, max_examples=60)
@given(clean_schemes())
def test_a_clean_scheme_has_no_error_and_no_warning(scheme: it.Scheme) -> None:
    found = it.check(scheme)
    assert not severe(found)
    assert said_well(found)
    assert {finding.code for finding in found} <= {"cliff", "band-out-of-reach"}


@few
@given(clean_schemes())
def test_a_scheme_and_its_table_and_its_file_are_found_alike(
    tmp_path_factory: pytest.TempPathFactory, scheme: it.Scheme
) -> None:
    folder = tmp_path_factory.mktemp("schemes")
    (folder / "clean.toml").write_text(scheme.to_toml(), encoding="utf-8")
    (folder / "clean.json").write_text(json.dumps(scheme.to_dict(), ensure_ascii=False), encoding="utf-8")
    found = it.check(scheme)
    for source in (scheme.to_dict(), folder / "clean.toml", str(folder / "clean.json")):
        assert it.check(source, catalog=CATALOG) == found


@pytest.mark.parametrize("name", PLANTED)
@few
@given(data=st.data())
def test_a_planted_fault_is_found_where_it_is_and_nothing_else(name: str, data: st.DataObject) -> None:
    table, code, path = data.draw(planted(PLANTED[name]))
    found = it.check(table, catalog=CATALOG)
    assert severe(found) == [(code, path)]
    assert said_well(found)


@pytest.mark.parametrize("name", NOTED)
@few
@given(data=st.data())
def test_a_planted_oddity_is_noted_where_it_is(name: str, data: st.DataObject) -> None:
    table, code, path = data.draw(planted(NOTED[name]))
    found = it.check(table, catalog=CATALOG)
    assert not severe(found)
    assert [finding.path for finding in found if (finding.code, finding.path) == (code, path)] == [path]
    assert said_well(found)


def test_several_faults_are_all_found_the_errors_first(tmp_path: Path) -> None:
    del tmp_path
    leaf = {"indicator": "clean.content", "points": 5, "rule": {"kind": "all_or_nothing", "at_most": "50%"}}
    group = {"id": "group", "title": {"zh": "组"}, "indicators": [{**leaf, "id": "a"}, {**leaf, "id": "b"}]}
    table = {"format": 1, "id": "several", "tiers": [{"tier": "effect", "groups": [group]}]}
    found = it.check({**table, "policies": {"missing": "left_out"}}, catalog=CATALOG)
    assert [finding.severity.value for finding in found] == ["error"] * 2 + ["warning"] * 3 + ["note"] * 2
    assert severe(found) == [
        ("better-loses-points", "effect.group.a.rule"),
        ("better-loses-points", "effect.group.b.rule"),
        ("counted-twice", "effect.group.b"),
        ("missing-data-pays", "policies.missing"),
        ("words-lacking", "effect.group.title"),
    ]


def test_a_leaf_without_points_is_information_and_no_fault() -> None:
    leaf = {"indicator": "clean.content", "policies": {"missing": "full_points"}, "points": 0}
    group = {"id": "group", "title": TITLE, "indicators": [{**leaf, "id": "a"}, {**leaf, "id": "b"}]}
    table = {"format": 1, "id": "informed", "tiers": [{"tier": "effect", "groups": [group]}]}
    assert it.check(table, catalog=CATALOG) == ()


def test_the_same_indicator_for_other_data_is_no_fault() -> None:
    rule = {"kind": "proportional"}
    leaves = [
        {"id": "a", "indicator": "clean.content", "points": 1, "rule": rule},
        {"id": "b", "indicator": "clean.content", "points": 1, "rule": rule, "with": {"survey": "second"}},
    ]
    group = {"id": "group", "title": TITLE, "indicators": leaves}
    table = {"format": 1, "id": "two", "tiers": [{"tier": "effect", "groups": [group]}]}
    assert it.check(table, catalog=CATALOG) == ()


def test_the_words_of_a_finding_are_its_message_and_its_fix() -> None:
    finding = it.Finding("a-code", it.Severity.WARNING, "a.path", text("消息", "message"), text("办法", "fix"))
    assert finding.words("zh") == "消息（办法）"
    assert finding.words("en") == "message (fix)"
    assert it.Finding("a-code", it.Severity.NOTE, "a.path", "message").words("en") == "message"
    assert [severity.title["zh"] for severity in it.Severity] == ["错误", "警告", "提示"]
    assert finding.to_dict("en") == {
        "code": "a-code",
        "severity": "warning",
        "path": "a.path",
        "message": "message",
        "messages": {"zh": "消息", "en": "message"},
        "fix": "fix",
        "fixes": {"zh": "办法", "en": "fix"},
    }
