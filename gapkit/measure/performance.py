"""Performance scores (SERVPERF): perceptions alone, for items, dimensions and overall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..survey.phrase import phrase, sentences
from ..survey.survey import Survey
from .groups import Numbers, grouped
from .level_scores import LevelScores, left_out, level_fields, share
from .levels import answer_counts, levels_of, respondent_scores
from .means import check_confidence, checked_weights, column_means, t_interval


class PerformanceScores(LevelScores):
    """Perceptions alone with their intervals; see `performance_scores`."""

    @property
    def headline(self) -> str:
        """The overall perception with its interval."""
        return self._headline("P", phrase("perception"))


def performance_scores(
    survey: Survey,
    *,
    by: str | None = None,
    confidence: float = 0.95,
    minimum_n: int = 5,
    alongside: Sequence[str] | None = None,
) -> PerformanceScores:
    """Perceptions alone (SERVPERF), at the same levels and by the same rules as `gap_scores`.

    Parameters
    ----------
    survey : Survey
        With perceptions. Every answered perception counts, with or without an expectation beside it.
    by, confidence, minimum_n, alongside
        As in `gap_scores`.

    Returns
    -------
    PerformanceScores
        ``items``, ``dimensions``, ``overall``, ``weighted`` with the columns n, P (mean perception, scale points),
        sd, se, low, high (t interval), share_top (share of the answers at the scale's top), and n_eff when the survey
        has weights; ``tests`` and ``suppressed`` with ``by=``.

    Raises
    ------
    ValueError
        As in `gap_scores`.

    References
    ----------
    .. [1] Cronin, J. J., & Taylor, S. A. (1992). Measuring service quality: A reexamination and extension. Journal of
       Marketing, 56(3), 55-68.

    Examples
    --------
    >>> import pandas as pd
    >>> from gapkit import Survey, load_instrument
    >>> servqual = load_instrument("servqual")
    >>> P = pd.DataFrame([[6] * 22, [7] * 22, [5] * 22], columns=servqual.item_ids)
    >>> performance_scores(Survey(servqual, perceptions=P)).dimensions.loc["empathy", ["P", "sd"]].tolist()
    [6.0, 1.0]
    """
    check_confidence(confidence)
    levels, weights = levels_of(survey), checked_weights(survey.weights)
    perceived = survey.battery("perceptions")
    P = respondent_scores(survey, perceived)
    at_top, answered = (
        answer_counts(survey, flags.to_numpy()) * np.isfinite(P)
        for flags in (perceived == survey.instrument.scale.high, perceived.notna())
    )

    def numbers(rows: np.ndarray) -> Numbers:
        w = None if weights is None else weights[rows]
        of_P = column_means(P[rows], w)
        low, high = t_interval(of_P.mean, of_P.se, of_P.n - 1, confidence)
        out = {"n": of_P.n, "P": of_P.mean, "sd": of_P.sd, "se": of_P.se, "low": low, "high": high}
        out["share_top"] = share(at_top[rows], answered[rows], w)
        return out if w is None else out | {"n_eff": of_P.n_eff}

    counted = perceived.notna().any(axis=1).to_numpy() & (True if weights is None else weights > 0)
    groups = grouped(
        survey, numbers, levels, by=by, minimum_n=minimum_n, counted=counted, scores=P, alongside=alongside
    )
    said = phrase("Mean perceptions over the items answered.")
    method = sentences(said, left_out(counted, phrase("any answer")))
    return PerformanceScores(**level_fields(survey, groups, levels, of="P", confidence=confidence, method=method))
