"""Figures as SVG: text stays text, names and descriptions are there, nothing from a label becomes markup."""

import warnings
from xml.etree import ElementTree

import pandas as pd
import pytest

from gapkit.show.plots import canvas as canvas_module
from gapkit.show.plots import drawn_language, dumbbell_height, gap_dumbbell, new_figure, to_svg

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
