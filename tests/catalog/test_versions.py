"""Versions side by side: schemes and indicators of one id, as objects and as files, picked by the year."""

from __future__ import annotations

import json
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree.cli import main
from indicatree.scoring import api
from strategies import Budget, DemoPlugin, execution, scheme_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from pathlib import Path

SPAN = range(1990, 2011)
YEARS = ("2013-2019", "2020-", "-2012")
TARGETS = {"-2012": "200%", "2013-2019": "100%", "2020-": "50%"}
"""What the rule of each version asks for, so that a score tells the version."""


class Plugin:
    INDICATREE_CONTRACT = 1

    def __init__(self, *schemes: it.Scheme | PathLike[str], indicators: tuple[it.Indicator, ...] = ()) -> None:
        self.schemes = schemes
        self.indicators = indicators

    @it.hookimpl
    def indicatree_schemes(self) -> tuple[Any, ...]:
        return self.schemes

    @it.hookimpl
    def indicatree_indicators(self) -> tuple[it.Indicator, ...]:
        return self.indicators


def catalog(*schemes: it.Scheme | PathLike[str], strict: bool = True, **more: Any) -> it.Catalog:
    return it.Catalog(plugins=[DemoPlugin(), Plugin(*schemes, **more)], strict=strict)


def rated(years: it.Years | str | None, target: str = "100%", identifier: str = "small") -> it.Scheme:
    leaf = it.Leaf(id="rate", indicator=execution, points=10, rule=it.rules.Proportional(target=target))
    tiers = scheme_of(leaf).tiers
    return it.Scheme(id=identifier, tiers=tiers, years=years)


def as_file(folder: Path, scheme: it.Scheme, name: str = "") -> Path:
    path = folder / f"{name or scheme.key}.toml"
    path.write_text(scheme.to_toml(), encoding="utf-8")
    return path


@pytest.fixture(params=["objects", "files", "json files", "both"])
def versions(request: pytest.FixtureRequest, tmp_path: Path) -> it.Catalog:
    """Three versions of one scheme, however they are offered."""
    made = [rated(years, TARGETS[years]) for years in YEARS]
    if request.param == "objects":
        return catalog(*made)
    if request.param == "files":
        return catalog(*(as_file(tmp_path, scheme) for scheme in made))
    if request.param == "both":
        return catalog(made[0], as_file(tmp_path, made[1]), made[2])
    paths = []
    for scheme in made:
        paths.append(tmp_path / f"{scheme.key}.json")
        paths[-1].write_text(json.dumps(scheme.to_dict()), encoding="utf-8")
    return catalog(*paths)


# What a year picks

PICKED = [(1999, "-2012"), (2012, "-2012"), (2013, "2013-2019"), (2019, "2013-2019"), (2020, "2020-"), (2099, "2020-")]


@pytest.mark.parametrize(("year", "years"), PICKED)
def test_a_year_picks_the_version_of_a_scheme(versions: it.Catalog, year: int, years: str) -> None:
    expected = rated(years, TARGETS[years])
    assert versions.scheme("small", year=year) == expected
    assert versions.scheme(f"small@{year}") == expected
    assert it.load_scheme("small", catalog=versions, year=year) == expected
    assert it.prepare("small", catalog=versions, year=year).scheme == expected


def test_without_a_year_several_versions_are_named(versions: it.Catalog) -> None:
    assert versions.scheme_ids == ["small@2013", "small@2020", "small@2012"]
    with pytest.raises(it.CatalogError, match="several versions: -2012, 2013-2019, 2020-; say the year, as in small@"):
        versions.scheme("small")
    with pytest.raises(it.CatalogError, match='no plugin has the scheme "smal"'):
        versions.scheme("smal")


def test_a_year_without_a_version_is_told_with_the_years_that_there_are() -> None:
    offered = catalog(rated("2013-2019"), rated("2021-"))
    asks: list[Callable[[], Any]] = [
        lambda: offered.scheme("small", year=2020),
        lambda: offered.scheme("small@2020"),
        lambda: offered.scheme("small", year=2012),
        lambda: offered.scheme("small", year=0),
        lambda: offered.scheme("small@0000"),
        lambda: offered.scheme("small", year=-1),
    ]
    for ask in asks:
        with pytest.raises(it.CatalogError, match="it holds for 2013-2019, 2021-, not for") as caught:
            ask()
        assert [problem.code for problem in caught.value.problems] == ["other-years"]


