"""Record classes from what a file says of their fields, and back."""

from __future__ import annotations

import copyreg
import json
from collections.abc import Mapping
from keyword import iskeyword
from threading import Lock
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from weakref import WeakValueDictionary

import attrs

from indicatree.data import fields
from indicatree.data.record import part_problems, record, record_type
from indicatree.data.structure import StructureError, require_keys, structure, to_table
from indicatree.problems import DeclarationError, Problem, did_you_mean, expected, quoted
from indicatree.text import Text, said_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.data.fields import Kind

__all__ = ["KINDS", "defined_record", "record_table"]

KINDS: Mapping[str, type[Kind]] = {
    "money": fields.Money,
    "count": fields.Count,
    "number": fields.Number,
    "share": fields.Share,
    "date": fields.Date,
    "flag": fields.Flag,
    "choice": fields.Choice,
    "text": fields.Words,
}
"""The kinds of field by the name that files give them."""

_NAMES: Mapping[type[Kind], str] = {cls: name for name, cls in KINDS.items()}
_MOST_PLACES = 12
_RENAME = Text(zh="另取名称", en="choose another name")
# The same declaration gives the same class, so that two readings of a scheme take each other's data.
_known: WeakValueDictionary[str, type] = WeakValueDictionary()
_lock = Lock()


def defined_record(identifier: str, table: Any) -> type:
    """The record class that a table describes.

    Args:
        identifier: The namespaced id of the record.
        table: Its ``title`` and ``fields``: for each its ``kind``, ``title`` and limits.

    Raises:
        StructureError: With every problem, each at its path in the table.

    Example:
        >>> road = defined_record("local.road", {"title": "Roads", "fields": {
        ...     "built": {"kind": "number", "title": "Roads built", "unit": "km"}}})
        >>> road(built="12.5").built
        Quantity(12.5)
    """
    problems = require_keys(table, {"title", "fields"})
    if not isinstance(table, Mapping):
        raise StructureError(problems)
    title = Text()
    try:
        title = Text.of(table.get("title", ""))
    except (ValueError, TypeError) as error:
        problems.append(Problem("bad-value", "title", said_by(error)))
    given = table.get("fields", {})
    kinds: dict[str, Kind] = {}
    if isinstance(given, Mapping) and given:
        for key, said in given.items():
            name = str(key)
            try:
                kinds[name] = _kind(said)
            except StructureError as error:
                problems += [problem.under(f"fields.{name}") for problem in error.problems]
            problems += _name_problems(name)
    else:
        fix = 'fields = { approved = { kind = "money", title = "..." } }'
        problems.append(Problem("empty-record", "fields", expected("各字段的表", "a table of fields"), fix))
    # what is part of a field that is wrong itself, is not wrong by itself
    unread = {str(key) for key in given} - set(kinds) if isinstance(given, Mapping) else set()
    problems += [
        attrs.evolve(found, path=f"fields.{found.path}")
        for found in part_problems(kinds)
        if getattr(kinds[found.path.partition(".")[0]], "part_of", "") not in unread
    ]
    if problems:
        raise StructureError(problems)
    return _made(identifier, title, kinds)


def _name_problems(name: str) -> Iterator[Problem]:
    """Formulas name fields: a name is one that Python's parser takes, and gives back as it is."""
    path, plain = f"fields.{name}", normalize("NFKC", name)
    if not name.isidentifier() or name.startswith("_"):
        message = expected(
            "以字母开头、由字母、数字和下划线组成的名称",
            "a name of letters, digits and underscores that begins with a letter",
        )
        yield Problem("bad-id", path, message, _RENAME)
    elif name == "self" or iskeyword(name):
        message = Text(
            zh=f"字段不能名为 {quoted(name)}：此名称另有含义",
            en=f"no field is called {quoted(name)}: it means something else",
        )
        yield Problem("bad-id", path, message, _RENAME)
    elif plain != name:
        message = Text(
            zh="含有全角或其他字形的字符，公式中会变为普通字符",
            en="has letters of another width or form, which formulas do not keep",
        )
        yield Problem("bad-id", path, message, Text(zh=f"写 {plain}", en=f"write {plain}"))


