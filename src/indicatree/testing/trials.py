"""What a law is, what it is tried on, and what came of it."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import attrs
from hypothesis import HealthCheck, Phase, Verbosity, given, reject, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable

from indicatree.arithmetic import Quantity, exact
from indicatree.data import RecordShape, UnitData
from indicatree.data.define import defined_record
from indicatree.indicators import (
    MORE,
    Better,
    Checklist,
    Graded,
    Indicator,
    Measured,
)
from indicatree.indicators.define import defined_indicator
from indicatree.problems import DeclarationError, Problem, ScoringError
from indicatree.scheme import Group, Leaf, Policies, Rule, Scheme, Takes, TierNode, rules
from indicatree.scheme.define import Definitions
from indicatree.scoring import Scorecard, prepare
from indicatree.testing.strategies import data_for
from indicatree.text import Text, as_text, said_by

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Capability", "Counterexample", "Law", "LawBroken", "Subject", "Trial", "law", "laws", "register"]

Drawn = TypeVar("Drawn")
Score = Callable[[Scheme, "UnitData"], "Scorecard"]

INDICATOR, RULE, SCHEME = "indicator", "rule", "scheme"
KINDS = (INDICATOR, RULE, SCHEME)
_KIND_WORDS = {INDICATOR: "指标", RULE: "评分规则", SCHEME: "方案"}


def _score(scheme: Scheme, data: UnitData) -> Scorecard:
    return prepare(scheme).score(data)


# What laws are tried on


@attrs.frozen(kw_only=True, eq=False)
class Subject:
    """What a law is tried on. An indicator or a rule stands in a scheme of one leaf.

    Attributes:
        name: What it is called.
        kind: ``indicator``, ``rule`` or ``scheme``.
        scheme: The scheme by which data is scored.
        score: What scores; by default the library. Another engine that claims to score alike is tried by the
            same laws.
        without: What the author declares that the subject does not have: the reason, by the id of the capability.
        named: How a data file names its scheme; by default by its id.
    """

    name: str
    kind: str
    scheme: Scheme
    score: Score = _score
    without: Mapping[str, str] = attrs.field(factory=dict)
    named: str = ""

    @classmethod
    def of_scheme(cls, scheme: Scheme, **more: Any) -> Subject:
        """A scheme."""
        return cls(name=scheme.key, kind=SCHEME, scheme=scheme, **more)

    @classmethod
    def of_indicator(cls, indicator: Indicator, **more: Any) -> Subject:
        """An indicator: in a scheme of one leaf, with a rule that fits it."""
        rule, points = _rule_for(indicator)
        scheme = _alone(indicator, rule, points, f"only.{indicator.id}")
        return cls(name=indicator.key, kind=INDICATOR, scheme=scheme, **more)

    @classmethod
    def of_rule(
        cls, rule: Rule, *, points: Any = None, better: Better | None = MORE, name: str = "", **more: Any
    ) -> Subject:
        """A rule: in a scheme of one leaf, for the ratio of two figures, a checklist or a graded judgement.

        Args:
            rule: The rule.
            points: The points of the leaf; by default 10, or those of the items of a checklist.
            better: Which values are better.
            name: What it is called; by default its kind.
            **more: As the class takes it.
        """
        indicator, definitions = _indicator_for(rule, better)
        points = _points_for(rule, indicator) if points is None else exact(points)
        scheme = _alone(indicator, rule, points, f"only.{rule.kind}", definitions)
        return cls(name=name or rule.kind, kind=RULE, scheme=scheme, **more)

    def measured(self) -> list[tuple[str, Leaf]]:
        """The leaves that are measured, with their paths."""
        return [(path, leaf) for path, leaf in self.scheme.leaves() if isinstance(leaf.indicator, Measured)]


def _alone(indicator: Indicator, rule: Rule, points: Any, name: str, definitions: Definitions | None = None) -> Scheme:
    leaf = Leaf(id="leaf", indicator=indicator, points=points, rule=rule)
    group = Group(id="only", title=Text(zh="单项", en="Only"), indicators=[leaf])
    nothing = Policies(missing="no_points", undefined="no_points", failed="no_points", not_applicable="left_out")
    return Scheme(
        id=name,
        title=indicator.title,
        tiers=[TierNode(tier=indicator.tier, groups=[group])],
        policies=nothing,
        precision=6,
        years=indicator.years,
        define=definitions or Definitions(),
    )


def _rule_for(indicator: Indicator) -> tuple[Rule, int]:
    """A plain rule for an indicator, and points that go with it."""
    if isinstance(indicator, Checklist):
        return rules.PerItem(each=1), len(indicator.items)
    if isinstance(indicator, Graded):
        return rules.GradedJudgement(), 10
    better = indicator.better
    if better is None or better.direction == "more":
        return rules.Proportional(target=1), 10
    target = 1 if better.target is None else better.target
    side = "above" if better.direction == "less" else "either"
    step = {"step": "1%", "points_per_step": "0.05", "side": side, "steps": "continuous"}
    return rules.DeductPerStep(target=target, **step), 10


def _points_for(rule: Rule, indicator: Indicator) -> Quantity:
    """The points of all items of a checklist; of anything else 10."""
    if not isinstance(indicator, Checklist):
        return exact(10)
    each: Quantity | None = getattr(rule, "each", None)
    items: Mapping[str, Quantity] = getattr(rule, "items", {})
    if each is not None:
        return each * len(indicator.items)
    return exact(sum((one.fraction for one in items.values()), start=Fraction(0)) or 10)


_ITEMS = ("first", "second", "third")


def _indicator_for(rule: Rule, better: Better | None) -> tuple[Indicator, Definitions]:
    """An indicator that a rule can be applied to, defined without code so that a file can hold it."""
    title = Text(zh="所试数值", en="the value tried")
    said: dict[str, Any] = {"tier": "process", "title": title.to_dict()}
    if rule.takes is not Takes.MEASURE:
        if rule.takes is Takes.CHECKLIST:
            names = tuple(getattr(rule, "items", None) or _ITEMS)
            said["items"] = {name: {"zh": name, "en": name} for name in names}
        made = defined_indicator("tried.judgement", said, _no_record)
        return made, Definitions({}, {made.id: made})
    number = {"kind": "number", "places": 2, "most": 10**9}
    record = defined_record(
        "tried.figures",
        {
            "title": {"zh": "所试数据", "en": "the figures tried"},
            "fields": {
                "part": {**number, "signed": True, "title": {"zh": "分子", "en": "part"}},
                "whole": {**number, "title": {"zh": "分母", "en": "whole"}},
            },
        },
    )
    said["measure"] = "figures.part / figures.whole"
    if better is not None:
        said["better"] = {"near": better.target.text} if better.target is not None else better.direction
    made = defined_indicator("tried.value", said, lambda _name, _said: RecordShape(record))
    return made, Definitions({"tried.figures": record}, {made.id: made})


def _no_record(name: str, said: Any) -> NoReturn:
    """What is judged takes no record."""
    raise LookupError(name, said)


def where_defined(thing: Indicator | Rule) -> Text:
    """Where an indicator or a rule is defined: a file and a line, or a formula."""
    if isinstance(thing, Measured):
        code = getattr(thing.function, "__code__", None)
        if code is not None:
            return Text.of(f"{_near(code.co_filename)}:{code.co_firstlineno}")
        return Text.of(f"measure = {getattr(thing.function, 'text', '') or thing.words('en')!r}")
    if isinstance(thing, Indicator):
        return Text(zh="由评价人评定", en="judged by an assessor")
    cls = type(thing)
    if cls.__module__.startswith(f"{Rule.__module__.partition('.')[0]}."):
        return Text(zh="内置", en="built in")
    try:
        return Text.of(f"{_near(inspect.getsourcefile(cls) or '')}:{inspect.getsourcelines(cls)[1]}")
    except (OSError, TypeError):
        return Text.of(f"{cls.__module__}.{cls.__qualname__}")


def _near(path: str) -> str:
    """A path from the working folder on, where it is below it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith(os.pardir) else relative


