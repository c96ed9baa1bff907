"""Try every law thoroughly: 100,000 draws each, with the seed recorded. It takes hours on one core.

Each law is tried on the first subject that has what it asks for: a rule of some kind or an indicator by itself,
which draw fast, or else a small scheme that has everything.

Usage: ``python benchmarks/thorough.py [--examples N] [--seed N] [--part I/N] [LAW ...]``
"""

from __future__ import annotations

import argparse
import time

import indicatree as it
from indicatree import rules, testing
from indicatree.testing import Subject, try_laws

SCHEME = {
    "format": 1,
    "id": "thorough",
    "title": {"zh": "定律检验", "en": "Laws tried"},
    "policies": {"missing": "no_points", "undefined": "no_points", "not_applicable": "left_out"},
    "tiers": [
        {
            "tier": "process",
            "groups": [
                {
                    "id": "budget",
                    "title": {"zh": "预算", "en": "Budget"},
                    "indicators": [
                        {
                            "id": "execution",
                            "indicator": "mof.project_execution_rate",
                            "points": 10,
                            "rule": {"kind": "proportional", "target": "95%"},
                        },
                        {
                            "id": "openness",
                            "indicator": "mof.openness",
                            "points": 5,
                            "rule": {"kind": "checklist", "items": {"content": 3, "time": 2}},
                        },
                    ],
                }
            ],
        },
        {
            "tier": "effect",
            "groups": [
                {
                    "id": "benefit",
                    "title": {"zh": "效益", "en": "Benefit"},
                    "indicators": [
                        {"id": "judged", "indicator": "mof.duty_benefit", "points": 5, "rule": {"kind": "graded"}},
                        {
                            "id": "satisfaction",
                            "indicator": "mof.satisfaction",
                            "points": 6,
                            "rule": {
                                "kind": "bands",
                                "bands": [
                                    {"at_least": "90%", "points": 6},
                                    {"at_least": "60%", "below": "90%", "points": 2},
                                    {"below": "60%", "points": 0},
                                ],
                            },
                        },
                    ],
                }
            ],
        },
    ],
}


def subjects() -> list[Subject]:
    """What the laws are tried on, what draws fastest first."""
    catalog = it.default_catalog()
    steps = rules.DeductPerStep(target="100%", step="1%", points_per_step="0.5", side="above", steps="started")
    either = rules.DeductPerStep(target="100%", step="3%", points_per_step=1, side="either", steps="full")
    return [
        Subject.of_rule(steps, better=it.LESS),
        Subject.of_rule(either, better=it.near("100%")),
        Subject.of_rule(rules.OverFulfilment(threshold="150%", slope="50%")),
        Subject.of_rule(rules.PerItem(items={"a": 3, "b": 2})),
        Subject.of_rule(rules.GradedJudgement()),
        Subject.of_indicator(catalog.indicator("mof.project_execution_rate")),
        Subject.of_scheme(it.load_scheme(SCHEME, catalog=catalog)),
    ]


def main() -> None:
    """Print a line for each law: what it was tried on, how often, with which seed, and what came of it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("laws", nargs="*", metavar="LAW", help="the laws to try; all where none is named")
    options.add_argument("--examples", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=20221231)
    options.add_argument("--part", default="1/1", help="which part of the laws, such as 2/4")
    given = options.parse_args()
    part, parts = map(int, given.part.split("/"))
    laws = [law for law in testing.laws() if law.id in (given.laws or [law.id])]
    broken = 0
    for law in laws[part - 1 :: parts]:
        for subject in subjects():
            started = time.perf_counter()
            (result,) = try_laws(subject, of=[law], examples=given.examples, seed=given.seed)
            if result.skipped:
                continue
            seconds = time.perf_counter() - started
            said = "BROKEN" if result.counterexample else "holds"
            broken += said == "BROKEN"
            print(
                f"{law.id:32} {subject.name:28} {result.tried} draws, seed {given.seed}: {said} ({seconds:.0f} s)",
                flush=True,
            )
            if result.counterexample:
                print(result.counterexample.text())
            break
        else:
            print(f"{law.id:32} no subject has what it asks for", flush=True)
    raise SystemExit(broken > 0)


if __name__ == "__main__":
    main()
