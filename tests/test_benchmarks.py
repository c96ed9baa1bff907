"""What the benchmarks compare is the same on both sides; their times are never tested."""

from __future__ import annotations

import runpy
from pathlib import Path

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
