"""What can be planted in a simulated survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .instrument import Instrument

Planted = float | Mapping[str, Any]
"""A number for all, or numbers by dimension, item and group; "other" stands for what is not named."""


class TruthError(ValueError):
    """Planted values that cannot be; the message names the value, where it stands and what is possible."""


@dataclass(frozen=True)
class Segment:
    """A share of the population whose factors lie elsewhere.

    Parameters
    ----------
    name : str
    share : float
        Its part of the population; shares are scaled to add up to 1.
    expectations, perceptions : float or dict
        Shift of the factors by dimension, in factor standard deviations, centred over the segments: the means stay as
        planted, and so do the total factor correlations. Batteries other than perceptions take the first.
    importance : dict or None
        Its mean points by dimension; None takes the truth's.
    rate : float
        How likely its members are sampled, relative to the other segments.
    """

    name: str
    share: float
    expectations: Planted = 0.0
    perceptions: Planted = 0.0
    importance: Planted | None = None
    rate: float = 1.0


@dataclass(frozen=True)
class Outcome:
    """An outcome on its own scale: what the average respondent answers, and what a point of a dimension is worth.

    `effects` are points of the outcome per scale point of the perceived dimension (its latent level, free of the noise
    of single answers); `noise` is the standard deviation of everything else. Both hold before rounding to the scale.
    """

    name: str
    low: int
    high: int
    centre: float
    effects: Planted
    noise: float = 0.8


OUTCOMES = (
    Outcome("overall", 1, 7, 5.4, effects=0.18),
    Outcome("satisfaction", 1, 7, 5.5, effects=0.18, noise=0.9),
    Outcome("recommend", 0, 10, 7.6, effects=0.35, noise=1.5),
)
"""Overall quality 1-7, satisfaction 1-7 and recommendation 0-10, moved by each dimension alike."""


@dataclass(frozen=True)
class Truth:
    """Everything that is planted in a simulated survey; a value is one number, or numbers by dimension, item, group.

    A respondent's latent answer to an item is ``location + spread * (loading * factor + rest)``; factor and rest
    together have variance 1 over the whole population. The answer is the scale point whose `cuts` enclose it, so the
    ends of the scale take all that lies beyond them. Locations are solved so that the *answers* have the planted means.

    Parameters
    ----------
    expectations : float or dict
        Mean answer of the expectations (and of "desired").
    gaps : float or dict
        Mean of perceptions - expectations.
    ceiling : float, dict or None
        Share of expectations at the top of the scale; their spread then follows from it. None takes `spread`.
    spread : float or dict
        Standard deviation of a latent answer, in scale points.
    tolerance : float or dict
        How far the mean of "minimum" lies below the expectations, where the instrument asks for it.
    loadings : float or dict
        Correlation of a latent answer with its factor, in every battery.
    factor_correlations : float, DataFrame or dict of dicts
        Correlations of the dimensions within a battery; one number for all pairs.
    battery_correlation : float
        Correlation of the same factor between two batteries, such as E with P.
    cuts : tuple or None
        Borders between neighbouring scale points; None: half-way. Uneven cuts make answers as skewed as wanted.
    groups : dict
        Group -> population share. `group` names the column.
    rates : dict
        Group -> how likely its members are sampled, relative to the others; gives survey weights.
    segments : tuple of Segment
    careless : float or dict
        Share of respondents who answer without care: "straightline", "random", "identical" (P copied from E); one
        number is split evenly.
    missing : float
        Share of answers, of outcomes and of whole allocations that are left out at random.
    outcomes : tuple of Outcome
        Drawn where perceptions are.
    importance : float, dict or None
        Mean points of 100 by dimension; numbers are scaled to 100. None: no allocations are drawn.
    concentration : float
        How alike the respondents split their points: large is alike, small is one-sided.
    reversed : tuple
        Items worded the other way round. The survey holds them turned, as after loading; who is careless is careless
        about the words as they were asked.
    batteries : tuple or None
        Which batteries to draw; None: all of the instrument but importance.

    Examples
    --------
    >>> from gapkit.survey.population import population
    >>> truth = Truth(gaps={"reliability": -1.2, "other": -0.5})
    >>> population(truth, "servqual").means("gaps").loc["all", "reliability"].round(4)
    np.float64(-1.2)
    """

    expectations: Planted = 6.2
    gaps: Planted = -0.6
    ceiling: Planted | None = 0.45
    spread: Planted = 1.2
    tolerance: Planted = 1.5
    loadings: Planted = 0.8
    factor_correlations: float | pd.DataFrame | Mapping[str, Mapping[str, float]] = 0.5
    battery_correlation: float = 0.3
    cuts: tuple[float, ...] | None = None
    groups: Mapping[str, float] = field(default_factory=dict)
    group: str = "group"
    rates: Mapping[str, float] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    careless: float | Mapping[str, float] = 0.0
    missing: float = 0.0
    outcomes: tuple[Outcome, ...] = OUTCOMES
    importance: Planted | None = 20.0
    concentration: float = 12.0
    reversed: tuple[str, ...] = ()
    batteries: tuple[str, ...] | None = None


def by_item(value: Planted, instrument: Instrument, groups: Sequence[str], *, where: str) -> np.ndarray:
    """A planted value as a table, groups x items: an item's own number goes before its dimension's, then "other"."""
    if isinstance(value, Mapping) and set(value) & set(groups):
        rows = [by_item(_entry(value, [group], where), instrument, (), where=f"{where}.{group}")[0] for group in groups]
        return np.array(rows)
    if isinstance(value, Mapping):
        _refuse_unknown(value, (*instrument.item_ids, *instrument.dimension_ids), where)
        row = [_entry(value, [item.id, item.dimension], where) for item in instrument.items]
    else:
        row = [value] * len(instrument.items)
    return np.tile(np.array(row, dtype=float), (max(len(groups), 1), 1))


def by_dimension(value: Planted, instrument: Instrument, *, where: str) -> np.ndarray:
    """A planted value for each dimension."""
    if not isinstance(value, Mapping):
        return np.full(len(instrument.dimensions), float(value))
    _refuse_unknown(value, instrument.dimension_ids, where)
    return np.array([_entry(value, [id], where) for id in instrument.dimension_ids], dtype=float)


def shares(value: Mapping[str, float], *, where: str) -> np.ndarray:
    """Shares scaled to add up to 1."""
    given = np.array(list(value.values()), dtype=float)
    if not (given > 0).all():
        raise TruthError(f"{where}: expected numbers above 0, found {dict(value)}. Leave out what has no share.")
    return np.asarray(given / given.sum())


def correlations(value: float | pd.DataFrame | Mapping[str, Mapping[str, float]], instrument: Instrument) -> np.ndarray:
    """The factor correlation matrix; one number stands for every pair of dimensions."""
    ids = list(instrument.dimension_ids)
    if isinstance(value, (pd.DataFrame, Mapping)):
        table = pd.DataFrame(value)
        if set(table.index) != set(ids) or set(table.columns) != set(ids):
            raise TruthError(f"factor_correlations: expected a row and a column for each of {', '.join(ids)}.")
        matrix = table.loc[ids, ids].to_numpy(dtype=float)
    else:
        matrix = np.where(np.eye(len(ids), dtype=bool), 1.0, float(value))
    if not np.array_equal(matrix, matrix.T) or (np.diag(matrix) != 1).any():
        raise TruthError("factor_correlations: expected a symmetric table with 1 on its diagonal.")
    return matrix


def _entry(value: Mapping[str, Any], keys: Sequence[str | None], where: str) -> Any:
    """The first of the keys that is there, else "other"."""
    for key in (*keys, "other"):
        if key is not None and key in value:
            return value[key]
    raise TruthError(f'{where}: nothing for {keys[-1] or keys[0]}. Add it, or "other" for all that is not named.')


def _refuse_unknown(value: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """A planted value under a name that nothing has is a slip of the pen."""
    if unknown := sorted(set(value) - {*known, "other"}):
        raise TruthError(f'{where}: "{unknown[0]}" is not known; there are {", ".join(known)} and "other".')
