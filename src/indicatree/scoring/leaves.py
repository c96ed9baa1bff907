"""Leaves prepared for scoring: measured, measured line by line, or judged."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import MISSING, UNDEFINED, Quantity, State, Unsettled, UnsettledError, exact
from indicatree.data import Items, record_type
from indicatree.indicators import Checklist, Measured
from indicatree.problems import Problem, did_you_mean, quoted
from indicatree.scheme import Part, Treatment
from indicatree.scoring.scorecard import Detail, Line, NodeInfo, NodeScore, Outcome
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indicatree.data import UnitData
    from indicatree.scheme import Leaf, Scheme

__all__ = ["BoundMeasure", "LeafPlan", "line_name", "plan_leaf"]

_NO_WORDS = Text()
DIVIDES_BY_ZERO = Text(zh="数据齐全，但除数为零", en="the figures are there, but divide by zero")
_OUTCOME_OF_STATE = {State.MISSING: Outcome.MISSING, State.UNDEFINED: Outcome.UNDEFINED}
_STATE_OF_OUTCOME = {Outcome.MISSING: MISSING, Outcome.UNDEFINED: UNDEFINED}
# Looking a member up on its Enum costs as much as a division, and every leaf of every unit needs this one.
_SCORED = Outcome.SCORED


def plan_leaf(scheme: Scheme, leaf: Leaf, path: str) -> LeafPlan:
    """The plan of a leaf, by what kind of leaf it is."""
    if not isinstance(leaf.indicator, Measured):
        return _Judged(scheme, leaf, path)
    return _Lines(scheme, leaf, path) if leaf.for_each else _Measured(scheme, leaf, path)


def _exact_points(points: Any) -> Quantity:
    """Points that a rule gives as a plain number; a float is not exact and is refused."""
    if isinstance(points, int | Decimal | Fraction) and not isinstance(points, bool):
        return exact(points)
    message = f"a rule gives a quantity, an int, a Decimal or a Fraction, got {quoted(points)}"
    raise TypeError(message)


def _said(error: Exception) -> Text:
    return Text.of(" ".join(f"{type(error).__name__}: {error}".split()))


class LeafPlan:
    """A leaf: what does not change from unit to unit."""

    def __init__(self, scheme: Scheme, leaf: Leaf, path: str) -> None:
        indicator, rule = leaf.indicator, leaf.rule
        words = _NO_WORDS
        if rule is not None:
            words = Text(zh=rule.words(indicator, leaf.points, "zh"), en=rule.words(indicator, leaf.points, "en"))
        self.info = NodeInfo(
            path,
            "indicator",
            leaf.name,
            leaf.points,
            scheme.precision,
            assumption=leaf.assumption,
            indicator=indicator.id,
            source=indicator.source,
            unit=indicator.unit,
            rule=words,
            leaf=leaf,
        )
        self.path = path
        self.leaf = leaf
        self.points = leaf.points
        self.rule = rule
        self.policies = scheme.policies_of(leaf)
        self.factor = 10**scheme.precision
        self.rounding = scheme.rounding
        self.lowest = leaf.lowest.scaled(scheme.precision)
        self.highest = leaf.most.scaled(scheme.precision)
        self.assumptions: tuple[Text, ...] = (leaf.assumption,) if leaf.assumption else ()

    def score(self, data: UnitData, problems: list[Problem]) -> NodeScore:
        """The leaf's score for one unit."""
        assumptions = self.assumptions
        if data.notes or data.judgement:
            from indicatree.scoring.reasons import assumed_figures  # noqa: PLC0415 - only files say what is assumed

            assumptions += assumed_figures(self.leaf, self.path, data)
        if self.path in data.not_applicable:
            note = data.not_applicable[self.path]
            return self._without(Outcome.NOT_APPLICABLE, data, problems, note, assumptions)
        return self._score(data, problems, assumptions)

    def _score(self, data: UnitData, problems: list[Problem], assumptions: tuple[Text, ...]) -> NodeScore:
        raise NotImplementedError

    def _units(self, value: Any, **beside: Any) -> int | tuple[Outcome, Text]:
        """The rounded score for a value, within the leaf's limits; or why the rule gives none."""
        if self.rule is None:
            return 0
        try:
            points = self.rule.points(value, self.points, **beside)
            if type(points) is not Quantity:
                points = _exact_points(points)
            units = points.in_units(self.factor, self.rounding)
        except UnsettledError as error:
            return _OUTCOME_OF_STATE[error.state], _NO_WORDS
        except Exception as error:  # noqa: BLE001 - a plugin's rule may raise anything; it must not stop the others
            return Outcome.FAILED, _said(error)
        if units < self.lowest:
            return self.lowest
        return min(units, self.highest)

    def _without(
        self,
        outcome: Outcome,
        data: UnitData,
        problems: list[Problem],
        note: Text,
        assumptions: tuple[Text, ...],
    ) -> NodeScore:
        """The leaf where there is no measured score: what the policy says."""
        treatment: Treatment = getattr(self.policies, outcome.value)
        units: int | None = None
        if treatment is Treatment.ERROR:
            problems.append(self._problem(outcome, data, note))
        elif treatment is Treatment.NO_POINTS:
            units = 0
        elif treatment is Treatment.FULL_POINTS:
            units = self.points.scaled(self.info.places)
        detail = Detail(treatment=treatment, note=note)
        return NodeScore(self.info, units, outcome, None, assumptions, (), detail)

    def _problem(self, outcome: Outcome, data: UnitData, note: Text) -> Problem:
        said = Text(zh=f"：{note['zh']}", en=f": {note['en']}") if note else _NO_WORDS
        if outcome is Outcome.MISSING:
            return self._missing(data, said)
        if outcome is Outcome.UNDEFINED:
            fix = Text(
                zh="改正数据，或在方案中选定 undefined 的处理办法",
                en="correct the figures, or choose a policy for undefined in the scheme",
            )
            return Problem("undefined-value", self.path, DIVIDES_BY_ZERO, fix)
        if outcome is Outcome.FAILED:
            name = self.info.indicator
            message = Text(zh=f"指标 {name} 计算失败", en=f"the measure {name} failed") + said
            fix = Text(zh="修正其代码，或选定 failed 的处理办法", en="mend its code, or choose a policy for failed")
            return Problem("measure-failed", self.path, message, fix)
        message = Text(zh="不适用，而方案不允许", en="does not apply, which the scheme does not allow") + said
        fix = Text(
            zh="在方案中为 not_applicable 选定其他处理办法",
            en="choose another policy for not_applicable in the scheme",
        )
        return Problem("not-applicable", self.path, message, fix)

    def _missing(self, data: UnitData, said: Text) -> Problem:
        from indicatree.scoring.reasons import lacking_figures, lacking_words  # noqa: PLC0415 - only errors pay for it

        fix = Text(
            zh="补上，或在 [not_applicable] 中写明此指标不适用，或在方案中选定 missing 的处理办法",
            en="give it, name the leaf under [not_applicable], or choose a policy for missing in the scheme",
        )
        return Problem("missing-figure", self.path, lacking_words(lacking_figures(self.leaf, data)) + said, fix)


