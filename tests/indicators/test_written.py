"""Formulas in text: they compute what they say, and any other text is refused where it goes wrong."""

from __future__ import annotations

import ast
import builtins
import itertools
import operator
import os
import pickle
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data import RecordShape
from indicatree.data.structure import StructureError
from indicatree.indicators import evaluate
from indicatree.indicators.define import defined_indicator
from indicatree.indicators.written import (
    DEEPEST_FORMULA,
    LONGEST_FORMULA,
    LONGEST_SUM,
    MOST_PARTS,
    WrittenFormula,
)
from indicatree.problems import FormulaError

TITLE = it.Text(zh="指标", en="Indicator")
SOME = settings(max_examples=50)
MANY = settings(max_examples=120)


@it.record("demo.facts", title=it.Text(zh="数据", en="facts"))
class Facts:
    first: fields.Money = fields.money("甲", "aa", signed=True)
    second: fields.Money = fields.money("乙", "bb", signed=True)
    第三: fields.Money = fields.money("丙", "cc", signed=True)  # noqa: PLC2401 - files name fields in Chinese
    open: fields.Flag = fields.flag("公开", "oo")
    kind: fields.Choice = fields.choice("类别", "kk", {"road": TITLE, "100% 学校": TITLE})


@it.record("demo.line", title=it.Text(zh="项目", en="lines"))
class Line:
    spent: fields.Money = fields.money("支出", "spent", signed=True)
    planned: fields.Money = fields.money("预算", "planned", signed=True)
    active: fields.Flag = fields.flag("已开工", "active")
    kind: fields.Choice = fields.choice("类别", "kind", {"road": TITLE, "school": TITLE})


SHAPES = {"facts": RecordShape(Facts), "数据": RecordShape(Facts), "lines": RecordShape(Line, many=True)}
OPTIONS = ("road", "100% 学校")


def declared(text: str, **more: Any) -> it.Measured:
    """The measure of a formula in text, as a scheme file defines it."""
    table = {"tier": "process", "title": "指标", "measure": text, **more}
    found = defined_indicator("demo.tried", table, lambda name, _: SHAPES[name])
    assert isinstance(found, it.Measured)
    return found


def refusal(text: str) -> it.Problem:
    with pytest.raises(FormulaError) as caught:
        WrittenFormula(text)
    (problem,) = caught.value.problems
    assert problem.code == "bad-formula"
    said_in_chinese(problem)
    return problem


def said_in_chinese(problem: it.Problem) -> None:
    """What is said in English is said in Chinese, at the same character."""
    place = re.match(r"第 (\d+) 个字符", problem.message["zh"])
    assert place
    assert int(place[1]) == character(problem)
    assert re.search("：.*[\u4e00-\u9fff]", problem.message["zh"]), problem
    assert not problem.fix or re.search("[\u4e00-\u9fff]", problem.fix["zh"]), problem


def character(problem: it.Problem) -> int:
    """The place that a problem states, counted from 1."""
    match = re.match(r"character (\d+)", problem.message["en"])
    assert match, problem
    return int(match[1])


# Trees. A tree is (operation, part, part ...); each knows its text and its value, and nothing of what is tested.

Tree = tuple[Any, ...]
Lack = str
"""Why there is no value: ``missing`` or ``undefined``."""

NUMBERS = {
    "0": Fraction(0),
    "1": Fraction(1),
    "2": Fraction(2),
    "0.8": Fraction(4, 5),
    "1.50": Fraction(3, 2),
    ".5": Fraction(1, 2),
    "3.": Fraction(3),
    "80%": Fraction(4, 5),
    "12.5%": Fraction(1, 8),
    "0%": Fraction(0),
    ".5%": Fraction(1, 200),
    "250.%": Fraction(5, 2),
    "1000000.0001": Fraction(10000000001, 10000),
}
numbers = st.sampled_from(sorted(NUMBERS)).map(lambda text: ("number", text))
figures = st.tuples(st.just("figure"), st.sampled_from(["facts", "数据"]), st.sampled_from(["first", "second", "第三"]))
flags = st.tuples(st.just("flag"), st.sampled_from(["facts", "数据"]))
choices = st.tuples(st.sampled_from(["is", "is not"]), st.sampled_from(["facts", "数据"]), st.sampled_from(OPTIONS))
_ARITHMETIC = st.sampled_from(["+", "-", "*", "/"])
_ONE = st.sampled_from(["neg", "pos", "abs", "floor", "ceil"])
_EXTREME = st.sampled_from(["minimum", "maximum"])
_SIGNS = ["<", "<=", ">", ">=", "==", "!="]
_JOINED = st.sampled_from(["and", "or", "all_of", "any_of", "none_of"])


def _conditions(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    # a comparison names a figure: one of constants alone is settled before there are figures
    compared = st.builds(
        lambda first, signs, rest: ("compare", tuple(signs), first, *rest[: len(signs)]),
        figures,
        st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=3),
        st.lists(inner, min_size=3, max_size=3),
    )
    one = compared | flags | choices | st.tuples(st.just("equal"), figures, inner)
    some = one | st.tuples(st.just("not"), one)
    joined = st.builds(lambda op, parts: (op, *parts), _JOINED, st.lists(some, min_size=2, max_size=3))
    return some | joined | st.tuples(st.just("not"), joined) | st.tuples(st.sampled_from(["and", "or"]), joined, joined)


def _grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    chosen = st.tuples(st.sampled_from(["if", "where"]), _conditions(inner), inner, inner)
    extreme = st.builds(lambda op, parts: (op, *parts), _EXTREME, st.lists(inner, min_size=2, max_size=3))
    return st.tuples(_ARITHMETIC, inner, inner) | st.tuples(_ONE, inner) | extreme | chosen


parts = st.recursive(figures | numbers, _grown, max_leaves=8)
any_trees = st.one_of(
    st.tuples(_ARITHMETIC, figures, parts),
    st.tuples(_ARITHMETIC, parts, figures),
    st.tuples(st.just("if"), _conditions(parts), figures, parts),
)
"""Trees that name a figure, also such as divide by a number that is zero."""


def names_a_figure(tree: Tree) -> bool:
    return tree[0] in ("figure", "flag", "is", "is not") or any(
        isinstance(part, tuple) and names_a_figure(part) for part in tree[1:]
    )


