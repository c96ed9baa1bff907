"""What every session of pytest and Hypothesis loads: next to nothing."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

import indicatree.testing as public

HEAVY = {"attr", "attrs", "cattrs", "click", "pluggy", "tabulate", "tomli_w"}
OURS = {"indicatree", "indicatree.version", "indicatree.watch", "indicatree.testing"}


def loaded_after(code: str) -> set[str]:
    code = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - our own code
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_hypothesis_loads_nothing_heavy_of_ours() -> None:
    loaded = loaded_after("import hypothesis")
    assert {name for name in loaded if name.partition(".")[0] == "indicatree"} == OURS | {"indicatree.testing.entry"}
    assert not loaded & HEAVY


def test_the_plugin_of_pytest_loads_nothing_heavy() -> None:
    loaded = loaded_after("import indicatree.testing.pytest_plugin")
    assert {name for name in loaded if name.partition(".")[0] == "indicatree"} == (OURS - {"indicatree.watch"}) | {
        "indicatree.testing.pytest_plugin"
    }
    assert not loaded & (HEAVY | {"hypothesis", "pytest", "_pytest"})


def test_the_entry_points_are_there() -> None:
    (hook,) = entry_points(group="hypothesis", name="indicatree")
    assert hook.load().__name__ == "register_records"
    (plugin,) = entry_points(group="pytest11", name="indicatree")
    assert plugin.value == "indicatree.testing.pytest_plugin"


@pytest.mark.parametrize("first", ["indicatree_mof", "hypothesis"])
def test_records_are_known_whichever_is_imported_first(first: str) -> None:
    code = f"""
import {first}
import hypothesis.strategies as st
from indicatree_mof import Budget
st.from_type(Budget).validate()
"""
    assert "indicatree.testing.strategies.record" in loaded_after(code)


def test_nothing_of_it_is_loaded_where_hypothesis_is_not() -> None:
    loaded = loaded_after("import indicatree_mof, indicatree as it; it.default_catalog()")
    assert not {name for name in loaded if name.startswith(("indicatree.testing", "hypothesis"))}


def test_without_hypothesis_it_says_what_to_install() -> None:
    code = """
import sys
sys.modules["hypothesis"] = None
import indicatree.testing
try:
    indicatree.testing.records
except ImportError as error:
    assert "indicatree[testing]" in str(error), error
else:
    raise SystemExit("it was there")
"""
    loaded_after(code)


# The public names


@pytest.mark.parametrize("name", public.__all__)
def test_each_public_name_is_there_and_documented(name: str) -> None:
    thing = getattr(public, name)
    assert (thing.__doc__ or "").strip()


def test_the_public_names_are_sorted_and_listed() -> None:
    def rank(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert list(public.__all__) == sorted(public.__all__, key=rank)
    assert dir(public) == sorted(public.__all__)
    assert set(public._MODULES) == set(public.__all__)


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'recrods'"):
        public.recrods  # noqa: B018 - the access is what is tested
