"""Indicators of departments that an assessor decides: checklists and graded judgements.

``FRAMEWORK`` is cited only where the indicator is in that document; the others are for reports that
print no figures or no parts.
"""

from __future__ import annotations

import indicatree as it
from indicatree_mof.sources import BOTH, FRAMEWORK

target_reasonableness = it.checklist(
    "mof.target_reasonableness",
    tier=it.Tier.INPUT,
    source=FRAMEWORK,
    title=it.Text(zh="绩效目标合理性", en="Target reasonableness"),
    definition=it.Text(
        zh="部门设定的整体绩效目标是否有依据，是否符合客观实际",
        en="Whether the targets that the department set rest on a sound basis and fit its situation.",
    ),
    items={
        "lawful": it.Text(zh="符合法律法规和总体规划", en="follows law and overall plans"),
        "within_duties": it.Text(zh="符合部门职责", en="within the department's duties"),
        "follows_plan": it.Text(zh="符合部门中长期规划", en="follows the department's medium- and long-term plan"),
    },
)

indicator_clarity = it.checklist(
    "mof.indicator_clarity",
    tier=it.Tier.INPUT,
    source=FRAMEWORK,
    title=it.Text(zh="绩效指标明确性", en="Indicator clarity"),
    definition=it.Text(
        zh="由整体绩效目标分解出的绩效指标是否清晰、细化、可衡量",
        en="Whether the indicators drawn from the targets are clear, detailed and measurable.",
    ),
    items={
        "broken_down": it.Text(zh="细化分解为具体任务", en="broken down into tasks"),
        "measurable": it.Text(zh="指标值清晰可衡量", en="values are measurable"),
        "matches_workload": it.Text(zh="与年度任务量相对应", en="matches the year's workload"),
        "matches_budget": it.Text(zh="与年度预算相匹配", en="matches the year's budget"),
    },
)

management_rules = it.checklist(
    "mof.management_rules",
    tier=it.Tier.PROCESS,
    source=FRAMEWORK,
    title=it.Text(zh="管理制度健全性（预算管理）", en="Soundness of budget management rules"),
    definition=it.Text(
        zh="部门为加强预算管理制定的制度是否健全并得到执行",
        en="Whether the department has rules for managing its budget, and whether it keeps to them.",
    ),
    items={
        "exist": it.Text(zh="已制定管理制度", en="rules exist"),
        "complete": it.Text(zh="制度合法、合规、完整", en="lawful, compliant and complete"),
        "executed": it.Text(zh="制度得到有效执行", en="effectively executed"),
    },
)

fund_use_compliance = it.checklist(
    "mof.fund_use_compliance",
    tier=it.Tier.PROCESS,
    source=FRAMEWORK,
    title=it.Text(zh="资金使用合规性", en="Compliance of fund use"),
    definition=it.Text(
        zh="部门使用预算资金是否合法、合规",
        en="Whether the department uses its budget as laws and rules require.",
    ),
    items={
        "finance_rules": it.Text(zh="符合财经法规和财务制度", en="follows finance law and rules"),
        "approval": it.Text(zh="拨付审批程序完整", en="payments completely approved"),
        "appraised": it.Text(zh="重大项目开支经过评估论证", en="key projects appraised"),
        "approved_use": it.Text(zh="符合批复的用途", en="matches the approved use"),
        "no_diversion": it.Text(
            zh="无截留、挤占、挪用、虚列支出", en="no withholding, encroachment, diversion or false reporting"
        ),
    },
)

openness = it.checklist(
    "mof.openness",
    tier=it.Tier.PROCESS,
    source=FRAMEWORK,
    title=it.Text(zh="预决算信息公开性", en="Openness of budget and accounts"),
    definition=it.Text(
        zh="部门是否按规定公开预算和决算信息",
        en="Whether the department publishes its budget and accounts as prescribed.",
    ),
    items={
        "content": it.Text(zh="按规定内容公开", en="prescribed content"),
        "time": it.Text(zh="按规定时限公开", en="prescribed time"),
    },
)

