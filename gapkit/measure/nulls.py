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
    """Correlations of k unrelated normal items and n respondents, (draws, k, k); the cost does not depend on n."""
    return _products(random_triangles(n, k, draws=draws, rng=rng))


def random_spectra(
    n: float, k: int, *, draws: int, rng: np.random.Generator, communalities: Communalities = "smc"
) -> Spectra:
    """Eigenvalues of random correlations, (draws, k) each.

    Squared multiple correlations are read off the triangles, which are quicker to invert than what they multiply to.
    """
    triangles = random_triangles(n, k, draws=draws, rng=rng)
    correlations = _products(triangles)
    if communalities != "smc":
        return spectra(correlations, communalities)
    component = np.linalg.eigvalsh(correlations)[:, ::-1]
    each = np.arange(k)
    correlations[:, each, each] = 1 - 1 / inverse_diagonal(triangles)
    return Spectra(component, np.linalg.eigvalsh(correlations)[:, ::-1])


def random_triangles(n: float, k: int, *, draws: int, rng: np.random.Generator) -> Floats:
    """Lower triangles A with ``A A'`` the correlations of k unrelated normal items and n respondents, (k, k, draws).

    The cross-products of such answers follow Wishart's distribution. Bartlett's decomposition draws them directly as
    A A', with A triangular: normal numbers below the diagonal, roots of chi-squares with n - 1, n - 2, ... degrees of
    freedom in it.

    References
    ----------
    .. [1] Bartlett, M. S. (1934). On the theory of statistical regression. Proceedings of the Royal Society of
       Edinburgh, 53, 260-283.
    """
    triangles = np.zeros((k, k, draws))
    row, column = np.tril_indices(k, -1)
    each = np.arange(k)
    triangles[row, column] = rng.standard_normal((draws, len(row))).T
    triangles[each, each] = np.sqrt(rng.chisquare(n - 1 - each, (draws, k))).T
    triangles /= np.sqrt(np.einsum("ijd,ijd->id", triangles, triangles))[:, None]
    return triangles


def inverse_diagonal(triangles: Floats) -> Floats:
    """The diagonals of the inverses of ``A A'``, (draws, k), for lower triangles A (k, k, draws) with no zero there.

    Examples
    --------
    >>> triangle = np.array([[1, 0], [0.6, 0.8]])
    >>> inverse_diagonal(triangle[:, :, None]), np.linalg.inv(triangle @ triangle.T).diagonal()
    (array([[1.5625, 1.5625]]), array([1.5625, 1.5625]))
    """
    inverse = np.zeros_like(triangles)
    for i in range(len(triangles)):  # row by row: inverse[i] = (e_i - sum_j A[i, j] inverse[j]) / A[i, i]
        inverse[i, i] = 1
        for j in range(i):
            inverse[i, : j + 1] -= triangles[i, j] * inverse[j, : j + 1]
        inverse[i, : i + 1] /= triangles[i, i]
    return np.einsum("ijd,ijd->jd", inverse, inverse).T


def _products(triangles: Floats) -> Floats:
    """``A A'`` of lower triangles A (k, k, draws), as (draws, k, k)."""
    A = np.ascontiguousarray(triangles.transpose(2, 0, 1))
    return A @ A.transpose(0, 2, 1)


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
    than those of normal items. Answers change places with answers only: what was left unanswered (a negative code)
    stays so, and with it the respondents behind every pair, which chance depends on as much.
    """
    n, k = codes.shape
    batch = max(1, min(draws, AT_ONCE // (4 * n * k * n_categories)))
    for start in range(0, draws, batch):
        size = min(batch, draws - start)
        shuffled = shuffled_answers(codes, size, rng)
        yield polychoric_arrays(shuffled, n_categories=n_categories, weights=weights).correlation


def shuffled_answers(codes: NDArray[np.integer], draws: int, rng: np.random.Generator) -> NDArray[np.integer]:
    """Every item's answers in random order among those who answered it, (draws, n, k)."""
    if (codes >= 0).all():
        return rng.permuted(np.broadcast_to(codes, (draws, *codes.shape)), axis=1)
    shuffled = np.repeat(codes[None], draws, axis=0)
    for item, answers in enumerate(codes.T):
        here = np.flatnonzero(answers >= 0)
        shuffled[:, here, item] = rng.permuted(np.broadcast_to(answers[here], (draws, len(here))), axis=1)
    return shuffled
