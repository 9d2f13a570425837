"""The radar and the table beside it."""

import numpy as np
import pandas as pd
import pytest

from gapkit.show.plots import gap_radar, new_figure, radar_height


@pytest.fixture
def table():
    return pd.DataFrame({"E": [7.0, 6.0, 5.0], "P": [5.0, 4.0, 5.5], "gap": [-2.0, -2.0, 0.5]}, index=list("abc"))


def draw(table, width=800, **given):
    _, axes = new_figure(width, radar_height(len(table), width))
    return axes, gap_radar(axes, table, **given)


@pytest.mark.parametrize("width", [358, 800])
def test_points_lie_as_far_out_as_the_score_is_above_the_lowest_answer(table, width):
    drawn = draw(table, width)[1]
    assert np.hypot(*drawn.expectations.get_data()).round(9).tolist() == [6, 5, 4, 6]
    assert np.hypot(*drawn.perceptions.get_data()).round(9).tolist() == [4, 3, 4.5, 4]


def test_the_first_spoke_points_up_and_the_second_to_the_right(table):
    x, y = draw(table)[1].expectations.get_data()
    assert (x[0], y[0]) == pytest.approx((0, 6))
    assert x[1] > 0


@pytest.mark.parametrize("width", [358, 800])
def test_the_numbers_stand_in_the_table(table, width):
    axes, _ = draw(table, width, labels=["Tangibles", "Reliability", "Empathy"], source="Ten guests")
    shown = {text.get_text() for text in axes.texts}
    assert {"7.00", "4.00", "−2.00", "+0.50", "Reliability", "Ten guests", "E", "P", "Gap"} <= shown


def test_the_circle_is_round(table):
    panel = draw(table, 358)[1].expectations.axes
    box = panel.get_window_extent()
    assert box.width == pytest.approx(box.height)


def test_two_rows_are_no_radar(table):
    with pytest.raises(ValueError, match="at least three rows, not 2; use gap_dumbbell"):
        draw(table.head(2))
