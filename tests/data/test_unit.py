"""The data of one unit: what it checks when it is made."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields

WORDS: dict[str, Any] = {"reason": "seen", "evidence": "ledger"}


@it.record("demo.staff", title=it.Text(zh="人员", en="Staff"))
class Staff:
    posts: fields.Count = fields.count("编制数", "posts")


def codes(judgement: it.Judgement) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in judgement.problems()]


def problems(**held: Any) -> list[tuple[str, str]]:
    with pytest.raises(it.DataError) as caught:
        it.UnitData(**held)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@given(share=st.fractions(-2, 2))
def test_a_share_is_from_none_to_all_of_the_marks(share: Any) -> None:
    found = codes(it.Judgement(share=share, **WORDS))
    assert found == ([] if 0 <= share <= 1 else [("bad-judgement", "share")])


@pytest.mark.parametrize("share", [it.MISSING, it.UNDEFINED])
def test_a_share_without_a_value_is_refused(share: it.Quantity) -> None:
    assert codes(it.Judgement(share=share, **WORDS)) == [("bad-judgement", "share")]


@pytest.mark.parametrize("share", ["90%", "0.9", 0.9, "9/10"])
def test_a_share_is_taken_exactly(share: Any) -> None:
    assert it.Judgement(share=share, **WORDS).share == it.Quantity(9, 10)


@pytest.mark.parametrize("share", ["much", True, float("nan"), [1]])
def test_a_share_that_is_no_number_is_refused(share: Any) -> None:
    with pytest.raises(it.ExactnessError):
        it.Judgement(share=share, **WORDS)


@pytest.mark.parametrize("more", [{}, {"items": {"whole": True}, "share": "90%"}])
def test_a_judgement_is_a_checklist_or_a_share(more: Any) -> None:
    assert codes(it.Judgement(**more, **WORDS)) == [("bad-judgement", "")]


def test_a_checklist_may_be_empty() -> None:
    assert codes(it.Judgement(items={}, **WORDS)) == []


@pytest.mark.parametrize("blank", ["", " ", "\n\t", it.Text(), {"zh": " "}])
@pytest.mark.parametrize("word", ["reason", "evidence"])
def test_a_judgement_needs_its_words(word: str, blank: Any) -> None:
    assert codes(it.Judgement(share=1, **{**WORDS, word: blank})) == [("bare-judgement", word)]


def test_an_assumed_judgement_needs_its_reason() -> None:
    assert codes(it.Judgement(share=1, assumed=True, **WORDS)) == [("bare-assumption", "why")]
    assert codes(it.Judgement(share=1, assumed=True, why="guessed", **WORDS)) == []


def test_every_problem_of_the_data_is_told_at_once() -> None:
    assert problems(
        records={"staff": {"posts": 1}, "other": Staff},
        judgement={"process.group.tidy": it.Judgement(share=2)},
        not_applicable={"process.group.other": " "},
    ) == [
        ("not-a-record", "data.staff"),
        ("not-a-record", "data.other"),
        ("bad-judgement", "judgement.process.group.tidy.share"),
        ("bare-judgement", "judgement.process.group.tidy.reason"),
        ("bare-judgement", "judgement.process.group.tidy.evidence"),
        ("bare-not-applicable", "not_applicable.process.group.other"),
    ]


def test_what_is_held_is_read_back() -> None:
    staff = Staff(posts=92)
    data = it.UnitData(
        records={"staff": staff, "all": it.Items(Staff, [staff])},
        unit=it.Unit(name="甲局", year=2022),
        judgement={"a.b": it.Judgement(share=1, **WORDS)},
        not_applicable={"a.c": "no building"},
    )
    assert data.records["staff"] is staff
    assert data.not_applicable == {"a.c": it.Text(zh="no building", en="no building")}
    assert data == attrs.evolve(data)
    assert data != attrs.evolve(data, scheme="other")


def test_unit_data_does_not_change() -> None:
    data: Any = it.UnitData()
    with pytest.raises(AttributeError):
        data.records = {}
