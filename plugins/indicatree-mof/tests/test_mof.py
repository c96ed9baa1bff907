"""Each indicator against an example worked by hand, and what it says of where it comes from."""

from __future__ import annotations

import re
from fractions import Fraction
from importlib.metadata import entry_points, requires, version
from typing import Any

import pytest

import indicatree as it
import indicatree_mof
from indicatree_mof import judged, measured
from indicatree_mof.records import Budget, Fund, Project, Revenue, Spending, Staffing

FRAMEWORK = "财预〔2013〕53号"

# The indicators of annex 2 of the framework that this package has, with the measure printed there;
# every other one is local practice and may not cite it.
IN_THE_FRAMEWORK = {
    "mof.target_reasonableness": "绩效目标合理性",
    "mof.indicator_clarity": "绩效指标明确性",
    "mof.staff_control_rate": "在职人员控制率",
    "mof.budget_adjustment_rate": "预算调整率",
    "mof.management_rules": "管理制度健全性",
    "mof.fund_use_compliance": "资金使用合规性",
    "mof.openness": "预决算信息公开性",
    "mof.base_data": "基础信息完善性",
    "mof.asset_rules": "管理制度健全性",
    "mof.asset_safety": "资产管理安全性",
}

LOCAL = {
    "mof.overall_execution_rate",
    "mof.basic_execution_rate",
    "mof.project_execution_rate",
    "mof.project_net_adjustment_rate",
    "mof.project_completion_rate",
    "mof.fund_income_completion_rate",
    "mof.fund_spending_completion_rate",
    "mof.budget_growth_rate",
    "mof.performance_monitoring",
    "mof.duty_performance",
    "mof.duty_benefit",
}

BUDGET = Budget(basic_approved=100, basic_actual=90, project_approved=300, project_adjusted=240, project_actual=210)
FUND = Fund(income_budget=80, income_actual=100, spending_budget=160, spending_actual=120)
PROJECTS = [
    Project(name="raised", approved=100, adjusted=130, actual=130),
    Project(name="cut", approved=200, adjusted=150, actual=140),
    Project(name="kept", approved=100, adjusted=100, actual=70),
]

# Worked by hand from the records above.
WORKED: dict[str, tuple[dict[str, Any], Fraction, str]] = {
    "mof.overall_execution_rate": ({"budget": BUDGET}, Fraction(300, 400), "75.00%"),
    "mof.basic_execution_rate": ({"budget": BUDGET}, Fraction(90, 100), "90.00%"),
    "mof.project_execution_rate": ({"budget": BUDGET}, Fraction(210, 300), "70.00%"),
    "mof.project_net_adjustment_rate": ({"budget": BUDGET}, Fraction(60, 300), "20.00%"),
    "mof.budget_adjustment_rate": ({"projects": it.Items(Project, PROJECTS)}, Fraction(30 + 50 + 0, 400), "20.00%"),
    "mof.project_completion_rate": ({"project": PROJECTS[0]}, Fraction(130, 100), "130.00%"),
    "mof.fund_income_completion_rate": ({"fund": FUND}, Fraction(100, 80), "125.00%"),
    "mof.fund_spending_completion_rate": ({"fund": FUND}, Fraction(120, 160), "75.00%"),
    "mof.budget_growth_rate": ({"revenue": Revenue(this_year=330, last_year=300)}, Fraction(30, 300), "10.00%"),
    "mof.staff_control_rate": ({"staffing": Staffing(posts=80, in_post=82)}, Fraction(82, 80), "102.50%"),
}

INDICATORS = {indicator.id: indicator for indicator in indicatree_mof.indicatree_indicators()}
MEASURED = {name: indicator for name, indicator in INDICATORS.items() if isinstance(indicator, it.Measured)}
CHECKLISTS = {name: indicator for name, indicator in INDICATORS.items() if isinstance(indicator, it.Checklist)}
RECORDS = list(indicatree_mof.indicatree_records())


