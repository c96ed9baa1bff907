"""JSON Schemas of the documents that are written, made from the classes that describe them."""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, Any, Literal

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXACT", "TextDocument", "key", "schema_of"]

EXACT = {"pattern": r"^-?[0-9]+(\.[0-9]+)?$|^-?[0-9]+/[1-9][0-9]*$"}
"""What an exact number looks like in JSON: a decimal, or a fraction."""


def key(doc: str, *, default: Any = attrs.NOTHING, **constraints: Any) -> Any:
    """A key of a document: what it holds, and what its schema says of that beyond the type."""
    return attrs.field(default=default, metadata={"description": doc, "schema": constraints})


@attrs.frozen(kw_only=True)
class TextDocument:
    """Words in the languages that there are."""

    zh: str = attrs.field(default="", metadata={"description": "Chinese"})
    en: str = attrs.field(default="", metadata={"description": "English"})


def schema_of(cls: type) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a document, from its attrs class ``...Document``.

    Example:
        >>> schema_of(TextDocument)["properties"]["zh"]
        {'description': 'Chinese', 'type': 'string'}
    """
    definitions: dict[str, Any] = {}
    name = _define(cls, definitions)
    top = definitions.pop(name)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"indicatree {name.lower()}",
        **top,
        "$defs": definitions,
    }


def _define(cls: Any, definitions: dict[str, Any]) -> str:
    name: str = cls.__name__.removesuffix("Document")
    if name in definitions:
        return name
    definitions[name] = {}
    hints = typing.get_type_hints(cls)
    properties = {
        field.name: {
            "description": field.metadata["description"],
            **_type_schema(hints[field.name], field.metadata.get("schema", {}), definitions),
        }
        for field in attrs.fields(cls)
    }
    definitions[name] = {
        "type": "object",
        "description": (cls.__doc__ or "").strip(),
        "properties": properties,
        "required": [field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING],
        "additionalProperties": False,
    }
    return name


_PLAIN = {str: "string", bool: "boolean", int: "integer"}


def _type_schema(hint: Any, constraints: Mapping[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = [_type_schema(arg, constraints, definitions) for arg in args if arg is not type(None)]
        return {"anyOf": [*inner, {"type": "null"}]}
    if origin is Literal:
        return {"enum": list(args)}
    if origin is list:
        return {"type": "array", "items": _type_schema(args[0], {}, definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type_schema(args[1], {}, definitions)}
    if attrs.has(hint):
        return {"$ref": f"#/$defs/{_define(hint, definitions)}"}
    return {"type": _PLAIN[hint], **constraints}
