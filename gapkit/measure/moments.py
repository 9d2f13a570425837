"""Weighted counts, sums and cross-products of answers: what everything after the first pass works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapkit.measure.blocks import PRINTED, ColumnError, exact_difference, printed_mean

Matrix = NDArray[np.float64]
_MATRICES = ("counts", "sums", "products", "squares", "weight_squares")
_SCALARS = ("n", "n_empty", "weight_sum", "weight_square_sum")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Moments:
    """Weighted pairwise counts, sums and cross-products of k columns: all that means, alpha, factors and weights need.

    Made by `moments`; two of them over the same columns are merged with ``+``. Sums run over the respondents who
    answered *both* columns of a pair, about the provisional `centre`.

    Parameters
    ----------
    columns : tuple of str
        The k column names.
    centre : ndarray, (k,)
        What was subtracted before adding up: 0 for small whole numbers, whose sums are then exact; a number near the
        mean otherwise.
    counts : ndarray, (k x k)
        Sum of weights over respondents who answered both i and j.
    sums : ndarray, (k x k)
        Sum of column i over respondents who answered both i and j.
    products : ndarray, (k x k)
        Sum of the product of columns i and j.
    squares : ndarray, (k x k)
        Sum of the square of column i over respondents who answered both i and j.
    weight_squares : ndarray, (k x k)
        Sum of squared weights over respondents who answered both; equal to `counts` without weights.
    n : int
        Respondents with at least one answer in these columns and a weight above 0.
    n_empty : int
        Respondents without either, left out.
    weight_sum, weight_square_sum : float
        Over the n respondents.
    source : str
        Where the answers came from.
    """

    columns: tuple[str, ...]
    centre: Matrix
    counts: Matrix
    sums: Matrix
    products: Matrix
    squares: Matrix
    weight_squares: Matrix
    n: int
    n_empty: int
    weight_sum: float
    weight_square_sum: float
    source: str = ""

    @property
    def n_effective(self) -> float:
        """Kish's effective number of respondents, (sum of w)^2 / sum of w^2; equal to n without weights."""
        return self.weight_sum**2 / self.weight_square_sum if self.weight_square_sum else 0.0

    @property
    def weighted(self) -> bool:
        """Whether respondents had unequal weights."""
        return not np.isclose(self.n_effective, self.n, rtol=1e-12)

    @property
    def complete(self) -> bool:
        """Whether every counted respondent answered every column."""
        return bool(np.all(self.counts == self.counts[0, 0]))

    def mean(self) -> pd.Series:
        """Weighted mean of each column over those who answered it."""
        with np.errstate(invalid="ignore"):
            return pd.Series(self.centre + np.diag(self.sums) / np.diag(self.counts), index=list(self.columns))

    def sd(self) -> pd.Series:
        """Standard deviation of each column over those who answered it."""
        return pd.Series(np.sqrt(np.diag(self.covariance())), index=list(self.columns))

    def covariance(self) -> pd.DataFrame:
        """Pairwise-complete covariances, (k x k); weighted as R's ``cov.wt`` does, blind to the weights' scale."""
        with np.errstate(invalid="ignore", divide="ignore"):
            deviations = self.products - self.sums * self.sums.T / self.counts
            return self._frame(deviations / (self.counts - self.weight_squares / self.counts))

    def correlation(self) -> pd.DataFrame:
        """Pairwise-complete Pearson correlations, (k x k); NaN where a column does not vary."""
        with np.errstate(invalid="ignore", divide="ignore"):
            deviations = self.products - self.sums * self.sums.T / self.counts
            spread = np.maximum(self.squares - self.sums**2 / self.counts, 0.0)
            correlations = deviations / np.sqrt(spread * spread.T)
        np.fill_diagonal(correlations, np.where(np.diag(spread) > 0, 1.0, np.nan))
        return self._frame(correlations)

    def pair_counts(self) -> pd.DataFrame:
        """Kish effective number of respondents behind each pair, (k x k); without weights, how many answered both."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._frame(np.nan_to_num(self.counts**2 / self.weight_squares))

    def gaps(self) -> pd.DataFrame:
        """Item gaps, perceptions minus expectations, for every column ``P.x`` that has its ``E.x``.

        Returns
        -------
        DataFrame, one row per item: `n` (effective), `expectation`, `perception`, `gap`, `sd`
            Over the respondents who answered both halves of the item, so that gap = perception - expectation exactly.
        """
        items = [name[2:] for name in self.columns if name.startswith("P.") and f"E.{name[2:]}" in self.columns]
        p, e = (np.array([self.columns.index(half + item) for item in items], dtype=int) for half in ("P.", "E."))
        count = self.counts[p, e]
        perception = self.centre[p] + self.sums[p, e] / count
        expectation = self.centre[e] + self.sums[e, p] / count
        difference = self.sums[p, e] - self.sums[e, p]
        spread = self.squares[p, e] + self.squares[e, p] - 2 * self.products[p, e] - difference**2 / count
        sd = np.sqrt(np.maximum(spread, 0.0) / (count - self.weight_squares[p, e] / count))
        table = {
            "n": count**2 / self.weight_squares[p, e],
            "E": expectation,
            "P": perception,
            "gap": perception - expectation,
            "sd": sd,
        }
        return pd.DataFrame(table, index=pd.Index(items, name="item"))

    def select(self, columns: Sequence[str]) -> Moments:
        """The same moments for some of the columns, in the order given.

        Those who answered none of them are left out of `n` where that can be known: without weights, and where all who
        answered one answered all. Else `n` stays, as an upper limit; `pair_counts` says who is behind each pair.
        """
        absent = [name for name in columns if name not in self.columns]
        if absent:
            raise ColumnError(
                f"These moments have no column {', '.join(absent)}. They have: {', '.join(self.columns)}."
            )
        at = [self.columns.index(name) for name in columns]
        pairs = np.ix_(at, at)
        chosen = self._replaced(
            columns=tuple(columns),
            centre=self.centre[at],
            **{name: getattr(self, name)[pairs] for name in _MATRICES},
        )
        if self.weighted or not columns or not chosen.complete:
            return chosen
        n = round(float(chosen.counts[0, 0]))
        return chosen._replaced(n=n, n_empty=self.n_empty + self.n - n, weight_sum=float(n), weight_square_sum=float(n))

    def __add__(self, other: Moments) -> Moments:
        if not isinstance(other, Moments):
            return NotImplemented
        if self.columns != other.columns:
            raise ColumnError(
                "Moments over different columns cannot be merged: "
                f"{', '.join(self.columns)} and {', '.join(other.columns)}. "
                "Bring both to the same columns in the same order with .select([...])."
            )
        centre = _common_centre(self, other)
        first, second = _about(self, centre), _about(other, centre)
        sources = dict.fromkeys(text for text in (self.source, other.source) if text)
        totals: dict[str, Any] = {name: getattr(self, name) + getattr(other, name) for name in _SCALARS}
        matrices: dict[str, Any] = {name: first[name] + second[name] for name in _MATRICES}
        return Moments(columns=self.columns, centre=centre, source="; ".join(sources), **matrices, **totals)

    def __radd__(self, other: object) -> Moments:
        # sum(parts) starts from 0
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def save(self, path: str | Path) -> None:
        """Write to a ``.npz`` file that needs no pickle to read."""
        arrays = {name: getattr(self, name) for name in ("centre", *_MATRICES, *_SCALARS)}
        with Path(path).open("wb") as file:
            np.savez_compressed(file, columns=np.array(self.columns), source=np.array(self.source), **arrays)

    @classmethod
    def load(cls, path: str | Path) -> Moments:
        """Read what `save` wrote."""
        with np.load(Path(path), allow_pickle=False) as file:
            scalars: dict[str, Any] = {name: file[name].item() for name in _SCALARS}
            matrices = {name: file[name] for name in ("centre", *_MATRICES)}
            return cls(columns=tuple(file["columns"].tolist()), source=str(file["source"]), **matrices, **scalars)

    def _replaced(self, **changes: Any) -> Moments:
        """These moments with some fields changed."""
        names = ("columns", "centre", "source", *_MATRICES, *_SCALARS)
        return Moments(**{name: changes.get(name, getattr(self, name)) for name in names})

    def _frame(self, values: Matrix) -> pd.DataFrame:
        """A k x k matrix with its names."""
        return pd.DataFrame(values, index=list(self.columns), columns=list(self.columns))

    def __repr__(self) -> str:
        kish = f" (effective {self.n_effective:.1f})" if self.weighted else ""
        return f"<Moments: {len(self.columns)} columns, n = {self.n}{kish}>"


def _common_centre(first: Moments, second: Moments) -> Matrix:
    """Where both parts are added up about: their joint mean, or the centre they share."""
    a, b = np.diag(first.counts), np.diag(second.counts)
    both = np.where(a + b > 0, a + b, 1.0)
    joint = first.centre + (b / both) * (second.centre - first.centre)
    ends = np.stack([first.centre, second.centre])
    decimal = np.all(np.rint(ends * PRINTED) / PRINTED == ends, axis=0)
    joint = np.array([printed_mean(float(mean), bool(printed)) for mean, printed in zip(joint, decimal, strict=True)])
    return np.where(first.centre == second.centre, first.centre, joint)


def _about(part: Moments, centre: Matrix) -> dict[str, Matrix]:
    """The part's matrices, moved to another centre."""
    d = exact_difference(part.centre, centre)[:, None]
    n, s = part.counts, part.sums
    return {
        "counts": n,
        "sums": s + d * n,
        "products": part.products + d * s.T + d.T * s + d * d.T * n,
        "squares": part.squares + 2 * d * s + d * d * n,
        "weight_squares": part.weight_squares,
    }
