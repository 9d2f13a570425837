"""The priorities board in a browser: the budget by keyboard, numbers of one's own, two languages, a telephone."""

import re

import pytest

import gapkit as gk
from gapkit.show.text import number
from gapkit.show.widgets.plan_desk import PlanDesk


@pytest.fixture(scope="module")
def desk():
    return PlanDesk(gk.datasets.load("hotel"), gk.load_actions())


@pytest.fixture(scope="module")
def ready(drawn):
    """Wait until map, ranks and plan stand there with their draws, each drawn for this page's width."""

    def wait(page):
        drawn(page, figures=4)
        page.wait_for_function("() => !document.querySelector('.gk-waiting, .gk-working')")
        page.wait_for_function(
            "() => { const figures = [...document.querySelectorAll('.gk-chart svg')]"
            ".map(svg => +svg.getAttribute('width'));"
            " const room = document.querySelector('.gk-chart').clientWidth;"
            " return figures.every(width => Math.abs(width - room) < 21); }"
        )
        return page

    return wait


@pytest.fixture
def board(server, open_page, ready):
    return ready(open_page(server.board("priorities")))


def budget(page):
    return page.get_by_role("slider", name="Budget")


def recommended(page):
    return page.evaluate(
        "() => [...document.querySelectorAll('tr[data-chosen=yes]')].map(row => row.dataset.action).sort()"
    )


def test_the_budget_moves_by_keyboard_and_the_plan_follows(board, desk, ready):
    slider = budget(board)
    slider.focus()
    start = int(float(slider.get_attribute("aria-valuenow")))
    assert start in desk.budgets()
    step = int(desk.budgets()[1])
    for _ in range(2):
        board.keyboard.press("ArrowRight")
    wanted = desk.quick(None, float(start + 2 * step))
    board.wait_for_function(
        "words => document.querySelector('.gk-tiles [data-key=gain]')?.textContent === words",
        arg=number(wanted.comparison["gain"].loc["optimum"], signed=True),
    )
    assert recommended(board) == sorted(wanted.chosen)
    assert slider.get_attribute("aria-valuetext").replace(",", "") == str(start + 2 * step)
    ready(board)  # the draws follow when the hand rests
    assert re.fullmatch(r"\d+%", board.locator(".gk-tiles [data-key=best]").inner_text())


def test_what_an_action_costs_and_adds_can_be_changed_and_comes_back(board):
    action = "Set standards for rooms, equipment and printed matter and inspect them"
    assert "surroundings" not in recommended(board)
    board.get_by_label("Action", exact=True).select_option(label=action)
    cost = board.get_by_label("Cost", exact=True)
    board.wait_for_function("field => field.value === '90000'", arg=cost.element_handle())
    cost.fill("1000")
    cost.press("Enter")
    board.wait_for_selector("tr[data-action=surroundings][data-chosen=yes]")
    assert "partly assumed" in board.locator("tr[data-action=surroundings]").inner_text()
    board.get_by_role("button", name="Back to the placeholders").click()
    board.wait_for_selector("tr[data-action=surroundings][data-chosen=no]")


def test_a_conflict_with_the_budget_is_an_alert_and_goes_once_it_is_solved(board, ready):
    board.get_by_label("Must it be done?", exact=True).select_option(label="must be done")
    ready(board)
    slider = budget(board)
    slider.focus()
    board.keyboard.press("Home")
    alert = board.get_by_role("alert")
    alert.wait_for()
    assert "The budget of 0 conflicts with what must be done" in alert.inner_text()
    board.keyboard.press("End")
    board.wait_for_function("() => !document.querySelector('.gk-alert')")


def test_four_figures_explain_themselves_under_names_of_their_own(board):
    figures = board.locator(".gk-chart svg")
    assert figures.count() == 4
    ids = board.evaluate("() => [...document.querySelectorAll('svg [id]')].map(node => node.id)")
    own = [name for name in ids if name.startswith("gk-")]
    assert len(own) == len(set(own))
    for place in range(4):
        assert len(figures.nth(place).locator("desc").text_content()) > 100


def test_chinese_and_back_keeps_every_choice(board, ready):
    board.get_by_label("Shown", exact=True).select_option(label="Items")
    board.wait_for_selector("text=q05 · Keeps its promised times")
    gain = board.locator(".gk-tiles [data-key=gain]").inner_text()
    board.get_by_label("Language", exact=True).select_option(label="简体中文")
    board.wait_for_selector("text=预算该花在哪里")
    ready(board)
    assert board.get_by_label("显示", exact=True).input_value() == "题项"
    assert board.locator(".gk-tiles [data-key=gain]").inner_text() == gain
    board.get_by_label("语言", exact=True).select_option(label="English")
    board.wait_for_selector("text=What a budget should be spent on")


def test_on_a_telephone_nothing_scrolls_sideways_in_any_language(server, open_page, ready, fits_a_telephone):
    page = ready(open_page(server.board("priorities"), width=390, height=844))
    for level in (1, 0):
        page.locator(".gk-controls select").nth(1).select_option(index=level)
        page.wait_for_timeout(300)
        ready(page)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    fits_a_telephone(page)


def test_a_file_of_ones_own_is_shown_and_reported(board, give_own, report_names):
    give_own(board)
    assert board.get_by_label("Importance", exact=True).locator("option").all_inner_texts() == ["Derived"]
    assert "our guests, n = 120" in board.locator("#gk-map-desc").text_content()
    assert report_names(board) == [f"our_guests_report.{kind}" for kind in ("html", "docx", "xlsx")]


def test_costs_of_ones_own_are_given_back_as_a_table(board, tmp_path):
    """A file that is far too large is told where it was given, and the next one is taken."""
    action = gk.load_actions()[0].id
    (tmp_path / "ours.csv").write_text(f"action,cost,effect,sd\n{action},12345,0.5,0.1\n")
    (tmp_path / "huge.csv").write_bytes(b"1" * 16_000_000)
    for name, words in (("huge.csv", "too large: at most 1 MB"), ("ours.csv", "actions with numbers from it: 1")):
        with board.expect_file_chooser() as chosen:
            board.locator(".gk-cost-table .widget-upload").click()
        chosen.value.set_files(tmp_path / name)
        board.wait_for_selector(f".gk-cost-table:has-text('{words}')")
    board.wait_for_selector(".gk-assumed:has-text('33 of 34 actions stand on assumed numbers')")
