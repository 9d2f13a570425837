"""How long until the first control is there? ``python -m benchmarks.first_view``.

The gap explorer three ways, in turn, in Debian's Chromium with an empty cache: ``gapkit serve`` with a kernel ready,
Voila as it comes on the same notebook, and, where it is installed (``pip install panel``), Panel with the same figure
and one control. Printed: medians of seconds until something is painted (with gapkit, the skeleton) and until the first
control is visible, megabytes, requests, and the quotient of gapkit and Voila.
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from benchmarks.visiting import serving

DASHBOARDS = Path(__file__).parents[1] / "dashboards"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PANEL = """
import panel as pn
from gapkit.show.widgets import GapExplorer

board = GapExplorer()
select = pn.widgets.Select(name="Dimension", options=["all", "one"])
pn.Column(select, pn.pane.HTML(board.figure.value)).servable()
"""
SIGHT = {"gapkit": ".gk-controls select", "voila": ".widget-dropdown select", "panel": "select"}


@contextmanager
def running(command: list[str], address: str) -> Iterator[str]:
    """Another server, as it comes."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            for _ in range(300):
                try:
                    with urlopen(address, timeout=60):
                        break
                except (URLError, ConnectionError):
                    time.sleep(0.2)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def view(browser: Browser, address: str, sight: str) -> dict[str, float]:
    """One look with an empty cache."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(120_000)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    cost = {"bytes": 0.0, "requests": 0.0}

    def asked(event: dict[str, Any]) -> None:
        cost["requests"] += not event["request"]["url"].startswith(("data:", "blob:"))

    def came(event: dict[str, Any]) -> None:
        cost["bytes"] += event["encodedDataLength"]

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(sight)
    control = time.perf_counter() - begun
    # the browser's own clock: asking a page for its skeleton while its scripts load waits for the scripts
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    page.wait_for_timeout(500)
    context.close()
    return {"painted": painted, "control": control, "MB": cost["bytes"] / 1e6, "requests": cost["requests"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=7)
    given = parser.parse_args()
    looks: dict[str, list[dict[str, float]]] = {name: [] for name in SIGHT}
    voila_port, panel_port = free_port(), free_port()
    voila = [sys.executable, "-m", "voila", str(DASHBOARDS), "--no-browser", f"--port={voila_port}"]
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        app = Path(folder) / "view.py"
        app.write_text(PANEL)
        panel = [sys.executable, "-m", "panel", "serve", str(app), f"--port={panel_port}"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # one server at a time has the machine to itself; looks in turn would need all of them at once
        with serving("--max-sessions", "20") as server:
            for _ in range(given.times):
                server.settle(pool=1)
                looks["gapkit"].append(
                    view(browser, f"{server.address}voila/render/gap_explorer.ipynb", SIGHT["gapkit"])
                )
        with running(voila, f"http://127.0.0.1:{voila_port}/") as address:
            for _ in range(given.times):
                looks["voila"].append(view(browser, f"{address}voila/render/gap_explorer.ipynb", SIGHT["voila"]))
                time.sleep(3)
        if find_spec("panel"):
            with running(panel, f"http://127.0.0.1:{panel_port}/view") as address:
                for _ in range(given.times):
                    looks["panel"].append(view(browser, address, SIGHT["panel"]))
                    time.sleep(1)
        browser.close()
    for name, seen in looks.items():
        if seen:
            middle = {key: statistics.median(look[key] for look in seen) for key in seen[0]}
            print(f"{name}: " + ", ".join(f"{key} {value:.2f}" for key, value in middle.items()))
    control = {name: statistics.median(look["control"] for look in seen) for name, seen in looks.items() if seen}
    print(f"gapkit / voila: {control['gapkit'] / control['voila']:.2f}")


if __name__ == "__main__":
    main()
