"""How alike the members of groups are: variances against a null, and the intraclass correlation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from ..survey.instrument import Scale
from .means import column_means, t_interval


def mean_variance(answers: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """The mean variance of some items over respondents, with a jackknife t interval made on its logarithm.

    Examples
    --------
    >>> mean_variance(np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 2.0]]), 0.95)[0]
    2.0
    """

    def over(rows: np.ndarray) -> float:
        variances = column_means(rows).sd ** 2
        return float(np.mean(variances[np.isfinite(variances)])) if np.isfinite(variances).any() else np.nan

    rows = answers[np.isfinite(answers).any(axis=1)]
    whole, n = over(rows), len(rows)
    without = np.array([over(np.delete(rows, i, axis=0)) for i in range(n)])
    if n < 3 or not (without > 0).all():
        return whole, np.nan, np.nan
    logs = np.log(without)
    se = np.sqrt((n - 1) / n * ((logs - logs.mean()) ** 2).sum())
    low, high = t_interval(np.log(whole), se, np.array(n - 1.0), confidence)
    return whole, float(np.exp(low)), float(np.exp(high))


def null_variance(null: str | Sequence[float], scale: Scale) -> float:
    """The variance of answers without agreement: (A^2 - 1)/12 for A scale points alike, or that of given shares.

    Examples
    --------
    >>> null_variance("uniform", Scale(1, 7)), null_variance([0, 0, 0, 0, 0, 0.5, 0.5], Scale(1, 7))
    (4.0, 0.25)
    """
    points = np.arange(scale.low, scale.high + 1)
    if isinstance(null, str):
        if null != "uniform":
            raise ValueError(
                f'null: expected "uniform" or {len(points)} shares, one for each point of {scale}, found "{null}".'
            )
        return float((len(points) ** 2 - 1) / 12)
    share = np.asarray(null, dtype=float)
    if share.shape != points.shape or (share < 0).any() or abs(share.sum() - 1) > 1e-6:
        raise ValueError(f"null: expected {len(points)} shares that add up to 1, one for each point of {scale}.")
    variance = float(share @ (points - share @ points) ** 2)
    if variance == 0:
        raise ValueError("null: all on one scale point is agreement already; spread the shares over several points.")
    return variance


def icc_1(scores: np.ndarray, groups: np.ndarray, confidence: float) -> dict[str, float]:
    """ICC(1) from a one-way analysis of variance, with its F interval; groups of unequal size by their adjusted size.

    Where nothing varies within groups but they differ, F is infinite, p is 0 and ICC(1) with its interval is 1, the
    limit of ``(F - 1) / (F + k - 1)``; where nothing varies at all, all of these are NaN.

    Examples
    --------
    >>> icc = icc_1(np.array([1.0, 3.0, 5.0, 7.0]), np.array(["a", "a", "b", "b"]), 0.95)
    >>> round(icc["icc"], 4), icc["F"]
    (0.7778, 8.0)
    """
    there = np.isfinite(scores)
    codes, labels = pd.factorize(groups[there])
    x, n, G = scores[there], np.bincount(codes, minlength=len(labels)).astype(float), len(labels)
    N = n.sum()
    if G < 2 or N <= G:
        return dict.fromkeys(("groups", "n", "k", "icc", "low", "high", "F", "df1", "df2", "p"), np.nan) | {
            "groups": G,
            "n": N,
        }
    means = np.bincount(codes, x) / n
    between_groups = (n * (means - x.mean()) ** 2).sum() / (G - 1)
    within = ((x - means[codes]) ** 2).sum() / (N - G)
    k = (N - (n**2).sum() / N) / (G - 1)
    df1, df2, tail = float(G - 1), float(N - G), (1 - confidence) / 2
    noise = 1e-24 * (1 + (x**2).mean())  # rounding is no variance
    if within > noise:
        F = between_groups / within
        F_low, F_high = F / special.fdtri(df1, df2, 1 - tail), F * special.fdtri(df2, df1, 1 - tail)
        icc, low, high = ((ratio - 1) / (ratio + k - 1) for ratio in (F, F_low, F_high))
        p = special.fdtrc(df1, df2, F)
    else:
        F, p, icc = (np.inf, 0.0, 1.0) if between_groups > noise else (np.nan, np.nan, np.nan)
        low = high = icc
    row = {"groups": G, "n": N, "k": k, "icc": icc, "low": low, "high": high, "F": F, "df1": df1, "df2": df2, "p": p}
    return {name: float(value) for name, value in row.items()}
