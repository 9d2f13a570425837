"""The server as somebody meets it who has no browser and means no good: messages, files, other sites, no password."""

import json
import re
import time
import uuid
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

CONFIG = re.compile(r'<script id="jupyter-config-data" type="application/json">(.*?)</script>', re.DOTALL)
TOKEN = "a token for the test"
REFUSED = {
    "execute_request": {"code": "open({path!r}, 'w').close()", "silent": False, "store_history": False},
    "inspect_request": {"code": "open", "cursor_pos": 2, "detail_level": 0},
    "complete_request": {"code": "op", "cursor_pos": 2},
    "history_request": {"hist_access_type": "tail", "n": 5, "output": True, "raw": True},
    "is_complete_request": {"code": "1 +"},
    "debug_request": {"type": "request", "command": "initialize", "seq": 1, "arguments": {}},
    "interrupt_request": {},
    "shutdown_request": {"restart": False},
}


def ask(address, *, method="GET", **headers):
    """Status, headers and body of an answer, whatever it is."""
    try:
        with urlopen(Request(address, method=method, headers=headers), timeout=120) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    except HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read().decode("utf-8", "replace")


def open_board(address, board="plain", **headers):
    """A board's page as a program fetches it; its kernel's id."""
    status, _, html = ask(f"{address}voila/render/{board}.ipynb", **headers)
    return json.loads(CONFIG.search(html)[1])["kernelId"] if status == 200 else status


def channel(address, kernel, **given):
    session = uuid.uuid4().hex
    return connect(f"{address.replace('http:', 'ws:')}api/kernels/{kernel}/channels?session_id={session}", **given)


