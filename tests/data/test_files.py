"""Documents: exact numbers, and no file that can hang or crash the reader."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree.data.files import DEEPEST, LARGEST_FILE, check_depth, parse_text, read_document, write_toml
from indicatree.text import Text

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ["toml", "json"]


def problem(read: Any, *args: Any, **named: Any) -> it.Problem:
    with pytest.raises(it.DataError) as caught:
        read(*args, **named)
    (found,) = caught.value.problems
    assert isinstance(found, it.Problem)
    return found


def nested(depth: int, kind: str) -> Any:
    """A table in which tables or lists stand in each other, so many deep."""
    inner: Any = {} if kind == "table" else []
    for _ in range(depth - 2):
        inner = {"a": inner} if kind == "table" else [inner]
    return {"a": inner}


@st.composite
def decimals(draw: st.DrawFn) -> Decimal:
    return Decimal(
        (draw(st.integers(0, 1)), tuple(map(int, str(draw(st.integers(0, 10**30))))), -draw(st.integers(1, 9)))
    )


keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
scalars = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | decimals()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
)
tables = st.dictionaries(
    keys,
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def to_json(document: Any) -> str:
    """JSON in which a ``Decimal`` stands as a number with all its digits."""
    marks: list[str] = []

    def mark(value: Any) -> Any:
        if isinstance(value, Decimal):
            marks.append(format(value, "f"))
            return f"\0{len(marks) - 1}\0"
        msg = f"not JSON: {value!r}"
        raise TypeError(msg)

    text = json.dumps(document, default=mark)
    return re.sub(r'"\\u0000(\d+)\\u0000"', lambda match: marks[int(match[1])], text)


@given(document=tables)
def test_toml_that_is_written_is_read_back_exactly(document: dict[str, Any]) -> None:
    again = parse_text(write_toml(document), language="toml")
    assert again == document
    assert typed(again) == typed(document)


@given(document=tables.filter(lambda table: "\0" not in str(table)))
def test_json_is_read_exactly(document: dict[str, Any]) -> None:
    again = parse_text(to_json(document), language="json")
    assert typed(again) == typed(document)


def typed(value: Any) -> Any:
    """A value with its types, and a ``Decimal`` with its digits."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    return type(value), format(value, "f") if isinstance(value, Decimal) else value


@pytest.mark.parametrize(("language", "text"), [("toml", "a = 789.350"), ("json", '{"a": 789.350}')])
def test_a_number_keeps_its_printed_places(language: str, text: str) -> None:
    assert str(parse_text(text, language=language)["a"]) == "789.350"


def test_a_date_of_toml_is_a_date() -> None:
    assert parse_text("a = 2022-12-31", language="toml") == {"a": dt.date(2022, 12, 31)}


@given(text=st.text(), language=st.sampled_from(LANGUAGES))
def test_any_text_is_a_table_or_a_data_error(text: str, language: str) -> None:
    try:
        document = parse_text(text, language=language, name="junk")
    except it.DataError as error:
        assert [found.path for found in error.problems] == ["junk"]  # noqa: PT017 - either way is right
    else:
        assert isinstance(document, dict)


@given(
    text=st.lists(
        st.sampled_from(
            [*'[]{}=.,"\n #', "[[", "a", "a = ", '"a": ', "1", "1e9", "nan", "-inf", "0x", "true", "1979-05-27"]
        )
    ).map("".join),
    language=st.sampled_from(LANGUAGES),
)
def test_almost_valid_text_is_a_table_or_a_data_error(text: str, language: str) -> None:
    for candidate in (text, "{" + text + "}"):
        try:
            assert isinstance(parse_text(candidate, language=language), dict)
        except it.DataError as error:
            assert error.problems  # noqa: PT017 - either way is right


@pytest.mark.parametrize("kind", ["table", "list"])
def test_nesting_is_allowed_to_the_limit_and_no_deeper(kind: str) -> None:
    document = nested(DEEPEST, kind)
    check_depth(document)
    for language, text in (("json", json.dumps(document)), ("toml", write_toml(document))):
        assert parse_text(text, language=language) == document
    deeper = nested(DEEPEST + 1, kind)
    assert problem(check_depth, deeper, "here") == it.Problem(
        "too-deep", "here", Text(zh=f"嵌套超过 {DEEPEST} 层", en=f"nests deeper than {DEEPEST}")
    )
    for language, text in (("json", json.dumps(deeper)), ("toml", write_toml(deeper))):
        assert problem(parse_text, text, language=language).code == "too-deep"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("json", "[" * 200_000),
        ("json", '{"a":' * 200_000),
        ("json", '{"a": ' + "[" * 5000 + "]" * 5000 + "}"),
        ("toml", "a = " + "[" * 200_000),
        ("toml", "a = " + "[" * 5000 + "]" * 5000),
        ("toml", "a = " + "{b = " * 5000 + "1" + "}" * 5000),
        ("toml", ".".join("a" * 500) + " = 1"),
        ("toml", "[" + ".".join("a" * 500) + "]"),
    ],
    ids=range(8),
)
def test_what_nests_too_deep_for_python_is_refused_too(language: str, text: str) -> None:
    assert problem(parse_text, text, language=language).code == "too-deep"


