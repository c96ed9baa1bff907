"""Exact quantities: a numerator, a denominator and a state, and the conditions they meet."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from indicatree.arithmetic.rounding import Rounding, round_ratio
from indicatree.problems import ExactnessError, Problem, quoted
from indicatree.text import SaidError, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "MISSING",
    "UNDEFINED",
    "Number",
    "OperandError",
    "Quantity",
    "State",
    "Unsettled",
    "UnsettledError",
    "exact",
    "float_refused",
]

Number = "Quantity | int | Decimal | Fraction | str"

# A number with more digits than this is a slip or an attack, not a figure; it is refused before
# it is expanded (Decimal("1e999999999") is eleven characters).
_MOST_DIGITS = 400
_TOO_LARGE = 10**_MOST_DIGITS


class State(IntEnum):
    """Whether a quantity has a value. The higher state wins when quantities meet.

    Attributes:
        DEFINED: There is a value.
        UNDEFINED: A division by zero on the way: the figures are there, but give no value.
        MISSING: A figure is not there.
    """

    DEFINED = 0
    UNDEFINED = 1
    MISSING = 2


_WORDS = {
    State.DEFINED: Text(zh="只知其范围", en="known only within a range"),
    State.UNDEFINED: Text(zh="无法计算", en="undefined"),
    State.MISSING: Text(zh="缺失", en="missing"),
}


class OperandError(SaidError, TypeError):
    """An operation on something that it does not take.

    Attributes:
        what: What is wrong.
        instead: What to write instead; empty where that is not known.
        said: Both, in one sentence.
    """

    def __init__(self, what: str | Text, instead: str | Text = "") -> None:
        """Hold the two parts of what is said."""
        self.what, self.instead = Text.of(what), Text.of(instead)
        super().__init__(self.what + Text(zh="：", en=": ") + self.instead if self.instead else self.what)


class UnsettledError(ExactnessError):
    """A decision was asked of a condition whose figures are missing or undefined.

    Attributes:
        state: Why there is no answer.
    """

    def __init__(self, state: int) -> None:
        """Say which state kept the condition from being settled."""
        self.state = State(state)
        word = _WORDS[self.state]
        message = Text(
            zh=f"条件中的数值{word['zh']}，不能判断是否成立",
            en=f"a condition on a value that is {word['en']} is neither true nor false",
        )
        super().__init__([Problem("unsettled", "", message)])

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the state, not from the problems."""
        return type(self), (self.state,)


class Unsettled:
    """A condition that cannot be answered, because a value in it is missing or undefined.

    A settled condition on single quantities is a plain ``bool``.
    """

    __slots__ = ("state",)
    state: int

    def __init__(self, state: int) -> None:
        """Hold the state that kept the condition from being settled."""
        self.state = state

    def __bool__(self) -> bool:
        """Refuse to be taken for true or false."""
        raise UnsettledError(self.state)

    def _meet(self, other: object) -> Any:
        if isinstance(other, Unsettled):
            return self if self.state >= other.state else other
        if isinstance(other, bool):
            return self
        return NotImplemented

    __and__ = __rand__ = __or__ = __ror__ = _meet

    def __invert__(self) -> Unsettled:
        """Not knowing stays not knowing."""
        return self

    def __eq__(self, other: object) -> bool:
        """Whether the same state keeps both from being settled."""
        return self.state == other.state if isinstance(other, Unsettled) else NotImplemented

    def __hash__(self) -> int:
        """By the state."""
        return hash(("unsettled", self.state))

    def choose(self, then: object, otherwise: object) -> Quantity:  # noqa: ARG002 - no branch is taken
        """The choice between two values is as unknown as the condition."""
        return _states[self.state]

    def __repr__(self) -> str:
        """Name the state."""
        return f"Unsettled({State(self.state).name})"


