"""What a host and the author of a plugin do with a catalog."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from importlib import metadata
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import indicatree as it
from indicatree.catalog import builtin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A plugin as a newcomer writes it: a record, a measure, a rule of its own.
PLUGIN = """
from typing import ClassVar

import attrs
import indicatree as it
from indicatree import fields

INDICATREE_CONTRACT = 1

@it.record("library.loans", title=it.Text(zh="借阅", en="Loans"))
class Loans:
    lent: fields.Count = fields.count("借出", "lent")
    late: fields.Count = fields.count("逾期", "late")

@it.indicator("library.late_share", tier=it.Tier.OUTPUT, better=it.LESS, title=it.Text(zh="逾期率", en="Late share"))
def late_share(loans: Loans):
    return loans.late / loans.lent

@attrs.frozen(kw_only=True)
class Halved(it.Rule):
    kind: ClassVar[str] = "library.halved"
    limit: it.Quantity = attrs.field(converter=it.exact)
    def points(self, value, full):
        return it.where(value <= self.limit, full, full / 2)
    def words(self, indicator, full, language):
        return it.Text(zh="超限减半", en="half the points beyond the limit")[language]

@it.hookimpl
def indicatree_indicators():
    return [late_share]

@it.hookimpl
def indicatree_rules():
    return [Halved]
"""

SMALLEST = '''
import indicatree as it
from indicatree import fields

INDICATREE_CONTRACT = 1

@it.record("library.loans", title=it.Text(zh="借阅", en="Loans"))
class Loans:
    lent: fields.Count = fields.count("借出", "lent")
    late: fields.Count = fields.count("逾期", "late")

@it.indicator("library.late_share", tier=it.Tier.OUTPUT, title=it.Text(zh="逾期率", en="Late share"))
def late_share(loans: Loans):
    """Loans that came back late, of all."""
    return loans.late / loans.lent

@it.hookimpl
def indicatree_indicators():
    return [late_share]
'''

SCHEME = """
format = 1
id = "library"

