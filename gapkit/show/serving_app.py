"""Voila as gapkit runs it: its own pages, its own pool, a door in front, and no kernel left behind."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import jinja2
import psutil
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import url_path_join
from jupyterlab_server.themes_handler import ThemesHandler
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from voila.app import Voila
from voila.notebook_renderer import NotebookRenderer
from voila.static_file_handler import AllowListFileHandler, MultiStaticFileHandler, TemplateStaticFileHandler
from voila.utils import ENV_VARIABLE, get_page_config

from .serving_door import Door
from .serving_handlers import BoardHandler, ChannelHandler, KernelStateHandler, LandingHandler, MissingHandler
from .serving_porch import DoorRouter
from .serving_sessions import Session, Sessions, unbroken

KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
# Widgets need these messages and no others: a page cannot have code run, completed, inspected or debugged.
MESSAGES = ["comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"]
LARGEST_REQUEST = 2**20


class CompiledTemplates(jinja2.BytecodeCache):
    """Templates, compiled once for all pages; each has an environment of its own, which would compile them again."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """What was compiled before; jinja sees by itself whether the template is still the same."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


class BoardKernels(AsyncMappingKernelManager):
    """Kernels that tell the server when they die."""

    parent: Any

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that died or was ended."""
        self.parent.sessions.died(kernel_id)
        return super().remove_kernel(kernel_id)


class BoardServer(Voila):
    """Voila with a door, a pool and a cap.

    Parameters
    ----------
    door : Door
        Who may come in.
    boards : list of str
        The notebooks that are served, by file name.
    words : dict
        What the pages need to say, see `gapkit.show.landing.board_words`.
    start : str or None
        The language pages begin with.
    pool, limit : int
        See `Sessions`.
    """

    def __init__(
        self,
        *,
        door: Door,
        boards: list[str],
        words: dict[str, Any],
        start: str | None,
        pool: int,
        limit: int,
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self.door, self.words, self.start_language = door, words, start
        self.templates = CompiledTemplates()
        starts = max(2, os.cpu_count() or 2)
        self.sessions = Sessions(
            boards, make=self._make_page, end=self._end_kernel, pool=pool, limit=limit, starts=starts
        )

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings of the application, less what a page may not ask of a kernel."""
        settings = super().init_settings()
        self.kernel_manager.allowed_message_types = MESSAGES
        return settings

    def init_handlers(self) -> list[Any]:
        """What is served, and nothing that is not in this list."""
        page = {
            "voila_configuration": self.voila_configuration,
            "sessions": self.sessions,
            "words": self.words,
            "start": self.start_language,
        }
        watched = {"sessions": self.sessions}
        labextensions = {"path": self.labextensions_path, "no_cache_paths": ["/"]}
        static = {"paths": self.static_paths, "default_filename": "index.html"}
        themes = {"themes_url": "/voila/api/themes", "path": self.themes_dir, "no_cache_paths": ["/"]}
        files = {
            "allowlist": self.voila_configuration.file_allowlist,
            "denylist": self.voila_configuration.file_denylist,
            "path": self.root_dir,
        }
        served = [
            ("/", LandingHandler, page),
            ("/voila/render/(.*)", BoardHandler, page),
            (f"/api/kernels/{KERNEL_ID}", KernelStateHandler, watched),
            (f"/api/kernels/{KERNEL_ID}/channels", ChannelHandler, watched),
            ("/voila/templates/(.*)", TemplateStaticFileHandler, {}),
            ("/voila/static/(.*)", MultiStaticFileHandler, static),
            ("/voila/labextensions/(.*)", FileFindHandler, labextensions),
            ("/voila/api/themes/(.*)", ThemesHandler, themes),
            ("/voila/files/(.*)", AllowListFileHandler, files),
            ("/.*", MissingHandler, page),
        ]
        return [(url_path_join(self.server_url, path), handler, given) for path, handler, given in served]

    def listen(self) -> None:
        """Serve until stopped."""
        router = DoorRouter(self.app, self.door, self.start_language)
        server = HTTPServer(router, max_body_size=LARGEST_REQUEST)
        server.listen(self.port, self.ip)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.sessions.open)
        try:
            self.ioloop.start()
        finally:
            server.stop()
            self.stop()

    def stop(self) -> None:
        """End every kernel, whatever it is doing."""
        self.ioloop.run_sync(self.sessions.close)
        _end_children()
        try:
            super().stop()
        except Exception as error:  # a kernel that has only just begun to start
            self.log.debug("while stopping: %s", error)
        _end_children()

    async def _make_page(self, session: Session) -> AsyncIterator[str]:
        """The page of a board, while its kernel starts and runs it."""
        renderer = NotebookRenderer(
            voila_configuration=self.voila_configuration,
            traitlet_config=self.config,
            notebook_path=session.board,
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config=self._page_config(),
        )
        await renderer.initialize()
        renderer.exporter.environment.bytecode_cache = self.templates
        started = self._start_kernel(session, renderer.notebook.metadata.kernelspec.name)
        try:
            async for html, _ in renderer.generate_content_generator(session.kernel_id, started):
                yield html
        finally:
            started.close()

    async def _start_kernel(self, session: Session, name: str) -> Any:
        """Start a session's kernel when its turn has come; the page waits for it where it needs it."""
        await self.sessions.turn(session)
        environment = {
            **os.environ,
            ENV_VARIABLE.VOILA_BASE_URL: self.base_url,
            ENV_VARIABLE.VOILA_SERVER_URL: self.server_url,
            ENV_VARIABLE.VOILA_APP_PORT: str(self.port),
            ENV_VARIABLE.VOILA_PREHEAT: "False",
        }
        given = {"kernel_name": name, "path": "", "env": {str(key): value for key, value in environment.items()}}
        await unbroken(
            self.kernel_manager.start_kernel(kernel_id=session.kernel_id, **given),
            undo=lambda: self._end_kernel(session.kernel_id),
        )
        return self.kernel_manager.get_kernel(session.kernel_id)

    async def _end_kernel(self, kernel_id: str) -> None:
        """End a kernel; it holds nothing that is worth a farewell."""
        if kernel_id in self.kernel_manager:
            await self.kernel_manager.shutdown_kernel(kernel_id, now=True)

    def _page_config(self) -> dict[str, Any]:
        """What a page is told about the server, and gapkit's words."""
        given = {"base_url": self.base_url, "settings": self.app.settings, "log": self.log}
        config: dict[str, Any] = get_page_config(**given, voila_configuration=self.voila_configuration)
        config["gapkit"] = self.words
        config["fullMathjaxUrl"] = f"{self.base_url}voila/templates/gapkit/static/no-formulas.js"
        config["mathjaxConfig"] = "none"
        return config


def _end_children() -> None:
    """End every process that this one started."""
    children = psutil.Process().children(recursive=True)
    for child in children:
        with suppress(psutil.Error):
            child.kill()
    psutil.wait_procs(children, timeout=5)
