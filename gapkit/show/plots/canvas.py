"""What every figure stands on: colours, fonts, a figure without pyplot, and its way to SVG."""

from __future__ import annotations

import re
import warnings
from functools import cache
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import numpy as np

from ..markup import Markup, element

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from PIL.Image import Image as Picture

# Okabe & Ito (2008): eight colours that people with any colour vision tell apart.
BLUE, VERMILLION, GREEN, ORANGE, SKY = "#0072b2", "#d55e00", "#009e73", "#e69f00", "#56b4e9"
EXPECTATION, PERCEPTION = BLUE, VERMILLION
INK, MUTED, RULE, SURFACE = "#1b2430", "#5c6773", "#d9dee5", "#fdfefe"

ON_LIGHT, ON_DARK = "#000000", "#ffffff"
"""Letters in the cells of a heat map."""

# On a board the page decides on light or dark: these colours become custom properties of the page's style sheet.
THEMED = {
    INK: "--gk-ink",
    MUTED: "--gk-muted",
    RULE: "--gk-rule",
    SURFACE: "--gk-surface",
    BLUE: "--gk-blue",
    VERMILLION: "--gk-vermillion",
    GREEN: "--gk-green",
    ON_LIGHT: "--gk-on-light",
    ON_DARK: "--gk-on-dark",
}

# What belongs to the cells of a heat map is a class on a board, whose style sheet turns light and dark round at night:
# nothing (grey, nearly white) is dark there, and the strongest colours shine.
CELL = "gk-cell"

# What draws simplified Chinese draws traditional as well; of fonts made for Taiwan that cannot be said.
_CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Noto Sans CJK JP",
    "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip
_TRADITIONAL_FONTS = (
    "Noto Sans CJK TC", "Noto Sans TC", "Source Han Sans TC", "Source Han Sans TW", "Microsoft JhengHei", "PingFang TC",
    "Heiti TC",
)  # fmt: skip


@cache
def families() -> list[str]:
    """Font families for every text: the default one, then one with Chinese and one of Taiwan where installed."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    found = [[name for name in names if name in installed][:1] for names in (_CHINESE_FONTS, _TRADITIONAL_FONTS)]
    return ["sans-serif", *found[0], *found[1]]


def drawn_language(language: str) -> str:
    """The language a PNG can be drawn in on this machine: the given one, or English without a font for it.

    SVG on a page needs no such care: there the reader's browser brings the fonts.

    Examples
    --------
    >>> drawn_language("en")
    'en'
    """
    fonts = {"zh-Hans": _CHINESE_FONTS, "zh-Hant": (*_CHINESE_FONTS, *_TRADITIONAL_FONTS)}.get(language)
    return language if fonts is None or set(fonts) & set(families()) else "en"


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure in points with one axes that fills it; no pyplot, no global state.

    As the last line of a notebook cell the figure shows itself.

    Parameters
    ----------
    width, height : float
        Points; on a board one point is one CSS pixel.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = _figure_class()(figsize=(width / 72, height / 72), dpi=72, facecolor="none")
    FigureCanvasAgg(figure)
    return figure, figure.add_axes((0, 0, 1, 1))


def emptied(axes: Axes) -> Axes:
    """The same axes with nothing drawn on them; quicker than new ones.

    Examples
    --------
    >>> figure, axes = new_figure(200, 100)
    >>> line = axes.plot([0, 1], [0, 1])
    >>> len(emptied(axes).lines)
    0
    """
    for drawn in (axes.lines, axes.texts, axes.patches, axes.collections, axes.images, axes.artists):
        for artist in list(drawn):
            artist.remove()
    return axes


FLAT, OTHERS = 48, 48
"""Colours of a picture in a notebook: the most frequent ones as they are, and as many that lie far apart, so that a
small key or a coloured word finds one near its own."""


@cache
def _figure_class() -> type[Figure]:
    """Matplotlib's Figure with a picture of itself for notebooks; made on first use, as matplotlib comes late."""
    from matplotlib.figure import Figure

    class NotebookFigure(Figure):
        def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
            from PIL import Image

            drawn, picture = BytesIO(), BytesIO()
            self.savefig(drawn, format="png", dpi=2 * 72, facecolor="white")
            # flat colours need no 24 bits a pixel: a palette makes a notebook a quarter as large
            in_palette(Image.open(drawn).convert("RGB")).save(picture, "PNG", optimize=True)
            width, height = self.get_size_inches() * 72
            return picture.getvalue(), {"width": int(width), "height": int(height)}

    return NotebookFigure


