"""The kinds of field that a record is made of, and the functions that declare them.

Each function declares one attribute of a record: a converter that takes a value exactly or says
why not, the limits, the title in two languages. Each kind is also the annotation to write, so that
a type checker knows that ``budget.approved`` is a `Quantity`, and that a float is no amount.

Example:
    >>> import indicatree as it
    >>> from indicatree import fields
    >>> @it.record("demo.budget", title=it.Text(zh="预算", en="Budget"))
    ... class Budget:
    ...     approved: fields.Money = fields.money("批复数", "Approved")
    ...     staff: fields.Count = fields.count("人数", "Staff")
    >>> Budget(approved="1200.50", staff=92).approved
    Quantity(1200.5)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, overload

import attrs

from indicatree.arithmetic import MISSING, Quantity, State, Unsettled, exact
from indicatree.problems import DataError, ExactnessError, Problem, expected, quoted
from indicatree.text import SaidError, Text, as_text, said_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

__all__ = [
    "KIND",
    "NO_FLAG",
    "YUAN",
    "Amounts",
    "Choice",
    "Count",
    "Date",
    "Flag",
    "Kind",
    "Money",
    "Number",
    "Share",
    "Words",
    "choice",
    "count",
    "date",
    "flag",
    "money",
    "number",
    "share",
    "text",
]

KIND = "indicatree"
"""The key in an attribute's metadata under which its kind stands."""

_LAST_DAY = 3_652_059
"""The ordinal number of the last day that a date can name, 9999-12-31."""

NO_FLAG = Unsettled(State.MISSING)
"""What a flag is that was not given."""

ExactInput: TypeAlias = Quantity | Decimal | Fraction | int | str | None


_UNITS_OF_AMOUNTS = {
    "元": (1, "CNY"),
    "yuan": (1, "CNY"),
    "千元": (10**3, "CNY"),
    "万元": (10**4, "CNY"),
    "百万元": (10**6, "CNY"),
    "亿元": (10**8, "CNY"),
}
_AMOUNTS_IN = re.compile(r"(?:(\d{1,12})\s+)?(\S{1,20})", re.ASCII)


@attrs.frozen
class Amounts:
    """The unit in which a file gives its amounts.

    Attributes:
        factor: How many currency units one printed unit is.
        currency: The code of the currency.
        text: The unit as the file declares it.

    Example:
        >>> Amounts.parse("10000 yuan").factor, Amounts.parse("万元").factor
        (10000, 10000)
    """

    factor: int = 1
    currency: str = "CNY"
    text: str = "1 yuan"

    @classmethod
    def parse(cls, text: str, currency: str = "CNY") -> Amounts:
        """Read ``"10000 yuan"``, ``"万元"``, or a number and the code of the currency.

        Raises:
            RefusedError: The text is no unit of amounts of that currency.
        """
        match = _AMOUNTS_IN.fullmatch(text.strip())
        if match and int(match[1] or 1):
            factor, code = _UNITS_OF_AMOUNTS.get(match[2], (1, match[2]))
            if code == currency:
                return cls(int(match[1] or 1) * factor, currency, text)
        listed = [f'"10000 {currency}"', *(['"10000 yuan"', '"万元"'] if currency == "CNY" else [])]
        either = " or ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)
        raise RefusedError(
            expected(
                f"以 {currency} 计的金额单位，如 {'、'.join(listed)}",
                f"a unit of amounts in {currency} such as {either}",
                quoted(text),
            )
        )

    @property
    def suffix(self) -> Text:
        """What follows an amount in running text."""
        if self.currency != "CNY":
            unit = f"{self.factor:,} {self.currency}" if self.factor != 1 else self.currency
            return Text(zh=f" {unit}", en=f" {unit}")
        names = {factor: name for name, (factor, _) in _UNITS_OF_AMOUNTS.items() if name != "yuan"}
        zh = names.get(self.factor, f"×{self.factor} 元")
        return Text(zh=f" {zh}", en=f" ({self.factor:,} yuan)" if self.factor != 1 else " yuan")