# Laws


@attrs.frozen(eq=False)
class Capability:
    """What a law asks of a subject.

    Attributes:
        id: Its name, by which an author declares that a subject does not have it.
        lacking: From a subject to the reason why it does not have it; empty words where it does.
    """

    id: str
    lacking: Callable[[Subject], Text]


@attrs.frozen(kw_only=True, eq=False)
class Law:
    """A property that scoring must have.

    Attributes:
        id: Its name.
        title: The law in a sentence, in two languages.
        why: Why scoring must have it.
        check: Tries it once: draws data, scores, and says with `Trial.expect` what must hold. An assertion or
            any other exception breaks the law as well.
        of: What it is worth trying on: ``indicator``, ``rule``, ``scheme``.
        needs: The capabilities that it asks for.
    """

    id: str
    title: Text = attrs.field(converter=as_text)
    why: Text = attrs.field(converter=as_text)
    check: Callable[[Trial], None]
    of: tuple[str, ...] = KINDS
    needs: tuple[Capability, ...] = ()

    def lacking(self, subject: Subject) -> Text:
        """Why the law does not apply to a subject; empty words where it does."""
        if subject.kind not in self.of:
            zh = "、".join(_KIND_WORDS.get(kind, kind) for kind in self.of)
            return Text(zh=f"本条只用于{zh}", en=f"the law is one of: {', '.join(self.of)}")
        for capability in self.needs:
            if reason := subject.without.get(capability.id):
                return Text(
                    zh=f"声明不具备 {capability.id}：{reason}", en=f"declared without {capability.id}: {reason}"
                )
            if words := capability.lacking(subject):
                return words
        return Text()

    def hold(
        self,
        subject: Subject,
        *,
        examples: int | None = None,
        seed: int | None = None,
        watch: Callable[[Scorecard], None] | None = None,
    ) -> int:
        """Try the law on a subject.

        Args:
            subject: What it is tried on.
            examples: How many draws; by default what the profile of Hypothesis says.
            seed: A number that fixes the draws; by default they differ from run to run.
            watch: Called with each scorecard that is made on the way.

        Returns:
            How many draws were tried.

        Raises:
            LawBroken: With the smallest counterexample found.
        """
        tried = 0
        last: LawBroken | None = None

        def run(data: st.DataObject) -> None:
            nonlocal tried, last
            trial = Trial(self, subject, data.draw, watch)
            try:
                self.check(trial)
            except (LawBroken, HypothesisException) as error:
                last = error if isinstance(error, LawBroken) else last
                raise
            except Exception as error:  # noqa: BLE001 - whatever a check or the code under test raises breaks the law
                last = trial.broken(_said(error))
                raise last from None
            tried += 1

        most = {} if examples is None else {"max_examples": examples}
        test = settings(settings.default, **_QUIET, **most)(given(st.data())(run))  # type: ignore[arg-type]
        if seed is not None:
            test = with_seed(seed)(test)
        try:
            test()
        except LawBroken as error:
            raise _bare(error) from None
        except Flaky:  # what breaks the law once and not again, breaks it
            if last is None:
                raise
            raise _bare(last) from None
        except Unsatisfiable:
            return 0
        return tried


