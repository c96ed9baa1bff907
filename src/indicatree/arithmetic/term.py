"""Terms: what a formula is made of, when its function is called with names instead of numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from indicatree.arithmetic.quantity import OperandError, State, Unsettled, exact, float_refused
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["ConditionTerm", "Term", "TermError", "walk"]


ROWWISE = Text(zh="或在声明指标时写 rowwise=True", en="or declare the indicator with rowwise=True")
"""The way out of a formula, after what to write instead."""


class TermError(OperandError):
    """A Python operation that a formula cannot contain.

    Attributes:
        what: What is wrong, to an author of Python.
        instead: What to write instead; empty where that is not known.
        rowwise: Whether a row-wise indicator is an answer too.
        operation: The operation, where it is one that no formula has.
        said: All of it, in one sentence.
    """

    def __init__(
        self, what: str | Text, instead: str | Text = "", *, rowwise: bool = False, operation: Text | None = None
    ) -> None:
        """Hold the parts of what is said."""
        super().__init__(what, instead)
        self.rowwise = rowwise
        self.operation = operation
        self.said = self.what + Text(zh="：", en=": ") + self.fix if self.fix else self.what

    @property
    def fix(self) -> Text:
        """What an author of Python can do."""
        return self.instead + Text(zh="，", en=", ") + ROWWISE if self.rowwise else self.instead


def _refuse(operation: str | Text, instead: str | Text, *, rowwise: bool = False) -> Callable[..., NoReturn]:
    operation = Text.of(operation)
    what = said_of(operation, Text(zh="只能用于单个单位", en="works on one unit only"))

    def refuse(self: object, *_: object, **__: object) -> NoReturn:  # noqa: ARG001 - stands for any operator
        raise TermError(what, instead, rowwise=rowwise, operation=operation)

    return refuse


def said_of(operation: Text, words: Text) -> Text:
    """What is said of an operation; Chinese words stand beside Chinese ones without a space."""
    gap = " " if operation["zh"][-1:].isascii() else ""
    return Text(zh=f"{operation['zh']}{gap}{words['zh']}", en=f"{operation['en']} {words['en']}")


def to_write(code: str) -> Text:
    """What to write instead."""
    return Text(zh=f"请写 {code}", en=f"write {code}")


OVER_A_FIELD = Text(
    zh="请对逐项数据的字段使用 total、count、minimum 或 maximum",
    en="write total, count, minimum or maximum over a field of the items",
)


class _Node:
    """A node of a formula: an operation and its arguments.

    Attributes:
        op: The operation: ``figure``, ``constant``, ``+``, ``where``, ``total`` ...
        args: Its arguments: nodes; for a figure its record, field and what the field is.
        each: Whether it stands for one value for each line item.
    """

    __slots__ = ("args", "each", "op")

    def __init__(self, op: str, args: tuple[Any, ...], *, each: bool = False) -> None:
        self.op = op
        self.args = args
        self.each = each or (op != "figure" and any(getattr(arg, "each", False) for arg in args))

    def __repr__(self) -> str:
        if self.op == "figure":
            return ".".join(self.args[:2])  # in an audit, one path
        return f"{self.op}({', '.join(map(repr, self.args))})"

    __bool__ = _refuse(
        Text(
            zh="Python 的判断（if、and、or、not、min、max、sorted、in）",
            en="a decision by Python (if, and, or, not, min, max, sorted, in)",
        ),
        Text(
            zh="请写 where(condition, a, b)、minimum(a, b)、maximum(a, b)、all_of、any_of 或 none_of",
            en="write where(condition, a, b), minimum(a, b), maximum(a, b), all_of, any_of or none_of",
        ),
        rowwise=True,
    )
    __eq__ = _refuse(Text(zh="公式中的 ==", en="== in a formula"), to_write("equal(a, b)"), rowwise=True)
    __ne__ = _refuse(Text(zh="公式中的 !=", en="!= in a formula"), to_write("none_of(equal(a, b))"), rowwise=True)
    __hash__ = object.__hash__
    __float__ = _refuse("float()", Text(zh="请删去，数值本身精确", en="leave it out, the value is exact"), rowwise=True)
    __int__ = __index__ = __trunc__ = _refuse(
        "int()", Text(zh="请写 floor(value) 或 ceil(value)", en="write floor(value) or ceil(value)"), rowwise=True
    )
    __round__ = _refuse(
        "round()", Text(zh="请删去，得分由评分规则舍入", en="leave it out, the rule rounds the score"), rowwise=True
    )
    __floor__ = _refuse("math.floor", to_write("floor(value)"), rowwise=True)
    __ceil__ = _refuse("math.ceil", to_write("ceil(value)"), rowwise=True)
    __pow__ = __rpow__ = _refuse("**", Text(zh="请写成数值自乘", en="multiply the value by itself"), rowwise=True)
    __floordiv__ = __rfloordiv__ = _refuse("//", to_write("floor(a / b)"), rowwise=True)
    __mod__ = __rmod__ = __divmod__ = __rdivmod__ = _refuse("%", to_write("a - floor(a / b) * b"), rowwise=True)
    __iter__ = _refuse(Text(zh="循环", en="a loop"), OVER_A_FIELD, rowwise=True)
    __len__ = _refuse("len()", to_write("count(items)"), rowwise=True)
    __getitem__ = _refuse(
        "[ ]",
        Text(
            zh="请用带 where= 的 total、count、minimum 或 maximum",
            en="write total, count, minimum or maximum with where=",
        ),
        rowwise=True,
    )
    __contains__ = _refuse("in", to_write("any_of(equal(a, b), equal(a, c))"), rowwise=True)
    __format__ = _refuse(
        Text(zh="由数值拼成的文字", en="a text made of a value"), Text(zh="请删去", en="leave it out"), rowwise=True
    )

    def __reduce__(self) -> NoReturn:
        msg = "a term does not leave the declaration that it is traced in"
        raise TypeError(msg)


class Term(_Node):
    """A number in a formula. Arithmetic on it builds the formula instead of a value."""

    __slots__ = ()
    rank: ClassVar[int] = 10

    def __add__(self, other: Any) -> Term:
        """A sum."""
        return Term("+", (self, _term(other)))

    def __radd__(self, other: Any) -> Term:
        """A sum."""
        return Term("+", (_term(other), self))

    def __sub__(self, other: Any) -> Term:
        """A difference."""
        return Term("-", (self, _term(other)))

    def __rsub__(self, other: Any) -> Term:
        """A difference."""
        return Term("-", (_term(other), self))

    def __mul__(self, other: Any) -> Term:
        """A product."""
        return Term("*", (self, _term(other)))

    def __rmul__(self, other: Any) -> Term:
        """A product."""
        return Term("*", (_term(other), self))

    def __truediv__(self, other: Any) -> Term:
        """A ratio."""
        return Term("/", (self, _term(other)))

    def __rtruediv__(self, other: Any) -> Term:
        """A ratio."""
        return Term("/", (_term(other), self))

    def __neg__(self) -> Term:
        """An opposite."""
        return Term("neg", (self,))

    def __pos__(self) -> Term:
        """The same."""
        return self

    def __abs__(self) -> Term:
        """A magnitude."""
        return Term("abs", (self,))

    def __lt__(self, other: Any) -> ConditionTerm:
        """A condition."""
        return ConditionTerm("<", (self, _term(other)))

    def __le__(self, other: Any) -> ConditionTerm:
        """A condition."""
        return ConditionTerm("<=", (self, _term(other)))

    def __gt__(self, other: Any) -> ConditionTerm:
        """A condition."""
        return ConditionTerm(">", (self, _term(other)))

    def __ge__(self, other: Any) -> ConditionTerm:
        """A condition."""
        return ConditionTerm(">=", (self, _term(other)))

    def equals(self, other: Any) -> ConditionTerm:
        """A condition."""
        return ConditionTerm("==", (self, _term(other)))

    def floored(self) -> Term:
        """The whole number below."""
        return Term("floor", (self,))

    def ceiled(self) -> Term:
        """The whole number above."""
        return Term("ceil", (self,))

    @staticmethod
    def extreme(operands: Sequence[Any], skip: frozenset[State], *, largest: bool) -> Term:
        """The smallest or largest of several."""
        return Term("maximum" if largest else "minimum", (skip, *(_term(operand) for operand in operands)))

    __and__ = __rand__ = __or__ = __ror__ = _refuse(
        Text(zh="对数值使用 & 或 |", en="& or | on a number"),
        Text(zh="请连接条件，如 value > 0", en="join conditions, such as value > 0"),
    )

    def choose(self, then: Any, otherwise: Any) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        raise _no_condition(self)

    def total(self, condition: ConditionTerm | None = None) -> Term:
        """The sum over line items."""
        if any(node.op == "/" and not _constant(node.args[1]) for node in walk(self)):
            what = Text(zh="表格中不能精确求比率之和", en="a total of ratios cannot be added up exactly in a table")
            instead = Text(
                zh="请分别求和，或在方案中用 for_each 取平均",
                en="total the parts, use for_each with a mean in the scheme",
            )
            raise TermError(what, instead, rowwise=True)
        return self._over_items("total", condition)

    def extreme_item(self, condition: ConditionTerm | None, skip: frozenset[State], *, largest: bool) -> Term:
        """The smallest or largest over line items."""
        return self._over_items("largest" if largest else "smallest", condition, skip)

    def _over_items(self, op: str, condition: ConditionTerm | None, *before: Any) -> Term:
        if not self.each:
            what = Text(
                zh=f"{op} 应用于逐项数据的字段，实际为 {self!r}，它只有一个值",
                en=f"{op} takes a field of line items, got {self!r}, which has one value",
            )
            instead = Text(zh="请删去，或改用逐项数据的字段", en="leave it out, or name a field of line items")
            raise TermError(what, instead)
        return _reduction(op, (*before, self) if condition is None else (*before, self, _condition(condition)))


class ConditionTerm(_Node):
    """A condition in a formula."""

    __slots__ = ()
    rank: ClassVar[int] = 10

    def __and__(self, other: Any) -> ConditionTerm:
        """Both."""
        return self if other is True else ConditionTerm("and", (self, _condition(other)))

    __rand__ = __and__

    def __or__(self, other: Any) -> ConditionTerm:
        """Either."""
        return self if other is False else ConditionTerm("or", (self, _condition(other)))

    __ror__ = __or__

    __invert__ = _refuse("~", to_write("none_of(condition)"))
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse(
        Text(zh="对条件作算术运算", en="arithmetic on a condition"), to_write("where(condition, 1, 0)")
    )
    __neg__ = __pos__ = __abs__ = __add__
    __lt__ = __le__ = __gt__ = __ge__ = floored = ceiled = __neg__

    def negated(self) -> ConditionTerm:
        """The opposite."""
        return ConditionTerm("not", (self,))

    def choose(self, then: Any, otherwise: Any) -> Term:
        """One of two values."""
        return Term("where", (self, _term(then), _term(otherwise)))

    def equals(self, other: Any) -> ConditionTerm:
        """Both hold, or neither."""
        return ConditionTerm("==", (self, _condition(other)))

    def count_items(self, condition: ConditionTerm | None = None) -> Term:
        """For how many items it holds."""
        if not self.each:
            what = Text(
                zh=f"应为逐项数据的条件，实际为 {self!r}，它只有一个结果",
                en=f"expected a condition on line items, got {self!r}, which has one answer",
            )
            raise TermError(what, to_write(f"where({self!r}, 1, 0)"))
        return _reduction("count", (self if condition is None else self & condition,))


def _reduction(op: str, args: tuple[Any, ...]) -> Term:
    node = Term(op, args)
    node.each = False
    return node


def _term(value: Any) -> Term:
    if isinstance(value, Term):
        return value
    if isinstance(value, ConditionTerm):
        what = Text(zh=f"{value!r} 是条件，不是数", en=f"{value!r} is a condition, not a number")
        raise TermError(what, to_write("where(condition, 1, 0)"))
    if isinstance(value, float):
        raise TermError(*float_refused(value))
    if isinstance(value, bool | str):
        raise TermError(_no_number(value), to_write(f"exact({value!r})"))
    if hasattr(type(value), "refuse_as_number"):
        value.refuse_as_number()
    if not hasattr(type(value), "rank") and not isinstance(value, int | Decimal | Fraction):
        raise TermError(_no_number(value), Text(zh="请写数据或数", en="write a figure or a number"))
    return Term("constant", (exact(value),))


def _condition(value: Any) -> Any:
    if isinstance(value, bool | Unsettled | ConditionTerm):
        return value
    raise _no_condition(value)


def _no_number(value: object) -> Text:
    return Text(zh=f"公式中应为数，实际为 {value!r}", en=f"expected a number in the formula, got {value!r}")


def _no_condition(value: object) -> TermError:
    what = Text(zh=f"{value!r} 不是条件", en=f"{value!r} is not a condition")
    return TermError(what, Text(zh="请作比较，如 value > 0", en="compare it, as in value > 0"))


def _constant(node: Any) -> bool:
    return all(inner.op != "figure" for inner in walk(node))


def walk(node: Any) -> Iterator[_Node]:
    """Every node of a formula, the outer ones first."""
    if not isinstance(node, _Node):
        return
    yield node
    if node.op == "figure":
        return
    for arg in node.args:
        yield from walk(arg)
