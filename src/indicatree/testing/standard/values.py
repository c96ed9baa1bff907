"""Laws of values: doing better never costs points."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import attrs
from hypothesis import strategies as st

from indicatree.arithmetic import Quantity, exact
from indicatree.data import Judgement
from indicatree.scoring import Outcome
from indicatree.testing.standard.capabilities import (
    CHECKLISTS,
    DIRECTION,
    GRADES,
    STATEMENTS,
    TARGET,
    asks_assessor,
    is_directed,
    is_ruled_checklist,
    is_ruled_grade,
    is_targeted,
)
from indicatree.testing.standard.shared import (
    aims_at,
    compare_all,
    leaves_with,
    moved,
    seen_of,
)
from indicatree.testing.trials import RULE, SCHEME, law
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.testing.trials import Trial

__all__ = [
    "better_never_scores_less",
    "higher_marks_never_score_less",
    "meeting_an_item_never_costs",
    "nearer_never_scores_less",
    "statements_leave_one_peak",
]

_POSITIONS = st.integers(0, 1000)
_SCORED = Outcome.SCORED


@law(
    "better-never-scores-less",
    of=[RULE, SCHEME],
    title=Text(
        zh="同一规则下，更好的数值得分不低于较差的数值（评价人另有认定的除外）",
        en="By the same rule a better value never scores less, where no assessor says something of it",
    ),
    why=Text(zh="做得更好反而少得分，指标就失去意义", en="an indicator that punishes doing better measures nothing"),
    needs=[DIRECTION],
)
def better_never_scores_less(trial: Trial) -> None:
    """Two units that differ in one figure: every leaf whose indicator says that more or less is better."""
    leaves = leaves_with(trial.scheme, is_directed)
    first = trial.data()
    second = moved(trial, aims_at(leaves, trial.scheme), first)
    compare_all(trial, leaves, [trial.score(first), trial.score(second)])


@law(
    "nearer-never-scores-less",
    of=[RULE, SCHEME],
    title=Text(
        zh="以接近目标为佳的，在目标的同一侧，更接近者得分不低",
        en="On the same side of a target, a nearer value never scores less",
    ),
    why=Text(zh="偏离越大扣分越多，两侧可以不同", en="the further from the target the worse; the two sides may differ"),
    needs=[TARGET],
)
def nearer_never_scores_less(trial: Trial) -> None:
    """Two units that differ in one figure: every leaf whose indicator has a target."""
    leaves = leaves_with(trial.scheme, is_targeted)
    first = trial.data()
    second = moved(trial, aims_at(leaves, trial.scheme), first)
    compare_all(trial, leaves, [trial.score(first), trial.score(second)])


@law(
    "statements-leave-one-peak",
    of=[RULE, SCHEME],
    title=Text(
        zh="评价人另有认定时，得分随数值先不降、后不升：只有一个高峰",
        en="Where an assessor says something of a value, points rise to one peak and fall from there",
    ),
    why=Text(
        zh="目标定得过低、超额过多可以扣分，但得分不能忽高忽低",
        en="far above a target that was set low points may fall again, but they may not go up and down",
    ),
    needs=[STATEMENTS],
)
def statements_leave_one_peak(trial: Trial) -> None:
    """Three units that differ in one figure, of each of which everything is said that can be."""
    leaves = leaves_with(trial.scheme, asks_assessor)
    said = {
        path: Judgement(items=dict.fromkeys(leaf.rule.asks, True), reason=_WHY, evidence=_WHY)  # type: ignore[union-attr]
        for path, leaf in leaves
    }
    first = trial.data()
    first = trial.keep(attrs.evolve(first, judgement={**first.judgement, **said}))
    aims = aims_at(leaves, trial.scheme)
    others = [moved(trial, aims, first), moved(trial, aims, first)]
    cards = [trial.score(data) for data in (first, *others)]
    for path, leaf in leaves:
        found = sorted((one for card in cards for one in seen_of(leaf, card, path)), key=lambda one: one.value)
        for low, middle, high in combinations(found, 3):
            if not (low.beside == middle.beside == high.beside and low.value < middle.value < high.value):
                continue
            three = (low, middle, high)
            values = ", ".join(leaf.indicator.unit.show_exact(exact(one.value), "en") for one in three)
            points = ", ".join(exact(Fraction(one.units, 10**trial.scheme.precision)).text for one in three)
            words = Text(zh=f"{values} 依次得 {points} 分", en=f"{values} get {points} points")
            trial.expect(middle.units >= min(low.units, high.units), words, at=path)


_WHY = Text(zh="随机生成", en="drawn")


@law(
    "meeting-an-item-never-costs",
    of=[RULE, SCHEME],
    title=Text(zh="多符合一个要点，得分不减少", en="Meeting one more item of a checklist never costs points"),
    why=Text(zh="要点都是应当做到的", en="an item is something that should be done"),
    needs=[CHECKLISTS],
)
def meeting_an_item_never_costs(trial: Trial) -> None:
    """The same answers with one item met and not met."""
    leaves = leaves_with(trial.scheme, is_ruled_checklist)
    data = trial.data()
    path, leaf = leaves[trial.draw(_POSITIONS) % len(leaves)]
    names = list(leaf.indicator.items)  # type: ignore[attr-defined]
    name = names[trial.draw(_POSITIONS) % len(names)]
    judgement = data.judgement[path]
    cards = []
    for met in (False, True):
        changed = attrs.evolve(judgement, items={**(judgement.items or {}), name: met})
        one = trial.keep(attrs.evolve(data, judgement={**data.judgement, path: changed}))
        cards.append(trial.score(one)[path])
    unmet, met_score = cards
    if unmet.outcome is _SCORED and met_score.outcome is _SCORED and None not in (unmet.units, met_score.units):
        said = Text(
            zh=f"不符合“{name}”得 {unmet.score} 分，符合只得 {met_score.score} 分",
            en=f'"{name}" not met: {unmet.score} points; met: {met_score.score}',
        )
        trial.expect(met_score.units >= unmet.units, said, at=path)  # type: ignore[operator]


@law(
    "higher-marks-never-score-less",
    of=[RULE, SCHEME],
    title=Text(zh="评定的份额更高，得分不减少", en="A higher graded judgement never scores less"),
    why=Text(zh="评定份额就是得分的依据", en="the share that is judged is what the points are for"),
    needs=[GRADES],
)
def higher_marks_never_score_less(trial: Trial) -> None:
    """The same unit with two judgements of one leaf."""
    leaves = leaves_with(trial.scheme, is_ruled_grade)
    data = trial.data()
    path, _ = leaves[trial.draw(_POSITIONS) % len(leaves)]
    low, high = sorted((trial.draw(st.integers(0, 1000)), trial.draw(st.integers(0, 1000))))
    cards = []
    for mark in (low, high):
        changed = attrs.evolve(data.judgement[path], share=Quantity(mark, 1000))
        one = trial.keep(attrs.evolve(data, judgement={**data.judgement, path: changed}))
        cards.append(trial.score(one)[path])
    lower, higher = cards
    if lower.units is not None and higher.units is not None:
        said = Text(zh=f"{lower.score} 与 {higher.score}", en=f"{lower.score}, then {higher.score} for more")
        trial.expect(higher.units >= lower.units, said, at=path)
