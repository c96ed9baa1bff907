"""The words of a scorecard: values, reasons, what lacks and what is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.data import Items, record_type
from indicatree.indicators import Measured
from indicatree.scheme import Leaf, Treatment
from indicatree.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indicatree.data import UnitData
    from indicatree.scoring.scorecard import NodeScore

__all__ = ["assumed_figures", "figure_paths", "lacking_figures", "lacking_words", "reason_of", "value_words"]

_TREATMENTS = {
    Treatment.NO_POINTS: Text(zh="按规定不得分", en="gets no points, as the scheme says"),
    Treatment.FULL_POINTS: Text(zh="按规定得满分", en="gets full points, as the scheme says"),
    Treatment.LEFT_OUT: Text(zh="不计分", en="left out"),
}


def value_words(node: NodeScore) -> Text:
    """The value of a node in words; its outcome where it has no value."""
    info = node.info
    if info.level != "indicator":
        return Text()
    if node.lines:
        return Text(zh=f"{len(node.lines)} 行", en=f"{len(node.lines)} lines")
    if node.value is None:
        return node.outcome.title
    if node.answers is not None:
        met, whole = sum(node.answers.values()), len(node.answers)
        return Text(zh=f"{met}/{whole} 项符合", en=f"{met} of {whole} met")
    if info.unit is None:
        return Text(zh=node.value.text, en=node.value.text)
    return Text(zh=info.unit.show(node.value, "zh"), en=info.unit.show(node.value, "en"))


def reason_of(node: NodeScore) -> Text:
    """Why a node loses points, or has no measured score; empty where nothing is lost."""
    if node.treatment is not None:
        return _without_score(node)
    if not node.lost:
        return Text()
    if node.children:
        return Text(**{language: _of_children(node, language) for language in LANGUAGES})
    leaf = node.info.leaf
    if leaf is None or leaf.rule is None:
        return Text()
    return Text(**{language: _of_leaf(node, leaf, language) for language in LANGUAGES})


def _of_leaf(node: NodeScore, leaf: Leaf, language: str) -> str:
    rule = leaf.rule
    joint = Text(zh="；", en="; ")[language]
    if node.lines:
        short = [
            line
            for line in node.lines
            if line.units is not None and line.units < node.info.points.scaled(node.info.places)
        ]
        listed = joint.join(f"{line.name} {line.value_text[language]}" for line in short)
        words = Text(
            zh=f"{leaf.combine.combine.title['zh']}：{listed}", en=f"{leaf.combine.combine.title['en']}: {listed}"
        )[language]
        return joint.join(part for part in (words, node.note[language]) if part)
    value: Any = node.answers if node.answers is not None else node.value
    words = "" if rule is None else rule.reason(value, leaf.indicator, leaf.points, language, **node.detail.beside)
    return joint.join(part for part in (words, node.note[language]) if part)


def _of_children(node: NodeScore, language: str) -> str:
    parts = [f"{child.title[language]} -{child.lost:f}" for child in node.children if child.lost]
    parts += [
        f"{adjustment.reason[language]} {(-adjustment.lost).text}"
        for adjustment in node.adjustments
        if adjustment.lost != 0
    ]
    return Text(zh="；", en="; ")[language].join(parts)


def _without_score(node: NodeScore) -> Text:
    words: dict[str, str] = {}
    for language in LANGUAGES:
        parts = [node.outcome.title[language]]
        if node.note:
            parts = [f"{parts[0]}{Text(zh='：', en=': ')[language]}{node.note[language]}"]
        if node.info.points > 0 and node.treatment in _TREATMENTS:
            parts.append(_TREATMENTS[node.treatment][language])
        words[language] = Text(zh="；", en="; ")[language].join(parts)
    return Text(**words)


def figure_paths(leaf: Leaf, data: UnitData) -> Iterator[tuple[str, Any, Any]]:
    """Each figure that a leaf uses: its path in the data, its kind, its value."""
    names, item = leaf.record_names(), leaf.item_parameter
    # by the name of the record: what the rule compares with may use the same figures under another parameter
    figures = {
        (leaf.for_each if parameter == item else names[parameter], field): parameter
        for measure in leaf.measures
        if isinstance(measure, Measured)
        for parameter, field in measure.figures
    }
    for (name, field), parameter in figures.items():
        kind = record_type(leaf.parameters[parameter].record_class).fields[field]
        held = data.records.get(name)
        if held is None or (isinstance(held, Items) and not held.given):
            yield f"{name}.{field}", kind, kind.missing
        elif isinstance(held, Items):
            for position, line in enumerate(held.records):
                yield f"{name}[{position}].{field}", kind, getattr(line, field)
        else:
            yield f"{name}.{field}", kind, getattr(held, field)


def lacking_figures(leaf: Leaf, data: UnitData) -> list[str]:
    """The paths of the figures that a leaf uses and the data lacks."""
    found = [path for path, kind, value in figure_paths(leaf, data) if kind.measured and kind.is_missing(value)]
    shapes = leaf.parameters
    for parameter, name in leaf.record_names().items():
        if (
            shapes[parameter].many
            and name not in data.records
            and not any(path.startswith(f"{name}.") for path in found)
        ):
            found.append(name)
    return found


def lacking_words(figures: Sequence[str]) -> Text:
    """What lacks, in words."""
    named = ", ".join(f"data.{figure}" for figure in figures)
    return Text(zh=f"缺少数据：{named or '无数值'}", en=f"missing: {named or 'a value'}")


def assumed_figures(leaf: Leaf, path: str, data: UnitData) -> tuple[Text, ...]:
    """What the data says is assumed of the figures and the judgement that a leaf uses."""
    found = []
    judgement = data.judgement.get(path)
    if judgement is not None and judgement.assumed:
        found.append(judgement.why)
    figures: dict[tuple[Text, Text], list[str]] = {}
    for figure, kind, _ in figure_paths(leaf, data):
        note = data.notes.get(figure)
        if note is not None and note.assumed:
            figures.setdefault((kind.title, note.why), []).append(note.printed)
    for (title, why), printed in figures.items():
        zh, en = "、".join(printed), ", ".join(printed)
        found.append(Text(zh=f"{title['zh']} {zh}：{why['zh']}", en=f"{title['en']} {en}: {why['en']}"))
    return tuple(found)
