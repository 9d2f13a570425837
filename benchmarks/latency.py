"""From a key pressed on a slider to the frame that shows its effect: the what-if board against an Output widget.

Both run in Voila on one server, in one headless Chromium, block by block in turn, with the same computation behind
them. `python benchmarks/latency.py` prints the table.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from gapkit.show.serve import boards_folder

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
QUIET = 400
"""Milliseconds without a change after which a move counts as answered, once its answer is another one."""
PATIENCE = 20_000
HELD = 33
"""Milliseconds between the presses of a key that is held down."""

# What one would write first: widgets, an Output, clear it, draw again. The numbers are computed as on the board.
OUTPUT_WIDGET = """
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import clear_output
from ipywidgets import FloatSlider, Output, VBox

import gapkit as gk

survey = gk.datasets.load("hotel")
ready, gaps = gk.prepare_outlook(survey, outcome="recommend"), gk.prepare_gaps(survey)
before = gaps.of(survey)
names = survey.instrument.dimension_ids
labels = [survey.instrument.label(name) for name in names]
sliders = {
    name: FloatSlider(description=label, min=-1, max=2, step=0.1) for name, label in zip(names, labels, strict=True)
}
out = Output()


def draw(_=None):
    scenario = gk.Scenario({name: round(slider.value, 6) for name, slider in sliders.items()})
    after, moves = gaps.of(gk.apply(survey, scenario)), gk.dimension_moves(survey, scenario)
    result = ready.change(scenario)
    with out:
        clear_output(wait=WAIT)
        figure, (top, bottom) = plt.subplots(2, 1, figsize=(7.7, 5.7), height_ratios=(5, 3), layout="constrained")
        y = np.arange(len(names))[::-1]
        start, end = before.loc[list(names)], after.loc[list(names)]
        top.hlines(y, start["P"], end["P"], color="#d55e00", lw=4, alpha=0.45)
        top.plot(start["P"], y, "o", color="#d55e00", mfc="white", label="Before")
        top.plot(end["P"], y, "o", color="#d55e00", label="After")
        top.plot(start["E"], y, "|", color="#0072b2", ms=19, mew=3, label="Expected")
        for at, p, q, missing in zip(y, start["P"], end["P"], moves["missing"], strict=True):
            held = " end of scale" if missing > 0.005 else ""
            top.text(7.1, at, f"{q - p:+.2f}   {p:.2f} to {q:.2f}{held}", va="center")
        top.set(yticks=y, yticklabels=labels, xlim=(1, 7), xlabel="mean score, scale 1 to 7")
        top.legend(loc="lower left", ncols=3)
        rows = np.arange(len(result.change))[::-1]
        factor = np.array([1, 100, 100])[: len(rows)] / np.array([0.5, 10, 20])[: len(rows)]
        change, low, high = (result.change[name].to_numpy() * factor for name in ("change", "low", "high"))
        bottom.barh(rows, change, height=0.4, color="#0072b2", alpha=0.45)
        bottom.errorbar(change, rows, xerr=[change - low, high - change], fmt="|", color="#1b2430", capsize=4)
        bottom.axvline(0, color="#1b2430")
        for at, (_, row) in zip(rows, result.change.iterrows(), strict=True):
            bottom.text(1.02, at, f"{row['change']:+.2f} [{row['low']:.2f}, {row['high']:.2f}]", va="center",
                        transform=bottom.get_yaxis_transform())
        bottom.set(yticks=rows, yticklabels=result.change.index)
        plt.show()
        gap = f"{before.loc['overall', 'gap']:.2f} to {after.loc['overall', 'gap']:.2f}"
        print(f"Overall gap {gap}; predicted change {result.change.loc['mean', 'change']:+.2f}; "
              f"beyond what was observed {result.beyond:.0%}")


for slider in sliders.values():
    slider.observe(draw, names="value")
