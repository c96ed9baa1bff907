"""What an audit checks: equalities of figures, stated scores against possible ones, deductions, grades."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from indicatree.arithmetic import ConditionTerm, Rounding, Term, round_ratio
from indicatree.auditing.figures import Figure
from indicatree.auditing.ranges import NoRangeError, Range, balanced, figures_in, jumps, range_of, solutions
from indicatree.scheme import Grade
from indicatree.text import Text, as_text

__all__ = [
    "DIVIDES",
    "Deductions",
    "Equality",
    "Known",
    "PossibleScore",
    "Result",
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


@attrs.frozen
class Known:
    """What is known of the figures of a report.

    Attributes:
        figures: Every figure, by path.
        bounds: What the figures that are not printed can be, by path, where a claim bounds them.
    """

    figures: Mapping[str, Figure]
    bounds: Mapping[str, Range] = attrs.field(factory=dict)

    def lacking(self, paths: tuple[str, ...]) -> list[str]:
        """The figures that are neither printed nor bounded."""
        return [path for path in paths if self.figures[path].value is None and path not in self.bounds]

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

    def judge(self, known: Known) -> Result:
        """Whether the sides agree as printed, or within what the printed figures stand for."""
        if lacking := known.lacking(self.paths):
            return _missing(known, lacking)
        point, full = known.box(self.paths, printed=True), known.box(self.paths, printed=False)
        try:
            computed = range_of(self.right, point)
            if self._agrees(known, computed, point):
                return Result(Verdict.HOLDS, computed)
            gap = range_of(self.left - self.right, full)
        except (NoRangeError, ZeroDivisionError):
            return Result(Verdict.NOT_CHECKED, None, DIVIDES)
        if 0 in gap:
            proven = gap.tight and not jumps(self.left) and not jumps(self.right)
            return Result(Verdict.WITHIN_ROUNDING, computed, Text() if proven else _NOT_PROVEN)
        return Result(Verdict.BROKEN, computed)

    def _agrees(self, known: Known, computed: Range, point: dict[str, tuple[Fraction, Fraction]]) -> bool:
        if self.stated:
            figure = known.figures[self.stated]
            if figure.value is not None and not figure.is_exact:
                return figure.rounded(computed.low) == figure.rounded(computed.high) == figure.value
            if figure.value is not None and self.unit is not None:
                return all(self._rounded(end, self.unit) == figure.value for end in (computed.low, computed.high))
        gap = range_of(self.left - self.right, point)
        return gap.low == gap.high == 0

    def _rounded(self, value: Fraction, unit: Fraction) -> Fraction:
        steps = value / unit
        return Fraction(round_ratio(steps.numerator, steps.denominator, self.rounding)) * unit

    def needed(self, path: str, known: Known, *, printed: bool) -> Range | None:
        """The values of one figure for which the sides can be equal."""
        others = tuple(other for other in self.paths if other != path)
        if path not in self.paths or known.lacking(others):
            return None
        try:
            return solutions(self.left, self.right, path, known.box(others, printed=printed))
        except (NoRangeError, ZeroDivisionError):
            return None


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


@attrs.frozen(kw_only=True)
class PossibleScore(Check):
    """A stated score, against the scores that the figures make possible.

    Attributes:
        possible: The ranges that the possible scores lie in, from below.
        unknown: What keeps the score from being computed, if anything does: assumed rules or figures.
        guessed: Whether other scores are possible too: the rules are assumed.
    """

    possible: tuple[Range, ...]
    unknown: Text = Text()
    guessed: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """The stated score."""
        return (self.stated,)

    @property
    def _whole(self) -> Range:
        return Range(self.possible[0].low, self.possible[-1].high)

    def judge(self, known: Known) -> Result:
        """Whether the stated score is a possible one."""
        value = known.figures[self.stated].value
        if value is None:
            return _missing(known, [self.stated])
        whole = self._whole
        held = next((piece for piece in self.possible if value in piece), None)
        if held is None:
            if self.guessed:
                return Result(Verdict.NOT_CHECKED, whole, self.unknown)
            between = whole.low < value < whole.high
            return Result(Verdict.BROKEN, whole, self._pieces(known) if between else Text())
        if whole.low == whole.high:
            return Result(Verdict.HOLDS, whole)
        if self.unknown:
            return Result(Verdict.NOT_CHECKED, whole, self.unknown)
        return Result(Verdict.WITHIN_ROUNDING, whole, Text() if held.tight else _NOT_PROVEN)

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
        inside = (min(max(value, piece.low), piece.high) for piece in self.possible)
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
    """

    total: str
    points: Fraction
    grades: tuple[Grade, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The stated total."""
        return (self.total,)

    def grade(self, known: Known) -> Grade | None:
        """The grade that the stated total gives."""
        value = known.figures[self.total].value
        if value is None or not self.points:
            return None
        share = value / self.points
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
        least = self.grades[position].at_least.fraction * self.points
        if value < least:
            return Range(least, least)
        return None
