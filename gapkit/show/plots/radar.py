"""Expectation and perception of the dimensions on spokes, with the numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..text import number, plain, text
from .canvas import EXPECTATION, INK, PERCEPTION, RULE, SURFACE
from .labels import text_width
from .sheet import SIZE, SMALL, TINY, Sheet, fitted, nice_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

NARROW = 620.0
TABLE_ROW, FOOT = 26.0, 22.0
FEWEST_SPOKES = 3


class GapRadar(NamedTuple):
    """The two outlines of a radar; their data are the scores around the circle, the first point repeated at the end."""

    expectations: Line2D
    perceptions: Line2D


def radar_height(rows: int, width: float) -> float:
    """The height in points that shows circle and table comfortably at a width.

    Examples
    --------
    >>> radar_height(5, 800), radar_height(5, 360)
    (342.0, 484.0)
    """
    table = (rows + 1.5) * TABLE_ROW
    return 293.0 + table + FOOT if width < NARROW else max(320.0, table) + FOOT


def gap_radar(
    axes: Axes,
    table: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    scale: tuple[float, float] = (1, 7),
    language: str = "en",
    source: str = "",
) -> GapRadar:
    """Profile of expectations and perceptions over the dimensions, with a table of the numbers.

    A radar shows the profile at a glance and misleads about sizes (areas grow with the square, and depend on the order
    of the spokes), which is why the table stands beside it. Use `gap_dumbbell` to compare.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area; below 620 points the table stands below the circle.
    table : DataFrame
        At least three rows, columns E, P, gap. The centre of the circle is the lowest answer.
    labels : sequence of str or None
        Names of the rows; the index where None.
    scale : (float, float)
        Lowest and highest answer: centre and rim.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    GapRadar

    Raises
    ------
    ValueError
        Fewer than three rows.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(700, radar_height(3, 700))
    >>> table = pd.DataFrame({"E": [6, 6, 6], "P": [5, 4, 3], "gap": [-1, -2, -3]}, index=["a", "b", "c"])
    >>> drawn = gap_radar(axes, table)
    >>> float(np.hypot(*drawn.perceptions.get_data())[1])  # row b: P 4 on a scale from 1
    3.0
    """
    if len(table) < FEWEST_SPOKES:
        raise ValueError(f"a radar needs at least three rows, not {len(table)}; use gap_dumbbell.")
    names = [str(name) for name in (table.index if labels is None else labels)]
    sheet = Sheet(axes)
    narrow = sheet.width < NARROW
    table_height = (len(table) + 1.5) * TABLE_ROW
    if narrow:
        circle = (0.0, sheet.width, FOOT + table_height, sheet.height)
        table_box = (0.0, sheet.width, FOOT + table_height)
    else:
        circle = (0.0, sheet.width * 0.54, FOOT, sheet.height)
        left = sheet.width * 0.54 + 30
        table_box = (left, min(left + 380, sheet.width), FOOT + (sheet.height - FOOT + table_height) / 2)
    drawn = _circle(sheet, table, names, scale, circle)
    _table(sheet, table, names, table_box, language)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return drawn


def _circle(
    sheet: Sheet,
    table: pd.DataFrame,
    names: list[str],
    scale: tuple[float, float],
    box: tuple[float, float, float, float],
) -> GapRadar:
    """Rings, spokes, names and the two outlines, in units of the scale around the centre."""
    low, high = scale
    left, right, bottom, top = box
    # the first spoke points up, the others follow clockwise
    angle = np.pi / 2 - np.linspace(0, 2 * np.pi, len(table), endpoint=False)
    spokes = np.column_stack([np.cos(angle), np.sin(angle)])
    widths = np.minimum([text_width(plain(name), SMALL) for name in names], (right - left) * 0.28)
    room = (right - left) / 2 - widths - 16
    radius = min((top - bottom) / 2 - 26, *(room / np.maximum(np.abs(spokes[:, 0]), 0.2)))
    centre = np.array([(left + right) / 2, (bottom + top) / 2])
    per_point = radius / (high - low)
    panel = sheet.panel(centre[0] - radius, centre[0] + radius, centre[1] - radius, centre[1] + radius)
    panel.set_xlim(low - high, high - low)
    panel.set_ylim(low - high, high - low)
    around = np.append(np.arange(len(table)), 0)
    for ring in nice_ticks(low, high, 7)[1:]:
        panel.plot(*((ring - low) * spokes[around]).T, color=RULE, lw=0.8, zorder=0, clip_on=False)
    for direction, name, width in zip(spokes, names, widths, strict=True):
        panel.plot(*np.array([[0, 0], direction * (high - low)]).T, color=RULE, lw=0.8, zorder=0, clip_on=False)
        x, y = centre + direction * (radius + 12)
        ha = "center" if abs(direction[0]) < 0.2 else "left" if direction[0] > 0 else "right"
        sheet.label(x, y, ha=ha, width=width + 1).write(name, SMALL)
    for ring in (low, high):
        y = centre[1] + (ring - low) * per_point - (12 if ring == high else 4)
        sheet.text(centre[0] + 4, y, f"{ring:g}", fontsize=TINY)
    outlines = []
    for name, style in (
        ("E", {"color": EXPECTATION, "mfc": SURFACE, "mew": 2.0, "ms": 6.5}),
        ("P", {"color": PERCEPTION}),
    ):
        points = (table[name].to_numpy(float) - low)[:, None] * spokes
        look: dict[str, Any] = {"marker": "o", "ms": 7, "lw": 2.0, **style}
        outlines.append(panel.plot(*points[around].T, clip_on=False, **look)[0])
    return GapRadar(*outlines)


def _table(sheet: Sheet, table: pd.DataFrame, names: list[str], box: tuple[float, float, float], language: str) -> None:
    """The same numbers in rows: name, E, P, gap."""
    left, right, top = box
    columns = [right - 118, right - 64, right - 4]
    head_y = top - TABLE_ROW + 8
    for x, key, colour in zip(
        columns, ("figure.e", "figure.p", "figure.gap"), (EXPECTATION, PERCEPTION, INK), strict=True
    ):
        words = text(key, language)
        sheet.text(x, head_y, words, ha="right", color=INK, weight="bold")
        if colour != INK:
            ring: dict[str, Any] = {"mfc": SURFACE, "mew": 2.0} if colour == EXPECTATION else {}
            sheet.axes.plot([x - text_width(words, SMALL) - 9], [head_y + 4], "o", color=colour, ms=6.5, **ring)
    for row, (name, values) in enumerate(zip(names, table[["E", "P", "gap"]].to_numpy(float), strict=True)):
        y = head_y - (row + 1) * TABLE_ROW
        sheet.axes.plot([left, right], [y + 17, y + 17], color=RULE, lw=0.8)
        sheet.label(left + 2, y + 4, ha="left", width=columns[0] - left - 40, lines=1).write(name, SIZE)
        for x, value, signed in zip(columns, values, (False, False, True), strict=True):
            weight = "bold" if signed else "normal"
            sheet.text(x, y, number(value, signed=signed), ha="right", color=INK, fontsize=SIZE, weight=weight)
