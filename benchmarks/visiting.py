"""Visitors without a browser: a server of one's own, and readers who fetch a page and hold its kernel's channel."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
from websockets.sync.client import connect

CONFIG = re.compile(r'<script id="jupyter-config-data" type="application/json">(.*?)</script>', re.DOTALL)
PATIENCE = 300


@dataclass(frozen=True)
class Server:
    """A running server of boards."""

    address: str
    process: subprocess.Popen[bytes]

    def kernels(self) -> int:
        """How many kernels it has."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return sum(any("ipykernel" in part for part in _command(child)) for child in children)

    def settle(self, pool: int) -> None:
        """Wait until the pool is there and its kernels have nothing more to do."""
        before = -1.0
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            children = psutil.Process(self.process.pid).children(recursive=True)
            busy = sum(_seconds(child) for child in children)
            if self.kernels() >= pool * self.boards() and 0 <= busy - before < 0.05:
                return
            before = busy
            time.sleep(1)

    def boards(self) -> int:
        """How many boards its landing page lists."""
        with urlopen(self.address, timeout=PATIENCE) as answer:
            html = answer.read().decode()
        return html.count("voila/render/") // html.count("<section ")


def _seconds(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(spent.user + spent.system)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextmanager
def serving(*arguments: str) -> Iterator[Server]:
    """``gapkit serve`` with these arguments, stopped afterwards as a user stops it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gapkit.cli", "serve", *arguments, "--port", str(port), "--no-browser"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder, env=os.environ)
        try:
            while not (found := re.search(r"gapkit boards: (http://\S+)", log.read_text())):
                if process.poll() is not None:
                    raise RuntimeError(log.read_text())
                time.sleep(0.05)
            yield Server(found[1], process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass
class Visit:
    """One reader's page."""

    status: int
    """200, or 503 where the server had no room."""
    page: float = 0.0
    """Seconds until the whole page was there, its board included."""
    answered: float = 0.0
    """Seconds until the board's kernel answered on the page's channel."""
    channel: ExitStack = field(default_factory=ExitStack)
    """What the page holds open."""

    def leave(self) -> None:
        """Close the page."""
        self.channel.close()


def visit(server: Server, board: str) -> Visit:
    """Fetch a board's page, open its channel and ask for the widgets' states, as a page does first."""
    begun = time.perf_counter()
    try:
        with urlopen(f"{server.address}voila/render/{board}.ipynb", timeout=PATIENCE) as answer:
            html = answer.read().decode()
    except HTTPError as refused:
        refused.close()
        return Visit(refused.code)
    made = Visit(200, page=time.perf_counter() - begun)
    if "widget-view+json" not in html:
        raise RuntimeError(f"{board}: a page without its board")
    kernel = json.loads(CONFIG.search(html)[1])["kernelId"]  # type: ignore[index]
    address = server.address.replace("http:", "ws:")
    channel = f"{address}api/kernels/{kernel}/channels?session_id={uuid.uuid4()}"
    line = made.channel.enter_context(connect(channel, open_timeout=PATIENCE, max_size=None))
    comm = str(uuid.uuid4())
    opened = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
    line.send(message("comm_open", opened, {"version": "1.0.0"}))
    line.send(message("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}}))
    while True:
        raw = line.recv(PATIENCE)
        # a message with buffers begins with their number and places, then the JSON
        if '"update_states"' in (raw if isinstance(raw, str) else raw.decode("utf-8", "replace")):
            break
    made.answered = time.perf_counter() - begun
    return made


def message(kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None) -> str:
    """A message to a kernel."""
    header = {
        "msg_id": str(uuid.uuid4()),
        "msg_type": kind,
        "username": "",
        "session": "",
        "version": "5.3",
        "date": "",
    }
    given = {"header": header, "parent_header": {}, "metadata": metadata or {}, "content": content, "buffers": []}
    return json.dumps({**given, "channel": "shell"})
