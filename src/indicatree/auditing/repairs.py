"""Which figure is likely to be wrong, and what it should be: the most consistent explanation first."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from indicatree.arithmetic import Text
from indicatree.auditing.checks import Check, Known, StatedGrade, Verdict
from indicatree.auditing.verdicts import judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indicatree.auditing.checks import Result
    from indicatree.auditing.figures import Figure

__all__ = ["BrokenFigure", "Suspect", "broken_figures", "suspects_of"]

_MOST_SUSPECTS = 5


@attrs.frozen
class Suspect:
    """A single figure that, changed to a value, would repair a check.

    Attributes:
        path: The figure.
        title: What it is.
        stated: The figure as it is printed.
        repair: The value that would repair the check, as it would be printed.
        satisfied: How many broken checks that value would satisfy.
        broken: How many other checks it would break.
    """

    path: str
    title: Text
    stated: str
    repair: str
    satisfied: int
    broken: int


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
        suspects: The single figures that would repair the first of these checks, the most consistent first.
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
    exact: int
    elsewhere: bool
    is_stated: bool

    @property
    def rank(self) -> tuple[int | bool | str | Fraction, ...]:
        """The most consistent first: fewest broken checks left, most that hold exactly, then what is likelier."""
        return (
            len(self.newly_broken) - len(self.fixed),
            len(self.newly_broken),
            -self.exact,
            not self.elsewhere,
            not self.is_stated,
            self.path,
            self.value,
        )


class _Search:
    """Tries other values for figures; remembers what it has judged."""

    def __init__(self, checks: Sequence[Check], figures: Mapping[str, Figure], grades: Mapping[str, str]) -> None:
        self.checks = checks
        self.figures = dict(figures)
        self.grades = dict(grades)
        self.memory: dict[object, Result] = {}
        self.results, self.known = judged(checks, self.figures, self.grades, self.memory)

    def broken(self) -> list[Check]:
        return [check for check in self.checks if self.results[check.id].verdict is Verdict.BROKEN]

    def repairs(self, check: Check) -> list[_Repair]:
        """What would repair a broken check, the most consistent first."""
        found = [
            repair
            for path in check.paths
            if self.figures[path].value is not None
            for value in self._values(path)
            if (repair := self._tried(path, value)) is not None and check.id in repair.fixed
        ]
        return sorted(found, key=lambda repair: repair.rank)

    def _values(self, path: str) -> Iterator[Fraction]:
        """What a figure would have to be, by each check that uses it, if it were not printed."""
        figure = self.figures[path]
        figures = {**self.figures, path: figure.unknown()}
        _, known = judged(self.checks, figures, self.grades, self.memory)
        without = Known(figures, {name: bound for name, bound in known.bounds.items() if name != path}, self.grades)
        seen = {figure.value}
        for check in self.checks:
            if path not in check.paths:
                continue
            for printed in (True, False):
                needed = check.needed(path, self.known if not _is_equality(check) else without, printed=printed)
                if needed is None:
                    continue
                value = figure.rounded((needed.low + needed.high) / 2)
                if value not in seen:
                    seen.add(value)
                    yield value

    def _tried(self, path: str, value: Fraction) -> _Repair | None:
        figures = {**self.figures, path: self.figures[path].replaced(value)}
        results, _ = judged(self.checks, figures, self.grades, self.memory)
        fixed, newly, exact = set(), set(), 0
        for check in self.checks:
            before, after = self.results[check.id].verdict, results[check.id].verdict
            if before is Verdict.BROKEN and after is not Verdict.BROKEN:
                fixed.add(check.id)
            if before is not Verdict.BROKEN and after is Verdict.BROKEN:
                newly.add(check.id)
            exact += after is Verdict.HOLDS
        if not fixed:
            return None
        elsewhere = any(figure.value == value for name, figure in self.figures.items() if name != path)
        stated = any(check.stated == path for check in self.checks if check.id in fixed)
        return _Repair(path, value, frozenset(fixed), frozenset(newly), exact, elsewhere, stated)

    def apply(self, repair: _Repair) -> None:
        """Take a repair for granted, and judge the rest."""
        self.figures[repair.path] = self.figures[repair.path].replaced(repair.value)
        self.results, self.known = judged(self.checks, self.figures, self.grades, self.memory)


def _is_equality(check: Check) -> bool:
    return hasattr(check, "left")


def broken_figures(
    checks: Sequence[Check], figures: Mapping[str, Figure], grades: Mapping[str, str]
) -> tuple[BrokenFigure, ...]:
    """The figures that explain the broken checks, each with the checks that it explains.

    The single change that leaves the fewest checks broken is taken first, then the next one.
    """
    search = _Search(checks, figures, grades)
    found = []
    while broken := search.broken():
        offers = {check.id: search.repairs(check) for check in broken}
        best = min(
            (repairs[0] for repairs in offers.values() if repairs),
            key=lambda repair: repair.rank,
            default=None,
        )
        if best is None or len(best.newly_broken) >= len(best.fixed):
            found += [_unexplained(check, offers[check.id], search) for check in broken]
            break
        figure = search.figures[best.path]
        explained = tuple(check.id for check in broken if check.id in best.fixed)
        suspects = tuple(_suspect(repair, search) for repair in _first_of_each(offers[explained[0]]))
        repaired = figure.show_short(best.value)
        found.append(BrokenFigure(best.path, figure.title, figure.printed, repaired, figure.at, explained, suspects))
        search.apply(best)
    return tuple(found)


def _first_of_each(repairs: Sequence[_Repair]) -> list[_Repair]:
    """The best repair of each figure."""
    first: dict[str, _Repair] = {}
    for repair in repairs:
        first.setdefault(repair.path, repair)
    return list(first.values())[:_MOST_SUSPECTS]


def _suspect(repair: _Repair, search: _Search) -> Suspect:
    figure = search.figures[repair.path]
    shown = figure.show_short(repair.value)
    return Suspect(repair.path, figure.title, figure.printed, shown, len(repair.fixed), len(repair.newly_broken))


def _unexplained(check: Check, offers: Sequence[_Repair], search: _Search) -> BrokenFigure:
    """A broken check that no single figure repairs without breaking as much as it repairs."""
    suspects = tuple(_suspect(repair, search) for repair in _first_of_each(offers))
    if isinstance(check, StatedGrade):
        grade = check.grade(search.known)
        stated = next((one.title for one in check.grades if one.id == search.grades[check.id]), Text())
        repair = grade.title["en"] if grade is not None else ""
        said = stated["en"] or search.grades[check.id]
        return BrokenFigure(check.id, check.title, said, repair, check.at, (check.id,), suspects)
    figure = search.figures.get(check.stated)
    stated_text = "" if figure is None else figure.printed
    return BrokenFigure(check.stated or check.id, check.title, stated_text, "", check.at, (check.id,))


def suspects_of(
    check: Check, checks: Sequence[Check], figures: Mapping[str, Figure], grades: Mapping[str, str]
) -> tuple[Suspect, ...]:
    """The single figures that would repair one broken check, the most consistent first."""
    search = _Search(checks, figures, grades)
    return tuple(_suspect(repair, search) for repair in _first_of_each(search.repairs(check)))
