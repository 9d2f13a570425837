"""What the server is told, and what it refuses before it starts. The server itself: tests/browser."""

import json
import os
import socket

import pytest

from gapkit.show.serve import SHOW, ServeError, boards_folder, free_port, serve, settings


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
    assert given["MappingKernelManager"]["cull_connected"] is False
    assert given["MappingKernelManager"]["cull_idle_timeout"] > 0


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
