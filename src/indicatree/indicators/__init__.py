"""Indicators: measures with a name, a tier, a unit and a source."""

from indicatree.indicators.declare import Checklist, Graded, Indicator, Measured, checklist, graded, indicator
from indicatree.indicators.formula import evaluate, figures_of, formula_with_figures, formula_words
from indicatree.indicators.identity import Identity, identity
from indicatree.indicators.units import DAYS, LESS, MORE, NUMBER, PERCENT, Better, MeasureUnit, Tier, near

__all__ = [
    "DAYS",
    "LESS",
    "MORE",
    "NUMBER",
    "PERCENT",
    "Better",
    "Checklist",
    "Graded",
    "Identity",
    "Indicator",
    "MeasureUnit",
    "Measured",
    "Tier",
    "checklist",
    "evaluate",
    "figures_of",
    "formula_with_figures",
    "formula_words",
    "graded",
    "identity",
    "indicator",
    "near",
]
