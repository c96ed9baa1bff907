"""Vetoes: what caps the grade or the total, whatever the points add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from indicatree.arithmetic import Quantity
from indicatree.data.structure import FILE_KEY
from indicatree.indicators import Indicator
from indicatree.problems import Problem, expected
from indicatree.scheme.rules.base import Limits, optional_exact, refuse
from indicatree.text import Text, as_text

if TYPE_CHECKING:
    from indicatree.data import RecordShape

__all__ = ["VETO_APPLIES", "Veto"]

VETO_APPLIES = {"applies": Text(zh="适用", en="the veto applies")}
"""What an assessor may say where a veto is not measured."""


@attrs.frozen(kw_only=True)
class Veto:
    """A condition that caps the grade or the total; the arithmetic total and grade are kept beside.

    Where there is an indicator, its value decides. Where there is none, an assessor says that the
    veto applies, with reason and evidence; what is not said does not apply.

    Attributes:
        id: Its name among the vetoes of the scheme; its path is ``veto.`` and this.
        title: What it is, in two languages.
        indicator: What is measured.
        bindings: The record for a parameter of the measure, by parameter. In files: ``with``.
        when: The values for which it applies.
        grade: The id of the best grade that is still given.
        points: The highest total that is still given.
        assumption: What about it is not published, if anything is assumed.
    """

    id: str
    title: Text = attrs.field(default=Text(), converter=as_text)
    indicator: Indicator | None = None
    bindings: Mapping[str, str] = attrs.field(factory=dict, metadata={FILE_KEY: "with"})
    when: Limits | None = None
    grade: str = ""
    points: Quantity | None = attrs.field(default=None, converter=optional_exact)
    assumption: Text = attrs.field(default=Text(), converter=as_text)

    def __attrs_post_init__(self) -> None:
        """Check what would keep the scheme from being checked."""
        if self.indicator is not None and not isinstance(self.indicator, Indicator):
            message = expected("指标", "an indicator", type(self.indicator).__name__)
            fix = Text(zh="以 @indicator 声明", en="decorate the measure with @indicator")
            refuse([Problem("not-an-indicator", "indicator", message, fix)])

    @property
    def path(self) -> str:
        """Where a data file speaks of it."""
        return f"veto.{self.id}"

    @property
    def parameters(self) -> Mapping[str, RecordShape]:
        """The records that it needs, by parameter name."""
        return {} if self.indicator is None else self.indicator.parameters

    def record_names(self) -> dict[str, str]:
        """The record for each parameter of the measure."""
        return {parameter: self.bindings.get(parameter, parameter) for parameter in self.parameters}
