"""A scheme prepared for scoring: what can be settled once is settled here, not for every unit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.arithmetic import Quantity
from indicatree.data import Items, UnitData, record_type, records_from
from indicatree.data.load import judgement_problems, load_data
from indicatree.data.record import record_words
from indicatree.problems import DataError, Problem, ScoringError, did_you_mean, expected, quoted
from indicatree.scoring.nodes import InnerPlan
from indicatree.scoring.scorecard import Scorecard
from indicatree.scoring.vetoes import VetoPlan, capped_grade, capped_total
from indicatree.text import Text
from indicatree.version import __version__

if TYPE_CHECKING:
    from indicatree.scheme import Grade, Scheme

__all__ = ["Scorer", "refuse_no_data"]


def refuse_no_data(data: object) -> None:
    """Refuse what cannot be the data of a unit.

    Raises:
        DataError: It is neither data, nor a mapping, nor the path of a file.
    """
    if not isinstance(data, UnitData | Mapping | str | PathLike):
        message = expected("一个单位的数据", "the data of a unit", quoted(data))
        fix = Text(
            zh='给出数据文件、其内容，或按名称给出数据表，如 {"budget": ...}',
            en='give a data file, what one holds, or records by name, such as {"budget": ...}',
        )
        raise DataError([Problem("not-data", "", message, fix)])


class Scorer:
    """A scheme prepared once, to score any number of units; it may be shared between threads.

    Args:
        scheme: The scheme.
    """

    def __init__(self, scheme: Scheme) -> None:
        """Lay out the tree for scoring."""
        self.scheme = scheme
        self.shape = scheme.data_shape
        self._root = InnerPlan(scheme, scheme, "", "scheme")
        self._most = scheme.points_of(scheme).scaled(scheme.precision)
        self._vetoes = [VetoPlan(veto) for veto in scheme.vetoes]
        self._grades = [(grade, grade.at_least) for grade in scheme.grades]

    @cached_property
    def _digest(self) -> str:
        return self.scheme.digest

    def score(self, data: UnitData | Mapping[str, Any] | str | PathLike[str]) -> Scorecard:
        """Score one unit.

        Args:
            data: The unit's data; or its records by name, where plain tables are loaded into
                records (amounts in currency units); or what a data file holds; or the file.

        Raises:
            DataError: The data does not fit the scheme.
            ScoringError: The scheme's policies do not allow a score; names every figure that lacks.
        """
        data = self.take(data)
        problems: list[Problem] = []
        root = self._root.score(data, problems)
        vetoes = tuple([veto.check(data, problems) for veto in self._vetoes])
        if problems:
            raise ScoringError(problems)
        units, arithmetic_grade = root.units, self._grade(root.units)
        grade = arithmetic_grade
        if vetoes:
            root = capped_total(root, vetoes)
            grade = self._grade(root.units)
            if grade is not None:
                grade = capped_grade(grade, self.scheme.grades, vetoes)
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
            arithmetic_grade,
            units,
            vetoes,
        )

    def _grade(self, units: int | None) -> Grade | None:
        """The grade for a total; None where there is no total, or where there are no points."""
        if units is None or not self._most:
            return None
        share = Quantity(units, self._most)
        return next((grade for grade, edge in self._grades if share >= edge), self._grades[-1][0])

    def take(self, data: UnitData | Mapping[str, Any] | str | PathLike[str], *, as_stated: bool = False) -> UnitData:
        """The data, loaded where it is plain, and checked against the scheme.

        Where it is taken as stated, it is for an audit: a part may be more than its whole.
        """
        if not isinstance(data, UnitData):
            refuse_no_data(data)
            wanted = attrs.evolve(self.shape, as_stated=True) if as_stated else self.shape
            if isinstance(data, str | PathLike) or isinstance(data.get("format"), int):
                loaded = load_data(data, wanted)
                self._check_year(loaded)
                return loaded
            data = records_from(data, wanted)
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
        if self.scheme.years is not None:
            self._check_year(data)
        return data

    def _misfits(self, data: UnitData) -> list[Problem]:
        found = []
        for name, value in data.records.items():
            shape, path = self.shape.records.get(name), f"data.{name}"
            if shape is None:
                hint = did_you_mean(name, self.shape.records)
                message = Text(zh=f'方案没有数据表 "{name}"', en=f'the scheme has no record "{name}"')
                found.append(Problem("unknown-key", path, message, hint))
                continue
            wanted = record_type(shape.record_class).id
            items = isinstance(value, Items)
            record_class = value.record_class if items else type(value)
            if items != shape.many or record_class is not shape.record_class:
                given = record_type(record_class).id
                asked = record_words(wanted, many=shape.many)
                message = expected(asked["zh"], asked["en"], record_words(given, many=items))
                found.append(Problem("wrong-record", path, message))
        return found

    def _check_paths(self, data: UnitData) -> None:
        found = []
        for where, table in (("judgement", data.judgement), ("not_applicable", data.not_applicable)):
            known = self.shape.judgements if where == "judgement" else self.shape.leaves
            for path in table:
                if path not in known:
                    judged = Text(zh="方案没有此评定指标", en="the scheme has no such judged leaf")
                    message = (
                        judged if where == "judgement" else Text(zh="方案没有此指标", en="the scheme has no such leaf")
                    )
                    found.append(Problem("unknown-key", f"{where}.{path}", message, did_you_mean(path, known)))
        for path, judgement in data.judgement.items():
            if path in self.shape.judgements:
                problems = judgement_problems(judgement, self.shape.judgements[path])
                found += [problem.under(f"judgement.{path}") for problem in problems]
        if found:
            raise DataError(found)

    def load(self, source: str | PathLike[str] | Mapping[str, Any]) -> UnitData:
        """The data of a unit from a file, or from what such a file holds."""
        data = load_data(source, self.shape)
        self._check_year(data)
        return data

    def _check_year(self, data: UnitData) -> None:
        year, years = data.unit.year, self.scheme.years
        if year is not None and years is not None and year not in years:
            message = Text(
                zh=f"方案 {self.scheme.id} 适用于 {years} 年，不适用于 {year} 年",
                en=f"the scheme {self.scheme.id} holds for {years}, not for {year}",
            )
            fix = Text(zh="用该年度的方案评分", en="score it by the scheme of that year")
            raise DataError([Problem("other-years", "unit.year", message, fix)])
