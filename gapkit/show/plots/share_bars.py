"""Shares as bars, one row each: how robust a priority is, and how often an action is in the best plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..text import percent, plain, text
from .canvas import BLUE, INK, RULE
from .labels import text_width
from .sheet import SIZE, SMALL, TINY, Sheet, fitted, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW = 560.0
HEAD, NARROW_HEAD, FOOT, ROW, NARROW_ROW = 30.0, 48.0, 48.0, 26.0, 40.0
TALL_ROW = 34.0
"""Where names take two lines."""
VALUE_WIDTH = 46.0
LIGHT = 0.4


class ShareRow(NamedTuple):
    """One row: name, share, the part of it that is drawn solid, words at the right edge, and how it looks."""

    name: str
    share: float
    solid: float
    beside: str
    colour: str = BLUE
    bold: bool = False


class KeyEntry(NamedTuple):
    """What a colour means."""

    words: str
    colour: str
    solid: bool


def shares_height(rows: int, width: float, *, lines: int = 1) -> float:
    """The height in points that shows so many rows, with names of one line or two, comfortably at a width.

    Examples
    --------
    >>> shares_height(5, 640), shares_height(5, 340)
    (208.0, 296.0)
    """
    if width < NARROW:
        return NARROW_HEAD + FOOT + rows * NARROW_ROW
    return HEAD + FOOT + rows * (ROW if lines == 1 else TALL_ROW)


def share_bars(
    axes: Axes, rows: Sequence[ShareRow], *, key: Sequence[KeyEntry], head: str, note: str = "", source: str = ""
) -> None:
    """Rows of bars from 0 to 100 %, the share printed beside each.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    rows : sequence of ShareRow
    key : sequence of KeyEntry
    head : str
        What stands at the right edge of each row.
    note, source : str
        The two lines below.
    """
    sheet = Sheet(axes)
    narrow = sheet.width < NARROW
    top = sheet.height - (NARROW_HEAD if narrow else HEAD)
    beside = max([text_width(row.beside, SMALL) for row in rows] + [text_width(head, TINY)]) + 8
    widest = max((text_width(row.name, SIZE) for row in rows), default=0.0)
    label_width = sheet.width - 8 if narrow else float(np.clip(widest, 90, sheet.width * 0.45))
    left, right = (4.0 if narrow else label_width + 16), sheet.width - beside - VALUE_WIDTH
    panel = sheet.panel(left, right, FOOT, top)
    panel.set_xlim(0, 1)
    panel.set_ylim(0, top - FOOT)
    row_height = (top - FOOT) / max(len(rows), 1)
    for place, row in enumerate(rows):
        middle = top - (place + 0.5) * row_height
        bar = middle - 9 * narrow
        y = bar - FOOT
        panel.plot(*posts(np.array([0.0, 1.0]), [(y - 9, y + 9)]), color=RULE, lw=0.8, zorder=0)
        panel.plot([0, row.share], [y, y], color=row.colour, lw=11, alpha=LIGHT, solid_capstyle="butt", zorder=2)
        panel.plot([0, row.solid], [y, y], color=row.colour, lw=11, solid_capstyle="butt", zorder=3)
        if narrow:
            sheet.label(4, middle + 10, ha="left", width=label_width, lines=1).write(row.name)
        else:
            sheet.label(label_width + 6, middle, width=label_width).write(row.name)
        weight = "bold" if row.bold else "normal"
        shown = percent(row.share)
        sheet.text(right + VALUE_WIDTH - 4, bar - 4, shown, ha="right", color=INK, fontsize=SIZE, weight=weight)
        sheet.text(sheet.width - 2, bar - 4, row.beside, ha="right")
    _head(sheet, key, head, narrow)
    sheet.text(2, 22, fitted(note, sheet.width - 4, TINY), fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)


def _head(sheet: Sheet, key: Sequence[KeyEntry], head: str, narrow: bool) -> None:
    """What the colours mean, and the name of the right column; below each other where it is narrow."""
    x, y = 2.0, sheet.height - 14
    for entry in key:
        alpha = 1.0 if entry.solid else LIGHT
        sheet.axes.plot([x, x + 12], [y, y], color=entry.colour, lw=9, solid_capstyle="butt", alpha=alpha)
        sheet.text(x + 17, y - 4, entry.words, color=INK)
        x += 30 + text_width(entry.words, SMALL)
    sheet.text(sheet.width - 2, y - (22 if narrow else 4), head, ha="right", fontsize=TINY)


def priority_robustness(
    axes: Axes,
    table: pd.DataFrame,
    *,
    choices: int,
    labels: Mapping[str, str] | None = None,
    language: str = "en",
    source: str = "",
) -> list[ShareRow]:
    """In how many of the defensible choices each dimension or item is among the first three priorities.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area; below 560 points wide each name stands above its bar.
    table : DataFrame
        ``priorities(...).dimensions`` or ``.items``, or a part of it; the rows are drawn most robust first.
    choices : int
        How many combinations of choices there were, ``len(priorities(...).dimension_ranks)``.
    labels : mapping, optional
        Names of the rows.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of ShareRow
        From the top.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> shares = {"first": [0.0, 1.0], "top_three": [0.5, 1.0], "best": [2, 1], "worst": [4, 1]}
    >>> figure, axes = new_figure(480, shares_height(2, 480))
    >>> table = pd.DataFrame(shares, index=["empathy", "reliability"])
    >>> [row.name for row in priority_robustness(axes, table, choices=64)]
    ['reliability', 'empathy']
    """
    ordered = table.sort_values(["top_three", "first"], ascending=False, kind="stable")
    rows = [
        ShareRow(
            plain((labels or {}).get(str(id), id)),
            float(row["top_three"]),
            float(row["first"]),
            rank_range(row["best"], row["worst"]),
            bold=bool(row["top_three"] >= 1),
        )
        for id, row in zip(ordered.index, ordered.to_dict("records"), strict=True)
    ]
    said = {name: text(f"robustness.{name}", language) for name in ("top_three", "first", "ranks")}
    key = [KeyEntry(said["top_three"], BLUE, False), KeyEntry(said["first"], BLUE, True)]
    note = text("robustness.note", language, choices=choices)
    share_bars(axes, rows, key=key, head=said["ranks"], note=note, source=source)
    return rows


def rank_range(best: float, worst: float) -> str:
    """From the best to the worst rank; equal priorities share the mean of their ranks.

    Examples
    --------
    >>> rank_range(2, 4.5), rank_range(1, 1)
    ('2–4.5', '1')
    """
    return f"{best:g}" if best == worst else f"{best:g}–{worst:g}"
