"""Indicators of projects: the framework of 财预〔2020〕10号, in the order of its tiers.

Decision is the input tier here, benefit the effect tier. A title that this framework shares with
that of departments names another measure or another list, and so another indicator; only
satisfaction and the graded economic, social and ecological benefit are the same in both, and are in
`measured` and `judged`.
"""

from __future__ import annotations

from typing import Any

import indicatree as it
from indicatree_mof.records import ProjectFunds, ProjectOutput
from indicatree_mof.sources import PROJECT_FRAMEWORK

project_basis = it.checklist(
    "mof.project_basis",
    tier=it.Tier.INPUT,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="立项依据充分性", en="Basis of approval"),
    definition=it.Text(
        zh="项目立项是否符合法律法规、政策、规划和部门职责",
        en="Whether laws, policies, plans and the duties of the department give ground for the project.",
    ),
    items={
        "lawful": it.Text(zh="符合国家法律法规、发展规划和相关政策", en="follows national law, plans and policies"),
        "sector_plan": it.Text(zh="符合行业发展规划和政策要求", en="follows the plans and policies of its sector"),
        "within_duties": it.Text(
            zh="与部门职责相符，属履职所需", en="within the department's duties and needed for them"
        ),
        "public_finance": it.Text(
            zh="属公共财政支持范围，符合事权和支出责任划分",
            en="for public finance to support, at this level of government",
        ),
        "not_duplicated": it.Text(zh="与同类项目不重复", en="no other project does the same"),
    },
)

project_procedure = it.checklist(
    "mof.project_procedure",
    tier=it.Tier.INPUT,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="立项程序规范性", en="Approval procedure"),
    definition=it.Text(
        zh="项目的申请和设立过程是否符合要求",
        en="Whether the project was applied for and set up as required.",
    ),
    items={
        "procedure": it.Text(zh="按规定程序申请设立", en="set up by the prescribed procedure"),
        "documents": it.Text(zh="审批文件和材料符合要求", en="documents for approval meet the requirements"),
        "studied": it.Text(
            zh="事前经过必要的论证、评估和集体决策", en="studied, assessed and decided on jointly beforehand"
        ),
    },
)

project_target_reasonableness = it.checklist(
    "mof.project_target_reasonableness",
    tier=it.Tier.INPUT,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="绩效目标合理性（项目）", en="Target reasonableness (project)"),
    definition=it.Text(
        zh="项目的绩效目标是否有依据，是否与项目实际相符",
        en="Whether the targets of the project rest on a sound basis and fit what the project does.",
    ),
    items={
        "has_targets": it.Text(zh="设有绩效目标", en="has performance targets"),
        "relevant": it.Text(zh="目标与实际工作内容相关", en="targets relate to the actual work"),
        "normal_level": it.Text(
            zh="预期产出和效果符合正常业绩水平", en="expected output and effect are at a normal level"
        ),
        "matches_budget": it.Text(zh="与预算资金量相匹配", en="matches the funds budgeted"),
    },
)

project_indicator_clarity = it.checklist(
    "mof.project_indicator_clarity",
    tier=it.Tier.INPUT,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="绩效指标明确性（项目）", en="Indicator clarity (project)"),
    definition=it.Text(
        zh="由项目绩效目标设定的绩效指标是否清晰、细化、可衡量",
        en="Whether the indicators drawn from the targets of the project are clear, detailed and measurable.",
    ),
    items={
        "broken_down": it.Text(zh="目标细化分解为具体指标", en="targets are broken down into indicators"),
        "measurable": it.Text(zh="指标值清晰可衡量", en="values are clear and measurable"),
        "matches_plan": it.Text(zh="与项目任务数或计划数相对应", en="matches the tasks or the plan of the project"),
    },
)

project_budgeting = it.checklist(
    "mof.project_budgeting",
    tier=it.Tier.INPUT,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="预算编制科学性", en="Soundness of budgeting"),
    definition=it.Text(
        zh="项目预算是否经过论证、有明确标准，资金额度与年度目标是否相适应",
        en="Whether the budget of the project was examined, follows standards and fits what is to be done.",
    ),
    items={
        "examined": it.Text(zh="预算编制经过科学论证", en="the budget was examined on its merits"),
        "matches_content": it.Text(zh="预算内容与项目内容匹配", en="what is budgeted matches the project"),
        "grounded": it.Text(zh="额度测算依据充分，按标准编制", en="amounts are well grounded and follow standards"),
        "matches_tasks": it.Text(zh="资金量与工作任务相匹配", en="the funds match the tasks"),
    },
)

project_allocation = it.checklist(
    "mof.project_allocation",
    tier=it.Tier.INPUT,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="资金分配合理性", en="Fairness of allocation"),
    definition=it.Text(
        zh="项目资金的分配是否有依据，与项目单位或地方实际是否相适应",
        en="Whether the funds are shared out on good grounds and as those who receive them need.",
    ),
    items={
        "grounded": it.Text(zh="资金分配依据充分", en="funds are shared out on sufficient grounds"),
        "reasonable": it.Text(
            zh="分配额度合理，与项目单位或地方实际相适应",
            en="amounts are reasonable and fit the receiving unit or place",
        ),
    },
)


@it.indicator(
    "mof.project_funds_in_place_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="资金到位率", en="Funds-in-place rate"),
    definition=it.Text(
        zh="实际到位资金占预算资金的比例",
        en="Funds received over the budget of the project.",
    ),
)
def project_funds_in_place_rate(project_funds: ProjectFunds) -> Any:
    """Funds received over the budget of the project."""
    return project_funds.received / project_funds.budget


