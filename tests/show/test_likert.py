"""Stacked bars around the middle of the scale."""

import numpy as np
import pandas as pd
import pytest

from gapkit.show.plots import likert_bars, likert_height, new_figure


@pytest.fixture
def shares():
    return pd.DataFrame([[0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25]], index=["q01", "q02"], columns=[1, 2, 3, 4])


def draw(table, width=700, **given):
    _, axes = new_figure(width, likert_height(len(table), width))
    return axes, likert_bars(axes, table, **given)


def words(axes):
    return {text.get_text() for text in axes.texts if text.get_text()}


def test_bars_are_as_long_as_the_shares_given(shares):
    drawn = draw(shares)[1]
    assert [[round(float(bar.get_width()), 12) for bar in point] for point in drawn] == shares.T.to_numpy().tolist()


def test_an_even_scale_meets_at_the_line(shares):
    drawn = draw(shares)[1]
    assert drawn[2][0].get_x() == pytest.approx(0)
    assert drawn[0][0].get_x() == pytest.approx(-0.3)


def test_an_odd_scales_middle_lies_half_on_each_side():
    drawn = draw(pd.DataFrame([[0.2, 0.6, 0.2]], columns=[1, 2, 3]))[1]
    assert drawn[1][0].get_x() == pytest.approx(-0.3)


def test_shares_below_and_above_the_middle_are_printed(shares):
    axes, _ = draw(
        shares, labels=["Modern equipment", "Prompt service"], ends=("disagree", "agree"), source="Ten guests"
    )
    assert {"30%", "70%", "50%", "Prompt service", "disagree", "agree", "Ten guests", "1", "4"} <= words(axes)


def test_the_middle_of_an_odd_scale_counts_for_neither_side():
    axes, _ = draw(pd.DataFrame([[0.2, 0.55, 0.25]], columns=[1, 2, 3]))
    assert {"20%", "25%"} <= words(axes)
    assert "55%" not in words(axes)


def test_a_row_that_nobody_answered_stays_empty(shares):
    shares.loc["q02"] = np.nan
    axes, drawn = draw(shares)
    assert all(point[1].get_width() == 0 for point in drawn)
    assert "–" in words(axes)


@pytest.mark.parametrize("wrong", [100.0, 12.0])
def test_percentages_or_counts_are_refused(shares, wrong):
    with pytest.raises(ValueError, match=r"shares of q01, q02 do not sum to 1; divide the counts"):
        draw(shares * wrong)


def test_an_empty_table_is_refused(shares):
    _, axes = new_figure(600, 300)
    with pytest.raises(ValueError, match="no rows"):
        likert_bars(axes, shares.head(0))
