"""The respondents an outlook rests on: their scores, outcomes and weights, and where a scenario moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..measure.means import checked_weights
from ..survey.phrase import phrase, sentences
from ..survey.survey import Survey
from .asking import Asked

Floats = NDArray[np.floating]

PROMOTERS, DETRACTORS = 9, 6
SUPPORT = pd.Index(["before", "after", "lowest", "highest", "outside"])


@dataclass(frozen=True, eq=False, kw_only=True)
class OutcomeRows:
    """Respondents with an outcome and every dimension score.

    Parameters
    ----------
    scores : array, (n x D)
    adjustments : array, (n x a)
        Columns held fixed.
    Y : array, (n x targets)
        The outcome itself, whether it is in the top two boxes, and the vote for the NPS (1, 0, -1).
    weights : array, (n,)
        Adding up to 1.
    targets : Index
    scale : (low, high)
    left_out : str
        Who is not among them, and how the scale was found.
    """

    survey: Survey
    on: str
    keep: NDArray[np.intp]
    batteries: dict[str, Floats]
    answered: NDArray[np.bool_]
    member: Floats
    number: Floats
    scores: Floats
    adjustments: Floats
    Y: Floats
    weights: Floats
    targets: pd.Index
    scale: tuple[float, float]
    left_out: str
    metric: Floats
    farthest: float
    dimensions: pd.Index
    observed: Floats

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """The lowest and highest value that each target can have."""
        low, high = np.array([[self.scale[0], 0.0, -1.0], [self.scale[1], 1.0, 1.0]])[:, : len(self.targets)]
        return low, high

    def moves(self, answers: Mapping[str, Floats], asked: Sequence[Asked]) -> Floats:
        """How far each respondent's dimension scores move when the batteries become these, by what was asked."""
        if blind := sorted(set(answers) - set(self.batteries)):
            raise ValueError(
                f"the scenario moves {', '.join(blind)}, which the scores of the model (on={self.on!r}) do not "
                'contain. Pass on="gaps".'
            )
        total = np.zeros(self.scores.shape)
        for battery, now in answers.items():
            before = self.batteries[battery]
            items = np.unique(np.concatenate([step.items for step in asked if step.of == battery]))
            difference = np.where(self.answered[:, items], (now[:, items] - before[:, items])[self.keep], 0.0)
            total += (-1.0 if battery == "expectations" else 1.0) * (difference @ self.member[items])
        return total / self.number

    def support(self, moves: Floats) -> tuple[pd.DataFrame, float]:
        """Scores before, after, and as far as they were observed; the share of respondents moved beyond that."""
        low, high = self.scores.min(axis=0), self.scores.max(axis=0)
        after = self.scores + moves
        moving = np.asarray(np.abs(moves).any(axis=1))
        outside = ((after < low - 1e-9) | (after > high + 1e-9)) & moving[:, None]
        centred = after - self.weights @ self.scores
        distance = ((centred @ self.metric) * centred).sum(axis=1)
        far = moving & (distance > self.farthest * (1 + 1e-9))
        columns = [self.weights @ self.scores, self.weights @ after, low, high, self.weights @ outside]
        table = pd.DataFrame(np.column_stack(columns), index=self.dimensions, columns=SUPPORT)
        return table, float(self.weights @ (far | outside.any(axis=1)))