def test_a_single_version_needs_no_year_but_holds_for_its_own_only(tmp_path: Path) -> None:
    scheme = rated("2013-2019")
    for offered in (catalog(scheme), catalog(as_file(tmp_path, scheme)), catalog(as_file(tmp_path, scheme, "small"))):
        assert offered.scheme("small") == scheme
        with pytest.raises(it.CatalogError, match="it holds for 2013-2019, not for 2020"):
            offered.scheme("small", year=2020)


def test_a_file_by_its_path_holds_for_its_years_only(tmp_path: Path) -> None:
    path = as_file(tmp_path, rated("2013-2019"))
    for source in (path, str(path), rated("2013-2019").to_dict()):
        assert catalog().scheme(source, year=2013) == catalog().scheme(source) == rated("2013-2019")
        with pytest.raises(it.CatalogError, match="the scheme small holds for 2013-2019, not for 2020"):
            catalog().scheme(source, year=2020)


def test_a_scheme_without_years_holds_for_every_year(tmp_path: Path) -> None:
    for offered in (catalog(rated(None)), catalog(as_file(tmp_path, rated(None)))):
        assert offered.scheme("small", year=1900) == offered.scheme("small@2050") == offered.scheme("small")


def held(some: it.Years) -> set[int]:
    first = SPAN[0] if some.first is None else some.first
    last = SPAN[-1] if some.last is None else some.last
    return set(range(first, last + 1))


def _years(first: int, last: int, end: str) -> it.Years:
    return {
        "both": it.Years(min(first, last), max(first, last)),
        "from": it.Years(first, None),
        "until": it.Years(None, last),
    }[end]


_YEAR = st.integers(1995, 2005)
_YEARS = st.builds(_years, _YEAR, _YEAR, st.sampled_from(["both", "from", "until"]))


@given(st.lists(_YEARS, min_size=2, max_size=3))
@settings(max_examples=80)
def test_versions_of_the_same_years_are_refused_and_no_others(some: list[it.Years]) -> None:
    schemes = [rated(years) for years in some]
    indicators = tuple(it.graded("local.x", tier=it.Tier.INPUT, title=it.Text.of("x"), years=years) for years in some)
    apart = all(not held(one) & held(other) for index, one in enumerate(some) for other in some[index + 1 :])
    for offered in (catalog(*schemes, strict=False), catalog(indicators=indicators, strict=False)):
        assert (not offered.problems) is apart
        if not apart:
            assert {problem.code for problem in offered.problems} == {"duplicate-id"}
            assert not offered.plugins[-1].works


@pytest.mark.parametrize("plugins", [1, 2])
def test_versions_that_overlap_are_named_with_both_plugins(plugins: int) -> None:
    class Other(Plugin):
        pass

    first, second = rated("2013-2020"), rated("2020-")
    given = [Plugin(first, second)] if plugins == 1 else [Plugin(first), Other(second)]
    offered = it.Catalog(plugins=[DemoPlugin(), *given])
    (problem,) = offered.problems
    assert problem.message["en"].startswith("the scheme small@2020 is there already, from Plugin")
    assert problem.path == f"plugin {'Plugin' if plugins == 1 else 'Other'}"


def test_files_that_overlap_are_named_with_both_ranges(tmp_path: Path) -> None:
    for other in (rated("2020-"), rated(None)):
        files = [as_file(tmp_path, rated("2013-2020")), as_file(tmp_path, other)]
        offered = catalog(*files)
        for ask in ("small", "small@2013", "small@2020"):
            with pytest.raises(it.CatalogError) as caught:
                offered.scheme(ask)
            assert caught.value.problems[0].code == "overlapping-years"
            assert "2013-2020" in str(caught.value)
            assert ("2020-" if other.years else "all years") in str(caught.value)
            (problem,) = caught.value.problems
            both = f"2013-2020与{'2020-' if other.years else '各年度'}"
            assert problem.words("zh") == f"small 的两个版本适用年度重叠：{both}（分别写明各自的年度）"


