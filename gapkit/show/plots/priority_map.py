"""Importance against performance: where each item lies, how sure that is, and which side of the cuts it is on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..text import number, plain, text
from .canvas import BLUE, INK, MUTED, RULE, SURFACE, VERMILLION
from .label_places import boxes, label_places
from .labels import text_width, wrap
from .sheet import SMALL, TINY, Sheet, decimals, fitted, nice_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...explain.quadrants import Quadrants

NARROW = 560.0
LEFT, RIGHT, HEAD, FOOT = 40.0, 8.0, 30.0, 78.0
KEY_LINE = 15.0
"""What a further line of the key takes."""
CORNERS = {"concentrate here": (0, 1), "keep it up": (1, 1), "low priority": (0, 0), "possible overkill": (1, 0)}
"""Which quadrant lies where: performance to the right, importance upward."""
LONGEST_LABEL = 130.0


class Spot(NamedTuple):
    """One mark of the map: name, position, quadrant under the rule drawn, whether other rules disagree, label's box."""

    name: str
    importance: float
    performance: float
    quadrant: str
    changes: bool
    label: tuple[float, float, float, float]


def map_height(width: float) -> float:
    """The height in points that shows a map comfortably at a width.

    Examples
    --------
    >>> map_height(640), map_height(340)
    (496.0, 440.0)
    """
    return 440.0 if width < NARROW else min(56 + width * 0.6875, 560.0)


def priority_map(
    axes: Axes,
    found: Quadrants,
    *,
    rule: str = "grand means",
    labels: Mapping[str, str] | None = None,
    names: tuple[str, str] | None = None,
    confidence: float = 0.95,
    language: str = "en",
    source: str = "",
) -> list[Spot]:
    """Every item or dimension by performance (right) and importance (up), with the region its mean may lie in.

    The lines are the cuts of one rule; a hollow mark is in another quadrant under another rule. The ellipse holds the
    two means together with the given confidence: an ellipse that a line crosses is a place on either side of it.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide.
    found : Quadrants
        Of `gapkit.quadrants`.
    rule : {"grand means", "medians", "midpoints"}
    labels : mapping, optional
        What stands at each mark; its index where there is none. Short: long names are cut.
    names : (str, str), optional
        Names of the axes, importance and performance.
    confidence : float
        Of the ellipses: normal, from the standard errors and their correlation.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of Spot

    Raises
    ------
    ValueError
        No such rule.

    Examples
    --------
    >>> import gapkit as gk
    >>> from gapkit.show.plots import new_figure
    >>> hotel = gk.datasets.load("hotel")
    >>> figure, axes = new_figure(640, map_height(640))
    >>> spots = priority_map(axes, gk.quadrants(hotel, level="dimensions", draws=100))
    >>> [spot.name for spot in spots if spot.quadrant == "concentrate here"]
    ['responsiveness']
    """
    if rule not in found.quadrants:
        raise ValueError(f'there is no cut rule "{rule}"; choose one of {", ".join(map(str, found.quadrants))}.')
    table, cut = found.positions, found.cuts.loc[rule]
    own = {str(id): plain((labels or {}).get(str(id), id)) for id in table.index}
    centre = table[["performance", "importance"]].to_numpy(float)
    regions = _ellipses(found, confidence)
    sheet = Sheet(axes)
    narrow = sheet.width < NARROW
    foot = FOOT + 2 * KEY_LINE * narrow
    at = np.array([cut["performance"], cut["importance"]], dtype=float)
    low, high = _limits(np.concatenate([regions.reshape(-1, 2), centre, at[None]]), at, narrow)
    corner, size = np.array([LEFT, foot]), np.array([sheet.width - LEFT - RIGHT, sheet.height - HEAD - foot])
    panel = sheet.panel(LEFT, sheet.width - RIGHT, foot, sheet.height - HEAD)
    panel.set_xlim(low[0], high[0])
    panel.set_ylim(low[1], high[1])
    _frame(sheet, panel, low, high, at, foot)
    taken = _corners(sheet, low, high, at, foot, language)
    quadrant = found.quadrants[rule].astype(str)
    changes = found.quadrants.ne(found.quadrants[rule], axis=0).any(axis=1)
    colours = np.where(quadrant == "concentrate here", VERMILLION, BLUE)
    for region, colour in zip(regions, colours, strict=True):
        panel.fill(*region.T, facecolor=colour, alpha=0.09, lw=0, zorder=1)
        panel.plot(*region.T, color=colour, lw=0.8, alpha=0.55, zorder=2)
    for colour in (VERMILLION, BLUE):
        for hollow in (False, True):
            here = (colours == colour) & (changes.to_numpy() == hollow)
            face = SURFACE if hollow else colour
            panel.plot(*centre[here].T, "o", ms=8, mfc=face, mec=colour, mew=1.8, zorder=4)
    marks, lines = (corner + (point - low) / (high - low) * size for point in (centre, at))
    across = (LEFT, lines[1] - 2, sheet.width - RIGHT, lines[1] + 2)
    upward = (lines[0] - 2, foot, lines[0] + 2, sheet.height - HEAD)
    shown = [fitted(name, LONGEST_LABEL, SMALL) for name in own.values()]
    sizes = np.array([[text_width(name, SMALL) + 4, SMALL + 3] for name in shown])
    inside = (LEFT + 1, foot + 1, sheet.width - RIGHT, sheet.height - HEAD)
    places = label_places(marks, sizes, bounds=inside, taken=np.vstack([taken, across, upward]))
    for name, mark, place, wide in zip(shown, marks, places, sizes, strict=True):
        _label(sheet, name, mark, place, wide)
    _words(sheet, foot, narrow, names, confidence, language, source)
    rows = zip(own.values(), centre, quadrant, changes, boxes(places, sizes), strict=True)
    return [
        Spot(name, float(y), float(x), where, bool(moves), tuple(map(float, box)))  # type: ignore[arg-type]
        for name, (x, y), where, moves, box in rows
    ]


