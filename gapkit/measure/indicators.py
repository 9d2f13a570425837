"""Single-question indicators: customer satisfaction (CSAT, share in the top boxes) and the net promoter score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from ..survey.phrase import joined, phrase, sentences
from ..survey.result import Result
from .means import check_confidence, checked_weights


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Indicator(Result):
    """One indicator with its interval: `table` has one row, `value` is the number itself."""

    table: pd.DataFrame
    confidence: float

    @property
    def name(self) -> str:
        """The indicator's name."""
        return str(self.table.index[0])

    @property
    def value(self) -> float:
        """The indicator: a share for CSAT, between -1 and 1 for NPS."""
        return float(self.table["value"].iloc[0])

    @property
    def headline(self) -> str:
        """The indicator in points of 100 with its interval."""
        row = self.table.iloc[0] * 100
        interval = f"{100 * self.confidence:g} % CI {row['low']:.1f} to {row['high']:.1f}"
        return f"{self.name} {row['value']:.1f} ({interval}), n = {self.n}"


def csat(
    answers: Any,
    top: int = 2,
    *,
    scale: tuple[float, float] | None = None,
    weights: Any = None,
    confidence: float = 0.95,
    source: str = "answers given",
) -> Indicator:
    r"""Customer satisfaction: the share of answers in the top boxes, with Wilson's interval.

    Parameters
    ----------
    answers : Series or array of length n
        Whole scale points; NaN = unanswered.
    top : int
        How many points from the scale's top count as satisfied.
    scale : (low, high), optional
        The scale that was asked. Without it the highest answer given is taken for its top, and ``method`` says so.
    weights : array of length n, optional
        Survey weights. The share is weighted and Wilson's n is Kish's effective n.
    confidence : float
        Of the interval.
    source : str
        Where the answers came from, for the source line.

    Returns
    -------
    Indicator
        ``table`` with the columns n, value (share), low, high; ``value`` is the share as a float.

    Raises
    ------
    ValueError
        No answer, an answer off the scale or between two points, or more boxes than points.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
       American Statistical Association, 22, 209-212.

    Examples
    --------
    >>> csat([5, 4, 4, 2, 1, 5, 3, 5], scale=(1, 5))
    <Indicator: CSAT 62.5 (95 % CI 30.6 to 86.3), n = 8>
    """
    check_confidence(confidence)
    x, w, out = _answered(answers, weights)
    low, high = scale or (-np.inf, float(x.max()))
    if not ((x >= low) & (x <= high)).all():
        off = int(((x < low) | (x > high)).sum())
        raise ValueError(
            f"{off} of {len(x)} answers lie outside the scale {low:g}-{high:g}. If they mean no answer, make them NaN."
        )
    if top < 1 or top > high - low:
        raise ValueError(f"top must be at least 1 and leave a point of the scale below it, not {top}.")
    satisfied = x > high - top
    p, n = float(w @ satisfied / w.sum()), float(w.sum() ** 2 / (w @ w))
    z = float(special.ndtri((1 + confidence) / 2))
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    boxes = joined((f"{high - step:g}" for step in reversed(range(top))), between=" and ")
    about = {"boxes": boxes, "level": 100 * confidence}
    method = (
        phrase("Share of answers {boxes}, Wilson's interval at {level:g} %.", **about)
        if scale
        else phrase(
            "Share of answers {boxes} (the highest answer given, {high:g}, is taken for the scale's top), Wilson's "
            "interval at {level:g} %.",
            **about,
            high=high,
        )
    )
    row = {"n": len(x), "value": p, "low": centre - half, "high": centre + half}
    return _indicator(
        "CSAT", row, confidence, source, method, out, weights, phrase("Weighted; Wilson's n is Kish's effective n.")
    )


