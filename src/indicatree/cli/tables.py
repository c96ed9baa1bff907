"""What ``indicatree score-table`` does: a file of units scored into another, with a summary."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import contextmanager
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING, Any

import attrs
import click

from indicatree.arithmetic import exact
from indicatree.cli.files import Source, Writer, form_of, whole
from indicatree.problems import CatalogError, DataError, IndicatreeError, Problem
from indicatree.scoring import prepare
from indicatree.scoring.render import aligned
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from indicatree.scheme import Scheme
    from indicatree.table.batches import BatchScorer

__all__ = ["Asked", "table_scored"]


@attrs.frozen(kw_only=True)
class Asked:
    """What is asked for on the command line; see there."""

    source: str
    output: str
    scheme: str
    items: tuple[str, ...]
    key: str
    columns: str
    keep: tuple[str, ...]
    keep_all: bool
    amounts_in: str
    year: int | None
    raising: bool
    language: str


def table_scored(asked: Asked) -> str:
    """Score a file of units into another, and give the summary.

    Raises:
        CatalogError: The extra ``table`` is not installed, or there is no such scheme.
        DataError: A file cannot be read or written, or its columns do not fit.
        ScoringError: Some rows cannot be scored, and that was not to be recorded.
    """
    _check_extra()
    items = _items(asked.items)
    _check_files(asked, items)
    from indicatree.table.api import MOST_SHOWN, Job, not_scored  # noqa: PLC0415 - an extra, for this command only
    from indicatree.table.batches import BatchScorer  # noqa: PLC0415 - likewise

    scorer = prepare(asked.scheme, year=asked.year)
    with Source(asked.source) as source:
        lists = {name: _read(path) for name, path in items.items()}
        job = Job.asked(
            scorer,
            key=asked.key,
            columns=asked.columns,
            keep=asked.keep_all or _kept(asked, source.schema.names),
            scores="decimal",
            amounts_in=asked.amounts_in,
        )
        score = BatchScorer(job, source.schema, lists)
        summary = _Summary()
        with whole(asked.output) as file, Writer(asked.output, file, score.schema) as writer, _progress(source) as tell:
            for table in score.cut(source.batches(score.given.names)):
                batch = score(table)
                summary.add(batch, MOST_SHOWN)
                if not (asked.raising and summary.wrong):
                    writer.write(batch)
                tell()
            if asked.raising and summary.wrong:
                raise not_scored(summary.wrong, sum(summary.errors.values()))
    return summary.text(asked, scorer.scheme, score, source.schema.names)


def _check_extra() -> None:
    missing = []
    for name in ("narwhals", "polars", "pyarrow"):
        try:
            import_module(name)
        except ImportError:
            missing.append(name)
    if missing:
        are = "is" if len(missing) == 1 else "are"
        message = Text(
            zh=f"处理表格需要 {'、'.join(missing)}，尚未安装",
            en=f"tables need {', '.join(missing)}, which {are} not installed",
        )
        raise CatalogError([Problem("no-extra", "score-table", message, 'pip install "indicatree[table]"')])


def _items(given: tuple[str, ...]) -> dict[str, str]:
    """The files of line items by the name of their list."""
    found: dict[str, str] = {}
    problems = []
    for text in given:
        name, equals, path = text.partition("=")
        if not (name and equals and path):
            message = Text(zh="应写成 名称=文件", en="expected NAME=FILE")
            fix = Text(zh="例如 projects=lines.csv", en="such as projects=lines.csv")
            problems.append(Problem("bad-items", f"--items {text}", message, fix))
        elif name in found:
            message = Text(zh=f'"{name}" 写了两次', en=f'"{name}" is named twice')
            fix = Text(zh="只给一个文件", en="give one file")
            problems.append(Problem("bad-items", f"--items {text}", message, fix))
        found[name] = path
    if problems:
        raise DataError(problems)
    return found


def _check_files(asked: Asked, items: dict[str, str]) -> None:
    """Refuse files of unknown forms, and to write over what is read."""
    problems: list[Problem] = []
    for path in (asked.source, asked.output, *items.values()):
        try:
            form_of(path)
        except IndicatreeError as error:
            problems += error.problems
    for path in (asked.source, *items.values(), asked.scheme):
        if _same(path, asked.output):
            message = Text(zh="是要读取的文件，会被覆盖", en="is read, and would be written over")
            problems.append(Problem("same-file", asked.output, message, Text(zh="另取文件名", en="name another")))
            break
    if problems:
        raise DataError(problems)


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)  # noqa: PTH121 - paths are text here
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)


def _read(path: str) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    with Source(path) as source:
        return pa.Table.from_batches(list(source.batches(source.schema.names)), source.schema)


def _kept(asked: Asked, names: list[str]) -> tuple[str, ...]:
    """The columns that the result keeps: the one that names the unit is among them where there is one."""
    own = [asked.key] if asked.key in names else []
    return tuple(dict.fromkeys([*own, *asked.keep]))


@contextmanager
def _progress(source: Source) -> Iterator[Callable[[], None]]:
    """What tells how far a file is read: a progress bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=source.length, file=sys.stderr) as bar:
        yield lambda: bar.update(source.done - bar.pos)


