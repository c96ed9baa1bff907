"""What published local scoring tables add to the framework of the Ministry: measures and graded judgements.

None of these stands in a document of the Ministry with this measure, so none cites one.
"""

from __future__ import annotations

from typing import Any

import indicatree as it
from indicatree_mof.records import AvailableFunds, CarryOver, NewBuildings, Violations

CASES = it.MeasureUnit("cases", it.Text(zh=" 起", en=" cases"), places=0, one=it.Text(zh=" 起", en=" case"))
YUAN = it.MeasureUnit("yuan", it.Text(zh=" 元", en=" yuan"), places=2)


@it.indicator(
    "mof.available_completion_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    title=it.Text(zh="预算完成率（含结转和追加）", en="Budget completion rate, with carry-over and additions"),
    definition=it.Text(
        zh="上年结转、年初预算与本年追加之和，减去年末结余后的数额，占该和的比例",
        en="What was used of the money carried in, the initial budget and the additions of the year, over their sum; "
        "what is left at the end of the year is not used.",
    ),
)
def available_completion_rate(available_funds: AvailableFunds) -> Any:
    """All that was available less the closing balance, over all that was available."""
    available = available_funds.carried_in + available_funds.initial + available_funds.added
    return (available - available_funds.closing_balance) / available


@it.indicator(
    "mof.budget_control_rate",
    tier=it.Tier.PROCESS,
    better=it.LESS,
    title=it.Text(zh="预算控制率", en="Budget control rate"),
    definition=it.Text(
        zh="本年追加的预算数占年初预算数的比例",
        en="The budget added in the year over the initial budget.",
    ),
)
def budget_control_rate(available_funds: AvailableFunds) -> Any:
    """The budget added in the year over the initial budget."""
    return available_funds.added / available_funds.initial


@it.indicator(
    "mof.new_building_area_rate",
    tier=it.Tier.PROCESS,
    applies=lambda new_buildings: new_buildings.projects > 0,
    better=it.LESS,
    title=it.Text(zh="新建楼堂馆所面积控制率", en="New building area control rate"),
    definition=it.Text(
        zh="新建楼堂馆所实际建设面积占批准面积的比例；没有新建项目的部门不适用",
        en="Built over approved area of new buildings; it does not apply to a department with no building project.",
    ),
)
def new_building_area_rate(new_buildings: NewBuildings) -> Any:
    """Built over approved area, where there is a building project."""
    return new_buildings.built_area / new_buildings.approved_area


@it.indicator(
    "mof.new_building_investment_rate",
    tier=it.Tier.PROCESS,
    applies=lambda new_buildings: new_buildings.projects > 0,
    better=it.LESS,
    title=it.Text(zh="新建楼堂馆所投资概算控制率", en="New building investment control rate"),
    definition=it.Text(
        zh="新建楼堂馆所实际投资决算占批准投资概算的比例；没有新建项目的部门不适用",
        en="Final over approved cost of new buildings; it does not apply to a department with no building project.",
    ),
)
def new_building_investment_rate(new_buildings: NewBuildings) -> Any:
    """Final over approved cost, where there is a building project."""
    return new_buildings.final_cost / new_buildings.approved_cost


@it.indicator(
    "mof.carry_over_this_year",
    tier=it.Tier.PROCESS,
    unit=YUAN,
    better=it.LESS,
    title=it.Text(zh="本年结转结余额", en="Carry-over and surplus of this year"),
    definition=it.Text(
        zh="本年末未使用的结转和结余资金总额",
        en="Money not used by the end of this year, carried over or surplus.",
    ),
)
def carry_over_this_year(carry_over: CarryOver) -> Any:
    """Money not used by the end of this year, carried over or surplus."""
    return carry_over.this_year


@it.indicator(
    "mof.carry_over_last_year",
    tier=it.Tier.PROCESS,
    unit=YUAN,
    better=it.LESS,
    title=it.Text(zh="上年结转结余额", en="Carry-over and surplus of last year"),
    definition=it.Text(
        zh="上年末未使用的结转和结余资金总额，用于与本年比较",
        en="Money not used by the end of last year, carried over or surplus, to compare this year with.",
    ),
)
def carry_over_last_year(carry_over: CarryOver) -> Any:
    """Money not used by the end of last year, carried over or surplus, to compare this year with."""
    return carry_over.last_year


@it.indicator(
    "mof.fund_use_violations",
    tier=it.Tier.PROCESS,
    unit=CASES,
    better=it.LESS,
    title=it.Text(zh="资金使用违规起数", en="Cases of improper fund use"),
    definition=it.Text(
        zh="本年度查实的资金使用违规起数",
        en="Cases of improper use of funds that were established in the year.",
    ),
)
def fund_use_violations(violations: Violations) -> Any:
    """Cases of improper use of funds that were established in the year."""
    return violations.fund_use


@it.indicator(
    "mof.serious_violations",
    tier=it.Tier.PROCESS,
    unit=CASES,
    better=it.LESS,
    title=it.Text(zh="严重违规起数", en="Serious violations"),
    definition=it.Text(
        zh="本年度查实的严重违规起数；何为严重由评分方案规定",
        en="Serious violations established in the year; the scheme says what is serious.",
    ),
)
def serious_violations(violations: Violations) -> Any:
    """Serious violations established in the year; the scheme says what is serious."""
    return violations.serious


economic_and_social_benefit = it.graded(
    "mof.economic_and_social_benefit",
    tier=it.Tier.EFFECT,
    title=it.Text(zh="经济和社会效益", en="Economic and social benefit"),
    definition=it.Text(
        zh="对部门履职给经济和社会发展带来的影响的合并评定",
        en="What the department's work brings to the economy and to society, judged together.",
    ),
)

administrative_efficiency = it.graded(
    "mof.administrative_efficiency",
    tier=it.Tier.EFFECT,
    title=it.Text(zh="行政效能", en="Administrative efficiency"),
    definition=it.Text(
        zh="部门改进管理、提高办事效率、降低行政成本的情况",
        en="How the department improves its management, speeds up its service and lowers its running costs.",
    ),
)
