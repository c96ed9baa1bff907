"""Exact arithmetic: quantities, ranges, formulas, rounding, and text in two languages."""

from indicatree.arithmetic.algebra import (
    all_of,
    any_of,
    ceil,
    count,
    equal,
    floor,
    maximum,
    minimum,
    none_of,
    piecewise,
    total,
    where,
)
from indicatree.arithmetic.interval import Interval, Undecided
from indicatree.arithmetic.many import Many, ManyConditions
from indicatree.arithmetic.quantity import MISSING, UNDEFINED, Quantity, State, Unsettled, UnsettledError, exact
from indicatree.arithmetic.rounding import Rounding, round_ratio
from indicatree.arithmetic.term import ConditionTerm, Term, TermError, walk

__all__ = [
    "MISSING",
    "UNDEFINED",
    "ConditionTerm",
    "Interval",
    "Many",
    "ManyConditions",
    "Quantity",
    "Rounding",
    "State",
    "Term",
    "TermError",
    "Undecided",
    "Unsettled",
    "UnsettledError",
    "all_of",
    "any_of",
    "ceil",
    "count",
    "equal",
    "exact",
    "floor",
    "maximum",
    "minimum",
    "none_of",
    "piecewise",
    "round_ratio",
    "total",
    "walk",
    "where",
]
