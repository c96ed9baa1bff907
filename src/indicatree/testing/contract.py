"""Contracts: classes that an author of indicators, rules, schemes or a whole plugin inherits from.

Each test is one law on one subject. A law that asks for something that the subject does not have is skipped, with
the reason.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from indicatree.catalog import Catalog
from indicatree.indicators import MORE, Better, Indicator
from indicatree.linter import Severity, check
from indicatree.problems import CatalogError, DeclarationError, IndicatreeError, Problem
from indicatree.scheme import Rule, Scheme
from indicatree.testing.run import try_laws
from indicatree.testing.trials import Law, Subject, laws
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

__all__ = ["IndicatorContract", "PluginContract", "RuleContract", "SchemeContract"]


class _Contract:
    """What the contracts share.

    Attributes:
        laws: The laws that are tried; by default all that are registered, for the kind of subject.
        without: What the subjects do not have: the reason, by the id of a capability. Laws that ask for it are
            skipped with the reason.
        examples: How many draws a law is tried with; by default what ``--indicatree-examples`` or else the profile of
            Hypothesis says.
        language: The language of counterexamples, and of what is wrong with a plugin.
    """

    laws: Iterable[Law] | None = None
    without: Mapping[str, str] = MappingProxyType({})
    examples: int | None = None
    language: str = "en"

    def subjects(self, config: pytest.Config) -> Iterable[Subject]:
        """What the laws are tried on."""
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each law and subject."""
        if {"law", "subject"} <= set(metafunc.fixturenames):
            pairs = list(self._pairs(metafunc.config))
            ids = [f"{subject.kind}-{subject.name}-{law.id}" for law, subject in pairs]
            metafunc.parametrize(("law", "subject"), pairs, ids=ids)

    def _pairs(self, config: pytest.Config) -> Iterable[tuple[Law, Subject]]:
        for subject in self.subjects(config):
            for law in laws(subject.kind) if self.laws is None else self.laws:
                yield law, subject

    def test_law(self, law: Law, subject: Subject, pytestconfig: pytest.Config) -> None:
        """The law holds on the subject."""
        __tracebackhide__ = True
        examples = pytestconfig.getoption("indicatree_examples", None) if self.examples is None else self.examples
        (result,) = try_laws(subject, of=[law], examples=examples)
        if result.counterexample is not None:
            pytest.fail(result.counterexample.text(self.language), pytrace=False)
        if result.skipped:
            pytest.skip(result.skipped[self.language])

    def _options(self) -> dict[str, Any]:
        return {"without": dict(self.without)}


def _listed(thing: Any) -> list[Any]:
    """One thing, or several."""
    return list(thing) if isinstance(thing, list | tuple | set | frozenset) else [thing]


def _named(contract: _Contract, attribute: str, example: str) -> list[Any]:
    """What a contract says that it tests."""
    thing = getattr(contract, attribute, None)
    if thing is None:
        message = Text(
            zh=f"未写明测试对象：没有 {attribute}", en=f"does not say what it tests: there is no {attribute}"
        )
        fix = Text(zh=f"写明 {example}", en=f"write {example}")
        raise DeclarationError([Problem("no-subject", type(contract).__qualname__, message, fix)])
    return _listed(thing)


class IndicatorContract(_Contract):
    """The laws of indicators.

    Attributes:
        indicator: The indicator, or a list of several.

    Example:
        >>> from indicatree.testing import IndicatorContract
        >>> class TestLendingRate(IndicatorContract):
        ...     indicator = "..."  # lending_rate
    """

    indicator: Any = None

    def subjects(self, config: pytest.Config) -> Iterable[Subject]:
        """Each indicator, in a scheme of one leaf."""
        del config
        for one in _named(self, "indicator", "indicator = my_indicator"):
            if not isinstance(one, Indicator):
                got = type(one).__name__
                message = Text(zh=f"应为指标，实际为 {got}", en=f"expected an indicator, got {got}")
                raise DeclarationError([Problem("not-an-indicator", type(self).__qualname__, message)])
            yield Subject.of_indicator(one, **self._options())


class RuleContract(_Contract):
    """The laws of rules.

    Attributes:
        rule: The rule with its parameters, or a list of several.
        points: The points of the leaf that it stands in; by default 10, or those of the items of a checklist.
        better: Which values are better: more by default.
    """

    rule: Any = None
    points: Any = None
    better: Better | None = MORE

    def subjects(self, config: pytest.Config) -> Iterable[Subject]:
        """Each rule, in a scheme of one leaf."""
        del config
        found = _named(self, "rule", "rule = MyRule(...)")
        for number, one in enumerate(found, 1):
            if not isinstance(one, Rule):
                got = type(one).__name__
                message = Text(zh=f"应为评分规则，实际为 {got}", en=f"expected a rule, got {got}")
                fix = Text(zh="连同参数一起写明", en="write it with its parameters")
                raise DeclarationError([Problem("not-a-rule", type(self).__qualname__, message, fix)])
            name = f"{one.kind}-{number}" if len(found) > 1 else one.kind
            yield Subject.of_rule(one, points=self.points, better=self.better, name=name, **self._options())


