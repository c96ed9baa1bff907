"""A table gives each row what its unit scores by itself, to the last digit, on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import testing
from strategies import INDICATORS
from table.tables import ALONE, ENGINES, assert_same, one_by_one, scored_on, skip_without, tables_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

FEW = {
    "polars": 60,
    "polars lazy": 20,
    "pyarrow": 15,
    ALONE: 30,
    "duckdb": 12,
    "pandas": 8,
    "pandas on arrow": 5,
    "dask": 4,
}
STRICT = it.Policies(missing="error", undefined="error", not_applicable="error", failed="error")


def in_tables(units: Sequence[it.UnitData], lists: Sequence[str]) -> bool:
    """Whether a table can say the same: there every unit has its list, and no judgement names lines."""
    given = all(name in data.records and data.records[name].given for data in units for name in lists)
    return given and not any(judgement.lines for data in units for judgement in data.judgement.values())


@st.composite
def drawn(draw: st.DrawFn) -> tuple[it.Scheme, list[it.UnitData]]:
    scheme = draw(testing.schemes(indicators=INDICATORS))
    if draw(st.integers(0, 3)) == 0:
        scheme = attrs.evolve(scheme, policies=STRICT)
    data = testing.data_for(scheme, missing=True, inapplicable=True, scored=draw(st.booleans()))
    units = draw(st.lists(data, min_size=1, max_size=4))
    assume(in_tables(units, [name for name, shape in it.prepare(scheme).shape.records.items() if shape.many]))
    return scheme, units


def assert_agrees(
    score: Callable[[it.Scheme, pl.DataFrame, dict[str, pl.DataFrame]], pl.DataFrame],
    scheme: it.Scheme,
    units: list[it.UnitData],
) -> None:
    """What scores a table gives each unit what it scores by itself; or says that no unit can be scored."""
    cards = one_by_one(scheme, units)
    try:
        scored = score(scheme, *tables_of(scheme, units))
    except it.DataError as error:
        codes = {problem.code for problem in error.problems}
        assume(codes != {"too-wide"})  # what Arrow alone does not compute
        if codes != {"no-column"}:
            raise
        assert cards == [None] * len(units)
    else:
        assert_same(scheme, scored, cards)


@pytest.mark.parametrize("engine", [*ENGINES, ALONE])
def test_every_row_is_what_its_unit_scores_by_itself(engine: str) -> None:
    skip_without(engine)

    @given(drawn())
    @settings(max_examples=FEW[engine], suppress_health_check=list(HealthCheck))
    def same(scheme_and_units: tuple[it.Scheme, list[it.UnitData]]) -> None:
        assert_agrees(lambda scheme, *tables: scored_on(engine, scheme, *tables, columns="all"), *scheme_and_units)

    same()


@given(drawn(), st.integers(0, 2**32 - 1))
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
def test_the_order_of_rows_changes_no_score(scheme_and_units: tuple[it.Scheme, list[it.UnitData]], seed: int) -> None:
    scheme, units = scheme_and_units
    frame, items = tables_of(scheme, units)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
    try:
        first, second = (scored_on("polars", scheme, one, items) for one in (frame, shuffled))
    except it.DataError:
        return
    assert first.sort("unit").equals(second.sort("unit"))


@pytest.mark.parametrize("engine", [*ENGINES, ALONE])
def test_a_scheme_of_many_leaves_and_reasons_is_not_too_deep(engine: str) -> None:
    skip_without(engine)
    numbers = range(250)
    said = {"zh": "指标", "en": "indicator"}
    fields = {f"{name}{number}": {"kind": "count", "title": said} for number in numbers for name in ("done", "asked")}
    indicators = {
        f"deep.rate{number}": {"tier": "output", "title": said, "measure": f"deeds.done{number} / deeds.asked{number}"}
        for number in numbers
    }
    leaves = [
        {"id": f"leaf{number}", "indicator": f"deep.rate{number}", "points": 1, "rule": {"kind": "proportional"}}
        for number in numbers
    ]
    group = {"id": "group", "title": said, "indicators": leaves}
    document = {
        "format": 1,
        "id": "deep",
        "policies": {"missing": "error", "undefined": "error"},
        "define": {"records": {"deep.deeds": {"title": said, "fields": fields}}, "indicators": indicators},
        "tiers": [{"tier": "output", "groups": [group]}],
    }
    scheme = it.load_scheme(document)
    record = it.prepare(scheme).shape.records["deeds"].record_class
    units = [
        it.UnitData(records={"deeds": record(**{name: 9 if name.startswith("asked") else done for name in fields})})
        for done in (1, 9)
    ]
    frame, _ = tables_of(scheme, units)
    assert_same(scheme, scored_on(engine, scheme, frame, columns="all"), one_by_one(scheme, units))


_KINDS = st.sampled_from(["road", "school", None])
_COMPARED = st.fixed_dictionaries(
    {
        "place": st.fixed_dictionaries({"asked": _KINDS, "built": _KINDS}),
        "works": st.lists(st.fixed_dictionaries({"asked": _KINDS, "built": _KINDS}), max_size=3),
    }
)


@pytest.mark.parametrize("engine", [*ENGINES, ALONE])
@pytest.mark.parametrize(
    "measure",
    [
        "1 if place.asked == place.built else 0.5",
        "1 if place.asked != place.built else 0.5",
        "count(works, where=works.asked == works.built) / 3",
        "count(works, where=works.asked == place.built) / 3",
        "count(works, where=place.asked == works.built) / 3",
    ],
)
def test_two_choices_of_the_same_options_compare_as_they_do_for_one_unit(engine: str, measure: str) -> None:
    skip_without(engine)
    said = {"zh": "类别", "en": "kind"}
    choice = {"kind": "choice", "title": said, "options": {"road": said, "school": said}}
    record = {"title": said, "fields": {"asked": choice, "built": choice}}
    names = {name: value for name, value in {"place": "like.place", "works": ["like.works"]}.items() if name in measure}
    indicator = {"tier": "output", "title": said, "measure": measure, "records": names}
    leaf = {"id": "leaf", "indicator": "like.same", "points": 10, "rule": {"kind": "proportional"}}
    document = {
        "format": 1,
        "id": "like",
        "policies": {"missing": "no_points", "undefined": "no_points"},
        "define": {"records": {"like.place": record, "like.works": record}, "indicators": {"like.same": indicator}},
        "tiers": [{"tier": "output", "groups": [{"id": "group", "title": said, "indicators": [leaf]}]}],
    }
    scheme = it.load_scheme(document)
    shapes = it.prepare(scheme).shape.records

    def unit(given: dict[str, Any]) -> it.UnitData:
        records: dict[str, Any] = {}
        for name, shape in shapes.items():
            held = shape.record_class
            records[name] = it.Items(held, [held(**one) for one in given[name]]) if shape.many else held(**given[name])
        return it.UnitData(records=records)

    @given(st.lists(_COMPARED, min_size=1, max_size=4))
    @settings(max_examples=min(FEW[engine], 15), suppress_health_check=list(HealthCheck))
    def same(given: list[dict[str, Any]]) -> None:
        units = [unit(one) for one in given]
        frame, items = tables_of(scheme, units)
        assert_same(scheme, scored_on(engine, scheme, frame, items, columns="all"), one_by_one(scheme, units))

    same()
