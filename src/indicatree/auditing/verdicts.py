"""The verdicts of an audit: figures that are not printed are bounded first, then every check is judged."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from indicatree.auditing.checks import Check, Equality, Known, Result, Verdict
from indicatree.auditing.ranges import Range
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indicatree.auditing.figures import Figure

__all__ = ["judged"]


@attrs.define
class _Bounding:
    """What came of bounding the figures that are not printed.

    Attributes:
        bounds: What each can be.
        used: The check that bounds each, so that it is not checked by itself.
        disagreeing: The checks that bound a figure and leave it no value.
    """

    bounds: dict[str, Range] = attrs.field(factory=dict)
    used: dict[str, str] = attrs.field(factory=dict)
    disagreeing: dict[str, str] = attrs.field(factory=dict)


def judged(
    checks: Sequence[Check],
    figures: Mapping[str, Figure],
    memory: dict[object, Result] | None = None,
) -> tuple[dict[str, Result], Known]:
    """The result of every check, by its id, and what is known of the figures.

    Args:
        checks: The checks; their order does not matter.
        figures: The figures by path.
        memory: Results of earlier calls for the same checks, which differ in few figures.
    """
    bounding = _bounded(checks, figures)
    known = Known(figures, bounding.bounds)
    results = {}
    for check in checks:
        if check.id in bounding.used:
            results[check.id] = _as_bound(bounding.used[check.id], known)
        elif check.id in bounding.disagreeing:
            path = bounding.disagreeing[check.id]
            alone = list(bounding.disagreeing.values()).count(path) == 1
            results[check.id] = _as_disagreeing(path, known, alone=alone)
        else:
            results[check.id] = _remembered(check, known, memory)
    return results, known


def _remembered(check: Check, known: Known, memory: dict[object, Result] | None) -> Result:
    if memory is None:
        return check.judge(known)
    given = tuple(
        (figure.value, figure.low, figure.high, known.bounds.get(figure.path))
        for figure in map(known.figures.__getitem__, check.paths)
    )
    key = (check.id, given)
    if key not in memory:
        memory[key] = check.judge(known)
    return memory[key]


def _bounded(checks: Sequence[Check], figures: Mapping[str, Figure]) -> _Bounding:
    """What each figure that is not printed can be, by the claims that bound it.

    In rounds, so that the order of the checks does not matter: in each, every check that lacks one figure
    bounds it. Of several that agree the tightest is used, and the others are checked with it.
    """
    found = _Bounding()
    closed: set[str] = set()
    while True:
        known = Known(figures, found.bounds)
        offers: dict[str, list[tuple[Range, Check]]] = {}
        for check in checks:
            lacking = known.lacking(check.paths)
            if isinstance(check, Equality) and len(lacking) == 1 and lacking[0] not in closed:
                needed = check.needed(lacking[0], known, printed=False)
                if needed is not None:
                    offers.setdefault(lacking[0], []).append((needed, check))
        if not offers:
            return found
        for path, ranges in offers.items():
            closed.add(path)
            offered = [(kept, check) for one, check in ranges if (kept := _kept(one, figures[path])) is not None]
            low, high = max(one.low for one, _ in ranges), min(one.high for one, _ in ranges)
            if len(offered) < len(ranges) or _kept(Range(low, high), figures[path]) is None:
                found.disagreeing |= {check.id: path for _, check in ranges}
                continue
            tightest, check = min(offered, key=_preference)
            found.bounds[path] = tightest
            found.used[check.id] = path


def _preference(offer: tuple[Range, Check]) -> tuple[object, ...]:
    """The tightest first; of equal ones what does not depend on the order, as the number of an identity does."""
    found, check = offer
    return found.high - found.low, found.low, check.title["en"], check.title["zh"], check.at["zh"], check.id


def _kept(needed: Range, figure: Figure) -> Range | None:
    """A range, without what the figure can never be; None where nothing is left."""
    low = needed.low if figure.least is None else max(needed.low, figure.least)
    high = needed.high if figure.most is None else min(needed.high, figure.most)
    if figure.whole:
        low, high = Fraction(math.ceil(low)), Fraction(math.floor(high))
    return Range(low, high) if low <= high else None


def _as_bound(path: str, known: Known) -> Result:
    figure, bound = known.figures[path], known.bounds[path]
    low, high = figure.show(bound.low, more=3), figure.show(bound.high, more=3)
    why = Text(
        zh=f"用于推算未公布的{figure.title['zh']}（{path}）：{low} 至 {high}",
        en=f"used to bound what is not printed, {figure.title['en']} ({path}): from {low} to {high}",
    )
    return Result(Verdict.NOT_CHECKED, None, why)


def _as_disagreeing(path: str, known: Known, *, alone: bool) -> Result:
    figure = known.figures[path]
    why = Text(
        zh=f"与另一数据推算出的{figure.title['zh']}（{path}）互相矛盾",
        en=f"it and another claim leave no value for {figure.title['en']} ({path})",
    )
    if alone:
        why = Text(
            zh=f"未公布的{figure.title['zh']}（{path}）取任何可能的值都不能使其成立",
            en=f"no possible value of {figure.title['en']} ({path}), which is not printed, agrees with it",
        )
    return Result(Verdict.BROKEN, None, why)
