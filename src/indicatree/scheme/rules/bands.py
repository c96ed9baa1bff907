"""Points by band: each band of values has its points, and each edge an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from indicatree.arithmetic import Quantity, exact, piecewise, where
from indicatree.problems import Problem, expected
from indicatree.scheme.rules.base import (
    Limits,
    Marks,
    Rule,
    award_words,
    awards_beyond,
    before,
    optional_exact,
    points_words,
    refuse,
)
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indicatree.indicators import Indicator

__all__ = ["AllOrNothing", "Band", "Bands"]


_ZERO = Quantity(0)


@attrs.frozen(kw_only=True)
class Band(Limits):
    """A range of values and its points."""

    points: Quantity = attrs.field(converter=exact)


def _in_order(bands: Iterable[Band]) -> tuple[Band, ...]:
    """The bands from the lowest to the highest; one without a lower edge first."""
    from functools import cmp_to_key  # noqa: PLC0415

    def compare(first: Band, second: Band) -> int:
        if first.lower is None or second.lower is None:
            return (first.lower is not None) - (second.lower is not None)
        return -1 if before(first.lower, second.lower) else int(before(second.lower, first.lower))

    return tuple(sorted(bands, key=cmp_to_key(compare)))


def _as_bands(bands: Iterable[Band]) -> tuple[Band, ...]:
    return tuple(bands)


@attrs.frozen(kw_only=True)
class Bands(Rule):
    """Each band of values has its points.

    The bands may be given in any order; together they must cover every value once. Where they
    leave a gap on purpose, ``otherwise`` says what a value in it gets.

    Attributes:
        bands: The bands.
        otherwise: The points of a value in no band.

    Example:
        >>> rule = Bands(bands=[Band(at_least="95%", points=6), Band(at_least="80%", below="95%", points=5),
        ...                     Band(below="80%", points=0)])
        >>> rule.points(exact("95%"), exact(6)), rule.points(exact("94.99%"), exact(6))
        (Quantity(6), Quantity(5))
    """

    kind: ClassVar[str] = "bands"

    bands: tuple[Band, ...] = attrs.field(converter=_as_bands)
    otherwise: Quantity | None = attrs.field(default=None, converter=optional_exact)
    _steps: tuple[tuple[Quantity, int, Quantity], ...] = attrs.field(init=False, eq=False, repr=False, default=())
    _bottom: Quantity = attrs.field(init=False, eq=False, repr=False, default=Quantity(0))

    def __attrs_post_init__(self) -> None:
        """Check the edges, and lay the bands out from the highest to the lowest."""
        problems = [
            problem.under(f"bands[{index}]")
            for index, band in enumerate(self.bands)
            for problem in band.edge_problems()
        ]
        if not self.bands:
            problems.append(Problem("no-bands", "bands", expected("至少一档", "at least one band")))
        refuse(problems)
        ordered = _in_order(self.bands)
        refuse(self._cover(ordered))
        steps: list[tuple[Quantity, int, Quantity]] = []
        bottom = self.otherwise if self.otherwise is not None else ordered[0].points
        for position, band in enumerate(ordered):
            if band.lower is None:
                bottom = band.points
            else:
                steps.append((*band.lower, band.points))
            follower = ordered[position + 1].lower if position + 1 < len(ordered) else None
            if self.otherwise is not None and band.upper is not None and band.upper != follower:
                steps.append((*band.upper, self.otherwise))
        object.__setattr__(self, "_steps", tuple(reversed(steps)))
        object.__setattr__(self, "_bottom", bottom)

    def _cover(self, ordered: tuple[Band, ...]) -> list[Problem]:
        """The gaps and overlaps of the bands."""
        found = []
        owner = Text(zh="边界只归入一档", en="give the edge to one band")
        fix = owner + Text(zh="，或以 otherwise 写明空档的分值", en=", or say the points of the gap with otherwise")
        widest = ordered[0]
        for band in ordered[1:]:
            names = Text(
                zh=f"“{widest.zone(None, 'zh')}”与“{band.zone(None, 'zh')}”",
                en=f'"{widest.zone(None, "en")}" and "{band.zone(None, "en")}"',
            )
            end, start = widest.upper, band.lower
            if end is None or start is None or before(start, end):
                found.append(Problem("bands-overlap", "bands", names + Text(zh="重叠", en=" overlap"), owner))
            elif before(end, start) and self.otherwise is None:
                if end[0] == start[0]:
                    message = Text(
                        zh=f"{names['zh']}之间的边界 {end[0].text} 不属于任何一档",
                        en=f"no band has the edge {end[0].text} between {names['en']}",
                    )
                    given = Text(zh="其中一档改用 at_least 或 at_most", en="write at_least or at_most in one")
                    found.append(Problem("edge-without-owner", "bands", message, given))
                else:
                    message = Text(
                        zh=f"{names['zh']}之间的值不属于任何一档", en=f"no band has the values between {names['en']}"
                    )
                    found.append(Problem("bands-gap", "bands", message, fix))
            if end is not None and (band.upper is None or before(end, band.upper)):
                widest = band
        if self.otherwise is None:
            if ordered[0].lower is not None:
                message = Text(
                    zh=f"低于“{ordered[0].zone(None, 'zh')}”的值不属于任何一档",
                    en=f'no band has the values below "{ordered[0].zone(None, "en")}"',
                )
                found.append(Problem("bands-gap", "bands", message, fix))
            if widest.upper is not None:
                message = Text(
                    zh=f"高于“{widest.zone(None, 'zh')}”的值不属于任何一档",
                    en=f'no band has the values above "{widest.zone(None, "en")}"',
                )
                found.append(Problem("bands-gap", "bands", message, fix))
        return found

    def points(self, value: Any, full: Quantity) -> Any:
        """The points of the band that the value lies in."""
        del full
        return piecewise(
            ((value > edge if side else value >= edge, points) for edge, side, points in self._steps), self._bottom
        )

    def problems(self, indicator: Indicator, marks: Marks) -> list[Problem]:
        """Points that the leaf does not have."""
        del indicator
        awards = [(f"bands[{index}].points", band.points) for index, band in enumerate(self.bands)]
        if self.otherwise is not None:
            awards.append(("otherwise", self.otherwise))
        return awards_beyond(awards, marks)

    def edges(self, full: Quantity, **beside: Any) -> Iterable[Quantity]:
        """The edges of the bands."""
        del full, beside
        return [edge[0] for band in self.bands for edge in (band.lower, band.upper) if edge is not None]

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """Each band with its points, the best first."""
        del full
        ordered = sorted(self.bands, key=lambda band: band.points.fraction, reverse=True)
        parts = [award_words(band.zone(indicator, language), band.points, language) for band in ordered]
        if self.otherwise is not None:
            parts.append(award_words(Text(zh="其他", en="otherwise")[language], self.otherwise, language))
        return Text(zh="；", en="; ")[language].join(parts)

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """The band that the value lies in, and the one it missed."""
        shown = indicator.unit.show_apart(value, self.edges(full), language)
        band = next((band for band in self.bands if band.holds(value)), None)
        points = points_words(self.points(value, full), language)
        best = max(self.bands, key=lambda band: band.points.fraction)
        most = points_words(best.points, language)
        needs = Text(zh="满分要求", en="full marks need")[language]
        if best.points != full:
            needs = Text(zh=f"最高 {most}要求", en=f"the most, {most}, needs")[language]
        if band is None:
            words = Text(zh=f"{shown} 不在任何一档，得 {points}", en=f"{shown} lies in no band, which gives {points}")
        else:
            zone = band.zone(indicator, language)
            words = Text(zh=f"{shown} 属于“{zone}”档，得 {points}", en=f"{shown} is in the band {zone}: {points}")
        missed = best.zone(indicator, language)
        return words[language] + Text(zh=f"（{needs} {missed}）", en=f" ({needs} {missed})")[language]


@attrs.frozen(kw_only=True)
class AllOrNothing(Rule, Limits):
    """Full marks where the value keeps within its limits, else none.

    Example:
        >>> AllOrNothing(at_most="100%").points(exact("100.01%"), exact(5))
        Quantity(0)
    """

    kind: ClassVar[str] = "all_or_nothing"

    def __attrs_post_init__(self) -> None:
        """Check the edges."""
        problems = self.edge_problems()
        if self.lower is None and self.upper is None:
            fix = Text(zh='例如 at_most = "100%"', en='for example at_most = "100%"')
            problems.append(Problem("no-limit", "", expected("边界", "a limit"), fix))
        refuse(problems)

    def points(self, value: Any, full: Quantity) -> Any:
        """All the points, or none."""
        return where(self.holds(value), full, _ZERO)

    def edges(self, full: Quantity, **beside: Any) -> Iterable[Quantity]:
        """The limits."""
        del full, beside
        return [edge[0] for edge in (self.lower, self.upper) if edge is not None]

    def words(self, indicator: Indicator, full: Quantity, language: str) -> str:
        """The limit, and what keeping it is worth."""
        zone = self.zone(indicator, language)
        award = award_words(zone, full, language)
        return Text(zh=f"{award}，否则不得分", en=f"{award}, else none")[language]

    def reason(self, value: Any, indicator: Indicator, full: Quantity, language: str) -> str:
        """Whether the limit is kept."""
        shown = indicator.unit.show_apart(value, self.edges(full), language)
        zone = self.zone(indicator, language)
        if self.holds(value):
            return Text(zh=f"{shown} 符合 {zone}", en=f"{shown} keeps {zone}")[language]
        return Text(zh=f"{shown} 不符合 {zone}，不得分", en=f"{shown} does not keep {zone}: no points")[language]
