"""Columns as figures: whole numbers of minor units, and which rows hold what is no figure."""

from __future__ import annotations

import operator
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any

import attrs
import narwhals as nw

from indicatree.data import fields
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.data.fields import Kind

__all__ = ["MINOR_UNITS", "Read", "limits_of", "places_of", "read", "refusal", "units_of"]

MINOR_UNITS = "minor units"
"""How amounts are given where whole numbers are minor units (fen) already."""

_EXACT_FLOATS = 2**53
_DAY_BEFORE_MARCH = 306
"""From 1 March of the year 0 to 1 January of the year 1, in days."""


@attrs.frozen
class Read:
    """A column read as a figure.

    Attributes:
        value: The expression of its whole numbers, of its truths or of its words; null where it is missing.
        bad: The expression of the rows that hold no figure; None where no row can.
        plain: Whether the value is the column itself.
    """

    value: Any
    bad: Any = None
    plain: bool = False


def places_of(kind: Kind) -> int:
    """The decimal places in whose units a figure is a whole number."""
    return kind.places if isinstance(kind, _NUMERIC) else 0


_NUMERIC = fields.Money | fields.Count | fields.Number | fields.Share | fields.Date


def limits_of(kind: Any) -> tuple[int, int]:
    """The least and the largest whole number of a figure, in units of its last decimal place."""
    least, most = (kind.least * 10**kind.places).ceiled(), (kind.most * 10**kind.places).floored()
    return least.fraction.numerator, most.fraction.numerator


def units_of(kind: Kind, factor: int | None) -> int:
    """How many of its own units a figure is for each whole number in a column of whole numbers."""
    if isinstance(kind, fields.Money):
        return 1 if factor is None else 10**kind.places * factor
    return int(10 ** places_of(kind))


def refusal(kind: Kind, dtype: Any) -> Text:
    """What is expected, where a column of a type cannot be read as a figure; empty where it can."""
    named, expected = _EXPECTED.get(type(kind), ((), _NUMBERS))
    if named:
        return Text() if dtype in named or isinstance(dtype, nw.Enum) else expected
    if dtype == nw.Float32:
        return expected + Text(zh="（float32 不能精确保存金额）", en=": a float32 does not hold an amount exactly")
    known = dtype.is_integer() or dtype.is_decimal() or dtype in (nw.Float64, nw.String)
    return Text() if known else expected


_NUMBERS = Text(zh="整数、小数、文本或 float64", en="integers, decimals, text or float64")
_TEXT = Text(zh="文本", en="text")
_EXPECTED: dict[type, tuple[tuple[Any, ...], Text]] = {
    fields.Flag: ((nw.Boolean, nw.String), Text(zh=" true 或 false", en="true or false")),
    fields.Choice: ((nw.String, nw.Categorical), _TEXT),
    fields.Words: ((nw.String,), _TEXT),
    fields.Date: ((nw.Date, nw.String), Text(zh="日期", en="dates")),
}


def read(of: Any, kind: Kind, column: Any, dtype: Any, factor: int | None) -> Read:
    """Read a column.

    Args:
        of: Whose expressions they are: narwhals or Polars.
        kind: The field.
        column: The expression of the column.
        dtype: Its type in narwhals, which `refusal` does not refuse.
        factor: For an amount, how many currency units one unit of the column is; None where whole numbers are
            minor units.
    """
    special = _SPECIAL.get(type(kind))
    if special is not None:
        return special(of, kind, column, dtype)
    units, low, high = units_of(kind, factor), *limits_of(kind)
    if dtype.is_integer():
        return _integers(of, column, dtype, units, low, high)
    if dtype.is_decimal():
        return _decimals(of, column, dtype.scale, units, low, high)
    if dtype == nw.Float64:
        return _floats(of, column, units, low, high)
    return _texts(of, column, units, (low, high), share=isinstance(kind, fields.Share))


def _flag(of: Any, kind: Any, column: Any, dtype: Any) -> Read:
    del kind
    if dtype == nw.Boolean:
        return Read(column, plain=True)
    known = (column == "true") | (column == "false")
    return Read(of.when(~column.is_null()).then(column == "true"), ~known)


def _choice(of: Any, kind: Any, column: Any, dtype: Any) -> Read:
    words = column if dtype == nw.String else column.cast(of.String)
    return Read(words, ~words.is_in(list(kind.options)), plain=dtype == nw.String)


def _within(column: Any, low: Any, high: Any) -> Any:
    return (column >= low) & (column <= high)


