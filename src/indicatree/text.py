"""Text in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

__all__ = ["LANGUAGES", "Language", "SaidError", "Text", "as_text", "said_by"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@attrs.frozen
class Text:
    """The same words in Chinese and in English.

    A text that lacks one language is shown in the one that it has; a text that lacks both is empty.

    Example:
        >>> title = Text(zh="预算执行率", en="Budget execution rate")
        >>> title["en"]
        'Budget execution rate'
        >>> Text(zh="预算执行率")["en"]
        '预算执行率'
    """

    zh: str = ""
    en: str = ""

    @classmethod
    def of(cls, value: str | Text | Mapping[str, str]) -> Text:
        """A text from a text, from ``{zh = ..., en = ...}``, or from words that serve as both."""
        if isinstance(value, Text):
            return value
        if isinstance(value, str):
            return cls(zh=value, en=value)
        words = dict(value) if isinstance(value, Mapping) else {"": value}
        if set(words) - set(LANGUAGES) or not all(isinstance(part, str) for part in words.values()):
            msg = 'expected text, or a table with the keys "zh" and "en" and text in each'
            raise ValueError(msg)
        return cls(**words)

    def __getitem__(self, language: str) -> str:
        """The words in a language, or in the other one where this one is lacking."""
        if language == "zh":
            return self.zh or self.en
        if language == "en":
            return self.en or self.zh
        msg = f'no language "{language}": expected "zh" or "en"'
        raise KeyError(msg)

    def __bool__(self) -> bool:
        """Whether there are any words."""
        return bool(self.zh.strip() or self.en.strip())

    def __add__(self, other: Text | str) -> Text:
        """The two texts, one after the other, in each language."""
        other = Text.of(other)
        return Text(zh=self["zh"] + other["zh"], en=self["en"] + other["en"])

    def replaced(self, old: str, new: str) -> Text:
        """The text with some words replaced, in each language."""
        return Text(zh=self.zh.replace(old, new), en=self.en.replace(old, new))

    def to_dict(self) -> dict[str, str]:
        """The languages that there are words in."""
        return {language: getattr(self, language) for language in LANGUAGES if getattr(self, language)}


def as_text(value: str | Text | Mapping[str, str]) -> Text:
    """`Text.of` as a function."""
    return Text.of(value)


class SaidError(Exception):
    """An error that says in two languages what is wrong; as text it is English.

    Attributes:
        said: What is wrong.
    """

    def __init__(self, said: str | Text) -> None:
        """Hold what is wrong."""
        self.said = as_text(said)
        super().__init__(self.said)

    def __str__(self) -> str:
        """What is wrong, in English."""
        return self.said["en"]


def said_by(error: BaseException) -> Text:
    """What an error says: in two languages where it does, else its text for both.

    Example:
        >>> said_by(SaidError(Text(zh="无此年度", en="no such year")))["zh"]
        '无此年度'
        >>> said_by(ValueError("no number"))["zh"]
        'no number'
    """
    said = getattr(error, "said", None)
    return said if isinstance(said, Text) else Text.of(str(error))
