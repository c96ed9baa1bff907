"""What commands say of bad input, in Chinese and in English."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from indicatree.cli import main

CHINESE = re.compile("[\u4e00-\u9fff]")
TABLE = ("score-table", "--scheme", "scheme.toml")
SCHEME = """\
format = 1
id = "roads"
define.records."local.road" = { title = "Road", fields = { spent = { kind = "money", title = "spent" } } }
[define.indicators."local.spent"]
tier = "process"
title = "Spent"
measure = "road.spent / 100"
[[tiers]]
tier = "process"
[[tiers.groups]]
id = "budget"
title = "Budget"
indicators = [{ id = "spent", indicator = "local.spent", points = 10, rule = { kind = "proportional" } }]
"""

BAD: list[tuple[str, ...]] = [
    ("check", "nobodys"),
    ("scheme", "nobodys"),
    ("template", "nobodys"),
    ("template", "mof-project", "--output", ""),
    ("template", "mof-project", "--output", "there"),
    ("template", "mof-project", "--output", "nowhere/new.toml"),
    ("new-plugin", ""),
    ("new-plugin", "Two Words"),
    ("new-plugin", "class"),
    ("new-plugin", "json"),
    ("new-plugin", "indicatree"),
    ("new-plugin", "attrs"),
    ("new-plugin", "mof"),
    ("new-plugin", "r" * 61),
    ("new-plugin", "roads", "--directory", "nowhere"),
    ("new-plugin", "roads", "--directory", "there"),
    ("new-plugin", "there"),
    ("new-plugin", "full"),
    (*TABLE, "units.doc", "out.csv"),
    (*TABLE, "none.csv", "out.csv"),
    (*TABLE, "empty.csv", "out.csv"),
    (*TABLE, "gbk.csv", "out.csv"),
    (*TABLE, "twice.csv", "out.csv"),
    (*TABLE, "twice.csv", "twice.csv"),
    (*TABLE, "units.csv", "folder.csv"),
    (*TABLE, "units.csv", "nowhere/out.csv"),
    (*TABLE, "units.csv", "out.csv", "--items", "x"),
    (*TABLE, "units.csv", "out.csv", "--items", "x=y.csv", "--items", "x=z.csv"),
    (*TABLE, "lists.parquet", "out.csv", "--keep", "many"),
    (*TABLE, "units.csv", "out.csv", "--keep", "unit", "--keep-all"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files that are bad, each in a way of its own; it is the current one."""
    monkeypatch.chdir(tmp_path)
    for name in ("there", "empty.csv"):
        Path(name).touch()
    for name in ("full/inside", "folder.csv"):
        Path(name).mkdir(parents=True)
    Path("gbk.csv").write_bytes("单位\n".encode("gbk"))
    Path("twice.csv").write_text("unit,unit\n1,2\n", encoding="utf-8")
    Path("units.csv").write_text("unit,road.spent\na,1\n", encoding="utf-8")
    Path("scheme.toml").write_text(SCHEME, encoding="utf-8")
    pl.DataFrame({"unit": ["a"], "road.spent": [1], "many": [[1]]}).write_parquet("lists.parquet")
    return tmp_path


def said(arguments: tuple[str, ...], language: str) -> list[str]:
    result = CliRunner().invoke(main, [*arguments, "--lang", language])
    assert (result.exit_code, result.stdout) == (2, "")
    return [line for line in result.stderr.splitlines() if line.startswith(("indicatree: ", "Error: "))]


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
@pytest.mark.usefixtures("folder")
def test_what_is_wrong_is_said_in_chinese_and_in_english(arguments: tuple[str, ...]) -> None:
    chinese, english = said(arguments, "zh"), said(arguments, "en")
    assert len(chinese) == len(english) > 0
    assert all(CHINESE.search(line) for line in chinese)
    assert not any(CHINESE.search(line) for line in english)
    for one, other in zip(chinese, english, strict=True):
        assert one.endswith("）") == other.endswith(")"), (one, other)


@pytest.mark.parametrize("name", ["narwhals", "polars", "pyarrow"])
def test_what_is_not_installed_is_said_in_chinese_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    arguments = (*TABLE, "units.csv", "out.csv")
    fix = '（pip install "indicatree[table]"）'
    assert said(arguments, "zh") == [f"indicatree: score-table: 处理表格需要 {name}，尚未安装{fix}"]