_QUIET: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "print_blob": False,
    "report_multiple_bugs": False,
    "verbosity": Verbosity.quiet,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.generate, Phase.shrink),
}


def _bare(error: LawBroken) -> LawBroken:
    """The error without the notes and the frames of the search."""
    error.__notes__ = []
    return error.with_traceback(None)


def _said(error: BaseException) -> Text:
    """What an error says: its class, and its words in the languages that it has."""
    said = said_by(error)
    name = type(error).__name__
    return Text(zh=" ".join(f"{name}: {said['zh']}".split()), en=" ".join(f"{name}: {said['en']}".split()))


class Trial:
    """One try of a law on a subject: what is drawn, what is scored, and what must hold.

    Attributes:
        subject: The subject.
        scheme: Its scheme.
    """

    def __init__(
        self, tried: Law, subject: Subject, draw: Callable[..., Any], watch: Callable[[Scorecard], None] | None = None
    ) -> None:
        """Begin with nothing drawn."""
        self.subject = subject
        self.scheme = subject.scheme
        self._law, self._draw, self._watch = tried, draw, watch
        self._drawn: list[UnitData] = []
        self._scored: list[tuple[UnitData, Scorecard | None]] = []

    def draw(self, strategy: st.SearchStrategy[Drawn]) -> Drawn:
        """A value of any strategy."""
        return self._draw(strategy)  # type: ignore[no-any-return]

    def data(self, **options: bool) -> UnitData:
        """The data of a unit, as `data_for` draws it."""
        return self.keep(self.draw(_data_for(self.subject, **options)))

    def keep(self, data: UnitData) -> UnitData:
        """Note data that was made from drawn data: a counterexample shows it where nothing was scored."""
        self._drawn.append(data)
        return data

    def score(self, data: UnitData, scheme: Scheme | None = None) -> Scorecard:
        """Score data; what the scheme's policies do not allow is drawn anew."""
        card = self.try_score(data, scheme)
        if card is None:
            reject()
        return card

    def try_score(self, data: UnitData, scheme: Scheme | None = None) -> Scorecard | None:
        """Score data; None where the scheme's policies do not allow a scorecard."""
        self._scored.append((data, None))  # what fails in another way is shown as well
        try:
            card = self.subject.score(scheme or self.scheme, data)
        except ScoringError:
            self._scored.pop()
            return None
        self._scored[-1] = (data, card)
        if self._watch is not None:
            self._watch(card)
        return card

    def expect(self, holds: object, said: Text | str = "", *, at: str = "") -> None:
        """Say what must hold.

        Args:
            holds: Whether it does.
            said: What is the matter where it does not, in two languages.
            at: The path of the node where it is.

        Raises:
            LawBroken: It does not hold.
        """
        if not holds:
            raise self.broken(Text.of(said), at)

    def broken(self, said: Text, at: str = "") -> LawBroken:
        """The counterexample that this try is, as an error."""
        shown = self._scored[:2] or [(data, None) for data in self._drawn[:2]]
        units = [data for data, _ in shown]
        if units[1:] == units[:1]:
            del units[1:]  # one unit that was scored twice
        cards = [card for _, card in shown if card is not None]
        return LawBroken(Counterexample(self._law, self.subject, said, at, tuple(units), tuple(cards)))


