"""What a report states of values, scores, deductions and grades, and the checks that follow from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity, Term, exact
from indicatree.auditing.checks import Deductions, Equality, StatedGrade, Unsupported
from indicatree.auditing.figures import Figure, printed_figure
from indicatree.auditing.scores import formula_of
from indicatree.data import resolve_path
from indicatree.data.fields import RefusedError
from indicatree.data.structure import require_keys
from indicatree.indicators import Measured
from indicatree.problems import DataError, ExactnessError, IndicatreeError, Problem, did_you_mean, expected, quoted
from indicatree.scheme import Leaf, Part, Treatment
from indicatree.text import Text, said_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.auditing.checks import Check
    from indicatree.auditing.figures import Stand
    from indicatree.data import UnitData
    from indicatree.scheme import Scheme

__all__ = ["Claim", "claim_checks", "read_claims"]

_KEYS = {"value", "score", "lost", "grade", "at"}
_LINE = re.compile(r"(.+)\[(\d{1,6})\]", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d+)?%?", re.ASCII)
_POINTS = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
TOTAL = "total"

_FROM_PARTS = Text(zh="：各组成部分之和", en=": from its parts")
_FROM_LISTED = Text(zh="：满分减去下级列明的扣分", en=": from the deductions below")
_FROM_LOST = Text(zh="：满分减去本项扣分", en=": from its own deduction")
_NO_FORMULA = Text(zh="指标没有公式", en="its measure has no formula")
_NOT_GIVEN = Text(zh="数据未提供", en="its figures are not given")
_ONE_PLACE = Text(
    zh="只写一处；报告在别处印出的数写入 [figures]",
    en="say it in one place; what the report prints elsewhere goes to [figures]",
)
_CAPPED = Text(zh="一票否决可能限制总分", en="a veto may cap the total")


@attrs.frozen
class _Sum:
    """A score from those that are stated below it.

    Attributes:
        score: A formula over the stated scores.
        exact: Whether it is a plain sum, which is not rounded again.
    """

    score: Any
    exact: bool = True


@attrs.frozen(kw_only=True)
class Claim:
    """What a report states of a node, or of several together.

    Attributes:
        key: How the data file names it.
        paths: The paths of the nodes; ``total`` for the whole.
        line: The line item, counted from 0, where one is meant.
        value: The stated value of the measure.
        score: The stated score.
        lost: The stated deduction.
        grade: The id of the stated grade.
        at: Where in the source it stands.
    """

    key: str
    paths: tuple[str, ...]
    line: int | None = None
    value: Figure | None = None
    score: Figure | None = None
    lost: Figure | None = None
    grade: str = ""
    at: Text = Text()

    @property
    def figures(self) -> list[Figure]:
        """The figures that it states."""
        return [figure for figure in (self.value, self.score, self.lost) if figure is not None]


def read_claims(scheme: Scheme, data: UnitData, problems: list[Problem]) -> list[Claim]:
    """The claims of a data file; what is wrong goes to the problems."""
    nodes = {TOTAL: scheme, **dict(scheme.walk())}
    found: dict[object, Claim] = {}
    for key, said in data.claims.items():
        try:
            claim = _claim(str(key), said, nodes, scheme, data)
            first = found.setdefault((frozenset(claim.paths), claim.line), claim)
            if first is not claim:
                name = quoted(first.key)
                message = Text(zh=f"与 {name} 是同一项", en=f"{name} is the same")
                raise DataError([Problem("twice", "", message, _ONE_PLACE)])  # noqa: TRY301 - one way out
        except DataError as error:
            problems += [problem.under(f"claims.{key}") for problem in error.problems]
    return list(found.values())


def _claim(key: str, said: Any, nodes: Mapping[str, Any], scheme: Scheme, data: UnitData) -> Claim:
    if not isinstance(said, Mapping):
        fix = Text(zh='写 { value = "80.01%" } 或 { score = 98 }', en='write { value = "80.01%" } or { score = 98 }')
        message = expected("报告所写的内容", "what is stated", quoted(said))
        raise DataError([Problem("not-a-table", "", message, fix)])
    problems = require_keys(dict(said), _KEYS)
    paths, line = _paths(key, nodes, problems)
    if problems:
        raise DataError(problems)
    title = _title(paths, nodes, line)
    at = _words(said.get("at", ""), problems)
    figures = {
        name: _figure(key, name, said[name], title, at, problems) for name in ("value", "score", "lost") if name in said
    }
    for name in figures.keys() - {"value"}:
        if (figure := figures[name]) is not None:
            least = Fraction(0) if name == "lost" else None
            figures[name] = attrs.evolve(figure, finest=scheme.precision, least=least)
    claim = Claim(key=key, paths=tuple(paths), line=line, grade=str(said.get("grade", "")), at=at, **figures)
    if not problems:
        problems += _misfits(claim, nodes, scheme, data)
    if problems:
        raise DataError(problems)
    return claim


def _paths(key: str, nodes: Mapping[str, Any], problems: list[Problem]) -> tuple[list[str], int | None]:
    """The paths that a key names, and the line item."""
    match = _LINE.fullmatch(key)
    plain, line = (match[1], int(match[2])) if match else (key, None)
    paths = []
    for part in plain.split("+"):
        try:
            paths.append(_path(part.strip(), nodes))
        except RefusedError as error:
            problems.append(Problem("unknown-node", "", said_by(error)))
    if len(set(paths)) < len(paths):
        message = Text(zh="同一节点写了两次", en="names a node twice")
        fix = Text(zh="相加的每个节点只写一次", en="name each node of the sum once")
        problems.append(Problem("twice", "", message, fix))
    return paths, line


def _path(name: str, nodes: Mapping[str, Any]) -> str:
    return resolve_path(name, frozenset(nodes), what="node")


def _title(paths: list[str], nodes: Mapping[str, Any], line: int | None) -> Text:
    words = [_name(nodes[path], path) for path in paths]
    title = Text(zh=" + ".join(one["zh"] for one in words), en=" + ".join(one["en"] for one in words))
    return title if line is None else title + Text(zh=f"（第 {line + 1} 项）", en=f" (line {line + 1})")


def _name(node: Any, path: str) -> Text:
    if path == TOTAL:
        return Text(zh="总分", en="Total")
    if isinstance(node, Leaf):
        return node.name
    title: Text = node.title or getattr(getattr(node, "tier", None), "title", Text())
    return title or Text.of(path)


def _words(value: Any, problems: list[Problem]) -> Text:
    try:
        return Text.of(value)
    except (ValueError, TypeError):
        form = "{ zh = ..., en = ... }"
        message = expected(f"文字，或 {form}", f"text, or {form}", quoted(value))
        problems.append(Problem("bad-value", "at", message))
        return Text()


def _figure(key: str, name: str, said: Any, title: Text, at: Text, problems: list[Problem]) -> Figure | None:
    is_number = isinstance(said, int | Decimal | float) and not isinstance(said, bool)
    printed = format(Decimal(str(said)), "f") if is_number else said
    form = _NUMBER if name == "value" else _POINTS
    if not isinstance(printed, str) or not form.fullmatch(printed.strip()):
        fix = Text(zh="写分数，如 98", en="in points, such as 98")
        if name == "value":
            fix = Text(zh='照印出的写："80.01%"', en='as it is printed: "80.01%"')
        message = expected("报告中印出的数", "a printed number", quoted(said))
        problems.append(Problem("bad-value", name, message, fix))
        return None
    try:
        # Scores are given, not rounded: 98 is 98.00.
        return printed_figure(f"claims.{key}.{name}", title, printed.strip(), is_exact=name != "value", at=at)
    except ExactnessError as error:
        problems.append(Problem("bad-value", name, error.problems[0].message))
        return None


def _misfits(claim: Claim, nodes: Mapping[str, Any], scheme: Scheme, data: UnitData) -> Iterator[Problem]:
    """What a claim states that its nodes cannot have."""
    node = nodes[claim.paths[0]]
    alone = len(claim.paths) == 1
    if not (claim.figures or claim.grade):
        message = Text(zh="没有写任何内容", en="states nothing")
        fix = Text(zh="写 value、score、lost 或 grade", en="write value, score, lost or grade")
        yield Problem("empty-claim", "", message, fix)
    if claim.value is not None and not (alone and isinstance(node, Leaf) and isinstance(node.indicator, Measured)):
        message = Text(zh="只有计量指标有指标值", en="only a measured leaf has a value")
        yield Problem("not-measured", "value", message, Text(zh="写其得分", en="state its score"))
    if claim.lost is not None and (claim.lost.value or 0) < 0:
        message = expected("扣去的分数，不带正负号", "the points lost, without a sign")
        yield Problem("bad-value", "lost", message, f"lost = {claim.lost.printed[1:]}")
    if claim.line is not None:
        yield from _misfits_of_line(claim, node, data, alone=alone)
    if claim.grade:
        known = [grade.id for grade in scheme.grades]
        if claim.paths != (TOTAL,):
            message = Text(zh="只有总分有等级", en="only the total has a grade")
            fix = Text(zh='写在 "total" 之下', en='write it under "total"')
            yield Problem("not-graded", "grade", message, fix)
        elif claim.grade not in known:
            grade = quoted(claim.grade)
            message = Text(zh=f"方案没有等级 {grade}", en=f"the scheme has no grade {grade}")
            yield Problem("unknown-grade", "grade", message, did_you_mean(claim.grade, known))


def _misfits_of_line(claim: Claim, node: Any, data: UnitData, *, alone: bool) -> Iterator[Problem]:
    if not (alone and isinstance(node, Leaf) and node.for_each):
        message = Text(zh="没有逐项数据", en="has no line items")
        yield Problem("no-lines", "", message, Text(zh="去掉 [ ]", en="leave the [ ] out"))
        return
    items = data.records.get(node.for_each, ())
    if claim.line is not None and claim.line >= len(items):
        last, many = len(items) - 1, f"[[data.{node.for_each}]]"
        fix = Text(zh=f"写 {many}", en=f"write {many}")
        if items:
            fix = Text(zh=f"从 0 起数，最后一项是 [{last}]", en=f"they are counted from 0: the last is [{last}]")
        message = Text(
            zh=f"没有第 {claim.line + 1} 项：{node.for_each} 只有 {len(items)} 项",
            en=f"there is no line {claim.line + 1}: {node.for_each} has {len(items)}",
        )
        yield Problem("no-such-line", "", message, fix)


def claim_checks(scheme: Scheme, data: UnitData, claims: list[Claim], standing: Mapping[str, Stand]) -> Iterator[Check]:
    """The checks that follow from the claims alone: those of possible scores are made where more is known."""
    builder = _Builder(scheme, data, claims, standing)
    for claim in claims:
        found = [*builder.of_value(claim), *builder.of_score(claim), *builder.of_lost(claim), *builder.of_grade(claim)]
        yield from found
        # Of one node alone the possible scores are checked later.
        if not found and (len(claim.paths) > 1 or claim.line is not None):
            yield builder.alone(claim)


class _Builder:
    """Makes the checks of claims."""

    def __init__(self, scheme: Scheme, data: UnitData, claims: list[Claim], standing: Mapping[str, Stand]) -> None:
        self.scheme = scheme
        self.data = data
        self.claims = claims
        self.standing = standing
        self.nodes: dict[str, Any] = {TOTAL: scheme, **dict(scheme.walk())}
        of_nodes = [claim for claim in claims if len(claim.paths) == 1 and claim.line is None]
        self.scores = {claim.paths[0]: claim.score for claim in of_nodes if claim.score}
        self.lost = {claim.paths[0]: claim.lost for claim in of_nodes if claim.lost}

    def alone(self, claim: Claim) -> Check:
        """The check of a claim with which nothing can be compared."""
        figure = claim.figures[0]
        kind = "score" if figure is claim.score else "deduction"
        why = Text(zh="没有可与之核对的数据", en="there is nothing to check it against")
        return Unsupported(
            id=f"{kind} {claim.key}", kind=kind, title=figure.title, at=claim.at, stated=figure.path, why=why
        )

    def of_value(self, claim: Claim) -> Iterator[Check]:
        """A stated value against the measure."""
        if claim.value is None:
            return
        said: dict[str, Any] = {
            "id": f"value {claim.key}",
            "kind": "value",
            "title": claim.value.title,
            "at": claim.at,
            "stated": claim.value.path,
        }
        leaf = self.nodes[claim.paths[0]]
        if leaf.for_each and claim.line is None:
            why = Text(
                zh="每一项各有其值：请写明第几项，如 [0]", en="each line item has its own value: name one, such as [0]"
            )
            yield Unsupported(why=why, **said)
            return
        try:
            formula = formula_of(leaf, self.standing, claim.line)
        except (LookupError, TypeError, IndicatreeError) as error:
            yield Unsupported(why=_NO_FORMULA if isinstance(error, TypeError) else _NOT_GIVEN, **said)
            return
        yield Equality(left=Term("figure", (claim.value.path,)), right=formula, **said)

    def of_score(self, claim: Claim) -> Iterator[Check]:
        """A stated score against the stated scores below it, and against the stated deductions."""
        figure = claim.score
        if figure is None or claim.line is not None:
            return
        said: dict[str, Any] = {"title": figure.title, "at": claim.at, "stated": figure.path}
        sums = {**said, "id": f"sum {claim.key}", "kind": "score", "title": figure.title + _FROM_PARTS}
        parts = self._parts(claim)
        left = Term("figure", (figure.path,))
        if parts is not None and claim.paths == (TOTAL,) and self._may_be_capped():
            yield Unsupported(why=_CAPPED, **sums)
        elif parts is not None:
            unit = None if parts.exact else Fraction(1, 10**self.scheme.precision)
            yield Equality(left=left, right=parts.score, unit=unit, rounding=self.scheme.rounding, **sums)
        below = self._listed(claim)
        if below and all(self._loses_all(path) for path in claim.paths) and not self._may_be_capped():
            points = sum((self._points(path) for path in claim.paths), start=Fraction(0))
            listed = {**said, "id": f"deductions {claim.key}", "title": figure.title + _FROM_LISTED}
            yield Deductions(kind="deduction", points=points, lost=below, **listed)
        if len(claim.paths) == 1 and claim.lost is not None:
            points_left = _constant(self._points(claim.paths[0])) - Term("figure", (claim.lost.path,))
            own = {**said, "id": f"deduction {claim.key}", "title": figure.title + _FROM_LOST}
            yield Equality(kind="deduction", left=left, right=points_left, **own)

    def of_lost(self, claim: Claim) -> Iterator[Check]:
        """A stated deduction against those that are stated below it."""
        figure = claim.lost
        if figure is None or claim.line is not None:
            return
        said: dict[str, Any] = {
            "id": f"deductions lost {claim.key}",
            "kind": "deduction",
            "title": figure.title + Text(zh="（扣分）", en=" (points lost)"),
            "at": claim.at,
            "stated": figure.path,
        }
        if len(claim.paths) > 1 and all(path in self.lost for path in claim.paths):
            parts = _sum([Term("figure", (self.lost[path].path,)) for path in claim.paths])
            yield Equality(left=Term("figure", (figure.path,)), right=parts, **said)
            return
        below = self._listed(claim)
        if below and all(self._loses_all(path) for path in claim.paths) and not self._may_be_capped():
            yield Deductions(points=None, lost=below, **said)

    def _listed(self, claim: Claim) -> tuple[str, ...]:
        """The stated deductions below a claim; none that lies in another one."""
        own = claim.paths[0] if len(claim.paths) == 1 else None
        below = [path for path in self.lost if path != own and any(_inside(path, whole) for whole in claim.paths)]
        outer = [path for path in below if not any(path != other and _inside(path, other) for other in below)]
        return tuple(self.lost[path].path for path in outer)

    def _loses_all(self, path: str) -> bool:
        """Whether a node loses at least what is lost below it."""
        below = [self.nodes[path], *(node for where, node in self.scheme.walk() if _inside(where, path))]
        return all(
            not node.most > node.points if isinstance(node, Leaf) else node.aggregation.additive for node in below
        )

    def _may_be_capped(self) -> bool:
        """Whether a veto may cap the total."""
        for veto in self.scheme.vetoes:
            judgement = self.data.judgement.get(veto.path)
            said = judgement is not None and judgement.says("applies")
            if veto.points is not None and veto.path not in self.data.not_applicable and (veto.indicator or said):
                return True
        return False

    def _points(self, path: str) -> Fraction:
        return self.scheme.points_of(self.nodes[path]).fraction

    def _parts(self, claim: Claim) -> _Sum | None:
        """The stated scores of what a claim is the sum of; None where one is not stated."""
        if len(claim.paths) == 1:
            return self._below(claim.paths[0])
        terms = [self._term(path) for path in claim.paths]
        known = [term for term in terms if term is not None]
        return _Sum(_sum(known)) if len(known) == len(terms) else None

    def _below(self, path: str) -> _Sum | None:
        """The score of a node from those that are stated below it."""
        node = self.nodes[path]
        if isinstance(node, Leaf):
            return None
        parts, given = [], node.aggregation.weights
        for child in node.children:
            where = child.id if path == TOTAL else f"{path}.{child.id}"
            points = self.scheme.points_of(child)
            if where not in self.scores and where not in self.lost and _is_zero(child):
                continue
            counts = not self._left_out(child, where)
            term = self._term(where) if counts else Quantity(0)
            if term is None:
                return None
            parts.append(Part(term, points, counts, given[child.id] if given else points))
        if not parts or not any(part.counts for part in parts):
            return None
        if node.aggregation.additive and all(part.counts is True for part in parts):
            return _Sum(_sum([part.score for part in parts]))
        score = node.aggregation.score(parts, self.scheme.points_of(node))
        return _Sum(score, exact=False) if isinstance(score, Term) else None

    def _term(self, path: str) -> Any:
        """The stated score of a node, or what is stated below it; not where that would have been rounded."""
        if path in self.scores:
            return Term("figure", (self.scores[path].path,))
        if path in self.lost:
            return _constant(self._points(path)) - Term("figure", (self.lost[path].path,))
        given = self._given(path)
        if given is not None:
            return _constant(given)
        below = self._below(path)
        return below.score if below is not None and below.exact else None

    def _treatment(self, path: str) -> Treatment | None:
        """What the scheme says of a leaf that does not apply; None where it applies."""
        leaf = self.nodes[path]
        if path not in self.data.not_applicable or not isinstance(leaf, Leaf):
            return None
        return self.scheme.policies_of(leaf).not_applicable

    def _given(self, path: str) -> Fraction | None:
        """The score of a leaf that does not apply, where the scheme gives it one."""
        treatment = self._treatment(path)
        if treatment is Treatment.FULL_POINTS:
            return self._points(path)
        return Fraction(0) if treatment is Treatment.NO_POINTS else None

    def _left_out(self, node: Any, path: str) -> bool:
        if isinstance(node, Leaf):
            return self._treatment(path) is Treatment.LEFT_OUT
        return bool(node.children) and all(self._left_out(child, f"{path}.{child.id}") for child in node.children)

    def of_grade(self, claim: Claim) -> Iterator[Check]:
        """A stated grade against the stated total."""
        if not claim.grade:
            return
        title = Text(zh="等级", en="Grade")
        said: dict[str, Any] = {"id": "grade", "kind": "grade", "title": title, "at": claim.at, "said": claim.grade}
        total = self.scores.get(TOTAL)
        if total is None:
            why = Text(zh="报告未写明总分", en="the report states no total")
            yield Unsupported(why=why, **said)
        elif self.scheme.vetoes:
            why = Text(
                zh="方案有一票否决，等级不仅取决于总分",
                en="the scheme has vetoes: the total alone does not give the grade",
            )
            yield Unsupported(why=why, **said)
        else:
            unit = Fraction(1, 10**self.scheme.precision)
            yield StatedGrade(
                total=total.path, points=self._points(TOTAL), grades=self.scheme.grades, unit=unit, **said
            )


def _is_zero(node: Any) -> bool:
    """Whether a node can have no other score than 0."""
    if isinstance(node, Leaf):
        return not (node.most > 0 or node.lowest < 0)
    return all(_is_zero(child) for child in node.children)


def _constant(value: Fraction) -> Term:
    return Term("constant", (exact(value),))


def _sum(terms: list[Any]) -> Any:
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


def _inside(path: str, whole: str) -> bool:
    return whole in (TOTAL, path) or path.startswith(f"{whole}.")
