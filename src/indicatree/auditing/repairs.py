"""Which figure is likely to be wrong, and what it should be: the most consistent explanation first."""

from __future__ import annotations

import math
from collections import ChainMap, Counter
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from indicatree.auditing.checks import DIVIDES, Check, Equality, Known, PossibleScore, Result, StatedGrade, Verdict
from indicatree.auditing.ranges import Range
from indicatree.auditing.verdicts import judged
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from indicatree.auditing.figures import Figure
    from indicatree.auditing.scores import Possible

    Scored = Callable[[Known], Mapping[str, Possible]]

__all__ = ["BrokenFigure", "Suspect", "broken_figures"]

_MOST_SUSPECTS = 5
_MOST_TRIED = 200
"""With more figures than these in one check, not every one is tried: the time would grow with their square."""

_HOLDS = (Verdict.HOLDS, Verdict.WITHIN_ROUNDING)
_OPEN = Result(Verdict.NOT_CHECKED)
"""Of a stated score, where a change leaves its node without any."""


@attrs.frozen
class Suspect:
    """A single figure that, changed to a value, would repair a check.

    Attributes:
        path: The figure.
        title: What it is.
        stated: The figure as it is printed.
        repair: The value that would repair the check, as it would be printed.
        satisfied: How many broken checks that value would satisfy, once what was found before is repaired.
        broken: How many other checks it would break.
        unchecked: How many checks that hold could not be checked any more.
    """

    path: str
    title: Text
    stated: str
    repair: str
    satisfied: int
    broken: int
    unchecked: int = 0

    @property
    def cost(self) -> int:
        """How many more checks it breaks, or leaves unchecked, than it satisfies."""
        return self.broken + self.unchecked - self.satisfied


@attrs.frozen
class BrokenFigure:
    """A figure that explains broken checks.

    Attributes:
        id: The path of the figure.
        title: What it is.
        stated: The figure as it is printed.
        repair: The value that fits best, as it would be printed; empty where none does.
        where: Where in the source it stands.
        checks: The ids of the broken checks that it explains.
        suspects: The single figures that would repair one of these checks, the most consistent first.
    """

    id: str
    title: Text
    stated: str
    repair: str
    where: Text
    checks: tuple[str, ...]
    suspects: tuple[Suspect, ...] = ()


@attrs.frozen
class _Repair:
    """A figure changed to a value, and what comes of that."""

    path: str
    value: Fraction
    fixed: frozenset[str]
    newly_broken: frozenset[str]
    unsaid: int
    exact: int
    elsewhere: bool
    is_stated: bool
    agrees: bool
    digits: int

    @property
    def rank(self) -> tuple[int | bool | str | Fraction, ...]:
        """The most consistent first: fewest checks broken or lost, most that hold exactly, then what is likelier."""
        return (
            len(self.newly_broken) + self.unsaid - len(self.fixed),
            len(self.newly_broken),
            -self.exact,
            not self.is_stated,
            not self.elsewhere,
            self.path,
            not self.agrees,
            self.digits,
            self.value,
        )