class BoundMeasure:
    """A measure with its parameters bound to the records of a unit."""

    def __init__(self, indicator: Any, names: Mapping[str, str]) -> None:
        if not isinstance(indicator, Measured):
            raise TypeError(indicator)
        # A plain measure is called without its declaration around it; a row-wise one needs its checks.
        self.function = indicator if indicator.rowwise else indicator.function
        self.applies, self.applies_to = indicator.applies, indicator.applies_to
        self.parameters = tuple(indicator.parameters)
        # A record that is not given has every figure missing.
        self.bound = [(names[parameter], shape.empty()) for parameter, shape in indicator.parameters.items()]
        self.only = self.bound[0] if len(self.bound) == 1 else None

    def records(self, records: Mapping[str, Any]) -> list[Any]:
        """Its records, from those of a unit by name."""
        if self.only is not None:
            return [records.get(*self.only)]
        return [records.get(name, empty) for name, empty in self.bound]

    def measure(self, records: list[Any]) -> tuple[Any, Outcome, Text]:
        """What the measure gives for its records."""
        try:
            if self.applies is not None:
                by_parameter = dict(zip(self.parameters, records, strict=True))
                applies = self.applies(*[by_parameter[name] for name in self.applies_to])
                if isinstance(applies, Unsettled):
                    return None, _OUTCOME_OF_STATE[State(applies.state)], _NO_WORDS
                if not applies:
                    return None, Outcome.NOT_APPLICABLE, _NO_WORDS
            value = self.function(*records)
            if value.state:
                return None, _OUTCOME_OF_STATE[value.state], _NO_WORDS
        except UnsettledError as error:
            return None, _OUTCOME_OF_STATE[error.state], _NO_WORDS
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything; it must not stop the others
            return None, Outcome.FAILED, _said(error)
        return value, _SCORED, _NO_WORDS


