"""The schemes of the package: what they hold, how they score on each edge, and what holds for any data."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from math import floor
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
import indicatree_mof
from indicatree import fields

SCHEMES = {
    "mof-department": "财预〔2013〕53号附件2",
    "mof-project": "财预〔2020〕10号",
    "mof-project-self-assessment": "财预〔2020〕10号",
    "local-department": "县（区）公布的部门整体支出绩效评价评分表",
}
DATA = Path(__file__).parent / "data"
README = Path(__file__).parents[1] / "README.md"

every = pytest.mark.parametrize("name", SCHEMES)
short = settings(deadline=None, max_examples=60)  # nothing is tested by its time


@cache
def scheme_of(name: str) -> it.Scheme:
    return it.load_scheme(name)


def leaf_of(name: str, path: str) -> it.Leaf:
    return dict(scheme_of(name).leaves())[path]


def whole(quantity: it.Quantity | None) -> Fraction:
    assert quantity is not None
    return quantity.fraction


def points_by_tier(name: str) -> dict[str, Fraction]:
    scheme = scheme_of(name)
    return {tier.id: whole(scheme.points_of(tier)) for tier in scheme.tiers}


def indicators_by_group(name: str) -> dict[str, list[str]]:
    """The indicators of each tier and its groups; those of a group in a group belong to the outer one."""
    found: dict[str, list[str]] = {}
    for path, leaf in scheme_of(name).leaves():
        found.setdefault(".".join(path.split(".")[:2]), []).append(leaf.indicator.id.removeprefix("mof."))
    return found


# What the documents list, in their order.

DEPARTMENT = {
    "input.target_setting": ["target_reasonableness", "indicator_clarity"],
    "input.budget_allocation": ["staff_control_rate", "three_public_change_rate", "key_expenditure_rate"],
    "process.budget_execution": [
        "budget_completion_rate",
        "department_adjustment_rate",
        "payment_progress_rate",
        "carry_over_rate",
        "carry_over_change_rate",
        "public_funds_control_rate",
        "three_public_control_rate",
        "procurement_execution_rate",
    ],
    "process.budget_management": ["management_rules", "fund_use_compliance", "openness", "base_data"],
    "process.asset_management": ["asset_rules", "asset_safety", "fixed_asset_use_rate"],
    "output.duty_performance": [
        "actual_completion_rate",
        "on_time_completion_rate",
        "quality_pass_rate",
        "key_work_completion_rate",
    ],
    "effect.duty_benefit": ["economic_benefit", "social_benefit", "ecological_benefit", "satisfaction"],
}

PROJECT = {
    "input.approval": ["project_basis", "project_procedure"],
    "input.targets": ["project_target_reasonableness", "project_indicator_clarity"],
    "input.funds_input": ["project_budgeting", "project_allocation"],
    "process.funds_management": ["project_funds_in_place_rate", "project_funds_execution_rate", "project_fund_use"],
    "process.organisation": ["project_rules", "project_rules_execution"],
    "output.quantity": ["project_actual_completion_rate"],
    "output.quality": ["project_quality_pass_rate"],
    "output.timeliness": ["project_timeliness"],
    "output.cost": ["project_cost_saving_rate"],
    "effect.benefit": ["project_benefit", "satisfaction"],
}

SELF_ASSESSMENT = {
    "process.budget_execution": ["project_funds_execution_rate"],
    "output.output": [
        "project_actual_completion_rate",
        "project_quality_pass_rate",
        "project_timeliness",
        "project_cost_saving_rate",
    ],
    "effect.benefit": ["economic_benefit", "social_benefit", "ecological_benefit", "project_sustainable_influence"],
    "effect.satisfaction": ["satisfaction"],
}


def test_the_package_offers_the_schemes_as_files() -> None:
    offered = {path.stem: path for path in map(Path, indicatree_mof.indicatree_schemes())}
    assert set(offered) == set(SCHEMES)
    catalog = it.Catalog(allow=["mof"], strict=True)
    assert set(catalog.scheme_ids) == set(SCHEMES)
    for name, path in offered.items():
        assert path.parent.parent == Path(indicatree_mof.__file__).parent
        assert it.load_scheme(path) == catalog.scheme(name) == scheme_of(name)


@every
def test_a_scheme_has_no_errors_and_no_warnings(name: str) -> None:
    assert [finding for finding in it.check(name) if finding.severity is not it.Severity.NOTE] == []


@every
def test_a_scheme_goes_to_a_file_and_back(name: str) -> None:
    scheme = scheme_of(name)
    again = it.load_scheme(tomllib.loads(scheme.to_toml()))
    assert again == scheme
    assert again.digest == scheme.digest


@every
def test_a_scheme_of_100_points_names_its_source_and_what_is_ours(name: str) -> None:
    scheme = scheme_of(name)
    assert scheme.points == 100
    assert sum(points_by_tier(name).values()) == 100
    assert scheme.source == SCHEMES[name]
    assert in_two_languages(scheme.assumption)
    assert scheme.policies == it.Policies()
    assert scheme.grades == it.Scheme(id="empty", tiers=scheme.tiers).grades


# The titles of the tables, where an indicator has brackets to tell it apart, or another name, outside its scheme.
TITLES = {
    "mof-department": {
        "department_adjustment_rate": "预算调整率",
        "management_rules": "管理制度健全性",
        "asset_rules": "管理制度健全性",
    },
    "mof-project": {
        "project_target_reasonableness": "绩效目标合理性",
        "project_indicator_clarity": "绩效指标明确性",
        "project_funds_execution_rate": "预算执行率",
        "project_fund_use": "资金使用合规性",
        "project_rules": "管理制度健全性",
        "project_actual_completion_rate": "实际完成率",
        "project_quality_pass_rate": "质量达标率",
    },
    "mof-project-self-assessment": {
        "project_funds_execution_rate": "预算执行率",
        "project_actual_completion_rate": "数量指标",
        "project_quality_pass_rate": "质量指标",
        "project_timeliness": "时效指标",
        "project_cost_saving_rate": "成本指标",
    },
    "local-department": {
        "available_completion_rate": "预算完成率",
        "management_rules": "管理制度健全性",
        "fund_use_violations": "资金使用合规性",
    },
}


@every
def test_a_leaf_bears_the_title_of_its_table(name: str) -> None:
    for path, leaf in scheme_of(name).leaves():
        own = TITLES[name].get(leaf.indicator.id.removeprefix("mof."))
        assert leaf.name["zh"] == (own or leaf.indicator.title["zh"]), path
        assert "（" not in leaf.name["zh"], path


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("mof-department", "2013-"),
        ("mof-project", "2020-"),
        ("mof-project-self-assessment", "2020-"),
        ("local-department", ""),
    ],
)
def test_a_scheme_holds_from_the_year_of_its_document(name: str, years: str) -> None:
    assert str(scheme_of(name).years or "") == years


@every
def test_every_text_of_a_scheme_is_in_two_languages(name: str) -> None:
    scheme = scheme_of(name)
    texts = [scheme.title, *(veto.title for veto in scheme.vetoes), *(veto.assumption for veto in scheme.vetoes)]
    for _, node in scheme.walk():
        if isinstance(node, it.Leaf):
            texts.append(node.name)
        elif isinstance(node, it.Group):
            texts.append(node.title)
        texts += [words for words in (node.title, node.assumption) if words]
    assert all(in_two_languages(words) for words in texts)


def in_two_languages(words: it.Text) -> bool:
    return chinese(words.zh) and bool(words.en.strip()) and not chinese(words.en)


def chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


@every
def test_no_indicator_stands_twice_in_a_scheme(name: str) -> None:
    used = [leaf.indicator.id for _, leaf in scheme_of(name).leaves()]
    assert len(set(used)) == len(used)


@every
def test_every_leaf_stands_in_the_tier_of_its_indicator(name: str) -> None:
    for path, leaf in scheme_of(name).leaves():
        assert path.partition(".")[0] == leaf.indicator.tier.value


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mof-department", DEPARTMENT), ("mof-project", PROJECT), ("mof-project-self-assessment", SELF_ASSESSMENT)],
)
def test_a_scheme_has_the_indicators_of_its_document(name: str, expected: dict[str, list[str]]) -> None:
    assert indicators_by_group(name) == expected


@pytest.mark.parametrize(
    ("name", "tiers"),
    [
        ("mof-department", (15, 40, 25, 20)),
        ("mof-project", (20, 20, 30, 30)),
        ("mof-project-self-assessment", (0, 10, 50, 40)),
        ("local-department", (10, 60, 8, 22)),
    ],
)
def test_the_tiers_have_their_points(name: str, tiers: tuple[int, ...]) -> None:
    assert list(points_by_tier(name).values()) == list(tiers)


def test_a_local_table_is_laid_out_10_60_30() -> None:
    tiers = points_by_tier("local-department")
    assert [tiers["input"], tiers["process"], tiers["output"] + tiers["effect"]] == [10, 60, 30]


def test_a_self_assessment_is_laid_out_10_50_30_10() -> None:
    scheme = scheme_of("mof-project-self-assessment")
    groups = {path: whole(scheme.points_of(node)) for path, node in scheme.walk() if isinstance(node, it.Group)}
    assert groups == {
        "process.budget_execution": 10,
        "output.output": 50,
        "effect.benefit": 30,
        "effect.satisfaction": 10,
    }


def test_the_tiers_of_a_project_have_the_titles_of_its_framework() -> None:
    titles = [tier.title for tier in scheme_of("mof-project").tiers]
    assert [title.zh for title in titles] == ["决策", "过程", "产出", "效益"]
    assert [title.en for title in titles] == ["Decision", "Process", "Output", "Benefit"]


# Data: the best and the worst that there can be, by the names that all four schemes use.

EARLY, LATE = dt.date(2024, 3, 1), dt.date(2026, 3, 1)
OUTPUT: dict[str, Any] = {
    "planned": 8,
    "actual": 8,
    "up_to_standard": 8,
    "due": EARLY,
    "finished": EARLY,
    "planned_cost": 400,
    "actual_cost": 400,
}
BEST: dict[str, Any] = {
    "staffing": indicatree_mof.Staffing(posts=40, in_post=40),
    "three_public": indicatree_mof.ThreePublic(budget=20, budget_last_year=20, actual=20),
    "project_expenditure": indicatree_mof.ProjectExpenditure(total=500, key=300),
    "department_budget": indicatree_mof.DepartmentBudget(
        approved=900,
        expenditure=900,
        completed=900,
        additions=0,
        cuts=0,
        restructurings=0,
        planned_progress="75%",
        actual_progress="75%",
    ),
    "carry_over": indicatree_mof.CarryOver(this_year=45, last_year=45),
    "public_funds": indicatree_mof.PublicFunds(budget=120, actual=120),
    "procurement": indicatree_mof.Procurement(budget=80, actual=80),
    "fixed_assets": indicatree_mof.FixedAssets(total=700, in_use=700),
    "work": indicatree_mof.Work(
        planned=30, completed=30, on_time=30, up_to_standard=30, key_assigned=6, key_completed=6
    ),
    "survey": indicatree_mof.Survey(answers=200, satisfied=180),
    "available_funds": indicatree_mof.AvailableFunds(carried_in=10, initial=90, added=0, closing_balance=0),
    "new_buildings": indicatree_mof.NewBuildings(projects=0),
    "violations": indicatree_mof.Violations(fund_use=0, serious=0),
    "project_funds": indicatree_mof.ProjectFunds(budget=600, received=600, spent=600),
    "outputs": it.Items(indicatree_mof.ProjectOutput, [indicatree_mof.ProjectOutput(**OUTPUT)]),
}
WORST: dict[str, Any] = {
    "staffing": indicatree_mof.Staffing(posts=40, in_post=80),
    "three_public": indicatree_mof.ThreePublic(budget=40, budget_last_year=20, actual=80),
    "project_expenditure": indicatree_mof.ProjectExpenditure(total=500, key=0),
    "department_budget": indicatree_mof.DepartmentBudget(
        approved=900,
        expenditure=900,
        completed=0,
        additions=400,
        cuts=0,
        restructurings=0,
        planned_progress="75%",
        actual_progress=0,
    ),
    "carry_over": indicatree_mof.CarryOver(this_year=900, last_year=45),
    "public_funds": indicatree_mof.PublicFunds(budget=120, actual=240),
    "procurement": indicatree_mof.Procurement(budget=80, actual=0),
    "fixed_assets": indicatree_mof.FixedAssets(total=700, in_use=0),
    "work": indicatree_mof.Work(planned=30, completed=0, on_time=0, up_to_standard=0, key_assigned=6, key_completed=0),
    "survey": indicatree_mof.Survey(answers=200, satisfied=0),
    "available_funds": indicatree_mof.AvailableFunds(carried_in=0, initial=90, added=60, closing_balance=150),
    "new_buildings": indicatree_mof.NewBuildings(
        projects=1, approved_area=500, built_area=900, approved_cost=300, final_cost=700
    ),
    "violations": indicatree_mof.Violations(fund_use=9, serious=2),
    "project_funds": indicatree_mof.ProjectFunds(budget=600, received="0.01", spent=0),
    "outputs": it.Items(
        indicatree_mof.ProjectOutput,
        [
            indicatree_mof.ProjectOutput(
                **OUTPUT | {"actual": 0, "up_to_standard": 0, "finished": LATE, "actual_cost": 900}
            )
        ],
    ),
}
SAID = it.Text(zh="评审意见", en="as the assessor found")


def judged(indicator: it.Indicator, *, good: Any) -> it.Judgement | None:
    """A judgement: all items alike, or a share of the marks."""
    if isinstance(indicator, it.Checklist):
        return it.Judgement(items=dict.fromkeys(indicator.items, bool(good)), reason=SAID, evidence=SAID)
    if isinstance(indicator, it.Graded):
        return it.Judgement(share=good, reason=SAID, evidence=SAID)
    return None


def unit(name: str, records: Mapping[str, Any], *, good: Any = 1, **judgement: it.Judgement) -> it.UnitData:
    """A unit with records by name; judged well, where nothing else is said by the path of the leaf."""
    scheme = scheme_of(name)
    said = {path: judged(leaf.indicator, good=good) for path, leaf in scheme.leaves()}
    return it.UnitData(
        records={record: records[record] for record in scheme.data_shape.records},
        judgement={path: one for path, one in said.items() if one is not None} | judgement,
    )


def scored(name: str, path: str, judgement: Mapping[str, it.Judgement] | None = None, **records: Any) -> Fraction:
    """What a leaf gets for some records, where all others are the best."""
    score = it.score(scheme_of(name), unit(name, BEST | records, **judgement or {}))[path].score
    assert score is not None
    return Fraction(score)


@every
def test_the_best_unit_gets_everything(name: str) -> None:
    card = it.score(scheme_of(name), unit(name, BEST))
    assert card.grade is not None
    assert card.total == card.points == 100
    assert card.grade.id == "excellent"
    assert all(leaf.lost == 0 for leaf in card.leaves())


@every
def test_the_worst_unit_gets_nothing_and_is_told_why(name: str) -> None:
    card = it.score(scheme_of(name), unit(name, WORST, good=0))
    assert card.grade is not None
    assert card.total == 0
    assert card.grade.id == "poor"
    for node in card.root.walk():
        assert node.score == 0
        if node.points:
            assert chinese(node.reason.zh), node.path
            assert node.reason.en, node.path
            assert not chinese(node.reason.en), node.path


@every
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_loads_and_lacks_every_figure(name: str, language: str) -> None:
    scheme = scheme_of(name)
    template = tomllib.loads(it.data_template(scheme, language=language))
    assert template["scheme"] == scheme.key
    with pytest.raises(it.ScoringError) as caught:
        it.score(scheme, it.load(template, scheme))
    said: dict[str, str] = {}
    for problem in caught.value.problems:
        said.setdefault(problem.path.partition(",")[0], problem.message["en"])
    needed = [(path, leaf.indicator, leaf.for_each) for path, leaf in scheme.leaves()]
    needed += [(veto.path, veto.indicator, "") for veto in scheme.vetoes if veto.indicator is not None]
    assert set(said) == {path for path, _, _ in needed}
    for path, indicator, items in needed:
        if not isinstance(indicator, it.Measured):
            assert said[path].startswith("the judgement is missing")
            continue
        for parameter, field in indicator.figures:
            assert f"data.{f'{items}[0]' if items else parameter}.{field}" in said[path]


# Fields that some measure divides by.
DIVIDED_BY = {
    "posts",
    "budget",
    "budget_last_year",
    "total",
    "approved",
    "expenditure",
    "planned_progress",
    "initial",
    "approved_area",
    "approved_cost",
    "planned",
    "key_assigned",
    "answers",
    "received",
    "planned_cost",
}


# The local table, row by row. The figures are in fen and in persons, cases or hundredths of a square metre.

PUBLISHED, COUNTED, OURS = "published", "published but for the counting of steps", "ours"
HALF, ONE = Fraction(1, 2), Fraction(1)


def stepped(marks: int, beyond: Fraction, step: Fraction, cost: Fraction) -> Fraction:
    """Marks less what each full step beyond the target costs, until none are left."""
    return max(Fraction(marks) - max(floor(beyond / step), 0) * cost, Fraction())


def control(added: int, initial: int) -> Fraction:
    rate = Fraction(added, initial)
    steps = [(Fraction(), 5), (Fraction(10, 100), 4), (Fraction(20, 100), 3), (Fraction(30, 100), 2)]
    return next((Fraction(points) for most, points in steps if rate <= most), Fraction())


def content(satisfied: int, answers: int) -> Fraction:
    rate = Fraction(satisfied, answers)
    steps = [(Fraction(90, 100), 6), (Fraction(80, 100), 4), (Fraction(60, 100), 2)]
    return next((Fraction(points) for least, points in steps if rate >= least), Fraction())


PERCENT = Fraction(1, 100)


@attrs.frozen
class Row:
    """A row of the local table that is measured.

    Attributes:
        path: Its leaf.
        indicator: What is measured.
        marks: Its points.
        origin: Whether it is published.
        record: The class of the record.
        units: The figures that it is measured from, with how many minor units each counts in one.
        points: The exact points for these figures.
        edges: Figures with the points that are printed for them.
    """

    path: str
    indicator: str
    marks: int
    origin: str
    record: type
    units: dict[str, int]
    points: Callable[..., Fraction]
    edges: list[tuple[tuple[int, ...], str]]

    def records(self, figures: tuple[int, ...]) -> dict[str, Any]:
        """The record of these figures; its other fields are as in one that gets full marks."""
        (name,) = leaf_of(LOCAL, self.path).parameters
        pairs = zip(self.units.items(), figures, strict=True)
        given = {field: Fraction(figure, per_one) for (field, per_one), figure in pairs}
        base: Any = BUILT if name == "new_buildings" else BEST[name]
        return {name: attrs.evolve(base, **given)}


FEN = 100
LOCAL = "local-department"
BUILT = indicatree_mof.NewBuildings(projects=1, approved_area=1, built_area=1, approved_cost=1, final_cost=1)

ROWS = [
    Row(
        "input.budget_allocation.staff_control_rate",
        "mof.staff_control_rate",
        5,
        COUNTED,
        indicatree_mof.Staffing,
        {"posts": 1, "in_post": 1},
        lambda posts, in_post: stepped(5, Fraction(in_post, posts) - 1, PERCENT, HALF),
        [
            ((1000, 0), "5"),
            ((1000, 1000), "5"),
            ((1000, 1001), "5"),
            ((1000, 1009), "5"),
            ((1000, 1010), "4.5"),
            ((1000, 1011), "4.5"),
            ((1000, 1019), "4.5"),
            ((1000, 1020), "4"),
            ((1000, 1099), "0.5"),
            ((1000, 1100), "0"),
            ((1000, 1101), "0"),
            ((1000, 5000), "0"),
        ],
    ),
    Row(
        "input.budget_allocation.three_public_change_rate",
        "mof.three_public_change_rate",
        5,
        COUNTED,
        indicatree_mof.ThreePublic,
        {"budget_last_year": FEN, "budget": FEN},
        lambda last, this: stepped(5, Fraction(this - last, last), PERCENT, HALF),
        [
            ((1_000_000, 900_000), "5"),
            ((1_000_000, 1_000_000), "5"),
            ((1_000_000, 1_000_001), "5"),
            ((1_000_000, 1_009_999), "5"),
            ((1_000_000, 1_010_000), "4.5"),
            ((1_000_000, 1_010_001), "4.5"),
            ((1_000_000, 1_019_999), "4.5"),
            ((1_000_000, 1_020_000), "4"),
            ((1_000_000, 1_099_999), "0.5"),
            ((1_000_000, 1_100_000), "0"),
            ((1_000_000, 1_100_001), "0"),
        ],
    ),
    Row(
        "process.budget_execution.budget_completion_rate",
        "mof.available_completion_rate",
        5,
        COUNTED,
        indicatree_mof.AvailableFunds,
        {"carried_in": FEN, "initial": FEN, "added": FEN, "closing_balance": FEN},
        lambda carried, initial, added, closing: stepped(
            5, 1 - Fraction(carried + initial + added - closing, carried + initial + added), 5 * PERCENT, 2 * ONE
        ),
        [
            ((100_000, 800_000, 100_000, -100_000), "5"),
            ((100_000, 800_000, 100_000, -1), "5"),
            ((100_000, 800_000, 100_000, 0), "5"),
            ((100_000, 800_000, 100_000, 1), "5"),
            ((100_000, 800_000, 100_000, 49_999), "5"),
            ((100_000, 800_000, 100_000, 50_000), "3"),
            ((100_000, 800_000, 100_000, 50_001), "3"),
            ((100_000, 800_000, 100_000, 99_999), "3"),
            ((100_000, 800_000, 100_000, 100_000), "1"),
            ((100_000, 800_000, 100_000, 100_001), "1"),
            ((100_000, 800_000, 100_000, 149_999), "1"),
            ((100_000, 800_000, 100_000, 150_000), "0"),
            ((100_000, 800_000, 100_000, 1_000_000), "0"),
        ],
    ),
    Row(
        "process.budget_execution.budget_control_rate",
        "mof.budget_control_rate",
        5,
        PUBLISHED,
        indicatree_mof.AvailableFunds,
        {"added": FEN, "initial": FEN},
        control,
        [
            ((0, 1_000_000), "5"),
            ((1, 1_000_000), "4"),
            ((99_999, 1_000_000), "4"),
            ((100_000, 1_000_000), "4"),
            ((100_001, 1_000_000), "3"),
            ((199_999, 1_000_000), "3"),
            ((200_000, 1_000_000), "3"),
            ((200_001, 1_000_000), "2"),
            ((299_999, 1_000_000), "2"),
            ((300_000, 1_000_000), "2"),
            ((300_001, 1_000_000), "0"),
        ],
    ),
    Row(
        "process.budget_execution.new_building_area_rate",
        "mof.new_building_area_rate",
        5,
        COUNTED,
        indicatree_mof.NewBuildings,
        {"approved_area": 100, "built_area": 100},
        lambda approved, built: stepped(5, Fraction(built, approved) - 1, 5 * PERCENT, 2 * ONE),
        [
            ((100_000, 90_000), "5"),
            ((100_000, 100_000), "5"),
            ((100_000, 100_001), "5"),
            ((100_000, 104_999), "5"),
            ((100_000, 105_000), "3"),
            ((100_000, 105_001), "3"),
            ((100_000, 109_999), "3"),
            ((100_000, 110_000), "1"),
            ((100_000, 110_001), "1"),
            ((100_000, 114_999), "1"),
            ((100_000, 115_000), "0"),
            ((100_000, 300_000), "0"),
        ],
    ),
    Row(
        "process.budget_execution.new_building_investment_rate",
        "mof.new_building_investment_rate",
        5,
        COUNTED,
        indicatree_mof.NewBuildings,
        {"approved_cost": FEN, "final_cost": FEN},
        lambda approved, final: stepped(5, Fraction(final, approved) - 1, 5 * PERCENT, 2 * ONE),
        [
            ((1_000_000, 1_000_000), "5"),
            ((1_000_000, 1_000_001), "5"),
            ((1_000_000, 1_049_999), "5"),
            ((1_000_000, 1_050_000), "3"),
            ((1_000_000, 1_050_001), "3"),
            ((1_000_000, 1_099_999), "3"),
            ((1_000_000, 1_100_000), "1"),
            ((1_000_000, 1_100_001), "1"),
            ((1_000_000, 1_149_999), "1"),
            ((1_000_000, 1_150_000), "0"),
        ],
    ),
    Row(
        "process.budget_management.public_funds_control_rate",
        "mof.public_funds_control_rate",
        8,
        OURS,
        indicatree_mof.PublicFunds,
        {"budget": FEN, "actual": FEN},
        lambda budget, actual: stepped(8, Fraction(actual, budget) - 1, PERCENT, ONE),
        [
            ((1_000_000, 1_000_000), "8"),
            ((1_000_000, 1_000_001), "8"),
            ((1_000_000, 1_009_999), "8"),
            ((1_000_000, 1_010_000), "7"),
            ((1_000_000, 1_010_001), "7"),
            ((1_000_000, 1_079_999), "1"),
            ((1_000_000, 1_080_000), "0"),
            ((1_000_000, 1_090_000), "0"),
        ],
    ),
    Row(
        "process.budget_management.three_public_control_rate",
        "mof.three_public_control_rate",
        7,
        OURS,
        indicatree_mof.ThreePublic,
        {"budget": FEN, "actual": FEN},
        lambda budget, actual: stepped(7, Fraction(actual, budget) - 1, PERCENT, ONE),
        [
            ((1_000_000, 1_000_000), "7"),
            ((1_000_000, 1_000_001), "7"),
            ((1_000_000, 1_009_999), "7"),
            ((1_000_000, 1_010_000), "6"),
            ((1_000_000, 1_010_001), "6"),
            ((1_000_000, 1_069_999), "1"),
            ((1_000_000, 1_070_000), "0"),
            ((1_000_000, 1_080_000), "0"),
        ],
    ),
    Row(
        "process.budget_management.procurement_execution_rate",
        "mof.procurement_execution_rate",
        6,
        OURS,
        indicatree_mof.Procurement,
        {"budget": FEN, "actual": FEN},
        lambda budget, actual: stepped(6, abs(Fraction(actual, budget) - 1), PERCENT, Fraction(1, 5)),
        [
            ((1_000_000, 1_000_000), "6"),
            ((1_000_000, 1_009_999), "6"),
            ((1_000_000, 1_010_000), "5.8"),
            ((1_000_000, 1_010_001), "5.8"),
            ((1_000_000, 990_001), "6"),
            ((1_000_000, 990_000), "5.8"),
            ((1_000_000, 989_999), "5.8"),
            ((1_000_000, 700_001), "0.2"),
            ((1_000_000, 700_000), "0"),
            ((1_000_000, 1_299_999), "0.2"),
            ((1_000_000, 1_300_000), "0"),
            ((1_000_000, 0), "0"),
        ],
    ),
    Row(
        "process.budget_management.fund_use_compliance",
        "mof.fund_use_violations",
        6,
        OURS,
        indicatree_mof.Violations,
        {"fund_use": 1},
        lambda cases: Fraction(max(6 - cases, 0)),
        [((0,), "6"), ((1,), "5"), ((2,), "4"), ((5,), "1"), ((6,), "0"), ((7,), "0")],
    ),
    Row(
        "output.duty_performance.key_work_completion_rate",
        "mof.key_work_completion_rate",
        8,
        OURS,
        indicatree_mof.Work,
        {"key_assigned": 1, "key_completed": 1},
        lambda assigned, completed: min(Fraction(completed, assigned), ONE) * 8,
        [
            ((100, 100), "8"),
            ((100, 101), "8"),
            ((100, 99), "7.92"),
            ((7, 3), "3.43"),
            ((100, 1), "0.08"),
            ((100, 0), "0"),
        ],
    ),
    Row(
        "effect.duty_benefit.satisfaction",
        "mof.satisfaction",
        6,
        OURS,
        indicatree_mof.Survey,
        {"satisfied": 1, "answers": 1},
        content,
        [
            ((1000, 1000), "6"),
            ((901, 1000), "6"),
            ((900, 1000), "6"),
            ((899, 1000), "4"),
            ((801, 1000), "4"),
            ((800, 1000), "4"),
            ((799, 1000), "2"),
            ((601, 1000), "2"),
            ((600, 1000), "2"),
            ((599, 1000), "0"),
            ((0, 1000), "0"),
        ],
    ),
]

# Those that an assessor decides: the indicator and the marks; for a checklist those of each item.
JUDGED: dict[str, tuple[str, int, dict[str, int]]] = {
    "process.budget_management.management_rules": (
        "mof.management_rules",
        8,
        {"exist": 2, "complete": 3, "executed": 3},
    ),
    "process.budget_management.openness": ("mof.openness", 5, {"content": 3, "time": 2}),
    "effect.duty_benefit.economic_and_social_benefit": ("mof.economic_and_social_benefit", 10, {}),
    "effect.duty_benefit.administrative_efficiency": ("mof.administrative_efficiency", 6, {}),
}

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path.rpartition(".")[2])


def rounded(points: Fraction) -> Fraction:
    """To hundredths, a half upwards."""
    return Fraction(floor(points * 100 + HALF), 100)


def test_the_local_table_has_these_rows_and_no_others() -> None:
    rows = {row.path: (row.indicator, Fraction(row.marks)) for row in ROWS}
    rows |= {path: (indicator, Fraction(marks)) for path, (indicator, marks, _) in JUDGED.items()}
    shipped = {path: (leaf.indicator.id, whole(leaf.points)) for path, leaf in scheme_of(LOCAL).leaves()}
    assert shipped == rows
    assert sum(marks for _, marks in rows.values()) == 100


def test_a_local_row_says_whether_it_is_published() -> None:
    origins = {row.path: row.origin for row in ROWS} | dict.fromkeys(JUDGED, OURS)
    said: dict[str, set[str]] = {}
    for path, leaf in scheme_of(LOCAL).leaves():
        said.setdefault(origins[path], set()).add(leaf.assumption.en)
        assert ("自拟" in leaf.assumption.zh) == (origins[path] == OURS)
        assert ("只计整步" in leaf.assumption.zh) == (origins[path] == COUNTED)
    assert said == {
        PUBLISHED: {""},
        COUNTED: {
            "points and deduction are published; how a started step counts is not, only full steps are taken",
        },
        OURS: {"this row is ours, to make the table whole; it is not published"},
    }


@each_row
def test_a_local_row_scores_as_printed_on_each_edge(row: Row) -> None:
    for figures, points in row.edges:
        got = scored(LOCAL, row.path, **row.records(figures))
        assert got == Fraction(points), figures
        assert got == rounded(row.points(*figures)), figures


@each_row
@short
@given(data=st.data())
def test_a_local_row_scores_as_written_out(row: Row, data: st.DataObject) -> None:
    base = data.draw(st.integers(1, 10**7))
    near = st.one_of(st.integers(0, 2 * base), st.integers(-2, 2).map(lambda unit: base + unit))
    steps = st.builds(lambda percent, unit: base * percent // 100 + unit, st.integers(0, 140), st.integers(-1, 1))

    def figure(field: str) -> int:
        if field in DIVIDED_BY and ("actual" in row.units or field != "budget"):
            return base
        least = 1 if field in DIVIDED_BY else 0  # another row divides by it
        return max(data.draw(st.one_of(near, steps)), least)

    figures = tuple(map(figure, row.units))
    if row.record is indicatree_mof.Survey and figures[0] > figures[1]:
        with pytest.raises(it.DataError):
            row.records(figures)
        return
    assert scored(LOCAL, row.path, **row.records(figures)) == rounded(row.points(*figures))


@pytest.mark.parametrize("path", [path for path, (_, _, items) in JUDGED.items() if items])
def test_a_local_checklist_gives_each_item_its_points(path: str) -> None:
    _, _, items = JUDGED[path]
    for answers in product([False, True], repeat=len(items)):
        met = dict(zip(items, answers, strict=True))
        judgement = it.Judgement(items=met, reason=SAID, evidence=SAID)
        assert scored(LOCAL, path, {path: judgement}) == sum(items[item] for item in items if met[item])


@pytest.mark.parametrize("path", [path for path, (_, _, items) in JUDGED.items() if not items])
@pytest.mark.parametrize(
    ("share", "step"),
    [
        ("1", "reached"),
        ("0.8", "reached"),
        ("0.79", "partly reached"),
        ("0.6", "partly reached"),
        ("0.59", "not reached"),
        ("0", "not reached"),
    ],
)
def test_a_local_judgement_gives_its_share(path: str, share: str, step: str) -> None:
    _, marks, _ = JUDGED[path]
    judgement = it.Judgement(share=share, reason=SAID, evidence=SAID)
    card = it.score(scheme_of(LOCAL), unit(LOCAL, BEST, **{path: judgement}))
    score = card[path].score
    assert score is not None
    assert Fraction(score) == Fraction(share) * marks
    if share != "1":
        assert f'"{step}"' in card[path].reason.en


@pytest.mark.parametrize("path", [row.path for row in ROWS if row.record is indicatree_mof.NewBuildings])
def test_a_department_that_builds_nothing_gets_the_full_marks_of_new_buildings(path: str) -> None:
    node = it.score(scheme_of(LOCAL), unit(LOCAL, BEST))[path]
    assert node.outcome is it.Outcome.NOT_APPLICABLE
    assert node.treatment is it.Treatment.FULL_POINTS
    assert node.score == 5
    assert node.reason.en == "not applicable; gets full points, as the scheme says"


# A made-up unit for each scheme, with every score worked by hand.
WORKED: dict[str, tuple[dict[str, str], str, str]] = {
    "local-department": (
        {
            "staff_control_rate": "4.00",  # 2.5 % over: 2 full steps
            "three_public_change_rate": "4.00",  # 2 % more: 2 steps
            "budget_completion_rate": "3.00",  # 937.5 of 1000: 1 full step
            "budget_control_rate": "4.00",  # 70 on 900
            "new_building_area_rate": "5.00",
            "new_building_investment_rate": "5.00",
            "public_funds_control_rate": "8.00",
            "three_public_control_rate": "5.00",  # 2.45 % over: 2 full steps
            "procurement_execution_rate": "4.40",  # 8.125 % below: 8 full steps
            "management_rules": "5.00",
            "fund_use_compliance": "5.00",
            "openness": "5.00",
            "key_work_completion_rate": "7.33",  # 11 of 12
            "economic_and_social_benefit": "8.50",
            "administrative_efficiency": "4.50",
            "satisfaction": "4.00",  # 88.4 %
        },
        "81.73",
        "good",
    ),
    "mof-department": (
        {
            "target_reasonableness": "2.00",  # 2 of 3
            "indicator_clarity": "2.00",
            "staff_control_rate": "3.00",  # 2.5 % over: 2 full steps
            "three_public_change_rate": "3.00",  # 3 % less
            "key_expenditure_rate": "2.25",  # 45 % of 60 %
            "budget_completion_rate": "3.00",  # 6 % below: 1 full step
            "budget_adjustment_rate": "4.00",  # 300 of 3000: just 10 %
            "payment_progress_rate": "2.70",  # 81 of 90
            "carry_over_rate": "2.00",  # 203 of 2900: 7 %
            "carry_over_change_rate": "0.00",  # 35.3 % more: 3 full steps
            "public_funds_control_rate": "3.00",
            "three_public_control_rate": "2.00",  # 1.44 % over: 1 full step
            "procurement_execution_rate": "1.00",  # 6.67 % below: 2 full steps of 3 %
            "management_rules": "3.00",
            "fund_use_compliance": "2.00",  # 1 of 5 not met
            "openness": "1.00",
            "base_data": "1.50",
            "asset_rules": "1.00",
            "asset_safety": "2.00",
            "fixed_asset_use_rate": "1.90",  # 95 %
            "actual_completion_rate": "7.80",  # 97.5 %
            "on_time_completion_rate": "4.50",  # 90 %
            "quality_pass_rate": "5.70",  # 95 %
            "key_work_completion_rate": "6.00",
            "economic_benefit": "4.00",
            "social_benefit": "4.50",
            "ecological_benefit": "3.00",
            "satisfaction": "4.00",  # 86 %
        },
        "81.85",  # of the two carry-over rates the better one counts
        "good",
    ),
    "mof-project": (
        {
            "basis": "3.20",  # 4 of 5
            "procedure": "3.00",
            "target_reasonableness": "4.00",
            "indicator_clarity": "2.00",
            "budgeting": "3.00",
            "allocation": "2.00",
            "funds_in_place_rate": "3.80",  # 95 %
            "funds_execution_rate": "4.75",  # 722 of 760 received: 95 %
            "fund_use": "2.00",
            "rules": "3.00",
            "rules_execution": "3.00",
            "actual_completion_rate": "9.80",  # 96 % and all
            "quality_pass_rate": "7.80",  # 95 % of what was built, and all
            "timeliness": "5.50",  # 10 days late, and early
            "cost_saving_rate": "5.50",  # 2 % over, and under
            "implementation_benefit": "17.00",
            "satisfaction": "9.33",  # 84 % of 90 %
        },
        "88.68",
        "good",
    ),
    "mof-project-self-assessment": (
        {
            "funds_execution_rate": "9.60",
            "quantity": "13.88",  # 140 % of a target set low: 13.5; 95 %: 14.25; their mean 13.875
            "quality": "14.25",  # all, and 90 %
            "timeliness": "9.50",  # in time, and 5 days late
            "cost": "9.25",  # as planned, and 3 % over
            "economic_benefit": "6.80",
            "social_benefit": "7.20",
            "ecological_benefit": "5.60",
            "sustainable_influence": "4.90",
            "satisfaction": "9.72",  # 87.5 % of 90 %
        },
        "90.70",
        "excellent",
    ),
}


@every
def test_a_file_of_a_unit_is_scored_as_worked_by_hand(name: str) -> None:
    leaves, total, grade = WORKED[name]
    card = it.score_file(DATA / f"{name}.toml")
    assert card.grade is not None
    assert {leaf.id: str(leaf.score) for leaf in card.leaves()} == leaves
    assert (str(card.total), card.grade.id) == (total, grade)


# The framework of departments.

DEPARTMENT_SCHEME = "mof-department"
CARRY = "process.budget_execution.carry_over"


@pytest.mark.parametrize(("serious", "grade"), [(0, "excellent"), (1, "fair"), (2, "fair")])
def test_a_serious_violation_caps_the_grade_and_not_the_total(serious: int, grade: str) -> None:
    violations = indicatree_mof.Violations(serious=serious)
    card = it.score(scheme_of(DEPARTMENT_SCHEME), unit(DEPARTMENT_SCHEME, BEST | {"violations": violations}))
    assert card.grade is not None
    assert card.arithmetic_grade is not None
    assert card.total == 100
    assert (card.grade.id, card.arithmetic_grade.id) == (grade, "excellent")
    (veto,) = card.vetoes
    assert veto.applies == (serious > 0)


@pytest.mark.parametrize(
    ("this_year", "last_year", "rate", "change", "better"),
    [
        # of 900 budgeted: 5 % is 45, 10 % is 90, 20 % is 180
        ("45", "45", 3, 3, 3),
        ("45.01", "45", 2, 3, 3),
        ("90", "45", 2, 0, 2),
        ("90.01", "45", 1, 0, 1),
        ("180", "45", 1, 0, 1),
        ("180.01", "45", 0, 0, 0),
        ("200", "200", 0, 3, 3),
        ("219.99", "200", 0, 3, 3),
        ("220", "200", 0, 2, 2),
        ("239.99", "200", 0, 2, 2),
        ("240", "200", 0, 1, 1),
        ("260", "200", 0, 0, 0),
        ("90", "0", 2, None, 2),
    ],
)
def test_of_the_two_carry_over_rates_the_better_one_counts(
    this_year: str, last_year: str, rate: int, change: int | None, better: int
) -> None:
    carry_over = indicatree_mof.CarryOver(this_year=this_year, last_year=last_year)
    card = it.score(scheme_of(DEPARTMENT_SCHEME), unit(DEPARTMENT_SCHEME, BEST | {"carry_over": carry_over}))
    assert card[f"{CARRY}.carry_over_rate"].score == rate
    assert card[f"{CARRY}.carry_over_change_rate"].score == change
    assert card[CARRY].score == better
    assert card.total == 97 + better


EXECUTION = "process.budget_execution"
EDGES: list[tuple[str, str, dict[str, Any], str]] = [
    ("input.budget_allocation.staff_control_rate", "staffing", {"posts": 1000, "in_post": 1009}, "4"),
    ("input.budget_allocation.staff_control_rate", "staffing", {"posts": 1000, "in_post": 1010}, "3.5"),
    ("input.budget_allocation.staff_control_rate", "staffing", {"posts": 1000, "in_post": 1080}, "0"),
    ("input.budget_allocation.three_public_change_rate", "three_public", {"budget": "20.19"}, "3"),
    ("input.budget_allocation.three_public_change_rate", "three_public", {"budget": "20.20"}, "2.5"),
    ("input.budget_allocation.three_public_change_rate", "three_public", {"budget": "21.20"}, "0"),
    ("input.budget_allocation.key_expenditure_rate", "project_expenditure", {"key": 150}, "1.5"),
    ("input.budget_allocation.key_expenditure_rate", "project_expenditure", {"key": 500}, "3"),
    (f"{EXECUTION}.implementation.budget_completion_rate", "department_budget", {"completed": "990"}, "5"),
    (f"{EXECUTION}.implementation.budget_completion_rate", "department_budget", {"completed": "855.01"}, "5"),
    (f"{EXECUTION}.implementation.budget_completion_rate", "department_budget", {"completed": "855"}, "3"),
    (f"{EXECUTION}.implementation.budget_completion_rate", "department_budget", {"completed": "765"}, "0"),
    (f"{EXECUTION}.implementation.budget_adjustment_rate", "department_budget", {"cuts": "0.01"}, "4"),
    (f"{EXECUTION}.implementation.budget_adjustment_rate", "department_budget", {"cuts": "90"}, "4"),
    (f"{EXECUTION}.implementation.budget_adjustment_rate", "department_budget", {"restructurings": "90.01"}, "3"),
    (f"{EXECUTION}.implementation.budget_adjustment_rate", "department_budget", {"restructurings": "180"}, "3"),
    (f"{EXECUTION}.implementation.budget_adjustment_rate", "department_budget", {"cuts": "180.01"}, "2"),
    (f"{EXECUTION}.implementation.budget_adjustment_rate", "department_budget", {"additions": "270"}, "2"),
    (f"{EXECUTION}.implementation.budget_adjustment_rate", "department_budget", {"additions": "270.01"}, "0"),
    (f"{EXECUTION}.implementation.payment_progress_rate", "department_budget", {"actual_progress": "50%"}, "2"),
    (f"{EXECUTION}.implementation.payment_progress_rate", "department_budget", {"actual_progress": "90%"}, "3"),
    (f"{EXECUTION}.control.public_funds_control_rate", "public_funds", {"actual": "121.19"}, "3"),
    (f"{EXECUTION}.control.public_funds_control_rate", "public_funds", {"actual": "121.20"}, "2"),
    (f"{EXECUTION}.control.three_public_control_rate", "three_public", {"actual": "20.19"}, "3"),
    (f"{EXECUTION}.control.three_public_control_rate", "three_public", {"actual": "20.60"}, "0"),
    (f"{EXECUTION}.control.procurement_execution_rate", "procurement", {"actual": "77.61"}, "3"),
    (f"{EXECUTION}.control.procurement_execution_rate", "procurement", {"actual": "77.60"}, "2"),
    (f"{EXECUTION}.control.procurement_execution_rate", "procurement", {"actual": "82.40"}, "2"),
    (f"{EXECUTION}.control.procurement_execution_rate", "procurement", {"actual": "87.20"}, "0"),
    ("process.asset_management.fixed_asset_use_rate", "fixed_assets", {"in_use": 525}, "1.5"),
    (
        "output.duty_performance.actual_completion_rate",
        "work",
        {"completed": 15, "on_time": 15, "up_to_standard": 15},
        "4",
    ),
    ("output.duty_performance.on_time_completion_rate", "work", {"on_time": 15}, "2.5"),
    ("output.duty_performance.quality_pass_rate", "work", {"up_to_standard": 15}, "3"),
    ("output.duty_performance.key_work_completion_rate", "work", {"key_completed": 5}, "5"),
    ("effect.duty_benefit.satisfaction", "survey", {"satisfied": 179}, "4"),
    ("effect.duty_benefit.satisfaction", "survey", {"satisfied": 160}, "4"),
    ("effect.duty_benefit.satisfaction", "survey", {"satisfied": 159}, "2"),
    ("effect.duty_benefit.satisfaction", "survey", {"satisfied": 120}, "2"),
    ("effect.duty_benefit.satisfaction", "survey", {"satisfied": 119}, "0"),
]


@pytest.mark.parametrize(("path", "record", "change", "points"), EDGES)
def test_a_department_scores_on_each_side_of_an_edge(
    path: str, record: str, change: dict[str, Any], points: str
) -> None:
    changed = attrs.evolve(BEST[record], **change)
    assert scored(DEPARTMENT_SCHEME, path, **{record: changed}) == Fraction(points)


@pytest.mark.parametrize(
    ("name", "path", "cost", "most"),
    [
        (DEPARTMENT_SCHEME, "input.target_setting.target_reasonableness", "1", 3),
        (DEPARTMENT_SCHEME, "input.target_setting.indicator_clarity", "0.5", 4),
        (DEPARTMENT_SCHEME, "process.budget_management.management_rules", "1", 3),
        (DEPARTMENT_SCHEME, "process.budget_management.fund_use_compliance", "1", 3),
        (DEPARTMENT_SCHEME, "process.budget_management.openness", "1", 2),
        (DEPARTMENT_SCHEME, "process.budget_management.base_data", "0.5", 3),
        (DEPARTMENT_SCHEME, "process.asset_management.asset_rules", "0.5", 3),
        (DEPARTMENT_SCHEME, "process.asset_management.asset_safety", "1", 2),
        ("mof-project", "input.approval.basis", "0.8", 5),
        ("mof-project", "input.approval.procedure", "1", 3),
        ("mof-project", "input.targets.target_reasonableness", "1", 4),
        ("mof-project", "input.targets.indicator_clarity", "1", 3),
        ("mof-project", "input.funds_input.budgeting", "1", 4),
        ("mof-project", "input.funds_input.allocation", "1", 2),
        ("mof-project", "process.funds_management.fund_use", "2", 2),
        ("mof-project", "process.organisation.rules", "1.5", 2),
        ("mof-project", "process.organisation.rules_execution", "1", 4),
    ],
)
def test_each_item_that_is_not_met_costs_its_points_until_none_are_left(
    name: str, path: str, cost: str, most: int
) -> None:
    leaf = leaf_of(name, path)
    assert isinstance(leaf.indicator, it.Checklist)
    names = list(leaf.indicator.items)
    assert whole(leaf.points) == most * Fraction(cost)
    for unmet in range(len(names) + 1):
        met = {item: position >= unmet for position, item in enumerate(names)}
        judgement = it.Judgement(items=met, reason=SAID, evidence=SAID)
        assert scored(name, path, {path: judgement}) == whole(leaf.points) - min(unmet, most) * Fraction(cost)


# Projects: several outputs, and more than was planned.

QUANTITY = "output.output.quantity"
SELF = "mof-project-self-assessment"


def outputs(*rows: dict[str, Any]) -> it.Items[Any]:
    return it.Items(indicatree_mof.ProjectOutput, [indicatree_mof.ProjectOutput(**OUTPUT | row) for row in rows])


@pytest.mark.parametrize(
    ("actual", "plain", "reduced"),
    [
        # of 10 000 planned: beyond 130 %, each 1 % costs 1 % of 15 points
        (0, "0", "0"),
        (9_999, "15", "15"),  # 14.9985
        (9_990, "14.99", "14.99"),  # 14.985
        (10_000, "15", "15"),
        (13_000, "15", "15"),
        (13_010, "15", "14.99"),
        (13_100, "15", "14.85"),
        (18_000, "15", "7.5"),
        (22_900, "15", "0.15"),
        (23_000, "15", "0"),
        (30_000, "15", "0"),
    ],
)
def test_a_quantity_far_beyond_a_target_set_low_loses_points(actual: int, plain: str, reduced: str) -> None:
    made = outputs({"planned": 10_000, "actual": actual, "up_to_standard": actual})
    said = it.Judgement(items={"target_set_low": True}, reason=SAID, evidence=SAID)
    assert scored(SELF, QUANTITY, outputs=made) == Fraction(plain)
    assert scored(SELF, QUANTITY, {QUANTITY: said}, outputs=made) == Fraction(reduced)
    assert "130%" in leaf_of(SELF, QUANTITY).assumption.zh


@pytest.mark.parametrize("name", ["mof-project", SELF])
def test_the_outputs_of_a_project_weigh_the_same(name: str) -> None:
    made = outputs({}, {"actual": 4, "up_to_standard": 3, "planned_cost": 100, "actual_cost": 103})
    for path, leaf in scheme_of(name).leaves():
        if not leaf.for_each:
            continue
        full = whole(leaf.points)
        of_second = {
            "mof.project_actual_completion_rate": full / 2,
            "mof.project_quality_pass_rate": full * 3 / 4,
            "mof.project_timeliness": full,
            "mof.project_cost_saving_rate": full - 3 * HALF,
        }[leaf.indicator.id]
        assert scored(name, path, outputs=made) == rounded((full + rounded(of_second)) / 2)


@pytest.mark.parametrize(
    ("name", "path", "record", "change", "points"),
    [
        ("mof-project", "process.funds_management.funds_in_place_rate", "project_funds", {"received": 450}, "3"),
        ("mof-project", "process.funds_management.funds_in_place_rate", "project_funds", {"received": 700}, "4"),
        ("mof-project", "process.funds_management.funds_execution_rate", "project_funds", {"spent": 480}, "4"),
        (SELF, "process.budget_execution.funds_execution_rate", "project_funds", {"spent": 480}, "8"),
        (SELF, "process.budget_execution.funds_execution_rate", "project_funds", {"spent": 601}, "10"),
        ("mof-project", "effect.benefit.satisfaction", "survey", {"satisfied": 90}, "5"),
        (SELF, "effect.satisfaction.satisfaction", "survey", {"satisfied": 179}, "9.94"),
        (SELF, "effect.satisfaction.satisfaction", "survey", {"satisfied": 200}, "10"),
    ],
)
def test_a_project_scores_in_proportion(name: str, path: str, record: str, change: dict[str, Any], points: str) -> None:
    assert scored(name, path, **{record: attrs.evolve(BEST[record], **change)}) == Fraction(points)


@pytest.mark.parametrize("name", ["mof-project", SELF])
@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"finished": EARLY - dt.timedelta(days=9)}, {}),
        ({"finished": EARLY + dt.timedelta(days=1)}, {"mof-project": "0.1", SELF: "0.2"}),
        ({"finished": EARLY + dt.timedelta(days=2)}, {"mof-project": "0.2", SELF: "0.4"}),
        ({"finished": EARLY + dt.timedelta(days=60)}, {"mof-project": "6", SELF: "10"}),
        ({"actual_cost": "400.01"}, {}),
        ({"actual_cost": "403.99"}, {}),
        ({"actual_cost": 404}, {"mof-project": "0.5", SELF: "0.5"}),
        ({"actual_cost": 100}, {}),
        ({"actual_cost": 900}, {"mof-project": "6", SELF: "10"}),
        ({"actual": 0, "up_to_standard": 0}, {"mof-project": "18", SELF: "30"}),
    ],
)
def test_an_output_that_is_late_dear_or_short_loses_points(
    name: str, change: dict[str, Any], lost: dict[str, str]
) -> None:
    card = it.score(scheme_of(name), unit(name, BEST | {"outputs": outputs(change)}))
    assert card.total is not None
    assert Fraction(100) - Fraction(card.total) == Fraction(lost.get(name, "0"))


# Any data.


def values(field: str, kind: Any) -> st.SearchStrategy[Any]:
    """Values that a field takes; above zero where it is divided by."""
    if isinstance(kind, fields.Date):
        return st.dates(EARLY, LATE)
    if isinstance(kind, fields.Words):
        return st.just("")
    places = 10**kind.places
    most = int((kind.most * places).fraction)
    least = 1 if field in DIVIDED_BY else 0
    return st.one_of(st.integers(least, 12), st.integers(least, 10**6)).map(
        lambda number: Fraction(min(number, most), places)
    )


def made(shape: Any) -> st.SearchStrategy[Any]:
    record = shape.record_class
    kinds = it.record_type(record).fields

    def fitting(figures: dict[str, Any]) -> Any:
        """The record of these figures, each part at most its whole: satisfied answers, assets in use, and so on."""
        wholes = {name: getattr(kind, "part_of", "") for name, kind in kinds.items()}
        kept = {part: min(figures[part], figures[whole]) for part, whole in wholes.items() if whole}
        return record(**{**figures, **kept})

    one = st.fixed_dictionaries({name: values(name, kind) for name, kind in kinds.items()}).map(fitting)
    if not shape.many:
        return one
    return st.lists(one, min_size=1, max_size=3).map(lambda items: it.Items(record, items))


@cache
def units(name: str) -> st.SearchStrategy[it.UnitData]:
    scheme = scheme_of(name)
    judgement: dict[str, st.SearchStrategy[it.Judgement]] = {}
    for path, shape in scheme.data_shape.judgements.items():
        if shape.items is None:
            shares = st.integers(0, 1000).map(lambda share: Fraction(share, 1000))
            judgement[path] = st.builds(it.Judgement, share=shares, reason=st.just(SAID), evidence=st.just(SAID))
        else:
            items = st.fixed_dictionaries(dict.fromkeys(shape.items, st.booleans()))
            judgement[path] = st.builds(it.Judgement, items=items, reason=st.just(SAID), evidence=st.just(SAID))
    records = {record: made(shape) for record, shape in scheme.data_shape.records.items()}
    return st.builds(it.UnitData, records=st.fixed_dictionaries(records), judgement=st.fixed_dictionaries(judgement))


def lost_below(node: it.NodeScore) -> Iterator[Fraction]:
    """What is lost at each leaf that counts, and beside the leaves."""
    for below in node.walk():
        yield from (whole(adjustment.lost) for adjustment in below.adjustments)
        if below.info.level == "indicator" and below.counts:
            yield Fraction(below.lost or 0)


@every
@short
@given(data=st.data())
def test_a_total_is_what_the_leaves_leave_and_nothing_is_lost_without_a_reason(name: str, data: st.DataObject) -> None:
    card = it.score(scheme_of(name), data.draw(units(name)))
    assert card.total is not None
    assert 0 <= card.total <= 100
    assert Fraction(card.total) == 100 - sum(lost_below(card.root))
    if name != DEPARTMENT_SCHEME:  # the only one that does more than add
        assert card.total == sum(leaf.score for leaf in card.leaves() if leaf.score is not None)
    for node in card.root.walk():
        assert node.score is not None or node.path == f"{CARRY}.carry_over_change_rate"
        if node.lost:
            assert chinese(node.reason.zh), node.path
            assert node.reason.en, node.path


def test_the_readme_lists_every_scheme_as_it_is() -> None:
    text = README.read_text(encoding="utf-8")
    for name, source in SCHEMES.items():
        (row,) = re.findall(rf"^\| `{name}` \|(.*)\|$", text, re.MULTILINE)
        title = scheme_of(name).title
        assert [cell.strip() for cell in row.split("|")][:3] == [title.en, title.zh, source]
