"""The scorecard: what it says, that it does not change, and that it goes to JSON and back."""

from __future__ import annotations

import copy
import json
import pickle
import re
from itertools import pairwise
from typing import Any

import attrs
import jsonschema
import pytest
import wcwidth
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import rules
from indicatree.scoring.document import scorecard_schema
from strategies import Budget, execution, judged_leaf, scheme_of, scored, shares, staffing

SOME = settings(max_examples=25)
LANGUAGES = ["zh", "en"]
SCHEMA = jsonschema.Draft202012Validator(scorecard_schema())


def small() -> tuple[it.Scheme, it.Scorecard]:
    scheme = scheme_of(
        it.Leaf(id="a", indicator=execution, points=5, rule=rules.Proportional()),
        judged_leaf("b", 3),
        judged_leaf("c", 2),
    )
    data = attrs.evolve(shares(scheme, b="50%"), records={"budget": Budget(planned=3, spent=2)})
    data = attrs.evolve(data, not_applicable={"process.group.c": "no such work"})
    return scheme, it.score(scheme, data)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in inner for place in [(*path, key), *places_in(part, (*path, key))]]


DOCUMENT = small()[1].to_dict()
PLACES = places_in(DOCUMENT)


# What it says


def test_a_scorecard_is_read_by_path() -> None:
    _, card = small()
    assert [tier.path for tier in card.tiers] == ["input", "process", "output", "effect"]
    node = card["process.group.a"]
    assert (node.id, str(node.score), str(node.points), str(node.lost)) == ("a", "3.33", "5.00", "1.67")
    assert node.value == it.exact("2/3")
    assert card[""] is card.root
    assert [leaf.id for leaf in card.leaves()] == ["a", "b", "c"]
    assert card.grade is not None
    assert card.grade.id == "fair"


def test_an_unknown_path_comes_with_the_nearest_one() -> None:
    _, card = small()
    with pytest.raises(it.ScoringError, match=r'did you mean "process\.group\.a"') as caught:
        card["proces.group.a"]
    assert (caught.value.problems[0].code, caught.value.problems[0].path) == ("unknown-node", "proces.group.a")


def test_a_short_text_says_unit_total_and_grade() -> None:
    _, card = small()
    assert repr(card) == "Scorecard(small: 6.04 of 10.00, fair)"
    assert repr(card["process"]) == "NodeScore(process: 6.04 of 10.00)"
    assert str(card) == card.table("zh")


def test_assumptions_are_listed_with_their_node() -> None:
    scheme = scheme_of(judged_leaf("a", assumption="points are assumed"), assumption="all of it")
    card = it.score(scheme, shares(scheme, a=1))
    assert [(path, words["en"]) for path, words in card.assumptions] == [
        ("", "all of it"),
        ("process.group.a", "points are assumed"),
    ]


@given(scored())
@SOME
def test_every_leaf_that_loses_points_says_why(pair: tuple[it.Scheme, it.UnitData]) -> None:
    for leaf in it.score(*pair).leaves():
        for language in LANGUAGES:
            assert bool(leaf.reason[language]) == bool(leaf.lost or leaf.treatment)
            assert leaf.value_text[language]


@given(scored())
@SOME
def test_the_nodes_of_a_scorecard_are_those_of_its_scheme(pair: tuple[it.Scheme, it.UnitData]) -> None:
    card = it.score(*pair)
    assert [node.path for node in card.root.walk()] == ["", *(path for path, _ in pair[0].walk())]
    assert card.scheme == pair[0].id
    assert card.digest == pair[0].digest


# It does not change


def test_a_scorecard_does_not_change() -> None:
    _, card = small()
    for name in ("root", "scheme", "digest", "grade"):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(card, name, None)
    with pytest.raises(AttributeError):
        card.total = 5  # type: ignore[misc, assignment]
    for name in ("score", "units", "value", "children", "treatment", "reason"):
        with pytest.raises(AttributeError):
            setattr(card["process.group.a"], name, None)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        card.root.info.points = it.exact(1)  # type: ignore[misc]