class _Measured(LeafPlan):
    """A leaf that is computed from the figures of its records."""

    def __init__(self, scheme: Scheme, leaf: Leaf, path: str) -> None:
        super().__init__(scheme, leaf, path)
        names = leaf.record_names()
        self.bound = BoundMeasure(leaf.indicator, names)
        against = {} if leaf.rule is None else leaf.rule.compared_with
        self.against = {name: BoundMeasure(other, names) for name, other in against.items()}
        self.asks = () if leaf.rule is None else tuple(leaf.rule.asks)
        self.plain = not (self.against or self.asks)

    def _score(self, data: UnitData, problems: list[Problem], assumptions: tuple[Text, ...]) -> NodeScore:
        bound = self.bound
        value, outcome, note = bound.measure(bound.records(data.records))
        if outcome is _SCORED:
            if self.plain:
                units = self._units(value)
                if not isinstance(units, tuple):
                    return NodeScore(self.info, units, _SCORED, value, assumptions)
                outcome, note = units
            else:
                return self._compared(value, data, problems, assumptions)
        return self._without(outcome, data, problems, note, assumptions)

    def _compared(
        self, value: Any, data: UnitData, problems: list[Problem], assumptions: tuple[Text, ...]
    ) -> NodeScore:
        """The score by a rule that asks for more than the value."""
        records = {name: other.records(data.records) for name, other in self.against.items()}
        beside = self._said(data)
        units = self._by_rule(value, beside, records)
        if isinstance(units, tuple):
            return self._without(units[0], data, problems, units[1], assumptions)
        detail = Detail(beside=beside, note=self._said_why(data))
        return NodeScore(self.info, units, _SCORED, value, assumptions, (), detail)

    def _by_rule(
        self, value: Any, beside: dict[str, Any], records: Mapping[str, list[Any]]
    ) -> int | tuple[Outcome, Text]:
        """The rounded score by a rule that compares; the other values are added to ``beside``.

        What one of them lacks matters only where a case is decided by it.
        """
        without: tuple[Outcome, Text] | None = None
        for name, other in self.against.items():
            found, outcome, note = other.measure(records[name])
            beside[name] = _STATE_OF_OUTCOME.get(outcome, UNDEFINED) if found is None else found
            if found is None and outcome not in _STATE_OF_OUTCOME:
                without = without or (outcome, note)
        units = self._units(value, **beside)
        return without if isinstance(units, tuple) and without is not None else units

    def _said(self, data: UnitData, *line: str) -> dict[str, Any]:
        """What the rule asks an assessor, and whether it is said; of one line, by its name and its number."""
        judgement = data.judgement.get(self.path)
        return {name: judgement is not None and judgement.says(name, *line) for name in self.asks}

    def _said_why(self, data: UnitData) -> Text:
        judgement = data.judgement.get(self.path)
        return judgement.reason if judgement is not None and any((judgement.items or {}).values()) else _NO_WORDS


def line_name(item: Any, number: int) -> str:
    """The name of a line item, or its number."""
    label = record_type(type(item)).label
    return (getattr(item, label) if label else None) or str(number)