def never_has_a_value(tree: Tree) -> bool:
    """Whether a part is divided by numbers that give zero."""
    if any(isinstance(part, tuple) and never_has_a_value(part) for part in tree[1:]):
        return True
    return tree[0] == "/" and not names_a_figure(tree[2]) and value(tree[2], {}) == 0


trees = any_trees.filter(lambda tree: not never_has_a_value(tree))
"""Trees that name a figure and are formulas."""

amounts = st.sampled_from([None, 0, 0, 1, 2, -1]) | st.integers(-500, 500).map(lambda cents: Fraction(cents, 100))
facts = st.fixed_dictionaries(
    {
        "first": amounts,
        "second": amounts,
        "第三": amounts,
        "open": st.sampled_from([True, False, None]),
        "kind": st.sampled_from([*OPTIONS, None]),
    }
)
given_facts = st.fixed_dictionaries({"facts": facts, "数据": facts})

# Text

_BINDING = {"if": 0, "or": 1, "and": 2, "not": 3, "compare": 4, "is": 4, "is not": 4, "+": 5, "-": 5, "*": 6, "/": 6}
_UNARY = 7
_WORDS = {"if", "else", "and", "or", "not"}


@attrs.frozen
class Layout:
    """How a tree is written: what stands between its parts, and which of them get brackets that they do not need."""

    gaps: Sequence[str]
    brackets: Sequence[bool]
    quotes: str = '"'


LINED = Layout([" "], [False])
layouts = st.builds(
    Layout,
    st.lists(st.sampled_from(["", "", " ", "  ", "\n", "\t", "\r\n", " \f", "\v"]), min_size=1, max_size=7),
    st.lists(st.sampled_from([False, False, True]), min_size=1, max_size=7),
    st.sampled_from(["'", '"']),
)


