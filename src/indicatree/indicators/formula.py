"""A formula in words, with the names of its figures or with the figures put in."""

from __future__ import annotations

import operator
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import all_of, any_of, equal, exact, none_of, walk
from indicatree.arithmetic import where as choose
from indicatree.data import fields, record_type
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indicatree.data import Amounts

__all__ = ["evaluate", "figures_of", "formula_with_figures", "formula_words"]

_INFIX = {
    "+": (" + ", 4),
    "-": (" - ", 4),
    "*": (" × ", 5),
    "/": (" / ", 5),
    "<": (" < ", 3),
    "<=": (" ≤ ", 3),
    ">": (" > ", 3),
    ">=": (" ≥ ", 3),
    "==": (" = ", 3),
    "and": (Text(zh=" 且 ", en=" and "), 2),
    "or": (Text(zh=" 或 ", en=" or "), 1),
}
_FUNCTIONS = {
    "abs": Text(zh="绝对值", en="absolute value"),
    "floor": Text(zh="向下取整", en="rounded down"),
    "ceil": Text(zh="向上取整", en="rounded up"),
    "minimum": Text(zh="较小值", en="smaller of"),
    "maximum": Text(zh="较大值", en="larger of"),
    "total": Text(zh="合计", en="total"),
    "smallest": Text(zh="最小值", en="smallest"),
    "largest": Text(zh="最大值", en="largest"),
    "count": Text(zh="个数", en="count"),
    "not": Text(zh="非", en="not"),
}
_LACKS = {"MISSING": Text(zh="缺失", en="missing"), "UNDEFINED": Text(zh="无法计算", en="undefined")}
_EXTREMES = {"minimum", "maximum", "smallest", "largest"}
_REDUCTIONS = {"total", "smallest", "largest", "count"}
_LEAVES = {"figure", "items", "constant"}
_FRACTION = re.compile(r"-?\d+/\d+")
_OF_CONDITIONS = {"and", "or", "not", "count"}
_CONDITIONS = {"<", "<=", ">", ">=", "==", "and", "or", "not"}
_ATOM, _NEGATION = 9, 6

_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": equal,
    "neg": operator.neg,
    "abs": abs,
    "and": all_of,
    "or": any_of,
    "not": none_of,
    "where": choose,
    "floor": lambda arg: arg.floored(),
    "ceil": lambda arg: arg.ceiled(),
    "total": lambda figures, condition=None: figures.total(condition),
    "count": lambda items, condition=None: items.count_items(condition),
}


def figures_of(formula: Any) -> list[Any]:
    """The figures that a formula uses, each once, in the order in which it names them."""
    found = {(node.args[0], node.args[1]): node for node in walk(formula) if node.op == "figure"}
    return list(found.values())


def evaluate(node: Any, records: Mapping[str, Any]) -> Any:
    """The value of a part of a formula, from the records by parameter name."""
    if not hasattr(node, "op") or node.op == "constant":
        return getattr(node, "args", (node,))[0]
    if node.op in _LEAVES:
        record = records[node.args[0]]
        return record if node.op == "items" else getattr(record, node.args[1])
    args = [evaluate(arg, records) for arg in node.args]
    if node.op in _EXTREMES:
        skip, *operands = args
        if node.op in _REDUCTIONS:
            condition = operands[1] if len(operands) > 1 else None
            return operands[0].extreme_item(condition, skip, largest=node.op == "largest")
        highest = max(operands, key=lambda operand: operand.rank)
        return type(highest).extreme(operands, skip, largest=node.op == "maximum")
    return _OPERATIONS[node.op](*args)


def formula_words(formula: Any, language: str) -> str:
    """The formula with the titles of its figures.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.staffing", title=it.Text(zh="人员", en="Staffing"))
        ... class Staffing:
        ...     posts: fields.Count = fields.count("编制数", "approved posts")
        ...     in_post: fields.Count = fields.count("在职人数", "staff in post")
        >>> @it.indicator("demo.staff_control", tier=it.Tier.INPUT, unit=it.PERCENT,
        ...               title=it.Text(zh="在职人员控制率", en="Staff control rate"))
        ... def staff_control(staffing: Staffing):
        ...     return staffing.in_post / staffing.posts
        >>> formula_words(staff_control.formula, "en")
        'staff in post / approved posts'
    """
    return _Wording(language, lambda node: str(node.args[2].title[language])).words(formula)[0]


def formula_with_figures(formula: Any, records: Mapping[str, Any], amounts: Amounts, language: str) -> str:
    """The formula with the figures of one unit; amounts in the unit that is given."""
    amounts = amounts_in_words(formula, amounts)

    def show(node: Any) -> str:
        return show_figure(node, evaluate(node, records), amounts, language)

    return _Wording(language, show, lambda node: _reduced(node, records, amounts, language)).words(formula)[0]


class _MixedError(Exception):
    """Amounts and plain numbers are added or compared."""


