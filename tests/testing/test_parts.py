"""Strategies and laws on a field that is part of another: only data that keeps it is drawn, its edge too."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules, testing
from strategies import scheme_of, text

UNTIMED = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)


@it.record("drawnparts.work", title=text("工作", "Work"))
class Work:
    good: fields.Count = fields.count("达标数", "good", part_of="done")
    done: fields.Count = fields.count("完成数", "done", part_of="begun", most=50)
    begun: fields.Count = fields.count("开工数", "begun")
    total: fields.Money = fields.money("总额", "total")
    key: fields.Money = fields.money("重点", "key", part_of="total")


CHAINS = (("begun", "done", "good"), ("total", "key"))


def keeps(work: Any) -> bool:
    """Whether no figure is more than one above it in its chain, of those that are there."""
    for chain in CHAINS:
        there = [getattr(work, name).fraction for name in chain if getattr(work, name).is_defined]
        if there != sorted(there, reverse=True):
            return False
    return True


@it.indicator("drawnparts.quality", tier=it.Tier.OUTPUT, better=it.MORE, title=text("达标率", "Quality"))
def quality(work: Work) -> Any:
    return work.good / work.begun


@it.indicator("drawnparts.key", tier=it.Tier.INPUT, better=it.MORE, title=text("重点率", "Key"))
def key_rate(work: Work) -> Any:
    return work.key / work.total


@it.indicator("drawnparts.all", tier=it.Tier.OUTPUT, better=it.MORE, title=text("总达标率", "All"))
def quality_of_all(works: it.Items[Work]) -> Any:
    return it.total(works.good) / it.total(works.done)


BANDS = rules.Bands(
    bands=[
        rules.Band(exactly=1, points=10),
        rules.Band(at_least="90%", below=1, points=6),
        rules.Band(below="90%", points=0),
        rules.Band(above=1, points=0),
    ]
)
SCHEME = scheme_of(
    it.Leaf(id="quality", indicator=quality, points=10, rule=rules.Proportional()),
    it.Leaf(id="key", indicator=key_rate, points=10, rule=BANDS),
    it.Leaf(id="all", indicator=quality_of_all, points=10, rule=rules.Proportional(target="150%")),
)


@pytest.mark.parametrize("scheme", [None, SCHEME])
@pytest.mark.parametrize("missing", [False, True])
def test_a_part_is_drawn_within_its_whole(scheme: it.Scheme | None, missing: bool) -> None:  # noqa: FBT001 - a parameter of the test
    @UNTIMED
    @given(testing.records(Work, scheme=scheme, missing=missing))
    def check(work: Work) -> None:
        assert keeps(work)

    check()


@UNTIMED
@given(testing.data_for(SCHEME, missing=True), testing.data_for(SCHEME, full=True))
def test_whole_units_keep_it(some: it.UnitData, full: it.UnitData) -> None:
    for unit in (some, full):
        works = [*unit.records.get("works", ()), *([unit.records["work"]] if "work" in unit.records else [])]
        assert all(map(keeps, works))
        assert it.score(SCHEME, unit) if unit is full else True


@pytest.mark.parametrize("beside", [0, 1])
def test_the_edge_where_the_part_is_all_of_the_whole_is_tried(beside: int) -> None:
    many = settings(UNTIMED, max_examples=3000)
    near = Fraction(beside, 100)
    found = find(testing.records(Work), lambda work: work.key > 1 and work.total - work.key == near, settings=many)
    assert found.total.fraction - found.key.fraction == near


@UNTIMED
@given(st.data())
def test_figures_that_are_given_are_kept_and_the_others_fitted_to_them(data: st.DataObject) -> None:
    assert data.draw(testing.records(Work, good=40)).good == it.exact(40)
    assert data.draw(testing.records(Work, good=40, done=None)).begun >= 40
    assert data.draw(testing.records(Work, begun=0)).good == it.exact(0)
    small = st.integers(0, 5)
    assert keeps(data.draw(testing.records(Work, begun=small, good=small)))


def test_figures_that_are_given_and_do_not_fit_are_told() -> None:
    @settings(max_examples=1, database=None)
    @given(testing.records(Work, begun=3, good=4))
    def check(work: Work) -> None:
        del work

    with pytest.raises(it.DataError, match="good: 4 is more than"):
        check()


def test_every_law_holds_of_a_scheme_whose_figures_are_parts() -> None:
    tried = testing.try_all(testing.Subject.of_scheme(SCHEME), seed=3, examples=60)
    assert not tried.any_broken, tried


@pytest.mark.parametrize("indicator", [quality, key_rate, quality_of_all], ids=lambda one: str(one.id))
def test_every_law_holds_of_a_part_over_its_whole(indicator: it.Measured) -> None:
    tried = testing.try_all(testing.Subject.of_indicator(indicator), seed=3, examples=60)
    assert not tried.any_broken, tried
