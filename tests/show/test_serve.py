"""What the server is told, and what it refuses before it starts. The server itself: tests/browser."""

import json
import socket

import pytest

from gapkit.show.serve import SHOW, ServeError, board_words, boards_folder, free_port, serve, settings


def notebook(folder, name, title=None):
    metadata = {} if title is None else {"title": title}
    (folder / name).write_text(json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))


def test_the_boards_are_found():
    assert (boards_folder() / "gap_explorer.ipynb").is_file()


def test_every_board_has_a_card_in_every_language():
    cards = board_words(boards_folder())["boards"]
    explorer = next(card for card in cards if card["file"] == "gap_explorer.ipynb")
    assert explorer["words"]["en"]["title"] == "Gap explorer"
    assert explorer["words"]["zh-Hans"]["title"] == "差距浏览"
    assert all(card["words"][language]["sentence"] for card in cards for language in ("en", "zh-Hans"))


def test_a_board_of_ones_own_is_called_by_its_title_or_its_file(tmp_path):
    notebook(tmp_path, "a.ipynb", "Our board")
    notebook(tmp_path, "b.ipynb")
    assert [card["words"]["en"]["title"] for card in board_words(tmp_path)["boards"]] == ["Our board", "b"]


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


def test_every_board_is_one_code_cell_without_outputs():
    for file in boards_folder().glob("*.ipynb"):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        assert [cell["cell_type"] for cell in cells] == ["code"], file.name
        assert cells[0]["outputs"] == []
        assert cells[0]["execution_count"] is None