def _integers(of: Any, column: Any, dtype: Any, units: int, low: int, high: int) -> Read:
    least, most = -(-low // units), high // units
    if dtype == nw.Int64 and units == 1:
        return Read(column, (column < least) | (column > most), plain=True)
    beyond = []
    if dtype in (nw.UInt64, nw.UInt128, nw.Int128):
        # what 64 bits do not hold is compared before it is cast
        beyond = [column > most, *([column < least] if dtype == nw.Int128 else [])]
        column = of.when(~reduce(operator.or_, beyond)).then(column)
    whole = column.cast(of.Int64)
    bad = reduce(operator.or_, [*beyond, whole < least, whole > most])
    # what is out of bounds is not multiplied: some engines stop where others wrap around
    return Read(of.when(~bad).then(whole) * units, bad)


def _decimals(of: Any, column: Any, scale: int, units: int, low: int, high: int) -> Read:
    least, most = -(-low // units), high // units
    outside = (column < least) | (column > most)
    inside = of.when(~outside).then(column)
    places = len(str(units)) - 1
    if 10**places == units and scale <= places:
        return Read(_whole(of, inside, scale, places), outside)
    # More decimal places than a figure has, or a unit that is no power of ten
    digits = min(scale, places)
    short = inside.round(digits)
    inexact = short != inside
    exact = of.when(~inexact).then(short)
    value = _whole(of, exact, digits, digits) * (units // 10**digits)
    return Read(value, outside | inexact)


def _whole(of: Any, column: Any, scale: int, places: int) -> Any:
    """A decimal that fits, in units of its last place: multiplied by a power of ten, and so a whole number."""
    return (column.cast(of.Decimal(19, scale)) * of.lit(Decimal(10) ** places)).cast(of.Int64)


def _floats(of: Any, column: Any, units: int, low: int, high: int) -> Read:
    """A float is taken as k units only where k divided back gives the same float."""
    least, most = max(low, -_EXACT_FLOATS), min(high, _EXACT_FLOATS)
    inside = _within(column * float(units), float(least) - 1, float(most) + 1) & ~(column != column)  # noqa: PLR0124 - NaN
    near = of.when(inside).then(column * float(units)).round(0)
    # A column of divisors, made of the values: Polars multiplies by the inverse of a constant, which is another number,
    # and takes a choice between a constant and nothing for a constant.
    back = near / (near * 0.0 + float(units))
    same = (back == column) & _within(near, float(least), float(most))
    bad = ~(inside & same)
    return Read(of.when(inside & same).then(near).cast(of.Int64), bad)


def _texts(of: Any, column: Any, units: int, limits: tuple[int, int], *, share: bool) -> Read:
    low, high = limits
    places = len(str(units)) - 1
    places = places if 10**places == units else 0
    digits = max(len(str(high // units)), len(str(-low // units)), 1)
    known = column.str.contains(_number(digits, places))
    bare, percent = column, of.lit(value=False, dtype=of.Boolean)
    if share:
        percent = column.str.contains(_number(digits + 2, max(places - 2, 0), "%"))
        known = known | percent
        bare = column.str.strip_chars("%")
    held = of.Decimal(digits + 3 + places, places)
    wide: Any = of.when(known).then(bare).cast(held)
    if share:
        wide = of.when(percent).then((wide * of.lit(Decimal("0.01"))).cast(held)).otherwise(wide)
    outside = (wide < -(-low // units)) | (wide > high // units)
    inside = of.when(~outside).then(wide)
    value = _whole(of, inside, places, places) * (units // 10**places)
    return Read(value, ~known | outside)


def _number(digits: int, places: int, sign: str = "") -> str:
    """The pattern of a decimal number with at most so many digits before and after the point; zeros are free."""
    below = rf"\.\d{{1,{places}}}0*" if places else r"\.0+"
    return rf"^[+-]?0*(\d{{1,{digits}}}(\.\d{{0,{places}}}0*)?|{below}){sign}$"


def _date(of: Any, kind: Any, column: Any, dtype: Any) -> Read:
    """Days as ordinal numbers, from year, month and day: no engine counts them alike."""
    del kind
    bad = None
    if dtype == nw.String:
        known = column.str.contains(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
        text = of.when(known).then(column)
        parts = (text.str.slice(0, 4), text.str.slice(5, 2), text.str.slice(8, 2))
        year, month, day = (part.cast(of.Int64) for part in parts)
        bad = ~known | (year < 1) | (day > _days_of(of, year, month))
    else:
        year, month, day = (part.cast(of.Int64) for part in (column.dt.year(), column.dt.month(), column.dt.day()))
    early = month <= 2  # noqa: PLR2004 - the year begins in March, so that the leap day is its last
    year = of.when(early).then(year - 1).otherwise(year)
    month = of.when(early).then(month + 9).otherwise(month - 3)
    days = (month * 153 + 2) // 5 + day
    return Read(year * 365 + year // 4 - year // 100 + year // 400 + days - _DAY_BEFORE_MARCH, bad)


def _days_of(of: Any, year: Any, month: Any) -> Any:
    """The number of days of a month."""
    leap = (year // 4 * 4 == year) & ((year // 100 * 100 != year) | (year // 400 * 400 == year))
    of_february = of.when(leap).then(of.lit(29, of.Int64)).otherwise(of.lit(28, of.Int64))
    short = of.when(month.is_in([4, 6, 9, 11])).then(of.lit(30, of.Int64)).otherwise(of.lit(31, of.Int64))
    return of.when(month == 2).then(of_february).otherwise(short)  # noqa: PLR2004 - February


_SPECIAL = {fields.Flag: _flag, fields.Choice: _choice, fields.Date: _date}