def test_the_package_is_found_through_its_entry_point() -> None:
    (entry,) = [entry for entry in entry_points(group="indicatree") if entry.name == "mof"]
    assert entry.value == "indicatree_mof"
    assert entry.dist is not None
    assert entry.dist.name == "indicatree-mof"
    plugin = next(plugin for plugin in it.Catalog(allow=["mof"], strict=True).plugins if plugin.name == "mof")
    assert plugin.version == version("indicatree-mof")
    assert set(plugin.indicators) == set(INDICATORS)
    assert any(needed.startswith("indicatree") for needed in requires("indicatree-mof") or ())


def test_the_package_works_as_a_module_that_is_passed_in() -> None:
    catalog = it.Catalog(plugins=[indicatree_mof], strict=True)
    assert set(catalog.indicators) == set(INDICATORS)
    assert {it.record_type(record).id for record in RECORDS} == set(catalog.records)


def test_every_indicator_of_the_modules_is_offered_once() -> None:
    declared = [
        thing for module in (measured, judged) for thing in vars(module).values() if isinstance(thing, it.Indicator)
    ]
    assert len(declared) == len(INDICATORS)
    assert set(INDICATORS) == set(IN_THE_FRAMEWORK) | LOCAL


def test_every_measured_indicator_has_a_worked_example() -> None:
    assert set(WORKED) == set(MEASURED)


@pytest.mark.parametrize("name", WORKED)
def test_an_indicator_gives_what_is_worked_by_hand(name: str) -> None:
    records, value, text = WORKED[name]
    measurement = it.measure(MEASURED[name], **records)
    assert measurement.outcome is it.Outcome.SCORED
    assert measurement.value is not None
    assert measurement.value.fraction == value
    assert measurement.text("zh") == measurement.text("en") == text
    assert MEASURED[name](**records).fraction == value


@pytest.mark.parametrize(
    ("name", "records"),
    [
        (
            "mof.overall_execution_rate",
            {"budget": Budget(basic_approved=0, basic_actual=1, project_approved=0, project_actual=1)},
        ),
        ("mof.basic_execution_rate", {"budget": Budget(basic_approved=0, basic_actual=1)}),
        ("mof.project_execution_rate", {"budget": Budget(project_approved=0, project_actual=0)}),
        ("mof.project_net_adjustment_rate", {"budget": Budget(project_approved=0, project_adjusted=0)}),
        ("mof.budget_adjustment_rate", {"projects": it.Items(Project, [])}),
        ("mof.project_completion_rate", {"project": Project(approved=0, actual=5)}),
        ("mof.fund_income_completion_rate", {"fund": Fund(income_budget=0, income_actual=1)}),
        ("mof.fund_spending_completion_rate", {"fund": Fund(spending_budget=0, spending_actual=1)}),
        ("mof.staff_control_rate", {"staffing": Staffing(posts=0, in_post=1)}),
    ],
)
def test_a_budget_of_nothing_gives_no_rate(name: str, records: dict[str, Any]) -> None:
    measurement = it.measure(MEASURED[name], **records)
    assert measurement.outcome is it.Outcome.UNDEFINED
    assert measurement.value is None


@pytest.mark.parametrize("last_year", [0, "0.00"])
def test_growth_does_not_apply_where_there_was_nothing_last_year(last_year: Any) -> None:
    measurement = it.measure(measured.budget_growth_rate, revenue=Revenue(this_year=5, last_year=last_year))
    assert measurement.outcome is it.Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("name", sorted(WORKED))
def test_a_figure_that_lacks_is_missing_and_not_zero(name: str) -> None:
    indicator = MEASURED[name]
    for parameter, field in indicator.figures:
        records: dict[str, Any] = {}
        for other, shape in indicator.parameters.items():
            known = it.record_type(shape.record_class).fields
            lacking = [item for item in known if (other, item) != (parameter, field) and item != "name"]
            record = shape.record_class(**dict.fromkeys(lacking, 5))
            records[other] = it.Items(shape.record_class, [record]) if shape.many else record
        assert it.measure(indicator, **records).outcome is it.Outcome.MISSING, (parameter, field)


