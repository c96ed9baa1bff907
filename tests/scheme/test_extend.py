"""Schemes that extend others: what is not amended stays, what is amended is as if it were written so."""

from __future__ import annotations

import copy
import json
import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules
from indicatree.data import RecordShape
from indicatree.scheme.files import LONGEST_CHAIN
from strategies import DemoPlugin, Linear, balance, demo_catalog, execution, judged_leaf, scheme_of, schemes

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

DEMO = demo_catalog()
SOME = settings(max_examples=15)


class Plugin:
    INDICATREE_CONTRACT = 1

    def __init__(self, *offered: it.Scheme | PathLike[str]) -> None:
        self.offered = offered

    @it.hookimpl
    def indicatree_schemes(self) -> tuple[it.Scheme | PathLike[str], ...]:
        return self.offered


def catalog(*offered: it.Scheme | PathLike[str]) -> it.Catalog:
    return it.Catalog(plugins=[DemoPlugin(), Plugin(*offered)], strict=True)


def same(first: it.Scheme, second: it.Scheme) -> bool:
    return first == second and first.digest == second.digest


def own(base: str | PathLike[str], **said: Any) -> dict[str, Any]:
    return {"format": 1, "id": "own", "extends": str(base), **said}


def write(path: Path, document: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


# Laws on any scheme


@given(schemes())
@SOME
def test_extending_without_amendments_gives_the_same_scheme_by_another_id(base: it.Scheme) -> None:
    found = it.load_scheme(own("demo-scheme"), catalog=catalog(base))
    assert same(found, attrs.evolve(base, id="own"))
    assert same(it.load_scheme(own("demo-scheme", remove=[], replace={}, add=[]), catalog=catalog(base)), found)


@st.composite
def _put_back(draw: st.DrawFn) -> tuple[it.Scheme, dict[str, Any]]:
    """A scheme, and amendments that remove one of its nodes and add it again where it was."""
    base = draw(schemes())
    parents: list[tuple[str, Any]] = [(path, node) for path, node in base.walk() if getattr(node, "children", ())]
    path, parent = draw(st.sampled_from(parents))
    kind = "groups" if parent.children[0] in getattr(parent, "groups", ()) else "indicators"
    at = draw(st.integers(0, len(parent.children) - 1))
    child = parent.children[at]
    table: Any = next(tier for tier in base.to_dict()["tiers"] if tier["tier"] == path.partition(".")[0])
    for step in path.split(".")[1:]:
        table = next(group for group in table["groups"] if group["id"] == step)
    addition: dict[str, Any] = {"to": path, kind: [table[kind][at]]}
    if at + 1 < len(parent.children):
        addition["before"] = parent.children[at + 1].id
    return base, {"remove": [f"{path}.{child.id}"], "add": [addition]}


@given(_put_back())
@settings(max_examples=25)
def test_removing_a_node_and_adding_it_where_it_was_changes_nothing(drawn: tuple[it.Scheme, dict[str, Any]]) -> None:
    base, amendments = drawn
    found = it.load_scheme(own("demo-scheme", **amendments), catalog=catalog(base))
    assert same(found, attrs.evolve(base, id="own"))


@given(schemes(), st.data())
@SOME
def test_replacing_by_what_is_there_changes_nothing(base: it.Scheme, data: st.DataObject) -> None:
    leaves = {path: leaf for path, leaf in base.leaves() if not leaf.assumption}
    if not leaves:
        return
    path = data.draw(st.sampled_from(sorted(leaves)))
    tier, *steps = path.split(".")
    table: Any = next(node for node in base.to_dict()["tiers"] if node["tier"] == tier)
    for step in steps:
        table = next(node for node in [*table.get("groups", []), *table.get("indicators", [])] if node["id"] == step)
    found = it.load_scheme(
        own("demo-scheme", replace={path: {key: value for key, value in table.items() if key != "id"}}),
        catalog=catalog(base),
    )
    assert same(found, attrs.evolve(base, id="own"))


# Laws on amendments. The oracle keeps lists of names and points, and amends them in plain Python.

Plain = dict[str, dict[str, int]]
"""The points of each leaf, by group."""

BASE: Plain = {group: {f"{group}{index}": index + 1 for index in range(3)} for group in "abc"}


def _leaf(name: str, points: int) -> dict[str, Any]:
    return {"id": name, "indicator": "demo.judged", "points": points, "rule": {"kind": "graded"}}


def _document(plain: Plain, **more: Any) -> dict[str, Any]:
    groups = [
        {"id": group, "title": group, "indicators": [_leaf(name, points) for name, points in held.items()]}
        for group, held in plain.items()
    ]
    return {"format": 1, "id": "own", "tiers": [{"tier": "effect", "groups": groups}], **more}


def _plain(scheme: it.Scheme) -> Plain:
    groups = scheme.tiers[3].groups
    return {group.id: {leaf.id: int(leaf.points.fraction) for leaf in group.indicators} for group in groups}


Amendment = tuple[str, str, Any]
"""What is done, where, and with what."""


@st.composite
def amendments(draw: st.DrawFn) -> list[Amendment]:
    """Amendments that each touch nodes of their own; the first leaf of each group stays."""
    found: list[Amendment] = []
    for group, held in BASE.items():
        first, *others = held
        for name in others:
            what = draw(st.sampled_from(["", "remove", "replace"]))
            if what:
                found.append((what, f"effect.{group}.{name}", draw(st.integers(0, 9))))
        if draw(st.booleans()):
            found.append(("add", f"effect.{group}", draw(st.sampled_from([first, None]))))
    return found


def _amended(some: list[Amendment]) -> Plain:
    """The plain lists after amendments."""
    plain = copy.deepcopy(BASE)
    for what, where, value in some:
        _, group, *name = where.split(".")
        if what == "remove":
            del plain[group][name[0]]
        elif what == "replace":
            plain[group][name[0]] = value
        elif value is None:
            plain[group]["new"] = 7
        else:
            plain[group] = {"new": 7, **plain[group]}
    return plain


def _said(some: list[Amendment]) -> dict[str, Any]:
    """The amendments as a file says them."""
    said: dict[str, Any] = {}
    for what, where, value in some:
        if what == "remove":
            said.setdefault("remove", []).append(where)
        elif what == "replace":
            said.setdefault("replace", {})[where] = {"points": value}
        else:
            before = {} if value is None else {"before": value}
            said.setdefault("add", []).append({"to": where, **before, "indicators": [_leaf("new", 7)]})
    return said


OFFERED = catalog(it.load_scheme(_document(BASE, id="base"), catalog=DEMO))


@given(amendments(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_amendments_of_different_nodes_do_what_they_say_in_any_order(some: list[Amendment], order: Any) -> None:
    expected = it.load_scheme(_document(_amended(some)), catalog=DEMO)
    shuffled = list(some)
    order.shuffle(shuffled)
    for sequence in (some, shuffled):
        found = it.load_scheme(own("base", **_said(sequence)), catalog=OFFERED)
        assert _plain(found) == _amended(some)
        assert same(found, expected)


@given(amendments(), st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_a_chain_of_schemes_with_one_amendment_each_is_one_scheme_with_all(some: list[Amendment], order: Any) -> None:
    order.shuffle(some)
    base = it.load_scheme(_document(BASE, id="step0"), catalog=DEMO)
    for index, amendment in enumerate(some):
        said = own(f"step{index}", **_said([amendment])) | {"id": f"step{index + 1}"}
        base = it.load_scheme(said, catalog=catalog(base))
    assert same(attrs.evolve(base, id="own"), it.load_scheme(own("base", **_said(some)), catalog=OFFERED))


@given(amendments())
@SOME
def test_a_scheme_printed_whole_is_the_same_without_what_it_extends(some: list[Amendment]) -> None:
    found = it.load_scheme(own("base", **_said(some)), catalog=OFFERED)
    for table in (tomllib.loads(found.to_toml()), json.loads(json.dumps(found.to_dict()))):
        assert not {"extends", "remove", "replace", "add"} & set(table)
        assert same(it.load_scheme(table, catalog=DEMO), found)


@given(amendments())
@SOME
def test_neither_what_is_extended_nor_the_document_is_changed(some: list[Amendment]) -> None:
    base = it.load_scheme(_document(BASE, id="base"), catalog=DEMO)
    before, offered = base.to_dict(), catalog(base)
    document = own("base", **_said(some))
    kept = copy.deepcopy(document)
    first, second = (it.load_scheme(document, catalog=offered) for _ in range(2))
    assert same(first, second)
    assert document == kept
    assert offered.scheme("base") is base
    assert base.to_dict() == before


def test_what_is_added_may_be_amended_and_the_document_stays_as_it_is() -> None:
    group = {"id": "d", "title": "D", "indicators": [_leaf("d0", 1)]}
    document = own(
        "base",
        add=[
            {"to": "effect", "before": "a", "groups": [group]},
            {"to": "effect.d", "before": "d0", "indicators": [_leaf("d1", 2)]},
            {"to": "effect.d", "indicators": [_leaf("d2", 3)]},
        ],
        vetoes=[{"id": "v", "title": "V", "grade": "poor"}],
        replace={"veto.v": {"grade": "fair"}},
    )
    kept = copy.deepcopy(document)
    for _ in range(2):
        found = it.load_scheme(document, catalog=OFFERED)
        assert _plain(found) == {"d": {"d1": 2, "d0": 1, "d2": 3}, **BASE}
        assert list(_plain(found)) == ["d", "a", "b", "c"]
        assert found.vetoes[0].grade == "fair"
    assert document == kept


# What is kept and what is not

WHOLE = it.Scheme(
    id="whole",
    title=it.Text.of("Whole"),
    source="财预〔2013〕53号",
    assumption=it.Text.of("assumed"),
    years="2013-2019",
    precision=1,
    rounding=it.Rounding.UP,
    policies=it.Policies(missing="error"),
    grades=[it.Grade("all", it.Text.of("All"), 0)],
    vetoes=[it.Veto(id="v", title=it.Text.of("V"), grade="all"), it.Veto(id="w", title=it.Text.of("W"), points=1)],
    tiers=scheme_of(judged_leaf("a", 5, assumption="guessed"), judged_leaf("b", 3)).tiers,
)


def amended(**said: Any) -> it.Scheme:
    return it.load_scheme(own("whole", **said), catalog=catalog(WHOLE))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("title", "Other", it.Text.of("Other")),
        ("source", "§ 3", "§ 3"),
        ("assumption", "", it.Text.of("")),
        ("years", "2014-2015", it.Years(2014, 2015)),
        ("precision", 0, 0),
        ("rounding", "down", it.Rounding.DOWN),
        ("policies", {"undefined": "error"}, it.Policies(undefined="error")),
        ("grades", [{"id": "all", "title": "X", "at_least": 0}], (it.Grade("all", "X", 0),)),
    ],
)
def test_what_a_scheme_says_itself_stands_instead_of_what_it_extends(key: str, value: Any, expected: Any) -> None:
    found = amended(**{key: value})
    assert getattr(found, key) == expected
    assert same(attrs.evolve(found, **{key: getattr(WHOLE, key)}), attrs.evolve(WHOLE, id="own"))


def test_vetoes_are_added_removed_and_replaced_by_their_paths() -> None:
    assert [veto.id for veto in amended(vetoes=[{"id": "x", "title": "X", "grade": "all"}]).vetoes] == ["v", "w", "x"]
    assert [veto.id for veto in amended(remove=["veto.v"]).vetoes] == ["w"]
    assert amended(remove=["veto.v", "veto.w"]).vetoes == ()
    replaced = amended(replace={"veto.w": {"points": 2, "title": {"zh": "二"}}}).vetoes[1]
    assert (replaced.points, replaced.title) == (it.exact(2), it.Text(zh="二"))


def test_a_leaf_is_replaced_key_by_key() -> None:
    found = amended(replace={"process.group.b": {"title": "B", "points": "2.5"}})
    leaf = dict(found.leaves())["process.group.b"]
    assert leaf == attrs.evolve(dict(WHOLE.leaves())["process.group.b"], title="B", points="2.5")
    measured = {"indicator": "demo.execution", "rule": {"kind": "proportional"}, "with": {"budget": "fund"}}
    leaf = dict(amended(replace={"process.group.b": measured}).leaves())["process.group.b"]
    assert (leaf.indicator, leaf.rule, leaf.points) == (execution, rules.Proportional(), it.exact(3))
    assert leaf.bindings == {"budget": "fund"}


def test_what_was_assumed_of_points_and_rule_does_not_pass_to_others() -> None:
    def assumption(**said: Any) -> str:
        leaf = dict(amended(replace={"process.group.a": said}).leaves())["process.group.a"]
        return leaf.assumption["en"]

    assert assumption(title="A") == "guessed"
    assert assumption(points=4) == assumption(rule={"kind": "graded"}) == ""
    assert assumption(points=4, assumption="guessed anew") == "guessed anew"
    assert assumption(assumption="guessed anew", points=4) == "guessed anew"


def test_a_tier_that_is_removed_is_empty() -> None:
    base = it.load_scheme(
        {
            **_document(BASE, id="base"),
            "tiers": [
                {"tier": "process", "points": 1, "groups": [{"id": "g", "title": "G", "indicators": [_leaf("p", 1)]}]},
                {"tier": "effect", "title": "Effects", "groups": _document(BASE)["tiers"][0]["groups"]},
            ],
        },
        catalog=DEMO,
    )
    found = it.load_scheme(own("base", remove=["process"]), catalog=catalog(base))
    assert found.tiers[1].groups == ()
    assert same(found, it.load_scheme({**_document(BASE), "tiers": base.to_dict()["tiers"][3:]}, catalog=DEMO))


# Where the scheme comes from


def test_a_file_is_named_from_the_file_that_extends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "ministry/base.json", _document(BASE, id="base"))
    write(tmp_path / "province/step.json", own("../ministry/base.json", remove=["effect.a.a1"]) | {"id": "step"})
    last = write(tmp_path / "province/county/own.json", own("../step.json", remove=["effect.b.b1"]))
    monkeypatch.chdir(tmp_path / "ministry")
    expected = it.load_scheme(own("base", remove=["effect.a.a1", "effect.b.b1"]), catalog=OFFERED)
    assert same(it.load_scheme(last, catalog=DEMO), expected)
    assert same(it.load_scheme(str(last), catalog=DEMO), expected)
    absolute = own(tmp_path / "province/step.json", remove=["effect.b.b1"])
    assert same(it.load_scheme(absolute, catalog=DEMO), expected)
    # what is no file itself names files from where the program runs
    assert same(it.load_scheme(own("base.json"), catalog=DEMO), it.load_scheme(own("base"), catalog=OFFERED))


def test_files_and_ids_extend_one_another(tmp_path: Path) -> None:
    base = write(tmp_path / "base.json", _document(BASE, id="base"))
    step = write(tmp_path / "plugin/step.json", own("base", remove=["effect.a.a1"]) | {"id": "step"})
    last = write(tmp_path / "own.json", own("step", remove=["effect.b.b1"]))
    expected = it.load_scheme(own("base", remove=["effect.a.a1", "effect.b.b1"]), catalog=OFFERED)
    for offered in (catalog(base, step), catalog(step, base), catalog(base, step, last)):
        assert same(it.load_scheme(last, catalog=offered), expected)
    assert same(catalog(last, step, base).scheme("own"), expected)


@it.record("own.road", title=it.Text.of("Road"))
class Road:
    length: fields.Number = fields.number("长度", "length")


@it.indicator("own.twice", tier=it.Tier.PROCESS, title=it.Text.of("Twice"), years="2020-", unit=it.NUMBER)
def twice(road: Road) -> Any:
    return road.length * 2


def test_a_scheme_of_python_is_extended_with_all_that_no_plugin_offers() -> None:
    compared = rules.Comparison(against={"other": balance}, cases=[rules.Case(at_least="other", points=5)], otherwise=0)
    base = scheme_of(
        it.Leaf(id="a", indicator=twice, points=5, rule=Linear(), highest=10),
        it.Leaf(id="b", indicator=twice, points=5, rule=compared),
        vetoes=[
            it.Veto(id="v", title=it.Text.of("V"), grade="poor", indicator=twice, when=rules.Limits(at_least=3)),
        ],
        records={"spare": RecordShape(Road), "spares": RecordShape(Road, many=True)},
        years="2021-2024",
    )
    offered = it.Catalog(plugins=[Plugin(base)], strict=True)
    found = it.load_scheme(own("small"), catalog=offered)
    assert same(found, attrs.evolve(base, id="own"))
    define = {"indicators": {"own.half": {"tier": "process", "title": "Half", "measure": "road.length / 2"}}}
    more = it.load_scheme(own("small", define=define, records={"lane": "own.road"}), catalog=offered)
    assert more.define.indicators["own.half"].parameters == {"road": RecordShape(Road)}
    assert more.records["lane"] == RecordShape(Road)
    taken = {"indicators": {"own.twice": {"tier": "process", "title": "T"}}}
    assert problems(own("small", define=taken), offered) == [("duplicate-id", "define.indicators.own.twice")]


def test_definitions_are_taken_over_changed_and_added() -> None:
    road = {"title": "Road", "fields": {"length": {"kind": "number", "title": "Length"}}}
    twice = {"tier": "effect", "title": "Twice", "measure": "road.length * 2"}
    judged = {"tier": "effect", "title": "Judged"}
    define = {"records": {"own.road": road}, "indicators": {"own.twice": twice, "own.judged": judged}}
    leaf = {"id": "x", "indicator": "own.twice", "points": 1, "rule": {"kind": "proportional"}}
    document = _document(BASE, id="base", define=define, records={"road": "own.road"})
    document["tiers"][0]["groups"][0]["indicators"].append(leaf)
    base = it.load_scheme(document, catalog=DEMO)
    offered = catalog(base)
    assert same(it.load_scheme(own("base"), catalog=offered), attrs.evolve(base, id="own"))
    thrice = {**twice, "measure": "road.length * 3"}
    changes = {"indicators": {"own.twice": thrice, "own.more": judged}, "records": {"own.lane": road}}
    found = it.load_scheme(own("base", define=changes, records={"lane": "own.lane"}), catalog=offered)
    whole = {
        **document,
        "id": "own",
        "records": {"road": "own.road", "lane": "own.lane"},
        "define": {
            "records": {"own.road": road, "own.lane": road},
            "indicators": {"own.twice": thrice, "own.judged": judged, "own.more": judged},
        },
    }
    assert same(found, it.load_scheme(whole, catalog=DEMO))
    assert base.define.indicators["own.twice"] is not found.define.indicators["own.twice"]
    assert base.define.indicators["own.judged"] is found.define.indicators["own.judged"]


# What extends itself


def cycle(path: Path, offered: it.Catalog = DEMO) -> str:
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(path, catalog=offered)
    (problem,) = caught.value.problems
    assert problem.code == "extends-itself"
    assert problem.path.startswith(f"{path}: extends")
    return problem.message["en"]


@pytest.mark.parametrize("names", [["a"], ["a", "b"], ["a", "b", "c"]], ids=str)
def test_files_that_extend_themselves_are_refused_and_the_way_is_shown(tmp_path: Path, names: list[str]) -> None:
    for name, base in pairwise([*names, names[0]]):
        write(tmp_path / f"{name}.json", own(f"{base}.json") | {"id": name})
    files = [str(tmp_path / f"{name}.json") for name in [*names, names[0]]]
    assert cycle(tmp_path / "a.json") == f"extends itself: {' > '.join(files)}"
    (tmp_path / "deep").mkdir()
    write(tmp_path / "b.json", own("deep/../a.json"))
    cycle(tmp_path / "a.json")


@pytest.mark.parametrize("names", [["a"], ["a", "b"], ["a", "b", "c"]], ids=str)
@pytest.mark.parametrize("mixed", [False, True], ids=["ids", "ids and files"])
def test_offered_schemes_that_extend_themselves_are_refused(
    tmp_path: Path,
    names: list[str],
    mixed: bool,  # noqa: FBT001 - drawn
) -> None:
    files = [
        write(tmp_path / f"{name}.json", own(f"{base}.json" if mixed and name == "a" else base) | {"id": name})
        for name, base in pairwise([*names, names[0]])
    ]
    offered = catalog(*files)
    for name, path in zip(names, files, strict=True):
        assert "extends itself" in cycle(path, offered)
        with pytest.raises(it.SchemeError, match="extends itself"):
            offered.scheme(name)
    with pytest.raises(it.SchemeError, match="extends itself"):
        it.load_scheme(own("a"), catalog=offered)


# What is wrong


def problems(document: Any, offered: it.Catalog = OFFERED) -> list[tuple[str, str]]:
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(document, catalog=offered)
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [(problem.code, problem.path.removeprefix("scheme: ")) for problem in caught.value.problems]


_NEW = _leaf("new", 1)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"extends": ""}, ("bad-value", "extends")),
        ({"extends": 7}, ("bad-value", "extends")),
        ({"extends": ["base"]}, ("bad-value", "extends")),
        ({"extends": "bsae"}, ("unknown-scheme", "extends")),
        ({"extends": "base.json"}, ("no-file", "extends")),
        ({"extends": "."}, ("no-file", "extends")),
        ({"extends": "\0"}, ("unknown-scheme", "extends")),
        ({"extends": "x" * 5000}, ("unknown-scheme", "extends")),
        ({"extends": "base@2013"}, None),
        ({"tiers": []}, ("two-trees", "tiers")),
        ({"tiers": None}, ("two-trees", "tiers")),
        ({"colour": "red"}, ("unknown-key", "colour")),
        ({"years": "x"}, ("bad-value", "years")),
        ({"precision": "2"}, ("bad-value", "precision")),
        ({"points": 99}, ("points-do-not-add-up", "points")),
        ({"vetoes": {}}, ("bad-value", "vetoes")),
        ({"vetoes": [7]}, ("bad-value", "vetoes[0]")),
        ({"define": 7}, ("not-a-table", "define")),
        ({"records": {"x": "demo.nothing"}}, ("unknown-record", "records.x")),
        ({"remove": "effect.a"}, ("bad-value", "remove")),
        ({"remove": {}}, ("bad-value", "remove")),
        ({"remove": ["effect.d"]}, ("unknown-node", "remove[0]")),
        ({"remove": ["effect.a.a1", "effect.a.a1"]}, ("unknown-node", "remove[1]")),
        ({"remove": ["effect.a", "effect.a.a1"]}, ("unknown-node", "remove[1]")),
        ({"remove": [7]}, ("unknown-node", "remove[0]")),
        ({"remove": [["effect.a"]]}, ("unknown-node", "remove[0]")),
        ({"remove": [""]}, ("unknown-node", "remove[0]")),
        ({"remove": ["effect.a.a0", "effect.a.a1", "effect.a.a2"]}, ("empty-group", "effect.a")),
        ({"replace": []}, ("bad-value", "replace")),
        ({"replace": {"effect.d": {}}}, ("unknown-node", "replace.effect.d")),
        ({"replace": {"effect.a": 7}}, ("not-a-table", "replace.effect.a")),
        ({"replace": {"effect.a.a0": {"id": "x"}}}, ("unknown-key", "replace.effect.a.a0.id")),
        ({"replace": {"effect": {"tier": "input"}}}, ("unknown-key", "replace.effect.tier")),
        ({"replace": {"effect": {"groups": []}}}, ("unknown-key", "replace.effect.groups")),
        ({"replace": {"effect.a": {"indicators": []}}}, ("unknown-key", "replace.effect.a.indicators")),
        ({"replace": {"effect.a": {"rule": {}}}}, ("unknown-key", "replace.effect.a.rule")),
        ({"replace": {"effect.a.a0": {"bindings": {}}}}, ("unknown-key", "replace.effect.a.a0.bindings")),
        ({"replace": {"effect.a.a0": {"pionts": 1}}}, ("unknown-key", "replace.effect.a.a0.pionts")),
        ({"replace": {"effect.a.a0": {"points": "x"}}}, ("not-exact", "effect.a.a0.points")),
        ({"replace": {"effect.a.a0": {"rule": {"kind": "x"}}}}, ("unknown-rule", "effect.a.a0.rule.kind")),
        ({"replace": {"effect.a": {"points": 99}}}, ("points-do-not-add-up", "effect.a.points")),
        ({"add": {}}, ("bad-value", "add")),
        ({"add": [7]}, ("not-a-table", "add[0]")),
        ({"add": [{"indicators": [_NEW]}]}, ("missing-key", "add[0]")),
        ({"add": [{"to": "effect.a"}]}, ("missing-key", "add[0]")),
        ({"add": [{"to": "effect.d", "indicators": [_NEW]}]}, ("unknown-node", "add[0].to")),
        ({"add": [{"to": ["effect.a"], "indicators": [_NEW]}]}, ("unknown-node", "add[0].to")),
        ({"add": [{"to": "effect.a.a0", "indicators": [_NEW]}]}, ("unknown-node", "add[0].to")),
        ({"add": [{"to": "effect.a", "before": "b0", "indicators": [_NEW]}]}, ("unknown-node", "add[0].before")),
        ({"add": [{"to": "effect.a", "before": ["a0"], "indicators": [_NEW]}]}, ("unknown-node", "add[0].before")),
        ({"add": [{"to": "effect.a", "after": "a0", "indicators": [_NEW]}]}, ("unknown-key", "add[0].after")),
        ({"add": [{"to": "effect.a", "indicators": _NEW}]}, ("bad-value", "add[0].indicators")),
        ({"add": [{"to": "effect.a", "indicators": [7]}]}, ("bad-value", "effect.a.indicators[3]")),
        ({"add": [{"to": "effect", "indicators": [_NEW]}]}, ("unknown-key", "effect.indicators")),
        ({"add": [{"to": "effect.a", "indicators": [_leaf("a0", 1)]}]}, ("same-id", "effect.a.a0")),
        ({"add": [{"to": "effect.a", "indicators": [{**_NEW, "points": "x"}]}]}, ("not-exact", "effect.a.new.points")),
    ],
)
def test_each_wrong_amendment_is_named(said: dict[str, Any], expected: tuple[str, str] | None) -> None:
    if expected is None:  # a scheme without years holds for each
        assert it.load_scheme({**own("base"), **said}, catalog=OFFERED).id == "own"
    else:
        assert problems({**own("base"), **said}) == [expected]


