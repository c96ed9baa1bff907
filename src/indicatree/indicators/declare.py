"""Indicators: what is measured or judged, declared once and checked when it is declared."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, get_args, get_origin

import attrs

from indicatree.arithmetic import MISSING, Quantity, exact
from indicatree.data import Items, RecordShape, is_record, record_type
from indicatree.data.record import check_id
from indicatree.data.years import Years, as_years
from indicatree.indicators.formula import figures_of, formula_words
from indicatree.indicators.trace import trace
from indicatree.indicators.units import PERCENT, Better, MeasureUnit, Tier
from indicatree.problems import DeclarationError, Problem, did_you_mean, expected, quoted
from indicatree.text import Text, as_text, said_by

__all__ = [
    "Checklist",
    "Graded",
    "Indicator",
    "Measured",
    "checked",
    "checklist",
    "graded",
    "indicator",
    "measured",
    "shapes_of",
]


@attrs.frozen(kw_only=True, eq=False)
class Indicator:
    """What is measured or judged. Two indicators are the same where they are the same object.

    Attributes:
        id: Its namespaced id, such as ``mof.staff_control_rate``.
        title: Its name in two languages.
        tier: The tier that it belongs to.
        unit: The unit in which its value is shown.
        better: Which values are better, where that can be said.
        source: The document that defines it; empty where it is local practice.
        definition: What it is, in our words.
        years: The years that it holds for; None for always.
    """

    id: str
    title: Text
    tier: Tier
    unit: MeasureUnit = PERCENT
    better: Better | None = None
    source: str = ""
    definition: Text = Text()
    years: Years | None = None

    @property
    def key(self) -> str:
        """The name by which files mean it: its id, and a year of this version where it has years."""
        return self.id if self.years is None else f"{self.id}@{self.years.mark}"

    @property
    def parameters(self) -> Mapping[str, RecordShape]:
        """The records that it needs, by parameter name."""
        return {}


@attrs.frozen(kw_only=True, eq=False)
class Measured(Indicator):
    """An indicator that is computed from figures.

    Attributes:
        function: The measure: records in, an exact value out.
        shapes: The record class of each parameter.
        rowwise: Whether the function is not plain arithmetic, and so has no formula.
        formula: What the function computes, as a tree; None for a row-wise one.
        applies: The condition under which it applies, a function of the same records.
        applies_to: The parameters of that condition.
        condition: What that condition computes, as a tree.
    """

    function: Callable[..., Any]
    shapes: Mapping[str, RecordShape]
    rowwise: bool = False
    formula: Any = None
    applies: Callable[..., Any] | None = None
    applies_to: tuple[str, ...] = ()
    condition: Any = None

    @property
    def parameters(self) -> Mapping[str, RecordShape]:
        """The records that it needs, by parameter name."""
        return self.shapes

    def __call__(self, *records: Any, **named: Any) -> Quantity:
        """The value for records of one unit (or whatever its arithmetic runs on)."""
        result = self.function(*records, **named)
        return _rowwise_value(result, self.id) if self.rowwise else result

    def words(self, language: str = "zh") -> str:
        """The formula in words; for a row-wise indicator its definition."""
        return formula_words(self.formula, language) if self.formula is not None else self.definition[language]

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The figures that it uses, as parameter and field; for a row-wise one, all it could use."""
        if self.formula is not None:
            nodes = figures_of(self.formula) + (figures_of(self.condition) if self.condition is not None else [])
            return list(dict.fromkeys((node.args[0], node.args[1]) for node in nodes))
        return [
            (name, field) for name, shape in self.shapes.items() for field in record_type(shape.record_class).fields
        ]


@attrs.frozen(kw_only=True, eq=False)
class Checklist(Indicator):
    """An indicator that an assessor decides item by item.

    Attributes:
        items: The items, by short name.
    """

    items: Mapping[str, Text]


@attrs.frozen(kw_only=True, eq=False)
class Graded(Indicator):
    """An indicator that an assessor grades as a share of the marks, with reason and evidence."""


