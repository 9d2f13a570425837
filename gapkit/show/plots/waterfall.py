"""From what customers expect, link by link, to what they perceive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..text import number, text
from .canvas import BLUE, INK, MUTED, RULE, VERMILLION
from .chain_words import Step, interval_or_nothing, number_or_status, steps
from .labels import text_width
from .sheet import SIZE, SMALL, TINY, Sheet, decimals, fitted, nice_ticks, posts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...measure.chain import FiveGaps

NARROW = 560.0
HEAD, FOOT, ROW, NARROW_ROW, BREAK = 30.0, 66.0, 34.0, 50.0, 0.7
KEY_LINE = 15.0
"""A narrow figure has its key on two lines."""
COLOURS = {"found": VERMILLION, "other": BLUE, "open": MUTED}
BESIDE = 2
"""The last rows, Gap 5 and Gap 4, stand beside the chain and apart from it."""


def waterfall_height(five: FiveGaps, width: float, *, score: str = "overall") -> float:
    """The height in points that shows a chain comfortably at a width."""
    rows = len(steps(five, score, "en"))
    if width < NARROW:
        return HEAD + FOOT + KEY_LINE + (rows + BREAK) * NARROW_ROW
    return HEAD + FOOT + (rows + BREAK) * ROW


def gap_waterfall(
    axes: Axes, five: FiveGaps, *, score: str = "overall", language: str = "en", source: str = ""
) -> list[Step]:
    """The chain E -> M -> S -> D -> P as steps down (or up), each with its interval; Gap 5 and Gap 4 below it.

    A bar reaches from one position to the next; the thin line is the interval of that step, drawn from where the step
    begins. Colour says whether the interval leaves zero and on which side; the numbers stand beside it. Where nobody
    was asked, the neighbouring links are one step under an honest name. The axis shows a part of the scale: bars are
    differences, not amounts, so zero is not their floor.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide; below 560 the layout is that of a telephone.
    five : FiveGaps
        Of one branch: ``five_gaps(...)`` without groups, or ``.branch(name)``.
    score : str
        "overall" or a dimension.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of Step
        The rows drawn, from the top.

    Raises
    ------
    ValueError
        A result with groups, or no such score.

    Examples
    --------
    >>> import pandas as pd, gapkit as gk
    >>> from gapkit.show.plots import new_figure
    >>> servqual = gk.load_instrument("servqual")
    >>> E, P = (pd.DataFrame([[x] * 22, [y] * 22], columns=servqual.item_ids) for x, y in ((7, 6), (4, 5)))
    >>> five = gk.five_gaps(gk.Survey(servqual, expectations=E, perceptions=P))
    >>> figure, axes = new_figure(640, waterfall_height(five, 640))
    >>> [step.name for step in gap_waterfall(axes, five)][1:3]
    ['From expectation to perception', 'Customers perceive']
    """
    check_one_branch(five, score)
    rows = steps(five, score, language)
    sheet = Sheet(axes)
    narrow = sheet.width < NARROW
    foot = FOOT + KEY_LINE * narrow
    row_height = (sheet.height - HEAD - foot) / (len(rows) + BREAK)
    widest = max(text_width(step.name, SIZE) for step in rows)
    label_width = sheet.width - 150 if narrow else float(np.clip(widest, 90, sheet.width * 0.32))
    left, right = (8.0, sheet.width - 10) if narrow else (label_width + 22, sheet.width - 148)
    low, high = _limits(rows)
    panel = sheet.panel(left, right, foot, sheet.height - HEAD)
    panel.set_xlim(low, high)
    panel.set_ylim(0, sheet.height - HEAD - foot)
    ticks = nice_ticks(low, high, int(np.clip((right - left) / 40, 3, 8)))
    for tick in ticks:
        x = left + (tick - low) / (high - low) * (right - left)
        sheet.text(x, foot - 14, number(tick, decimals(ticks)), ha="center")
    reached = None
    for place, step in enumerate(rows):
        beside = place >= len(rows) - BESIDE
        middle = sheet.height - HEAD - (place + 0.5 + BREAK * beside) * row_height
        mark = middle - 12 - foot if narrow else middle - foot
        if place == len(rows) - BESIDE:
            _rule(sheet, middle + (row_height * (0.5 + BREAK / 2)), text("five_gaps.beside", language))
        # in a narrow figure lines stop short of the words above each mark
        rules = [(mark - 12, mark + 12)] if narrow else [(mark - row_height / 2, mark + row_height / 2)]
        panel.plot(*posts(ticks, rules), color=RULE, lw=0.8, zorder=0)
        if not beside and reached is not None:
            pieces = [(mark, mark + 12), (mark + 34, reached[1])] if narrow else [(mark, reached[1])]
            panel.plot(*posts(np.array([reached[0]]), pieces), color=MUTED, lw=0.9, zorder=1)
        _mark(panel, step, mark)
        if not beside:
            reached = (step.start + step.value, mark)
        if narrow:
            sheet.label(3, middle + 11, ha="left", width=label_width, lines=1).write(step.name)
        else:
            sheet.label(label_width + 6, middle, width=label_width).write(step.name)
        _numbers(sheet, step, middle + 7 if narrow else middle - 4, language)
    _words(sheet, five, left, language, source, narrow)
    return rows


def check_one_branch(five: FiveGaps, score: str) -> None:
    """ValueError unless it is the result of one branch and has this score."""
    if five.by is not None:
        raise ValueError(f'this result holds every {five.by}; draw one: five.branch("{five.groups[0]}").')
    if score not in five.means.index.get_level_values("score"):
        there = ", ".join(dict.fromkeys(five.means.index.get_level_values("score")))
        raise ValueError(f'there is no score "{score}"; there are: {there}.')


def _limits(rows: list[Step]) -> tuple[float, float]:
    """The part of the scale that holds every bar and interval."""
    start, value, low, high = (
        np.array([getattr(step, name) for step in rows]) for name in ("start", "value", "low", "high")
    )
    reach = np.concatenate([start, start + value, start + low, start + high])
    reach = reach[np.isfinite(reach)]
    least, most = (reach.min(), reach.max()) if len(reach) else (0.0, 1.0)
    margin = 0.07 * max(most - least, 0.5)
    return float(least - margin), float(most + margin)


def _mark(panel: Axes, step: Step, y: float) -> None:
    """A level as a dot, a step as a bar with its interval."""
    if not np.isfinite(step.start + step.value):
        return
    if step.kind == "level":
        panel.plot([step.start], [y], "o", color=INK, ms=8, zorder=4)
        return
    colour, end = COLOURS[step.state], step.start + step.value
    panel.plot([step.start, end], [y, y], color=colour, lw=11, solid_capstyle="butt", alpha=0.55, zorder=2)
    panel.plot([end], [y], "|", color=colour, ms=17, mew=2.6, zorder=4)
    if np.isfinite(step.low):
        ends = [step.start + step.low, step.start + step.high]
        panel.plot(ends, [y, y], color=INK, lw=1.3, zorder=3)
        panel.plot(ends, [y, y], "|", color=INK, ms=6, mew=1.3, zorder=3)


def _numbers(sheet: Sheet, step: Step, y: float, language: str) -> None:
    """The printed value with its interval, at the right edge."""
    right = sheet.width - 2
    if step.kind == "level":
        sheet.text(right - 92, y, number(step.start), ha="right", color=INK, fontsize=SIZE, weight="bold")
        return
    shown = number_or_status(step.value, step.state, language)
    if step.state in ("not measured", "suppressed"):
        sheet.text(right, y, shown, ha="right")
        return
    sheet.text(right - 92, y, shown, ha="right", color=INK, fontsize=SIZE, weight="bold")
    sheet.text(right, y, interval_or_nothing(step.low, step.high), ha="right")


def _rule(sheet: Sheet, y: float, words: str) -> None:
    """A line with a heading between the chain and what stands beside it."""
    sheet.axes.plot([2, sheet.width - 2], [y, y], color=RULE, lw=1)
    sheet.text(3, y - 13, words, fontsize=TINY)


def _words(sheet: Sheet, five: FiveGaps, left: float, language: str, source: str, narrow: bool) -> None:
    """Headings, axis name, key and source line."""
    level = f"{100 * five.confidence:g}"
    head = text("five_gaps.interval_head", language, level=level)
    sheet.text(sheet.width - 2, sheet.height - 14, head, ha="right", color=INK)
    scale = five.instrument.scale
    ends = {"low": f"{scale.low:g}", "high": f"{scale.high:g}"}
    sheet.text(
        left,
        FOOT + KEY_LINE * narrow - 29,
        fitted(text("five_gaps.score_axis", language, **ends), sheet.width - left, SMALL),
    )
    x, y = 3.0, 22.0 if not narrow else 34.0
    for state, key in (("found", "key_found"), ("other", "key_other"), ("open", "key_open")):
        words = text(f"five_gaps.{key}", language)
        wide = 16 + text_width(words, TINY)
        if x + wide > sheet.width:
            x, y = 3.0, y - 15
        sheet.axes.plot([x, x + 12], [y, y], color=COLOURS[state], lw=7, solid_capstyle="butt", alpha=0.55)
        sheet.text(x + 16, y - 3.5, words, fontsize=TINY)
        x += wide + 12
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
