"""A planted truth solved for one instrument: what samples are drawn from, and the means they aim at, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .instrument import Instrument, load_instrument
from .latent import DECIMALS, answer_means, bisect, top_shares
from .truth import Segment, Truth, TruthError, by_dimension, by_item, correlations, shares


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Population:
    """Attentive respondents of every group and segment.

    Parameters
    ----------
    truth : Truth
        What was planted.
    instrument : Instrument
    batteries : tuple of str
        What is asked, in order.
    groups, group_shares, segments, segment_shares
        Groups and segments are independent of each other in the population.
    cuts : array, scale points - 1
    loadings, factor : arrays, k items
        The loading of each item, and the number of its dimension (-1: it has none).
    shift : array, batteries x segments x dimensions
        Segment means of the factors.
    within : array
        Covariance of all factors, battery by battery, inside a segment.
    location, spread : dict of arrays, groups x items
        Of the latent answers, per battery.
    """

    truth: Truth
    instrument: Instrument
    batteries: tuple[str, ...]
    groups: tuple[str, ...]
    group_shares: np.ndarray
    segments: tuple[Segment, ...]
    segment_shares: np.ndarray
    cuts: np.ndarray
    loadings: np.ndarray
    factor: np.ndarray
    shift: np.ndarray
    within: np.ndarray
    location: dict[str, np.ndarray]
    spread: dict[str, np.ndarray]

    @property
    def low(self) -> float:
        """The lowest scale point."""
        return self.instrument.scale.low

    def components(self, battery: str) -> tuple[np.ndarray, np.ndarray]:
        """Of the latent answers, in spreads: each segment's mean (segments x items), and the sd inside it (items)."""
        b = self.batteries.index(battery)
        inside = np.diag(self.within).reshape(len(self.batteries), -1)[b][self.factor]
        return self.loadings * self.shift[b][:, self.factor], np.sqrt(1 + self.loadings**2 * (inside - 1))

    def cells(self, of: str) -> np.ndarray:
        """Mean answers, or mean gaps, of each group and segment: groups x segments x items."""
        if of == "gaps":
            return self.cells("perceptions") - self.cells("expectations")
        return answer_means(self.location[of], self.spread[of], *self.components(of), self.cuts, self.low)

    def means(self, of: str = "gaps", *, by: str = "group", level: str = "dimensions") -> pd.DataFrame:
        """The exact means of the answers, by the normal distribution between the cuts.

        Parameters
        ----------
        of : str
            A battery, or "gaps" (perceptions - expectations).
        by : str
            "group" or "segment". The first row, "all", is the whole population: what a *weighted* mean aims at where
            groups were sampled at unequal rates.
        level : str
            "items", or "dimensions": with "overall", the mean of the dimension means, as last column.

        Returns
        -------
        DataFrame, (1 + groups or segments) x (items, or dimensions + 1)
        """
        cells = self.cells(of)
        over_segments = np.einsum("s,gsj->gj", self.segment_shares, cells)
        over_groups = np.einsum("g,gsj->sj", self.group_shares, cells)
        names = list(self.groups) if by == "group" else [segment.name for segment in self.segments]
        rows = [self.group_shares @ over_segments, *(over_segments if by == "group" else over_groups)]
        shown = len(names) + 1 if len(names) > 1 else 1
        table = pd.DataFrame(rows[:shown], index=["all", *names][:shown], columns=list(self.instrument.item_ids))
        if level == "items":
            return table
        dimensions = pd.DataFrame({d.id: table[list(d.items)].mean(axis=1) for d in self.instrument.dimensions})
        return dimensions.assign(overall=dimensions.mean(axis=1))

    def importance(self) -> np.ndarray:
        """Mean points of 100, segments x dimensions."""
        rows = []
        for segment in self.segments:
            points = self.truth.importance if segment.importance is None else segment.importance
            planted = by_dimension(points or 0.0, self.instrument, where="importance")
            rows.append(
                100 * shares(dict(zip(self.instrument.dimension_ids, planted, strict=True)), where="importance")
            )
        return np.array(rows)

    def weighted_gap(self) -> float:
        """The population mean of each respondent's gap weighted by their own points: sum(points * gap) / 100."""
        members = np.array([self.factor == d for d in range(len(self.instrument.dimensions))], dtype=float)
        gaps = np.einsum("g,gsj->sj", self.group_shares, self.cells("gaps")) @ (members.T / members.sum(axis=1))
        return float(self.segment_shares @ (self.importance() * gaps).sum(axis=1) / 100)

    def ceiling(self, battery: str = "expectations") -> pd.Series:
        """The population's share of answers at the top of the scale, by item."""
        cells = top_shares(self.location[battery], self.spread[battery], *self.components(battery), self.cuts)
        everyone = np.einsum("g,s,gsj->j", self.group_shares, self.segment_shares, cells)
        return pd.Series(everyone, index=list(self.instrument.item_ids))

    def separation(self) -> pd.DataFrame:
        """Mahalanobis distances between the segments in the latent gap scores of the dimensions.

        Scores are means of latent answers before they are cut, with the items' own noise, inside an average group.
        Where only one battery is asked, its scores stand in the gaps' place.
        """
        paired = {"expectations", "perceptions"} <= set(self.batteries)
        sign = {"perceptions": 1.0, "expectations": -1.0 if paired else 1.0}
        members = (self.factor == np.arange(len(self.instrument.dimensions))[:, None]).astype(float)
        members /= members.sum(axis=1, keepdims=True)
        spread = [sign.get(name, 0.0) * self.group_shares @ self.spread[name] for name in self.batteries]
        effect = np.hstack([np.diag(members @ (s * self.loadings)) for s in spread])
        noise = sum(members**2 @ (s**2 * (1 - self.loadings**2)) for s in spread)
        precision = np.linalg.inv(effect @ self.within @ effect.T + np.diag(noise))
        centre = np.moveaxis(self.shift, 1, 0).reshape(len(self.segments), -1) @ effect.T
        apart = centre[:, None, :] - centre[None, :, :]
        squared = np.einsum("abi,ij,abj->ab", apart, precision, apart)
        names = [segment.name for segment in self.segments]
        return pd.DataFrame(np.sqrt(squared), index=names, columns=names)


