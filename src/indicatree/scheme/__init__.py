"""Schemes: the four-tier tree, rules, aggregation, grades and policies; read and written as TOML."""

from indicatree.scheme import rules
from indicatree.scheme.aggregation import Aggregation, Combine, Part
from indicatree.scheme.files import Parts, load_scheme
from indicatree.scheme.rules import Rule, Takes
from indicatree.scheme.stated import StatedIdentity
from indicatree.scheme.template import data_template
from indicatree.scheme.tree import (
    DEFAULT_GRADES,
    DEFAULT_POLICIES,
    SCHEME_FORMAT,
    Grade,
    Group,
    Leaf,
    Policies,
    Scheme,
    TierNode,
    Treatment,
)
from indicatree.scheme.vetoes import Veto

__all__ = [
    "DEFAULT_GRADES",
    "DEFAULT_POLICIES",
    "SCHEME_FORMAT",
    "Aggregation",
    "Combine",
    "Grade",
    "Group",
    "Leaf",
    "Part",
    "Parts",
    "Policies",
    "Rule",
    "Scheme",
    "StatedIdentity",
    "Takes",
    "TierNode",
    "Treatment",
    "Veto",
    "data_template",
    "load_scheme",
    "rules",
]
