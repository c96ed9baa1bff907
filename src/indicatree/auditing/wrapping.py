"""Lines of a certain width, broken between words: never inside a path or a number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["filled", "longest_word", "width_of", "wrapped"]

_OPENING, _CLOSING = "（【《〈「『“", "，。；：、！？）】》〉」』”"
_WIDE = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
# A Chinese character is a word of its own; punctuation does not begin a line, or end one, where it belongs to a word.
_WORD = re.compile(
    rf"[{_OPENING}]*(?:[^{_WIDE}{_OPENING}{_CLOSING}]+|[^\x00-\x7f{_OPENING}{_CLOSING}])[{_CLOSING}]*"
    rf"|[{_OPENING}{_CLOSING}]+"
)


def width_of(text: str) -> int:
    """How many columns a text takes: a Chinese character takes two."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text, each with whether a space stands before it."""
    for number, part in enumerate(text.split()):
        for match in _WORD.finditer(part):
            yield match[0], number > 0 and match.start() == 0


def longest_word(text: str) -> int:
    """The width below which a text cannot be broken."""
    return max((width_of(word) for word, _ in _words(text)), default=0)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most a width, but for single words that are wider.

    Example:
        >>> wrapped("total of basic spending (basic.total)", 14)
        ['total of basic', 'spending', '(basic.total)']
        >>> wrapped("基本支出合计（basic.total），应为 897.73", 14)
        ['基本支出合计', '（basic.total），', '应为 897.73']
    """
    lines, line, used = [], "", 0
    for word, spaced in _words(text):
        wide = width_of(word)
        if line and used + spaced + wide > width:
            lines.append(line)
            line, used = word, wide
        else:
            line += (" " if spaced and line else "") + word
            used += wide + (spaced and used > 0)
    return [*lines, line]


def filled(text: str, width: int, first: str = "", rest: str = "") -> str:
    """A text in lines of at most a width, with what stands before the first one and before the others."""
    lines = wrapped(text, width - max(width_of(first), width_of(rest)))
    return "\n".join((rest if number else first) + line for number, line in enumerate(lines))
