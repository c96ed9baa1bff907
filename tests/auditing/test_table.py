"""The audit in text: at most 80 columns where no word is longer, and nothing of it lost."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from auditing.published import published
from auditing.reports import Report, Sum, grids, half_printed, reports
from indicatree.auditing.render import batch_table
from indicatree.auditing.wrapping import filled, longest_word, width_of, wrapped

EXAMPLE = Path(__file__).parents[2] / "examples" / "leiyang-2022.toml"
HEADINGS = {
    "zh": {"identity": "勾稽关系", "value": "指标值", "score": "得分", "deduction": "扣分", "grade": "等级"},
    "en": {
        "identity": "Identities",
        "value": "Values",
        "score": "Scores",
        "deduction": "Deductions",
        "grade": "Grade",
    },
}
NOTES = {"zh": "说明", "en": "Notes"}


def wide(text: str) -> int:
    """The oracle of widths."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def audited() -> it.Audit:
    return it.audit_file(EXAMPLE)


# Lines

WORDS = st.text(
    st.sampled_from("ab1.[]%+-() \t基本支出合计，。：（）；“”"),
    max_size=60,
)


@given(WORDS, st.integers(1, 40))
def test_what_is_broken_into_lines_is_the_same_text_in_no_more_columns_than_its_words_need(
    text: str, width: int
) -> None:
    lines = wrapped(text, width)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(wide(line) <= max(width, longest_word(text)) for line in lines)
    assert all(line == " ".join(line.split()) for line in lines)
    assert all(wide(one) + 1 + wide(other) > width for one, other in pairwise(lines))  # none could be one


@given(st.lists(st.from_regex(r"[a-z_.\[\]0-9%+-]{1,30}", fullmatch=True), max_size=6), st.integers(1, 40))
def test_no_path_and_no_number_is_broken(words: list[str], width: int) -> None:
    assert [word for line in wrapped(" ".join(words), width) for word in line.split()] == words
    glued = "基本".join(words)
    found = [part for line in wrapped(glued, width) for part in re.split("[基本]", line) if part]
    assert found == words


@given(WORDS, st.integers(1, 40))
def test_no_line_begins_with_a_mark_that_closes_or_ends_with_one_that_opens(text: str, width: int) -> None:
    words = re.sub(r"[，。：；）（“”]+(?=\s|$)|(?<=\s)[，。：；）（“”]+|^[，。：；）（“”]+", "", text)
    if re.search(r"[，。：；）（“”]{2}", words):
        return  # such a row of marks belongs to no word
    for line in wrapped(words, width)[1:]:
        assert not line or line[0] not in "，。：；）”"
    for line in wrapped(words, width)[:-1]:
        assert line[-1:] not in ("（", "“")


def test_lines_are_indented() -> None:
    assert filled("one two three", 8, "- ", "   ") == "- one\n   two\n   three"
    assert width_of("基本 a") == 6
    assert width_of("e\u0301") == 1


# The table


def columns_of(table: str) -> list[str]:
    """What stands in each column of a table, from above, without blanks."""
    head, *rest = table.splitlines()
    rule = next(line for line in (head, *rest) if set(line) == {"-", " "})
    ends, at = [], 0
    for dashes in rule.split("  "):
        ends.append((at, at + len(dashes)))
        at += len(dashes) + 2
    found = ["" for _ in ends]
    for line in (head, *rest):
        if line != rule:
            places, at = [], 0
            for sign in line:
                places.append((at, sign))
                at += wide(sign)
            for column, (low, high) in enumerate(ends):
                found[column] += "".join(sign for place, sign in places if low <= place < high)
    return [squeezed(column) for column in found]


def assert_nothing_is_lost(found: it.Audit, language: str, width: int) -> None:
    parts = found.table(language, width=width).split("\n\n")
    assert squeezed(parts[0]) == squeezed(found.unit or found.scheme)
    by_heading = {part.split("\n", 1)[0]: part.split("\n", 1)[-1] for part in parts[1:]}
    numbers: dict[str, int] = {}
    for kind, heading in HEADINGS[language].items():
        checks = [one for one in found.checks if one.check.kind == kind]
        assert (heading in by_heading) == bool(checks)
        if not checks:
            continue
        expected = ["", "", "", "", ""]
        for one in checks:
            place, why = one.check.at[language], one.result.why[language]
            note = f"[{numbers.setdefault(why, len(numbers) + 1)}]" if why else ""
            cells = [one.check.title[language] + (f"[{place}]" if place else ""), one.stated, one.computed]
            cells += [one.difference, one.verdict.title[language] + note]
            expected = [before + squeezed(cell) for before, cell in zip(expected, cells, strict=True)]
        for column, cells_below in zip(columns_of(by_heading[heading]), expected, strict=True):
            assert column.endswith(cells_below)
            assert len(column) - len(cells_below) <= len("Difference")
    said = squeezed(by_heading.get(NOTES[language], ""))
    assert said == "".join(f"[{number}]{squeezed(why)}" for why, number in numbers.items())
    broken = squeezed(parts[-2]) if found.broken_figures else ""
    for figure in found.broken_figures:
        for words in (figure.id, figure.stated, figure.repair, figure.title[language], figure.where[language]):
            assert squeezed(words) in broken
        for suspect in figure.suspects:
            assert squeezed(f"{suspect.path}") in broken
            assert squeezed(f"{suspect.title[language]}") in broken


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [20, 60, 80, 100, 131, 400])
def test_the_table_of_the_example_holds_every_figure_verdict_and_reason(
    audited: it.Audit, language: str, width: int
) -> None:
    assert_nothing_is_lost(audited, language, width)


