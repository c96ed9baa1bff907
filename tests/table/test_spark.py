"""Tables of Spark, in real sessions: on one machine, and on a cluster that loses an executor."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

import indicatree as it
from table.tables import assert_same, one_by_one, tables_of
from table.test_agreement import drawn
from table.test_edges import RULES, adversarial, check, scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("pyspark", reason='pip install "pyspark>=4", and Java 17')

COMPILED = "-XX:-DontCompileHugeMethods"


def _scored_on_spark(session: Any, scheme: it.Scheme, frame: pl.DataFrame, items: Any = None, **asked: Any) -> Any:
    lists = {name: session.createDataFrame(lines.to_arrow()) for name, lines in (items or {}).items()}
    scored = it.score_table(scheme, session.createDataFrame(frame.to_arrow()), items=lists, keep=["unit"], **asked)
    return pl.DataFrame(scored.toArrow()).sort("unit")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where it is installed

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.sql.shuffle.partitions", "1")
    made = builder.config("spark.driver.extraJavaOptions", COMPILED).getOrCreate()
    made.sparkContext.setLogLevel("OFF")
    yield made
    made.stop()


def test_no_edge_is_missed_on_spark(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def scored_on(_: str, scheme: it.Scheme, frame: pl.DataFrame, **asked: Any) -> Any:
        return _scored_on_spark(session, scheme, frame, **asked)

    monkeypatch.setitem(check.__globals__, "scored_on", scored_on)
    for rule in RULES:
        check("spark", "change", rule, adversarial())
    check("spark", "product", "continuous", adversarial()[::5])


def test_every_row_on_spark_is_what_its_unit_scores_by_itself(session: Any) -> None:
    @given(drawn())
    @settings(max_examples=4, suppress_health_check=list(HealthCheck))
    def same(scheme_and_units: tuple[it.Scheme, list[it.UnitData]]) -> None:
        scheme, units = scheme_and_units
        frame, items = tables_of(scheme, units)
        try:
            scored = _scored_on_spark(session, scheme, frame, items, columns="all")
        except it.DataError as error:
            assert {problem.code for problem in error.problems} <= {"no-column", "rows-of-items"}
        else:
            assert_same(scheme, scored, one_by_one(scheme, units))

    same()


def test_what_was_lazy_is_lazy_and_keeps_its_columns(session: Any) -> None:
    frame = session.createDataFrame([(1, 10, "east")], "unit int, `budget.spent` int, `the region` string")
    rule = it.rules.AllOrNothing(at_least=0)
    scored = it.score_table(scheme_of("rate", rule), frame, keep=True, columns="totals")
    assert scored.columns == ["unit", "budget.spent", "the region", "total", "grade", "error"]
    assert scored.collect()[0]["total"] == 0
    with pytest.raises(ValueError, match="collect the result"):
        it.score_table(scheme_of("rate", rule), frame, on_error="raise")


_SCRIPT = """
import json, os, signal, subprocess, sys, warnings
from pyspark.sql import SparkSession
from table.test_edges import RULES, adversarial, scheme_of
import indicatree as it

options, kill = sys.argv[1], sys.argv[2] == "kill"
builder = SparkSession.builder.master(sys.argv[3]).config("spark.ui.enabled", "false")
builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.executor.memory", "512m")
if options:
    builder = builder.config("spark.driver.extraJavaOptions", options).config("spark.executor.extraJavaOptions", options)
session = builder.getOrCreate()
session.sparkContext.setLogLevel("OFF")
rows = [(number, *row) for number, row in enumerate(adversarial())]
frame = session.createDataFrame(rows, "unit int, `budget.approved` long, `budget.spent` long, `budget.before` long")
frame = frame.repartition(8)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    scored = it.score_table(scheme_of("change", RULES["started"][0]), frame, keep=["unit"], amounts_in="minor units")
    said = [str(warning.message) for warning in caught if "indicatree" in warning.filename or "Spark" in str(warning.message)]
workers = lambda: subprocess.run(["pgrep", "-f", "CoarseGrainedExecutorBackend"], capture_output=True, text=True).stdout.split()
scored.count()
before = workers()
if kill:
    os.kill(int(before[0]), signal.SIGKILL)
totals = {row["unit"]: str(row["total"]) for row in scored.select("unit", "total").collect()}
print(json.dumps({"totals": totals, "executors": len(before), "said": said}))
"""


def _run(options: str, kill: str, master: str) -> Any:
    paths = [str(Path(__file__).parents[1]), *filter(None, sys.path)]
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, options, kill, master],
        capture_output=True,
        text=True,
        check=False,
        env={**_environment(), "PYTHONPATH": ":".join(paths)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def _environment() -> dict[str, str]:
    import os  # noqa: PLC0415 - only here

    return dict(os.environ)


def test_a_killed_executor_changes_no_score() -> None:
    found = _run(COMPILED, "kill", "local-cluster[2,1,1024]")
    assert found["executors"] == 2
    assert found["said"] == []
    columns = {
        f"budget.{name}": [row[place] for row in adversarial()]
        for place, name in enumerate(("approved", "spent", "before"))
    }
    scheme = scheme_of("change", RULES["started"][0])
    alone = it.score_table(scheme, pl.DataFrame(columns), amounts_in="minor units")["total"]
    assert found["totals"] == {str(number): str(total) for number, total in enumerate(alone)}


def test_a_session_that_leaves_plans_uncompiled_is_warned_of() -> None:
    found = _run("", "", "local[1]")
    assert found["said"] == [
        ("this session of Spark runs large plans uncompiled: "
        "start it with -XX:-DontCompileHugeMethods in spark.driver.extraJavaOptions")
    ]