def indicator(  # noqa: PLR0913 - each is a part of what an indicator is
    id: str,  # noqa: A002 - the word of the field
    *,
    tier: Tier,
    title: Text,
    unit: MeasureUnit = PERCENT,
    better: Better | None = None,
    source: str = "",
    definition: Text | str | None = None,
    applies: Callable[..., Any] | None = None,
    rowwise: bool = False,
    years: Years | int | str | None = None,
) -> Callable[[Callable[..., Any]], Measured]:
    """Declare a measure: a plain function of records that returns an exact value.

    The function is called once, here, with names instead of figures. What it returns is its
    formula, from which the words of every explanation come, and which runs on single units and on
    tables alike. A function that does what a formula cannot (``if``, ``max``, ``round``, loops) is
    refused with the line and with what to write instead.

    Args:
        id: The namespaced id, ``namespace.name``.
        tier: The tier that it belongs to.
        title: The name in two languages.
        unit: How the value is shown.
        better: `MORE`, `LESS` or ``near(target)``, where that can be said.
        source: The document that defines the indicator, if it really is in it.
        definition: What it is, in words; by default the first line of the docstring.
        applies: A condition on the same records; where it does not hold, the indicator is not
            applicable. A missing figure in it makes the indicator missing, not inapplicable.
        rowwise: Whether the function is any Python code. It then gets the records of one unit and
            returns an int, ``Decimal``, ``Fraction``, `Quantity`, or None for missing; tables run
            it row by row, and there is no formula in words.
        years: The years that it holds for, such as ``"2020-"``; by default always. Versions of an
            indicator side by side have the same id and years that do not overlap.

    Raises:
        DeclarationError: With every problem of the declaration.

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
        >>> staff_control(Staffing(posts=92, in_post=46)).percent()
        '50.00%'
    """

    def declare(function: Callable[..., Any]) -> Measured:
        caller = sys._getframe(1)  # noqa: SLF001 - record classes defined beside the function, in whatever scope
        shapes, problems = shapes_of(function, f"indicator {id}", {**caller.f_globals, **caller.f_locals})
        doc = (inspect.getdoc(function) or "").partition("\n")[0]
        return measured(
            function,
            shapes,
            problems,
            applies=applies,
            id=id,
            tier=tier,
            title=title,
            unit=unit,
            better=better,
            source=source,
            definition=Text.of(definition) if definition is not None else Text(en=doc),
            rowwise=rowwise,
            years=years,
        )

    return declare


def measured(
    function: Callable[..., Any],
    shapes: Mapping[str, RecordShape],
    problems: list[Problem],
    *,
    applies: Callable[..., Any] | None = None,
    **said: Any,
) -> Measured:
    """A measure from its function and the record of each parameter; checked and traced.

    Raises:
        DeclarationError: With the problems that were found before, and every other one.
    """
    identifier = said["id"]
    where = f"indicator {identifier}"
    problems = [*_checked(identifier, said["tier"], said["title"], said.get("years")), *problems]
    formula = condition = None
    applies_to: tuple[str, ...] = ()
    sound = not problems  # what is wrong with a measure is told with what is wrong with its condition
    if sound and not said.get("rowwise"):
        formula = _collect(problems, lambda: trace(function, shapes, where))
    if applies is not None and not callable(applies):
        message = expected("数据表的函数", "a function of records as applies", repr(applies))
        problems.append(Problem("bad-parameter", where, message, "applies=lambda budget: budget.planned > 0"))
    elif sound and applies is not None:
        named = len(problems)
        written = getattr(applies, "parameters", None)  # of a formula in text; it may name none
        applies_to = tuple(inspect.signature(applies).parameters) if written is None else written
        for name in applies_to:
            if name not in shapes:
                hint = did_you_mean(name, shapes)
                message = Text(
                    zh=f'applies 用到 "{name}"，而指标没有此参数',
                    en=f'applies names "{name}", which is no parameter of the measure',
                )
                problems.append(Problem("bad-parameter", where, message, hint))
        if len(problems) == named:
            chosen = {name: shapes[name] for name in applies_to}
            place = f"{where}, applies"
            condition = _collect(problems, partial(trace, applies, chosen, place, condition=True))
    if problems:
        raise DeclarationError(problems)
    said |= {"tier": Tier(said["tier"]), "title": Text.of(said["title"]), "years": as_years(said.get("years"))}
    return Measured(
        function=function,
        shapes=shapes,
        formula=formula,
        applies=applies,
        applies_to=applies_to,
        condition=condition,
        **said,
    )


def _checked(identifier: str, tier: object, title: object, years: Any = None) -> list[Problem]:
    """The problems of what every indicator says of itself."""
    problems = []
    where = f"indicator {identifier}"
    names = [known.value for known in Tier]
    if tier not in (*Tier, *names):
        message = expected("四个层级之一", "one of the four tiers", quoted(tier))
        problems.append(Problem("bad-tier", where, message, did_you_mean(str(tier), names)))
    problems += checked(identifier, title, what="indicator")
    try:
        as_years(years)
    except ValueError as error:
        problems.append(Problem("bad-years", where, said_by(error), 'years="2020-"'))
    return problems


def checked(identifier: str, title: object, *, what: str) -> list[Problem]:
    """The problems of the id and the title of what is declared."""
    problems = check_id(identifier, what)
    where = f"{what} {identifier}"
    try:
        if not as_text(title):  # type: ignore[arg-type]  # what it is not, is said below
            message = Text(zh="没有标题", en="has no title")
            problems.append(Problem("bad-title", where, message, 'title=Text(zh="...", en="...")'))
    except ValueError as error:
        problems.append(Problem("bad-title", where, said_by(error), 'title=Text(zh="...", en="...")'))
    return problems