class _Search:
    """Tries other values for figures; remembers what it has judged, and judges only what a figure can change."""

    def __init__(self, checks: Sequence[Check], figures: Mapping[str, Figure], scored: Scored | None = None) -> None:
        self.checks = checks
        self.scored = scored
        self.rescored: dict[object, Mapping[str, Possible]] = {}
        self.now: dict[str, PossibleScore] = {}
        self.report = figures
        self.figures = dict(figures)
        self.memory: dict[object, Result] = {}
        self.users: dict[str, list[Check]] = {}
        for check in checks:
            for path in check.paths:
                self.users.setdefault(path, []).append(check)
        self.values = Counter(figure.value for figure in self.figures.values())
        self.near: dict[str, list[Check]] = {}
        self.tries: dict[str, list[_Repair]] = {}
        self.results, self.known = judged(checks, self.figures, self.memory)

    def broken(self) -> list[Check]:
        return [check for check in self.checks if self.results[check.id].verdict is Verdict.BROKEN]

    def repairs(self, check: Check) -> list[_Repair]:
        """What would repair a broken check, the most consistent first."""
        found = [
            repair for path in self._doubted(check) for repair in self._repairs_of(path) if check.id in repair.fixed
        ]
        return sorted(found, key=lambda repair: repair.rank)

    def _doubted(self, check: Check) -> list[str]:
        """The figures of a check that are worth a try: of very many, the stated one and those that most others use."""
        if len(check.paths) <= _MOST_TRIED:
            return list(check.paths)
        order = sorted(check.paths, key=lambda path: (path != check.stated, -len(self.users[path]), path))
        return order[: max(_MOST_TRIED**2 // len(check.paths), _MOST_SUSPECTS)]

    def _repairs_of(self, path: str) -> list[_Repair]:
        """What other values of a figure would repair."""
        if path not in self.tries:
            values = self._values(path) if self.figures[path].value is not None else ()
            tried = [self._tried(path, value, agrees=agrees) for value, agrees in values]
            self.tries[path] = [repair for repair in tried if repair is not None]
        return self.tries[path]

    def _affected(self, path: str) -> list[Check]:
        """The checks that a figure can change: those that use it, and those tied to them by what is not printed."""
        if path not in self.near:
            found: dict[str, Check] = {}
            reached, open_ones = {path}, [path]
            while open_ones:
                for check in self.users.get(open_ones.pop(), ()):
                    found[check.id] = check
                    if isinstance(check, PossibleScore):
                        continue  # it bounds nothing
                    new = {other for other in check.paths if self.figures[other].value is None} - reached
                    reached |= new
                    open_ones += new
            self.near[path] = [check for check in self.checks if check.id in found]
        return self.near[path]

    def _judged(self, path: str, figure: Figure) -> tuple[dict[str, Result], Known]:
        """What comes of a change for the checks that it can change."""
        figures = ChainMap({path: figure}, self.figures)
        affected = [self.now.get(check.id, check) for check in self._affected(path)]
        moved = self._moved(path)
        results, known = judged(
            [check for check in affected if check.id not in moved], figures, self.memory, self.known, path
        )
        for name, check in self._rescored(path, figure, known).items():
            results[name] = _OPEN if check is None else check.judge(Known(figures))
        return results, known

    def _moved(self, path: str) -> set[str]:
        """The stated scores behind which a figure stands, alone or by what is not printed."""
        if self.scored is None:
            return set()
        return {check.id for check in self._affected(path) if isinstance(check, PossibleScore) and check.stated != path}

    def _rescored(self, path: str, figure: Figure, known: Known) -> dict[str, PossibleScore | None]:
        """Those stated scores against what is possible after a change; None where there is no score then."""
        moved = self._moved(path)
        if self.scored is None or not moved:
            return {}
        key = (path, figure.value, figure.low, figure.high)
        if key not in self.rescored:
            self.rescored[key] = self.scored(self.known.with_more(ChainMap({path: figure}, self.figures), known))
        found: dict[str, PossibleScore | None] = {}
        for check in self._affected(path):
            if isinstance(check, PossibleScore) and check.id in moved:
                possible = self.rescored[key][check.node]
                found[check.id] = (
                    check.with_scores(possible.pieces, possible.unknown, guessed=possible.guessed)
                    if possible.pieces
                    else None
                )
        return found

    def _values(self, path: str) -> Iterator[tuple[Fraction, bool]]:
        """What a figure would have to be, by each check that uses it, if it were not printed.

        With each value goes whether it is what the other figures give as they are printed.
        """
        figure = self.figures[path]
        if self._is_plain(path):
            without = as_printed = Known(
                ChainMap({path: figure.unknown()}, self.figures), base=self.known, changed=path
            )
        else:
            without = self._judged(path, figure.unknown())[1].without(path)
            as_printed = Known(without.figures, self._as_printed(without))
        points, ranges = [], []
        for user in self.users[path]:
            check = self.now.get(user.id, user)
            equal = isinstance(check, Equality)
            if needed := check.needed(path, as_printed if equal else self.known, printed=True):
                points.append(needed)
            if needed := check.needed(path, without if equal else self.known, printed=False):
                ranges.append(needed)
        seen = {figure.value}
        for wanted, agrees in _offers(points, ranges, figure):
            value = figure.repaired(wanted)
            if value not in seen and figure.can_be(value):
                seen.add(value)
                yield value, agrees

    def _as_printed(self, known: Known) -> dict[str, Range]:
        """What the figures that are bounded would be, were all others just as they are printed."""
        found = dict(known.bounds)
        for path, bound in known.bounds.items():
            given = [
                needed.low
                for check in self.users[path]
                if isinstance(check, Equality)
                and (needed := check.needed(path, Known(known.figures, found), printed=True))
                and needed.low == needed.high
                and needed.low in bound
            ]
            if given:
                value = min(given, key=lambda one: (one.denominator, one))
                found[path] = Range(value, value)
        return found

    def _tried(self, path: str, value: Fraction, *, agrees: bool) -> _Repair | None:
        figure = self.figures[path].replaced(value)
        if not self._may_repair(path, figure):
            return None
        results, known = self._judged(path, figure)
        silent = {check.id for check in self._affected(path) if _is_silent(check, results[check.id], known)}
        silent |= {name for name in self._moved(path) if results[name].verdict is Verdict.NOT_CHECKED}
        fixed, newly, unsaid, exact = set(), set(), 0, 0
        for name, result in results.items():
            before, after = self.results[name].verdict, result.verdict
            if before is Verdict.BROKEN and after is not Verdict.BROKEN and name not in silent:
                fixed.add(name)
            if before is not Verdict.BROKEN and after is Verdict.BROKEN:
                newly.add(name)
            unsaid += before in _HOLDS and after is Verdict.NOT_CHECKED
            exact += (after is Verdict.HOLDS) - (before is Verdict.HOLDS)
        if not fixed:
            return None
        elsewhere = self.values[value] > (self.figures[path].value == value)
        stated = any(check.stated == path for check in self.users[path] if check.id in fixed)
        steps = value / _step(self.figures[path])
        digits = len(str(abs(steps.numerator)).rstrip("0"))
        return _Repair(
            path, value, frozenset(fixed), frozenset(newly), unsaid, exact, elsewhere, stated, agrees, digits
        )

    def _is_plain(self, path: str) -> bool:
        """Whether all that a figure can change is printed."""
        return all(
            isinstance(check, PossibleScore) or self.known.unprinted.isdisjoint(check.paths)
            for check in self._affected(path)
        )

    def _may_repair(self, path: str, figure: Figure) -> bool:
        """Whether a change repairs a broken check; where what is not printed ties checks together, it may."""
        if not self._is_plain(path) or self._moved(path):
            return True
        known = Known(ChainMap({path: figure}, self.figures), base=self.known, changed=path)
        broken = (check for check in self._affected(path) if self.results[check.id].verdict is Verdict.BROKEN)
        return any(check.judge(known).verdict is not Verdict.BROKEN for check in broken)

    def repaired(self, repair: _Repair) -> Figure:
        """The figure after a repair: without zeros at its end, unless as many places are what repairs."""
        path, figure = repair.path, self.figures[repair.path]
        full, short = figure.replaced(repair.value), figure.replaced(repair.value, short=True)
        if full == short:
            return short
        broken = [
            {name for name, result in self._judged(path, each)[0].items() if result.verdict is Verdict.BROKEN}
            for each in (full, short)
        ]
        return short if broken[0] == broken[1] else full

    def apply(self, repair: _Repair) -> None:
        """Take a repair for granted, and judge the rest."""
        path = repair.path
        figure = self.repaired(repair)
        results, known = self._judged(path, figure)
        self.now |= {name: check for name, check in self._rescored(path, figure, known).items() if check is not None}
        self.rescored.clear()
        self.values[self.figures[path].value] -= 1
        self.values[figure.value] += 1
        self.figures[path] = figure
        self.results |= results
        self.known = self.known.with_more(self.figures, known)
        changed = {check.id for check in self._affected(path)}
        for other in list(self.tries):
            if not changed.isdisjoint(check.id for check in self._affected(other)):
                del self.tries[other]


def _is_silent(check: Check, result: Result, known: Known) -> bool:
    """Whether a check can say nothing: that it is not broken any more is no repair."""
    if not isinstance(check, Equality) or result.verdict is not Verdict.NOT_CHECKED:
        return False
    return result.why == DIVIDES or bool(known.lacking(check.paths))


def _step(figure: Figure) -> Fraction:
    """The last digit that a figure may be printed with."""
    step: Fraction = figure.scale / 10 ** max(figure.places, figure.finest)
    return step


def _offers(points: Sequence[Range], ranges: Sequence[Range], figure: Figure) -> Iterator[tuple[Fraction, bool]]:
    """Values for a figure: what each check needs, and what most of those that can go together need.

    Args:
        points: What each check needs when the other figures are as they are printed.
        ranges: What each check needs for all that the other figures stand for.
        figure: The figure, which stands for half its last digit to either side.
    """
    yield from (((one.low + one.high) / 2, one.low == one.high) for one in points)
    yield from (((one.low + one.high) / 2, False) for one in ranges)
    step = _step(figure)
    half = Fraction(0) if figure.is_exact else step / 2
    agreeing = [figure.repaired(one.low) for one in points if one.low == one.high]
    for low, high in _overlaps([(one.low - half, one.high + half) for one in ranges]):
        first, last = math.ceil(low / step), math.floor(high / step)
        # a value that agrees with what is printed would be preferred
        if first <= last and not any(low <= value <= high for value in agreeing):
            yield _roundest(first, last) * step, False


def _overlaps(ranges: Sequence[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    """Of each range the parts in which it goes together with most others."""
    over = {start: [one for one in ranges if one[0] <= start <= one[1]] for start, _ in ranges}
    best: dict[Fraction, None] = {}
    for low, high in ranges:
        inside = [start for start in over if low <= start <= high]
        most = max(len(over[start]) for start in inside)
        best |= dict.fromkeys(start for start in inside if len(over[start]) == most)
    return [(start, min(high for _, high in over[start])) for start in best]


def _roundest(first: int, last: int) -> int:
    """The whole number from the first to the last with most zeros at its end, and of those nearest to the middle."""
    unit: int = 10 ** len(str(max(abs(first), abs(last))))
    while True:
        least, most = -(-first // unit), last // unit
        if least <= most:
            middle = (first + last + unit) // (2 * unit)
            return min(max(middle, least), most) * unit
        unit //= 10


def broken_figures(
    checks: Sequence[Check], figures: Mapping[str, Figure], scored: Scored | None = None
) -> tuple[BrokenFigure, ...]:
    """The figures that explain the broken checks, each with the checks that it explains.

    The single change that leaves the fewest checks broken is taken first, then the next one. Where the next one
    is of a figure that was found already, both are one finding, with the later value.

    Args:
        checks: The checks.
        figures: The figures of the report, by path.
        scored: Gives the possible scores of every node for what is known of other figures.
    """
    search = _Search(checks, figures, scored)
    found: dict[str, BrokenFigure] = {}
    unexplained: list[BrokenFigure] = []
    left = {check.id for check in search.broken()}
    # What an earlier repair broke may go with a later one, but is no finding of the report.
    while broken := [check for check in search.broken() if check.id in left]:
        offers = {
            check.id: [repair for repair in search.repairs(check) if not _undoes(repair, found)] for check in broken
        }
        best = min(
            (repairs[0] for repairs in offers.values() if repairs),
            key=lambda repair: repair.rank,
            default=None,
        )
        if best is None or len(best.newly_broken) >= len(best.fixed):
            unexplained = [_unexplained(check, offers[check.id], search) for check in broken]
            break
        explained = tuple(check.id for check in broken if check.id in best.fixed)
        tried = sorted((repair for name in explained for repair in offers[name]), key=lambda repair: repair.rank)
        suspects = tuple(_suspect(repair, search) for repair in _first_of_each(tried))
        found[best.path] = _found(best, explained, suspects, search, found.pop(best.path, None))
        search.apply(best)
        left -= set(explained)
    return (*found.values(), *unexplained)


def _undoes(repair: _Repair, found: Mapping[str, BrokenFigure]) -> bool:
    """Whether it takes back what was found of the same figure."""
    return repair.path in found and not repair.newly_broken.isdisjoint(found[repair.path].checks)


def _found(
    best: _Repair,
    explained: tuple[str, ...],
    suspects: tuple[Suspect, ...],
    search: _Search,
    earlier: BrokenFigure | None,
) -> BrokenFigure:
    figure = search.report[best.path]
    if earlier is not None:
        named = {suspect.path for suspect in suspects}
        both = [*suspects, *(suspect for suspect in earlier.suspects if suspect.path not in named)]
        suspects = tuple(sorted(both, key=lambda each: (each.path != best.path, each.cost, each.broken)))
        explained = earlier.checks + explained
    repaired = search.repaired(best).printed
    return BrokenFigure(
        best.path, figure.title, figure.printed, repaired, figure.at, explained, suspects[:_MOST_SUSPECTS]
    )


def _first_of_each(repairs: Sequence[_Repair]) -> list[_Repair]:
    """The best repair of each figure."""
    first: dict[str, _Repair] = {}
    for repair in repairs:
        first.setdefault(repair.path, repair)
    return list(first.values())[:_MOST_SUSPECTS]


def _suspect(repair: _Repair, search: _Search) -> Suspect:
    figure = search.report[repair.path]
    shown = search.repaired(repair).printed
    return Suspect(
        repair.path, figure.title, figure.printed, shown, len(repair.fixed), len(repair.newly_broken), repair.unsaid
    )


def _unexplained(check: Check, offers: Sequence[_Repair], search: _Search) -> BrokenFigure:
    """A broken check that no single figure repairs without breaking as much as it repairs."""
    suspects = tuple(_suspect(repair, search) for repair in _first_of_each(offers))
    if isinstance(check, StatedGrade):
        grade = check.grade(search.known)
        repair = grade.id if grade is not None else ""
        return BrokenFigure(check.id, check.title, check.said, repair, check.at, (check.id,), suspects)
    figure = search.report.get(check.stated)
    stated_text = "" if figure is None else figure.printed
    return BrokenFigure(check.stated or check.id, check.title, stated_text, "", check.at, (check.id,), suspects)
