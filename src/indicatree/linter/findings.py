"""What a linter says: findings with a code, a severity, a place, a message and a fix."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from indicatree.linter.words import FIXES
from indicatree.text import Text, as_text

if TYPE_CHECKING:
    from indicatree.problems import Problem

__all__ = ["Finding", "Severity", "of_problem"]


class Severity(Enum):
    """How much a finding matters.

    Attributes:
        ERROR: The scheme is wrong: it cannot be used, or it takes points for doing better.
        WARNING: The scheme can be used, and probably does not do what its authors mean.
        NOTE: Worth knowing before the scheme is used.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def title(self) -> Text:
        """The severity in two languages."""
        return _TITLES[self]


_CORRECT = Text(zh="按提示改正", en="correct it")

_TITLES = {
    Severity.ERROR: Text(zh="错误", en="error"),
    Severity.WARNING: Text(zh="警告", en="warning"),
    Severity.NOTE: Text(zh="提示", en="note"),
}


@attrs.frozen
class Finding:
    """One thing that a linter found.

    Attributes:
        code: A stable short name of the kind of finding, such as ``better-loses-points``.
        severity: How much it matters.
        path: Where it is: the path of a node and what of it (``process.budget.rate.rule``).
        message: What is the matter, in two languages.
        fix: What to do, in two languages; of a note, what to do if it is not meant.
    """

    code: str
    severity: Severity
    path: str
    message: Text = attrs.field(converter=as_text)
    fix: Text = attrs.field(default=Text(), converter=as_text)

    def words(self, language: str = "zh") -> str:
        """The message and the fix in one line."""
        fix = self.fix[language]
        return self.message[language] + (Text(zh=f"（{fix}）", en=f" ({fix})")[language] if fix else "")

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """The finding as JSON holds it: words in the language asked for, and beside it in both."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "path": self.path,
            "message": self.message[language],
            "messages": self.message.to_dict(),
            "fix": self.fix[language],
            "fixes": self.fix.to_dict(),
        }


def of_problem(problem: Problem) -> Finding:
    """What keeps a scheme from being made, as a finding; its code says what to do where the problem does not."""
    return Finding(
        problem.code, Severity.ERROR, problem.path, problem.message, problem.fix or FIXES.get(problem.code, _CORRECT)
    )
