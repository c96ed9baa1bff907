"""Terms: the formula that a measure builds, and what a formula cannot contain."""

from __future__ import annotations

import math
import operator
import pickle
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from indicatree.arithmetic import (
    MISSING,
    ConditionTerm,
    State,
    Term,
    TermError,
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
    piecewise,
    total,
    walk,
    where,
)
from indicatree.arithmetic.term import ROWWISE

if TYPE_CHECKING:
    from collections.abc import Callable

# Typed Any, since most uses here are wrong on purpose.
A: Any = Term("figure", ("budget", "a"))
B: Any = Term("figure", ("budget", "b"))
EACH: Any = Term("figure", ("projects", "spent"), each=True)
FLAG: Any = ConditionTerm("figure", ("budget", "flag"))

WHERE = r"where\(condition, a, b\)"
INSTEAD_OF_A_DECISION = rf"{WHERE}.*minimum.*maximum.*all_of.*any_of.*none_of"

# Each is a use that Python allows on one unit, and the words that the error must have.
FORBIDDEN: dict[str, tuple[Callable[[], Any], str]] = {
    "if on a comparison": (lambda: 1 if A > B else 0, INSTEAD_OF_A_DECISION),
    "if on a value": (lambda: 1 if A else 0, INSTEAD_OF_A_DECISION),
    "and": (lambda: A > B and FLAG, r"all_of"),
    "or": (lambda: A > B or FLAG, r"any_of"),
    "not": (lambda: not A > B, r"none_of"),
    "chained comparison": (lambda: 0 < A < 1, r"all_of"),
    "assert": (lambda: operator.truth(A > 0), INSTEAD_OF_A_DECISION),
    "bool": (lambda: bool(A), INSTEAD_OF_A_DECISION),
    "any": (lambda: any([A > B, B > A]), r"any_of"),
    "all": (lambda: all([A > B, B > A]), r"all_of"),
    "max of two": (lambda: max(A, B), r"maximum\(a, b\)"),
    "max with a constant": (lambda: max(A, 0), r"maximum\(a, b\)"),
    "max, constant first": (lambda: max(0, A), r"maximum\(a, b\)"),
    "min of two": (lambda: min(A, B), r"minimum\(a, b\)"),
    "sorted": (lambda: sorted([A, B]), r"minimum\(a, b\)"),
    "==": (lambda: A == B, r"equal\(a, b\)"),
    "== a number": (lambda: A == 0, r"equal\(a, b\)"),
    "number ==": (lambda: 0 == A, r"equal\(a, b\)"),  # noqa: SIM300, YODA - this side matters
    "== None": (lambda: A == None, r"equal\(a, b\)"),  # noqa: E711 - what is refused
    "== of conditions": (lambda: FLAG == True, r"equal\(a, b\)"),  # noqa: E712 - what is refused
    "!=": (lambda: A != 0, r"none_of\(equal\(a, b\)\)"),
    "in a list": (lambda: A in [0, B], r"equal\(a, b\)"),
    "in a value": (lambda: 0 in A, r"any_of\(equal"),
    "float": (lambda: float(A), r"leave it out.*exact"),
    "math.sqrt": (lambda: math.sqrt(A), r"leave it out.*exact"),
    "complex": (lambda: complex(A), r"leave it out.*exact"),
    "int": (lambda: int(A), r"floor\(value\) or ceil\(value\)"),
    "range": (lambda: range(A), r"floor\(value\) or ceil\(value\)"),
    "math.trunc": (lambda: math.trunc(A), r"floor\(value\) or ceil\(value\)"),
    "round": (lambda: round(A), r"the rule rounds"),
    "round to places": (lambda: round(A, 2), r"the rule rounds"),
    "math.floor": (lambda: math.floor(A), r"floor\(value\)"),
    "math.ceil": (lambda: math.ceil(A), r"ceil\(value\)"),
    "//": (lambda: A // B, r"floor\(a / b\)"),
    "// of a number": (lambda: 5 // A, r"floor\(a / b\)"),
    "%": (lambda: A % 2, r"a - floor\(a / b\) \* b"),
    "% of a number": (lambda: 5 % A, r"a - floor\(a / b\) \* b"),
    "divmod": (lambda: divmod(A, 2), r"floor\(a / b\)"),
    "divmod of a number": (lambda: divmod(5, A), r"floor\(a / b\)"),
    "**": (lambda: A**2, r"multiply"),
    "** of a number": (lambda: 2**A, r"multiply"),
    "pow": (lambda: pow(A, 2), r"multiply"),
    "a loop": (lambda: list(EACH), r"total, count, minimum or maximum"),
    "sum": (lambda: sum(EACH), r"total, count, minimum or maximum"),
    "unpacking": (lambda: max(*EACH), r"total, count, minimum or maximum"),
    "a comprehension": (lambda: [item * 2 for item in EACH], r"total, count, minimum or maximum"),
    "len": (lambda: len(EACH), r"count\(items\)"),
    "an item": (lambda: EACH[0], r"total, count, minimum or maximum"),
    "a slice": (lambda: EACH[1:], r"total, count, minimum or maximum"),
    "reversed": (lambda: list(reversed(EACH)), r"count|total"),
    "an f-string": (lambda: f"{A}", r"text"),
    "an f-string with places": (lambda: f"{A:.2f}", r"text"),
    "format": (lambda: "{}".format(A), r"text"),  # noqa: UP032 - what is refused
    "~ of a condition": (lambda: ~(A > B), r"none_of\(condition\)"),
    "~ of a flag": (lambda: ~FLAG, r"none_of\(condition\)"),
    "a condition plus a number": (lambda: (A > B) + 1, WHERE.replace("a, b", "1, 0")),
    "a number plus a condition": (lambda: 1 + (A > B), WHERE.replace("a, b", "1, 0")),
    "conditions added up": (lambda: sum([A > B, FLAG]), WHERE.replace("a, b", "1, 0")),
    "a condition times a number": (lambda: (A > B) * 5, WHERE.replace("a, b", "1, 0")),
    "a number times a condition": (lambda: 5 * (A > B), WHERE.replace("a, b", "1, 0")),
    "a value times a condition": (lambda: A * (A > B), WHERE.replace("a, b", "1, 0")),
    "a condition times a value": (lambda: (A > B) * A, WHERE.replace("a, b", "1, 0")),
    "a condition as a branch": (lambda: where(A > B, FLAG, 0), WHERE.replace("a, b", "1, 0")),
    "a condition as an operand": (lambda: maximum(A, A > B), WHERE.replace("a, b", "1, 0")),
    "a value as a condition": (lambda: all_of(A > B, B), r"condition"),
    "a value as one of several conditions": (lambda: any_of(A > B, B), r"condition"),
    "a value to decide on": (lambda: where(A, 1, 0), r"condition"),
    "a condition equal to text": (lambda: equal(FLAG, "road"), r"'road' is not a condition"),
    "text equal to a condition": (lambda: equal("road", FLAG), r"'road' is not a condition"),
    "a condition equal to a number": (lambda: equal(A > B, 1), r"is not a condition"),
    "a condition equal to a value": (lambda: equal(FLAG, A), r"is not a condition"),
    "an order of conditions": (lambda: maximum(FLAG, A > B), WHERE.replace("a, b", "1, 0")),
    "a condition rounded": (lambda: floor(FLAG), WHERE.replace("a, b", "1, 0")),
    "items that are none counted": (lambda: count(FLAG), r"which has one answer: write where\(.*, 1, 0\)"),
    "text as a condition on items": (lambda: total(EACH, where="road"), r"'road' is not a condition"),
    "a value as a condition on items": (lambda: minimum(EACH, where=EACH), r"is not a condition"),
}


@pytest.mark.parametrize("use", FORBIDDEN)
def test_what_a_formula_cannot_contain_is_refused_with_what_to_write_instead(use: str) -> None:
    forbidden, words = FORBIDDEN[use]
    with pytest.raises(TermError) as caught:
        forbidden()
    assert re.search(words, str(caught.value))
    said = caught.value.said
    assert re.search("[\u4e00-\u9fff]", said.zh)
    assert not re.search("[\u4e00-\u9fff]", said.en)
    assert [said.zh.count("："), said.zh.count("rowwise")] == [said.en.count(": "), said.en.count("rowwise")]


@pytest.mark.parametrize("use", ["if on a comparison", "max of two", "==", "float", "int", "round", "a loop", "len"])
def test_an_error_of_a_term_offers_the_row_wise_way_out(use: str) -> None:
    with pytest.raises(TermError, match="rowwise=True") as caught:
        FORBIDDEN[use][0]()
    assert caught.value.rowwise
    assert caught.value.operation


@pytest.mark.parametrize("use", FORBIDDEN)
def test_what_an_error_of_a_term_says_is_made_of_its_parts(use: str) -> None:
    with pytest.raises(TermError) as caught:
        FORBIDDEN[use][0]()
    error = caught.value
    for language, colon, joint in (("zh", "：", "，"), ("en", ": ", ", ")):
        way_out = ROWWISE[language] if error.rowwise else ""
        fix = joint.join(filter(None, [error.instead[language], way_out]))
        assert error.fix[language] == fix
        assert error.said[language] == error.what[language] + colon + fix
        if error.operation is not None:
            assert error.what[language].startswith(error.operation[language])
    assert isinstance(pickle.loads(pickle.dumps(error)), TermError)  # noqa: S301 - our own bytes
    assert pickle.loads(pickle.dumps(error)).said == error.said  # noqa: S301 - likewise


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv, operator.lt])
@pytest.mark.parametrize("number", [0.5, True, "1", "abc", None, [1], 1j])
def test_a_formula_takes_no_operand_that_a_quantity_would_refuse(
    operation: Callable[[Any, Any], Any], number: Any
) -> None:
    for own in (exact(1), A):
        with pytest.raises((TypeError, ValueError)):
            operation(own, number)
        with pytest.raises((TypeError, ValueError)):
            operation(number, own)


