"""The tree of a scheme: four tiers, groups to any depth, leaves."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, Rounding, exact
from indicatree.data import DataShape, JudgementShape, RecordShape, Years, as_years
from indicatree.data.structure import FILE_KEY
from indicatree.indicators import Checklist, Graded, Indicator, Tier
from indicatree.problems import SchemeError
from indicatree.scheme.aggregation import Aggregation, Combine, as_aggregation
from indicatree.scheme.define import Definitions
from indicatree.scheme.rules.base import Rule, optional_exact
from indicatree.scheme.stated import StatedIdentity
from indicatree.scheme.vetoes import VETO_APPLIES, Veto
from indicatree.text import Text, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "DEFAULT_GRADES",
    "DEFAULT_POLICIES",
    "SCHEME_FORMAT",
    "Grade",
    "Group",
    "Leaf",
    "Policies",
    "Scheme",
    "TierNode",
    "Treatment",
]

SCHEME_FORMAT = 1
"""The version of the scheme file format."""


class Treatment(Enum):
    """What a scheme does with a leaf that has no measured score.

    Attributes:
        ERROR: There is no scorecard; the error names every such leaf.
        NO_POINTS: The leaf gets none of its points.
        FULL_POINTS: The leaf gets all of its points.
        LEFT_OUT: The leaf is left out and its points are spread over the rest of its group.
    """

    ERROR = "error"
    NO_POINTS = "no_points"
    FULL_POINTS = "full_points"
    LEFT_OUT = "left_out"


def _treatment(value: Treatment | str | None) -> Treatment | None:
    return None if value is None else Treatment(value)


@attrs.frozen(kw_only=True)
class Policies:
    """What is done for each outcome other than a score.

    What a leaf does not say is as the scheme says; what neither says is as in `DEFAULT_POLICIES`.

    Attributes:
        missing: A figure is not there; by default an error.
        undefined: A division by zero; by default an error.
        not_applicable: The indicator does not apply to this unit; by default it is left out.
        failed: The code of a row-wise indicator failed; by default an error.
    """

    missing: Treatment | None = attrs.field(default=None, converter=_treatment)
    undefined: Treatment | None = attrs.field(default=None, converter=_treatment)
    not_applicable: Treatment | None = attrs.field(default=None, converter=_treatment)
    failed: Treatment | None = attrs.field(default=None, converter=_treatment)

    def over(self, other: Policies) -> Policies:
        """These policies, and the other ones where these say nothing."""
        names = [field.name for field in attrs.fields(Policies)]
        return Policies(**{name: getattr(self, name) or getattr(other, name) for name in names})


DEFAULT_POLICIES = Policies(
    missing=Treatment.ERROR,
    undefined=Treatment.ERROR,
    not_applicable=Treatment.LEFT_OUT,
    failed=Treatment.ERROR,
)


@attrs.frozen
class Grade:
    """A grade, from a share of the points on; the edge belongs to it.

    Attributes:
        id: Its name in files and JSON.
        title: Its name in two languages.
        at_least: The share of the points from which on it is given.
    """

    id: str
    title: Text = attrs.field(converter=as_text)
    at_least: Quantity = attrs.field(converter=exact)


DEFAULT_GRADES = (
    Grade("excellent", Text(zh="优", en="excellent"), "90%"),
    Grade("good", Text(zh="良", en="good"), "80%"),
    Grade("fair", Text(zh="中", en="fair"), "60%"),
    Grade("poor", Text(zh="差", en="poor"), 0),
)


_MEAN = Aggregation(Combine.WEIGHTED_MEAN)


@attrs.frozen(kw_only=True)
class Leaf:
    """An indicator in a scheme, with its points and its rule.

    Attributes:
        id: Its name among its siblings.
        indicator: What is measured or judged.
        points: Its full marks; a leaf of 0 points is information.
        rule: How the value becomes points; a leaf of 0 points needs none.
        title: A title of its own; by default the indicator's.
        bindings: The record for a parameter of the measure, by parameter; by default the record
            of the same name. In files: ``with``.
        for_each: The line items each of which is measured by itself.
        combine: How the lines of ``for_each`` become the leaf's score.
        policies: What is done for each outcome other than a score, where not as the scheme says.
        lowest: The lowest score, below 0 for a penalty; 0 by default.
        highest: The highest score, above the points for a bonus; the points by default.
        assumption: What about its points or its rule is not published, if anything is assumed.
    """

    id: str
    indicator: Indicator
    points: Quantity = attrs.field(converter=exact)
    rule: Rule | None = None
    title: Text = attrs.field(default=Text(), converter=as_text)
    bindings: Mapping[str, str] = attrs.field(factory=dict, metadata={FILE_KEY: "with"})
    for_each: str = ""
    combine: Aggregation = attrs.field(default=_MEAN, converter=as_aggregation)
    policies: Policies = Policies()
    lowest: Quantity = attrs.field(default=Quantity(0), converter=exact)
    highest: Quantity | None = attrs.field(default=None, converter=optional_exact)
    assumption: Text = attrs.field(default=Text(), converter=as_text)

    @property
    def name(self) -> Text:
        """The title that is shown."""
        return self.title or self.indicator.title

    @property
    def most(self) -> Quantity:
        """The highest score."""
        return self.points if self.highest is None else self.highest

    @property
    def measures(self) -> tuple[Indicator, ...]:
        """The indicator, and those that its rule compares it with."""
        return (self.indicator, *(self.rule.compared_with.values() if isinstance(self.rule, Rule) else ()))

    @property
    def parameters(self) -> dict[str, RecordShape]:
        """The records that it needs, by parameter name."""
        return {name: shape for measure in self.measures for name, shape in measure.parameters.items()}

    def record_names(self) -> dict[str, str]:
        """The record for each parameter of its measures."""
        return {parameter: self.bindings.get(parameter, parameter) for parameter in self.parameters}

    @property
    def item_parameter(self) -> str | None:
        """The parameter that takes one line item of ``for_each``."""
        if not self.for_each:
            return None
        names = self.record_names()
        bound = [parameter for parameter, name in names.items() if name == self.for_each]
        if bound:
            return bound[0]
        free = [name for name, shape in self.parameters.items() if name not in self.bindings and not shape.many]
        return free[0] if len(free) == 1 else None


# One for each class: mypy does not solve the type of a generic converter.
def _groups(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(groups)


def _leaves(leaves: Iterable[Leaf]) -> tuple[Leaf, ...]:
    return tuple(leaves)


def _grades(grades: Iterable[Grade]) -> tuple[Grade, ...]:
    return tuple(grades)


def _vetoes(vetoes: Iterable[Veto]) -> tuple[Veto, ...]:
    return tuple(vetoes)


def _identities(identities: Iterable[StatedIdentity]) -> tuple[StatedIdentity, ...]:
    return tuple(identities)


@attrs.frozen(kw_only=True)
class Group:
    """A group of a scheme: either groups or leaves.

    Attributes:
        id: Its name among its siblings.
        title: Its title in two languages.
        groups: The groups in it, or
        indicators: the leaves in it.
        points: Its points; by default the sum of its children's. Required where they are not added.
        aggregation: How its children's scores become its own.
        assumption: What about it is not published, if anything is assumed.
    """

    id: str
    title: Text = attrs.field(default=Text(), converter=as_text)
    groups: tuple[Group, ...] = attrs.field(default=(), converter=_groups)
    indicators: tuple[Leaf, ...] = attrs.field(default=(), converter=_leaves)
    points: Quantity | None = attrs.field(default=None, converter=optional_exact)
    aggregation: Aggregation = attrs.field(default=Aggregation(), converter=as_aggregation)
    assumption: Text = attrs.field(default=Text(), converter=as_text)

    @property
    def children(self) -> tuple[Group | Leaf, ...]:
        """The groups or the leaves in it."""
        return (*self.groups, *self.indicators)


@attrs.frozen(kw_only=True)
class TierNode:
    """One of the four tiers of a scheme.

    Attributes:
        tier: Which one.
        title: The title that the place gives it; by default the usual one.
        groups: The groups in it; a tier may be empty.
        points: Its points; by default the sum of its groups'.
        aggregation: How its groups' scores become its own.
        assumption: What about it is not published, if anything is assumed.
    """

    tier: Tier = attrs.field(converter=Tier)
    title: Text = attrs.field(default=Text(), converter=as_text)
    groups: tuple[Group, ...] = attrs.field(default=(), converter=_groups)
    points: Quantity | None = attrs.field(default=None, converter=optional_exact)
    aggregation: Aggregation = attrs.field(default=Aggregation(), converter=as_aggregation)
    assumption: Text = attrs.field(default=Text(), converter=as_text)

    @property
    def id(self) -> str:
        """The name of the tier."""
        return self.tier.value

    @property
    def children(self) -> tuple[Group, ...]:
        """The groups in it."""
        return self.groups


Node = TierNode | Group | Leaf


def all_four(tiers: Iterable[TierNode]) -> tuple[TierNode, ...]:
    """The tiers as given, and an empty one for each that is not, each kept in its place."""
    given = tuple(tiers)
    names = [tier.tier for tier in given]
    if len(set(names)) < len(names) or names != sorted(names, key=list(Tier).index):
        return given  # what is wrong is said with everything else that is wrong
    return tuple(next((tier for tier in given if tier.tier is wanted), TierNode(tier=wanted)) for wanted in Tier)


@attrs.frozen(kw_only=True)
class Scheme:
    """How a unit is scored: the tree of indicators, points and rules, and the grades.

    A scheme is validated whole when it is made, and does not change.

    Attributes:
        id: Its name.
        title: Its title in two languages.
        tiers: The tiers, in order; those that are not given are empty.
        points: The points of the whole; by default the sum of the tiers'.
        aggregation: How the tiers' scores become the total.
        precision: The decimal places of every score, 2 by default.
        rounding: How scores are rounded to it.
        grades: The grades, the best first.
        vetoes: What caps the grade or the total.
        policies: What is done for each outcome other than a score.
        records: Records that a data file may hold besides those that the indicators need.
        define: The records and indicators that the scheme defines itself.
        identities: What must be equal in a report, for the audit.
        years: The years that it holds for; None for always.
        source: The document that the scheme is from.
        assumption: What about it is not published, if anything is assumed.
        plugins: The plugins that its indicators and rules came from, with their versions.

    Raises:
        SchemeError: With every problem of the scheme.
    """

    id: str
    title: Text = attrs.field(default=Text(), converter=as_text)
    tiers: tuple[TierNode, ...] = attrs.field(converter=all_four)
    points: Quantity | None = attrs.field(default=None, converter=optional_exact)
    aggregation: Aggregation = attrs.field(default=Aggregation(), converter=as_aggregation)
    precision: int = 2
    rounding: Rounding = attrs.field(default=Rounding.HALF_UP, converter=Rounding)
    grades: tuple[Grade, ...] = attrs.field(default=DEFAULT_GRADES, converter=_grades)
    vetoes: tuple[Veto, ...] = attrs.field(default=(), converter=_vetoes)
    policies: Policies = Policies()
    records: Mapping[str, RecordShape] = attrs.field(factory=dict)
    define: Definitions = attrs.field(factory=Definitions, metadata={FILE_KEY: None})
    identities: tuple[StatedIdentity, ...] = attrs.field(default=(), converter=_identities)
    years: Years | None = attrs.field(default=None, converter=as_years)
    source: str = ""
    assumption: Text = attrs.field(default=Text(), converter=as_text)
    plugins: Mapping[str, str] = attrs.field(factory=dict, eq=False, metadata={FILE_KEY: None})

    def __attrs_post_init__(self) -> None:
        """Validate the whole scheme."""
        from indicatree.scheme.validate import problems_of_scheme  # noqa: PLC0415 - it reads this module

        if problems := problems_of_scheme(self):
            raise SchemeError(problems)

    def __hash__(self) -> int:
        """By id, which is cheap; equal schemes have the same."""
        return hash(self.id)

    @property
    def key(self) -> str:
        """The name by which it is meant: its id, and a year of this version where it has years."""
        return self.id if self.years is None else f"{self.id}@{self.years.mark}"

    @property
    def children(self) -> tuple[TierNode, ...]:
        """The tiers."""
        return self.tiers

    def walk(self) -> Iterator[tuple[str, Node]]:
        """Every node with its path, parents before their children."""

        def inner(node: Node, path: str) -> Iterator[tuple[str, Node]]:
            yield path, node
            for child in getattr(node, "children", ()):
                yield from inner(child, f"{path}.{child.id}")

        for tier in self.tiers:
            yield from inner(tier, tier.id)

    def leaves(self) -> Iterator[tuple[str, Leaf]]:
        """Every leaf with its path."""
        for path, node in self.walk():
            if isinstance(node, Leaf):
                yield path, node

    @property
    def data_shape(self) -> DataShape:
        """What data the scheme takes."""
        records = dict(self.records)
        judgements = {}
        for path, leaf in self.leaves():
            if isinstance(leaf.indicator, Checklist):
                judgements[path] = JudgementShape(leaf.indicator.items)
            elif isinstance(leaf.indicator, Graded):
                judgements[path] = JudgementShape()
            elif leaf.rule is not None and leaf.rule.asks:
                judgements[path] = JudgementShape(leaf.rule.asks, optional=True, lines=leaf.for_each)
            records |= dict(leaf_shapes(leaf))
        for veto in self.vetoes:
            if veto.indicator is None:
                judgements[veto.path] = JudgementShape(VETO_APPLIES, optional=True)
            names = veto.record_names()
            records |= {names[parameter]: shape for parameter, shape in veto.parameters.items()}
        paths = [path for path, _ in self.leaves()] + [veto.path for veto in self.vetoes]
        return DataShape(records, judgements, frozenset(paths))

    def points_of(self, node: Scheme | Node) -> Quantity:
        """The points of a node: as given, or the sum of its children's."""
        if isinstance(node, Leaf):
            return node.points
        if node.points is not None:
            return node.points
        total = exact(0)
        for child in node.children:
            total = total + self.points_of(child)
        return total

    def policies_of(self, leaf: Leaf) -> Policies:
        """What becomes of a leaf that has no score: as it says, else the scheme, else `DEFAULT_POLICIES`."""
        return leaf.policies.over(self.policies).over(DEFAULT_POLICIES)

    def to_dict(self) -> dict[str, Any]:
        """The scheme as a file holds it."""
        from indicatree.scheme.files import scheme_table  # noqa: PLC0415 - it reads this module

        return scheme_table(self)

    def to_toml(self) -> str:
        """The scheme as TOML; reading that gives an equal scheme."""
        from indicatree.data.files import write_toml  # noqa: PLC0415 - it reads this module

        return write_toml(self.to_dict())

    @property
    def digest(self) -> str:
        """A fingerprint of everything that the scheme says, as SHA-256 in hexadecimal."""
        import hashlib  # noqa: PLC0415 - only a scorecard pays for it
        import json  # noqa: PLC0415 - likewise

        canonical = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


def leaf_shapes(leaf: Leaf) -> Iterator[tuple[str, RecordShape]]:
    """The records that a leaf needs, by the name under which the data holds them."""
    names, item = leaf.record_names(), leaf.item_parameter
    for measure in leaf.measures:
        for parameter, shape in measure.parameters.items():
            if parameter == item:
                yield leaf.for_each, RecordShape(shape.record_class, many=True)
            else:
                yield names[parameter], shape
