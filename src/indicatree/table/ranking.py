"""Ranks of scored units."""

from __future__ import annotations

from typing import Any

__all__ = ["rank"]


def rank(*args: Any, **named: Any) -> Any:
    """To be written."""
    raise NotImplementedError
