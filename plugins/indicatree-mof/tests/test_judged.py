"""Each indicator that an assessor decides: an example worked by hand, and the law of its points in fractions."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
import indicatree_mof

INDICATORS = {indicator.id: indicator for indicator in indicatree_mof.indicatree_indicators()}
SAID = it.Text(zh="评审意见", en="as the assessor found")
PATH = "group.leaf"

# What is met, and the points where the first item of the list has 1 point, the second 2, the third 4, then 8 and 16:
# each set of items has a sum of its own.
CHECKLISTS: dict[str, tuple[str, int]] = {
    "mof.target_reasonableness": ("lawful follows_plan", 1 + 4),
    "mof.indicator_clarity": ("measurable matches_budget", 2 + 8),
    "mof.management_rules": ("exist complete", 1 + 2),
    "mof.fund_use_compliance": ("approval approved_use no_diversion", 2 + 8 + 16),
    "mof.openness": ("time", 2),
    "mof.base_data": ("true accurate", 1 + 4),
    "mof.asset_rules": ("complete executed", 2 + 4),
    "mof.asset_safety": ("kept_whole disposal income", 1 + 4 + 16),
    "mof.project_basis": ("sector_plan public_finance not_duplicated", 2 + 8 + 16),
    "mof.project_procedure": ("documents studied", 2 + 4),
    "mof.project_target_reasonableness": ("has_targets normal_level", 1 + 4),
    "mof.project_indicator_clarity": ("broken_down matches_plan", 1 + 4),
    "mof.project_budgeting": ("matches_content matches_tasks", 2 + 8),
    "mof.project_allocation": ("reasonable", 2),
    "mof.project_fund_use": ("finance_rules no_diversion", 1 + 8),
    "mof.project_rules": ("exist", 1),
    "mof.project_rules_execution": ("changes conditions", 2 + 8),
}

# The share that is given, and what it gives of 7 points.
GRADED: dict[str, tuple[str, str, str]] = {
    "mof.performance_monitoring": ("90%", "6.30", "reached"),
    "mof.duty_performance": ("85%", "5.95", "reached"),
    "mof.duty_benefit": ("80%", "5.60", "reached"),
    "mof.economic_benefit": ("79.9%", "5.59", "partly reached"),  # 5.593
    "mof.social_benefit": ("75%", "5.25", "partly reached"),
    "mof.ecological_benefit": ("60%", "4.20", "partly reached"),
    "mof.economic_and_social_benefit": ("59.5%", "4.17", "not reached"),  # 4.165
    "mof.administrative_efficiency": ("33%", "2.31", "not reached"),
    "mof.project_benefit": ("0%", "0.00", "not reached"),
    "mof.project_sustainable_influence": ("95.5%", "6.69", "reached"),  # 6.685
}


@cache
def scheme_of(name: str) -> it.Scheme:
    """A scheme of this indicator alone."""
    indicator = INDICATORS[name]
    leaf: dict[str, Any] = {"id": "leaf", "indicator": name, "points": 7, "rule": {"kind": "graded"}}
    if isinstance(indicator, it.Checklist):
        items = {item: 2**position for position, item in enumerate(indicator.items)}
        leaf |= {"points": sum(items.values()), "rule": {"kind": "checklist", "items": items}}
    group = {"id": "group", "title": "组", "indicators": [leaf]}
    return it.load_scheme({"format": 1, "id": "one", "tiers": [{"tier": indicator.tier.value, "groups": [group]}]})


def node_of(name: str, **said: Any) -> it.NodeScore:
    path = f"{INDICATORS[name].tier.value}.{PATH}"
    judgement = it.Judgement(reason=SAID, evidence=SAID, **said)
    return it.score(scheme_of(name), it.UnitData(records={}, judgement={path: judgement}))[path]


def test_every_judged_indicator_has_a_worked_example() -> None:
    judged = {name: type(indicator) for name, indicator in INDICATORS.items() if not isinstance(indicator, it.Measured)}
    assert judged == dict.fromkeys(CHECKLISTS, it.Checklist) | dict.fromkeys(GRADED, it.Graded)


@pytest.mark.parametrize("name", CHECKLISTS)
def test_a_checklist_gives_what_is_worked_by_hand(name: str) -> None:
    met, points = CHECKLISTS[name]
    names = list(INDICATORS[name].items)  # type: ignore[attr-defined] # a checklist: the test above says so
    node = node_of(name, items={item: item in met.split() for item in names})
    assert node.score == points
    assert node.value_text["en"] == f"{len(met.split())} of {len(names)} met"
    assert node.value_text["zh"] == f"{len(met.split())}/{len(names)} 项符合"


@pytest.mark.parametrize("name", GRADED)
def test_a_judgement_gives_what_is_worked_by_hand(name: str) -> None:
    share, points, step = GRADED[name]
    node = node_of(name, share=share)
    assert str(node.score) == points
    assert f'"{step}"' in node.reason["en"]


short = settings(deadline=None, max_examples=30)  # nothing is tested by its time


@pytest.mark.parametrize("name", CHECKLISTS)
@short
@given(data=st.data())
def test_each_item_met_adds_its_points_and_no_other(name: str, data: st.DataObject) -> None:
    names = list(INDICATORS[name].items)  # type: ignore[attr-defined] # likewise
    met = data.draw(st.lists(st.booleans(), min_size=len(names), max_size=len(names)))
    expected = sum(2**position for position, one in enumerate(met) if one)
    assert node_of(name, items=dict(zip(names, met, strict=True))).score == expected
    lacking = data.draw(st.sampled_from(names))
    with pytest.raises(it.IndicatreeError, match=lacking):
        node_of(name, items={item: True for item in names if item != lacking})


@pytest.mark.parametrize("name", GRADED)
@short
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_share_gives_its_part_of_the_points_and_a_greater_one_no_less(name: str, one: int, other: int) -> None:
    low, high = sorted((Fraction(one, 10_000), Fraction(other, 10_000)))
    given_low, given_high = (node_of(name, share=share).score for share in (low, high))
    assert given_low is not None
    assert given_high is not None
    assert given_low <= given_high
    assert Fraction(given_low) == Fraction(floor(low * 700 + Fraction(1, 2)), 100)
