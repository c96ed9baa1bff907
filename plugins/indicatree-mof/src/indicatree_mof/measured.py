"""Indicators of departments that are measured from figures.

``FRAMEWORK`` is cited only where the indicator stands in that document with this measure; the
others are local practice, as published reports use them, and cite nothing. What local scoring tables
add to the framework is in `local`, what belongs to projects in `projects`.
"""

from __future__ import annotations

from typing import Any

import indicatree as it
from indicatree_mof.records import (
    Benefit,
    Budget,
    CarryOver,
    DepartmentBudget,
    FixedAssets,
    Fund,
    Procurement,
    Project,
    ProjectExpenditure,
    PublicFunds,
    Revenue,
    Staffing,
    Survey,
    ThreePublic,
    Work,
)
from indicatree_mof.sources import BOTH, FRAMEWORK


@it.indicator(
    "mof.overall_execution_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    title=it.Text(zh="整体支出预算执行率", en="Overall budget execution rate"),
    definition=it.Text(
        zh="部门全年支出占年初预算的比例，基本支出与项目支出合计",
        en="All spending of the year over all of the initial budget.",
    ),
)
def overall_execution_rate(budget: Budget) -> Any:
    """All spending of the year over all of the initial budget."""
    actual = budget.basic_actual + budget.project_actual
    return actual / (budget.basic_approved + budget.project_approved)


@it.indicator(
    "mof.basic_execution_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    title=it.Text(zh="基本支出预算执行率", en="Basic spending execution rate"),
    definition=it.Text(zh="基本支出决算数占年初预算数的比例", en="Basic spending over its initial budget."),
)
def basic_execution_rate(budget: Budget) -> Any:
    """Basic spending over its initial budget."""
    return budget.basic_actual / budget.basic_approved


@it.indicator(
    "mof.project_execution_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    title=it.Text(zh="项目支出预算执行率", en="Project spending execution rate"),
    definition=it.Text(zh="项目支出决算数占年初预算数的比例", en="Project spending over its initial budget."),
)
def project_execution_rate(budget: Budget) -> Any:
    """Project spending over its initial budget."""
    return budget.project_actual / budget.project_approved


@it.indicator(
    "mof.project_net_adjustment_rate",
    tier=it.Tier.PROCESS,
    better=it.LESS,
    title=it.Text(zh="项目支出预算净调整率", en="Project net adjustment rate"),
    definition=it.Text(
        zh="项目支出预算总额的净变动（绝对值）占年初预算的比例；增减相抵，与财预〔2013〕53号的预算调整率不同",
        en="The net change of the whole project budget, in absolute value, over the initial budget. Additions and "
        "cuts offset each other, unlike in the framework's own adjustment rate.",
    ),
)
def project_net_adjustment_rate(budget: Budget) -> Any:
    """The net change of the whole project budget, in absolute value, over the initial budget."""
    return abs(budget.project_adjusted - budget.project_approved) / budget.project_approved


@it.indicator(
    "mof.budget_adjustment_rate",
    tier=it.Tier.PROCESS,
    better=it.LESS,
    title=it.Text(zh="预算调整率", en="Budget adjustment rate"),
    definition=it.Text(
        zh="各项目预算调增、调减的绝对值之和占年初预算的比例；落实国家政策、不可抗力、上级交办的调整不计",
        en="Additions and cuts, each in absolute value, over the initial budget; adjustments for national policy, "
        "force majeure or superior orders are to be left out of the adjusted budget.",
    ),
)
def budget_adjustment_rate(projects: it.Items[Project]) -> Any:
    """Additions and cuts of each project, in absolute value, over the initial budget."""
    return it.total(abs(projects.adjusted - projects.approved)) / it.total(projects.approved)


@it.indicator(
    "mof.project_completion_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    title=it.Text(zh="项目预算完成率", en="Project completion rate"),
    definition=it.Text(
        zh="一个项目的支出占其年初预算的比例", en="The spending of one project over its initial budget."
    ),
)
def project_completion_rate(project: Project) -> Any:
    """The spending of one project over its initial budget."""
    return project.actual / project.approved


