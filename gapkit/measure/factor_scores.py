"""Factor scores: where each respondent stands on each factor."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapkit.measure.extraction import LOWEST
from gapkit.measure.factor_input import FactorError
from gapkit.measure.factors import Factors
from gapkit.survey.phrase import phrase, sentences

Floats = NDArray[np.floating]
ScoreMethod = Literal["regression", "bartlett", "tenberge"]


def factor_scores(
    factors: Factors, answers: pd.DataFrame, *, method: ScoreMethod = "regression", min_answered: float = 0.5
) -> pd.DataFrame:
    """Scores of respondents on the factors.

    Parameters
    ----------
    factors : Factors
    answers : DataFrame (n respondents x items)
        At least the items of the solution; NaN is an unanswered item. They need not be the answers it was found from.
    method : {"regression", "bartlett", "tenberge"}
        Thurstone's regression scores have the smallest error; Bartlett's are unbiased given the factor; ten Berge's
        correlate among themselves exactly as the factors do (over the correlations analysed).
    min_answered : float
        Respondents who answered a smaller share of the items get NaN.

    Returns
    -------
    DataFrame (n x k factors)
        Mean 0 in the sample the solution came from. ``.attrs`` holds "method" (a sentence) and "r2" (for each factor,
        the squared multiple correlation with the items: how well it can be scored at all).

    Raises
    ------
    FactorError
        Unknown method, items missing from the answers, items that cannot be standardised.

    Notes
    -----
    Answers are standardised by item, (answer - mean) / sd, with the mean and sd of the answers the solution was found
    from, so that another wave or a scenario can be scored on the same footing; for a solution from a bare correlation
    matrix, with the mean and sd of `answers`. This is so under polychoric correlations as well: scale points are
    standardised, not the normal variables behind them, so scores vary a little less than the polychoric model says.

    Missing answers are not imputed: each respondent is scored from the items answered, with the weights those items
    would have on their own. A factor that the answered items cannot tell apart from the others makes the scores NaN.

    References
    ----------
    .. [1] Grice, J. W. (2001). Computing and evaluating factor scores. Psychological Methods, 6.
    .. [2] ten Berge, J. M. F., Krijnen, W. P., Wansbeek, T. & Shapiro, A. (1999). Some new results on
       correlation-preserving factor scores prediction methods. Linear Algebra and its Applications, 289.

    Examples
    --------
    >>> from gapkit.measure.factors import efa
    >>> R = pd.DataFrame([[1, 0.72, 0.63], [0.72, 1, 0.56], [0.63, 0.56, 1]], index=list("abc"), columns=list("abc"))
    >>> answers = pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3], "c": [1, 2, 3]})
    >>> factor_scores(efa(R, n_factors=1), answers).round(3)
          F1
    0 -1.041
    1  0.000
    2  1.041
    """
    if method not in get_args(ScoreMethod):
        raise FactorError(f"method={method!r} is not known. Use one of {', '.join(get_args(ScoreMethod))}.")
    items = list(factors.loadings.index)
    absent = [item for item in items if item not in answers.columns]
    if absent:
        raise FactorError(f"The answers have no column {', '.join(absent)}, which the solution needs.")
    values = answers[items].to_numpy(dtype=float, na_value=np.nan)
    present = ~np.isnan(values)
    z = np.where(present, _standardised(values, factors), 0.0)
    loadings, phi = factors.loadings.to_numpy(), factors.phi.to_numpy()
    R = factors.correlation.to_numpy()
    scores = np.full((len(values), loadings.shape[1]), np.nan)
    for pattern, rows in _patterns(present):
        if pattern.mean() < min_answered or np.linalg.matrix_rank(loadings[pattern]) < loadings.shape[1]:
            continue
        weights = score_weights(R[np.ix_(pattern, pattern)], loadings[pattern], phi, method=method)
        scores[rows] = z[np.ix_(rows, pattern)] @ weights
    table = pd.DataFrame(scores, index=answers.index, columns=factors.loadings.columns)
    structure = loadings @ phi
    r2 = np.einsum("ik,ik->k", structure, np.linalg.solve(R, structure))
    unscored = int(np.isnan(scores).any(axis=1).sum())
    few = phrase("{unscored} of {n} respondents answered too little to be scored.", unscored=unscored, n=len(values))
    table.attrs.update(
        method=sentences(
            phrase(
                "Factor scores by {way}, from standardised scale points, each respondent from the items answered (at "
                "least {share:.0%}).",
                way=method,
                share=min_answered,
            ),
            few if unscored else "",
        ),
        r2=dict(zip(map(str, table.columns), map(float, r2), strict=True)),
    )
    return table


def score_weights(R: Floats, loadings: Floats, phi: Floats, *, method: ScoreMethod) -> Floats:
    """Weights of standardised items in the scores, (p, k).

    With S = loadings phi and U the diagonal matrix of uniquenesses:

        regression:  inv(R) S
        bartlett:    inv(U) L inv(L' inv(U) L)
        tenberge:    R^(-1/2) C phi^(1/2),  C = R^(-1/2) G (G' inv(R) G)^(-1/2),  G = L phi^(1/2)
    """
    if method == "regression":
        return np.linalg.solve(R, loadings @ phi)
    if method == "bartlett":
        unique = np.maximum(1 - np.einsum("ik,kl,il->i", loadings, phi, loadings), LOWEST)
        weighed = loadings / unique[:, None]
        return weighed @ np.linalg.inv(loadings.T @ weighed)
    G = loadings @ _power(phi, 0.5)
    inverse_root = _power(R, -0.5)
    C = inverse_root @ G @ _power(G.T @ np.linalg.solve(R, G), -0.5)
    return inverse_root @ C @ _power(phi, 0.5)


def _power(matrix: Floats, exponent: float) -> Floats:
    """A symmetric positive definite matrix to a power."""
    w, V = np.linalg.eigh(matrix)
    return (V * np.maximum(w, 1e-12) ** exponent) @ V.T


def _standardised(values: Floats, factors: Factors) -> Floats:
    """The answers in standard deviations from the mean of the answers the solution came from, or of these."""
    mean, sd = factors.items["mean"].to_numpy(), factors.items["sd"].to_numpy()
    if np.isnan(mean).any():
        answered = (~np.isnan(values)).sum(axis=0)
        mean = np.nansum(values, axis=0) / np.maximum(answered, 1)
        sd = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / np.maximum(answered - 1, 1))
        still = [item for item, spread in zip(factors.items.index, sd, strict=True) if spread == 0]
        if still:
            raise FactorError(
                f"{', '.join(still)}: no variation in these answers, and the solution came from correlations without "
                "means. Give more respondents, or find the solution from answers."
            )
    return (values - mean) / sd


def _patterns(present: NDArray[np.bool_]) -> list[tuple[NDArray[np.bool_], NDArray[np.integer]]]:
    """Which items were answered, and by which respondents, for each combination that occurs."""
    kinds, which = np.unique(present, axis=0, return_inverse=True)
    order = np.argsort(which, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(which.ravel(), minlength=len(kinds)))[:-1])
    return list(zip(kinds, rows, strict=True))
