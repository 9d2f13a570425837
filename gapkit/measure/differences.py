"""What is left of two reliable scores when one is subtracted from the other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gapkit.measure.alpha import alpha_of
from gapkit.measure.reduce import moments
from gapkit.survey.survey import Survey


def difference_reliability(survey: Survey) -> pd.DataFrame:
    """Reliability of the difference between a dimension's perception and expectation scores.

    ``r_D = (r_P s_P^2 + r_E s_E^2 - 2 r s_P s_E) / (s_P^2 + s_E^2 - 2 r s_P s_E)``: what is left of two reliable scores
    when what they share is subtracted.

    Parameters
    ----------
    survey : Survey
        With expectations and perceptions.

    Returns
    -------
    DataFrame, one row per dimension and the row "total"
        `alpha_perceptions` (r_P), `alpha_expectations` (r_E), the standard deviations of the two mean scores
        `sd_perceptions` and `sd_expectations`, their correlation `r`, and `difference_reliability` (r_D).

    References
    ----------
    .. [1] Lord, F. M. (1963). Elementary models for measuring change. In C. W. Harris (Ed.), Problems in measuring
       change.
    .. [2] Peter, J. P., Churchill, G. A., & Brown, T. J. (1993). Caution in the use of difference scores in consumer
       research. Journal of Consumer Research, 19, 655-662.

    Examples
    --------
    >>> import gapkit as gk
    >>> gk.difference_reliability(gk.datasets.load("hotel")).index[-1]
    'total'
    """
    survey.battery("expectations"), survey.battery("perceptions")  # a clear error where one of them was not asked
    scales = {dimension.id: list(dimension.items) for dimension in survey.instrument.dimensions}
    scales["total"] = [item for items in scales.values() for item in items]
    reduced = moments(survey)
    rows = {}
    for name, members in scales.items():
        k = len(members)
        both = reduced.select([f"P.{item}" for item in members] + [f"E.{item}" for item in members])
        covariances = both.covariance().to_numpy()
        p, e, between = covariances[:k, :k], covariances[k:, k:], covariances[:k, k:]
        r_p, r_e = float(alpha_of(p)), float(alpha_of(e))
        with np.errstate(invalid="ignore", divide="ignore"):
            s_p, s_e, r = np.sqrt(p.mean()), np.sqrt(e.mean()), between.mean() / np.sqrt(p.mean() * e.mean())
            true = r_p * s_p**2 + r_e * s_e**2 - 2 * r * s_p * s_e
            r_d = true / (s_p**2 + s_e**2 - 2 * r * s_p * s_e)
        rows[name] = {
            "alpha_perceptions": r_p,
            "alpha_expectations": r_e,
            "sd_perceptions": s_p,
            "sd_expectations": s_e,
            "r": r,
            "difference_reliability": r_d,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("dimension")