draw()
VBox([*sliders.values(), out])
"""

# Marks the frame after each change of the page (sliders apart), and looks at every frame whether a figure is there.
PROBE = r"""
() => {
  const state = window.probe = { key: 0, last: 0, differed: false, frames: 0, blank: 0, watching: false };
  const painted = new MessageChannel();
  let waiting = false;
  painted.port1.onmessage = () => { waiting = false; state.last = performance.now(); };
  const changed = () => {
    if (!state.key) return;
    if (state.answer() !== state.before) state.differed = true;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => painted.port2.postMessage(0)); // the message comes after the frame was painted
  };
  new MutationObserver((records) => {
    for (const record of records) {
      const node = record.target.nodeType === 1 ? record.target : record.target.parentElement;
      if (node && !node.closest(".widget-hslider")) return changed();
    }
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  document.addEventListener("load", (event) => { if (event.target.tagName === "IMG") changed(); }, true);
  window.addEventListener("keydown", () => { state.key = performance.now(); }, true);
  state.answer = () => {
    const tile = document.querySelector(".gk-tiles [data-key=change]");
    const output = document.querySelector(".widget-output");
    if (tile) return tile.textContent;
    return output ? (output.textContent.match(/predicted change (\S+);/) || ["", ""])[1] : "";
  };
  const there = () => [...document.querySelectorAll(".gk-chart svg, .widget-output img")].some(
    (figure) => figure.getBoundingClientRect().height > 50 && (figure.tagName !== "IMG" || figure.complete));
  const look = () => {
    if (state.watching) { state.frames += 1; if (!there()) state.blank += 1; }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""
NEXT = "() => Object.assign(probe, { key: 0, last: 0, differed: false, before: probe.answer() })"
SETTLED = f"() => probe.differed && probe.last && performance.now() - probe.last > {QUIET}"


class Measured(NamedTuple):
    """Milliseconds of every single move, frames looked at, frames without a figure, and a held key's lag."""

    moves: list[float]
    frames: int
    blank: int
    lags: list[float]


def write_boards(folder: Path, *, wait: bool) -> dict[str, str]:
    """The board and its rival as notebooks in a folder: name -> file."""
    shutil.copy(boards_folder() / "what_if.ipynb", folder)
    rival = json.loads((folder / "what_if.ipynb").read_text(encoding="utf-8"))
    rival["cells"][0]["source"] = OUTPUT_WIDGET.replace("WAIT", str(wait)).strip()
    (folder / "output.ipynb").write_text(json.dumps(rival), encoding="utf-8")
    return {"gapkit": "what_if.ipynb", "output": "output.ipynb"}


def start(folder: Path, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A running ``gapkit serve`` and its address."""
    command = [sys.executable, "-m", "gapkit.cli", "serve", str(folder), "--no-browser"]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=log.parent)
    for _ in range(600):
        if found := re.search(r"gapkit boards: (http://\S+)", log.read_text()):
            return process, found[1]
        time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"gapkit serve did not start: {log.read_text()}")


def opened(browser: Browser, address: str) -> Page:
    """A page whose figure is there and has settled, with the probe in it."""
    page = browser.new_context(viewport={"width": 1200, "height": 1500}).new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    page.wait_for_selector(".gk-chart svg, .widget-output img")
    page.wait_for_timeout(2500)
    page.evaluate(PROBE)
    return page


def press(page: Page, key: str) -> float:
    """One press: milliseconds until the frame after the last change."""
    page.evaluate(NEXT)
    page.keyboard.press(key)
    page.wait_for_function(SETTLED)
    return float(page.evaluate("probe.last - probe.key"))


def hold(page: Page) -> float:
    """A key held down, ten up and eight down again: milliseconds from the last press to the last change's frame."""
    for key in ("ArrowRight", "ArrowRight"):
        press(page, key)
    there = page.evaluate("probe.answer()")
    for key in ("ArrowLeft", "ArrowLeft"):
        press(page, key)
    page.evaluate(NEXT)
    for key in 10 * ["ArrowRight"] + 8 * ["ArrowLeft"]:
        page.keyboard.press(key)
        page.wait_for_timeout(HELD)
    try:
        page.wait_for_function(f"there => ({SETTLED})() && probe.answer() === there", arg=there, timeout=PATIENCE)
        lag = float(page.evaluate("probe.last - probe.key"))
    except PlaywrightTimeout:
        lag = math.inf  # the last state was never shown
    for key in ("ArrowLeft", "ArrowLeft"):
        press(page, key)
    return max(lag, 0.0)


def block(page: Page, moves: int) -> Measured:
    """A block of single moves and one held key on the second slider."""
    page.bring_to_front()
    page.locator(".noUi-handle").nth(1).focus()
    for key in ("ArrowRight", "ArrowLeft"):
        press(page, key)
    page.evaluate("() => Object.assign(probe, { frames: 0, blank: 0, watching: true })")
    found = [press(page, key) for key in moves // 2 * ["ArrowRight"] + moves // 2 * ["ArrowLeft"]]
    lag = hold(page)
    state: dict[str, Any] = page.evaluate("() => { probe.watching = false; return probe; }")
    return Measured(found, int(state["frames"]), int(state["blank"]), [lag])


def same_answer(pages: dict[str, Page]) -> str:
    """The predicted change that both sides show after one and the same move; ValueError where they differ."""
    shown = {}
    for name, page in pages.items():
        page.bring_to_front()
        page.locator(".noUi-handle").nth(1).focus()
        press(page, "ArrowRight")
        shown[name] = str(page.evaluate("probe.answer()")).replace("\N{MINUS SIGN}", "-")
        press(page, "ArrowLeft")
    if len(set(shown.values())) != 1:
        raise ValueError(f"the two sides show different numbers: {shown}")
    return shown["gapkit"]


def joined(blocks: list[Measured]) -> Measured:
    """Blocks of one side together."""
    return Measured(
        [move for block in blocks for move in block.moves],
        sum(block.frames for block in blocks),
        sum(block.blank for block in blocks),
        [lag for block in blocks for lag in block.lags],
    )


def p95(values: list[float]) -> float:
    """The 95 % point."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def main() -> None:
    """Measure both sides in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=20, help="single moves in a block, at most 36")
    parser.add_argument("--rounds", type=int, default=4, help="blocks of each side")
    parser.add_argument("--no-wait", action="store_true", help="the rival clears its output at once")
    asked = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name) / "boards"
        folder.mkdir()
        files = write_boards(folder, wait=not asked.no_wait)
        process, address = start(folder, Path(name) / "server.log")
        try:
            browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
            pages = {side: opened(browser, f"{address}voila/render/{file}?lang=en") for side, file in files.items()}
            print(f"both show a predicted change of {same_answer(pages)} for one step of one slider")
            blocks: dict[str, list[Measured]] = {side: [] for side in pages}
            for _ in range(asked.rounds):
                for side, page in pages.items():
                    blocks[side].append(block(page, asked.moves))
            browser.close()
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
    report({side: joined(parts) for side, parts in blocks.items()})


def report(found: dict[str, Measured]) -> None:
    """The table: key to frame, frames without a figure, lag of a held key."""
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}")
    print("| key to frame, ms | median | 95 % | moves | blank frames | held key: lag after release, median |")
    print("|---|---|---|---|---|---|")
    for side, one in found.items():
        figures = f"{statistics.median(one.moves):.0f} | {p95(one.moves):.0f} | {len(one.moves)}"
        print(f"| {side} | {figures} | {one.blank} of {one.frames} | {statistics.median(one.lags):.0f} |")
    ours, theirs = found["gapkit"].moves, found["output"].moves
    ratios = f"{statistics.median(ours) / statistics.median(theirs):.2f} | {p95(ours) / p95(theirs):.2f}"
    print(f"| gapkit / output | {ratios} | | | |")


if __name__ == "__main__":
    main()
