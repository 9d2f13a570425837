"""The segments board in a browser: it answers while it searches, the search can be called off, it fits a telephone."""

from functools import partial

import pytest


def begun(page):
    """Wait until the first search shows how far it is."""
    page.wait_for_selector(".gk-progress", state="visible")
    return page


@pytest.fixture(scope="module")
def found(drawn):
    """Wait until the search has ended and every figure is drawn for this page's width."""
    return partial(drawn, figures=5, timeout=300_000)


@pytest.fixture
def searching(server, open_page):
    return begun(open_page(server.board("segments")))


def test_the_page_follows_its_reader_while_it_searches_and_the_search_can_be_called_off(searching):
    bar = searching.get_by_role("progressbar")
    first = int(bar.get_attribute("aria-valuenow"))
    searching.wait_for_function(
        "first => +document.querySelector('.gk-progress').getAttribute('aria-valuenow') > first", arg=first
    )
    searching.get_by_label("Language", exact=True).select_option(label="简体中文")
    searching.wait_for_selector("text=正在搜索细分群体")
    searching.get_by_role("button", name="取消搜索").click()
    searching.wait_for_selector("text=搜索已取消")
    assert searching.locator(".gk-progress").count() == 0
    again = searching.get_by_role("button", name="重新搜索")
    again.focus()
    searching.keyboard.press("Enter")
    begun(searching)


def test_what_is_found_can_be_named_and_moved(searching, found):
    board = found(searching)
    assert board.locator("[data-key=recommended]").inner_text() == "3"
    figures = board.get_by_role("img")
    figures.nth(4).wait_for()
    assert figures.count() == 5
    assert all(len(figures.nth(place).locator("desc").text_content()) > 60 for place in range(5))
    board.get_by_label("Name of S1", exact=True).fill("Commuters")
    board.get_by_label("Name of S1", exact=True).press("Tab")
    board.wait_for_function("() => document.querySelector('.gk-chart svg').textContent.includes('S1: Commuters')")
    board.get_by_label("Number of segments", exact=True).select_option(label="2")
    board.wait_for_selector("text=Shown are 2 segments")
    board.get_by_label("Dimension", exact=True).select_option(label="Reliability")
    board.wait_for_selector("text=Reliability moved in one segment only")
    assert board.locator(".gk-table tr[data-id=S1] b").count() >= 2


def test_on_a_telephone_nothing_scrolls_sideways_in_any_language(server, open_page, found, fits_a_telephone):
    page = begun(open_page(server.board("segments"), width=390, height=844))
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    found(page)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    fits_a_telephone(page)


def test_a_file_of_ones_own_is_shown_and_reported(searching, give_own, report_names):
    give_own(searching)
    assert "our guests, n = 120" in searching.locator("#gk-segment-lines-desc").text_content()
    assert report_names(searching) == [f"our_guests_report.{kind}" for kind in ("html", "docx", "xlsx")]
