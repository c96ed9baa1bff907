"""What runs row by row says how far it is, where that is asked for and somebody can see it."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

import indicatree as it
import strategies

if TYPE_CHECKING:
    from collections.abc import Callable

ROWWISE = strategies.scheme_of(
    it.Leaf(id="rate", indicator=strategies.fragile, points=10, rule=it.rules.Proportional())
)
UNITS = pl.DataFrame({"budget.planned": [9, 9, 9], "budget.spent": [1, 8, 1]})


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(screen: io.StringIO, score: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", screen)
        score()
    return screen.getvalue()


def test_a_terminal_shows_how_far_the_rows_are(monkeypatch: pytest.MonkeyPatch) -> None:
    said = shown(Terminal(), lambda: it.score_table(ROWWISE, UNITS, progress=True), monkeypatch)
    assert "row by row" in said
    assert "100%" in said


def test_what_a_terminal_shows_is_in_the_language_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    said = shown(Terminal(), lambda: it.score_table(ROWWISE, UNITS, progress=True, language="zh"), monkeypatch)
    assert "逐行计算" in said
    assert "row by row" not in said


@pytest.mark.parametrize(("screen", "progress"), [(Terminal(), False), (io.StringIO(), True)])
def test_nothing_is_shown_unasked_or_where_nobody_sees_it(
    screen: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, progress: bool
) -> None:
    assert not shown(screen, lambda: it.score_table(ROWWISE, UNITS, progress=progress), monkeypatch)


def test_the_bar_changes_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    shown(Terminal(), lambda: found.append(it.score_table(ROWWISE, UNITS, progress=True)), monkeypatch)
    assert found[0].equals(it.score_table(ROWWISE, UNITS))
