"""Each way in which a plugin can be broken: the others work on, and the report says what to mend."""

from __future__ import annotations

import re
import sys
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

HOOKS = ("indicatree_records", "indicatree_indicators", "indicatree_rules", "indicatree_schemes")

WORKING = """
import indicatree as it

INDICATREE_CONTRACT = 1

@it.hookimpl
def indicatree_indicators():
    return [it.graded("working.benefit", tier=it.Tier.EFFECT, title=it.Text(zh="效益", en="Benefit"))]
"""

RULE = """
import attrs
import indicatree as it

INDICATREE_CONTRACT = 1

{rule}

@it.hookimpl
def indicatree_rules():
    return [Mine]
"""


def graded(identifier: str) -> it.Indicator:
    return it.graded(identifier, tier=it.Tier.EFFECT, title=it.Text(zh="效益", en="Benefit"))


def plugin(name: str, **attributes: Any) -> Any:
    """A plugin made of attributes; each hook is what it is called with, as an implementation."""
    made = SimpleNamespace(__name__=name, INDICATREE_CONTRACT=it.CONTRACT)
    for attribute, value in attributes.items():
        is_hook = attribute.startswith("indicatree_")
        setattr(made, attribute, it.hookimpl(value, specname=attribute) if is_hook else value)
    return made


def offering(name: str, hook: str, *things: Any) -> Any:
    """A plugin with one hook that offers the things."""
    return plugin(name, **{hook: lambda: list(things)})


@pytest.fixture
def make_plugin(import_source: Callable[[str, str], ModuleType]) -> Callable[..., ModuleType]:
    """A module from source; by default it is called broken."""
    return lambda source, name="broken": import_source(source, name)


def assert_in_both_languages(problem: it.Problem) -> None:
    for text in (problem.message, problem.fix):
        assert re.search("[\u4e00-\u9fff]", text.zh), text
        own, _, _ = text.en.partition(", got ")  # what it quotes may have Chinese in it
        assert not re.search("[\u4e00-\u9fff]", own), text


def the_problem(broken: object) -> it.Problem:
    """The one problem of a broken plugin, which stands between two working ones."""
    before = plugin("before", indicatree_indicators=lambda: [graded("before.benefit")])
    after = plugin("after", indicatree_indicators=lambda: [graded("after.benefit")])
    catalog = it.Catalog(plugins=[before, broken, after])
    assert set(catalog.indicators) == {"before.benefit", "after.benefit"}
    assert "bands" in catalog.rules
    assert [entry.works for entry in catalog.plugins] == [True, True, False, True]
    left_out = catalog.plugins[2]
    assert catalog.problems == left_out.problems
    (problem,) = left_out.problems
    for part in (problem.code, problem.path, problem.message["en"], problem.fix["en"]):
        assert part.strip()
    assert left_out.name in problem.path
    assert "\n" not in str(problem)
    if problem.code != "bad-id":  # said by the declaration
        assert_in_both_languages(problem)
    return problem


def test_a_plugin_without_a_contract_is_told_which_to_write() -> None:
    broken = plugin("broken", indicatree_indicators=lambda: [graded("broken.benefit")])
    del broken.INDICATREE_CONTRACT
    problem = the_problem(broken)
    assert problem.code == "no-contract"
    assert "INDICATREE_CONTRACT = 1" in problem.fix["en"]


@pytest.mark.parametrize("version", [0, 2, "1", 1.5, (1,)])
def test_a_plugin_for_another_contract_is_told_both_versions(version: object) -> None:
    broken = plugin("broken", indicatree_indicators=lambda: [graded("broken.benefit")])
    broken.INDICATREE_CONTRACT = version
    problem = the_problem(broken)
    assert problem.code == "wrong-contract"
    assert repr(version) in problem.message["en"]
    assert "version 1" in problem.message["en"]


@pytest.mark.parametrize(
    ("misspelt", "right"),
    [
        ("indicatree_indicator", "indicatree_indicators"),
        ("indicatree_rule", "indicatree_rules"),
        ("indicatree_scheme", "indicatree_schemes"),
        ("indicatree_recrods", "indicatree_records"),
    ],
)
@pytest.mark.parametrize("mark", ["@it.hookimpl", ""])
def test_a_misspelt_hook_gets_the_nearest_right_name(
    make_plugin: Callable[[str], ModuleType], misspelt: str, right: str, mark: str
) -> None:
    problem = the_problem(make_plugin(f"{WORKING}\n{mark}\ndef {misspelt}():\n    return []\n"))
    assert problem.code == "unknown-hook"
    assert f'"{misspelt}"' in problem.message["en"]
    assert problem.fix["en"] == f'did you mean "{right}"?'


