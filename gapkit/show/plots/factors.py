"""A factor solution drawn: loadings as a heat map, and how the factors go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..text import NOTHING, number, plain, text
from .canvas import BLUE, CELL, INK, MUTED, RULE, SURFACE, VERMILLION
from .heat import UNKNOWN, shade, text_on
from .labels import text_width
from .sheet import SIZE, SMALL, TINY, Sheet, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD, FOOT, ROW = 30.0, 58.0, 27.0
SMALLEST_WITH_NUMBER = 26.0
DIAGRAM_FOOT = 22.0
NODE = 25.0
PLATE = ((-1, -0.45), (1, -0.45), (1, 0.45), (-1, 0.45))
"""What a number on a line stands on, so that the line does not strike it through."""
COMMUNALITY = "h²"
"""The sign for a communality, in every language."""


def loadings_height(items: int) -> float:
    """The height in points that shows so many items comfortably.

    Examples
    --------
    >>> loadings_height(22)
    682.0
    """
    return HEAD + FOOT + items * ROW


class LoadingHeat(Sheet):
    """The artists of a drawn loading table, so that another solution of the same size can be put into it.

    Attributes
    ----------
    cells : QuadMesh
        Its array holds the loadings given.
    outlines : Line2D
        Around the cells where the theory expects the item.
    """

    def __init__(
        self, axes: Axes, shape: tuple[int, int], *, labels: Sequence[object], groups: Sequence[object]
    ) -> None:
        from matplotlib.colors import ListedColormap, Normalize

        super().__init__(axes)
        self.items, self.factors = shape
        left = float(
            np.clip(max((text_width(plain(label), SMALL) for label in labels), default=0) + 12, 96, self.width * 0.38)
        )
        self._top = self.height - HEAD
        columns = self.factors + 1  # the last one holds communalities
        self._cell, self._row = (self.width - 1 - left) / columns, (self._top - FOOT) / self.items
        panel = self.panel(left, self.width - 1, FOOT, self._top)
        panel.set_xlim(0, columns)
        panel.set_ylim(self.items, 0)
        colours = ListedColormap([shade(value, 1.0) for value in np.linspace(-1, 1, 201)]).with_extremes(bad=UNKNOWN)
        blank = np.zeros(shape)
        self.cells = panel.pcolormesh(blank, cmap=colours, norm=Normalize(-1, 1), edgecolors=SURFACE, linewidth=1.0)
        self.cells.set_gid(CELL)
        (self.outlines,) = panel.plot([], [], color=INK, lw=1.6, solid_joinstyle="miter", zorder=4)
        borders = [row for row in range(1, self.items) if groups and groups[row] != groups[row - 1]]
        for row in borders:
            self.axes.plot([2, self.width - 1], [self._top - row * self._row] * 2, color=MUTED, lw=0.9, zorder=6)
        for row, label in enumerate(labels):
            name = self.label(left - 8, self._middle(row), width=left - 10, lines=2 if self._row >= 26 else 1)
            name.write(label, SMALL)
        centres = [left + (column + 0.5) * self._cell for column in range(columns)]
        style: dict[str, Any] = {"ha": "center", "color": INK, "fontsize": SMALL, "weight": "bold"}
        self._heads = [self.text(x, self._top + 9, **style) for x in centres]
        middles = [self._middle(row) - 3.5 for row in range(self.items)]
        self._numbers = self.words(np.array([(x, y) for y in middles for x in centres]), TINY)
        self._keys = [self.text(2, y, fontsize=TINY) for y in (38, 23)]
        self._source = self.text(2, 6, fontsize=TINY)

    def _middle(self, row: int) -> float:
        """The height of a row's middle, in points."""
        return self._top - (row + 0.5) * self._row

    def update(
        self,
        loadings: pd.DataFrame,
        *,
        communalities: pd.Series | None = None,
        expected: pd.DataFrame | None = None,
        salient: float = 0.3,
        cutoff: float = 0.1,
        language: str = "en",
        source: str = "",
    ) -> LoadingHeat:
        """Put in a solution with as many items and factors."""
        values = loadings.to_numpy(float)
        if values.shape != (self.items, self.factors):
            raise ValueError(f"this figure holds {self.items} items and {self.factors} factors; draw another one.")
        self.cells.set_array(np.ma.masked_invalid(values))
        roomy = self._cell >= SMALLEST_WITH_NUMBER
        common = None if communalities is None else communalities.reindex(loadings.index).to_numpy(float)
        words, colours = np.full((2, self.items, self.factors + 1), "", object)
        for place, value in np.ndenumerate(values):
            words[place] = NOTHING if not np.isfinite(value) else number(value) if abs(value) >= cutoff else ""
            colours[place] = text_on(shade(value, 1.0))
        words[:, -1] = "" if common is None else [number(value) for value in common]
        colours[:, -1] = MUTED
        bold = np.column_stack([np.abs(values) >= salient, np.zeros(self.items, bool)])
        self._numbers.write(words.ravel() if roomy else [""] * words.size, colours.ravel(), bold.ravel())
        heads = [*map(plain, loadings.columns), "" if common is None else COMMUNALITY]
        for artist, head in zip(self._heads, heads, strict=True):
            artist.set_text(fitted(head, self._cell, SMALL))
        self.outlines.set_data(
            *_outlines(np.zeros(values.shape, bool) if expected is None else expected.to_numpy(bool))
        )
        ends = {"salient": number(salient, 1), "cutoff": number(cutoff, 1)}
        keys = ["factors.key", "factors.key_expected" if expected is not None else "factors.key_communality"]
        for artist, key in zip(self._keys, keys, strict=True):
            shown = expected is not None or common is not None or key == "factors.key"
            artist.set_text(fitted(text(key, language, **ends), self.width - 4, TINY) if shown else "")
        self._source.set_text(fitted(source, self.width - 4, TINY))
        return self


