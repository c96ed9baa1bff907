"""A table that Polars holds."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from indicatree.table.plan import DIGITS
from indicatree.table.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indicatree.table.engines import Engine

__all__ = ["PolarsTable"]

_LONGEST_LIST = 2**16


@lru_cache(maxsize=16)
def _decimals(low: int, high: int, places: int) -> pl.Series:
    """Whole numbers of the last decimal place as decimal numbers."""
    whole = pl.int_range(low, high + 1, eager=True).cast(pl.Decimal(19, 0))
    return pl.select(whole * pl.lit(Decimal(1).scaleb(-places))).to_series().cast(pl.Decimal(DIGITS, places))


class PolarsTable(Table):
    """A frame of Polars itself: it has the interface of narwhals, whose own expressions take longer to make."""

    def __init__(self, frame: Any, engine: Engine, schema: Mapping[str, Any], mark: str = "__in") -> None:
        """Hold a frame of narwhals; names that begin with the mark are free."""
        super().__init__(frame.to_native(), engine, schema, mark)
        self.of = self.own = pl
        self.wide = pl.Int128

    def decimals(self, column: Any, limits: tuple[int, int], places: int) -> Any:
        """Numbers of the last decimal place, between two limits, as decimal numbers: looked up, which is quicker."""
        low, high = limits
        if high - low >= _LONGEST_LIST:
            return super().decimals(column, limits, places)
        return pl.lit(_decimals(low, high, places)).gather(column - low if low else column)

    def words(self, column: Any, words: Sequence[str | None], limits: tuple[int, int]) -> Any:
        """The word of each number between two limits, looked up."""
        low, high = limits
        return pl.lit(pl.Series(words[low : high + 1], dtype=pl.String)).gather(column - low if low else column)
