"""The records that the indicators are measured from."""

from __future__ import annotations

import indicatree as it
from indicatree import fields

__all__ = ["Budget", "Fund", "Project", "Revenue", "Spending", "Staffing"]


@it.record("mof.budget", title=it.Text(zh="预算及执行", en="Budget"))
class Budget:
    """What was budgeted at the start of the year and what was spent, by basic and project spending."""

    basic_approved: fields.Money = fields.money("基本支出年初预算数", "initial budget of basic spending")
    basic_actual: fields.Money = fields.money("基本支出决算数", "basic spending")
    project_approved: fields.Money = fields.money("项目支出年初预算数", "initial budget of project spending")
    project_adjusted: fields.Money = fields.money(
        "项目支出调整后预算数",
        "adjusted budget of project spending",
        doc="the initial budget with all additions and cuts",
    )
    project_actual: fields.Money = fields.money("项目支出决算数", "project spending")


@it.record("mof.project", title=it.Text(zh="项目", en="projects"))
class Project:
    """One project: a line item."""

    name: fields.Words = fields.text("项目名称", "name")
    approved: fields.Money = fields.money("年初预算数", "initial budget")
    adjusted: fields.Money = fields.money("调整后预算数", "adjusted budget")
    actual: fields.Money = fields.money("支出数", "spending")


@it.record("mof.fund", title=it.Text(zh="社会保险基金", en="Social insurance fund"))
class Fund:
    """The income and spending of one social insurance fund, budgeted and actual."""

    income_budget: fields.Money = fields.money("收入预算数", "budgeted income")
    income_actual: fields.Money = fields.money("收入实际数", "actual income")
    spending_budget: fields.Money = fields.money("支出预算数", "budgeted spending")
    spending_actual: fields.Money = fields.money("支出实际数", "actual spending")
    opening_balance: fields.Money = fields.money("期初结余", "opening balance", signed=True)
    closing_balance: fields.Money = fields.money("期末滚存结余", "closing balance", signed=True)


@it.record("mof.revenue", title=it.Text(zh="一般公共预算收支", en="General public budget"))
class Revenue:
    """The general public budget of this year and of the last."""

    this_year: fields.Money = fields.money("本年数", "this year")
    last_year: fields.Money = fields.money("上年数", "last year")


@it.record("mof.spending", title=it.Text(zh="支出分类", en="Spending by class"))
class Spending:
    """The year's spending by economic class."""

    wages: fields.Money = fields.money("工资福利支出", "wages and welfare")
    goods_and_services: fields.Money = fields.money("商品和服务支出", "goods and services")
    subsidies: fields.Money = fields.money("对个人和家庭的补助", "subsidies to persons and families")
    total: fields.Money = fields.money("支出总计", "total spending")


@it.record("mof.staffing", title=it.Text(zh="人员编制", en="Staffing"))
class Staffing:
    """Posts and the staff in them."""

    posts: fields.Count = fields.count("编制数", "approved posts")
    in_post: fields.Count = fields.count("在职人员数", "staff in post")