base_data = it.checklist(
    "mof.base_data",
    tier=it.Tier.PROCESS,
    source=FRAMEWORK,
    title=it.Text(zh="基础信息完善性", en="Completeness of base data"),
    definition=it.Text(
        zh="支撑预算管理工作的基础信息是否完善",
        en="Whether the data on which budget management rests are in good order.",
    ),
    items={
        "true": it.Text(zh="真实", en="true"),
        "complete": it.Text(zh="完整", en="complete"),
        "accurate": it.Text(zh="准确", en="accurate"),
    },
)

asset_rules = it.checklist(
    "mof.asset_rules",
    tier=it.Tier.PROCESS,
    source=FRAMEWORK,
    title=it.Text(zh="管理制度健全性（资产管理）", en="Soundness of asset management rules"),
    definition=it.Text(
        zh="部门为加强资产管理制定的制度是否健全并得到执行",
        en="Whether the department has rules for managing its assets, and whether it keeps to them.",
    ),
    items={
        "exist": it.Text(zh="已制定资产管理制度", en="rules exist"),
        "complete": it.Text(zh="制度合法、合规、完整", en="lawful, compliant and complete"),
        "executed": it.Text(zh="制度得到有效执行", en="effectively executed"),
    },
)

asset_safety = it.checklist(
    "mof.asset_safety",
    tier=it.Tier.PROCESS,
    source=FRAMEWORK,
    title=it.Text(zh="资产管理安全性", en="Safety of assets"),
    definition=it.Text(
        zh="部门的资产是否保存完整、使用合规、处置规范、收益及时上缴",
        en="Whether the assets are kept whole, used and disposed of properly, and what they earn is paid in.",
    ),
    items={
        "kept_whole": it.Text(zh="资产保存完整", en="kept whole"),
        "allocation": it.Text(zh="资产配置合理", en="reasonable allocation"),
        "disposal": it.Text(zh="资产处置合规", en="lawful disposal"),
        "books": it.Text(zh="账务完整、账实相符", en="books complete and match"),
        "income": it.Text(zh="使用处置收入及时足额上缴", en="income paid in on time and in full"),
    },
)

performance_monitoring = it.graded(
    "mof.performance_monitoring",
    tier=it.Tier.PROCESS,
    title=it.Text(zh="绩效监控", en="Performance monitoring"),
    definition=it.Text(
        zh="年度中对绩效目标实现程度的跟踪监控", en="How the attainment of the targets is monitored during the year."
    ),
)

duty_performance = it.graded(
    "mof.duty_performance",
    tier=it.Tier.OUTPUT,
    title=it.Text(zh="职责履行", en="Duty performance"),
    definition=it.Text(
        zh="对部门职责履行情况的总体评定，用于报告未列出工作数量的情形",
        en="How the department's duties are performed as a whole, where a report prints no numbers of work done.",
    ),
)

duty_benefit = it.graded(
    "mof.duty_benefit",
    tier=it.Tier.EFFECT,
    title=it.Text(zh="履职效益", en="Duty benefit"),
    definition=it.Text(
        zh="对部门履职的经济、社会、生态效益和满意度的总体评定，用于报告未分项列出的情形",
        en="The benefit of the department's work and the satisfaction with it as a whole, where a report does not "
        "print them apart.",
    ),
)

economic_benefit = it.graded(
    "mof.economic_benefit",
    tier=it.Tier.EFFECT,
    source=BOTH,
    title=it.Text(zh="经济效益", en="Economic benefit"),
    definition=it.Text(
        zh="部门履职或项目实施对经济发展带来的直接或间接影响",
        en="What the department's work or the project does for the economy, directly or indirectly.",
    ),
)

social_benefit = it.graded(
    "mof.social_benefit",
    tier=it.Tier.EFFECT,
    source=BOTH,
    title=it.Text(zh="社会效益", en="Social benefit"),
    definition=it.Text(
        zh="部门履职或项目实施对社会发展带来的直接或间接影响",
        en="What the department's work or the project does for society, directly or indirectly.",
    ),
)

ecological_benefit = it.graded(
    "mof.ecological_benefit",
    tier=it.Tier.EFFECT,
    source=BOTH,
    title=it.Text(zh="生态效益", en="Ecological benefit"),
    definition=it.Text(
        zh="部门履职或项目实施对生态环境带来的直接或间接影响",
        en="What the department's work or the project does for the environment, directly or indirectly.",
    ),
)