def in_palette(picture: Picture) -> Picture:
    """A picture in few colours, each pixel in the nearest of them.

    Pillow's own palettes go by how many pixels have a colour: a legend or a word of which there is little takes on the
    colour of something else.

    Parameters
    ----------
    picture : PIL.Image.Image
        In RGB.

    Returns
    -------
    PIL.Image.Image
        With a palette of `FLAT` + `OTHERS` colours.
    """
    from PIL import Image

    pixels = np.asarray(picture, dtype=np.uint32)
    codes, where, counts = np.unique(
        (pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2], return_inverse=True, return_counts=True
    )
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.int64)
    flat = colours[np.argsort(-counts, kind="stable")[:FLAT]]
    spread = picture.quantize(OTHERS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).getpalette() or []
    palette = np.vstack([flat, np.reshape(spread[: 3 * OTHERS], (-1, 3))])
    # |c - p|^2 without |c|^2, which is the same for every p
    nearest = ((palette**2).sum(axis=1) - 2 * colours @ palette.T).argmin(axis=1).astype(np.uint8)
    few = Image.fromarray(nearest[where].reshape(pixels.shape[:2]))
    few.putpalette(palette.astype(np.uint8).tobytes())
    return few


_ROOT = re.compile(r"<svg[^>]*?width=\"([\d.]+)pt\" height=\"([\d.]+)pt\"[^>]*>")
_FONT_FAMILY = re.compile(r"font-family: [^;\"]*;? ?")
# Several figures on one page must not repeat an id; markers and clip paths are named by a hash of their content.
_GENERATED_ID = re.compile(
    r' id="(?:figure|axes|patch|line2d|text|xtick|ytick|QuadMesh|LineCollection|legend|'
    r'PathCollection|PolyCollection|FillBetweenPolyCollection|matplotlib\.axis)_\d+"'
)
_CELL_ID = f' id="{CELL}"'
_EMPTY_GROUP = re.compile(r"<g>\s*</g>\s*")
_EMPTY_STYLE = re.compile(r"<defs>\s*<style[^>]*>\s*</style>\s*</defs>\s*")
_NUMBER = re.compile(r"(\d+\.\d{2})\d+")
_TAG = re.compile(r"<[^>]*>")
_COLOUR = re.compile("|".join(THEMED))


def _plain_tag(tag: str) -> str:
    """One tag without generated ids, with coordinates to a hundredth of a point."""
    return _NUMBER.sub(r"\1", _GENERATED_ID.sub("", _FONT_FAMILY.sub("", tag.replace(_CELL_ID, ""))))


def _themed_tag(tag: str) -> str:
    """One tag whose colours are the page's."""
    cell = tag.replace(_CELL_ID, f' class="{CELL}"')
    return _COLOUR.sub(lambda found: f"var({THEMED[found[0]]}, {found[0]})", _plain_tag(cell))


def to_svg(figure: Figure, *, title: str, description: str, name: str, themed: bool = False) -> Markup:
    """A figure as one SVG element that explains itself: text stays text, and title and description are read aloud.

    Parameters
    ----------
    figure : Figure
    title, description : str
        Become ``<title>`` and ``<desc>``; escaped here.
    name : str
        Unique on the page: what the ids of title and description are made of.
    themed : bool
        True for a page of gapkit: fonts and ink come from the page's style sheet (light or dark).

    Returns
    -------
    Markup
        ``<svg role="img" ...>``, ready to stand in HTML or in a file.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "gapkit"}), warnings.catch_warnings():
        # The reader's browser draws the letters: a glyph this machine's fonts lack is no fault here.
        warnings.filterwarnings("ignore", message=r"(?s)Glyph .* missing from font")
        FigureCanvasSVG(figure).print_svg(
            buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    drawing = buffer.getvalue()
    root = _ROOT.search(drawing)
    if root is None:
        raise ValueError("matplotlib wrote an SVG without width and height; gapkit cannot name it.")
    width, height = root.groups()
    body = drawing[root.end() :].replace("*{stroke-linejoin: round; stroke-linecap: butt}", "")
    for pattern in (_EMPTY_STYLE, _EMPTY_GROUP):
        body = pattern.sub("", body)
    # Only tags are rewritten: a label that reads like a colour or a font stays as it is.
    body = _TAG.sub(lambda tag: _themed_tag(tag[0]) if themed else _plain_tag(tag[0]), body)
    family = "" if themed else ' font-family="system-ui, sans-serif"'
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="gk-figure" '
        f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" stroke-linejoin="round"{family}>'
    )
    words = element("title", title, id=f"{name}-title") + element("desc", description, id=f"{name}-desc")
    return Markup(f"{opening}{words}{body.rstrip()}")