def _ellipses(found: Quadrants, confidence: float) -> np.ndarray:
    """The outline of each confidence region, (k x 61 x 2), performance first."""
    p = found.positions.fillna({"correlation": 0.0, "importance_se": 0.0, "performance_se": 0.0})
    x, y, sx, sy, r = (
        p[name].to_numpy(float)[:, None]
        for name in ("performance", "importance", "performance_se", "importance_se", "correlation")
    )
    t = np.linspace(0, 2 * np.pi, 61)
    radius = np.sqrt(-2 * np.log(1 - confidence))  # of chi square with two degrees of freedom
    across, up = np.cos(t), r * np.cos(t) + np.sqrt(np.maximum(1 - r**2, 0)) * np.sin(t)
    return np.stack([x + radius * sx * across, y + radius * sy * up], axis=2)


def _limits(reach: np.ndarray, cut: np.ndarray, narrow: bool) -> tuple[np.ndarray, np.ndarray]:
    """The part of both axes that holds everything, with room for a quadrant's name on either side of the cut."""
    low, high = reach.min(axis=0), reach.max(axis=0)
    margin = 0.05 * np.maximum(high - low, 1e-9)
    low, high = low - margin, high + margin
    least = np.array([0.27 if narrow else 0.2, 0.13])
    for _ in range(3):
        low = np.minimum(low, (cut - least * high) / (1 - least))
        high = np.maximum(high, (cut - least * low) / (1 - least))
    return low, high


def _frame(sheet: Sheet, panel: Axes, low: np.ndarray, high: np.ndarray, cut: np.ndarray, foot: float) -> None:
    """The quadrant that asks for something, tinted; cuts; ticks."""
    panel.fill([low[0], cut[0], cut[0], low[0]], [cut[1], cut[1], high[1], high[1]], color=VERMILLION, alpha=0.07, lw=0)
    box = [low[0], high[0], high[0], low[0], low[0]], [low[1], low[1], high[1], high[1], low[1]]
    panel.plot(*box, color=RULE, lw=1, clip_on=False, zorder=0)
    panel.axvline(cut[0], color=MUTED, lw=1.2, ls=(0, (4, 2)), zorder=1)
    panel.axhline(cut[1], color=MUTED, lw=1.2, ls=(0, (4, 2)), zorder=1)
    width, height = sheet.width - LEFT - RIGHT, sheet.height - HEAD - foot
    across = nice_ticks(low[0], high[0], int(np.clip(width / 60, 3, 8)))
    for tick in across:
        sheet.text(
            LEFT + (tick - low[0]) / (high[0] - low[0]) * width, foot - 15, number(tick, decimals(across)), ha="center"
        )
    up = nice_ticks(low[1], high[1], int(np.clip(height / 45, 3, 8)))
    for tick in up[up >= 0]:  # no importance lies below zero, though the quadrant's room may
        y = foot + (tick - low[1]) / (high[1] - low[1]) * height
        sheet.text(LEFT - 5, y - 4, number(tick, decimals(up)), ha="right")


