"""What a rule is: declared data that turns a value into points."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from indicatree.arithmetic import Quantity, equal, exact
from indicatree.data.structure import to_table
from indicatree.problems import DeclarationError, Problem, expected
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from indicatree.indicators import Indicator

__all__ = [
    "AND",
    "EDGES",
    "Limits",
    "Marks",
    "Rule",
    "Takes",
    "award_words",
    "awards_beyond",
    "edge_words",
    "full_words",
    "not_above_zero",
    "optional_exact",
    "points_words",
    "spaced",
    "stopped_words",
    "stops_beyond",
    "too_many_edges",
    "until_words",
    "within",
]


def optional_exact(value: Quantity | int | Decimal | str | None) -> Quantity | None:
    """Take a number exactly, or None."""
    return None if value is None else exact(value)


def not_above_zero(**sizes: Quantity) -> Iterator[Problem]:
    """What is wrong with numbers that must be above zero, by name."""
    for name, size in sizes.items():
        if not size > 0:
            yield Problem("not-above-zero", name, expected("大于 0 的数", "a number above zero", size.text))


def points_words(points: Quantity, language: str) -> str:
    """A number of points in words."""
    return f"{points.text}{Text(zh=' 分', en=' point' if points == 1 else ' points')[language]}"


def award_words(condition: str, points: Quantity, language: str) -> str:
    """What a value gets under a condition, as a published table prints it."""
    words, joined = points_words(points, language), spaced(condition)
    return Text(zh=f"{joined}不得分" if points == 0 else f"{joined}得 {words}", en=f"{condition}: {words}")[language]


def full_words(full: Quantity, language: str) -> str:
    """What is given where nothing is deducted; a penalty gives nothing by itself."""
    if full == 0:
        return Text(zh="不扣分", en="no deduction")[language]
    most = points_words(full, language)
    return Text(zh=f"得满分 {most}", en=f"full {most}")[language]


def until_words(until: Quantity, full: Quantity, language: str) -> str:
    """Where a deduction stops, as a published table prints it."""
    if until == 0:
        return Text(zh="扣完为止", en="until none are left")[language]
    if full == 0:
        return Text(zh=f"最多扣 {(-until).text} 分", en=f"at most {(-until).text} in all")[language]
    left = points_words(until, "en")
    verb = "is" if until == 1 else "are"
    en = f"until {left} {verb} left" if until > 0 else f"down to {left}"
    return Text(zh=f"扣至 {until.text} 分为止", en=en)[language]


def stopped_words(points: Quantity, until: Quantity, full: Quantity, language: str) -> str:
    """That a deduction stopped, behind what was deducted, where it did."""
    return "" if points > until else Text(zh="，", en=", ")[language] + until_words(until, full, language)


def spaced(words: str) -> str:
    """Words with a space behind them, unless they end in a Chinese character and Chinese goes on."""
    return words if words[-1:].isalpha() and not words.isascii() else f"{words} "


class Takes(Enum):
    """What a rule is applied to.

    Attributes:
        MEASURE: The exact value of a measured indicator.
        CHECKLIST: For each item of a checklist, whether it is met.
        GRADE: The share of the marks that an assessor gives.
    """

    MEASURE = "measure"
    CHECKLIST = "checklist"
    GRADE = "grade"


@attrs.frozen
class Marks:
    """What a leaf can score.

    Attributes:
        full: Its points.
        lowest: Its lowest score: 0, or below it for a penalty.
        highest: Its highest score: its points, or above them for a bonus.
    """

    full: Quantity
    lowest: Quantity
    highest: Quantity


@attrs.frozen(kw_only=True)
class Rule:
    """The base of all rules. A rule is an attrs class: its fields are the parameters of the rule.

    `points` is a plain function of exact operands (``+ - * /``, comparisons and the functions of
    `indicatree.arithmetic`), so that the same rule scores one unit and a table.

    A rule that needs more than the value says so in `compared_with` and `asks`; `points` and `reason` then
    get what it names as keyword arguments of those names.

    Attributes:
        kind: The name under which files refer to the rule.
        takes: What it is applied to.
    """

    kind: ClassVar[str]
    takes: ClassVar[Takes] = Takes.MEASURE

    @property
    def compared_with(self) -> Mapping[str, Indicator]:
        """Measures of the same unit that the value is compared with, by name; each comes as an operand."""
        return {}

    @property
    def asks(self) -> Mapping[str, Text]:
        """What an assessor may say of a measured value, by name; each comes as a condition, false if not said."""
        return {}

    def edges(self, full: Quantity, **beside: Any) -> Iterable[Quantity]:
        """The values at which the points jump or bend: between two of them they run straight.

        A linter and tests look there, and just beside. A rule that gives none is looked at on a grid.

        Args:
            full: The points of the leaf.
            **beside: A value for each name of `compared_with`.
        """
        del full, beside
        return ()

    def points(self, value: Any, full: Quantity) -> Any:
        """The points for a value, before they are kept within the leaf's limits and rounded.

        Args:
            value: A defined operand; for a checklist, the settled items by name.
            full: The points of the leaf.
        """
        raise NotImplementedError

    def problems(self, indicator: Indicator, marks: Marks) -> list[Problem]:
        """What is wrong with using this rule for this indicator at these marks."""
        del indicator, marks
        return []

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """The rule in words, as a published table would print it."""
        raise NotImplementedError

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """What in the rule decided the points for this value."""
        del value
        return self.words(indicator, full, language)

    def to_dict(self) -> dict[str, Any]:
        """The rule as a file holds it."""
        return {"kind": self.kind, **to_table(self)}


EDGES = {"exactly": "", "at_least": "≥ ", "above": "> ", "at_most": "≤ ", "below": "< "}
"""The kinds of edge, each with its sign; a single value has words instead."""


def edge_words(kind: str, shown: str, language: str) -> str:
    """An edge in words, from its kind and its value as it is shown."""
    if kind == "exactly":
        return Text(zh=f"等于 {shown}", en=f"exactly {shown}")[language]
    return EDGES[kind] + shown


AND = Text(zh=" 且 ", en=", ")
"""What stands between the two edges of a range."""


@attrs.frozen(kw_only=True)
class Limits:
    """A range of values whose edges say which side owns them.

    Attributes:
        at_least: The lower edge, which is in the range.
        above: The lower edge, which is not.
        at_most: The upper edge, which is in the range.
        below: The upper edge, which is not.
        exactly: The one value of the range.
    """

    at_least: Quantity | None = attrs.field(default=None, converter=optional_exact)
    above: Quantity | None = attrs.field(default=None, converter=optional_exact)
    at_most: Quantity | None = attrs.field(default=None, converter=optional_exact)
    below: Quantity | None = attrs.field(default=None, converter=optional_exact)
    exactly: Quantity | None = attrs.field(default=None, converter=optional_exact)

    @property
    def lower(self) -> tuple[Quantity, int] | None:
        """Where the range begins: just below (0) or just above (1) a value; None for nowhere."""
        if self.exactly is not None:
            return self.exactly, 0
        if self.at_least is not None:
            return self.at_least, 0
        return None if self.above is None else (self.above, 1)

    @property
    def upper(self) -> tuple[Quantity, int] | None:
        """Where the range ends: just below (0) or just above (1) a value; None for nowhere."""
        if self.exactly is not None:
            return self.exactly, 1
        if self.below is not None:
            return self.below, 0
        return None if self.at_most is None else (self.at_most, 1)

    def edge_problems(self) -> list[Problem]:
        """What is wrong with the edges by themselves."""
        if problems := too_many_edges({name for name in EDGES if getattr(self, name) is not None}):
            return problems
        lower, upper = self.lower, self.upper
        if lower is not None and upper is not None and not before(lower, upper):
            message = Text(zh=f"没有值满足 {self.zone(None, 'zh')}", en=f"no value lies {self.zone(None, 'en')}")
            return [Problem("empty-range", "", message, Text(zh="对调两个边界", en="exchange the edges"))]
        return []

    def holds(self, value: Any) -> Any:
        """The condition that a value lies in the range."""
        return within(value, self.at_least, self.above, self.at_most, self.below, self.exactly)

    def zone(self, indicator: Indicator | None, language: str) -> str:
        """The range in words, the edges in the unit of the indicator."""

        def edge(value: Quantity) -> str:
            return value.text if indicator is None else indicator.unit.show_exact(value, language)

        parts = [
            edge_words(name, edge(value), language) for name in EDGES if (value := getattr(self, name)) is not None
        ]
        return AND[language].join(parts) or Text(zh="任何值", en="any value")[language]


def within(value: Any, at_least: Any, above: Any, at_most: Any, below: Any, exactly: Any) -> Any:
    """The condition that a value lies between edges; None for an edge that is not there."""
    if exactly is not None:
        return equal(value, exactly)
    low: Any = True
    if at_least is not None:
        low = value >= at_least
    elif above is not None:
        low = value > above
    high: Any = True
    if at_most is not None:
        high = value <= at_most
    elif below is not None:
        high = value < below
    if low is True:
        return high
    return low if high is True else low & high


def awards_beyond(awards: Iterable[tuple[str, Quantity]], marks: Marks) -> list[Problem]:
    """The problems of awards, each with its place, that are more or less than a leaf can score."""
    found = []
    for path, points in awards:
        if points > marks.highest:
            message = Text(
                zh=f"{points.text} 分超过该项的 {marks.highest.text} 分",
                en=f"{points.text} is more than the {marks.highest.text} points of the leaf",
            )
            found.append(Problem("points-beyond", path, message))
        if points < marks.lowest:
            message = Text(
                zh=f"{points.text} 分低于该项的最低分 {marks.lowest.text} 分",
                en=f"{points.text} is less than {marks.lowest.text}, the lowest score of the leaf",
            )
            found.append(Problem("points-beyond", path, message))
    return found


def stops_beyond(until: Quantity, marks: Marks) -> list[Problem]:
    """What is wrong with where a deduction stops, for a leaf: above its points, or below its lowest score."""
    if until > marks.full:
        message = Text(
            zh=f"{until.text} 分超过该项的 {marks.full.text} 分",
            en=f"{until.text} is more than the {marks.full.text} points of the leaf",
        )
        return [Problem("points-beyond", "until", message)]
    return awards_beyond([("until", until)], marks)


def too_many_edges(given: set[str]) -> list[Problem]:
    """What is wrong with edges of these kinds standing together."""
    for pair in ({"at_least", "above"}, {"at_most", "below"}):
        if pair <= given:
            first, second = sorted(pair)
            message = Text(zh=f"同时给出了 {first} 和 {second}", en=f"both {first} and {second} are given")
            return [Problem("two-edges", "", message, Text(zh="只保留一个", en="keep one"))]
    if "exactly" in given and len(given) > 1:
        message = Text(zh="exactly 不能与其他边界并用", en="exactly stands with another edge")
        return [Problem("two-edges", "", message, Text(zh="只保留 exactly", en="keep exactly alone"))]
    return []


def before(first: tuple[Quantity, int], second: tuple[Quantity, int]) -> bool:
    """Whether one edge lies before another."""
    return bool(first[0] < second[0]) or (first[0] == second[0] and first[1] < second[1])


def refuse(problems: Iterable[Problem]) -> None:
    """Raise the problems of a rule that is declared wrongly, if there are any."""
    if found := tuple(problems):
        raise DeclarationError(found)