def test_a_file_named_for_a_year_holds_for_it(tmp_path: Path) -> None:
    offered = catalog(as_file(tmp_path, rated("2020-"), "small@2013"))
    with pytest.raises(it.CatalogError, match="the scheme holds for 2020-, not for 2013") as caught:
        offered.scheme("small", year=2021)
    assert caught.value.problems[0].message["zh"] == "该方案适用于 2020-，不适用于 2013 年"
    offered = catalog(as_file(tmp_path, rated("2013-2019"), "small@2017"), as_file(tmp_path, rated("2020-")))
    assert offered.scheme("small", year=2014).years == it.Years(2013, 2019)


def test_a_file_of_another_id_is_refused(tmp_path: Path) -> None:
    offered = catalog(as_file(tmp_path, rated("2013-2019"), "other@2013"))
    with pytest.raises(it.CatalogError, match='the file says id = "small"') as caught:
        offered.scheme("other")
    assert caught.value.problems[0].message["zh"] == '文件中写明 id = "small"'


# Indicators


def _indicator(years: str | None) -> it.Measured:
    def rate(budget: Budget) -> Any:
        return budget.spent / budget.planned

    return it.indicator("local.rate", tier=it.Tier.PROCESS, title=it.Text.of("率"), years=years)(rate)


def test_a_year_picks_the_version_of_an_indicator() -> None:
    made = {years: _indicator(years) for years in YEARS}
    offered = catalog(indicators=tuple(made.values()))
    for year, years in PICKED:
        assert offered.indicator("local.rate", year=year) is offered.indicator(f"local.rate@{year}") is made[years]
    assert set(offered.indicators) >= {"local.rate@2013", "local.rate@2020", "local.rate@2012"}
    with pytest.raises(it.CatalogError, match="several versions"):
        offered.indicator("local.rate")
    with pytest.raises(it.CatalogError, match='did you mean "local'):
        offered.indicator("local.raet", year=2013)
    with pytest.raises(it.CatalogError, match="it holds for 2013-2019, not for 2020"):
        catalog(indicators=(made["2013-2019"],)).indicator("local.rate", year=2020)
    assert catalog(indicators=(made["2013-2019"],)).indicator("local.rate") is made["2013-2019"]


# A version that changes another


def _successor(folder: Path, base: str, years: str = "2020-", name: str = "small@2020", change: str = "") -> Path:
    path = folder / f"{name}.toml"
    said = f'format = 1\nid = "{name.partition("@")[0]}"\nextends = "{base}"\nyears = "{years}"\n{change}'
    path.write_text(said, encoding="utf-8")
    return path


_HALF = '[replace."process.group.rate"]\nrule = { kind = "proportional", target = "50%" }\n'


@pytest.mark.parametrize("base", ["small@2013", "small@2015", "small@2013.toml"])
@pytest.mark.parametrize("offer", ["object", "file"])
def test_a_version_may_extend_the_one_before_it(tmp_path: Path, base: str, offer: str) -> None:
    before = rated("2013-2019")
    file = as_file(tmp_path, before)
    after = _successor(tmp_path, base, change=_HALF)
    for order in (1, -1):
        offered = catalog(*[before if offer == "object" else file, after][::order])
        for _ in range(2):
            assert offered.scheme("small", year=2021) == rated("2020-", "50%")
            assert offered.scheme("small", year=2014) == before
            assert offered.scheme("small@2020") == rated("2020-", "50%")


@pytest.mark.parametrize("asked", ["small@2013", "small@2020", "small@2022", "small@2024"])
def test_versions_may_extend_one_another_in_a_chain(tmp_path: Path, asked: str) -> None:
    files = [as_file(tmp_path, rated("2013-2019"))]
    for before, year in pairwise((2013, 2020, 2022, 2024)):
        last = {2020: "2021", 2022: "2023", 2024: ""}[year]
        files.append(_successor(tmp_path, f"small@{before}", f"{year}-{last}", f"small@{year}"))
    for some in (files, files[::-1]):
        scheme = catalog(*some).scheme(asked)
        assert scheme.years is not None
        assert scheme.years.first == int(asked.partition("@")[2])
        assert scheme.tiers == rated(None).tiers