def _corners(
    sheet: Sheet, low: np.ndarray, high: np.ndarray, cut: np.ndarray, foot: float, language: str
) -> np.ndarray:
    """The quadrants' names in the outer corners; the boxes they take."""
    width, height = sheet.width - LEFT - RIGHT, sheet.height - HEAD - foot
    middle = LEFT + (cut[0] - low[0]) / (high[0] - low[0]) * width
    taken = []
    for name, (right, top) in CORNERS.items():
        room = (LEFT + width - middle if right else middle - LEFT) - 12
        words = text(f"priority_map.{name.replace(' ', '_')}", language)
        lines = wrap(words, room, TINY)
        x, ha = (LEFT + width - 6, "right") if right else (LEFT + 6, "left")
        first = foot + height - 14 if top else foot + 6 + 12 * (len(lines) - 1)
        for place, line in enumerate(lines):
            sheet.text(x, first - 12 * place, line, ha=ha, fontsize=TINY, color=INK, weight="bold")
        wide = max(text_width(line, TINY) for line in lines) + 4
        left = x - wide if right else x - 2
        taken.append((left, first - 12 * (len(lines) - 1) - 3, left + wide, first + 11))
    return np.array(taken)


def _label(sheet: Sheet, name: str, mark: np.ndarray, place: np.ndarray, size: np.ndarray) -> None:
    """A name, and a thin line to its mark where it stands away from it."""
    end = np.clip(mark, place - size / 2, place + size / 2)
    if np.hypot(*(mark - end)) > 12:
        sheet.axes.plot(*np.array([mark, end]).T, color=MUTED, lw=0.7, zorder=5.5)
    sheet.text(place[0], place[1] - 0.36 * SMALL, name, ha="center", color=INK, fontsize=SMALL)


def _words(
    sheet: Sheet,
    foot: float,
    narrow: bool,
    names: tuple[str, str] | None,
    confidence: float,
    language: str,
    source: str,
) -> None:
    """Names of the axes, key and source line."""
    importance, performance = names or tuple(
        text(f"priority_map.{axis}", language) for axis in ("importance", "performance")
    )
    room = sheet.width - 4
    sheet.text(2, sheet.height - 17, fitted(f"↑ {importance}", room, SMALL), color=INK)
    sheet.text(sheet.width - RIGHT, foot - 32, fitted(f"{performance} →", room, SMALL), ha="right", color=INK)
    x, y = 6.0, 26.0 + 2 * KEY_LINE * narrow
    level = f"{100 * confidence:g}"
    for kind in ("same", "changes", "region"):
        words = text(f"priority_map.key_{kind}", language, level=level)
        if kind == "region":
            t = np.linspace(0, 2 * np.pi, 31)
            sheet.axes.plot(x + 6 + 8 * np.cos(t), y + 3.5 + 4 * np.sin(t), color=BLUE, lw=0.9)
        else:
            sheet.axes.plot([x + 5], [y + 3.5], "o", ms=7, mfc=BLUE if kind == "same" else SURFACE, mec=BLUE, mew=1.6)
        sheet.text(x + 18, y, fitted(words, sheet.width - x - 20, TINY), fontsize=TINY)
        x, y = (6.0, y - KEY_LINE) if narrow else (x + 32 + text_width(words, TINY), y)
    sheet.text(2, 4, fitted(source, room, TINY), fontsize=TINY)
