"""Settings of Hypothesis that every test shares."""

from __future__ import annotations

import os

from hypothesis import settings

# A machine under load is no defect: nothing here is tested by its time. Where a change is judged (CI) the draws are the
# same each time, so that it is judged by what it changed; everywhere else they are new ones.
settings.register_profile("indicatree", deadline=None, derandomize=bool(os.environ.get("CI")))
# Where a test does not name its number of examples: 1,000 times as many.
settings.register_profile("thorough", deadline=None, max_examples=100_000)
settings.load_profile("indicatree")
