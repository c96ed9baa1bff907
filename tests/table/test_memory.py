"""What is larger than the memory that there is, is scored all the same."""

# ruff: noqa: S603, S608 - commands and queries are made of what stands in this file

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import indicatree as it
import strategies

SCHEME = strategies.scheme_of(
    it.Leaf(id="rate", indicator=strategies.execution, points=10, rule=it.rules.Proportional())
)
LIMIT = 48 * 2**20
ASKED: Any = {"amounts_in": "minor units"}
_SIGNED = ", ".join(f'"{name}"::BIGINT AS "{name}"' for name in ("budget.planned", "budget.spent"))


def test_duckdb_scores_a_file_of_parquet_larger_than_the_memory_that_it_is_allowed(tmp_path: Path) -> None:
    duckdb: Any = pytest.importorskip("duckdb", reason="pip install duckdb")
    path, scored = tmp_path / "units.parquet", tmp_path / "scored.parquet"
    # numbers that do not compress
    figures = 'hash(range) % 1000000007 AS "budget.planned", hash(range + 0.5) % 1000000009 AS "budget.spent"'
    others = ", ".join(f"hash(range, {number}) AS other{number}" for number in range(6))
    made = f"SELECT range AS unit, {figures}, {others} FROM range(1200000)"
    duckdb.sql(f"COPY ({made}) TO '{path}' (ROW_GROUP_SIZE 20000)")
    assert path.stat().st_size > LIMIT
    allowed = duckdb.connect(config={"memory_limit": f"{LIMIT}B", "threads": "1", "temp_directory": ""})
    with pytest.raises(duckdb.OutOfMemoryException):
        allowed.sql(f"SELECT * FROM '{path}' ORDER BY other0").fetchall()
    relation = allowed.sql(f"SELECT unit, {_SIGNED}, other0 FROM '{path}'")
    it.score_table(SCHEME, relation, keep=True, **ASKED).write_parquet(str(scored), row_group_size=20_000)
    rows = pl.scan_parquet(scored)
    assert rows.select(pl.len()).collect().item() == 1_200_000
    some = rows.filter(pl.col("unit") % 100 == 0).sort("unit").collect()
    expected = it.score_table(SCHEME, some.select("unit", "budget.planned", "budget.spent"), keep=["unit"], **ASKED)
    assert some.select(expected.columns).equals(expected)


_BATCHES = """
import resource, sys
import pyarrow as pa
import indicatree as it
from table.test_memory import SCHEME

def batches(number):
    for batch in range(number):
        rows = range(batch * 65536, (batch + 1) * 65536)
        yield pa.record_batch({"budget.planned": pa.array(rows), "budget.spent": pa.array(rows)})

rows = sum(batch.num_rows for batch in it.score_batches(SCHEME, batches(int(sys.argv[1])), columns="all"))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_batches_take_no_more_memory_however_many_they_are() -> None:
    pytest.importorskip("resource", reason="only some systems say how much memory a process had")

    def peak(number: int) -> int:
        command = [sys.executable, "-c", _BATCHES, str(number)]
        found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
        rows, peak = map(int, found.stdout.split())
        assert rows == number * 65536
        return peak

    few, many = peak(8), peak(80)
    # ten times as many rows would be some 400 MB more, were they kept
    assert many < few * 1.3
