"""The template of a data file: all that a scheme needs, each once, ready to fill in; and nothing else."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import indicatree as it
from indicatree import fields, rules
from indicatree.data import RecordShape, record_type
from strategies import (
    Budget,
    Project,
    Staff,
    all_projects,
    balance,
    execution,
    fragile,
    judged,
    project_execution,
    scheme_of,
    schemes,
    staffing,
    text,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEEDS: dict[it.Measured, dict[str, set[str]]] = {
    execution: {"budget": {"planned", "spent"}},
    balance: {"budget": {"planned", "spent"}},
    staffing: {"staff": {"posts", "in_post"}},
    project_execution: {"project": {"active", "planned", "spent"}},
    all_projects: {"projects": {"planned", "spent"}},
    fragile: {"budget": {"planned", "spent"}},
}
"""The fields that each measure uses, by parameter."""

EVERYTHING = it.Policies(missing="error", undefined="error", failed="error")
LANGUAGES = st.sampled_from(["zh", "en"])
ODD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["一\n二", "a # b", '"""', "'''", "]\n[data]\nx = 1", "\x00\x1b\x7f", "tab\there", "\u2028", "= 1", "\r"]
    ),
)
ODD_TEXTS = st.builds(it.Text, zh=ODD, en=ODD)

quick = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@st.composite
def odd_schemes(draw: st.DrawFn) -> it.Scheme:
    """A scheme of any shape with titles of any signs, by which everything that lacks is an error."""
    scheme = draw(schemes())

    def leaf(one: it.Leaf) -> it.Leaf:
        return attrs.evolve(one, title=draw(ODD_TEXTS), policies=it.Policies())

    def group(one: it.Group) -> it.Group:
        return attrs.evolve(
            one,
            title=draw(ODD_TEXTS),
            groups=[group(inner) for inner in one.groups],
            indicators=[leaf(inner) for inner in one.indicators],
        )

    tiers = [attrs.evolve(tier, groups=[group(one) for one in tier.groups]) for tier in scheme.tiers]
    vetoes = [attrs.evolve(veto, title=draw(ODD_TEXTS)) for veto in scheme.vetoes]
    return attrs.evolve(scheme, title=draw(ODD_TEXTS), tiers=tiers, vetoes=vetoes, policies=EVERYTHING)


def needed(scheme: it.Scheme) -> dict[str, set[str]]:
    """The fields that a drawn scheme needs, by record; of line items also their name."""
    found: dict[str, set[str]] = {}
    for _, leaf in scheme.leaves():
        for measure in leaf.measures:
            for parameter, names in NEEDS.get(measure, {}).items():  # type: ignore[call-overload]  # judged ones have none
                record = leaf.for_each if parameter == "project" else leaf.bindings.get(parameter, parameter)
                found.setdefault(record, set()).update(names)
    for veto in scheme.vetoes:
        for parameter, names in NEEDS.get(veto.indicator, {}).items():  # type: ignore[call-overload]  # likewise
            found.setdefault(veto.bindings.get(parameter, parameter), set()).update(names)
    for record, names in found.items():
        if scheme.data_shape.records[record].record_class is Project:
            names.add("name")
    return found


LINE = re.compile(r"# (\S+) +=   # (.+)")
HEAD = re.compile(r'\[{1,2}(?:data|judgement)\.("(?:[^"\\]|\\.)*"|[^\]]+)\]{1,2}')


def sections(template: str) -> Iterator[tuple[str, list[str]]]:
    """Each record of a template with its lines."""
    name, lines = "", list[str]()
    for line in template.splitlines():
        if line.startswith(("[", "# [")):
            if name:
                yield name, lines
            head = HEAD.fullmatch(line)
            name, lines = (head[1] if head and ".".join(line.split(".")[:1]).strip("[") == "data" else ""), []
        elif name and line:
            lines.append(line)


