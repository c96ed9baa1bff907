"""Schemes that define their records and indicators themselves: the same as with a plugin, and as they were read."""

from __future__ import annotations

import copy
import json
import pickle
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields
from indicatree.data import RecordShape
from strategies import demo_catalog

if TYPE_CHECKING:
    from pathlib import Path

NONE = it.Catalog(discover=False)
DEMO = demo_catalog()

SOURCE = """
format = 1
id = "village-roads"
title = { zh = "村道", en = "Village roads" }
policies = { missing = "left_out", undefined = "no_points" }
records = { plan = "local.road", works = ["local.work"] }

[define.records."local.road"]
title = { zh = "道路", en = "Roads" }
fields.planned = { kind = "money", title = { zh = "计划投资", en = "planned" } }
fields.spent = { kind = "money", title = { zh = "完成投资", en = "spent" }, signed = true }
fields.inspected = { kind = "flag", title = { zh = "已验收", en = "inspected" } }
fields.surface = { kind = "choice", title = { zh = "路面", en = "surface" }, options = { tar = "Tar", mud = "Mud" } }

[define.records."local.work"]
title = { zh = "工程", en = "Works" }
fields.length = { kind = "number", title = { zh = "长度", en = "length" }, unit = { zh = "公里", en = "km" } }
fields.done = { kind = "flag", title = { zh = "完工", en = "done" } }

[define.indicators."local.execution"]
tier = "process"
title = { zh = "投资完成率", en = "Execution" }
measure = "road.spent / road.planned"
applies = "road.planned > 0 or road.inspected"
better = "more"

[define.indicators."local.savings"]
tier = "process"
title = { zh = "节约", en = "Savings" }
measure = "maximum(plan.planned - plan.spent, 0) if plan.surface == 'tar' else 0"
unit = { id = "yuan", title = { zh = " 元", en = " yuan" } }

[define.indicators."local.built"]
tier = "output"
title = { zh = "完工里程占比", en = "Share built" }
measure = "total(works.length, where=works.done) / total(works.length)"

[define.indicators."local.tidy"]
tier = "output"
title = { zh = "档案完整", en = "Tidy files" }
items = { plan = "Plan", photos = { zh = "照片", en = "Photos" } }

[define.indicators."local.content"]
tier = "effect"
title = { zh = "群众满意度", en = "Contentment" }

[[tiers]]
tier = "process"
[[tiers.groups]]
id = "money"
title = { zh = "资金", en = "Money" }
[[tiers.groups.indicators]]
id = "execution"
indicator = "local.execution"
points = 10
rule = { kind = "proportional", target = "100%" }
[[tiers.groups.indicators]]
id = "savings"
indicator = "local.savings"
points = 5
rule = { kind = "all_or_nothing", at_least = 1 }

[[tiers]]
tier = "output"
[[tiers.groups]]
id = "roads"
title = { zh = "道路", en = "Roads" }
[[tiers.groups.indicators]]
id = "built"
indicator = "local.built"
points = 10
rule = { kind = "bands", bands = [{ at_least = 1, points = 10 }, { below = 1, points = 5 }], otherwise = 0 }
[[tiers.groups.indicators]]
id = "tidy"
indicator = "local.tidy"
points = 4
rule = { kind = "checklist", each = 2 }

[[tiers]]
tier = "effect"
[[tiers.groups]]
id = "people"
title = { zh = "群众", en = "People" }
[[tiers.groups.indicators]]
id = "content"
indicator = "local.content"
points = 6
rule = { kind = "graded" }
"""
DOCUMENT: dict[str, Any] = tomllib.loads(SOURCE)


def read(document: Any, catalog: it.Catalog = NONE) -> it.Scheme:
    return it.load_scheme(document, catalog=catalog)


