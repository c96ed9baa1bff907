"""A scheme laid out for tables: what is computed for each row, stage by stage, before any engine is asked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import exact, minimum
from indicatree.data import record_type
from indicatree.data.fields import Kind, wholes_of
from indicatree.indicators import Checklist, Measured
from indicatree.problems import Problem, SchemeError, expected
from indicatree.scheme import Combine, Leaf, Part, Treatment
from indicatree.scoring import Outcome
from indicatree.table import wholes
from indicatree.table.columns import ColumnCondition, Ratio, column_of, condition_of, defined, in_units
from indicatree.table.figures import SAID, SHARE, CannotRunOnColumns, Figures
from indicatree.table.items import ItemsColumns, Reductions
from indicatree.table.wholes import FALSE, TRUE, Truth, Whole, all_true, any_true, needs_wide, negative, shallow
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from indicatree.data import RecordShape
    from indicatree.scheme import Group, Scheme, TierNode, Veto

__all__ = [
    "ALL_LEFT_OUT",
    "DIGITS",
    "ERROR",
    "GOOD",
    "OUTCOMES",
    "REFUSED",
    "UNREADABLE",
    "Output",
    "RowLeaf",
    "TablePlan",
    "Way",
    "bad_name",
    "lay_out",
    "missing_name",
]

_POLICY = {
    Outcome.MISSING: Text(zh="缺少所需数据", en="a figure that it needs is missing"),
    Outcome.UNDEFINED: Text(zh="计算时除数为零", en="its figures divide by zero"),
    Outcome.NOT_APPLICABLE: Text(zh="不适用，而方案不允许", en="it does not apply, which the scheme does not allow"),
    Outcome.FAILED: Text(zh="代码运行失败", en="its code failed"),
}
_UNREADABLE = Text(zh="所需数据无法读取", en="a figure that it needs cannot be read")
_REFUSED = Text(zh="有一项逐项数据无法评分", en="a line of it cannot be scored")
_IN_A_LINE = Text(zh="（见于其逐项数据）", en=", in a line")


class Way:
    """The ways in which a leaf is computed."""

    COLUMNS = "columns"
    WIDE = "wide"
    ROWS = "rows"


@attrs.frozen
class RowLeaf:
    """A leaf that is computed row by row in Python.

    Attributes:
        path: Its path.
        leaf: The leaf.
        units: The name of the column of its units.
        outcome: The name of the column of its outcome, by its place among the outcomes.
    """

    path: str
    leaf: Leaf
    units: str
    outcome: str


@attrs.frozen
class Output:
    """A column of the result.

    Attributes:
        name: Its name.
        column: The column of the last stage that it is made of.
        level: What has to be asked for to get it: ``totals``, ``groups``, ``leaves`` or ``all``.
        words: The words for its numbers; None for a score.
    """

    name: str
    column: str
    level: str
    words: tuple[str | None, ...] | None = None

    @property
    def shown(self) -> str:
        """The name of the column as it is shown, while the columns of the table are still there."""
        return f"__shown{self.column}"


DIGITS = 18
"""The digits of a score, as a decimal number or in units of the last place."""

ERROR = "__error"
"""The column that says by number what keeps a row from being scored; 0 where nothing does."""

GOOD = "__good"
"""The column that says which rows can be scored."""

OUTCOMES = tuple(Outcome)
UNREADABLE = len(OUTCOMES)
"""The outcome of a row by row leaf in a row that holds what is no figure."""
REFUSED = UNREADABLE + 1
"""The outcome of a row by row leaf of which some line cannot be scored."""
ALL_LEFT_OUT = REFUSED + 1
"""The outcome of a row by row leaf of which every line is left out."""


@attrs.frozen
class TablePlan:
    """What is computed for each row.

    Attributes:
        figures: The figures that are read, by the name of their column.
        lines: What is made of line items, by the name of the list.
        stages: Columns to be computed one stage after another; a stage may use the columns of those before.
        outputs: The columns of the result.
        row_leaves: The leaves that are computed row by row.
        ways: How each leaf is computed, by path.
        never: What keeps every row from being scored, each with the path of its leaf.
        wide: Whether some number leaves 64 bits.
    """

    figures: Mapping[str, Kind]
    lines: Mapping[str, Reductions]
    stages: tuple[Mapping[str, Whole | Truth], ...]
    outputs: tuple[Output, ...]
    row_leaves: tuple[RowLeaf, ...]
    ways: Mapping[str, str]
    never: tuple[tuple[str, Text], ...]
    wide: bool


@attrs.frozen
class _Found:
    """A leaf over all rows, before the policies.

    Attributes:
        units: Its score, where it is scored.
        outcomes: Which rows have which outcome.
        left_out: The rows in which it is left out, whatever the policies say.
        inner: What else had to be computed for it.
    """

    units: Whole
    outcomes: Mapping[Outcome, Truth]
    left_out: Truth = FALSE
    inner: tuple[Whole | Truth, ...] = ()


@attrs.frozen
class _Node:
    """A node over all rows: its score in units of the last decimal place, and whether it is not left out."""

    units: Whole
    counts: Truth
    height: int


def lay_out(
    scheme: Scheme,
    columns: Iterable[str],
    items: Mapping[str, Iterable[str]] | None = None,
    *,
    wide: bool,
    language: str = "en",
) -> TablePlan:
    """The plan of a scheme.

    Args:
        scheme: The scheme.
        columns: The names of the columns that the table has.
        items: The names of the columns of each table of line items, by the name of the list.
        wide: Whether the engine has whole numbers of 38 digits.
        language: The language of what is said of rows that cannot be scored.
    """
    return _Planner(scheme, columns, items or {}, wide=wide).plan(language)


class _Planner:
    """Lays a scheme out for the columns of a table."""

    def __init__(
        self, scheme: Scheme, columns: Iterable[str], items: Mapping[str, Iterable[str]], *, wide: bool
    ) -> None:
        self.scheme = scheme
        self.figures = Figures(columns)
        self.lines = {
            name: Reductions(name, Figures(their_columns, f"{name}[].")) for name, their_columns in items.items()
        }
        self.factor = 10**scheme.precision
        self.wide = wide
        self.stages: list[dict[str, Whole | Truth]] = [{}]
        self.outputs: list[Output] = []
        self.errors: list[tuple[Truth, Text]] = []
        self.row_leaves: list[RowLeaf] = []
        self.ways: dict[str, str] = {}
        self.never: list[tuple[str, Text]] = []

    def plan(self, language: str) -> TablePlan:
        root = self._inner(self.scheme, "")
        capped, worst = self._vetoes(root.units)
        there = all_true([_GOOD, root.counts])
        last: dict[str, Whole | Truth] = {"__total": wholes.given(there, capped)}
        outputs = [Output("total", "__total", "totals")]
        graded = self._grade(capped)
        grades = tuple(grade.id for grade in self.scheme.grades)
        if graded is not None:
            last["__grade"] = wholes.given(there, self._no_better_than(graded, worst))
            outputs.append(Output("grade", "__grade", "totals", grades))
        if self.scheme.vetoes:
            last["__arithmetic_total"] = wholes.given(there, root.units)
            outputs.append(Output("arithmetic_total", "__arithmetic_total", "totals"))
            plain = self._grade(root.units)
            if plain is not None:
                last["__arithmetic_grade"] = wholes.given(there, plain)
                outputs.append(Output("arithmetic_grade", "__arithmetic_grade", "totals", grades))
        parts = self._parts()
        figures = self.figures.used
        errors = [(wholes.source(bad_name(name)), refused(name, kind)) for name, kind in figures.items()]
        for lines in self.lines.values():
            for name, kind in lines.figures.used.items():
                errors.append((lines.any(wholes.source(bad_name(name))), refused(name, kind)))
            errors += lines.errors.items()
        errors += [*parts, *self.errors]
        code = _first_that_holds([truth for truth, _ in errors])
        outputs.append(Output("error", ERROR, "totals", (None, *[said[language] for _, said in errors])))
        none = wholes.equal_to(wholes.figure(ERROR, 0, len(errors)), wholes.ZERO)
        first: list[dict[str, Whole | Truth]] = [{ERROR: code}, {GOOD: none}]
        stages = tuple({name: shallow(node) for name, node in stage.items()} for stage in (*first, *self.stages, last))
        nodes = [node for stage in stages for node in stage.values()]
        nodes += [made.of for lines in self.lines.values() for made in lines.made.values()]
        width = needs_wide(*nodes)
        if width > 1:
            message = Text(
                zh="得分的小数位数过多，计算中会超出 38 位数字",
                en="scores of so many decimal places leave 38 digits on the way",
            )
            raise SchemeError([Problem("too-wide", self.scheme.id, message, _ONE_BY_ONE)])
        digits = len(str(int(self._largest(self.scheme) * self.factor)))
        if digits > DIGITS:
            message = Text(
                zh=f"得分可达 {digits} 位数字，而表格的列至多容纳 {DIGITS} 位",
                en=f"scores can have {digits} digits, and the columns of a table hold {DIGITS}",
            )
            raise SchemeError([Problem("too-wide", self.scheme.id, message, _ONE_BY_ONE)])
        return TablePlan(
            figures,
            self.lines,
            stages,
            (*outputs, *self.outputs),
            tuple(self.row_leaves),
            self.ways,
            tuple(self.never),
            bool(width),
        )

    def _parts(self) -> list[tuple[Truth, Text]]:
        """Where a figure is more than the one that it is part of, of all that the table has."""
        found: list[tuple[Truth, Text]] = []
        for name, shape in self.scheme.data_shape.records.items():
            lines = self.lines.get(name) if shape.many else None
            if lines is not None:
                found += [(lines.any(truth), said) for truth, said in _excesses(lines.figures, "", shape)]
            elif not shape.many:
                found += _excesses(self.figures, f"{name}.", shape)
        return found

    def _largest(self, node: Scheme | TierNode | Group | Leaf) -> Fraction:
        """No score of the node is larger, penalties neither."""
        points = self.scheme.points_of(node).fraction
        if isinstance(node, Leaf):
            return max(points, node.most.fraction, -node.lowest.fraction)
        return max(points, sum((self._largest(child) for child in node.children), Fraction(0)))

    def _put(self, height: int, mark: str, node: Whole | Truth) -> str:
        """Have a column computed with the nodes of some height; its name."""
        while len(self.stages) <= height:
            self.stages.append({})
        name = f"__{mark}{height}_{len(self.stages[height])}"
        self.stages[height][name] = node
        return name

    def _placed(self, path: str, units: Whole, counts: Truth, height: int, level: str) -> _Node:
        """A node whose columns are computed with those of its height."""
        name = self._put(height, "score", wholes.given(all_true([_GOOD, counts]), units))
        if path:
            self.outputs.append(Output(f"score.{path}", name, level))
        if counts.op != "constant":
            counts = wholes.source(self._put(height, "counts", counts))
        return _Node(wholes.figure(name, units.low, units.high), counts, height)

    def _inner(self, node: Scheme | TierNode | Group, path: str) -> _Node:
        """A node with children."""
        scheme = self.scheme
        place = len(self.outputs)
        children = []
        for child in node.children:
            below = f"{path}.{child.id}" if path else child.id
            children.append(self._leaf(child, below) if isinstance(child, Leaf) else self._inner(child, below))
        self.outputs[place:], below_outputs = [], self.outputs[place:]
        given = node.aggregation.weights
        points = [scheme.points_of(child) for child in node.children]
        weights = [given[child.id] if given else full for child, full in zip(node.children, points, strict=True)]
        parts = [
            Part(
                Ratio(child.units, wholes.constant(self.factor)),
                full,
                True if child.counts is TRUE else ColumnCondition(child.counts),
                weight,
            )
            for child, full, weight in zip(children, points, weights, strict=True)
        ]
        height = 1 + max((child.height for child in children), default=0)
        result = column_of(node.aggregation.score(parts, scheme.points_of(node)))
        units = in_units(Ratio(result.numerator, result.denominator), self.factor, scheme.rounding).numerator
        counts = negative(any_true([result.missing, result.undefined]))
        made = self._placed(path, units, counts, height, "groups")
        self.outputs += below_outputs
        return made

    def _leaf(self, leaf: Leaf, path: str) -> _Node:
        before = self._asked()
        found = self._tried_on_columns(leaf, path)
        if found is None:
            self._ask_for(before)
            found = self._by_rows(leaf, path)
        units, left_out = self._with_policies(leaf, path, found, self.errors)
        counts = negative(any_true([*left_out, found.left_out]))
        made = self._placed(path, units, counts, 0, "leaves")
        code: Whole = wholes.constant(0)
        for outcome, truth in found.outcomes.items():
            code = wholes.pick(truth, wholes.constant(OUTCOMES.index(outcome)), code)
        code = wholes.pick(found.left_out, wholes.constant(OUTCOMES.index(Outcome.NOT_APPLICABLE)), code)
        name = self._put(0, "outcome", wholes.given(_GOOD, code))
        self.outputs.append(Output(f"outcome.{path}", name, "all", tuple(outcome.value for outcome in OUTCOMES)))
        return made

    def _tried_on_columns(self, leaf: Leaf, path: str) -> _Found | None:
        """A leaf on columns; None where it is no plain arithmetic, or too wide for the engine."""
        try:
            found = self._lines(leaf, path) if leaf.for_each else self._on_columns(leaf, path)
        except CannotRunOnColumns:
            return None
        width = needs_wide(found.units, *found.outcomes.values(), *found.inner)
        self.ways[path] = Way.WIDE if width else Way.COLUMNS
        return found if width <= int(self.wide) else None

    def _asked(self) -> list[tuple[dict[Any, Any], dict[Any, Any]]]:
        """What was asked for so far, each with a copy."""
        tables: list[dict[Any, Any]] = [self.figures.used]
        for lines in self.lines.values():
            tables += [lines.figures.used, lines.made, lines.errors]
        return [(table, dict(table)) for table in tables]

    def _ask_for(self, asked: list[tuple[dict[Any, Any], dict[Any, Any]]]) -> None:
        """Go back to what was asked for before a leaf turned out to be computed row by row."""
        for table, copy in asked:
            table.clear()
            table.update(copy)

    def _with_policies(
        self, leaf: Leaf, path: str, found: _Found, errors: list[tuple[Truth, Text]]
    ) -> tuple[Whole, list[Truth]]:
        """The score with what the policies give where there is none, and the rows that they leave out."""
        policies = self.scheme.policies_of(leaf)
        left_out: list[Truth] = []
        instead: dict[int, list[Truth]] = {}
        for outcome, truth in found.outcomes.items():
            if outcome is Outcome.SCORED:
                continue
            treatment: Treatment = getattr(policies, outcome.value)
            if treatment is Treatment.ERROR:
                # a unit without lines has a score, whatever its lines would lack
                if truth is TRUE and outcome is Outcome.MISSING and errors is self.errors:
                    needed = _columns_of(leaf, path)
                    lacking = Text(
                        zh=f"没有一列提供所需数据：{'、'.join(needed)}",
                        en=f"no column has what it needs: {', '.join(needed)}",
                    )
                    self.never.append((path, lacking))
                errors.append((truth, _of(path, _POLICY[outcome])))
            elif treatment is Treatment.LEFT_OUT:
                left_out.append(truth)
            else:
                full = treatment is Treatment.FULL_POINTS
                instead.setdefault(leaf.points.scaled(self.scheme.precision) if full else 0, []).append(truth)
        units = found.units
        for score, truths in instead.items():
            units = wholes.pick(any_true(truths), wholes.constant(score), units)
        return units, left_out

    def _lines(self, leaf: Leaf, path: str) -> _Found:
        """A leaf that measures each line item by itself, and combines the lines."""
        waived = (self.figures.said(f"not_applicable.{path}"), Outcome.NOT_APPLICABLE)
        lines = self.lines.get(leaf.for_each)
        if lines is None:
            return _Found(wholes.ZERO, _first_of([waived, (TRUE, Outcome.MISSING)]))
        each = self._on_columns(leaf, path, lines)
        errors: list[tuple[Truth, Text]] = []
        units, left_out = self._with_policies(leaf, path, each, errors)
        counts = negative(any_true(left_out))
        if needs_wide(units) > int(self.wide):
            raise CannotRunOnColumns
        every, counted = lines.total(wholes.ONE), lines.total(wholes.ONE, counts)
        none = wholes.equal_to(every, wholes.ZERO)
        combined = self._combined(leaf, lines, units, counts, (every, counted))
        scored = in_units(combined, self.factor, self.scheme.rounding)
        outcomes = _first_of([waived, (none, Outcome.NOT_APPLICABLE)])
        there = outcomes.get(Outcome.SCORED, FALSE)
        self.errors += [(all_true([there, lines.any(truth)]), said + _IN_A_LINE) for truth, said in errors]
        all_left = all_true([there, wholes.equal_to(counted, wholes.ZERO)])
        return _Found(scored.numerator, outcomes, all_left, (units, *each.outcomes.values()))

    def _combined(
        self, leaf: Leaf, lines: Reductions, units: Whole, counts: Truth, numbers: tuple[Whole, Whole]
    ) -> Any:
        """The score of a leaf from those of its lines, which all have its points."""
        if not leaf.points > 0:
            return exact(0)
        below = wholes.constant(self.factor)
        combine = leaf.combine.combine
        if combine in (Combine.MINIMUM, Combine.BETTER_OF):
            return Ratio(lines.extreme(units, counts, largest=combine is Combine.BETTER_OF), below)
        every, counted = numbers
        added = Ratio(lines.total(units, counts), below)
        if combine is Combine.WEIGHTED_MEAN:
            return added / Ratio(wholes.bounded(counted, 1))
        spread = added * Ratio(every) / Ratio(wholes.bounded(counted, 1))
        return minimum(spread, leaf.points) if combine is Combine.CAPPED_SUM else spread

    def _by_rows(self, leaf: Leaf, path: str) -> _Found:
        """The columns of a leaf that Python computes."""
        self.ways[path] = Way.ROWS
        number = len(self.row_leaves) + 1
        row_leaf = RowLeaf(path, leaf, f"__row_units{number}", f"__row_outcome{number}")
        self.row_leaves.append(row_leaf)
        low, high = self._limits(leaf)
        code = wholes.figure(row_leaf.outcome, 0, ALL_LEFT_OUT)
        for number, said in ((UNREADABLE, _UNREADABLE), (REFUSED, _REFUSED)):
            self.errors.append((wholes.equal_to(code, wholes.constant(number)), _of(path, said)))
        outcomes = {outcome: wholes.equal_to(code, wholes.constant(place)) for place, outcome in enumerate(OUTCOMES)}
        all_left_out = wholes.equal_to(code, wholes.constant(ALL_LEFT_OUT))
        return _Found(wholes.figure(row_leaf.units, low, high), outcomes, all_left_out)

    def _limits(self, leaf: Leaf) -> tuple[int, int]:
        return leaf.lowest.scaled(self.scheme.precision), leaf.most.scaled(self.scheme.precision)

    def _on_columns(self, leaf: Leaf, path: str, lines: Reductions | None = None) -> _Found:
        """The score of a leaf where it is scored, and which rows (or lines) have which outcome."""
        found: list[tuple[Truth, Outcome]] = []
        if lines is None:
            found.append((self.figures.said(f"not_applicable.{path}"), Outcome.NOT_APPLICABLE))
        item = None if lines is None else (leaf.item_parameter, lines)
        beside: dict[str, Any] = {}
        instead: list[Truth] = []
        if isinstance(leaf.indicator, Measured):
            names = leaf.record_names()
            value, states = self._measured(leaf.indicator, names, item)
            found += states
            for name, other in ({} if leaf.rule is None else leaf.rule.compared_with).items():
                beside[name], lacking = self._compared(other, names, item)
                instead.append(lacking)
            for name in () if leaf.rule is None else leaf.rule.asks:
                column = f"judgement.{path}.{name}"
                of_lines = lines is not None and column in lines.figures.columns
                figures = lines.figures if lines is not None and of_lines else self.figures
                beside[name] = ColumnCondition(figures.said(column))
        else:
            value, missing = self._judged(leaf, path)
            found.append((missing, Outcome.MISSING))
        units: Whole = wholes.constant(0)
        if leaf.rule is not None and not any(truth is TRUE for truth, _ in found):
            points = self._run(leaf.rule.points, value, leaf.points, **beside)
            scored = in_units(points, self.factor, self.scheme.rounding, self._limits(leaf))
            units = scored.numerator
            unsettled = any_true([scored.missing, scored.undefined])
            found += [(all_true([unsettled, lacking]), Outcome.NOT_APPLICABLE) for lacking in instead]
            found += [(scored.missing, Outcome.MISSING), (scored.undefined, Outcome.UNDEFINED)]
        return _Found(units, _first_of(found))

    def _run(self, function: Callable[..., Any], *operands: Any, **beside: Any) -> Any:
        """What a plain function makes of columns."""
        try:
            return function(*operands, **beside)
        except (CannotRunOnColumns, *_NOT_PLAIN) as error:
            # it is not plain arithmetic, whatever it says: Python runs it row by row
            raise CannotRunOnColumns from error

    def _record(self, name: str, shape: RecordShape) -> Any:
        """A record, or the line items, of every unit."""
        if not shape.many:
            return self.figures.record(name, shape.record_class)
        if name not in self.lines:
            return shape.empty()
        return ItemsColumns(self.lines[name], record_type(shape.record_class).fields)

    def _measured(
        self, indicator: Measured, names: Mapping[str, str], item: tuple[str | None, Reductions] | None = None
    ) -> tuple[Any, list[tuple[Truth, Outcome]]]:
        """The value of a measure, without its states; and what keeps it from having one, the first first."""
        if indicator.rowwise:
            raise CannotRunOnColumns
        records = {
            parameter: item[1].figures.record("", shape.record_class)
            if item is not None and parameter == item[0]
            else self._record(names[parameter], shape)
            for parameter, shape in indicator.parameters.items()
        }
        found: list[tuple[Truth, Outcome]] = []
        if indicator.applies is not None:
            applies = self._run(indicator.applies, *[records[name] for name in indicator.applies_to])
            applies = condition_of(applies)
            found += [(applies.missing, Outcome.MISSING), (applies.undefined, Outcome.UNDEFINED)]
            found.append((negative(applies.holds), Outcome.NOT_APPLICABLE))
        value = self._run(indicator.function, *records.values())
        whole = column_of(value)
        found += [(whole.missing, Outcome.MISSING), (whole.undefined, Outcome.UNDEFINED)]
        return defined(value), found

    def _compared(
        self, other: Any, names: Mapping[str, str], item: tuple[str | None, Reductions] | None
    ) -> tuple[Any, Truth]:
        """A value to compare with, and where it does not apply; there it is as good as undefined."""
        value, found = self._measured(other, names, item)
        outcomes = _first_of(found)
        whole = column_of(value)
        lacking = outcomes.get(Outcome.NOT_APPLICABLE, FALSE)
        missing = outcomes.get(Outcome.MISSING, FALSE)
        undefined = any_true([lacking, outcomes.get(Outcome.UNDEFINED, FALSE)])
        return Ratio(whole.numerator, whole.denominator, missing, undefined), lacking

    def _judged(self, leaf: Leaf, path: str) -> tuple[Any, Truth]:
        """What an assessor says of a leaf, and where nothing is said."""
        if not isinstance(leaf.indicator, Checklist):
            share = column_of(self.figures.operand(f"judgement.{path}", SHARE))
            return defined(share), share.missing
        answers = {}
        missing = []
        for item in leaf.indicator.items:
            answer = condition_of(self.figures.operand(f"judgement.{path}.{item}", SAID))
            answers[item] = ColumnCondition(answer.holds)
            missing.append(answer.missing)
        return answers, any_true(missing)

    def _vetoes(self, units: Whole) -> tuple[Whole, list[tuple[Truth, int]]]:
        """The total that the vetoes leave, and the best grade that each leaves where it applies."""
        worst = []
        for veto in self.scheme.vetoes:
            applies = self._veto(veto)
            if veto.points is not None:
                cap = wholes.constant(veto.points.scaled(self.scheme.precision))
                units = wholes.pick(all_true([applies, wholes.less(cap, units)]), cap, units)
            if veto.grade:
                ids = [grade.id for grade in self.scheme.grades]
                worst.append((applies, ids.index(veto.grade)))
        return units, worst

    def _veto(self, veto: Veto) -> Truth:
        """Where a veto applies."""
        waived = self.figures.said(f"not_applicable.{veto.path}")
        if not isinstance(veto.indicator, Measured) or veto.when is None:
            return all_true([negative(waived), self.figures.said(f"judgement.{veto.path}.applies")])
        try:
            value, found = self._measured(veto.indicator, veto.record_names())
            holds = condition_of(self._run(veto.when.holds, value)).holds
        except CannotRunOnColumns:
            message = Text(
                zh=f"一票否决的指标无法按列计算：{veto.indicator.id}",
                en=f"the measure of a veto cannot run on columns: {veto.indicator.id}",
            )
            problem = Problem("not-on-columns", veto.path, message, _ONE_BY_ONE)
            raise SchemeError([problem]) from None
        outcomes = _first_of([(waived, Outcome.NOT_APPLICABLE), *found])
        for outcome in (Outcome.MISSING, Outcome.UNDEFINED):
            if outcome in outcomes:
                self.errors.append((outcomes[outcome], _of(veto.path, _POLICY[outcome])))
        return all_true([outcomes.get(Outcome.SCORED, FALSE), holds])

    def _grade(self, units: Whole) -> Whole | None:
        """The grade of a total, by its place; None where the scheme has none."""
        most = self.scheme.points_of(self.scheme).scaled(self.scheme.precision)
        if not self.scheme.grades or not most:
            return None
        share = Ratio(units, wholes.constant(most))
        place: Whole = wholes.constant(len(self.scheme.grades) - 1)
        for number, grade in reversed(list(enumerate(self.scheme.grades[:-1]))):
            place = wholes.pick(condition_of(share >= grade.at_least).holds, wholes.constant(number), place)
        return place

    def _no_better_than(self, place: Whole, worst: list[tuple[Truth, int]]) -> Whole:
        for applies, least in worst:
            limit = wholes.constant(least)
            place = wholes.pick(all_true([applies, wholes.less(place, limit)]), limit, place)
        return place


_ONE_BY_ONE = Text(zh="逐个单位评分", en="score the units one by one")
_GOOD = wholes.source(GOOD)
_NOT_PLAIN = (NotImplementedError, TypeError, AttributeError, ValueError, ArithmeticError)


def bad_name(column: str) -> str:
    """The name of the column that says in which rows another holds no figure."""
    return f"{column}?"


def _excesses(figures: Figures, start: str, shape: RecordShape) -> Iterator[tuple[Truth, Text]]:
    """Where a part is more than its whole, for each two of the record that there are columns of."""
    kinds = record_type(shape.record_class).fields
    for name in kinds:
        for other in wholes_of(kinds, name):
            part, whole = start + name, start + other
            # figures too large for columns are looked at only where a measure of them runs row by row
            if figures.has(part, kinds[name]) and figures.has(whole, kinds[other]):
                more = condition_of(figures.operand(part, kinds[name]) > figures.operand(whole, kinds[other]))
                yield (
                    all_true([negative(more.missing), more.holds]),
                    _exceeds(figures.prefix + part, figures.prefix + whole),
                )


def _exceeds(part: str, whole: str) -> Text:
    """What is said of a row in which a part is more than its whole."""
    return _of(part, Text(zh=f"大于其整体 {whole}", en=f"more than {whole}, its whole"))


_LONG_CHAIN = 48


def _first_that_holds(truths: Sequence[Truth], first: int = 1) -> Whole:
    """The number of the first truth that holds, counted from `first`; 0 where none does.

    Many are asked for by halves: engines go down a chain step by step, and only so far.
    """
    if len(truths) > _LONG_CHAIN:
        half = len(truths) // 2
        before = _first_that_holds(truths[:half], first)
        after = _first_that_holds(truths[half:], first + half)
        return wholes.pick(any_true(truths[:half]), before, after)
    code: Whole = wholes.ZERO
    for number in range(len(truths), 0, -1):
        code = wholes.pick(truths[number - 1], wholes.constant(first + number - 1), code)
    return code


def missing_name(column: str) -> str:
    """The name of the column that says in which rows another has no figure, where that is not null there."""
    return f"{column}!"


def refused(column: str, kind: Kind) -> Text:
    """What is said of a row in which a column holds no figure."""
    wanted = kind.wanted()
    return _of(column, expected(wanted["zh"], wanted["en"]))


def _of(place: str, said: Text) -> Text:
    """What is said of a column or a leaf, after its name."""
    return Text.of(f"{place}: ") + said


def _columns_of(leaf: Leaf, path: str) -> list[str]:
    """The columns in which a table gives what a leaf needs."""
    if isinstance(leaf.indicator, Measured):
        names = leaf.record_names()
        return [f"{names[parameter]}.{field}" for parameter, field in leaf.indicator.figures]
    if isinstance(leaf.indicator, Checklist):
        return [f"judgement.{path}.{item}" for item in leaf.indicator.items]
    return [f"judgement.{path}"]


def _first_of(found: list[tuple[Truth, Outcome]]) -> dict[Outcome, Truth]:
    """Which rows have which outcome, where the first reason that holds decides; what is left is scored."""
    outcomes: dict[Outcome, Truth] = {}
    before: list[Truth] = []
    for truth, outcome in found:
        if truth is not FALSE:
            here = all_true([*before, truth])
            outcomes[outcome] = any_true([outcomes.get(outcome, FALSE), here])
            before.append(negative(truth))
    outcomes[Outcome.SCORED] = all_true(before)
    return {outcome: truth for outcome, truth in outcomes.items() if truth is not FALSE}
