"""Gaussian mixtures by EM: many starts, and many weightings of the same rows, at once.

A normal density is log-linear in 1, x and (where segments have covariances of their own) the products of x: the
expected part of every start is one matrix product, and so is the sum over rows that the next step needs. Weights come
in for nothing, which is what survey weights, bootstrap samples and counts on a grid ask for; scikit-learn's
GaussianMixture takes none. Where it can do the same, both reach the same optimum (tests).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

STRUCTURES = ("EII", "VII", "EEI", "VVI", "EEE", "VVV")
"""Covariances inside segments, by mclust's names: spheres of one (EII) or of own size (VII), axes along the scores,
alike (EEI) or own (VVI), any shape, alike (EEE; scikit-learn's "tied") or own (VVV, "full")."""
LEAST = 1e-2
"""Smallest variance inside a segment in any direction, relative to that of all together: a spike of equal answers at
the scale's end must not count as a segment of infinite likelihood."""

NOT_YET = np.zeros(1, bool)


class Mixture(NamedTuple):
    """Mixtures of k normal distributions in p variables, one for each of S starts (or samples).

    shares : (S, k)
    means : (S, k, p)
    covariances : (S, k, p, p)
    log_likelihood : (S,)
    converged : (S,) bool
    """

    shares: Floats
    means: Floats
    covariances: Floats
    log_likelihood: Floats
    converged: NDArray[np.bool_]

    def take(self, which: NDArray | slice) -> Mixture:
        """Some of the starts."""
        return Mixture(
            self.shares[which],
            self.means[which],
            self.covariances[which],
            self.log_likelihood[which],
            self.converged[which],
        )

    def reordered(self, order: NDArray) -> Mixture:
        """With the segments of every start in another order."""
        return self._replace(
            shares=self.shares[:, order], means=self.means[:, order], covariances=self.covariances[:, order]
        )


def n_parameters(structure: str, k: int, p: int) -> int:
    """Free parameters: shares, means, and covariances as `structure` has them."""
    full = p * (p + 1) // 2
    own = {"EII": 1, "VII": k, "EEI": p, "VVI": k * p, "EEE": full, "VVV": k * full}[structure]
    return k - 1 + k * p + own


@cache
def _upper(p: int) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Rows and columns of the upper triangle."""
    return np.triu_indices(p)


def features_of(x: Floats, structure: str) -> Floats:
    """What a normal density is log-linear in, (..., n, q): 1, x, and products of x where covariances differ."""
    parts = [np.ones((*x.shape[:-1], 1), x.dtype), x]
    if structure[0] == "V":
        i, j = _upper(x.shape[-1]) if structure == "VVV" else (np.arange(x.shape[-1]),) * 2
        parts.append(x[..., i] * x[..., j])
    return np.concatenate(parts, axis=-1)


def fit(
    x: Floats,
    shares: Floats,
    means: Floats,
    covariances: Floats,
    *,
    structure: str,
    weights: Floats | None = None,
    most: int = 600,
    tolerance: float = 1e-8,
) -> Mixture:
    """EM from given starts, in strides of three steps.

    Parameters
    ----------
    x : array (n, p), or (D, n, p) for as many data sets
        Centred: raw sums of squares are taken. In single precision the rows' part of every step is, too.
    shares, means, covariances : arrays (S, k), (S, k, p), (S, k, p, p)
        Where to begin; with D data sets the first S / D starts belong to the first, and so on.
    structure : str
        One of `STRUCTURES`.
    weights : array (n,), or (S, n), optional
        How much each row counts: for all starts, or for each.
    most : int
        Steps at most.
    tolerance : float
        A start has converged when a step gains less than this a respondent, in log-likelihood.
    """
    s, sets = len(shares), (len(x) if x.ndim == 3 else 1)
    each = s // sets
    phi = features_of(x if x.ndim == 3 else x[None], structure)
    whole = _whole(x, np.ones((1, x.shape[-2])) if weights is None else np.atleast_2d(weights), each)
    size = np.sqrt((phi * phi).mean(axis=(0, 1)))
    found = Mixture(shares.copy(), means.copy(), covariances.copy(), np.full(s, -np.inf), np.zeros(s, bool))
    active, own, here = np.arange(s), whole, phi
    _, sums = _expected(phi, found, structure, whole)
    for _ in range(max(1, most // 3)):
        before, first = _expected(here, _maximised(sums, own, structure), structure, own)
        once = _maximised(first, own, structure)
        loglik, second = _expected(here, once, structure, own)
        found.shares[active], found.means[active], found.covariances[active] = once[:3]
        found.log_likelihood[active] = loglik
        done = loglik - before < tolerance * own.total
        found.converged[active] = done
        if done.all():
            break
        # starts of a data set stay together until the last of them is there
        going = np.repeat(~done.reshape(-1, each).all(axis=1), each) if sets > 1 else ~done
        if not going.all():
            active = active[going]
            own = whole.of(active)
            here = phi[active[::each] // each] if sets > 1 else phi
            first, second, loglik, sums = first[going], second[going], loglik[going], sums[going]
        ahead = _extrapolated(sums, first, second, size)
        reached, third = _expected(here, _maximised(ahead, own, structure), structure, own)
        sums = np.where((reached >= loglik)[:, None, None], third, second)
    return found


class _Whole(NamedTuple):
    """Of all segments together, for all starts or for each: weights, their sum, raw products, smallest variances."""

    weights: Floats
    total: Floats
    products: Floats
    least: Floats

    def of(self, which: NDArray) -> _Whole:
        """Of some starts."""
        return _Whole(*(part if len(part) == 1 else part[which] for part in self))


def _whole(x: Floats, w: Floats, each: int) -> _Whole:
    """Sums over all rows: of every data set, `each` times, or of every weighting."""
    total, exact = w.sum(axis=1), x.astype(float, copy=False)
    if x.ndim == 3:
        products = (np.swapaxes(exact, 1, 2) * w[:, None]) @ exact
        middle = (w[:, None] @ exact)[:, 0] / total
        products, middle = np.repeat(products, each, axis=0), np.repeat(middle, each, axis=0)
    else:
        products = np.array([(exact * row[:, None]).T @ exact for row in w])
        middle = w @ exact / total[:, None]
    variances = np.einsum("sjj->sj", products) / total[:, None] - middle**2
    return _Whole(w.astype(x.dtype, copy=False), total, products, LEAST * np.maximum(variances, 1e-300))


def _extrapolated(start: Floats, once: Floats, twice: Floats, size: Floats) -> Floats:
    """Where EM is heading, from the sums (S, k, q) of three steps: a squared extrapolation (SQUAREM).

    EM crawls where segments overlap. A step too far is undone by the caller; one that would empty a segment is not
    taken.

    References
    ----------
    .. [1] Varadhan, R., & Roland, C. (2008). Simple and globally convergent methods for accelerating the convergence of
       any EM algorithm. Scandinavian Journal of Statistics, 35, 335-353.
    """
    step = once - start
    bend = twice - once - step
    length = np.linalg.norm((step / size).reshape(len(step), -1), axis=1)
    turn = np.linalg.norm((bend / size).reshape(len(step), -1), axis=1)
    far = np.clip(length / np.maximum(turn, 1e-300), 1.0, 1e6)[:, None, None]
    ahead = start + 2 * far * step + far**2 * bend
    sound = np.isfinite(ahead).all(axis=(1, 2)) & (ahead[..., 0] > 1e-6 * once[..., 0].sum(axis=1)[:, None]).all(axis=1)
    return np.where(sound[:, None, None], ahead, twice)


def posterior(x: Floats, mixture: Mixture, structure: str) -> Floats:
    """Each row's chances to belong to the segments of a single mixture, (n, k)."""
    chance = log_densities(features_of(x[None], structure), mixture, structure)[0]
    chance -= chance.max(axis=0)
    np.exp(chance, out=chance)
    chance /= chance.sum(axis=0)
    return chance.T


def log_densities(phi: Floats, mixture: Mixture, structure: str) -> Floats:
    """Log of share times density, (S, k, n); for shared covariances without the part that all segments have alike."""
    s, k, p = mixture.means.shape
    covariances = mixture.covariances[:, :1] if structure[0] == "E" else mixture.covariances
    inverse = np.linalg.inv(covariances)
    linear = (inverse @ mixture.means[..., None])[..., 0]
    constant = np.log(mixture.shares) - 0.5 * (
        np.log(np.linalg.det(covariances)) + (linear * mixture.means).sum(axis=2) + p * np.log(2 * np.pi)
    )
    parts = [constant[..., None], linear]
    if structure == "VVV":
        i, j = _upper(p)
        parts.append(inverse[..., i, j] * np.where(i == j, -0.5, -1.0))
    elif structure[0] == "V":
        parts.append(-0.5 * np.einsum("skii->ski", inverse))
    theta = np.concatenate(parts, axis=2).astype(phi.dtype, copy=False)
    return (theta.reshape(len(phi), -1, theta.shape[-1]) @ np.swapaxes(phi, 1, 2)).reshape(s, k, -1)


def _expected(phi: Floats, mixture: Mixture, structure: str, whole: _Whole) -> tuple[Floats, Floats]:
    """Log-likelihood of every start, and the sums of features by segment, (S, k, q)."""
    s, k, _ = mixture.means.shape
    chance = log_densities(phi, mixture, structure)
    top = chance.max(axis=1)
    chance -= top[:, None]
    np.exp(chance, out=chance)
    summed = chance.sum(axis=1)
    top += np.log(summed)
    loglik = (whole.weights * top).sum(axis=1, dtype=float)
    if structure[0] == "E":
        loglik -= 0.5 * (np.linalg.inv(mixture.covariances[:, 0]) * whole.products).sum(axis=(1, 2))
    chance *= (whole.weights / summed)[:, None]
    return loglik, (chance.reshape(len(phi), -1, phi.shape[1]) @ phi).reshape(s, k, -1).astype(float, copy=False)


def _maximised(sums: Floats, whole: _Whole, structure: str) -> Mixture:
    """Shares, means and covariances from the sums of features by segment."""
    p = whole.products.shape[-1]
    count = np.maximum(sums[..., 0], 1e-8)
    shares = count / count.sum(axis=1, keepdims=True)
    means = sums[..., 1 : 1 + p] / count[..., None]
    if structure[0] == "E":
        between = (shares[..., None] * means).transpose(0, 2, 1) @ means
        within = (whole.products / whole.total[:, None, None] - between)[:, None]
    elif structure == "VVV":
        within = np.empty((*count.shape, p, p))
        i, j = _upper(p)
        within[..., i, j] = within[..., j, i] = sums[..., 1 + p :] / count[..., None] - means[..., i] * means[..., j]
    else:
        within = (sums[..., 1 + p :] / count[..., None] - means**2)[..., None] * np.eye(p)
    within = _shaped(within, structure, whole.least)
    if structure[0] == "E":
        within = np.repeat(within, count.shape[1], axis=1)
    return Mixture(shares, means, within, whole.total, NOT_YET)


def _shaped(within: Floats, structure: str, least: Floats) -> Floats:
    """Covariances (S, 1 or k, p, p) of the shape that the structure allows, none smaller than `least` (1 or S, p)."""
    p = within.shape[-1]
    if structure in ("EEE", "VVV"):
        root = np.sqrt(least)[:, None, :]
        scale = root[..., None] * root[..., None, :]
        relative = within / scale  # in units of the least variance, no eigenvalue may fall below 1
        if (np.linalg.eigvalsh(relative)[..., 0] >= 1).all():
            return within
        values, vectors = np.linalg.eigh(relative)
        return (vectors * np.maximum(values, 1.0)[..., None, :]) @ np.swapaxes(vectors, -1, -2) * scale
    variances = np.einsum("skii->ski", within)
    if structure[1:] == "II":
        variances = np.broadcast_to(variances.mean(axis=2, keepdims=True), variances.shape)
        least = np.broadcast_to(least.mean(axis=1, keepdims=True), least.shape)
    return np.maximum(variances, least[:, None])[..., None] * np.eye(p)
