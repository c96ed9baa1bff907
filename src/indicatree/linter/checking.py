"""A scheme checked: everything that is wrong, doubtful or worth knowing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.catalog import default_catalog
from indicatree.linter.findings import Finding, Severity, of_problem
from indicatree.linter.rules import rule_findings
from indicatree.linter.tree import tree_findings
from indicatree.problems import SchemeError
from indicatree.scheme import Scheme

if TYPE_CHECKING:
    from os import PathLike

    from indicatree.catalog import Catalog

__all__ = ["check"]


def check(
    scheme: Scheme | str | PathLike[str] | Mapping[str, Any],
    *,
    catalog: Catalog | None = None,
    year: int | None = None,
) -> tuple[Finding, ...]:
    """Check a scheme before it is used on anybody.

    Args:
        scheme: A scheme, the id of one that a plugin offers, a file, or what a file holds.
        catalog: Where ids are looked up; by default among the installed plugins.
        year: The year that the scheme is to hold for, where it is not given as an object.

    Returns:
        The findings, errors first. A scheme that cannot be made has its errors only: what else there
        is to say of it shows once they are mended.

    Raises:
        CatalogError: There is no such scheme.
        SchemeError: The file cannot be read.

    Example:
        >>> from indicatree.catalog import Catalog
        >>> empty = {"format": 1, "id": "empty", "tiers": []}
        >>> [finding.code for finding in check(empty, catalog=Catalog(discover=False))]
        ['empty-scheme']
    """
    if not isinstance(scheme, Scheme):
        try:
            scheme = (catalog or default_catalog()).scheme(scheme, year=year)
        except SchemeError as error:
            # what is wrong inside a file has its path behind the name of the file
            name = "scheme" if isinstance(scheme, Mapping) else str(scheme)
            if all(": " not in p.path.removeprefix(name) for p in error.problems):
                raise
            inside = [attrs.evolve(p, path=p.path.removeprefix(f"{name}: ")) for p in error.problems]
            return tuple(map(of_problem, inside))
    found = [*tree_findings(scheme)]
    for path, leaf in scheme.leaves():
        found += [attrs.evolve(finding, path=f"{path}.{finding.path}") for finding in rule_findings(leaf)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))
