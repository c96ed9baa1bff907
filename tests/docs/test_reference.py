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
        assert indicator.definition["zh"] in row
        assert indicator.definition["en"] in row
    assert {kind for kind in catalog.rules if f"| `{kind}` |" not in shown} == set()
    assert {name for name in catalog.scheme_ids if f"### `{name.partition('@')[0]}`" not in shown} == set()


def test_the_reference_page_says_of_every_row_what_is_assumed_and_of_no_other() -> None:
    shown = DOCS.joinpath("reference.md").read_text(encoding="utf-8")
    catalog = it.Catalog(allow=["mof"], discover=True)
    for name in catalog.scheme_ids:
        scheme = catalog.scheme(name)
        section = shown.partition(f"### `{scheme.id}` ")[2].partition("\n### ")[0]
        notes = dict(re.findall(r"^- \[(\d+)\] (.*)$", section, re.MULTILINE))
        said = {path: leaf.assumption for path, leaf in scheme.leaves()}
        said |= {veto.path: veto.assumption for veto in scheme.vetoes}
        for path, assumption in said.items():
            (row,) = [line for line in section.splitlines() if f"`{path}`" in line]
            marks = [notes[number] for number in re.findall(r" \[(\d+)\](?= \||$)", row)]
            assert marks == ([f"{assumption.zh}; {assumption.en}"] if assumption else []), path
        assert len(set(notes.values())) == len({assumption for assumption in said.values() if assumption})
        for grade in scheme.grades:
            assert f"{grade.title['zh']} ≥ " in section
            assert f"{grade.title['en']} ≥ " in section


def test_the_reference_page_shows_what_else_decides_the_points() -> None:
    shown = DOCS.joinpath("reference.md").read_text(encoding="utf-8")
    for path, zh, en in [
        ("process.budget_execution.new_building_area_rate", "；不适用：得满分 |", "; not applicable: full points |"),
        ("output.quality.quality_pass_rate", "；无法计算：不得分 |", "; undefined: no points |"),
        ("output.quantity.actual_completion_rate", "逐项评分（outputs）", "of each of outputs |"),
        ("veto.serious_violation", "严重违规起数 ≥ 1 起，等级最高为“中”", "Serious violations ≥ 1 case, fair at best"),
    ]:
        (row,) = [line for line in shown.splitlines() if f"`{path}`" in line]
        assert zh in row
        assert en in row


def test_the_page_of_the_laws_is_current() -> None:
    made = runpy.run_path(str(DOCS / "make_reference.py"))["laws_page"]()
    shown = DOCS.joinpath("laws.md").read_text(encoding="utf-8")
    assert shown == made, "run: python docs/make_reference.py"
