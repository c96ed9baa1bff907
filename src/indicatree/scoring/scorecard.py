"""The result: a tree with points, score, outcome and reason at every node."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity
from indicatree.data import UnitData
from indicatree.indicators import MeasureUnit
from indicatree.problems import Problem, ScoringError, did_you_mean
from indicatree.scheme import Grade, Leaf, Scheme, Treatment
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from os import PathLike


__all__ = ["Adjustment", "Detail", "Line", "NodeInfo", "NodeScore", "Outcome", "Scorecard", "VetoResult"]


class Outcome(Enum):
    """What came of a leaf.

    Attributes:
        SCORED: It has a value, and the rule gave it points.
        NOT_APPLICABLE: It does not apply to this unit.
        MISSING: A figure is not there.
        UNDEFINED: The figures are there, but a division by zero leaves no value.
        FAILED: The code of a row-wise indicator failed.
    """

    SCORED = "scored"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    UNDEFINED = "undefined"
    FAILED = "failed"

    @property
    def title(self) -> Text:
        """The outcome in two languages."""
        return _OUTCOME_TITLES[self]


_OUTCOME_TITLES = {
    Outcome.SCORED: Text(zh="已评分", en="scored"),
    Outcome.NOT_APPLICABLE: Text(zh="不适用", en="not applicable"),
    Outcome.MISSING: Text(zh="缺失", en="missing"),
    Outcome.UNDEFINED: Text(zh="无法计算", en="undefined"),
    Outcome.FAILED: Text(zh="计算失败", en="failed"),
}


@attrs.frozen
class Adjustment:
    """Points that a node loses (or, below zero, gains) beyond what its children lose.

    Attributes:
        kind: Why: ``spread``, ``cap``, ``mean``, ``minimum``, ``better_of`` or ``veto``.
        lost: The points lost by it; below zero where they are gained.
        reason: Why, in words.
    """

    kind: str
    lost: Quantity
    reason: Text


@attrs.frozen
class VetoResult:
    """What came of a veto for one unit.

    Attributes:
        path: Its path, such as ``veto.serious_violation``.
        title: Its title.
        applies: Whether it applies.
        reason: Why it applies, or why it does not.
        grade: The id of the best grade that it leaves; empty where it does not cap the grade.
        points: The highest total that it leaves; None where it does not cap the total.
        value: The exact value that decided, where one was measured.
    """

    path: str
    title: Text
    applies: bool
    reason: Text
    grade: str = ""
    points: Quantity | None = None
    value: Quantity | None = None


@attrs.frozen
class NodeInfo:
    """What a scheme says of a node; the same for every unit that is scored with it.

    Attributes:
        path: Its path, such as ``process.budget_execution``; empty for the whole.
        level: ``scheme``, ``tier``, ``group`` or ``indicator``.
        title: Its title.
        points: Its points.
        places: The decimal places of scores.
        additive: Whether its score is the sum of its children's, where none is left out.
        assumption: What about it is not published.
        indicator: The namespaced id of its indicator; empty for a node with children.
        source: The document that defines the indicator.
        unit: The unit of the indicator's values.
        rule: The rule in words.
        leaf: The leaf of the scheme; None where the scorecard was read from JSON.
    """

    path: str
    level: str
    title: Text
    points: Quantity
    places: int
    additive: bool = True
    assumption: Text = Text()
    indicator: str = ""
    source: str = ""
    unit: MeasureUnit | None = attrs.field(default=None, eq=False)
    rule: Text = Text()
    leaf: Leaf | None = attrs.field(default=None, eq=False, repr=False)


@attrs.frozen
class Line:
    """One line item of a leaf that measures each item by itself.

    Attributes:
        name: The item's name, or its number.
        outcome: What came of it.
        value: Its exact value, if it has one.
        units: Its score in units of the last decimal place; None where it is left out.
        value_text: Its value in words.
    """

    name: str
    outcome: Outcome
    value: Quantity | None
    units: int | None
    value_text: Text


@attrs.frozen(kw_only=True)
class Detail:
    """What only some nodes have; most share an empty one.

    Attributes:
        treatment: What the scheme's policy did, where the outcome is not a score.
        adjustments: Points lost beyond what the children lose.
        lines: The line items, for a leaf that measures each by itself.
        note: What the data says: the reason of a judgement, or why it does not apply.
        answers: For a checklist: whether each item is met.
        beside: What the rule asked for besides the value, by name: other values, what an assessor said.
        reason: The reason in words, where it was read with the scorecard.
        value_text: The value in words, where it was read with the scorecard.
    """

    treatment: Treatment | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[Line, ...] = ()
    note: Text = Text()
    answers: Mapping[str, bool] | None = None
    beside: Mapping[str, Any] = attrs.field(factory=dict)
    reason: Text | None = None
    value_text: Text | None = None


_NO_DETAIL = Detail()


# Read-only properties over private fields: a frozen attrs class would cost three times as much to make,
# and every leaf of every unit makes one.
@attrs.define(eq=False, repr=False)
class NodeScore:
    """The score of one node."""

    _info: NodeInfo = attrs.field(alias="info")
    _units: int | None = attrs.field(alias="units")
    _outcome: Outcome = attrs.field(default=Outcome.SCORED, alias="outcome")
    _value: Quantity | None = attrs.field(default=None, alias="value")
    _assumptions: tuple[Text, ...] = attrs.field(default=(), alias="assumptions")
    _children: tuple[NodeScore, ...] = attrs.field(default=(), alias="children")
    _detail: Detail = attrs.field(default=_NO_DETAIL, alias="detail")

    @property
    def info(self) -> NodeInfo:
        """What the scheme says of the node."""
        return self._info

    @property
    def units(self) -> int | None:
        """The score in units of the last decimal place; None where the node is left out."""
        return self._units

    @property
    def outcome(self) -> Outcome:
        """What came of it."""
        return self._outcome

    @property
    def value(self) -> Quantity | None:
        """The exact value of the indicator, if there is one."""
        return self._value

    @property
    def assumptions(self) -> tuple[Text, ...]:
        """What rests on an assumption, in words."""
        return self._assumptions

    @property
    def children(self) -> tuple[NodeScore, ...]:
        """The nodes below it."""
        return self._children

    @property
    def detail(self) -> Detail:
        """What only some nodes have."""
        return self._detail

    @property
    def path(self) -> str:
        """The path of the node in the tree."""
        return self.info.path

    @property
    def id(self) -> str:
        """The last part of its path."""
        return self.info.path.rpartition(".")[2]

    @property
    def title(self) -> Text:
        """Its title."""
        return self.info.title

    @property
    def points(self) -> Decimal:
        """Its points."""
        return self.info.points.decimal(self.info.places)

    @property
    def score(self) -> Decimal | None:
        """Its score; None where it is left out."""
        return None if self.units is None else _as_decimal(self.units, self.info.places)

    @property
    def lost(self) -> Decimal | None:
        """The points lost; None where it is left out."""
        score = self.score
        return None if score is None else self.points - score

    @property
    def counts(self) -> bool:
        """Whether it is not left out."""
        return self.units is not None

    @property
    def treatment(self) -> Treatment | None:
        """What the scheme's policy did, where the outcome is not a score."""
        return self.detail.treatment

    @property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """Points lost beyond what the children lose."""
        return self.detail.adjustments

    @property
    def lines(self) -> tuple[Line, ...]:
        """The line items, for a leaf that measures each by itself."""
        return self.detail.lines

    @property
    def note(self) -> Text:
        """What the data says: the reason of a judgement, or why it does not apply."""
        return self.detail.note

    @property
    def answers(self) -> Mapping[str, bool] | None:
        """For a checklist: whether each item is met."""
        return self.detail.answers

    @property
    def reason(self) -> Text:
        """Why points are lost, or why there is no measured score; empty for full marks."""
        if self.detail.reason is not None:
            return self.detail.reason
        from indicatree.scoring.reasons import reason_of  # noqa: PLC0415 - words are made on demand

        return reason_of(self)

    @property
    def value_text(self) -> Text:
        """The value in words; the outcome where there is no value."""
        if self.detail.value_text is not None:
            return self.detail.value_text
        from indicatree.scoring.reasons import value_words  # noqa: PLC0415 - words are made on demand

        return value_words(self)

    def walk(self) -> Iterator[NodeScore]:
        """This node and every node below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def __repr__(self) -> str:
        """Path, score and points."""
        return f"NodeScore({self.path or 'total'}: {self.score} of {self.points})"


@attrs.frozen(eq=False, repr=False, slots=False)
class Scorecard:
    """The score of one unit: total, grade, and the tree that leads to them.

    Two scorecards are equal where they say the same. A scorecard goes to JSON and back, and
    through pickle, without losing anything that it says; what it needs to *explain* itself anew
    (the scheme and the data) stays behind.

    Attributes:
        root: The whole; its children are the tiers.
        scheme: The id of the scheme.
        digest: The fingerprint of the scheme.
        unit: The name of the unit.
        grade: The grade; None where the whole tree is left out.
        arithmetic_grade: The grade by points alone, before any veto.
        arithmetic_units: The total by points alone, in units of the last decimal place.
        vetoes: What came of each veto of the scheme.
        plugins: The plugins that the scheme's parts came from, with their versions.
        version: The version of indicatree that made it.
        scored_with: The scheme; None where the scorecard was read or unpickled.
        scored_from: The data; likewise.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.staffing", title=it.Text(zh="人员", en="Staffing"))
        ... class Staffing:
        ...     posts: fields.Count = fields.count("编制数", "Approved posts")
        ...     in_post: fields.Count = fields.count("在职人数", "Staff in post")
        >>> @it.indicator("demo.staff_control", tier=it.Tier.INPUT, better=it.LESS,
        ...               title=it.Text(zh="在职人员控制率", en="Staff control rate"))
        ... def staff_control(staffing: Staffing):
        ...     return staffing.in_post / staffing.posts
        >>> leaf = it.Leaf(id="staff_control", indicator=staff_control, points=5,
        ...                rule=it.rules.AllOrNothing(at_most="100%"))
        >>> scheme = it.Scheme(id="demo", tiers=[it.TierNode(tier="input", groups=[
        ...     it.Group(id="allocation", title="Budget allocation", indicators=[leaf])])])
        >>> card = it.score(scheme, {"staffing": Staffing(posts=92, in_post=92)})
        >>> card.total, card.points, card.grade.id
        (Decimal('5.00'), Decimal('5.00'), 'excellent')
        >>> card["input.allocation.staff_control"].value_text["en"]
        '100.00%'
    """

    root: NodeScore
    scheme: str
    digest: str
    unit: str = ""
    grade: Grade | None = None
    plugins: Mapping[str, str] = attrs.field(factory=dict)
    version: str = ""
    scored_with: Scheme | None = None
    scored_from: UnitData | None = None
    arithmetic_grade: Grade | None = attrs.Factory(lambda card: card.grade, takes_self=True)
    arithmetic_units: int | None = attrs.Factory(lambda card: card.root.units, takes_self=True)
    vetoes: tuple[VetoResult, ...] = ()

    @property
    def arithmetic_total(self) -> Decimal | None:
        """The total by points alone, before any veto."""
        return None if self.arithmetic_units is None else _as_decimal(self.arithmetic_units, self.root.info.places)

    @property
    def total(self) -> Decimal | None:
        """The total score; None where the whole tree is left out."""
        return self.root.score

    @property
    def points(self) -> Decimal:
        """The points of the whole."""
        return self.root.points

    @property
    def tiers(self) -> tuple[NodeScore, ...]:
        """The four tiers, in order."""
        return self.root.children

    @cached_property
    def _nodes(self) -> dict[str, NodeScore]:
        return {node.path: node for node in self.root.walk()}

    def __getitem__(self, path: str) -> NodeScore:
        """The node at a path.

        Raises:
            ScoringError: There is no such node.
        """
        if path not in self._nodes:
            known = [name for name in self._nodes if name]
            ending = [name for name in known if name.endswith(f".{path}")]
            hint = did_you_mean(ending[0] if len(ending) == 1 else path, known)
            raise ScoringError(
                [Problem("unknown-node", path, Text(zh="方案没有此节点", en="the scheme has no such node"), hint)]
            )
        return self._nodes[path]

    def leaves(self) -> Iterator[NodeScore]:
        """Every leaf, in the order of the scheme."""
        return (node for node in self.root.walk() if node.info.level == "indicator")

    @property
    def assumptions(self) -> list[tuple[str, Text]]:
        """Everything that rests on an assumption: the path of the node and what is assumed."""
        return [(node.path, words) for node in self.root.walk() for words in node.assumptions]

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """The scorecard as JSON holds it; see `to_json`."""
        from indicatree.scoring.document import to_document  # noqa: PLC0415 - only writing pays for it

        return to_document(self, language)

    def to_json(self, language: str = "zh", *, indent: int | None = 2) -> str:
        """The scorecard as JSON; ``indicatree schema scorecard`` prints its JSON Schema.

        Exact numbers are strings. Texts stand in the language that is asked for, and beside it in
        both, so that nothing is lost.
        """
        import json  # noqa: PLC0415 - only writing pays for it

        return json.dumps(self.to_dict(language), ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, text: str) -> Scorecard:
        """A scorecard from its JSON.

        Raises:
            DataError: With every problem of the document, each at its path.
        """
        from indicatree.data.files import parse_text  # noqa: PLC0415 - only reading pays for it

        return cls.from_dict(parse_text(text, language="json", name="scorecard"))

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Scorecard:
        """A scorecard from what its JSON holds."""
        from indicatree.scoring.document import from_document  # noqa: PLC0415 - only reading pays for it

        return from_document(document)

    def explain(
        self,
        path: str = "",
        *,
        language: str = "zh",
        scheme: Scheme | None = None,
        data: UnitData | str | PathLike[str] | Mapping[str, Any] | None = None,
    ) -> str:
        """How a node came to its score: formula, figures, value, rule, points lost and why.

        Args:
            path: The node; by default the whole.
            language: ``zh`` or ``en``.
            scheme: The scheme; needed where the scorecard came from JSON or through pickle.
            data: The data; likewise.

        Raises:
            ScoringError: There is no such node, or the scorecard came without scheme and data.
        """
        from indicatree.scoring.explain import explain  # noqa: PLC0415 - words are made on demand

        return explain(self, path, language, scheme or self.scored_with, self.scored_from if data is None else data)

    def table(self, language: str = "zh") -> str:
        """The score table in text."""
        from indicatree.scoring.render import table  # noqa: PLC0415 - words are made on demand

        return table(self, language)

    def __str__(self) -> str:
        """The score table in Chinese."""
        return self.table()

    def __repr__(self) -> str:
        """Unit, total and points."""
        grade = f", {self.grade.id}" if self.grade else ""
        return f"Scorecard({self.unit or self.scheme}: {self.total} of {self.points}{grade})"

    def __eq__(self, other: object) -> bool:
        """Whether two scorecards say the same."""
        if not isinstance(other, Scorecard):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        """By scheme, unit and total."""
        return hash((self.digest, self.unit, self.root.units))

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from what it says."""
        return type(self).from_dict, (self.to_dict(),)


def _as_decimal(units: int, places: int) -> Decimal:
    return Quantity(units, 10**places).decimal(places)
