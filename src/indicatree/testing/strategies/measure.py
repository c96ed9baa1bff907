"""Measures with formulas of any shape."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from indicatree.arithmetic import Quantity
from indicatree.data import RecordShape, fields, record, record_type
from indicatree.indicators import Measured, Tier
from indicatree.indicators.define import defined_indicator
from indicatree.problems import DeclarationError, Problem
from indicatree.text import Text

__all__ = ["measures"]

_BOOLEANS = st.booleans()
_PERCENTS = st.integers(0, 99)
_POSITIONS = st.integers(0, 1000)


@record("drawn.figures", title=Text(zh="随机数据", en="Drawn figures"))
class _Figures:
    """What drawn measures compute with, where no record class is given."""

    first: fields.Money = fields.money("数一", "first")
    second: fields.Money = fields.money("数二", "second", signed=True)
    third: fields.Count = fields.count("数三", "third")
    holds: fields.Flag = fields.flag("条件", "holds")


def measures(*classes: type) -> st.SearchStrategy[Measured]:
    """Measured indicators, with formulas of any shape over the figures of record classes.

    Args:
        *classes: The record classes; by default one of the library's own, with two amounts, a count and a flag.

    Example:
        >>> import indicatree as it
        >>> from hypothesis import given, settings
        >>> @given(measures())
        ... @settings(max_examples=10)
        ... def check(measure):
        ...     assert measure.words("en")
        >>> check()
    """
    return _measures(tuple(classes) or (_Figures,))


_OPERATIONS = st.sampled_from(["+", "-", "*", "/", "/"])
_FUNCTIONS = st.sampled_from(["abs", "minimum", "maximum", "where", "floor"])
_CONSTANTS = st.sampled_from(["1", "2", "0.5", "80%", "100"])
_COMPARED = st.sampled_from([">", "<", ">=", "<="])


@st.composite
def _measures(draw: st.DrawFn, classes: tuple[type, ...]) -> Measured:
    shapes = {record_type(cls).id.rpartition(".")[2].replace("-", "_"): RecordShape(cls) for cls in classes}
    numbers, flags = [], []
    for name, shape in shapes.items():
        for field, kind in record_type(shape.record_class).fields.items():
            if isinstance(kind, fields.Flag):
                flags.append(f"{name}.{field}")
            elif isinstance(getattr(kind, "missing", None), Quantity):
                numbers.append(f"{name}.{field}")
    if not numbers:
        message = Text(zh="所给数据表都没有数值字段", en="none of the record classes has a number")
        fix = Text(zh="给出有数值字段的数据表", en="give one that has")
        raise DeclarationError([Problem("no-figures", "measures", message, fix)])
    text = _formula(draw, numbers, flags, 3)
    if not any(number in text for number in numbers):
        text = f"({text}) / {numbers[draw(_POSITIONS) % len(numbers)]}"
    table: dict[str, Any] = {
        "tier": draw(st.sampled_from([tier.value for tier in Tier])),
        "title": {"zh": "随机指标", "en": "Drawn measure"},
        "measure": text,
    }
    better = draw(st.sampled_from([None, "more", "less", {"near": "100%"}]))
    if better is not None:
        table["better"] = better
    return defined_indicator("drawn.measure", table, lambda name, _said: shapes[name])  # type: ignore[return-value]


def _formula(draw: st.DrawFn, numbers: list[str], flags: list[str], depth: int) -> str:
    if not depth or draw(_PERCENTS) < 30:  # noqa: PLR2004 - some formulas end early
        if draw(_PERCENTS) < 80:  # noqa: PLR2004 - most ends are figures
            return numbers[draw(_POSITIONS) % len(numbers)]
        return draw(_CONSTANTS)

    def inner() -> str:
        return _formula(draw, numbers, flags, depth - 1)

    if draw(_PERCENTS) < 70:  # noqa: PLR2004 - most are plain arithmetic
        first, operation, second = inner(), draw(_OPERATIONS), inner()
        if operation == "/" and not any(figure in second for figure in (*numbers, *flags)):
            second = draw(_CONSTANTS)  # numbers alone may give zero, and what is divided by it is no formula
        return f"({first} {operation} {second})"
    function = draw(_FUNCTIONS)
    if function == "where":
        named = bool(flags) and draw(_BOOLEANS)
        condition = flags[draw(_POSITIONS) % len(flags)] if named else f"{inner()} {draw(_COMPARED)} {inner()}"
        return f"where({condition}, {inner()}, {inner()})"
    if function in ("abs", "floor"):
        return f"{function}({inner()})"
    return f"{function}({inner()}, {inner()})"