def _degree(node: Any) -> int | None:  # noqa: PLR0911 - one case for each kind of operation
    """The power in which a part of a formula holds amounts; None where any fits (zero).

    Raises:
        _MixedError: Amounts and plain numbers are added, compared or rounded.
    """
    op = getattr(node, "op", "items")
    if op == "figure":
        return int(isinstance(node.args[2], fields.Money))
    if op == "constant":
        return None if node.args[0] == 0 else 0
    if op == "items":
        return 0
    degrees = [_degree(operand) for operand in _operands(node)]
    if op in ("*", "/"):
        first, second = degrees
        if first is None or second is None:
            return None
        return first + second if op == "*" else first - second
    if op in ("total", "smallest", "largest"):
        return degrees[0]
    if op == "where":
        degrees = degrees[1:]
    same = set(degrees) - {None}
    if op not in _OF_CONDITIONS and (len(same) > 1 or (op in ("floor", "ceil") and same - {0})):
        raise _MixedError
    return 0 if op in _CONDITIONS or op == "count" else next(iter(same), None)


def amounts_in_words(formula: Any, amounts: Amounts) -> Amounts:
    """The unit in which a formula shows its amounts: currency units where it mixes them with plain numbers."""
    try:
        _degree(formula)
    except _MixedError:
        return attrs.evolve(amounts, factor=1, text="1 yuan" if amounts.currency == "CNY" else f"1 {amounts.currency}")
    return amounts


def show_figure(node: Any, value: Any, amounts: Amounts, language: str) -> str:
    """One figure of a formula in words, without the unit of amounts."""
    kind = node.args[2]
    if kind.is_missing(value):
        return _LACKS["MISSING"][language]
    text = str(kind.show(value, amounts, language))
    return text.removesuffix(amounts.suffix[language]) if isinstance(kind, fields.Money) else text


def _reduced(node: Any, records: Mapping[str, Any], amounts: Amounts, language: str) -> str:
    """A total and its like, as its value, in the unit of the field that it is taken over."""
    value = evaluate(node, records)
    if value.state:
        return _LACKS[value.state.name][language]
    if node.op == "count":
        return str(value.text)
    return str((value / exact(Fraction(amounts.factor) ** (_degree(node) or 0))).text)


class _Wording:
    """Puts the nodes of a formula into words.

    Each method gives the words of a node and how tightly its outermost operation binds, so that
    brackets stand only where they are needed.
    """

    def __init__(
        self, language: str, show: Callable[[Any], str], over_items: Callable[[Any], str] | None = None
    ) -> None:
        self.language = language
        self.show = show
        self.over_items = over_items

    def words(self, node: Any) -> tuple[str, int]:
        if not hasattr(node, "op"):
            return self._answer(node), _ATOM
        if node.op in _LEAVES:
            return self._number(self._leaf(node))
        if node.op in _INFIX:
            return self._infix(node)
        if node.op == "neg":
            return f"-{self._inner(node.args[0], _ATOM)}", _NEGATION
        if node.op == "where":
            condition, then, otherwise = (self._inner(arg, 1) for arg in node.args)
            words = Text(zh=f"若 {condition} 则 {then} 否则 {otherwise}", en=f"{then} if {condition} else {otherwise}")
            return words[self.language], 0
        return self._number(self._function(node))

    @staticmethod
    def _number(text: str) -> tuple[str, int]:
        # a fraction that no decimal ends binds like the ratio that it is
        return text, _INFIX["/"][1] if _FRACTION.fullmatch(text) else _ATOM

    def _inner(self, node: Any, least: int = 0) -> str:
        text, binding = self.words(node)
        return f"({text})" if binding < least else text

    def _leaf(self, node: Any) -> str:
        if node.op == "figure":
            return self.show(node)
        if node.op == "items":
            return record_type(node.args[1]).title[self.language]
        return self._value(node.args[0])

    def _value(self, value: Any) -> str:
        """A constant, or the word for the lack of one."""
        return str(_LACKS[value.state.name][self.language] if value.state else value.text)

    def _answer(self, condition: Any) -> str:
        """A condition that no figure changes."""
        if isinstance(condition, bool):
            return (Text(zh="是", en="true") if condition else Text(zh="否", en="false"))[self.language]
        return _LACKS[condition.state.name][self.language]

    def _infix(self, node: Any) -> tuple[str, int]:
        first, second = node.args
        sign, binding = _INFIX[node.op]
        sign = sign[self.language] if isinstance(sign, Text) else sign
        left = binding + 1 if node.op == "==" else binding  # what is equal may be two conditions
        if not hasattr(second, "op"):
            return f"{self._inner(first, left)}{sign}{self._plain(first, second)}", binding
        # a - (b - c), a / (b * c), and conditions side by side keep their brackets
        right = binding if node.op in ("+", "and", "or") else binding + 1
        return f"{self._inner(first, left)}{sign}{self._inner(second, right)}", binding

    def _plain(self, first: Any, second: Any) -> str:
        """What stands beside a choice, its option; or beside a condition, one that no figure changes."""
        return str(first.args[2].options[second][self.language]) if isinstance(second, str) else self._answer(second)

    def _function(self, node: Any) -> str:
        if node.op in _REDUCTIONS and self.over_items is not None:
            return self.over_items(node)
        name = _FUNCTIONS[node.op][self.language]
        operands = _operands(node)
        if node.op in _REDUCTIONS and len(operands) > 1:
            among = Text(zh="，其中", en=" where ")[self.language]
            return f"{name}({self._inner(operands[0])}{among}{self._inner(operands[1])})"
        return f"{name}({', '.join(self._inner(operand) for operand in operands)})"


def _operands(node: Any) -> tuple[Any, ...]:
    """The arguments that are parts of the formula; an extreme also holds the states that it skips."""
    return tuple(node.args[1:] if node.op in _EXTREMES else node.args)
