"""What a factor analysis is given - answers, moments or correlations - brought to correlations."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gapkit.measure.answers import AnswersError, checked_answers, source_of
from gapkit.measure.correlation import Kind, correlation_of, from_moments
from gapkit.measure.moments import Moments
from gapkit.measure.smoothing import is_singular, singular_reason, smooth
from gapkit.survey.phrase import phrase, sentences

_MOMENTS = pd.Index(["mean", "sd"])


class FactorError(ValueError):
    """A factor analysis that cannot be done as asked; the message says why and what can be done."""


class FactorInput(NamedTuple):
    """Correlations with what is known of them.

    Attributes
    ----------
    correlation : DataFrame (p x p)
        Positive definite.
    n : int
        Respondents, 0 if unknown.
    n_effective : float or None
        What fit statistics count, None if unknown: Kish's effective number of the pair of items that has the smallest
        (without weights, the fewest respondents behind any pair), as for every test of a correlation matrix.
    items : DataFrame (p x 2): mean, sd
    source, method : str
    smoothed : bool
    notes : tuple of str
        What asks for care.
    """

    correlation: pd.DataFrame
    n: int
    n_effective: float | None
    items: pd.DataFrame
    source: str
    method: str
    smoothed: bool
    notes: tuple[str, ...]


def factor_input(
    answers: Any, *, kind: Kind | None, n_respondents: float | None, weights: ArrayLike | None
) -> FactorInput:
    """Correlations of whatever was given, checked."""
    if (
        isinstance(answers, pd.DataFrame)
        and answers.shape[0] == answers.shape[1]
        and answers.index.equals(answers.columns)
    ):
        return _from_matrix(answers, n_respondents, weights)
    if n_respondents is not None:
        raise FactorError("n_respondents belongs to a correlation matrix; answers and Moments are counted.")
    if isinstance(answers, Moments):
        if kind == "polychoric":
            raise FactorError(
                "Polychoric correlations need the answers themselves: Moments hold no counts of scale points. "
                'Give the answers, or use kind="pearson".'
            )
        matrix = from_moments(answers, weights)
        mean, sd = answers.mean().to_numpy(), answers.sd().to_numpy()
    else:
        if kind not in (None, "pearson", "polychoric"):
            raise AnswersError(f'kind={kind!r} is not known. Use kind="pearson" or kind="polychoric".')
        table = checked_answers(answers, weights=weights)
        matrix = correlation_of(table, kind=kind or "polychoric")
        mean, sd = table.mean, table.sd
    facts = matrix.attrs
    n = facts["n_respondents"]
    counted = facts["n_usable"]
    return FactorInput(
        correlation=matrix,
        n=n,
        n_effective=counted,
        items=pd.DataFrame({"mean": mean, "sd": sd}, index=matrix.index),
        source=facts["source"],
        method=_with_n(facts["method"], counted) if counted < n else facts["method"],
        smoothed=facts["smoothed"],
        notes=_cautions(matrix, counted, facts["kind"]),
    )


def _with_n(method: str, n: float) -> str:
    """The method, and the number that fit counts where nothing else tells it."""
    return sentences(method, phrase("Fit statistics with n = {n:g}.", n=n))


def _cautions(matrix: pd.DataFrame, n: float | None, kind: str | None) -> tuple[str, ...]:
    """What to bear in mind when reading the solution."""
    p = len(matrix)
    few = n is not None and n <= p
    notes = (
        [
            phrase(
                "Only {respondents:g} respondents for {items} items: read nothing into details.", respondents=n, items=p
            )
        ]
        if few
        else []
    )
    if is_singular(matrix.to_numpy()):
        notes.append(
            phrase("The matrix is singular or had to be smoothed: there is no objective, chi2, rmsea, tli or bic.")
        )
    elif kind == "polychoric":
        notes.append(phrase("Under polychoric correlations chi2, rmsea, tli and bic are descriptive."))
    return tuple(notes)


def _from_matrix(given: pd.DataFrame, n_respondents: float | None, weights: ArrayLike | None) -> FactorInput:
    """A correlation matrix as it stands; smoothed if it must be."""
    if weights is not None:
        raise FactorError("A correlation matrix cannot be weighted any more; give weights to gk.correlation.")
    names = [str(name) for name in given.index]
    R = given.to_numpy(dtype=float)
    if not np.isfinite(R).all():
        bad = [name for name, row in zip(names, R, strict=True) if not np.isfinite(row).all()]
        raise FactorError(f"The correlation matrix has missing values at {', '.join(bad)}. Leave these items out.")
    if not np.allclose(R, R.T, atol=1e-8) or not np.allclose(np.diag(R), 1, atol=1e-8) or np.abs(R).max() > 1 + 1e-8:
        raise FactorError(
            "The table's index equals its columns, so it was read as a correlation matrix, but it is not one: it must "
            "be symmetric with ones in the diagonal and nothing beyond 1. If these are answers, give them an index of "
            "their own."
        )
    facts = given.attrs
    n = n_respondents if n_respondents is not None else facts.get("n_usable")
    if n is not None and n < 2:
        raise FactorError(f"n_respondents={n:g}: at least 2 respondents are needed.")
    R = (R + R.T) / 2
    np.fill_diagonal(R, 1.0)
    positive, changed = smooth(R)
    labels = pd.Index(names)
    matrix = pd.DataFrame(positive, index=labels, columns=labels)
    matrix.attrs.update(facts)
    notes = _cautions(matrix, n, facts.get("kind"))
    if changed:
        reason = singular_reason(R, positive, tuple(names), n)
        notes = (phrase("The correlations were {reason}.", reason=reason), *notes)
    count = n_respondents if n_respondents is not None else facts.get("n_respondents", 0)
    method = facts.get("method", phrase("Correlations of {items} items as given.", items=len(names)))
    return FactorInput(
        correlation=matrix,
        n=round(count),
        n_effective=None if n is None else float(n),
        items=pd.DataFrame(np.nan, index=labels, columns=_MOMENTS),
        source=source_of(given),
        method=method if n is None or (n == count and "method" in facts) else _with_n(method, n),
        smoothed=changed or bool(facts.get("smoothed", False)),
        notes=notes,
    )
