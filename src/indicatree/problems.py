"""What went wrong, where, and what to do about it: the one shape of every error."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from indicatree.text import Text, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CatalogError",
    "DataError",
    "DeclarationError",
    "ExactnessError",
    "FormulaError",
    "IndicatreeError",
    "Problem",
    "SchemeError",
    "ScoringError",
    "did_you_mean",
    "expected",
    "quoted",
]


@attrs.frozen
class Problem:
    """One thing that is wrong.

    Attributes:
        code: A stable short name of the kind of problem, such as ``unknown-key``.
        path: Where it is: a path in a file (``data.budget.approved``), an indicator, a plugin.
        message: What is wrong and what was expected, in two languages.
        fix: What to do, in two languages, where that is known.

    Example:
        >>> lacking = Text(zh="缺少数据", en="no figure")
        >>> problem = Problem("missing-figure", "data.budget.approved", lacking, Text(zh="补上", en="give it"))
        >>> print(problem)
        data.budget.approved: no figure (give it)
        >>> print(problem.words("zh"))
        data.budget.approved: 缺少数据（补上）
    """

    code: str
    path: str
    message: Text = attrs.field(converter=as_text)
    fix: Text = attrs.field(default=Text(), converter=as_text)

    def __str__(self) -> str:
        """The problem in one line, in English: place, message, fix."""
        return self.words("en")

    def words(self, language: str) -> str:
        """The problem in one line: place, message, fix."""
        place = f"{self.path}: " if self.path else ""
        fix = Text(zh=f"（{self.fix['zh']}）", en=f" ({self.fix['en']})")[language] if self.fix else ""
        return f"{place}{self.message[language]}{fix}"

    def under(self, path: str) -> Problem:
        """The same problem seen from one level further out."""
        if not self.path:
            return attrs.evolve(self, path=path)
        joint = "" if self.path.startswith("[") else "."
        return attrs.evolve(self, path=f"{path}{joint}{self.path}")


class IndicatreeError(Exception):
    """The base of all errors of this library; carries every problem found, not only the first.

    Attributes:
        problems: The problems, in the order in which they were found.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Hold the problems; the text of the error is all of them, a line each."""
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    @property
    def said(self) -> Text:
        """Every problem, in both languages: in English as `str` gives it."""
        return Text(zh="；".join(problem.words("zh") for problem in self.problems), en=str(self))

    def __str__(self) -> str:
        """Every problem, a line each, in English."""
        return "\n".join(map(str, self.problems))


class ExactnessError(IndicatreeError, ValueError):
    """A value that cannot be taken exactly: a NaN, an infinity, text that is no number."""


class DeclarationError(IndicatreeError):
    """A record, an indicator or a rule that is declared wrongly."""


class FormulaError(DeclarationError):
    """A formula in text that is wrong, with the character where it is."""


class DataError(IndicatreeError):
    """Data that cannot be read as the records that a scheme needs."""


class SchemeError(IndicatreeError):
    """A scheme that is not whole."""


class CatalogError(IndicatreeError):
    """A plugin that cannot be used, or something that no plugin offers."""


class ScoringError(IndicatreeError):
    """Data that a scheme's policies do not allow to be scored."""


_LONGEST_QUOTE = 60
_CHINESE = re.compile("[\u4e00-\u9fff]")


def quoted(value: object) -> str:
    r"""A value as a message quotes it: text in quotes, long ones in part.

    Example:
        >>> quoted("x"), quoted(16**5000)
        ('"x"', 'a very large int')
        >>> print(quoted("a\nb"))
        "a\nb"
    """
    try:
        if isinstance(value, str):
            # a line break or an escape would tear the line that the message stands in
            shown = (sign if sign.isprintable() else repr(sign)[1:-1] for sign in value[: _LONGEST_QUOTE + 1])
            text = f'"{"".join(shown)}"'
        else:
            text = str(value) if isinstance(value, Decimal) else repr(value)
    except ValueError:  # Python does not write integers of more than 4300 digits
        return f"a very large {type(value).__name__}"
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."


def expected(zh: str, en: str, got: object = None) -> Text:
    """What was expected and, where that is known, what came instead, as a message says it.

    Example:
        >>> expected("0 至 12", "0 to 12", 13)
        Text(zh='应为 0 至 12，实为 13', en='expected 0 to 12, got 13')
    """
    wanted = Text(zh=f"应为{_apart(zh)}", en=f"expected {en}")
    if got is None:
        return wanted
    came = got if isinstance(got, Text) else Text.of(str(got))
    return wanted + Text(zh=f"，实为{_apart(came['zh'])}", en=f", got {came['en']}")


def _apart(words: str) -> str:
    """Words after Chinese ones: those that are not Chinese stand apart."""
    return words if _CHINESE.match(words) else f" {words}"


def did_you_mean(name: str, known: Iterable[str]) -> Text:
    """The nearest known name as a hint, or the names that there are.

    Example:
        >>> did_you_mean("aproved", ["approved", "actual"])["en"]
        'did you mean "approved"?'
        >>> did_you_mean("x", ["approved", "actual"])
        Text(zh='可用：actual、approved', en='one of: actual, approved')
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only errors pay for it

    names = sorted(set(known))
    near = get_close_matches(name, names, n=1)
    if near:
        return Text(zh=f'是否为 "{near[0]}"？', en=f'did you mean "{near[0]}"?')
    limit = 12
    listed = [*names[:limit], *(["..."] if len(names) > limit else [])]
    if not listed:
        return Text(zh="没有可用的名称", en="there are none")
    return Text(zh=f"可用：{'、'.join(listed)}", en=f"one of: {', '.join(listed)}")
