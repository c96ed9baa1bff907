"""Tables of Spark, in real sessions: on one machine, and on a cluster that loses an executor."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

import indicatree as it
import indicatree_sample
from indicatree import testing
from strategies import Budget, Project, execution, fragile, project_execution
from table.tables import assert_same, one_by_one, tables_of
from table.test_agreement import assert_agrees, drawn, in_tables
from table.test_edges import RULES, adversarial, check, scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("pyspark", reason='pip install "pyspark>=4", and Java 17')

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")

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
    # the workers take row by row what the tests define
    builder = builder.config("spark.executorEnv.PYTHONPATH", str(Path(__file__).parents[1]))
    made = builder.config("spark.driver.extraJavaOptions", COMPILED).getOrCreate()
    made.sparkContext.setLogLevel("OFF")
    yield made
    made.stop()


def test_no_edge_is_missed_on_spark(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def scored_on(_: str, scheme: it.Scheme, frame: pl.DataFrame, **asked: Any) -> Any:
        return _scored_on_spark(session, scheme, frame, **asked)

    monkeypatch.setitem(check.__globals__, "scored_on", scored_on)
    for rule in ("bands", "started", "continuous"):
        check("spark", "change", rule, adversarial())
    check("spark", "product", "continuous", adversarial()[::5])
    check("spark", "product", "started", [*adversarial()[::5], (1, 10**15, 10**15)])


SAMPLE = attrs.evolve(
    it.load_scheme("sample-2025", catalog=it.Catalog(plugins=[indicatree_sample])),
    policies=it.Policies(missing="left_out", undefined="no_points", not_applicable="left_out"),
)


@given(st.lists(testing.data_for(SAMPLE, missing=True, inapplicable=True), min_size=6, max_size=6))
@settings(max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_row_on_spark_is_what_its_unit_scores_by_itself(session: Any, units: list[it.UnitData]) -> None:
    assume(in_tables(units, ["branches"]))
    frame, items = tables_of(SAMPLE, units)
    assert_same(SAMPLE, _scored_on_spark(session, SAMPLE, frame, items, columns="all"), one_by_one(SAMPLE, units))


@given(drawn())
@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_row_of_any_scheme_on_spark_is_what_its_unit_scores_by_itself(
    session: Any, scheme_and_units: tuple[it.Scheme, list[it.UnitData]]
) -> None:
    assert_agrees(lambda scheme, *tables: _scored_on_spark(session, scheme, *tables, columns="all"), *scheme_and_units)


def test_what_is_no_plain_arithmetic_runs_row_by_row_in_the_workers(session: Any) -> None:
    leaf = it.Leaf(id="leaf", indicator=fragile, points=10, rule=it.rules.Proportional())
    group = it.Group(id="group", title="Group", indicators=[leaf])
    policies = it.Policies(missing="left_out", failed="no_points")
    scheme = it.Scheme(id="rows", tiers=[it.TierNode(tier="effect", groups=[group])], policies=policies)
    units = [it.UnitData(records={"budget": Budget(planned=planned, spent=spent)}) for planned, spent in AMOUNTS]
    frame, _ = tables_of(scheme, units)
    assert_same(scheme, _scored_on_spark(session, scheme, frame, columns="all"), one_by_one(scheme, units))


AMOUNTS = [(1000, 1), (1, 1000), (1000, 999), (None, 3)]


def test_what_was_lazy_is_lazy_and_keeps_its_columns(session: Any) -> None:
    frame = session.createDataFrame([(1, 10, "east")], "unit int, `budget.spent` int, `the region` string")
    rule = it.rules.AllOrNothing(at_least=0)
    scored = it.score_table(scheme_of("rate", rule), frame, keep=True, columns="totals")
    assert scored.columns == ["unit", "budget.spent", "the region", "total", "grade", "error"]
    assert scored.collect()[0]["total"] == 0
    with pytest.raises(ValueError, match="collect the result"):
        it.score_table(scheme_of("rate", rule), frame, on_error="raise")


def test_line_items_reach_the_workers_too(session: Any) -> None:
    @it.indicator("spark.longest", tier=it.Tier.OUTPUT, title=it.Text(en="Longest"), rowwise=True)
    def dearest(projects: it.Items[Project]) -> Any:
        return max((project.spent / project.planned for project in projects), default=it.exact(0))

    leaf = it.Leaf(id="dearest", indicator=dearest, points=10, rule=it.rules.Proportional())
    tiers = [it.TierNode(tier="output", groups=[it.Group(id="group", title="Group", indicators=[leaf])])]
    scheme = it.Scheme(id="items", tiers=tiers)
    units = [
        it.UnitData(
            records={"projects": it.Items(Project, [Project(planned=9, spent=one, active=True) for one in spent])}
        )
        for spent in ([1, 8], [], [3])
    ]
    assert_agrees(lambda of, *tables: _scored_on_spark(session, of, *tables, columns="all"), scheme, units)


def test_lines_are_compared_with_a_figure_of_their_unit_that_may_lack(session: Any) -> None:
    case = it.rules.Case(at_least="whole", points=10)
    rule = it.rules.Comparison(against={"whole": execution}, cases=[case], otherwise=5)
    lines = it.Leaf(
        id="lines",
        indicator=project_execution,
        points=10,
        rule=rule,
        for_each="projects",
        bindings={"project": "projects"},
    )
    scheme = it.Scheme(
        id="compared",
        tiers=[it.TierNode(tier="process", groups=[it.Group(id="group", title="Group", indicators=[lines])])],
        policies=it.Policies(missing="no_points", undefined="full_points"),
    )
    projects = it.Items(Project, [Project(planned=9, spent=spent, active=True) for spent in (1, 9)])
    budgets = [Budget(planned=planned, spent=4) for planned in (9, None, 0)]
    units = [it.UnitData(records={"budget": budget, "projects": projects}) for budget in budgets]
    assert_agrees(lambda of, *tables: _scored_on_spark(session, of, *tables, columns="all"), scheme, units)


def test_several_lists_are_compared_with_figures_of_their_unit(session: Any) -> None:
    @it.indicator("spark.share", tier=it.Tier.PROCESS, title=it.Text(en="Share"))
    def share(project: Project, budget: Budget) -> Any:
        return project.spent / budget.planned

    leaves = [
        it.Leaf(
            id=name,
            indicator=share,
            points=10,
            rule=it.rules.Proportional(),
            for_each=name,
            bindings={"project": name},
        )
        for name in ("roads", "parks")
    ]
    tiers = [it.TierNode(tier="process", groups=[it.Group(id="group", title="Group", indicators=leaves)])]
    scheme = it.Scheme(id="lists", tiers=tiers)
    budgets = [Budget(planned=planned, spent=0) for planned in (9, 3)]
    roads, parks = (it.Items(Project, [Project(planned=1, spent=spent, active=True)]) for spent in (2, 1))
    units = [it.UnitData(records={"budget": one, "roads": roads, "parks": parks}) for one in budgets]
    assert_agrees(lambda of, *tables: _scored_on_spark(session, of, *tables, columns="all"), scheme, units)


def test_a_sum_beyond_64_bits_does_not_stop_spark(session: Any) -> None:
    @it.indicator("spark.sum", tier=it.Tier.OUTPUT, title=it.Text(en="Sum"))
    def planned(projects: it.Items[Project]) -> Any:
        return it.total(projects.planned)

    leaf = it.Leaf(id="sum", indicator=planned, points=10, rule=it.rules.AllOrNothing(at_least=1))
    tiers = [it.TierNode(tier="output", groups=[it.Group(id="group", title="Group", indicators=[leaf])])]
    lines = pl.DataFrame({"unit": [1, *[2] * 9300], "planned": [500, *[10**15] * 9300]})
    asked: Any = {"items": {"projects": lines}, "amounts_in": "minor units"}
    frame = pl.DataFrame({"unit": [1, 2]})
    small, large = _scored_on_spark(session, it.Scheme(id="sums", tiers=tiers), frame, **asked).iter_rows(named=True)
    assert (small["total"], small["error"]) == (10, None)
    assert "score the unit by itself" in large["error"]


def test_no_part_of_a_large_scheme_is_too_large_for_java_to_compile_well(session: Any) -> None:
    """Should this fail on a new version of Spark: what `in_parts` says is written in parts no longer is."""
    (_, leaf) = next(iter(scheme_of("change", RULES["continuous"][0]).leaves()))
    leaves = [attrs.evolve(leaf, id=f"leaf{number}") for number in range(200)]
    tiers = [it.TierNode(tier="process", groups=[it.Group(id="group", title="Group", indicators=leaves)])]
    frame = session.createDataFrame(
        [(1, 10, 10, 10)], "unit int, `budget.approved` long, `budget.spent` long, `budget.before` long"
    )
    scored = it.score_table(it.Scheme(id="large", tiers=tiers), frame)
    mode = session._jvm.org.apache.spark.sql.execution.ExplainMode.fromString("codegen")
    written = scored._jdf.queryExecution().explainString(mode)
    sizes = [int(size) for size in re.findall(r"maxMethodCodeSize:(\d+)", written)]
    assert sizes
    assert max(sizes) < 30_000


_SCRIPT = """
import json, os, signal, subprocess, sys, warnings
from pyspark.sql import SparkSession
from table.test_edges import RULES, adversarial, scheme_of
import indicatree as it

