"""Everything that the documentation shows runs, and gives what it says.

A page is run from top to bottom in a folder of its own that holds a copy of ``examples``:

- a block after ``<!-- file: NAME -->`` is a file, there from the start, for other blocks to import,
  load or score; tests are called;
- a block after ``<!-- quoted: PATH -->`` is a file of this repository, whole; a ``pyproject.toml`` installs the plugin
  that it declares, what is in ``tests`` is there for commands;
- ``python`` blocks share one namespace; those with ``>>>`` are doctests;
- ``toml`` blocks are loaded as what they are: a scheme, data, or a part of either;
- each ``$ indicatree ...`` of a ``console`` block is run, and prints what stands below it;
- ``<!-- exit code 2 -->`` and ``<!-- wrong on purpose -->`` say that a block shows an error,
  ``<!-- data for the scheme above -->`` that it goes with the last one shown,
  ``<!-- not run: REASON -->`` that it is only to be read.

When output changes on purpose, copy the lines marked ``+`` in the failure's diff to the page.
"""

from __future__ import annotations

import difflib
import doctest
import importlib
import json
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
import types
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from click.testing import CliRunner
from hypothesis import settings

import indicatree as it
from indicatree.catalog import hookspecs
from indicatree.cli import main
from indicatree.data.define import KINDS
from indicatree.data.load import _FIGURE, _TOP, _UnitTable
from indicatree.indicators.define import _Said

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
RUN = [
    ROOT / "README.md",
    ROOT / "README.zh.md",
    *sorted(ROOT.glob("docs/*.md")),
    *sorted(ROOT.glob("plugins/*/README.md")),
]
READ = [*RUN, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
LANGUAGES = {"python", "toml", "console", "text", "json"}
SCHEME_PARTS = {field.name for field in attrs.fields(it.Scheme)} | {"groups", "indicators", "format"}
AMENDING = {"extends", "remove", "replace", "add"}
FLAGS = doctest.ELLIPSIS

_BLOCK = re.compile(
    r"(?:^<!-- (?P<note>.+?) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


@attrs.frozen
class Block:
    where: str
    line: int
    language: str
    text: str
    note: str

    @property
    def file(self) -> str:
        match = re.match(r"file: ([^\s,]+)", self.note)
        return match[1] if match else ""

    @property
    def quoted(self) -> str:
        match = re.fullmatch(r"quoted: (\S+)", self.note)
        return match[1] if match else ""

    @property
    def is_run(self) -> bool:
        return not re.fullmatch(r"not run: .{8,}", self.note)

    @property
    def is_doctest(self) -> bool:
        return self.language == "python" and ">>> " in self.text


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("text")) + 1
        where = f"{page.relative_to(ROOT).as_posix()}:{line}"
        found.append(Block(where, line, match["language"], match["text"], match["note"] or ""))
    assert text.count("```") == 2 * len(found), f"{page.name}: a fence without a language, or one left open"
    return found


def commands_of(block: Block) -> list[tuple[str, str]]:
    """Each command of a console block, with the output that stands below it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return [(command, "\n".join(lines)) for command, lines in found]


def differences(where: str, shown: str, real: str) -> str:
    diff = difflib.unified_diff(shown.splitlines(), real.splitlines(), where, "what it really is", lineterm="", n=1)
    return "\n".join(diff)


def command_line(arguments: list[str]) -> tuple[int, str]:
    if "--laws" not in arguments:
        result = CliRunner().invoke(main, arguments, prog_name="indicatree")
        return result.exit_code, result.output
    # Hypothesis also draws constants out of the modules that are loaded: the same seed shows the same
    # counterexample in a new process only.
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from indicatree.cli import main; main(prog_name='indicatree')", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


class Session:
    """One page, run from top to bottom."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        module = types.ModuleType("page")
        self.namespace = vars(module)
        self.plugins: list[str] = []
        self.shown: it.Scheme | None = None
        monkeypatch.setitem(sys.modules, "page", module)
        monkeypatch.syspath_prepend(folder)
        monkeypatch.syspath_prepend(folder / "src")
        monkeypatch.chdir(folder)

    def run(self, blocks: list[Block]) -> None:
        for block in blocks:
            assert block.language in LANGUAGES, f"{block.where}: unknown language {block.language}"
            if block.file:
                self.write(block)
            if block.quoted:
                self.quote(block)
        importlib.invalidate_caches()
        it.default_catalog.cache_clear()
        for block in blocks:
            if block.is_run and not block.quoted:
                self.show(block)

    def write(self, block: Block) -> None:
        path = self.folder / block.file
        assert not path.exists(), f"{block.where}: {block.file} stands twice"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        if path.parent == self.folder and re.search("^INDICATREE_CONTRACT", block.text, re.MULTILINE):
            self.plugins.append(path.stem)

    def quote(self, block: Block) -> None:
        path = ROOT / block.quoted
        assert path.is_file(), f"{block.where}: there is no file {block.quoted}"
        real = path.read_text(encoding="utf-8")
        if block.text != real:
            pytest.fail(differences(f"{block.where}: {block.quoted}", block.text, real), pytrace=False)
        if path.name == "pyproject.toml":
            self.install(tomllib.loads(real)["project"])
        if path.parent.name == "tests":
            copy = self.folder / "tests" / path.name
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(real, encoding="utf-8")

    def show(self, block: Block) -> None:
        if block.language == "python":
            self.python(block)
        if block.language in ("console", "text") and block.text.startswith("$ "):
            self.console(block)
        if block.language == "json":
            json.loads(block.text)
        if block.language == "toml":
            self.toml(block)

    def install(self, project: dict[str, Any]) -> None:
        """What pip leaves behind for an editable install: the name, the version, the entry points.

        The package itself is on the path already: see ``pythonpath`` in ``pyproject.toml``.
        """
        info = self.folder / "src" / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir(parents=True)
        info.joinpath("METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
        )
        points = "".join(
            f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
            for group, entries in project["entry-points"].items()
        )
        info.joinpath("entry_points.txt").write_text(points, encoding="utf-8")

    def python(self, block: Block) -> None:
        if block.file:
            if Path(block.file).name.startswith("test_"):
                self.tests(block)
            return
        if not block.is_doctest:
            exec(compile(block.text, block.where, "exec"), self.namespace)  # noqa: S102 - our own documentation
            return
        test = doctest.DocTestParser().get_doctest(block.text, self.namespace, block.where, block.where, 0)
        said: list[str] = []
        result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.append, clear_globs=False)
        self.namespace.update(test.globs)
        assert not result.failed, "".join(said)
        assert result.attempted

    def tests(self, block: Block) -> None:
        before = settings.get_current_profile_name()
        settings.register_profile("untimed", deadline=None)
        settings.load_profile("untimed")
        try:
            found = [test for name, test in runpy.run_path(block.file).items() if name.startswith("test_")]
            assert found, f"{block.where}: no tests"
            for test in found:
                test()
        finally:
            settings.load_profile(before)

    def console(self, block: Block) -> None:
        said = re.fullmatch(r"exit code (\d)", block.note)
        expected = int(said[1]) if said else 0
        for command, shown in commands_of(block):
            name, *arguments = shlex.split(command)
            assert name == "indicatree", f'{block.where}: cannot run "{command}"; say why: <!-- not run: REASON -->'
            code, output = command_line(arguments)
            real = "\n".join(line.rstrip() for line in output.strip("\n").splitlines())
            assert code == expected, f"{block.where}: exit code {code}\n{real}"
            if not doctest.OutputChecker().check_output(shown.strip("\n"), real, FLAGS):
                pytest.fail(differences(f"{block.where}: {command}", shown.strip("\n"), real), pytrace=False)

    def toml(self, block: Block) -> None:
        table = tomllib.loads(block.text, parse_float=Decimal)
        if "project" in table or "wrong on purpose" in block.note:
            return
        catalog = it.Catalog(plugins=map(importlib.import_module, self.plugins), discover=True)
        try:
            if block.note == "data for the scheme above":
                assert self.shown is not None
                it.load({"format": 1, **table}, self.shown)
            elif set(table) <= SCHEME_PARTS | AMENDING:
                whole = Path(block.file) if "id" in table else whole_scheme(table)
                self.shown = it.load_scheme(whole, catalog=catalog)
            else:
                assert set(table) <= _TOP, f"{block.where}: neither a scheme nor data"
                scheme = table.get("scheme", "examples/leiyang-2022-scheme.toml")
                it.load({"format": 1, **table}, it.load_scheme(scheme, catalog=catalog))
        except it.IndicatreeError as error:
            pytest.fail(f"{block.where}: {error}", pytrace=False)


