"""Formulas: the words say what the function computes, in both languages, brackets included."""

from __future__ import annotations

import math
import operator
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.arithmetic import UNDEFINED
from indicatree.data import Amounts
from indicatree.indicators import evaluate, figures_of, formula_with_figures, formula_words

TITLE = it.Text(zh="指标", en="Indicator")


# Titles that are names in Python as well, so that Python can read the words.
@it.record("demo.facts", title=it.Text(zh="数据", en="facts"))
class Facts:
    first: fields.Money = fields.money("甲", "aa", signed=True)
    second: fields.Money = fields.money("乙", "bb", signed=True)
    third: fields.Money = fields.money("丙", "cc", signed=True)
    open: fields.Flag = fields.flag("公开", "oo")
    kind: fields.Choice = fields.choice("类别", "kk", {"road": it.Text(zh="路", en="rr"), "school": TITLE})


@it.record("demo.line", title=it.Text(zh="项目", en="projects"))
class Line:
    spent: fields.Money = fields.money("支出", "spent", signed=True)
    planned: fields.Money = fields.money("预算", "planned")
    active: fields.Flag = fields.flag("已开工", "active")
    staff: fields.Count = fields.count("人数", "staff")


FIELDS = ("first", "second", "third")
ENGLISH = {"aa": "first", "bb": "second", "cc": "third"}
CHINESE = {"甲": "first", "乙": "second", "丙": "third"}

# A tree is (operation, part, part ...); a leaf is the name of a field or a constant.
Tree = Any


def declare(function: Any, **more: Any) -> it.Measured:
    named = {"id": "demo.tried", "tier": it.Tier.PROCESS, "title": TITLE, **more}
    return it.indicator(**named)(function)


# a fraction that no decimal ends is written with a stroke, like a ratio
constants = st.sampled_from(["1/3", "-2/7", "5/3", "0.8", "-1.5", "100"]).map(Fraction) | st.integers(-9, 9).map(
    Fraction
)
leaves = st.sampled_from(FIELDS) | constants


def grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    pair = st.sampled_from(["+", "-", "*", "/", "-", "/", "minimum", "maximum"])
    return (
        st.tuples(pair, inner, inner)
        | st.tuples(st.sampled_from(["neg", "abs", "floor", "ceil"]), inner)
        | st.tuples(st.just("where"), conditions(inner), inner, inner)
    )


def conditions(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    # a comparison names a figure: one of constants alone is decided by Python before the formula is made
    figure = st.tuples(st.sampled_from(["+", "*", "-"]), st.sampled_from(FIELDS), inner) | st.sampled_from(FIELDS)
    compared = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=="]), figure, inner)
    one = compared | st.tuples(st.just("not"), compared)
    joined = st.tuples(st.sampled_from(["and", "or"]), one, one)
    return one | joined | st.tuples(st.sampled_from(["and", "or"]), joined, joined) | st.tuples(st.just("not"), joined)


parts = st.recursive(leaves, grown, max_leaves=6)
PAIRS = st.sampled_from(["/", "-", "*", "+"])
any_trees = st.tuples(PAIRS, st.sampled_from(FIELDS), parts) | st.tuples(PAIRS, parts, st.sampled_from(FIELDS))


def names_a_figure(tree: Tree) -> bool:
    return tree in FIELDS if isinstance(tree, str) else isinstance(tree, tuple) and any(map(names_a_figure, tree))


def never_has_a_value(tree: Tree) -> bool:
    """Whether what a figure gives is divided by numbers that give zero."""
    if not isinstance(tree, tuple):
        return False
    if tree[0] == "/" and names_a_figure(tree[1]) and not names_a_figure(tree[2]):
        try:
            if oracle(tree[2], {}) == 0:
                return True
        except NoValueError:
            pass
    return any(map(never_has_a_value, tree[1:]))


trees = any_trees.filter(lambda tree: not never_has_a_value(tree))
figures = st.fixed_dictionaries(
    {
        name: st.sampled_from([None, 0, 1, 2, 3, -1, -2]) | st.integers(-500, 500).map(lambda n: Fraction(n, 100))
        for name in FIELDS
    }
)
given_figures = st.fixed_dictionaries(
    {name: st.integers(-4, 4) | st.integers(-500, 500).map(lambda n: Fraction(n, 100)) for name in FIELDS}
)


PYTHON: dict[str, Any] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "neg": operator.neg,
    "abs": abs,
}


