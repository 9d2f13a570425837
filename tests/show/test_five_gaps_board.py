"""The five gaps board without a browser: set a control's value, read what is shown."""

import re
from dataclasses import replace

import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.text import interval, number
from gapkit.show.widgets import FiveGapsBoard
from gapkit.show.widgets.five_gaps_study import Study
from gapkit.show.widgets.own_survey import OWN

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


def test_two_managers_of_no_branch_are_not_everybody_less_the_branches(surveys):
    managers = surveys["managers"]
    people = managers.respondents.copy()
    people.loc[people.index[people["hotel"] == "A"][:2], "hotel"] = None
    study = Study(surveys | {"managers": replace(managers, respondents=people)}, "hotel")
    together = study.whole.means.loc[("overall", "M"), "n"]
    by_branch = study.grouped.means["n"].xs("overall", level="score").xs("M", level="position")
    assert together == by_branch.sum() == 34  # 40 less the four of hotel F and the two of nowhere


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


# files of one's own


def answers(battery="EP", *, n=12, level=5, expected=6, branch="AB"):
    """A file of n people in two branches who answer the same throughout."""
    levels = {"E": expected, "P": level}
    columns = {f"{code}{j}": [levels[code]] * n for code in battery for j in range(1, 23)}
    return pd.DataFrame(columns | {"branch": list(branch) * (n // len(branch))}).to_csv(index=False).encode()


@pytest.fixture
def own(board):
    board.data.value = OWN
    board.own.give("guests.csv", answers())
    return board


def give(board, role, content):
    board.files.whose.value = role
    board.files.panel(role).give(f"{role}.csv", content)


def test_customers_of_ones_own_stand_by_themselves_and_what_lacks_is_said(own):
    assert [tile(own, f"gap_{j}") for j in range(1, 6)] == ["–", "–", "–", "–", "−1.00"]
    assert (
        "Not measured: Gap 1 (lacks managers), Gap 2 (lacks managers, standards), Gap 3 (lacks standards, staff), "
        "Gap 4 (lacks promises, staff)." in own.note.value
    )
    assert own.alert.value == ""


def test_every_file_from_inside_the_firm_adds_its_gaps(own):
    give(own, "managers", answers("E", expected=5))
    assert tile(own, "gap_1") == "−1.00"
    give(own, "standards", answers("E", expected=4))
    assert tile(own, "gap_2") == "−1.00"
    give(own, "staff", answers("P", level=6))
    assert tile(own, "gap_3") == "+2.00"
    give(own, "promises", answers("E", expected=7))
    assert tile(own, "gap_4") == "+1.00"
    assert own.note.value == "<p></p>"
    assert dict(own.files.whose.options)["Managers: n = 12"] == "managers"
    own.files.panel("promises").fields.cancel.click()
    assert tile(own, "gap_4") == "–"
    assert tile(own, "gap_3") == "+2.00"


def test_the_panel_says_whose_file_it_asks_for(own):
    assert "The customers’ file" in own.own.about.value
    for role, words in (("managers", "columns of Expectations (E)"), ("staff", "columns of Perceptions (P)")):
        own.files.whose.value = role
        assert words in own.files.about.value
        assert own.files.children[1] is own.files.panel(role)
    own.language.value = "zh-Hans"
    assert "一线员工的文件" in own.files.panel("staff").about.value
    assert "这里需要一线员工的回答" in own.files.about.value


def test_a_file_from_inside_the_firm_waits_for_the_customers(board):
    board.data.value = OWN
    before = board.tiles.value
    give(board, "managers", answers("E", expected=5))
    assert "It counts once the customers’ file is there." in board.files.about.value
    assert board.tiles.value == before
    board.files.whose.value = "customers"
    board.own.give("guests.csv", answers())
    assert tile(board, "gap_1") == "−1.00"


def test_branches_are_a_column_that_every_file_has(own):
    give(own, "managers", answers("E", expected=5))
    assert "There are no branches to compare." in own.branches.value
    own.by.value = "branch"
    own.branch.value = "B"
    assert tile(own, "gap_1") == "−1.00"
    assert "guests, branch B" in own.foot.value
    give(own, "staff", answers("P").replace(b"branch", b"house"))
    assert [value for _, value in own.by.options] == [""]
    assert own.branch.value == ""
    assert own.alert.value == ""


def test_another_scale_inside_the_firm_is_an_alert_and_the_files_before_stay(own):
    give(own, "managers", answers("E", expected=5))
    own.files.panel("managers").fields.scale.value = (1, 5)
    assert "managers: answered on 1-5, the customers on 1-7" in own.alert.value
    assert tile(own, "gap_1") == "−1.00"


def test_taking_the_customers_away_brings_back_the_study_before(board, five):
    board.branch.value, board.score.value = "B", "empathy"
    before = board.tiles.value
    board.data.value = OWN
    board.own.give("guests.csv", answers())
    board.own.fields.cancel.click()
    assert board.tiles.value == before
    assert (board.by.value, board.branch.value, board.score.value) == ("hotel", "B", "empathy")
    board.data.value = board.data.options[0][1]
    assert board.files.layout.display == "none"


def test_the_report_is_about_the_customers(own):
    own.report.button.click()
    assert "The report is ready: guests, n = 12." in own.report.links.value


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_the_whole_method_is_said_in_chinese(board, english_in, language):
    board.language.value = language
    assert english_in(board.foot.value) == []
    assert "Holm" in board.foot.value


def test_a_gap_found_in_a_dimension_only_says_in_which(board, surveys):
    """Over all dimensions Gaps 1 and 3 are not told from zero by Holm's p; Gaps 2 and 4 are."""
    together = gk.five_gaps(surveys["customers"], **{role: surveys[role] for role in ROLES})
    board.branch.value = board.branch.options[0][1]
    names = {"gap_1": "Gap 1: knowledge", "gap_2": "Gap 2: standards", "gap_3": "Gap 3: delivery"}
    for gap, name in names.items():
        part = board.causes.value.split(f"<h3>{name}</h3>")[1].split("<h3>")[0]
        alone = together.gaps.loc[("overall", gap), "p_holm"] >= 0.05
        assert alone == (gap != "gap_2")
        assert ("Not over all dimensions, but found in: " in part) == alone
