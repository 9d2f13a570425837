"""A real server, started as a user starts it, and Debian's Chromium."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOW = 120_000
"""Milliseconds that a busy machine may take to show a board."""


@dataclass(frozen=True)
class Server:
    """A running ``gapkit serve``."""

    address: str
    process: subprocess.Popen

    def board(self, name, query="lang=en"):
        return f"{self.address}voila/render/{name}.ipynb?{query}"


def pytest_collection_modifyitems(items):
    """Browser tests come last: Playwright keeps an event loop running, beside which no other test can start its own."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker("browser")
    items.sort(key=lambda item: here in Path(item.path).parents)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder, log, **environment):
    """Start ``gapkit serve`` in a directory with somebody's settings; the address is read from what it prints."""
    command = [sys.executable, "-m", "gapkit.cli", "serve", *folder, "--port", str(free_port()), "--no-browser"]
    elsewhere = log.parent / f"{log.stem}-cwd"
    elsewhere.mkdir()
    (elsewhere / "voila.json").write_text('{"VoilaConfiguration": {"template": "absent", "strip_sources": false}}')
    with log.open("w") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, cwd=elsewhere, env={**os.environ, **environment}
        )
    for _ in range(600):
        if found := re.search(r"gapkit boards: (http://\S+)", log.read_text()):
            return Server(found[1], process)
        if process.poll() is not None:
            break
        time.sleep(0.1)
    process.kill()
    process.wait()
    raise RuntimeError(f"gapkit serve did not start: {log.read_text()}")


def stop(server):
    """Ctrl-C, as a user stops it."""
    server.process.send_signal(signal.SIGINT)
    try:
        server.process.wait(30)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def stop_all(started):
    """Stop those that the test has not ended."""
    for running in started:
        if running.process.poll() is None:
            stop(running)


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """gapkit's own boards."""
    running = start([], tmp_path_factory.mktemp("serve") / "gapkit.log")
    yield running
    stop(running)


@pytest.fixture
def own_server(tmp_path):
    """A server that the test ends itself."""
    started = []

    def begin():
        started.append(start([], tmp_path / "own.log"))
        return started[-1]

    yield begin
    stop_all(started)


@pytest.fixture(scope="module")
def serve_boards(tmp_path_factory):
    """A server with options of one's own, ended with the module."""
    started = []

    def begin(*arguments, **environment):
        log = tmp_path_factory.mktemp("serve") / "options.log"
        started.append(start([str(argument) for argument in arguments], log, **environment))
        return started[-1]

    yield begin
    stop_all(started)


def notebook(*sources, **metadata):
    """A notebook's text, one cell a source."""
    empty = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**empty, "id": f"c{place}", "source": source} for place, source in enumerate(sources)]
    metadata |= {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="session")
def plain_boards(tmp_path_factory):
    """A board that starts quickly, and things that are nobody's business."""
    boards = tmp_path_factory.mktemp("plain")
    (boards / "secret.csv").write_text("name,salary\n")
    source = "from ipywidgets import IntText\n\nIntText()  # the board's own words"
    (boards / "plain.ipynb").write_text(notebook(source))
    (boards / "below").mkdir()
    (boards / "below" / "hidden.ipynb").write_text((boards / "plain.ipynb").read_text())
    return boards


@pytest.fixture(scope="session")
def probes(tmp_path_factory):
    """A folder of boards of one's own: a slider and the explorer, with a kiosk file that is not the right one."""
    folder = tmp_path_factory.mktemp("boards")
    data = tmp_path_factory.mktemp("data")
    (data / "kservqual").mkdir()
    (data / "kservqual" / "kiosk.csv").write_text("not the file that is meant")
    (folder / "secret.csv").write_text("name,salary\n")
    slider = "from ipywidgets import IntSlider\n\nIntSlider(description='Shift', min=0, max=10)"
    explorer = "from gapkit.show.widgets import GapExplorer\n\nGapExplorer()"
    (folder / "probe.ipynb").write_text(notebook(slider, explorer, title="Our <b>own</b> board"))
    running = start([str(folder)], tmp_path_factory.mktemp("serve") / "probes.log", GAPKIT_DATA=str(data))
    yield running
    stop(running)


@pytest.fixture
def open_page(chromium):
    """Open a page of a size; afterwards no request may have left this machine and no script may have failed."""
    contexts, outside, failures = [], [], []

    def route(given):
        address = given.request.url
        if address.startswith(("http://127.0.0.1:", "data:", "blob:")):
            given.continue_()
        else:
            outside.append(address)
            given.abort()

    def open_(address, *, width=1200, height=900, locale="en-GB"):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=locale)
        context.set_default_timeout(SLOW)
        contexts.append(context)
        context.route("**/*", route)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert outside == []
    assert failures == []
