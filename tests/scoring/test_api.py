"""Scoring in one call: what it takes, what it refuses, and many units at once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from indicatree.data import RecordShape
from strategies import (
    Budget,
    Project,
    Staff,
    all_projects,
    demo_catalog,
    execution,
    judged_leaf,
    scheme_of,
    schemes,
    unit_data,
)

if TYPE_CHECKING:
    from pathlib import Path

PATH = "process.group.a"
SCHEME = scheme_of(it.Leaf(id="a", indicator=execution, points=5, rule=rules.Proportional()))
GOOD: dict[str, Any] = {"budget": Budget(planned=100, spent=50)}
FILE: dict[str, Any] = {
    "format": 1,
    "unit": {"name": "甲局", "amounts_in": "10000 yuan"},
    "data": {"budget": {"planned": "0.01", "spent": {"value": "0.005", "at": "page 2"}}},
}


def problem_of(scheme: Any, data: Any, **more: Any) -> it.Problem:
    with pytest.raises(it.DataError) as caught:
        it.score(scheme, data, **more)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        it.UnitData(records=GOOD),
        {"budget": {"planned": 100, "spent": "50.00"}},
        {"budget": {"planned": 100, "spent": {"value": 50, "assumed": True, "why": "by rate"}}},
        FILE,
    ],
    ids=["records", "unit", "tables", "notes", "file"],
)
def test_data_is_taken_in_every_form(data: Any) -> None:
    card = it.score(SCHEME, data)
    assert card.total == 2.5
    assert card[PATH].value == it.exact("50%")


@pytest.mark.parametrize("ending", ["json", "toml"])
def test_files_are_taken_as_data_and_as_scheme(tmp_path: Path, ending: str) -> None:
    data, scheme = tmp_path / f"data.{ending}", tmp_path / f"scheme.{ending}"
    if ending == "json":
        data.write_text(json.dumps(FILE), encoding="utf-8")
        scheme.write_text(json.dumps(SCHEME.to_dict()), encoding="utf-8")
    else:
        table = 'format = 1\n[unit]\nname = "甲局"\n[data.budget]\nplanned = 100\nspent = 50.00\n'
        data.write_text(table, encoding="utf-8")
        scheme.write_text(SCHEME.to_toml(), encoding="utf-8")
    for path in (scheme, str(scheme)):
        for unit in (data, str(data)):
            card = it.score(path, unit, catalog=demo_catalog())
            assert card.total == 2.5
            assert (card.unit, card.digest) == ("甲局", SCHEME.digest)
    assert it.load(data, SCHEME).unit.name == "甲局"
    assert it.load(data, it.prepare(SCHEME)).records == it.load(str(data), SCHEME).records


def test_a_record_of_the_wrong_class_is_refused() -> None:
    problem = problem_of(SCHEME, {"budget": Staff(posts=1)})
    assert (problem.code, problem.path) == ("wrong-record", "data.budget")
    assert "demo.budget" in problem.message["en"]
    assert "demo.staff" in problem.message["en"]
    assert problem_of(SCHEME, it.UnitData(records={"budget": Staff(posts=1)})).code == "wrong-record"


def test_an_unknown_record_is_refused_with_the_nearest_name() -> None:
    for data in ({"budgte": Budget()}, it.UnitData(records={"budgte": Budget()})):
        problem = problem_of(SCHEME, data)
        assert (problem.code, problem.path) == ("unknown-key", "data.budgte")
        assert problem.fix["en"] == 'did you mean "budget"?'


def test_line_items_in_place_of_a_record_are_refused() -> None:
    for data in ({"budget": it.Items(Budget, [])}, it.UnitData(records={"budget": it.Items(Budget, [])})):
        assert problem_of(SCHEME, data).code == "wrong-record"


@pytest.mark.parametrize("value", [None, 7, "x", [], [Budget()], {"planned": "many"}, {"planed": 1}, {"planned": {}}])
def test_plain_data_of_the_wrong_shape_is_refused_at_its_path(value: Any) -> None:
    assert problem_of(SCHEME, {"budget": value}).path.startswith("data.budget")


def test_every_problem_of_the_data_is_said_at_once() -> None:
    with pytest.raises(it.DataError) as caught:
        it.score(SCHEME, {"budget": {"planned": -1, "spent": "x", "other": 1}, "fund": {}})
    assert {problem.path for problem in caught.value.problems} == {
        "data.budget.planned",
        "data.budget.spent",
        "data.budget.other",
        "data.fund",
    }


@pytest.mark.parametrize("table", ["judgement", "not_applicable"])
def test_an_unknown_leaf_is_refused(table: str) -> None:
    said: dict[str, Any] = {
        "judgement": {"process.group.x": it.Judgement(share=1, reason="r", evidence="e")},
        "not_applicable": {"process.group.x": "no such work"},
    }
    problem = problem_of(SCHEME, attrs.evolve(it.UnitData(records=GOOD), **{table: said[table]}))
    assert (problem.code, problem.path) == ("unknown-key", f"{table}.process.group.x")


def test_a_judgement_of_a_measured_leaf_is_refused() -> None:
    said = it.Judgement(share=1, reason="r", evidence="e")
    problem = problem_of(SCHEME, it.UnitData(records=GOOD, judgement={PATH: said}))
    assert problem.path == f"judgement.{PATH}"


def test_a_judgement_of_the_wrong_kind_is_refused() -> None:
    scheme = scheme_of(judged_leaf("a"))
    said = it.Judgement(items={"whole": True}, reason="r", evidence="e")
    problem = problem_of(scheme, it.UnitData(judgement={PATH: said}))
    assert problem.path.startswith(f"judgement.{PATH}")


def test_a_record_that_the_scheme_only_allows_may_be_given() -> None:
    scheme = attrs.evolve(SCHEME, records={"staff": RecordShape(Staff)})
    assert it.score(scheme, {**GOOD, "staff": Staff(posts=1)}).total == 2.5


def test_a_record_may_have_any_name_also_that_of_a_key_of_files() -> None:
    leaf = it.Leaf(id="a", indicator=execution, points=5, rule=rules.Proportional(), bindings={"budget": "format"})
    assert it.score(scheme_of(leaf), {"format": GOOD["budget"]}).total == 2.5


def test_scoring_does_not_change_the_data() -> None:
    data = {"budget": {"planned": 100, "spent": 50}}
    it.score(SCHEME, data)
    assert data == {"budget": {"planned": 100, "spent": 50}}


# Many units


BAD: list[Any] = [{"budget": Staff()}, {"budget": Budget(planned=1)}, {"budget": {"planned": "x"}}, {"x": 1}]


@pytest.mark.parametrize("bad", BAD)
def test_the_first_unit_that_cannot_be_scored_stops_the_rest(bad: Any) -> None:
    cards = it.score_many(SCHEME, [GOOD, bad, GOOD])
    assert isinstance(next(cards), it.Scorecard)
    with pytest.raises(it.IndicatreeError):
        next(cards)


def test_errors_can_be_recorded_in_their_place() -> None:
    found = list(it.score_many(SCHEME, [GOOD, *BAD, GOOD], on_error="record"))
    assert [isinstance(card, it.Scorecard) for card in found] == [True, False, False, False, False, True]
    assert [type(error) for error in found[1:5]] == [it.DataError, it.ScoringError, it.DataError, it.DataError]
    assert found[0] == found[-1]


def test_many_units_are_scored_as_they_come() -> None:
    seen = []

    def units() -> Any:
        for spent in range(3):
            seen.append(spent)
            yield {"budget": Budget(planned=2, spent=spent)}

    cards = it.score_many(SCHEME, units())
    assert seen == []
    first = next(cards)
    assert isinstance(first, it.Scorecard)
    assert first.total == 0
    assert seen == [0]
    assert len(list(cards)) == 2


def test_a_file_is_a_unit_of_many_as_it_is_of_one(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(FILE), encoding="utf-8")
    units: list[Any] = [path, str(path), FILE]
    assert [card.total for card in it.score_many(SCHEME, units) if isinstance(card, it.Scorecard)] == [2.5] * 3


def test_a_word_that_on_error_does_not_know_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="ignore"):
        it.score_many(SCHEME, [], on_error="ignore")


@given(st.data())
@settings(max_examples=25)
def test_many_units_score_as_each_alone(data: st.DataObject) -> None:
    scheme = data.draw(schemes())
    units = [data.draw(unit_data(scheme)) for _ in range(3)]
    assert list(it.score_many(scheme, units)) == [it.score(scheme, unit) for unit in units]


# Prepared schemes


def test_a_scheme_is_prepared_once() -> None:
    assert it.prepare(SCHEME) is it.prepare(SCHEME)
    assert it.score(it.prepare(SCHEME), GOOD) == it.score(SCHEME, GOOD)


def test_many_schemes_can_be_prepared_one_after_another() -> None:
    for points in range(1, 200):
        leaf = it.Leaf(id="a", indicator=execution, points=points, rule=rules.Proportional())
        assert it.score(scheme_of(leaf), GOOD).points == points


@given(st.data())
@settings(max_examples=5)
def test_threads_may_share_one_scorer(data: st.DataObject) -> None:
    scheme = data.draw(schemes())
    units = [data.draw(unit_data(scheme)) for _ in range(6)] * 5
    scorer = it.Scorer(scheme)
    alone = [it.Scorer(scheme).score(unit).to_json() for unit in units]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda unit: scorer.score(unit).to_json(), units)) == alone


def test_a_scheme_that_no_plugin_has_is_a_catalog_error() -> None:
    with pytest.raises(it.CatalogError, match="no-such-scheme"):
        it.score("no-such-scheme", GOOD, catalog=demo_catalog())


def test_items_are_read_from_plain_tables() -> None:
    scheme = scheme_of(it.Leaf(id="a", indicator=all_projects, points=4, rule=rules.Proportional()))
    plain = {"projects": [{"planned": 1, "spent": 1}, {"planned": 3, "spent": 1}]}
    items = it.Items(Project, [Project(planned=1, spent=1), Project(planned=3, spent=1)])
    assert it.score(scheme, plain)[PATH] != it.score(scheme, plain).root
    assert it.score(scheme, plain).total == it.score(scheme, {"projects": items}).total == 2
