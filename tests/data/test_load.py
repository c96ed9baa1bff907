"""Loading the data of a unit: what is written is read back, and every problem is told at its path."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data import (
    Amounts,
    DataShape,
    JudgementShape,
    RecordShape,
    load_data,
    records_from,
    resolve_path,
)
from indicatree.data.fields import RefusedError
from indicatree.data.files import parse_text, write_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def text(words: str) -> it.Text:
    return it.Text(zh=words, en=words)


@it.record("demo.budget", title=text("Budget"))
class Budget:
    project_approved: fields.Money = fields.money("项目批复", "approved for projects")
    balance: fields.Money = fields.money("结余", "balance", signed=True)


@it.record("demo.project", title=text("Project"))
class Project:
    name: fields.Words = fields.text("名称", "name")
    spent: fields.Money = fields.money("支出", "spent")
    staff: fields.Count = fields.count("人数", "staff")
    rate: fields.Share = fields.share("比率", "rate")
    done: fields.Date = fields.date("完成", "done")
    open: fields.Flag = fields.flag("公开", "open")
    grade: fields.Choice = fields.choice("等级", "grade", {"good": text("Good"), "bad": text("Bad")})


CHECKLIST = "process.budget.openness"
GRADED = "effect.result.benefit"
MEASURED = "process.budget.execution"
SHAPE = DataShape(
    records={"budget": RecordShape(Budget), "projects": RecordShape(Project, many=True)},
    judgements={
        CHECKLIST: JudgementShape({"content": text("Content"), "time": text("Time")}),
        GRADED: JudgementShape(),
    },
    leaves=frozenset({CHECKLIST, GRADED, MEASURED, "output.roads.quality", "output.schools.quality"}),
)
QUALITIES = "output.roads.quality, output.schools.quality"
WORDS: dict[str, Any] = {"reason": "seen", "evidence": "ledger"}


def load(document: Mapping[str, Any]) -> it.UnitData:
    return load_data({"format": 1, **document}, SHAPE)


def found(document: Mapping[str, Any], *, whole: bool = False) -> list[str]:
    """The problems of a document, each as one line."""
    with pytest.raises(it.DataError) as caught:
        load_data(document if whole else {"format": 1, **document}, SHAPE)
    for problem in caught.value.problems:
        assert problem.code
        assert problem.message["en"]
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


# What is written is read back


@st.composite
def amounts(draw: st.DrawFn, unit: Amounts, least: int = 0) -> Decimal | int:
    """An amount as it is printed: in a unit, with more or fewer decimal places, in whole minor units."""
    places = draw(st.integers(0, 6 if unit.factor == 10**4 else 2))
    cents = unit.factor * 100
    scaled = draw(st.integers(least * 10**9, 10**9)) * (10**places // min(10**places, cents))
    # a file's number without a point is an int
    return Decimal((1 if scaled < 0 else 0, tuple(map(int, str(abs(scaled)))), -places)) if places else scaled


def projects(unit: Amounts) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "name": st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
            "spent": amounts(unit),
            "staff": st.integers(0, 10**12),
            "rate": st.integers(0, 10**6).map(lambda micros: Decimal(micros).scaleb(-6)),
            "done": st.dates(),
            "open": st.booleans(),
            "grade": st.sampled_from(["good", "bad"]),
        },
    )


@st.composite
def printed(draw: st.DrawFn) -> tuple[Amounts, dict[str, Any]]:
    unit = Amounts.parse(draw(st.sampled_from(["1 yuan", "10000 yuan", "万元"])))
    budget = draw(
        st.fixed_dictionaries({}, optional={"project_approved": amounts(unit), "balance": amounts(unit, least=-1)})
    )
    data: dict[str, Any] = {"budget": budget, "projects": draw(st.lists(projects(unit), max_size=3))}
    return unit, {name: data[name] for name in data if draw(st.booleans())}


def expected(values: dict[str, Any], factor: int) -> dict[str, Any]:
    """The values of a record in currency units, computed by hand."""
    money = ("project_approved", "balance", "spent")
    return {
        name: Fraction(value) * factor if name in money else Fraction(value) if name == "rate" else value
        for name, value in values.items()
    }


def to_json(document: Any) -> str:
    """JSON in which a ``Decimal`` stands as a number with all its digits."""

    def mark(value: Any) -> Any:
        return f"\0{value:f}\0" if isinstance(value, Decimal) else value.isoformat()

    return re.sub(r'"\\u0000([-0-9.]+)\\u0000"', r"\1", json.dumps(document, default=mark))


@given(drawn=printed(), language=st.sampled_from(["toml", "json", "mapping"]), as_tables=st.booleans())
def test_what_is_written_is_read_back(drawn: tuple[Amounts, dict[str, Any]], language: str, as_tables: bool) -> None:  # noqa: FBT001 - drawn
    unit, data = drawn

    def figures(record: dict[str, Any]) -> dict[str, Any]:
        return {name: {"value": value, "at": f"at {name}"} if as_tables else value for name, value in record.items()}

    document: dict[str, Any] = {"format": 1, "unit": {"amounts_in": unit.text}, "data": {}}
    for name, value in data.items():
        document["data"][name] = figures(value) if name == "budget" else [figures(item) for item in value]
    if language == "toml":
        document = parse_text(write_toml(document), language="toml")
    elif language == "json":
        document = parse_text(to_json(document), language="json")
    loaded = load_data(document, SHAPE)

    records: dict[str, Any] = {}
    if "budget" in data:
        records["budget"] = Budget(**expected(data["budget"], unit.factor))
    if "projects" in data:
        records["projects"] = it.Items(Project, [Project(**expected(item, unit.factor)) for item in data["projects"]])
    assert loaded.records == records

    figures_given = {f"budget.{name}": value for name, value in data.get("budget", {}).items()}
    for index, item in enumerate(data.get("projects", [])):
        figures_given |= {f"projects[{index}].{name}": value for name, value in item.items()}
    assert loaded.notes.keys() == figures_given.keys()
    for path, value in figures_given.items():
        note = loaded.notes[path]
        assert note.at == (text(f"at {path.rpartition('.')[2]}") if as_tables else it.Text())
        assert not note.assumed
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            assert note.printed == format(value, "f" if isinstance(value, Decimal) else "d")
            assert note.places == len(note.printed.partition(".")[2])


@pytest.mark.parametrize(
    ("value", "printed", "places"),
    [
        (Decimal("53232.6"), "53232.6", 1),
        (Decimal("789.350"), "789.350", 3),
        ("12.50", "12.50", 2),
        (" 12.50 ", "12.50", 2),
        (12, "12", 0),
        (12.5, "12.5", 1),
        (Decimal("1E+3"), "1000", 0),
        ("1.5e3", "1500", 0),
        ("2.5e-1", "0.25", 2),
        (1e-05, "0.00001", 5),
    ],
    ids=repr,
)
def test_the_printed_precision_of_a_figure_is_kept(value: Any, printed: str, places: int) -> None:
    data = load({"unit": {"amounts_in": "10000 yuan"}, "data": {"budget": {"project_approved": value}}})
    note = data.notes["budget.project_approved"]
    assert (note.printed.strip(), note.places) in ((printed, places), (str(value).strip(), places))


@pytest.mark.parametrize(("value", "places"), [("80.10%", 2), ("80.1 %", 1), ("80%", 0), ("0.8010", 4)])
def test_the_printed_precision_of_a_share_is_that_of_its_text(value: str, places: int) -> None:
    note = load({"data": {"projects": [{"rate": value}]}}).notes["projects[0].rate"]
    assert (note.printed, note.places) == (value, places)


@pytest.mark.parametrize("name", ["v1.25", "3.5 km road"])
def test_words_have_no_decimal_places(name: str) -> None:
    assert load({"data": {"projects": [{"name": name}]}}).notes["projects[0].name"].places == 0


def test_sources_and_assumptions_of_a_figure_are_kept() -> None:
    figure = {
        "value": "789.35",
        "at": {"zh": "第二节", "en": "section 2"},
        "assumed": True,
        "why": "bounded by the stated rate",
    }
    data = load({"unit": {"amounts_in": "万元"}, "data": {"budget": {"project_approved": figure}}})
    assert data.notes == {
        "budget.project_approved": it.FigureNote(
            printed="789.35",
            places=2,
            at=it.Text(zh="第二节", en="section 2"),
            assumed=True,
            why="bounded by the stated rate",
        )
    }
    assert data.records["budget"].project_approved == 7893500


def test_every_part_of_a_document_is_read() -> None:
    unit = {"name": "甲局", "currency": "EUR", "amounts_in": "1000 EUR", "year": 2022, "source": "report"}
    judgement = {
        CHECKLIST: {"items": {"content": True, "time": False}, **WORDS},
        GRADED: {"share": "90%", "assumed": True, "why": "only a grade is stated", **WORDS},
    }
    data = load(
        {
            "scheme": "some-scheme",
            "unit": unit,
            "data": {"budget": {"balance": -5}, "projects": []},
            "judgement": judgement,
            "not_applicable": {MEASURED: "none", "roads.quality": {"zh": "无", "en": "no roads"}},
            "claims": {"total": Decimal("81.5")},
            "identity": [{"sum": ["a", "b"]}],
        }
    )
    assert data == it.UnitData(
        records={"budget": Budget(balance=-5000), "projects": it.Items(Project)},
        unit=it.Unit("甲局", "EUR", Amounts(1000, "EUR", "1000 EUR"), 2022, "report"),
        judgement={
            CHECKLIST: it.Judgement(items={"content": True, "time": False}, **WORDS),
            GRADED: it.Judgement(share="90%", assumed=True, why="only a grade is stated", **WORDS),
        },
        not_applicable={MEASURED: "none", "output.roads.quality": it.Text(zh="无", en="no roads")},
        notes={"budget.balance": it.FigureNote("-5", 0)},
        claims={"total": Decimal("81.5")},
        identities=({"sum": ["a", "b"]},),
        scheme="some-scheme",
    )


def test_only_the_format_is_needed() -> None:
    assert load({}) == it.UnitData()


def test_amounts_are_in_the_currency_itself_unless_the_file_says_otherwise() -> None:
    assert load({"data": {"budget": {"balance": 5}}}).records["budget"].balance == 5
    data = load({"unit": {"currency": "EUR"}, "data": {"budget": {"balance": 5}}})
    assert data.records["budget"].balance == 5
    assert data.unit.amounts.suffix["en"] == " EUR"


def test_a_figure_of_null_is_missing_without_a_note() -> None:
    data = load({"data": {"budget": {"balance": None, "project_approved": {"value": None, "at": "blank"}}}})
    assert data.records["budget"] == Budget()


@pytest.mark.parametrize("key", [CHECKLIST, "openness", "budget.openness"])
def test_a_leaf_is_named_by_its_path_or_by_what_only_it_ends_with(key: str) -> None:
    assert list(load({"judgement": {key: {"items": {"time": True}, **WORDS}}}).judgement) == [CHECKLIST]
    assert list(load({"not_applicable": {key: "none"}}).not_applicable) == [CHECKLIST]
    assert resolve_path(key, SHAPE.leaves) == CHECKLIST


def test_a_whole_path_wins_over_an_ending() -> None:
    assert resolve_path("a", frozenset({"a", "b.a"})) == "a"


@given(
    parts=st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(".".join), max_size=5),
    key=st.text("abc."),
)
def test_a_name_means_the_one_path_that_it_is_or_ends(parts: list[str], key: str) -> None:
    paths = frozenset(parts)
    ends = [path for path in paths if path.split(".")[-len(key.split(".")) :] == key.split(".")]
    if key in paths or len(ends) == 1:
        assert resolve_path(key, paths) == (key if key in paths else ends[0])
    else:
        with pytest.raises(RefusedError):
            resolve_path(key, paths)


# Problems


def test_every_problem_is_told_at_once_at_its_path() -> None:
    document = {
        "fromat": 1,
        "unit": {"nmae": "甲局", "year": "2022", "amounts_in": "10000 EUR"},
        "data": {
            "budget": {"project_approved": "12,3x", "balanse": 1, "balance": {"value": 1, "att": "x", "assumed": True}},
            "project": [],
            "projects": [{"staff": "1.5"}, 5, {"grade": "goood", "done": "soon"}],
        },
        "judgement": {
            "opennes": {"items": {}},
            "quality": {"share": 1},
            "execution": {"share": 1},
            "openness": {"items": {"conent": True}, **WORDS},
            "benefit": {"share": 2},
        },
        "not_applicable": {"executions": "none", "quality": "none", "execution": " ", "benefit": 5},
        "claims": [],
        "identity": {},
        "scheme": 5,
    }
    lines = found(document, whole=True)
    for line in (
        'fromat: unknown key "fromat" (did you mean "format"?)',
        "format: the version of the file format is missing (write format = 1)",
        'unit.nmae: unknown key "nmae" (did you mean "name"?)',
        'unit.year: expected a whole number, got "2022"',
        'data.budget.project_approved: expected an amount, got "12,3x"',
        'data.budget.balanse: demo.budget has no field "balanse" (did you mean "balance"?)',
        'data.budget.balance.att: unknown key "att" (did you mean "at"?)',
        'data.budget.balance.why: an assumption needs its reason in words (write why = "...")',
        'data.project: the scheme has no record "project" (did you mean "projects"?)',
        'data.projects[0].staff: expected a whole number, got "1.5"',
        "data.projects[1]: expected a demo.project record, got 5",
        'data.projects[2].grade: expected one of "good", "bad", got "goood"',
        'data.projects[2].done: expected a date such as 2022-12-31, got "soon"',
        'judgement.opennes: no such leaf "opennes": did you mean "openness"?',
        'judgement.quality: "quality" is in more than one place: write one of ' + QUALITIES,
        "judgement.execution: this leaf is measured, not judged (give its figures under [data])",
        'judgement.openness.items.conent: the checklist has no item "conent" (did you mean "content"?)',
        "judgement.benefit.share: expected a share from 0 to 1, got 2",
        "judgement.benefit.reason: a judgement needs its reason in words",
        "judgement.benefit.evidence: a judgement needs its evidence in words",
        'not_applicable.executions: no such leaf "executions": did you mean "execution"?',
        'not_applicable.quality: "quality" is in more than one place: write one of ' + QUALITIES,
        "not_applicable.execution: expected the reason in words",
        "not_applicable.benefit: expected text, or { zh = ..., en = ... }, got 5",
        "claims: expected a table, got a list (write [claims])",
        "identity: expected a list of tables (write [[identity]] before each)",
        "scheme: expected the id or the file of a scheme, got 5",
    ):
        assert line in lines


@pytest.mark.parametrize("unit", [{"amounts_in": "10000 EUR", "year": "x"}, {"amounts_in": "10000 EUR", "nmae": "x"}])
def test_a_bad_unit_of_amounts_is_told_beside_other_problems(unit: dict[str, Any]) -> None:
    assert any(line.startswith("unit.amounts_in: ") for line in found({"unit": unit}))


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ({"dtaa": {}}, 'dtaa: unknown key "dtaa" (did you mean "data"?)'),
        ({"unit": {"currncy": "CNY"}}, 'unit.currncy: unknown key "currncy" (did you mean "currency"?)'),
        ({"unit": {"amounts": "万元"}}, 'unit.amounts: unknown key "amounts" (did you mean "amounts_in"?)'),
        ({"unit": {"name": 5}}, "unit.name: expected text, got 5"),
        ({"unit": {"year": True}}, "unit.year: expected a whole number, got True"),
        ({"unit": {"year": Decimal("2022.0")}}, "unit.year: expected a whole number, got 2022.0"),
        (
            {"unit": {"amounts_in": 10000}},
            'unit.amounts_in: expected a unit of amounts such as "10000 yuan", got 10000',
        ),
        (
            {"unit": {"amounts_in": "10000"}},
            (
                'unit.amounts_in: expected a unit of amounts in CNY such as "10000 CNY", '
                '"10000 yuan" or "万元", got "10000"'
            ),
        ),
        ({"data": {"budget": []}}, "data.budget: expected a demo.budget record, got a list"),
        ({"data": {"budget": 5}}, "data.budget: expected a demo.budget record, got 5"),
        ({"data": {"budget": Project()}}, "data.budget: expected a demo.budget record, got a demo.project record"),
        (
            {"data": {"projects": {}}},
            "data.projects: expected a list of line items, got a table (write [[data.projects]])",
        ),
        (
            {"data": {"projects": "x"}},
            'data.projects: expected a list of line items, got "x" (write [[data.projects]])',
        ),
        ({"data": {"projects": ["x"]}}, 'data.projects[0]: expected a demo.project record, got "x"'),
        (
            {"data": {"budget": {"balance": {}}}},
            'data.budget.balance: the key "value" is missing (write { value = ... })',
        ),
        ({"data": {"budget": {"balance": [1]}}}, "data.budget.balance: expected an amount, got [1]"),
        ({"data": {"budget": {"balance": True}}}, "data.budget.balance: expected an amount, got True"),
        (
            {"data": {"budget": {"balance": Decimal("nan")}}},
            "data.budget.balance: expected an amount, got NaN",
        ),
        (
            {"data": {"budget": {"balance": {"value": 1, "at": 5}}}},
            "data.budget.balance.at: expected text, or { zh = ..., en = ... }, got 5",
        ),
        (
            {"data": {"budget": {"balance": {"value": 1, "at": []}}}},
            "data.budget.balance.at: expected text, or { zh = ..., en = ... }, got a list",
        ),
        (
            {"data": {"budget": {"balance": {"value": 1, "at": {"de": "x"}}}}},
            "data.budget.balance.at: expected text, or { zh = ..., en = ... }, got a table",
        ),
        (
            {"data": {"budget": {"balance": {"value": 1, "assumed": "yes", "why": "x"}}}},
            'data.budget.balance.assumed: expected true or false, got "yes"',
        ),
        (
            {"data": {"budget": {"balance": {"value": 1, "assumed": True, "why": " "}}}},
            'data.budget.balance.why: an assumption needs its reason in words (write why = "...")',
        ),
        ({"judgement": {"benefit": []}}, "judgement.benefit: expected a table, got list"),
        (
            {"judgement": {"benefit": {"share": True, **WORDS}}},
            "judgement.benefit.share: expected an exact number, got True",
        ),
        (
            {"judgement": {"benefit": {"shar": 1, **WORDS}}},
            'judgement.benefit.shar: unknown key "shar" (did you mean "share"?)',
        ),
        (
            {"judgement": {"benefit": {"share": "-1%", **WORDS}}},
            "judgement.benefit.share: expected a share from 0 to 1, got -0.01",
        ),
        (
            {"judgement": {"benefit": {"items": {"a": True}, **WORDS}}},
            'judgement.benefit.share: expected the share of the marks (write share = "90%")',
        ),
        (
            {"judgement": {"openness": {"share": 1, **WORDS}}},
            "judgement.openness.items: expected the items of the checklist: content, time",
        ),
        (
            {"judgement": {"openness": {"items": {"time": "yes"}, **WORDS}}},
            'judgement.openness.items.time: expected true or false, got "yes"',
        ),
        (
            {"judgement": {"openness": {"items": {}, "share": 1, **WORDS}}},
            (
                "judgement.openness: expected either the items of a checklist or the share of a graded judgement "
                '(items = { item = true } or share = "90%")'
            ),
        ),
        (
            {"judgement": {"benefit": {"share": 1, "reason": "x"}}},
            "judgement.benefit.evidence: a judgement needs its evidence in words",
        ),
        (
            {"judgement": {"benefit": {"share": 1, "assumed": True, **WORDS}}},
            "judgement.benefit.why: an assumption needs its reason in words",
        ),
        (
            {"judgement": {"benefit": {"share": 1, **WORDS}, GRADED: {"share": 1, **WORDS}}},
            f"judgement.{GRADED}: {GRADED} is judged twice",
        ),
        (
            {"not_applicable": {"benefit": "x", GRADED: "y"}},
            f"not_applicable.{GRADED}: {GRADED} is named twice",
        ),
        (
            {"not_applicable": {"benefit": True}},
            "not_applicable.benefit: expected text, or { zh = ..., en = ... }, got True",
        ),
        ({"identity": [{}, 5]}, "identity: expected a list of tables (write [[identity]] before each)"),
    ],
)
def test_a_problem_is_told_once_with_its_path_and_what_to_do(document: dict[str, Any], line: str) -> None:
    assert found(document) == [line]


@pytest.mark.parametrize("name", ["unit", "data", "judgement", "not_applicable", "claims"])
@pytest.mark.parametrize("value", [5, "x", [], [{}], None, True])
def test_a_part_that_is_no_table_is_told(name: str, value: Any) -> None:
    (line,) = found({name: value})
    assert line.startswith(f"{name}: expected a table, got ")
    assert line.endswith(f"(write [{name}])")


@pytest.mark.parametrize("version", [None, 0, 2, "1", True, "x", [1], {}])
def test_another_version_of_the_format_is_refused(version: Any) -> None:
    (line,) = found({"format": version} if version is not None else {}, whole=True)
    assert line.startswith("format: the version of the file format ")
    assert line.endswith("(write format = 1)")


def test_a_share_as_a_float_is_taken_at_its_shortest_decimal() -> None:
    data = load({"judgement": {"benefit": {"share": 0.9, **WORDS}}})
    assert data.judgement[GRADED].share == it.Quantity(9, 10)


def test_mappings_of_other_kinds_are_tables() -> None:
    plain = {"budget": {"balance": 5}}
    proxied = MappingProxyType({"budget": MappingProxyType({"balance": 5})})
    assert load(MappingProxyType({"data": proxied})) == load({"data": plain})


HUGE = 16**5000  # in a TOML file: 0xfff...; Python refuses to write so many digits, also into a message


@pytest.mark.parametrize(
    "document",
    [
        {"format": HUGE},
        {"format": 1, "scheme": HUGE},
        {"format": 1, "unit": HUGE},
        {"format": 1, "unit": {"name": HUGE}},
        {"format": 1, "unit": {"year": HUGE}},
        {"format": 1, "unit": {"amounts_in": HUGE}},
        {"format": 1, "data": HUGE},
        {"format": 1, "data": {"budget": HUGE}},
        {"format": 1, "data": {"budget": {"balance": HUGE}}},
        {"format": 1, "data": {"budget": {"balance": {"value": 1, "at": HUGE}}}},
        {"format": 1, "data": {"budget": {"balance": [HUGE]}}},
        {"format": 1, "data": {"projects": HUGE}},
        {"format": 1, "data": {"projects": [HUGE]}},
        {"format": 1, "data": {"projects": [{"name": HUGE}]}},
        {"format": 1, "judgement": {"benefit": HUGE}},
        {"format": 1, "judgement": {"benefit": {"share": HUGE, **WORDS}}},
        {"format": 1, "not_applicable": {"benefit": HUGE}},
    ],
    ids=range(17),
)
def test_a_huge_integer_is_refused_anywhere(document: dict[str, Any]) -> None:
    lines = found(document, whole=True)
    assert not any("sys.set_int_max_str_digits" in line for line in lines)


LONG = "x" * 100_000


@pytest.mark.parametrize(
    "document",
    [
        {"format": LONG},
        {"format": 1, LONG: 1},
        {"format": 1, "scheme": [LONG]},
        {"format": 1, "unit": LONG},
        {"format": 1, "unit": {LONG: 1}},
        {"format": 1, "unit": {"year": LONG}},
        {"format": 1, "unit": {"amounts_in": LONG}},
        {"format": 1, "data": [LONG]},
        {"format": 1, "data": {LONG: 1}},
        {"format": 1, "data": {"budget": LONG}},
        {"format": 1, "data": {"budget": {LONG: 1}}},
        {"format": 1, "data": {"budget": {"balance": LONG}}},
        {"format": 1, "data": {"budget": {"balance": {"value": 1, "assumed": LONG}}}},
        {"format": 1, "judgement": {LONG: {}}},
        {"format": 1, "judgement": {"benefit": {"share": LONG, **WORDS}}},
        {"format": 1, "not_applicable": {LONG: "x"}},
    ],
    ids=range(16),
)
def test_a_message_quotes_a_long_value_in_part(document: dict[str, Any]) -> None:
    with pytest.raises(it.DataError) as caught:
        load_data(document, SHAPE)
    for problem in caught.value.problems:
        assert len(problem.message["en"] + problem.fix["en"]) < 500


# Records without a file


def test_plain_tables_become_records_with_amounts_in_currency_units() -> None:
    budget = Budget(balance=1)
    data = records_from({"budget": {"balance": "12.50"}, "projects": [{"spent": 3}, Project(spent=4)]}, SHAPE)
    assert data.records["budget"] == Budget(balance="12.50")
    assert [project.spent for project in data.records["projects"]] == [3, 4]
    assert records_from({"budget": budget}, SHAPE).records["budget"] is budget
    items = it.Items(Project)
    assert records_from({"projects": items}, SHAPE).records["projects"] is items


def test_records_that_do_not_fit_are_told_at_their_paths() -> None:
    with pytest.raises(it.DataError) as caught:
        records_from(
            {"budgte": {}, "budget": Project(), "projects": it.Items(Budget, [Budget()])},
            SHAPE,
        )
    assert [problem.path for problem in caught.value.problems] == ["data.budgte", "data.budget", "data.projects"]
    assert 'did you mean "budget"?' in str(caught.value)
    assert "demo.project" in str(caught.value)


# Junk


@given(
    content=st.binary(max_size=200) | st.text(max_size=200).map(lambda words: words.encode("utf-8", "surrogatepass"))
)
@example(b"\xff")
@example(b"\xef\xbb\xbf")
@example(b"format = 1")
def test_any_file_is_loaded_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    for ending in ("toml", "json"):
        file: Path = tmp_path_factory.getbasetemp() / f"junk.{ending}"
        file.write_bytes(content)
        try:
            data = load_data(file, SHAPE)
        except it.DataError as error:
            assert error.problems  # noqa: PT017 - either way is right
        else:
            assert isinstance(data, it.UnitData)


NAMES = sorted(
    {"format", "scheme", "unit", "data", "judgement", "not_applicable", "claims", "identity"}
    | {"name", "currency", "amounts_in", "year", "source", "budget", "projects", "balance", "project_approved"}
    | {"spent", "staff", "rate", "done", "open", "grade", "value", "at", "assumed", "why", "items", "share", "reason"}
    | {"evidence", "openness", "benefit", CHECKLIST, GRADED, "quality", "content", "zh", "en"}
)
keys: st.SearchStrategy[Any] = st.sampled_from(NAMES) | st.text(max_size=3) | st.integers() | st.none()
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=4)
    | st.binary(max_size=3)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.sampled_from(["90%", "good", "万元", "EUR", 1, Decimal("0.50"), Budget(), it.Items(Project), Budget, dt.date])
)
nested = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(keys, inner, max_size=4)
        | st.tuples(inner)
        | st.dictionaries(st.sampled_from(["value", "at", "assumed", "why"]), inner)
    ),
    max_leaves=12,
)
documents = st.fixed_dictionaries(
    {"format": st.just(1) | scalars},
    optional={
        "unit": nested | st.dictionaries(st.sampled_from(["name", "currency", "amounts_in", "year"]), scalars),
        "data": nested
        | st.fixed_dictionaries(
            {},
            optional={
                "budget": nested | st.dictionaries(st.sampled_from(["balance", "project_approved"]), nested),
                "projects": nested
                | st.lists(
                    st.dictionaries(st.sampled_from(["name", "spent", "rate", "done", "open", "grade"]), nested)
                ),
            },
        ),
        "judgement": nested | st.dictionaries(st.sampled_from(["openness", "benefit"]), nested),
        "not_applicable": nested | st.dictionaries(st.sampled_from(["execution", "quality"]), nested),
        "claims": nested,
        "identity": nested | st.lists(nested),
        "scheme": nested,
    },
)


@given(document=st.dictionaries(keys, nested, max_size=5) | documents)
def test_any_mapping_is_loaded_or_refused(document: dict[Any, Any]) -> None:
    try:
        data = load_data(document, SHAPE)
    except it.DataError as error:
        assert error.problems  # noqa: PT017 - either way is right
        assert str(error)  # noqa: PT017 - likewise
    else:
        assert isinstance(data, it.UnitData)


@given(records=st.dictionaries(keys, nested, max_size=3))
def test_any_records_are_taken_or_refused(records: dict[Any, Any]) -> None:
    try:
        data = records_from(records, SHAPE)
    except it.DataError as error:
        assert error.problems  # noqa: PT017 - either way is right
    else:
        assert isinstance(data, it.UnitData)
