"""Write docs/reference.md and docs/laws.md: indicators, rules, schemes and laws, in two languages.

Run it after a change of one of them; a test holds the pages against what it writes.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

import indicatree as it
from indicatree import rules
from indicatree.scoring.render import Marks
from indicatree.scoring.rubric import grades_words, node_title, node_words, policies_words, veto_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indicatree.testing import Law

PAGE = Path(__file__).with_name("reference.md")
LAWS = Path(__file__).with_name("laws.md")
_INTRODUCTION = """\
Every indicator, rule and scheme, made from the code by `python docs/make_reference.py`.
本页由代码生成，列出全部指标、评分规则和评分方案。"""
_LAWS = """\
What scoring must obey, made from the code by `python docs/make_reference.py`. 本页由代码生成。

How to try them on scoring logic of your own, and how to add one: [testing.md](testing.md#the-laws)."""
_LANGUAGES = ("zh", "en")
_DIRECTIONS = {"more": "越大越好 more", "less": "越小越好 less"}

# A rule of each kind with plain numbers, to show how it says itself.
_FULL = it.exact(5)
_SAMPLES: dict[str, Any] = {
    "bands": rules.Bands(bands=[rules.Band(at_least="95%", points=5), rules.Band(below="95%", points=0)]),
    "all_or_nothing": rules.AllOrNothing(at_most="100%"),
    "deduct_per_step": rules.DeductPerStep(
        target="100%", step="1%", points_per_step="0.5", side="above", steps="started"
    ),
    "proportional": rules.Proportional(target="100%"),
    "over_fulfilment": rules.OverFulfilment(threshold="150%", slope="50%"),
    "incidents": rules.Incidents(points_per_incident="0.5"),
    "checklist": rules.PerItem(items={"content": 3, "time": 2}),
    "deduct_per_item": rules.DeductPerItem(each=1),
    "graded": rules.GradedJudgement(),
}


def page(catalog: it.Catalog) -> str:
    """The whole page."""
    parts = [
        "# Reference 参考",
        _INTRODUCTION,
        "## Rules 评分规则",
        "How to use each: [schemes.md](schemes.md#rules).",
        *_rules(catalog),
        "## Indicators 指标",
        *_indicators(catalog),
        "## Schemes 评分方案",
        *_schemes(catalog),
    ]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    headers = list(headers)
    lines = [headers, ["---"] * len(headers), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _rules(catalog: it.Catalog) -> Iterator[str]:
    openness, rate = catalog.indicator("mof.openness"), catalog.indicator("mof.staff_control_rate")
    against = rules.Comparison(
        against={"last_year": catalog.indicator("mof.carry_over_last_year")},
        cases=[rules.Case(at_most=0, points=5), rules.Case(at_most="last_year", points=3)],
        otherwise=0,
    )
    samples = {**_SAMPLES, "comparison": against}
    rows = []
    for kind, cls in sorted(catalog.rules.items()):
        sample = samples[kind]
        indicator = openness if cls.takes is it.Takes.CHECKLIST else rate
        if kind == "comparison":
            indicator = catalog.indicator("mof.carry_over_this_year")
        keys = ", ".join(f"`{field.name}`" for field in attrs.fields(cls) if field.init)
        words = [sample.words(indicator, _FULL, language) for language in _LANGUAGES]
        rows.append([f"`{kind}`", (inspect.getdoc(cls) or "").partition("\n")[0], keys, *words])
    yield _table(["kind", "what it does", "keys", "例（5 分）", "as it says itself (5 points)"], rows)


def _indicators(catalog: it.Catalog) -> Iterator[str]:
    for kind, title in ((it.Measured, "Measured 计算"), (it.Checklist, "Checklists 要点"), (it.Graded, "Graded 评定")):
        rows = []
        for name, indicator in sorted(catalog.indicators.items()):
            if isinstance(indicator, kind):
                rows.append(
                    [f"`{name}`", *_titles(indicator), indicator.tier.value, *_said(indicator), indicator.source]
                )
        last = ["单位 unit", "方向 better"] if kind is it.Measured else []
        last += (
            ["定义", "definition"] if kind is not it.Graded else []
        )  # how a graded one comes about is its definition
        yield f"### {title}"
        yield _table(["id", "名称", "title", "tier", "怎样得出", "how it comes about", *last, "依据 source"], rows)


def _titles(indicator: it.Indicator) -> list[str]:
    return [indicator.title["zh"], indicator.title["en"]]


def _said(indicator: it.Indicator) -> list[str]:
    if isinstance(indicator, it.Measured):
        unit = indicator.unit.title
        better = indicator.better
        direction = ""
        if better is not None and better.target is not None:
            direction = f"越接近越好 near {indicator.unit.show_exact(better.target)}"
        elif better is not None:
            direction = _DIRECTIONS[better.direction]
        shown = f"{unit['zh'].strip()} {unit['en'].strip()}" if unit["zh"] != unit["en"] else unit["en"].strip()
        return [indicator.words("zh"), indicator.words("en"), shown, direction, *_defined(indicator)]
    if isinstance(indicator, it.Checklist):
        return [
            "；".join(words["zh"] for words in indicator.items.values()),
            "; ".join(f"{name}: {words['en']}" for name, words in indicator.items.items()),
            *_defined(indicator),
        ]
    return _defined(indicator)


def _defined(indicator: it.Indicator) -> list[str]:
    return [indicator.definition["zh"], indicator.definition["en"]]


def _schemes(catalog: it.Catalog) -> Iterator[str]:
    for name in sorted(catalog.scheme_ids):
        scheme = catalog.scheme(name)
        yield f"### `{scheme.id}` {scheme.title['zh']} {scheme.title['en']}"
        years = f"{scheme.years}" if scheme.years is not None else "all 不限"
        grades = grades_words(scheme)
        facts = [f"Years 适用年度: {years}", f"Grades 等级: {grades['zh']}; {grades['en']}"]
        facts += [f"Source 依据: {scheme.source}" if scheme.source else ""]
        policies = policies_words(scheme.policies)
        facts += [f"Where there is no score 没有得分时: {policies['zh']}; {policies['en']}" if policies else ""]
        facts += [f"{scheme.assumption['zh']}\n{scheme.assumption['en']}" if scheme.assumption else ""]
        yield "\n\n".join(fact for fact in facts if fact)
        marks = Marks()
        rows = []
        for path, node in scheme.walk():
            title, words = node_title(node), node_words(node)
            mark = marks.of([node.assumption])
            points = scheme.points_of(node).text
            rows.append([f"`{path}`", title["zh"] + mark, title["en"], points, words["zh"], words["en"]])
        yield _table(["path", "名称", "title", "points", "规则", "rule"], rows)
        vetoes = [_veto(scheme, veto) + marks.of([veto.assumption]) for veto in scheme.vetoes]
        if vetoes:
            yield "Vetoes 一票否决:"
            yield "\n".join(vetoes)
        if marks.numbers:
            yield "Assumptions (not published) 假设（非公布内容）:"
            yield "\n".join(f"- [{number}] {text['zh']}; {text['en']}" for text, number in marks.numbers.items())


def _veto(scheme: it.Scheme, veto: it.Veto) -> str:
    """What a veto is, when it applies and what it caps."""
    words = veto_words(scheme, veto)
    said = [f"{veto.title[language]}: {words[language]}" for language in _LANGUAGES]
    return f"- `{veto.path}` {'; '.join(said)}"


def laws_page() -> str:
    """A section for each law of `indicatree.testing`."""
    from indicatree import testing  # noqa: PLC0415 - only this page needs the extra

    parts = [
        "# The laws 评分定律",
        _LAWS,
    ]
    for law in sorted(testing.laws(), key=lambda law: law.id):
        parts += _law(law)
    return "\n\n".join(parts) + "\n"


def _law(law: Law) -> list[str]:
    needs = ", ".join(f"`{capability.id}`" for capability in law.needs) or "nothing"
    facts = [
        f"- Why 理由: {law.why['en']}; {law.why['zh']}",
        f"- Tried on 适用于: {', '.join(law.of)}",
        f"- Asks for 前提: {needs}",
    ]
    return [
        f"## `{law.id}`",
        f"{law.title['en']}.\n{law.title['zh']}。",
        "\n".join(facts),
        f"How it is tried 检验方法: {_cell(inspect.getdoc(law.check) or '')}",
    ]


if __name__ == "__main__":
    PAGE.write_text(page(it.Catalog(allow=["mof"], discover=True)), encoding="utf-8")
    LAWS.write_text(laws_page(), encoding="utf-8")
