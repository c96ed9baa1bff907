"""Scheme files: written and read again, and everything wrong with one at once."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from indicatree.data import RecordShape
from strategies import Budget, demo_catalog, execution, judged_leaf, scheme_of, schemes

if TYPE_CHECKING:
    from pathlib import Path

CATALOG = demo_catalog()
SOME = settings(max_examples=25)


def read(table: Any) -> it.Scheme:
    return it.load_scheme(table, catalog=CATALOG)


def same(first: it.Scheme, second: it.Scheme) -> bool:
    return first == second and first.digest == second.digest


@given(schemes())
@SOME
def test_a_scheme_read_from_its_toml_is_the_same(scheme: it.Scheme) -> None:
    assert same(read(tomllib.loads(scheme.to_toml())), scheme)


@given(schemes())
@SOME
def test_a_scheme_read_from_its_json_is_the_same(scheme: it.Scheme) -> None:
    assert same(read(json.loads(json.dumps(scheme.to_dict()))), scheme)


@given(schemes())
@SOME
def test_a_scheme_written_twice_is_written_the_same(scheme: it.Scheme) -> None:
    assert read(scheme.to_dict()).to_toml() == scheme.to_toml()


@pytest.mark.parametrize("ending", ["toml", "json"])
def test_a_scheme_file_is_read_by_its_ending(tmp_path: Path, ending: str) -> None:
    scheme = scheme_of(it.Leaf(id="a", indicator=execution, points=5, rule=rules.Proportional()))
    path = tmp_path / f"scheme.{ending}"
    path.write_text(scheme.to_toml() if ending == "toml" else json.dumps(scheme.to_dict()), encoding="utf-8")
    assert same(read(path), scheme)
    assert same(read(str(path)), scheme)


@pytest.mark.parametrize(
    "scheme",
    [
        scheme_of(judged_leaf("a"), records={"budget": RecordShape(Budget), "budgets": RecordShape(Budget, many=True)}),
        scheme_of(judged_leaf("a", "1/4", lowest="-0.5", highest="2.25")),
        scheme_of(judged_leaf("a", title=it.Text(zh="只有中文"))),
        scheme_of(judged_leaf("a", title='"quoted"\n[table]')),
        it.Scheme(
            id="s",
            tiers=[it.TierNode(tier="input", groups=[it.Group(id="g", title="", indicators=[judged_leaf("a")])])],
        ),
        scheme_of(judged_leaf("a"), grades=[it.Grade("all", "", 0)]),
        scheme_of(judged_leaf("a", policies=it.Policies(missing="error"))),
        scheme_of(judged_leaf("a"), policies=it.Policies(missing="no_points", not_applicable="error")),
    ],
    ids=["records", "limits", "one-language", "quotes", "no-title", "grade", "policies", "whole"],
)
def test_a_scheme_with_something_rare_is_read_as_it_was(scheme: it.Scheme) -> None:
    assert same(read(tomllib.loads(scheme.to_toml())), scheme)


def test_groups_nest_as_deep_in_a_file_as_in_python() -> None:
    group = it.Group(id="inner", title="g", indicators=[judged_leaf("a")])
    for depth in range(20):
        group = it.Group(id=f"g{depth}", title="g", groups=[group])
    scheme = it.Scheme(id="s", tiers=[it.TierNode(tier="input", groups=[group])])
    assert same(read(tomllib.loads(scheme.to_toml())), scheme)


# What is wrong

GOOD: dict[str, Any] = {
    "format": 1,
    "id": "s",
    "tiers": [
        {
            "tier": "process",
            "groups": [
                {
                    "id": "g",
                    "title": "g",
                    "indicators": [
                        {
                            "id": "a",
                            "indicator": "demo.execution",
                            "points": 5,
                            "rule": {"kind": "bands", "bands": [{"at_least": 1, "points": 5}], "otherwise": 0},
                            "with": {"budget": "fund"},
                        },
                        {
                            "id": "b",
                            "indicator": "demo.tidy",
                            "points": "3",
                            "rule": {"kind": "checklist", "each": 1},
                            "policies": {"missing": "left_out"},
                        },
                    ],
                }
            ],
        }
    ],
    "grades": [{"id": "all", "title": "all", "at_least": "0%"}],
    "records": {"spare": "demo.staff", "works": ["demo.project"]},
}
LEAF = "process.g.a"


def problems(table: Any) -> list[tuple[str, str]]:
    with pytest.raises(it.SchemeError) as caught:
        read(table)
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path.removeprefix("scheme: ")) for problem in caught.value.problems]


def changed(place: tuple[Any, ...], value: Any) -> Any:
    """The good document with one place changed; None takes the key away."""
    table = copy.deepcopy(GOOD)
    inner: Any = table
    for step in place[:-1]:
        inner = inner[step]
    if value is None:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return table


AT_LEAF = ("tiers", 0, "groups", 0, "indicators", 0)


def test_the_good_document_is_good() -> None:
    scheme = read(GOOD)
    assert [path for path, _ in scheme.leaves()] == ["process.g.a", "process.g.b"]
    assert set(scheme.data_shape.records) == {"fund", "spare", "works"}


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (("format",), None, ("format", "format")),
        (("format",), 2, ("format", "format")),
        (("format",), "1", ("format", "format")),
        (("format",), True, ("format", "format")),
        (("id",), None, ("missing-key", "id")),
        (("id",), 7, ("bad-value", "id")),
        (("tiers",), None, ("missing-key", "tiers")),
        (("tiers",), {}, ("bad-value", "tiers")),
        (("tiers",), "process", ("bad-value", "tiers")),
        (("tears",), [], ("unknown-key", "tears")),
        (("precision",), "2", ("bad-value", "precision")),
        (("precision",), 2.5, ("bad-value", "precision")),
        (("rounding",), "up_half", ("bad-value", "rounding")),
        (("policies",), {"missing": "skip"}, ("bad-value", "policies.missing")),
        (("policies",), {"mising": "error"}, ("unknown-key", "policies.mising")),
        (("policies",), "error", ("bad-value", "policies")),
        (("aggregation",), "median", ("bad-value", "aggregation.combine")),
        (("aggregation",), {"combine": "sum", "weigths": {}}, ("unknown-key", "aggregation.weigths")),
        (("aggregation",), 7, ("bad-value", "aggregation")),
        (("records", "spare"), "demo.stuff", ("unknown-record", "records.spare")),
        (("records", "spare"), ["demo.stuff"], ("unknown-record", "records.spare")),
        (("records", "spare"), 7, ("bad-value", "records.spare")),
        (("records", "spare"), [], ("bad-value", "records.spare")),
        (("title",), {"fr": "titre"}, ("bad-value", "title")),
        (("title",), 7, ("bad-value", "title")),
        (("plugins",), {"a": "1"}, ("unknown-key", "plugins")),
        (("tiers", 0), "process", ("bad-value", "tiers[0]")),
        (("tiers", 0, "tier"), "proces", ("bad-value", "tiers[0].tier")),
        (("tiers", 0, "groups", 0, "id"), None, ("missing-key", "process.groups[0].id")),
        ((*AT_LEAF, "indicator"), "demo.executoin", ("unknown-indicator", f"{LEAF}.indicator")),
        ((*AT_LEAF, "indicator"), ["demo.execution"], ("bad-value", f"{LEAF}.indicator")),
        ((*AT_LEAF, "indicator"), None, ("missing-key", f"{LEAF}.indicator")),
        ((*AT_LEAF, "points"), None, ("missing-key", f"{LEAF}.points")),
        ((*AT_LEAF, "points"), True, ("bad-value", f"{LEAF}.points")),
        ((*AT_LEAF, "points"), float("nan"), ("not-exact", f"{LEAF}.points")),
        ((*AT_LEAF, "points"), "five", ("not-exact", f"{LEAF}.points")),
        ((*AT_LEAF, "bindings"), {}, ("unknown-key", f"{LEAF}.bindings")),
        ((*AT_LEAF, "with"), {"budget": 7}, ("bad-value", f"{LEAF}.with.budget")),
        ((*AT_LEAF, "rule"), "bands", ("not-a-table", f"{LEAF}.rule")),
        ((*AT_LEAF, "rule"), {}, ("missing-key", f"{LEAF}.rule.kind")),
        ((*AT_LEAF, "rule", "kind"), "bandz", ("unknown-rule", f"{LEAF}.rule.kind")),
        ((*AT_LEAF, "rule", "kind"), ["bands"], ("bad-value", f"{LEAF}.rule.kind")),
        ((*AT_LEAF, "rule", "otherwize"), 1, ("unknown-key", f"{LEAF}.rule.otherwize")),
        ((*AT_LEAF, "rule", "_steps"), [], ("unknown-key", f"{LEAF}.rule._steps")),
        ((*AT_LEAF, "rule", "bands"), None, ("missing-key", f"{LEAF}.rule.bands")),
        ((*AT_LEAF, "rule", "bands", 0, "points"), None, ("missing-key", f"{LEAF}.rule.bands[0].points")),
        ((*AT_LEAF, "rule", "bands", 0, "above"), 1, ("two-edges", f"{LEAF}.rule.bands[0]")),
        ((*AT_LEAF, "rule", "otherwise"), 6, ("points-beyond", "process.g.a.rule.otherwise")),
        (("points",), 9, ("points-do-not-add-up", "points")),
    ],
)
def test_each_wrong_place_is_named(place: tuple[Any, ...], value: Any, expected: tuple[str, str]) -> None:
    assert problems(changed(place, value)) == [expected]


COMPARED = {"kind": "comparison", "cases": [{"at_most": 0, "points": 5}], "otherwise": 0}


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ((*AT_LEAF, "with"), ["budget"], f"{LEAF}.with"),
        ((*AT_LEAF, "rule"), {**COMPARED, "against": ["demo.balance"]}, f"{LEAF}.rule.against"),
        ((*AT_LEAF[:-1], 1, "rule"), {"kind": "checklist", "items": [1, 2]}, "process.g.b.rule.items"),
        (("aggregation",), {"combine": "weighted_mean", "weights": [1]}, "aggregation.weights"),
        (("records",), ["demo.staff"], "records"),
    ],
)
def test_a_list_where_a_table_by_name_is_needed_is_said_to_be_one(
    place: tuple[Any, ...], value: Any, path: str
) -> None:
    with pytest.raises(it.SchemeError) as caught:
        read(changed(place, value))
    assert [str(problem) for problem in caught.value.problems] == [f"scheme: {path}: expected a table, got list"]


def test_a_misspelt_name_in_a_file_comes_with_the_right_one() -> None:
    for place, value, right in (
        ((*AT_LEAF, "indicator"), "demo.executoin", "demo.execution"),
        ((*AT_LEAF, "rule", "kind"), "bandz", "bands"),
        ((*AT_LEAF, "ruel"), {}, "rule"),
        ((*AT_LEAF, "wiht"), {}, "with"),
        (("rounding",), "half_upp", "half_up"),
    ):
        with pytest.raises(it.SchemeError, match=f'did you mean "{right}"'):
            read(changed(place, value))


def test_every_problem_of_a_file_is_said_at_once() -> None:
    table = changed(("format",), 3)
    leaves = table["tiers"][0]["groups"][0]["indicators"]
    leaves[0] |= {"indicator": "demo.nothing", "points": "many", "colour": "red"}
    leaves[1]["rule"] = {"kind": "checklist", "each": [], "item": 1}
    table |= {"rounding": "sideways", "grades": [{"id": "x"}]}
    other = "process.g.b"
    assert set(problems(table)) == {
        ("format", "format"),
        ("unknown-indicator", f"{LEAF}.indicator"),
        ("not-exact", f"{LEAF}.points"),
        ("unknown-key", f"{LEAF}.colour"),
        ("bad-value", f"{other}.rule.each"),
        ("unknown-key", f"{other}.rule.item"),
        ("bad-value", "rounding"),
        ("missing-key", "grade.x.title"),
        ("missing-key", "grade.x.at_least"),
    }


def test_the_path_of_a_problem_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("format = 1\nid = 7\ntiers = []\n", encoding="utf-8")
    with pytest.raises(it.SchemeError) as caught:
        read(path)
    assert [problem.path for problem in caught.value.problems] == [f"{path}: id"]


@pytest.mark.parametrize("content", [b"", b"[", b"\xff\xfe", b"format = 1", b"tiers = 7\nformat = 1", b"a = nan"])
@pytest.mark.parametrize("ending", ["toml", "json"])
def test_a_junk_file_is_a_scheme_error(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"junk.{ending}"
    path.write_bytes(content)
    with pytest.raises(it.SchemeError) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_a_scheme_error(tmp_path: Path) -> None:
    with pytest.raises(it.SchemeError, match="no such file"):
        read(tmp_path / "none.toml")


def test_a_document_that_nests_too_deep_is_a_scheme_error() -> None:
    deep: Any = {}
    for _ in range(2000):
        deep = {"groups": [deep]}
    with pytest.raises(it.SchemeError):
        read({"format": 1, "id": "s", "tiers": [deep]})


_KEYS = st.sampled_from(["id", "tier", "groups", "indicators", "points", "rule", "kind", "title", "with", "x", ""])
_PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["bands", "demo.execution", "process", "sum", "1/0", "1e999", "9" * 500])
)
JUNK = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=12
)
_PLACES = st.sampled_from(
    [
        *((key,) for key in (*GOOD, "title", "precision", "rounding", "policies", "aggregation", "points", "source")),
        ("tiers", 0),
        ("tiers", 0, "groups", 0),
        AT_LEAF,
        *((*AT_LEAF, key) for key in ("id", "indicator", "points", "rule", "with", "for_each", "combine", "policies")),
        *((*AT_LEAF, key) for key in ("title", "lowest", "highest", "assumption")),
        (*AT_LEAF, "rule", "kind"),
        (*AT_LEAF, "rule", "bands"),
        (*AT_LEAF, "rule", "bands", 0),
        (*AT_LEAF, "rule", "bands", 0, "points"),
        ("grades", 0),
        ("grades", 0, "at_least"),
        ("records", "spare"),
    ]
)


@given(st.dictionaries(st.sampled_from([*GOOD, "x"]), JUNK, max_size=5))
@SOME
def test_a_junk_document_is_a_scheme_error(document: dict[str, Any]) -> None:
    with pytest.raises(it.SchemeError):
        read(document)


@given(_PLACES, JUNK.filter(lambda junk: junk is not None))
@settings(max_examples=100)
def test_junk_in_one_place_is_a_scheme_error_or_a_scheme(place: tuple[Any, ...], junk: Any) -> None:
    table = changed(place, junk)
    try:
        scheme = read(table)
    except it.SchemeError:
        return
    assert same(read(scheme.to_dict()), scheme)


_HUGE: Any = 16**5000  # TOML writes it in hexadecimal digits; Python does not write it at all
_MORE_PLACES = st.sampled_from([(key,) for key in ("years", "define", "extends", "identities", "vetoes")])


@given(_PLACES | _MORE_PLACES, st.sampled_from(["{}", "[{}]", "table"]))
@settings(max_examples=150)
def test_a_huge_number_in_one_place_is_said_to_be_one(place: tuple[Any, ...], form: str) -> None:
    junk = {"{}": _HUGE, "[{}]": [_HUGE], "table": {"a": _HUGE}}[form]
    with pytest.raises(it.SchemeError) as caught:
        read(changed(place, junk))
    assert not re.search("4300|attribute", str(caught.value))


def test_a_scheme_knows_the_plugins_that_it_needs() -> None:
    scheme = read(GOOD)
    assert set(scheme.plugins) == {"DemoPlugin", "indicatree"}


def test_a_scheme_does_not_depend_on_the_order_of_keys() -> None:
    table = dict(reversed(GOOD.items()))
    assert same(read(table), read(GOOD))


def test_reading_does_not_change_what_was_read() -> None:
    table = copy.deepcopy(GOOD)
    read(table)
    assert table == GOOD
