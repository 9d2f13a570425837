"""Expectation and perception as two joined dots, and the gap between them with its interval on a scale of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from .dumbbell_artists import DENSE_ROW, FOOT, HEAD, MANY_ROWS, NARROW, NARROW_HEAD, NARROW_ROW, ROW, GapDumbbell

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def dumbbell_height(rows: int, width: float) -> float:
    """The height in points that shows so many rows comfortably at a width.

    Examples
    --------
    >>> dumbbell_height(5, 800), dumbbell_height(5, 360)
    (336.0, 378.0)
    """
    if width < NARROW:
        return NARROW_HEAD + FOOT + rows * NARROW_ROW
    return HEAD + FOOT + rows * (DENSE_ROW if rows > MANY_ROWS else ROW)


def gap_dumbbell(
    axes: Axes,
    table: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    scale: tuple[float, float] = (1, 7),
    language: str = "en",
    confidence: float = 0.95,
    source: str = "",
) -> GapDumbbell:
    """Expected and perceived score of each row as two joined dots; beside them the gap with its interval.

    The interval belongs to the gap, a difference within the same respondents, and not to either dot: it is therefore
    drawn on a scale of its own, with zero marked, and printed in figures. An interval that stays clear of zero is
    a gap that the survey can tell from none, at that confidence and one row at a time.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. At least 330 points wide; below 560 the layout is that of a telephone.
    table : DataFrame
        One row a dimension, item or group: columns E, P, gap, low, high, as in ``gap_scores(...).dimensions``.
    labels : sequence of str or None
        Names of the rows; the index where None.
    scale : (float, float)
        Lowest and highest answer: the whole scale is shown.
    language : str
        "en", "zh-Hans" or "zh-Hant".
    confidence : float
        The confidence that `table` was made with.
    source : str
        Source line, such as ``gaps.source``.

    Returns
    -------
    GapDumbbell
        Its `update` puts other numbers of as many rows into the figure.

    Raises
    ------
    ValueError
        The table has no rows or lacks a column, or there are not as many labels as rows.

    References
    ----------
    .. [1] Cleveland, W. S., & McGill, R. (1984). Graphical perception. JASA, 79(387), 531-554. (positions on a common
       scale are read best)
    .. [2] Okabe, M., & Ito, K. (2008). Color universal design.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(640, dumbbell_height(1, 640))
    >>> table = pd.DataFrame({"E": [6.0], "P": [4.5], "gap": [-1.5], "low": [-1.7], "high": [-1.3]}, index=["empathy"])
    >>> gap_dumbbell(axes, table).perceptions.get_xdata().tolist()
    [4.5]
    """
    missing = [name for name in ("E", "P", "gap", "low", "high") if name not in table]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}; give a table of gap_scores, such as .dimensions.")
    if len(table) == 0:
        raise ValueError("the table has no rows, so there is nothing to draw.")
    labels = [str(name) for name in table.index] if labels is None else list(labels)
    if len(labels) != len(table):
        raise ValueError(f"{len(labels)} labels for {len(table)} rows; give one label a row.")
    drawn = GapDumbbell(axes, len(table), scale=scale, labels=labels)
    drawn.update(table, labels=labels, language=language, confidence=confidence, source=source)
    return drawn
