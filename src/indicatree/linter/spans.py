"""Which values a measure can have at all, from the limits of its fields."""

from __future__ import annotations

from functools import reduce
from math import gcd
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, exact
from indicatree.data import record_type
from indicatree.data.fields import wholes_of
from indicatree.indicators import Measured
from indicatree.scheme import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indicatree.indicators import Indicator

__all__ = ["BY_VALUE", "Span", "grain_of", "span_of"]

BY_VALUE: Callable[[Quantity], Any] = attrgetter("fraction")
"""Orders defined quantities, for sorted, min and max."""

_ZERO = Quantity(0)


@attrs.frozen
class Span:
    """Values from ``low`` to ``high``; None for an end that is open. It may hold values that no data gives."""

    low: Quantity | None = None
    high: Quantity | None = None

    @property
    def is_positive(self) -> bool:
        """Whether it holds no value below zero."""
        return self.low is not None and not self.low < 0

    def __contains__(self, value: Quantity) -> bool:
        """Whether a value lies in it."""
        return (self.low is None or bool(self.low <= value)) and (self.high is None or bool(value <= self.high))

    def meets(self, limits: rules.Limits) -> bool:
        """Whether some value in it lies within limits."""
        lower, upper = limits.lower, limits.upper
        if self.high is not None and lower is not None:
            edge, excluded = lower
            if self.high < edge or (self.high == edge and excluded):
                return False
        if self.low is not None and upper is not None:
            edge, included = upper
            return not (self.low > edge or (self.low == edge and not included))
        return True

    def meets_multiple(self, limits: rules.Limits, grain: Quantity) -> bool:
        """Whether some whole multiple of a size in it lies within limits."""
        if not self.meets(limits):
            return False
        above = [(edge[0], edge[1]) for edge in (limits.lower, self.as_limits().lower) if edge is not None]
        if not above:
            return True  # far enough below there are some
        least = max(
            ((edge / grain).floored() + 1 if excluded else (edge / grain).ceiled() for edge, excluded in above),
            key=BY_VALUE,
        )
        value = least * grain
        return value in self and bool(limits.holds(value))

    def as_limits(self) -> rules.Limits:
        """The same as limits, which can be put into words."""
        return rules.Limits(at_least=self.low, at_most=self.high)

    def __neg__(self) -> Span:
        """Every opposite."""
        return Span(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __add__(self, other: Span) -> Span:
        """Every sum."""
        return Span(_both(self.low, other.low), _both(self.high, other.high))

    def __mul__(self, other: Span) -> Span:
        """Every product."""
        if self == other == Span():
            return Span()
        ends = (self.low, self.high, other.low, other.high)
        if None not in ends:
            corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]  # type: ignore[operator]
            return Span(min(corners, key=BY_VALUE), max(corners, key=BY_VALUE))
        if self.is_positive and other.is_positive:
            return Span(self.low * other.low, None)  # type: ignore[operator]
        return Span()

    def __truediv__(self, other: Span) -> Span:
        """Every ratio that is defined."""
        if not other.is_positive or other.low is None or other.high == 0:
            return Span()
        if other.low > 0 and other.high is not None and self.low is not None and self.high is not None:
            corners = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
            return Span(min(corners, key=BY_VALUE), max(corners, key=BY_VALUE))
        if self.is_positive:
            least = _ZERO if other.high is None or self.low is None else self.low / other.high
            return Span(least, None)
        return Span(None, _ZERO) if self.high is not None and not self.high > 0 else Span()

    def __abs__(self) -> Span:
        """Every magnitude."""
        if self.is_positive:
            return self
        if self.high is not None and not self.high > 0:
            return -self
        ends = [abs(end) for end in (self.low, self.high) if end is not None]
        return Span(_ZERO, max(ends, key=BY_VALUE) if len(ends) == 2 else None)  # noqa: PLR2004 - both ends


def _both(first: Quantity | None, second: Quantity | None) -> Quantity | None:
    return None if first is None or second is None else first + second


