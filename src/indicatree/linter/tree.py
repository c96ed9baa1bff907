"""What a linter finds in the tree of a scheme: the same twice, missing data rewarded, words that lack."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.data import record_type
from indicatree.indicators import Checklist, Measured
from indicatree.linter.findings import Finding, Severity, of_problem
from indicatree.linter.spans import BY_VALUE, grain_of, span_of
from indicatree.problems import DeclarationError
from indicatree.scheme import DEFAULT_POLICIES, Combine, Group, Leaf, Treatment, rules
from indicatree.scheme.places import places_beside
from indicatree.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indicatree.arithmetic import Quantity
    from indicatree.indicators import Indicator
    from indicatree.scheme import Policies, Scheme, Veto

__all__ = ["tree_findings"]


def tree_findings(scheme: Scheme) -> Iterator[Finding]:
    """What there is to say of the tree as a whole."""
    yield from _identities(scheme)
    yield from _twice(scheme)
    yield from _rewards(scheme)
    yield from _vetoes(scheme)
    yield from _idle_points(scheme)
    yield from _idle_definitions(scheme)
    yield from _lacking_words(scheme)


def _identities(scheme: Scheme) -> Iterator[Finding]:
    """Identities that name what a record does not have; a name of no record may be that of other figures."""
    records = scheme.data_shape.records
    for where, stated in places_beside("identities", scheme.identities):
        try:
            stated.declared(records)
        except DeclarationError as error:
            for problem in error.problems:
                yield attrs.evolve(of_problem(problem), path=f"{where}.holds")


def _twice(scheme: Scheme) -> Iterator[Finding]:
    """The same indicator, measured from the same records, in two leaves with points that both count."""
    chosen = {path for path, node in scheme.walk() if not isinstance(node, Leaf) and _chooses(node)}
    if _chooses(scheme):
        chosen.add("")
    seen: dict[Any, list[str]] = {}
    for path, leaf in scheme.leaves():
        if not leaf.points > 0:
            continue
        name, judged = leaf.indicator.id, not isinstance(leaf.indicator, Measured)
        # what is judged under a name of its own is judged by itself
        apart = leaf.name if judged else None
        same = seen.setdefault((leaf.indicator, _read_from(leaf), leaf.for_each, apart), [])
        first = next((other for other in same if _common(path, other) not in chosen), None)
        same.append(path)
        if first is None:
            continue
        message = Text(
            zh=f"{name} {'' if judged else '以同样的数据'}已用于 {first}，同一事项计分两次",
            en=f"{name}{'' if judged else ' with the same data'} stands at {first} too, so the same thing counts twice",
        )
        fix = Text(zh="绑定其他记录，或删除一处", en="bind it to another record, or remove one")
        if judged:
            fix = Text(zh="改用另一指标，或删除一处", en="name another indicator, or remove one")
        yield Finding("counted-twice", Severity.WARNING, path, message, fix)


def _read_from(leaf: Leaf) -> tuple[str, ...]:
    """The records of a leaf's indicator, in the order of its parameters; the items for the one of an item."""
    names, item = leaf.record_names(), leaf.item_parameter
    return tuple(leaf.for_each if name == item else names[name] for name in leaf.indicator.parameters)


def _common(first: str, second: str) -> str:
    """The path of the lowest node that both are under."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first.split("."), second.split("."), strict=False))
    return ".".join(part for part, _ in same)


def _chooses(node: Any) -> bool:
    """Whether only one of a node's children counts."""
    return node.aggregation.combine in (Combine.BETTER_OF, Combine.MINIMUM)


_PENALTY = Text(
    zh="缺少数据时不扣分：不报数据反而得利",
    en="what lacks data is not penalised: not to report a figure pays",
)
_REWARDS = {
    Treatment.FULL_POINTS: Text(
        zh="缺少数据得满分：不报数据反而得利",
        en="what lacks data gets full points: not to report a figure pays",
    ),
    Treatment.LEFT_OUT: Text(
        zh="缺少数据的不计入，其分值分摊到其余各项：不报差的数据反而得利",
        en="what lacks data is left out and its points are spread: not to report a bad figure pays",
    ),
}


def _rewards(scheme: Scheme) -> Iterator[Finding]:
    """Policies by which it pays to leave a figure out."""

    def finding(path: str, policies: Policies) -> Finding | None:
        if policies.missing not in _REWARDS:
            return None
        fix = Text(zh='改为 missing = "error" 或 "no_points"', en='write missing = "error" or "no_points"')
        return Finding("missing-data-pays", Severity.WARNING, path, _REWARDS[policies.missing], fix)

    inherited = [leaf for _, leaf in scheme.leaves() if leaf.points > 0 and leaf.policies.missing is None]
    of_all = finding("policies.missing", scheme.policies.over(DEFAULT_POLICIES)) if inherited else None
    if of_all:
        yield of_all
    for path, leaf in scheme.leaves():
        if leaf.points > 0 and (found := finding(f"{path}.policies.missing", leaf.policies)):
            yield found
        elif of_all and leaf in inherited:
            continue  # said of the whole
        elif leaf.lowest < 0 and scheme.policies_of(leaf).missing is not Treatment.ERROR:
            fix = Text(zh='改为 missing = "error"', en='write missing = "error"')
            yield Finding("missing-data-pays", Severity.WARNING, f"{path}.policies.missing", _PENALTY, fix)


