"""The records that the indicators are measured from."""

from __future__ import annotations

import indicatree as it
from indicatree import fields

__all__ = [
    "AvailableFunds",
    "Benefit",
    "Budget",
    "CarryOver",
    "DepartmentBudget",
    "FixedAssets",
    "Fund",
    "NewBuildings",
    "Procurement",
    "Project",
    "ProjectExpenditure",
    "ProjectFunds",
    "ProjectOutput",
    "PublicFunds",
    "Revenue",
    "Spending",
    "Staffing",
    "Survey",
    "ThreePublic",
    "Violations",
    "Work",
]

_SQUARE_METRES = it.Text(zh="平方米", en="square metres")
_ABSOLUTE = it.Text(zh="取绝对值；", en="in absolute value, ")
_LEFT_OUT = it.Text(
    zh="落实国家政策、不可抗力、上级交办的调整不计",
    en="without adjustments for national policy, force majeure or superior orders",
)


@it.record("mof.budget", title=it.Text(zh="预算及执行", en="Budget"))
class Budget:
    """What was budgeted at the start of the year and what was spent, by basic and project spending."""

    basic_approved: fields.Money = fields.money("基本支出年初预算数", "initial budget of basic spending")
    basic_actual: fields.Money = fields.money("基本支出决算数", "basic spending")
    project_approved: fields.Money = fields.money("项目支出年初预算数", "initial budget of project spending")
    project_adjusted: fields.Money = fields.money(
        "项目支出调整后预算数",
        "adjusted budget of project spending",
        doc=it.Text(zh="年初预算加全部调增、减全部调减", en="the initial budget with all additions and cuts"),
    )
    project_actual: fields.Money = fields.money("项目支出决算数", "project spending")


@it.record("mof.project", title=it.Text(zh="项目", en="projects"))
class Project:
    """One project: a line item."""

    name: fields.Words = fields.text("项目名称", "name")
    approved: fields.Money = fields.money("年初预算数", "initial budget")
    adjusted: fields.Money = fields.money("调整后预算数", "adjusted budget", doc=_LEFT_OUT)
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


@it.record("mof.department_budget", title=it.Text(zh="部门预算", en="Department budget"))
class DepartmentBudget:
    """The approved budget of the department, what changed it in the year, and how far it is carried out."""

    approved: fields.Money = fields.money("批复的部门预算数", "approved budget")
    expenditure: fields.Money = fields.money("批复的支出预算数", "approved expenditure budget")
    completed: fields.Money = fields.money("预算完成数", "budget completed")
    additions: fields.Money = fields.money("预算调增数", "additions", doc=_LEFT_OUT)
    cuts: fields.Money = fields.money("预算调减数", "cuts", doc=_ABSOLUTE + _LEFT_OUT)
    restructurings: fields.Money = fields.money(
        "预算结构调整数",
        "restructurings",
        doc=it.Text(zh="项目之间调剂的数额，", en="what was moved between items, ") + _ABSOLUTE + _LEFT_OUT,
    )
    planned_progress: fields.Share = fields.share(
        "既定支付进度",
        "planned payment progress",
        doc=it.Text(
            zh="截至某一时点应支付的数额占年度预算的比例", en="the share of the year's budget to be paid by a date"
        ),
    )
    actual_progress: fields.Share = fields.share(
        "实际支付进度",
        "actual payment progress",
        most=10,
        doc=it.Text(
            zh="截至同一时点已支付的数额占年度预算的比例；支付超过预算的，大于 100%",
            en="the share of the year's budget paid by the same date; above 100% where more than the budget was paid",
        ),
    )


@it.record("mof.carry_over", title=it.Text(zh="结转结余", en="Carry-over and surplus"))
class CarryOver:
    """Money not used by the end of this year and of the last."""

    this_year: fields.Money = fields.money("本年结转结余", "this year's carry-over and surplus")
    last_year: fields.Money = fields.money("上年结转结余", "last year's carry-over and surplus")


@it.record("mof.three_public", title=it.Text(zh="“三公经费”", en="Three public expenses"))
class ThreePublic:
    """Travel abroad on duty, official cars, and official receptions, taken together."""

    budget: fields.Money = fields.money("本年“三公经费”预算数", "this year's budget of the three public expenses")
    budget_last_year: fields.Money = fields.money(
        "上年“三公经费”预算数", "last year's budget of the three public expenses"
    )
    actual: fields.Money = fields.money("本年“三公经费”支出数", "this year's spending on the three public expenses")


@it.record("mof.public_funds", title=it.Text(zh="公用经费", en="Public-use funds"))
class PublicFunds:
    """Funds for the running of the department itself."""

    budget: fields.Money = fields.money("公用经费预算数", "budget of public-use funds")
    actual: fields.Money = fields.money("公用经费支出数", "spending of public-use funds")


@it.record("mof.procurement", title=it.Text(zh="政府采购", en="Government procurement"))
class Procurement:
    """Government procurement, budgeted and actual."""

    budget: fields.Money = fields.money("政府采购预算数", "procurement budget")
    actual: fields.Money = fields.money("实际政府采购金额", "actual procurement")


