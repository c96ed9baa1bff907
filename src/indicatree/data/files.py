"""Documents in TOML or JSON: read with every number exact, and refused when too large or deep."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from indicatree.problems import DataError, Problem, expected
from indicatree.text import SaidError, Text, said_by

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

__all__ = ["DEEPEST", "LARGEST_FILE", "check_depth", "parse_text", "read_document", "write_toml"]

LARGEST_FILE = 8 * 2**20
"""The largest file that is read, in bytes."""

DEEPEST = 64
"""How deep tables and lists may nest."""

_TOO_DEEP = Text(zh=f"嵌套超过 {DEEPEST} 层", en=f"nests deeper than {DEEPEST}")


class _UnreadableError(SaidError, ValueError):
    """A document that the parser takes and we do not."""


def read_document(path: str | PathLike[str]) -> dict[str, Any]:
    """Read a TOML or JSON file, by its ending.

    Raises:
        DataError: There is no such file, it is too large or too deep, or it cannot be parsed.
    """
    from pathlib import Path  # noqa: PLC0415 - only files pay for it

    file_path = Path(path)
    name = str(path)
    try:
        with file_path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise DataError([Problem("no-file", name, Text(zh="没有此文件", en="there is no such file"))]) from None
    except IsADirectoryError:
        message = Text(zh="是文件夹，不是文件", en="is a folder, not a file")
        fix = Text(zh="写其中的文件；* 可代表多个", en="name a file in it; * stands for several")
        raise DataError([Problem("no-file", name, message, fix)]) from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        said = getattr(error, "strerror", None) or error
        message = Text(zh=f"无法读取：{said}", en=f"cannot be read: {said}")
        raise DataError([Problem("no-file", name, message)]) from None
    if len(content) > LARGEST_FILE:
        limit = f"{LARGEST_FILE // 2**20} MiB"
        raise DataError([Problem("too-large", name, Text(zh=f"超过 {limit}", en=f"larger than {limit}"))])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start
        message = Text(zh=f"第 {at} 字节处不是 UTF-8 文字", en=f"not UTF-8 text at byte {at}")
        fix = Text(zh="另存为 UTF-8", en="save it as UTF-8")
        raise DataError([Problem("not-utf-8", name, message, fix)]) from None
    return parse_text(text, language="json" if file_path.suffix.lower() == ".json" else "toml", name=name)


def parse_text(text: str, *, language: str, name: str = "") -> dict[str, Any]:
    """Parse TOML or JSON; numbers with a point become ``Decimal``, never floats.

    Raises:
        DataError: The text cannot be parsed, or nests too deep.
    """
    try:
        document = _parse_json(text) if language == "json" else _parse_toml(text)
    except RecursionError:
        raise DataError([Problem("too-deep", name, _TOO_DEEP)]) from None
    except (ValueError, ArithmeticError) as error:
        form, said = language.upper(), said_by(error)
        message = Text(zh=f"不是有效的 {form}：{said['zh']}", en=f"not valid {form}: {said['en']}")
        raise DataError([Problem("not-parsed", name, message)]) from None
    if not isinstance(document, dict):
        raise DataError([Problem("not-a-table", name, expected("表", "a table", type(document).__name__))])
    check_depth(document, name)
    return document


def _parse_toml(text: str) -> dict[str, Any]:
    import re  # noqa: PLC0415 - only files pay for it
    import tomllib  # noqa: PLC0415 - likewise

    # The parser needs time in the square of the parts of a dotted key.
    if re.search(rf"(?:[\w\"'-]+\s*\.\s*){{{DEEPEST}}}", text):
        raise RecursionError
    return tomllib.loads(text, parse_float=Decimal)


def _parse_json(text: str) -> Any:
    import json  # noqa: PLC0415 - only files pay for it

    document = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique)
    if r"\u" in text:
        _refuse_surrogates(document)
    return document


def _refuse_surrogates(document: Any) -> None:
    """Half a character, which an escape can write and no file can hold."""
    import json  # noqa: PLC0415 - only files pay for it

    try:
        json.dumps(document, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        msg = f"\\u{ord(error.object[error.start]):04x} is half a character"
        raise ValueError(msg) from None


def _no_constant(name: str) -> NoReturn:
    raise _UnreadableError(Text(zh=f"{name} 不是 JSON 的数", en=f"{name} is not a number of JSON"))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        from collections import Counter  # noqa: PLC0415 - only errors pay for it

        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise _UnreadableError(Text(zh=f"键 {twice!r} 写了两次", en=f"the key {twice!r} stands twice"))
    return table


def check_depth(document: Any, name: str = "") -> None:
    """Refuse what nests too deep, without recursing itself."""
    level = [document]
    for _ in range(DEEPEST):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise DataError([Problem("too-deep", name, _TOO_DEEP)])


def write_toml(document: Mapping[str, Any]) -> str:
    """The document as TOML."""
    import tomli_w  # noqa: PLC0415 - only writing pays for it

    return tomli_w.dumps(document)
