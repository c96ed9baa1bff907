"""What is wrong with a scheme file is said in Chinese and in English, with the same facts in both."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import pytest

import indicatree as it
from indicatree import rules
from strategies import demo_catalog, execution, scheme_of

if TYPE_CHECKING:
    from pathlib import Path

DEMO = demo_catalog()
CHINESE = re.compile("[\u4e00-\u9fff]")
SMALL = scheme_of(it.Leaf(id="execution", indicator=execution, points=10, rule=rules.Proportional()))
FACTS = re.compile(r'"[^"]*"|\d+')


def said_alike(text: it.Text) -> None:
    """Words in each language, in that language only, about the same things."""
    assert CHINESE.search(text.zh), text
    assert not CHINESE.search(text.en), text
    assert sorted(FACTS.findall(text.zh)) == sorted(FACTS.findall(text.en))


def told(problem: it.Problem) -> None:
    said_alike(problem.message)
    if problem.fix.zh != problem.fix.en:  # code is the same in both
        said_alike(problem.fix)


def field(**said: Any) -> dict[str, Any]:
    whole = {"kind": "money", "title": "已建", **said}
    record = {"title": "道路", "fields": {"built": {key: value for key, value in whole.items() if value is not None}}}
    return {"define": {"records": {"local.road": record}}}


def record(fields: Any) -> dict[str, Any]:
    return {"define": {"records": {"local.road": {"title": "道路", "fields": fields}}}}


def indicator(**said: Any) -> dict[str, Any]:
    whole = {"title": "已建", "tier": "output", "measure": "survey.rate", **said}
    return {"define": {"indicators": {"local.built": whole}}}


def leaf(**said: Any) -> dict[str, Any]:
    table = copy.deepcopy(SMALL.to_dict())
    tier = next(tier for tier in table["tiers"] if "groups" in tier)
    tier["groups"][0]["indicators"][0] |= said
    return {"tiers": table["tiers"]}


ON_BASE: dict[str, Any] = {
    "two-trees": {"tiers": []},
    "no-list": {"remove": "input"},
    "no-node": {"remove": ["process.group.exec"]},
    "no-table": {"replace": []},
    "nothing-replaced": {"replace": {"process.group": 3}},
    "fixed": {"replace": {"process.group": {"id": "other"}}},
    "unknown": {"replace": {"process.group": {"titel": "x"}}},
    "no-addition": {"add": ["x"]},
    "unknown-key": {"add": [{"to": "process.group", "too": 1, "indicators": [{"id": "x"}]}]},
    "no-place": {"add": [{"indicators": []}]},
    "a-leaf": {"add": [{"to": "process.group.execution", "indicators": [{}]}]},
    "adds-nothing": {"add": [{"to": "process.group"}]},
    "no-sibling": {"add": [{"to": "process.group", "before": "x", "indicators": [{"id": "x"}]}]},
}

BY_ITSELF: dict[str, Any] = {
    "no-format": {"format": None},
    "format": {"format": 7},
    "data": {"data": {}},
    "no-base": {"remove": []},
    "extends": {"extends": 7},
    "no-file": {"extends": "./none.toml"},
    "no-years": {"years": "2020/2021"},
    "years-turned-round": {"years": "2021-2020"},
    "no-indicator": leaf(indicator=3),
    "unknown-indicator": leaf(indicator="demo.x"),
    "no-kind": leaf(rule={}),
    "no-name": leaf(rule={"kind": 3}),
    "no-rule": leaf(rule=3),
    "unknown-rule": leaf(rule={"kind": "band"}),
    "record-name": {"records": {"budget": 7}},
    "record": {"records": {"budget": "demo.none"}},
    "definitions": {"define": {"records": []}},
    "taken": {"define": {"records": {"demo.budget": {"title": "x", "fields": {"a": {"kind": "money", "title": "x"}}}}}},
    "no-record": indicator(),
    "named-record": indicator(records={"survey": "local.none"}),
    "no-fields": record({}),
    "field-name": record({"9a": {"kind": "money", "title": "已建"}}),
    "reserved": record({"self": {"kind": "money", "title": "已建"}}),
    "wide": record({"ａ": {"kind": "money", "title": "已建"}}),
    "no-field": record({"a": 7}),
    "field-kind": field(kind="cash"),
    "field-without-kind": field(kind=None),
    "signed": field(kind="count", signed=True),
    "signed-and-least": field(signed=True, least=0),
    "field-title": field(title=None),
    "no-options": field(kind="choice"),
    "places": field(kind="number", places=13),
    "range": field(least=3, most=2),
}


def problems(said: dict[str, Any]) -> tuple[it.Problem, ...]:
    document = {**copy.deepcopy(SMALL.to_dict()), **copy.deepcopy(said)}
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme({key: value for key, value in document.items() if value is not None}, catalog=DEMO)
    return caught.value.problems


@pytest.mark.parametrize("said", BY_ITSELF.values(), ids=BY_ITSELF)
def test_what_is_wrong_with_a_file_is_said_in_both_languages(said: dict[str, Any]) -> None:
    for problem in problems(said):
        told(problem)


@pytest.mark.parametrize("said", ON_BASE.values(), ids=ON_BASE)
def test_what_is_wrong_with_amendments_is_said_in_both_languages(said: dict[str, Any], tmp_path: Path) -> None:
    base = tmp_path / "base.toml"
    base.write_text(SMALL.to_toml(), encoding="utf-8")
    whole = {"format": 1, "id": "own", "extends": str(base)}
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme({**whole, **copy.deepcopy(said)}, catalog=DEMO)
    for problem in caught.value.problems:
        told(problem)


def test_a_veto_of_no_indicator_is_refused_in_both_languages() -> None:
    with pytest.raises(it.DeclarationError) as caught:
        it.Veto(id="fraud", title="x", indicator=3, points=0)  # type: ignore[arg-type]
    told(caught.value.problems[0])
