"""Means of segments whose members are not known for sure: adjusted for people who were put in the wrong one (BCH)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from ..measure.means import holm, t_interval
from ..survey.phrase import phrase

Array = np.ndarray
SINGULAR = 1e-8
"""Reciprocal condition below which placements say too little about membership to be corrected."""


class Placed(NamedTuple):
    """Respondents put where they most probably belong, and what that is worth.

    where : int array, length n; the place of each respondent's segment.
    share : array, length K; the mean posterior probability of each segment.
    certainty : array, length K; the mean probability with which those placed in a segment belong to it.
    errors : array, K x K; of those who belong to the row's segment, the share put in the column's. Rows add up to 1.
    counts : float array, n x K; how much each respondent counts for each segment, rows add up to 1. NaN where `errors`
        cannot be inverted.
    weights : array, length n; survey weights, 1 for everybody without.
    """

    where: Array
    share: Array
    certainty: Array
    errors: Array
    counts: Array
    weights: Array


class Adjusted(NamedTuple):
    """Adjusted means of q columns in K segments: n placed with an answer, mean, se (K x q); covariance (q x K x K)."""

    n: Array
    mean: Array
    se: Array
    covariance: Array


def placed(posterior: Array, weights: Array | None = None) -> Placed:
    r"""Put everybody in the most probable segment, and undo the errors of doing so.

    With :math:`p_{it}` the probability that respondent i belongs to segment t, and :math:`w_{is} = 1` where i is in s,

    .. math:: D_{ts} = \frac{\sum_i p_{it} w_{is}}{\sum_i p_{it}}, \qquad W^* = W D^{-1}

    A respondent's counts :math:`w^*_{it}` add up to 1, are expected to be 1 in the own segment and 0 in the others, and
    may be negative or above 1.

    Parameters
    ----------
    posterior : array, n x K
        Rows add up to 1.
    weights : array of length n, or None
        Survey weights.

    References
    ----------
    .. [1] Bolck, A., Croon, M., & Hagenaars, J. (2004). Estimating latent structure models with categorical variables:
       One-step versus three-step estimators. Political Analysis, 12(1), 3-27.
    .. [2] Vermunt, J. K. (2010). Latent class modeling with covariates: Two improved three-step approaches. Political
       Analysis, 18(4), 450-469.

    Examples
    --------
    >>> found = placed(np.array([[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.1, 0.9]]))
    >>> found.errors.round(2).tolist()
    [[0.85, 0.15], [0.15, 0.85]]
    >>> found.counts[0].round(3).tolist()
    [1.214, -0.214]
    """
    w = np.ones(len(posterior)) if weights is None else weights
    where = posterior.argmax(axis=1)
    chosen = np.eye(posterior.shape[1])[where]
    belongs = w @ posterior
    together = (posterior * w[:, None]).T @ chosen
    errors = np.divide(together, belongs[:, None], out=np.zeros_like(together), where=belongs[:, None] > 0)
    inside = together.sum(axis=0)
    sure = np.divide(np.diag(together), inside, out=np.full(len(inside), np.nan), where=inside > 0)
    share = np.minimum(belongs / w.sum(), 1.0)  # rounding must not make it more than everybody
    if np.linalg.cond(errors) * SINGULAR > 1:
        return Placed(where, share, sure, errors, np.full(posterior.shape, np.nan), w)
    return Placed(where, share, sure, errors, chosen @ np.linalg.inv(errors), w)


def adjusted_means(values: Array, who: Placed) -> Adjusted:
    r"""Means of columns in every segment, adjusted for classification error.

    .. math:: \hat\mu_t = \frac{\sum_i s_i w^*_{it} y_i}{\sum_i s_i w^*_{it}}, \qquad
       \widehat{\mathrm{cov}}(\hat\mu_t, \hat\mu_u) = \frac{\sum_i e_{it} e_{iu}}{N_t N_u}, \qquad
       e_{it} = \sqrt{\tfrac{n_t}{n_t - 1}} s_i w^*_{it} (y_i - \hat\mu_t)

    with s the survey weights and :math:`N_t = \sum_i s_i w^*_{it}`: the sandwich of a weighted regression on the
    segments in which a respondent is one cluster (linearised). With a posterior of zeros and ones it is the plain mean
    with the plain standard error. The errors of classification are taken as known, which they are not quite.

    Parameters
    ----------
    values : array, n x q
        NaN = unanswered.
    who : Placed

    References
    ----------
    .. [1] Bakk, Z., Tekle, F. B., & Vermunt, J. K. (2013). Estimating the association between latent class membership
       and external variables using bias-adjusted three-step approaches. Sociological Methodology, 43(1), 272-311.

    Examples
    --------
    >>> who = placed(np.array([[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.1, 0.9]]))
    >>> adjusted_means(np.array([[1.0], [1.0], [2.0], [2.0]]), who).mean.round(3).ravel().tolist()
    [0.786, 2.214]
    """
    K = who.counts.shape[1]
    n, mean = np.empty((K, values.shape[1]), int), np.full((K, values.shape[1]), np.nan)
    covariance = np.full((values.shape[1], K, K), np.nan)
    for q, y in enumerate(values.T):
        answered = np.isfinite(y) & (who.weights > 0)
        n[:, q] = np.bincount(who.where[answered], minlength=K)
        counts, y = who.counts[answered] * who.weights[answered, None], y[answered]
        total = counts.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean[:, q] = np.where(n[:, q] > 0, counts.T @ y / total, np.nan)
            bessel = np.sqrt(np.where(n[:, q] > 1, n[:, q] / (n[:, q] - 1), np.nan))
            apart = bessel * counts * (y[:, None] - mean[:, q]) / total
        covariance[q] = apart.T @ apart
    se = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)).T
    return Adjusted(n, mean, np.where(se <= 1e-12 * (1 + np.abs(mean)), 0.0, se), covariance)  # noise is no spread


def plain_means(values: Array, who: Placed) -> Array:
    """Means of those who were put in each segment, as if that were certain: K x q."""
    inside = np.eye(len(who.share))[who.where] * who.weights[:, None]
    answered = np.isfinite(values)
    total, summed = inside.T @ answered, inside.T @ np.where(answered, values, 0.0)
    return np.divide(summed, total, out=np.full(total.shape, np.nan), where=total > 0)


def sizes(who: Placed, confidence: float) -> pd.DataFrame:
    """Each segment's share of everybody with its interval; one row a segment, in order.

    The share is the mean posterior probability, which is the mean of the adjusted counts; its linearised standard error
    is that of those counts, so it grows with the errors of classification. The interval is symmetric on the logit
    scale.

    Examples
    --------
    >>> sure = placed(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]))
    >>> sizes(sure, 0.95)[["n", "share", "se"]].to_numpy().tolist()
    [[3.0, 0.75, 0.25], [1.0, 0.25, 0.25]]
    """
    w, share, n = who.weights, who.share, int((who.weights > 0).sum())
    apart = w[:, None] * (who.counts - share) / w.sum()
    se = np.sqrt(n / max(n - 1, 1) * (apart**2).sum(axis=0))
    se = np.where(se <= 1e-12, 0.0, se)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = special.ndtri((1 + confidence) / 2) * se / (share * (1 - share))
        low, high = special.expit(special.logit(share) - half), special.expit(special.logit(share) + half)
    ends = {"low": np.where(se == 0, share, low), "high": np.where(se == 0, share, high)}
    inside = np.bincount(who.where[w > 0], minlength=len(share))
    return pd.DataFrame({"n": inside, "share": share, "se": se, **ends})


def interval(found: Adjusted, confidence: float) -> tuple[Array, Array]:
    """Intervals of adjusted means by Student's t, df = respondents placed - 1."""
    return t_interval(found.mean, found.se, np.maximum(found.n - 1, 0), confidence)