def test_each_file_of_a_chain_of_versions_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    years = range(2013, 2025)
    files = [as_file(tmp_path, rated("2013"))]
    files += [_successor(tmp_path, f"small@{year - 1}", str(year), f"small@{year}") for year in years[1:]]
    module = import_module("indicatree.catalog.catalog")
    load, read = module.load_scheme, []

    def counted(source: Any, *rest: Any, **more: Any) -> it.Scheme:
        read.append(source)
        scheme: it.Scheme = load(source, *rest, **more)
        return scheme

    monkeypatch.setattr(module, "load_scheme", counted)
    for some in (files, files[::-1]):
        read.clear()
        offered = catalog(*some)
        assert all(offered.scheme("small", year=year).years == it.Years(year, year) for year in years)
        assert sorted(read) == sorted(files)


@pytest.mark.parametrize("bases", [("small@2020", "small@2013"), ("small@2020", "small"), ("small@2013", "small@2013")])
def test_versions_that_extend_themselves_are_refused(tmp_path: Path, bases: tuple[str, str]) -> None:
    first = _successor(tmp_path, bases[0], "2013-2019", "small@2013")
    second = _successor(tmp_path, bases[1])
    offered = catalog(first, second)
    for ask in ("small@2013", "small@2020", "small"):
        with pytest.raises(it.SchemeError, match="extends itself"):
            offered.scheme(ask)


def test_a_scheme_with_years_extends_the_version_that_holds_for_them(tmp_path: Path) -> None:
    offered = catalog(*(rated(years, TARGETS[years]) for years in YEARS))
    for years, version in (("2014-2015", "2013-2019"), ("2021-", "2020-"), (2012, "-2012")):
        scheme = it.load_scheme({"format": 1, "id": "own", "extends": "small", "years": years}, catalog=offered)
        assert (scheme.tiers, scheme.years) == (rated(None, TARGETS[version]).tiers, it.Years.of(years))
    named = {"format": 1, "id": "own", "extends": "small@2013", "years": "2014-"}
    assert it.load_scheme(named, catalog=offered).tiers == rated(None).tiers
    for wrong in ({"years": "2018-2021"}, {}):
        with pytest.raises(it.SchemeError) as caught:
            it.load_scheme({"format": 1, "id": "own", "extends": "small", **wrong}, catalog=offered)
        assert [(problem.code, problem.path) for problem in caught.value.problems] == [
            ("other-years", "scheme: extends")
        ]
    inherited = it.load_scheme({"format": 1, "id": "own", "extends": "small@2013"}, catalog=offered)
    assert inherited.years == it.Years(2013, 2019)
    assert catalog(as_file(tmp_path, inherited)).scheme("own", year=2013) == inherited


# Scoring


def _data(year: int | None, **more: Any) -> dict[str, Any]:
    unit = {} if year is None else {"year": year}
    return {"format": 1, "unit": unit, "data": {"budget": {"planned": 100, "spent": 40}}, **more}


SCORES = {"-2012": "2.00", "2013-2019": "4.00", "2020-": "8.00"}


@pytest.mark.parametrize(("year", "years"), PICKED)
def test_the_year_of_the_unit_picks_the_version_that_scores_it(
    versions: it.Catalog, tmp_path: Path, year: int, years: str
) -> None:
    path = tmp_path / "unit.json"
    path.write_text(json.dumps(_data(year, scheme="small")), encoding="utf-8")
    objects = it.UnitData(unit=it.Unit(year=year), records={"budget": Budget(planned=100, spent=40)})
    cards = [
        it.score("small", _data(year), catalog=versions),
        it.score("small", objects, catalog=versions),
        it.score("small", path, catalog=versions),
        it.score(f"small@{year}", _data(year), catalog=versions),
        it.score_file(path, catalog=versions),
        it.score_file(path, scheme="small", catalog=versions),
    ]
    assert {f"{card[''].score:f}" for card in cards} == {SCORES[years]}


def test_a_unit_of_no_year_needs_a_named_version(versions: it.Catalog, tmp_path: Path) -> None:
    path = tmp_path / "unit.json"
    path.write_text(json.dumps(_data(None, scheme="small")), encoding="utf-8")
    asks: list[Callable[[], Any]] = [
        lambda: it.score("small", _data(None), catalog=versions),
        lambda: it.score("small", {"budget": {"planned": 100, "spent": 40}}, catalog=versions),
        lambda: it.score_file(path, catalog=versions),
    ]
    for ask in asks:
        with pytest.raises(it.CatalogError, match="several versions"):
            ask()
    card = it.score("small@2013", {"budget": {"planned": 100, "spent": 40}}, catalog=versions)
    assert f"{card[''].score:f}" == "4.00"