options, kill, master = sys.argv[1:]
builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false")
builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.executor.memory", "512m")
for side in ("driver", "executor") if options else ():
    builder = builder.config(f"spark.{side}.extraJavaOptions", options)
session = builder.getOrCreate()
session.sparkContext.setLogLevel("OFF")
rows = [(number, *row) for number, row in enumerate(adversarial())]
frame = session.createDataFrame(rows, "unit int, `budget.approved` long, `budget.spent` long, `budget.before` long")
scheme = scheme_of("change", RULES["started"][0])
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    scored = it.score_table(scheme, frame.repartition(8), keep=["unit"], amounts_in="minor units")
said = [str(warning.message) for warning in caught if warning.category is RuntimeWarning]
scored.count()
# in brackets, so that this script does not find itself
found = subprocess.run(["pgrep", "-f", "[C]oarseGrainedExecutorBackend"], capture_output=True, text=True)
executors = found.stdout.split()
if kill == "kill":
    os.kill(int(executors[0]), signal.SIGKILL)
totals = {row["unit"]: str(row["total"]) for row in scored.select("unit", "total").collect()}
print(json.dumps({"totals": totals, "executors": len(executors), "said": said}))
"""


def _run(options: str, kill: str, master: str) -> Any:
    paths = [str(Path(__file__).parents[1]), *filter(None, sys.path)]
    done = subprocess.run(  # noqa: S603 - this test's own script
        [sys.executable, "-c", _SCRIPT, options, kill, master],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": ":".join(paths)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


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
        (
            "this session of Spark runs large plans uncompiled: "
            "start it with -XX:-DontCompileHugeMethods in spark.driver.extraJavaOptions"
        )
    ]
