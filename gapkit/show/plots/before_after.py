"""Where each dimension stands, and where a scenario takes it: perception before and after beside the expectation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..text import number, plain, text
from .canvas import EXPECTATION, INK, MUTED, PERCEPTION, RULE, SURFACE
from .labels import text_width
from .sheet import SIZE, SMALL, TINY, Sheet, bars, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW = 560.0
HEAD, NARROW_HEAD, FOOT = 34.0, 44.0, 46.0
ROW, NARROW_ROW = 46.0, 60.0
EDGE = 7.0
SHOWN = 0.005
"""Scale points below which a shift that is missing would be shown as 0.00."""


def before_after_height(rows: int, width: float) -> float:
    """The height in points that shows so many rows comfortably at a width.

    Examples
    --------
    >>> before_after_height(5, 800), before_after_height(5, 360)
    (310.0, 390.0)
    """
    if width < NARROW:
        return NARROW_HEAD + FOOT + rows * NARROW_ROW
    return HEAD + FOOT + rows * ROW


def before_after(
    axes: Axes,
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    moves: pd.DataFrame | None = None,
    labels: Sequence[str] | None = None,
    scale: tuple[float, float] = (1, 7),
    language: str = "en",
    source: str = "",
) -> BeforeAfter:
    """Perception of each row before (ring) and after (dot) a scenario, and the expectation as a bar.

    The whole scale is shown. At the right stand the change, where it leads from and to, and, where the end of the
    scale leaves no room for all that was asked, how much was asked.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide; below 560 the layout is that of a telephone.
    before, after : DataFrame
        One row a dimension or item, column P, and E in `before` where there are expectations: as in
        ``gap_scores(survey).dimensions`` and ``gap_scores(apply(survey, scenario)).dimensions``.
    moves : DataFrame, optional
        Columns asked and missing, as `dimension_moves` makes them; None notes no ceiling.
    labels : sequence of str or None
        Names of the rows; the index where None.
    scale : (float, float)
        Lowest and highest answer.
    language : str
        "en", "zh-Hans" or "zh-Hant".
    source : str
        Source line, such as ``gap_scores(after).source``.

    Returns
    -------
    BeforeAfter
        Its `update` puts other numbers of as many rows into the figure.

    Raises
    ------
    ValueError
        A table has no rows or no column P, the tables have different rows, or labels are missing.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> before = pd.DataFrame({"E": [6.0], "P": [4.5]}, index=["empathy"])
    >>> figure, axes = new_figure(640, before_after_height(1, 640))
    >>> drawn = before_after(axes, before, before + 0.5)
    >>> drawn.before.get_xdata().tolist(), drawn.after.get_xdata().tolist()
    ([4.5], [5.0])
    """
    for name, table in (("before", before), ("after", after)):
        if "P" not in table:
            raise ValueError(f"{name} lacks the column P; give a table of gap_scores, such as .dimensions.")
    if len(before) == 0:
        raise ValueError("the tables have no rows, so there is nothing to draw.")
    labels = [str(name) for name in before.index] if labels is None else list(labels)
    if len(labels) != len(before):
        raise ValueError(f"{len(labels)} labels for {len(before)} rows; give one label a row.")
    drawn = BeforeAfter(axes, len(before), scale=scale, labels=labels)
    drawn.update(before, after, moves=moves, labels=labels, language=language, source=source)
    return drawn


class BeforeAfter(Sheet):
    """The artists of a drawn figure, so that other numbers can be put into it.

    Attributes
    ----------
    rows : int
        How many rows there are; `update` takes tables of as many.
    expectations, before, after : Line2D
        The marks; their x data are the numbers given.
    ways, remains : Line2D
        The lines from before to after, and from after to an expectation that is not met.
    """

    def __init__(self, axes: Axes, rows: int, *, scale: tuple[float, float], labels: Sequence[str]) -> None:
        super().__init__(axes)
        self.rows, self.scale = rows, scale
        self.narrow = self.width < NARROW
        self.head = NARROW_HEAD if self.narrow else HEAD
        self.row = (self.height - self.head - FOOT) / rows
        if self.narrow:
            self.label_width, self.left, self.right = self.width - 165.0, EDGE, self.width - 14.0
        else:
            widest = max((text_width(plain(label), SIZE) for label in labels), default=0.0)
            self.label_width = float(np.clip(widest, 80.0, self.width * 0.30))
            self.left, self.right = self.label_width + 20.0, self.width - 168.0
        self._draw_marks()
        self._draw_words()

    def _draw_marks(self) -> None:
        """The whole scale with its ticks, and the marks without their numbers yet."""
        low, high = self.scale
        panel = self.panel(self.left, self.right, FOOT, self.height - self.head)
        panel.set_xlim(low, high)
        shift = 0.27 if self.narrow else 0.0  # in a narrow figure the words stand above the marks
        panel.set_ylim(self.rows - 0.5 - shift, -0.5 - shift)
        # the rules of a narrow figure stop short of the words above each row
        spans = [(row - 0.18, row + 0.18) for row in range(self.rows)] if self.narrow else [(-0.42, self.rows - 0.58)]
        points = np.arange(np.ceil(low), high + 1e-9) if high - low <= 8 else nice_ticks(low, high, 6)
        panel.plot(*posts(points, spans), color=RULE, lw=0.8, zorder=0, clip_on=False)
        for point in points:
            x = self.left + (point - low) / (high - low) * (self.right - self.left)
            self.text(x, FOOT - 14, number(point, decimals(points)), ha="center")
        at, nothing = np.arange(self.rows, dtype=float), np.full(self.rows, np.nan)
        thin: dict[str, Any] = {"color": MUTED, "lw": 1.2, "alpha": 0.6}
        self.remains = panel.plot(nothing, at, clip_on=False, zorder=1, **thin)[0]
        thick: dict[str, Any] = {"color": PERCEPTION, "lw": 4.0, "solid_capstyle": "butt", "alpha": 0.45}
        self.ways = panel.plot(nothing, at, clip_on=False, zorder=1.5, **thick)[0]
        marks = [panel.plot(nothing, at, clip_on=False, **style)[0] for style in _styles()]
        self.before, self.after, self.expectations = marks

    def _draw_words(self) -> None:
        """Labels, printed numbers, legend and headings, without their words yet."""
        self._labels, self._numbers = [], []
        end: float = self.width - 2
        bold: dict[str, Any] = {"ha": "right", "color": INK, "fontsize": SIZE, "weight": "bold"}
        for row in range(self.rows):
            y = self.height - self.head - (row + 0.5) * self.row
            if self.narrow:
                y += self.row / 2 - 15
                self._labels.append(self.label(EDGE - 5, y, ha="left", width=self.label_width))
                note = self.text(end, y - 18, ha="right", fontsize=TINY, color=PERCEPTION)
            else:
                self._labels.append(self.label(self.label_width, y, width=self.label_width))
                note = self.text(end, y - 19, ha="right", fontsize=TINY, color=PERCEPTION)
            change = self.text(end - 92, y - 4, **bold)
            self._numbers.append((change, self.text(end, y - 4, ha="right"), note))
        top = self.height - 14
        self._legend = [self.text(0, top, color=INK) for _ in range(3)]
        self._legend_marks = [self.axes.plot([], [], **style)[0] for style in _styles(small=True)]
        self._heading = self.text(end, top - (20 if self.narrow else 0), color=INK, ha="right")
        self._axis_name = self.text(self.left, FOOT - 29)
        self._source = self.text(2, 4, fontsize=TINY)

    def update(
        self,
        before: pd.DataFrame,
        after: pd.DataFrame,
        *,
        moves: pd.DataFrame | None = None,
        labels: Sequence[str],
        language: str = "en",
        source: str = "",
    ) -> None:
        """Put other numbers into the figure; the artists stay the same objects.

        Parameters
        ----------
        before, after : DataFrame
            As many rows as were drawn, column P, and E in `before` where there are expectations.
        moves : DataFrame, optional
            Columns asked and missing.
        labels : sequence of str
            One a row.
        language, source
            As for `before_after`.
        """
        for table in (before, after, *(() if moves is None else (moves,))):
            if len(table) != self.rows:
                raise ValueError(f"this figure holds {self.rows} rows; draw a new one for {len(table)}.")
        start, end = before["P"].to_numpy(float), after["P"].to_numpy(float)
        expected = before["E"].to_numpy(float) if "E" in before else np.full(self.rows, np.nan)
        at = np.arange(self.rows, dtype=float)
        for artist, values in ((self.expectations, expected), (self.before, start), (self.after, end)):
            artist.set_xdata(values)
        self.ways.set_data(*bars(start, end, at))
        self.remains.set_data(*bars(end, np.where(end < expected, expected, np.nan), at))
        notes = ceiling_notes(moves, language) if moves is not None else [""] * self.rows
        for row, (label, note) in enumerate(zip(labels, notes, strict=True)):
            self._labels[row].write(label)
            change, way, ceiling = self._numbers[row]
            change.set_text(number(end[row] - start[row], signed=True))
            way.set_text(f"{number(start[row])} → {number(end[row])}")
            ceiling.set_text(note)
        self._write_headings(language, expectations=bool(np.isfinite(expected).any()))
        self._source.set_text(fitted(source, self.width - 4, TINY))

    def _write_headings(self, language: str, *, expectations: bool) -> None:
        """Legend and headings in a language; without expectations their mark is not in the legend."""
        x = EDGE
        keys = ["before", "after", "expected"] if expectations else ["before", "after"]
        names = [text(f"before_after.{key}", language) for key in keys]
        for artist, mark, name in zip(self._legend, self._legend_marks, names, strict=False):
            mark.set_data([x + 1], [self.height - 10])
            artist.set(text=name, x=x + 11)
            x += 26 + text_width(name, SMALL)
        if not expectations:
            self._legend[-1].set_text("")
            self._legend_marks[-1].set_data([], [])
        self._heading.set_text(text("before_after.change", language))
        low, high = (f"{point:g}" for point in self.scale)
        self._axis_name.set_text(text("figure.score_axis", language, low=low, high=high))


def ceiling_notes(moves: pd.DataFrame, language: str) -> list[str]:
    """For each row what was asked where the end of the scale leaves less, else an empty text.

    Examples
    --------
    >>> ceiling_notes(pd.DataFrame({"asked": [2.0, 0.5], "missing": [0.55, 0.0]}), "en")
    ['end of scale: +2.00 asked', '']
    """
    return [
        text("before_after.ceiling", language, asked=number(asked, signed=True)) if abs(missing) >= SHOWN else ""
        for asked, missing in zip(moves["asked"], moves["missing"], strict=True)
    ]


def _styles(*, small: bool = False) -> tuple[dict[str, Any], ...]:
    """How before (a ring), after (a dot) and the expectation (an upright bar) look: told apart by form, too."""
    ring = {"marker": "o", "ls": "none", "color": PERCEPTION, "ms": 8, "mfc": SURFACE, "mew": 2.0, "zorder": 2.2}
    dot = {"marker": "o", "ls": "none", "color": PERCEPTION, "ms": 9, "mec": SURFACE, "mew": 1.0, "zorder": 2.4}
    height = 12.0 if small else 19.0
    bar = {"marker": "|", "ls": "none", "color": EXPECTATION, "ms": height, "mew": 3.0, "zorder": 2.3}
    return ring, dot, bar
