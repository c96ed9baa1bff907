"""Tables that come in batches, scored in constant memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs
import narwhals as nw

from indicatree.data import record_type
from indicatree.problems import DataError, Problem
from indicatree.scoring import Scorer, prepare
from indicatree.table.api import MOST_SHOWN, Job, not_scored
from indicatree.table.engines import TO_ARROW
from indicatree.table.options import one_of
from indicatree.table.plan import DIGITS
from indicatree.table.rows import RowScorer
from indicatree.table.table import CONVERT
from indicatree.table.units import KEY
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from os import PathLike

    import pyarrow as pa

    from indicatree.catalog import Catalog
    from indicatree.scheme import Scheme

__all__ = ["BATCH", "BatchScorer", "score_batches"]

BATCH = 2**16
"""How many rows are computed at a time."""

_MOST_ROWS = 2**22


def score_batches(  # noqa: PLR0913 - each is a choice of its own
    scheme: Scheme | Scorer | str | PathLike[str],
    reader: Any,
    *,
    items: Mapping[str, Any] | None = None,
    key: str = KEY,
    columns: str = "leaves",
    keep: bool | Iterable[str] = False,
    scores: str = "decimal",
    amounts_in: str = "1 yuan",
    on_error: str = "record",
    language: str = "en",
    catalog: Catalog | None = None,
    year: int | None = None,
) -> pa.RecordBatchReader:
    """Score a table that comes in batches of Arrow, in constant memory.

    Each row gets what `score_table` gives it. The scheme is laid out once; then 65,536 rows at a time are computed,
    whatever the sizes of the batches that come: by Polars on the same memory where it is installed, else by PyArrow.

    Args:
        scheme: A scheme, a prepared one, the id of one that a plugin offers, or its file.
        reader: What has the stream interface of Arrow (a reader or table of PyArrow, a data frame of Polars, a relation
            of DuckDB), or an iterator of record batches.
        items: Tables of line items by the name that the scheme gives the list, each with the stream interface of Arrow.
            They are held in memory whole.
        key: The column that names the unit, in the batches and in the tables of line items.
        columns: What the result holds, as for `score_table`.
        keep: The columns that the result keeps, as they came; True for all of them.
        scores: ``decimal``, or ``whole`` for whole numbers of the last decimal place.
        amounts_in: The unit of amounts, as for `score_table`.
        on_error: ``record`` gives a row that cannot be scored no score, and the reason in ``error``; ``raise``
            raises at the first batch with such rows.
        language: The language of the reasons in ``error``, ``zh`` or ``en``.
        catalog: Where ids are looked up; by default among the installed plugins.
        year: The year that the scheme is to hold for.

    Returns:
        A reader of record batches of one schema, which it has before anything is read. It has the stream interface of
        Arrow itself.

    Raises:
        DataError: As for `score_table`; or two columns have the same name, batches differ in their columns, or an
            iterator has no batch that would say what its columns are.
        ScoringError: While reading, with ``on_error="raise"``: names the rows that cannot be scored by their numbers
            from 0 in the whole stream.

    Example:
        >>> import indicatree as it
        >>> import pyarrow as pa
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
        >>> units = pa.table({"budget.approved": [300, 300], "budget.spent": [200, 400]})
        >>> scored = score_batches(scheme, units, columns="totals")
        >>> scored.schema.names
        ['total', 'grade', 'error']
        >>> for batch in scored:
        ...     print(batch["total"].to_pylist())
        [Decimal('6.67'), Decimal('10.00')]
    """
    import pyarrow as pa  # noqa: PLC0415 - only batches need it, not every table

    one_of("on_error", on_error, ("record", "raise"))
    scorer = scheme if isinstance(scheme, Scorer) else prepare(scheme, catalog=catalog, year=year)
    job = Job.asked(
        scorer, key=key, columns=columns, keep=keep, scores=scores, amounts_in=amounts_in, language=language
    )
    schema, batches = _opened(reader)
    score = BatchScorer(job, schema, items or {})
    return pa.RecordBatchReader.from_batches(score.schema, _scored(score, batches, raising=on_error == "raise"))


def _scored(score: BatchScorer, batches: Iterable[Any], *, raising: bool) -> Iterator[pa.RecordBatch]:
    first = 0
    for table in score.cut(batches):
        batch = score(table)
        if raising and (error := _error(batch, first)):
            raise error
        yield batch
        first += table.num_rows


def _error(batch: pa.RecordBatch, first: int) -> Exception | None:
    """The error of a batch in which rows have no score; None where all have."""
    said = batch.column("error")
    number = len(said) - said.null_count
    if not number:
        return None
    lines = [(f"row {first + row}", text) for row, text in enumerate(said.to_pylist()) if text is not None]
    return not_scored(lines[:MOST_SHOWN], number)


def _opened(reader: Any) -> tuple[pa.Schema, Iterable[Any]]:
    """The schema of what comes in batches, and its batches."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    if hasattr(reader, "__arrow_c_stream__"):
        stream = pa.RecordBatchReader.from_stream(reader)
        return stream.schema, stream
    if not isinstance(reader, Iterable):
        got = type(reader).__name__
        message = Text(
            zh=f"应为具有 Arrow 流接口的对象或 Arrow 批次，实为 {got}",
            en=f"expected what has the stream interface of Arrow, or record batches, got {got}",
        )
        fix = Text(
            zh="给出 PyArrow 的读取器；惰性表格先取得其结果",
            en="give a reader of PyArrow; of a lazy table, what it gives when it is collected",
        )
        raise DataError([Problem("no-batches", "reader", message, fix)])
    batches = iter(reader)
    first = next(batches, None)
    if first is None:
        message = Text(
            zh="没有任何批次，无从知道有哪些列", en="no batch came, so that nothing says what its columns are"
        )
        fix = Text(zh="给出读取器，它带有列的结构", en="give a reader, which has a schema")
        raise DataError([Problem("no-batches", "reader", message, fix)])
    first = _batch(first)
    return first.schema, _chained(first, batches)


