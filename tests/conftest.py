"""Settings of Hypothesis that every test shares."""

from __future__ import annotations

from hypothesis import settings

# A machine under load is no defect: nothing here is tested by its time.
settings.register_profile("indicatree", deadline=None)
# Where a test does not name its number of examples: 1,000 times as many.
settings.register_profile("thorough", deadline=None, max_examples=100_000)
settings.load_profile("indicatree")
