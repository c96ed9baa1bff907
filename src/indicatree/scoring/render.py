"""The score table in text, aligned also where the text is Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indicatree.scoring.scorecard import NodeScore, Scorecard

__all__ = ["Marks", "aligned", "drawn", "table", "veto_lines"]

_HEADERS = (
    Text(zh="指标", en="Indicator"),
    Text(zh="分值", en="Points"),
    Text(zh="得分", en="Score"),
    Text(zh="结果", en="Value"),
    Text(zh="说明", en="Reason"),
)
_REASON_WIDTH = 56


def aligned(rows: list[list[str]], headers: list[str], right: set[int], widths: list[int | None] | None = None) -> str:
    """A table by tabulate, with the columns named by ``right`` aligned to the right."""
    from tabulate import tabulate  # noqa: PLC0415 - only printing pays for it

    sides = ["right" if column in right else "left" for column in range(len(headers))]
    if not rows:
        return ""
    text = tabulate(
        rows, headers=headers, tablefmt="simple", colalign=sides, disable_numparse=True, maxcolwidths=widths
    )
    return "\n".join(line.rstrip() for line in text.splitlines())


def table(card: Scorecard, language: str) -> str:
    """The score table of a scorecard."""
    marks = Marks()
    rows = [_row(card.root, "", language, marks)]
    for node, stem in drawn(card.root):
        rows.append(_row(node, stem, language, marks))
    whole = Text(zh="总分", en="Total")[language]
    rows[0][0] = whole + rows[0][0].partition("\0")[2]
    head = " ".join(part for part in (card.unit, card.root.title[language]) if part)
    widths = [None, None, None, None, _REASON_WIDTH]
    body = aligned(rows, [header[language] for header in _HEADERS], {1, 2, 3}, widths)
    if card.total is None:
        said = Text(zh="总分无法确定：所有指标均不计", en="The total is undefined: every indicator is left out")
    else:
        said = Text(zh=f"总分 {card.total:f} / {card.points:f}", en=f"Total {card.total:f} of {card.points:f}")
    if card.grade is not None:
        said += Text(zh=f"，等级：{card.grade.title['zh']}", en=f", grade: {card.grade.title['en']}")
    notes = marks.lines(language)
    return "\n".join(part for part in (head, body, said[language], *veto_lines(card, language), *notes) if part)


def veto_lines(card: Scorecard, language: str) -> list[str]:
    """A line for each veto that applies, and what the points alone would give."""
    applied = [veto for veto in card.vetoes if veto.applies]
    lines = [
        Text(
            zh=f"一票否决：{veto.title['zh']}（{veto.reason['zh']}）",
            en=f"Veto: {veto.title['en']} ({veto.reason['en']})",
        )[language]
        for veto in applied
    ]
    if applied and card.arithmetic_total is not None:
        total, grade = f"{card.arithmetic_total:f}", card.arithmetic_grade
        zh, en = (f"，{grade.title['zh']}", f", {grade.title['en']}") if grade is not None else ("", "")
        lines.append(Text(zh=f"仅按得分：{total}{zh}", en=f"By points alone: {total}{en}")[language])
    return lines


class Marks:
    """The numbered footnotes of assumptions, each said once."""

    def __init__(self) -> None:
        self.numbers: dict[Text, int] = {}

    def of(self, assumptions: Iterable[Text]) -> str:
        """The numbers of what is assumed, as they stand behind a title."""
        numbers = [self.numbers.setdefault(words, len(self.numbers) + 1) for words in assumptions if words]
        return f" [{','.join(map(str, sorted(set(numbers))))}]" if numbers else ""

    def lines(self, language: str) -> list[str]:
        """What is assumed, a line for each number."""
        if not self.numbers:
            return []
        head = Text(zh="假设（非公布内容）：", en="Assumptions (not published):")[language]
        return [head, *(f"  [{number}] {words[language]}" for words, number in self.numbers.items())]


def drawn(node: Any, stem: str = "") -> Iterator[tuple[Any, str]]:
    """The nodes below a node, each with the branches of the tree before it."""
    children = getattr(node, "children", ())
    for position, child in enumerate(children):
        last = position == len(children) - 1
        yield child, f"{stem}{'└─ ' if last else '├─ '}"
        yield from drawn(child, f"{stem}{'·  ' if last else '│  '}")


def _row(node: NodeScore, stem: str, language: str, marks: Marks) -> list[str]:
    leaf = node.info.level == "indicator"
    score = Text(zh="不计", en="left out")[language] if node.score is None else f"{node.score:f}"
    if leaf and node.info.points == 0 and node.score is not None and not node.units:
        score = "-"
    reason = node.reason[language] if leaf else _adjusted(node, language)
    return [
        f"{stem}{node.title[language]}{marks.of(node.assumptions)}" if stem else f"\0{marks.of(node.assumptions)}",
        f"{node.points:f}",
        score,
        node.value_text[language],
        reason,
    ]


def _adjusted(node: NodeScore, language: str) -> str:
    return Text(zh="；", en="; ")[language].join(
        f"{adjustment.reason[language]} ({(-adjustment.lost).text})" for adjustment in node.adjustments
    )