def test_reading_a_scorecard_does_not_change_it() -> None:
    _, card = small()
    before = card.to_json()
    card.table("en")
    card.explain(language="en")
    _ = [leaf.reason for leaf in card.leaves()]
    assert card.to_json() == before


def test_scorecards_that_say_something_else_differ() -> None:
    scheme, card = small()
    other = attrs.evolve(shares(scheme, b="50%"), records={"budget": Budget(planned=3, spent=1)})
    assert card != it.score(scheme, other)
    assert card != "scorecard"
    named = attrs.evolve(other, unit=it.Unit(name="甲"))
    assert it.score(scheme, other) != it.score(scheme, named)


# JSON


@given(scored())
@SOME
def test_a_scorecard_read_from_its_json_is_the_same(pair: tuple[it.Scheme, it.UnitData]) -> None:
    card = it.score(*pair)
    for language in LANGUAGES:
        again = it.Scorecard.from_json(card.to_json(language))
        assert again == card
        assert hash(again) == hash(card)
        assert again.to_json(language) == card.to_json(language)
        assert again.table(language) == card.table(language)
        assert (again.total, again.points, again.grade) == (card.total, card.points, card.grade)
        assert [(leaf.value, leaf.outcome, leaf.treatment, leaf.lines) for leaf in again.leaves()] == [
            (leaf.value, leaf.outcome, leaf.treatment, leaf.lines) for leaf in card.leaves()
        ]


@given(scored())
@SOME
def test_the_json_keeps_to_its_published_schema(pair: tuple[it.Scheme, it.UnitData]) -> None:
    card = it.score(*pair)
    for language in LANGUAGES:
        SCHEMA.validate(json.loads(card.to_json(language)))


@given(scored())
@SOME
def test_a_scorecard_goes_through_pickle(pair: tuple[it.Scheme, it.UnitData]) -> None:
    card = it.score(*pair)
    again = pickle.loads(pickle.dumps(card))  # noqa: S301 - it was pickled here
    assert again == card
    assert hash(again) == hash(card)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(scorecard_schema())


def test_a_tiny_value_keeps_to_the_schema() -> None:
    leaf = it.Leaf(id="a", indicator=execution, points=0)
    card = it.score(scheme_of(leaf), {"budget": Budget(planned=10**8, spent=1)})
    document = card.to_dict()
    SCHEMA.validate(document)
    assert it.Scorecard.from_dict(document)["process.group.a"].value == it.exact("0.00000001")


def test_an_exact_value_that_never_ends_is_a_fraction() -> None:
    _, card = small()
    leaf = card.to_dict("en")["tiers"][1]["groups"][0]["indicators"][0]
    assert (leaf["value"], leaf["value_text"], leaf["score"]) == ("2/3", "66.67%", "3.33")


def problems_of(document: Any) -> list[str]:
    with pytest.raises(it.DataError) as caught:
        it.Scorecard.from_dict(document)
    assert all(problem.message["en"] for problem in caught.value.problems)
    return [problem.path for problem in caught.value.problems]


def test_every_problem_of_a_document_is_said_at_once() -> None:
    document = small()[1].to_dict()
    document["places"] = "two"
    document["colour"] = "red"
    del document["unit"]
    document["tiers"][1]["groups"][0]["indicators"][0]["outcome"] = "great"
    assert set(problems_of(document)) == {
        "scorecard.places",
        "scorecard.colour",
        "scorecard.unit",
        "scorecard.tiers[1].groups[0].indicators[0].outcome",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("format", None),
        ("places", -1),
        ("places", 5000),
        ("places", True),
        ("total", "1/3"),
        ("total", "much"),
        ("total", 6.04),
        ("points", "1/0"),
        ("points", None),
        ("grade_at_least", "most"),
        ("tiers", None),
        ("tiers", []),
        ("tiers", {}),
        ("language", "fr"),
        ("made_with", {}),
    ],
)
def test_a_document_with_a_wrong_part_is_refused(key: str, value: Any) -> None:
    document = {**small()[1].to_dict(), key: value}
    assert problems_of(document)