def loading_heat(
    axes: Axes,
    loadings: pd.DataFrame,
    *,
    communalities: pd.Series | None = None,
    expected: pd.DataFrame | None = None,
    labels: Sequence[object] | None = None,
    groups: Sequence[object] | None = None,
    salient: float = 0.3,
    cutoff: float = 0.1,
    language: str = "en",
    source: str = "",
) -> LoadingHeat:
    """Loadings of items (rows) on factors (columns), printed and coloured; -1 and 1 have the strongest colours.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area. Cells narrower than 26 points show their colour only.
    loadings : DataFrame (p items x k factors)
        In the order to be drawn: ``factors.loadings`` as asked, ``factors.sorted()`` by factor.
    communalities : Series or None
        Printed in a last column.
    expected : DataFrame of bool (p x k) or None
        Cells to outline: where the theory puts each item.
    labels, groups : sequence or None
        Names of the items (their ids where None); what each belongs to, a line is drawn where that changes.
    salient : float
        Loadings of this size are printed bold.
    cutoff : float
        Smaller loadings show their colour only.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    LoadingHeat
        Its ``update`` puts another solution of the same size into the figure.

    Raises
    ------
    ValueError
        An empty table.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(400, loadings_height(2))
    >>> loadings = pd.DataFrame({"F1": [0.8, 0.1], "F2": [-0.2, 0.7]}, index=["q01", "q02"])
    >>> float(loading_heat(axes, loadings).cells.get_array().max())
    0.8
    """
    if loadings.empty:
        raise ValueError("the table has no loadings, so there is nothing to draw.")
    shape = (len(loadings), loadings.shape[1])
    names = list(loadings.index) if labels is None else list(labels)
    heat = LoadingHeat(axes, shape, labels=names, groups=list(groups or []))
    words = {"language": language, "source": source}
    return heat.update(
        loadings, communalities=communalities, expected=expected, salient=salient, cutoff=cutoff, **words
    )


