"""Rules: from a value to points."""

from indicatree.scheme.rules.bands import AllOrNothing, Band, Bands
from indicatree.scheme.rules.base import Limits, Marks, Rule, Takes
from indicatree.scheme.rules.comparison import Case, Comparison
from indicatree.scheme.rules.judged import DeductPerItem, GradedJudgement, GradeStep, PerItem
from indicatree.scheme.rules.steps import DeductPerStep, Incidents, OverFulfilment, Proportional, Side, Steps

__all__ = [
    "AllOrNothing",
    "Band",
    "Bands",
    "Case",
    "Comparison",
    "DeductPerItem",
    "DeductPerStep",
    "GradeStep",
    "GradedJudgement",
    "Incidents",
    "Limits",
    "Marks",
    "OverFulfilment",
    "PerItem",
    "Proportional",
    "Rule",
    "Side",
    "Steps",
    "Takes",
]