def listed(template: str) -> dict[str, list[tuple[str, str]]]:
    """The fields of each record of a template, with what stands beside them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, lines in sections(template):
        fields_of = [match.groups() for line in lines if (match := LINE.fullmatch(line))]
        found[name] = [(str(field), str(words)) for field, words in fields_of]
    return found


def value_of(kind: fields.Kind) -> str:
    """A valid value of a field, as TOML writes it."""
    most = getattr(kind, "most", None)
    if isinstance(kind, fields.Date):
        return "2024-12-31"
    if isinstance(kind, fields.Flag):
        return "true"
    if isinstance(kind, fields.Choice):
        return f"{tomllib_text(next(iter(kind.options)))}"
    if isinstance(kind, fields.Share):
        return '{ value = "100%", at = "p. 1" }'
    if most is not None:
        return "1" if most >= 1 else most.text
    return '"words"'


def tomllib_text(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def filled(template: str, scheme: it.Scheme) -> str:
    """The template with every line filled in, but for what does not apply."""
    lines, record, kinds = [], "", dict[str, fields.Kind]()
    for line in template.splitlines():
        if not line:
            record = ""  # the next line is a title, which may look like anything
        elif line.startswith("[not_applicable]"):
            record = "not_applicable"
        elif head := re.match(r"\[{1,2}data\.(.+?)\]{1,2}$", line):
            record = next(iter(tomllib.loads(f"{head[1]} = 1")))
            kinds = dict(record_type(scheme.data_shape.records[record].record_class).fields)
        elif line.startswith("# [judgement."):
            record, line = "judgement", line.removeprefix("# ")  # noqa: PLW2901 - the line as it is filled in
        elif line.startswith("[unit]"):
            record = "unit"
        elif record and record != "not_applicable" and (match := re.match(r"# (.+?) *= ", line)):
            key = match[1]
            if record == "unit":
                given = {"year": "2024", "amounts_in": '"元"', "source": '"report"'}[key]
            elif record == "judgement":
                given = {"share": '"90%"', "lines": '["1"]', "reason": '"seen"', "evidence": '"ledger"'}.get(
                    key, "true"
                )
            else:
                given = value_of(kinds[next(iter(tomllib.loads(f"{key} = 1")))])
            line = f"{key} = {given}"  # noqa: PLW2901 - likewise
        lines.append(line)
    return "\n".join(lines)


@quick
@given(odd_schemes(), LANGUAGES)
def test_a_template_can_be_read_and_loaded_as_it_is(scheme: it.Scheme, language: str) -> None:
    document = tomllib.loads(it.data_template(scheme, language=language))
    assert set(document) == {"format", "scheme", "unit", "data", "not_applicable"} - (
        set() if scheme.data_shape.records else {"data"}
    )
    assert document["scheme"] == scheme.key
    data = it.load(document, scheme)
    assert set(data.records) == set(scheme.data_shape.records)
    assert not data.judgement
    assert not data.not_applicable
    assert not data.notes


@quick
@given(odd_schemes(), LANGUAGES)
def test_what_is_not_filled_in_is_named_when_it_is_scored(scheme: it.Scheme, language: str) -> None:
    document = tomllib.loads(it.data_template(scheme, language=language))
    judgements = [path for path, shape in scheme.data_shape.judgements.items() if not shape.optional]
    expected = needed(scheme)
    if not judgements and not expected:
        it.score(scheme, document)
        return
    with pytest.raises(it.ScoringError) as caught:
        it.score(scheme, document)
    said = str(caught.value)
    for record, names in expected.items():
        for name in names - {"name"}:
            assert re.search(rf"\b{record}(\[0\])?\.{name}\b", said), (record, name, said)
    for path in judgements:
        assert path in said


@quick
@given(odd_schemes(), LANGUAGES)
def test_a_template_that_is_filled_in_loads_and_scores(scheme: it.Scheme, language: str) -> None:
    document = tomllib.loads(filled(it.data_template(scheme, language=language), scheme))
    assert set(document.get("judgement", {})) == set(scheme.data_shape.judgements)
    assert document["unit"] == {"name": "", "year": 2024, "amounts_in": "元", "source": "report"}
    card = it.score(scheme, document)
    outcomes = {node.outcome for node in card.root.walk()}
    assert outcomes <= {it.Outcome.SCORED, it.Outcome.NOT_APPLICABLE}


@quick
@given(odd_schemes(), LANGUAGES)
def test_every_field_that_is_needed_is_there_once_and_no_other(scheme: it.Scheme, language: str) -> None:
    template = it.data_template(scheme, language=language)
    found = listed(template)
    expected = needed(scheme)
    assert {name: sorted(field for field, _ in lines) for name, lines in found.items()} == {
        name: sorted(names) for name, names in expected.items()
    }
    for record, lines in found.items():
        kinds = record_type(scheme.data_shape.records[record].record_class).fields
        for field, words in lines:
            assert words.startswith(kinds[field].title[language])
            assert len(words) > len(kinds[field].title[language]) + 1


@quick
@given(odd_schemes(), LANGUAGES)
def test_every_judgement_and_every_leaf_is_there_once(scheme: it.Scheme, language: str) -> None:
    template = it.data_template(scheme, language=language)
    blocks = re.findall(r'^# \[judgement\."(.+)"\]$', template, re.MULTILINE)
    assert sorted(blocks) == sorted(scheme.data_shape.judgements)
    paths = [path for path, _ in scheme.leaves()] + [f"veto.{veto.id}" for veto in scheme.vetoes]
    tail = template.partition("[not_applicable]\n")[2]
    excluded = tomllib.loads(
        "\n".join(line.removeprefix("# ").replace('= ""', '= "no such work"') for line in tail.splitlines())
    )
    assert sorted(excluded) == sorted(paths)
    document = {**tomllib.loads(template), "not_applicable": excluded}
    assert set(it.load(document, scheme).not_applicable) == set(paths)


def test_every_item_of_a_checklist_is_there_with_its_words() -> None:
    scheme = scheme_of(it.Leaf(id="a", indicator=tidy, points=3, rule=rules.PerItem(each=1)))
    template = it.data_template(scheme, language="en")
    for name, words in tidy.items.items():
        assert re.search(rf"^# items\.{name} +=   # true / false: {words['en']}$", template, re.MULTILINE)


def test_what_an_assessor_may_say_of_a_measure_or_a_veto_is_there() -> None:
    scheme = it.Scheme(
        id="asked",
        tiers=[
            it.TierNode(
                tier="output",
                groups=[
                    it.Group(
                        id="group",
                        title=text("组", "Group"),
                        indicators=[
                            it.Leaf(
                                id="a",
                                indicator=execution,
                                points=3,
                                rule=rules.OverFulfilment(threshold="150%", slope=1),
                            )
                        ],
                    )
                ],
            )
        ],
        vetoes=[it.Veto(id="violation", title=text("严重违规", "Serious violation"), grade="poor")],
    )
    template = it.data_template(scheme, language="en")
    assert (
        '# Execution rate (only where it is so)\n# [judgement."output.group.a"]\n# items.target_set_low =' in template
    )
    assert '# Serious violation (only where it is so)\n# [judgement."veto.violation"]\n# items.applies =' in template
    chinese = it.data_template(scheme)
    assert "# 严重违规 (仅在认定时填写)" in chinese


# Fields of every kind


@it.record("template.odd", title=text("各种\n字段", 'All "kinds"\n[data.x]'))
class Odd:
    amount: fields.Money = fields.money("金额", "amount", doc=text("说明\n二", "first\nsecond"))
    change: fields.Money = fields.money("变动", "change", signed=True, places=0)
    small: fields.Money = fields.money("小额", "small", most=500)
    count: fields.Count = fields.count("人数", "count")
    few: fields.Count = fields.count("个数", "few", most=5)
    area: fields.Number = fields.number("面积", "area", unit=text("平方\n米", "square\nmetres"), places=1)
    growth: fields.Share = fields.share("增长率", "growth", least=-1, most=2)
    part: fields.Share = fields.share("比例\n#", "part")
    day: fields.Date = fields.date("日期", "day")
    open: fields.Flag = fields.flag("公开", "open")
    kind: fields.Choice = fields.choice("类别", "kind", {'a "b"': text("甲\n", "first"), "\\": text("乙", "second\n")})
    note: fields.Words = fields.text("备注", "note")
    年度: fields.Count = fields.count("年度数", "of the year")  # noqa: PLC2401 - files may hold such names


@attrs.frozen(kw_only=True)
class Star(fields.Kind):
    """A kind of field of a plugin."""

    expected: ClassVar[it.Text] = it.Text(zh="一至五星", en="one to five stars")
    most: it.Quantity = attrs.field(default=it.Quantity(5), converter=it.exact)
    least: it.Quantity = attrs.field(default=it.Quantity(1), converter=it.exact)

    def take(self, value: Any) -> Any:
        return it.exact(value)


@it.record("template.stars", title=text("星级", "Stars"))
class Stars:
    awarded: Any = fields.declare(Star(title=text("星", "stars")))


def whole(**records: RecordShape) -> it.Scheme:
    """A scheme that takes these records besides a leaf."""
    return scheme_of(it.Leaf(id="a", indicator=judged, points=1, rule=rules.GradedJudgement()), records=records)


ODD_LINES = {
    "amount": (
        "金额，单位同 amounts_in，按元计最多 2 位小数；说明 二",
        "2 decimal places of a yuan at most; first second",
    ),
    "change": ("最多 0 位小数，可为负数", "0 decimal places of a yuan at most, may be below zero"),
    "small": ("最多 2 位小数，0 至 500", "at most, from 0 to 500"),
    "count": ("人数：整数", "count: a whole number"),
    "few": ("整数，0 至 5", "a whole number, from 0 to 5"),
    "area": ("数值（平方 米），最多 1 位小数", "a number (square metres), 1 decimal places at most"),
    "growth": ('比例，如 0.8 或 "80%"，-100% 至 200%', 'a share, such as 0.8 or "80%", from -100% to 200%'),
    "part": ("，0% 至 100%", "from 0% to 100%"),
    "day": ("日期，如 2024-12-31", "a date, such as 2024-12-31"),
    "open": ("true（是）或 false（否）", "true or false"),
    "kind": ('"a \\"b\\""（甲 ）、"\\\\"（乙） 之一', 'one of "a \\"b\\"" (first), "\\\\" (second )'),
    "note": ("文字，写在引号内", "text, in quotes"),
    '"年度"': ("年度数：整数", "of the year: a whole number"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_kind_of_field_says_what_it_takes(language: str) -> None:
    template = it.data_template(whole(odd=RecordShape(Odd)), language=language)
    (lines,) = listed(template).values()
    assert [field for field, _ in lines] == list(ODD_LINES)
    for field, words in lines:
        assert words.endswith(ODD_LINES[field][language == "en"]), (field, words)


@pytest.mark.parametrize("many", [False, True])
def test_a_record_of_every_kind_is_filled_in(many: bool) -> None:  # noqa: FBT001 - a parameter
    scheme = whole(odd=RecordShape(Odd, many=many))
    template = it.data_template(scheme)
    assert tomllib.loads(template)["data"] == {"odd": [{}] if many else {}}
    document = tomllib.loads(filled(template, scheme), parse_float=Decimal)
    held = it.load(document, scheme).records["odd"]
    record = held.records[0] if many else held
    for name, kind in record_type(Odd).fields.items():
        assert not kind.is_missing(getattr(record, name)), name
    assert record.amount == 1


def test_the_kind_of_a_plugin_says_what_it_expects() -> None:
    (line,) = listed(it.data_template(whole(stars=RecordShape(Stars)), language="en"))["stars"]
    assert line == ("awarded", "stars: one to five stars, 1 or more")


NAMES = ["b c", "a.b", "项目", "a#b", '"', "[x]", "a-b", "1", "=", "a\nb"]


@pytest.mark.parametrize("name", NAMES)
def test_a_record_of_any_name_can_be_filled_in(name: str) -> None:
    leaf = it.Leaf(id="a", indicator=staffing, points=1, rule=rules.AllOrNothing(at_most=1), bindings={"staff": name})
    scheme = scheme_of(leaf)
    template = it.data_template(scheme)
    assert set(tomllib.loads(template)["data"]) == {name}
    document = tomllib.loads(filled(template, scheme))
    assert it.load(document, scheme).records == {name: Staff(posts=1, in_post=1)}


@pytest.mark.parametrize("name", NAMES)
def test_an_item_of_any_name_can_be_filled_in(name: str) -> None:
    listed_so = it.checklist(
        "demo.named", tier=it.Tier.PROCESS, title=text("清单", "List"), items={name: text("一\n二", "one\ntwo")}
    )
    scheme = scheme_of(it.Leaf(id="a", indicator=listed_so, points=1, rule=rules.PerItem(each=1)))
    document = tomllib.loads(filled(it.data_template(scheme), scheme))
    assert it.load(document, scheme).judgement["process.group.a"].items == {name: True}


def test_items_that_are_only_counted_need_no_figure() -> None:
    def how_many(projects: it.Items[Project]) -> Any:
        return it.count(projects)

    def of_staff(projects: it.Items[Staff]) -> Any:
        return it.count(projects)

    named, nameless = (
        it.indicator(f"demo.counted_{name}", tier=it.Tier.OUTPUT, unit=it.NUMBER, title=text("项目数", "Projects"))(
            made
        )
        for name, made in (("named", how_many), ("nameless", of_staff))
    )
    rule = rules.AllOrNothing(at_least=1)
    scheme = scheme_of(it.Leaf(id="a", indicator=named, points=1, rule=rule))
    assert [field for field, _ in listed(it.data_template(scheme))["projects"]] == ["name"]
    scheme = scheme_of(it.Leaf(id="a", indicator=nameless, points=1, rule=rule))
    assert listed(it.data_template(scheme))["projects"] == []
    assert it.score(scheme, tomllib.loads(it.data_template(scheme))).total == 1


def test_a_record_that_the_scheme_lists_for_itself_needs_all_its_fields() -> None:
    leaf = it.Leaf(id="a", indicator=staffing, points=1, rule=rules.AllOrNothing(at_most=1))
    scheme = scheme_of(leaf, records={"extra": RecordShape(Budget), "lines": RecordShape(Project, many=True)})
    found = listed(it.data_template(scheme))
    assert [field for field, _ in found["extra"]] == ["planned", "spent"]
    assert [field for field, _ in found["lines"]] == ["name", "active", "planned", "spent"]
    assert [field for field, _ in found["staff"]] == ["posts", "in_post"]


def test_what_an_identity_of_the_scheme_names_is_needed_too() -> None:
    def in_post(staff: Staff) -> Any:
        return staff.in_post

    measure = it.indicator("demo.in_post", tier=it.Tier.INPUT, unit=it.NUMBER, title=text("在职", "In post"))(in_post)
    leaf = it.Leaf(id="a", indicator=measure, points=1, rule=rules.AllOrNothing(at_most=1))

    def template(holds: str) -> list[str]:
        scheme = scheme_of(leaf, identities=[it.StatedIdentity(id="stated", holds=holds)])
        return [field for field, _ in listed(it.data_template(scheme))["staff"]]

    assert template("staff.in_post == staff.posts") == ["posts", "in_post"]
    for holds in ("staff.in_post == 3", "elsewhere.total == staff.posts", "staff.in_post == staff.unheard"):
        assert template(holds) == ["in_post"]


def test_the_template_of_a_version_names_it_by_its_year() -> None:
    scheme = attrs.evolve(whole(), years="2020-2023")
    assert tomllib.loads(it.data_template(scheme))["scheme"] == "small@2020"
    assert tomllib.loads(it.data_template(scheme, named='../a "b".toml'))["scheme"] == '../a "b".toml'


def fills(scheme: it.Scheme, names: Iterable[str]) -> bool:
    return all(name in it.data_template(scheme) for name in names)


def test_the_template_of_the_published_scheme_takes_the_published_figures() -> None:
    for name in it.default_catalog().scheme_ids:
        scheme = it.load_scheme(name)
        document = tomllib.loads(filled(it.data_template(scheme), scheme))
        card = it.score(scheme, document)
        assert card.total is not None
        assert fills(scheme, scheme.data_shape.records)
