"""Answers written as text, as numbers: what is a number, what is unanswered, and what is neither."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from gapkit.survey.numerals import MISSING_WORDS, guess_decimal, to_number


def number(text: str, decimal: str = ".") -> float | str:
    """The number, None when unanswered, "text" when it is neither."""
    numbers, text = to_number(pd.Series([text], dtype=object), decimal=decimal)
    return "text" if text[0] else None if math.isnan(numbers[0]) else numbers[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("7", 7), ("7.0", 7), (" 7 ", 7), ("\xa07\u3000", 7), ("07", 7), ("5.", 5), (".5", 0.5), ("1e3", 1000)),
        *(("７", 7), ("３．５", 3.5), ("－１", -1), ("−1", -1), ("-1", -1), ("+3", 3)),
    ],
)
def test_numbers_are_read_however_they_are_written(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["", " ", "\t", "\u3000", None, np.nan])
def test_empty_cells_are_unanswered_and_no_text(text):
    assert number(text) is None


@pytest.mark.parametrize("text", MISSING_WORDS)
def test_words_for_missing_are_text_until_the_caller_says_otherwise(text):
    assert number(text) == "text"


@pytest.mark.parametrize(
    "text", ["inf", "-Infinity", "nan", "1_000", "0x10", "1,5", "٣", "5a", "1e999", "1 000", "½", "①", "7;6"]
)
def test_nothing_else_is_a_number(text):
    assert number(text) == "text"


def test_a_decimal_comma_is_read_when_it_is_the_mark():
    assert number("3,5", ",") == 3.5
    assert number("３，５", ",") == 3.5
    assert number("-0,25", ",") == -0.25
    assert number("4", ",") == 4


def test_a_point_under_a_decimal_comma_is_a_point_unless_it_may_set_off_thousands():
    assert number("3.5", ",") == 3.5
    assert number("7.0", ",") == 7
    assert number("1.200", ",") == "text"
    assert number("1.200,5", ",") == "text"


def test_the_index_and_the_name_are_kept():
    cells = pd.Series(["7", "x"], index=["a", "b"], name="E1", dtype=object)
    numbers, text = to_number(cells)
    assert numbers.index.equals(cells.index)
    assert (numbers.name, text.name) == ("E1", "E1")
    assert (numbers.dtype, text.dtype) == (float, bool)


@pytest.mark.parametrize("dtype", ["float64", "int8", "Int64", "string", "str"])
def test_every_kind_of_column_is_taken(dtype):
    numbers, text = to_number(pd.Series([7, 6, 5], dtype="int64").astype(dtype))
    assert numbers.tolist() == [7, 6, 5]
    assert not text.any()


def test_no_rows_give_no_numbers():
    numbers, text = to_number(pd.Series([], dtype=object))
    assert (len(numbers), len(text)) == (0, 0)


def test_another_decimal_mark_is_refused():
    with pytest.raises(ValueError, match=r"decimal=';': the decimal mark is '\.' or ','"):
        to_number(pd.Series(["7"]), decimal=";")


def test_a_hundred_thousand_answers_are_all_read():
    cells = pd.Series(np.random.default_rng(0).integers(1, 8, 100_000).astype(str), dtype=object)
    numbers, _ = to_number(cells)
    assert numbers.sum() == cells.astype(int).sum()


@pytest.mark.parametrize(
    ("columns", "mark", "clear"),
    [
        ([["3,5"]], ",", True),
        ([["3,5", "x"], ["4,25", None]], ",", True),
        ([["3.5"]], ".", True),
        ([["7"]], ".", True),
        ([[]], ".", True),
        ([["3,5"], ["3.5"]], ".", False),
        ([["1,200"]], ".", False),
        ([["1,200", "3,5"]], ",", True),
        ([["0,125"]], ",", True),
        ([["late, cold", "1,2,3"]], ".", True),
    ],
)
def test_the_decimal_mark_is_told_only_by_cells_that_are_numbers(columns, mark, clear):
    assert guess_decimal(columns) == (mark, clear)