YUAN = Amounts()


class RefusedError(SaidError, ValueError):
    """A value that a field does not take; it says what was expected and what came."""


@attrs.frozen(kw_only=True)
class Kind:
    """What a field is: its title, its limits, and how a value of it is read and shown.

    Attributes:
        title: The name of the field in two languages.
        doc: What the field is, where the title does not say it all.
    """

    expected: ClassVar[Text] = Text(zh="数值", en="a value")
    missing: ClassVar[Any] = None
    measured: ClassVar[bool] = True
    """Whether measures can compute with it."""

    title: Text
    doc: Text = attrs.field(default=Text(), converter=as_text)

    def take(self, value: Any) -> Any:
        """A value given in Python, exactly; amounts in currency units.

        Raises:
            RefusedError: The value is not of this kind or is out of its limits.
        """
        raise NotImplementedError

    def read(self, value: Any, amounts: Amounts) -> Any:
        """A value given in a file; amounts in the unit that the file declares."""
        del amounts
        return self.take(value)

    def is_missing(self, value: Any) -> bool:
        """Whether a value of this kind was not given."""
        return value is None

    def write(self, value: Any) -> Any:
        """The value as TOML and JSON hold it; reading that gives the value again."""
        return value

    def show(self, value: Any, amounts: Amounts, language: str) -> str:
        """The value in words."""
        del amounts, language
        return str(value)

    def limits(self) -> Text:
        """The limits in words, for messages and templates."""
        return Text()

    def wanted(self) -> Text:
        """What is expected, with its limits."""
        limits = self.limits()
        return self.expected + Text(zh="，", en=" ") + limits if limits else self.expected

    def refuse(self, value: object, wanted: Text = Text(), amounts: Amounts = YUAN) -> RefusedError:
        """The error for a value that is not taken."""
        wanted = wanted or self.expected
        if amounts.factor == 1:
            return RefusedError(expected(wanted["zh"], wanted["en"], quoted(value)))
        whole = amounts.currency if amounts.currency != "CNY" else ""
        zh, en = f"{wanted['zh']}（以 {whole or '元'} 计）", f"{wanted['en']} (in {whole or 'yuan'})"
        said = expected(zh, en, quoted(value))
        return RefusedError(said + Text(zh=amounts.suffix["zh"], en=f" in{amounts.suffix['en']}"))


@attrs.frozen(kw_only=True)
class _Numeric(Kind):
    """A field whose value is a quantity.

    Attributes:
        places: How many decimal places a value may have.
        least: The least value.
        most: The largest value; arithmetic on tables is sized by it.
    """

    missing: ClassVar[Any] = MISSING

    places: int = 0
    least: Quantity = attrs.field(default=Quantity(0), converter=exact)
    most: Quantity = attrs.field(default=Quantity(10**15), converter=exact)

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> _Numeric: ...
        @overload
        def __get__(self, instance: object, owner: type) -> Quantity: ...
        def __get__(self, instance: object, owner: type) -> Any: ...
        def __set__(self, instance: object, value: ExactInput) -> None: ...

    def is_missing(self, value: Any) -> bool:
        """Whether a value of this kind was not given."""
        return bool(value.state == State.MISSING)

    def take(self, value: Any) -> Quantity:
        """A value given in Python, exactly."""
        return self._bounded(value, self._number(value))

    def _number(self, value: Any) -> Quantity:
        if isinstance(value, bool) or (isinstance(value, str) and ("%" in value or "/" in value)):
            raise self.refuse(value)
        try:
            return exact(value)
        except ExactnessError:
            raise self.refuse(value) from None

    def _bounded(self, value: Any, quantity: Quantity, amounts: Amounts = YUAN) -> Quantity:
        if quantity.state == State.MISSING:
            return quantity
        if quantity.state:
            raise self.refuse(value)
        unit = 10**self.places
        scaled, rest = divmod(quantity.numerator * unit, quantity.denominator)
        if rest:
            limit = Text(zh=f"，至多 {self.places} 位小数", en=f" with at most {self.places} decimal places")
            raise self.refuse(value, self.expected + limit, amounts)
        if not (self.least <= quantity <= self.most):
            raise self.refuse(value, self.wanted(), amounts)
        return Quantity(scaled, unit)

    def write(self, value: Quantity) -> Any:
        """The value as TOML and JSON hold it."""
        return value.decimal(self.places) if self.places else value.numerator // value.denominator

    def show(self, value: Quantity, amounts: Amounts, language: str) -> str:
        """The value in words."""
        del amounts, language
        return value.text

    def limits(self) -> Text:
        """The limits in words."""
        least, most = self.least.text, self.most.text
        return Text(zh=f"{least} 至 {most}", en=f"from {least} to {most}")


