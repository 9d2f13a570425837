"""What the server is told, and what it refuses before it starts. The server itself: tests/browser."""

import json
import os
import re
import socket

import pytest
from typer.testing import CliRunner

from gapkit.cli import app
from gapkit.show.serve import SHOW, ServeError, boards_folder, free_port, serve, session_limit, settings

run = CliRunner().invoke


def test_the_boards_are_found():
    assert (boards_folder() / "gap_explorer.ipynb").is_file()


def test_the_template_lies_where_voila_looks_for_it():
    template = SHOW / "voila" / "templates" / "gapkit"
    assert json.loads((template / "conf.json").read_text())["base_template"] == "lab"
    assert (template / "index.html.j2").is_file()
    assert (template / "tree-lab.html").is_file()


def test_no_page_names_an_address_outside():
    for file in (SHOW / "voila").rglob("*"):
        if file.suffix in (".html", ".j2", ".css", ".js"):
            words = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "http:" not in words, file.name
            assert "https:" not in words, file.name
            assert "//cdn" not in words, file.name


def test_the_server_shows_nothing_but_boards(tmp_path):
    given = settings(tmp_path, host="127.0.0.1", port=9)
    voila = given["VoilaConfiguration"]
    assert voila["allow_template_override"] == voila["allow_theme_override"] == "NO"
    assert voila["strip_sources"] is True
    assert voila["show_tracebacks"] is False
    assert given["MappingKernelManager"]["cull_idle_timeout"] == 0, "sessions are looked after in serving_sessions"
    assert given["KernelRestarter"]["restart_limit"] == 0


def test_a_page_may_load_nothing_from_elsewhere(tmp_path):
    headers = settings(tmp_path, host="127.0.0.1", port=9)["Voila"]["tornado_settings"]["headers"]
    assert not re.search(r"https?:|//|\*", headers["Content-Security-Policy"])
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")


def test_an_open_channel_is_not_taken_for_lost_before_its_first_ping_could_be_answered(tmp_path):
    tornado = settings(tmp_path, host="127.0.0.1", port=9)["Voila"]["tornado_settings"]
    assert tornado["ws_ping_timeout"] > 2 * tornado["ws_ping_interval"]


@pytest.mark.skipif(os.name != "posix", reason="sockets as files are a matter of POSIX systems")
def test_kernels_have_sockets_of_their_own_where_the_path_is_short_enough(monkeypatch, tmp_path):
    monkeypatch.setattr("gapkit.show.serve.tempfile.gettempdir", lambda: "/t")
    assert settings(tmp_path, host="127.0.0.1", port=9)["KernelManager"]["transport"] == "ipc"
    monkeypatch.setattr("gapkit.show.serve.tempfile.gettempdir", lambda: "/t" * 40)
    assert settings(tmp_path, host="127.0.0.1", port=9)["KernelManager"]["transport"] == "tcp"


def test_a_port_that_is_taken_is_said_to_be():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"cannot listen on 127\.0\.0\.1, port {port}: .*in use.*--port"):
            free_port("127.0.0.1", port)


def test_without_a_port_the_next_free_one_is_taken(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr("gapkit.show.serve.DEFAULT_PORT", port)
        assert port < free_port("127.0.0.1", None) < port + 20


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(ServeError, match=r"cannot listen on 192\.0\.2\.1"):
        free_port("192.0.2.1", None)


def test_a_folder_without_boards_is_refused(tmp_path):
    with pytest.raises(ServeError, match="holds no boards"):
        serve(tmp_path)
    with pytest.raises(ServeError, match="holds no boards"):
        serve(tmp_path / "absent")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7"])
def test_a_host_that_others_reach_is_refused_without_a_password(host):
    done = run(app, ["serve", "--host", host, "--no-browser"])
    assert done.exit_code == 2
    assert "can be reached from other machines" in done.stderr
    assert "--password-file FILE or --token TOKEN" in done.stderr


def test_a_token_from_the_environment_is_read_and_not_handed_on(monkeypatch):
    monkeypatch.setenv("GAPKIT_TOKEN", "short")
    done = run(app, ["serve", "--host", "0.0.0.0", "--no-browser"])
    assert "a password or token of 5 characters is soon guessed" in done.stderr
    assert "GAPKIT_TOKEN" not in os.environ


def test_a_password_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    done = run(app, ["serve", "--password-file", str(tmp_path / "absent")])
    assert done.exit_code == 2
    assert "absent: the password cannot be read: No such file" in done.stderr


def test_a_language_without_texts_is_refused():
    with pytest.raises(ServeError, match=r'no texts in the language "xx"; there are: en, zh'):
        serve(language="xx")


def test_a_folder_of_data_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ServeError, match=r"absent: there is no such folder.*--data"):
        serve(data=tmp_path / "absent")


def test_as_many_readers_as_the_memory_holds(monkeypatch):
    class Memory:
        available = 0

    monkeypatch.setattr("psutil.virtual_memory", lambda: Memory)
    for gigabytes, limit in ((0, 2), (1, 5), (100, 40)):
        Memory.available = gigabytes * 2**30
        assert session_limit(None) == limit
    assert session_limit(7) == 7
