"""Kano's map: how much an attribute pleases where it is there, against how much it hurts where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..text import number, text
from .canvas import BLUE, GREEN, INK, MUTED, RULE, SURFACE, VERMILLION
from .driver_words import names_of
from .label_places import label_places
from .labels import text_width
from .sheet import SMALL, TINY, Sheet, bars, fitted, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...explain.kano import Kano

Floats = NDArray[np.floating]

NARROW = 620.0
LEFT, HEAD, FOOT = 34.0, 28.0, 70.0
LIST, LINE, COLUMN = 264.0, 16.0, 40.0
"""Usual width of the list of names beside the map, height of one of its lines, width of its columns of numbers."""
STYLE = {
    "A": ("^", BLUE),
    "O": ("o", GREEN),
    "M": ("s", VERMILLION),
    "I": ("D", MUTED),
    "R": ("v", INK),
    "Q": ("X", INK),
}
CORNERS = {"A": (0, 1), "O": (1, 1), "M": (1, 0), "I": (0, 0)}
"""Which category lies where: dissatisfaction to the right, satisfaction upward."""
TICKS = np.linspace(0, 1, 5)


def kano_height(rows: int, width: float) -> float:
    """The height in points that shows so many attributes comfortably at a width.

    Examples
    --------
    >>> kano_height(5, 760), kano_height(5, 360)
    (534.0, 506.0)
    """
    if width < NARROW:
        return HEAD + FOOT + (width - LEFT - 14) + LINE * (rows + 1)
    return HEAD + FOOT + max(min(width - LIST - LEFT - 26, 470.0), LINE * rows - 34)


def kano_map(
    axes: Axes,
    found: Kano,
    *,
    labels: Sequence[str] | None = None,
    language: str = "en",
    source: str = "",
) -> Floats:
    """Every attribute by its satisfaction and dissatisfaction coefficient, numbered, with the names beside the map.

    Mark and colour say the category from the evaluation table; a hollow mark is one that Fong's test does not tell from
    the runner-up. Thin lines are the coefficients' intervals. The lines at one half cut the map in four as custom has
    it; a category is the most frequent answer, so that a mark may lie in another quarter.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide; below 620 the names stand below the map.
    found : Kano
    labels : sequence of str or None
        Names of the attributes; the index where None.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    array, (attributes x 2)
        Where each mark stands: minus the dissatisfaction coefficient, and the satisfaction coefficient.

    Raises
    ------
    ValueError
        The labels are not as many as the attributes.

    References
    ----------
    .. [1] Berger, C., et al. (1993). Kano's methods for understanding customer-defined quality. Center for Quality
       Management Journal, 2(4), 3-36.

    Examples
    --------
    >>> import pandas as pd, gapkit as gk
    >>> from gapkit.show.plots import new_figure
    >>> counts = pd.DataFrame({"M": [95], "O": [123], "A": [45], "I": [33]}, index=["app"])
    >>> figure, axes = new_figure(640, kano_height(1, 640))
    >>> kano_map(axes, gk.kano_from_counts(counts)).round(3).tolist()
    [[0.736, 0.568]]
    """
    table = found.coefficients
    names = names_of(table.index, labels)
    sheet = Sheet(axes)
    narrow = sheet.width < NARROW
    bottom = FOOT + LINE * (len(names) + 1) * narrow
    widest = max(text_width(name, TINY) for name in names) + 36 + 2 * COLUMN
    aside = float(np.clip(widest, 180, sheet.width * 0.42))
    right = sheet.width - 14 if narrow else sheet.width - aside - 26
    box = (LEFT, bottom, right, sheet.height - HEAD)
    at = np.column_stack([-table["dissatisfaction"], table["satisfaction"]])
    kinds = [str(kind) for kind in found.categories["category"]]
    sure = found.fong["significant"].to_numpy(bool)
    panel = sheet.panel(box[0], box[2], box[1], box[3])
    panel.set_xlim(0, 1)
    panel.set_ylim(0, 1)
    taken = _frame(sheet, panel, box, language)
    _intervals(panel, found, at, kinds)
    for kind, (mark, colour) in STYLE.items():
        for filled in (True, False):
            here = np.array([own == kind for own in kinds]) & (sure == filled)
            face = colour if filled else SURFACE
            panel.plot(*at[here].T, mark, ls="none", ms=8, mfc=face, mec=colour, mew=1.6, zorder=4, clip_on=False)
    size = np.array([box[2] - box[0], box[3] - box[1]])
    _numbers(sheet, np.array(box[:2]) + at * size, box, taken)
    x = 6.0 if narrow else right + 22
    _list(sheet, names, at, kinds, sure, x, bottom - 48 if narrow else sheet.height - HEAD - 12)
    _words(sheet, found, box, language, source)
    return at


def _frame(sheet: Sheet, panel: Axes, box: tuple[float, float, float, float], language: str) -> Floats:
    """Grid, the lines at one half, numbers, and the quarters' names; the boxes that the names take."""
    panel.plot(*posts(TICKS, [(0, 1)]), color=RULE, lw=0.8, zorder=0)
    panel.plot(*bars(np.zeros(5), np.ones(5), TICKS), color=RULE, lw=0.8, zorder=0)
    panel.plot([0, 1, np.nan, 0.5, 0.5], [0.5, 0.5, np.nan, 0, 1], color=MUTED, lw=1.1, ls=(0, (4, 2)), zorder=1)
    for tick in TICKS:
        shown = number(tick, 2)
        sheet.text(box[0] + tick * (box[2] - box[0]), box[1] - 14, shown, ha="center", fontsize=TINY)
        sheet.text(box[0] - 5, box[1] + tick * (box[3] - box[1]) - 4, shown, ha="right", fontsize=TINY)
    taken = []
    for kind, (east, north) in CORNERS.items():
        words = fitted(text(f"driver_figures.kano_{kind}", language), (box[2] - box[0]) / 2 - 12, SMALL)
        x, y = (box[2] - 6 if east else box[0] + 6), (box[3] - 15 if north else box[1] + 6)
        sheet.text(x, y, words, ha="right" if east else "left", color=STYLE[kind][1], weight="bold")
        wide = text_width(words, SMALL)
        taken.append((x - wide * east - 2, y - 3, x + wide * (1 - east) + 2, y + 11))
    return np.array(taken)


