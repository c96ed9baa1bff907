"""Indicators and schemes of the evaluation frameworks of the Chinese Ministry of Finance.

The records and the indicators are public names of this package; the schemes are files in it. indicatree
finds all of them through the entry point group ``indicatree``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import indicatree as it
from indicatree_mof import identities, judged, local, measured, projects, records
from indicatree_mof.records import (
    AvailableFunds,
    Benefit,
    Budget,
    CarryOver,
    DepartmentBudget,
    FixedAssets,
    Fund,
    NewBuildings,
    Procurement,
    Project,
    ProjectExpenditure,
    ProjectFunds,
    ProjectOutput,
    PublicFunds,
    Revenue,
    Spending,
    Staffing,
    Survey,
    ThreePublic,
    Violations,
    Work,
)

__all__ = [
    "AvailableFunds",
    "Benefit",
    "Budget",
    "CarryOver",
    "DepartmentBudget",
    "FixedAssets",
    "Fund",
    "NewBuildings",
    "Procurement",
    "Project",
    "ProjectExpenditure",
    "ProjectFunds",
    "ProjectOutput",
    "PublicFunds",
    "Revenue",
    "Spending",
    "Staffing",
    "Survey",
    "ThreePublic",
    "Violations",
    "Work",
    "identities",
    "judged",
    "local",
    "measured",
    "projects",
]

INDICATREE_CONTRACT = 1


@it.hookimpl
def indicatree_records() -> Iterable[type]:
    """The record classes, also those that no indicator takes yet."""
    return [getattr(records, name) for name in records.__all__]


@it.hookimpl
def indicatree_indicators() -> Iterable[it.Indicator]:
    """Every indicator of this package."""
    modules = (measured, judged, projects, local)
    return [value for module in modules for value in vars(module).values() if isinstance(value, it.Indicator)]


@it.hookimpl
def indicatree_schemes() -> Iterable[Path]:
    """The files of the schemes, each named by its id."""
    return sorted((Path(__file__).parent / "schemes").glob("*.toml"))


@it.hookimpl
def indicatree_identities() -> Iterable[it.Identity]:
    """Every identity of this package."""
    return [value for value in vars(identities).values() if isinstance(value, it.Identity)]
