"""Scoring in one call: one unit, many units, or one indicator on its own."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity
from indicatree.catalog import default_catalog
from indicatree.data import UnitData, load_data, records_from, split_version
from indicatree.data.files import read_document
from indicatree.data.load import DataShape
from indicatree.indicators import Measured
from indicatree.problems import CatalogError, DataError, DeclarationError, IndicatreeError, Problem, expected
from indicatree.scheme import Group, Leaf, Policies, Scheme, TierNode
from indicatree.scoring.prepare import Scorer, refuse_no_data
from indicatree.scoring.scorecard import Outcome
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from indicatree.catalog import Catalog
    from indicatree.scoring.scorecard import Scorecard

__all__ = ["Measurement", "load", "load_scheme", "measure", "prepare", "score", "score_file", "score_many"]

_prepared: dict[int, Scorer] = {}
_MOST_PREPARED = 64


def prepare(
    scheme: Scheme | str | PathLike[str] | Mapping[str, Any],
    *,
    catalog: Catalog | None = None,
    year: int | None = None,
) -> Scorer:
    """A scheme prepared for scoring; prepare it once and share it, also between threads.

    Args:
        scheme: A scheme, the id of one that a plugin offers, a file, or what a file holds.
        catalog: Where ids are looked up; by default among the installed plugins.
        year: The year that the scheme is to hold for, where it is not given as an object.

    Raises:
        CatalogError: There is no such scheme.
        SchemeError: The scheme has problems.
    """
    if not isinstance(scheme, Scheme):
        scheme = load_scheme(scheme, catalog=catalog, year=year)
    # Schemes do not change, so the same object can keep its scorer. The scorer holds the scheme,
    # so an id cannot come to mean another one while it is here.
    found = _prepared.get(id(scheme))
    if found is None:
        if len(_prepared) >= _MOST_PREPARED:
            _prepared.clear()
        found = _prepared[id(scheme)] = Scorer(scheme)
    return found


def load_scheme(
    source: str | PathLike[str] | Mapping[str, Any], *, catalog: Catalog | None = None, year: int | None = None
) -> Scheme:
    """A scheme by the id that a plugin gives it, or from a file, or from what a file holds.

    Args:
        source: The id (``id@2021`` is the version of that year), the file, or what it holds.
        catalog: Where ids are looked up; by default among the installed plugins.
        year: The year that it is to hold for; needed where there are several versions.

    Raises:
        CatalogError: There is no such scheme, or no version for the year.
        SchemeError: The scheme has problems; all of them are named.
    """
    return (catalog or default_catalog()).scheme(source, year=year)


def load(source: str | PathLike[str] | Mapping[str, Any], scheme: Scheme | Scorer) -> UnitData:
    """The data of one unit from a TOML or JSON file, or from what such a file holds.

    Raises:
        DataError: With every problem of the file, each at its path.
    """
    scorer = scheme if isinstance(scheme, Scorer) else prepare(scheme)
    return scorer.load(source)


def score(
    scheme: Scheme | Scorer | str | PathLike[str],
    data: UnitData | Mapping[str, Any] | str | PathLike[str],
    *,
    catalog: Catalog | None = None,
) -> Scorecard:
    """Score one unit.

    Args:
        scheme: A scheme, a prepared one, the id of one that a plugin offers, or its file.
        data: The unit's data; or its records by name (plain tables are loaded into records, with
            amounts in currency units); or what a data file holds; or the file. The year that it
            gives for the unit picks the version of a scheme that is named.
        catalog: Where ids are looked up; by default among the installed plugins.

    Raises:
        DataError: The data does not fit the scheme; every problem is named.
        ScoringError: Something lacks that the scheme's policies do not allow to lack.
    """
    if isinstance(scheme, Scorer):
        return scheme.score(data)
    if isinstance(data, str | PathLike):
        data = read_document(data)
    return prepare_for(scheme, data, catalog=catalog).score(data)


def prepare_for(
    scheme: Scheme | str | PathLike[str], data: UnitData | Mapping[str, Any], *, catalog: Catalog | None = None
) -> Scorer:
    """A scheme prepared for the unit of some data: of versions side by side, the one of its year.

    Raises:
        DataError: What the data says of its unit is wrong, so that no version is known to be meant.
        CatalogError: There is no such scheme, or none for the year.
    """
    named = isinstance(scheme, str) and split_version(scheme)[1] is not None
    try:
        return prepare(scheme, catalog=catalog, year=None if named else year_of(data))
    except CatalogError as error:
        wrong = _problems_of_unit(data) if error.problems[0].code == "other-years" else []
        if wrong:
            raise DataError(wrong) from None
        raise


def _problems_of_unit(data: UnitData | Mapping[str, Any]) -> list[Problem]:
    if isinstance(data, UnitData) or not isinstance(data.get("unit"), Mapping):
        return []
    try:
        load_data({"format": data.get("format"), "unit": data["unit"]}, DataShape())
    except DataError as error:
        return [problem for problem in error.problems if problem.path.startswith("unit")]
    return []


def year_of(data: UnitData | Mapping[str, Any]) -> int | None:
    """The year that data gives for its unit; what is no year there is said when the data is loaded.

    Raises:
        DataError: It is no data at all.
    """
    if isinstance(data, UnitData):
        return data.unit.year
    refuse_no_data(data)
    unit = data.get("unit") if isinstance(data.get("format"), int) else None
    year = unit.get("year") if isinstance(unit, Mapping) else None
    return year if isinstance(year, int) and not isinstance(year, bool) else None


def score_file(
    path: str | PathLike[str],
    *,
    scheme: Scheme | Scorer | str | PathLike[str] | None = None,
    catalog: Catalog | None = None,
) -> Scorecard:
    """Score the unit in a data file, by the scheme that the file names.

    Args:
        path: The data file, in TOML or JSON.
        scheme: Another scheme; by default the one that the file names: a file beside it, or the
            id of one that a plugin offers.
        catalog: Where ids are looked up; by default among the installed plugins.

    Raises:
        DataError: The file cannot be read, names no scheme, or does not fit it.
        CatalogError: There is no such scheme.
        SchemeError: The scheme has problems.
        ScoringError: Something lacks that the scheme's policies do not allow to lack.
    """
    document = read_document(path)
    if scheme is None:
        scheme = named_scheme(document, path)
    scorer = scheme if isinstance(scheme, Scorer) else prepare_for(scheme, document, catalog=catalog)
    return scorer.score(scorer.load(document))


def named_scheme(document: Mapping[str, Any], path: str | PathLike[str]) -> str | PathLike[str]:
    """The scheme that a data file names: a file beside it, or an id.

    Raises:
        DataError: It names none.
    """
    from pathlib import Path  # noqa: PLC0415 - only files pay for it

    named = document.get("scheme")
    if named is None and ("tiers" in document or "extends" in document):
        message = Text(zh="这是方案，不是数据文件", en="this is a scheme, not a data file")
        fix = Text(zh="改用数据文件；indicatree template 可生成", en="name a data file; indicatree template writes one")
        raise DataError([Problem("not-data", str(path), message, fix)])
    if not (isinstance(named, str) and named):
        fix = Text(
            zh='在文件开头写 scheme = "..."，或以 --scheme 指定',
            en='write scheme = "..." at the top of the file, or pass another (--scheme)',
        )
        raise DataError([Problem("no-scheme", str(path), Text(zh="没有写明方案", en="names no scheme"), fix)])
    beside = Path(path).parent / named
    try:
        return beside if beside.is_file() else named
    except OSError:  # too long for a file name
        return named


def score_many(
    scheme: Scheme | Scorer | str | PathLike[str],
    units: Iterable[UnitData | Mapping[str, Any] | str | PathLike[str]],
    *,
    on_error: str = "raise",
    catalog: Catalog | None = None,
) -> Iterator[Scorecard | IndicatreeError]:
    """Score units one after another, as they come.

    Args:
        scheme: A scheme, a prepared one, the id of one that a plugin offers, or its file.
        units: The data of each unit, as `score` takes it.
        on_error: ``raise`` stops at the first unit that cannot be scored; ``record`` gives the
            error in the place of its scorecard and goes on.
        catalog: Where ids are looked up; by default among the installed plugins.
    """
    if on_error not in ("raise", "record"):
        msg = f'on_error: expected "raise" or "record", got {on_error!r}'
        raise ValueError(msg)
    if isinstance(scheme, Scheme):
        scheme = prepare(scheme)
    scorers: dict[int | None, Scorer] = {}

    def scored(data: UnitData | Mapping[str, Any] | str | PathLike[str]) -> Scorecard:
        if isinstance(scheme, Scorer):
            return scheme.score(data)
        if isinstance(data, str | PathLike):
            data = read_document(data)
        year = year_of(data)
        if year not in scorers:
            scorers[year] = prepare_for(scheme, data, catalog=catalog)
        return scorers[year].score(data)

    return _each(scored, units, record=on_error == "record")


def _each(
    scored: Callable[[Any], Scorecard],
    units: Iterable[UnitData | Mapping[str, Any] | str | PathLike[str]],
    *,
    record: bool,
) -> Iterator[Scorecard | IndicatreeError]:
    for data in units:
        try:
            yield scored(data)
        except IndicatreeError as error:
            if not record:
                raise
            yield error


@attrs.frozen
class Measurement:
    """What an indicator gives for records.

    Attributes:
        indicator: The indicator.
        outcome: What came of it.
        value: The exact value; None where there is none.
        records: The records, by parameter.

    Example: see `measure`.
    """

    indicator: Measured
    outcome: Outcome
    value: Quantity | None
    records: Mapping[str, Any]

    def text(self, language: str = "zh") -> str:
        """The value in words; the outcome where there is no value."""
        if self.value is None:
            return self.outcome.title[language]
        return self.indicator.unit.show(self.value, language)

    def explain(self, language: str = "zh") -> str:
        """Formula, figures and value."""
        from indicatree.scoring.explain import explain_measure  # noqa: PLC0415 - words are made on demand

        return explain_measure(self.indicator, self.records, self.text(language), language)

    def __str__(self) -> str:
        """The value in words."""
        return self.text()


def measure(indicator: Measured, /, **records: Any) -> Measurement:
    """Try an indicator on its own: no scheme, no installed plugin.

    Args:
        indicator: The indicator.
        **records: Its records by parameter name; plain tables are loaded into records.

    Raises:
        DataError: A record does not fit, or a parameter is misspelt.
        DeclarationError: This is no measured indicator.
        ScoringError: The code of a row-wise measure failed.

    Example:
        >>> import indicatree as it
        >>> from indicatree import fields
        >>> @it.record("demo.staffing", title=it.Text(zh="人员", en="Staffing"))
        ... class Staffing:
        ...     posts: fields.Count = fields.count("编制数", "approved posts")
        ...     in_post: fields.Count = fields.count("在职人数", "staff in post")
        >>> @it.indicator("demo.staff_control", tier=it.Tier.INPUT, better=it.LESS,
        ...               title=it.Text(zh="在职人员控制率", en="Staff control rate"))
        ... def staff_control(staffing: Staffing):
        ...     return staffing.in_post / staffing.posts
        >>> print(it.measure(staff_control, staffing=Staffing(posts=90, in_post=92)).explain("en"))
        Staff control rate (demo.staff_control)
          Formula: staff in post / approved posts
          Figures: 92 / 90
          Value: 102.22%
    """
    if not isinstance(indicator, Measured):
        got = type(indicator).__name__
        message = expected("计量指标", "a measured indicator", got)
        fix = Text(zh="以 @indicator 声明", en="decorate the measure with @indicator")
        raise DeclarationError([Problem("not-measured", "", message, fix)])
    leaf = Leaf(id="value", indicator=indicator, points=0)
    scheme = Scheme(
        id="measure",
        tiers=[TierNode(tier=indicator.tier, groups=[Group(id="group", title="", indicators=[leaf])])],
        policies=Policies(missing="left_out", undefined="left_out"),
    )
    data = records_from(records, DataShape(indicator.parameters))
    node = Scorer(scheme).score(UnitData(records=data.records))[f"{indicator.tier.value}.group.value"]
    empty = {name: shape.empty() for name, shape in indicator.parameters.items()}
    return Measurement(indicator, node.outcome, node.value, {**empty, **data.records})
