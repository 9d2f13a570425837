"""What stands before the door: the page that asks for the password, in the reader's language, and nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jinja2
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import Router
from tornado.web import Application, HTTPError, RequestHandler

from .serving_door import Door, token_of
from .serving_language import TEMPLATE, readers_language
from .text import text

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@cache
def _pages() -> jinja2.Environment:
    """The template's pages."""
    return jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATE), autoescape=True)


class PorchHandler(RequestHandler):
    """A page before the door; needs no file from behind it."""

    def initialize(self, door: Door, start: str | None) -> None:
        """Which door this is."""
        self.door, self.start = door, start

    def set_default_headers(self) -> None:
        """Nothing is kept, framed or asked for elsewhere."""
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    def show(self, name: str, **values: Any) -> None:
        """One of the template's pages."""
        language = readers_language(self.request, self.start)

        def say(key: str, **placeholders: object) -> str:
            return text(f"serving.{key}", language, **placeholders)

        self.finish(_pages().get_template(name).render(language=language, say=say, inline=True, **values))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Little."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")


class LoginHandler(PorchHandler):
    """Any address for who is not let in: the form, or for programs one line; the form's answer."""

    def get(self) -> None:
        """The form, or one line."""
        if "text/html" not in self.request.headers.get("Accept", ""):
            raise HTTPError(401)
        self._ask(401, _without_token(self.request))

    head = get

    def post(self) -> None:
        """What was typed into the form."""
        if self.request.path != "/login":
            raise HTTPError(401)
        aim, address = self.get_body_argument("next", "/"), str(self.request.remote_ip)
        if seconds := self.door.tries.wait(address):
            self.set_header("Retry-After", str(seconds))
            self._ask(429, aim, problem="wait", seconds=seconds)
        elif self.door.opens(self.get_body_argument("password", "", strip=False)):
            self._let_in(aim)
        else:
            self.door.tries.wrong(address)
            self._ask(401, aim, problem="wrong")

    def _ask(self, status: int, aim: str, problem: str = "", **values: object) -> None:
        """The form."""
        self.set_status(status)
        if status == 401:
            self.set_header("WWW-Authenticate", "Bearer")
        self.show("login.html", aim=aim, xsrf=self.xsrf_token.decode(), problem=problem, values=values)

    def _let_in(self, aim: str) -> None:
        """The cookie, and on to where the reader wanted to go."""
        secure = self.request.protocol == "https"
        self.set_cookie(self.door.cookie, self.door.new_cookie(), httponly=True, samesite="Lax", secure=secure)
        self.redirect(aim if _is_own(aim) else "/", status=303)


class TokenHandler(LoginHandler):
    """A reader whose link holds the token: a cookie instead, so that the token does not stay in the address."""

    def get(self) -> None:
        """In."""
        self._let_in(_without_token(self.request))

    head = get


class MisdirectedHandler(PorchHandler):
    """A request for a name that is not this machine's."""

    def prepare(self) -> None:
        """Say why, and what to do."""
        self.set_status(421)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(
            "These boards have no password and so answer this machine alone, by its own names (127.0.0.1, localhost). "
            "To serve them under another name, protect them: gapkit serve --password-file or --token.\n"
        )


class DoorRouter(Router):
    """Lets a request through to the boards, or hands it to a page before the door.

    Every request passes here, before any of the boards' own handlers is looked for: pages, files, channels of kernels,
    scripts and what does not exist are protected alike.
    """

    def __init__(self, boards: Application, door: Door, start: str | None) -> None:
        self.boards, self.door = boards, door
        self._given = {"door": door, "start": start}
        self._porch = Application(
            xsrf_cookies=True,
            xsrf_cookie_name="gapkit-xsrf",
            xsrf_cookie_kwargs={"httponly": True, "samesite": "Strict"},
            log_function=lambda _handler: None,
        )

    def find_handler(self, request: HTTPServerRequest, **_: Any) -> HTTPMessageDelegate:
        """Whose a request is."""
        if not self.door.is_meant(request):
            handler: type[PorchHandler] = MisdirectedHandler
        elif (self.door.locked and request.path == "/login") or not self.door.knows(request):
            handler = LoginHandler
        elif self.door.locked and _is_link_with_token(request):
            handler = TokenHandler
        else:
            return self.boards.find_handler(request)
        return self._porch.get_handler_delegate(request, handler, self._given)


def _is_link_with_token(request: HTTPServerRequest) -> bool:
    """Whether a browser follows a link that holds the token."""
    is_page = "text/html" in request.headers.get("Accept", "")
    return is_page and "token" in request.query_arguments and token_of(request) is not None


def _without_token(request: HTTPServerRequest) -> str:
    """The address that was asked for, less the token."""
    query = urlencode([(name, value) for name, value in parse_qsl(request.query, True) if name != "token"])
    return request.path + (f"?{query}" if query else "")


def _is_own(aim: str) -> bool:
    """Whether an address is one of this server's, not one that only begins like it."""
    parts = urlsplit(aim)
    return aim.startswith("/") and not aim.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
