"""The boards on a server: Voila with gapkit's own template, in this process."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from .landing import board_words

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
    folder = tempfile.gettempdir()
    return folder if os.name == "posix" and len(folder) <= LONGEST_SOCKET_FOLDER else None


def settings(folder: Path, *, host: str, port: int) -> dict[str, dict[str, Any]]:
    """Voila's settings, by its class: what was measured to be fast and to serve nothing but the boards."""
    words = board_words(folder)

    def add_words(page_config: dict[str, Any], **_: Any) -> dict[str, Any]:
        page_config["gapkit"] = words
        page_config["fullMathjaxUrl"] = f"{page_config['baseUrl']}voila/templates/gapkit/static/no-formulas.js"
        page_config["mathjaxConfig"] = "none"
        return page_config

    return {
        "KernelManager": {"transport": "tcp" if socket_folder() is None else "ipc"},
        "Voila": {
            "ip": host,
            "port": port,
            "port_retries": 0,
            "root_dir": str(folder),
            "open_browser": False,
            "log_level": "ERROR",
            "config_file_paths": [],  # Voila would read settings out of the folder it is started in
            "connection_dir_root": tempfile.gettempdir(),
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

    app = _server_class()(config=Config(settings(folder, host=host, port=port)))
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