def build(tree: Tree, facts: Any) -> Any:
    """The tree as a measure writes it, on whatever its figures are."""
    if isinstance(tree, str):
        return getattr(facts, tree)
    if isinstance(tree, Fraction):
        return it.exact(tree)
    op, *parts = tree
    made = [build(part, facts) for part in parts]
    if op == "where":
        return it.where(*made)
    operations: dict[str, Any] = {
        **PYTHON,
        "==": it.equal,
        "floor": it.floor,
        "ceil": it.ceil,
        "minimum": it.minimum,
        "maximum": it.maximum,
        "and": it.all_of,
        "or": it.any_of,
        "not": it.none_of,
    }
    return operations[op](*made)


class NoValueError(Exception):
    """The oracle's word for a value that is not there; the worse one wins."""

    def __init__(self, state: it.State) -> None:
        self.state = state


def parts_of(parts: list[Tree], given_values: dict[str, Any]) -> list[Any]:
    values, worst = [], it.State.DEFINED
    for part in parts:
        try:
            values.append(oracle(part, given_values))
        except NoValueError as none:
            worst = max(worst, none.state)
    if worst:
        raise NoValueError(worst)
    return values


def oracle(tree: Tree, given_values: dict[str, Any]) -> Any:
    """What the tree is worth, in plain fractions; every part counts but the branch not taken."""
    if isinstance(tree, Fraction):
        return tree
    if isinstance(tree, str):
        value = given_values[tree]
        if value is None:
            raise NoValueError(it.State.MISSING)
        return Fraction(value)
    op, *parts = tree
    if op == "where":
        (met,) = parts_of(parts[:1], given_values)
        return oracle(parts[1] if met else parts[2], given_values)
    values = parts_of(parts, given_values)
    if op == "/" and values[1] == 0:
        raise NoValueError(it.State.UNDEFINED)
    operations: dict[str, Any] = {
        **PYTHON,
        "floor": lambda a: Fraction(math.floor(a)),
        "ceil": lambda a: Fraction(math.ceil(a)),
        "minimum": min,
        "maximum": max,
        "and": lambda a, b: a and b,
        "or": lambda a, b: a or b,
        "not": operator.not_,
    }
    return operations[op](*values)


def measure_of(tree: Tree) -> it.Measured:
    def measure(facts: Facts) -> Any:
        return build(tree, facts)

    return declare(measure)


@given(tree=any_trees)
def test_a_measure_is_refused_where_it_divides_by_numbers_that_give_zero(tree: Tree) -> None:
    if not never_has_a_value(tree):
        assert measure_of(tree).formula is not None
        return
    with pytest.raises(it.DeclarationError, match="divides by zero"):
        measure_of(tree)


@given(tree=trees, values=figures)
def test_a_formula_is_worth_what_its_function_returns(tree: Tree, values: dict[str, Any]) -> None:
    measured = measure_of(tree)
    facts = Facts(**values)
    value = measured(facts)
    assert evaluate(measured.formula, {"facts": facts}) == value
    try:
        expected = oracle(tree, values)
    except NoValueError as none:
        assert value.state == none.state  # noqa: PT017 - no value is an expectation
    else:
        assert value == expected


# Python reads the words, once their signs are its own.

