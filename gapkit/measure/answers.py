"""Answers as an array: the checks that every statistic on a table of answers needs, made once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..survey.phrase import Joined, Phrase, joined, phrase

Floats = NDArray[np.floating]


class AnswersError(ValueError):
    """Answers that a statistic cannot be computed from; the message names every item at fault and what to do."""


class Answers(NamedTuple):
    """A checked table of answers.

    Attributes
    ----------
    values : array (n, k)
        Scale points; nan is an unanswered item. Respondents without any answer or with weight 0 are gone.
    items : tuple of str
    weights : array (n,) or None
    n_empty : int
        Respondents left out: without any answer, or with weight 0.
    source : str
    """

    values: Floats
    items: tuple[str, ...]
    weights: Floats | None
    n_empty: int
    source: str

    @property
    def n(self) -> int:
        """Respondents with at least one answer."""
        return len(self.values)

    @property
    def n_effective(self) -> float:
        """Kish's effective number of respondents; n without weights."""
        return float(self.n) if self.weights is None else kish(self.weights)

    @property
    def mean(self) -> Floats:
        """Weighted mean of each item over those who answered it, (k,)."""
        share = self._shares()
        return np.nansum(share * self.values, axis=0) / share.sum(axis=0)

    @property
    def sd(self) -> Floats:
        """Standard deviation of each item, (k,); the sum of squares is divided by n - 1, weighted as R's ``cov.wt``."""
        share = self._shares()
        total = share.sum(axis=0)
        squares = np.nansum(share * (self.values - self.mean) ** 2, axis=0)
        return np.sqrt(squares / (total - (share**2).sum(axis=0) / total))

    def _shares(self) -> Floats:
        """Weights by respondent and item; 0 where the item is unanswered."""
        weights = np.ones(self.n) if self.weights is None else self.weights
        return np.where(np.isnan(self.values), 0.0, weights[:, None])

    @property
    def pair_n(self) -> NDArray[np.integer]:
        """Respondents who answered both items of each pair, (k, k)."""
        answered = np.isfinite(self.values)
        if answered.all():
            return np.full((len(self.items), len(self.items)), self.n)
        present = answered.astype(float)
        return (present.T @ present).astype(int)

    @property
    def notes(self) -> list[str]:
        """What a method sentence says of the respondents."""
        notes: list[str] = [phrase("{n} respondents", n=self.n)]
        smallest = int(self.pair_n.min())
        if smallest < self.n:
            notes.append(phrase("pairwise complete (at least {fewest:g} a pair)", fewest=smallest))
        if self.n_empty:
            notes.append(phrase("{empty} without an answer or with weight 0 left out", empty=self.n_empty))
        if self.weights is not None:
            notes.append(phrase("weighted (effective n {effective:.1f})", effective=self.n_effective))
        return notes