def send(line, kind, content, on="shell"):
    message = {
        "header": {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s", "version": "5.3"},
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": on,
    }
    line.send(json.dumps(message))
    return message["header"]["msg_id"]


def answers_until(line, id):
    """Everything that is said on a channel until a message is answered: type and what it answers."""
    said = []
    while True:
        message = json.loads(line.recv(30))
        said.append((message["header"]["msg_type"], message["parent_header"].get("msg_id")))
        if said[-1][0].endswith("_reply") and said[-1][1] == id:
            return said


@pytest.fixture(scope="module")
def plain(serve_boards, plain_boards):
    """Two places, no pool, no password."""
    return serve_boards(plain_boards, "--max-sessions", 2, "--pool", 0)


@pytest.fixture(scope="module")
def locked(serve_boards, plain_boards):
    """The same behind a token."""
    return serve_boards(plain_boards, "--max-sessions", 2, "--pool", 0, "--token", TOKEN)


@pytest.fixture
def board(plain):
    """The kernel of an open board, and a channel to it."""
    kernel = open_board(plain.address)
    with channel(plain.address, kernel) as line:
        yield kernel, line
    wait_until_free(plain, 0)


def kernels(server):
    found = 0
    for child in psutil.Process(server.process.pid).children(recursive=True):
        try:
            found += any("ipykernel" in part for part in child.cmdline())
        except psutil.Error:
            continue
    return found


def wait_until_free(server, number, seconds=15):
    until = time.monotonic() + seconds
    while kernels(server) != number and time.monotonic() < until:
        time.sleep(0.1)
    assert kernels(server) == number


@pytest.mark.parametrize("on", ["shell", "control"])
def test_a_page_cannot_have_code_run_or_looked_at(board, tmp_path, on):
    _, line = board
    sent = {}
    for kind, content in REFUSED.items():
        asked = {
            key: value.format(path=str(tmp_path / "written")) if key == "code" else value
            for key, value in content.items()
        }
        sent[send(line, kind, asked, on)] = kind
    said = answers_until(line, send(line, "kernel_info_request", {}))
    assert [sent[parent] for _, parent in said if parent in sent] == []
    time.sleep(0.2)
    assert not (tmp_path / "written").exists()
    said = answers_until(line, send(line, "kernel_info_request", {}))
    assert not any(parent in sent for _, parent in said), "not even later; and the kernel is still there"


def test_another_site_cannot_open_the_channel(plain, board):
    kernel, _ = board
    with pytest.raises(InvalidStatus, match="403"):
        channel(plain.address, kernel, origin="http://evil.example.org")


def test_a_kernel_is_ended_by_closing_its_page_and_by_nothing_else(plain, board):
    kernel, line = board
    assert ask(f"{plain.address}api/kernels/{kernel}", method="DELETE")[0] in (403, 405)
    assert ask(f"{plain.address}voila/api/shutdown/{kernel}", method="POST")[0] in (403, 404, 405)
    answers_until(line, send(line, "kernel_info_request", {}))


@pytest.mark.parametrize(
    "path", ["api/kernels", "api/contents", "voila/api/contents", "voila/tree", "api/sessions", "api"]
)
def test_nothing_is_listed(plain, path):
    assert ask(plain.address + path)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "voila/files/plain.ipynb",
        "voila/files/secret.csv",
        "voila/files/public/../secret.csv",
        "voila/files/..%2f..%2fetc%2fpasswd",
        "voila/render/secret.csv",
        "voila/render/below/hidden.ipynb",
        "voila/render/../plain.ipynb",
        "voila/render/..%2fplain.ipynb",
        "voila/static/../../../../../../../etc/passwd",
        "voila/static/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "voila/templates/gapkit/static/../index.html.j2",
        "voila/templates/gapkit/static/..%2findex.html.j2",
        "voila/labextensions/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "voila/api/themes/..%2f..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_file_beside_the_boards_is_served(plain, path):
    place = urlsplit(plain.address)
    # urllib would tidy the path before it is sent
    import http.client

    line = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    line.request("GET", f"/{path}")
    answer = line.getresponse()
    body = answer.read().decode("utf-8", "replace")
    line.close()
    assert answer.status >= 400
    assert "root:" not in body
    assert "salary" not in body
    assert "IntText" not in body
    assert "extends" not in body


def test_a_page_has_none_of_its_boards_code(plain):
    status, headers, html = ask(f"{plain.address}voila/render/plain.ipynb?template=nope&theme=dark")
    assert status == 200
    assert "the board's own words" not in html
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    wait_until_free(plain, 1)
    with channel(plain.address, json.loads(CONFIG.search(html)[1])["kernelId"]):
        pass
    wait_until_free(plain, 0)


def test_who_comes_when_all_places_are_taken_is_asked_to_wait(plain):
    with channel(plain.address, open_board(plain.address)):
        with channel(plain.address, open_board(plain.address)):
            status, headers, html = ask(f"{plain.address}voila/render/plain.ipynb?lang=zh-Hans")
            assert status == 503
            assert headers["Retry-After"] == "10"
            assert '<meta http-equiv="refresh" content="10">' in html
            assert "名额已满" in html
            assert kernels(plain) == 2
        wait_until_free(plain, 1)
        with channel(plain.address, open_board(plain.address)):
            assert kernels(plain) == 2
    wait_until_free(plain, 0)


def test_the_channel_of_a_kernel_that_was_ended_is_closed_for_good(plain):
    kernel = open_board(plain.address)
    with channel(plain.address, kernel):
        pass
    wait_until_free(plain, 0)
    assert ask(f"{plain.address}api/kernels/{kernel}")[0] == 404
    with pytest.raises((InvalidStatus, ConnectionClosed)):
        channel(plain.address, kernel)


def test_nothing_is_there_without_the_token(locked):
    for path in ("", "voila/render/plain.ipynb", "voila/static/voila.js", "voila/files/public/a.png", "nothing"):
        assert ask(locked.address + path)[0] == 401
    assert kernels(locked) == 0, "and no kernel was started"


def test_with_the_token_the_board_and_its_channel_open(locked):
    kernel = open_board(locked.address, Authorization=f"Bearer {TOKEN}")
    with pytest.raises(InvalidStatus, match="401"):
        channel(locked.address, kernel)
    assert ask(f"{locked.address}api/kernels/{kernel}")[0] == 401
    with channel(locked.address, kernel, additional_headers={"Authorization": f"Bearer {TOKEN}"}) as line:
        answers_until(line, send(line, "kernel_info_request", {}))
    wait_until_free(locked, 0)
