"""Vetoes prepared for scoring: whether each applies, and what it leaves of the total and the grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from indicatree.arithmetic import Quantity
from indicatree.problems import Problem
from indicatree.scheme import Leaf
from indicatree.scoring.leaves import DIVIDES_BY_ZERO, BoundMeasure
from indicatree.scoring.scorecard import Adjustment, NodeScore, Outcome, VetoResult
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indicatree.data import UnitData
    from indicatree.scheme import Grade, Veto

__all__ = ["VetoPlan", "capped_grade", "capped_total"]

_NOT_SAID = Text(zh="未认定", en="no assessor says that it applies")


class VetoPlan:
    """A veto: what does not change from unit to unit."""

    def __init__(self, veto: Veto) -> None:
        """Bind its measure, where it has one."""
        self.veto = veto
        self.bound = None if veto.indicator is None else BoundMeasure(veto.indicator, veto.record_names())
        self.zone = Text()
        if veto.indicator is not None and veto.when is not None:
            self.zone = Text(zh=veto.when.zone(veto.indicator, "zh"), en=veto.when.zone(veto.indicator, "en"))

    def check(self, data: UnitData, problems: list[Problem]) -> VetoResult:
        """Whether it applies to one unit; what keeps that from being known goes to the problems."""
        veto = self.veto
        if veto.path in data.not_applicable:
            note = data.not_applicable[veto.path]
            return self._result(
                applies=False, reason=Text(zh=f"不适用：{note['zh']}", en=f"not applicable: {note['en']}")
            )
        if self.bound is None or veto.indicator is None or veto.when is None:
            judgement = data.judgement.get(veto.path)
            if judgement is None or not judgement.says("applies"):
                return self._result(applies=False, reason=_NOT_SAID if judgement is None else judgement.reason)
            return self._result(applies=True, reason=judgement.reason)
        value, outcome, note = self.bound.measure(self.bound.records(data.records))
        if outcome is Outcome.NOT_APPLICABLE:
            return self._result(applies=False, reason=outcome.title)
        if outcome is not Outcome.SCORED:
            problems.append(self._problem(outcome, data, note))
            return self._result(applies=False, reason=outcome.title)
        unit, zone = veto.indicator.unit, self.zone
        applies = veto.when.holds(value)
        reason = Text(
            zh=f"{unit.show(value, 'zh')}，{'符合' if applies else '不符合'} {zone['zh']}",
            en=f"{unit.show(value, 'en')} is {'' if applies else 'not '}{zone['en']}",
        )
        return self._result(applies=applies, reason=reason, value=value)

    def _result(self, *, applies: bool, reason: Text, value: Quantity | None = None) -> VetoResult:
        veto = self.veto
        return VetoResult(veto.path, veto.title, applies, reason, veto.grade, veto.points, value)

    def _problem(self, outcome: Outcome, data: UnitData, note: Text) -> Problem:
        path = self.veto.path
        if outcome is Outcome.MISSING and self.veto.indicator is not None:
            from indicatree.scoring.reasons import lacking_figures, lacking_words  # noqa: PLC0415 - only errors pay for it

            leaf = Leaf(id=self.veto.id, indicator=self.veto.indicator, points=0, bindings=self.veto.bindings)
            fix = Text(
                zh=f'补上，或在 [not_applicable] 中写明 "{path}" 不适用的理由',
                en=f'give it, or say under [not_applicable] why "{path}" does not apply',
            )
            return Problem("missing-figure", path, lacking_words(lacking_figures(leaf, data)), fix)
        if outcome is Outcome.UNDEFINED:
            return Problem("undefined-value", path, DIVIDES_BY_ZERO, Text(zh="改正数据", en="correct the figures"))
        message = Text(zh=f"指标计算失败：{note['zh']}", en=f"the measure failed: {note['en']}")
        return Problem("measure-failed", path, message, Text(zh="修正其代码", en="mend its code"))


def capped_total(root: NodeScore, vetoes: Sequence[VetoResult]) -> NodeScore:
    """The whole with its total capped by the vetoes that apply, and an adjustment for each that takes points."""
    units, adjustments, places = root.units, list(root.adjustments), root.info.places
    for veto in vetoes:
        if veto.applies and veto.points is not None and units is not None:
            cap = veto.points.scaled(places)
            if cap < units:
                reason = Text(zh=f"一票否决：{veto.title['zh']}", en=f"veto: {veto.title['en']}")
                adjustments.append(Adjustment("veto", Quantity(units - cap, 10**places), reason))
                units = cap
    if units == root.units:
        return root
    detail = attrs.evolve(root.detail, adjustments=tuple(adjustments))
    return NodeScore(root.info, units, root.outcome, None, root.assumptions, root.children, detail)


def capped_grade(grade: Grade, grades: Sequence[Grade], vetoes: Sequence[VetoResult]) -> Grade:
    """The worst of a grade and of those that the vetoes that apply still leave; the grades are best first."""
    position = grades.index(grade)
    for veto in vetoes:
        if veto.applies and veto.grade:
            position = max(position, next(index for index, other in enumerate(grades) if other.id == veto.grade))
    return grades[position]
