"""Indicators that are measured from figures.

``FRAMEWORK`` is cited only where the indicator stands in that document with this measure; the
others are local practice, as published reports use them, and cite nothing.
"""

from __future__ import annotations

from typing import Any

import indicatree as it
from indicatree_mof.records import Budget, Fund, Project, Revenue, Staffing

FRAMEWORK = "财预〔2013〕53号"
"""The common indicators of overall department expenditure, annex 2."""


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
    source=FRAMEWORK,
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
