"""The published report in ``examples``: digit for digit, against figures typed from the report itself.

The oracle is plain `fractions.Fraction` over the report's own figures; nothing of it is read from
the example.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import indicatree as it

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[1] / "examples"
DATA = EXAMPLES / "leiyang-2022.toml"
SCHEME = EXAMPLES / "leiyang-2022-scheme.toml"

# What the report prints, section by section, in 10,000 yuan.
PRINTED = {
    "一（一）": "92 92",
    "二（一）": "43489.61 0 43489.61 0",
    "二（二）": "43489.61 897.73 42591.88 43440.64 23.51 25.46 837.3 60.42 42591.88",
    "三（一）": "43489.61 42704.31 5437.96%",
    "三（二）": "43489.61 42704.31 5437.96% 42668.48 42591.88",
    "三（二）1": "897.73 837.3 60.42 0 979.41",
    "三（二）2（1）": "42591.88 42591.88",
    "三（二）2（1）项目1": "16000 19692 123.08%",
    "三（二）2（1）项目2": "24932.6 18760 75.24%",
    "三（二）2（1）项目3": "300 300 100%",
    "三（二）2（1）项目4": "6800 3759.88 55.29%",
    "三（二）2（1）项目5": "200 80 40%",
    "四": "5000 0",
    "六（一）": "110463 29574 106 144 80639 108848 75733 2658 30457 1615 8525",
    "六（二）": "61391 41601 40 19000 750 66140 41111 73 22462 45 2448 107.73% "
    "61738 61438 0 300 66335 62791 2526 1017 107.44% 195 1395 1199",
    "六（三）": "34208 5817 43 28134 4 210 30385 7605 93 21621 1062 3 88.82% "
    "29550 3412 26130 8 28285 2833 25155 14 283 95.72% 2100 56797 58898",
    "七（二）1（2）": "98 6 6 31 14 9 6 2 60 32 28",
    "七（二）2": "1 1 1 80.01% 113.73% 80.5%",
}

INITIAL = [Fraction(text) for text in ("16000", "24932.6", "300", "6800", "200", "5000")]
SPENT = [Fraction(text) for text in ("19692", "18760", "300", "3759.88", "80", "0")]
PROJECTS = [
    "机关养老财政补贴",
    "城乡居民基本养老保险财政补贴",
    "城乡居民基本养老保险政府代缴",
    "职业年金财政补贴",
    "机转企待遇补差",
    "被征地农民社保财政补贴",
]
CHANGES = [Fraction(text) for text in ("3692", "6172.6", "0", "3040.12", "120", "5000")]
APPROVED = sum(INITIAL, Fraction(0))
BASIC, PROJECT = Fraction("897.73"), Fraction("42591.88")
# The one figure that the report does not print; its stated rate of 113.73 % bounds it.
BASIC_BUDGET = Fraction("789.35")

RATES = {
    "input.background.staff_control_rate": (Fraction(92, 92), "100.00%"),
    "input.background.budget_growth_rate": (
        Fraction("42704.31") / (Fraction("43489.61") - Fraction("42704.31")),
        "5437.96%",
    ),
    "process.budget_execution.overall_execution_rate": ((BASIC + PROJECT) / (BASIC_BUDGET + APPROVED), "80.50%"),
    "process.budget_execution.basic_execution_rate": (BASIC / BASIC_BUDGET, "113.73%"),
    "process.budget_execution.project_execution_rate": (PROJECT / APPROVED, "80.01%"),
    "process.budget_execution.project_net_adjustment_rate": (abs(PROJECT - APPROVED) / APPROVED, "19.99%"),
    "process.budget_execution.budget_adjustment_rate": (
        sum(CHANGES) / APPROVED,
        "33.86%",
    ),
    "process.fund_budgets.civil_servant_income": (Fraction(66140, 61391), "107.74%"),
    "process.fund_budgets.civil_servant_spending": (Fraction(66335, 61738), "107.45%"),
    "process.fund_budgets.resident_income": (Fraction(30385, 34208), "88.82%"),
    "process.fund_budgets.resident_spending": (Fraction(28285, 29550), "95.72%"),
}

GROUPS = {
    "input.target_setting": (6, 6),
    "process.budget_execution": (14, 17),
    "process.budget_management": (9, 9),
    "process.asset_management": (6, 6),
    "process.performance_monitoring": (2, 2),
    "output.duty_performance": (32, 32),
    "effect.duty_benefit": (28, 28),
}

LOST = {
    "process.budget_execution.overall_execution_rate",
    "process.budget_execution.project_execution_rate",
    "process.budget_execution.project_net_adjustment_rate",
}


@pytest.fixture(scope="module")
def card() -> it.Scorecard:
    return it.score(SCHEME, DATA)


@pytest.fixture(scope="module")
def file() -> dict[str, Any]:
    """The data file as its author wrote it."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"), parse_float=str)