def test_a_refused_float_is_told_what_to_write() -> None:
    uses: list[Callable[[], Any]] = [
        lambda: A * 0.1,
        lambda: A > 0.1,
        lambda: where(A > 0, 0.1, 0),
        lambda: maximum(A, 0.1),
    ]
    for use in uses:
        with pytest.raises(TypeError, match=r"Decimal\('0\.1'\)"):
            use()


def shape(node: Any) -> Any:
    """A formula as nested tuples of plain values."""
    if node is A or node is B or node is EACH or node is FLAG:
        return node.args[1]
    if isinstance(node, Term | ConditionTerm):
        if node.op == "constant":
            return node.args[0].fraction
        return (node.op, *(shape(arg) for arg in node.args))
    return node


NOTHING: frozenset[State] = frozenset()
BUILT: dict[str, tuple[Any, Any]] = {
    "a sum": (A + 1, ("+", "a", 1)),
    "a sum, the other way": (1 + A, ("+", 1, "a")),
    "a difference": (A - B, ("-", "a", "b")),
    "a difference, the other way": (Decimal("0.5") - A, ("-", Fraction(1, 2), "a")),
    "a product": (A * Fraction(1, 3), ("*", "a", Fraction(1, 3))),
    "a product with a quantity first": (exact("10%") * A, ("*", Fraction(1, 10), "a")),
    "a ratio": (A / B, ("/", "a", "b")),
    "a ratio, the other way": (1 / B, ("/", 1, "b")),
    "an opposite": (-A, ("neg", "a")),
    "the same": (+A, "a"),
    "a magnitude": (abs(A - B), ("abs", ("-", "a", "b"))),
    "floor": (floor(A), ("floor", "a")),
    "ceil": (ceil(A), ("ceil", "a")),
    "less": (A < B, ("<", "a", "b")),
    "less or equal": (A <= 1, ("<=", "a", 1)),
    "more": (A > 1, (">", "a", 1)),
    "more or equal": (A >= B, (">=", "a", "b")),
    "equal": (equal(A, 1), ("==", "a", 1)),
    "both": (all_of(A > 1, B > 1), ("and", (">", "a", 1), (">", "b", 1))),
    "either": (any_of(A > 1, FLAG), ("or", (">", "a", 1), "flag")),
    "none": (none_of(FLAG), ("not", "flag")),
    "where": (where(A > B, A, 0), ("where", (">", "a", "b"), "a", 0)),
    "where on a flag": (where(FLAG, 1, B), ("where", "flag", 1, "b")),
    "piecewise": (
        piecewise([(A > 2, 2), (A > 1, B)], otherwise=0),
        ("where", (">", "a", 2), 2, ("where", (">", "a", 1), "b", 0)),
    ),
    "minimum": (minimum(A, B), ("minimum", NOTHING, "a", "b")),
    "maximum with a constant first": (maximum(0, A - B), ("maximum", NOTHING, 0, ("-", "a", "b"))),
    "maximum, skipping": (
        maximum(A, B, 1, skip=State.MISSING),
        ("maximum", frozenset([State.MISSING]), "a", "b", 1),
    ),
    "a total": (total(EACH), ("total", "spent")),
    "a total with a condition": (total(EACH, where=EACH > 100), ("total", "spent", (">", "spent", 100))),
    "the largest item": (maximum(EACH), ("largest", NOTHING, "spent")),
    "the smallest item of some": (minimum(EACH, where=EACH > 1), ("smallest", NOTHING, "spent", (">", "spent", 1))),
}