@pytest.mark.parametrize(("key", "value"), [("tier", "output"), ("id", "inputs"), ("id", "output")])
def test_a_tier_that_is_not_where_it_says_is_refused(key: str, value: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["tiers"][0][key] = value
    assert problems_of(document)


@pytest.mark.parametrize("text", ["", "[]", "7", "null", "{", '{"a": NaN}', '{"a": 1, "a": 2}', "[" * 10000, "{}"])
def test_junk_text_is_a_data_error(text: str) -> None:
    with pytest.raises(it.DataError):
        it.Scorecard.from_json(text)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3) | st.sampled_from(["1/0", "1e999", "-0.001"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(small()[1].to_dict())), JUNK))
@SOME
def test_a_junk_document_is_a_data_error(document: dict[str, Any]) -> None:
    with pytest.raises(it.DataError):
        it.Scorecard.from_dict(document)


@given(st.sampled_from(PLACES), JUNK)
@settings(max_examples=100)
def test_a_tampered_document_is_a_data_error_or_a_scorecard(place: tuple[Any, ...], junk: Any) -> None:
    document: Any = copy.deepcopy(DOCUMENT)
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = junk
    try:
        card = it.Scorecard.from_dict(document)
    except it.DataError:
        return
    SCHEMA.validate(card.to_dict())
    assert card.table()


# The table


def slots(line: str, width: int) -> list[str]:
    """The display columns of a line: a wide sign takes two, the second of them empty."""
    found: list[str] = []
    for sign in line:
        taken = wcwidth.wcwidth(sign)
        assert taken > 0
        found += [sign, ""][:taken]
    return found + [" "] * (width - len(found))


@pytest.mark.parametrize("language", LANGUAGES)
@given(pair=scored())
@settings(max_examples=30)
def test_the_columns_of_the_table_are_aligned_also_in_chinese(
    language: str, pair: tuple[it.Scheme, it.UnitData]
) -> None:
    card = it.score(*pair)
    lines = card.table(language).splitlines()
    position = next(index for index, line in enumerate(lines) if set(line) == {"-", " "})
    rule = lines[position]
    columns = [(match.start(), match.end()) for match in re.finditer("-+", rule)]
    end = max(index for index, line in enumerate(lines) if line.startswith(("Total", "The total", "总分")))
    body = [slots(line, len(rule)) for line in (lines[position - 1], *lines[position + 1 : end])]
    points, scores, values = columns[1:4]
    nodes = [line for line in body if re.fullmatch(r" *(-?[0-9.]+|Points|分值)", "".join(line[slice(*points)]))]
    assert len(nodes) == 1 + sum(1 for _ in card.root.walk())
    for line in nodes:
        assert len(line) <= len(rule)
        for (_, end), (start, _) in pairwise(columns):
            assert line[end:start] == [" ", " "]
        assert line[points[1] - 1] != " "
        assert line[scores[1] - 1] != " "
        assert line[values[1] - 1] != " " or not "".join(line[slice(*values)]).strip()


def test_the_table_shows_every_node_its_score_and_why() -> None:
    _, card = small()
    text = card.table("en")
    for part in ("Total", "Process", "Group", "Execution rate", "6.04", "3.33", "66.67%", "left out", "no such work"):
        assert part in text
    assert "grade: fair" in text


def test_a_leaf_without_points_is_shown_without_a_score() -> None:
    card = it.score(scheme_of(it.Leaf(id="a", indicator=staffing, points=0)), {"staff": {"posts": 2, "in_post": 1}})
    row = next(line for line in card.table("en").splitlines() if "Staffing" in line)
    assert row.split()[-3:] == ["0.00", "-", "50.00%"]
