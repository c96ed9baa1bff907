"""The rule machine: a catalog and a scheme under edit, in any order, held against a plain model of both.

A stateful test of Hypothesis. The model knows a tree as names, points and children, and nothing of how schemes are
read, changed and scored.
"""

from __future__ import annotations

import copy
import tomllib
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, cast

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from indicatree.catalog import Catalog
from indicatree.problems import CatalogError, IndicatreeError, SchemeError, ScoringError
from indicatree.scheme import SCHEME_FORMAT, Combine, Leaf, Scheme, TierNode, load_scheme
from indicatree.scoring import Scorecard, score
from indicatree.testing.strategies import data_for, schemes
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indicatree.indicators import Indicator

__all__ = ["CatalogMachine"]

_OFFERED = ("indicators", "records", "rules", "schemes", "identities")
_TITLES = st.sampled_from(
    [Text(zh="新名称", en="New title"), Text(zh="“引号”", en='"quoted"'), Text(zh="行\n行", en="a\nb")]
)
_POINTS = st.integers(0, 30)
_SAID = 'title = {"zh": ..., "en": ...}'


@attrs.define
class _Node:
    """A node of the model.

    Attributes:
        name: Its id, or that of its tier; empty for the whole.
        kind: The list that holds it in a file; ``scheme`` for the whole.
        points: As they are given; None where they are the sum of the children's.
        title: Its own title.
        rule: What a file says of its rule.
        indicator: The indicator of a leaf.
        children: The nodes below it, in order.
    """

    name: str
    kind: str
    points: Fraction | None
    title: Text
    rule: dict[str, Any] | None = None
    indicator: str = ""
    children: list[_Node] = attrs.field(factory=list)

    @classmethod
    def of(cls, node: Any) -> _Node:
        """The model of a scheme or a node of one."""
        points = None if node.points is None else node.points.fraction
        if isinstance(node, Leaf):
            said = None if node.rule is None else node.rule.to_dict()
            return cls(node.id, "indicators", points, node.title, said, node.indicator.key)
        kind = {Scheme: "scheme", TierNode: "tiers"}.get(type(node), "groups")
        name = "" if kind == "scheme" else node.id
        return cls(name, kind, points, node.title, children=[cls.of(child) for child in node.children])

    @property
    def total(self) -> Fraction:
        """Its points."""
        return self.sum if self.points is None else self.points

    @property
    def sum(self) -> Fraction:
        """The points of its children together."""
        return sum((child.total for child in self.children), start=Fraction(0))

    def walk(self, path: str = "") -> Iterator[tuple[str, _Node]]:
        """Every node below it by path, parents first."""
        for child in self.children:
            inside = f"{path}.{child.name}" if path else child.name
            yield inside, child
            yield from child.walk(inside)

    @property
    def is_whole(self) -> bool:
        """Whether it is a scheme that can be used, where all children are added."""
        nodes = [self, *(node for _, node in self.walk())]
        return any(tier.children for tier in self.children) and all(node.is_sound for node in nodes)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with this node alone."""
        if self.kind == "indicators":
            return self.rule is not None or not self.points
        names = [child.name for child in self.children]
        return (
            (self.kind != "groups" or bool(names))
            and len(set(names)) == len(names)
            and len({child.kind for child in self.children}) <= 1
            and (self.points is None or self.points == self.sum)
        )


@attrs.define
class _Edit:
    """A change that is made to a scheme by a file, and to a copy of the model by hand.

    Attributes:
        model: The copy.
        document: What the file holds besides what it extends.
        certain: Whether the model alone says if the result is whole.
        unknown: The indicators that the file names and that may not be there.
    """

    model: _Node
    document: dict[str, Any] = attrs.field(factory=dict)
    certain: bool = True
    unknown: set[str] = attrs.field(factory=set)

    def at(self, path: str) -> _Node:
        """A node of the copy."""
        return dict(self.model.walk())[path]

    def replace(self, path: str, **keys: Any) -> None:
        """Say in the file what is replaced at a node; the whole is no node, and takes keys of its own."""
        into = self.document.setdefault("replace", {}).setdefault(path, {}) if path else self.document
        into.update(keys)

    def settle(self, path: str) -> None:
        """Give every node above a path whose points are given those of its children."""
        while path:
            path = path.rpartition(".")[0]
            node = self.at(path) if path else self.model
            if node.points is not None and node.points != node.sum:
                node.points = node.sum
                self.replace(path, points=int(node.sum) if node.sum.denominator == 1 else Decimal(str(float(node.sum))))


class CatalogMachine(RuleBasedStateMachine):
    """Plugins come and go, schemes are adopted, changed and scored, in any order; what must hold is held throughout.

    Inherit from it, say which plugins there are, and let pytest collect ``TestCase``. Rules and invariants of your own
    can be added.

    What holds: the catalog offers what its plugins offer and nothing else; a scheme can be read where all that it
    names is offered, and not elsewhere; an edit gives a whole scheme, the one that the model says, or problems; the
    points of a node are the sum of its children's, where they are added; what is removed is gone from the scorecard;
    a scheme read from its own file scores the same; what is extended never changes; digests differ where schemes do.

    Attributes:
        plugins: The modules or objects that are plugins.
        catalog: The catalog, as it is now.
        scheme: The scheme under edit, as it is now.

    Example:
        >>> import types
        >>> import indicatree as it
        >>> opening = it.graded("demo.opening", tier="effect", title=it.Text(zh="开放", en="Opening"))
        >>> demo = types.SimpleNamespace(__name__="demo", INDICATREE_CONTRACT=1)
        >>> demo.indicatree_indicators = it.hookimpl(lambda: [opening], specname="indicatree_indicators")
        >>> class DemoMachine(CatalogMachine):
        ...     plugins = (demo,)
        >>> TestDemo = DemoMachine.TestCase
    """

    plugins: ClassVar[Sequence[object]] = ()
    catalog: Catalog
    scheme: Scheme

    def __init__(self) -> None:
        """Begin with no scheme."""
        super().__init__()
        self._names = [getattr(plugin, "__name__", type(plugin).__name__) for plugin in self.plugins]
        self._everything = self.catalog_of(self._names)
        self._chosen: set[str] = set()
        self._added = 0
        self._kept: list[tuple[Scheme, str, str]] = []
        self._model = _Node("", "scheme", None, Text())
        self._adds = self._drawn = False
        if problems := self._everything.problems:
            raise CatalogError(problems)

    def catalog_of(self, names: Sequence[str]) -> Catalog:
        """A catalog of some of the plugins.

        Override it to choose in another way, such as among installed ones with ``Catalog(block=...)``.

        Args:
            names: The names of the plugins, as in ``plugins``.
        """
        chosen = [plugin for name, plugin in zip(self._names, self.plugins, strict=True) if name in names]
        return Catalog(plugins=chosen, discover=False)

    # The catalog

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Register some plugins, and adopt a scheme."""
        self._chosen = data.draw(st.sets(st.sampled_from(self._names), min_size=1), label="plugins")
        self._make_catalog()
        if not self._usable:
            self._chosen = set(self._names)
            self._make_catalog()
        self._adopt(data.draw(self._schemes(), label="scheme"), drawn=True)

    @rule(data=st.data())
    @precondition(lambda self: len(self._chosen) < len(self._names))
    def register(self, data: st.DataObject) -> None:
        """Register a plugin."""
        lacking = [name for name in self._names if name not in self._chosen]
        self._chosen.add(data.draw(st.sampled_from(lacking), label="plugin"))
        self._make_catalog()

    @rule(data=st.data())
    @precondition(lambda self: self._chosen)
    def block(self, data: st.DataObject) -> None:
        """Do without a plugin."""
        self._chosen.discard(data.draw(st.sampled_from(sorted(self._chosen)), label="plugin"))
        self._make_catalog()

    def _make_catalog(self) -> None:
        self.catalog = self.catalog_of([name for name in self._names if name in self._chosen])

    # The scheme

    @rule(data=st.data())
    @precondition(lambda self: self._usable)
    def adopt_a_drawn_scheme(self, data: st.DataObject) -> None:
        """Begin again with a scheme of any shape, of what the catalog offers."""
        self._adopt(data.draw(self._schemes(), label="scheme"), drawn=True)

    @rule(data=st.data())
    @precondition(lambda self: self.catalog.scheme_ids)
    def adopt_a_scheme_of_a_plugin(self, data: st.DataObject) -> None:
        """Begin again with a scheme that a plugin offers; it may need another plugin."""
        key = data.draw(st.sampled_from(self.catalog.scheme_ids), label="scheme")
        try:
            found = self.catalog.scheme(key)
        except IndicatreeError:
            lacking = _named_by(self._everything.scheme(key)) - _offered_by(self.catalog)
            _expect(lacking, f"{key} cannot be read, and all that it names is offered")
            return
        self._adopt(found, drawn=False)

    @rule(data=st.data())
    def replace_a_title(self, data: st.DataObject) -> None:
        """Call a tier, a group or a leaf something else, or the same."""
        edit = self._edit()
        path = data.draw(st.sampled_from([path for path, _ in edit.model.walk()]), label="node")
        node = edit.at(path)
        node.title = data.draw(st.just(node.title) | _TITLES if node.title else _TITLES, label=_SAID)
        edit.replace(path, title=node.title.to_dict())
        self._make(edit)

    @rule(data=st.data(), settled=st.booleans())
    @precondition(lambda self: self._leaves)
    def replace_points_and_rule(self, data: st.DataObject, settled: bool) -> None:  # noqa: FBT001 - Hypothesis draws it
        """Give a leaf other points with a rule that fits them; with ``settled``, the nodes above it too."""
        edit = self._edit()
        path = data.draw(st.sampled_from(self._leaves), label="leaf")
        self._replace(data, edit, path)
        if settled:
            edit.settle(path)
        self._make(edit)

    @rule(data=st.data(), points=_POINTS)
    @precondition(lambda self: self._leaves)
    def replace_points_alone(self, data: st.DataObject, points: int) -> None:
        """Give a leaf other points; its rule may not fit them."""
        edit = self._edit()
        path = data.draw(st.sampled_from(self._leaves), label="leaf")
        edit.at(path).points = Fraction(points)
        edit.replace(path, points=points)
        edit.settle(path)
        edit.certain = False
        self._make(edit)

    @rule(data=st.data(), settled=st.booleans())
    def remove(self, data: st.DataObject, settled: bool) -> None:  # noqa: FBT001 - Hypothesis draws it
        """Remove a node; one whose group would be empty is refused."""
        edit = self._edit()
        path = data.draw(st.sampled_from([path for path, _ in edit.model.walk()]), label="node")
        self._remove(edit, path)
        if settled:
            edit.settle(path)
        self._make(edit)

    @rule(data=st.data(), settled=st.booleans())
    @precondition(lambda self: self._leaves and self._known)
    def add(self, data: st.DataObject, settled: bool) -> None:  # noqa: FBT001 - Hypothesis draws it
        """Add a leaf, or a group of one leaf, of an indicator that may not be there any more."""
        edit = self._edit()
        path = self._add(data, edit)
        if settled:
            edit.settle(f"{path}.")
        self._make(edit)

    @rule(data=st.data())
    @precondition(lambda self: len(self._leaves) > 1 and self._known)
    def extend(self, data: st.DataObject) -> None:
        """Remove a leaf, replace another and add one, in one file."""
        edit = self._edit()
        removed, replaced = data.draw(st.permutations(self._leaves), label="leaves")[:2]
        self._remove(edit, removed)
        self._replace(data, edit, replaced)
        settled = [removed, replaced, f"{self._add(data, edit)}."]
        # the deepest first: a node's points are settled when those below it are
        for path in sorted(settled, key=lambda path: -path.count(".")):
            edit.settle(path)
        for path in settled:
            edit.settle(path)
        self._make(edit)

    @rule(
        name=st.sampled_from(["nowhere", "process.nowhere", ""]), change=st.sampled_from(["remove", "replace", "add"])
    )
    def change_a_node_that_is_not_there(self, name: str, change: str) -> None:
        """Refused, and named."""
        documents: dict[str, Any] = {
            "remove": [name],
            "replace": {name: {"title": "x"}},
            "add": [{"to": name, "indicators": [{}]}],
        }
        try:
            self._extended({change: documents[change]})
        except SchemeError as error:
            _expect(
                any(problem.code == "unknown-node" for problem in error.problems), f"does not name the node: {error}"
            )
            return
        _expect(False, f'a node "{name}" that is not there can be changed by {change}')  # noqa: FBT003 - it did not raise

    # Scores

    @rule(data=st.data(), missing=st.booleans(), inapplicable=st.booleans())
    def score(self, data: st.DataObject, missing: bool, inapplicable: bool) -> None:  # noqa: FBT001 - Hypothesis draws them
        """Score a unit, by the scheme and by what is read from its own file."""
        unit = data.draw(data_for(self.scheme, missing=missing, inapplicable=inapplicable), label="data")
        table = tomllib.loads(self.scheme.to_toml(), parse_float=Decimal)
        again = load_scheme(table, self._everything.parts)
        _expect(again == self.scheme, "a scheme that is read from its own file is another one")
        # a drawn scheme does not say which plugins its parts came from, what is read does
        again = attrs.evolve(again, plugins=self.scheme.plugins)
        card, other = _scored(self.scheme, unit), _scored(again, unit)
        _expect(card == other, f"a scheme that is read from its own file scores another way:\n{card}\n{other}")
        if not isinstance(card, Scorecard):
            return
        paths = [node.path for node in card.root.walk()][1:]
        _expect(paths == [path for path, _ in self._model.walk()], f"the scorecard has other nodes: {paths}")
        if self._adds:
            for node in card.root.walk():
                points = sum((child.points for child in node.children), start=Decimal(0))
                _expect(not node.children or node.points == points, f"{node.path}: not the points of its children")

    # What must hold after each step

    @invariant()
    def the_catalog_offers_what_its_plugins_offer(self) -> None:
        """All of it, and nothing of a plugin that is not there."""
        if not hasattr(self, "catalog"):
            return
        _expect(not self.catalog.problems, f"a plugin that worked is left out: {self.catalog.problems}")
        for plugin in self._everything.plugins[1:]:
            there = any(plugin.name == one.name for one in self.catalog.plugins)
            for what in _OFFERED:
                held = set(getattr(self.catalog, "scheme_ids" if what == "schemes" else what))
                for key in getattr(plugin, what):
                    _expect((key in held) == there, f"{what} {key}: {'gone' if there else 'still there'}")
            for key in [] if there else list(plugin.indicators)[:1]:
                _expect(self._is_unknown(key), f"the indicator {key} of {plugin.name} can still be had")

    @invariant()
    def the_scheme_can_be_read_where_all_that_it_names_is_offered(self) -> None:
        """And nowhere else: there is no stand-in for an indicator or a rule."""
        if not hasattr(self, "scheme"):
            return
        lacking = _named_by(self.scheme) - _offered_by(self.catalog)
        try:
            found = self.catalog.scheme(self.scheme.to_dict())
        except SchemeError as error:
            _expect(lacking, f"all that the scheme names is offered, and it cannot be read: {error}")
        else:
            _expect(not lacking, f"the scheme names what is not offered, and can be read: {sorted(lacking)}")
            _expect(found == self.scheme, "a scheme that is read from what it writes is another one")

    @invariant()
    def the_scheme_is_what_the_model_says(self) -> None:
        """Its nodes, in order, with their points, titles, rules and indicators."""
        if not hasattr(self, "scheme"):
            return
        real = _Node.of(self.scheme)
        _expect(real == self._model, f"expected {self._model}, got {real}")
        if self._adds:
            for node in (self.scheme, *(node for _, node in self.scheme.walk())):
                children = getattr(node, "children", ())
                points = sum((self.scheme.points_of(child).fraction for child in children), start=Fraction(0))
                given = self.scheme.points_of(node).fraction
                _expect(isinstance(node, Leaf) or given == points, f"{node.id}: not the points of its children")

    def teardown(self) -> None:
        """Hold every scheme that there was against what it was, and against the others."""
        for scheme, digest, text in self._kept:
            _expect((scheme.digest, scheme.to_toml()) == (digest, text), f"{scheme.id} was changed after it was made")
        for scheme, digest, _ in self._kept:
            for other, another, _ in self._kept:
                _expect((scheme == other) == (digest == another), "a digest tells schemes apart that are equal, or not")

    # The parts of the rules

    @property
    def _usable(self) -> list[Indicator]:
        """The indicators of which schemes can be drawn."""
        return [one for one in self.catalog.indicators.values() if one.years is None]

    @property
    def _known(self) -> list[Indicator]:
        return [one for one in self._everything.indicators.values() if one.years is None]

    @property
    def _leaves(self) -> list[str]:
        return [path for path, node in self._model.walk() if node.kind == "indicators"]

    def _schemes(self) -> st.SearchStrategy[Scheme]:
        return schemes(indicators=self._usable, combines=[Combine.SUM], depth=1)

    def _is_unknown(self, key: str) -> bool:
        try:
            self.catalog.indicator(key)
        except CatalogError as error:
            return all(problem.code == "unknown-indicator" for problem in error.problems)
        return False

    def _adopt(self, scheme: Scheme, *, drawn: bool) -> None:
        self._drawn = drawn
        self._keep(scheme)
        self._model = _Node.of(scheme)

    def _keep(self, scheme: Scheme) -> None:
        self.scheme = scheme
        inner = [scheme, *(node for _, node in scheme.walk() if not isinstance(node, Leaf))]
        self._adds = all(cast("Any", node).aggregation.combine is Combine.SUM for node in inner)
        self._kept.append((scheme, scheme.digest, scheme.to_toml()))

    def _edit(self) -> _Edit:
        return _Edit(copy.deepcopy(self._model), certain=self._drawn)

    def _drawn_leaf(self, data: st.DataObject, indicator: Indicator) -> dict[str, Any]:
        """What a file says of a leaf with a rule that fits its points and its indicator."""
        small = schemes(indicators=[indicator], combines=[Combine.SUM], depth=0)
        return data.draw(small.map(_first_leaf), label="leaf")

    def _replace(self, data: st.DataObject, edit: _Edit, path: str) -> None:
        node = edit.at(path)
        indicator = next(leaf.indicator for where, leaf in self.scheme.leaves() if where == path)
        table = self._drawn_leaf(data, attrs.evolve(indicator, years=None) if indicator.years else indicator)
        if "rule" not in table:
            table |= {"points": 0}
            edit.certain = edit.certain and node.rule is None  # the rule stays, and may need points
        else:
            node.rule = table["rule"]
        node.points = Fraction(str(table["points"]))
        edit.replace(path, **{key: table[key] for key in ("points", "rule", "lowest") if key in table})

    def _remove(self, edit: _Edit, path: str) -> None:
        node, above = edit.at(path), path.rpartition(".")[0]
        if node.kind == "tiers":
            node.children, node.points = [], None
        else:
            holder = edit.at(above).children
            holder[:] = [one for one in holder if one is not node]
        edit.document.setdefault("remove", []).append(path)

    def _add(self, data: st.DataObject, edit: _Edit) -> str:
        """Add to a node of the copy, and say where."""
        places = {path: node for path, node in edit.model.walk() if node.kind in ("tiers", "groups")}
        path = data.draw(st.sampled_from(list(places)), label="to")
        place = places[path]
        known = st.sampled_from(self._known)
        indicator = data.draw(st.sampled_from(self._usable) | known if self._usable else known, label="indicator")
        table = self._drawn_leaf(data, indicator)
        siblings = [child.name for child in place.children]
        self._added += 1
        table["id"] = data.draw(st.sampled_from([f"added_{self._added}"] * 3 + siblings), label="id")
        leaf = _Node(
            table["id"], "indicators", Fraction(str(table["points"])), Text(), table.get("rule"), table["indicator"]
        )
        addition: dict[str, Any] = {"to": path}
        if place.kind == "tiers" or (place.children and place.children[0].kind == "groups"):
            title = data.draw(_TITLES, label="title")
            leaf.name = "added"
            addition["groups"] = [
                {"id": table["id"], "title": title.to_dict(), "indicators": [{**table, "id": "added"}]}
            ]
            added = _Node(table["id"], "groups", None, title, children=[leaf])
        else:
            addition["indicators"] = [table]
            added = leaf
        before = data.draw(st.none() | st.sampled_from(siblings) if siblings else st.none(), label="before")
        if before is not None:
            addition["before"] = before
        place.children.insert(len(siblings) if before is None else siblings.index(before), added)
        edit.document.setdefault("add", []).append(addition)
        own = {measure.key for _, one in self.scheme.leaves() for measure in one.measures}
        if indicator.key not in self.catalog.indicators and indicator.key not in own:
            edit.unknown.add(indicator.key)
        return path

    def _extended(self, document: Mapping[str, Any]) -> Scheme:
        """What a file that extends the scheme gives."""
        base = self.scheme
        parts = attrs.evolve(self.catalog.parts, schemes=lambda *_: base)
        return load_scheme({"format": SCHEME_FORMAT, "id": base.id, "extends": base.id, **document}, parts)

    def _make(self, edit: _Edit) -> None:
        """Make an edit: it gives what the model says, or is refused with problems."""
        before = copy.deepcopy(edit.document)
        try:
            made = self._extended(edit.document)
        except SchemeError as error:
            codes = {problem.code for problem in error.problems}
            _expect(
                codes and all(problem.message and problem.path for problem in error.problems), "no problem is named"
            )
            # two plugins may call different records by one name, of which the model knows nothing
            expected = not edit.certain or edit.unknown or not edit.model.is_whole or codes == {"two-records"}
            _expect(expected, f"refused, and nothing is wrong with it: {error}")
            if edit.unknown:
                _expect("unknown-indicator" in codes, f"{sorted(edit.unknown)}: unknown, and not named: {error}")
        else:
            _expect(not edit.unknown, f"made with indicators that are not offered: {sorted(edit.unknown)}")
            _expect(not self._adds or edit.model.is_whole, f"made, and not whole: {edit.model}")
            self._keep(made)
            self._model = edit.model
        _expect(before == edit.document, "the file that extends a scheme was changed by it")