@pytest.mark.parametrize("name", BUILT)
def test_an_operation_builds_the_formula_that_it_says(name: str) -> None:
    built, expected = BUILT[name]
    assert shape(built) == expected


def test_a_comparison_with_a_constant_first_means_the_same() -> None:
    assert shape(exact(1) < A) == (">", "a", 1)
    assert shape(exact(1) >= A) == ("<=", "a", 1)
    assert shape(equal(1, A)) == ("==", "a", 1)


def test_a_formula_over_line_items_has_a_value_for_each_until_it_is_reduced() -> None:
    for each in (EACH + 1, 1 - EACH, EACH > 1, where(EACH > 1, A, 0), minimum(EACH, A), none_of(EACH > 1)):
        assert each.each
    for one in (A, A > B, total(EACH), total(EACH * 2, where=EACH > A), maximum(EACH), total(EACH) / A):
        assert not one.each


def test_a_reduction_of_one_value_is_refused_in_words() -> None:
    with pytest.raises(TermError, match="line items"):
        total(A)
    with pytest.raises(TermError, match="line items"):
        minimum(A / B)
    with pytest.raises(TermError, match="line items"):
        total(total(EACH))


def test_a_total_of_ratios_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(TermError, match="for_each"):
        total(EACH / A)
    with pytest.raises(TermError, match="for_each"):
        total(1 + A / EACH)
    assert shape(total(EACH / 100)) == ("total", ("/", "spent", 100))


def test_walk_gives_every_node_the_outer_ones_first() -> None:
    formula = where(A > 1, A / B, exact(0))
    assert [node.op for node in walk(formula)] == [
        "where",
        ">",
        "figure",
        "constant",
        "/",
        "figure",
        "figure",
        "constant",
    ]
    assert list(walk(exact(1))) == []


def test_a_missing_constant_stays_in_the_formula() -> None:
    assert where(A > 1, MISSING, 0).args[1].args[0] == MISSING


def test_a_term_does_not_leave_its_declaration() -> None:
    for term in (A, A > B):
        with pytest.raises(TypeError, match="traced"):
            pickle.dumps(term)
