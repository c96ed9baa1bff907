"""Each indicator against an example worked by hand, and what it says of where it comes from."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from importlib.metadata import entry_points, requires, version
from pathlib import Path
from typing import Any

import pytest

import indicatree as it
import indicatree_mof
from indicatree import fields
from indicatree_mof import judged, local, measured, projects, sources
from indicatree_mof.records import (
    AvailableFunds,
    Benefit,
    Budget,
    CarryOver,
    DepartmentBudget,
    FixedAssets,
    Fund,
    NewBuildings,
    Procurement,
    Project,
    ProjectExpenditure,
    ProjectFunds,
    ProjectOutput,
    PublicFunds,
    Revenue,
    Staffing,
    Survey,
    ThreePublic,
    Violations,
    Work,
)

README = Path(__file__).parents[1] / "README.md"
FRAMEWORK = "财预〔2013〕53号"
PROJECT_FRAMEWORK = "财预〔2020〕10号"

# The indicators of annex 2 of 财预〔2013〕53号, with the title printed there; with those of the other framework, every
# other indicator is local practice and may cite nothing.
IN_THE_FRAMEWORK = {
    "mof.target_reasonableness": "绩效目标合理性",
    "mof.indicator_clarity": "绩效指标明确性",
    "mof.staff_control_rate": "在职人员控制率",
    "mof.three_public_change_rate": "“三公经费”变动率",
    "mof.key_expenditure_rate": "重点支出安排率",
    "mof.budget_completion_rate": "预算完成率",
    "mof.department_adjustment_rate": "预算调整率",
    "mof.payment_progress_rate": "支付进度率",
    "mof.carry_over_rate": "结转结余率",
    "mof.carry_over_change_rate": "结转结余变动率",
    "mof.public_funds_control_rate": "公用经费控制率",
    "mof.three_public_control_rate": "“三公经费”控制率",
    "mof.procurement_execution_rate": "政府采购执行率",
    "mof.management_rules": "管理制度健全性",
    "mof.fund_use_compliance": "资金使用合规性",
    "mof.openness": "预决算信息公开性",
    "mof.base_data": "基础信息完善性",
    "mof.asset_rules": "管理制度健全性",
    "mof.asset_safety": "资产管理安全性",
    "mof.fixed_asset_use_rate": "固定资产利用率",
    "mof.actual_completion_rate": "实际完成率",
    "mof.on_time_completion_rate": "完成及时率",
    "mof.quality_pass_rate": "质量达标率",
    "mof.key_work_completion_rate": "重点工作办结率",
}

# The same of the framework of projects in 财预〔2020〕10号.
IN_THE_PROJECT_FRAMEWORK = {
    "mof.project_basis": "立项依据充分性",
    "mof.project_procedure": "立项程序规范性",
    "mof.project_target_reasonableness": "绩效目标合理性",
    "mof.project_indicator_clarity": "绩效指标明确性",
    "mof.project_budgeting": "预算编制科学性",
    "mof.project_allocation": "资金分配合理性",
    "mof.project_funds_in_place_rate": "资金到位率",
    "mof.project_funds_execution_rate": "预算执行率",
    "mof.project_fund_use": "资金使用合规性",
    "mof.project_rules": "管理制度健全性",
    "mof.project_rules_execution": "制度执行有效性",
    "mof.project_actual_completion_rate": "实际完成率",
    "mof.project_quality_pass_rate": "质量达标率",
    "mof.project_timeliness": "完成及时性",
    "mof.project_cost_saving_rate": "成本节约率",
    "mof.project_benefit": "实施效益",
    "mof.project_sustainable_influence": "可持续影响",
}

# Equal in both.
IN_BOTH = {
    "mof.economic_benefit": "经济效益",
    "mof.social_benefit": "社会效益",
    "mof.ecological_benefit": "生态效益",
    "mof.satisfaction": "社会公众或服务对象满意度",
}

PUBLISHED = IN_THE_FRAMEWORK | IN_THE_PROJECT_FRAMEWORK | IN_BOTH

LOCAL = {
    "mof.budget_adjustment_rate",
    "mof.overall_execution_rate",
    "mof.basic_execution_rate",
    "mof.project_execution_rate",
    "mof.project_net_adjustment_rate",
    "mof.project_completion_rate",
    "mof.fund_income_completion_rate",
    "mof.fund_spending_completion_rate",
    "mof.budget_growth_rate",
    "mof.benefit_attainment",
    "mof.performance_monitoring",
    "mof.duty_performance",
    "mof.duty_benefit",
    "mof.available_completion_rate",
    "mof.budget_control_rate",
    "mof.new_building_area_rate",
    "mof.new_building_investment_rate",
    "mof.carry_over_this_year",
    "mof.carry_over_last_year",
    "mof.fund_use_violations",
    "mof.serious_violations",
    "mof.economic_and_social_benefit",
    "mof.administrative_efficiency",
}

BUDGET = Budget(basic_approved=100, basic_actual=90, project_approved=300, project_adjusted=240, project_actual=210)
FUND = Fund(income_budget=80, income_actual=100, spending_budget=160, spending_actual=120)
PROJECTS = [
    Project(name="raised", approved=100, adjusted=130, actual=130),
    Project(name="cut", approved=200, adjusted=150, actual=140),
    Project(name="kept", approved=100, adjusted=100, actual=70),
]
DEPARTMENT = DepartmentBudget(
    approved=500,
    expenditure=480,
    completed=460,
    additions=20,
    cuts=30,
    restructurings=10,
    planned_progress="50%",
    actual_progress="45%",
)
CARRY_OVER = CarryOver(this_year=24, last_year=32)
THREE_PUBLIC = ThreePublic(budget=45, budget_last_year=50, actual=36)
WORK = Work(planned=40, completed=38, on_time=36, up_to_standard=30, key_assigned=8, key_completed=7)
PROJECT_FUNDS = ProjectFunds(budget=200, received=180, spent=171)
OUTPUT = ProjectOutput(
    name="roads",
    planned="12.5",
    actual=10,
    up_to_standard="9.5",
    due=dt.date(2024, 2, 27),
    finished=dt.date(2024, 3, 1),
    planned_cost=400,
    actual_cost=388,
)
AVAILABLE = AvailableFunds(carried_in=50, initial=400, added=50, closing_balance=25)
BUILDINGS = NewBuildings(projects=1, approved_area=1200, built_area="1206.12", approved_cost=800, final_cost=840)
VIOLATIONS = Violations(fund_use=3, serious=0)

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
    "mof.three_public_change_rate": ({"three_public": THREE_PUBLIC}, Fraction(45 - 50, 50), "-10.00%"),
    "mof.key_expenditure_rate": (
        {"project_expenditure": ProjectExpenditure(total=240, key=180)},
        Fraction(180, 240),
        "75.00%",
    ),
    "mof.budget_completion_rate": ({"department_budget": DEPARTMENT}, Fraction(460, 500), "92.00%"),
    "mof.department_adjustment_rate": ({"department_budget": DEPARTMENT}, Fraction(20 + 30 + 10, 500), "12.00%"),
    "mof.payment_progress_rate": ({"department_budget": DEPARTMENT}, Fraction(45, 50), "90.00%"),
    "mof.carry_over_rate": (
        {"carry_over": CARRY_OVER, "department_budget": DEPARTMENT},
        Fraction(24, 480),
        "5.00%",
    ),
    "mof.carry_over_change_rate": ({"carry_over": CARRY_OVER}, Fraction(24 - 32, 32), "-25.00%"),
    "mof.public_funds_control_rate": (
        {"public_funds": PublicFunds(budget=60, actual=63)},
        Fraction(63, 60),
        "105.00%",
    ),
    "mof.three_public_control_rate": ({"three_public": THREE_PUBLIC}, Fraction(36, 45), "80.00%"),
    "mof.procurement_execution_rate": (
        {"procurement": Procurement(budget=250, actual=240)},
        Fraction(240, 250),
        "96.00%",
    ),
    "mof.fixed_asset_use_rate": ({"fixed_assets": FixedAssets(total=160, in_use=156)}, Fraction(156, 160), "97.50%"),
    "mof.actual_completion_rate": ({"work": WORK}, Fraction(38, 40), "95.00%"),
    "mof.on_time_completion_rate": ({"work": WORK}, Fraction(36, 40), "90.00%"),
    "mof.quality_pass_rate": ({"work": WORK}, Fraction(30, 40), "75.00%"),
    "mof.key_work_completion_rate": ({"work": WORK}, Fraction(7, 8), "87.50%"),
    "mof.benefit_attainment": ({"benefit": Benefit(target="2.5", achieved=3)}, Fraction(6, 5), "120.00%"),
    "mof.satisfaction": ({"survey": Survey(answers=300, satisfied=276)}, Fraction(276, 300), "92.00%"),
    "mof.project_funds_in_place_rate": ({"project_funds": PROJECT_FUNDS}, Fraction(180, 200), "90.00%"),
    "mof.project_funds_execution_rate": ({"project_funds": PROJECT_FUNDS}, Fraction(171, 180), "95.00%"),
    "mof.project_actual_completion_rate": ({"project_output": OUTPUT}, Fraction(100, 125), "80.00%"),
    "mof.project_quality_pass_rate": ({"project_output": OUTPUT}, Fraction(95, 100), "95.00%"),
    # 27 February to 1 March of a leap year
    "mof.project_timeliness": ({"project_output": OUTPUT}, Fraction(3), "3 days"),
    "mof.project_cost_saving_rate": ({"project_output": OUTPUT}, Fraction(400 - 388, 400), "3.00%"),
    "mof.available_completion_rate": ({"available_funds": AVAILABLE}, Fraction(500 - 25, 500), "95.00%"),
    "mof.budget_control_rate": ({"available_funds": AVAILABLE}, Fraction(50, 400), "12.50%"),
    "mof.new_building_area_rate": ({"new_buildings": BUILDINGS}, Fraction(120612, 120000), "100.51%"),
    "mof.new_building_investment_rate": ({"new_buildings": BUILDINGS}, Fraction(840, 800), "105.00%"),
    "mof.carry_over_this_year": ({"carry_over": CARRY_OVER}, Fraction(24), "24.00 yuan"),
    "mof.carry_over_last_year": ({"carry_over": CARRY_OVER}, Fraction(32), "32.00 yuan"),
    "mof.fund_use_violations": ({"violations": VIOLATIONS}, Fraction(3), "3 cases"),
    "mof.serious_violations": ({"violations": VIOLATIONS}, Fraction(0), "0 cases"),
}

# What follows a value that is no rate.
UNITS = {
    "mof.project_timeliness": it.Text(zh=" 天", en=" days"),
    "mof.carry_over_this_year": it.Text(zh=" 元", en=" yuan"),
    "mof.carry_over_last_year": it.Text(zh=" 元", en=" yuan"),
    "mof.fund_use_violations": it.Text(zh=" 起", en=" cases"),
    "mof.serious_violations": it.Text(zh=" 起", en=" cases"),
}

INDICATORS = {indicator.id: indicator for indicator in indicatree_mof.indicatree_indicators()}
MEASURED = {name: indicator for name, indicator in INDICATORS.items() if isinstance(indicator, it.Measured)}
CHECKLISTS = {name: indicator for name, indicator in INDICATORS.items() if isinstance(indicator, it.Checklist)}
RECORDS = list(indicatree_mof.indicatree_records())
MODULES = (measured, judged, projects, local)


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
    declared = [thing for module in MODULES for thing in vars(module).values() if isinstance(thing, it.Indicator)]
    assert len(declared) == len(INDICATORS)
    assert len(PUBLISHED) + len(LOCAL) == len(INDICATORS)
    assert set(INDICATORS) == set(PUBLISHED) | LOCAL


def test_every_record_is_offered_and_is_a_name_of_the_package() -> None:
    assert len(RECORDS) == len(set(RECORDS))
    for record in RECORDS:
        assert record.__name__ in indicatree_mof.__all__
        assert getattr(indicatree_mof, record.__name__) is record
    taken = {shape.record_class for indicator in MEASURED.values() for shape in indicator.parameters.values()}
    assert taken | {indicatree_mof.Spending} == set(RECORDS)


def test_a_parameter_names_one_record_throughout() -> None:
    shapes: dict[str, Any] = {}
    for name, indicator in MEASURED.items():
        for parameter, shape in indicator.parameters.items():
            assert shapes.setdefault(parameter, shape) == shape, (name, parameter)


def test_every_measured_indicator_has_a_worked_example() -> None:
    assert set(WORKED) == set(MEASURED)


@pytest.mark.parametrize("name", WORKED)
def test_an_indicator_gives_what_is_worked_by_hand(name: str) -> None:
    records, value, text = WORKED[name]
    measurement = it.measure(MEASURED[name], **records)
    assert measurement.outcome is it.Outcome.SCORED
    assert measurement.value is not None
    assert measurement.value.fraction == value
    unit = UNITS.get(name, it.Text(zh="%", en="%"))
    assert MEASURED[name].unit.title == unit
    assert measurement.text("en") == text
    assert measurement.text("zh") == text.removesuffix(unit.en) + unit.zh
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


def test_a_document_is_cited_exactly_where_the_indicator_is_in_it() -> None:
    assert measured.satisfaction.source == f"{FRAMEWORK}；{PROJECT_FRAMEWORK}"
    assert (sources.FRAMEWORK, sources.PROJECT_FRAMEWORK) == (FRAMEWORK, PROJECT_FRAMEWORK)
    cited: dict[str, set[str]] = {}
    for name, indicator in INDICATORS.items():
        cited.setdefault(indicator.source, set()).add(name)
    assert cited == {
        FRAMEWORK: set(IN_THE_FRAMEWORK),
        PROJECT_FRAMEWORK: set(IN_THE_PROJECT_FRAMEWORK),
        f"{FRAMEWORK}；{PROJECT_FRAMEWORK}": set(IN_BOTH),
        "": LOCAL,
    }


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_indicator_of_a_framework_bears_its_title(name: str) -> None:
    assert INDICATORS[name].title["zh"].partition("（")[0] == PUBLISHED[name]


# The items by the names that data files give them.
ITEMS = {
    "mof.target_reasonableness": "lawful within_duties follows_plan",
    "mof.indicator_clarity": "broken_down measurable matches_workload matches_budget",
    "mof.management_rules": "exist complete executed",
    "mof.fund_use_compliance": "finance_rules approval appraised approved_use no_diversion",
    "mof.openness": "content time",
    "mof.base_data": "true complete accurate",
    "mof.asset_rules": "exist complete executed",
    "mof.asset_safety": "kept_whole allocation disposal books income",
    "mof.project_basis": "lawful sector_plan within_duties public_finance not_duplicated",
    "mof.project_procedure": "procedure documents studied",
    "mof.project_target_reasonableness": "has_targets relevant normal_level matches_budget",
    "mof.project_indicator_clarity": "broken_down measurable matches_plan",
    "mof.project_budgeting": "examined matches_content grounded matches_tasks",
    "mof.project_allocation": "grounded reasonable",
    "mof.project_fund_use": "finance_rules approval approved_use no_diversion",
    "mof.project_rules": "exist complete",
    "mof.project_rules_execution": "followed changes archived conditions",
}


def test_the_checklists_have_the_points_of_the_frameworks() -> None:
    assert {name: " ".join(indicator.items) for name, indicator in CHECKLISTS.items()} == ITEMS


def test_no_diversion_of_funds_is_the_same_for_departments_and_projects() -> None:
    department, project = CHECKLISTS["mof.fund_use_compliance"], CHECKLISTS["mof.project_fund_use"]
    assert department.items["no_diversion"] == project.items["no_diversion"]
    assert department.items["no_diversion"].zh == "无截留、挤占、挪用、虚列支出"
    assert CHECKLISTS["mof.target_reasonableness"].items["follows_plan"].zh == "符合部门中长期规划"


@pytest.mark.parametrize(
    ("department", "project"),
    [
        ("mof.target_reasonableness", "mof.project_target_reasonableness"),
        ("mof.indicator_clarity", "mof.project_indicator_clarity"),
        ("mof.fund_use_compliance", "mof.project_fund_use"),
        ("mof.management_rules", "mof.project_rules"),
        ("mof.asset_rules", "mof.project_rules"),
    ],
)
def test_lists_of_one_title_differ_between_the_frameworks(department: str, project: str) -> None:
    assert PUBLISHED[department] == PUBLISHED[project]
    assert CHECKLISTS[department].items != CHECKLISTS[project].items
    assert CHECKLISTS[department].definition != CHECKLISTS[project].definition


def test_every_indicator_stands_in_the_tier_of_its_document() -> None:
    tiers = {
        it.Tier.INPUT: {
            "target_reasonableness",
            "indicator_clarity",
            "staff_control_rate",
            "three_public_change_rate",
            "key_expenditure_rate",
            "budget_growth_rate",
            "project_basis",
            "project_procedure",
            "project_target_reasonableness",
            "project_indicator_clarity",
            "project_budgeting",
            "project_allocation",
        },
        it.Tier.OUTPUT: {
            "duty_performance",
            "actual_completion_rate",
            "on_time_completion_rate",
            "quality_pass_rate",
            "key_work_completion_rate",
            "project_actual_completion_rate",
            "project_quality_pass_rate",
            "project_timeliness",
            "project_cost_saving_rate",
        },
        it.Tier.EFFECT: {
            "duty_benefit",
            "economic_benefit",
            "social_benefit",
            "ecological_benefit",
            "benefit_attainment",
            "satisfaction",
            "economic_and_social_benefit",
            "administrative_efficiency",
            "project_benefit",
            "project_sustainable_influence",
        },
    }
    assert {f"mof.{short}" for names in tiers.values() for short in names} <= set(INDICATORS)
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
    assert in_two_languages(indicator.definition)
    assert all(indicator.definition[language] != indicator.title[language] for language in ("zh", "en"))
    if isinstance(indicator, it.Checklist):
        assert all(in_two_languages(words) for words in indicator.items.values())
        for language in ("zh", "en"):
            assert len({words[language] for words in indicator.items.values()}) == len(indicator.items)
    if isinstance(indicator, it.Measured):
        assert in_two_languages(it.Text(zh=indicator.words("zh"), en=indicator.words("en")))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_record_and_field_is_titled_in_both_languages(record: type) -> None:
    known = it.record_type(record)
    assert in_two_languages(known.title)
    assert all(in_two_languages(kind.title) for kind in known.fields.values())
    assert all(in_two_languages(kind.doc) for kind in known.fields.values() if kind.doc)
    assert record.__doc__
    for language in ("zh", "en"):
        titles = [kind.title[language] for kind in known.fields.values()]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_indicators_have_one_title_nor_one_definition(language: str) -> None:
    for texts in (
        [indicator.title[language] for indicator in INDICATORS.values()],
        [indicator.definition[language] for indicator in INDICATORS.values()],
    ):
        assert len(set(texts)) == len(texts)


def test_only_balances_may_be_below_zero() -> None:
    assert Fund(opening_balance=-195).opening_balance == it.Quantity(-195)
    signed = set()
    for record in RECORDS:
        known = it.record_type(record)
        for field, kind in known.fields.items():
            if not kind.measured or isinstance(kind, fields.Date):
                continue
            try:
                record(**{field: -1})
            except it.DataError:
                continue
            signed.add(f"{known.id}.{field}")
    assert signed == {"mof.fund.opening_balance", "mof.fund.closing_balance", "mof.available_funds.closing_balance"}


def rows_of_the_readme() -> dict[str, list[str]]:
    """The cells of each row of its tables, by the id in the first."""
    rows: dict[str, list[str]] = {}
    for row in re.findall(r"^\| `(mof\.\w+)` \|(.*)\|$", README.read_text(encoding="utf-8"), re.MULTILINE):
        assert row[0] not in rows, f"{row[0]} stands there twice"
        rows[row[0]] = [cell.strip() for cell in row[1].split("|")]
    return rows


def test_the_readme_lists_every_indicator_and_record_as_it_is() -> None:
    rows = rows_of_the_readme()
    identities = {identity.id for identity in indicatree_mof.indicatree_identities()}
    assert set(rows) == set(INDICATORS) | {it.record_type(record).id for record in RECORDS} | identities
    for name, indicator in INDICATORS.items():
        assert rows[name] == [indicator.title.en, indicator.title.zh, indicator.source], name
    for record in RECORDS:
        assert rows[it.record_type(record).id][0] == f"`{record.__name__}`"
