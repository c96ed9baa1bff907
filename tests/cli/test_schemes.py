"""The commands for those who make schemes: check, template, scheme, schemes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import indicatree as it
from indicatree.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "leiyang-2022-scheme.toml"

DOUBTFUL = """\
format = 1
id = "doubtful"
title = { zh = "有疑问的方案", en = "A doubtful scheme" }
years = "2020-2024"
[[tiers]]
tier = "input"
[[tiers.groups]]
id = "staffing"
title = { zh = "人员", en = "Staffing" }
[[tiers.groups.indicators]]
id = "staff_control_rate"
indicator = "mof.staff_control_rate"
points = 5
rule = { kind = "all_or_nothing", at_most = "100%" }
policies = { missing = "left_out" }
"""
WRONG = DOUBTFUL.replace("at_most", "above")
BROKEN = DOUBTFUL.replace("mof.staff", "mof.staf").replace('"left_out"', '"let_out"')


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def good(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def bad(*arguments: object) -> str:
    """What a command says of bad input, in English."""
    result = run(*arguments, *(() if "--lang" in arguments else ("--lang", "en")))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    return result.stderr


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    path = tmp_path / "doubtful.toml"
    path.write_text(DOUBTFUL, encoding="utf-8")
    return path


# check


def test_check_prints_each_finding_on_a_line_and_counts_them(doubtful: Path) -> None:
    rewarded = "what lacks data is left out and its points are spread: not to report a bad figure pays"
    cliff = (
        "one minor unit of a figure can cost points: 5 (5 at 100%, 0 just above it) "
        "(if it is not meant: smaller steps, or a continuous rule)"
    )
    path = "input.staffing.staff_control_rate"
    fix = '(write missing = "error" or "no_points")'
    assert good("check", doubtful, "--lang", "en").splitlines() == [
        f"warning missing-data-pays {path}.policies.missing: {rewarded} {fix}",
        f"note cliff {path}.rule: {cliff}",
        "0 errors, 1 warning, 1 note",
    ]
    chinese = good("check", doubtful).splitlines()
    assert [line.split()[:2] for line in chinese[:2]] == [["警告", "missing-data-pays"], ["提示", "cliff"]]
    assert chinese[-1] == "错误 0 项，警告 1 项，提示 1 项"


def test_check_of_a_scheme_with_an_error_has_exit_code_1_and_prints_it(doubtful: Path) -> None:
    doubtful.write_text(WRONG, encoding="utf-8")
    result = run("check", doubtful, "--lang", "en")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert result.stdout.startswith("error better-loses-points input.staffing.staff_control_rate.rule: less is better")
    assert result.stdout.splitlines()[-1] == "1 error, 1 warning, 1 note"


def test_check_of_a_scheme_that_cannot_be_made_names_everything(doubtful: Path) -> None:
    doubtful.write_text(BROKEN, encoding="utf-8")
    for language in ("zh", "en"):
        result = run("check", doubtful, "--lang", language)
        assert result.exit_code == 1
        assert result.stderr == ""
        assert "unknown-indicator" in result.stdout
        for name in ("mof.staff_control_rate", "left_out"):
            assert (f'did you mean "{name}"?' if language == "en" else f'"{name}"') in result.stdout
        assert len(result.stdout.splitlines()) == 3


@pytest.mark.parametrize(("content", "code"), [(DOUBTFUL, 0), (WRONG, 1), (BROKEN, 1)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_check_as_json_is_the_findings(doubtful: Path, content: str, code: int, language: str) -> None:
    doubtful.write_text(content, encoding="utf-8")
    result = run("check", doubtful, "--format", "json", "--lang", language)
    assert (result.exit_code, result.stderr) == (code, "")
    document = json.loads(result.stdout)
    assert document == {
        "scheme": str(doubtful),
        "findings": [finding.to_dict(language) for finding in it.check(doubtful)],
    }
    for finding in document["findings"]:
        assert set(finding) == {"code", "severity", "path", "message", "messages", "fix", "fixes"}
        assert finding["message"] == finding["messages"][language]
        assert finding["severity"] in {"error", "warning", "note"}


def test_check_of_an_installed_scheme_by_its_id() -> None:
    names = it.default_catalog().scheme_ids
    assert names
    for name in names:
        assert good("check", name) == good("check", name, "--lang", "zh")


# template


@pytest.mark.parametrize("language", ["zh", "en"])
def test_template_prints_what_the_library_makes(language: str) -> None:
    scheme = it.load_scheme(EXAMPLE)
    assert good("template", EXAMPLE, "--lang", language) == it.data_template(
        scheme, named=str(EXAMPLE), language=language
    )


def test_a_template_names_an_installed_scheme_by_its_id() -> None:
    for name in it.default_catalog().scheme_ids:
        document = tomllib.loads(good("template", name))
        assert document["scheme"] == name
        assert not it.load(document, it.load_scheme(name)).judgement


def test_a_template_in_another_folder_names_the_scheme_by_its_relative_path(
    doubtful: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = doubtful.parent / "data" / "2024"
    folder.mkdir(parents=True)
    output = folder / "unit.toml"
    assert good("template", doubtful, "--output", output) == f"{output}\n"
    assert tomllib.loads(output.read_text(encoding="utf-8"))["scheme"] == os.path.join("..", "..", "doubtful.toml")  # noqa: PTH118 - as it is written
    assert "在职人员控制率" in good("score", output)
    monkeypatch.chdir(folder)
    assert good("template", "../../doubtful.toml", "--output", "here.toml") == "here.toml\n"
    assert Path("here.toml").read_bytes() == output.read_bytes()
    assert "在职人员控制率" in good("score", "here.toml")
    monkeypatch.chdir(doubtful.parent)
    assert good("template", "doubtful.toml", "--output", "data/there.toml") == "data/there.toml\n"
    assert "在职人员控制率" in good("score", "data/there.toml")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_template_behind_a_link_finds_its_scheme(doubtful: Path) -> None:
    real = doubtful.parent / "far" / "away"
    real.mkdir(parents=True)
    link = doubtful.parent / "near"
    link.symlink_to(real)
    good("template", doubtful, "--output", link / "unit.toml")
    assert "在职人员控制率" in good("score", link / "unit.toml")
    assert "在职人员控制率" in good("score", real / "unit.toml")


def test_a_template_that_is_not_filled_in_says_what_lacks(doubtful: Path) -> None:
    doubtful.write_text(DOUBTFUL.replace("left_out", "error"), encoding="utf-8")
    output = doubtful.with_name("unit.toml")
    good("template", doubtful, "--output", output)
    text = bad("score", output)
    assert "staffing.posts" in text
    assert "staffing.in_post" in text


@pytest.mark.parametrize("content", ["mine\n", "", DOUBTFUL])
def test_a_file_that_is_there_stays_as_it_was(doubtful: Path, content: str) -> None:
    output = doubtful.with_name("unit.toml")
    output.write_text(content, encoding="utf-8")
    text = bad("template", doubtful, "--output", output)
    assert "is there already" in text
    assert "name a new file" in text
    assert output.read_text(encoding="utf-8") == content


def test_a_template_is_not_written_over_its_scheme(doubtful: Path) -> None:
    bad("template", doubtful, "--output", doubtful)
    assert doubtful.read_text(encoding="utf-8") == DOUBTFUL


def test_a_template_that_cannot_be_written_is_told(doubtful: Path) -> None:
    assert "cannot be written" in bad("template", doubtful, "--output", doubtful.parent / "nowhere" / "unit.toml")
    assert "cannot be written" in bad("template", doubtful, "--output", doubtful / "unit.toml")
    bad("template", doubtful, "--output", doubtful.parent)
    assert "too long" in bad("template", doubtful, "--output", doubtful.with_name("x" * 300))
    assert '--output: expected the name of a file, got ""' in bad("template", doubtful, "--output", "")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_told(doubtful: Path) -> None:
    folder = doubtful.parent / "locked"
    folder.mkdir(mode=0o500)
    assert "cannot be written" in bad("template", doubtful, "--output", folder / "unit.toml")
    assert not list(folder.iterdir())


def test_nothing_is_written_for_a_scheme_that_is_broken(doubtful: Path) -> None:
    doubtful.write_text(BROKEN, encoding="utf-8")
    output = doubtful.with_name("unit.toml")
    bad("template", doubtful, "--output", output)
    assert not output.exists()


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are text there")
def test_a_scheme_whose_file_name_is_no_text_gives_no_traceback(doubtful: Path) -> None:
    odd = os.fsencode(doubtful.parent) + b"/\xff.toml"
    with open(odd, "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(DOUBTFUL.encode())
    output = doubtful.with_name("unit.toml")
    for more in ([], ["--output", str(output)]):
        answer = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", "from indicatree.cli import main; main()", "template", os.fsdecode(odd), *more],
            capture_output=True,
            check=False,
        )
        assert b"Traceback" not in answer.stderr
        assert answer.returncode in (0, 2)


# scheme and schemes


@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_scheme_printed_whole_reads_back_equal(tmp_path: Path, form: str) -> None:
    for source in [str(EXAMPLE), *it.default_catalog().scheme_ids]:
        path = tmp_path / f"whole.{form}"
        path.write_text(good("scheme", source, "--format", form), encoding="utf-8")
        scheme = it.load_scheme(source)
        assert it.load_scheme(path) == scheme
        assert it.load_scheme(path).digest == scheme.digest


def test_a_scheme_that_changes_another_is_printed_whole(doubtful: Path) -> None:
    mine = doubtful.with_name("mine.toml")
    mine.write_text(
        'format = 1\nid = "mine"\nextends = "doubtful.toml"\n'
        '[replace."input.staffing.staff_control_rate"]\npoints = 7\npolicies = { missing = "error" }\n',
        encoding="utf-8",
    )
    text = good("scheme", mine)
    assert "extends" not in text
    assert "replace" not in text
    document = tomllib.loads(text)
    assert document["id"] == "mine"
    assert document["tiers"][0]["groups"][0]["indicators"][0]["points"] == 7
    assert it.load_scheme(document) == it.load_scheme(mine)
    assert json.loads(good("scheme", mine, "--format", "json")) == json.loads(json.dumps(document))


def test_schemes_are_listed_with_their_years() -> None:
    rows = json.loads(good("schemes", "--format", "json", "--lang", "en"))
    names = it.default_catalog().scheme_ids
    assert [row["scheme"] for row in rows] == sorted(names)
    for row in rows:
        scheme = it.load_scheme(row["scheme"])
        assert row["years"] == ("" if scheme.years is None else str(scheme.years))
        assert row["points"] == scheme.points_of(scheme).text
        assert row["problems"] == "none"
    head, *_ = good("schemes", "--lang", "en").splitlines()
    assert head.split() == ["scheme", "title", "points", "years", "plugin", "problems"]


# Years


@pytest.mark.parametrize("command", ["check", "template", "scheme"])
def test_a_year_that_the_scheme_does_not_hold_for_is_told(doubtful: Path, command: str) -> None:
    assert good(command, doubtful, "--year", 2020) == good(command, doubtful)
    assert "holds for 2020-2024, not for 2019" in bad(command, doubtful, "--year", 2019)
    for wrong in ("x", "2020.5", ""):
        assert "--year" in bad(command, doubtful, "--year", wrong)


# Bad input of every kind


@pytest.mark.parametrize("command", ["check", "template", "scheme"])
def test_what_is_no_scheme_is_told(tmp_path: Path, command: str) -> None:
    assert "no such file" in bad(command, tmp_path / "nowhere.toml")
    assert "no plugin has the scheme" in bad(command, "nobodys-scheme")
    assert "no plugin has the scheme" in bad(command, tmp_path)
    assert bad(command, ".")
    (name, *_) = it.default_catalog().scheme_ids
    assert f'did you mean "{name}"?' in bad(command, name[:-1])
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    assert "is a folder, not a file" in bad(command, folder)


@pytest.mark.parametrize("command", ["check", "template", "scheme"])
@pytest.mark.parametrize(
    "content", [b"x = = 2", b"\xff\xfe", b"x = " + b"[" * 300 + b"]" * 300, b"x = " + b"[" * 10**5]
)
@pytest.mark.parametrize("name", ["scheme.toml", "scheme.json", "scheme.txt"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, command: str, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert name in bad(command, path)


@pytest.mark.parametrize("command", ["check", "template", "scheme"])
def test_a_data_file_is_no_scheme(command: str) -> None:
    assert "not a scheme" in bad(command, EXAMPLE.with_name("leiyang-2022.toml"))


@pytest.mark.parametrize("command", ["template", "scheme"])
def test_a_scheme_with_errors_is_refused_with_all_of_them(doubtful: Path, command: str) -> None:
    doubtful.write_text(BROKEN, encoding="utf-8")
    text = bad(command, doubtful)
    assert len(text.splitlines()) == 2
    assert 'did you mean "mof.staff_control_rate"?' in text


@pytest.mark.parametrize(
    "content", ["", "format = 1", "tiers = 3", "format = 1\nid = 7\ntiers = [1]", "format = 1\nextends = 3"]
)
def test_junk_that_can_be_read_has_errors_and_no_traceback(tmp_path: Path, content: str) -> None:
    path = tmp_path / "junk.toml"
    path.write_text(content, encoding="utf-8")
    result = run("check", path)
    assert result.exit_code == 1
    assert result.stdout.startswith("错误 ")
    bad("scheme", path)
    bad("template", path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", EXAMPLE, EXAMPLE),
        ("check", EXAMPLE, "--lang", "fr"),
        ("check", EXAMPLE, "--format", "toml"),
        ("scheme",),
        ("scheme", EXAMPLE, "--format", "table"),
        ("scheme", EXAMPLE, "--lang", "fr"),
        ("template",),
        ("template", EXAMPLE, "--output"),
        ("template", EXAMPLE, "--format", "json"),
        ("schemes", "--year", "2020"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[object, ...]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()


def test_what_is_wrong_is_said_in_the_language_that_is_asked_for(doubtful: Path) -> None:
    for command in (("check",), ("template",), ("scheme",)):
        assert "没有插件提供方案" in bad(*command, "nobodys", "--lang", "zh")
        assert run(*command, "nobodys").stderr == bad(*command, "nobodys", "--lang", "zh")
        assert "no plugin has the scheme" in bad(*command, "nobodys", "--lang", "en")
    there = run("template", doubtful, "--output", doubtful)
    assert there.stderr == f"indicatree: {doubtful}: 文件已存在（指定新的文件名）\n"


@pytest.mark.parametrize("command", ["check", "template", "scheme", "schemes"])
def test_each_command_has_help(command: str) -> None:
    assert good(command, "--help") == good(command, "-h")
    assert command in good("--help")


def test_chinese_is_printed_whatever_the_locale(doubtful: Path) -> None:
    environment: dict[str, Any] = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    for command in ("check", "template", "scheme"):
        answer = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", "from indicatree.cli import main; main()", command, str(doubtful)],
            capture_output=True,
            env=environment,
            check=False,
        )
        assert (answer.returncode, answer.stderr) == (0, b"")
        assert any(words in answer.stdout.decode("utf-8") for words in ("有疑问的方案", "警告"))
