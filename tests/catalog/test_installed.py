"""Plugins found through the entry points of real distributions."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import indicatree as it

GOOD = """
import indicatree as it

INDICATREE_CONTRACT = 1

@it.hookimpl
def indicatree_indicators():
    return [it.graded("{id}", tier=it.Tier.EFFECT, title=it.Text(zh="效益", en="Benefit"))]
"""


class Site:
    """A folder of installed distributions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packages: list[str] = []

    def install(self, name: str, source: str, *, version: str = "1.2.3", entry: str = "") -> None:
        """Write what an installer would: the package and its metadata."""
        package = name.replace("-", "_")
        (self.folder / package).mkdir()
        (self.folder / package / "__init__.py").write_text(source, encoding="utf-8")
        info = self.folder / f"{package}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[indicatree]\n{entry or f'{package} = {package}'}\n", encoding="utf-8")
        self.packages.append(package)
        importlib.invalidate_caches()

    def good(self, name: str, identifier: str) -> None:
        """Install a plugin that offers one indicator."""
        self.install(name, GOOD.format(id=identifier))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    made = Site(folder)
    yield made
    for name in [name for name in sys.modules if name.partition(".")[0] in made.packages]:
        del sys.modules[name]


def found(catalog: it.Catalog, name: str) -> it.Plugin:
    (plugin,) = [plugin for plugin in catalog.plugins if plugin.name == name]
    return plugin


def the_problem(name: str) -> it.Problem:
    """The one problem of an installed plugin; the plugin beside it and the framework's own work on."""
    catalog = it.Catalog()
    assert "aa.benefit" in catalog.indicators
    assert "zz.benefit" in catalog.indicators
    assert "mof.staff_control_rate" in catalog.indicators
    plugin = found(catalog, name)
    assert not plugin.works
    assert catalog.problems == plugin.problems
    (problem,) = plugin.problems
    for part in (problem.code, problem.path, problem.message["en"], problem.fix["en"]):
        assert part.strip()
    assert name in problem.path
    assert "\n" not in str(problem)
    with pytest.raises(it.CatalogError):
        it.Catalog(strict=True)
    return problem


@pytest.fixture
def neighbours(site: Site) -> Site:
    """Two working plugins, one looked at before any broken one and one after."""
    site.good("aa-plugin", "aa.benefit")
    site.good("zz-plugin", "zz.benefit")
    return site


def test_an_installed_plugin_is_found_with_its_version_and_distribution(site: Site) -> None:
    site.good("plugin-of-a-city", "city.benefit")
    catalog = it.Catalog()
    plugin = found(catalog, "plugin_of_a_city")
    assert plugin.works
    assert plugin.version == "1.2.3"
    assert "plugin-of-a-city" in plugin.origin
    assert catalog.origin("indicators", "city.benefit") is plugin


def test_an_entry_point_may_name_an_object_in_a_module(site: Site) -> None:
    source = """
import indicatree as it

class Plugin:
    INDICATREE_CONTRACT = 1

    @it.hookimpl
    def indicatree_indicators(self):
        return [it.graded("object.benefit", tier=it.Tier.EFFECT, title=it.Text(en="Benefit"))]

made = Plugin()
"""
    site.install("object-plugin", source, entry="of_an_object = object_plugin:made")
    assert it.Catalog(allow=["of_an_object"]).indicators.keys() == {"object.benefit"}


@pytest.mark.parametrize(
    "choice", [{"block": ["blocked_plugin"]}, {"allow": ["mof"]}, {"allow": []}, {"discover": False}]
)
def test_a_plugin_that_is_not_chosen_is_not_even_imported(site: Site, choice: dict[str, Any]) -> None:
    site.install("blocked-plugin", "raise SystemExit('this must not run')")
    catalog = it.Catalog(**choice)
    assert "blocked_plugin" not in sys.modules
    assert "blocked_plugin" not in [plugin.name for plugin in catalog.plugins]
    assert catalog.problems == []


def test_a_missing_import_is_reported_with_its_name(neighbours: Site) -> None:
    neighbours.install("broken-plugin", "import a_package_that_is_not_there\n")
    problem = the_problem("broken_plugin")
    assert problem.code == "import-failed"
    assert "ModuleNotFoundError" in problem.message["en"]
    assert "a_package_that_is_not_there" in problem.message["en"]
    assert "broken-plugin" in problem.path


def test_a_syntax_error_is_reported_with_its_line(neighbours: Site) -> None:
    neighbours.install("broken-plugin", "import indicatree\n\ndef broken(:\n    pass\n")
    problem = the_problem("broken_plugin")
    assert problem.code == "import-failed"
    assert "SyntaxError" in problem.message["en"]
    assert "line 3" in problem.message["en"]


@pytest.mark.parametrize("statement", ["1 / 0", "raise ValueError('two\\nlines')", "import sys; sys.exit(3)"])
def test_whatever_an_import_raises_is_reported(neighbours: Site, statement: str) -> None:
    neighbours.install("broken-plugin", f"{statement}\n")
    assert the_problem("broken_plugin").code == "import-failed"


def test_a_declaration_refused_at_import_keeps_its_own_words(neighbours: Site) -> None:
    source = """
import indicatree as it
from indicatree import fields

INDICATREE_CONTRACT = 1

@it.record("broken.staffing", title=it.Text(en="Staffing"))
class Staffing:
    posts: fields.Count = fields.count("编制数", "posts")

@it.indicator("broken.rate", tier=it.Tier.INPUT, title=it.Text(en="Rate"))
def rate(staffing: Staffing):
    return staffing.poste / 2
"""
    neighbours.install("broken-plugin", source)
    problem = the_problem("broken_plugin")
    assert "broken.rate" in problem.path
    assert "poste" in problem.message["en"]
    assert 'did you mean "posts"?' in problem.fix["en"]


