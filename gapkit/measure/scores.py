"""Gap scores of millions of respondents: small integers in, blocks that stay in the processor's cache, one pass."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..survey.instrument import Instrument
from ..survey.phrase import phrase
from ..survey.result import Result

BLOCK = 32_768  # rows: a block of 22 gaps fills a third of a 2 MB cache, and numpy's cost per call no longer counts
LARGEST = 127  # what an int8 can hold


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ArrayScores(Result):
    """Gap scores of arrays: `items` and `dimensions` with n and gap, `respondents` n x dimensions; see `score`."""

    items: pd.DataFrame
    dimensions: pd.DataFrame
    respondents: np.ndarray

    @property
    def headline(self) -> str:
        """The mean of the dimension gaps."""
        return f"mean of the dimension gaps {self.dimensions['gap'].mean():.2f}, n = {self.n}"


@dataclass(frozen=True)
class _Sums:
    """What a part of the rows adds up to: per item and per dimension, how many and how much."""

    item_n: np.ndarray
    item_sum: np.ndarray
    dimension_n: np.ndarray
    dimension_sum: np.ndarray


def score(
    expectations: np.ndarray, perceptions: np.ndarray, instrument: Instrument, *, threads: int | None = None
) -> ArrayScores:
    """Item means, dimension means and every respondent's dimension scores, from int8 answers.

    The means of `gap_scores` (to about 1e-7), without intervals and weights, for surveys that are too large to be held
    as floats.

    Parameters
    ----------
    expectations, perceptions : int8 array, (n x k)
        Whole scale points, one column per item of the instrument, in its order. Unanswered is the number below the
        scale: 0 on 1-7, -1 on 0-10. Fastest with contiguous columns (``order="F"``), as pandas and Arrow keep them.
    instrument : Instrument
        Which items make which dimension, and the scale.
    threads : int, optional
        Threads that share the rows; None takes one per processor.

    Returns
    -------
    ArrayScores
        ``items``, ``dimensions``: DataFrames with n (respondents with a pair) and gap. ``respondents``: float32 array,
        n x dimensions, the mean gap over a respondent's pairs, NaN without any. Working memory beside this array is a
        few MB.

    Raises
    ------
    ValueError
        The arrays are not int8, differ in shape or do not fit the instrument, or an answer lies off the scale.

    Examples
    --------
    >>> from gapkit import load_instrument
    >>> servqual = load_instrument("servqual")
    >>> E = np.full((1000, 22), 7, dtype=np.int8, order="F")
    >>> P = np.full((1000, 22), 6, dtype=np.int8, order="F")
    >>> P[:500, 0] = 0  # unanswered
    >>> scores = score(E, P, servqual)
    >>> scores.items.loc["q01"].tolist()
    [500.0, -1.0]
    >>> scores.respondents.shape
    (1000, 5)
    """
    _check(expectations, perceptions, instrument)
    place = {id: j for j, id in enumerate(instrument.item_ids)}
    members = [[place[id] for id in dimension.items] for dimension in instrument.dimensions]
    n = len(expectations)
    scores = np.empty((len(members), n), dtype=np.float32)

    threads = threads or os.cpu_count() or 1
    cuts = np.linspace(0, n, threads + 1).astype(int)

    def part(start: int, stop: int) -> _Sums:
        rows = slice(start, stop)
        return _score_rows(expectations[rows].T, perceptions[rows].T, members, scores[:, rows], instrument)

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(part, cuts[:-1], cuts[1:]))
    item_n, item_sum, dimension_n, dimension_sum = (
        np.sum([getattr(part, name) for part in parts], axis=0) for name in _Sums.__dataclass_fields__
    )
    return ArrayScores(
        items=_means(instrument.item_ids, "item", item_n, item_sum),
        dimensions=_means(instrument.dimension_ids, "dimension", dimension_n, dimension_sum),
        respondents=scores.T,
        n=n,
        source=f"arrays in memory, n = {n}",
        method=phrase(
            "Mean gaps on pairs; a dimension score is the mean of a respondent's pairs. Unweighted; respondents "
            "without any pair are among n and have NaN."
        ),
    )


def _score_rows(
    expectations: np.ndarray,
    perceptions: np.ndarray,
    members: Sequence[Sequence[int]],
    scores: np.ndarray,
    instrument: Instrument,
) -> _Sums:
    """Score some rows in blocks, into `scores`; everything is items x rows here."""
    k, n = expectations.shape
    span = int(instrument.scale.high - instrument.scale.low)
    gap, both = np.empty((k, BLOCK), np.int8), np.empty((k, BLOCK), bool)
    sums = _Sums(*(np.zeros(size) for size in (k, k, len(members), len(members))))
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        E = _from_zero(expectations[:, start:stop], instrument)
        P = _from_zero(perceptions[:, start:stop], instrument)
        g, answered = gap[:, : stop - start], both[:, : stop - start]
        np.subtract(P, E, out=g)
        complete = bool(E.min() > 0 and P.min() > 0)
        if not complete:
            np.logical_and(E, P, out=answered)
            np.multiply(g, answered.view(np.int8), out=g)
        item_sum = _row_sums(g, span)
        sums.item_sum[:] += item_sum
        sums.item_n[:] += stop - start if complete else _row_sums(answered.view(np.int8), 1)
        for d, own in enumerate(members):
            total, out = _sum_of(g, own, span), scores[d, start:stop]
            if complete:
                np.multiply(total, np.float32(1 / len(own)), out=out)
                sums.dimension_n[d] += stop - start
                sums.dimension_sum[d] += item_sum[own].sum() / len(own)
            else:
                count = _sum_of(answered.view(np.int8), own, 1)
                with np.errstate(invalid="ignore"):  # 0 / 0: no pair, NaN
                    np.true_divide(total, count, out=out, dtype=np.float32)
                measured = np.count_nonzero(count)
                sums.dimension_n[d] += measured
                sums.dimension_sum[d] += out.sum() if measured == stop - start else np.nansum(out)
    return sums


def _from_zero(answers: np.ndarray, instrument: Instrument) -> np.ndarray:
    """Answers with unanswered as 0 and the lowest point as 1; ValueError where one lies off the scale."""
    unanswered = int(instrument.scale.low) - 1
    moved = answers if unanswered == 0 else answers - np.int8(unanswered)
    if moved.view(np.uint8).max(initial=0) > instrument.scale.high - unanswered:  # below the code wraps to above 127
        wrong = np.unique(answers[(answers < unanswered) | (answers > instrument.scale.high)])
        raise ValueError(
            f"answers {', '.join(map(str, wrong[:5]))} lie off the scale {instrument.scale}, where {unanswered} means "
            f"unanswered. Recode them: {unanswered} for no answer."
        )
    return moved


def _row_sums(x: np.ndarray, largest: int) -> np.ndarray:
    """Sum of each row of an int8 array with entries of at most `largest` in size: folded in int8, where they fit."""
    fold = min(LARGEST // largest, 32)
    width = x.shape[1] // fold
    folded = np.add.reduce(x[:, : fold * width].reshape(len(x), fold, width), axis=1, dtype=np.int8)
    return folded.sum(1, dtype=np.int32) + x[:, fold * width :].sum(1, dtype=np.int32)


def _sum_of(x: np.ndarray, rows: Sequence[int], largest: int) -> np.ndarray:
    """Sum over some rows of an int8 array, in int8 where it cannot overflow."""
    kind = np.int8 if len(rows) * largest <= LARGEST else np.int16
    first, last = rows[0], rows[-1]
    adjacent = list(rows) == list(range(first, last + 1))
    return np.add.reduce(x[first : last + 1] if adjacent else x[list(rows)], axis=0, dtype=kind)


def _means(ids: Sequence[str], name: str, n: np.ndarray, total: np.ndarray) -> pd.DataFrame:
    """Means from counts and sums."""
    gap = np.divide(total, n, out=np.full(len(ids), np.nan), where=n > 0)
    return pd.DataFrame({"n": n.astype(int), "gap": gap}, index=pd.Index(ids, name=name))


def _check(expectations: np.ndarray, perceptions: np.ndarray, instrument: Instrument) -> None:
    """ValueError unless two int8 arrays fit the instrument and its scale."""
    k, scale = len(instrument.items), instrument.scale
    for name, answers in (("expectations", expectations), ("perceptions", perceptions)):
        if not isinstance(answers, np.ndarray) or answers.dtype != np.int8 or answers.ndim != 2:
            kind = f"{answers.ndim}-dimensional {answers.dtype}" if isinstance(answers, np.ndarray) else type(answers)
            raise ValueError(
                f"{name}: expected a two-dimensional int8 array, found {kind}. Use answers.astype('int8')."
            )
        if answers.shape[1] != k:
            raise ValueError(
                f"{name}: expected {k} columns, one for each item of {instrument.id}, not {answers.shape[1]}."
            )
    if expectations.shape != perceptions.shape:
        raise ValueError(f"expectations have {len(expectations)} rows and perceptions {len(perceptions)}.")
    if scale.low % 1 or scale.high % 1 or scale.low <= -128 or scale.high > LARGEST or scale.high - scale.low > 62:
        raise ValueError(f"int8 arithmetic needs a scale of at most 63 whole points, not {scale}.")
