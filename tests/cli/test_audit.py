"""``indicatree audit``: one report or many, good, broken and bad."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from auditing.published import Published, published
from auditing.reports import Report, half_printed, reports
from indicatree.auditing.document import audit_schema
from indicatree.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
DATA = EXAMPLES / "leiyang-2022.toml"
SCHEME = EXAMPLES / "leiyang-2022-scheme.toml"
SUMMARY = {"holds": 36, "holds_within_rounding": 9, "broken": 6, "cannot_be_checked": 10}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


def ended(result: Result, code: int) -> Result:
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """The example with its three wrong figures corrected, beside its scheme."""
    text = DATA.read_text(encoding="utf-8")
    for old, new in (
        ("total = { value = 979.41", "total = { value = 897.73"),
        ("total = { score = 98", "total = { score = 97"),
        ("approved = { value = 42591.88", "approved = { value = 48232.6"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (tmp_path / SCHEME.name).write_text(SCHEME.read_text(encoding="utf-8"), encoding="utf-8")
    path = tmp_path / "mended.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def junk(tmp_path: Path) -> Path:
    path = tmp_path / "junk.toml"
    path.write_text("format = = 1", encoding="utf-8")
    return path


def test_a_report_with_broken_figures_is_printed_and_ends_with_1() -> None:
    result = ended(run(DATA), 1)
    assert result.stdout == it.audit_file(DATA).table("zh") + "\n"
    assert result.stderr == ""
    for heading in ("勾稽关系", "指标值", "得分", "扣分", "不成立的数据"):
        assert f"\n{heading}\n" in result.stdout
    assert "基本支出合计 (basic.total) [三（二）1]: 979.41，应为 897.73" in result.stdout
    assert result.stdout.endswith("成立 36，在舍入误差内成立 9，不成立 6，无法核对 10\n")


def test_the_words_are_in_the_language_that_is_asked_for() -> None:
    result = ended(run(DATA, "--lang", "en"), 1)
    for heading in ("Identities", "Values", "Scores", "Deductions", "Broken figures"):
        assert f"\n{heading}\n" in result.stdout
    assert ": 979.41, where 897.73 fits best" in " ".join(result.stdout.split())
    assert result.stdout.endswith("holds 36, holds within rounding 9, broken 6, cannot be checked 10\n")
    assert "不成立" not in result.stdout


def test_a_report_without_broken_figures_ends_with_0(mended: Path) -> None:
    result = ended(run(mended, "--lang", "en"), 0)
    assert "Broken figures" not in result.stdout
    assert "broken 0" in result.stdout
    assert result.stderr == ""


def test_the_json_has_the_documented_keys() -> None:
    found = json.loads(ended(run(DATA, "--format", "json"), 1).stdout)
    assert set(found) == {"format", "language", "unit", "scheme", "checks", "broken_figures", "summary"}
    assert (found["format"], found["language"], found["scheme"]) == (1, "zh", "leiyang-2022")
    assert found["summary"] == SUMMARY
    assert len(found["checks"]) == sum(SUMMARY.values())
    keys = {"id", "kind", "title", "stated", "computed", "difference", "verdict", "why", "where"}
    for check in found["checks"]:
        assert set(check) == keys
        assert all(isinstance(value, str) for value in check.values())
        assert check["verdict"] in SUMMARY
        assert check["kind"] in {"identity", "value", "score", "deduction", "grade"}
        assert check["why"] or check["verdict"] != "cannot_be_checked"
    ids = [check["id"] for check in found["checks"]]
    assert len(ids) == len(set(ids))
    for figure in found["broken_figures"]:
        assert set(figure) == {"id", "title", "stated", "repair", "where", "checks", "suspects"}
        assert set(figure["checks"]) <= set(ids)
        for suspect in figure["suspects"]:
            assert set(suspect) == {"id", "title", "stated", "repair", "satisfies", "breaks", "leaves_unchecked"}
    assert [(one["id"], one["stated"], one["repair"]) for one in found["broken_figures"]] == [
        ("basic.total", "979.41", "897.73"),
        ("claims.total.score", "98", "97"),
        ("special_funds.approved", "42591.88", "48232.6"),
    ]


def test_the_json_says_the_same_in_both_languages_but_for_the_words() -> None:
    zh, en = (json.loads(run(DATA, "--format", "json", "--lang", language).stdout) for language in ("zh", "en"))
    for one, other in zip(zh["checks"], en["checks"], strict=True):
        assert {key: one[key] for key in ("id", "stated", "computed", "difference", "verdict")} == {
            key: other[key] for key in ("id", "stated", "computed", "difference", "verdict")
        }
    assert zh["checks"][0]["title"] != en["checks"][0]["title"]


def test_the_json_fits_its_published_schema() -> None:
    validator = jsonschema.Draft202012Validator(audit_schema())
    assert json.loads(CliRunner().invoke(main, ["schema", "audit"]).stdout) == audit_schema()
    jsonschema.Draft202012Validator.check_schema(audit_schema())
    for language in ("zh", "en"):
        found = json.loads(run(DATA, "--format", "json", "--lang", language).stdout)
        assert list(validator.iter_errors(found)) == []
        for change in ({"format": 2}, {"summary": {"holds": 1}}, {"more": 1}, {"unit": None}):
            assert list(validator.iter_errors({**found, **change}))
    properties = audit_schema()["$defs"]["Check"]["properties"]
    assert properties["verdict"]["enum"] == [verdict.value for verdict in it.Verdict]


@given(st.one_of(reports(), half_printed(), published()))
@settings(max_examples=30)
def test_the_json_of_any_audit_fits_its_published_schema(report: Report | Published) -> None:
    validator = jsonschema.Draft202012Validator(audit_schema())
    for language in ("zh", "en"):
        assert list(validator.iter_errors(json.loads(report.audit().to_json(language)))) == []


def test_another_scheme_is_taken(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    text = SCHEME.read_text(encoding="utf-8")
    other.write_text(text.replace('id = "leiyang-2022"', 'id = "other-table"'), encoding="utf-8")
    assert json.loads(run(DATA, "--scheme", other, "--format", "json").stdout)["scheme"] == "other-table"
    refused = ended(run(DATA, "--scheme", "nobodys", "--lang", "en"), 2)
    assert refused.stdout == ""
    assert 'no plugin has the scheme "nobodys"' in refused.stderr


def test_a_plugin_that_is_left_out_is_named_for_its_identities_are_not_checked(
    mended: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = SimpleNamespace(__name__="broken", INDICATREE_CONTRACT=99)
    catalog = it.Catalog(plugins=[broken])
    (problem,) = catalog.problems
    monkeypatch.setattr(sys.modules["indicatree.cli.main"], "default_catalog", lambda: catalog)
    assert ended(run(mended, "--lang", "en"), 0).stderr == f"indicatree: left out: {problem}\n"
    assert ended(run(mended), 0).stderr == f"indicatree: 未启用：{problem.words('zh')}\n"


# Many reports


def test_many_reports_end_with_a_line_for_each(mended: Path) -> None:
    result = ended(run(mended, DATA, "--lang", "en"), 1)
    summary = result.stdout.rpartition("\n\n\n")[2]
    lines = [line.split() for line in summary.partition("\n\n")[0].splitlines()]
    assert lines[0][:2] == ["Report", "holds"]
    (first,) = [line for line in lines if line[0] == str(mended)]
    assert first[1:] == ["41", "10", "0", "10"]
    (second,) = [line for line in lines if line[0] == str(DATA)]
    assert second[1:] == ["36", "9", "6", "10"]
    assert f"\n  {DATA}\n    basic.total: 979.41 → 897.73\n" in summary
    assert f"\n  {mended}\n" not in summary
    for path in (mended, DATA):
        assert f"{path}\n耒阳市社会保险服务中心" in result.stdout


def test_the_summary_is_in_chinese_by_default(mended: Path) -> None:
    summary = ended(run(mended, DATA), 1).stdout.rpartition("\n\n\n")[2]
    assert summary.split()[:5] == ["报告", "成立", "在舍入误差内成立", "不成立", "无法核对"]
    assert "\n\n不成立的数据\n" in summary


@pytest.mark.parametrize(("terminal", "columns"), [("200", 200), ("40", 80), (None, 80)])
def test_a_table_is_as_wide_as_a_wide_terminal_and_80_columns_elsewhere(
    monkeypatch: pytest.MonkeyPatch, terminal: str | None, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", terminal or "200")
    module = sys.modules["indicatree.cli.main"]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal is not None)
    assert module._columns() == columns


def test_one_bad_file_does_not_stop_the_others(mended: Path, junk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    result = ended(run(junk, mended, folder, tmp_path / "nowhere.toml", DATA, "--lang", "en"), 2)
    named = [line for line in result.stderr.splitlines() if line]
    assert [line.split(": ")[1] for line in named] == [str(junk), str(folder), str(tmp_path / "nowhere.toml")]
    assert all(line.count(str(junk)) <= 1 for line in named)
    assert result.stdout.count("耒阳市社会保险服务中心") == 2
    summary = result.stdout.rpartition("\n\n\n")[2]
    assert "\n\nNot audited\n" in summary
    assert "not valid TOML" in summary
    assert "there is no such file" in summary


def test_a_scheme_among_the_reports_is_called_one(mended: Path) -> None:
    result = ended(run(mended.parent / SCHEME.name, mended, "--lang", "en"), 2)
    assert result.stderr == (
        f"indicatree: {mended.parent / SCHEME.name}: this is a scheme, not a data file "
        "(name a data file; indicatree template writes one)\n"
    )
    assert "耒阳市社会保险服务中心" in result.stdout


def test_many_reports_as_json_are_an_object_by_file(mended: Path, junk: Path) -> None:
    result = ended(run(mended, junk, DATA, "--format", "json", "--lang", "en"), 2)
    found = json.loads(result.stdout)
    assert list(found) == [str(mended), str(junk), str(DATA)]
    assert found[str(DATA)]["summary"] == SUMMARY
    assert found[str(mended)]["summary"]["broken"] == 0
    assert set(found[str(junk)]) == {"error"}
    assert "not valid TOML" in found[str(junk)]["error"]


def test_a_report_that_is_named_twice_is_audited_once() -> None:
    result = ended(run(DATA, DATA), 1)
    assert result.stdout.count("耒阳市社会保险服务中心\n") == 1


# Bad input


def test_only_bad_files_leave_the_exit_code_2(junk: Path, tmp_path: Path) -> None:
    result = ended(run(junk, "--lang", "en"), 2)
    assert result.stdout == ""
    assert result.stderr.count(str(junk)) == 1
    assert "line 1" in result.stderr
    ended(run(junk, tmp_path / "nowhere.toml"), 2)


def test_a_folder_and_another_encoding_are_told_what_to_do(tmp_path: Path) -> None:
    assert ended(run(tmp_path, "--lang", "en"), 2).stderr == (
        f"indicatree: {tmp_path}: is a folder, not a file (name a file in it; * stands for several)\n"
    )
    path = tmp_path / "gbk.toml"
    path.write_bytes(DATA.read_bytes().decode("utf-8").encode("gb18030"))
    assert "not UTF-8 text at byte" in ended(run(path, "--lang", "en"), 2).stderr
    assert "(save it as UTF-8)" in run(path, "--lang", "en").stderr


def test_every_problem_of_a_file_is_named_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    document = {
        "format": 1,
        "scheme": str(SCHEME),
        "figures": {"t": {"x": "abc"}, "s": 4},
        "identity": [{"holds": "t.x = 4"}, {"title": "no formula"}, {"holds": "nobody.total == 4"}],
        "claims": {"totl": {"score": 4}, "total": {"score": "98 points"}},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    result = ended(run(path), 2)
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    places = ["figures.t.x", "figures.s", "claims.totl", "claims.total.score"]
    places += ["identity[0].holds", "identity[1].holds", "identity[2].holds"]
    assert len(lines) == len(places)
    for place, line in zip(sorted(places), sorted(lines), strict=True):
        assert line.startswith(f"indicatree: {path}: {place}: ")


@pytest.mark.parametrize(
    "arguments", [(), (DATA, "--lang", "fr"), (DATA, "--format", "xml"), (DATA, "--year", "2022"), (DATA, "--colour")]
)
def test_wrong_usage_gives_exit_code_2(arguments: tuple[object, ...]) -> None:
    result = ended(run(*arguments), 2)
    assert result.stdout == ""


def test_the_help_says_what_the_exit_code_means() -> None:
    text = ended(run("--help"), 0).stdout
    assert "exit code is 1 where something is broken, 2 where a file" in " ".join(text.split())


_WORDS = st.sampled_from(
    ["format", "scheme", "data", "budget", "claims", "total", "score", "identity", "holds", "figures", "value", "x"]
)
_JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.just(str(SCHEME))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_WORDS, inner, max_size=4)),
    max_leaves=10,
)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
@settings(max_examples=40)
def test_arbitrary_bytes_give_a_clean_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.toml"
    path.write_bytes(content)
    assert ended(run(path), 2).stdout == ""


@given(st.dictionaries(_WORDS, _JUNK, max_size=5))
@settings(max_examples=60)
def test_arbitrary_documents_give_an_audit_or_a_clean_error(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "document.json"
    path.write_text(json.dumps({"format": 1, "scheme": str(SCHEME), **document}), encoding="utf-8")
    result = run(path)
    ended(result, result.exit_code)
    assert result.exit_code in {0, 1, 2}
    assert bool(result.stdout) == (result.exit_code != 2)