class _Writing:
    """The tokens of a tree."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.brackets = itertools.cycle(layout.brackets)

    def part(self, tree: Tree, least: int) -> list[str]:
        binding = _BINDING.get(tree[0], _UNARY if tree[0] in ("neg", "pos") else 9)
        tokens = list(self.tokens(tree))
        return ["(", *tokens, ")"] if binding < least or next(self.brackets) else tokens

    def joined(self, trees: Sequence[Tree], between: Sequence[str], least: int, first: int) -> Iterator[str]:
        yield from self.part(trees[0], first)
        for sign, tree in zip(between, trees[1:], strict=True):
            yield sign
            yield from self.part(tree, least)

    def call(self, name: str, trees: Sequence[Tree]) -> Iterator[str]:
        yield from (name, "(")
        for index, tree in enumerate(trees):
            yield from ([","] if index else [])
            yield from self.part(tree, 0)
        yield ")"

    def tokens(self, tree: Tree) -> Iterator[str]:
        op, *inner = tree
        if op in ("number", "planted"):
            yield inner[0]
        elif op in ("figure", "flag"):
            yield from (inner[0], ".", inner[1] if op == "figure" else "open")
        elif op in ("is", "is not"):
            option = f"{self.layout.quotes}{inner[1]}{self.layout.quotes}"
            yield from (inner[0], ".", "kind", "==" if op == "is" else "!=", option)
        elif op in ("neg", "pos"):
            yield "-" if op == "neg" else "+"
            yield from self.part(inner[0], _UNARY)
        elif op == "not":
            yield op
            yield from self.part(inner[0], _BINDING[op])
        elif op == "compare":
            signs, *compared = inner
            yield from self.joined(compared, signs, 5, 5)
        elif op == "if":
            condition, then, otherwise = inner
            yield from self.joined([then, condition, otherwise], ["if", "else"], 1, 1)
        elif op in _BINDING:
            # and, or: the same side by side would be one with three parts
            least = _BINDING[op] + 1
            yield from self.joined(inner, [op] * (len(inner) - 1), least, least if op in _WORDS else _BINDING[op])
        else:
            yield from self.call(op, inner)


def _touch(before: str, after: str) -> bool:
    """Whether two tokens may stand side by side without a space."""
    word = r"[\w.%]"
    return not (re.search(rf"{word}$", before) and re.match(word, after)) and not {before, after} & _WORDS


class Planted(str):
    """A token that has no place where it stands."""

    __slots__ = ()


def written(tokens: Sequence[str], layout: Layout = LINED) -> tuple[str, int]:
    """The text of tokens, and where the one that is planted begins."""
    gaps = itertools.cycle(layout.gaps)
    text, position, before = next(gaps), -1, ""
    for word in tokens:
        close = "." in (word, before) or not before
        gap = next(gaps)
        text += gap or ("" if close or _touch(before, word) else " ")
        if isinstance(word, Planted):
            position = len(text)
        text += word
        before = word
    return text + next(gaps), position


def tokens_of(tree: Tree, layout: Layout = LINED) -> list[str]:
    return list(_Writing(layout).tokens(tree))


def text_of(tree: Tree, layout: Layout = LINED) -> str:
    return written(tokens_of(tree, layout), layout)[0]


# Values, in plain fractions

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Lacking(Exception):  # noqa: N818 - it is an answer, not an error
    """There is no value, and why."""

    def __init__(self, why: Lack) -> None:
        self.why = why


def all_values(trees: Sequence[Tree], data: Any) -> list[Any]:
    """The value of each; where some lack theirs, missing counts for more than undefined."""
    found, lacks = [], set()
    for tree in trees:
        try:
            found.append(value(tree, data))
        except Lacking as lack:
            lacks.add(lack.why)
    for why in ("missing", "undefined"):
        if why in lacks:
            raise Lacking(why)
    return found


def known(figure: Any) -> Any:
    if figure is None:
        raise Lacking("missing")
    return Fraction(figure) if isinstance(figure, int | Fraction) and not isinstance(figure, bool) else figure


def value(tree: Tree, data: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case for each operation
    op, *inner = tree
    if op == "number":
        return NUMBERS[inner[0]]
    if op == "figure":
        return known(data[inner[0]][inner[1]])
    if op == "flag":
        return known(data[inner[0]]["open"])
    if op in ("is", "is not"):
        return (known(data[inner[0]]["kind"]) == inner[1]) is (op == "is")
    if op in ("if", "where"):
        condition, then, otherwise = inner
        return value(then if value(condition, data) else otherwise, data)
    if op == "compare":
        signs, *compared = inner
        pairs = itertools.pairwise(all_values(compared, data))
        return all(_COMPARE[sign](first, second) for sign, (first, second) in zip(signs, pairs, strict=True))
    found = all_values(inner, data)
    if op in ("and", "all_of"):
        return all(found)
    if op in ("or", "any_of"):
        return any(found)
    if op in ("not", "none_of"):
        return not any(found)
    if op in ("minimum", "maximum"):
        return min(found) if op == "minimum" else max(found)
    if len(found) == 1:
        (one,) = found
        whole = Fraction(one.numerator // one.denominator)
        ceiling = Fraction(-(-one.numerator // one.denominator))
        return {"neg": -one, "pos": one, "abs": abs(one), "floor": whole, "ceil": ceiling}[op]
    first, second = found
    if op == "/":
        if second == 0:
            raise Lacking("undefined")
        return first / second
    return {"+": first + second, "-": first - second, "*": first * second, "equal": first == second}[op]


def expected(tree: Tree, data: Any) -> Any:
    try:
        return value(tree, data)
    except Lacking as lack:
        return lack.why


def got(quantity: it.Quantity) -> Any:
    return quantity.fraction if quantity.is_defined else quantity.state.name.lower()


def records_of(data: Any) -> dict[str, Any]:
    return {name: Facts(**figures) for name, figures in data.items()}


# A measure in Python that says the same

_PYTHON: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "neg": operator.neg,
    "pos": operator.pos,
    "abs": abs,
    "floor": it.floor,
    "ceil": it.ceil,
    "minimum": it.minimum,
    "maximum": it.maximum,
    "if": it.where,
    "where": it.where,
    "and": it.all_of,
    "all_of": it.all_of,
    "or": it.any_of,
    "any_of": it.any_of,
    "not": it.none_of,
    "none_of": it.none_of,
    "equal": it.equal,
}


def built(tree: Tree, records: dict[str, Any]) -> Any:
    op, *inner = tree
    if op == "number":
        return it.exact(NUMBERS[inner[0]])
    if op in ("figure", "flag"):
        return getattr(records[inner[0]], inner[1] if op == "figure" else "open")
    if op in ("is", "is not"):
        same = it.equal(records[inner[0]].kind, inner[1])
        return same if op == "is" else it.none_of(same)
    if op == "compare":
        signs, *compared = inner
        made = [built(part, records) for part in compared]
        pairs = itertools.pairwise(made)
        signs_python: dict[str, Callable[..., Any]] = {
            **_COMPARE,
            "==": it.equal,
            "!=": lambda first, second: it.none_of(it.equal(first, second)),
        }
        return it.all_of(*(signs_python[sign](*pair) for sign, pair in zip(signs, pairs, strict=True)))
    return _PYTHON[op](*(built(part, records) for part in inner))


def in_python(tree: Tree) -> it.Measured:
    def measure(facts: Facts, 数据: Facts) -> Any:  # noqa: N803, PLC2401 - files name records in Chinese
        return built(tree, {"facts": facts, "数据": 数据})

    return it.indicator("demo.tried", tier=it.Tier.PROCESS, title=it.Text.of("指标"))(measure)


# Laws of what is a formula


@given(trees, layouts, given_facts)
@MANY
def test_a_formula_in_text_has_the_value_of_its_tree(tree: Tree, layout: Layout, data: Any) -> None:
    text = text_of(tree, layout)
    formula = WrittenFormula(text)
    records = records_of(data)
    used = {name: records[name] for name in formula.parameters}
    assert got(formula(**used)) == expected(tree, data), text
    assert got(formula(*used.values())) == expected(tree, data), text


@given(trees, layouts, given_facts)
@SOME
def test_a_formula_in_text_says_and_computes_what_the_same_measure_in_python_does(
    tree: Tree, layout: Layout, data: Any
) -> None:
    measure, python = declared(text_of(tree, layout)), in_python(tree)
    assert repr(measure.formula) == repr(python.formula)
    assert measure.figures == python.figures
    for language in ("zh", "en"):
        assert measure.words(language) == python.words(language)
    records = records_of(data)
    used = {name: records[name] for name in measure.parameters}
    assert got(measure(**used)) == got(python(**records)) == got(evaluate(measure.formula, records))
    assert it.measure(measure, **used).text() == it.measure(python, **records).text()


@given(trees, layouts)
@SOME
def test_spaces_and_needless_brackets_change_nothing(tree: Tree, layout: Layout) -> None:
    assert repr(declared(text_of(tree, layout)).formula) == repr(declared(text_of(tree)).formula)


@given(trees)
@SOME
def test_a_formula_survives_pickle(tree: Tree) -> None:
    formula = WrittenFormula(text_of(tree))
    again = pickle.loads(pickle.dumps(formula))  # noqa: S301 - our own bytes
    assert (again.text, again.parameters) == (formula.text, formula.parameters)


@pytest.mark.parametrize(
    ("text", "first", "expected"),
    [
        ("80% if facts.first > 80% else 20%", "0.81", "0.8"),
        ("80% if facts.first > 80%and facts.first<100%or facts.open else 20%", "0.8", "0.2"),
        ("facts.first*80%\nif facts.first>=80%else 0%", "0.8", "0.64"),
        ("facts.first-80%-20%", 1, 0),
        ("facts.first/80%", "0.8", 1),
        ("-50% - -facts.first", 0, "-0.5"),
        ("facts.first if facts.kind == 'road' else 1", 3, 3),
        ('1 if facts.kind != "100% 学校" else 2', 0, 1),
        ('2 if "100% 学校" == facts.kind else 1', 0, 1),
        ("facts.ｆｉｒｓｔ + ｆacts.first", 3, 6),  # Python takes full-width letters for the letters
        ("1 < facts.first < 3 < 4 != 5", 2, True),
    ],
)
def test_a_formula_reads_as_it_looks(text: str, first: Any, expected: Any) -> None:
    record = Facts(first=first, kind="road", open=False)
    found = WrittenFormula(text)(record)
    assert found is True if expected is True else found == it.exact(expected)


def test_a_percentage_in_an_option_stays_as_it_is() -> None:
    class Record:
        kind = "5%, 6% if 7% \n"

    for quoted in ('"5%, 6% if 7% {}"', "'''5%, 6% if 7% {}'''"):
        assert WrittenFormula("1 if r.kind == " + quoted.format(" ") + " else 2")(Record()) == it.exact(2)
        spaced = type("Spaced", (), {"kind": "5%, 6% if 7%  "})
        assert WrittenFormula("1 if r.kind == " + quoted.format("\n") + " else 2")(spaced()) == it.exact(1)


def test_the_records_are_those_that_the_text_names_in_its_order() -> None:
    assert WrittenFormula("b.x + a.x + b.y - c.z").parameters == ("b", "a", "c")
    assert WrittenFormula("count(lines, where=lines.active)").parameters == ("lines",)
    assert WrittenFormula("1 + 1").parameters == ()


# Line items

_PER_ITEM: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "lines.spent": lambda spent, _: spent,
    "lines.spent - lines.planned * 2": lambda spent, planned: spent - planned * 2,
    "abs(lines.spent)": lambda spent, _: abs(spent),
    "maximum(lines.spent, lines.planned, 1.5)": lambda spent, planned: max(spent, planned, Fraction(3, 2)),
    "lines.spent if lines.spent > 0 else -lines.planned": lambda spent, planned: spent if spent > 0 else -planned,
}
_AMONG: dict[str, Callable[[Any], Any]] = {
    "": lambda _: True,
    "lines.active": lambda line: line["active"],
    "not lines.active": lambda line: None if line["active"] is None else not line["active"],
    'lines.kind == "road"': lambda line: None if line["kind"] is None else line["kind"] == "road",
    "0 <= lines.spent < 2": lambda line: None if line["spent"] is None else 0 <= line["spent"] < 2,
    "lines.spent > 100% or lines.active": lambda line: (
        None if line["spent"] is None or line["active"] is None else line["spent"] > 1 or line["active"]
    ),
}
lines = st.lists(
    st.fixed_dictionaries(
        {
            "spent": st.sampled_from([0, 1, 2, 3, -1, Fraction(1, 2)]) | amounts,
            "planned": st.sampled_from([0, 1, 2, 3, -1]),
            "active": st.sampled_from([True, True, False, None]),
            "kind": st.sampled_from(["road", "school", "road", None]),
        }
    ),
    max_size=4,
)


def _over(name: str, per_item: str, among: str, data: list[dict[str, Any]]) -> Any:
    kept: list[Any] = []
    for line in data:
        holds = _AMONG[among](line)
        if holds is None:
            return "missing"
        if holds:
            kept.append(line)
    if name == "count":
        return Fraction(len(kept))
    if any(line["spent"] is None for line in kept):
        return "missing"
    values = [_PER_ITEM[per_item](Fraction(line["spent"]), Fraction(line["planned"])) for line in kept]
    if name == "total":
        return sum(values, Fraction(0))
    return (min(values) if name == "minimum" else max(values)) if values else "undefined"


@given(
    st.sampled_from(["total", "count", "minimum", "maximum"]),
    st.sampled_from(sorted(_PER_ITEM)),
    st.sampled_from(sorted(_AMONG)),
    lines,
)
@MANY
def test_line_items_are_reduced_as_in_plain_python(name: str, per_item: str, among: str, data: Any) -> None:
    where = f",\n where = {among}" if among else ""
    text = f"{name}({'lines' if name == 'count' else per_item}{where})"
    items = it.Items(Line, [Line(**line) for line in data])
    assert got(WrittenFormula(text)(items)) == _over(name, per_item, among, data)
    measure = declared(text)
    assert got(measure(lines=items)) == got(evaluate(measure.formula, {"lines": items}))
    assert measure.parameters == {"lines": RecordShape(Line, many=True)}
    if name == "count":
        conditions = f"count({among or 'lines'})"
        assert got(WrittenFormula(conditions)(items)) == _over(name, per_item, among, data)


def test_what_one_unit_and_its_line_items_say_meet_in_a_formula() -> None:
    measure = declared("total(lines.spent, where=lines.planned >= facts.first) / facts.second")
    items = it.Items(Line, [Line(spent=3, planned=1), Line(spent=4, planned=2), Line(spent=5, planned=3)])
    assert measure(lines=items, facts=Facts(first=2, second=4)) == it.exact("9/4")


@pytest.mark.parametrize("text", ["lines.spent", "lines.spent + 1", "total(facts.first)", "count(facts.first)"])
def test_one_value_and_a_value_for_each_item_are_told_apart(text: str) -> None:
    with pytest.raises(it.IndicatreeError) as caught:
        declared(text)
    (problem,) = caught.value.problems
    assert problem.path == "measure"


# Laws of what is no formula

_GRAMMAR = st.lists(
    st.sampled_from(
        [
            *"()[]{}.,:=+-*/%<>!&|^~@#\\'\"\n\t 0123456789_aβ预，（）＋％",
            *("facts", ".first", "数据", "lines", "total(", "where=", "if ", " else ", " and ", " or ", "not ", "80%"),
            *("lambda ", ":=", "**", "//", "0x1", "1e5", "1j", "1_0", "f'", "b'", "'''", "...", "__class__", "await "),
            *("for x in ", "yield ", "import os", "print(", "None", "True", "is ", "in ", "\x00", "\ud800", "\ufeff"),
        ]
    ),
    max_size=25,
).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A formula that something has happened to."""
    text = text_of(draw(trees), draw(layouts))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(start + draw(st.integers(0, 4)), len(text))
        text = text[:start] + draw(st.text(max_size=2) | _GRAMMAR.map(lambda some: some[:3])) + text[end:]
    return text


