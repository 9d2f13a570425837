"""How a respondent went about answering: one index each, computed on the answers as they were asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from .phrase import Phrase, joined, phrase
from .survey import Survey

FEWEST = 10  # answers below which two equal rows, or a distance, say nothing
CHUNK = 1000  # respondents solved together
SINGULAR = 1e-8


def as_asked(survey: Survey) -> dict[str, pd.DataFrame]:
    """Each battery with its reversed items turned back: who ticks one column down the page is seen only there."""
    scale, turned = survey.instrument.scale, list(survey.source.reversed)
    return {
        name: answers if name == "importance" else answers.assign(**{id: scale.turn(answers[id]) for id in turned})
        for name, answers in survey.batteries.items()
    }


def longest_run(answers: pd.DataFrame) -> pd.Series:
    """The most answers in a row that are the same; an unanswered item neither lengthens nor breaks a run.

    Examples
    --------
    >>> longest_run(pd.DataFrame([[7, 7, 3, 3, 3, 7], [5, np.nan, 5, 5, 4, 5]])).tolist()
    [3, 3]
    """
    last, length, best = np.full(len(answers), np.nan), np.zeros(len(answers), int), np.zeros(len(answers), int)
    for column in answers.to_numpy(float).T:
        answered = np.isfinite(column)
        length = np.where(answered, np.where(column == last, length + 1, 1), length)
        last = np.where(answered, column, last)
        best = np.maximum(best, length)
    return pd.Series(best, index=answers.index)


def response_variability(answers: pd.DataFrame) -> pd.Series:
    """Individual response variability: the standard deviation of one respondent's answers; NaN for fewer than two.

    Examples
    --------
    >>> response_variability(pd.DataFrame([[4, 4, 4], [3, 5, 7]])).tolist()
    [0.0, 2.0]
    """
    return answers.std(axis=1, ddof=1)


def identical_share(expectations: pd.DataFrame, perceptions: pd.DataFrame) -> pd.Series:
    """The share of a respondent's pairs in which perception and expectation are the same; NaN without pairs.

    Examples
    --------
    >>> identical_share(pd.DataFrame([[7, 6, np.nan]]), pd.DataFrame([[7, 5, 4]])).tolist()
    [0.5]
    """
    paired = (expectations.notna() & perceptions.notna()).sum(axis=1)
    return (expectations == perceptions).sum(axis=1) / paired.where(paired > 0)


def copy_of(answers: pd.DataFrame) -> pd.Series:
    """The row of the first respondent with exactly the same answers, blanks included; NaN for everybody else.

    Rows of fewer than ten answers, or of one answer throughout, are left alone: strangers share them by chance.

    Examples
    --------
    >>> rows = [[1, 2, 3, 4, 5] * 2, [1, 2, 3, 4, 5] * 2, [3] * 10, [3] * 10]
    >>> copy_of(pd.DataFrame(rows, index=[2, 3, 4, 5])).dropna().to_dict()
    {3: 2}
    """
    telling = answers[(answers.notna().sum(axis=1) >= FEWEST) & (answers.max(axis=1) > answers.min(axis=1))]
    _, first, kind = np.unique(telling.fillna(-np.inf).to_numpy(float), axis=0, return_index=True, return_inverse=True)
    earlier = first[kind.ravel()]
    rows = pd.Series(telling.index.to_numpy()[earlier], index=telling.index, dtype=object)
    return rows.where(earlier != np.arange(len(telling))).reindex(answers.index)


def mahalanobis(answers: pd.DataFrame) -> tuple[pd.DataFrame, Phrase]:
    r"""How far each respondent's pattern of answers lies from the others', over the items they answered.

    Parameters
    ----------
    answers : DataFrame, (n x k)
        NaN = unanswered.

    Returns
    -------
    table : DataFrame
        ``distance`` :math:`D^2 = (x - m)' S^{-1} (x - m)`, with m and S restricted to the items answered; ``answered``,
        how many those are; ``p``, the chance of a larger one under normality (chi-squared, df = answered). NaN for
        respondents with fewer than ten answers, and for all where nothing can be computed.
    method : str
        How means and covariances were taken, and what was left out or smoothed.
    """
    values = answers.to_numpy(float)
    S = answers.cov(min_periods=FEWEST).to_numpy()
    used = np.diag(S) > 0
    while np.isnan(S[np.ix_(used, used)]).any():  # leave out the item with the most partners never seen together
        used[np.flatnonzero(used)[np.isnan(S[np.ix_(used, used)]).sum(axis=1).argmax()]] = False
    values, S, k = values[:, used], S[np.ix_(used, used)], int(used.sum())
    complete = int(np.isfinite(values).all(axis=1).sum())
    out = pd.DataFrame({"distance": np.nan, "answered": np.isfinite(values).sum(axis=1), "p": np.nan}, answers.index)
    if k < 2 or len(values) <= k:
        return out, phrase(
            "No Mahalanobis distance: {respondents} respondents are too few for {items} items that vary.",
            respondents=len(values),
            items=k,
        )
    method: list[str] = [
        phrase(
            "Mahalanobis distance over the answered items, with means and covariances from all available pairs "
            "({complete} of {respondents} respondents complete)",
            complete=complete,
            respondents=len(values),
        )
    ]
    if k < len(used):
        left = phrase("{left} of {items} items that do not vary together left out", left=len(used) - k, items=len(used))
        method.append(left)
    smallest, vectors = np.linalg.eigh(S)
    if smallest[0] < SINGULAR * smallest[-1]:
        S = (vectors * np.maximum(smallest, SINGULAR * smallest[-1])) @ vectors.T
        method.append(phrase("the covariances were smoothed, as some items follow from others"))
    apart = np.nan_to_num(values - np.nanmean(values, axis=0))
    seen, one = np.isfinite(values), np.eye(k)
    for start in range(0, len(values), CHUNK):
        part = slice(start, start + CHUNK)
        both = seen[part, :, None] & seen[part, None, :]
        # rows and columns of unanswered items become the identity: they add nothing to the distance
        solved = np.linalg.solve(np.where(both, S, one), apart[part, :, None])[..., 0]
        out.iloc[part, 0] = (apart[part] * solved).sum(axis=1)
    out.loc[out["answered"] < FEWEST, "distance"] = np.nan
    # pairwise covariances restricted to a few items can be indefinite even where the whole is not
    out["distance"] = out["distance"].where(out["distance"] >= 0)
    out["p"] = chdtrc(out["answered"], out["distance"])
    return out, phrase("{said}.", said=joined(method, between="; "))
