"""A data file for a scheme, ready to be filled in: every record, figure and judgement that it needs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.data import DATA_FORMAT, fields, record_type
from indicatree.data.fields import wholes_of
from indicatree.indicators import Checklist, Graded, Measured
from indicatree.problems import DeclarationError
from indicatree.scheme.vetoes import VETO_APPLIES
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indicatree.data import RecordShape
    from indicatree.data.fields import Kind
    from indicatree.scheme.tree import Leaf, Scheme

__all__ = ["data_template"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")

_HEAD = (
    Text(
        zh="填写方法：去掉行首的 #，在等号后写上数值。未去掉 # 的数据视为缺失。",
        en="How to fill it in: take away the # and write the value after the =. What keeps its # is missing.",
    ),
    Text(
        zh='数值也可写成 { value = 1200.5, at = "出处" }；假设的数值再加 assumed = true 和 why = "理由"。',
        en='A value may also be { value = 1200.5, at = "place in the source" }, and for an assumption with '
        'assumed = true, why = "...".',
    ),
)
_UNIT = (
    ('name = ""', Text(zh="单位名称", en="the unit's name")),
    ("# year =", Text(zh="评价年度，如 2024", en="the year that is evaluated, such as 2024")),
    (
        '# amounts_in = "10000 yuan"',
        Text(zh="金额单位，不写则为元", en="the unit of all amounts; yuan if it is not given"),
    ),
    ('# source = ""', Text(zh="数据来源文件", en="the document that the figures are from")),
)


def data_template(scheme: Scheme, *, named: str = "", language: str = "zh") -> str:
    """A commented TOML data file for a scheme.

    It can be loaded as it is: every figure is then missing, and scoring names each.

    Args:
        scheme: The scheme.
        named: How the data file names the scheme: its id, or a file; by default the id.
        language: ``zh`` or ``en``, for the comments.
    """
    lines = [f"# {_line(scheme.title[language]) or scheme.id}", *(f"# {words[language]}" for words in _HEAD), ""]
    lines += [f"format = {DATA_FORMAT}", f"scheme = {_quoted(named or scheme.key)}", "", "[unit]"]
    lines += [f"{key:<30}  # {words[language]}" for key, words in _UNIT]
    needed = _needed(scheme)
    for name, shape in scheme.data_shape.records.items():
        lines += ["", *_record(name, shape, needed.get(name), language)]
    judged = [part for path, leaf in scheme.leaves() for part in _judgement(path, leaf, language)]
    for veto in scheme.vetoes:
        if veto.indicator is None:
            only = Text(zh="仅在认定时填写", en="only where it is so")[language]
            judged += ["", f"# {_line(veto.title[language])} ({only})", *_block(veto.path, VETO_APPLIES, language)]
    lines += judged
    title = Text(zh="不适用的指标及理由", en="What does not apply, and why")[language]
    lines += ["", f"# {title}", "[not_applicable]"]
    width = max((len(_quoted(path)) for path, _ in scheme.leaves()), default=0)
    lines += [f'# {_quoted(path):<{width}} = ""  # {_line(leaf.name[language])}' for path, leaf in scheme.leaves()]
    lines += [f'# {_quoted(veto.path):<{width}} = ""  # {_line(veto.title[language])}' for veto in scheme.vetoes]
    return "\n".join(lines) + "\n"


def _line(words: str) -> str:
    """Words in one line, as a comment holds them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    """A name as a key of TOML."""
    return name if _BARE.fullmatch(name) else _quoted(name)


def _needed(scheme: Scheme) -> dict[str, dict[str, None]]:
    """The fields that some measure uses, by the name of their record; a record listed for itself needs all."""
    found: dict[str, dict[str, None]] = {}

    def note(measure: Any, names: Mapping[str, str], item: str | None = None, items: str = "") -> None:
        if not isinstance(measure, Measured):
            return
        records = {parameter: items if parameter == item else names[parameter] for parameter in measure.parameters}
        for name in records.values():
            found.setdefault(name, {})  # items that are only counted have no field that is used
        for parameter, field in measure.figures:
            found[records[parameter]][field] = None

    for _, leaf in scheme.leaves():
        for measure in leaf.measures:
            note(measure, leaf.record_names(), leaf.item_parameter, leaf.for_each)
    for veto in scheme.vetoes:
        note(veto.indicator, veto.record_names())
    for name, field in _stated_figures(scheme):
        if name in found:
            found[name][field] = None
    return found