@attrs.define
class _Summary:
    """What is counted while a table is scored."""

    rows: int = 0
    scored: int = 0
    sum: Fraction = Fraction(0)
    lowest: Any = None
    highest: Any = None
    errors: Counter[str] = attrs.field(factory=Counter)
    grades: Counter[str] = attrs.field(factory=Counter)
    wrong: list[tuple[str, str]] = attrs.field(factory=list)

    def add(self, batch: pa.RecordBatch, most: int) -> None:
        """Count a batch of the result, and keep so many of the rows that cannot be scored."""
        import pyarrow.compute as pc  # noqa: PLC0415 - an extra

        total, error = batch.column("total"), batch.column("error")
        if len(self.wrong) < most and error.null_count < len(error):
            found = [(f"row {self.rows + row}", text) for row, text in enumerate(error.to_pylist()) if text is not None]
            self.wrong += found[: most - len(self.wrong)]
        self.rows += batch.num_rows
        there = len(total) - total.null_count
        self.scored += there
        if there:
            self.sum += Fraction(pc.call_function("sum", [total]).as_py())
            ends = pc.call_function("min_max", [total]).as_py()
            self.lowest = ends["min"] if self.lowest is None else min(self.lowest, ends["min"])
            self.highest = ends["max"] if self.highest is None else max(self.highest, ends["max"])
        self.errors += _counted(error)
        if "grade" in batch.schema.names:
            self.grades += _counted(batch.column("grade"))

    def text(self, asked: Asked, scheme: Scheme, score: BatchScorer, names: list[str]) -> str:
        """The summary in words."""
        language = asked.language
        title = scheme.title[language]
        left_out = self.rows - self.scored - sum(self.errors.values())
        reasons = sorted(self.errors.items(), key=lambda one: (-one[1], one[0]))
        rows = [
            [_ROWS[language], str(self.rows)],
            [_SCORED[language], str(self.scored)],
            [_NOT_SCORED[language], str(self.rows - self.scored)],
            *([f"· {text}", str(number)] for text, number in reasons),
            *([[f"· {_LEFT_OUT[language]}", str(left_out)]] if left_out else []),
        ]
        if self.scored:
            mean = exact(self.sum / self.scored).decimal(scheme.precision + 2)
            rows += [
                [_MEAN[language], f"{mean:f}"],
                [_LOWEST[language], f"{self.lowest:f}"],
                [_HIGHEST[language], f"{self.highest:f}"],
            ]
        if "grade" in score.schema.names:
            rows += [
                [f"{_GRADE[language]}{grade.title[language]}", str(self.grades[grade.id])] for grade in scheme.grades
            ]
        notes = []
        for way, said in _WAYS.items():
            paths = [path for path, found in score.plan.ways.items() if found == way]
            if paths:
                notes.append(f"{said[language]}{_BETWEEN[language].join(paths)}")
        used = {*score.given.names, *score.needed}
        if unused := [name for name in names if name not in used]:
            notes.append(f"{_UNUSED[language]}{_BETWEEN[language].join(unused)}")
        head = f"{asked.output} {title} ({scheme.id})" if title else f"{asked.output} ({scheme.id})"
        return "\n".join([head, aligned(rows, [_WHAT[language], _NUMBER[language]], {1}), *notes])


def _counted(column: pa.Array) -> Counter[str]:
    found = column.drop_null().value_counts()
    return Counter(dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True)))


_WHAT = Text(zh="项目", en="Summary")
_NUMBER = Text(zh="数值", en="Number")
_ROWS = Text(zh="读入行数", en="Rows read")
_SCORED = Text(zh="已评分", en="Scored")
_NOT_SCORED = Text(zh="未评分", en="Not scored")
_LEFT_OUT = Text(zh="所有指标均不计", en="every indicator is left out")
_MEAN = Text(zh="平均总分（四舍五入）", en="Mean total (rounded)")
_LOWEST = Text(zh="最低总分", en="Lowest total")
_HIGHEST = Text(zh="最高总分", en="Highest total")
_GRADE = Text(zh="等级：", en="Grade: ")
_WAYS = {
    "wide": Text(zh="以超过 64 位的整数计算：", en="Computed with whole numbers beyond 64 bits: "),
    "rows": Text(zh="逐行计算：", en="Computed row by row: "),
}
_UNUSED = Text(zh="未使用的列：", en="Columns not used: ")
_BETWEEN = Text(zh="、", en=", ")
