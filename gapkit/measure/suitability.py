"""Whether a correlation matrix holds enough common variance for a factor analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from gapkit.measure.correlation import Kind
from gapkit.measure.matrix import correlation_matrix, refuse_singular
from gapkit.survey.phrase import phrase, sentences
from gapkit.survey.result import Result


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Suitability(Result):
    """Sampling adequacy and sphericity of a set of items.

    Parameters
    ----------
    overall : DataFrame, one row
        `kmo`; Bartlett's `chi2`, `df` and `p`, NaN where there are no more respondents than items; `determinant` and
        its logarithm; `condition` (largest through smallest eigenvalue).
    items : DataFrame, one row per item
        `msa`, the item's own measure of sampling adequacy; `smc`, the share of its variance the others account for.
    """

    overall: pd.DataFrame
    items: pd.DataFrame

    @property
    def kmo(self) -> float:
        """Kaiser, Meyer and Olkin's overall measure, 0 to 1."""
        return float(self.overall["kmo"].iloc[0])

    @property
    def headline(self) -> str:
        """KMO and Bartlett's test in one line."""
        row = self.overall.iloc[0]
        bartlett = f"chi² {row['chi2']:.1f}, df {row['df']:g}, p {row['p']:.2g}"
        if np.isnan(row["chi2"]):
            bartlett = "not tested, too few respondents"
        return f"KMO {row['kmo']:.3f}; Bartlett {bartlett}; n = {self.n}"


def suitability(
    answers: Any,
    *,
    kind: Kind = "pearson",
    n_respondents: float | None = None,
    weights: ArrayLike | None = None,
) -> Suitability:
    """Kaiser-Meyer-Olkin measures and Bartlett's test: is there anything common to factor?

    Parameters
    ----------
    answers : DataFrame (n x k), Moments, or a correlation matrix (k x k) with `n_respondents`
    kind : {"pearson", "polychoric"}
        The correlations to judge. Bartlett's test is derived for Pearson correlations of normal variables; for
        polychoric ones it is a rough guide only.
    n_respondents : float, optional
        Respondents behind a given correlation matrix.
    weights : array (n,), optional
        Respondent weights. Bartlett's test counts Kish's effective number of the pair of items that has the smallest;
        without weights, the fewest respondents behind any pair.

    Returns
    -------
    Suitability
        Kaiser's words for the KMO: from .9 marvellous, .8 meritorious, .7 middling, .6 mediocre, .5 miserable, below
        that unacceptable. They are advice.

    Raises
    ------
    SingularError
        Items are exact combinations of each other, or correlations of incomplete answers contradict each other and had
        to be smoothed. The inverse that every one of these measures needs does not exist then, and any number printed
        for it would be rounding error; the message says which items.

    References
    ----------
    .. [1] Kaiser, H. F. (1974). An index of factorial simplicity. Psychometrika, 39, 31-36.
    .. [2] Bartlett, M. S. (1951). The effect of standardization on a chi-square approximation in factor analysis.
       Biometrika, 38, 337-344.

    Examples
    --------
    Three items, each pair correlated .5, make every partial correlation 1/3:

    >>> matrix = np.full((3, 3), 0.5) + np.eye(3) / 2
    >>> suitability(matrix, n_respondents=100).kmo.__round__(4)
    0.6923
    """
    matrix = correlation_matrix(answers, kind=kind, n_respondents=n_respondents, weights=weights)
    refuse_singular(matrix, phrase("The KMO measure"))
    r, n, k = matrix.to_numpy(), matrix.attrs["n_usable"], len(matrix)
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diag(inverse))
    squared = r**2 - np.eye(k)
    partial_squared = (inverse / np.outer(scale, scale)) ** 2 - np.eye(k)
    eigenvalues = np.linalg.eigvalsh(r)
    log_determinant = float(np.log(eigenvalues).sum())
    chi2 = -(n - 1 - (2 * k + 5) / 6) * log_determinant if n > k else np.nan
    df = k * (k - 1) // 2
    overall = pd.DataFrame(
        {
            "kmo": squared.sum() / (squared.sum() + partial_squared.sum()),
            "chi2": chi2,
            "df": df,
            "p": special.chdtrc(df, chi2),
            "determinant": np.exp(log_determinant),
            "log_determinant": log_determinant,
            "condition": eigenvalues[-1] / eigenvalues[0],
        },
        index=["overall"],
    )
    items = pd.DataFrame(
        {
            "msa": squared.sum(axis=0) / (squared.sum(axis=0) + partial_squared.sum(axis=0)),
            "smc": 1 - 1 / np.diag(inverse),
        },
        index=matrix.columns,
    )
    tested = phrase("Bartlett's test with n = {n:g}.", n=n)
    if n <= k:
        tested = phrase(
            "No Bartlett's test: it needs more respondents than the {items} items, not {n:g}.", items=k, n=n
        )
    return Suitability(
        n=round(matrix.attrs["n_respondents"]),
        source=matrix.attrs["source"],
        method=sentences(matrix.attrs["method"], tested),
        overall=overall,
        items=items,
    )
