"""Records by their fields: each kind by its table, one class for one table, every problem at its place."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data.define import KINDS, defined_record, record_table
from indicatree.data.structure import StructureError

if TYPE_CHECKING:
    from collections.abc import Callable

TITLE = {"zh": "道路", "en": "Roads"}
TABLE: dict[str, Any] = {
    "title": TITLE,
    "fields": {
        "cost": {"kind": "money", "title": {"zh": "造价", "en": "Cost"}, "signed": True, "most": "1000000"},
        "workers": {"kind": "count", "title": "Workers"},
        "built": {"kind": "number", "title": "Built", "unit": {"zh": "公里", "en": "km"}, "places": 3},
        "done": {"kind": "share", "title": "Done", "most": "150%"},
        "opened": {"kind": "date", "title": "Opened"},
        "public": {"kind": "flag", "title": "Public", "doc": "Whether anybody may drive on it."},
        "surface": {"kind": "choice", "title": "Surface", "options": {"tar": "Tar", "gravel": {"zh": "砂石"}}},
        "名称": {"kind": "text", "title": "Name"},
    },
}
GOOD: dict[str, Any] = {
    "cost": "-1000000.00",
    "workers": 1,
    "built": "0.125",
    "done": "150%",
    "opened": "2022-12-31",
    "public": True,
    "surface": "gravel",
    "名称": "环城路",
}


def road() -> Any:
    return defined_record("local.road", copy.deepcopy(TABLE))


def problems(table: Any, identifier: str = "local.wrong") -> list[tuple[str, str]]:
    with pytest.raises(StructureError) as caught:
        defined_record(identifier, table)
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


def field(**said: Any) -> dict[str, Any]:
    """A table with one field ``a``."""
    return {"title": "T", "fields": {"a": {"kind": "money", "title": "A", **said}}}


# What a table gives


def test_every_kind_of_field_is_there_by_its_name() -> None:
    assert set(KINDS) == {said["kind"] for said in TABLE["fields"].values()}
    known = it.record_type(road())
    assert (known.id, known.title) == ("local.road", it.Text(**TITLE))
    assert {name: type(kind) for name, kind in known.fields.items()} == {
        name: KINDS[said["kind"]] for name, said in TABLE["fields"].items()
    }
    assert all(kind.title == it.Text.of(TABLE["fields"][name]["title"]) for name, kind in known.fields.items())


def test_a_record_takes_values_as_one_in_python_does() -> None:
    @it.record("local.road", title=it.Text(**TITLE))
    class Road:
        cost: fields.Money = fields.money("造价", "Cost", signed=True, most=1000000)
        workers: fields.Count = fields.count("Workers", "Workers")
        built: fields.Number = fields.number("Built", "Built", unit=it.Text(zh="公里", en="km"), places=3)
        done: fields.Share = fields.share("Done", "Done", most="150%")
        opened: fields.Date = fields.date("Opened", "Opened")
        public: fields.Flag = fields.flag("Public", "Public", doc=it.Text.of("Whether anybody may drive on it."))
        surface: fields.Choice = fields.choice(
            "Surface", "Surface", {"tar": it.Text.of("Tar"), "gravel": it.Text(zh="砂石")}
        )
        名称: fields.Words = fields.text("Name", "Name")  # noqa: PLC2401 - files name fields in Chinese

    assert it.record_type(Road).fields == it.record_type(road()).fields
    assert it.record_type(Road).title == it.record_type(road()).title
    python: Any = Road
    mine, theirs = road()(**GOOD), python(**GOOD)
    assert [getattr(mine, name) for name in GOOD] == [getattr(theirs, name) for name in GOOD]
    assert road()().cost == it.MISSING
    assert mine.opened == it.exact(dt.date(2022, 12, 31).toordinal())


WRONG_VALUES: dict[str, list[Any]] = {
    "cost": ["1000000.01", "-1000000.01", "0.001", "x", True],
    "workers": ["1.5", -1],
    "built": ["0.1255", -1],
    "done": ["150.1%", "-1%"],
    "opened": ["2022-13-01", "x", 3],
    "public": [1, "yes"],
    "surface": ["mud", 7],
    "名称": [7],
}


@pytest.mark.parametrize(("name", "wrong"), [(name, wrong) for name, some in WRONG_VALUES.items() for wrong in some])
def test_the_limits_of_a_field_hold(name: str, wrong: Any) -> None:
    with pytest.raises(it.DataError) as caught:
        road()(**{**GOOD, name: wrong})
    assert [problem.path for problem in caught.value.problems] == [name]


def test_signed_takes_amounts_below_zero_down_to_the_largest() -> None:
    unsigned: Any = defined_record("local.sign", field(most=5))
    signed: Any = defined_record("local.sign", field(most=5, signed=True))
    assert signed(a=-5).a == it.exact(-5)
    for cls, wrong in ((unsigned, -1), (signed, -6), (signed, 6)):
        with pytest.raises(it.DataError):
            cls(a=wrong)
    assert defined_record("local.sign", field(most=5, signed=False)) is unsigned
    assert defined_record("local.sign", field(most=5, least=-5)) is signed


def test_the_least_value_of_a_field_holds() -> None:
    crew: Any = defined_record("local.crew", field(kind="count", least=2, most="3"))
    assert [crew(a=some).a for some in (2, 3)] == [2, 3]
    for wrong in (1, 4):
        with pytest.raises(it.DataError):
            crew(a=wrong)


# The same table, the same class


def pickled(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own bytes


_WORDS = st.sampled_from(["路", "Road", "“a”"]) | st.fixed_dictionaries({"zh": st.just("路")})
_FIELD = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["money", "number"]), "title": _WORDS},
        optional={
            "signed": st.booleans(),
            "most": st.sampled_from([10, "0.5", "1/3", "1e3"]),
            "places": st.integers(0, 12),
            "doc": _WORDS,
        },
    ),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["count", "share"]), "title": _WORDS},
        optional={"least": st.sampled_from([-1, 0, "1/4"]), "most": st.sampled_from([1, "1/3"])},
    ),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["date", "flag", "text"]), "title": _WORDS}, optional={"doc": _WORDS}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("choice"),
            "title": _WORDS,
            "options": st.dictionaries(st.sampled_from(["a", "b", "80% 路", ""]), _WORDS, min_size=1),
        }
    ),
)
_NAME = st.sampled_from(["a", "b", "cost", "名称", "x_1", "É", "kind", "title", "id", "mro", "type", "object", "cls"])
tables = st.fixed_dictionaries({"title": _WORDS, "fields": st.dictionaries(_NAME, _FIELD, min_size=1, max_size=4)})


@given(tables)
@settings(max_examples=60)
def test_the_same_table_gives_the_same_class(table: Any) -> None:
    cls = defined_record("local.drawn", table)
    assert defined_record("local.drawn", json.loads(json.dumps(table))) is cls
    assert defined_record("local.drawn", record_table(cls)) is cls
    assert defined_record("local.other", table) is not cls
    assert json.loads(json.dumps(record_table(cls))) == record_table(cls)


@given(tables)
@settings(max_examples=60)
def test_records_and_classes_survive_pickle_and_copy(table: Any) -> None:
    cls: Any = defined_record("local.drawn", table)
    record = cls()
    items = it.Items(cls, [record, record])
    ways: list[Callable[[Any], Any]] = [pickled, copy.copy, copy.deepcopy]
    for again in ways:
        assert again(record) == record
        assert type(again(record)) is cls
        assert again(cls) is cls
        assert again(items) == items


def test_another_order_of_fields_is_another_record() -> None:
    table = copy.deepcopy(TABLE)
    table["fields"] = dict(reversed(table["fields"].items()))
    other = defined_record("local.road", table)
    assert other is not road()
    assert list(it.record_type(other).fields) == list(reversed(TABLE["fields"]))


def test_reading_a_table_does_not_change_it() -> None:
    table = copy.deepcopy(TABLE)
    defined_record("local.road", table)
    assert table == TABLE


def test_a_pickled_record_is_read_by_a_process_that_has_not_read_its_table() -> None:
    record = road()(**GOOD)
    script = """
