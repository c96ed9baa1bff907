"""What ``indicatree check --laws`` does: the laws of scoring tried on a scheme, with a progress bar on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from indicatree.problems import CatalogError, Problem, SchemeError
from indicatree.scoring import load_scheme
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indicatree.testing import Law, LawsTried

__all__ = ["laws_tried"]


def laws_tried(scheme: str, year: int | None, *, seed: int | None, examples: int) -> LawsTried | None:
    """Try all laws of schemes on a scheme; None where the scheme cannot be made.

    Args:
        scheme: Its id or file.
        year: The year that it is to hold for.
        seed: A number that fixes the draws; by default any, which the result names.
        examples: How many draws each law is tried with.

    Raises:
        CatalogError: The extra ``testing`` is not installed, or there is no such scheme.
    """
    try:
        from indicatree.testing import Subject, try_all  # noqa: PLC0415 - an extra, for this option only
    except ImportError as error:
        fix = 'pip install "indicatree[testing]"'
        message = Text(
            zh=f"检验规律需要 {error.name}，尚未安装", en=f"the laws need {error.name}, which is not installed"
        )
        raise CatalogError([Problem("no-extra", "--laws", message, fix)]) from None
    try:
        found = load_scheme(scheme, year=year)
    except SchemeError:
        return None
    return try_all(Subject.of_scheme(found, named=scheme), seed=seed, examples=examples, progress=_progress)


@contextmanager
def _progress(laws: tuple[Law, ...]) -> Iterator[Iterable[Law]]:
    """A progress bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield laws
        return
    with click.progressbar(laws, file=sys.stderr, item_show_func=lambda law: law.id if law else "") as bar:
        yield bar
