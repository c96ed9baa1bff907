"""The data of a whole unit for a scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from indicatree.arithmetic import Quantity, State
from indicatree.data import Items, Judgement, Unit, UnitData, record_type
from indicatree.scheme import Treatment
from indicatree.testing.strategies.aim import aims_of
from indicatree.testing.strategies.figure import limits_of
from indicatree.testing.strategies.record import values_of
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indicatree.scheme import Scheme
    from indicatree.testing.strategies.aim import Place

__all__ = ["data_for"]

_PERCENTS = st.integers(0, 99)
_BOOLEANS = st.booleans()
_POSITIONS = st.integers(0, 1000)
_MARKS = st.one_of(st.sampled_from([Quantity(1), Quantity(1)]), _PERCENTS.map(lambda part: Quantity(part, 100)))
_REASON = Text(zh="随机生成", en="drawn")


def data_for(
    scheme: Scheme,
    /,
    *,
    missing: bool = False,
    inapplicable: bool = False,
    full: bool = False,
    scored: bool = True,
) -> st.SearchStrategy[UnitData]:
    """The data of a whole unit for a scheme: records, line items, judgements.

    Of a record, only the figures that some measure of the scheme uses are drawn.

    Args:
        scheme: The scheme.
        missing: Whether figures, records and judgements may be missing.
        inapplicable: Whether leaves may be said not to apply.
        full: Whether to look for full marks: most judgements are then the best ones, and values are where the
            rules give most.
        scored: Whether to keep to what the scheme's policies can score: where a policy is ``error``, nothing is
            left out, and divisors are not zero. Some data may still not be scored.

    Example:
        >>> import indicatree as it
        >>> from hypothesis import given
        >>> opening = it.graded("demo.opening", tier="effect", title=it.Text(zh="开放", en="Opening"))
        >>> leaf = it.Leaf(id="opening", indicator=opening, points=5, rule=it.rules.GradedJudgement())
        >>> scheme = it.Scheme(id="demo", tiers=[it.TierNode(tier="effect", groups=[
        ...     it.Group(id="benefit", title="Benefit", indicators=[leaf])])])
        >>> @given(data_for(scheme))
        ... def check(data):
        ...     assert 0 <= it.score(scheme, data).total <= 5
        >>> check()
    """
    return _data(_UnitPlan(scheme), _Wanted(missing, inapplicable, full, scored))


_TREATED = ("missing", "undefined", "not_applicable")


class _UnitPlan:
    """What is settled once for a scheme, not for every draw."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.shape = scheme.data_shape
        self.aims = aims_of(scheme)
        self.leaves = sorted(self.shape.leaves)
        self.strict: dict[str, set[str]] = {name: set() for name in _TREATED}
        for path, leaf in scheme.leaves():
            policies = scheme.policies_of(leaf)
            for name in _TREATED:
                if getattr(policies, name) is Treatment.ERROR:
                    self.strict[name].add(path)
        self.needed: dict[str, set[str]] = {}
        self.used: dict[str, set[str]] = {}
        self.filled = {
            place.record for aim in self.aims if aim.path in self.strict["undefined"] for place in aim.places
        }
        for path, leaf in scheme.leaves():
            bound = (leaf.record_names(), leaf.measures, leaf.item_parameter, leaf.for_each)
            _note(self.used, *bound)
            if path in self.strict["missing"]:
                _note(self.needed, *bound)
        for veto in scheme.vetoes:
            if veto.indicator is not None:
                for into in (self.used, self.needed):
                    _note(into, veto.record_names(), (veto.indicator,), None, "")

    def fields_of(self, name: str, cls: type) -> frozenset[str] | None:
        """The fields of a record that some measure uses, and what names it; None for all."""
        if name not in self.used:
            return None
        label = record_type(cls).label
        return frozenset(self.used[name] | ({label} if label else set()))


def _note(
    into: dict[str, set[str]], names: Mapping[str, str], measures: Iterable[Any], item: str | None, items: str
) -> None:
    """Note the fields that measures use, by the name of their record."""
    for measure in measures:
        for parameter, field in getattr(measure, "figures", ()):
            into.setdefault(items if parameter == item else names[parameter], set()).add(field)


