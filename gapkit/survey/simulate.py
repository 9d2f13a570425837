"""Surveys with known truth: seeded draws from a planted population, one at a time or thousands at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .answering import CARELESS, carelessly, in_chips, leave_out
from .instrument import Instrument
from .latent import DECIMALS, to_points
from .population import Population, population
from .source import Source
from .survey import Survey
from .truth import Truth, TruthError, by_dimension

STREAMS = (
    *("cells", "factors", "careless", "outcomes", "allocations"),
    *("expectations", "perceptions", "minimum", "desired"),
)
"""What is drawn, each from a random stream of its own, and left out from another one."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Draws:
    """Many surveys as arrays, the survey being the first axis.

    Parameters
    ----------
    population : Population
        What they were drawn from; ``population.means("gaps")`` is what their gap means aim at.
    answers : dict of arrays, surveys x n x items
        Per battery, NaN where unanswered, reversed items already turned.
    group, segment : arrays, surveys x n
        Numbers into ``population.groups`` and ``population.segments``.
    careless : array, surveys x n
        0, or 1 + the number in `CARELESS`.
    weight : array or None, surveys x n
        Inverse of the relative chance to be sampled, 1 on average; None where that is the same for all.
    outcomes : dict of arrays, surveys x n
    allocations : array or None, surveys x n x dimensions
    title : str
    """

    population: Population
    answers: dict[str, np.ndarray]
    group: np.ndarray
    segment: np.ndarray
    careless: np.ndarray
    weight: np.ndarray | None
    outcomes: dict[str, np.ndarray]
    allocations: np.ndarray | None
    title: str

    def survey(self, number: int = 0) -> Survey:
        """One of the surveys; `respondents` holds the hidden truth as "truth_careless" and "truth_segment"."""
        people, truth, i = self.population, self.population.truth, number
        columns: dict[str, np.ndarray] = {}
        if truth.groups:
            columns[truth.group] = np.array(people.groups, dtype=object)[self.group[i]]
        columns |= {name: values[i] for name, values in self.outcomes.items()}
        if self.weight is not None:
            columns["weight"] = self.weight[i]
        if truth.segments:
            columns["truth_segment"] = np.array([s.name for s in people.segments], dtype=object)[self.segment[i]]
        if self.careless.any():
            columns["truth_careless"] = np.array(["", *CARELESS], dtype=object)[self.careless[i]]
        items = list(people.instrument.item_ids)
        tables = {name: pd.DataFrame(values[i].astype(float), columns=items) for name, values in self.answers.items()}
        if self.allocations is not None:
            tables["allocations"] = pd.DataFrame(self.allocations[i], columns=list(people.instrument.dimension_ids))
        return Survey(
            instrument=people.instrument.asked(reversed=truth.reversed),
            **tables,
            respondents=pd.DataFrame(columns, index=next(iter(tables.values())).index),
            source=Source(title=self.title, simulated=True, licence="CC0-1.0", reversed=truth.reversed),
        )


def simulate(
    instrument: str | Instrument = "servqual",
    *,
    n: int | Mapping[str, int],
    seed: int | Sequence[int],
    truth: Truth | None = None,
) -> Survey:
    """A survey with known truth.

    Parameters
    ----------
    instrument : str or Instrument
        What is asked; its importance ratings, where it has them, are not drawn.
    n : int or dict
        Respondents, or respondents of each group of the truth.
    seed : int or sequence of int
        The same seed gives the same survey, on every machine. Groups, factors, each battery's answers, carelessness,
        missing answers, outcomes and allocations have streams of their own: changing one leaves the others.
    truth : Truth, optional
        What is planted; ``population(truth, instrument).means("gaps")`` are the exact means this aims at.

    Returns
    -------
    Survey
        Its source says "simulated". `respondents` holds groups, outcomes, "weight" where sampling was unequal, and the
        hidden truth: "truth_segment" and "truth_careless".

    Raises
    ------
    TruthError
        The planted values cannot go together.

    Examples
    --------
    >>> survey = simulate(n=2000, seed=1, truth=Truth(gaps=-0.8, missing=0.04))
    >>> survey
    <Survey SERVQUAL, simulated: 2000 respondents, servqual (expectations, perceptions)>
    >>> round(float(survey.gaps.mean().mean()), 1)
    -0.8
    """
    return draw(population(truth or Truth(), instrument), n=n, seed=seed).survey()


