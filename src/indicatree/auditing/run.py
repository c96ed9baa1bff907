"""An audit: a report's statements against its own figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property, partial
from itertools import product
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import ConditionTerm, Term
from indicatree.auditing.checks import Check, Equality, Known, PossibleScore, Result, Unsupported, Verdict, deductions
from indicatree.auditing.claims import TOTAL, claim_checks, read_claims
from indicatree.auditing.figures import Figure, Stand, figures_of_data, free_figures, stands
from indicatree.auditing.parts import part_checks
from indicatree.auditing.ranges import NoRangeError, Range, figures_in, range_of
from indicatree.auditing.repairs import BrokenFigure, broken_figures
from indicatree.auditing.scores import Possible, figures_behind, possible_scores
from indicatree.auditing.verdicts import judged
from indicatree.catalog import default_catalog
from indicatree.data import Items, UnitData
from indicatree.data.files import read_document
from indicatree.data.structure import require_keys
from indicatree.indicators.written import WrittenFormula
from indicatree.problems import DataError, FormulaError, IndicatreeError, Problem, did_you_mean, expected, quoted
from indicatree.scoring.api import named_scheme, prepare_for
from indicatree.text import LANGUAGES, Text, said_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.auditing.claims import Claim
    from indicatree.catalog import Catalog
    from indicatree.indicators import Identity
    from indicatree.scheme import Scheme

__all__ = ["Audit", "Checked", "audit", "audit_file"]

_IDENTITY_KEYS = {"holds", "title", "at"}
_POSSIBLE = {
    "score": Text(zh="（可能的得分）", en=" (possible scores)"),
    "deduction": Text(zh="（可能的扣分）", en=" (possible deductions)"),
}
_LEFT_OUT = Text(
    zh="不适用，方案不计此项：没有得分", en="it does not apply, and the scheme leaves it out: it has no score"
)


@attrs.frozen
class Checked:
    """A check and what came of it.

    Attributes:
        check: What was checked.
        result: What came of it.
        stated: The stated figure as it is printed, or what else is stated.
        computed: What the other figures give, in the same unit; a range where they leave one.
        difference: The stated figure less the computed one; empty where one of them is not one value, as it is shown.
    """

    check: Check
    result: Result
    stated: str
    computed: str
    difference: str

    @property
    def verdict(self) -> Verdict:
        """Whether it holds."""
        return self.result.verdict


def _read_only(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(given))


def _made_of(given: tuple[tuple[Check, ...], Mapping[str, Figure]]) -> tuple[tuple[Check, ...], Mapping[str, Figure]]:
    return given[0], _read_only(given[1])


@attrs.frozen(slots=False)
class Audit:
    """What a report states, held against its own figures.

    It cannot be changed, goes through pickle whole, and is equal to another that says the same of the same figures.

    Attributes:
        unit: The name of the unit.
        scheme: The id of the scheme.
        checks: Every check with what came of it: identities, values, scores, deductions, the grade.
        bounds: What figures that are not printed can be, by path, where claims bound them.
        possible: The scores that the figures make possible, by path; of the whole under ``total``.
        made_of: The checks and the figures that broken figures are found from.
        scored: Gives the possible scores for other figures; what goes through pickle has found the broken ones before.

    Example: see `audit`.
    """

    unit: str
    scheme: str
    checks: tuple[Checked, ...]
    bounds: Mapping[str, Range] = attrs.field(converter=_read_only, hash=False)
    possible: Mapping[str, Possible] = attrs.field(converter=_read_only, hash=False)
    made_of: tuple[tuple[Check, ...], Mapping[str, Figure]] = attrs.field(converter=_made_of, hash=False, repr=False)
    scored: Callable[[Known], Mapping[str, Possible]] | None = attrs.field(
        default=None, eq=False, hash=False, repr=False
    )

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle, which takes no mapping that is only to be read, and no scheme."""
        checks, figures = self.made_of
        given = (self.unit, self.scheme, self.checks, dict(self.bounds), dict(self.possible), (checks, dict(figures)))
        return _audit_of, (given, self.broken_figures)

    @property
    def broken(self) -> tuple[Checked, ...]:
        """The checks that do not hold."""
        return tuple(checked for checked in self.checks if checked.verdict is Verdict.BROKEN)

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken

    @cached_property
    def broken_figures(self) -> tuple[BrokenFigure, ...]:
        """The figures that explain the broken checks, each with the repair that fits best."""
        return broken_figures(*self.made_of, self.scored) if self.broken else ()

    def count(self, verdict: Verdict) -> int:
        """How many checks have a verdict."""
        return sum(checked.verdict is verdict for checked in self.checks)

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """The audit as JSON holds it."""
        from indicatree.auditing.render import to_document  # noqa: PLC0415 - only writing pays for it

        return to_document(self, language)

    def to_json(self, language: str = "zh", *, indent: int | None = 2) -> str:
        """The audit as JSON: ``checks``, ``broken_figures`` and ``summary``."""
        import json  # noqa: PLC0415 - only writing pays for it

        return json.dumps(self.to_dict(language), ensure_ascii=False, indent=indent)

    def table(self, language: str = "zh", *, width: int = 80) -> str:
        """The checks by kind, then the broken figures with their suspects, in text.

        Args:
            language: ``zh`` or ``en``.
            width: How many columns there are; a Chinese character takes two. Only a word that is
                longer, such as a path, needs more.
        """
        from indicatree.auditing.render import audit_table  # noqa: PLC0415 - words are made on demand

        return audit_table(self, language, width)

    def __str__(self) -> str:
        """The audit in Chinese."""
        return self.table()


