"""Figures as SVG: text stays text, names and descriptions are there, nothing from a label becomes markup."""

import io
import warnings
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from gapkit.show.plots import canvas as canvas_module
from gapkit.show.plots import drawn_language, dumbbell_height, gap_dumbbell, gap_heat, heat_height, new_figure, to_svg
from gapkit.show.plots.canvas import BLUE, FLAT, GREEN, INK, MUTED, ON_DARK, ON_LIGHT, OTHERS, VERMILLION
from gapkit.show.plots.heat import shade

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("1")</script>'


def drawn(gap_rows, *, labels=None, width=700, **svg):
    figure, axes = new_figure(width, dumbbell_height(len(gap_rows), width))
    gap_dumbbell(axes, gap_rows, labels=labels, source="Forty guests, n = 40")
    return to_svg(figure, title="Gaps & more", description="Lowest: Empathy < Assurance", name="one", **svg)


def test_an_svg_names_and_describes_itself(gap_rows):
    root = ElementTree.fromstring(drawn(gap_rows))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    ids = [root.get("aria-labelledby"), root.get("aria-describedby")]
    spoken = {part.get("id"): part.text for part in root if part.tag in (f"{SVG}title", f"{SVG}desc")}
    assert [spoken[id] for id in ids] == ["Gaps & more", "Lowest: Empathy < Assurance"]