def percent(value: Fraction) -> str:
    """Half up to two decimals, by integer division."""
    hundredths = (value.numerator * 20_000 + value.denominator) // (2 * value.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def figures(file: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every figure of the data file with its path."""
    for name, record in file["data"].items():
        for place, table in enumerate(record) if isinstance(record, list) else [(None, record)]:
            for field, figure in table.items():
                if field != "name":
                    yield (name if place is None else f"{name}[{place}]") + f".{field}", figure


def test_the_total_is_97_of_100_and_the_grade_excellent(card: it.Scorecard) -> None:
    assert card.total == Decimal("97.00")
    assert card.points == Decimal("100.00")
    assert card.grade is not None
    assert card.grade.id == "excellent"
    assert card.grade.title == it.Text(zh="优", en="excellent")
    assert card.unit == "耒阳市社会保险服务中心"
    assert card.scheme == "leiyang-2022"


def test_the_tiers_have_the_stated_scores(card: it.Scorecard) -> None:
    assert [(tier.path, tier.score, tier.points) for tier in card.tiers] == [
        ("input", Decimal(6), Decimal(6)),
        ("process", Decimal(31), Decimal(34)),
        ("output", Decimal(32), Decimal(32)),
        ("effect", Decimal(28), Decimal(28)),
    ]
    assert [tier.title["zh"] for tier in card.tiers] == ["投入", "过程", "产出", "效果"]


def test_the_groups_have_the_stated_scores(card: it.Scorecard) -> None:
    groups = {node.path: (node.score, node.points) for node in card.root.walk() if node.info.level == "group"}
    assert {path: groups[path] for path in GROUPS} == {
        path: (Decimal(score), Decimal(points)) for path, (score, points) in GROUPS.items()
    }
    assert {groups[path] for path in groups.keys() - GROUPS.keys()} == {(Decimal("0.00"), Decimal("0.00"))}


def test_the_stated_total_is_off_by_one_from_its_own_parts(card: it.Scorecard, file: dict[str, Any]) -> None:
    stated = [int(text) for text in PRINTED["七（二）1（2）"].split()]
    assert stated[0] == int(file["claims"]["total"]["score"]) == 98
    assert 6 + 31 + 60 == 6 + (14 + 9 + 6 + 2) + (32 + 28) == 100 - 3 == card.total


@pytest.mark.parametrize("path", RATES)
def test_each_rate_is_exactly_what_the_figures_give(card: it.Scorecard, path: str) -> None:
    value, text = RATES[path]
    node = card[path]
    assert node.value is not None
    assert node.value.fraction == value
    assert percent(value) == text
    assert node.value_text == it.Text(zh=text, en=text)
    assert node.outcome is it.Outcome.SCORED


def test_each_project_is_completed_as_stated(card: it.Scorecard) -> None:
    lines = card["process.budget_execution.project_completion_rate"].lines
    assert [line.name.partition("（")[0] for line in lines] == PROJECTS
    values = [line.value.fraction for line in lines if line.value is not None]
    assert values == [spent / initial for spent, initial in zip(SPENT, INITIAL, strict=True)]
    texts = ["123.08%", "75.24%", "100.00%", "55.29%", "40.00%", "0.00%"]
    assert [line.value_text["zh"] for line in lines] == texts == [percent(value) for value in values]


