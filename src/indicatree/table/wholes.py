"""Whole numbers and truths of a table, before an engine runs them: what is computed, and how large it can get.

A measure or a rule that is run on columns leaves one of these trees behind. Each node knows the least and the
largest whole number that it can be, from the bounds that the fields declare; so the width that the arithmetic
needs is known before the run, and what cannot matter (a limit that is never reached, a sign that is never
negative) is never computed. Bounds hold in the rows in which the value is there; in other rows nobody looks.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

__all__ = [
    "FALSE",
    "LARGEST",
    "ONE",
    "TRUE",
    "ZERO",
    "Truth",
    "Whole",
    "add",
    "all_true",
    "any_true",
    "at_most",
    "bare",
    "bounded",
    "constant",
    "divide",
    "equal_to",
    "factor_of",
    "figure",
    "given",
    "in_order",
    "is_wide",
    "less",
    "multiply",
    "names_of",
    "needs_wide",
    "negate",
    "negative",
    "null",
    "option",
    "parts_of",
    "pick",
    "pick_truth",
    "scale",
    "shallow",
    "source",
    "subtract",
    "unscaled",
]

LARGEST = 2**63 - 1
"""The largest whole number of 64 bits."""

WIDEST = 10**38 - 1
"""The largest whole number that every engine with wide integers has: 38 digits."""


class Whole:
    """A whole number for each row.

    Attributes:
        op: What makes it: ``figure``, ``constant``, ``add``, ``scale``, ``multiply``, ``divide``,
            ``pick``, ``given``, ``bounded``.
        args: What it is made of.
        low: The least that it can be.
        high: The largest that it can be.
    """

    __slots__ = ("__weakref__", "args", "high", "low", "op")
    op: str
    args: tuple[Any, ...]
    low: int
    high: int

    def __new__(cls, op: str, args: tuple[Any, ...], low: int, high: int) -> Self:
        """The one node with these parts: what is equal is the same."""
        key = (op, _key(args), low, high)
        found = _wholes.get(key)
        if found is None:
            found = super().__new__(cls)
            found.op, found.args, found.low, found.high = op, args, low, high
            _wholes[key] = found
        return found

    @property
    def value(self) -> int | None:
        """The number, where it is the same in every row."""
        return self.low if self.op == "constant" else None

    def __repr__(self) -> str:
        """As a formula."""
        return str(self.low) if self.op == "constant" else f"{self.op}{self.args!r}"


class Truth:
    """Whether something holds, for each row.

    Attributes:
        op: What makes it: ``constant``, ``less``, ``at_most``, ``equal``, ``and``, ``or``, ``not``, ``source``,
            ``null``, ``option``, ``same``.
        args: What it is made of.
    """

    __slots__ = ("__weakref__", "args", "op")
    op: str
    args: tuple[Any, ...]

    def __new__(cls, op: str, args: tuple[Any, ...]) -> Self:
        """The one node with these parts."""
        key = (op, _key(args))
        found = _truths.get(key)
        if found is None:
            found = super().__new__(cls)
            found.op, found.args = op, args
            _truths[key] = found
        return found

    def __repr__(self) -> str:
        """As a formula."""
        return f"{self.op}{self.args!r}"


def _key(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """What tells parts from others; nodes keep their parts, so an id means the same as long as it is asked for."""
    return tuple(id(part) if isinstance(part, Whole | Truth) else (type(part), part) for part in args)


_wholes: WeakValueDictionary[Any, Any] = WeakValueDictionary()
_truths: WeakValueDictionary[Any, Any] = WeakValueDictionary()

TRUE, FALSE = Truth("constant", (True,)), Truth("constant", (False,))
_NONE = {True: TRUE, False: FALSE}


def constant(value: int) -> Whole:
    """The same number in every row."""
    return Whole("constant", (), value, value)


ZERO, ONE = constant(0), constant(1)


def figure(name: str, low: int, high: int) -> Whole:
    """The column of a figure; where it is missing, null or of no meaning."""
    return Whole("figure", (name,), low, high)


def source(name: str) -> Truth:
    """A column of truths that is never null."""
    return Truth("source", (name,))


def null(name: str) -> Truth:
    """Whether a column has no value."""
    return Truth("null", (name,))


def option(name: str, text: str) -> Truth:
    """Whether a column of words has this one."""
    return Truth("option", (name, text))


def bounded(whole: Whole, low: int | None = None, high: int | None = None) -> Whole:
    """The same number, of which more is known."""
    least = whole.low if low is None else max(low, whole.low)
    most = whole.high if high is None else min(high, whole.high)
    if whole.op == "constant" or (least, most) == (whole.low, whole.high) or least > most:
        return whole
    return Whole("bounded", (bare(whole),), least, most)


def bare(whole: Whole) -> Whole:
    """The number without what more is known of it."""
    return whole.args[0] if whole.op == "bounded" else whole


def add(first: Whole, second: Whole) -> Whole:
    """The sum."""
    if first.value is not None and second.value is not None:
        return constant(first.value + second.value)
    if first.value == 0:
        return second
    if second.value == 0:
        return first
    return Whole("add", (first, second), first.low + second.low, first.high + second.high)


def scale(whole: Whole, factor: int) -> Whole:
    """The number, times a constant."""
    if factor == 1:
        return whole
    if factor == 0:
        return ZERO
    if whole.value is not None:
        return constant(whole.value * factor)
    if whole.op == "scale":
        return scale(whole.args[0], whole.args[1] * factor)
    ends = (whole.low * factor, whole.high * factor)
    return Whole("scale", (whole, factor), min(ends), max(ends))


def negate(whole: Whole) -> Whole:
    """The opposite."""
    return scale(whole, -1)


def subtract(first: Whole, second: Whole) -> Whole:
    """The difference."""
    return add(first, negate(second))


def multiply(first: Whole, second: Whole) -> Whole:
    """The product."""
    if second.value is not None:
        return scale(first, second.value)
    if first.value is not None:
        return scale(second, first.value)
    if first.op == "scale":
        return scale(multiply(first.args[0], second), first.args[1])
    if second.op == "scale":
        return scale(multiply(first, second.args[0]), second.args[1])
    ends = [one * other for one in (first.low, first.high) for other in (second.low, second.high)]
    return Whole("multiply", (first, second), min(ends), max(ends))


def divide(first: Whole, second: Whole) -> Whole:
    """The largest whole number that is not more than the quotient; the divisor is above zero."""
    if second.value is not None:
        if first.value is not None:
            return constant(first.value // second.value)
        if second.value == 1:
            return first
    least, most = max(second.low, 1), max(second.high, 1)
    low = first.low // (least if first.low < 0 else most)
    high = first.high // (most if first.high < 0 else least)
    return Whole("divide", (first, bounded(second, 1)), low, high)


def given(truth: Truth, whole: Whole) -> Whole:
    """The number where something holds, and none elsewhere."""
    if truth is TRUE:
        return whole
    return Whole("given", (truth, whole), whole.low, whole.high)


def pick(truth: Truth, then: Whole, otherwise: Whole) -> Whole:
    """One of two numbers."""
    if truth.op == "constant":
        return then if truth.args[0] else otherwise
    if then is otherwise or (then.value is not None and then.value == otherwise.value):
        return then
    if truth.op == "not":
        return pick(truth.args[0], otherwise, then)
    return Whole("pick", (truth, then, otherwise), min(then.low, otherwise.low), max(then.high, otherwise.high))


def factor_of(whole: Whole) -> int:
    """The constant that a number is a multiple of, as far as can be seen."""
    if whole.value is not None:
        return whole.value
    return whole.args[1] if whole.op == "scale" else 1


def _shared_factor(first: Whole, second: Whole) -> tuple[Whole, Whole]:
    """Both without the constant that they share."""
    shared = math.gcd(factor_of(first), factor_of(second))
    if shared <= 1:
        return first, second
    return unscaled(first, shared), unscaled(second, shared)


def unscaled(whole: Whole, factor: int) -> Whole:
    """A constant or a scaled number, divided by a part of its factor."""
    if whole.value is not None:
        return constant(whole.value // factor)
    return scale(whole.args[0], whole.args[1] // factor)


def less(first: Whole, second: Whole) -> Truth:
    """Whether the first is less."""
    if first.high < second.low:
        return TRUE
    if first.low >= second.high:
        return FALSE
    return Truth("less", _shared_factor(first, second))


def at_most(first: Whole, second: Whole) -> Truth:
    """Whether the first is not more."""
    if first.high <= second.low:
        return TRUE
    if first.low > second.high:
        return FALSE
    return Truth("at_most", _shared_factor(first, second))


def equal_to(first: Whole, second: Whole) -> Truth:
    """Whether they are equal."""
    if first.high < second.low or second.high < first.low:
        return FALSE
    if first is second or first.low == first.high == second.low == second.high:
        return TRUE
    return Truth("equal", _shared_factor(first, second))


def negative(truth: Truth) -> Truth:
    """Whether it does not hold."""
    if truth.op == "constant":
        return _NONE[not truth.args[0]]
    if truth.op == "not":
        return truth.args[0]  # type: ignore[no-any-return]
    return Truth("not", (truth,))


def any_true(truths: Iterable[Truth]) -> Truth:
    """Whether at least one holds."""
    found = _joined(truths, "or", neutral=FALSE)
    if found.op != "or":
        return found
    parts = {id(part) for part in found.args}
    return _joined([_where_none_holds(part, parts) for part in found.args], "or", neutral=FALSE)


def _where_none_holds(truth: Truth, others: set[int]) -> Truth:
    """A truth that counts only where none of some others holds, without saying so itself."""
    if truth.op != "and":
        return truth
    return all_true(part for part in truth.args if not _denies(part, others))


def _denies(truth: Truth, others: set[int]) -> bool:
    """Whether a truth says no more than that some of the others do not hold."""
    if truth.op != "not":
        return False
    denied = truth.args[0]
    return all(id(part) in others for part in (denied.args if denied.op == "or" else (denied,)))


def all_true(truths: Iterable[Truth]) -> Truth:
    """Whether all hold."""
    return _joined(truths, "and", neutral=TRUE)


def _joined(truths: Iterable[Truth], op: str, neutral: Truth) -> Truth:
    """Truths joined flat, each once, in their order."""
    parts: dict[Any, Truth] = {}
    for truth in truths:
        if truth.op == "constant":
            if truth.args[0] != neutral.args[0]:
                return truth
            continue
        for part in truth.args if truth.op == op else (truth,):
            parts.setdefault(id(part), part)
    if not parts:
        return neutral
    found = tuple(parts.values())
    return found[0] if len(found) == 1 else Truth(op, found)


def pick_truth(truth: Truth, then: Truth, otherwise: Truth) -> Truth:
    """One of two truths."""
    if truth.op == "constant":
        return then if truth.args[0] else otherwise
    if then is otherwise:
        return then
    return any_true([all_true([truth, then]), all_true([negative(truth), otherwise])])


def names_of(node: Whole | Truth) -> set[str]:
    """The names of the columns that a tree is made of."""
    found: set[str] = set()
    for one in in_order([node]):
        if one.op in ("figure", "source", "null", "same"):
            found.update(one.args)
        elif one.op == "option":
            found.add(one.args[0])
    return found


def is_wide(whole: Whole) -> bool:
    """Whether a number can leave 64 bits."""
    return whole.high > LARGEST or whole.low < -LARGEST


def in_order(roots: Iterable[Whole | Truth], known: Container[int] = ()) -> Iterator[Whole | Truth]:
    """The nodes of some trees, each once and after its parts, however deep the trees are.

    Args:
        roots: The trees.
        known: The ids of nodes that are left out, with what is below them.
    """
    seen: set[int] = set()
    waiting: list[tuple[Whole | Truth, bool]] = [(root, False) for root in roots][::-1]
    while waiting:
        node, parts_done = waiting.pop()
        if parts_done:
            yield node
        elif id(node) not in seen and id(node) not in known:
            seen.add(id(node))
            waiting.append((node, True))
            waiting += [(part, False) for part in reversed(parts_of(node))]


def parts_of(node: Whole | Truth) -> list[Whole | Truth]:
    """What a node is made of."""
    return [part for part in node.args if isinstance(part, Whole | Truth)]


def shallow(root: Whole | Truth) -> Whole | Truth:
    """The same tree, with its long sums added by halves: an engine goes down a tree step by step, and only so far."""
    made: dict[int, Any] = {}
    terms: dict[int, list[Whole]] = {}
    order = list(in_order([root]))
    inner = {id(part) for node in order if node.op == "add" for part in parts_of(node) if part.op == "add"}
    for node in order:
        new: Any = node
        parts = tuple(made[id(part)] if isinstance(part, Whole | Truth) else part for part in node.args)
        if any(part is not own for part, own in zip(parts, node.args, strict=True)):
            new = Whole(node.op, parts, node.low, node.high) if isinstance(node, Whole) else Truth(node.op, parts)
        if node.op == "add":
            summed = terms[id(node)] = [term for part in node.args for term in terms.get(id(part), [made[id(part)]])]
            new = _by_halves(summed) if len(summed) > _LONG and id(node) not in inner else new
        made[id(node)] = new
    return made[id(root)]  # type: ignore[no-any-return]


_LONG = 16


def _by_halves(summed: list[Whole]) -> Whole:
    half = len(summed) // 2
    return summed[0] if not half else add(_by_halves(summed[:half]), _by_halves(summed[half:]))


def needs_wide(*roots: Whole | Truth) -> int:
    """How wide the arithmetic of some trees is: 0 for 64 bits, 1 for 38 digits, 2 beyond."""
    wide = [node for node in in_order(roots) if isinstance(node, Whole) and is_wide(node)]
    if not wide:
        return 0
    return 1 if max(max(node.high, -node.low) for node in wide) <= WIDEST else 2