def _collect(problems: list[Problem], make: Callable[[], Any]) -> Any:
    try:
        return make()
    except DeclarationError as error:
        problems += error.problems
        return None


def shapes_of(
    function: Callable[..., Any], where: str, names: dict[str, Any]
) -> tuple[dict[str, RecordShape], list[Problem]]:
    """The record class of each parameter, from its annotation."""
    shapes: dict[str, RecordShape] = {}
    problems: list[Problem] = []
    for parameter in inspect.signature(function).parameters.values():
        place = f"{where}, parameter {parameter.name}"
        annotation = parameter.annotation
        if isinstance(annotation, str):
            try:
                annotation = eval(annotation, names)  # noqa: S307 - the author's own annotation, as typing evaluates it
            except Exception as error:  # noqa: BLE001 - whatever it raises, the annotation does not resolve
                message = Text(
                    zh=f'无法解析注解 "{annotation}"：{error}',
                    en=f'the annotation "{annotation}" cannot be resolved: {error}',
                )
                fix = Text(zh="先导入或定义数据表的类", en="import or define the record class first")
                problems.append(Problem("bad-parameter", place, message, fix))
                continue
        many = get_origin(annotation) is Items
        record_class = get_args(annotation)[0] if many else annotation
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            message = Text(
                zh="应为有名称的参数，每个数据表一个", en="expected parameters with names, one for each record"
            )
            fix = Text(zh="写明每个数据表", en="name each record")
            problems.append(Problem("bad-parameter", place, message, fix))
        elif not is_record(record_class):
            none = annotation is parameter.empty
            said = Text(zh="无", en="none") if none else Text.of(repr(annotation))
            message = expected(
                "数据表的类或 Items[数据表的类] 作注解", "a record class or Items[record class] as its annotation", said
            )
            fix = Text(zh="写法如 budget: Budget", en="write for example budget: Budget")
            problems.append(Problem("bad-parameter", place, message, fix))
        else:
            shapes[parameter.name] = RecordShape(record_class, many)
    if not shapes and not problems:
        message = Text(zh="指标至少需要一个数据表", en="a measure needs at least one record")
        fix = Text(zh="将其写为参数", en="name it as a parameter")
        problems.append(Problem("bad-parameter", where, message, fix))
    return shapes, problems


def _rowwise_value(result: Any, where: str) -> Quantity:
    if result is None:
        return MISSING
    if isinstance(result, Quantity):
        return result
    if isinstance(result, int | Decimal | Fraction) and not isinstance(result, bool):
        return exact(result)
    got = f"{type(result).__name__} {result!r}"
    kinds = "int, Decimal, Fraction, Quantity"
    message = Text(
        zh=f"逐行计算的指标应返回 {kinds} 或 None，实为 {got}",
        en=f"a row-wise measure returns an {kinds} or None, got {got}",
    )
    raise DeclarationError([Problem("not-exact", f"indicator {where}", message)])


def checklist(  # noqa: PLR0913 - each is a part of what an indicator is
    id: str,  # noqa: A002 - the word of the field
    *,
    tier: Tier,
    title: Text,
    items: Mapping[str, Text],
    source: str = "",
    definition: Text | str = "",
    years: Years | int | str | None = None,
) -> Checklist:
    """Declare an indicator that an assessor decides item by item.

    Raises:
        DeclarationError: The id is malformed, or there are no items.

    Example:
        >>> import indicatree as it
        >>> openness = it.checklist("demo.openness", tier=it.Tier.PROCESS,
        ...     title=it.Text(zh="预决算信息公开性", en="Openness of budget and accounts"),
        ...     items={"content": it.Text(zh="按规定内容公开", en="Prescribed content"),
        ...            "time": it.Text(zh="按规定时限公开", en="Prescribed time")})
        >>> list(openness.items)
        ['content', 'time']
    """
    problems = _checked(id, tier, title, years)
    if not items:
        message = Text(zh="至少需要一个要点", en="a checklist needs at least one item")
        problems.append(Problem("empty-checklist", f"indicator {id}", message))
    if problems:
        raise DeclarationError(problems)
    return Checklist(
        id=id,
        title=Text.of(title),
        tier=Tier(tier),
        unit=PERCENT,
        source=source,
        definition=Text.of(definition),
        years=as_years(years),
        items={name: Text.of(words) for name, words in items.items()},
    )


def graded(
    id: str,  # noqa: A002 - the word of the field
    *,
    tier: Tier,
    title: Text,
    source: str = "",
    definition: Text | str = "",
    years: Years | int | str | None = None,
) -> Graded:
    """Declare an indicator that an assessor grades, with a reason and evidence.

    Raises:
        DeclarationError: The id is malformed.
    """
    if problems := _checked(id, tier, title, years):
        raise DeclarationError(problems)
    return Graded(
        id=id,
        title=Text.of(title),
        tier=Tier(tier),
        source=source,
        definition=Text.of(definition),
        years=as_years(years),
    )
