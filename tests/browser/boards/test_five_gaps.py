"""The five gaps board in a browser: by keyboard, in two languages, on a telephone."""

import pytest

import gapkit as gk
from gapkit.show.text import number

ROLES = ("managers", "standards", "staff", "promises")


@pytest.fixture(scope="module")
def five():
    roles = {role: gk.datasets.load(f"hotel_{role}") for role in ROLES}
    return gk.five_gaps(gk.datasets.load("hotel"), **roles, by="hotel")


@pytest.fixture
def board(server, open_page, drawn):
    return drawn(open_page(server.board("five_gaps")), figures=3)


def wait_for_gap(page, gap, words):
    page.wait_for_function(
        "([gap, words]) => document.querySelector(`.gk-tiles [data-key=${gap}]`)?.textContent === words",
        arg=[gap, words],
    )
    page.wait_for_function("() => window.gapkit.busySince === 0")  # the tiles are not the last to come


def test_a_branch_is_reached_by_keyboard_alone_and_its_model_holds_its_numbers(board, five):
    names = []
    for _ in range(6):
        board.keyboard.press("Tab")
        names.append(
            board.evaluate("document.activeElement.labels?.[0]?.textContent || document.activeElement.textContent")
        )
        if names[-1] == "Branch":
            break
    assert names == ["All boards", "Language", "Survey", "Branches by", "Branch"]
    board.keyboard.press("ArrowDown")
    board.keyboard.press("ArrowDown")
    shown = number(five.gaps.loc[("B", "overall", "gap_1"), "value"], signed=True)
    wait_for_gap(board, "gap_1", shown)
    model = board.get_by_role("img").first
    assert shown in model.locator("tspan").all_text_contents()
    assert "Gap 1: knowledge" in model.locator("desc").text_content()
    assert board.get_by_role("status").first.inner_text().startswith("B, Overall: largest harm Gap 1: knowledge")


def test_three_figures_explain_themselves_under_names_of_their_own(board):
    figures = board.get_by_role("img")
    assert figures.count() == 3
    ids = board.evaluate("() => [...document.querySelectorAll('svg [id]')].map(node => node.id)")
    own = [name for name in ids if name.startswith("gk-")]
    assert len(own) == len(set(own))
    for place in range(3):
        assert len(figures.nth(place).locator("desc").text_content()) > 100


def test_text_in_the_model_can_be_selected(board):
    board.get_by_role("img").first.locator("text").first.select_text()
    assert board.evaluate("getSelection().toString()").strip()


def test_actions_and_causes_follow_the_branch(board, five):
    board.get_by_label("Branch", exact=True).select_option(label="E")
    wait_for_gap(board, "gap_4", number(five.gaps.loc[("E", "overall", "gap_4"), "value"], signed=True))
    first = gk.actions_for(five.branch("E")).iloc[0]
    assert first["text"] in board.locator(".gk-actions li").first.inner_text()
    assert "Promises kept within reach" in board.locator(".gk-text").first.inner_text()
    board.locator(".gk-text summary").click()
    assert board.locator(".gk-actions").nth(1).is_visible()


def test_chinese_and_back_keeps_every_choice(board, five):
    board.get_by_label("Branch", exact=True).select_option(label="D")
    shown = number(five.gaps.loc[("D", "overall", "gap_3"), "value"], signed=True)
    wait_for_gap(board, "gap_3", shown)
    board.get_by_label("Language", exact=True).select_option(label="简体中文")
    board.wait_for_selector("text=可以缩小这些差距的措施")
    wait_for_gap(board, "gap_3", shown)
    assert "差距3：提供" in board.locator(".gk-chart").first.inner_text()
    board.get_by_label("语言", exact=True).select_option(label="English")
    board.wait_for_selector("text=What could close these gaps")
    wait_for_gap(board, "gap_3", shown)


def test_on_a_telephone_nothing_scrolls_sideways_in_any_language(server, open_page, drawn, fits_a_telephone):
    page = drawn(open_page(server.board("five_gaps"), width=390, height=844), figures=3)
    for branch in ("B", "F"):
        page.locator(".gk-controls select").nth(2).select_option(label=branch)
        page.wait_for_function(
            "branch => document.querySelector('.gk-status').textContent.includes(branch)", arg=branch
        )
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    fits_a_telephone(page)


def test_a_file_of_ones_own_is_shown_and_reported(board, give_own, guests_file, report_names):
    give_own(board)
    hint = board.locator(".gk-controls .gk-hint")
    assert "Gap 1 (lacks managers)" in hint.inner_text()
    board.get_by_label("Whose file", exact=True).select_option(label="Managers")
    board.wait_for_selector("h2:has-text('The managers’ file')")
    with board.expect_file_chooser() as chosen:
        board.locator(".gk-own .widget-upload").click()
    chosen.value.set_files(guests_file)  # managers who believe exactly what customers expect
    board.wait_for_function("() => document.querySelector('[data-key=gap_1]').textContent === '0.00'")
    assert "Gap 1" not in hint.inner_text()
    assert report_names(board) == [f"our_guests_report.{kind}" for kind in ("html", "docx", "xlsx")]


def test_a_file_on_causes_is_sent_and_its_questionnaire_taken_along(board, give_own, guests_file, tmp_path):
    from gapkit.show.forms import template_columns
    from gapkit.survey.hotel_causes import causes

    asked = causes()
    heads = [head for head in template_columns(asked.instrument) if head != "id"]
    file = tmp_path / "causes.csv"
    asked.perceptions.set_axis(heads, axis=1).to_csv(file, index=False)
    give_own(board)
    whose = board.get_by_label("Whose file", exact=True)
    for label, sent, taken in (("Managers", guests_file, "Managers: n = 120"), ("Causes", file, "Causes: n = 220")):
        whose.select_option(label=label)
        board.wait_for_selector(f".gk-own h2:has-text('{label.lower()}')")
        if label == "Causes":
            links = board.locator(".gk-own .gk-links a[download]:visible").all()
            names = [link.get_attribute("download") for link in links]
            assert names == ["antecedents.csv", "antecedents.xlsx", "antecedents_en.html"]
        with board.expect_file_chooser() as chosen:
            board.locator(".gk-own .widget-upload:visible").click()
        chosen.value.set_files(sent)
        board.wait_for_selector(f".gk-whose option:has-text('{taken}')", state="attached")
    assert board.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
