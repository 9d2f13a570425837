"""How well confirmed structures fit, how reliable their factors are, and whether respondents suffice to say so."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from gapkit.measure.confirmatory import Confirmed
from gapkit.measure.factor_fit import rmsea_interval
from gapkit.survey.phrase import phrase


def fit_table(matrix: pd.DataFrame, solved: dict[str, Confirmed], n: float) -> pd.DataFrame:
    """Fit of every structure, in lavaan's conventions; no chi-square where respondents are no more than the items."""
    r, k = matrix.to_numpy(), len(matrix)
    n = n if n > k else np.nan
    null_chi2, null_df = -n * np.linalg.slogdet(r)[1], k * (k - 1) / 2
    first = next(iter(solved.values()))
    lower = np.tril_indices(k)
    rows = {}
    for name, found in solved.items():
        chi2, df = n * found.minimum, found.df
        excess, null_excess = max(chi2 - df, 0.0), max(null_chi2 - null_df, chi2 - df, 0.0)
        low, high = rmsea_interval(chi2, df, n + 1) if df and np.isfinite(chi2) else (np.nan, np.nan)
        more, more_df = chi2 - n * first.minimum, df - first.df
        rows[name] = {
            "factors": len(found.phi),
            "chi2": chi2,
            "df": df,
            "p": special.chdtrc(df, chi2) if df else np.nan,
            "cfi": 1 - excess / null_excess if null_excess else 1.0,
            "tli": 1 - (chi2 / df - 1) / (null_chi2 / null_df - 1) if df else np.nan,
            "rmsea": np.sqrt(excess / (df * n)) if df else np.nan,
            "rmsea_low": low,
            "rmsea_high": high,
            "srmr": np.sqrt(np.mean((matrix - found.implied).to_numpy()[lower] ** 2)),
            "more_chi2": more if more_df else np.nan,
            "more_df": more_df if more_df else np.nan,
            "more_p": special.chdtrc(more_df, more) if more_df > 0 else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype({"factors": int, "df": int}).rename_axis("structure")


def factor_table(found: Confirmed) -> pd.DataFrame:
    """Composite reliability and average variance extracted, from the standardised loadings."""
    rows = {}
    for name, own in found.loadings.groupby("factor", sort=False):
        common, unique = own["loading"].sum() ** 2, own["uniqueness"].sum()
        reliability = common / (common + unique) if len(own) > 1 else np.nan
        rows[name] = {
            "items": len(own),
            "composite_reliability": reliability,
            "ave": (own["loading"] ** 2).mean() if len(own) > 1 else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype({"items": int}).rename_axis("factor")


def too_few(n: float, first: Confirmed, k: int) -> tuple[str, str]:
    """What is to be said, at length and in short, where there are too few respondents for chi-square or the model."""
    parameters = k * (k + 1) // 2 - first.df
    if n <= k:
        said = phrase(
            "n = {n:.1f} is not more than the {items} items: no chi2, and no fit that rests on it.", n=n, items=k
        )
        return said, f"only {n:.1f} respondents for {k} items"
    if n <= parameters:
        said = phrase(
            "n = {n:.1f} is not more than the {parameters} free parameters: read nothing into fit and loadings.",
            n=n,
            parameters=parameters,
        )
        return said, f"only {n:.1f} respondents for {parameters} parameters"
    return "", ""
