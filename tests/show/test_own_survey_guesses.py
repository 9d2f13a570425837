"""What the panel for a file of one's own makes of a single unnamed block and of points out of 100."""

import re

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.widgets import GapExplorer
from gapkit.show.widgets.own_survey import OwnSurvey

DIMENSIONS = list(gk.load_instrument("servqual").dimension_ids)
SPLIT = np.array([[20, 30, 20, 15, 15], [10, 40, 20, 20, 10], [0, 100, 0, 0, 0], [5, 35, 25, 25, 10]] * 3)


def as_csv(table):
    return table.to_csv(index=False).encode()


def block(pattern="Q{}", k=22, n=12):
    """Perceptions of 5 and, by every fourth guest, 4."""
    return pd.DataFrame({pattern.format(j): [5, 5, 5, 4] * (n // 4) for j in range(1, k + 1)})


def pair(heads, split=SPLIT):
    """Expectations of 6, perceptions of 5, and points under the given heads."""
    halves = {f"{code}{j}": [level] * len(split) for code, level in (("E", 6), ("P", 5)) for j in range(1, 23)}
    return pd.concat([pd.DataFrame(halves), pd.DataFrame(split, columns=list(heads))], axis=1)


@pytest.fixture
def board(make_survey):
    return GapExplorer({"guests": make_survey([5, 6, 6, 7] * 5)})


@pytest.fixture
def taken():
    """The surveys that a panel gave away."""
    return []


@pytest.fixture
def panel(board, taken):
    """A panel of a board that needs perceptions and nothing else."""
    return OwnSurvey(board, taken.append, needs=("perceptions",))


def said(panel):
    return re.sub(r"<details.*", "", panel.found.value)


def test_a_single_block_is_shown_at_once_and_called_a_guess(panel, taken):
    panel.give("guests.csv", as_csv(block().assign(gender=[1, 2] * 6)))
    assert "guests.csv is shown: 12 respondents." in panel.told.value
    assert taken[0].perceptions.to_numpy().mean() == 4.75
    assert taken[0].expectations is None
    assert "Q1 to Q22: a guess that these are the perceptions." in said(panel)
    assert "<td>70%</td>" in panel.found.value


def test_the_guess_can_be_corrected(panel, taken):
    panel.give("guests.csv", as_csv(block().assign(other=[1] * 12)))
    panel.fields.item.value = ("perceptions", "q03")
    assert panel.fields.column.value == 3
    panel.fields.column.value = 23
    panel.fields.load.click()
    assert taken[-1].perceptions["q03"].eq(1).all()
    assert taken[-1].perceptions["q04"].mean() == 4.75


def test_a_board_that_needs_expectations_says_that_they_are_lacking(board):
    panel = OwnSurvey(board, None, needs=("expectations", "perceptions"))
    panel.give("guests.csv", as_csv(block()))
    assert "no columns were found for Expectations (E)" in panel.told.value
    assert "a guess that these are the perceptions" in said(panel)


def test_a_block_of_another_size_says_so(panel, taken):
    panel.give("guests.csv", as_csv(block(k=20)))
    assert taken == []
    assert "one block of 20 columns, but servqual has 22 items, so none of them was used" in said(panel)
    assert "no columns were found for Perceptions (P)" in panel.told.value


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "Q1 至 Q22：推测是感知。"), ("zh-Hant", "Q1 至 Q22：推測是知覺。")]
)
def test_the_guess_is_said_in_chinese(board, panel, english_in, language, words):
    board.language.value = language
    panel.give("guests.csv", as_csv(block()))
    assert words in said(panel)
    assert english_in(panel.found.value) == []


# points


def test_points_are_found_and_counted(panel, taken):
    panel.give("guests.csv", as_csv(pair(f"importance of {id}" for id in DIMENSIONS)))
    assert "Points out of 100: 5 of 5 dimensions." in said(panel)
    assert "Points out of 100: Reliability" in panel.found.value
    np.testing.assert_array_equal(taken[0].allocations.to_numpy(), SPLIT)


def test_points_that_no_name_tells_apart_can_be_given_to_the_dimensions(panel, taken):
    panel.give("guests.csv", as_csv(pair(["A", "B", "C", "D", "F"])))
    assert taken[0].allocations is None
    assert "their names do not say which column belongs to which dimension: not used" in said(panel)
    for column, dimension in enumerate(DIMENSIONS, 45):
        panel.fields.item.value = ("allocations", dimension)
        panel.fields.column.value = column
        if column == 47:
            assert "3 of 5 dimensions; they are used only where every dimension has its column." in said(panel)
    panel.fields.load.click()
    np.testing.assert_array_equal(taken[-1].allocations.to_numpy(), SPLIT)


def test_points_can_be_left_out(panel, taken):
    panel.give("guests.csv", as_csv(pair(f"points_{id}" for id in DIMENSIONS)))
    panel.fields.item.value = ("allocations", "empathy")
    assert panel.fields.column.value == 49
    panel.fields.column.value = 0
    panel.fields.load.click()
    assert taken[0].allocations is not None
    assert taken[-1].allocations is None


def test_rows_that_do_not_sum_do_not_keep_a_survey_from_being_shown(panel, taken):
    split = np.tile(SPLIT, (2, 1))
    split[3, 2] -= 5
    panel.give("guests.csv", as_csv(pair([f"points_{id}" for id in DIMENSIONS], split)))
    assert taken[0].allocations is None
    assert "do not sum to 100 everywhere (row 5): not used" in said(panel)


def test_points_are_spoken_of_in_chinese(board, panel, english_in):
    board.language.value = "zh-Hans"
    panel.give(
        "guests.csv", as_csv(pair(f"{name}的权重" for name in ("有形性", "可靠性", "响应性", "保证性", "移情性")))
    )
    assert "100 分的分配：5 个维度中找到 5 个。" in said(panel)
    assert "100 分的分配：可靠性" in panel.found.value
    panel.give("guests.csv", as_csv(pair(["甲", "乙", "丙", "丁", "戊"])))
    assert "列名没有说明哪一列属于哪个维度：未采用" in said(panel)
    assert english_in(said(panel)) == []