def _hull(spans: Iterable[Span]) -> Span:
    found = list(spans)
    lows = [span.low for span in found if span.low is not None]
    highs = [span.high for span in found if span.high is not None]
    return Span(
        min(lows, key=BY_VALUE) if len(lows) == len(found) else None,
        max(highs, key=BY_VALUE) if len(highs) == len(found) else None,
    )


def span_of(indicator: Indicator) -> Span:
    """The values that an indicator can have; both ends are open where nothing is known.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.survey", title=it.Text(zh="调查", en="Survey"))
        ... class Survey:
        ...     content: fields.Share = fields.share("满意率", "content")
        >>> @it.indicator("demo.discontent", tier=it.Tier.EFFECT, title=it.Text(zh="不满意率", en="Discontent"))
        ... def discontent(survey: Survey):
        ...     return 1 - survey.content
        >>> span_of(discontent)
        Span(low=Quantity(0), high=Quantity(1))
    """
    if not isinstance(indicator, Measured):
        return Span(_ZERO, Quantity(1))
    return _span(indicator.formula) if indicator.formula is not None else Span()


def _span(node: Any) -> Span:
    if node.op == "figure":
        kind = node.args[2]
        return Span(getattr(kind, "least", None), getattr(kind, "most", None))
    if node.op == "constant":
        value = exact(node.args[0])
        return Span(value, value) if value.is_defined else Span()
    return _OPERATIONS.get(node.op, lambda _: Span())(node.args)


def grain_of(indicator: Indicator) -> Quantity | None:
    """The size of which every value of an indicator is a whole multiple, and by which the least change changes it.

    None where there is no such size, as for a ratio.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.cases", title=it.Text(zh="违规", en="Cases"))
        ... class Cases:
        ...     found: fields.Count = fields.count("起数", "found")
        >>> @it.indicator("demo.found", tier=it.Tier.PROCESS, unit=it.NUMBER, title=it.Text(zh="起数", en="Found"))
        ... def found(cases: Cases):
        ...     return cases.found
        >>> grain_of(found)
        Quantity(1)
    """
    if not isinstance(indicator, Measured) or indicator.formula is None:
        return None
    grain = _grain(indicator.formula)
    return grain if grain is not None and grain > 0 else None


def _grain(node: Any) -> Quantity | None:
    if node.op == "figure":
        places = getattr(node.args[2], "places", None)
        return None if places is None else Quantity(1, 10**places)
    if node.op == "constant":
        value = exact(node.args[0])
        return abs(value) if value.is_defined else _ZERO  # nothing, or no value at all: it changes no size
    return _GRAINS.get(node.op, lambda _: None)(node.args)


def _scaled(args: Any) -> Quantity | None:
    """A product by a constant; of two figures, the least change of one changes it by the size of the other."""
    first, second = map(_grain, args)
    fixed = any(arg.op == "constant" for arg in args)
    return first * second if fixed and first is not None and second is not None else None


def _divided(args: Any) -> Quantity | None:
    first, second = map(_grain, args)
    fixed = args[1].op == "constant" and second is not None and second > 0
    return first / second if fixed and first is not None else None


def _whole_grain(args: Any) -> Quantity:
    inner = _grain(args[0])
    return inner if inner is not None and inner.fraction.denominator == 1 and inner > 0 else Quantity(1)


