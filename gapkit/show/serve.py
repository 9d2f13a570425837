"""The boards on a server: Voila with gapkit's own template, in this process."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from .text import languages, text

SHOW = Path(__file__).parent
DEFAULT_PORT = 8866
PORTS_TRIED = 20
# A kernel that no page uses is ended after this many seconds; Voila itself leaks one a visit (voila issue 1458).
CULL_AFTER, CULL_EVERY = 120, 15
MEGABYTE = 2**20
# A socket's path may have 103 characters (macOS); Voila and Jupyter add "/voila_.../kernel-...-ipc-5", 65 of them.
LONGEST_SOCKET_FOLDER = 103 - 65


class ServeError(ValueError):
    """The boards cannot be served as asked; the message says why and what to do."""


def boards_folder() -> Path:
    """The folder of the boards: beside the package in a checkout, inside it when installed from a wheel.

    Examples
    --------
    >>> (boards_folder() / "gap_explorer.ipynb").is_file()
    True
    """
    for folder in (SHOW.parent / "dashboards", SHOW.parent.parent / "dashboards"):
        if folder.is_dir():
            return folder
    raise ServeError("gapkit's boards are not where they should be: install gapkit again.")


def board_words(folder: Path) -> dict[str, Any]:
    """What the pages need to say: texts per language, and a card for each board in a folder.

    A board of gapkit has its title and sentence in ``locales``; of any other notebook the title is its own
    (metadata "title", else the file's name).
    """
    codes = languages()
    page = {
        code: {
            "name": name,
            "title": text("page.title", code),
            "lead": text("page.lead", code),
            "ended": text("page.ended", code),
            "restart": text("page.restart", code),
            "back": text("page.back", code),
        }
        for code, name in codes.items()
    }
    boards = []
    for file in sorted(folder.glob("*.ipynb")):
        own = json.loads(file.read_text(encoding="utf-8")).get("metadata", {}).get("title", file.stem)
        boards.append({"file": file.name, "words": {code: _card(file.stem, own, code) for code in codes}})
    return {"words": page, "boards": boards}


def _card(stem: str, own_title: str, language: str) -> dict[str, str]:
    """Title and sentence of one board."""
    try:
        return {"title": text(f"board.{stem}", language), "sentence": text(f"board.{stem}_sentence", language)}
    except KeyError:
        return {"title": own_title, "sentence": ""}


def free_port(host: str, port: int | None) -> int:
    """The port to listen on: the one asked for, or the first free one from 8866 on.

    Raises
    ------
    ServeError
        The port asked for is taken, or the address is not one of this machine.
    """
    wanted = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    error: OSError | None = None
    for candidate in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except (OSError, OverflowError) as refused:
                error = refused if isinstance(refused, OSError) else OSError(str(refused))
                continue
            return candidate
    asked = f"port {port}" if port is not None else f"ports {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TRIED - 1}"
    reason = error.strerror if error and error.strerror else str(error)
    raise ServeError(f"gapkit cannot listen on {host}, {asked}: {reason}. Choose another with --port.")


def socket_folder() -> str | None:
    """Where kernels can have their sockets as files; None where they have to listen on ports.

    Jupyter picks a kernel's five ports before the kernel opens them. When another program takes one in between, the
    kernel dies and Voila waits for it forever. Files in a folder of one's own cannot be taken.

    Examples
    --------
    >>> folder = socket_folder()
    >>> folder is None or len(folder) <= LONGEST_SOCKET_FOLDER
    True
    """
    if os.name != "posix":
        return None
    fitting = (folder for folder in (tempfile.gettempdir(), "/tmp") if len(folder) <= LONGEST_SOCKET_FOLDER)
    return next((folder for folder in fitting if os.access(folder, os.W_OK | os.X_OK)), None)


def settings(folder: Path, *, host: str, port: int) -> dict[str, dict[str, Any]]:
    """Voila's settings, by its class: what was measured to be fast and to serve nothing but the boards."""
    words = board_words(folder)

    def add_words(page_config: dict[str, Any], **_: Any) -> dict[str, Any]:
        page_config["gapkit"] = words
        page_config["fullMathjaxUrl"] = f"{page_config['baseUrl']}voila/templates/gapkit/static/no-formulas.js"
        page_config["mathjaxConfig"] = "none"
        return page_config

    sockets = socket_folder()
    kernels = {"transport": "tcp"} if sockets is None else {"transport": "ipc"}
    return {
        "KernelManager": kernels,
        "Voila": {
            "ip": host,
            "port": port,
            "port_retries": 0,
            "root_dir": str(folder),
            "open_browser": False,
            "log_level": "ERROR",
            "config_file_paths": [],
            "connection_dir_root": sockets or tempfile.gettempdir(),
            "tornado_settings": {"websocket_max_message_size": 16 * MEGABYTE},
        },
        "VoilaConfiguration": {
            "template": "gapkit",
            "theme": "light",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "strip_sources": True,
            "show_tracebacks": False,
            "extension_allowlist": ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"],
            # files below the boards' folder are never served: pages need none
            "file_allowlist": [r"public/.*\.(png|svg)"],
            "preheat_kernel": True,
            "default_pool_size": 1,
            "page_config_hook": add_words,
        },
        "MappingKernelManager": {
            "cull_idle_timeout": CULL_AFTER,
            "cull_interval": CULL_EVERY,
            "cull_connected": False,
        },
    }


def serve(
    folder: Path | None = None,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve the boards until interrupted.

    Parameters
    ----------
    folder : Path or None
        Where the boards are; gapkit's own where None. Every notebook in it becomes a board, nothing else is served.
    host : str
        The address to listen on. Anyone who can reach it can use the boards: there is no password.
    port : int or None
        None takes the first free port from 8866 on.
    ready : function
        Called with the address once the server answers.

    Raises
    ------
    ServeError
        No such folder, no board in it, or the port is taken.
    """
    folder = boards_folder() if folder is None else folder.resolve()
    if not folder.is_dir() or not any(folder.glob("*.ipynb")):
        raise ServeError(f"{folder} holds no boards (.ipynb files). Give the folder of the boards.")
    port = free_port(host, port)
    # Voila finds the template, and Jupyter this Python as its kernel, below these folders; first come, first served.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(SHOW), os.environ.get("JUPYTER_PATH")]))

    from tornado.ioloop import IOLoop
    from traitlets.config import Config

    app = _server_class()(config=Config(settings(folder, host=host, port=port)), config_file_paths=[])
    app.initialize(argv=[])
    shown = f"[{host}]" if ":" in host else host
    loop = IOLoop.current()
    # Ctrl-C ends the loop at its next turn, so that the kernels are ended too, instead of whatever is under way
    before = signal.signal(signal.SIGINT, lambda *_: loop.add_callback_from_signal(loop.stop))
    # runs in the loop's first turn, when the port is already listened on
    loop.add_callback(ready, f"http://{shown}:{port}/")
    try:
        app.start()
    finally:
        signal.signal(signal.SIGINT, before)


def _server_class() -> Any:
    """Voila, but it leaves no kernel behind, whenever it is stopped."""
    import psutil
    from voila.app import Voila

    def end_children() -> None:
        children = psutil.Process().children(recursive=True)
        for child in children:
            with suppress(psutil.Error):
                child.kill()  # kernels hold nothing that is worth a farewell
        psutil.wait_procs(children, timeout=5)

    class BoardServer(Voila):
        def stop(self) -> None:
            end_children()
            try:
                super().stop()
            except Exception as error:  # Voila does not know a kernel yet that has only just begun to start
                self.log.debug("while stopping: %s", error)
            end_children()

    return BoardServer