SIGNS = {"×": "*", "≤": "<=", "≥": ">=", " = ": " == "}
NAMES_EN = {
    "absolute value(": "abs(",
    "rounded down(": "floor(",
    "rounded up(": "ceil(",
    "smaller of(": "min(",
    "larger of(": "max(",
}
NAMES_ZH = {
    "绝对值(": "abs(",
    "向下取整(": "floor(",
    "向上取整(": "ceil(",
    "较小值(": "min(",
    "较大值(": "max(",
    "非(": "not(",
}
JOINED_ZH = {" 且 ": " and ", " 或 ": " or "}


def replaced(words: str, table: dict[str, str]) -> str:
    for said, meant in table.items():
        words = words.replace(said, meant)
    return words


def worth(python: str, values: dict[str, Any]) -> Fraction:
    """What Python reads in an expression, with every number exact."""
    exact = re.sub(r"\d+(?:\.\d+)?", lambda number: f"Fraction('{number[0]}')", python)
    names = {
        **values,
        "Fraction": Fraction,
        "floor": lambda a: Fraction(math.floor(a)),
        "ceil": lambda a: Fraction(math.ceil(a)),
    }
    return Fraction(eval(exact, names))  # noqa: S307 - the words of a formula that the test made


def python_of_chinese(words: str) -> str:
    """The words with the Chinese order of a choice (if, then, else) turned into Python's, from the inside out."""
    kept: list[str] = []

    def turned(part: str) -> str:
        choice = re.fullmatch("若 (.*) 则 (.*) 否则 (.*)", part)
        return f"({choice[2]} if {choice[1]} else {choice[3]})" if choice else part

    while brackets := re.search(r"\(([^()]*)\)", words):
        kept.append("(" + ", ".join(turned(part) for part in brackets[1].split(", ")) + ")")
        words = f"{words[: brackets.start()]}⟨{'i' * len(kept)}⟩{words[brackets.end() :]}"
    words = turned(words)
    for number in range(len(kept), 0, -1):
        words = words.replace(f"⟨{'i' * number}⟩", kept[number - 1])
    return words


@settings(max_examples=200)
@given(tree=trees, values=given_figures)
def test_the_words_mean_what_the_formula_is_worth(tree: Tree, values: dict[str, Any]) -> None:
    try:
        expected = oracle(tree, values)
    except NoValueError:
        assume(False)  # noqa: FBT003 - Hypothesis asks so
    measured = measure_of(tree)
    named = {name: Fraction(value) for name, value in values.items()}
    english = replaced(measured.words("en"), {**SIGNS, **NAMES_EN, **ENGLISH})
    assert worth(english, named) == expected
    chinese = python_of_chinese(replaced(measured.words("zh"), {**NAMES_ZH, **SIGNS, **JOINED_ZH, **CHINESE}))
    assert worth(chinese, named) == expected


@settings(max_examples=200)
@given(tree=trees, values=given_figures, unit=st.sampled_from(["元", "万元", "3 yuan"]))
def test_the_words_with_figures_put_in_are_worth_the_value(tree: Tree, values: dict[str, Any], unit: str) -> None:
    try:
        expected = oracle(tree, values)
    except NoValueError:
        assume(False)  # noqa: FBT003 - Hypothesis asks so
    amounts = Amounts.parse(unit)
    words = formula_with_figures(measure_of(tree).formula, {"facts": Facts(**values)}, amounts, "en")
    shown = worth(replaced(words, {**SIGNS, **NAMES_EN}), {})
    # a ratio of amounts is the same in every unit, a sum is in the unit, a product in its square
    assert any(shown * Fraction(amounts.factor) ** power == expected for power in range(-9, 10))


def words_of(function: Any) -> tuple[str, str]:
    measured = declare(function)
    assert measured.words() == measured.words("zh") == formula_words(measured.formula, "zh")
    return measured.words("zh"), measured.words("en")


