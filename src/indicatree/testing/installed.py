"""The contract of the installed plugins that ``pytest --indicatree-plugin NAME`` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicatree.testing.contract import PluginContract

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest


class TestInstalled(PluginContract):
    """Each plugin that is named on the command line."""

    def plugins(self, config: pytest.Config) -> Iterable[object]:
        """The names that the option gives."""
        return config.getoption("indicatree_plugin")  # type: ignore[no-any-return]
