"""One number of segments fitted from many starts, by latent profiles or by k-means, in one shape."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .mixtures import Mixture, fit, n_parameters, posterior
from .starting_centres import SHORT_ROWS, k_means, spread_centres, warm_centres

Floats = NDArray[np.floating]

SAME_OPTIMUM = 1e-3
"""Two starts found the same optimum when their sums of squares differ by less than this share, or their log-likelihoods
by less than .05."""
MANY = 300
"""Rows that starting points are taken from."""
FOLLOWED = 6
"""Starts that are followed to the end."""
QUICK = 8
"""Starts of a fit that is made for a test."""
AT_ONCE = 4 * 2**20
"""Numbers that one working array may hold."""


class Rows(NamedTuple):
    """What is clustered: rows on orthonormal axes, centred (n, p), how much each counts, how many each stands for."""

    x: Floats
    weights: Floats
    members: Floats


class Solution(NamedTuple):
    """k segments, largest first.

    k : int
    structure : str or None; of the covariances. None: everybody belongs to the nearest centre (k-means).
    mixture : Mixture of one start; for k-means, shares and means with the spread inside the segments together.
    chances : (n, k); posterior probabilities, 0 or 1 for k-means.
    fit : float; log-likelihood, or minus the sum of squares within.
    parameters : int
    starts, followed, kept, optima : int; begun, followed to the end, converged, different optima among those.
    """

    k: int
    structure: str | None
    mixture: Mixture
    chances: Floats
    fit: float
    parameters: int
    starts: int
    followed: int
    kept: int
    optima: int

    def placed(self, x: Floats) -> Floats:
        """Chances of rows on the same axes, with the same middle, to belong to each segment."""
        if self.structure is not None:
            return posterior(x, self.mixture, self.structure)
        means = self.mixture.means[0]
        nearest = (x @ means.T - 0.5 * (means * means).sum(axis=1)).argmax(axis=1)
        return (nearest[:, None] == np.arange(self.k)) * 1.0


def solve(rows: Rows, k: int, *, structure: str | None, starts: int, rng: np.random.Generator) -> Solution:
    """The best of many starts; ones that do not converge are not kept, unless none does."""
    if structure is None:
        return _partitioned(rows, k, starts, rng)
    starts = 1 if k == 1 else starts
    x, w = rows.x, rows.weights
    found = _followed(rows, profile_starts(x, k, starts=starts, rng=rng, weights=w), structure, rng)
    usable = found.converged if found.converged.any() else np.ones(len(found.converged), bool)
    fits = np.where(usable, found.log_likelihood, -np.inf)
    best = found.take(slice(fits.argmax(), fits.argmax() + 1))
    best = fit(x, *best[:3], structure=structure, weights=w, tolerance=1e-10)
    best = best.reordered(np.argsort(-best.shares[0], kind="stable"))
    return Solution(
        k=k,
        structure=structure,
        mixture=best,
        chances=posterior(x, best, structure),
        fit=float(best.log_likelihood[0]),
        parameters=n_parameters(structure, k, x.shape[1]),
        starts=starts,
        followed=len(found.converged),
        kept=int(found.converged.sum()),
        optima=_optima(fits[np.isfinite(fits)], 0.05),
    )


def profile_starts(
    x: Floats, k: int, *, starts: int, rng: np.random.Generator, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """Where EM begins: k-means of a few hundred rows, in scores and (every second one) in whitened scores.

    k-means in the scores themselves slices along the general level, where people differ most; in whitened scores every
    direction counts alike.
    """
    total = weights.sum()
    spread = (x * weights[:, None]).T @ x / total
    if k == 1:
        return np.ones((1, 1)), (weights @ x / total)[None, None], spread[None, None]
    values, vectors = np.linalg.eigh(spread)
    white = vectors / np.sqrt(np.maximum(values, 1e-10 * values[-1]))
    size = max(MANY, 30 * k)
    few = rng.choice(len(x), size, replace=False) if len(x) > size else np.arange(len(x))
    near, w = x[few], weights[few]
    parts = []
    for seen, number in ((near, starts - starts // 2), (near @ white, starts // 2)):
        if number:
            centres = spread_centres(seen, k, starts=number, rng=rng, weights=w)
            parts.append(k_means(seen, centres, weights=w, most=5).labels)
    member = (np.concatenate(parts)[:, None] == np.arange(k)[:, None]) * w
    count = np.maximum(member.sum(axis=2), 1e-3 * w.sum())
    means, shares = member @ near / count[..., None], count / count.sum(axis=1, keepdims=True)
    inside = spread - (shares[..., None] * means).transpose(0, 2, 1) @ means
    inside += 0.05 * np.diag(np.diag(spread))  # away from singular
    raised = np.maximum(np.linalg.eigvalsh(inside)[:, :1, None], 0) <= 0
    inside = np.where(raised, spread, inside)  # a sample whose means lie too far out
    return shares, means, np.repeat(inside[:, None], k, axis=1)


def _followed(rows: Rows, begin: tuple[Floats, Floats, Floats], structure: str, rng: np.random.Generator) -> Mixture:
    """A few steps of EM of all starts, on some of the rows where they are many; then the best on all rows to the end.

    References
    ----------
    .. [1] Biernacki, C., Celeux, G., & Govaert, G. (2003). Choosing starting values for the EM algorithm for getting
       the highest likelihood in multivariate Gaussian mixture models. Computational Statistics & Data Analysis, 41.
    """
    x, w = rows.x, rows.weights
    if len(begin[0]) > FOLLOWED:
        few = rng.choice(len(x), SHORT_ROWS, replace=False) if len(x) > SHORT_ROWS else slice(None)
        short = fit(x[few].astype(np.float32), *begin, structure=structure, weights=w[few], most=30, tolerance=1e-5)
        begin = short.take(np.argsort(-short.log_likelihood)[:FOLLOWED])[:3]
    size = max(1, AT_ONCE // (begin[0].shape[1] * len(x)))
    parts = [
        fit(x, *(part[a : a + size] for part in begin), structure=structure, weights=w, tolerance=1e-7)
        for a in range(0, len(begin[0]), size)
    ]
    return Mixture(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _partitioned(rows: Rows, k: int, starts: int, rng: np.random.Generator) -> Solution:
    """k-means, the best of many starts, followed in the same way."""
    starts = 1 if k == 1 else starts
    x, w = rows.x, rows.weights
    centres = warm_centres(x, k, starts=starts, followed=FOLLOWED, rng=rng, weights=w)
    found = k_means(x.astype(np.float32), centres, weights=w, tolerance=1e-5)
    usable = found.converged if found.converged.any() else np.ones(len(centres), bool)
    within = np.where(usable, found.within, np.inf)
    best = k_means(x, found.means[within.argmin()][None], weights=w)
    least = float(best.within[0])
    member = (best.labels[0][:, None] == np.arange(k)) * 1.0
    share = w @ member
    order = np.argsort(-share, kind="stable")
    return Solution(
        k=k,
        structure=None,
        mixture=as_mixture(share[order] / share.sum(), best.means[0][order], least, w.sum()),
        chances=member[:, order],
        fit=-least,
        parameters=k * x.shape[1],
        starts=starts,
        followed=len(found.converged),
        kept=int(found.converged.sum()),
        optima=_optima(within[np.isfinite(within)], SAME_OPTIMUM * max(least, 1e-12)),
    )


def as_mixture(share: Floats, means: Floats, within: float, total: float) -> Mixture:
    """A partition in the form of a mixture: equal spheres as wide as the spread inside the segments."""
    k, p = means.shape
    spheres = np.broadcast_to(np.eye(p) * max(within / (total * p), 1e-12), (1, k, p, p))
    return Mixture(share[None], means[None], spheres, np.array([np.nan]), np.ones(1, bool))


def _optima(fits: Floats, apart: float) -> int:
    """How many different values there are, values closer than `apart` being the same."""
    return 1 + int((np.diff(np.sort(fits)) > apart).sum()) if len(fits) else 0


def quick_fits(
    x: Floats, weights: Floats, k: int, *, structure: str | None, rng: np.random.Generator, near: Mixture | None = None
) -> Floats:
    """Log-likelihood, or minus log of the sum of squares within, of D data sets (D, n, p), from few starts.

    Observed and simulated answers are fitted alike, so that a test compares like with like. `near`: a solution to begin
    with instead, where the answers were drawn from it.
    """
    if k == 1 and structure is None:
        return -np.log((weights[:, None] * x * x).sum(axis=(1, 2)))
    if structure is None:
        found = []
        for values in x:
            centres = spread_centres(values, k, starts=QUICK, rng=rng, weights=weights)
            centres = centres if near is None else np.concatenate([near.means, centres])
            within = k_means(values.astype(np.float32), centres, weights=weights, most=100, tolerance=1e-5).within
            found.append(-np.log(within.min()))
        return np.array(found)
    how: dict[str, Any] = {"structure": structure, "weights": weights, "tolerance": 1e-5}
    single = x.astype(np.float32)
    if near is not None:
        begin = [np.repeat(part, len(x), axis=0) for part in near[:3]]
        return fit(single, *begin, most=150, **how).log_likelihood
    starts = 1 if k == 1 else QUICK
    each = [profile_starts(values, k, starts=starts, rng=rng, weights=weights) for values in x]
    short = fit(single, *(np.concatenate(part) for part in zip(*each, strict=True)), most=3 if k == 1 else 9, **how)
    reached = short.log_likelihood.reshape(len(x), starts)
    if k == 1:
        return reached[:, 0]
    best = np.argsort(-reached, axis=1)[:, :2] + starts * np.arange(len(x))[:, None]
    longer = fit(single, *short.take(best.ravel())[:3], most=150, **how)
    return longer.log_likelihood.reshape(-1, 2).max(axis=1)