def kish(weights: Floats) -> float:
    """Effective number of respondents: (sum of w)^2 / sum of w^2."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def source_of(answers: Any) -> str:
    """What the table says of its origin in ``attrs["source"]``, or that it does not."""
    return str(getattr(answers, "attrs", {}).get("source", "source not stated"))


def checked_answers(answers: pd.DataFrame, *, weights: ArrayLike | None = None) -> Answers:
    """The answers as an array, after every check; all faults are collected before an error is raised.

    Parameters
    ----------
    answers : DataFrame (n respondents x k items)
    weights : array-like (n,), optional
        Not negative, not all zero. A Series must have the answers' index.

    Raises
    ------
    AnswersError
        Fewer than two items, columns that are not numbers or not finite, items without answers, constant items, pairs
        of items that no respondent answered both, unusable weights.

    Examples
    --------
    >>> checked_answers(pd.DataFrame({"q01": [1, 2, None], "q02": [3, 3, 3]}))
    Traceback (most recent call last):
        ...
    gapkit.measure.answers.AnswersError: The answers cannot be used:
    - q02: every answer is 3, and an item that does not vary correlates with nothing. Leave it out.
    """
    if not isinstance(answers, pd.DataFrame):
        raise AnswersError(
            "The answers must be a DataFrame, one row per respondent and one column per item, "
            f"not {type(answers).__name__}."
        )
    items = tuple(str(name) for name in answers.columns)
    twice = sorted({name for name in items if items.count(name) > 1})
    if twice:
        raise AnswersError(f"Two columns have the same name: {', '.join(twice)}. Rename one of them.")
    if len(items) < 2:
        raise AnswersError(phrase("At least two items are needed; the answers have {items}.", items=len(items)))
    wordy = [name for name, kind in zip(items, answers.dtypes, strict=True) if not pd.api.types.is_numeric_dtype(kind)]
    if wordy:
        raise AnswersError(f"{', '.join(wordy)}: not numbers. Code the answers as scale points (1, 2, ...) first.")
    values = answers.to_numpy(dtype=float, na_value=np.nan)
    share = _checked_weights(weights, answers.index)
    present = ~np.isnan(values)
    kept = present.any(axis=1) if share is None else present.any(axis=1) & (share > 0)
    if not kept.all():
        values, present = values[kept], present[kept]
        share = None if share is None else share[kept]
    faults = _faults(values, present, items)
    if faults:
        listed = joined((phrase("- {fault}", fault=fault) for fault in faults), between="\n")
        raise AnswersError(joined([phrase("The answers cannot be used:"), listed], between="\n"))
    return Answers(values, items, share, int(len(kept) - kept.sum()), source_of(answers))


def _faults(values: Floats, present: NDArray[np.bool_], items: tuple[str, ...]) -> list[str]:
    """Everything that stops these answers from being correlated, one sentence each."""
    if not len(values):
        return [phrase("no respondent answered any item (or none has a weight above 0).")]
    faults: list[str] = []
    low = np.where(present, values, np.inf).min(axis=0)
    high = np.where(present, values, -np.inf).max(axis=0)
    for name, smallest, largest in zip(items, low, high, strict=True):
        if smallest > largest:
            faults.append(phrase("{item}: no answers at all. Leave it out.", item=name))
        elif not np.isfinite([smallest, largest]).all():
            faults.append(
                phrase("{item}: holds infinite values. Replace them by scale points or leave them empty.", item=name)
            )
        elif smallest == largest:
            faults.append(
                phrase(
                    "{item}: every answer is {answer:g}, and an item that does not vary correlates with nothing. "
                    "Leave it out.",
                    item=name,
                    answer=smallest,
                )
            )
    if not faults and not present.all():
        together = present.astype(float).T @ present.astype(float)
        apart = [(items[i], items[j]) for i, j in np.argwhere(np.triu(together == 0, 1))]
        if apart:
            faults.append(
                phrase(
                    "no respondent answered both items of {pairs}. Leave one of each pair out, or analyse the blocks "
                    "of items separately.",
                    pairs=named_pairs(apart),
                )
            )
    return faults


def _checked_weights(weights: ArrayLike | None, index: pd.Index) -> Floats | None:
    """Weights as an array, or None."""
    if weights is None:
        return None
    if isinstance(weights, pd.Series) and not weights.index.equals(index):
        raise AnswersError(
            "The weights have another index than the answers. Align them: weights.reindex(answers.index)."
        )
    share = np.asarray(weights, dtype=float)
    if share.shape != (len(index),):
        raise AnswersError(f"One weight per respondent is needed: {len(index)} of them, not shape {share.shape}.")
    if not np.isfinite(share).all() or (share < 0).any():
        bad = int((~np.isfinite(share) | (share < 0)).sum())
        raise AnswersError(
            f"{bad} weights are negative, missing or infinite. Give every respondent a weight of 0 or more."
        )
    return share


def named_pairs(pairs: list[tuple[str, str]], most: int = 5) -> Joined | Phrase:
    """A few pairs in words, and how many more there are."""
    named = joined(phrase("{first} with {second}", first=first, second=second) for first, second in pairs[:most])
    more = len(pairs) - most
    return phrase("{pairs} and {more} more pairs", pairs=named, more=more) if more > 0 else named
