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
from gapkit.measure.smoothing import SINGULAR, SMALLEST_EIGENVALUE, is_singular
from gapkit.survey.phrase import joined, phrase

INVOLVED = 1e-3
"""Weight from which an item counts as a part of a combination."""


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
        ``attrs["n_usable"]`` is the number of respondents that tests and fit statistics count with: Kish's effective
        number of the pair of items that has the smallest (without weights, the fewest respondents behind any pair).
        Pairwise-complete correlations hold at least what so many complete answers would tell; a larger number would
        call differences significant that the weakest pair cannot carry.
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
    """Kish's effective number of the pair of items that has the smallest, or what was said of the matrix."""
    if given is not None:
        return float(given)
    if "n_usable" in about:
        return float(about["n_usable"])
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
    if not is_singular(matrix.to_numpy()):
        return
    found = combinations(matrix)
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
    values, vectors = np.linalg.eigh(matrix.to_numpy())
    smallest = matrix.attrs.get("smallest_eigenvalue", values[0])
    if smallest < -SMALLEST_EIGENVALUE:
        raise SingularError(
            phrase(
                "{what} does not exist for these correlations: each comes from its own pair of items, and together "
                "they contradict each other (smallest eigenvalue {smallest:.2g}). Leave out {item}, which is involved "
                "most, or use the respondents who answered every item.",
                what=what,
                smallest=smallest,
                item=str(matrix.columns[np.abs(vectors[:, 0]).argmax()]),
            )
        )
    each = [
        phrase("{item} is the same as {others}", item=name, others=", ".join(others))
        if len(others) == 1
        else phrase("{item} is an exact combination of {others}", item=name, others=", ".join(others))
        for name, others in found
    ]
    raise SingularError(
        phrase(
            "{what} does not exist for a singular correlation matrix: {reasons}. Leave out {items}.",
            what=what,
            reasons=joined(each, between="; "),
            items=", ".join(name for name, _ in found),
        )
    )


def combinations(matrix: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Each item that the items before it determine, with those it depends on; empty for a regular matrix.

    The weights of a combination that comes to nothing are an eigenvector of eigenvalue zero. Whether there is one does
    not depend on the order of the items; which of them is said to be the others' combination does: the last.
    """
    values, vectors = np.linalg.eigh(matrix.to_numpy())
    left = vectors[:, values < SINGULAR].T  # a combination a row
    solved: dict[int, NDArray[np.float64]] = {}
    for item in range(len(values))[::-1]:
        if not len(left):
            break
        chosen = int(np.abs(left[:, item]).argmax())
        if abs(left[chosen, item]) < INVOLVED:
            continue
        own = left[chosen] / left[chosen, item]  # its last item counted once
        left = np.delete(left, chosen, axis=0)
        left = left - left[:, [item]] * own
        solved = {other: row - row[item] * own for other, row in solved.items()} | {item: own}
    names = [str(name) for name in matrix.columns]
    return [
        (names[item], [names[j] for j in np.flatnonzero(np.abs(row) > INVOLVED).tolist() if j != item])
        for item, row in sorted(solved.items())
    ]