def nps(
    recommend: Any,
    *,
    scale: tuple[float, float] = (0, 10),
    weights: Any = None,
    confidence: float = 0.95,
    source: str = "answers given",
) -> Indicator:
    r"""Net promoter score: the share answering 9-10 minus the share answering 0-6.

    Parameters
    ----------
    recommend : Series or array of length n
        Answers to a 0-10 question; NaN = unanswered.
    scale : (low, high)
        The scale that was asked. The score is only defined for 0-10: any other is an error.
    weights, confidence, source
        As in `csat`; with weights the standard error is the linearised one.

    Returns
    -------
    Indicator
        ``table`` with the columns n, promoters, passives, detractors (shares), value (the score, -1 to 1), se, low,
        high. ``se`` is :math:`\sqrt{(p + d - (p - d)^2)/n}`. The interval is Tango's score interval [2]_, which stays
        between -1 and 1 and has a length where all answered alike; see Rocks [1]_ on why the normal one has not.

    Raises
    ------
    ValueError
        The scale is not 0-10, an answer is off it or between two points, or there is no answer.

    References
    ----------
    .. [1] Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician, 70, 365-372.
    .. [2] Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions for the
       paired-sample design. Statistics in Medicine, 17, 891-908.

    Examples
    --------
    >>> nps([10, 9, 9, 8, 7, 3])
    <Indicator: NPS 33.3 (95 % CI -31.1 to 75.4), n = 6>
    """
    check_confidence(confidence)
    if tuple(scale) != (0, 10):
        raise ValueError(
            f"the net promoter score is only defined for a 0-10 question; this one is {scale[0]:g}-{scale[1]:g}. "
            "Report csat(...), the share in the top boxes, instead."
        )
    x, w, out = _answered(recommend, weights)
    if not ((x >= 0) & (x <= 10)).all():
        off = int(((x < 0) | (x > 10)).sum())
        raise ValueError(
            f"{off} of {len(x)} answers lie outside 0-10, where the net promoter score is defined. If "
            "they mean no answer, make them NaN."
        )
    w = w / w.sum()
    promoters, detractors = float(w @ (x >= 9)), float(w @ (x <= 6))
    score = promoters - detractors
    vote = (x >= 9).astype(float) - (x <= 6)
    se = float(np.sqrt(w**2 @ (vote - score) ** 2))  # equal weights: sqrt((p + d - (p - d)^2) / n)
    low, high = _score_interval(promoters, detractors, n=1 / float(w @ w), z=float(special.ndtri((1 + confidence) / 2)))
    row = {"n": len(x), "promoters": promoters, "passives": 1 - promoters - detractors, "detractors": detractors}
    row |= {"value": score, "se": se, "low": low, "high": high}
    method: str = phrase("Share of 9-10 minus share of 0-6, score interval at {level:g} %.", level=100 * confidence)
    if x.max() <= 7 and x.min() >= 1:
        narrow = phrase("No answer is 0 or above 7: make sure that the question ran from 0 to 10.")
        method = sentences(method, narrow)
    how = phrase("Weighted; linearised standard error, interval on Kish's effective n.")
    return _indicator("NPS", row, confidence, source, method, out, weights, how)


def _score_interval(p: float, d: float, *, n: float, z: float) -> tuple[float, float]:
    """Where the difference p - d of two shares of one sample is z standard errors, under that difference, from it."""

    def distance(delta: float) -> float:
        b, c = -p - d + (2 - p + d) * delta, -d * delta * (1 - delta)
        least = (np.sqrt(max(b * b - 8 * c, 0.0)) - b) / 4  # the likeliest share d where p - d is delta
        return float((p - d - delta) / np.sqrt(max(2 * least + delta * (1 - delta), 1e-300) / n))

    def end(inside: float, limit: float) -> float:
        for _ in range(60):
            middle = (inside + limit) / 2
            inside, limit = (middle, limit) if abs(distance(middle)) < z else (inside, middle)
        return (inside + limit) / 2

    return end(p - d, -1.0), end(p - d, 1.0)


def _answered(answers: Any, weights: Any) -> tuple[np.ndarray, np.ndarray, int]:
    """The answers given, their weights, and how many rows are left out; ValueError where one is no whole point."""
    x = pd.Series(answers).astype("Float64").to_numpy(float, na_value=np.nan)
    w = checked_weights(None if weights is None else pd.Series(np.array(weights, dtype=float)))
    w = np.ones(len(x)) if w is None else w
    if len(w) != len(x):
        raise ValueError(f"give one weight for each answer: there are {len(x)} answers and {len(w)} weights.")
    counted = np.isfinite(x) & (w > 0)
    if not counted.any():
        raise ValueError("there is no answer to count.")
    if between := int((x[counted] % 1 != 0).sum()):
        raise ValueError(
            f"{between} of {counted.sum()} answers lie between two points of the scale; give single answers."
        )
    return x[counted], w[counted], int((~counted).sum())


def _indicator(
    name: str, row: dict[str, float], confidence: float, source: str, method: str, out: int, weights: Any, how: str
) -> Indicator:
    """The result, with what was left out and how it was weighted in its method."""
    n = int(row["n"])
    table = pd.DataFrame([row], index=pd.Index([name], name="indicator"))
    return Indicator(
        table=table,
        confidence=confidence,
        n=n,
        source=f"{source}, n = {n}",
        method=sentences(
            method, phrase("{out} left out (unanswered, or of weight 0).", out=out), "" if weights is None else how
        ),
    )
