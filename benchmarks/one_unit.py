"""One unit, 28 leaves: a scorecard with names and reasons against the bare arithmetic in Decimal.

Run it with ``python benchmarks/one_unit.py``. Both sides score the same records by the same rules;
their 28 scores are compared before anything is timed. Rounds alternate, so that the ratio holds
when the speed of the machine drifts.
"""

from __future__ import annotations

import statistics
import time
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import indicatree as it
from indicatree import fields

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAVES_OF_A_KIND = 7
_CENT = Decimal("0.01")
_FULL = Decimal(4)


@it.record("bench.budget", title=it.Text(zh="预算", en="Budget"))
class Budget:
    """Amounts of one department."""

    approved: fields.Money = fields.money("批复数", "approved")
    actual: fields.Money = fields.money("决算数", "actual")
    added: fields.Money = fields.money("追加数", "added")
    last_year: fields.Money = fields.money("上年数", "last year")


@it.record("bench.staffing", title=it.Text(zh="人员", en="Staffing"))
class Staffing:
    """Posts of one department."""

    posts: fields.Count = fields.count("编制数", "posts")
    in_post: fields.Count = fields.count("在职人数", "in post")


@it.indicator("bench.execution", tier=it.Tier.PROCESS, title=it.Text(zh="执行率", en="Execution rate"))
def execution(budget: Budget) -> Any:
    """Spending over the budget."""
    return budget.actual / budget.approved


@it.indicator("bench.adjustment", tier=it.Tier.PROCESS, title=it.Text(zh="调整率", en="Adjustment rate"))
def adjustment(budget: Budget) -> Any:
    """Additions over the budget."""
    return budget.added / budget.approved


@it.indicator("bench.growth", tier=it.Tier.PROCESS, title=it.Text(zh="变动率", en="Change rate"))
def growth(budget: Budget) -> Any:
    """The change on last year."""
    return (budget.actual - budget.last_year) / budget.last_year


@it.indicator("bench.staff", tier=it.Tier.INPUT, title=it.Text(zh="人员控制率", en="Staff control rate"))
def staff(staffing: Staffing) -> Any:
    """Staff in post over posts."""
    return staffing.in_post / staffing.posts


_BANDS = it.rules.Bands(
    bands=[
        it.rules.Band(at_least="95%", points=4),
        it.rules.Band(at_least="80%", below="95%", points=3),
        it.rules.Band(at_least="60%", below="80%", points=2),
        it.rules.Band(below="60%", points=0),
    ]
)
_STEP = it.rules.DeductPerStep(target=0, step="1%", points_per_step="0.1", side="above", steps="started")
_CHANGE = it.rules.DeductPerStep(target=0, step="1%", points_per_step="0.05", side="above", steps="continuous")
_LIMIT = it.rules.AllOrNothing(at_most="100%")


def _scheme() -> it.Scheme:
    def group(tier: str, name: str, indicator: it.Indicator, rule: it.Rule) -> it.TierNode:
        leaves = [
            it.Leaf(id=f"leaf_{number}", indicator=indicator, points=4, rule=rule)
            for number in range(_LEAVES_OF_A_KIND)
        ]
        return it.TierNode(tier=it.Tier(tier), groups=[it.Group(id=name, title=it.Text(en=name), indicators=leaves)])

    return it.Scheme(
        id="bench",
        tiers=[
            group("input", "staff", staff, _LIMIT),
            group("process", "execution", execution, _BANDS),
            group("output", "adjustment", adjustment, _STEP),
            group("effect", "growth", growth, _CHANGE),
        ],
    )


def by_hand(budget: dict[str, Decimal], staffing: dict[str, Decimal]) -> tuple[list[Decimal], Decimal]:
    """The same 28 scores in Decimal, with no names and no reasons."""
    scores = []
    for _ in range(_LEAVES_OF_A_KIND):
        rate = staffing["in_post"] / staffing["posts"]
        scores.append((_FULL if rate <= 1 else Decimal(0)).quantize(_CENT, ROUND_HALF_UP))
    for _ in range(_LEAVES_OF_A_KIND):
        rate = budget["actual"] / budget["approved"]
        if rate >= Decimal("0.95"):
            points = Decimal(4)
        elif rate >= Decimal("0.80"):
            points = Decimal(3)
        elif rate >= Decimal("0.60"):
            points = Decimal(2)
        else:
            points = Decimal(0)
        scores.append(points.quantize(_CENT, ROUND_HALF_UP))
    for _ in range(_LEAVES_OF_A_KIND):
        deviation = max(budget["added"] / budget["approved"], Decimal(0))
        steps = (deviation / Decimal("0.01")).to_integral_value(ROUND_CEILING)
        scores.append(max(_FULL - steps * Decimal("0.1"), Decimal(0)).quantize(_CENT, ROUND_HALF_UP))
    for _ in range(_LEAVES_OF_A_KIND):
        deviation = max((budget["actual"] - budget["last_year"]) / budget["last_year"], Decimal(0))
        steps = deviation / Decimal("0.01")
        scores.append(max(_FULL - steps * Decimal("0.05"), Decimal(0)).quantize(_CENT, ROUND_HALF_UP))
    return scores, sum(scores, Decimal(0))


def _seconds(run: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - start) / times


def both() -> tuple[Callable[[], it.Scorecard], Callable[[], tuple[list[Decimal], Decimal]]]:
    """The two sides, each ready to run."""
    amounts = {"approved": "53232.60", "actual": "48591.88", "added": "3692.00", "last_year": "41000.00"}
    budget = Budget(**{name: Decimal(value) for name, value in amounts.items()})
    data = it.UnitData(records={"budget": budget, "staffing": Staffing(posts=92, in_post=92)})
    plain = {name: Decimal(value) for name, value in amounts.items()}
    people = {"posts": Decimal(92), "in_post": Decimal(92)}
    scorer = it.prepare(_scheme())
    return (lambda: scorer.score(data)), (lambda: by_hand(plain, people))


def main() -> None:
    """Compare the scores, then print both times and their ratio."""
    scorecard, hand = both()
    card, (scores, total) = scorecard(), hand()
    if [leaf.score for leaf in card.leaves()] != scores or card.total != total:
        message = f"the scores differ: {card.total} and {total}"
        raise SystemExit(message)

    rounds, times = 25, 200
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_seconds(scorecard, times))
        theirs.append(_seconds(hand, times))
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    print(f"one unit, {len(scores)} leaves, total {card.total}, {rounds} rounds of {times}")
    print(f"scorecard          {statistics.median(ours) * 1e6:8.1f} us")
    print(f"Decimal by hand    {statistics.median(theirs) * 1e6:8.1f} us")
    print(f"ratio, median      {statistics.median(ratios):8.2f}   (to reach: at most 4)")


if __name__ == "__main__":
    main()
