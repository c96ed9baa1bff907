"""What ``indicatree indicators`` prints: all of them as a table, or some whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.data import record_type
from indicatree.indicators import Checklist, Measured, formula_words
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.indicators import Indicator

__all__ = ["facts", "listed", "whole"]

_KINDS = {
    "measured": Text(zh="按数据计算", en="measured from figures"),
    "checklist": Text(zh="逐项认定", en="decided item by item"),
    "graded": Text(zh="由评价人评定", en="graded by an assessor"),
}
_DIRECTIONS = {
    "more": Text(zh="越大越好", en="more"),
    "less": Text(zh="越小越好", en="less"),
    "near": Text(zh="越接近 {target} 越好", en="near {target}"),
}
_HEADERS = (
    Text(zh="指标", en="indicator"),
    Text(zh="层级", en="tier"),
    Text(zh="名称", en="title"),
    Text(zh="怎样得出", en="how it comes about"),
    Text(zh="单位", en="unit"),
    Text(zh="方向", en="better"),
    Text(zh="依据", en="source"),
    Text(zh="插件", en="plugin"),
)
_WIDTHS = [None, None, None, 60, None, None, None, None]
_NAMES = {
    "tier": Text(zh="层级", en="Tier"),
    "kind": Text(zh="得出方式", en="Kind"),
    "definition": Text(zh="定义", en="Definition"),
    "formula": Text(zh="公式", en="Formula"),
    "applies": Text(zh="适用条件", en="Applies where"),
    "unit": Text(zh="单位", en="Unit"),
    "better": Text(zh="方向", en="Better"),
    "years": Text(zh="适用年度", en="Years"),
    "source": Text(zh="依据", en="Source"),
    "plugin": Text(zh="插件", en="Plugin"),
}


def facts(indicator: Indicator, plugin: str, language: str) -> dict[str, Any]:
    """All that is known of an indicator, with its words in one language."""
    kind = type(indicator).__name__.lower()
    condition = getattr(indicator, "condition", None)
    items = indicator.items if isinstance(indicator, Checklist) else {}
    return {
        "indicator": indicator.key,
        "tier": indicator.tier.value,
        "title": indicator.title[language],
        "kind": kind,
        "measure": indicator.words(language) if isinstance(indicator, Measured) else kind,
        "definition": indicator.definition[language],
        "applies": "" if condition is None else formula_words(condition, language),
        "items": {name: words[language] for name, words in items.items()},
        "figures": list(_figures(indicator, language)),
        "unit": indicator.unit.title[language].strip() if isinstance(indicator, Measured) else "",
        "better": _better(indicator, language),
        "years": "" if indicator.years is None else str(indicator.years),
        "source": indicator.source,
        "plugin": plugin,
    }


def _figures(indicator: Indicator, language: str) -> Iterator[dict[str, str]]:
    if not isinstance(indicator, Measured):
        return
    for parameter, field in indicator.figures:
        shape = indicator.parameters[parameter]
        known = record_type(shape.record_class)
        kind = known.fields[field]
        yield {
            "figure": f"{parameter}{'[]' if shape.many else ''}.{field}",
            "record": known.id,
            "title": kind.title[language],
            "note": kind.doc[language],
        }


def _better(indicator: Indicator, language: str) -> str:
    better = indicator.better
    if better is None:
        return ""
    target = "" if better.target is None else indicator.unit.show_exact(better.target, language)
    return _DIRECTIONS[better.direction][language].format(target=target)


def listed(rows: list[dict[str, Any]], titles: dict[str, str], language: str) -> str:
    """A row for each; for a checklist its items, for what an assessor grades its definition."""
    from indicatree.scoring.render import aligned  # noqa: PLC0415 - only printing pays for it

    if not rows:
        return Text(zh="无", en="none")[language]
    joint = Text(zh="；", en="; ")[language]
    cells = [
        [
            row["indicator"],
            titles[row["tier"]],
            row["title"],
            joint.join(row["items"].values()) or (row["measure"] if row["kind"] == "measured" else row["definition"]),
            *(row[name] for name in ("unit", "better", "source", "plugin")),
        ]
        for row in rows
    ]
    return aligned(cells, [header[language] for header in _HEADERS], set(), _WIDTHS)


def whole(row: dict[str, Any], titles: dict[str, str], language: str) -> str:
    """One indicator on several lines: what it is, and what a data file or a scheme calls its figures and items."""
    said = {
        **row,
        "tier": titles[row["tier"]],
        "kind": _KINDS[row["kind"]][language] if row["kind"] in _KINDS else row["kind"],
        "formula": row["measure"] if row["kind"] == "measured" and row["measure"] != row["definition"] else "",
    }
    colon = Text(zh="：", en=": ")[language]
    lines = [f"{row['title']} ({row['indicator']})"]
    lines += [f"  {title[language]}{colon}{said[name]}" for name, title in _NAMES.items() if said[name]]
    if row["figures"]:
        lines.append(f"  {Text(zh='所需数据', en='Figures')[language]}{colon.rstrip()}")
    for figure in row["figures"]:
        note = Text(zh=f"；{figure['note']}", en=f"; {figure['note']}")[language] if figure["note"] else ""
        lines.append(f"    data.{figure['figure']} ({figure['record']}){colon}{figure['title']}{note}")
    if row["items"]:
        lines.append(f"  {Text(zh='评价要点', en='Items')[language]}{colon.rstrip()}")
    lines += [f"    {name}{colon}{words}" for name, words in row["items"].items()]
    return "\n".join(lines)
