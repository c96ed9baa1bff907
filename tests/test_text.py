"""Text in Chinese and English."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicatree.text import LANGUAGES, Text, as_text

words = st.text(max_size=8) | st.just("")
texts = st.builds(Text, zh=words, en=words)


@given(zh=words, en=words)
def test_each_language_shows_its_own_words_or_else_those_of_the_other(zh: str, en: str) -> None:
    text = Text(zh=zh, en=en)
    assert text["zh"] == (zh if zh != "" else en)
    assert text["en"] == (en if en != "" else zh)


@given(text=texts)
def test_a_text_is_true_where_any_language_shows_words(text: Text) -> None:
    assert bool(text) is any(text[language].strip() for language in LANGUAGES)


def test_a_text_without_words_is_empty() -> None:
    assert not Text()
    assert not Text(zh=" ", en="\n")
    assert (Text()["zh"], Text()["en"]) == ("", "")


@pytest.mark.parametrize("language", ["fr", "", "ZH", None])
def test_a_language_that_there_is_not_is_an_error(language: Any) -> None:
    with pytest.raises(KeyError, match='expected "zh" or "en"'):
        Text(zh="一", en="one")[language]


@given(text=texts)
def test_a_text_is_taken_back_from_its_table(text: Text) -> None:
    assert set(text.to_dict()) == {language for language in LANGUAGES if getattr(text, language)}
    assert Text.of(text.to_dict()) == text
    assert as_text(text) is text


@given(word=words)
def test_words_serve_as_both_languages(word: str) -> None:
    assert Text.of(word) == as_text(word) == Text(zh=word, en=word)


@pytest.mark.parametrize("value", [{"fr": "un"}, {"zh": 1}, {"zh": None}, {"en": "one", "": "x"}, {1: "x"}])
def test_a_table_that_is_no_text_is_refused_in_words(value: Any) -> None:
    with pytest.raises(ValueError, match='"zh" and "en"'):
        Text.of(value)


@pytest.mark.parametrize("value", [5, None, 1.5, ["zh"], ["zh", "en"], True])
def test_what_is_no_text_at_all_is_refused_in_the_same_words(value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match='"zh" and "en"'):
        Text.of(value)


@given(first=texts, second=texts)
def test_a_sum_shows_one_text_after_the_other_in_each_language(first: Text, second: Text) -> None:
    both = first + second
    for language in LANGUAGES:
        assert both[language] == first[language] + second[language]


@given(text=texts, word=words)
def test_words_are_added_to_both_languages(text: Text, word: str) -> None:
    assert text + word == text + Text(zh=word, en=word)


@given(zh=words, en=words)
def test_texts_are_equal_by_their_words_hash_alike_and_survive_pickle(zh: str, en: str) -> None:
    text, same = Text(zh=zh, en=en), Text(zh=zh, en=en)
    assert text == same
    assert hash(text) == hash(same)
    assert pickle.loads(pickle.dumps(text)) == text  # noqa: S301 - our own bytes
    assert text != Text(zh=zh + "。", en=en)


def test_a_text_is_immutable() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Text(zh="一").zh = "二"  # type: ignore[misc]
