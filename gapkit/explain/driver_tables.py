"""Tables of a driver analysis: importance with intervals, the plain regression beside it, and the fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .importance import condition_number, r_squared, standardised_weights, variance_inflation

Floats = NDArray[np.floating]


def interval(draws: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Percentile interval over the first axis."""
    low, high = np.nanquantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return low, high


def parts(weights: Floats) -> Floats:
    """Weights as parts of their sum over the last axis; NaN where the sum is 0."""
    total = weights.sum(axis=-1, keepdims=True)
    return np.divide(weights, total, out=np.full(weights.shape, np.nan), where=total > 0)


def importance_table(weights: Floats, draws: Floats, names: list[str], confidence: float) -> pd.DataFrame:
    """Weight, share of R squared and rank of every predictor, with intervals from the draws (draws, p)."""
    shares, share = parts(draws), parts(weights)
    low, high = interval(draws, confidence)
    share_low, share_high = interval(shares, confidence)
    first = np.bincount(draws.argmax(axis=1), minlength=len(names)) / len(draws)
    table = pd.DataFrame(
        {
            "weight": weights,
            "low": low,
            "high": high,
            "share": share,
            "share_low": share_low,
            "share_high": share_high,
        },
        index=pd.Index(names, name="predictor"),
    )
    return table.assign(rank=table["weight"].rank(ascending=False), first=first)


def regression_table(
    inner: Floats, outer: Floats, inners: Floats, outers: Floats, names: list[str], confidence: float
) -> pd.DataFrame:
    """Correlation and standardised weight of every predictor, and how far overlap inflates the latter."""
    beta = standardised_weights(inner, outer)
    low, high = interval(standardised_weights(inners, outers), confidence)
    columns = {"r": outer, "beta": beta, "low": low, "high": high, "vif": variance_inflation(inner)}
    return pd.DataFrame(columns, index=pd.Index(names, name="predictor")).assign(turned=beta * outer < 0)


def fit_table(
    inner: Floats, outer: Floats, inners: Floats, outers: Floats, outcome: str, n: float, confidence: float
) -> pd.DataFrame:
    """R squared with its interval, adjusted for the number of predictors, and the condition of the predictors."""
    r2 = float(r_squared(inner, outer))
    low, high = interval(r_squared(inners, outers), confidence)
    row = {
        "r2": r2,
        "low": float(low),
        "high": float(high),
        "adjusted_r2": 1 - (1 - r2) * (n - 1) / (n - len(outer) - 1),
        "condition": condition_number(inner),
    }
    return pd.DataFrame([row], index=pd.Index([outcome], name="outcome"))