def test_exactly_three_leaves_lose_a_point_each(card: it.Scorecard) -> None:
    losing = {leaf.path: leaf.lost for leaf in card.leaves() if leaf.lost}
    assert losing == dict.fromkeys(LOST, Decimal("1.00"))
    full = [leaf for leaf in card.leaves() if leaf.path not in LOST and leaf.points]
    assert full
    assert all(leaf.score == leaf.points for leaf in full)


def test_each_lost_point_has_its_reason_in_both_languages(card: it.Scorecard) -> None:
    for path in LOST:
        reason, text = card[path].reason, RATES[path][1]
        for language in ("zh", "en"):
            assert text in reason[language]
        assert "满分要求" in reason["zh"]
        assert "full marks need" in reason["en"]
        assert "得 4 分" in reason["zh"] or "得 3 分" in reason["zh"]
        assert reason["zh"] != reason["en"]
    for leaf in card.leaves():
        if leaf.points and leaf.path not in LOST:
            assert not leaf.reason


def test_rates_that_are_not_scored_stand_in_the_tree_without_points(card: it.Scorecard) -> None:
    shown = [path for path in RATES if not card[path].points]
    assert len(shown) == 7
    assert "process.budget_execution.budget_adjustment_rate" in shown
    assert sum(card[path].lost or 0 for path in shown) == 0


def test_a_fund_without_a_local_budget_is_left_out_with_its_reason(card: it.Scorecard) -> None:
    for name in ("enterprise_income", "enterprise_spending"):
        node = card[f"process.fund_budgets.{name}"]
        assert node.outcome is it.Outcome.NOT_APPLICABLE
        assert node.score is None
        assert "上级统筹" in node.reason["zh"]
        assert "pooled" in node.reason["en"]


def test_the_assumed_basic_budget_lies_where_the_stated_rate_bounds_it() -> None:
    half = Fraction("0.005")
    least = (BASIC - half) / Fraction("1.13735")
    most = (BASIC + half) / Fraction("1.13725")
    assert least < BASIC_BUDGET < most
    assert Fraction("789.313") == round(least, 3)
    assert Fraction("789.391") == round(most, 3)
    for budget in (least, most):
        overall = (BASIC + PROJECT) / (APPROVED + budget)
        assert percent(overall) == "80.50%"


def test_every_published_figure_stands_in_the_section_that_it_names(file: dict[str, Any]) -> None:
    derived = {
        "general_budget.last_year": Fraction("43489.61") - Fraction("42704.31"),
        "budget.project_approved": APPROVED,
    }
    checked = 0
    for path, figure in figures(file):
        assert isinstance(figure, dict), path
        if figure.get("assumed"):
            continue
        checked += 1
        value = str(figure["value"])
        if path in derived:
            assert Fraction(value) == derived.pop(path)
            assert figure["at"]["zh"].startswith("三（二）")
            assert figure["at"]["en"].startswith("3(2)")
        else:
            assert value in PRINTED[figure["at"]].split(), path
    assert derived == {}
    assert checked == 38


def test_a_derived_figure_says_how_it_was_found(file: dict[str, Any]) -> None:
    last_year = file["data"]["general_budget"]["last_year"]
    assert last_year["value"] == "785.30"
    for words in last_year["at"].values():
        assert "43489.61" in words
        assert "42704.31" in words


def test_every_figure_has_its_place_or_is_assumed_with_a_reason(file: dict[str, Any]) -> None:
    for path, figure in figures(file):
        if figure.get("assumed"):
            assert "at" not in figure, path
            assert figure["why"]["zh"].strip()
            assert figure["why"]["en"].strip()
        else:
            assert figure["at"], path
            assert "why" not in figure


