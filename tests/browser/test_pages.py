"""The server's own pages: landing, ended sessions, what is not served."""

import re
import signal
import time
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest


def status(address):
    try:
        with urlopen(address, timeout=120) as answer:
            return answer.status
    except HTTPError as refused:
        refused.close()
        return refused.code


def test_the_landing_page_lists_the_boards(server, open_page):
    page = open_page(server.address)
    card = page.get_by_role("link", name="Gap explorer")
    assert "falls short of what customers expect" in card.inner_text()
    card.click()
    page.wait_for_selector(".gk-chart svg")


def test_the_landing_page_speaks_chinese_when_asked(server, open_page):
    page = open_page(server.address)
    page.get_by_role("button", name="简体中文").click()
    assert page.get_by_role("heading").inner_text() == "gapkit 看板"
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    page.get_by_role("link", name="差距浏览").click()
    page.wait_for_selector("text=服务在哪些方面不及顾客期望？")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-SG", "zh-Hans"), ("zh", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-MO", "zh-Hant")],
)
def test_the_landing_page_takes_the_script_of_the_browsers_language(server, open_page, locale, language):
    page = open_page(server.address, locale=locale)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.get_by_role("heading").inner_text() == {"zh-Hans": "gapkit 看板", "zh-Hant": "gapkit 儀表板"}[language]


@pytest.mark.parametrize("width", [390, 1200])
def test_the_landing_page_does_not_scroll_sideways(server, open_page, width):
    page = open_page(server.address, width=width)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_a_folder_of_ones_own_is_listed_by_its_titles_as_text(probes, open_page):
    page = open_page(probes.address)
    assert page.get_by_role("link").inner_text().strip() == "Our <b>own</b> board"


def test_something_is_seen_before_the_board_is_ready(server, open_page):
    page = open_page("about:blank")
    page.goto(server.board("gap_explorer"), wait_until="commit")
    page.wait_for_selector("#loading .gk-bone", state="attached")


def test_the_outline_waits_for_no_script_and_for_two_small_style_sheets_only(server):
    with urlopen(server.board("gap_explorer"), timeout=120) as answer:
        before, _, _ = answer.read().decode().partition('<div id="loading"')
    assert not re.findall(r"<script[^>]* src=", before)
    sheets = re.findall(r'<link rel="stylesheet"[^>]* href="([^"]+)"', before)
    assert [re.search(r"static/(\w+)\.css", sheet)[1] for sheet in sheets] == ["board", "page"]
    with urlopen(f"{server.address.rstrip('/')}{sheets[0]}", timeout=120) as answer:
        assert len(answer.read()) < 40_000


def test_a_killed_kernel_shows_the_banner_and_the_way_back(server, open_page):
    page = open_page(server.board("gap_explorer"))
    page.wait_for_selector(".gk-chart svg")
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    banner = page.locator("#gk-ended")
    assert not banner.is_visible()
    children = psutil.Process(server.process.pid).children(recursive=True)
    victim = next(child for child in children if any(kernel in part for part in child.cmdline()))
    begun = time.perf_counter()
    victim.kill()
    banner.wait_for()
    print(f"banner after {time.perf_counter() - begun:.1f} s")
    assert banner.get_attribute("role") == "alert"
    assert "This session has ended" in banner.inner_text()
    banner.get_by_role("button", name="Start again").click()
    page.wait_for_selector(".gk-chart svg")
    assert not page.locator("#gk-ended").is_visible()


def test_the_banner_speaks_the_pages_language(server, open_page):
    page = open_page(server.board("gap_explorer", "lang=zh-Hans"))
    page.wait_for_function("() => document.documentElement.lang === 'zh-Hans'")
    page.evaluate("window.gapkit.end()")
    assert page.get_by_role("button", name="重新开始").is_visible()


@pytest.mark.parametrize(
    "path",
    ["voila/files/probe.ipynb", "voila/files/secret.csv", "voila/render/secret.csv", "voila/files/../secret.csv"],
)
def test_no_file_and_no_source_is_served(probes, path):
    assert status(probes.address + path) in (403, 404, 500)


def test_another_template_cannot_be_asked_for(server):
    assert status(server.board("gap_explorer", "template=nope")) == 200


def test_the_boards_own_code_is_not_on_the_page(server):
    with urlopen(server.board("gap_explorer"), timeout=120) as answer:
        assert b"from gapkit.show" not in answer.read()


def test_ctrl_c_ends_the_server_and_every_kernel(tmp_path, own_server):
    running = own_server()
    assert status(running.address) == 200
    kernels = psutil.Process(running.process.pid).children(recursive=True)
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    gone, alive = psutil.wait_procs(kernels, timeout=20)
    assert gone
    assert alive == []
    left = [file.name for file in (tmp_path / "own-cwd").iterdir()]
    assert left == ["voila.json"], "nothing is written into the folder it was started in"
