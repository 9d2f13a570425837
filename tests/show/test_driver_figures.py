"""Drivers, penalties and rewards, Kano's map, coverage: the figures draw the numbers they are given, and say them."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.drivers import Drivers
from gapkit.explain.penalty_reward import PenaltyReward
from gapkit.show.plots import (
    describe_coverage,
    describe_drivers,
    describe_kano,
    describe_penalties,
    driver_importance,
    drivers_height,
    interval_coverage,
    kano_height,
    kano_map,
    new_figure,
    penalties_height,
    penalty_reward_bars,
    to_svg,
)

PUBLISHED = Path(__file__).parents[2] / "data" / "published" / "kano_stp25.json"
ABOUT = {"n": 40, "source": "Forty guests, n = 40", "method": ""}
WIDTHS = (340, 640, 1200)


def texts(figure):
    svg = to_svg(figure, title="t", description="d", name="n")
    return [node.text for node in ET.fromstring(svg).iter() if node.tag.endswith(("}text", "}tspan")) and node.text]


def words_outside(figure, axes):
    """Texts that leave the figure, by matplotlib's own measure."""
    renderer = figure.canvas.get_renderer()
    width, height = figure.get_size_inches() * figure.dpi
    boxes = {text.get_text(): text.get_window_extent(renderer) for text in axes.texts if text.get_text()}
    return [
        words for words, box in boxes.items() if box.x0 < -1 or box.y0 < -3 or box.x1 > width + 1 or box.y1 > height + 1
    ]


@pytest.fixture
def found():
    """Two predictors: said to matter 60 to 40, and sharing R squared .5 as 30 to 70."""
    index = pd.Index(["empathy", "assurance"], name="predictor")
    share = pd.Series([0.3, 0.7], index=index)
    shares = pd.DataFrame({"share": share, "share_low": share - 0.1, "share_high": share + 0.1})
    stated = pd.DataFrame({"mean": [60.0, 40.0], "low": [55.0, 35.0], "high": [65.0, 45.0]}, index=index)
    fit = pd.DataFrame({"r2": [0.5], "low": [0.4], "high": [0.6]}, index=["overall"])
    dominance = shares.assign(share=[0.32, 0.68])
    tables = {"stated": stated, "johnson": shares, "dominance": dominance, "regression": shares, "fit": fit}
    return Drivers(**tables, outcome="overall", **ABOUT)


@pytest.fixture
def penalties():
    """A low score of empathy costs 0.8 and a high one gains 0.2; assurance is not settled."""
    columns = {"penalty": [0.8, 0.1], "reward": [0.2, 0.15]}
    table = pd.DataFrame(columns, index=pd.Index(["empathy", "assurance"], name="dimension"))
    table = table.assign(contrast=table["reward"] - table["penalty"])
    ends = {f"{name}_{end}": table[name] + step for name in table for end, step in (("low", -0.3), ("high", 0.3))}
    table = table.assign(**ends, kind=["basic", "undecided"])
    return PenaltyReward(dimensions=table, cuts=pd.DataFrame(), outcome="overall", **ABOUT)


@pytest.fixture(scope="module")
def kano():
    """Five attributes as printed by their authors, n = 296."""
    rows = json.loads(PUBLISHED.read_text(encoding="utf-8"))["rows"]
    counts = pd.DataFrame({name: row[:6] for name, row in rows.items()}, index=list("MOAIRQ")).T.astype(float)
    return gk.kano_from_counts(counts)


def test_stated_and_derived_importance_stand_side_by_side_on_one_axis(found):
    figure, axes = new_figure(760, drivers_height(2, 760))
    marks = driver_importance(axes, found, labels=["Empathy", "Assurance"], source=found.source)
    assert marks.stated.get_xdata().tolist() == [60.0, 40.0]
    assert marks.johnson.get_xdata().tolist() == pytest.approx([30.0, 70.0])
    assert marks.dominance.get_xdata().tolist() == pytest.approx([32.0, 68.0])
    left, right = axes.child_axes
    assert left.get_xlim() == right.get_xlim()
    assert {"Empathy", "60.0", "30.0", "[20.0, 40.0]", "Forty guests, n = 40"} <= set(texts(figure))


def test_ratings_are_no_points_and_keep_an_axis_of_their_own(found):
    rated = pd.DataFrame({"mean": [6.5, 5.5], "low": [6.3, 5.2], "high": [6.7, 5.8]}, index=found.johnson.index)
    ratings = Drivers(**{**vars(found), "stated": rated})
    figure, axes = new_figure(760, drivers_height(2, 760))
    driver_importance(axes, ratings)
    left, right = axes.child_axes
    assert left.get_xlim()[0] > 4.0
    assert right.get_xlim()[0] == 0.0
    assert {"Said to matter: mean rating", "6.50"} <= set(texts(figure))


def test_what_was_not_asked_or_not_computed_is_not_drawn(found):
    bare = Drivers(**{**vars(found), "stated": None, "dominance": None})
    figure, axes = new_figure(640, drivers_height(2, 640))
    marks = driver_importance(axes, bare)
    assert marks.stated is None
    assert marks.dominance is None
    assert len(axes.child_axes) == 1
    assert not {"general dominance"} & set(texts(figure))
    assert "Said to matter" not in describe_drivers(bare)
    assert "dominance" not in describe_drivers(bare)


