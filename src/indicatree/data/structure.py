"""From plain tables to typed objects by cattrs, with a path for every problem."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

import attrs

from indicatree.arithmetic import Quantity, exact
from indicatree.data.fields import RefusedError
from indicatree.problems import IndicatreeError, Problem, did_you_mean, expected, quoted
from indicatree.text import Text, said_by

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "FILE_KEY",
    "StructureError",
    "as_number",
    "converter",
    "problems_of",
    "require_keys",
    "structure",
    "to_table",
]

Made = TypeVar("Made")

FILE_KEY = "indicatree key"
"""Under this key of its metadata, a field of an attrs class says how files call it; None: not at all."""


class StructureError(IndicatreeError, ValueError):
    """Problems found while reading one value, with paths from that value on."""


def converter() -> Converter:
    """A converter that takes nothing on trust: no text for a number, no unknown keys."""
    import cattrs  # noqa: PLC0415 - only reading pays for it

    made = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    made.register_structure_hook_factory(attrs.has, lambda cls: _table_of(cls, made))
    plain = ((str, "文字", "text"), (int, "整数", "a whole number"), (bool, "true 或 false", "true or false"))
    for kind, zh, en in plain:
        made.register_structure_hook(kind, _strict(kind, zh, en))
    made.register_structure_hook_factory(_is_list, lambda cls: _list_of(cls, made))
    made.register_structure_hook_factory(_is_mapping, lambda cls: _mapping_of(cls, made))
    made.register_structure_hook(Quantity, lambda value, _: _quantity(value))
    made.register_structure_hook(Text, lambda value, _: _text(value))
    made.register_structure_hook_func(lambda cls: isinstance(cls, type) and issubclass(cls, Enum), _enum)
    return made


@cache
def _shared() -> Converter:
    return converter()


def structure(value: Any, cls: type[Made], *, using: Converter | None = None) -> Made:
    """Make an object of a class from plain tables.

    Raises:
        StructureError: With every problem, each at its path inside the value.
    """
    try:
        return (using or _shared()).structure(value, cls)
    except Exception as error:  # noqa: BLE001 - cattrs wraps whatever a hook raises; all of it is the input's
        raise StructureError(problems_of(error)) from None


def _keys_of(cls: Any) -> dict[str, str | None]:
    """The key in a file of each field of an attrs class; None for a field that files do not hold."""
    return {field.name: field.metadata.get(FILE_KEY, field.alias) for field in attrs.fields(cls) if field.init}


def _table_of(cls: Any, using: Converter) -> Any:
    from cattrs.gen import make_dict_structure_fn, override  # noqa: PLC0415 - only reading pays for it

    keys = _keys_of(cls)
    overrides = {
        name: override(omit=True) if key is None else override(rename=key) for name, key in keys.items() if name != key
    }
    make = make_dict_structure_fn(cls, using, _cattrs_forbid_extra_keys=True, **overrides)  # type: ignore[arg-type]

    def take(value: Any, wanted: Any) -> Any:
        if isinstance(value, cls):
            return value
        if not isinstance(value, dict):
            raise _unlike("表", "a table", value)
        return make(value, wanted)

    return take


def _is_list(cls: Any) -> bool:
    return get_origin(cls) in (list, tuple)


def _list_of(cls: Any, using: Converter) -> Any:
    from cattrs.cols import list_structure_factory  # noqa: PLC0415 - only reading pays for it

    origin, (item, *_) = get_origin(cls), get_args(cls)
    make = list_structure_factory(list[item], using)  # type: ignore[valid-type]

    def take(value: Any, _: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise _unlike("列表", "a list", value)
        return origin(make(value, list))

    return take


def _is_mapping(cls: Any) -> bool:
    return get_origin(cls) in (dict, Mapping)


def _mapping_of(cls: Any, using: Converter) -> Any:
    from cattrs.gen import make_mapping_structure_fn  # noqa: PLC0415 - only reading pays for it

    key, item = get_args(cls)
    make: Any = make_mapping_structure_fn(dict[key, item], using)  # type: ignore[valid-type]

    def take(value: Any, wanted: Any) -> Any:
        if not isinstance(value, dict):
            raise _unlike("表", "a table", value)
        return make(value, wanted)

    return take


def _strict(kind: type, zh: str, en: str) -> Any:
    def take(value: Any, _: Any) -> Any:
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        raise _unlike(zh, en, value)

    return take


def _unlike(zh: str, en: str, value: Any) -> StructureError:
    got = type(value).__name__ if isinstance(value, dict | list) else quoted(value)
    return StructureError([Problem("bad-value", "", expected(zh, en, got))])


def _quantity(value: Any) -> Quantity:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Quantity | Decimal):
        raise _unlike("精确的数", "an exact number", value)
    return exact(value)


def _text(value: Any) -> Text:
    if isinstance(value, str | Text | dict):
        return Text.of(value)
    raise _unlike("文字", "text", value)


def _enum(value: Any, cls: Any) -> Any:
    try:
        return cls(value)
    except ValueError:
        from difflib import get_close_matches  # noqa: PLC0415 - only errors pay for it

        known = [str(member.value) for member in cls]
        # what there is stands in the message already
        near = get_close_matches(value, known, n=1) if isinstance(value, str) else []
        hint = did_you_mean(value, near) if near else Text()
        names = [f'"{name}"' for name in known]
        message = expected(f"{'、'.join(names)} 之一", f"one of {', '.join(names)}", quoted(value))
        raise StructureError([Problem("bad-value", "", message, hint)]) from None


def to_table(thing: Any) -> dict[str, Any]:
    """The fields of an attrs object that differ from their defaults, as TOML and JSON hold them.

    An object with a ``key`` stands in files by that key.
    """
    table = {}
    for field in attrs.fields(type(thing)):
        key = field.metadata.get(FILE_KEY, field.alias or field.name)
        if not field.init or key is None:
            continue
        value = getattr(thing, field.name)
        default = field.default
        if hasattr(default, "factory"):
            default = default.factory()
        if value is None or value == default:
            continue
        table[key] = _plain(value)
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity):
        value = as_number(value)
    elif isinstance(value, Text):
        value = value.to_dict()
    elif isinstance(value, Enum):
        value = value.value
    elif isinstance(value, tuple | list):
        value = [_plain(inner) for inner in value]
    elif isinstance(value, dict):
        value = {key: _plain(inner) for key, inner in value.items()}
    elif attrs.has(type(value)):
        value = getattr(value, "key", None) or to_table(value)
    return value


def as_number(value: Quantity) -> Any:
    """An exact number as TOML and JSON hold it: an int where it is whole, else text."""
    fraction = value.fraction
    return fraction.numerator if fraction.denominator == 1 else value.text


def unknown_key(key: str) -> Text:
    """That a table has no such key."""
    return Text(zh=f"没有此键 {quoted(key)}", en=f"unknown key {quoted(key)}")


def key_lacks(key: str) -> Text:
    """That a table lacks a key."""
    return Text(zh=f'缺少键 "{key}"', en=f'the key "{key}" is missing')


def require_keys(table: Any, allowed: Mapping[str, bool] | set[str]) -> list[Problem]:
    """The problems of a table's keys: unknown ones, each with the nearest right one."""
    if not isinstance(table, dict):
        return [Problem("not-a-table", "", expected("表", "a table", _kind(table)))]
    return [
        Problem("unknown-key", str(key), unknown_key(str(key)), did_you_mean(str(key), allowed))
        for key in table
        if key not in allowed
    ]