@pytest.mark.parametrize("entry", ["broken = broken_plugin:nothing", "broken = broken_plugin.nothing", "broken = 7!"])
def test_an_entry_point_to_nothing_is_reported(neighbours: Site, entry: str) -> None:
    neighbours.install("broken-plugin", "INDICATREE_CONTRACT = 1\n", entry=entry)
    assert the_problem("broken").code == "import-failed"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import indicatree\n", "no-contract"),
        ("INDICATREE_CONTRACT = 2\n", "wrong-contract"),
        ("INDICATREE_CONTRACT = 1\n", "no-hooks"),
        (GOOD.format(id="broken.benefit").replace("indicators():", "indicator():"), "unknown-hook"),
        (GOOD.format(id="broken.benefit").replace("@it.hookimpl", ""), "unmarked-hook"),
        (GOOD.format(id="broken.benefit").replace("():", "(config):"), "wrong-signature"),
        (GOOD.format(id="broken.benefit").replace("return [", "1 / 0; return ["), "hook-failed"),
        (GOOD.format(id="broken.benefit").replace("return [", "return ['x', "), "wrong-type"),
        (GOOD.format(id="aa.benefit"), "duplicate-id"),
    ],
)
def test_an_installed_plugin_that_does_not_fit_is_left_out_whole(neighbours: Site, source: str, code: str) -> None:
    neighbours.install("broken-plugin", source)
    assert the_problem("broken_plugin").code == code
    assert "broken.benefit" not in it.Catalog().indicators


def test_a_duplicate_id_names_both_distributions_with_their_versions(site: Site) -> None:
    site.good("one-city", "city.benefit")
    site.good("two-city", "city.benefit")
    catalog = it.Catalog()
    (problem,) = catalog.problems
    text = str(problem)
    assert "city.benefit" in text
    assert "one-city" in text
    assert "two-city" in text
    assert text.count("1.2.3") == 2
    origin = catalog.origin("indicators", "city.benefit")
    assert origin is not None
    assert origin.name == "one_city"
    assert it.Catalog(block=["one_city"]).problems == []


def test_a_plugin_that_is_installed_and_passed_in_is_one_plugin(site: Site) -> None:
    site.good("plugin-of-a-city", "city.benefit")
    module = importlib.import_module("plugin_of_a_city")
    catalog = it.Catalog(plugins=[module], discover=True)
    assert [plugin.name for plugin in catalog.plugins].count("plugin_of_a_city") == 1
    assert catalog.problems == []
    assert "city.benefit" in catalog.indicators


def test_two_entry_points_to_one_module_are_one_plugin(site: Site) -> None:
    site.good("plugin-of-a-city", "city.benefit")
    site.install("alias", "", entry="alias = plugin_of_a_city")
    catalog = it.Catalog()
    assert catalog.problems == []
    assert "city.benefit" in catalog.indicators


def run(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own that sees the site."""
    path = os.pathsep.join(filter(None, [str(site.folder), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", "from indicatree.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)  # noqa: S603 - our own code


def test_the_command_line_lists_a_broken_plugin_and_what_is_wrong(site: Site) -> None:
    site.install("broken-plugin", "import a_package_that_is_not_there\n")
    listed = run(site, "plugins")
    assert listed.returncode == 0
    assert "broken_plugin" in listed.stdout
    assert "a_package_that_is_not_there" in listed.stdout
    assert "mof" in listed.stdout
    assert "未启用" in listed.stdout
    assert "无法导入：" in listed.stdout
    english = run(site, "plugins", "--lang", "en").stdout
    assert "left out" in english
    assert "cannot be imported: " in english
    rows = {row["plugin"]: row for row in json.loads(run(site, "plugins", "--format", "json").stdout)}
    assert rows["broken_plugin"]["rules"] == "left out"
    assert "无法导入：" in rows["broken_plugin"]["problems"]


def test_the_command_line_warns_of_what_is_left_out_and_lists_the_rest(site: Site) -> None:
    site.install("broken-plugin", "import a_package_that_is_not_there\n")
    listed = run(site, "indicators", "--format", "json")
    assert listed.returncode == 0
    assert "mof.staff_control_rate" in listed.stdout
    assert "a_package_that_is_not_there" in listed.stderr
    assert listed.stderr.startswith("indicatree: 未启用：")
    assert run(site, "schemes", "--lang", "en").stderr.startswith("indicatree: left out: ")
    assert "Traceback" not in listed.stderr


def test_the_command_line_lists_a_scheme_file_that_is_broken(site: Site) -> None:
    source = """
from pathlib import Path

import indicatree as it

INDICATREE_CONTRACT = 1

@it.hookimpl
def indicatree_schemes():
    return [Path(__file__).with_name("district.toml")]
"""
    site.install("district-plugin", source)
    (site.folder / "district_plugin" / "district.toml").write_text("format = 1\n", encoding="utf-8")
    listed = run(site, "schemes")
    assert listed.returncode == 0
    assert "district_plugin" in listed.stdout
    assert "district.toml" in listed.stdout
    assert "Traceback" not in listed.stderr


def test_a_broken_plugin_does_not_keep_the_command_line_from_scoring(site: Site) -> None:
    site.install("broken-plugin", "import a_package_that_is_not_there\n")
    example = Path(__file__).parents[2] / "examples" / "leiyang-2022.toml"
    scored = run(site, "score", str(example))
    assert scored.returncode == 0
    assert "97.00" in scored.stdout
