"""The audit: whether what a report states follows from its own figures."""

from indicatree.audit.auditing import Audit, Checked, audit, audit_file
from indicatree.audit.checks import Verdict
from indicatree.audit.repairs import BrokenFigure, Suspect

__all__ = ["Audit", "BrokenFigure", "Checked", "Suspect", "Verdict", "audit", "audit_file"]
