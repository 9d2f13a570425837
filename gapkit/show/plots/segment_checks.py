"""Are the segments there? How much nearer members are to their own than to the next, and whether they come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..text import count, number, percent, text
from .canvas import INK, MUTED, RULE, SURFACE, VERMILLION
from .labels import text_width
from .segment_profiles import check_drawable
from .segment_words import COLOURS
from .sheet import SIZE, SMALL, TINY, Sheet, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import FillBetweenPolyCollection
    from matplotlib.lines import Line2D

HEAD, FOOT, BLOCK, ROW = 30.0, 54.0, 66.0, 30.0
STEPS = 200
"""Points that draw the outline of one segment's silhouettes."""
READINGS = (0.6, 0.75, 0.85)
"""Mean Jaccard similarity from which fpc's authors read: a pattern, a stable cluster, a highly stable one."""


def silhouette_height(segments: int) -> float:
    """The height in points that shows the silhouettes of so many segments comfortably.

    Examples
    --------
    >>> silhouette_height(3)
    282.0
    """
    return HEAD + FOOT + BLOCK * segments


def stability_height(rows: int) -> float:
    """The height in points that shows so many numbers of segments comfortably.

    Examples
    --------
    >>> stability_height(7)
    312.0
    """
    return HEAD + FOOT + 18 + ROW * rows


