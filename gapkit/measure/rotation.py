"""Rotation of factor loadings to simple structure, orthogonal or oblique."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapkit.measure.rotation_arrays import RotatedArrays, RotationName, arranged, rotate_arrays
from gapkit.survey.phrase import Phrase, phrase, plural
from gapkit.survey.result import Result

Floats = NDArray[np.floating]

STARTS, GEOMIN_STARTS = 10, 30
"""Starts where none are asked for; geomin is known for its local optima."""
SAME_OPTIMUM = 1e-6


class RotationError(ValueError):
    """A rotation that cannot be done as asked."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Rotation(Result):
    """Rotated loadings; `n` is the number of items.

    Parameters
    ----------
    loadings : DataFrame (p items x k factors)
        Pattern loadings, ``unrotated @ matrix``.
    phi : DataFrame (k x k)
        Factor correlations; the identity after an orthogonal rotation.
    matrix : DataFrame (k x k)
        Rows are unrotated, columns rotated factors. ``loadings @ phi @ loadings.T == unrotated @ unrotated.T``.
    objective : float
        The criterion reached (for promax, of its varimax step).
    optima : DataFrame, one row per local optimum: `objective`, `starts` (how many of them ended there)
    converged : bool
    """

    loadings: pd.DataFrame
    phi: pd.DataFrame
    matrix: pd.DataFrame
    objective: float
    optima: pd.DataFrame
    converged: bool

    @property
    def headline(self) -> str:
        """What was rotated, and how safe the optimum is."""
        p, k = self.loadings.shape
        return f"{p} items on {factors_in_words(k)}; {started(self.optima['starts'])}" + (
            "" if self.converged else "; not converged"
        )


def rotate(
    loadings: pd.DataFrame,
    *,
    rotation: RotationName = "oblimin",
    gamma: float = 0.0,
    power: float = 4.0,
    epsilon: float = 0.01,
    target: pd.DataFrame | None = None,
    kaiser: bool | None = None,
    starts: int | None = None,
    seed: int = 0,
) -> Rotation:
    """Turn loadings to simple structure.

    Parameters
    ----------
    loadings : DataFrame (p items x k factors)
        Unrotated, that is of uncorrelated factors.
    rotation : {"oblimin", "geomin", "promax", "target", "varimax", "quartimax", "none"}
        The first four let factors correlate.
    gamma : float
        For oblimin. 0 is quartimin; negative values make factors less correlated.
    power : float
        For promax, the power varimax loadings are raised to.
    epsilon : float
        For geomin, added to squared loadings.
    target : DataFrame (p x k), for rotation="target"
        Loadings wanted; NaN may be anything. Factors keep the target's names, order and signs.
    kaiser : bool, optional
        Weigh items equally while rotating; by default for varimax and promax only, as R and SPSS do.
    starts : int, optional
        Starts of the search, the first from the unrotated loadings (for a target, from the orthogonal rotation nearest
        to it), the others random: 30 for geomin, else 10. The lowest of the local optima found is returned.
    seed : int
        For the random starts.

    Returns
    -------
    Rotation
        Factors in falling order of variance, signed so that their loadings sum to a positive number; loadings, phi and
        matrix together.

    Raises
    ------
    RotationError
        Unknown rotation; loadings that are not finite or do not span k factors; a target of another shape or without
        any wanted loading.

    References
    ----------
    .. [1] Jennrich, R. I. (2002). A simple general method for oblique rotation. Psychometrika, 67.
    .. [2] Yates, A. (1987). Multivariate exploratory data analysis. SUNY Press. (geomin)
    .. [3] Hendrickson, A. E. & White, P. O. (1964). Promax: a quick method for rotation to oblique simple structure.
       British Journal of Statistical Psychology, 17.

    Examples
    --------
    >>> turned = pd.DataFrame({"A": [0.6, 0.6, 0.5, 0.5], "B": [-0.6, -0.6, 0.5, 0.5]}, index=list("wxyz"))
    >>> rotate(turned, rotation="varimax").loadings.round(3) + 0.0
          F1     F2
    w  0.849  0.000
    x  0.849  0.000
    y  0.000  0.707
    z  0.000  0.707
    """
    A = _checked(loadings, rotation)
    wanted = _checked_target(target, loadings) if rotation == "target" else None
    if starts is not None and starts < 1:
        raise RotationError(f"starts={starts}: at least one start is needed.")
    number = (
        1 if rotation == "none" or A.shape[1] == 1 else starts or (GEOMIN_STARTS if rotation == "geomin" else STARTS)
    )
    begun = _random_starts(number, A, wanted, seed)
    found = rotate_arrays(
        np.broadcast_to(A, (len(begun), *A.shape)),
        rotation=rotation,
        gamma=gamma,
        power=power,
        epsilon=epsilon,
        target=wanted,
        kaiser=kaiser,
        start=begun,
    )
    lowest = found.objective.min()
    as_low = found.objective <= lowest + SAME_OPTIMUM * (1 + abs(lowest))
    best = int(np.argmax(as_low & found.converged) if (as_low & found.converged).any() else np.argmax(as_low))
    parts = RotatedArrays(*(part[best] for part in found))
    if rotation != "target":
        parts = arranged(parts)
    names = pd.Index([f"F{number}" for number in range(1, A.shape[1] + 1)])
    if target is not None and rotation == "target":
        names = target.columns
    optima, ended = _optima(found.objective)
    settings = {"oblimin": f" (gamma {gamma:g})", "promax": f" (power {power:g})", "geomin": f" (epsilon {epsilon:g})"}
    about = {"rotation": f"{rotation}{settings.get(rotation, '')}", "starts": ended}
    how = (
        phrase("Rotation: {rotation}, {starts}.", **about)
        if parts.converged
        else phrase("Rotation: {rotation}, {starts}; not converged.", **about)
    )
    return Rotation(
        n=len(A),
        source=str(loadings.attrs.get("source", "source not stated")),
        method=how if rotation != "none" and A.shape[1] > 1 else phrase("Not rotated."),
        loadings=pd.DataFrame(parts.loadings, index=loadings.index, columns=names),
        phi=pd.DataFrame(parts.phi, index=names, columns=names),
        matrix=pd.DataFrame(parts.matrix, index=loadings.columns, columns=names),
        objective=float(parts.objective),
        optima=optima,
        converged=bool(parts.converged),
    )


