"""Counterexamples in words: the data as a file, the scorecards side by side, where things are defined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.scoring.render import aligned
from indicatree.testing.documents import data_document, data_toml, differences, shown
from indicatree.testing.trials import SCHEME, where_defined
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.scheme import Leaf
    from indicatree.scoring import NodeScore, Scorecard
    from indicatree.testing.trials import Counterexample

__all__ = ["counterexample_table", "counterexample_text"]


def counterexample_text(found: Counterexample, language: str) -> str:
    """A counterexample as an auditor reads it."""
    return "\n".join(_lines(found, language))


def _lines(found: Counterexample, language: str) -> Iterator[str]:
    law, subject = found.law, found.subject
    yield Text(zh=f"违反规律：{law.title['zh']}（{law.id}）", en=f"Law broken: {law.title['en']} ({law.id})")[language]
    yield Text(zh=f"  理由：{law.why['zh']}", en=f"  Why it must hold: {law.why['en']}")[language]
    yield Text(zh=f"  对象：{subject.name}", en=f"  On: {subject.name}")[language]
    for words in _defined(found):
        yield f"  {words[language]}"
    if found.said:
        yield Text(zh=f"  情况：{found.said['zh']}", en=f"  What happens: {found.said['en']}")[language]
    if found.units:
        yield ""
        yield Text(zh="找到的最小数据（indicatree score 可直接读取）：", en="The smallest data found, as a data file:")[
            language
        ]
        yield ""
        yield data_toml(found.units[0], subject.named or subject.scheme).rstrip("\n")
        if subject.kind != SCHEME:
            yield ""
            yield Text(zh="其方案：", en="Its scheme:")[language]
            yield ""
            yield subject.scheme.to_toml().rstrip("\n")
    changed = _changes(found)
    if changed:
        yield ""
        yield Text(zh="第二组数据与之相同，但：", en="The second data is the same, but:")[language]
        yield ""
        yield from (f"{path} = {other}" for path, (_, other) in changed.items())
    if found.cards:
        yield ""
        yield side_by_side(found.cards, found.at, language)


def _defined(found: Counterexample) -> Iterator[Text]:
    """The place, and where the indicator and the rule there are defined."""
    if found.at:
        yield Text(zh=f"位置：{found.at}", en=f"At: {found.at}")
    leaf = _leaf(found)
    if leaf is None:
        return
    name, place = leaf.indicator.id, where_defined(leaf.indicator)
    yield Text(zh=f"指标：{name}（{place['zh']}）", en=f"Indicator: {name}, {place['en']}")
    if leaf.rule is not None:
        words = {language: leaf.rule.words(leaf.indicator, leaf.points, language) for language in ("zh", "en")}
        kind, place = leaf.rule.kind, where_defined(leaf.rule)
        yield Text(
            zh=f"规则：{kind}，{words['zh']}（{place['zh']}）", en=f"Rule: {kind} ({words['en']}), {place['en']}"
        )


def _leaf(found: Counterexample) -> Leaf | None:
    """The leaf in question: the one at the place, or the only one of an indicator or a rule."""
    leaves = dict(found.subject.scheme.leaves())
    only = next(iter(leaves.values())) if found.subject.kind != SCHEME else None
    return leaves.get(found.at, only)


def _changes(found: Counterexample) -> dict[str, tuple[str, str]]:
    """What the second data says differently."""
    if len(found.units) < 2:  # noqa: PLR2004 - there is no second
        return {}
    first, second = (data_document(data, found.subject.scheme) for data in found.units)
    return {path: (shown(one), shown(other)) for path, (one, other) in differences(first, second).items()}


def side_by_side(cards: tuple[Scorecard, ...], at: str, language: str) -> str:
    """Scorecards beside each other: the total, the node in question, and every node that differs."""
    headers = [Text(zh="节点", en="Node"), Text(zh="分值", en="Points")]
    for number in range(1, len(cards) + 1):
        mark = f" {number}" if len(cards) > 1 else ""
        headers += [Text(zh=f"结果{mark}", en=f"Value{mark}"), Text(zh=f"得分{mark}", en=f"Score{mark}")]
    paths = list(dict.fromkeys(node.path for card in cards for node in card.root.walk()))
    nodes = [{node.path: node for node in card.root.walk()} for card in cards]
    rows = []
    for path in paths:
        cells = [_cells(by_path.get(path), language) for by_path in nodes]
        differs = len(cards) == 1 or any(cell != cells[0] for cell in cells)
        if path and not differs and path != at:
            continue
        known = next(by_path[path] for by_path in nodes if path in by_path)
        name = path or Text(zh="总分", en="total")[language]
        rows.append([name, f"{known.points:f}", *(part for cell in cells for part in cell)])
    right = set(range(1, 2 + 2 * len(cards)))
    return aligned(rows, [header[language] for header in headers], right)


def _cells(node: NodeScore | None, language: str) -> tuple[str, str]:
    if node is None:
        return "", ""
    score = Text(zh="不计", en="left out")[language] if node.score is None else f"{node.score:f}"
    return node.value_text[language], score


def counterexample_table(found: Counterexample, language: str) -> dict[str, Any]:
    """A counterexample for JSON."""
    return {
        "said": found.said[language],
        "saids": found.said.to_dict(),
        "path": found.at,
        "defined": [words[language] for words in _defined(found)],
        "data": [data_toml(data, found.subject.named or found.subject.scheme) for data in found.units],
        "scorecards": [card.to_dict(language) for card in found.cards],
        "text": counterexample_text(found, language),
    }
