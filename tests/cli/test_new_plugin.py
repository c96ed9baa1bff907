"""``indicatree new-plugin``: a package that works at once, or nothing at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

import indicatree as it
from indicatree.cli import main
from indicatree.scaffold import PluginNames, plugin_files, write_plugin

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "plugins" / "indicatree-sample"


def run(*arguments: object, lang: str = "en") -> Result:
    result = CliRunner().invoke(main, ["new-plugin", "--lang", lang, *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def bad(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("indicatree: ")
    return result.stderr


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder by its path; None for a folder."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")
    }


def project(*arguments: object, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    return subprocess.run(  # noqa: S603 - our own code
        list(map(str, arguments)),
        cwd=cwd,
        env={**environment, "PYTHONUTF8": "1", **(env or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def tried(folder: Path, *, python: Path | str = sys.executable) -> None:
    """Run the tests of a plugin with few examples."""
    done = project(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--indicatree-examples", "5", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


# What is written


def test_the_sample_plugin_is_what_the_command_writes() -> None:
    """Where this fails: remove plugins/indicatree-sample, then indicatree new-plugin indicatree-sample."""
    for inside, text in plugin_files(PluginNames("indicatree-sample")).items():
        assert (SAMPLE / inside).read_text(encoding="utf-8") == text, inside


@pytest.mark.parametrize("name", ["indicatree-roads", "road-works", "roads2", "roads_of_a_city"])
def test_a_written_plugin_is_whole_under_its_own_names(tmp_path: Path, name: str) -> None:
    result = run(name, "--directory", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert str(tmp_path / name) in result.stdout
    names = PluginNames(name)
    written = contents(tmp_path / name)
    assert {inside for inside, text in written.items() if text is not None} == set(plugin_files(names))
    assert os.listdir(tmp_path) == [name]  # noqa: PTH208 - names only
    for inside, text in written.items():
        said = (text or b"").decode("utf-8")
        assert "{{" not in inside + said.replace("{{ ", "")
        assert "}}" not in inside + said
        assert "sample" not in inside + said
        assert "\r" not in said
    table = tomllib.loads((tmp_path / name / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert table["name"] == name
    assert table["entry-points"] == {"indicatree": {names.plugin: names.module}}
    assert table["dependencies"] == ["indicatree>=0.1,<0.2"]


def test_a_written_plugin_passes_its_tests_with_nothing_installed(tmp_path: Path) -> None:
    assert run("road-works", "--directory", tmp_path).exit_code == 0
    tried(tmp_path / "road-works")


def test_a_written_plugin_is_clean_for_linter_and_type_checker(tmp_path: Path) -> None:
    write_plugin("indicatree-roads", tmp_path)
    folder = tmp_path / "indicatree-roads"
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    allowed = [rule for paths, rules in table["per-file-ignores"].items() if "plugins/" in paths for rule in rules]
    ignored = ",".join({*table["ignore"], *allowed} - {"I001"})
    options = ["--isolated", "--no-cache", "--line-length", "120", "--target-version", "py311"]
    convention = 'lint.pydocstyle.convention = "google"'
    ruff = [sys.executable, "-m", "ruff"]
    linted = project(
        *ruff, "check", *options, "--config", convention, "--select", "ALL", "--ignore", ignored, ".", cwd=folder
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
    formatted = project(*ruff, "format", "--check", *options, ".", cwd=folder)
    assert formatted.returncode == 0, formatted.stdout + formatted.stderr
    typed = project(
        sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "src", "tests", cwd=folder,
        env={"MYPYPATH": str(folder / "src")},
    )  # fmt: skip
    assert typed.returncode == 0, typed.stdout + typed.stderr


def test_a_written_plugin_installs_with_no_network_and_works(tmp_path: Path) -> None:
    write_plugin("indicatree-roads", tmp_path)
    folder, venv = tmp_path / "indicatree-roads", tmp_path / "venv"
    made = project(sys.executable, "-m", "venv", "--without-pip", venv, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    scripts = venv / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    # the new environment sees what this one has, also what is installed to be edited
    inner = project(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path)
    outer = sysconfig.get_path("purelib")
    beside = Path(inner.stdout.strip()) / "outer.pth"
    beside.write_text(f"import site; site.addsitedir({outer!r})\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    installed = project(*pip, "install", "--no-index", "--no-deps", "--no-build-isolation", "-q", "-e", ".", cwd=folder)
    assert installed.returncode == 0, installed.stdout + installed.stderr

    def command(*arguments: str) -> str:
        code = "from indicatree.cli import main; main()"
        done = project(python, "-c", code, *arguments, cwd=folder)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout

    listed = {row["plugin"]: row for row in json.loads(command("plugins", "--format", "json"))}
    assert listed["roads"]["problems"] == "none"
    assert listed["roads"]["origin"] == "indicatree-roads (indicatree_roads)"
    offered = ("indicators", "records", "rules", "schemes", "identities")
    assert all(int(listed["roads"][what]) > 0 for what in offered)
    assert command("check", "roads-2025", "--lang", "en") == "0 errors, 0 warnings, 0 notes\n"
    assert json.loads(command("score", "tests/town.toml", "--format", "json"))["total"] == "77.00"
    assert "holds 1, " in command("audit", "tests/town.toml", "--lang", "en")
    tried(folder, python=python)
    by_option = project(
        python, "-m", "pytest", "-q", "-p", "no:cacheprovider",
        "--indicatree-plugin", "roads", "--indicatree-examples", "2", cwd=tmp_path,
    )  # fmt: skip
    assert by_option.returncode == 0, by_option.stdout + by_option.stderr


@pytest.mark.parametrize(("language", "words"), [("zh", "已生成插件"), ("en", "wrote the plugin")])
def test_what_to_do_next_is_said_in_the_language_that_is_asked_for(tmp_path: Path, language: str, words: str) -> None:
    parent = tmp_path / "a folder"
    parent.mkdir()
    said = run("indicatree-roads", "--directory", parent, lang=language).stdout
    assert words in said
    assert f"cd '{parent / 'indicatree-roads'}'\n" in said
    assert "pytest" in said


def test_a_new_folder_may_be_read_by_those_who_may_read_any_new_folder(tmp_path: Path) -> None:
    (tmp_path / "any").mkdir()
    write_plugin("indicatree-roads", tmp_path)
    assert (tmp_path / "indicatree-roads").stat().st_mode == (tmp_path / "any").stat().st_mode


# Names


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("", "indicatree-roads"),
        ("Road Works", "road-works"),
        ("road--works", "road-works"),
        ("-roads", "roads"),
        ("roads-", "roads"),
        ("2roads", "indicatree-roads"),
        ("indicatree-2020", "indicatree-roads"),
        ("../roads", "roads"),
        ("roads/works", "roads-works"),
        ("roads.works", "roads-works"),
        ("道路", "indicatree-roads"),
        ("roads\n", "roads"),
    ],
)
def test_a_name_that_is_none_says_what_was_expected(tmp_path: Path, name: str, fix: str) -> None:
    said = bad("--directory", tmp_path, "--", name)
    assert "expected lower-case letters and digits" in said or "is empty" in said
    assert f'such as "{fix}"' in said
    assert said.count("\n") == 1
    assert not contents(tmp_path)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("class", "keyword of Python"),
        ("json", "module of Python itself"),
        ("indicatree", "the library itself"),
        ("indicatree-indicatree", "the library itself"),
        ("attrs", "there is a module attrs already"),
        ("indicatree-mof", "there is a module indicatree_mof already"),
        ("mof", "there is a plugin mof already, from indicatree-mof"),
        ("r" * 61, "more than 60 characters"),
    ],
)
def test_a_name_that_is_taken_says_by_whom(tmp_path: Path, name: str, why: str) -> None:
    said = bad(name, "--directory", tmp_path)
    assert why in said
    assert not contents(tmp_path)


@given(st.text(st.characters(codec="ascii"), max_size=12) | st.text(max_size=6))
@example("GC")  # lower-case letters alone would make it a module of Python
@example("Class")
@example("indicatree_Indicatree")
def test_every_name_is_taken_whole_or_refused_with_a_name_that_would_do(name: str) -> None:
    try:
        names = PluginNames(name)
    except it.CatalogError as error:
        (problem,) = error.problems
        assert problem.message["en"]
        assert problem.fix["en"]
        if '"' in problem.fix["en"]:
            PluginNames(problem.fix["en"].split('"')[1])
    else:
        assert names.module.isidentifier()
        assert names.plugin.isidentifier()
        assert names.module.replace("_", "-") == names.name.replace("_", "-")
        for inside, text in plugin_files(names).items():
            if inside.endswith(".py"):
                compile(text, inside, "exec")


# Nothing is overwritten, nothing is half-written


def test_a_folder_that_is_not_empty_stays_as_it_was(tmp_path: Path) -> None:
    there = tmp_path / "indicatree-roads"
    there.mkdir()
    there.joinpath("README.md").write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    said = bad("indicatree-roads", "--directory", tmp_path)
    assert "is there already, and is not empty" in said
    assert "another --directory" in said
    assert contents(tmp_path) == before


def test_a_plugin_is_not_written_twice(tmp_path: Path) -> None:
    assert run("indicatree-roads", "--directory", tmp_path).exit_code == 0
    before = contents(tmp_path)
    assert "is not empty" in bad("indicatree-roads", "--directory", tmp_path)
    assert contents(tmp_path) == before


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "indicatree-roads").mkdir()
    assert run("indicatree-roads", "--directory", tmp_path).exit_code == 0
    assert (tmp_path / "indicatree-roads" / "pyproject.toml").is_file()


@pytest.mark.parametrize("kind", ["file", "link to a folder", "link to nothing"])
def test_what_is_no_folder_stays_as_it_was(tmp_path: Path, kind: str) -> None:
    there, elsewhere = tmp_path / "indicatree-roads", tmp_path / "elsewhere"
    if kind == "file":
        there.write_text("mine", encoding="utf-8")
    else:
        if kind == "link to a folder":
            elsewhere.mkdir()
        there.symlink_to(elsewhere)
    before = os.lstat(there)
    assert "is there already, and is no folder" in bad("indicatree-roads", "--directory", tmp_path)
    assert os.lstat(there) == before
    assert not elsewhere.exists() or not contents(elsewhere)


@pytest.mark.parametrize(("parent", "why"), [("nowhere", "is not there"), ("a_file", "is no folder")])
def test_the_folder_for_it_must_be_there(tmp_path: Path, parent: str, why: str) -> None:
    (tmp_path / "a_file").write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    said = bad("indicatree-roads", "--directory", tmp_path / parent)
    assert why in said
    assert "--directory" in said
    assert contents(tmp_path) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing keeps this user from writing")
def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "cannot be written" in bad("indicatree-roads", "--directory", tmp_path)
    finally:
        tmp_path.chmod(0o700)
    assert not contents(tmp_path)


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("step", ["write_text", "rename"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_on_the_way_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException, *, empty: bool
) -> None:
    if empty:
        (tmp_path / "indicatree-roads").mkdir()
    before = contents(tmp_path)
    real = getattr(Path, step)
    calls = 0

    def fails(self: Path, *args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if step == "rename" or calls == 5:
            raise error
        return real(self, *args, **options)

    monkeypatch.setattr(Path, step, fails)
    expected = it.CatalogError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as caught:
        write_plugin("indicatree-roads", tmp_path)
    assert not isinstance(error, OSError) or "No space left on device" in str(caught.value)
    assert contents(tmp_path) == before


def test_what_comes_in_the_meantime_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "indicatree-roads"
    real = Path.write_text

    def writes(self: Path, *args: str, **options: str) -> int:
        if not there.exists():
            there.mkdir()
            there.joinpath("mine").touch()
        return real(self, *args, **options)

    monkeypatch.setattr(Path, "write_text", writes)
    with pytest.raises(it.CatalogError, match="is not empty"):
        write_plugin("indicatree-roads", tmp_path)
    assert contents(tmp_path) == {"indicatree-roads": None, "indicatree-roads/mine": b""}
