"""Kano's evaluation table: two answers in, one category out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

CATEGORIES = ("A", "O", "M", "I", "R", "Q")
"""Attractive, one-dimensional, must-be, indifferent, reverse, questionable."""

EVALUATION = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
"""Rows: the functional answer from like to dislike; columns: the dysfunctional answer from like to dislike."""


def kano_category(functional: int, dysfunctional: int) -> str:
    """The category of one respondent's pair of answers, each 0 (like) to 4 (dislike).

    References
    ----------
    .. [1] Berger, C., et al. (1993). Kano's methods for understanding customer-defined quality. Center for Quality
       Management Journal, 2(4), 3-36.

    Examples
    --------
    Likes having it, dislikes not having it: the more the better.

    >>> kano_category(0, 4)
    'O'
    """
    return EVALUATION[functional][dysfunctional]


def categories_of(functional: pd.Series, dysfunctional: pd.Series, scale: Sequence[object], name: str) -> pd.Series:
    """Every respondent's category; missing unless both were answered."""
    coded = [
        _positions(answers, scale, f"{name} ({half})")
        for answers, half in ((functional, "functional"), (dysfunctional, "dysfunctional"))
    ]
    both = (coded[0] >= 0) & (coded[1] >= 0)
    table = np.array([list(row) for row in EVALUATION], dtype=object)
    found = np.where(both, table[coded[0], coded[1]], None)
    return pd.Series(found, index=functional.index, dtype=object)


def _positions(answers: pd.Series, scale: Sequence[object], where: str) -> np.ndarray:
    """Places on the five-step scale, -1 where unanswered; ValueError names answers that are not on it."""
    place = {_key(step): position for position, step in enumerate(scale)}
    if len(scale) != 5 or len(place) != 5:
        raise ValueError(f"scale: give five different answers from like to dislike, not {list(scale)}.")
    given = [None if pd.isna(answer) else _key(answer) for answer in answers]
    unknown = sorted({str(key) for key in given if key is not None and key != "" and key not in place})
    if unknown:
        raise ValueError(
            f"{where}: {', '.join(unknown[:5])} is not on the scale {', '.join(map(str, scale))}. "
            "Give scale= the five answers as they stand in the data, from like to dislike."
        )
    return np.array([place.get(key, -1) if key is not None else -1 for key in given], dtype=int)


def _key(answer: object) -> object:
    """Answers alike but for blanks, case, a full stop or a number's type count as one."""
    if isinstance(answer, str):
        text = " ".join(answer.split()).rstrip(".。").casefold()
        return float(text) if text.isdigit() else text
    return float(answer) if isinstance(answer, (int, float, np.number)) else answer
