"""Answers reduced once, in one pass, to the `Moments` that everything after works on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gapkit.measure.blocks import Block, ColumnError, blocks_of
from gapkit.measure.moments import Moments
from gapkit.survey.phrase import phrase


def moments(source: Any, *, weights: str | ArrayLike | None = None, columns: Sequence[str] | None = None) -> Moments:
    """Reduce answers to counts, sums and cross-products, in one pass and in bounded memory.

    Parameters
    ----------
    source : Survey, DataFrame, or anything that speaks the Arrow stream protocol (Polars, Arrow, DuckDB)
        A Survey gives each battery it has under its initial, ``E.q01`` ... (expectations) and ``P.q01`` ...
        (perceptions), so that item gaps can be taken between them; columns of its `respondents` are counted when named
        in `columns`.
    weights : str or array of n numbers, optional
        A column of the source, or one number a respondent. A Survey brings its own weights (`respondents["weight"]`).
    columns : sequence of str, optional
        What to count; by default every column but the weights.

    Returns
    -------
    Moments
        Exact for whole numbers up to 1024. Other columns are added up about a number near their mean, and decimals
        (up to six places) are taken as they were printed.

    Raises
    ------
    ColumnError
        A column is absent, holds text or infinite values, or a weight is missing or negative.

    References
    ----------
    .. [1] Chan, T. F., Golub, G. H., & LeVeque, R. J. (1983). Algorithms for computing the sample variance.
       The American Statistician, 37, 242-247.

    Examples
    --------
    >>> answers = pd.DataFrame({"q01": [1, 2, 3, 4], "q02": [2, 2, 4, 4]})
    >>> both = moments(answers[:2]) + moments(answers[2:])
    >>> both.mean()["q01"], both.covariance().loc["q01", "q02"].round(3)
    (np.float64(2.5), np.float64(1.333))
    """
    table, weights = _table_of(source, weights, columns)
    total: Moments | None = None
    for names, block in blocks_of(table, columns, weights):
        part = _block_moments(names, block, _source_line(source))
        total = part if total is None else total + part
    if total is None or total.n == 0:
        raise ColumnError(phrase("No respondent has an answer in these columns: there is nothing to count."))
    return total


def _table_of(source: Any, weights: Any, columns: Sequence[str] | None) -> tuple[Any, Any]:
    """The table behind a Survey, its batteries side by side; any other source as it is."""
    if not (hasattr(source, "instrument") and hasattr(source, "respondents")):
        return source, weights
    parts = [answers.add_prefix(f"{battery[0].upper()}.") for battery, answers in source.batteries.items()]
    others = [name for name in columns or [] if name in source.respondents.columns]
    if weights is None:
        weights = source.weights
    elif isinstance(weights, str):
        weights = source.respondents[weights].to_numpy(dtype=float)
    return pd.concat([*parts, source.respondents[others]], axis=1), weights


def _source_line(source: Any) -> str:
    """A Survey's source line; nothing for a bare table."""
    return str(source.source) if hasattr(source, "respondents") else ""


def _block_moments(names: list[str], block: Block, source: str) -> Moments:
    """Counts, sums, products and squares of one block: four matrix products, or one where every answer is there."""
    x, weight = block.values, block.weights
    k, rows = x.shape
    w = np.ones(rows) if weight is None else weight
    weighted = x if weight is None else x * w
    anyone = (w > 0) if block.answered is None else (block.answered.sum(axis=0) > 0) & (w > 0)
    if block.answered is None:
        products = (weighted @ x.T).astype(float)
        counts, weight_squares = np.full((k, k), w.sum()), np.full((k, k), (w * w).sum())
        sums = np.repeat(weighted.sum(axis=1, dtype=float)[:, None], k, axis=1)
        squares = np.repeat(np.diag(products)[:, None], k, axis=1)
    else:
        mask = block.answered
        products, sums = (weighted @ x.T).astype(float), (weighted @ mask.T).astype(float)
        weighted *= x  # in place: a block is used up here
        squares = (weighted @ mask.T).astype(float)
        counts = ((mask if weight is None else mask * w) @ mask.T).astype(float)
        weight_squares = counts if weight is None else ((mask * (w * w)) @ mask.T).astype(float)
    return Moments(
        columns=tuple(map(str, names)),
        centre=block.centre,
        counts=counts,
        sums=sums,
        products=products,
        squares=squares,
        weight_squares=weight_squares,
        n=int(anyone.sum()),
        n_empty=rows - int(anyone.sum()),
        weight_sum=float(w[anyone].sum()),
        weight_square_sum=float((w[anyone] ** 2).sum()),
        source=source,
    )