class Quantity:
    """An exact rational with a state. Immutable.

    Arithmetic never rounds and never meets a float: integers, ``Decimal`` and ``Fraction`` mix
    freely with quantities, floats are refused. Every operation passes the state on; a division by
    zero is *undefined*, a figure that is not there is *missing*, and missing wins.

    ``==`` is Python's equality of two objects (a missing quantity equals a missing quantity), so
    that quantities live in sets and results compare. Inside a measure write ``equal(a, b)``.

    Attributes:
        numerator: An integer.
        denominator: An integer above zero; not always in lowest terms.
        state: A `State`; where it is not ``DEFINED`` the parts are 0 and 1 and mean nothing.

    Example:
        >>> rate = exact("42591.88") / exact("53232.6")
        >>> rate.percent(2)
        '80.01%'
        >>> rate.text
        '1064797/1330815'
        >>> (rate / 0).state.name
        'UNDEFINED'
    """

    __slots__ = ("_denominator", "_numerator", "_state")
    _numerator: int
    _denominator: int
    _state: State
    rank: ClassVar[int] = 0

    def __init__(self, numerator: int, denominator: int = 1) -> None:
        """A defined quantity; a denominator of zero gives an undefined one."""
        parts = (numerator, denominator)
        if not all(isinstance(part, int) and not isinstance(part, bool) for part in parts):
            what = Text(
                zh=f"应为整数，实际为 {numerator!r} 和 {denominator!r}",
                en=f"expected integers, got {numerator!r} and {denominator!r}",
            )
            raise OperandError(what, Text(zh="其他数用 exact() 转换", en="other numbers come in through exact()"))
        sign = -1 if denominator < 0 else 1
        self._numerator = int(numerator) * sign if denominator else 0
        self._denominator = int(denominator) * sign or 1
        self._state = State.DEFINED if denominator else State.UNDEFINED

    @property
    def numerator(self) -> int:
        """The integer above the line."""
        return self._numerator

    @property
    def denominator(self) -> int:
        """The integer below the line, above zero."""
        return self._denominator

    @property
    def state(self) -> State:
        """Whether there is a value."""
        return self._state

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the parts."""
        return _make, (self._numerator, self._denominator, self._state)

    # Arithmetic. Equal denominators are the usual case (amounts in minor units), so they are
    # tried first: sums keep the denominator, ratios lose it.

    def __add__(self, other: Any) -> Quantity:
        """The sum."""
        if type(other) is not Quantity and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        if self._state or other._state:
            return _worse(self, other)
        if self._denominator == other._denominator:
            return _make(self._numerator + other._numerator, self._denominator)
        return _make(
            self._numerator * other._denominator + other._numerator * self._denominator,
            self._denominator * other._denominator,
        )

    __radd__ = __add__

    def __sub__(self, other: Any) -> Quantity:
        """The difference."""
        if type(other) is not Quantity and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        if self._state or other._state:
            return _worse(self, other)
        if self._denominator == other._denominator:
            return _make(self._numerator - other._numerator, self._denominator)
        return _make(
            self._numerator * other._denominator - other._numerator * self._denominator,
            self._denominator * other._denominator,
        )

    def __rsub__(self, other: Any) -> Quantity:
        """The difference, the other way."""
        other = _operand(other)
        return NotImplemented if other is NotImplemented else other - self

    def __mul__(self, other: Any) -> Quantity:
        """The product."""
        if type(other) is not Quantity and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        if self._state or other._state:
            return _worse(self, other)
        return _make(self._numerator * other._numerator, self._denominator * other._denominator)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Quantity:
        """The ratio; undefined where the divisor is zero."""
        if type(other) is not Quantity and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        if self._state or other._state:
            return _worse(self, other)
        divisor = other._numerator
        if divisor > 0:
            if self._denominator == other._denominator:
                return _make(self._numerator, divisor)
            return _make(self._numerator * other._denominator, self._denominator * divisor)
        if divisor < 0:
            return _make(-self._numerator * other._denominator, -self._denominator * divisor)
        return UNDEFINED

    def __rtruediv__(self, other: Any) -> Quantity:
        """The ratio, the other way."""
        other = _operand(other)
        return NotImplemented if other is NotImplemented else other / self

    def __neg__(self) -> Quantity:
        """The opposite."""
        return self if self._state else _make(-self._numerator, self._denominator)

    def __pos__(self) -> Quantity:
        """The same."""
        return self

    def __abs__(self) -> Quantity:
        """The magnitude."""
        return -self if self._numerator < 0 else self

    # Conditions: a plain bool where both sides are defined.

    def __lt__(self, other: Any) -> bool | Unsettled:
        """Whether it is less, by cross-multiplication."""
        if type(other) is not Quantity and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        if self._state or other._state:
            return Unsettled(max(self._state, other._state))
        return self._numerator * other._denominator < other._numerator * self._denominator

    def __le__(self, other: Any) -> bool | Unsettled:
        """Whether it is less or equal."""
        if type(other) is not Quantity and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        if self._state or other._state:
            return Unsettled(max(self._state, other._state))
        return self._numerator * other._denominator <= other._numerator * self._denominator

    def __gt__(self, other: Any) -> bool | Unsettled:
        """Whether it is more."""
        if type(other) is not Quantity and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        if self._state or other._state:
            return Unsettled(max(self._state, other._state))
        return self._numerator * other._denominator > other._numerator * self._denominator

    def __ge__(self, other: Any) -> bool | Unsettled:
        """Whether it is more or equal."""
        if type(other) is not Quantity and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        if self._state or other._state:
            return Unsettled(max(self._state, other._state))
        return self._numerator * other._denominator >= other._numerator * self._denominator

    def equals(self, other: Any) -> bool | Unsettled:
        """Whether the values are equal, as a condition: unsettled where one is not defined."""
        if type(other) is not Quantity:
            given, other = other, _operand(other)
            if other is NotImplemented:
                said = Text(
                    zh=f"与之比较的应为精确的数，实际为 {given!r}",
                    en=f"expected an exact number to compare with, got {given!r}",
                )
                raise OperandError(said)
        if self._state or other._state:
            return Unsettled(max(self._state, other._state))
        return bool(self._numerator * other._denominator == other._numerator * self._denominator)

    def __eq__(self, other: object) -> bool:
        """Whether this is the same exact value, or the same lack of one."""
        if not isinstance(other, Quantity):
            if isinstance(other, bool) or not isinstance(other, int | Fraction | Decimal):
                return NotImplemented
            if self._state:
                return False
            return self.fraction == other
        return (
            self._state == other._state and self._numerator * other._denominator == other._numerator * self._denominator
        )

    def __hash__(self) -> int:
        """Equal to the hash of the equal int, ``Fraction`` or ``Decimal``."""
        return hash(("state", self._state)) if self._state else hash(self.fraction)

    def __bool__(self) -> bool:
        """Refuse: zero, missing and undefined are different things."""
        instead = Text(zh="请作比较（value > 0），或查看 is_defined", en="compare it (value > 0), or ask is_defined")
        raise OperandError(Text(zh="数值没有真假之分", en="a quantity is neither true nor false"), instead)

    # What the functions of the algebra ask of every kind of operand.

    def floored(self) -> Quantity:
        """The largest whole number that is not more."""
        return self if self._state else _make(self._numerator // self._denominator, 1)

    def ceiled(self) -> Quantity:
        """The smallest whole number that is not less."""
        return self if self._state else _make(-(-self._numerator // self._denominator), 1)

    @staticmethod
    def extreme(operands: Sequence[Any], skip: frozenset[State], *, largest: bool) -> Quantity:
        """The smallest or the largest; operands in a state named by ``skip`` are passed over."""
        quantities = [exact(operand) for operand in operands]
        kept = [quantity for quantity in quantities if quantity._state not in skip]
        if not kept:
            return _worst(quantities) if quantities else UNDEFINED
        worst = _worst(kept)
        if worst._state:
            return worst
        result = kept[0]
        for quantity in kept[1:]:
            if quantity > result if largest else quantity < result:
                result = quantity
        return result

    # Out of the exact world, on purpose and by name.

    @property
    def is_defined(self) -> bool:
        """Whether there is a value."""
        return not self._state

    @property
    def fraction(self) -> Fraction:
        """The value in lowest terms.

        Raises:
            UnsettledError: The quantity is missing or undefined.
        """
        if self._state:
            raise UnsettledError(self._state)
        return Fraction(self._numerator, self._denominator)

    def scaled(self, places: int, rounding: Rounding = Rounding.HALF_UP) -> int:
        """The value in units of ``10**-places``, rounded to a whole number of them.

        Raises:
            UnsettledError: The quantity is missing or undefined.
        """
        if places < 0:
            msg = f"expected 0 or more decimal places, got {places}"
            raise ValueError(msg)
        return self.in_units(10**places, rounding)

    def in_units(self, factor: int, rounding: Rounding = Rounding.HALF_UP) -> int:
        """The value in units of ``1/factor``, rounded to a whole number of them; see `scaled`."""
        if self._state:
            raise UnsettledError(self._state)
        if self._denominator == 1:
            return self._numerator * factor
        return round_ratio(self._numerator * factor, self._denominator, rounding)

    def rounded(self, places: int, rounding: Rounding = Rounding.HALF_UP) -> Quantity:
        """The value rounded to decimal places, as a quantity."""
        return self if self._state else _make(self.scaled(places, rounding), 10**places)

    def decimal(self, places: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
        """The value rounded to decimal places, as a ``Decimal`` with just that many."""
        return _decimal(self.scaled(places, rounding), places)

    def percent(self, places: int = 2, rounding: Rounding = Rounding.HALF_UP) -> str:
        """The value as a percentage in text, such as ``80.01%``."""
        return f"{_decimal(self.scaled(places + 2, rounding), places):f}%"

    @property
    def text(self) -> str:
        """The exact value in text: a decimal where it is finite, else a fraction in lowest terms.

        A missing or undefined quantity gives the word.
        """
        if self._state:
            return self._state.name.lower()
        value = self.fraction
        places = _decimal_places(value.denominator)
        if places is None:
            return f"{value.numerator}/{value.denominator}"
        return f"{_decimal(value.numerator * 10**places // value.denominator, places):f}"

    def __repr__(self) -> str:
        """The value in text."""
        return f"Quantity({self.text})"

    def __str__(self) -> str:
        """The value in text."""
        return self.text

    def __float__(self) -> NoReturn:
        """Refuse: a float would not be exact."""
        what = Text(zh="数值不会自动转为浮点数", en="a quantity does not become a float by itself")
        instead = Text(zh="请用 .decimal(places)、.fraction 或 .text", en="use .decimal(places), .fraction or .text")
        raise OperandError(what, instead)

    def __round__(self, places: int | None = None) -> NoReturn:
        """Refuse: the kind of rounding must be said."""
        instead = Text.of("value.rounded(places, Rounding.HALF_UP)")
        raise OperandError(Text(zh="请写明舍入方式", en="say how to round"), instead)


_blank = object.__new__


def _make(numerator: int, denominator: int, state: State = State.DEFINED) -> Quantity:
    """A quantity from parts that are known to be right; the checks of ``Quantity()`` cost a third."""
    quantity = _blank(Quantity)
    quantity._numerator = numerator
    quantity._denominator = denominator
    quantity._state = state
    return quantity


UNDEFINED = _make(0, 1, State.UNDEFINED)
MISSING = _make(0, 1, State.MISSING)
_states: dict[int, Quantity] = {State.UNDEFINED: UNDEFINED, State.MISSING: MISSING}


def _worse(first: Quantity, second: Quantity) -> Quantity:
    return _states[max(first._state, second._state)]


def _worst(quantities: Iterable[Quantity]) -> Quantity:
    return max(quantities, key=lambda quantity: quantity._state)


def _operand(value: Any) -> Any:
    if isinstance(value, bool):
        return NotImplemented
    if isinstance(value, int):
        return _make(value, 1)
    if isinstance(value, Decimal | Fraction):
        return exact(value)
    if isinstance(value, float):
        raise OperandError(*float_refused(value))
    return NotImplemented


def float_refused(value: float) -> tuple[Text, Text]:
    """What is said of a float among exact numbers, and what to write instead."""
    return Text(zh="浮点数不精确", en="a float is not exact"), Text(
        zh=f"请把 {value!r} 写成 Decimal('{value!r}') 或 exact('{value!r}')",
        en=f"write Decimal('{value!r}') or exact('{value!r}') instead of {value!r}",
    )


def _decimal(scaled: int, places: int) -> Decimal:
    digits = tuple(map(int, str(abs(scaled))))
    return Decimal((1 if scaled < 0 else 0, digits, -places))


def _decimal_places(denominator: int) -> int | None:
    """How many decimal places a fraction in lowest terms needs, or None where it never ends."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 and max(twos, fives) <= _MOST_DIGITS else None


