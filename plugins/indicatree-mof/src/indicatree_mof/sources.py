"""The documents that the indicators cite."""

from __future__ import annotations

__all__ = ["BOTH", "FRAMEWORK", "PROJECT_FRAMEWORK"]

FRAMEWORK = "财预〔2013〕53号"
"""The common indicators of overall department expenditure, annex 2."""

PROJECT_FRAMEWORK = "财预〔2020〕10号"
"""The evaluation of project expenditure, with its framework of indicators."""

BOTH = f"{FRAMEWORK}；{PROJECT_FRAMEWORK}"
"""Both, for an indicator that is the same in each."""
