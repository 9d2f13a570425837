"""The factor lab as a reader meets it: in a browser, by keyboard, in two languages, on a telephone."""

import statistics

import pytest

import gapkit as gk
from gapkit.show.text import percent

FIGURES = ("gk-loadings", "gk-scree", "gk-phi")


@pytest.fixture
def board(server, open_page, drawn):
    return drawn(open_page(server.board("factor_lab")))


def tile(page, key):
    return page.locator(f'[data-key="{key}"]').inner_text()


def wait_for(page, key, words):
    page.wait_for_function(
        "([key, words]) => document.querySelector(`[data-key=${key}]`)?.textContent === words", arg=[key, words]
    )


def solved(hotel, **settings):
    """The library's own answer to what the board was asked."""
    return gk.efa(hotel.perceptions, kind="polychoric", weights=hotel.weights, **settings)


def test_the_first_view_is_the_theorys_number_of_factors(board, hotel):
    factors = solved(hotel, n_factors=5)
    found = gk.congruence(factors, hotel.instrument)
    assert tile(board, "explained") == percent(factors.communalities.mean())
    assert tile(board, "placed") == f"{found.placed} of 22"
    assert board.get_by_role("img").count() == 3


def test_every_figure_has_a_title_and_says_what_it_shows(board, hotel):
    for name in FIGURES:
        assert board.locator(f"#{name}-title").text_content()
        assert "simulated, n = 1200" in board.locator(f"#{name}-desc").text_content()
    assert "Eigenvalues beyond chance: 4" in board.locator("#gk-scree-desc").text_content()


def test_the_number_of_factors_is_moved_by_keyboard_alone(board, hotel):
    for _ in range(14):
        board.keyboard.press("Tab")
        name = board.evaluate("document.activeElement.labels?.[0]?.textContent")
        if name == "Number of factors":
            break
    assert name == "Number of factors"
    board.keyboard.press("ArrowUp")
    board.wait_for_selector("text=Loadings, 4 factors")
    board.keyboard.press("ArrowUp")
    factors = solved(hotel, n_factors=3)
    wait_for(board, "explained", percent(factors.communalities.mean()))
    board.wait_for_selector("text=Loadings, 3 factors")
    board.wait_for_selector("[role=status]:has-text('3 factors, Oblimin (oblique):')", state="attached")


def test_loadings_and_congruence_follow_the_controls(board):
    board.get_by_label("Rotation", exact=True).select_option(label="Varimax (orthogonal)")
    wait_for(board, "strongest", "–")
    assert board.locator(".gk-table tr[data-id]").count() == 5
    board.get_by_label("Answers", exact=True).select_option(label="Gaps (P − E)")
    board.wait_for_function("() => document.querySelectorAll('.gk-controls select')[4].options.length === 1")


def test_chinese_keeps_every_choice(board):
    board.get_by_label("Number of factors", exact=True).select_option(label="3")
    board.wait_for_selector("text=Loadings, 3 factors")
    shown = tile(board, "explained")
    board.get_by_label("Language", exact=True).select_option(label="简体中文")
    board.wait_for_selector("text=载荷，3 个因子")
    board.wait_for_selector(".gk-table:has-text('可靠性')")
    wait_for(board, "explained", shown)


def test_on_a_telephone_nothing_scrolls_sideways_in_any_language(server, open_page, drawn, fits_a_telephone):
    page = drawn(open_page(server.board("factor_lab"), width=390, height=844))
    counts = page.locator(".gk-controls select").nth(2)
    for factors in ("1", "8"):
        counts.select_option(label=factors)
        page.wait_for_function(
            "count => document.querySelectorAll('.gk-table thead th').length === +count + 1", arg=factors
        )
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    fits_a_telephone(page)


def test_a_change_is_answered_in_the_page(board):
    """From the choice to the new figure, in the page; printed, and held only against what nobody would wait for."""
    change = """async label => {
        const select = [...document.querySelectorAll('.gk-controls select')][3];
        const status = document.querySelector('.gk-status'), began = performance.now();
        const all = {childList: true, subtree: true, characterData: true};
        const done = new Promise(resolve => new MutationObserver((_, me) => {
            me.disconnect(); requestAnimationFrame(() => resolve(performance.now() - began)); }).observe(status, all));
        select.value = [...select.options].find(option => option.textContent.startsWith(label)).value;
        select.dispatchEvent(new Event('change', {bubbles: true}));
        return done; }"""
    board.get_by_label("Number of factors", exact=True).select_option(label="4")
    board.wait_for_selector("text=Loadings, 4 factors")
    names = ["Promax", "Varimax", "Oblimin", "Geomin"] * 3
    times = [board.evaluate(change, name) for name in names]
    print(f"factor lab, one change: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms")
    assert statistics.median(times) < 3000


def test_a_file_of_ones_own_is_shown_and_reported(board, give_own, report_names):
    give_own(board)
    assert "our guests, n = 120" in board.locator("#gk-loadings-desc").text_content()
    assert report_names(board) == [f"our_guests_report.{kind}" for kind in ("html", "docx", "xlsx")]