def population(truth: Truth, instrument: str | Instrument = "servqual") -> Population:
    """Solve a truth for an instrument: once, to draw often.

    Raises
    ------
    TruthError
        The planted values cannot go together; the message says which, and what is possible.

    Examples
    --------
    >>> people = population(Truth(gaps={"reliability": -1.2, "other": -0.5}, groups={"North": 0.7, "South": 0.3}))
    >>> float(people.means("gaps").loc["all", "overall"].round(4))
    -0.64
    """
    asked = load_instrument(instrument)
    batteries = tuple(truth.batteries or (name for name in asked.batteries if name != "importance"))
    cuts = np.array(truth.cuts or np.arange(asked.scale.low, asked.scale.high) + 0.5)
    if len(cuts) != asked.scale.high - asked.scale.low or (np.diff(cuts) <= 0).any():
        raise TruthError(f"cuts: expected {asked.scale.high - asked.scale.low:g} rising borders for {asked.scale}.")
    place = {id: d for d, id in enumerate(asked.dimension_ids)}
    factor = np.array([place.get(item.dimension or "", -1) for item in asked.items])
    loadings = np.where(factor < 0, 0.0, by_item(truth.loadings, asked, (), where="loadings")[0])
    if not (np.abs(loadings) < 1).all():
        raise TruthError(f"loadings: expected numbers between -1 and 1, found {truth.loadings}.")

    segments = truth.segments or (Segment("all", 1.0),)
    part = shares({segment.name: segment.share for segment in segments}, where="segments")
    shift = np.array([[_shift(segment, name, asked) for segment in segments] for name in batteries])
    shift -= np.einsum("s,bsd->bd", part, shift)[:, None, :]
    people = Population(
        truth=truth,
        instrument=asked,
        batteries=batteries,
        groups=tuple(truth.groups) or ("all",),
        group_shares=shares(truth.groups, where="groups") if truth.groups else np.ones(1),
        segments=segments,
        segment_shares=part,
        cuts=cuts,
        loadings=loadings,
        factor=factor,
        shift=shift,
        within=_within(truth, asked, part, shift),
        location={},
        spread={},
    )
    for name in batteries:
        people.location[name], people.spread[name] = _solve(people, name)
    return people


