"""Indicators of the evaluation frameworks of the Chinese Ministry of Finance.

The records and the indicators are public names of this package; indicatree finds them through the
entry point group ``indicatree``.
"""

from __future__ import annotations

from collections.abc import Iterable

import indicatree as it
from indicatree_mof import judged, measured
from indicatree_mof.records import Budget, Fund, Project, Revenue, Spending, Staffing

__all__ = ["Budget", "Fund", "Project", "Revenue", "Spending", "Staffing", "judged", "measured"]

INDICATREE_CONTRACT = 1


@it.hookimpl
def indicatree_records() -> Iterable[type]:
    """The record classes, also those that no indicator takes yet."""
    return [Budget, Fund, Project, Revenue, Spending, Staffing]


@it.hookimpl
def indicatree_indicators() -> Iterable[it.Indicator]:
    """Every indicator of this package."""
    return [
        value for module in (measured, judged) for value in vars(module).values() if isinstance(value, it.Indicator)
    ]
