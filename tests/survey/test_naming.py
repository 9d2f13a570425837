"""How messages name rows and columns."""

import pytest

from gapkit.survey.naming import name_columns, name_rows, quoted


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (["P12"], "P12"),
        (["E1", "E2", "E4"], "E1 to E2, E4"),
        (["e_09", "e_10", "e_11"], "e_09 to e_11"),
        (["Q1_1", "Q1_2", "Q2_1", "Q2_2"], "Q1_1 to Q1_2, Q2_1 to Q2_2"),
        (["P2", "P1"], "P2, P1"),
        (["rooms", "staff"], "rooms, staff"),
        (["9" * 30, "9" * 29 + "8"], "9" * 30 + ", " + "9" * 29 + "8"),
        (["a" * 41], "a" * 37 + "..."),
        ([f"E{2 * k}" for k in range(1, 13)], "E2, E4, E6, E8, E10, E12, E14, E16, E18, E20 and 2 more"),
    ],
)
def test_neighbouring_columns_are_named_as_a_run(columns, named):
    assert name_columns(columns) == named


def test_ten_rows_are_named_and_the_rest_counted():
    assert name_rows([4]) == "row 4"
    assert name_rows(range(2, 14)) == "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more"


def test_words_are_quoted_and_long_ones_cut():
    assert quoted(["NA", "x" * 50]) == '"NA", "' + "x" * 37 + '..."'
