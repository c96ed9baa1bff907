"""A scheme prepared for scoring: what can be settled once is settled here, not for every unit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.data import Items, Judgement, UnitData, record_type, records_from
from indicatree.data.load import load_data
from indicatree.exact import MISSING, Quantity, State, Text, Unsettled, UnsettledError, exact, round_ratio
from indicatree.indicator import Checklist, Graded, Measured
from indicatree.problems import DataError, Problem, ScoringError, did_you_mean
from indicatree.scheme import Aggregation, Combine, Leaf, Part, Scheme, Treatment
from indicatree.scoring.scorecard import Adjustment, Line, NodeInfo, NodeScore, Outcome, Scorecard
from indicatree.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from indicatree.scheme import Group, TierNode

__all__ = ["Scorer"]

_OUTCOME_OF_STATE = {State.MISSING: Outcome.MISSING, State.UNDEFINED: Outcome.UNDEFINED}


class Scorer:
    """A scheme prepared once, to score any number of units; it may be shared between threads.

    Args:
        scheme: The scheme.
    """

    def __init__(self, scheme: Scheme) -> None:
        """Lay out the tree for scoring."""
        self.scheme = scheme
        self.shape = scheme.data_shape
        self._root = _Inner(scheme, scheme, "", "scheme")
        self._most = scheme.points_of(scheme).scaled(scheme.precision)
        self._grades = [(grade, grade.at_least) for grade in scheme.grades]

    @cached_property
    def _digest(self) -> str:
        return self.scheme.digest

    def score(self, data: UnitData | Mapping[str, Any]) -> Scorecard:
        """Score one unit.

        Args:
            data: The unit's data; or its records by name, where plain tables are loaded into
                records (amounts in currency units); or what a data file holds.

        Raises:
            DataError: The data does not fit the scheme.
            ScoringError: The scheme's policies do not allow a score; names every figure that lacks.
        """
        data = self.take(data)
        problems: list[Problem] = []
        root = self._root.score(data, problems)
        if problems:
            raise ScoringError(problems)
        grade = None
        if root.units is not None and self._most:
            share = Quantity(root.units, self._most)
            grade = next((grade for grade, edge in self._grades if share >= edge), self._grades[-1][0])
        return Scorecard(
            root,
            self.scheme.id,
            self._digest,
            data.unit.name,
            grade,
            self.scheme.plugins,
            __version__,
            self.scheme,
            data,
        )

    def take(self, data: UnitData | Mapping[str, Any]) -> UnitData:
        """The data, loaded where it is plain, and checked against the scheme."""
        if not isinstance(data, UnitData):
            if "format" in data:
                return load_data(data, self.shape)
            data = records_from(data, self.shape)
        for name, value in data.records.items():
            shape = self.shape.records.get(name)
            if shape is None or not (
                type(value) is shape.record_class
                if not shape.many
                else isinstance(value, Items) and value.record_class is shape.record_class
            ):
                raise DataError(self._misfits(data))
        if data.judgement or data.not_applicable:
            self._check_paths(data)
        return data

    def _misfits(self, data: UnitData) -> list[Problem]:
        found = []
        for name, value in data.records.items():
            shape, path = self.shape.records.get(name), f"data.{name}"
            if shape is None:
                hint = did_you_mean(name, self.shape.records)
                found.append(Problem("unknown-key", path, f'the scheme has no record "{name}"', hint))
                continue
            wanted = record_type(shape.record_class).id
            items = isinstance(value, Items)
            record_class = value.record_class if items else type(value)
            if items != shape.many or record_class is not shape.record_class:
                given = record_type(record_class).id
                expected = f"line items of {wanted}" if shape.many else f"a {wanted} record"
                got = f"line items of {given}" if items else f"a {given} record"
                found.append(Problem("wrong-record", path, f"expected {expected}, got {got}"))
        return found

    def _check_paths(self, data: UnitData) -> None:
        found = []
        for where, table in (("judgement", data.judgement), ("not_applicable", data.not_applicable)):
            known = self.shape.judgements if where == "judgement" else self.shape.leaves
            for path in table:
                if path not in known:
                    what = "judged leaf" if where == "judgement" else "leaf"
                    hint = did_you_mean(path, known)
                    found.append(Problem("unknown-key", f"{where}.{path}", f"the scheme has no such {what}", hint))
        if found:
            raise DataError(found)

    def load(self, source: str | Path | Mapping[str, Any]) -> UnitData:
        """The data of a unit from a file, or from what such a file holds."""
        return load_data(source, self.shape)


class _Inner:
    """A node with children."""

    __slots__ = ("aggregation", "children", "factor", "info", "points", "rounding", "simple", "weights", "whole")

    def __init__(self, scheme: Scheme, node: Scheme | TierNode | Group, path: str, level: str) -> None:
        points = scheme.points_of(node)
        title = node.title or getattr(getattr(node, "tier", None), "title", Text())
        self.aggregation: Aggregation = node.aggregation
        self.points = points
        self.info = NodeInfo(path, level, title, points, scheme.precision, self.aggregation.additive, node.assumption)
        self.factor = 10**scheme.precision
        self.rounding = scheme.rounding
        self.simple = self.aggregation.combine is Combine.SUM
        self.children: list[_Inner | _LeafPlan] = []
        for child in node.children:
            below = f"{path}.{child.id}" if path else child.id
            if isinstance(child, Leaf):
                self.children.append(_LeafPlan(scheme, child, below))
            else:
                self.children.append(_Inner(scheme, child, below, "group" if path else "tier"))
        given = self.aggregation.weights
        any_points = any(child.points > 0 for child in self.children)
        self.weights = [
            given[child.info.path.rpartition(".")[2]] if given else child.points if any_points else exact(1)
            for child in self.children
        ]
        self.whole = any_points

    def score(self, data: UnitData, problems: list[Problem]) -> NodeScore:
        """The node's score from its children's."""
        children = tuple([child.score(data, problems) for child in self.children])
        assumptions = (self.info.assumption,) if self.info.assumption else ()
        if self.simple:
            units = 0
            for child in children:
                if child.units is None:
                    break
                units += child.units
            else:
                return NodeScore(self.info, units, Outcome.SCORED, None, None, children, (), (), Text(), assumptions)
        parts = [
            Part(
                MISSING if child.units is None else Quantity(child.units, self.factor),
                plan.points,
                child.units is not None,
                weight,
            )
            for child, plan, weight in zip(children, self.children, self.weights, strict=True)
        ]
        if self.whole and not any(part.counts for part in parts if part.points > 0):
            return NodeScore(
                self.info, None, Outcome.NOT_APPLICABLE, None, Treatment.LEFT_OUT, children, (), (), Text(), assumptions
            )
        result = self.aggregation.score(parts, self.points)
        units = round_ratio(result.numerator * self.factor, result.denominator, self.rounding)
        adjustments = self._adjustments(parts, units)
        return NodeScore(self.info, units, Outcome.SCORED, None, None, children, adjustments, (), Text(), assumptions)

    def _adjustments(self, parts: list[Part], units: int) -> tuple[Adjustment, ...]:
        """What the node loses beyond its children, in one line that says why."""
        lost = self.points - Quantity(units, self.factor)
        for part in parts:
            if part.counts:
                lost = lost - (part.points - part.score)
        pointed = [part for part in parts if part.points > 0]
        left_out = sum(not part.counts for part in pointed)
        return adjustment_of(self.aggregation.combine, lost, left_out, len(pointed))


_KINDS = {
    Combine.SUM: "spread",
    Combine.CAPPED_SUM: "cap",
    Combine.WEIGHTED_MEAN: "mean",
    Combine.MINIMUM: "minimum",
    Combine.BETTER_OF: "better_of",
}


def adjustment_of(combine: Combine, lost: Quantity, left_out: int, children: int) -> tuple[Adjustment, ...]:
    """The adjustment of a node, if it loses or gains anything beyond its children."""
    if lost == 0 and not left_out:
        return ()
    plain = combine is Combine.SUM
    parts_zh, parts_en = ([], []) if plain else ([combine.title["zh"]], [combine.title["en"]])
    if left_out:
        parts_zh.append(f"{children} 项中有 {left_out} 项不计，其分值按比例分摊到其余各项")
        parts_en.append(f"{left_out} of {children} left out, their points spread over the rest")
    return (Adjustment(_KINDS[combine], lost, Text(zh="；".join(parts_zh), en="; ".join(parts_en))),)


class _LeafPlan:
    """A leaf."""

    __slots__ = (
        "applies", "combine", "empty", "factor", "function", "highest", "info", "item", "item_names", "leaf",
        "lowest", "names", "points", "policies", "rounding", "rowwise", "rule", "scale",
    )  # fmt: skip

    def __init__(self, scheme: Scheme, leaf: Leaf, path: str) -> None:
        indicator = leaf.indicator
        words = Text()
        if leaf.rule is not None:
            words = Text(
                zh=leaf.rule.words(indicator, leaf.points, "zh"), en=leaf.rule.words(indicator, leaf.points, "en")
            )
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
        self.leaf = leaf
        self.points = leaf.points
        self.rule = leaf.rule
        self.policies = leaf.policies or scheme.policies
        self.factor = 10**scheme.precision
        self.rounding = scheme.rounding
        self.lowest = leaf.lowest.scaled(scheme.precision)
        self.highest = leaf.most.scaled(scheme.precision)
        self.scale = self.factor
        self.item = leaf.item_parameter
        self.combine = leaf.combine
        self.names: tuple[tuple[str, str], ...] = tuple(leaf.record_names().items())
        self.empty = {
            name: Items(shape.record_class, given=False) if shape.many else shape.record_class()
            for name, shape in indicator.parameters.items()
        }
        self.function: Any = None
        self.rowwise = False
        self.applies: Any = None
        if isinstance(indicator, Measured):
            self.rowwise = indicator.rowwise
            self.function = indicator if self.rowwise else indicator.function
            if indicator.applies is not None:
                self.applies = (indicator.applies, indicator.applies_to)

    def score(self, data: UnitData, problems: list[Problem]) -> NodeScore:
        """The leaf's score for one unit."""
        path = self.info.path
        assumptions = self._assumptions(data)
        if path in data.not_applicable:
            return self._without(Outcome.NOT_APPLICABLE, data, problems, data.not_applicable[path], assumptions)
        if self.function is None:
            return self._judged(data.judgement.get(path), data, problems, assumptions)
        if self.item is not None:
            return self._lines(data, problems, assumptions)
        outcome, value, note = self._measure(self._records(data.records))
        if outcome is not Outcome.SCORED:
            return self._without(outcome, data, problems, note, assumptions)
        units, outcome = self._units(value)
        if units is None:
            return self._without(outcome, data, problems, Text(), assumptions)
        return NodeScore(self.info, units, outcome, value, None, (), (), (), Text(), assumptions)

    def _records(self, records: Mapping[str, Any]) -> list[Any]:
        """The records for the parameters, in order; one that was not given has every figure missing."""
        return [records[name] if name in records else self.empty[parameter] for parameter, name in self.names]

    def _measure(self, records: list[Any]) -> tuple[Outcome, Any, Text]:
        """What the measure gives for records."""
        try:
            if self.applies is not None:
                condition, wanted = self.applies
                by_parameter = {parameter: record for (parameter, _), record in zip(self.names, records, strict=True)}
                applies = condition(*[by_parameter[name] for name in wanted])
                if applies is False:
                    return Outcome.NOT_APPLICABLE, None, Text()
                if isinstance(applies, Unsettled):
                    return _OUTCOME_OF_STATE[State(applies.state)], None, Text()
            value = self.function(*records)
        except UnsettledError as error:
            return _OUTCOME_OF_STATE[error.state], None, Text()
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything; it must not stop the others
            return Outcome.FAILED, None, Text.of(f"{type(error).__name__}: {error}")
        if value.state:
            return _OUTCOME_OF_STATE[value.state], None, Text()
        return Outcome.SCORED, value, Text()

    def _units(self, value: Any) -> tuple[int | None, Outcome]:
        """The rounded score for a value, within the leaf's limits."""
        if self.rule is None:
            return 0, Outcome.SCORED
        points = exact(self.rule.points(value, self.points))
        if points.state:
            return None, _OUTCOME_OF_STATE[points.state]
        units = round_ratio(points.numerator * self.factor, points.denominator, self.rounding)
        if units < self.lowest:
            units = self.lowest
        elif units > self.highest:
            units = self.highest
        return units, Outcome.SCORED

    def _without(
        self, outcome: Outcome, data: UnitData, problems: list[Problem], note: Text, assumptions: tuple[Text, ...]
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
        return NodeScore(self.info, units, outcome, None, treatment, (), (), (), note, assumptions)

    def _problem(self, outcome: Outcome, data: UnitData, note: Text) -> Problem:
        from indicatree.scoring.reasons import lacking_figures  # noqa: PLC0415 - only errors pay for it

        path = self.info.path
        if self.function is None and outcome is Outcome.MISSING:
            wanted = f"[judgement.{self.leaf.id}]"
            message = f"the judgement is missing{': ' + note['en'] if note else ''}"
            return Problem("missing-judgement", path, message, f"give it under {wanted}")
        if outcome is Outcome.MISSING:
            lacking = lacking_figures(self.leaf, data)
            named = ", ".join(f"data.{figure}" for figure in lacking) or "a figure"
            fix = "give it, name the leaf under [not_applicable], or choose a policy for missing in the scheme"
            return Problem("missing-figure", path, f"missing: {named}", fix)
        if outcome is Outcome.UNDEFINED:
            fix = "correct the figures, or choose a policy for undefined in the scheme"
            return Problem("undefined-value", path, "the figures are there, but divide by zero", fix)
        if outcome is Outcome.FAILED:
            return Problem(
                "measure-failed", path, f"the measure {self.info.indicator} failed: {note['en']}", "mend its code"
            )
        fix = "choose another policy for not_applicable in the scheme"
        return Problem(
            "not-applicable", path, f"does not apply, and the scheme allows no exception {note['en']}".strip(), fix
        )

    def _judged(
        self, judgement: Judgement | None, data: UnitData, problems: list[Problem], assumptions: tuple[Text, ...]
    ) -> NodeScore:
        """The score of what an assessor decides."""
        indicator = self.leaf.indicator
        if judgement is None:
            return self._without(Outcome.MISSING, data, problems, Text(), assumptions)
        value: Any
        answers: Mapping[str, bool] | None = None
        if isinstance(indicator, Checklist):
            answers = judgement.items or {}
            open_items = [name for name in indicator.items if name not in answers]
            if open_items:
                listed = ", ".join(open_items)
                note = Text(zh=f"未评定：{listed}", en=f"no answer for {listed}")
                return self._without(Outcome.MISSING, data, problems, note, assumptions)
            answers = {name: answers[name] for name in indicator.items}
            value = Quantity(sum(answers.values()), len(answers))
        elif isinstance(indicator, Graded):
            value = judgement.share
            if value is None:
                return self._without(Outcome.MISSING, data, problems, Text(), assumptions)
        else:
            return self._without(Outcome.MISSING, data, problems, Text(), assumptions)
        units, outcome = self._units(value if answers is None else answers)
        if units is None:
            return self._without(outcome, data, problems, Text(), assumptions)
        return NodeScore(self.info, units, outcome, value, None, (), (), (), judgement.reason, assumptions, answers)

    def _lines(self, data: UnitData, problems: list[Problem], assumptions: tuple[Text, ...]) -> NodeScore:
        """The score of a leaf that measures each line item by itself."""
        items = data.records.get(self.leaf.for_each)
        if items is None or not items.given:
            return self._without(Outcome.MISSING, data, problems, Text(), assumptions)
        label = record_type(items.record_class).label
        lines, parts = [], []
        for position, item in enumerate(items.records):
            name = (getattr(item, label) if label else None) or str(position + 1)
            records = [
                item if parameter == self.item else data.records.get(record, self.empty[parameter])
                for parameter, record in self.names
            ]
            outcome, value, note = self._measure(records)
            units: int | None = None
            if outcome is Outcome.SCORED:
                units, outcome = self._units(value)
            if outcome is not Outcome.SCORED:
                without = self._without(outcome, data, problems, note, ())
                units = without.units
                if without.treatment is Treatment.ERROR:
                    problem = problems.pop()
                    place = f"{problem.path}, line {position + 1} ({name})"
                    problems.append(attrs.evolve(problem, path=place))
            unit = self.leaf.indicator.unit
            text = outcome.title if value is None else Text(zh=unit.show(value, "zh"), en=unit.show(value, "en"))
            lines.append(Line(name, outcome, value, units, text))
            score = MISSING if units is None else Quantity(units, self.factor)
            parts.append(Part(score, self.points, units is not None))
        if lines and not any(part.counts for part in parts):
            left = self._without(
                Outcome.NOT_APPLICABLE, data, problems, Text(zh="各行均不计", en="every line is left out"), assumptions
            )
            left.lines = tuple(lines)
            return left
        if not lines:
            return self._without(
                Outcome.NOT_APPLICABLE, data, problems, Text(zh="没有明细", en="there are no line items"), assumptions
            )
        result = self.combine.score(parts, self.points)
        units = round_ratio(result.numerator * self.factor, result.denominator, self.rounding)
        return NodeScore(self.info, units, Outcome.SCORED, None, None, (), (), tuple(lines), Text(), assumptions)

    def _assumptions(self, data: UnitData) -> tuple[Text, ...]:
        """What the leaf's score rests on that is not published."""
        found = (self.info.assumption,) if self.info.assumption else ()
        if not data.notes and not data.judgement:
            return found
        from indicatree.scoring.reasons import assumed_figures  # noqa: PLC0415 - only files say where figures are from

        return found + assumed_figures(self.leaf, self.info.path, data)
