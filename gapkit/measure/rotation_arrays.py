"""Rotation as arrays: many loading matrices turned at once, and factors put in order."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gapkit.measure import projection

Floats = NDArray[np.floating]
RotationName = Literal["none", "varimax", "quartimax", "promax", "oblimin", "geomin", "target"]

KAISER = ("varimax", "promax")
"""Rotations that weigh items equally (Kaiser's normalisation) unless told otherwise, as R and SPSS do."""


class RotatedArrays(NamedTuple):
    """Rotated loadings of a batch; the leading axes are those of the input.

    Attributes
    ----------
    loadings : array (..., p, k)
        ``unrotated @ matrix``.
    phi : array (..., k, k)
        Factor correlations, ``inv(matrix' matrix)``.
    matrix : array (..., k, k)
    objective : array (...)
        The criterion reached; for promax, of its varimax step. Zero without rotation.
    converged : bool array (...)
    """

    loadings: Floats
    phi: Floats
    matrix: Floats
    objective: Floats
    converged: NDArray[np.bool_]


def rotate_arrays(
    loadings: Floats,
    *,
    rotation: RotationName = "oblimin",
    gamma: float = 0.0,
    power: float = 4.0,
    epsilon: float = 0.01,
    target: Floats | None = None,
    kaiser: bool | None = None,
    start: Floats | None = None,
    tolerance: float = 1e-7,
) -> RotatedArrays:
    """Rotate many loading matrices, each from one start; neither ordered nor signed (see `arranged`).

    Parameters
    ----------
    loadings : array (..., p, k)
    rotation, gamma, power, epsilon, kaiser
        See `rotate`.
    target : array (p, k) or (..., p, k)
        For rotation="target"; nan may be anything.
    start : array (..., k, k), optional
        T of `gapkit.measure.projection` to start from, else the identity: an orthogonal matrix, or for the oblique
        searches any with columns of length one. ``inv(matrix).T`` of an earlier result continues from there.
    tolerance : float
        Length of the projected gradient at which the search stops.

    Returns
    -------
    RotatedArrays
    """
    *batch, p, k = loadings.shape
    A = np.ascontiguousarray(loadings, dtype=float).reshape(-1, p, k)
    eye = np.broadcast_to(np.eye(k), (len(A), k, k))
    if rotation == "none" or k == 1:
        parts = RotatedArrays(A, eye, eye, np.zeros(len(A)), np.ones(len(A), dtype=bool))
    else:
        if kaiser is None:
            kaiser = rotation in KAISER
        size = np.sqrt((A * A).sum(axis=2, keepdims=True)) if kaiser else np.ones((1, 1, 1))
        weighed = A / np.where(size > 0, size, 1.0)
        if start is not None:
            start = np.broadcast_to(start, (*batch, k, k)).reshape(-1, k, k)
        if rotation == "target" and target is not None:
            target = np.asarray(target, dtype=float)
            target = target if target.ndim == 2 else np.broadcast_to(target, (*batch, p, k)).reshape(-1, p, k)
        criterion, oblique = _criterion(rotation, gamma, epsilon, target)
        found = projection.project(weighed, criterion, oblique=oblique, start=start, tolerance=tolerance)
        matrix = np.linalg.inv(found.T).swapaxes(1, 2) if oblique else found.T
        if rotation == "promax":
            matrix = matrix @ _promax(weighed @ matrix, power)
        inverse = np.linalg.inv(matrix)
        phi = inverse @ inverse.swapaxes(1, 2) if oblique or rotation == "promax" else eye
        parts = RotatedArrays(A @ matrix, phi, matrix, found.objective, found.converged)
    return RotatedArrays(
        parts.loadings.reshape(*batch, p, k),
        parts.phi.reshape(*batch, k, k),
        parts.matrix.reshape(*batch, k, k),
        parts.objective.reshape(batch),
        parts.converged.reshape(batch),
    )


def arranged(parts: RotatedArrays) -> RotatedArrays:
    """Factors in falling order of variance and with positive sums of loadings: loadings, phi and matrix together.

    A factor's variance is the sum over items of structure times pattern loading; these add up to the sum of
    communalities, whether factors correlate or not.
    """
    loadings, phi, matrix = parts.loadings, parts.phi, parts.matrix
    order = np.argsort(-variances(loadings, phi), axis=-1, kind="stable")[..., None, :]
    signs = np.where(loadings.sum(axis=-2, keepdims=True) < 0, -1.0, 1.0)
    columns = [np.take_along_axis(values * signs, order, axis=-1) for values in (loadings, phi, matrix)]
    down = order.swapaxes(-1, -2)
    phi = np.take_along_axis(columns[1] * signs.swapaxes(-1, -2), down, axis=-2)
    return RotatedArrays(columns[0], phi, columns[2], parts.objective, parts.converged)


def variances(loadings: Floats, phi: Floats) -> Floats:
    """Variance of the items that each factor takes up, (..., k)."""
    return ((loadings @ phi) * loadings).sum(axis=-2)


def _criterion(
    rotation: RotationName, gamma: float, epsilon: float, wanted: Floats | None
) -> tuple[projection.Criterion, bool]:
    """The function to minimise, and whether factors may correlate."""
    if rotation == "target":
        if wanted is None:
            raise ValueError('rotation="target" needs a target.')
        return projection.target(wanted), True
    if rotation == "oblimin":
        return projection.oblimin(gamma), True
    if rotation == "geomin":
        return projection.geomin(epsilon), True
    return (projection.quartimax if rotation == "quartimax" else projection.varimax), False


def _promax(varimax: Floats, power: float) -> Floats:
    """The regression of powered varimax loadings on themselves, scaled so that factors have variance one."""
    wanted = varimax * np.abs(varimax) ** (power - 1)
    U = np.linalg.pinv(varimax) @ wanted
    return U * np.sqrt(np.diagonal(np.linalg.inv(U.swapaxes(1, 2) @ U), axis1=1, axis2=2))[:, None, :]
