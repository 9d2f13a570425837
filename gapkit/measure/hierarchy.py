"""The Schmid-Leiman transformation as arrays: correlated factors split into a general factor and group factors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gapkit.measure.extraction import extract
from gapkit.measure.rotation_arrays import RotatedArrays, arranged, rotate_arrays

Floats = NDArray[np.floating]
STARTS = 10


class SchmidLeiman(NamedTuple):
    """A hierarchical solution; leading axes are those of the correlations.

    Attributes
    ----------
    general : array (..., p)
        Loadings on the general factor.
    groups : array (..., p, k)
        Loadings on what the group factors hold beyond it.
    communalities : array (..., p)
    loadings : array (..., p, k)
        Of the oblique solution they come from.
    unrotated : array (..., p, k)
    matrix : array (..., k, k)
        ``loadings == unrotated @ matrix``.
    converged : bool array (...)
    """

    general: Floats
    groups: Floats
    communalities: Floats
    loadings: Floats
    unrotated: Floats
    matrix: Floats
    converged: NDArray[np.bool_]


def schmid_leiman(correlations: Floats, n_factors: int, *, like: SchmidLeiman | None = None) -> SchmidLeiman:
    """Minres, oblimin, and one general factor of the factors' correlations.

    Parameters
    ----------
    correlations : array (p, p), or a batch (..., p, p) together with `like`
    n_factors : int
    like : SchmidLeiman, optional
        The solution of the whole sample, for a bootstrap: draws start from it, so that they reach the same optimum.
    """
    start = None if like is None else 1 - like.communalities
    first = extract(correlations, n_factors, start=start)
    unrotated = first.loadings
    if n_factors == 1:
        general, nothing = unrotated[..., 0], np.zeros_like(unrotated)
        one = np.ones((*unrotated.shape[:-2], 1, 1))
        return SchmidLeiman(general, nothing, general**2, unrotated, unrotated, one, first.converged)
    if like is None:
        turned = _best_oblimin(unrotated)
        matrix = turned.matrix
    else:
        # eigenvectors of a draw come in any order and sign: turn them to those of the sample first
        u, _, v = np.linalg.svd(unrotated.swapaxes(-1, -2) @ like.unrotated)
        towards = u @ v
        turned = rotate_arrays(unrotated @ towards, rotation="oblimin", start=np.linalg.inv(like.matrix).T)
        matrix = towards @ turned.matrix
    second = _second_order(turned.phi)
    general = (turned.loadings @ second[..., None])[..., 0]
    groups = turned.loadings * np.sqrt(np.maximum(1 - second**2, 0))[..., None, :]
    return SchmidLeiman(
        general,
        groups,
        (unrotated**2).sum(axis=-1),
        turned.loadings,
        unrotated,
        matrix,
        first.converged & turned.converged,
    )


def _best_oblimin(unrotated: Floats) -> RotatedArrays:
    """The lowest of the optima reached from a varimax solution and from `STARTS` random ones.

    The starts are fixed, so that the same loadings always give the same solution. One alone would not do: on matrices
    of perfect symmetry the gradient at the identity is zero although it is no optimum.
    """
    k = unrotated.shape[-1]
    random = np.random.default_rng(0).standard_normal((STARTS, k, k))
    starts = np.linalg.qr(np.concatenate([np.eye(k)[None] + random[:1] / 20, random]))[0]
    many = np.broadcast_to(unrotated, (len(starts), *unrotated.shape))
    simple = rotate_arrays(many[:1], rotation="varimax", start=starts[:1])
    starts[:1] = simple.matrix
    found = arranged(rotate_arrays(many, rotation="oblimin", start=starts, tolerance=1e-9))
    best = int(np.argmin(np.where(found.objective < found.objective.min() + 1e-9, 0, 1)))
    return RotatedArrays(*(part[best] for part in found))


def _second_order(phi: Floats) -> Floats:
    """Loadings of the factors on the general factor; two factors share theirs equally, as nothing tells them apart."""
    if phi.shape[-1] == 2:
        r = phi[..., 0, 1]
        root = np.sqrt(np.abs(r))
        return np.stack([root, np.sign(r) * root], axis=-1)
    return extract(phi, 1).loadings[..., 0]


def omegas(correlations: Floats, found: SchmidLeiman) -> tuple[Floats, Floats]:
    """Omega total and hierarchical of the sum of all items: (...), (...)."""
    variance = correlations.sum(axis=(-1, -2))
    unique = (1 - found.communalities).sum(axis=-1)
    total = 1 - unique / variance
    hierarchical = found.general.sum(axis=-1) ** 2 / variance
    return total, hierarchical if found.loadings.shape[-1] > 1 else np.full_like(total, np.nan)