def whole_scheme(table: dict[str, Any]) -> dict[str, Any]:
    """The scheme of a block that shows a part of one."""
    leaf = {"id": "leaf", "indicator": "mof.basic_execution_rate", "points": 0}
    group = {"id": "group", "title": "Group", "indicators": table.get("indicators", [leaf])}
    tier = {"tier": "process", "groups": table.get("groups", [group])}
    rest = {name: value for name, value in table.items() if name not in ("groups", "indicators")}
    return {"format": 1, "id": "part", "tiers": [tier], **rest}


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    before = set(sys.modules)
    it.default_catalog.cache_clear()
    yield Session(tmp_path, monkeypatch)
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    it.default_catalog.cache_clear()


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_shows_is_what_happens(page: Path, session: Session) -> None:
    session.run(blocks_of(page))


SHOWN = {"embed.py": "97.00", "rank_departments.py": "东片 1 县财政局 100.00 excellent"}


@pytest.mark.parametrize("example", sorted(ROOT.glob("examples/*.py")), ids=lambda path: path.name)
def test_an_example_runs(example: Path, tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own example
        [sys.executable, "-X", "utf8", str(example)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert SHOWN[example.name] in done.stdout


@pytest.mark.parametrize("page", READ, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_into_the_repository_leads_somewhere(page: Path) -> None:
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    broken = [link for link in links if not (page.parent / link.partition("#")[0]).exists()]
    assert not broken


def asked(block: Block) -> tuple[str, str, object]:
    """What a block asks for, without the answer and without the language that it asks for."""
    text: object = block.text
    if block.is_doctest:
        text = [example.source for example in doctest.DocTestParser().get_examples(block.text)]
    elif block.language == "console":
        text = [command for command, _ in commands_of(block)]
    return block.language, block.file, re.sub(r"--lang (zh|en)|(['\"])(zh|en)\2", "LANGUAGE", str(text))


def test_the_english_and_the_chinese_readme_show_the_same_code() -> None:
    english, chinese = (list(map(asked, blocks_of(ROOT / name))) for name in ("README.md", "README.zh.md"))
    assert english == chinese


def test_the_english_and_the_chinese_readme_link_to_each_other() -> None:
    assert "](README.zh.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](README.md)" in (ROOT / "README.zh.md").read_text(encoding="utf-8")


def unnamed(page: str, names: set[str]) -> set[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return {name for name in names if not re.search(rf"`{re.escape(name)}[`(]", text)}


def test_every_hook_is_named_in_the_plugin_guide() -> None:
    hooks = {name for name in vars(hookspecs) if name.startswith("indicatree_")}
    assert hooks
    assert not unnamed("docs/plugins.md", hooks)


def test_the_plugin_guide_quotes_every_file_of_the_sample_plugin() -> None:
    quoted = {block.quoted for block in blocks_of(ROOT / "docs/plugins.md")} - {""}
    sample = ROOT / "plugins/indicatree-sample"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in sample.rglob("*")
        if path.suffix in (".py", ".toml") and "__pycache__" not in path.parts
    }
    assert quoted == files


def test_every_kind_of_field_is_named_in_the_guides() -> None:
    kinds = {name for name in it.fields.__all__ if callable(getattr(it.fields, name)) and name.islower()}
    assert kinds >= {"money", "count", "share", "flag", "choice", "date", "text"}
    assert not unnamed("docs/plugins.md", kinds)
    assert not unnamed("docs/data.md", kinds)


def test_every_built_in_rule_is_described_with_an_example() -> None:
    kinds = set(it.Catalog(discover=False).rules)
    assert not unnamed("docs/schemes.md", kinds)
    shown = "\n".join(block.text for block in blocks_of(ROOT / "docs/schemes.md") if block.language == "toml")
    assert not {kind for kind in kinds if f'kind = "{kind}"' not in shown}


def test_every_field_of_a_built_in_rule_is_described() -> None:
    names = {
        field.name for rule in it.Catalog(discover=False).rules.values() for field in attrs.fields(rule) if field.init
    }
    assert not unnamed("docs/schemes.md", names)


def test_every_key_of_a_scheme_is_described() -> None:
    classes: list[Any] = [it.Scheme, it.TierNode, it.Group, it.Leaf, it.Policies, it.Grade, it.Aggregation, it.Veto]
    keys = {field.name for cls in classes for field in attrs.fields(cls)} - {"plugins", "bindings"} | {"with", "format"}
    keys |= AMENDING | {"to", "before"} | {field.name for field in attrs.fields(_Said)} | {"fields", *KINDS}
    words = {member.value for kind in (it.Combine, it.Treatment, it.Rounding, it.Tier) for member in kind}
    assert not unnamed("docs/schemes.md", keys | words)


def test_every_key_of_a_data_file_is_described() -> None:
    keys = {field.name for cls in (_UnitTable, it.Judgement) for field in attrs.fields(cls)}
    assert not unnamed("docs/data.md", keys | _TOP | _FIGURE | {"amounts_in"})


def test_every_floor_is_described() -> None:
    floors = {folder.name for folder in (ROOT / "src/indicatree").iterdir() if (folder / "__init__.py").exists()}
    assert len(floors) > 5
    assert not unnamed("docs/architecture.md", floors)


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_every_command_is_named_in_the_readme(page: str) -> None:
    assert not unnamed(page, {f"indicatree {name}" for name in main.commands})


def test_every_indicator_and_record_of_the_first_plugin_is_named_in_its_readme() -> None:
    catalog = it.default_catalog()
    plugin = next(plugin for plugin in catalog.plugins if plugin.name == "mof")
    named = {*plugin.indicators, *plugin.records, *plugin.schemes, *plugin.identities}
    assert not unnamed("plugins/indicatree-mof/README.md", named)