def _audit_of(given: tuple[Any, ...], found: tuple[BrokenFigure, ...]) -> Audit:
    """An audit whose broken figures have been found."""
    made = Audit(*given)
    made.__dict__["broken_figures"] = found
    return made


def audit(
    scheme: Scheme | str | PathLike[str],
    data: UnitData | Mapping[str, Any] | str | PathLike[str],
    claims: Mapping[str, Any] | None = None,
    *,
    catalog: Catalog | None = None,
) -> Audit:
    """Check what a report states against its own figures: exactly, allowing for rounding and nothing else.

    Args:
        scheme: A scheme, the id of one that a plugin offers, or its file.
        data: The report's figures, as a data file holds them; with its claims and identities.
        claims: What the report states, by path; by default what the data holds under ``claims``.
        catalog: Where ids, and the identities of plugins, are looked up; by default among the installed ones.

    Raises:
        DataError: The data, a claim or an identity is wrong; every problem is named.
        CatalogError: There is no such scheme.
        SchemeError: The scheme has problems.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.spending", title=it.Text(zh="支出", en="Spending"))
        ... class Spending:
        ...     budget: fields.Money = fields.money("预算", "budget")
        ...     actual: fields.Money = fields.money("决算", "spent")
        >>> @it.indicator("demo.rate", tier=it.Tier.PROCESS, title=it.Text(zh="执行率", en="Execution rate"))
        ... def rate(spending: Spending):
        ...     return spending.actual / spending.budget
        >>> leaf = it.Leaf(id="rate", indicator=rate, points=10, rule=it.rules.Proportional())
        >>> scheme = it.Scheme(id="demo", tiers=[it.TierNode(tier="process", groups=[
        ...     it.Group(id="budget", title="Budget", indicators=[leaf])])])
        >>> data = {"format": 1, "data": {"spending": {"budget": "53232.6", "actual": "42591.88"}}}
        >>> found = audit(scheme, data, {"rate": {"value": "80.01%"}})
        >>> [(one.verdict.value, one.computed) for one in found.checks]
        [('holds', '80.0109%')]
        >>> found = audit(scheme, data, {"rate": {"value": "81.01%"}})
        >>> [(figure.stated, figure.repair) for figure in found.broken_figures]
        [('81.01%', '80.01%')]
    """
    if claims is not None and not isinstance(claims, Mapping):
        fix = Text(zh='写 {"total": {"score": 98}}', en='write {"total": {"score": 98}}')
        message = expected("按路径写明的映射", "a mapping by path", quoted(claims))
        raise DataError([Problem("not-a-table", "claims", message, fix)])
    if isinstance(data, str | PathLike):
        data = read_document(data)
    scorer = prepare_for(scheme, data, catalog=catalog)
    unit = scorer.take(data, as_stated=True)
    if claims is not None:
        unit = attrs.evolve(unit, claims=claims)
    identities = (catalog or default_catalog()).identities.values()
    return _Auditing(scorer.scheme, unit, list(identities)).result()