@attrs.frozen(kw_only=True)
class _Extent(_Numeric):
    """A field of which another can be a part: how much there is of something.

    Attributes:
        part_of: The field of the same record that this is a part of, so that it is never more; empty for none.
    """

    part_of: str = ""


@attrs.frozen(kw_only=True)
class Money(_Extent):
    """An amount of money, held in minor units.

    Attributes:
        places: The decimal places of the currency: 2 for yuan and fen.
        most: The largest magnitude, in currency units: 10**13 (10**15 minor units) by default.
    """

    expected: ClassVar[Text] = Text(zh="金额", en="an amount")

    places: int = 2
    most: Quantity = attrs.field(default=Quantity(10**13), converter=exact)

    def read(self, value: Any, amounts: Amounts) -> Quantity:
        """A value given in a file."""
        number = self._number(value)
        if amounts.factor == 1 or not number.is_defined:
            return self._bounded(value, number)
        return self._bounded(value, number * amounts.factor, amounts)

    def show(self, value: Quantity, amounts: Amounts, language: str) -> str:
        """The value in words."""
        return (value / amounts.factor).text + amounts.suffix[language]


@attrs.frozen(kw_only=True)
class Count(_Extent):
    """A whole number of things."""

    expected: ClassVar[Text] = Text(zh="整数", en="a whole number")
    most: Quantity = attrs.field(default=Quantity(10**12), converter=exact)

    def take(self, value: Any) -> Quantity:
        """A value given in Python, exactly."""
        number = self._number(value)
        if not number.state and number.numerator % number.denominator:
            raise self.refuse(value)
        return self._bounded(value, number)


@attrs.frozen(kw_only=True)
class Number(_Extent):
    """A quantity of something that is neither money nor counted: an area, a length, a weight.

    Attributes:
        places: How many decimal places a value may have.
        unit: What it is measured in, as it follows a number.
    """

    expected: ClassVar[Text] = Text(zh="数", en="a number")
    places: int = 2
    most: Quantity = attrs.field(default=Quantity(10**12), converter=exact)
    unit: Text = attrs.field(default=Text(), converter=as_text)

    def show(self, value: Quantity, amounts: Amounts, language: str) -> str:
        """The value in words."""
        del amounts
        unit = self.unit[language]
        return f"{value.text} {unit}" if unit else value.text


@attrs.frozen(kw_only=True)
class Share(_Extent):
    """A share or a rate: ``"80.01%"``, or 0.8001."""

    expected: ClassVar[Text] = Text(zh='比率，如 0.8 或 "80%"', en='a share such as 0.8 or "80%"')
    places: int = 6
    most: Quantity = attrs.field(default=Quantity(1), converter=exact)

    def _number(self, value: Any) -> Quantity:
        if isinstance(value, bool):
            raise self.refuse(value)
        try:
            return exact(value)
        except ExactnessError:
            raise self.refuse(value) from None

    def show(self, value: Quantity, amounts: Amounts, language: str) -> str:
        """The value in words."""
        del amounts, language
        return f"{(value * 100).text}%"


