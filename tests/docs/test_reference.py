"""The reference page is what the code says today."""

from __future__ import annotations

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


def test_the_page_of_the_laws_is_current() -> None:
    made = runpy.run_path(str(DOCS / "make_reference.py"))["laws_page"]()
    shown = DOCS.joinpath("laws.md").read_text(encoding="utf-8")
    assert shown == made, "run: python docs/make_reference.py"