def _kind(table: Any) -> Kind:
    if not isinstance(table, Mapping):
        message = expected("写有字段种类和标题的表", "the kind of the field and its title in a table")
        raise StructureError([Problem("not-a-table", "", message)])
    table = dict(table)
    name = table.pop("kind", None)
    if not isinstance(name, str) or name not in KINDS:
        said = Text(zh="缺少字段的种类", en="the kind of the field is missing")
        if name is not None:
            said = Text(zh=f"没有此字段种类 {quoted(name)}", en=f"there is no kind of field {quoted(name)}")
        raise StructureError(
            [Problem("unknown-kind", "kind", said, did_you_mean(name if isinstance(name, str) else "", KINDS))]
        )
    cls = KINDS[name]
    signed = table.pop("signed", False)
    if signed is not False and (signed is not True or cls not in (fields.Money, fields.Number)):
        message = expected("true，且只用于 money 或 number", "true, and for money or a number only")
        raise StructureError([Problem("bad-value", "signed", message)])
    kind = structure(table, cls)
    if signed:
        if "least" in table:
            message = Text(zh="不能与 least 同写", en="stands with least")
            raise StructureError([Problem("two-edges", "signed", message, Text(zh="只保留一个", en="keep one"))])
        kind = attrs.evolve(kind, least=-kind.most)  # type: ignore[call-arg, attr-defined]  # the two kinds that have a sign
    if found := list(_kind_problems(kind)):
        raise StructureError(found)
    return kind


def _kind_problems(kind: Kind) -> Iterator[Problem]:
    """What is wrong with a kind of field that is read whole."""
    if not kind.title:
        message = Text(zh="字段没有标题", en="the field has no title")
        yield Problem("bad-title", "title", message, "title = { zh, en }")
    if isinstance(kind, fields.Choice) and not kind.options:
        message = Text(zh="choice 须写明选项", en="a choice needs options")
        yield Problem("no-options", "options", message)
    if not 0 <= getattr(kind, "places", 0) <= _MOST_PLACES:
        message = expected(f"0 至 {_MOST_PLACES} 位小数", f"0 to {_MOST_PLACES} decimal places")
        yield Problem("bad-value", "places", message)
    least, most = getattr(kind, "least", None), getattr(kind, "most", None)
    if least is not None and most is not None and not least <= most:
        message = Text(zh=f"{least.text} 大于 {most.text}", en=f"{least.text} is more than {most.text}")
        yield Problem("empty-range", "least", message)


def _made(identifier: str, title: Text, kinds: Mapping[str, Kind]) -> type:
    canonical = json.dumps([identifier, _table(title, kinds)], ensure_ascii=False, default=str)
    with _lock:
        return _known_or_new(canonical, identifier, title, kinds)


def _known_or_new(canonical: str, identifier: str, title: Text, kinds: Mapping[str, Kind]) -> type:
    cls = _known.get(canonical)
    if cls is None:
        namespace: dict[str, Any] = {
            "__module__": __name__,
            "__qualname__": identifier,
            "__doc__": title["en"],
            **{name: fields.declare(kind) for name, kind in kinds.items()},
        }
        try:
            cls = record(identifier, title=title)(_Defined(identifier.rpartition(".")[2], (), namespace))
        except DeclarationError as error:
            prefix = f"{__name__}.{identifier}"
            raise StructureError(
                attrs.evolve(problem, path=problem.path.removeprefix(prefix).removeprefix("."))
                for problem in error.problems
            ) from None
        _known[canonical] = cls
    return cls


class _Defined(type):
    """The type of the classes that are made from tables; pickle takes them by their table, not by their name."""


def _reduced(cls: type) -> tuple[Any, ...]:
    """Rebuild a class from its table, also in a process that has not read the file."""
    return defined_record, (record_type(cls).id, record_table(cls))


copyreg.pickle(_Defined, _reduced)


def record_table(cls: type) -> dict[str, Any]:
    """The table that describes a record class."""
    known = record_type(cls)
    return _table(known.title, known.fields)


def _table(title: Text, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    return {
        "title": title.to_dict(),
        "fields": {name: {"kind": _NAMES[type(kind)], **to_table(kind)} for name, kind in kinds.items()},
    }
