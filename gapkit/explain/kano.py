"""Kano's analysis: which attributes please, which are taken for granted, from pairs of questions or from counts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from ..measure.means import check_confidence, checked_weights
from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .kano_table import CATEGORIES, categories_of

CLEAR = ["A", "O", "M", "I"]
PRECEDENCE = "MOAIRQ"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Kano(Result):
    """Kano categories by attribute; see `kano`.

    Parameters
    ----------
    counts : DataFrame, attributes x (A, O, M, I, R, Q)
        Respondents in every category: attractive, one-dimensional, must-be, indifferent, reverse, questionable.
    categories : DataFrame, one row per attribute
        `most`, the most frequent category; `category`, the same unless the runner-up is not significantly rarer, where
        the first of M, O, A, I is taken; `total_strength`, share of M + O + A; `category_strength`, how much more
        frequent the first category is than the second, as a share; `chi2` with 3 degrees of freedom and `p`, of equal
        numbers in A, O, M and I.
    coefficients : DataFrame, one row per attribute
        `satisfaction` (CS+), (A + O) / (A + O + M + I), and `dissatisfaction` (CS-), -(O + M) / (A + O + M + I), with
        Wilson intervals.
    fong : DataFrame, one row per attribute
        Fong's test of the two most frequent categories: their `difference`, its `limit` at 90 %, `significant`.
    respondents : DataFrame or None
        Every respondent's category by attribute; None when made from counts.
    """

    counts: pd.DataFrame
    categories: pd.DataFrame
    coefficients: pd.DataFrame
    fong: pd.DataFrame
    respondents: pd.DataFrame | None = None
    confidence: float = 0.95

    @property
    def headline(self) -> str:
        """How many attributes fall in each category."""
        found = self.categories["category"].value_counts()
        parts = [f"{name} {found[name]}" for name in CATEGORIES if name in found]
        unsure = int((~self.fong["significant"]).sum())
        return f"{len(self.categories)} attributes: {', '.join(parts)}; {unsure} not clear by Fong's test; n = {self.n}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that are short enough to be shown; `respondents` has a row per respondent."""
        return {name: table for name, table in super().tables.items() if name != "respondents"}


def kano(
    answers: Survey | pd.DataFrame,
    *,
    pairs: Mapping[str, tuple[Hashable, Hashable]],
    scale: Sequence[object] = (1, 2, 3, 4, 5),
    weights: ArrayLike | None = None,
    confidence: float = 0.95,
    source: str = "answers given",
) -> Kano:
    """Kano categories from pairs of answers: how one feels with an attribute, and how without it.

    Parameters
    ----------
    answers : Survey or DataFrame
        A row per respondent; of a Survey its `respondents` table and its weights.
    pairs : mapping
        Attribute -> (functional column, dysfunctional column).
    scale : five answers
        From like, must be, neutral, live with, to dislike, as they stand in the data; blanks, case and a full stop at
        the end do not matter.
    weights : array of length n, optional
        Survey weights: counts become weighted, scaled to Kish's effective number of those who answered both questions.
    confidence : float
        Of the intervals.
    source : str
        For the source line, where a DataFrame is given.

    Returns
    -------
    Kano
        A respondent counts for an attribute with both answers.

    Raises
    ------
    ValueError
        A column is absent, an answer is not on the scale, or nobody answered a pair.

    References
    ----------
    .. [1] Berger, C., et al. (1993). Kano's methods for understanding customer-defined quality. Center for Quality
       Management Journal, 2(4), 3-36.
    .. [2] Fong, D. (1996). Using the self-stated importance questionnaire to interpret Kano questionnaire results.
       Center for Quality Management Journal, 5(3), 21-24.

    Examples
    --------
    >>> answers = pd.DataFrame({"with": [1, 1, 2, 3], "without": [5, 3, 5, 3]})
    >>> found = kano(answers, pairs={"app": ("with", "without")})
    >>> found.respondents["app"].tolist()
    ['O', 'A', 'M', 'I']
    """
    table = answers.respondents if isinstance(answers, Survey) else answers
    given = answers.weights if isinstance(answers, Survey) and weights is None else weights
    w = checked_weights(None if given is None else pd.Series(np.array(given, dtype=float), index=table.index))
    absent = [column for pair in pairs.values() for column in pair if column not in table]
    if absent or not pairs:
        raise ValueError(
            f"pairs: {', '.join(map(str, absent)) or 'none given'}; each attribute needs the names of two of the "
            f"{table.shape[1]} columns there are."
        )
    found = pd.DataFrame({name: categories_of(table[f], table[d], scale, name) for name, (f, d) in pairs.items()})
    counts = pd.DataFrame({name: _counts(found[name], w) for name in found}).T
    result = kano_from_counts(counts, confidence=confidence)
    answered = int((found.notna().any(axis=1).to_numpy() & (True if w is None else w > 0)).sum())
    missing = int(found.isna().to_numpy().sum())
    name = str(answers.source) if isinstance(answers, Survey) else source
    return replace(
        result,
        n=answered,
        source=f"{name}, n = {answered}",
        respondents=found,
        method=sentences(
            result.method,
            phrase("{missing} of {pairs} pairs lack an answer and are not counted.", missing=missing, pairs=found.size),
            "" if w is None else phrase("Counts are weighted and scaled to Kish's effective n."),
        ),
    )


