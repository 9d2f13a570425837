"""The five gaps board without a browser: set a control's value, read what is shown."""

import re
from dataclasses import replace

import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.text import interval, number
from gapkit.show.widgets import FiveGapsBoard

ROLES = ("managers", "standards", "staff", "promises")
NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def surveys():
    return {"customers": gk.datasets.load("hotel"), **{role: gk.datasets.load(f"hotel_{role}") for role in ROLES}}


@pytest.fixture(scope="module")
def five(surveys):
    roles = {role: surveys[role] for role in ROLES}
    return gk.five_gaps(surveys["customers"], **roles, by="hotel")


@pytest.fixture
def board(surveys):
    return FiveGapsBoard(surveys)


def tile(board, gap):
    """The number in one tile."""
    return re.search(rf'data-key="{gap}">([^<]*)<', board.tiles.value)[1]


def test_a_branch_shows_its_gaps_as_the_library_computes_them(board, five):
    board.branch.value = "C"
    row = five.gaps.loc[("C", "overall", "gap_2")]
    assert tile(board, "gap_2") == number(row["value"], signed=True)
    assert interval(row["low"], row["high"]) in board.tiles.value
    for figure in (board.model, board.waterfall, board.branches):
        assert number(row["value"], signed=True) in figure.value
    assert board.alert.value == ""


def test_a_dimension_can_be_chosen(board, five):
    board.branch.value, board.score.value = "B", "empathy"
    assert tile(board, "gap_1") == number(five.gaps.loc[("B", "empathy", "gap_1"), "value"], signed=True)
    assert "hotel B · Empathy" in board.model_head.value
    assert board.status.value.endswith(f"B, Empathy: largest harm Gap 1: knowledge {tile(board, 'gap_1')}</p>")


def test_four_managers_are_not_shown_alone_nor_by_subtraction(board, surveys):
    board.branch.value = "F"
    assert tile(board, "gap_1") == "–"
    assert "Fewer than 5 people: not shown." in board.tiles.value
    assert "Not shown: managers (fewer than 5 people)." in board.foot.value
    board.branch.value = ""
    together = board.study.whole
    assert together.means.loc[("overall", "M"), "n"] == 36  # not 40: the four of hotel F are left out
    others = surveys["managers"].only((surveys["managers"].respondents["hotel"] != "F").to_numpy(), why="test")
    plain_gaps = gk.five_gaps(surveys["customers"], managers=others).gaps
    assert tile(board, "gap_1") == number(plain_gaps.loc[("overall", "gap_1"), "value"], signed=True)


def test_actions_are_those_of_the_library_in_its_order(board, five):
    board.branch.value = "E"
    listed = gk.actions_for(five.branch("E"))
    assert re.findall(r'data-action="([^"]*)"', board.actions.value) == listed["action"].to_list()
    assert listed["why"].iloc[0].partition(" (")[0] in board.actions.value


def test_causes_are_named_without_numbers_where_nobody_was_asked(board):
    board.branch.value = "B"
    assert "nobody was asked about them here" in board.causes.value
    assert "Knowing the customer by asking" in board.causes.value
    assert "all branches" not in board.causes.value


def test_causes_that_were_asked_stand_lowest_first_with_their_means():
    board = FiveGapsBoard()
    board.branch.value = "D"
    assert board.alert.value == ""
    delivery = board.causes.value.split("Gap 3: delivery")[1].split("<h3>")[0]
    means = [float(mean) for mean in re.findall(r"mean ([\d.]+)", delivery)]
    assert len(means) == 7
    assert means == sorted(means)
    assert "<b>Demands that fit together</b>" in delivery  # planted to be weak there
    assert "<span>People who fit the job</span>" in delivery  # and this one not


def test_another_language_keeps_every_choice(board):
    board.branch.value, board.score.value = "B", "empathy"
    before = tile(board, "gap_1")
    board.language.value = "zh-Hans"
    assert (board.branch.value, board.score.value, tile(board, "gap_1")) == ("B", "empathy", before)
    assert "差距1：认识" in board.model.value
    assert board.branch.description == "分店"
    assert "可以缩小这些差距的措施" in board.actions.value
    board.language.value = "zh-Hant"
    assert (board.branch.value, board.score.value, tile(board, "gap_1")) == ("B", "empathy", before)
    assert "缺口1：認知" in board.model.value
    assert "可以縮小這些缺口的措施" in board.actions.value


def test_customers_alone_are_enough_and_the_rest_is_not_measured(surveys):
    board = FiveGapsBoard({"customers": surveys["customers"]})
    assert board.alert.value == ""
    assert tile(board, "gap_1") == "–"
    assert "Nobody was asked." in board.tiles.value
    assert "From expectation to perception" in board.waterfall.value
    assert 'data-action="find_the_cause"' in board.actions.value


def test_names_from_a_file_are_only_ever_text(surveys):
    customers = surveys["customers"]
    names = customers.respondents["hotel"].replace({"B": NASTY})
    nasty = replace(
        customers,
        respondents=customers.respondents.assign(hotel=names),
        source=replace(customers.source, title=NASTY),
    )
    board = FiveGapsBoard({"customers": nasty})
    board.branch.value = NASTY
    assert board.alert.value == ""
    shown = [board.heading, board.model_head, board.model, board.waterfall, board.branches, board.foot, board.status]
    for widget in shown:
        assert "<img" not in widget.value
    assert "&lt;img" in board.model_head.value


def test_a_missing_column_is_an_alert(surveys):
    board = FiveGapsBoard(surveys, by="region")
    assert 'role="alert"' in board.alert.value
    assert "no column &quot;region&quot;" in board.alert.value


def test_figures_follow_the_pages_width(board):
    board.page.value = "width=340;language=en"
    assert 'width="340"' in board.model.value
    board.page.value = "width=700;language=zh-Hans"
    assert 'width="700"' in board.model.value
    assert board.language.value == "zh-Hans"


def test_a_branch_without_gaps_inside_the_firm_has_no_causes_to_look_for():
    servqual = gk.load_instrument("servqual")

    def level(*values):
        rows = [[value] * 22 for value in values] * 3
        return pd.DataFrame(rows, columns=servqual.item_ids)

    people = pd.DataFrame({"hotel": ["A"] * 6})
    customers = gk.Survey(servqual, expectations=level(6, 7), perceptions=level(6, 7), respondents=people)
    managers = gk.Survey(servqual, expectations=level(7, 6), respondents=people)
    board = FiveGapsBoard({"customers": customers, "managers": managers})
    assert "no cause to look for" in board.causes.value
    assert "nothing is listed" in board.actions.value
