"""Actions to plan with, and the programme they make with a survey: what they cost, add, need and exclude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..measure.means import checked_weights
from ..measure.resampling import resampling_counts
from ..survey.phrase import phrase
from ..survey.survey import Survey
from .outlook import prepare_outlook
from .programme import Flags, Floats, PlanError, Programme

Effect = float | tuple[float, float]
"""A mean, or a mean and its standard deviation."""


@dataclass(frozen=True)
class Candidate:
    """An action that money can be spent on. Costs and effects are the user's own numbers: gapkit has none.

    Parameters
    ----------
    id : str
    cost : float
        In any unit, the same for all.
    effects : dict
        Dimension -> scale points of perception it adds: a mean, or (mean, sd).
    closes : dict
        Dimension -> share of its gap it closes: a mean, or (mean, sd). Where there is no shortfall it adds nothing.
    months : float
        Lead time.
    needs : tuple of str
        Actions it is worth nothing without; they come first.
    excludes : tuple of str
        Actions it cannot go with; one of the two has to say so.

    Examples
    --------
    >>> Candidate("train", cost=40_000, effects={"reliability": (0.4, 0.1)}, months=4, needs=("hire",)).months
    4
    """

    id: str
    cost: float
    effects: Mapping[str, Effect] = field(default_factory=dict)
    closes: Mapping[str, Effect] = field(default_factory=dict)
    months: float = 0.0
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


class Uncertain(NamedTuple):
    """Effects as points and shares with their sds (A x D); shortfalls and values as drawn (draws x D)."""

    points: Floats
    points_sd: Floats
    shares: Floats
    shares_sd: Floats
    shortfall: Floats
    values: Floats


def programme_of(
    survey: Survey,
    actions: Sequence[Candidate],
    *,
    budget: float,
    outcome: str | None,
    overlap: float,
    within: float | None,
    must: Sequence[str],
    never: Sequence[str],
    draws: int,
    seed: int,
) -> tuple[Programme, Uncertain, Floats, str, str]:
    """The programme at the expected effects, what is uncertain, when each action is ready, the unit, and the story.

    Raises
    ------
    PlanError
        Every wrong name and number, and prerequisites that run in a circle.
    """
    ids = [action.id for action in actions]
    dimensions = list(survey.instrument.dimension_ids)
    _refuse_wrong(actions, ids, dimensions, budget=budget, overlap=overlap, named=(*must, *never))
    place = {id: a for a, id in enumerate(ids)}
    A, D = len(ids), len(dimensions)
    needs, excludes = np.zeros((A, A), dtype=bool), np.zeros((A, A), dtype=bool)
    tables = np.zeros((4, A, D))
    for a, action in enumerate(actions):
        for other in action.needs:
            needs[a, place[other]] = True
        for other in action.excludes:
            excludes[a, place[other]] = excludes[place[other], a] = True
        for first, given in ((0, action.effects), (2, action.closes)):
            for name, effect in given.items():
                mean, sd = effect if isinstance(effect, tuple) else (effect, 0.0)
                tables[first, a, dimensions.index(name)] = mean
                tables[first + 1, a, dimensions.index(name)] = sd
    ready = _ready(ids, needs, np.array([action.months for action in actions], dtype=float))
    w = _weights(survey)
    counts = resampling_counts(survey.n, draws=draws, rng=np.random.default_rng(seed)).astype(float)
    perceived = survey.dimension_scores("perceptions").to_numpy()
    room = survey.instrument.scale.high - np.nan_to_num(_means(perceived, w[None])[0], nan=survey.instrument.scale.high)
    shortfall, shortfalls = np.zeros(D), np.zeros((draws, D))
    if tables[2].any():
        gaps = survey.dimension_scores("gaps").to_numpy()
        shortfall = np.maximum(-np.nan_to_num(_means(gaps, w[None])[0]), 0.0)
        shortfalls = np.maximum(-np.nan_to_num(_means(gaps, counts * w)), 0.0)
    value, values, unit, told = _values(survey, outcome, counts, w, draws=draws, seed=seed)
    effects = tables[0] + tables[2] * shortfall
    allowed = (ready <= (np.inf if within is None else within)) & ~np.isin(ids, list(never))
    programme = Programme(
        ids=tuple(ids), cost=np.array([action.cost for action in actions], dtype=float), budget=float(budget),
        effects=effects, values=value, full=effects.max(axis=0, initial=0.0), room=room, overlap=overlap,
        needs=needs, excludes=excludes, allowed=allowed, must=np.isin(ids, list(must)),
    )  # fmt: skip
    return programme, Uncertain(tables[0], tables[1], tables[2], tables[3], shortfalls, values), ready, unit, told


def drawn(uncertain: Uncertain, *, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Effects (draws x A x D) and values (draws x D); an effect may turn out below zero."""
    u = uncertain
    rng = np.random.default_rng((seed, 1))
    z = rng.standard_normal((2, draws, *u.points.shape))
    return u.points + u.points_sd * z[0] + (u.shares + u.shares_sd * z[1]) * u.shortfall[:, None, :], u.values