@attrs.frozen
class _Wanted:
    """What is asked of the data, as `data_for` names it."""

    missing: bool
    inapplicable: bool
    full: bool
    scored: bool


def _chance(draw: st.DrawFn, percent: int) -> bool:
    return draw(_PERCENTS) >= 100 - percent


@st.composite
def _data(draw: st.DrawFn, plan: _UnitPlan, wanted: _Wanted) -> UnitData:
    found = _records(draw, plan, wanted)
    if wanted.full:
        for aim in plan.aims:
            found = aim.toward_edge(draw, found, best=True)
    elif plan.aims and _chance(draw, 80):
        for _ in range(1 + len(plan.aims) // 6):
            found = plan.aims[draw(_POSITIONS) % len(plan.aims)].toward_edge(draw, found)
    excluded = {}
    if wanted.inapplicable:
        strict = plan.strict["not_applicable"] if wanted.scored else ()
        excluded = {path: _REASON for path in plan.leaves if path not in strict and _chance(draw, 12)}
    if wanted.scored:
        found = _without_zero_divisors(plan, found, excluded)
    judgement = {}
    for path, shape in plan.shape.judgements.items():
        needed = wanted.scored and path in plan.strict["missing"]
        unsaid = shape.optional and draw(_BOOLEANS)
        if not unsaid and not (wanted.missing and not needed and _chance(draw, 10)):
            lines = len(found.get(shape.lines, ())) if shape.lines else 0
            judgement[path] = _judgement(draw, shape.items, lines, full=wanted.full and not shape.optional)
    return UnitData(records=found, unit=Unit(name="drawn"), judgement=judgement, not_applicable=excluded)


def _records(draw: st.DrawFn, plan: _UnitPlan, wanted: _Wanted) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, shape in plan.shape.records.items():
        needed = frozenset(plan.needed.get(name, ()) if wanted.scored else ())
        if wanted.missing and not needed and _chance(draw, 8):
            continue
        cls, lacking = shape.record_class, 8 if wanted.missing else 0
        least = 1 if wanted.full or (wanted.scored and name in plan.filled) else 0
        size = draw(st.integers(least, 4)) if shape.many else 1
        only = plan.fields_of(name, cls)
        made = [cls(**values_of(draw, cls, {}, lacking, needed, only)) for _ in range(size)]
        found[name] = Items(cls, made) if shape.many else made[0]
    return found


def _judgement(draw: st.DrawFn, names: Mapping[str, Any] | None, lines: int, *, full: bool) -> Judgement:
    if names is None:
        return Judgement(share=Quantity(1) if full else draw(_MARKS), reason=_REASON, evidence=_REASON)
    items = {name: True if full else draw(_BOOLEANS) for name in names}
    some = [str(number) for number in range(1, lines + 1) if draw(_BOOLEANS)]
    return Judgement(items=items, lines=some, reason=_REASON, evidence=_REASON)


def _without_zero_divisors(plan: _UnitPlan, records: dict[str, Any], excluded: Mapping[str, Any]) -> dict[str, Any]:
    """The records with a one for each zero of a leaf whose value would be undefined, where that is an error."""
    for aim in plan.aims:
        if aim.path not in plan.strict["undefined"] or aim.path in excluded:
            continue
        lines = len(records.get(aim.leaf.for_each, ())) if aim.leaf.for_each else 1
        for number in range(lines):
            value = aim.value(records, number=number)
            if value is None or value.is_defined or value.state is not State.UNDEFINED:
                continue
            for place in aim.places:
                records = _one_for_zero(records, place, number if aim.leaf.for_each else None)
    return records


def _one_for_zero(records: dict[str, Any], place: Place, number: int | None) -> dict[str, Any]:
    def mended(record: Any) -> Any:
        figure = getattr(record, place.field)
        one = min(10**place.kind.places, limits_of(place.kind)[1])
        zero = figure.is_defined and not figure.numerator
        return place.put_in(record, Quantity(one, 10**place.kind.places)) if zero else record

    holder = records.get(place.record)
    if holder is None:
        return records
    if isinstance(holder, Items):
        kept = [mended(one) if number in (None, index) else one for index, one in enumerate(holder.records)]
        return {**records, place.record: Items(holder.record_class, kept)}
    return {**records, place.record: mended(holder)}