@pytest.mark.parametrize("key", ["remove", "replace", "add"])
def test_amendments_of_nothing_are_refused(key: str) -> None:
    said = {"remove": ["effect.a"], "replace": {"effect.a": {}}, "add": []}[key]
    assert problems({**_document(BASE), key: said}) == [("no-base", key)]


def test_every_wrong_amendment_is_said_at_once() -> None:
    said = own(
        "base",
        tiers=[],
        remove=["effect.d", "effect.a.a1"],
        replace={"effect.e": {}, "effect.a.a0": {"points": "x", "id": "y"}},
        add=[{"to": "effect.f"}, {"to": "effect.b", "before": "z", "indicators": [_NEW]}],
        precision="2",
    )
    assert set(problems(said)) == {
        ("two-trees", "tiers"),
        ("unknown-node", "remove[0]"),
        ("unknown-node", "replace.effect.e"),
        ("unknown-key", "replace.effect.a.a0.id"),
        ("not-exact", "effect.a.a0.points"),
        ("unknown-node", "add[0].to"),
        ("unknown-node", "add[1].before"),
        ("bad-value", "precision"),
    }


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ({"remove": ["effect.a.a"]}, "effect.a.a"),
        ({"remove": ["a.a1"]}, "effect.a.a1"),
        ({"replace": {"efect.b": {}}}, "effect.b"),
        ({"replace": {"effect.a.a0": {"pionts": 1}}}, "points"),
        ({"add": [{"to": "effect.bb", "indicators": [_NEW]}]}, "effect.b"),
        ({"add": [{"to": "effect.a", "before": "a11", "indicators": [_NEW]}]}, "a1"),
        ({"add": [{"to": "effect.a", "indicatros": [_NEW]}]}, "indicators"),
        ({"extends": "bas"}, "base"),
    ],
)
def test_a_misspelt_place_comes_with_the_right_one(said: dict[str, Any], right: str) -> None:
    with pytest.raises(it.SchemeError, match=f'did you mean "{right}'):
        it.load_scheme({**own("base"), **said}, catalog=OFFERED)


