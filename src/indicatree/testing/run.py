"""The laws tried on a subject without pytest: what held, what broke, and which bands the draws reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.scheme import Leaf, rules
from indicatree.scoring import Outcome
from indicatree.testing.trials import Counterexample, Law, LawBroken, Subject, laws
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.scoring import NodeScore, Scorecard

__all__ = ["LawResult", "LawsTried", "Reach", "try_all", "try_laws"]


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


@attrs.frozen(kw_only=True)
class LawsTried:
    """What came of the laws.

    Attributes:
        seed: The number that fixes the draws.
        examples: How many draws each law was tried with.
        results: What came of each.
        reach: Which bands the draws reached.
    """

    seed: int
    examples: int
    results: tuple[LawResult, ...]
    reach: Reach

    @property
    def any_broken(self) -> bool:
        """Whether some law is broken."""
        return any(result.status == "broken" for result in self.results)

    def text(self, language: str) -> str:
        """The results in words: counterexamples first, then what was skipped, reached, and how many hold."""
        return "\n".join(self._lines(language))

    def _lines(self, language: str) -> Iterator[str]:
        for result in self.results:
            if result.counterexample is not None:
                yield from ("", result.counterexample.text(language), "")
        for result in self.results:
            if result.status == "skipped":
                name, why = result.law.id, result.skipped
                yield Text(zh=f"未试 {name}：{why['zh']}", en=f"skipped {name}: {why['en']}")[language]
        yield from self._reached(self.reach, language)
        held, broken, skipped = (
            sum(result.status == status for result in self.results) for status in ("holds", "broken", "skipped")
        )
        seed, examples = self.seed, self.examples
        yield Text(
            zh=f"规律：{held} 条成立，{broken} 条不成立，{skipped} 条未试（种子 {seed}，每条 {examples} 组数据）",
            en=f"laws: {held} hold, {broken} broken, {skipped} skipped (seed {seed}, {examples} draws each)",
        )[language]

    def _reached(self, reach: Reach, language: str) -> Iterator[str]:
        whole = 0
        for path in reach.reached:
            missed = reach.missed(path, language)
            whole += not missed
            if missed:
                listed = Text(zh="；", en="; ")[language].join(missed)
                yield Text(zh=f"未取到 {path}：{listed}", en=f"not reached {path}: {listed}")[language]
        yield Text(
            zh=f"档次：{len(reach.reached)} 个指标中 {whole} 个的各档均已取到",
            en=f"bands: every band reached of {whole} leaves out of {len(reach.reached)}",
        )[language]

    def to_dict(self, language: str) -> dict[str, Any]:
        """The results for JSON."""
        return {
            "seed": self.seed,
            "examples": self.examples,
            "results": [result.to_dict(language) for result in self.results],
            "reached": self.reach.to_list(language),
        }


Progress = Callable[[tuple[Law, ...]], AbstractContextManager[Iterable[Law]]]
_SEEDS = 2**32


def try_all(
    subject: Subject, *, seed: int | None = None, examples: int = 50, progress: Progress = nullcontext
) -> LawsTried:
    """Try all laws that are registered on a subject, so that the same seed draws the same data.

    Args:
        subject: The subject.
        seed: A number that fixes the draws; by default any, which the result names.
        examples: How many draws each law is tried with.
        progress: What gives the laws one after another, such as a progress bar.

    Example:
        >>> import indicatree as it
        >>> from indicatree.testing import Subject
        >>> tried = try_all(Subject.of_rule(it.rules.Proportional(target="100%")), seed=1, examples=5)
        >>> tried.any_broken, tried.seed
        (False, 1)
    """
    if seed is None:
        import secrets  # noqa: PLC0415 - only where no seed is given

        seed = secrets.randbelow(_SEEDS)
    reach = Reach.of(subject)
    results: list[LawResult] = []
    with progress(laws(subject.kind)) as each:
        for law in each:
            results += try_laws(subject, of=[law], examples=examples, seed=seed, watch=reach.watch)
    return LawsTried(seed=seed, examples=examples, results=tuple(results), reach=reach)
