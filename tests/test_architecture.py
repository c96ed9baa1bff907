"""The floors: imports go down only, as ``.importlinter`` states and this file checks once more."""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import indicatree

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
CONTRACTS = ROOT / ".importlinter"
SOURCE = Path(indicatree.__file__).parent
# From the top down; a floor may import those after it.
FLOORS = (
    "__main__",
    "cli",
    "auditing",
    "testing",
    "scaffold",
    "table",
    "linter",
    "scoring",
    "catalog",
    "scheme",
    "indicators",
    "data",
    "arithmetic",
    "problems",
    "version",
    "watch",
    "text",
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the library by name, parsed."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that a floor is named in each"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def lint(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts against a copy of the source."""
    code = (
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(no_cache=True, config_filename=sys.argv[1]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONUTF8": "1"}
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code, str(CONTRACTS)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=folder,
        check=False,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the source that a test may break."""
    shutil.copytree(SOURCE, tmp_path / "src" / "indicatree", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "src"


def test_the_contracts_are_kept(tmp_path: Path) -> None:
    assert CONTRACTS.is_file()
    linted = lint(tmp_path, SOURCE.parent)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "0 broken" in linted.stdout


def test_the_contracts_name_every_floor_in_order() -> None:
    config = configparser.ConfigParser()
    config.read(CONTRACTS, encoding="utf-8")
    layers = [config[section] for section in config.sections() if config[section].get("type") == "layers"]
    stated = [
        [name for line in contract["layers"].split("\n") for name in line.replace("|", " ").split()]
        for contract in layers
    ]
    assert list(FLOORS) in stated
    floors = {path.stem for path in SOURCE.iterdir() if path.is_dir() or path.suffix == ".py"}
    assert floors - {"__init__", "__pycache__"} == set(FLOORS)


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("arithmetic/rounding.py", "import indicatree.data"),
        ("scheme/tree.py", "def late():\n    from indicatree.catalog import Catalog\n    return Catalog"),
        ("catalog/catalog.py", "from indicatree.scoring import score"),
        ("problems.py", "import indicatree.arithmetic"),
    ],
)
def test_a_broken_floor_is_found(tmp_path: Path, copied: Path, module: str, statement: str) -> None:
    path = copied / "indicatree" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{statement}\n", encoding="utf-8")
    linted = lint(tmp_path, copied)
    assert linted.returncode == 1, linted.stdout + linted.stderr
    assert "BROKEN" in linted.stdout


def test_imports_go_down_only() -> None:
    seen = set()
    for name, tree in modules():
        floor = name.split(".")[1] if "." in name else ""
        seen.add(floor)
        for imported in imports(tree):
            parts = imported.split(".")
            if floor and parts[0] == "indicatree" and len(parts) > 1 and parts[1] in FLOORS:
                assert FLOORS.index(parts[1]) >= FLOORS.index(floor), f"{name} imports {imported}"
            # The façade stands above all floors: a floor that imports it imports everything.
            assert not floor or imported != "indicatree", f"{name} imports the whole library"
    assert seen == {"", *FLOORS}


def test_no_module_of_the_library_imports_a_plugin() -> None:
    plugins = {path.name.replace("-", "_") for path in (ROOT / "plugins").iterdir() if path.is_dir()}
    assert {"indicatree_mof", "indicatree_sample"} <= plugins
    for name, tree in modules():
        found = {imported.partition(".")[0] for imported in imports(tree)} & plugins
        assert not found, f"{name} imports {found}"


def test_no_module_of_the_library_names_a_plugin_to_import() -> None:
    for name, tree in modules():
        texts = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not any("indicatree_mof" in text or "indicatree_sample" in text for text in texts), name


@pytest.mark.parametrize("plugin", ["mof", "sample"])
def test_a_plugin_uses_public_names_only(plugin: str) -> None:
    public = set(indicatree.__all__)
    folder = ROOT / "plugins" / f"indicatree-{plugin}" / "src" / f"indicatree_{plugin}"
    files = sorted(folder.glob("*.py"))
    assert files
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == "indicatree":
                assert node.module == "indicatree"
                assert {alias.name for alias in node.names} <= public
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "it":
                assert node.attr in public, f"{path.name} uses it.{node.attr}"
