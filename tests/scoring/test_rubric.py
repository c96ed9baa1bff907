"""The scoring table of a scheme: every row of the tree, with its points and what decides them, in both languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from strategies import schemes


def unwrapped(text: str) -> str:
    """A text without what wrapping it adds: blanks and line breaks."""
    return re.sub(r"\s", "", text)


@given(schemes(), st.sampled_from(["zh", "en"]))
@settings(max_examples=40, deadline=None)
def test_every_row_of_the_tree_stands_in_the_table_in_order(scheme: it.Scheme, language: str) -> None:
    lines = it.scoring_table(scheme, language).splitlines()
    rows = iter(lines)
    for _, node in scheme.walk():
        title = node.name if isinstance(node, it.Leaf) else node.title or getattr(node, "tier", scheme).title
        wanted = re.escape(title[language].strip()) + r"(?: \[\d+\])?\s+" + re.escape(scheme.points_of(node).text)
        assert any(re.search(rf"[├└]─ {wanted}(?:\s|$)", row) for row in rows), (title, lines)


@given(schemes(), st.sampled_from(["zh", "en"]))
@settings(max_examples=40, deadline=None)
def test_every_rule_veto_grade_and_assumption_is_told(scheme: it.Scheme, language: str) -> None:
    shown = unwrapped(it.scoring_table(scheme, language))
    for _, leaf in scheme.leaves():
        if leaf.rule is not None:
            assert unwrapped(leaf.rule.words(leaf.indicator, leaf.points, language)) in shown
    said = [veto.title for veto in scheme.vetoes] + [grade.title for grade in scheme.grades]
    said += [node.assumption for _, node in scheme.walk()] + [veto.assumption for veto in scheme.vetoes]
    for text in said:
        assert unwrapped(text[language]) in shown


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "zh",
            [
                "│  │  ├─ 预算控制率                           5  ≤ 0% 得 5 分；> 0% 且 ≤ 10% 得 4 分；",
                "│  │  ├─ 新建楼堂馆所面积控制率 [2]           5  不超过 100% 得满分 5 分；",
                "等级：优 ≥ 90%；良 ≥ 80%；中 ≥ 60%；差 ≥ 0%",
                "  [3] 本行为自拟，用以补全评分表，非公布内容",
            ],
        ),
        (
            "en",
            [
                "Total [1]  ",
                "Grades: excellent ≥ 90%; good ≥ 80%; fair ≥ 60%; poor ≥ 0%",
            ],
        ),
    ],
)
def test_a_published_table_reads_as_it_is_published(language: str, rows: list[str]) -> None:
    lines = it.scoring_table(it.load_scheme("local-department"), language).splitlines()
    for row in rows:
        assert any(line.startswith(row) for line in lines), row


def test_what_becomes_of_what_has_no_score_and_what_a_veto_caps_are_told() -> None:
    shown = unwrapped(it.scoring_table(it.load_scheme("local-department"), "en"))
    assert "notapplicable:fullpoints" in shown
    department = it.scoring_table(it.load_scheme("mof-department", year=2024), "zh")
    assert "一票否决：严重违反财经纪律：严重违规起数 ≥ 1 起，等级最高为“中”" in department
