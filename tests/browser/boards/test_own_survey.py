"""A file of the reader's own, and the report, as a reader meets them: in a browser, through the real upload button."""

import pandas as pd
import pytest

from gapkit.show.text import text

NASTY = "<img src=x onerror=alert(1)>"


@pytest.fixture
def board(server, open_page):
    page = open_page(server.board("gap_explorer"))
    page.wait_for_selector(".gk-chart svg")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.get_by_label("Survey", exact=True).select_option(label=text("own_survey.choice"))
    page.get_by_role("button", name="Choose a file").wait_for()
    return page


def answers(perceived=4, **more):
    levels = {"E": 6, "P": perceived}
    return pd.DataFrame({f"{code}{j}": [level] * 9 for code, level in levels.items() for j in range(1, 23)} | more)


def upload(page, path):
    with page.expect_file_chooser() as chosen:
        page.locator(".gk-own .widget-upload").click()
    chosen.value.set_files(path)


def wait_for_head(page, words):
    page.wait_for_function("words => document.querySelector('[data-key=head]')?.textContent === words", arg=words)


def test_a_file_is_uploaded_and_its_gap_is_shown(board, tmp_path):
    answers().to_csv(tmp_path / "our guests.csv", index=False)
    upload(board, tmp_path / "our guests.csv")
    wait_for_head(board, "−2.00")
    assert "our guests.csv is shown: 9 respondents." in board.locator(".gk-own").inner_text()
    assert "our guests, n = 9" in board.locator(".gk-chart").inner_text()
    board.get_by_role("button", name="Remove the file").click()
    board.wait_for_function("() => document.querySelector('[data-key=head]').textContent !== '−2.00'")


def test_faults_stand_in_a_table_and_can_be_put_right_in_place(board, tmp_path):
    table = answers()
    table.loc[1, "P12"] = 9
    table.to_excel(tmp_path / "coded.xlsx", index=False)
    upload(board, tmp_path / "coded.xlsx")
    faults = board.locator(".gk-faults[role=alert]")
    faults.wait_for()
    assert "P12" in faults.inner_text()
    assert "row 3" in faults.inner_text()
    board.get_by_label("Codes for no answer", exact=True).fill("9")
    board.keyboard.press("Tab")
    board.get_by_role("button", name="Show this survey").click()
    wait_for_head(board, "−2.00")
    faults.wait_for(state="detached")


def test_names_in_a_file_run_no_script(board, tmp_path):
    nasty = {NASTY: [NASTY] * 5 + ["=cmd|' /C calc'!A0"] * 4, "x" * 10_000: ["a\u202eb"] * 9}
    table = answers(**nasty)
    table.to_csv(tmp_path / "names.csv", index=False)
    upload(board, tmp_path / "names.csv")
    wait_for_head(board, "−2.00")
    board.locator(".gk-own details summary").click()
    assert board.evaluate("document.querySelectorAll('.gk-board img').length") == 0
    assert NASTY in board.locator(".gk-own details").inner_text()
    assert board.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    table.rename(columns={"P1": f"{NASTY} 1"}).to_csv(tmp_path / "names.csv", index=False)
    upload(board, tmp_path / "names.csv")
    board.locator(".gk-faults[role=alert]").wait_for()
    assert board.evaluate("document.querySelectorAll('.gk-board img').length") == 0


def test_a_file_of_50_mb_is_refused_with_a_message_and_the_session_goes_on(board, tmp_path):
    (tmp_path / "huge.csv").write_bytes(b"1" * 50 * 1024**2)
    upload(board, tmp_path / "huge.csv")
    alert = board.locator(".gk-own [role=alert]")
    alert.wait_for()
    assert "huge.csv has 52.4 MB; at most 15 MB can be taken." in alert.inner_text()
    board.get_by_label("Dimension", exact=True).select_option(label="Empathy")
    board.wait_for_selector("text=Gap in Empathy")


def test_a_report_is_made_on_demand_and_saved(board, tmp_path):
    board.get_by_role("button", name="Make a report").click()
    link = board.get_by_role("link", name="Web page (HTML)")
    link.wait_for()
    with board.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "Hotel_guests_report.html"
    saved.value.save_as(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes().startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_on_a_telephone_the_panel_does_not_scroll_sideways(server, open_page, tmp_path, language):
    page = open_page(server.board("gap_explorer", f"lang={language}"), width=390, height=844)
    page.wait_for_selector(".gk-chart svg")
    page.locator(".gk-controls select").first.select_option(label=text("own_survey.choice", language))
    table = answers().rename(columns={"P7": "at the first attempt"})
    table.to_csv(tmp_path / "guests.csv", index=False)
    upload(page, tmp_path / "guests.csv")
    page.locator(".gk-faults").wait_for()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
