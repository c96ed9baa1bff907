"""Scoring of whole tables, on the engine that holds them."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from weakref import WeakKeyDictionary

import attrs
import narwhals as nw

from indicatree.data import record_type
from indicatree.data.fields import Amounts, RefusedError
from indicatree.problems import DataError, Problem, ScoringError, did_you_mean
from indicatree.scoring import Scorer, prepare
from indicatree.table.engines import KNOWN, beside_pandas, engine_of, null_columns, warn_of_spark
from indicatree.table.options import OptionError, one_of
from indicatree.table.plan import lay_out
from indicatree.table.reading import MINOR_UNITS
from indicatree.table.rows import RowScorer
from indicatree.table.run import Lines, run, table_of
from indicatree.table.units import KEY
from indicatree.text import LANGUAGES, Text, said_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike

    from indicatree.catalog import Catalog
    from indicatree.data import RecordShape
    from indicatree.scheme import Scheme
    from indicatree.table.plan import Output, TablePlan

__all__ = ["COLUMNS", "MOST_SHOWN", "Job", "not_scored", "raise_for_errors", "score_table"]

# What was laid out once for a prepared scheme is not laid out again for other tables with the same columns.
_MOST_PLANS = 16
_PLANS: WeakKeyDictionary[Scorer, dict[Any, TablePlan]] = WeakKeyDictionary()

_ON_THE_WAY = re.compile(r"__(in[_\d]|error|good|total|grade|score|counts|outcome|arithmetic|row_|shown|of$|key$)")

_NO_COLUMN = Text(zh="没有此列", en="no such column")
_NAMED_ON_THE_WAY = Text(zh="计算过程中的列使用此类名称", en="what is computed on the way has such names")
_IN_THE_RESULT = Text(zh="结果中有同名的列", en="the result has a column of this name")
_RENAME = Text(zh="更改列名", en="rename it")
_OTHER_KEY = Text(zh="用 key 指定其他列", en="name another key")
_NO_JUDGEMENT = Text(zh="方案没有此项评定", en="the scheme has no such judgement")
_NO_LEAF = Text(zh="方案没有此指标", en="the scheme has no such leaf")

COLUMNS = ("totals", "groups", "leaves", "all")
"""What a result may hold: each has what those before it have, and more."""

MOST_SHOWN = 20
"""How many rows without a score an error names."""


def score_table(  # noqa: PLR0913 - each is a choice of its own
    scheme: Scheme | Scorer | str | PathLike[str],
    frame: Any,
    *,
    items: Mapping[str, Any] | None = None,
    key: str = KEY,
    columns: str = "leaves",
    keep: bool | Iterable[str] = False,
    scores: str = "decimal",
    amounts_in: str = "1 yuan",
    on_error: str = "record",
    language: str = "en",
    progress: bool = False,
    catalog: Catalog | None = None,
    year: int | None = None,
) -> Any:
    """Score every row of a table, on the engine that holds it.

    Each row is a unit, and gets to the last digit what `indicatree.score` gives for it. The columns of figures are
    named ``record.field``; a column that is not there is a figure that is missing in every row, and so is a null.
    Amounts may be integers, decimals, text or float64. What an assessor says stands in
    ``judgement.<path of the leaf>.<item>`` (true or false), or in ``judgement.<path>`` (a share of the marks);
    ``not_applicable.<path>`` says where a leaf does not apply.

    Args:
        scheme: A scheme, a prepared one, the id of one that a plugin offers, or its file.
        frame: The table: Polars (eager or lazy), pandas, PyArrow, a DuckDB relation, PySpark or Dask.
        items: Tables of line items, of the same kind, by the name that the scheme gives the list. Their columns are
            named for the fields, and ``key`` says to which row each item belongs.
        key: The column that names the unit, in the table and in those of line items; each unit once in the table.
        columns: What the result holds: ``totals`` (``total``, ``grade``, ``error``), ``groups`` (tiers and groups
            besides, as ``score.<path>``), ``leaves`` (leaves besides), or ``all`` (``outcome.<path>`` besides).
        keep: The columns of the table that the result keeps; True for all of them.
        scores: ``decimal``, or ``whole`` for whole numbers of the last decimal place, which is faster.
        amounts_in: The unit of amounts, such as ``"10000 yuan"``; or ``"minor units"`` (fen).
        on_error: ``record`` gives a row that cannot be scored no score, and the reason in ``error``; ``raise``
            raises, where the table is not lazy.
        language: The language of the reasons in ``error``, ``zh`` or ``en``.
        progress: Show on a terminal how far the leaves are that run row by row in Python; of Spark and Dask, whose
            workers have none, nothing is shown.
        catalog: Where ids are looked up; by default among the installed plugins.
        year: The year that the scheme is to hold for.

    Returns:
        A table of the same kind with a row for each row, in the same order where the kind has one; what was lazy
        is lazy.

    Raises:
        DataError: A column has a type that holds no figures, or is named like a figure that the scheme does not
            have; or a figure is in no column that the scheme does not allow to lack; or an argument is none of its
            choices, which is a ValueError too.
        ScoringError: With ``on_error="raise"``, naming each row that cannot be scored.

    Example:
        >>> import indicatree as it
        >>> import polars as pl
        >>> from indicatree import fields
        >>> @it.record("demo.budget", title=it.Text(zh="预算", en="Budget"))
        ... class Budget:
        ...     approved: fields.Money = fields.money("批复数", "approved")
        ...     spent: fields.Money = fields.money("支出数", "spent")
        >>> @it.indicator("demo.execution", tier="process", title=it.Text(zh="执行率", en="Execution rate"))
        ... def execution(budget: Budget):
        ...     return budget.spent / budget.approved
        >>> leaf = it.Leaf(id="execution", indicator=execution, points=10, rule=it.rules.Proportional())
        >>> scheme = it.Scheme(id="demo", tiers=[it.TierNode(tier="process", groups=[
        ...     it.Group(id="budget", title="Budget", indicators=[leaf])])])
        >>> units = pl.DataFrame({"budget.approved": [300, 300, None], "budget.spent": [200, 400, 1]})
        >>> scored = score_table(scheme, units, columns="totals")
        >>> scored["total"].to_list()
        [Decimal('6.67'), Decimal('10.00'), None]
        >>> scored["error"][2]
        'process.budget.execution: a figure that it needs is missing'
    """
    one_of("on_error", on_error, ("record", "raise"))
    scorer = scheme if isinstance(scheme, Scorer) else prepare(scheme, catalog=catalog, year=year)
    job = Job.asked(
        scorer, key=key, columns=columns, keep=keep, scores=scores, amounts_in=amounts_in, language=language
    )
    job = attrs.evolve(job, progress=progress)
    result = job(frame, dict(items or {}))
    if on_error == "raise":
        if is_dask(result) or isinstance(nw.from_native(result), nw.LazyFrame):
            asked, call = 'on_error="raise"', "raise_for_errors"
            message = Text(
                zh=f"{asked} 不适用于惰性表格：先取得结果，再调用 {call}",
                en=f"{asked} needs a table that is not lazy: collect the result, and call {call}",
            )
            raise OptionError([Problem("lazy-table", "", message)])
        raise_for_errors(result)
    return result


def raise_for_errors(scored: Any) -> None:
    """Raise where a row of a scored table has no score.

    Args:
        scored: What `score_table` gave, with its column ``error``; a lazy table is computed for it.

    Raises:
        ScoringError: Naming each such row by its number from 0, and what is wrong in it, in the language of the table;
            of a lazy table, which has no numbers, what is wrong and in how many rows.
    """
    frame = _native(scored.compute() if is_dask(scored) else scored)
    if isinstance(frame, nw.DataFrame):
        found = frame.select("error").with_row_index("row").filter(~nw.col("error").is_null())
        lines = [(f"row {row}", text) for row, text in found.head(MOST_SHOWN).iter_rows()]
        number = len(found)
    else:
        # a window of Polars or Spark would move every row for a number that nobody can use
        counted = frame.filter(~nw.col("error").is_null()).group_by("error").agg(nw.len().alias("rows")).collect()
        lines = [(f"{rows} rows", text) for text, rows in counted.head(MOST_SHOWN).iter_rows()]
        number = len(counted)
    if number:
        raise not_scored(lines, number)


def not_scored(lines: Iterable[tuple[str, str]], number: int) -> ScoringError:
    """The error that some rows cannot be scored: the first of them with their reasons, and their number."""
    problems = [Problem("not-scored", where, text) for where, text in lines]
    if number > len(problems):
        more = number - len(problems)
        problems.append(Problem("not-scored", "", Text(zh=f"另有 {more} 项", en=f"and {more} more")))
    return ScoringError(problems)


def _factor(amounts_in: str) -> int | None:
    if amounts_in == MINOR_UNITS:
        return None
    try:
        return Amounts.parse(amounts_in).factor
    except RefusedError as error:
        message = said_by(error) + Text(zh=f'；也可写 "{MINOR_UNITS}"', en=f', or "{MINOR_UNITS}"')
        raise DataError([Problem("bad-amounts", "amounts_in", message)]) from None


@attrs.frozen
class Job:
    """What is asked for, whatever the table is."""

    scorer: Scorer
    key: str
    columns: str
    keep: bool | tuple[str, ...]
    scores: str
    factor: int | None
    language: str
    progress: bool = False

    @classmethod
    def asked(  # noqa: PLR0913 - each is a choice of its own
        cls,
        scorer: Scorer,
        *,
        key: str,
        columns: str,
        keep: bool | Iterable[str],
        scores: str,
        amounts_in: str,
        language: str,
    ) -> Job:
        """What is asked for in words.

        Raises:
            DataError: There is no such choice, or no such unit of amounts.
        """
        one_of("columns", columns, COLUMNS)
        one_of("scores", scores, ("decimal", "whole"))
        one_of("language", language, LANGUAGES)
        kept = keep if isinstance(keep, bool) else tuple(keep)
        return cls(scorer, key, columns, kept, scores, _factor(amounts_in), language)

    def __call__(self, frame: Any, items: dict[str, Any]) -> Any:
        """The result for a table of any kind."""
        if is_dask(frame):
            return self._dask(frame, items)
        native = _native(frame)
        if native.implementation is nw.Implementation.PANDAS:
            return self._pandas(frame, items)
        eager = isinstance(native, nw.DataFrame)
        polars = native.implementation is nw.Implementation.POLARS
        work = native.lazy() if polars and eager else native
        lists = {}
        for name, lines in items.items():
            of_items = _native(lines)
            if of_items.implementation is not native.implementation:
                units, lines_are = native.implementation, of_items.implementation
                message = Text(
                    zh=f"应与单位的表格一样属于 {units}，此表属于 {lines_are}",
                    en=f"expected a table of {units}, as the units are, got one of {lines_are}",
                )
                raise DataError([Problem("other-table", f"items: {name}", message)])
            lists[name] = of_items.lazy() if polars and isinstance(of_items, nw.DataFrame) else of_items
        if native.implementation is nw.Implementation.PYARROW and find_spec("polars"):
            return self._by_polars(native, lists)
        result = self._scored(work, lists)
        return (result.collect() if polars and eager else result).to_native()

    def _scored(self, frame: Any, items: Mapping[str, Any]) -> Any:
        plan = self.laid_out(frame, items)
        if plan.wide and not engine_of(frame).wide:
            raise self.too_wide()
        return self.carried_out(plan, frame, items)

    def laid_out(self, frame: Any, items: Mapping[str, Any]) -> TablePlan:
        """The plan for a table, and for every other one that has the same columns.

        Raises:
            DataError: A column is named like a figure that the scheme does not have, or a figure is in no column.
        """
        engine = engine_of(frame)
        if engine.name == "pyspark":
            warn_of_spark(frame.to_native(), self.language)
        schema = _with_values(frame)
        item_schemas = {name: _with_values(lines) for name, lines in items.items()}
        _check_names(self.scorer, frame.collect_schema().names(), item_schemas, self.key)
        wide = engine.wide or engine.name == "pyarrow"
        lists = frozenset((name, frozenset(lines)) for name, lines in item_schemas.items())
        asked = (frozenset(schema), lists, wide, self.language)
        plans = _PLANS.setdefault(self.scorer, {})
        plan = plans.get(asked)
        if plan is None:
            if len(plans) >= _MOST_PLANS:
                plans.clear()
            plan = plans[asked] = lay_out(self.scorer.scheme, schema, item_schemas, wide=wide, language=self.language)
        _check_absent(plan)
        return plan

    def carried_out(self, plan: TablePlan, frame: Any, items: Mapping[str, Any]) -> Any:
        """The result for a table, by its plan."""
        scheme = self.scorer.scheme
        outputs = self.outputs(plan)
        kept = self.kept(frame.collect_schema().names(), [output.name for output in outputs])
        table = table_of(frame, frame.collect_schema())
        lines = {
            name: Lines(table_of(lines, lines.collect_schema(), f"__{name}"), self.key) for name, lines in items.items()
        }
        rows = self._row_scorer(plan) if plan.row_leaves else None
        places = scheme.precision if self.scores == "decimal" else None
        run(plan, table, lines, rows, outputs, key=self.key, factor=self.factor, places=places)
        col = table.own.col
        named = [col(table.named[name]).alias(name) for name in kept]
        made = [col(output.shown).alias(output.name) for output in outputs]
        return nw.from_native(table.frame.select(*named, *made))

    def _row_scorer(self, plan: TablePlan) -> RowScorer:
        return RowScorer.of(
            self.scorer.scheme, plan.row_leaves, self.factor, progress=self.progress, language=self.language
        )

    def outputs(self, plan: TablePlan) -> list[Output]:
        """The columns of the result, without those that are kept."""
        levels = COLUMNS[: COLUMNS.index(self.columns) + 1]
        return [output for output in plan.outputs if output.level in levels]

    def _by_polars(self, frame: Any, items: Mapping[str, Any]) -> Any:
        """A table of Arrow, computed by Polars on the same memory: several times as quick as by Arrow itself."""
        from indicatree.table.batches import BatchScorer  # noqa: PLC0415 - it is made of jobs

        plan = self.laid_out(frame, items)
        table_of(frame, frame.collect_schema()).check(plan.figures, "")
        for name, made in plan.lines.items():
            table_of(items[name], items[name].collect_schema()).check(made.figures.used, made.figures.prefix)
        table = frame.to_native()
        return BatchScorer(self, table.schema, {name: lines.to_native() for name, lines in items.items()}).table(table)

    def too_wide(self) -> DataError:
        """The error that Arrow alone cannot compute a scheme."""
        message = Text(
            zh="此方案的有些数超出 64 位，Arrow 不能计算",
            en="some numbers of this scheme leave 64 bits, which Arrow does not compute",
        )
        fix = Text(zh="安装 Polars，它可以计算同一张表格", en="install Polars, which does it on the same table")
        return DataError([Problem("too-wide", self.scorer.scheme.id, message, fix)])

    def kept(self, names: list[str], made: Iterable[str]) -> list[str]:
        """The columns of the table that the result keeps.

        Raises:
            DataError: There is no such column, or the result has one of that name already.
        """
        kept = (names if self.keep else []) if isinstance(self.keep, bool) else list(dict.fromkeys(self.keep))
        made = set(made)
        problems = [
            Problem("unknown-column", f"keep: {name}", _NO_COLUMN, did_you_mean(name, names))
            for name in kept
            if name not in names
        ]
        problems += [
            Problem("same-column", f"keep: {name}", _NAMED_ON_THE_WAY, _RENAME)
            for name in kept
            if _ON_THE_WAY.match(name)
        ]
        problems += [Problem("same-column", f"keep: {name}", _IN_THE_RESULT, _RENAME) for name in kept if name in made]
        if problems:
            raise DataError(problems)
        return kept

    def _pandas(self, frame: Any, items: dict[str, Any]) -> Any:
        """A table of pandas is computed as Arrow, which has nulls of every type."""
        bare = attrs.evolve(self, keep=False)
        result = bare(_arrow(frame), {name: _arrow(lines) for name, lines in items.items()})
        return beside_pandas(frame[self.kept(list(frame.columns), result.column_names)], result)

    def _dask(self, frame: Any, items: dict[str, Any]) -> Any:
        """A table of Dask is computed part by part; line items go to every part."""
        scored = _DaskPart(attrs.evolve(self, progress=False), tuple(items))
        meta = scored(frame._meta, *[lines._meta for lines in items.values()])  # noqa: SLF001 - Dask has no other name
        parts = [lines.repartition(npartitions=1) for lines in items.values()]
        return frame.map_partitions(scored, *parts, meta=meta, align_dataframes=False)


@attrs.frozen
class _DaskPart:
    """The result of one part of a table of Dask."""

    job: Job
    items: tuple[str, ...]
    token: str = attrs.field(factory=lambda: uuid4().hex)

    def __dask_tokenize__(self) -> str:
        """What tells it from others: schemes hold functions, of which Dask cannot make a name."""
        return self.token

    def __call__(self, part: Any, *lines: Any) -> Any:
        return self.job(part, dict(zip(self.items, lines, strict=True)))


def _arrow(frame: Any) -> Any:
    """A table of pandas as one of Arrow.

    Raises:
        DataError: A column holds values of several types.
    """
    import pyarrow as pa  # noqa: PLC0415 - only tables of pandas are converted

    try:
        table = pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        said = str(error).partition("\n")[0]
        message = Text(zh=f"无法转换为 Arrow 的表格：{said}", en=said)
        fix = Text(zh="将该列转换为同一种类型", en="convert the column to one type")
        raise DataError([Problem("mixed-types", "frame", message, fix)]) from None
    for place, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            # pandas keeps days as points in time
            days = table.column(place).cast(pa.date32())
            if days.cast(column.type).equals(table.column(place)):
                table = table.set_column(place, column.name, days)
    return table


def is_dask(frame: Any) -> bool:
    """Whether a table is one of Dask, whose parts are tables of pandas."""
    return type(frame).__module__.partition(".")[0] == "dask"


def _native(frame: Any) -> Any:
    """A table as a frame of narwhals.

    Raises:
        DataError: It is no table.
    """
    try:
        return nw.from_native(frame)
    except TypeError:
        got = type(frame).__name__
        message = KNOWN + Text(zh=f"，实为 {got}", en=f", got {got}")
        raise DataError([Problem("unknown-table", "frame", message)]) from None


def _with_values(frame: Any) -> dict[str, Any]:
    """The columns that can hold a value, with their types; those of the type of nothing but nulls cannot."""
    schema = frame.collect_schema()
    empty = null_columns(frame.to_native(), [name for name, dtype in schema.items() if dtype == nw.Unknown])
    return {name: dtype for name, dtype in schema.items() if name not in empty}


def _check_names(scorer: Scorer, names: Iterable[str], items: Mapping[str, Mapping[str, Any]], key: str) -> None:
    """Refuse columns that are named like figures or judgements, and are none; and tables of unknown line items."""
    names = list(names)
    shape = scorer.shape
    said = [f"judgement.{path}" for path, wanted in shape.judgements.items() if wanted.items is None]
    said += [f"judgement.{path}.{item}" for path, wanted in shape.judgements.items() for item in wanted.items or ()]
    said += [f"not_applicable.{path}" for path in (*shape.leaves, *[veto.path for veto in scorer.scheme.vetoes])]
    problems = [problem for name in names for problem in _misnamed(name, shape.records, said)]
    lists = [name for name, wanted in shape.records.items() if wanted.many]
    for name, schema in items.items():
        if name not in lists:
            message = Text(zh=f'方案没有逐项数据 "{name}"', en=f'the scheme has no line items "{name}"')
            problems.append(Problem("unknown-key", f"items: {name}", message, did_you_mean(name, lists)))
        elif key not in schema:
            message = Text(
                zh=f'没有列 "{key}"，无从知道各项属于哪个单位',
                en=f'no column "{key}", which says to which unit an item belongs',
            )
            problems.append(Problem("no-key", f"items: {name}", message, _OTHER_KEY))
    if items and key not in names:
        message = Text(
            zh=f'没有列 "{key}"，而逐项数据以此列指明单位',
            en=f'no column "{key}", which line items name their unit by',
        )
        problems.append(Problem("no-key", "frame", message, _OTHER_KEY))
    if problems:
        raise DataError(problems)


def _misnamed(name: str, records: Mapping[str, RecordShape], said: list[str]) -> Iterator[Problem]:
    """What is wrong with the name of a column."""
    record, dot, field = name.partition(".")
    if not dot or name in said:
        return
    if record in records and not records[record].many:
        known = record_type(records[record].record_class).fields
        if field not in known:
            message = Text(
                zh=f'数据表 "{record}" 没有字段 "{field}"', en=f'the record "{record}" has no field "{field}"'
            )
            yield Problem("unknown-key", name, message, did_you_mean(field, known))
    elif record in ("judgement", "not_applicable"):
        message = _NO_JUDGEMENT if record == "judgement" else _NO_LEAF
        yield Problem("unknown-key", name, message, did_you_mean(name, said))


def _check_absent(plan: TablePlan) -> None:
    """Refuse a table that lacks a column without which no row can be scored."""
    if plan.never:
        fix = Text(
            zh="补上该列，或在方案中选定 missing 的处理办法",
            en="add the column, or choose a policy for missing in the scheme",
        )
        raise DataError([Problem("no-column", path, said, fix) for path, said in plan.never])
