"""Indicators: measures with a name, a tier, a unit and a source."""

from indicatree.indicators.declare import Checklist, Graded, Indicator, Measured, checklist, graded, indicator
from indicatree.indicators.define import defined_indicator, indicator_table
from indicatree.indicators.formula import evaluate, figures_of, formula_with_figures, formula_words
from indicatree.indicators.identity import Identity, identity
from indicatree.indicators.units import DAYS, LESS, MORE, NUMBER, PERCENT, Better, MeasureUnit, Tier, near
from indicatree.indicators.written import FormulaError, WrittenFormula

__all__ = [
    "DAYS",
    "LESS",
    "MORE",
    "NUMBER",
    "PERCENT",
    "Better",
    "Checklist",
    "FormulaError",
    "Graded",
    "Identity",
    "Indicator",
    "MeasureUnit",
    "Measured",
    "Tier",
    "WrittenFormula",
    "checklist",
    "defined_indicator",
    "evaluate",
    "figures_of",
    "formula_with_figures",
    "formula_words",
    "graded",
    "identity",
    "indicator",
    "indicator_table",
    "near",
]
