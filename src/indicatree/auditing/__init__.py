"""The audit: whether what a report states follows from its own figures."""

from indicatree.auditing.checks import Verdict
from indicatree.auditing.repairs import BrokenFigure, Suspect
from indicatree.auditing.run import Audit, Checked, audit, audit_file

__all__ = ["Audit", "BrokenFigure", "Checked", "Suspect", "Verdict", "audit", "audit_file"]
