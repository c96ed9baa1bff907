"""What a law may ask of what it is tried on."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from indicatree.arithmetic import exact
from indicatree.data import fields, record_type
from indicatree.indicators import PERCENT, Checklist, Graded, Measured
from indicatree.scheme import Leaf, Scheme, Treatment
from indicatree.testing.trials import Capability
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indicatree.testing.trials import Subject

__all__ = [
    "ADDITIVE",
    "AMOUNTS",
    "CHECKLISTS",
    "DIRECTION",
    "EDGES",
    "FORMULAS",
    "GRADES",
    "LEAVES_LEFT_OUT",
    "RATIO_OF_AMOUNTS",
    "STATEMENTS",
    "STRICT_ON_MISSING",
    "SUMS",
    "TABLES",
    "TARGET",
    "asks_assessor",
    "is_directed",
    "is_ratio_of_amounts",
    "is_ruled_checklist",
    "is_ruled_grade",
    "is_strict",
    "is_targeted",
    "names_edges",
    "not_additive",
    "runs_on_ranges",
    "treatment_of",
]


def _inner(scheme: Scheme) -> Iterator[tuple[str, Any]]:
    """The whole and every node with children, by path."""
    yield "", scheme
    for path, node in scheme.walk():
        if not isinstance(node, Leaf):
            yield path, node


def not_additive(subject: Subject) -> Text:
    """Which node does not add its children; empty words where all do."""
    for path, node in _inner(subject.scheme):
        if not node.aggregation.additive:
            combine, where = node.aggregation.combine.title, path or subject.scheme.id
            return Text(zh=f"{where} 不是各项相加（{combine['zh']}）", en=f"{where} is not a sum ({combine['en']})")
    return Text()


def _no_sum(subject: Subject) -> Text:
    if any(node.aggregation.additive for _, node in _inner(subject.scheme)):
        return Text()
    return Text(zh="没有各项相加的节点", en="no node adds its children")


def _asked(zh: str, en: str, has: Callable[[Leaf], bool]) -> Callable[[Subject], Text]:
    """The reason why a subject lacks something that some leaf of it must have."""

    def lacking(subject: Subject) -> Text:
        return Text() if any(has(leaf) for _, leaf in subject.scheme.leaves()) else Text(zh=zh, en=en)

    return lacking


def has_measured_rule(leaf: Leaf) -> bool:
    """Whether a rule gives points for a measured value."""
    return isinstance(leaf.indicator, Measured) and leaf.rule is not None


def is_directed(leaf: Leaf) -> bool:
    """Whether more or less of the value is better."""
    better = leaf.indicator.better
    return has_measured_rule(leaf) and better is not None and better.target is None


def is_targeted(leaf: Leaf) -> bool:
    """Whether the value is best at a target."""
    better = leaf.indicator.better
    return has_measured_rule(leaf) and better is not None and better.target is not None


def is_ruled_checklist(leaf: Leaf) -> bool:
    """Whether a rule gives points for the items of a checklist."""
    return isinstance(leaf.indicator, Checklist) and leaf.rule is not None


def is_ruled_grade(leaf: Leaf) -> bool:
    """Whether a rule gives points for a graded judgement."""
    return isinstance(leaf.indicator, Graded) and leaf.rule is not None


def asks_assessor(leaf: Leaf) -> bool:
    """Whether the rule of a measured value asks an assessor."""
    return has_measured_rule(leaf) and leaf.rule is not None and bool(leaf.rule.asks)


def _kinds(leaf: Leaf) -> list[Any]:
    """The kinds of the figures of a measure."""
    measure = leaf.indicator
    if not isinstance(measure, Measured):
        return []
    return [
        record_type(measure.parameters[parameter].record_class).fields[field] for parameter, field in measure.figures
    ]


def _has_amounts(leaf: Leaf) -> bool:
    return any(isinstance(kind, fields.Money) for kind in _kinds(leaf))


def is_ratio_of_amounts(leaf: Leaf) -> bool:
    """Whether the value is a percentage of which every number is an amount."""
    kinds = [kind for kind in _kinds(leaf) if not isinstance(kind, fields.Flag | fields.Choice | fields.Words)]
    return leaf.indicator.unit == PERCENT and bool(kinds) and all(isinstance(kind, fields.Money) for kind in kinds)


def names_edges(leaf: Leaf) -> bool:
    """Whether the rule names two edges or more."""
    rule = leaf.rule
    if not has_measured_rule(leaf) or rule is None:
        return False
    named = rule.edges(leaf.points, **dict.fromkeys(rule.compared_with, exact(0)))
    return len(set(map(exact, named))) > 1


def runs_on_ranges(leaf: Leaf) -> bool:
    """Whether the formula runs on ranges: a smallest or largest line item is not told of ranges."""
    measure = leaf.indicator
    return isinstance(measure, Measured) and measure.formula is not None and not _picks_item(measure.formula)


def _picks_item(node: Any) -> bool:
    if getattr(node, "op", "") in ("smallest", "largest"):
        return True
    return any(_picks_item(part) for part in getattr(node, "args", ()) if hasattr(part, "op"))


def treatment_of(scheme: Scheme, leaf: Leaf, outcome: str) -> Treatment:
    """What is done with a leaf that has this outcome."""
    found: Treatment = getattr(scheme.policies_of(leaf), outcome)
    return found


_STRICT = (Treatment.ERROR, Treatment.NO_POINTS)


def is_strict(scheme: Scheme, leaf: Leaf) -> bool:
    """Whether a missing figure gives a leaf no points, or no scorecard at all."""
    return treatment_of(scheme, leaf, "missing") in _STRICT and not leaf.lowest < 0


def _not_strict(subject: Subject) -> Text:
    """Why no leaf is strict; empty words where one is."""
    if any(is_strict(subject.scheme, leaf) for _, leaf in subject.scheme.leaves()):
        return Text()
    return Text(zh="各项的缺失政策均给分或不计", en="every policy for missing gives points or leaves out")


def _nothing_left_out(subject: Subject) -> Text:
    leaves = list(subject.scheme.leaves())
    left_out = [
        path for path, leaf in leaves if treatment_of(subject.scheme, leaf, "not_applicable") is Treatment.LEFT_OUT
    ]
    if left_out and len(leaves) > 1:
        return Text()
    return Text(zh="没有可以不计的指标", en="no leaf can be left out")


def _no_tables(subject: Subject) -> Text:
    """Why nothing is scored in tables; empty words where what that needs is installed."""
    del subject
    missing = next((name for name in ("narwhals", "polars", "pyarrow") if find_spec(name) is None), None)
    if missing is None:
        return Text()
    return Text(
        zh=f'未安装 {missing}（pip install "indicatree[table]"）',
        en=f'{missing} is not installed (pip install "indicatree[table]")',
    )


ADDITIVE = Capability("additive", not_additive)
AMOUNTS = Capability("amounts", _asked("没有用到金额", "no measure uses an amount of money", _has_amounts))
CHECKLISTS = Capability("checklists", _asked("没有要点清单", "there is no checklist", is_ruled_checklist))
DIRECTION = Capability(
    "direction", _asked("没有说明数值越大还是越小越好", "no indicator says whether more or less is better", is_directed)
)
EDGES = Capability("edges", _asked("没有规则说明两个以上分界点", "no rule names two edges or more", names_edges))
FORMULAS = Capability(
    "formulas", _asked("没有公式可用于区间", "no measure has a formula that runs on ranges", runs_on_ranges)
)
GRADES = Capability("grades", _asked("没有分级评定", "nothing is graded", is_ruled_grade))
LEAVES_LEFT_OUT = Capability("leaves-left-out", _nothing_left_out)
RATIO_OF_AMOUNTS = Capability(
    "ratio-of-amounts", _asked("不是金额之比", "the value is no ratio of amounts only", is_ratio_of_amounts)
)
STATEMENTS = Capability(
    "statements",
    _asked("没有规则询问评价人", "no rule asks an assessor", asks_assessor),
)
STRICT_ON_MISSING = Capability("strict-on-missing", _not_strict)
SUMS = Capability("sums", _no_sum)
TARGET = Capability(
    "target", _asked("没有以接近目标为佳的指标", "no indicator has a target to be near to", is_targeted)
)
TABLES = Capability("tables", _no_tables)
