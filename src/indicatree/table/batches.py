"""Tables that come in batches."""

from __future__ import annotations

from typing import Any

__all__ = ["score_batches"]


def score_batches(*args: Any, **named: Any) -> Any:
    """To be written."""
    raise NotImplementedError