def factors_in_words(factors: int) -> Phrase:
    """1 factor, 2 factors."""
    return plural(factors, "{count} factor", "{count} factors")


def started(starts: ArrayLike) -> Phrase:
    """How many starts there were and how many ended at each optimum, in words."""
    ended = np.asarray(starts)
    if ended.sum() == 1:
        return phrase("1 start")
    if len(ended) == 1:
        return phrase("{starts} starts, one optimum", starts=ended[0])
    return phrase(
        "{starts} starts, {optima} local optima ({best} starts at the best)",
        starts=ended.sum(),
        optima=len(ended),
        best=ended[0],
    )


def _optima(objectives: Floats) -> tuple[pd.DataFrame, str]:
    """The distinct values that starts ended at, lowest first, as a table and in words."""
    values = np.sort(objectives)
    new = np.diff(values, prepend=-np.inf) > SAME_OPTIMUM * (1 + np.abs(values))
    starts = np.bincount(np.cumsum(new) - 1)
    return pd.DataFrame({"objective": values[new], "starts": starts}), started(starts)


def _random_starts(number: int, A: Floats, wanted: Floats | None, seed: int) -> Floats:
    """The first start and random orthogonal matrices after it."""
    k = A.shape[1]
    first = np.eye(k)
    if wanted is not None:  # the orthogonal rotation nearest to the target's known part
        U, _, V = np.linalg.svd(A.T @ np.nan_to_num(wanted))
        first = U @ V
    drawn = np.random.default_rng(seed).standard_normal((number - 1, k, k))
    return np.concatenate([first[None], np.linalg.qr(drawn)[0]])


def _checked(loadings: pd.DataFrame, rotation: str) -> Floats:
    """The loadings as an array that can be rotated."""
    if rotation not in get_args(RotationName):
        raise RotationError(f"rotation={rotation!r} is not known. Use one of {', '.join(get_args(RotationName))}.")
    A = loadings.to_numpy(dtype=float)
    if not np.isfinite(A).all():
        bad = loadings.index[~np.isfinite(A).all(axis=1)]
        raise RotationError(f"{', '.join(map(str, bad))}: loadings are missing or infinite.")
    rank = int(np.linalg.matrix_rank(A))
    if rank < A.shape[1]:
        raise RotationError(
            phrase(
                "The loadings span {factors}, not {asked}. Ask for {rank} factors.",
                factors=factors_in_words(rank),
                asked=A.shape[1],
                rank=rank,
            )
        )
    return A


def _checked_target(target: pd.DataFrame | None, loadings: pd.DataFrame) -> Floats:
    """The target as an array in the loadings' order of items."""
    if target is None:
        raise RotationError('rotation="target" needs target=, the loadings wanted (NaN where any will do).')
    missing = [str(item) for item in loadings.index if item not in target.index]
    if missing or target.shape[1] != loadings.shape[1]:
        raise RotationError(
            f"The target must have a row for each item and {loadings.shape[1]} columns; "
            f"it has {target.shape[1]} columns" + (f" and no row for {', '.join(missing)}." if missing else ".")
        )
    wanted = target.loc[loadings.index].to_numpy(dtype=float)
    if not np.isfinite(wanted).any(axis=0).all():
        raise RotationError("Each factor of the target needs at least one wanted loading; one has none.")
    return wanted
