"""The verdicts of an audit: figures that are not printed are bounded first, then every check is judged."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.auditing.checks import Check, Equality, Known, Result, Solved, Verdict
from indicatree.auditing.ranges import Formula, NoRangeError, Range, replaced, solved
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indicatree.auditing.figures import Figure

__all__ = ["judged"]

_MOST_COMPARED = 24
"""Of more claims that bound one figure, only those are compared by pairs that are the tightest."""


@attrs.define
class _Bounding:
    """What came of bounding the figures that are not printed.

    Attributes:
        bounds: What each can be.
        solved: Where each bound comes from.
        used: The checks that give an end of a bound, so that they are not checked by themselves.
        disagreeing: The checks that bound a figure and leave it no value.
    """

    bounds: dict[str, Range] = attrs.field(factory=dict)
    solved: dict[str, Solved] = attrs.field(factory=dict)
    used: dict[str, str] = attrs.field(factory=dict)
    disagreeing: dict[str, str] = attrs.field(factory=dict)


def judged(
    checks: Sequence[Check],
    figures: Mapping[str, Figure],
    memory: dict[object, Result] | None = None,
    base: Known | None = None,
    changed: str = "",
) -> tuple[dict[str, Result], Known]:
    """The result of every check, by its id, and what is known of the figures.

    Args:
        checks: The checks; their order does not matter.
        figures: The figures by path.
        memory: Results of earlier calls for the same checks, which differ in few figures.
        base: What was known of the same figures, or of figures that differ in one.
        changed: The path of that one, if any.
    """
    bounding, known = _bounded(checks, Known(figures, base=base, changed=changed))
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
    if memory is None or (isinstance(check, Equality) and check.sums(known) is not None):
        return check.judge(known)
    used: dict[str, None] = dict.fromkeys(check.paths)
    sources = []
    for path in check.paths if not known.unprinted.isdisjoint(check.paths) else ():
        if path in known.unprinted and path in known.solved:
            sources.append(known.solved[path].checks)
            used |= dict.fromkeys(sorted(known.solved[path].origins))
    given = tuple(
        (figure.value, figure.low, figure.high, known.bounds.get(figure.path))
        for figure in map(known.figures.__getitem__, used)
    )
    key = (check.id, given, *sources)
    if key not in memory:
        memory[key] = check.judge(known)
    return memory[key]


def _bounded(checks: Sequence[Check], known: Known) -> tuple[_Bounding, Known]:
    """What each figure that is not printed can be, by the claims that bound it; and what is known with that.

    In rounds, so that the order of the checks does not matter: in each, every check that lacks one figure
    bounds it. Where several agree, the figure lies in all of their ranges; those that give an end of what is
    left are used, and the others are checked with it.
    """
    found = _Bounding()
    closed: set[str] = set()
    open_ones = [check for check in checks if isinstance(check, Equality) and known.unprinted]
    open_ones = [check for check in open_ones if not known.unprinted.isdisjoint(check.paths)]
    while True:
        known = attrs.evolve(known, bounds=dict(found.bounds), solved=dict(found.solved))
        offers: dict[str, list[tuple[Range, Equality]]] = {}
        for check in open_ones:
            lacking = known.lacking(check.paths)
            if len(lacking) == 1 and lacking[0] not in closed:
                needed = check.needed(lacking[0], known, printed=False)
                if needed is not None:
                    offers.setdefault(lacking[0], []).append((needed, check))
        if not offers:
            return found, known
        for path, ranges in offers.items():
            closed.add(path)
            figure = known.figures[path]
            offered = [(kept, check) for one, check in ranges if (kept := _kept(one, figure)) is not None]
            low, high = max(one.low for one, _ in ranges), min(one.high for one, _ in ranges)
            bound = _kept(Range(low, high), figure) if low <= high else None
            if len(offered) < len(ranges) or bound is None or _contradict(path, offered, known):
                found.disagreeing |= {check.id: path for _, check in ranges}
                continue
            used = _used(offered, bound)
            found.bounds[path] = attrs.evolve(bound, tight=_is_tight(path, used, known))
            found.used |= {check.id: path for check in used}
            whole = any(check is used[0] and one == bound for one, check in ranges) and len(used) == 1
            found.solved[path] = _solved(path, used, known, whole=whole)


def _used(offered: Sequence[tuple[Range, Equality]], bound: Range) -> list[Equality]:
    """The claims that give the ends of a bound: the tightest, and where it does not give both, another for each."""
    order = sorted(offered, key=_preference)
    found = [order[0]]
    for end in ("low", "high"):
        if all(getattr(one, end) != getattr(bound, end) for one, _ in found):
            found.append(next(offer for offer in order if getattr(offer[0], end) == getattr(bound, end)))
    return [check for _, check in found]


def _is_tight(path: str, used: Sequence[Equality], known: Known) -> bool:
    """Whether both ends of a bound are reached: not where two claims that give them share a figure."""
    if len(used) > 1 and _share(path, used[0], used[1], known):
        return False
    others = [(check, tuple(other for other in check.paths if other != path)) for check in used]
    return all(
        known.ways(check.sides, names)[1] and all(known.bounds[one].tight for one in names if one in known.unprinted)
        for check, names in others
    )


def _solved(path: str, used: Sequence[Equality], known: Known, *, whole: bool) -> Solved:
    """A figure by the claims that bound it, over what is printed."""
    others = {other for check in used for other in check.paths if other != path}
    hidden = {other for other in others if other in known.unprinted}
    formulas = [_without_hidden(solved(check.left, check.right, path), hidden, known) for check in used]
    every = all(formula is not None for formula in formulas)
    exact = every and whole and all(known.solved[other].exact for other in hidden)
    return Solved(
        tuple(formula for formula in formulas if formula is not None),
        frozenset(others).union(*(known.origins(other) for other in hidden)),
        exact,
        tuple(check.id for check in used),
    )


def _without_hidden(formula: Any, hidden: set[str], known: Known) -> Any:
    """A formula over what is printed, as far as each figure that is not has one itself."""
    instead = {path: known.solved[path].formulas[0] for path in hidden if known.solved[path].formulas}
    return None if formula is None else replaced(formula, instead)


def _contradict(path: str, offered: Sequence[tuple[Range, Equality]], known: Known) -> bool:
    """Whether two claims of a figure have no value in common for any figures, though their ranges have.

    That can be where they share another figure: 1 / p cannot be 50 % and 60 % of it, whatever it is.
    """
    tightest = [check for _, check in sorted(offered, key=_preference)][:_MOST_COMPARED]
    for source in tightest:
        others = [check for check in tightest if check is not source]
        shared = {check.id for check in others if _share(path, source, check, known)}
        if not shared:
            continue
        origin = _solved(path, [source], known, whole=False)
        if not origin.formulas:
            continue
        for check in others:
            if check.id not in shared:
                continue
            hidden = {other for other in check.paths if other in known.unprinted and other != path}
            gap = Formula(_without_hidden(replaced(check.gap.term, {path: origin.formulas[0]}), hidden, known))
            try:
                if 0 not in gap.range(known.box(gap.paths, printed=False)):
                    return True
            except (NoRangeError, ZeroDivisionError):
                continue
    return False


def _share(path: str, first: Equality, second: Equality, known: Known) -> bool:
    """Whether two claims rest on a figure in common, beside the one that they bound."""
    one, other = (
        frozenset().union(*(known.origins(name) for name in check.paths if name != path)) for check in (first, second)
    )
    return not one.isdisjoint(other)


def _preference(offer: tuple[Range, Check]) -> tuple[object, ...]:
    """The tightest first; of equal ones what does not depend on the order, as the number of an identity does."""
    found, check = offer
    return (
        found.high - found.low,
        found.low,
        check.title["en"],
        check.title["zh"],
        check.at["zh"],
        check.paths,
        check.id,
    )


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
