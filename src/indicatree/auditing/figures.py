"""The figures of a report: what each one is printed as, and the values that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Interval, Many, Term, TermError, exact, round_ratio
from indicatree.data import Items, fields, record_type
from indicatree.data.structure import require_keys
from indicatree.problems import DataError, Problem, did_you_mean, expected, quoted
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.data import Amounts, UnitData
    from indicatree.data.fields import Kind

__all__ = ["Figure", "Stand", "figures_of_data", "free_figures", "printed_figure", "stands"]

_KINDS = {"money": fields.Money, "number": fields.Number, "count": fields.Count, "share": fields.Share}
_KEYS = {"value", "at", "title", "kind"}
_EXACT_KINDS = (fields.Count, fields.Date)
_NAMES = Text(
    zh="以字母或汉字开头，其后可有数字和下划线", en="write a letter first, then letters, digits and underscores"
)


@attrs.frozen
class Figure:
    """A figure that a report prints, or should.

    Attributes:
        path: Its path, such as ``budget.project_actual`` or ``claims.total.score``.
        title: What it is.
        value: Its value as printed; None where it is not printed, or only assumed.
        low: The least value that it stands for.
        high: The largest one.
        places: The decimal places that are printed.
        scale: The value of 1 as it is printed: 10000 for amounts in 10,000 yuan, 1/100 for per cent.
        percent: Whether it is printed with a per cent sign.
        least: The least value that it can have at all; None for any.
        most: The largest value that it can have at all; None for any.
        whole: Whether it can have whole values only.
        at: Where in the source it stands.
        finest: The decimal places that it could have been printed with, where those are more.
    """

    path: str
    title: Text
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    places: int = 0
    scale: Fraction = Fraction(1)
    percent: bool = False
    least: Fraction | None = None
    most: Fraction | None = None
    whole: bool = False
    at: Text = Text()
    finest: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether it stands for its value alone."""
        return self.low == self.high

    def rounded(self, value: Fraction) -> Fraction:
        """A value as it would be printed here."""
        return self._in_steps(value, self.places)

    def repaired(self, value: Fraction) -> Fraction:
        """A value as it could be printed here, with as many places as that needs and may have."""
        return self._in_steps(value, max(self.places, self.finest))

    def _in_steps(self, value: Fraction, places: int) -> Fraction:
        unit: Fraction = self.scale / 10**places
        steps = value / unit
        return unit * round_ratio(steps.numerator, steps.denominator)

    def show(self, value: Fraction, more: int = 0) -> str:
        """A value in the unit in which this is printed, with so many more places where it has them."""
        places = self.places + more
        number = value / self.scale * 10**places
        text = f"{Decimal(round_ratio(number.numerator, number.denominator)).scaleb(-places):f}"
        for _ in range(more):
            text = text.removesuffix("0").removesuffix(".")
        return text + ("%" if self.percent else "")

    @property
    def printed(self) -> str:
        """The figure as it is printed."""
        return "" if self.value is None else self.show(self.value)

    def replaced(self, value: Fraction, *, short: bool = False) -> Figure:
        """The same figure, printed as another value; if short, without zeros at its end."""
        places = self.places
        if short or self.is_exact:
            number = value / self.scale
            most = max(self.places, self.finest)
            places = next((few for few in range(most) if (number * 10**few).denominator == 1), most)
        half = Fraction(0) if self.is_exact else self.scale / 10**places / 2
        return attrs.evolve(self, value=value, places=places).between(value - half, value + half)

    def unknown(self) -> Figure:
        """The same figure, as if it were not printed."""
        return attrs.evolve(self, value=None, low=None, high=None)

    def between(self, low: Fraction, high: Fraction) -> Figure:
        """The same figure with other ends, as far as it can have those values."""
        low = low if self.least is None else max(low, self.least)
        return attrs.evolve(self, low=low, high=high if self.most is None else min(high, self.most))

    def can_be(self, value: Fraction) -> bool:
        """Whether it can have a value at all."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def printed_figure(  # noqa: PLR0913 - what there is to say of a figure
    path: str,
    title: Text,
    printed: str,
    *,
    scale: Fraction | int = 1,
    is_exact: bool = False,
    limits: tuple[Fraction | None, Fraction | None] = (None, None),
    at: Text | None = None,
) -> Figure:
    """A figure from how it is printed. An exponent is only a way to write it: 5E3 is 5000, and its last digit is a 0.

    Raises:
        ExactnessError: That is no printed number.
    """
    printed = _written_out(printed.strip())
    middle = exact(printed).fraction * scale
    percent = printed.endswith("%")
    places = max(-int(Decimal(printed.removesuffix("%").strip()).as_tuple().exponent), 0)
    low = high = middle
    if not is_exact:
        interval = Interval.of_printed(printed)
        low, high = interval.low.fraction * scale, interval.high.fraction * scale
    shown = Fraction(1, 100) if percent else Fraction(scale)
    least, most = limits
    figure = Figure(path, title, middle, low, high, places, shown, percent, least, most, at=at or Text())
    return figure.between(low, high)


def _written_out(printed: str) -> str:
    """A number without an exponent; what is no such number is left as it is, to be refused."""
    number, sign = printed.removesuffix("%").strip(), "%" if printed.endswith("%") else ""
    if "e" not in number.lower():
        return printed
    exact(printed)  # first: an exponent of a million would be written out
    return format(Decimal(number), "f") + sign


def figures_of_data(data: UnitData) -> Iterator[Figure]:
    """Every figure of the records of a unit, also those that are not there."""
    for name, held in data.records.items():
        records = [(f"{name}[{index}]", item) for index, item in enumerate(held)] if isinstance(held, Items) else []
        for where, item in records or ([] if isinstance(held, Items) else [(name, held)]):
            for field, kind in record_type(type(item)).fields.items():
                if isinstance(kind, fields.Number | fields.Money | fields.Share | fields.Count | fields.Date):
                    yield _of_record(f"{where}.{field}", kind, getattr(item, field), data)


def _of_record(path: str, kind: Any, held: Any, data: UnitData) -> Figure:
    title, least, most = kind.title, kind.least.fraction, kind.most.fraction
    exactly = isinstance(kind, _EXACT_KINDS)
    scale = Fraction(data.unit.amounts.factor) if isinstance(kind, fields.Money) else Fraction(1)
    note = data.notes.get(path)
    if kind.is_missing(held) or (note is not None and note.assumed):
        places = 0 if exactly else (0 if note is None else note.places) or 2
        return Figure(path, title, places=places, scale=scale, least=least, most=most, whole=exactly)
    if note is None or isinstance(kind, fields.Date):
        value = held.fraction
        return Figure(path, title, value, value, value, kind.places, scale, least=least, most=most)
    limits = (least, most)
    return printed_figure(path, title, note.printed, scale=scale, is_exact=exactly, limits=limits, at=note.at)


def free_figures(data: UnitData, problems: list[Problem]) -> Iterator[Figure]:
    """The figures that the data file gives for the audit alone; what is wrong goes to the problems."""
    for name, table in data.figures.items():
        where = f"figures.{name}"
        if not isinstance(table, Mapping):
            message = expected("由数据组成的表", "a table of figures", quoted(table))
            problems.append(Problem("not-a-table", where, message))
            continue
        if not _is_name(name) or name == "claims":
            fix = _NAMES + Text(zh="；不可用 claims", en=", and not claims")
            problems.append(Problem("bad-name", where, _unnameable(name), fix))
            continue
        if name in data.records:
            message = Text(zh=f"[data] 中也有数据表 {quoted(name)}", en=f"the data has a record {quoted(name)} too")
            problems.append(Problem("twice", where, message, Text(zh="改其中一个的名称", en="rename one")))
            continue
        for field, said in table.items():
            try:
                if not _is_name(field):
                    raise DataError([Problem("bad-name", "", _unnameable(field), _NAMES)])  # noqa: TRY301 - one way out
                yield _free(name, field, said, data.unit.amounts)
            except DataError as error:
                problems += [problem.under(f"{where}.{field}") for problem in error.problems]


def _unnameable(name: Any) -> Text:
    return Text(zh=f"公式中不能用名称 {quoted(name)}", en=f"a formula cannot name {quoted(name)}")


def _is_name(word: Any) -> bool:
    """Whether a formula can name it."""
    return isinstance(word, str) and word.isidentifier() and not word.startswith("_") and not iskeyword(word)


def _free(name: str, field: str, said: Any, amounts: Amounts) -> Figure:
    entry = said if isinstance(said, Mapping) else {"value": said}
    found = require_keys(dict(entry), _KEYS)
    said_kind = entry.get("kind", "money")
    kind: type[Kind] | None = _KINDS.get(said_kind) if isinstance(said_kind, str) else None
    if kind is None:
        hint = did_you_mean(str(said_kind), _KINDS)
        name_of_kind = quoted(said_kind)
        message = Text(zh=f"没有数据种类 {name_of_kind}", en=f"there is no kind of figure {name_of_kind}")
        found.append(Problem("unknown-kind", "kind", message, hint))
    if "value" not in entry:
        message = Text(zh='缺少键 "value"', en='the key "value" is missing')
        fix = Text(zh="写 { value = ... }", en="write { value = ... }")
        found.append(Problem("missing-key", "", message, fix))
    words = {}
    for key in ("title", "at"):
        try:
            words[key] = Text.of(entry.get(key, ""))
        except (ValueError, TypeError):
            form = "{ zh = ..., en = ... }"
            found.append(Problem("bad-value", key, expected(f"文字，或 {form}", f"text, or {form}")))
    if found or kind is None:
        raise DataError(found)
    title = words["title"] or Text.of(f"{name}.{field}")
    try:
        figure = printed_figure(
            f"{name}.{field}",
            title,
            _as_printed(entry["value"]),
            scale=amounts.factor if kind is fields.Money else 1,
            is_exact=kind is fields.Count,
            limits=(Fraction(0) if kind is fields.Count else None, None),
            at=words["at"],
        )
        value = figure.value or Fraction(0)
        if kind is fields.Count and (value.denominator > 1 or value < 0):
            raise ValueError  # noqa: TRY301 - one way out for all refusals
        return figure  # noqa: TRY300 - likewise
    except (TypeError, ValueError, ArithmeticError):
        wanted = ("报告中印出的数", "a printed number")
        if kind is fields.Count:
            wanted = ("不小于 0 的整数", "a whole number, 0 or more")
        raise DataError([Problem("bad-value", "", expected(*wanted, quoted(entry["value"])))]) from None


def _as_printed(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float | str):
        raise TypeError
    return value if isinstance(value, str) else format(Decimal(str(value)), "f")


class Stand:
    """Stands for a record, or for line items, when a formula is called to name the figures of one report."""

    def __init__(self, name: str, figures: Mapping[str, Any]) -> None:
        self._name = name
        self._figures = figures

    def __getattr__(self, field: str) -> Any:
        if field.startswith("__"):
            raise AttributeError(field)
        if field not in self._figures:
            what = Text(zh=f"{self._name} 没有数据 {quoted(field)}", en=f"{self._name} has no figure {field!r}")
            raise TermError(what, did_you_mean(field, self._figures))
        return self._figures[field]

    def count_items(self, condition: Any = None) -> Any:
        """How many line items there are."""
        held = next(iter(self._figures.values()), None)
        if not isinstance(held, Many):
            raise TermError(Text(zh=f"{self._name} 不是逐项数据", en=f"{self._name} is one record, not line items"))
        return Many(tuple(exact(1) for _ in held.values)).total(condition)


def stands(data: UnitData) -> dict[str, Stand]:
    """What stands for each record of a report, by name: its figures as terms, what else it holds as it is.

    A figure for the audit alone has its place even if it is wrong: one mistake is named once.
    """
    found = {}
    for name, held in data.records.items():
        if isinstance(held, Items):
            kinds = record_type(held.record_class).fields
            lines = [
                {field: _stand(f"{name}[{index}].{field}", kinds[field], getattr(item, field), data) for field in kinds}
                for index, item in enumerate(held)
            ]
            found[name] = Stand(name, {field: Many(tuple(line[field] for line in lines)) for field in kinds})
        else:
            kinds = record_type(type(held)).fields
            found[name] = Stand(
                name, {f: _stand(f"{name}.{f}", kind, getattr(held, f), data) for f, kind in kinds.items()}
            )
    for name, table in data.figures.items():
        if name not in found and isinstance(table, Mapping):
            found[name] = Stand(
                name, {field: Term("figure", (f"{name}.{field}",)) for field in table if _is_name(field)}
            )
    return found


def _stand(path: str, kind: Kind, value: Any, data: UnitData) -> Any:
    if isinstance(kind, fields.Number | fields.Money | fields.Share | fields.Count | fields.Date):
        return Term("figure", (path,))
    note = data.notes.get(path)
    return kind.missing if note is not None and note.assumed else value
