"""Laws of points: limits, sums, losses and their reasons."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from indicatree.arithmetic import exact
from indicatree.scoring import Outcome
from indicatree.testing.standard.capabilities import (
    SUMS,
    not_additive,
)
from indicatree.testing.standard.shared import (
    added,
    score_of,
)
from indicatree.testing.trials import RULE, SCHEME, law
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.testing.trials import Trial

__all__ = [
    "lost_points_add_up",
    "lost_points_have_reasons",
    "points_within_marks",
    "score_within_points",
    "sums_add_up",
]

_SCORED = Outcome.SCORED


@law(
    "score-within-points",
    of=[RULE, SCHEME],
    title=Text(
        zh="每个节点的得分在 0 和其分值之间（设有加分、扣分的，在其上下限之间）",
        en="Every score lies between 0 and its points, or within the limits that a leaf declares",
    ),
    why=Text(
        zh="得分超过分值，其他项目的失分就会被掩盖；负分没有依据",
        en="a score beyond its points hides what was lost elsewhere, and a score below zero has no basis",
    ),
)
def score_within_points(trial: Trial) -> None:
    """Every node of a scorecard."""
    card = trial.score(trial.data(missing=True, inapplicable=True))
    leaves = dict(trial.scheme.leaves())
    beyond = [path for path, leaf in leaves.items() if leaf.lowest < 0 or leaf.most > leaf.points]
    for node in card.root.walk():
        score = score_of(node, card)
        if score is None or (node.path not in leaves and any(_is_under(path, node.path) for path in beyond)):
            continue
        leaf = leaves.get(node.path)
        low, high = (Fraction(0), Fraction(node.points)) if leaf is None else (leaf.lowest.fraction, leaf.most.fraction)
        said = Text(
            zh=f"得分 {node.score} 不在 {low} 与 {high} 之间", en=f"the score {node.score} is not from {low} to {high}"
        )
        trial.expect(low <= score <= high, said, at=node.path)


def _is_under(path: str, parent: str) -> bool:
    return not parent or path.startswith(f"{parent}.")


@law(
    "points-within-marks",
    of=[RULE, SCHEME],
    title=Text(
        zh="规则给的分数本身就在该项的上下限之内", en="A rule by itself gives points within the limits of its leaf"
    ),
    why=Text(
        zh="评分时会把超出的分数截到上下限；规则超出上下限，说明它给的不是它所说的分数",
        en="scoring cuts off what is beyond; a rule that goes beyond does not give the points that it says",
    ),
)
def points_within_marks(trial: Trial) -> None:
    """The points of each rule, before they are kept within limits."""
    card = trial.score(trial.data())
    for path, leaf in trial.scheme.leaves():
        node = card[path]
        if leaf.rule is None or leaf.for_each or node.outcome is not _SCORED or node.value is None:
            continue
        value = node.value if node.answers is None else node.answers
        points = exact(leaf.rule.points(value, leaf.points, **node.detail.beside))
        if points.is_defined:
            said = Text(
                zh=f"规则对 {node.value_text['zh']} 给 {points.text} 分",
                en=f"the rule gives {points.text} points for {node.value_text['en']}",
            )
            trial.expect(leaf.lowest.fraction <= points.fraction <= leaf.most.fraction, said, at=path)


@law(
    "sums-add-up",
    of=[SCHEME],
    title=Text(
        zh="各项相加的节点，其得分等于各子项得分之和；全部相加时，总分等于各指标得分之和",
        en="Where children are added, a score is the sum of theirs; where all are, the total is that of the leaves",
    ),
    why=Text(zh="公布的评分表应当能够逐项加总核对", en="anybody must be able to add up a published table"),
    needs=[SUMS],
)
def sums_add_up(trial: Trial) -> None:
    """Every additive node of which no child is left out, and the total."""
    card = trial.score(trial.data())
    for node in card.root.walk():
        if not node.children or not node.info.additive or not all(child.counts for child in node.children):
            continue
        whole = added(score for child in node.children if (score := score_of(child, card)) is not None)
        said = Text(
            zh=f"各子项之和为 {exact(whole).text}，得分却是 {node.score}",
            en=f"the children add up to {exact(whole).text}, the score is {node.score}",
        )
        trial.expect(score_of(node, card) == whole, said, at=node.path)
    leaves = [score_of(leaf, card) for leaf in card.leaves()]
    if not not_additive(trial.subject) and None not in leaves:
        whole = added(score for score in leaves if score is not None)
        said = Text(
            zh=f"各指标之和为 {exact(whole).text}，总分却是 {card.arithmetic_total}",
            en=f"the leaves add up to {exact(whole).text}, the total is {card.arithmetic_total}",
        )
        trial.expect(score_of(card.root, card) == whole, said)


@law(
    "lost-points-add-up",
    of=[SCHEME],
    title=Text(
        zh="每个节点失去的分数等于各子项失去的分数加上该节点的调整",
        en="The points lost at a node are those lost by its children and its own adjustments",
    ),
    why=Text(zh="每一分的去向都要有说明", en="every point that is lost must be accounted for"),
)
def lost_points_add_up(trial: Trial) -> None:
    """Every node with children that counts."""
    card = trial.score(trial.data(missing=True, inapplicable=True))
    for node in card.root.walk():
        if not node.children or node.lost is None:
            continue
        lost = added(Fraction(child.lost) for child in node.children if child.lost is not None)
        adjusted = added(adjustment.lost.fraction for adjustment in node.adjustments)
        said = Text(
            zh=f"失去 {node.lost} 分；子项失去 {exact(lost).text} 分，调整 {exact(adjusted).text} 分",
            en=f"{node.lost} lost, but the children lose {exact(lost).text} and the adjustments {exact(adjusted).text}",
        )
        trial.expect(Fraction(node.lost) == lost + adjusted, said, at=node.path)


@law(
    "lost-points-have-reasons",
    title=Text(zh="每个失分的指标都有两种语言的理由", en="Every leaf that loses points has a reason in both languages"),
    why=Text(zh="被评价单位有权知道为什么失分", en="whoever is scored is owed the reason"),
)
def lost_points_have_reasons(trial: Trial) -> None:
    """Every leaf and every adjustment."""
    card = trial.score(trial.data(missing=True, inapplicable=True))
    for node in card.root.walk():
        words = [adjustment.reason for adjustment in node.adjustments]
        if not node.children and node.lost:
            words.append(node.reason)
        for one in words:
            said = Text(zh=f"失去 {node.lost} 分，没有理由", en=f"{node.lost} points are lost without a reason")
            trial.expect(one.zh.strip() and one.en.strip(), said, at=node.path)
