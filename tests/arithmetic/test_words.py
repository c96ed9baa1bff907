"""What the arithmetic refuses, said in Chinese and in English."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from indicatree.arithmetic import (
    MISSING,
    UNDEFINED,
    Interval,
    Quantity,
    count,
    exact,
    maximum,
    total,
    where,
)
from indicatree.arithmetic.many import Many
from indicatree.problems import ExactnessError
from indicatree.text import SaidError, Text, said_by

if TYPE_CHECKING:
    from collections.abc import Callable

ONE: Any = exact(1)
RANGE: Any = Interval(1, 3)
ITEMS: Any = Many((ONE, ONE))

REFUSED: list[Callable[[], Any]] = [
    lambda: exact("abc"),
    lambda: exact("1/0"),
    lambda: exact(None),  # type: ignore[arg-type]
    lambda: exact(float("nan")),
    lambda: exact(10**400),
    lambda: exact("1e999999999"),
    lambda: exact(Fraction(1, 10**400)),
    lambda: bool(MISSING > 0),
    lambda: bool(UNDEFINED > 0),
    lambda: bool(RANGE > 2),
    lambda: MISSING.fraction,
    lambda: Interval(2, 1),
    lambda: Interval.of_printed("1/3"),
    lambda: RANGE + 0.5,
    lambda: Quantity(0.5),  # type: ignore[arg-type]
    lambda: bool(ONE),
    lambda: float(ONE),
    lambda: round(ONE),
    lambda: ONE.equals("x"),
    lambda: ONE + 0.5,
    maximum,
    lambda: maximum(0.5, 1),
    lambda: maximum(1, 2, where=ONE > 0),
    lambda: total(1),
    lambda: total(ITEMS > 0),
    lambda: count(1),
    lambda: where("yes", 1, 0),
    lambda: bool(ITEMS),
    lambda: bool(ITEMS > 0),
]


def texts(error: Exception) -> list[Text]:
    return [problem.message for problem in error.problems] if isinstance(error, ExactnessError) else [said_by(error)]


@pytest.mark.parametrize("refused", REFUSED)
def test_what_is_refused_is_said_in_chinese_and_in_english(refused: Callable[[], Any]) -> None:
    with pytest.raises((ExactnessError, SaidError)) as caught:
        refused()
    (said,) = texts(caught.value)
    assert re.search("[\u4e00-\u9fff]", said.zh)
    assert said.en
    assert not re.search("[\u4e00-\u9fff]", said.en)
    assert str(caught.value) == said.en
