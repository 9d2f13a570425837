"""The artists of a gap dumbbell: where they stand, and how other numbers are put into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..text import interval, number, plain, text
from .canvas import EXPECTATION, INK, MUTED, PERCEPTION, RULE, SURFACE
from .labels import text_width
from .sheet import SIZE, SMALL, TINY, Sheet, bars, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW = 560.0
"""Below this width in points a row's label and numbers stand above its marks instead of beside them."""
HEAD, NARROW_HEAD, FOOT = 34.0, 46.0, 52.0
ROW, DENSE_ROW, NARROW_ROW = 50.0, 27.0, 56.0
MANY_ROWS = 8
EDGE = 7.0


class GapDumbbell(Sheet):
    """The artists of a drawn dumbbell, so that other numbers can be put into the same figure.

    Attributes
    ----------
    rows : int
        How many rows there are; `update` takes tables of as many.
    expectations, perceptions, gaps : Line2D
        The marks; their x data are the numbers given.
    joins, intervals : Line2D
        The lines between E and P, and from low to high of the gap.
    """

    def __init__(self, axes: Axes, rows: int, *, scale: tuple[float, float], labels: Sequence[str]) -> None:
        super().__init__(axes)
        self.rows, self.scale = rows, scale
        self.narrow = self.width < NARROW
        self.head = NARROW_HEAD if self.narrow else HEAD
        self.row = (self.height - self.head - FOOT) / rows
        self._columns(labels)
        # the rules of a narrow figure stop short of the words above each row
        self._spans = [(row - 0.2, row + 0.2) for row in range(rows)] if self.narrow else [(-0.42, rows - 0.58)]
        self._scores = self._rows_panel(self.score_left, self.score_right)
        self._gap_panel = self._rows_panel(self.gap_left, self.gap_right)
        self._draw_scores()
        self._draw_gaps()
        self._draw_words()

    def _columns(self, labels: Sequence[str]) -> None:
        """Where the columns begin and end, in points."""
        if self.narrow:
            self.label_width = self.width - 155.0
            self.score_left, self.score_right = EDGE, self.width * 0.58
            self.gap_left, self.gap_right = self.width * 0.58 + 26, self.width - 14
            return
        widest = max((text_width(plain(label), SIZE) for label in labels), default=0.0)
        self.label_width = float(np.clip(widest, 80.0, self.width * 0.30))
        self.score_left = self.label_width + 20.0
        self.gap_right = self.width - 142.0
        gutter = 36.0
        self.score_right = self.score_left + (self.gap_right - self.score_left - gutter) * 0.6
        self.gap_left = self.score_right + gutter

    def _middle(self, row: int) -> float:
        """The height of a row's middle, in points."""
        return self.height - self.head - (row + 0.5) * self.row

    def _rows_panel(self, left: float, right: float) -> Axes:
        """A panel whose y counts rows from the top; in a narrow figure a row's marks stand in its lower half."""
        panel = self.panel(left, right, FOOT, self.height - self.head)
        shift = 0.24 if self.narrow else 0.0
        panel.set_ylim(self.rows - 0.5 - shift, -0.5 - shift)
        return panel

    def _draw_scores(self) -> None:
        """The left panel: the whole scale, E and P joined."""
        low, high = self.scale
        self._scores.set_xlim(low, high)
        points = np.arange(np.ceil(low), high + 1e-9) if high - low <= 8 else nice_ticks(low, high, 6)
        self._scores.plot(*posts(points, self._spans), color=RULE, lw=0.8, zorder=0, clip_on=False)
        for point in points:
            x = self.score_left + (point - low) / (high - low) * (self.score_right - self.score_left)
            self.text(x, FOOT - 14, number(point, decimals(points)), ha="center")
        at, nothing = np.arange(self.rows, dtype=float), np.full(self.rows, np.nan)
        join: dict[str, Any] = {"color": MUTED, "lw": 2.4, "solid_capstyle": "butt", "alpha": 0.45}
        self.joins = self._scores.plot(nothing, at, clip_on=False, **join)[0]
        expected, perceived = _dot_styles()
        self.expectations = self._scores.plot(nothing, at, clip_on=False, **expected)[0]
        self.perceptions = self._scores.plot(nothing, at, clip_on=False, **perceived)[0]

    def _draw_gaps(self) -> None:
        """The right panel: zero, the gap and its interval."""
        at, nothing = np.arange(self.rows, dtype=float), np.full(self.rows, np.nan)
        self._gap_rules = self._gap_panel.plot([], [], color=RULE, lw=0.8, zorder=0, clip_on=False)[0]
        self._gap_panel.plot(*posts(np.zeros(1), self._spans), color=INK, lw=1.0, zorder=1, clip_on=False)
        bar: dict[str, Any] = {"color": MUTED, "lw": 9.0, "solid_capstyle": "butt", "alpha": 0.5}
        self.intervals = self._gap_panel.plot(nothing, at, clip_on=False, **bar)[0]
        self.gaps = self._gap_panel.plot(nothing, at, "|", color=INK, ms=14.0, mew=2.0, ls="none", clip_on=False)[0]
        self._gap_ticks = [self.text(0, FOOT - 14, ha="center") for _ in range(7)]

    def _draw_words(self) -> None:
        """Labels, printed numbers, legend and headings, without their words yet."""
        self._labels, self._numbers = [], []
        end: float = self.width - 2
        bold: dict[str, Any] = {"ha": "right", "color": INK, "fontsize": SIZE, "weight": "bold"}
        for row in range(self.rows):
            y = self._middle(row)
            if self.narrow:
                y += self.row / 2 - 17
                self._labels.append(self.label(EDGE - 5, y, ha="left", width=self.label_width))
            else:
                lines = 2 if self.row >= 25 else 1
                self._labels.append(self.label(self.label_width, y, width=self.label_width, lines=lines))
            self._numbers.append((self.text(end - 92, y - 4, **bold), self.text(end, y - 4, ha="right")))
        top = self.height - 14
        self._legend = [self.text(0, top, color=INK) for _ in range(2)]
        self._legend_marks = [self.axes.plot([], [], **style)[0] for style in _dot_styles()]
        # a narrow figure has its second heading on a line of its own, held at the right edge
        right, below = (end, 20) if self.narrow else (self.gap_left, 0)
        ha = "right" if self.narrow else "left"
        self._gap_heading = self.text(right, top - below, color=INK, ha=ha)
        self._axis_names = [self.text(self.score_left, FOOT - 29), self.text(right, FOOT - 29, ha=ha)]
        self._source = self.text(2, 4, fontsize=TINY)

    def update(
        self,
        table: pd.DataFrame,
        *,
        labels: Sequence[str],
        language: str = "en",
        confidence: float = 0.95,
        source: str = "",
    ) -> None:
        """Put other numbers into the figure; the artists stay the same objects.

        Parameters
        ----------
        table : DataFrame
            As many rows as were drawn, columns E, P, gap, low, high.
        labels : sequence of str
            One a row.
        language, confidence, source
            As for `gap_dumbbell`.
        """
        if len(table) != self.rows:
            raise ValueError(f"this figure holds {self.rows} rows; draw a new one for {len(table)}.")
        expected, perceived, gap, low, high = (table[name].to_numpy(float) for name in ("E", "P", "gap", "low", "high"))
        at = np.arange(self.rows, dtype=float)
        self.expectations.set_xdata(expected)
        self.perceptions.set_xdata(perceived)
        self.joins.set_data(*bars(expected, perceived, at))
        self.gaps.set_xdata(gap)
        self.intervals.set_data(*bars(low, high, at))
        self._write_gap_axis(np.concatenate([gap, low, high, [0.0]]))
        for row, label in enumerate(labels):
            self._labels[row].write(label)
            self._numbers[row][0].set_text(number(gap[row], signed=True))
            self._numbers[row][1].set_text(interval(low[row], high[row]))
        self._write_headings(language, confidence)
        self._source.set_text(fitted(source, self.width - 4, TINY))

    def _write_gap_axis(self, reach: np.ndarray) -> None:
        """Limits and ticks of the right panel: zero is always inside."""
        low, high = float(np.nanmin(reach)), float(np.nanmax(reach))
        margin = 0.06 * max(high - low, 0.1)
        low, high = low - margin, high + margin
        self._gap_panel.set_xlim(low, high)
        ticks = nice_ticks(low, high, int(np.clip((self.gap_right - self.gap_left) / 34, 2, 7)))
        self._gap_rules.set_data(*posts(ticks, self._spans))
        for place, artist in enumerate(self._gap_ticks):
            artist.set_text(number(ticks[place], decimals(ticks), signed=True) if place < len(ticks) else "")
            if place < len(ticks):
                share = (ticks[place] - low) / (high - low)
                artist.set_x(self.gap_left + share * (self.gap_right - self.gap_left))

    def _write_headings(self, language: str, confidence: float) -> None:
        """Legend and headings in a language."""
        x = EDGE if self.narrow else self.score_left
        names = [text("figure.expectation", language), text("figure.perception", language)]
        for artist, mark, name in zip(self._legend, self._legend_marks, names, strict=True):
            mark.set_data([x + 1], [self.height - 10])
            artist.set(text=name, x=x + 11)
            x += 28 + text_width(name, SMALL)
        level = f"{100 * confidence:g}"
        self._gap_heading.set_text(text("figure.gap_with_interval", language, level=level))
        low, high = (f"{point:g}" for point in self.scale)
        self._axis_names[0].set_text(text("figure.score_axis", language, low=low, high=high))
        self._axis_names[1].set_text(text("figure.gap_axis", language))


def _dot_styles() -> tuple[dict[str, Any], dict[str, Any]]:
    """How E (a ring) and P (a filled dot) look: told apart by form as well as by colour."""
    ring = {"marker": "o", "ls": "none", "color": EXPECTATION, "ms": 8, "mfc": SURFACE, "mew": 2.2}
    return ring, {"marker": "o", "ls": "none", "color": PERCEPTION, "ms": 9, "mec": SURFACE, "mew": 1.0}
