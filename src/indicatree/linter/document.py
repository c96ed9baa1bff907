"""The JSON of ``indicatree check``; these classes are the format, and its JSON Schema."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from indicatree.data.json_schema import TextDocument, key, schema_of
from indicatree.scoring.document import ScorecardDocument

__all__ = ["findings_schema"]

_COUNT = {"minimum": 0}


@attrs.frozen(kw_only=True)
class FindingDocument:
    """One thing that a linter found."""

    code: str = key("a stable short name of the kind of finding")
    severity: Literal["error", "warning", "note"] = key("how much it matters")
    path: str = key("where it is")
    message: str = key("what is the matter, in the language asked for")
    messages: TextDocument = key("what is the matter, in both languages")
    fix: str = key("what to do, in the language asked for")
    fixes: TextDocument = key("what to do, in both languages")


@attrs.frozen(kw_only=True)
class CounterexampleDocument:
    """The smallest data found that breaks a law."""

    said: str = key("what is broken, in the language asked for")
    saids: TextDocument = key("what is broken, in both languages")
    path: str = key("where it is broken: the path of a node; empty for the whole")
    defined: list[str] = key("how what it is tried on is defined, in the language asked for")
    data: list[str] = key("the data of each unit, as a data file in TOML")
    scorecards: list[ScorecardDocument] = key("the scorecard of each unit that was scored")
    text: str = key("all of it in words")


@attrs.frozen(kw_only=True)
class LawDocument:
    """What came of a law."""

    law: str = key("the id of the law")
    status: Literal["holds", "broken", "skipped"] = key("whether it holds")
    title: str = key("what it says, in the language asked for")
    titles: TextDocument = key("what it says, in both languages")
    tried: int = key("how many draws it was tried with", **_COUNT)
    skipped: str = key("why it was not tried; empty where it was")
    counterexample: CounterexampleDocument | None = key("what breaks it; null where nothing was found")


@attrs.frozen(kw_only=True)
class ReachedDocument:
    """Which bands of a leaf the draws reached."""

    path: str = key("the path of the leaf")
    bands: int = key("how many bands there are", **_COUNT)
    reached: int = key("how many of them were reached", **_COUNT)
    missed: list[str] = key("those that were not, in the language asked for")


@attrs.frozen(kw_only=True)
class LawsDocument:
    """What came of the laws that were tried on a scheme."""

    seed: int = key("the number that gives the same draws again", **_COUNT)
    examples: int = key("how many draws each law was tried with", **_COUNT)
    results: list[LawDocument] = key("each law with what came of it")
    reached: list[ReachedDocument] = key("which bands the draws reached, leaf by leaf")


@attrs.frozen(kw_only=True)
class FindingsDocument:
    """What is wrong, doubtful or worth knowing in a scheme."""

    scheme: str = key("the scheme as it was named: an id or a file")
    findings: list[FindingDocument] = key("what was found")
    laws: LawsDocument | None = key(
        "what came of the laws, where they were asked for; null where the scheme cannot be made", default=None
    )


def findings_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what ``indicatree check --format json`` prints."""
    return schema_of(FindingsDocument)
