"""Laws of data: units, what is missing, what is read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from indicatree.data import Amounts, Items, fields, record_type
from indicatree.scoring import Outcome, Scorecard, prepare
from indicatree.testing.documents import data_document
from indicatree.testing.standard.capabilities import (
    AMOUNTS,
    RATIO_OF_AMOUNTS,
    STRICT_ON_MISSING,
    is_ratio_of_amounts,
    is_strict,
)
from indicatree.testing.strategies.aim import aims_of
from indicatree.testing.trials import INDICATOR, SCHEME, law
from indicatree.text import Text

if TYPE_CHECKING:
    from indicatree.data import UnitData
    from indicatree.testing.trials import Trial

__all__ = [
    "json_keeps_everything",
    "missing_data_never_pays",
    "ratios_have_no_unit",
    "same_data_same_scorecard",
    "unit_of_amounts_does_not_matter",
]

_POSITIONS = st.integers(0, 1000)
_SCORED = Outcome.SCORED


_OTHER_UNITS = st.sampled_from(["10000 yuan", "万元", "1000 yuan", "亿元"])


@law(
    "unit-of-amounts-does-not-matter",
    of=[INDICATOR, SCHEME],
    title=Text(
        zh="同样的金额换一个申报单位书写，结果和得分不变",
        en="The same amounts written in another unit give the same values and scores",
    ),
    why=Text(
        zh="报表用元还是万元，不影响绩效", en="whether a report prints yuan or ten thousands changes no performance"
    ),
    needs=[AMOUNTS],
)
def unit_of_amounts_does_not_matter(trial: Trial) -> None:
    """The same data written in two units and read back."""
    data = trial.data(missing=True)
    other = Amounts.parse(trial.draw(_OTHER_UNITS), data.unit.currency)
    scorer = prepare(trial.scheme)
    plain = trial.keep(scorer.load(data_document(data, trial.scheme)))
    written = trial.keep(scorer.load(data_document(data, trial.scheme, amounts=other)))
    before, after = trial.score(plain), trial.score(written)
    for node in before.root.walk():
        mate = after[node.path]
        said = Text(
            zh=f"以元书写为 {node.value_text['zh']}，以{other.text}书写为 {mate.value_text['zh']}",
            en=f"{node.value_text['en']} in yuan, {mate.value_text['en']} in units of {other.text}",
        )
        trial.expect(node.value == mate.value and node.units == mate.units, said, at=node.path)


@law(
    "ratios-have-no-unit",
    of=[INDICATOR],
    title=Text(
        zh="只用金额算出的比率，所有金额同乘一个数后不变",
        en="A ratio of amounts stays the same when all amounts are multiplied by the same number",
    ),
    why=Text(
        zh="比率如果随计量单位变化，说明公式混入了带单位的常数",
        en="a ratio that changes with the unit has a bare number mixed in with amounts",
    ),
    needs=[RATIO_OF_AMOUNTS],
)
def ratios_have_no_unit(trial: Trial) -> None:
    """The same unit with every amount ten, a hundred or ten thousand times as large."""
    data = trial.data(missing=True)
    grown = next((found for factor in (10_000, 100, 10) if (found := _grown(data, factor)) is not None), None)
    if grown is None:
        reject()
    before, after = trial.score(data), trial.score(trial.keep(attrs.evolve(data, records=grown)))
    for path, leaf in trial.scheme.leaves():
        if is_ratio_of_amounts(leaf):
            first, second = before[path], after[path]
            said = Text(
                zh=f"先为 {first.value_text['zh']}，后为 {second.value_text['zh']}",
                en=f"first {first.value_text['en']}, then {second.value_text['en']}",
            )
            trial.expect((first.value, first.outcome) == (second.value, second.outcome), said, at=path)


def _grown(data: UnitData, factor: int) -> dict[str, Any] | None:
    """The records with every amount multiplied; None where one is then beyond its limits."""

    def grow(record: Any) -> Any:
        changes = {}
        for name, kind in record_type(type(record)).fields.items():
            value = getattr(record, name)
            if isinstance(kind, fields.Money) and value.is_defined:
                if not abs(value * factor) <= kind.most:
                    raise OverflowError
                changes[name] = value * factor
        return attrs.evolve(record, **changes)

    try:
        return {
            name: Items(value.record_class, [grow(one) for one in value.records])
            if isinstance(value, Items)
            else grow(value)
            for name, value in data.records.items()
        }
    except OverflowError:
        return None


@law(
    "missing-data-never-pays",
    of=[INDICATOR, SCHEME],
    title=Text(
        zh="缺一个数据，得分不高于有这个数据时（方案另有政策的除外）",
        en="With a figure missing a leaf never scores more than with it, unless the policy says so",
    ),
    why=Text(zh="否则不报数据反而有利", en="else it would pay not to report"),
    needs=[STRICT_ON_MISSING],
)
def missing_data_never_pays(trial: Trial) -> None:
    """The same unit with one figure, or one answer, taken away."""
    scheme = trial.scheme
    whole = trial.data()
    aims = aims_of(scheme)
    judged = sorted(path for path, shape in trial.scheme.data_shape.judgements.items() if not shape.optional)
    position = trial.draw(_POSITIONS) % max(len(aims) + len(judged), 1)
    if position < len(aims):
        place = aims[position].places[trial.draw(_POSITIONS) % len(aims[position].places)]
        records = place.put(whole.records, place.kind.missing, trial.draw(_POSITIONS))
        lacking = attrs.evolve(whole, records=records)
    elif judged:
        path = judged[position - len(aims)]
        lacking = attrs.evolve(whole, judgement={k: v for k, v in whole.judgement.items() if k != path})
    else:
        reject()
    before, after = trial.score(whole), trial.try_score(trial.keep(lacking))
    if after is None:
        return  # there is no score without it at all
    for path, leaf in scheme.leaves():
        first, second = before[path], after[path]
        if (
            not is_strict(scheme, leaf)
            or first.outcome is not _SCORED
            or second.outcome not in (_SCORED, Outcome.MISSING)
        ):
            continue
        if first.units is not None and second.units is not None:
            said = Text(
                zh=f"有该数据得 {first.score} 分，缺该数据得 {second.score} 分",
                en=f"{first.score} points with it, {second.score} without",
            )
            trial.expect(second.units <= first.units, said, at=path)


@law(
    "same-data-same-scorecard",
    title=Text(zh="同样的数据得到同样的评分结果", en="The same data gives the same scorecard"),
    why=Text(zh="结果必须可以复核", en="a score must be one that others can check"),
)
def same_data_same_scorecard(trial: Trial) -> None:
    """The same data twice, the second time by a scheme prepared anew."""
    data = trial.data(missing=True, inapplicable=True)
    first, again = trial.score(data), trial.score(data, attrs.evolve(trial.scheme))
    said = Text(zh="两次评分结果不同", en="the two scorecards differ")
    trial.expect(first.to_json() == again.to_json(), said, at=_first_difference(first, again))


def _first_difference(first: Scorecard, second: Scorecard) -> str:
    """The path of the first leaf that two scorecards say something else of."""
    found = ((node, second[node.path]) for node in first.leaves())
    return next(
        (
            node.path
            for node, other in found
            if (node.units, node.value, node.outcome, node.reason)
            != (other.units, other.value, other.outcome, other.reason)
        ),
        "",
    )


@law(
    "json-keeps-everything",
    title=Text(zh="评分结果写成 JSON 再读回，内容不变", en="A scorecard that goes to JSON and back says the same"),
    why=Text(zh="存档的结果和当时的结果必须一致", en="what is kept on file must be what was scored"),
)
def json_keeps_everything(trial: Trial) -> None:
    """To JSON in either language and back."""
    card = trial.score(trial.data(missing=True, inapplicable=True))
    for language in ("zh", "en"):
        text = card.to_json(language)
        again = Scorecard.from_json(text)
        said = Text(zh="读回的结果不同", en="what was read back differs")
        trial.expect(again.to_json(language) == text and again == card, said)
