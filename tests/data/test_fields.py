"""Every kind of field: what it takes, what it refuses and with which words, and that it writes what it reads."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data import Amounts
from indicatree.data.fields import NO_FLAG, YUAN, Kind, RefusedError

TITLE = it.Text(zh="标题", en="title")
MONEY = fields.Money(title=TITLE)
SIGNED = fields.Money(title=TITLE, least=-(10**13))
COUNT = fields.Count(title=TITLE, most=100)
NUMBER = fields.Number(title=TITLE, unit=it.Text(zh="平方米", en="m²"), most=1000)
SHARE = fields.Share(title=TITLE)
DATE = fields.Date(title=TITLE)
FLAG = fields.Flag(title=TITLE)
CHOICE = fields.Choice(title=TITLE, options={"good": it.Text(zh="好", en="Good"), "bad": it.Text(zh="差", en="Bad")})
WORDS = fields.Words(title=TITLE)
WAN = Amounts.parse("万元")


def refusal(kind: Kind, value: Any, amounts: Amounts | None = None) -> str:
    with pytest.raises(RefusedError) as caught:
        kind.take(value) if amounts is None else kind.read(value, amounts)
    return str(caught.value)


@given(cents=st.integers(0, 10**15))
def test_money_is_the_same_amount_in_whatever_way_it_is_given(cents: int) -> None:
    amount = Fraction(cents, 100)
    decimal = Decimal(cents).scaleb(-2)
    for given_as in (amount, decimal, str(decimal), f" {decimal} ", it.exact(amount)):
        assert MONEY.take(given_as).fraction == amount


@given(cents=st.integers(0, 10**12))
def test_a_float_is_taken_at_its_shortest_decimal(cents: int) -> None:
    assert MONEY.take(cents / 100).fraction == Fraction(cents, 100)


def test_a_float_with_a_binary_tail_is_refused_not_rounded() -> None:
    assert refusal(MONEY, 0.1 + 0.2) == "expected an amount with at most 2 decimal places, got 0.30000000000000004"


@pytest.mark.parametrize("kind", [MONEY, COUNT, NUMBER, SHARE])
@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        float("nan"),
        float("inf"),
        float("-inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        "nan",
        "inf",
        "Infinity",
        "",
        " ",
        "12,3x",
        "1,000",
        "1_000",
        "１２",
        "0x10",
        "1 2",
        "--1",
        "1/0",
        "1e9999",
        Decimal("1e999999"),
        b"1",
        [1],
        {},
        object,
        1j,
        dt.date(2022, 1, 1),
    ],
    ids=repr,
)
def test_what_is_no_finite_number_is_refused(kind: Kind, value: Any) -> None:
    words = refusal(kind, value)
    assert words.startswith(f"expected {kind.expected['en']}, got ")
    # a number from a file is quoted as it is printed, not as Python holds it
    assert words.endswith(
        f'"{value}"' if isinstance(value, str) else str(value) if isinstance(value, Decimal) else repr(value)
    )


@pytest.mark.parametrize("kind", [MONEY, COUNT, NUMBER, DATE, FLAG, CHOICE, WORDS], ids=type)
def test_a_huge_integer_is_refused_in_few_words(kind: Kind) -> None:
    # Python refuses to write an integer of more than 4300 digits, also into a message
    assert len(refusal(kind, 16**5000)) < 200


@pytest.mark.parametrize("kind", [MONEY, COUNT, NUMBER, SHARE, DATE, FLAG, CHOICE], ids=type)
def test_a_long_value_is_quoted_in_part(kind: Kind) -> None:
    words = refusal(kind, "x" * 100_000)
    assert words.endswith("...")
    assert len(words) < 200


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (MONEY, "12,3x", 'expected an amount, got "12,3x"'),
        (MONEY, True, "expected an amount, got True"),
        (MONEY, "80%", 'expected an amount, got "80%"'),
        (MONEY, "1/2", 'expected an amount, got "1/2"'),
        (MONEY, "0.001", 'expected an amount with at most 2 decimal places, got "0.001"'),
        (MONEY, Decimal("0.001"), "expected an amount with at most 2 decimal places, got 0.001"),
        (MONEY, Fraction(1, 3), "expected an amount with at most 2 decimal places, got Fraction(1, 3)"),
        (MONEY, -1, "expected an amount from 0 to 10000000000000, got -1"),
        (COUNT, "1.5", 'expected a whole number, got "1.5"'),
        (COUNT, 0.5, "expected a whole number, got 0.5"),
        (COUNT, -1, "expected a whole number from 0 to 100, got -1"),
        (COUNT, 101, "expected a whole number from 0 to 100, got 101"),
        (COUNT, "10%", 'expected a whole number, got "10%"'),
        (NUMBER, "0.001", 'expected a number with at most 2 decimal places, got "0.001"'),
        (NUMBER, 1001, "expected a number from 0 to 1000, got 1001"),
        (NUMBER, "10%", 'expected a number, got "10%"'),
        (SHARE, "much", 'expected a share such as 0.8 or "80%", got "much"'),
        (SHARE, "101%", 'expected a share such as 0.8 or "80%" from 0 to 1, got "101%"'),
        (SHARE, "1/3", 'expected a share such as 0.8 or "80%" with at most 6 decimal places, got "1/3"'),
        (DATE, "2022-02-30", 'expected a date such as 2022-12-31, got "2022-02-30"'),
        (DATE, 20221231, "expected a date such as 2022-12-31, got 20221231"),
        (DATE, True, "expected a date such as 2022-12-31, got True"),
        (FLAG, "yes", 'expected true or false, got "yes"'),
        (FLAG, 1, "expected true or false, got 1"),
        (CHOICE, "Good", 'expected one of "good", "bad", got "Good"'),
        (CHOICE, ["good"], 'expected one of "good", "bad", got [\'good\']'),
        (WORDS, 5, "expected text, got 5"),
    ],
)
def test_a_refusal_says_what_was_expected_and_what_came(kind: Kind, value: Any, words: str) -> None:
    assert refusal(kind, value) == words


def test_a_moment_is_no_day() -> None:
    assert "expected a date" in refusal(DATE, dt.datetime(2022, 12, 31, tzinfo=dt.UTC))


@given(
    least=st.integers(-(10**6), 10**6),
    size=st.integers(0, 10**6),
    places=st.integers(0, 8),
    step=st.integers(-2, 2),
)
def test_a_limit_itself_is_taken_and_one_minor_unit_beyond_is_not(
    least: int, size: int, places: int, step: int
) -> None:
    unit = Fraction(1, 10**places)
    low, high = least * unit, (least + size) * unit
    kind = fields.Share(title=TITLE, places=places, least=low, most=high)
    for edge in (low, high):
        value = edge + step * unit
        if low <= value <= high:
            assert kind.take(value).fraction == value
        else:
            assert kind.limits()["en"] in refusal(kind, value)
        assert "decimal places" in refusal(kind, edge + unit / 10)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (MONEY, [0, 10**13, "9999999999999.99"], ["-0.01", "10000000000000.01"]),
        (SIGNED, [-(10**13), "-9999999999999.99", 10**13], ["-10000000000000.01", "10000000000000.01"]),
        (COUNT, [0, 100], [-1, 101]),
        (SHARE, [0, 1, "0.999999", "0.000001"], ["-0.000001", "1.000001"]),
        (DATE, ["0001-01-01", "9999-12-31"], [it.exact(0), it.exact(dt.date.max.toordinal() + 1)]),
    ],
    ids=["money", "signed", "count", "share", "date"],
)
def test_the_usual_limits_hold_exactly(kind: Kind, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert kind.take(value).is_defined
    for value in bad:
        refusal(kind, value)


@given(day=st.dates())
def test_a_day_is_its_ordinal_number(day: dt.date) -> None:
    assert DATE.take(day) == DATE.take(day.isoformat()) == it.exact(day.toordinal())


@given(first=st.dates(), second=st.dates())
def test_the_difference_of_two_days_counts_days(first: dt.date, second: dt.date) -> None:
    assert (DATE.take(first) - DATE.take(second)).fraction == (first - second).days


UNITS = [
    ("1 yuan", "CNY", 1),
    ("yuan", "CNY", 1),
    ("元", "CNY", 1),
    ("CNY", "CNY", 1),
    ("1000 yuan", "CNY", 1000),
    ("千元", "CNY", 1000),
    ("10000 yuan", "CNY", 10**4),
    ("10000 CNY", "CNY", 10**4),
    ("万元", "CNY", 10**4),
    ("  万元  ", "CNY", 10**4),
    ("100 万元", "CNY", 10**6),
    ("百万元", "CNY", 10**6),
    ("亿元", "CNY", 10**8),
    ("EUR", "EUR", 1),
    ("1000 EUR", "EUR", 1000),
]


@pytest.mark.parametrize(("text", "currency", "factor"), UNITS)
def test_a_unit_of_amounts_is_its_factor(text: str, currency: str, factor: int) -> None:
    amounts = Amounts.parse(text, currency)
    assert (amounts.factor, amounts.currency, amounts.text) == (factor, currency, text)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "CNY"),
        ("0 yuan", "CNY"),
        ("-1 yuan", "CNY"),
        ("1.5 yuan", "CNY"),
        ("10000", "CNY"),
        ("10000yuan", "CNY"),
        ("10 000 yuan", "CNY"),
        ("１ yuan", "CNY"),
        ("9999999999999 yuan", "CNY"),
        ("yen", "CNY"),
        ("EUR", "CNY"),
        ("万元", "EUR"),
        ("1000 CNY", "EUR"),
    ],
)
def test_an_unknown_unit_of_amounts_is_refused(text: str, currency: str) -> None:
    with pytest.raises(RefusedError) as caught:
        Amounts.parse(text, currency)
    assert str(caught.value).startswith(f'expected a unit of amounts in {currency} such as "10000 {currency}"')
    assert str(caught.value).endswith(f'got "{text}"')
    assert ("万元" in str(caught.value).partition(", got")[0]) == (currency == "CNY")


@given(text=st.text(max_size=40), currency=st.sampled_from(["CNY", "EUR"]) | st.text(max_size=5))
def test_any_text_is_a_unit_of_amounts_or_is_refused(text: str, currency: str) -> None:
    try:
        amounts = Amounts.parse(text, currency)
    except RefusedError:
        return
    assert amounts.factor >= 1
    assert amounts.suffix["zh"].startswith(" ")
    assert amounts.suffix["en"].startswith(" ")


@given(cents=st.integers(0, 10**15), unit=st.sampled_from(["元", "10000 yuan", "万元", "亿元", "7 yuan"]))
def test_an_amount_in_a_declared_unit_is_that_many_currency_units(cents: int, unit: str) -> None:
    amounts = Amounts.parse(unit)
    printed = Fraction(cents, 100) / amounts.factor
    assert MONEY.read(printed, amounts).fraction == Fraction(cents, 100)


def test_amounts_in_ten_thousands_are_converted_exactly() -> None:
    assert MONEY.read(Decimal("53232.6"), WAN) == 532326000
    assert MONEY.read("0.000001", WAN).text == "0.01"
    assert MONEY.read(Decimal(1000000000), WAN) == 10**13
    refusal(MONEY, "0.0000001", WAN)
    refusal(MONEY, "1000000000.000001", WAN)


def test_a_refusal_of_an_amount_does_not_mix_two_units() -> None:
    # in ten thousands, 1000000001 is beyond 10**13 yuan, and six places are one fen hundredth
    beyond = refusal(MONEY, "1000000001", WAN).partition(", got")[0]
    assert re.search(r"\b1,?000,?000,?000\b", beyond) or "yuan" in beyond or "元" in beyond
    places = refusal(MONEY, "0.0000001", WAN).partition(", got")[0]
    assert "6 decimal places" in places or "yuan" in places or "元" in places


def test_only_money_is_read_in_the_unit_of_amounts() -> None:
    assert COUNT.read(5, WAN) == 5
    assert SHARE.read("80%", WAN) == it.exact("0.8")
    assert DATE.read(dt.date(2022, 12, 31), WAN) == dt.date(2022, 12, 31).toordinal()
    assert FLAG.read(True, WAN) is True  # noqa: FBT003 - the flag itself
    assert CHOICE.read("good", WAN) == "good"
    assert WORDS.read("words", WAN) == "words"


@st.composite
def kinds_and_values(draw: st.DrawFn) -> tuple[Kind, Any]:
    """A kind with limits of its own, and a value that it takes."""
    which = draw(st.sampled_from(["money", "number", "share", "count", "date", "flag", "choice", "words"]))
    if which in ("money", "number", "share"):
        places = draw(st.integers(0, 9))
        unit = 10**places
        low, high = sorted((draw(st.integers(-(10**12), 10**12)), draw(st.integers(-(10**12), 10**12))))
        cls = {"money": fields.Money, "number": fields.Number, "share": fields.Share}[which]
        kind = cls(title=TITLE, places=places, least=it.Quantity(low, unit), most=it.Quantity(high, unit))
        return kind, kind.take(Fraction(draw(st.integers(low, high)), unit))
    if which == "count":
        return COUNT, COUNT.take(draw(st.integers(0, 100)))
    if which == "date":
        return DATE, DATE.take(draw(st.dates()))
    if which == "flag":
        return FLAG, draw(st.booleans())
    if which == "choice":
        return CHOICE, draw(st.sampled_from(["good", "bad"]))
    return WORDS, draw(st.text())


@given(drawn=kinds_and_values())
def test_what_is_written_is_taken_again(drawn: tuple[Kind, Any]) -> None:
    kind, value = drawn
    assert not kind.is_missing(value)
    assert kind.take(value) == value
    assert kind.take(kind.write(value)) == value
    assert kind.read(kind.write(value), YUAN) == value


@given(cents=st.integers(-(10**15), 10**15), unit=st.sampled_from(["元", "千元", "万元", "亿元", "1000 yuan"]))
def test_a_shown_amount_reads_as_that_amount(cents: int, unit: str) -> None:
    amounts = Amounts.parse(unit)
    value = it.Quantity(cents, 100)
    for language in ("zh", "en"):
        shown = SIGNED.show(value, amounts, language)
        assert shown.endswith(amounts.suffix[language])
        assert SIGNED.read(shown.removesuffix(amounts.suffix[language]), amounts) == value


@given(micros=st.integers(0, 10**6))
def test_a_shown_share_reads_as_that_share(micros: int) -> None:
    value = it.Quantity(micros, 10**6)
    assert SHARE.take(SHARE.show(value, WAN, "zh")) == value


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        (MONEY, it.exact(532326000), "53232.6 万元", "53232.6 (10,000 yuan)"),
        (COUNT, it.exact(92), "92", "92"),
        (NUMBER, it.exact("80.5"), "80.5 平方米", "80.5 m²"),
        (SHARE, it.exact("0.8001"), "80.01%", "80.01%"),
        (DATE, it.exact(738520), "2022-12-31", "2022-12-31"),
        (FLAG, True, "是", "yes"),
        (FLAG, False, "否", "no"),
        (CHOICE, "bad", "差", "Bad"),
        (WORDS, "甲局", "甲局", "甲局"),
    ],
)
def test_a_value_is_shown_in_both_languages(kind: Kind, value: Any, zh: str, en: str) -> None:
    assert (kind.show(value, WAN, "zh"), kind.show(value, WAN, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("unit", "currency", "zh", "en"),
    [
        ("元", "CNY", "5 元", "5 yuan"),
        ("7 yuan", "CNY", "5 ×7 元", "5 (7 yuan)"),
        ("EUR", "EUR", "5 EUR", "5 EUR"),
        ("1000 EUR", "EUR", "5 1,000 EUR", "5 1,000 EUR"),
    ],
)
def test_an_amount_is_shown_with_its_unit(unit: str, currency: str, zh: str, en: str) -> None:
    amounts = Amounts.parse(unit, currency)
    value = MONEY.read(5, amounts)
    assert (MONEY.show(value, amounts, "zh"), MONEY.show(value, amounts, "en")) == (zh, en)


@pytest.mark.parametrize("kind", [MONEY, COUNT, SHARE, DATE, FLAG, CHOICE, WORDS], ids=lambda kind: type(kind).__name__)
def test_the_missing_value_of_a_kind_is_missing(kind: Kind) -> None:
    assert kind.is_missing(kind.missing)


def test_missing_is_not_zero_and_not_false() -> None:
    assert not MONEY.is_missing(it.exact(0))
    assert not FLAG.is_missing(False)  # noqa: FBT003 - the flag itself
    assert FLAG.is_missing(NO_FLAG)
    assert not WORDS.is_missing("")
    with pytest.raises(it.ExactnessError, match="missing"):
        bool(NO_FLAG)


def test_a_figure_cannot_be_given_as_undefined() -> None:
    # what divides by zero is a measure; a figure is there or it is not
    refusal(MONEY, it.UNDEFINED)


junk = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.fractions()
    | st.text()
    | st.binary()
    | st.dates()
    | st.datetimes()
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text(), st.integers(), max_size=2)
)


@given(value=junk, kind=st.sampled_from([MONEY, SIGNED, COUNT, SHARE, DATE, FLAG, CHOICE, WORDS]))
def test_any_value_is_taken_within_limits_or_refused(value: Any, kind: Kind) -> None:
    try:
        taken = kind.read(value, WAN)
    except RefusedError:
        return
    assert not kind.is_missing(taken)
    assert kind.take(kind.write(taken)) == taken
