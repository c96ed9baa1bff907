"""The command score-table: what it writes and says, and that it writes whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import indicatree as it
from indicatree.cli import files, main, tables
from indicatree.table import batches

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEME = """\
format = 1
id = "roads"
title = { zh = "道路", en = "Roads" }
policies = { undefined = "left_out" }

[define.records."local.road"]
title = { zh = "道路", en = "Road" }
[define.records."local.road".fields]
planned = { kind = "money", title = { zh = "计划数", en = "planned" } }
spent = { kind = "money", title = { zh = "支出数", en = "spent" } }

[define.indicators."local.rate"]
tier = "process"
title = { zh = "执行率", en = "Execution rate" }
measure = "road.spent / road.planned"

[[tiers]]
tier = "process"
[[tiers.groups]]
id = "budget"
title = { zh = "预算", en = "Budget" }
[[tiers.groups.indicators]]
id = "rate"
indicator = "local.rate"
points = 10
rule = { kind = "proportional" }
"""

UNITS = pl.DataFrame(
    {
        "unit": ["甲局", "b", "c", "d", "e"],
        "road.planned": [Decimal("0.30"), Decimal(100), None, Decimal(0), Decimal(3)],
        "road.spent": [Decimal("0.10"), Decimal(100), Decimal(1), Decimal(1), Decimal(1)],
        "note": ["x, y", None, "z", "", "w"],
    }
)
TOTALS = [Decimal("3.33"), Decimal("10.00"), None, None, Decimal("3.33")]
WRONG = "process.budget.rate: a figure that it needs is missing"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scheme and units in every form; it is the current one."""
    monkeypatch.chdir(tmp_path)
    Path("scheme.toml").write_text(SCHEME, encoding="utf-8")
    UNITS.write_parquet("units.parquet")
    UNITS.write_csv("units.csv")
    UNITS.write_ipc("units.arrow")
    UNITS.write_ipc_stream("units.ipc")
    return tmp_path


def run(*arguments: object, lang: str = "en") -> Result:
    given = ["score-table", *map(str, arguments), "--scheme", "scheme.toml", "--lang", lang]
    return CliRunner().invoke(main, given)


def good(*arguments: object, lang: str = "en") -> str:
    result = run(*arguments, lang=lang)
    assert result.exit_code == 0, result.stderr or result.exception
    assert result.stderr == ""
    return result.stdout


def bad(*arguments: object) -> str:
    """What is said of bad input, with nothing left behind."""
    before = names()
    result = run(*arguments)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    assert names() == before
    return result.stderr


def names() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def read(path: str) -> pl.DataFrame:
    """A file of scores, with the totals as decimals."""
    if path.endswith(".csv"):
        return pl.read_csv(path, infer_schema=False).with_columns(pl.col("total").cast(pl.Decimal(18, 2)))
    return pl.read_parquet(path) if path.endswith(".parquet") else pl.read_ipc(path)


# What works


@pytest.mark.parametrize("source", ["units.parquet", "units.csv", "units.arrow", "units.ipc"])
@pytest.mark.parametrize("output", ["out.parquet", "out.csv", "out.arrow", "out.ipc", "out.feather", "OUT.CSV"])
@pytest.mark.usefixtures("folder")
def test_every_form_gives_the_same_scores(source: str, output: str) -> None:
    good(source, output)
    Path(output).rename(output.lower())
    scored = read(output.lower())
    assert scored["unit"].to_list() == UNITS["unit"].to_list()
    assert scored["total"].to_list() == TOTALS
    assert scored["error"].to_list() == [None, None, WRONG, None, None]
    assert scored.columns[:4] == ["unit", "total", "grade", "error"]
    assert "score.process.budget.rate" in scored.columns


@pytest.mark.usefixtures("folder")
def test_the_scores_are_those_of_the_library() -> None:
    good("units.parquet", "out.parquet", "--columns", "all", "--keep-all")
    expected = it.score_table("scheme.toml", UNITS, columns="all", keep=True)
    assert pl.read_parquet("out.parquet").to_dicts() == expected.to_dicts()