@it.indicator(
    "mof.fund_income_completion_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    title=it.Text(zh="基金收入预算完成率", en="Fund income completion rate"),
    definition=it.Text(zh="基金实际收入占收入预算的比例", en="The income of a fund over its budget."),
)
def fund_income_completion_rate(fund: Fund) -> Any:
    """The income of a fund over its budget."""
    return fund.income_actual / fund.income_budget


@it.indicator(
    "mof.fund_spending_completion_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    title=it.Text(zh="基金支出预算完成率", en="Fund spending completion rate"),
    definition=it.Text(zh="基金实际支出占支出预算的比例", en="The spending of a fund over its budget."),
)
def fund_spending_completion_rate(fund: Fund) -> Any:
    """The spending of a fund over its budget."""
    return fund.spending_actual / fund.spending_budget


@it.indicator(
    "mof.budget_growth_rate",
    tier=it.Tier.INPUT,
    title=it.Text(zh="一般公共预算增长率", en="Growth of the general public budget"),
    applies=lambda revenue: revenue.last_year > 0,
    definition=it.Text(
        zh="本年数比上年数的增长，上年数须大于零", en="The change on last year over last year's amount."
    ),
)
def budget_growth_rate(revenue: Revenue) -> Any:
    """The change on last year over last year's amount, which must be above zero."""
    return (revenue.this_year - revenue.last_year) / revenue.last_year


@it.indicator(
    "mof.staff_control_rate",
    tier=it.Tier.INPUT,
    better=it.LESS,
    source=FRAMEWORK,
    title=it.Text(zh="在职人员控制率", en="Staff control rate"),
    definition=it.Text(zh="在职人员数占编制数的比例", en="Staff in post over approved posts."),
)
def staff_control_rate(staffing: Staffing) -> Any:
    """Staff in post over approved posts."""
    return staffing.in_post / staffing.posts


@it.indicator(
    "mof.three_public_change_rate",
    tier=it.Tier.INPUT,
    better=it.LESS,
    source=FRAMEWORK,
    title=it.Text(zh="“三公经费”变动率", en="Three public expenses change rate"),
    definition=it.Text(
        zh="本年度“三公经费”预算比上年度预算的变动，与上年度预算之比",
        en="The change of the budget for the three public expenses on last year, over the budget of last year.",
    ),
)
def three_public_change_rate(three_public: ThreePublic) -> Any:
    """This year's budget less last year's, over last year's."""
    return (three_public.budget - three_public.budget_last_year) / three_public.budget_last_year


@it.indicator(
    "mof.key_expenditure_rate",
    tier=it.Tier.INPUT,
    better=it.MORE,
    source=FRAMEWORK,
    title=it.Text(zh="重点支出安排率", en="Key expenditure share"),
    definition=it.Text(
        zh="预算安排的重点项目支出占全部项目支出的比例",
        en="Budgeted expenditure on key projects over that on all projects.",
    ),
)
def key_expenditure_rate(project_expenditure: ProjectExpenditure) -> Any:
    """Budgeted expenditure on key projects over that on all projects."""
    return project_expenditure.key / project_expenditure.total


@it.indicator(
    "mof.budget_completion_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    source=FRAMEWORK,
    title=it.Text(zh="预算完成率", en="Budget completion rate"),
    definition=it.Text(
        zh="本年度完成的预算数占批复的部门预算数的比例",
        en="The budget completed in the year over the approved budget of the department.",
    ),
)
def budget_completion_rate(department_budget: DepartmentBudget) -> Any:
    """The budget completed in the year over the approved budget of the department."""
    return department_budget.completed / department_budget.approved


