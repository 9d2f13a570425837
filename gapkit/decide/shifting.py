"""How answers move on a scale with two ends: alike, until the end of the scale holds them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

GOLDEN = (np.sqrt(5) - 1) / 2
"""Multiples of it are spread evenly over 0 to 1: no two items round up the same respondents."""


class Pushed(NamedTuple):
    """Moved answers (n x k), and what each column's mean moved by (k)."""

    answers: Floats
    attained: Floats


def push(answers: Floats, shift: Floats, *, low: float, high: float, weights: Floats | None = None) -> Pushed:
    """Move the mean of each column by its shift: every answer by one and the same step, cut off at the scale's ends.

    An answer x becomes ``min(x + step, high)``, or ``max(x - step, low)`` where the shift is negative. The step is the
    one at which the (weighted) mean moves by exactly the shift asked for; where the ends hold many answers back it is
    larger than the shift. A column has no such step when the shift is more than the room it has: then all its answers
    stand at the end, and `attained` is that room. Order is kept: nobody overtakes anybody.

    Two pushes in one direction are one push by the sum of their shifts, because a cut-off step after a cut-off step is
    a cut-off step.

    Parameters
    ----------
    answers : array, (n x k)
        NaN stays NaN.
    shift : array, (k,)
        Scale points; 0 leaves a column untouched.
    low, high : float
        The ends of the scale.
    weights : array, (n,), optional
        Survey weights.

    Examples
    --------
    One of two answers stands at the top: the other one moves by twice the shift.

    >>> push(np.array([[7.0], [4.0]]), np.array([0.5]), low=1, high=7)
    Pushed(answers=array([[7.], [5.]]), attained=array([0.5]))
    """
    up = shift >= 0
    answered = np.isfinite(answers)
    room = np.where(answered, np.where(up, high - answers, answers - low), 0.0)
    w = answered.astype(float) if weights is None else answered * weights[:, None]
    asked = np.abs(shift).astype(float)
    step, most = _steps(*_reduced(room, w, high - low), asked)
    moves = np.minimum(step, room)
    sign = np.where(up, 1.0, -1.0)
    return Pushed(np.where(moves > 0, answers + sign * moves, answers), sign * np.minimum(asked, most))


def _reduced(room: Floats, w: Floats, length: float) -> tuple[Floats, Floats]:
    """Whole answers have few kinds of room: one row each, with the weight it has in every column."""
    whole = room.astype(np.intp)
    if length > 20 or (whole != room).any():
        return room, w
    kinds, k = int(length) + 1, room.shape[1]
    counted = np.bincount((whole + kinds * np.arange(k)).ravel(), weights=w.ravel(), minlength=kinds * k)
    points = np.repeat(np.arange(kinds, dtype=float)[:, None], k, axis=1)
    return points, np.asarray(counted, dtype=float).reshape(k, kinds).T


def _steps(room: Floats, w: Floats, asked: Floats) -> tuple[Floats, Floats]:
    """The step at which each column's mean moves by what is asked (inf: nowhere), and the most it can move."""
    total = w.sum(axis=0)
    most = np.divide((w * room).sum(axis=0), total, out=np.zeros(len(asked)), where=total > 0)
    full = most <= asked
    # The mean move is a concave, piecewise linear function of the step: Newton from the left ends exactly.
    step, held = asked, np.full(len(asked), -1)
    while True:
        cut = room < step
        now = np.where(full, -1, cut.sum(axis=0))
        if np.array_equal(now, held):
            return np.where(full & (asked > 0), np.inf, step), most
        held, free = now, (w * ~cut).sum(axis=0)
        needed = asked * total - (w * room * cut).sum(axis=0)
        step = np.divide(needed, free, out=step.copy(), where=~full & (free > 0))


def to_whole(answers: Floats, *, low: float, offset: float, weights: Floats | None = None) -> Floats:
    """Whole scale points in place of moved answers between them, each one step down or up, their mean kept.

    Answers are taken in rising order (equal ones by weight, then by row) and their fractions added up; whoever brings
    the sum past the next whole number is rounded up, everybody else down. Nothing is random. The mean of the column
    changes by less than 1 / n; with survey weights the weighted mean does so nearly, because neighbours in that order
    weigh nearly the same.

    Parameters
    ----------
    answers : array, (n,)
        NaN stays NaN.
    low : float
        The lowest point; points are whole steps above it.
    offset : float
        Between 0 and 1: where the sum starts, so that different items round up different respondents.
    weights : array, (n,), optional

    Examples
    --------
    >>> to_whole(np.array([4.5, 4.5, 6.0, 4.5, 4.5]), low=1, offset=0.5).tolist()
    [5.0, 4.0, 6.0, 5.0, 4.0]
    """
    whole = answers.copy()
    rows = np.flatnonzero(np.isfinite(answers))
    heavy = np.ones(len(rows)) if weights is None else weights[rows]
    order = rows[np.lexsort((rows, heavy, answers[rows]))]
    above = (answers[order] - low).round(9)
    below = np.floor(above)
    passed = np.floor((np.cumsum(above - below) + offset).round(9))
    whole[order] = low + below + np.diff(passed, prepend=0.0)
    return whole