def _expect(holds: object, said: str) -> None:
    if not holds:
        raise AssertionError(said)


def _scored(scheme: Scheme, unit: Any) -> Scorecard | tuple[str, ...]:
    """The scorecard, or what the scheme's policies do not allow."""
    try:
        return score(scheme, unit)
    except ScoringError as error:
        return tuple(map(str, error.problems))


def _first_leaf(scheme: Scheme) -> dict[str, Any]:
    """What a file says of the first leaf of a scheme whose groups hold leaves."""
    groups = (group for tier in scheme.to_dict()["tiers"] for group in tier.get("groups", ()))
    return cast("dict[str, Any]", next(groups)["indicators"][0])


def _named_by(scheme: Scheme) -> set[str]:
    """The indicators and rules that a scheme takes from plugins."""
    own = {*scheme.define.indicators}
    measures = {measure.key for _, leaf in scheme.leaves() for measure in leaf.measures}
    measures |= {veto.indicator.key for veto in scheme.vetoes if veto.indicator is not None}
    kinds = {f"rule {leaf.rule.kind}" for _, leaf in scheme.leaves() if leaf.rule is not None}
    return {f"indicator {key}" for key in measures - own} | kinds


def _offered_by(catalog: Catalog) -> set[str]:
    return {f"indicator {key}" for key in catalog.indicators} | {f"rule {kind}" for kind in catalog.rules}
