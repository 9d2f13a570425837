"""The door at work: a small server behind it, and readers who knock."""

import asyncio
import re
from urllib.parse import urlencode

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from gapkit.show import serving_door
from gapkit.show.serving_door import Door
from gapkit.show.serving_porch import DoorRouter
from gapkit.show.text import text

PAGE = {"Accept": "text/html,*/*"}


class Inside(RequestHandler):
    """What is behind the door."""

    def get(self):
        self.write("the treasure")

    post = get


class Visitor:
    """A browser's part: keeps cookies, follows nothing by itself."""

    def __init__(self, address):
        self.address, self.cookies = address, {}

    async def get(self, path, **given):
        headers = {**given.pop("headers", PAGE)}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await AsyncHTTPClient().fetch(
            self.address + path, headers=headers, follow_redirects=False, raise_error=False, **given
        )
        for line in answer.headers.get_list("Set-Cookie"):
            name, value = re.match(r"([^=]+)=([^;]*)", line).groups()
            self.cookies[name] = value
        return answer

    async def log_in(self, password, aim="/"):
        form = (await self.get(aim)).body.decode()
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', form)[1]
        body = urlencode({"_xsrf": xsrf, "next": aim, "password": password})
        return await self.get("/login", method="POST", body=body)


def visit(story, secrets=("open sesame",), start=None):
    """Tell a visitor's story before a door."""

    async def told():
        socket, port = bind_unused_port()
        door = Door(secrets, host="127.0.0.1", port=port)
        server = HTTPServer(DoorRouter(Application([("/.*", Inside)]), door, start))
        server.add_socket(socket)
        try:
            await story(Visitor(f"http://127.0.0.1:{port}"))
        finally:
            server.stop()
            await server.close_all_connections()

    asyncio.run(asyncio.wait_for(told(), 20))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/voila/render/a.ipynb",
        "/voila/static/voila.js",
        "/voila/files/public/a.png",
        "/api/kernels/1-2-3-4-5",
        "/x",
    ],
)
def test_without_the_password_every_address_gives_the_form(path):
    async def story(visitor):
        answer = await visitor.get(path)
        assert answer.code == 401
        assert b'type="password"' in answer.body
        assert b"the treasure" not in answer.body

    visit(story)


def test_a_program_gets_one_line_and_no_form():
    async def story(visitor):
        answer = await visitor.get("/voila/static/voila.js", headers={})
        assert (answer.code, answer.body) == (401, b"401 Unauthorized\n")
        assert (await visitor.get("/x", headers={}, method="POST", body="")).code in (401, 403)

    visit(story)


def test_the_password_leads_to_where_the_reader_wanted_to_go():
    async def story(visitor):
        answer = await visitor.log_in("open sesame", "/voila/render/a.ipynb?lang=en")
        assert answer.code == 303
        assert answer.headers["Location"] == "/voila/render/a.ipynb?lang=en"
        cookie = next(line for line in answer.headers.get_list("Set-Cookie") if line.startswith("gapkit-"))
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert (await visitor.get("/")).body == b"the treasure"

    visit(story)


@pytest.mark.parametrize("aim", ["//evil.example.org/", "https://evil.example.org/", "/\\evil.example.org", "x"])
def test_the_password_leads_nowhere_else(aim):
    async def story(visitor):
        form = (await visitor.get("/")).body.decode()
        xsrf = re.search(r'name="_xsrf" value="([^"]+)"', form)[1]
        body = urlencode({"_xsrf": xsrf, "next": aim, "password": "open sesame"})
        answer = await visitor.get("/login", method="POST", body=body)
        assert answer.headers["Location"] == "/"

    visit(story)


def test_a_wrong_password_is_said_to_be_wrong_and_five_make_wait():
    async def story(visitor):
        for _ in range(serving_door.TRIES):
            answer = await visitor.log_in("sesame")
            assert answer.code == 401
            assert text("serving.login_wrong").encode() in answer.body
        answer = await visitor.log_in("open sesame")
        assert answer.code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert b"Too many wrong passwords" in answer.body

    visit(story)


def test_a_form_of_another_page_is_refused():
    async def story(visitor):
        answer = await visitor.get("/login", method="POST", body=urlencode({"password": "open sesame"}))
        assert answer.code == 403
        assert not any(name.startswith("gapkit-") and "xsrf" not in name for name in visitor.cookies)

    visit(story)


def test_a_link_with_the_token_becomes_a_cookie_and_loses_the_token():
    async def story(visitor):
        answer = await visitor.get("/voila/render/a.ipynb?lang=en&token=open+sesame")
        assert answer.code == 303
        assert answer.headers["Location"] == "/voila/render/a.ipynb?lang=en"
        assert (await visitor.get("/voila/render/a.ipynb")).body == b"the treasure"

    visit(story)


def test_a_program_may_show_the_token_each_time():
    async def story(visitor):
        assert (await visitor.get("/?token=open+sesame", headers={})).body == b"the treasure"
        assert (await visitor.get("/", headers={"Authorization": "Bearer open sesame"})).body == b"the treasure"
        assert (await visitor.get("/?token=wrong", headers={})).code == 401

    visit(story)


@pytest.mark.parametrize(
    ("accepted", "start", "language"), [("zh-CN", None, "zh-Hans"), ("fr", None, "en"), ("en", "zh-Hans", "zh-Hans")]
)
def test_the_form_speaks_the_readers_language(accepted, start, language):
    async def story(visitor):
        answer = await visitor.get("/", headers={**PAGE, "Accept-Language": accepted})
        body = answer.body.decode()
        assert f'<html lang="{language}">' in body
        assert text("serving.login_lead", language) in body

    visit(story, start=start)


def test_what_stood_in_the_address_is_text_in_the_form():
    async def story(visitor):
        body = (await visitor.get("/a%22%3E%3Cscript%3Ealert(1)%3C/script%3E?x=%22><script>alert(2)</script>")).body
        assert b"<script" not in body

    visit(story)


def test_the_form_loads_nothing_and_cannot_be_framed():
    async def story(visitor):
        answer = await visitor.get("/")
        assert not re.search(rb"(src|href)=\"(?!data:)", answer.body)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"

    visit(story)


def test_without_a_password_a_foreign_name_is_answered_with_what_to_do():
    async def story(visitor):
        assert (await visitor.get("/")).body == b"the treasure"
        answer = await visitor.get("/", headers={"Host": "rebound.example.org"})
        assert answer.code == 421
        assert b"--password-file or --token" in answer.body

    visit(story, secrets=())
