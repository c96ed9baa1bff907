"""A report of a thousand figures audited, against the same sums checked in plain Fraction arithmetic.

Run it with ``python benchmarks/audit.py``. The report has 1000 figures: 800 parts and 200 sums of 50 of them;
3 parts are wrong. Both sides judge every sum; the verdicts are compared before anything is timed. Only the
audit then looks for the figures that are wrong: what that takes is the last line. Rounds alternate, so that
the ratio holds when the speed of the machine drifts.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

import indicatree as it
from indicatree import fields

if TYPE_CHECKING:
    from collections.abc import Callable

_CATALOG = it.Catalog(discover=False)
"""No identities but those of the report."""


@it.record("bench.spending", title=it.Text(zh="支出", en="Spending"))
class Spending:
    """A record that the report does not give: an audit needs a scheme, and only the sums are looked at."""

    budget: fields.Money = fields.money("预算", "budget")
    actual: fields.Money = fields.money("决算", "spent")


@it.indicator("bench.rate", tier=it.Tier.PROCESS, title=it.Text(zh="执行率", en="Execution rate"))
def rate(spending: Spending) -> Any:
    """Spent over the budget."""
    return spending.actual / spending.budget


@attrs.frozen
class Report:
    """Figures as they are printed, and the sums that they are stated to have.

    Attributes:
        figures: Each figure in text, by its name.
        sums: The parts of each stated figure.
        wrong: What is printed wrongly, with what should stand there.
    """

    figures: Mapping[str, str]
    sums: Mapping[str, tuple[str, ...]]
    wrong: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """The report as a data file holds it."""
        sums = [(stated, " + ".join(f"t.{part}" for part in parts)) for stated, parts in self.sums.items()]
        identities = [{"holds": f"t.{stated} == {parts}"} for stated, parts in sums]
        return {"format": 1, "figures": {"t": dict(self.figures)}, "identity": identities}


def report(figures: int = 800, sums: int = 200, width: int = 50, wrong: int = 3, seed: int = 20221231) -> Report:
    """A report whose sums hold within rounding, but for the figures that are wrong."""
    chance = random.Random(seed)  # noqa: S311 - figures, not secrets
    true = {f"p{index}": Fraction(chance.randint(1, 10**7), 1000) for index in range(figures)}
    parts = {f"s{index}": tuple(chance.sample(sorted(true), width)) for index in range(sums)}
    whole = {stated: sum((true[part] for part in held), start=Fraction(0)) for stated, held in parts.items()}
    right = {name: f"{float(value):.2f}" for name, value in {**true, **whole}.items()}
    used = sorted({part for held in parts.values() for part in held})
    changed = {name: f"{float(right[name]) + chance.randint(5000, 9000):.2f}" for name in chance.sample(used, wrong)}
    return Report({**right, **changed}, parts, {name: right[name] for name in changed})


def by_hand(given: Report) -> list[str]:
    """The verdict on every sum in plain fractions: as printed, within half a last digit of each figure, or not."""
    values = {name: Fraction(text) for name, text in given.figures.items()}
    halves = {name: Fraction(1, 2 * 10 ** len(text.partition(".")[2])) for name, text in given.figures.items()}
    verdicts = []
    for stated, parts in given.sums.items():
        computed = sum((values[part] for part in parts), start=Fraction(0))
        gap = abs(values[stated] - computed)
        slack = halves[stated] + sum((halves[part] for part in parts), start=Fraction(0))
        within = "holds_within_rounding" if gap <= slack else "broken"
        verdicts.append("holds" if gap < halves[stated] else within)
    return verdicts


def _scheme() -> it.Scheme:
    leaf = it.Leaf(id="rate", indicator=rate, points=10, rule=it.rules.Proportional())
    group = it.Group(id="budget", title=it.Text(en="Budget"), indicators=[leaf])
    return it.Scheme(id="bench", tiers=[it.TierNode(tier=it.Tier.PROCESS, groups=[group])])


def both(given: Report) -> tuple[Callable[[], it.Audit], Callable[[], list[str]]]:
    """The two sides, each ready to run."""
    scheme, document = _scheme(), given.document()
    return (lambda: it.audit(scheme, document, {}, catalog=_CATALOG)), (lambda: by_hand(given))


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Compare the verdicts, then print the times, the ratio, and what the search for wrong figures takes."""
    given = report()
    audited, hand = both(given)
    found, verdicts = audited(), hand()
    if [one.verdict.value for one in found.checks] != verdicts:
        message = "the verdicts differ"
        raise SystemExit(message)

    rounds = 7
    ours, theirs, searches = [], [], []
    for _ in range(rounds):
        ours.append(_seconds(audited))
        theirs.append(_seconds(hand))
        anew = audited()
        searches.append(_seconds(lambda anew=anew: anew.broken_figures))  # type: ignore[misc]
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    broken = verdicts.count("broken")
    print(f"{len(given.figures)} figures, {len(verdicts)} sums, {broken} broken, {rounds} rounds")
    print(f"audit                  {statistics.median(ours):8.3f} s")
    print(f"Fraction by hand       {statistics.median(theirs):8.3f} s")
    print(f"ratio, median          {statistics.median(ratios):8.2f}   (to reach: at most 20)")
    print(f"wrong figures          {statistics.median(searches):8.3f} s   {len(anew.broken_figures)} found")


if __name__ == "__main__":
    main()
