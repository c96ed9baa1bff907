"""Trees of whole numbers and truths as the expressions of narwhals or of an engine, which it runs natively."""

from __future__ import annotations

import operator
from collections import Counter
from typing import TYPE_CHECKING, Any

from indicatree.table.wholes import LARGEST, Truth, Whole, in_order, is_wide, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Emitter", "shared_nodes"]

_COLUMNS = {"constant", "figure", "source", "null", "option", "same"}


def shared_nodes(roots: Iterable[Whole | Truth], most: int) -> list[list[Whole | Truth]]:
    """The nodes that are computed once and kept, level by level: a level is made of those before it.

    Args:
        roots: What is computed.
        most: How large a tree, written out with what is in it twice, the engine takes as it is.
    """
    roots = list(roots)
    order = list(in_order(roots))
    used = Counter(id(part) for node in order for part in parts_of(node)) + Counter(map(id, roots))
    size: dict[int, int] = {}
    for node in order:
        size[id(node)] = 1 + sum(size[id(part)] for part in parts_of(node))
    if not any(size[id(root)] > most for root in roots):
        return []
    kept = [node for node in order if used[id(node)] > 1 and node.op not in _COLUMNS and size[id(node)] > most // 8]
    names = {id(node) for node in kept}
    level: dict[int, int] = {}
    for node in order:
        level[id(node)] = max((level[id(part)] + (id(part) in names) for part in parts_of(node)), default=0)
    levels: dict[int, list[Whole | Truth]] = {}
    for node in kept:
        levels.setdefault(level[id(node)], []).append(node)
    return [levels[number] for number in sorted(levels)]


class Emitter:
    """Makes expressions of trees; what is asked for twice is made once.

    Args:
        of: Whose expressions they are: narwhals, Polars, or `indicatree.table.sql`, which have the same ones.
        columns: The column of each figure, by name.
        wide: The type of whole numbers beyond 64 bits; None where the engine has none.
    """

    def __init__(self, of: Any, columns: Mapping[str, Any], wide: Any = None) -> None:
        """Begin with no expression."""
        self._of = of
        self._columns = columns
        self._wide = wide
        self._made: dict[int, tuple[Any, Any]] = {}
        self._numbers: dict[tuple[int, bool], Any] = {}

    def keep(self, node: Whole | Truth, column: Any) -> None:
        """Take a column for a tree from now on."""
        self._made[id(node)] = (column, node)

    def __call__(self, node: Whole | Truth) -> Any:
        """The expression of a tree."""
        if id(node) not in self._made:
            # each node after its parts, so that deep trees take no deep recursion
            for one in in_order([node], self._made):
                made = self._whole(one) if isinstance(one, Whole) else self._truth(one)
                # the node is kept, so that its id cannot come to mean another one
                self._made[id(one)] = (made, one)
        return self._made[id(node)][0]

    def _whole(self, node: Whole) -> Any:
        if node.op == "constant":
            return self._number(node.low, wide=is_wide(node))
        if node.op == "figure":
            return self._columns[node.args[0]]
        if node.op == "bounded":
            return self(node.args[0])
        if node.op == "given":
            return self._chosen(self(node.args[0]), self(node.args[1]), None)
        wide = is_wide(node) or any(is_wide(part) for part in node.args if isinstance(part, Whole))
        result = self._operation(node, wide=wide)
        return self._cast(result, wide=False) if wide and not is_wide(node) else result

    def _operation(self, node: Whole, *, wide: bool) -> Any:
        """The expression of an operation on whole numbers, all of them wide or none."""
        if node.op == "scale":
            return self._scaled(*node.args, wide=wide)
        if node.op == "add":
            return self._sum(*node.args, wide=wide)
        if node.op == "pick":
            then, otherwise = (self._as(part, wide=wide) for part in node.args[1:])
            return self._chosen(self(node.args[0]), then, otherwise)
        first, second = (self._as(part, wide=wide) for part in node.args)
        return first * second if node.op == "multiply" else self._divided(first, second, node)

    def _sum(self, first: Whole, second: Whole, *, wide: bool) -> Any:
        made = self._as(first, wide=wide)
        if second.op == "scale" and second.args[1] < 0:
            return made - self._scaled(second.args[0], -second.args[1], wide=wide)
        if second.value is not None and second.value < 0:
            return made - self._number(-second.value, wide=wide)
        return made + self._as(second, wide=wide)

    def _scaled(self, whole: Whole, factor: int, *, wide: bool) -> Any:
        made = self._as(whole, wide=wide)
        return made if factor == 1 else made * self._number(factor, wide=wide)

    def _as(self, node: Whole, *, wide: bool) -> Any:
        if node.value is not None:
            return self._number(node.value, wide=wide)
        made = self(node)
        return self._cast(made, wide=True) if wide and not is_wide(node) else made

    def _truth(self, node: Truth) -> Any:
        if node.op in _ORDERS:
            wide = any(map(is_wide, node.args))
            return _ORDERS[node.op](*[self._as(part, wide=wide) for part in node.args])
        if node.op in _JOINS:
            return _joined(_JOINS[node.op], list(map(self, node.args)))
        if node.op in ("not", "constant"):
            return ~self(node.args[0]) if node.op == "not" else self._of.lit(node.args[0], self._of.Boolean)
        if node.op == "null":
            return self._null(node.args[0])
        column = self._columns[node.args[0]]
        if node.op == "source":
            return column
        return column == (self._of.lit(node.args[1]) if node.op == "option" else self._columns[node.args[1]])

    def _null(self, name: str) -> Any:
        return self._columns[name].is_null()

    def _number(self, value: int, *, wide: bool) -> Any:
        found = self._numbers.get((value, wide))
        if found is None:
            found = self._numbers[value, wide] = self._made_number(value, wide=wide)
        return found

    def _made_number(self, value: int, *, wide: bool) -> Any:
        narrow = self._of.Int64
        if not wide:
            return self._of.lit(value, narrow)
        if abs(value) <= LARGEST:
            return self._of.lit(value, narrow).cast(self._wide)
        # no engine takes such a literal as it stands
        above, below = divmod(abs(value), 10**18)
        made = self._number(above, wide=True) * self._number(10**18, wide=True) + self._number(below, wide=True)
        return made if value > 0 else self._number(0, wide=True) - made

    def _cast(self, made: Any, *, wide: bool) -> Any:
        return made.cast(self._wide if wide else self._of.Int64)

    def _chosen(self, truth: Any, then: Any, otherwise: Any) -> Any:
        chosen = self._of.when(truth).then(then)
        return chosen if otherwise is None else chosen.otherwise(otherwise)

    def _divided(self, first: Any, second: Any, node: Whole) -> Any:
        """The quotient rounded down."""
        del node
        return first // second


def _joined(join: Callable[[Any, Any], Any], parts: list[Any]) -> Any:
    """Truths joined by halves: an engine goes down a chain step by step, and only so far."""
    half = len(parts) // 2
    return join(_joined(join, parts[:half]), _joined(join, parts[half:])) if half else parts[0]


_ORDERS = {"less": operator.lt, "at_most": operator.le, "equal": operator.eq}
_JOINS: dict[str, Callable[[Any, Any], Any]] = {"and": operator.and_, "or": operator.or_}
