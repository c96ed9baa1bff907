"""How the scores of a node's children become the node's score."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import UNDEFINED, Quantity, State, exact, maximum, minimum, where
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

__all__ = ["Aggregation", "Combine", "Part"]


class Combine(Enum):
    """The ways to combine the children of a node.

    Attributes:
        SUM: Points are added; what is left out is spread over the rest.
        CAPPED_SUM: Points are added, up to the points of the node.
        WEIGHTED_MEAN: The mean of the children's shares of their points, by weight.
        MINIMUM: The smallest share.
        BETTER_OF: The largest share; of equal ones, the first.
    """

    SUM = "sum"
    CAPPED_SUM = "capped_sum"
    WEIGHTED_MEAN = "weighted_mean"
    MINIMUM = "minimum"
    BETTER_OF = "better_of"

    @property
    def title(self) -> Text:
        """The name of the way in two languages."""
        return _TITLES[self]


_TITLES = {
    Combine.SUM: Text(zh="各项相加", en="sum"),
    Combine.CAPPED_SUM: Text(zh="各项相加，不超过上限", en="sum, capped"),
    Combine.WEIGHTED_MEAN: Text(zh="加权平均", en="weighted mean"),
    Combine.MINIMUM: Text(zh="取最低", en="minimum"),
    Combine.BETTER_OF: Text(zh="取较优", en="better of"),
}


def as_aggregation(value: Aggregation | Combine | str) -> Aggregation:
    """An aggregation, or a way to combine without parameters."""
    return value if isinstance(value, Aggregation) else Aggregation(value)


@attrs.frozen
class Part:
    """A child as its parent sees it.

    Attributes:
        score: Its rounded score, an operand.
        points: Its points.
        counts: The condition that it is not left out.
        weight: Its weight in a weighted mean.
    """

    score: Any
    points: Quantity
    counts: Any = True
    weight: Quantity = Quantity(1)


def _combine(value: Combine | str) -> Combine:
    return Combine(value)


def exact_values(table: Mapping[str, Quantity | int | Decimal | str]) -> dict[str, Quantity]:
    """A table of numbers, taken exactly."""
    return {name: exact(value) for name, value in table.items()}


@attrs.frozen
class Aggregation:
    """A way to combine children, with its parameters.

    Attributes:
        combine: The way.
        weights: For a weighted mean: the weight of each child by id; by default its points.

    Example:
        >>> parts = [Part(exact(1), exact(1)), Part(exact(0), exact(1)), Part(exact(0), exact(2), counts=False)]
        >>> Aggregation().score(parts, exact(4))
        Quantity(2)
    """

    combine: Combine = attrs.field(default=Combine.SUM, converter=_combine)
    weights: Mapping[str, Quantity] = attrs.field(factory=dict, converter=exact_values)

    @property
    def additive(self) -> bool:
        """Whether the node's score is the sum of its children's, where none is left out."""
        return self.combine is Combine.SUM

    def score(self, parts: Sequence[Part], points: Quantity) -> Any:
        """The node's score before it is rounded; undefined where the whole node is left out.

        A plain function of exact operands, like a rule: it scores one unit and a table.
        """
        if self.combine in (Combine.SUM, Combine.CAPPED_SUM):
            return self._added(parts, points)
        shared = [part for part in parts if part.points > 0]
        if not shared:
            return exact(0)
        if self.combine is Combine.WEIGHTED_MEAN:
            shared = [part for part in shared if part.weight > 0]
            weighed = _total(where(part.counts, part.score / part.points * part.weight, 0) for part in shared)
            weights = _total(where(part.counts, part.weight, 0) for part in shared)
            return weighed / weights * points
        shares = [where(part.counts, part.score / part.points, UNDEFINED) for part in shared]
        extreme = minimum if self.combine is Combine.MINIMUM else maximum
        return extreme(*shares, UNDEFINED, skip=State.UNDEFINED) * points

    def _added(self, parts: Sequence[Part], points: Quantity) -> Any:
        """The sum, spread over the children that are not left out."""
        added = _total(where(part.counts, part.score, 0) for part in parts)
        if any(part.counts is not True for part in parts):
            whole = _total(part.points for part in parts)
            if whole > 0:
                applicable = _total(where(part.counts, part.points, 0) for part in parts)
                added = added * whole / applicable
        return minimum(added, points) if self.combine is Combine.CAPPED_SUM else added


def _total(values: Iterable[Any]) -> Any:
    result: Any = exact(0)
    for value in values:
        result = result + value
    return result
