"""What pytest loads in every session that has this package: an option, and nothing that costs time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_CONTRACT = Path(__file__).with_name("installed.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that names an installed plugin."""
    group = parser.getgroup("indicatree")
    group.addoption(
        "--indicatree-plugin",
        action="append",
        default=[],
        metavar="NAME",
        help="Try the laws of scoring on an installed indicatree plugin; without a path, nothing else is run.",
    )
    group.addoption(
        "--indicatree-examples",
        type=int,
        default=None,
        metavar="N",
        help="How many draws each law is tried with, where a contract does not say; by default as Hypothesis is set.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have the contract collected where a plugin is named."""
    if not config.getoption("indicatree_plugin") or str(_CONTRACT) in config.args:
        return
    given = config.args_source is config.ArgsSource.ARGS
    config.args[:] = [*(config.args if given else ()), str(_CONTRACT)]
