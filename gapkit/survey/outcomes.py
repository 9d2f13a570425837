"""Which of the respondents' columns are outcomes: overall quality, satisfaction, recommendation, coming again."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from .clues import OUTCOMES
from .survey import Survey

NAMES = ("overall", "satisfaction", "recommend", "intention")
"""What an outcome is usually called; these come first."""
MOST_POINTS = 11
"""A column of more different numbers than a 0-10 scale has is no outcome."""


def outcome_columns(survey: Survey) -> list[str]:
    """The respondents' columns that are outcomes by their name, and hold answers on a scale.

    Parameters
    ----------
    survey : Survey

    Returns
    -------
    list of str
        Those with a usual name first; then, as in the file, those whose name speaks of one, in any language that
        gapkit reads.

    Examples
    --------
    >>> import gapkit as gk
    >>> outcome_columns(gk.datasets.load("hotel"))
    ['overall', 'satisfaction', 'recommend']
    """
    about = survey.respondents
    scales = [str(name) for name in about.columns if name != "weight" and is_scale(about[name])]
    usual = [name for name in NAMES if name in scales]
    return usual + [name for name in scales if name not in usual and is_called_outcome(name)]


def is_called_outcome(name: str) -> bool:
    """Whether a column's name speaks of an outcome.

    Examples
    --------
    >>> is_called_outcome("Would recommend (0-10)"), is_called_outcome("nights")
    (True, False)
    """
    return name in NAMES or bool(re.search(OUTCOMES, name, re.IGNORECASE))


def is_scale(values: pd.Series) -> bool:
    """Whether a column holds answers on a scale: few different whole numbers, not all the same.

    Examples
    --------
    >>> is_scale(pd.Series([1, 2, 5])), is_scale(pd.Series([1.5, 2])), is_scale(pd.Series([3, 3]))
    (True, False, False)
    """
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    found = values.dropna().unique()
    return 1 < len(found) <= MOST_POINTS and bool(np.all(np.asarray(found, dtype=float) % 1 == 0))
