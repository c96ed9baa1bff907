"""The hooks that a plugin may implement. Mark each implementation with `hookimpl`.

A plugin is a module (or any object) that says the version of this contract that it was written
for, in ``INDICATREE_CONTRACT``, and implements at least one hook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from indicatree.indicators import Identity, Indicator
    from indicatree.scheme import Rule, Scheme

__all__ = ["CONTRACT", "PROJECT", "hookimpl"]

PROJECT = "indicatree"
CONTRACT = 1

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def indicatree_records() -> Iterable[type]:  # type: ignore[empty-body]
    """The record classes that scheme files may name, besides those that the indicators take."""


@hookspec
def indicatree_indicators() -> Iterable[Indicator]:  # type: ignore[empty-body]
    """The indicators that schemes may use."""


@hookspec
def indicatree_rules() -> Iterable[type[Rule]]:  # type: ignore[empty-body]
    """The classes of rules that schemes may use."""


@hookspec
def indicatree_schemes() -> Iterable[Scheme | PathLike[str]]:  # type: ignore[empty-body]
    """The schemes that the plugin offers: as objects, or as files in TOML or JSON."""


@hookspec
def indicatree_identities() -> Iterable[Identity]:  # type: ignore[empty-body]
    """What must be equal in every report that has the figures, for the audit."""