@pytest.mark.parametrize("year", ["2014", 0, 10**6, -5, True, [2014], None])
def test_a_year_that_is_none_is_a_clean_error(year: Any) -> None:
    offered = catalog(rated("2013-2019"), rated("2020-"))
    data = _data(None)
    data["unit"] = {"year": year}
    with pytest.raises(it.IndicatreeError):
        it.score("small", data, catalog=offered)


def test_a_version_named_for_one_year_and_asked_for_another_is_refused(versions: it.Catalog) -> None:
    for name, year in (("small@2013", 2021), ("small@2020", 2013)):
        for ask in (
            lambda name=name, year=year: versions.scheme(name, year=year),
            lambda name=name, year=year: it.load_scheme(name, catalog=versions, year=year),
            lambda name=name, year=year: it.prepare(name, catalog=versions, year=year),
        ):
            with pytest.raises(it.CatalogError, match=f"the scheme small holds for .*, not for {year}"):
                ask()
    assert versions.scheme("small@2013", year=2019).years == it.Years(2013, 2019)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ({"year": "2014"}, ("bad-value", "unit.year")),
        ({"year": 2014.5}, ("bad-value", "unit.year")),
        ({"year": True}, ("bad-value", "unit.year")),
        ({"year": 20140}, ("bad-value", "unit.year")),
        ({"yaer": 2014}, ("unknown-key", "unit.yaer")),
    ],
)
def test_a_year_that_is_none_is_said_where_it_stands(
    versions: it.Catalog, tmp_path: Path, unit: dict[str, Any], expected: tuple[str, str]
) -> None:
    data = {**_data(None, scheme="small"), "unit": unit}
    path = tmp_path / "unit.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    asks: list[Callable[[], Any]] = [
        lambda: it.score("small", data, catalog=versions),
        lambda: it.score_file(path, catalog=versions),
        lambda: list(it.score_many("small", [path], catalog=versions)),
        lambda: it.audit("small", data, catalog=versions),
    ]
    for ask in asks:
        with pytest.raises(it.DataError) as caught:
            ask()
        assert [(problem.code, problem.path) for problem in caught.value.problems] == [expected]


def test_a_version_named_for_another_year_than_the_units_does_not_score_it(versions: it.Catalog) -> None:
    for scheme in ("small@2013", versions.scheme("small@2013"), it.prepare("small@2013", catalog=versions)):
        with pytest.raises(it.DataError, match="the scheme small holds for 2013-2019, not for 2021"):
            it.score(scheme, _data(2021), catalog=versions)


def test_a_scheme_file_of_other_years_does_not_score_a_unit(tmp_path: Path) -> None:
    as_file(tmp_path, rated("2013-2019"), "beside")
    path = tmp_path / "unit.json"
    path.write_text(json.dumps(_data(2020, scheme="beside.toml")), encoding="utf-8")
    with pytest.raises(it.IndicatreeError, match="the scheme small holds for 2013-2019, not for 2020"):
        it.score_file(path, catalog=catalog())


# The commands


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_commands_score_and_show_the_version_of_the_year(
    versions: it.Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "default_catalog", lambda: versions)
    monkeypatch.setattr(import_module("indicatree.cli.main"), "default_catalog", lambda: versions)
    path = tmp_path / "unit.json"
    for year, years in PICKED:
        path.write_text(json.dumps(_data(year, scheme="small")), encoding="utf-8")
        code, out, err = run("score", path, "--format", "json")
        assert (code, err) == (0, "")
        assert json.loads(out)["made_with"]["digest"] == rated(years, TARGETS[years]).digest
        code, out, err = run("scheme", "small", "--year", year, "--format", "json")
        assert (code, json.loads(out)) == (0, rated(years, TARGETS[years]).to_dict())
    path.write_text(json.dumps(_data(None, scheme="small")), encoding="utf-8")
    code, out, err = run("score", path, "--lang", "en")
    assert (code, out) == (2, "")
    assert "several versions: -2012, 2013-2019, 2020-" in err
    code, out, _ = run("schemes", "--format", "json")
    assert [(row["scheme"], row["years"]) for row in json.loads(out)] == [
        ("small@2012", "-2012"),
        ("small@2013", "2013-2019"),
        ("small@2020", "2020-"),
    ]
