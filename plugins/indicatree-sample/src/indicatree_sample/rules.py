"""A rule of its own."""

from typing import Any, ClassVar

import attrs
import indicatree as it


@attrs.frozen(kw_only=True)
class Linear(it.Rule):
    """Points that grow evenly from none at one value to all at another."""

    kind: ClassVar[str] = "sample.linear"

    none_at: it.Quantity = attrs.field(converter=it.exact)
    all_at: it.Quantity = attrs.field(converter=it.exact)

    def points(self, value: Any, full: it.Quantity) -> Any:
        """The points for a value."""
        share = (value - self.none_at) / (self.all_at - self.none_at)
        return it.minimum(it.maximum(share, 0), 1) * full

    def edges(self, full: it.Quantity, **beside: Any) -> list[it.Quantity]:
        """Where the points begin to grow, and where all are there."""
        return [self.none_at, self.all_at]

    def problems(self, indicator: it.Indicator, marks: it.rules.Marks) -> list[it.Problem]:
        """What is wrong with using the rule here."""
        if self.none_at == self.all_at:
            message = it.Text(zh="与 none_at 相同", en="is the same as none_at")
            return [it.Problem("no-slope", "all_at", message, it.Text(zh="改为不同的值", en="make them differ"))]
        return []

    def words(self, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
        """The rule, as a table would print it."""
        low, high = (indicator.unit.show_exact(edge, language) for edge in (self.none_at, self.all_at))
        return it.Text(
            zh=f"{low} 得 0 分，{high} 得满分 {full.text} 分，其间按直线计算",
            en=f"{low}: 0 points, {high}: full {full.text} points, evenly between",
        )[language]
