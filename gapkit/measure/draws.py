"""Correlation matrices of bootstrap samples, in batches that fit in memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapkit.measure.answers import checked_answers
from gapkit.measure.correlation import Kind
from gapkit.measure.ordinal import coded
from gapkit.measure.polychoric import polychoric_arrays
from gapkit.measure.resampling import resampled_covariances, resampling_counts

Floats = NDArray[np.floating]

AT_ONCE = 128 * 2**20
"""Bytes that one batch may take."""


def resampled_correlations(
    answers: pd.DataFrame, *, kind: Kind, weights: ArrayLike | None, draws: int, seed: int
) -> Iterator[Floats]:
    """Correlations of samples of respondents drawn with replacement, (batch, k, k).

    A draw in which a pair has no correlation (an item that happens not to vary) is drawn again by leaving it out; at
    most draws are yielded.
    """
    from tqdm.auto import tqdm

    table = checked_answers(answers, weights=weights)
    n, k = table.values.shape
    codes, points = coded(table) if kind == "polychoric" else (None, None)
    categories = 0 if points is None else points.shape[1]
    width = n * (k * categories if categories else k * (k + 1) // 2)
    size = max(1, min(draws, AT_ONCE // (8 * width))) if categories else min(draws, 2000)
    rng = np.random.default_rng(seed)
    with tqdm(total=draws, desc="bootstrap", unit="draw", delay=1, disable=None, leave=False) as progress:
        for start in range(0, draws, size):
            counts = resampling_counts(n, draws=min(size, draws - start), rng=rng)
            if codes is None:
                covariances = resampled_covariances(table.values, counts, weights=table.weights)
                with np.errstate(invalid="ignore", divide="ignore"):  # an item that does not vary is left out below
                    sd = np.sqrt(np.einsum("dii->di", covariances))
                    found = covariances / (sd[:, :, None] * sd[:, None, :])
            else:
                share = counts if table.weights is None else counts * table.weights
                found = polychoric_arrays(codes, n_categories=categories, weights=share).correlation
            yield found[np.isfinite(found).all(axis=(1, 2))]
            progress.update(len(counts))
