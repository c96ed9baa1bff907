"""Formulas in text, such as ``budget.actual / budget.approved``: parsed, never evaluated as Python.

The text is read by Python's own parser into a syntax tree, of which only arithmetic, comparisons, a few
named functions and ``record.field`` are taken. What is taken becomes a function of records, like the
function that a plugin declares, and is traced and scored in the same way.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from indicatree.arithmetic import (
    Quantity,
    Term,
    Unsettled,
    all_of,
    any_of,
    ceil,
    count,
    equal,
    exact,
    floor,
    maximum,
    minimum,
    none_of,
    total,
    where,
)
from indicatree.problems import ExactnessError, FormulaError, Problem, did_you_mean, quoted
from indicatree.text import Text

__all__ = ["LONGEST_FORMULA", "FormulaError", "WrittenFormula"]

LONGEST_FORMULA = 2000
"""The most characters that a formula may have."""

MOST_PARTS = 500
"""The most figures, numbers and operations that a formula may have."""

LONGEST_SUM = 100
"""The most parts that are added in a row."""

DEEPEST_FORMULA = 40
"""How deep the operations of a formula may nest."""

Part = Callable[[Mapping[str, Any]], Any]
"""A part of a formula: gives its value for the records by name."""

_INSTEAD: dict[type[ast.AST], str] = {
    ast.Pow: "multiply the value by itself",
    ast.FloorDiv: "write floor(a / b)",
    ast.Mod: "write a - floor(a / b) * b; a percentage is written 80%",
    ast.MatMult: "write *",
    ast.BitAnd: "write and",
    ast.BitOr: "write or",
    ast.BitXor: "multiply the value by itself",
    ast.Invert: "write not",
    ast.Is: "write ==",
    ast.IsNot: "write !=",
    ast.In: "compare with each: a == b or a == c",
    ast.NotIn: "compare with each: a != b and a != c",
    ast.Subscript: "write total, count, minimum or maximum with where=",
    ast.Tuple: "write numbers without separators: 1000",
    ast.Lambda: "a formula holds one expression",
    ast.NamedExpr: "a formula holds one expression",
}
_SIGNS: dict[type[ast.AST], str] = {
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_CALLED: dict[type[ast.AST], str] = {
    ast.Await: "await",
    ast.Dict: "{ }",
    ast.DictComp: "a loop",
    ast.GeneratorExp: "a loop",
    ast.JoinedStr: "f before text",
    ast.Lambda: "lambda",
    ast.List: "[ ]",
    ast.ListComp: "a loop",
    ast.NamedExpr: ":=",
    ast.Set: "{ }",
    ast.SetComp: "a loop",
    ast.Starred: "* before a value",
    ast.Subscript: "[ ]",
    ast.Tuple: "a comma",
}


def _of_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, where its operands are numbers; what else Python takes for one is refused."""

    def run(*operands: Any, **named: Any) -> Any:
        for operand in operands:
            if isinstance(operand, str):
                _refuse_text(operand)
            if isinstance(operand, bool | Unsettled):
                msg = "expected a number, got a condition: write where(condition, 1, 0)"
                raise TypeError(msg)
        return function(*operands, **named)

    return run


def _refuse_text(text: str) -> NoReturn:
    msg = f"{quoted(text)} is text: compare a choice with it, as in record.choice == {quoted(text)}"
    raise TypeError(msg)


def _equal(first: Any, second: Any) -> Any:
    """Whether two values are equal; text is an option of a choice, and no number."""
    for one, other in ((first, second), (second, first)):
        if isinstance(one, str) and isinstance(other, Term | Quantity):
            _refuse_text(one)
    return equal(first, second)


