"""Correlation matrices of bootstrap samples, in batches that fit in memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapkit.measure.answers import AnswersError, checked_answers
from gapkit.measure.correlation import Kind
from gapkit.measure.ordinal import coded
from gapkit.measure.polychoric import polychoric_arrays
from gapkit.measure.resampling import STILL, resampled_covariances, resampling_counts
from gapkit.survey.phrase import phrase

Floats = NDArray[np.floating]

AT_ONCE = 128 * 2**20
"""Bytes that one batch may take."""


def resampled_correlations(
    answers: pd.DataFrame, *, kind: Kind, weights: ArrayLike | None, draws: int, seed: int
) -> Iterator[Floats]:
    """Correlations of samples of respondents drawn with replacement, (batch, k, k).

    A draw in which a pair has no correlation (an item that happens not to vary) is left out and not replaced, so that
    fewer than `draws` may come.
    """
    from tqdm.auto import tqdm

    table = checked_answers(answers, weights=weights)
    n, k = table.values.shape
    codes, points = coded(table) if kind == "polychoric" else (None, None)
    categories = 0 if points is None else points.shape[1]
    width = n * (k * categories if categories else k * (k + 1) // 2)
    size = max(1, min(draws, AT_ONCE // (8 * width))) if categories else min(draws, 2000)
    rng = np.random.default_rng(seed)
    own = np.einsum("dii->i", resampled_covariances(table.values, np.ones((1, n)), weights=table.weights))
    with tqdm(total=draws, desc="bootstrap", unit="draw", delay=1, disable=None, leave=False) as progress:
        for start in range(0, draws, size):
            counts = resampling_counts(n, draws=min(size, draws - start), rng=rng)
            if codes is None:
                covariances = resampled_covariances(table.values, counts, weights=table.weights)
                variances = np.einsum("dii->di", covariances)
                sd = np.sqrt(np.where(variances > STILL * own, variances, np.nan))
                found = covariances / (sd[:, :, None] * sd[:, None, :])
            else:
                share = counts if table.weights is None else counts * table.weights
                found = polychoric_arrays(codes, n_categories=categories, weights=share).correlation
            yield found[np.isfinite(found).all(axis=(1, 2))]
            progress.update(len(counts))


def usable_correlations(
    answers: pd.DataFrame, *, kind: Kind, weights: ArrayLike | None, draws: int, seed: int
) -> tuple[list[Floats], str]:
    """All of `resampled_correlations`, and a sentence on the draws that were left out; empty where none was.

    Raises
    ------
    AnswersError
        Fewer than two draws to make an interval of.
    """
    if draws < 2:
        raise AnswersError(f"draws={draws}: an interval needs at least 2 draws, and 500 to be steady.")
    found = resampled_correlations(answers, kind=kind, weights=weights, draws=draws, seed=seed)
    batches = [batch for batch in found if len(batch)]
    lost = draws - sum(map(len, batches))
    if lost > draws - 2:
        raise AnswersError(
            f"{lost} of {draws} bootstrap draws have no correlation for some items, which do not vary in them. Leave "
            "out items that nearly everybody answers alike, or ask for draws=0."
        )
    if not lost:
        return batches, ""
    return batches, phrase("{lost} draws without all correlations (an item that did not vary) left out.", lost=lost)
