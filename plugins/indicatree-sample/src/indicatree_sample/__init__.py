"""Indicators for public libraries: what indicatree finds through the entry point."""

from collections.abc import Iterable
from pathlib import Path

import indicatree as it

from indicatree_sample import identities, judged, measured, records, rules

INDICATREE_CONTRACT = 1


@it.hookimpl
def indicatree_records() -> Iterable[type]:
    """The record classes that scheme files may name."""
    return [records.Service, records.Branch]


@it.hookimpl
def indicatree_indicators() -> Iterable[it.Indicator]:
    """The indicators."""
    return [measured.lending_rate, measured.branches_on_plan, measured.book_spending_rate, judged.opening]


@it.hookimpl
def indicatree_rules() -> Iterable[type[it.Rule]]:
    """The classes of rules."""
    return [rules.Linear]


@it.hookimpl
def indicatree_schemes() -> Iterable[Path]:
    """The schemes, as files named by their ids."""
    return [Path(__file__).with_name("sample-2025.toml")]


@it.hookimpl
def indicatree_identities() -> Iterable[it.Identity]:
    """What must be equal in every report."""
    return [identities.loans_by_branch]
