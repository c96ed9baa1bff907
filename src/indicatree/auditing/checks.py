"""What an audit checks: equalities of figures, stated scores against possible ones, deductions, grades."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from typing import Any

import attrs

from indicatree.arithmetic import ConditionTerm, Rounding, Term, round_ratio
from indicatree.auditing.figures import Figure
from indicatree.auditing.ranges import (
    Affine,
    Formula,
    NoRangeError,
    Range,
    balanced,
    figures_in,
    replaced,
    solutions,
)
from indicatree.scheme import Grade
from indicatree.text import Text, as_text

__all__ = [
    "DIVIDES",
    "Deductions",
    "Equality",
    "Known",
    "PossibleScore",
    "Result",
    "Solved",
    "StatedGrade",
    "Unsupported",
    "Verdict",
]


class Verdict(Enum):
    """What an audit says of a stated figure.

    Attributes:
        HOLDS: Both sides agree as they are printed.
        WITHIN_ROUNDING: They agree for some values that the printed figures stand for.
        BROKEN: They agree for none.
        NOT_CHECKED: It cannot be said; the result says why.
    """

    HOLDS = "holds"
    WITHIN_ROUNDING = "holds_within_rounding"
    BROKEN = "broken"
    NOT_CHECKED = "cannot_be_checked"

    @property
    def title(self) -> Text:
        """The verdict in two languages."""
        return _TITLES[self]


_TITLES = {
    Verdict.HOLDS: Text(zh="成立", en="holds"),
    Verdict.WITHIN_ROUNDING: Text(zh="在舍入误差内成立", en="holds within rounding"),
    Verdict.BROKEN: Text(zh="不成立", en="broken"),
    Verdict.NOT_CHECKED: Text(zh="无法核对", en="cannot be checked"),
}


_MOST_WAYS = 8
"""In how many ways a formula may be written without the figures that are not printed."""


@attrs.frozen
class Solved:
    """Where the range of a figure that is not printed comes from.

    Attributes:
        formulas: The figure by each claim that bounds it, over what is printed.
        origins: The figures that its range comes from.
        exact: Whether the range is all that one formula gives, and nothing else narrows it.
        checks: The ids of the claims.
    """

    formulas: tuple[Any, ...] = ()
    origins: frozenset[str] = frozenset()
    exact: bool = False
    checks: tuple[str, ...] = ()


@attrs.frozen
class Sums:
    """What two sums of printed figures come to.

    Attributes:
        left: One as printed.
        right: The other as printed.
        low: The least that the first can be above the second.
        high: The most.
    """

    left: Fraction
    right: Fraction
    low: Fraction
    high: Fraction


@attrs.frozen(eq=False)
class Known:
    """What is known of the figures of a report.

    Attributes:
        figures: Every figure, by path.
        bounds: What the figures that are not printed can be, by path, where a claim bounds them.
        solved: Where each bound comes from.
        base: What was known before, of the same figures but for one: then sums need not be added again.
        changed: The path of that figure, if any.
        sums: The sums that were added already, by check.
    """

    figures: Mapping[str, Figure]
    bounds: Mapping[str, Range] = attrs.field(factory=dict)
    solved: Mapping[str, Solved] = attrs.field(factory=dict)
    base: Known | None = None
    changed: str = ""
    sums: dict[str, Sums | None] = attrs.field(factory=dict, init=False)

    @cached_property
    def unprinted(self) -> frozenset[str]:
        """The figures that are not printed."""
        if self.base is None:
            return frozenset(path for path, figure in self.figures.items() if figure.value is None)
        before, path = self.base.unprinted, self.changed
        if not path:
            return before
        is_printed = self.figures[path].value is not None
        return before if (path not in before) is is_printed else before ^ {path}

    def lacking(self, paths: tuple[str, ...]) -> list[str]:
        """The figures that are neither printed nor bounded."""
        if self.unprinted.isdisjoint(paths):
            return []
        return [path for path in paths if path in self.unprinted and path not in self.bounds]

    def without(self, path: str) -> Known:
        """The same, but for what bounds one figure."""
        return attrs.evolve(self, bounds={name: bound for name, bound in self.bounds.items() if name != path})

    def with_more(self, figures: Mapping[str, Figure], more: Known) -> Known:
        """The bounds of both, over figures of which some have changed."""
        return Known(figures, {**self.bounds, **more.bounds}, {**self.solved, **more.solved})

    def box(self, paths: tuple[str, ...], *, printed: bool) -> dict[str, tuple[Fraction, Fraction]]:
        """The ends of each figure: the printed value alone, or all that it stands for."""
        found = {}
        for path in paths:
            figure = self.figures[path]
            if figure.value is None or figure.low is None or figure.high is None:
                bound = self.bounds[path]
                found[path] = (bound.low, bound.high)
            else:
                found[path] = (figure.value, figure.value) if printed else (figure.low, figure.high)
        return found

    def origins(self, path: str) -> frozenset[str]:
        """A figure, or those that its range comes from."""
        return self.solved[path].origins if path in self.unprinted and path in self.solved else frozenset((path,))

    def tied(self, paths: tuple[str, ...]) -> list[str]:
        """The bounded figures whose range comes from others of the same formula, or from the same as another's."""
        if self.unprinted.isdisjoint(paths):
            return []
        held = [(path, self.origins(path)) for path in paths]
        times: dict[str, int] = {}
        for _, origins in held:
            for origin in origins:
                times[origin] = times.get(origin, 0) + 1
        return [
            path
            for path, origins in held
            if path in self.unprinted and path in self.solved and any(times[one] > 1 for one in origins)
        ]

    def ways(self, formulas: tuple[Formula, ...], paths: tuple[str, ...]) -> tuple[list[tuple[Formula, ...]], bool]:
        """Formulas as they are, then without the bounded figures that come from others of the same formula.

        Args:
            formulas: What is written anew, each.
            paths: The figures that are used together.

        Returns:
            The ways to write them, and whether the last one alone says all: what a bound came from is kept.
        """
        tied = self.tied(paths)
        if not tied:
            return [formulas], True
        sources = [self.solved[path] for path in tied]
        found = [formulas]
        for chosen in islice(product(*(source.formulas for source in sources)), _MOST_WAYS):
            instead = dict(zip(tied, chosen, strict=True))
            found.append(tuple(Formula(replaced(each.term, instead)) for each in formulas))
        return found, len(found) > 1 and all(source.exact for source in sources)

    def range(self, formula: Formula, *, printed: bool, paths: tuple[str, ...] = ()) -> Range:
        """What a formula can be, as each figure is printed or for all that it stands for.

        As printed it is what holds for every value of a bounded figure, wherever that comes from.

        Args:
            formula: The formula.
            printed: Whether only the printed values are meant.
            paths: The figures that are used together with it; by default its own.

        Raises:
            NoRangeError: It divides by what can be zero, or holds what has no range.
            ZeroDivisionError: Likewise.
        """
        whole = formula.range(self.box(formula.paths, printed=printed))
        if printed:
            return whole
        ways, exact = self.ways((formula,), paths or formula.paths)
        if len(ways) == 1:
            exact = exact and all(self.bounds[path].tight for path in formula.paths if path in self.unprinted)
            return whole if exact else attrs.evolve(whole, tight=False)
        narrow = whole
        for (way,) in ways[1:]:
            try:
                one = way.range(self.box(way.paths, printed=False))
            except (NoRangeError, ZeroDivisionError):
                exact = False
                continue
            exact = exact and one.tight
            low, high = max(narrow.low, one.low), min(narrow.high, one.high)
            exact = exact and (low, high) == (one.low, one.high)
            if low > high:  # nothing agrees with all claims at once: the check of those says so
                return attrs.evolve(whole, tight=False)
            narrow = Range(low, high)
        return attrs.evolve(narrow, tight=exact)


