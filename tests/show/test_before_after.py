"""Before and after a scenario: the dumbbell, the outlook, and both in words."""

import re

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.plots import (
    before_after,
    before_after_height,
    describe_before_after,
    describe_outlook,
    new_figure,
    outlook_forest,
    outlook_height,
    to_svg,
)

BEFORE = pd.DataFrame({"E": [6.5, 6.0], "P": [5.0, 4.0]}, index=["reliability", "empathy"])
AFTER = pd.DataFrame({"E": [6.5, 6.0], "P": [5.5, 7.0]}, index=["reliability", "empathy"])
MOVES = pd.DataFrame({"asked": [0.5, 3.5], "attained": [0.5, 3.0], "missing": [0.0, 0.5]}, index=BEFORE.index)


@pytest.fixture(scope="module")
def ready():
    return gk.prepare_outlook(gk.datasets.load("hotel"), draws=60)


def drawn(width=640, before=BEFORE, after=AFTER, **options):
    figure, axes = new_figure(width, before_after_height(len(before), width))
    return figure, before_after(axes, before, after, **options)


def forest(outlook, width=640, **options):
    figure, axes = new_figure(width, outlook_height(len(outlook.change), width))
    return figure, outlook_forest(axes, outlook, **options)


def words(figure):
    """Every text that stands in a figure's SVG."""
    return re.findall(r">([^<>]+)</text>", to_svg(figure, title="t", description="d", name="n"))


def test_marks_stand_at_the_numbers_given():
    _, marks = drawn()
    assert marks.before.get_xdata().tolist() == [5.0, 4.0]
    assert marks.after.get_xdata().tolist() == [5.5, 7.0]
    assert marks.expectations.get_xdata().tolist() == [6.5, 6.0]
    np.testing.assert_array_equal(marks.ways.get_xdata(), [5.0, 5.5, np.nan, 4.0, 7.0, np.nan])


def test_a_line_leads_to_an_expectation_that_is_not_met_and_to_no_other():
    _, marks = drawn()
    np.testing.assert_array_equal(marks.remains.get_xdata(), [5.5, 6.5, np.nan, 7.0, np.nan, np.nan])


def test_the_change_and_where_it_leads_are_printed():
    figure, _ = drawn()
    assert {"+0.50", "5.00 → 5.50", "+3.00", "4.00 → 7.00"} <= set(words(figure))


def test_what_was_asked_is_noted_only_where_the_scale_leaves_less():
    figure, _ = drawn(moves=MOVES)
    assert [line for line in words(figure) if "asked" in line] == ["end of scale: +3.50 asked"]
    assert not any("asked" in line for line in words(drawn()[0]))


def test_other_numbers_go_into_the_same_artists():
    _, marks = drawn(moves=MOVES)
    before = marks.after
    marks.update(BEFORE, BEFORE, moves=MOVES * 0, labels=["a", "b"], language="zh-Hans")
    assert marks.after is before
    assert marks.after.get_xdata().tolist() == [5.0, 4.0]
    with pytest.raises(ValueError, match="holds 2 rows; draw a new one for 1"):
        marks.update(BEFORE.iloc[:1], AFTER.iloc[:1], labels=["a"])


def test_a_survey_without_expectations_has_no_mark_and_no_key_for_them():
    figure, marks = drawn(before=BEFORE[["P"]], after=AFTER[["P"]])
    assert np.isnan(marks.expectations.get_xdata()).all()
    assert "Expected" not in words(figure)
    assert "Expected" in words(drawn()[0])


@pytest.mark.parametrize("width", [330, 640])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_no_word_leaves_the_sheet_at_any_width(width, language, ready):
    outlook = ready.change(gk.Scenario({"empathy": 2}))
    for figure, _ in (drawn(width, moves=MOVES, language=language), forest(outlook, width, language=language)):
        figure.draw_without_rendering()
        axes = figure.axes[0]
        for artist in axes.texts:
            box = artist.get_window_extent()
            assert not artist.get_text() or (box.x0 > -2 and box.x1 < width + 2), artist.get_text()


def test_a_label_from_a_file_is_only_text():
    figure, _ = drawn(labels=["<script>$x$", "b"])
    svg = to_svg(figure, title="t", description="d", name="n")
    assert "<script>" not in svg
    assert "&lt;script&gt;$x$" in svg


