"""A file of the reader's own on every board, without a browser: what all boards must do alike."""

import gc
import re
import weakref

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.widgets import FactorLab, FiveGapsBoard, GapExplorer, PrioritiesBoard, SegmentsBoard, WhatIf
from gapkit.show.widgets.own_survey import OWN

QUICK = {"max_segments": 2, "draws": 9, "resamples": 2}
NASTY = "<img src=x onerror=alert(1)>"
BOARDS = {
    "gap_explorer": lambda survey: GapExplorer({"guests": survey}),
    "five_gaps": lambda survey: FiveGapsBoard({"customers": survey}),
    "factor_lab": lambda survey: FactorLab({"guests": survey}),
    "what_if": lambda survey: WhatIf({"guests": survey}),
    "priorities": lambda survey: PrioritiesBoard({"guests": survey}),
    "segments": lambda survey: SegmentsBoard({"guests": survey}, settings=QUICK),
}
every_board = pytest.mark.parametrize("name", BOARDS)


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr("gapkit.show.widgets.plan_desk.DRAWS", 20)
    monkeypatch.setattr("gapkit.show.widgets.plan_desk.MOST_STEPS", 5)
    monkeypatch.setattr("gapkit.show.widgets.priorities_study.DRAWS", 20)


@pytest.fixture(scope="module")
def shown_first():
    survey = gk.simulate(n=90, seed=1)
    return gk.Survey(
        survey.instrument,
        expectations=survey.expectations,
        perceptions=survey.perceptions,
        respondents=survey.respondents.assign(hotel=["A", "B", "C"] * 30),
        source=gk.Source(title="Shown first"),
    )


@pytest.fixture(scope="module")
def guests():
    """A reader's answers as a table: 120 guests of two hotels, who said how likely they are to come again."""
    survey = gk.simulate(n=120, seed=2)
    halves = {"E": survey.expectations, "P": survey.perceptions}
    parts = [half.set_axis([f"{code}{j}" for j in range(1, 23)], axis=1) for code, half in halves.items()]
    return pd.concat(parts, axis=1).assign(again=survey.respondents["overall"], hotel=["X", "Y"] * 60)


@pytest.fixture
def made(shown_first):
    """Makes a board with the panel open; its search is over before the test goes on."""
    boards = []

    def make(name):
        board = BOARDS[name](shown_first)
        boards.append(board)
        settle(board)
        board.data.value = OWN
        settle(board)
        return board

    yield make
    for board in boards:
        getattr(board, "stop", lambda: None)()


def settle(board):
    assert getattr(board, "wait", lambda _: True)(120)


def give(board, table, file="our guests.csv"):
    board.own.give(file, table.to_csv(index=False).encode())
    settle(board)


def numbers(board):
    """The numbers in the tiles, and what stands below the board."""
    return [*re.findall(r'data-key="[^"]*">([^<]*)<', board.tiles.value), board.foot.value]


def html_of(widget):
    """Everything that a page takes for markup, of a widget and all in it."""
    own = [widget.value] if type(widget).__name__ == "HTML" else []
    return own + [part for child in getattr(widget, "children", ()) for part in html_of(child)]


@every_board
def test_a_file_is_shown_and_taking_it_away_brings_back_what_was_there(made, guests, name):
    board = made(name)
    before = numbers(board)
    assert "Shown first" in board.heading.value
    give(board, guests)
    assert board.alert.value == ""
    assert "our guests" in board.heading.value
    assert "120 respondents" in board.own.told.value
    assert numbers(board) != before
    board.own.fields.cancel.click()
    settle(board)
    assert "Shown first" in board.heading.value
    assert numbers(board) == before
    assert board.alert.value == ""


@every_board
def test_a_file_without_the_answers_that_are_needed_is_refused_in_words(made, guests, name):
    board = made(name)
    before = numbers(board)
    give(board, guests.drop(columns=[f"P{j}" for j in range(1, 23)]))
    assert "no columns were found for Perceptions (P)" in board.own.told.value
    assert "Shown first" in board.heading.value
    assert numbers(board) == before


@pytest.mark.parametrize("name", ["factor_lab", "what_if", "priorities", "segments"])
def test_perceptions_are_enough_where_no_gap_is_needed(made, guests, name):
    board = made(name)
    give(board, guests.drop(columns=[f"E{j}" for j in range(1, 23)]))
    assert board.alert.value == ""
    assert "our guests" in board.heading.value


