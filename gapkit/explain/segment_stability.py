"""Would another sample give the same segments? Every segment's best match in resampled surveys, by Jaccard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .mixtures import Mixture, features_of, fit, log_densities
from .segment_fits import AT_ONCE, Rows, Solution, profile_starts
from .starting_centres import k_means, warm_centres

Floats = NDArray[np.floating]

FRESH = 1
"""Starts that each resampled survey gets for itself, beside the full survey's solution."""
READINGS = ((0.85, "highly stable"), (0.75, "stable"), (0.6, "a pattern, members doubtful"), (0.0, "not to be trusted"))
"""Mean Jaccard from which a segment is read so, by the rule of fpc's clusterboot."""


def reading(jaccard: float) -> str:
    """Hennig's reading of a mean Jaccard value; empty where there is none."""
    return next((words for least, words in READINGS if jaccard >= least), "")


def jaccards(
    rows: Rows,
    solution: Solution,
    *,
    draws: int,
    seed: int,
    tick: Callable[[int], None],
) -> Floats:
    """Each segment's Jaccard with its best match among the segments of resampled surveys, mean (k,).

    Respondents are drawn with replacement; a draw begins from the full survey's solution and from `FRESH` spread starts
    of its own, and the best fit counts. Compared are those who were drawn, each once.
    """
    k, n = solution.k, len(rows.x)
    if k == 1 or not draws:
        tick(draws)
        return np.full(k, 1.0 if draws else np.nan)
    rng = np.random.default_rng([seed, k, 2])
    whole = rows.members.sum()
    own = solution.chances.argmax(axis=1)
    size = max(1, AT_ONCE // (k * n))
    found = []
    for start in range(0, draws, size):
        number = min(size, draws - start)
        counts = rng.multinomial(round(whole), rows.members / whole, size=number)
        weights = counts * (rows.weights / rows.members)
        fitted = _relabelled(rows.x, solution, weights, rng)
        drawn = (counts > 0) * rows.members
        found.append([_best_match(own, labels, here, k) for labels, here in zip(fitted, drawn, strict=True)])
        tick(number)
    return np.concatenate(found).mean(axis=0)


def _relabelled(x: Floats, solution: Solution, weights: Floats, rng: np.random.Generator) -> NDArray[np.integer]:
    """The segment of each row in the best solution of every resampled survey, (draws, n)."""
    k, mixture, structure, draws = solution.k, solution.mixture, solution.structure, len(weights)
    x = x.astype(np.float32)
    if structure is None:
        tries = [np.repeat(mixture.means, draws, axis=0)]
        tries += [warm_centres(x, k, starts=draws, followed=None, rng=rng, weights=weights) for _ in range(FRESH)]
        fits = [k_means(x, centres, weights=weights, most=4) for centres in tries]
        best = np.argmin([one.within for one in fits], axis=0)
        centres = np.stack([fits[b].means[d] for d, b in enumerate(best)])
        return k_means(x, centres, weights=weights, most=30, tolerance=1e-4).labels
    short = [_short(x, tuple(np.repeat(part, draws, axis=0) for part in mixture[:3]), weights, structure)]
    for _ in range(FRESH):
        begun = [profile_starts(x, k, starts=1, rng=rng, weights=w) for w in weights]
        short.append(_short(x, tuple(np.concatenate(part) for part in zip(*begun, strict=True)), weights, structure))
    best = np.argmax([one.log_likelihood for one in short], axis=0)
    start = [np.stack([short[b][part][d] for d, b in enumerate(best)]) for part in range(3)]
    final = fit(x, *start, structure=structure, weights=weights, most=60, tolerance=1e-5)
    return log_densities(features_of(x[None], structure), final, structure).argmax(axis=1)


def _short(x: Floats, begin: tuple[Floats, ...], weights: Floats, structure: str) -> Mixture:
    """A few steps, to see which start is worth following."""
    shares, means, covariances = begin
    return fit(x, shares, means, covariances, structure=structure, weights=weights, most=12, tolerance=1e-5)


def _best_match(own: NDArray, labels: NDArray, counted: Floats, k: int) -> Floats:
    """Jaccard of each of k segments with the one most like it among others."""
    both = np.bincount(own * k + labels, weights=counted, minlength=k * k).reshape(k, k)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
    return np.asarray(np.divide(both, either, out=np.zeros_like(both), where=either > 0).max(axis=1))
