"""The plugins of this repository, and the example, keep every law."""

from __future__ import annotations

from pathlib import Path

import indicatree_mof
from indicatree.testing import PluginContract, SchemeContract

ROOT = Path(__file__).parents[2]


class TestMof(PluginContract):
    plugin = indicatree_mof
    examples = 4


class TestExample(SchemeContract):
    scheme = ROOT / "examples" / "leiyang-2022-scheme.toml"
    examples = 4
