"""The boards' style sheet on a page of its own: heat maps at night, tables that scroll, labels on a telephone."""

import io
from pathlib import Path

import pytest
from PIL import Image

import gapkit
from gapkit.show.plots.heat import shade, text_on

SHEET = Path(gapkit.__file__).parent / "show" / "voila" / "templates" / "gapkit" / "static" / "board.css"


@pytest.fixture
def styled(chromium):
    """A page with the style sheet and some content."""
    opened = []

    def show(inside, *, width=1200, scheme="light"):
        opened.append(chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme))
        page = opened[-1].new_page()
        board = f'<div class="gk-board widget-box"><div class="gk-card widget-box">{inside}</div></div>'
        page.set_content(f"<style>{SHEET.read_text(encoding='utf-8')}</style><body data-voila>{board}</body>")
        return page

    yield show
    for context in opened:
        context.close()


def brightness(page, selector):
    """Of the cell's ground near its corner, 0 to 255."""
    picture = Image.open(io.BytesIO(page.locator(selector).screenshot())).convert("L")
    return picture.getpixel((5, 5))


def heat(value):
    colour = shade(value, 2.0)
    return f'<td id="cell" style="background:{colour};color:{text_on(colour)};width:90px;height:40px">0</td>'


def test_by_day_nothing_is_light_and_at_night_it_is_dark(styled):
    table = f'<table class="gk-heat"><tr>{heat(0.0)}</tr></table>'
    assert brightness(styled(table), "#cell") > 220
    assert brightness(styled(table, scheme="dark"), "#cell") < 60


def test_at_night_the_strongest_gap_stands_out_from_nothing(styled):
    shown = [
        brightness(styled(f'<table class="gk-heat"><tr>{heat(value)}</tr></table>', scheme="dark"), "#cell")
        for value in (-2.0, 0.0, 2.0)
    ]
    assert min(shown[0], shown[2]) > shown[1] + 80


def rows(number, wide=""):
    return "".join(f"<tr><th>{wide}row {k}</th><td>1.00</td></tr>" for k in range(number))


def box(table):
    return f'<div class="gk-scroll" tabindex="0"><table>{table}</table></div>'


def test_a_short_table_is_shown_whole_and_a_long_one_scrolls(styled):
    page = styled(box(rows(14)))
    assert page.evaluate("(e => e.scrollHeight <= e.clientHeight)(document.querySelector('.gk-scroll'))")
    page = styled(box(rows(60)))
    assert page.evaluate("(e => e.scrollHeight > e.clientHeight)(document.querySelector('.gk-scroll'))")


def edges(page):
    """The darkest of the box's last column and last row of pixels, where no letters are."""
    picture = Image.open(io.BytesIO(page.locator(".gk-scroll").screenshot())).convert("L")
    wide, high = picture.size
    return picture.getpixel((wide - 2, 12)), picture.getpixel((wide // 2, high - 2))


def test_a_shadow_lies_on_the_edge_behind_which_a_table_goes_on_and_goes_at_its_end(styled):
    whole = edges(styled(box(rows(4))))
    assert min(whole) > 245
    page = styled(box(rows(4, wide="a name that is much too long for a telephone and does not break, ")), width=390)
    assert edges(page)[0] < 235
    page.evaluate("document.querySelector('.gk-scroll').scrollLeft = 9999")
    assert edges(page)[0] > 245


def test_a_label_on_a_telephone_is_broken_and_not_cut(styled):
    widgets = "<style>.widget-label { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }</style>"
    controls = "".join(
        f'<div class="widget-dropdown"><label class="widget-label">{name}</label>'
        "<select><option>all</option></select></div>"
        for name in ("Whose answers move, and by how much", "Outcome")
    )
    page = styled(f'{widgets}<div class="gk-controls widget-box"><p></p>{controls}</div>', width=390)
    cut = "[...document.querySelectorAll('.widget-label')].some(e => e.scrollWidth > e.clientWidth + 1)"
    assert not page.evaluate(cut)
    places = "[...document.querySelectorAll('select')].map(e => Math.round(e.getBoundingClientRect().top))"
    first, second = page.evaluate(places)
    assert first == second
