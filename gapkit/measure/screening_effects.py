"""What leaving out the flagged respondents would do to the scores: each filter alone, and all together."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from ..survey.screening import Screening
from ..survey.survey import Survey
from .gaps import gap_scores
from .performance import performance_scores

COLUMNS = ["left_out", "n", "mean", "low", "high", "change"]


def screening_effects(
    survey: Survey,
    screening: Screening,
    *,
    of: Literal["gaps", "perceptions"] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """What each filter would do to every dimension's gap; nobody is left out by this.

    Parameters
    ----------
    survey : Survey
        The survey that was screened.
    screening : Screening
        From ``screen(survey)``.
    of : {"gaps", "perceptions"}, optional
        Which scores; gaps where the survey has both halves.
    confidence : float
        Of the t intervals.

    Returns
    -------
    DataFrame, one row per filter and dimension
        First "nobody left out", then each filter that flags anybody, then "all together"; within each the dimensions
        and "overall". ``left_out`` respondents, ``n`` behind the mean, ``mean`` (the gap) with ``low`` and ``high``,
        and ``change``, the mean less the one with nobody left out. Survey weights reach every number.

        A change much smaller than the interval is wide says: it does not matter whom you believe. A large one says:
        report both.

    Raises
    ------
    ValueError
        The screening is of other respondents.

    Examples
    --------
    >>> import gapkit as gk
    >>> survey = gk.datasets.load("hotel")
    >>> effects = screening_effects(survey, gk.screen(survey))
    >>> effects.loc["all together"].index.tolist()
    ['tangibles', 'reliability', 'responsiveness', 'assurance', 'empathy', 'overall']
    """
    if not screening.flags.index.equals(survey.respondents.index):
        raise ValueError(
            f"this screening is of {len(screening.flags)} other respondents than the survey's {survey.n}: "
            "screen the same survey."
        )
    flagged = {name: flag for name, flag in screening.flags.items() if flag.any()}
    filters = {"nobody left out": screening.flagged() & False, **flagged, "all together": screening.flagged()}
    paired = {"expectations", "perceptions"} <= survey.batteries.keys()
    of = of or ("gaps" if paired else "perceptions")
    tables = {}
    for name, out in filters.items():
        kept = survey.without(out, why=f"flagged by {name}") if out.any() else survey
        tables[name] = _scores(kept, of, confidence).assign(left_out=int(out.sum()))
    effects = pd.concat(tables, names=["filter", "score"])
    untouched = tables["nobody left out"]["mean"]
    effects["change"] = effects["mean"] - effects.index.get_level_values("score").map(untouched.to_dict())
    return effects[COLUMNS]


def _scores(survey: Survey, of: str, confidence: float) -> pd.DataFrame:
    """Dimensions and overall: n, mean, low, high."""
    scores = (gap_scores if of == "gaps" else performance_scores)(survey, confidence=confidence)
    column = "gap" if of == "gaps" else "P"
    return pd.concat([scores.dimensions, scores.overall]).rename(columns={column: "mean"})[["n", "mean", "low", "high"]]
