"""A scheme as the scoring table that a place publishes: each row with its points and its rule in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from indicatree.indicators import PERCENT
from indicatree.scheme import Leaf, Policies, Treatment
from indicatree.scoring.render import Marks, aligned, drawn
from indicatree.scoring.scorecard import Outcome
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indicatree.scheme import Scheme, Veto

__all__ = ["grades_words", "node_title", "node_words", "policies_words", "scoring_table", "veto_words"]

_TREATMENTS = {
    Treatment.ERROR: Text(zh="报错", en="an error"),
    Treatment.NO_POINTS: Text(zh="不得分", en="no points"),
    Treatment.FULL_POINTS: Text(zh="得满分", en="full points"),
    Treatment.LEFT_OUT: Text(zh="不计分", en="left out"),
}
_HEADERS = (
    Text(zh="指标", en="Indicator"),
    Text(zh="分值", en="Points"),
    Text(zh="评分规则", en="Rule"),
)
_RULE_WIDTH = 72


def scoring_table(scheme: Scheme, language: str = "zh") -> str:
    """The scoring table of a scheme: rows in their tree, points, rules in words, vetoes, grades, assumptions.

    Args:
        scheme: The scheme.
        language: ``"zh"`` or ``"en"``.

    Example:
        >>> import indicatree as it
        >>> benefit = it.graded("local.benefit", tier=it.Tier.EFFECT, title=it.Text(en="Benefit"))
        >>> leaf = it.Leaf(id="benefit", indicator=benefit, points=10, rule=it.rules.GradedJudgement())
        >>> group = it.Group(id="all", title="All", indicators=[leaf])
        >>> tiers = [it.TierNode(tier=it.Tier.EFFECT, groups=[group])]
        >>> print(it.scoring_table(it.Scheme(id="small", title="A small scheme", tiers=tiers), "en"))
        A small scheme
        ...
        └─ Effect               10
        ·  └─ All               10
        ·  ·  └─ Benefit        10  a share of the 10 points that an assessor gives: reached: 100% down to
        ...
    """
    marks = Marks()
    rows = [_row(scheme, scheme, "", language, marks)]
    rows += [_row(scheme, node, stem, language, marks) for node, stem in drawn(scheme)]
    body = aligned(rows, [header[language] for header in _HEADERS], {1}, [None, None, _RULE_WIDTH])
    said = [_titled(veto, scheme, language) + marks.of([veto.assumption]) for veto in scheme.vetoes]
    colon = Text(zh="：", en=": ")[language]
    facts = {
        Text(zh="依据", en="Source"): scheme.source,
        Text(zh="适用年度", en="Years"): str(scheme.years or ""),
        Text(zh="等级", en="Grades"): grades_words(scheme)[language],
        Text(zh="没有得分时", en="Where there is no score"): policies_words(scheme.policies)[language],
    }
    lines = [f"{name[language]}{colon}{words}" for name, words in facts.items() if words]
    return "\n".join([f"{scheme.title[language] or scheme.id}", body, *said, *lines, *marks.lines(language)])


def _row(scheme: Scheme, node: Any, stem: str, language: str, marks: Marks) -> list[str]:
    title = node_title(node)[language] if stem else Text(zh="总分", en="Total")[language]
    return [f"{stem}{title}{marks.of([node.assumption])}", scheme.points_of(node).text, node_words(node)[language]]


def _titled(veto: Veto, scheme: Scheme, language: str) -> str:
    said = veto_words(scheme, veto)
    return Text(zh=f"一票否决：{veto.title['zh']}：{said['zh']}", en=f"Veto: {veto.title['en']}: {said['en']}")[
        language
    ]


def node_title(node: Any) -> Text:
    """The title of a tier, a group or a leaf; a tier without one has that of the framework."""
    if isinstance(node, Leaf):
        return node.name
    title: Text = node.title or getattr(getattr(node, "tier", None), "title", Text())
    return title


def node_words(node: Any) -> Text:
    """How a node gets its points: a leaf by its rule, another by how its children are combined, where not by sum."""
    if not isinstance(node, Leaf):
        return Text() if node.aggregation.additive else node.aggregation.combine.title
    parts = []
    if node.rule:
        words = {language: node.rule.words(node.indicator, node.points, language) for language in ("zh", "en")}
        parts.append(Text(**words))
    if node.for_each:
        mean = node.combine.combine.title
        parts.append(Text(zh=f"逐项评分（{node.for_each}），{mean.zh}", en=f"{mean.en} of each of {node.for_each}"))
    return _joined([*parts, policies_words(node.policies)])


def policies_words(policies: Policies) -> Text:
    """What becomes of what has no score, as far as it is said."""
    said = [(Outcome(policy.name).title, getattr(policies, policy.name)) for policy in attrs.fields(Policies)]
    return _joined(
        Text(
            zh=f"{outcome['zh']}：{_TREATMENTS[treatment]['zh']}", en=f"{outcome['en']}: {_TREATMENTS[treatment]['en']}"
        )
        for outcome, treatment in said
        if treatment is not None
    )


def veto_words(scheme: Scheme, veto: Veto) -> Text:
    """When a veto applies and what it caps."""
    when = Text(zh="由评价人认定", en="as the assessor says")
    if veto.indicator is not None and veto.when is not None:
        title = veto.indicator.title
        zones = {language: veto.when.zone(veto.indicator, language) for language in ("zh", "en")}
        when = Text(zh=f"{title['zh']} {zones['zh']}", en=f"{title['en']} {zones['en']}")
    for grade in scheme.grades:
        if grade.id == veto.grade:
            when += Text(zh=f"，等级最高为“{grade.title['zh']}”", en=f", {grade.title['en']} at best")
    if veto.points is not None:
        most = veto.points.text
        when += Text(zh=f"，总分最高为 {most} 分", en=f", {most} points at most")
    return when


def grades_words(scheme: Scheme) -> Text:
    """The grades, each with the share of the points from which on it is given."""
    said = [(grade.title, PERCENT.show_exact(grade.at_least)) for grade in scheme.grades]
    return _joined(Text(zh=f"{title['zh']} ≥ {edge}", en=f"{title['en']} ≥ {edge}") for title, edge in said)


def _joined(parts: Iterable[Text]) -> Text:
    kept = [part for part in parts if part]
    return Text(zh="；".join(part["zh"] for part in kept), en="; ".join(part["en"] for part in kept))