def _chained(first: Any, others: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from others


def _batch(given: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - as above

    if isinstance(given, pa.RecordBatch | pa.Table):
        return given
    if hasattr(given, "__arrow_c_stream__"):
        return pa.table(given)
    if hasattr(given, "__arrow_c_array__"):
        return pa.record_batch(given)
    got = type(given).__name__
    message = Text(zh=f"应为 Arrow 批次，实为 {got}", en=f"expected record batches, got {got}")
    fix = Text(zh="给出 Arrow 的记录批次", en="give record batches of Arrow")
    raise DataError([Problem("no-batches", "reader", message, fix)])


class BatchScorer:
    """Scores tables of Arrow that have the same columns, one after another, by a plan that is made once.

    Attributes:
        given: The columns of the tables that are needed or kept; others may be left out of what is scored.
        schema: The schema of the result.
        plan: The plan.
        needed: The columns of the tables that the scores are made of.
        kept: The columns of the tables that the result keeps.
    """

    def __init__(self, job: Job, schema: pa.Schema, items: Mapping[str, Any]) -> None:
        """Lay the scheme out.

        Args:
            job: What is asked for.
            schema: The schema of every table.
            items: Tables of line items, by name.

        Raises:
            DataError: The columns do not fit the scheme, or what is asked for.
        """
        import pyarrow as pa  # noqa: PLC0415 - as above

        self.job = attrs.evolve(job, keep=False)
        _check_twice(schema.names, "columns")
        lists = {name: _table(name, lines) for name, lines in items.items()}
        fields = [schema.field(name) for name in self._figures(schema.names, keyed=bool(items))]
        types, refused = _plain_types(fields, job.key)
        # A column of the type null holds nothing, and is as good as none; but line items need their key.
        types = {name: kind for name, kind in types.items() if kind != pa.null() or name == job.key}
        lists = {name: self._lines(name, lines) for name, lines in lists.items()}
        lists = {name: _keyed(name, lines, types, job.key) for name, lines in lists.items()}
        self._types = types
        made_of = _polars_frame() or (lambda table: table)
        empty = nw.from_native(made_of(pa.schema(list((types or {"__rows": pa.null()}).items())).empty_table()))
        self.plan = self.job.laid_out(empty, {name: nw.from_native(made_of(lines)) for name, lines in lists.items()})
        rows = RowScorer.of(job.scorer.scheme, self.plan.row_leaves, job.factor)
        used = {*self.plan.figures, *rows.needs(list(types)), *([job.key] if lists else [])}
        if problems := [problem for name, found in refused.items() if name in used for problem in found]:
            raise DataError(problems)
        self._types = {name: kind for name, kind in types.items() if name in used}
        self.needed = list(self._types)
        outputs = self.job.outputs(self.plan)
        self.kept = job.kept(schema.names, [output.name for output in outputs])
        number = pa.decimal128(DIGITS, job.scorer.scheme.precision) if job.scores == "decimal" else pa.int64()
        made = [pa.field(output.name, number if output.words is None else pa.string()) for output in outputs]
        self.schema = pa.schema([*(schema.field(name) for name in self.kept), *made])
        self._made = pa.schema(made)
        # one column at least, which says how many rows there are
        wanted = {*self.needed, *self.kept} or set(schema.names[:1])
        self.given = pa.schema([field for field in schema if field.name in wanted])
        self._compute = self._by_polars(lists) if _polars_frame() else self._by_arrow(lists)

    def _figures(self, names: Iterable[str], *, keyed: bool) -> list[str]:
        """The columns that are named like something that the scheme may ask for."""
        records = {name for name, shape in self.job.scorer.shape.records.items() if not shape.many}
        starts = tuple(f"{name}." for name in (*records, "judgement", "not_applicable"))
        return [name for name in names if name.startswith(starts) or (keyed and name == self.job.key)]

    def _lines(self, name: str, lines: pa.Table) -> pa.Table:
        """Line items without the columns that the scheme cannot ask for, in types that both engines have."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        shape, key = self.job.scorer.shape.records.get(name), self.job.key
        known = {key, *(record_type(shape.record_class).fields if shape is not None else ())}
        types = {
            field.name: _plain(f"{name}[].{field.name}", field.type, keyed=field.name == key)
            for field in lines.schema
            if field.name in known or field.name.startswith("judgement.")
        }
        return pa.table(
            {own: lines.column(own).cast(kind) for own, kind in types.items() if kind != pa.null() or own == key}
        )

    def _by_polars(self, lists: Mapping[str, pa.Table]) -> Callable[[pa.Table], pa.Table]:
        """What computes a table by Polars: one query, which reads the table that is held when it is asked."""
        import polars as pl  # noqa: PLC0415 - it is there
        from polars.io.plugins import register_io_source  # noqa: PLC0415 - likewise

        key = self.job.key
        lines = {name: pl.DataFrame(pl.from_arrow(table)) for name, table in lists.items()}
        held: dict[str | None, Any] = dict(lines.items())
        held[None] = pl.DataFrame(pl.from_arrow(self._narrowed(self.given.empty_table())))

        def source(name: str | None) -> Any:
            def read(columns: list[str] | None, predicate: Any, most: int | None, _: int | None) -> Iterator[Any]:
                frame = held[name] if columns is None else held[name].select(columns)
                frame = frame if predicate is None else frame.filter(predicate)
                yield frame if most is None else frame.head(most)

            return nw.from_native(register_io_source(read, schema=held[name].schema))

        units, of_units = source(None), {name: source(name) for name in lists}
        query = self.job.carried_out(self.plan, units, of_units).to_native()

        def compute(table: pa.Table) -> pa.Table:
            frame = held[None] = pl.DataFrame(pl.from_arrow(self._narrowed(table)))
            for name, every in lines.items():
                held[name] = every.join(frame.select(key), on=key, how="semi")
            return query.collect().to_arrow()

        return compute

    def _by_arrow(self, lists: Mapping[str, pa.Table]) -> Callable[[pa.Table], pa.Table]:
        """What computes a table by PyArrow."""
        of_units = {name: nw.from_native(table) for name, table in lists.items()}
        if self.plan.wide:
            raise self.job.too_wide()

        def compute(table: pa.Table) -> pa.Table:
            units = nw.from_native(self._narrowed(table))
            return self.job.carried_out(self.plan, units, of_units).to_native()

        return compute

    def _narrowed(self, table: pa.Table) -> pa.Table:
        """The figures of a table, in types that both engines have."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        columns = {name: table.column(name).cast(kind) for name, kind in self._types.items()}
        # Where no column is a figure there still are rows.
        return pa.table(columns or {"__rows": pa.nulls(table.num_rows)})

    def cut(self, batches: Iterable[Any]) -> Iterator[pa.Table]:
        """Tables of `BATCH` rows, the last one shorter, from batches of any size.

        Raises:
            DataError: A batch has other columns than the first.
        """
        import pyarrow as pa  # noqa: PLC0415 - as above

        parts: list[Any] = []
        rows = 0
        for number, given in enumerate(batches):
            batch = _batch(given)
            if any(name not in batch.schema.names for name in self.given.names) or not (
                batch := batch.select(self.given.names)
            ).schema.equals(self.given):
                message = Text(zh="列或列的类型与第一批不同", en="has other columns than the first, or of other types")
                fix = Text(zh="使各批的列与类型一致", en="give all the same schema")
                raise DataError([Problem("other-columns", f"batch {number}", message, fix)])
            start = 0
            while start < batch.num_rows:
                part = batch.slice(start, BATCH - rows)
                parts.append(pa.Table.from_batches([part]) if isinstance(part, pa.RecordBatch) else part)
                start, rows = start + part.num_rows, rows + part.num_rows
                if rows == BATCH:
                    yield pa.concat_tables(parts)
                    parts, rows = [], 0
        if rows:
            yield pa.concat_tables(parts)

    def table(self, table: pa.Table) -> pa.Table:
        """The result for a table."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        if table.num_rows > _MOST_ROWS:  # more text than 2 GiB does not fit into one piece of a column
            starts = range(0, table.num_rows, _MOST_ROWS)
            return pa.concat_tables([self.table(table.slice(start, _MOST_ROWS)) for start in starts])
        kept = [table.column(name) for name in self.kept]
        made = self._compute(table).cast(self._made)
        return pa.table([*kept, *made.columns], schema=self.schema)

    def __call__(self, table: pa.Table) -> pa.RecordBatch:
        """The result for a table, as one batch."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        return pa.RecordBatch.from_arrays([*map(_joined, self.table(table).columns)], schema=self.schema)


def _polars_frame() -> Callable[[pa.Table], Any] | None:
    """What makes a frame of Polars on the same memory; None where it is not installed."""
    try:
        import polars as pl  # noqa: PLC0415 - asked for here only
    except ImportError:
        return None
    return lambda table: pl.DataFrame(pl.from_arrow(table))


def _joined(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415 - as above

    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def _check_twice(names: Iterable[str], where: str) -> None:
    names = list(names)
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        message = Text(zh="有多列同名", en="more than one has this name")
        raise DataError([Problem("same-column", f"{where}: {name}", message) for name in twice])


def _table(name: str, lines: Any) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - as above

    if not hasattr(lines, "__arrow_c_stream__"):
        got = type(lines).__name__
        message = Text(
            zh=f"应为具有 Arrow 流接口的表格，实为 {got}",
            en=f"expected a table that has the stream interface of Arrow, got {got}",
        )
        raise DataError([Problem("other-table", f"items: {name}", message, TO_ARROW)])
    table = pa.table(lines)
    _check_twice(table.schema.names, f"items: {name}")
    return table


def _plain_types(fields: Iterable[pa.Field], key: str) -> tuple[dict[str, pa.DataType], dict[str, list[Problem]]]:
    """The types that columns are computed in; and what is wrong with those that no engine reads, if they are used."""
    from pyarrow import int64  # noqa: PLC0415 - as above

    types: dict[str, pa.DataType] = {}
    refused: dict[str, list[Problem]] = {}
    for field in fields:
        try:
            types[field.name] = _plain(field.name, field.type, keyed=field.name == key)
        except DataError as error:
            types[field.name], refused[field.name] = int64(), list(error.problems)
    return types, refused


def _plain(path: str, kind: pa.DataType, *, keyed: bool) -> pa.DataType:
    """The type that a column of a type is computed in.

    Raises:
        DataError: No engine reads it.
    """
    from pyarrow import bool_, decimal128, int64, string, types  # noqa: PLC0415 - as above

    if keyed and types.is_integer(kind) and kind.bit_width < 64:  # noqa: PLR2004 - keys of all widths are to meet
        return int64()
    if types.is_string_view(kind) or types.is_large_string(kind):
        return string()
    if types.is_dictionary(kind) and _is_text(kind.value_type):
        return string()
    if types.is_decimal32(kind) or types.is_decimal64(kind):
        return decimal128(kind.precision, kind.scale)
    known = (types.is_integer, types.is_floating, types.is_decimal128, types.is_string, types.is_date, types.is_null)
    if keyed or kind == bool_() or any(is_known(kind) for is_known in known):
        return kind
    message = Text(
        zh=f"应为数字、文本、日期、true 或 false，此列的类型为 {kind}",
        en=f"expected numbers, text, dates, true or false, got a column of {kind}",
    )
    raise DataError([Problem("wrong-type", path, message, CONVERT)])


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types  # noqa: PLC0415 - as above

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _keyed(name: str, lines: pa.Table, units: Mapping[str, pa.DataType], key: str) -> pa.Table:
    """Line items that name their unit in the type in which the units do; a table without rows may have any.

    Raises:
        DataError: They name it in another type.
    """
    if key not in units or key not in lines.schema.names:
        return lines
    own = lines.schema.field(key).type
    if own != units[key] and lines.num_rows:
        message = Text(
            zh=f'列 "{key}" 在此处的类型为 {own}，在单位的表格中为 {units[key]}',
            en=f'the column "{key}" is {own} here, and {units[key]} in the units',
        )
        fix = Text(zh="使两者类型一致", en="give both the same type")
        raise DataError([Problem("other-key", f"items: {name}", message, fix)])
    return lines.set_column(lines.schema.get_field_index(key), key, lines.column(key).cast(units[key]))
