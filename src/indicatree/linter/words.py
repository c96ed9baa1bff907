"""What is wrong with a scheme that cannot be made, and what to do, by the code of the problem."""

from __future__ import annotations

from indicatree.arithmetic import Text

__all__ = ["WORDS"]


def _words(said: str, fix: str, en: str) -> tuple[str, Text]:
    return said, Text(zh=fix, en=en)


_LOOK_UP = ("按提示改正名称", "correct the name")
_NUMBERS = ("改正数值", "correct the number")

WORDS = {
    # points
    "points-do-not-add-up": _words("分值合计不符", "改正其中之一", "change one of them"),
    "points-beyond": _words("分值超出该项可得的范围", *_NUMBERS),
    "bad-points": _words("分值有误", *_NUMBERS),
    "no-points": _words("缺少分值", "写明 points = ...", "write points = ..."),
    "bad-precision": _words("小数位数有误", *_NUMBERS),
    "bad-weights": _words("权重有误", "改正权重", "correct the weights"),
    "bad-combine": _words("汇总方式有误", "改用其他方式", "choose another way to combine"),
    "bad-grades": _words("等级有误", "从最高等级写到 0", "write them from the best down to 0"),
    # rules
    "bands-gap": _words("分档有空隙", "补上一档，或写明 otherwise", "add a band, or write otherwise"),
    "bands-overlap": _words("分档重叠", "边界只归一档", "give the edge to one band"),
    "edge-without-owner": _words("边界不属于任何一档", "在一档中写 at_least 或 at_most", "write at_least or at_most"),
    "no-rule": _words("缺少评分规则", "写明 rule = { kind = ... }", "write rule = { kind = ... }"),
    "not-a-rule": _words("不是评分规则", "写明 rule = { kind = ... }", "write rule = { kind = ... }"),
    "wrong-rule": _words("评分规则与指标不配", "改用适合该指标的规则", "choose a rule for this kind of indicator"),
    "no-bands": _words("没有分档", "至少写一档", "write at least one band"),
    "no-cases": _words("没有情形", "至少写一种情形", "write at least one case"),
    "no-limit": _words("没有界限", "写明界限，如 at_most = 0", "write a limit, such as at_most = 0"),
    "two-edges": _words("同一侧有两个边界", "只保留一个", "keep one"),
    "empty-range": _words("范围内没有值", "调换边界", "exchange the edges"),
    "not-above-zero": _words("应为正数", *_NUMBERS),
    "below-zero": _words("不应为负数", *_NUMBERS),
    "below-target": _words("低于目标", *_NUMBERS),
    "bad-edge": _words("边界有误", "写数值，或 against 中的名称", "write a number, or a name in against"),
    "bad-checklist": _words("要点分值有误", "写 each 或 items 之一", "write each or items"),
    "unknown-item": _words("没有此要点", *_LOOK_UP),
    "unknown-name": _words("没有此比较对象", *_LOOK_UP),
    "unused-name": _words("未被使用", "删去，或加以使用", "remove it, or use it"),
    "other-unit": _words("单位不同，不能比较", "改用同一单位的指标", "compare it with a measure in the same unit"),
    "not-measured": _words("不是计量指标", "改用计量指标", "name a measured indicator"),
    # names
    "unknown-indicator": _words("没有此指标", *_LOOK_UP),
    "unknown-rule": _words("没有此规则", *_LOOK_UP),
    "unknown-record": _words("没有此数据表", *_LOOK_UP),
    "unknown-scheme": _words("没有此方案", *_LOOK_UP),
    "unknown-node": _words("没有此节点", *_LOOK_UP),
    "unknown-grade": _words("没有此等级", *_LOOK_UP),
    "unknown-kind": _words("没有此类字段", *_LOOK_UP),
    "unknown-key": _words("没有此键", *_LOOK_UP),
    "not-an-indicator": _words("不是指标", "写指标的 id", "name an indicator"),
    "other-years": _words("年度不符", "改正年度，或选用其他版本", "correct the years, or name another version"),
    # records
    "bad-binding": _words("绑定有误", "改正 with 中的名称", "correct the name in with"),
    "bad-for-each": _words("for_each 有误", "在 with 中绑定逐项的参数", "bind the parameter of the items in with"),
    "two-records": _words("同名数据不一致", "以 with 绑定其他名称", "bind one to another name in with"),
    # definitions
    "bad-formula": _words("公式有误", "改正公式", "correct the formula"),
    "not-a-formula": _words("不是公式", "改正公式", "correct the formula"),
    "not-an-equality": _words("不是等式", "写成 左 == 右", "write one equality: stated == computed"),
    "bad-id": _words("id 有误", "只用小写字母、数字和下划线", "use small letters, digits and underscores"),
    "bad-title": _words("标题有误", "写 title = { zh = ..., en = ... }", "write title = { zh = ..., en = ... }"),
    "bad-tier": _words("层级有误", "写四个层级之一", "write one of the four tiers"),
    "bad-years": _words("年度有误", '写成如 years = "2020-"', 'write for example years = "2020-"'),
    "bad-parameter": _words("参数有误", "改正参数", "correct the parameter"),
    "duplicate-id": _words("id 已被使用", "另取 id", "give it another id"),
    "reserved-name": _words("名称已被保留", "另取名称", "choose another name"),
    "empty-record": _words("数据表没有字段", "写明 fields", "write fields"),
    "empty-checklist": _words("没有要点", "写明 items", "write items"),
    "no-measure": _words("没有公式", '写明 measure = "..."', 'write measure = "..."'),
    "no-options": _words("没有选项", "写明 options", "write options"),
    "two-kinds": _words("既有公式又有要点", "只保留一种", "keep one"),
    # vetoes
    "no-cap": _words("否决项没有限制", "写明 grade 或 points", "write grade or points"),
    "no-indicator": _words(
        "否决项没有指标", "写明 indicator，或删去 when 和 with", "write indicator, or remove when and with"
    ),
    # the tree
    "bad-tiers": _words("层级有误", "按投入、过程、产出、效果的次序各写一次", "write each tier once, in their order"),
    "same-id": _words("id 重复", "改一个名称", "rename one"),
    "mixed-group": _words("既有下级组又有指标", "把指标放入一组", "put the indicators in a group"),
    "empty-group": _words("组内没有内容", "加入指标，或删去", "give it some, or remove it"),
    "empty-scheme": _words("方案没有内容", "写入组和指标", "give a tier a group of indicators"),
    # the file
    "format": _words("文件格式版本有误", "写 format = 1", "write format = 1"),
    "missing-key": _words("缺少键", "补上", "give it"),
    "bad-value": _words("值有误", "按提示改正", "write what is expected"),
    "not-a-table": _words("不是表", "写成表", "write a table"),
    "not-exact": _words("不是精确的数", "写成数值", "write a number"),
    "not-a-scheme": _words("不是方案文件", "改用方案文件", "name the file of a scheme"),
    "no-base": _words("没有写明所改的方案", '写 extends = "..."', 'write extends = "..."'),
    "extends-itself": _words("方案引用自身", "改用其他方案", "name another scheme"),
    "long-chain": _words("逐层采用的方案过多", "改为采用较上层的方案", "extend one that is nearer to the first"),
    "two-trees": _words("改动方案时不能另写层级", "用 add、replace 或 remove", "write add, replace or remove"),
    "no-file": _words("文件无法读取", "改正文件名", "correct the name of the file"),
    "not-parsed": _words("文件无法解析", "改正语法", "correct the syntax"),
    "not-utf-8": _words("文件不是 UTF-8 文字", "存为 UTF-8", "save it as UTF-8"),
    "too-large": _words("文件过大", "缩小文件", "make it smaller"),
    "too-deep": _words("嵌套过深", "减少嵌套", "nest it less"),
}
"""By code: what is wrong, in Chinese; what to do, in two languages, where the problem itself does not say it."""
