"""Stated importance: what respondents say matters, before any outcome is looked at."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..measure.levels import points
from ..measure.means import checked_weights, column_means, t_interval
from ..survey.phrase import phrase
from ..survey.survey import Survey


def stated_answers(survey: Survey, *, level: str) -> tuple[pd.DataFrame | None, str]:
    """Each respondent's own importance of every dimension or item, and a sentence that says what it is.

    Dimensions take the 100 points where they were split in full, else the ratings of the battery "importance". Items
    take the ratings, else an equal part of their dimension's points. None where nothing of the kind was asked.
    """
    instrument = survey.instrument
    split = points(survey)
    total = split.sum(axis=1, keepdims=True)
    split = np.where(total > 0, 100 * split / np.where(total > 0, total, 1.0), np.nan)
    by_dimension = pd.DataFrame(split, index=survey.respondents.index, columns=list(instrument.dimension_ids))
    rated, has_points = survey.importance, bool(np.isfinite(split).any())
    if level == "dimensions" and has_points:
        return by_dimension, phrase("Stated importance: mean of the 100 points, of respondents who split them in full.")
    if level == "dimensions" and rated is not None:
        return survey.dimension_scores(rated), phrase(
            "Stated importance: mean rating of a dimension's items, scale points."
        )
    if level == "items" and rated is not None:
        return rated.astype(float), phrase("Stated importance: mean importance rating, scale points.")
    if level == "items" and has_points:
        parts = {item: by_dimension[d.id] / len(d.items) for d in instrument.dimensions for item in d.items}
        parts |= {item: by_dimension.iloc[:, 0] * np.nan for item in instrument.item_ids if item not in parts}
        sentence = phrase("Stated importance: an equal part of the dimension's 100 points (items were not rated).")
        return pd.DataFrame(parts)[list(instrument.item_ids)], sentence
    return None, phrase("Stated importance was not asked.")


def stated_importance(survey: Survey, *, level: str, confidence: float) -> tuple[pd.DataFrame | None, str]:
    """Mean stated importance with t intervals, (n, mean, se, low, high, rank), and the sentence; weighted."""
    answers, sentence = stated_answers(survey, level=level)
    if answers is None:
        return None, sentence
    means = column_means(answers.to_numpy(float), checked_weights(survey.weights))
    low, high = t_interval(means.mean, means.se, np.maximum(means.n - 1, 0), confidence)
    columns = {"n": means.n, "mean": means.mean, "se": means.se, "low": low, "high": high}
    table = pd.DataFrame(columns, index=pd.Index(answers.columns, name=level[:-1]))
    return table.assign(rank=table["mean"].rank(ascending=False)), sentence
