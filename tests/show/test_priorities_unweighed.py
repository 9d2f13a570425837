"""The priorities board where nothing says what matters: which column lacks or fails, and what is shown all the same."""

import re

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.widgets import PrioritiesBoard
from gapkit.show.widgets.own_survey import OWN
from gapkit.show.widgets.priorities_unweighed import unused_outcomes

DRAWS, STEPS = 20, 6
"""Fewer draws and budgets than the board has, so that the tests are quick."""
N = 40


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr("gapkit.show.widgets.plan_desk.DRAWS", DRAWS)
    monkeypatch.setattr("gapkit.show.widgets.plan_desk.MOST_STEPS", STEPS)


@pytest.fixture
def board(make_survey):
    points = pd.DataFrame(20.0, index=range(N), columns=gk.load_instrument("servqual").dimension_ids)
    weighed = make_survey([{"reliability": 4, "else": 5}, 5] * (N // 2), allocations=points)
    return PrioritiesBoard({"weighed": weighed})


def own_file(codes="EP", **columns):
    """Expectations of 6 and perceptions of 5, of reliability (items 5 to 9) 3 and of empathy (18 to 22) 4."""
    perceived = {**dict.fromkeys(range(5, 10), 3), **dict.fromkeys(range(18, 23), 4)}
    held = {f"E{j}": [6] * N for j in range(1, 23)} if "E" in codes else {}
    held |= {f"P{j}": [perceived.get(j, 5)] * N for j in range(1, 23)}
    return pd.DataFrame(held).assign(**columns).to_csv(index=False).encode()


def give(board, content):
    board.data.value = OWN
    board.own.give("guests.csv", content)


def plain(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


REASONS = {
    "constant": (
        {"overall": [5] * N},
        "In the column overall everybody gave the same answer, 5: nothing can go with what does not vary.",
    ),
    "empty": ({"satisfaction": [None] * N}, "The column satisfaction holds no answers. Fill it in."),
    "text": (
        {"recommend": ["yes", "no"] * (N // 2)},
        "The column recommend holds words such as “yes”, not numbers. Code the answers as whole numbers",
    ),
    "decimals": (
        {"overall": np.linspace(1, 7, N).round(1)},
        "The column overall holds numbers with decimals, such as 1.2. Give each respondent’s own answer",
    ),
    "many": (
        {"overall satisfaction": range(N)},
        "The column overall satisfaction holds 40 different numbers; an outcome has at most 11.",
    ),
    "chinese": (
        {"总体满意度": ["高", "低"] * (N // 2)},
        "The column 总体满意度 holds words such as “高”, not numbers.",
    ),
}


@pytest.mark.parametrize(("columns", "reason"), REASONS.values(), ids=REASONS)
def test_each_column_that_cannot_be_used_says_why_and_what_to_do(columns, reason):
    survey = gk.load_survey(("guests.csv", own_file(**columns)), instrument="servqual")
    (said,) = unused_outcomes(survey, "en")
    assert said.startswith(reason)


def test_a_file_whose_only_outcome_fits_no_model_is_shown_and_says_why(board):
    columns, reason = REASONS["constant"]
    give(board, own_file(**columns))
    assert board.alert.value == ""
    said = plain(board.map.value)
    assert said.startswith("What matters most cannot be said of guests: importance was not asked")
    assert reason in said
    assert "Put that right in the file, or add an outcome" in said
    assert board.outcome.label == "None that can be used"
    assert board.importance.label == "Not known"


def test_what_needs_no_importance_is_shown(board):
    give(board, own_file(overall=[5] * N))
    # P - E by pencil: reliability 3 - 6, empathy 4 - 6, the others 5 - 6
    rows = re.findall(r'data-id="(\w+)"><th[^>]*>[^<]*</th><td>([^<]*)</td><td>([^<]*)</td>', board.table.value)
    assert rows[:2] == [("reliability", "3.00", "−3.00"), ("empathy", "4.00", "−2.00")]
    assert [(mean, gap) for _, mean, gap in rows[2:]] == [("5.00", "−1.00")] * 3
    tiles = plain(board.tiles.value)
    assert tiles.startswith("Furthest below expectations Reliability Gap −3.00. Expected gain of the plan")
    assert "points of the mean perception, dimensions counted alike" in tiles
    assert "<svg" in board.frontier.value
    assert "data-action" in board.actions.value
    assert "no importance enters" in board.foot.value


def test_items_are_shown_by_their_ids(board):
    give(board, own_file(overall=[5] * N))
    board.level.value = "items"
    ids = re.findall(r'data-id="(q\d+)"', board.table.value)
    assert ids == [f"q{j:02d}" for j in [*range(5, 10), *range(18, 23), *range(1, 5), *range(10, 18)]]
    assert board.alert.value == ""


def test_without_expectations_the_lowest_performance_comes_first(board):
    give(board, own_file("P", overall=[5] * N))
    rows = re.findall(r'data-id="(\w+)"><th[^>]*>[^<]*</th><td>([^<]*)</td></tr>', board.table.value)
    assert rows[:2] == [("reliability", "3.00"), ("empathy", "4.00")]
    assert plain(board.tiles.value).startswith("Lowest performance Reliability Mean perception 3.00.")
    assert "Mean perception, the lowest first" in board.table.value


def test_cards_about_ranks_close_and_come_back(board):
    first, second = board.rows
    cards = board.cards
    assert first.children == (cards["map"], cards["robustness"])
    give(board, own_file(overall=[5] * N))
    assert first.children == (cards["map"], cards["table"])
    assert second.layout.display == "none"
    assert (board.robustness.value, board.choices.value) == ("", "")
    assert "How each performs" in board.heads["table"].value
    board.own.fields.cancel.click()
    assert first.children == (cards["map"], cards["robustness"])
    assert (second.children, second.layout.display) == ((cards["table"], cards["choices"]), None)
    assert "The map in numbers" in board.heads["table"].value
    assert "<svg" in board.robustness.value
    assert "<svg" in board.map.value


def test_a_survey_without_any_outcome_is_told_what_to_add(make_survey):
    board = PrioritiesBoard({"bare": make_survey([5] * 12)})
    assert board.alert.value == ""
    said = plain(board.map.value)
    assert "No column is called like an outcome. Add one such as overall quality or recommendation" in said
    assert board.outcome.label == "None asked"


def test_an_outcome_of_too_few_answers_is_told_with_its_numbers(board):
    rng = np.random.default_rng(1)
    answers = rng.integers(1, 8, size=(N, 22))
    table = pd.DataFrame(answers, columns=[f"P{j}" for j in range(1, 23)])
    table = table.assign(overall=[5, 6, 7] + [None] * (N - 3))
    give(board, table.to_csv(index=False).encode())
    assert board.alert.value == ""
    # five dimensions and the outcome: six variables, so at least seven respondents
    assert plain(board.map.value).startswith(
        "Importance cannot be derived from overall: 3 respondents answered it and everything that it is to be related "
        "to, and it takes at least 7."
    )


def test_ranks_that_cannot_be_computed_are_told_in_their_place(board):
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.integers(1, 8, size=(20, 22)), columns=[f"P{j}" for j in range(1, 23)])
    give(board, table.assign(overall=rng.integers(1, 8, size=20)).to_csv(index=False).encode())
    assert board.alert.value == ""
    assert "<svg" in board.map.value
    assert "The ranks under every choice could not be computed: no combination of choices" in board.robustness.value
    assert "<svg" in board.probabilities.value, "the plan goes on"


def test_with_points_an_outcome_that_cannot_be_used_is_in_nobodys_way(board, make_survey):
    points = pd.DataFrame([[20.0, 40, 20, 10, 10]] * 12, columns=gk.load_instrument("servqual").dimension_ids)
    survey = make_survey([5] * 12, allocations=points, respondents=pd.DataFrame({"overall": ["good"] * 12}))
    own = PrioritiesBoard({"points": survey})
    assert own.importance.value == "stated"
    assert "<svg" in own.map.value
    assert own.outcome.label == "None that can be used"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", "名为“overall”的列中，所有人的回答都是 5：没有变化，就无从与之关联。"),
        ("zh-Hant", "名為「overall」的欄中，所有人的回答都是 5：沒有變化，就無從與之關聯。"),
    ],
)
def test_it_is_said_in_chinese(board, english_in, language, words):
    give(board, own_file(overall=[5] * N))
    board.language.value = language
    assert words in board.map.value
    assert english_in(board.map.value.replace("overall", "").replace("guests", "")) == []
    assert english_in(board.foot.value.replace("guests", "")) == []


def test_a_columns_name_and_words_are_only_ever_text(make_survey):
    nasty = "<img src=x onerror=alert(1)> overall"
    survey = make_survey([5] * 12, respondents=pd.DataFrame({nasty: ["<b>bold</b>"] * 12}))
    board = PrioritiesBoard({"nasty": survey})
    assert "&lt;img" in board.map.value
    assert "<img" not in board.map.value
    assert "<b>bold" not in board.map.value


def test_columns_that_are_no_outcomes_by_name_are_not_accused(make_survey):
    people = pd.DataFrame({"age": ["old"] * 12, "hotel": ["A"] * 12, "overall": [5, 6] * 6, "weight": [1.0] * 12})
    assert unused_outcomes(make_survey([5] * 12, respondents=people), "en") == []
    assert len(unused_outcomes(make_survey([5] * 12, respondents=people.assign(overall=6)), "en")) == 1
