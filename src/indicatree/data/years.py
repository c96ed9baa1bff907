"""The years that something holds for, and its versions side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.problems import did_you_mean, expected, quoted
from indicatree.text import SaidError, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["VersionError", "Years", "as_years", "split_version", "version_of"]

_YEARS = re.compile(r"([1-9]\d{3})?\s*(-?)\s*([1-9]\d{3})?", re.ASCII)
_VERSIONED = re.compile(r"(.*)@(\d{4})", re.ASCII | re.DOTALL)
_RANGE = range(1000, 10000)
_FORMS = Text(
    zh='年度，如 "2013-2019"、"2020-"、"-2012" 或 "2021"', en='years such as "2013-2019", "2020-", "-2012" or "2021"'
)


class _NoYearsError(SaidError, ValueError):
    """What is no range of years."""


class VersionError(SaidError, LookupError):
    """No version, or more than one, is meant; it says which there are."""


@attrs.frozen
class Years:
    """The years from ``first`` to ``last``, both included; None for an end that is open.

    Example:
        >>> years = Years.of("2013-2019")
        >>> 2019 in years, 2020 in years, str(years)
        (True, False, '2013-2019')
        >>> Years.of("2020-").overlaps(years)
        False
    """

    first: int | None = None
    last: int | None = None

    def __attrs_post_init__(self) -> None:
        """Check that there is an end, and their order."""
        if self.first is None and self.last is None:
            raise _no_years()
        if self.first is not None and self.last is not None and self.first > self.last:
            said = Text(
                zh=f"起始年度 {self.first} 晚于终止年度 {self.last}",
                en=f"the first year {self.first} comes after the last one {self.last}",
            )
            raise _NoYearsError(said)

    @classmethod
    def of(cls, value: Years | int | str) -> Years:
        """Years from text or from one year.

        Raises:
            ValueError: This is no range of years.
        """
        match = None
        if isinstance(value, str | Years) or (
            not isinstance(value, bool) and isinstance(value, int) and value in _RANGE
        ):
            match = _YEARS.fullmatch(str(value).strip())
        if match is None or not (match[1] or match[3]):
            raise _no_years(quoted(value))
        first, dash, last = match.groups()
        if not dash and first and last:
            raise _no_years(quoted(value))
        one = first or last
        return cls(int(first) if first else None, int(last) if last else None) if dash else cls(int(one), int(one))

    def __contains__(self, year: int) -> bool:
        """Whether it holds for a year."""
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)

    def covers(self, other: Years) -> bool:
        """Whether it holds for all of other years."""
        return (self.first is None or (other.first is not None and self.first <= other.first)) and (
            self.last is None or (other.last is not None and other.last <= self.last)
        )

    def overlaps(self, other: Years) -> bool:
        """Whether the two have a year in common."""
        return (self.first is None or other.last is None or self.first <= other.last) and (
            other.first is None or self.last is None or other.first <= self.last
        )

    @property
    def mark(self) -> int:
        """A year of these, by which a version is named: ``id@2013``."""
        return self.first if self.first is not None else self.last or 0

    def __str__(self) -> str:
        """The years as files hold them."""
        if self.first == self.last:
            return str(self.first)
        return f"{'' if self.first is None else self.first}-{'' if self.last is None else self.last}"


def _no_years(got: str | None = None) -> _NoYearsError:
    """The error that says how years are written."""
    return _NoYearsError(expected(_FORMS["zh"], _FORMS["en"], got))


def as_years(value: Years | int | str | None) -> Years | None:
    """Years, or None for always."""
    return None if value is None else Years.of(value)


def split_version(name: str) -> tuple[str, int | None]:
    """A name and the year of the version that it asks for.

    Example:
        >>> split_version("mof-department@2021"), split_version("mof-department")
        (('mof-department', 2021), ('mof-department', None))
    """
    match = _VERSIONED.fullmatch(name)
    return (match[1], int(match[2])) if match else (name, None)


def version_of(things: Mapping[str, Any], name: str, years: Years | None = None) -> Any:
    """The version of something that holds for all of some years.

    Args:
        things: What there is, by name, or by name and year (``name@2013``); each has ``years``.
        name: The name; with ``@2021`` the version of that year.
        years: The years that it is to hold for, where the name says no year.

    Raises:
        VersionError: There is no such name, or not exactly one version for the years.
    """
    plain, year = split_version(name)
    versions = [thing for key, thing in things.items() if split_version(key)[0] == plain]
    if not versions:
        raise VersionError(did_you_mean(name, things))
    if year is not None:
        years = Years(year, year)
    if years is None:
        if len(versions) == 1:
            return versions[0]
        listed, example = _listed(versions), f"{plain}@{versions[-1].years.mark}"
        said = Text(
            zh=f"有多个版本：{listed['zh']}；请写明年度，如 {example}",
            en=f"there are several versions: {listed['en']}; say the year, as in {example}",
        )
        raise VersionError(said)
    found = [thing for thing in versions if thing.years is None or thing.years.covers(years)]
    if not found:
        listed = _listed(versions)
        said = Text(zh=f"适用于 {listed['zh']}，不适用于 {years}", en=f"it holds for {listed['en']}, not for {years}")
        raise VersionError(said)
    return found[0]


def _listed(versions: Iterable[Any]) -> Text:
    held = sorted(str(version.years) for version in versions)
    return Text(zh="、".join(held), en=", ".join(held))
