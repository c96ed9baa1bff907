"""Leaves that columns cannot compute, computed row by row: any Python code, and numbers of any size."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import attrs
import click

from indicatree.arithmetic import Rounding, exact
from indicatree.data import Items, Judgement, RecordShape, UnitData, fields, record_type
from indicatree.data.fields import Amounts, RefusedError
from indicatree.indicators import Measured
from indicatree.problems import DataError, Problem
from indicatree.scoring import Outcome
from indicatree.scoring.leaves import plan_leaf
from indicatree.table.plan import ALL_LEFT_OUT, OUTCOMES, REFUSED, UNREADABLE, RowLeaf
from indicatree.table.reading import places_of
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from indicatree.data.fields import Kind
    from indicatree.scheme import Leaf, Policies, Rule, Scheme

__all__ = ["RowScorer"]

_SAID = "said in a table"
_ROW_BY_ROW = Text(zh="逐行计算", en="row by row")


def _bare(indicator: Any) -> Any:
    """A measure without its formula in words, which does not travel to other processes, and is not needed there."""
    if not isinstance(indicator, Measured):
        return indicator
    return attrs.evolve(indicator, formula=None, condition=None)


def _bare_rule(rule: Rule | None) -> Rule | None:
    """A rule without the formulas of the measures that it compares with, wherever it keeps them."""
    if rule is None or not rule.compared_with:
        return rule
    changed: dict[str, Any] = {}
    for field in attrs.fields(type(rule)):
        value = getattr(rule, field.name)
        if isinstance(value, Measured):
            changed[field.name] = _bare(value)
        elif isinstance(value, Mapping):
            changed[field.name] = {name: _bare(one) for name, one in value.items()}
    return attrs.evolve(rule, **changed)


@attrs.frozen
class _Settings:
    """What the plan of a leaf asks of a scheme."""

    precision: int
    rounding: Rounding

    def policies_of(self, leaf: Leaf) -> Policies:
        """The policies of a leaf, which are its own here."""
        return leaf.policies


@attrs.define
class RowScorer:
    """Scores some leaves of every row in Python; it can be sent to other processes.

    Attributes:
        leaves: The leaves.
        factor: How many currency units one unit of an amount is; None where whole numbers are minor units.
        progress: Whether a terminal is shown how far it is.
        language: The language of the words that it is shown.
    """

    leaves: tuple[RowLeaf, ...]
    factor: int | None
    _settings: _Settings
    _records: Mapping[str, RecordShape]
    progress: bool = False
    language: str = "en"

    @classmethod
    def of(
        cls,
        scheme: Scheme,
        leaves: Iterable[RowLeaf],
        factor: int | None,
        *,
        progress: bool = False,
        language: str = "en",
    ) -> RowScorer:
        """The one for some leaves of a scheme."""
        bare = []
        for row_leaf in leaves:
            leaf = row_leaf.leaf
            kept = attrs.evolve(
                leaf,
                indicator=_bare(leaf.indicator),
                rule=_bare_rule(leaf.rule),
                policies=scheme.policies_of(leaf),
            )
            bare.append(attrs.evolve(row_leaf, leaf=kept))
        settings = _Settings(scheme.precision, scheme.rounding)
        return cls(tuple(bare), factor, settings, scheme.data_shape.records, progress, language)

    def needs(self, columns: Sequence[str]) -> list[str]:
        """The columns that they need, of those that there are."""
        starts = set()
        for row_leaf in self.leaves:
            starts |= {f"{name}." for name, shape in self._shapes(row_leaf).items() if not shape.many}
            starts |= {f"judgement.{row_leaf.path}", f"not_applicable.{row_leaf.path}"}
        return [column for column in columns if column.startswith(tuple(starts))]

    def lists(self) -> set[str]:
        """The lists of line items that they need."""
        return {name for leaf in self.leaves for name, shape in self._shapes(leaf).items() if shape.many}

    def _shapes(self, row_leaf: RowLeaf) -> dict[str, Any]:
        names = {*row_leaf.leaf.record_names().values(), *filter(None, [row_leaf.leaf.for_each])}
        # the parameter that takes one line item is named for no record
        return {name: self._records[name] for name in names if name in self._records}

    def __call__(
        self,
        columns: Mapping[str, Sequence[Any]],
        rows: int,
        items: Mapping[str, Sequence[Sequence[Mapping[str, Any]]]],
    ) -> dict[str, list[int | None]]:
        """The units and the outcome of each leaf in each row.

        Args:
            columns: The values of the columns that are needed.
            rows: The number of rows.
            items: For each list of line items, those of each row, as values by field.
        """
        settings: Any = self._settings
        plans = [(row_leaf, plan_leaf(settings, row_leaf.leaf, row_leaf.path)) for row_leaf in self.leaves]
        found: dict[str, list[int | None]] = {}
        for row_leaf in self.leaves:
            found[row_leaf.units], found[row_leaf.outcome] = [], []
        with self._numbers(rows) as numbers:
            for row in numbers:
                values = {name: column[row] for name, column in columns.items()}
                lists = {name: lines[row] for name, lines in items.items()}
                for row_leaf, plan in plans:
                    units, outcome = None, UNREADABLE
                    problems: list[Problem] = []
                    try:
                        score = plan.score(self._data(row_leaf, values, lists), problems)
                        units, outcome = score.units, OUTCOMES.index(score.outcome)
                        if score.lines and problems:
                            outcome = REFUSED
                        elif score.lines and score.outcome is Outcome.NOT_APPLICABLE:
                            outcome = ALL_LEFT_OUT
                    except (RefusedError, DataError):
                        pass
                    found[row_leaf.units].append(units)
                    found[row_leaf.outcome].append(outcome)
        return found

    def _numbers(self, rows: int) -> AbstractContextManager[Iterable[int]]:
        """The numbers of the rows, beside a bar on a terminal where one is asked for."""
        # a program without a console has no stderr
        if self.progress and sys.stderr is not None and sys.stderr.isatty():
            return click.progressbar(range(rows), label=_ROW_BY_ROW[self.language], file=sys.stderr)
        return nullcontext(range(rows))

    def _data(
        self, row_leaf: RowLeaf, values: Mapping[str, Any], lists: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> UnitData:
        records: dict[str, Any] = {}
        for name, shape in self._shapes(row_leaf).items():
            kinds = record_type(shape.record_class).fields
            if shape.many:
                if name in lists:
                    lines = [
                        shape.record_class(**{field: self._value(kinds[field], line.get(field)) for field in kinds})
                        for line in lists[name]
                    ]
                    records[name] = Items(shape.record_class, lines)
            else:
                given = {field: self._value(kind, values.get(f"{name}.{field}")) for field, kind in kinds.items()}
                records[name] = shape.record_class(**given)
        return UnitData(
            records=records,
            judgement=self._judgement(row_leaf.path, values, lists, row_leaf.leaf.for_each),
            not_applicable={row_leaf.path: _SAID} if _yes(values.get(f"not_applicable.{row_leaf.path}")) else {},
        )

    def _value(self, kind: Kind, value: Any) -> Any:
        if value is None or isinstance(kind, fields.Words):
            return value
        if isinstance(kind, fields.Flag) and isinstance(value, str):
            return {"true": True, "false": False}.get(value, value)
        if isinstance(kind, fields.Money) and self.factor is None:
            return kind.take(exact(value) / 10 ** places_of(kind))
        return kind.read(value, Amounts(self.factor or 1))

    def _judgement(
        self, path: str, values: Mapping[str, Any], lists: Mapping[str, Sequence[Mapping[str, Any]]], over: str
    ) -> dict[str, Judgement]:
        start = f"judgement.{path}"
        if values.get(start) is not None:
            return {path: Judgement(share=exact(values[start]), reason=_SAID, evidence=_SAID)}
        said = {
            name.removeprefix(f"{start}."): _yes(value)
            for name, value in values.items()
            if name.startswith(f"{start}.") and value is not None
        }
        lines = []
        for number, line in enumerate(lists.get(over, ()), 1):
            of_line = [name for name, value in line.items() if name.startswith(f"{start}.") and _yes(value)]
            said |= {name.removeprefix(f"{start}."): True for name in of_line}
            lines += [str(number)] * bool(of_line)
        return {path: Judgement(items=said, lines=lines, reason=_SAID, evidence=_SAID)} if said else {}


def _yes(value: Any) -> bool:
    return value is True or value == "true"
