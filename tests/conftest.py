"""Settings of Hypothesis that every test shares."""

from __future__ import annotations

from hypothesis import settings

# A machine under load is no defect: nothing here is tested by its time.
settings.register_profile("indicatree", deadline=None)
settings.load_profile("indicatree")
