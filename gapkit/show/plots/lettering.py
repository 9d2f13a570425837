"""Lines of text that an SVG takes as they are: most of what a figure draws, and most of what drawing it costs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.text import Text

ANCHORS = {"left": "start", "center": "middle", "right": "end"}
BOLD = ("bold", "semibold", "heavy", "black")


@cache
def line_class() -> type[Text]:
    """Matplotlib's Text for one level line on its baseline; made on first use, as matplotlib comes late.

    Matplotlib measures every line in its own fonts before it writes it, although a browser sets it anew in the
    reader's. Into an SVG this class writes the words at once; on any other canvas it is a Text like others.
    """
    from matplotlib.colors import to_hex
    from matplotlib.text import Text

    class Line(Text):
        def draw(self, renderer: Any) -> None:
            writer = getattr(renderer, "writer", None)
            if writer is None or self.get_alpha() is not None or self.get_rotation():
                super().draw(renderer)
                return
            if self.get_text() and self.get_visible():
                place = self.get_transform().transform(self.get_unitless_position())
                bold, anchor = self.get_fontweight() in BOLD, ANCHORS[self.get_horizontalalignment()]
                style = _style(float(self.get_fontsize()), bold, anchor, to_hex(self.get_color()))
                _write(renderer, self.get_text(), place, style)
            self.stale = False

    return Line


@cache
def words_class() -> type[Any]:
    """Many short words of one size, centred at places that stay: one artist instead of one for each.

    ``write(words, colours, bold)`` says what stands at the places; an empty word leaves its place free.
    """
    from matplotlib.artist import Artist
    from matplotlib.colors import to_hex

    class Words(Artist):
        def __init__(self, places: np.ndarray, **style: Any) -> None:
            super().__init__()
            self.places, self.style = places, style
            self.words: list[tuple[str, str, bool]] = []

        def write(self, words: Sequence[str], colours: Sequence[str], bold: Sequence[bool]) -> None:
            self.words = list(zip(words, colours, bold, strict=True))
            self.stale = True

        def draw(self, renderer: Any) -> None:
            if getattr(renderer, "writer", None) is None:
                self._draw_one_by_one(renderer)
                return
            places = self.get_transform().transform(self.places)
            for place, (word, colour, bold) in zip(places, self.words, strict=False):
                if word:
                    _write(renderer, word, place, _style(self.style["fontsize"], bold, "middle", to_hex(colour)))
            self.stale = False

        def _draw_one_by_one(self, renderer: Any) -> None:
            line = line_class()(ha="center", parse_math=False, transform=self.get_transform(), **self.style)
            if (figure := self.get_figure()) is not None:
                line.set_figure(figure)
            for (x, y), (word, colour, bold) in zip(self.places, self.words, strict=False):
                line.set(x=x, y=y, text=word, color=colour, weight="bold" if bold else "normal")
                line.draw(renderer)

    return Words


def _style(size: float, bold: bool, anchor: str, colour: str) -> str:
    """What an SVG says of a text's looks; its font is the page's."""
    weight = "; font-weight: 700" if bold else ""
    return f"font-size: {size:g}px{weight}; text-anchor: {anchor}; fill: {colour}"


def _write(renderer: Any, words: str, place: np.ndarray, style: str) -> None:
    """One text element; its letters are escaped by the writer."""
    x, y = place
    height = renderer.get_canvas_width_height()[1]
    renderer.writer.element("text", words, attrib={"style": style, "x": f"{x:.2f}", "y": f"{height - y:.2f}"})
