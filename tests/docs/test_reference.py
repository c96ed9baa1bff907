"""The reference page is what the code says today."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import indicatree as it

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_reference_page_is_current() -> None:
    made = runpy.run_path(str(DOCS / "make_reference.py"))["page"](it.Catalog(allow=["mof"], discover=True))
    shown = DOCS.joinpath("reference.md").read_text(encoding="utf-8")
    assert shown == made, "run: python docs/make_reference.py"


def test_the_reference_page_names_everything_in_both_languages() -> None:
    shown = DOCS.joinpath("reference.md").read_text(encoding="utf-8")
    catalog = it.Catalog(allow=["mof"], discover=True)
    for name, indicator in catalog.indicators.items():
        (row,) = [line for line in shown.splitlines() if line.startswith(f"| `{name}` |")]
        assert indicator.title["zh"] in row
        assert indicator.title["en"] in row
    assert {kind for kind in catalog.rules if f"| `{kind}` |" not in shown} == set()
    assert {name for name in catalog.scheme_ids if f"### `{name.partition('@')[0]}`" not in shown} == set()


def test_the_reference_page_tells_all_of_a_scheme() -> None:
    shown = DOCS.joinpath("reference.md").read_text(encoding="utf-8")
    catalog = it.Catalog(allow=["mof"], discover=True)
    for name in catalog.scheme_ids:
        scheme = catalog.scheme(name)
        part = shown.partition(f"### `{scheme.id}` ")[2].partition("\n### ")[0]
        rows = {line.split("`")[1]: line for line in part.splitlines() if line.startswith("| `")}
        notes = dict(line.removeprefix("- ").split(" ", 1) for line in part.splitlines() if line.startswith("- ["))
        nodes = [*scheme.walk(), *((veto.path, veto) for veto in scheme.vetoes)]
        assert set(rows) == {path for path, _ in nodes}
        for path, node in nodes:
            marks = set(re.findall(r"\[\d+\]", rows[path]))
            assert {notes[mark] for mark in marks} == (
                {f"{node.assumption['zh']}; {node.assumption['en']}"} if node.assumption else set()
            )
        for grade in scheme.grades:
            assert f"{grade.title['zh']} {grade.title['en']} ≥ " in part
    veto = next(line for line in shown.splitlines() if line.startswith("| `veto.serious_violation`"))
    assert "严重违规起数 ≥ 1 起；等级最高为“中”" in veto
    assert "Serious violations ≥ 1 cases; the grade is fair at best" in veto
    area = next(line for line in shown.splitlines() if line.startswith("| `process.budget_execution.new_building_area"))
    assert "不适用: 得满分" in area
    assert "not applicable: full points" in area


def test_the_page_of_the_laws_is_current() -> None:
    made = runpy.run_path(str(DOCS / "make_reference.py"))["laws_page"]()
    shown = DOCS.joinpath("laws.md").read_text(encoding="utf-8")
    assert shown == made, "run: python docs/make_reference.py"
