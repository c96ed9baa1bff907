"""What is asked for in words, of which there are only a few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicatree.problems import DataError, Problem
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["OptionError", "one_of"]


class OptionError(DataError, ValueError):
    """An argument that is none of its choices."""


def one_of(name: str, given: object, known: Iterable[str]) -> None:
    """Refuse what is none of the choices of an argument.

    Raises:
        OptionError: It is none of them.
    """
    known = list(known)
    if given not in known:
        quoted = [f'"{choice}"' for choice in known]
        message = Text(
            zh=f"应为 {'、'.join(quoted)} 之一，实为 {given!r}",
            en=f"expected one of {', '.join(quoted)}, got {given!r}",
        )
        raise OptionError([Problem("bad-value", name, message)])