def kano_from_counts(counts: pd.DataFrame, *, confidence: float = 0.95, source: str = "counts given") -> Kano:
    """The same analysis from counts of categories.

    Parameters
    ----------
    counts : DataFrame, attributes x categories
        Columns A, O, M, I, R, Q in any order; R and Q may be left out where there are none.
    confidence : float
        Of the intervals.
    source : str
        For the source line.

    Returns
    -------
    Kano
        `respondents` is None.

    Raises
    ------
    ValueError
        A column is absent or unknown, a count is negative, or an attribute has no answers.

    Examples
    --------
    >>> counts = pd.DataFrame({"M": [95], "O": [123], "A": [45], "I": [33]}, index=["app"])
    >>> kano_from_counts(counts).coefficients.loc["app", ["satisfaction", "dissatisfaction"]].round(3).tolist()
    [0.568, -0.736]
    """
    check_confidence(confidence)
    wrong = [str(column) for column in counts if column not in CATEGORIES] + [c for c in CLEAR if c not in counts]
    if wrong:
        raise ValueError(f"counts: {', '.join(wrong)} unknown or absent; the columns are A, O, M, I and, if any, R, Q.")
    table = counts.reindex(columns=list(CATEGORIES), fill_value=0).astype(float)
    bad = table.index[(table < 0).any(axis=1) | table.isna().any(axis=1) | ~(table[CLEAR].sum(axis=1) > 0)]
    if len(bad):
        raise ValueError(f"{', '.join(map(str, bad))}: no counts of A, O, M or I, or a negative or missing one.")
    n, clear = table.sum(axis=1), table[CLEAR].sum(axis=1)
    ordered = np.sort(table.to_numpy(), axis=1)[:, ::-1]
    most, runner = ordered[:, 0], ordered[:, 1]
    difference, both = most - runner, most + runner
    limit = 1.65 * np.sqrt(both * (2 * n - both) / (2 * n))
    significant = difference > limit
    expected = clear / 4
    chi2 = table[CLEAR].sub(expected, axis=0).pow(2).sum(axis=1) / expected
    names = [_first_two(row) for row in table.itertuples(index=False)]
    plus, minus = table["A"] + table["O"], table["O"] + table["M"]
    plus_low, plus_high = _wilson(plus / clear, clear, confidence)
    minus_low, minus_high = _wilson(minus / clear, clear, confidence)
    return Kano(
        n=round(n.max()),
        source=source,
        method=phrase(
            "Categories by Kano's evaluation table. Fong's test: two categories differ where |m1 - m2| > 1.65 s, s^2 = "
            "(m1 + m2)(2n - m1 - m2) / 2n; where the first two do not, the first of M, O, A, I is taken. "
            "Satisfaction and dissatisfaction leave out R and Q; Wilson intervals at {level:g} %. "
            "Chi-square: A, O, M and I alike, df = 3.",
            level=100 * confidence,
        ),
        counts=table,
        categories=pd.DataFrame(
            {
                "n": n,
                "most": [first for first, _ in names],
                "category": [
                    first if sure else min(first, second, key=PRECEDENCE.index)
                    for (first, second), sure in zip(names, significant, strict=True)
                ],
                "total_strength": table[["M", "O", "A"]].sum(axis=1) / n,
                "category_strength": difference / n,
                "chi2": chi2,
                "p": special.chdtrc(3, chi2),
            },
            index=table.index,
        ),
        coefficients=pd.DataFrame(
            {
                "satisfaction": plus / clear,
                "satisfaction_low": plus_low,
                "satisfaction_high": plus_high,
                "dissatisfaction": -minus / clear,
                "dissatisfaction_low": -minus_high,
                "dissatisfaction_high": -minus_low,
            }
        ),
        fong=pd.DataFrame(
            {"first": most, "second": runner, "difference": difference, "limit": limit, "significant": significant},
            index=table.index,
        ),
        confidence=confidence,
    )


def _counts(categories: pd.Series, w: np.ndarray | None) -> pd.Series:
    """Respondents in every category; weighted ones scaled to Kish's effective n."""
    weight = np.ones(len(categories)) if w is None else w
    own = categories.notna().to_numpy()
    if not weight[own].sum() > 0:
        raise ValueError(f"{categories.name}: nobody answered both questions. Leave this pair out.")
    scale = 1.0 if w is None else weight[own].sum() / (weight[own] ** 2).sum()
    return pd.Series({name: weight[(categories == name).to_numpy()].sum() * scale for name in CATEGORIES})


def _first_two(row: tuple) -> tuple[str, str]:
    """The two most frequent categories; where numbers are equal, M before O, A, I, R, Q."""
    count = dict(zip(CATEGORIES, row, strict=True))
    first, second = sorted(PRECEDENCE, key=lambda name: -count[name])[:2]
    return first, second


def _wilson(p: pd.Series, n: pd.Series, confidence: float) -> tuple[pd.Series, pd.Series]:
    """Wilson's interval of a share."""
    z = float(special.ndtri((1 + confidence) / 2))
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return centre - half, centre + half