class SchemeContract(_Contract):
    """The laws of schemes.

    Attributes:
        scheme: The scheme, the id of one that a plugin offers, or its file; or a list of several.
        catalog: Where ids are looked up; by default among the installed plugins.
    """

    scheme: Any = None
    catalog: Catalog | None = None

    def subjects(self, config: pytest.Config) -> Iterable[Subject]:
        """Each scheme."""
        del config
        for one in _named(self, "scheme", 'scheme = "my-scheme"'):
            yield Subject.of_scheme(_scheme(one, self.catalog), **self._options())


def _scheme(one: Scheme | str | PathLike[str], catalog: Catalog | None) -> Scheme:
    from indicatree.catalog import default_catalog  # noqa: PLC0415 - a catalog finds plugins when it is made

    return one if isinstance(one, Scheme) else (catalog or default_catalog()).scheme(one)


class PluginContract(_Contract):
    """The laws of all that a plugin offers, and that the plugin is whole.

    Attributes:
        plugin: The module, or the name of an installed plugin; or a list of several.
        rules: Rules with their parameters, to be tried by themselves besides those in the plugin's schemes.
        better: Which values are better for those rules: more by default.

    Example:
        >>> from indicatree.testing import PluginContract
        >>> class TestLibrary(PluginContract):
        ...     plugin = "library"
    """

    plugin: Any = None
    rules: Iterable[Rule] = ()
    better: Better | None = MORE

    def plugins(self, config: pytest.Config) -> Iterable[object]:
        """The modules or names of the plugins."""
        del config
        return _named(self, "plugin", 'plugin = "my_plugin"')

    def subjects(self, config: pytest.Config) -> Iterable[Subject]:
        """Each indicator, each scheme, and the rules that are named."""
        for plugin in self.plugins(config):
            try:
                offered, catalog = _offered(plugin)
            except CatalogError:
                continue  # what is wrong is said by the test of the whole plugin
            for indicator in offered.indicators.values():
                yield Subject.of_indicator(indicator, **self._options())
            for key in offered.schemes:
                try:
                    scheme = catalog.scheme(key)
                except IndicatreeError:
                    continue  # what is wrong with it is said by the test of the whole plugin
                yield Subject.of_scheme(scheme, **self._options())
        for number, rule in enumerate(self.rules, 1):
            yield Subject.of_rule(rule, better=self.better, name=f"{rule.kind}-{number}", **self._options())

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each law and subject, and one for each plugin."""
        super().pytest_generate_tests(metafunc)
        if "named" in metafunc.fixturenames:
            found = list(self.plugins(metafunc.config))
            metafunc.parametrize("named", found, ids=map(_name, found))

    def test_the_plugin_is_whole(self, named: object) -> None:
        """Nothing is left out, every scheme can be used, and none takes points for doing better."""
        __tracebackhide__ = True
        try:
            offered, catalog = _offered(named)
        except CatalogError as error:
            pytest.fail("\n".join(problem.words(self.language) for problem in error.problems), pytrace=False)
        wrong = []
        for key in offered.schemes:
            try:
                findings = check(catalog.scheme(key))
            except IndicatreeError as error:
                wrong += [f"{key}: {problem.words(self.language)}" for problem in error.problems]
            else:
                wrong += [
                    f"{key}: {finding.path}: {finding.words(self.language)}"
                    for finding in findings
                    if finding.severity is Severity.ERROR
                ]
        if wrong:
            pytest.fail("\n".join(wrong), pytrace=False)


def _name(plugin: object) -> str:
    return plugin if isinstance(plugin, str) else getattr(plugin, "__name__", type(plugin).__name__)


def _offered(plugin: object) -> tuple[Any, Catalog]:
    """What a plugin offers, and the catalog that it is in.

    Raises:
        CatalogError: There is no such plugin, or it has problems.
    """
    if isinstance(plugin, str):
        catalog = Catalog()
        found = [one for one in catalog.plugins if one.name == plugin]
    else:
        catalog = Catalog(plugins=[plugin], discover=True)
        found = [catalog.plugins[1]]
    if not found:
        from indicatree.problems import did_you_mean  # noqa: PLC0415 - only errors pay for it

        hint = did_you_mean(str(plugin), [one.name for one in catalog.plugins])
        message = Text(zh=f'没有安装插件 "{plugin}"', en=f'no plugin "{plugin}" is installed')
        raise CatalogError([Problem("unknown-plugin", "", message, hint)])
    if found[0].problems:
        raise CatalogError(found[0].problems)
    return found[0], catalog
