"""The rank that scores give to the true source of a prediction."""

from torch import Tensor

from attnwidget.analysis.faithfulness.question import Question


def rank_of_truth(question: Question, scores: Tensor) -> float:
    """Return the rank of the best true source, 1 for the highest score.

    Equal scores share the mean of their ranks, so that a rank of 1 is a source alone at the top.
    """
    best = max(float(scores[key]) for key in question.truth)
    others = [float(scores[key]) for key in question.candidates if key not in question.truth]
    higher = sum(score > best for score in others)
    equal = sum(score == best for score in others)
    return 1 + higher + equal / 2


def chance(question: Question) -> tuple[float, float]:
    """Return the probability that a random order has a true source first, and its mean rank."""
    among, true = len(question.candidates), len(question.truth)
    return true / among, (among + 1) / (true + 1)
