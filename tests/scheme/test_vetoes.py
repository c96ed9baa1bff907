"""Vetoes of a scheme: what is wrong with one, and how files hold them."""

from __future__ import annotations

import copy
import json
import tomllib
from typing import Any

import attrs
import pytest

import indicatree as it
from indicatree import rules
from strategies import (
    Staff,
    balance,
    demo_catalog,
    execution,
    judged,
    judged_leaf,
    scheme_of,
    staffing,
    tidy,
)

CATALOG = demo_catalog()
ABOVE = rules.Limits(above=0)


def veto(**more: Any) -> it.Veto:
    whole: dict[str, Any] = {"id": "late", "title": "late", "points": 59}
    return it.Veto(**(whole | more))


def problems(*vetoes: it.Veto, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(it.SchemeError) as caught:
        scheme_of(judged_leaf("a", 100), vetoes=vetoes, **more)
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": "Late"}, [("bad-id", "veto.Late")]),
        ({"id": "a b"}, [("bad-id", "veto.a b")]),
        ({"id": ""}, [("bad-id", "veto.")]),
        ({"points": None}, [("no-cap", "veto.late")]),
        ({"grade": "fine"}, [("unknown-grade", "veto.late.grade")]),
        ({"points": -1}, [("bad-points", "veto.late.points")]),
        ({"points": "59.999"}, [("bad-points", "veto.late.points")]),
        ({"when": ABOVE}, [("no-indicator", "veto.late")]),
        ({"bindings": {"budget": "fund"}}, [("no-indicator", "veto.late")]),
        ({"indicator": judged, "when": ABOVE}, [("not-measured", "veto.late.indicator")]),
        ({"indicator": tidy, "when": ABOVE}, [("not-measured", "veto.late.indicator")]),
        ({"indicator": balance}, [("no-limit", "veto.late.when")]),
        ({"indicator": balance, "when": rules.Limits()}, [("no-limit", "veto.late.when")]),
        ({"indicator": balance, "when": rules.Limits(above=1, at_least=1)}, [("two-edges", "veto.late.when")]),
        ({"indicator": balance, "when": rules.Limits(above=1, below=1)}, [("empty-range", "veto.late.when")]),
        (
            {"indicator": balance, "when": ABOVE, "bindings": {"budgte": "fund"}},
            [("bad-binding", "veto.late.with.budgte")],
        ),
        (
            {"id": "Late", "points": "-0.001", "grade": "fine", "when": ABOVE},
            [
                ("bad-id", "veto.Late"),
                ("unknown-grade", "veto.Late.grade"),
                ("bad-points", "veto.Late.points"),
                ("bad-points", "veto.Late.points"),
                ("no-indicator", "veto.Late"),
            ],
        ),
    ],
)
def test_each_problem_of_a_veto_is_named(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert problems(veto(**changes)) == expected


@pytest.mark.parametrize("name", ["late", "other"])
def test_two_vetoes_of_one_id_are_told_once(name: str) -> None:
    expected = [("same-id", f"veto.{name}")]
    assert problems(veto(id=name), veto(id="between"), veto(id=name, points=1)) == expected


def test_a_misspelt_grade_or_parameter_comes_with_the_right_one() -> None:
    with pytest.raises(it.SchemeError, match='did you mean "good"'):
        scheme_of(judged_leaf("a"), vetoes=[veto(grade="goood")])
    with pytest.raises(it.SchemeError, match='did you mean "budget"'):
        scheme_of(judged_leaf("a"), vetoes=[veto(indicator=balance, when=ABOVE, bindings={"budgte": "fund"})])


def test_the_grade_of_a_veto_is_one_of_the_schemes_own() -> None:
    grades = [it.Grade("pass", "pass", "60%"), it.Grade("fail", "fail", 0)]
    assert scheme_of(judged_leaf("a"), vetoes=[veto(grade="fail")], grades=grades)
    assert problems(veto(grade="poor"), grades=grades) == [("unknown-grade", "veto.late.grade")]


@pytest.mark.parametrize("precision", [0, 2, 5])
def test_the_points_of_a_veto_have_the_places_of_the_scheme(precision: int) -> None:
    fine, finer = "0." + "0" * (precision - 1) + "1" if precision else "1", "0." + "0" * precision + "1"
    assert scheme_of(judged_leaf("a"), vetoes=[veto(points=fine)], precision=precision)
    assert problems(veto(points=finer), precision=precision) == [("bad-points", "veto.late.points")]


@pytest.mark.parametrize("indicator", [balance.function, "demo.balance", it.Indicator])
def test_what_is_no_indicator_is_refused(indicator: Any) -> None:
    with pytest.raises(it.DeclarationError) as caught:
        veto(indicator=indicator, when=ABOVE)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [("not-an-indicator", "indicator")]


def test_two_records_under_one_name_are_refused_also_between_a_leaf_and_a_veto() -> None:
    measured = veto(indicator=balance, when=ABOVE, bindings={"budget": "staff"})
    leaf = it.Leaf(id="b", indicator=staffing, points=0)
    with pytest.raises(it.SchemeError) as caught:
        scheme_of(leaf, vetoes=[measured])
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [("two-records", "veto.late")]


def test_a_veto_says_what_data_it_takes() -> None:
    scheme = scheme_of(
        judged_leaf("a"),
        vetoes=[
            veto(id="said"),
            veto(id="measured", indicator=staffing, when=ABOVE, bindings={"staff": "leaders"}),
        ],
    )
    shape = scheme.data_shape
    assert {name: one.record_class for name, one in shape.records.items()} == {"leaders": Staff}
    assert set(shape.judgements) == {"process.group.a", "veto.said"}
    assert shape.judgements["veto.said"].optional
    assert list(shape.judgements["veto.said"].items or ()) == ["applies"]
    assert shape.leaves == {"process.group.a", "veto.said", "veto.measured"}


# Files


WHOLE = [
    veto(),
    veto(id="other", title=it.Text(zh="违规", en="violation"), grade="poor", points=None, assumption="assumed"),
    veto(id="measured", indicator=execution, when=rules.Limits(at_least="1/3", below="50%"), points="0.5"),
    veto(id="bound", indicator=balance, when=rules.Limits(exactly=0), bindings={"budget": "fund"}, title=""),
]


def read(table: Any) -> it.Scheme:
    return it.load_scheme(table, catalog=CATALOG)


@pytest.mark.parametrize("how", ["toml", "json"])
def test_vetoes_are_read_as_they_were_written(how: str) -> None:
    scheme = scheme_of(judged_leaf("a", 100), vetoes=WHOLE)
    table = tomllib.loads(scheme.to_toml()) if how == "toml" else json.loads(json.dumps(scheme.to_dict()))
    again = read(table)
    assert again.vetoes == tuple(WHOLE)
    assert again == scheme
    assert again.digest == scheme.digest


def test_a_veto_is_written_as_a_person_would_write_it() -> None:
    table = scheme_of(judged_leaf("a", 100), vetoes=WHOLE).to_dict()
    assert table["vetoes"][2:] == [
        {
            "id": "measured",
            "title": {"zh": "late", "en": "late"},
            "indicator": "demo.execution",
            "when": {"at_least": "1/3", "below": "0.5"},
            "points": "0.5",
        },
        {
            "id": "bound",
            "indicator": "demo.balance",
            "with": {"budget": "fund"},
            "when": {"exactly": 0},
            "points": 59,
        },
    ]
    assert "vetoes" not in scheme_of(judged_leaf("a")).to_dict()


def test_the_digest_tells_vetoes_apart() -> None:
    schemes_of = [scheme_of(judged_leaf("a", 100), vetoes=vetoes) for vetoes in ([], WHOLE[:1], WHOLE[:2], WHOLE[1:])]
    assert len({scheme.digest for scheme in schemes_of}) == len(schemes_of)


def test_the_plugin_of_a_vetos_indicator_is_one_of_the_schemes() -> None:
    table = scheme_of(judged_leaf("a", 100), vetoes=WHOLE).to_dict()
    table["tiers"][1]["groups"][0]["indicators"] = [{"id": "a", "indicator": "demo.judged", "points": 0}]
    assert "DemoPlugin" in read(table).plugins


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"id": None}, "missing-key", "vetoes[2].id"),
        ({"indicator": "demo.executoin"}, "unknown-indicator", "veto.measured.indicator"),
        ({"indicator": 7}, "bad-value", "veto.measured.indicator"),
        ({"when": {"atleast": 1}}, "unknown-key", "veto.measured.when.atleast"),
        ({"when": {"at_least": "much"}}, "not-exact", "veto.measured.when.at_least"),
        ({"when": 7}, "bad-value", "veto.measured.when"),
        ({"points": "many"}, "not-exact", "veto.measured.points"),
        ({"grade": 7}, "bad-value", "veto.measured.grade"),
        ({"bindings": {}}, "unknown-key", "veto.measured.bindings"),
        ({"with": {"budget": 7}}, "bad-value", "veto.measured.with.budget"),
        ({"with": {"budgte": "fund"}}, "bad-binding", "veto.measured.with.budgte"),
        ({"when": {}}, "no-limit", "veto.measured.when"),
        ({"grade": "fine"}, "unknown-grade", "veto.measured.grade"),
    ],
)
def test_each_wrong_place_of_a_veto_in_a_file_is_named(changes: dict[str, Any], code: str, path: str) -> None:
    table = copy.deepcopy(scheme_of(judged_leaf("a", 100), vetoes=WHOLE).to_dict())
    for key, value in changes.items():
        if value is None:
            del table["vetoes"][2][key]
        else:
            table["vetoes"][2][key] = value
    with pytest.raises(it.SchemeError) as caught:
        read(table)
    assert [(problem.code, problem.path.removeprefix("scheme: ")) for problem in caught.value.problems] == [
        (code, path)
    ]


def test_a_veto_does_not_change() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        veto().points = it.exact(60)  # type: ignore[misc]
