"""Answers on an ordinal scale as stacked bars around the middle of the scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..text import percent, text
from .canvas import CELL, INK, SURFACE
from .heat import shade, text_on
from .sheet import SIZE, TINY, Sheet, fitted, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.container import BarContainer

NARROW = 560.0
HEAD, FOOT = 40.0, 40.0
ROW, NARROW_ROW = 30.0, 50.0


def likert_height(rows: int, width: float) -> float:
    """The height in points that shows so many rows comfortably at a width.

    Examples
    --------
    >>> likert_height(5, 800)
    230.0
    """
    return HEAD + FOOT + rows * (NARROW_ROW if width < NARROW else ROW)


def likert_bars(
    axes: Axes,
    shares: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    ends: tuple[str, str] = ("", ""),
    language: str = "en",
    source: str = "",
) -> list[BarContainer]:
    """Shares of the answers on each scale point, stacked around the middle of the scale.

    Answers below the middle reach to the left of the line, answers above it to the right; those on an odd scale's
    middle point lie half on each side. The printed percentages are the answers below and above the middle.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area; below 560 points the names stand above the bars.
    shares : DataFrame
        One row an item, one column a scale point from lowest to highest; each row sums to 1. A row of NaN (nobody
        answered) stays empty.
    labels : sequence of str or None
        Names of the rows; the index where None.
    ends : (str, str)
        What the lowest and the highest point are called.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of BarContainer
        One for each scale point; the widths of its bars are the shares given.

    Raises
    ------
    ValueError
        An empty table, or rows that do not sum to 1 (percentages, or counts).

    References
    ----------
    .. [1] Robbins, N. B., & Heiberger, R. M. (2011). Plotting Likert and other rating scales. Proceedings of the Joint
       Statistical Meetings.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(600, likert_height(1, 600))
    >>> drawn = likert_bars(axes, pd.DataFrame([[0.25, 0.5, 0.25]], index=["q01"], columns=[1, 2, 3]))
    >>> [float(bar[0].get_width()) for bar in drawn]
    [0.25, 0.5, 0.25]
    """
    if shares.empty:
        raise ValueError("the table has no rows, so there is nothing to draw.")
    values = shares.to_numpy(float)
    totals = values.sum(axis=1)
    wrong = np.isfinite(totals) & ~np.isclose(totals, 1)
    if wrong.any():
        named = ", ".join(str(name) for name in shares.index[wrong][:5])
        raise ValueError(f"the shares of {named} do not sum to 1; divide the counts of each row by their sum.")
    sheet = Sheet(axes)
    narrow = sheet.width < NARROW
    rows, points = values.shape
    left = 40.0 if narrow else min(sheet.width * 0.32, 250.0) + 48.0
    right = sheet.width - 42.0
    row_height = (sheet.height - HEAD - FOOT) / rows
    panel = sheet.panel(left, right, FOOT, sheet.height - HEAD)
    panel.set_ylim(rows - 0.5, -0.5)
    # lengths below and above the middle; an odd scale's middle point is split
    half = points / 2
    weight_below = np.clip(half - np.arange(points), 0, 1)
    below, above = values @ weight_below, values @ (1 - weight_below)
    panel.set_xlim(-max(float(np.nanmax(below, initial=0.0)), 0.01), max(float(np.nanmax(above, initial=0.0)), 0.01))
    at = np.arange(rows) + (0.22 if narrow else 0.0)
    start = -np.nan_to_num(below)
    drawn = []
    for point in range(points):
        colour = shade(2 * point / (points - 1) - 1 if points > 1 else 0.0, 1.0)
        width = np.nan_to_num(values[:, point])
        thick = 0.44 if narrow else 0.66
        style: dict[str, Any] = {"color": colour, "edgecolor": SURFACE, "linewidth": 0.6, "gid": CELL}
        drawn.append(panel.barh(at, width, left=start, height=thick, **style))
        start = start + width
    panel.plot(*posts(np.zeros(1), [(y - 0.3, y + 0.3) for y in at]), color=INK, lw=1.0, clip_on=False)
    agree, disagree = values[:, np.arange(points) > half - 0.5], values[:, np.arange(points) < half - 0.5]
    for row, name in enumerate(shares.index if labels is None else labels):
        middle = sheet.height - HEAD - (row + 0.5) * row_height
        bar = middle - (0.22 * row_height if narrow else 0.0) - 4
        sheet.text(left - 5, bar, percent(float(disagree[row].sum())), ha="right", color=INK)
        sheet.text(right + 5, bar, percent(float(agree[row].sum())), ha="left", color=INK)
        if narrow:
            sheet.label(2, middle + 0.28 * row_height, ha="left", width=sheet.width - 4, lines=1).write(name, SIZE)
        else:
            sheet.label(left - 48, middle, width=left - 50).write(name, SIZE)
    _key(sheet, [str(point) for point in shares.columns], ends, left, right)
    sheet.text(left, FOOT - 16, text("figure.likert_axis", language), fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return drawn


def _key(sheet: Sheet, points: Sequence[str], ends: tuple[str, str], left: float, right: float) -> None:
    """A swatch for each scale point, with the names of the lowest and the highest."""
    size, top = 17.0, sheet.height - 25.0
    first = (left + right - size * len(points)) / 2 if sheet.width >= NARROW else (sheet.width - size * len(points)) / 2
    panel = sheet.panel(first, first + size * len(points), top, top + size)
    panel.set_xlim(0, len(points))
    for place, point in enumerate(points):
        colour = shade(2 * place / (len(points) - 1) - 1 if len(points) > 1 else 0.0, 1.0)
        panel.axvspan(place, place + 1, color=colour, lw=0, gid=CELL)
        sheet.text(first + (place + 0.5) * size, top + 5, point, ha="center", color=text_on(colour), fontsize=TINY)
    sheet.text(first - 6, top + 5, fitted(ends[0], first - 8, TINY), ha="right", fontsize=TINY)
    end = first + size * len(points)
    sheet.text(end + 6, top + 5, fitted(ends[1], sheet.width - end - 8, TINY), fontsize=TINY)