def test_a_mapping_that_holds_itself_is_too_deep() -> None:
    table: dict[str, Any] = {}
    table["table"] = table
    assert problem(check_depth, table).code == "too-deep"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' stands twice"),
        ('{"x": {"a": 1, "a": 1}}', "the key 'a' stands twice"),
        ('{"a": NaN}', "NaN is not a number of JSON"),
        (r'{"a": ["\ud83d\ude00", "\ud800"]}', r"\ud800 is half a character"),
        (r'{"\uDC00": 1}', r"\udc00 is half a character"),
        ('{"a": Infinity}', "Infinity is not a number of JSON"),
        ('{"a": -Infinity}', "-Infinity is not a number of JSON"),
        ('{"a": 1,}', ""),
        ('{"a": 1} x', ""),
        ("{'a': 1}", ""),
        ("", ""),
        ('{"a": ' + "9" * 5000 + "}", ""),
        ('{"a": 1e' + "9" * 30 + "}", ""),
    ],
)
def test_wrong_json_is_refused(text: str, said: str) -> None:
    found = problem(parse_text, text, language="json", name="unit.json")
    assert (found.code, found.path) == ("not-parsed", "unit.json")
    assert found.message["en"].startswith("not valid JSON: ")
    assert said in found.message["en"]
    assert len(str(found)) < 300


@pytest.mark.parametrize(
    "text", ["a", "a = ", "a = 1\na = 2", "[a]\n[a]", "a = 1_", "a = " + "9" * 5000, "a = 1e" + "9" * 30, "a = \x01"]
)
def test_wrong_toml_is_refused(text: str) -> None:
    found = problem(parse_text, text, language="toml", name="unit.toml")
    assert (found.code, found.path) == ("not-parsed", "unit.toml")
    assert found.message["en"].startswith("not valid TOML: ")
    assert len(str(found)) < 300


@pytest.mark.parametrize("text", ["[]", "1", '"a"', "null", "1.5", "true"])
def test_json_that_is_no_table_is_refused(text: str) -> None:
    found = problem(parse_text, text, language="json", name="unit.json")
    assert (found.code, found.path) == ("not-a-table", "unit.json")
    assert found.message["en"].startswith("expected a table, got ")


def test_a_file_is_read_by_its_ending(tmp_path: Path) -> None:
    toml, upper, other = (tmp_path / name for name in ("a.toml", "b.JSON", "c"))
    toml.write_text("a = 1.50", encoding="utf-8")
    upper.write_text('{"a": 1.50}', encoding="utf-8")
    other.write_text("a = 1.50", encoding="utf-8")
    assert read_document(toml) == read_document(str(upper)) == read_document(other) == {"a": Decimal("1.50")}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_byte_order_mark_and_other_line_ends_do_no_harm(tmp_path: Path, newline: str) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b"\xef\xbb\xbf" + newline.join(['名 = "甲局"', "b = 2"]).replace("名", '"名"').encode())
    assert read_document(file) == {"名": "甲局", "b": 2}


def test_a_file_is_read_up_to_the_limit_and_no_larger(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"{}" + b" " * (LARGEST_FILE - 2))
    assert read_document(file) == {}
    file.write_bytes(b"{}" + b" " * (LARGEST_FILE - 1))
    assert problem(read_document, file) == it.Problem(
        "too-large", str(file), Text(zh="超过 8 MiB", en="larger than 8 MiB")
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "none.toml"
    assert problem(read_document, file) == it.Problem(
        "no-file", str(file), Text(zh="没有此文件", en="there is no such file")
    )


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    found = problem(read_document, tmp_path)
    assert (found.code, found.path) == ("no-file", str(tmp_path))
    assert found.message == Text(zh="是文件夹，不是文件", en="is a folder, not a file")
    assert found.fix["en"] == "name a file in it; * stands for several"


@pytest.mark.parametrize(
    "name", ["a\0b.toml", "a\ud800b.toml", "a" * 5000, "", "no/such/directory/a.toml"], ids=range(5)
)
def test_an_impossible_name_is_told(name: str) -> None:
    assert problem(read_document, name).code == "no-file"


def test_what_is_not_utf_8_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes("名称 = 1".encode("gb18030"))
    assert problem(read_document, file) == it.Problem(
        "not-utf-8",
        str(file),
        Text(zh="第 0 字节处不是 UTF-8 文字", en="not UTF-8 text at byte 0"),
        Text(zh="另存为 UTF-8", en="save it as UTF-8"),
    )


def test_a_long_document_with_one_key_twice_is_refused() -> None:
    # many keys: looking for the double one must not compare each with all
    text = "{" + ",".join(f'"k{number}": 1' for number in range(20_000)) + ', "k7": 2}'
    assert "'k7'" in problem(parse_text, text, language="json").message["en"]