def _of_conditions(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, where its operands are conditions."""
    return lambda *operands: function(*map(_condition, operands))


def _condition(value: Any) -> Any:
    """A condition, or a refusal that says so."""
    if not isinstance(value, Term) and (isinstance(value, bool) or hasattr(value, "choose")):
        return value
    msg = f"{value!r} is not a condition: compare it, as in value > 0"
    raise TypeError(msg)


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _of_numbers(operator.add),
    ast.Sub: _of_numbers(operator.sub),
    ast.Mult: _of_numbers(operator.mul),
    ast.Div: _of_numbers(operator.truediv),
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: _of_numbers(operator.neg),
    ast.UAdd: _of_numbers(operator.pos),
    ast.Not: _of_conditions(none_of),
}

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: _of_numbers(operator.lt),
    ast.LtE: _of_numbers(operator.le),
    ast.Gt: _of_numbers(operator.gt),
    ast.GtE: _of_numbers(operator.ge),
    ast.Eq: _equal,
    ast.NotEq: lambda first, second: none_of(_equal(first, second)),
}
# Each function with the least and the most arguments that it takes, and whether it takes where=.
_FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int | None, bool]] = {
    "abs": (_of_numbers(abs), 1, 1, False),
    "all_of": (_of_conditions(all_of), 1, None, False),
    "any_of": (_of_conditions(any_of), 1, None, False),
    "ceil": (_of_numbers(ceil), 1, 1, False),
    "count": (count, 1, 1, True),
    "equal": (_equal, 2, 2, False),
    "floor": (_of_numbers(floor), 1, 1, False),
    "maximum": (_of_numbers(maximum), 1, None, True),
    "minimum": (_of_numbers(minimum), 1, None, True),
    "none_of": (_of_conditions(none_of), 1, None, False),
    "total": (_of_numbers(total), 1, 1, True),
    "where": (where, 3, 3, False),
}
_RENAMED = {
    **{name: name for name in _FUNCTIONS},  # found where the letters are large
    "max": "maximum",
    "min": "minimum",
    "sum": "total",
    "len": "count",
    "if": "where",
    "not": "none_of",
    "and": "all_of",
    "or": "any_of",
    **dict.fromkeys(("avg", "average", "mean"), "total(...) / count(...)"),
}
_PARTS = (ast.expr, ast.keyword)
# A percentage, unless a value follows that the sign would divide by; and, or, if and else are no values.
_SINGLE_EQUALS = re.compile(r"(?<!where)(?<![=<>!])\s*(?<![=<>!])=(?!=)")
_ASCII = {
    **dict(zip("（）＋－×÷／％，．＜＞＊−–—。０１２３４５６７８９", "()+-*//%,.<>*---.0123456789", strict=True)),
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "＝": "==",
    **dict.fromkeys("“”„‘’", "'"),
    **dict.fromkeys("\u00a0\u3000", " "),
}
_SLIPS = {"&&": "and", "||": "or", "=>": ">=", "=<": "<=", "<>": "!="}
_PERCENT = re.compile(r"(?<![\w.])([0-9]+(?:\.[0-9]*)?|\.[0-9]+)%(?!\s*(?:(?!(?:and|or|if|else)\b)\w|[(.'\"]))")
_NUMBER = re.compile(r"\d+(\.\d*)?|\.\d+", re.ASCII)
_BREAKS = re.compile(r"[\n\r\t\f\v]")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")


def _adds(node: Any) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


class _PartError(Exception):
    """A part of a formula that cannot be computed, with where it stands in the text."""

    def __init__(self, node: ast.AST, error: Exception) -> None:
        self.node = node
        self.error = error
        super().__init__(str(error))


class WrittenFormula:
    """A formula in text, ready to be called with records.

    It takes numbers (``0.8``, ``80%``), figures (``record.field``), ``+ - * /``, comparisons, ``and``,
    ``or``, ``not``, ``a if condition else b``, options of a choice in quotes, and the functions ``abs``,
    ``ceil``, ``floor``, ``minimum``, ``maximum``, ``total``, ``count``, ``where``, ``equal``,
    ``all_of``, ``any_of``, ``none_of``. Line items are reduced as in a measure:
    ``total(projects.actual, where=projects.actual > 100)``.

    Args:
        text: The formula.

    Attributes:
        text: The formula.
        parameters: The names of the records, in the order in which the text names them.

    Raises:
        FormulaError: The text is no such formula, or too long, too large or too deep.

    Example:
        >>> formula = WrittenFormula("1 - budget.cut / budget.approved")
        >>> formula.parameters
        ('budget',)
        >>> WrittenFormula("budget.cut // budget.approved")
        Traceback (most recent call last):
        ...
        indicatree.problems.FormulaError: character 12, "// budget.approved": // has no place in a formula ...
    """

    __slots__ = ("_figures", "_part", "parameters", "text")

    def __init__(self, text: str) -> None:
        """Parse the text."""
        self.text = text
        reader = _Reader(text)
        self._part = reader.part
        self._figures = reader.figures
        self.parameters = tuple(dict.fromkeys(name for name, _ in reader.figures))

    def place(self, name: str) -> str:
        """Where the text first names a record, in words."""
        return _place(self.text, next(node for record, node in self._figures if record == name))

    def __call__(self, *records: Any, **named: Any) -> Any:
        """The value for records, in the order of ``parameters`` or by name.

        Raises:
            FormulaError: A part cannot be computed, such as a field that the record does not have.
        """
        try:
            return self._part({**dict(zip(self.parameters, records, strict=False)), **named})
        except _PartError as error:
            message, _, fix = str(error.error).partition(": ")
            # what is said to an author of Python
            message = message.replace(" works on one unit only", " has no place in a formula")
            fix = "" if "rowwise" in fix and "," not in fix else fix.partition(", or declare the indicator")[0]
            raise FormulaError(
                [Problem("bad-formula", "", f"{_place(self.text, error.node)}: {message}", fix)]
            ) from error.error

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the text."""
        return type(self), (self.text,)

    def __repr__(self) -> str:
        """The text."""
        return f"WrittenFormula({self.text!r})"


def _place(text: str, node: ast.AST) -> str:
    start, end = _span(text, node)
    return f"character {start + 1}, {quoted(text[start:end])}"


def _span(text: str, node: Any) -> tuple[int, int]:
    """Where a part stands in the text, in characters; the parser counts bytes."""
    lead = len(text) - len(text.lstrip())
    encoded = text.lstrip().encode()
    start, end = (len(encoded[:offset].decode(errors="ignore")) for offset in (node.col_offset, node.end_col_offset))
    if lead + end in _percents(text):
        end += 1
    return lead + start, lead + end


def _percents(text: str) -> set[int]:
    """Where the signs of percentages stand."""
    return {match.end() - 1 for match in _PERCENT.finditer(text)} if "%" in text else set()


class _Reader:
    """Reads a formula into a part, and notes the records that it names."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.figures: list[tuple[str, ast.AST]] = []
        self.part = self.read(self._tree())

    def _tree(self) -> ast.AST:
        """The syntax tree of the text, within its bounds."""
        text = self.text
        if len(text) > LONGEST_FORMULA:
            self._refuse_at(
                LONGEST_FORMULA, f"a formula has at most {LONGEST_FORMULA} characters, this has {len(text)}"
            )
        if not text.strip():
            self._refuse_at(0, "expected a formula, got nothing", "for example budget.actual / budget.approved")
        for sign in "#\\":
            if sign in text:
                self._refuse_at(text.index(sign), f"{sign} has no place in a formula", "leave it out")
        if match := _NO_TEXT.search(text):
            self._refuse_at(match.start(), f"the character {match[0]!a} has no place in a formula")
        percents = _percents(text)
        # a space in their place keeps every other character where it is
        signs = "".join(" " if at in percents else sign for at, sign in enumerate(_BREAKS.sub(" ", text)))
        tree = self._parsed(signs)
        self._bound(tree)
        return tree

    def _parsed(self, signs: str) -> ast.AST:
        lead = len(signs) - len(signs.lstrip())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python's advice on odd spellings; what is odd is refused later
                return ast.parse(signs.strip(), mode="eval").body
        except SyntaxError as error:
            # without an offset, something lacks at the end
            position = lead + error.offset - 1 if error.offset else len(signs.rstrip())
            sign = self.text[position : position + 1]
            fix = f"write {quoted(_ASCII[sign])}" if sign in _ASCII else ""
            around = self.text[max(position - 1, 0) : position + 2]
            if not fix and (slips := [right for slip, right in _SLIPS.items() if slip in around]):
                fix = f"write {slips[0]}"
            if not fix and _SINGLE_EQUALS.search(signs):
                fix = "two values are compared with =="
            self._refuse_at(position, f"not a formula: {error.msg}", fix)
        except (ValueError, MemoryError, RecursionError, OverflowError) as error:
            self._refuse_at(0, f"not a formula: {error or 'it nests too deep'}")

    def _bound(self, tree: ast.AST) -> None:
        """Refuse a tree that is too large or too deep, without recursing."""
        fix = "define a part of it as an indicator of its own"
        # each part with its depth, and with its place in a sum: a long sum is not deep
        waiting: list[tuple[Any, int, int]] = [(tree, 1, 1)]
        parts = 0
        while waiting:
            node, depth, summand = waiting.pop()
            parts += 1
            if depth > DEEPEST_FORMULA:
                self._refuse_at(0, f"nests deeper than {DEEPEST_FORMULA}", fix)
            if parts > MOST_PARTS:
                self._refuse_at(0, f"has more than {MOST_PARTS} parts", fix)
            if summand >= LONGEST_SUM:
                self._refuse_at(0, f"adds more than {LONGEST_SUM} parts", fix)
            for inner in ast.iter_child_nodes(node):
                if isinstance(inner, _PARTS):
                    adds = _adds(node) and _adds(inner) and inner is node.left
                    waiting.append((inner, depth, summand + 1) if adds else (inner, depth + 1, 1))

    def _refuse_at(self, position: int, message: str, fix: str = "") -> NoReturn:
        position = min(position, len(self.text))
        said = quoted(self.text[position : position + 20]) if position < len(self.text) else "at the end"
        raise FormulaError([Problem("bad-formula", "", f"character {position + 1}, {said}: {message}", fix)])

    def refuse(self, node: Any, message: str | Text, fix: str | Text = "") -> NoReturn:
        """Say what is wrong with a part."""
        raise FormulaError([Problem("bad-formula", "", Text.of(f"{_place(self.text, node)}: ") + message, fix)])

    def _refuse_after(self, node: Any, sign: str, fix: str) -> NoReturn:
        """Refuse the sign that stands behind a part, where it stands."""
        after = _span(self.text, node)[1]
        rest = self.text[after:]
        position = after + next(place for place, sign in enumerate(rest) if not (sign == ")" or sign.isspace()))
        self._refuse_at(position, f"{sign} has no place in a formula", fix)

    def read(self, node: Any) -> Part:
        """The part that a node of the tree stands for."""
        reader = getattr(self, f"_{type(node).__name__.lower()}", None)
        if reader is None:
            what = _CALLED.get(type(node), type(node).__name__)
            self.refuse(node, f"{what} has no place in a formula", _INSTEAD.get(type(node), ""))
        return reader(node)  # type: ignore[no-any-return]

    def _operation(self, node: ast.expr, function: Callable[..., Any], parts: list[Part], **named: Part) -> Part:
        """A function of parts; what it cannot compute is told with its place."""

        def run(records: Mapping[str, Any]) -> Any:
            operands = [part(records) for part in parts]
            options = {name: part(records) for name, part in named.items()}
            try:
                return function(*operands, **options)
            except (TypeError, AttributeError, ExactnessError) as error:
                raise _PartError(node, error) from error

        return run

    def _binop(self, node: ast.BinOp) -> Part:
        function = _BINARY.get(type(node.op))
        if function is None:
            self._refuse_after(node.left, _SIGNS[type(node.op)], _INSTEAD.get(type(node.op), "write + - * /"))
        return self._operation(node, function, [self.read(node.left), self.read(node.right)])

    def _unaryop(self, node: ast.UnaryOp) -> Part:
        function = _UNARY.get(type(node.op))
        if function is None:
            self.refuse(node, "~ has no place in a formula", _INSTEAD[type(node.op)])
        return self._operation(node, function, [self.read(node.operand)])

    def _boolop(self, node: ast.BoolOp) -> Part:
        join = _FUNCTIONS["all_of" if isinstance(node.op, ast.And) else "any_of"][0]
        return self._operation(node, join, [self.read(value) for value in node.values])

    def _compare(self, node: ast.Compare) -> Part:
        functions = []
        for sign, before in zip(node.ops, (node.left, *node.comparators), strict=False):
            if type(sign) not in _COMPARISONS:
                self._refuse_after(before, _SIGNS[type(sign)], _INSTEAD[type(sign)])
            functions.append(_COMPARISONS[type(sign)])
        parts = [self.read(operand) for operand in (node.left, *node.comparators)]

        def compare(*operands: Any) -> Any:
            pairs = zip(functions, operands, operands[1:], strict=False)
            return all_of(*(function(first, second) for function, first, second in pairs))

        return self._operation(node, compare, parts)

    def _tuple(self, node: ast.Tuple) -> NoReturn:
        if not node.elts:
            self.refuse(node, "expected a value between the brackets")
        self._refuse_after(node.elts[0], _CALLED[ast.Tuple], _INSTEAD[ast.Tuple])

    def _ifexp(self, node: ast.IfExp) -> Part:
        parts = [self.read(part) for part in (node.test, node.body, node.orelse)]
        return self._operation(node, where, parts)

    def _call(self, node: ast.Call) -> Part:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _FUNCTIONS:
            known = _RENAMED.get(name.lower())
            hint = Text(zh=f"写 {known}", en=f"write {known}") if known else did_you_mean(name, _FUNCTIONS)
            self.refuse(node, f"there is no function {quoted(name or self._words(node.func))}", hint)
        function, least, most, over_items = _FUNCTIONS[name]
        if not least <= len(node.args) <= (len(node.args) if most is None else most):
            expected = str(least) if least == most else f"{least} or more"
            self.refuse(node, f"{name} takes {expected} arguments, got {len(node.args)}")
        named: dict[str, Part] = {}
        for keyword in node.keywords:
            if keyword.arg != "where" or not over_items:
                self.refuse(node, f'{name} takes no argument "{keyword.arg}"', "where= goes with line items")
            if named:
                self.refuse(keyword, "where= stands there already", "join the conditions by and")
            named["where"] = self.read(keyword.value)
        items = name == "count" and isinstance(node.args[0], ast.Name)
        parts = [self._items(node.args[0])] if items else [self.read(arg) for arg in node.args]
        return self._operation(node, function, parts, **named)

    def _words(self, node: ast.AST) -> str:
        start, end = _span(self.text, node)
        return self.text[start:end]

    def _items(self, node: Any) -> Part:
        name = node.id
        self.figures.append((name, node))
        return lambda records: records[name]

    def _attribute(self, node: ast.Attribute) -> Part:
        if not isinstance(node.value, ast.Name):
            self.refuse(node, "expected a record and a field", "write record.field")
        name, field = node.value.id, node.attr
        if field.startswith("_"):
            self.refuse(node, f"no field is called {quoted(field)}", "write record.field")
        self.figures.append((name, node.value))

        def figure(records: Mapping[str, Any]) -> Any:
            try:
                return getattr(records[name], field)
            except (TypeError, AttributeError) as error:
                raise _PartError(node, error) from error

        return figure

    def _name(self, node: ast.Name) -> NoReturn:
        fix = f"write one of its fields, such as {node.id}.actual"
        if node.id in _FUNCTIONS:
            fix = f"write {node.id}(...)"
        self.refuse(node, f"{quoted(node.id)} alone is no figure", fix)

    def _constant(self, node: ast.Constant) -> Part:
        words = self._words(node)
        if isinstance(node.value, str):
            option = ast.literal_eval(_BREAKS.sub(" ", words)) if "%" in words else node.value
            return lambda _: option
        percent = words.endswith("%")
        if isinstance(node.value, bool) or not _NUMBER.fullmatch(words.removesuffix("%")):
            self.refuse(
                node,
                "expected a plain number",
                "such as 0.8, 80% or 1000; a flag is written record.flag, or: not record.flag",
            )
        try:
            number = exact(words if percent else words.rstrip("."))
        except ExactnessError as error:
            self.refuse(node, error.problems[0].message)
        return lambda _: number
