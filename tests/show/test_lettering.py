"""Lines of text in SVG: where matplotlib would put them, as they were given."""

import re

import numpy as np
import pytest
from matplotlib.text import Text

from gapkit.show.plots.canvas import new_figure, to_svg
from gapkit.show.plots.lettering import line_class
from gapkit.show.plots.sheet import SMALL, Sheet


def drawn(words, *, kind, **style):
    """The one text element of a figure, as a dictionary of its attributes, and its words."""
    figure, axes = new_figure(300, 100)
    Sheet(axes)
    style = {"transform": axes.transData, "fontsize": SMALL, "parse_math": False, "color": "#005c8a", **style}
    axes.add_artist(kind(40, 30, words, **style))
    svg = to_svg(figure, title="t", description="d", name="n")
    found = re.search(r"<text ([^>]*)>([^<]*)</text>", svg)
    return dict(re.findall(r'([a-z]+)="([^"]*)"', found[1])), found[2]


@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_line_stands_where_matplotlib_puts_it(ha, weight):
    ours, words = drawn("a line", kind=line_class(), ha=ha, weight=weight)
    theirs, same_words = drawn("a line", kind=Text, ha=ha, weight=weight)
    assert words == same_words
    assert float(ours["x"]) == pytest.approx(float(theirs["x"]), abs=0.01)
    assert float(ours["y"]) == pytest.approx(float(theirs["y"]), abs=0.01)
    for part in ("font-size: 11px", "fill: #005c8a", {"left": "start", "center": "middle"}.get(ha, "end")):
        assert part in ours["style"]
        assert part in theirs["style"]
    assert ("font-weight: 700" in ours["style"]) == ("font-weight: 700" in theirs["style"]) == (weight == "bold")


def test_words_are_escaped():
    assert drawn("<b> & co", kind=line_class())[1] == "&lt;b&gt; &amp; co"


def test_dollar_signs_are_no_formula():
    assert drawn("$5 and $6", kind=line_class())[1] == "$5 and $6"


def test_hidden_and_empty_lines_are_not_written():
    figure, axes = new_figure(300, 100)
    sheet = Sheet(axes)
    sheet.text(10, 10)
    sheet.text(10, 30, "hidden").set_visible(False)
    assert "<text" not in to_svg(figure, title="t", description="d", name="n")


def test_a_turned_line_is_turned():
    attributes, _ = drawn("upright", kind=line_class(), rotation=90)
    assert "rotate(-90" in attributes["transform"]


def test_a_picture_shows_the_same_words_as_ink():
    figure, axes = new_figure(300, 100)
    Sheet(axes).text(10, 40, "ink", color="#000000")
    figure.canvas.draw()
    assert np.asarray(figure.canvas.buffer_rgba())[..., 3].max() > 128


@pytest.mark.parametrize(("va", "below"), [("baseline", 0.0), ("center", 0.36 * 11), ("top", 0.76 * 11)])
def test_a_text_set_around_or_under_a_point_has_its_baseline_below_it(va, below):
    _, axes = new_figure(300, 100)
    line = Sheet(axes).text(10, 40, "words", va=va, fontsize=11)
    assert line.get_position()[1] == pytest.approx(40 - below)
