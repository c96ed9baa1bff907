"""What the benchmarks compare is the same on both sides; their times are never tested."""

from __future__ import annotations

import runpy
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from indicatree import testing

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_the_scorecard_and_the_arithmetic_by_hand_give_the_same_scores() -> None:
    scorecard, by_hand = runpy.run_path(str(BENCHMARKS / "one_unit.py"))["both"]()
    card, (scores, total) = scorecard(), by_hand()
    assert [leaf.score for leaf in card.leaves()] == scores
    assert (len(scores), card.total) == (28, total)


def test_every_law_has_a_subject_in_the_thorough_profile(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = runpy.run_path(str(BENCHMARKS / "thorough.py"))
    monkeypatch.setattr("sys.argv", ["thorough.py", "--examples", "2"])
    with pytest.raises(SystemExit) as ended:
        module["main"]()
    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 0
    assert len(lines) == len(testing.laws())
    assert all(": holds (" in line and "seed 20221231" in line for line in lines)


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return runpy.run_path(str(BENCHMARKS / "tables.py"))


@pytest.mark.parametrize("left_out", [False, True])
def test_away_from_the_edges_the_rules_by_hand_give_the_scores_of_a_table(
    tables: dict[str, Any], *, left_out: bool
) -> None:
    case, peers, hundred = tables["Case"](left_out=left_out), tables["peers"], Decimal(100)
    given, missing = tables["figures"](case, 500, on_an_edge=0)
    scores, places = tables["in_whole_numbers"](case, given, missing)
    lists: dict[str, list[int | None]] = {
        name: [None if lacks else int(value) for value, lacks in zip(given[name], missing[name], strict=True)]
        for name in case.names
    }
    named = pl.LazyFrame({f"amounts.{name}": values for name, values in lists.items()})
    whole = tables["score_table"](tables["scheme_of"](case), named, scores="whole", amounts_in="minor units").collect()
    yuan = pl.DataFrame(lists).select(pl.all() / 100)
    made = {"polars": peers.by_polars(yuan.lazy(), case).collect()}
    if not left_out:
        numbers = {name: yuan[name].fill_null(np.nan).to_numpy() for name in case.names}
        made["numpy"] = peers.by_numpy(numbers, case)
        rows = [
            {name: None if missing[name][unit] else int(given[name][unit]) / hundred for name in case.names}
            for unit in range(500)
        ]
        made["rows"] = pl.DataFrame(peers.by_rows(rows, case), infer_schema_length=None)
    grades = [tables["GRADES"][place] for place in places]
    assert whole["grade"].to_list() == grades
    for name, path in case.paths().items():
        expected = [None if score == tables["NONE"] else int(score) for score in scores[name]]
        assert whole[path].to_list() == expected
        for side in made.values() if name.startswith("leaf") or not left_out else ():
            found = [None if score is None else round(float(score) * 100) for score in side[name]]
            assert found == expected
    # where leaves are left out, a tier is rounded, and floats are not right on its halves
    assert left_out or all(list(side["grade"]) == grades for side in made.values())


def test_tables_are_measured_side_by_side(
    tables: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sides = ["polars by hand", "polars lazy", "rows", "copy"]
    arguments = ["tables.py", "--units", "200", "--rounds", "1", "--times", "1", "--only", *sides]
    monkeypatch.setattr(sys, "argv", arguments)
    tables["main"]()
    lines = capsys.readouterr().out.splitlines()
    measured = {side: next(line for line in lines if line.startswith(tables["SIDES"][side].label)) for side in sides}
    assert not any("not measured" in line for line in measured.values())
    assert measured["polars lazy"].split()[-2:] == ["0", "0"]
    assert measured["rows"].split()[-2:] == ["0", "0"]
    assert int(measured["polars by hand"].split()[-2]) > 0
    assert any(line.startswith("time of row by row over Polars lazy") and "at least 100" in line for line in lines)


def test_what_cannot_be_measured_is_said(
    tables: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["tables.py", "--units", "10", "--only", "openfisca"])
    tables["main"]()
    assert "not measured: openfisca_core is not installed" in capsys.readouterr().out


def test_growth_is_measured_for_units_and_for_indicators(
    tables: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = tables["Measured"]([0.5, 0.25, 0.25], 2048, 1024)
    monkeypatch.setitem(tables["main"].__globals__, "_in_a_process", lambda *_, **__: measured)
    monkeypatch.setattr(sys, "argv", ["tables.py", "--growth", "--most-units", "10000"])
    tables["main"]()
    sizes = [line.split()[:2] for line in capsys.readouterr().out.splitlines()[1:]]
    assert sizes == [["10,000", "28"], *[["10,000", str(size)] for size in (10, 50, 100, 200)]]


def test_an_audit_and_the_fractions_by_hand_give_the_same_verdicts() -> None:
    module = runpy.run_path(str(BENCHMARKS / "audit.py"))
    given = module["report"](figures=60, sums=30, width=12, wrong=3)
    audited, by_hand = module["both"](given)
    found, verdicts = audited(), by_hand()
    assert [one.verdict.value for one in found.checks] == verdicts
    assert set(verdicts) == {"holds", "holds_within_rounding", "broken"}
    assert len(given.figures) == 90
    assert {one.id.removeprefix("t.") for one in found.broken_figures} == set(given.wrong)


def test_an_audit_is_measured_beside_the_fractions_by_hand(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = runpy.run_path(str(BENCHMARKS / "audit.py"))
    small = module["report"](figures=40, sums=10, width=5, wrong=1)
    monkeypatch.setitem(module["main"].__globals__, "report", lambda: small)
    module["main"]()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("50 figures, 10 sums, ")
    assert any(line.startswith("ratio, median") and "to reach: at most" in line for line in lines)
    assert lines[-1].startswith("wrong figures")
    monkeypatch.setitem(module["main"].__globals__, "by_hand", lambda _: [])
    with pytest.raises(SystemExit, match="the verdicts differ"):
        module["main"]()
