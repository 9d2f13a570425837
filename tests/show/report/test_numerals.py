"""How a report writes numbers."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.report.numerals import NO_BREAK, bounded, mean_words, p_value, runs


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, ".50"), (-0.5, "−.50"), (0.996, "1.00"), (-1.2, "−1.20"), (0.0, ".00"), (np.nan, "–")],
)
def test_a_number_that_cannot_exceed_1_has_no_zero_before_the_point(value, shown):
    assert bounded(value) == shown


@pytest.mark.parametrize(
    ("p", "shown"), [(0.0009, "< .001"), (0.001, ".001"), (0.05, ".050"), (1.0, "1.000"), (np.nan, "–")]
)
def test_a_p_value_is_written_as_journals_do(p, shown):
    assert p_value(p) == shown


@pytest.fixture
def four(make_survey):
    """Gaps of −2, −1, −1, 0 in every item: mean −1, sd √(2/3), se √(1/6), t = −√6; t(3) at 97.5% is 3.182."""
    return gk.gap_scores(make_survey([4, 5, 5, 6])).overall.loc["overall"]


def test_a_mean_gap_stands_with_spread_test_effect_and_interval(four):
    words = mean_words(four, confidence=0.95, language="en")
    assert words == "M = −1.00, SD = 0.82, t(3) = −2.45, p = .092, d_z = −1.22, 95% CI [−2.30, 0.30]"


def test_in_chinese_the_same_numbers_stand_between_chinese_marks(four):
    words = mean_words(four, confidence=0.95, language="zh-Hans")
    assert words == "M = −1.00，SD = 0.82，t(3) = −2.45，p = .092，d_z = −1.22，95% 置信区间 [−2.30, 0.30]"


def test_a_gap_without_a_test_says_so():
    row = pd.Series({"gap": -1.0, "t": np.nan})
    assert mean_words(row, confidence=0.95, language="en").startswith("M = −1.00; too few respondents")


def test_symbols_are_told_from_letters_of_words():
    line = "Mr. T (M = 1) has d_z = 2，t(3) and alpha = 4"
    assert [run.words for run in runs(line) if run.kind == "symbol"] == ["M", "d", "t"]
    whole = "".join(run.words for run in runs(line))
    assert whole.replace(NO_BREAK, " ") == line.replace("d_z", "dz")


def test_a_symbol_and_its_number_stay_on_one_line():
    assert "".join(run.words for run in runs("p < .001, so")) == f"p{NO_BREAK}<{NO_BREAK}.001, so"


def test_a_symbol_alone_is_one():
    assert [tuple(run) for run in runs("d_av")] == [("d", "symbol"), ("av", "below")]


@pytest.mark.parametrize("words", ["t intervals", "p values were", "p 值", "t 检验", "n − 1"])
def test_symbols_in_sentences_are_symbols_too(words):
    assert runs(words)[0] == (words[0], "symbol")


def test_a_letter_of_a_title_is_none():
    assert [run.kind for run in runs("Branch t, room d")] == [""]
