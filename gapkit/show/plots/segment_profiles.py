"""Segments side by side: profile lines with their intervals, and respondents as parallel coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..text import count, number, percent, text
from .canvas import INK, MUTED, RULE, SURFACE
from .segment_words import COLOURS, MARKERS
from .sheet import SIZE, SMALL, TINY, Sheet, bars, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

HEAD, FOOT, KEY_ROW, ROW = 12.0, 54.0, 19.0, 54.0
MOST_LINES = 300
"""Respondents that parallel coordinates still show one by one."""


def segment_lines_height(rows: int, segments: int) -> float:
    """The height in points that shows so many dimensions of so many segments comfortably.

    Examples
    --------
    >>> segment_lines_height(5, 3)
    412.0
    """
    return HEAD + FOOT + KEY_ROW * (segments + 1) + ROW * rows


def segment_lines(
    axes: Axes,
    profile: pd.DataFrame,
    *,
    names: Mapping[str, str],
    labels: Mapping[str, str],
    what: str = "gap",
    shares: Mapping[str, float] | pd.Series | None = None,
    everyone: pd.DataFrame | None = None,
    language: str = "en",
    confidence: float = 0.95,
    source: str = "",
) -> list[Line2D]:
    """Profiles: one line a segment down the dimensions, in a band of its intervals; everybody is the broken line.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide.
    profile : DataFrame
        Index (segment, score); columns `what`, and `what` with "_low" and "_high": ``segment_profiles(...).profile``.
    names : dict
        Which segments are drawn, and what they are called.
    labels : dict
        Which scores are drawn from the top, and what they are called.
    what : {"gap", "P", "E"}
    shares : dict or Series, optional
        Each segment's share of everybody, for the key.
    everyone : DataFrame, optional
        Index score, column `what`.
    language, confidence, source
        As for `gap_dumbbell`.

    Returns
    -------
    list of Line2D
        The lines of the segments; their x data are the means given.

    Raises
    ------
    ValueError
        No segment or no score to draw, or more segments than there are marks.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> index = pd.MultiIndex.from_product([["S1"], ["empathy", "assurance"]], names=["segment", "score"])
    >>> profile = pd.DataFrame({"gap": [-1.0, 0.5], "gap_low": [-1.2, 0.3], "gap_high": [-0.8, 0.7]}, index=index)
    >>> figure, axes = new_figure(500, segment_lines_height(2, 1))
    >>> labels = {"empathy": "Empathy", "assurance": "Assurance"}
    >>> lines = segment_lines(axes, profile, names={"S1": "S1"}, labels=labels)
    >>> lines[0].get_xdata().tolist()
    [-1.0, 0.5]
    """
    check_drawable(names, labels)
    chosen = profile.loc[list(names)]
    low, high = (chosen[f"{what}_{end}"].to_numpy(float) for end in ("low", "high"))
    sheet = Sheet(axes)
    panel = _frame(sheet, labels, np.concatenate([low, high, chosen[what].to_numpy(float)]), len(names))
    if what == "gap":
        panel.axvline(0, color=INK, lw=1.2, zorder=1)
    y = np.arange(len(labels), dtype=float)
    key = []
    if everyone is not None:
        panel.plot(everyone[what].reindex(list(labels)), y, color=MUTED, lw=1.6, ls=(0, (4, 2)), zorder=2)
        key.append((MUTED, "", text("segments.everyone", language)))
    drawn = []
    for place, (segment, name) in enumerate(names.items()):
        own = profile.loc[segment].reindex(list(labels))
        colour, mark = COLOURS[place], MARKERS[place]
        ends = own[f"{what}_low"].to_numpy(float), own[f"{what}_high"].to_numpy(float)
        panel.fill_betweenx(y, *ends, color=colour, alpha=0.16, lw=0, zorder=2)
        panel.plot(*bars(*ends, y), color=colour, lw=2.2, alpha=0.75, solid_capstyle="butt", zorder=3)
        drawn += panel.plot(own[what], y, color=colour, lw=1.8, marker=mark, ms=8, mec=SURFACE, mew=1.0, zorder=4)
        key.append((colour, mark, f"{name} · {percent(shares[segment])}" if shares is not None else name))
    _key(sheet, key)
    words = text(f"segments.axis_{what.lower()}", language, level=f"{100 * confidence:g}")
    _words(sheet, words, source)
    return drawn


def parallel_lines(
    axes: Axes,
    scores: pd.DataFrame,
    membership: pd.Series,
    *,
    names: Mapping[str, str],
    labels: Mapping[str, str],
    means: pd.DataFrame | None = None,
    axis: str = "",
    language: str = "en",
    source: str = "",
) -> list[Line2D]:
    """Respondents as parallel coordinates: a thin line each, in the colour of the segment; its mean is the thick one.

    Where segments are real the thin lines of one colour keep together; where one cloud was cut up they do not part.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide.
    scores : DataFrame, respondents x scores
        Give a random sample of more than 300: of a longer table the first 300 are drawn, and the figure says so.
    membership : Series
        The segment of each respondent, same index.
    names, labels, language, source
        As for `segment_lines`.
    means : DataFrame, optional
        Segments x scores: the thick lines.
    axis : str
        What the scores are.

    Returns
    -------
    list of Line2D
        One for each segment, holding the lines of its members with a break after each.

    Raises
    ------
    ValueError
        No segment or no score to draw, or more segments than there are marks.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> scores = pd.DataFrame({"empathy": [-1.0, 0.0], "assurance": [0.5, 0.0]})
    >>> figure, axes = new_figure(500, segment_lines_height(2, 1))
    >>> labels = {"empathy": "Empathy", "assurance": "Assurance"}
    >>> lines = parallel_lines(axes, scores, pd.Series(["S1", "S1"]), names={"S1": "S1"}, labels=labels)
    >>> lines[0].get_xdata().tolist()
    [-1.0, 0.5, nan, 0.0, 0.0, nan]
    """
    check_drawable(names, labels)
    sheet = Sheet(axes)
    shown, of = scores[list(labels)].iloc[:MOST_LINES], membership.iloc[:MOST_LINES]
    panel = _frame(sheet, labels, shown.to_numpy(float).ravel(), len(names))
    y, key, drawn = np.arange(len(labels), dtype=float), [], []
    for place, (segment, name) in enumerate(names.items()):
        own = shown[(of == segment).to_numpy()].to_numpy(float)
        x = np.column_stack([own, np.full(len(own), np.nan)]).ravel()
        at = np.tile(np.append(y, np.nan), len(own))
        drawn += panel.plot(x, at, color=COLOURS[place], lw=0.8, alpha=0.28, zorder=2)
        if means is not None:
            thick = means.loc[segment, list(labels)].to_numpy(float)
            panel.plot(thick, y, color=SURFACE, lw=5.4, zorder=4)
            panel.plot(thick, y, color=COLOURS[place], lw=3, marker=MARKERS[place], ms=9, mec=SURFACE, zorder=5)
        key.append((COLOURS[place], MARKERS[place], name))
    _key(sheet, key)
    more = len(scores) > MOST_LINES
    words = text("segments.first", language, shown=count(MOST_LINES), n=count(len(scores))) if more else ""
    _words(sheet, text("segments.between", language).join(filter(None, [axis, words])), source)
    return drawn


def check_drawable(names: Mapping[str, str], labels: Mapping[str, str]) -> None:
    """ValueError unless there is something to draw, and a mark for each segment."""
    if not names or not labels:
        raise ValueError("no segment or no score was named, so there is nothing to draw.")
    if len(names) > len(COLOURS):
        raise ValueError(f"{len(names)} segments are more than can be told apart; draw at most {len(COLOURS)}.")


def _frame(sheet: Sheet, labels: Mapping[str, str], values: np.ndarray, segments: int) -> Axes:
    """The panel with its rows, ticks and rules."""
    values = values[np.isfinite(values)] if np.isfinite(values).any() else np.array([0.0])
    low, high = float(values.min()), float(values.max())
    margin = 0.08 * max(high - low, 0.5)
    top = sheet.height - HEAD - KEY_ROW * (segments + 1)
    left, right = float(np.clip(sheet.width * 0.26, 122, 190)), sheet.width - 12
    panel = sheet.panel(left, right, FOOT, top)
    panel.set_xlim(low - margin, high + margin)
    panel.set_ylim(len(labels) - 0.5, -0.5)
    ticks = nice_ticks(low - margin, high + margin, int(np.clip((right - left) / 44, 3, 9)))
    panel.plot(*posts(ticks, [(-0.5, len(labels) - 0.5)]), color=RULE, lw=0.8, zorder=0)
    for tick in ticks:
        x = left + (tick - low + margin) / (high - low + 2 * margin) * (right - left)
        sheet.text(x, FOOT - 14, number(tick, decimals(ticks), signed=low < 0), ha="center", fontsize=TINY)
    row = (top - FOOT) / len(labels)
    for place, name in enumerate(labels.values()):
        sheet.label(left - 10, top - (place + 0.5) * row, width=left - 14).write(name, SIZE)
    return panel


def _key(sheet: Sheet, key: list[tuple[str, str, str]]) -> None:
    """Which mark is whose, one a row."""
    for place, (colour, mark, name) in enumerate(key):
        y = sheet.height - HEAD - 5 - place * KEY_ROW
        sheet.axes.plot([4, 26], [y, y], color=colour, lw=1.8, ls="-" if mark else (0, (4, 2)))
        if mark:
            sheet.axes.plot([15], [y], mark, color=colour, ms=8, mec=SURFACE, mew=1.0)
        sheet.text(34, y - 4, fitted(name, sheet.width - 38, SMALL), color=INK)


def _words(sheet: Sheet, axis: str, source: str) -> None:
    """What is on the axis, and the source line."""
    sheet.text(sheet.width - 12, FOOT - 32, fitted(axis, sheet.width - 14, TINY), ha="right", fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
