"""A formula in words, with the names of its figures or with the figures put in."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from indicatree.data import fields, record_type
from indicatree.exact import Quantity, Text, all_of, any_of, equal, none_of, walk
from indicatree.exact import where as choose

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
_EXTREMES = {"minimum", "maximum", "smallest", "largest"}
_REDUCTIONS = {"total", "smallest", "largest", "count"}
_ATOM = 9

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
    "and": lambda *args: all_of(*args),
    "or": lambda *args: any_of(*args),
    "not": lambda arg: none_of(arg),
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
    if not hasattr(node, "op"):
        return node
    if node.op == "figure":
        return getattr(records[node.args[0]], node.args[1])
    if node.op == "items":
        return records[node.args[0]]
    if node.op == "constant":
        return node.args[0]
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
    return _words(formula, language, lambda node: str(node.args[2].title[language]))[0]


def formula_with_figures(formula: Any, records: Mapping[str, Any], amounts: Amounts, language: str) -> str:
    """The formula with the figures of one unit; amounts in the unit that is given."""

    def show(node: Any) -> str:
        return show_figure(node, evaluate(node, records), amounts, language)

    return _words(formula, language, show, over_items=lambda node: _reduced(node, records, amounts, language))[0]


def show_figure(node: Any, value: Any, amounts: Amounts, language: str) -> str:
    """One figure of a formula in words, without the unit of amounts."""
    kind = node.args[2]
    if kind.is_missing(value):
        return Text(zh="缺失", en="missing")[language]
    text = str(kind.show(value, amounts, language))
    return text.removesuffix(amounts.suffix[language]) if isinstance(kind, fields.Money) else text


def _reduced(node: Any, records: Mapping[str, Any], amounts: Amounts, language: str) -> str:
    """A total and its like, as its value, in the unit of the field that it is taken over."""
    value = evaluate(node, records)
    if value.state:
        word = Text(zh="缺失", en="missing") if value.state.name == "MISSING" else Text(zh="无法计算", en="undefined")
        return word[language]
    kinds = {type(figure.args[2]) for figure in figures_of(_operands(node)[0])}
    if node.op != "count" and kinds == {fields.Money}:
        return str((value / amounts.factor).text)
    return str(value.text)


def _words(
    node: Any, language: str, show: Callable[[Any], str], over_items: Callable[[Any], str] | None = None
) -> tuple[str, int]:
    """A node in words, and how tightly its outermost operation binds."""

    def inner(arg: Any, least: int = 0) -> str:
        text, binding = _words(arg, language, show, over_items)
        return f"({text})" if binding < least else text

    if not hasattr(node, "op"):
        return str(node), _ATOM
    if node.op == "figure":
        return show(node), _ATOM
    if node.op == "items":
        return record_type(node.args[1]).title[language], _ATOM
    if node.op == "constant":
        return _constant(node.args[0]), _ATOM
    if over_items is not None and node.op in _REDUCTIONS:
        return over_items(node), _ATOM
    if node.op == "==" and node.args[0].op == "figure" and not hasattr(node.args[1], "op"):
        kind = node.args[0].args[2]
        return f"{show(node.args[0])} = {kind.options[node.args[1]][language]}", 3
    if node.op in _INFIX:
        sign, binding = _INFIX[node.op]
        sign = sign[language] if isinstance(sign, Text) else sign
        right = binding + 1 if node.op in "-/<=>=" else binding
        return f"{inner(node.args[0], binding)}{sign}{inner(node.args[1], right)}", binding
    if node.op == "neg":
        return f"-{inner(node.args[0], _ATOM)}", 6
    if node.op == "where":
        condition, then, otherwise = (inner(arg) for arg in node.args)
        words = Text(zh=f"若 {condition} 则 {then} 否则 {otherwise}", en=f"{then} if {condition} else {otherwise}")
        return words[language], 0
    name = _FUNCTIONS[node.op][language]
    operands = _operands(node)
    if node.op in _REDUCTIONS and len(operands) > 1:
        among = Text(zh="，其中", en=" where ")[language]
        return f"{name}({inner(operands[0])}{among}{inner(operands[1])})", _ATOM
    return f"{name}({', '.join(inner(operand) for operand in operands)})", _ATOM


def _operands(node: Any) -> tuple[Any, ...]:
    """The arguments that are parts of the formula; an extreme also holds the states that it skips."""
    return tuple(node.args[1:] if node.op in _EXTREMES else node.args)


def _constant(value: Quantity) -> str:
    return str(value.text)
