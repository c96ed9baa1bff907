"""An audit in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.auditing.checks import Verdict
from indicatree.scoring.render import aligned
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

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
_TITLE_WIDTH, _VERDICT_WIDTH = 44, 48


def _verdict(checked: Checked, language: str) -> str:
    words = checked.verdict.title[language]
    why = checked.result.why[language]
    return words + (Text(zh=f"：{why}", en=f": {why}")[language] if why else "")


def _row(checked: Checked, language: str) -> list[str]:
    check = checked.check
    at = f" [{check.at[language]}]" if check.at else ""
    return [
        check.title[language] + at,
        checked.stated,
        checked.computed,
        checked.difference,
        _verdict(checked, language),
    ]


def audit_table(audit: Audit, language: str) -> str:
    """The checks by kind, then the broken figures."""
    parts = [audit.unit or audit.scheme]
    headers = [header[language] for header in _HEADERS]
    widths = [_TITLE_WIDTH, None, None, None, _VERDICT_WIDTH]
    for kind, title in _KINDS.items():
        rows = [_row(checked, language) for checked in audit.checks if checked.check.kind == kind]
        if rows:
            parts.append(f"{title[language]}\n{aligned(rows, headers, {1, 2, 3}, widths)}")
    if audit.broken_figures:
        parts.append(_broken(audit, language))
    parts.append(_counts(audit, language))
    return "\n\n".join(parts)


def _broken(audit: Audit, language: str) -> str:
    titles = {checked.check.id: checked.check.title[language] for checked in audit.checks}
    lines = [Text(zh="不成立的数据", en="Broken figures")[language]]
    for figure in audit.broken_figures:
        where = f" [{figure.where[language]}]" if figure.where else ""
        name = f"{figure.title[language]} ({figure.id}){where}"
        repair = Text(zh=f"，应为 {figure.repair}", en=f", where {figure.repair} fits best")[language]
        if not figure.repair:
            repair = Text(zh="，没有一个数能单独使其成立", en=", no single figure repairs it")[language]
        lines.append(f"  {name}: {figure.stated}{repair}")
        explained = _SEMICOLON[language].join(titles[name] for name in figure.checks)
        lines.append(Text(zh=f"    可解释：{explained}", en=f"    explains: {explained}")[language])
        for suspect in figure.suspects:
            words = Text(
                zh=f"    可疑：{suspect.title['zh']}（{suspect.path}）{suspect.stated} 改为 {suspect.repair}，"
                f"使 {suspect.satisfied} 项成立，{suspect.broken} 项不成立",
                en=f"    suspect: {suspect.title['en']} ({suspect.path}) {suspect.stated}, if {suspect.repair}: "
                f"satisfies {suspect.satisfied}, breaks {suspect.broken}",
            )
            if suspect.unchecked:
                words += Text(zh=f"，{suspect.unchecked} 项无法核对", en=f", leaves {suspect.unchecked} unchecked")
            lines.append(words[language])
    return "\n".join(lines)


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


def batch_table(rows: Mapping[str, Audit | str], language: str) -> str:
    """One line for each of many reports: how many checks have each verdict, or why there is no audit."""
    headers = [
        Text(zh="报告", en="Report")[language],
        *(verdict.title[language] for verdict in Verdict),
        Text(zh="不成立的数据", en="Broken figures")[language],
    ]
    table = []
    for name, found in rows.items():
        if isinstance(found, str):
            table.append([name, *("" for _ in Verdict), found])
        else:
            figures = _SEMICOLON[language].join(
                f"{figure.id}: {figure.stated} → {figure.repair or '?'}" for figure in found.broken_figures
            )
            table.append([name, *(str(found.count(verdict)) for verdict in Verdict), figures])
    return aligned(table, headers, set(range(1, len(Verdict) + 1)), [None] * (len(Verdict) + 1) + [_VERDICT_WIDTH])
