"""What the gap explorer owes every reader: method, names, keyboard, a style sheet, and a quick first figure."""

import subprocess
import sys

import pytest

from gapkit.show.widgets import GapExplorer


@pytest.fixture
def board(hotel):
    return GapExplorer({"hotel": hotel})


def test_the_method_is_stated(board, hotel):
    assert "95% t intervals" in board.foot.value
    assert "Holm" in board.foot.value, "the library's own sentence stands in the details"


def test_the_table_can_be_reached_and_scrolled_by_keyboard(board):
    assert 'role="region"' in board.table.value
    assert 'tabindex="0"' in board.table.value
    assert 'scope="row"' in board.table.value
    assert '<table aria-label="Every item:' in board.table.value


def test_every_control_has_a_name(board):
    controls = [board.data, board.dimension, board.by, board.group, board.weighting, board.language]
    assert [control.description for control in controls] == [
        "Survey", "Dimension", "Group by", "Group", "Weighting", "Language",
    ]  # fmt: skip


def test_a_board_brings_its_style_sheet_where_no_page_does(hotel, monkeypatch):
    monkeypatch.delenv("VOILA_BASE_URL", raising=False)
    assert "<style>" in GapExplorer({"hotel": hotel}).children[0].value
    monkeypatch.setenv("VOILA_BASE_URL", "/")
    assert "<style>" not in getattr(GapExplorer({"hotel": hotel}).children[0], "value", "")


def test_no_slow_library_is_imported_before_the_first_figure():
    code = (
        "import sys\n"
        "from gapkit.show.widgets import GapExplorer\n"
        "board = GapExplorer()\n"
        "assert '<svg' in board.figure.value\n"
        "slow = ['matplotlib.pyplot', 'seaborn', 'sklearn', 'statsmodels', 'scipy.stats', 'semopy', 'pooch']\n"
        "print([name for name in slow if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