def _shift(segment: Segment, battery: str, instrument: Instrument) -> np.ndarray:
    """Where a segment's factors lie in one battery."""
    value = segment.perceptions if battery == "perceptions" else segment.expectations
    return by_dimension(value, instrument, where=f"segments.{segment.name}")


def _within(truth: Truth, instrument: Instrument, part: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Covariance of all factors inside a segment: the planted total less what lies between the segments."""
    same = np.eye(len(shift), dtype=bool)
    total = np.kron(np.where(same, 1.0, truth.battery_correlation), correlations(truth.factor_correlations, instrument))
    stacked = np.moveaxis(shift, 1, 0).reshape(len(part), -1)
    within = total - np.einsum("s,si,sj->ij", part, stacked, stacked)
    for matrix, name, remedy in (
        (total, "factor_correlations", "Lower the largest ones, or battery_correlation."),
        (within, "segments", "They lie too far apart for the total factor correlations: bring them closer."),
    ):
        if np.linalg.eigvalsh(matrix)[0] < 1e-8:
            raise TruthError(f"{name}: no such correlations exist (the matrix is not positive definite). {remedy}")
    return np.asarray(within)


def _solve(people: Population, battery: str) -> tuple[np.ndarray, np.ndarray]:
    """Locations and spreads at which the answers to one battery have the planted means and ceiling."""
    truth, asked, groups, cuts, low = people.truth, people.instrument, people.groups, people.cuts, people.low
    part = people.segment_shares[:, None]
    shift, rest = people.components(battery)
    mean = by_item(truth.expectations, asked, groups, where="expectations")
    if battery == "perceptions":
        mean = mean + by_item(truth.gaps, asked, groups, where="gaps")
    if battery == "minimum":
        mean = mean - by_item(truth.tolerance, asked, groups, where="tolerance")
    spread = by_item(truth.spread, asked, groups, where="spread")
    for g, j in np.argwhere((mean <= low) | (mean >= asked.scale.high) | (spread <= 0))[:1]:
        raise TruthError(
            f"{battery}, {asked.item_ids[j]}, group {groups[g]}: a mean of {mean[g, j]:.4g} with a spread of "
            f"{spread[g, j]:.4g} is not possible. Plant a mean inside {asked.scale} and a spread above 0."
        )

    def mean_at(location: np.ndarray, spread: np.ndarray) -> np.ndarray:
        return np.asarray((part * answer_means(location, spread, shift, rest, cuts, low)).sum(axis=1))

    if truth.ceiling is None or battery not in ("expectations", "desired"):
        location = bisect(lambda at: mean_at(at, spread) - mean, cuts[0] - 12 * spread, cuts[-1] + 12 * spread)
        return location.round(DECIMALS), spread.round(DECIMALS)

    # How many spreads the location lies above the last cut depends on the ceiling alone; the spread then on the mean.
    top = by_item(truth.ceiling, asked, groups, where="ceiling")
    one = np.ones_like(mean)
    above = bisect(
        lambda at: (part * top_shares(at, one, shift, rest, np.zeros(1))).sum(axis=1) - top, -12 * one, 12 * one
    )
    spread = bisect(lambda s: mean - mean_at(cuts[-1] + s * above, s), 0.02 * one, 60 * one)
    location = cuts[-1] + spread * above
    for g, j in np.argwhere(np.abs(mean_at(location, spread) - mean) > 1e-6)[:1]:
        raise TruthError(
            f"ceiling: {top[g, j]:.0%} of answers at the top and a mean of {mean[g, j]:.4g} do not go together "
            f"({battery}, {asked.item_ids[j]}, group {groups[g]}). With this ceiling the mean lies between "
            f"{asked.scale.low + top[g, j] * (asked.scale.high - low):.3g} and {asked.scale.high - 1 + top[g, j]:.3g}."
        )
    return location.round(DECIMALS), spread.round(DECIMALS)
