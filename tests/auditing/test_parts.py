"""A part against its whole in a report: shown by the audit, where scoring refuses the data."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicatree as it
from auditing.reports import QUIET
from indicatree import fields, rules
from strategies import scheme_of, text


@it.record("auditparts.assets", title=text("资产", "Assets"))
class Assets:
    total: fields.Money = fields.money("总额", "total")
    kept: fields.Money = fields.money("在账", "kept", part_of="total")
    in_use: fields.Money = fields.money("在用", "in use", part_of="kept")


@it.indicator("auditparts.use", tier=it.Tier.PROCESS, title=text("利用率", "Use"))
def use(assets: Assets) -> Any:
    return assets.in_use / assets.total


@it.indicator("auditparts.lines", tier=it.Tier.PROCESS, title=text("各处", "Lines"))
def lines(places: it.Items[Assets]) -> Any:
    return it.total(places.in_use) / it.total(places.total)


FULL = rules.Proportional()
SCHEME = scheme_of(
    it.Leaf(id="use", indicator=use, points=10, rule=FULL), it.Leaf(id="lines", indicator=lines, points=10, rule=FULL)
)


def audit(assets: dict[str, Any], claims: Any = None, **data: Any) -> it.Audit:
    document = {"format": 1, "unit": {"amounts_in": "万元"}, "data": {"assets": assets, **data}}
    return it.audit(SCHEME, document, claims, catalog=QUIET)


def parts(found: it.Audit) -> dict[str, str]:
    return {one.check.id: one.verdict.value for one in found.checks if one.check.id.startswith("part ")}


PRINTED = st.one_of(
    st.none(), st.tuples(st.integers(0, 40), st.integers(0, 2)).map(lambda one: f"{one[0] / 10 ** one[1]:.{one[1]}f}")
)


def half(printed: str) -> Fraction:
    """How far the true figure may lie from the printed one."""
    return Fraction(1, 2 * 10 ** len(printed.partition(".")[2]))


@given(PRINTED, PRINTED)
def test_a_part_is_broken_just_where_no_true_figures_make_it_fit(whole: str | None, part: str | None) -> None:
    stated = {name: printed for name, printed in (("total", whole), ("in_use", part)) if printed is not None}
    found = parts(audit(stated))
    if whole is None or part is None:
        assert found == {}
        return
    above, below = Fraction(whole), Fraction(part)
    expected = "holds" if below <= above else "broken"
    if expected == "broken" and max(below - half(part), Fraction(0)) <= above + half(whole):
        expected = "holds_within_rounding"
    assert found == {"part assets.in_use": expected}


@given(PRINTED, PRINTED)
def test_what_an_audit_finds_fine_is_scored_and_what_it_breaks_is_refused(whole: str | None, part: str | None) -> None:
    stated = {name: printed for name, printed in (("total", whole), ("in_use", part)) if printed is not None}
    verdicts = set(parts(audit(stated)).values())
    data = {"format": 1, "data": {"assets": stated}}
    scorer = it.prepare(SCHEME)
    if verdicts <= {"holds"}:
        assert scorer.load(data).records["assets"]
    else:
        with pytest.raises(it.DataError, match=r"more than \S+, its whole: total"):
            scorer.load(data)


def test_a_part_that_is_too_large_is_shown_with_the_value_nearest_to_it() -> None:
    found = audit({"total": {"value": "3.5", "at": "二"}, "in_use": "12.0"}, places=[{"total": "1", "kept": "4.2"}])
    assert parts(found) == {"part assets.in_use": "broken", "part places[0].kept": "broken"}
    broken = {figure.id: (figure.stated, figure.repair) for figure in found.broken_figures}
    assert broken == {"assets.in_use": ("12.0", "3.5"), "places[0].kept": ("4.2", "1")}
    why = {one.check.id: one.result.why for one in found.checks}["part assets.in_use"]
    assert why == text("大于其整体 3.5：总额（assets.total）", "more than 3.5, its whole: total (assets.total)")
    assert "more than 3.5, its" in found.table("en")
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert again == found
    assert again.broken_figures == found.broken_figures


def test_a_stated_rate_tells_which_figure_is_wrong() -> None:
    found = audit({"total": "10.00", "in_use": "12.00"}, {"use": {"value": "80.00%"}})
    assert [(figure.id, figure.repair) for figure in found.broken_figures] == [("assets.in_use", "8")]


def test_a_figure_that_is_assumed_is_no_part_of_what_a_report_states() -> None:
    assumed = {"value": 3, "assumed": True, "why": "not printed"}
    assert parts(audit({"total": assumed, "in_use": "12"})) == {}
    # the next whole that is printed is looked at instead
    assert parts(audit({"total": "9", "kept": {**assumed, "value": 12}, "in_use": "12"})) == {
        "part assets.in_use": "broken"
    }