def _taken(text: str) -> None:
    """A text is a formula or is refused with a place in it; and so is an indicator that has it."""
    try:
        formula = WrittenFormula(text)
    except FormulaError as error:
        (problem,) = error.problems
        assert 1 <= character(problem) <= len(text) + 1
        return
    assert formula.text == text
    for name in formula.parameters:
        assert re.match(r"character \d+, .*: here$", formula.at(name, it.Text.of("here"))["en"])
    try:
        defined_indicator(
            "demo.tried",
            {"tier": "process", "title": "t", "measure": text},
            lambda name, _: SHAPES.get(name, SHAPES["facts"]),
        )
    except it.IndicatreeError as error:
        assert all(problem.path == "measure" for problem in error.problems)  # noqa: PT017 - it may be none


@given(st.text(max_size=40))
@example("\ud800")
@example("facts.first + '\ud800'")
@MANY
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    _taken(text)


@given(_GRAMMAR)
@MANY
def test_any_text_of_its_own_alphabet_is_a_formula_or_refused(text: str) -> None:
    _taken(text)


@given(mutated())
@MANY
def test_a_formula_that_was_damaged_is_a_formula_or_refused(text: str) -> None:
    _taken(text)


_LARGE = {
    "brackets": "(" * 900 + "1" + ")" * 900,
    "open brackets": "(" * 2000,
    "square brackets": "[" * 1000 + "]" * 1000,
    "braces": "{" * 2000,
    "minus signs": "-" * 1999 + "1",
    "plus signs and spaces": "+ " * 999 + "1",
    "tildes": "~" * 1999 + "1",
    "not": "not " * 499 + "a.b",
    "lambda": "lambda:" * 285 + "1",
    "if": "a.b if a.c else " * 120 + "1",
    "dots": "a" + ".b" * 999,
    "calls": "a" + "()" * 999,
    "subscripts": "a" + "[0]" * 600,
    "sums": "1" + "+1" * 999,
    "powers": "9" + "**9" * 600,
    "factors": "9" * 300 + ("*" + "9" * 300) * 5,
    "comparisons": "1" + "<1" * 999,
    "and": "a.b" + " and a.b" * 240,
    "arguments": "minimum(" + "1," * 900 + "1)",
    "nested calls": "abs(" * 300 + "1" + ")" * 300,
    "commas": "," * 2000,
    "one number": "9" * 2000,
    "one name": "a" * 1998 + ".b",
    "decimals": "0." + "1" * 1998,
    "one text": "'" + "a" * 1990 + "'",
    "f-strings": "f'{" * 300 + "1" + "}'" * 300,
    "walrus": "(a:=" * 400 + "1" + ")" * 400,
    "percent signs": "1%" * 999,
    "signs of all": "80%" * 600,
    "spaces": " " * 2001,
    "lines": "\n" * 1000 + "a.b",
    "comprehension": "[x for x in " * 150 + "y" + "]" * 150,
    "too long": "a.b + " * 10**5 + "1",
}