_NUMBER = re.compile(r"([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,3}))?\s*(%?)", re.ASCII)
_FRACTION = re.compile(r"([+-]?\d+)/(\d+)", re.ASCII)


def exact(value: Quantity | int | Decimal | Fraction | float | str) -> Quantity:  # noqa: PYI041 - a float is taken otherwise than an int
    """Take a number exactly.

    Args:
        value: An int, ``Decimal``, ``Fraction``, quantity, or text: ``"12.5"``, ``"80%"``,
            ``"1/3"``. A float is taken at its shortest decimal (its ``repr``).

    Raises:
        ExactnessError: The value is no finite number, or has more than 400 digits.

    Example:
        >>> exact("80.01%") == exact("0.8001")
        True
        >>> exact(0.1).text
        '0.1'
    """
    if isinstance(value, Quantity):
        return value
    if isinstance(value, bool):
        raise _refused(value)
    if isinstance(value, int):
        return _make(_sized(int(value)), 1)
    if isinstance(value, Fraction):
        return _make(_sized(value.numerator), _sized(value.denominator))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _refused(value)
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return _exact_decimal(value)
    if isinstance(value, str):
        return _exact_text(value)
    raise _refused(value)


def _exact_decimal(value: Decimal) -> Quantity:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise _refused(value)
    if len(digits) + max(exponent, 0) > _MOST_DIGITS or -exponent > _MOST_DIGITS:
        raise _too_long()
    magnitude = int("".join(map(str, digits)))
    whole = -magnitude if sign else magnitude
    return _make(whole * 10**exponent, 1) if exponent >= 0 else _make(whole, 10**-exponent)