@pytest.mark.parametrize(
    ("misspelt", "right"),
    [("indicatre_records", "indicatree_records"), ("indicator_schemes", "indicatree_schemes")],
)
def test_a_marked_hook_whose_prefix_is_misspelt_gets_the_right_name_too(
    make_plugin: Callable[[str], ModuleType], misspelt: str, right: str
) -> None:
    problem = the_problem(make_plugin(f"{WORKING}\n@it.hookimpl\ndef {misspelt}():\n    return []\n"))
    assert misspelt in problem.message["en"]
    assert problem.fix["en"] == f'did you mean "{right}"?'


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_is_not_marked_is_told_to_be(make_plugin: Callable[[str], ModuleType], hook: str) -> None:
    source = f"import indicatree as it\nINDICATREE_CONTRACT = 1\n\ndef {hook}():\n    return []\n"
    problem = the_problem(make_plugin(source))
    assert problem.code == "unmarked-hook"
    assert hook in problem.message["en"]
    assert "hookimpl" in problem.fix["en"]


@pytest.mark.parametrize("hook", [[it.rules.Bands], it.hookimpl(partial(list, [it.rules.Bands]))])
def test_a_hook_that_is_no_function_is_reported(hook: object) -> None:
    broken = plugin("broken")
    broken.indicatree_rules = hook
    assert "indicatree_rules" in the_problem(broken).message["en"]


@pytest.mark.parametrize("signature", ["catalog", "self", "*, strict", "catalog=None", "*args"])
@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_with_a_wrong_signature_is_told_the_right_one(
    make_plugin: Callable[[str], ModuleType], hook: str, signature: str
) -> None:
    source = (
        f"import indicatree as it\nINDICATREE_CONTRACT = 1\n\n@it.hookimpl\ndef {hook}({signature}):\n    return []\n"
    )
    problem = the_problem(make_plugin(source))
    assert problem.code == "wrong-signature"
    assert signature.partition("=")[0].strip("*, ") in problem.message["en"]
    assert f"def {hook}()" in problem.fix["en"]


@pytest.mark.parametrize("error", [ValueError("no table"), KeyError("x"), AttributeError("y")])
@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_raises_is_reported_with_its_error(hook: str, error: BaseException) -> None:
    def fail() -> Any:
        raise error

    problem = the_problem(plugin("broken", **{hook: fail}))
    assert problem.code == "hook-failed"
    assert hook in problem.path
    assert type(error).__name__ in problem.message["en"]
    assert str(error) in problem.message["en"]


def test_a_hook_that_ends_the_program_is_reported_too() -> None:
    problem = the_problem(plugin("broken", indicatree_rules=lambda: sys.exit(3)))
    assert problem.code == "hook-failed"
    assert "SystemExit" in problem.message["en"]


def test_a_hook_that_fails_halfway_leaves_nothing_behind() -> None:
    def half() -> Any:
        yield graded("broken.benefit")
        msg = "halfway"
        raise ValueError(msg)

    problem = the_problem(plugin("broken", indicatree_indicators=half))
    assert "halfway" in problem.message["en"]


def test_a_declaration_refused_inside_a_hook_keeps_its_own_words() -> None:
    problem = the_problem(plugin("broken", indicatree_indicators=lambda: [graded("NoNamespace")]))
    assert problem.code == "bad-id"
    assert "indicatree_indicators" in problem.path
    assert "NoNamespace" in problem.message["en"]


@pytest.mark.parametrize("returned", [None, 7])
@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_returns_no_list_is_told_to_return_one(hook: str, returned: object) -> None:
    problem = the_problem(plugin("broken", **{hook: lambda: returned}))
    assert hook in problem.path
    assert "list" in problem.message["en"] + problem.fix["en"]
    assert repr(returned) in problem.message["en"]


@pytest.mark.parametrize("thing", [7, "text", None, object, SimpleNamespace(id="a.b"), {"id": "a.b"}])
@pytest.mark.parametrize("hook", HOOKS)
def test_a_thing_of_the_wrong_type_is_told_the_right_one(hook: str, thing: object) -> None:
    problem = the_problem(offering("broken", hook, thing))
    assert problem.code == "wrong-type"
    assert hook in problem.path
    assert problem.message["en"].startswith("expected ")
    assert repr(thing) in problem.message["en"]


