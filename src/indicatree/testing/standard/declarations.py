"""Laws of what is declared: files, edges, code that does not fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import reject
from hypothesis import strategies as st

from indicatree.arithmetic import Quantity, exact
from indicatree.data import record_type
from indicatree.scheme.files import Parts, load_scheme
from indicatree.scoring import Outcome
from indicatree.testing.standard.capabilities import (
    EDGES,
    names_edges,
)
from indicatree.testing.standard.shared import (
    leaves_with,
)
from indicatree.testing.trials import INDICATOR, RULE, SCHEME, law
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.scheme import Scheme
    from indicatree.testing.trials import Trial

__all__ = ["edges_are_named", "files_keep_the_scheme", "nothing_fails"]

_POSITIONS = st.integers(0, 1000)


@law(
    "files-keep-the-scheme",
    of=[RULE, SCHEME],
    title=Text(zh="方案写成文件再读回，内容不变", en="A scheme that goes to a file and back is the same"),
    why=Text(zh="印发的方案必须就是评分所用的方案", en="the scheme that is published must be the one that scores"),
)
def files_keep_the_scheme(trial: Trial) -> None:
    """To what a TOML file holds, and back."""
    from indicatree.data.files import parse_text  # noqa: PLC0415 - only this law pays for it

    scheme = trial.scheme
    defined = {**scheme.define.indicators, **scheme.define.records}
    measures = [measure for _, leaf in scheme.leaves() for measure in leaf.measures]
    measures += [veto.indicator for veto in scheme.vetoes if veto.indicator is not None]
    classes = {record_type(shape.record_class).id: shape.record_class for shape in scheme.data_shape.records.values()}
    parts = Parts(
        {measure.key: measure for measure in measures if measure.id not in defined},
        {leaf.rule.kind: type(leaf.rule) for _, leaf in scheme.leaves() if leaf.rule is not None},
        {name: cls for name, cls in classes.items() if name not in defined},
    )
    again = load_scheme(parse_text(scheme.to_toml(), language="toml"), parts)
    said = Text(zh="读回的方案不同", en="the scheme that was read back differs")
    trial.expect(again == scheme, said, at=_first_change(scheme, again))


def _first_change(first: Scheme, second: Scheme) -> str:
    other = dict(second.leaves())
    return next((path for path, leaf in first.leaves() if other.get(path) != leaf), "")


@law(
    "edges-are-named",
    of=[RULE, SCHEME],
    title=Text(
        zh="规则在相邻两个分界点之间按直线给分",
        en="Between two neighbouring edges that a rule names, its points run straight",
    ),
    why=Text(
        zh="检查和测试只看规则说明的分界点及其两侧；未说明的跳变不会被发现",
        en="the linter and tests look at the edges that a rule names and beside: a jump elsewhere would be missed",
    ),
    needs=[EDGES],
)
def edges_are_named(trial: Trial) -> None:
    """Three values between two neighbouring edges of one rule."""
    leaves = leaves_with(trial.scheme, names_edges)
    path, leaf = leaves[trial.draw(_POSITIONS) % len(leaves)]
    rule, full = leaf.rule, leaf.points
    if rule is None:
        reject()
    beside: dict[str, Any] = {name: Quantity(trial.draw(st.integers(-200, 400)), 100) for name in rule.compared_with}
    asked = {name: trial.draw(st.booleans()) for name in rule.asks}
    edges = sorted({exact(edge).fraction for edge in rule.edges(full, **beside)})
    if len(edges) < 2:  # noqa: PLR2004 - there is nothing between
        reject()
    position = trial.draw(_POSITIONS) % (len(edges) - 1)
    low, high = edges[position], edges[position + 1]
    parts = sorted(trial.draw(st.sets(st.integers(1, 999), min_size=3, max_size=3)))
    values = [low + (high - low) * part / 1000 for part in parts]
    points = [exact(rule.points(exact(value), full, **beside, **asked)).fraction for value in values]
    straight = (points[1] - points[0]) * (values[2] - values[0]) == (points[2] - points[0]) * (values[1] - values[0])
    shown = [leaf.indicator.unit.show_exact(exact(value), "en") for value in values]
    got = [exact(one).text for one in points]
    trial.expect(
        straight,
        Text(
            zh=f"{', '.join(shown)} 依次得 {', '.join(got)} 分，其间没有说明的分界点",
            en=f"{', '.join(shown)} get {', '.join(got)} points, and no edge is named between them",
        ),
        at=path,
    )


@law(
    "nothing-fails",
    of=[INDICATOR, RULE],
    title=Text(
        zh="在数据限度之内，指标和规则的计算不出错", en="On data within its limits neither a measure nor a rule fails"
    ),
    why=Text(zh="一个单位的数据不应使全部评分中断", en="the figures of one unit must not stop the scoring of all"),
)
def nothing_fails(trial: Trial) -> None:
    """No leaf of the scorecard has failed."""
    card = trial.score(trial.data(missing=True, scored=False))
    for node in card.leaves():
        trial.expect(node.outcome is not Outcome.FAILED, node.note, at=node.path)
