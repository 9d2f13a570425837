"""Eigenvalues that chance alone would give: random correlation matrices, and permuted answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gapkit.measure.extraction import extract
from gapkit.measure.polychoric import polychoric_arrays

Floats = NDArray[np.floating]
Communalities = Literal["smc", "one factor"]

AT_ONCE = 64 * 2**20
"""Bytes that one batch of permuted answers may take."""


class Spectra(NamedTuple):
    """Eigenvalues in falling order, (..., k): of the correlations, and of those with communalities in the diagonal."""

    component: Floats
    common: Floats


def spectra(correlations: Floats, communalities: Communalities = "smc") -> Spectra:
    """Eigenvalues of correlation matrices (..., k, k), plain and with communalities in the diagonal."""
    reduced = correlations.copy()
    each = np.arange(correlations.shape[-1])
    if communalities == "smc":
        reduced[..., each, each] = 1 - 1 / np.linalg.inv(correlations)[..., each, each]
    else:
        reduced[..., each, each] = 1 - extract(correlations, 1).uniquenesses
    return Spectra(np.linalg.eigvalsh(correlations)[..., ::-1], np.linalg.eigvalsh(reduced)[..., ::-1])


def random_correlations(n: float, k: int, *, draws: int, rng: np.random.Generator) -> Floats:
    """Correlations of k unrelated normal items and n respondents, (draws, k, k), at a cost that does not depend on n.

    The cross-products of such answers follow Wishart's distribution. Bartlett's decomposition draws them directly as
    A A', with A triangular: normal numbers below the diagonal, roots of chi-squares with n - 1, n - 2, ... degrees of
    freedom in it.

    References
    ----------
    .. [1] Bartlett, M. S. (1934). On the theory of statistical regression. Proceedings of the Royal Society of
       Edinburgh, 53, 260-283.
    """
    triangle = np.zeros((draws, k, k))
    row, column = np.tril_indices(k, -1)
    each = np.arange(k)
    triangle[:, row, column] = rng.standard_normal((draws, len(row)))
    triangle[:, each, each] = np.sqrt(rng.chisquare(n - 1 - each, (draws, k)))
    triangle /= np.sqrt(np.einsum("dij,dij->di", triangle, triangle))[:, :, None]
    return triangle @ triangle.transpose(0, 2, 1)


def permuted_polychorics(
    codes: NDArray[np.integer],
    *,
    n_categories: int,
    draws: int,
    rng: np.random.Generator,
    weights: Floats | None = None,
) -> Iterator[Floats]:
    """Polychoric correlations after each item's answers were shuffled on their own, in batches (b, k, k).

    Shuffling keeps every item's categories and their shares, which is what makes polychoric eigenvalues spread more
    than those of normal items.
    """
    n, k = codes.shape
    batch = max(1, min(draws, AT_ONCE // (4 * n * k * n_categories)))
    for start in range(0, draws, batch):
        size = min(batch, draws - start)
        shuffled = rng.permuted(np.broadcast_to(codes, (size, n, k)), axis=1)
        yield polychoric_arrays(shuffled, n_categories=n_categories, weights=weights).correlation
