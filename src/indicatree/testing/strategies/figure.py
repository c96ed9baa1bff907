"""Values of one field, from what its kind says of itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from indicatree.arithmetic import Quantity
from indicatree.data import fields
from indicatree.data.fields import wholes_of
from indicatree.problems import DeclarationError, Problem
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indicatree.data.fields import Kind

__all__ = ["figures", "is_number", "limits_in", "limits_of", "minor_units", "own_strategy", "register_kind", "taken"]

_own_kinds: dict[type[Kind], Callable[[Any], st.SearchStrategy[Any]]] = {}
_NAMES = st.one_of(
    st.sampled_from(["甲项目", "Project A", 'a"b', "𠮷", "=1+1", ""]),
    st.text(st.characters(exclude_categories=["C"]), max_size=6),
)
_FIRST_DAY, _DAYS = 737_425, 1_500
"""Days are drawn from 2020-01-01 on, for four years."""


def register_kind(kind: type[Kind], strategy: Callable[[Any], st.SearchStrategy[Any]]) -> None:
    """Say how values of a kind of field of your own are drawn.

    Args:
        kind: The class of the kind.
        strategy: From a kind to a strategy for its values, as records take them.
    """
    _own_kinds[kind] = strategy


def figures(kind: Kind | Any) -> st.SearchStrategy[Any]:
    """Values of one field, within its limits and with its decimal places; none is missing.

    Args:
        kind: The kind of the field, as `record_type` gives it.

    Raises:
        DeclarationError: Nothing is known of such a kind; see `register_kind`.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.survey", title=it.Text(zh="调查", en="Survey"))
        ... class Survey:
        ...     content: fields.Share = fields.share("满意率", "content", places=2)
        >>> from hypothesis import given
        >>> @given(figures(it.record_type(Survey).fields["content"]))
        ... def check(value):
        ...     assert 0 <= value <= 1
        >>> check()
    """
    own = own_strategy(kind)
    if own is not None:
        return own
    if isinstance(kind, fields.Flag):
        return st.booleans()
    if isinstance(kind, fields.Choice):
        return st.sampled_from(sorted(kind.options))
    if isinstance(kind, fields.Words):
        return _NAMES
    if is_number(kind):
        unit = 10 ** getattr(kind, "places", 0)
        return minor_units(kind).map(lambda number: Quantity(number, unit))
    message = Text(
        zh=f"不知道 {type(kind).__name__} 取哪些值", en=f"nothing is known of the values of a {type(kind).__name__}"
    )
    fix = Text(
        zh="说明如何生成：indicatree.testing.register_kind(kind, strategy)",
        en="say how they are drawn: indicatree.testing.register_kind(kind, strategy)",
    )
    raise DeclarationError([Problem("unknown-kind", kind.title["en"], message, fix)])


def own_strategy(kind: Any) -> st.SearchStrategy[Any] | None:
    """The strategy that was registered for a kind, or for one that it inherits from."""
    return next((_own_kinds[cls](kind) for cls in type(kind).__mro__ if cls in _own_kinds), None)


def is_number(kind: Any) -> bool:
    """Whether values are quantities with limits and decimal places."""
    return isinstance(getattr(kind, "missing", None), Quantity) and hasattr(kind, "places")


def limits_of(kind: Any) -> tuple[int, int]:
    """The least and the largest value in units of the last decimal place."""
    return kind.least.scaled(kind.places), kind.most.scaled(kind.places)


def limits_in(kinds: Mapping[str, Kind], values: Mapping[str, Any], name: str) -> tuple[int, int]:
    """The limits of a field beside the other figures of its record: from its parts up to its whole."""
    kind: Any = kinds[name]
    low, high = limits_of(kind)
    wholes = wholes_of(kinds, name)
    parts = [other for other in kinds if name in wholes_of(kinds, other)]
    for other, value in taken(kinds, {other: values.get(other) for other in (*wholes, *parts)}).items():
        number = value.scaled(kind.places)
        low, high = (low, min(high, number)) if other in wholes else (max(low, number), high)
    return min(low, high), high


def taken(kinds: Mapping[str, Kind], values: Mapping[str, Any]) -> dict[str, Any]:
    """The figures that are there, of values as a record takes them; what it refuses it tells itself."""
    found = {}
    for name, value in values.items():
        try:
            figure = None if value is None else kinds[name].take(value)
        except fields.RefusedError:
            continue
        if figure is not None and not kinds[name].is_missing(figure):
            found[name] = figure
    return found


def minor_units(kind: Any) -> st.SearchStrategy[int]:
    """Numbers of units of the last decimal place, within the limits of a kind."""
    low, high = limits_of(kind)
    if isinstance(kind, fields.Date):
        return whole_numbers(0, max(low, _FIRST_DAY), min(high, _FIRST_DAY + _DAYS))
    return whole_numbers(kind.places, low, high)


@cache
def whole_numbers(places: int, low: int, high: int) -> st.SearchStrategy[int]:
    """Numbers of minor units: small and round ones, any small ones, and any at all."""
    unit = 10**places
    found = []
    for grain in dict.fromkeys((unit, unit, max(unit // 100, 1), unit * 1000, 1)):
        first, last = max(-(-low // grain), -50), min(high // grain, 20_000 if grain == 1 else 300)
        if first <= last:
            found.append(st.integers(first, last).map(lambda number, grain=grain: number * grain))  # type: ignore[misc]
    return st.one_of(*found, st.integers(low, high))
