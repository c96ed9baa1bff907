"""Rules: from a value to points."""

from indicatree.scheme.rules.bands import AllOrNothing, Band, Bands
from indicatree.scheme.rules.base import Limits, Marks, Rule, Takes
from indicatree.scheme.rules.judged import GradedJudgement, GradeStep, PerItem
from indicatree.scheme.rules.steps import DeductPerStep, Proportional, Side, Steps

__all__ = [
    "AllOrNothing",
    "Band",
    "Bands",
    "DeductPerStep",
    "GradeStep",
    "GradedJudgement",
    "Limits",
    "Marks",
    "PerItem",
    "Proportional",
    "Rule",
    "Side",
    "Steps",
    "Takes",
]
