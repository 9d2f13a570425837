"""The factor analysis of every bootstrap draw, as arrays: correlations, extraction, rotation, order and signs."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapkit.measure.answers import Answers
from gapkit.measure.correlation import Kind
from gapkit.measure.extraction import LOWEST, Method, extract
from gapkit.measure.factors import Factors
from gapkit.measure.matching import arranged_like
from gapkit.measure.ordinal import coded
from gapkit.measure.polychoric import polychoric_arrays
from gapkit.measure.resampling import resampled_covariances, resampling_counts
from gapkit.measure.rotation import RotationName
from gapkit.measure.rotation_arrays import rotate_arrays
from gapkit.measure.smoothing import SMALLEST_EIGENVALUE, smooth

Floats = NDArray[np.floating]
Align = Literal["columns", "target"]

AT_ONCE = 64 * 2**20
"""Bytes that one batch of resampled answers may take."""
SEARCHED = 1e-6
"""Gradient at which the searches of a draw stop: right to about 2e-6, far below what the bootstrap can tell."""


class Drawn(NamedTuple):
    """Solutions of the draws, factors in the order and with the signs of the full sample's."""

    loadings: Floats
    phi: Floats
    congruence: Floats
    converged: NDArray[np.bool_]
    heywood: NDArray[np.bool_]
    smoothed: NDArray[np.bool_]


def drawn_solutions(
    table: Answers,
    full: Factors,
    draws: int,
    seed: int,
    kind: Kind,
    method: Method,
    rotation: RotationName,
    target: pd.DataFrame | None,
    align: Align,
    progress: bool,
) -> Drawn:
    """Correlations, extraction, rotation and alignment of every draw, batch by batch."""
    from tqdm.auto import tqdm

    n, p = table.values.shape
    codes, points = coded(table) if kind == "polychoric" else (None, np.empty((p, 0)))
    width = n * p * points.shape[1] if codes is not None else n * (p + 1)
    size = int(np.clip(AT_ONCE // (8 * width), 1, 500))
    rng = np.random.default_rng(seed)
    wanted = None if target is None else target.loc[full.loadings.index].to_numpy(dtype=float)
    rule: RotationName = "target" if align == "target" else rotation
    goal = full.loadings.to_numpy() if align == "target" else wanted
    parts = []
    with tqdm(
        total=draws, desc="bootstrap", unit="draw", delay=1, disable=None if progress else True, leave=False
    ) as bar:
        for start in range(0, draws, size):
            counts = resampling_counts(n, draws=min(size, draws - start), rng=rng)
            share = counts if table.weights is None else counts * table.weights
            if codes is not None:
                R = polychoric_arrays(codes, n_categories=points.shape[1], weights=share).correlation
            else:
                R = _standardised(resampled_covariances(table.values, counts, weights=table.weights))
            parts.append(_solutions(R[np.isfinite(R).all(axis=(1, 2))], full, method, rule, goal))
            bar.update(len(counts))
    return Drawn(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _standardised(covariances: Floats) -> Floats:
    """Correlations; NaN where an item does not vary, up to the rounding of single-precision counts."""
    variances = np.einsum("dii->di", covariances)
    sd = np.sqrt(np.where(variances > 1e-6 * variances.max(axis=0), variances, np.nan))
    R = covariances / (sd[:, :, None] * sd[:, None, :])
    each = np.arange(R.shape[1])
    R[:, each, each] = np.where(np.isfinite(sd), 1.0, np.nan)
    return R


def _solutions(R: Floats, full: Factors, method: Method, rule: RotationName, goal: Floats | None) -> Drawn:
    """The factor analysis of a batch of correlation matrices, beginning where the full sample's ended."""
    indefinite = np.linalg.eigvalsh(R)[:, 0] < SMALLEST_EIGENVALUE
    for draw in np.flatnonzero(indefinite):
        R[draw] = smooth(R[draw]).matrix
    reference, k = full.unrotated.to_numpy(), full.loadings.shape[1]
    begun = np.clip(full.uniquenesses.to_numpy(), LOWEST, 1)
    found = extract(R, k, method=method, start=begun, tolerance=SEARCHED)
    # unrotated factors are only known up to a rotation: bring them to the full sample's, so that its rotation fits
    U, _, V = np.linalg.svd(found.loadings.swapaxes(1, 2) @ reference)
    near = found.loadings @ (U @ V)
    T = np.linalg.inv(full.rotation_matrix.to_numpy()).T
    if rule == "promax" or rule in ("varimax", "quartimax"):
        outer, _, inner = np.linalg.svd(T)
        T = outer @ inner
    turned = rotate_arrays(
        near, rotation=rule, target=goal, start=np.broadcast_to(T, (len(R), k, k)), tolerance=SEARCHED
    )
    order, signs, similar = arranged_like(turned.loadings, full.loadings.to_numpy())
    loadings = np.take_along_axis(turned.loadings, order[:, None, :], axis=2) * signs[:, None, :]
    phi = np.take_along_axis(np.take_along_axis(turned.phi, order[:, None, :], axis=2), order[:, :, None], axis=1)
    return Drawn(
        loadings,
        phi * signs[:, None, :] * signs[:, :, None],
        similar,
        np.asarray(found.converged & turned.converged),
        np.asarray((found.uniquenesses <= LOWEST).any(axis=1)),
        indefinite,
    )
