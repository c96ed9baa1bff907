"""A field that is part of another: never more than it, wherever the data comes from."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data import DataShape, RecordShape, load_data, records_from
from indicatree.data.define import defined_record, record_table
from indicatree.data.structure import StructureError
from indicatree.scheme.template import data_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from indicatree.data import UnitData

TITLE = it.Text(zh="调查", en="Survey")
# The part stands before its whole: the order of the fields does not matter.
FIELDS: dict[str, Any] = {
    "satisfied": {"kind": "count", "title": {"zh": "满意数", "en": "satisfied"}, "part_of": "answers"},
    "asked": {"kind": "count", "title": {"zh": "发出数", "en": "asked"}},
    "answers": {"kind": "count", "title": {"zh": "答卷数", "en": "answers"}, "part_of": "asked"},
    "total": {"kind": "money", "title": {"zh": "总额", "en": "total"}},
    "key": {"kind": "money", "title": {"zh": "重点", "en": "key"}, "part_of": "total"},
    "name": {"kind": "text", "title": {"zh": "名称", "en": "name"}},
}
CHAINS = (("asked", "answers", "satisfied"), ("total", "key"))


@it.record("parts.survey", title=TITLE)
class Survey:
    satisfied: fields.Count = fields.count("满意数", "satisfied", part_of="answers")
    asked: fields.Count = fields.count("发出数", "asked")
    answers: fields.Count = fields.count("答卷数", "answers", part_of="asked")
    total: fields.Money = fields.money("总额", "total")
    key: fields.Money = fields.money("重点", "key", part_of="total")
    name: fields.Words = fields.text("名称", "name")


def in_file() -> Any:
    return defined_record("parts.survey", {"title": TITLE.to_dict(), "fields": FIELDS})


_COUNTS = st.one_of(st.none(), st.integers(0, 4), st.integers(0, 10**12))
_AMOUNTS = st.one_of(st.none(), *(st.integers(0, most).map(lambda fen: Fraction(fen, 100)) for most in (4, 10**15)))
FIGURES = st.fixed_dictionaries(
    {"asked": _COUNTS, "answers": _COUNTS, "satisfied": _COUNTS, "total": _AMOUNTS, "key": _AMOUNTS}
)


def wrong(figures: dict[str, Any]) -> set[str]:
    """The parts that are more than some figure above them, written out plainly."""
    found = set()
    for chain in CHAINS:
        given = [(name, figures[name]) for name in chain if figures[name] is not None]
        for place, (name, value) in enumerate(given):
            if any(value > whole for _, whole in given[:place]):
                found.add(name)
    return found


def nearest(figures: dict[str, Any]) -> set[str]:
    """The parts that are more than the first figure above them."""
    found = set()
    for chain in CHAINS:
        given = [(name, figures[name]) for name in chain if figures[name] is not None]
        found |= {name for (_, whole), (name, value) in pairwise(given) if value > whole}
    return found


def told(refused: pytest.ExceptionInfo[it.DataError]) -> set[str]:
    assert {problem.code for problem in refused.value.problems} == {"part-exceeds-whole"}
    return {problem.path for problem in refused.value.problems}


def written(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures as a file holds them: what lacks is left out."""
    return {
        name: str(Decimal(int(value * 100)).scaleb(-2)) if isinstance(value, Fraction) else value
        for name, value in figures.items()
        if value is not None
    }


@given(FIGURES)
def test_a_record_is_refused_just_where_a_part_is_more_than_its_whole(figures: dict[str, Any]) -> None:
    for cls in (Survey, in_file()):
        made: Any = cls
        if wrong(figures):
            with pytest.raises(it.DataError) as refused:
                made(**figures)
            assert told(refused) == nearest(figures)
        else:
            record = made(**figures)
            assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own bytes
            assert attrs.evolve(record) == record


@given(FIGURES, st.lists(FIGURES, max_size=3))
def test_a_file_and_a_mapping_are_refused_just_where_a_record_is(one: dict[str, Any], many: list[Any]) -> None:
    shape = DataShape({"one": RecordShape(Survey), "many": RecordShape(Survey, many=True)})
    data = {"one": written(one), "many": [written(line) for line in many]}
    assert bool(wrong(one)) == bool(nearest(one))
    expected = {f"data.one.{name}" for name in nearest(one)}
    expected |= {f"data.many[{place}].{name}" for place, line in enumerate(many) for name in nearest(line)}
    ways: list[Callable[[], UnitData]] = [
        lambda: load_data({"format": 1, "data": data}, shape),
        lambda: records_from(data, shape),
    ]
    for load in ways:
        if expected:
            with pytest.raises(it.DataError) as refused:
                load()
            assert told(refused) == expected
        else:
            assert load().records["many"].records == tuple(Survey(**line) for line in many)