@attrs.frozen(kw_only=True)
class Date(_Numeric):
    """A day, held as its ordinal number so that measures can take differences and compare.

    Example:
        >>> Date(title=Text(en="Finished")).take("2022-12-31")
        Quantity(738520)
    """

    expected: ClassVar[Text] = Text(zh="日期，如 2022-12-31", en="a date such as 2022-12-31")
    least: Quantity = attrs.field(default=Quantity(1), converter=exact)
    most: Quantity = attrs.field(default=Quantity(_LAST_DAY), converter=exact)

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Date: ...
        @overload
        def __get__(self, instance: object, owner: type) -> Quantity: ...
        def __get__(self, instance: object, owner: type) -> Any: ...
        def __set__(self, instance: object, value: dt.date | str | None) -> None: ...  # type: ignore[override]  # a date is not written as a number

    def take(self, value: Any) -> Quantity:
        """A value given in Python, exactly."""
        import datetime as dt  # noqa: PLC0415 - only dates pay for it

        if isinstance(value, Quantity):
            return self._bounded(value, value)
        if isinstance(value, str):
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                raise self.refuse(value) from None
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            raise self.refuse(value)
        return Quantity(value.toordinal())

    def write(self, value: Quantity) -> dt.date:
        """The value as TOML and JSON hold it."""
        import datetime as dt  # noqa: PLC0415 - only dates pay for it

        return dt.date.fromordinal(value.numerator)

    def show(self, value: Quantity, amounts: Amounts, language: str) -> str:
        """The value in words."""
        del amounts, language
        return self.write(value).isoformat()


@attrs.frozen(kw_only=True)
class Flag(Kind):
    """Yes or no. In a measure it is a condition."""

    expected: ClassVar[Text] = Text(zh="true 或 false", en="true or false")
    missing: ClassVar[Any] = NO_FLAG

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Flag: ...
        @overload
        def __get__(self, instance: object, owner: type) -> bool: ...
        def __get__(self, instance: object, owner: type) -> Any: ...
        def __set__(self, instance: object, value: bool | None) -> None: ...  # noqa: FBT001 - the protocol's order

    def take(self, value: Any) -> Any:
        """A value given in Python, exactly."""
        if isinstance(value, bool) or value == NO_FLAG:
            return value
        raise self.refuse(value)

    def is_missing(self, value: Any) -> bool:
        """Whether a value of this kind was not given."""
        return isinstance(value, Unsettled)

    def show(self, value: Any, amounts: Amounts, language: str) -> str:
        """The value in words."""
        del amounts
        return (Text(zh="是", en="yes") if value else Text(zh="否", en="no"))[language]


@attrs.frozen(kw_only=True)
class Choice(Kind):
    """One of a few options. In a measure: ``equal(record.field, "option")``.

    Attributes:
        options: The options and their titles.
    """

    options: Mapping[str, Text]

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Choice: ...
        @overload
        def __get__(self, instance: object, owner: type) -> str: ...
        def __get__(self, instance: object, owner: type) -> Any: ...
        def __set__(self, instance: object, value: str | None) -> None: ...

    def take(self, value: Any) -> str:
        """A value given in Python, exactly."""
        if isinstance(value, str) and value in self.options:
            return value
        raise self.refuse(value, self.wanted())

    def show(self, value: Any, amounts: Amounts, language: str) -> str:
        """The value in words."""
        del amounts
        return self.options[value][language]

    def wanted(self) -> Text:
        """What is expected."""
        return self.limits()

    def limits(self) -> Text:
        """The limits in words."""
        listed = [f'"{option}"' for option in self.options]
        return Text(zh=f"{'、'.join(listed)} 之一", en=f"one of {', '.join(listed)}")


@attrs.frozen(kw_only=True)
class Words(Kind):
    """Free text. Measures cannot compute with it."""

    expected: ClassVar[Text] = Text(zh="文字", en="text")
    measured: ClassVar[bool] = False

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Words: ...
        @overload
        def __get__(self, instance: object, owner: type) -> str: ...
        def __get__(self, instance: object, owner: type) -> Any: ...
        def __set__(self, instance: object, value: str | None) -> None: ...

    def take(self, value: Any) -> str:
        """A value given in Python, exactly."""
        if isinstance(value, str):
            return value
        raise self.refuse(value)


