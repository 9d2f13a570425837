"""Costs and effects in a file of the reader's own, read back with every fault at once."""

import csv
import io
import re

import numpy as np
import pytest

import gapkit as gk
from gapkit.show.widgets import PrioritiesBoard
from gapkit.show.widgets.own_survey_file import Upload
from gapkit.show.widgets.plan_table import Given, TableError, read_costs, table_to_fill

NASTY = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def small():
    hotel = gk.datasets.load("hotel")
    return hotel.only(np.arange(hotel.n) % 6 == 0, why="test")


@pytest.fixture
def board(small, monkeypatch):
    monkeypatch.setattr("gapkit.show.widgets.plan_desk.DRAWS", 20)
    monkeypatch.setattr("gapkit.show.widgets.plan_desk.MOST_STEPS", 5)
    return PrioritiesBoard({"hotel": small})


def read(content, known=("a", "b", "c")):
    return read_costs(Upload("ours.csv", content.encode()), known)


def faults(content):
    with pytest.raises(TableError) as caught:
        read(content)
    return caught.value.words("en")


def test_what_stays_empty_stays_open():
    assert read("action,cost,effect,sd,what\na,100,0.5,0.1,x\nb,,0.2,,y\nc,,,,z\n") == Given(
        {"a": 100.0}, {"a": (0.5, 0.1), "b": 0.2}
    )


def test_a_table_needs_no_column_but_the_actions_and_one_of_numbers():
    assert read("what;Action;Cost\nx;a;1000\n") == Given({"a": 1000.0}, {})


def test_decimal_commas_are_read():
    assert read("action;effect;sd\na;0,25;0,1\n") == Given({}, {"a": (0.25, 0.1)})


def test_every_fault_is_told_at_once():
    told = faults("action,cost,effect,sd\na,cheap,0.5,\nz,10,,\nb,-3,,\nb,5,,0.2\nb,6,,\n")
    assert told == [
        "Row 2, cost: “cheap” cannot be used. Numbers without a unit are needed; costs and sds not below 0.",
        "Row 4, cost: “-3” cannot be used. Numbers without a unit are needed; costs and sds not below 0.",
        "Row 3: there is no action “z”. Keep the ids of the empty table.",
        "Row 5: “b” stands there twice.",
        "Row 5: an sd needs its effect beside it.",
        "Row 6: “b” stands there twice.",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name,price\na,1\n", "the columns action and at least one of cost, effect and sd are needed"),
        ("action,cost\na,\n", "no number was put in"),
        ("", "ours.csv: the file is empty"),
        ("action,cost\n" + "a,1\n" * 300_000, "is too large: at most 1 MB"),
    ],
)
def test_a_file_that_is_no_such_table_says_why(content, words):
    assert words in faults(content)[0]


def test_the_empty_table_lists_every_action_and_comes_back_as_it_went():
    actions = gk.load_actions()
    rows = list(csv.DictReader(io.StringIO(table_to_fill(actions, "en").decode("utf-8-sig"))))
    assert [row["action"] for row in rows] == [action.id for action in actions]
    assert not any(row["cost"] or row["effect"] or row["sd"] for row in rows)


def test_a_table_changes_the_plan_and_can_be_taken_back(board):
    id = board.editor.action.value
    before = board.actions.value
    board.costs.give("ours.csv", f"action,cost,effect,sd\n{id},100,2,0.01\n".encode())
    assert "ours.csv is in use; actions with numbers from it: 1." in board.costs.told.value
    assert (board.editor.cost.value, board.editor.effect.value) == (100, 2)
    assert id in re.findall(r'data-action="([^"]*)" data-chosen="yes"', board.actions.value)
    assert "33 of 34 actions stand on assumed numbers" in board.note.value
    board.costs.remove.click()
    assert board.actions.value == before
    assert board.costs.told.value == ""


def test_a_table_stays_for_a_survey_of_ones_own(board, small):
    id = board.editor.action.value
    board.costs.give("ours.csv", f"action,cost\n{id},123\n".encode())
    table = small.perceptions.set_axis([f"P{j}" for j in range(1, 23)], axis=1)
    board.data.value = board.data.options[-1][1]
    board.own.give("guests.csv", table.assign(again=small.respondents["overall"]).to_csv(index=False).encode())
    assert board.editor.cost.value == 123


def test_a_number_changed_by_hand_stands_over_the_table(board):
    id = board.editor.action.value
    board.costs.give("ours.csv", f"action,cost\n{id},123\n".encode())
    board.editor.cost.value = 77
    board.importance.value = "derived"
    assert board.editor.cost.value == 77


def test_a_faulty_table_is_refused_in_the_boards_language_and_nothing_changes(board):
    before = board.actions.value
    board.costs.give("ours.csv", f"action,cost\n{NASTY},1\n".encode())
    assert 'role="alert"' in board.costs.told.value
    assert "<img" not in board.costs.told.value
    board.language.value = "zh-Hans"
    assert "没有措施" in board.costs.told.value
    board.language.value = "en"
    assert board.actions.value == before