def test_the_text_alternative_of_drivers_holds_share_interval_and_stated_points(found):
    said = describe_drivers(found, labels=["Empathy", "Assurance"], source=found.source)
    assert said.startswith("Share of R² of overall: R² 0.50, 95% interval 0.40 to 0.60. Empathy: 30%, 95% interval 20%")
    assert "By general dominance 68%. Said to matter: 40.0 of 100 points. Forty guests, n = 40." in said
    assert "100 分中占 60.0 分" in describe_drivers(found, language="zh-Hans", outcome="总体评价")


def test_penalties_reach_left_of_zero_and_rewards_right_of_it(penalties):
    figure, axes = new_figure(760, penalties_height(2, 760))
    low, high = penalty_reward_bars(axes, penalties, labels=["Empathy", "Assurance"], source=penalties.source)
    assert np.nan_to_num(low.get_xdata()).tolist() == [0.0, -0.8, 0.0, 0.0, -0.1, 0.0]
    assert np.nan_to_num(high.get_xdata()).tolist() == [0.0, 0.2, 0.0, 0.0, 0.15, 0.0]
    words = set(texts(figure))
    assert {"−0.80", "+0.20", "basic", "undecided", "−0.60 [−0.90, −0.30]"} <= words


def test_penalties_are_said_in_both_languages(penalties):
    said = describe_penalties(penalties, labels=["Empathy", "Assurance"], source=penalties.source)
    assert (
        "Empathy: penalty 0.80, reward 0.20, contrast −0.60, 95% interval −0.90 to −0.30: basic. "
        "Assurance: penalty 0.10, reward 0.15, contrast +0.05, 95% interval −0.25 to 0.35: undecided. Forty" in said
    )
    assert "基本因素" in describe_penalties(penalties, language="zh-Hans")


def test_attributes_stand_at_the_coefficients_that_their_authors_printed(kano):
    printed = json.loads(PUBLISHED.read_text(encoding="utf-8"))["rows"]
    _, axes = new_figure(760, kano_height(5, 760))
    at = kano_map(axes, kano)
    for (minus, plus), row in zip(at, printed.values(), strict=True):
        assert plus == pytest.approx(row[10], abs=5e-4)
        assert -minus == pytest.approx(row[11], abs=5e-4)
    drawn = np.concatenate([line.get_xydata() for line in axes.child_axes[0].lines if line.get_markersize() == 8])
    assert sorted(map(tuple, drawn.round(9))) == sorted(map(tuple, at.round(9)))


def test_a_mark_that_fong_does_not_tell_from_the_runner_up_is_hollow():
    counts = pd.DataFrame({"A": [100, 50], "O": [10, 48], "M": [5, 1], "I": [5, 1]}, index=["clear", "close"])
    found = gk.kano_from_counts(counts)
    assert found.fong["significant"].tolist() == [True, False]
    _, axes = new_figure(640, kano_height(2, 640))
    kano_map(axes, found)
    marks = [line for line in axes.child_axes[0].lines if line.get_markersize() == 8 and len(line.get_xdata())]
    hollow = [line for line in marks if line.get_markerfacecolor() != line.get_markeredgecolor()]
    assert [line.get_xdata().tolist() for line in hollow] == [[pytest.approx(49 / 100)]]
    assert "close: satisfaction 0.98, dissatisfaction −0.49, one-dimensional, not clear" in describe_kano(found)


def test_every_attribute_is_numbered_on_the_map_and_named_beside_it(kano):
    figure, axes = new_figure(760, kano_height(5, 760))
    kano_map(axes, kano, labels=list("vwxyz"), source="296 people")
    words = texts(figure)
    assert {"v", "w", "x", "y", "z", "296 people"} <= set(words)
    assert all(words.count(str(place)) == 2 for place in range(1, 6))


def test_intervals_that_miss_the_truth_are_counted_and_set_apart():
    intervals = pd.DataFrame({"low": [0.0, 0.5, -0.5], "high": [0.4, 0.9, 0.1]})
    figure, axes = new_figure(400, 240)
    held, missed = interval_coverage(axes, intervals, truth=0.2, source="Three surveys")
    assert held.get_xdata()[:2].tolist() == [0.0, 0.4]
    assert missed.get_xdata()[[0, 1, 3, 4]].tolist() == [-0.5, 0.1, 0.5, 0.9]
    assert "1 of 3 intervals hold the true value +0.20" in texts(figure)
    said = describe_coverage(intervals, truth=0.2, language="zh-Hans")
    assert said == "3 个区间中有 1 个包含真值 0.20；1 个低于真值，1 个高于真值。"
    with pytest.raises(ValueError, match="no rows"):
        interval_coverage(axes, intervals.head(0), truth=0.2)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_of_these_figures_leaves_the_sheet(found, penalties, kano, width, language):
    style = {"language": language, "source": "Forty guests, simulated, n = 40"}
    long = ["Physical surroundings and equipment", "Sincere interest in every single guest"]
    for draw, result, height in (
        (driver_importance, found, drivers_height(2, width)),
        (penalty_reward_bars, penalties, penalties_height(2, width)),
    ):
        figure, axes = new_figure(width, height)
        draw(axes, result, labels=long, **style)
        assert words_outside(figure, axes) == []
    figure, axes = new_figure(width, kano_height(5, width))
    kano_map(axes, kano, labels=[*long, "x", "y", "z"], **style)
    assert words_outside(figure, axes) == []


@pytest.mark.parametrize("draw", [driver_importance, penalty_reward_bars, kano_map])
def test_too_few_labels_are_refused(draw, found, penalties, kano):
    result = {driver_importance: found, penalty_reward_bars: penalties, kano_map: kano}[draw]
    _, axes = new_figure(600, 400)
    with pytest.raises(ValueError, match="1 labels for"):
        draw(axes, result, labels=["one"])