def test_each_hook_refuses_what_belongs_to_another() -> None:
    @it.record("broken.staffing", title=it.Text(zh="人员", en="Staffing"))
    class Staffing:
        posts: fields.Count = fields.count("编制数", "posts")

    leaf = it.Leaf(id="benefit", indicator=graded("broken.benefit"), points=1, rule=it.rules.GradedJudgement())
    group = it.Group(id="benefit", title="Benefit", indicators=[leaf])
    scheme = it.Scheme(id="broken", tiers=[it.TierNode(tier=it.Tier.EFFECT, groups=[group])])
    things: dict[str, object] = dict(zip(HOOKS, (Staffing, leaf.indicator, it.rules.Bands, scheme), strict=True))
    for hook in HOOKS:
        for other, thing in things.items():
            if hook != other:
                assert the_problem(offering("broken", hook, thing)).code == "wrong-type"


def test_a_thing_whose_repr_fails_is_reported_all_the_same() -> None:
    class Rude:
        def __repr__(self) -> str:
            msg = "no"
            raise RuntimeError(msg)

    assert "indicatree_rules" in the_problem(plugin("broken", indicatree_rules=lambda: [Rude()])).path


@pytest.mark.parametrize(
    ("hook", "things", "identifier"),
    [
        ("indicatree_indicators", lambda: [graded("taken.benefit")], "taken.benefit"),
        ("indicatree_rules", lambda: [type("Mine", (it.rules.Bands,), {"kind": "taken.rule"})], "taken.rule"),
        ("indicatree_rules", lambda: [type("Mine", (it.rules.Bands,), {})], "bands"),
    ],
)
def test_a_duplicate_id_names_both_holders(hook: str, things: Callable[[], list[Any]], identifier: str) -> None:
    def frozen() -> list[Any]:
        return [attrs.frozen(kw_only=True)(thing) if isinstance(thing, type) else thing for thing in things()]

    one, two = plugin("one", **{hook: frozen}), plugin("two", **{hook: frozen})
    catalog = it.Catalog(plugins=[one, two])
    last = catalog.problems[-1]
    assert last.code == "duplicate-id"
    assert_in_both_languages(last)
    assert identifier in last.message["en"]
    assert "two" in str(last)
    assert ("indicatree" if identifier == "bands" else "one") in last.message["en"]
    assert "rename" in last.fix["en"]
    assert identifier in getattr(catalog, hook.removeprefix("indicatree_"))


def test_a_duplicate_record_is_found_also_where_an_indicator_brings_it() -> None:
    def declare() -> it.Measured:
        @it.record("taken.staffing", title=it.Text(zh="人员", en="Staffing"))
        class Staffing:
            posts: fields.Count = fields.count("编制数", "posts")
            in_post: fields.Count = fields.count("在职", "in post")

        def rate(staffing: Staffing) -> Any:
            return staffing.in_post / staffing.posts

        return it.indicator("taken.rate", tier=it.Tier.INPUT, title=it.Text(zh="率", en="Rate"))(rate)

    first, second = declare(), declare()
    one = plugin("one", indicatree_indicators=lambda: [first])
    two = plugin("two", indicatree_records=lambda: [second.parameters["staffing"].record_class])
    (problem,) = it.Catalog(plugins=[one, two]).problems
    assert problem.code == "duplicate-id"
    assert "taken.staffing" in problem.message["en"]
    assert "one" in problem.message["en"]


def test_a_duplicate_scheme_names_both_holders() -> None:
    def scheme() -> it.Scheme:
        leaf = it.Leaf(id="benefit", indicator=graded("taken.benefit"), points=1, rule=it.rules.GradedJudgement())
        group = it.Group(id="benefit", title="Benefit", indicators=[leaf])
        return it.Scheme(id="taken", tiers=[it.TierNode(tier=it.Tier.EFFECT, groups=[group])])

    one, two = (plugin(name, indicatree_schemes=lambda: [scheme()]) for name in ("one", "two"))
    catalog = it.Catalog(plugins=[one, two])
    (problem,) = catalog.problems
    assert problem.code == "duplicate-id"
    assert "taken" in problem.message["en"]
    assert "one" in problem.message["en"]
    assert "two" in problem.path + problem.fix["en"]
    assert catalog.scheme_ids == ["taken"]