def _intervals(panel: Axes, found: Kano, at: Floats, kinds: list[str]) -> None:
    """The intervals of both coefficients as a thin cross."""
    table = found.coefficients
    low, high = -table["dissatisfaction_high"].to_numpy(), -table["dissatisfaction_low"].to_numpy()
    down, up = table["satisfaction_low"].to_numpy(), table["satisfaction_high"].to_numpy()
    for kind, (_, colour) in STYLE.items():
        here = np.array([own == kind for own in kinds])
        style: dict[str, Any] = {"color": colour, "lw": 0.9, "alpha": 0.32, "zorder": 2}
        panel.plot(*bars(low[here], high[here], at[here, 1]), **style)
        panel.plot(*bars(down[here], up[here], at[here, 0])[::-1], **style)


def _numbers(sheet: Sheet, marks: Floats, box: tuple[float, float, float, float], taken: Floats) -> None:
    """Each mark's number near it, with a thin line where it had to go further away."""
    shown = [str(place + 1) for place in range(len(marks))]
    sizes = np.array([[text_width(one, SMALL), SMALL] for one in shown])
    places = label_places(marks, sizes, bounds=box, taken=taken)
    for one, mark, place, size in zip(shown, marks, places, sizes, strict=True):
        end = np.clip(mark, place - size / 2, place + size / 2)
        if np.hypot(*(mark - end)) > 12:
            sheet.axes.plot(*np.array([mark, end]).T, color=MUTED, lw=0.7, zorder=5.5)
        sheet.text(place[0], place[1] - 0.36 * SMALL, one, ha="center", color=INK)


def _list(
    sheet: Sheet, names: Sequence[str], at: Floats, kinds: Sequence[str], sure: NDArray[np.bool_],
    x: float, y: float,
) -> None:  # fmt: skip
    """The attributes by number: mark, name, and both coefficients."""
    right = sheet.width - 2
    sheet.text(right - COLUMN, y, "CS+", ha="right", fontsize=TINY)
    sheet.text(right, y, "CS\N{MINUS SIGN}", ha="right", fontsize=TINY)
    for place, (name, kind, own) in enumerate(zip(names, kinds, sure, strict=True)):
        line = y - LINE * (place + 1)
        mark, colour = STYLE[kind]
        face = colour if own else SURFACE
        sheet.axes.plot([x + 20], [line + 3.8], mark, ms=6, mfc=face, mec=colour, mew=1.3)
        sheet.text(x + 12, line, str(place + 1), ha="right", fontsize=TINY)
        room = right - x - 36 - 2 * COLUMN + 14
        sheet.text(x + 30, line, fitted(name, room, TINY), color=INK, fontsize=TINY)
        sheet.text(right - COLUMN, line, number(at[place, 1]), ha="right", fontsize=TINY)
        sheet.text(right, line, number(-at[place, 0]), ha="right", fontsize=TINY)


def _words(sheet: Sheet, found: Kano, box: tuple[float, float, float, float], language: str, source: str) -> None:
    """Names of the axes, the key and the source line."""
    top = text("driver_figures.kano_up", language)
    sheet.text(2, sheet.height - 16, fitted(f"↑ {top}", sheet.width - 4, SMALL), color=INK)
    along = text("driver_figures.kano_across", language)
    sheet.text(box[2], box[1] - 30, fitted(f"{along} →", box[2] - 4, SMALL), ha="right", color=INK)
    words = text("driver_figures.kano_key", language, level=f"{100 * found.confidence:g}")
    sheet.text(2, 20, fitted(words, sheet.width - 4, TINY), fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
