"""Strategies of Hypothesis for what scoring works on: records, line items, units, schemes, measures."""

from indicatree.testing.strategies.fault import InvalidScheme, invalid_schemes
from indicatree.testing.strategies.figure import figures, register_kind
from indicatree.testing.strategies.measure import measures
from indicatree.testing.strategies.record import items, records
from indicatree.testing.strategies.tree import schemes
from indicatree.testing.strategies.unit import data_for

__all__ = [
    "InvalidScheme",
    "data_for",
    "figures",
    "invalid_schemes",
    "items",
    "measures",
    "records",
    "register_kind",
    "schemes",
]