@pytest.mark.parametrize("text", _LARGE.values(), ids=_LARGE)
def test_what_is_large_or_deep_is_taken_or_refused(text: str) -> None:
    _taken(text)


def test_a_text_beyond_the_longest_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert WrittenFormula("a.b" + " " * (LONGEST_FORMULA - 3)).parameters == ("a",)

    def parse(*_: Any, **__: Any) -> None:
        pytest.fail("it was parsed")

    monkeypatch.setattr(ast, "parse", parse)
    problem = refusal("a.b" + " " * (LONGEST_FORMULA - 2))
    assert character(problem) == LONGEST_FORMULA + 1


def test_a_long_sum_is_not_deep_and_has_its_own_limit() -> None:
    longest = " + ".join(["a.b"] * LONGEST_SUM)
    assert WrittenFormula(longest).parameters == ("a",)
    for text in (f"{longest} - a.b", f"{longest} - a.b + a.c", f"abs({longest} - a.b * 2 + a.d)"):
        problem = refusal(text)
        assert "adds more than 100 parts" in problem.message["en"]
        assert character(problem) == text.index(" - ") + 4


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("a.b ＋ 1", 'write "+"'),
        ("a.b ÷ 2", 'write "/"'),
        ("（a.b）", 'write "("'),
        ("a.b * 1,000", "write numbers without separators: 1000"),
        ("a.b = 1", "two values are compared with =="),
        ("a.b ≥ 2", 'write ">="'),
        ("a.b ≤ 2", 'write "<="'),
        ("a.b − 2", 'write "-"'),
        ("a.b * １00", 'write "1"'),
        ("a.b == “road”", """write "'\""""),
        ("a.b\u3000/ 2", 'write " "'),
        ("a.b => 2", "write >="),
        ("a.b =< 2", "write <="),
        ("a.b <> 2", "write !="),
        ("a.b && a.c", "write and"),
        ("a.b || a.c", "write or"),
        ("MAX(a.b, 1)", "write maximum"),
        ("IF(a.b > 1, 2, 3)", "write where"),
        ("ABS(a.b)", "write abs"),
        ("mean(a.b)", "write total(...) / count(...)"),
        ("a.b == True", "such as 0.8, 80% or 1000; a flag is written record.flag, or: not record.flag"),
    ],
)
def test_what_is_often_written_wrong_is_told_how_to_write(text: str, fix: str) -> None:
    assert refusal(text).fix["en"] == fix


def test_depth_and_parts_are_bounded_to_the_one() -> None:
    deepest = "-" * (DEEPEST_FORMULA - 1) + "1"
    assert WrittenFormula(deepest)() == it.exact(-1)
    too_deep = refusal(f"a.b * 2 + -{deepest} + -{deepest}")
    assert "nests deeper" in too_deep.message["en"]
    assert character(too_deep) == len("a.b * 2 + ") + DEEPEST_FORMULA
    most = "minimum(" + "1," * (MOST_PARTS - 2) + ")"
    assert WrittenFormula(most)() == it.exact(1)
    too_many = refusal(most.replace(",)", ",2)"))
    assert "has more than" in too_many.message["en"]
    assert character(too_many) == len(most)


@given(st.integers(0, 8), st.integers(1, 140))
@SOME
def test_the_part_that_is_one_too_many_is_named(ones: int, products: int) -> None:
    text = "minimum(" + "2," * ones + "a.b*3," * products + "4," * MOST_PARTS + "5)"
    parts = place = 0
    # a figure has two parts (its record and itself), and so have a factor and the product
    for match in re.finditer(r"minimum|a\.b|\*3|2|4", text):
        parts += 1 if match[0] in ("minimum", "2", "4") else 2
        if parts > MOST_PARTS and not place:
            place = match.end() if match[0] == "*3" else match.start() + 1
    assert character(refusal(text)) == place