def test_additions_and_cuts_offset_each_other_in_the_net_rate_only() -> None:
    adjusted = [Project(approved=100, adjusted=150), Project(approved=100, adjusted=50)]
    framework = it.measure(measured.budget_adjustment_rate, projects=it.Items(Project, adjusted))
    net = it.measure(measured.project_net_adjustment_rate, budget=Budget(project_approved=200, project_adjusted=200))
    assert framework.text() == "50.00%"
    assert net.text() == "0.00%"
    assert measured.project_net_adjustment_rate.definition["zh"].count(FRAMEWORK) == 1


@pytest.mark.parametrize("adjusted", [150, 250])
def test_a_net_change_counts_alike_either_way(adjusted: int) -> None:
    net = it.measure(
        measured.project_net_adjustment_rate, budget=Budget(project_approved=200, project_adjusted=adjusted)
    )
    assert net.text() == "25.00%"


def test_the_framework_is_cited_exactly_where_the_indicator_is_in_it() -> None:
    assert measured.FRAMEWORK == FRAMEWORK
    assert {name for name, indicator in INDICATORS.items() if indicator.source == FRAMEWORK} == set(IN_THE_FRAMEWORK)
    assert {name for name, indicator in INDICATORS.items() if not indicator.source} == LOCAL


@pytest.mark.parametrize("name", IN_THE_FRAMEWORK)
def test_an_indicator_of_the_framework_bears_its_title(name: str) -> None:
    assert INDICATORS[name].title["zh"].partition("（")[0] == IN_THE_FRAMEWORK[name]


def test_the_checklists_have_the_points_of_the_framework() -> None:
    assert {name: len(indicator.items) for name, indicator in CHECKLISTS.items()} == {
        "mof.target_reasonableness": 3,
        "mof.indicator_clarity": 4,
        "mof.management_rules": 3,
        "mof.fund_use_compliance": 5,
        "mof.openness": 2,
        "mof.base_data": 3,
        "mof.asset_rules": 3,
        "mof.asset_safety": 5,
    }


def test_every_indicator_stands_in_the_tier_of_its_document() -> None:
    tiers = {
        it.Tier.INPUT: {"target_reasonableness", "indicator_clarity", "staff_control_rate", "budget_growth_rate"},
        it.Tier.OUTPUT: {"duty_performance"},
        it.Tier.EFFECT: {"duty_benefit"},
    }
    for name, indicator in INDICATORS.items():
        short = name.removeprefix("mof.")
        expected = next((tier for tier, names in tiers.items() if short in names), it.Tier.PROCESS)
        assert indicator.tier is expected, name


def test_every_id_is_in_the_namespace_of_the_package() -> None:
    ids = [*INDICATORS, *(it.record_type(record).id for record in RECORDS)]
    assert ids
    assert all(re.fullmatch(r"mof\.[a-z_]+", name) for name in ids)


def chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


def in_two_languages(words: it.Text) -> bool:
    return chinese(words.zh) and bool(words.en.strip()) and words.zh != words.en and not chinese(words.en)


@pytest.mark.parametrize("name", INDICATORS)
def test_every_indicator_is_titled_and_defined_in_both_languages(name: str) -> None:
    indicator = INDICATORS[name]
    assert in_two_languages(indicator.title)
    if isinstance(indicator, it.Checklist):
        assert all(in_two_languages(words) for words in indicator.items.values())
    else:
        assert in_two_languages(indicator.definition)
    if isinstance(indicator, it.Measured):
        assert in_two_languages(it.Text(zh=indicator.words("zh"), en=indicator.words("en")))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_record_and_field_is_titled_in_both_languages(record: type) -> None:
    known = it.record_type(record)
    assert in_two_languages(known.title)
    assert all(in_two_languages(kind.title) for kind in known.fields.values())
    assert record.__doc__


def test_no_two_indicators_have_one_title() -> None:
    for language in ("zh", "en"):
        titles = [indicator.title[language] for indicator in INDICATORS.values()]
        assert len(set(titles)) == len(titles)


def test_only_balances_may_be_below_zero() -> None:
    assert Fund(opening_balance=-195).opening_balance == it.Quantity(-195)
    for record in (Budget, Revenue, Spending, Staffing, Project):
        make: Any = record
        for field in it.record_type(record).fields:
            if field != "name":
                with pytest.raises(it.DataError):
                    make(**{field: -1})