import pickle, sys
record, items = pickle.load(sys.stdin.buffer)
assert type(record) is items.record_class
pickle.dump((type(record).__name__, str(record.cost), record.surface, items), sys.stdout.buffer)
"""
    process = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script],
        input=pickle.dumps((record, it.Items(type(record), [record]))),
        capture_output=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr.decode()
    name, cost, surface, items = pickle.loads(process.stdout)  # noqa: S301 - our own bytes
    assert (name, cost, surface) == ("road", str(record.cost), "gravel")
    assert items == it.Items(type(record), [record])


# What is wrong


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"kind": "mony"}, ("unknown-kind", "kind")),
        ({"kind": None}, ("unknown-kind", "kind")),
        ({"kind": 7}, ("unknown-kind", "kind")),
        ({"kind": ["money"]}, ("unknown-kind", "kind")),
        ({"kind": {"money": 1}}, ("unknown-kind", "kind")),
        ({"kind": "Money"}, ("unknown-kind", "kind")),
        ({"title": ""}, ("bad-title", "title")),
        ({"title": 7}, ("bad-value", "title")),
        ({"title": {"fr": "x"}}, ("bad-value", "title")),
        ({"unit": "km"}, ("unknown-key", "unit")),
        ({"titel": "x"}, ("unknown-key", "titel")),
        ({"signed": "yes"}, ("bad-value", "signed")),
        ({"signed": 1}, ("bad-value", "signed")),
        ({"signed": True, "least": -1}, ("two-edges", "signed")),
        ({"kind": "count", "signed": True}, ("bad-value", "signed")),
        ({"kind": "flag", "signed": True}, ("bad-value", "signed")),
        ({"least": 6, "most": 5}, ("empty-range", "least")),
        ({"most": -1}, ("empty-range", "least")),
        ({"most": "x"}, ("not-exact", "most")),
        ({"most": True}, ("bad-value", "most")),
        ({"most": float("nan")}, ("not-exact", "most")),
        ({"most": "1e999999999"}, ("not-exact", "most")),
        ({"places": "2"}, ("bad-value", "places")),
        ({"places": -1}, ("bad-value", "places")),
        ({"places": 10**9}, ("bad-value", "places")),
        ({"doc": 7}, ("bad-value", "doc")),
        ({"kind": "choice"}, ("missing-key", "options")),
        ({"kind": "choice", "options": {}}, ("no-options", "options")),
        ({"kind": "choice", "options": ["a"]}, ("bad-value", "options")),
        ({"kind": "choice", "options": {"a": 7}}, ("bad-value", "options.a")),
        ({"kind": "text", "most": 7}, ("unknown-key", "most")),
    ],
)
def test_each_wrong_key_of_a_field_is_named(said: dict[str, Any], expected: tuple[str, str]) -> None:
    code, path = expected
    assert problems(field(**said)) == [(code, f"fields.a.{path}")]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (7, [("not-a-table", "")]),
        ([], [("not-a-table", "")]),
        ({"title": "T"}, [("empty-record", "fields")]),
        ({"title": "T", "fields": {}}, [("empty-record", "fields")]),
        ({"title": "T", "fields": ["a"]}, [("empty-record", "fields")]),
        ({"title": "T", "fields": {"a": "money"}}, [("not-a-table", "fields.a")]),
        ({"title": 7, **field(), "colour": "red"}, [("unknown-key", "colour")]),
        ({**field(), "title": 7}, [("bad-value", "title")]),
    ],
)
def test_each_wrong_place_of_a_record_is_named(table: Any, expected: list[tuple[str, str]]) -> None:
    assert problems(table) == expected


@pytest.mark.parametrize(
    "name",
    [
        *("", " a", "a b", "a-b", "1a", "a.b", "＿a", "_a", "_", "__init__", "__class__", "__slots__", "__reduce__"),
        *("class", "None", "lambda", "self", "ﬁ", "ａ", "records", "record_class", "given", "count_items"),
    ],
)
def test_a_name_that_formulas_or_line_items_cannot_use_is_refused(name: str) -> None:
    ((code, path),) = problems({"title": "T", "fields": {name: {"kind": "money", "title": "A"}}})
    assert code in ("bad-id", "reserved-name")
    assert path in (f"fields.{name}", name)


def test_a_key_that_is_no_text_is_refused() -> None:
    assert problems({"title": "T", "fields": {1: {"kind": "money", "title": "A"}}}) == [("bad-id", "fields.1")]


def test_every_problem_of_a_record_is_said_at_once() -> None:
    table = {
        "title": 7,
        "colour": "red",
        "fields": {
            "a": {"kind": "mony", "title": "A"},
            "b": {"kind": "money"},
            "c c": {"kind": "money", "title": "C", "most": "x", "colour": "red"},
            "d": 7,
        },
    }
    assert set(problems(table)) == {
        ("bad-value", "title"),
        ("unknown-key", "colour"),
        ("unknown-kind", "fields.a.kind"),
        ("missing-key", "fields.b.title"),
        ("bad-id", "fields.c c"),
        ("not-exact", "fields.c c.most"),
        ("unknown-key", "fields.c c.colour"),
        ("not-a-table", "fields.d"),
    }


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from([*KINDS, "1/0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "fields", "kind", "most", "least", "places", "options", "signed", "a", ""]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(_JUNK)
@settings(max_examples=100)
def test_junk_for_a_record_is_refused(junk: Any) -> None:
    with pytest.raises(StructureError):
        defined_record("local.junk", junk)


@given(st.sampled_from(["kind", "title", "most", "least", "places", "options", "signed", "doc", "unit"]), _JUNK)
@settings(max_examples=100)
def test_junk_in_a_field_is_refused_or_taken(key: str, junk: Any) -> None:
    try:
        cls = defined_record("local.junk", field(**{key: junk}))
    except StructureError as error:
        assert all(problem.path.startswith("fields.a") for problem in error.problems)  # noqa: PT017 - it may be none
        return
    assert defined_record("local.junk", record_table(cls)) is cls


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("class", 'no field is called "class"'),
        ("self", 'no field is called "self"'),
        ("a b", "expected a name of letters"),
        ("_a", "expected a name of letters"),
        ("ａ", "(write a)"),
    ],
)
def test_a_name_that_no_formula_keeps_is_told_why(name: str, said: str) -> None:
    with pytest.raises(StructureError) as caught:
        defined_record("local.road", {"title": "T", "fields": {name: {"kind": "money", "title": "A"}}})
    assert said in str(caught.value)


def test_a_kind_that_is_missing_is_not_guessed() -> None:
    with pytest.raises(StructureError, match="one of: choice, count, date, flag, money"):
        defined_record("local.road", {"title": "T", "fields": {"a": {"title": "A"}}})
