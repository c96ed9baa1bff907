"""Indicators without code: what a table gives, the same one for the same table, every problem at its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data import RecordShape
from indicatree.data.structure import StructureError
from indicatree.indicators.define import defined_indicator, indicator_table
from indicatree.indicators.written import WrittenFormula

TITLE = it.Text(zh="记录", en="Record")


@it.record("demo.budget", title=TITLE)
class Budget:
    planned: fields.Money = fields.money("预算数", "planned")
    spent: fields.Money = fields.money("支出数", "spent")
    open: fields.Flag = fields.flag("公开", "open")


@it.record("demo.line", title=TITLE)
class Line:
    spent: fields.Money = fields.money("支出", "spent")
    active: fields.Flag = fields.flag("在建", "active")


SHAPES = {"budget": RecordShape(Budget), "other": RecordShape(Budget), "lines": RecordShape(Line, many=True)}


def resolve(name: str, said: Any) -> RecordShape:
    if said is not None:
        many = isinstance(said, list)
        for identifier, found in (("demo.budget", Budget), ("demo.line", Line)):
            if said == ([identifier] if many else identifier):
                return RecordShape(found, many=many)
    elif name in SHAPES:
        return SHAPES[name]
    raise StructureError([it.Problem("unknown-record", "", f"there is no record {name}")])


def made(identifier: str = "local.rate", **said: Any) -> it.Indicator:
    return defined_indicator(identifier, {"tier": "process", "title": "Rate", **said}, resolve)


def measure(**said: Any) -> it.Measured:
    found = made(**said)
    assert isinstance(found, it.Measured)
    return found


def problems(table: Any, identifier: str = "local.rate") -> list[tuple[str, str]]:
    with pytest.raises(StructureError) as caught:
        defined_indicator(identifier, table, resolve)
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


# What a table gives


def test_a_measure_says_what_its_table_says() -> None:
    found = measure(
        tier="output",
        title={"zh": "执行率", "en": "Execution"},
        measure="budget.spent / budget.planned",
        source="财预〔2013〕53号",
        definition="Spent over planned.",
        years="2013-2019",
        unit="days",
        better="less",
    )
    assert (found.id, found.key, found.tier) == ("local.rate", "local.rate@2013", it.Tier.OUTPUT)
    assert (found.title, found.definition["zh"]) == (it.Text(zh="执行率", en="Execution"), "Spent over planned.")
    assert (found.source, found.years) == ("财预〔2013〕53号", it.Years(2013, 2019))
    assert (found.unit, found.better) == (it.DAYS, it.LESS)
    assert not found.rowwise
    assert dict(found.parameters) == {"budget": RecordShape(Budget)}
    assert found.words("en") == "spent / planned"
    assert found(Budget(spent=1, planned=3)) == it.exact("1/3")


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("percent", it.PERCENT),
        ("number", it.NUMBER),
        ("days", it.DAYS),
        ({"title": " km"}, it.MeasureUnit("unit", it.Text.of(" km"))),
        (
            {"id": "permille", "title": "‰", "scale": 1000, "places": 0},
            it.MeasureUnit("permille", it.Text.of("‰"), 1000, 0),
        ),
        ({"id": "days", "title": "d"}, it.MeasureUnit("days", it.Text.of("d"))),
    ],
)
def test_a_unit_is_named_or_described(unit: Any, expected: it.MeasureUnit) -> None:
    found = measure(measure="budget.spent", unit=unit)
    assert found.unit == expected
    assert measure(**indicator_table(found)).unit == expected


@pytest.mark.parametrize(
    ("better", "expected"),
    [
        ("more", it.MORE),
        ("less", it.LESS),
        ({"near": "80%"}, it.near("80%")),
        ({"near": 1}, it.near(1)),
        ({"near": "1/3"}, it.near("1/3")),
        (None, None),
    ],
)
def test_what_is_better_is_said_in_a_word_or_by_a_target(better: Any, expected: it.Better | None) -> None:
    found = measure(measure="budget.spent", better=better)
    assert found.better == expected
    assert measure(**indicator_table(found)).better == expected


def test_a_checklist_and_a_graded_indicator_need_no_code() -> None:
    found = made(items={"whole": "Whole", "true": {"zh": "真实"}}, definition={"zh": "完善"})
    assert isinstance(found, it.Checklist)
    assert found.items == {"whole": it.Text.of("Whole"), "true": it.Text(zh="真实")}
    judged = made()
    assert isinstance(judged, it.Graded)
    assert (judged.id, judged.title, judged.tier) == ("local.rate", it.Text.of("Rate"), it.Tier.PROCESS)


@pytest.mark.parametrize(
    ("applies", "spent", "expected"),
    [
        ("budget.planned > 0", 0, it.Outcome.NOT_APPLICABLE),
        ("budget.open and other.open", 1, it.Outcome.MISSING),
        ("budget.spent < 2", 1, it.Outcome.UNDEFINED),
        ("budget.spent < 2 or other.spent > 3", 3, it.Outcome.NOT_APPLICABLE),
    ],
)
def test_where_a_condition_does_not_hold_an_indicator_does_not_apply(
    applies: str, spent: int, expected: it.Outcome
) -> None:
    found = measure(measure="1 / budget.planned", applies=applies)
    records = {"budget": Budget(spent=spent, planned=0), "other": Budget(spent=0)}
    used = {name: records[name] for name in found.parameters}
    assert it.measure(found, **used).outcome is expected
    assert isinstance(found.applies, WrittenFormula)
    assert set(found.applies_to) <= set(found.parameters)


def test_a_condition_may_name_records_that_the_measure_does_not() -> None:
    found = measure(measure="budget.spent", applies="other.open and count(lines) > 0")
    assert list(found.parameters) == ["budget", "other", "lines"]
    assert found.figures == [("budget", "spent"), ("other", "open")]
    records: dict[str, Any] = {"budget": Budget(spent=5), "other": Budget(open=True), "lines": it.Items(Line, [Line()])}
    assert it.measure(found, **records).value == it.exact(5)
    assert it.measure(found, **{**records, "lines": it.Items(Line)}).outcome is it.Outcome.NOT_APPLICABLE


def test_the_records_of_an_indicator_may_be_said_by_itself() -> None:
    found = measure(
        measure="total(works.spent, where=works.active) / plan.planned",
        records={"works": ["demo.line"], "plan": "demo.budget"},
    )
    assert found.parameters == {"works": RecordShape(Line, many=True), "plan": RecordShape(Budget)}


# The same table, the same indicator

_TABLES = st.one_of(
    st.fixed_dictionaries(
        {"tier": st.sampled_from([tier.value for tier in it.Tier]), "title": st.sampled_from(["率", "Rate"])},
        optional={
            "measure": st.sampled_from(["budget.spent / budget.planned", " budget.spent\n- 80%", "total(lines.spent)"]),
            "years": st.sampled_from(["2020-", 2021, "-2012"]),
            "definition": st.sampled_from(["What", {"zh": "何"}]),
            "source": st.just("§ 3"),
        },
    ),
    st.fixed_dictionaries(
        {
            "tier": st.just("input"),
            "title": st.just({"zh": "率"}),
            "measure": st.just("budget.spent"),
            "unit": st.sampled_from(
                ["percent", "number", "days", {"title": "km"}, {"id": "x", "scale": 10, "places": 0}]
            ),
            "better": st.sampled_from(["more", "less", {"near": "1/3"}]),
            "applies": st.sampled_from(["budget.open", "other.spent >= 80%"]),
        }
    ),
    st.fixed_dictionaries({"tier": st.just("effect"), "title": st.just("率"), "items": st.just({"a": "A", "b": "B"})}),
)


@given(_TABLES)
def test_the_same_table_gives_the_same_indicator(table: Any) -> None:
    before = copy.deepcopy(table)
    found = defined_indicator("local.drawn", table, resolve)
    assert table == before
    assert defined_indicator("local.drawn", json.loads(json.dumps(table)), resolve) is found
    printed = json.loads(json.dumps(indicator_table(found)))
    assert printed == indicator_table(found)
    assert defined_indicator("local.drawn", printed, resolve) is found
    assert defined_indicator("local.other", table, resolve) is not found


def test_the_same_formula_on_another_record_is_another_indicator() -> None:
    first, second = measure(measure="budget.spent"), measure(measure="budget.spent", records={"budget": "demo.line"})
    assert first is not second
    assert first is measure(measure="budget.spent", records={"budget": "demo.budget"})


# What is wrong

GOOD = {"tier": "process", "title": "Rate", "measure": "budget.spent / budget.planned"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"tier": None}, ("bad-value", "tier")),
        ({"tier": "proces"}, ("bad-value", "tier")),
        ({"title": ""}, ("bad-title", "title")),
        ({"title": 7}, ("bad-value", "title")),
        ({"mesure": "budget.spent"}, ("unknown-key", "mesure")),
        ({"measure": 7}, ("bad-value", "measure")),
        ({"measure": ""}, ("bad-value", "measure")),
        ({"measure": "   "}, ("bad-formula", "measure")),
        ({"measure": "80%"}, ("bad-formula", "measure")),
        ({"measure": "budget.spent //"}, ("bad-formula", "measure")),
        ({"measure": "budget.spnet"}, ("bad-formula", "measure")),
        ({"measure": "budgte.spent"}, ("unknown-record", "measure")),
        ({"measure": "budget.spent > 1"}, ("not-a-formula", "measure")),
        ({"measure": "lines.spent"}, ("not-a-formula", "measure")),
        ({"applies": ""}, ("bad-value", "applies")),
        ({"applies": 7}, ("bad-value", "applies")),
        ({"applies": "budget.spent"}, ("not-a-formula", "applies")),
        ({"applies": "1 > 0"}, ("not-a-formula", "applies")),
        ({"applies": "budget."}, ("bad-formula", "applies")),
        ({"applies": "budget.nothing > 1"}, ("bad-formula", "applies")),
        ({"applies": "lines.active"}, ("not-a-formula", "applies")),
        ({"applies": "nobody.spent > 1"}, ("unknown-record", "applies")),
        ({"records": {"budgte": "demo.budget"}}, ("unused-name", "records.budgte")),
        ({"records": {"budget": "demo.nothing"}}, ("unknown-record", "measure")),
        ({"records": []}, ("bad-value", "records")),
        ({"items": {"a": "A"}}, ("two-kinds", "")),
        ({"items": {}}, ("bad-value", "items")),
        ({"unit": "percnt"}, ("bad-value", "unit")),
        ({"unit": 7}, ("bad-value", "unit")),
        ({"unit": ["percent"]}, ("bad-value", "unit")),
        ({"unit": {"titel": "km"}}, ("unknown-key", "unit.titel")),
        ({"unit": {"scale": 0}}, ("bad-value", "unit")),
        ({"unit": {"scale": 16**5000}}, ("bad-value", "unit")),
        ({"years": 16**5000}, ("bad-years", "years")),
        ({"unit": {"places": 13}}, ("bad-value", "unit")),
        ({"unit": {"scale": "100"}}, ("bad-value", "unit.scale")),
        ({"better": "near"}, ("bad-value", "better")),
        ({"better": {"near": "x"}}, ("not-exact", "better.near")),
        ({"better": {"near": [1]}}, ("not-exact", "better.near")),
        ({"better": {"near": 1, "by": 2}}, ("bad-value", "better")),
        ({"better": ["more"]}, ("bad-value", "better")),
        ({"years": "2013-2012"}, ("bad-years", "years")),
        ({"years": [2013]}, ("bad-years", "years")),
        ({"source": 7}, ("bad-value", "source")),
        ({"definition": 7}, ("bad-value", "definition")),
    ],
)
def test_each_wrong_key_of_an_indicator_is_named(said: dict[str, Any], expected: tuple[str, str]) -> None:
    assert problems({**GOOD, **said}) == [expected]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"applies": "budget.open"}, ("no-measure", "applies")),
        ({"records": {"budget": "demo.budget"}}, ("no-measure", "records")),
        ({"better": "more"}, ("no-measure", "better")),
        ({"unit": "days"}, ("no-measure", "unit")),
    ],
)
@pytest.mark.parametrize("items", [{}, {"items": {"a": "A"}}], ids=["graded", "checklist"])
def test_what_goes_with_a_measure_is_not_passed_over_without_one(
    said: dict[str, Any], expected: tuple[str, str], items: dict[str, Any]
) -> None:
    assert problems({"tier": "process", "title": "Rate", **items, **said}) == [expected]


@pytest.mark.parametrize("table", [None, 7, "measure", [], [{}]])
def test_what_is_no_table_is_no_indicator(table: Any) -> None:
    assert [path for _, path in problems(table)] == [""]


@pytest.mark.parametrize("identifier", ["rate", "Local.rate", "local.", "local.rate@2013", ""])
def test_an_id_without_a_namespace_is_refused(identifier: str) -> None:
    assert [code for code, _ in problems(GOOD, identifier)] == ["bad-id"]


def test_every_problem_of_an_indicator_is_said_at_once() -> None:
    table = {
        **GOOD,
        "measure": "nobody.spent + ghost.spent",
        "applies": "budget.spent >",
        "unit": "percnt",
        "better": "best",
    }
    assert sorted(problems(table)) == [
        ("bad-formula", "applies"),
        ("bad-value", "better"),
        ("bad-value", "unit"),
        ("unknown-record", "measure"),
        ("unknown-record", "measure"),
    ]


def test_a_record_that_is_not_there_is_named_at_its_character() -> None:
    with pytest.raises(StructureError, match=r'character 16, "ghost": there is no record ghost'):
        made(measure="budget.spent - ghost.spent")


_JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["budget.spent", "more"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["near", "id", "budget", "a"]), inner),
    max_leaves=6,
)


@given(st.sampled_from(["measure", "applies", "records", "unit", "better", "items", "years", "title", "tier"]), _JUNK)
@settings(max_examples=80)
def test_junk_in_an_indicator_is_refused_or_taken(key: str, junk: Any) -> None:
    try:
        found = defined_indicator("local.junk", {**GOOD, key: junk}, resolve)
    except StructureError:
        return
    assert defined_indicator("local.junk", indicator_table(found), resolve) is found
