"""The commands: what they print where, and their exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

import indicatree as it
import indicatree_mof
from indicatree.cli import main
from indicatree.cli.indicators import facts, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[2] / "examples"
DATA = EXAMPLES / "leiyang-2022.toml"
PROJECT_RATE = "process.budget_execution.project_execution_rate"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def good(*arguments: object) -> str:
    """What a command that works prints."""
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def bad(*arguments: object) -> str:
    """What a command says of bad input: on standard error, in English, with exit code 2, and nothing else."""
    result = run(*arguments, *(() if "--lang" in arguments else ("--lang", "en")))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)
    return result.stderr


def process(*arguments: object, folder: Path | None = None, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, with exactly these variables for the locale."""
    locale = ("LANG", "LC_ALL", "LC_CTYPE", "PYTHONUTF8", "PYTHONIOENCODING")
    environment = {name: value for name, value in os.environ.items() if name not in locale} | variables
    command = [sys.executable, "-m", "indicatree"]
    command += map(str, arguments)
    return subprocess.run(command, capture_output=True, env=environment, cwd=folder, check=False)  # noqa: S603 - our own code


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The example and its scheme, where a test may edit them."""
    for name in ("leiyang-2022.toml", "leiyang-2022-scheme.toml"):
        (tmp_path / name).write_text((EXAMPLES / name).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path / "leiyang-2022.toml"


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


# What works


def test_score_prints_the_table_of_the_report() -> None:
    text = good("score", DATA)
    assert "耒阳市社会保险服务中心" in text
    assert "总分 97.00 / 100.00，等级：优" in text
    assert text == it.score(str(EXAMPLES / "leiyang-2022-scheme.toml"), DATA).table("zh") + "\n"


def test_score_in_english() -> None:
    text = good("score", DATA, "--lang", "en")
    assert "Total 97.00 of 100.00, grade: excellent" in text
    assert "总分" not in text


def test_score_takes_another_scheme(copied: Path) -> None:
    other = copied.with_name("other.toml")
    other.write_text(copied.with_name("leiyang-2022-scheme.toml").read_text(encoding="utf-8"), encoding="utf-8")
    edit(other, ('id = "leiyang-2022"', 'id = "other-table"'))
    assert json.loads(good("score", copied, "--scheme", other, "--format", "json"))["scheme"] == "other-table"


def document(*options: str) -> Any:
    return json.loads(good("score", DATA, "--format", "json", *options))


def groups_in(node: Any) -> Iterator[Any]:
    for group in node.get("groups") or ():
        yield group
        yield from groups_in(group)


def leaves_in(found: Any) -> list[Any]:
    return [leaf for tier in found["tiers"] for group in groups_in(tier) for leaf in group.get("indicators") or ()]


def test_the_json_of_score_has_the_agreed_keys() -> None:
    found = document()
    assert {"format", "scheme", "unit", "total", "points", "grade", "tiers"} <= set(found)
    assert [tier["tier"] for tier in found["tiers"]] == ["input", "process", "output", "effect"]
    for tier in found["tiers"]:
        assert {"tier", "id", "title", "points", "score", "groups"} <= set(tier)
        for group in groups_in(tier):
            assert {"id", "title", "points", "score"} <= set(group)
            assert ("groups" in group) != ("indicators" in group)
    leaf_keys = {"id", "indicator", "title", "points", "score", "value", "value_text", "outcome", "reason"}
    assert leaves_in(found)
    for leaf in leaves_in(found):
        assert leaf_keys <= set(leaf)


def test_the_json_of_score_says_what_the_table_says() -> None:
    found = document()
    assert found["format"] == 1
    assert (found["scheme"], found["unit"]) == ("leiyang-2022", "耒阳市社会保险服务中心")
    assert (found["total"], found["points"], found["grade"]) == ("97.00", "100.00", "excellent")
    assert [tier["score"] for tier in found["tiers"]] == ["6.00", "31.00", "32.00", "28.00"]
    (leaf,) = [leaf for leaf in leaves_in(found) if leaf["id"] == PROJECT_RATE]
    assert leaf["indicator"] == "mof.project_execution_rate"
    assert leaf["value"] == "1064797/1330815"
    assert leaf["value_text"] == "80.01%"
    assert leaf["outcome"] == "scored"
    assert leaf["reason"]


def test_every_exact_number_in_the_json_is_a_string() -> None:
    def numbers(value: Any, path: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from numbers(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for inner in value:
                yield from numbers(inner, f"{path}[]")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield path

    found = document()
    assert sorted(numbers(found)) == [".format", ".places"]
    for leaf in leaves_in(found):
        for key in ("points", "score"):
            assert leaf[key] is None or Decimal(leaf[key]) >= 0
        assert leaf["value"] is None or Fraction(leaf["value"]) >= 0


def test_the_json_of_score_fits_its_published_schema() -> None:
    schema = json.loads(good("schema", "scorecard"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for language in ("zh", "en"):
        assert list(validator.iter_errors(document("--lang", language))) == []
    wrong = document()
    wrong["total"] = 97.0
    assert list(validator.iter_errors(wrong))


def test_the_json_is_in_the_language_that_is_asked_for() -> None:
    assert [tier["title"] for tier in document()["tiers"]] == ["投入", "过程", "产出", "效果"]
    assert [tier["title"] for tier in document("--lang", "en")["tiers"]] == ["Input", "Process", "Output", "Effect"]


def test_the_json_reads_back_as_the_same_scorecard() -> None:
    card = it.score(str(EXAMPLES / "leiyang-2022-scheme.toml"), DATA)
    assert it.Scorecard.from_json(good("score", DATA, "--format", "json")) == card


def test_explain_shows_formula_figures_value_rule_and_loss() -> None:
    text = good("explain", DATA, PROJECT_RATE, "--lang", "en")
    assert "project spending / initial budget of project spending" in text
    assert "42591.88 / 53232.6" in text
    assert "80.01%" in text
    assert "1064797/1330815" in text
    assert "≥ 95%: 4 points" in text
    assert "3.00 of 4.00, 1.00 lost" in text
    assert "data.budget.project_actual" in text
    assert "二（二）" in text


def test_explain_without_a_path_explains_the_total() -> None:
    text = good("explain", DATA)
    assert "97.00 / 100.00" in text
    for tier in ("投入", "过程", "产出", "效果"):
        assert tier in text


def test_every_node_is_explained_in_both_languages() -> None:
    card = it.score(str(EXAMPLES / "leiyang-2022-scheme.toml"), DATA)
    for node in card.root.walk():
        for language in ("zh", "en"):
            text = card.explain(node.path, language=language)
            assert (node.title[language] or card.scheme) in text
            assert f"({node.path})" in text or not node.path


def test_explain_as_json() -> None:
    found = json.loads(good("explain", DATA, PROJECT_RATE, "--format", "json"))
    assert found["id"] == PROJECT_RATE
    assert (found["points"], found["score"]) == ("4.00", "3.00")
    assert "80.01%" in found["reason"]
    assert "42591.88 / 53232.6" in found["explanation"]


def test_plugins_are_listed_with_version_and_origin() -> None:
    text = good("plugins")
    assert re.search(r"^indicatree +\d+\.\d+\.\d+", text, re.MULTILINE)
    assert re.search(r"^mof +\d+\.\d+\.\d+ +indicatree-mof", text, re.MULTILINE)
    listed = json.loads(good("plugins", "--format", "json"))
    assert {row["plugin"]: row["problems"] for row in listed} == {"indicatree": "none", "mof": "none"}


def test_indicators_are_listed_with_formula_and_source() -> None:
    rows = {row["indicator"]: row for row in json.loads(good("indicators", "--format", "json", "--lang", "en"))}
    rate = rows["mof.staff_control_rate"]
    assert rate["title"] == "Staff control rate"
    assert rate["measure"] == "staff in post / approved posts"
    assert rate["source"] == "财预〔2013〕53号"
    assert rate["plugin"] == "mof"
    assert list(rows) == sorted(rows)
    assert set(rows) == set(it.default_catalog().indicators)
    text = good("indicators")
    for name in rows:
        assert name in text
    assert text.splitlines()[0].split() == ["指标", "层级", "名称", "怎样得出", "单位", "方向", "依据", "插件"]
    assert re.search(
        r"^mof.staff_control_rate +投入 +在职人员控制率 +在职人员数 / 编制数 +% +越小越好 +财预", text, re.MULTILINE
    )
    assert re.search(r"^mof.openness +过程 +预决算信息公开性 +按规定内容公开；按规定时限公开 ", text, re.MULTILINE)


def test_an_indicator_is_shown_with_the_names_that_data_files_and_schemes_give_its_parts() -> None:
    asked = ("mof.new_building_area_rate", "mof.budget_adjustment_rate", "mof.openness", "mof.economic_benefit")
    area, adjustment, openness, benefit = json.loads(good("indicators", *asked, "--format", "json", "--lang", "en"))
    assert (area["kind"], area["unit"], area["better"]) == ("measured", "%", "less")
    assert area["applies"] == "building projects > 0"
    assert [figure["figure"] for figure in area["figures"]] == [
        "new_buildings.built_area",
        "new_buildings.approved_area",
        "new_buildings.projects",
    ]
    assert adjustment["figures"][0]["figure"] == "projects[].adjusted"
    assert adjustment["figures"][0]["note"].startswith("without adjustments for national policy")
    assert openness["items"] == {"content": "prescribed content", "time": "prescribed time"}
    assert benefit["kind"] == "graded"
    for language in ("zh", "en"):
        shown = good("indicators", *asked, "--lang", language).split("\n\n")
        for name, said in zip(asked, shown, strict=True):
            indicator = it.default_catalog().indicator(name)
            assert said.startswith(f"{indicator.title[language]} ({name})\n")
            assert indicator.definition[language] in said
        assert "\n    data.new_buildings.built_area (mof.new_buildings)" in shown[0]
        assert "\n    content" in shown[2]


def test_a_row_wise_indicator_is_shown_with_its_definition_once() -> None:
    title, definition = (
        it.Text(zh="人数", en="Staff"),
        it.Text(zh="在职人员数，按行计算", en="Staff in post, row by row."),
    )

    @it.indicator("demo.staff", tier=it.Tier.OUTPUT, title=title, definition=definition, rowwise=True)
    def staff(staffing: indicatree_mof.Staffing) -> Any:
        return staffing.in_post

    shown = whole(facts(staff, "demo", "en"), {"output": "Output"}, "en")
    assert shown.count(definition.en) == 1
    assert "Formula" not in shown
    record = it.record_type(indicatree_mof.Staffing).id
    assert f"\n    data.staffing.in_post ({record}): staff in post" in shown


def test_an_indicator_that_no_plugin_has_is_named_with_the_nearest() -> None:
    assert 'did you mean "mof.openness"' in bad("indicators", "mof.opennes")


def test_schemes_are_listed() -> None:
    listed = json.loads(good("schemes", "--format", "json"))
    assert {row["scheme"] for row in listed} == set(it.default_catalog().scheme_ids)
    assert {row["problems"] for row in listed} == {"none"}
    shown = {language: good("schemes", "--lang", language).splitlines() for language in ("zh", "en")}
    assert shown["zh"][0].split() == ["方案", "名称", "分值", "适用年度", "插件", "问题"]
    assert shown["en"][0].split() == list(listed[0])
    assert [line.split()[-1] for line in shown["zh"][2:]] == ["无"] * len(listed)
    assert [line.split()[-1] for line in shown["en"][2:]] == ["none"] * len(listed)


@pytest.mark.parametrize("command", ["plugins", "indicators", "schemes"])
def test_a_listing_is_in_the_language_that_is_asked_for(command: str) -> None:
    rows = json.loads(good(command, "--format", "json", "--lang", "en"))
    chinese, english = (good(command, "--lang", language).splitlines() for language in ("zh", "en"))
    heads = [re.split(r"  +", lines[0]) for lines in (chinese, english)]
    assert re.fullmatch(r"[\u4e00-\u9fff ]+", chinese[0])
    assert not re.search("[\u4e00-\u9fff]", english[0])
    assert len(set(heads[0])) == len(set(heads[1])) == len(heads[1])
    if command != "indicators":  # these tell more in JSON
        assert heads[1] == list(rows[0])
        assert len(chinese) == len(english) == len(rows) + 2
    assert good(command) == good(command, "--lang", "zh")


def test_the_words_of_a_listing_are_codes_in_json() -> None:
    rows = {row["indicator"]: row for row in json.loads(good("indicators", "--format", "json"))}
    assert {row["tier"] for row in rows.values()} == {"input", "process", "output", "effect"}
    assert rows["mof.administrative_efficiency"]["kind"] == "graded"
    line = next(line for line in good("indicators").splitlines() if line.startswith("mof.administrative_efficiency"))
    assert line.split()[1:3] == ["效果", "行政效能"]


def test_the_version_is_printed() -> None:
    assert it.__version__ in good("--version")


@pytest.mark.parametrize("command", ["score", "explain", "plugins", "indicators", "schemes", "schema"])
def test_each_command_has_help(command: str) -> None:
    assert good(command, "--help") == good(command, "-h")
    assert command in good("--help")


# Bad input


def test_a_misspelt_amount_is_named_with_its_path(copied: Path) -> None:
    edit(copied, ("project_approved = { value = 53232.6,", 'project_approved = { value = "12,3x",'))
    text = bad("score", copied)
    assert 'data.budget.project_approved: expected an amount, got "12,3x"' in text
    assert len(text.splitlines()) == 1


def test_a_misspelt_amount_without_a_table_is_named_alike(copied: Path) -> None:
    edit(copied, ('basic_actual = { value = 897.73, at = "二（二）" }', 'basic_actual = "12,3x"'))
    assert 'data.budget.basic_actual: expected an amount, got "12,3x"' in bad("score", copied)


def test_every_problem_is_named_at_once_each_on_a_line(copied: Path) -> None:
    edit(
        copied,
        ("project_approved = { value = 53232.6,", 'project_approved = { value = "12,3x",'),
        ("posts = { value = 92", "post = { value = 92"),
        ("in_post = { value = 92", "in_post = { value = 92.5"),
        ('share = "100%"\nreason = { zh = "绩效监控得 2 分"', 'share = "120%"\nreason = { zh = "绩效监控得 2 分"'),
        ("year = 2022", "yaer = 2022"),
        ("[data.spending]", "[data.spendings]"),
    )
    text = bad("score", copied)
    lines = text.splitlines()
    assert len(lines) == 6, text
    assert all(line.startswith("indicatree: ") for line in lines)
    for part in (
        'data.budget.project_approved: expected an amount, got "12,3x"',
        'data.staffing.post: mof.staffing has no field "post" (did you mean "posts"?)',
        "data.staffing.in_post: expected a whole number, got ",
        "judgement.process.performance_monitoring.performance_monitoring.share",
        'did you mean "year"?',
        'did you mean "spending"?',
    ):
        assert part in text


def test_a_figure_that_lacks_names_the_leaf_and_the_figure(copied: Path) -> None:
    edit(copied, ('basic_actual = { value = 897.73, at = "二（二）" }\n', ""))
    text = bad("score", copied)
    assert "process.budget_execution.overall_execution_rate" in text
    assert "process.budget_execution.basic_execution_rate" in text
    assert "budget.basic_actual" in text


@pytest.mark.parametrize("command", ["score", "explain"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, command: str) -> None:
    text = bad(command, tmp_path / "nowhere.toml")
    assert "nowhere.toml" in text
    assert "no such file" in text


@pytest.mark.parametrize("command", ["score", "explain"])
def test_a_folder_is_no_data_file(tmp_path: Path, command: str) -> None:
    assert str(tmp_path) in bad(command, tmp_path)


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("format = 1\nscheme = = 2\n", encoding="utf-8")
    text = bad("score", path)
    assert "broken.toml" in text
    assert "line 2" in text


@pytest.mark.parametrize(
    "content",
    [
        "",
        "format = 1",
        "scheme = 7",
        'format = 2\nscheme = "leiyang-2022-scheme.toml"',
        'format = 1\nscheme = "leiyang-2022-scheme.toml"\nunit = 3\ndata = 4\njudgement = 5\nclaims = 6',
        'format = 1\nscheme = "leiyang-2022-scheme.toml"\ndata = { budget = 1, projects = 2 }',
        "x = " + "[" * 200 + "]" * 200,
        "x = " + "[" * 100_000,
        'format = 1\nscheme = "a\\u0000b.toml"',
        'format = 1\nscheme = "a\\u0000b"',
        'format = 1\nscheme = "."',
        f'format = 1\nscheme = "{"x" * 5000}"',
        f'format = 1\nscheme = "{"x" * 5000}.toml"',
    ],
)
def test_junk_gives_a_clean_error(copied: Path, content: str) -> None:
    copied.write_text(content, encoding="utf-8")
    bad("score", copied)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b'name = "\xe9"'])
def test_a_file_that_is_no_text_gives_a_clean_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "junk.toml"
    path.write_bytes(content)
    assert "junk.toml" in bad("score", path)


def test_broken_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{"format": 1, "format": 2}', encoding="utf-8")
    text = bad("score", path)
    assert "broken.json" in text
    assert "twice" in text


def test_data_that_names_no_scheme_is_told_to(copied: Path) -> None:
    edit(copied, ('scheme = "leiyang-2022-scheme.toml"\n', ""))
    text = bad("score", copied)
    assert "names no scheme" in text
    assert "--scheme" in text


def test_a_scheme_file_that_is_not_there_is_named(copied: Path) -> None:
    copied.with_name("leiyang-2022-scheme.toml").unlink()
    text = bad("score", copied)
    assert "leiyang-2022-scheme.toml" in text
    assert "no such file" in text


def test_a_scheme_that_no_plugin_has_is_named(copied: Path) -> None:
    text = bad("score", copied, "--scheme", "a-scheme-of-nobody")
    assert 'no plugin has the scheme "a-scheme-of-nobody"' in text


def test_a_broken_scheme_names_its_file_and_every_problem(copied: Path) -> None:
    scheme = copied.with_name("leiyang-2022-scheme.toml")
    edit(
        scheme,
        ('indicator = "mof.staff_control_rate"', 'indicator = "mof.staf_control_rate"'),
        ('indicator = "mof.openness"', 'indicator = "mof.opennes"'),
    )
    text = bad("score", copied)
    assert re.findall(r"leiyang-2022-scheme\.toml: (\w+)\..*\.(\w+\.indicator): ", text) == [
        ("input", "staff_control_rate.indicator"),
        ("process", "openness.indicator"),
    ]
    assert 'did you mean "mof.staff_control_rate"?' in text
    assert 'did you mean "mof.openness"?' in text


def test_a_scheme_whose_points_do_not_add_up_says_so(copied: Path) -> None:
    edit(copied.with_name("leiyang-2022-scheme.toml"), ("points = 100\n", "points = 101\n"))
    text = bad("score", copied)
    assert "100" in text
    assert "101" in text
    assert "leiyang-2022-scheme.toml" in text


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("process.budget_execution.project_execution_rat", PROJECT_RATE),
        ("proces", "process"),
        ("project_execution_rate", PROJECT_RATE),
    ],
)
def test_an_unknown_node_gets_the_nearest_right_one(path: str, right: str) -> None:
    text = bad("explain", DATA, path)
    assert path in text
    assert f'did you mean "{right}"?' in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", DATA, "--lang", "fr"),
        ("score", DATA, "--format", "xml"),
        ("score",),
        ("explain",),
        ("explain", DATA, "input", "output"),
        ("score", DATA, "--colour"),
        ("schema",),
        ("schema", "indicator"),
        ("indicators", "--lang", "fr"),
        ("plugins", "--colour"),
        ("scores",),
    ],
)
def test_wrong_usage_gives_exit_code_2(arguments: tuple[object, ...]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


def test_an_unknown_language_gets_the_known_ones() -> None:
    text = bad("score", DATA, "--lang", "fr")
    assert "zh" in text
    assert "en" in text


# Processes of their own


@pytest.mark.parametrize(
    "variables",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1:strict", "LANG": "C"},
    ],
)
def test_chinese_is_printed_whatever_the_locale(copied: Path, variables: dict[str, str]) -> None:
    scored = process("score", DATA, folder=None, **variables)
    assert scored.returncode == 0
    assert scored.stderr == b""
    assert "耒阳市社会保险服务中心" in scored.stdout.decode("utf-8")
    edit(
        copied, ('reason = { zh = "绩效监控得 2 分"', 'raison = { zh = "绩效监控得 2 分"'), ("year = 2022", "年 = 2022")
    )
    copied.write_text(copied.read_text(encoding="utf-8").replace("年 =", '"年" ='), encoding="utf-8")
    refused = process("score", copied, folder=None, **variables)
    assert refused.returncode == 2
    assert refused.stdout == b""
    assert "年" in refused.stderr.decode("utf-8")
    assert b"Traceback" not in refused.stderr


def test_the_scheme_is_found_beside_the_data_from_any_folder(tmp_path: Path, copied: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    absolute = process("score", copied, folder=elsewhere, PYTHONUTF8="1")
    relative = process("score", Path("..") / copied.name, folder=elsewhere, PYTHONUTF8="1")
    beside = process("score", copied.name, folder=tmp_path, PYTHONUTF8="1")
    assert absolute.returncode == relative.returncode == beside.returncode == 0
    assert absolute.stdout == relative.stdout == beside.stdout
    assert "97.00" in absolute.stdout.decode()


def test_a_refusal_in_a_process_has_exit_code_2_and_an_empty_output(tmp_path: Path) -> None:
    refused = process("score", tmp_path / "nowhere.toml", PYTHONUTF8="1")
    assert refused.returncode == 2
    assert refused.stdout == b""
    assert b"nowhere.toml" in refused.stderr
    assert b"Traceback" not in refused.stderr


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are text there")
def test_a_file_name_that_is_no_text_gives_a_clean_error(tmp_path: Path) -> None:
    refused = process("score", os.fsdecode(os.fsencode(tmp_path) + b"/\xff.toml"))
    assert refused.returncode == 2
    assert refused.stdout == b""
    assert b"Traceback" not in refused.stderr


@pytest.mark.parametrize("place", ["unit", "staffing"])
def test_a_lone_surrogate_in_the_data_gives_no_traceback(copied: Path, place: str) -> None:
    document: dict[str, Any] = tomllib.loads(copied.read_text(encoding="utf-8"))
    if place == "unit":
        document["unit"]["name"] = "\ud800"
    else:
        document["data"]["staffing"]["\ud800"] = 1
    path = copied.with_name("surrogate.json")
    path.write_text(json.dumps(document), encoding="utf-8")
    answer = process("score", path)
    assert b"Traceback" not in answer.stderr
    assert b"surrogates not allowed" not in answer.stderr
    assert answer.returncode == (2 if answer.stderr else 0)
    assert bool(answer.stdout) != bool(answer.stderr)
