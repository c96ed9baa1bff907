"""The laws that scoring must have, whoever wrote the indicators, the rules and the scheme."""

from indicatree.testing.standard import data, declarations, points, ranges, tables, tree, values
from indicatree.testing.standard.capabilities import (
    ADDITIVE,
    AMOUNTS,
    CHECKLISTS,
    DIRECTION,
    EDGES,
    FORMULAS,
    GRADES,
    LEAVES_LEFT_OUT,
    RATIO_OF_AMOUNTS,
    STATEMENTS,
    STRICT_ON_MISSING,
    SUMS,
    TABLES,
    TARGET,
)
from indicatree.testing.trials import Law, register

__all__ = [
    "ADDITIVE",
    "AMOUNTS",
    "CHECKLISTS",
    "DIRECTION",
    "EDGES",
    "FORMULAS",
    "GRADES",
    "LEAVES_LEFT_OUT",
    "RATIO_OF_AMOUNTS",
    "STANDARD",
    "STATEMENTS",
    "STRICT_ON_MISSING",
    "SUMS",
    "TABLES",
    "TARGET",
    "register_once",
]

_THEMES = (points, tree, values, data, declarations, ranges, tables)

STANDARD: tuple[Law, ...] = tuple(getattr(theme, name) for theme in _THEMES for name in theme.__all__)
"""The laws of the library, theme by theme."""


def register_once() -> None:
    """Register the laws of the library, before any other."""
    register(*STANDARD)
