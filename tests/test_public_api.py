"""The public names, and what a type checker says of a user's code."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

import mypy.api
import pytest

import indicatree as it

HEAD = """\
from decimal import Decimal
from fractions import Fraction

import indicatree as it
from indicatree import fields


@it.record("demo.budget", title=it.Text(zh="预算", en="Budget"))
class Budget:
    approved: fields.Money = fields.money("批复数", "approved")
    actual: fields.Money = fields.money("执行数", "actual")
    staff: fields.Count = fields.count("人数", "staff")
    share: fields.Share = fields.share("比例", "share")
    audited: fields.Flag = fields.flag("审计", "audited")
    closed: fields.Date = fields.date("日期", "closed")
    name: fields.Words = fields.text("名称", "name")


"""

RIGHT = (
    HEAD
    + """\
import datetime
from typing import assert_type

budget = Budget(approved=Decimal(1), actual=1, staff="92", share=Fraction(1, 2), audited=True, name="x")
missing = Budget(approved=None)
closed = Budget(closed=datetime.date(2022, 12, 31))
assert_type(budget.approved, it.Quantity)
assert_type(budget.approved / budget.actual, it.Quantity)
assert_type(budget.approved - 2 * budget.actual, it.Quantity)
assert_type(budget.closed, it.Quantity)
assert_type(budget.audited, bool)
assert_type(budget.name, str)


@it.indicator("demo.rate", tier=it.Tier.PROCESS, better=it.LESS, title=it.Text(zh="率", en="Rate"))
def rate(budget: Budget) -> it.Quantity:
    return budget.actual / budget.approved


assert_type(rate, it.Measured)
assert_type(rate(budget), it.Quantity)
assert_type(it.measure(rate, budget=budget).value, it.Quantity | None)
leaf = it.Leaf(id="rate", indicator=rate, points=5, rule=it.rules.AllOrNothing(at_most="100%"))
group = it.Group(id="group", title=it.Text(zh="组", en="Group"), indicators=[leaf])
scheme = it.Scheme(id="demo", tiers=[it.TierNode(tier=it.Tier.PROCESS, groups=[group])])
card = it.score(scheme, {"budget": budget})
assert_type(card, it.Scorecard)
assert_type(card.total, Decimal | None)
assert_type(card.points, Decimal)
assert_type(card.grade, it.Grade | None)
assert_type(card["process.group.rate"].score, Decimal | None)
assert_type(card.explain("process.group.rate", language="en"), str)
assert_type(it.Scorecard.from_json(card.to_json()), it.Scorecard)
"""
)

# Each line is wrong by itself; beside it, what the checker is to say of it.
WRONG = {
    "float_amount": ("Budget(approved=1.5)", "[arg-type]", '"float"'),
    "text_for_flag": ('Budget(audited="yes")', "[arg-type]", '"bool | None"'),
    "misspelt_argument": ("Budget(aproved=1)", "[call-arg]", '"aproved"'),
    "by_position": ("Budget(1)", "[call-arg]", "positional"),
    "misspelt_field": ("Budget(approved=1).aproved", "[attr-defined]", '"aproved"'),
    "changed_record": ("Budget(approved=1).approved = 2", "[misc]", "read-only"),
    "no_catalog": ("it.Catalog(plugin=[])", "[call-arg]", '"plugin"'),
    "no_tier": ('it.graded("demo.x", tier="none", title=it.Text(en="X"))', "[arg-type]", '"Tier"'),
}


def test_the_public_names_are_sorted_constants_first_then_classes_then_functions() -> None:
    def rank(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert list(it.__all__) == sorted(it.__all__, key=rank)
    assert len(set(it.__all__)) == len(it.__all__)


@pytest.mark.parametrize("name", it.__all__)
def test_each_public_name_is_there_and_documented(name: str) -> None:
    thing = getattr(it, name)
    documented = inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing)
    doc = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    assert not documented or (doc and doc.strip()), f"{name} has no docstring"


@pytest.mark.parametrize("name", [name for name in it.__all__ if inspect.isclass(getattr(it, name))])
def test_the_public_methods_of_a_class_are_documented(name: str) -> None:
    cls = getattr(it, name)
    for member, thing in vars(cls).items():
        function = thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
        if member.startswith("_") or not (inspect.isfunction(function) or isinstance(thing, property)):
            continue
        assert (inspect.getdoc(getattr(cls, member)) or "").strip(), f"{name}.{member} has no docstring"


def test_the_names_that_a_module_shares_are_its_own_to_share() -> None:
    for module in (it.fields, it.rules):
        for name in module.__all__:
            assert hasattr(module, name)


def test_a_star_import_gives_the_public_names_and_no_others() -> None:
    names: dict[str, object] = {}
    exec("from indicatree import *", names)  # noqa: S102 - the statement is what is tested
    assert set(names) - {"__builtins__"} == set(it.__all__)


def test_nothing_public_is_left_out_of_the_public_names() -> None:
    floors = {
        "arithmetic",
        "auditing",
        "catalog",
        "cli",
        "data",
        "indicators",
        "linter",
        "problems",
        "scaffold",
        "scheme",
        "scoring",
        "table",
        "testing",
        "text",
        "version",
        "watch",
    }
    machinery = {"TYPE_CHECKING", "Any", "annotations", "import_module"}
    # "@": pytest rewrites the asserts of a package that has a plugin for it, and leaves names of its own.
    found = {name for name in vars(it) if not name.startswith(("_", "@"))} - floors - machinery
    assert found <= set(it.__all__)


def test_the_library_says_that_it_is_typed() -> None:
    assert (Path(it.__file__).parent / "py.typed").is_file()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the checker says of each example, in one run."""
    folder = tmp_path_factory.mktemp("typing")
    (folder / "right.py").write_text(RIGHT, encoding="utf-8")
    for name, (line, _, _) in WRONG.items():
        (folder / f"wrong_{name}.py").write_text(f"{HEAD}{line}\n", encoding="utf-8")
    config = folder / "mypy.ini"
    config.write_text("[mypy]\nstrict = true\nshow_error_codes = true\n", encoding="utf-8")
    files = sorted(map(str, folder.glob("*.py")))
    before = Path.cwd()
    os.chdir(folder)
    try:
        out, err, _ = mypy.api.run(
            ["--config-file", str(config), "--cache-dir", str(folder / "cache"), "--no-error-summary", *files]
        )
    finally:
        os.chdir(before)
    assert err == ""
    found: dict[str, list[str]] = {Path(file).stem: [] for file in files}
    for line in out.splitlines():
        if ": error:" in line:
            found[Path(line.partition(":")[0]).stem].append(line)
    return found


def test_a_users_code_is_accepted_by_a_strict_type_checker(said: dict[str, list[str]]) -> None:
    assert said["right"] == []


@pytest.mark.parametrize("name", WRONG)
def test_a_slip_is_refused_by_the_type_checker(said: dict[str, list[str]], name: str) -> None:
    _, code, words = WRONG[name]
    (error,) = said[f"wrong_{name}"]
    assert int(error.split(":")[1]) == len(HEAD.splitlines()) + 1
    assert code in error
    assert words in error