def test_exactly_what_the_report_does_not_print_is_assumed(file: dict[str, Any]) -> None:
    assumed = {path for path, figure in figures(file) if figure.get("assumed")}
    adjusted = {f"projects[{place}].adjusted" for place in range(6)}
    assert assumed == {"budget.basic_approved", "budget.project_adjusted"} | adjusted
    for place, project in enumerate(file["data"]["projects"]):
        assert Fraction(str(project["adjusted"]["value"])) == Fraction(str(project["actual"]["value"])) == SPENT[place]


def test_the_printed_places_of_every_figure_survive_loading(file: dict[str, Any]) -> None:
    data = it.load(DATA, it.load_scheme(SCHEME))
    written = dict(figures(file))
    assert set(data.notes) >= set(written)
    for path, figure in written.items():
        note, text = data.notes[path], str(figure["value"])
        assert note.printed == text, path
        assert note.places == len(text.partition(".")[2])
        assert note.assumed == figure.get("assumed", False)
        assert note.at == it.Text.of(figure.get("at", ""))
        assert note.why == it.Text.of(figure.get("why", ""))


def test_every_judgement_has_a_reason_and_the_section_that_prints_the_groups_score(file: dict[str, Any]) -> None:
    assert len(file["judgement"]) == 11
    for key, judgement in file["judgement"].items():
        assert judgement["reason"]["zh"]
        assert judgement["reason"]["en"]
        # The scores of all the groups are printed in one place of the report.
        assert judgement["evidence"].startswith("七（二）1（2）"), key
        if "items" in judgement:
            assert judgement["assumed"] is True
            assert judgement["why"]["zh"]
            assert judgement["why"]["en"]


def test_every_scored_leaf_is_marked_as_an_assumption_in_the_scheme_and_the_output(card: it.Scorecard) -> None:
    scheme = it.load_scheme(SCHEME)
    scored = {path: leaf for path, leaf in scheme.leaves() if leaf.points > 0}
    assert len(scored) == 15
    zh, en = card.table("zh"), card.table("en")
    for path, leaf in scored.items():
        assert leaf.assumption.zh, path
        assert leaf.assumption.en, path
        assert leaf.assumption in card[path].assumptions
        assert leaf.assumption.zh in zh
        assert leaf.assumption.en in en
        assert leaf.assumption.zh in card.explain(path, language="zh")
        assert leaf.assumption.en in card.explain(path, language="en")


def test_every_assumed_figure_is_marked_wherever_a_leaf_uses_it(card: it.Scorecard, file: dict[str, Any]) -> None:
    uses = {
        "budget.basic_approved": ["overall_execution_rate", "basic_execution_rate"],
        "budget.project_adjusted": ["project_net_adjustment_rate"],
        **{f"projects[{place}].adjusted": ["budget_adjustment_rate"] for place in range(6)},
    }
    for path, figure in figures(file):
        if not figure.get("assumed"):
            continue
        for name in uses.pop(path):
            node = card[f"process.budget_execution.{name}"]
            for language in ("zh", "en"):
                words = [text[language] for text in node.assumptions]
                assert any(figure["why"][language] in text and str(figure["value"]) in text for text in words)
                assert figure["why"][language] in card.table(language)
            assert "（假设）" in card.explain(node.path, language="zh")
            assert "(assumed)" in card.explain(node.path, language="en")
    assert uses == {}


def test_what_rests_on_published_figures_alone_is_not_marked(card: it.Scorecard) -> None:
    for path in ("input.background.staff_control_rate", "process.fund_budgets.resident_income"):
        assert card[path].assumptions == ()
    assert "（假设）" not in card.explain("process.budget_execution.project_execution_rate", language="zh")


def test_assumed_answers_are_marked_on_every_checklist(card: it.Scorecard) -> None:
    checklists = [leaf for leaf in card.leaves() if leaf.answers is not None]
    assert len(checklists) == 8
    for leaf in checklists:
        assert any("逐项结论未公布" in words["zh"] for words in leaf.assumptions)
        assert leaf.answers is not None
        assert all(leaf.answers.values())


