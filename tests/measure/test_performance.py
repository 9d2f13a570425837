from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from gapkit.measure.gaps import gap_scores
from gapkit.measure.performance import performance_scores
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale
from gapkit.survey.survey import Survey


def survey_of(P, E=None, **more):
    k = len(P[0])
    items = [f"q{j:02}" for j in range(1, k + 1)]
    parts = (Dimension("front", {}, tuple(items[:-1])), Dimension("back", {}, (items[-1],)))
    instrument = Instrument("test", {}, tuple(Item(i, {}) for i in items), parts, Scale(1, 5), ("perceptions",), "", "")
    table = lambda rows: None if rows is None else pd.DataFrame(rows, columns=items, dtype=float)  # noqa: E731
    return Survey(instrument, expectations=table(E), perceptions=table(P), **more)


def test_four_people_by_pencil():
    perf = performance_scores(survey_of([[5, 3], [4, 2], [5, 3], [2, 4]]))
    # q01: mean 4, squares around it 1 + 0 + 1 + 4 = 6
    expected = {"n": 4, "P": 4, "sd": sqrt(6 / 3), "se": sqrt(6 / 3 / 4), "share_top": 0.5}
    assert perf.items.loc["q01", list(expected)].tolist() == pytest.approx(list(expected.values()))
    half = 3.182446305283708 * sqrt(6 / 3 / 4)  # R: qt(0.975, 3)
    assert perf.items.loc["q01", ["low", "high"]].tolist() == pytest.approx([4 - half, 4 + half])
    # overall per person: 4, 3, 4, 3
    assert perf.overall.loc["overall", ["P", "sd"]].tolist() == pytest.approx([3.5, sqrt(1 / 3)])
    assert list(perf.items.columns) == ["n", "P", "sd", "se", "low", "high", "share_top"]
    assert perf.headline == "overall perception 3.50 (95 % CI 2.58 to 4.42), n = 4"


def test_every_answered_perception_counts_with_or_without_an_expectation():
    nan = np.nan
    survey = survey_of([[5, 3], [4, 2], [3, nan]], E=[[5, 5], [nan, 5], [5, 5]])
    assert performance_scores(survey).items["n"].tolist() == [3, 2]
    assert performance_scores(survey).items["P"].tolist() == [4.0, 2.5]
    assert gap_scores(survey).items["n"].tolist() == [2, 2]


def test_no_expectations_are_needed():
    assert performance_scores(survey_of([[5, 3], [4, 2]])).n == 2


def test_survey_weights_reach_mean_share_and_error():
    weights = pd.DataFrame({"weight": [1.0, 3.0, 2.0]})
    perf = performance_scores(survey_of([[5, 3], [1, 2], [5, 1]], respondents=weights))
    # mean (5 + 3 + 10)/6 = 3; sum of w^2 d^2 = 1 x 4 + 9 x 4 + 4 x 4 = 56
    found = perf.items.loc["q01", ["P", "share_top", "se", "n_eff"]].tolist()
    assert found == pytest.approx([3, 3 / 6, sqrt(3 / 2 * 56) / 6, 36 / 14])


def test_the_weighted_row_uses_the_respondents_points():
    points = pd.DataFrame({"front": [80.0, 0.0], "back": [20.0, 100.0]})
    perf = performance_scores(survey_of([[5, 1], [5, 3]], allocations=points))
    assert perf.weighted.loc["weighted", "P"] == pytest.approx(((0.8 * 5 + 0.2 * 1) + 3) / 2)


def test_the_method_says_what_is_left_out():
    nan = np.nan
    perf = performance_scores(survey_of([[5, 3], [nan, nan], [4, 1]]))
    expected = "Mean perceptions over the items answered. Respondents without any answer, left out: 1. "
    assert perf.method.startswith(expected)
    assert perf.n == 2
