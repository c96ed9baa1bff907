"""What several laws need: scores by points alone, figures that are moved, values that are compared."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from indicatree.arithmetic import exact
from indicatree.scoring import Outcome, Scorecard
from indicatree.testing.strategies import figures
from indicatree.testing.strategies.aim import Aim, aims_of
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indicatree.data import UnitData
    from indicatree.scheme import Leaf, Scheme
    from indicatree.scoring import NodeScore
    from indicatree.testing.trials import Trial

__all__ = ["Seen", "added", "aims_at", "compare_all", "leaves_with", "moved", "score_of", "seen_of"]

_POSITIONS = st.integers(0, 1000)
_PERCENTS = st.integers(0, 99)
_SCORED = Outcome.SCORED


def score_of(node: NodeScore, card: Scorecard) -> Fraction | None:
    """The score of a node by points alone, before any veto."""
    units = node.units if node.path else card.arithmetic_units
    return None if units is None else Fraction(units, 10**node.info.places)


def added(values: Iterable[Fraction]) -> Fraction:
    """The sum, exactly."""
    return sum(values, start=Fraction(0))


def moved(trial: Trial, aims: list[Aim], data: UnitData) -> UnitData:
    """The data with one figure of one of these leaves changed, often so that a value is on an edge."""
    if not aims:
        reject()
    aim = aims[trial.draw(_POSITIONS) % len(aims)]
    if trial.draw(_PERCENTS) < 70:  # noqa: PLR2004 - most are aimed at an edge
        records = aim.toward_edge(trial.draw, data.records)  # type: ignore[arg-type]
    else:
        place = aim.places[trial.draw(_POSITIONS) % len(aim.places)]
        records = place.put(data.records, trial.draw(figures(place.kind)), trial.draw(_POSITIONS))
    return trial.keep(attrs.evolve(data, records=records))


@attrs.frozen
class Seen:
    """A value that was measured, and what it got."""

    value: Fraction
    units: int
    beside: tuple[tuple[str, Any], ...]


def seen_of(leaf: Leaf, card: Scorecard, path: str) -> list[Seen]:
    """What a leaf's rule gave for its value, or for the value of each line."""
    node = card[path]
    if leaf.for_each:
        if leaf.rule is None or leaf.rule.compared_with:
            return []
        beside = tuple(node.detail.beside.items())
        lines = [line for line in node.lines if line.outcome is _SCORED and line.value is not None]
        return [Seen(line.value.fraction, line.units, beside) for line in lines if line.units is not None]  # type: ignore[union-attr]
    if node.outcome is not _SCORED or node.value is None or node.units is None:
        return []
    return [Seen(node.value.fraction, node.units, tuple(sorted(node.detail.beside.items())))]


def _said_by_assessor(leaf: Leaf, seen: Seen) -> bool:
    asks = leaf.rule.asks if leaf.rule is not None else {}
    return any(bool(said) for name, said in seen.beside if name in asks)


def _better(leaf: Leaf, first: Fraction, second: Fraction) -> bool:
    """Whether the second value is better than the first, as far as the indicator says."""
    better = leaf.indicator.better
    if better is None or first == second:
        return False
    if better.target is None:
        return (first < second) is (better.direction == "more")
    target = better.target.fraction
    same_side = (first <= target and second <= target) or (first >= target and second >= target)
    return same_side and abs(second - target) < abs(first - target)


def compare_all(trial: Trial, leaves: list[tuple[str, Leaf]], cards: list[Scorecard]) -> None:
    """Of any two values of a leaf, the better one must not have got fewer points."""
    for path, leaf in leaves:
        found = [one for card in cards for one in seen_of(leaf, card, path) if not _said_by_assessor(leaf, one)]
        for first in found:
            for second in found:
                if first.beside == second.beside and _better(leaf, first.value, second.value):
                    trial.expect(second.units >= first.units, _worse(leaf, first, second, trial.scheme), at=path)


def _worse(leaf: Leaf, first: Seen, second: Seen, scheme: Scheme) -> Text:
    unit = leaf.indicator.unit
    shown = {
        language: [unit.show_exact(exact(one.value), language) for one in (first, second)] for language in ("zh", "en")
    }
    points = [exact(Fraction(one.units, 10**scheme.precision)).text for one in (first, second)]
    return Text(
        zh=f"较好的 {shown['zh'][1]} 得 {points[1]} 分，较差的 {shown['zh'][0]} 得 {points[0]} 分",
        en=f"the better {shown['en'][1]} gets {points[1]} points, the worse {shown['en'][0]} gets {points[0]}",
    )


def leaves_with(scheme: Scheme, has: Callable[[Leaf], bool]) -> list[tuple[str, Leaf]]:
    """The leaves of which something holds, with their paths."""
    return [(path, leaf) for path, leaf in scheme.leaves() if has(leaf)]


def aims_at(paths: Iterable[tuple[str, Leaf]], scheme: Scheme) -> list[Aim]:
    """Those of some leaves whose value can be moved."""
    wanted = {path for path, _ in paths}
    return [aim for aim in aims_of(scheme) if aim.path in wanted]