def test_the_table_prints_every_rate_in_its_row(card: it.Scorecard) -> None:
    for language in ("zh", "en"):
        rows = card.table(language).splitlines()
        for path, (_, text) in RATES.items():
            title = card[path].title[language]
            (row,) = [row for row in rows if row.partition("[")[0].strip("├└│─· ").startswith(title)]
            assert text in row


def test_the_claims_stand_in_the_report(file: dict[str, Any]) -> None:
    claims = file["claims"]
    assert {path for path, claim in claims.items() if "value" in claim} == set(STATED_RATES)
    assert {path for path, claim in claims.items() if "lost" in claim} == LOST
    assert {path: str(claim["score"]) for path, claim in claims.items() if "score" in claim} == STATED_SCORES
    for path, claim in claims.items():
        for key in ("value", "score", "lost"):
            if key in claim:
                assert str(claim[key]) in PRINTED[claim["at"]].split(), path
    assert {path: claim["value"] for path, claim in claims.items() if "value" in claim} == {
        path: text for path, (text, _, _) in STATED_RATES.items()
    }


def test_the_figures_for_the_audit_stand_in_the_report(file: dict[str, Any]) -> None:
    checked = 0
    for name, table in file["figures"].items():
        for field, figure in table.items():
            checked += 1
            # the report calls the balance of -195 a deficit of 195
            assert str(figure["value"]).removeprefix("-") in PRINTED[figure["at"]].split(), (name, field)
            assert figure["title"]["zh"]
            assert figure["title"]["en"]
    assert checked == 54


# The audit: every sum and every rate of the report, with the verdict that its figures allow.

HOLDS, WITHIN, BROKEN, OPEN = it.Verdict.HOLDS, it.Verdict.WITHIN_ROUNDING, it.Verdict.BROKEN, it.Verdict.NOT_CHECKED

SUMS = {
    "spending by economic class": ("43489.61", "837.3 60.42 42591.88", WITHIN),
    "closing balance of the fund (civil_servant_pension)": ("1199", "1395 66140 -66335", WITHIN),
    "closing balance of the fund (resident_pension)": ("58898", "56797 30385 -28285", WITHIN),
    "spending by nature": ("43489.61", "897.73 42591.88", HOLDS),
    "spending by function": ("43489.61", "43440.64 23.51 25.46", HOLDS),
    "last year is this year less the increase": ("785.30", "43489.61 -42704.31", HOLDS),
    "basic spending by economic subject": ("897.73", "837.3 60.42 0", WITHIN),
    "the printed total of basic spending": ("979.41", "837.3 60.42 0", BROKEN),
    "the printed total is basic spending": ("979.41", "897.73", BROKEN),
    "total spending is basic spending and special funds": ("43489.61", "979.41 42591.88", BROKEN),
    "initial budgets of the special funds": ("42591.88", "16000 24932.6 300 6800 200", BROKEN),
    "spending of the special funds": ("42591.88", "19692 18760 300 3759.88 80", HOLDS),
    "initial budgets of all projects": ("53232.6", "16000 24932.6 300 6800 200 5000", HOLDS),
    "spending of all projects": ("42591.88", "19692 18760 300 3759.88 80 0", HOLDS),
    "enterprise pension income": ("110463", "29574 106 144 80639", HOLDS),
    "enterprise pension spending": ("108848", "75733 2658 30457", HOLDS),
    "enterprise pension surplus": ("1615", "110463 -108848", HOLDS),
    "civil-servant pension income, budget": ("61391", "41601 40 19000 750", HOLDS),
    "civil-servant pension spending, budget": ("61738", "61438 0 300", HOLDS),
    "civil-servant pension income": ("66140", "41111 73 22462 45 2448", WITHIN),
    "civil-servant pension spending": ("66335", "62791 2526 1017", WITHIN),
    "civil-servant pension balance": ("-195", "66140 -66335", HOLDS),
    "resident pension income, budget": ("34208", "5817 43 28134 4 210", HOLDS),
    "resident pension spending, budget": ("29550", "3412 26130 8", HOLDS),
    "resident pension income": ("30385", "7605 93 21621 1062 3", WITHIN),
    "resident pension spending": ("28285", "2833 25155 14 283", HOLDS),
    "resident pension balance": ("2100", "30385 -28285", HOLDS),
}
STATED_RATES: dict[str, tuple[str, Fraction | None, it.Verdict]] = {
    "process.budget_execution.overall_execution_rate": ("80.5%", None, HOLDS),
    "process.budget_execution.basic_execution_rate": ("113.73%", None, OPEN),
    "process.budget_execution.project_execution_rate": ("80.01%", PROJECT / APPROVED, HOLDS),
    **{
        f"process.budget_execution.project_completion_rate[{place}]": (text, SPENT[place] / INITIAL[place], HOLDS)
        for place, text in enumerate(["123.08%", "75.24%", "100%", "55.29%", "40%"])
    },
    "input.background.budget_growth_rate": ("5437.96%", Fraction("42704.31") / Fraction("785.30"), HOLDS),
    "process.fund_budgets.civil_servant_income": ("107.73%", Fraction(66140, 61391), WITHIN),
    "process.fund_budgets.civil_servant_spending": ("107.44%", Fraction(66335, 61738), WITHIN),
    "process.fund_budgets.resident_income": ("88.82%", Fraction(30385, 34208), HOLDS),
    "process.fund_budgets.resident_spending": ("95.72%", Fraction(28285, 29550), HOLDS),
}
STATED_SCORES = {
    "input": "6",
    "process": "31",
    "output + effect": "60",
    "total": "98",
    **{path: str(score) for path, (score, _) in GROUPS.items()},
}
BROKEN_FIGURES = [
    ("basic.total", "979.41", "897.73", "三（二）1"),
    ("claims.total.score", "98", "97", "七（二）1（2）"),
    ("special_funds.approved", "42591.88", "48232.6", "三（二）2（1）"),
]


