"""How a node came to its score, in words: formula, figures, value, rule, points lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.data import UnitData, fields
from indicatree.indicators import Checklist, Measured, figures_of, formula_with_figures
from indicatree.indicators.formula import amounts_in_words
from indicatree.problems import Problem, ScoringError
from indicatree.scoring.reasons import figure_paths
from indicatree.scoring.render import aligned, veto_lines
from indicatree.scoring.scorecard import Outcome
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indicatree.scheme import Leaf, Rule, Scheme
    from indicatree.scoring.scorecard import NodeScore, Scorecard

__all__ = ["explain", "explain_measure"]

_WORDS = {
    "formula": Text(zh="公式", en="Formula"),
    "definition": Text(zh="定义", en="Definition"),
    "figures": Text(zh="代入", en="Figures"),
    "value": Text(zh="结果", en="Value"),
    "compared": Text(zh="对照", en="Compared with"),
    "rule": Text(zh="规则", en="Rule"),
    "score": Text(zh="得分", en="Score"),
    "reason": Text(zh="原因", en="Reason"),
    "source": Text(zh="依据", en="Source"),
    "assumed": Text(zh="假设", en="Assumed"),
    "outcome": Text(zh="状态", en="Outcome"),
    "judged": Text(zh="评定", en="Judged"),
    "evidence": Text(zh="佐证", en="Evidence"),
}


class _Lines:
    """Labelled lines, one under the other."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.lines: list[str] = []

    def say(self, label: str, words: str) -> None:
        if words:
            self.lines.append(f"  {_WORDS[label][self.language]}{Text(zh='：', en=': ')[self.language]}{words}")

    def table(self, text: str) -> None:
        self.lines += [f"    {line}" for line in text.splitlines()]


def explain(card: Scorecard, path: str, language: str, scheme: Scheme | None, data: Any) -> str:
    """The explanation of one node; see `Scorecard.explain`."""
    node = card[path]
    if scheme is None or data is None:
        message = Text(zh="此评分结果未附方案和数据", en="this scorecard came without its scheme and data")
        fix = Text(zh="重新评分，或传入 scheme= 和 data=", en="score again, or pass scheme= and data=")
        raise ScoringError([Problem("no-context", path, message, fix)])
    from indicatree.scoring.prepare import Scorer  # noqa: PLC0415 - it makes what is explained here

    if scheme.digest != card.digest:
        message = Text(
            zh="方案不是此评分结果所用的方案", en="the scheme is not the one that this scorecard was made with"
        )
        fix = Text(zh=f"传入原来的方案 {card.scheme}", en=f"pass the scheme {card.scheme} as it was")
        raise ScoringError([Problem("other-scheme", path, message, fix)])
    scorer = Scorer(scheme)
    unit = scorer.take(data)
    if data is not card.scored_from:
        again = scorer.score(unit)
        here, there = card.to_dict(), again.to_dict()
        if any(here[part] != there[part] for part in ("tiers", "vetoes")):
            message = Text(zh="这些数据得出另一评分结果", en="this data gives another scorecard")
            fix = Text(zh="传入评分时所用的数据", en="pass the data that it was made with")
            raise ScoringError([Problem("other-data", path, message, fix)])
        card, node = again, again[path]  # what a rule compared with is not in JSON
    out = _Lines(language)
    name = node.title[language] or card.scheme
    out.lines.append(f"{name} ({path})" if path else name)
    if node.info.level != "indicator":
        _inner(out, node, language)
        if not path:
            out.lines += [f"  {line}" for line in veto_lines(card, language)]
    else:
        leaf = next(leaf for where, leaf in scheme.leaves() if where == path)
        _leaf(out, node, leaf, unit, language)
    return "\n".join(out.lines)


def _score_words(node: NodeScore, language: str) -> str:
    if node.score is None:
        return Text(zh="不计", en="left out")[language]
    lost = node.lost
    words = Text(zh=f"{node.score:f} / {node.points:f}", en=f"{node.score:f} of {node.points:f}")[language]
    if lost:
        words += Text(zh=f"，扣 {lost:f}", en=f", {lost:f} lost")[language]
    return words


def _inner(out: _Lines, node: NodeScore, language: str) -> None:
    out.say("score", _score_words(node, language))
    headers = [
        Text(zh="组成", en="Part")[language],
        Text(zh="分值", en="Points")[language],
        Text(zh="得分", en="Score")[language],
        Text(zh="扣分", en="Lost")[language],
        Text(zh="原因", en="Reason")[language],
    ]
    rows = []
    for child in node.children:
        score = Text(zh="不计", en="left out")[language] if child.score is None else f"{child.score:f}"
        lost = f"{child.lost:f}" if child.lost else ""
        rows.append([child.title[language], f"{child.points:f}", score, lost, child.reason[language]])
    rows += [["", "", "", adjustment.lost.text, adjustment.reason[language]] for adjustment in node.adjustments]
    out.table(aligned(rows, headers, {1, 2, 3}))
    for words in node.assumptions:
        out.say("assumed", words[language])