@attrs.frozen
class Result:
    """What came of a check.

    Attributes:
        verdict: Whether it holds.
        computed: What the other figures give, as a range; None where that cannot be said.
        why: Why it cannot be checked, or what else there is to say.
    """

    verdict: Verdict
    computed: Range | None = None
    why: Text = attrs.field(default=Text(), converter=as_text)


def _missing(known: Known, lacking: list[str]) -> Result:
    zh = "、".join(f"{known.figures[path].title['zh']}（{path}）" for path in lacking)
    en = ", ".join(f"{known.figures[path].title['en']} ({path})" for path in lacking)
    return Result(Verdict.NOT_CHECKED, None, Text(zh=f"未公布：{zh}", en=f"not printed: {en}"))


DIVIDES = Text(zh="除数可能为零", en="it divides by what can be zero")
_NOT_PROVEN = Text(zh="未证明取值范围是最窄的", en="that the range is no wider than need be is not proven")


@attrs.frozen(kw_only=True)
class Check:
    """Something that must hold between figures of a report.

    Attributes:
        id: Its name, unique in the audit.
        kind: What sort of check it is: ``identity``, ``value``, ``score``, ``deduction`` or ``grade``.
        title: What is checked, in two languages.
        at: Where in the source it is stated.
        stated: The path of the figure that is stated; empty where none is alone on a side.
        said: What is stated in words, where it is no figure: the id of a grade.
    """

    id: str
    kind: str
    title: Text
    at: Text = Text()
    stated: str = ""
    said: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The figures that it uses."""
        raise NotImplementedError

    def judge(self, known: Known) -> Result:
        """Whether it holds."""
        raise NotImplementedError

    def needed(self, path: str, known: Known, *, printed: bool) -> Range | None:
        """The values of one of its figures for which it holds, when the others are as they are known."""
        raise NotImplementedError


def _spelled(node: Any) -> Any:
    """A formula as plain tuples, which can be compared and kept: a term can be neither."""
    if isinstance(node, Term | ConditionTerm):
        return type(node), node.op, node.each, tuple(_spelled(arg) for arg in node.args)
    return node


def _read(spelled: Any) -> Any:
    """A formula from its tuples."""
    if not isinstance(spelled, tuple):
        return spelled
    kind, op, each, args = spelled
    node = kind(op, tuple(_read(arg) for arg in args))
    node.each = each
    return node


@attrs.frozen(kw_only=True)
class Equality(Check):
    """Two sides that must be equal.

    Attributes:
        left: One side: the stated figure, where one is stated alone.
        right: The other side.
        unit: To what the other side is rounded before it is stated; None for not at all.
        rounding: How it is rounded.
    """

    left: Any = attrs.field(converter=balanced, eq=_spelled)
    right: Any = attrs.field(converter=balanced, eq=_spelled)
    unit: Fraction | None = None
    rounding: Rounding = Rounding.HALF_UP

    def __getstate__(self) -> dict[str, Any]:
        """Its attributes, with the formulas as tuples."""
        return {field.name: _spelled(getattr(self, field.name)) for field in attrs.fields(Equality)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """The attributes that were kept."""
        for name, value in state.items():
            object.__setattr__(self, name, _read(value) if name in {"left", "right"} else value)

    @property
    def paths(self) -> tuple[str, ...]:
        """The figures of both sides."""
        return self._paths

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*figures_in(self.left), *figures_in(self.right))))

    @cached_property
    def sides(self) -> tuple[Formula, Formula]:
        """Both sides."""
        return Formula(self.left), Formula(self.right)

    @cached_property
    def gap(self) -> Formula:
        """The left side less the right one."""
        return Formula(self.left - self.right)

    @cached_property
    def _of_sums(self) -> tuple[Affine, Affine, Affine] | None:
        """The left side, the right one and what is between them, where all are sums of figures."""
        left, right = (side.sum for side in self.sides)
        return None if left is None or right is None else (left, right, left.plus(right, -1))

    def sums(self, known: Known) -> Sums | None:
        """What its sides come to; None where they are no sums of printed figures."""
        if self._of_sums is None:
            return None
        if self.id not in known.sums:
            base = None if known.base is None else self.sums(known.base)
            known.sums[self.id] = self._added(known) if base is None else self._moved(base, known)
        return known.sums[self.id]

    def _added(self, known: Known) -> Sums | None:
        if self._of_sums is None or not known.unprinted.isdisjoint(self.paths):
            return None
        left, right, gap = self._of_sums
        point = {path: ends[0] for path, ends in known.box(self.paths, printed=True).items()}
        ends = gap.range(known.box(self.paths, printed=False))
        return Sums(left.at(point), right.at(point), ends.low, ends.high)

    def _moved(self, base: Sums, known: Known) -> Sums | None:
        """The sums after one figure was changed."""
        path = known.changed
        if self._of_sums is None or known.base is None or path not in self._uses:
            return base
        left, right, gap = (each.of.get(path, Fraction(0)) for each in self._of_sums)
        before, after = known.base.figures[path], known.figures[path]
        old, new = _ends(before), _ends(after)
        if before.value is None or after.value is None or old is None or new is None:
            return None
        by = after.value - before.value
        low, high = (new[0] - old[0]) * gap, (new[1] - old[1]) * gap
        return Sums(
            base.left + by * left if left else base.left,
            base.right + by * right if right else base.right,
            base.low + (low if gap > 0 else high),
            base.high + (high if gap > 0 else low),
        )

    @cached_property
    def _uses(self) -> frozenset[str]:
        return frozenset(self.paths)

    def judge(self, known: Known) -> Result:
        """Whether the sides agree as printed, or within what the printed figures stand for."""
        sums = self.sums(known)
        if sums is None and (lacking := known.lacking(self.paths)):
            return _missing(known, lacking)
        try:
            right = self.sides[1]
            computed = known.range(right, printed=True) if sums is None else Range(sums.right, sums.right)
            agrees = self._agrees(known, computed, sums)
            if agrees and not (known.tied(self.paths) or self.stated in right.paths):
                return Result(Verdict.HOLDS, computed)
            gap = known.range(self.gap, printed=False, paths=self.paths) if sums is None else Range(sums.low, sums.high)
            if agrees and 0 in gap and gap.tight:
                return Result(Verdict.HOLDS, computed)
            if 0 not in gap and sums is None and len(known.ways((self.gap,), self.paths)[0]) > 1:
                computed = known.range(right, printed=False, paths=self.paths)  # what it is broken against
        except (NoRangeError, ZeroDivisionError):
            return Result(Verdict.NOT_CHECKED, None, DIVIDES)
        if 0 in gap:
            proven = gap.tight and not any(side.jumps for side in self.sides)
            return Result(Verdict.WITHIN_ROUNDING, computed, Text() if proven else _NOT_PROVEN)
        return Result(Verdict.BROKEN, computed)

    def _agrees(self, known: Known, computed: Range, sums: Sums | None) -> bool:
        if self.stated:
            figure = known.figures[self.stated]
            if figure.value is not None and not figure.is_exact:
                ends = {computed.low, computed.high}
                return all(figure.rounded(end) == figure.value for end in ends)
            if figure.value is not None and self.unit is not None:
                return all(self._rounded(end, self.unit) == figure.value for end in (computed.low, computed.high))
        if sums is not None:
            return sums.left == sums.right
        gap = known.range(self.gap, printed=True)
        return gap.low == gap.high == 0

    def _rounded(self, value: Fraction, unit: Fraction) -> Fraction:
        steps = value / unit
        return Fraction(round_ratio(steps.numerator, steps.denominator, self.rounding)) * unit

    def needed(self, path: str, known: Known, *, printed: bool) -> Range | None:
        """The values of one figure for which the sides can be equal."""
        if path not in self._uses:
            return None
        if known.base is not None and known.changed == path and (sums := self.sums(known.base)) is not None:
            return self._needed_of(sums, path, known.base.figures[path], printed=printed)
        others = tuple(other for other in self.paths if other != path)
        if known.lacking(others):
            return None
        whole = self._solutions(self.sides, path, known, printed=printed)
        ways, _ = known.ways(self.sides, others)
        for way in ways[1:] if whole is not None else ():
            one = self._solutions(way, path, known, printed=printed)
            if one is not None and whole is not None and one.low <= whole.high and whole.low <= one.high:
                whole = Range(max(one.low, whole.low), min(one.high, whole.high))
        return whole

    def _solutions(self, sides: tuple[Formula, ...], path: str, known: Known, *, printed: bool) -> Range | None:
        left, right = sides
        others = tuple(other for other in dict.fromkeys((*left.paths, *right.paths)) if other != path)
        try:
            return solutions(left, right, path, known.box(others, printed=printed))
        except (NoRangeError, ZeroDivisionError, KeyError):  # what a bound came from may itself be sought
            return None

    def _needed_of(self, sums: Sums, path: str, figure: Figure, *, printed: bool) -> Range | None:
        """What a figure of sums must be: what the others leave."""
        factor = Fraction(0) if self._of_sums is None else self._of_sums[2].of.get(path, Fraction(0))
        ends = _ends(figure)
        if not factor or figure.value is None or ends is None:
            return None
        if printed:
            value = figure.value - (sums.left - sums.right) / factor
            return Range(value, value)
        low, high = ends if factor > 0 else ends[::-1]
        found = (low - sums.low / factor, high - sums.high / factor)
        return Range(min(found), max(found))


def _ends(figure: Figure) -> tuple[Fraction, Fraction] | None:
    return None if figure.low is None or figure.high is None else (figure.low, figure.high)


@attrs.frozen(kw_only=True)
class Unsupported(Check):
    """What a report states and an audit has no way to check.

    Attributes:
        why: Why not.
    """

    why: Text

    @property
    def paths(self) -> tuple[str, ...]:
        """The stated figure."""
        return (self.stated,) if self.stated else ()

    def judge(self, known: Known) -> Result:
        """It cannot be said."""
        del known
        return Result(Verdict.NOT_CHECKED, None, self.why)

    def needed(self, path: str, known: Known, *, printed: bool) -> Range | None:
        """It cannot be said."""
        del path, known, printed
        return None


def deductions(scores: tuple[Range, ...], points: Fraction) -> tuple[Range, ...]:
    """What can be lost of points, by the scores that can be reached, from below."""
    return tuple(Range(points - one.high, points - one.low, one.tight) for one in reversed(scores))


@attrs.frozen(kw_only=True)
class PossibleScore(Check):
    """A stated score, against the scores that the figures make possible.

    Attributes:
        possible: The ranges that the possible scores lie in, from below.
        unknown: What keeps the score from being computed, if anything does: assumed rules or figures.
        guessed: Whether other scores are possible too: the rules are assumed.
        unit: To what scores are rounded; None where any is possible.
        counted_from: The score, or the deduction, from which the units are counted: the points, for deductions.
        node: The path of the node whose score it is.
        uses: The figures that the score is computed from.
        is_lost: Whether the points deducted are stated, not the score.
    """

    possible: tuple[Range, ...]
    unknown: Text = Text()
    guessed: bool = False
    unit: Fraction | None = None
    counted_from: Fraction = Fraction(0)
    node: str = ""
    uses: tuple[str, ...] = ()
    is_lost: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """The stated score, and the figures behind it."""
        return (self.stated, *self.uses)

    def with_scores(self, pieces: tuple[Range, ...], unknown: Text, *, guessed: bool) -> PossibleScore:
        """The same against other possible scores of the node; there is at least one."""
        possible = deductions(pieces, self.counted_from) if self.is_lost else pieces
        return attrs.evolve(self, possible=possible, unknown=unknown, guessed=guessed)

    @property
    def _whole(self) -> Range:
        return Range(self.possible[0].low, self.possible[-1].high)

    def judge(self, known: Known) -> Result:
        """Whether the stated score is a possible one."""
        value = known.figures[self.stated].value
        if value is None:
            return _missing(known, [self.stated])
        whole = self._whole
        held = next((piece for piece in self.possible if self._nearest(value, piece) == value), None)
        if held is None:
            if self.guessed:
                return Result(Verdict.NOT_CHECKED, whole, self.unknown)
            return Result(Verdict.BROKEN, whole, self._why_not(value, known))
        if whole.low == whole.high:
            return Result(Verdict.HOLDS, whole)
        if self.unknown:
            return Result(Verdict.NOT_CHECKED, whole, self.unknown)
        return Result(Verdict.WITHIN_ROUNDING, whole, Text() if held.tight else _NOT_PROVEN)

    def _nearest(self, value: Fraction, piece: Range) -> Fraction:
        """The score of a piece that is nearest to a value: an end, or a whole number of units."""
        if not piece.low < value < piece.high or self.unit is None:
            return min(max(value, piece.low), piece.high)
        steps = (value - self.counted_from) / self.unit
        ends = (math.floor(steps), math.ceil(steps))
        near = [self.counted_from + self.unit * end for end in ends]
        return min((min(max(one, piece.low), piece.high) for one in near), key=lambda one: abs(one - value))

    def _why_not(self, value: Fraction, known: Known) -> Text:
        """Why a score between the least and the largest is not possible."""
        if not self._whole.low < value < self._whole.high:
            return Text()
        if not any(value in piece for piece in self.possible):
            return self._pieces(known)
        unit = _in_digits(self.unit or Fraction(1))
        return Text(zh=f"按方案，得分精确到 {unit}", en=f"by the scheme scores are given to {unit}")

    def _pieces(self, known: Known) -> Text:
        """The possible scores in words, where some between the least and the largest are not."""
        figure = known.figures[self.stated]
        ends = [dict.fromkeys(figure.show(end, more=2) for end in (piece.low, piece.high)) for piece in self.possible]
        words = [" - ".join(shown) for shown in ends]
        return Text(zh=f"可能的只有：{'；'.join(words)}", en=f"only these are possible: {'; '.join(words)}")

    def needed(self, path: str, known: Known, *, printed: bool) -> Range | None:
        """The possible score that is nearest to the stated one."""
        del printed
        value = known.figures[self.stated].value
        if path != self.stated or value is None or self.guessed:
            return None
        inside = (self._nearest(value, piece) for piece in self.possible)
        nearest = min(inside, key=lambda score: abs(score - value))
        return Range(nearest, nearest)


@attrs.frozen(kw_only=True)
class Deductions(Check):
    """A stated score, or the points stated as lost, against the deductions that are stated below.

    A report need not list every deduction, but a node cannot lose less than what is listed.

    Attributes:
        points: The points of the node; None where the points lost are stated.
        lost: The paths of the stated deductions.
    """

    points: Fraction | None
    lost: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The stated score and the stated deductions."""
        return (self.stated, *self.lost)

    def _listed(self, known: Known, but: str = "") -> Fraction:
        return sum((known.figures[path].value or Fraction(0) for path in self.lost if path != but), start=Fraction(0))

    def judge(self, known: Known) -> Result:
        """Whether the stated score leaves room for the stated deductions."""
        value = known.figures[self.stated].value
        if value is None or known.lacking(self.paths):
            return _missing(known, known.lacking(self.paths))
        listed = self._listed(known)
        rest = listed if self.points is None else self.points - listed
        more = value - listed if self.points is None else rest - value
        if more > 0:
            why = Text(zh="可能还有未列出的扣分", en="there may be deductions that are not listed")
            return Result(Verdict.NOT_CHECKED, Range(rest, rest), why)
        return Result(Verdict.BROKEN if more else Verdict.HOLDS, Range(rest, rest))

    def needed(self, path: str, known: Known, *, printed: bool) -> Range | None:
        """The score, or the deduction, that makes both agree."""
        del printed
        if path not in self.paths or known.lacking(tuple(other for other in self.paths if other != path)):
            return None
        rest = self._listed(known, path)
        stated = known.figures[self.stated].value or Fraction(0)
        if path == self.stated:
            value = rest if self.points is None else self.points - rest
        else:
            value = (stated if self.points is None else self.points - stated) - rest
        return Range(value, value)