@pytest.fixture(scope="module")
def audited() -> it.Audit:
    return it.audit_file(DATA)


def check_of(audited: it.Audit, name: str) -> Any:
    (found,) = [checked for checked in audited.checks if checked.check.id == name]
    return found


def test_every_sum_of_the_report_is_checked_and_no_other(audited: it.Audit) -> None:
    found = {one.check.title["en"]: one for one in audited.checks if one.check.kind == "identity"}
    assert set(found) == {*SUMS, "closing balance of the fund (enterprise_pension)"}
    for title, (stated, parts, verdict) in SUMS.items():
        one, added = found[title], sum(map(Fraction, parts.split()))
        assert one.verdict is verdict, title
        assert one.stated == stated, title
        assert Fraction(one.computed) == added, title
        assert Fraction(one.difference) == Fraction(stated) - added, title


def test_every_rate_of_the_report_is_checked_and_no_other(audited: it.Audit) -> None:
    found = {one.check.id: one for one in audited.checks if one.check.kind == "value"}
    assert set(found) == {f"value {path}" for path in STATED_RATES}
    for path, (stated, value, verdict) in STATED_RATES.items():
        one = found[f"value {path}"]
        assert (one.stated, one.verdict) == (stated, verdict), path
        if value is not None:
            assert one.result.computed is not None
            assert one.result.computed.low == one.result.computed.high == value, path


def test_a_growth_of_the_same_rounded_figures_cannot_be_off(audited: it.Audit) -> None:
    assert check_of(audited, "value input.background.budget_growth_rate").computed == "5437.9613%"


def test_the_overall_rate_holds_for_every_budget_that_the_basic_rate_leaves(audited: it.Audit) -> None:
    one = check_of(audited, "value process.budget_execution.overall_execution_rate")
    low, high = audited.bounds["budget.basic_approved"].low, audited.bounds["budget.basic_approved"].high
    assert one.result.computed is not None
    ends = ((BASIC + PROJECT) / (APPROVED + budget / 10**4) for budget in (high, low))
    assert (one.result.computed.low, one.result.computed.high) == tuple(ends)
    assert percent(one.result.computed.low) == percent(one.result.computed.high) == "80.50%"
    # to the places that are shown both ends are alike, and so is what they differ by
    assert (one.computed, one.difference) == ("80.504%", "-0.004%")


