"""Whole tables: ours on each engine against the same rules written by hand, as ratios in one run.

Run it with ``python benchmarks/tables.py``, or with ``--growth`` to see how the cost grows. Beside the packages for
tests it takes ``pip install openfisca-core pyspark duckdb pandas`` and, for Spark, Java 17; a side that lacks something
is left out, and the table says so. A full run takes minutes, most of them for Spark.

Every measurement is a new process that loads its figures, runs once to get warm, and then a few times by the clock.
The sides take turns, round after round, so that the ratios hold when the speed of the machine drifts.

Seconds are the median of all timed runs: from figures in memory to scores in memory; for Spark from Parquet to nowhere
(the format noop); for the command line the whole process, from Parquet to Parquet. Peak memory is the highest resident
memory of the process in its first run, and "added" is that less what was resident before, with the figures loaded; for
Spark both are of the JVM, whose heap is as large as it was allowed to be.

A wrong score is one that is not the same number of hundredths of a point as in exact arithmetic. A tenth of the units
has ratios on an edge of a rule or one minor unit beside it.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import polars as pl
import pyarrow as pa
import tables_peers as peers
from tables_case import GRADES, NONE, Case, by_score, figures, in_whole_numbers, scheme_of, write

import indicatree as it
from indicatree.table import score_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HAND = "polars by hand"
_SPARK_HAND = "spark by hand"
_SAMPLE = 300
_ROWS = 20_000
_MEGA = 1024


@attrs.frozen
class Side:
    """One way to score the table.

    Attributes:
        label: What it is called in the table.
        load: Gives what `run` takes, for a folder of figures and a case; it is not timed.
        run: Scores.
        shown: Makes a frame of Polars of what `run` gave, to compare the scores; None to compare nothing.
        needs: The package that it needs.
        left_out: Whether the first leaf of each tier may be left out.
        rows: How many units are scored at most; the seconds are scaled to all.
        outside: Whether the work is done by a process that `run` starts.
    """

    label: str
    load: Callable[[Path, Case], Any]
    run: Callable[[Any], Any]
    shown: Callable[[Any], pl.DataFrame] | None
    needs: str = "polars"
    left_out: bool = False
    rows: int | None = None
    outside: bool = False


@attrs.frozen
class Measured:
    """What one process says.

    Attributes:
        seconds: Of each timed run, scaled to all units.
        peak: The highest resident memory, in KiB; None where the system does not say.
        added: That less what was resident before.
        wrong_leaves: How many scores of leaves are wrong.
        wrong_units: How many units have a wrong total or grade.
    """

    seconds: list[float]
    peak: int | None = None
    added: int | None = None
    wrong_leaves: int | None = None
    wrong_units: int | None = None


def _arrow(path: Path) -> pa.Table:
    # read into memory, not mapped: mapped pages would count as memory of whoever touches them first
    with path.open("rb") as file:
        return pa.ipc.open_file(file).read_all()


def _frame(path: Path) -> pl.DataFrame:
    frame = pl.from_arrow(_arrow(path))
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - for the type checker: a table makes a frame
    return frame


def _ours(convert: Callable[[pa.Table], Any], **asked: Any) -> dict[str, Any]:
    """How `score_table` is loaded and run."""

    def load(folder: Path, case: Case) -> Any:
        return it.prepare(scheme_of(case)), convert(_arrow(folder / "minor_units.arrow"))

    def run(state: Any) -> Any:
        scorer, frame = state
        return score_table(scorer, frame, amounts_in="minor units", **asked)

    return {"load": load, "run": run}


def _collected(engine: Any = "auto", **asked: Any) -> dict[str, Any]:
    """The same on a lazy frame of Polars."""
    side = _ours(lambda table: _polars(table).lazy(), **asked)
    return {**side, "run": lambda state: side["run"](state).collect(engine=engine), "shown": lambda frame: frame}


def _polars(table: Any) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - for the type checker: a table makes a frame
    return frame


def _duckdb_relation(table: pa.Table) -> Any:
    import duckdb  # noqa: PLC0415 - only where it is measured

    connection = duckdb.connect()
    connection.register("arrow_table", table)
    connection.execute("CREATE TABLE units AS SELECT * FROM arrow_table")
    connection.unregister("arrow_table")
    return connection.table("units")


def _of_duckdb() -> dict[str, Any]:
    side = _ours(_duckdb_relation)
    return {**side, "run": lambda state: side["run"](state).to_arrow_table(), "shown": _polars, "needs": "duckdb"}


def _of_pandas() -> dict[str, Any]:
    def convert(table: pa.Table) -> Any:
        import pandas as pd  # noqa: PLC0415 - only where it is measured

        return table.to_pandas(types_mapper=pd.ArrowDtype)

    return {**_ours(convert), "shown": pl.from_pandas, "needs": "pandas"}


def _spark() -> Any:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where it is measured

    builder: Any = SparkSession.builder
    options = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "3g",
        "spark.driver.extraJavaOptions": "-XX:-DontCompileHugeMethods",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = builder.master("local[2]")
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _of_spark(*, by_hand: bool) -> dict[str, Any]:
    def load(folder: Path, case: Case) -> Any:
        name = "yuan.parquet" if by_hand else "minor_units.parquet"
        return it.prepare(scheme_of(case)), case, _spark().read.parquet(str(folder / name))

    def scored(state: Any) -> Any:
        scorer, case, frame = state
        if by_hand:
            return peers.by_spark(frame, case)
        return score_table(scorer, frame, amounts_in="minor units", keep=["unit"])

    def run(state: Any) -> Any:
        frame = scored(state)
        frame.write.format("noop").mode("overwrite").save()
        return frame

    return {
        "load": load,
        "run": run,
        "shown": lambda frame: _polars(frame.toArrow()).sort("unit"),
        "needs": "pyspark",
    }


def _of_command_line() -> dict[str, Any]:
    def run(folder: Path) -> Path:
        asked = ["score-table", str(folder / "minor_units.parquet"), str(folder / "scored.parquet")]
        asked += ["--scheme", str(folder / "scheme.json"), "--amounts-in", "minor units"]
        command = [sys.executable, "-c", "from indicatree.cli import main; main()", *asked]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - it is our command
        if ended.returncode:
            raise SystemExit(ended.stderr)
        return folder / "scored.parquet"

    return {
        "load": lambda folder, _: folder,
        "run": run,
        "shown": lambda path: pl.read_parquet(path).sort("unit"),
        "outside": True,
    }


def _by_hand(run: Callable[[Any, Case], Any], load: Callable[[pl.DataFrame, Case], Any]) -> dict[str, Any]:
    return {
        "load": lambda folder, case: (load(_frame(folder / "yuan.arrow"), case), case),
        "run": lambda state: run(*state),
    }


def _polars_by_hand(engine: Any = "auto") -> dict[str, Any]:
    side = _by_hand(
        lambda frame, case: peers.by_polars(frame, case).collect(engine=engine), lambda frame, _: frame.lazy()
    )
    return {**side, "shown": lambda frame: frame}


def _with_nan(frame: pl.DataFrame) -> dict[str, Any]:
    return {name: frame[name].fill_null(np.nan).to_numpy() for name in frame.columns}


def _in_decimal(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.head(_ROWS).with_columns(pl.all().round(2).cast(pl.Decimal(18, 2))).to_dicts()


def _openfisca(frame: pl.DataFrame, case: Case) -> Any:
    return _with_nan(frame), peers.openfisca_system(case)


SIDES = {
    _HAND: Side("Polars by hand, float64", **_polars_by_hand()),
    "polars lazy": Side("score_table, Polars lazy", **_collected()),
    "polars lazy, whole": Side('score_table, Polars lazy, scores="whole"', **_collected(scores="whole")),
    "polars lazy, all": Side('score_table, Polars lazy, columns="all"', **_collected(columns="all")),
    "polars eager": Side("score_table, Polars eager", **_ours(_polars), shown=lambda frame: frame),
    "polars by hand, streaming": Side("Polars by hand, streaming engine", **_polars_by_hand("streaming")),
    "polars lazy, streaming": Side("score_table, Polars lazy, streaming engine", **_collected("streaming")),
    "polars by hand, left out": Side("Polars by hand, 4 leaves may be left out", **_polars_by_hand(), left_out=True),
    "polars lazy, left out": Side("score_table, Polars lazy, left out", **_collected(), left_out=True),
    "polars lazy, left out, all": Side(
        'score_table, Polars lazy, left out, columns="all"', **_collected(columns="all"), left_out=True
    ),
    "pyarrow": Side("score_table, PyArrow", **_ours(lambda table: table), shown=_polars),
    "pandas": Side("score_table, pandas", **_of_pandas()),
    "duckdb": Side("score_table, DuckDB", **_of_duckdb()),
    "command line": Side("indicatree score-table, Parquet to Parquet", **_of_command_line()),
    "numpy": Side(
        "NumPy by hand, float64",
        **_by_hand(peers.by_numpy, lambda frame, _: _with_nan(frame)),
        shown=lambda made: pl.DataFrame({name: _words(values) for name, values in made.items()}),
    ),
    "openfisca": Side(
        "OpenFisca-core, float32",
        **_by_hand(lambda state, case: peers.by_openfisca(state[0], case, state[1]), _openfisca),
        shown=lambda made: pl.DataFrame({name: _words(values) for name, values in made.items()}),
        needs="openfisca_core",
    ),
    "rows": Side(
        "row by row in Python, Decimal",
        **_by_hand(peers.by_rows, lambda frame, _: _in_decimal(frame)),
        shown=lambda rows: pl.DataFrame(rows, infer_schema_length=None),
        rows=_ROWS,
    ),
    "copy": Side(
        "the limit: read all, write all",
        **_by_hand(
            lambda figures, case: peers.copy_all(figures, len(case.columns) + 1),
            lambda frame, _: list(_with_nan(frame).values()),
        ),
        shown=None,
    ),
    _SPARK_HAND: Side("Spark SQL by hand, DOUBLE", **_of_spark(by_hand=True)),
    "spark": Side("score_table, Spark", **_of_spark(by_hand=False)),
}


def _words(values: Any) -> Any:
    return values if values.dtype.kind == "f" else values.tolist()


def _wrong(shown: pl.DataFrame, folder: Path, case: Case) -> tuple[int, int]:
    """How many scores of leaves are wrong, and how many units have a wrong total or grade."""
    expected = _frame(folder / ("expected_left_out.arrow" if case.left_out else "expected.arrow")).head(shown.height)
    paths = case.paths()
    leaves, units = 0, np.zeros(shown.height, bool)
    for name in case.columns:
        column = shown[name if name in shown.columns else paths[name]]
        hundredths = column.cast(pl.Int64) if column.dtype.is_integer() else (column.cast(pl.Float64) * 100).round()
        differs = hundredths.cast(pl.Int64).fill_null(NONE).to_numpy() != expected[name].to_numpy()
        if name.startswith("leaf"):
            leaves += int(differs.sum())
        elif name == "total":
            units |= differs
    units |= shown["grade"].cast(pl.String).to_numpy() != np.array(GRADES, object)[expected["grade"].to_numpy()]
    return leaves, int(units.sum())


def _memory(what: str, process: int | str) -> int | None:
    """A figure of a process, in KiB, where the system says it."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{what}:")), None)


