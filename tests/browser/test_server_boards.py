"""What holds for every board: light, named for screen readers, walked by keyboard, legible by day and night."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
BOARDS = sorted(file.stem for file in (HERE.parents[1] / "dashboards").glob("*.ipynb"))
MEGABYTES, REQUESTS = 5.5, 100
SLOW = 120_000
STEP = """() => {
    const now = document.activeElement, seen = (window.walked ||= []);
    if (!now || now === document.body || seen.includes(now)) return null;
    const last = seen[seen.length - 1], style = getComputedStyle(now), box = now.getBoundingClientRect();
    seen.push(now);
    const name = now.getAttribute("aria-label") || now.labels?.[0]?.textContent || now.textContent || now.title;
    return {
        name: (name || "").trim().slice(0, 60),
        what: now.outerHTML.slice(0, 160),
        forward: !last || Boolean(last.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING),
        visible: box.width > 0 && box.height > 0,
        shown: style.outlineStyle !== "none" || style.boxShadow !== "none",
    };
}"""


class Opened:
    """A board's page, and what it cost to load."""

    def __init__(self, browser, address):
        self.context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-GB")
        self.context.set_default_timeout(SLOW)
        self.page = self.context.new_page()
        self.bytes, self.requests = 0, 0
        wire = self.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", self._asked)
        wire.on("Network.loadingFinished", self._came)
        self.page.goto(address)
        self.page.wait_for_selector(".gk-board h1")
        self.page.wait_for_function("() => document.querySelector('.gk-page input').value !== ''")
        self.page.wait_for_selector(".gk-chart svg", state="attached")
        self.settle()

    def settle(self):
        """Wait until the board has done what it was told."""
        self.page.wait_for_timeout(300)
        self.page.wait_for_function("() => !document.body.classList.contains('gk-is-busy')")

    def _asked(self, event):
        self.requests += not event["request"]["url"].startswith(("data:", "blob:"))

    def _came(self, event):
        self.bytes += event["encodedDataLength"]

    def faults(self):
        """What axe calls serious or critical: rule and places."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return {
            violation["id"]: [node["html"][:200] for node in violation["nodes"]]
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
        }


@pytest.fixture(scope="module", params=BOARDS)
def opened(request, server, chromium):
    board = Opened(chromium, server.board(request.param))
    yield board
    board.context.close()


def test_a_board_is_light(opened):
    print(f"{opened.bytes / 1e6:.2f} MB, {opened.requests} requests")
    assert opened.bytes <= MEGABYTES * 1e6
    assert opened.requests <= REQUESTS


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_board_has_no_serious_fault_for_those_who_see_or_hear_it_otherwise(opened, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not there: npm install --no-package-lock in tests/browser")
    opened.page.emulate_media(color_scheme=scheme)
    assert opened.faults() == {}


def test_a_board_is_walked_through_by_keyboard_alone(opened):
    opened.page.emulate_media(color_scheme="light")
    opened.page.evaluate(
        "() => { document.activeElement?.blur(); window.walked = []; window.getSelection().removeAllRanges(); }"
    )
    opened.page.mouse.click(1, 1)
    steps = []
    for _ in range(300):
        opened.page.keyboard.press("Tab")
        step = opened.page.evaluate(STEP)
        if step is None:
            break
        steps.append(step)
    assert len(steps) >= 3
    assert step is None, "the walk ends: no place holds the focus"
    names = [step["name"] for step in steps]
    assert names[0] == "All boards"
    assert "Language" in names
    assert [step["what"] for step in steps if not step["name"]] == [], "every place has a name"
    assert [step["what"] for step in steps if not step["forward"]] == [], "in the order of the page"
    assert [step["what"] for step in steps if not step["visible"]] == [], "nothing hidden is reached"
    assert [step["what"] for step in steps if not step["shown"]] == [], "and one sees where one is"
