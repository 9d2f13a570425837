"""Eigenvalues against what chance gives: where the common variance ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ..text import number, text
from .canvas import BLUE, INK, MUTED, RULE, SURFACE
from .labels import text_width
from .sheet import SMALL, TINY, Sheet, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD, FOOT = 34.0, 72.0
LEFT = 38.0
ABOVE_CHANCE = BLUE
TICKS = (-0.5, -0.2, 0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


class Scree(Sheet):
    """The artists of a drawn scree, so that the line after the number chosen can be moved.

    Attributes
    ----------
    kept : int
        How many leading eigenvalues exceed chance.
    """

    def __init__(
        self, axes: Axes, eigenvalues: pd.DataFrame, *, of: str = "common", language: str = "en", source: str = ""
    ) -> None:
        super().__init__(axes)
        table = eigenvalues.loc[eigenvalues[of].notna()]
        position = table.index.to_numpy(float)
        observed, mean, high = (table[name].to_numpy(float) for name in (of, f"{of}_mean", f"{of}_high"))
        beyond = observed > high
        self.kept = int(np.argmin(beyond)) if not beyond.all() else len(beyond)
        low, top = min(observed.min(), mean.min(), 0.0), max(observed.max(), high.max())
        floor, ceiling = _rooted(np.array([low, top])) + np.array([-0.12, 0.12])
        panel = self.panel(LEFT, self.width - 10, FOOT, self.height - HEAD)
        panel.set_xlim(position[0] - 0.6, position[-1] + 0.6)
        panel.set_ylim(floor, ceiling)
        height = (self.height - HEAD - FOOT) / (ceiling - floor)
        for tick in [value for value in TICKS if low <= value <= top]:
            at = float(_rooted(np.array(tick)))
            panel.axhline(at, color=RULE, lw=0.8, zorder=0)
            shown = number(tick, 1 if 0 < abs(tick) < 1 else 0)
            self.text(LEFT - 5, FOOT + (at - floor) * height - 3.5, shown, ha="right", fontsize=TINY)
        self._first, self._step = position[0], (self.width - 10 - LEFT) / (position[-1] - position[0] + 1.2)
        every = max(1, int(np.ceil(16 / self._step)))
        for place in position[::every]:
            self.text(
                LEFT + (place - position[0] + 0.6) * self._step, FOOT - 15, f"{place:.0f}", ha="center", fontsize=TINY
            )
        panel.fill_between(position, _rooted(mean), _rooted(high), color=MUTED, alpha=0.28, lw=0, zorder=1)
        panel.plot(position, _rooted(high), color=MUTED, lw=1.4, ls=(0, (4, 2)), zorder=2)
        panel.plot(position, _rooted(observed), color=INK, lw=1.2, zorder=3)
        for filled, colour in ((True, ABOVE_CHANCE), (False, SURFACE)):
            at = (np.arange(len(observed)) < self.kept) == filled
            panel.plot(position[at], _rooted(observed[at]), "o", ms=7, mfc=colour, mec=INK, mew=1.1, zorder=4)
        self._line = panel.axvline(0.5, color=INK, lw=1, ls=(0, (1, 2)), zorder=1)
        self._chosen = self.text(0, self.height - HEAD - 14, color=INK)
        _words(self, of, language, source)

    def choose(self, chosen: int | None, *, language: str = "en") -> None:
        """Move the line behind this many factors; None takes it away."""
        self._line.set_visible(chosen is not None)
        self._chosen.set_visible(chosen is not None)
        if chosen is not None:
            x = LEFT + (chosen + 1.1 - self._first) * self._step
            self._line.set_xdata([chosen + 0.5, chosen + 0.5])
            words = text("factors.scree_chosen", language, count=chosen)
            self._chosen.set(x=x + 4, text=fitted(words, self.width - x - 8, SMALL))


def scree(
    axes: Axes,
    eigenvalues: pd.DataFrame,
    *,
    of: Literal["common", "component"] = "common",
    chosen: int | None = None,
    language: str = "en",
    source: str = "",
) -> int:
    """Eigenvalues in falling order with the band that chance gives.

    The height is drawn on a square-root scale with the sign kept. Filled dots exceed the band's upper edge, the
    quantile that `gapkit.retention` was asked for; counting stops at the first hollow dot.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    eigenvalues : DataFrame
        ``retention(...).eigenvalues``.
    of : {"common", "component"}
        Of the correlations with communalities in their diagonal, or of the correlations themselves.
    chosen : int or None
        A line after this many factors.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    int
        How many leading eigenvalues exceed chance.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> values = {"common": [2.0, 0.1], "common_mean": [0.3, 0.2], "common_high": [0.4, 0.3]}
    >>> figure, axes = new_figure(400, 260)
    >>> scree(axes, pd.DataFrame(values, index=[1, 2]))
    1
    """
    drawn = Scree(axes, eigenvalues, of=of, language=language, source=source)
    drawn.choose(chosen, language=language)
    return drawn.kept


def _rooted(values: np.ndarray) -> np.ndarray:
    """Signed square roots: small eigenvalues, where the answer lies, are not flattened by the first."""
    return np.sign(values) * np.sqrt(np.abs(values))


def _words(sheet: Sheet, of: str, language: str, source: str) -> None:
    """Axis names, key and source line."""
    sheet.text(2, sheet.height - 14, text(f"factors.scree_{of}", language), color=INK)
    sheet.text(sheet.width - 10, FOOT - 30, text("factors.scree_position", language), ha="right", fontsize=TINY)
    x = 4.0
    for kind in ("beyond", "within", "chance"):
        words = text(f"factors.scree_{kind}", language)
        if kind == "chance":
            sheet.axes.plot([x, x + 14], [28, 28], color=MUTED, lw=1.4, ls=(0, (4, 2)))
        else:
            face = ABOVE_CHANCE if kind == "beyond" else SURFACE
            sheet.axes.plot([x + 6], [28], "o", ms=6, mfc=face, mec=INK, mew=1)
        sheet.text(x + 18, 24.5, fitted(words, sheet.width - x - 20, TINY), fontsize=TINY)
        x += 24 + text_width(words, TINY)
    sheet.text(2, 6, fitted(source, sheet.width - 4, TINY), fontsize=TINY)