def test_the_largest_number_is_bounded() -> None:
    assert WrittenFormula("9" * 400)() == it.exact(int("9" * 400))
    assert "400 digits" in refusal("a.b + " + "9" * 401).message["en"]


_HOSTILE = [
    "__import__('os').system('true')",
    "print(1)",
    "open('x').read()",
    "exec('1')",
    "eval('1')",
    "input()",
    "breakpoint()",
    "total(print(1))",
    "a.b if print(1) else a.c",
    "[print(x) for x in (1,)]",
    "(lambda: print(1))()",
    "f'{print(1)}'",
    "f'{print(1)!r:{print(2)}}'",
    "(a := print(1))",
    "a.b.__class__.__base__.__subclasses__()",
    "a.__class__",
    "a.__init__.__globals__",
    "a.ｐrint(1)",
    "a.b(print(1))",
    "a.b[print(1)]",
    "abs(*print(1))",
    "abs(**print(1))",
    "count(a.b, where=print(1))",
    "abs.__call__(a.b)",
    "().__class__",
    "a.b and print(1)",
    "{print(1): print(2)}",
    "print(1) < print(2) < print(3)",
    "await a.b",
    "import os",
    "a.b; print(1)",
    "a.b\nprint(1)",
    "@print\nclass a: pass",
    "# coding: rot13\nprint(1)",
]


class _Trap:
    """A figure that says so when something is done to it besides arithmetic."""

    def __call__(self, *_: Any, **__: Any) -> None:
        pytest.fail("was called")

    def __getitem__(self, _: Any) -> None:
        pytest.fail("was asked for an item")

    def __bool__(self) -> bool:  # noqa: PLE0304 - it fails
        pytest.fail("was taken for true or false")


class _Record:
    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            pytest.fail(f"was asked for {name}")
        return _Trap()


@pytest.mark.parametrize("text", _HOSTILE)
def test_nothing_in_a_text_is_ever_called(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: Any, **__: Any) -> None:
        pytest.fail("was called")

    with monkeypatch.context() as patched:
        for name in ("print", "open", "exec", "eval", "input", "breakpoint"):
            patched.setattr(builtins, name, called)
        for name in ("system", "popen"):
            patched.setattr(os, name, called)
        with pytest.raises(FormulaError):
            WrittenFormula(text)(a=_Record())


@pytest.mark.parametrize("text", ["a.b + a.c", "abs(a.b)", "where(a.b, 1, 2)", "1 if a.b else 2", "not a.b", "a.b < 1"])
def test_a_figure_is_computed_with_and_nothing_else(text: str) -> None:
    with pytest.raises(FormulaError):
        WrittenFormula(text)(_Record())


# Of whatever sorts: numbers, conditions, choices, options and line items where any of them may stand

_SORTS = st.sampled_from(
    [
        *("facts.first", "facts.open", "facts.kind", "lines.spent", "lines.active", "lines.kind", "lines"),
        *("'road'", "'raod'", "0", "2", "80%", "1 < 2", "1 > 2", "1 / 0"),
    ]
)
_OF_TWO = ["{} + {}", "{} / {}", "{} < {}", "{} == {}", "{} != {}", "{} and {}", "{} or {}", "equal({}, {})"]
_OF_TWO += ["minimum({}, {})", "all_of({}, {})", "none_of({}, {})", "total({}, where={})", "maximum({}, where={})"]
_OF_TWO += ["count({}, where={})"]
_OF_ONE = ["-{}", "+{}", "abs({})", "not {}", "floor({})", "ceil({})", "total({})", "minimum({})", "count({})"]
_OF_ONE += ["any_of({})", "1 if {} else 2", "{} if facts.open else 0", "facts.first + (1 if {} else 2)"]


def _of_any_sort(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bracketed = inner.map(lambda text: text if re.fullmatch(r"[\w.%']+", text) else f"({text})")
    one = st.builds(str.format, st.sampled_from(_OF_ONE), bracketed)
    return one | st.builds(str.format, st.sampled_from(_OF_TWO), bracketed, bracketed)


@given(st.recursive(_SORTS, _of_any_sort, max_leaves=5))
@example("1 if facts.open == 'road' else 2")
@example("1 if 'road' == facts.open else 2")
@example("1 if facts.open == facts.first else 2")
@example("total(lines.spent, where='road')")
@example("count(lines, where=lines.spent)")
@example("1 if facts.kind == facts.kind else 2")
@example("count(lines, where=lines.kind == facts.kind)")
@example("count(facts.open)")
@example("total(+lines.spent)")
@example("count(facts.open == lines.active)")
@settings(max_examples=200)
def test_a_formula_that_is_taken_has_a_value_and_words(text: str) -> None:
    try:
        measure = declared(text)
    except it.IndicatreeError as error:
        python = re.search("_Label|ConditionTerm|count_items|NotImplemented|instances of|operand type", str(error))
        assert python is None
        return
    given_records = {
        "facts": Facts(first=3, open=True, kind="road"),
        "lines": it.Items(Line, [Line(spent=3, active=True, kind="road"), Line(spent=2, active=False, kind="school")]),
    }
    used = {name: given_records[name] for name in measure.parameters}
    assert got(measure(**used)) == got(evaluate(measure.formula, used))
    for language in ("zh", "en"):
        assert not re.search("True|False|Unsettled", measure.words(language))
    assert "undefined" not in measure.words("zh")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("total(lines.spent, where=1 < 2)", ("合计(支出，其中是)", "total(spent where true)")),
        ("count(lines, where=1 > 2)", ("个数(项目，其中否)", "count(lines where false)")),
    ],
)
def test_what_no_figure_changes_has_words_too(text: str, words: tuple[str, str]) -> None:
    measure = declared(text)
    assert (measure.words("zh"), measure.words("en")) == words


# Where a text goes wrong