@given(st.one_of(reports(), grids(exact=False), half_printed(), published()), st.integers(1, 200))
@settings(max_examples=40)
def test_the_table_of_any_report_holds_every_figure_verdict_and_reason(report: Report, width: int) -> None:
    found = report.audit()
    for language in ("zh", "en"):
        assert_nothing_is_lost(found, language, width)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100])
def test_no_line_of_the_example_is_wider_than_it_may_be_unless_a_single_word_is(
    audited: it.Audit, language: str, width: int
) -> None:
    lines = audited.table(language, width=width).splitlines()
    assert [line for line in lines if wide(line) > width and len(line.split()) > 1] == []
    assert audited.table(language) == audited.table(language, width=80)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_wide_terminal_each_check_has_one_line(audited: it.Audit, language: str) -> None:
    lines = audited.table(language, width=300).splitlines()
    for one in audited.checks:
        title = one.check.title[language] + (f" [{one.check.at[language]}]" if one.check.at else "")
        assert sum(line.startswith(title) for line in lines) >= 1
    rules = [wide(line) for line in audited.table(language, width=300).splitlines() if set(line) == {"-", " "}]
    assert max(rules) > 80


def test_a_reason_is_said_once_with_the_number_that_its_verdicts_name(audited: it.Audit) -> None:
    table = audited.table("en")
    assert table.count("it rests on judgements that are not printed, or assumed") == 1
    (number,) = re.findall(r"\[(\d+)\] it rests on judgements", table)
    assert table.count(f"checked [{number}]") == 5
    assert re.findall(r"^  \[(\d+)\] ", table, re.MULTILINE) == ["1", "2", "3", "4", "5"]


def test_an_audit_without_reasons_has_no_notes() -> None:
    table = Report({"t.a": "1", "t.b": "1"}, (Sum("t.a", {"t.b": 1}),)).audit().table("en")
    assert "t.a == t.b       1         1           0  holds" in table
    assert "Notes" not in table


# Many reports


def batch(found: it.Audit) -> dict[str, it.Audit | str]:
    return {"one.toml": found, "other.toml": "no such file: " + "words " * 30, "last.toml": found}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary_of_many_reports_is_no_wider_and_names_what_is_broken_in_each(
    audited: it.Audit, language: str
) -> None:
    rows = batch(audited)
    text = batch_table(rows, language)
    assert all(wide(line) <= 80 for line in text.splitlines())
    assert "\n\n\n" not in text
    table, broken, unread = text.split("\n\n")
    counts = [str(audited.count(verdict)) for verdict in it.Verdict]
    lines = [line.split() for line in table.splitlines()]
    assert ["one.toml", *counts] in lines
    assert ["last.toml", *counts] in lines
    assert ["other.toml"] in lines
    for figure in audited.broken_figures:
        assert broken.count(f"{figure.id}: {figure.stated} → {figure.repair}") == 2
    assert [line.strip() for line in broken.splitlines() if line.strip().endswith(".toml")] == ["one.toml", "last.toml"]
    assert "".join(unread.splitlines()[2:]).count("words") == 30
    assert unread.splitlines()[1].strip() == "other.toml"


def test_a_long_name_of_a_report_leaves_the_counts_in_few_columns(audited: it.Audit) -> None:
    name = "/".join(["folder"] * 5 + ["a.toml"])
    first, second, *_ = batch_table({name: audited}, "en").splitlines()
    assert (first.split(), second.split()) == (
        ["Report", "holds", "holds", "within", "broken", "cannot", "be"],
        [
            "rounding",
            "checked",
        ],
    )


def test_a_figure_that_nothing_repairs_has_a_question_mark(audited: it.Audit) -> None:
    figure = attrs.evolve(audited.broken_figures[0], repair="")

    class Other:
        broken_figures = (figure,)

        def count(self, verdict: it.Verdict) -> int:
            return audited.count(verdict)

    other: Any = Other()
    assert "basic.total: 979.41 → ?" in batch_table({"a.toml": other}, "en")
