"""The years of a scheme and of its indicators: a scheme uses what holds for all of its years."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from strategies import Budget, execution, judged_leaf, scheme_of

if TYPE_CHECKING:
    from collections.abc import Callable

SPAN = range(1990, 2011)


def _made(first: int | None, last: int | None) -> it.Years | None:
    if first is not None and last is not None and first > last:
        first, last = last, first
    return None if first is None and last is None else it.Years(first, last)


_EDGE = st.none() | st.integers(1995, 2005)
years = st.builds(_made, _EDGE, _EDGE)


def held(some: it.Years | None) -> set[int]:
    """The years, one by one; the open ends reach one year beyond every year that is drawn."""
    first = SPAN[0] if some is None or some.first is None else some.first
    last = SPAN[-1] if some is None or some.last is None else some.last
    return set(range(first, last + 1))


def version(some: it.Years | str | None, identifier: str = "local.rate") -> it.Measured:
    def rate(budget: Budget) -> Any:
        return budget.spent / budget.planned

    return it.indicator(identifier, tier=it.Tier.PROCESS, title=it.Text.of("率"), years=some)(rate)


def leaf(indicator: it.Indicator, name: str = "a") -> it.Leaf:
    return it.Leaf(id=name, indicator=indicator, points=10, rule=rules.Proportional())


class Plugin:
    INDICATREE_CONTRACT = 1

    def __init__(self, *offered: it.Indicator) -> None:
        self.offered = offered

    @it.hookimpl
    def indicatree_indicators(self) -> tuple[it.Indicator, ...]:
        return self.offered


def catalog(*offered: it.Indicator) -> it.Catalog:
    return it.Catalog(plugins=[Plugin(*offered)], strict=True)


def document(indicator: str = "local.rate", **more: Any) -> dict[str, Any]:
    tree = {"id": "a", "indicator": indicator, "points": 10, "rule": {"kind": "proportional"}}
    group = {"id": "g", "title": "G", "indicators": [tree]}
    return {"format": 1, "id": "s", "tiers": [{"tier": "process", "groups": [group]}], **more}


def problems(make: Callable[[], Any]) -> list[tuple[str, str]]:
    with pytest.raises(it.SchemeError) as caught:
        make()
    return [(problem.code, problem.path) for problem in caught.value.problems]


@given(years, years)
@settings(max_examples=150)
def test_a_scheme_uses_only_indicators_that_hold_for_all_of_its_years(
    own: it.Years | None, indicators: it.Years | None
) -> None:
    def make() -> it.Scheme:
        return scheme_of(leaf(version(indicators)), years=own)

    if held(indicators) >= held(own):
        assert make().years == own
    else:
        assert problems(make) == [("other-years", "process.group.a.indicator")]


def test_the_years_of_both_and_the_way_out_are_said() -> None:
    with pytest.raises(it.SchemeError) as caught:
        scheme_of(leaf(version("2013-2019")))
    (problem,) = caught.value.problems
    assert problem.message["en"] == "local.rate holds for 2013-2019, the scheme for all years"
    assert 'years = "2013-2019"' in problem.fix["en"]


def test_the_years_of_a_veto_and_of_what_is_compared_with_count_too() -> None:
    old = version("2013-2019")
    compared = rules.Comparison(against={"old": old}, cases=[rules.Case(at_least="old", points=10)], otherwise=0)
    veto = it.Veto(
        id="v", title=it.Text.of("V"), grade="poor", indicator=old, when=rules.Limits(at_least=1), bindings={}
    )
    scheme = scheme_of(attrs.evolve(leaf(execution), rule=compared), years="2013-2019")
    assert scheme.years == it.Years(2013, 2019)
    assert scheme_of(leaf(execution), vetoes=[veto], years=2015).years == it.Years(2015, 2015)
    wrong = problems(lambda: scheme_of(leaf(execution), vetoes=[veto], years="2019-2020"))
    assert [code for code, _ in wrong] == ["other-years"]
    assert all("veto.v" in path for _, path in wrong)
    wrong = problems(lambda: scheme_of(attrs.evolve(leaf(execution), rule=compared)))
    assert [code for code, _ in wrong] == ["other-years"]


@given(
    years,
    st.lists(st.integers(1995, 2005), min_size=1, max_size=3, unique=True).map(sorted),
    st.sampled_from([2006, None]),
)
@settings(max_examples=50)
def test_a_scheme_file_takes_the_version_that_holds_for_its_years(
    own: it.Years | None, edges: list[int], last: int | None
) -> None:
    ends = [*(edge - 1 for edge in edges[1:]), last]
    versions = [version(it.Years(first, end)) for first, end in zip(edges, ends, strict=True)]
    said = document() if own is None else document(years=str(own))
    right = [one for one in versions if own is not None and held(one.years) >= held(own)]
    offered = catalog(*versions)
    if right:
        scheme = it.load_scheme(said, catalog=offered)
        assert scheme.tiers[1].groups[0].indicators[0].indicator is right[0]
        for again in (tomllib.loads(scheme.to_toml()), json.loads(json.dumps(scheme.to_dict()))):
            assert it.load_scheme(again, catalog=offered) == scheme
    else:
        found = problems(lambda: it.load_scheme(said, catalog=offered))
        assert [code for code, _ in found] == ["other-years"]


def test_a_version_named_by_its_year_must_hold_for_the_years_of_the_scheme() -> None:
    offered = catalog(version("2013-2019"), version("2020-"))
    for year in (2013, 2016, 2019):
        scheme = it.load_scheme(document(f"local.rate@{year}", years="2014-2015"), catalog=offered)
        assert scheme.to_dict()["tiers"][1]["groups"][0]["indicators"][0]["indicator"] == "local.rate@2013"
    with pytest.raises(it.SchemeError, match=r"local\.rate holds for 2020-, the scheme for 2014-2015"):
        it.load_scheme(document("local.rate@2021", years="2014-2015"), catalog=offered)
    with pytest.raises(it.SchemeError, match="it holds for 2013-2019, 2020-, not for 2012"):
        it.load_scheme(document("local.rate@2012", years="2014-2015"), catalog=offered)


def test_without_years_of_its_own_a_scheme_names_one_of_several_versions() -> None:
    offered = catalog(version("2013-2019"), version("2020-"))
    with pytest.raises(it.SchemeError, match="there are several versions: 2013-2019, 2020-; say the year") as caught:
        it.load_scheme(document(), catalog=offered)
    assert caught.value.problems[0].path == "scheme: process.g.a.indicator"


def test_an_unknown_indicator_is_not_told_as_one_of_other_years() -> None:
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(document("local.raet", years=2015), catalog=catalog(version("2013-")))
    (problem,) = caught.value.problems
    assert problem.code == "unknown-indicator"
    assert 'did you mean "local.rate@2013"' in problem.fix["en"]


# Of the scheme itself


@pytest.mark.parametrize("wrong", ["x", "2013-2012", "0042", ["2013"], True, 7, {"first": 2013}, ""])
def test_wrong_years_of_a_file_are_refused_together_with_all_else(wrong: Any) -> None:
    said = document("demo.execution", years=wrong, precision="2")
    found = problems(lambda: it.load_scheme(said, catalog=catalog(execution)))
    assert sorted(found) == [("bad-value", "scheme: precision"), ("bad-value", "scheme: years")]


def test_of_a_file_with_wrong_years_the_years_of_its_indicators_are_not_told() -> None:
    offered = catalog(version("2013-2019"))
    found = problems(lambda: it.load_scheme(document(years="x"), catalog=offered))
    assert found == [("bad-value", "scheme: years")]


@given(years)
def test_the_years_of_a_scheme_are_written_and_read(own: it.Years | None) -> None:
    scheme = scheme_of(judged_leaf("a"), years=own)
    assert scheme.key == (scheme.id if own is None else f"small@{own.mark}")
    assert ("years" in scheme.to_dict()) is (own is not None)
    again = it.load_scheme(tomllib.loads(scheme.to_toml()), catalog=catalog(judged_leaf("a").indicator))
    assert (again.years, again.digest) == (own, scheme.digest)


def test_schemes_of_other_years_differ() -> None:
    first, second = scheme_of(judged_leaf("a"), years="2013-2019"), scheme_of(judged_leaf("a"), years="2013-2020")
    assert first != second
    assert first.digest != second.digest
    assert first.key == second.key


@given(years)
def test_the_key_of_an_indicator_is_its_id_and_a_year_of_it(own: it.Years | None) -> None:
    found = version(own)
    identifier, _, year = found.key.partition("@")
    assert identifier == found.id
    assert (not year) if own is None else int(year) in held(own)


# The year of the unit


@given(years, st.none() | st.integers(SPAN[0], SPAN[-1]))
@settings(max_examples=50)
def test_a_unit_of_another_year_is_not_scored(own: it.Years | None, year: int | None) -> None:
    scorer = it.prepare(scheme_of(leaf(execution), years=own))
    plain = {
        "format": 1,
        "unit": {} if year is None else {"year": year},
        "data": {"budget": {"planned": 4, "spent": 2}},
    }
    objects = it.UnitData(unit=it.Unit(year=year), records={"budget": Budget(planned=4, spent=2)})
    for data in (plain, objects, scorer.load(plain) if year is None or year in held(own) else plain):
        if year is None or year in held(own):
            assert scorer.score(data)["process"].score == 5
        else:
            with pytest.raises(it.DataError) as caught:
                scorer.score(data)
            (problem,) = caught.value.problems
            assert (problem.code, problem.path) == ("other-years", "unit.year")
            assert f"holds for {own}, not for {year}" in problem.message["en"]
