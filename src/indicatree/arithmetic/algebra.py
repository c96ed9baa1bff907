"""The functions that a measure or a rule may use besides ``+ - * /``, ``abs`` and comparisons.

Each works on whatever it is called with: single quantities, intervals, the terms of a formula,
and the integer columns of a table. None looks inside its operands; it asks the operand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.arithmetic.quantity import OperandError, Quantity, State, Unsettled, exact, float_refused
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "all_of",
    "any_of",
    "ceil",
    "count",
    "equal",
    "floor",
    "maximum",
    "minimum",
    "none_of",
    "piecewise",
    "total",
    "where",
]

# Operands and conditions are typed Any: which kind comes in, single or column, is the point.
Operand = Any
Condition = Any


def where(condition: Condition, then: Operand, otherwise: Operand) -> Any:
    """``then`` where the condition holds, else ``otherwise``.

    A condition on a missing or undefined value gives a missing or undefined result. The state of
    the branch that is not taken does not matter.

    Example:
        >>> where(exact(3) > 2, 10, 0)
        Quantity(10)
    """
    if condition is True:
        return _operand(then)
    if condition is False:
        return _operand(otherwise)
    if not hasattr(condition, "choose"):
        raise _no_condition(condition)
    return condition.choose(then, otherwise)


def piecewise(cases: Iterable[tuple[Condition, Operand]], otherwise: Operand) -> Any:
    """The value of the first case whose condition holds, else ``otherwise``.

    On single quantities no case after the first that holds is looked at, so that the cases may be
    a generator.

    Example:
        >>> rate = exact("85%")
        >>> piecewise([(rate >= exact("95%"), 6), (rate >= exact("80%"), 5)], otherwise=0)
        Quantity(5)
    """
    undecided: list[tuple[Condition, Operand]] = []
    for condition, value in cases:
        if condition is False:
            continue
        if condition is True:
            if not undecided:
                return _operand(value)
            otherwise = value
            break
        if not hasattr(condition, "choose"):
            raise _no_condition(condition)
        undecided.append((condition, value))
        if type(condition) is Unsettled:
            break
    result = _operand(otherwise)
    for condition, value in reversed(undecided):
        result = condition.choose(value, result)
    return result


def minimum(*operands: Operand, where: Condition = None, skip: State | tuple[State, ...] = ()) -> Any:
    """The smallest of several operands, or of one field over line items.

    Args:
        operands: Two or more values; or one field of line items.
        where: Only with a field of line items: the items that count.
        skip: The states to pass over, such as ``State.MISSING``; by default one missing operand
            makes the result missing.

    Example:
        >>> from indicatree.arithmetic import MISSING
        >>> minimum(exact(3), 2)
        Quantity(2)
        >>> minimum(exact(3), MISSING), minimum(exact(3), MISSING, skip=State.MISSING)
        (Quantity(missing), Quantity(3))
    """
    return _extreme(operands, where, skip, largest=False)


def maximum(*operands: Operand, where: Condition = None, skip: State | tuple[State, ...] = ()) -> Any:
    """The largest of several operands, or of one field over line items; see `minimum`.

    Example:
        >>> maximum(exact("0.5") - 1, 0)
        Quantity(0)
    """
    return _extreme(operands, where, skip, largest=True)


def _extreme(operands: tuple[Operand, ...], where: Condition, skip: State | tuple[State, ...], *, largest: bool) -> Any:
    if len(operands) == 2 and where is None and skip == ():  # noqa: PLR2004 - the usual case, and on the scoring path
        first, second = operands
        if type(first) is not Quantity:
            first = _operand(first)
        if type(second) is not Quantity:
            second = _operand(second)
        less = first < second
        if less is True or less is False:
            return second if less is largest else first
    skipped = frozenset((skip,)) if isinstance(skip, State) else frozenset(skip)
    operands = tuple(map(_operand, operands))
    if len(operands) == 1:
        return _over_items(operands[0], "extreme_item").extreme_item(where, skipped, largest=largest)
    if where is not None:
        raise OperandError(Text(zh="where= 只能用于一个逐项数据字段", en="where= goes with one field of line items"))
    if not operands:
        raise OperandError(Text(zh="至少要有一个参数", en="expected at least one operand"))
    highest = max(operands, key=lambda operand: getattr(operand, "rank", 0))
    kind = type(highest) if hasattr(highest, "extreme") else Quantity
    return kind.extreme(operands, skipped, largest=largest)


def equal(first: Operand, second: Operand) -> Condition:
    """Whether two values, two choices, or a choice and one of its options, are equal: a condition.

    Example:
        >>> from indicatree.arithmetic import MISSING
        >>> equal(exact("0.50"), exact("1/2")), equal(exact(1), MISSING)
        (True, Unsettled(MISSING))
    """
    if first is None or second is None:
        return Unsettled(State.MISSING)
    if _is_answer(first) and _is_answer(second):
        return first is second if first in (True, False) and second in (True, False) else first & second
    if getattr(second, "rank", -1) > getattr(first, "rank", -1):
        first, second = second, first
    if hasattr(first, "equals"):
        return first.equals(second)
    if isinstance(first, str):
        return first == second
    return exact(first).equals(second)


def _is_answer(value: object) -> bool:
    return isinstance(value, bool | Unsettled)


def all_of(*conditions: Condition) -> Condition:
    """Whether every condition holds. One that is unsettled leaves the whole unsettled.

    Example:
        >>> all_of(exact(1) > 0, exact(1) < 2)
        True
    """
    result: Condition = True
    for condition in conditions:
        result = result & condition
    return result


def any_of(*conditions: Condition) -> Condition:
    """Whether at least one condition holds. One that is unsettled leaves the whole unsettled.

    Example:
        >>> any_of(exact(1) > 5, exact(1) < 2)
        True
    """
    result: Condition = False
    for condition in conditions:
        result = result | condition
    return result


def none_of(*conditions: Condition) -> Condition:
    """Whether no condition holds. With one condition: its negation.

    Example:
        >>> none_of(exact(1) > 5)
        True
    """
    met = any_of(*conditions)
    return not met if isinstance(met, bool) else met.negated() if hasattr(met, "negated") else ~met


def floor(value: Operand) -> Any:
    """The largest whole number that is not more.

    Example:
        >>> floor(exact("-0.5"))
        Quantity(-1)
    """
    return _operand(value).floored()


def ceil(value: Operand) -> Any:
    """The smallest whole number that is not less.

    Example:
        >>> ceil(exact("2.01"))
        Quantity(3)
    """
    return _operand(value).ceiled()


def total(figures: Operand, where: Condition = None) -> Any:
    """The sum of a field over line items, of those for which the condition holds.

    No items give 0; an item that counts and lacks its figure makes the sum missing.
    """
    return _over_items(figures, "total").total(where)


def count(items: Operand, where: Condition = None) -> Any:
    """How many line items there are for which the condition holds."""
    return _over_items(items, "count_items").count_items(where)


def _over_items(operand: Operand, method: str) -> Any:
    if hasattr(operand, method):
        return operand
    if method == "count_items":
        what = Text(zh=f"应为逐项数据，实际为 {operand!r}", en=f"expected line items, got {operand!r}")
        instead = Text(
            zh="请写 count(items) 或 count(items, where=condition)",
            en="write count(items), or count(items, where=condition)",
        )
    elif hasattr(operand, "count_items"):
        what = Text(zh=f"{operand!r} 不能求和", en=f"{operand!r} is not added up")
        instead = Text(zh="请写 count(items, where=condition)", en="write count(items, where=condition)")
    else:
        what = Text(
            zh=f"应为逐项数据的字段，实际为 {operand!r}，它只有一个值",
            en=f"expected a field of line items, got {operand!r}, which has one value",
        )
        instead = Text()
    raise OperandError(what, instead)


def _operand(value: Operand) -> Any:
    if type(value) is Quantity:
        return value
    if hasattr(type(value), "rank"):
        return value
    if isinstance(value, float):
        raise OperandError(*float_refused(value))
    return exact(value)


def _no_condition(got: object) -> OperandError:
    return OperandError(
        Text(zh=f"应为条件，如 value > 0，实际为 {got!r}", en=f"expected a condition, such as value > 0, got {got!r}")
    )