def _most_of(scheme: Scheme) -> Quantity | None:
    """The highest total that can be reached; None where a bonus without points of its own keeps it from being known."""
    whole = most = scheme.points_of(scheme)
    for _, leaf in scheme.leaves():
        if leaf.most > leaf.points:
            if not leaf.points > 0:
                return None
            # no node has a larger share of its points than the best of its leaves
            most = max(most, leaf.most / leaf.points * whole, key=BY_VALUE)
    return most


def _vetoes(scheme: Scheme) -> Iterator[Finding]:
    """Vetoes that can change nothing, and what one minor unit can cost by the others."""
    best, most = scheme.grades[0].id, _most_of(scheme)
    for veto in scheme.vetoes:
        caps_total = veto.points is not None and (most is None or bool(veto.points < most))
        caps = caps_total or (veto.grade and veto.grade != best)
        can_be = veto.indicator is None or veto.when is None or span_of(veto.indicator).meets(veto.when)
        if caps and can_be:
            yield from _veto_cliff(scheme, veto, most, caps_total=caps_total)
            continue
        message = Text(zh="该项永远不会适用", en="no value that can be makes it apply")
        if can_be:
            message = Text(
                zh="不限制任何等级或总分", en="it caps neither a grade below the best nor a total below the points"
            )
        fix = Text(zh="改正 when、grade 或 points，或删除该项", en="correct when, grade or points, or remove it")
        yield Finding("veto-without-effect", Severity.WARNING, veto.path, message, fix)


def _veto_cliff(scheme: Scheme, veto: Veto, most: Quantity | None, *, caps_total: bool) -> Iterator[Finding]:
    """What a measured veto takes at once where a value comes to lie in its range."""
    indicator, when = veto.indicator, veto.when
    if indicator is None or when is None or not _comes_and_goes(indicator, when):
        return
    zone = {language: when.zone(indicator, language) for language in LANGUAGES}
    costs: list[Text] = []
    if veto.points is not None and caps_total:
        cap = veto.points.text
        lost = Text(zh=f"{cap} 分以上的部分", en=f"the points above {cap}")
        if most is not None:
            above = (most - veto.points).text
            lost = Text(zh=f"最多 {above} 分", en=f"up to {above} points")
        costs.append(Text(zh=f"{lost['zh']}（总分不超过 {cap} 分）", en=f"{lost['en']} (the total is at most {cap})"))
    if veto.grade and veto.grade != scheme.grades[0].id:
        title = next(grade.title for grade in scheme.grades if grade.id == veto.grade)
        costs.append(Text(zh=f"等级（最高为“{title['zh']}”）", en=f'the grade (at most "{title["en"]}")'))
    message = Text(
        zh=f"数据相差一个最小单位，可能失去{'和'.join(cost['zh'] for cost in costs)}：{zone['zh']} 即适用",
        en=f"one minor unit of a figure can cost {' and '.join(cost['en'] for cost in costs)}: it applies where the "
        f"value is {zone['en']}",
    )
    fix = Text(zh="如非本意：改以评分规则扣分", en="if it is not meant: deduct points by a rule instead")
    yield Finding("cliff", Severity.NOTE, f"{veto.path}.when", message, fix)


def _comes_and_goes(indicator: Indicator, when: rules.Limits) -> bool:
    """Whether values that can be lie both in a range and outside it."""
    span, grain = span_of(indicator), grain_of(indicator)
    outside = []
    if when.lower is not None:
        edge, excluded = when.lower
        outside.append(rules.Limits(at_most=edge) if excluded else rules.Limits(below=edge))
    if when.upper is not None:
        edge, included = when.upper
        outside.append(rules.Limits(above=edge) if included else rules.Limits(at_least=edge))

    def can_be(limits: rules.Limits) -> bool:
        return span.meets(limits) if grain is None else span.meets_multiple(limits, grain)

    return can_be(when) and any(map(can_be, outside))


def _idle_points(scheme: Scheme) -> Iterator[Finding]:
    """Children with points to which a weighted mean gives no weight."""
    nodes = [("", scheme), *scheme.walk()]
    for path, node in nodes:
        if isinstance(node, Leaf):
            continue
        for child in node.children:
            points = scheme.points_of(child)
            if node.aggregation.weights.get(child.id) == 0 and points > 0:
                message = Text(
                    zh=f"权重为 0，其 {points.text} 分不影响得分",
                    en=f"its weight is 0, so its {points.text} points change nothing",
                )
                fix = Text(zh="改正权重，或将其分值改为 0", en="correct the weight, or give it 0 points")
                where = f"{path}.aggregation.weights.{child.id}".removeprefix(".")
                yield Finding("points-without-effect", Severity.WARNING, where, message, fix)


