"""One gap or link: the difference of two positions with its interval, and the chain they make."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from .means import column_means, holm, t_interval, t_test
from .positions import CHAIN, DOCUMENTS, Position, Standing

Numbers = dict[str, np.ndarray]
GAPS = {"gap_1": ("E", "M"), "gap_2": ("M", "S"), "gap_3": ("S", "D"), "gap_4": ("D", "C"), "gap_5": ("E", "P")}
"""Each gap from one position to another: its value is the second minus the first."""
LINK_COLUMNS = ["score", "link", "between", "merged", "n_from", "n_to", "value", "se", "low", "high", "df", "note"]
CHECK_COLUMNS = ["score", "links", "sum_of_links", "gap_5", "difference"]
PLACE = {"E": "expectation", "M": "belief", "S": "standard", "D": "delivery", "P": "perception", "C": "promise"}
"""What the ends of a link are called: "standard to perception"."""


def between(start: str, end: str, standing: Mapping[str, Standing], confidence: float) -> Numbers:
    """The end minus the start, per score, for independent samples.

    Parameters
    ----------
    start, end : str
        Positions.
    standing : dict
        Position -> its means in one group; a position that is absent leaves the gap "not measured".

    Returns
    -------
    dict of arrays
        between, n_from, n_to, value, se, low, high, t, df, p, status, note.
    """
    width = len(next(iter(standing.values())).mean)
    a, b = standing.get(start), standing.get(end)
    if a is None or b is None:
        status = np.full(width, "not measured", dtype=object)
        empty = np.full(width, np.nan)
        n_from, n_to = (empty if own is None else own.n for own in (a, b))
        return _numbers(f"{end} - {start}", n_from, n_to, empty, empty, empty, status, confidence)
    value = b.mean - a.mean
    # Welch-Satterthwaite; a position taken as fixed has no variance and adds no term to the degrees of freedom
    variance = a.se**2 + b.se**2
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [np.where(own.se > 0, own.se**4 / (own.n - 1), 0.0) for own in (a, b)]
        df = np.where(np.isfinite(variance) & (variance > 0), variance**2 / sum(terms), np.nan)
    status = np.where(a.measured & b.measured, "measured", "not measured").astype(object)
    status[(a.status == "suppressed") | (b.status == "suppressed")] = "suppressed"
    numbers = _numbers(f"{end} - {start}", a.n, b.n, value, np.sqrt(variance), df, status, confidence)
    numbers["note"] = _notes(numbers, {start: a, end: b})
    return numbers


def gap_5(E: Position, P: Position, group: Hashable | None, standing: Standing, confidence: float) -> Numbers:
    """The customers' own gap: perception minus expectation, paired within customers."""
    rows = E.rows(group)
    gap = column_means(P.scores[rows] - E.scores[rows], None if E.weights is None else E.weights[rows])
    df = np.where(gap.se > 0, gap.n - 1.0, np.nan)
    value, se, df = (np.where(standing.measured, numbers, np.nan) for numbers in (gap.mean, gap.se, df))
    numbers = _numbers("P - E", standing.n, standing.n, value, se, df, standing.status, confidence)
    numbers["note"] = _notes(numbers, {"E": standing})
    return numbers


def gap_rows(standing: Mapping[str, Standing], customer_gap: Numbers, confidence: float) -> Numbers:
    """The five gaps of one group as columns, score by score.

    Holm's p over all dimensions and gaps that were measured, and over the overall gaps as another family.
    """
    gaps = {name: between(start, end, standing, confidence) for name, (start, end) in GAPS.items()}
    gaps["gap_5"] = customer_gap
    columns = {key: np.column_stack([numbers[key] for numbers in gaps.values()]) for key in customer_gap}
    p = columns["p"].astype(float)
    columns["p_holm"] = np.vstack([holm(p[:-1].ravel()).reshape(-1, len(gaps)), holm(p[-1])])
    order = ["between", "n_from", "n_to", "value", "se", "low", "high", "t", "df", "p", "p_holm", "status", "note"]
    return {key: columns[key].ravel() for key in order}


def chain_rows(
    scores: list[str], standing: Mapping[str, Standing], customer_gap: Numbers, confidence: float
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The links of one group over the positions each score has, and the check that they add up to Gap 5.

    Returns
    -------
    links, checks : lists of tuples
        As `LINK_COLUMNS` and `CHECK_COLUMNS` name them.
    """
    pairs: dict[tuple[str, str], Numbers] = {("E", "P"): customer_gap}
    links, checks = [], []
    for j, score in enumerate(scores):
        there = [letter for letter in CHAIN if letter in standing and standing[letter].measured[j]]
        steps = list(pairwise(there))
        if "E" not in there or "P" not in there:
            continue
        for start, end in steps:
            if (start, end) not in pairs:
                pairs[start, end] = between(start, end, standing, confidence)
            own = pairs[start, end]
            merged = CHAIN.index(end) - CHAIN.index(start) > 1
            numbers = [own[key][j] for key in LINK_COLUMNS[4:]]
            links.append((score, f"{PLACE[start]} to {PLACE[end]}", own["between"][j], merged, *numbers))
        total = sum(pairs[step]["value"][j] for step in steps)
        checks.append((score, len(steps), total, customer_gap["value"][j], total - customer_gap["value"][j]))
    return links, checks


def _numbers(
    name: str,
    n_from: np.ndarray,
    n_to: np.ndarray,
    value: np.ndarray,
    se: np.ndarray,
    df: np.ndarray,
    status: np.ndarray,
    confidence: float,
) -> Numbers:
    """Every column of a gap from its value, standard error and degrees of freedom."""
    low, high = t_interval(value, se, df, confidence)
    t, p = t_test(value, np.where(np.isfinite(df), se, np.nan), df)
    named = np.full(len(value), name, dtype=object)
    note = np.full(len(value), "", dtype=object)
    return {
        "between": named, "n_from": n_from, "n_to": n_to, "value": value, "se": se, "low": low, "high": high,
        "t": t, "df": df, "p": p, "status": status, "note": note,
    }  # fmt: skip


def _notes(numbers: Numbers, ends: Mapping[str, Standing]) -> np.ndarray:
    """What a reader must know about an interval, or why there is none."""
    note = np.full(len(numbers["value"]), "", dtype=object)
    for j in np.flatnonzero(numbers["status"] == "measured"):
        fixed = [letter for letter, own in ends.items() if letter in DOCUMENTS and own.n[j] == 1]
        said = [f"{letter} taken as fixed (one audit)" for letter in fixed]
        if not np.isfinite(numbers["low"][j]):
            alone = [letter for letter, own in ends.items() if own.n[j] == 1 and letter not in fixed]
            why = f"one respondent in {', '.join(alone)}" if alone else "nothing varies"
            said.append(f"no interval: {why}")
        note[j] = "; ".join(said)
    return note
