"""A part against its whole: what scoring refuses, an audit shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from indicatree.auditing.checks import Check, Result, Verdict
from indicatree.auditing.ranges import Range
from indicatree.data import Items, record_type
from indicatree.data.fields import nearest_whole
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indicatree.auditing.checks import Known
    from indicatree.data import UnitData

__all__ = ["PartOfWhole", "part_checks"]


@attrs.frozen(kw_only=True)
class PartOfWhole(Check):
    """A figure that is part of another, and so no more than it.

    Attributes:
        whole: The path of the other.
    """

    whole: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The part and its whole."""
        return (self.stated, self.whole)

    def judge(self, known: Known) -> Result:
        """Whether the part is no more than the whole, as printed or within what the printed figures stand for."""
        part, whole = (known.figures[path] for path in self.paths)
        if part.value is None or part.low is None or whole.value is None or whole.high is None:
            why = Text(zh="其中一项未公布", en="one of the two is not printed")
            return Result(Verdict.NOT_CHECKED, None, why)
        if part.value <= whole.value:
            return Result(Verdict.HOLDS)
        verdict = Verdict.WITHIN_ROUNDING if part.low <= whole.high else Verdict.BROKEN
        why = Text(
            zh=f"大于其整体 {whole.printed}：{whole.title['zh']}（{self.whole}）",
            en=f"more than {whole.printed}, its whole: {whole.title['en']} ({self.whole})",
        )
        return Result(verdict, None, why)

    def needed(self, path: str, known: Known, *, printed: bool) -> Range | None:
        """The value nearest to the stated one, where the part is more than the whole: that of the other."""
        del printed
        if path not in self.paths or self.judge(known).verdict is not Verdict.BROKEN:
            return None
        other = known.figures[self.whole if path == self.stated else self.stated].value
        return None if other is None else Range(other, other)


def part_checks(data: UnitData) -> Iterator[Check]:
    """A check for each part of a report that is printed with its whole."""
    for name, held in data.records.items():
        records = [(f"{name}[{index}]", item) for index, item in enumerate(held)] if isinstance(held, Items) else []
        for where, record in records or ([] if isinstance(held, Items) else [(name, held)]):
            kinds = record_type(type(record)).fields
            stated = _stated(where, record, data)
            for field in stated:
                whole = nearest_whole(kinds, stated, field)
                if whole is not None:
                    yield PartOfWhole(
                        id=f"part {where}.{field}",
                        kind="identity",
                        title=_no_more(kinds[field].title, kinds[whole].title),
                        stated=f"{where}.{field}",
                        whole=f"{where}.{whole}",
                    )


def _no_more(part: Text, whole: Text) -> Text:
    return Text(zh=f"{part['zh']}不大于{whole['zh']}", en=f"{part['en']}: no more than {whole['en']}")


def _stated(where: str, record: Any, data: UnitData) -> Mapping[str, Any]:
    """The figures of a record that are printed: not those that lack, or are assumed."""
    found = {}
    for field, kind in record_type(type(record)).fields.items():
        note = data.notes.get(f"{where}.{field}")
        value = getattr(record, field)
        if not kind.is_missing(value) and not (note is not None and note.assumed):
            found[field] = value
    return found