@it.indicator(
    "mof.project_funds_execution_rate",
    tier=it.Tier.PROCESS,
    better=it.near("100%"),
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="预算执行率（项目）", en="Budget execution rate (project)"),
    definition=it.Text(
        zh="实际支出资金占实际到位资金的比例",
        en="Funds spent over funds received.",
    ),
)
def project_funds_execution_rate(project_funds: ProjectFunds) -> Any:
    """Funds spent over funds received."""
    return project_funds.spent / project_funds.received


project_fund_use = it.checklist(
    "mof.project_fund_use",
    tier=it.Tier.PROCESS,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="资金使用合规性（项目）", en="Compliance of fund use (project)"),
    definition=it.Text(
        zh="项目资金的使用是否符合财务管理制度的规定",
        en="Whether the funds of the project are used as the rules of finance require.",
    ),
    items={
        "finance_rules": it.Text(
            zh="符合财经法规、财务制度和专项资金管理办法", en="follows finance law, rules and those of the special fund"
        ),
        "approval": it.Text(zh="拨付有完整的审批程序和手续", en="payments are completely approved and documented"),
        "approved_use": it.Text(
            zh="符合预算批复或合同规定的用途", en="matches the use in the approved budget or the contract"
        ),
        "no_diversion": it.Text(
            zh="无截留、挤占、挪用、虚列支出", en="no withholding, encroachment, diversion or false reporting"
        ),
    },
)

project_rules = it.checklist(
    "mof.project_rules",
    tier=it.Tier.PROCESS,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="管理制度健全性（项目管理）", en="Soundness of project management rules"),
    definition=it.Text(
        zh="项目实施单位的财务和业务管理制度是否健全",
        en="Whether those who carry out the project have rules for its finances and its work.",
    ),
    items={
        "exist": it.Text(zh="已有财务和业务管理制度", en="rules for finances and work exist"),
        "complete": it.Text(zh="制度合法、合规、完整", en="lawful, compliant and complete"),
    },
)

project_rules_execution = it.checklist(
    "mof.project_rules_execution",
    tier=it.Tier.PROCESS,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="制度执行有效性", en="Execution of rules"),
    definition=it.Text(
        zh="项目实施是否符合相关管理规定",
        en="Whether the project is carried out as its rules require.",
    ),
    items={
        "followed": it.Text(zh="遵守相关法律法规和管理规定", en="laws and rules are followed"),
        "changes": it.Text(
            zh="项目调整和支出调整手续完备", en="changes of the project and its spending are fully documented"
        ),
        "archived": it.Text(
            zh="合同、验收等资料齐全并及时归档",
            en="contracts, acceptance reports and the like are complete and filed in time",
        ),
        "conditions": it.Text(
            zh="人员、场地、信息支撑等条件落实到位", en="staff, premises and information support are in place"
        ),
    },
)


@it.indicator(
    "mof.project_actual_completion_rate",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="实际完成率（项目）", en="Actual completion rate (project)"),
    definition=it.Text(
        zh="实际产出数占计划产出数的比例",
        en="Actual over planned output.",
    ),
)
def project_actual_completion_rate(project_output: ProjectOutput) -> Any:
    """Actual over planned output."""
    return project_output.actual / project_output.planned


@it.indicator(
    "mof.project_quality_pass_rate",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="质量达标率（项目）", en="Quality pass rate (project)"),
    definition=it.Text(
        zh="质量达标产出数占实际产出数的比例",
        en="Output up to standard over actual output.",
    ),
)
def project_quality_pass_rate(project_output: ProjectOutput) -> Any:
    """Output up to standard over actual output."""
    return project_output.up_to_standard / project_output.actual


@it.indicator(
    "mof.project_timeliness",
    tier=it.Tier.OUTPUT,
    unit=it.DAYS,
    better=it.LESS,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="完成及时性", en="Timeliness of completion"),
    definition=it.Text(
        zh="实际完成日期比计划完成日期晚的天数，提前完成为负数",
        en="Days by which the actual completion date is later than the planned one; below zero if it is earlier.",
    ),
)
def project_timeliness(project_output: ProjectOutput) -> Any:
    """Days from the planned to the actual completion date."""
    return project_output.finished - project_output.due


@it.indicator(
    "mof.project_cost_saving_rate",
    tier=it.Tier.OUTPUT,
    better=it.MORE,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="成本节约率", en="Cost saving rate"),
    definition=it.Text(
        zh="计划成本与实际成本之差占计划成本的比例，超支为负数",
        en="Planned less actual cost, over planned cost; below zero if it cost more than planned.",
    ),
)
def project_cost_saving_rate(project_output: ProjectOutput) -> Any:
    """Planned less actual cost, over planned cost."""
    return (project_output.planned_cost - project_output.actual_cost) / project_output.planned_cost


project_benefit = it.graded(
    "mof.project_benefit",
    tier=it.Tier.EFFECT,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="实施效益", en="Implementation benefit"),
    definition=it.Text(
        zh="项目实施产生的经济、社会、生态效益和可持续影响的总体评定",
        en="The economic, social and ecological benefit of the project and its lasting influence, judged together.",
    ),
)

project_sustainable_influence = it.graded(
    "mof.project_sustainable_influence",
    tier=it.Tier.EFFECT,
    source=PROJECT_FRAMEWORK,
    title=it.Text(zh="可持续影响", en="Sustainable influence"),
    definition=it.Text(
        zh="项目的后续运行及成效在多长时间内、多大程度上持续发挥作用",
        en="How long and how far the project goes on working and bearing fruit.",
    ),
)