def draw(
    people: Population,
    *,
    n: int | Mapping[str, int],
    seed: int | Sequence[int],
    surveys: int = 1,
    title: str | None = None,
) -> Draws:
    """Many surveys of one population at once, as arrays: the fast way to watch a statistic over repeated sampling.

    Parameters
    ----------
    people : Population
    n : int or dict
        Respondents of each survey, or of each of its groups.
    seed : int or sequence of int
    surveys : int
        How many. A thousand surveys of 300 respondents and two batteries of 22 items take about 60 MB.
    title : str, optional
        The surveys' title; the instrument's name by default.

    Examples
    --------
    >>> draws = draw(population(Truth(gaps=-0.8)), n=50, seed=1, surveys=400)
    >>> gaps = draws.answers["perceptions"] - draws.answers["expectations"]
    >>> gaps.shape, round(float(gaps.mean()), 1)
    ((400, 50, 22), -0.8)
    """
    truth, size = people.truth, sum(n.values()) if isinstance(n, Mapping) else n
    shape, rows = (surveys, size), surveys * size
    children = np.random.SeedSequence(seed).spawn(2 * len(STREAMS))
    random = [np.random.Generator(np.random.PCG64(child)) for child in children]
    stream = dict(zip(STREAMS, random, strict=False))
    gone = dict(zip(STREAMS, random[len(STREAMS) :], strict=True))

    group, segment, weight = _cells(people, n, shape, stream["cells"])
    shift = np.moveaxis(people.shift, 1, 0).reshape(len(people.segments), -1)
    inside = stream["factors"].standard_normal((rows, shift.shape[1])) @ np.linalg.cholesky(people.within).T
    factors = (shift[segment.ravel()] + inside).reshape(rows, len(people.batteries), -1)
    answers = {
        name: _answers(people, name, factors[:, b], group.ravel(), stream[name]).reshape(*shape, -1)
        for b, name in enumerate(people.batteries)
    }
    careless = carelessly(people, answers, shape, stream["careless"])

    outcomes = {}
    if "perceptions" in answers:
        perceived = factors[:, people.batteries.index("perceptions")]
        outcomes = _outcomes(people, perceived, group.ravel(), stream["outcomes"])
    allocations = None
    if truth.importance is not None:
        allocations = in_chips(people, segment.ravel(), stream["allocations"]).reshape(*shape, -1)
        allocations[gone["allocations"].random(shape) < truth.missing] = np.nan
    return Draws(
        population=people,
        answers={name: leave_out(table, truth.missing, gone[name]) for name, table in answers.items()},
        group=group,
        segment=segment,
        careless=careless,
        weight=weight,
        outcomes={
            name: leave_out(values.reshape(shape), truth.missing, gone["outcomes"]) for name, values in outcomes.items()
        },
        allocations=allocations,
        title=title or people.instrument.title(),
    )


def _answers(
    people: Population, battery: str, factors: np.ndarray, group: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Complete and careful answers to one battery: rows x items."""
    points = np.empty((len(group), len(people.loadings)), dtype=np.float32)
    for j, (loading, d) in enumerate(zip(people.loadings, people.factor, strict=True)):
        latent = loading * factors[:, d] + np.sqrt(1 - loading**2) * rng.standard_normal(len(group))
        location, spread = people.location[battery][group, j], people.spread[battery][group, j]
        points[:, j] = to_points(location + spread * latent, people.cuts, people.low)
    return points


def _outcomes(
    people: Population, factors: np.ndarray, group: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Outcomes on their scales, from the latent levels of the perceived dimensions."""
    levels = _levels(people, factors, group)
    answered = {}
    for outcome in people.truth.outcomes:
        effects = by_dimension(outcome.effects, people.instrument, where=f"outcomes.{outcome.name}")
        explained = sum(effect * level for effect, level in zip(effects, levels.T, strict=True))
        latent = outcome.centre + explained + outcome.noise * rng.standard_normal(len(group))
        answered[outcome.name] = np.clip(np.floor(latent.round(DECIMALS) + 0.5), outcome.low, outcome.high)
    return answered


def _cells(
    people: Population, n: int | Mapping[str, int], shape: tuple[int, int], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Group and segment of each respondent, and weights: the inverse of how likely each was to be sampled."""
    truth, names = people.truth, people.groups
    if isinstance(n, Mapping):
        if set(n) != set(names):
            raise TruthError(f"n: expected a number for each of the groups {', '.join(names)}, found {dict(n)}.")
        sampled = np.array([n[name] for name in names], dtype=float)
        group = np.repeat(np.arange(len(names)), [n[name] for name in names])[rng.random(shape).argsort(axis=1)]
    else:
        sampled = people.group_shares * [truth.rates.get(name, 1.0) for name in names]
        group = choose(rng.random(shape), sampled)
    within = people.segment_shares * [segment.rate for segment in people.segments]
    segment = choose(rng.random(shape), within)
    chance = np.outer(sampled / sampled.sum(), within / within.sum())
    inverse = np.outer(people.group_shares, people.segment_shares) / chance
    return group, segment, None if np.allclose(inverse, 1) else inverse[group, segment]


def choose(uniform: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Numbers 0, 1, ... with the given chances."""
    return np.asarray(np.searchsorted(np.cumsum(chance / chance.sum())[:-1], uniform, side="right"))


def _levels(people: Population, factors: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Each respondent's latent level of each perceived dimension, in scale points from the population's average."""
    location, spread = people.location["perceptions"], people.spread["perceptions"] * people.loadings
    levels = np.empty_like(factors)
    for d in range(factors.shape[1]):
        own = people.factor == d
        middle, slope = location[:, own].mean(axis=1), spread[:, own].mean(axis=1)
        levels[:, d] = (middle - people.group_shares @ middle)[group] + slope[group] * factors[:, d]
    return levels
