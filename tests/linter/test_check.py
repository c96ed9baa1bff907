"""What `check` takes and gives: schemes of every form, broken ones, rules of plugins, the table of codes."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from indicatree.linter.findings import of_problem
from indicatree.linter.rules import rule_findings
from indicatree.linter.words import FIXES
from indicatree.problems import Problem
from indicatree.text import Text
from linter.clean import CATALOG, CleanPlugin, Raising, cases_found, content, discontent, severe
from strategies import balance, execution, judged, project_execution, scheme_of, staffing, text, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parents[2]
SOURCE = Path(it.__file__).parent

CODES: dict[str, set[str]] = {
    "better-loses-points": {"error"},
    "rule-fails": {"error"},
    "full-out-of-reach": {"warning"},
    "counted-twice": {"warning"},
    "missing-data-pays": {"warning"},
    "words-lacking": {"warning"},
    "veto-without-effect": {"warning"},
    "limit-without-effect": {"warning"},
    "points-without-effect": {"warning"},
    "unused-definition": {"note"},
    "cliff": {"note"},
    "band-out-of-reach": {"note"},
    **{code: {"error"} for code in FIXES},
}
"""Every code, with the severities that it can have."""

LEAF = {"id": "a", "indicator": "clean.content", "points": 5, "rule": {"kind": "proportional"}}


def table(**leaf: Any) -> dict[str, Any]:
    """A good scheme of one leaf, in which the leaf says something else."""
    group = {"id": "group", "title": {"zh": "组", "en": "Group"}, "indicators": [{**LEAF, **leaf}]}
    return {"format": 1, "id": "small", "tiers": [{"tier": "effect", "groups": [group]}]}


# What is taken


def test_an_id_a_file_a_mapping_and_a_scheme_give_the_same(tmp_path: Path) -> None:
    document = table(rule={"kind": "all_or_nothing", "at_most": "50%"})
    path = tmp_path / "small.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    class Offering(CleanPlugin):
        @it.hookimpl
        def indicatree_schemes(self) -> Iterable[Any]:
            return [path]

    catalog = it.Catalog(plugins=[Offering()], strict=True)
    scheme = it.load_scheme(document, catalog=catalog)
    found = it.check(scheme)
    assert severe(found) == [("better-loses-points", "effect.group.a.rule")]
    for source in ("small", path, str(path), document):
        assert it.check(source, catalog=catalog) == found


def test_the_default_catalog_is_that_of_the_installed_plugins() -> None:
    path = ROOT / "examples" / "leiyang-2022-scheme.toml"
    found = it.check(path)
    assert found
    assert found == it.check(it.load_scheme(path))
    assert not severe(found)


@pytest.mark.parametrize("name", it.default_catalog().scheme_ids)
def test_the_schemes_that_are_shipped_have_no_error_and_no_warning(name: str) -> None:
    assert not severe(it.check(name))


def test_the_year_picks_the_version(tmp_path: Path) -> None:
    del tmp_path
    older = it.load_scheme({**table(), "years": "2020-2021"}, catalog=CATALOG)
    newer = it.load_scheme({**table(rule={"kind": "all_or_nothing", "below": 1}), "years": "2022-"}, catalog=CATALOG)

    class Offering(CleanPlugin):
        @it.hookimpl
        def indicatree_schemes(self) -> Iterable[Any]:
            return [older, newer]

    catalog = it.Catalog(plugins=[Offering()], strict=True)
    assert not it.check("small", catalog=catalog, year=2021)
    assert severe(it.check("small", catalog=catalog, year=2024))
    assert severe(it.check("small@2022", catalog=catalog))
    for year in (None, 1999):
        with pytest.raises(it.CatalogError):
            it.check("small", catalog=catalog, year=year)
    with pytest.raises(it.CatalogError, match="not for 2024"):
        it.check({**table(), "years": "2020-2021"}, catalog=CATALOG, year=2024)


# What cannot be made


def test_everything_that_is_wrong_with_a_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(
        'format = 1\nid = "broken"\ncolour = "red"\n[[tiers]]\ntier = "proces"\n[[tiers]]\ntier = "effect"\n'
        '[[tiers.groups]]\nid = "g"\n[[tiers.groups.indicators]]\nid = "a"\nindicator = "clean.contnt"\npoints = 5\n'
        'rule = { kind = "bands", bands = [ { below = "1/2", points = 0 }, { above = "1/2", points = 5 } ] }\n',
        encoding="utf-8",
    )
    found = it.check(path, catalog=CATALOG)
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(path, catalog=CATALOG)
    inside = [(one.code, one.path.removeprefix(f"{path}: ")) for one in caught.value.problems]
    assert [(one.code, one.path) for one in found] == inside
    assert {one.severity for one in found} == {it.Severity.ERROR}
    assert {one.code for one in found} == {"unknown-key", "bad-value", "unknown-indicator", "edge-without-owner"}
    for one, problem in zip(found, caught.value.problems, strict=True):
        assert one.message == problem.message
        assert re.search("[一-鿿]", one.message["zh"])
        assert one.fix["en"]
        assert re.search("[一-鿿]", one.fix["zh"])


def test_a_problem_keeps_its_own_fix_and_gets_one_where_it_has_none() -> None:
    with_fix = of_problem(Problem("unknown-key", "a.colour", 'unknown key "colour"', 'did you mean "color"?'))
    assert with_fix.fix.en == 'did you mean "color"?'
    without = of_problem(Problem("bad-points", "a.points", "expected 0 or more, got -1"))
    assert (without.fix.zh, without.fix.en) == ("改正数值", "correct the number")
    assert without.message.en == "expected 0 or more, got -1"
    unheard = of_problem(Problem("some-code-of-tomorrow", "a", "is wrong"))
    assert unheard.severity is it.Severity.ERROR
    assert unheard.fix.zh
    assert unheard.fix.en


def test_a_scheme_that_extends_a_broken_one_names_what_is_broken(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text("format = 1\nx = = 2\n", encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text('format = 1\nid = "mine"\nextends = "base.toml"\n', encoding="utf-8")
    (found,) = it.check(path, catalog=CATALOG)
    assert found.code == "not-parsed"
    assert "extends" in found.path
    path.write_text('format = 1\nid = "mine"\nextends = "nowhere"\n', encoding="utf-8")
    (found,) = it.check(path, catalog=CATALOG)
    assert found.code == "unknown-scheme"
    path.write_text('format = 1\nid = "mine"\nextends = "mine.toml"\n', encoding="utf-8")
    (found,) = it.check(path, catalog=CATALOG)
    assert found.code == "extends-itself"


@pytest.mark.parametrize(
    "content", [b"x = = 2", b"\xff\xfe", b"[1]", b"", b"x = " + b"[" * 100 + b"]" * 100, b'{"id": 1}', b"null"]
)
@pytest.mark.parametrize("name", ["scheme.toml", "scheme.json", "a: b.toml"])
def test_what_cannot_be_read_raises_and_what_can_does_not(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    readable = (content == b"" and name.endswith("toml")) or (content == b'{"id": 1}' and name.endswith("json"))
    if content == b"[1]" and name.endswith("toml"):
        readable = True
    if readable:
        assert it.check(path, catalog=CATALOG)
        return
    with pytest.raises(it.SchemeError) as caught:
        it.check(path, catalog=CATALOG)
    assert all(str(path) in problem.path for problem in caught.value.problems)


def test_a_file_that_is_not_there_and_an_id_that_nobody_has_raise(tmp_path: Path) -> None:
    with pytest.raises(it.SchemeError, match="no such file"):
        it.check(tmp_path / "nowhere.toml")
    with pytest.raises(it.SchemeError, match="no such file"):
        it.check(str(tmp_path / "no: where.toml"))
    with pytest.raises(it.CatalogError, match="no plugin has the scheme"):
        it.check("nobodys-scheme")
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"tiers": deep}
    with pytest.raises(it.SchemeError, match="deeper"):
        it.check(deep)


# Rules of plugins


@attrs.frozen(kw_only=True)
class Curved(it.Rule):
    """Points that rise in a curve up to one, and names no edges."""

    kind: ClassVar[str] = "demo.curved"

    def points(self, value: Any, full: it.Quantity) -> Any:
        shown = it.minimum(it.maximum(value, 0), 1)
        return shown * (2 - shown) * full

    def words(self, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
        del indicator, full
        return text("曲线", "a curve")[language]


@attrs.frozen(kw_only=True)
class Humped(Curved):
    """More points in the middle than at the end."""

    kind: ClassVar[str] = "demo.humped"

    def points(self, value: Any, full: it.Quantity) -> Any:
        return it.where(value > it.exact("60%"), full / 2, full)


@attrs.frozen(kw_only=True)
class Inverse(Curved):
    """Points that are undefined at zero."""

    kind: ClassVar[str] = "demo.inverse"

    def points(self, value: Any, full: it.Quantity) -> Any:
        return full / value


@attrs.frozen(kw_only=True)
class Plain(Curved):
    """Points as a plain number of Python."""

    kind: ClassVar[str] = "demo.plain"

    def points(self, value: Any, full: it.Quantity) -> Any:
        del full
        return 10 if value > 0 else 0


@attrs.frozen(kw_only=True)
class Unbounded(Curved):
    """Straight from one edge on, without an end."""

    kind: ClassVar[str] = "demo.unbounded"

    def edges(self, full: it.Quantity, **beside: Any) -> Iterable[it.Quantity]:
        del full, beside
        return [it.exact(0)]

    def points(self, value: Any, full: it.Quantity) -> Any:
        return it.maximum(value, 0) / 1000 * full


@attrs.frozen(kw_only=True)
class HalfOfMarks(it.Rule):
    """Half of what an assessor gives."""

    kind: ClassVar[str] = "demo.half"
    takes: ClassVar[rules.Takes] = rules.Takes.GRADE

    def points(self, value: Any, full: it.Quantity) -> Any:
        return value * full / 2

    def words(self, indicator: it.Indicator, full: it.Quantity, language: str) -> str:
        del indicator, full
        return text("一半", "half")[language]


@attrs.frozen(kw_only=True)
class TurnedMarks(HalfOfMarks):
    """The less an assessor gives, the more."""

    kind: ClassVar[str] = "demo.turned"

    def points(self, value: Any, full: it.Quantity) -> Any:
        return (1 - value) * full


def codes(indicator: it.Indicator, rule: it.Rule) -> set[str]:
    return {finding.code for finding in rule_findings(it.Leaf(id="a", indicator=indicator, points=10, rule=rule))}


@pytest.mark.parametrize(
    ("indicator", "rule", "expected"),
    [
        (content, Curved(), set()),
        (execution, Curved(), set()),
        (discontent, Curved(), {"better-loses-points"}),
        (staffing, Curved(), {"better-loses-points"}),
        (content, Humped(), {"better-loses-points"}),
        (discontent, Humped(), set()),
        (discontent, Inverse(), set()),
        (execution, Inverse(), {"better-loses-points"}),
        (execution, Plain(), set()),
        (staffing, Plain(), {"better-loses-points"}),
        (execution, Unbounded(), set()),
        (staffing, Unbounded(), {"better-loses-points"}),
        (content, Unbounded(), {"full-out-of-reach"}),
        (content, Raising(), {"rule-fails"}),
        (judged, HalfOfMarks(), {"full-out-of-reach"}),
        (judged, TurnedMarks(), {"better-loses-points"}),
        (judged, rules.GradedJudgement(), set()),
    ],
)
def test_a_rule_of_a_plugin_is_looked_at_like_any_other(
    indicator: it.Indicator, rule: it.Rule, expected: set[str]
) -> None:
    assert codes(indicator, rule) == expected


@pytest.mark.parametrize("at", ["0.5", 15, 700])
def test_a_rule_without_edges_is_looked_at_far_out_too(at: Any) -> None:
    @attrs.frozen(kw_only=True)
    class Falling(Curved):
        kind: ClassVar[str] = "demo.falling"

        def points(self, value: Any, full: it.Quantity) -> Any:
            return it.where(value > it.exact(at), 0, full)

    assert codes(execution, Falling()) == {"better-loses-points"}
    assert codes(staffing, Falling()) == set()


def test_a_rule_that_fails_is_told_in_one_line_and_the_others_are_looked_at() -> None:
    leaves = [
        it.Leaf(id="a", indicator=content, points=5, rule=Raising()),
        it.Leaf(id="b", indicator=cases_found, points=5, rule=rules.Proportional(target=3)),
    ]
    found = it.check(scheme_of(*leaves))
    assert severe(found) == [
        ("rule-fails", "process.group.a.rule"),
        ("better-loses-points", "process.group.b.rule"),
    ]
    (first, *_) = found
    assert first.message["en"].startswith("the rule clean.raising fails: RuntimeError: no points for ")
    assert "\n" not in first.message["en"] + first.message["zh"]


def test_a_rule_that_fails_for_a_judgement_is_told_alike() -> None:
    @attrs.frozen(kw_only=True)
    class RaisingItems(Raising):
        kind: ClassVar[str] = "demo.raising_items"
        takes: ClassVar[rules.Takes] = rules.Takes.CHECKLIST

    assert codes(tidy, RaisingItems()) == {"rule-fails"}


def test_a_measure_without_a_direction_has_none_to_go_against() -> None:
    assert codes(balance, rules.AllOrNothing(at_most=0)) == {"cliff"}
    assert codes(balance, rules.AllOrNothing(at_least=0)) == {"cliff"}


# The table of codes


def test_every_code_of_a_scheme_is_in_the_table() -> None:
    """Read off the source: what checks schemes and definitions, and what files are read by."""
    files = [*(SOURCE / "scheme").rglob("*.py"), *(SOURCE / "indicators").rglob("*.py")]
    files += [SOURCE / "data" / f"{name}.py" for name in ("define", "files", "record", "structure", "years")]
    found: set[str] = set()
    for path in files:
        found |= set(re.findall(r'Problem\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert len(found) > 60
    assert found - set(FIXES) == {"not-a-field", "not-a-record"}  # those are of records in Python
    own = set()
    for path in (SOURCE / "linter").glob("*.py"):
        own |= set(re.findall(r'Finding\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert own == set(CODES) - set(FIXES)


def test_every_code_says_in_both_languages_what_to_do() -> None:
    for fix in FIXES.values():
        assert fix.zh
        assert fix.en


def test_every_code_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    assert not {code for code in CODES if f"`{code}`" not in guide}


@given(st.sampled_from(sorted(FIXES)), st.text(min_size=1), st.text())
def test_every_problem_becomes_an_error_at_its_place(code: str, message: str, fix: str) -> None:
    finding = of_problem(Problem(code, "a.b", message, fix))
    assert (finding.code, finding.severity, finding.path) == (code, it.Severity.ERROR, "a.b")
    assert finding.message.en == message
    assert finding.message.zh == message
    assert finding.fix == (Text.of(fix) if fix.strip() else FIXES[code])


def test_alternatives_of_which_one_counts_are_not_counted_twice() -> None:
    rule = it.rules.Proportional()
    leaves = [it.Leaf(id=name, indicator=execution, points=5, rule=rule) for name in ("a", "b")]
    assert "counted-twice" not in {one.code for one in it.check(scheme_of(*leaves, aggregation="better_of", points=5))}
    assert "counted-twice" in {one.code for one in it.check(scheme_of(*leaves))}


def test_what_is_judged_under_names_of_its_own_is_not_counted_twice() -> None:
    rule = it.rules.GradedJudgement()
    titled = [
        it.Leaf(id=name, indicator=judged, points=5, rule=rule, title=text(name, f"the {name}")) for name in ("a", "b")
    ]
    assert "counted-twice" not in {one.code for one in it.check(scheme_of(*titled))}
    bare = [it.Leaf(id=name, indicator=judged, points=5, rule=rule) for name in ("a", "b")]
    assert "counted-twice" in {one.code for one in it.check(scheme_of(*bare))}


def test_alternatives_at_any_height_are_not_counted_twice() -> None:
    def way(name: str, *others: it.Leaf) -> it.Group:
        leaf = it.Leaf(id="rate", indicator=execution, points=10 - 5 * len(others), rule=it.rules.Proportional())
        return it.Group(id=name, title=text("组", "Group"), indicators=[leaf, *others])

    other = it.Leaf(id="other", indicator=judged, points=5, rule=it.rules.GradedJudgement())

    def found(**more: Any) -> list[tuple[str, str]]:
        top = it.Group(id="top", title=text("组", "Group"), groups=[way("old"), way("new", other)], **more)
        return severe(it.check(it.Scheme(id="ways", tiers=[it.TierNode(tier="process", groups=[top])])))

    assert found() == [("counted-twice", "process.top.new.rate")]
    for combine in ("better_of", "minimum"):
        assert found(aggregation=combine, points=10) == []
    assert found(aggregation="weighted_mean", points=10) == found()
    tiers = [it.TierNode(tier=tier, groups=[way("way")]) for tier in ("process", "output")]
    assert severe(it.check(it.Scheme(id="ways", tiers=tiers, aggregation="better_of", points=10))) == []
    assert severe(it.check(it.Scheme(id="ways", tiers=tiers))) == [("counted-twice", "output.way.rate")]


def test_the_same_line_items_are_the_same_however_they_are_bound() -> None:
    rule = it.rules.Proportional()
    leaves = [
        it.Leaf(id=name, indicator=project_execution, points=5, rule=rule, for_each="projects", bindings=bindings)
        for name, bindings in (("a", {}), ("b", {"project": "projects"}))
    ]
    assert severe(it.check(scheme_of(*leaves))) == [("counted-twice", "process.group.b")]
    elsewhere = attrs.evolve(leaves[1], for_each="others", bindings={"project": "others"})
    assert severe(it.check(scheme_of(leaves[0], elsewhere))) == []


@given(st.lists(st.sampled_from(["", "x", "y"]), min_size=1, max_size=4))
def test_what_is_judged_is_counted_twice_where_two_have_the_same_name(names: list[str]) -> None:
    leaves = [
        it.Leaf(id=f"leaf_{index}", indicator=judged, points=5, rule=it.rules.GradedJudgement(), title=name)
        for index, name in enumerate(names)
    ]
    again = [f"process.group.leaf_{index}" for index, name in enumerate(names) if name in names[:index]]
    assert severe(it.check(scheme_of(*leaves))) == [("counted-twice", path) for path in again]


def test_a_veto_may_cap_what_a_bonus_gives_beyond_the_points() -> None:
    award = it.rules.Bands(bands=[rules.Band(at_least=1, points=12), rules.Band(below=1, points=10)])
    leaf = it.Leaf(id="a", indicator=execution, points=10, highest=12, rule=award)
    veto = it.Veto(id="no_bonus", title=text("不加分", "No bonus"), points=10)
    scheme = scheme_of(leaf, vetoes=[veto])
    assert severe(it.check(scheme)) == []
    data = it.UnitData(
        records={"budget": execution.parameters["budget"].record_class(planned=1, spent=1)},
        judgement={"veto.no_bonus": it.Judgement(items={"applies": True}, reason="seen", evidence="ledger")},
    )
    assert it.score(scheme, data).total == 10
    assert it.score(scheme, attrs.evolve(data, judgement={})).total == 12
    plain = attrs.evolve(leaf, highest=None, rule=rules.AllOrNothing(at_least=1))
    assert severe(it.check(scheme_of(plain, vetoes=[veto]))) == [("veto-without-effect", "veto.no_bonus")]


def noted(scheme: it.Scheme | dict[str, Any], code: str) -> dict[str, it.Finding]:
    """The notes of one code, by path."""
    return {finding.path: finding for finding in it.check(scheme, catalog=CATALOG) if finding.code == code}


@given(st.integers(1, 200), st.integers(0, 99), st.integers(1, 9))
def test_a_note_on_a_veto_says_the_points_that_one_minor_unit_takes(edge: int, cap: int, half: int) -> None:
    leaf = it.Leaf(id="a", indicator=judged, points=100, rule=rules.GradedJudgement())
    when = rules.Limits(at_least=edge)
    veto = it.Veto(id="late", title=text("逾期", "Late"), indicator=balance, when=when, points=cap)
    scheme = scheme_of(leaf, vetoes=[veto])
    note = noted(scheme, "cliff")["veto.late.when"]

    def total(planned: Fraction, share: Fraction) -> Fraction:
        budget = balance.parameters["budget"].record_class(planned=planned, spent=0)
        said = {"process.group.a": it.Judgement(share=share, reason="seen", evidence="ledger")}
        score = it.score(scheme, it.UnitData(records={"budget": budget}, judgement=said)).total
        assert score is not None
        return Fraction(score)

    beside, at = Fraction(edge) - Fraction(1, 100), Fraction(edge)
    costs = [total(beside, share) - total(at, share) for share in (Fraction(1), Fraction(half, 10), Fraction(0))]
    assert max(costs) == 100 - cap
    assert f"can cost up to {max(costs)} points (the total is at most {cap})" in note.message["en"]
    assert f"可能失去最多 {max(costs)} 分（总分不超过 {cap} 分）" in note.message["zh"]
    assert f"≥ {edge}" in note.message["en"]


def test_a_note_on_a_veto_of_the_grade_says_the_grade() -> None:
    leaf = it.Leaf(id="a", indicator=content, points=10, rule=rules.Proportional())
    veto = it.Veto(
        id="cases",
        title=text("违规", "Cases"),
        grade="fair",
        points=6,
        indicator=cases_found,
        when=rules.Limits(above=0),
    )
    (note,) = noted(scheme_of(leaf, vetoes=[veto]), "cliff").values()
    assert note.message["en"] == (
        "one minor unit of a figure can cost up to 4 points (the total is at most 6) and the grade (at most "
        '"fair"): it applies where the value is > 0'
    )
    assert note.message["zh"] == (
        "数据相差一个最小单位，可能失去最多 4 分（总分不超过 6 分）和等级（最高为“中”）：> 0 即适用"
    )


def test_a_veto_that_always_applies_or_is_said_by_an_assessor_has_no_edge() -> None:
    leaf = it.Leaf(id="a", indicator=content, points=10, rule=rules.Proportional())
    measured = it.Veto(
        id="cases", title=text("违规", "Cases"), points=6, indicator=cases_found, when=rules.Limits(at_least=0)
    )
    between = attrs.evolve(measured, when=rules.Limits(above="-1/2", below=1000))
    said = it.Veto(id="fraud", title=text("造假", "Fraud"), points=6)
    for veto, found in ((measured, 0), (said, 0), (between, 1)):
        assert len(noted(scheme_of(leaf, vetoes=[veto]), "cliff")) == found


def test_of_a_bonus_without_points_a_note_on_a_veto_says_no_number() -> None:
    bonus = it.Leaf(id="b", indicator=judged, points=0, highest=5, rule=rules.GradedJudgement())
    leaf = it.Leaf(id="a", indicator=content, points=10, rule=rules.Proportional())
    veto = it.Veto(id="cases", title=text("违规", "Cases"), points=6, indicator=cases_found, when=rules.Limits(above=0))
    (note,) = noted(scheme_of(leaf, bonus, vetoes=[veto]), "cliff").values()
    assert "can cost the points above 6 (the total is at most 6): " in note.message["en"]


def test_a_child_without_points_needs_no_weight() -> None:
    leaves = [{**LEAF, "id": "a"}, {**LEAF, "id": "b", "indicator": "clean.discontent", "points": 0}]
    document = table()
    group = document["tiers"][0]["groups"][0]
    group |= {
        "indicators": leaves,
        "points": 5,
        "aggregation": {"combine": "weighted_mean", "weights": {"a": 1, "b": 0}},
    }
    assert not noted(document, "points-without-effect")
    group["aggregation"]["weights"] = {"a": 0, "b": 1}
    assert list(noted(document, "points-without-effect")) == ["effect.group.aggregation.weights.a"]


def test_what_a_scheme_that_extends_no_longer_uses_of_the_definitions_is_noted(tmp_path: Path) -> None:
    record = {"title": text("道路", "Roads").to_dict(), "fields": {"built": {"kind": "count", "title": "已建"}}}
    measure = {"title": text("已建", "Built").to_dict(), "tier": "effect", "measure": "road.built"}
    document = table()
    document["define"] = {"records": {"local.road": record}, "indicators": {"local.built": measure}}
    document["tiers"][0]["groups"][0]["indicators"] += [{**LEAF, "id": "b", "indicator": "local.built"}]
    assert not noted(document, "unused-definition")
    (tmp_path / "base.json").write_text(json.dumps(document), encoding="utf-8")
    own = {"format": 1, "id": "own", "extends": str(tmp_path / "base.json")}
    assert not noted(own, "unused-definition")
    assert list(noted({**own, "remove": ["effect.group.b"]}, "unused-definition")) == [
        "define.indicators.local.built",
        "define.records.local.road",
    ]
    # the record of a name that an identity may use
    named = {**own, "remove": ["effect.group.b"], "records": {"road": "local.road"}}
    assert list(noted(named, "unused-definition")) == ["define.indicators.local.built"]
    # a veto uses it
    veto = {"id": "v", "title": "x", "indicator": "local.built", "when": {"below": 1}, "points": 1}
    assert not noted({**own, "remove": ["effect.group.b"], "vetoes": [veto]}, "unused-definition")


def test_what_a_rule_asks_an_assessor_needs_words_in_both_languages() -> None:
    @attrs.frozen(kw_only=True)
    class Asking(Curved):
        kind: ClassVar[str] = "demo.asking"

        @property
        def asks(self) -> Mapping[str, it.Text]:
            return {"late": it.Text(zh="", en="it came late"), "lost": text("丢失", "it was lost")}

        def points(self, value: Any, full: it.Quantity, **said: Any) -> Any:
            del said
            return super().points(value, full)

    leaf = it.Leaf(id="a", indicator=content, points=10, rule=Asking())
    assert severe(it.check(scheme_of(leaf))) == [("words-lacking", "process.group.a.rule.asks.late")]


def test_a_penalty_that_passes_by_the_policy_of_the_scheme_pays() -> None:
    bands = [rules.Band(below="50%", points=-2), rules.Band(at_least="50%", points=0)]
    leaf = it.Leaf(id="a", indicator=content, points=0, lowest=-2, rule=rules.Bands(bands=bands))
    place = "process.group.a.policies.missing"
    for missing in ("no_points", "left_out", "full_points"):
        found = severe(it.check(scheme_of(leaf, policies=it.Policies(missing=missing))))
        assert found == [("missing-data-pays", place)]
    strict = attrs.evolve(leaf, policies=it.Policies(missing="error"))
    assert severe(it.check(scheme_of(strict, policies=it.Policies(missing="no_points")))) == []
    assert severe(it.check(scheme_of(leaf))) == []


def test_a_measure_that_a_value_is_compared_with_needs_words_in_both_languages() -> None:
    other = attrs.evolve(staffing, id="demo.wordless", title=it.Text(zh="", en="Wordless"))
    cases = [rules.Case(at_most="other", points=10)]
    rule = rules.Comparison(against={"other": other}, cases=cases, otherwise=0)
    leaf = it.Leaf(id="a", indicator=discontent, points=10, rule=rule)
    assert severe(it.check(scheme_of(leaf))) == [
        ("words-lacking", "process.group.a.indicator (demo.wordless).title"),
    ]


def test_the_measure_of_a_veto_needs_words_in_both_languages() -> None:
    wordless = attrs.evolve(cases_found, id="demo.wordless", title=it.Text(zh="违规", en=""))
    veto = it.Veto(id="cases", title=text("违规", "Cases"), points=0, indicator=wordless, when=rules.Limits(above=0))
    leaf = it.Leaf(id="a", indicator=content, points=10, rule=rules.Proportional())
    assert severe(it.check(scheme_of(leaf, vetoes=[veto]))) == [
        ("words-lacking", "veto.cases.indicator (demo.wordless).title"),
    ]
