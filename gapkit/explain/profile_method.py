"""How profiles of segments were made: what is adjusted, tested, weighted, not shown and left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..survey.naming import battery_name
from ..survey.phrase import joined, phrase, sentences
from .bch import Placed
from .segment_names import RULE

if TYPE_CHECKING:
    from .segments import Segments


def profile_method(
    who: Placed,
    segments: Segments,
    *,
    out: int,
    confidence: float,
    minimum_n: int,
    weighted: bool,
    stated: str,
    notes: Sequence[str],
) -> str:
    """Exactly what was computed, and who is not in it."""
    right = float(who.share @ np.diag(who.errors))
    if not np.isfinite(who.counts).all():
        bias = phrase(
            "Placements say too little about membership to be corrected (nobody is placed in a segment, or two cannot "
            "be told apart): adjusted means are NaN."
        )
    elif right > 1 - 1e-9:
        bias = phrase("Membership is certain (a posterior of 0 and 1), so adjusted means are the plain ones.")
    else:
        bias = phrase(
            "Everybody is placed in the most probable segment, {right:.1%} of them rightly as the model expects. "
            "Shares, outcomes and importance are adjusted for the others (BCH, modal placement; linearised standard "
            "errors that take the segments and the errors of placement as known); `plain` is not adjusted.",
            right=right,
        )
    size = phrase("Kish's effective n (a first-order correction for survey weights)") if weighted else "n"
    return sentences(
        bias,
        phrase(
            "The segments were found from {battery}. Profiles by dimension are means of those placed, described and "
            "not tested: any segmentation makes such means differ.",
            battery=battery_name(segments.on),
        ),
        phrase(
            "Intervals at {level:g} % (t; logit for shares). Outcomes: Wald tests. Demographics, of those placed: "
            "Pearson's chi-squared on {size} with Cramér's V. Holm's p over the outcomes and over the columns.",
            level=100 * confidence,
            size=size,
        ),
        phrase("Survey weights reach every number.") if weighted else "",
        stated,
        phrase("Segments and cells of fewer than {fewest} respondents are not shown.", fewest=minimum_n),
        *notes,
        phrase("Respondents in no segment, left out: {out}.", out=out) if out else phrase("No respondent is left out."),
        RULE,
    )


def hidden_notes(scores: bool, values: bool) -> list[str]:
    """What else follows from cells that are not shown: of scores by segment, and of values of columns by segment."""
    said: list[str] = []
    if scores:
        said.append(
            phrase("The means of everyone leave out the respondents of cells that are not shown, score by score.")
        )
    if values:
        said.append(
            phrase(
                "Nor are counts shown from which a smaller one could be worked out, segments and columns being known; "
                "values with a cell that is not shown are one value in the test of their column."
            )
        )
    return said


def range_notes(means: Sequence[str], intervals: Sequence[str]) -> list[str]:
    """Which adjusted means and intervals no answers can have."""
    said: list[str] = []
    if means:
        said.append(
            phrase(
                "Adjusted means outside the range of the answers: {names}. The adjustment overshoots where a segment "
                "is small or it is uncertain who belongs to it; read `plain` beside it.",
                names=joined(means),
            )
        )
    if intervals:
        names = joined(intervals)
        said.append(
            phrase("Intervals of adjusted means that leave it: {names}.", names=names)
            if means
            else phrase("Intervals of adjusted means that leave the range of the answers: {names}.", names=names)
        )
    return said
