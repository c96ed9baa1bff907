"""Tables: every row of a table scored on the engine that holds it, exactly as one unit is.

This is the extra ``table``: it needs narwhals, and the library of the table.
"""

try:
    import narwhals  # noqa: F401 - what is missing is said here, with what to install
except ImportError as error:
    message = 'tables need narwhals, which is not installed: pip install "indicatree[table]"'
    raise ImportError(message) from error

from indicatree.table.api import raise_for_errors, score_table
from indicatree.table.batches import score_batches
from indicatree.table.ranking import rank
from indicatree.table.units import arrow_of, columns_of

__all__ = ["arrow_of", "columns_of", "raise_for_errors", "rank", "score_batches", "score_table"]