@attrs.frozen(kw_only=True)
class StatedGrade(Check):
    """A stated grade, against the grade that the stated total gives.

    Attributes:
        total: The path of the stated total.
        points: The points of the whole.
        grades: The grades of the scheme, the best first.
        unit: To what a total is rounded.
    """

    total: str
    points: Fraction
    grades: tuple[Grade, ...]
    unit: Fraction = Fraction(1, 100)

    @property
    def paths(self) -> tuple[str, ...]:
        """The stated total."""
        return (self.total,)

    def grade(self, known: Known) -> Grade | None:
        """The grade that the stated total gives."""
        value = known.figures[self.total].value
        if value is None or not self.points:
            return None
        return self._of(value)

    def _of(self, total: Fraction) -> Grade:
        share = total / self.points
        return next((grade for grade in self.grades if share >= grade.at_least.fraction), self.grades[-1])

    def judge(self, known: Known) -> Result:
        """Whether it is that grade."""
        grade = self.grade(known)
        if grade is None:
            return _missing(known, [self.total])
        words = Text(zh=f"按总分应为“{grade.title['zh']}”", en=f"the total gives {grade.title['en']}")
        return Result(Verdict.HOLDS if self.said == grade.id else Verdict.BROKEN, None, words)

    def needed(self, path: str, known: Known, *, printed: bool) -> Range | None:
        """The total nearest to the stated one that gives the stated grade."""
        del printed
        value = known.figures[self.total].value
        position = next((i for i, grade in enumerate(self.grades) if grade.id == self.said), None)
        if path != self.total or value is None or position is None:
            return None
        grade = self.grade(known)
        given = next((i for i, each in enumerate(self.grades) if grade is not None and each.id == grade.id), position)
        if given > position:  # the total is too low: the least one that is enough
            needed = math.ceil(self.grades[position].at_least.fraction * self.points / self.unit)
        elif given < position:  # it is too high: the largest one that is not enough for the next better grade
            needed = math.ceil(self.grades[position - 1].at_least.fraction * self.points / self.unit) - 1
        else:
            return None
        total = self.unit * needed
        return Range(total, total) if self._of(total).id == self.said else None


def _in_digits(unit: Fraction) -> str:
    """A power of ten as it is written."""
    return f"{Decimal(unit.numerator) / Decimal(unit.denominator):f}"
