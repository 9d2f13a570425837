"""What goes with a scenario: the predicted change of each target of an outcome, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..text import interval, number, text
from .before_after_words import Measure, extrapolation_words, measures
from .canvas import BLUE, INK, MUTED, RULE, VERMILLION
from .labels import text_width, wrap
from .sheet import SIZE, TINY, Sheet, bars, decimals, fitted, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...decide.outlook import Outlook

NARROW = 560.0
HEAD, FOOT, ROW, NARROW_ROW = 32.0, 54.0, 58.0, 78.0
EDGE = 7.0
STEPS = (1.0, 2.0, 5.0)
BELOW = 0.5
"""The axes reach half as far below zero as above: zero stands at one place in every row."""


def outlook_height(rows: int, width: float) -> float:
    """The height in points that shows so many targets comfortably at a width.

    Examples
    --------
    >>> outlook_height(3, 800), outlook_height(3, 360)
    (260.0, 320.0)
    """
    return HEAD + FOOT + rows * (NARROW_ROW if width < NARROW else ROW)


def outlook_forest(axes: Axes, outlook: Outlook, *, language: str = "en", source: str = "") -> OutlookForest:
    """The predicted change of the mean, of the share in the top two boxes and, from 0 to 10, of the NPS.

    Each row has an axis of its own units, with zero at one place for all. A bar leads from zero to the prediction,
    the line is its interval. An axis shows at least a twentieth of the outcome's scale and grows in steps, so that it
    holds still under a slider. An extrapolation is said in words below.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide; below 560 the layout is that of a telephone.
    outlook : Outlook
    language : str
        "en", "zh-Hans" or "zh-Hant".
    source : str
        Source line.

    Returns
    -------
    OutlookForest
        Its `update` puts another outlook of the same outcome into the figure.

    Examples
    --------
    >>> import gapkit as gk
    >>> from gapkit.show.plots import new_figure
    >>> result = gk.outlook(gk.datasets.load("hotel"), gk.Scenario({"reliability": 0.4}), draws=50)
    >>> figure, axes = new_figure(640, outlook_height(3, 640))
    >>> len(outlook_forest(axes, result).limits)
    3
    """
    drawn = OutlookForest(axes, outlook, language=language)
    drawn.update(outlook, language=language, source=source)
    return drawn


class OutlookForest(Sheet):
    """The artists of a drawn outlook.

    Attributes
    ----------
    rows : int
        How many targets there are; `update` takes outlooks of as many.
    limits : array
        How far each row's axis reaches above zero, in the row's units.
    bars, intervals : Line2D
        From zero to the prediction, and from low to high; x data are shares of `limits`.
    """

    def __init__(self, axes: Axes, outlook: Outlook, *, language: str = "en") -> None:
        super().__init__(axes)
        self.rows = len(outlook.change)
        self.narrow = self.width < NARROW
        self.row = (self.height - HEAD - FOOT) / self.rows
        self.limits = np.ones(self.rows)
        if self.narrow:
            self.label_width, self.left, self.right = self.width - 165.0, EDGE + 8, self.width - 20.0
        else:
            names = [measure.name for measure in measures(outlook, language)]
            widest = max(text_width(name, SIZE) for name in names)
            self.label_width = float(np.clip(widest, 80.0, self.width * 0.30))
            self.left, self.right = self.label_width + 28.0, self.width - 168.0
        self._draw_marks()
        self._draw_words()

    def _middle(self, row: int) -> float:
        """The height of a row's marks above the lower edge."""
        middle = self.height - HEAD - (row + 0.5) * self.row
        return middle - 6 if self.narrow else middle + 7

    def _draw_marks(self) -> None:
        """Zero, the ticks, and the marks without their numbers yet."""
        panel = self.panel(self.left, self.right, FOOT, self.height - HEAD)
        panel.set_xlim(-BELOW, 1)
        panel.set_ylim(FOOT, self.height - HEAD)
        middles = np.array([self._middle(row) for row in range(self.rows)])
        spans = [(middle - 13, middle + 13) for middle in middles]
        panel.plot(*posts(np.array([-BELOW, BELOW, 1.0]), spans), color=RULE, lw=0.8, zorder=0, clip_on=False)
        panel.plot(*posts(np.zeros(1), spans), color=INK, lw=1.2, zorder=1, clip_on=False)
        nothing = np.full(self.rows, np.nan)
        bar: dict[str, Any] = {"color": BLUE, "lw": 11.0, "solid_capstyle": "butt", "alpha": 0.45}
        self.bars = panel.plot(nothing, middles, clip_on=False, zorder=1.5, **bar)[0]
        self.intervals = panel.plot(nothing, middles, color=INK, lw=1.4, clip_on=False, zorder=3)[0]
        caps: dict[str, Any] = {"color": INK, "ls": "none", "clip_on": False, "zorder": 3}
        self._caps = panel.plot([], [], "|", ms=7, mew=1.4, **caps)[0]
        self._estimates = panel.plot(nothing, middles, "|", ms=15, mew=2.6, **(caps | {"color": BLUE}))[0]
        self._middles = middles

    def _draw_words(self) -> None:
        """Labels, printed numbers, ticks and headings, without their words yet."""
        self._labels, self._numbers, self._ticks = [], [], []
        end: float = self.width - 2
        bold: dict[str, Any] = {"ha": "right", "color": INK, "fontsize": SIZE, "weight": "bold"}
        for row, middle in enumerate(self._middles):
            top = self.height - HEAD - row * self.row
            y = top - 15 if self.narrow else middle
            if self.narrow:
                self._labels.append(self.label(2, y, ha="left", width=self.label_width))
            else:
                self._labels.append(self.label(self.label_width, y, width=self.label_width))
            change, ends = self.text(end - 92, y - 4, **bold), self.text(end, y - 4, ha="right")
            self._numbers.append((change, ends, self.text(end, middle - 27 if self.narrow else y - 20, ha="right")))
            places = [self.left + (x + BELOW) / (1 + BELOW) * (self.right - self.left) for x in (-BELOW, 0, BELOW, 1)]
            # in a narrow figure the last tick's place belongs to "before -> after"
            self._ticks.append([self.text(x, middle - 27, ha="center", fontsize=TINY) for x in places])
        self._heading = self.text(end, self.height - 14, color=INK, ha="right")
        self._title = self.text(3, self.height - 14, color=INK)
        self._flag = [self.text(3, 34 - 13 * line, fontsize=TINY, color=VERMILLION) for line in range(2)]
        self._source = self.text(2, 4, fontsize=TINY)

    def update(self, outlook: Outlook, *, language: str = "en", source: str = "") -> None:
        """Put another outlook of the same outcome into the figure; the artists stay the same objects."""
        if len(outlook.change) != self.rows:
            raise ValueError(f"this figure holds {self.rows} rows; draw a new one for {len(outlook.change)}.")
        ways = measures(outlook, language)
        factors = np.array([way.factor for way in ways])
        table = outlook.change.to_numpy(float).T * factors  # before, after, change, low, high
        _, _, change, low, high = table
        least = np.array([way.least for way in ways])
        self.limits = np.array([_step_above(value) for value in np.max([least, high, -low / BELOW], axis=0)])
        start, end = low / self.limits, high / self.limits
        self.bars.set_data(*bars(np.zeros(self.rows), change / self.limits, self._middles))
        self.intervals.set_data(*bars(start, end, self._middles))
        self._caps.set_data(np.concatenate([start, end]), np.tile(self._middles, 2))
        self._estimates.set_xdata(change / self.limits)
        for row, way in enumerate(ways):
            self._write_row(row, way, dict(zip(outlook.change.columns, table[:, row], strict=True)))
        level = f"{100 * outlook.confidence:g}"
        self._heading.set_text(text("outlook.change", language, level=level))
        self._title.set_text("" if self.narrow else text("outlook.key", language))
        words, colour = extrapolation_words(outlook, language)
        lines = wrap(words, self.width - 6, TINY, lines=2)
        for place, artist in enumerate(self._flag):
            artist.set(text=lines[place] if place < len(lines) else "", color=VERMILLION if colour else MUTED)
        self._source.set_text(fitted(source, self.width - 4, TINY))

    def _write_row(self, row: int, way: Measure, values: dict[Any, float]) -> None:
        """The words and numbers of one target."""
        self._labels[row].write(way.name)
        change, ends, course = self._numbers[row]
        change.set_text(number(values["change"], way.digits, signed=True))
        ends.set_text(interval(values["low"], values["high"], way.digits))
        course.set_text(f"{number(values['before'], way.digits)} → {number(values['after'], way.digits)}")
        ticks = self.limits[row] * np.array([-BELOW, 0.0, BELOW, 1.0])
        for artist, tick in zip(self._ticks[row], ticks, strict=True):
            artist.set_text(number(tick, decimals(ticks), signed=True))
        if self.narrow:
            self._ticks[row][-1].set_text("")


def _step_above(value: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below a value."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (*STEPS, 10.0) if step * power >= value * (1 - 1e-9)))