[[tiers]]
tier = "output"
[[tiers.groups]]
id = "service"
title = "Service"
[[tiers.groups.indicators]]
id = "late_share"
indicator = "library.late_share"
points = 10
rule = {rule}
"""


@pytest.fixture
def make_plugin(import_source: Callable[[str, str], ModuleType]) -> Callable[..., ModuleType]:
    """A module from source; by default it is called library_plugin."""
    return lambda source, name="library_plugin": import_source(source, name)


def write_scheme(folder: Path, rule: str) -> Path:
    path = folder / "library.toml"
    path.write_text(SCHEME.replace("{rule}", rule), encoding="utf-8")
    return path


def names(catalog: it.Catalog) -> list[str]:
    return [plugin.name for plugin in catalog.plugins]


def test_a_module_passed_in_needs_no_installation_and_nothing_else_is_discovered(
    make_plugin: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        pytest.fail("an embedded catalog looked for installed plugins")

    monkeypatch.setattr(metadata, "entry_points", refuse)
    catalog = it.Catalog(plugins=[make_plugin(SMALLEST)])
    assert names(catalog) == ["indicatree", "library_plugin"]
    assert list(catalog.indicators) == ["library.late_share"]
    assert list(catalog.records) == ["library.loans"]
    assert catalog.problems == []


def test_a_catalog_without_discovery_has_the_library_only() -> None:
    catalog = it.Catalog(discover=False)
    assert names(catalog) == ["indicatree"]
    assert catalog.indicators == {}
    assert catalog.records == {}


def test_a_catalog_of_nothing_given_discovers_what_is_installed() -> None:
    catalog = it.Catalog()
    assert "mof" in names(catalog)
    assert "mof.staff_control_rate" in catalog.indicators


def test_passed_modules_and_installed_plugins_go_together_when_asked(make_plugin: Callable[[str], ModuleType]) -> None:
    catalog = it.Catalog(plugins=[make_plugin(SMALLEST)], discover=True)
    assert {"library.late_share", "mof.staff_control_rate"} <= set(catalog.indicators)


def test_only_allowed_plugins_are_used() -> None:
    assert names(it.Catalog(allow=["mof"])) == ["indicatree", "mof"]
    assert names(it.Catalog(allow=[])) == ["indicatree"]


def test_blocked_plugins_are_not_used() -> None:
    assert "mof" not in names(it.Catalog(block=["mof"]))
    assert "mof" not in names(it.Catalog(allow=["mof"], block=["mof"]))


def test_a_single_name_is_not_taken_for_a_list_of_letters() -> None:
    assert "mof" not in names(it.Catalog(block="mof"))
    assert "mof" in names(it.Catalog(allow="mof"))


def test_strict_raises_every_problem_of_every_plugin() -> None:
    first = SimpleNamespace(__name__="first")
    second = SimpleNamespace(__name__="second", INDICATREE_CONTRACT=1)
    with pytest.raises(it.CatalogError) as caught:
        it.Catalog(plugins=[first, second], strict=True)
    assert [problem.code for problem in caught.value.problems] == ["no-contract", "no-hooks"]
    assert "first" in str(caught.value)
    assert "second" in str(caught.value)


def test_strict_is_silent_where_nothing_is_wrong(make_plugin: Callable[[str], ModuleType]) -> None:
    assert it.Catalog(plugins=[make_plugin(SMALLEST)], strict=True).problems == []


def test_the_default_catalog_is_made_once() -> None:
    assert it.default_catalog() is it.default_catalog()


def test_the_built_in_rules_come_in_through_the_hooks_of_everyone() -> None:
    own = it.Catalog(discover=False)
    assert set(own.rules) == {rule.kind for rule in builtin.indicatree_rules()}
    assert builtin.INDICATREE_CONTRACT == it.CONTRACT
    assert own.plugins[0].rules == own.rules
    as_a_third_party = it.Catalog(plugins=[SimpleNamespace(**vars(builtin))])
    assert as_a_third_party.problems == []
    assert as_a_third_party.plugins[1].works


def test_the_library_offers_the_rules_of_published_tables() -> None:
    kinds = {"bands", "deduct_per_step", "checklist", "graded", "all_or_nothing", "proportional"}
    assert kinds <= set(it.Catalog(discover=False).rules)


def test_each_thing_offered_is_traced_to_its_plugin(make_plugin: Callable[[str], ModuleType]) -> None:
    catalog = it.Catalog(plugins=[make_plugin(PLUGIN)])
    offered = {"indicators": "library.late_share", "records": "library.loans", "rules": "library.halved"}
    for what, identifier in offered.items():
        plugin = catalog.origin(what, identifier)
        assert plugin is not None
        assert plugin.name == "library_plugin"
        assert plugin.works
        assert plugin.origin.endswith("library_plugin.py")
    library = catalog.origin("rules", "bands")
    assert library is not None
    assert (library.name, library.version) == ("indicatree", it.__version__)
    assert catalog.origin("indicators", "library.nothing") is None


def test_a_newcomers_plugin_scores_end_to_end(make_plugin: Callable[[str], ModuleType], tmp_path: Path) -> None:
    written = [line for line in SMALLEST.splitlines() if line.strip()]
    assert len(written) < 25
    module = make_plugin(SMALLEST)
    catalog = it.Catalog(plugins=[module])
    rule = (
        '{ kind = "deduct_per_step", target = "5%", side = "above", step = "1%", points_per_step = 1, steps = "full" }'
    )
    scheme = it.load_scheme(write_scheme(tmp_path, rule), catalog=catalog)
    card = it.score(scheme, {"loans": module.Loans(lent=200, late=16)})
    assert card.total == Decimal("7.00")
    assert card["output.service.late_share"].value_text["en"] == "8.00%"
    assert it.measure(module.late_share, loans={"lent": 200, "late": 16}).text("en") == "8.00%"


def test_a_third_partys_rule_scores_from_toml(make_plugin: Callable[[str], ModuleType], tmp_path: Path) -> None:
    module = make_plugin(PLUGIN)
    catalog = it.Catalog(plugins=[module], strict=True)
    path = write_scheme(tmp_path, '{ kind = "library.halved", limit = "5%" }')
    scheme = catalog.scheme(path)
    within, beyond = it.score_many(scheme, [{"loans": {"lent": 100, "late": late}} for late in (5, 6)])
    assert isinstance(within, it.Scorecard)
    assert isinstance(beyond, it.Scorecard)
    assert within.total == Decimal("10.00")
    assert beyond.total == Decimal("5.00")
    assert "half the points beyond the limit" in beyond.explain("output.service.late_share", language="en")
    assert scheme.plugins == {"library_plugin": ""}
    assert catalog.scheme(it.Scheme.to_dict(scheme)) == scheme


def test_a_third_partys_rule_reads_its_parameters_with_paths(
    make_plugin: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    catalog = it.Catalog(plugins=[make_plugin(PLUGIN)])
    with pytest.raises(it.SchemeError) as caught:
        catalog.scheme(write_scheme(tmp_path, '{ kind = "library.halved", limmit = "5%" }'))
    text = str(caught.value)
    assert "output.service.late_share.rule.limmit" in text
    assert 'did you mean "limit"?' in text


@pytest.mark.parametrize(
    ("what", "misspelt", "right"),
    [("indicator", "library.late_shere", "library.late_share"), ("scheme", "libary", "library")],
)
def test_a_misspelt_id_gets_the_nearest_right_one(
    make_plugin: Callable[[str], ModuleType], tmp_path: Path, what: str, misspelt: str, right: str
) -> None:
    path = write_scheme(tmp_path, '{ kind = "all_or_nothing", at_most = "5%" }')
    module: Any = make_plugin(SMALLEST)
    module.indicatree_schemes = it.hookimpl(lambda: [path], specname="indicatree_schemes")
    catalog = it.Catalog(plugins=[module], strict=True)
    with pytest.raises(it.CatalogError) as caught:
        getattr(catalog, what)(misspelt)
    (problem,) = caught.value.problems
    assert problem.code == f"unknown-{what}"
    assert misspelt in problem.message["en"]
    assert problem.fix["en"] == f'did you mean "{right}"?'
    assert problem.message["zh"].startswith("没有插件提供")
    assert misspelt in problem.message["zh"]
    assert problem.fix["zh"] == f'是否为 "{right}"？'


def test_an_unknown_id_says_which_plugins_were_left_out() -> None:
    broken = SimpleNamespace(__name__="broken_one")
    with pytest.raises(it.CatalogError, match="broken_one"):
        it.Catalog(plugins=[broken]).indicator("library.late_share")


def test_a_scheme_is_offered_as_an_object_or_as_a_file(
    make_plugin: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    path = write_scheme(tmp_path, '{ kind = "all_or_nothing", at_most = "5%" }')
    module: Any = make_plugin(SMALLEST)
    read = it.Catalog(plugins=[module]).scheme(path)
    by_file = SimpleNamespace(
        __name__="by_file",
        INDICATREE_CONTRACT=1,
        indicatree_schemes=it.hookimpl(lambda: [path], specname="indicatree_schemes"),
    )
    by_object = SimpleNamespace(
        __name__="by_object",
        INDICATREE_CONTRACT=1,
        indicatree_schemes=it.hookimpl(lambda: [read], specname="indicatree_schemes"),
    )
    for plugin in (by_file, by_object):
        catalog = it.Catalog(plugins=[module, plugin], strict=True)
        assert catalog.scheme_ids == ["library"]
        assert catalog.scheme("library") == read
        assert catalog.scheme("library") is catalog.scheme("library")
        assert it.score("library", {"loans": {"lent": 100, "late": 5}}, catalog=catalog).total == Decimal(10)


def test_two_plugins_may_offer_the_same_object(make_plugin: Callable[[str], ModuleType]) -> None:
    module: Any = make_plugin(SMALLEST)
    other = SimpleNamespace(
        __name__="other",
        INDICATREE_CONTRACT=1,
        indicatree_indicators=it.hookimpl(lambda: [module.late_share], specname="indicatree_indicators"),
    )
    catalog = it.Catalog(plugins=[module, other])
    assert catalog.problems == []
    origin = catalog.origin("indicators", "library.late_share")
    assert origin is not None
    assert origin.name == "library_plugin"


def test_a_module_passed_in_twice_is_one_plugin(make_plugin: Callable[[str], ModuleType]) -> None:
    module = make_plugin(SMALLEST)
    catalog = it.Catalog(plugins=[module, module])
    assert names(catalog) == ["indicatree", "library_plugin"]
    assert catalog.problems == []
    assert list(catalog.indicators) == ["library.late_share"]


def test_a_plugin_may_be_any_object() -> None:
    class Host:
        INDICATREE_CONTRACT = 1

        def __init__(self) -> None:
            self.openness = it.checklist(
                "host.openness",
                tier=it.Tier.PROCESS,
                title=it.Text(zh="公开", en="Openness"),
                items={"time": it.Text(en="in time")},
            )

        @it.hookimpl
        def indicatree_indicators(self) -> list[it.Indicator]:
            return [self.openness]

    catalog = it.Catalog(plugins=[Host()], strict=True)
    assert list(catalog.indicators) == ["host.openness"]
    assert names(catalog) == ["indicatree", "Host"]


def test_the_core_never_imports_a_plugin_that_was_not_asked_for() -> None:
    code = (
        "import sys, indicatree as it; it.Catalog(discover=False); it.Catalog(block=['mof']); "
        "print('indicatree_mof' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert run.stdout.strip() == "False"
