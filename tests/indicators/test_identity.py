"""What must be equal: declared in code, offered by plugins, stated in schemes and in data files."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import indicatree as it
from indicatree import fields, rules
from strategies import execution, scheme_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TITLE = it.Text(zh="期末结余", en="Closing balance")


@it.record("ident.fund", title=it.Text(zh="基金", en="Fund"))
class Fund:
    opening: fields.Money = fields.money("期初", "opening balance", signed=True)
    income: fields.Money = fields.money("收入", "income")
    closing: fields.Money = fields.money("期末", "closing balance", signed=True)
    local: fields.Flag = fields.flag("本级", "local")
    name: fields.Words = fields.text("名称", "name")


@it.record("ident.line", title=it.Text(zh="项目", en="Line"))
class Line:
    spent: fields.Money = fields.money("支出", "spent")


@it.identity("ident.closing", title=TITLE)
def closing(fund: Fund) -> Any:
    """The closing balance is the opening balance with the income."""
    return it.equal(fund.closing, fund.opening + fund.income)


@it.identity("ident.handed_on", title=it.Text(zh="结转", en="Handed on"))
def handed_on(last_year: Fund, this_year: Fund) -> Any:
    """One year opens where the other closed."""
    return it.equal(this_year.opening, last_year.closing)


@it.identity("ident.lines", title=it.Text(zh="合计", en="All lines"))
def all_lines(fund: Fund, lines: it.Items[Line]) -> Any:
    """The income is all that the lines spent."""
    return it.equal(fund.income, it.total(lines.spent))


@it.indicator("ident.rate", tier=it.Tier.PROCESS, title=TITLE)
def rate(fund: Fund) -> Any:
    """Income over what there is at the end."""
    return fund.income / fund.closing


@it.indicator("ident.spent", tier=it.Tier.PROCESS, title=TITLE)
def spent(lines: it.Items[Line]) -> Any:
    """All that the lines spent."""
    return it.total(lines.spent) / 1


def refused(function: Callable[..., Any], **more: Any) -> tuple[it.Problem, ...]:
    with pytest.raises(it.DeclarationError) as caught:
        it.identity(**{"id": "ident.tried", "title": TITLE, **more})(function)
    return caught.value.problems


# Declared in code


def test_an_identity_knows_its_figures_and_its_words() -> None:
    assert closing.figures == [("fund", "closing"), ("fund", "opening"), ("fund", "income")]
    assert closing.words("en") == "closing balance = opening balance + income"
    assert closing.words("zh") == closing.words() == "期末 = 期初 + 收入"
    assert list(closing.parameters) == ["fund"]
    assert closing.parameters["fund"].record_class is Fund
    assert all_lines.parameters["lines"].many
    assert closing.title == TITLE


def inequality(fund: Fund) -> Any:
    return fund.closing >= fund.opening


def number(fund: Fund) -> Any:
    return fund.closing - fund.opening


def two(fund: Fund) -> Any:
    return it.all_of(it.equal(fund.closing, fund.opening), it.equal(fund.income, fund.opening))


def flag(fund: Fund) -> Any:
    return it.equal(fund.local, True)  # noqa: FBT003 - the value that a flag is compared with


def nothing(fund: Fund) -> None:
    del fund


def by_python(fund: Fund) -> Any:
    return fund.closing == fund.opening


def misspelt(fund: Fund) -> Any:
    return it.equal(fund.closing, fund.openning)  # type: ignore[attr-defined]  # that is what is refused


def of_text(fund: Fund) -> Any:
    return it.equal(fund.closing, fund.name)


def unannotated(fund) -> Any:  # type: ignore[no-untyped-def]  # noqa: ANN001 - that is what is refused
    return it.equal(fund.closing, fund.opening)


def no_record(fund: int) -> Any:
    return it.equal(fund, fund)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (inequality, "expected one equality"),
        (number, "condition"),
        (two, "expected one equality"),
        (nothing, "condition"),
        (by_python, "equal(a, b)"),
        (misspelt, 'did you mean "opening"'),
        (of_text, "text"),
        (unannotated, "fund"),
        (no_record, "fund"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_no_equality_of_figures_is_refused_with_what_to_write(function: Any, words: str) -> None:
    found = refused(function)
    assert words in " ".join(map(str, found))
    assert all("ident.tried" in problem.path for problem in found)


def test_an_equality_of_a_flag_is_no_identity() -> None:
    assert refused(flag)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"id": "closing"}, "namespace"),
        ({"id": ""}, "namespace"),
        ({"id": "Ident.Closing"}, "id"),
        ({"title": ""}, "title"),
    ],
)
def test_a_bad_id_or_title_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in " ".join(map(str, refused(closing.function, **more)))


# Offered by plugins


def plugin(name: str, *offered: Any, **more: Any) -> Any:
    made = SimpleNamespace(__name__=name, INDICATREE_CONTRACT=1, **more)
    made.indicatree_identities = it.hookimpl(lambda: list(offered), specname="indicatree_identities")
    return made


def test_identities_come_in_through_the_hook_with_their_records() -> None:
    catalog = it.Catalog(plugins=[plugin("funds", closing, all_lines)], strict=True)
    assert catalog.identities == {"ident.closing": closing, "ident.lines": all_lines}
    assert set(catalog.records) == {"ident.fund", "ident.line"}
    origin = catalog.origin("identities", "ident.closing")
    assert origin is not None
    assert origin.name == "funds"
    assert "mof.fund_closing_balance" in it.default_catalog().identities


def test_two_plugins_that_offer_different_identities_of_one_id_are_both_named() -> None:
    other = it.identity("ident.closing", title=TITLE)(all_lines.function)
    catalog = it.Catalog(plugins=[plugin("first", closing), plugin("second", other)])
    (problem,) = catalog.problems
    assert "first" in str(problem)
    assert "second" in str(problem)
    assert "ident.closing" in str(problem)
    assert catalog.identities["ident.closing"] is closing
    again = it.Catalog(plugins=[plugin("first", closing), plugin("second", closing)], strict=True)
    assert list(again.identities) == ["ident.closing"]


@pytest.mark.parametrize("thing", [closing.function, rate, Fund, "ident.closing", None, 7])
def test_what_is_no_identity_leaves_the_plugin_out_with_what_to_do(thing: Any) -> None:
    catalog = it.Catalog(plugins=[plugin("funds", closing, thing)])
    assert catalog.identities == {}
    (problem,) = catalog.problems
    assert "indicatree_identities" in problem.path
    assert "identity" in problem.message["en"]
    assert problem.fix["en"] == "declare it with @identity"


def test_a_hook_that_gives_no_list_or_raises_leaves_the_plugin_out() -> None:
    broken = plugin("funds")
    broken.indicatree_identities = it.hookimpl(lambda: 7, specname="indicatree_identities")
    assert it.Catalog(plugins=[broken]).problems

    def fail() -> Any:
        msg = "out of order"
        raise RuntimeError(msg)

    broken.indicatree_identities = it.hookimpl(fail, specname="indicatree_identities")
    (problem,) = it.Catalog(plugins=[broken]).problems
    assert "out of order" in str(problem)


def test_a_misspelt_hook_gets_the_right_name() -> None:
    wrong = SimpleNamespace(
        __name__="funds",
        INDICATREE_CONTRACT=1,
        indicatree_identity=it.hookimpl(lambda: [closing], specname="indicatree_identity"),
    )
    (problem,) = it.Catalog(plugins=[wrong]).problems
    assert "indicatree_identities" in str(problem)


# Held against every record that fits

LEAVES = [
    it.Leaf(id="one", indicator=rate, points=0, bindings={"fund": "last_year"}),
    it.Leaf(id="two", indicator=rate, points=0, bindings={"fund": "this_year"}),
    it.Leaf(id="lines", indicator=spent, points=0),
]
SCHEME = scheme_of(*LEAVES)
DATA: dict[str, Any] = {
    "last_year": {"opening": 10, "income": 5, "closing": 15},
    "this_year": {"opening": 15, "income": 6, "closing": 21},
    "lines": [{"spent": 2}, {"spent": 4}],
}


def audited(*identities: it.Identity, data: Any = None, scheme: it.Scheme = SCHEME, **more: Any) -> dict[str, str]:
    catalog = it.Catalog(plugins=[plugin("funds", *identities)], strict=True)
    document = {"format": 1, "data": DATA if data is None else data, **more}
    return {one.check.id: one.verdict.value for one in it.audit(scheme, document, catalog=catalog).checks}


def test_an_identity_is_held_against_every_record_of_its_class() -> None:
    found = audited(closing)
    assert found == {"ident.closing (last_year)": "holds", "ident.closing (this_year)": "holds"}
    wrong = {**DATA, "this_year": {"opening": 15, "income": 6, "closing": 25}}
    assert audited(closing, data=wrong)["ident.closing (this_year)"] == "broken"


def test_an_identity_of_two_records_of_one_class_takes_those_of_its_own_names() -> None:
    assert audited(handed_on) == {"ident.handed_on (last_year, this_year)": "holds"}


def test_an_identity_of_line_items_takes_each_record_with_them() -> None:
    found = audited(all_lines)
    assert found == {
        "ident.lines (last_year, lines)": "holds_within_rounding",
        "ident.lines (this_year, lines)": "holds",
    }
    far = {**DATA, "lines": [{"spent": 20}, {"spent": 4}]}
    assert set(audited(all_lines, data=far).values()) == {"broken"}


def test_the_records_are_named_in_the_title_where_they_have_other_names() -> None:
    catalog = it.Catalog(plugins=[plugin("funds", closing, handed_on)], strict=True)
    found = it.audit(SCHEME, {"format": 1, "data": DATA}, catalog=catalog)
    titles = [one.check.title["en"] for one in found.checks]
    assert titles == ["Closing balance (last_year)", "Closing balance (this_year)", "Handed on"]


def test_an_identity_of_which_nothing_is_given_is_no_check() -> None:
    data = {"last_year": DATA["last_year"]}
    assert audited(closing, data=data) == {"ident.closing (last_year)": "holds"}
    assert audited(closing, data={"this_year": {"local": True}}) == {}


def test_an_identity_that_lacks_a_figure_bounds_it() -> None:
    data = {"last_year": {"opening": 10, "income": 5}}
    catalog = it.Catalog(plugins=[plugin("funds", closing)], strict=True)
    found = it.audit(SCHEME, {"format": 1, "data": data}, catalog=catalog)
    bound = found.bounds["last_year.closing"]
    assert (str(bound.low), str(bound.high)) == ("14", "16")


def test_records_given_in_python_are_held_against_it_too() -> None:
    catalog = it.Catalog(plugins=[plugin("funds", closing)], strict=True)
    data = it.UnitData(records={"last_year": Fund(opening=10, income=5, closing="15.01")})
    found = it.audit(SCHEME, data, catalog=catalog)
    # nothing says how it was printed: it stands for itself
    assert [one.verdict.value for one in found.checks][:1] == ["broken"]


# Stated in schemes

HOLDS = "last_year.closing == last_year.opening + last_year.income"


def stating(*identities: it.StatedIdentity) -> it.Scheme:
    return attrs.evolve(SCHEME, identities=identities)


def test_a_scheme_states_identities_which_its_file_keeps() -> None:
    stated = it.StatedIdentity(id="closing", title=TITLE, holds=HOLDS)
    scheme = stating(stated)
    assert audited(scheme=scheme) == {"identity closing": "holds"}
    catalog = it.Catalog(
        plugins=[
            SimpleNamespace(
                __name__="rates",
                INDICATREE_CONTRACT=1,
                indicatree_indicators=it.hookimpl(lambda: [rate, spent], specname="indicatree_indicators"),
            )
        ],
        strict=True,
    )
    again = catalog.scheme(scheme.to_dict())
    assert again.identities == (stated,)
    assert HOLDS in scheme.to_toml()


SMALL = """
format = 1
id = "small"

