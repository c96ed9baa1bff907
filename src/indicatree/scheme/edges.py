"""Edges in messages: in the unit of the indicator where it is known, else as the file says them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, exact
from indicatree.problems import ExactnessError
from indicatree.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indicatree.indicators import Indicator
    from indicatree.problems import Problem

__all__ = ["with_edges_said"]

_OF_EDGES = {"bands-gap", "bands-overlap", "edge-without-owner", "empty-range", "above-target"}
"""The problems in whose messages every number is an edge: a rule that is made does not know its indicator."""

_NUMBER = re.compile(r"-?\d+(?:[./]\d+)?", re.ASCII)


def with_edges_said(problem: Problem, indicator: Indicator | None, written: Any = None) -> Problem:
    """The same problem, with its edges as a person reads them.

    Args:
        problem: What is wrong with the edges of a rule; any other problem stays as it is.
        indicator: The indicator whose values the edges are; None where it is not known.
        written: What the file holds of the rule, whose own writing is kept where there is no indicator.

    Example:
        >>> from indicatree.problems import Problem
        >>> gap = Problem("bands-gap", "bands", 'no band has the values below "≥ 0.1"')
        >>> with_edges_said(gap, None, [{"at_least": "10%", "points": 1}]).message["en"]
        'no band has the values below "≥ 10%"'
    """
    if problem.code not in _OF_EDGES:
        return problem
    as_written = dict(_written(written))

    def said(language: str) -> Callable[[re.Match[str]], str]:
        def edge(match: re.Match[str]) -> str:
            value = exact(match[0])
            return as_written.get(value, match[0]) if indicator is None else indicator.unit.show_exact(value, language)

        return edge

    words = {language: _NUMBER.sub(said(language), problem.message[language]) for language in LANGUAGES}
    return attrs.evolve(problem, message=Text(**words))


def _written(value: Any) -> Iterator[tuple[Quantity, str]]:
    """The numbers that a file gives as text, by their value."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _written(inner)
    elif isinstance(value, str):
        try:
            yield exact(value), value
        except ExactnessError:  # no number: the kind of the rule, a name
            return
