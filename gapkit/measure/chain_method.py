"""How the five gaps were computed, from whom, and what was not measured."""

from __future__ import annotations

from collections.abc import Mapping

from ..survey.phrase import joined, phrase, sentences
from .chain_faults import ROLES, SURVEYS
from .positions import CHAIN, POSITIONS, Position, who_answered


def chain_method(
    made: Mapping[str, Position], said: list[str], by: str | None, confidence: float, minimum_n: int
) -> str:
    """What was computed, from whom, and what was not."""
    absent = [ROLES[SURVEYS[letter]] for letter in POSITIONS if letter not in made]
    merged = [letter for letter in CHAIN if letter not in made]
    parts: list[str] = [
        phrase(
            "Gap 1 = M - E, Gap 2 = S - M, Gap 3 = D - S, Gap 4 = C - D (overpromise), Gap 5 = P - E, in scale "
            "points; a dimension is the mean of a respondent's items, then the mean over respondents, overall the "
            "mean of the respondent's dimensions."
        ),
        phrase("{positions}. E and P on pairs.", positions=who_answered(made, POSITIONS)),
    ]
    if absent:
        parts.append(phrase("Not measured, nothing imputed: {roles}.", roles=joined(absent)))
    if merged:
        parts.append(phrase("Their places in the chain are closed by one link."))
    parts += said
    if any(position.weights is not None for position in made.values()):
        intervals = phrase(
            "Intervals at {confidence:.4g}: Gap 5 paired within customers (df = n - 1), all others between independent "
            "samples (Welch), linearised standard errors under survey weights.",
            confidence=confidence,
        )
    else:
        intervals = phrase(
            "Intervals at {confidence:.4g}: Gap 5 paired within customers (df = n - 1), all others between independent "
            "samples (Welch).",
            confidence=confidence,
        )
    parts.append(intervals)
    if any(made[letter].counted.sum() for letter in ("S", "C") if letter in made):
        parts.append(
            phrase("Where standards or promises rest on one audit they are taken as fixed (no error of their own).")
        )
    if not by:
        parts.append(
            phrase(
                "Holm's p: all dimensions and gaps measured are one family, the overall gaps another; links of the "
                "chain are not tested."
            )
        )
    else:
        parts.append(
            phrase(
                "Holm's p within a {by}: all dimensions and gaps measured are one family, the overall gaps another; "
                "links of the chain are not tested.",
                by=by,
            )
        )
        parts.append(
            phrase(
                "Means of a {by} over fewer than {fewest} customers, managers or staff are suppressed; audits are "
                "documents and are shown.",
                by=by,
                fewest=minimum_n,
            )
        )
    return sentences(*parts)
