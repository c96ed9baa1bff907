"""The law of ranges: what a rounded figure stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import Interval, Many, Quantity, State, UnsettledError, exact
from indicatree.data import Items, fields, record_type
from indicatree.indicators import Measured
from indicatree.testing.standard.capabilities import (
    FORMULAS,
    runs_on_ranges,
)
from indicatree.testing.standard.shared import (
    leaves_with,
)
from indicatree.testing.trials import law
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.testing.trials import Trial

__all__ = ["ranges_hold_the_value"]


class _RangedRecord:
    """A record whose figures are known to their last decimal place only."""

    def __init__(self, record: Any) -> None:
        self._record = record

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        kind = record_type(type(self._record)).fields[name]
        return _range_of(kind, getattr(self._record, name))


class _RangedItems:
    """Line items whose figures are known to their last decimal place only."""

    def __init__(self, items: Items[Any]) -> None:
        self._items = items

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self._items, name)
        kind = record_type(self._items.record_class).fields[name]
        return Many(tuple(_range_of(kind, value) for value in found.values)) if isinstance(found, Many) else found

    def count_items(self, condition: Any = None) -> Any:
        """How many items a condition holds for."""
        return self._items.count_items(condition)


def _range_of(kind: Any, value: Any) -> Any:
    if isinstance(kind, fields.Date) or not isinstance(value, Quantity) or not value.is_defined:
        return value
    half = Quantity(1, 2 * 10**kind.places)
    return Interval(value - half, value + half)


@law(
    "ranges-hold-the-value",
    title=Text(
        zh="按数据最后一位的误差算出的结果和得分区间，包含按数据本身算出的结果和得分",
        en="The range of a value, and of its points, from figures known to their last digit holds the exact one",
    ),
    why=Text(
        zh="核对报告时据此判断印出的数是否可能成立",
        en="an audit tells by ranges whether a printed figure can be right",
    ),
    needs=[FORMULAS],
)
def ranges_hold_the_value(trial: Trial) -> None:
    """Each formula and its rule, on the figures and on what they stand for when they are rounded."""
    data = trial.data()
    card = trial.score(data)
    for path, leaf in leaves_with(trial.scheme, runs_on_ranges):
        node = card[path]
        if leaf.for_each or node.value is None or not isinstance(leaf.indicator, Measured):
            continue
        names = leaf.record_names()
        arguments = []
        for parameter, shape in leaf.indicator.parameters.items():
            record = data.records.get(names[parameter], shape.empty())
            arguments.append(_RangedItems(record) if isinstance(record, Items) else _RangedRecord(record))
        try:
            found = leaf.indicator.function(*arguments)
        except UnsettledError as error:
            if error.state is not State.DEFINED:
                raise
            continue  # which items count is itself not known
        if isinstance(found, Interval) and not found.is_defined:
            continue
        said = Text(
            zh=f"结果 {node.value.text} 不在区间 {_shown(found)} 内",
            en=f"the value {node.value.text} is not in {_shown(found)}",
        )
        trial.expect(_is_in(node.value, found), said, at=path)
        if leaf.rule is None or leaf.rule.compared_with:
            continue
        points = exact(leaf.rule.points(node.value, leaf.points, **node.detail.beside))
        ranged = leaf.rule.points(found, leaf.points, **node.detail.beside)
        if points.is_defined and not (isinstance(ranged, Interval) and not ranged.is_defined):
            said = Text(
                zh=f"{points.text} 分不在区间 {_shown(ranged)} 内",
                en=f"{points.text} points are not in {_shown(ranged)}",
            )
            trial.expect(_is_in(points, ranged), said, at=path)


def _is_in(value: Quantity, found: Any) -> bool:
    return value in found if isinstance(found, Interval) else exact(found) == value


def _shown(found: Any) -> str:
    return f"{found.low.text} – {found.high.text}" if isinstance(found, Interval) else exact(found).text
