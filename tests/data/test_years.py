"""Years: their text both ways, and what holds when, against plain sets of years."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree.data import VersionError, as_years, split_version, version_of
from indicatree.problems import quoted
from indicatree.text import said_by

if TYPE_CHECKING:
    from collections.abc import Callable

SPAN = range(1990, 2011)
"""The years that the oracle looks at; an open end reaches its border."""

_YEAR = st.none() | st.integers(1995, 2005)


def _made(first: int | None, last: int | None) -> it.Years:
    if first is not None and last is not None and first > last:
        first, last = last, first
    return it.Years(first, last) if first or last else it.Years(2000, None)


years = st.builds(_made, _YEAR, _YEAR)


def held(some: it.Years) -> set[int]:
    """The years from the first to the last, counted one by one."""
    first = SPAN[0] if some.first is None else some.first
    last = SPAN[-1] if some.last is None else some.last
    return set(range(first, last + 1))


@given(years)
def test_years_read_from_their_text_are_the_same(some: it.Years) -> None:
    assert it.Years.of(str(some)) == some
    assert it.Years.of(some) == some
    assert as_years(some) == some


@given(st.integers(1000, 9999))
def test_one_year_is_a_number_or_its_text(year: int) -> None:
    assert it.Years.of(year) == it.Years.of(str(year)) == it.Years(year, year)
    assert str(it.Years(year, year)) == str(year)
    assert str(it.Years(year, None)) == f"{year}-"
    assert str(it.Years(None, year)) == f"-{year}"


@given(years, st.integers(SPAN[0], SPAN[-1]))
def test_a_year_is_among_years_where_it_is_one_of_them(some: it.Years, year: int) -> None:
    assert (year in some) is (year in held(some))


@given(years, years)
@settings(max_examples=300)
def test_years_cover_and_overlap_as_their_sets_do(first: it.Years, second: it.Years) -> None:
    assert first.covers(second) is (held(first) >= held(second))
    assert first.overlaps(second) is bool(held(first) & held(second))


@given(years)
def test_the_mark_of_a_version_is_one_of_its_years(some: it.Years) -> None:
    assert some.mark in held(some)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2013-2019", 2013, 2019),
        ("2020-", 2020, None),
        ("-2012", None, 2012),
        ("2021", 2021, 2021),
        (" 2013 - 2019 ", 2013, 2019),
        ("2013-2013", 2013, 2013),
        ("9999", 9999, 9999),
    ],
)
def test_years_are_read_as_files_write_them(text: str, first: int | None, last: int | None) -> None:
    assert it.Years.of(text) == it.Years(first, last)


JUNK: list[Any] = [
    *(
        "",
        "-",
        "--",
        "2013-2019-2021",
        "20132019",
        "2013 2019",
        "213-2019",
        "2013-19",
        "２０１３",
        "2013–2019",
        "2013/2019",
    ),
    *("0000", "0042", "0000-2012", "x", "2013-x", "2013.0", 0, 999, 10000, -2013, 2013.0, True, None, [], ["2013"]),
    *(16**5000, {"first": 2013}, it.Years(42, 43), it.Years(0, 2012), it.Years(None, 12345)),
]


@pytest.mark.parametrize("junk", JUNK, ids=quoted)
def test_what_are_no_years_is_refused_with_examples(junk: Any) -> None:
    with pytest.raises(ValueError, match='expected years such as "2013-2019"') as caught:
        it.Years.of(junk)
    assert said_by(caught.value)["zh"].startswith('应为年度，如 "2013-2019"、')


@given(st.text(alphabet="0123456789- x１", max_size=12) | st.integers() | st.none() | st.booleans())
@settings(max_examples=200)
def test_whatever_is_read_has_a_text_that_reads_the_same(junk: Any) -> None:
    try:
        some = it.Years.of(junk)
    except ValueError:
        return
    assert it.Years.of(str(some)) == some
    assert split_version(f"x@{some.mark}") == ("x", some.mark)


def test_years_in_the_wrong_order_or_without_an_end_are_refused() -> None:
    for wrong in ((2020, 2013), (None, None)):
        with pytest.raises(ValueError, match="year"):
            it.Years(*wrong)
    with pytest.raises(ValueError, match="2020 comes after the last one 2013") as caught:
        it.Years.of("2020-2013")
    assert said_by(caught.value)["zh"] == "起始年度 2020 晚于终止年度 2013"


def test_no_years_are_always() -> None:
    assert as_years(None) is None


# Versions


@attrs.frozen
class Thing:
    years: it.Years | None


@st.composite
def versions(draw: st.DrawFn) -> dict[str, Thing]:
    """Versions side by side, whose years do not overlap, and things of other names."""
    edges = sorted(draw(st.lists(st.integers(1995, 2005), min_size=1, max_size=4, unique=True)))
    found = [it.Years(first, after - 1) for first, after in pairwise(edges)]
    found = [some for some in found if draw(st.booleans())] + [it.Years(edges[-1], draw(st.sampled_from([None, 2006])))]
    things = {f"a.b@{some.mark}": Thing(some) for some in draw(st.permutations(found))}
    return {**things, "a.bb": Thing(None), "a@2000": Thing(it.Years(2000, 2000))}


@given(versions(), st.integers(SPAN[0], SPAN[-1]))
@settings(max_examples=200)
def test_a_year_picks_the_one_version_that_holds_for_it(things: dict[str, Thing], year: int) -> None:
    right = [
        thing for key, thing in things.items() if key.startswith("a.b@") and thing.years and year in held(thing.years)
    ]
    asks: list[Callable[[], Any]] = [
        lambda: version_of(things, "a.b", it.Years(year, year)),
        lambda: version_of(things, f"a.b@{year}"),
    ]
    for ask in asks:
        if right:
            assert [ask()] == right
        else:
            with pytest.raises(VersionError, match=f"it holds for .*, not for {year}") as caught:
                ask()
            assert said_by(caught.value)["zh"].endswith(f"，不适用于 {year}")


@given(versions(), years)
@settings(max_examples=200)
def test_years_pick_a_version_that_holds_for_all_of_them(things: dict[str, Thing], wanted: it.Years) -> None:
    own = [thing for key, thing in things.items() if key.startswith("a.b@")]
    right = [thing for thing in own if thing.years and held(thing.years) >= held(wanted)]
    if right:
        assert version_of(things, "a.b", wanted) == right[0]
    else:
        with pytest.raises(VersionError):
            version_of(things, "a.b", wanted)


@given(versions())
def test_without_a_year_only_a_single_version_is_meant(things: dict[str, Thing]) -> None:
    own = [thing for key, thing in things.items() if key.startswith("a.b@")]
    if len(own) == 1:
        assert version_of(things, "a.b") == own[0]
        return
    with pytest.raises(VersionError, match="there are several versions: ") as caught:
        version_of(things, "a.b")
    for words in said_by(caught.value).to_dict().values():
        assert all(str(thing.years) in words for thing in own)
        assert version_of(things, words.rpartition(" ")[2]) in own
    assert said_by(caught.value)["zh"].startswith("有多个版本：")


def test_what_holds_always_is_there_for_every_year() -> None:
    thing = Thing(None)
    for name, wanted in (("x", None), ("x", it.Years(2000, None)), ("x@1999", None), ("x@0001", it.Years(2000, 2000))):
        assert version_of({"x": thing}, name, wanted) is thing


def test_a_name_that_is_not_there_comes_with_the_right_one() -> None:
    with pytest.raises(VersionError, match=r'did you mean "local\.road"'):
        version_of({"local.road": Thing(None)}, "local.raod")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a@2021", ("a", 2021)),
        ("a", ("a", None)),
        ("a@b@2021", ("a@b", 2021)),
        ("a@202", ("a@202", None)),
        ("a@２０２１", ("a@２０２１", None)),
        ("a@2021 ", ("a@2021 ", None)),
        ("", ("", None)),
        ("@2021", ("", 2021)),
    ],
)
def test_a_name_and_a_year_are_told_apart(name: str, expected: tuple[str, int | None]) -> None:
    assert split_version(name) == expected