@given(FIGURES)
def test_an_audit_takes_the_figures_as_they_are_stated(figures: dict[str, Any]) -> None:
    shape = DataShape({"one": RecordShape(Survey)}, as_stated=True)
    record = load_data({"format": 1, "data": {"one": written(figures)}}, shape).records["one"]
    for name, value in figures.items():
        held = getattr(record, name)
        assert held == it.MISSING if value is None else held.fraction == value
    if not wrong(figures):
        assert record == Survey(**figures)


def test_what_is_refused_is_told_with_both_figures_as_printed() -> None:
    shape = DataShape({"one": RecordShape(Survey)})
    one = {"total": "3.5", "key": {"value": "3.50", "at": "p. 2"}, "answers": 10, "satisfied": "12"}
    document = {"format": 1, "unit": {"amounts_in": "万元"}, "data": {"one": one}}
    with pytest.raises(it.DataError) as refused:
        load_data(document, shape)
    (problem,) = refused.value.problems  # 3.50 is all of 3.5
    assert str(problem) == (
        "data.one.satisfied: 12 is more than 10, its whole: answers (answers) "
        "(a part is never more than its whole: correct one of the two)"
    )
    assert problem.words("zh") == (
        "data.one.satisfied: 12 大于其整体 10：答卷数（answers）（部分不能大于整体：核对并改正其一）"
    )
    one["key"] = "3.51"
    with pytest.raises(it.DataError) as refused:
        load_data(document, shape)
    assert [problem.path for problem in refused.value.problems] == ["data.one.satisfied", "data.one.key"]
    assert "3.51 is more than 3.5, its whole: total (total)" in str(refused.value)
    with pytest.raises(it.DataError, match=r"key: 5 yuan is more than 4\.5 yuan, its whole"):
        Survey(total="4.5", key=5)


def test_a_record_cannot_be_changed_into_one_that_is_refused() -> None:
    record: Any = Survey(answers=10, satisfied=10)
    with pytest.raises(it.DataError, match="satisfied: 11 is more than 10"):
        attrs.evolve(record, satisfied=11)
    with pytest.raises(it.DataError, match="satisfied: 10 is more than 9"):
        attrs.evolve(record, answers=9)


def test_a_share_can_be_part_of_a_share() -> None:
    @it.record("parts.marks", title=TITLE)
    class Marks:
        passed: fields.Share = fields.share("合格率", "passed")
        excellent: fields.Share = fields.share("优秀率", "excellent", part_of="passed")

    assert Marks(passed="80%", excellent="80%").excellent == it.exact("80%")
    with pytest.raises(it.DataError, match="excellent: 81% is more than 80%, its whole"):
        Marks(passed="80%", excellent="81%")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"satisfied": {"part_of": "anwsers"}}, [("unknown-field", "satisfied")]),
        ({"satisfied": {"part_of": "satisfied"}}, [("part-of-itself", "satisfied")]),
        ({"asked": {"part_of": "satisfied"}}, [("part-of-itself", name) for name in ("satisfied", "asked", "answers")]),
        ({"satisfied": {"part_of": "total"}}, [("unlike-whole", "satisfied")]),
        ({"satisfied": {"part_of": "name"}}, [("unlike-whole", "satisfied")]),
        ({"key": {"places": 0}}, [("unlike-whole", "key")]),
        ({"total": {"signed": True}}, [("signed-part", "key")]),
        ({"key": {"signed": True}}, [("signed-part", "key")]),
        (
            {"total": {"kind": "number", "unit": "km"}, "key": {"kind": "number", "unit": "m"}},
            [("unlike-whole", "key")],
        ),
    ],
)
def test_a_part_is_declared_of_another_field_that_is_measured_alike(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    table = {name: {**said, **changes.get(name, {})} for name, said in FIELDS.items()}
    with pytest.raises(StructureError) as refused:
        defined_record("parts.wrong", {"title": "T", "fields": table})
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        (code, f"fields.{name}.part_of") for code, name in expected
    ]
    assert all(problem.message.zh and problem.message.en and problem.fix for problem in refused.value.problems)


