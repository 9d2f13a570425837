"""A table of gaps by group whose cells are coloured by direction and size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..text import NOTHING, number, text
from .canvas import CELL, INK, ON_DARK, ON_LIGHT, SURFACE
from .sheet import SMALL, TINY, Sheet, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

# From short of expectation (brown-orange) over nothing (grey) to above it (blue): told apart in any colour vision.
SHADES = ("#9c3d00", "#e08a4c", "#f1eeea", "#6fb0d8", "#00507f")
UNKNOWN = "#dfe3e8"
HEAD, FOOT, ROW = 40.0, 44.0, 25.0
SMALLEST_WITH_NUMBER = 27.0


def heat_height(rows: int) -> float:
    """The height in points that shows so many rows comfortably.

    Examples
    --------
    >>> heat_height(22)
    634.0
    """
    return HEAD + FOOT + rows * ROW


def shade(value: float, limit: float) -> str:
    """The colour of a gap, as a hexadecimal code; NaN is grey.

    Examples
    --------
    >>> shade(0.0, 2.0), shade(-5.0, 2.0), shade(float("nan"), 2.0)
    ('#f1eeea', '#9c3d00', '#dfe3e8')
    """
    if not np.isfinite(value):
        return UNKNOWN
    place = (np.clip(value / limit if limit > 0 else 0.0, -1, 1) + 1) * (len(SHADES) - 1) / 2
    left = min(int(place), len(SHADES) - 2)
    mixed = [
        round(
            int(SHADES[left][i : i + 2], 16) * (left + 1 - place)
            + int(SHADES[left + 1][i : i + 2], 16) * (place - left)
        )
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def text_on(colour: str) -> str:
    """Dark or light letters, whichever reads better on a colour (WCAG relative luminance).

    Examples
    --------
    >>> text_on("#f1eeea"), text_on("#9c3d00")
    ('#000000', '#ffffff')
    """
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    # black and white letters contrast equally (4.6 : 1) at 0.179
    return ON_LIGHT if luminance > 0.179 else ON_DARK


def gap_heat(
    axes: Axes,
    table: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    limit: float | None = None,
    language: str = "en",
    source: str = "",
) -> QuadMesh:
    """Gaps of items (rows) in groups (columns): where each group falls short, printed and coloured.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. A cell narrower than 27 points shows its colour only.
    table : DataFrame
        Rows x groups of gaps, such as ``gap_scores(survey, by="hotel").items["gap"].unstack(0)``. NaN, a group too
        small to show, is grey with a dash.
    labels, columns : sequence of str or None
        Names of rows and columns; the index and the columns where None.
    limit : float or None
        The gap that gets the strongest colour; the largest in the table where None. Give the same limit to figures
        that are compared.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    QuadMesh
        The cells; their array holds the numbers given.

    Raises
    ------
    ValueError
        An empty table.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(500, heat_height(1))
    >>> float(gap_heat(axes, pd.DataFrame({"A": [-1.0], "B": [0.5]}, index=["q01"])).get_array().min())
    -1.0
    """
    from matplotlib.colors import ListedColormap, Normalize

    if table.empty:
        raise ValueError("the table has no cells, so there is nothing to draw.")
    sheet = Sheet(axes)
    gaps = table.to_numpy(float)
    reach = float(np.nanmax(np.abs(gaps))) if np.isfinite(gaps).any() else 1.0
    limit = reach if limit is None else limit
    rows, groups = gaps.shape
    left = min(max(sheet.width * 0.36, 96.0), 250.0)
    top = sheet.height - HEAD
    panel = sheet.panel(left, sheet.width - 1, FOOT, top)
    panel.set_xlim(0, groups)
    panel.set_ylim(rows, 0)
    colours = ListedColormap([shade(value, 1.0) for value in np.linspace(-1, 1, 201)]).with_extremes(bad=UNKNOWN)
    span = Normalize(-limit, limit) if limit > 0 else Normalize(-1, 1)
    cells = panel.pcolormesh(np.ma.masked_invalid(gaps), cmap=colours, norm=span, edgecolors=SURFACE, linewidth=1.0)
    cells.set_gid(CELL)
    cell, row_height = (sheet.width - 1 - left) / groups, (top - FOOT) / rows
    for column, name in enumerate(table.columns if columns is None else columns):
        head = sheet.label(left + (column + 0.5) * cell, top + 16, ha="center", width=cell - 3)
        head.write(name, SMALL)
    for row, name in enumerate(table.index if labels is None else labels):
        middle = top - (row + 0.5) * row_height
        sheet.label(left - 8, middle, width=left - 10, lines=2 if row_height >= 24 else 1).write(name, SMALL)
        for column in range(groups if cell >= SMALLEST_WITH_NUMBER else 0):
            value = gaps[row, column]
            words = number(value, signed=True) if np.isfinite(value) else NOTHING
            colour = text_on(shade(value, limit))
            sheet.text(left + (column + 0.5) * cell, middle - 3.5, words, ha="center", color=colour, fontsize=TINY)
    _key(sheet, limit, left, language)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return cells


def _key(sheet: Sheet, limit: float, left: float, language: str) -> None:
    """What the colours mean."""
    sheet.text(left - 8, FOOT - 18, text("figure.gap_axis", language), ha="right")
    strip_left, strip_right = left + 36, left + 126
    strip = sheet.panel(strip_left, strip_right, FOOT - 20, FOOT - 10)
    for step in range(21):
        strip.axvspan(step / 21, (step + 1) / 21, color=shade(step / 10 - 1, 1.0), lw=0, gid=CELL)
    strip.set_xlim(0, 1)
    sheet.text(strip_left - 5, FOOT - 18, number(-limit, 1, signed=True), ha="right", color=INK)
    sheet.text(strip_right + 5, FOOT - 18, number(limit, 1, signed=True), ha="left", color=INK)