_BAD_PARTS = [
    "facts",
    "total",
    "facts.__class__",
    "facts._first",
    "facts.first.second",
    "facts.first()",
    "print(facts.first)",
    "max(facts.first, 1)",
    "abs()",
    "abs(1, 2)",
    "where(facts.open, 1)",
    "abs(facts.first, where=facts.open)",
    "facts[0]",
    "[facts.first]",
    "{1}",
    "{1: 2}",
    "0x10",
    "0b1",
    "1_000",
    "1e5",
    "1.5E3",
    "1j",
    "True",
    "None",
    "...",
    "b'road'",
    "f'road'",
    "9" * 401,
    "~1",
    "'a'.b",
    "1 .real",
]
_BAD_SIGNS = ["//", "**", "@", "&", "|", "^", "<<", ">>", "%"]
_BAD_CHARACTERS = ["#", "\\", "＋", "－", "×", "÷", "％", "，", "（", "≥", "“", "。", "\x00", "\ud800", "\udfff", "￥"]


def _replaced(tree: Tree, planted: str | Tree, steps: Iterator[int]) -> Tree:
    """The tree with one of its leaves planted."""
    # what a condition or a choice holds besides trees stays as it is
    inner = [index for index, part in enumerate(tree) if isinstance(part, tuple) and index and part[0] not in _SIGNS]
    if not inner:
        return planted if isinstance(planted, tuple) else ("planted", Planted(planted))
    at = inner[next(steps) % len(inner)]
    return (*tree[:at], _replaced(tree[at], planted, steps), *tree[at + 1 :])


steps = st.lists(st.integers(0, 5), min_size=1, max_size=8)


@given(trees, st.sampled_from(_BAD_PARTS), steps, layouts)
@MANY
def test_a_part_that_has_no_place_is_named_where_it_was_planted(
    tree: Tree, planted: str, at: list[int], layout: Layout
) -> None:
    bad = _replaced(tree, planted, itertools.cycle(at))
    text, position = written(tokens_of(bad, layout), layout)
    problem = refusal(text)
    # what is called or has a field that is none is named whole, and so is a number
    assert character(problem) == position + 1, (text, problem)


@given(trees, st.sampled_from(_BAD_SIGNS), st.integers(0, 20), layouts)
@MANY
def test_a_sign_that_has_no_place_is_named_where_it_was_planted(
    tree: Tree, planted: str, at: int, layout: Layout
) -> None:
    tokens = tokens_of(tree, layout)
    between = [
        index
        for index in range(1, len(tokens))
        if tokens[index] in "+-*/" and (re.match(r"[\w)]", tokens[index - 1]) and tokens[index - 1] not in _WORDS)
    ]
    if not between:
        return
    chosen = between[at % len(between)]
    if planted == "%" and re.match(r"[\d.]", tokens[chosen - 1]):
        return  # that is a percentage
    tokens[chosen] = Planted(planted)
    text, position = written(tokens, layout)
    problem = refusal(text)
    assert character(problem) == position + 1, (text, problem)
    assert f": {planted} has no place" in problem.message["en"]


@given(trees, st.sampled_from(_BAD_CHARACTERS), st.integers(0, 60), layouts)
@MANY
def test_a_character_that_has_no_place_is_named_where_it_was_planted(
    tree: Tree, planted: str, at: int, layout: Layout
) -> None:
    tokens = tokens_of(tree, layout)
    tokens.insert(at % (len(tokens) + 1), Planted(planted))
    text, position = written(tokens, layout)
    assert character(refusal(text)) == position + 1, text


@given(trees, steps, layouts, st.sampled_from(["facts.frist", "数据.name_", "facts.第二"]))
@SOME
def test_a_field_that_the_record_does_not_have_is_named_where_it_was_planted(
    tree: Tree, at: list[int], layout: Layout, planted: str
) -> None:
    text, position = written(tokens_of(_replaced(tree, planted, itertools.cycle(at)), layout), layout)
    with pytest.raises(it.IndicatreeError) as caught:
        declared(text)
    (problem,) = caught.value.problems
    assert problem.path == "measure"
    assert character(problem) == position + 1, (text, problem)


_MISNAMED = ["facts.frist", "数据.name_", "facts.第二", "数据.frist", "facts.a"]


@given(trees, st.lists(st.tuples(st.sampled_from(_MISNAMED), steps), min_size=1, max_size=5), layouts)
@SOME
def test_every_field_that_a_record_does_not_have_is_named_once_where_it_first_stands(
    tree: Tree, planted: list[tuple[str, list[int]]], layout: Layout
) -> None:
    for name, at in planted:
        tree = _replaced(tree, name, itertools.cycle(at))
    text, _ = written(tokens_of(tree, layout), layout)
    first: dict[str, int] = {}
    for name in _MISNAMED:
        if found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            first[name] = found.start() + 1
    with pytest.raises(it.IndicatreeError) as caught:
        declared(text)
    assert [character(problem) for problem in caught.value.problems] == sorted(first.values())
    for problem in caught.value.problems:
        assert problem.path == "measure"
        said_in_chinese(problem)


def test_records_and_fields_that_are_not_there_are_named_at_once_in_every_formula() -> None:
    def resolve(name: str, _: object) -> RecordShape:
        if name in SHAPES:
            return SHAPES[name]
        raise StructureError([it.Problem("unknown-record", "", it.Text(zh="没有此数据表", en="there is none"))])

    table = {
        "tier": "process",
        "title": "指标",
        "measure": "facts.frist + fcats.x / facts.scond",
        "applies": "x.y > 数据.z",
    }
    with pytest.raises(StructureError) as caught:
        defined_indicator("demo.tried", table, resolve)
    found = [(problem.path, character(problem), problem.code) for problem in caught.value.problems]
    assert sorted(found) == [
        ("applies", 1, "unknown-record"),
        ("applies", 7, "bad-formula"),
        ("measure", 1, "bad-formula"),
        ("measure", 15, "unknown-record"),
        ("measure", 25, "bad-formula"),
    ]
    for problem in caught.value.problems:
        said_in_chinese(problem)


def test_what_is_wrong_with_a_condition_is_said_with_what_is_wrong_with_its_measure() -> None:
    with pytest.raises(it.IndicatreeError) as caught:
        declared("facts.first + facts.open", applies="facts.first")
    assert [problem.path for problem in caught.value.problems] == ["measure", "applies"]


