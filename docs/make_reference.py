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
_TREATMENTS = {
    "error": it.Text(zh="报错", en="an error"),
    "no_points": it.Text(zh="不得分", en="no points"),
    "full_points": it.Text(zh="得满分", en="full points"),
    "left_out": it.Text(zh="不计入", en="left out"),
}

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
        return [indicator.words("zh"), indicator.words("en"), shown, direction]
    if isinstance(indicator, it.Checklist):
        return [
            "；".join(words["zh"] for words in indicator.items.values()),
            "; ".join(f"{name}: {words['en']}" for name, words in indicator.items.items()),
        ]
    return [indicator.definition["zh"], indicator.definition["en"]]


def _schemes(catalog: it.Catalog) -> Iterator[str]:
    for name in sorted(catalog.scheme_ids):
        scheme = catalog.scheme(name)
        yield f"### `{scheme.id}` {scheme.title['zh']} {scheme.title['en']}"
        years = f"{scheme.years}" if scheme.years is not None else "all 不限"
        grades = "; ".join(
            f"{grade.title['zh']} {grade.title['en']} ≥ {it.PERCENT.show_exact(grade.at_least)}"
            for grade in scheme.grades
        )
        facts = [f"Years 适用年度: {years}", f"Grades 等级: {grades}"]
        facts += [f"Source 依据: {scheme.source}" if scheme.source else ""]
        policies = [_policies(scheme.policies, language) for language in _LANGUAGES]
        facts += [f"Where there is no score 没有得分时: {'; '.join(policies)}" if any(policies) else ""]
        facts += [f"{scheme.assumption['zh']}\n{scheme.assumption['en']}" if scheme.assumption else ""]
        yield "\n\n".join(fact for fact in facts if fact)
        assumed: dict[it.Text, int] = {}
        rows = [_row(scheme, path, node, assumed) for path, node in scheme.walk()]
        rows += [_veto_row(scheme, veto, assumed) for veto in scheme.vetoes]
        yield _table(["path", "名称", "title", "points", "规则", "rule"], rows)
        if assumed:
            notes = "\n".join(
                f"- [{number}] {_cell(said['zh'])}; {_cell(said['en'])}" for said, number in assumed.items()
            )
            yield f"Not published 未公布的部分:\n\n{notes}"


def _row(scheme: it.Scheme, path: str, node: Any, assumed: dict[it.Text, int]) -> list[str]:
    points = scheme.points_of(node).text
    if isinstance(node, it.Leaf):
        words = []
        for language in _LANGUAGES:
            rule = node.rule.words(node.indicator, node.points, language) if node.rule else ""
            words.append("; ".join(part for part in (rule, _policies(node.policies, language)) if part))
        return [f"`{path}`", *_noted(node.name, node.assumption, assumed), points, *words]
    title = node.title or getattr(getattr(node, "tier", None), "title", it.Text())
    combined = it.Text() if node.aggregation.additive else node.aggregation.combine.title
    return [f"`{path}`", *_noted(title, node.assumption, assumed), points, combined["zh"], combined["en"]]


def _veto_row(scheme: it.Scheme, veto: it.Veto, assumed: dict[it.Text, int]) -> list[str]:
    """When a veto applies, and what it leaves."""
    words = []
    for language in _LANGUAGES:
        if veto.indicator is not None and veto.when is not None:
            said = f"{veto.indicator.title[language]} {veto.when.zone(veto.indicator, language)}"
        else:
            said = it.Text(zh="评价人认定适用", en="an assessor says that it applies")[language]
        if veto.grade:
            (grade,) = [grade.title[language] for grade in scheme.grades if grade.id == veto.grade]
            said += it.Text(zh=f"；等级最高为“{grade}”", en=f"; the grade is {grade} at best")[language]
        if veto.points is not None:
            most = veto.points.text
            said += it.Text(zh=f"；总分最高 {most} 分", en=f"; the total is {most} points at most")[language]
        words.append(said)
    return [f"`{veto.path}`", *_noted(veto.title, veto.assumption, assumed), "", *words]


def _noted(title: it.Text, assumption: it.Text, assumed: dict[it.Text, int]) -> list[str]:
    """A title in two languages, with the number of what about it is not published."""
    mark = f" [{assumed.setdefault(assumption, len(assumed) + 1)}]" if assumption else ""
    return [title[language] + mark for language in _LANGUAGES]


def _policies(policies: it.Policies, language: str) -> str:
    """What becomes of what has no score, as far as it is said."""
    said = [
        (outcome.title[language], _TREATMENTS[treatment.value][language])
        for outcome in it.Outcome
        if (treatment := getattr(policies, outcome.value, None)) is not None
    ]
    return "; ".join(f"{outcome}: {treatment}" for outcome, treatment in said)


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
