"""What the benchmarks compare is the same on both sides; their times are never tested."""

from __future__ import annotations

import runpy
from pathlib import Path

ONE_UNIT = Path(__file__).parents[1] / "benchmarks" / "one_unit.py"


def test_the_scorecard_and_the_arithmetic_by_hand_give_the_same_scores() -> None:
    scorecard, by_hand = runpy.run_path(str(ONE_UNIT))["both"]()
    card, (scores, total) = scorecard(), by_hand()
    assert [leaf.score for leaf in card.leaves()] == scores
    assert (len(scores), card.total) == (28, total)