def _forget_peak(process: int | str) -> bool:
    """Begin to note the highest resident memory anew."""
    try:
        Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def _of_children() -> int:
    """The highest resident memory of a process that has ended, in KiB."""
    import resource  # noqa: PLC0415 - not on every system

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def measure(side: Side, folder: Path, case: Case, units: int, times: int, *, check: bool) -> Measured:
    """Load the figures of a side, and run it: this is what each process does."""
    state = side.load(folder, case)
    process: int | str = "self"
    if side.needs == "pyspark":
        process = _spark()._jvm.java.lang.ProcessHandle.current().pid()  # noqa: SLF001 - PySpark has no other name
    gc.collect()
    before = _memory("VmRSS", process) if not side.outside and _forget_peak(process) else None
    result = side.run(state)
    peak = _of_children() if side.outside else None
    if before is not None and not side.rows:
        peak = _memory("VmHWM", process)
    leaves, wrong_units = _wrong(side.shown(result), folder, case) if check and side.shown else (None, None)
    del result
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        result = side.run(state)
        seconds.append((time.perf_counter() - start) * (units / min(units, side.rows or units)))
        del result
    return Measured(seconds, peak, None if peak is None or before is None else peak - before, leaves, wrong_units)


def _in_a_process(name: str, folder: Path, case: Case, units: int, times: int, *, check: bool) -> Measured | str:
    """The measurement of a new process, or why there is none."""
    asked = {
        "side": name,
        "folder": str(folder),
        "case": attrs.asdict(case),
        "units": units,
        "times": times,
        "check": check,
    }
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", json.dumps(asked)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - it is this very script
    if ended.returncode:
        lines = [line for line in ended.stderr.splitlines() if line.strip()] or [f"it ended with {ended.returncode}"]
        return next((line for line in reversed(lines) if "Error" in line), lines[-1])[:100]
    return Measured(**json.loads(ended.stdout.splitlines()[-1]))


