"""Before anything is computed: which answers are missing, what screening would change, how far scales go together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..text import count, interval, number, text
from .canvas import BLUE, INK, MUTED, RULE, SURFACE, VERMILLION
from .sheet import SIZE, SMALL, TINY, Sheet, bars, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D

HEAD, FOOT, ROW = 42.0, 52.0, 26.0
INTERVAL_WIDTH = 72.0
FILTERS = ("longest_run", "variability", "identical", "missing", "duplicate", "too_fast", "mahalanobis")


def forest_height(rows: int) -> float:
    """The height in points that shows so many rows of a forest plot, or filters of a screening, comfortably.

    Examples
    --------
    >>> forest_height(6)
    250.0
    """
    return HEAD + FOOT + rows * ROW


def missing_map(
    axes: Axes,
    absent: pd.DataFrame,
    *,
    blocks: Sequence[tuple[str, int]] = (),
    language: str = "en",
    source: str = "",
) -> AxesImage:
    """Every missing answer as a dark cell, respondents with the most of them at the bottom, whole blocks together.

    Scattered blanks look like dust; a block that somebody never saw, or gave up before, is a dark bar. The line above
    is each item's share of missing answers.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    absent : DataFrame of bool, respondents x items
        True where an answer is missing, such as ``pd.concat(survey.batteries, axis=1).isna()``.
    blocks : sequence of (str, int)
        Names of groups of columns, from the left, and how many columns each one has.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    AxesImage
        Its array is 1 where an answer is missing, rows in the order drawn.

    Raises
    ------
    ValueError
        An empty table, or blocks that do not add up to the columns.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(500, 300)
    >>> missing_map(axes, pd.DataFrame([[True, True], [False, False]])).get_array().tolist()
    [[0, 0], [1, 1]]
    """
    from matplotlib.colors import ListedColormap

    if absent.empty:
        raise ValueError("the table has no cells, so there is nothing to draw.")
    if blocks and sum(columns for _, columns in blocks) != absent.shape[1]:
        raise ValueError(f"the blocks hold {sum(c for _, c in blocks)} columns, the table {absent.shape[1]}.")
    sheet = Sheet(axes)
    cells = absent.to_numpy(int)
    starts = np.cumsum([0, *(columns for _, columns in blocks)])
    whole = [cells[:, a:b].all(axis=1) for a, b in pairwise(starts)]
    order = np.lexsort((*whole[::-1], cells.sum(axis=1)))
    left, right, top = 62.0, sheet.width - 14, sheet.height - (34.0 if blocks else 14.0)
    shares = sheet.panel(left, right, top - 46, top)
    highest = max(float(cells.mean(axis=0).max()), 0.01)
    shares.plot(np.arange(cells.shape[1]) + 0.5, cells.mean(axis=0), color=VERMILLION, lw=1.4)
    shares.set_xlim(0, cells.shape[1])
    shares.set_ylim(0, highest * 1.1)
    sheet.text(left - 6, top - 8, f"{100 * highest:.0f}%", ha="right", fontsize=TINY)
    sheet.text(left - 6, top - 46, "0%", ha="right", fontsize=TINY)
    panel = sheet.panel(left, right, FOOT, top - 52)
    colours = ListedColormap([RULE, INK])
    span = (0, cells.shape[1], len(cells), 0)
    image = panel.imshow(
        cells[order], cmap=colours, vmin=0, vmax=1, aspect="auto", extent=span, interpolation_stage="rgba"
    )
    for border in starts[1:-1]:
        panel.axvline(border, color=SURFACE, lw=1.6)
    panel.set_xlim(0, cells.shape[1])
    panel.set_ylim(len(cells), 0)
    width, start = (right - left) / cells.shape[1], 0
    for name, columns in blocks:
        label = sheet.label(left + (start + columns / 2) * width, top + 16, ha="center", width=columns * width - 4)
        label.write(name, TINY)
        start += columns
    sheet.text(left - 6, FOOT, count(len(cells)), ha="right", fontsize=TINY)
    sheet.text(left - 6, top - 60, "1", ha="right", fontsize=TINY)
    share, some = f"{100 * cells.mean():.1f}", count(cells.any(axis=1).sum())
    words = text("screening_figure.missing", language, share=share, rows=some)
    sheet.text(left, FOOT - 18, words, fontsize=SMALL)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return image


def screening_effect(
    axes: Axes,
    effects: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    language: str = "en",
    confidence: float = 0.95,
    source: str = "",
) -> list[Line2D]:
    """What leaving out the flagged would do to each score: one panel a score, one row a filter.

    The upright line is the score with nobody left out, the band its interval. Dots that stay in the band say that the
    flagged do not decide the result.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    effects : DataFrame
        From ``screening_effects``: index (filter, score), columns left_out, mean, low, high.
    labels : sequence of str or None
        Names of the scores; the index where None.
    language, confidence, source
        As for `gap_dumbbell`.

    Returns
    -------
    list of Line2D
        The dots of each score; their x data are the means given.

    Raises
    ------
    ValueError
        The table is empty or lacks a column.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(600, forest_height(1))
    >>> index = pd.MultiIndex.from_tuples([("nobody left out", "empathy")], names=["filter", "score"])
    >>> effects = pd.DataFrame({"left_out": [0], "mean": [-1.2], "low": [-1.4], "high": [-1.0]}, index=index)
    >>> screening_effect(axes, effects)[0].get_xdata().tolist()
    [-1.2]
    """
    _check(effects, ("left_out", "mean", "low", "high"))
    sheet = Sheet(axes)
    filters = list(effects.index.get_level_values(0).unique())
    scores = list(effects.index.get_level_values(1).unique())
    names = [str(score) for score in scores] if labels is None else list(labels)
    left, top = min(max(sheet.width * 0.26, 120.0), 180.0), sheet.height - HEAD
    row, wide = (top - FOOT) / len(filters), (sheet.width - left - 6) / len(scores)
    for place, name in enumerate(filters):
        out = int(effects.loc[name, "left_out"].iloc[0])
        words = f"{_filter(str(name), language)} ({count(out)})" if out else _filter(str(name), language)
        sheet.label(left - 4, top - (place + 0.5) * row, width=left - 4, lines=1).write(words, SMALL)
    at, drawn = np.arange(len(filters), dtype=float), []
    for place, score in enumerate(scores):
        own = effects.xs(score, level=1).loc[filters]
        mean, low, high = (own[column].to_numpy(float) for column in ("mean", "low", "high"))
        panel = sheet.panel(left + place * wide + 6, left + (place + 1) * wide - 6, FOOT, top)
        margin = 0.12 * max(float(np.nanmax(high) - np.nanmin(low)), 0.05)
        panel.set_xlim(np.nanmin(low) - margin, np.nanmax(high) + margin)
        panel.set_ylim(len(filters) - 0.5, -0.5)
        panel.axvspan(low[0], high[0], color=RULE, lw=0, alpha=0.6)
        panel.axvline(mean[0], color=MUTED, lw=1.0)
        panel.plot(*bars(low, high, at), color=BLUE, lw=2.0, alpha=0.7, solid_capstyle="butt")
        drawn += panel.plot(mean, at, "o", color=BLUE, ms=5.0, ls="none", mec=SURFACE, mew=0.6)
        middle = left + (place + 0.5) * wide
        sheet.label(middle, top + 14, ha="center", width=wide - 2).write(names[place], TINY)
        if wide >= INTERVAL_WIDTH:
            nobody = f"{number(mean[0])} ± {number((high[0] - low[0]) / 2)}"
            sheet.text(middle, FOOT - 14, nobody, ha="center", fontsize=TINY)
    words = text("screening_figure.effect", language, level=f"{100 * confidence:g}")
    sheet.text(left, FOOT - 30, fitted(words, sheet.width - left, TINY), fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return drawn


def reliability_forest(
    axes: Axes,
    table: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    language: str = "en",
    confidence: float = 0.95,
    source: str = "",
) -> tuple[Line2D, Line2D | None]:
    """Alpha of each scale with its interval, and beside it the reliability of the difference score where there is one.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    table : DataFrame
        As ``internal_consistency(...).dimensions``: columns alpha, alpha_low, alpha_high, and for gaps
        difference_reliability.
    labels : sequence of str or None
        Names of the rows; the index where None.
    language, confidence, source
        As for `gap_dumbbell`.

    Returns
    -------
    (Line2D, Line2D or None)
        The dots of alpha and of the difference score; their x data are the numbers given.

    Raises
    ------
    ValueError
        The table is empty or lacks a column.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(600, forest_height(1))
    >>> table = pd.DataFrame({"alpha": [0.81], "alpha_low": [0.75], "alpha_high": [0.86]}, index=["empathy"])
    >>> reliability_forest(axes, table)[0].get_xdata().tolist()
    [0.81]
    """
    _check(table, ("alpha", "alpha_low", "alpha_high"))
    sheet = Sheet(axes)
    names = [str(name) for name in table.index] if labels is None else list(labels)
    left, right, top = min(max(sheet.width * 0.28, 100.0), 230.0), sheet.width - 128.0, sheet.height - HEAD
    alpha, low, high = (table[column].to_numpy(float) for column in ("alpha", "alpha_low", "alpha_high"))
    both = table["difference_reliability"].to_numpy(float) if "difference_reliability" in table else None
    lowest = min(0.0, float(np.nanmin(low)), *([] if both is None else [float(np.nanmin(both))]))
    panel = sheet.panel(left, right, FOOT, top)
    panel.set_xlim(lowest, 1)
    panel.set_ylim(len(table) - 0.5, -0.5)
    at, row = np.arange(len(table), dtype=float), (top - FOOT) / len(table)
    ticks = nice_ticks(lowest, 1.0, 7)
    panel.plot(*posts(ticks, [(-0.5, len(table) - 0.5)]), color=RULE, lw=0.8, zorder=0)
    for tick in ticks:
        x = left + (tick - lowest) / (1 - lowest) * (right - left)
        sheet.text(x, FOOT - 14, number(tick, decimals(ticks)), ha="center", fontsize=TINY)
    above, below = (at, at) if both is None else (at - 0.14, at + 0.2)
    panel.plot(*bars(low, high, above), color=BLUE, lw=5.0, alpha=0.35, solid_capstyle="butt")
    dots = panel.plot(alpha, above, "o", color=BLUE, ms=6.5, ls="none", clip_on=False)[0]
    diamonds = None
    if both is not None:
        hollow: dict[str, Any] = {"color": SURFACE, "mec": VERMILLION, "mew": 1.6, "ms": 6.0, "ls": "none"}
        diamonds = panel.plot(both, below, "D", clip_on=False, **hollow)[0]
    for place, name in enumerate(names):
        middle = top - (place + 0.5) * row
        sheet.label(left - 8, middle, width=left - 10).write(name, SIZE)
        sheet.text(right + 10, middle - 4, number(alpha[place]), color=INK)
        sheet.text(sheet.width - 2, middle - 4, interval(low[place], high[place]), ha="right")
    key = text("screening_figure.alpha", language, level=f"{100 * confidence:g}")
    key += text("screening_figure.difference", language) if both is not None else ""
    sheet.text(left, top + 14, fitted(key, sheet.width - left, SMALL), fontsize=SMALL)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return dots, diamonds


def _filter(name: str, language: str) -> str:
    """A filter's name for readers; another name as it is."""
    known = {"nobody left out": "nobody", "all together": "together", "missing": "missing_answers"}
    known = {name: name for name in FILTERS} | known
    return text(f"screening_figure.{known[name]}", language) if name in known else name


def _check(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """ValueError for a table that is empty or not of the kind that is drawn."""
    if missing := [name for name in columns if name not in table]:
        raise ValueError(f"the table lacks {', '.join(missing)}.")
    if table.empty:
        raise ValueError("the table has no rows, so there is nothing to draw.")
