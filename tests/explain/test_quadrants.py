from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gapkit as gk
from gapkit.explain.quadrants import quadrants_of

FOUR = {"a": (6, 6), "b": (6, 3), "c": (2, 6), "d": (2, 3)}


def means(values):
    table = pd.DataFrame.from_dict(values, orient="index", columns=["importance", "performance"])
    return table["importance"], table["performance"]


def test_the_four_quadrants_by_pencil():
    table, cuts = quadrants_of(*means(FOUR), midpoints=(4, 4))
    assert cuts.to_numpy().tolist() == [[4, 4.5], [4, 4.5], [4, 4]]
    names = ["keep it up", "concentrate here", "possible overkill", "low priority"]
    assert table.T.drop_duplicates().to_numpy().tolist() == [names]


def test_the_cut_rule_decides_by_pencil():
    # importance 6, 6, 6, 2: mean 5, median 6; performance 6, 5, 3.5, 1.5: mean 4, median 4.25
    table, _ = quadrants_of(*means({"a": (6, 6), "b": (6, 5), "c": (6, 4.1), "d": (2, 0.9)}), midpoints=(4, 4.5))
    assert table.loc["c"].tolist() == ["keep it up", "concentrate here", "concentrate here"]
    assert table.loc["a"].tolist() == ["keep it up"] * 3


def test_at_the_cut_counts_as_high():
    table, _ = quadrants_of(*means({"a": (4, 4), "b": (4, 4)}), midpoints=(4, 4))
    assert (table == "keep it up").all(axis=None)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(10, 70), st.integers(10, 70)), min_size=3, max_size=9))
def test_moving_every_score_alike_moves_no_item_over_means_or_medians(drawn):
    x, y = (pd.Series(column, dtype=float) for column in zip(*drawn, strict=True))
    before, _ = quadrants_of(x, y, midpoints=(40, 40))
    after, _ = quadrants_of(x * 2 + 5, y - 7, midpoints=(85, 33))
    pd.testing.assert_frame_equal(before, after)


def rated(make_survey, **extra):
    rng = np.random.default_rng(0)
    base = pd.DataFrame({name: [p] * 40 for name, (_, p) in FOUR.items()})
    weight = pd.DataFrame({name: [i] * 40 for name, (i, _) in FOUR.items()})
    noise = rng.integers(-1, 2, (2, 40, 4))
    return make_survey((base + noise[0]).clip(1, 7), importance=(weight + noise[1]).clip(1, 7).astype(float), **extra)


def test_a_survey_with_ratings(make_survey):
    survey = rated(make_survey)
    found = gk.quadrants(survey, draws=200)
    np.testing.assert_allclose(found.positions["importance"], survey.importance.mean())
    np.testing.assert_allclose(found.positions["performance"], survey.perceptions.mean())
    # the bootstrap's standard error of a mean: sd / sqrt(n), with the divisor n
    np.testing.assert_allclose(
        found.positions["performance_se"], survey.perceptions.std(ddof=0) / np.sqrt(40), rtol=0.2
    )
    expected = ["keep it up", "concentrate here", "possible overkill", "low priority"]
    assert found.quadrants["grand means"].tolist() == expected
    assert found.changed.empty
    assert found.headline == "concentrate here under all 3 cut rules: b; the rule decides for 0 of 4: none; n = 40"


def test_items_that_change_quadrant_are_named(kiosks):
    found = gk.quadrants(kiosks, draws=20)
    moved = [item for item in found.quadrants.index if len(set(found.quadrants.loc[item])) > 1]
    assert list(found.changed.index) == moved
    assert ", ".join(moved) in found.headline
    assert f"for {len(moved)} of 24" in found.headline
    # importance and perception of item 1 by plain means of the 207
    assert found.positions.loc["q01", "importance"] == pytest.approx(kiosks.importance["q01"].mean())


def test_derived_importance_is_that_of_the_drivers(hotel):
    found = gk.quadrants(hotel, level="dimensions", importance="derived", draws=20)
    shares = gk.drivers(hotel, draws=20).johnson["share"]
    np.testing.assert_allclose(found.positions["importance"], shares, atol=1e-10)
    assert found.cuts.loc["midpoints", "importance"] == pytest.approx(1 / 5)


def test_points_are_cut_at_the_equal_share_and_gaps_at_zero(hotel):
    found = gk.quadrants(hotel, level="dimensions", of="gaps", draws=20)
    assert found.cuts.loc["midpoints"].tolist() == [20, 0]
    by_drivers = gk.drivers(hotel, draws=20).stated["mean"]
    np.testing.assert_allclose(found.positions["importance"], by_drivers, atol=1e-10)


def test_survey_weights_reach_the_means(make_survey):
    w = np.r_[np.full(20, 3.0), np.full(20, 1.0)]
    survey = rated(make_survey, respondents=pd.DataFrame({"weight": w}))
    found = gk.quadrants(survey, draws=20)
    np.testing.assert_allclose(found.positions["performance"], w @ survey.perceptions / w.sum())


def test_certainty_is_low_for_an_item_at_the_cut(make_survey):
    rng = np.random.default_rng(5)
    P = pd.DataFrame({"high": np.full(60, 7), "edge": rng.integers(3, 6, 60), "low": np.full(60, 1)})
    ratings = pd.DataFrame({"high": 7.0, "edge": 7.0, "low": 7.0}, index=P.index)
    found = gk.quadrants(make_survey(P, importance=ratings), draws=400).certainty["midpoints"]
    assert found["high"] == found["low"] == 1
    assert found["edge"] < 0.95


def test_importance_that_was_not_asked_is_refused(make_survey):
    with pytest.raises(ValueError, match=r'importance was not asked\. Use importance="derived"'):
        gk.quadrants(make_survey(pd.DataFrame({"a": [1, 2], "b": [2, 3]})))


def test_importance_that_cannot_be_derived_is_refused(make_survey):
    survey = make_survey(
        pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]}), respondents=pd.DataFrame({"overall": [1.0, 2, 3]})
    )
    with pytest.raises(ValueError, match="importance cannot be derived for overall"):
        gk.quadrants(survey, importance="derived")
