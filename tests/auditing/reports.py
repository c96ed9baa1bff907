"""Reports whose figures are consistent before they are rounded, and what tests do with their audits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from strategies import execution, scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterable

BUDGETS = [f"b{index}" for index in range(4)]
"""The records of reports of which some figures are not printed."""

SCHEME = scheme_of(it.Leaf(id="rate", indicator=execution, points=10, rule=rules.Proportional()))
WITH_BUDGETS = scheme_of(
    *(it.Leaf(id=name, indicator=execution, points=0, bindings={"budget": name}) for name in BUDGETS)
)
"""A scheme for reports of which only the figures matter."""


def printed(value: Fraction, places: int) -> str:
    """A number as it is printed, half up."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return f"{Decimal(units if value >= 0 else -units).scaleb(-places):f}"


def half(text: str) -> Fraction:
    """Half the last digit of a printed number."""
    return Fraction(1, 2 * 10 ** len(text.partition(".")[2]))


@attrs.frozen
class Sum:
    """What must be equal: a stated figure, and others each times a whole number."""

    stated: str
    parts: Mapping[str, int]

    @property
    def holds(self) -> str:
        terms = " + ".join(f"{factor} * {path}" if factor != 1 else path for path, factor in self.parts.items())
        return f"{self.stated} == {terms}"

    @property
    def paths(self) -> list[str]:
        return [self.stated, *self.parts]

    def residual(self, figures: Mapping[str, str]) -> Fraction:
        """The stated figure less what the others give, as printed."""
        return Fraction(figures[self.stated]) - self.computed(figures)

    def computed(self, figures: Mapping[str, str]) -> Fraction:
        return sum((factor * Fraction(figures[path]) for path, factor in self.parts.items()), start=Fraction(0))

    def slack(self, figures: Mapping[str, str]) -> Fraction:
        """How far both sides can move within what is printed."""
        moved = (abs(factor) * half(figures[path]) for path, factor in self.parts.items())
        return half(figures[self.stated]) + sum(moved, start=Fraction(0))

    def verdict(self, figures: Mapping[str, str]) -> it.Verdict:
        """The oracle."""
        if abs(self.residual(figures)) > self.slack(figures):
            return it.Verdict.BROKEN
        places = len(figures[self.stated].partition(".")[2])
        as_printed = Fraction(printed(self.computed(figures), places)) == Fraction(figures[self.stated])
        return it.Verdict.HOLDS if as_printed else it.Verdict.WITHIN_ROUNDING


@attrs.frozen
class Report:
    """Figures as they are printed, and the sums that must hold between them."""

    figures: Mapping[str, str]
    sums: tuple[Sum, ...]
    hidden: frozenset[str] = frozenset()

    def with_figure(self, path: str, text: str) -> Report:
        return attrs.evolve(self, figures={**self.figures, path: text})

    def document(self) -> dict[str, Any]:
        tables: dict[str, dict[str, Any]] = {}
        for path, text in self.figures.items():
            table, _, field = path.partition(".")
            if path not in self.hidden:
                tables.setdefault(table, {})[field] = {"value": text, "at": f"page {path}"}
        data = {name: tables.pop(name) for name in BUDGETS if name in tables}
        identities = [{"holds": one.holds, "title": one.holds} for one in self.sums]
        return {"format": 1, "data": data, "figures": tables, "identity": identities}

    def audit(self) -> it.Audit:
        of_records = any(path.partition(".")[0] in BUDGETS for path in self.figures)
        return it.audit(WITH_BUDGETS if of_records else SCHEME, self.document(), catalog=QUIET)


QUIET = it.Catalog(discover=False)
"""No identities but those of the report."""

_TRUE = st.one_of(
    st.integers(-200, 200).map(Fraction),
    st.integers(-(10**7), 10**7).map(lambda number: Fraction(number, 1000)),
    st.integers(-(10**8), 10**8).map(lambda number: Fraction(number, 7 * 10**4)),
)
_FACTOR = st.sampled_from([1, 1, 1, 1, -1, -1, 2])
_PLACES = st.integers(0, 4)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Parts, sums of some of them, balances, and sums of sums, each figure printed with its own places."""
    true = {f"parts.p{index}": draw(_TRUE) for index in range(draw(st.integers(2, 6)))}
    sums = []
    for index in range(draw(st.integers(1, 5))):
        names = draw(st.lists(st.sampled_from(sorted(true)), min_size=1, max_size=5, unique=True))
        one = Sum(f"sums.s{index}", {name: draw(_FACTOR) for name in names})
        true[one.stated] = sum((factor * true[path] for path, factor in one.parts.items()), start=Fraction(0))
        sums.append(one)
    figures = {path: printed(value, draw(_PLACES)) for path, value in true.items()}
    return Report(figures, tuple(sums))


@st.composite
def grids(draw: st.DrawFn, *, exact: bool) -> Report:
    """A table with its row totals, its column totals and the total of both: each figure is in two sums.

    Where it is exact, every figure is printed whole; else each with its own places.
    """
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    true: dict[str, Fraction] = {}
    for row in range(rows):
        for column in range(columns):
            true[f"cells.c{row}_{column}"] = draw(_TRUE)
    across = [Sum(f"rows.r{row}", {f"cells.c{row}_{column}": 1 for column in range(columns)}) for row in range(rows)]
    down = [
        Sum(f"columns.c{column}", {f"cells.c{row}_{column}": 1 for row in range(rows)}) for column in range(columns)
    ]
    sums = [*across, *down]
    sums.append(Sum("whole.total", {f"rows.r{row}": 1 for row in range(rows)}))
    sums.append(Sum("whole.total", {f"columns.c{column}": 1 for column in range(columns)}))
    if exact:
        true = {path: Fraction(round(value)) for path, value in true.items()}
    for one in sums:
        true[one.stated] = sum((true[path] for path in one.parts), start=Fraction(0))
    places = 0 if exact else None
    figures = {path: printed(value, draw(_PLACES) if places is None else places) for path, value in true.items()}
    return Report(figures, tuple(sums))


@st.composite
def half_printed(draw: st.DrawFn) -> Report:
    """Figures of records, of which some are not printed, and sums of some of them that name each other."""
    paths = [f"{name}.{field}" for name in BUDGETS for field in ("planned", "spent")]
    true: dict[str, Fraction] = {}
    sums: list[Sum] = []
    for path in paths:
        if len(true) > 0 and draw(st.booleans()):
            names = draw(st.lists(st.sampled_from(sorted(true)), min_size=1, max_size=3, unique=True))
            one = Sum(path, dict.fromkeys(names, 1))
            true[path] = sum((true[name] for name in names), start=Fraction(0))
            sums.append(one)
        else:
            true[path] = Fraction(draw(st.integers(0, 10**5)), 100)
    figures = {path: printed(value, draw(st.integers(0, 2))) for path, value in true.items()}
    hidden = draw(st.frozensets(st.sampled_from(paths), max_size=5))
    return Report(figures, tuple(sums), hidden)


def verdicts(audit: it.Audit) -> dict[str, tuple[str, str, str, str]]:
    """What an audit says of each check, by its title."""
    return {
        checked.check.title["en"]: (checked.verdict.value, checked.stated, checked.computed, checked.difference)
        for checked in audit.checks
    }


def titles(audit: it.Audit, ids: Iterable[str]) -> set[str]:
    known = {checked.check.id: checked.check.title["en"] for checked in audit.checks}
    return {known[name] for name in ids}
