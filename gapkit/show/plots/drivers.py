"""What respondents say matters beside what goes with an outcome: two panels, one row a predictor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..text import interval, number, plain, text
from .canvas import BLUE, GREEN, INK, RULE, SURFACE, VERMILLION
from .driver_words import as_points, names_of
from .labels import text_width
from .sheet import SIZE, SMALL, TINY, Sheet, bars, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from ...explain.drivers import Drivers

NARROW = 560.0
HEAD, FOOT, ROW, NARROW_ROW = 34.0, 58.0, 36.0, 52.0
KEY_LINE = 15.0
STATED, JOHNSON, DOMINANCE = GREEN, BLUE, VERMILLION
NUMBER, INTERVAL = 42.0, 82.0
"""Widths of a printed number and of a printed interval."""


class DriverMarks(NamedTuple):
    """The dots of stated importance, Johnson's weights and general dominance; x data in percent or scale points."""

    stated: Line2D | None
    johnson: Line2D
    dominance: Line2D | None


def drivers_height(rows: int, width: float) -> float:
    """The height in points that shows so many predictors comfortably at a width.

    Examples
    --------
    >>> drivers_height(5, 760), drivers_height(5, 360)
    (272.0, 367.0)
    """
    narrow = width < NARROW
    return HEAD + FOOT + KEY_LINE * narrow + rows * (NARROW_ROW if narrow else ROW)


def driver_importance(
    axes: Axes,
    found: Drivers,
    *,
    labels: Sequence[str] | None = None,
    outcome: str | None = None,
    language: str = "en",
    source: str = "",
) -> DriverMarks:
    """Stated importance (left) beside derived importance (right), each with its intervals.

    Derived importance is the share of R squared, in percent: dots are Johnson's relative weights, diamonds general
    dominance. Where respondents split 100 points, both panels have the same axis, so that a row can be read across:
    said to matter more than it goes with the outcome, or less. Ratings keep an axis of their own.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide; below 560 the layout is that of a telephone.
    found : Drivers
        Without stated importance there is one panel.
    labels : sequence of str or None
        Names of the predictors; the index where None.
    outcome : str or None
        What to call the outcome; its column's name where None.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    DriverMarks

    Raises
    ------
    ValueError
        The labels are not as many as the predictors.

    Examples
    --------
    >>> import gapkit as gk
    >>> from gapkit.show.plots import new_figure
    >>> answers = pd.DataFrame({"a": [1, 2, 1, 2, 1], "b": [1, 1, 2, 2, 3], "y": [2, 3, 3, 5, 4]})
    >>> found = gk.drivers_from_moments(gk.moments(answers), outcome="y", predictors=["a", "b"], draws=50)
    >>> figure, axes = new_figure(640, drivers_height(2, 640))
    >>> float(driver_importance(axes, found).johnson.get_xdata().sum().round(6))
    100.0
    """
    names = names_of(found.johnson.index, labels)
    stated = None if found.stated is None else found.stated.reindex(found.johnson.index)
    sheet, rows = Sheet(axes), len(names)
    narrow = sheet.width < NARROW
    foot = FOOT + KEY_LINE * narrow
    row_height = (sheet.height - HEAD - foot) / rows
    shares = [table for table in (found.johnson, found.dominance) if table is not None]
    limit = 100 * max(float(table["share_high"].max()) for table in shares)
    same = stated is not None and as_points(stated)
    limit = 1.06 * (max(limit, float(stated["high"].max())) if stated is not None and same else limit)
    spans = _spans(sheet.width, names, narrow, stated is not None)
    middles = sheet.height - HEAD - (np.arange(rows) + 0.5) * row_height - (11 if narrow else 0)
    for place, name in enumerate(names):
        if narrow:
            sheet.label(3, middles[place] + 23, ha="left", width=sheet.width - 6, lines=1).write(name)
        else:
            sheet.label(spans[0][0] - 12, middles[place], width=spans[0][0] - 16).write(name)
    said = None
    if stated is not None:
        ends = (0.0, limit) if same else _around(stated)
        panel = _panel(sheet, spans[0], foot, ends, middles)
        said = _dots(panel, middles - foot, stated, ("mean", "low", "high"), 1.0, "o", STATED)
        for place, value in enumerate(stated["mean"]):
            shown = number(value, 1 if same else 2)
            sheet.text(spans[0][1] + NUMBER - 4, middles[place] - 4, shown, ha="right", color=INK)
        _heading(sheet, spans[0], text(f"driver_figures.stated_{'points' if same else 'ratings'}", language))
    panel = _panel(sheet, spans[-1], foot, (0.0, limit), middles)
    shift = 0.0 if found.dominance is None else 6.0
    columns = ("share", "share_low", "share_high")
    johnson = _dots(panel, middles - foot + shift, found.johnson, columns, 100.0, "o", JOHNSON)
    dominance = None
    if found.dominance is not None:
        dominance = _dots(panel, middles - foot - shift, found.dominance, columns, 100.0, "D", DOMINANCE)
    for place, row in enumerate(found.johnson.to_dict("records")):
        right, y = sheet.width - 2, middles[place] - 4
        if not narrow:
            sheet.text(right, y, interval(100 * row["share_low"], 100 * row["share_high"], 1), ha="right")
            right -= INTERVAL + 6
        sheet.text(right, y, number(100 * row["share"], 1), ha="right", color=INK)
    called = plain(found.outcome if outcome is None else outcome)
    _heading(sheet, spans[-1], text("driver_figures.derived", language, outcome=called), to=sheet.width)
    _key(sheet, found, language, source, narrow)
    return DriverMarks(said, johnson, dominance)


