"""Axes as a sheet measured in points."""

import numpy as np
import pytest

from gapkit.show.plots import new_figure
from gapkit.show.plots.sheet import Sheet, bars, decimals, nice_ticks, posts


@pytest.mark.parametrize("dpi", [72, 150])
def test_a_point_is_a_point_at_any_resolution(dpi):
    figure, axes = new_figure(400, 300)
    figure.set_dpi(dpi)
    sheet = Sheet(axes)
    assert (sheet.width, sheet.height) == pytest.approx((400, 300))


def test_a_panel_stands_where_it_is_put():
    _, axes = new_figure(400, 300)
    box = Sheet(axes).panel(100, 300, 50, 250).get_position()
    assert (box.x0 * 400, box.x1 * 400, box.y0 * 300, box.y1 * 300) == pytest.approx((100, 300, 50, 250))


@pytest.mark.parametrize(
    ("low", "high", "at_most", "ticks"),
    [
        (-1.7, 0.1, 5, [-1.5, -1, -0.5, 0]),
        (1, 7, 7, [1, 2, 3, 4, 5, 6, 7]),
        (-0.03, 0.01, 5, [-0.03, -0.02, -0.01, 0, 0.01]),
    ],
)
def test_ticks_are_round_numbers_inside(low, high, at_most, ticks):
    assert nice_ticks(low, high, at_most) == pytest.approx(ticks)


@pytest.mark.parametrize("reach", [1e-3, 0.4, 1.0, 6.0, 100.0])
@pytest.mark.parametrize("at_most", [2, 3, 7])
def test_there_are_never_more_ticks_than_asked(reach, at_most):
    assert 1 <= len(nice_ticks(-reach, reach / 3, at_most)) <= at_most


def test_ticks_are_written_with_as_many_decimals_as_they_need():
    assert decimals(np.array([0.25, 0.5])) == 2


def test_segments_are_broken_between_rows():
    x, y = bars(np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([0.0, 1.0]))
    assert np.array_equal(x, [1, 3, np.nan, 2, 4, np.nan], equal_nan=True)
    assert y.tolist() == [0, 0, 0, 1, 1, 1]
    x, y = posts(np.array([5.0]), [(0, 1), (2, 3)])
    assert x.tolist() == [5] * 6
    assert np.array_equal(y, [0, 1, np.nan, 2, 3, np.nan], equal_nan=True)
