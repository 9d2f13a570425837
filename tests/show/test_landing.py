"""The cards of the landing page."""

import json

from gapkit.show.landing import board_words
from gapkit.show.serve import boards_folder


def notebook(folder, name, title=None, **metadata):
    metadata = metadata if title is None else {"title": title, **metadata}
    (folder / name).write_text(json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))


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


def test_cards_stand_in_the_order_that_the_notebooks_give(tmp_path):
    notebook(tmp_path, "a.ipynb")
    notebook(tmp_path, "b.ipynb", order=2)
    notebook(tmp_path, "c.ipynb", order=1)
    assert [card["file"] for card in board_words(tmp_path)["boards"]] == ["c.ipynb", "b.ipynb", "a.ipynb"]


def test_the_gap_explorer_comes_first_and_has_a_picture(tmp_path):
    first = board_words(boards_folder())["boards"][0]
    assert first["file"] == "gap_explorer.ipynb"
    assert first["picture"].startswith("<svg")
    notebook(tmp_path, "own.ipynb")
    assert board_words(tmp_path)["boards"][0]["picture"] == ""


def test_every_board_is_one_code_cell_without_outputs():
    for file in boards_folder().glob("*.ipynb"):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        assert [cell["cell_type"] for cell in cells] == ["code"], file.name
        assert cells[0]["outputs"] == []
        assert cells[0]["execution_count"] is None
