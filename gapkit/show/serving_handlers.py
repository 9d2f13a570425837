"""The pages behind the door: landing page, boards, and the channel between a page and its kernel."""

from __future__ import annotations

import json
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.iostream import StreamClosedError
from voila.handler import BaseVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from .serving_language import readers_language
from .serving_sessions import Session, Sessions
from .text import text

BUSY_SECONDS = 10
"""After how long a reader whom the server had no room for is let try again; the page does it by itself."""
NO_STORE = "no-cache, no-store, must-revalidate"
# What a websocket's end says when a page was closed or left; nothing, or another code, when the connection was lost.
CLOSED_BY_PAGE = (1000, 1001, 1005)


class PageHandler(BaseVoilaHandler):
    """A page of the template, in the reader's language."""

    start: str | None = None
    """The language pages begin with; None for the browser's."""

    def initialize(self, **given: Any) -> None:
        """What every page needs."""
        super().initialize(voila_configuration=given["voila_configuration"])
        self.start, self.sessions, self.words = given["start"], given["sessions"], given["words"]

    def show(self, name: str, **values: Any) -> None:
        """One of the template's pages; the words of `text` under "serving." as ``say``."""
        language = readers_language(self.request, self.start)

        def say(key: str, **placeholders: object) -> str:
            return text(f"serving.{key}", language, **placeholders)

        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", NO_STORE)
        page = self.render_template(name, language=language, say=say, inline=False, gapkit=self.words, **values)
        self.finish(page)

    def write_error(self, status_code: int, **_: Any) -> None:
        """What went wrong, in words; never a traceback."""
        self.set_status(status_code)
        self.show("404.html" if status_code == 404 else "error.html", status=status_code)


class LandingHandler(PageHandler):
    """The cards of the boards."""

    @web.authenticated
    async def get(self) -> None:
        """The landing page."""
        self.show("tree-lab.html")


class MissingHandler(PageHandler):
    """Whatever else is asked for."""

    async def prepare(self) -> None:
        """There is nothing here."""
        await super().prepare()
        raise web.HTTPError(404)


class BoardHandler(PageHandler):
    """A board: a session for its reader, and the page as it is made."""

    session: Session | None = None

    @web.authenticated
    async def get(self, board: str) -> None:
        """The board, or a page that asks to wait."""
        if board not in self.sessions.boards:
            raise web.HTTPError(404)
        self.session = self.sessions.admit(board)
        if self.session is None:
            self.set_status(503)
            self.set_header("Retry-After", str(BUSY_SECONDS))
            self.show("busy.html", seconds=BUSY_SECONDS, again=self.request.uri)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", NO_STORE)
        try:
            async for html in self.sessions.read(self.session):
                self.write(html)
                await self.flush()
        except StreamClosedError:
            self.on_connection_close()

    def on_connection_close(self) -> None:
        """The reader left before the page was there."""
        super().on_connection_close()
        if self.session is not None:
            self.sessions.drop(self.session)


class KernelStateHandler(APIHandler):
    """Whether a page's kernel is there; asking is a sign of life."""

    def initialize(self, sessions: Sessions) -> None:
        """Whose kernels these are."""
        super().initialize()
        self.sessions = sessions

    @web.authenticated
    async def get(self, kernel_id: str) -> None:
        """The state of a reader's kernel."""
        if not self.sessions.is_readers(kernel_id) or kernel_id not in self.kernel_manager:
            raise web.HTTPError(404)
        self.sessions.seen(kernel_id)
        model = await ensure_async(self.kernel_manager.kernel_model(kernel_id))
        self.finish(json.dumps(model, default=json_default))


class ChannelHandler(VoilaKernelWebsocketHandler):
    """The channel of a page; its end is how the server learns that the page was closed."""

    def initialize(self, sessions: Sessions) -> None:
        """Whose kernels these are."""
        super().initialize()
        self.sessions, self._counted = sessions, False

    async def get(self, kernel_id: str) -> None:
        """Open the channel of a reader's kernel."""
        if not self.sessions.is_readers(kernel_id) or kernel_id not in self.kernel_manager:
            raise web.HTTPError(404)
        await super().get(kernel_id)

    async def open(self, kernel_id: str) -> None:
        """A page is there."""
        self.sessions.connected(kernel_id)
        self._counted = True
        await super().open(kernel_id)

    def on_close(self) -> None:
        """The page was closed, or its connection lost."""
        if self._counted:
            self._counted = False
            self.sessions.disconnected(self.kernel_id, closed=self.close_code in CLOSED_BY_PAGE)
        super().on_close()
