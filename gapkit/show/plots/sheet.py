"""Axes used as a sheet of paper measured in points, with panels that hold the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..text import plain
from .canvas import INK, MUTED, families
from .labels import wrap
from .lettering import line_class, words_class

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE, SMALL, TINY = 12.0, 11.0, 10.0
"""Font sizes in points: row labels, axes and legends, source line."""

DROP = {"baseline": 0.0, "center": 0.36, "top": 0.76, "bottom": -0.22}
"""How far below a point the baseline of a text lies that is set on, around, under or above it, in font sizes."""


class Sheet:
    """The whole area of axes, in points from the lower left corner.

    Parameters
    ----------
    axes : Axes
        Given by the caller; its own frame is hidden. Whatever the figure's resolution, 12 points stay 12 points.
    """

    def __init__(self, axes: Axes) -> None:
        figure = axes.get_figure(root=True)
        if figure is None:
            raise ValueError("these axes belong to no figure; make them with plt.subplots() or new_figure().")
        box = axes.get_window_extent()
        self.axes = axes
        self.width, self.height = box.width * 72 / figure.dpi, box.height * 72 / figure.dpi
        axes.set_axis_off()
        axes.set_xlim(0, self.width)
        axes.set_ylim(0, self.height)

    def text(self, x: float, y: float, words: str = "", **style: Any) -> Any:
        """A line of text; never read as mathematics, whatever dollar signs a label holds."""
        # above the panels, which matplotlib draws at 5
        style = {"fontsize": SMALL, "color": MUTED, "zorder": 6, "transform": self.axes.transData, **style}
        y -= DROP[style.pop("va", "baseline")] * style["fontsize"]
        line = line_class()(x, y, words, parse_math=False, family=families(), **style)
        return self.axes.add_artist(line)

    def words(self, places: np.ndarray, fontsize: float) -> Any:
        """One artist for many short words, centred above places (n x 2, in points); see `lettering.words_class`."""
        words = words_class()(places, fontsize=fontsize, family=families())
        words.set(zorder=6, transform=self.axes.transData)
        return self.axes.add_artist(words)

    def label(self, x: float, middle: float, *, ha: str = "right", width: float, lines: int = 2) -> Label:
        """A row's name around a height, to be written and written again."""
        return Label([self.text(x, middle, ha=ha, color=INK) for _ in range(lines)], middle, width)

    def panel(self, left: float, right: float, bottom: float, top: float) -> Axes:
        """Frameless axes on a part of the sheet, for data in their own units."""
        size = (left / self.width, bottom / self.height, (right - left) / self.width, (top - bottom) / self.height)
        panel = self.axes.inset_axes(size)
        panel.set_axis_off()
        return panel


class Label:
    """One or two lines of text around a height; one artist a line, so that a browser aligns each by itself."""

    def __init__(self, artists: list[Any], middle: float, width: float) -> None:
        self.artists, self.middle, self.width = artists, middle, width

    def write(self, words: object, size: float = SIZE) -> None:
        """Write a name that may come from a file: made plain, broken where too wide, at last cut."""
        lines = wrap(plain(words), self.width, size, lines=1)
        if lines[0].endswith("…") and len(self.artists) > 1:
            size = min(size, SMALL)
            lines = wrap(plain(words), self.width, size, lines=len(self.artists))
        # baselines: the block of lines stands centred on the middle
        step = size * 1.15
        first = self.middle - 0.36 * size + step * (len(lines) - 1) / 2
        for place, artist in enumerate(self.artists):
            artist.set(text=lines[place] if place < len(lines) else "", fontsize=size, y=first - place * step)


def nice_ticks(low: float, high: float, at_most: int = 5) -> np.ndarray:
    """Round numbers inside a range.

    Examples
    --------
    >>> nice_ticks(-1.7, 0.1).tolist()
    [-1.5, -1.0, -0.5, 0.0]
    """
    for exponent in range(-3, 4):
        for digit in (1, 2, 2.5, 5):
            step = digit * 10.0**exponent
            first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
            if last - first + 1 <= at_most:
                return np.arange(first, last + 1) * step + 0.0
    return np.array([0.0])


def decimals(ticks: np.ndarray) -> int:
    """How many decimals tell the ticks apart.

    Examples
    --------
    >>> decimals(np.array([-1.5, -1.0])), decimals(np.array([1.0, 2.0]))
    (1, 0)
    """
    return next((digits for digits in range(3) if np.allclose(ticks, np.round(ticks, digits))), 3)


def bars(start: np.ndarray, end: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Horizontal segments as one line with breaks: quicker to draw and to move than a line for each."""
    return np.column_stack([start, end, np.full_like(start, np.nan)]).ravel(), np.repeat(at, 3)


def posts(x: np.ndarray, spans: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Vertical segments, one at each x over each span of y, as one line with breaks."""
    y = np.concatenate([[low, high, np.nan] for low, high in spans] or [[]])
    return np.repeat(x, 3 * len(spans)), np.tile(y, len(x))


def fitted(words: str, width: float, size: float) -> str:
    """A text on one line, cut where it is too wide."""
    return wrap(plain(words, 300), width, size, lines=1)[0]
