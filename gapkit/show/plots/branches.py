"""The five gaps of every branch in one table, coloured by harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...decide.actions import SHORTFALL
from ..text import NOTHING, number, text
from .canvas import CELL, SURFACE
from .chain_words import state_of
from .heat import UNKNOWN, shade, text_on
from .sheet import SMALL, TINY, Sheet, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...measure.chain import FiveGaps

HEAD, FOOT, ROW = 26.0, 42.0, 34.0
BRANCHES_HEIGHT = HEAD + FOOT + len(SHORTFALL) * ROW


def branch_gaps(five: FiveGaps, score: str = "overall") -> pd.DataFrame:
    """Gaps (rows) by branch (columns): value, harm and state of each.

    Returns
    -------
    DataFrame
        Columns are pairs of branch and "value", "harm" or "state". `harm` is the value with the sign that puts harm
        below zero: Gap 4 turned round, Gap 1 (a wrong belief either way) as minus its size.

    Examples
    --------
    >>> import gapkit as gk
    >>> servqual = gk.load_instrument("servqual")
    >>> E, P = (pd.DataFrame([[x] * 22] * 3, columns=servqual.item_ids) for x in (7, 4))
    >>> guests = gk.Survey(servqual, expectations=E, perceptions=P, respondents=pd.DataFrame({"hotel": ["A"] * 3}))
    >>> branch_gaps(gk.five_gaps(guests, by="hotel", minimum_n=3))["A", "harm"].to_list()[-1]
    -3.0
    """
    if five.by is None:
        raise ValueError('this result has no groups to stand side by side; make it with five_gaps(..., by="hotel").')
    columns: dict[tuple[Any, str], Any] = {}
    for group in five.groups:
        own = five.gaps.xs((group, score))
        value = own["value"].to_numpy(float)
        sign = np.array([SHORTFALL[gap] for gap in own.index])
        harm = np.where(sign == 0, -np.abs(value), -sign * value)
        states = [
            state_of(row, gap)
            for gap, row in zip(own.index.tolist(), pd.DataFrame(own).to_dict("records"), strict=True)
        ]
        columns |= {(group, "value"): value, (group, "harm"): harm, (group, "state"): states}
    return pd.DataFrame(columns, index=pd.Index(list(SHORTFALL), name="gap"))


def gap_branches(
    axes: Axes, five: FiveGaps, *, score: str = "overall", language: str = "en", source: str = ""
) -> pd.DataFrame:
    """Which gap does harm in which branch: five rows, a column a branch, each cell its number.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    five : FiveGaps
        With groups.
    score : str
        "overall" or a dimension.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    DataFrame
        What was drawn, see `branch_gaps`.

    Examples
    --------
    >>> import gapkit as gk
    >>> from gapkit.show.plots import new_figure
    >>> servqual = gk.load_instrument("servqual")
    >>> E, P = (pd.DataFrame([[x] * 22] * 3, columns=servqual.item_ids) for x in (7, 4))
    >>> guests = gk.Survey(servqual, expectations=E, perceptions=P, respondents=pd.DataFrame({"hotel": ["A"] * 3}))
    >>> figure, axes = new_figure(500, BRANCHES_HEIGHT)
    >>> gap_branches(axes, gk.five_gaps(guests, by="hotel", minimum_n=3)).shape
    (5, 3)
    """
    from matplotlib.collections import PolyCollection

    table, sheet = branch_gaps(five, score), Sheet(axes)
    limit = harm_limit(table)
    left = min(max(sheet.width * 0.26, 92.0), 170.0)
    top, groups = sheet.height - HEAD, five.groups
    cell, row_height = (sheet.width - 1 - left) / len(groups), (top - FOOT) / len(table)
    panel = sheet.panel(left, sheet.width - 1, FOOT, top)
    panel.set_xlim(0, len(groups))
    panel.set_ylim(len(table), 0)
    squares, colours = [], []
    size = SMALL if cell >= 44 else TINY - 1
    for column, group in enumerate(groups):
        sheet.label(left + (column + 0.5) * cell, top + 12, ha="center", width=cell - 3, lines=1).write(group, SMALL)
        for row, gap in enumerate(table.index):
            value, harm, state = (table[group, key][gap] for key in ("value", "harm", "state"))
            colour = shade(harm, limit) if np.isfinite(value) else UNKNOWN
            squares.append([(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)])
            colours.append(colour)
            words = number(value, signed=True) if np.isfinite(value) else NOTHING
            bold = "bold" if state in ("found", "other") else "normal"
            at = (left + (column + 0.5) * cell, top - (row + 0.5) * row_height - 4)
            sheet.text(*at, words, ha="center", color=text_on(colour), fontsize=size, weight=bold)
    panel.add_collection(PolyCollection(squares, facecolors=colours, edgecolors=SURFACE, linewidths=1.5, gid=CELL))
    for row, gap in enumerate(table.index):
        name = text(f"five_gaps.{gap if left > 130 else 'short_' + gap[-1]}", language)
        sheet.label(left - 8, top - (row + 0.5) * row_height, width=left - 10).write(name, SMALL)
    sheet.text(2, 22, fitted(text("five_gaps.heat_key", language), sheet.width - 4, TINY), fontsize=TINY)
    sheet.text(2, 4, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
    return table


def harm_limit(table: pd.DataFrame) -> float:
    """The harm that gets the strongest colour: the largest in the table."""
    harm = table.xs("harm", axis=1, level=1).to_numpy(float)
    return float(np.nanmax(np.abs(harm))) if np.isfinite(harm).any() else 1.0