@every_board
def test_a_second_file_that_cannot_be_read_leaves_the_first(made, guests, name):
    board = made(name)
    give(board, guests)
    before = numbers(board)
    board.own.give("picture.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    board.own.give("large.csv", b"1" * 15_000_001)
    assert 'role="alert"' in board.own.told.value
    assert "our guests" in board.heading.value
    assert numbers(board) == before
    assert board.own.fields.cancel.layout.display is None, "the first file can still be removed"


@every_board
def test_another_language_or_survey_and_back_keeps_the_file(made, guests, name):
    board = made(name)
    give(board, guests)
    before = numbers(board)
    board.language.value = "zh-Hans"
    settle(board)
    assert "our guests" in board.heading.value
    assert "120 位受访者" in board.own.told.value
    assert dict(board.data.options)["您自己的文件……"] == board.data.value == OWN
    assert board.report.button.description == "生成报告"
    board.data.value = next(value for _, value in board.data.options if value != OWN)
    settle(board)
    assert "Shown first" in board.heading.value
    board.data.value = OWN
    board.language.value = "en"
    settle(board)
    assert numbers(board) == before


@every_board
def test_no_name_of_a_file_becomes_markup(made, guests, name):
    board = made(name)
    nasty = guests.rename(columns={"again": NASTY}).assign(**{f"{NASTY} hotel": [NASTY, '"><script>'] * 60})
    give(board, nasty, f"{NASTY}.csv")
    assert board.alert.value == ""
    assert "&lt;img src=x" in board.heading.value
    for control in (getattr(board, each, None) for each in ("by", "whose", "outcome")):
        if control is not None and type(control).__name__ == "Dropdown":
            control.value = control.options[-1][1]
            settle(board)
    board.report.button.click()
    assert "The report is ready: &lt;img src=x onerror=alert(1)&gt;, n = 120." in board.report.links.value
    assert board.report.links.value.count("download=") == 3
    shown = "".join(html_of(board))
    assert "<img" not in shown
    assert "<script" not in shown


@every_board
def test_nothing_of_a_file_is_kept_once_it_is_removed(made, guests, name):
    board = made(name)
    give(board, guests)
    held = weakref.ref(board.own.survey)
    board.own.fields.cancel.click()
    settle(board)
    board.status.value = ""
    gc.collect()
    assert held() is None


@pytest.mark.parametrize("name", ["factor_lab", "segments"])
def test_a_file_that_cannot_be_analysed_is_an_alert_over_what_was_shown(made, guests, name):
    board = made(name)
    before = numbers(board)
    few = guests.head(9)
    give(board, few if name == "segments" else few.assign(**{f"P{j}": 4 for j in range(1, 23)}))
    assert 'role="alert"' in board.alert.value
    assert "Shown first" in board.heading.value
    assert numbers(board) == before
    assert board.data.value == OWN, "the panel stays open, so that the file can be put right"
    give(board, guests)
    assert board.alert.value == ""
    assert "our guests" in board.heading.value


def test_a_data_set_that_cannot_be_loaded_leaves_the_one_that_is_shown(monkeypatch):
    board = GapExplorer()

    def fail(_name):
        raise OSError("no disk")

    monkeypatch.setattr("gapkit.survey.datasets.load", fail)
    monkeypatch.setattr(board.surveys, "_names", [*board.surveys._names, "kservqual"])
    board.surveys.speak()
    board.data.value = "kservqual"
    assert "no disk" in board.alert.value
    assert board.data.value == "hotel"


def test_weights_and_groups_of_a_file_count(made, guests):
    board = made("gap_explorer")
    weight = np.where(guests["hotel"] == "X", 3.0, 1.0)
    give(board, guests.assign(weight=weight))
    table = gk.load_survey(guests.assign(weight=weight), instrument="servqual", weight="weight")
    assert numbers(board)[0] == gk.show.text.number(gk.gap_scores(table).overall.loc["overall", "gap"], signed=True)
    assert dict(board.by.options)["hotel"] == "hotel"
    assert [value for _, value in board.weighting.options] == ["none", "survey"]
