"""How an outcome goes with the dimension scores: fitted once with its bootstrap draws, then asked for any change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ..measure.resampling import resampled_covariances
from ..survey.phrase import Phrase, joined, phrase
from .proportional_odds import Odds, proportional_odds

Floats = NDArray[np.floating]

MOST_CATEGORIES = 11
"""Points of the longest rating scale, 0 to 10."""
FEWEST_ANSWERS = 10
"""Answers below which a category is put together with its neighbour: else some draws have none of it."""
AT_ONCE = 2**22
"""Numbers in one batch of predictions."""


class Change(NamedTuple):
    """The change of each target in the whole sample, and in each draw (draws x targets)."""

    estimate: Floats
    draws: Floats


@dataclass(frozen=True, eq=False)
class Linear:
    """Least squares of every target on the scores: coefficients (targets x scores), and those of each draw."""

    coefficients: Floats
    drawn: Floats
    note: str

    def change(self, _: Floats, moves: Floats, weights: Floats, shares: NDArray[np.float32]) -> Change:
        """Coefficients times the mean move of the scores; where they stood does not matter to a straight line."""
        touched = np.flatnonzero(np.abs(moves).any(axis=0))
        own = np.ascontiguousarray(moves[:, touched])
        mean = weights @ own
        drawn = (shares @ own.astype(np.float32)).astype(float)
        estimate = self.coefficients[:, touched] @ mean
        return Change(estimate, np.einsum("btd,bd->bt", self.drawn[:, :, touched], drawn))


def linear(X: Floats, Y: Floats, weights: Floats, counts: Floats, *, scores: int) -> tuple[Linear, NDArray[np.bool_]]:
    """Fit every target by least squares, and again in every draw; the second value says which draws could be fitted.

    Parameters
    ----------
    X : array, (n x (scores + adjustments))
    Y : array, (n x targets)
    weights : array, (n,)
    counts : array, (draws x n)
        How often each respondent was drawn.
    scores : int
        How many of X's columns are scores; the others are only adjusted for.
    """
    p, joint = X.shape[1], np.hstack([X, Y])
    whole = _fitted(resampled_covariances(joint, np.ones((1, len(X))), weights=weights), p)
    drawn_S = resampled_covariances(joint, counts.astype(float), weights=weights)
    sd = np.sqrt(np.einsum("bii->bi", drawn_S[:, :p, :p]))
    varies = (sd > 0).all(axis=1)
    safe = np.where(sd > 0, sd, 1.0)
    varies &= np.linalg.eigvalsh(drawn_S[:, :p, :p] / safe[:, :, None] / safe[:, None, :])[:, 0] > 1e-10
    drawn = _fitted(drawn_S[varies], p)
    note = phrase("linear: least squares of each target (shares as 0 and 1) on the dimension scores")
    return Linear(whole[0, :, :scores], drawn[:, :, :scores], note), varies


def _fitted(S: Floats, p: int) -> Floats:
    """Least-squares coefficients from covariances, (draws x targets x predictors)."""
    return np.linalg.solve(S[:, :p, :p], S[:, :p, p:]).transpose(0, 2, 1)


@dataclass(frozen=True, eq=False)
class Ordinal:
    """Proportional odds: the fit, the fits of the draws, and what passing each threshold adds to each target."""

    fit: Odds
    drawn: Odds
    others: Floats
    rises: Floats
    note: str

    def change(self, before: Floats, moves: Floats, weights: Floats, shares: NDArray[np.float32]) -> Change:
        """Mean predicted target of everybody after the move minus before it, in the sample and in each draw."""
        who = np.flatnonzero(np.abs(moves).any(axis=1))
        scores = np.hstack([before, self.others])
        after = np.hstack([before + moves, self.others])
        estimate = self._mean_change(self.fit, scores[who], after[who], weights[None, who])[0]
        size = max(1, AT_ONCE // (max(1, len(who)) * max(1, self.rises.shape[1])))
        parts = []
        for start in range(0, len(shares), size):
            own = slice(start, start + size)
            part = Odds(self.drawn.thresholds[own], self.drawn.slopes[own], self.drawn.converged[own])
            parts.append(self._mean_change(part, scores[who], after[who], shares[start : start + size, who]))
        return Change(estimate, np.vstack(parts))

    def _mean_change(self, fits: Odds, before: Floats, after: Floats, weights: Floats) -> Floats:
        """Draws x targets."""
        first, then = fits.slopes @ before.T, fits.slopes @ after.T
        passed = np.column_stack(
            [
                (weights * (expit(then - cut[:, None]) - expit(first - cut[:, None]))).sum(axis=1)
                for cut in fits.thresholds.T
            ]
        )
        return passed @ self.rises.T


def ordinal(
    X: Floats, answers: Floats, Y: Floats, weights: Floats, counts: Floats, *, scores: int
) -> tuple[Ordinal, NDArray[np.bool_]]:
    """Fit proportional odds, and again in every draw; the second value says which draws converged.

    Parameters
    ----------
    answers : array, (n,)
        The outcome; categories with fewer than 10 answers join a neighbour with the same shares (Y but its first).
    Y : array, (n x targets)
        The targets; the mean comes first.
    X, weights, counts, scores
        As for `linear`.

    Raises
    ------
    ValueError
        The outcome takes more values than a rating scale has points, or the model does not converge.
    """
    if (values := len(np.unique(answers))) > MOST_CATEGORIES:
        raise ValueError(
            phrase(
                "the ordinal model is for rating scales of up to {most} points; this outcome takes {values} different "
                'values. Use model="linear".',
                most=MOST_CATEGORIES,
                values=values,
            )
        )
    codes, merged = _categories(answers, Y[:, 1:])
    category = np.eye(int(codes.max()) + 1)[codes] * weights[:, None]
    worth = (Y.T @ category) / category.sum(axis=0)  # targets x categories
    fit = proportional_odds(X, codes, weights[None] * len(weights))
    if not fit.converged.all():
        raise ValueError(
            phrase(
                "the ordinal model did not converge: some scores may separate the answers completely. "
                'Use model="linear", or fewer columns in adjust=.'
            )
        )
    drawn = proportional_odds(X, codes, counts * (weights * len(weights)), start=fit)
    ok = drawn.converged
    note: str = phrase(
        "ordinal: proportional odds (logit) on the dimension scores, {categories} categories",
        categories=worth.shape[1],
    )
    if merged:
        few = phrase("{categories} joined: too few answers", categories=joined(merged))
        note = phrase("{model} ({joined})", model=note, joined=few)
    kept = Odds(drawn.thresholds[ok], drawn.slopes[ok], ok[ok])
    return Ordinal(fit, kept, X[:, scores:], np.diff(worth, axis=1), note), ok


def _categories(answers: Floats, indicators: Floats) -> tuple[NDArray[np.intp], list[Phrase]]:
    """Category numbers with rare categories joined, and which were joined."""
    points, codes = np.unique(answers, return_inverse=True)
    codes = codes.ravel()
    kind = np.array([indicators[np.flatnonzero(codes == c)[0]] for c in range(len(points))])
    groups = [[c] for c in range(len(points))]
    sizes = [int((codes == c).sum()) for c in range(len(points))]

    def alike(a: int, b: int) -> bool:
        return bool((kind[groups[a][0]] == kind[groups[b][0]]).all())

    while True:
        rare = [i for i, size in enumerate(sizes) if size < FEWEST_ANSWERS]
        near = [(i, j) for i in rare for j in (i + 1, i - 1) if 0 <= j < len(groups) and alike(i, j)]
        if not near:
            break
        one, other = min(near, key=lambda pair: (sizes[pair[0]], pair))
        i, j = min(one, other), max(one, other)
        groups[i : j + 1] = [groups[i] + groups[j]]
        sizes[i : j + 1] = [sizes[i] + sizes[j]]
    number = np.empty(len(points), dtype=np.intp)
    for place, group in enumerate(groups):
        number[group] = place
    ends = [(points[group[0]], points[group[-1]]) for group in groups if len(group) > 1]
    return number[codes], [phrase("{first:g} to {last:g}", first=first, last=last) for first, last in ends]
