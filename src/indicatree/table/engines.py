"""What the engines do differently, in one place."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import attrs
import narwhals as nw

from indicatree.problems import DataError, Problem
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from indicatree.table.rows import RowScorer
    from indicatree.table.run import Lines
    from indicatree.table.table import Table

__all__ = [
    "KNOWN",
    "TO_ARROW",
    "Engine",
    "beside_pandas",
    "engine_of",
    "joined",
    "null_columns",
    "warn_of_spark",
    "with_rows",
]


KNOWN = Text(
    zh="应为 Polars、pandas、PyArrow、DuckDB、PySpark 或 Dask 的表格",
    en="expected a table of Polars, pandas, PyArrow, DuckDB, PySpark or Dask",
)
TO_ARROW = Text(zh="转换表格，例如转为 Arrow", en="convert it, for example to Arrow")


@attrs.frozen
class Engine:
    """How an engine is spoken to.

    Attributes:
        name: Its name.
        wide: Whether it has whole numbers of 38 digits.
        wraps: Whether it goes on where a number leaves 64 bits, as it may in a row that holds no figure.
        most_repeated: How large an expression may be, written out with what is in it twice; beyond that, what it
            has twice becomes a column first. An engine that computes everything as often as it is named takes 0.
    """

    name: str
    wide: bool = False
    wraps: bool = True
    most_repeated: int = 400


_POLARS = Engine("polars", wide=True)
_SPARK = Engine("pyspark", wide=True, wraps=False)
_ENGINES = {
    nw.Implementation.POLARS: _POLARS,
    nw.Implementation.PYARROW: Engine("pyarrow", most_repeated=0),
    nw.Implementation.DUCKDB: Engine("duckdb", wide=True, wraps=False),
    nw.Implementation.PYSPARK: _SPARK,
    nw.Implementation.PYSPARK_CONNECT: _SPARK,
}


def engine_of(frame: Any) -> Engine:
    """The engine that holds a frame of narwhals.

    Raises:
        DataError: Scores are not tested on this engine.
    """
    engine = _ENGINES.get(frame.implementation)
    if engine is None:
        message = KNOWN + Text(zh=f"，此表属于 {frame.implementation}", en=f", got one of {frame.implementation}")
        raise DataError([Problem("unknown-table", "frame", message, TO_ARROW)])
    return engine


def joined(frame: Any, grouped: Any, key: str, names: Sequence[str], engine: Engine) -> Any:
    """A table with what is made of the line items of each unit, in the order of its rows where it has one.

    Args:
        frame: The table.
        grouped: A row for each unit that has items, named in ``__of``.
        key: The column of the table that names the unit.
        names: The columns that are added.
        engine: The engine.
    """
    if engine.name == "polars":
        return frame.join(grouped, left_on=key, right_on="__of", how="left", maintain_order="left")
    if engine.name == "pyarrow":
        # Arrow joins no columns of some types, and in no order
        keys = frame.select(nw.col(key)).with_row_index("__order")
        found = keys.join(grouped, left_on=key, right_on="__of", how="left").sort("__order").to_native()
        native = frame.to_native()
        for name in names:
            native = native.append_column(name, found.column(name))
        return nw.from_native(native)
    return frame.join(grouped, left_on=key, right_on="__of", how="left")


def beside_pandas(frame: Any, made: Any) -> Any:
    """A table of pandas with the columns of a table of Arrow at its right."""
    import pandas as pd  # noqa: PLC0415 - a table of pandas is here, and so is pandas

    right = made.to_pandas(types_mapper=pd.ArrowDtype)
    right.index = frame.index
    return pd.concat([frame, right], axis="columns")


def with_rows(table: Table, lines: Mapping[str, Lines], rows: RowScorer, key: str) -> Any:
    """The frame with the columns that Python computes row by row."""
    needed = rows.needs(list(table.schema))
    names = [name for row_leaf in rows.leaves for name in (row_leaf.units, row_leaf.outcome)]
    wanted = [name for name in sorted(rows.lists()) if name in lines]
    if table.engine.name == "pyspark":
        native, listed = _with_lists(table, {name: lines[name] for name in wanted}, key)
        rows = attrs.evolve(rows, progress=False)  # the workers have no terminal
        given = {name: table.named[name] for name in needed}
        return nw.from_native(_rows_of_spark(native, given, listed, names, rows))
    lists = {name: _listed(lines[name]) for name in wanted}
    places = {table.named[name]: name for name in {*needed, *([key] if lists else [])}}

    def computed(columns: Mapping[str, Sequence[Any]], size: int) -> dict[str, list[int | None]]:
        values = {places[name]: column for name, column in columns.items()}
        items = {name: [found.get(unit, ()) for unit in values[key]] for name, found in lists.items()}
        return rows({name: values[name] for name in needed}, size, items)

    if table.engine.name == "polars":
        return _rows_of_polars(table.frame, list(places), names, computed)
    native = table.frame.to_native()
    arrow = native if table.engine.name == "pyarrow" else native.to_arrow_table()
    made = computed({name: arrow.column(name).to_pylist() for name in places}, arrow.num_rows)
    import pyarrow as pa  # noqa: PLC0415 - a table of Arrow is here, and so is PyArrow

    for name, values in made.items():
        arrow = arrow.append_column(name, pa.array(values, pa.int64()))
    if table.engine.name == "duckdb":
        import duckdb  # noqa: PLC0415 - a relation of DuckDB is here, and so is DuckDB

        return nw.from_native(duckdb.from_arrow(arrow))
    return nw.from_native(arrow)


def _listed(lines: Lines) -> dict[Any, list[dict[str, Any]]]:
    """The line items of each unit, as values by field."""
    frame = lines.given
    rows = (frame.collect() if hasattr(frame, "collect") else frame).rows(named=True)
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[lines.key], []).append(row)
    return found


def _rows_of_polars(frame: Any, needed: list[str], names: list[str], computed: Callable[..., Any]) -> Any:
    import polars as pl  # noqa: PLC0415 - a frame of Polars is here, and so is Polars

    def add(part: Any) -> Any:
        found = computed({name: part.get_column(name).to_list() for name in needed}, part.height)
        return part.with_columns([pl.Series(name, found[name], dtype=pl.Int64) for name in names])

    schema = {**frame.collect_schema(), **dict.fromkeys(names, pl.Int64)}
    return frame.map_batches(add, schema=schema)


def _with_lists(table: Table, lines: Mapping[str, Lines], key: str) -> tuple[Any, dict[str, str]]:
    """A table of Spark with a column for each list, which holds the items of each unit; and the names of those."""
    from pyspark.sql import functions as F  # noqa: N812, PLC0415 - a frame of Spark is here; its own name for them

    native, listed = table.frame.to_native(), {}
    for number, (name, found) in enumerate(lines.items()):
        listed[name] = f"__list{number}"
        fields = [F.col(place).alias(field) for field, place in found.table.named.items()]
        of_units = found.given.to_native().groupBy(F.col(found.table.named[found.key]).alias("__of"))
        grouped = of_units.agg(F.collect_list(F.struct(*fields)).alias(listed[name]))
        native = native.join(grouped, native[table.named[key]] == grouped["__of"], "left").drop("__of")
    return native, listed


def _rows_of_spark(
    frame: Any, given: Mapping[str, str], listed: Mapping[str, str], names: Sequence[str], rows: RowScorer
) -> Any:
    """A table of Spark with what its workers compute of batches of Arrow.

    Args:
        frame: The table.
        given: The column of each figure that is needed.
        listed: The column of each list of line items, which is left out afterwards.
        names: What is computed.
        rows: Computes it.
    """
    from pyspark.sql.types import LongType, StructField, StructType  # noqa: PLC0415 - a frame of Spark is here

    kept = [name for name in frame.columns if name not in listed.values()]

    def add(batches: Any) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - in the worker

        for batch in batches:
            columns = {name: batch.column(place).to_pylist() for name, place in given.items()}
            items = {name: [one or () for one in batch.column(place).to_pylist()] for name, place in listed.items()}
            found = rows(columns, batch.num_rows, items)
            arrays = [*map(batch.column, kept), *[pa.array(found[name], pa.int64()) for name in names]]
            yield pa.RecordBatch.from_arrays(arrays, names=[*kept, *names])

    fields = [*frame.select(*kept).schema.fields, *[StructField(name, LongType()) for name in names]]
    return frame.mapInArrow(add, StructType(fields))


_COMPILED = "-XX:-DontCompileHugeMethods"


def warn_of_spark(frame: Any, language: str) -> None:
    """Warn of a session of Spark whose Java leaves large plans uncompiled, which makes them several times slower."""
    context = getattr(frame.sparkSession, "_sc", None)
    if context is None:
        return  # a session of Spark Connect does not say how its Java was started
    where = []
    java = context._jvm.java.lang.management.ManagementFactory.getRuntimeMXBean()  # noqa: SLF001 - no public name
    if _COMPILED not in list(java.getInputArguments()):
        where.append("spark.driver.extraJavaOptions")
    local = context.master.partition("[")[0] == "local"
    if not local and _COMPILED not in context.getConf().get("spark.executor.extraJavaOptions", ""):
        where.append("spark.executor.extraJavaOptions")
    if where:
        message = Text(
            zh=f"此 Spark 会话运行大型计划时不经编译：启动时请在 {' 和 '.join(where)} 中加入 {_COMPILED}",
            en=f"this session of Spark runs large plans uncompiled: start it with {_COMPILED} in {' and '.join(where)}",
        )
        warnings.warn(message[language], RuntimeWarning, stacklevel=6)


def null_columns(frame: Any, names: Sequence[str]) -> set[str]:
    """The columns, of some whose type narwhals does not know, that can hold nothing but nulls."""
    kind = type(frame).__module__.partition(".")[0]
    if not names:
        return set()
    if kind == "polars":
        types = {name: str(dtype) for name, dtype in frame.collect_schema().items()}
    elif kind == "pyarrow":
        types = {field.name: str(field.type) for field in frame.schema}
    elif kind == "pyspark":
        types = {field.name: field.dataType.typeName() for field in frame.schema.fields}
    else:
        types = dict(zip(frame.columns, map(str, frame.types), strict=True))
    return {name for name in names if types[name].strip('"').lower() in ("null", "void")}