def _measured_here(asked: dict[str, Any]) -> None:
    side, case = SIDES[asked["side"]], Case(**asked["case"])
    found = measure(side, Path(asked["folder"]), case, asked["units"], asked["times"], check=asked["check"])
    print(json.dumps(attrs.asdict(found)))


@attrs.define
class Row:
    """What is known of one side after all rounds."""

    seconds: list[float] = attrs.field(factory=list)
    first: Measured | None = None
    failed: str = ""

    @property
    def median(self) -> float:
        """The median of the timed runs."""
        return statistics.median(self.seconds)


def _take_turns(names: Iterable[str], folder: Path, case: Case, units: int, rounds: int, times: int) -> dict[str, Row]:
    """Every side in every round, one after the other."""
    rows = {name: Row() for name in names}
    for number in range(rounds):
        for name, row in rows.items():
            side = SIDES[name]
            if row.failed:
                continue
            if importlib.util.find_spec(side.needs) is None:
                row.failed = f"not measured: {side.needs} is not installed"
                continue
            print(f"round {number + 1} of {rounds}: {side.label}", end="", file=sys.stderr, flush=True)
            of_side = attrs.evolve(case, left_out=side.left_out)
            found = _in_a_process(name, folder, of_side, units, times, check=number == 0)
            if isinstance(found, str):
                row.failed = f"not measured: {found}"
                print(f", {row.failed}", file=sys.stderr)
            else:
                print(f", {statistics.median(found.seconds):.3f} s", file=sys.stderr)
                row.seconds += found.seconds
                row.first = row.first or found
    return rows