def test_the_basic_budget_is_bounded_by_its_rate_which_is_not_counted_as_checked(audited: it.Audit) -> None:
    half = Fraction("0.005")
    bound = audited.bounds["budget.basic_approved"]
    assert bound.tight
    assert bound.low == (BASIC - half) / Fraction("1.13735") * 10**4
    assert bound.high == (BASIC + half) / Fraction("1.13725") * 10**4
    one = check_of(audited, "value process.budget_execution.basic_execution_rate")
    assert one.verdict is OPEN
    words = {"zh": "未公布的基本支出年初预算数", "en": "not printed, initial budget of basic spending"}
    for language, title in words.items():
        assert title in one.result.why[language]
        assert "789.31288" in one.result.why[language]
        assert "789.39107" in one.result.why[language]


def test_the_opening_balance_of_the_enterprise_fund_is_not_printed_and_bounded(audited: it.Audit) -> None:
    assert set(audited.bounds) == {"budget.basic_approved", "enterprise_pension.opening_balance"}
    bound = audited.bounds["enterprise_pension.opening_balance"]
    middle = Fraction(8525 - 110463 + 108848) * 10**4
    assert (bound.low, bound.high) == (middle - 15000, middle + 15000)
    assert check_of(audited, "mof.fund_closing_balance (enterprise_pension)").verdict is OPEN


def test_exactly_three_figures_are_broken_each_with_its_repair(audited: it.Audit) -> None:
    found = [(one.id, one.stated, one.repair, one.where["zh"]) for one in audited.broken_figures]
    assert found == BROKEN_FIGURES
    titles = {one.check.id: one.check.title["en"] for one in audited.checks}
    explained = [{titles[name] for name in one.checks} for one in audited.broken_figures]
    assert explained == [
        {title for title, (stated, parts, verdict) in SUMS.items() if verdict is BROKEN and "979.41" in stated + parts},
        {"Total: from its parts", "Total: from the deductions below"},
        {"initial budgets of the special funds"},
    ]
    for one in audited.broken_figures:
        assert one.suspects[0].path == one.id
        assert (one.suspects[0].satisfied, one.suspects[0].broken) == (len(one.checks), 0)


def test_a_suspect_counts_what_its_repair_satisfies_breaks_and_leaves_unchecked(audited: it.Audit) -> None:
    document = tomllib.loads(DATA.read_text(encoding="utf-8"), parse_float=Decimal)
    total = audited.broken_figures[1]
    before = {one.check.id: one.verdict for one in audited.checks}
    assert any(suspect.unchecked for suspect in total.suspects)
    costs = [suspect.cost for suspect in total.suspects]
    assert costs == sorted(costs)
    for suspect in total.suspects:
        key, _, name = suspect.path.removeprefix("claims.").rpartition(".")
        claims = {**document["claims"], key: {**document["claims"][key], name: suspect.repair}}
        after = {one.check.id: one.verdict for one in it.audit(SCHEME, document, claims).checks}
        changes = [(verdict, after[check]) for check, verdict in before.items() if after[check] is not verdict]
        satisfied = sum(old is BROKEN for old, _ in changes)
        broken = sum(new is BROKEN for _, new in changes)
        unchecked = sum(new is OPEN for old, new in changes if old is not BROKEN)
        assert (suspect.satisfied, suspect.broken, suspect.unchecked) == (satisfied, broken, unchecked), suspect.path


