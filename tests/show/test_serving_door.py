"""Who may come in: secrets, cookies, tries, and which addresses may be opened at all."""

import time

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from gapkit.show import serving_door
from gapkit.show.serving_door import Door, DoorError, Tries, check_secrets, is_local, read_password


class Connection:
    """As much of a connection as a request needs."""

    class context:
        remote_ip, protocol = "10.0.0.9", "http"


def request(uri="/", *, host="127.0.0.1:8866", **headers):
    start = RequestStartLine("GET", uri, "HTTP/1.1")
    return HTTPServerRequest(start_line=start, headers=HTTPHeaders({"Host": host, **headers}), connection=Connection())


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.1.7", "boards.example.org"])
def test_an_address_that_others_reach_is_not_opened_without_a_secret(host):
    with pytest.raises(DoorError, match=r"can be reached from other machines.*--password-file FILE or --token TOKEN"):
        check_secrets([], host=host)


def test_a_short_secret_is_refused_where_others_can_guess():
    with pytest.raises(DoorError, match=r"of 7 characters is soon guessed\. Take at least 8"):
        check_secrets(["long enough", "7777777"], host="0.0.0.0")
    check_secrets(["7777777"], host="127.0.0.1")
    check_secrets(["88888888"], host="0.0.0.0")


def test_an_empty_secret_is_refused_everywhere():
    with pytest.raises(DoorError, match="is empty"):
        check_secrets([""], host="127.0.0.1")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1"])
def test_the_machines_own_addresses_need_no_secret(host):
    assert is_local(host)
    check_secrets([], host=host)


def test_the_password_is_the_first_line_of_its_file(tmp_path):
    (tmp_path / "word").write_text("  correct horse \nsecond line\n")
    assert read_password(tmp_path / "word") == "correct horse"


@pytest.mark.parametrize(
    ("content", "why"), [(None, "No such file"), (b"", "no password in it"), (b"\xff\xfe", "not text in UTF-8")]
)
def test_a_password_file_that_is_no_use_says_why(tmp_path, content, why):
    if content is not None:
        (tmp_path / "word").write_bytes(content)
    with pytest.raises(DoorError, match=rf"word: .*{why}.*first line"):
        read_password(tmp_path / "word")


def test_a_door_without_a_secret_stands_open():
    assert Door([], host="127.0.0.1", port=1).knows(request())


def test_the_cookie_of_this_door_opens_it_and_no_other():
    door, other = (Door(["secret"], host="127.0.0.1", port=8866) for _ in range(2))
    assert not door.knows(request())
    assert door.knows(request(Cookie=f"gapkit-8866={door.new_cookie()}"))
    assert not door.knows(request(Cookie=f"gapkit-8866={other.new_cookie()}"))
    assert not door.knows(request(Cookie="gapkit-8866=in"))
    signed = door.new_cookie()
    assert not door.knows(request(Cookie=f"gapkit-8866={signed[:-1]}{'0' if signed[-1] != '0' else '1'}"))


def test_a_cookie_ends_after_half_a_day(monkeypatch):
    door = Door(["secret"], host="127.0.0.1", port=8866)
    cookie = door.new_cookie()
    later = time.time() + 12 * 3600 + 60
    monkeypatch.setattr("tornado.web.time.time", lambda: later)
    assert not door.knows(request(Cookie=f"gapkit-8866={cookie}"))


@pytest.mark.parametrize("secret", ["word", "token"])
def test_password_and_token_both_open(secret):
    door = Door(["word", "token"], host="127.0.0.1", port=1)
    assert door.opens(secret)
    assert door.knows(request(f"/?token={secret}"))
    assert door.knows(request(Authorization=f"Bearer {secret}"))
    assert door.knows(request(Authorization=f"token {secret}"))
    for wrong in ("", "wor", "wordtoken", "WORD"):
        assert not door.opens(wrong)


def test_who_guesses_is_made_to_wait_and_others_are_not(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(serving_door.time, "monotonic", lambda: now)
    tries = Tries()
    for _ in range(serving_door.TRIES):
        assert tries.wait("10.0.0.9") == 0
        tries.wrong("10.0.0.9")
    assert tries.wait("10.0.0.9") == 60
    assert tries.wait("10.0.0.8") == 0
    now += 60.5
    assert tries.wait("10.0.0.9") == 0


def test_many_addresses_together_are_made_to_wait_too():
    tries = Tries()
    for place in range(serving_door.TRIES_TOGETHER):
        tries.wrong(f"10.0.0.{place}")
    assert tries.wait("10.1.1.1") > 0


def test_a_token_is_not_even_looked_at_while_its_address_has_to_wait():
    door = Door(["right token"], host="0.0.0.0", port=1)
    for _ in range(serving_door.TRIES):
        assert not door.knows(request("/?token=wrong"))
    assert not door.knows(request("/?token=right%20token"))


def test_an_open_door_answers_only_to_the_machines_own_names():
    door = Door([], host="127.0.0.1", port=1)
    for host in ("127.0.0.1:8866", "localhost", "[::1]:8866"):
        assert door.is_meant(request(host=host))
    assert not door.is_meant(request(host="rebound.example.org:8866"))
    assert Door(["secret"], host="127.0.0.1", port=1).is_meant(request(host="boards.example.org"))
