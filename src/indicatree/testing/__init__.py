"""Property tests of scoring logic: strategies, laws, and contracts for plugins.

This is the extra ``testing``: it needs Hypothesis and pytest, and nothing of the core imports it but ``check --laws``.
The public names are those of ``__all__``; each is imported when it is first used, since Hypothesis and pytest load this
package in every session.

What is public here stays as it is within a minor version: names, arguments, the ids of laws and capabilities. New
laws come with minor versions only, so that a plugin pinned to one (``indicatree[testing]>=0.1,<0.2``) does not fail
one day for no change of its own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indicatree.testing.contract import IndicatorContract, PluginContract, RuleContract, SchemeContract
    from indicatree.testing.documents import data_document, data_toml
    from indicatree.testing.run import LawResult, LawsTried, Reach, try_all, try_laws
    from indicatree.testing.standard import (
        ADDITIVE,
        AMOUNTS,
        CHECKLISTS,
        DIRECTION,
        EDGES,
        FORMULAS,
        GRADES,
        LEAVES_LEFT_OUT,
        RATIO_OF_AMOUNTS,
        STATEMENTS,
        STRICT_ON_MISSING,
        SUMS,
        TABLES,
        TARGET,
    )
    from indicatree.testing.strategies import (
        InvalidScheme,
        data_for,
        figures,
        invalid_schemes,
        items,
        measures,
        records,
        register_kind,
        schemes,
    )
    from indicatree.testing.trials import (
        Capability,
        Counterexample,
        Law,
        LawBroken,
        Subject,
        Trial,
        law,
        laws,
        register,
    )

__all__ = [
    "ADDITIVE",
    "AMOUNTS",
    "CHECKLISTS",
    "DIRECTION",
    "EDGES",
    "FORMULAS",
    "GRADES",
    "LEAVES_LEFT_OUT",
    "RATIO_OF_AMOUNTS",
    "STATEMENTS",
    "STRICT_ON_MISSING",
    "SUMS",
    "TABLES",
    "TARGET",
    "Capability",
    "Counterexample",
    "IndicatorContract",
    "InvalidScheme",
    "Law",
    "LawBroken",
    "LawResult",
    "LawsTried",
    "PluginContract",
    "Reach",
    "RuleContract",
    "SchemeContract",
    "Subject",
    "Trial",
    "data_document",
    "data_for",
    "data_toml",
    "figures",
    "invalid_schemes",
    "items",
    "law",
    "laws",
    "measures",
    "records",
    "register",
    "register_kind",
    "schemes",
    "try_all",
    "try_laws",
]

_NAMES = {
    "contract": ("IndicatorContract", "PluginContract", "RuleContract", "SchemeContract"),
    "documents": ("data_document", "data_toml"),
    "run": ("LawResult", "LawsTried", "Reach", "try_all", "try_laws"),
    "standard": (
        "ADDITIVE",
        "AMOUNTS",
        "CHECKLISTS",
        "DIRECTION",
        "EDGES",
        "FORMULAS",
        "GRADES",
        "LEAVES_LEFT_OUT",
        "RATIO_OF_AMOUNTS",
        "STATEMENTS",
        "STRICT_ON_MISSING",
        "SUMS",
        "TABLES",
        "TARGET",
    ),
    "strategies": (
        "InvalidScheme",
        "data_for",
        "figures",
        "invalid_schemes",
        "items",
        "measures",
        "records",
        "register_kind",
        "schemes",
    ),
    "trials": ("Capability", "Counterexample", "Law", "LawBroken", "Subject", "Trial", "law", "laws", "register"),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used.

    Raises:
        AttributeError: There is no such name.
        ImportError: Hypothesis is not installed.
    """
    module = _MODULES.get(name)
    if module is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    try:
        found = import_module(f"{__name__}.{module}")
    except ModuleNotFoundError as error:
        if error.name not in ("hypothesis", "pytest"):
            raise
        msg = f'{error.name} is not installed: pip install "indicatree[testing]"'
        raise ImportError(msg, name=error.name) from error
    value = globals()[name] = getattr(found, name)
    return value


def __dir__() -> list[str]:
    """The public names."""
    return [*__all__]
