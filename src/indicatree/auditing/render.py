"""An audit in words and as JSON."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from indicatree.auditing.checks import Verdict
from indicatree.auditing.wrapping import filled, longest_word, width_of, wrapped
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from indicatree.auditing.run import Audit, Checked

__all__ = ["AUDIT_FORMAT", "audit_table", "batch_table", "to_document"]

AUDIT_FORMAT = 1
"""The version of the JSON format."""

_KINDS = {
    "identity": Text(zh="勾稽关系", en="Identities"),
    "value": Text(zh="指标值", en="Values"),
    "score": Text(zh="得分", en="Scores"),
    "deduction": Text(zh="扣分", en="Deductions"),
    "grade": Text(zh="等级", en="Grade"),
}
_HEADERS = (
    Text(zh="核对项", en="Check"),
    Text(zh="报告数", en="Stated"),
    Text(zh="核算数", en="Computed"),
    Text(zh="差额", en="Difference"),
    Text(zh="结论", en="Verdict"),
)
_SEMICOLON = Text(zh="；", en="; ")
WIDTH = 80
"""How wide a terminal is, where that is not known."""
_GAP = 2
_TITLE, _NUMBERS, _VERDICT = 0, (1, 2, 3), 4


class _Notes:
    """The reasons of verdicts, numbered, each said once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, checked: Checked, language: str) -> str:
        why = checked.result.why[language]
        return f" [{self.numbers.setdefault(why, len(self.numbers) + 1)}]" if why else ""

    def lines(self, language: str, width: int) -> list[str]:
        if not self.numbers:
            return []
        marks = {why: f"  [{number}] " for why, number in self.numbers.items()}
        said = [filled(why, width, mark, " " * len(mark)) for why, mark in marks.items()]
        return [Text(zh="说明", en="Notes")[language], *said]


def audit_table(audit: Audit, language: str, width: int = WIDTH) -> str:
    """The checks by kind, then why some are open, then the broken figures."""
    parts = [filled(audit.unit or audit.scheme, width)]
    notes = _Notes()
    for kind, title in _KINDS.items():
        found = [checked for checked in audit.checks if checked.check.kind == kind]
        if found:
            parts.append(f"{title[language]}\n{_checks(found, language, width, notes)}")
    parts.append("\n".join(notes.lines(language, width)))
    parts.append("\n".join(_broken(audit, language, width)))
    parts.append(filled(_counts(audit, language), width))
    return "\n\n".join(part for part in parts if part)


def _checks(found: list[Checked], language: str, width: int, notes: _Notes) -> str:
    """The table of some checks, as wide as need be for the fewest lines, and no wider than it may be."""
    headers = [header[language] for header in _HEADERS]
    titles, places, others = [], [], []
    for one in found:
        said = one.verdict.title[language] + notes.of(one, language)
        titles.append(one.check.title[language])
        places.append(f"[{one.check.at[language]}]" if one.check.at else "")
        others.append([one.stated, one.computed, one.difference, said])
    whole = [f"{title} {place}".strip() for title, place in zip(titles, places, strict=True)]
    columns = list(zip(headers, *([title, *other] for title, other in zip(whole, others, strict=True)), strict=True))
    widest = [max(map(width_of, column)) for column in columns]
    least = [max(map(longest_word, column)) for column in columns]
    tried: list[tuple[int, int, list[int], list[list[list[str]]]]] = []
    for verdict in dict.fromkeys((widest[_VERDICT], _in_two(columns[_VERDICT]))):
        widths = _fitted([*widest[:_VERDICT], verdict], least, width)
        rows = [
            [_titled(title, place, widths[_TITLE]), *map(wrapped, other, widths[1:])]
            for title, place, other in zip(titles, places, others, strict=True)
        ]
        tried.append((sum(max(map(len, row)) for row in rows), len(tried), widths, rows))
    _, _, widths, rows = min(tried)
    return _drawn([list(map(wrapped, headers, widths)), *rows], _NUMBERS)


