"""Nodes with children prepared for scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicatree.arithmetic import MISSING, Quantity
from indicatree.scheme import Combine, Leaf, Part, Treatment
from indicatree.scoring.leaves import LeafPlan, plan_leaf
from indicatree.scoring.scorecard import Adjustment, Detail, NodeInfo, NodeScore, Outcome
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.data import UnitData
    from indicatree.problems import Problem
    from indicatree.scheme import Group, Scheme, TierNode

__all__ = ["InnerPlan"]

_KINDS = {
    Combine.SUM: "spread",
    Combine.CAPPED_SUM: "cap",
    Combine.WEIGHTED_MEAN: "mean",
    Combine.MINIMUM: "minimum",
    Combine.BETTER_OF: "better_of",
}
_SCORED = Outcome.SCORED
_NO_DETAIL, _LEFT_OUT = Detail(), Detail(treatment=Treatment.LEFT_OUT)


class InnerPlan:
    """A node with children: the whole, a tier or a group."""

    def __init__(self, scheme: Scheme, node: Scheme | TierNode | Group, path: str, level: str) -> None:
        self.points = scheme.points_of(node)
        self.aggregation = node.aggregation
        title = node.title or getattr(getattr(node, "tier", None), "title", Text())
        self.info = NodeInfo(
            path, level, title, self.points, scheme.precision, node.aggregation.additive, node.assumption
        )
        self.factor = 10**scheme.precision
        self.rounding = scheme.rounding
        self.additive = node.aggregation.additive
        self.assumptions = (node.assumption,) if node.assumption else ()
        self.children: list[InnerPlan | LeafPlan] = []
        for child in node.children:
            below = f"{path}.{child.id}" if path else child.id
            if isinstance(child, Leaf):
                self.children.append(plan_leaf(scheme, child, below))
            else:
                self.children.append(InnerPlan(scheme, child, below, "group" if path else "tier"))
        given = self.aggregation.weights
        self.weights = [
            given[child.id] if given else plan.points for child, plan in zip(node.children, self.children, strict=True)
        ]

    def score(self, data: UnitData, problems: list[Problem]) -> NodeScore:
        """The node's score from its children's."""
        children = tuple([child.score(data, problems) for child in self.children])
        if self.additive:
            units = 0
            for child in children:
                if child.units is None:
                    break
                units += child.units
            else:
                return NodeScore(self.info, units, _SCORED, None, self.assumptions, children)
        return self._combined(children)

    def _combined(self, children: tuple[NodeScore, ...]) -> NodeScore:
        """The score where some child is left out, or where children are not just added."""
        parts = [
            Part(
                MISSING if child.units is None else Quantity(child.units, self.factor),
                plan.points,
                child.units is not None,
                weight,
            )
            for child, plan, weight in zip(children, self.children, self.weights, strict=True)
        ]
        result = self.aggregation.score(parts, self.points)
        if result.state:  # nothing with points counts
            return NodeScore(self.info, None, Outcome.NOT_APPLICABLE, None, self.assumptions, children, _LEFT_OUT)
        units = result.in_units(self.factor, self.rounding)
        adjustments = self._adjustments(parts, units)
        detail = Detail(adjustments=adjustments) if adjustments else _NO_DETAIL
        return NodeScore(self.info, units, _SCORED, None, self.assumptions, children, detail)

    def _adjustments(self, parts: list[Part], units: int) -> tuple[Adjustment, ...]:
        """What the node loses beyond its children, in one line that says why."""
        lost: Quantity = self.points - Quantity(units, self.factor)
        for part in parts:
            if part.counts:
                lost -= part.points - part.score
        pointed = [part for part in parts if part.points > 0]
        left_out = sum(not part.counts for part in pointed)
        if lost == 0 and not left_out:
            return ()
        combine = self.aggregation.combine
        zh, en = ([], []) if self.additive else ([combine.title["zh"]], [combine.title["en"]])
        if left_out:
            zh.append(f"{len(pointed)} 项中有 {left_out} 项不计，其分值按比例分摊到其余各项")
            en.append(f"{left_out} of {len(pointed)} left out, their points spread over the rest")
        return (Adjustment(_KINDS[combine], lost, Text(zh="；".join(zh), en="; ".join(en))),)
