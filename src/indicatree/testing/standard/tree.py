"""Laws of the tree: order, groups, what is left out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from indicatree.scheme import Group
from indicatree.testing.standard.capabilities import (
    ADDITIVE,
    LEAVES_LEFT_OUT,
)
from indicatree.testing.standard.shared import (
    score_of,
)
from indicatree.testing.trials import SCHEME, law
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.scoring import Scorecard
    from indicatree.testing.trials import Trial

__all__ = ["full_marks_stay_full", "order_does_not_matter", "splitting_changes_no_total"]


def _turned(node: Any, random: Any) -> Any:
    changes = {}
    for name in ("groups", "indicators"):
        if children := list(getattr(node, name, ())):
            random.shuffle(children)
            changes[name] = [_turned(child, random) for child in children]
    return attrs.evolve(node, **changes)


@law(
    "order-does-not-matter",
    of=[SCHEME],
    title=Text(zh="同级节点的先后次序不影响得分", en="The order of siblings changes no score"),
    why=Text(zh="表格的排列不是评价内容", en="how a table is laid out says nothing of performance"),
)
def order_does_not_matter(trial: Trial) -> None:
    """The same data by a tree whose siblings stand in another order."""
    scheme = trial.scheme
    data = trial.data(missing=True, inapplicable=True)
    random = trial.draw(st.randoms(use_true_random=False))
    other = attrs.evolve(scheme, tiers=[_turned(tier, random) for tier in scheme.tiers])
    before, after = trial.score(data), trial.score(data, other)
    _same_scores(trial, before, after)


def _same_scores(trial: Trial, before: Scorecard, after: Scorecard) -> None:
    for node in before.root.walk():
        other = after[node.path]
        said = Text(
            zh=f"一次得 {node.score} 分，一次得 {other.score} 分", en=f"once {node.score} points, once {other.score}"
        )
        trial.expect(node.units == other.units, said, at=node.path)
    said = Text(zh="等级不同", en="the grades differ")
    trial.expect(before.grade == after.grade, said)


@law(
    "splitting-changes-no-total",
    of=[SCHEME],
    title=Text(
        zh="各项相加时，把一组拆成几组，总分不变", en="Where points are added, splitting a group changes no total"
    ),
    why=Text(zh="分组只为便于阅读", en="groups are there to be read by; they must not move points"),
    needs=[ADDITIVE],
)
def splitting_changes_no_total(trial: Trial) -> None:
    """Each group of which nothing is left out, split into one group for each of its leaves."""
    scheme = trial.scheme
    data = trial.data()
    card = trial.score(data)
    moved: dict[str, str] = {}

    def split(group: Group, path: str) -> Group:
        if group.groups:
            inner = [split(one, f"{path}.{one.id}") for one in group.groups]
            return attrs.evolve(group, groups=inner)
        if not all(card[f"{path}.{leaf.id}"].counts for leaf in group.indicators):
            return group
        alone = []
        for leaf in group.indicators:
            moved[f"{path}.{leaf.id}"] = f"{path}.only_{leaf.id}.{leaf.id}"
            alone.append(Group(id=f"only_{leaf.id}", title=leaf.name, indicators=[leaf]))
        return attrs.evolve(group, groups=alone, indicators=())

    tiers = [
        attrs.evolve(tier, groups=[split(group, f"{tier.id}.{group.id}") for group in tier.groups])
        for tier in scheme.tiers
    ]
    same = attrs.evolve(
        data,
        judgement={moved.get(path, path): judgement for path, judgement in data.judgement.items()},
        not_applicable={moved.get(path, path): why for path, why in data.not_applicable.items()},
    )
    finer = trial.score(same, attrs.evolve(scheme, tiers=tiers))
    said = Text(
        zh=f"拆分前 {card.arithmetic_total} 分，拆分后 {finer.arithmetic_total} 分",
        en=f"{card.arithmetic_total} points before, {finer.arithmetic_total} after",
    )
    trial.expect(card.arithmetic_units == finer.arithmetic_units, said)


@law(
    "full-marks-stay-full",
    of=[SCHEME],
    title=Text(
        zh="计入的子项均得满分时，节点得满分，不论有没有不计的子项",
        en="Where all children that count have full marks, so has the node, whatever is left out",
    ),
    why=Text(zh="不适用的指标不应使单位失分", en="nobody may lose points for what does not apply to them"),
    needs=[LEAVES_LEFT_OUT],
)
def full_marks_stay_full(trial: Trial) -> None:
    """Every node, on data that looks for full marks and leaves some out."""
    card = trial.score(trial.data(full=True, inapplicable=True))
    for node in card.root.walk():
        counting = [child for child in node.children if child.counts and child.info.points > 0]
        if not counting or not node.counts or any(child.score != child.points for child in counting):
            continue
        said = Text(zh=f"只得 {node.score} 分", en=f"it has {node.score} of {node.points} only")
        trial.expect(score_of(node, card) == Fraction(node.points), said, at=node.path)
