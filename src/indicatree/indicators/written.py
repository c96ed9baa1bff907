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
from typing import Any, NamedTuple, NoReturn

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
from indicatree.arithmetic.quantity import OperandError
from indicatree.arithmetic.term import TermError, said_of, to_write
from indicatree.indicators.trace import NO_ZERO
from indicatree.problems import ExactnessError, FormulaError, Problem, did_you_mean, expected, quoted
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

EXAMPLE = Text(zh="如 budget.actual / budget.approved", en="for example budget.actual / budget.approved")
"""What a formula looks like."""

Part = Callable[[Mapping[str, Any]], Any]
"""A part of a formula: gives its value for the records by name."""

_BY_ITSELF = Text(zh="写成数值自乘", en="multiply the value by itself")
_ONE_EXPRESSION = Text(zh="公式只是一个算式", en="a formula holds one expression")
_INSTEAD: dict[type[ast.AST], Text] = {
    ast.Pow: _BY_ITSELF,
    ast.FloorDiv: to_write("floor(a / b)"),
    ast.Mod: to_write("a - floor(a / b) * b") + Text(zh="；百分数写作 80%", en="; a percentage is written 80%"),
    ast.MatMult: to_write("*"),
    ast.BitAnd: to_write("and"),
    ast.BitOr: to_write("or"),
    ast.BitXor: _BY_ITSELF,
    ast.Invert: to_write("not"),
    ast.Is: to_write("=="),
    ast.IsNot: to_write("!="),
    ast.In: Text(zh="逐一比较：a == b or a == c", en="compare with each: a == b or a == c"),
    ast.NotIn: Text(zh="逐一比较：a != b and a != c", en="compare with each: a != b and a != c"),
    ast.Subscript: Text(
        zh="用带 where= 的 total、count、minimum 或 maximum", en="write total, count, minimum or maximum with where="
    ),
    ast.Tuple: Text(zh="数字不写分隔符：1000", en="write numbers without separators: 1000"),
    ast.Lambda: _ONE_EXPRESSION,
    ast.NamedExpr: _ONE_EXPRESSION,
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
_LOOP = Text(zh="循环", en="a loop")
_CALLED: dict[type[ast.AST], str | Text] = {
    ast.Await: "await",
    ast.Dict: "{ }",
    ast.DictComp: _LOOP,
    ast.GeneratorExp: _LOOP,
    ast.JoinedStr: Text(zh="文字前的 f", en="f before text"),
    ast.Lambda: "lambda",
    ast.List: "[ ]",
    ast.ListComp: _LOOP,
    ast.NamedExpr: ":=",
    ast.Set: "{ }",
    ast.SetComp: _LOOP,
    ast.Starred: Text(zh="数值前的 *", en="* before a value"),
    ast.Subscript: "[ ]",
    ast.Tuple: Text(zh="逗号", en="a comma"),
}
_NO_PLACE = Text(zh="不能用于公式", en="has no place in a formula")
_COMPARE_IT = Text(zh="请作比较，如 value > 0", en="compare it, as in value > 0")


def _of_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, where its operands are numbers; what else Python takes for one is refused."""

    def run(*operands: Any, **named: Any) -> Any:
        for operand in operands:
            if isinstance(operand, str):
                _refuse_text(operand)
            if isinstance(operand, bool | Unsettled):
                what = Text(zh="应为数，实为条件", en="expected a number, got a condition")
                raise OperandError(what, to_write("where(condition, 1, 0)"))
        return function(*operands, **named)

    return run


def _refuse_text(text: str) -> NoReturn:
    instead = Text(
        zh=f"与选项比较，如 record.choice == {quoted(text)}",
        en=f"compare a choice with it, as in record.choice == {quoted(text)}",
    )
    raise OperandError(Text(zh=f"{quoted(text)} 是文字", en=f"{quoted(text)} is text"), instead)


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
    raise OperandError(Text(zh=f"{value!r} 不是条件", en=f"{value!r} is not a condition"), _COMPARE_IT)


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
_SYNTAX = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"'(.)' was never closed", "括号 {0} 没有配对"),
        (r"unmatched '(.)'", "括号 {0} 没有配对"),
        (r"closing parenthesis '(.)' does not match opening parenthesis '(.)'", "括号 {0} 与 {1} 不配对"),
        (r"too many nested", "嵌套过深"),
        (r"invalid (?:non-printable )?character", "字符有误"),
        (r"unterminated .*string", "引号没有配对"),
        (r"invalid .*literal", "数字写法有误"),
    )
]
"""What Python's parser says, and what it means."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


_NOTHING = Text()


def _is_zero(part: Part) -> bool:
    """Whether a part that names no figure is zero; what else is wrong with it is told when it is computed."""
    try:
        value = part({})
    except _PartError:
        return False
    return isinstance(value, Quantity) and value == 0


def _adds(node: Any) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def _sums(node: Any) -> list[Any]:
    """The sums that a sum begins with, the longest first; the last adds two parts."""
    sums = []
    while _adds(node):
        sums.append(node)
        node = node.left
    return sums


def _parts_of(node: ast.AST) -> list[Any]:
    """The parts of a part, in the order of the text."""
    parts: list[Any] = [part for part in ast.iter_child_nodes(node) if isinstance(part, _PARTS)]
    return sorted(parts, key=lambda part: part.col_offset)


def _no_formula(said: str) -> Text:
    """What Python's parser says of a text."""
    matches = ((pattern.match(said), words) for pattern, words in _SYNTAX)
    found = next((words.format(*match.groups()) for match, words in matches if match), "语法有误")
    return Text(zh=f"不是公式：{found}", en=f"not a formula: {said}")


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
        self.parameters = tuple(dict.fromkeys(figure.record for figure in reader.figures))

    def at(self, name: str, message: Text) -> Text:
        """What is said of a record, with the place where the text first names it."""
        return _at(self.text, next(figure.name for figure in self._in_order() if figure.record == name), message)

    def misnamed(self, records: Mapping[str, Any]) -> list[Problem]:
        """The figures that these records (or what stands for them) do not have, each where it is first named."""
        found: dict[tuple[str, str], Problem] = {}
        for figure in self._in_order():
            key = figure.record, figure.field
            if figure.field and figure.record in records and key not in found:
                try:
                    getattr(records[figure.record], figure.field)
                except (TypeError, AttributeError) as error:
                    found[key] = self._problem(figure.node, error)
        return list(found.values())

    def _in_order(self) -> list[_Figure]:
        """The figures in the order of the text; a condition is read before what it chooses between."""
        return sorted(self._figures, key=lambda figure: figure.node.col_offset)

    def _problem(self, node: ast.AST, error: Exception) -> Problem:
        message, fix = _told(error)
        return Problem("bad-formula", "", _at(self.text, node, message), fix)

    def __call__(self, *records: Any, **named: Any) -> Any:
        """The value for records, in the order of ``parameters`` or by name.

        Raises:
            FormulaError: A part cannot be computed, such as a field that the record does not have.
        """
        given = {**dict(zip(self.parameters, records, strict=False)), **named}
        try:
            return self._part(given)
        except _PartError as error:
            problems = self.misnamed(given) or [self._problem(error.node, error.error)]
            raise FormulaError(problems) from error.error

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the text."""
        return type(self), (self.text,)

    def __repr__(self) -> str:
        """The text."""
        return f"WrittenFormula({self.text!r})"


def _told(error: Exception) -> tuple[Text, Text]:
    """What an error says to the author of a formula in text, and what to write instead."""
    if isinstance(error, TermError) and error.operation is not None:
        return said_of(error.operation, _NO_PLACE), error.instead
    if isinstance(error, OperandError):
        return error.what, error.instead
    if isinstance(error, ExactnessError):
        return error.problems[0].message, error.problems[0].fix
    return Text(zh=f"无法计算：{error}", en=str(error)), Text()


def _at(text: str, node: ast.AST, message: Text) -> Text:
    """A message with the place of a part of the text."""
    start, end = _span(text, node)
    return _place(start, quoted(text[start:end])) + message


def _place(position: int, words: str) -> Text:
    if not words:
        return Text(zh=f"第 {position + 1} 个字符（末尾）：", en=f"character {position + 1}, at the end: ")
    return Text(zh=f"第 {position + 1} 个字符 {words}：", en=f"character {position + 1}, {words}: ")


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


class _Figure(NamedTuple):
    """Where a text names a figure; of line items that are counted there is no field."""

    record: str
    field: str
    name: ast.Name
    node: ast.Name | ast.Attribute


class _Reader:
    """Reads a formula into a part, and notes the figures that it names."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.figures: list[_Figure] = []
        self.part = self.read(self._tree())

    def _tree(self) -> ast.AST:
        """The syntax tree of the text, within its bounds."""
        text = self.text
        if len(text) > LONGEST_FORMULA:
            message = Text(
                zh=f"公式至多 {LONGEST_FORMULA} 个字符，实为 {len(text)} 个",
                en=f"a formula has at most {LONGEST_FORMULA} characters, this has {len(text)}",
            )
            self._refuse_at(LONGEST_FORMULA, message)
        if not text.strip():
            self._refuse_at(0, expected("公式", "a formula", Text(zh="空", en="nothing")), EXAMPLE)
        for sign in "#\\":
            if sign in text:
                self._refuse_at(
                    text.index(sign), said_of(Text.of(sign), _NO_PLACE), Text(zh="请删去", en="leave it out")
                )
        if match := _NO_TEXT.search(text):
            character = Text(zh=f"字符 {match[0]!a}", en=f"the character {match[0]!a}")
            self._refuse_at(match.start(), said_of(character, _NO_PLACE))
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
            fix = to_write(quoted(_ASCII[sign])) if sign in _ASCII else Text()
            around = self.text[max(position - 1, 0) : position + 2]
            if not fix and (slips := [right for slip, right in _SLIPS.items() if slip in around]):
                fix = to_write(slips[0])
            if not fix and _SINGLE_EQUALS.search(signs):
                fix = Text(zh="两数相等写 ==", en="two values are compared with ==")
            self._refuse_at(position, _no_formula(error.msg), fix)
        except (ValueError, MemoryError, RecursionError, OverflowError) as error:
            deep = Text(zh="不是公式：嵌套过深", en="not a formula: it nests too deep")
            self._refuse_at(0, _no_formula(str(error)) if str(error) else deep)

    def _bound(self, tree: ast.AST) -> None:
        """Refuse a tree that is too large or too deep, without recursing, at the part that goes beyond."""
        fix = Text(zh="将其中一部分定义为单独的指标", en="define a part of it as an indicator of its own")
        # each part with its depth, and whether it is the beginning of a sum: a long sum is not deep
        waiting: list[tuple[Any, int, bool]] = [(tree, 1, False)]
        parts: list[Any] = []
        while waiting:
            node, depth, begins = waiting.pop()
            parts.append(node)
            if depth > DEEPEST_FORMULA:
                message = Text(zh=f"嵌套超过 {DEEPEST_FORMULA} 层", en=f"nests deeper than {DEEPEST_FORMULA}")
                self.refuse(node, message, fix)
            if not begins and len(sums := _sums(node)) >= LONGEST_SUM:
                message = Text(zh=f"相加超过 {LONGEST_SUM} 项", en=f"adds more than {LONGEST_SUM} parts")
                self.refuse(sums[-LONGEST_SUM].right, message, fix)
            for part in reversed(_parts_of(node)):
                begins = _adds(node) and _adds(part) and part is node.left
                waiting.append((part, depth if begins else depth + 1, begins))
        if len(parts) > MOST_PARTS:
            node = sorted(parts, key=lambda part: (part.end_col_offset, -part.col_offset))[MOST_PARTS]
            while inner := _parts_of(node):
                node = inner[-1]
            self.refuse(node, Text(zh=f"超过 {MOST_PARTS} 个部分", en=f"has more than {MOST_PARTS} parts"), fix)

    def _refuse_at(self, position: int, message: Text, fix: Text = _NOTHING) -> NoReturn:
        position = min(position, len(self.text))
        said = quoted(self.text[position : position + 20]) if position < len(self.text) else ""
        raise FormulaError([Problem("bad-formula", "", _place(position, said) + message, fix)])

    def refuse(self, node: Any, message: Text, fix: Text = _NOTHING) -> NoReturn:
        """Say what is wrong with a part."""
        raise FormulaError([Problem("bad-formula", "", _at(self.text, node, message), fix)])

    def _refuse_after(self, node: Any, sign: str | Text, fix: Text) -> NoReturn:
        """Refuse the sign that stands behind a part, where it stands."""
        after = _span(self.text, node)[1]
        rest = self.text[after:]
        position = after + next(place for place, sign in enumerate(rest) if not (sign == ")" or sign.isspace()))
        self._refuse_at(position, said_of(Text.of(sign), _NO_PLACE), fix)

    def read(self, node: Any) -> Part:
        """The part that a node of the tree stands for."""
        reader = getattr(self, f"_{type(node).__name__.lower()}", None)
        if reader is None:
            what = _CALLED.get(type(node), type(node).__name__)
            self.refuse(node, said_of(Text.of(what), _NO_PLACE), _INSTEAD.get(type(node), _NOTHING))
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
            self._refuse_after(node.left, _SIGNS[type(node.op)], _INSTEAD.get(type(node.op), to_write("+ - * /")))
        left, named = self.read(node.left), len(self.figures)
        right = self.read(node.right)
        if isinstance(node.op, ast.Div) and named == len(self.figures) and _is_zero(right):
            self.refuse(node.right, Text(zh="除数为零", en="divides by zero"), NO_ZERO)
        return self._operation(node, function, [left, right])

    def _unaryop(self, node: ast.UnaryOp) -> Part:
        function = _UNARY.get(type(node.op))
        if function is None:
            self.refuse(node, said_of(Text.of("~"), _NO_PLACE), _INSTEAD[type(node.op)])
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
            self.refuse(node, expected("括号内的数值", "a value between the brackets"))
        self._refuse_after(node.elts[0], _CALLED[ast.Tuple], _INSTEAD[ast.Tuple])

    def _ifexp(self, node: ast.IfExp) -> Part:
        parts = [self.read(part) for part in (node.test, node.body, node.orelse)]
        return self._operation(node, where, parts)

    def _call(self, node: ast.Call) -> Part:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _FUNCTIONS:
            known = _RENAMED.get(name.lower())
            hint = to_write(known) if known else did_you_mean(name, _FUNCTIONS)
            called = quoted(name or self._words(node.func))
            self.refuse(node, Text(zh=f"没有函数 {called}", en=f"there is no function {called}"), hint)
        function, least, most, over_items = _FUNCTIONS[name]
        if not least <= len(node.args) <= (len(node.args) if most is None else most):
            at_least = " " if least == most else "至少 "
            number = f"{least}" if least == most else f"{least} or more"
            number += " argument" if least == most == 1 else " arguments"
            message = Text(
                zh=f"{name} 应有{at_least}{least} 个参数，实为 {len(node.args)} 个",
                en=f"{name} takes {number}, got {len(node.args)}",
            )
            self.refuse(node, message)
        named: dict[str, Part] = {}
        for keyword in node.keywords:
            if keyword.arg != "where" or not over_items:
                message = Text(zh=f'{name} 没有参数 "{keyword.arg}"', en=f'{name} takes no argument "{keyword.arg}"')
                self.refuse(node, message, Text(zh="where= 只用于逐项数据", en="where= goes with line items"))
            if named:
                message = Text(zh="where= 写了两次", en="where= stands there already")
                self.refuse(keyword, message, Text(zh="用 and 连接条件", en="join the conditions by and"))
            named["where"] = self.read(keyword.value)
        items = name == "count" and isinstance(node.args[0], ast.Name)
        parts = [self._items(node.args[0])] if items else [self.read(arg) for arg in node.args]
        return self._operation(node, function, parts, **named)

    def _words(self, node: ast.AST) -> str:
        start, end = _span(self.text, node)
        return self.text[start:end]

    def _items(self, node: Any) -> Part:
        name = node.id
        self.figures.append(_Figure(name, "", node, node))
        return lambda records: records[name]

    def _attribute(self, node: ast.Attribute) -> Part:
        if not isinstance(node.value, ast.Name):
            self.refuse(node, expected("数据表和字段", "a record and a field"), to_write("record.field"))
        name, field = node.value.id, node.attr
        if field.startswith("_"):
            message = Text(zh=f"没有字段 {quoted(field)}", en=f"no field is called {quoted(field)}")
            self.refuse(node, message, to_write("record.field"))
        self.figures.append(_Figure(name, field, node.value, node))

        def figure(records: Mapping[str, Any]) -> Any:
            try:
                return getattr(records[name], field)
            except (TypeError, AttributeError) as error:
                raise _PartError(node, error) from error

        return figure

    def _name(self, node: ast.Name) -> NoReturn:
        fix = Text(zh=f"请写其中一个字段，如 {node.id}.actual", en=f"write one of its fields, such as {node.id}.actual")
        if node.id in _FUNCTIONS:
            fix = to_write(f"{node.id}(...)")
        message = Text(zh=f"{quoted(node.id)} 单独不是数据", en=f"{quoted(node.id)} alone is no figure")
        self.refuse(node, message, fix)

    def _constant(self, node: ast.Constant) -> Part:
        words = self._words(node)
        if isinstance(node.value, str):
            option = ast.literal_eval(_BREAKS.sub(" ", words)) if "%" in words else node.value
            return lambda _: option
        percent = words.endswith("%")
        if isinstance(node.value, bool) or not _NUMBER.fullmatch(words.removesuffix("%")):
            fix = Text(
                zh="如 0.8、80% 或 1000；是否类字段写 record.flag 或 not record.flag",
                en="such as 0.8, 80% or 1000; a flag is written record.flag, or: not record.flag",
            )
            self.refuse(node, expected("数字", "a plain number"), fix)
        try:
            number = exact(words if percent else words.rstrip("."))
        except ExactnessError as error:
            self.refuse(node, error.problems[0].message)
        return lambda _: number