def outcome_rows(
    survey: Survey, *, outcome: str, on: str, adjust: Sequence[str] = (), scale: tuple[float, float] | None = None
) -> OutcomeRows:
    """Scores and outcome of everybody who has all of them; ValueError says what is not there."""
    if on not in ("perceptions", "gaps"):
        raise ValueError(f'on is "perceptions" or "gaps", not "{on}".')
    y = _numbers(survey, outcome)
    batteries = {
        name: survey.battery(name).to_numpy(float) for name in ("perceptions", "expectations")[: 1 + (on == "gaps")]
    }
    answers = batteries["perceptions"] - batteries["expectations"] if on == "gaps" else batteries["perceptions"]
    place = {id: j for j, id in enumerate(survey.instrument.item_ids)}
    member = np.zeros((len(place), len(survey.instrument.dimensions)))
    for d, dimension in enumerate(survey.instrument.dimensions):
        member[[place[id] for id in dimension.items], d] = 1.0
    answered = np.isfinite(answers)
    number = answered @ member
    weights = checked_weights(survey.weights)
    w = np.ones(survey.n) if weights is None else weights
    extra, complete = _adjustments(survey, adjust)
    keep = np.flatnonzero(np.isfinite(y) & (number > 0).all(axis=1) & (w > 0) & complete)
    least = member.shape[1] + extra.shape[1] + 2
    if len(keep) <= least:
        raise ValueError(
            phrase(
                "{outcome}: {respondents} respondents have it together with all scores; a model needs more than "
                "{least}.",
                outcome=outcome,
                respondents=len(keep),
                least=least,
            )
        )
    y, number, answered, w = y[keep], number[keep], answered[keep], w[keep] / w[keep].sum()
    scores = (np.where(answered, answers[keep], 0.0) @ member) / number
    extra = extra[keep]
    extra = extra[:, np.ptp(extra, axis=0) > 0]
    _refuse_constant(survey, outcome, y, scores, extra, adjust)
    ends = scale or ((0.0, 10.0) if y.max() == 10 and y.min() >= 0 else (float(y.min()), float(y.max())))
    Y, targets = _targets(outcome, y, ends)
    centred = scores - w @ scores
    metric = np.linalg.pinv((centred * w[:, None]).T @ centred)
    farthest = float(((centred @ metric) * centred).sum(axis=1).max())
    about = {"out": survey.n - len(keep), "n": survey.n, "outcome": outcome}
    if adjust:
        out = phrase(
            "{out} of {n} respondents left out (no answer to {outcome}, a dimension without any answer, an adjusting "
            "column unanswered, or of weight 0).",
            **about,
        )
    else:
        out = phrase(
            "{out} of {n} respondents left out (no answer to {outcome}, a dimension without any answer, or of "
            "weight 0).",
            **about,
        )
    guess = phrase(
        "The answers given, {low:g} to {high:g}, are taken to be on a scale of {bottom:g}-{top:g}.",
        low=y.min(),
        high=y.max(),
        bottom=ends[0],
        top=ends[1],
    )
    left_out = sentences(out, "" if scale else guess, "" if weights is None else phrase("Weighted."))
    return OutcomeRows(
        survey=survey, on=on, keep=keep, batteries=batteries, answered=answered, member=member, number=number,
        scores=scores, adjustments=extra, Y=Y, weights=w,
        targets=pd.Index(targets, name=outcome), scale=ends, left_out=left_out,
        metric=metric, farthest=farthest, observed=w @ Y,
        dimensions=pd.Index(survey.instrument.dimension_ids, name="dimension"),
    )  # fmt: skip


def _numbers(survey: Survey, column: str) -> Floats:
    """A numeric respondents' column."""
    numeric = [str(name) for name, values in survey.respondents.items() if pd.api.types.is_numeric_dtype(values)]
    if column not in numeric:
        there = ", ".join(numeric)
        raise ValueError(
            phrase(
                'no outcome "{outcome}" with numbers among the respondents; there are: {columns}.',
                outcome=column,
                columns=there,
            )
        )
    return np.asarray(survey.respondents[column].astype("Float64").to_numpy(float, na_value=np.nan))


def _adjustments(survey: Survey, adjust: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """The columns to hold fixed, text as groups, and who answered them all."""
    parts, complete = [np.empty((survey.n, 0))], np.ones(survey.n, dtype=bool)
    for column in adjust:
        if column not in survey.respondents:
            there = ", ".join(map(str, survey.respondents.columns))
            raise ValueError(f'adjust: no column "{column}" among the respondents; there are: {there}.')
        values = survey.respondents[column]
        complete &= values.notna().to_numpy()
        numeric = pd.api.types.is_numeric_dtype(values)
        groups = values.to_frame() if numeric else pd.get_dummies(values, drop_first=True)
        parts.append(groups.to_numpy(float))
    return np.hstack(parts), complete


def _refuse_constant(
    survey: Survey, outcome: str, y: Floats, scores: Floats, extra: Floats, adjust: Sequence[str]
) -> None:
    """ValueError where the outcome or a score does not vary, or predictors cannot be told apart."""
    if np.ptp(y) == 0:
        same = y[0]
        raise ValueError(phrase("{outcome} does not vary: every answer is {answer:g}.", outcome=outcome, answer=same))
    names = survey.instrument.dimension_ids
    if flat := [name for name, spread in zip(names, np.ptp(scores, axis=0), strict=True) if spread == 0]:
        named = ", ".join(flat)
        raise ValueError(phrase("{names} does not vary: nothing can be said about what goes with it.", names=named))
    X = np.hstack([scores, extra])
    if np.linalg.eigvalsh(np.corrcoef(X, rowvar=False).reshape(X.shape[1], -1))[0] < 1e-10:
        raise ValueError(
            phrase("the scores and {columns} are exact combinations of each other.", columns=", ".join(adjust))
            if adjust
            else phrase("the scores are exact combinations of each other.")
        )


def _targets(outcome: str, y: Floats, scale: tuple[float, float]) -> tuple[Floats, list[str]]:
    """The outcome, its top two boxes and, from 0 to 10, the vote for the NPS."""
    low, high = scale
    if (y < low).any() or (y > high).any():
        off = int(((y < low) | (y > high)).sum())
        raise ValueError(
            phrase(
                "{outcome}: {off} of {answers} answers lie outside the scale {low:g}-{high:g}.",
                outcome=outcome,
                off=off,
                answers=len(y),
                low=low,
                high=high,
            )
        )
    columns, targets = [y, (y > high - 2).astype(float)], ["mean", "top two"]
    if (low, high) == (0, 10):
        columns.append((y >= PROMOTERS).astype(float) - (y <= DETRACTORS))
        targets.append("NPS")
    return np.column_stack(columns), targets
