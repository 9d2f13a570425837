"""The dumbbell's artists hold the numbers given; it groups and averages nothing."""

import numpy as np
import pytest

from gapkit.show.plots import dumbbell_height, gap_dumbbell, new_figure


def draw(table, width=700, **given):
    _, axes = new_figure(width, dumbbell_height(len(table), width))
    return gap_dumbbell(axes, table, **given)


def shown(artists):
    return {text.get_text() for text in artists.axes.texts if text.get_text()}


@pytest.mark.parametrize("width", [358, 700])
def test_dots_stand_at_the_scores_given(gap_rows, width):
    artists = draw(gap_rows, width)
    assert artists.expectations.get_xdata().tolist() == [6.0, 6.5]
    assert artists.perceptions.get_xdata().tolist() == [4.5, 5.5]
    assert artists.gaps.get_xdata().tolist() == [-1.5, -1.0]


def test_the_interval_reaches_from_low_to_high(gap_rows):
    x = draw(gap_rows).intervals.get_xdata()
    assert x[[0, 1, 3, 4]].tolist() == [-1.7, -1.3, -1.2, -0.8]
    assert np.isnan(x[[2, 5]]).all(), "rows are not joined with one another"


def test_the_join_reaches_from_expectation_to_perception(gap_rows):
    assert draw(gap_rows).joins.get_xdata()[:2].tolist() == [6.0, 4.5]


def test_zero_is_always_on_the_gap_axis(gap_rows):
    left, right = draw(gap_rows).gaps.axes.get_xlim()
    assert left < -1.7 < 0 < right


def test_the_whole_scale_is_shown(gap_rows):
    assert draw(gap_rows, scale=(1, 7)).expectations.axes.get_xlim() == (1, 7)


@pytest.mark.parametrize("width", [358, 700])
def test_numbers_interval_legend_and_source_are_printed(gap_rows, width):
    words = shown(draw(gap_rows, width, labels=["Empathy", "Assurance"], source="Forty guests, n = 40"))
    assert {"Empathy", "−1.50", "[−1.70, −1.30]", "Expected (E)", "Forty guests, n = 40"} <= words
    assert "Gap with 95% interval" in words


def test_the_interval_is_named_by_its_confidence(gap_rows):
    assert "Gap with 90% interval" in shown(draw(gap_rows, confidence=0.9))


def test_it_speaks_chinese(gap_rows):
    assert {"期望 (E)", "差距及 95% 置信区间"} <= shown(draw(gap_rows, language="zh-Hans"))


def test_an_update_moves_the_same_artists(gap_rows):
    artists = draw(gap_rows)
    before = (artists.expectations, artists.gaps, artists.intervals, len(artists.axes.texts))
    artists.update(gap_rows + 0.25, labels=["one", "two"])
    assert (artists.expectations, artists.gaps, artists.intervals, len(artists.axes.texts)) == before
    assert artists.gaps.get_xdata().tolist() == [-1.25, -0.75]
    assert {"one", "two", "−1.25"} <= shown(artists)
    assert "−1.50" not in shown(artists)


def test_an_update_gives_the_figure_that_a_new_drawing_gives(gap_rows):
    from gapkit.show.plots import to_svg

    svgs = []
    for update in (True, False):
        figure, axes = new_figure(700, 200)
        artists = gap_dumbbell(axes, gap_rows * (0.5 if update else 1), labels=["one", "two"])
        if update:
            artists.update(gap_rows, labels=["one", "two"])
        svgs.append(to_svg(figure, title="t", description="d", name="n"))
    assert svgs[0] == svgs[1]


def test_a_row_that_is_not_measured_is_a_dash(gap_rows):
    gap_rows.loc["assurance"] = np.nan
    artists = draw(gap_rows)
    assert "–" in shown(artists)
    assert "[–, –]" in shown(artists)


def test_an_update_with_other_rows_is_refused(gap_rows):
    with pytest.raises(ValueError, match="holds 2 rows; draw a new one for 1"):
        draw(gap_rows).update(gap_rows.head(1), labels=["one"])


def test_a_missing_column_is_named(gap_rows):
    with pytest.raises(ValueError, match=r"the table lacks low, high; give a table of gap_scores"):
        draw(gap_rows.drop(columns=["low", "high"]))


def test_an_empty_table_is_refused(gap_rows):
    _, axes = new_figure(700, 200)
    with pytest.raises(ValueError, match="no rows"):
        gap_dumbbell(axes, gap_rows.head(0))


def test_labels_must_be_as_many_as_rows(gap_rows):
    with pytest.raises(ValueError, match="1 labels for 2 rows"):
        draw(gap_rows, labels=["one"])


@pytest.mark.parametrize("width", [340, 390, 700, 1120])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_nothing_is_drawn_outside_the_figure(gap_rows, width, language):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    labels = ["Sincere effort when there is a problem with the room", "员工不会因为忙碌而推托顾客的请求和需要"]
    artists = draw(gap_rows, width, labels=labels, language=language, source="A source line. " * 20)
    renderer = FigureCanvasAgg(artists.axes.figure).get_renderer()
    for text in artists.axes.texts:
        if text.get_text():
            box = text.get_window_extent(renderer)
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= width + 1, text.get_text()


@pytest.mark.parametrize("width", [340, 390, 700])
def test_no_two_texts_overlap(gap_rows, width):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    artists = draw(
        gap_rows, width, labels=["Sincere effort when there is a problem", "Staff know"], source="Forty guests"
    )
    renderer = FigureCanvasAgg(artists.axes.figure).get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in artists.axes.texts if text.get_text()]
    for place, (words, box) in enumerate(boxes):
        for other, there in boxes[place + 1 :]:
            assert not (box.shrunk(0.9, 0.7).overlaps(there.shrunk(0.9, 0.7))), (words, other)