@given(any_trees, layouts)
@MANY
def test_a_formula_is_refused_where_it_divides_by_numbers_that_give_zero(tree: Tree, layout: Layout) -> None:
    text = text_of(tree, layout)
    if never_has_a_value(tree):
        assert "divides by zero" in refusal(text).message["en"]
    else:
        assert WrittenFormula(text).text == text


_ZEROS = ["0", "0%", ".0", "1 - 1", "2 - 200%", "abs(0)", "maximum(0, -1)", "0 * 5", "1 if 1 > 2 else 0", "floor(50%)"]


@given(trees, steps, layouts, st.sampled_from(_ZEROS))
@MANY
def test_a_divisor_that_is_zero_is_named_where_it_was_planted(
    tree: Tree, at: list[int], layout: Layout, zero: str
) -> None:
    divided = ("/", ("figure", "facts", "first"), ("planted", Planted(zero)))
    bracketed = attrs.evolve(layout, brackets=[True])
    tokens = tokens_of(_replaced(tree, divided, itertools.cycle(at)), bracketed)
    text, position = written(tokens, bracketed)
    problem = refusal(text)
    assert problem.message["en"] == f'character {position + 1}, "{zero}": divides by zero'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("facts.first > 0 or 1 / 0 > 1", 24),
        ("facts.first > 0 and not facts.first / (2 - 2) < 1", 40),
        ("1 / (1 / (1 - 1)) > facts.first", 11),
    ],
)
def test_a_condition_that_divides_by_zero_is_refused_too(text: str, place: int) -> None:
    with pytest.raises(it.IndicatreeError) as caught:
        declared("facts.first", applies=text)
    (problem,) = caught.value.problems
    assert (problem.path, character(problem)) == ("applies", place)


@pytest.mark.parametrize(
    "text", ["facts.first / (0 * facts.second)", "0 / facts.first", "facts.first / .1", "0 / 1 + facts.first"]
)
def test_what_a_figure_or_another_number_divides_is_taken(text: str) -> None:
    assert declared(text)(facts=Facts(first=1, second=1)).state in (it.State.DEFINED, it.State.UNDEFINED)


@given(trees, st.sampled_from(["+", "*", " and", " if", "(", ", (", " not", ".", "/ facts."]))
@SOME
def test_a_text_that_breaks_off_is_refused(tree: Tree, rest: str) -> None:
    refusal(text_of(tree) + rest)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.b +", 6),
        ("  a.b and  ", 10),
        ("预算.执行 or\n", 9),
        ("a.b)", 4),
        ("预算.甲 预算.乙", 6),
        ("\n\n 'road", 4),
        ("预 $ 1", 3),
        ("(a.b", 1),
        ("预.甲 + 1a", 7),
        ("a.b = 1", 5),
        ("80% 20%", 3),
        ("a.b%3", 4),
        ("a.b % (a.c)", 5),
        ("预算.占比80%", 9),  # the name ends in a number: no percentage
        ("(80%) % 3", 7),
        ("80%3", 3),
        ("total(a.b, where=a.c > 1, where=a.d > 2)", 27),
        ("a.b * 1,000 + a.c", 8),
        ("(a.b) , 1", 7),
        ("a.b is 1", 5),
        ("(a.b) not in (a.c)", 7),
        ("a.b == a.c in a.d", 12),
        ("", 1),
        ("   ", 1),
    ],
)
def test_a_slip_is_named_where_it_is(text: str, place: int) -> None:
    assert character(refusal(text)) == place


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("a.b ** 2", "multiply the value by itself"),
        ("a.b // 2", "write floor(a / b)"),
        ("max(a.b, 1)", "write maximum"),
        ("sum(a.b)", "write total"),
        ("len(a)", "write count"),
        ("totl(a.b)", 'did you mean "total"?'),
        ("a.b is 1", "write =="),
        ("a.b in 1", "compare with each: a == b or a == c"),
        ("~a.b", "write not"),
        ("a.b & a.c", "write and"),
        ("a", "write one of its fields, such as a.actual"),
        ("total", "write total(...)"),
    ],
)
def test_what_to_write_instead_is_said(text: str, fix: str) -> None:
    assert refusal(text).fix["en"] == fix


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("facts.frist", 'did you mean "first"?'),
        ("facts.first + facts.open", "write where(condition, 1, 0)"),
        ("facts.first and facts.open", "compare it, as in value > 0"),
        ("facts.first > 1", "write 1 if condition else 0"),
        ("facts.kind", "compare it, as in value > 0"),
        ("facts.first if 2 < 1 else 3", "name a figure, such as budget.actual"),
        ("1 if facts.first == '预算' else 2", 'compare a choice with it, as in record.choice == "预算"'),
        ("'预算' + facts.first", 'compare a choice with it, as in record.choice == "预算"'),
        ("1 if facts.kind < 'road' else 2", 'compare a choice with it, as in record.choice == "road"'),
        ("1 if facts.kind < facts.kind else 2", "write equal(choice, option)"),
        ("count(lines, where=lines.kind == facts.kind)", "compare each with an option: equal(choice, option)"),
        ("facts.first + (1 < 2)", "write where(condition, 1, 0)"),
        ("count(facts)", "count takes line items, or a condition on them"),
        ("1 if facts.kind == 'raod' else 2", 'did you mean "road"?'),
    ],
)
def test_what_the_figures_do_not_bear_is_said_without_python(text: str, fix: str) -> None:
    with pytest.raises(it.IndicatreeError) as caught:
        declared(text)
    (problem,) = caught.value.problems
    assert (problem.path, problem.fix["en"]) == ("measure", fix)
    assert re.search("[\u4e00-\u9fff]", problem.message["zh"])
    assert re.search("[\u4e00-\u9fff]", problem.fix["zh"])
    assert not re.search("rowwise|one unit only|Quantity|constant", str(problem))


@given(trees, layouts, st.sampled_from(["//", "is", "[a.b]", "f'x'", "\x1b[0m", "\x85", "\x00", "\ud800"]), steps)
@SOME
def test_a_problem_stands_on_one_line(tree: Tree, layout: Layout, planted: str, at: list[int]) -> None:
    bad = _replaced(tree, planted, itertools.cycle(at))
    assert str(refusal(written(tokens_of(bad, layout), layout)[0])).isprintable()
