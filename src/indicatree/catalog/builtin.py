"""The plugin that the library itself is: its rules come in through the same hooks as everyone's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicatree.catalog.hookspecs import CONTRACT, hookimpl
from indicatree.scheme import rules

if TYPE_CHECKING:
    from indicatree.scheme import Rule

INDICATREE_CONTRACT = CONTRACT


@hookimpl
def indicatree_rules() -> list[type[Rule]]:
    """The rule kinds of published scoring tables."""
    return [
        rules.Bands,
        rules.AllOrNothing,
        rules.DeductPerStep,
        rules.Proportional,
        rules.OverFulfilment,
        rules.Incidents,
        rules.Comparison,
        rules.PerItem,
        rules.DeductPerItem,
        rules.GradedJudgement,
    ]