def audit_file(
    path: str | PathLike[str], *, scheme: Scheme | str | PathLike[str] | None = None, catalog: Catalog | None = None
) -> Audit:
    """Audit the report in a data file, by the scheme that the file names.

    Args:
        path: The data file, in TOML or JSON.
        scheme: Another scheme; by default the one that the file names.
        catalog: Where ids are looked up; by default among the installed plugins.

    Raises:
        DataError: The file cannot be read, names no scheme, or something in it is wrong.
        CatalogError: There is no such scheme.
        SchemeError: The scheme has problems.
    """
    document = read_document(path)
    return audit(named_scheme(document, path) if scheme is None else scheme, document, catalog=catalog)


class _Auditing:
    """One audit while it is made."""

    def __init__(self, scheme: Scheme, data: UnitData, identities: list[Identity]) -> None:
        self.scheme = scheme
        # A record that is not given has no figure printed; line items that are not given are not there.
        empty = {name: shape.empty() for name, shape in scheme.data_shape.records.items() if not shape.many}
        self.data = attrs.evolve(data, records={**empty, **data.records})
        self.identities = identities
        self.problems: list[Problem] = []

    def result(self) -> Audit:
        free = list(free_figures(self.data, self.problems))
        claims = read_claims(self.scheme, self.data, self.problems)
        standing = stands(self.data)
        checks = [
            *part_checks(self.data),
            *self._plugins_identities(standing),
            *self._scheme_identities(standing),
            *self._own_identities(standing),
        ]
        if self.problems:
            raise DataError(self.problems)
        checks += claim_checks(self.scheme, self.data, claims, standing)
        stated = [figure for claim in claims for figure in claim.figures]
        figures = {figure.path: figure for figure in [*figures_of_data(self.data), *free, *stated]}
        checks = [self._with_known_figures(check, figures) for check in checks]
        _, known = judged(checks, figures)
        scored = partial(possible_scores, self.scheme, self.data, standing=standing)
        possible = scored(known)
        checks += self._possible(claims, possible, figures)
        results, known = judged(checks, figures, base=known)
        checked = tuple(_checked(check, results[check.id], known) for check in checks)
        made_of = (tuple(checks), figures)
        return Audit(self.data.unit.name, self.scheme.id, checked, known.bounds, possible, made_of, scored)

    def _with_known_figures(self, check: Check, figures: Mapping[str, Figure]) -> Check:
        """The check, unless it uses what has no figure."""
        lacking = [path for path in check.paths if path not in figures]
        if not lacking:
            return check
        words = ", ".join(lacking)
        why = Text(zh=f"没有数据：{words}", en=f"no such figure: {words}")
        return Unsupported(id=check.id, kind=check.kind, title=check.title, at=check.at, said=check.said, why=why)

    def _plugins_identities(self, standing: Mapping[str, Stand]) -> Iterator[Check]:
        """Each identity of a plugin, for every record of its class that the report has."""
        for identity in self.identities:
            for bound in product(*self._fitting(identity)):
                yield from self._bound_identity(identity, bound, standing)

    def _fitting(self, identity: Identity) -> list[list[str]]:
        """The records that fit each parameter; where two take the same class, only those of their own names."""
        shapes = list(identity.parameters.values())
        return [
            [
                name
                for name, held in self.data.records.items()
                if isinstance(held, Items) == shape.many
                and (held.record_class if isinstance(held, Items) else type(held)) is shape.record_class
                and (shapes.count(shape) == 1 or name == parameter)
            ]
            for parameter, shape in identity.parameters.items()
        ]

    def _bound_identity(
        self, identity: Identity, names: tuple[str, ...], standing: Mapping[str, Stand]
    ) -> Iterator[Check]:
        words = ", ".join(names)
        identifier = f"{identity.id} ({words})"
        title = identity.title if names == tuple(identity.parameters) else identity.title + f" ({words})"
        try:
            condition = identity.function(*[standing[name] for name in names])
        except (IndicatreeError, TypeError) as error:
            why = _bad_formula(error)
            yield Unsupported(id=identifier, kind="identity", title=title, why=why)
            return
        if any(self._is_given(path) for path in figures_in(condition)):
            yield from _equality(identifier, title, Text(), condition)

    def _is_given(self, path: str) -> bool:
        return path in self.data.notes or not self.data.notes

    def _scheme_identities(self, standing: Mapping[str, Stand]) -> Iterator[Check]:
        for stated in self.scheme.identities:
            yield from self._written(f"identity {stated.id}", stated.holds, stated.title, Text(), standing)

    def _own_identities(self, standing: Mapping[str, Stand]) -> Iterator[Check]:
        for number, said in enumerate(self.data.identities, 1):
            where = f"identity[{number - 1}]"
            problems = [problem.under(where) for problem in require_keys(dict(said), _IDENTITY_KEYS)]
            words = {}
            for key in ("title", "at"):
                try:
                    words[key] = Text.of(said.get(key, ""))
                except (ValueError, TypeError):
                    form = "{ zh = ..., en = ... }"
                    message = expected(f"文字，或 {form}", f"text, or {form}")
                    problems.append(Problem("bad-value", f"{where}.{key}", message))
            holds = said.get("holds")
            if not isinstance(holds, str):
                fix = 'holds = "budget.total == budget.wages + budget.goods"'
                message = expected("以文字写成的等式", "an equality in text", quoted(holds))
                problems.append(Problem("missing-key", f"{where}.holds", message, fix))
            self.problems += problems
            if not problems and isinstance(holds, str):
                title = words["title"] or Text.of(" ".join(holds.split()))
                yield from self._written(f"identity {number}", holds, title, words["at"], standing, where)

    def _written(
        self, identifier: str, holds: str, title: Text, at: Text, standing: Mapping[str, Stand], where: str = ""
    ) -> Iterator[Check]:
        """An equality in text, over the figures of this report; ``where`` is its place in the data file."""
        try:
            formula = WrittenFormula(holds)
            condition = _condition(formula, standing)
        except FormulaError as error:
            if where:
                self.problems += [problem.under(f"{where}.holds") for problem in error.problems]
            else:
                yield Unsupported(id=identifier, kind="identity", title=title, at=at, why=_bad_formula(error))
            return
        if isinstance(condition, bool) and formula.parameters:  # line items, of which there are none
            why = Text(zh="没有用到任何数据", en="no figure that is given is in it")
            yield Unsupported(id=identifier, kind="identity", title=title, at=at, why=why)
            return
        if not isinstance(condition, ConditionTerm) or condition.op != "==":
            fix = Text(zh='写一个等式："报告数 == 核算数"', en='write one equality: "stated == computed"')
            message = expected("等式", "an equality", quoted(holds))
            self.problems.append(Problem("not-an-equality", f"{where or identifier}.holds", message, fix))
            return
        yield from _equality(identifier, title, at, condition)

    def _possible(
        self, claims: list[Claim], possible: Mapping[str, Possible], figures: Mapping[str, Figure]
    ) -> Iterator[Check]:
        """Each stated score and deduction against what is possible."""
        nodes = {TOTAL: self.scheme, **dict(self.scheme.walk())}
        behind = figures_behind(self.scheme, self.data)
        for claim in claims:
            path, *others = claim.paths
            if others or claim.line is not None:
                continue
            scores = possible[path].pieces
            points = self.scheme.points_of(nodes[path]).fraction
            uses = tuple(sorted(behind[path] & figures.keys()))
            for figure, pieces, said in (
                (claim.score, scores, {"id": f"score {claim.key}", "kind": "score"}),
                (claim.lost, deductions(scores, points), {"id": f"lost {claim.key}", "kind": "deduction"}),
            ):
                if figure is None:
                    continue
                title = figure.title + _POSSIBLE[said["kind"]]
                if not pieces:
                    yield Unsupported(title=title, at=claim.at, stated=figure.path, why=_LEFT_OUT, **said)
                    continue
                yield PossibleScore(
                    title=title,
                    at=claim.at,
                    stated=figure.path,
                    possible=pieces,
                    unknown=possible[path].unknown,
                    guessed=possible[path].guessed,
                    unit=Fraction(1, 10**self.scheme.precision),
                    counted_from=points if figure is claim.lost else Fraction(0),
                    node=path,
                    uses=uses,
                    is_lost=figure is claim.lost,
                    **said,
                )


