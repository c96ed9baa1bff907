"""The laws tried on a subject without pytest: what held, what broke, and which bands the draws reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Text
from indicatree.scheme import Leaf, rules
from indicatree.scoring import Outcome
from indicatree.testing.trials import Counterexample, Law, LawBroken, Subject, laws

if TYPE_CHECKING:
    from indicatree.scoring import NodeScore, Scorecard

__all__ = ["LawResult", "Reach", "try_laws"]


@attrs.frozen(kw_only=True)
class LawResult:
    """What came of a law on a subject.

    Attributes:
        law: The law.
        tried: How many draws were tried; 0 where the law does not apply.
        skipped: Why it was not tried; empty words where it was.
        counterexample: What breaks it; None where it holds.
    """

    law: Law
    tried: int = 0
    skipped: Text = Text()
    counterexample: Counterexample | None = None

    @property
    def status(self) -> str:
        """``holds``, ``broken`` or ``skipped``."""
        if self.counterexample is not None:
            return "broken"
        return "skipped" if self.skipped else "holds"

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The result for JSON."""
        found = self.counterexample
        return {
            "law": self.law.id,
            "status": self.status,
            "title": self.law.title[language],
            "titles": self.law.title.to_dict(),
            "tried": self.tried,
            "skipped": self.skipped[language],
            "counterexample": None if found is None else found.to_dict(language),
        }


_NO_DRAW = Text(zh="随机数据均无法评分", en="no data that was drawn could be scored")


def try_laws(
    subject: Subject,
    *,
    of: Iterable[Law] | None = None,
    examples: int | None = None,
    seed: int | None = None,
    watch: Callable[[Scorecard], None] | None = None,
) -> Iterator[LawResult]:
    """Try laws on a subject, one after another.

    Args:
        subject: The subject.
        of: The laws; by default all that are registered for such a subject.
        examples: How many draws each is tried with; by default as the profile of Hypothesis says.
        seed: A number that fixes the draws.
        watch: Called with each scorecard that is made on the way.

    Example:
        >>> import indicatree as it
        >>> from indicatree.testing import Subject
        >>> subject = Subject.of_rule(it.rules.Proportional(target="100%"))
        >>> {result.status for result in try_laws(subject, examples=5, seed=1)} == {"holds", "skipped"}
        True
    """
    for law in laws(subject.kind) if of is None else of:
        if reason := law.lacking(subject):
            yield LawResult(law=law, skipped=reason)
            continue
        try:
            tried = law.hold(subject, examples=examples, seed=seed, watch=watch)
        except LawBroken as error:
            yield LawResult(law=law, counterexample=error.counterexample)
        else:
            yield LawResult(law=law, tried=tried, skipped=Text() if tried else _NO_DRAW)


@attrs.define
class Reach:
    """Which bands of its rules the values of a scheme's leaves have reached.

    Attributes:
        reached: The positions of the bands, by path; of a rule without bands full marks, some and none.
    """

    leaves: Mapping[str, Leaf]
    reached: dict[str, set[int]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, subject: Subject) -> Reach:
        """Nothing reached yet."""
        found = {path: leaf for path, leaf in subject.scheme.leaves() if leaf.rule is not None and leaf.points > 0}
        return cls(found, {path: set() for path in found})

    def watch(self, card: Scorecard) -> None:
        """Note what a scorecard reached."""
        for node in card.leaves():
            leaf = self.leaves.get(node.path)
            if leaf is not None:
                self.reached[node.path] |= set(_bands_of(leaf, node))

    def zones(self, path: str, language: str) -> list[str]:
        """The bands of a leaf in words."""
        leaf = self.leaves[path]
        if isinstance(leaf.rule, rules.Bands):
            found = [band.zone(leaf.indicator, language) for band in leaf.rule.bands]
            return found if leaf.rule.otherwise is None else [*found, _OTHERWISE[language]]
        return [words[language] for words in _PARTS]

    def missed(self, path: str, language: str) -> list[str]:
        """The bands that nothing has reached."""
        return [zone for index, zone in enumerate(self.zones(path, language)) if index not in self.reached[path]]

    def to_list(self, language: str = "en") -> list[dict[str, Any]]:
        """What was reached, for JSON."""
        return [
            {
                "path": path,
                "bands": len(self.zones(path, language)),
                "reached": len(found),
                "missed": self.missed(path, language),
            }
            for path, found in self.reached.items()
        ]


_OTHERWISE = Text(zh="其他", en="otherwise")
_PARTS = (
    Text(zh="满分", en="full marks"),
    Text(zh="部分得分", en="some of the points"),
    Text(zh="不得分", en="no points"),
)


def _bands_of(leaf: Leaf, node: NodeScore) -> Iterator[int]:
    rule = leaf.rule
    if isinstance(rule, rules.Bands):
        values = [line.value for line in node.lines] if leaf.for_each else [node.value]
        for value in values:
            if value is not None:
                yield next((at for at, band in enumerate(rule.bands) if band.holds(value)), len(rule.bands))
    elif node.outcome is Outcome.SCORED and node.units is not None:
        yield 2 if node.units <= 0 else 0 if node.score == node.points else 1
