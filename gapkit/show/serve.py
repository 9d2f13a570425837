"""The boards on a server: Voila with gapkit's own template, in this process."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .landing import board_words
from .serving_door import Door, check_secrets
from .text import languages

SHOW = Path(__file__).parent
DEFAULT_PORT = 8866
PORTS_TRIED = 20
MOST_SESSIONS, MEGABYTES_A_SESSION = 40, 200
"""Readers at once when nothing else is said: this many, or as many as the machine's memory holds."""
MAKE_UP = "new"
"""The token that stands for one that is made up."""
MEGABYTE = 2**20
# Milliseconds between pings, and after which no answer means that a connection was lost without a word; a browser
# answers even while its page sleeps. The second is longer: at the first ping nothing was answered yet.
PING_EVERY, PING_LOST = 10_000, 30_000
# The page's scripts are its own and inline; nothing comes from, or goes to, anywhere else.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
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
    headers = {"Content-Security-Policy": CONTENT_POLICY, "Referrer-Policy": "same-origin"}
    return {
        "KernelManager": {"transport": "tcp" if socket_folder() is None else "ipc"},
        # a kernel that died is not started again: its page's numbers are gone, and the page says so
        "KernelRestarter": {"restart_limit": 0, "time_to_dead": 1.0},
        "Voila": {
            "ip": host,
            "port": port,
            "root_dir": str(folder),
            "open_browser": False,
            "log_level": "ERROR",
            "config_file_paths": [],  # Voila would read settings out of the folder it is started in
            "connection_dir_root": tempfile.gettempdir(),
            "tornado_settings": {
                "headers": headers,
                "websocket_max_message_size": 16 * MEGABYTE,
                "ws_ping_interval": PING_EVERY,
                "ws_ping_timeout": PING_LOST,
            },
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
            "multi_kernel_manager_class": "gapkit.show.serving_app.BoardKernels",
        },
        # on a busy machine a figure may take longer than the 4 s after which its cell would be shown without it
        "VoilaExecutor": {"iopub_timeout": 60},
        # a figure is never left out because there were many
        "ZMQChannelsWebsocketConnection": {"limit_rate": False},
        # sessions are looked after by gapkit itself; this one would also end kernels that have just been handed out
        "MappingKernelManager": {"cull_idle_timeout": 0},
    }


def session_limit(asked: int | None) -> int:
    """How many readers at once: as asked, else what the machine's memory holds, 40 at most.

    Examples
    --------
    >>> session_limit(3)
    3
    """
    if asked is not None:
        return asked
    import psutil

    held = psutil.virtual_memory().available // (MEGABYTES_A_SESSION * MEGABYTE)
    return max(2, min(MOST_SESSIONS, int(held)))


def serve(
    folder: Path | None = None,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    password: str | None = None,
    token: str | None = None,
    language: str | None = None,
    pool: int = 1,
    max_sessions: int | None = None,
    data: Path | None = None,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve the boards until interrupted.

    Parameters
    ----------
    folder : Path or None
        Where the boards are; gapkit's own where None. Every notebook in it becomes a board, nothing else is served.
    host : str
        The address to listen on. One that other machines reach needs a password or a token.
    port : int or None
        None takes the first free port from 8866 on.
    password : str or None
        What readers type into a page before they see anything.
    token : str or None
        The same for links: the boards' address ends with ``?token=...``; "new" makes one up. Both may be given.
    language : str or None
        The language pages begin with; the browser's where None. A reader's own choice goes before it.
    pool : int
        Kernels that wait for readers, for each board; with 0 each reader waits for a kernel to start.
    max_sessions : int or None
        Open pages at once; who comes after that is asked to wait. None: 40, or what the memory holds.
    data : Path or None
        The folder of external data sets, as `GAPKIT_DATA` names it.
    ready : function
        Called with the address once the server answers; with the token in it where there is one.

    Raises
    ------
    ServeError
        No such folder, no board in it, or the port is taken.
    DoorError
        Other machines reach the address and there is neither password nor token, or one that is soon guessed.
    """
    if token == MAKE_UP:
        token = secrets.token_urlsafe(24)
    given = [secret for secret in (password, token) if secret is not None]
    check_secrets(given, host=host)
    if language is not None and language not in languages():
        raise ServeError(f'There are no texts in the language "{language}"; there are: {", ".join(languages())}.')
    if data is not None and not data.is_dir():
        raise ServeError(f"{data}: there is no such folder. Give the folder of the data sets with --data.")
    folder = boards_folder() if folder is None else folder.resolve()
    boards = sorted(file.name for file in folder.glob("*.ipynb")) if folder.is_dir() else []
    if not boards:
        raise ServeError(f"{folder} holds no boards (.ipynb files). Give the folder of the boards.")
    port = free_port(host, port)
    # Voila finds the template, and Jupyter this Python as its kernel, below these folders; first come, first served.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(SHOW), os.environ.get("JUPYTER_PATH")]))
    # each kernel one thread: several that each take every core wait for each other, ten times as long as they compute
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if data is not None:
        os.environ["GAPKIT_DATA"] = str(data.resolve())

    from tornado.ioloop import IOLoop
    from traitlets.config import Config

    from .serving_app import BoardServer

    app = BoardServer(
        config=Config(settings(folder, host=host, port=port)),
        door=Door(given, host=host, port=port),
        boards=boards,
        words={**board_words(folder), "start": language or ""},
        start=language,
        pool=pool,
        limit=session_limit(max_sessions),
    )
    app.initialize(argv=[])
    # channels that end while something is still on its way are the rule, and Jupyter's pings are not tornado's
    for name in ("tornado.general", "tornado.application"):
        logging.getLogger(name).setLevel(logging.ERROR)
    shown = f"[{host}]" if ":" in host else host
    loop = IOLoop.current()
    # Ctrl-C ends the loop at its next turn, so that the kernels are ended too, instead of whatever is under way
    before = signal.signal(signal.SIGINT, lambda *_: loop.add_callback_from_signal(loop.stop))
    # runs in the loop's first turn, when the port is already listened on
    loop.add_callback(ready, f"http://{shown}:{port}/" + (f"?token={token}" if token is not None else ""))
    try:
        app.start()
    finally:
        signal.signal(signal.SIGINT, before)