def _bad_formula(error: Exception) -> Text:
    said = said_by(error)
    zh, en = (" ".join(said[language].split()) for language in LANGUAGES)
    return Text(zh=f"公式有误：{zh}", en=en)


def _condition(formula: WrittenFormula, standing: Mapping[str, Stand]) -> Any:
    """What a formula in text says of the figures of a report.

    Raises:
        FormulaError: It names a record or a figure that is not there.
    """
    lacking = [
        Problem(
            "unknown-record",
            "",
            formula.at(name, Text(zh=f"没有数据表 {quoted(name)}", en=f"no record {quoted(name)}")),
            did_you_mean(name, standing),
        )
        for name in formula.parameters
        if name not in standing
    ]
    lacking += formula.misnamed(standing)
    if lacking:
        raise FormulaError(lacking)
    return formula(**{name: standing[name] for name in formula.parameters})


def _equality(identifier: str, title: Text, at: Text, condition: Any) -> Iterator[Check]:
    left, right = condition.args
    if isinstance(right, Term) and right.op == "figure" and left.op != "figure":
        left, right = right, left  # the figure that stands alone is the stated one
    stated = left.args[0] if left.op == "figure" else ""
    yield Equality(id=identifier, kind="identity", title=title, at=at, stated=stated, left=left, right=right)


