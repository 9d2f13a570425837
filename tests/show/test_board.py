"""What every board has: the guard, the alert, the page's width and language."""

import pytest
from ipywidgets import Dropdown

import gapkit as gk
from gapkit.show.widgets.board import DEFAULT_WIDTH, Board


class Counting(Board):
    """A board that counts how often it is drawn, and fails on demand."""

    def __init__(self, **given):
        self.drawn, self.spoken, self.failure = 0, 0, None
        super().__init__(draw=self.count, speak=self.name, **given)
        self.control = Dropdown(options=["a", "b", "c"])
        self.watch(self.control)

    def count(self):
        if self.failure is not None:
            raise self.failure
        self.drawn += 1

    def name(self):
        self.spoken += 1


def test_a_moved_control_draws_once():
    board = Counting()
    board.control.value = "b"
    assert board.drawn == 1


def test_an_error_becomes_an_alert_in_words():
    board = Counting()
    board.failure = ValueError("hotel.csv: 3 answers outside 1-7.")
    board.control.value = "b"
    assert 'role="alert"' in board.alert.value
    assert "hotel.csv: 3 answers outside 1-7." in board.alert.value
    assert "The page still shows what it showed before." in board.alert.value


def test_the_alert_goes_when_the_next_move_succeeds():
    board = Counting()
    board.failure = ValueError("no")
    board.control.value = "b"
    board.failure = None
    board.control.value = "c"
    assert board.alert.value == ""
    assert board.drawn == 1


def test_an_unforeseen_error_is_named_with_its_kind(caplog):
    board = Counting()
    board.failure = ZeroDivisionError("division by zero")
    board.control.value = "b"
    assert "ZeroDivisionError: division by zero" in board.alert.value
    assert "callback failed" in caplog.text, "the trace is kept for the person who runs the server"


def test_markup_in_an_error_is_shown_and_not_run():
    board = Counting()
    board.failure = ValueError("column <img src=x onerror=alert(1)>")
    board.control.value = "b"
    assert "<img" not in board.alert.value
    assert "&lt;img src=x" in board.alert.value


def test_every_line_of_a_long_message_is_its_own_paragraph_and_its_length_is_bounded():
    board = Counting()
    board.failure = ValueError("first\n- second\n" + "x" * 100_000)
    board.control.value = "b"
    assert "<p>first</p><p>- second</p>" in board.alert.value
    assert len(board.alert.value) < 5000


def test_the_alert_speaks_the_chosen_language():
    board = Counting(language="zh-Hans")
    board.failure = ValueError("no")
    board.control.value = "b"
    assert "操作未成功。" in board.alert.value


def test_quiet_changes_call_nothing_back():
    board = Counting()
    with board.quietly():
        board.control.value = "b"
        board.language.value = "zh-Hans"
    assert (board.drawn, board.spoken) == (0, 0)


def test_another_language_writes_the_labels_and_draws():
    board = Counting()
    board.language.value = "zh-Hans"
    assert (board.drawn, board.spoken) == (1, 1)


@pytest.mark.parametrize(
    ("told", "width"),
    [
        ("width=358", 340),
        ("width=99999", 1120),
        ("width=1", 320),
        ("width=abc", DEFAULT_WIDTH),
        ("nonsense", DEFAULT_WIDTH),
    ],
)
def test_the_page_tells_its_width_in_bounds_and_steps(told, width):
    board = Counting()
    board.page.value = told
    assert board.width == width


def test_the_page_tells_the_readers_language_once():
    board = Counting()
    board.page.value = "width=700;language=zh-Hans"
    board.page.value = "width=500;language="
    assert board.language.value == "zh-Hans"
    assert board.drawn == 2


def test_a_language_without_texts_changes_nothing():
    board = Counting()
    board.page.value = "language=tlh"
    assert board.language.value == "en"


def test_new_options_keep_a_value_that_is_still_offered():
    board = Counting()
    board.control.value = "b"
    board.set_options(board.control, [("A", "a"), ("B", "b")], board.control.value)
    assert board.control.value == "b"
    board.set_options(board.control, [("C", "c")], board.control.value)
    assert board.control.value == "c"
    assert board.drawn == 1, "only the move itself was drawn"


def test_an_error_of_gapkits_own_is_said_in_the_boards_language(english_in):
    board = Board(draw=lambda: None, speak=lambda: None, language="zh-Hans")

    def failing():
        gk.drivers(gk.datasets.load("hotel"), outcome="happiness")

    board.attempt(failing)
    assert "受访者资料中没有结果变量“happiness”" in board.alert.value
    assert english_in(board.alert.value) == []
