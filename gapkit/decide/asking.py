"""What a step of a scenario asks of which answers: names become items, groups become rows, shares become points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..survey.instrument import Instrument
from ..survey.survey import Survey

Floats = NDArray[np.floating]
Numbers = NDArray[np.intp]

FEWEST = 5
"""Respondents below which a branch does not set the level for others."""


class ScenarioError(ValueError):
    """A scenario that cannot be, or that the survey cannot follow; the message says what there is instead."""


class Step(Protocol):
    """One step of a scenario."""

    @property
    def amounts(self) -> Mapping[str, float]:
        """Amounts by name."""

    @property
    def where(self) -> Mapping[str, Any]:
        """Whose answers."""

    @property
    def of(self) -> str:
        """The battery."""

    @property
    def kind(self) -> str:
        """What amounts mean."""

    @property
    def by(self) -> str | None:
        """The column with the branches."""


class Asked(NamedTuple):
    """What a step asked of a group's items, whose answers to them were these, and what they attained."""

    step: int
    where: str
    of: str
    items: Numbers
    answers: Floats
    weights: Floats | None
    asked: Floats
    attained: Floats

    def n(self) -> Numbers:
        """Answers to each item before the step."""
        return np.asarray(np.isfinite(self.answers).sum(axis=0))

    def before(self) -> Floats:
        """The mean of each item before the step."""
        return _means(self.answers, self.weights, np.arange(len(self.answers)))


def asked_shifts(
    survey: Survey, step: Step, now: Mapping[str, Floats], weights: Floats | None
) -> Iterator[tuple[str, Numbers, Floats]]:
    """For each group that moves: its name, its rows, and the shift of each item in scale points.

    Parameters
    ----------
    survey : Survey
    step : Step
    now : dict of arrays
        The answers as the steps before have left them, by battery.
    weights : array or None
    """
    parts = named_items(survey.instrument, step.amounts)
    rows, where = chosen(survey, step.where)
    k = len(survey.instrument.items)
    if step.kind == "shift":
        shift = np.zeros(k)
        for items, amount in parts:
            shift[items] += amount
        yield where, rows, shift
    elif step.kind == "close":
        share = np.zeros(k)
        for items, amount in parts:
            share[items] += amount
        if (share > 1 + 1e-12).any():
            over = survey.instrument.item_ids[int(share.argmax())]
            raise ScenarioError(
                f"{over}: the shares of its gap to close add up to {share.max():g}; at most 1 is there."
            )
        gap = _means((now["perceptions"] - now["expectations"])[rows], weights, rows)
        shortfall = share * np.maximum(np.nan_to_num(-gap), 0.0)
        yield where, rows, shortfall if step.of == "perceptions" else -shortfall
    else:
        yield from _to_best(survey, step, parts, rows, now[step.of], weights)


def named_items(instrument: Instrument, amounts: Mapping[str, float]) -> list[tuple[list[int], float]]:
    """The columns of each name with its amount; "all" is one entry per dimension and one per item without any."""
    place = {id: j for j, id in enumerate(instrument.item_ids)}
    dimensions = {d.id: [place[id] for id in d.items] for d in instrument.dimensions}
    alone = [[j] for j, item in enumerate(instrument.items) if item.dimension is None]
    parts: list[tuple[list[int], float]] = []
    for name, amount in amounts.items():
        if name == "all":
            parts += [(items, amount) for items in [*dimensions.values(), *alone]]
        elif name in dimensions or name in place:
            parts.append((dimensions.get(name) or [place[name]], amount))
        else:
            raise ScenarioError(
                f'"{name}" is no dimension and no item of {instrument.id}. Dimensions: {", ".join(dimensions)}. '
                f'Items: {", ".join(place)}. Or "all".'
            )
    return parts


def chosen(survey: Survey, where: Mapping[str, Any]) -> tuple[Numbers, str]:
    """The rows of the respondents that a scenario is about, and their group in words."""
    if not where:
        return np.arange(survey.n), "everybody"
    keep = np.ones(survey.n, dtype=bool)
    words = []
    for column, value in where.items():
        answers = column_of(survey, column)
        values = list(value) if isinstance(value, (list, tuple, set)) else [value]
        for one in values:
            if not (answers == one).any():
                seen = ", ".join(map(str, answers.dropna().unique()[:12]))
                raise ScenarioError(f'nobody has {column} = "{one}"; there are: {seen}.')
        keep &= answers.isin(values).to_numpy()
        words.append(f"{column} = {', '.join(map(str, values))}")
    if not keep.any():
        raise ScenarioError(f"nobody has {' and '.join(words)} at once.")
    return np.flatnonzero(keep), " and ".join(words)


def column_of(survey: Survey, column: str) -> Any:
    """A respondents' column; ScenarioError names those there are."""
    if column not in survey.respondents:
        columns = ", ".join(map(str, survey.respondents.columns)) or "none"
        raise ScenarioError(f'no column "{column}" among the respondents; there are: {columns}.')
    return survey.respondents[column]


def _to_best(
    survey: Survey, step: Step, parts: list[tuple[list[int], float]], rows: Numbers, answers: Floats, w: Floats | None
) -> Iterator[tuple[str, Numbers, Floats]]:
    """Each branch's way to the best branch, name by name."""
    branches = column_of(survey, str(step.by))
    members = {branch: np.flatnonzero((branches == branch).to_numpy()) for branch in branches.dropna().unique()}
    levels = {branch: [_level(answers, own, items, w) for items, _ in parts] for branch, own in members.items()}
    judges = [branch for branch, own in members.items() if len(own) >= FEWEST]
    if not judges:
        raise ScenarioError(f"no {step.by} has {FEWEST} respondents or more: there is no best one to follow.")
    best = np.nanmax([levels[branch] for branch in judges], axis=0)
    for branch, own in members.items():
        moving = np.intersect1d(own, rows)
        shift = np.zeros(answers.shape[1])
        for (items, amount), level, top in zip(parts, levels[branch], best, strict=True):
            shift[items] += amount * max(0.0, np.nan_to_num(top - level))
        if len(moving) and shift.any():
            yield f"{step.by} = {branch}", moving, shift


def _level(answers: Floats, rows: Numbers, items: list[int], weights: Floats | None) -> float:
    """A branch's mean of a dimension score, or of an item."""
    own = answers[rows][:, items]
    there = np.isfinite(own).sum(axis=1)
    score = np.divide(np.nansum(own, axis=1), there, out=np.full(len(own), np.nan), where=there > 0)
    return float(_means(score[:, None], weights, rows)[0])


def _means(values: Floats, weights: Floats | None, rows: Numbers) -> Floats:
    """Weighted column means over the answered rows; NaN where there are none."""
    w = np.isfinite(values) * (np.ones(len(rows)) if weights is None else weights[rows])[:, None]
    total = w.sum(axis=0)
    summed = (w * np.nan_to_num(values)).sum(axis=0)
    return np.divide(summed, total, out=np.full(values.shape[1], np.nan), where=total > 0)