def _idle_definitions(scheme: Scheme) -> Iterator[Finding]:
    """Definitions that nothing uses, as where a scheme that extends removes what did."""
    measures = {measure.key for _, leaf in scheme.leaves() for measure in leaf.measures}
    measures |= {veto.indicator.key for veto in scheme.vetoes if veto.indicator is not None}
    records = {shape.record_class for shape in scheme.data_shape.records.values()}
    idle = [f"indicators.{name}" for name, one in scheme.define.indicators.items() if one.key not in measures]
    idle += [f"records.{name}" for name, one in scheme.define.records.items() if one not in records]
    for name in idle:
        message = Text(zh="指标树和否决项都没有用到", en="nothing in the tree or among the vetoes uses it")
        fix = Text(zh="如属多余可删去", en="remove it if it is not meant")
        yield Finding("unused-definition", Severity.NOTE, f"define.{name}", message, fix)


def _lacking_words(scheme: Scheme) -> Iterator[Finding]:
    """Texts that have one language only, or none where there should be words."""
    for path, words, needed in _texts(scheme):
        lacking = [language for language in LANGUAGES if not getattr(words, language).strip()]
        if not lacking or (len(lacking) == len(LANGUAGES) and not needed):
            continue
        names = {"zh": Text(zh="中文", en="Chinese"), "en": Text(zh="英文", en="English")}
        message = Text(
            zh=f"缺少{'和'.join(names[language]['zh'] for language in lacking)}文字",
            en=f"lacks words in {' and '.join(names[language]['en'] for language in lacking)}",
        )
        fix = Text(zh="两种语言都写：{ zh = ..., en = ... }", en="write both: { zh = ..., en = ... }")
        yield Finding("words-lacking", Severity.WARNING, path, message, fix)


def _texts(scheme: Scheme) -> Iterator[tuple[str, Text, bool]]:
    """Every text of a scheme with its path, and whether it must have words."""
    yield "title", scheme.title, False
    yield "assumption", scheme.assumption, False
    for where, grade in places_beside("grades", scheme.grades):
        yield f"{where}.title", grade.title, True
    for veto in scheme.vetoes:
        yield f"{veto.path}.title", veto.title, True
        yield f"{veto.path}.assumption", veto.assumption, False
    for where, stated in places_beside("identities", scheme.identities):
        yield f"{where}.title", stated.title, False
    for path, node in scheme.walk():
        yield f"{path}.title", node.title, isinstance(node, Group)
        yield f"{path}.assumption", node.assumption, False
        if isinstance(node, Leaf) and node.rule is not None:
            for name, asked in node.rule.asks.items():
                yield f"{path}.rule.asks.{name}", asked, True
        if isinstance(node, Leaf) and isinstance(node.rule, rules.GradedJudgement):
            for index, step in enumerate(node.rule.grades):
                yield f"{path}.rule.grades[{index}].title", step.title, True
    yield from _of_what_it_names(scheme)


def _of_what_it_names(scheme: Scheme) -> Iterator[tuple[str, Text, bool]]:
    """The texts of the indicators and the records, each once, where it is first used."""
    measures: dict[str, tuple[str, Indicator]] = {}
    for path, leaf in scheme.leaves():
        for indicator in leaf.measures:
            measures.setdefault(indicator.id, (path, indicator))
    for veto in scheme.vetoes:
        if veto.indicator is not None:
            measures.setdefault(veto.indicator.id, (veto.path, veto.indicator))
    for path, indicator in measures.values():
        yield from _of_indicator(path, indicator)
    records: dict[type, str] = {}
    for name, shape in scheme.data_shape.records.items():
        records.setdefault(shape.record_class, name)
    for record_class, name in records.items():
        yield from _of_record(name, record_class)


def _of_record(name: str, record_class: type) -> Iterator[tuple[str, Text, bool]]:
    """The texts of a record, which explanations and data files show."""
    known = record_type(record_class)
    where = f"data.{name} ({known.id})"
    yield f"{where}.title", known.title, True
    for field, kind in known.fields.items():
        yield f"{where}.{field}.title", kind.title, True
        yield f"{where}.{field}.doc", kind.doc, False
        yield f"{where}.{field}.unit", getattr(kind, "unit", Text()), False
        for option, words in getattr(kind, "options", {}).items():
            yield f"{where}.{field}.options.{option}", words, True


def _of_indicator(path: str, indicator: Indicator) -> Iterator[tuple[str, Text, bool]]:
    where = f"{path}.indicator ({indicator.id})"
    yield f"{where}.title", indicator.title, True
    yield f"{where}.unit", indicator.unit.title, False
    if not isinstance(indicator, Measured) or indicator.rowwise:  # the others show their formula
        yield f"{where}.definition", indicator.definition, False
    if isinstance(indicator, Checklist):
        for name, words in indicator.items.items():
            yield f"{where}.items.{name}", words, True
