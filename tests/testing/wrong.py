"""A deliberately wrong subject for each law: the proof that the law can fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import attrs

import indicatree as it
from indicatree import fields, rules
from indicatree.testing import Subject
from strategies import Budget, execution, judged, judged_leaf, scheme_of, text, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


# Wrong ways to combine


class Doubled(it.Aggregation):
    """Gives twice what its children have."""

    def score(self, parts: Sequence[Any], points: it.Quantity) -> Any:
        return super().score(parts, points) * 2


class OnlyFirst(it.Aggregation):
    """Looks at the child that stands first."""

    def score(self, parts: Sequence[Any], points: it.Quantity) -> Any:
        return super().score(parts[:1], points)


class Unspread(it.Aggregation):
    """Loses the points of what is left out."""

    def score(self, parts: Sequence[Any], points: it.Quantity) -> Any:
        del points
        return sum((part.score for part in parts if part.counts), start=it.exact(0))


def combined(aggregation: it.Aggregation) -> Subject:
    leaves = [judged_leaf("a", 2), judged_leaf("b", 4)]
    return Subject.of_scheme(scheme_of(*leaves, aggregation=aggregation, points=6))


# Wrong engines


def engine(change: Callable[[it.NodeScore], it.NodeScore]) -> Callable[[it.Scheme, it.UnitData], it.Scorecard]:
    """An engine that changes nodes after the library has scored them, children first."""

    def changed(node: it.NodeScore) -> it.NodeScore:
        return change(attrs.evolve(node, children=tuple(map(changed, node.children))))

    def score(scheme: it.Scheme, data: it.UnitData) -> it.Scorecard:
        card = it.score(scheme, data)
        root = changed(card.root)
        return attrs.evolve(card, root=root, arithmetic_units=root.units)

    return score


def one_more(level: str) -> Callable[[it.NodeScore], it.NodeScore]:
    """Adds a hundredth to each node of a level."""

    def change(node: it.NodeScore) -> it.NodeScore:
        more = node.info.level == level and node.units is not None
        return attrs.evolve(node, units=(node.units or 0) + 1) if more else node

    return change


def grouped(node: it.NodeScore) -> it.NodeScore:
    """Adds the children, and a hundredth for each."""
    if not node.children or any(child.units is None for child in node.children):
        return node
    return attrs.evolve(node, units=sum(child.units or 0 for child in node.children) + len(node.children))


def without_adjustments(node: it.NodeScore) -> it.NodeScore:
    return attrs.evolve(node, detail=attrs.evolve(node.detail, adjustments=()))


def two_leaves(**more: Any) -> it.Scheme:
    """Two judged leaves of odd points, of which either may be left out."""
    return scheme_of(judged_leaf("a", 1), judged_leaf("b", 2), judged_leaf("c", 4), **more)


def by(change: Callable[[it.NodeScore], it.NodeScore]) -> Subject:
    return Subject.of_scheme(two_leaves(), score=engine(change))


# Wrong rules


@attrs.frozen(kw_only=True)
class Wrong(it.Rule):
    """What the wrong rules share."""

    kind: ClassVar[str] = "wrong.rule"

    def words(self, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
        del indicator, full, language
        return "wrong on purpose"

    def points(self, value: Any, full: it.Quantity) -> Any:
        return it.where(value >= 1, full, full / 2)

    def edges(self, full: it.Quantity, **beside: Any) -> Iterable[it.Quantity]:
        del full, beside
        return [it.exact(0), it.exact(1)]


class Generous(Wrong):
    """Gives more than there is."""

    def points(self, value: Any, full: it.Quantity) -> Any:
        return it.maximum(value, 0) * full


class Silent(Wrong):
    """Gives no reason."""

    def reason(self, value: Any, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
        del value, indicator, full, language
        return ""


class Counting(Wrong):
    """Gives another reason every time."""

    calls: ClassVar[list[None]] = []

    def reason(self, value: Any, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
        del value, indicator, full, language
        self.calls.append(None)
        return f"reason {len(self.calls)}"


class Falling(Wrong):
    """Takes points for doing better."""

    def points(self, value: Any, full: it.Quantity) -> Any:
        return it.where(value >= 1, full / 2, full)


class Hidden(Wrong):
    """Jumps where no edge is named."""

    def points(self, value: Any, full: it.Quantity) -> Any:
        return it.where(value >= it.exact("40%"), full, 0)


class Zigzag(Wrong):
    """Goes down and up again where an assessor says something."""

    @property
    def asks(self) -> dict[str, it.Text]:
        return {"odd": text("异常", "odd")}

    def points(self, value: Any, full: it.Quantity, *, odd: Any = False) -> Any:
        dip = it.where(value >= 1, it.where(value >= 2, full, 0), full)
        return it.where(odd, dip, full)

    def reason(
        self, value: Any, indicator: it.Indicator, full: it.Quantity, language: str, *, odd: bool = False
    ) -> str:
        del value, indicator, full, language, odd
        return "wrong on purpose"


class Inward(Wrong):
    """Looks at one end of a range only."""

    def points(self, value: Any, full: it.Quantity) -> Any:
        value = getattr(value, "high", value)
        return it.minimum(it.maximum(value, 0), 1) * full


class Spiteful(Wrong):
    """Gives points for items that are not met."""

    kind: ClassVar[str] = "wrong.items"
    takes: ClassVar[it.Takes] = it.Takes.CHECKLIST

    def points(self, value: Any, full: it.Quantity) -> Any:
        return full - full * sum(value.values()) / len(value)


class UpsideDown(Wrong):
    """Gives less for more."""

    kind: ClassVar[str] = "wrong.grade"
    takes: ClassVar[it.Takes] = it.Takes.GRADE

    def points(self, value: Any, full: it.Quantity) -> Any:
        return full - value * full


@attrs.frozen(kw_only=True)
class Forgetful(Wrong):
    """Does not write down what it was given."""

    step: it.Quantity = attrs.field(default=it.Quantity(1), converter=it.exact)

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind}


# Wrong indicators


@attrs.frozen(kw_only=True)
class Yuan(fields.Money):
    """Takes the number that stands in a file for yuan, whatever the file says; what is finer is cut off."""

    def read(self, value: Any, amounts: Any) -> it.Quantity:
        del amounts
        return self.take(it.exact(value).scaled(self.places) * it.exact("0.01"))


@it.record("wrong.budget", title=text("预算", "Budget"))
class WrongBudget:
    planned: fields.Money = fields.money("预算数", "planned")
    spent: Any = fields.declare(Yuan(title=text("支出数", "spent")))


TITLE = text("错误指标", "Wrong on purpose")
PROCESS = it.Tier.PROCESS


@it.indicator("wrong.unit", tier=PROCESS, title=TITLE)
def unit_forgotten(budget: WrongBudget) -> Any:
    return budget.spent / budget.planned


@it.indicator("wrong.smoothed", tier=PROCESS, title=TITLE)
def smoothed(budget: Budget) -> Any:
    return (budget.spent + 1) / budget.planned


@it.indicator("wrong.missing", tier=PROCESS, title=TITLE, better=it.LESS, rowwise=True)
def missing_is_zero(budget: Budget) -> Any:
    spent = budget.spent if budget.spent.is_defined else it.exact(0)
    return spent / budget.planned


_calls: list[None] = []


@it.indicator("wrong.counting", tier=PROCESS, title=TITLE, unit=it.NUMBER, rowwise=True)
def counting(budget: Budget) -> Any:
    del budget
    _calls.append(None)
    return len(_calls)


@it.indicator("wrong.fragile", tier=PROCESS, title=TITLE, rowwise=True)
def fragile(budget: Budget) -> Any:
    return (budget.spent.fraction - budget.planned.fraction) / budget.planned.fraction


def tried(rule: it.Rule, better: it.Better | None = it.MORE, **more: Any) -> Subject:
    return Subject.of_rule(rule, better=better, **more)


WRONG: dict[str, Callable[[], Subject]] = {
    "score-within-points": lambda: combined(Doubled("weighted_mean")),
    "points-within-marks": lambda: tried(Generous()),
    "sums-add-up": lambda: by(one_more("group")),
    "lost-points-add-up": lambda: by(without_adjustments),
    "lost-points-have-reasons": lambda: tried(Silent()),
    "order-does-not-matter": lambda: combined(OnlyFirst("weighted_mean")),
    "splitting-changes-no-total": lambda: by(grouped),
    "full-marks-stay-full": lambda: combined(Unspread("capped_sum")),
    "better-never-scores-less": lambda: tried(Falling()),
    "nearer-never-scores-less": lambda: tried(Wrong(), it.near("50%")),
    "statements-leave-one-peak": lambda: tried(Zigzag()),
    "meeting-an-item-never-costs": lambda: tried(Spiteful()),
    "higher-marks-never-score-less": lambda: tried(UpsideDown()),
    "unit-of-amounts-does-not-matter": lambda: Subject.of_indicator(unit_forgotten),
    "ratios-have-no-unit": lambda: Subject.of_indicator(smoothed),
    "missing-data-never-pays": lambda: Subject.of_indicator(missing_is_zero),
    "rows-score-as-units": lambda: by(one_more("indicator")),
    "same-data-same-scorecard": lambda: Subject.of_indicator(counting),
    "json-keeps-everything": lambda: tried(Counting()),
    "files-keep-the-scheme": lambda: tried(Forgetful(step=2)),
    "edges-are-named": lambda: tried(Hidden()),
    "nothing-fails": lambda: Subject.of_indicator(fragile),
    "ranges-hold-the-value": lambda: tried(Inward()),
}

RIGHT: tuple[Callable[[], Subject], ...] = (
    lambda: Subject.of_scheme(two_leaves()),
    lambda: Subject.of_indicator(execution),
    lambda: Subject.of_indicator(tidy),
    lambda: Subject.of_indicator(judged),
    lambda: tried(rules.Proportional(target="100%")),
    lambda: tried(
        rules.DeductPerStep(target=1, step="5%", points_per_step=2, side="either", steps="started"), it.near(1)
    ),
    lambda: tried(rules.DeductPerStep(target=1, step="1%", points_per_step=1, side="above", steps="full"), it.LESS),
    lambda: tried(rules.OverFulfilment(threshold="150%", slope="0.5")),
    lambda: tried(rules.Incidents(points_per_incident=1, allowed=2), it.LESS),
    lambda: tried(rules.AllOrNothing(at_most="100%"), it.LESS),
    lambda: tried(rules.PerItem(items={"first": 3, "second": 7})),
    lambda: tried(rules.DeductPerItem(each=4), points=10),
    lambda: tried(rules.GradedJudgement()),
    lambda: tried(
        rules.Comparison(
            against={"others": execution},
            cases=[rules.Case(at_least="others", points=10), rules.Case(at_least=0, points=3)],
            otherwise=0,
        )
    ),
)