def _leaf(out: _Lines, node: NodeScore, leaf: Leaf, data: UnitData, language: str) -> None:
    indicator = leaf.indicator
    if isinstance(indicator, Measured):
        _measured(out, node, leaf, indicator, data, language)
    else:
        _judged(out, node, leaf, data, language)
    out.say("rule", node.info.rule[language])
    out.say("score", _score_words(node, language))
    out.say("reason", node.reason[language])
    out.say("source", indicator.source)
    for words in node.assumptions:
        out.say("assumed", words[language])


def _measured(out: _Lines, node: NodeScore, leaf: Leaf, indicator: Measured, data: UnitData, language: str) -> None:
    out.say("definition" if indicator.rowwise else "formula", indicator.words(language))
    records = {parameter: data.records.get(name) for parameter, name in leaf.record_names().items()}
    if node.lines:
        rows = [[line.name, line.value_text[language]] for line in node.lines]
        headers = [Text(zh="明细", en="Line")[language], Text(zh="结果", en="Value")[language]]
        out.table(aligned(rows, headers, {1}))
    elif indicator.formula is not None and not leaf.for_each and all(record is not None for record in records.values()):
        out.say("figures", _figures(indicator, records, data, language))
    rows = []
    for path, kind, value in figure_paths(leaf, data):
        note = data.notes.get(path)
        if not kind.measured:
            continue
        shown = (
            Text(zh="缺失", en="missing")[language]
            if kind.is_missing(value)
            else kind.show(value, data.unit.amounts, language)
        )
        mark = Text(zh="（假设）", en=" (assumed)")[language] if note is not None and note.assumed else ""
        rows.append([kind.title[language], shown + mark, f"data.{path}", note.at[language] if note is not None else ""])
    headers = [
        Text(zh="数据", en="Figure")[language],
        Text(zh="数值", en="Value")[language],
        Text(zh="位置", en="Place")[language],
        Text(zh="出处", en="Stated in")[language],
    ]
    out.table(aligned(rows, headers, {1}))
    if node.value is not None:
        out.say("value", _with_exact(node.value, node.value_text[language]))
    else:
        out.say("outcome", node.outcome.title[language])
    if leaf.rule is not None:
        _beside(out, node, leaf.rule, data, language)


def _beside(out: _Lines, node: NodeScore, rule: Rule, data: UnitData, language: str) -> None:
    """What the rule asked for besides the value."""
    for name, beside in node.detail.beside.items():
        if name in rule.compared_with:
            other = rule.compared_with[name]
            if beside.is_defined:
                shown = _with_exact(beside, other.unit.show(beside, language))
            else:
                shown = Outcome(beside.text).title[language]
            out.say("compared", f"{other.title[language]} {shown}")
        elif beside:
            out.say("judged", rule.asks[name][language])
            out.say("evidence", data.judgement[node.path].evidence[language])


def _with_exact(value: Any, shown: str) -> str:
    """A value in words, and exactly where the words round it."""
    return shown if value.text == shown else f"{shown} (= {value.text})"


def _figures(indicator: Measured, records: Mapping[str, Any], data: UnitData, language: str) -> str:
    amounts = amounts_in_words(indicator.formula, data.unit.amounts)
    words = formula_with_figures(indicator.formula, records, amounts, language)
    if any(isinstance(figure.args[2], fields.Money) for figure in figures_of(indicator.formula)):
        words += Text(
            zh=f"（金额单位：{amounts.suffix['zh'].strip()}）", en=f" (amounts in {amounts.suffix['en'].strip(' ()')})"
        )[language]
    return words


def _judged(out: _Lines, node: NodeScore, leaf: Leaf, data: UnitData, language: str) -> None:
    indicator = leaf.indicator
    out.say("definition", indicator.definition[language])
    if isinstance(indicator, Checklist) and node.answers is not None:
        rows = [
            [indicator.items[name][language], (Text(zh="是", en="yes") if met else Text(zh="否", en="no"))[language]]
            for name, met in node.answers.items()
        ]
        headers = [Text(zh="要点", en="Item")[language], Text(zh="符合", en="Met")[language]]
        out.table(aligned(rows, headers, {1}))
    out.say("value", node.value_text[language])
    judgement = data.judgement.get(node.path)
    if judgement is not None:
        out.say("judged", judgement.reason[language])
        out.say("evidence", judgement.evidence[language])


def explain_measure(indicator: Measured, records: Mapping[str, Any], value_text: str, language: str) -> str:
    """An indicator tried on its own: formula, figures, value."""
    out = _Lines(language)
    out.lines.append(f"{indicator.title[language]} ({indicator.id})")
    out.say("definition" if indicator.rowwise else "formula", indicator.words(language))
    if indicator.formula is not None:
        out.say("figures", _figures(indicator, records, UnitData(), language))
    out.say("value", value_text)
    return "\n".join(out.lines)
