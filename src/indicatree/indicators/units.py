"""Tiers, directions and the units in which a measure's value is shown."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import attrs

from indicatree.arithmetic import Quantity, exact
from indicatree.text import Text

if TYPE_CHECKING:
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
    """

    id: str
    title: Text
    scale: int = 1
    places: int = 2

    def show(self, value: Quantity, language: str = "zh") -> str:
        """The value in text.

        Example:
            >>> PERCENT.show(exact("0.80006"))
            '80.01%'
        """
        return f"{(value * self.scale).decimal(self.places)}{self.title[language]}"

    def show_exact(self, value: Quantity, language: str = "zh") -> str:
        """The value in text with all its digits, for limits and edges.

        Example:
            >>> PERCENT.show_exact(exact("0.8"))
            '80%'
        """
        return f"{(value * self.scale).text}{self.title[language]}"


PERCENT = MeasureUnit("percent", Text(zh="%", en="%"), scale=100)
NUMBER = MeasureUnit("number", Text(), places=2)
DAYS = MeasureUnit("days", Text(zh=" 天", en=" days"), places=0)


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
