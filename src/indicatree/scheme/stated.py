"""What must be equal in every report that a scheme is used on, as a formula in text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from indicatree.indicators.identity import declared_identity
from indicatree.text import Text, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indicatree.data import RecordShape
    from indicatree.indicators import Identity

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

    def declared(self, records: Mapping[str, RecordShape]) -> Identity | None:
        """The identity over these records, by name; None where it names others.

        Raises:
            DeclarationError: It is no equality of formulas, or names what a record does not have.
        """
        from indicatree.indicators.written import WrittenFormula  # noqa: PLC0415 - only such schemes pay for it

        formula = WrittenFormula(self.holds)
        if not set(formula.parameters) <= set(records):
            return None
        shapes = {name: records[name] for name in formula.parameters}
        return declared_identity(formula, shapes, id=self.id, title=self.title)