def _spans(width: float, names: Sequence[str], narrow: bool, two: bool) -> list[tuple[float, float]]:
    """Left and right of the panels; what is left of the first one is the names'."""
    if narrow:
        half = width / 2
        return [(8.0, half - NUMBER - 6), (half + 6, width - NUMBER)] if two else [(8.0, width - NUMBER)]
    left = float(np.clip(max(text_width(name, SIZE) for name in names), 90, width * 0.26)) + 24
    right = width - NUMBER - INTERVAL - 12
    if not two:
        return [(left, right)]
    each = (right - left - NUMBER - 26) / 2
    return [(left, left + each), (right - each, right)]


def _around(stated: pd.DataFrame) -> tuple[float, float]:
    """Limits that hold ratings and their intervals."""
    low, high = float(stated["low"].min()), float(stated["high"].max())
    return low - 0.1 * (high - low + 0.1), high + 0.1 * (high - low + 0.1)


def _panel(
    sheet: Sheet, span: tuple[float, float], foot: float, ends: tuple[float, float], middles: np.ndarray
) -> Axes:
    """A panel in points upwards, with grid lines beside its rows and numbers below it."""
    top = sheet.height - HEAD
    panel = sheet.panel(*span, foot, top)
    panel.set_xlim(*ends)
    panel.set_ylim(0, top - foot)
    ticks = nice_ticks(*ends, int(np.clip((span[1] - span[0]) / 36, 2, 7)))
    panel.plot(*posts(ticks, [(y - foot - 13, y - foot + 13) for y in middles]), color=RULE, lw=0.8, zorder=0)
    for tick in ticks:
        x = span[0] + (tick - ends[0]) / (ends[1] - ends[0]) * (span[1] - span[0])
        sheet.text(x, foot - 13, number(tick, decimals(ticks)), ha="center", fontsize=TINY)
    return panel


def _dots(
    panel: Axes, at: np.ndarray, table: pd.DataFrame, columns: tuple[str, str, str], unit: float, mark: str, colour: str
) -> Line2D:
    """Estimates with their intervals at heights."""
    estimate, low, high = (unit * table[column].to_numpy(float) for column in columns)
    style: dict[str, Any] = {"mfc": colour, "mec": SURFACE, "mew": 0.6, "ms": 7.5}
    if mark == "D":
        style = {"mfc": SURFACE, "mec": colour, "mew": 1.6, "ms": 5.5}
    panel.plot(*bars(low, high, at), color=colour, lw=2.2, alpha=0.75, solid_capstyle="butt", zorder=2)
    return panel.plot(estimate, at, mark, ls="none", zorder=3, clip_on=False, **style)[0]


def _heading(sheet: Sheet, span: tuple[float, float], words: str, to: float | None = None) -> None:
    """What a panel shows, above it."""
    wide = (span[1] + NUMBER if to is None else to) - span[0]
    sheet.label(span[0], sheet.height - 15, ha="left", width=wide, lines=2).write(words, SMALL)


def _key(sheet: Sheet, found: Drivers, language: str, source: str, narrow: bool) -> None:
    """Marks explained, how much there is to share out, and the source line."""
    x, y = 6.0, 22.0 + KEY_LINE * narrow
    r2 = found.fit.iloc[0]
    level = f"{100 * found.confidence:g}"
    total = {"r2": number(r2["r2"]), "low": number(r2["low"]), "high": number(r2["high"]), "level": level}
    entries = [("o", JOHNSON, JOHNSON, text("driver_figures.johnson", language))]
    if found.dominance is not None:
        entries.append(("D", SURFACE, DOMINANCE, text("driver_figures.dominance", language)))
    for mark, face, edge, words in entries:
        sheet.axes.plot([x], [y + 3.5], mark, ms=6, mfc=face, mec=edge, mew=1.4)
        sheet.text(x + 9, y, words, fontsize=TINY)
        x += 24 + text_width(words, TINY)
    words = text("driver_figures.total", language, **total)
    if narrow or x + text_width(words, TINY) > sheet.width:
        x, y = 2.0, y - KEY_LINE
    sheet.text(x, y, fitted(words, sheet.width - x, TINY), fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
