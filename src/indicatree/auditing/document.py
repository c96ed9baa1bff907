"""The JSON of an audit; these classes are the format, and its JSON Schema."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from indicatree.data.json_schema import key, schema_of

__all__ = ["audit_schema"]

_COUNT = {"minimum": 0}


@attrs.frozen(kw_only=True)
class CheckDocument:
    """Something that must hold between figures, and what came of it."""

    id: str = key("its name, unique in the audit")
    kind: Literal["identity", "value", "score", "deduction", "grade"] = key("what sort of check it is")
    title: str = key("what is checked, in the language asked for")
    stated: str = key("the stated figure as it is printed; empty where none stands alone")
    computed: str = key("what the other figures give, in the same unit; a range as LOW - HIGH; empty where unknown")
    difference: str = key("the stated figure less the computed one; empty where one of them is not one value")
    verdict: Literal["holds", "holds_within_rounding", "broken", "cannot_be_checked"] = key("whether it holds")
    why: str = key("why it cannot be checked, or what else there is to say, in the language asked for")
    where: str = key("where in the source it is stated, in the language asked for")


@attrs.frozen(kw_only=True)
class SuspectDocument:
    """A single figure that, changed to a value, would repair a check."""

    id: str = key("the path of the figure")
    title: str = key("what it is, in the language asked for")
    stated: str = key("the figure as it is printed")
    repair: str = key("the value that would repair the check, as it would be printed")
    satisfies: int = key("how many broken checks that value would satisfy", **_COUNT)
    breaks: int = key("how many other checks it would break", **_COUNT)
    leaves_unchecked: int = key("how many checks that hold could not be checked any more", **_COUNT)


@attrs.frozen(kw_only=True)
class BrokenFigureDocument:
    """A figure that explains broken checks."""

    id: str = key("the path of the figure; the id of the check where no figure is stated alone")
    title: str = key("what it is, in the language asked for")
    stated: str = key("the figure as it is printed")
    repair: str = key("the value that fits best, as it would be printed; empty where none does")
    where: str = key("where in the source it stands, in the language asked for")
    checks: list[str] = key("the ids of the broken checks that it explains")
    suspects: list[SuspectDocument] = key("single figures that would repair one of them, the most consistent first")


@attrs.frozen(kw_only=True)
class SummaryDocument:
    """How many checks have each verdict."""

    holds: int = key("both sides agree as they are printed", **_COUNT)
    holds_within_rounding: int = key("they agree for some values that the printed figures stand for", **_COUNT)
    broken: int = key("they agree for none", **_COUNT)
    cannot_be_checked: int = key("it cannot be said", **_COUNT)


@attrs.frozen(kw_only=True)
class AuditDocument:
    """What one report states, held against its own figures. Figures are strings, as they are printed."""

    format: Literal[1] = key("the version of this format")
    language: Literal["zh", "en"] = key("the language asked for")
    unit: str = key("the name of the unit")
    scheme: str = key("the id of the scheme")
    checks: list[CheckDocument] = key("every check with what came of it")
    broken_figures: list[BrokenFigureDocument] = key("the figures that explain what is broken")
    summary: SummaryDocument = key("how many checks have each verdict")


def audit_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the audit of one report."""
    return schema_of(AuditDocument)
