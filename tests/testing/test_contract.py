"""Contracts: what is collected, what is skipped, and what a failure says."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import indicatree as it
from indicatree import rules
from indicatree.testing import IndicatorContract, LawBroken, PluginContract, RuleContract, SchemeContract, laws
from strategies import DemoPlugin, execution, judged, tidy
from testing.wrong import Falling, two_leaves

if TYPE_CHECKING:
    from pathlib import Path


class TestIndicators(IndicatorContract):
    indicator = (execution, tidy, judged)
    examples = 5


class TestRule(RuleContract):
    rule = rules.DeductPerStep(target=1, step="1%", points_per_step=1, side="above", steps="full")
    better = it.LESS
    examples = 5


class TestRules(RuleContract):
    rule = (rules.PerItem(items={"first": 3, "second": 7}), rules.GradedJudgement())
    examples = 5


class TestScheme(SchemeContract):
    scheme = two_leaves()
    without = {"additive": "shown to be skipped"}  # noqa: RUF012 - as an author writes it
    examples = 5


class TestDemo(PluginContract):
    plugin = DemoPlugin()
    rules = (rules.Proportional(),)
    examples = 5
    laws = tuple(law for law in laws() if law.id in ("json-keeps-everything", "nothing-fails"))
    without = {}  # noqa: RUF012 - as an author writes it

    def test_law(self, law: Any, subject: Any, pytestconfig: pytest.Config) -> None:
        if (law.id, subject.name) == ("nothing-fails", "demo.fragile"):
            with pytest.raises(LawBroken):
                law.hold(subject, examples=100, seed=1)
        else:
            super().test_law(law, subject, pytestconfig)


def names(contract: Any, config: Any = None) -> set[tuple[str, str]]:
    return {(law.id, subject.name) for law, subject in contract()._pairs(config)}


def test_there_is_one_test_for_each_law_and_subject() -> None:
    assert names(TestIndicators) == {
        (law.id, name) for law in laws("indicator") for name in ("demo.execution", "demo.tidy", "demo.judged")
    }
    assert names(TestRule) == {(law.id, "deduct_per_step") for law in laws("rule")}
    assert {name for _, name in names(TestRules)} == {"checklist-1", "graded-2"}


def test_a_plugin_is_tried_on_all_that_it_offers() -> None:
    subjects = {subject.name: subject.kind for subject in PluginOfMof().subjects(None)}  # type: ignore[arg-type]
    catalog = it.default_catalog()
    plugin = next(plugin for plugin in catalog.plugins if plugin.name == "mof")
    assert set(subjects) == {*plugin.indicators, *(catalog.scheme(key).key for key in plugin.schemes)}
    assert set(subjects.values()) == {"indicator", "scheme"}


class PluginOfMof(PluginContract):
    plugin = "mof"


@pytest.mark.parametrize(
    ("contract", "attribute", "value", "said"),
    [
        (IndicatorContract, "indicator", None, "does not say what it tests"),
        (IndicatorContract, "indicator", 5, "expected an indicator, got int"),
        (RuleContract, "rule", rules.Proportional, "expected a rule, got"),
        (SchemeContract, "scheme", None, 'write scheme = "my-scheme"'),
        (PluginContract, "plugin", None, "there is no plugin"),
    ],
)
def test_a_contract_that_names_nothing_to_test_says_so(contract: Any, attribute: str, value: Any, said: str) -> None:
    made = type("TestNothing", (contract,), {attribute: value})
    with pytest.raises(it.DeclarationError, match=said) as caught:
        list(made().subjects(None))
    (problem,) = caught.value.problems
    assert re.search("[\u4e00-\u9fff]", problem.message.zh)
    assert not re.search("[\u4e00-\u9fff]", str(problem))


class Broken:
    """A plugin with a misspelt hook."""

    INDICATREE_CONTRACT = 1

    @it.hookimpl
    def indicatree_indicator(self) -> list[Any]:
        return []


def test_a_broken_plugin_fails_the_test_of_the_whole_plugin() -> None:
    made: Any = type("TestBroken", (PluginContract,), {"plugin": Broken()})
    assert list(made().subjects(None)) == []
    with pytest.raises(pytest.fail.Exception, match=r'there is no hook "indicatree_indicator"'):
        made().test_the_plugin_is_whole(Broken())
    made.language = "zh"
    with pytest.raises(pytest.fail.Exception, match=r'没有名为 "indicatree_indicator" 的钩子'):
        made().test_the_plugin_is_whole(Broken())


def test_a_scheme_that_takes_points_for_doing_better_fails_the_test_of_the_whole_plugin() -> None:
    class Doubtful:
        INDICATREE_CONTRACT = 1

        @it.hookimpl
        def indicatree_schemes(self) -> list[it.Scheme]:
            leaf = it.Leaf(id="leaf", indicator=execution, points=10, rule=Falling())
            group = it.Group(id="group", title="Group", indicators=[leaf])
            return [it.Scheme(id="doubtful", tiers=[it.TierNode(tier="process", groups=[group])])]

    with pytest.raises(pytest.fail.Exception, match=r"doubtful: process.group.leaf.rule: more is better"):
        PluginContract().test_the_plugin_is_whole(Doubtful())


def test_a_plugin_that_is_not_installed_is_named() -> None:
    with pytest.raises(pytest.fail.Exception, match=r'no plugin "mov" is installed .did you mean "mof"'):
        PluginContract().test_the_plugin_is_whole("mov")


# In a session of pytest


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-m", "pytest", "-p", "no:cacheprovider", "-rA", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder, check=False)  # noqa: S603 - our own code


def test_an_installed_plugin_is_tried_with_no_test_file(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("def test_other():\n    assert False\n", encoding="utf-8")
    done = run(tmp_path, "--indicatree-plugin", "mof", "--indicatree-examples", "2", "-k", "self-assessment or whole")
    assert done.returncode == 0, done.stdout
    assert "test_law[scheme-mof-project-self-assessment@2020-sums-add-up]" in done.stdout
    assert "test_the_plugin_is_whole[mof]" in done.stdout
    assert "there is no checklist" in done.stdout
    assert "test_other" not in done.stdout


def test_a_path_is_run_beside_the_plugin_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("def test_other():\n    pass\n", encoding="utf-8")
    done = run(tmp_path, "test_other.py", "--indicatree-plugin", "nobody", "-k", "other or whole")
    assert done.returncode == 1
    assert "test_other.py::test_other" in done.stdout
    assert 'no plugin "nobody" is installed' in done.stdout


FAILING = """
import indicatree as it
from indicatree.testing import RuleContract


class TestRule(RuleContract):
    rule = it.rules.Bands(bands=[
        it.rules.Band(below="100%", points=10),
        it.rules.Band(at_least="100%", points=4),
    ])
"""


def test_a_failure_shows_the_counterexample_and_no_frames(tmp_path: Path) -> None:
    (tmp_path / "test_rule.py").write_text(FAILING, encoding="utf-8")
    done = run(tmp_path, "-k", "better-never")
    assert done.returncode == 1
    assert "Law broken: By the same rule a better value never scores less" in done.stdout
    assert "the better 100% gets 4 points, the worse " in done.stdout
    assert "[data.figures]" in done.stdout
    assert "Score 2" in done.stdout
    assert "Traceback" not in done.stdout
    assert "contract.py" not in done.stdout.partition("Law broken")[2]
