"""Each law holds on what is right, and catches what is wrong on purpose."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import testing
from indicatree.testing import Law, LawBroken, Subject, Trial
from indicatree.testing.standard import STANDARD
from strategies import INDICATORS, judged_leaf, scheme_of, text
from testing.wrong import RIGHT, WRONG, two_leaves

LAWS = {law.id: law for law in STANDARD}
FEW, ENOUGH = 15, 400


@cache
def broken(name: str) -> testing.Counterexample:
    with pytest.raises(LawBroken) as caught:
        LAWS[name].hold(WRONG[name](), examples=ENOUGH, seed=1)
    return caught.value.counterexample


@pytest.mark.parametrize("name", LAWS)
def test_each_law_catches_what_is_wrong_on_purpose(name: str) -> None:
    subject = WRONG[name]()
    assert not LAWS[name].lacking(subject)
    assert broken(name).law is LAWS[name]
    # the law itself is broken, not the reading of the data or the code under test
    assert broken(name).cards or name in WITHOUT_SCORES


NEAR = attrs.evolve(INDICATORS[0], id="demo.near", better=it.near("80%"))
WITHOUT_SCORES = {"edges-are-named", "files-keep-the-scheme"}


def test_there_is_something_wrong_for_each_law() -> None:
    assert set(WRONG) == set(LAWS)


@pytest.mark.parametrize("make", RIGHT)
def test_every_law_holds_on_what_is_right(make: object) -> None:
    subject = make()  # type: ignore[operator]
    tried = {law.id: law.hold(subject, examples=FEW) for law in testing.laws(subject.kind) if not law.lacking(subject)}
    assert len(tried) > 3
    assert 0 not in tried.values()


@pytest.mark.parametrize("law", [law for law in STANDARD if "scheme" in law.of], ids=lambda law: law.id)
@given(data=st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_every_law_of_schemes_holds_on_any_scheme(data: st.DataObject, law: Law) -> None:
    offered = [*INDICATORS, NEAR]
    fitting = [one for one in offered if not any(need.lacking(Subject.of_indicator(one)) for need in law.needs)]
    subject = Subject.of_scheme(data.draw(testing.schemes(indicators=fitting or offered)))
    assume(not law.lacking(subject))
    law.check(Trial(law, subject, data.draw))


# A drawn formula may mix amounts with numbers that have no unit: that is what ratios-have-no-unit is to find.
OF_INDICATORS = [law for law in STANDARD if "indicator" in law.of and law.id != "ratios-have-no-unit"]


@pytest.mark.parametrize("law", OF_INDICATORS, ids=lambda law: law.id)
@given(data=st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_every_law_of_indicators_holds_on_any_measure(data: st.DataObject, law: Law) -> None:
    subject = Subject.of_indicator(data.draw(testing.measures()))
    assume(not law.lacking(subject))
    law.check(Trial(law, subject, data.draw))


@pytest.mark.parametrize("law", STANDARD, ids=lambda law: law.id)
def test_a_law_says_itself_and_why_in_both_languages(law: Law) -> None:
    for words in (law.title, law.why):
        assert words.zh.strip()
        assert words.en.strip()
    assert law.check.__doc__


def test_names_of_laws_and_capabilities_are_told_apart() -> None:
    needs = {capability for law in STANDARD for capability in law.needs}
    assert len({capability.id for capability in needs}) == len(needs)
    named = {value for name in testing.__all__ if isinstance(value := getattr(testing, name), testing.Capability)}
    assert named == needs


# What is skipped, and why


def test_a_law_is_skipped_where_the_subject_lacks_what_it_asks_for() -> None:
    mean = scheme_of(judged_leaf("a", 2), aggregation=it.Aggregation("minimum"), points=2)
    reason = LAWS["splitting-changes-no-total"].lacking(Subject.of_scheme(mean))
    assert "process.group is not a sum (minimum)" in reason.en
    assert "process.group" in reason.zh


def test_a_law_is_skipped_where_the_author_declares_so() -> None:
    subject = Subject.of_scheme(two_leaves(), without={"additive": "the total is published rounded"})
    assert "the total is published rounded" in LAWS["splitting-changes-no-total"].lacking(subject).en


def test_a_law_of_schemes_is_not_tried_on_an_indicator() -> None:
    subject = Subject.of_indicator(INDICATORS[0])
    assert LAWS["sums-add-up"].lacking(subject)
    assert "sums-add-up" not in {law.id for law in testing.laws("indicator")}


# Counterexamples


@pytest.mark.parametrize("name", sorted(LAWS.keys() - WITHOUT_SCORES))
def test_the_scorecards_of_a_counterexample_are_those_of_its_units(name: str) -> None:
    found = broken(name)
    units = found.units if len(found.units) > 1 else found.units * len(found.cards)
    assert [card.scored_from for card in found.cards] == list(units)
    for unit, card in zip(units, found.cards, strict=True):
        # some laws score by a changed scheme as well; one is broken by scores that differ each time
        if card.scored_with == found.subject.scheme and name != "same-data-same-scorecard":
            assert found.subject.score(found.subject.scheme, unit).total == card.total


@pytest.mark.parametrize("name", sorted(LAWS.keys() - WITHOUT_SCORES))
def test_a_counterexample_is_a_data_file_that_scores(name: str) -> None:
    found = broken(name)
    document = tomllib.loads(testing.data_toml(found.units[0], found.subject.scheme), parse_float=Decimal)
    again = it.load(document, found.subject.scheme)
    assert {path: one.share for path, one in again.judgement.items()} == {
        path: one.share for path, one in found.units[0].judgement.items()
    }
    assert it.score(found.subject.scheme, again).scheme == found.subject.scheme.id


@pytest.mark.parametrize("name", LAWS)
def test_a_counterexample_names_the_law_and_the_place(name: str) -> None:
    found = broken(name)
    for language in ("zh", "en"):
        said = found.text(language)
        assert LAWS[name].title[language] in said
        assert LAWS[name].why[language] in said
        assert found.subject.name in said
        assert found.said[language] in said
    assert found.to_dict()["text"] == found.text("en")


def test_a_counterexample_of_a_rule_says_where_it_is_defined() -> None:
    said = broken("better-never-scores-less").text("en")
    assert "Rule: wrong.rule" in said
    assert "wrong.py:" in said
    assert "Score 1" in said
    assert "Score 2" in said
    assert "format = 1" in said


def test_a_counterexample_is_small() -> None:
    found = broken("score-within-points")
    (data,) = found.units
    shares = sorted(judgement.share for judgement in data.judgement.values() if judgement.share is not None)
    assert len(data.not_applicable) <= 1
    assert len(shares) <= 2


def test_the_same_seed_finds_the_same_counterexample() -> None:
    with pytest.raises(LawBroken) as caught:
        LAWS["better-never-scores-less"].hold(WRONG["better-never-scores-less"](), examples=ENOUGH, seed=1)
    assert caught.value.counterexample.text("en") == broken("better-never-scores-less").text("en")


def test_what_a_check_raises_breaks_the_law() -> None:
    @testing.law("demo.raises", title=text("出错", "Raises"), why=text("演示", "to show it"))
    def raises(trial: Trial) -> None:
        trial.score(trial.data())
        message = "no such thing"
        raise KeyError(message)

    with pytest.raises(LawBroken, match="no such thing"):
        raises.hold(Subject.of_scheme(two_leaves()))


def test_a_law_that_no_draw_can_be_scored_for_is_not_said_to_hold() -> None:
    @testing.law("demo.never", title=text("从不", "Never"), why=text("演示", "to show it"))
    def never(trial: Trial) -> None:
        trial.try_score(trial.data())
        from hypothesis import reject  # noqa: PLC0415 - as a check would

        reject()

    (result,) = testing.try_laws(Subject.of_scheme(two_leaves()), of=[never])
    assert (result.status, result.tried) == ("skipped", 0)
    assert result.skipped


# Laws of one's own


def test_a_law_of_ones_own_is_tried_like_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indicatree.testing.trials._laws", {})

    @testing.law("demo.half", of=["scheme"], title=text("不过半", "At most half"), why=text("演示", "to show it"))
    def half(trial: Trial) -> None:
        card = trial.score(trial.data())
        trial.expect(card.total is None or 2 * card.total <= card.points, f"the total is {card.total}")

    before = testing.laws()
    testing.register(half)
    testing.register(half)
    assert testing.laws() == (*before, half)
    results = {
        result.law.id: result.status for result in testing.try_laws(Subject.of_scheme(two_leaves()), examples=50)
    }
    assert {name for name, status in results.items() if status == "broken"} == {"demo.half"}


def test_two_laws_may_not_have_the_same_name() -> None:
    @testing.law("sums-add-up", title=text("同名", "Same name"), why=text("演示", "to show it"))
    def same(trial: Trial) -> None:
        del trial

    testing.laws()
    with pytest.raises(it.DeclarationError, match="law sums-add-up: another law has this name") as caught:
        testing.register(same)
    assert caught.value.problems[0].words("zh") == "law sums-add-up: 另一条规律已用此名（改名）"


def test_a_law_needs_a_title_and_a_known_kind() -> None:
    with pytest.raises(it.DeclarationError) as caught:
        testing.law("demo.bad", of=["unit"], title=it.Text(), why=text("演示", "to show it"))
    assert [problem.code for problem in caught.value.problems] == ["unknown-kind", "bad-title"]
    assert [problem.words("zh") for problem in caught.value.problems] == [
        'law demo.bad: 规律的适用对象没有 "unit" 这一种（可用：indicator、rule、scheme）',
        'law demo.bad: 没有名称（title=Text(zh="...", en="...")）',
    ]


def test_another_engine_is_tried_by_the_same_laws() -> None:
    seen = []

    def engine(scheme: it.Scheme, data: it.UnitData) -> it.Scorecard:
        seen.append(data)
        return it.score(scheme, data)

    LAWS["sums-add-up"].hold(Subject.of_scheme(two_leaves(), score=engine), examples=5)
    assert seen


def test_a_wrong_way_to_combine_is_found_by_the_name_of_its_node() -> None:
    assert broken("score-within-points").at in ("", "process", "process.group")


# The guide


def test_everything_public_is_named_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
    names = {law.id for law in STANDARD}
    names |= {capability.id for law in STANDARD for capability in law.needs}
    lacking = {name for name in names if f"`{name}`" not in guide}
    code = {name for name in testing.__all__ if name[0].islower() or name.endswith("Contract")}
    lacking |= {name for name in code if not re.search(rf"\b{name}\b", guide)}
    assert not lacking
    assert f"{len(STANDARD)} laws" in guide
