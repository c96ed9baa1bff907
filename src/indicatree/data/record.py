"""Records: typed data of one kind, such as a budget or the staff of a department."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, dataclass_transform

import attrs

from indicatree.arithmetic import MISSING, Many, ManyConditions, Quantity, exact
from indicatree.data.fields import KIND, Flag, Kind, Words, wholes_of
from indicatree.problems import DeclarationError, Problem, did_you_mean, expected, quoted
from indicatree.text import Text
from indicatree.watch import announce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Items", "RecordType", "check_id", "is_record", "record", "record_type"]

RecordClass = TypeVar("RecordClass", bound=type)
Item = TypeVar("Item")

_ID = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_]*)+")
_RESERVED = {"count_items", "given", "record_class", "records"}
_ATTRIBUTE = type(attrs.field())
_TYPE = "__indicatree_record__"


def check_id(identifier: str, what: str) -> list[Problem]:
    """The problems of a namespaced id."""
    if isinstance(identifier, str) and _ID.fullmatch(identifier):
        return []
    message = expected(
        "小写字母的 id：namespace.name",
        f"the id of {'an' if what[0] in 'aeiou' else 'a'} {what} as namespace.name in small letters",
        f'"{identifier}"',
    )
    example = Text(zh=f'例如 "mof.{what}"', en=f'for example "mof.{what}"')
    return [Problem("bad-id", str(identifier) or f"the {what}", message, example)]


@attrs.frozen
class RecordType:
    """What is known of a record class.

    Attributes:
        id: Its namespaced id, such as ``mof.budget``.
        title: Its name in two languages.
        fields: The kind of each field, by name.
        label: The field that names a line item, if there is one.
    """

    id: str
    title: Text
    fields: Mapping[str, Kind]

    @property
    def label(self) -> str | None:
        """The field that names a line item: ``name``, where it is text."""
        return "name" if isinstance(self.fields.get("name"), Words) else None


@dataclass_transform(kw_only_default=True, frozen_default=True)
def record(id: str, *, title: Text) -> Callable[[RecordClass], RecordClass]:  # noqa: A002 - the word of the field
    """Make a class a record: immutable, typed, every field exact or missing.

    Args:
        id: The namespaced id, ``namespace.name``.
        title: The name in two languages.

    Raises:
        DeclarationError: The id is malformed, or an attribute is not declared with one of the
            functions of `indicatree.fields`.

    Example:
        >>> from indicatree import fields
        >>> @record("demo.staffing", title=Text(zh="人员", en="Staffing"))
        ... class Staffing:
        ...     posts: fields.Count = fields.count("编制数", "Approved posts")
        ...     in_post: fields.Count = fields.count("在职人数", "Staff in post")
        >>> staffing = Staffing(posts=92, in_post=92)
        >>> staffing.in_post / staffing.posts
        Quantity(1)
        >>> Staffing(posts=92).in_post
        Quantity(missing)
    """

    def declare(cls: RecordClass) -> RecordClass:
        where = f"{cls.__module__}.{cls.__qualname__}"
        problems = check_id(id, "record")
        bare = [
            name
            for name, annotation in inspect.get_annotations(cls).items()
            if not isinstance(cls.__dict__.get(name), _ATTRIBUTE) and "ClassVar" not in str(annotation)
        ]
        made: Any = attrs.define(cls, frozen=True, kw_only=True, slots=True)
        kinds: dict[str, Kind] = {}
        for attribute in attrs.fields(made):
            kind = attribute.metadata.get(KIND)
            if kind is None:
                problems.append(_not_a_field(f"{where}.{attribute.name}"))
            else:
                kinds[attribute.name] = kind
        declared = {attribute.name for attribute in attrs.fields(made)}
        problems += [_not_a_field(f"{where}.{name}") for name in bare if name not in declared]
        problems += [
            Problem(
                "reserved-name",
                f"{where}.{name}",
                Text(
                    zh="此名称已被逐项数据占用，或文件无法使用",
                    en="line items use this name themselves, or files cannot give it",
                ),
                Text(zh="另取名称", en="choose another name"),
            )
            for name in kinds
            if name.startswith("_") or name in _RESERVED
        ]
        problems += [attrs.evolve(found, path=f"{where}.{found.path}") for found in part_problems(kinds)]
        if not kinds and not problems:
            message = Text(zh="数据表至少要有一个字段", en="a record needs at least one field")
            problems.append(Problem("empty-record", where, message))
        if problems:
            raise DeclarationError(problems)
        setattr(made, _TYPE, RecordType(id, Text.of(title), kinds))
        announce(made)
        return made  # type: ignore[no-any-return]

    return declare


def part_problems(kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    """What is wrong with the fields that are said to be part of others; each path is from a field on."""
    for name, kind in kinds.items():
        said = getattr(kind, "part_of", "")
        if not said:
            continue
        whole, path = kinds.get(said), f"{name}.part_of"
        if whole is None:
            message = Text(zh=f"没有此字段 {quoted(said)}", en=f"the record has no field {quoted(said)}")
            yield Problem("unknown-field", path, message, did_you_mean(str(said), kinds))
        elif name in wholes_of(kinds, name):
            message = Text(zh=f"经 {quoted(said)} 成为自身的一部分", en=f"by {quoted(said)} it is part of itself")
            yield Problem(
                "part-of-itself", path, message, Text(zh="从整体上去掉 part_of", en="leave it out at the whole")
            )
        elif _measure_of(kind) != _measure_of(whole):
            message = Text(
                zh=f"{quoted(said)} 的种类、计量单位或小数位数不同",
                en=f"{quoted(said)} is of another kind, unit or number of decimal places",
            )
            fix = Text(zh="两个字段须按同样方式计量", en="measure both in the same way")
            yield Problem("unlike-whole", path, message, fix)
        elif kind.least < 0 or whole.least < 0:  # type: ignore[attr-defined]  # all kinds that have parts have limits
            message = Text(
                zh=f"它与 {quoted(said)} 都不得为负数",
                en=f"it and {quoted(said)} must not be below zero",
            )
            fix = Text(zh="去掉 signed 或 part_of", en="leave out signed, or part_of")
            yield Problem("signed-part", path, message, fix)


def _measure_of(kind: Any) -> tuple[Any, ...]:
    """What two figures must share for one to be part of the other; a whole that is printed rounder could be less."""
    return type(kind), getattr(kind, "places", None), getattr(kind, "unit", None)


def as_stated(cls: type[Item], values: Mapping[str, Any]) -> Item:
    """A record of figures that are taken already, whatever they are to each other: for an audit, which asks that."""
    made = cls.__new__(cls)
    for name, kind in record_type(cls).fields.items():
        value = values.get(name)
        object.__setattr__(made, name, kind.missing if value is None else value)
    return made


def record_words(name: str, *, many: bool = False) -> Text:
    """What a record of a kind, or line items of it, are called in messages."""
    if many:
        return Text(zh=f"逐项的 {name}", en=f"line items of {name}")
    return Text(zh=f"数据表 {name}", en=f"a {name} record")


def _not_a_field(path: str) -> Problem:
    return Problem(
        "not-a-field",
        path,
        Text(zh="应为已知种类的字段", en="expected a field of a known kind"),
        Text(
            zh="用 indicatree.fields 声明：money、count、number、share、date、flag、choice 或 text",
            en="declare it with indicatree.fields: money, count, number, share, date, flag, choice or text",
        ),
    )


def is_record(cls: object) -> bool:
    """Whether a class was made a record."""
    return isinstance(cls, type) and hasattr(cls, _TYPE)


def record_type(cls: type) -> RecordType:
    """What is known of a record class.

    Raises:
        DeclarationError: The class is not a record.
    """
    if not is_record(cls):
        name = getattr(cls, "__qualname__", repr(cls))
        raise DeclarationError(
            [
                Problem(
                    "not-a-record",
                    str(name),
                    Text(zh="应为数据表的类", en="expected a record class"),
                    Text(zh="以 @record(id, title=...) 声明", en="decorate it with @record(id, title=...)"),
                )
            ],
        )
    return getattr(cls, _TYPE)  # type: ignore[no-any-return]


class Items(Generic[Item]):
    """The line items of a unit: several records of one class, in order.

    A field of the items is reached by its name, and is there for `total`, `count`, `minimum` and
    `maximum`.

    Attributes:
        record_class: The class of every item.
        records: The items.
        given: Whether the unit has this list at all; an empty list is given, and adds up to 0.

    Example:
        >>> from indicatree import fields, total
        >>> @record("demo.project", title=Text(zh="项目", en="Project"))
        ... class Project:
        ...     actual: fields.Money = fields.money("支出", "Spent")
        >>> projects = Items(Project, [Project(actual=300), Project(actual="59.88")])
        >>> total(projects.actual)
        Quantity(359.88)
        >>> total(projects.actual, where=projects.actual > 100)
        Quantity(300)
    """

    __slots__ = ("given", "record_class", "records")
    record_class: type[Item]
    records: tuple[Item, ...]
    given: bool

    def __init__(self, record_class: type[Item], records: Any = (), *, given: bool = True) -> None:
        """Hold the items; each must be of the class."""
        record_type(record_class)
        records = tuple(records)
        for position, item in enumerate(records):
            if not isinstance(item, record_class):
                msg = f"item {position}: expected a {record_class.__qualname__}, got {item!r}"
                raise TypeError(msg)
        object.__setattr__(self, "record_class", record_class)
        object.__setattr__(self, "records", records)
        object.__setattr__(self, "given", given)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: data does not change."""
        msg = f"line items do not change: {name} cannot be set"
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> None:
        """Refuse: data does not change."""
        msg = f"line items do not change: {name} cannot be deleted"
        raise AttributeError(msg)

    def __getattr__(self, name: str) -> Any:
        """The values of one field, item by item."""
        if name.startswith("__"):
            raise AttributeError(name)
        kinds = record_type(self.record_class).fields
        if name not in kinds:
            msg = f"{self.record_class.__qualname__} has no field {name!r}: {did_you_mean(name, kinds)['en']}"
            raise AttributeError(msg)
        values = tuple(getattr(item, name) for item in self.records) if self.given else (kinds[name].missing,)
        if isinstance(kinds[name], Flag):
            return ManyConditions(values)
        return Many(values)

    def count_items(self, condition: Any = None) -> Quantity:
        """How many items there are for which the condition holds."""
        if not self.given:
            return MISSING
        return Many(tuple(exact(1) for _ in self.records)).total(condition)

    def __iter__(self) -> Iterator[Item]:
        """The items, in order."""
        return iter(self.records)

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.records)

    def __eq__(self, other: object) -> bool:
        """The same class and the same items in the same order."""
        if not isinstance(other, Items):
            return NotImplemented
        mine = (self.record_class, self.records, self.given)
        return mine == (other.record_class, other.records, other.given)

    def __hash__(self) -> int:
        """By class and items."""
        return hash((self.record_class, self.records, self.given))

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from class and items."""
        return _items, (self.record_class, self.records, self.given)

    def __repr__(self) -> str:
        """Class and number of the items."""
        return f"Items({self.record_class.__qualname__}, {len(self.records)} items)"


def _items(record_class: type[Any], records: tuple[Any, ...], given: bool) -> Items[Any]:  # noqa: FBT001 - for pickle
    return Items(record_class, records, given=given)
