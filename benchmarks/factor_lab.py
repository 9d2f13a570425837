"""How soon does the factor lab answer a change? ``python -m benchmarks.factor_lab``.

From a choice to the frame that shows its solution, in Debian's Chromium on ``gapkit serve``: every kind of control in
turn, once as a reader who looks a moment at what came (the board computes the next answers meanwhile), once without
any pause. Printed: medians, the 95 % quantile and the slowest, in milliseconds.
"""

import argparse
import os
import random
import shutil
import statistics

from playwright.sync_api import Page, sync_playwright

from benchmarks.visiting import serving

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHANGE = """async ([place, label]) => {
    const select = [...document.querySelectorAll('.gk-controls select')][place], began = performance.now();
    const watch = {childList: true, subtree: true, characterData: true};
    // what comes comes in several messages: the answer is there with the frame after the last of them
    const done = new Promise((resolve, reject) => {
        let last = 0, quiet = setTimeout(() => reject(Error('no answer to ' + label)), 20000);
        const observer = new MutationObserver(() => {
            clearTimeout(quiet);
            quiet = setTimeout(() => { observer.disconnect(); resolve(last); }, 300);
            requestAnimationFrame(() => { last = performance.now() - began; }); });
        for (const part of document.querySelectorAll('.gk-tiles, .gk-body, .gk-foot, .gk-status'))
            observer.observe(part, watch); });
    select.value = [...select.options].find(option => option.textContent === label).value;
    select.dispatchEvent(new Event('change', {bubbles: true}));
    return done; }"""
BATTERY, NUMBER, ROTATION, KIND = 1, 2, 3, 4


def moves(page: Page, count: int, seed: int) -> list[tuple[int, str]]:
    """A walk over the controls: each move changes one of them, all kinds in turn."""
    rng = random.Random(seed)
    offered = {
        place: page.locator(".gk-controls select").nth(place).locator("option").all_inner_texts()
        for place in (BATTERY, NUMBER, ROTATION, KIND)
    }
    offered[BATTERY] = offered[BATTERY][:2]  # gaps take the choice of correlations away
    at = {
        place: page.locator(".gk-controls select").nth(place).evaluate("s => s.selectedOptions[0].textContent")
        for place in offered
    }
    walk = []
    for step in range(count):
        place = (NUMBER, ROTATION, ROTATION, NUMBER, KIND, BATTERY)[step % 6]
        others = [label for label in offered[place] if label != at[place]]
        if place == NUMBER:
            others = [label for label in others if abs(int(label) - int(at[place])) == 1]
        at[place] = rng.choice(others)
        walk.append((place, at[place]))
    return walk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--look", type=float, default=2.5, help="seconds that a reader looks at an answer")
    given = parser.parse_args()
    with sync_playwright() as driver, serving("--max-sessions", "5") as server:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, look in (("with a look in between", given.look), ("without a pause", 0.0)):
            server.settle(pool=1)
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.goto(f"{server.address}voila/render/factor_lab.ipynb?lang=en")
            page.wait_for_selector(".gk-chart svg")
            page.wait_for_timeout(4000)
            times = []
            for move in moves(page, given.moves, seed=1):
                times.append(page.evaluate(CHANGE, list(move)))
                page.wait_for_timeout(1000 * look)
            page.close()
            high = statistics.quantiles(times, n=20)[-1]
            print(
                f"{name}: median {statistics.median(times):.0f} ms, 95 % {high:.0f} ms, slowest {max(times):.0f} ms "
                f"({given.moves} moves, load {os.getloadavg()[0]:.1f})"
            )
        browser.close()


if __name__ == "__main__":
    main()