@pytest.mark.parametrize(
    ("returned", "zh", "en"),
    [
        (lambda f: f.first - (f.second - f.third), "甲 - (乙 - 丙)", "aa - (bb - cc)"),
        (lambda f: f.first - f.second - f.third, "甲 - 乙 - 丙", "aa - bb - cc"),
        (lambda f: f.first + (f.second + f.third), "甲 + 乙 + 丙", "aa + bb + cc"),
        (lambda f: f.first / (f.second * f.third), "甲 / (乙 × 丙)", "aa / (bb × cc)"),
        (lambda f: f.first / (f.second / f.third), "甲 / (乙 / 丙)", "aa / (bb / cc)"),
        (lambda f: f.first / f.second * f.third, "甲 / 乙 × 丙", "aa / bb × cc"),
        (lambda f: (f.first - f.second) / f.second, "(甲 - 乙) / 乙", "(aa - bb) / bb"),
        (lambda f: f.first - f.second / f.third, "甲 - 乙 / 丙", "aa - bb / cc"),
        (lambda f: -(f.first + f.second), "-(甲 + 乙)", "-(aa + bb)"),
        (lambda f: -f.first * f.second, "-甲 × 乙", "-aa × bb"),
        (lambda f: f.first * it.exact("80%"), "甲 × 0.8", "aa × 0.8"),
        (lambda f: 1 - f.first / f.second, "1 - 甲 / 乙", "1 - aa / bb"),
        (lambda f: f.first / Fraction(1, 3), "甲 / (1/3)", "aa / (1/3)"),
        (lambda f: abs(f.first - f.second), "绝对值(甲 - 乙)", "absolute value(aa - bb)"),
        (lambda f: it.floor(f.first / 3), "向下取整(甲 / 3)", "rounded down(aa / 3)"),
        (lambda f: it.ceil(f.first / 3), "向上取整(甲 / 3)", "rounded up(aa / 3)"),
        (lambda f: it.minimum(f.first, f.second, 1), "较小值(甲, 乙, 1)", "smaller of(aa, bb, 1)"),
        (
            lambda f: it.maximum(f.first, f.second, skip=it.State.MISSING),
            "较大值(甲, 乙)",
            "larger of(aa, bb)",
        ),
        (lambda f: it.where(f.first > 1, f.second, 0), "若 甲 > 1 则 乙 否则 0", "bb if aa > 1 else 0"),
        (
            lambda f: 2 * it.where(f.open, f.second, 0),
            "2 × (若 公开 则 乙 否则 0)",
            "2 × (bb if oo else 0)",
        ),
        (
            lambda f: it.where(it.equal(f.kind, "road"), f.first, f.second),
            "若 类别 = 路 则 甲 否则 乙",
            "aa if kk = rr else bb",
        ),
        (
            lambda f: it.where(it.equal("road", f.kind), f.first, f.second),
            "若 类别 = 路 则 甲 否则 乙",
            "aa if kk = rr else bb",
        ),
        (
            lambda f: it.where(it.all_of(f.open, it.any_of(f.first >= 1, f.second <= 2)), f.third, 0),
            "若 公开 且 (甲 ≥ 1 或 乙 ≤ 2) 则 丙 否则 0",
            "cc if oo and (aa ≥ 1 or bb ≤ 2) else 0",
        ),
        (
            lambda f: it.where(it.any_of(it.all_of(f.open, f.first > 1), f.second < 2), f.third, 0),
            "若 公开 且 甲 > 1 或 乙 < 2 则 丙 否则 0",
            "cc if oo and aa > 1 or bb < 2 else 0",
        ),
        (
            lambda f: it.where(it.none_of(f.open, f.first > 1), f.third, 0),
            "若 非(公开 或 甲 > 1) 则 丙 否则 0",
            "cc if not(oo or aa > 1) else 0",
        ),
        (
            lambda f: it.piecewise([(f.first > 2, 2), (f.first > 1, 1)], otherwise=f.second),
            "若 甲 > 2 则 2 否则 (若 甲 > 1 则 1 否则 乙)",
            "2 if aa > 2 else (1 if aa > 1 else bb)",
        ),
        (
            lambda f: it.where(it.equal(f.first > 1, f.second <= 2), 1, f.third),
            "若 (甲 > 1) = (乙 ≤ 2) 则 1 否则 丙",
            "1 if (aa > 1) = (bb ≤ 2) else cc",
        ),
        (
            lambda f: it.where(it.equal(it.equal(f.first, 1), f.open), 1, f.third),
            "若 (甲 = 1) = 公开 则 1 否则 丙",
            "1 if (aa = 1) = oo else cc",
        ),
        (
            lambda f: it.where(it.equal(f.first > 1, True), 1, f.third),  # noqa: FBT003 - what a condition is compared with
            "若 (甲 > 1) = 是 则 1 否则 丙",
            "1 if (aa > 1) = true else cc",
        ),
        (
            lambda f: it.where(it.equal(f.kind, f.kind), 1, f.third),
            "若 类别 = 类别 则 1 否则 丙",
            "1 if kk = kk else cc",
        ),
        (lambda f: f.first + UNDEFINED, "甲 + 无法计算", "aa + undefined"),
        (
            lambda f: it.where(it.all_of(f.open, UNDEFINED > 1), f.first, 2),
            "若 公开 且 无法计算 则 甲 否则 2",
            "aa if oo and undefined else 2",
        ),
    ],
    ids=range(32),
)
def test_the_words_of_a_formula_have_the_brackets_that_it_needs(returned: Any, zh: str, en: str) -> None:
    def measure(facts: Facts) -> Any:
        return returned(facts)

    assert words_of(measure) == (zh, en)