def _stated_figures(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """The figures that the identities of a scheme name, of those that it has records for."""
    records = scheme.data_shape.records
    for stated in scheme.identities:
        try:
            identity = stated.declared(records)
        except DeclarationError:  # the linter says what is wrong with it
            continue
        if identity is not None:
            yield from identity.figures


def _record(name: str, shape: RecordShape, needed: Mapping[str, None] | None, language: str) -> list[str]:
    known = record_type(shape.record_class)
    head = f"# {_line(known.title[language])} ({known.id})"
    if shape.many:
        each = Text(zh="每一项写一节", en="one such section for each item")[language]
        head += f" - {each}"
    lines = [head, f"[[data.{_key(name)}]]" if shape.many else f"[data.{_key(name)}]"]
    wholes = {whole for field in needed or () for whole in wholes_of(known.fields, field)}
    wanted = {
        field: kind
        for field, kind in known.fields.items()
        if needed is None or field in needed or field in wholes or field == known.label
    }
    width = max((len(_key(field)) for field in wanted), default=0)
    for field, kind in wanted.items():
        comment = Text(zh=f"{kind.title['zh']}：", en=f"{kind.title['en']}: ")[language] + _takes(kind, language)
        whole = getattr(kind, "part_of", "")
        if whole:
            title = known.fields[whole].title
            comment += Text(zh=f"；是 {whole}（{title['zh']}）的一部分", en=f"; part of {whole} ({title['en']})")[
                language
            ]
        if kind.doc:
            comment += Text(zh=f"；{kind.doc['zh']}", en=f"; {kind.doc['en']}")[language]
        lines.append(f"# {_key(field):<{width}} =   # {_line(comment)}")
    return lines


def _takes(kind: Kind, language: str) -> str:
    """What a field takes, in words."""
    words = _of_kind(kind)
    least, most = getattr(kind, "least", None), getattr(kind, "most", None)
    if isinstance(kind, fields.Date) or least is None or most is None:
        return words[language]
    low, high = least.text, most.text
    if isinstance(kind, fields.Share):
        low, high = f"{(least * 100).text}%", f"{(most * 100).text}%"
    usual = attrs.fields_dict(type(kind)).get("most")
    if isinstance(kind, fields.Share) or usual is None or most != usual.default:
        words += Text(zh=f"，{low} 至 {high}", en=f", from {low} to {high}")
    elif least < 0:
        words += Text(zh="，可为负数", en=", may be below zero")
    elif least > 0:
        words += Text(zh=f"，不小于 {low}", en=f", {low} or more")
    return words[language]


def _of_kind(kind: Kind) -> Text:
    places = getattr(kind, "places", 0)
    zh, en = "", ""
    match kind:
        case fields.Money():
            zh = f"金额，单位同 amounts_in，按元计最多 {places} 位小数"
            en = f"an amount in the unit of amounts_in, {places} decimal places of a yuan at most"
        case fields.Count():
            zh, en = "整数", "a whole number"
        case fields.Number():
            unit_zh, unit_en = (f"（{kind.unit['zh']}）", f" ({kind.unit['en']})") if kind.unit else ("", "")
            zh, en = f"数值{unit_zh}，最多 {places} 位小数", f"a number{unit_en}, {places} decimal places at most"
        case fields.Share():
            zh, en = '比例，如 0.8 或 "80%"', 'a share, such as 0.8 or "80%"'
        case fields.Date():
            zh, en = "日期，如 2024-12-31", "a date, such as 2024-12-31"
        case fields.Flag():
            zh, en = "true（是）或 false（否）", "true or false"
        case fields.Choice():
            zh, en = (
                "、".join(f"{_quoted(name)}（{words['zh']}）" for name, words in kind.options.items()) + " 之一",
                "one of " + ", ".join(f"{_quoted(name)} ({words['en']})" for name, words in kind.options.items()),
            )
        case fields.Words():
            zh, en = "文字，写在引号内", "text, in quotes"
        case _:
            return kind.expected
    return Text(zh=zh, en=en)


def _judgement(path: str, leaf: Leaf, language: str) -> Iterator[str]:
    """What an assessor says of a leaf."""
    title = f"# {_line(leaf.name[language])}"
    if isinstance(leaf.indicator, Checklist):
        yield from ("", title, *_block(path, leaf.indicator.items, language))
    elif isinstance(leaf.indicator, Graded):
        words = _line(leaf.rule.words(leaf.indicator, leaf.points, language)) if leaf.rule is not None else ""
        yield from ("", title, *_block(path, None, language, words))
    elif leaf.rule is not None and leaf.rule.asks:
        only = Text(zh="仅在认定时填写", en="only where it is so")[language]
        yield from ("", f"{title} ({only})", *_block(path, leaf.rule.asks, language))
        if leaf.for_each:
            some = Text(
                zh="只对这些项（名称或序号）认定；不写则为全部",
                en="only of these items, by name or number; else of all",
            )
            yield f'# lines = [""]   # {some[language]}'


def _block(path: str, items: Mapping[str, Text] | None, language: str, words: str = "") -> Iterator[str]:
    yield f"# [judgement.{_quoted(path)}]"
    if items is None:
        yield f'# share =   # "0%" - "100%"{": " if words else ""}{words}'
    names = {name: _key(name) for name in items or ()}
    width = max(map(len, names.values()), default=0)
    for name, said in (items or {}).items():
        yield f"# items.{names[name]:<{width}} =   # true / false: {_line(said[language])}"
    yield f'# reason = ""    # {Text(zh="理由", en="why")[language]}'
    yield f'# evidence = ""  # {Text(zh="佐证材料", en="what it rests on")[language]}'
