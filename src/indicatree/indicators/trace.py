"""Calling a measure once with names instead of figures, to learn and to check its formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import ConditionTerm, Term, TermError
from indicatree.arithmetic.term import _condition, _Node, _reduction, _refuse
from indicatree.data import fields, record_type
from indicatree.problems import DeclarationError, FormulaError, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indicatree.data import RecordShape

__all__ = ["TracedItems", "TracedRecord", "trace"]


class _Label(_Node):
    """A choice in a formula: it can be compared, nothing else."""

    __slots__ = ()
    rank = 10

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse(
        "arithmetic with a choice", "write where(equal(choice, option), a, b)"
    )
    __neg__ = __pos__ = __abs__ = floored = ceiled = total = __add__
    __lt__ = __le__ = __gt__ = __ge__ = _refuse("an order of choices", "write equal(choice, option)")
    __and__ = __rand__ = __or__ = __ror__ = _refuse("& or | on a choice", "write equal(choice, option)")

    def equals(self, option: object) -> ConditionTerm:
        """A condition: the choice is this option."""
        options = self.args[2].options
        if option not in options:
            msg = f"{self!r} has no option {option!r}: {did_you_mean(str(option), options)['en']}"
            raise TermError(msg)
        return ConditionTerm("==", (self, option))


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
            msg = f"{self._record_class.__qualname__} has no field {field!r}: {did_you_mean(field, known)['en']}"
            raise TermError(msg)
        if not kind.measured:
            msg = f"{self._name}.{field} is text: a formula cannot compute with it"
            raise TermError(msg)
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
        msg = f"{self._name} is a record: name one of its fields, such as {self._name}.{self._first()}"
        raise TermError(msg)

    def _first(self) -> str:
        return next(iter(record_type(self._record_class).fields))

    def count_items(self, _: Any = None) -> Any:
        """Refuse: there is nothing to count."""
        msg = f"{self._name} is one record, not line items: count takes line items, or a condition on them"
        raise TermError(msg)

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
        msg = (
            f"a loop over {self._name} works on one unit only: write total, count, minimum or maximum over a "
            "field of the items, or declare the indicator with rowwise=True"
        )
        raise TermError(msg)

    __iter__ = __len__ = _loop


def trace(
    function: Callable[..., Any], parameters: Mapping[str, RecordShape], where: str, *, condition: bool = False
) -> Any:
    """The formula of a function.

    Raises:
        DeclarationError: The function does what a formula cannot, with the line and what to write.
    """
    stand_ins = {
        name: TracedItems(name, shape.record_class) if shape.many else TracedRecord(name, shape.record_class)
        for name, shape in parameters.items()
    }
    try:
        result = function(**stand_ins)
    except FormulaError as error:
        raise DeclarationError(problem.under(where) for problem in error.problems) from error
    except Exception as error:
        raise DeclarationError([_problem(error, function, where)]) from error
    expected, kind = ("a condition", ConditionTerm) if condition else ("a formula on the figures", Term)
    each = isinstance(result, _Node) and result.each
    if not isinstance(result, kind) or each:
        got = f"one value for each line item ({result!r})" if each else repr(result)
        fix = "add them up with total(...), or bind one item by for_each in the scheme"
        hint = fix if each else "return an expression of the records' fields"
        if hasattr(function, "text"):  # a formula in text, whose reader knows no terms
            answer = isinstance(result, ConditionTerm)
            got = "one value for each line item" if each else "a condition" if answer else "a value"
            instead = "write 1 if condition else 0" if answer else "compare it, as in value > 0"
            if not each and not isinstance(result, _Node):
                got, instead = "what no figure changes", "name a figure, such as budget.actual"
            hint = fix if each else instead
        raise DeclarationError([Problem("not-a-formula", where, f"expected {expected}, got {got}", hint)])
    return result


def _problem(error: Exception, function: Callable[..., Any], where: str) -> Problem:
    code = getattr(function, "__code__", None)
    line = None
    step = error.__traceback__
    while step is not None:
        if code is not None and step.tb_frame.f_code.co_filename == code.co_filename:
            line = f"{code.co_filename}:{step.tb_lineno}"
        step = step.tb_next
    place = f"{where} at {line}" if line else where
    message, _, fix = str(error).partition(": ")
    if isinstance(error, TermError) and fix:
        return Problem("not-a-formula", place, message, fix)
    return Problem(
        "not-a-formula", place, f"{type(error).__name__}: {error}", "or declare the indicator with rowwise=True"
    )