LINES = it.Items(
    Line,
    [
        Line(spent=30000, planned=40000, active=True, staff=2),
        Line(spent=-5000, planned=10000, active=False, staff=3),
        Line(spent=15000, planned=10000, active=True, staff=4),
    ],
)


@pytest.mark.parametrize(
    ("returned", "zh", "en", "put_in", "value"),
    [
        (lambda ls: it.total(ls.spent), "合计(支出)", "total(spent)", "4", 40000),
        (
            lambda ls: it.total(ls.spent) / it.total(ls.planned),
            "合计(支出) / 合计(预算)",
            "total(spent) / total(planned)",
            "4 / 6",
            Fraction(2, 3),
        ),
        (
            lambda ls: it.total(ls.spent, where=ls.active) * 1,
            "合计(支出，其中已开工) × 1",
            "total(spent where active) × 1",
            "4.5 × 1",
            45000,
        ),
        (
            lambda ls: it.total(ls.spent, where=it.all_of(ls.active, ls.spent > ls.planned)),
            "合计(支出，其中已开工 且 支出 > 预算)",
            "total(spent where active and spent > planned)",
            "1.5",
            15000,
        ),
        (lambda ls: it.count(ls) + 0, "个数(项目) + 0", "count(projects) + 0", "3 + 0", 3),
        (
            lambda ls: it.count(ls, where=ls.spent > 0),
            "个数(项目，其中支出 > 0)",
            "count(projects where spent > 0)",
            "2",
            2,
        ),
        (lambda ls: it.count(ls.active), "个数(已开工)", "count(active)", "2", 2),
        (lambda ls: it.minimum(ls.spent), "最小值(支出)", "smallest(spent)", "-0.5", -5000),
        (
            lambda ls: it.maximum(ls.spent, where=it.none_of(ls.active)),
            "最大值(支出，其中非(已开工))",
            "largest(spent where not(active))",
            "-0.5",
            -5000,
        ),
        (lambda ls: it.total(ls.staff), "合计(人数)", "total(staff)", "9", 9),
        (
            lambda ls: it.total(abs(ls.spent - ls.planned)),
            "合计(绝对值(支出 - 预算))",
            "total(absolute value(spent - planned))",
            "3",
            30000,
        ),
        (lambda ls: it.count(ls.staff > 2), "个数(人数 > 2)", "count(staff > 2)", "2", 2),
        (
            lambda ls: it.total(it.where(ls.active, ls.spent, 0)),
            "合计(若 已开工 则 支出 否则 0)",
            "total(spent if active else 0)",
            "4.5",
            45000,
        ),
        (lambda ls: it.count(ls.spent > 10000), "个数(支出 > 10000)", "count(spent > 10000)", "2", 2),
    ],
    ids=range(14),
)
def test_totals_over_line_items_in_words_and_with_their_values(
    returned: Any, zh: str, en: str, put_in: str, value: Any
) -> None:
    def measure(lines: it.Items[Line]) -> Any:
        return returned(lines)

    assert words_of(measure) == (zh, en)
    measured = declare(measure)
    assert measured(LINES) == evaluate(measured.formula, {"lines": LINES}) == value
    assert formula_with_figures(measured.formula, {"lines": LINES}, Amounts.parse("万元"), "zh") == put_in


