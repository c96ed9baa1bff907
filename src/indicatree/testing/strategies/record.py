"""Records and line items, from what their fields say of themselves.

Figures of one record are drawn near to each other, as budgets and spending are: equal, one minor unit apart, a share
of one another. A part is never drawn above its whole, and often equal to it. Where a scheme is given, they are drawn
so that values lie on the edges of its rules, and one minor unit beside, more often than chance would have it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from indicatree.arithmetic import Quantity, Unsettled
from indicatree.data import Items, record_type
from indicatree.data.fields import excesses, wholes_of
from indicatree.problems import DeclarationError, Problem, did_you_mean
from indicatree.testing.strategies.aim import aims_of
from indicatree.testing.strategies.figure import (
    figures,
    is_number,
    limits_in,
    limits_of,
    minor_units,
    own_strategy,
    taken,
)
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from indicatree.data.fields import Kind
    from indicatree.scheme import Scheme
    from indicatree.testing.strategies.aim import Aim

__all__ = ["items", "records", "values_of"]

Record = TypeVar("Record")

_PERCENTS = st.integers(0, 99)
_POSITIONS = st.integers(0, 1000)
_HOW = st.sampled_from(["own", "own", "same", "beside", "share", "share"])
_BESIDE = st.sampled_from([1, -1])
_SHARES = st.one_of(st.sampled_from([100, 100, 90, 95, 80, 101, 99, 50, 150, 0]), st.integers(0, 300))


class _Drawn:
    """The numbers drawn so far for one record, to which the next ones are drawn near."""

    def __init__(self) -> None:
        self.earlier: dict[type[Kind], list[Fraction]] = {}

    def number(self, draw: st.DrawFn, kind: Any, limits: tuple[int, int]) -> Quantity:
        unit = 10**kind.places
        earlier = self.earlier.setdefault(type(kind), [])
        how = draw(_HOW) if earlier else "own"
        if how == "own":
            number = draw(minor_units(kind))
        else:
            base = earlier[draw(_POSITIONS) % len(earlier)] * unit
            if how == "share":
                base = base * draw(_SHARES) / 100
            number = int(base) + (draw(_BESIDE) if how == "beside" else 0)
        low, high = limits
        number = min(max(number, low), high)
        earlier.append(Fraction(number, unit))
        return Quantity(number, unit)


@cache
def _plan(cls: type) -> tuple[tuple[str, Any, Any], ...]:
    """The fields of a record: name, kind, and the strategy of those that are no plain numbers."""
    kinds = record_type(cls).fields
    plain = {name for name, kind in kinds.items() if is_number(kind) and own_strategy(kind) is None}
    order = sorted(kinds, key=lambda name: len(wholes_of(kinds, name)))  # a whole is drawn before its parts
    return tuple((name, kinds[name], None if name in plain else figures(kinds[name])) for name in order)


def values_of(
    draw: st.DrawFn,
    cls: type,
    given: Mapping[str, Any],
    lacking: int = 0,
    keep: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
) -> dict[str, Any]:
    """A value for each field of a record, or for some of them.

    Args:
        draw: What draws.
        cls: The record class.
        given: A value, or a strategy for it, by field.
        lacking: How many per cent of the figures are missing.
        keep: The fields that are not missing.
        only: The fields that are drawn at all; by default all.
    """
    drawn, kinds = _Drawn(), record_type(cls).fields
    tied = any(getattr(kind, "part_of", "") for kind in kinds.values())
    found = {
        name: draw(value) if isinstance(value, st.SearchStrategy) else value
        for name, value in given.items()
        if name in kinds
    }
    for name, kind, strategy in _plan(cls):
        if name in given or (only is not None and name not in only):
            continue
        if not lacking or name in keep or draw(_PERCENTS) < 100 - lacking:
            if strategy is None:
                limits = limits_in(kinds, found, name) if tied else limits_of(kind)
                found[name] = drawn.number(draw, kind, limits)
            else:
                found[name] = draw(strategy)
    if tied and excesses(kinds, taken(kinds, found)):
        fixed = {name: value for name, value in given.items() if not isinstance(value, st.SearchStrategy)}
        # two strategies may not fit each other; of two figures that do not, the record tells
        assume(excesses(kinds, taken(kinds, fixed)))
    return found


def _checked(cls: type, given: Mapping[str, Any]) -> None:
    kinds = record_type(cls).fields
    message = Text(zh="没有这个字段", en="there is no such field")
    problems = [
        Problem("unknown-field", f"{cls.__qualname__}.{name}", message, did_you_mean(name, kinds))
        for name in given
        if name not in kinds
    ]
    if problems:
        raise DeclarationError(problems)


def _holds(where: Callable[[Any], Any], record: Any) -> bool:
    """Whether a condition holds; one on a figure that is missing does not."""
    answer = where(record)
    return not isinstance(answer, Unsettled) and bool(answer)


def records(
    cls: type[Record],
    /,
    *,
    where: Callable[[Record], Any] | None = None,
    scheme: Scheme | None = None,
    missing: bool = False,
    **given: Any,
) -> st.SearchStrategy[Record]:
    """Records of a class, from what its fields say of themselves.

    Figures of one kind are drawn near to each other: equal, one minor unit apart, a share of one another.

    Args:
        cls: The record class.
        where: A condition that each record must meet; a missing figure in it does not meet it.
        scheme: A scheme whose rules have edges: figures are then drawn so that a value lies exactly on one, or
            one minor unit beside, more often.
        missing: Whether figures may be missing.
        **given: A value, or a strategy for it, by field.

    Raises:
        DeclarationError: The class is no record, or has no such field.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.budget", title=it.Text(zh="预算", en="Budget"))
        ... class Budget:
        ...     planned: fields.Money = fields.money("预算数", "planned")
        ...     spent: fields.Money = fields.money("支出数", "spent")
        >>> from hypothesis import given
        >>> @given(records(Budget, where=lambda budget: budget.spent <= budget.planned))
        ... def check(budget):
        ...     assert budget.planned - budget.spent >= 0
        >>> check()
    """
    _checked(cls, given)
    aims = [] if scheme is None else [aim for aim in aims_of(scheme) if aim.uses(cls)]
    drawn = _record_strategy(cls, given, aims, 15 if missing else 0)
    return drawn if where is None else drawn.filter(lambda record: _holds(where, record))


@st.composite
def _record_strategy(draw: st.DrawFn, cls: type, given: Mapping[str, Any], aims: Sequence[Aim], lacking: int) -> Any:
    record = cls(**values_of(draw, cls, given, lacking))
    if not aims or draw(_PERCENTS) < 25:  # noqa: PLR2004 - most are aimed at an edge
        return record
    aim = aims[draw(_POSITIONS) % len(aims)]
    places = [place for place in aim.places if place.record_class is cls]
    found: dict[str, Any] = {place.record: Items(cls, [record]) if place.many else record for place in places}
    for name, shape in aim.shapes.items():
        if name not in found:
            empty = [values_of(draw, shape.record_class, {})]
            made = [shape.record_class(**values) for values in empty]
            found[name] = Items(shape.record_class, made) if shape.many else made[0]
    moved = aim.toward_edge(draw, found, only=cls, fixed=frozenset(given))
    aimed = moved[places[0].record]
    return aimed.records[0] if isinstance(aimed, Items) else aimed


def items(
    cls: type[Record],
    /,
    *,
    least: int = 0,
    most: int = 4,
    **more: Any,
) -> st.SearchStrategy[Items[Record]]:
    """Line items: a list of records of a class, with `least` to `most` of them.

    Args:
        cls: The record class.
        least: The fewest items.
        most: The most items.
        **more: As `records` takes it.
    """
    return st.lists(records(cls, **more), min_size=least, max_size=most).map(lambda found: Items(cls, found))
