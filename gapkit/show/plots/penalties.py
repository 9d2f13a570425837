"""Penalties and rewards: what a low and what a high score of each dimension go with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..text import interval, number, plain, text
from .canvas import BLUE, INK, MUTED, RULE, VERMILLION
from .driver_words import names_of
from .labels import text_width
from .sheet import SIZE, SMALL, TINY, Sheet, bars, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from ...explain.penalty_reward import PenaltyReward

NARROW = 560.0
HEAD, FOOT, ROW, NARROW_ROW = 36.0, 50.0, 38.0, 56.0
NUMBER, KIND = 44.0, 138.0
"""Widths of a printed number, and of the classification with its contrast."""


def penalties_height(rows: int, width: float) -> float:
    """The height in points that shows so many dimensions comfortably at a width.

    Examples
    --------
    >>> penalties_height(5, 760), penalties_height(5, 360)
    (276.0, 366.0)
    """
    return HEAD + FOOT + rows * (NARROW_ROW if width < NARROW else ROW)


def penalty_reward_bars(
    axes: Axes,
    found: PenaltyReward,
    *,
    labels: Sequence[str] | None = None,
    outcome: str | None = None,
    language: str = "en",
    source: str = "",
) -> tuple[Line2D, Line2D]:
    """How much lower the outcome is with a low score (left) and how much higher with a high one (right).

    Bars start at a middling score, which is zero; thin lines are intervals. At the right: what the dimension is called
    by the contrast, reward minus penalty, and the contrast with its interval. A contrast whose interval holds zero does
    not tell basic from excitement.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide; below 560 the layout is that of a telephone.
    found : PenaltyReward
    labels : sequence of str or None
        Names of the dimensions; the index where None.
    outcome : str or None
        What to call the outcome; its column's name where None.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    (Line2D, Line2D)
        The bars of penalties and rewards; their x data run from 0 to minus the penalty, and from 0 to the reward.

    Raises
    ------
    ValueError
        The labels are not as many as the dimensions.

    Examples
    --------
    >>> import gapkit as gk
    >>> from gapkit.show.plots import new_figure
    >>> found = gk.penalty_reward(gk.datasets.load("hotel"), outcome="overall")
    >>> figure, axes = new_figure(700, penalties_height(5, 700))
    >>> penalties, rewards = penalty_reward_bars(axes, found)
    >>> bool(penalties.get_xdata()[1] < 0 < rewards.get_xdata()[1])
    True
    """
    table, names = found.dimensions, names_of(found.dimensions.index, labels)
    sheet = Sheet(axes)
    narrow = sheet.width < NARROW
    row_height = (sheet.height - HEAD - FOOT) / len(names)
    widest = max(text_width(name, SIZE) for name in names)
    start = 0.0 if narrow else float(np.clip(widest, 90, sheet.width * 0.26)) + 10
    left, right = start + NUMBER + 8, sheet.width - NUMBER - 8 - (0 if narrow else KIND)
    ends = _limits(table)
    top = sheet.height - HEAD
    panel = sheet.panel(left, right, FOOT, top)
    panel.set_xlim(*ends)
    panel.set_ylim(0, top - FOOT)
    middles = top - (np.arange(len(names)) + 0.5) * row_height - (11 if narrow else 0)
    at = middles - FOOT
    ticks = nice_ticks(*ends, int(np.clip((right - left) / 44, 3, 8)))
    panel.plot(*posts(ticks, [(y - 14, y + 14) for y in at]), color=RULE, lw=0.8, zorder=0)
    panel.plot(*posts(np.zeros(1), [(y - 14, y + 14) for y in at]), color=MUTED, lw=1.2, zorder=1)
    for tick in ticks:
        x = left + (tick - ends[0]) / (ends[1] - ends[0]) * (right - left)
        sheet.text(x, FOOT - 14, number(tick, decimals(ticks), signed=True), ha="center", fontsize=TINY)
    lines = []
    for side, sign, colour in (("penalty", -1.0, VERMILLION), ("reward", 1.0, BLUE)):
        value, low, high = (sign * table[f"{side}{end}"].to_numpy(float) for end in ("", "_low", "_high"))
        zero = np.zeros(len(value))
        style: dict[str, Any] = {"color": colour, "solid_capstyle": "butt"}
        lines.append(panel.plot(*bars(zero, value, at), lw=12, alpha=0.55, zorder=2, **style)[0])
        # a little above and below the middle: both intervals may cross zero
        panel.plot(*bars(low, high, at - 3 * sign), color=INK, lw=1.3, zorder=3)
    for place, row in enumerate(table.to_dict("records")):
        y = middles[place]
        kind = text(f"driver_figures.{row['kind']}", language)
        contrast = f"{number(row['contrast'], signed=True)} {interval(row['contrast_low'], row['contrast_high'])}"
        sheet.text(left - 8, y - 4, number(-row["penalty"], signed=True), ha="right", color=INK)
        sheet.text(right + 8, y - 4, number(row["reward"], signed=True), color=INK)
        if narrow:
            room = sheet.width - 24 - text_width(contrast, TINY) - text_width(kind, SMALL)
            sheet.label(3, y + 25, ha="left", width=room, lines=1).write(names[place])
            sheet.text(sheet.width - 2, y + 21, contrast, ha="right", fontsize=TINY)
            x = sheet.width - 12 - text_width(contrast, TINY)
            sheet.text(x, y + 21, kind, ha="right", color=INK, weight="bold")
        else:
            sheet.label(start - 2, y, width=start - 6).write(names[place])
            sheet.text(sheet.width - 2, y + 2, kind, ha="right", color=INK, fontsize=SIZE, weight="bold")
            sheet.text(sheet.width - 2, y - 12, contrast, ha="right", fontsize=TINY)
    called = plain(found.outcome if outcome is None else outcome)
    _words(sheet, found, (left, right), ends, called, language, source, narrow)
    return lines[0], lines[1]


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """From the largest penalty to the largest reward, intervals and zero included."""
    reach = [0.0, *(-table["penalty_high"]), *(-table["penalty_low"]), *table["reward_low"], *table["reward_high"]]
    low, high = min(reach), max(reach)
    margin = 0.04 * max(high - low, 0.05)
    return low - margin, high + margin


def _words(
    sheet: Sheet, found: PenaltyReward, span: tuple[float, float], ends: tuple[float, float], outcome: str,
    language: str, source: str, narrow: bool,
) -> None:  # fmt: skip
    """Headings on both sides of zero, the contrast's, the axis name and the source line."""
    left, right = span
    zero = left - ends[0] / (ends[1] - ends[0]) * (right - left)
    y = sheet.height - 14
    for key, x, ha, room, colour in (
        ("penalty", zero - 6, "right", zero - 8, VERMILLION),
        ("reward", zero + 6, "left", right + NUMBER - zero, BLUE),
    ):
        words = fitted(text(f"driver_figures.{key}", language), room, SMALL)
        sheet.text(x, y, words, ha=ha, color=colour, weight="bold")
    level = f"{100 * found.confidence:g}"
    if not narrow:
        words = text("driver_figures.contrast", language, level=level)
        sheet.text(sheet.width - 2, y, fitted(words, KIND + 40, TINY), ha="right", fontsize=TINY)
    words = text("driver_figures.penalty_axis", language, outcome=outcome, level=level)
    sheet.text(sheet.width - 2, 20, fitted(words, sheet.width - 4, TINY), ha="right", fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
