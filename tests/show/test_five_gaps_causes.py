"""A file on causes for the five gaps board, without a browser: its questionnaire, what it says, what it keeps back."""

import re

import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.forms import template_columns
from gapkit.show.widgets import FiveGapsBoard
from gapkit.show.widgets.own_survey import OWN


def answers(battery, level, *, branch="AB"):
    """A file of twelve people in two branches who answer the same throughout."""
    columns = {f"{code}{j}": [level] * 12 for code in battery for j in range(1, 23)}
    return pd.DataFrame(columns | {"branch": list(branch) * 6})


def give(board, role, content):
    board.files.whose.value = role
    board.files.panel(role).give(f"{role}.csv", content)


@pytest.fixture
def board():
    return FiveGapsBoard({"customers": gk.datasets.load("hotel")})


@pytest.fixture
def own(board):
    """Customers who expect 6 and perceive 5."""
    board.data.value = OWN
    file = answers("E", 6).join(answers("P", 5).drop(columns="branch"))
    board.own.give("guests.csv", file.to_csv(index=False).encode())
    return board


def causes_file(low="gap1_research", *, n=12, level=6, branch="AB"):
    """A file of n people who agree throughout, but for one cause."""
    asked = gk.load_instrument("antecedents")
    levels = {item.id: 2 if item.dimension == low else level for item in asked.items}
    heads = [head for head in template_columns(asked) if head != "id"]
    columns = {head: [levels[id]] * n for head, id in zip(heads, asked.item_ids, strict=True)}
    people = {"branch": list(branch) * (n // len(branch))} if branch else {}
    return pd.DataFrame(columns | people).to_csv(index=False).encode()


@pytest.fixture
def with_gap_1(own):
    """Managers believe a point and a half less than customers expect, in both branches, and not all the same."""
    rows = [[level] * 22 for level in (4, 4, 5, 5)] * 3
    file = pd.DataFrame(rows, columns=[f"E{j}" for j in range(1, 23)]).assign(branch=list("AB") * 6)
    give(own, "managers", file.to_csv(index=False).encode())
    return own


def mean_of(board, cause):
    """What is said of a cause."""
    return re.search(rf">{cause}</(?:b|span)> · ([^<]*)<", board.causes.value)[1]


def test_causes_are_asked_for_with_their_own_questionnaire(own):
    own.files.whose.value = "causes"
    panel = own.files.panel("causes")
    assert "The file on causes" in panel.about.value
    assert "a questionnaire of its own" in own.files.about.value
    assert [value for _, value in panel.fields.instrument.options] == ["antecedents"]
    assert panel.forms.value.count('download="antecedents') == 3  # two templates and the questionnaire
    own.language.value = "zh-Hant"
    assert panel.fields.instrument.options[0][0] == "缺口成因量表"
    assert "關於原因的檔案" in panel.about.value
    assert 'download="antecedents_zh-Hant.html"' in panel.forms.value


def test_a_file_on_causes_says_what_may_be_behind_a_gap(with_gap_1):
    assert "nobody was asked about them here" in with_gap_1.causes.value
    give(with_gap_1, "causes", causes_file())
    assert mean_of(with_gap_1, "Knowing the customer by asking") == "mean 2.0"
    assert mean_of(with_gap_1, "What staff know travels up") == "mean 6.0"
    assert "scale 1 to 7" in with_gap_1.causes.value
    assert dict(with_gap_1.files.whose.options)["Causes: n = 12"] == "causes"
    assert '"gap_1">−1.50<' in with_gap_1.tiles.value
    with_gap_1.files.panel("causes").fields.cancel.click()
    assert "nobody was asked about them here" in with_gap_1.causes.value
    assert with_gap_1.alert.value == ""


def test_causes_follow_the_branch_where_their_file_has_it(with_gap_1):
    half = causes_file(n=6, branch="A") + causes_file(low="none", n=6, branch="B").split(b"\n", 1)[1]
    give(with_gap_1, "causes", half)
    with_gap_1.by.value = "branch"
    with_gap_1.branch.value = "A"
    assert mean_of(with_gap_1, "Knowing the customer by asking") == "mean 2.0, all branches 4.0"
    with_gap_1.branch.value = "B"
    assert mean_of(with_gap_1, "Knowing the customer by asking") == "mean 6.0, all branches 4.0"


def test_a_file_on_causes_without_branches_takes_none_away(with_gap_1):
    give(with_gap_1, "causes", causes_file(branch=""))
    with_gap_1.by.value = "branch"
    with_gap_1.branch.value = "B"
    assert mean_of(with_gap_1, "Knowing the customer by asking") == "mean 2.0"
    assert "does not have the column of branches" in with_gap_1.causes.value


def test_what_four_people_say_of_causes_is_not_shown_alone_nor_by_subtraction(with_gap_1):
    few = causes_file(n=8, branch="A") + causes_file(low="none", n=4, branch="B").split(b"\n", 1)[1]
    give(with_gap_1, "causes", few)
    with_gap_1.by.value = "branch"
    assert mean_of(with_gap_1, "Knowing the customer by asking") == "mean 2.0"  # not 3.3, as of all 12
    with_gap_1.branch.value = "B"
    assert " · " not in with_gap_1.causes.value
    with_gap_1.branch.value = ""
    give(with_gap_1, "causes", causes_file(n=4))
    assert "Fewer than 5 people were asked about them" in with_gap_1.causes.value
    assert " · " not in with_gap_1.causes.value


def test_faults_of_a_file_on_causes_stand_in_its_panel_and_another_questionnaire_is_none(own):
    before = own.causes.value
    give(own, "causes", causes_file(level=9))
    told = own.files.panel("causes").told.value
    assert 'role="alert"' in told
    assert "cannot be shown yet" in told
    assert own.causes.value == before
    give(own, "causes", answers("E", 6).to_csv(index=False).encode())
    assert 'role="alert"' in own.files.panel("causes").told.value
    assert "causes" not in own.files.given


def test_a_file_on_causes_waits_for_the_customers(board):
    board.data.value = OWN
    before = board.causes.value
    give(board, "causes", causes_file())
    assert "It counts once the customers’ file is there." in board.files.about.value
    assert board.causes.value == before
