"""From answers, moments or a printed correlation matrix to one correlation matrix that says how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapkit.measure.answers import AnswersError
from gapkit.measure.correlation import Kind, correlation
from gapkit.measure.moments import Moments
from gapkit.survey.phrase import joined, phrase, sentences

DEPENDENT = 1e-8
"""Share of an item's variance that the others must leave; with less, the item is counted as a combination of them."""


class SingularError(ValueError):
    """Items that are exact combinations of each other, where an inverse is needed; the message names them."""


def correlation_matrix(
    answers: Any,
    *,
    kind: Kind = "pearson",
    n_respondents: float | None = None,
    weights: ArrayLike | None = None,
) -> pd.DataFrame:
    """Correlations of answers or moments, or a correlation matrix as it was given.

    Parameters
    ----------
    answers : DataFrame (n x k) of answers, Moments, or a correlation matrix (k x k, DataFrame or array)
        A square symmetric table with ones in its diagonal is taken as a correlation matrix.
    kind : {"pearson", "polychoric"}
        For answers only.
    n_respondents : float, optional
        Needed with a correlation matrix unless its ``attrs`` hold it, as those of `correlation` do.
    weights : array (n,), optional
        Respondent weights, for answers only.

    Returns
    -------
    DataFrame (k x k), with the ``attrs`` of `correlation`
        ``attrs["n_usable"]`` is the number of respondents that tests should count with: the fewest behind any pair, and
        not more than Kish's effective number.
    """
    if not is_correlation_matrix(answers):
        matrix = correlation(answers, kind=kind, weights=weights).copy()
        about = matrix.attrs
    else:
        if weights is not None:
            raise AnswersError("A correlation matrix cannot be weighted any more; give weights to gk.correlation.")
        matrix = pd.DataFrame(answers).astype(float)
        about = dict(getattr(answers, "attrs", {}))
        if not isinstance(answers, pd.DataFrame):
            names = [f"v{j + 1:02d}" for j in range(len(matrix))]
            matrix = matrix.set_axis(names).set_axis(names, axis=1)
        described = {
            "method": phrase(
                "Correlation matrix of {items} items as given, {respondents:g} respondents.",
                items=len(matrix),
                respondents=_n(n_respondents, about),
            ),
            "kind": "as given",
            "source": "source not stated",
            "smoothed": False,
            "n_respondents": _n(n_respondents, about),
        }
        matrix.attrs = described | about | ({} if n_respondents is None else {"n_respondents": n_respondents})
    matrix.attrs["n_usable"] = _n(n_respondents, about)
    return matrix


def _n(given: float | None, about: Mapping[Any, Any]) -> float:
    """The fewest respondents behind any pair, or Kish's effective number where that is smaller."""
    if given is not None:
        return float(given)
    if "n_effective" in about:
        return float(about["n_effective"] if about["n"] >= int(about["n_effective"]) else about["n"])
    if about.get("n_respondents") is None:
        raise AnswersError(
            "This is a correlation matrix: say how many respondents are behind it with n_respondents=..., "
            "or give the answers."
        )
    return float(about["n_respondents"])


def is_correlation_matrix(table: Any) -> bool:
    """Whether a table is square, symmetric, with ones in the diagonal."""
    if isinstance(table, pd.DataFrame) and not all(map(pd.api.types.is_numeric_dtype, table.dtypes)):
        return False
    if isinstance(table, Moments) or np.ndim(table) != 2 or np.shape(table)[0] != np.shape(table)[1]:
        return False
    values = np.asarray(table, dtype=float)
    return len(values) > 1 and bool(np.allclose(np.diag(values), 1) and np.allclose(values, values.T, atol=1e-8))


def refuse_singular(matrix: pd.DataFrame, what: str) -> None:
    """Raise a `SingularError` that names the items, where the matrix has no inverse."""
    unknown = [str(name) for name in matrix.columns if not np.isfinite(matrix[name]).all()]
    if unknown:
        raise SingularError(
            phrase(
                "{what} needs every correlation; those of {items} are missing or infinite.",
                what=what,
                items=", ".join(unknown),
            )
        )
    found = combinations(matrix)
    if not found:
        return
    n, k = matrix.attrs.get("n_respondents", np.inf), len(matrix)
    if n <= k:
        raise SingularError(
            phrase(
                "{what} needs more respondents than items: {respondents:g} respondents cannot carry {items} items, so "
                "that {names} are exact combinations of the others. Analyse fewer items, or one dimension at a time.",
                what=what,
                respondents=n,
                items=k,
                names=", ".join(name for name, _ in found),
            )
        )
    each = [
        phrase("{item} is the same as {others}", item=name, others=", ".join(others))
        if len(others) == 1
        else phrase("{item} is an exact combination of {others}", item=name, others=", ".join(others))
        for name, others in found
    ]
    singular = phrase(
        "{what} does not exist for a singular correlation matrix: {reasons}. Leave out {items}.",
        what=what,
        reasons=joined(each, between="; "),
        items=", ".join(name for name, _ in found),
    )
    indefinite = "indefinite" in matrix.attrs.get("method", "")
    apart = phrase("(The matrix was indefinite: pairs of items were answered by different respondents.)")
    raise SingularError(sentences(singular, apart if indefinite else ""))


def combinations(matrix: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Each item that the items before it determine, with those it depends on; empty for a regular matrix."""
    values: NDArray[np.float64] = matrix.to_numpy()
    kept: list[int] = []
    found = []
    for item in range(len(values)):
        weights = np.linalg.solve(values[np.ix_(kept, kept)], values[kept, item]) if kept else np.empty(0)
        left = 1 - weights @ values[kept, item]
        if left > DEPENDENT:
            kept.append(item)
            continue
        involved = [
            str(matrix.columns[other]) for other, weight in zip(kept, weights, strict=True) if abs(weight) > 1e-3
        ]
        found.append((str(matrix.columns[item]), involved))
    return found