def declare(kind: Kind) -> Any:
    """The attrs field of a kind: optional, converted on the way in, compared by its exact value."""

    def convert(value: Any, attribute: attrs.Attribute[Any]) -> Any:
        if value is None:
            return kind.missing
        try:
            return kind.take(value)
        except RefusedError as error:
            raise DataError([Problem("bad-value", attribute.name, said_by(error))]) from None

    whole = getattr(kind, "part_of", "")

    def check(made: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        del attribute
        if not kind.is_missing(value):
            other = getattr(made, whole)
            if kind.is_missing(other) or value > other:
                _check_parts(made)

    return attrs.field(
        default=kind.missing,
        converter=attrs.Converter(convert, takes_field=True),
        validator=check if whole else None,
        metadata={KIND: kind},
    )


def _check_parts(made: Any) -> None:
    """Refuse a record of which a part is more than its whole; all of them are told at the first."""
    kinds = {one.name: one.metadata[KIND] for one in attrs.fields(type(made))}

    def shown(name: str) -> Text:
        figure, kind = getattr(made, name), kinds[name]
        return Text(zh=kind.show(figure, YUAN, "zh"), en=kind.show(figure, YUAN, "en"))

    values = {name: getattr(made, name) for name in kinds}
    problems = [excess_problem(part, whole, kinds, shown) for part, whole in excesses(kinds, values)]
    if problems:
        raise DataError(problems)


def wholes_of(kinds: Mapping[str, Kind], name: str) -> list[str]:
    """The fields that a field is part of: its whole, what that is part of itself, and so on."""
    found: list[str] = []
    while (name := getattr(kinds[name], "part_of", "")) and name in kinds and name not in found:
        found.append(name)
    return found


def nearest_whole(kinds: Mapping[str, Kind], values: Mapping[str, Any], part: str) -> str | None:
    """The first field that one is part of and that has a figure; a figure that lacks makes none of the others wrong."""
    there = (name for name in wholes_of(kinds, part) if not kinds[name].is_missing(values.get(name, MISSING)))
    return next(there, None)


def excesses(kinds: Mapping[str, Kind], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each field whose figure is more than that of the field that it is part of, with that field."""
    found = []
    for name, kind in kinds.items():
        if getattr(kind, "part_of", "") and not kind.is_missing(values.get(name, MISSING)):
            whole = nearest_whole(kinds, values, name)
            if whole is not None and values[name] > values[whole]:
                found.append((name, whole))
    return found


def excess_problem(part: str, whole: str, kinds: Mapping[str, Kind], shown: Callable[[str], Text]) -> Problem:
    """That a part is more than its whole, with both figures as ``shown`` gives them."""
    more, less, title = shown(part), shown(whole), kinds[whole].title
    message = Text(
        zh=f"{more['zh']} 大于其整体 {less['zh']}：{title['zh']}（{whole}）",
        en=f"{more['en']} is more than {less['en']}, its whole: {title['en']} ({whole})",
    )
    fix = Text(zh="部分不能大于整体：核对并改正其一", en="a part is never more than its whole: correct one of the two")
    return Problem("part-exceeds-whole", part, message, fix)


def money(  # noqa: PLR0913 - each is a part of what the field is
    zh: str,
    en: str,
    *,
    doc: str | Text = "",
    signed: bool = False,
    places: int = 2,
    most: int | str | Decimal = 10**13,
    part_of: str = "",
) -> Money:
    """An amount of money.

    Args:
        zh: The title in Chinese.
        en: The title in English.
        doc: What the amount is, where the title does not say it all.
        signed: Whether it may be below zero (a balance, a change).
        places: Decimal places of the currency.
        most: The largest magnitude, in currency units.
        part_of: The field of the same record that it is part of, so that it is never more.
    """
    largest = exact(most)
    kind = Money(
        title=Text(zh=zh, en=en),
        doc=doc,
        places=places,
        most=largest,
        least=-largest if signed else Quantity(0),
        part_of=part_of,
    )
    return declare(kind)  # type: ignore[no-any-return]


def count(zh: str, en: str, *, doc: str | Text = "", most: int = 10**12, part_of: str = "") -> Count:
    """A whole number of things, zero or more.

    Args:
        zh: The title in Chinese.
        en: The title in English.
        doc: What is counted, where the title does not say it all.
        most: The largest number.
        part_of: The field of the same record that it is part of, so that it is never more.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.survey", title=it.Text(zh="调查", en="Survey"))
        ... class Survey:
        ...     answers: fields.Count = fields.count("答卷数", "answers")
        ...     satisfied: fields.Count = fields.count("满意答卷数", "satisfied", part_of="answers")
        >>> Survey(answers=10, satisfied=10).satisfied
        Quantity(10)
        >>> Survey(answers=10, satisfied=12)
        Traceback (most recent call last):
        ...
        indicatree.problems.DataError: satisfied: 12 is more than 10, its whole: answers (answers) \
(a part is never more than its whole: correct one of the two)
    """
    return declare(Count(title=Text(zh=zh, en=en), doc=doc, most=most, part_of=part_of))  # type: ignore[no-any-return]


def number(  # noqa: PLR0913 - likewise
    zh: str,
    en: str,
    *,
    unit: str | Text = "",
    doc: str | Text = "",
    signed: bool = False,
    places: int = 2,
    most: int | str | Decimal = 10**12,
    part_of: str = "",
) -> Number:
    """A quantity in a unit of its own, such as an area: ``number("建筑面积", "floor area", unit="m²")``.

    Args:
        zh: The title in Chinese.
        en: The title in English.
        unit: What it is measured in.
        doc: What the quantity is, where the title does not say it all.
        signed: Whether it may be below zero.
        places: The decimal places that a value may have.
        most: The largest magnitude.
        part_of: The field of the same record that it is part of, so that it is never more.
    """
    largest = exact(most)
    kind = Number(
        title=Text(zh=zh, en=en),
        doc=doc,
        unit=unit,
        places=places,
        most=largest,
        least=-largest if signed else Quantity(0),
        part_of=part_of,
    )
    return declare(kind)  # type: ignore[no-any-return]


def share(  # noqa: PLR0913 - likewise
    zh: str,
    en: str,
    *,
    doc: str | Text = "",
    places: int = 6,
    least: int | str | Decimal = 0,
    most: int | str | Decimal = 1,
    part_of: str = "",
) -> Share:
    """A share of a whole (1 is all of it) or a rate, with its limits and decimal places.

    ``part_of`` names the share of the same record that it is part of, so that it is never more.
    """
    kind = Share(title=Text(zh=zh, en=en), doc=doc, places=places, least=least, most=most, part_of=part_of)
    return declare(kind)  # type: ignore[no-any-return]


def date(zh: str, en: str, *, doc: str | Text = "") -> Date:
    """A day. In a measure, the difference of two dates is a number of days."""
    return declare(Date(title=Text(zh=zh, en=en), doc=doc))  # type: ignore[no-any-return]


def flag(zh: str, en: str, *, doc: str | Text = "") -> Flag:
    """Yes or no."""
    return declare(Flag(title=Text(zh=zh, en=en), doc=doc))  # type: ignore[no-any-return]


def choice(zh: str, en: str, options: Mapping[str, Text], *, doc: str | Text = "") -> Choice:
    """One of several options, each with a title."""
    return declare(Choice(title=Text(zh=zh, en=en), doc=doc, options=dict(options)))  # type: ignore[no-any-return]


def text(zh: str, en: str, *, doc: str | Text = "") -> Words:
    """Free text, such as the name of a project."""
    return declare(Words(title=Text(zh=zh, en=en), doc=doc))  # type: ignore[no-any-return]
