"""What a budget can reach, and how sure it is that an action belongs to the best plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..text import count, number, plain, text
from .canvas import BLUE, INK, MUTED, RULE, SURFACE, VERMILLION
from .labels import text_width
from .share_bars import KeyEntry, ShareRow, share_bars
from .sheet import SIZE, SMALL, TINY, Sheet, decimals, fitted, nice_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...decide.plan import Plan

NARROW = 560.0
LEFT, RIGHT, HEAD, FOOT, KEY_LINE = 44.0, 12.0, 30.0, 76.0, 15.0
KINDS = ("optimum", "band", "greedy")


def frontier_height(width: float) -> float:
    """The height in points that shows a frontier comfortably at a width.

    Examples
    --------
    >>> frontier_height(640), frontier_height(340)
    (340.0, 330.0)
    """
    return 330.0 if width < NARROW else 340.0


def plan_frontier(
    axes: Axes, found: Plan, *, unit: str = "", confidence: float = 0.95, language: str = "en", source: str = ""
) -> pd.DataFrame:
    """The expected gain of the best plan for each budget, the interval of that gain, and the budget that was chosen.

    A step holds until the next budget that was solved: more money can do what less can, so between two budgets the
    optimum lies on the step or above it. The dashes are the plan that always takes what gains most per cost.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide.
    found : Plan
        Of `gapkit.plan`.
    unit : str
        What the gain is counted in, ``found.unit`` in the reader's language; beside the name of the axis.
    confidence : float
        The confidence that the plan was made with.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    DataFrame
        What is drawn: ``found.frontier`` with the chosen budget among its rows.

    Examples
    --------
    >>> import gapkit as gk
    >>> from gapkit.show.plots import new_figure
    >>> train, paint = gk.Candidate("train", 40, {"reliability": 0.4}), gk.Candidate("paint", 30, {"tangibles": 0.2})
    >>> best = gk.plan(gk.datasets.load("hotel"), [train, paint], budget=50, budgets=[0, 40, 80], draws=50)
    >>> figure, axes = new_figure(640, frontier_height(640))
    >>> plan_frontier(axes, best).index.tolist()
    [0.0, 40.0, 50.0, 80.0]
    """
    drawn = with_budget(found)
    sheet = Sheet(axes)
    narrow = sheet.width < NARROW
    foot = FOOT + 2 * KEY_LINE * narrow
    budgets = drawn.index.to_numpy(float)
    gain, low, high, greedy = (drawn[name].to_numpy(float) for name in ("gain", "low", "high", "greedy"))
    ends = np.array([budgets[0], max(budgets[-1], budgets[0] + 1)])
    floor, ceiling = min(low.min(), 0.0), max(high.max(), gain.max(), 1e-9)
    reach = np.array([floor, ceiling + 0.06 * (ceiling - floor)])
    panel = sheet.panel(LEFT, sheet.width - RIGHT, foot, sheet.height - HEAD)
    panel.set_xlim(*ends)
    panel.set_ylim(*reach)
    width, height = sheet.width - LEFT - RIGHT, sheet.height - HEAD - foot
    up = nice_ticks(float(reach[0]), float(reach[1]), int(np.clip(height / 40, 3, 7)))
    for tick in up:
        panel.axhline(tick, color=RULE, lw=0.8, zorder=0)
        y = foot + (tick - reach[0]) / (reach[1] - reach[0]) * height
        sheet.text(LEFT - 5, y - 4, number(tick, decimals(up)), ha="right")
    for tick in money_ticks(ends[0], ends[1], int(np.clip(width / 75, 3, 7))):
        x = LEFT + (tick - ends[0]) / (ends[1] - ends[0]) * width
        sheet.text(min(x, sheet.width - text_width(count(tick), SMALL) / 2), foot - 15, count(tick), ha="center")
    panel.fill_between(budgets, low, high, step="post", color=BLUE, alpha=0.16, lw=0, zorder=1)
    panel.step(budgets, greedy, where="post", color=MUTED, lw=1.3, ls=(0, (3, 2)), zorder=2)
    panel.step(budgets, gain, where="post", color=BLUE, lw=2.2, zorder=3)
    at = float(found.comparison["gain"].loc["optimum"])
    panel.axvline(found.budget, color=INK, lw=1, ls=(0, (1, 2)), zorder=2)
    panel.plot([found.budget], [at], "o", ms=10, mfc=VERMILLION, mec=SURFACE, mew=1.6, zorder=5, clip_on=False)
    _said(sheet, found, at, (LEFT + (found.budget - ends[0]) / (ends[1] - ends[0]) * width, foot), language)
    _words(sheet, foot, narrow, unit, confidence, language, source)
    return drawn


def with_budget(found: Plan) -> pd.DataFrame:
    """The frontier with a row for the chosen budget."""
    best, quick = found.comparison.loc["optimum"], found.comparison.loc["greedy"]
    row = {"cost": best["cost"], "gain": best["gain"], "low": best["low"], "high": best["high"]}
    row |= {"greedy": quick["gain"], "actions": ", ".join(found.chosen)}
    others = found.frontier.drop(index=found.budget, errors="ignore")
    return pd.concat([others, pd.DataFrame(row, index=[found.budget])]).sort_index().rename_axis("budget")


def money_ticks(low: float, high: float, at_most: int) -> np.ndarray:
    """Round sums inside a range, however large.

    Examples
    --------
    >>> money_ticks(0, 240_000, 5).tolist()
    [0.0, 50000.0, 100000.0, 150000.0, 200000.0]
    """
    unit = 10.0 ** np.floor(np.log10(max(high - low, 1e-9)))
    return nice_ticks(low / unit, high / unit, at_most) * unit


def _said(sheet: Sheet, found: Plan, gain: float, foot_of_line: tuple[float, float], language: str) -> None:
    """Budget and gain of the chosen plan, beside its line on the side that has room."""
    words = text("plan_figure.chosen_budget", language, budget=count(found.budget), gain=number(gain, 3))
    x, y = foot_of_line
    right = x + 8 + text_width(words, SIZE) < sheet.width
    sheet.text(x + 8 if right else x - 8, y + 8, words, ha="left" if right else "right", color=INK, weight="bold")


def _words(sheet: Sheet, foot: float, narrow: bool, unit: str, confidence: float, language: str, source: str) -> None:
    """Names of the axes, key and source line."""
    gain = text("plan_figure.frontier_in" if unit else "plan_figure.frontier", language, unit=unit)
    sheet.text(2, sheet.height - 17, fitted(gain, sheet.width - 4, SMALL), color=INK)
    sheet.text(sheet.width - RIGHT, foot - 31, text("plan_figure.budget", language), ha="right", color=INK)
    x, y = 4.0, 24.0 + 2 * KEY_LINE * narrow
    for kind in KINDS:
        words = text(f"plan_figure.key_{kind}", language, level=f"{100 * confidence:g}")
        if kind == "band":
            sheet.axes.plot([x, x + 14], [y + 3.5] * 2, color=BLUE, lw=9, alpha=0.2, solid_capstyle="butt")
        else:
            look: dict[str, Any] = (
                {"color": BLUE, "lw": 2.2} if kind == "optimum" else {"color": MUTED, "lw": 1.3, "ls": (0, (3, 2))}
            )
            sheet.axes.plot([x, x + 14], [y + 3.5] * 2, **look)
        sheet.text(x + 19, y, fitted(words, sheet.width - x - 20, TINY), fontsize=TINY)
        x, y = (4.0, y - KEY_LINE) if narrow else (x + 32 + text_width(words, TINY), y)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)


def plan_probabilities(
    axes: Axes,
    actions: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    language: str = "en",
    source: str = "",
) -> list[ShareRow]:
    """In what share of the draws the best plan has each action; what is recommended is solid.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area; see `shares_height`.
    actions : DataFrame
        ``plan(...).actions`` or a part of it; the rows are drawn most probable first.
    labels : mapping, optional
        Names of the actions.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of ShareRow
        From the top.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure, shares_height
    >>> table = {"cost": [40, 70], "best_in": [0.2, 0.9], "chosen": [False, True]}
    >>> figure, axes = new_figure(480, shares_height(2, 480))
    >>> [row.name for row in plan_probabilities(axes, pd.DataFrame(table, index=["train", "hire"]))]
    ['hire', 'train']
    """
    ordered = actions.sort_values("best_in", ascending=False, kind="stable")
    rows = []
    for id, row in zip(ordered.index, ordered.to_dict("records"), strict=True):
        share, chosen = float(row["best_in"]), bool(row["chosen"])
        name = plain((labels or {}).get(str(id), id), 90)
        own = {"colour": BLUE if chosen else MUTED, "bold": chosen}
        rows.append(ShareRow(name, share, share if chosen else 0.0, count(row["cost"]), **own))  # type: ignore[arg-type]
    key = [
        KeyEntry(text("plan_figure.key_chosen", language), BLUE, True),
        KeyEntry(text("plan_figure.key_other", language), MUTED, False),
    ]
    note = text("plan_figure.best_in", language)
    share_bars(axes, rows, key=key, head=text("plan_figure.cost", language), note=note, source=source)
    return rows
