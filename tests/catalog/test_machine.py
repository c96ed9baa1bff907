"""The rule machine, on the plugins of this repository and on some of its own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

import indicatree as it
import indicatree_mof
import indicatree_sample
from indicatree.scheme import extend, files, validate
from indicatree.testing import machine
from indicatree.testing.machine import CatalogMachine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SETTINGS = settings(
    deadline=None,
    max_examples=8,
    stateful_step_count=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def graded(name: str, *identifiers: str) -> Any:
    """A plugin of graded indicators."""
    made = [it.graded(one, tier=it.Tier.EFFECT, title=it.Text(zh="效益", en="Benefit")) for one in identifiers]
    plugin = SimpleNamespace(__name__=name, INDICATREE_CONTRACT=it.CONTRACT)
    plugin.indicatree_indicators = it.hookimpl(lambda: made, specname="indicatree_indicators")
    return plugin


SMALL = (graded("one", "one.benefit", "one.influence"), graded("two", "two.benefit"), indicatree_sample)
BROKEN = (
    SimpleNamespace(__name__="old", INDICATREE_CONTRACT=0),
    SimpleNamespace(__name__="empty", INDICATREE_CONTRACT=it.CONTRACT),
    graded("thief", "one.benefit", "two.benefit", "sample.opening", "bands.benefit"),
)


class SmallMachine(CatalogMachine):
    plugins = SMALL

    @rule(broken=st.sampled_from(BROKEN))
    def register_a_broken_plugin_beside(self, broken: Any) -> None:
        chosen = [plugin for plugin in SMALL if plugin.__name__ in self._chosen]
        catalog = it.Catalog(plugins=[*chosen, broken], discover=False)
        if chosen:
            assert [problem.path for problem in catalog.problems]
            assert {plugin.name for plugin in catalog.plugins if not plugin.works} == {broken.__name__}
            assert catalog.indicators == self.catalog.indicators
            assert catalog.rules == self.catalog.rules


class InstalledMachine(CatalogMachine):
    """Installed plugins, chosen by name."""

    plugins: ClassVar[Sequence[object]] = (SimpleNamespace(__name__="mof"),)

    def catalog_of(self, names: Sequence[str]) -> it.Catalog:
        return it.Catalog(block=[name for name in self._names if name not in names])


class RepositoryMachine(CatalogMachine):
    plugins = (indicatree_mof, indicatree_sample)


TestSmall = SmallMachine.TestCase
TestSmall.settings = settings(SETTINGS, max_examples=25, stateful_step_count=20)
TestInstalled = InstalledMachine.TestCase
TestInstalled.settings = SETTINGS
TestRepository = RepositoryMachine.TestCase
TestRepository.settings = SETTINGS


# A machine that cannot fail is a defect


def leaves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extend, "_remove", lambda *_: None)


def appends_always(monkeypatch: pytest.MonkeyPatch) -> None:
    real = extend._insert
    monkeypatch.setattr(extend, "_insert", lambda holder, nodes, _, *more: real(holder, nodes, None, *more))


def replaces_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extend, "_replace", lambda *_: None)


def adds_up_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validate, "_adds_up", lambda *_: [])


def refuses_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extend, "_FIXED", {*extend._FIXED, "title"})


def writes_no_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    real = files._common
    monkeypatch.setattr(
        files, "_common", lambda node: {key: value for key, value in real(node).items() if key != "title"}
    )


def says_one_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(it.Scheme, "digest", "the same")


def forgets_no_indicator(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    real: Any = it.Catalog.indicators
    monkeypatch.setattr(it.Catalog, "indicators", property(lambda self: seen.update(real.fget(self)) or {**seen}))


def scores_another_way_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[None] = []

    def scores(scheme: it.Scheme, unit: Any) -> it.Scorecard:
        calls.append(None)
        return it.score(attrs.evolve(scheme, precision=4) if len(calls) % 2 else scheme, unit)

    monkeypatch.setattr(machine, "score", scores)


# Which is met first: a leaf that is still there, one that cannot be where another is, or a change of what is gone.
SHAPE = "expected _Node|refused, and nothing is wrong|that is not there can be changed"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (leaves_all, SHAPE),
        (appends_always, "expected _Node"),
        (replaces_nothing, f"{SHAPE}|made, and not whole"),  # what was not replaced may not add up
        (adds_up_always, "made, and not whole"),
        (refuses_titles, "refused, and nothing is wrong"),
        (writes_no_titles, "read from what it writes"),
        (says_one_digest, "a digest tells"),
        (forgets_no_indicator, "still there"),
        (scores_another_way_each_time, "scores another way"),
    ],
)
def test_the_machine_finds_a_planted_fault(
    monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None], said: str
) -> None:
    fault(monkeypatch)
    quick = settings(SETTINGS, phases=[Phase.generate], max_examples=200, derandomize=True, database=None)
    with pytest.raises(AssertionError, match=said):
        run_state_machine_as_test(SmallMachine, settings=quick)
