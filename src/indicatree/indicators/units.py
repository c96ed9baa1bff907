"""Tiers, directions and the units in which a measure's value is shown."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import attrs

from indicatree.arithmetic import Quantity, exact
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

__all__ = ["DAYS", "LESS", "MORE", "NUMBER", "PERCENT", "Better", "MeasureUnit", "Tier", "near"]


class Tier(Enum):
    """The four tiers of an evaluation, in their order."""

    INPUT = "input"
    PROCESS = "process"
    OUTPUT = "output"
    EFFECT = "effect"

    @property
    def title(self) -> Text:
        """The usual title of the tier; a scheme may give its own."""
        return _TIER_TITLES[self]


_TIER_TITLES = {
    Tier.INPUT: Text(zh="投入", en="Input"),
    Tier.PROCESS: Text(zh="过程", en="Process"),
    Tier.OUTPUT: Text(zh="产出", en="Output"),
    Tier.EFFECT: Text(zh="效果", en="Effect"),
}


@attrs.frozen
class MeasureUnit:
    """The unit of a measure's value, and how it is shown.

    The value itself stays exact; only its text is rounded, half up.

    Attributes:
        id: The name of the unit.
        title: The unit in two languages, as it follows a number.
        scale: By what the value is multiplied for showing: 100 for per cent.
        places: How many decimal places are shown.
        one: The unit as it follows a single 1, where it is another word: a day, two days.
    """

    id: str
    title: Text
    scale: int = 1
    places: int = 2
    one: Text = Text()

    def _titled(self, number: object, language: str) -> str:
        """A number with the unit behind it."""
        text = str(number)
        return text + (self.one if self.one and text in {"1", "-1"} else self.title)[language]

    def show(self, value: Quantity, language: str = "zh") -> str:
        """The value in text.

        Example:
            >>> PERCENT.show(exact("0.80006"))
            '80.01%'
        """
        return self._titled((value * self.scale).decimal(self.places), language)

    def show_exact(self, value: Quantity, language: str = "zh") -> str:
        """The value in text with all its digits, for limits and edges.

        Example:
            >>> PERCENT.show_exact(exact("0.8")), DAYS.show_exact(exact(1), "en"), DAYS.show_exact(exact(2), "en")
            ('80%', '1 day', '2 days')
        """
        return self._titled((value * self.scale).text, language)

    def show_apart(self, value: Quantity, limits: Iterable[Quantity], language: str = "zh") -> str:
        """The value in text, with as many more digits as it takes to see on which side of each limit it lies.

        Example:
            >>> [PERCENT.show_apart(exact(value), [exact("95%")]) for value in ("90%", "94.99999%", "95%")]
            ['90.00%', '94.99999%', '95.00%']
        """
        shown = self.rounded_apart(value, limits)
        return self.show_exact(value, language) if shown is None else self._titled(shown, language)

    def rounded_apart(self, value: Quantity, limits: Iterable[Quantity]) -> Decimal | None:
        """The number that `show_apart` shows; None where the value is a limit, which only all its digits show."""
        beside, scaled = list(limits), value * self.scale
        if any(value == limit for limit in beside) and exact(scaled.decimal(self.places)) != scaled:
            return None
        places = self.places
        while True:
            shown = scaled.decimal(places)
            if all(_side(exact(shown), limit * self.scale) == _side(value, limit) for limit in beside):
                return shown
            places += 1

    def show_difference(self, size: Quantity, language: str = "zh") -> str:
        """A difference of two values in text with all its digits: of two percentages, percentage points.

        Example:
            >>> PERCENT.show_difference(exact("0.05")), PERCENT.show_difference(exact("0.01"), "en")
            ('5 个百分点', '1 percentage point')
        """
        if not (self.scale == PERCENT.scale and self.title[language].strip() == "%"):
            return self.show_exact(size, language)
        points = size * self.scale
        plural = "" if points == 1 else "s"
        return f"{points.text}{Text(zh=' 个百分点', en=f' percentage point{plural}')[language]}"


def _side(value: Quantity, limit: Quantity) -> int:
    """Below the limit, at it or above it."""
    return bool(value > limit) - bool(value < limit)


PERCENT = MeasureUnit("percent", Text(zh="%", en="%"), scale=100)
NUMBER = MeasureUnit("number", Text(), places=2)
DAYS = MeasureUnit("days", Text(zh=" 天", en=" days"), places=0, one=Text(zh=" 天", en=" day"))


@attrs.frozen
class Better:
    """Which values of a measure are better.

    Attributes:
        direction: ``more``, ``less`` or ``near``.
        target: With ``near``: the value that is best.
    """

    direction: str
    target: Quantity | None = None


MORE = Better("more")
LESS = Better("less")


def near(target: int | str | Decimal | Quantity) -> Better:
    """The nearer to a target, the better.

    Example:
        >>> near("100%").target
        Quantity(1)
    """
    return Better("near", exact(target))
