"""Do intervals hold the truth? One line for each simulated survey, the truth as a line across them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..text import number, text
from .canvas import BLUE, INK, RULE, VERMILLION
from .sheet import SMALL, TINY, Sheet, bars, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

HEAD, FOOT = 26.0, 50.0


def interval_coverage(
    axes: Axes,
    intervals: pd.DataFrame,
    *,
    truth: float,
    limits: tuple[float, float] | None = None,
    language: str = "en",
    source: str = "",
) -> tuple[Line2D, Line2D]:
    """Intervals of many surveys in rising order, those that miss the truth thicker and in another colour.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    intervals : DataFrame
        Columns `low` and `high`, one row a survey.
    truth : float
        What the intervals aim at.
    limits : (float, float), optional
        Of the axis, so that several figures can share one; by default what holds everything.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    (Line2D, Line2D)
        The intervals that hold the truth, and those that miss it.

    Raises
    ------
    ValueError
        There are no intervals.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(400, 200)
    >>> held, missed = interval_coverage(axes, pd.DataFrame({"low": [0.0, 0.5], "high": [0.4, 0.9]}), truth=0.2)
    >>> missed.get_xdata()[:2].tolist()
    [0.5, 0.9]
    """
    if intervals.empty:
        raise ValueError("the table has no rows, so there is nothing to draw.")
    sheet = Sheet(axes)
    ordered = intervals.iloc[np.argsort((intervals["low"] + intervals["high"]).to_numpy(), kind="stable")]
    low, high = ordered["low"].to_numpy(float), ordered["high"].to_numpy(float)
    hold = (low <= truth) & (truth <= high)
    least, most = min(float(low.min()), truth), max(float(high.max()), truth)
    margin = 0.05 * (most - least)
    ends = limits or (least - margin, most + margin)
    left, right, top = 12.0, sheet.width - 12, sheet.height - HEAD
    panel = sheet.panel(left, right, FOOT, top)
    panel.set_xlim(*ends)
    panel.set_ylim(-1, len(low))
    ticks = nice_ticks(*ends, int(np.clip((right - left) / 48, 3, 9)))
    panel.plot(*posts(ticks, [(-1, len(low))]), color=RULE, lw=0.8, zorder=0)
    for tick in ticks:
        x = left + (tick - ends[0]) / (ends[1] - ends[0]) * (right - left)
        sheet.text(x, FOOT - 14, number(tick, decimals(ticks), signed=True), ha="center", fontsize=TINY)
    at = np.arange(len(low), dtype=float)
    thin = float(np.clip(0.5 * (top - FOOT) / len(low), 0.8, 2.6))
    drawn = []
    for these, colour, width in ((hold, BLUE, thin), (~hold, VERMILLION, 1.8 * thin)):
        segments = bars(low[these], high[these], at[these])
        drawn.append(panel.plot(*segments, color=colour, lw=width, solid_capstyle="butt", zorder=2)[0])
    panel.axvline(truth, color=INK, lw=1.4, zorder=3)
    said = {"held": str(int(hold.sum())), "n": str(len(low)), "truth": number(truth, signed=True)}
    head = text("driver_figures.coverage", language, **said)
    sheet.text(left, sheet.height - 15, fitted(head, sheet.width - left, SMALL), color=INK)
    words = text("driver_figures.coverage_key", language)
    sheet.text(left, 20, fitted(words, sheet.width - left, TINY), fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return drawn[0], drawn[1]
