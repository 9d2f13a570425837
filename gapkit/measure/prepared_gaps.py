"""The gaps of one survey under moved answers: what does not move is computed once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ..survey.survey import Survey
from .levels import levels_of, respondent_scores
from .means import Array, check_confidence, checked_weights, column_means, t_interval

COLUMNS = pd.Index(["n", "E", "P", "gap", "low", "high"])


class PreparedGaps:
    """A survey whose perceptions are asked for again and again; made by `prepare_gaps`."""

    def __init__(self, survey: Survey, confidence: float) -> None:
        check_confidence(confidence)
        self.survey, self.confidence = survey, confidence
        self.weights = checked_weights(survey.weights)
        levels = levels_of(survey)
        self._columns = np.r_[levels.columns("dimensions"), levels.columns("overall")]
        self._index = pd.Index([*levels.dimensions, "overall"], name="score")
        self.expected = "expectations" in survey.batteries
        self._plain = replace(survey, allocations=None)  # nobody asks here for the score weighted by importance
        self._paired = (survey.gaps if self.expected else survey.battery("perceptions")).notna().to_numpy()
        self._E = self._scores(survey.battery("expectations")) if self.expected else None

    def of(self, after: Survey) -> pd.DataFrame:
        """Expectation, perception and gap of every dimension and overall, as `gap_scores` has them, in 2 ms.

        Parameters
        ----------
        after : Survey
            The survey prepared, or what `apply` makes of it by moving perceptions.

        Returns
        -------
        DataFrame
            Rows: the dimensions and "overall". Columns n, E, P, gap, low, high; E to high NaN but for P where the
            survey has no expectations.

        Raises
        ------
        ValueError
            A survey of other respondents.
        """
        perceptions = after.battery("perceptions")
        if not perceptions.index.equals(self.survey.respondents.index):
            raise ValueError("these are other respondents than the ones prepared: pass what apply made of that survey.")
        P = self._scores(perceptions)
        means = column_means(P, self.weights)
        nothing = np.full(len(self._index), np.nan)
        if self._E is None:
            columns = [means.n, nothing, means.mean, nothing, nothing, nothing]
        else:
            of_E, of_gap = column_means(self._E, self.weights), column_means(P - self._E, self.weights)
            gap = means.mean - of_E.mean
            low, high = t_interval(gap, of_gap.se, np.maximum(of_gap.n - 1, 0), self.confidence)
            columns = [of_gap.n, of_E.mean, means.mean, gap, low, high]
        return pd.DataFrame(np.column_stack(columns), index=self._index, columns=COLUMNS)

    def _scores(self, answers: pd.DataFrame) -> Array:
        """Every respondent's dimension scores and overall score, on pairs."""
        paired = np.where(self._paired, answers.to_numpy(float), np.nan)
        table = pd.DataFrame(paired, index=answers.index, columns=answers.columns, copy=False)
        return respondent_scores(self._plain, table)[:, self._columns]


def prepare_gaps(survey: Survey, *, confidence: float = 0.95) -> PreparedGaps:
    """Prepare a survey so that the gaps after one scenario or another take a slider's time.

    Parameters
    ----------
    survey : Survey
        With perceptions; without expectations there are only means.
    confidence : float
        Of the intervals.

    Examples
    --------
    >>> import gapkit as gk
    >>> survey = gk.datasets.load("hotel")
    >>> ready = gk.prepare_gaps(survey)
    >>> after = ready.of(gk.apply(survey, gk.Scenario({"reliability": 0.5})))
    >>> (after - ready.of(survey)).loc[["reliability", "overall"], "gap"].round(2).tolist()
    [0.5, 0.1]
    """
    return PreparedGaps(survey, confidence)
