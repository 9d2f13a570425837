"""Is one more segment needed? The gain in fit against the gain in surveys that have one segment less."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .mixtures import fit, posterior
from .one_population import drawn_answers, populations_of
from .segment_basis import Basis
from .segment_fits import Solution, quick_fits

Floats = NDArray[np.floating]

MOST_ROWS = 5000
"""Respondents that a test looks at: a random sample of more."""
LEVEL = 0.05
"""Chance to name a segment too many that is put up with."""
AHEAD = 2
"""How many more segments are tried: of three groups that lie around a middle, the second alone may show nothing."""
BATCH = 10
"""Surveys that are drawn at once, at most; then it is asked whether the test may end."""
NONE_AS_LARGE = 49
"""Draws after which a test ends when none has gained as much as the survey. Going on, one in 1,800 tests of nothing
would still turn: the chance to name a segment too many rises from 5 to 5.06 % at most."""
FAR, FAR_AFTER = 5.0, 20
"""Standard deviations beyond the drawn surveys' mean from which so many draws are enough."""


class OneMore(NamedTuple):
    """k segments against more: what the next ones add, and what they add in surveys of k populations.

    gain : (AHEAD,), by 1, 2 more segments; twice the log-likelihood, or the log of the sum of squares within.
    null : (draws, AHEAD)
    p : float; of the largest gain, each in standard deviations of the drawn ones. Of a test that ended early it is what
        the draws so far allow to say, a bound and no measure of how clear the matter is: see `settled_early`.
    kind : str; which correlations the drawn surveys have.
    asked : int; how many surveys it was allowed to draw.
    """

    gain: Floats
    null: Floats
    p: float
    kind: str
    asked: int

    @property
    def settled_early(self) -> bool:
        """Whether it ended before all its draws, as no further one could turn it."""
        return len(self.null) < self.asked


def one_more(
    answers: Floats,
    basis: Basis,
    solution: Solution,
    middle: Floats,
    weights: Floats,
    *,
    draws: int,
    seed: int,
    tick: Callable[[int], None],
) -> OneMore:
    """Test k segments against more, on the answers (n x items) of some respondents."""
    features = basis.features_of(answers)
    people = populations_of(answers, _soft(solution, features @ basis.axes - middle, weights).T * weights)
    missing = ~np.isfinite(answers)
    draw, start = (np.random.default_rng([seed, solution.k, part]) for part in (1, 2))
    observed = gains(_centred(features, basis, weights)[None], weights, solution, rng=start)[0]
    null = np.empty((0, len(observed)))
    over: float | None = None
    while len(null) < draws and over is None:
        size = min(max(1, min(BATCH, 16_000 // len(features))), draws - len(null))
        x = np.stack(
            [_centred(basis.features_of(drawn_answers(people, missing, draw)), basis, weights) for _ in range(size)]
        )
        null = np.concatenate([null, gains(x, weights, solution, rng=start)])
        tick(size)
        over = settled(observed, null, draws)
    p = over if over is not None else (1 + as_large(observed, null)) / (1 + len(null))
    return OneMore(observed, null, p, people.kind, draws)


def settled(observed: Floats, null: Floats, draws: int) -> float | None:
    """The p value of a test that need not go on to all its draws; None where it must.

    It is lost when as many drawn surveys have gained as much as the level allows and one more; p then is their share.
    It is won when none of many has, or when the gain is far beyond them all.

    References
    ----------
    .. [1] Besag, J., & Clifford, P. (1991). Sequential Monte Carlo p-values. Biometrika, 78, 301-304.
    """
    above = as_large(observed, null)
    allowed = max(1, int(LEVEL * (1 + draws) + 1e-9))
    if above >= allowed:
        return max(above / len(null), (1 + above) / (1 + draws))
    none = above == 0 and len(null) >= NONE_AS_LARGE
    if none or (len(null) >= FAR_AFTER and far_beyond(observed, null)):
        return (1 + above) / (1 + len(null))
    return None


def as_large(observed: Floats, null: Floats) -> int:
    """How many drawn surveys have as large a largest gain, in standard deviations of all of them."""
    everything = np.vstack([observed, null])
    spread = np.maximum(everything.std(axis=0), 1e-12)
    largest = ((everything - everything.mean(axis=0)) / spread).max(axis=1)
    return int((largest[1:] >= largest[0]).sum())


def far_beyond(observed: Floats, null: Floats) -> bool:
    """Whether the observed gain is out of reach of what was drawn."""
    return bool(((observed - null.mean(axis=0)) > FAR * np.maximum(null.std(axis=0), 1e-12)).any())


def gains(x: Floats, weights: Floats, solution: Solution, *, rng: np.random.Generator) -> Floats:
    """What more segments add in D data sets (D, n, p): (D, AHEAD)."""
    k, structure = solution.k, solution.structure
    near = solution.mixture if k > 1 else None
    before = quick_fits(x, weights, k, structure=structure, rng=rng, near=near)
    after = [quick_fits(x, weights, k + more, structure=structure, rng=rng) for more in range(1, AHEAD + 1)]
    return (np.stack(after, axis=1) - before[:, None]) * (1 if structure is None else 2)


def _soft(solution: Solution, x: Floats, weights: Floats) -> Floats:
    """Chances to belong to the segments; those of k-means made soft, as its cells have edges and people have not."""
    if solution.structure is not None or solution.k == 1:
        return solution.placed(x)
    hard = solution.placed(x).T * weights
    size = hard.sum(axis=1)
    means = hard @ x / size[:, None]
    apart = x[None] - means[:, None]
    inside = np.einsum("kn,kni,knj->ij", hard, apart, apart, optimize=True) / size.sum()
    begin = (size / size.sum())[None], means[None], np.repeat(inside[None, None], solution.k, axis=1)
    return posterior(x, fit(x, *begin, structure="EEE", weights=weights, most=60, tolerance=1e-6), "EEE")


def _centred(features: Floats, basis: Basis, weights: Floats) -> Floats:
    """Features on orthonormal axes, around their mean."""
    x = features @ basis.axes
    return x - weights @ x / weights.sum()