def _checked(check: Check, result: Result, known: Known) -> Checked:
    figure = known.figures.get(check.stated)
    computed = difference = ""
    stated = check.said if figure is None else figure.printed
    if result.computed is not None:
        shown = figure or _plain(known, check)
        low, high = result.computed.low, result.computed.high
        ends = (_shown(shown, low), _shown(shown, high))
        computed = ends[0] if ends[0] == ends[1] else f"{ends[0]} - {ends[1]}"
        value = None if figure is None else figure.value
        if isinstance(check, Equality) and figure is None:
            value = _left(check, known)
            stated = "" if value is None else _shown(shown, value)
        if value is not None:
            ends = (_shown(shown, value - high), _shown(shown, value - low))
            difference = ends[0] if ends[0] == ends[1] else ""
    return Checked(check, result, stated, computed, difference)


def _shown(figure: Figure, value: Fraction) -> str:
    return figure.show(value, more=2)


def _plain(known: Known, check: Check) -> Figure:
    """The figure in whose unit a check without a stated figure is shown."""
    return known.figures[check.paths[0]]


def _left(check: Equality, known: Known) -> Fraction | None:
    try:
        found = range_of(check.left, known.box(figures_in(check.left), printed=True))
    except (NoRangeError, ZeroDivisionError, KeyError):
        return None
    return found.low if found.low == found.high else None
