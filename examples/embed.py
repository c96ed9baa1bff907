"""Score the example from Python: the total, each lost point, one explanation, JSON both ways."""

import sys
from pathlib import Path

import indicatree as it

HERE = Path(__file__).resolve().parent

if hasattr(sys.stdout, "reconfigure"):
    sys.stdout.reconfigure(encoding="utf-8")

scorer = it.prepare(HERE / "leiyang-2022-scheme.toml")
card = scorer.score(scorer.load(HERE / "leiyang-2022.toml"))

print(f"{card.total} of {card.points}, {card.grade.title['en'] if card.grade else 'no grade'}")
for leaf in card.leaves():
    if leaf.lost:
        print(f"-{leaf.lost} {leaf.title['en']}: {leaf.reason['en']}")
print()
print(card.explain("process.budget_execution.project_execution_rate", language="en"))

if it.Scorecard.from_json(card.to_json()) != card:
    sys.exit("the scorecard did not survive JSON")
