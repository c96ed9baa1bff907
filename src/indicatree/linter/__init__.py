"""The linter: what is wrong, doubtful or worth knowing in a scheme, before anybody is scored by it."""

from indicatree.linter.checking import check
from indicatree.linter.findings import Finding, Severity

__all__ = ["Finding", "Severity", "check"]
