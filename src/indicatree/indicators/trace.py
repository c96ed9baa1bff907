"""Calling a measure once with names instead of figures, to learn and to check its formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import ConditionTerm, Term, TermError, walk
from indicatree.arithmetic.term import OVER_A_FIELD, ROWWISE, _condition, _Node, _reduction, _refuse, to_write
from indicatree.data import fields, record_type
from indicatree.indicators.formula import formula_words
from indicatree.problems import (
    DeclarationError,
    FormulaError,
    Problem,
    did_you_mean,
    expected,
    quoted,
)
from indicatree.text import LANGUAGES, Text, said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indicatree.data import RecordShape

__all__ = ["TracedItems", "TracedRecord", "stand_ins", "trace"]


NO_ZERO = Text(zh="除数应为数据或不为零的数", en="divide by a figure, or by a number that is not zero")
"""What to write in place of a divisor that is always zero."""


class _Label(_Node):
    """A choice in a formula: it can be compared, nothing else."""

    __slots__ = ()
    rank = 10

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse(
        Text(zh="对选项作算术运算", en="arithmetic with a choice"), to_write("where(equal(choice, option), a, b)")
    )
    __neg__ = __pos__ = __abs__ = floored = ceiled = total = __add__
    __lt__ = __le__ = __gt__ = __ge__ = _refuse(
        Text(zh="比较选项的大小", en="an order of choices"), to_write("equal(choice, option)")
    )
    __and__ = __rand__ = __or__ = __ror__ = _refuse(
        Text(zh="对选项使用 & 或 |", en="& or | on a choice"), to_write("equal(choice, option)")
    )

    def equals(self, other: object) -> ConditionTerm:
        """A condition: the choice is this option, or the same as another choice of the same options."""
        options = self.args[2].options
        if isinstance(other, _Label):
            if set(other.args[2].options) != set(options):
                what = Text(zh=f"{self!r} 与 {other!r} 的选项不同", en=f"{self!r} and {other!r} have different options")
                instead = Text(
                    zh="请分别与一个选项比较：equal(choice, option)",
                    en="compare each with an option: equal(choice, option)",
                )
                raise TermError(what, instead)
        elif other not in options:
            shown = getattr(other, "text", repr(other))  # a number as it is written
            what = Text(zh=f"{self!r} 没有选项 {shown}", en=f"{self!r} has no option {shown}")
            raise TermError(what, did_you_mean(str(other), options))
        return ConditionTerm("==", (self, other))


class TracedRecord:
    """Stands for a record while a formula is traced: its fields are terms."""

    def __init__(self, name: str, record_class: type, *, many: bool = False) -> None:
        self._name = name
        self._record_class = record_class
        self._many = many

    def __getattr__(self, field: str) -> Any:
        if field.startswith("__"):
            raise AttributeError(field)
        known = record_type(self._record_class).fields
        kind = known.get(field)
        if kind is None:
            name = self._record_class.__qualname__
            what = Text(zh=f"{name} 没有字段 {quoted(field)}", en=f"{name} has no field {field!r}")
            raise TermError(what, did_you_mean(field, known))
        if not kind.measured:
            what = Text(zh=f"{self._name}.{field} 是文字", en=f"{self._name}.{field} is text")
            raise TermError(what, Text(zh="公式不能用它计算", en="a formula cannot compute with it"))
        args = (self._name, field, kind, self._record_class)
        if isinstance(kind, fields.Flag):
            return ConditionTerm("figure", args, each=self._many)
        if isinstance(kind, fields.Choice):
            return _Label("figure", args, each=self._many)
        return Term("figure", args, each=self._many)

    def __repr__(self) -> str:
        return self._name

    def refuse_as_number(self, *_: object) -> Any:
        """A record is no number; one of its fields may be."""
        field = f"{self._name}.{self._first()}"
        instead = Text(zh=f"请写其中一个字段，如 {field}", en=f"name one of its fields, such as {field}")
        raise TermError(Text(zh=f"{self._name} 是数据表", en=f"{self._name} is a record"), instead)

    def _first(self) -> str:
        return next(iter(record_type(self._record_class).fields))

    def count_items(self, condition: ConditionTerm | None = None) -> Any:
        """Refuse: there is nothing to count."""
        del condition
        what = Text(zh=f"{self._name} 不是逐项数据", en=f"{self._name} is one record, not line items")
        instead = Text(zh="count 用于逐项数据或其条件", en="count takes line items, or a condition on them")
        raise TermError(what, instead)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = refuse_as_number
    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __float__ = __int__ = __abs__ = __getitem__ = refuse_as_number


class TracedItems(TracedRecord):
    """Stands for line items while a formula is traced."""

    def __init__(self, name: str, record_class: type) -> None:
        super().__init__(name, record_class, many=True)

    def count_items(self, condition: ConditionTerm | None = None) -> Term:
        """How many items there are."""
        items = Term("items", (self._name, self._record_class), each=True)
        return _reduction("count", (items,) if condition is None else (items, _condition(condition)))

    def _loop(self, *_: object) -> Any:
        loop = Text(zh=f"对 {self._name} 的循环", en=f"a loop over {self._name}")
        _refuse(loop, OVER_A_FIELD, rowwise=True)(self)

    __iter__ = __len__ = _loop


def stand_ins(parameters: Mapping[str, RecordShape]) -> dict[str, TracedRecord]:
    """What stands for each record."""
    return {
        name: TracedItems(name, shape.record_class) if shape.many else TracedRecord(name, shape.record_class)
        for name, shape in parameters.items()
    }


def trace(
    function: Callable[..., Any], parameters: Mapping[str, RecordShape], where: str, *, condition: bool = False
) -> Any:
    """The formula of a function.

    Raises:
        DeclarationError: The function does what a formula cannot, with the line and what to write.
    """
    try:
        result = function(**stand_ins(parameters))
    except FormulaError as error:
        raise DeclarationError(problem.under(where) for problem in error.problems) from error
    except Exception as error:
        raise DeclarationError([_problem(error, function, where)]) from error
    each = isinstance(result, _Node) and result.each
    if not isinstance(result, ConditionTerm if condition else Term) or each:
        raise DeclarationError([_no_result(result, where, condition=condition, text=hasattr(function, "text"))])
    divisions = [node for node in walk(result) if node.op == "/" and _is_zero(node.args[1])]
    if divisions:
        raise DeclarationError(_by_zero(node, where) for node in divisions)
    return result


def _no_result(result: Any, where: str, *, condition: bool, text: bool) -> Problem:
    """A function that gives something else than what it should; a formula in text knows no terms."""
    if isinstance(result, _Node) and result.each:
        got = Text(zh="逐项数据每项各有其值", en="one value for each line item")
        if not text:
            got += Text(zh=f"（{result!r}）", en=f" ({result!r})")
        fix = Text(
            zh="用 total(...) 求和，或在方案中用 for_each 对应一项",
            en="add them up with total(...), or bind one item by for_each in the scheme",
        )
    elif not text:
        got = Text.of(repr(result))
        fix = Text(zh="返回由数据表的字段构成的算式", en="return an expression of the records' fields")
    elif not isinstance(result, _Node):
        got = Text(zh="不随数据变化的结果", en="what no figure changes")
        fix = Text(zh="写入数据，如 budget.actual", en="name a figure, such as budget.actual")
    elif isinstance(result, ConditionTerm):
        got = Text(zh="条件", en="a condition")
        fix = to_write("1 if condition else 0")
    else:
        got = Text(zh="数值", en="a value")
        fix = Text(zh="请作比较，如 value > 0", en="compare it, as in value > 0")
    wanted = ("条件", "a condition") if condition else ("由数据计算的公式", "a formula on the figures")
    return Problem("not-a-formula", where, expected(*wanted, got), fix)


def _is_zero(node: Any) -> bool:
    return bool(node.op == "constant" and node.args[0] == 0)


def _by_zero(node: Any, where: str) -> Problem:
    """A division that never gives a value."""
    words = Text(**{language: formula_words(node, language) for language in LANGUAGES})
    message = Text(zh="除数为零：", en="divides by zero: ") + words
    return Problem("not-a-formula", where, message, NO_ZERO)


def _problem(error: Exception, function: Callable[..., Any], where: str) -> Problem:
    code = getattr(function, "__code__", None)
    line = None
    step = error.__traceback__
    while step is not None:
        if code is not None and step.tb_frame.f_code.co_filename == code.co_filename:
            line = f"{code.co_filename}:{step.tb_lineno}"
        step = step.tb_next
    place = f"{where} at {line}" if line else where
    if isinstance(error, TermError):
        return Problem("not-a-formula", place, error.what, error.fix)
    said = said_by(error)
    kind = type(error).__name__
    return Problem("not-a-formula", place, Text(zh=f"{kind}：", en=f"{kind}: ") + said, ROWWISE)
