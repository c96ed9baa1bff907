"""What to do about a scheme that cannot be made, by the code of the problem."""

from __future__ import annotations

from indicatree.text import Text

__all__ = ["FIXES"]


_LOOK_UP = Text(zh="改正名称", en="correct the name")
_NUMBERS = Text(zh="改正数值", en="correct the number")

FIXES = {
    # points
    "points-do-not-add-up": Text(zh="改正其中之一", en="change one of them"),
    "points-beyond": _NUMBERS,
    "bad-points": _NUMBERS,
    "no-points": Text(zh="写明 points = ...", en="write points = ..."),
    "bad-precision": _NUMBERS,
    "bad-weights": Text(zh="改正权重", en="correct the weights"),
    "bad-combine": Text(zh="改用其他方式", en="choose another way to combine"),
    "bad-grades": Text(zh="从最高等级写到 0", en="write them from the best down to 0"),
    # rules
    "bands-gap": Text(zh="补上一档，或写明 otherwise", en="add a band, or write otherwise"),
    "bands-overlap": Text(zh="边界只归一档", en="give the edge to one band"),
    "edge-without-owner": Text(zh="在一档中写 at_least 或 at_most", en="write at_least or at_most"),
    "no-rule": Text(zh="写明 rule = { kind = ... }", en="write rule = { kind = ... }"),
    "not-a-rule": Text(zh="写明 rule = { kind = ... }", en="write rule = { kind = ... }"),
    "wrong-rule": Text(zh="改用适合该指标的规则", en="choose a rule for this kind of indicator"),
    "no-bands": Text(zh="至少写一档", en="write at least one band"),
    "no-cases": Text(zh="至少写一种情形", en="write at least one case"),
    "no-limit": Text(zh="写明界限，如 at_most = 0", en="write a limit, such as at_most = 0"),
    "two-edges": Text(zh="只保留一个", en="keep one"),
    "empty-range": Text(zh="调换边界", en="exchange the edges"),
    "not-above-zero": _NUMBERS,
    "below-zero": _NUMBERS,
    "below-target": _NUMBERS,
    "above-target": _NUMBERS,
    "bad-edge": Text(zh="写数值，或 against 中的名称", en="write a number, or a name in against"),
    "bad-checklist": Text(zh="写 each 或 items 之一", en="write each or items"),
    "unknown-item": _LOOK_UP,
    "unknown-name": _LOOK_UP,
    "unused-name": Text(zh="删去，或加以使用", en="remove it, or use it"),
    "other-unit": Text(zh="改用同一单位的指标", en="compare it with a measure in the same unit"),
    "not-measured": Text(zh="改用计量指标", en="name a measured indicator"),
    # names
    "unknown-indicator": _LOOK_UP,
    "unknown-rule": _LOOK_UP,
    "unknown-record": _LOOK_UP,
    "unknown-scheme": _LOOK_UP,
    "unknown-node": _LOOK_UP,
    "unknown-grade": _LOOK_UP,
    "unknown-kind": _LOOK_UP,
    "unknown-key": _LOOK_UP,
    "not-an-indicator": Text(zh="写指标的 id", en="name an indicator"),
    "other-years": Text(zh="改正年度，或选用其他版本", en="correct the years, or name another version"),
    # records
    "bad-binding": Text(zh="改正 with 中的名称", en="correct the name in with"),
    "bad-for-each": Text(zh="在 with 中绑定逐项的参数", en="bind the parameter of the items in with"),
    "two-records": Text(zh="以 with 绑定其他名称", en="bind one to another name in with"),
    # definitions
    "bad-formula": Text(zh="改正公式", en="correct the formula"),
    "not-a-formula": Text(zh="改正公式", en="correct the formula"),
    "not-an-equality": Text(zh="写成 左 == 右", en="write one equality: stated == computed"),
    "bad-id": Text(zh="只用小写字母、数字和下划线", en="use small letters, digits and underscores"),
    "bad-title": Text(zh="写 title = { zh = ..., en = ... }", en="write title = { zh = ..., en = ... }"),
    "bad-tier": Text(zh="写四个层级之一", en="write one of the four tiers"),
    "bad-years": Text(zh='写成如 years = "2020-"', en='write for example years = "2020-"'),
    "bad-parameter": Text(zh="改正参数", en="correct the parameter"),
    "duplicate-id": Text(zh="另取 id", en="give it another id"),
    "reserved-name": Text(zh="另取名称", en="choose another name"),
    "empty-record": Text(zh="写明 fields", en="write fields"),
    "empty-checklist": Text(zh="写明 items", en="write items"),
    "no-measure": Text(zh='写明 measure = "..."', en='write measure = "..."'),
    "unknown-field": Text(zh="写同一数据表的另一字段", en="name another field of the record"),
    "part-of-itself": Text(zh="从整体上去掉 part_of", en="leave it out at the whole"),
    "unlike-whole": Text(zh="两个字段须按同样方式计量", en="measure both in the same way"),
    "signed-part": Text(zh="去掉 signed 或 part_of", en="leave out signed, or part_of"),
    "no-options": Text(zh="写明 options", en="write options"),
    "two-kinds": Text(zh="只保留一种", en="keep one"),
    # vetoes
    "no-cap": Text(zh="写明 grade 或 points", en="write grade or points"),
    "no-indicator": Text(zh="写明 indicator，或删去 when 和 with", en="write indicator, or remove when and with"),
    # the tree
    "bad-tiers": Text(zh="按投入、过程、产出、效果的次序各写一次", en="write each tier once, in their order"),
    "same-id": Text(zh="改一个名称", en="rename one"),
    "mixed-group": Text(zh="把指标放入一组", en="put the indicators in a group"),
    "empty-group": Text(zh="加入指标，或删去", en="give it some, or remove it"),
    "empty-scheme": Text(zh="写入组和指标", en="give a tier a group of indicators"),
    # the file
    "format": Text(zh="写 format = 1", en="write format = 1"),
    "missing-key": Text(zh="补上", en="give it"),
    "bad-value": Text(zh="按提示改正", en="write what is expected"),
    "not-a-table": Text(zh="写成表", en="write a table"),
    "not-exact": Text(zh="写成数值", en="write a number"),
    "not-a-scheme": Text(zh="改用方案文件", en="name the file of a scheme"),
    "no-base": Text(zh='写 extends = "..."', en='write extends = "..."'),
    "extends-itself": Text(zh="改用其他方案", en="name another scheme"),
    "long-chain": Text(zh="改为采用较上层的方案", en="extend one that is nearer to the first"),
    "two-trees": Text(zh="用 add、replace 或 remove", en="write add, replace or remove"),
    "no-file": Text(zh="改正文件名", en="correct the name of the file"),
    "not-parsed": Text(zh="改正语法", en="correct the syntax"),
    "not-utf-8": Text(zh="存为 UTF-8", en="save it as UTF-8"),
    "too-large": Text(zh="缩小文件", en="make it smaller"),
    "too-deep": Text(zh="减少嵌套", en="nest it less"),
}
"""By code, where the problem itself does not say it."""