def _kind(value: Any) -> Text:
    return Text(zh="列表", en="a list") if isinstance(value, list) else Text.of(quoted(value))


def problems_of(error: BaseException, path: str = "") -> list[Problem]:
    """Every problem inside what cattrs raised, with its path."""
    from cattrs import BaseValidationError, ClassValidationError, ForbiddenExtraKeysError  # noqa: PLC0415 - only errors pay for it

    if isinstance(error, BaseValidationError):
        keys = _keys_of(error.cl) if isinstance(error, ClassValidationError) and attrs.has(error.cl) else {}
        return [
            problem
            for inner, note in _annotated(error)
            for problem in problems_of(inner, _join(path, keys.get(getattr(note, "name", ""), note)))
        ]
    if isinstance(error, ForbiddenExtraKeysError):
        names = [key for key in _keys_of(error.cl).values() if key is not None] if error.cl else []
        return [
            Problem("unknown-key", _join(path, key), unknown_key(key), did_you_mean(key, names))
            for key in sorted(map(str, error.extra_fields))
        ]
    if isinstance(error, AttributeError) and error.name == "items":
        error = _unlike("表", "a table", error.obj)  # cattrs takes whatever it is for one
    if isinstance(error, IndicatreeError):
        return [problem.under(path) if path else problem for problem in error.problems]
    if isinstance(error, KeyError):
        return [Problem("missing-key", path, key_lacks(error.args[0]), Text(zh="补上", en="give it"))]
    if isinstance(error, RefusedError | ValueError):
        return [Problem("bad-value", path, said_by(error))]
    return [Problem("bad-value", path, said_by(error) or type(error).__name__)]


def _annotated(error: Any) -> list[tuple[BaseException, Any]]:
    from cattrs import AttributeValidationNote, IterableValidationNote  # noqa: PLC0415 - only errors pay for it

    notes = AttributeValidationNote | IterableValidationNote
    return [
        (inner, next((note for note in getattr(inner, "__notes__", ()) if isinstance(note, notes)), None))
        for inner in error.exceptions
    ]


def _join(path: str, note: Any) -> str:
    if note is None:
        return path
    if hasattr(note, "name"):
        note = note.name
    elif not isinstance(note, str) or hasattr(note, "type"):
        note = note.index
    if isinstance(note, int):
        return f"{path}[{note}]"
    return f"{path}.{note}" if path else str(note)