def test_a_problem_of_what_is_extended_names_both_files(tmp_path: Path) -> None:
    base = write(tmp_path / "base.json", _document(BASE, precision="2"))
    last = write(tmp_path / "own.json", own("base.json"))
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(last, catalog=DEMO)
    assert [problem.path for problem in caught.value.problems] == [f"{last}: extends: {base}: precision"]


_JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(["effect", "effect.a", "effect.a.a1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["to", "before", "groups", "indicators", "effect.a", "effect.a.a1", "points", "rule", "id"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["remove", "replace", "add", "vetoes", "records", "define", "years"]), _JUNK))
@settings(max_examples=70)
def test_junk_amendments_are_a_scheme_error_or_a_scheme(said: dict[str, Any]) -> None:
    document = own("base", **said)
    kept = copy.deepcopy(document)
    try:
        found = it.load_scheme(document, catalog=OFFERED)
    except it.SchemeError:
        pass
    else:
        assert same(it.load_scheme(found.to_dict(), catalog=DEMO), found)
    assert document == kept


def test_what_a_scheme_defines_may_be_defined_anew_for_other_years() -> None:
    def define(years: str, measure: str) -> dict[str, Any]:
        rate = {"tier": "effect", "title": "Rate", "years": years, "measure": measure}
        return {"indicators": {"own.rate": rate, "own.other": {**rate, "measure": "budget.spent"}}}

    leaf = {"id": "x", "indicator": "own.rate", "points": 1, "rule": {"kind": "proportional"}}
    compared = {"kind": "comparison", "against": {"other": "own.other"}, "otherwise": 0}
    compared["cases"] = [{"at_least": "other", "points": 1}]
    veto = {"id": "v", "title": "V", "grade": "poor", "indicator": "own.rate", "when": {"below": "10%"}}
    document = _document(BASE, id="base", years="2013-2019", define=define("2013-2019", "budget.spent / 2"))
    document["vetoes"] = [veto]
    document["tiers"][0]["groups"][0]["indicators"] += [leaf, {**leaf, "id": "y", "rule": compared}]
    anew = define("2020-", "budget.spent / 3")
    offered = catalog(it.load_scheme(document, catalog=DEMO))
    found = it.load_scheme(own("base@2013", years="2020-", define=anew), catalog=offered)
    assert same(found, it.load_scheme({**document, "id": "own", "years": "2020-", "define": anew}, catalog=DEMO))
    assert dict(found.leaves())["effect.a.x"].indicator is found.define.indicators["own.rate"]


def test_identities_are_added_removed_and_replaced_by_their_paths() -> None:
    stated = [{"id": name, "title": name, "holds": f"budget.spent == {name}.planned"} for name in ("x", "y")]
    offered = catalog(it.load_scheme(_document(BASE, id="base", identities=stated), catalog=DEMO))

    def held(**said: Any) -> list[tuple[str, str]]:
        found = it.load_scheme(own("base", **said), catalog=offered)
        return [(identity.id, identity.holds) for identity in found.identities]

    whole = [("x", "budget.spent == x.planned"), ("y", "budget.spent == y.planned")]
    assert held() == whole
    assert held(remove=["identity.x"]) == whole[1:]
    assert held(remove=["identity.x", "identity.y"]) == []
    assert held(replace={"identity.y": {"holds": "a.b == a.c"}}) == [whole[0], ("y", "a.b == a.c")]
    assert held(remove=["identity.x"], identities=[{"id": "z", "title": "Z", "holds": "a.b == 1"}])[1] == (
        "z",
        "a.b == 1",
    )
    assert problems(own("base", identities=stated[:1]), offered) == [("same-id", "identity.x")]
    assert problems(own("base", replace={"identity.x": {"holds": "a.b ="}}), offered) == [
        ("bad-formula", "identity.x.holds")
    ]
    assert problems(own("base", replace={"identity.x": {"id": "z"}}), offered) == [
        ("unknown-key", "replace.identity.x.id")
    ]


@pytest.mark.parametrize("name", ["bsae.json", "BASE.TOML", "deep/base", "../base.json", "."])
def test_a_file_that_is_not_there_is_said_to_be_none(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "here/own.json", own(name))
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(path, catalog=OFFERED)
    (problem,) = caught.value.problems
    assert (problem.code, problem.message["en"]) == ("no-file", f"there is no file {path.parent / name}")
    assert problems(own("bsae"), OFFERED) == [("unknown-scheme", "extends")]


def test_a_chain_is_as_long_as_is_said_and_no_longer(tmp_path: Path) -> None:
    write(tmp_path / "s0.json", _document(BASE, id="s0"))
    for index in range(500):
        write(tmp_path / f"s{index + 1}.json", own(f"s{index}.json") | {"id": f"s{index + 1}"})
    longest = it.load_scheme(tmp_path / f"s{LONGEST_CHAIN}.json", catalog=DEMO)
    assert _plain(longest) == BASE
    for index in (LONGEST_CHAIN + 1, 500):
        with pytest.raises(it.SchemeError, match=f"more than {LONGEST_CHAIN} schemes extend one another"):
            it.load_scheme(tmp_path / f"s{index}.json", catalog=DEMO)