def test_a_total_that_multiplies_amounts_is_not_shown_as_an_amount() -> None:
    def measure(lines: it.Items[Line]) -> Any:
        return it.total(lines.spent * lines.staff) / it.total(lines.spent)

    measured = declare(measure)
    words = formula_with_figures(measured.formula, {"lines": LINES}, Amounts.parse("万元"), "en")
    # 105000 yuan are 10.5; a ratio of the two shown numbers is the value
    shown = [Fraction(number) for number in words.split(" / ")]
    assert shown[0] / shown[1] == measured(LINES).fraction == Fraction(105000, 40000)


def test_a_total_of_a_fraction_keeps_its_brackets() -> None:
    def measure(lines: it.Items[Line]) -> Any:
        return 1 / it.total(lines.staff / 7)

    words = formula_with_figures(declare(measure).formula, {"lines": LINES}, Amounts(), "en")
    assert worth(words, {}) == Fraction(7, 9)


def test_an_amount_written_in_the_measure_agrees_with_the_figures_beside_it() -> None:
    def measure(facts: Facts) -> Any:
        return facts.first - 10000

    words = formula_with_figures(declare(measure).formula, {"facts": Facts(first=30000)}, Amounts.parse("万元"), "en")
    assert worth(words, {}) in (2, 20000)


def test_what_is_missing_or_undefined_stands_in_the_formula_as_a_word() -> None:
    def measure(lines: it.Items[Line], facts: Facts) -> Any:
        return it.total(lines.spent) / it.maximum(lines.spent) - it.where(facts.open, facts.first, 0)

    formula = declare(measure).formula
    absent = {"lines": it.Items(Line, given=False), "facts": Facts(first=5)}
    assert formula_with_figures(formula, absent, Amounts(), "en") == "missing / missing - (5 if missing else 0)"
    assert formula_with_figures(formula, absent, Amounts(), "zh") == "缺失 / 缺失 - (若 缺失 则 5 否则 0)"
    empty = {"lines": it.Items(Line), "facts": Facts(open=False)}
    assert formula_with_figures(formula, empty, Amounts(), "en") == "0 / undefined - (missing if no else 0)"
    assert formula_with_figures(formula, empty, Amounts(), "zh") == "0 / 无法计算 - (若 否 则 缺失 否则 0)"


def test_figures_are_named_once_in_their_order() -> None:
    def measure(facts: Facts, lines: it.Items[Line]) -> Any:
        return facts.second - facts.first * facts.second / it.total(lines.spent, where=lines.active)

    formula = declare(measure).formula
    assert [(node.args[0], node.args[1]) for node in figures_of(formula)] == [
        ("facts", "second"),
        ("facts", "first"),
        ("lines", "spent"),
        ("lines", "active"),
    ]
