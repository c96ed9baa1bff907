"""Ranks, percentiles and quantile groups of scored units, in whole numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import attrs
import narwhals as nw

from indicatree.problems import DataError, Problem, did_you_mean
from indicatree.table.engines import beside_pandas
from indicatree.table.options import OptionError, one_of
from indicatree.table.run import table_of
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["rank"]

_TIES: dict[str, Literal["min", "dense"]] = {"competition": "min", "dense": "dense"}
"""The rules for equal scores, each with its name in the engines."""

_TOTAL = "total"
_SCORE = "score."
_MOST_QUANTILES = 1000
_HUNDREDTH = Decimal("0.01")

_NO_COLUMN = Text(zh="没有此列", en="no such column")
_NO_SCORE = Text(zh="只能对得分排名，此列不是得分", en="ranks are of scores, and this is none")
_TWICE = Text(zh="指定了两次", en="named twice")
_ONCE = Text(zh="只指定一次", en="name it once")
_TAKEN = Text(zh="表格中已有同名的列", en="the table has such a column already")
_PREFIX = Text(
    zh='在新列名前加前缀，如 prefix="overall."', en='put another word before the new names, as prefix="overall."'
)


def rank(
    scored: Any,
    *,
    by: str | Iterable[str] = _TOTAL,
    within: str | Iterable[str] = (),
    ties: str = "competition",
    quantiles: int | None = None,
    prefix: str = "",
) -> Any:
    """Rank the units of a scored table, the highest score first.

    The table gets these columns, each with ``.<path>`` at its end where it is of ``score.<path>``. A row without that
    score has nulls in them, and counts in none.

    - ``rank``: the place, 1 for the highest score;
    - ``of``: how many units of the group have the score;
    - ``at_most``: how many of those have this score or less, the unit itself among them;
    - ``percentile``: ``at_most / of`` in percent, half up to two places: a decimal, made of whole numbers;
    - ``quantile``, with ``quantiles``: ``1 + floor(quantiles * higher / of)``, where ``higher`` is how many units
      have more (``of - at_most``). Group 1 is the best, and equal scores are always in one group.

    Only ``rank`` depends on ``ties``.

    Args:
        scored: What `score_table` gave, of any kind. DuckDB, PySpark and Dask name no row by its place: keep a column
            that does (``keep=`` of `score_table`).
        by: What is ranked: ``total``, a column ``score.<path>``, or several.
        within: The columns that say which units are compared with each other; by default all are. A null is a group
            of its own.
        ties: ``competition`` gives equal scores the better place and leaves out those after it (1, 2, 2, 4);
            ``dense`` leaves out none (1, 2, 2, 3).
        quantiles: Into how many groups the units are put, from 2 to 1000.
        prefix: What the names of the new columns begin with, so that a table can be ranked more than once.

    Returns:
        A table of the same kind with all its columns and the new ones; what was lazy is lazy. Rows keep their order,
        except in DuckDB and PySpark, which have none.

    Raises:
        DataError: A column that is named is not there or holds no exact numbers, or a new name is taken; or an argument
            is none of its choices, which is a ValueError too.

    Example:
        >>> from decimal import Decimal
        >>> import polars as pl
        >>> totals = [Decimal("80.5"), None, Decimal("92.0"), Decimal("80.5")]
        >>> rank(pl.DataFrame({"total": totals}), quantiles=2).rows()[0]
        (Decimal('80.5'), 2, 3, 2, Decimal('66.67'), 1)
    """
    one_of("ties", ties, _TIES)
    whole = isinstance(quantiles, int) and not isinstance(quantiles, bool)
    if quantiles is not None and not (whole and 2 <= quantiles <= _MOST_QUANTILES):  # noqa: PLR2004 - one is no division
        message = Text(
            zh=f"应为 2 至 {_MOST_QUANTILES} 的整数，实为 {quantiles!r}",
            en=f"expected a whole number from 2 to {_MOST_QUANTILES}, got {quantiles!r}",
        )
        raise OptionError([Problem("bad-value", "quantiles", message)])
    ranking = _Ranking(_listed(by), _listed(within), ties, quantiles, prefix)
    # narwhals gives Dask up, and is not needed for it
    if nw.dependencies.is_dask_dataframe(scored):
        ranking.check(list(scored.columns))
        return _dask(ranking, scored)
    frame = nw.from_native(scored)
    # these two take names that differ in capitals only for the same
    loose = frame.implementation.is_duckdb() or frame.implementation.is_spark_like()
    ranking.check(frame.collect_schema().names(), loose=loose)
    if frame.implementation is nw.Implementation.PANDAS:
        return _pandas(ranking, scored)
    if frame.implementation is nw.Implementation.PYARROW:
        return _arrow(ranking, scored)
    return ranking(frame).to_native()


def _listed(names: str | Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


@attrs.frozen
class _Ranking:
    """What is asked for, whatever the table is."""

    by: tuple[str, ...]
    within: tuple[str, ...]
    ties: str
    quantiles: int | None
    prefix: str

    @property
    def read(self) -> list[str]:
        """The columns that it reads."""
        return list(dict.fromkeys((*self.within, *self.by)))

    def made(self, score: str) -> list[str]:
        """The names of the columns that a score gets."""
        path = "" if score == _TOTAL else f".{score.removeprefix(_SCORE)}"
        kinds = ["rank", "of", "at_most", "percentile", *(["quantile"] if self.quantiles else [])]
        return [f"{self.prefix}{kind}{path}" for kind in kinds]

    def check(self, names: list[str], *, loose: bool = False) -> None:
        """Refuse names of columns that are not there, or there already; ``loose`` if capitals are the same there.

        Raises:
            DataError: With every such name.
        """
        problems = [*self._unknown(names), *self._taken(names, loose=loose)]
        for argument, asked in (("by", self.by), ("within", self.within)):
            twice = sorted({name for name in asked if asked.count(name) > 1})
            problems += [Problem("named-twice", f"{argument}: {name}", _TWICE, _ONCE) for name in twice]
        if not self.by:
            message = Text(zh="没有指定列", en="no column is named")
            fix = Text(zh=f'指定 "{_TOTAL}"', en=f'name "{_TOTAL}"')
            problems.append(Problem("nothing-to-rank", "by", message, fix))
        if problems:
            raise DataError(problems)

    def _unknown(self, names: list[str]) -> Iterable[Problem]:
        scores = [name for name in names if name == _TOTAL or name.startswith(_SCORE)]
        for name in dict.fromkeys(self.by):
            if name in scores:
                continue
            message = _NO_SCORE if name in names else _NO_COLUMN
            if name == _TOTAL:
                fix = Text(zh="对 score_table 的结果排名", en="rank a table that score_table gave")
            elif any(score.startswith(_SCORE) for score in scores):
                fix = did_you_mean(name, scores)
            else:
                leaves = 'columns="leaves"'
                fix = Text(zh=f"评分时用 {leaves}", en=f"score the table with {leaves}")
            yield Problem("not-a-score" if name in names else "unknown-column", f"by: {name}", message, fix)
        for name in dict.fromkeys(self.within):
            if name not in names:
                message = _NO_COLUMN + Text(
                    zh="；score_table 只保留 keep= 所指定的列", en="; score_table keeps those that its keep= names"
                )
                yield Problem("unknown-column", f"within: {name}", message, did_you_mean(name, names))

    def _taken(self, names: list[str], *, loose: bool) -> Iterable[Problem]:
        there = {name.casefold() if loose else name for name in names}
        for score in dict.fromkeys(self.by):
            for name in self.made(score):
                if (name.casefold() if loose else name) in there:
                    yield Problem("name-taken", name, _TAKEN, _PREFIX)

    def __call__(self, frame: Any) -> Any:
        """The frame with the new columns, on an engine that has windows."""
        schema = frame.collect_schema()
        problems = [
            Problem(
                "wrong-type",
                name,
                Text(
                    zh=f"应为精确的数，此列的类型为 {schema[name]}",
                    en=f"expected exact numbers, got a column of {schema[name]}",
                ),
                Text(zh="直接对得分排名", en="rank scores as they are"),
            )
            for name in self.by
            if not (schema[name].is_integer() or schema[name] == nw.Decimal)
        ]
        if problems:
            raise DataError(problems)
        table = table_of(frame, schema)
        within = [table.named[name] for name in self.within]
        frame = nw.from_native(table.frame)
        shown = [nw.col(table.named[name]).alias(name) for name in schema]
        for number, score in enumerate(self.by):
            made = [f"__made{number}_{place}" for place in range(len(self.made(score)))]
            frame = self._ranked(frame, table.named[score], within, made)
            shown += [nw.col(name).alias(to) for name, to in zip(made, self.made(score), strict=True)]
        return frame.select(*shown)

    def _ranked(self, frame: Any, score: str, within: Sequence[str], made: Sequence[str]) -> Any:
        """The frame with the columns of one score."""

        def of_group(expression: Any) -> Any:
            windowed = expression.over(*within) if within else expression
            return nw.when(~nw.col(score).is_null()).then(windowed.cast(nw.Int64))

        place, of, at_most, percentile, *quantile = made
        first = f"{place}_first"
        column = nw.col(score)
        frame = frame.with_columns(
            **{
                place: of_group(column.rank(_TIES[self.ties], descending=True)),
                first: of_group(column.rank("min", descending=True)),
                of: of_group(column.count()),
            }
        )
        frame = frame.with_columns(**{at_most: nw.col(of) - nw.col(first) + 1})
        whole = _divided(nw.col(at_most) * 20_000 + nw.col(of), nw.col(of) * 2)
        frame = frame.with_columns(
            **{percentile: (whole.cast(nw.Decimal(19, 0)) * nw.lit(_HUNDREDTH)).cast(nw.Decimal(5, 2))}
        )
        if quantile and self.quantiles:
            group = _divided((nw.col(first) - 1) * self.quantiles, nw.col(of)) + 1
            frame = frame.with_columns(**{quantile[0]: group})
        return frame


def _divided(number: Any, by: Any) -> Any:
    """A quotient rounded down.

    Spark divides whole numbers as floats. Without the remainder the quotient is a whole number, and so exact.
    """
    return ((number - number % by) // by).cast(nw.Int64)


def _polars(table: Any, ranking: _Ranking) -> Any:
    """A table of Arrow as one of Polars, with scores of which all are null as numbers.

    Raises:
        DataError: Polars is not installed, or does not take a column.
    """
    try:
        import polars as pl  # noqa: PLC0415 - only tables of Arrow, pandas and Dask are converted
    except ImportError:
        fix = 'pip install "indicatree[table]"'
        message = Text(
            zh="Arrow、pandas 和 Dask 的表格由 Polars 排名，而 Polars 尚未安装",
            en="tables of Arrow, pandas and Dask are ranked by Polars, which is not installed",
        )
        raise DataError([Problem("no-polars", "scored", message, fix)]) from None
    made, problems = {}, []
    for name in ranking.read:
        try:
            made[name] = pl.Series(name, pl.from_arrow(table.column(name)))
        except (pl.exceptions.PolarsError, NotImplementedError, TypeError, ValueError) as error:
            problems.append(_not_taken("Polars", name, error))
    if problems:
        raise DataError(problems)
    empty = [name for name in ranking.by if made[name].dtype == pl.Null]
    return pl.DataFrame(made).with_columns(pl.col(empty).cast(pl.Int64))


def _not_taken(engine: str, name: str, error: Exception) -> Problem:
    message = Text(zh=f"{engine} 不接受此列：{error}", en=f"{engine} does not take the column: {error}")
    return Problem("wrong-type", name, message, Text(zh="转换此列的类型", en="convert it"))


def _arrow(ranking: _Ranking, table: Any) -> Any:
    """A table of Arrow, which has no windows: ranked by Polars, its own columns left as they are."""
    ranks = ranking(nw.from_native(_polars(table, ranking))).to_arrow()
    for name in ranks.column_names[len(ranking.read) :]:
        table = table.append_column(name, ranks.column(name))
    return table


def _pandas(ranking: _Ranking, frame: Any) -> Any:
    """A table of pandas, which has no windows of several columns with nulls: ranked by Polars."""
    ranked = ranking(nw.from_native(_polars(_arrow_of(frame, ranking), ranking)))
    return beside_pandas(frame, ranked.select(ranked.columns[len(ranking.read) :]).to_arrow())


def _arrow_of(frame: Any, ranking: _Ranking) -> Any:
    """What is read of a table of pandas, as Arrow.

    Raises:
        DataError: A column holds values of several types.
    """
    import pyarrow as pa  # noqa: PLC0415 - only tables of pandas are converted

    made, problems = {}, []
    for name in ranking.read:
        try:
            made[name] = pa.array(frame[name], from_pandas=True)
        except (pa.ArrowException, TypeError, ValueError) as error:
            problems.append(_not_taken("Arrow", name, error))
    if problems:
        raise DataError(problems)
    return pa.table(made)


def _dask(ranking: _Ranking, frame: Any) -> Any:
    """A table of Dask: what is read of it is ranked in one part, and each part looks its own up there."""
    read, ranks = frame[ranking.read], _RanksOfDask(ranking)
    whole = read.repartition(npartitions=1).map_partitions(ranks, meta=ranks(read._meta))  # noqa: SLF001 - Dask has no other name
    found = _FoundInDask(ranking)
    meta = found(frame._meta, whole._meta)  # noqa: SLF001 - likewise
    return frame.map_partitions(found, whole, meta=meta, align_dataframes=False)


@attrs.frozen
class _RanksOfDask:
    """The ranks of a table of pandas, a row for each score in each group."""

    ranking: _Ranking

    def __call__(self, frame: Any) -> Any:
        import pandas as pd  # noqa: PLC0415 - a table of Dask is here, and so is pandas

        read = _polars(_arrow_of(frame, self.ranking), self.ranking)
        ranked = self.ranking(nw.from_native(read)).to_native().unique(maintain_order=True)
        return ranked.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)


@attrs.frozen
class _FoundInDask:
    """The ranks of one part of a table of Dask, looked up among those of the whole."""

    ranking: _Ranking

    def __call__(self, part: Any, ranks: Any) -> Any:
        import polars as pl  # noqa: PLC0415 - what is ranked by Polars is looked up by it
        import pyarrow as pa  # noqa: PLC0415 - a table of pandas is converted

        known: Any = pl.from_arrow(pa.Table.from_pandas(ranks, preserve_index=False))
        read = _polars(_arrow_of(part, self.ranking), self.ranking)
        # a part that is all nulls does not know their type
        read = read.cast({name: known.schema[name] for name in self.ranking.read})
        found = read.join(known, on=self.ranking.read, how="left", nulls_equal=True, maintain_order="left")
        return beside_pandas(part, found.select(found.columns[len(self.ranking.read) :]).to_arrow())