def test_a_duplicate_inside_one_plugin_does_not_ask_to_block_another() -> None:
    problem = the_problem(
        plugin("broken", indicatree_indicators=lambda: [graded("broken.benefit"), graded("broken.benefit")])
    )
    assert problem.code == "duplicate-id"
    assert "broken.benefit" in problem.message["en"]
    assert "block" not in problem.fix["en"]


def test_a_broken_plugin_holds_no_ids() -> None:
    def half() -> Any:
        return [graded("shared.benefit"), 7]

    broken = plugin("broken", indicatree_indicators=half)
    working = plugin("working", indicatree_indicators=lambda: [graded("shared.benefit")])
    for order in ([broken, working], [working, broken]):
        catalog = it.Catalog(plugins=order)
        origin = catalog.origin("indicators", "shared.benefit")
        assert origin is not None
        assert origin.name == "working"
        assert {entry.name for entry in catalog.plugins if not entry.works} == {"broken"}


def test_every_problem_of_a_plugin_is_reported_at_once() -> None:
    broken = plugin("broken", indicatree_indicators=lambda: [7, "x"], indicatree_rules=lambda: [8])
    catalog = it.Catalog(plugins=[broken])
    assert [problem.code for problem in catalog.problems] == ["wrong-type"] * 3


METHODS = """
    def points(self, value, full):
        return full

    def words(self, indicator, full, language):
        return "full points"
"""


def test_a_rule_without_a_kind_is_told_to_have_one(make_plugin: Callable[[str], ModuleType]) -> None:
    problem = the_problem(make_plugin(RULE.format(rule=f"@attrs.frozen\nclass Mine(it.Rule):{METHODS}")))
    assert problem.code == "wrong-type"
    assert "Mine" in problem.message["en"]
    assert 'kind = "' in problem.fix["en"]


@pytest.mark.parametrize("kind", ["''", "7", "'With Space'", "'Upper.Case'", "'a.b.c'", "'.x'", "None"])
def test_a_rule_with_a_malformed_kind_is_told_the_form(make_plugin: Callable[[str], ModuleType], kind: str) -> None:
    rule = f"@attrs.frozen\nclass Mine(it.Rule):\n    kind = {kind}\n{METHODS}"
    problem = the_problem(make_plugin(RULE.format(rule=rule)))
    assert problem.code == "wrong-type"
    assert 'kind = "' in problem.fix["en"]


def test_a_rule_that_is_no_attrs_class_is_told_to_be(make_plugin: Callable[[str], ModuleType]) -> None:
    rule = f"class Mine(it.Rule):\n    kind = 'broken.mine'\n    limit: int = 1\n{METHODS}"
    problem = the_problem(make_plugin(RULE.format(rule=rule)))
    assert problem.code == "wrong-type"
    assert "Mine" in problem.message["en"]
    assert "attrs" in problem.fix["en"]


def test_a_class_that_is_no_rule_is_told_to_inherit(make_plugin: Callable[[str], ModuleType]) -> None:
    rule = f"@attrs.frozen\nclass Mine:\n    kind = 'broken.mine'\n{METHODS}"
    problem = the_problem(make_plugin(RULE.format(rule=rule)))
    assert problem.code == "wrong-type"
    assert "indicatree.Rule" in problem.fix["en"]


def test_a_rule_given_as_an_object_is_refused() -> None:
    rule = it.rules.AllOrNothing(at_most=1)
    assert the_problem(plugin("broken", indicatree_rules=lambda: [rule])).code == "wrong-type"


def test_a_rule_whose_annotations_do_not_resolve_is_named(make_plugin: Callable[[str], ModuleType]) -> None:
    rule = f"@attrs.frozen\nclass Mine(it.Rule):\n    kind = 'broken.mine'\n    limit: 'Quantty' = None\n{METHODS}"
    problem = the_problem(make_plugin(RULE.format(rule=rule)))
    assert "indicatree_rules" in problem.path
    assert "Mine" in str(problem)
    assert "Quantty" in problem.message["en"]
    assert "import" in problem.fix["en"]


def test_a_scheme_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.toml"
    problem = the_problem(plugin("broken", indicatree_schemes=lambda: [path]))
    assert problem.code == "no-file"
    assert str(path) in problem.message["en"]
    assert "indicatree_schemes" in problem.path