def _table(rows: Mapping[str, Row]) -> None:
    hand = rows.get(_HAND)
    heads = ("seconds", "ratio", "peak MB", "added MB", "wrong leaf scores", "units with wrong total")
    print(f"{'':52}" + "".join(f"{head:>{max(len(head), 8) + 2}}" for head in heads))
    for name, row in rows.items():
        label = SIDES[name].label
        if row.failed or row.first is None:
            print(f"{label:52}{row.failed:>10}")
            continue
        first = row.first
        peak, added = (None if kib is None else kib // _MEGA for kib in (first.peak, first.added))
        ratio = None if hand is None or hand.failed else f"{row.median / hand.median:.2f}"
        cells = (f"{row.median:.3f}", ratio, peak, added, first.wrong_leaves, first.wrong_units)
        shown = ["-" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell for cell in cells]
        widths = (max(len(head), 8) + 2 for head in heads)
        print(f"{label:52}" + "".join(f"{cell:>{width}}" for cell, width in zip(shown, widths, strict=True)))


def _targets(rows: Mapping[str, Row]) -> None:
    """What is to be reached, beside what was measured."""

    def ratio(one: str, other: str, what: Callable[[Row], float | None]) -> float | None:
        found = [rows[name] for name in (one, other) if name in rows and rows[name].first]
        values = [what(row) for row in found]
        first, second = values if len(values) == 2 else (None, None)  # noqa: PLR2004 - both sides
        return None if first is None or not second else first / second

    def memory(row: Row) -> float | None:
        return None if row.first is None else row.first.added

    def peak(row: Row) -> float | None:
        return None if row.first is None else row.first.peak

    def time_of(row: Row) -> float | None:
        return row.median

    at_most = [
        ("time of Polars lazy over Polars by hand", ratio("polars lazy", _HAND, time_of), 1.3),
        ("the same, whole numbers", ratio("polars lazy, whole", _HAND, time_of), 1.3),
        ("time of Spark over Spark SQL by hand", ratio("spark", _SPARK_HAND, time_of), 1.6),
        ("peak memory of Polars lazy over Polars by hand", ratio("polars lazy", _HAND, peak), 1.5),
        ("memory added, the same", ratio("polars lazy", _HAND, memory), 1.5),
    ]
    at_least = [
        ("time of OpenFisca over Polars lazy", ratio("openfisca", "polars lazy", time_of), 3),
        ("time of row by row over Polars lazy", ratio("rows", "polars lazy", time_of), 100),
    ]
    print("\nto reach, as ratios:")
    for says, targets in (("at most", at_most), ("at least", at_least)):
        for label, found, limit in targets:
            if found is None:
                print(f"{label:52}{'-':>10}   {says} {limit}: not measured")
                continue
            met = found <= limit if says == "at most" else found >= limit
            beyond = abs(found / limit - 1)
            said = "met" if met else f"missed by {beyond:.0%}"
            print(f"{label:52}{found:10.2f}   {says} {limit}: {said}")


def _check_the_oracle() -> str:
    """The scores that all sides are compared with, compared with `indicatree.score` on some units."""
    for case in (Case(), Case(left_out=True)):
        given, missing = figures(case, _SAMPLE, on_an_edge=0.5)
        scores, places = in_whole_numbers(case, given, missing)
        for unit, (found, grade) in enumerate(by_score(case, given, missing, range(_SAMPLE))):
            if found != [int(scores[name][unit]) for name in case.columns] or grade != GRADES[places[unit]]:
                message = f"unit {unit} of {case}: the whole numbers differ from indicatree.score"
                raise SystemExit(message)
    return f"{2 * _SAMPLE} units scored one by one agree with the whole numbers that all are compared with"


def _growth(most_units: int, rounds: int, times: int) -> None:
    """How the seconds grow with units and with indicators."""
    print(f"{'units':>12}{'indicators':>12}{'seconds':>10}{'ns a score':>12}{'ratio':>8}{'added MB':>10}")
    sizes = [(units, 28) for units in (10**4, 10**5, 10**6, 10**7) if units <= most_units]
    sizes += [(min(10**6, most_units), indicators) for indicators in (10, 50, 100, 200)]
    for units, indicators in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder, case = Path(name), Case(indicators)
            write(case, units, folder)
            rows = _take_turns((_HAND, "polars lazy"), folder, case, units, rounds, times)
        ours, hand = rows["polars lazy"], rows[_HAND]
        if ours.failed or hand.failed or ours.first is None:
            print(f"{units:12,}{indicators:12}  {ours.failed or hand.failed}")
            continue
        each = ours.median / units / indicators * 1e9
        added = "-" if ours.first.added is None else f"{ours.first.added // _MEGA:,}"
        print(f"{units:12,}{indicators:12}{ours.median:10.3f}{each:12.2f}{ours.median / hand.median:8.2f}{added:>10}")


def main() -> None:
    """Measure, and print the table and what is to be reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1_000_000, help="how many units (1,000,000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often every side has its turn (3)")
    parser.add_argument("--times", type=int, default=3, help="timed runs of a turn (3)")
    parser.add_argument("--only", nargs="+", choices=SIDES, metavar="SIDE", help=f"only some of: {'; '.join(SIDES)}")
    parser.add_argument("--growth", action="store_true", help="how the cost grows, up to 10,000,000 units")
    parser.add_argument("--most-units", type=int, default=10**7, help="the largest table of --growth")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        _measured_here(json.loads(chosen.measure))
        return
    if chosen.growth:
        _growth(chosen.most_units, chosen.rounds, chosen.times)
        return
    print(_check_the_oracle())
    case = Case()
    with tempfile.TemporaryDirectory() as name:
        write(case, chosen.units, Path(name))
        rows = _take_turns(chosen.only or SIDES, Path(name), case, chosen.units, chosen.rounds, chosen.times)
    print(f"{chosen.units:,} units, {case.indicators} leaves of {len(case.names)} amounts,", end=" ")
    print(f"{chosen.rounds} rounds of {chosen.times}, {os.cpu_count()} processors\n")
    _table(rows)
    if SIDES["rows"].rows and "rows" in rows:
        print(f"\nrow by row: measured on at most {_ROWS:,} units and scaled; its wrong scores are of those")
    _targets(rows)


if __name__ == "__main__":
    main()