def _values(
    survey: Survey, outcome: str | None, counts: Floats, w: Floats, *, draws: int, seed: int
) -> tuple[Floats, Floats, str, str]:
    """What a point of each dimension is worth: in the whole sample and in each draw."""
    D = len(survey.instrument.dimensions)
    if outcome is not None:
        ready = prepare_outlook(survey, outcome=outcome, draws=draws, seed=seed)
        every = np.resize(ready.slopes[1], (draws, D))  # draws that could not be fitted are made up for by others
        told = phrase(
            "Values: what goes with {outcome} per point of each dimension (least squares; association, not cause).",
            outcome=outcome,
        )
        return ready.slopes[0], every, phrase("points of {outcome}", outcome=outcome), told
    unit = phrase("points of the importance-weighted mean")
    points = survey.allocations
    if points is None or points.notna().to_numpy().sum() == 0:
        told = phrase("Values: equal for all dimensions, as nobody split 100 points among them.")
        return np.full(D, 1 / D), np.full((draws, D), 1 / D), phrase("points of the mean over dimensions"), told
    table = points.to_numpy(float)
    share = table / table.sum(axis=1, keepdims=True)
    told = phrase(
        "Values: mean shares of the respondents' 100 points ({respondents} split them).",
        respondents=int(np.isfinite(share).all(axis=1).sum()),
    )
    return np.asarray(_means(share, w[None])[0]), _means(share, counts * w), unit, told


def _weights(survey: Survey) -> Floats:
    """Survey weights, or ones."""
    weights = checked_weights(survey.weights)
    return np.ones(survey.n) if weights is None else weights


def _means(values: Floats, weights: Floats) -> Floats:
    """Means of the answered rows for each row of weights, (draws x columns)."""
    there = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights @ np.where(there, values, 0.0)) / (weights @ there))


def _ready(ids: Sequence[str], needs: Flags, months: Floats) -> Floats:
    """When each action is done, prerequisites first; PlanError where they run in a circle."""
    ready, waiting = np.full(len(ids), np.nan), np.ones(len(ids), dtype=bool)
    while waiting.any():
        free: NDArray[np.intp] = np.flatnonzero(waiting & ~(needs & waiting).any(axis=1))
        if not len(free):
            circle = ", ".join(id for id, still in zip(ids, waiting, strict=True) if still)
            raise PlanError(f"needs: these wait for each other in a circle: {circle}. Take one prerequisite out.")
        for a in free:
            ready[a] = months[a] + ready[needs[a]].max(initial=0.0)
        waiting[free] = False
    return ready


def _refuse_wrong(
    actions: Sequence[Candidate], ids: list[str], dimensions: list[str], *, budget: float, overlap: float,
    named: Sequence[str],
) -> None:  # fmt: skip
    """PlanError with every wrong name and number."""
    faults = [f'"{id}" stands {ids.count(id)} times in the actions' for id in dict.fromkeys(ids) if ids.count(id) > 1]
    faults += [] if actions else ["there are no actions"]
    faults += [] if np.isfinite(budget) else [f"budget: expected a number, found {budget}"]
    faults += [] if 0 <= overlap <= 1 else [f"overlap: expected a share between 0 and 1, found {overlap:g}"]
    for id in named:
        if id not in ids:
            faults.append(f'must/never: there is no action "{id}"')
    for action in actions:
        for word, others in (("needs", action.needs), ("excludes", action.excludes)):
            faults += [f'{action.id}: {word} "{other}", which is no action' for other in others if other not in ids]
            faults += [f"{action.id}: {word} itself"] if action.id in others else []
        if not (np.isfinite(action.cost) and action.cost >= 0 and action.months >= 0):
            faults.append(
                f"{action.id}: cost and months are numbers of at least 0, found {action.cost}, {action.months}"
            )
        for name, effect in (*action.effects.items(), *action.closes.items()):
            if name not in dimensions:
                faults.append(f'{action.id}: no dimension "{name}"; there are {", ".join(dimensions)}')
            values = effect if isinstance(effect, tuple) else (effect, 0.0)
            if len(values) != 2 or not np.isfinite(values).all() or values[1] < 0:
                faults.append(
                    f"{action.id}, {name}: expected a mean, or (mean, sd) with sd at least 0, found {effect!r}"
                )
    if faults:
        raise PlanError(f"{len(faults)} fault(s):\n" + "\n".join(f"- {fault}." for fault in faults))