@lru_cache(maxsize=256)
def _data_for(subject: Subject, **options: bool) -> st.SearchStrategy[Any]:
    """The strategy for the data of a subject's scheme; making one costs more than drawing from it."""
    return data_for(subject.scheme, **options)


@attrs.frozen(eq=False)
class Counterexample:
    """The smallest data found that breaks a law.

    Attributes:
        law: The law.
        subject: What breaks it.
        said: What is the matter.
        at: The path of the node where it is; empty where it is the whole.
        units: The data, one or two units.
        cards: Their scorecards.
    """

    law: Law
    subject: Subject
    said: Text
    at: str
    units: tuple[UnitData, ...]
    cards: tuple[Scorecard, ...]

    def text(self, language: str = "en") -> str:
        """The law, what is the matter, the data file and the scorecards."""
        from indicatree.testing.report import counterexample_text  # noqa: PLC0415 - only failures pay for it

        return counterexample_text(self, language)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The same for JSON."""
        from indicatree.testing.report import counterexample_table  # noqa: PLC0415 - only failures pay for it

        return counterexample_table(self, language)


class LawBroken(AssertionError):  # noqa: N818 - it is a finding, not a mistake of the caller
    """A law does not hold.

    Attributes:
        counterexample: The smallest data found that breaks it.
    """

    def __init__(self, counterexample: Counterexample) -> None:
        """Hold the counterexample."""
        self.counterexample = counterexample
        super().__init__(counterexample)

    def __str__(self) -> str:
        """The counterexample in words."""
        return self.counterexample.text()


# The laws that there are

_laws: dict[str, Law] = {}


def law(
    id: str,  # noqa: A002 - the word of the field
    *,
    title: Text,
    why: Text,
    of: Iterable[str] = KINDS,
    needs: Iterable[Capability] = (),
) -> Callable[[Callable[[Trial], None]], Law]:
    """Declare a law: a function of a `Trial` that says what must hold.

    It is one object until it is registered: give it to a contract, or `register` it to have it tried on
    everything.

    Args:
        id: Its name.
        title: The law in a sentence.
        why: Why scoring must have it.
        of: What it is worth trying on: ``indicator``, ``rule``, ``scheme``.
        needs: The capabilities that it asks for.

    Raises:
        DeclarationError: It has no title, or is of something else.

    Example:
        >>> import indicatree as it
        >>> @law("demo.whole-points", of=["scheme"], title=it.Text(zh="总分为整数", en="Totals are whole"),
        ...      why=it.Text(zh="当地只公布整数", en="the place prints whole numbers"))
        ... def whole_points(trial):
        ...     card = trial.score(trial.data())
        ...     trial.expect(card.total is None or card.total % 1 == 0, f"the total is {card.total}")
        >>> whole_points.id
        'demo.whole-points'
    """
    kinds = tuple(of)
    listed = Text(zh=f"可用：{'、'.join(KINDS)}", en=f"one of: {', '.join(KINDS)}")
    problems = [
        Problem(
            "unknown-kind",
            f"law {id}",
            Text(zh=f'规律的适用对象没有 "{kind}" 这一种', en=f'there is no law of "{kind}"'),
            listed,
        )
        for kind in kinds
        if kind not in KINDS
    ]
    if not Text.of(title):
        message = Text(zh="没有名称", en="has no title")
        problems.append(Problem("bad-title", f"law {id}", message, 'title=Text(zh="...", en="...")'))
    if problems:
        raise DeclarationError(problems)

    def declare(check: Callable[[Trial], None]) -> Law:
        return Law(id=id, title=title, why=why, check=check, of=kinds, needs=tuple(needs))

    return declare


def register(*found: Law) -> None:
    """Have laws of your own tried by every contract and by ``indicatree check --laws``.

    Raises:
        DeclarationError: Another law has the same name.
    """
    message, fix = Text(zh="另一条规律已用此名", en="another law has this name"), Text(zh="改名", en="rename it")
    problems = [
        Problem("duplicate-id", f"law {one.id}", message, fix) for one in found if _laws.get(one.id, one) is not one
    ]
    if problems:
        raise DeclarationError(problems)
    _laws.update({one.id: one for one in found})


def laws(of: str | None = None) -> tuple[Law, ...]:
    """The laws that are registered, the library's own first; of one kind of subject, or all.

    Example:
        >>> "score-within-points" in {one.id for one in laws("scheme")}
        True
    """
    from indicatree.testing import standard  # noqa: PLC0415 - the laws themselves are declared with this module

    standard.register_once()
    return tuple(one for one in _laws.values() if of is None or of in one.of)