def wald(mean: Array, covariance: Array) -> tuple[float, int, float]:
    r"""Wald's test that all means are equal: chi-squared, df and p; NaN for fewer than two, or where nothing varies.

    .. math:: W = (C \hat\mu)' (C \hat V C')^{-1} (C \hat\mu), \qquad C = (I, -1)

    Examples
    --------
    >>> [round(float(x), 3) for x in wald(np.array([1.0, 2.0]), np.diag([0.04, 0.05]))]
    [11.111, 1.0, 0.001]
    """
    K = len(mean)
    C = np.hstack([np.eye(K - 1), -np.ones((K - 1, 1))]) if K > 1 else np.empty((0, K))
    spread = C @ covariance @ C.T
    if K < 2 or not np.isfinite(mean).all() or not np.isfinite(spread).all() or np.linalg.cond(spread) * 1e-12 > 1:
        return np.nan, K - 1, np.nan
    apart = C @ mean
    statistic = float(apart @ np.linalg.solve(spread, apart))
    return statistic, K - 1, float(special.chdtrc(K - 1, statistic))


def adjusted_table(
    values: pd.DataFrame, who: Placed, segments: pd.Index, *, shown: pd.Index, confidence: float, minimum_n: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Adjusted and plain means of columns in segments, and Wald's test of each column between those that are shown.

    Parameters
    ----------
    values : DataFrame, n x q
    who : Placed
    segments : Index
        Names of the segments, in order.
    shown : Index
        Those to be shown; of these, a mean that rests on fewer than `minimum_n` answers is NaN and not tested.
    confidence : float
    minimum_n : int

    Returns
    -------
    means : DataFrame, index (column, segment): n, mean, se, low, high, plain
    tests : DataFrame, one row a column: segments, chi2, df, p, p_holm
    """
    found, there = adjusted_means(values.to_numpy(float), who), segments.isin(shown)
    low, high = interval(found, confidence)
    plain = plain_means(values.to_numpy(float), who)
    numbers = {"n": found.n, "mean": found.mean, "se": found.se, "low": low, "high": high, "plain": plain}
    of = str(values.columns.name or "column")
    index = pd.MultiIndex.from_product([values.columns, segments[there]], names=[of, "segment"])
    table = pd.DataFrame({name: array[there].T.ravel() for name, array in numbers.items()}, index=index, dtype=float)
    tests = {}
    for q, name in enumerate(values.columns):
        tested = there & (found.n[:, q] >= minimum_n)
        tests[name] = (int(tested.sum()), *wald(found.mean[tested, q], found.covariance[q][np.ix_(tested, tested)]))
    tested_columns = pd.DataFrame.from_dict(tests, orient="index", columns=["segments", "chi2", "df", "p"])
    tested_columns["p_holm"] = holm(tested_columns["p"].to_numpy(float))
    return table.where(table["n"] >= minimum_n), tested_columns.rename_axis(index=of)


def out_of_range(table: pd.DataFrame, values: pd.DataFrame) -> tuple[list[str], ...]:
    """Which adjusted means, and which intervals, leave the range of the answers they were made of.

    Respondents count negatively for the segments that they were probably not meant for, so a small or uncertain
    segment can have a mean that no answers have.

    Parameters
    ----------
    table : DataFrame, index (column, segment)
        From `adjusted_table`.
    values : DataFrame, n x q
        The answers.

    Returns
    -------
    means, intervals : list of str
        "column of segment" each.

    Examples
    --------
    >>> rows = pd.MultiIndex.from_tuples([("value", "S1"), ("value", "S2")])
    >>> table = pd.DataFrame({"mean": [7.3, 5.0], "low": [6.1, 4.0], "high": [8.5, 7.2]}, index=rows)
    >>> out_of_range(table, pd.DataFrame({"value": [1.0, 7.0]}))
    (['value of S1'], ['value of S1', 'value of S2'])
    """
    columns = table.index.get_level_values(0)
    names = [phrase("{what} of {segment}", what=what, segment=segment) for what, segment in table.index]
    room = 1e-9 * (1 + values.abs().max())  # rounding leaves no range
    lowest, highest = (
        (values.min() - room).reindex(columns).to_numpy(),
        (values.max() + room).reindex(columns).to_numpy(),
    )
    means = (table["mean"] < lowest) | (table["mean"] > highest)
    intervals = (table["low"] < lowest) | (table["high"] > highest)
    return tuple([name for name, there in zip(names, out, strict=True) if there] for out in (means, intervals))