def test_a_wrong_part_in_python_is_told_at_the_field() -> None:
    with pytest.raises(it.DeclarationError, match=r'Wrong\.some\.part_of: the record has no field "al" .*"all"'):

        @it.record("parts.wrong", title=TITLE)
        class Wrong:
            all: fields.Count = fields.count("全部", "all")
            some: fields.Count = fields.count("部分", "some", part_of="al")


@pytest.mark.parametrize("kind", ["date", "flag", "choice", "text"])
def test_only_what_has_a_size_has_parts(kind: str) -> None:
    said = {"kind": kind, "title": "T", "part_of": "answers", **({"options": {"a": "A"}} if kind == "choice" else {})}
    with pytest.raises(StructureError) as refused:
        defined_record("parts.wrong", {"title": "T", "fields": {**FIELDS, "more": said}})
    assert [(one.code, one.path) for one in refused.value.problems] == [("unknown-key", "fields.more.part_of")]


def test_a_record_in_a_file_keeps_what_is_part_of_what() -> None:
    assert record_table(in_file())["fields"]["satisfied"]["part_of"] == "answers"
    assert it.record_type(in_file()).fields == it.record_type(Survey).fields
    assert defined_record("parts.survey", record_table(in_file())) is in_file()


def test_the_template_says_of_what_a_field_is_part() -> None:
    def rate(survey: Survey) -> Any:
        return survey.satisfied / survey.answers

    rate.__annotations__["survey"] = Survey
    indicator = it.indicator("parts.rate", tier=it.Tier.EFFECT, title=it.Text(zh="满意度", en="Rate"))(rate)
    leaf = it.Leaf(id="rate", indicator=indicator, points=10, rule=it.rules.Proportional())
    group = it.Group(id="group", title="Group", indicators=[leaf])
    scheme = it.Scheme(id="parts", tiers=[it.TierNode(tier="effect", groups=[group])])
    assert "satisfied: a whole number; part of answers (answers)\n" in data_template(scheme, language="en")
    assert "满意数：整数；是 answers（答卷数）的一部分\n" in data_template(scheme, language="zh")


def test_a_wrong_figure_does_not_hide_a_part_that_is_more_than_its_whole() -> None:
    shape = DataShape(records={"survey": RecordShape(in_file())})
    document = {"format": 1, "data": {"survey": {"asked": 10, "answers": 11, "total": "x", "key": 1}}}
    with pytest.raises(it.DataError) as caught:
        load_data(document, shape)
    assert {(problem.code, problem.path) for problem in caught.value.problems} == {
        ("part-exceeds-whole", "data.survey.answers"),
        ("bad-value", "data.survey.total"),
    }


def test_a_field_of_no_known_kind_does_not_hide_a_wrong_part() -> None:
    wrong_kind = {"kind": "cuont", "title": "b"}
    document = {"title": "R", "fields": {"b": wrong_kind, "c": {"kind": "count", "title": "c", "part_of": "d"}}}
    with pytest.raises(StructureError) as caught:
        defined_record("local.r", document)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("unknown-kind", "fields.b.kind"),
        ("unknown-field", "fields.c.part_of"),
    ]
    document["fields"]["c"]["part_of"] = "b"  # type: ignore[index]  # what is wrong itself is told once
    with pytest.raises(StructureError) as caught:
        defined_record("local.r", document)
    assert [problem.path for problem in caught.value.problems] == ["fields.b.kind"]


def test_the_template_offers_the_whole_of_a_part_that_is_measured() -> None:
    scheme = it.load_scheme(
        {
            "format": 1,
            "id": "small",
            "define": {
                "records": {"local.survey": {"title": "Survey", "fields": FIELDS}},
                "indicators": {
                    "local.satisfied": {
                        "tier": "effect",
                        "title": "Satisfied",
                        "measure": "survey.satisfied",
                        "unit": "number",
                    }
                },
            },
            "tiers": [
                {
                    "tier": "effect",
                    "groups": [
                        {
                            "id": "g",
                            "title": "G",
                            "indicators": [{"id": "a", "indicator": "local.satisfied", "points": 0}],
                        }
                    ],
                }
            ],
        },
        catalog=it.Catalog(discover=False),
    )
    offered = [
        line.split()[1] for line in data_template(scheme, language="en").splitlines() if " = " in line and "# " in line
    ]
    assert {"satisfied", "answers", "asked"} <= set(offered)
    assert "total" not in offered