def test_a_scheme_file_of_another_kind_is_told_which_are_read(tmp_path: Path) -> None:
    path = tmp_path / "district.yaml"
    path.write_text("format: 1", encoding="utf-8")
    problem = the_problem(plugin("broken", indicatree_schemes=lambda: [path]))
    assert "there is no file" not in problem.message["en"]
    assert ".toml" in problem.message["en"] + problem.fix["en"]
    assert str(path) in problem.message["en"]


@pytest.mark.parametrize("content", ["format = ", "format = 1", "format = 1\nid = 'district'\ntiers = [7]", "\x00"])
def test_a_broken_scheme_file_fails_by_itself(tmp_path: Path, content: str) -> None:
    path = tmp_path / "district.toml"
    path.write_text(content, encoding="utf-8")
    catalog = it.Catalog(
        plugins=[
            plugin("district", indicatree_schemes=lambda: [path]),
            plugin("working", indicatree_indicators=lambda: [graded("working.benefit")]),
        ]
    )
    assert list(catalog.indicators) == ["working.benefit"]
    with pytest.raises(it.SchemeError) as caught:
        catalog.scheme("district")
    assert all(str(path) in problem.path for problem in caught.value.problems)


def test_a_plugin_without_hooks_is_told_which_there_are() -> None:
    problem = the_problem(plugin("broken"))
    assert problem.code == "no-hooks"
    for hook in HOOKS:
        assert hook in problem.fix["en"]


@pytest.mark.parametrize("thing", [7, "text", None, object()])
def test_what_is_no_plugin_at_all_is_reported(thing: object) -> None:
    catalog = it.Catalog(plugins=[thing])
    (problem,) = catalog.problems
    assert problem.code == "no-contract"
    assert "bands" in catalog.rules


def test_a_plugin_whose_attributes_fail_is_reported() -> None:
    class Broken:
        INDICATREE_CONTRACT = it.CONTRACT

        @property
        def indicatree_rules(self) -> Any:
            msg = "not yet"
            raise RuntimeError(msg)

    assert "not yet" in the_problem(Broken()).message["en"]


def _broken_ways() -> dict[str, Callable[[str], Any]]:
    class NoKind(it.Rule):
        pass

    return {
        "no contract": lambda name: SimpleNamespace(__name__=name),
        "no hooks": plugin,
        "raises": lambda name: plugin(name, indicatree_rules=lambda: 1 / 0),
        "nothing": lambda name: plugin(name, indicatree_schemes=lambda: None),
        "wrong type": lambda name: plugin(name, indicatree_records=lambda: [7]),
        "no kind": lambda name: plugin(name, indicatree_rules=lambda: [NoKind]),
        "duplicate": lambda name: plugin(name, indicatree_indicators=lambda: [graded("good.zero")]),
        "half": lambda name: plugin(name, indicatree_indicators=lambda: [graded(f"{name}.half"), None]),
        "misspelt": lambda name: plugin(name, indicatree_rule=lambda: [None]),
    }


class Good:
    """A working plugin; each has an id of its own."""

    INDICATREE_CONTRACT: ClassVar[int] = it.CONTRACT

    def __init__(self, word: str) -> None:
        self.__name__ = word
        self.offered = graded(f"good.{word}")

    @it.hookimpl
    def indicatree_indicators(self) -> list[it.Indicator]:
        return [self.offered]


@settings(deadline=None)  # a catalog is made of many parts; how long it takes is not the law
@given(
    good=st.lists(st.sampled_from(["one", "two", "three"]), unique=True),
    broken=st.lists(st.sampled_from(sorted(_broken_ways()))),
    shuffle=st.randoms(use_true_random=False),
)
def test_broken_plugins_never_take_away_what_the_others_offer(good: list[str], broken: list[str], shuffle: Any) -> None:
    ways = _broken_ways()
    working = [Good(word) for word in good]
    given_order: list[Any] = [*working, *(ways[way](f"b{index}") for index, way in enumerate(broken))]
    shuffle.shuffle(given_order)
    catalog = it.Catalog(plugins=[Good("zero"), *given_order])
    assert set(catalog.indicators) == {"good.zero", *(f"good.{word}" for word in good)}
    assert set(catalog.rules) == set(it.Catalog(discover=False).rules)
    left_out = [entry for entry in catalog.plugins if not entry.works]
    assert len(left_out) == len(broken)
    assert all(
        problem.code and problem.path and problem.message["en"] for entry in left_out for problem in entry.problems
    )