[define.records."local.fund"]
title = "Fund"

[define.records."local.fund".fields]
opening = { kind = "money", title = "opening" }
income = { kind = "money", title = "income" }
closing = { kind = "money", title = "closing" }

[define.indicators."local.rate"]
tier = "process"
title = "Rate"
measure = "fund.income / fund.closing"

[[identities]]
id = "closing"
title = "Closing balance"
holds = "fund.closing == fund.opening + fund.income"

[[tiers]]
tier = "process"
[[tiers.groups]]
id = "group"
title = "Group"
[[tiers.groups.indicators]]
id = "rate"
indicator = "local.rate"
points = 10
rule = { kind = "proportional" }
"""

FIGURES = {"format": 1, "data": {"fund": {"opening": 10, "income": 5, "closing": 16}}}


def test_a_scheme_in_a_file_states_identities_of_the_records_that_it_defines(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    (one,) = it.audit(path, FIGURES, catalog=it.Catalog(discover=False)).checks
    assert (one.check.id, one.verdict.value, one.check.title["en"]) == (
        "identity closing",
        "holds_within_rounding",
        "Closing balance",
    )


def test_a_scheme_that_extends_another_adds_its_identities(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    longer = tmp_path / "longer.toml"
    longer.write_text(
        'format = 1\nid = "longer"\nextends = "small.toml"\n'
        '[[identities]]\nid = "no_income"\nholds = "fund.income == 0 * fund.opening"\n',
        encoding="utf-8",
    )
    found = it.audit(longer, FIGURES, catalog=it.Catalog(discover=False)).checks
    assert [(one.check.id, one.verdict.value) for one in found] == [
        ("identity closing", "holds_within_rounding"),
        ("identity no_income", "broken"),
    ]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ('id = "Not This"\nholds = "a.b == c.d"', "identity.Not This"),
        ('id = "one"\nholds = "a.b == "', "identity.one.holds"),
        ('id = "one"\nholds = "a.b = c.d"', "identity.one.holds"),
        ('id = "one"\nholds = ""', "identity.one.holds"),
        ('id = "one"\nhold = "a.b == c.d"', "identity.one"),
        ('holds = "a.b == c.d"', "identities[0]"),
        ('id = "one"\nholds = "a.b == c.d"\n[[identities]]\nid = "one"\nholds = "a.b == c.d"', "identity.one"),
        ('id = "one"\nholds = 7', "identity.one"),
    ],
)
def test_a_wrong_identity_of_a_scheme_is_named_at_its_place(tmp_path: Path, written: str, place: str) -> None:
    path = tmp_path / "small.toml"
    before, _, rest = SMALL.partition("[[identities]]\n")
    _, _, after = rest.partition("\n\n")
    path.write_text(f"{before}[[identities]]\n{written}\n\n{after}", encoding="utf-8")
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(path, catalog=it.Catalog(discover=False))
    assert any(place in problem.path for problem in caught.value.problems)


def test_two_identities_of_one_id_are_told_once(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    first, _, rest = SMALL.partition("[[tiers]]")
    again = '[[identities]]\nid = "closing"\nholds = "fund.income == fund.opening"\n\n'
    path.write_text(f"{first}{again}[[tiers]]{rest}", encoding="utf-8")
    with pytest.raises(it.SchemeError) as caught:
        it.load_scheme(path, catalog=it.Catalog(discover=False))
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("same-id", f"{path}: identity.closing"),
    ]


def test_every_name_of_an_identity_that_a_report_lacks_is_told_with_its_character() -> None:
    holds = "last_year.clsing + nobody.x == this_year.opning * last_year.clsing"
    with pytest.raises(it.DataError) as caught:
        audited(identity=[{"holds": holds}])
    named = [("bad-formula", "last_year.clsing"), ("unknown-record", "nobody"), ("bad-formula", "this_year.opning")]
    found = {problem.code + problem.message["en"].partition(",")[0] for problem in caught.value.problems}
    assert found == {f"{code}character {holds.index(name) + 1}" for code, name in named}
    found = {problem.code + problem.message["zh"].partition(" 个字符")[0] for problem in caught.value.problems}
    assert found == {f"{code}第 {holds.index(name) + 1}" for code, name in named}


def test_an_identity_of_a_scheme_that_is_no_equality_is_named() -> None:
    scheme = stating(it.StatedIdentity(id="closing", holds="last_year.closing >= last_year.opening"))
    with pytest.raises(it.IndicatreeError, match="expected an equality"):
        audited(scheme=scheme)


def test_an_identity_of_a_scheme_on_figures_that_a_report_lacks_cannot_be_checked() -> None:
    scheme = stating(it.StatedIdentity(id="other", holds="last_year.closing == elsewhere.total"))
    assert audited(scheme=scheme) == {"identity other": "cannot_be_checked"}
    given = {"elsewhere": {"total": 15}}
    assert audited(scheme=scheme, figures=given) == {"identity other": "holds"}


# Stated in data files


@pytest.mark.parametrize(
    ("said", "place", "code"),
    [
        ({"holds": 7}, "identity[0].holds", "missing-key"),
        ({}, "identity[0].holds", "missing-key"),
        ({"holds": HOLDS, "hold": 1}, "identity[0].hold", "unknown-key"),
        ({"holds": HOLDS, "title": 7}, "identity[0].title", "bad-value"),
        ({"holds": HOLDS, "at": [1]}, "identity[0].at", "bad-value"),
        ({"holds": "last_year.closing = 5"}, "identity[0].holds", "bad-formula"),
        ({"holds": "last_year.closing"}, "identity[0].holds", "not-an-equality"),
        ({"holds": "last_year.closing >= 5"}, "identity[0].holds", "not-an-equality"),
        ({"holds": "last_year.closing == 5 == last_year.opening"}, "identity[0].holds", "not-an-equality"),
        ({"holds": "last_year.closing != 5"}, "identity[0].holds", "not-an-equality"),
        ({"holds": "1 == 1"}, "identity[0].holds", "not-an-equality"),
        ({"holds": "nobody.closing == 5"}, "identity[0].holds", "unknown-record"),
        ({"holds": "last_yaer.closing == 5"}, "identity[0].holds", "unknown-record"),
        ({"holds": "last_year.clsing == 5"}, "identity[0].holds", "bad-formula"),
        ({"holds": "last_year.local == 5"}, "identity[0].holds", "bad-formula"),
        ({"holds": "total(last_year.closing) == 5"}, "identity[0].holds", "bad-formula"),
        ({"holds": "lines.spent == 5"}, "identity[0].holds", "not-an-equality"),
    ],
)
def test_a_wrong_identity_of_a_data_file_is_named_at_its_place(said: dict[str, Any], place: str, code: str) -> None:
    with pytest.raises(it.DataError) as caught:
        audited(identity=[said])
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(place, code)]


@pytest.mark.parametrize("identity", [7, {"holds": HOLDS}, [7], ["a.b == c.d"]])
def test_identities_are_a_list_of_tables(identity: Any) -> None:
    with pytest.raises(it.DataError, match="list of tables"):
        audited(identity=identity)


@pytest.mark.parametrize(
    ("holds", "verdict"),
    [
        (HOLDS, "holds"),
        ("last_year.opening + last_year.income == last_year.closing", "holds"),
        ("15 == last_year.closing", "holds"),
        ("last_year.opening + last_year.income == last_year.closing + 0 * last_year.income", "holds"),
        ("last_year.closing == last_year.opening", "broken"),
        ("this_year.income == total(lines.spent)", "holds"),
        ("this_year.income == total(lines.spent, where=lines.spent > 100)", "broken"),
        ("count(lines) == 2 + 0 * last_year.income", "holds"),
        ("last_year.income == abs(last_year.opening - last_year.closing)", "holds"),
        ("last_year.closing == maximum(last_year.opening, last_year.income + 10)", "holds"),
        ("last_year.closing == last_year.opening / last_year.income", "broken"),
        ("last_year.closing == last_year.opening / (last_year.income - 5)", "cannot_be_checked"),
        ("last_year.closing == (15 if last_year.opening > 0 else 1)", "holds"),
    ],
)
def test_an_identity_in_text_is_any_formula_over_the_figures(holds: str, verdict: str) -> None:
    assert audited(identity=[{"holds": holds}]) == {"identity 1": verdict}


def test_the_figure_that_stands_alone_is_the_stated_one() -> None:
    for holds in (HOLDS, "last_year.opening + last_year.income == last_year.closing"):
        document = {"format": 1, "data": DATA, "identity": [{"holds": holds}]}
        (one,) = it.audit(SCHEME, document, catalog=it.Catalog(discover=False)).checks
        assert (one.check.stated, one.stated, one.computed) == ("last_year.closing", "15", "15")


def test_an_identity_of_line_items_of_which_there_are_none_cannot_be_checked() -> None:
    found = audited(data={**DATA, "lines": []}, identity=[{"holds": "total(lines.spent) == 0"}])
    assert found == {"identity 1": "cannot_be_checked"}


def test_a_total_of_a_thousand_line_items_is_checked() -> None:
    data = {**DATA, "lines": [{"spent": index} for index in range(1500)]}
    holds = "this_year.income == total(lines.spent)"
    assert audited(data=data, identity=[{"holds": holds}]) == {"identity 1": "broken"}
    data["this_year"] = {"income": sum(range(1500))}
    assert audited(data=data, identity=[{"holds": holds}]) == {"identity 1": "holds"}


def test_an_identity_without_a_title_is_called_by_its_formula() -> None:
    catalog = it.Catalog(discover=False)
    found = it.audit(SCHEME, {"format": 1, "data": DATA, "identity": [{"holds": HOLDS, "at": "p. 1"}]}, catalog=catalog)
    assert found.checks[0].check.title == it.Text.of(HOLDS)
    assert found.checks[0].check.at == it.Text.of("p. 1")


def test_a_scheme_of_other_records_is_not_touched_by_the_identities_of_a_plugin() -> None:
    leaf = it.Leaf(id="rate", indicator=execution, points=10, rule=rules.Proportional())
    assert audited(closing, data={"budget": {"planned": 1, "spent": 1}}, scheme=scheme_of(leaf)) == {}
