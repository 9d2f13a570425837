"""How R squared was shared out, in sentences."""

from __future__ import annotations

from ..survey.phrase import Joined, phrase, sentences
from .importance import MOST_PREDICTORS


def weights_method(outcome: str, predictors: int, *, confidence: float, draws: int, lost: int) -> Joined:
    """Which weights, and from how many draws their intervals."""
    if predictors <= MOST_PREDICTORS:
        said: str = phrase(
            "Johnson's relative weights and general dominance share out R² of {outcome}; association, not effect.",
            outcome=outcome,
        )
    else:
        said = sentences(
            phrase("Johnson's relative weights share out R² of {outcome}; association, not effect.", outcome=outcome),
            phrase(
                "General dominance is left out: {predictors} predictors are more than {most}.",
                predictors=predictors,
                most=MOST_PREDICTORS,
            ),
        )
    gone = phrase("{lost} draws with a constant or a combination were left out.", lost=lost) if lost else ""
    return sentences(
        said,
        phrase("Percentile intervals at {level:g} % from {draws} draws.", level=100 * confidence, draws=draws),
        gone,
    )


def too_few(predictors: int, outcome: str, n: float) -> ValueError:
    """Fewer respondents than a regression of so many predictors takes."""
    return ValueError(
        phrase(
            "{predictors} predictors of {outcome} need at least one predictor and more than {least} respondents; there "
            "are {n:g}. Use fewer predictors.",
            predictors=predictors,
            outcome=outcome,
            least=predictors + 2,
            n=n,
        )
    )
