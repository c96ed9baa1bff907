"""What Hypothesis calls when it is imported, in every session that has this package: it must cost nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicatree.watch import watch

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["register_records"]


def register_records() -> None:
    """Have ``st.from_type`` draw records, of each class that is declared from now on or was before."""
    watch(_register)


def _register(cls: type) -> None:
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415 - only where a record is declared

    from indicatree.data.record import Items  # noqa: PLC0415 - it is loaded where a record is declared

    register_type_strategy(cls, _records)
    register_type_strategy(Items, _items)


def _records(cls: Any) -> SearchStrategy[Any]:
    from indicatree.testing.strategies import records  # noqa: PLC0415 - only where a record is drawn

    return records(cls)


def _items(cls: Any) -> SearchStrategy[Any]:
    from typing import get_args  # noqa: PLC0415 - likewise

    from indicatree.testing.strategies import items  # noqa: PLC0415 - likewise

    return items(*get_args(cls))