def test_tables_that_cannot_be_drawn_are_refused_in_words():
    _, axes = new_figure(640, 200)
    with pytest.raises(ValueError, match=r"after lacks the column P; give a table of gap_scores"):
        before_after(axes, BEFORE, AFTER[["E"]])
    with pytest.raises(ValueError, match="the tables have no rows"):
        before_after(axes, BEFORE.iloc[:0], AFTER.iloc[:0])
    with pytest.raises(ValueError, match="1 labels for 2 rows"):
        before_after(axes, BEFORE, AFTER, labels=["a"])
    with pytest.raises(ValueError, match="holds 2 rows; draw a new one for 1"):
        before_after(axes, BEFORE, AFTER.iloc[:1])


def test_the_words_say_what_moves_then_what_the_scale_forbids_then_every_row():
    said = describe_before_after(BEFORE, AFTER, moves=MOVES, labels=["Reliability", "Empathy"], source="Two guests")
    assert said == (
        "Moves: Reliability +0.50, Empathy +3.00. Empathy: +3.50 asked, 0.50 of it has no room on the scale.\n"
        "Reliability: perceived 5.00 before, 5.50 after, expected 6.50. "
        "Empathy: perceived 4.00 before, 7.00 after, expected 6.00.\n"
        "Two guests."
    )
    assert describe_before_after(BEFORE, BEFORE).startswith("Nothing moves.\nreliability: perceived 5.00 as before")
    assert "expected" not in describe_before_after(BEFORE[["P"]], AFTER[["P"]])


def test_the_outlooks_bars_are_shares_of_each_rows_axis(ready):
    outlook = ready.change(gk.Scenario({"reliability": 0.4}))
    _, marks = forest(outlook)
    change = outlook.change["change"].to_numpy() * [1, 100, 100]
    np.testing.assert_allclose(marks.bars.get_xdata()[1::3] * marks.limits, change)
    low, high = (outlook.change[name].to_numpy() * [1, 100, 100] for name in ("low", "high"))
    np.testing.assert_allclose(marks.intervals.get_xdata()[0::3] * marks.limits, low)
    np.testing.assert_allclose(marks.intervals.get_xdata()[1::3] * marks.limits, high)


def test_axes_hold_still_under_small_moves_and_reach_every_interval(ready):
    assert forest(ready.change(gk.Scenario()))[1].limits.tolist() == [0.5, 10, 20]
    assert forest(ready.change(gk.Scenario({"empathy": 0.1})))[1].limits.tolist() == [0.5, 10, 20]
    for amount in (-2, -0.7, 0.8, 3):
        outlook = ready.change(gk.Scenario({"all": amount}))
        limits = forest(outlook)[1].limits
        assert (outlook.change["high"].to_numpy() * [1, 100, 100] <= limits + 1e-9).all()
        assert (outlook.change["low"].to_numpy() * [1, 100, 100] >= -limits / 2 - 1e-9).all()


def test_an_extrapolation_is_said_in_words(ready):
    near, far = ready.change(gk.Scenario({"reliability": 0.2})), ready.change(gk.Scenario({"empathy": 2}))
    assert far.extrapolates
    assert not near.extrapolates
    assert any(line.startswith("Extrapolation: ") for line in words(forest(far)[0]))
    assert any(line.startswith("Within what was observed") for line in words(forest(near)[0]))
    assert "Extrapolation: " in describe_outlook(far)


def test_a_line_that_leads_beyond_the_outcomes_scale_is_said(ready):
    far = ready.change(gk.Scenario({"all": -4}))
    assert far.over
    assert "beyond the end of the outcome's scale" in describe_outlook(far)
    assert ready.change(gk.Scenario()).over == ()


def test_the_outlook_in_words_has_every_target_with_its_interval(ready):
    outlook = ready.change(gk.Scenario({"reliability": 0.4}))
    row = outlook.change.loc["NPS"] * 100
    said = describe_outlook(outlook, source="Guests")
    assert (
        f"Net Promoter Score: change +{row['change']:.1f}, 95% interval {row['low']:.1f} to {row['high']:.1f}" in said
    )
    assert said.startswith("Mean of recommend: change +")
    assert said.endswith("Guests.")
    assert "cause" not in said


def test_another_outlook_goes_into_the_same_artists(ready):
    figure, marks = forest(ready.change(gk.Scenario({"reliability": 0.4})))
    before = marks.bars
    marks.update(ready.change(gk.Scenario()))
    assert marks.bars is before
    assert "0.00" in words(figure)
    other = gk.prepare_outlook(gk.datasets.load("hotel"), outcome="overall", draws=20).change(gk.Scenario())
    with pytest.raises(ValueError, match="holds 3 rows; draw a new one for 2"):
        marks.update(other)