def _exact_text(value: str) -> Quantity:
    stripped = value.strip()
    if len(stripped) > 2 * _MOST_DIGITS + 3:
        raise _too_long()
    if match := _FRACTION.fullmatch(stripped):
        numerator, denominator = int(match[1]), int(match[2])
        if not denominator:
            expected = Text(zh="分母大于零的分数", en="a fraction whose denominator is above zero")
            raise _refused(value, expected)
        return _make(_sized(numerator), _sized(denominator))
    match = _NUMBER.fullmatch(stripped)
    if match is None:
        raise _refused(value)
    sign, digits, exponent, percent = match.groups()
    return _exact_decimal(Decimal(f"{sign}{digits}e{int(exponent or 0) - 2 * bool(percent)}"))


def _sized(part: int) -> int:
    if abs(part) >= _TOO_LARGE:
        raise _too_long()
    return part


def _too_long() -> ExactnessError:
    message = Text(
        zh=f"数字最多 {_MOST_DIGITS} 位，实际超出", en=f"expected a number of at most {_MOST_DIGITS} digits, got more"
    )
    return ExactnessError([Problem("not-exact", "", message)])


_FINITE = Text(zh="有限的数", en="a finite number")


def _refused(value: object, expected: Text = _FINITE) -> ExactnessError:
    got = quoted(value)
    message = Text(zh=f"应为{expected['zh']}，实际为 {got}", en=f"expected {expected['en']}, got {got}")
    fix = Text()
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value[:_MOST_DIGITS]).strip()
        if plain != value and (_NUMBER.fullmatch(plain) or _FRACTION.fullmatch(plain)):
            fix = Text(zh=f"写 {quoted(plain)}", en=f"write {quoted(plain)}")
    return ExactnessError([Problem("not-exact", "", message, fix)])