def test_nothing_else_is_broken(audited: it.Audit) -> None:
    explained = [name for one in audited.broken_figures for name in one.checks]
    assert sorted(explained) == sorted(one.check.id for one in audited.broken)
    assert not audited.holds
    # for these nothing but the three figures needs to be another one
    text = DATA.read_text(encoding="utf-8")
    for old, new in (("value = 979.41", "value = 897.73"), ("score = 98", "score = 97")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    text = text.replace("approved = { value = 42591.88", "approved = { value = 48232.6")
    document = tomllib.loads(text, parse_float=Decimal)
    mended = it.audit(SCHEME, document)
    assert mended.holds
    assert mended.broken_figures == ()
    assert len(mended.checks) == len(audited.checks)


def test_the_stated_scores_agree_but_for_the_total(audited: it.Audit) -> None:
    sums = {one.check.id: (one.computed, one.verdict) for one in audited.checks if one.check.id.startswith("sum ")}
    assert sums == {
        "sum input": ("6", HOLDS),
        "sum process": ("31", HOLDS),
        "sum output + effect": ("60", HOLDS),
        "sum total": ("97", BROKEN),
    }
    lost = {one.check.id: (one.computed, one.verdict) for one in audited.checks if "deductions " in one.check.id}
    assert lost == {
        "deductions process": ("31", HOLDS),
        "deductions process.budget_execution": ("14", HOLDS),
        "deductions total": ("97", BROKEN),
    }


def test_a_score_by_assumed_rules_says_nothing_of_the_report(audited: it.Audit) -> None:
    for name in ("score total", "score process", "score process.budget_execution", "score input"):
        one = check_of(audited, name)
        assert one.verdict is OPEN
        assert "假设" in one.result.why["zh"]
        assert "assumed" in one.result.why["en"]
    for name in ("performance_monitoring", "asset_management"):
        assert check_of(audited, f"score process.{name}").stated == str(GROUPS[f"process.{name}"][0])


def test_an_assumed_figure_of_the_report_is_never_used(audited: it.Audit) -> None:
    text = DATA.read_text(encoding="utf-8")
    assert text.count("basic_approved = { value = 789.35") == 1
    text = text.replace("basic_approved = { value = 789.35", "basic_approved = { value = 1.23")
    text = text.replace("adjusted = { value = 19692", "adjusted = { value = 7")
    changed = it.audit(SCHEME, tomllib.loads(text, parse_float=Decimal))
    assert changed.to_dict() == audited.to_dict()


def test_the_audit_says_the_same_in_both_languages(audited: it.Audit) -> None:
    for language in ("zh", "en"):
        table = audited.table(language)
        for figure, stated, repair, where in BROKEN_FIGURES:
            (line,) = [line for line in " ".join(table.split()).split("(") if f"{figure}) [{where}]" in line]
            assert stated in line
            assert repair in line
    assert "不成立的数据" in audited.table("zh")
    assert "Broken figures" in audited.table("en")
    assert str(audited) == audited.table("zh")


def test_a_different_file_of_the_same_figures_scores_alike(card: it.Scorecard, tmp_path: Path) -> None:
    beside = tmp_path / "copy.toml"
    beside.write_text(DATA.read_text(encoding="utf-8"), encoding="utf-8")
    assert it.score(SCHEME, beside) == card
    assert it.score_file(beside, scheme=SCHEME) == card
    assert it.score_file(DATA) == card
    assert it.score(it.load_scheme(SCHEME), it.load(DATA, it.load_scheme(SCHEME))) == card


@pytest.mark.parametrize(
    ("figure", "edge", "path", "score"),
    [
        ("project_actual", "42586.08", "process.budget_execution.project_execution_rate", 3),
        ("project_actual", "42586.07", "process.budget_execution.project_execution_rate", 2),
        ("project_adjusted", "42586.08", "process.budget_execution.project_net_adjustment_rate", 3),
        ("project_adjusted", "42586.07", "process.budget_execution.project_net_adjustment_rate", 2),
    ],
)
def test_the_assumed_bands_decide_at_their_edge_to_the_last_printed_digit(
    tmp_path: Path, figure: str, edge: str, path: str, score: int
) -> None:
    assert Fraction("42586.08") / APPROVED == Fraction(4, 5)
    text = DATA.read_text(encoding="utf-8")
    old = f"{figure} = {{ value = 42591.88"
    assert text.count(old) == 1
    changed = tmp_path / "changed.toml"
    changed.write_text(text.replace(old, f"{figure} = {{ value = {edge}"), encoding="utf-8")
    assert it.score(SCHEME, changed)[path].score == score
