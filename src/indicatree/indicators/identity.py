"""Identities: what must be equal in a report, declared with the same plain arithmetic as measures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from indicatree.arithmetic import Term
from indicatree.data import RecordShape
from indicatree.indicators.declare import checked, shapes_of
from indicatree.indicators.formula import figures_of, formula_words
from indicatree.indicators.trace import trace
from indicatree.problems import DeclarationError, Problem, expected
from indicatree.text import Text

__all__ = ["Identity", "declared_identity", "identity"]


@attrs.frozen(kw_only=True, eq=False)
class Identity:
    """Two sides that must be equal: a sum and its parts, two totals of the same thing.

    Attributes:
        id: Its namespaced id, such as ``mof.fund_closing_balance``; in a data file its number.
        title: What must be equal, in two languages.
        function: A function of records that gives ``equal(one side, other side)``.
        shapes: The record class of each parameter.
        condition: What it computes, as a tree: an equality of two formulas.
        at: Where in the source it stands, where it is of one report.
    """

    id: str
    title: Text
    function: Callable[..., Any]
    shapes: Mapping[str, RecordShape]
    condition: Any
    at: Text = Text()

    @property
    def parameters(self) -> Mapping[str, RecordShape]:
        """The records that it needs, by parameter name."""
        return self.shapes

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The figures that it uses, as parameter and field."""
        return [(node.args[0], node.args[1]) for node in figures_of(self.condition)]

    def words(self, language: str = "zh") -> str:
        """The equality with the titles of its figures."""
        return formula_words(self.condition, language)


def identity(id: str, *, title: Text) -> Callable[[Callable[..., Any]], Identity]:  # noqa: A002 - the word of the field
    """Declare what must be equal in every report that has the figures.

    The function is called once, here, with names instead of figures, like a measure. It returns
    ``equal(stated, computed)``: the figure that a report states, and what the others give.

    Args:
        id: The namespaced id, ``namespace.name``.
        title: What must be equal, in two languages.

    Raises:
        DeclarationError: With every problem of the declaration.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.fund", title=it.Text(zh="基金", en="Fund"))
        ... class Fund:
        ...     opening: fields.Money = fields.money("期初", "opening balance", signed=True)
        ...     change: fields.Money = fields.money("本年收支", "change", signed=True)
        ...     closing: fields.Money = fields.money("期末", "closing balance", signed=True)
        >>> @it.identity("demo.balance", title=it.Text(zh="期末结余", en="Closing balance"))
        ... def balance(fund: Fund):
        ...     return it.equal(fund.closing, fund.opening + fund.change)
        >>> balance.words("en")
        'closing balance = opening balance + change'
    """

    def declare(function: Callable[..., Any]) -> Identity:
        caller = sys._getframe(1)  # noqa: SLF001 - record classes defined beside the function, in whatever scope
        shapes, problems = shapes_of(function, f"identity {id}", {**caller.f_globals, **caller.f_locals})
        problems = [*checked(id, title, what="identity"), *problems]
        if problems:
            raise DeclarationError(problems)
        return declared_identity(function, shapes, id=id, title=title)

    return declare


def declared_identity(
    function: Callable[..., Any],
    shapes: Mapping[str, RecordShape],
    *,
    id: str,  # noqa: A002 - the word of the field
    title: Text,
    at: Text | None = None,
) -> Identity:
    """An identity from its function and the record of each parameter; checked and traced.

    Raises:
        DeclarationError: The function gives no equality of two formulas.
    """
    where = f"identity {id}"
    condition = trace(function, shapes, where, condition=True)
    if condition.op != "==" or not all(isinstance(side, Term) for side in condition.args):
        message = expected("一个等式", "one equality", repr(condition))
        fix = Text(
            zh="返回 equal(报告数, 核算数)；在文字公式中写 报告数 == 核算数",
            en="return equal(stated, computed); in text: stated == computed",
        )
        raise DeclarationError([Problem("not-an-equality", where, message, fix)])
    return Identity(id=id, title=Text.of(title), function=function, shapes=shapes, condition=condition, at=at or Text())
