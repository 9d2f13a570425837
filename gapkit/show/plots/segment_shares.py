"""Who is in which segment: a cross table whose cells are coloured by share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..text import NOTHING, percent, text
from .canvas import CELL, INK, SURFACE
from .heat import UNKNOWN, text_on
from .sheet import SMALL, TINY, Sheet, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh

LIGHT, DARK = "#f1eeea", "#00507f"
HEAD, FOOT, ROW, SECTION = 44.0, 40.0, 25.0, 26.0


def share_heat_height(rows: int, sections: int) -> float:
    """The height in points that shows so many rows under so many headings comfortably.

    Examples
    --------
    >>> share_heat_height(6, 2)
    286.0
    """
    return HEAD + FOOT + ROW * rows + SECTION * sections


def share_heat(
    axes: Axes,
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    sections: Mapping[str, str] | None = None,
    language: str = "en",
    source: str = "",
) -> list[QuadMesh]:
    """Shares of values (rows) in segments (columns): the darker a cell, the more of the segment's members it holds.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    table : DataFrame
        Index (column, value), one column a segment: shares that add up to 1 inside each column of the survey, such as
        ``segment_profiles(...).demographics["share"].unstack("segment")``. NaN, a cell too small to show, has a dash.
    names : dict, optional
        What the segments are called.
    sections : dict, optional
        What the survey's columns are called.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of QuadMesh
        One for each of the survey's columns; their arrays hold the shares given.

    Raises
    ------
    ValueError
        An empty table.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> index = pd.MultiIndex.from_tuples([("purpose", "business"), ("purpose", "family")])
    >>> figure, axes = new_figure(500, share_heat_height(2, 1))
    >>> cells = share_heat(axes, pd.DataFrame({"S1": [0.25, 0.75]}, index=index))
    >>> cells[0].get_array().ravel().tolist()
    [0.25, 0.75]
    """
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    if table.empty:
        raise ValueError("the table has no cells, so there is nothing to draw.")
    sheet = Sheet(axes)
    heads = [str(name) for name in table.columns] if names is None else [names[name] for name in table.columns]
    colours = LinearSegmentedColormap.from_list("shares", [LIGHT, DARK]).with_extremes(bad=UNKNOWN)
    left = float(np.clip(sheet.width * 0.34, 96, 240))
    wide, y, drawn = (sheet.width - 1 - left) / table.shape[1], sheet.height - HEAD, []
    for place, name in enumerate(heads):
        sheet.label(left + (place + 0.5) * wide, y + 20, ha="center", width=wide - 4, lines=3).write(name, SMALL)
    for column in table.index.get_level_values(0).unique():
        part = table.loc[[column]]
        title = str(column) if sections is None else sections[column]
        sheet.text(4, y - 18, fitted(title, sheet.width - 8, SMALL), color=INK, weight="bold")
        y -= SECTION
        bottom = y - ROW * len(part)
        panel = sheet.panel(left, sheet.width - 1, bottom, y)
        panel.set_xlim(0, table.shape[1])
        panel.set_ylim(len(part), 0)
        shares = part.to_numpy(float)
        cells = np.ma.masked_invalid(shares)
        drawn.append(panel.pcolormesh(cells, cmap=colours, norm=Normalize(0, 1), edgecolors=SURFACE, linewidth=1.0))
        drawn[-1].set_gid(CELL)
        for row, value in enumerate(part.index.get_level_values(1)):
            middle = y - (row + 0.5) * ROW
            sheet.label(left - 8, middle, width=left - 14, lines=1).write(value, SMALL)
            for cell, share in enumerate(shares[row]):
                words = percent(share) if np.isfinite(share) else NOTHING
                colour = text_on(_hex(colours(share)) if np.isfinite(share) else UNKNOWN)
                sheet.text(left + (cell + 0.5) * wide, middle - 3.5, words, ha="center", color=colour, fontsize=TINY)
        y = bottom
    sheet.text(left, FOOT - 20, fitted(text("segments.share_key", language), sheet.width - left, TINY), fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return drawn


def _hex(colour: tuple[float, ...]) -> str:
    """A colour as a hexadecimal code."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour[:3])
