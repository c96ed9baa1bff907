"""Problems of a scheme are told at the ids of its nodes; where there is none, at the position."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree.problems import Problem
from indicatree.scheme.places import by_ids
from strategies import demo_catalog, schemes

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO = demo_catalog()


def nodes(table: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each node with its place by positions and its path by ids."""

    def below(node: dict[str, Any], place: str, path: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        yield place, path, node
        for kind in ("groups", "indicators"):
            for index, child in enumerate(node.get(kind, [])):
                yield from below(child, f"{place}.{kind}[{index}]", f"{path}.{child['id']}")

    for index, tier in enumerate(table["tiers"]):
        yield from below(tier, f"tiers[{index}]", tier["tier"])
    for kind, word in (("vetoes", "veto"), ("identities", "identity"), ("grades", "grade")):
        for index, one in enumerate(table.get(kind, [])):
            yield f"{kind}[{index}]", f"{word}.{one['id']}", one


@settings(max_examples=30)
@given(schemes())
def test_each_position_in_a_scheme_is_told_by_its_ids(scheme: it.Scheme) -> None:
    table = scheme.to_dict()
    for place, path, _ in nodes(table):
        for rest in ("", ".points", ".rule.bands[1].at_least"):
            assert by_ids(Problem("x", place + rest, "..."), table).path == path + rest


@settings(max_examples=30)
@given(schemes(), st.data())
def test_a_problem_that_is_read_and_one_that_is_checked_stand_at_the_same_path(
    scheme: it.Scheme, data: st.DataObject
) -> None:
    table = copy.deepcopy(scheme.to_dict())
    leaves = [(path, node) for _, path, node in nodes(table) if "indicator" in node]
    path, leaf = data.draw(st.sampled_from(leaves))
    leaf["points"] = data.draw(st.sampled_from(["many", -1]))
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(table, catalog=DEMO)
    assert f"scheme: {path}.points" in {problem.path for problem in caught.value.problems}


GROUP = {"id": "g", "indicators": [{"id": "a"}, {}, {"id": "b"}, {"id": "b"}, {"id": 7}, {"id": "x.y"}, "text"]}
TABLE: dict[str, Any] = {
    "tiers": [{"tier": "proces", "groups": [GROUP]}, {"tier": "effect", "groups": [{"indicators": [{"id": "a"}]}]}],
    "vetoes": [{"id": "v", "grades": [{"id": "x"}]}, {}],
    "grades": {"good": 1},
}


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("tiers[0].groups[0].indicators[0].points", "tiers[0].g.a.points"),
        ("tiers[0].groups[0].indicators[1].points", "tiers[0].g.indicators[1].points"),
        ("tiers[0].groups[0].indicators[2]", "tiers[0].g.indicators[2]"),
        ("tiers[0].groups[0].indicators[4].id", "tiers[0].g.indicators[4].id"),
        ("tiers[0].groups[0].indicators[5].id", "tiers[0].g.indicators[5].id"),
        ("tiers[0].groups[0].indicators[6]", "tiers[0].g.indicators[6]"),
        ("tiers[0].groups[0].indicators[7].id", "tiers[0].g.indicators[7].id"),
        ("tiers[1].groups[0].indicators[0].rule", "effect.groups[0].a.rule"),
        ("tiers[2].tier", "tiers[2].tier"),
        ("vetoes[0].grades[0]", "veto.v.grades[0]"),
        ("vetoes[1].id", "vetoes[1].id"),
        ("grades[0].id", "grades[0].id"),
        ("records.groups[0].id", "records.groups[0].id"),
        ("points", "points"),
        ("", ""),
    ],
)
def test_where_there_is_no_id_the_position_stays(place: str, path: str) -> None:
    assert by_ids(Problem("x", place, "..."), TABLE).path == path
