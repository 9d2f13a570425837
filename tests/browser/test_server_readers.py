"""Readers at the door, in the queue, and before a board that does not come."""

import pytest

PASSWORD = "open sesame, please"


@pytest.fixture(scope="module")
def locked(serve_boards, tmp_path_factory):
    """One place behind a password, pages beginning in Chinese."""
    file = tmp_path_factory.mktemp("secret") / "password"
    file.write_text(f"{PASSWORD}\n")
    return serve_boards("--password-file", file, "--max-sessions", 1, "--pool", 0, "--lang", "zh-Hans")


def test_the_password_is_asked_for_once_and_in_the_servers_language(locked, open_page):
    page = open_page("about:blank")
    page.goto(locked.board("gap_explorer", ""))
    assert page.get_by_role("heading").inner_text() == "看板需要密码"
    field = page.get_by_label("密码", exact=True)
    assert field.evaluate("field => field === document.activeElement")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    assert page.get_by_role("alert").inner_text() == "密码不对。"
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".gk-chart svg")
    assert "gap_explorer.ipynb" in page.url
    page.wait_for_selector("text=服务在哪些方面不及顾客期望？")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"

    other = page.context.new_page()
    other.goto(locked.board("gap_explorer", "lang=en"))
    assert other.get_by_role("heading").inner_text() == "All places are taken"
    other.goto(locked.address)
    assert other.get_by_role("heading").inner_text() == "gapkit 看板"
    assert "gapkit-" not in other.evaluate("document.cookie"), "scripts cannot read what lets in"
    page.close()
    other.goto(locked.board("gap_explorer", "lang=en"))
    for _ in range(10):  # the place is free within a second or two; the page would try by itself after ten
        if other.locator(".gk-notice").count() == 0:
            break
        other.wait_for_timeout(500)
        other.get_by_role("link", name="Try again now").click()
    other.wait_for_selector(".gk-chart svg")


@pytest.mark.parametrize("width", [390, 1200])
def test_the_form_does_not_scroll_sideways(locked, open_page, width):
    page = open_page(locked.address, width=width)
    assert page.get_by_role("textbox").or_(page.locator("#password")).is_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_an_address_that_leads_nowhere_says_so(server, open_page):
    page = open_page(f"{server.address}voila/render/nothing.ipynb?lang=zh-Hans")
    assert page.get_by_role("heading").inner_text() == "没有这个页面"
    page.get_by_role("link", name="全部看板").click()
    assert page.get_by_role("heading").inner_text() == "gapkit boards"


def test_a_board_that_does_not_come_is_loaded_again_once_and_then_given_up(server, open_page):
    page = open_page("about:blank")
    page.context.route_web_socket("**/channels*", lambda line: line.close())
    page.clock.install()
    page.goto(server.board("gap_explorer"))
    with page.expect_event("load"):
        page.clock.fast_forward(31_000)
    assert not page.locator("#gk-ended").is_visible()
    page.clock.fast_forward(31_000)
    page.locator("#gk-ended").wait_for()
    assert "The board did not come" in page.get_by_role("alert").inner_text()


def test_what_seems_to_leave_the_page_but_does_not_leaves_the_session_alone(server, open_page):
    page = open_page(server.board("gap_explorer"))
    page.wait_for_selector(".gk-chart svg")
    page.evaluate("() => window.dispatchEvent(new Event('beforeunload'))")
    page.get_by_label("Dimension", exact=True).select_option(label="Empathy")
    page.wait_for_selector("text=Gap in Empathy")


def test_paper_shows_the_board_by_day_without_its_controls(server, open_page):
    page = open_page(server.board("gap_explorer"))
    page.wait_for_selector(".gk-chart svg")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".gk-controls").is_visible()
    assert not page.locator(".gk-back").is_visible()
    assert page.locator(".gk-board h1").evaluate("head => getComputedStyle(head).color") == "rgb(27, 36, 48)"
