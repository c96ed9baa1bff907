"""Trees of whole numbers and truths as narwhals expressions, which every engine runs natively."""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from indicatree.table.wholes import (
    LARGEST,
    ONE,
    ZERO,
    Truth,
    Whole,
    add,
    at_most,
    bounded,
    constant,
    is_wide,
    less,
    pick,
    scale,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Emitter", "Lowering", "shared_nodes"]

_EXACT_QUOTIENT = 2**50
"""Up to here the whole part of a quotient in floating point is off by one at the most."""


class Lowering:
    """Replaces each division by an estimate in floating point, mended by whole numbers until it is exact.

    For an engine whose division of whole numbers goes through floating point.
    """

    def __init__(self) -> None:
        """Begin with nothing replaced."""
        self._made: dict[int, tuple[Any, Any]] = {}

    def __call__(self, node: Any) -> Any:
        """The tree without divisions."""
        if not isinstance(node, Whole | Truth):
            return node
        found = self._made.get(id(node))
        if found is None:
            args = tuple(map(self, node.args))
            if isinstance(node, Truth):
                made: Any = Truth(node.op, args)
            elif node.op == "divide":
                made = _mended(node, *args)
            else:
                made = Whole(node.op, args, node.low, node.high)
            found = self._made[id(node)] = (made, node)
        return found[0]


def _mended(node: Whole, above: Whole, below: Whole) -> Whole:
    whole = Whole("estimate", (above, below), node.low - 1, node.high + 1)
    small = max(node.high, -node.low) < _EXACT_QUOTIENT
    rest = _rest(above, below, whole, 1 if small else 2**12)
    if not small:
        more = Whole("estimate", (rest, below), -(2**12), 2**12)
        whole, rest = add(whole, more), _rest(rest, below, more, 1)
    too_much = pick(less(rest, ZERO), constant(-1), ZERO)
    too_little = pick(at_most(below, rest), ONE, too_much)
    return bounded(add(whole, too_little), node.low, node.high)


def _rest(above: Whole, below: Whole, whole: Whole, off: int) -> Whole:
    """What a quotient that is off by so much leaves: near zero, however large the parts are."""
    high = below.high * (off + 1)
    product = Whole("multiply", (whole, below), above.low - high, above.high + high)
    return Whole("add", (above, scale(product, -1)), -high, high)


_COLUMNS = {"constant", "figure", "source", "null", "option", "same"}


def shared_nodes(roots: Iterable[Whole | Truth], most: int) -> list[list[Whole | Truth]]:
    """The nodes that are computed once and kept, level by level: a level is made of those before it.

    Args:
        roots: What is computed.
        most: How large a tree, written out with what is in it twice, the engine takes as it is.
    """
    order: list[Whole | Truth] = []
    used: dict[int, int] = {}
    size: dict[int, int] = {}
    roots = list(roots)
    for root in roots:
        _visit(root, order, used, size)
    if not any(size[id(root)] > most for root in roots):
        return []
    kept = [node for node in order if used[id(node)] > 1 and node.op not in _COLUMNS and size[id(node)] > most // 8]
    names = {id(node) for node in kept}
    level: dict[int, int] = {}
    for node in order:
        parts = [part for part in node.args if isinstance(part, Whole | Truth)]
        level[id(node)] = max((level[id(part)] + (id(part) in names) for part in parts), default=0)
    levels: dict[int, list[Whole | Truth]] = {}
    for node in kept:
        levels.setdefault(level[id(node)], []).append(node)
    return [levels[number] for number in sorted(levels)]


def _visit(root: Whole | Truth, order: list[Whole | Truth], used: dict[int, int], size: dict[int, int]) -> None:
    """Note every node below a root after its parts, how often it is used, and how large it is written out."""
    used[id(root)] = used.get(id(root), 0) + 1
    if id(root) in size:
        return
    parts = [part for part in root.args if isinstance(part, Whole | Truth)]
    for part in parts:
        _visit(part, order, used, size)
    size[id(root)] = 1 + sum(size[id(part)] for part in parts)
    order.append(root)


class Emitter:
    """Makes expressions of trees; what is asked for twice is made once.

    Args:
        columns: The column of each figure, by name.
        wide: The type of whole numbers beyond 64 bits; None where the engine has none.
    """

    def __init__(self, columns: Mapping[str, Any], wide: Any = None) -> None:
        """Begin with no expression."""
        self._columns = columns
        self._wide = wide
        self._made: dict[int, tuple[Any, Any]] = {}

    def keep(self, node: Whole | Truth, column: Any) -> None:
        """Take a column for a tree from now on."""
        self._made[id(node)] = (column, node)

    def __call__(self, node: Whole | Truth) -> Any:
        """The expression of a tree."""
        found = self._made.get(id(node))
        if found is None:
            made = self._whole(node) if isinstance(node, Whole) else self._truth(node)
            # the node is kept, so that its id cannot come to mean another one
            found = self._made[id(node)] = (made, node)
        return found[0]

    def _whole(self, node: Whole) -> Any:
        if node.op == "constant":
            return self._number(node.low, wide=is_wide(node))
        if node.op == "figure":
            return self._columns[node.args[0]]
        if node.op == "bounded":
            return self(node.args[0])
        if node.op == "given":
            return nw.when(self(node.args[0])).then(self(node.args[1]))
        wide = is_wide(node) or any(is_wide(part) for part in node.args if isinstance(part, Whole))
        result = self._operation(node, wide=wide)
        return result.cast(nw.Int64) if wide and not is_wide(node) else result

    def _operation(self, node: Whole, *, wide: bool) -> Any:
        """The expression of an operation on whole numbers, all of them wide or none."""
        if node.op == "scale":
            return self._scaled(*node.args, wide=wide)
        if node.op == "add":
            return self._sum(*node.args, wide=wide)
        if node.op == "pick":
            then, otherwise = (self._as(part, wide=wide) for part in node.args[1:])
            return nw.when(self(node.args[0])).then(then).otherwise(otherwise)
        first, second = (self._as(part, wide=wide) for part in node.args)
        if node.op == "multiply":
            return first * second
        if node.op == "divide":
            return first // second
        return (nw.when(second != 0).then(first.cast(nw.Float64)) / second.cast(nw.Float64)).floor().cast(nw.Int64)

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
        return made.cast(self._wide) if wide and not is_wide(node) else made

    def _number(self, value: int, *, wide: bool) -> Any:
        if not wide:
            return nw.lit(value, nw.Int64)
        if abs(value) <= LARGEST:
            return nw.lit(value, nw.Int64).cast(self._wide)
        # no engine takes such a literal as it stands
        above, below = divmod(abs(value), 10**18)
        made = self._number(above, wide=True) * self._number(10**18, wide=True) + self._number(below, wide=True)
        return made if value > 0 else self._number(0, wide=True) - made

    def _truth(self, node: Truth) -> Any:
        if node.op in _ORDERS:
            wide = any(map(is_wide, node.args))
            return _ORDERS[node.op](*[self._as(part, wide=wide) for part in node.args])
        if node.op in _JOINS:
            return reduce(_JOINS[node.op], map(self, node.args))
        if node.op in ("not", "constant"):
            return ~self(node.args[0]) if node.op == "not" else nw.lit(node.args[0], nw.Boolean)
        column = self._columns[node.args[0]]
        if node.op == "source":
            return column
        if node.op == "null":
            return column.is_null()
        return column == (nw.lit(node.args[1]) if node.op == "option" else self._columns[node.args[1]])


_ORDERS = {"less": operator.lt, "at_most": operator.le, "equal": operator.eq}
_JOINS: dict[str, Callable[[Any, Any], Any]] = {"and": operator.and_, "or": operator.or_}
