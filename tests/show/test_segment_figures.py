"""Figures of segments hold the numbers given, fit their width, and say the same in words."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show import plots
from gapkit.show.plots.segment_checks import STEPS
from gapkit.show.plots.segment_profiles import MOST_LINES

SERVQUAL = gk.load_instrument("servqual")
LABELS = {"reliability": "Reliability", "empathy": "Empathy"}
NAMES = {"S1": "S1: let down", "S2": "S2: content"}


@pytest.fixture
def profile():
    index = pd.MultiIndex.from_product([["S1", "S2"], ["empathy", "reliability"]], names=["segment", "score"])
    gap = pd.Series([-1.0, -2.0, 0.25, 0.5], index=index)
    return pd.DataFrame({"gap": gap, "gap_low": gap - 0.25, "gap_high": gap + 0.25})


@pytest.fixture
def stability():
    index = pd.MultiIndex.from_tuples([(2, "S1"), (2, "S2"), (3, "S1"), (3, "S2"), (3, "S3")])
    return pd.DataFrame({"jaccard": [0.95, 0.9, 0.8, 0.7, 0.4]}, index=index)


@pytest.fixture
def shares():
    rows = [("purpose", "business"), ("purpose", "family"), ("age", "18-34"), ("age", "55+")]
    values = {"S1": [0.75, 0.25, 0.5, 0.5], "S2": [np.nan, np.nan, 1.0, 0.0]}
    return pd.DataFrame(values, index=pd.MultiIndex.from_tuples(rows, names=["column", "value"]))


def words_of(axes):
    return [artist.get_text() for artist in axes.texts if artist.get_text()]


def names_of(**parts):
    row = {"expectations": "typical", "worst": "", "best": "", "given": ""} | parts
    return pd.DataFrame([row], index=["S1"])


def test_profile_lines_are_the_means_given_in_the_order_of_the_labels(profile):
    _, axes = plots.new_figure(640, plots.segment_lines_height(2, 2))
    lines = plots.segment_lines(axes, profile, names=NAMES, labels=LABELS, shares={"S1": 0.6, "S2": 0.4})
    assert [line.get_xdata().tolist() for line in lines] == [[-2, -1], [0.5, 0.25]]
    assert len({line.get_marker() for line in lines}) == 2, "told apart without colour"
    assert "S1: let down · 60%" in words_of(axes)


def test_everybody_is_drawn_and_named_where_given(profile):
    _, axes = plots.new_figure(640, plots.segment_lines_height(2, 2))
    plots.segment_lines(axes, profile, names=NAMES, labels=LABELS, everyone=profile.loc["S2"])
    assert "everybody" in words_of(axes)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("width", [390, 1200])
def test_every_figure_fits_its_width_in_both_languages(profile, stability, shares, width, language):
    scores = pd.DataFrame({"reliability": [-1.0, 1.0], "empathy": [0.0, 2.0]})
    of, widths = pd.Series(["S1", "S2"]), pd.Series([0.4, -0.2])
    labels = {id: SERVQUAL.label(id, language) for id in LABELS}
    told = {"language": language, "source": "Twelve guests"}
    drawn = {}
    for name, height, draw in (
        (
            "lines",
            plots.segment_lines_height(2, 2),
            lambda a: plots.segment_lines(a, profile, names=NAMES, labels=labels, **told),
        ),
        (
            "parallel",
            300,
            lambda a: plots.parallel_lines(a, scores, of, names=NAMES, labels=labels, axis="gap", **told),
        ),
        (
            "silhouettes",
            plots.silhouette_height(2),
            lambda a: plots.silhouette_bars(a, widths, of, names=NAMES, **told),
        ),
        ("stability", plots.stability_height(2), lambda a: plots.stability_dots(a, stability, recommended=2, **told)),
        ("shares", plots.share_heat_height(4, 2), lambda a: plots.share_heat(a, shares, names=NAMES, **told)),
    ):
        figure, axes = plots.new_figure(width, height)
        draw(axes)
        assert "Twelve guests" in words_of(axes), name
        drawn[name] = plots.to_svg(figure, title=name, description=name, name=name)
    assert all(f'width="{width}"' in svg for svg in drawn.values())


def test_parallel_lines_break_between_respondents_and_say_when_not_all_are_drawn():
    rng = np.random.default_rng(1)
    scores = pd.DataFrame(rng.normal(size=(MOST_LINES + 50, 2)), columns=list(LABELS))
    of = pd.Series(np.where(scores["empathy"] > 0, "S1", "S2"))
    _, axes = plots.new_figure(640, plots.segment_lines_height(2, 2))
    lines = plots.parallel_lines(axes, scores, of, names=NAMES, labels=LABELS)
    breaks = sum(int(np.isnan(line.get_xdata()).sum()) for line in lines)
    assert breaks == MOST_LINES
    assert "300 of 350 respondents drawn" in words_of(axes)


def test_silhouettes_are_sorted_and_long_segments_are_outlined():
    values = pd.Series(np.linspace(-0.5, 1, 1000))
    _, axes = plots.new_figure(640, plots.silhouette_height(1))
    (area,) = plots.silhouette_bars(axes, values, pd.Series(["S1"] * 1000), names={"S1": "S1"})
    reached = area.get_paths()[0].vertices[:, 0]
    assert (reached.min(), reached.max()) == (-0.5, 1)
    assert len(reached) < 2 * STEPS + 10
    assert "Mean 0.25; 33% are nearer another segment" in words_of(axes)


def test_stability_marks_the_recommended_number(stability):
    _, axes = plots.new_figure(640, plots.stability_height(2))
    rows = plots.stability_dots(axes, stability, recommended=2)
    assert [row.get_xdata().tolist() for row in rows] == [[0.95, 0.9], [0.8, 0.7, 0.4]]
    bold = [artist.get_text() for artist in axes.texts if artist.get_weight() == "bold"]
    assert bold == ["2 segments"]


def test_shares_are_printed_and_hidden_cells_have_a_dash(shares):
    _, axes = plots.new_figure(640, plots.share_heat_height(4, 2))
    cells = plots.share_heat(axes, shares, sections={"purpose": "Purpose of the stay", "age": "Age"})
    assert cells[1].get_array().ravel().tolist() == [0.5, 1.0, 0.5, 0.0]
    shown = words_of(axes)
    assert shown.count("–") == 2
    assert {"75%", "25%", "100%", "Purpose of the stay", "business"} <= set(shown)


def test_nothing_to_draw_is_an_error(profile, stability, shares):
    _, axes = plots.new_figure(640, 300)
    with pytest.raises(ValueError, match="no segment or no score was named"):
        plots.segment_lines(axes, profile, names={}, labels=LABELS)
    with pytest.raises(ValueError, match="9 segments are more than can be told apart; draw at most 8"):
        plots.silhouette_bars(axes, pd.Series([0.1]), pd.Series(["S1"]), names={f"S{s}": "" for s in range(9)})
    with pytest.raises(ValueError, match="stability table has no rows"):
        plots.stability_dots(axes, stability.iloc[:0])
    with pytest.raises(ValueError, match="no cells"):
        plots.share_heat(axes, shares.iloc[:0])


@pytest.mark.parametrize(
    ("parts", "english", "chinese"),
    [
        (
            {"expectations": "high", "worst": "reliability"},
            "S1: demanding, let down on reliability",
            "S1：期望高，对可靠性失望",
        ),
        ({"best": "empathy"}, "S1: content with empathy", "S1：对移情性满意"),
        ({}, "S1: much like everybody", "S1：与总体相近"),
        (
            {"worst": "empathy", "worst_too": ("assurance", "responsiveness")},
            "S1: let down on responsiveness, assurance and empathy",
            "S1：对响应性、保证性和移情性失望",
        ),
        (
            {"worst": "empathy", "worst_too": ("tangibles", "reliability", "responsiveness", "assurance")},
            "S1: let down throughout",
            "S1：对各维度普遍失望",
        ),
        ({"worst": "reliability", "given": "Commuters"}, "S1: Commuters", "S1：Commuters"),
    ],
)
def test_a_name_is_put_into_words_in_either_language(parts, english, chinese):
    assert plots.segment_name(names_of(**parts), "S1", SERVQUAL) == english
    assert plots.segment_name(names_of(**parts), "S1", SERVQUAL, "zh-Hans") == chinese


def test_the_text_alternatives_hold_the_numbers(profile, stability, shares):
    assert plots.describe_profiles(profile, names=NAMES, labels=LABELS, source="Twelve guests") == (
        "S1: let down: Reliability −2.00, Empathy −1.00. S2: content: Reliability +0.50, Empathy +0.25. Twelve guests."
    )
    scores = pd.DataFrame({"reliability": [0.0, -2.0, -4.0, 9.0], "empathy": [1.0, 2.0, 3.0, 9.0]})
    two = pd.Series(["S1", "S1", "S1", "S2"])
    told = plots.describe_parallel(scores, two, names={"S1": "S1"}, labels=LABELS, signed=True)
    rows = ["Reliability −2.00 (half of them between −3.00 and −1.00)"]
    rows.append("Empathy +2.00 (half of them between +1.50 and +2.50)")
    assert told == f"S1: {', '.join(rows)}."
    assert plots.describe_stability(stability).endswith("3 segments: S1 0.80, S2 0.70, S3 0.40.")
    said = plots.describe_shares(shares, names=NAMES)
    assert said == "S1: let down: business 75%, 18-34 50%, 55+ 50%, family 25%. S2: content: 18-34 100%, 55+ 0%."
    of = pd.Series(["S1", "S1", "S2"])
    alone = plots.describe_silhouettes(pd.Series([0.5, -0.1, 0.4]), of, names={"S1": "S1"}, language="zh-Hans")
    assert alone == "S1：均值 0.20，50% 更接近其他群体。"


@pytest.mark.parametrize("width", [320, 560])
def test_each_reading_stands_over_its_own_band(width):
    index = pd.MultiIndex.from_tuples([(2, "S1"), (2, "S2")])
    _, axes = plots.new_figure(width, plots.stability_height(1))
    plots.stability_dots(axes, pd.DataFrame({"jaccard": [0.0, 1.0]}, index=index))
    at = {artist.get_text(): artist.get_position() for artist in axes.texts}
    low, high = at["0"][0], at["1"][0]
    share = {words: (at[words][0] - low) / (high - low) for words in ("not to be trusted", "stable", "highly stable")}
    assert share["not to be trusted"] == pytest.approx(0.3, abs=0.01)
    assert share["stable"] == pytest.approx(0.8, abs=0.01)
    assert 0.85 < share["highly stable"] < 1
    assert at["highly stable"][1] > at["stable"][1] + 8, "on a line of its own"
