"""Who is told of each record class that is declared: a place that costs nothing to import."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakSet

__all__ = ["announce", "watch"]

Told = Callable[[type], None]

_classes: WeakSet[type] = WeakSet()
_told: list[Told] = []


def announce(cls: type) -> None:
    """Say that a class was declared as a record."""
    _classes.add(cls)
    for tell in _told:
        tell(cls)


def watch(tell: Told) -> None:
    """Have a function called with each record class: those that there are, and each new one."""
    if tell not in _told:
        _told.append(tell)
        for cls in list(_classes):
            tell(cls)
