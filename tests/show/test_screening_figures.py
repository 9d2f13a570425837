"""The figures of screening and of internal consistency draw the numbers they are given."""

import numpy as np
import pandas as pd
import pytest

from gapkit.show.plots import forest_height, missing_map, new_figure, reliability_forest, screening_effect, to_svg


def words(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def drawn(draw, table, width=760, height=320, **given):
    figure, axes = new_figure(width, height)
    result = draw(axes, table, **given)
    assert "<svg" in to_svg(figure, title="t", description="d", name="n")
    return axes, result


@pytest.fixture
def absent():
    cells = np.zeros((10, 6), dtype=bool)
    cells[2, :] = cells[5, 3:] = cells[7, 1] = True
    return pd.DataFrame(cells)


@pytest.fixture
def effects():
    index = pd.MultiIndex.from_product(
        [["nobody left out", "identical", "all together"], ["empathy", "overall"]], names=["filter", "score"]
    )
    mean = [-1.0, -0.8, -1.1, -0.9, -1.2, -0.95]
    table = pd.DataFrame({"left_out": [0, 0, 4, 4, 9, 9], "mean": mean}, index=index)
    return table.assign(low=table["mean"] - 0.1, high=table["mean"] + 0.1)


@pytest.fixture
def scales():
    columns = {"alpha": [0.81, 0.62], "alpha_low": [0.75, -0.1], "alpha_high": [0.86, 0.7]}
    return pd.DataFrame(columns, index=["empathy", "assurance"])


def test_a_missing_map_holds_every_blank_and_ends_with_who_left_most_out(absent):
    axes, image = drawn(missing_map, absent, blocks=[("First half", 3), ("Second half", 3)], source="Ten guests")
    cells = np.asarray(image.get_array())
    assert cells.sum() == absent.to_numpy().sum() == 10
    assert cells.sum(axis=1).tolist() == [0] * 7 + [1, 3, 6]
    assert "16.7% of answers missing (dark), by 3 respondents; line: share per item" in words(axes)
    assert {"First half", "Second half", "Ten guests", "10", "20%"} <= set(words(axes))


def test_blocks_that_do_not_add_up_and_an_empty_table_are_refused(absent):
    with pytest.raises(ValueError, match="the blocks hold 5 columns, the table 6"):
        drawn(missing_map, absent, blocks=[("one", 5)])
    with pytest.raises(ValueError, match="no cells"):
        drawn(missing_map, absent.head(0))


def test_the_dots_of_a_screening_effect_are_the_means_filter_by_filter(effects):
    axes, dots = drawn(screening_effect, effects, labels=["Empathy", "Overall"])
    assert [dot.get_xdata().tolist() for dot in dots] == [[-1.0, -1.1, -1.2], [-0.8, -0.9, -0.95]]
    assert {"nobody left out", "P copied from E (4)", "all together (9)", "Empathy", "Overall"} <= set(words(axes))


def test_a_screening_effect_speaks_chinese(effects):
    axes, _ = drawn(screening_effect, effects, language="zh-Hans")
    assert {"不剔除任何人", "感知照抄期望 (4)", "全部规则合用 (9)"} <= set(words(axes))


def test_alpha_and_the_reliability_of_differences_stand_side_by_side(scales):
    axes, (dots, diamonds) = drawn(reliability_forest, scales.assign(difference_reliability=[0.5, 0.3]))
    assert dots.get_xdata().tolist() == [0.81, 0.62]
    assert diamonds.get_xdata().tolist() == [0.5, 0.3]
    assert {"0.81", "[0.75, 0.86]", "[−0.10, 0.70]", "empathy"} <= set(words(axes))
    assert any("difference score" in line for line in words(axes))


def test_without_difference_scores_only_alpha_is_drawn_and_named(scales):
    axes, (_, diamonds) = drawn(reliability_forest, scales, confidence=0.9)
    assert diamonds is None
    assert "● raw alpha with 90% interval" in words(axes)


@pytest.mark.parametrize(("draw", "lacks"), [(screening_effect, "left_out"), (reliability_forest, "alpha_high")])
def test_a_table_of_another_kind_is_refused_by_what_it_lacks(draw, lacks, effects, scales):
    table = effects if draw is screening_effect else scales
    with pytest.raises(ValueError, match=f"the table lacks {lacks}"):
        drawn(draw, table.drop(columns=lacks))
    with pytest.raises(ValueError, match="no rows"):
        drawn(draw, table.head(0))


def test_more_rows_take_more_height():
    assert forest_height(8) - forest_height(7) == 26