def pictured(figure):
    """A notebook's picture of a figure, and the same pixels before they went into a palette."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=2 * 72, facecolor="white")
    shown = Image.open(io.BytesIO(figure._repr_png_()[0]))
    pixels = [np.asarray(one.convert("RGB")).astype(int) for one in (shown, Image.open(drawn))]
    return shown, *pixels, len(drawn.getvalue())


def test_a_key_and_coloured_words_keep_their_colours_in_a_notebook():
    rng = np.random.default_rng(0)
    figure, axes = new_figure(720, heat_height(22))
    gap_heat(axes, pd.DataFrame(rng.normal(-1, 0.4, (22, 6))), limit=2.0)
    shown, pixels, true, size = pictured(figure)
    assert shown.mode == "P"
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) <= FLAT + OTHERS
    assert np.abs(pixels - true).max() <= 30, "of 255, at the edges of letters"
    for value in (-1.0, -0.4, 0.4, 1.0):  # the shades of the key, half of which no cell has
        shade_of = np.array([int(shade(value, 1.0)[i : i + 2], 16) for i in (1, 3, 5)])
        there = (true == shade_of).all(axis=2)
        assert there.sum() > 50
        assert np.abs(pixels[there] - shade_of).max() <= 12
    assert len(figure._repr_png_()[0]) < size / 2


def test_on_a_board_cells_of_a_heat_map_can_be_told_from_the_rest_and_elsewhere_leave_no_trace():
    figure, axes = new_figure(400, heat_height(1))
    gap_heat(axes, pd.DataFrame({"A": [-2.0], "B": [0.0]}, index=["q01"]))
    told = {"title": "Gaps", "description": "Two.", "name": "two"}
    themed, alone = to_svg(figure, themed=True, **told), to_svg(figure, **told)
    assert shade(0.0, 2.0) in themed.split('class="gk-cell"', 1)[1]
    assert f"fill: var(--gk-on-light, {ON_LIGHT})" in themed
    assert f"fill: var(--gk-on-dark, {ON_DARK})" in themed
    assert 'id="gk-cell"' not in themed
    assert "gk-cell" not in alone
    assert "var(" not in alone


def test_flat_colours_are_kept_as_they_are():
    figure, axes = new_figure(60, 40)
    colours = [INK, MUTED, BLUE, VERMILLION, GREEN]
    for place, colour in enumerate(colours):
        axes.axvspan(place, place + 1, color=colour, lw=0)
    axes.set_axis_off()
    _, pixels, true, _ = pictured(figure)
    for colour in colours:
        wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        there = (true == wanted).all(axis=2)
        assert there.any()
        assert (pixels[there] == wanted).all()


def test_text_stays_text(gap_rows):
    words = [part.text for part in ElementTree.fromstring(drawn(gap_rows)).iter(f"{SVG}text")]
    assert {"empathy", "−1.50", "[−1.70, −1.30]", "Forty guests, n = 40"} <= set(words)


def test_a_label_from_a_file_never_becomes_markup(gap_rows):
    svg = drawn(gap_rows, labels=[NASTY, "$x_1$ & \\frac{"])
    assert "<script" not in svg
    words = [part.text for part in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert any(word and word.startswith("<script>") for word in words)
    assert "$x_1$ & \\frac{" in words


def test_control_characters_in_a_label_do_not_break_the_svg(gap_rows):
    ElementTree.fromstring(drawn(gap_rows, labels=["bell\x07", "escape\x1b[0m"]))


def test_a_themed_svg_takes_colours_and_fonts_from_the_page(gap_rows):
    svg = drawn(gap_rows, labels=["#0072b2", "font-family: x;"], themed=True)
    assert "var(--gk-blue, #0072b2)" in svg
    assert "font-family" not in svg.replace(">font-family: x;<", "")
    assert ">#0072b2<" in svg, "a label that reads like a colour stays as it is"


def test_a_plain_svg_holds_its_own_colours(gap_rows):
    assert "var(" not in drawn(gap_rows)


def test_ids_are_not_repeated_between_two_figures_on_a_page(gap_rows):
    figure, axes = new_figure(700, 300)
    gap_dumbbell(axes, gap_rows * 1.01)
    other = to_svg(figure, title="t", description="d", name="two")
    named = [set(ElementTree.fromstring(svg).iter()) for svg in (drawn(gap_rows), other)]
    first, second = ({part.get("id") for part in parts if part.get("id")} for parts in named)
    # markers are named by a hash of their shape: the same name is the same shape
    assert {id for id in first & second if not id.startswith("m")} == set()


def test_a_glyph_that_this_machine_lacks_is_no_warning_in_an_svg(gap_rows):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "\u0e01" in drawn(gap_rows, labels=["\u0e01\u0e02", "\U00010400"])


def test_the_same_figure_gives_the_same_svg(gap_rows):
    assert drawn(gap_rows) == drawn(gap_rows)


@pytest.mark.parametrize(
    ("font", "simplified", "traditional"),
    [(None, "en", "en"), ("Noto Sans CJK SC", "zh-Hans", "zh-Hant"), ("Microsoft JhengHei", "en", "zh-Hant")],
)
def test_without_a_font_for_its_script_a_png_is_drawn_in_english(monkeypatch, font, simplified, traditional):
    monkeypatch.setattr(canvas_module, "families", lambda: ["sans-serif", *([font] if font else [])])
    assert (drawn_language("zh-Hans"), drawn_language("zh-Hant")) == (simplified, traditional)


@pytest.mark.parametrize(("chinese", "labels"), [("zh-Hans", ["移情性", "保证性"]), ("zh-Hant", ["關懷性", "保證性"])])
def test_a_chinese_figure_is_drawn_as_png_without_a_warning(gap_rows, tmp_path, chinese, labels):
    language = drawn_language(chinese)
    figure, axes = new_figure(700, 300)
    labels = labels if language == chinese else None
    gap_dumbbell(axes, gap_rows, labels=labels, language=language)
    figure.savefig(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 2000


@pytest.mark.parametrize("width", [358, 700])
def test_figures_from_pyplot_work_too(gap_rows, width, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(width / 72, 4), dpi=150)
    try:
        artists = gap_dumbbell(axes, gap_rows)
        assert artists.width == pytest.approx(axes.get_window_extent().width * 72 / 150)
    finally:
        pyplot.close(figure)


def test_axes_without_a_figure_are_refused():
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    axes.remove()
    with pytest.raises(ValueError, match="belong to no figure"):
        gap_dumbbell(axes, pd.DataFrame({"E": [1], "P": [1], "gap": [0], "low": [0], "high": [0]}))
