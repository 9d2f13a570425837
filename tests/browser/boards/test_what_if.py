"""The what-if board in a browser: sliders by keyboard and mouse, files, two languages, a telephone."""

import csv

import pytest

import gapkit as gk
from gapkit.show.text import number


@pytest.fixture(scope="module")
def ready(drawn):
    """Wait until both figures are drawn for this page's width and the sliders have their names."""

    def wait(page):
        drawn(page, figures=2)
        page.wait_for_function("() => document.querySelectorAll('.noUi-handle[aria-label]').length === 5")
        return page

    return wait


@pytest.fixture
def board(server, open_page, ready):
    return ready(open_page(server.board("what_if")))


def wait_for_tile(page, key, words):
    page.wait_for_function(
        "([key, words]) => document.querySelector(`.gk-tiles [data-key=${key}]`)?.textContent === words",
        arg=[key, words],
    )


def change_with(hotel, amounts):
    """What the tile of the outcome shows for a scenario."""
    change = gk.outlook(hotel, gk.Scenario(amounts), outcome="recommend").change.loc["mean", "change"]
    return number(change, signed=True)


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def test_a_slider_is_moved_by_keyboard_alone(board, hotel):
    handle = slider(board, "Reliability")
    for _ in range(12):
        board.keyboard.press("Tab")
        if board.evaluate("document.activeElement.getAttribute('aria-label')") == "Reliability":
            break
    for _ in range(4):
        board.keyboard.press("ArrowRight")
    wait_for_tile(board, "change", change_with(hotel, {"reliability": 0.4}))
    assert handle.get_attribute("aria-valuetext") == "+0.4"
    assert "Moves: Reliability +0.40." in board.get_by_role("status").first.inner_text()
    board.keyboard.press("ArrowLeft")
    wait_for_tile(board, "change", change_with(hotel, {"reliability": 0.3}))


def test_a_slider_answers_while_it_is_dragged_and_when_it_is_let_go(board, hotel):
    box = slider(board, "Empathy").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    first = board.locator(".gk-tiles [data-key=change]").inner_text()
    board.mouse.move(x, y)
    board.mouse.down()
    board.mouse.move(x + 30, y, steps=3)
    board.wait_for_function(
        "first => document.querySelector('.gk-tiles [data-key=change]').textContent !== first", arg=first
    )
    board.mouse.move(x + 60, y, steps=3)
    board.mouse.up()
    board.wait_for_timeout(50)
    shown = float(slider(board, "Empathy").get_attribute("aria-valuetext"))
    assert shown > 0.2
    wait_for_tile(board, "change", change_with(hotel, {"empathy": round(shown, 1)}))


def test_the_figures_explain_themselves_under_names_of_their_own(board):
    figures = board.get_by_role("img")
    assert figures.count() == 2
    ids = board.evaluate("() => [...document.querySelectorAll('svg [id]')].map(node => node.id)")
    own = [name for name in ids if name.startswith("gk-")]
    assert len(own) == len(set(own)) == 4
    for place in range(2):
        assert len(figures.nth(place).locator("desc").text_content()) > 100


def test_scenarios_are_saved_compared_and_taken_along(board, tmp_path):
    slider(board, "Reliability").focus()
    board.keyboard.press("ArrowRight")
    board.get_by_label("Name of this scenario", exact=True).fill("=cmd <b>")
    board.get_by_role("button", name="Save", exact=True).click()
    board.wait_for_selector("tr[data-scenario]")
    assert board.locator("tr[data-scenario] th b").inner_text() == "=cmd <b>"
    board.get_by_role("button", name="Prepare files", exact=True).click()
    kinds = {"Numbers (CSV)": b"\xef\xbb\xbfscenario", "Figures (SVG)": b"<svg", "Figures (PNG)": b"\x89PNG"}
    for words, begins in kinds.items():
        with board.expect_download() as download:
            board.get_by_role("link", name=words, exact=True).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(begins)
    with (tmp_path / "what-if.csv").open(encoding="utf-8-sig", newline="") as lines:
        names = {row["scenario"] for row in csv.DictReader(lines)}
    assert names == {"Sliders now", "'=cmd <b>"}


def test_reset_brings_the_handles_back(board):
    slider(board, "Empathy").focus()
    for _ in range(3):
        board.keyboard.press("ArrowRight")
    board.wait_for_function("() => document.querySelector('.gk-status').textContent.includes('Empathy +0.30')")
    board.get_by_role("button", name="All back to zero", exact=True).click()
    wait_for_tile(board, "change", "0.00")
    assert float(slider(board, "Empathy").get_attribute("aria-valuenow")) == 0.0


def test_chinese_and_back_keeps_sliders_and_scenarios(board, hotel):
    slider(board, "Assurance").focus()
    for _ in range(2):
        board.keyboard.press("ArrowRight")
    shown = change_with(hotel, {"assurance": 0.2})
    wait_for_tile(board, "change", shown)
    board.get_by_role("button", name="Save", exact=True).click()
    board.wait_for_selector("tr[data-scenario='Scenario 1']")
    board.get_by_label("Language", exact=True).select_option(label="简体中文")
    board.wait_for_selector("text=保存与比较")
    wait_for_tile(board, "change", shown)
    assert board.locator("tr[data-scenario='Scenario 1']").count() == 1
    board.wait_for_function("() => document.querySelector('.noUi-handle').getAttribute('aria-label') === '有形性'")
    assert slider(board, "保证性").get_attribute("aria-valuetext") == "+0.2"
    board.get_by_label("语言", exact=True).select_option(label="English")
    board.wait_for_selector("text=Keep and compare")
    wait_for_tile(board, "change", shown)


def test_on_a_telephone_nothing_scrolls_sideways_in_any_language(server, open_page, ready, fits_a_telephone):
    page = ready(open_page(server.board("what_if"), width=390, height=844))
    page.locator(".noUi-handle").nth(4).focus()
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('.gk-ceiling').textContent.length > 5")
    page.locator(".gk-row button").first.click()
    page.wait_for_selector("tr[data-scenario]")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    handle = page.locator(".noUi-handle").first.bounding_box()
    assert min(handle["width"], handle["height"]) >= 24
    fits_a_telephone(page)


def test_a_file_of_ones_own_is_shown_and_reported(board, give_own, report_names):
    give_own(board)
    assert board.get_by_label("Outcome", exact=True).locator("option").all_inner_texts() == ["again"]
    assert "our guests, n = 120" in board.locator("#gk-before-after-desc").text_content()
    assert report_names(board) == [f"our_guests_report.{kind}" for kind in ("html", "docx", "xlsx")]