def factor_diagram(
    axes: Axes,
    phi: pd.DataFrame,
    *,
    labels: Sequence[object] | None = None,
    language: str = "en",
    source: str = "",
) -> list[float]:
    """Factors as circles on a ring, their correlations as lines: the thicker, the stronger.

    Parameters
    ----------
    axes : Axes
        Drawn over its whole area.
    phi : DataFrame (k x k)
        Factor correlations.
    labels : sequence or None
        What each factor may be called, printed beside its circle.
    language, source : str
        As for `gap_dumbbell`.

    Returns
    -------
    list of float
        The correlations drawn, the strongest first.

    Examples
    --------
    >>> from gapkit.show.plots import new_figure
    >>> figure, axes = new_figure(300, 260)
    >>> factor_diagram(axes, pd.DataFrame([[1, 0.4], [0.4, 1]], index=["F1", "F2"], columns=["F1", "F2"]))
    [0.4]
    """
    sheet = Sheet(axes)
    k, values = len(phi), phi.to_numpy(float)
    names = [""] * k if labels is None else [plain(label) for label in labels]
    room = min(max((text_width(name, SMALL) for name in names), default=0.0), sheet.width * 0.3)
    centre = np.array([sheet.width / 2, (sheet.height + DIAGRAM_FOOT) / 2])
    reach = np.array([sheet.width / 2 - max(NODE, room - NODE / 2) - 6, (sheet.height - DIAGRAM_FOOT) / 2 - NODE - 18])
    angle = np.pi / 2 - 2 * np.pi * np.arange(k) / k
    nodes = centre + (np.column_stack([np.cos(angle), np.sin(angle)]) * reach if k > 1 else np.zeros((1, 2)))
    pairs = [(float(values[i, j]), i, j) for i in range(k) for j in range(i + 1, k)]
    pairs.sort(key=lambda pair: -abs(pair[0]))
    taken = list(nodes)
    for value, i, j in pairs:
        line = np.array([nodes[i], nodes[j]])
        colour = RULE if abs(value) < 0.005 else BLUE if value > 0 else VERMILLION
        axes.plot(line[:, 0], line[:, 1], color=colour, lw=0.8 + 8 * abs(value), alpha=0.55, zorder=1)
        taken.append(_free_place(line, taken))
        x, y = taken[-1]
        sheet.text(x, y, number(value), ha="center", va="center", color=INK, fontsize=SMALL)
    places = np.array(taken[k:]).reshape(-1, 2)
    axes.plot(places[:, 0], places[:, 1], ls="", marker=PLATE, ms=29, mfc=SURFACE, mec="none", zorder=3)
    axes.plot(nodes[:, 0], nodes[:, 1], "o", ms=2 * NODE * 0.9, mfc=SURFACE, mec=INK, mew=1.5, zorder=5)
    for (x, y), factor, name in zip(nodes, phi.index, names, strict=True):
        sheet.text(x, y - 4.5, fitted(factor, 2 * NODE, SIZE), ha="center", color=INK, fontsize=SIZE, weight="bold")
        # names lean outwards, away from the lines
        side = int(np.sign(np.round(x - centre[0])))
        below = y - NODE - 13 if y <= centre[1] + 1 else y + NODE + 5
        style = {"ha": ("right", "center", "left")[side + 1], "color": INK}
        sheet.text(x - side * NODE / 2, below, fitted(name, sheet.width * 0.3, SMALL), **style)
    said = source if k > 1 else f"{text('factors.one_factor', language)} {source}"
    sheet.text(2, 6, fitted(said, sheet.width - 4, TINY), fontsize=TINY)
    return [value for value, _, _ in pairs]


def _free_place(line: np.ndarray, taken: list[np.ndarray]) -> np.ndarray:
    """Where on a line a number stands furthest from everything that is there."""
    places = [line[0] + share * (line[1] - line[0]) for share in (0.5, 0.42, 0.58, 0.34, 0.66)]
    nearest = [min(float(np.hypot(*(place - other))) for other in taken) for place in places]
    return places[int(np.argmax(nearest))]


def _outlines(expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rectangles around cells, as one line with breaks."""
    rows, columns = np.nonzero(expected)
    inset = 0.03
    x = columns[:, None] + np.array([inset, 1 - inset, 1 - inset, inset, inset, np.nan])
    y = rows[:, None] + np.array([inset, inset, 1 - inset, 1 - inset, inset, np.nan])
    return x.ravel(), y.ravel()