class _Lines(_Measured):
    """A leaf that measures each line item by itself, and combines the lines."""

    def _score(self, data: UnitData, problems: list[Problem], assumptions: tuple[Text, ...]) -> NodeScore:
        items = data.records.get(self.leaf.for_each)
        if items is None or not items.given:
            return self._without(Outcome.MISSING, data, problems, _NO_WORDS, assumptions)
        if not items.records:
            note = Text(zh="没有明细", en="there are no line items")
            return self._without(Outcome.NOT_APPLICABLE, data, problems, note, assumptions)
        problems += self._unknown_lines(items, data)
        lines = tuple(self._line(item, number, data, problems) for number, item in enumerate(items.records, 1))
        if not any(line.units is not None for line in lines):
            note = Text(zh="各行均不计", en="every line is left out")
            detail = Detail(treatment=Treatment.LEFT_OUT, note=note, lines=lines)
            return NodeScore(self.info, None, Outcome.NOT_APPLICABLE, None, assumptions, (), detail)
        parts = [
            Part(
                MISSING if line.units is None else Quantity(line.units, self.factor),
                self.points,
                line.units is not None,
            )
            for line in lines
        ]
        result = self.leaf.combine.score(parts, self.points)
        units = result.in_units(self.factor, self.rounding)
        detail = Detail(lines=lines, beside=self._said(data), note=self._said_why(data))
        return NodeScore(self.info, units, _SCORED, None, assumptions, (), detail)

    def _unknown_lines(self, items: Items[Any], data: UnitData) -> list[Problem]:
        """The lines of which a judgement speaks, and that are not there."""
        judgement = data.judgement.get(self.path)
        if judgement is None or not judgement.lines:
            return []
        known = {line_name(item, number) for number, item in enumerate(items, 1)}
        known |= {str(number) for number in range(1, len(items) + 1)}
        return [
            Problem(
                "unknown-line",
                f"judgement.{self.path}.lines",
                Text(zh=f"没有此行 {quoted(line)}", en=f"no line {quoted(line)}"),
                did_you_mean(line, known),
            )
            for line in judgement.lines
            if line not in known
        ]

    def _line(self, item: Any, number: int, data: UnitData, problems: list[Problem]) -> Line:
        """One line: its value, and the points that the rule gives it."""
        name = line_name(item, number)
        value, outcome, note = self.bound.measure(self._of_item(self.bound, item, data))
        scored: int | tuple[Outcome, Text] = (outcome, note)
        if outcome is _SCORED:
            against = {other: self._of_item(bound, item, data) for other, bound in self.against.items()}
            scored = self._by_rule(value, self._said(data, name, str(number)), against)
        if isinstance(scored, tuple):
            outcome, note = scored
            # where the line has its value, what lacks is what it is compared with: it may be of other lines
            alone = data
            if value is None:
                alone = attrs.evolve(
                    data, records={**data.records, self.leaf.for_each: Items(type(item), [item])}, notes={}
                )
            lacking: list[Problem] = []
            units = self._without(outcome, alone, lacking, note, ()).units
            first = 0 if alone is data else number - 1
            problems += [self._of_line(problem, first, f"line {number} ({name})") for problem in lacking]
        else:
            units = scored
        unit = self.leaf.indicator.unit
        text = outcome.title if value is None else Text(zh=unit.show(value, "zh"), en=unit.show(value, "en"))
        return Line(name, outcome, value, units, text)

    def _of_item(self, bound: BoundMeasure, item: Any, data: UnitData) -> list[Any]:
        """The records of a measure for one line."""
        return [
            item if parameter == self.leaf.item_parameter else data.records.get(record, empty)
            for parameter, (record, empty) in zip(bound.parameters, bound.bound, strict=True)
        ]

    def _of_line(self, problem: Problem, first: int, line: str) -> Problem:
        """A problem of a list that begins with the item in a place, as that of the whole list."""
        stands, place = f"data.{self.leaf.for_each}[0]", f"data.{self.leaf.for_each}[{first}]"
        return attrs.evolve(problem, path=f"{problem.path}, {line}", message=problem.message.replaced(stands, place))


class _Judged(LeafPlan):
    """A leaf that an assessor decides."""

    def _score(self, data: UnitData, problems: list[Problem], assumptions: tuple[Text, ...]) -> NodeScore:
        judgement = data.judgement.get(self.path)
        answers: dict[str, bool] | None = None
        value: Any = None if judgement is None else judgement.share
        note = _NO_WORDS
        if isinstance(self.leaf.indicator, Checklist):
            given = (judgement.items if judgement is not None else None) or {}
            answers = {name: given[name] for name in self.leaf.indicator.items if name in given}
            if len(answers) == len(self.leaf.indicator.items):
                value = Quantity(sum(answers.values()), len(answers))
            elif answers:
                listed = ", ".join(name for name in self.leaf.indicator.items if name not in answers)
                note = Text(zh=f"未评定：{listed}", en=f"no answer for {listed}")
        if value is None or judgement is None:
            return self._without(Outcome.MISSING, data, problems, note, assumptions)
        units = self._units(value if answers is None else answers)
        if isinstance(units, tuple):
            return self._without(units[0], data, problems, units[1], assumptions)
        detail = Detail(note=judgement.reason, answers=answers)
        return NodeScore(self.info, units, _SCORED, value, assumptions, (), detail)

    def _missing(self, data: UnitData, said: Text) -> Problem:
        del data
        near, whole = f"[judgement.{self.leaf.id}]", f'[judgement."{self.path}"]'
        fix = Text(zh=f"写在 {near} 或 {whole} 中", en=f"give it under {near}, or under {whole}")
        message = Text(zh="缺少评定", en="the judgement is missing") + said
        return Problem("missing-judgement", self.path, message, fix)