@it.record("mof.project_expenditure", title=it.Text(zh="项目支出安排", en="Project expenditure"))
class ProjectExpenditure:
    """What the year's budget gives to projects, and to the key ones among them."""

    total: fields.Money = fields.money("项目总支出", "total project expenditure")
    key: fields.Money = fields.money(
        "重点项目支出",
        "key project expenditure",
        doc=it.Text(
            zh="与部门履职密切相关或社会关注的项目",
            en="projects that are closely bound to the department's duties or that the public cares about",
        ),
        part_of="total",
    )


@it.record("mof.fixed_assets", title=it.Text(zh="固定资产", en="Fixed assets"))
class FixedAssets:
    """Fixed assets by their value in the books."""

    total: fields.Money = fields.money("全部固定资产总额", "all fixed assets")
    in_use: fields.Money = fields.money("在用固定资产总额", "fixed assets in use", part_of="total")


@it.record("mof.work", title=it.Text(zh="履职工作", en="Work"))
class Work:
    """The department's work of the year, counted in tasks."""

    planned: fields.Count = fields.count("计划工作数", "work planned")
    completed: fields.Count = fields.count("实际完成工作数", "work completed")
    on_time: fields.Count = fields.count("及时完成工作数", "work completed on time", part_of="completed")
    up_to_standard: fields.Count = fields.count("质量达标工作数", "work up to standard", part_of="completed")
    key_assigned: fields.Count = fields.count("交办的重点工作数", "key work assigned")
    key_completed: fields.Count = fields.count("办结的重点工作数", "key work completed")


@it.record("mof.benefit", title=it.Text(zh="效益目标", en="benefits"))
class Benefit:
    """One benefit that can be counted, in whatever it is counted in: a line item."""

    name: fields.Words = fields.text("效益名称", "name")
    target: fields.Number = fields.number("目标数量", "target", places=4)
    achieved: fields.Number = fields.number("实现数量", "achieved quantity", places=4)


@it.record("mof.survey", title=it.Text(zh="满意度调查", en="Survey"))
class Survey:
    """A survey of the public or of those served."""

    answers: fields.Count = fields.count("有效答卷数", "valid answers")
    satisfied: fields.Count = fields.count("满意答卷数", "satisfied answers", part_of="answers")


@it.record("mof.available_funds", title=it.Text(zh="可用预算资金", en="Available funds"))
class AvailableFunds:
    """The money at the department's disposal in the year, and what is left of it."""

    carried_in: fields.Money = fields.money("上年结转", "carried in")
    initial: fields.Money = fields.money("年初预算数", "initial budget")
    added: fields.Money = fields.money("本年追加预算数", "added in the year")
    closing_balance: fields.Money = fields.money(
        "年末结余",
        "closing balance",
        signed=True,
        doc=it.Text(zh="支出超过可用资金的，为负数", en="below zero where more was spent than there was"),
    )


@it.record("mof.new_buildings", title=it.Text(zh="新建楼堂馆所", en="New buildings"))
class NewBuildings:
    """The department's office and reception buildings built in the year; with no project all else may stay empty."""

    projects: fields.Count = fields.count("新建项目数", "building projects")
    approved_area: fields.Number = fields.number("批准建设面积", "approved area", unit=_SQUARE_METRES)
    built_area: fields.Number = fields.number("实际建设面积", "built area", unit=_SQUARE_METRES)
    approved_cost: fields.Money = fields.money("批准投资概算", "approved cost")
    final_cost: fields.Money = fields.money("实际投资决算", "final cost")


@it.record("mof.violations", title=it.Text(zh="违规情况", en="Violations"))
class Violations:
    """Violations found in the year, counted in cases."""

    fund_use: fields.Count = fields.count("资金使用违规起数", "cases of improper fund use")
    serious: fields.Count = fields.count("严重违规起数", "serious violations")


@it.record("mof.project_funds", title=it.Text(zh="项目资金", en="Project funds"))
class ProjectFunds:
    """The money of one project under evaluation: budgeted, received, spent."""

    budget: fields.Money = fields.money("预算资金", "project budget")
    received: fields.Money = fields.money("实际到位资金", "funds received")
    spent: fields.Money = fields.money("实际支出资金", "funds spent")


@it.record("mof.project_output", title=it.Text(zh="项目产出", en="project outputs"))
class ProjectOutput:
    """One output of a project, in whatever it is counted in, with its quality, its dates and its cost: a line item."""

    name: fields.Words = fields.text("产出名称", "name")
    planned: fields.Number = fields.number("计划产出数", "planned output", places=4)
    actual: fields.Number = fields.number("实际产出数", "actual output", places=4)
    up_to_standard: fields.Number = fields.number("质量达标产出数", "output up to standard", places=4, part_of="actual")
    due: fields.Date = fields.date("计划完成日期", "planned completion date")
    finished: fields.Date = fields.date("实际完成日期", "actual completion date")
    planned_cost: fields.Money = fields.money("计划成本", "planned cost")
    actual_cost: fields.Money = fields.money("实际成本", "actual cost")