@it.indicator(
    "mof.department_adjustment_rate",
    tier=it.Tier.PROCESS,
    better=it.LESS,
    source=FRAMEWORK,
    title=it.Text(zh="预算调整率（部门）", en="Budget adjustment rate (department)"),
    definition=it.Text(
        zh="部门预算的调增、调减与结构调整，各取绝对值相加，占批复预算数的比例；落实国家政策、不可抗力、上级交办的调整不计",
        en="Additions, cuts and restructurings of the department's budget, each in absolute value, over the approved "
        "budget; adjustments for national policy, force majeure or superior orders are left out.",
    ),
)
def department_adjustment_rate(department_budget: DepartmentBudget) -> Any:
    """Additions, cuts and restructurings, each in absolute value, over the approved budget."""
    adjusted = department_budget.additions + department_budget.cuts + department_budget.restructurings
    return adjusted / department_budget.approved


@it.indicator(
    "mof.payment_progress_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    source=FRAMEWORK,
    title=it.Text(zh="支付进度率", en="Payment progress rate"),
    definition=it.Text(
        zh="截至某一日期，实际支付进度与既定支付进度之比，二者均为占年度预算的比例",
        en="Actual over planned payment progress at a date, each a share of the budget of the year.",
    ),
)
def payment_progress_rate(department_budget: DepartmentBudget) -> Any:
    """Actual over planned payment progress at a date, each a share of the budget of the year."""
    return department_budget.actual_progress / department_budget.planned_progress


@it.indicator(
    "mof.carry_over_rate",
    tier=it.Tier.PROCESS,
    better=it.LESS,
    source=FRAMEWORK,
    title=it.Text(zh="结转结余率", en="Carry-over rate"),
    definition=it.Text(
        zh="本年度结转结余总额占批复的支出预算数的比例",
        en="Carry-over and surplus of this year over the approved expenditure budget.",
    ),
)
def carry_over_rate(carry_over: CarryOver, department_budget: DepartmentBudget) -> Any:
    """Carry-over and surplus of this year over the approved expenditure budget."""
    return carry_over.this_year / department_budget.expenditure


@it.indicator(
    "mof.carry_over_change_rate",
    tier=it.Tier.PROCESS,
    better=it.LESS,
    source=FRAMEWORK,
    title=it.Text(zh="结转结余变动率", en="Carry-over change rate"),
    definition=it.Text(
        zh="本年度结转结余总额比上年度的变动，与上年度总额之比",
        en="The change of carry-over and surplus on last year, over the amount of last year.",
    ),
)
def carry_over_change_rate(carry_over: CarryOver) -> Any:
    """The change of carry-over and surplus on last year, over the amount of last year."""
    return (carry_over.this_year - carry_over.last_year) / carry_over.last_year


@it.indicator(
    "mof.public_funds_control_rate",
    tier=it.Tier.PROCESS,
    better=it.LESS,
    source=FRAMEWORK,
    title=it.Text(zh="公用经费控制率", en="Public-use funds control rate"),
    definition=it.Text(
        zh="公用经费实际支出数占预算安排数的比例",
        en="Actual spending of public-use funds over their budget.",
    ),
)
def public_funds_control_rate(public_funds: PublicFunds) -> Any:
    """Actual spending of public-use funds over their budget."""
    return public_funds.actual / public_funds.budget


@it.indicator(
    "mof.three_public_control_rate",
    tier=it.Tier.PROCESS,
    better=it.LESS,
    source=FRAMEWORK,
    title=it.Text(zh="“三公经费”控制率", en="Three public expenses control rate"),
    definition=it.Text(
        zh="“三公经费”实际支出数占预算安排数的比例",
        en="Actual spending on the three public expenses over their budget.",
    ),
)
def three_public_control_rate(three_public: ThreePublic) -> Any:
    """Actual spending on the three public expenses over their budget."""
    return three_public.actual / three_public.budget