def silhouette_bars(
    axes: Axes,
    widths: pd.Series,
    membership: pd.Series,
    *,
    names: Mapping[str, str],
    language: str = "en",
    source: str = "",
) -> list[FillBetweenPolyCollection]:
    """Silhouettes, sorted inside each segment: right of zero a member is nearer to its own segment than to the next.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide.
    widths : Series
        The silhouette of each respondent, -1 to 1, in the squared-Euclidean form.
    membership : Series
        The segment of each respondent, same order.
    names : dict
        Which segments are drawn from the top, and what they are called.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of FillBetweenPolyCollection
        The areas, one a segment; sorted silhouettes at 200 even steps where there are more members.

    Raises
    ------
    ValueError
        No segment to draw, or more than there are colours.

    References
    ----------
    .. [1] Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and validation of cluster
       analysis. Journal of Computational and Applied Mathematics, 20, 53-65.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(500, silhouette_height(2))
    >>> widths, membership = pd.Series([0.5, -0.1, 0.4]), pd.Series(["S1", "S1", "S2"])
    >>> len(silhouette_bars(axes, widths, membership, names={"S1": "S1", "S2": "S2"}))
    2
    """
    check_drawable(names, {"": ""})
    sheet = Sheet(axes)
    values = widths.to_numpy(float)
    least = min(-0.1, float(np.nanmin(values, initial=0.0)))
    left, right, top = float(np.clip(sheet.width * 0.3, 110, 220)), sheet.width - 14, sheet.height - HEAD
    panel = sheet.panel(left, right, FOOT, top)
    panel.set_xlim(least, 1)
    panel.set_ylim(len(names), 0)
    ticks = nice_ticks(least, 1.0, int(np.clip((right - left) / 44, 3, 7)))
    panel.plot(*posts(ticks, [(0, len(names))]), color=RULE, lw=0.8, zorder=0)
    panel.axvline(0, color=INK, lw=1.2, zorder=3)
    for tick in ticks:
        x = left + (tick - least) / (1 - least) * (right - left)
        sheet.text(x, FOOT - 14, number(tick, decimals(ticks)), ha="center", fontsize=TINY)
    mean = float(np.nanmean(values))
    panel.axvline(mean, color=MUTED, lw=1.4, ls=(0, (4, 2)), zorder=3)
    block, drawn = (top - FOOT) / len(names), []
    for place, (segment, name) in enumerate(names.items()):
        own = np.sort(values[(membership == segment).to_numpy()])[::-1]
        outline = own if len(own) <= STEPS else np.quantile(own, np.linspace(1, 0, STEPS))
        at = place + 0.06 + 0.88 * np.linspace(0, 1, max(len(outline), 1))
        if len(outline):
            area = panel.fill_betweenx(at[: len(outline)], 0, outline, color=COLOURS[place], lw=0.6, alpha=0.8)
            drawn.append(area)
        middle = top - (place + 0.5) * block
        sheet.label(left - 10, middle + 9, width=left - 14).write(name, SMALL)
        values_of = {"mean": number(own.mean()) if len(own) else number(np.nan), "n": count(len(own))}
        sheet.text(left - 10, middle - 21, text("segments.block", language, **values_of), ha="right", fontsize=TINY)
    head = text("segments.silhouette_head", language, mean=number(mean), share=percent(float((values < 0).mean())))
    sheet.text(2, sheet.height - 16, fitted(head, sheet.width - 4, SMALL), color=INK)
    axis = text("segments.silhouette_axis", language)
    sheet.text(right, FOOT - 32, fitted(axis, sheet.width - 14, TINY), ha="right", fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return drawn


def stability_dots(
    axes: Axes,
    stability: pd.DataFrame,
    *,
    recommended: int | None = None,
    language: str = "en",
    source: str = "",
) -> list[Line2D]:
    """How often each segment is found again in resampled surveys, for every number of segments that was tried.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide.
    stability : DataFrame
        Index (n_segments, segment), column "jaccard": mean Jaccard similarity over resamples, 0 to 1.
    recommended : int or None
        The number of segments that is marked.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of Line2D
        The dots of each row; their x data are the similarities.

    Raises
    ------
    ValueError
        The table is empty.

    References
    ----------
    .. [1] Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics & Data Analysis,
       52, 258-271. (below .6 not to be trusted, from .75 stable, from .85 highly stable: advice, as in his fpc)

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> index = pd.MultiIndex.from_tuples([(2, "S1"), (2, "S2")])
    >>> figure, axes = new_figure(500, stability_height(1))
    >>> stability_dots(axes, pd.DataFrame({"jaccard": [0.91, 0.55]}, index=index))[0].get_xdata().tolist()
    [0.91, 0.55]
    """
    if stability.empty:
        raise ValueError("the stability table has no rows, so there is nothing to draw.")
    sheet = Sheet(axes)
    sizes = list(stability.index.get_level_values(0).unique())
    left, right, top = float(np.clip(sheet.width * 0.2, 96, 150)), sheet.width - 14, sheet.height - HEAD - 18
    panel = sheet.panel(left, right, FOOT, top)
    panel.set_xlim(0, 1)
    panel.set_ylim(len(sizes) - 0.5, -0.5)
    panel.axvspan(0, READINGS[0], color=VERMILLION, alpha=0.10, lw=0)
    for start in READINGS[1:]:
        panel.axvspan(start, 1, color=COLOURS[2], alpha=0.12, lw=0)
    for tick in (0.0, *READINGS, 1.0):
        panel.axvline(tick, color=RULE, lw=0.8, zorder=0)
        digits = 0 if tick in (0, 1) else 2 if tick != READINGS[0] else 1
        # the last two stand close together: on a telephone each moves a little to its own side
        side = (tick == READINGS[2]) - (tick == READINGS[1])
        x = left + tick * (right - left) + side * max(0.0, 15 - (right - left) * 0.05)
        sheet.text(x, FOOT - 14, number(tick, digits), ha="center", fontsize=TINY)
    row, drawn = (top - FOOT) / len(sizes), []
    for place, size in enumerate(sizes):
        own = stability.loc[size, "jaccard"].to_numpy(float)
        bold = size == recommended
        style: dict[str, Any] = {"mec": INK if bold else SURFACE, "mew": 1.4 if bold else 0.8, "ls": "none"}
        drawn += panel.plot(own, np.full(len(own), float(place)), "o", ms=9, color=COLOURS[0], alpha=0.85, **style)
        words = text("segments.count", language, count=size)
        sheet.text(
            left - 10,
            top - (place + 0.5) * row - 4,
            words,
            ha="right",
            color=INK,
            fontsize=SIZE,
            weight="bold" if bold else "normal",
        )
    # each reading over its own band; the upper two are narrow, so that one of them stands a line higher
    ends = {"untrusted": (0.0, READINGS[0], 7), "stable": (*READINGS[1:], 7), "highly_stable": (READINGS[2], 1.0, 18)}
    for key, (start, end, above) in ends.items():
        words = text(f"segments.{key}", language)
        middle, half = left + (start + end) / 2 * (right - left), text_width(words, TINY) / 2
        sheet.text(min(middle, sheet.width - 2 - half), top + above, words, ha="center", fontsize=TINY)
    head = text("segments.stability_head", language)
    sheet.text(2, sheet.height - 16, fitted(head, sheet.width - 4, SMALL), color=INK)
    axis = text("segments.stability_axis", language)
    sheet.text(right, FOOT - 32, fitted(axis, sheet.width - 14, TINY), ha="right", fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return drawn
