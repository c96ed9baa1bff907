"""A CSV of departments becomes a ranked Parquet file. Needs ``indicatree[table]``."""

import sys
from pathlib import Path

import polars as pl

import indicatree as it

HERE = Path(__file__).resolve().parent

if hasattr(sys.stdout, "reconfigure"):
    sys.stdout.reconfigure(encoding="utf-8")

# Everything is read as text, so that no amount passes through a float.
units = pl.scan_csv(HERE / "departments.csv", infer_schema=False)
scored = it.score_table(HERE / "departments-scheme.toml", units, keep=["unit", "region", "kind"], amounts_in="万元")
ranked = it.rank(scored, within="region").sort("region", "rank")
ranked.sink_parquet("ranked.parquet")

for row in pl.read_parquet("ranked.parquet").iter_rows(named=True):
    print(row["region"], row["rank"], row["unit"], row["total"], row["grade"])
