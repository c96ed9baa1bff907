"""Scoring: one unit and a scheme give a scorecard, with its explanation."""

from indicatree.scoring.api import Measurement, load, load_scheme, measure, prepare, score, score_file, score_many
from indicatree.scoring.prepare import Scorer
from indicatree.scoring.rubric import scoring_table
from indicatree.scoring.scorecard import Adjustment, Line, NodeInfo, NodeScore, Outcome, Scorecard, VetoResult

__all__ = [
    "Adjustment",
    "Line",
    "Measurement",
    "NodeInfo",
    "NodeScore",
    "Outcome",
    "Scorecard",
    "Scorer",
    "VetoResult",
    "load",
    "load_scheme",
    "measure",
    "prepare",
    "score",
    "score_file",
    "score_many",
    "scoring_table",
]