def changed(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The document with one place set; None takes the key away."""
    document = copy.deepcopy(DOCUMENT)
    inner: Any = document
    for step in place[:-1]:
        inner = inner.setdefault(step, {}) if isinstance(inner, dict) else inner[step]
    if value is None:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return document


def problems(document: Any, catalog: it.Catalog = NONE) -> list[tuple[str, str]]:
    with pytest.raises(it.SchemeError) as caught:
        read(document, catalog)
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path.removeprefix("scheme: ")) for problem in caught.value.problems]


# The same in Python


@it.record("local.road", title=it.Text(zh="道路", en="Roads"))
class Road:
    planned: fields.Money = fields.money("计划投资", "planned")
    spent: fields.Money = fields.money("完成投资", "spent", signed=True)
    inspected: fields.Flag = fields.flag("已验收", "inspected")
    surface: fields.Choice = fields.choice("路面", "surface", {"tar": it.Text.of("Tar"), "mud": it.Text.of("Mud")})


@it.record("local.work", title=it.Text(zh="工程", en="Works"))
class Work:
    length: fields.Number = fields.number("长度", "length", unit=it.Text(zh="公里", en="km"))
    done: fields.Flag = fields.flag("完工", "done")


@it.indicator(
    "local.execution",
    tier=it.Tier.PROCESS,
    title=it.Text(zh="投资完成率", en="Execution"),
    better=it.MORE,
    definition="",
    applies=lambda road: it.any_of(road.planned > 0, road.inspected),
)
def execution(road: Road) -> Any:
    return road.spent / road.planned


@it.indicator(
    "local.savings",
    tier=it.Tier.PROCESS,
    title=it.Text(zh="节约", en="Savings"),
    definition="",
    unit=it.MeasureUnit("yuan", it.Text(zh=" 元", en=" yuan")),
)
def savings(plan: Road) -> Any:
    return it.where(it.equal(plan.surface, "tar"), it.maximum(plan.planned - plan.spent, 0), 0)


@it.indicator("local.built", tier=it.Tier.OUTPUT, title=it.Text(zh="完工里程占比", en="Share built"), definition="")
def built(works: it.Items[Work]) -> Any:
    return it.total(works.length, where=works.done) / it.total(works.length)


tidy = it.checklist(
    "local.tidy",
    tier=it.Tier.OUTPUT,
    title=it.Text(zh="档案完整", en="Tidy files"),
    items={"plan": it.Text.of("Plan"), "photos": it.Text(zh="照片", en="Photos")},
)
content = it.graded("local.content", tier=it.Tier.EFFECT, title=it.Text(zh="群众满意度", en="Contentment"))


class Plugin:
    INDICATREE_CONTRACT = 1

    @it.hookimpl
    def indicatree_indicators(self) -> list[it.Indicator]:
        return [execution, savings, built, tidy, content]


PYTHON = it.Catalog(plugins=[Plugin()], strict=True)

DEFINED = read(DOCUMENT)
OF_PLUGIN = read({key: value for key, value in DOCUMENT.items() if key != "define"}, PYTHON)

_AMOUNT = st.sampled_from([None, 0, 1, 50, 99, 100]) | st.integers(0, 200)
_ROAD = st.fixed_dictionaries(
    {},
    optional={
        "planned": _AMOUNT.filter(lambda amount: amount is not None),
        "spent": st.integers(-50, 200),
        "inspected": st.booleans(),
        "surface": st.sampled_from(["tar", "mud"]),
    },
)
_WORK = st.fixed_dictionaries({"length": st.sampled_from(["0", "1.5", "4", "0.25"]), "done": st.booleans()})
_WORDS = {"reason": "seen", "evidence": "ledger"}


@st.composite
def data(draw: st.DrawFn) -> dict[str, Any]:
    """A data file for the scheme, whether by definitions or by a plugin."""
    held = {"road": _ROAD, "plan": _ROAD, "works": st.lists(_WORK, max_size=3)}
    document: dict[str, Any] = {
        "format": 1,
        "unit": {"name": "甲村", "amounts_in": draw(st.sampled_from(["元", "万元"]))},
        "data": {name: draw(some) for name, some in held.items() if draw(st.integers(0, 9))},
    }
    judged = {
        "output.roads.tidy": {"items": {"plan": draw(st.booleans()), "photos": True}, **_WORDS},
        "effect.people.content": {"share": draw(st.sampled_from(["80%", "1", "0"])), **_WORDS},
    }
    document["judgement"] = {path: said for path, said in judged.items() if draw(st.integers(0, 4))}
    return document


def told(card: it.Scorecard) -> list[Any]:
    """Everything that a scorecard says of a unit, in both languages."""
    paths = ["", *(path for path, _ in card.scored_with.walk())] if card.scored_with is not None else []
    return [
        (
            card.table(language),
            [card.explain(path, language=language) for path in paths],
            [card[p].score for p in paths],
        )
        for language in ("zh", "en")
    ]


@given(data())
@settings(max_examples=25)
def test_a_scheme_with_definitions_scores_exactly_as_with_a_plugin(document: dict[str, Any]) -> None:
    assert told(it.score(DEFINED, document)) == told(it.score(OF_PLUGIN, document))


def test_a_file_is_scored_by_the_definitions_of_the_scheme_beside_it(tmp_path: Path) -> None:
    (tmp_path / "roads.toml").write_text(SOURCE, encoding="utf-8")
    path = tmp_path / "unit.json"
    path.write_text(
        json.dumps(
            {
                "format": 1,
                "scheme": "roads.toml",
                "data": {
                    "road": {"planned": 100, "spent": 80, "inspected": True},
                    "plan": {"planned": 100, "spent": 99, "surface": "tar"},
                    "works": [{"length": "4", "done": True}, {"length": "1", "done": False}],
                },
                "judgement": {
                    "output.roads.tidy": {"items": {"plan": True, "photos": False}, **_WORDS},
                    "effect.people.content": {"share": "50%", **_WORDS},
                },
            }
        ),
        encoding="utf-8",
    )
    card = it.score_file(path, catalog=NONE)
    assert [f"{card[path].score:f}" for path in ("process", "output", "effect", "")] == [
        "13.00",
        "7.00",
        "3.00",
        "23.00",
    ]


def test_a_scorecard_of_defined_records_survives_pickle() -> None:
    scheme = read(DOCUMENT)
    road = scheme.define.records["local.road"]
    card = it.score(scheme, it.UnitData(records={"road": road(planned=4, spent=2), "plan": road(planned=1)}))
    again = pickle.loads(pickle.dumps(card))  # noqa: S301 - our own bytes
    assert again.table("en") == card.table("en")


# As it was read


@given(st.permutations(list(DOCUMENT["define"]["indicators"])), st.permutations(list(DOCUMENT["define"]["records"])))
@settings(max_examples=20)
def test_a_scheme_with_definitions_read_twice_is_the_same(indicators: list[str], records: list[str]) -> None:
    scheme = read(DOCUMENT)
    shuffled = copy.deepcopy(DOCUMENT)
    define = shuffled["define"]
    define["indicators"] = {name: define["indicators"][name] for name in indicators}
    define["records"] = {name: define["records"][name] for name in records}
    again = read(shuffled)
    assert again == scheme
    assert again.digest == scheme.digest
    assert all(again.define.indicators[name] is scheme.define.indicators[name] for name in indicators)


def test_a_scheme_with_definitions_is_written_and_read_as_it_was() -> None:
    scheme = read(DOCUMENT)
    for document in (tomllib.loads(scheme.to_toml()), json.loads(json.dumps(scheme.to_dict())), scheme.to_dict()):
        again = read(document)
        assert again == scheme
        assert (again.digest, again.to_toml()) == (scheme.digest, scheme.to_toml())
    assert set(scheme.to_dict()["define"]["indicators"]) == set(DOCUMENT["define"]["indicators"])


def test_what_a_scheme_defines_stays_with_it() -> None:
    catalog = it.Catalog(discover=False)
    read(DOCUMENT, catalog)
    assert catalog.indicators == NONE.indicators
    assert ("unknown-indicator", "process.money.execution.indicator") in problems(
        {key: value for key, value in DOCUMENT.items() if key not in ("define", "records")}, catalog
    )


def test_two_schemes_may_define_the_same_id_in_their_own_way() -> None:
    other = read(changed(("define", "indicators", "local.execution", "measure"), "road.spent / road.planned / 2"))
    scheme = read(DOCUMENT)
    assert other != scheme
    assert other.digest != scheme.digest
    assert other.define.records == scheme.define.records


def test_reading_definitions_does_not_change_the_document() -> None:
    document = copy.deepcopy(DOCUMENT)
    read(document)
    assert document == DOCUMENT


@pytest.mark.parametrize("key", ["local.execution", "local.execution@2013", "local.execution@2019"])
def test_a_defined_version_is_named_with_or_without_its_year(key: str) -> None:
    document = changed(("define", "indicators", "local.execution", "years"), "2013-2019")
    document |= {"years": "2014-2015"}
    document["tiers"][0]["groups"][0]["indicators"][0]["indicator"] = key
    scheme = read(document)
    assert next(iter(scheme.leaves()))[1].indicator.key == "local.execution@2013"
    again = read(scheme.to_dict())
    assert (again, again.digest) == (scheme, scheme.digest)


# Names


def _measure(measure: str, catalog: it.Catalog = NONE, **more: Any) -> it.Measured:
    """An indicator that the scheme defines besides the others."""
    said = {"tier": "process", "title": "Tried", "measure": measure, **more}
    found = read(changed(("define", "indicators", "local.tried"), said), catalog).define.indicators["local.tried"]
    assert isinstance(found, it.Measured)
    return found


def _shapes(found: it.Measured) -> dict[str, str]:
    return {
        name: f"[{it.record_type(shape.record_class).id}]" if shape.many else it.record_type(shape.record_class).id
        for name, shape in found.parameters.items()
    }


def test_a_name_is_resolved_by_the_indicator_then_the_scheme_then_the_short_name() -> None:
    short = _measure("road.spent + work.length")
    assert _shapes(short) == {"road": "local.road", "work": "local.work"}
    assert _shapes(_measure("plan.spent + total(works.length)")) == {"plan": "local.road", "works": "[local.work]"}
    own = {"plan": ["local.work"], "works": "local.road", "staff": "demo.staff"}
    found = _measure("works.spent + total(plan.length) + staff.posts", DEMO, records=own)
    assert _shapes(found) == {"works": "local.road", "plan": "[local.work]", "staff": "demo.staff"}
    assert _shapes(_measure("staff.posts", DEMO)) == {"staff": "demo.staff"}


def _named(document: dict[str, Any], catalog: it.Catalog = NONE) -> str:
    with pytest.raises(it.SchemeError) as caught:
        read(document, catalog)
    (problem,) = caught.value.problems
    assert problem.path == "scheme: define.indicators.local.tried.measure"
    return f"{problem.message['en']} ({problem.fix['en']})"


def test_a_name_that_is_no_record_comes_with_the_right_one_and_its_character() -> None:
    said = {"tier": "process", "title": "Tried", "measure": "road.spent / raod.planned"}
    words = _named(changed(("define", "indicators", "local.tried"), said))
    assert words.startswith('character 14, "raod": there is no record "raod" (did you mean "road"?')
    words = _named(changed(("define", "indicators", "local.tried"), {**said, "records": {"raod": "local.raod"}}))
    assert words == 'character 14, "raod": there is no record "local.raod" (did you mean "local.road"?)'


def test_a_short_name_of_several_records_is_refused_and_all_are_named() -> None:
    document = changed(("define", "records", "local.budget"), DOCUMENT["define"]["records"]["local.road"])
    document["define"]["indicators"]["local.tried"] = {"tier": "process", "title": "T", "measure": "budget.spent"}
    words = _named(document, DEMO)
    assert 'several records are called "budget": demo.budget, local.budget' in words
    assert 'records = { budget = "demo.budget" }' in words
    document["define"]["indicators"]["local.tried"]["records"] = {"budget": "local.budget"}
    assert _shapes_of(document) == {"budget": "local.budget"}
    del document["define"]["indicators"]["local.tried"]["records"]
    document["records"]["budget"] = "demo.budget"
    assert _shapes_of(document) == {"budget": "demo.budget"}


def _shapes_of(document: dict[str, Any]) -> dict[str, str]:
    found = read(document, DEMO).define.indicators["local.tried"]
    assert isinstance(found, it.Measured)
    return _shapes(found)


def test_a_measure_may_use_the_records_of_plugins() -> None:
    found = _measure("budget.spent / budget.planned", DEMO)
    budget = DEMO.records["demo.budget"]
    assert found.parameters == {"budget": RecordShape(budget)}
    assert found(budget(planned=4, spent=1)) == it.exact("1/4")


# What is wrong

_ROAD_TABLE = DOCUMENT["define"]["records"]["local.road"]
_TIDY = {"tier": "process", "title": "T", "items": {"a": "A"}}


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (("define",), 7, ("not-a-table", "define")),
        (("define",), [], ("not-a-table", "define")),
        (("define", "recods"), {}, ("unknown-key", "define.recods")),
        (("define", "records"), 7, ("not-a-table", "define.records")),
        (("define", "indicators"), [], ("not-a-table", "define.indicators")),
        (("define", "records", "road"), _ROAD_TABLE, ("bad-id", "define.records.road")),
        (("define", "records", "local.x", "title"), "X", ("empty-record", "define.records.local.x.fields")),
        (
            ("define", "records", "local.road", "fields", "spent", "kind"),
            "mony",
            ("unknown-kind", "define.records.local.road.fields.spent.kind"),
        ),
        (("define", "records", "demo.budget"), _ROAD_TABLE, ("duplicate-id", "define.records.demo.budget")),
        (("define", "indicators", "demo.tidy"), _TIDY, ("duplicate-id", "define.indicators.demo.tidy")),
        (("define", "indicators", "tidy"), _TIDY, ("bad-id", "define.indicators.tidy")),
        (("define", "indicators", "local.x@2013"), _TIDY, ("bad-id", "define.indicators.local.x@2013")),
        (
            ("define", "indicators", "local.execution", "measure"),
            "road.spent / road.planed",
            ("bad-formula", "define.indicators.local.execution.measure"),
        ),
        (
            ("define", "indicators", "local.execution", "years"),
            "2013-2019",
            ("other-years", "process.money.execution.indicator"),
        ),
    ],
)
def test_each_wrong_place_of_definitions_is_named(
    place: tuple[Any, ...], value: Any, expected: tuple[str, str]
) -> None:
    found = problems(changed(place, value), DEMO)
    assert expected in found
    assert len({path for _, path in found}) == 1 or place in (("define", "records"), ("define", "indicators"))


def test_every_problem_of_definitions_is_said_at_once() -> None:
    document = changed(("define", "records", "local.road", "fields", "spent", "kind"), "mony")
    document["define"]["records"]["demo.budget"] = _ROAD_TABLE
    document["define"]["indicators"]["local.tidy"]["title"] = 7
    document["define"]["indicators"]["local.built"]["measure"] = "works.length //"
    found = problems(document, DEMO)
    assert {
        ("unknown-kind", "define.records.local.road.fields.spent.kind"),
        ("duplicate-id", "define.records.demo.budget"),
        ("bad-value", "define.indicators.local.tidy.title"),
        ("bad-formula", "define.indicators.local.built.measure"),
    } <= set(found)


def test_an_indicator_of_a_plugin_with_versions_cannot_be_defined_anew() -> None:
    def version(years: str) -> it.Indicator:
        return it.graded("local.content", tier=it.Tier.EFFECT, title=it.Text.of("x"), years=years)

    class Versions:
        INDICATREE_CONTRACT = 1

        @it.hookimpl
        def indicatree_indicators(self) -> list[it.Indicator]:
            return [version("2013-2019"), version("2020-")]

    catalog = it.Catalog(plugins=[Versions()], strict=True)
    assert problems(DOCUMENT, catalog) == [("duplicate-id", "define.indicators.local.content")]


_JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(["road.spent", "local.road", "money"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["records", "indicators", "local.x", "title", "fields", "kind", "tier"]), inner
        )
    ),
    max_leaves=8,
)
_PLACES = st.sampled_from(
    [
        ("define",),
        ("define", "records"),
        ("define", "indicators"),
        ("define", "records", "local.road"),
        ("define", "records", "local.road", "fields"),
        ("define", "records", "local.road", "fields", "spent"),
        ("define", "indicators", "local.execution"),
        ("define", "indicators", "local.execution", "measure"),
        ("define", "indicators", "local.execution", "records"),
        ("records",),
        ("records", "plan"),
    ]
)


@given(_PLACES, _JUNK.filter(lambda junk: junk is not None))
@settings(max_examples=60)
def test_junk_in_definitions_is_a_scheme_error_or_a_scheme(place: tuple[Any, ...], junk: Any) -> None:
    try:
        scheme = read(changed(place, junk))
    except it.SchemeError:
        return
    again = read(scheme.to_dict())
    assert (again, again.digest) == (scheme, scheme.digest)


def test_a_wrong_record_hides_only_what_lacks_for_want_of_it() -> None:
    document = {
        "format": 1,
        "id": "small",
        "define": {
            "records": {"local.r": {"title": "R", "fields": {"b": {"kind": "cuont", "title": "b"}}}},
            "indicators": {
                "local.i": {"tier": "process", "title": "I", "measure": "r.b / nothing.c"},
                "local.j": {"tier": "process", "title": "J", "measure": "r.b * 2"},
            },
        },
        "tiers": [],
    }
    assert problems(document) == [
        ("unknown-kind", "define.records.local.r.fields.b.kind"),
        ("unknown-record", "define.indicators.local.i.measure"),
    ]


def test_a_target_that_is_no_number_is_told_at_its_place_in_both_languages() -> None:
    document = {
        "format": 1,
        "id": "small",
        "define": {
            "records": {"local.r": {"title": "R", "fields": {"b": {"kind": "count", "title": "b"}}}},
            "indicators": {
                "local.i": {"tier": "process", "title": "I", "measure": "r.b / 2", "better": {"near": "x"}},
            },
        },
        "tiers": [],
    }
    with pytest.raises(it.SchemeError) as caught:
        read(document)
    (problem,) = caught.value.problems
    assert problem.path.endswith("define.indicators.local.i.better.near")
    assert problem.message["zh"].startswith("应为")
