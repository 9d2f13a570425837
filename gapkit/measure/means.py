"""Means of columns with missing answers: weighted or not, their standard errors, intervals and tests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

Array = np.ndarray


class Means(NamedTuple):
    """Per column: answers counted, Kish's effective n, mean, standard deviation, standard error of the mean."""

    n: Array
    n_eff: Array
    mean: Array
    sd: Array
    se: Array


def column_means(values: Array, weights: Array | None = None) -> Means:
    r"""Mean, spread and standard error of each column over its answered rows.

    Parameters
    ----------
    values : array, (n x columns)
        NaN = unanswered.
    weights : array of length n, or None
        Survey weights, at least 0; a row of weight 0 is not counted. None weighs all rows alike.

    Returns
    -------
    Means
        With weights, ``sd`` is the square root of :math:`\frac{n}{n-1}\sum w(x-\bar x)^2 / \sum w` and ``se`` the
        linearised (Taylor) standard error of a ratio mean when respondents were drawn independently with replacement,
        :math:`\sqrt{\frac{n}{n-1}\sum w^2 (x-\bar x)^2} / \sum w`. Equal weights give the usual formulas. Both are
        NaN where fewer than two rows answered.

    References
    ----------
    .. [1] Lumley, T. (2004). Analysis of complex survey samples. Journal of Statistical Software, 9(8).
    .. [2] Kish, L. (1965). Survey sampling. Wiley.

    Examples
    --------
    >>> means = column_means(np.array([[1.0], [2.0], [6.0]]), weights=np.array([1.0, 2.0, 1.0]))
    >>> means.mean.tolist(), (means.se**2).round(6).tolist()
    ([2.75], [1.488281])
    """
    answered = np.isfinite(values)
    w = answered * (np.ones(len(values)) if weights is None else weights)[:, None]
    n, total, squares = (w > 0).sum(0), w.sum(0), (w * w).sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (w * np.where(answered, values, 0.0)).sum(0) / total
        apart = np.where(answered, values - mean, 0.0)
        bessel = np.where(n > 1, n / (n - 1), np.nan)
        sd = np.sqrt(bessel * (w * apart**2).sum(0) / total)
        se = np.sqrt(bessel * ((w * apart) ** 2).sum(0)) / total
        n_eff = np.where(n > 0, total**2 / squares, 0.0)
    constant = sd <= 1e-12 * (1 + np.abs(mean))  # rounding noise is no spread
    return Means(n, n_eff, mean, np.where(constant, 0.0, sd), np.where(constant, 0.0, se))


def t_interval(mean: Array, se: Array, df: Array, confidence: float) -> tuple[Array, Array]:
    """Low and high end of the t interval of a mean."""
    half = special.stdtrit(np.where(df > 0, df, np.nan), (1 + confidence) / 2) * se
    return mean - half, mean + half


def t_test(mean: Array, se: Array, df: Array) -> tuple[Array, Array]:
    """The t of a mean against 0 and its two-sided p; NaN where nothing varies."""
    t = np.divide(mean, se, out=np.full_like(mean, np.nan), where=se > 0)
    return t, 2 * special.stdtr(np.where(df > 0, df, np.nan), -np.abs(t))


def holm(p: Array) -> Array:
    """Holm's step-down p values over one family; NaN stays NaN and is not counted in the family.

    References
    ----------
    .. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
       Statistics, 6, 65-70.

    Examples
    --------
    >>> holm(np.array([0.04, 0.01, 0.03])).tolist()
    [0.06, 0.03, 0.06]
    """
    p = np.asarray(p, dtype=float)
    adjusted = np.full_like(p, np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return adjusted


def welch_anova(mean: Array, se: Array, n: Array) -> tuple[float, float, float, float]:
    """Welch's test that independent groups have one mean, from each group's mean, standard error and n.

    With standard errors from `column_means` under survey weights it is the Wald test on linearised variances, with
    Welch's degrees of freedom. Two groups give the square of Welch's t.

    Returns
    -------
    F, df1, df2, p : float
        NaN where there are fewer than two groups or a group has no spread.

    References
    ----------
    .. [1] Welch, B. L. (1951). On the comparison of several mean values: an alternative approach. Biometrika, 38,
       330-336.
    """
    k = len(mean)
    if k < 2 or not np.all(se > 0):
        return np.nan, np.nan, np.nan, np.nan
    precision = se**-2.0
    share = precision / precision.sum()
    between = (precision * (mean - share @ mean) ** 2).sum() / (k - 1)
    imbalance = ((1 - share) ** 2 / (n - 1)).sum()
    F = between / (1 + 2 * (k - 2) / (k**2 - 1) * imbalance)
    df2 = (k**2 - 1) / (3 * imbalance)
    return float(F), float(k - 1), float(df2), float(special.fdtrc(k - 1, df2, F))


def check_confidence(confidence: float) -> None:
    """ValueError unless the confidence is a share between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence:g}: give 0.95 for 95 %.")


def checked_weights(weights: pd.Series | None) -> Array | None:
    """Survey weights as an array; ValueError where one is missing, negative or infinite, or where all are 0."""
    if weights is None:
        return None
    w = np.array(weights, dtype=float)
    wrong = np.flatnonzero(~(np.isfinite(w) & (w >= 0)))
    if len(wrong):
        rows = ", ".join(str(label) for label in pd.Series(weights).index[wrong[:5]])
        raise ValueError(
            f'{len(wrong)} of {len(w)} respondents have no usable survey weight in "weight" (index {rows}'
            f"{', ...' if len(wrong) > 5 else ''}): a weight is a finite number, at least 0. Give one, or leave these "
            "respondents out with survey.only(...)."
        )
    if not w.sum():
        raise ValueError('all survey weights in "weight" are 0: nobody would count.')
    return w