def _common_grain(nodes: Iterable[Any]) -> Quantity | None:
    """The size that goes into several without a rest."""
    found = [_grain(node) for node in nodes]

    def common(first: Quantity, second: Quantity) -> Quantity:
        a, b = first.fraction, second.fraction
        return Quantity(gcd(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator)

    known = [grain for grain in found if grain is not None]
    return reduce(common, known) if len(known) == len(found) else None


def _total(args: Any) -> Span:
    """A sum over any number of items: it keeps the sign of the items."""
    item = _span(args[0])
    return Span(_ZERO if item.is_positive else None, _ZERO if item.high is not None and not item.high > 0 else None)


def _chosen(args: Any) -> Span:
    """One of two values, or the one where the other stands for no value at all."""
    there = [arg for arg in args[1:] if arg.op != "constant" or exact(arg.args[0]).is_defined]
    return _hull(map(_span, there)) if there else Span()


def _extreme(args: Any, *, largest: bool) -> Span:
    skip, *operands = args
    spans = [_span(operand) for operand in operands]
    if skip:  # any of them may be the only one that is there
        return _hull(spans)
    pick = max if largest else min
    lows, highs = [span.low for span in spans], [span.high for span in spans]
    known_lows, known_highs = [low for low in lows if low is not None], [high for high in highs if high is not None]
    # the largest is at least as large as any low end that is known, and the other way round
    low = pick(known_lows, key=BY_VALUE) if known_lows and (largest or len(known_lows) == len(lows)) else None
    high = pick(known_highs, key=BY_VALUE) if known_highs and (not largest or len(known_highs) == len(highs)) else None
    return Span(low, high)


def _ratio(args: Any) -> Span:
    """A ratio. Where the divisor is a part of the dividend, as in a rate of change, that part of it is 1 or -1."""
    above, below = args
    if _is_part(above, below):
        return Span(_ZERO, Quantity(1))
    divisor = _span(below)
    plain = _span(above) / divisor
    if above.op not in {"+", "-"}:
        return plain
    first, second = above.args
    same = repr(below)  # a term says all of itself
    one = Span(Quantity(1), Quantity(1))
    negative = above.op == "-"
    if repr(second) == same:
        apart = _ratio((first, below)) + (-one if negative else one)
    elif repr(first) == same:
        other = _ratio((second, below))
        apart = one + (-other if negative else other)
    else:
        return plain
    lows = [low for low in (plain.low, apart.low) if low is not None]
    highs = [high for high in (plain.high, apart.high) if high is not None]
    return Span(max(lows, key=BY_VALUE, default=None), min(highs, key=BY_VALUE, default=None))


def _is_part(first: Any, second: Any) -> bool:
    """Whether a figure is declared part of another of its record; or both added up over the same line items."""
    if first.op == second.op == "total":
        return repr(first.args[1:]) == repr(second.args[1:]) and _is_part(first.args[0], second.args[0])
    if first.op != "figure" or second.op != "figure" or first.args[0] != second.args[0]:
        return False
    return second.args[1] in wholes_of(record_type(first.args[3]).fields, first.args[1])


def _rounded(args: Any) -> Span:
    inner = _span(args[0])
    return Span(None if inner.low is None else inner.low.floored(), None if inner.high is None else inner.high.ceiled())


_OPERATIONS: dict[str, Callable[[Any], Span]] = {
    "+": lambda args: _span(args[0]) + _span(args[1]),
    "-": lambda args: _span(args[0]) + -_span(args[1]),
    "*": lambda args: _span(args[0]) * _span(args[1]),
    "/": _ratio,
    "neg": lambda args: -_span(args[0]),
    "abs": lambda args: abs(_span(args[0])),
    "where": _chosen,
    "floor": _rounded,
    "ceil": _rounded,
    "minimum": lambda args: _extreme(args, largest=False),
    "maximum": lambda args: _extreme(args, largest=True),
    "smallest": lambda args: _span(args[1]),
    "largest": lambda args: _span(args[1]),
    "total": _total,
    "count": lambda _: Span(_ZERO, None),
}

_GRAINS: dict[str, Callable[[Any], Quantity | None]] = {
    "+": _common_grain,
    "-": _common_grain,
    "*": _scaled,
    "/": _divided,
    "neg": lambda args: _grain(args[0]),
    "abs": lambda args: _grain(args[0]),
    "where": lambda args: _common_grain(args[1:]),
    "floor": _whole_grain,
    "ceil": _whole_grain,
    "minimum": lambda args: _common_grain(args[1:]),
    "maximum": lambda args: _common_grain(args[1:]),
    "smallest": lambda args: _grain(args[1]),
    "largest": lambda args: _grain(args[1]),
    "total": lambda args: _grain(args[0]),
    "count": lambda _: Quantity(1),
}