@it.indicator(
    "mof.procurement_execution_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    source=FRAMEWORK,
    title=it.Text(zh="政府采购执行率", en="Government procurement execution rate"),
    definition=it.Text(
        zh="实际政府采购金额占政府采购预算数的比例",
        en="Actual government procurement over the procurement budget.",
    ),
)
def procurement_execution_rate(procurement: Procurement) -> Any:
    """Actual government procurement over the procurement budget."""
    return procurement.actual / procurement.budget


@it.indicator(
    "mof.fixed_asset_use_rate",
    tier=it.Tier.PROCESS,
    better=it.MORE,
    source=FRAMEWORK,
    title=it.Text(zh="固定资产利用率", en="Fixed-asset use rate"),
    definition=it.Text(
        zh="在用固定资产总额占全部固定资产总额的比例",
        en="Fixed assets in use over all fixed assets, by value.",
    ),
)
def fixed_asset_use_rate(fixed_assets: FixedAssets) -> Any:
    """Fixed assets in use over all fixed assets, by value."""
    return fixed_assets.in_use / fixed_assets.total


@it.indicator(
    "mof.actual_completion_rate",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    source=FRAMEWORK,
    title=it.Text(zh="实际完成率", en="Actual completion rate"),
    definition=it.Text(
        zh="实际完成的工作数占计划工作数的比例",
        en="Work completed over work planned.",
    ),
)
def actual_completion_rate(work: Work) -> Any:
    """Work completed over work planned."""
    return work.completed / work.planned


@it.indicator(
    "mof.on_time_completion_rate",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    source=FRAMEWORK,
    title=it.Text(zh="完成及时率", en="On-time completion rate"),
    definition=it.Text(
        zh="按时完成的工作数占计划工作数的比例",
        en="Work completed on time over work planned.",
    ),
)
def on_time_completion_rate(work: Work) -> Any:
    """Work completed on time over work planned."""
    return work.on_time / work.planned


@it.indicator(
    "mof.quality_pass_rate",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    source=FRAMEWORK,
    title=it.Text(zh="质量达标率", en="Quality pass rate"),
    definition=it.Text(
        zh="达到质量标准的工作数占计划工作数的比例；项目的质量达标率以实际产出数为分母，是另一指标",
        en="Work up to standard over work planned; that of projects is over actual output, and another indicator.",
    ),
)
def quality_pass_rate(work: Work) -> Any:
    """Work up to standard over work planned."""
    return work.up_to_standard / work.planned


@it.indicator(
    "mof.key_work_completion_rate",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    source=FRAMEWORK,
    title=it.Text(zh="重点工作办结率", en="Key work completion rate"),
    definition=it.Text(
        zh="办结的重点工作数占交办的重点工作数的比例",
        en="Key work completed over key work assigned.",
    ),
)
def key_work_completion_rate(work: Work) -> Any:
    """Key work completed over key work assigned."""
    return work.key_completed / work.key_assigned


@it.indicator(
    "mof.benefit_attainment",
    tier=it.Tier.EFFECT,
    better=it.MORE,
    title=it.Text(zh="效益目标实现率", en="Benefit attainment"),
    definition=it.Text(
        zh="一项可计量的效益，实现数量占目标数量的比例；目标由部门自行设定",
        en="What was achieved of one benefit that can be counted, over its target; the department sets the target.",
    ),
)
def benefit_attainment(benefit: Benefit) -> Any:
    """What was achieved of one benefit that can be counted, over its target; the department sets the target."""
    return benefit.achieved / benefit.target


@it.indicator(
    "mof.satisfaction",
    tier=it.Tier.EFFECT,
    better=it.MORE,
    source=BOTH,
    title=it.Text(zh="社会公众或服务对象满意度", en="Satisfaction"),
    definition=it.Text(
        zh="对社会公众或服务对象的调查中，满意答卷数占有效答卷数的比例",
        en="Satisfied answers over all valid answers to a survey of the public or of those served.",
    ),
)
def satisfaction(survey: Survey) -> Any:
    """Satisfied answers over all valid answers to a survey of the public or of those served."""
    return survey.satisfied / survey.answers