def _in_two(texts: Sequence[str]) -> int:
    """The width in which each text takes two lines, broken at its spaces only."""
    found = 0
    for text in texts:
        words = text.split(" ")
        halves = ((" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(len(words)))
        found = max(found, min(max(map(width_of, half)) for half in halves))
    return found


def _drawn(rows: Sequence[Sequence[Sequence[str]]], right: Container[int]) -> str:
    """A table of cells, each of some lines; the first row holds the headers."""
    columns = range(len(rows[0]))
    widths = [max(width_of(line) for row in rows for line in row[column]) for column in columns]
    lines = []
    for number, row in enumerate(rows):
        for parts in zip_longest(*row, fillvalue=""):
            blanks = [" " * (wide - width_of(part)) for part, wide in zip(parts, widths, strict=True)]
            cells = [blanks[at] + parts[at] if at in right else parts[at] + blanks[at] for at in columns]
            lines.append((" " * _GAP).join(cells).rstrip())
        if number == 0:
            lines.append((" " * _GAP).join("-" * wide for wide in widths))
    return "\n".join(lines)


def _fitted(widths: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """The widths of columns after they gave way, so that a table is no wider than it may be, if it can be."""
    widths = list(widths)
    for column in (_TITLE, *_NUMBERS):
        over = sum(widths) + _GAP * (len(widths) - 1) - width
        widths[column] -= max(min(over, widths[column] - least[column]), 0)
    return widths


def _titled(title: str, place: str, width: int) -> list[str]:
    """A title with the place where it stands, which is kept in one line where it can be."""
    lines = wrapped(title, width)
    if not place:
        return lines
    together = f"{lines[-1]} {place}"
    return [*lines[:-1], together] if width_of(together) <= width else [*lines, *wrapped(place, width)]


def _broken(audit: Audit, language: str, width: int) -> Iterator[str]:
    """The lines of the broken figures."""
    titles = {checked.check.id: checked.check.title[language] for checked in audit.checks}
    if audit.broken_figures:
        yield Text(zh="不成立的数据", en="Broken figures")[language]
    for figure in audit.broken_figures:
        where = f" [{figure.where[language]}]" if figure.where else ""
        name = f"{figure.title[language]} ({figure.id}){where}"
        repair = Text(zh=f"，应为 {figure.repair}", en=f", where {figure.repair} fits best")[language]
        if not figure.repair:
            repair = Text(zh="，没有一个数能单独使其成立", en=", no single figure repairs it")[language]
        yield filled(f"{name}: {figure.stated}{repair}", width, "  ", "      ")
        explained = _SEMICOLON[language].join(titles[name] for name in figure.checks)
        words = [Text(zh=f"可解释：{explained}", en=f"explains: {explained}")]
        for suspect in figure.suspects:
            said = Text(
                zh=f"可疑：{suspect.title['zh']}（{suspect.path}）{suspect.stated} 改为 {suspect.repair}，"
                f"使 {suspect.satisfied} 项成立，{suspect.broken} 项不成立",
                en=f"suspect: {suspect.title['en']} ({suspect.path}) {suspect.stated}, if {suspect.repair}: "
                f"satisfies {suspect.satisfied}, breaks {suspect.broken}",
            )
            if suspect.unchecked:
                said += Text(zh=f"，{suspect.unchecked} 项无法核对", en=f", leaves {suspect.unchecked} unchecked")
            words.append(said)
        for said in words:
            yield filled(said[language], width, "    ", "      ")


def _counts(audit: Audit, language: str) -> str:
    joint = Text(zh="，", en=", ")[language]
    return joint.join(f"{verdict.title[language]} {audit.count(verdict)}" for verdict in Verdict)


def to_document(audit: Audit, language: str) -> dict[str, Any]:
    """The audit as JSON holds it."""
    return {
        "format": AUDIT_FORMAT,
        "language": language,
        "unit": audit.unit,
        "scheme": audit.scheme,
        "checks": [_check(checked, language) for checked in audit.checks],
        "broken_figures": [
            {
                "id": figure.id,
                "title": figure.title[language],
                "stated": figure.stated,
                "repair": figure.repair,
                "where": figure.where[language],
                "checks": list(figure.checks),
                "suspects": [
                    {
                        "id": suspect.path,
                        "title": suspect.title[language],
                        "stated": suspect.stated,
                        "repair": suspect.repair,
                        "satisfies": suspect.satisfied,
                        "breaks": suspect.broken,
                        "leaves_unchecked": suspect.unchecked,
                    }
                    for suspect in figure.suspects
                ],
            }
            for figure in audit.broken_figures
        ],
        "summary": {verdict.value: audit.count(verdict) for verdict in Verdict},
    }


def _check(checked: Checked, language: str) -> dict[str, Any]:
    check = checked.check
    return {
        "id": check.id,
        "kind": check.kind,
        "title": check.title[language],
        "stated": checked.stated,
        "computed": checked.computed,
        "difference": checked.difference,
        "verdict": checked.verdict.value,
        "why": checked.result.why[language],
        "where": check.at[language],
    }


def batch_table(rows: Mapping[str, Audit | str], language: str, width: int = WIDTH) -> str:
    """A line for each of many reports: how many checks have each verdict; then what is broken, or is no audit."""
    headers = [Text(zh="报告", en="Report")[language], *(verdict.title[language] for verdict in Verdict)]
    counts = [
        [name, *("" if isinstance(found, str) else str(found.count(verdict)) for verdict in Verdict)]
        for name, found in rows.items()
    ]
    table = [[[cell] for cell in row] for row in [headers, *counts]]
    natural = sum(max(map(width_of, column)) + _GAP for column in zip(headers, *counts, strict=True)) - _GAP
    if natural > width:
        table[0][1:] = [wrapped(header, _in_two([header])) for header in headers[1:]]
    parts = [_drawn(table, range(1, len(headers)))]
    broken: dict[str, list[str]] = {}
    unread: dict[str, list[str]] = {}
    for name, found in rows.items():
        if isinstance(found, str):
            unread[name] = [found]
        elif found.broken_figures:
            broken[name] = [f"{one.id}: {one.stated} → {one.repair or '?'}" for one in found.broken_figures]
    for title, said in (
        (Text(zh="不成立的数据", en="Broken figures"), broken),
        (Text(zh="未能核对的报告", en="Not audited"), unread),
    ):
        lines = [title[language]] if said else []
        for name, words in said.items():
            lines += [f"  {name}", *(filled(each, width, "    ", "      ") for each in words)]
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part)