SUMMARY = {
    "en": """\
out.csv Roads (roads)
Summary                                                     Number
--------------------------------------------------------  --------
Rows read                                                        5
Scored                                                           3
Not scored                                                       2
· process.budget.rate: a figure that it needs is missing         1
· every indicator is left out                                    1
Mean total (rounded)                                        5.5533
Lowest total                                                  3.33
Highest total                                                10.00
Grade: excellent                                                 1
Grade: good                                                      0
Grade: fair                                                      0
Grade: poor                                                      2
Columns not used: note
""",
    "zh": """\
out.csv 道路 (roads)
项目                                   数值
-----------------------------------  ------
读入行数                                  5
已评分                                    3
未评分                                    2
· process.budget.rate: 缺少所需数据       1
· 所有指标均不计                          1
平均总分（四舍五入）                 5.5533
最低总分                               3.33
最高总分                              10.00
等级：优                                  1
等级：良                                  0
等级：中                                  0
等级：差                                  2
未使用的列：note
""",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.usefixtures("folder")
def test_the_summary_is_the_same_whatever_the_batches(lang: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", size)
    assert good("units.csv", "out.csv", lang=lang) == SUMMARY[lang]


@pytest.mark.usefixtures("folder")
def test_the_reasons_are_in_the_language_of_the_command() -> None:
    for lang, said in (("zh", "process.budget.rate: 缺少所需数据"), ("en", WRONG)):
        good("units.csv", "out.parquet", lang=lang)
        assert read("out.parquet")["error"].to_list() == [None, None, said, None, None]
        result = run("units.csv", "none.csv", "--on-error", "raise", lang=lang)
        assert result.stderr.splitlines() == [f"indicatree: row 2: {said}"]


@pytest.mark.usefixtures("folder")
def test_text_of_a_csv_file_stays_as_it_is() -> None:
    Path("units.csv").write_bytes(
        '\ufeffunit,road.planned,road.spent,note\r\n007,"0.30",.10,"a ""b""\nc, d"\r\n8,,1,\r\n'.encode()
    )
    good("units.csv", "out.csv", "--keep", "note", "--columns", "totals")
    assert Path("out.csv").read_text(encoding="utf-8").splitlines() == [
        "unit,note,total,grade,error",
        '007,"a ""b""',
        'c, d",3.33,poor,',
        f"8,,,,{WRONG}",
    ]


@pytest.mark.usefixtures("folder")
def test_a_line_of_a_csv_file_may_lie_across_what_is_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pl.concat([UNITS.with_columns(note=pl.lit("a\n\nb\n"))] * 30).write_csv("units.csv")
    monkeypatch.setattr(files, "_BLOCK", 256)
    good("units.csv", "out.parquet", "--keep", "note")
    scored = read("out.parquet")
    assert scored["note"].unique().to_list() == ["a\n\nb\n"]
    assert scored["total"].to_list() == TOTALS * 30


@pytest.mark.usefixtures("folder")
def test_small_scores_have_no_exponent() -> None:
    Path("scheme.toml").write_text(SCHEME.replace('id = "roads"', 'id = "roads"\nprecision = 9'), encoding="utf-8")
    pl.DataFrame({"road.planned": [10**9], "road.spent": [0]}).write_parquet("zero.parquet")
    good("zero.parquet", "out.csv", "--columns", "totals")
    assert Path("out.csv").read_text(encoding="utf-8").splitlines()[1].startswith("0.000000000,")


@pytest.mark.parametrize("output", ["out.parquet", "out.csv", "out.arrow"])
@pytest.mark.usefixtures("folder")
def test_a_table_without_rows_gives_one(output: str) -> None:
    Path("units.csv").write_text("unit,road.planned,road.spent\n", encoding="utf-8")
    UNITS.head(0).write_parquet("none.parquet")
    for source in ("units.csv", "none.parquet"):
        assert ["Rows", "read", "0"] in [line.split() for line in good(source, output).splitlines()]
        assert read(output).columns[:3] == ["unit", "total", "grade"]
        assert len(read(output)) == 0


@pytest.mark.usefixtures("folder")
def test_amounts_have_the_unit_that_is_named() -> None:
    pl.DataFrame({"road.planned": [2], "road.spent": [1]}).write_parquet("fen.parquet")
    for unit in ("10000 yuan", "minor units"):
        assert "5.00" in good("fen.parquet", "out.parquet", "--amounts-in", unit)
    assert "amounts_in" in bad("fen.parquet", "out2.parquet", "--amounts-in", "10 apples")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.usefixtures("folder")
def test_line_items_come_from_a_file_of_their_own(kind: str) -> None:
    leaf = 'indicator = "mof.project_completion_rate"\nfor_each = "projects"\ncombine = "minimum"'
    Path("scheme.toml").write_text(SCHEME.replace('indicator = "local.rate"', leaf), encoding="utf-8")
    lines = pl.DataFrame({"code": ["a", "b", "b"], "actual": [1, 7, 5], "approved": [10, 10, 10]})
    units = pl.DataFrame({"code": ["b", "a"]})
    if kind == "csv":
        lines.write_csv("lines.csv")
        units.write_csv("few.csv")
    else:
        lines.write_parquet("lines.parquet")
        units.write_parquet("few.parquet")
    good(f"few.{kind}", "out.parquet", "--items", f"projects=lines.{kind}", "--key", "code")
    assert read("out.parquet").select("code", "total").rows() == [("b", Decimal(5)), ("a", Decimal(1))]
    assert "expected NAME=FILE" in bad(f"few.{kind}", "no.parquet", "--items", "lines.csv")
    assert "named twice" in bad(
        f"few.{kind}", "no.parquet", "--items", "projects=lines.csv", "--items", "projects=x.csv"
    )
    assert "would be written over" in bad(f"few.{kind}", f"lines.{kind}", "--items", f"projects=lines.{kind}")


@pytest.mark.usefixtures("folder")
def test_categories_are_kept_as_text_in_every_form() -> None:
    UNITS.with_columns(pl.col("note").cast(pl.Categorical)).write_parquet("cat.parquet", row_group_size=2)
    for output in ("out.parquet", "out.arrow", "out.csv"):
        good("cat.parquet", output, "--keep", "note")
        assert [text or None for text in read(output)["note"]] == ["x, y", None, "z", None, "w"]


@pytest.mark.usefixtures("folder")
def test_the_summary_names_the_leaves_that_are_computed_in_another_way() -> None:
    text = SCHEME.replace("road.spent / road.planned", "road.spent * road.spent / road.planned / road.planned")
    Path("scheme.toml").write_text(text, encoding="utf-8")
    said = good("units.parquet", "out.parquet").splitlines()
    assert any(line.endswith(": process.budget.rate") and line.startswith("Computed") for line in said)


@pytest.mark.parametrize("source", ["units.parquet", "units.csv", "units.arrow", "units.ipc"])
@pytest.mark.usefixtures("folder")
def test_a_progress_bar_is_shown_on_a_terminal_only(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = tables._progress

    class Terminal:
        def isatty(self) -> bool:
            return True

        def __getattr__(self, name: str) -> Any:
            return getattr(sys.__stderr__, name)

    class Bar:
        pos = 0

        def __init__(self, length: int, **_: Any) -> None:
            self.length = length

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            seen.append((self.pos, self.length))

        def update(self, more: int) -> None:
            self.pos += more

    assert "%" not in run(source, "out.csv").stderr
    monkeypatch.setattr("click.progressbar", Bar)
    with files.Source(source) as opened:
        monkeypatch.setattr(sys, "stderr", Terminal())
        with real(opened) as tell:
            for _ in opened.batches(opened.schema.names):
                tell()
            tell()
        monkeypatch.undo()
    assert len(seen) == 1
    assert seen[0][0] == seen[0][1] > 0


# Rows that cannot be scored


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.usefixtures("folder")
def test_with_raise_nothing_is_written_and_every_row_is_named(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", size)
    pl.concat([UNITS, UNITS]).write_parquet("units.parquet")
    Path("out.csv").write_text("old", encoding="utf-8")
    said = bad("units.parquet", "out.csv", "--on-error", "raise")
    assert said.splitlines() == [f"indicatree: row {row}: {WRONG}" for row in (2, 7)]
    assert Path("out.csv").read_text(encoding="utf-8") == "old"
    UNITS.head(2).write_parquet("units.parquet")
    good("units.parquet", "out.csv", "--on-error", "raise")


# Bad input


def test_bad_input_is_named(folder: Path) -> None:
    Path("text.parquet").write_text("no table", encoding="utf-8")
    Path("text.arrow").write_text("no table", encoding="utf-8")
    Path("empty.csv").write_bytes(b"")
    Path("gbk.csv").write_bytes("单位,road.planned\n".encode("gbk"))
    Path("twice.csv").write_text("unit,unit\n1,2\n", encoding="utf-8")
    Path("ragged.csv").write_text("unit,road.planned,road.spent\n1,2,3\n1,2\n", encoding="utf-8")
    Path("late.csv").write_bytes(b"unit,road.planned,road.spent\n1,2,3\n" * 9999 + "局,1,1\n".encode("gbk"))
    UNITS.rename({"road.spent": "road.spend"}).write_parquet("misspelt.parquet")
    UNITS.rename({"unit": "total"}).write_parquet("clash.parquet")
    UNITS.with_columns(pl.col("road.spent").cast(pl.Float32)).write_parquet("float.parquet")
    whole = Path("units.parquet").read_bytes()
    Path("cut.parquet").write_bytes(whole[: len(whole) // 2])
    (folder / "dir.parquet").mkdir()
    for source, said in {
        "none.parquet": "none.parquet: cannot be read as Parquet: No such file",
        "units.parquete": 'did you mean ".parquet"',
        "units": "expected a file that ends in .parquet, .csv",
        "text.parquet": "text.parquet: cannot be read as Parquet",
        "cut.parquet": "cut.parquet: cannot be read as Parquet",
        "text.arrow": "text.arrow: cannot be read as Arrow",
        "dir.parquet": "dir.parquet: cannot be read as Parquet: Is a directory",
        "empty.csv": "empty.csv: is empty",
        "gbk.csv": "gbk.csv: is not in UTF-8",
        "late.csv": "late.csv: is not in UTF-8",
        "twice.csv": "twice.csv: unit: more than one column has this name",
        "ragged.csv": "ragged.csv: cannot be read as CSV: CSV parse error: Expected 3 columns, got 2: 1,2",
        "misspelt.parquet": 'the record "road" has no field "spend" (did you mean "spent"?)',
        "float.parquet": "road.spent: expected integers, decimals, text or float64",
    }.items():
        assert said in bad(source, "out.csv"), source
    assert 'did you mean "unit"' in bad("units.csv", "out.csv", "--keep", "unti")
    assert "keep: total: the result has a column of this name" in bad("clash.parquet", "out.csv", "--keep-all")
    assert "exclude each other" in bad("units.csv", "out.csv", "--keep", "note", "--keep-all")


@pytest.mark.usefixtures("folder")
def test_every_file_that_is_wrong_is_named_at_once() -> None:
    said = bad("units.doc", "out.xls", "--items", "projects=lines.txt").splitlines()
    assert [line.split(":")[1].strip() for line in said] == ["units.doc", "out.xls", "lines.txt"]


@pytest.mark.usefixtures("folder")
def test_a_scheme_that_is_not_there_is_named() -> None:
    result = CliRunner().invoke(
        main, ["score-table", "units.csv", "out.csv", "--scheme", "mof-departmint", "--lang", "en"]
    )
    assert result.exit_code == 2
    assert "mof-department" in result.stderr


@pytest.mark.parametrize("name", ["narwhals", "polars", "pyarrow"])
@pytest.mark.usefixtures("folder")
def test_what_is_not_installed_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    said = bad("units.csv", "out.csv")
    assert f"tables need {name}, which is not installed" in said
    assert 'pip install "indicatree[table]"' in said


@pytest.mark.usefixtures("folder")
def test_what_is_read_is_not_written_over() -> None:
    Path("link.csv").symlink_to("units.csv")
    os.link("units.csv", "hard.csv")
    before = Path("units.csv").read_bytes()
    for output in ("units.csv", "./units.csv", "link.csv", "hard.csv"):
        assert "would be written over" in bad("units.csv", output)
    assert Path("units.csv").read_bytes() == before


@pytest.mark.usefixtures("folder")
def test_csv_refuses_lists_and_writes_nothing() -> None:
    UNITS.with_columns(many=pl.lit([1])).write_parquet("lists.parquet")
    assert "many: CSV does not hold a column of" in bad("lists.parquet", "out.csv", "--keep", "many")
    good("lists.parquet", "out.parquet", "--keep", "many")


# Whole or not at all


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("output", ["out.parquet", "out.csv", "out.arrow"])
@pytest.mark.parametrize("where", ["fsync", "replace"])
@pytest.mark.usefixtures("folder")
def test_a_full_disk_leaves_the_old_file_as_it_was(output: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(output).write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, where, full)
    assert f"{output}: cannot be written: No space left on device" in bad("units.csv", output)
    assert Path(output).read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("output", ["out.parquet", "out.csv", "out.arrow"])
@pytest.mark.skipif(sys.platform == "win32", reason="limits of the size of files are those of Unix")
def test_a_write_that_fails_leaves_the_old_file_as_it_was(output: str, folder: Path) -> None:
    pl.DataFrame(
        {"unit": [f"{row:x}" * 9 for row in range(20000)], "road.planned": range(20000), "road.spent": range(20000)}
    ).write_parquet("many.parquet")
    Path(output).write_text("old", encoding="utf-8")
    before = names()
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
        "from indicatree.cli import main; main()"
    )
    arguments = ["score-table", "many.parquet", output, "--scheme", "scheme.toml", "--lang", "en"]
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-B", "-c", code, *arguments], capture_output=True, encoding="utf-8", cwd=folder, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"indicatree: {output}: cannot be written: File too large (what was there before is unchanged)"
    ]
    assert Path(output).read_text(encoding="utf-8") == "old"
    assert names() == before


@pytest.mark.usefixtures("folder")
def test_a_file_that_breaks_off_in_the_middle_leaves_the_old_one_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.parquet").write_text("old", encoding="utf-8")
    pl.concat([UNITS] * 50).write_parquet("units.parquet", row_group_size=100, compression="snappy")
    broken = bytearray(Path("units.parquet").read_bytes())
    start = pq.ParquetFile("units.parquet").metadata.row_group(1).column(1).data_page_offset
    broken[start : start + 40] = b"\xff" * 40
    Path("units.parquet").write_bytes(bytes(broken))
    monkeypatch.setattr(batches, "BATCH", 10)
    assert "units.parquet: cannot be read as Parquet" in bad("units.parquet", "out.parquet")
    assert Path("out.parquet").read_text(encoding="utf-8") == "old"


@pytest.mark.usefixtures("folder")
def test_a_crash_and_an_interrupt_leave_the_old_file_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.parquet").write_text("old", encoding="utf-8")
    before = names()
    for error in (RuntimeError("crash"), KeyboardInterrupt()):

        def fail(*_: object, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr(tables._Summary, "add", fail)
        assert run("units.csv", "out.parquet").exit_code == 1
        assert Path("out.parquet").read_text(encoding="utf-8") == "old"
        assert names() == before


@pytest.mark.usefixtures("folder")
def test_the_part_that_a_kill_leaves_is_recognised() -> None:
    with files.whole("out.csv") as file:
        file.write(b"x")
        (part,) = [name for name in names() if name.endswith(files.MARK)]
        assert part.startswith(".out.csv.")
        assert not Path("out.csv").exists()
    assert Path("out.csv").read_bytes() == b"x"
    assert not Path(part).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are those of Unix")
@pytest.mark.usefixtures("folder")
def test_permissions_and_links_stay_as_they_were() -> None:
    Path("real").mkdir()
    Path("real/out.csv").write_text("old", encoding="utf-8")
    Path("real/out.csv").chmod(0o640)
    Path("out.csv").symlink_to("real/out.csv")
    good("units.csv", "out.csv")
    assert Path("out.csv").is_symlink()
    assert Path("real/out.csv").read_text(encoding="utf-8").startswith("unit,")
    assert Path("real/out.csv").stat().st_mode & 0o777 == 0o640
    mask = os.umask(0o027)
    try:
        good("units.csv", "new.csv")
    finally:
        os.umask(mask)
    assert Path("new.csv").stat().st_mode & 0o777 == 0o640


def no_permission(*_: object, **__: object) -> Any:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.mark.usefixtures("folder")
def test_where_one_may_not_write_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no/such/out.csv: cannot be written: No such file" in bad("units.csv", "no/such/out.csv")
    Path("dir.csv").mkdir()
    assert "dir.csv: is no plain file" in bad("units.csv", "dir.csv")
    Path("old.csv").write_text("old", encoding="utf-8")
    real: Callable[..., bool] = os.access
    # the superuser, who may run the tests, may write everything
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))
    assert "old.csv: cannot be written: it is not to be written over" in bad("units.csv", "old.csv")
    monkeypatch.setattr(os, "open", no_permission)
    assert "out.csv: cannot be written: Permission denied" in bad("units.csv", "out.csv")
    assert Path("old.csv").read_text(encoding="utf-8") == "old"


@pytest.mark.usefixtures("folder")
def test_parquet_holds_what_is_needed_only() -> None:
    read_columns = []
    real = pq.ParquetFile.iter_batches

    def spied(self: Any, size: int, columns: list[str]) -> Any:
        read_columns.append(columns)
        return real(self, size, columns=columns)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pq.ParquetFile, "iter_batches", spied)
        good("units.parquet", "out.parquet")
    assert read_columns == [["unit", "road.planned", "road.spent"]]
    assert pa.ipc.open_file("units.arrow").schema.names == UNITS.columns
