"""What must be equal in every report that a scheme is used on, as a formula in text."""

from __future__ import annotations

import attrs

from indicatree.arithmetic import Text, as_text

__all__ = ["StatedIdentity"]


@attrs.frozen(kw_only=True)
class StatedIdentity:
    """An equality of figures that a scheme states, for the audit.

    Attributes:
        id: Its name among the identities of the scheme.
        title: What must be equal, in two languages.
        holds: The equality, such as ``"fund.closing == fund.opening + fund.change"``; its names are those
            of the records in a data file.
    """

    id: str
    title: Text = attrs.field(default=Text(), converter=as_text)
    holds: str
