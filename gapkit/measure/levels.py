"""From items to dimensions to one overall score: every respondent's score at each level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..survey.survey import Survey

LEVELS = ("items", "dimensions", "overall", "weighted")
INDEX_NAMES = {"items": "item", "dimensions": "dimension", "overall": "score", "weighted": "score"}


@dataclass(frozen=True)
class Levels:
    """Where each level stands among the columns of `respondent_scores`: items, dimensions, two overall scores."""

    items: tuple[str, ...]
    dimensions: tuple[str, ...]

    @property
    def ids(self) -> dict[str, list[str]]:
        """The row labels of each level's table."""
        return dict(
            zip(LEVELS, (list(self.items), list(self.dimensions), ["overall"], ["weighted"]), strict=True),
        )

    def columns(self, level: str) -> slice:
        """The columns of one level."""
        start = 0
        for name, ids in self.ids.items():
            if name == level:
                return slice(start, start + len(ids))
            start += len(ids)
        raise ValueError(f'"{level}" is no level; there are: {", ".join(LEVELS)}.')

    @property
    def width(self) -> int:
        """Columns in all."""
        return len(self.items) + len(self.dimensions) + 2


def levels_of(survey: Survey) -> Levels:
    """The levels of a survey's instrument."""
    return Levels(survey.instrument.item_ids, survey.instrument.dimension_ids)


def respondent_scores(survey: Survey, answers: pd.DataFrame) -> np.ndarray:
    """Every respondent's score at every level: n x (items, dimensions, overall, weighted), NaN = not measured.

    A dimension's score is the mean of its answered items, the overall score the mean of the dimension scores there
    are, and the weighted score their mean by the respondent's own 100-point split, ``sum(w * score) / sum(w)`` over
    the dimensions with a score.
    """
    dimensions = survey.dimension_scores(answers).to_numpy()
    equal = np.ones_like(dimensions)
    overall, weighted = _mean_by(dimensions, equal), _mean_by(dimensions, points(survey))
    return np.column_stack([answers.to_numpy(float), dimensions, overall, weighted])


def points(survey: Survey) -> np.ndarray:
    """How each respondent split 100 points, n x dimensions; all NaN for one who split them in part or not at all."""
    if survey.allocations is None:
        return np.full((survey.n, len(survey.instrument.dimensions)), np.nan)
    split = survey.allocations[list(survey.instrument.dimension_ids)].to_numpy(float)
    return np.where(np.isfinite(split).all(1, keepdims=True), split, np.nan)


def answer_counts(survey: Survey, flags: np.ndarray) -> np.ndarray:
    """How many of a respondent's item answers are flagged, at every level; columns as in `respondent_scores`."""
    items = survey.instrument.item_ids
    belongs = np.array([[item in dimension.items for dimension in survey.instrument.dimensions] for item in items])
    in_any = belongs.any(1, keepdims=True)
    return flags.astype(float) @ np.hstack([np.eye(len(items)), belongs, in_any, in_any])


def _mean_by(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Each row's mean of the scores there are, by weights; NaN where nothing is left to weigh."""
    w = np.where(np.isfinite(scores), weights, 0.0)
    total = w.sum(1)
    summed = (w * np.where(np.isfinite(scores), scores, 0.0)).sum(1)
    return np.divide(summed, total, out=np.full(len(scores), np.nan), where=total > 0)
