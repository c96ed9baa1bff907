"""The data of one unit: its records, what an assessor judged, and where each figure came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from indicatree.arithmetic import Quantity, exact
from indicatree.data.fields import YUAN, Amounts
from indicatree.data.record import Items, is_record
from indicatree.problems import DataError, Problem, expected
from indicatree.text import Text, as_text

__all__ = ["FigureNote", "Judgement", "Unit", "UnitData"]

BARE_REASON = Text(zh="应写明理由", en="expected the reason in words")
BARE_ASSUMPTION = Text(zh="假设须写明理由", en="an assumption needs its reason in words")
_BARE_JUDGEMENT = {
    "reason": Text(zh="评定须写明理由", en="a judgement needs its reason in words"),
    "evidence": Text(zh="评定须写明佐证材料", en="a judgement needs its evidence in words"),
}


@attrs.frozen
class Unit:
    """Who is scored.

    Attributes:
        name: The unit's name.
        currency: The code of its currency.
        amounts: The unit in which its amounts are printed.
        year: The year that is evaluated.
        source: The document that the figures are from.
    """

    name: str = ""
    currency: str = "CNY"
    amounts: Amounts = YUAN
    year: int | None = None
    source: str = ""


@attrs.frozen
class FigureNote:
    """What a file says of a figure besides its value.

    Attributes:
        printed: The figure as it is printed, with its decimal places, in the file's unit.
        places: How many decimal places are printed.
        at: Where in the source it stands.
        assumed: Whether it is an assumption, not a published figure.
        why: Why it is assumed, or how it was found.
    """

    printed: str
    places: int = 0
    at: Text = attrs.field(default=Text(), converter=as_text)
    assumed: bool = False
    why: Text = attrs.field(default=Text(), converter=as_text)


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(str, words))


@attrs.frozen(kw_only=True)
class Judgement:
    """What an assessor decided where there is no figure.

    Attributes:
        items: For a checklist: whether each item is met.
        share: For a graded judgement: the share of the marks, from 0 to 1.
        lines: For what a rule asks of a leaf over line items: the items, by name or number, of which it is
            said; all of them where none is named.
        reason: Why, in words; required.
        evidence: What it rests on; required.
        assumed: Whether it is an assumption, not a published judgement.
        why: Why it is assumed.
    """

    items: Mapping[str, bool] | None = None
    share: Quantity | None = attrs.field(default=None, converter=attrs.converters.optional(exact))
    lines: tuple[str, ...] = attrs.field(default=(), converter=_words)
    reason: Text = attrs.field(default=Text(), converter=as_text)
    evidence: Text = attrs.field(default=Text(), converter=as_text)
    assumed: bool = False
    why: Text = attrs.field(default=Text(), converter=as_text)

    def says(self, name: str, *line: str) -> bool:
        """Whether it says that something holds; of one line item, which ``line`` names by its label and number."""
        of_line = not (line and self.lines) or not set(line).isdisjoint(self.lines)
        return of_line and (self.items or {}).get(name, False)

    def problems(self) -> list[Problem]:
        """What is wrong with the judgement by itself."""
        found = []
        if (self.items is None) == (self.share is None):
            found.append(
                Problem(
                    "bad-judgement",
                    "",
                    Text(
                        zh="应写明各要点，或评定的得分比例，二者之一",
                        en="expected either the items of a checklist or the share of a graded judgement",
                    ),
                    Text(zh='items = { item = true } 或 share = "90%"', en='items = { item = true } or share = "90%"'),
                ),
            )
        if self.share is not None and not (self.share.is_defined and 0 <= self.share <= 1):
            message = expected("0 至 1 的比例", "a share from 0 to 1", self.share.text)
            fix = Text()
            if self.share.is_defined and 10 <= self.share <= 100:  # noqa: PLR2004 - per cent without its sign
                said = f'share = "{self.share.text}%"'
                fix = Text(zh=f"写 {said}", en=f"write {said}")
            found.append(Problem("bad-judgement", "share", message, fix))
        found += [
            Problem("bare-judgement", word, message)
            for word, message in _BARE_JUDGEMENT.items()
            if not getattr(self, word)
        ]
        if self.assumed and not self.why:
            found.append(Problem("bare-assumption", "why", BARE_ASSUMPTION))
        return found


def _texts(table: Mapping[str, Text | str]) -> dict[str, Text]:
    return {name: Text.of(words) for name, words in table.items()}


@attrs.frozen(kw_only=True)
class UnitData:
    """Everything that is known of one unit.

    Attributes:
        records: A record, or line items, by the name that the scheme gives it.
        unit: Who is scored.
        judgement: Checklists and graded judgements, by the path of the leaf.
        not_applicable: The reason for each leaf that does not apply, by its path.
        notes: What the file says of each figure, by path (``budget.approved``,
            ``projects[0].actual``).
        figures: Figures of the report that no indicator needs, for an audit; kept as they are written.
        claims: Values that the report states, for an audit; kept as they are written.
        identities: Sums that should hold, for an audit; kept as they are written.
        scheme: The scheme that the file names, if it does.

    Example:
        >>> from indicatree import fields, record, Text
        >>> @record("demo.staffing", title=Text(zh="人员", en="Staffing"))
        ... class Staffing:
        ...     posts: fields.Count = fields.count("编制数", "Approved posts")
        >>> UnitData(records={"staffing": Staffing(posts=92)}).records["staffing"].posts
        Quantity(92)
    """

    records: Mapping[str, Any] = attrs.field(factory=dict)
    unit: Unit = attrs.field(factory=Unit)
    judgement: Mapping[str, Judgement] = attrs.field(factory=dict)
    not_applicable: Mapping[str, Text] = attrs.field(factory=dict, converter=_texts)
    notes: Mapping[str, FigureNote] = attrs.field(factory=dict)
    figures: Mapping[str, Any] = attrs.field(factory=dict)
    claims: Mapping[str, Any] = attrs.field(factory=dict)
    identities: tuple[Mapping[str, Any], ...] = ()
    scheme: str = ""

    def __attrs_post_init__(self) -> None:
        """Check what is held, so that scoring need not."""
        found = []
        for name, value in self.records.items():
            if not (isinstance(value, Items) or is_record(type(value))):
                message = expected("数据表或逐项数据", "a record or line items", type(value).__name__)
                fix = Text(zh="以 @record 声明其类", en="decorate the class with @record")
                found.append(Problem("not-a-record", f"data.{name}", message, fix))
        for path, judgement in self.judgement.items():
            found += [problem.under(f"judgement.{path}") for problem in judgement.problems()]
        found += [
            Problem("bare-not-applicable", f"not_applicable.{path}", BARE_REASON)
            for path, reason in self.not_applicable.items()
            if not reason
        ]
        if found:
            raise DataError(found)
