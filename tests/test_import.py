"""What an import costs: nothing that is not needed, and no plugin before a catalog is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

LATER = (
    "cattrs",
    "click",
    "hypothesis",
    "indicatree_mof",
    "jsonschema",
    "narwhals",
    "polars",
    "rich",
    "tabulate",
    "tomli_w",
)

MEASURE = """
import indicatree as it
from indicatree import fields

@it.record("demo.staffing", title=it.Text(en="Staffing"))
class Staffing:
    posts: fields.Count = fields.count("编制数", "posts")
    in_post: fields.Count = fields.count("在职", "in post")

@it.indicator("demo.rate", tier=it.Tier.INPUT, title=it.Text(en="Rate"))
def rate(staffing: Staffing):
    return staffing.in_post / staffing.posts

leaf = it.Leaf(id="rate", indicator=rate, points=5, rule=it.rules.AllOrNothing(at_most="100%"))
group = it.Group(id="group", title="Group", indicators=[leaf])
scheme = it.Scheme(id="demo", tiers=[it.TierNode(tier=it.Tier.INPUT, groups=[group])])
"""

READ_SCHEME = """
import indicatree as it

try:
    it.load_scheme({"format": 1}, catalog=it.Catalog(discover=False))
except it.SchemeError:
    pass
"""

NO_DISCOVERY = """
import importlib.metadata

def refuse(**_):
    raise SystemExit("plugins were looked for")

importlib.metadata.entry_points = refuse
"""


def run(code: str) -> str:
    """What code prints in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - our own code
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def loaded_after(code: str) -> set[str]:
    """The top-level packages that stand in a fresh interpreter after code."""
    said = run(f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})")
    return set(said.split())


def test_importing_the_library_imports_nothing_that_comes_later() -> None:
    loaded = loaded_after("import indicatree")
    assert "indicatree" in loaded
    assert loaded & set(LATER) == set()


def test_the_command_line_imports_click_and_not_what_it_only_prints_with() -> None:
    loaded = loaded_after("import indicatree.cli")
    assert "click" in loaded
    assert loaded & {"hypothesis", "indicatree_mof", "jsonschema", "narwhals", "polars", "tabulate", "tomli_w"} == set()


def test_scoring_records_that_are_already_built_imports_no_loader_and_no_printer() -> None:
    code = f"{MEASURE}\ncard = it.score(scheme, {{'staffing': Staffing(posts=92, in_post=92)}})\nassert card.total == 5"
    assert loaded_after(code) & set(LATER) == set()


@pytest.mark.parametrize(
    "use",
    [
        "import indicatree",
        "import indicatree.cli",
        "import indicatree as it; it.Catalog(discover=False)",
        f"{MEASURE}\nimport sys\nit.Catalog(plugins=[sys.modules['__main__']])",
        f"{MEASURE}\nit.measure(rate, staffing=Staffing(posts=1, in_post=1))",
        f"{MEASURE}\nit.score(scheme, {{'staffing': {{'posts': 1, 'in_post': 1}}}})",
        f"{MEASURE}\nit.prepare(scheme); scheme.to_toml(); it.load({{'format': 1}}, scheme)",
        READ_SCHEME,
    ],
)
def test_plugins_are_not_looked_for_before_a_catalog_of_them_is_asked_for(use: str) -> None:
    assert run(f"{NO_DISCOVERY}\n{use}\nprint('worked')") == "worked"


def test_the_default_catalog_looks_for_plugins_on_first_use() -> None:
    code = """
import sys
import indicatree as it
before = "indicatree_mof" in sys.modules
it.default_catalog()
print(before, "indicatree_mof" in sys.modules)
"""
    assert run(code) == "False True"


def test_the_default_catalog_looks_for_plugins_once() -> None:
    code = """
import importlib.metadata
import indicatree as it
real, calls = importlib.metadata.entry_points, []
importlib.metadata.entry_points = lambda **named: calls.append(named) or real(**named)
it.default_catalog(), it.default_catalog()
print(calls)
"""
    assert run(code) == "[{'group': 'indicatree'}]"
