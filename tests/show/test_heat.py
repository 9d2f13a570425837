"""The heat table of gaps by group."""

import numpy as np
import pandas as pd
import pytest

from gapkit.show.plots import gap_heat, heat_height, new_figure
from gapkit.show.plots.canvas import ON_DARK, ON_LIGHT
from gapkit.show.plots.heat import UNKNOWN, shade, text_on


@pytest.fixture
def gaps():
    return pd.DataFrame({"A": [-1.0, -0.5], "B": [0.25, np.nan]}, index=["q01", "q02"])


def draw(table, width=600, **given):
    _, axes = new_figure(width, heat_height(len(table)))
    return axes, gap_heat(axes, table, **given)


def test_cells_hold_the_gaps_given(gaps):
    held = draw(gaps)[1].get_array()
    assert held.tolist() == [[-1.0, 0.25], [-0.5, None]]


def test_every_gap_is_printed_and_a_hidden_one_is_a_dash(gaps):
    axes, _ = draw(
        gaps, labels=["Modern equipment", "Prompt service"], columns=["Hotel A", "Hotel B"], source="Ten guests"
    )
    words = {text.get_text() for text in axes.texts}
    assert {"−1.00", "−0.50", "+0.25", "–", "Hotel A", "Hotel B", "Prompt service", "Ten guests"} <= words


def test_colours_reach_equally_far_to_both_sides(gaps):
    assert draw(gaps)[1].get_clim() == (-1.0, 1.0)
    assert draw(gaps, limit=2)[1].get_clim() == (-2, 2)


def test_narrow_cells_show_only_their_colour(gaps):
    wide = pd.concat([gaps] * 10, axis=1)
    wide.columns = range(20)
    axes, _ = draw(wide, 358)
    assert "−0.50" not in {text.get_text() for text in axes.texts}


def test_a_table_of_nothing_but_hidden_cells_is_drawn(gaps):
    assert draw(gaps * np.nan)[1].get_array().mask.all()


def test_a_table_of_zeros_is_drawn(gaps):
    assert draw(gaps.fillna(0) * 0)[1].get_clim() == (-1, 1)


def test_an_empty_table_is_refused(gaps):
    _, axes = new_figure(600, 300)
    with pytest.raises(ValueError, match="no cells"):
        gap_heat(axes, gaps.head(0))


def test_shades_run_from_orange_over_grey_to_blue():
    red, blue = (int(shade(-1, 1)[1:3], 16), int(shade(-1, 1)[5:], 16))
    assert red > blue
    assert int(shade(1, 1)[5:], 16) > int(shade(1, 1)[1:3], 16)
    assert shade(np.nan, 1) == UNKNOWN


@pytest.mark.parametrize("value", np.linspace(-1, 1, 41))
def test_letters_on_every_shade_have_a_contrast_of_four_and_a_half(value):
    def luminance(colour):
        parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    colour = shade(value, 1.0)
    dark, light = sorted([luminance(colour), luminance(text_on(colour))])
    assert (light + 0.05) / (dark + 0.05) >= 4.5
    assert text_on(colour) in (ON_LIGHT, ON_DARK)
