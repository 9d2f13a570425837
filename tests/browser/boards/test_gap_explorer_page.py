"""The gap explorer as a reader meets it: in a browser, by keyboard, in two languages, on a telephone."""

import re

import pytest

import gapkit as gk
from gapkit.show.text import interval, number
from gapkit.show.widgets.survey_choice import offered


@pytest.fixture
def board(server, open_page, drawn):
    return drawn(open_page(server.board("gap_explorer")))


def head(page):
    return page.locator('[data-key="head"]').inner_text()


def wait_for_head(page, words):
    page.wait_for_function("words => document.querySelector('[data-key=head]')?.textContent === words", arg=words)


def overall(survey):
    return number(gk.gap_scores(survey).overall.loc["overall", "gap"], signed=True)


def test_the_board_shows_the_hotels_gaps_as_the_library_computes_them(board, hotel):
    scores = gk.gap_scores(hotel)
    assert head(board) == overall(hotel)
    row = scores.overall.loc["overall"]
    assert interval(row["low"], row["high"]) in board.locator(".gk-tiles").inner_text()
    drawn = board.locator(".gk-chart svg text").all_text_contents()
    for id, row in scores.dimensions.iterrows():
        assert hotel.instrument.label(id) in drawn
        assert number(row["gap"], signed=True) in drawn


def test_the_figure_tells_what_it_shows_to_a_screen_reader(board, hotel):
    figure = board.get_by_role("img")
    lowest = gk.gap_scores(hotel).dimensions["gap"].idxmin()
    assert figure.count() == 1
    name = figure.locator("title").text_content()
    assert name == "Gaps by dimension"
    assert f"Lowest: {hotel.instrument.label(lowest)}" in figure.locator("desc").text_content()


def test_a_control_is_reached_and_moved_by_keyboard_alone(board, hotel):
    names = []
    for _ in range(12):
        board.keyboard.press("Tab")
        names.append(
            board.evaluate("document.activeElement.labels?.[0]?.textContent || document.activeElement.textContent")
        )
        if names[-1] == "Dimension":
            break
    assert names == ["All boards", "Language", "Survey", "Dimension"]
    board.keyboard.press("ArrowDown")
    board.keyboard.press("ArrowDown")
    gap = gk.gap_scores(hotel).dimensions.loc["reliability", "gap"]
    wait_for_head(board, number(gap, signed=True))
    assert "Gap in Reliability" in board.locator(".gk-tiles").inner_text()
    assert board.get_by_role("status").first.inner_text() == f"Gap in Reliability: {number(gap, signed=True)}"


def test_the_table_scrolls_by_keyboard_in_its_own_box(board):
    box = board.get_by_role("region")
    box.focus()
    board.keyboard.press("End")
    board.wait_for_function("() => document.querySelector('.gk-scroll').scrollTop > 50")
    assert box.get_by_role("row").count() == 1 + 5 + 22


def test_groups_can_be_compared_and_one_be_chosen(board, hotel):
    board.get_by_label("Group by", exact=True).select_option(label="hotel")
    board.wait_for_selector('[data-key="lowest"]')
    scores = gk.gap_scores(hotel, by="hotel")
    assert board.locator('[data-key="lowest"]').inner_text() == number(scores.overall["gap"].min(), signed=True)
    board.get_by_label("Group", exact=True).select_option(label="B")
    wait_for_head(board, number(scores.overall.loc[("B", "overall"), "gap"], signed=True))
    assert "hotel = B" in board.locator(".gk-chart").inner_text()


def test_chinese_and_back_keeps_every_choice(board, hotel):
    board.get_by_label("Dimension", exact=True).select_option(label="Empathy")
    gap = number(gk.gap_scores(hotel).dimensions.loc["empathy", "gap"], signed=True)
    wait_for_head(board, gap)
    board.get_by_label("Language", exact=True).select_option(label="简体中文")
    board.wait_for_selector("text=移情性的差距")
    assert head(board) == gap
    assert (
        board.get_by_label("维度", exact=True).evaluate("select => select.selectedOptions[0].textContent") == "移情性"
    )
    board.wait_for_function("() => document.documentElement.lang === 'zh-Hans'")
    assert board.title() == "差距浏览 · gapkit"
    assert "期望 (E)" in board.locator(".gk-chart").inner_text()
    board.get_by_label("语言", exact=True).select_option(label="English")
    board.wait_for_selector("text=Gap in Empathy")
    assert head(board) == gap


@pytest.mark.parametrize(
    ("locale", "question"), [("zh-CN", "服务在哪些方面不及顾客期望？"), ("zh-TW", "服務在哪些方面不及顧客期望？")]
)
def test_a_chinese_reader_is_met_in_the_readers_script(server, open_page, drawn, locale, question):
    page = drawn(open_page(server.board("gap_explorer", ""), locale=locale))
    page.wait_for_selector(f"text={question}")


def test_on_a_telephone_nothing_scrolls_sideways_in_any_language(server, open_page, drawn, fits_a_telephone):
    page = drawn(open_page(server.board("gap_explorer"), width=390, height=844))
    by = page.locator(".gk-controls select").nth(2)
    for choose in (None, "hotel"):
        if choose:
            by.select_option(label=choose)
            page.wait_for_selector(".gk-heat")
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    fits_a_telephone(page)


def test_the_figure_follows_the_window(board):
    board.set_viewport_size({"width": 600, "height": 900})
    board.wait_for_function(
        "() => document.querySelector('.gk-chart svg').getAttribute('width') > 440"
        " && document.querySelector('.gk-chart svg').getAttribute('width') < 560"
    )


def test_an_error_is_an_alert_in_place_and_the_page_keeps_its_numbers(probes, open_page, drawn, hotel):
    page = drawn(open_page(probes.board("probe")))
    shown = head(page)
    page.get_by_label("Survey", exact=True).select_option(label="Kiosk customers (real)")
    alert = page.locator(".gk-alert[role=alert]")
    alert.wait_for()
    assert "sha256" in alert.inner_text()
    assert head(page) == shown == overall(hotel)
    page.wait_for_function("() => document.querySelector('.gk-controls select').selectedIndex === 0")
    page.get_by_label("Dimension", exact=True).select_option(label="Empathy")
    alert.wait_for(state="detached")


def test_a_slider_has_a_name_and_says_its_value(probes, open_page, drawn):
    page = drawn(open_page(probes.board("probe")))
    slider = page.get_by_role("slider", name="Shift")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.noUi-handle').getAttribute('aria-valuetext') === '1'")


def test_the_kiosk_survey_is_shown_too(board):
    if "kservqual" not in offered():
        pytest.skip("GAPKIT_DATA names no folder with the kiosk survey")
    kiosk = gk.datasets.load("kservqual")
    board.get_by_label("Survey", exact=True).select_option(label="Kiosk customers (real)")
    wait_for_head(board, overall(kiosk))
    assert "real answers" in board.locator(".gk-about").inner_text()
    assert re.search(r"n = 2\d\d", board.locator(".gk-chart").inner_text())
